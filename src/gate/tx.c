/* tx.c: transactions of a request. Reads commit their events before anything is answered; writes carry theirs, and the
 * idempotency key, in the same commit; what a failed one refused is committed apart. */
#include "audit/audit.h"
#include "gate/gate_impl.h"

STMT_WRITE(q_key_add, "idempotency_add",
           "INSERT INTO idempotency (network_id, user_id, key, body_hash, location, created_at)"
           " VALUES ($1, $2, $3, $4, '', $5) ON CONFLICT DO NOTHING");
STMT_READ(q_key_find, "idempotency_find",
          "SELECT body_hash, location FROM idempotency WHERE network_id = $1 AND user_id = $2 AND key = $3");
STMT_WRITE(q_key_locate, "idempotency_locate",
           "UPDATE idempotency SET location = $4 WHERE network_id = $1 AND user_id = $2 AND key = $3");
STMT_WRITE(q_key_sweep, "idempotency_sweep", "DELETE FROM idempotency WHERE network_id = $1 AND created_at < $2");

enum { READ_TRIES = 4 };

struct work {
  struct request *rq;
  tx_fn fn;
  void *arg;
  struct event *events; /* of a read, or the refusals of a failed write */
};

struct db_who gate_who(const struct request *rq)
{
  const struct gate *g = gate_of(rq);
  int need = rq->route ? rq->route->need.declared : NEED_PUBLIC;
  bool service = g->as_service || need == NEED_PUBLIC || need == NEED_HALF;
  return (struct db_who){.network = g->network, .service = service, .token = service ? STR_NONE : g->token};
}

void gate_as_service(struct request *rq)
{
  gate_of(rq)->as_service = true;
}

/* Of a failed transaction only the refusals are events: nothing else happened. */
static struct event *refusals(struct event *list)
{
  struct event *first = NULL, **last = &first;
  for (struct event *ev = list; ev; ev = ev->next)
    if (ev->kind == EVENT_REFUSED || ev->kind == EVENT_SIGN_IN_FAILED) {
      *last = ev;
      last = &ev->next;
    }
  *last = NULL;
  return first;
}

static enum code commit_events(struct request *rq, struct event *events, struct err *e)
{
  struct db_who who = gate_who(rq);
  if (arena_failed(rq->arena))
    return err_oom(e); /* an event may be missing: then nothing is shown */
  return audit_commit(gate_of(rq)->app->db, &who, events, e);
}

/* The first id of the path; 0: none. */
static id64 asked_for(const struct request *rq)
{
  char name[40];
  id64 id = 0;
  const char *at = rq->route ? strchr(rq->route->path, ':') : NULL;
  snprintf(name, sizeof(name), "%.*s", at ? (int)strcspn(at + 1, "/.") : 0, at ? at + 1 : "");
  return name[0] && request_param_id(rq, name, &id) ? id : 0;
}

/* The refusals of a failed transaction, with the id that was asked for: whose it is, is not always known. The transaction's own error is
 * what the reader gets. */
static void commit_refusals(struct work *w)
{
  struct err ignored = {0};
  for (struct event *ev = w->events; ev; ev = ev->next)
    if (!ev->object)
      ev->object = asked_for(w->rq);
  if (commit_events(w->rq, w->events, &ignored) != OK)
    snprintf(gate_of(w->rq)->detail, sizeof(gate_of(w->rq)->detail), "refusal not recorded: %.200s", ignored.detail);
}

/* Whoever opened a form has looked, not written. */
static void tell_looks(struct event *list)
{
  for (struct event *ev = list; ev; ev = ev->next)
    if (ev->kind == EVENT_WRITE) {
      ev->kind = EVENT_OPEN;
      ev->seen_as = (int)action_looked((enum action)ev->action) + 1;
    }
}

static enum code read_and_take(struct tx *tx, void *arg, struct err *e)
{
  struct work *w = arg;
  enum code c = w->fn(tx, w->arg, e);
  if (c == OK)
    c = veil_collect(tx, w->rq, e);
  audit_stamp(tx, w->rq->id);
  w->events = audit_take(tx, w->rq->arena);
  tell_looks(w->events);
  if (c != OK)
    w->events = refusals(w->events);
  return c == OK && arena_failed(tx_arena(tx)) ? err_oom(e) : c;
}

