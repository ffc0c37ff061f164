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
STMT_WRITE(q_end_bodies, "transfer_end_bodies",
           "UPDATE transfer_body SET ended_at = $3 WHERE network_id = $1 AND peer_id = $2 AND ended_at IS NULL");

enum code transfer_sql_end_peer(struct tx *tx, id64 id, struct err *e)
{
  int64_t changed = 0;
  enum code c = db_exec(tx, &q_end_peer, &changed, e, BINDS(b_int(tx_network(tx)), b_int(id), b_int(tx_now(tx))));
  if (c != OK || !changed)
    return c == OK ? err_set(e, NOT_FOUND, code_msg(NOT_FOUND)) : c;
  return db_exec(tx, &q_end_bodies, NULL, e, BINDS(b_int(tx_network(tx)), b_int(id), b_int(tx_now(tx))));
}

/* ---- who stands for whom: bodies of another network in the own directory. Council and network are the circles of this one. -------- */

#define OF_ANOTHER_NETWORK                                                                                             \
  " o.circle NOT IN ('council', 'network') AND (o.until_at IS NULL OR o.until_at > $2)"                                \
  " AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.network_id = $1 AND m.organization_id = o.id)"

STMT_READ(q_bodies, "transfer_bodies",
          "SELECT o.id, b.peer_id, o.name FROM transfer_body b"
          " JOIN transfer_peer p ON p.network_id = $1 AND p.id = b.peer_id AND p.ended_at IS NULL"
          " JOIN organization o ON o.network_id = $1 AND o.id = b.organization_id"
          " WHERE b.network_id = $1 AND b.ended_at IS NULL AND" OF_ANOTHER_NETWORK " ORDER BY o.kana, o.name, o.id"
          " LIMIT 500");

enum code transfer_sql_bodies(struct tx *tx, struct arena *a, struct doc **ret, struct err *e)
{
  return db_ask_list(tx, &q_bodies, KEYS("#id", "#peer", "name"), a, ret, e,
                     BINDS(b_int(tx_network(tx)), b_int(tx_now(tx))));
}

STMT_READ(q_others, "transfer_others",
          "SELECT o.id, o.name FROM organization o WHERE o.network_id = $1 AND" OF_ANOTHER_NETWORK
          " AND NOT EXISTS (SELECT 1 FROM transfer_body b WHERE b.network_id = $1 AND b.organization_id = o.id"
          "  AND b.ended_at IS NULL) ORDER BY o.kana, o.name, o.id LIMIT 2000");

enum code transfer_sql_others(struct tx *tx, struct arena *a, struct doc **ret, struct err *e)
{
  return db_ask_list(tx, &q_others, KEYS("#id", "name"), a, ret, e, BINDS(b_int(tx_network(tx)), b_int(tx_now(tx))));
}

STMT_WRITE(q_add_body, "transfer_add_body",
           "INSERT INTO transfer_body (network_id, id, peer_id, organization_id, added_at, added_by)"
           " VALUES ($1, $2, $3, $4, $5, $6)");

enum code transfer_sql_add_body(struct tx *tx, const struct scope *s, id64 peer, id64 organization, struct err *e)
{
  return db_exec(tx, &q_add_body, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(peer), b_int(organization),
                       b_int(tx_now(tx)), b_int(scope_actor(s)->user)));
}

STMT_WRITE(q_end_body, "transfer_end_body",
           "UPDATE transfer_body SET ended_at = $4 WHERE network_id = $1 AND peer_id = $2 AND organization_id = $3"
           " AND ended_at IS NULL");

enum code transfer_sql_end_body(struct tx *tx, id64 peer, id64 organization, struct err *e)
{
  int64_t changed = 0;
  enum code c = db_exec(tx, &q_end_body, &changed, e,
                        BINDS(b_int(tx_network(tx)), b_int(peer), b_int(organization), b_int(tx_now(tx))));
  return c == OK && !changed ? err_set(e, NOT_FOUND, code_msg(NOT_FOUND)) : c;
}

/* ---- giving ---------------------------------------------------------------------------------------------------------- */

static const char *const states[] = {"", "received", "refused"};

static enum transfer_state state_of(struct str s)
{
  return str_is(s, states[TRANSFER_RECEIVED])  ? TRANSFER_RECEIVED
         : str_is(s, states[TRANSFER_REFUSED]) ? TRANSFER_REFUSED
                                               : TRANSFER_MADE;
}

STMT_READ(
    q_sent, "transfer_sent",
    "SELECT t.id, t.peer_id, t.answer, t.made_at, t.answered_at, t.code, p.name, o.name, t.was_status, t.was_next,"
    " t.to_organization_id"
    " FROM transfer_out t JOIN transfer_peer p ON p.network_id = $1 AND p.id = t.peer_id"
    " JOIN organization o ON o.network_id = $1 AND o.id = t.to_organization_id"
    " WHERE t.network_id = $1 AND t.case_id = $2 ORDER BY t.made_at DESC, t.id DESC LIMIT 20");

