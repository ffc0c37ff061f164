/* sign_web.c: /sign-in, /sign-out, /membership. Unknown, disabled and wrong give the same answer after the same work. */
#include "base/limits.h"
#include "network/pages.h"

struct str sign_next(const struct request *rq)
{
  struct str next = doc_get_str(rq->input, "next");
  bool local = next.n > 1 && next.p[0] == '/' && next.p[1] != '/' && next.p[1] != '\\';
  return local ? next : S("/today");
}

/* --- signing in --- */

static const struct field sign_in_fields[] = {
    {.name = "login", .kind = FIELD_TEXT, .required = true, .label = TR("サインイン名")},
    {.name = "password", .kind = FIELD_SECRET, .required = true, .label = TR("パスワード")},
    {.name = "next", .kind = FIELD_TEXT, .max = LIMIT_URI},
    {0}};
static const struct field next_fields[] = {{.name = "next", .kind = FIELD_TEXT, .max = LIMIT_URI}, {0}};

static enum code show_sign_in(struct request *rq, struct response *rs, struct err *e)
{
  struct doc *d = doc_map(rq->arena);
  const struct doc *demo = gate_app(rq)->demo;
  doc_put(d, "f", gate_form(rq, sign_in_fields, NULL));
  doc_put_str(d, "next", doc_get_str(gate_has_problems(rq) ? rq->typed : rq->input, "next"));
  doc_put_bool(d, "has_demo", demo != NULL);
  struct doc *list = doc_put_list(d, "demo");
  for (size_t i = 0; i < doc_size(demo); i++) {
    static const char *const shown[] = {"name", "organization", "role", "login", "password"};
    struct doc *card = doc_add_map(list);
    for (size_t k = 0; k < sizeof(shown) / sizeof(*shown); k++)
      doc_put_str(card, shown[k], doc_get_str(doc_at(demo, i), shown[k]));
  }
  return gate_page(rq, rs, "sign_in", gate_tr(rq, TR("サインイン")), d, e);
}

static enum code handle_sign_in_page(struct request *rq, struct response *rs, struct err *e)
{
  if (!gate_signed_in(rq) || rq->wants_json)
    return show_sign_in(rq, rs, e);
  response_redirect(rq, rs, sign_next(rq));
  return OK;
}

struct attempt {
  struct request *rq;
  struct credential who;
  struct sign_in sign;
  struct str login;
};

static enum code count(struct tx *tx, void *arg, struct err *e)
{
  const struct attempt *a = arg;
  enum code c = try_count(tx, a->sign.account_try, TRIES_ACCOUNT, TRIES_A_DAY, e);
  return c == OK && a->sign.address_try.n ? try_count(tx, a->sign.address_try, TRIES_ADDRESS, 0, e) : c;
}

static enum code find(struct tx *tx, void *arg, struct err *e)
{
  struct attempt *a = arg;
  return credential_find(tx, a->login, a->rq->arena, &a->who, e);
}

static enum code begin(struct tx *tx, void *arg, struct err *e)
{
  const struct attempt *a = arg;
  return a->sign.user ? sign_in(tx, &a->sign, e) : sign_in_failed(tx, a->who.user, e);
}

struct str sign_token(struct request *rq, struct str *ret_hash)
{
  unsigned char hash[HASH];
  struct str token = token_new(rq->arena);
  token_hash(keyfile_pepper(gate_app(rq)->keys), token, hash);
  *ret_hash = str_copy(rq->arena, (struct str){(const char *)hash, HASH});
  return token;
}

/* The count is committed before the password is looked at; an unknown name is verified against nothing, which takes as long. */
static enum code try_sign_in(struct attempt *a, struct err *e)
{
  struct request *rq = a->rq;
  enum code c = gate_write(rq, "sign_in_count", count, a, e);
  if (c == OK)
    c = gate_read(rq, find, a, e);
  if (c != OK)
    return c;
  enum code right = password_verify(a->who.password_hash, doc_get_str(rq->input, "password"));
  if (right == OOM)
    return err_oom(e);
  a->sign.user = right == OK && !a->who.disabled ? a->who.user : 0;
  a->sign.password_hash = a->who.password_hash;
  return gate_write(rq, "sign_in", begin, a, e);
}

/* Whose tries these are: a known browser's own; else the account's and the address's together. */
static void take_tries(struct attempt *a, struct str known)
{
  struct request *rq = a->rq;
  const struct keyfile *keys = gate_app(rq)->keys;
  struct str browser = known_browser(rq->arena, keys, a->login, request_cookie(rq, str_cstr(rq->arena, known)));
  if (browser.n) {
    a->sign.account_try =
        try_key(rq->arena, keys, "known", str_printf(rq->arena, "%.*s %.*s", STR_FMT(a->login), STR_FMT(browser)));
    return;
  }
  a->sign.account_try = try_key(rq->arena, keys, "account", a->login);
  a->sign.address_try = try_key(rq->arena, keys, "address", try_address(rq->arena, rq->address));
}