/* Reading and writing it down in one: while it runs no fact changes. */
static enum code read_and_flush(struct tx *tx, void *arg, struct err *e)
{
  struct work *w = arg;
  int64_t rev = 0;
  enum code c = audit_hold_facts(tx, &rev, e);
  if (c == OK)
    c = w->fn(tx, w->arg, e);
  if (c == OK)
    c = veil_collect(tx, w->rq, e);
  audit_stamp(tx, w->rq->id);
  tell_looks(audit_listed(tx));
  if (c == OK)
    return audit_flush(tx, e);
  w->events = refusals(audit_take(tx, w->rq->arena));
  return c;
}

/* What was read may leave when its events are committed at the very revision of the facts that permitted it: so a look is either written
 * down before a withdrawal's commit or does not happen. Where a fact changed in between it is read again; when that happens too often, in
 * the write itself, where no fact can change (on PostgreSQL such a long write collides easily, so it is the last means). */
enum code gate_read(struct request *rq, tx_fn fn, void *arg, struct err *e)
{
  struct work w = {.rq = rq, .fn = fn, .arg = arg};
  struct db_who who = gate_who(rq);
  const struct app *app = gate_of(rq)->app;
  enum code c = OK;
  for (int tries = 0; tries < READ_TRIES; tries++) {
    c = db_read(app->db, &who, read_and_take, &w, e);
    if (c != OK)
      break;
    c = app->read_twice ? RETRY : commit_events(rq, w.events, e);
    if (c != RETRY)
      return c;
    w.events = NULL;
  }
  if (c == RETRY)
    c = db_write(app->db, "read_again", &who, read_and_flush, &w, e);
  if (c != OK)
    commit_refusals(&w);
  return c;
}

enum code gate_read_as_service(struct request *rq, tx_fn fn, void *arg, struct err *e)
{
  struct gate *g = gate_of(rq);
  bool before = g->as_service;
  g->as_service = true;
  enum code c = gate_read(rq, fn, arg, e);
  g->as_service = before;
  return c;
}

enum code gate_is_repeated(struct tx *tx, const struct request *rq, bool *ret, struct err *e)
{
  const struct gate *g = gate_of(rq);
  struct rows r = {0};
  bool found = false;
  enum code c = OK;
  if (g->key.n)
    c = db_query(tx, &q_key_find, &r, e, BINDS(b_int(g->network), b_int(g->actor.user), b_text(g->key)));
  if (c != OK || !g->key.n)
    return c;
  found = rows_next(&r);
  c = rows_end(&r, e);
  if (c == OK)
    *ret = found;
  return c;
}

/* --- writes --- */

/* The first submit of a key makes its row; a later one finds it and is told where the first went. */
static enum code key_take(struct tx *tx, struct request *rq, struct err *e)
{
  struct gate *g = gate_of(rq);
  struct str hash = {(const char *)g->body_hash, HASH};
  int64_t added = 0;
  struct rows r;
  if (!g->key.n || g->key_kept)
    return OK;
  g->replayed = false;
  enum code c =
      db_exec(tx, &q_key_add, &added, e,
              BINDS(b_int(g->network), b_int(g->actor.user), b_text(g->key), b_bytes(hash), b_int(tx_now(tx))));
  if (c != OK || added)
    return c;
  c = db_query(tx, &q_key_find, &r, e, BINDS(b_int(g->network), b_int(g->actor.user), b_text(g->key)));
  if (c != OK)
    return c;
  if (rows_next(&r) && secret_equal(rows_bytes(&r, 0), hash)) {
    g->replayed = true;
    g->location = rows_text_copy(&r, 1, rq->arena);
  } else {
    c = err_set(e, CONFLICT, TR("この画面は、前にちがう内容で送られています。開きなおしてください。"));
  }
  return rows_finish(&r, c, e);
}

static enum code key_write(struct tx *tx, struct request *rq, struct str location, struct err *e)
{
  const struct gate *g = gate_of(rq);
  return db_exec(tx, &q_key_locate, NULL, e,
                 BINDS(b_int(g->network), b_int(g->actor.user), b_text(g->key), b_text(location)));
}