enum code transfer_sql_sent(struct tx *tx, id64 case_id, transfer_sent_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_sent, &r, e, BINDS(b_int(tx_network(tx)), b_int(case_id)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct transfer_sent t = {.id = rows_int(&r, 0),
                              .peer = rows_int(&r, 1),
                              .state = state_of(rows_text(&r, 2)),
                              .made_at = rows_int(&r, 3),
                              .answered_at = rows_int(&r, 4),
                              .code = rows_text(&r, 5),
                              .peer_name = rows_text(&r, 6),
                              .organization = rows_text(&r, 7),
                              .status = rows_text(&r, 8),
                              .next_date = rows_text(&r, 9),
                              .to = rows_int(&r, 10)};
    c = fn(arg, &t, e);
  }
  return rows_finish(&r, c, e);
}

STMT_WRITE(q_give, "transfer_give",
           "INSERT INTO transfer_out (network_id, id, case_id, person_id, peer_id, to_organization_id, organization_id,"
           " user_id, categories, code, made_at, was_status, was_next)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");

enum code transfer_sql_give(struct tx *tx, const struct scope *s, const struct case_head *h,
                            const struct transfer_choice *ch, const struct transfer_given *given, struct err *e)
{
  return db_exec(tx, &q_give, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(h->id), b_int(scope_person(s)),
                       b_int(given->peer), b_int(ch->organization), b_int(scope_organization(s)),
                       b_int(scope_actor(s)->user), b_int(given->categories), b_text(given->code), b_int(tx_now(tx)),
                       b_text(given->status), b_text(given->next_date)));
}

STMT_WRITE(q_answer, "transfer_answer",
           "UPDATE transfer_out SET answer = $3, answered_at = $4, answered_by = $5"
           " WHERE network_id = $1 AND id = $2 AND answer = ''");

enum code transfer_sql_answer(struct tx *tx, const struct scope *s, id64 id, enum transfer_state answer, struct err *e)
{
  int64_t changed = 0;
  enum code c = db_exec(tx, &q_answer, &changed, e,
                        BINDS(b_int(tx_network(tx)), b_int(id), b_text(str_from(states[answer])), b_int(tx_now(tx)),
                              b_int(scope_actor(s)->user)));
  return c == OK && !changed ? err_set(e, CONFLICT, code_msg(CONFLICT)) : c;
}

/* ---- taking ----------------------------------------------------------------------------------------------------------- */

STMT_READ(q_taken, "transfer_taken",
          "SELECT 1 FROM transfer_in WHERE network_id = $1 AND code = $2"
          " UNION ALL SELECT 2 FROM transfer_refused WHERE network_id = $1 AND code = $2");

enum code transfer_sql_taken(struct tx *tx, struct str code, enum transfer_state *ret, struct err *e)
{
  int64_t there = 0;
  enum code c = db_ask_int(tx, &q_taken, &there, e, BINDS(b_int(tx_network(tx)), b_text(code)));
  if (c == OK)
    *ret = there == 1 ? TRANSFER_RECEIVED : there == 2 ? TRANSFER_REFUSED : TRANSFER_MADE;
  return c;
}

STMT_WRITE(q_refuse, "transfer_refuse",
           "INSERT INTO transfer_refused (network_id, id, peer_id, organization_id, user_id, code, refused_at)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7)");

enum code transfer_sql_refuse(struct tx *tx, const struct scope *s, id64 peer, struct str code, struct err *e)
{
  return db_exec(tx, &q_refuse, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(peer), b_int(scope_organization(s)),
                       b_int(scope_actor(s)->user), b_text(code), b_int(tx_now(tx))));
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
          "SELECT t.case_id, f.number, p.name, t.taken_at AS at, t.code FROM transfer_in t"
          " JOIN case_file f ON f.network_id = $1 AND f.id = t.case_id"
          " JOIN transfer_peer p ON p.network_id = $1 AND p.id = t.peer_id"
          " WHERE t.network_id = $1 AND t.organization_id = $2"
          " UNION ALL SELECT 0, '', p.name, t.refused_at, t.code FROM transfer_refused t"
          " JOIN transfer_peer p ON p.network_id = $1 AND p.id = t.peer_id"
          " WHERE t.network_id = $1 AND t.organization_id = $2 ORDER BY at DESC, code LIMIT $3");

enum code transfer_sql_taken_here(struct tx *tx, const struct scope *s, int limit, transfer_moved_fn fn, void *arg,
                                  struct err *e)
{
  struct rows r = {0};
  enum code c =
      db_query(tx, &q_taken_here, &r, e, BINDS(b_int(tx_network(tx)), b_int(scope_organization(s)), b_int(limit)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct transfer_moved m = {rows_int(&r, 0), rows_text(&r, 1), rows_text(&r, 2), rows_text(&r, 4), rows_int(&r, 3)};
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
