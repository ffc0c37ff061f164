#include "consent/consent_sql.h"

#include "access/visible.h"

STMT_WRITE(
    q_insert, "consent_insert",
    "INSERT INTO consent (network_id, id, person_id, author_organization_id, by_party, guardian_id, authority, refused,"
    " heard, notice_version, purposes, how, evidence_sealed, from_at, until_at, created_by, created_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)");

static const char *authority_code(enum authority authority)
{
  static const char *const codes[] = {"none", "joint", "sole", "daily", "urgent"};
  return codes[authority];
}

enum code consent_sql_insert(struct tx *tx, const struct scope *s, id64 id, id64 author, const struct consent_new *n,
                             ts_t from, struct str evidence_sealed, struct err *e)
{
  return db_exec(tx, &q_insert, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(scope_person(s)), b_int(author),
                       b_text(n->by == PARTY_PERSON ? S("person") : S("guardian")), b_opt(n->guardian),
                       b_text(str_from(authority_code(n->authority))), b_bool(n->refused), b_bool(n->heard),
                       b_text(n->notice_version), b_text(n->purposes), b_text(n->how), b_bytes_opt(evidence_sealed),
                       b_int(from), b_opt(n->until), b_int(scope_actor(s)->user), b_int(tx_now(tx))));
}

STMT_WRITE(q_insert_recipient, "consent_insert_recipient",
           "INSERT INTO consent_recipient (network_id, consent_id, organization_id, person_id, categories)"
           " VALUES ($1, $2, $3, $4, $5)");

enum code consent_sql_insert_recipient(struct tx *tx, const struct scope *s, id64 consent,
                                       const struct consent_recipient *r, struct err *e)
{
  return db_exec(tx, &q_insert_recipient, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(consent), b_int(r->organization), b_int(scope_person(s)),
                       b_int(r->categories)));
}

#define CONSENT_COLUMNS                                                                                                \
  " c.id, c.guardian_id, c.author_organization_id, c.by_party, c.authority, c.notice_version, c.purposes, c.how,"      \
  " g.relation, c.refused, c.heard, c.from_at, c.until_at, c.withdrawn_at, c.rev"
enum { CONSENT_COLUMN_COUNT = 15 };

static struct consent_row consent_of(const struct rows *r, struct arena *a)
{
  return (struct consent_row){.id = rows_int(r, 0),
                              .guardian = rows_int(r, 1),
                              .author_organization = rows_int(r, 2),
                              .by = rows_text_copy(r, 3, a),
                              .authority = rows_text_copy(r, 4, a),
                              .notice_version = rows_text_copy(r, 5, a),
                              .purposes = rows_text_copy(r, 6, a),
                              .how = rows_text_copy(r, 7, a),
                              .relation = rows_text_copy(r, 8, a),
                              .refused = rows_bool(r, 9),
                              .heard = rows_bool(r, 10),
                              .from = rows_int(r, 11),
                              .until = rows_int(r, 12),
                              .withdrawn_at = rows_int(r, 13),
                              .rev = rows_int(r, 14)};
}

STMT_READ(q_get, "consent_get",
          "SELECT" CONSENT_COLUMNS
          " FROM consent c LEFT JOIN guardian g ON g.network_id = c.network_id AND g.id = c.guardian_id"
          " WHERE c.network_id = $1 AND c.person_id = $2 AND c.id = $3");

enum code consent_sql_get(struct tx *tx, const struct scope *s, id64 id, struct arena *a, struct consent_row *ret,
                          struct err *e)
{
  struct rows r = {0};
  struct consent_row row = {0};
  enum code c = db_query(tx, &q_get, &r, e, BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(id)));
  if (c != OK)
    return c;
  if (rows_next(&r))
    row = consent_of(&r, a);
  c = rows_end(&r, e);
  if (c == OK && !row.id)
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  if (c == OK)
    *ret = row;
  return c;
}

