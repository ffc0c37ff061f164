/* guard.c: what must hold before a handler runs: the way the request came, who asks, and that a POST is meant. */
#include "audit/audit.h"
#include "gate/gate_impl.h"
#include "gate/handler.h"

static bool loopback_address(struct str a)
{
  return str_is(a, "::1") || str_starts(a, S("127.")) || str_starts(a, S("::ffff:127."));
}

/* Plain HTTP only from this machine itself. A proxy on it that we were not told of would pass for that, so its headers count
 * against it. */
enum code guard_transport(struct request *rq, struct err *e)
{
  if (rq->https)
    return OK;
  bool proxied = request_header(rq, "x-forwarded-for").n || request_header(rq, "forwarded").n;
  if (loopback_address(rq->address) && !proxied)
    return OK;
  gate_of(rq)->status = 403;
  err_set(e, DENIED, TR("暗号化された通信(https)で開いてください。"));
  err_detail(e, proxied ? "plain HTTP through a proxy: set trusted-proxy, X-Forwarded-Proto must say https"
                        : "plain HTTP from another machine");
  return DENIED;
}

/* --- who may use the route --- */

/* Letters that need no encoding in a query value. */
void guard_query_value(struct buf *b, struct str s)
{
  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("/-._~", c)))
      buf_add_c(b, (char)c);
    else
      buf_printf(b, "%%%02X", c);
  }
}

static enum code go_to(struct request *rq, struct response *rs, const char *path, bool *ret_answered, struct err *e)
{
  struct gate *g = gate_of(rq);
  if (rq->wants_json) {
    g->status = 401;
    return err_set(e, DENIED, TR("サインインしてください。"));
  }
  struct buf b;
  buf_init(&b, rq->arena, 8192);
  buf_add_cstr(&b, path);
  if (!str_is(rq->path, "/")) {
    buf_add_cstr(&b, "?next=");
    guard_query_value(&b, rq->method == GET ? rq->target : rq->path);
  }
  response_redirect(rq, rs, buf_str(&b));
  *ret_answered = true;
  return OK;
}

/* Steps 1 and 2 of the engine: the session, the second factor, the membership, role x action. A person's data is then decided
 * with that person's facts by access_open(). */
static bool may_act(const struct gate *g, enum action action)
{
  bool allowed = false;
  (void)role_may(g->actor.role, action, &allowed);
  if (!allowed || action_about_person(action))
    return allowed;
  struct fact_membership m = {.id = g->actor.membership,
                              .user = g->actor.user,
                              .organization = g->actor.organization,
                              .role = g->actor.role,
                              .from = g->membership_from,
                              .until = g->membership_until};
  struct facts facts = {.network = g->network, .memberships = &m, .memberships_count = 1};
  struct decision d;
  access_decide(&g->actor, action, &facts, g->now, &d);
  return d.allowed;
}

/* Written down like a refusal about a person; the answer is the same where that fails. */
static enum code refuse(struct request *rq, struct err *e)
{
  struct gate *g = gate_of(rq);
  const struct actor *who = &g->actor;
  struct db_who by = gate_who(rq);
  struct err failed = {0};
  struct event ev = {.kind = EVENT_REFUSED,
                     .action = rq->route->need.action,
                     .user = who->user,
                     .organization = who->organization,
                     .membership = who->membership,
                     .session = who->session,
                     .role = (int)who->role,
                     .reason = REASON_DENIED_ROLE,
                     .request = rq->id};
  err_set(e, DENIED, NULL);
  if (audit_commit(g->app->db, &by, &ev, &failed) != OK)
    err_detail(e, "refusal not recorded: %.200s", failed.detail);
  return DENIED;
}

enum code guard_requirement(struct request *rq, struct response *rs, bool *ret_answered, struct err *e)
{
  struct gate *g = gate_of(rq);
  int need = rq->route->need.declared;
  if (need == NEED_PUBLIC)
    return OK;
  if (!g->session)
    return go_to(rq, rs, "/sign-in", ret_answered, e);
  if (need == NEED_HALF)
    return OK;
  if (g->waiting)
    return go_to(rq, rs, "/second-factor", ret_answered, e);
  if (need == NEED_SIGNED_IN)
    return OK;
  if (g->actor.role == ROLE_NONE) /* a value, not a decision */
    return go_to(rq, rs, "/membership", ret_answered, e);
  return may_act(g, (enum action)rq->route->need.action) ? OK : refuse(rq, e);
}

/* --- a POST must be meant: the session's token, and a browser's word that it comes from our own page --- */

struct str guard_csrf(const struct request *rq)
{
  const struct gate *g = gate_of(rq);
  unsigned char mac[HASH];
  if (!g->session || g->bearer)
    return STR_NONE;
  struct buf b;
  buf_init(&b, rq->arena, 64);
  buf_add_cstr(&b, "csrf");
  buf_add(&b, g->token);
  hash_keyed(keyfile_pepper(g->app->keys), buf_str(&b), mac);
  return hex_text(rq->arena, (struct str){(const char *)mac, 16});
}

static bool same_origin(struct request *rq)
{
  struct str site = request_header(rq, "sec-fetch-site"), origin = request_header(rq, "origin");
  if (site.n && !str_is(site, "same-origin"))
    return false;
  if (!origin.n)
    return true;
  return str_eq(origin, gate_url(rq, STR_NONE));
}

static bool token_given(const struct request *rq)
{
  struct str wanted = guard_csrf(rq), given = request_header(rq, "x-csrf-token");
  bool json = str_starts(request_header(rq, "content-type"), S("application/json"));
  if (!given.n && !json)
    given = doc_get_str(rq->raw, "_csrf");
  return wanted.n && secret_equal(wanted, given);
}

enum code guard_post(struct request *rq, struct err *e)
{
  const struct gate *g = gate_of(rq);
  if (g->bearer && g->session)
    return OK; /* no browser adds it by itself */
  if (same_origin(rq) && (!g->session || token_given(rq)))
    return OK;
  err_set(e, DENIED, TR("画面を開きなおしてから、もう一度送ってください。"));
  err_detail(e, "csrf: %s", same_origin(rq) ? "token" : "origin");
  return DENIED;
}
