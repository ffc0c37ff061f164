#include "connection/connection.h"

#include "access/agreed.h"
#include "base/limits.h"
#include "connection/connection_sql.h"

/* ---- a few connections at once: read first, then written, since a cursor and a write do not mix --------------------------- */

enum code connection_batch_take(void *arg, const struct connection *c, struct str to, struct err *e)
{
  struct connection_batch *b = arg;
  size_t n = b->count;
  if ((n & (n - 1)) == 0) { /* full at each power of two */
    size_t room = n ? 2 * n : 1;
    b->list = arena_grow(b->arena, b->list, n * sizeof *b->list, room * sizeof *b->list);
    b->names = arena_grow(b->arena, b->names, n * sizeof *b->names, room * sizeof *b->names);
  }
  if (arena_failed(b->arena))
    return err_oom(e);
  b->list[n] = *c;
  b->names[b->count++] = str_copy(b->arena, to);
  return OK;
}

enum code connection_batch_of_sheet(struct tx *tx, id64 sheet, struct connection_batch *ret, struct err *e)
{
  ret->arena = tx_arena(tx);
  return connection_sql_of_sheet(tx, sheet, connection_batch_take, ret, e);
}

/* ---- entering and opening ------------------------------------------------------------------------------------------------ */

enum code connection_enter(struct tx *tx, const struct actor *who, enum action action, id64 id, struct connection *ret,
                           const struct scope **ret_scope, struct err *e)
{
  struct connection con = {0};
  const struct scope *s = NULL;
  enum code c = access_open_of(tx, who, action, THING_CONNECTION, id, &s, e);
  if (c == OK)
    c = connection_sql_get(tx, id, &con, e);
  if (c != OK)
    return c;
  /* It is between two sides: a third who works on the case does not see it, nor the receiver a draft. */
  bool sender = scope_wrote(s, con.from_organization);
  bool receiver = scope_wrote(s, con.to_organization) && con.sent_at;
  if (!sender && !receiver)
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  *ret = con;
  *ret_scope = s;
  return OK;
}

enum code connection_open(struct tx *tx, const struct scope *s, const struct connection *c, struct err *e)
{
  enum connection_state next;
  if (!scope_writes(s) || !scope_wrote(s, c->to_organization) || !connection_next(c->state, STEP_OPEN, &next))
    return OK;
  return connection_sql_move(tx, c, next, 0, e);
}

/* ---- answering ------------------------------------------------------------------------------------------------------------- */

static enum code check_answer(const struct scope *s, const struct connection *c, const struct answer *a, struct err *e)
{
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  if (scope_wrote(s, c->from_organization) != a->on_behalf)
    return err_set(e, DENIED, code_msg(DENIED));
  if (a->by_link && !a->told_by.n)
    return err_field(e, "name", TR("どなたからの返事かを書いてください。"));
  if (a->on_behalf && !a->told_by.n)
    return err_field(e, "told_by", TR("だれから聞いた返事かを書いてください。"));
  if (a->step != STEP_ACCEPT && !a->text.n)
    return err_field(e, "text",
                     a->step == STEP_RETURN    ? TR("何を確かめたいかを書いてください。")
                     : a->step == STEP_DECLINE ? TR("お受けできない理由を書いてください。")
                                               : TR("どうなったかを書いてください。"));
  return OK;
}

static enum code keep_one(struct tx *tx, const struct scope *s, const struct connection *c, struct str state,
                          const struct doc *text, id64 holder, enum source source, struct err *e)
{
  struct buf json;
  const struct seal_key *key = NULL;
  struct str sealed = STR_NONE;
  id64 id = id_new(tx_now(tx));
  buf_init(&json, tx_arena(tx), LIMIT_BODY);
  json_write(&json, text);
  if (json.failed)
    return err_oom(e);
  struct seal_at at = {.table = "connection_step", .column = "text_sealed", .network = tx_network(tx), .row = id};
  enum code code = person_key(tx, s, &key, e);
  if (code == OK)
    code = seal(tx_arena(tx), key, at, buf_str(&json), &sealed, e);
  return code == OK ? step_sql_insert(tx, s, id, c, state, holder, source, sealed, e) : code;
}

enum code connection_keep(struct tx *tx, const struct scope *s, const struct connection *c, struct str state,
                          const struct doc *text, struct err *e)
{
  enum code code = keep_one(tx, s, c, state, text, c->to_organization, SOURCE_STAFF, e);
  return code == OK ? keep_one(tx, s, c, state, text, c->from_organization, SOURCE_OTHER_BODY, e) : code;
}

static enum code keep_answer(struct tx *tx, const struct scope *s, const struct connection *c, const struct answer *a,
                             enum connection_state state, struct err *e)
{
  struct doc *d = doc_map(tx_arena(tx));
  doc_put_str(d, "text", a->text);
  doc_put_str(d, "proposal", a->proposal);
  doc_put_str(d, "outcome", a->outcome);
  doc_put_str(d, "next", a->next);
  doc_put_str(d, "told_by", a->told_by);
  doc_put_bool(d, "by_link", a->by_link);
  doc_put_str(d, "first_contact", date_iso(tx_arena(tx), a->first_contact));
  return connection_keep(tx, s, c, str_from(connection_state_code(state)), d, e);
}

enum code connection_workers(struct tx *tx, const struct scope *s, const struct connection *c, struct arena *a,
                             struct doc **ret, struct err *e)
{
  struct doc *all = NULL, *list = doc_list(a);
  bool assigns = scope_may(s, ACTION_CONNECTION_ASSIGN);
  enum code code = connection_sql_workers(tx, c->to_organization, a, &all, e);
  for (size_t i = 0; code == OK && i < doc_size(all); i++) {
    id64 user = 0;
    struct doc *d = doc_at(all, i);
    if (doc_get_id(d, "id", &user) && !scope_bars(s, user) && (assigns || user == scope_actor(s)->user))
      doc_add(list, d);
  }
  if (code == OK)
    *ret = list;
  return code;
}

