#include "audit/audit_sql.h"

#include "db/ids.h"

static const unsigned char zero[HASH];

STMT_READ(q_head, "audit_head", "SELECT head_seq, head_hash FROM chain WHERE network_id = $1 AND id = $2");
STMT_WRITE(q_chain_new, "audit_chain_new",
           "INSERT INTO chain (network_id, id, started_at, head_seq, head_hash) VALUES ($1, $2, $3, 0, $4)");

static struct str hash_str(const unsigned char *h)
{
  return (struct str){(const char *)h, HASH};
}

static void take_hash(unsigned char *to, struct str from)
{
  if (from.n == HASH)
    memcpy(to, from.p, HASH);
}

enum code audit_sql_head(struct tx *tx, id64 chain_id, struct chain *ret, struct err *e)
{
  struct rows r = {0};
  struct chain chain = {.id = chain_id};
  enum code c = db_query(tx, &q_head, &r, e, BINDS(b_int(tx_network(tx)), b_int(chain_id)));
  if (c != OK)
    return c;
  bool found = rows_next(&r);
  if (found) {
    chain.head_seq = rows_int(&r, 0);
    take_hash(chain.head, rows_bytes(&r, 1));
  }
  c = rows_end(&r, e);
  if (c == OK && !found)
    c = db_exec(tx, &q_chain_new, NULL, e,
                BINDS(b_int(tx_network(tx)), b_int(chain_id), b_int(tx_now(tx)), b_bytes(hash_str(zero))));
  if (c == OK)
    *ret = chain;
  return c;
}

STMT_WRITE(q_move_head, "audit_move_head",
           "UPDATE chain SET head_seq = $3, head_hash = $4 WHERE network_id = $1 AND id = $2");

enum code audit_sql_move_head(struct tx *tx, const struct chain *c, struct err *e)
{
  return db_exec(tx, &q_move_head, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(c->id), b_int(c->head_seq), b_bytes(hash_str(c->head))));
}

STMT_WRITE(
    q_insert, "audit_insert",
    "INSERT INTO event (network_id, chain_id, seq, at, kind, action, role, user_id, organization_id, membership_id,"
    " session_id, person_id, object_id, categories, reason, reason_ref, fact_rev, ids, request, hash)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)");

enum code audit_sql_insert(struct tx *tx, const struct chain *c, ts_t at, const struct event *ev, struct err *e)
{
  return db_exec(tx, &q_insert, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(c->id), b_int(c->head_seq), b_int(at), b_int(ev->kind),
                       b_int(ev->action), b_int(ev->role), b_opt(ev->user), b_opt(ev->organization),
                       b_opt(ev->membership), b_opt(ev->session), b_opt(ev->person), b_opt(ev->object),
                       b_int(ev->categories), b_int(ev->reason), b_opt(ev->reason_ref), b_int(ev->fact_rev),
                       b_bytes_opt(ev->ids), b_text(ev->request), b_bytes(hash_str(c->head))));
}

STMT_WRITE(
    q_seen, "audit_seen",
    "INSERT INTO seen (network_id, person_id, day, user_id, organization_id, action, reason, reason_ref, first_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    " ON CONFLICT (network_id, person_id, day, user_id, organization_id, action, reason, reason_ref) DO NOTHING");

enum code audit_sql_seen(struct tx *tx, const struct event *ev, id64 person, struct str day, ts_t at, struct err *e)
{
  return db_exec(tx, &q_seen, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(person), b_text(day), b_int(ev->user), b_int(ev->organization),
                       b_int(ev->seen_as ? ev->seen_as - 1 : ev->action), b_int(ev->reason), b_int(ev->reason_ref),
                       b_int(at)));
}

/* $1 network, $2 user, $3 organization, $4 to $53 persons, $54 day, $55 action, $56 reason, $57 its row, $58 when */
STMT_WRITE(
    q_seen_page, "audit_seen_page",
    "INSERT INTO seen (network_id, person_id, day, user_id, organization_id, action, reason, reason_ref, first_at)"
    " SELECT CAST($1 AS bigint), p.person_id, CAST($54 AS text), CAST($2 AS bigint), CAST($3 AS bigint),"
    " CAST($55 AS bigint), CAST($56 AS bigint), CAST($57 AS bigint), CAST($58 AS bigint)"
    " FROM (SELECT column1 AS person_id FROM (" IDS_FROM_4 ") AS page) AS p WHERE p.person_id <> 0"
    " ON CONFLICT (network_id, person_id, day, user_id, organization_id, action, reason, reason_ref) DO NOTHING");

enum code audit_sql_seen_page(struct tx *tx, const struct event *ev, const id64 *persons, size_t n, struct str day,
                              ts_t at, struct err *e)
{
  struct bind binds[STMT_PARAMS_MAX] = {b_int(tx_network(tx)), b_int(ev->user), b_int(ev->organization)};
  size_t count = ids_bind(binds, 3, persons, n);
  binds[count++] = b_text(day);
  binds[count++] = b_int(ev->seen_as ? ev->seen_as - 1 : ev->action);
  binds[count++] = b_int(ev->reason);
  binds[count++] = b_int(ev->reason_ref);
  binds[count++] = b_int(at);
  return db_exec(tx, &q_seen_page, NULL, e, binds, count);
}

STMT_READ(q_last_at, "audit_last_at", "SELECT max(at) FROM event WHERE network_id = $1");

enum code audit_sql_last_at(struct tx *tx, ts_t *ret, struct err *e)
{
  return db_ask_int(tx, &q_last_at, ret, e, BINDS(b_int(tx_network(tx))));
}

