#include "audit/audit.h"

#include "audit/audit_sql.h"
#include "audit/canonical.h"
#include "base/clock.h"
#include "base/limits.h"
#include "crypto/seal.h"

struct event_list {
  struct event *first, *last;
};

static struct event_list *list_of(struct tx *tx)
{
  struct event_list *l = tx_slot(tx, TX_SLOT_AUDIT);
  if (!l) {
    l = arena_new_of(tx_arena(tx), struct event_list);
    tx_slot_set(tx, TX_SLOT_AUDIT, l);
  }
  return l;
}

static struct event *event_copy(struct arena *a, const struct event *ev)
{
  struct event *copy = arena_new_of(a, struct event);
  if (!copy)
    return NULL;
  *copy = *ev;
  copy->ids = str_copy(a, ev->ids);
  copy->request = str_copy(a, ev->request);
  copy->next = NULL;
  return copy;
}

static void list_append(struct event_list *l, struct event *ev)
{
  if (l->last)
    l->last->next = ev;
  else
    l->first = ev;
  l->last = ev;
}

struct event *audit_add(struct tx *tx, const struct event *ev)
{
  struct event_list *l = list_of(tx);
  struct event *copy = l ? event_copy(tx_arena(tx), ev) : NULL;
  if (copy)
    list_append(l, copy);
  return copy;
}

struct event *audit_listed(struct tx *tx)
{
  const struct event_list *l = tx_slot(tx, TX_SLOT_AUDIT);
  return l ? l->first : NULL;
}

void audit_stamp(struct tx *tx, struct str request)
{
  const struct event_list *l = tx_slot(tx, TX_SLOT_AUDIT);
  struct str copy = str_copy(tx_arena(tx), request);
  for (struct event *ev = l ? l->first : NULL; ev; ev = ev->next)
    if (!ev->request.n)
      ev->request = copy;
}

struct event *audit_take(struct tx *tx, struct arena *a)
{
  const struct event_list *l = tx_slot(tx, TX_SLOT_AUDIT);
  struct event_list copies = {0};
  for (const struct event *ev = l ? l->first : NULL; ev; ev = ev->next) {
    struct event *copy = event_copy(a, ev);
    if (!copy)
      return NULL; /* the arena has failed: its owner notices */
    list_append(&copies, copy);
  }
  return copies.first;
}

/* A look at a person is a line of 「だれが見たか」; a refusal, a change of an account or a sign-in is not. */
static bool is_look(const struct event *ev)
{
  bool somebody = ev->user || (ev->person && ev->organization); /* else a link that the organization was given */
  return somebody && (ev->kind == EVENT_OPEN || ev->kind == EVENT_LIST || ev->kind == EVENT_SEARCH ||
                      ev->kind == EVENT_PRINT || ev->kind == EVENT_EXPORT || ev->kind == EVENT_WRITE);
}

static enum code write_seen(struct tx *tx, const struct event *ev, ts_t at, struct err *e)
{
  struct str day = date_iso(tx_arena(tx), date_of_ts(at));
  id64 listed[LIMIT_PAGE_ROWS];
  size_t n = 0;
  enum code c = ev->person ? audit_sql_seen(tx, ev, ev->person, day, at, e) : OK;
  for (size_t i = 0; c == OK && i + 8 <= ev->ids.n; i += 8) {
    id64 person = (id64)canonical_read_u64(ev->ids.p + i);
    if (person != ev->person)
      listed[n++] = person;
    if (n == LIMIT_PAGE_ROWS) {
      c = audit_sql_seen_page(tx, ev, listed, n, day, at, e);
      n = 0;
    }
  }
  return c == OK && n ? audit_sql_seen_page(tx, ev, listed, n, day, at, e) : c;
}

