#include "person/person_sql.h"

STMT_WRITE(q_insert, "person_insert",
           "INSERT INTO person (network_id, id, own_from, created_at, created_by, author_organization_id)"
           " VALUES ($1, $2, $3, $4, $5, $6)");

enum code person_sql_insert(struct tx *tx, id64 id, ts_t own_from, const struct actor *who, struct err *e)
{
  return db_exec(tx, &q_insert, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_opt(own_from), b_int(tx_now(tx)), b_int(who->user),
                       b_int(who->organization)));
}

STMT_WRITE(q_own_from, "person_own_from", "UPDATE person SET own_from = $3 WHERE network_id = $1 AND id = $2");

enum code person_sql_own_from(struct tx *tx, id64 id, ts_t own_from, struct err *e)
{
  return db_exec(tx, &q_own_from, NULL, e, BINDS(b_int(tx_network(tx)), b_int(id), b_opt(own_from)));
}

STMT_READ(q_births, "person_births",
          "SELECT CASE WHEN min(own_from) = max(own_from) THEN min(own_from) END FROM fact_birth"
          " WHERE network_id = $1 AND person_id = $2");

enum code person_sql_births(struct tx *tx, id64 person, ts_t *ret, struct err *e)
{
  return db_ask_int(tx, &q_births, ret, e, BINDS(b_int(tx_network(tx)), b_int(person)));
}

STMT_READ(q_own_age, "person_own_age", "SELECT own_age FROM network WHERE id = $1");

enum code person_sql_own_age(struct tx *tx, int *ret, struct err *e)
{
  int64_t age = 0;
  enum code c = db_ask_int(tx, &q_own_age, &age, e, BINDS(b_int(tx_network(tx))));
  if (c == OK && age == 0)
    return BUG(e, "a transaction's network has a row");
  if (c == OK)
    *ret = (int)age;
  return c;
}

STMT_WRITE(q_insert_key, "person_insert_key",
           "INSERT INTO person_key (network_id, person_id, epoch, wrapped) VALUES ($1, $2, $3, $4)");

enum code person_sql_insert_key(struct tx *tx, id64 person, int epoch, struct str wrapped, struct err *e)
{
  return db_exec(tx, &q_insert_key, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(person), b_int(epoch), b_bytes(wrapped)));
}

STMT_READ(q_key, "person_key", "SELECT epoch, wrapped FROM person_key WHERE network_id = $1 AND person_id = $2");

enum code person_sql_key(struct tx *tx, id64 person, struct arena *a, int *ret_epoch, struct str *ret_wrapped,
                         struct err *e)
{
  struct rows r = {0};
  int epoch = 0;
  struct str wrapped = STR_NONE;
  enum code c = db_query(tx, &q_key, &r, e, BINDS(b_int(tx_network(tx)), b_int(person)));
  if (c != OK)
    return c;
  bool found = rows_next(&r);
  if (found) {
    epoch = (int)rows_int(&r, 0);
    wrapped = rows_bytes_copy(&r, 1, a);
  }
  c = rows_end(&r, e);
  if (c == OK && !found)
    return err_set(e, NOT_FOUND, TR("この記録の鍵がありません。消去された記録は開けません。"));
  if (c == OK) {
    *ret_epoch = epoch;
    *ret_wrapped = wrapped;
  }
  return c;
}

STMT_WRITE(
    q_insert_attribute, "person_insert_attribute",
    "INSERT INTO person_attribute (network_id, id, person_id, author_organization_id, category, source, marks, kind,"
    " guardian_id, item, value_sealed, fold_sealed, from_at, created_by, own_from)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)");

enum code person_sql_insert_attribute(struct tx *tx, const struct scope *s, const struct attribute_row *row,
                                      struct str fold_sealed, struct err *e)
{
  return db_exec(tx, &q_insert_attribute, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(row->id), b_int(scope_person(s)), b_int(scope_organization(s)),
                       b_int(row->category), b_int(row->source), b_int(row->marks), b_text(row->kind),
                       b_opt(row->guardian), b_int(row->item), b_bytes(row->sealed), b_bytes_opt(fold_sealed),
                       b_int(tx_now(tx)), b_int(scope_actor(s)->user), b_opt(row->own_from)));
}

