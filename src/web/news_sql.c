#include "web/news.h"

/* $1 network, $2 organization, $3 since, $4 user, $5 whole, $6 limit, $7 now, $8 kind, $9 skip. Steps are told to who sent it, by the copy that its organization
 * holds. An emergency look is told without its person to those who review it. */
STMT_READ(
    q_list, "news_list",
    "WITH news AS (SELECT 'sent' AS kind, c.id, c.person_id, c.case_id, c.from_user_id, c.to_user_id,"
    " c.from_organization_id AS other, c.sent_at AS at FROM connection c"
    " WHERE c.network_id = $1 AND c.to_organization_id = $2 AND c.sent_at > $3"
    " UNION ALL SELECT t.state, c.id, c.person_id, c.case_id, c.from_user_id, c.to_user_id, c.to_organization_id,"
    " t.at FROM connection c JOIN connection_step t ON t.network_id = $1 AND t.connection_id = c.id"
    "  AND t.author_organization_id = $2 AND t.author_user_id <> $4 AND t.at > $3"
    " WHERE c.network_id = $1 AND c.from_organization_id = $2 AND c.changed_at > $3"
    " UNION ALL SELECT c.state, c.id, c.person_id, c.case_id, c.from_user_id, c.to_user_id, c.to_organization_id,"
    " c.closed_at FROM connection c WHERE c.network_id = $1 AND c.from_organization_id = $2 AND c.state = 'expired'"
    "  AND c.closed_at > $3"
    " UNION ALL SELECT 'silent', c.id, c.person_id, c.case_id, c.from_user_id, c.to_user_id, c.to_organization_id,"
    " c.silent_at FROM connection c WHERE c.network_id = $1 AND c.from_organization_id = $2"
    "  AND c.state IN ('sent', 'received') AND c.silent_at > $3 AND c.silent_at <= $7"
    " UNION ALL SELECT 'silent', c.id, c.person_id, c.case_id, c.from_user_id, c.to_user_id, c.from_organization_id,"
    " c.silent_at FROM connection c WHERE c.network_id = $1 AND c.to_organization_id = $2"
    "  AND c.state IN ('sent', 'received') AND c.silent_at > $3 AND c.silent_at <= $7"
    " UNION ALL SELECT 'handed', a.case_id, a.person_id, a.case_id, a.user_id, a.user_id, a.organization_id, a.from_at"
    " FROM assignment a WHERE a.network_id = $1 AND a.user_id = $4 AND a.organization_id = $2 AND a.by_user_id <> $4"
    "  AND a.from_at > $3 AND a.from_at <= $7 AND (a.until_at IS NULL OR a.until_at > $7))"
    " SELECT n.kind, n.id, n.person_id, n.at, o.name, f.number FROM news n"
    " JOIN case_file f ON f.network_id = $1 AND f.id = n.case_id"
    " JOIN organization o ON o.network_id = $1 AND o.id = n.other"
    " WHERE (CAST($8 AS text) = '' OR n.kind = CAST($8 AS text)) AND ($5 OR n.from_user_id = $4 OR n.to_user_id = $4 "
    "OR EXISTS (SELECT 1 FROM assignment s"
    "  WHERE s.network_id = $1 AND s.case_id = n.case_id AND s.user_id = $4 AND s.organization_id = $2"
    "  AND s.from_at <= $7 AND (s.until_at IS NULL OR s.until_at > $7)))"
    " UNION ALL SELECT 'emergency', b.id, 0, b.from_at, o.name, b.case_number FROM break_glass b"
    " JOIN organization o ON o.network_id = $1 AND o.id = b.organization_id"
    " WHERE CAST($8 AS text) IN ('', 'emergency') AND $5 AND b.network_id = $1 AND b.user_id <> $4 AND b.from_at > $3 "
    "AND (b.organization_id = $2"
    "  OR EXISTS (SELECT 1 FROM participation p WHERE p.network_id = $1 AND p.case_id = b.case_id"
    "  AND p.organization_id = $2 AND p.part = 'lead' AND p.from_at <= $7 AND (p.until_at IS NULL OR p.until_at > $7)))"
    " ORDER BY 4 DESC, 2 DESC LIMIT $6 OFFSET $9");

enum code news_sql_list(struct tx *tx, const struct scope *list, const struct news_view *view, ts_t since,
                        struct news_rows *ret, struct err *e)
{
  struct rows r = {0};
  ret->count = 0;
  enum code c = db_query(tx, &q_list, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(scope_organization(list)), b_int(since),
                               b_int(scope_actor(list)->user), b_bool(view->whole), b_int(NEWS_MOST + 1),
                               b_int(tx_now(tx)), b_text(view->kind), b_int(view->skip)));
  if (c != OK)
    return c;
  while (ret->count < NEWS_MOST && rows_next(&r)) {
    struct news_row row = {.thing = rows_int(&r, 1),
                           .person = rows_int(&r, 2),
                           .at = rows_int(&r, 3),
                           .other = rows_text_copy(&r, 4, tx_arena(tx)),
                           .number = rows_text_copy(&r, 5, tx_arena(tx))};
    if (notice_parse(rows_text(&r, 0), &row.kind) && notice_words(row.kind)->word)
      ret->row[ret->count++] = row;
  }
  ret->more = rows_next(&r);
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