STMT_READ(q_chain_count, "audit_chain_count", "SELECT count(*) FROM chain WHERE network_id = $1");
STMT_READ(q_chains, "audit_chains", "SELECT id, head_seq, head_hash FROM chain WHERE network_id = $1 ORDER BY id");

static enum code chain_count(struct tx *tx, size_t *ret, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_chain_count, &r, e, BINDS(b_int(tx_network(tx))));
  if (c != OK)
    return c;
  *ret = rows_next(&r) ? (size_t)rows_int(&r, 0) : 0;
  return rows_end(&r, e);
}

enum code audit_sql_chains(struct tx *tx, struct arena *a, struct chain **ret, size_t *ret_count, struct err *e)
{
  size_t room = 0, n = 0;
  struct rows r = {0};
  enum code c = chain_count(tx, &room, e);
  if (c != OK)
    return c;
  struct chain *list = arena_array(a, room, sizeof *list);
  if (!list)
    return err_oom(e);
  c = db_query(tx, &q_chains, &r, e, BINDS(b_int(tx_network(tx))));
  if (c != OK)
    return c;
  while (n < room && rows_next(&r)) {
    list[n].id = rows_int(&r, 0);
    list[n].head_seq = rows_int(&r, 1);
    take_hash(list[n].head, rows_bytes(&r, 2));
    n++;
  }
  c = rows_end(&r, e);
  if (c == OK) {
    *ret = list;
    *ret_count = n;
  }
  return c;
}

STMT_READ(
    q_each, "audit_each",
    "SELECT seq, at, kind, action, role, user_id, organization_id, membership_id, session_id, person_id, object_id,"
    " categories, reason, reason_ref, fact_rev, ids, request, hash"
    " FROM event WHERE network_id = $1 AND chain_id = $2 ORDER BY seq");

/* A column is wider than its field: what does not fit was never written, and must not hash as if it were. */
static int narrow(const struct rows *r, int col)
{
  int64_t v = rows_int(r, col);
  return v >= 0 && v <= INT32_MAX ? (int)v : -1;
}

enum code audit_sql_each(struct tx *tx, id64 chain_id, audit_event_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_each, &r, e, BINDS(b_int(tx_network(tx)), b_int(chain_id)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct event ev = {.kind = (enum event_kind)narrow(&r, 2),
                       .action = narrow(&r, 3),
                       .role = narrow(&r, 4),
                       .user = rows_int(&r, 5),
                       .organization = rows_int(&r, 6),
                       .membership = rows_int(&r, 7),
                       .session = rows_int(&r, 8),
                       .person = rows_int(&r, 9),
                       .object = rows_int(&r, 10),
                       .categories = (uint32_t)narrow(&r, 11),
                       .reason = narrow(&r, 12),
                       .reason_ref = rows_int(&r, 13),
                       .fact_rev = rows_int(&r, 14),
                       .ids = rows_bytes(&r, 15),
                       .request = rows_text(&r, 16)};
    c = fn(arg, chain_id, rows_int(&r, 0), rows_int(&r, 1), &ev, rows_bytes(&r, 17), e);
  }
  return rows_finish(&r, c, e);
}

STMT_READ(q_hold, "audit_hold", "SELECT fact_rev FROM network_rev WHERE network_id = $1 AND fact_rev_hold($1)");

enum code audit_sql_hold(struct tx *tx, int64_t *ret_rev, struct err *e)
{
  return db_ask_int(tx, &q_hold, ret_rev, e, BINDS(b_int(tx_network(tx))));
}

STMT_READ(q_orphans, "audit_orphans",
          "SELECT DISTINCT e.chain_id FROM event e WHERE e.network_id = $1 AND NOT EXISTS"
          " (SELECT 1 FROM chain c WHERE c.network_id = $1 AND c.id = e.chain_id)");

enum code audit_sql_orphans(struct tx *tx, audit_orphan_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_orphans, &r, e, BINDS(b_int(tx_network(tx))));
  if (c != OK)
    return c;
  while (rows_next(&r))
    fn(arg, rows_int(&r, 0));
  return rows_end(&r, e);
}

STMT_WRITE(q_add_checkpoint, "audit_add_checkpoint",
           "INSERT INTO checkpoint (network_id, id, at, body, signature) VALUES ($1, $2, $3, $4, $5)");

enum code audit_sql_add_checkpoint(struct tx *tx, id64 id, ts_t at, struct str body, struct str signature,
                                   struct err *e)
{
  return db_exec(tx, &q_add_checkpoint, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(at), b_text(body), b_bytes(signature)));
}

STMT_READ(q_checkpoints, "audit_checkpoints",
          "SELECT body, signature FROM checkpoint WHERE network_id = $1 ORDER BY at, id");

enum code audit_sql_checkpoints(struct tx *tx, struct arena *a, struct doc **ret, struct err *e)
{
  struct rows r = {0};
  struct doc *list = doc_list(a);
  enum code c = db_query(tx, &q_checkpoints, &r, e, BINDS(b_int(tx_network(tx))));
  if (c != OK)
    return c;
  while (rows_next(&r)) {
    struct doc *d = doc_add_map(list);
    doc_put_str(d, "body", rows_text(&r, 0));
    doc_put_str(d, "signature", hex_text(a, rows_bytes(&r, 1)));
  }
  c = rows_end(&r, e);
  if (c == OK)
    *ret = list;
  return c;
}
