/* session_web.c: one's own sign-ins and password. */
#include "network/pages.h"

#include "audit/audit.h"

struct str moment_text(const struct request *rq, ts_t at)
{
  struct reader who = gate_reader(rq);
  int minute = ts_minute_of_day(at);
  struct str day = reader_day_ts(rq->arena, &who, at);
  return at ? str_printf(rq->arena, "%.*s %d:%02d", STR_FMT(day), minute / 60, minute % 60) : STR_NONE;
}

void put_device(struct request *rq, struct doc *d, struct str device)
{
  struct str system = STR_NONE, browser = STR_NONE;
  (void)str_split(&device, '\t', &system);
  (void)str_split(&device, '\t', &browser);
  struct str where = system.n && browser.n ? tr_args(rq->arena, gate_lang(rq), TR("%1の%2"), system, browser, STR_NONE)
                     : system.n            ? system
                     : browser.n           ? browser
                                           : gate_tr(rq, TR("わからない機器"));
  doc_put_str(d, "where", where);
  doc_put_str(d, "address", device);
}

/* --- the list --- */

struct listing {
  struct request *rq;
  struct doc *list;
  id64 session;
};

static void add_session(void *arg, const struct session_row *row)
{
  struct listing *l = arg;
  struct doc *d = doc_add_map(l->list);
  doc_put_id(d, "id", row->id);
  put_device(l->rq, d, str_copy(l->rq->arena, row->device));
  doc_put_str(d, "since", moment_text(l->rq, row->created));
  doc_put_str(d, "last", moment_text(l->rq, row->seen));
  doc_put_bool(d, "current", row->id == gate_actor(l->rq)->session);
}

static enum code read_sessions(struct tx *tx, void *arg, struct err *e)
{
  struct listing *l = arg;
  l->list = doc_list(l->rq->arena);
  return session_each(tx, gate_actor(l->rq)->user, add_session, l, e);
}

static enum code handle_sessions(struct request *rq, struct response *rs, struct err *e)
{
  struct listing l = {.rq = rq};
  enum code c = gate_read(rq, read_sessions, &l, e);
  if (c != OK)
    return c;
  struct doc *d = doc_map(rq->arena);
  doc_put(d, "sessions", l.list);
  doc_put_bool(d, "has_others", doc_size(l.list) > 1);
  doc_put_bool(d, "factor", gate_actor(rq)->second_factor);
  return gate_page(rq, rs, "sessions", gate_tr(rq, TR("自分のサインイン")), d, e);
}

ROUTE_DEFINE(route_sessions, GET, "/sessions", SIGNED_IN, .summary = TR("自分のサインイン"), .handle = handle_sessions);

static void note(struct tx *tx, const struct actor *who, id64 object)
{
  audit_add(tx, &(struct event){.kind = EVENT_SIGN_OUT,
                                .action = ACTION_SESSION_OWN,
                                .user = who->user,
                                .organization = who->organization,
                                .membership = who->membership,
                                .session = who->session,
                                .object = object,
                                .role = (int)who->role});
}

static enum code end_one(struct tx *tx, void *arg, struct err *e)
{
  const struct listing *l = arg;
  note(tx, gate_actor(l->rq), l->session);
  return session_end(tx, gate_actor(l->rq)->user, l->session, e);
}

static enum code handle_end(struct request *rq, struct response *rs, struct err *e)
{
  struct listing l = {.rq = rq};
  enum code c = gate_param(rq, "session", &l.session, e);
  gate_as_service(rq); /* it may be the one that asks */
  gate_location(rq, S("/sessions"));
  if (c == OK)
    c = gate_write(rq, "session_end", end_one, &l, e);
  return c == OK ? gate_done(rq, rs, S("/sessions"), TR("サインインを終わらせました。"), e) : c;
}

ROUTE_DEFINE(route_session_end, POST, "/sessions/:session/end", SIGNED_IN, .summary = TR("サインインを終わらせる"),
             .handle = handle_end);

static enum code end_others(struct tx *tx, void *arg, struct err *e)
{
  const struct actor *who = gate_actor(arg);
  note(tx, who, 0);
  return session_end_all(tx, who->user, who->session, e);
}

static enum code handle_end_others(struct request *rq, struct response *rs, struct err *e)
{
  gate_location(rq, S("/sessions"));
  enum code c = gate_write(rq, "session_end_others", end_others, rq, e);
  return c == OK ? gate_done(rq, rs, S("/sessions"), TR("ほかのサインインを、すべて終わらせました。"), e) : c;
}

