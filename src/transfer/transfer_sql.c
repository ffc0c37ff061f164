#include "transfer/transfer_sql.h"

STMT_READ(
    q_peers, "transfer_peers",
    "SELECT id, name, card, added_at FROM transfer_peer WHERE network_id = $1 AND ended_at IS NULL ORDER BY name, id"
    " LIMIT 500");

enum code transfer_sql_peers(struct tx *tx, transfer_peer_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_peers, &r, e, BINDS(b_int(tx_network(tx))));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct transfer_peer p = {rows_int(&r, 0), rows_text(&r, 1), rows_bytes(&r, 2), rows_int(&r, 3)};
    c = p.card.n == PARCEL_CARD ? fn(arg, &p, e) : OK;
  }
  return rows_finish(&r, c, e);
}

STMT_WRITE(
    q_add_peer, "transfer_add_peer",
    "INSERT INTO transfer_peer (network_id, id, name, card, added_at, added_by) VALUES ($1, $2, $3, $4, $5, $6)");

enum code transfer_sql_add_peer(struct tx *tx, const struct scope *s, struct str name, struct str card, struct err *e)
{
  return db_exec(tx, &q_add_peer, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_text(name), b_bytes(card), b_int(tx_now(tx)),
                       b_int(scope_actor(s)->user)));
}

STMT_WRITE(q_end_peer, "transfer_end_peer",
           "UPDATE transfer_peer SET ended_at = $3 WHERE network_id = $1 AND id = $2 AND ended_at IS NULL");

enum code transfer_sql_end_peer(struct tx *tx, id64 id, struct err *e)
{
  int64_t changed = 0;
  enum code c = db_exec(tx, &q_end_peer, &changed, e, BINDS(b_int(tx_network(tx)), b_int(id), b_int(tx_now(tx))));
  return c == OK && !changed ? err_set(e, NOT_FOUND, code_msg(NOT_FOUND)) : c;
}

/* ---- giving ---------------------------------------------------------------------------------------------------------- */

STMT_READ(q_named, "transfer_named",
          "SELECT o.id, o.name FROM organization o WHERE o.network_id = $1 AND o.id <> $3"
          " AND (EXISTS (SELECT 1 FROM consent_recipient r WHERE r.network_id = $1 AND r.person_id = $2"
          "  AND r.organization_id = o.id) OR EXISTS (SELECT 1 FROM legal_basis_recipient b WHERE b.network_id = $1"
          "  AND b.person_id = $2 AND b.organization_id = o.id)) ORDER BY o.name, o.id LIMIT 50");

enum code transfer_sql_named(struct tx *tx, const struct scope *s, struct arena *a, struct doc **ret, struct err *e)
{
  return db_ask_list(tx, &q_named, KEYS("#id", "name"), a, ret, e,
                     BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(scope_organization(s))));
}

STMT_READ(q_code, "transfer_code",
          "SELECT code FROM transfer_out WHERE network_id = $1 AND case_id = $2 AND peer_id = $3");

enum code transfer_sql_code(struct tx *tx, id64 case_id, id64 peer, struct arena *a, struct str *ret, struct err *e)
{
  return db_ask_text(tx, &q_code, a, ret, e, BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(peer)));
}

STMT_WRITE(q_give, "transfer_give",
           "INSERT INTO transfer_out (network_id, id, case_id, person_id, peer_id, to_organization_id, organization_id,"
           " user_id, categories, code, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");

enum code transfer_sql_give(struct tx *tx, const struct scope *s, id64 case_id, const struct transfer_choice *ch,
                            cats_t categories, struct str code, struct err *e)
{
  return db_exec(tx, &q_give, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(case_id), b_int(scope_person(s)),
                       b_int(ch->peer), b_int(ch->organization), b_int(scope_organization(s)),
                       b_int(scope_actor(s)->user), b_int(categories), b_text(code), b_int(tx_now(tx))));
}

/* ---- taking ----------------------------------------------------------------------------------------------------------- */

STMT_READ(q_taken, "transfer_taken", "SELECT 1 FROM transfer_in WHERE network_id = $1 AND code = $2");

enum code transfer_sql_taken(struct tx *tx, struct str code, bool *ret, struct err *e)
{
  int64_t there = 0;
  enum code c = db_ask_int(tx, &q_taken, &there, e, BINDS(b_int(tx_network(tx)), b_text(code)));
  if (c == OK)
    *ret = there != 0;
  return c;
}

STMT_WRITE(
    q_take, "transfer_take",
    "INSERT INTO transfer_in (network_id, id, case_id, person_id, peer_id, organization_id, user_id, code, taken_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");

/* A second copy that came by another way at the same time breaks the index: CONFLICT. */
enum code transfer_sql_take(struct tx *tx, const struct scope *s, id64 case_id, id64 peer, struct str code,
                            struct err *e)
{
  return db_exec(tx, &q_take, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(case_id), b_int(scope_person(s)),
                       b_int(peer), b_int(scope_organization(s)), b_int(scope_actor(s)->user), b_text(code),
                       b_int(tx_now(tx))));
}