static enum code write_event(struct tx *tx, const unsigned char *key, struct chain *chain, const struct event *ev,
                             struct err *e)
{
  ts_t at = ev->at ? ev->at : tx_now(tx);
  chain->head_seq++;
  enum code c = canonical_hash(tx_arena(tx), key, tx_network(tx), chain, at, ev, chain->head, e);
  if (c == OK)
    c = audit_sql_insert(tx, chain, at, ev, e);
  if (c == OK && is_look(ev))
    c = write_seen(tx, ev, at, e);
  return c;
}

static enum code write_list(struct tx *tx, const struct event *list, struct err *e)
{
  struct chain chain = {0};
  const struct keyfile *keys = db_app(tx_db(tx));
  const unsigned char *key = keys ? keyfile_audit_key(keys, tx_network(tx)) : NULL;
  if (!key)
    return err_set(e, IO, TR("このネットワークの鍵が鍵ファイルにありません。正しい鍵ファイルを指定してください。"));
  enum code c = audit_sql_head(tx, db_instance(tx_db(tx)) + tx_connection(tx), &chain, e);
  for (const struct event *ev = list; c == OK && ev; ev = ev->next)
    c = write_event(tx, key, &chain, ev, e);
  if (c == OK)
    c = audit_sql_move_head(tx, &chain, e);
  tx_see_time(tx, tx_now(tx));
  return c;
}

enum code audit_flush(struct tx *tx, struct err *e)
{
  struct event_list *l = tx_slot(tx, TX_SLOT_AUDIT);
  if (arena_failed(tx_arena(tx)))
    return err_oom(e); /* an event may be missing: then nothing is committed */
  if (!l || !l->first)
    return OK;
  int64_t rev = 0;
  enum code c = audit_hold_facts(tx, &rev, e); /* what a write decided holds when it is committed, too */
  if (c == OK)
    c = write_list(tx, l->first, e);
  if (c == OK)
    l->first = l->last = NULL; /* flushed: a second flush of the same transaction writes only what came after */
  return c;
}

enum code audit_hold_facts(struct tx *tx, int64_t *ret_rev, struct err *e)
{
  return audit_sql_hold(tx, ret_rev, e);
}

struct commit_job {
  const struct event *list;
  bool stale;
};

/* Something was permitted by facts of another revision. What was refused stays refused. */
static bool is_stale(const struct event *list, int64_t rev)
{
  for (const struct event *ev = list; ev; ev = ev->next)
    if (ev->fact_rev && ev->fact_rev != rev && ev->kind != EVENT_REFUSED)
      return true;
  return false;
}

static enum code commit_list(struct tx *tx, void *arg, struct err *e)
{
  struct commit_job *job = arg;
  int64_t rev = 0;
  job->stale = false;
  enum code c = audit_hold_facts(tx, &rev, e);
  if (c != OK)
    return c;
  job->stale = is_stale(job->list, rev);
  return job->stale ? err_set(e, CONFLICT, code_msg(CONFLICT)) : write_list(tx, job->list, e);
}

enum code audit_commit(struct db *db, const struct db_who *who, struct event *list, struct err *e)
{
  struct commit_job job = {.list = list};
  enum code c = list ? db_write(db, "audit_commit", who, commit_list, &job, e) : OK;
  return job.stale ? err_set(e, RETRY, code_msg(RETRY)) : c;
}

enum code audit_each(struct tx *tx, audit_event_fn fn, void *arg, struct err *e)
{
  struct chain *chains = NULL;
  size_t n = 0;
  enum code c = audit_sql_chains(tx, tx_arena(tx), &chains, &n, e);
  for (size_t i = 0; c == OK && i < n; i++)
    c = audit_sql_each(tx, chains[i].id, fn, arg, e);
  return c;
}

static enum code see_last(struct tx *tx, void *arg, struct err *e)
{
  ts_t at = 0;
  enum code c = audit_sql_last_at(tx, &at, e);
  if (c == OK)
    tx_see_time(tx, at);
  return c;
}

enum code audit_see_last(struct db *db, id64 network, struct err *e)
{
  struct db_who who = {.network = network, .service = true};
  return db_read(db, &who, see_last, NULL, e);
}
