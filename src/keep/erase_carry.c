/* erase_carry.c: an erasure from its decision to its end. Each step looks at what stands and does what is missing, so that one that was
 * killed anywhere is carried on by the next call:
 *   a new epoch of the network's key; from then on everybody wraps under it
 *   the persons' rows and keys go, some persons a transaction, and are counted
 *   all other keys, and the second factors, are wrapped anew, some a transaction
 *   the file of the current keys is replaced, so that the backups of yesterday stay restorable for everyone else
 *   the old epochs are destroyed in the key file: now what the erased persons' keys were wrapped by is gone
 *   the database's files are rid of what was deleted
 *   the erasure is finished: now there may be a certificate */
#include "audit/audit.h"
#include "base/limits.h"
#include "keep/keep_impl.h"
#include "network/network.h"

enum { PERSONS_AT_ONCE = 20, KEYS_AT_ONCE = 500 };

struct carry {
  const struct erase *x;
  struct arena *a; /* of one step */
  id64 erasure;
  struct erasure_row row;
  struct decision_row why;
  int epoch;
  id64 after, last; /* the last person done in a transaction that stands; in the one under way */
  size_t done;      /* of the last batch */
  int64_t below;    /* keys under an older epoch */
};

static enum code write_step(struct carry *k, const char *name, tx_fn fn, struct err *e)
{
  const struct db_who who = {.network = k->x->network, .service = true};
  arena_reset(k->a);
  return db_write(k->x->db, name, &who, fn, k, e);
}

static enum code read_row(struct tx *tx, void *arg, struct err *e)
{
  struct carry *k = arg;
  return erase_sql_get(tx, k->a, k->erasure, &k->row, &k->why, e);
}

/* --- the new epoch --- */

static enum code set_epoch(struct tx *tx, void *arg, struct err *e)
{
  const struct carry *k = arg;
  enum code c = erase_sql_set_epoch(tx, k->erasure, k->epoch, e);
  return c == OK ? network_set_epoch(tx, k->epoch, e) : c;
}

/* One that a killed run has added already is used. */
static enum code new_epoch(struct carry *k, struct err *e)
{
  enum code c = keyfile_reload(k->x->keys, e);
  k->epoch = k->row.epoch_after;
  if (c != OK || k->epoch)
    return c;
  k->epoch = keyfile_epoch(k->x->keys, k->x->network);
  if (k->epoch <= k->row.epoch_before)
    c = keyfile_add_epoch(k->x->keys, k->x->network, &k->epoch, e);
  return c == OK ? write_step(k, "erase epoch", set_epoch, e) : c;
}

/* --- the persons' rows --- */

static enum code add_counts(struct tx *tx, const struct carry *k, struct table *const *list, size_t count,
                            const int64_t *rows, struct err *e)
{
  enum code c = OK;
  for (size_t i = 0; c == OK && i < count; i++)
    if (rows[i])
      c = erase_sql_count(tx, k->erasure, str_from(list[i]->name), rows[i], e);
  return c;
}

static enum code delete_some(struct tx *tx, void *arg, struct err *e)
{
  struct carry *k = arg;
  id64 person[PERSONS_AT_ONCE];
  struct table **list = NULL;
  size_t count = 0;
  enum code c = table_list(tx, tx_arena(tx), &list, &count, e);
  int64_t *rows = arena_array(tx_arena(tx), count + 1, sizeof(*rows));
  if (c == OK && !rows)
    c = err_oom(e);
  if (c == OK)
    c = erase_sql_left(tx, k->erasure, person, PERSONS_AT_ONCE, &k->done, e);
  if (c == OK)
    c = persons_delete(tx, list, count, person, k->done, rows, e);
  for (size_t i = 0; c == OK && i < k->done; i++)
    c = erase_sql_done(tx, k->erasure, person[i], e);
  if (c == OK)
    c = add_counts(tx, k, list, count, rows, e);
  return c == OK ? network_bump_facts(tx, e) : c;
}

static enum code delete_all(struct carry *k, struct err *e)
{
  enum code c = table_overwrite_deleted(k->x->db, e);
  do {
    if (c == OK)
      c = write_step(k, "erase rows", delete_some, e);
  } while (c == OK && k->done == PERSONS_AT_ONCE);
  return c;
}

/* --- all other keys --- */

struct batch {
  struct carry *k;
  struct key_row row[KEYS_AT_ONCE];
  size_t n;
};

static enum code keep_row(void *arg, const struct key_row *row, struct err *e)
{
  struct batch *b = arg;
  b->row[b->n] = *row;
  b->row[b->n++].wrapped = str_copy(b->k->a, row->wrapped);
  return OK;
}

static enum code wrap_one(struct tx *tx, struct carry *k, const struct key_row *row, struct err *e)
{
  struct seal_key key;
  struct key_row fresh = {.person = row->person, .epoch = k->epoch};
  enum code c = key_unwrap(k->x->keys, k->x->network, row->epoch, row->person, row->wrapped, &key, e);
  if (c == OK)
    c = key_wrap(k->a, k->x->keys, k->x->network, k->epoch, row->person, &key, &fresh.wrapped, e);
  return c == OK ? keep_sql_put_key(tx, &fresh, e) : c;
}

static enum code wrap_some(struct tx *tx, void *arg, struct err *e)
{
  struct carry *k = arg;
  struct batch *b = arena_new_of(k->a, struct batch);
  if (!b)
    return err_oom(e);
  b->k = k;
  enum code c = keep_sql_keys(tx, k->after, k->epoch, KEYS_AT_ONCE, keep_row, b, e);
  for (size_t i = 0; c == OK && i < b->n; i++)
    c = wrap_one(tx, k, &b->row[i], e);
  k->done = b->n;
  k->last = b->n ? b->row[b->n - 1].person : k->after;
  return c;
}