STMT_READ(q_taken_here, "transfer_taken_here",
          "SELECT t.case_id, f.number, p.name, t.taken_at FROM transfer_in t"
          " JOIN case_file f ON f.network_id = $1 AND f.id = t.case_id"
          " JOIN transfer_peer p ON p.network_id = $1 AND p.id = t.peer_id"
          " WHERE t.network_id = $1 AND t.organization_id = $2 ORDER BY t.taken_at DESC, t.id DESC LIMIT $3");

enum code transfer_sql_taken_here(struct tx *tx, const struct scope *s, int limit, transfer_moved_fn fn, void *arg,
                                  struct err *e)
{
  struct rows r = {0};
  enum code c =
      db_query(tx, &q_taken_here, &r, e, BINDS(b_int(tx_network(tx)), b_int(scope_organization(s)), b_int(limit)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct transfer_moved m = {rows_int(&r, 0), rows_text(&r, 1), rows_text(&r, 2), rows_int(&r, 3)};
    c = fn(arg, &m, e);
  }
  return rows_finish(&r, c, e);
}

/* ---- rows: id, author, category, marks, source, kind, with, sealed, place, next, next_date, at, minutes, item, guardian --- */

static enum code each(struct tx *tx, const struct stmt *q, transfer_row_fn fn, void *arg, struct err *e,
                      const struct bind *binds, size_t n)
{
  struct rows r = {0};
  enum code c = db_query(tx, q, &r, e, binds, n);
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct transfer_row row = {.id = rows_int(&r, 0),
                               .author = rows_int(&r, 1),
                               .category = (cats_t)rows_int(&r, 2),
                               .marks = (uint32_t)rows_int(&r, 3),
                               .source = (enum source)rows_int(&r, 4),
                               .kind = rows_text(&r, 5),
                               .with = rows_text(&r, 6),
                               .sealed = rows_bytes(&r, 7),
                               .place = rows_bytes(&r, 8),
                               .next = rows_bytes(&r, 9),
                               .next_date = rows_text(&r, 10),
                               .at = rows_int(&r, 11),
                               .minutes = rows_int(&r, 12),
                               .item = (uint32_t)rows_int(&r, 13),
                               .guardian = rows_int(&r, 14)};
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}

STMT_READ(
    q_attributes, "transfer_attributes",
    "SELECT id, author_organization_id, category, marks, source, kind, '', value_sealed, NULL, NULL, '', from_at, 0,"
    " item, COALESCE(guardian_id, 0) FROM person_attribute WHERE network_id = $1 AND person_id = $2"
    " AND until_at IS NULL ORDER BY from_at DESC, id DESC LIMIT 500");

enum code transfer_sql_attributes(struct tx *tx, const struct scope *s, transfer_row_fn fn, void *arg, struct err *e)
{
  return each(tx, &q_attributes, fn, arg, e, BINDS(b_int(tx_network(tx)), b_int(scope_person(s))));
}

STMT_READ(q_guardians, "transfer_guardians",
          "SELECT id, author_organization_id, 4, 0, 2, authority, relation, NULL, NULL, NULL, '', from_at, 0, 0, id"
          " FROM guardian WHERE network_id = $1 AND person_id = $2 AND until_at IS NULL ORDER BY from_at, id LIMIT 20");

enum code transfer_sql_guardians(struct tx *tx, const struct scope *s, transfer_row_fn fn, void *arg, struct err *e)
{
  return each(tx, &q_guardians, fn, arg, e, BINDS(b_int(tx_network(tx)), b_int(scope_person(s))));
}

STMT_READ(
    q_records, "transfer_records",
    "SELECT id, author_organization_id, category, marks, source, method, with_whom, NULL, place_sealed, next_sealed,"
    " COALESCE(next_date, ''), at, COALESCE(minutes, 0), 0, 0 FROM record WHERE network_id = $1 AND case_id = $2"
    " AND author_organization_id = $3 ORDER BY at, id LIMIT 3001");

enum code transfer_sql_records(struct tx *tx, const struct scope *s, id64 case_id, transfer_row_fn fn, void *arg,
                               struct err *e)
{
  return each(tx, &q_records, fn, arg, e, BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(scope_organization(s))));
}

STMT_READ(
    q_files, "transfer_files",
    "SELECT id, author_organization_id, category, marks, source, type, '', title_sealed, NULL, NULL, '', created_at, 0,"
    " 0, 0 FROM attachment WHERE network_id = $1 AND case_id = $2 AND consent_id IS NULL AND author_organization_id = "
    "$3"
    " ORDER BY created_at, id LIMIT 101");

enum code transfer_sql_files(struct tx *tx, const struct scope *s, id64 case_id, transfer_row_fn fn, void *arg,
                             struct err *e)
{
  return each(tx, &q_files, fn, arg, e, BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(scope_organization(s))));
}

STMT_READ(
    q_sheets, "transfer_sheets",
    "SELECT id, author_organization_id, 1, 0, 4, form_code, '', NULL, NULL, NULL, '', changed_at, 0, 0, 0 FROM sheet"
    " WHERE network_id = $1 AND case_id = $2 AND author_organization_id = $3 AND status = 'frozen'"
    " ORDER BY changed_at, id LIMIT 60");

enum code transfer_sql_sheets(struct tx *tx, const struct scope *s, id64 case_id, transfer_row_fn fn, void *arg,
                              struct err *e)
{
  return each(tx, &q_sheets, fn, arg, e, BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(scope_organization(s))));
}
