/* session.c: whose request it is. The host names the network; the cookie's or bearer's token, hashed, names the row. Ended
 * memberships, disabled accounts and old sessions give nobody; nothing is cached. */
#include "gate/gate_impl.h"

STMT_READ(q_host, "gate_host", "SELECT network_id FROM network_host WHERE host = $1");
STMT_READ(q_networks, "gate_networks", "SELECT id FROM network ORDER BY id LIMIT 2");
STMT_READ(q_network, "gate_network", "SELECT name, emergency FROM network WHERE id = $1");

/* Columns 0..4 differ, the rest is one list for both. */
#define WHO_COLUMNS                                                                                                    \
  " u.name, u.lang, u.wareki, u.factor, m.id, m.organization_id, m.role, m.from_at, m.until_at, o.name,"               \
  " (SELECT COUNT(*) FROM membership x WHERE x.network_id = $1 AND x.user_id = u.id AND x.from_at <= $3"               \
  "   AND (x.until_at IS NULL OR x.until_at > $3))"
#define WHO_JOINS                                                                                                      \
  " JOIN user_account u ON u.network_id = s.network_id AND u.id = s.user_id"                                           \
  " LEFT JOIN membership m ON m.network_id = s.network_id AND m.id = s.membership_id AND m.user_id = s.user_id"        \
  "   AND m.from_at <= $3 AND (m.until_at IS NULL OR m.until_at > $3)"                                                 \
  " LEFT JOIN organization o ON o.network_id = m.network_id AND o.id = m.organization_id"
STMT_READ(q_session, "gate_session",
          "SELECT s.id, s.user_id, s.created_at, s.until_at, s.seen_at, s.factor_at," WHO_COLUMNS
          " FROM session s" WHO_JOINS
          " WHERE s.network_id = $1 AND s.token_hash = $2 AND s.ended_at IS NULL AND s.until_at > $3 AND s.seen_at > $4"
          "   AND u.disabled_at IS NULL");
STMT_READ(q_token, "gate_token",
          "SELECT s.id, s.user_id, s.created_at, s.until_at, s.created_at, s.created_at," WHO_COLUMNS
          " FROM api_token s" WHO_JOINS
          " WHERE s.network_id = $1 AND s.token_hash = $2 AND s.revoked_at IS NULL AND s.until_at > $3"
          "   AND u.disabled_at IS NULL");
STMT_WRITE(q_seen, "gate_session_seen",
           "UPDATE session SET seen_at = $3 WHERE network_id = $1 AND id = $2 AND seen_at < $3");

static struct str without_port(struct str host)
{
  size_t n = host.n;
  while (n && host.p[n - 1] >= '0' && host.p[n - 1] <= '9')
    n--;
  return n && n < host.n && host.p[n - 1] == ':' ? str_sub(host, 0, n - 1) : host;
}

static bool loopback_name(struct str host)
{
  return str_is(host, "localhost") || str_ends(host, S(".localhost")) || str_is(host, "[::1]") ||
         str_starts(host, S("127."));
}

static enum code find_host(struct tx *tx, struct str host, id64 *ret, struct err *e)
{
  struct rows r;
  enum code c = db_query(tx, &q_host, &r, e, BINDS(b_text(host)));
  if (c != OK)
    return c;
  if (rows_next(&r))
    *ret = rows_int(&r, 0);
  return rows_finish(&r, OK, e);
}

/* A database with one network alone answers to any name of this machine itself. */
static enum code find_only(struct tx *tx, id64 *ret, struct err *e)
{
  struct rows r;
  enum code c = db_query(tx, &q_networks, &r, e, NO_BINDS);
  if (c != OK)
    return c;
  id64 first = rows_next(&r) ? rows_int(&r, 0) : 0;
  bool more = first && rows_next(&r);
  *ret = more ? 0 : first;
  return rows_finish(&r, OK, e);
}

static enum code load_network(struct tx *tx, struct request *rq, struct err *e)
{
  struct gate *g = gate_of(rq);
  struct str name = without_port(rq->host);
  struct rows r;
  id64 id = 0;
  enum code c = find_host(tx, rq->host, &id, e);
  if (c == OK && !id && name.n != rq->host.n)
    c = find_host(tx, name, &id, e);
  if (c == OK && !id && loopback_name(name))
    c = find_only(tx, &id, e);
  if (c == OK && id)
    c = db_query(tx, &q_network, &r, e, BINDS(b_int(id)));
  if (c != OK || !id)
    return c;
  if (rows_next(&r)) {
    g->network = id;
    g->network_name = rows_text_copy(&r, 0, rq->arena);
    g->emergency = rows_text_copy(&r, 1, rq->arena);
  }
  return rows_finish(&r, OK, e);
}

static void take_membership(struct gate *g, const struct rows *r, struct arena *a)
{
  enum role role = ROLE_NONE; /* a value, not a decision */
  if (!rows_null(r, 10) && role_parse(rows_text(r, 12), &role)) {
    g->actor.membership = rows_int(r, 10);
    g->actor.organization = rows_int(r, 11);
    g->membership_from = rows_int(r, 13);
    g->membership_until = rows_int(r, 14);
    g->organization = rows_text_copy(r, 15, a);
  }
  g->actor.role = role;
  g->can_switch = rows_int(r, 16) > 1;
}

