/* names.c: what a list shows of the persons of a page (person_listed) is what VISIBLE opens of them, whoever wrote it: in generated towns
 * whose organizations write names under all categories, on both engines. */
#include <unistd.h>

#include "access/visible.h"
#include "base/clock.h"
#include "person/person.h"
#include "town.h"

enum { NETWORKS = 10, VALUES = 6 };

static const char *const kinds[] = {"name", "called", "kana", "birth", "school"};
static struct keyfile *keys;

STMT_WRITE(q_key, "tn_key", "INSERT INTO person_key (network_id, person_id, epoch, wrapped) VALUES ($1, $2, $3, $4)");
STMT_WRITE(
    q_value, "tn_value",
    "INSERT INTO person_attribute (network_id, id, person_id, author_organization_id, category, source, marks, kind,"
    " value_sealed, from_at, until_at, created_by) VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $10, 1)");
/* $5 visit_only, $6 person, $7 kind: the newest that stands within the masks */
STMT_READ(q_newest, "tn_newest",
          "WITH v AS (" VISIBLE ") SELECT a.id FROM v JOIN person_attribute a ON a.network_id = $1 AND a.person_id = "
          "v.person_id"
          " WHERE v.person_id = $6 AND a.kind = $7 AND a.until_at IS NULL AND (NOT $5 OR (a.marks & 1) <> 0)"
          " AND (a.category & CASE WHEN a.author_organization_id = $3 THEN v.own_cats ELSE v.other_cats END) <> 0"
          " ORDER BY a.from_at DESC, a.id DESC LIMIT 1");

static struct str value_of(struct arena *a, id64 id)
{
  return str_printf(a, "value %lld", (long long)id);
}

static enum code put_value(struct tx *tx, struct town *t, id64 person, const struct seal_key *key, int i, struct err *e)
{
  struct rng *r = &t->rng;
  struct str sealed = STR_NONE;
  id64 id = person * 100 + i, author = 101 + rng_below(r, rng_chance(r, 50) ? 1 : WORLD_ORGANIZATIONS);
  struct seal_at at = {.table = "person_attribute", .column = "value_sealed", .network = t->network, .row = id};
  enum code c = seal(tx_arena(tx), key, at, value_of(tx_arena(tx), id), &sealed, e);
  if (c != OK)
    return c;
  int64_t category = rng_chance(r, 70) ? 1 : (int64_t)1 << rng_below(r, 12);
  return db_exec(tx, &q_value, NULL, e,
                 BINDS(b_int(t->network), b_int(id), b_int(person), b_int(author), b_int(category),
                       b_int(rng_below(r, 2)), b_text(str_from(kinds[rng_below(r, 5)])), b_bytes(sealed),
                       b_int(rng_below(r, 3)), rng_chance(r, 20) ? b_int(5) : b_null()));
}

static enum code put_values(struct tx *tx, void *arg, struct err *e)
{
  struct town *t = arg;
  enum code c = OK;
  for (int k = 0; c == OK && k < TOWN_PERSONS; k++) {
    struct seal_key key;
    struct str wrapped = STR_NONE;
    id64 person = t->w[k].f.person;
    int epoch = keyfile_epoch(keys, t->network);
    seal_key_new(&key);
    c = key_wrap(tx_arena(tx), keys, t->network, epoch, person, &key, &wrapped, e);
    if (c == OK)
      c = db_exec(tx, &q_key, NULL, e, BINDS(b_int(t->network), b_int(person), b_int(epoch), b_bytes(wrapped)));
    for (int i = 0; c == OK && i < VALUES; i++)
      c = put_value(tx, t, person, &key, i, e);
  }
  return c;
}

struct question {
  struct town *t;
  struct actor who;
  int64_t shown, asked;
};

static enum code same_value(struct tx *tx, const struct scope *s, struct question *q, id64 person, const char *kind,
                            struct str shown, struct err *e)
{
  int64_t id = 0;
  enum code c = db_ask_int(tx, &q_newest, &id, e,
                           BINDS(VISIBLE_BINDS(s, tx_now(tx)), b_bool(scope_decision(s)->visit_only), b_int(person),
                                 b_text(str_from(kind))));
  if (c != OK)
    return c;
  struct str wanted = id ? value_of(tx_arena(tx), id) : STR_NONE;
  if (!str_eq(shown, wanted))
    fail_msg("network %lld person %lld %s: shown '%.*s', VISIBLE '%.*s'", (long long)q->t->network, (long long)person,
             kind, STR_FMT(shown), STR_FMT(wanted));
  q->shown += shown.n > 0;
  q->asked++;
  return OK;
}

/* The whole town on one page, one of them twice: with two cases. */
static enum code compare(struct tx *tx, void *arg, struct err *e)
{
  struct question *q = arg;
  const struct scope *s = NULL;
  struct listed_person p[TOWN_PERSONS + 1] = {0};
  size_t n = TOWN_PERSONS + 1;
  for (size_t i = 0; i < n; i++)
    p[i].person = q->t->w[i % TOWN_PERSONS].f.person;
  enum code c = access_open_network(tx, &q->who, ACTION_CASE_LIST, &s, e);
  if (c == OK)
    c = person_listed(tx, s, LISTED_BIRTH, p, n, tx_arena(tx), e);
  for (size_t i = 0; c == OK && i < n; i++) {
    const struct str shown[] = {p[i].name, p[i].called, p[i].kana, p[i].birth};
    for (int k = 0; c == OK && k < 4; k++)
      c = same_value(tx, s, q, p[i].person, kinds[k], shown[k], e);
  }
  listed_wipe(p, n);
  return c;
}

static void a_list_names_what_visible_opens(void **state)
{
  struct store s;
  struct err e = {0};
  struct question q = {0};
  static struct town t;
  char path[] = "/tmp/tsunagu-names-XXXXXX";
  store_new(&s, STORE_OWNER);
  ok(crypto_init(&e));
  assert_non_null(mkdtemp(path));
  char file[64];
  snprintf(file, sizeof file, "%s/key", path);
  ok(keyfile_create(file, &keys, &e));
  db_app_set(s.db, keys);
  for (int n = 0; n < NETWORKS; n++) {
    struct db_who service = {.network = 1 + n, .service = true, .at = WORLD_T};
    town_make(&t, n);
    ok(keyfile_add_network(keys, t.network, &e));
    ok(db_write(s.db, "town_put", &service, town_put, &t, &e));
    ok(db_write(s.db, "values_put", &service, put_values, &t, &e));
    q.t = &t;
    for (size_t i = 0; i < t.w[0].f.memberships_count; i++) {
      q.who = town_actor(&t, &t.w[0].f.memberships[i]);
      enum code c = db_read(s.db, &service, compare, &q, &e);
      assert_true(c == OK || c == DENIED || c == NOT_FOUND); /* not every role has a list, nor every membership lives */
    }
  }
  print_message("%lld values asked for, %lld shown\n", (long long)q.asked, (long long)q.shown);
  assert_true(q.shown > 200 && q.shown * 10 < q.asked * 9);
  keyfile_free(keys);
  store_free(&s);
  unlink(file);
  rmdir(path);
}

STORE_MAIN(cmocka_unit_test(a_list_names_what_visible_opens))