static enum code handle_sign_in(struct request *rq, struct response *rs, struct err *e)
{
  struct attempt a = {.rq = rq, .login = login_fold(rq->arena, doc_get_str(rq->input, "login"))};
  const struct keyfile *keys = gate_app(rq)->keys;
  if (gate_has_problems(rq))
    return show_sign_in(rq, rs, e);
  struct str token = sign_token(rq, &a.sign.token_hash);
  struct str known = known_cookie(rq->arena, keys, a.login);
  take_tries(&a, known);
  a.sign.device = session_device(rq->arena, request_header(rq, "user-agent"), rq->address);
  a.sign.replaces = gate_actor(rq)->session;
  a.sign.replaces_user = gate_actor(rq)->user;
  enum code c = try_sign_in(&a, e);
  if (c != OK)
    return c;
  gate_session_begin(rq, rs, token);
  if (a.sign.address_try.n)
    response_cookie(rq, rs, str_cstr(rq->arena, known), known_new(rq->arena, keys, a.login), KNOWN_SECONDS);
  return gate_done(rq, rs, sign_next(rq), NULL, e);
}

ROUTE_DEFINE(route_sign_in_page, GET, "/sign-in", PUBLIC_ROUTE, .fields = next_fields, .summary = TR("サインイン"),
             .handle = handle_sign_in_page);
ROUTE_DEFINE(route_sign_in, POST, "/sign-in", PUBLIC_ROUTE, .fields = sign_in_fields, .slow = true, .no_form_key = true,
             .summary = TR("サインイン"), .handle = handle_sign_in);

/* --- signing out --- */

static enum code out(struct tx *tx, void *arg, struct err *e)
{
  return sign_out(tx, gate_actor(arg), e);
}

static enum code handle_sign_out(struct request *rq, struct response *rs, struct err *e)
{
  enum code c = gate_write(rq, "sign_out", out, rq, e);
  if (c != OK)
    return c;
  gate_session_end(rq, rs);
  return gate_done(rq, rs, S("/sign-in"), TR("サインアウトしました。"), e);
}

ROUTE_DEFINE(route_sign_out, POST, "/sign-out", HALF_SIGNED_IN, .no_form_key = true, .summary = TR("サインアウト"),
             .handle = handle_sign_out);

/* --- for which membership --- */

struct choice {
  struct request *rq;
  struct doc *list;
  struct credential who;
  id64 membership;
  struct str hash;
};

static enum code read_memberships(struct tx *tx, void *arg, struct err *e)
{
  struct choice *ch = arg;
  const struct request *rq = ch->rq;
  enum code c = credential_get(tx, gate_actor(rq)->user, rq->arena, &ch->who, e);
  return c == OK ? sign_memberships(tx, gate_actor(rq), rq->arena, gate_lang(rq), gate_wareki(rq), &ch->list, e) : c;
}

static enum code handle_membership_page(struct request *rq, struct response *rs, struct err *e)
{
  struct choice ch = {.rq = rq};
  enum code c = gate_read(rq, read_memberships, &ch, e);
  if (c != OK)
    return c;
  if (!ch.who.own) {
    response_redirect(rq, rs, S("/password"));
    return OK;
  }
  struct doc *d = doc_map(rq->arena);
  doc_put(d, "memberships", ch.list);
  doc_put_bool(d, "has_memberships", doc_size(ch.list) > 0);
  doc_put_str(d, "next", doc_get_str(rq->input, "next"));
  return gate_page(rq, rs, "choose_membership", gate_tr(rq, TR("所属を選ぶ")), d, e);
}

static enum code switch_to(struct tx *tx, void *arg, struct err *e)
{
  struct choice *ch = arg;
  enum code c = credential_get(tx, gate_actor(ch->rq)->user, tx_arena(tx), &ch->who, e);
  if (c == OK && !ch->who.own)
    return err_set(e, DENIED, TR("先に、自分のパスワードを決めてください。"));
  return c == OK ? sign_switch(tx, gate_actor(ch->rq), ch->membership, ch->hash, e) : c;
}

static enum code handle_membership(struct request *rq, struct response *rs, struct err *e)
{
  struct choice ch = {.rq = rq};
  struct str token = sign_token(rq, &ch.hash);
  if (gate_has_problems(rq))
    return err_set(e, INVALID, code_msg(INVALID));
  if (!gate_actor(rq)->session || !doc_get_id(rq->input, "membership", &ch.membership))
    return err_set(e, NOT_FOUND, NULL);
  gate_as_service(rq); /* the session that asks ends */
  enum code c = gate_write(rq, "sign_switch", switch_to, &ch, e);
  if (c != OK)
    return c;
  gate_session_begin(rq, rs, token);
  return gate_done(rq, rs, sign_next(rq), NULL, e);
}

static const struct field membership_fields[] = {
    {.name = "membership", .kind = FIELD_ID, .required = true, .label = TR("所属")},
    {.name = "next", .kind = FIELD_TEXT, .max = LIMIT_URI},
    {0}};

ROUTE_DEFINE(route_membership_page, GET, "/membership", SIGNED_IN, .fields = next_fields, .summary = TR("所属を選ぶ"),
             .handle = handle_membership_page);
ROUTE_DEFINE(route_membership, POST, "/membership", SIGNED_IN, .fields = membership_fields, .no_form_key = true,
             .summary = TR("所属を選ぶ"), .handle = handle_membership);