struct factor {
  id64 user;
  struct str sealed;
  struct factor *next;
};
struct factors {
  struct arena *a;
  struct factor *first;
};

static enum code take_factor(void *arg, id64 user, struct str sealed, struct err *e)
{
  struct factors *f = arg;
  struct factor *one = arena_new_of(f->a, struct factor);
  if (!one)
    return err_oom(e);
  *one = (struct factor){user, str_copy(f->a, sealed), f->first};
  f->first = one;
  return OK;
}

/* What no epoch opens was lost before; its account begins a new second factor. */
static enum code wrap_factor(struct tx *tx, struct carry *k, const struct factor *f, struct err *e)
{
  struct seal_key key;
  struct err ignored;
  struct str fresh = STR_NONE;
  int epoch = k->epoch;
  while (epoch > 0 && key_unwrap(k->x->keys, k->x->network, epoch, f->user, f->sealed, &key, &ignored) != OK)
    epoch--;
  if (epoch == k->epoch || epoch == 0)
    return OK;
  enum code c = key_wrap(k->a, k->x->keys, k->x->network, k->epoch, f->user, &key, &fresh, e);
  return c == OK ? keep_sql_put_totp(tx, f->user, fresh, e) : c;
}

static enum code wrap_factors(struct tx *tx, void *arg, struct err *e)
{
  struct carry *k = arg;
  struct factors all = {.a = k->a};
  enum code c = keep_sql_totps(tx, take_factor, &all, e);
  for (const struct factor *f = all.first; c == OK && f; f = f->next)
    c = wrap_factor(tx, k, f, e);
  return c;
}

static enum code wrap_all(struct carry *k, struct err *e)
{
  enum code c;
  k->after = 0;
  do {
    c = write_step(k, "erase wrap", wrap_some, e);
    k->after = k->last;
  } while (c == OK && k->done == KEYS_AT_ONCE);
  return c == OK ? write_step(k, "erase factors", wrap_factors, e) : c;
}

/* --- before the old epochs go: every key opens under the new one --- */

static enum code check_key(void *arg, const struct key_row *row, struct err *e)
{
  struct carry *k = arg;
  struct seal_key key;
  k->last = row->person;
  k->done++;
  if (row->epoch != k->epoch)
    return BUG(e, "a key is still wrapped under an old epoch");
  return key_unwrap(k->x->keys, k->x->network, row->epoch, row->person, row->wrapped, &key, e);
}

/* A write, since SERIALIZABLE alone lets nobody slip a key of the old epoch in behind it. */
static enum code check_some(struct tx *tx, void *arg, struct err *e)
{
  struct carry *k = arg;
  k->done = 0;
  k->last = k->after;
  enum code c = keep_sql_keys_below(tx, k->epoch, &k->below, e);
  if (c == OK && k->below)
    return OK;
  return c == OK ? keep_sql_keys(tx, k->after, 0, KEYS_AT_ONCE, check_key, k, e) : c;
}

static enum code check_all(struct carry *k, struct err *e)
{
  enum code c;
  k->after = 0;
  do {
    c = write_step(k, "erase check", check_some, e);
    k->after = k->last;
    if (c == OK && k->below) { /* somebody wrote a person down while the epoch moved on */
      c = wrap_all(k, e);
      k->after = 0;
      k->done = KEYS_AT_ONCE;
    }
  } while (c == OK && k->done == KEYS_AT_ONCE);
  return c;
}

/* --- the end --- */

static enum code replace_current_keys(struct carry *k, struct err *e)
{
  const struct erase *x = k->x;
  const struct backup b = {.db = x->db, .keys = x->keys, .key = x->key, .keys_path = x->keys_path};
  arena_reset(k->a);
  return x->key ? backup_keys(k->a, &b, e) : OK;
}

static enum code destroy_old(const struct carry *k, struct err *e)
{
  enum code c = OK;
  for (int epoch = k->epoch - 1; c == OK && epoch > 0; epoch--)
    c = keyfile_drop_epoch(k->x->keys, k->x->network, epoch, e);
  return c;
}

static enum code finish(struct tx *tx, void *arg, struct err *e)
{
  const struct carry *k = arg;
  enum code c = erase_sql_finish(tx, k->erasure, e);
  audit_add(tx, &(struct event){.kind = EVENT_ADMIN,
                                .action = ACTION_ERASE,
                                .role = ROLE_SERVICE, /* a value, not a decision */
                                .object = k->erasure,
                                .request = S("erase")});
  return c == OK ? audit_flush(tx, e) : c;
}

static enum code run_steps(struct carry *k, struct err *e)
{
  enum code c = new_epoch(k, e);
  if (c == OK)
    c = delete_all(k, e);
  if (c == OK)
    c = wrap_all(k, e);
  if (c == OK)
    c = check_all(k, e);
  if (c == OK)
    c = replace_current_keys(k, e);
  if (c == OK)
    c = destroy_old(k, e);
  if (c == OK)
    c = table_scrub(k->x->db, e);
  if (c == OK)
    c = write_step(k, "erase finish", finish, e);
  return c == OK ? replace_current_keys(k, e) : c; /* once more: what is restored knows that it is finished */
}

enum code erase_carry(const struct erase *x, id64 erasure, struct err *e)
{
  const struct db_who who = {.network = x->network, .service = true};
  struct carry k = {.x = x, .erasure = erasure, .a = arena_new(LIMIT_ARENA)};
  if (!k.a)
    return err_oom(e);
  arena_mark_secret(k.a);
  enum code c = db_read(x->db, &who, read_row, &k, e);
  if (c == OK && !k.row.finished)
    c = run_steps(&k, e);
  arena_free(k.a);
  return c;
}