static void take_row(struct request *rq, const struct rows *r)
{
  struct gate *g = gate_of(rq);
  g->session = true;
  g->seen_at = rows_int(r, 4);
  g->user = rows_text_copy(r, 6, rq->arena);
  g->wareki = rows_bool(r, 8);
  if (!request_cookie(rq, "lang").n)
    g->lang = str_is(rows_text(r, 7), "en") ? LANG_EN : LANG_JA;
  g->actor = (struct actor){.network = g->network,
                            .session = g->bearer ? 0 : rows_int(r, 0),
                            .user = rows_int(r, 1),
                            .session_from = rows_int(r, 2),
                            .session_until = rows_int(r, 3),
                            .second_factor = !rows_null(r, 5)};
  take_membership(g, r, rq->arena);
  bool asked = !str_is(rows_text(r, 9), "none") || role_needs_second_factor(g->actor.role);
  g->waiting = asked && !g->actor.second_factor;
}

static enum code load_who(struct tx *tx, struct request *rq, struct err *e)
{
  struct gate *g = gate_of(rq);
  struct rows r;
  enum code c;
  if (g->bearer)
    c = db_query(tx, &q_token, &r, e, BINDS(b_int(g->network), b_bytes(g->token), b_int(g->now)));
  else
    c = db_query(tx, &q_session, &r, e,
                 BINDS(b_int(g->network), b_bytes(g->token), b_int(g->now), b_int(g->now - IDLE_MS)));
  if (c != OK)
    return c;
  if (rows_next(&r))
    take_row(rq, &r);
  return rows_finish(&r, OK, e);
}

static enum code load(struct tx *tx, void *arg, struct err *e)
{
  struct request *rq = arg;
  struct gate *g = gate_of(rq);
  g->now = tx_now(tx);
  enum code c = load_network(tx, rq, e);
  return c == OK && g->network && g->token.n ? load_who(tx, rq, e) : c;
}

static enum code seen(struct tx *tx, void *arg, struct err *e)
{
  const struct gate *g = arg;
  return db_exec(tx, &q_seen, NULL, e, BINDS(b_int(g->network), b_int(g->actor.session), b_int(g->now)));
}

/* The token of the request: Authorization: Bearer, or the cookie. */
static enum code take_token(struct request *rq, struct err *e)
{
  struct gate *g = gate_of(rq);
  struct str header = request_header(rq, "authorization"), token = request_cookie(rq, GATE_COOKIE);
  if (header.n) {
    if (token.n || header.n < 8 || strncasecmp(header.p, "Bearer ", 7) != 0) {
      g->status = 400;
      return err_set(e, INVALID, TR("サインインのしかたがまちがっています。"));
    }
    g->bearer = true;
    token = str_trim(str_sub(header, 7, header.n));
  }
  if (!token.n)
    return OK;
  token_hash(keyfile_pepper(g->app->keys), token, g->token_hash);
  g->token = (struct str){(const char *)g->token_hash, HASH};
  return OK;
}

enum code session_load(struct request *rq, struct err *e)
{
  struct gate *g = gate_of(rq);
  const struct db_who service = {.service = true};
  enum code c = take_token(rq, e);
  if (c == OK && g->bearer)
    c = limit_bearer(rq, e);
  if (c == OK)
    c = db_read(g->app->db, &service, load, rq, e);
  if (c != OK)
    return c;
  if (g->bearer && !g->session)
    limit_bad_token(rq);
  c = g->bearer ? OK : limit_page(rq, e);
  if (c != OK)
    return c;
  if (!g->session || g->bearer || g->now - g->seen_at < SEEN_EVERY_MS)
    return OK;
  const struct db_who who = {.network = g->network, .service = true};
  return db_write(g->app->db, "session_seen", &who, seen, g, e);
}

void gate_session_begin(struct request *rq, struct response *rs, struct str token)
{
  response_cookie(rq, rs, GATE_COOKIE, token, 0);
}

void gate_session_end(struct request *rq, struct response *rs)
{
  response_cookie(rq, rs, GATE_COOKIE, STR_NONE, -1);
}

STMT_READ(q_live, "gate_sessions",
          "SELECT COUNT(*) FROM session WHERE network_id = $1 AND ended_at IS NULL AND until_at > $2 AND seen_at > $3");

static enum code count_live(struct tx *tx, void *arg, struct err *e)
{
  ts_t now = tx_now(tx);
  return db_ask_int(tx, &q_live, arg, e, BINDS(b_int(tx_network(tx)), b_int(now), b_int(now - IDLE_MS)));
}

enum code gate_sessions(struct db *db, id64 network, int64_t *ret, struct err *e)
{
  const struct db_who who = {.network = network, .service = true};
  return db_read(db, &who, count_live, ret, e);
}