STMT_WRITE(q_withdraw, "consent_withdraw",
           "UPDATE consent SET withdrawn_at = $4, withdrawn_by = $5, withdrawn_how = $6, withdrawn_reason_sealed = $7,"
           " rev = rev + 1"
           " WHERE network_id = $1 AND person_id = $2 AND id = $3 AND withdrawn_at IS NULL");

enum code consent_sql_withdraw(struct tx *tx, const struct scope *s, id64 id, struct str how, struct str reason_sealed,
                               struct err *e)
{
  int64_t changed = 0;
  enum code c = db_exec(tx, &q_withdraw, &changed, e,
                        BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(id), b_int(tx_now(tx)),
                              b_int(scope_actor(s)->user), b_text_opt(how), b_bytes_opt(reason_sealed)));
  if (c == OK && !changed)
    return err_set(e, CONFLICT, TR("この同意は、すでに取り消されています。"));
  return c;
}

#define NAMES(organization)                                                                                            \
  "EXISTS (SELECT 1 FROM consent_recipient r WHERE r.network_id = c.network_id AND r.consent_id = c.id"                \
  " AND r.organization_id = " organization ")"
STMT_READ(
    q_successor, "consent_successor",
    "SELECT c.id, " NAMES(
        "$8") " FROM consent c WHERE c.network_id = $1 AND c.person_id = $2 AND c.id <> $3"
              " AND c.by_party = $4 AND COALESCE(c.guardian_id, 0) = $5 AND c.refused = $6 AND c.withdrawn_at IS NULL"
              " AND (c.until_at IS NULL OR c.until_at > $7) AND (c.author_organization_id = $9 OR " NAMES(
                  "$9") ")"
                        " ORDER BY c.from_at DESC, c.id DESC LIMIT 1");

enum code consent_sql_successor(struct tx *tx, const struct scope *s, const struct consent_row *row, id64 organization,
                                id64 *ret, bool *ret_names, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_successor, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(row->id), b_text(row->by),
                               b_int(row->guardian), b_bool(row->refused), b_int(tx_now(tx)), b_int(organization),
                               b_int(scope_organization(s))));
  *ret = 0;
  *ret_names = false;
  if (c != OK)
    return c;
  if (rows_next(&r)) {
    *ret = rows_int(&r, 0);
    *ret_names = rows_bool(&r, 1);
  }
  return rows_end(&r, e);
}

STMT_READ(q_terms, "consent_terms",
          "SELECT organization_id, categories FROM consent_recipient WHERE network_id = $1 AND person_id = $2"
          " AND consent_id = $3 ORDER BY organization_id LIMIT $4");

enum code consent_sql_terms(struct tx *tx, const struct scope *s, id64 id, struct consent_recipient *ret, size_t room,
                            size_t *ret_count, struct err *e)
{
  struct rows r = {0};
  size_t n = 0;
  enum code c = db_query(tx, &q_terms, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(id), b_int((int64_t)room)));
  if (c != OK)
    return c;
  while (n < room && rows_next(&r))
    ret[n++] = (struct consent_recipient){rows_int(&r, 0), (cats_t)rows_int(&r, 1)};
  *ret_count = n;
  return rows_end(&r, e);
}

STMT_READ(q_recipients, "consent_recipients",
          "SELECT" CONSENT_COLUMNS ", r.organization_id, o.name, r.categories"
          " FROM consent c JOIN consent_recipient r ON r.network_id = c.network_id AND r.consent_id = c.id"
          " JOIN organization o ON o.network_id = r.network_id AND o.id = r.organization_id"
          " LEFT JOIN guardian g ON g.network_id = c.network_id AND g.id = c.guardian_id"
          " WHERE c.network_id = $1 AND c.person_id = $2 AND (c.author_organization_id = $4 OR r.organization_id = $4)"
          " ORDER BY c.from_at DESC, c.id DESC, o.name LIMIT $3");