ROUTE_DEFINE(route_session_end_others, POST, "/sessions/end-others", SIGNED_IN,
             .summary = TR("ほかのサインインを終わらせる"), .handle = handle_end_others);

/* --- password --- */

static const struct field password_fields[] = {
    {.name = "old", .kind = FIELD_SECRET, .required = true, .label = TR("いまのパスワード")},
    {.name = "new", .kind = FIELD_SECRET, .required = true, .label = TR("新しいパスワード")},
    {.name = "again", .kind = FIELD_SECRET, .required = true, .label = TR("新しいパスワードをもう一度")},
    {0}};

struct change {
  struct request *rq;
  struct credential who;
  struct str verified, hash, key, token_hash;
};

static enum code find(struct tx *tx, void *arg, struct err *e)
{
  struct change *ch = arg;
  return credential_get(tx, gate_actor(ch->rq)->user, ch->rq->arena, &ch->who, e);
}

static enum code show_password(struct request *rq, struct response *rs, struct err *e)
{
  struct change ch = {.rq = rq};
  enum code c = gate_read(rq, find, &ch, e);
  if (c != OK)
    return c;
  struct doc *d = doc_map(rq->arena);
  doc_put(d, "f", gate_form(rq, password_fields, NULL));
  doc_put_bool(d, "first", !ch.who.own);
  return gate_page(rq, rs, "password", gate_tr(rq, TR("パスワードを変える")), d, e);
}

ROUTE_DEFINE(route_password_page, GET, "/password", SIGNED_IN, .summary = TR("パスワードを変える"),
             .handle = show_password);

static enum code count(struct tx *tx, void *arg, struct err *e)
{
  const struct change *ch = arg;
  return try_count(tx, ch->key, TRIES_ACCOUNT, TRIES_A_DAY, e);
}

static enum code change(struct tx *tx, void *arg, struct err *e)
{
  const struct change *ch = arg;
  enum code c = password_change(tx, gate_actor(ch->rq), ch->verified, ch->hash, ch->token_hash, e);
  return c == OK ? try_succeeded(tx, ch->key, e) : c;
}

static enum code check_new(struct change *ch, struct err *e)
{
  const struct doc *in = ch->rq->input;
  struct str fresh = doc_get_str(in, "new");
  if (!str_eq(fresh, doc_get_str(in, "again")))
    return err_field(e, "again", TR("二つの新しいパスワードがちがいます。"));
  enum code c = password_check_rules(fresh, ch->who.login, e);
  if (c == INVALID)
    snprintf(e->field, sizeof(e->field), "new");
  if (c == OK && str_eq(fresh, doc_get_str(in, "old")))
    return err_field(e, "new", TR("いまとちがうパスワードにしてください。"));
  return c;
}

static enum code make_hash(struct change *ch, struct err *e)
{
  const struct doc *in = ch->rq->input;
  enum code right = password_verify(ch->who.password_hash, doc_get_str(in, "old"));
  if (right == OOM)
    return err_oom(e);
  ch->verified = right == OK ? ch->who.password_hash : STR_NONE;
  return password_hash(ch->rq->arena, doc_get_str(in, "new"), &ch->hash, e);
}

static enum code handle_password(struct request *rq, struct response *rs, struct err *e)
{
  struct change ch = {.rq = rq};
  if (gate_has_problems(rq))
    return show_password(rq, rs, e);
  if (!gate_actor(rq)->session)
    return err_set(e, NOT_FOUND, NULL); /* a program's token has no password */
  gate_as_service(rq);
  struct str token = sign_token(rq, &ch.token_hash);
  ch.key = try_key(rq->arena, gate_app(rq)->keys, "password", id_text(rq->arena, gate_actor(rq)->user));
  enum code c = gate_read(rq, find, &ch, e);
  if (c == OK)
    c = check_new(&ch, e);
  if (c == OK)
    c = gate_write(rq, "password_count", count, &ch, e);
  if (c == OK)
    c = make_hash(&ch, e);
  if (c == OK)
    c = gate_write(rq, "password_change", change, &ch, e);
  if (c != OK)
    return c;
  gate_session_begin(rq, rs, token);
  return gate_done(rq, rs, ch.who.own ? S("/sessions") : S("/today"),
                   TR("パスワードを変えました。ほかのサインインは終わりました。"), e);
}

ROUTE_DEFINE(route_password, POST, "/password", SIGNED_IN, .fields = password_fields, .slow = true, .no_form_key = true,
             .summary = TR("パスワードを変える"), .handle = handle_password);
