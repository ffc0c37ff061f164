#include "connection/late.h"
#include "web/news.h"

/* $1 network, $2 organization, $3 since, $4 user, $5 whole, $6 limit, $7 now; then $8 kind, $9 skip. Steps are told to who sent it, by the copy that its
 * organization holds. An emergency look is told without its person to those who review it. */
/* clang-format off */
#define LOCKED "l.network_id = $1 AND l.wrong >= 10 AND l.ended_at > $3" /* REPLY_WRONG */
/* Connections that are the actor's own business, as rows `mine`: of his cases, and what he sent or took on himself. Found by him, so that what
 * moved in the rest of the organization is not read to be left out. */
#define MINE_OF(from, which) \
  "SELECT c.id, c.case_id, c.person_id, c.state, c.from_organization_id, c.to_organization_id, c.sent_at, c.changed_at, c.closed_at," \
  " c.silent_at FROM " from " WHERE c.network_id = $1 AND (c.from_organization_id = $2 OR c.to_organization_id = $2) AND " which
#define MINE(at) \
  "mine AS MATERIALIZED (" \
  MINE_OF("assignment s CROSS JOIN connection c", "s.network_id = $1 AND s.user_id = $4 AND s.organization_id = $2 AND " LIVE("s", at) \
    " AND c.case_id = s.case_id AND (" LATE_WAITS("c") " OR c.changed_at > $3)") \
  " UNION " MINE_OF("connection c", "c.from_user_id = $4 AND (" LATE_WAITS("c") " OR c.changed_at > $3)") \
  " UNION " MINE_OF("connection c", "c.to_user_id = $4 AND (" LATE_WAITS("c") " OR c.changed_at > $3)") \
  " UNION " MINE_OF("reply_link l CROSS JOIN connection c", LOCKED " AND c.id = l.connection_id" \
    " AND (c.from_user_id = $4 OR c.to_user_id = $4 OR EXISTS (SELECT 1 FROM assignment s WHERE s.case_id = c.case_id" \
    " AND s.network_id = $1 AND s.user_id = $4 AND s.organization_id = $2 AND " LIVE("s", at) "))") "), "
/* `from`: table c of connections, all of the organization's or mine; `and`: the network where it must be said. */
#define THINGS(from, and, at) \
  "SELECT 'sent' AS kind, c.id, c.person_id, c.case_id, c.from_organization_id AS other, c.sent_at AS at" \
  " FROM " from " WHERE " and "c.to_organization_id = $2 AND c.sent_at > $3" \
  " UNION ALL SELECT t.state, c.id, c.person_id, c.case_id, c.to_organization_id, t.at" \
  " FROM " from " JOIN connection_step t ON t.network_id = $1 AND t.connection_id = c.id" \
  "  AND t.author_organization_id = $2 AND t.author_user_id <> $4 AND t.at > $3" \
  " WHERE " and "c.from_organization_id = $2 AND c.changed_at > $3" \
  " UNION ALL SELECT c.state, c.id, c.person_id, c.case_id, c.to_organization_id, c.closed_at" \
  " FROM " from " WHERE " and "c.from_organization_id = $2 AND c.state = 'expired' AND c.closed_at > $3" \
  " UNION ALL SELECT 'silent', c.id, c.person_id, c.case_id, c.to_organization_id, c.silent_at" \
  " FROM " from " WHERE " and "c.from_organization_id = $2 AND " LATE_WAITS("c") " AND c.silent_at > $3 AND c.silent_at <= " at \
  " UNION ALL SELECT 'silent', c.id, c.person_id, c.case_id, c.from_organization_id, c.silent_at" \
  " FROM " from " WHERE " and "c.to_organization_id = $2 AND " LATE_WAITS("c") " AND c.silent_at > $3 AND c.silent_at <= " at \
  " UNION ALL SELECT 'locked', c.id, c.person_id, c.case_id, c.to_organization_id, l.ended_at" \
  " FROM reply_link l CROSS JOIN " from " WHERE " LOCKED " AND " and "c.id = l.connection_id AND c.from_organization_id = $2" \
  " UNION ALL SELECT 'handed', a.case_id, a.person_id, a.case_id, a.organization_id, a.from_at" \
  " FROM assignment a WHERE a.network_id = $1 AND a.user_id = $4 AND a.organization_id = $2 AND a.by_user_id <> $4" \
  "  AND a.from_at > $3 AND " LIVE("a", at)
#define OF_ALL(at) "WITH news AS (" THINGS("connection c", "c.network_id = $1 AND ", at) SECRETS(at) ")"
#define OF_MINE(at) "WITH " MINE(at) "news AS (" THINGS("mine c", "", at) SECRETS(at) ")"
/* Of a 秘匿: what waits for one's yes, what became of one's own request, and who may know or no longer does. $4 holds it where `holder` is. */
#define SECRET(kind, x, by, when, where) \
  " UNION ALL SELECT " kind ", f.id, x.person_id, f.id, " by ", " when " FROM " x \
  " JOIN case_file f ON f.network_id = $1 AND f.id = (SELECT MAX(y.id) FROM case_file y WHERE y.network_id = $1 AND y.person_id = x.person_id)" \
  " WHERE x.network_id = $1 AND " when " > $3 AND " where
#define HOLDS(at) \
  "EXISTS (SELECT 1 FROM concealment_holder h WHERE h.network_id = $1 AND h.concealment_id = x.concealment_id AND h.user_id = $4" \
  " AND " LIVE("h", at) ")"
#define OF_USER(user) \
  "COALESCE((SELECT MIN(m.organization_id) FROM membership m WHERE m.network_id = $1 AND m.user_id = " user "), 0)"