enum code consent_sql_recipients(struct tx *tx, const struct scope *s, struct arena *a, struct recipient_row **ret,
                                 size_t *ret_count, struct err *e)
{
  struct rows r = {0};
  size_t n = 0;
  struct recipient_row *list = arena_array(a, CONSENT_ROWS, sizeof *list);
  if (!list)
    return err_oom(e);
  enum code c =
      db_query(tx, &q_recipients, &r, e,
               BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(CONSENT_ROWS), b_int(scope_organization(s))));
  if (c != OK)
    return c;
  while (n < CONSENT_ROWS && rows_next(&r)) {
    list[n++] = (struct recipient_row){.consent = consent_of(&r, a),
                                       .organization = rows_int(&r, CONSENT_COLUMN_COUNT),
                                       .name = rows_text_copy(&r, CONSENT_COLUMN_COUNT + 1, a),
                                       .categories = (cats_t)rows_int(&r, CONSENT_COLUMN_COUNT + 2)};
  }
  c = rows_end(&r, e);
  if (c == OK) {
    *ret = list;
    *ret_count = n;
  }
  return c;
}

STMT_READ(q_evidence, "consent_evidence",
          "SELECT evidence_sealed FROM consent WHERE network_id = $1 AND person_id = $2 AND id = $3");

enum code consent_sql_evidence(struct tx *tx, const struct scope *s, id64 id, struct arena *a, struct str *ret_sealed,
                               struct err *e)
{
  struct rows r = {0};
  struct str sealed = STR_NONE;
  enum code c = db_query(tx, &q_evidence, &r, e, BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(id)));
  if (c != OK)
    return c;
  if (rows_next(&r))
    sealed = str_copy(a, rows_bytes(&r, 0));
  c = rows_end(&r, e);
  if (c == OK)
    *ret_sealed = sealed;
  return c;
}

STMT_READ(q_notice, "notice_newest",
          "SELECT version, body FROM notice WHERE network_id = $1 ORDER BY created_at DESC, version DESC LIMIT 1");

enum code notice_sql_newest(struct tx *tx, struct arena *a, struct str *ret_version, struct str *ret_body,
                            struct err *e)
{
  struct rows r = {0};
  struct str version = STR_NONE, body = STR_NONE;
  enum code c = db_query(tx, &q_notice, &r, e, BINDS(b_int(tx_network(tx))));
  if (c != OK)
    return c;
  if (rows_next(&r)) {
    version = rows_text_copy(&r, 0, a);
    body = rows_text_copy(&r, 1, a);
  }
  c = rows_end(&r, e);
  if (c == OK) {
    *ret_version = version;
    *ret_body = body;
  }
  return c;
}

STMT_READ(q_notices, "notice_each",
          "SELECT version, body, created_at FROM notice WHERE network_id = $1 ORDER BY created_at DESC, version DESC"
          " LIMIT 200");

enum code notice_sql_each(struct tx *tx, notice_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_notices, &r, e, BINDS(b_int(tx_network(tx))));
  if (c != OK)
    return c;
  while (rows_next(&r)) {
    struct notice_row row = {rows_text(&r, 0), rows_text(&r, 1), rows_int(&r, 2)};
    fn(arg, &row);
  }
  return rows_end(&r, e);
}

STMT_WRITE(q_insert_notice, "notice_insert",
           "INSERT INTO notice (network_id, version, body, created_at) VALUES ($1, $2, $3, $4)");

enum code notice_sql_insert(struct tx *tx, struct str version, struct str body, struct err *e)
{
  return db_exec(tx, &q_insert_notice, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_text(version), b_text(body), b_int(tx_now(tx))));
}