STMT_WRITE(q_end_attribute, "person_end_attribute",
           "UPDATE person_attribute SET until_at = $6 WHERE network_id = $1 AND person_id = $2 AND kind = $3"
           " AND author_organization_id = $4 AND guardian_id IS NOT DISTINCT FROM $5 AND until_at IS NULL");

enum code person_sql_end_attribute(struct tx *tx, const struct scope *s, struct str kind, id64 guardian, struct err *e)
{
  return db_exec(tx, &q_end_attribute, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_text(kind), b_int(scope_organization(s)),
                       b_opt(guardian), b_int(tx_now(tx))));
}

#define LIVE_ATTRIBUTES(kind)                                                                                          \
  "SELECT id, author_organization_id, guardian_id, kind, category, source, marks, item, value_sealed"                  \
  " FROM person_attribute WHERE network_id = $1 AND person_id = $2 AND until_at IS NULL" kind                          \
  " AND (category & CASE WHEN author_organization_id = $3 THEN CAST($4 AS bigint) ELSE CAST($5 AS bigint) END) <> 0"   \
  " ORDER BY from_at, id"
STMT_READ(q_each_attribute, "person_each_attribute", LIVE_ATTRIBUTES(""));
#define OF_STRIP "'name', 'kana', 'called', 'birth', 'grade', 'avoid'"
STMT_READ(q_each_of_strip, "person_each_of_strip", LIVE_ATTRIBUTES(" AND kind IN (" OF_STRIP ")"));
STMT_READ(q_each_of_leaf, "person_each_of_leaf", LIVE_ATTRIBUTES(" AND kind IN (" OF_STRIP ", 'interest')"));
#define SEEN_BY(tx, s)                                                                                                 \
  b_int(tx_network(tx)), b_int(scope_person(s)), b_int(scope_organization(s)), b_int(scope_own(s)),                    \
      b_int(scope_others(s))

static enum code each_attribute(struct rows *r, attribute_fn fn, void *arg, struct err *e)
{
  enum code c = OK;
  while (c == OK && rows_next(r)) {
    struct attribute_row row = {.id = rows_int(r, 0),
                                .author = rows_int(r, 1),
                                .guardian = rows_int(r, 2),
                                .kind = rows_text(r, 3),
                                .category = (cats_t)rows_int(r, 4),
                                .source = (enum source)rows_int(r, 5),
                                .marks = (uint32_t)rows_int(r, 6),
                                .item = rows_int(r, 7),
                                .sealed = rows_bytes(r, 8)};
    c = fn(arg, &row, e);
  }
  return rows_finish(r, c, e);
}

enum code person_sql_each_attribute(struct tx *tx, const struct scope *s, attribute_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_each_attribute, &r, e, BINDS(SEEN_BY(tx, s)));
  return c == OK ? each_attribute(&r, fn, arg, e) : c;
}

enum code person_sql_each_of_strip(struct tx *tx, const struct scope *s, bool liked, attribute_fn fn, void *arg,
                                   struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, liked ? &q_each_of_leaf : &q_each_of_strip, &r, e, BINDS(SEEN_BY(tx, s)));
  return c == OK ? each_attribute(&r, fn, arg, e) : c;
}

STMT_WRITE(q_insert_guardian, "guardian_insert",
           "INSERT INTO guardian (network_id, id, person_id, author_organization_id, authority, relation, from_at)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7)");

enum code guardian_sql_insert(struct tx *tx, const struct scope *s, id64 id, struct str authority, struct str relation,
                              struct err *e)
{
  return db_exec(tx, &q_insert_guardian, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(scope_person(s)), b_int(scope_organization(s)),
                       b_text(authority), b_text(relation), b_int(tx_now(tx))));
}

