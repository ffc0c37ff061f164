/* restore_keys.c: the current keys into a restored network, and whether they open what they should. */
#include "base/limits.h"
#include "keep/keep_impl.h"
#include "network/network.h"

enum { LEFT_OUT_AT_ONCE = 200, KEYS_AT_ONCE = 5000, SAMPLES = 500 };

/* --- deleting persons --- */

/* Does erasing a person take rows of this table? */
static bool person_owns(const struct table *t, const char **ret_column)
{
  static const char *const stay[] = {"event", "erasure_person"};
  for (size_t i = 0; i < sizeof stay / sizeof *stay; i++)
    if (strcmp(t->name, stay[i]) == 0)
      return false;
  *ret_column = strcmp(t->name, "person") == 0 ? "id" : "person_id";
  return table_column(t, *ret_column) >= 0;
}

static enum code some_delete(struct tx *tx, struct table *const *list, size_t count, const id64 *persons, size_t n,
                             int64_t *counts, struct err *e)
{
  enum code c = OK;
  for (size_t i = count; c == OK && i-- > 0;) {
    int64_t rows = 0;
    const char *column = NULL;
    if (!person_owns(list[i], &column))
      continue;
    c = table_delete(tx, list[i], column, persons, n, &rows, e);
    if (counts)
      counts[i] += rows;
    if (c == OK && table_column(list[i], "other_person_id") >= 0) /* a link between two goes with either */
      c = table_delete(tx, list[i], "other_person_id", persons, n, &rows, e);
  }
  return c;
}

enum code persons_delete(struct tx *tx, struct table *const *list, size_t count, const id64 *persons, size_t n,
                         int64_t *counts, struct err *e)
{
  enum code c = OK;
  for (size_t i = 0, some = 0; c == OK && i < n; i += some) {
    some = n - i < TABLE_DELETE_MOST ? n - i : TABLE_DELETE_MOST;
    c = some_delete(tx, list, count, persons + i, some, counts, e);
  }
  return c;
}

enum code keep_take_back(struct tx *tx, const id64 *persons, size_t n, struct err *e)
{
  struct table **list = NULL;
  size_t count = 0;
  enum code c = table_list(tx, tx_arena(tx), &list, &count, e);
  if (c == OK)
    c = persons_delete(tx, list, count, persons, n, NULL, e);
  return c == OK ? network_bump_facts(tx, e) : c;
}

/* --- applying --- */

struct apply {
  struct arena *a;
  struct tx *tx;
  const struct restore *r;
  ts_t made;
  int64_t erased;
  bool applied;
};

static int64_t cell_int(const struct table *t, const struct bind *cells, const char *column)
{
  int i = table_column(t, column);
  return i >= 0 ? cells[i].i : 0;
}

static struct str cell_str(const struct table *t, const struct bind *cells, const char *column)
{
  int i = table_column(t, column);
  return i >= 0 ? cells[i].s : STR_NONE;
}

#define INT(column) cell_int(t, cells, column)
#define STR(column) cell_str(t, cells, column)

static enum code take_erasure(struct apply *x, const struct table *t, const struct bind *cells, struct err *e)
{
  if (strcmp(t->name, "decision") == 0)
    return keep_sql_add_decision(
        x->tx, &(struct decision_row){INT("id"), INT("approver_id"), STR("kind"), STR("reason"), INT("created_at")}, e);
  if (strcmp(t->name, "erasure") == 0)
    return keep_sql_add_erasure(x->tx,
                                &(struct erasure_row){INT("id"), INT("early") != 0, (int)INT("epoch_before"),
                                                      (int)INT("epoch_after"), INT("finished_at")},
                                e);
  if (strcmp(t->name, "erasure_person") == 0)
    return keep_sql_add_erased(
        x->tx, &(struct erased_row){INT("erasure_id"), INT("person_id"), STR("case_numbers"), INT("erased_at")}, e);
  return keep_sql_put_erased_rows(x->tx, INT("erasure_id"), STR("table_name"), INT("erased"), e);
}

static enum code take_row(void *arg, const struct table *t, const struct bind *cells, struct err *e)
{
  struct apply *x = arg;
  if (INT("network_id") != tx_network(x->tx))
    return OK;
  if (strcmp(t->name, "network_key") == 0)
    return network_set_epoch(x->tx, (int)INT("epoch"), e);
  if (strcmp(t->name, "person_key") == 0)
    return keep_sql_put_key(x->tx, &(struct key_row){INT("person_id"), (int)INT("epoch"), STR("wrapped")}, e);
  if (strcmp(t->name, "user_account") == 0)
    return STR("totp_sealed").n ? keep_sql_put_totp(x->tx, INT("id"), STR("totp_sealed"), e) : OK;
  return take_erasure(x, t, cells, e);
}

