/* keep.c: backup, restore, erasing, export and import as functions, on both engines; the commands themselves, damaged files and kills are
 * in tests/torture/keep.py. */
#include "fixture.h"

#include <unistd.h>

#include "keep/keep.h"

static char folder[] = "/tmp/tsunagu-keep-XXXXXX";
static struct vault_key *key;
static const struct date seventeen = {2009, 6, 1};

struct house {
  struct world w;
  struct actor worker;
  struct world_case one, two;
  char backup[60], keys[60];
};

static const char *path(const char *name)
{
  static _Thread_local char text[80];
  snprintf(text, sizeof text, "%s/%s", folder, name);
  return text;
}

static void house_new(struct house *h)
{
  world_new(&h->w);
  id64 city = world_org(&h->w, "子ども若者支援課", "council");
  h->worker = world_member(&h->w, city, ROLE_WORKER, "窓口の人");
  h->one = world_case(&h->w, &h->worker, "試験 一郎", seventeen);
  h->two = world_case(&h->w, &h->worker, "試験 二郎", seventeen);
  snprintf(h->backup, sizeof h->backup, "%s/b%lld", folder, (long long)h->w.network);
  snprintf(h->keys, sizeof h->keys, "%s/k%lld", folder, (long long)h->w.network);
  if (h->w.store.engine == DB_POSTGRESQL) { /* as its superuser: rows are copied past row-level security */
    struct err e = {0};
    db_close(h->w.store.db);
    h->w.store.options.owner = true;
    ok(db_open(&h->w.store.options, &h->w.store.db, &e));
    db_app_set(h->w.store.db, h->w.keys);
  }
}

static struct backup backup_of(struct house *h)
{
  return (struct backup){
      .db = h->w.store.db, .keys = h->w.keys, .key = key, .path = h->backup, .keys_path = h->keys, .replaces = true};
}

static enum code restore_to(struct house *h, const char *name, const char *keys, struct restore_report *ret,
                            struct err *e)
{
  char url[120];
  snprintf(url, sizeof url, "sqlite:%s", path(name));
  const struct restore r = {.url = str_from(url), .path = h->backup, .keys_path = keys, .key = key, .keys = h->w.keys};
  return restore_run(h->w.a, &r, ret, e);
}

static struct erase erase_of(struct house *h)
{
  return (struct erase){
      .db = h->w.store.db, .keys = h->w.keys, .network = h->w.network, .key = key, .keys_path = h->keys};
}

static void a_backup_comes_back(void **state)
{
  struct house h;
  struct err e = {0};
  struct backup_report made;
  struct restore_report got;
  house_new(&h);
  const struct backup b = backup_of(&h);
  ok(backup_make(h.w.a, &b, &made, &e));
  assert_true(made.rows > 20);
  ok(restore_to(&h, "r.db", h.keys, &got, &e));
  assert_int_equal(got.rows, made.rows);
  assert_int_equal(got.persons, 2);
  assert_int_equal(got.erased, 0);
  assert_true(got.keys_applied && !got.cut && got.samples > 4);
  assert_int_equal(restore_to(&h, "r.db", h.keys, &got, &e), CONFLICT);
  unlink(path("r.db"));
  unlink(path("r.db-lock"));
  world_free(&h.w);
}