/* The same party said something later to the same organization: yes for longer, or no. */
#define ANSWERED_AGAIN                                                                                                 \
  "EXISTS (SELECT 1 FROM consent d JOIN consent_recipient q ON q.network_id = d.network_id AND q.consent_id = d.id"    \
  " WHERE d.network_id = $1 AND d.person_id = c.person_id AND d.id > c.id AND d.by_party = c.by_party"                 \
  " AND d.guardian_id IS NOT DISTINCT FROM c.guardian_id AND d.withdrawn_at IS NULL"                                   \
  " AND q.organization_id = r.organization_id AND (d.refused OR d.until_at IS NULL OR d.until_at > c.until_at))"
#define OPEN_CASE                                                                                                      \
  "(SELECT MAX(f.id) FROM case_file f WHERE f.network_id = $1 AND f.person_id = c.person_id AND NOT " VISIBLE_OVER(    \
      "f.id", "$2", "$6") ")"
STMT_READ(q_ending, "consent_ending",
          "SELECT c.id, c.person_id, f.id, f.number, o.name, c.until_at, c.by_party = 'guardian' FROM consent c"
          " JOIN consent_recipient r ON r.network_id = c.network_id AND r.consent_id = c.id"
          " JOIN organization o ON o.network_id = r.network_id AND o.id = r.organization_id"
          " JOIN case_file f ON f.network_id = c.network_id AND f.id = " OPEN_CASE
          " WHERE c.network_id = $1 AND c.author_organization_id = $2 AND c.withdrawn_at IS NULL AND NOT c.refused"
          " AND c.until_at > $3 AND c.until_at <= $4 AND NOT " ANSWERED_AGAIN
          " ORDER BY c.until_at, c.id, o.name LIMIT $5");

enum code consent_sql_ending(struct tx *tx, const struct scope *list, ts_t since, ts_t until, int limit, ending_fn fn,
                             void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_ending, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(scope_organization(list)), b_int(since), b_int(until),
                               b_int(limit), b_int(tx_now(tx))));
  if (c != OK)
    return c;
  while (rows_next(&r)) {
    struct ending_row row = {rows_int(&r, 0),  rows_int(&r, 1), rows_int(&r, 2), rows_text(&r, 3),
                             rows_text(&r, 4), rows_int(&r, 5), rows_bool(&r, 6)};
    fn(arg, &row);
  }
  return rows_end(&r, e);
}

STMT_READ(q_renewal_days, "consent_renewal_days", "SELECT renewal_days FROM network WHERE id = $1");

enum code consent_sql_renewal_days(struct tx *tx, int64_t *ret, struct err *e)
{
  return db_ask_int(tx, &q_renewal_days, ret, e, BINDS(b_int(tx_network(tx))));
}

STMT_READ(q_guardian_authority, "consent_guardian_authority",
          "SELECT authority FROM guardian WHERE network_id = $1 AND person_id = $2 AND id = $3 AND from_at <= $4"
          " AND (until_at IS NULL OR until_at > $4)");

enum code consent_sql_guardian_authority(struct tx *tx, const struct scope *s, id64 guardian, struct arena *a,
                                         struct str *ret, struct err *e)
{
  return db_ask_text(tx, &q_guardian_authority, a, ret, e,
                     BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(guardian), b_int(tx_now(tx))));
}

/* The bodies of council and network, whoever an own draft of this person's sheets already names, and bodies of other networks (ケース移管). */
STMT_READ(
    q_organizations, "consent_organizations",
    "SELECT o.id, o.name, o.kind, EXISTS (SELECT 1 FROM connection n WHERE n.network_id = $1 AND n.person_id = $3"
    "  AND n.to_organization_id = o.id AND n.from_organization_id = $4 AND n.state = 'draft')"
    " FROM organization o WHERE o.network_id = $1 AND o.id <> $4 AND (o.until_at IS NULL OR o.until_at > $2)"
    " AND (o.circle IN ('council', 'network') OR EXISTS (SELECT 1 FROM connection n WHERE n.network_id = $1"
    "  AND n.person_id = $3 AND n.to_organization_id = o.id AND n.from_organization_id = $4 AND n.state = 'draft')"
    "  OR EXISTS (SELECT 1 FROM transfer_body b JOIN transfer_peer p ON p.network_id = $1 AND p.id = b.peer_id"
    "   WHERE b.network_id = $1 AND b.organization_id = o.id AND b.ended_at IS NULL AND p.ended_at IS NULL))"
    " ORDER BY 4 DESC, o.kana, o.name LIMIT 200");