STMT_READ(q_own_guardian, "guardian_own",
          "SELECT authority, relation FROM guardian WHERE network_id = $1 AND person_id = $2 AND id = $3"
          " AND author_organization_id = $4 AND (until_at IS NULL OR until_at > $5)");

enum code guardian_sql_own(struct tx *tx, const struct scope *s, id64 id, struct arena *a, struct str *ret_authority,
                           struct str *ret_relation, struct err *e)
{
  struct rows r = {0};
  *ret_authority = *ret_relation = STR_NONE;
  enum code c = db_query(
      tx, &q_own_guardian, &r, e,
      BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(id), b_int(scope_organization(s)), b_int(tx_now(tx))));
  if (c != OK)
    return c;
  if (rows_next(&r)) {
    *ret_authority = rows_text_copy(&r, 0, a);
    *ret_relation = rows_text_copy(&r, 1, a);
  }
  return rows_end(&r, e);
}

STMT_WRITE(q_end_guardian, "guardian_end",
           "UPDATE guardian SET until_at = $5 WHERE network_id = $1 AND person_id = $2 AND id = $3"
           " AND author_organization_id = $4 AND (until_at IS NULL OR until_at > $5)");

enum code guardian_sql_end(struct tx *tx, const struct scope *s, id64 id, struct err *e)
{
  return db_exec(
      tx, &q_end_guardian, NULL, e,
      BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(id), b_int(scope_organization(s)), b_int(tx_now(tx))));
}

/* Another authority ends a row and begins the next one in the same instant. */
STMT_READ(q_guardian_next, "guardian_next",
          "SELECT n.id FROM guardian o JOIN guardian n ON n.network_id = o.network_id AND n.person_id = o.person_id"
          " AND n.from_at = o.until_at AND n.id > o.id WHERE o.network_id = $1 AND o.person_id = $2 AND o.id = $3"
          " AND o.author_organization_id = $4 AND n.author_organization_id = $4 ORDER BY n.id LIMIT 1");

enum code guardian_sql_next(struct tx *tx, const struct scope *s, id64 id, id64 *ret, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_guardian_next, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(id), b_int(scope_organization(s))));
  if (c != OK)
    return c;
  *ret = rows_next(&r) ? rows_int(&r, 0) : 0;
  return rows_end(&r, e);
}

STMT_WRITE(q_guardian_relation, "guardian_relation",
           "UPDATE guardian SET relation = $5 WHERE network_id = $1 AND person_id = $2 AND id = $3"
           " AND author_organization_id = $4");

enum code guardian_sql_relation(struct tx *tx, const struct scope *s, id64 id, struct str relation, struct err *e)
{
  return db_exec(
      tx, &q_guardian_relation, NULL, e,
      BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(id), b_int(scope_organization(s)), b_text(relation)));
}

STMT_READ(
    q_guardians, "guardian_list",
    "SELECT id, authority, relation, author_organization_id FROM guardian WHERE network_id = $1 AND person_id = $2"
    " AND (until_at IS NULL OR until_at > $3)"
    " AND (CAST($4 AS bigint) & CASE WHEN author_organization_id = $5 THEN CAST($6 AS bigint)"
    " ELSE CAST($7 AS bigint) END) <> 0 ORDER BY id");

enum code guardian_sql_list(struct tx *tx, const struct scope *s, struct arena *a, struct doc **ret, struct err *e)
{
  struct rows r = {0};
  struct doc *list = doc_list(a);
  enum code c = db_query(tx, &q_guardians, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(tx_now(tx)), b_int(CAT_FAMILY),
                               b_int(scope_organization(s)), b_int(scope_own(s)), b_int(scope_others(s))));
  if (c != OK)
    return c;
  while (rows_next(&r)) {
    struct doc *d = doc_add_map(list);
    doc_put_id(d, "id", rows_int(&r, 0));
    doc_put_str(d, "authority", rows_text(&r, 1));
    doc_put_str(d, "relation", rows_text(&r, 2));
    doc_put_bool(d, "own", scope_wrote(s, rows_int(&r, 3)));
  }
  c = rows_end(&r, e);
  if (c == OK)
    *ret = list;
  return c;
}