static enum code write_and_flush(struct tx *tx, void *arg, struct err *e)
{
  struct work *w = arg;
  struct gate *g = gate_of(w->rq);
  enum code c = arena_failed(w->rq->arena) ? err_oom(e) : key_take(tx, w->rq, e);
  if (c != OK || g->replayed)
    return c;
  c = w->fn(tx, w->arg, e);
  if (c == OK)
    c = veil_collect(tx, w->rq, e);
  if (c == OK)
    c = veil_check(tx, w->rq, e);
  audit_stamp(tx, w->rq->id);
  if (c == OK && arena_failed(w->rq->arena))
    c = err_oom(e); /* what was sent or written may be cut short */
  if (c != OK) {
    w->events = refusals(audit_take(tx, w->rq->arena));
    return c;
  }
  if (g->key.n && g->location.n)
    c = key_write(tx, w->rq, g->location, e);
  g->key_pending = g->key.n && !g->location.n;
  return c == OK ? audit_flush(tx, e) : c;
}

enum code gate_write(struct request *rq, const char *name, tx_fn fn, void *arg, struct err *e)
{
  struct work w = {.rq = rq, .fn = fn, .arg = arg};
  struct db_who who = gate_who(rq);
  if (rq->method == POST && rq->problems && !rq->route->no_form_key)
    return err_set(e, INVALID, code_msg(INVALID)); /* a handler that did not look at what field_read() found */
  enum code c = db_write(gate_of(rq)->app->db, name, &who, write_and_flush, &w, e);
  if (c != OK)
    commit_refusals(&w);
  else
    gate_of(rq)->key_kept = gate_of(rq)->key.n > 0;
  return c;
}

void gate_location(struct request *rq, struct str path)
{
  gate_of(rq)->location = str_copy(rq->arena, path);
}

struct located {
  struct request *rq;
  struct str path;
};

static enum code locate(struct tx *tx, void *arg, struct err *e)
{
  const struct located *l = arg;
  return key_write(tx, l->rq, l->path, e);
}

enum code key_locate(struct request *rq, struct str path, struct err *e)
{
  struct gate *g = gate_of(rq);
  struct located l = {rq, path};
  struct db_who who = gate_who(rq);
  if (!g->key_pending)
    return OK;
  g->key_pending = false;
  return db_write(g->app->db, "idempotency_locate", &who, locate, &l, e);
}

/* --- the key of a request --- */

static bool key_good(struct str key)
{
  for (size_t i = 0; i < key.n; i++) {
    char c = key.p[i];
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
      return false;
  }
  return key.n >= 8 && key.n <= 100;
}

/* What was sent, less what the gate itself put into the form. */
static void hash_body(struct request *rq)
{
  struct doc *sent = doc_map(rq->arena);
  for (size_t i = 0; i < doc_size(rq->raw); i++) {
    struct str key = doc_key_at(rq->raw, i);
    if (!key.n || key.p[0] != '_')
      doc_put_key(sent, key, doc_value_at(rq->raw, i));
  }
  struct buf b;
  buf_init(&b, rq->arena, 32 << 20);
  json_write_canonical(&b, sent);
  buf_add(&b, rq->upload);
  hash_bytes(buf_str(&b), gate_of(rq)->body_hash);
}

/* Two buttons of one page may post to two addresses with one key: it counts together with the path. */
enum code key_read(struct request *rq, struct err *e)
{
  struct gate *g = gate_of(rq);
  struct str key = request_header(rq, "idempotency-key");
  if (!g->session || rq->route->no_form_key)
    return OK;
  if (!key.n)
    key = doc_get_str(rq->raw, "_key");
  if (!key_good(key)) {
    g->status = 400;
    err_set(e, INVALID, TR("画面を開きなおしてから、もう一度送ってください。"));
    err_detail(e, "no idempotency key");
    return INVALID;
  }
  g->key = str_printf(rq->arena, "%.*s %.*s", STR_FMT(key), STR_FMT(rq->path));
  hash_body(rq);
  return arena_failed(rq->arena) ? err_oom(e) : OK;
}

/* --- old keys --- */

static enum code sweep(struct tx *tx, void *arg, struct err *e)
{
  return db_exec(tx, &q_key_sweep, NULL, e, BINDS(b_int(tx_network(tx)), b_int(tx_now(tx) - KEY_KEPT_MS)));
}

enum code gate_sweep(struct db *db, id64 network, struct err *e)
{
  const struct db_who who = {.network = network, .service = true};
  return db_write(db, "idempotency_sweep", &who, sweep, NULL, e);
}