static bool is_worker(const struct doc *workers, struct arena *a, id64 user)
{
  struct str id = id_text(a, user);
  for (size_t i = 0; i < doc_size(workers); i++)
    if (str_eq(doc_get_str(doc_at(workers, i), "id"), id))
      return true;
  return false;
}

/* Who takes it on: the worker chosen, or the one who answers. Told by telephone, nobody is assigned: the body has no account here. */
static enum code take_on(struct tx *tx, const struct scope *s, const struct connection *c, const struct answer *a,
                         id64 *ret_worker, struct err *e)
{
  struct doc *workers = NULL;
  id64 worker = a->on_behalf || a->by_link ? 0 : a->worker ? a->worker : scope_actor(s)->user;
  enum code code = connection_workers(tx, s, c, tx_arena(tx), &workers, e);
  if (code == OK && worker && !is_worker(workers, tx_arena(tx), worker))
    return err_field(e, "worker", TR("担当する人を、一覧から選んでください。"));
  if (code == OK && worker && str_is(c->kind, "handover"))
    code = case_move_lead(tx, s, c->case_id, c->from_organization, c->to_organization, worker, e);
  else if (code == OK)
    code = case_join(tx, s, c->case_id, c->to_organization, PART_PARTNER, e);
  if (code == OK && worker)
    code = case_assign(tx, s, c->case_id, c->to_organization, worker, e);
  if (code == OK)
    *ret_worker = worker;
  return code;
}

enum code connection_answer(struct tx *tx, const struct scope *s, const struct connection *c, const struct answer *a,
                            struct err *e)
{
  enum connection_state next;
  id64 worker = 0;
  enum code code = check_answer(s, c, a, e);
  if (code != OK)
    return code;
  if (!connection_next(c->state, a->step, &next))
    return err_set(e, CONFLICT, TR("このつなぎは、いまはこの返事ができません。画面を開き直してください。"));
  if (a->step == STEP_ACCEPT)
    code = take_on(tx, s, c, a, &worker, e);
  if (code == OK)
    code = connection_sql_move(tx, c, next, worker, e);
  if (code == OK)
    code = keep_answer(tx, s, c, a, next, e);
  if (code == OK)
    code = connection_tell_answer(tx, s, c, next, e);
  if (code == OK)
    code = connection_tell_worker(tx, s, c, worker, e);
  return code == OK ? network_bump_facts(tx, e) : code;
}

enum code connection_end(struct tx *tx, const struct scope *s, const struct connection *c, enum connection_step step,
                         struct err *e)
{
  enum connection_state next;
  if (!scope_wrote(s, c->from_organization))
    return err_set(e, DENIED, code_msg(DENIED));
  if (!connection_next(c->state, step, &next))
    return err_set(e, CONFLICT, TR("このつなぎは、もう先へ進んでいます。画面を開き直してください。"));
  enum code code = connection_sql_move(tx, c, next, 0, e);
  return code == OK ? network_bump_facts(tx, e) : code;
}

/* ---- what rests on a consent --------------------------------------------------------------------------------------------------- */

static enum code leave_case(struct tx *tx, const struct scope *s, const struct connection *c, struct err *e)
{
  bool wrote = false;
  enum code code = access_wrote(tx, s, c->to_organization, &wrote, e);
  return code == OK && !wrote ? case_leave(tx, s, c->case_id, c->to_organization, e) : code;
}

enum code connection_withdraw_to(struct tx *tx, const struct scope *s, id64 organization, struct err *e)
{
  struct connection_batch open = {.arena = tx_arena(tx)};
  enum code c = connection_sql_towards(tx, scope_person(s), organization, connection_batch_take, &open, e);
  for (size_t i = 0; c == OK && i < open.count; i++) {
    enum connection_state next;
    if (!connection_next(open.list[i].state, STEP_WITHDRAW, &next))
      continue;
    c = connection_sql_move(tx, &open.list[i], next, 0, e);
    if (c == OK)
      c = leave_case(tx, s, &open.list[i], e);
  }
  return c;
}

struct open_job {
  const struct scope *s;
  struct arena *a;
  const struct reader *who;
  struct doc *ends;
};

static enum code put_open(void *arg, const struct connection *c, struct str to, struct err *e)
{
  struct open_job *job = arg;
  enum connection_state next;
  (void)e;
  if (!connection_next(c->state, STEP_WITHDRAW, &next) ||
      !(scope_wrote(job->s, c->from_organization) || scope_wrote(job->s, c->to_organization)))
    return OK;
  struct str day = reader_date(job->a, job->who, date_of_ts(c->sent_at)); /* with its year: it stands on paper */
  struct doc *d = doc_add_map(job->ends);
  doc_put_str(d, "text",
              c->sent_at ? tr_args(job->a, job->who->lang, TR("%1へのつなぎ（%2 に送ったもの）"), to, day, STR_NONE)
                         : tr_args(job->a, job->who->lang, TR("%1へのつなぎ（下書き）"), to, STR_NONE, STR_NONE));
  return OK;
}

enum code connection_put_open(struct tx *tx, const struct scope *s, id64 organization, struct arena *a,
                              const struct reader *who, struct doc *ends, struct err *e)
{
  struct open_job job = {s, a, who, ends};
  return connection_sql_towards(tx, scope_person(s), organization, put_open, &job, e);
}