static void the_erased_are_gone_everywhere(void **state)
{
  struct house h;
  struct err e = {0};
  struct backup_report made;
  struct restore_report got;
  struct erase_plan plan;
  struct doc *certificate = NULL;
  struct str pdf = STR_NONE;
  id64 pending = 0;
  char sql[200];
  house_new(&h);
  const struct backup b = backup_of(&h);
  const struct erase x = erase_of(&h);
  ok(backup_make(h.w.a, &b, &made, &e));
  struct str word = id_text(h.w.a, h.one.person), nobody = S("R1-99999");
  assert_int_equal(erase_look(&x, h.w.a, &nobody, 1, &plan, &e), INVALID);
  ok(erase_look(&x, h.w.a, &word, 1, &plan, &e));
  assert_true(plan.count == 1 && plan.open == 1);
  assert_int_equal(erase_decide(&x, &plan, STR_NONE, 0, &e), INVALID);
  ok(erase_decide(&x, &plan, S("decision 1"), 0, &e));
  assert_int_equal(erase_decide(&x, &plan, S("decision 2"), 0, &e), CONFLICT);
  ok(erase_pending(&x, &pending, &e));
  assert_int_equal(erase_certificate(&x, h.w.a, pending, &certificate, &pdf, &e), CONFLICT);
  ok(erase_carry(&x, pending, &e));
  ok(erase_carry(&x, pending, &e)); /* nothing is left to do */
  ok(erase_certificate(&x, h.w.a, 0, &certificate, &pdf, &e));
  assert_true(doc_get_int(certificate, "rows_total") > 5 && pdf.n > 1000);
  snprintf(sql, sizeof sql, "SELECT count(*) FROM person_attribute WHERE person_id = %lld", (long long)h.one.person);
  assert_string_equal(store_ask(&h.w.store, sql), "0");
  assert_string_equal(store_ask(&h.w.store, "SELECT count(*) FROM person"), "1");
  assert_int_equal(keyfile_epoch(h.w.keys, h.w.network), 2);
  assert_int_equal(restore_to(&h, "old.db", NULL, &got, &e), DENIED); /* the backup's own keys are of no use any more */
  ok(restore_to(&h, "old.db", h.keys, &got, &e));
  assert_true(got.erased == 1 && got.persons == 1 && !got.cut);
  world_case(&h.w, &h.worker, "試験 三郎", seventeen); /* life goes on, under the new epoch */
  assert_string_equal(store_ask(&h.w.store, "SELECT count(*) FROM person_key WHERE epoch = 2"), "2");
  world_free(&h.w);
}

static void an_export_goes_in_and_comes_out_equal(void **state)
{
  struct house h;
  struct err e = {0};
  struct export_report out, in;
  struct store other;
  char file[60];
  house_new(&h);
  snprintf(file, sizeof file, "%s/x%lld", folder, (long long)h.w.network);
  const struct exporting x = {.db = h.w.store.db, .keys = h.w.keys, .network = h.w.network, .path = file, .key = key};
  ok(export_network(h.w.a, &x, &out, &e));
  assert_int_equal(export_network(h.w.a, &x, &out, &e), CONFLICT);
  store_new_on(&other, DB_SQLITE, STORE_OWNER);
  db_app_set(other.db, h.w.keys);
  const struct importing i = {.db = other.db, .keys = h.w.keys, .path = file, .key = key};
  ok(import_network(h.w.a, &i, &in, &e));
  assert_true(in.rows > 20);
  assert_int_equal(import_network(h.w.a, &i, &in, &e), CONFLICT);
  ok(export_unpack(h.w.a, file, key, path("open"), &e));
  assert_int_equal(access(path("open/data/person_attribute.jsonl"), R_OK), 0);
  store_free(&other);
  char command[80];
  snprintf(command, sizeof command, "rm -rf %s/open", folder);
  assert_int_equal(system(command), 0);
  world_free(&h.w);
}

static int set_up(void **state)
{
  struct err e = {0};
  if (crypto_init(&e) != OK || !mkdtemp(folder) || vault_key_create(path("key"), STR_NONE, &e) != OK)
    return 1;
  return vault_key_open(path("key"), STR_NONE, &key, &e) != OK;
}

static int tear_down(void **state)
{
  char command[80];
  vault_key_free(key);
  snprintf(command, sizeof command, "rm -rf %s", folder);
  return system(command);
}

STORE_MAIN_SETUP(set_up, tear_down, cmocka_unit_test(a_backup_comes_back),
                 cmocka_unit_test(the_erased_are_gone_everywhere),
                 cmocka_unit_test(an_export_goes_in_and_comes_out_equal))