/* Whoever has no key among the current ones was erased since. */
static enum code leave_out(struct apply *x, struct err *e)
{
  struct table **list = NULL;
  size_t count = 0, n = 0;
  id64 *person = arena_array(x->a, LEFT_OUT_AT_ONCE, sizeof(*person));
  enum code c = person ? table_list(x->tx, x->a, &list, &count, e) : err_oom(e);
  do {
    if (c == OK)
      c = keep_sql_keyless(x->tx, person, LEFT_OUT_AT_ONCE, &n, e);
    if (c == OK)
      c = persons_delete(x->tx, list, count, person, n, NULL, e);
    x->erased += (int64_t)n;
  } while (c == OK && n == LEFT_OUT_AT_ONCE);
  return c;
}

/* May run again: the file is opened anew, what was counted begins anew. */
static enum code apply(struct tx *tx, void *arg, struct err *e)
{
  struct apply *x = arg;
  struct stream_in *in = NULL;
  const struct stream_take take = {.row = take_row, .arg = x};
  x->tx = tx;
  x->erased = 0;
  enum code c = stream_open(x->a, x->r->keys_path, VAULT_KEYS, x->r->key, &in, e);
  if (c != OK)
    return c;
  x->applied = doc_get_int(stream_manifest(in), "made") >= x->made;
  if (x->applied) {
    c = keep_sql_mark_keys(tx, e);
    if (c == OK)
      c = stream_each(in, &take, e);
    if (c == OK)
      c = leave_out(x, e);
    if (c == OK)
      c = network_bump_facts(tx, e);
  }
  stream_close(in);
  return c;
}

enum code keys_apply(struct arena *a, struct db *db, const struct restore *r, id64 network, ts_t made,
                     struct restore_report *ret, struct err *e)
{
  const struct db_who who = {.network = network, .service = true};
  struct apply x = {.a = a, .r = r, .made = made};
  if (!r->keys_path)
    return OK;
  enum code c = db_write(db, "restore keys", &who, apply, &x, e);
  if (c == OK) {
    ret->keys_applied = x.applied;
    ret->erased += x.erased;
  }
  return c;
}

/* --- checking --- */

struct check {
  struct arena *a;
  const struct keyfile *keys;
  id64 network, last;
  int64_t persons, samples, some;
};

static enum code no_key(const struct check *x, int epoch, struct err *e)
{
  if (epoch > keyfile_epoch(x->keys, x->network))
    return err_set(e, DENIED,
                   TR("この鍵ファイルは古いものです。最後に記録を消去したあとの鍵ファイルを使ってください。"));
  return err_set(e, DENIED,
                 TR("バックアップのあとに記録が消去されて、鍵が新しくなっています。いまの鍵のファイルを --current-keys "
                    "で渡してください。"));
}

static enum code check_key(void *arg, const struct key_row *row, struct err *e)
{
  struct check *x = arg;
  struct seal_key key;
  x->last = row->person;
  x->persons++;
  x->some++;
  enum code c = key_unwrap(x->keys, x->network, row->epoch, row->person, row->wrapped, &key, e);
  return c == INVALID ? no_key(x, row->epoch, e) : c;
}

/* Nothing of it is shown or kept. */
static enum code check_sample(void *arg, const struct sample_row *row, struct err *e)
{
  struct check *x = arg;
  struct seal_key key;
  struct str value = STR_NONE;
  const struct seal_at at = {
      .table = "person_attribute", .column = "value_sealed", .network = x->network, .row = row->attribute};
  x->samples++;
  enum code c = key_unwrap(x->keys, x->network, row->key.epoch, row->key.person, row->key.wrapped, &key, e);
  if (c == OK)
    c = unseal(x->a, &key, at, row->sealed, &value, e);
  arena_reset(x->a);
  return c;
}

static enum code check(struct tx *tx, void *arg, struct err *e)
{
  struct check *x = arg;
  enum code c = OK;
  do {
    x->some = 0;
    c = keep_sql_keys(tx, x->last, 0, KEYS_AT_ONCE, check_key, x, e);
  } while (c == OK && x->some == KEYS_AT_ONCE);
  return c == OK ? keep_sql_samples(tx, SAMPLES, check_sample, x, e) : c;
}

enum code keys_check(struct db *db, const struct restore *r, id64 network, struct restore_report *ret, struct err *e)
{
  const struct db_who who = {.network = network, .service = true};
  struct check x = {.a = arena_new(LIMIT_PAGE), .keys = r->keys, .network = network};
  if (!x.a)
    return err_oom(e);
  arena_mark_secret(x.a);
  enum code c = db_read(db, &who, check, &x, e);
  arena_free(x.a);
  ret->persons += x.persons;
  ret->samples += x.samples;
  return c;
}