enum code consent_sql_organizations(struct tx *tx, const struct scope *s, struct arena *a, struct doc **ret,
                                    struct err *e)
{
  return db_ask_list(
      tx, &q_organizations, KEYS("#id", "name", "kind", "?chosen"), a, ret, e,
      BINDS(b_int(tx_network(tx)), b_int(tx_now(tx)), b_int(scope_person(s)), b_int(scope_organization(s))));
}

/* 2 and 9 are REASON_CONSENT and REASON_CONNECTION: what was seen on a law is told nowhere here. */
STMT_READ(q_first_seen, "consent_first_seen",
          "SELECT min(day) FROM seen WHERE network_id = $1 AND person_id = $2 AND organization_id = $3"
          " AND reason IN (2, 9)");
_Static_assert(REASON_CONSENT == 2 && REASON_CONNECTION == 9, "consent_first_seen names them");

enum code consent_sql_first_seen(struct tx *tx, const struct scope *s, id64 organization, struct arena *a,
                                 struct str *ret, struct err *e)
{
  return db_ask_text(tx, &q_first_seen, a, ret, e,
                     BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(organization)));
}

/* $4 the scope's organization. What went before anybody agreed went on a law. */
STMT_READ(q_first_handed, "consent_first_handed",
          "SELECT COALESCE(min(h.at), 0) FROM (SELECT p.printed_at AS at FROM connection n JOIN print_copy p ON "
          "p.network_id = $1"
          "  AND p.person_id = $2 AND p.kind = 'fax' AND p.thing_id = n.id"
          "  WHERE n.network_id = $1 AND n.person_id = $2 AND n.to_organization_id = $3 AND n.from_organization_id = $4"
          " UNION ALL SELECT COALESCE(n.accepted_at, n.answered_at) FROM connection n WHERE n.network_id = $1"
          "  AND n.person_id = $2 AND n.to_organization_id = $3 AND n.from_organization_id = $4) AS h"
          " WHERE h.at >= (SELECT min(k.from_at) FROM consent k JOIN consent_recipient r ON r.network_id = $1"
          "  AND r.consent_id = k.id AND r.organization_id = $3 WHERE k.network_id = $1 AND k.person_id = $2"
          "  AND NOT k.refused)");

enum code consent_sql_first_handed(struct tx *tx, const struct scope *s, id64 organization, ts_t *ret, struct err *e)
{
  return db_ask_int(
      tx, &q_first_handed, ret, e,
      BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(organization), b_int(scope_organization(s))));
}

STMT_READ(q_own_from, "consent_own_from", "SELECT own_from FROM person WHERE network_id = $1 AND id = $2");

STMT_READ(q_rule, "consent_rule",
          "SELECT joint_needs_all, heard_needed, guardian_overrides FROM network WHERE id = $1");

enum code consent_sql_rule(struct tx *tx, struct consent_rule *ret, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_rule, &r, e, BINDS(b_int(tx_network(tx))));
  if (c != OK)
    return c;
  if (rows_next(&r))
    *ret = (struct consent_rule){rows_bool(&r, 0), rows_bool(&r, 1), rows_bool(&r, 2)};
  return rows_end(&r, e);
}

enum code consent_sql_own_from(struct tx *tx, const struct scope *s, ts_t *ret, struct err *e)
{
  return db_ask_int(tx, &q_own_from, ret, e, BINDS(b_int(tx_network(tx)), b_int(scope_person(s))));
}
