#include "casework/search_sql.h"
#include "access/visible.h"

/* $5 the last one that was looked at */
STMT_READ(q_persons, "search_persons",
          "SELECT v.person_id FROM (" VISIBLE_PERSONS ") AS v WHERE v.person_id < $5 ORDER BY v.person_id DESC");

enum code search_sql_persons(struct tx *tx, const struct scope *list, id64 before, search_person_fn fn, void *arg,
                             struct err *e)
{
  struct rows r = {0};
  bool stop = false;
  enum code c = db_query(tx, &q_persons, &r, e, BINDS(VISIBLE_BINDS(list, tx_now(tx)), b_int(before)));
  if (c != OK)
    return c;
  while (c == OK && !stop && rows_next(&r))
    c = fn(arg, rows_int(&r, 0), &stop, e);
  return rows_finish(&r, c, e);
}

/* $55 visit_only */
STMT_READ(q_texts, "search_texts",
          "WITH page (person_id) AS (" IDS_FROM_5 "), v AS (" VISIBLE_OF(
              "page") ") SELECT v.person_id, k.epoch, k.wrapped, p.id, p.category, p.fold_sealed FROM v"
                      " CROSS JOIN person_key k CROSS JOIN record_paragraph p"
                      " WHERE k.network_id = $1 AND k.person_id = v.person_id"
                      " AND p.network_id = $1 AND p.person_id = v.person_id AND p.replaced_at IS NULL"
                      " AND (p.category & CASE WHEN p.author_organization_id = $3 THEN v.own_cats ELSE v.other_cats "
                      "END) <> 0 AND (NOT $55 OR (p.marks & 1) <> 0)");

enum code search_sql_texts(struct tx *tx, const struct scope *list, const id64 *persons, size_t n, search_text_fn fn,
                           void *arg, struct err *e)
{
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX];
  size_t count = visible_page(binds, list, tx_now(tx), persons, n);
  binds[count++] = b_bool(scope_decision(list)->visit_only);
  enum code c = db_query(tx, &q_texts, &r, e, binds, count);
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct search_text row = {.person = rows_int(&r, 0),
                              .epoch = (int)rows_int(&r, 1),
                              .wrapped = rows_bytes(&r, 2),
                              .id = rows_int(&r, 3),
                              .category = (cats_t)rows_int(&r, 4),
                              .fold_sealed = rows_bytes(&r, 5)};
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}

/* Of a paragraph that search_texts yielded in this very transaction. */
STMT_READ(q_line, "search_line",
          "SELECT r.case_id, r.at, o.name, p.text_sealed FROM record_paragraph p"
          " JOIN record r ON r.network_id = p.network_id AND r.id = p.record_id"
          " JOIN organization o ON o.network_id = p.network_id AND o.id = p.author_organization_id"
          " WHERE p.network_id = $1 AND p.id = $2");

enum code search_sql_line(struct tx *tx, id64 paragraph, struct arena *a, struct search_line *ret, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_line, &r, e, BINDS(b_int(tx_network(tx)), b_int(paragraph)));
  if (c != OK)
    return c;
  if (rows_next(&r))
    *ret = (struct search_line){.case_id = rows_int(&r, 0),
                                .at = rows_int(&r, 1),
                                .organization = rows_text_copy(&r, 2, a),
                                .text_sealed = rows_bytes_copy(&r, 3, a)};
  return rows_end(&r, e);
}