#define SECRETS(at) \
  SECRET("'release'", "concealment_release x", OF_USER("x.asked_by"), "x.asked_at", \
    "x.decided_at IS NULL AND x.asked_by <> $4 AND " HOLDS(at)) \
  SECRET("'released'", "concealment_release x", OF_USER("x.decided_by"), "x.decided_at", "x.asked_by = $4 AND x.decided_by <> $4") \
  SECRET("'holder'", "concealment_change x", "x.by_organization_id", "x.at", \
    "x.by_user_id <> $4 AND (x.user_id = $4 OR (x.kind <> 'named' AND (" HOLDS(at) " OR ($5 AND (x.by_organization_id = $2" \
    " OR EXISTS (SELECT 1 FROM membership m WHERE m.network_id = $1 AND m.user_id = x.user_id AND m.organization_id = $2 AND " LIVE("m", at) "))))))")
#define REVIEWED(at) \
  "$5 AND b.network_id = $1 AND b.user_id <> $4 AND b.from_at > $3 AND (b.organization_id = $2" \
  "  OR EXISTS (SELECT 1 FROM participation p WHERE p.network_id = $1 AND p.case_id = b.case_id" \
  "  AND p.organization_id = $2 AND p.part = 'lead' AND " LIVE("p", at) "))"
#define LIST(news) \
  news " SELECT n.kind, n.id, n.person_id, n.at, o.name, f.number FROM news n" \
  " JOIN case_file f ON f.network_id = $1 AND f.id = n.case_id" \
  " JOIN organization o ON o.network_id = $1 AND o.id = n.other" \
  " WHERE (CAST($8 AS text) = '' OR n.kind = CAST($8 AS text))" \
  " UNION ALL SELECT 'emergency', b.id, 0, b.from_at, o.name, b.case_number FROM break_glass b" \
  " JOIN organization o ON o.network_id = $1 AND o.id = b.organization_id" \
  " WHERE CAST($8 AS text) IN ('', 'emergency') AND " REVIEWED("$7") \
  " ORDER BY 4 DESC, 2 DESC LIMIT $6 OFFSET $9"
#define UNREAD(news) \
  news " SELECT n.kind, n.id, n.person_id, n.at FROM news n" \
  " UNION ALL SELECT 'emergency', b.id, 0, b.from_at FROM break_glass b WHERE " REVIEWED("$7") " ORDER BY 4 DESC, 2 DESC LIMIT $6"
STMT_READ(q_list, "news_list", LIST(OF_ALL("$7")));
STMT_READ(q_list_mine, "news_list_mine", LIST(OF_MINE("$7")));
STMT_READ(q_unread, "news_unread", UNREAD(OF_ALL("$7")));
STMT_READ(q_unread_mine, "news_unread_mine", UNREAD(OF_MINE("$7")));
/* clang-format on */

static bool take(const struct rows *r, struct news_rows *ret)
{
  struct news_row row = {.thing = rows_int(r, 1), .person = rows_int(r, 2), .at = rows_int(r, 3)};
  bool known = notice_parse(rows_text(r, 0), &row.kind) && notice_words(row.kind)->word;
  if (known)
    ret->row[ret->count++] = row;
  return known;
}

#define WHOSE(tx, list, whole, since)                                                                                  \
  b_int(tx_network(tx)), b_int(scope_organization(list)), b_int(since), b_int(scope_actor(list)->user), b_bool(whole), \
      b_int(NEWS_MOST + 1), b_int(tx_now(tx))

enum code news_sql_list(struct tx *tx, const struct scope *list, const struct news_view *view, ts_t since,
                        struct news_rows *ret, struct err *e)
{
  struct rows r = {0};
  ret->count = 0;
  enum code c = db_query(tx, view->whole ? &q_list : &q_list_mine, &r, e,
                         BINDS(WHOSE(tx, list, view->whole, since), b_text(view->kind), b_int(view->skip)));
  if (c != OK)
    return c;
  while (ret->count < NEWS_MOST && rows_next(&r)) {
    if (!take(&r, ret))
      continue;
    struct news_row *row = &ret->row[ret->count - 1];
    row->other = rows_text_copy(&r, 4, tx_arena(tx));
    row->number = rows_text_copy(&r, 5, tx_arena(tx));
  }
  ret->more = rows_next(&r);
  return rows_end(&r, e);
}

enum code news_sql_unread(struct tx *tx, const struct scope *list, bool whole, ts_t since, struct news_rows *ret,
                          struct err *e)
{
  struct rows r = {0};
  ret->count = 0;
  enum code c = db_query(tx, whole ? &q_unread : &q_unread_mine, &r, e, BINDS(WHOSE(tx, list, whole, since)));
  if (c != OK)
    return c;
  while (ret->count < NEWS_MOST && rows_next(&r))
    (void)take(&r, ret);
  return rows_end(&r, e);
}

STMT_READ(q_seen, "news_seen", "SELECT at FROM news_seen WHERE network_id = $1 AND user_id = $2");

enum code news_sql_seen(struct tx *tx, id64 user, ts_t *ret, struct err *e)
{
  return db_ask_int(tx, &q_seen, ret, e, BINDS(b_int(tx_network(tx)), b_int(user)));
}

STMT_WRITE(q_look, "news_look",
           "INSERT INTO news_seen (network_id, user_id, at) VALUES ($1, $2, $3)"
           " ON CONFLICT (network_id, user_id) DO UPDATE SET at = $3");

enum code news_sql_look(struct tx *tx, id64 user, struct err *e)
{
  return db_exec(tx, &q_look, NULL, e, BINDS(b_int(tx_network(tx)), b_int(user), b_int(tx_now(tx))));
}
