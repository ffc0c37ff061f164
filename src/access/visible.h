/* visible.h: whom a member may see, for lists and searches, as literal SQL over
 *   $1 network, $2 the actor's membership, $3 its organization, $4 the instant
 * bound with BINDS(VISIBLE_BINDS(scope, at), …). (The membership, not the user: one may be a worker and a coordinator of the same
 * organization, and acts as one of them at a time.) Forms of one text, each equal to what access_decide() says for PERSON_READ:
 *
 *   VISIBLE_PERSONS   (person_id)                          who is seen at all, each once; VISIBLE_IS: is the person of a row?
 *   VISIBLE_OF(set)   (person_id, own_cats, other_cats)    those of the CTE `set` (person_id, each once) who are seen, and which categories of them:
 *                                                          own_cats of the rows the actor's organization wrote, other_cats of everybody else's
 *   VISIBLE_OWN_OF(set) (person_id, own_cats)          those of the CTE `set` whose own rows are open in the whole of the role's mask because the
 *                                                        actor works on them and nothing restricts him; what others wrote is not answered
 *   VISIBLE           the same as VISIBLE_OF of everybody; it is what row-level security in PostgreSQL asks
 *
 * A list asks two questions, because who works on a case needs no consent to be shown that there is one:
 *   1. which lines, in which order, and how many:
 *        "WITH who AS (" VISIBLE_PERSONS ") SELECT c.id, c.person_id, … FROM who CROSS JOIN case_file c ON … ORDER BY … LIMIT …"
 *      Where that is too much, its parts are asked apart (with the CTEs VISIBLE_SELF and VISIBLE_BARRED): those whom the actor is assigned
 *      to and those whom the organization takes part in, thousands for a manager, in their order off an index that begins with it
 *      (participation_list), as far as VISIBLE_FREE; and those whom access_aside() (scope.h) names out of VISIBLE_ASIDE.
 *   2. what of them may be shown, for the lines of the page alone, LIMIT_PAGE_ROWS at a time. Most persons of a page are worked on and
 *      described by one's own organization alone: VISIBLE_OWN_OF answers for them. About the others access_views() (scope.h) asks the
 *      engine itself, at a third of the cost of VISIBLE_OF where there are consents; or in SQL
 *        "WITH page (person_id) AS (" IDS_FROM_5 "), v AS (" VISIBLE_OF("page") ") SELECT … FROM v CROSS JOIN person_attribute a ON …"
 *      bound with visible_page(). Names are fetched so by person_listed() (person/person.h); a list that shows more of a person asks for
 *      it in the same way, with the mask (category & CASE WHEN author_organization_id = $3 THEN own_cats ELSE other_cats END) <> 0.
 * src/casework/list_sql.c is the model. Two statements, not one: SQLite copies a CTE for each time it is named, and VISIBLE_OF names its set
 * often, so that VISIBLE_OF of persons that VISIBLE_PERSONS yields in the same statement takes seconds to prepare.
 *
 * All start from what the actor works on and is invited to, so that the cost does not grow with the network. Where one is worked on, own
 * rows are open but for restrictions; consents and law are reckoned for the persons alone of whom somebody said something to this
 * organization. tests/store/visible.c compares them with the engine, tests/store/rls.c with PostgreSQL's function. CROSS JOIN keeps
 * the order of tables in SQLite, whose planner would else begin with everybody's consents. The steps and letters are those of
 * docs/access.md. */
#ifndef ACCESS_VISIBLE_H
#define ACCESS_VISIBLE_H
#include "access/scope.h"
#include "db/ids.h"

#define VISIBLE_BINDS(scope, at)                                                                                       \
  b_int(scope_actor(scope)->network), b_int(scope_actor(scope)->membership), b_int(scope_actor(scope)->organization),  \
      b_int(at)

/* $1..$4, and the ids of a page as $5 and on; the statement's own values follow at binds[return value]. n <= LIMIT_PAGE_ROWS. */
static inline size_t visible_page(struct bind binds[STMT_PARAMS_MAX], const struct scope *list, ts_t at,
                                  const id64 *ids, size_t n)
{
  const struct bind first[] = {VISIBLE_BINDS(list, at)};
  memcpy(binds, first, sizeof first);
  return ids_bind(binds, sizeof first / sizeof *first, ids, n);
}

/* Persons with the masks that access_views() gave, or what is asked of each of them, by its id: a page of (id, own_cats, other_cats) from $5
 * on, bound after four other values. */
enum { MASKED_FIRST = 4, MASKED_PERSONS = 16 };
_Static_assert(MASKED_FIRST + 3 * MASKED_PERSONS <= STMT_PARAMS_MAX, "the values of one statement");
static inline size_t masked_bind(struct bind binds[STMT_PARAMS_MAX], const struct access_view *views, size_t n)
{
  for (size_t i = 0; i < MASKED_PERSONS; i++) {
    const struct access_view v = i < n ? views[i] : (struct access_view){0};
    binds[MASKED_FIRST + 3 * i] = b_int(v.person);
    binds[MASKED_FIRST + 3 * i + 1] = b_int(v.own);
    binds[MASKED_FIRST + 3 * i + 2] = b_int(v.others);
  }
  return MASKED_FIRST + 3 * MASKED_PERSONS;
}

/* clang-format off */
#define MASKED_ONE(p, own, others) ", ($" #p ", $" #own ", $" #others ")"
#define MASKED_FROM_5 \
  "VALUES (CAST($5 AS bigint), CAST($6 AS bigint), CAST($7 AS bigint))" MASKED_ONE(8, 9, 10) MASKED_ONE(11, 12, 13) \
  MASKED_ONE(14, 15, 16) MASKED_ONE(17, 18, 19) MASKED_ONE(20, 21, 22) MASKED_ONE(23, 24, 25) MASKED_ONE(26, 27, 28) \
  MASKED_ONE(29, 30, 31) MASKED_ONE(32, 33, 34) MASKED_ONE(35, 36, 37) MASKED_ONE(38, 39, 40) MASKED_ONE(41, 42, 43) \
  MASKED_ONE(44, 45, 46) MASKED_ONE(47, 48, 49) MASKED_ONE(50, 51, 52)
/* Is a case over, as far as the organization was told (casework/tell.c)? $1 is the network. One that takes no part was told nothing. */
#define VISIBLE_OVER(case_id, organization, at) \
  "EXISTS (SELECT 1 FROM participation k WHERE k.network_id = $1 AND k.case_id = " case_id " AND k.organization_id = " organization \
  " AND k.case_closed AND k.from_at <= " at " AND (k.until_at IS NULL OR k.until_at > " at "))"
/* Who leads the case at that instant, the network being $1; and who tells how case_file `c` goes: who leads, or where nobody
 * does, who began it. */
#define CASE_LEAD(case_id, at) \
  "(SELECT p.organization_id FROM participation p WHERE p.network_id = $1 AND p.case_id = " case_id " AND p.part = 'lead'" \
  " AND p.from_at <= " at " AND (p.until_at IS NULL OR p.until_at > " at ") ORDER BY p.from_at DESC, p.id DESC LIMIT 1)"
#define CASE_TELLER(c, at) "COALESCE(" CASE_LEAD(c ".id", at) ", " c ".author_organization_id)"
/* Is it the record that said last what comes next in case $2? One that the reader may not see has the word still. */
#define CASE_SAYS_NEXT(id) CASE_SAYS_NEXT_OF("$2", id)
#define CASE_SAYS_NEXT_OF(case_id, id) \
  id " = (SELECT f.id FROM fact_next f WHERE f.network_id = $1 AND f.case_id = " case_id " ORDER BY f.at DESC, f.id DESC LIMIT 1)"
#define VISIBLE_LIVE(t) t ".from_at <= $4 AND (" t ".until_at IS NULL OR $4 < " t ".until_at)"
#define VISIBLE_MINE(t) t ".network_id = $1 AND " t ".user_id = me.user_id AND " t ".organization_id = $3"
#define VISIBLE_SENT(t) \
  t ".network_id = $1 AND " t ".to_organization_id = $3 AND " t ".sent_at <= $4 AND $4 < COALESCE(" t ".closed_at," \
  " CASE WHEN " t ".state IN ('declined', 'closed', 'withdrawn', 'expired') THEN " t ".changed_at ELSE 9223372036854775807 END)"
#define VISIBLE_HERE(t) t ".network_id = $1 AND " t ".organization_id = $3 AND " VISIBLE_LIVE(t)

/* Steps 1 and 2: the actor, and what its role may ever see by PERSON_READ (roles.c). */
#define VISIBLE_ACTOR \
  "me AS (" \
  "SELECT m.user_id, m.role, CASE m.role WHEN 'clerk' THEN 1 WHEN 'volunteer' THEN 3111 ELSE 4095 END AS mask" \
  " FROM fact_membership m WHERE m.network_id = $1 AND m.id = $2 AND m.organization_id = $3 AND " VISIBLE_LIVE("m") \
  " AND m.role IN ('manager', 'worker', 'clerk', 'volunteer', 'coordinator')" \
  "), rule AS (SELECT n.heard_needed, n.joint_needs_all, n.guardian_overrides, n.stand_in_allowed" \
  " FROM fact_network n WHERE n.id = $1)"
/* What standing in rests on. */
#define VISIBLE_ENGAGED(s) \
  "(EXISTS (SELECT 1 FROM fact_assignment a WHERE a.network_id = $1" \
  " AND a.case_id = " s ".case_id AND a.person_id = " s ".person_id AND a.organization_id = $3 AND " VISIBLE_LIVE("a") ")" \
  " OR EXISTS (SELECT 1 FROM fact_participation p WHERE p.network_id = $1 AND p.case_id = " s ".case_id AND p.person_id = " s ".person_id" \
  " AND p.organization_id = $3 AND " VISIBLE_LIVE("p") "))"
/* Step 3: restrictions against the actor. */
#define VISIBLE_BARS(one) \
  "SELECT r.person_id, r.categories, r.breakable FROM me CROSS JOIN fact_restriction r WHERE r.network_id = $1 AND r.organization_id = $3" \
  " AND " VISIBLE_LIVE("r") one("r") \
  " UNION ALL SELECT r.person_id, r.categories, r.breakable FROM me CROSS JOIN fact_restriction r WHERE r.network_id = $1 AND r.user_id = me.user_id" \
  " AND " VISIBLE_LIVE("r") one("r")


/* ---- with categories. `work`: who works on whom, one(): what ties a fact to those asked about */
#define VISIBLE_ANYBODY(t) ""
#define VISIBLE_ASKED(t) " AND +" t ".person_id IN (SELECT person_id FROM asked)" /* +: the actor's few facts are read first, not each asked person's */
/* Permits a and f: who works on it (full_work = 1), and the receiver's managers (full_work = 0). */
#define VISIBLE_STANDS_IN(s) \
  "rule.stand_in_allowed AND me.role IN ('manager', 'worker') AND " VISIBLE_MINE(s) " AND " VISIBLE_LIVE(s) " AND " VISIBLE_ENGAGED(s)
#define VISIBLE_WORK \
  "reach AS (" \
  "SELECT a.person_id, 1 AS full_work FROM me CROSS JOIN fact_assignment a WHERE " VISIBLE_MINE("a") " AND " VISIBLE_LIVE("a") \
  " UNION ALL SELECT p.person_id, 1 FROM me CROSS JOIN fact_participation p WHERE me.role = 'manager'" \
  " AND " VISIBLE_HERE("p") \
  " UNION ALL SELECT s.person_id, 1 FROM me CROSS JOIN rule CROSS JOIN fact_stand_in s WHERE " VISIBLE_STANDS_IN("s") \
  " UNION ALL SELECT c.person_id, 0 FROM me CROSS JOIN fact_connection c WHERE me.role = 'manager' AND " VISIBLE_SENT("c") \
  "), work AS (SELECT person_id, MAX(full_work) AS full_work FROM reach GROUP BY person_id)"
/* The organization whose participations the actor works on; NULL: none. */
#define VISIBLE_MANAGED "(SELECT CASE me.role WHEN 'manager' THEN CAST($3 AS bigint) END FROM me)"
/* Who sees by assignments alone; NULL: who manages. */
#define VISIBLE_WORKER "(SELECT CASE me.role WHEN 'manager' THEN NULL ELSE me.user_id END FROM me)"
#define VISIBLE_TAKES_PART(t) \
  "EXISTS (SELECT 1 FROM fact_participation x WHERE x.network_id = $1 AND x.organization_id = " VISIBLE_MANAGED \
  " AND x.person_id = " t ".person_id AND " VISIBLE_LIVE("x") ")"
#define VISIBLE_ASSIGNED(t) \
  "EXISTS (SELECT 1 FROM fact_assignment x WHERE x.network_id = $1 AND x.user_id = (SELECT user_id FROM me)" \
  " AND x.organization_id = $3 AND x.person_id = " t ".person_id AND " VISIBLE_LIVE("x") ")"
/* The same of the persons asked about, one by one. */
#define VISIBLE_WORK_OF(set) \
  "asked AS (SELECT person_id FROM " set " WHERE person_id <> 0" \
  "), standing AS (SELECT s.person_id FROM me CROSS JOIN rule CROSS JOIN fact_stand_in s WHERE " VISIBLE_STANDS_IN("s") \
  "), work AS (SELECT person_id, full_work FROM (" \
  "SELECT q.person_id, CASE WHEN " VISIBLE_ASSIGNED("q") " OR " VISIBLE_TAKES_PART("q") \
  " OR q.person_id IN (SELECT person_id FROM standing) THEN 1 ELSE 0 END AS full_work FROM asked q" \
  ") AS w WHERE full_work = 1 OR EXISTS (SELECT 1 FROM fact_connection c WHERE c.person_id = w.person_id" \
  " AND c.to_organization_id = " VISIBLE_MANAGED " AND " VISIBLE_SENT("c") "))"
#define VISIBLE_TEXT(work, one) \
  "WITH " VISIBLE_ACTOR ", " work \
  /* Permit b. The standing consents of each party in their order; those after the party's last refusal count. */ \
  ", said AS (" \
  "SELECT c.person_id, c.by_party, c.guardian_id, c.authority, c.refused, c.heard, r.categories," \
  " row_number() OVER (PARTITION BY c.person_id, c.by_party, c.guardian_id ORDER BY c.from_at, c.id) AS place" \
  " FROM work w CROSS JOIN fact_consent_recipient r CROSS JOIN fact_consent c" \
  " WHERE r.network_id = $1 AND r.person_id = w.person_id AND r.organization_id = $3 AND c.network_id = $1 AND c.id = r.consent_id" \
  " AND c.person_id = w.person_id AND c.withdrawn_at IS NULL AND " VISIBLE_LIVE("c") \
  "), spoken AS (SELECT DISTINCT person_id FROM said" \
  "), party AS (" \
  "SELECT person_id, by_party, guardian_id, MAX(place) AS last, MAX(CASE WHEN refused THEN place ELSE 0 END) AS refusal" \
  " FROM said GROUP BY person_id, by_party, guardian_id" \
  "), counts AS (" \
  "SELECT s.person_id, s.by_party, s.guardian_id, s.authority, s.heard, s.categories FROM said s" \
  " JOIN party p ON p.person_id = s.person_id AND p.by_party = s.by_party" \
  " AND p.guardian_id IS NOT DISTINCT FROM s.guardian_id WHERE s.place > p.refusal" \
  "), person_side AS (" \
  "SELECT p.person_id, MAX(CASE WHEN p.last = p.refusal THEN 1 ELSE 0 END) AS refused FROM party p" \
  " WHERE p.by_party = 'person' GROUP BY p.person_id" \
  "), person_gave AS (" \
  "SELECT person_id, bit_or(categories) AS cats FROM counts WHERE by_party = 'person' GROUP BY person_id" \
  "), parent AS (" \
  "SELECT DISTINCT g.person_id, g.id, g.authority = 'joint' AS joint FROM spoken w" \
  " CROSS JOIN fact_guardian g WHERE g.network_id = $1 AND g.person_id = w.person_id AND " VISIBLE_LIVE("g") \
  "), alone_gave AS (" \
  "SELECT c.person_id, bit_or(c.categories) AS cats, MAX(CASE WHEN c.heard THEN 1 ELSE 0 END) AS heard" \
  " FROM counts c JOIN parent p ON p.person_id = c.person_id AND p.id = c.guardian_id" \
  " WHERE c.by_party = 'guardian' AND c.authority IN ('sole', 'daily', 'urgent') GROUP BY c.person_id" \
  "), joint_one AS (" \
  "SELECT p.person_id, p.id, COUNT(c.person_id) AS given, COALESCE(bit_or(c.categories), 0) AS cats," \
  " MAX(CASE WHEN c.heard THEN 1 ELSE 0 END) AS heard" \
  " FROM parent p LEFT JOIN counts c ON c.person_id = p.person_id AND c.by_party = 'guardian' AND c.guardian_id = p.id" \
  " AND c.authority = 'joint' WHERE p.joint GROUP BY p.person_id, p.id" \
  "), joint_gave AS (" \
  "SELECT j.person_id, CASE WHEN rule.joint_needs_all THEN 4095 - bit_or(4095 - j.cats) ELSE bit_or(j.cats) END AS cats," \
  " MAX(j.heard) AS heard FROM joint_one j CROSS JOIN rule GROUP BY j.person_id, rule.joint_needs_all" \
  " HAVING CASE WHEN rule.joint_needs_all THEN MIN(j.given) > 0 ELSE MAX(j.given) > 0 END" \
  "), sides AS (" \
  "SELECT w.person_id, p.own_from, COALESCE(g.cats, 0) AS person_cats, g.person_id IS NOT NULL AS person_given," \
  " COALESCE(s.refused, 0) = 1 AS person_refused, COALESCE(a.cats, 0) | COALESCE(j.cats, 0) AS guardian_cats," \
  " COALESCE(a.heard, 0) + COALESCE(j.heard, 0) > 0 AS heard," \
  " EXISTS (SELECT 1 FROM parent x WHERE x.person_id = w.person_id) AS has_guardian" \
  " FROM spoken w JOIN fact_person p ON p.network_id = $1 AND p.id = w.person_id" \
  " LEFT JOIN person_gave g ON g.person_id = w.person_id LEFT JOIN person_side s ON s.person_id = w.person_id" \
  " LEFT JOIN alone_gave a ON a.person_id = w.person_id LEFT JOIN joint_gave j ON j.person_id = w.person_id" \
  "), agreed AS (" \
  "SELECT s.person_id, CASE" \
  " WHEN s.own_from IS NULL AND NOT s.has_guardian THEN s.person_cats" \
  " WHEN s.own_from IS NULL THEN s.person_cats & s.guardian_cats" \
  " WHEN s.own_from <= $4 THEN s.person_cats" \
  " WHEN s.person_refused AND NOT rule.guardian_overrides THEN 0" \
  " WHEN rule.heard_needed AND NOT s.heard AND NOT s.person_given THEN 0" \
  " ELSE s.guardian_cats END AS cats FROM sides s CROSS JOIN rule" \
  /* Permits c, d, e. */ \
  "), law AS (" \
  "SELECT r.person_id, r.categories AS cats FROM work w" \
  " CROSS JOIN fact_legal_basis_recipient r CROSS JOIN fact_legal_basis b" \
  " WHERE r.network_id = $1 AND r.person_id = w.person_id AND r.organization_id = $3 AND b.network_id = $1 AND b.id = r.legal_basis_id AND b.code <> ''" \
  " AND b.approver_id <> b.requester_id AND " VISIBLE_LIVE("b") \
  "), guest AS (" \
  "SELECT v.person_id, v.categories AS cats FROM me CROSS JOIN fact_invitation v WHERE v.network_id = $1 AND v.user_id = me.user_id" \
  " AND " VISIBLE_LIVE("v") one("v") \
  " UNION ALL SELECT v.person_id, v.categories FROM me CROSS JOIN fact_invitation v" \
  " WHERE me.role IN ('manager', 'worker', 'coordinator') AND v.network_id = $1 AND v.organization_id = $3" \
  " AND " VISIBLE_LIVE("v") one("v") \
  "), glass AS (" \
  "SELECT b.person_id FROM me CROSS JOIN fact_break_glass b" \
  " WHERE me.role IN ('manager', 'worker', 'coordinator') AND " VISIBLE_MINE("b") " AND " VISIBLE_LIVE("b") one("b") \
  " AND b.until_at - b.from_at <= 14400000" \
  "), barred AS (" \
  "SELECT person_id, bit_or(categories) AS every, bit_or(CASE WHEN breakable THEN 0 ELSE categories END) AS hard FROM (" \
  VISIBLE_BARS(one) ") AS bars GROUP BY person_id" \
  /* All of them together: what opens own rows, everybody's rows, and rows by breaking glass. */ \
  "), given AS (" \
  "SELECT person_id, MAX(full_work) AS own, bit_or(cats) AS others, MAX(glass) AS glass FROM (" \
  "SELECT person_id, full_work, 0 AS cats, 0 AS glass FROM work" \
  " UNION ALL SELECT person_id, 0, cats, 0 FROM agreed" \
  " UNION ALL SELECT person_id, 0, cats, 0 FROM law" \
  " UNION ALL SELECT person_id, 0, cats, 0 FROM guest" \
  " UNION ALL SELECT person_id, 0, 0, 1 FROM glass) AS permits GROUP BY person_id" \
  /* Steps 5 and 6. */ \
  "), answer AS (" \
  "SELECT g.person_id, CASE WHEN g.own = 1 THEN me.mask & (4095 - COALESCE(b.every, 0)) ELSE 0 END AS own_cats," \
  " (me.mask & g.others & (4095 - COALESCE(b.every, 0)))" \
  " | (CASE WHEN g.glass = 1 THEN me.mask & (4095 - COALESCE(b.hard, 0)) ELSE 0 END) AS other_cats" \
  " FROM given g CROSS JOIN me LEFT JOIN barred b ON b.person_id = g.person_id" \
  ") SELECT person_id, own_cats | other_cats AS own_cats, other_cats FROM answer WHERE (own_cats | other_cats) <> 0"
/* The same actor for statements that ask little: looked up where it is named, since a table made for it costs more than the rest of such a
 * statement (as IN does with more than two words). */
#define VISIBLE_ROLE_MASK \
  "CASE m.role WHEN 'clerk' THEN 1 WHEN 'volunteer' THEN 3111 WHEN 'manager' THEN 4095 WHEN 'worker' THEN 4095" \
  " WHEN 'coordinator' THEN 4095 ELSE 0 END"
#define VISIBLE_SELF \
  "me AS NOT MATERIALIZED (" \
  "SELECT m.user_id, m.role, " VISIBLE_ROLE_MASK " AS mask FROM fact_membership m" \
  " WHERE m.network_id = $1 AND m.id = $2 AND m.organization_id = $3 AND " VISIBLE_LIVE("m") " AND " VISIBLE_ROLE_MASK " <> 0)"
/* Of whom anything is closed to the actor, each once: few, and the engine is asked about them. */
#define VISIBLE_BAR "r.network_id = $1 AND " VISIBLE_LIVE("r")
#define VISIBLE_NO_BAR(against) \
  " AND NOT EXISTS (SELECT 1 FROM fact_restriction x WHERE x.network_id = $1 AND " against " AND x.person_id = r.person_id AND " VISIBLE_LIVE("x")
#define VISIBLE_BARRED \
  "barred AS NOT MATERIALIZED (" \
  "SELECT r.person_id FROM me CROSS JOIN fact_restriction r WHERE r.organization_id = $3 AND " VISIBLE_BAR \
  VISIBLE_NO_BAR("x.organization_id = $3") " AND x.id < r.id)" \
  " UNION ALL SELECT r.person_id FROM me CROSS JOIN fact_restriction r WHERE r.user_id = me.user_id AND " VISIBLE_BAR \
  VISIBLE_NO_BAR("x.organization_id = $3") ")" VISIBLE_NO_BAR("x.user_id = me.user_id") " AND x.id < r.id))"
#define VISIBLE_FREE(t) t ".person_id NOT IN (SELECT person_id FROM barred)"

#define VISIBLE VISIBLE_TEXT(VISIBLE_WORK, VISIBLE_ANYBODY)
#define VISIBLE_OF(set) VISIBLE_TEXT(VISIBLE_WORK_OF(set), VISIBLE_ASKED)
#define VISIBLE_OWN_OF(set) \
  "WITH " VISIBLE_SELF ", " VISIBLE_BARRED " SELECT q.person_id, (SELECT mask FROM me) AS own_cats FROM " set " q" \
  " WHERE q.person_id <> 0 AND (" VISIBLE_ASSIGNED("q") " OR " VISIBLE_TAKES_PART("q") ") AND " VISIBLE_FREE("q")

/* ---- who at all. Whoever is worked on is seen unless restrictions take the whole mask; consents and law count only for those who are
 * reached otherwise: a sheet that was sent and not yet taken on, a guest, broken glass, standing in. A manager works on all that the
 * organization takes part in; that can be thousands, so they are kept apart from the others (`beside`), who are few. */
#define VISIBLE_SHUT \
  "shut AS (" \
  "SELECT r.person_id FROM me CROSS JOIN (" VISIBLE_BARS(VISIBLE_ANYBODY) ") AS r" \
  " GROUP BY r.person_id, me.mask HAVING (bit_or(r.categories) & me.mask) = me.mask)"
#define VISIBLE_OPEN(t) t ".person_id NOT IN (SELECT person_id FROM shut)"
/* Whom one may see otherwise than by working on them, each once: who they are, not yet whether. */
#define VISIBLE_REST \
  "SELECT s.person_id FROM me CROSS JOIN fact_stand_in s WHERE " VISIBLE_MINE("s") " AND " VISIBLE_LIVE("s") \
  " UNION SELECT c.person_id FROM me CROSS JOIN fact_connection c WHERE me.role = 'manager' AND " VISIBLE_SENT("c") \
  " AND NOT " VISIBLE_TAKES_PART("c") \
  " UNION SELECT v.person_id FROM me CROSS JOIN fact_invitation v WHERE v.network_id = $1 AND v.user_id = me.user_id AND " VISIBLE_LIVE("v") \
  " UNION SELECT v.person_id FROM me CROSS JOIN fact_invitation v WHERE v.network_id = $1 AND v.organization_id = $3 AND " VISIBLE_LIVE("v") \
  " UNION SELECT b.person_id FROM me CROSS JOIN fact_break_glass b WHERE " VISIBLE_MINE("b") " AND " VISIBLE_LIVE("b")
/* The same for those who ask by VISIBLE_FREE: whom it leaves out stands in it too. Anybody may come several times. */
#define VISIBLE_ASIDE \
  "SELECT s.person_id FROM me CROSS JOIN fact_stand_in s WHERE " VISIBLE_MINE("s") " AND " VISIBLE_LIVE("s") \
  " UNION ALL SELECT c.person_id FROM me CROSS JOIN fact_connection c WHERE me.role = 'manager' AND " VISIBLE_SENT("c") \
  " AND NOT " VISIBLE_TAKES_PART("c") \
  " UNION ALL SELECT v.person_id FROM me CROSS JOIN fact_invitation v WHERE v.network_id = $1 AND v.user_id = me.user_id AND " VISIBLE_LIVE("v") \
  " UNION ALL SELECT v.person_id FROM me CROSS JOIN fact_invitation v WHERE v.network_id = $1 AND v.organization_id = $3 AND " VISIBLE_LIVE("v") \
  " UNION ALL SELECT b.person_id FROM me CROSS JOIN fact_break_glass b WHERE " VISIBLE_MINE("b") " AND " VISIBLE_LIVE("b") \
  " UNION ALL SELECT r.person_id FROM barred r WHERE " VISIBLE_ASSIGNED("r") " OR " VISIBLE_TAKES_PART("r")
/* What holds of a row a of fact_assignment (with the CTEs me and shut) by which its person is seen. */
#define VISIBLE_BY_ASSIGNMENT(a) VISIBLE_MINE(a) " AND " VISIBLE_LIVE(a) " AND " VISIBLE_OPEN(a)
/* The CTEs me, rule, shut and beside (person_id): whom one sees otherwise than by VISIBLE_BY_PART, each once. */
#define VISIBLE_BESIDE \
  VISIBLE_ACTOR ", " VISIBLE_SHUT ", rest AS (" VISIBLE_REST "), beside AS (" \
  "SELECT DISTINCT a.person_id FROM me CROSS JOIN fact_assignment a WHERE " VISIBLE_BY_ASSIGNMENT("a") " AND NOT " VISIBLE_TAKES_PART("a") \
  " UNION ALL SELECT o.person_id FROM (" VISIBLE_OF("rest") ") AS o WHERE o.person_id IN (SELECT person_id FROM shut)" \
  " OR NOT (" VISIBLE_ASSIGNED("o") " OR " VISIBLE_TAKES_PART("o") "))"
/* What holds of a row p of fact_participation (or participation) by which its person is seen. */
#define VISIBLE_BY_PART(p) \
  p ".network_id = $1 AND " p ".organization_id = " VISIBLE_MANAGED " AND " VISIBLE_LIVE(p) " AND " VISIBLE_OPEN(p)
#define VISIBLE_PERSONS \
  "WITH " VISIBLE_BESIDE " SELECT DISTINCT p.person_id FROM fact_participation p WHERE " VISIBLE_BY_PART("p") \
  " UNION ALL SELECT person_id FROM beside"
/* The same asked of the rows t of a table that is short, after "WITH " VISIBLE_BESIDE: nobody else is looked at. */
#define VISIBLE_IS(t) \
  "(EXISTS (SELECT 1 FROM fact_participation y WHERE " VISIBLE_BY_PART("y") " AND y.person_id = " t ".person_id)" \
  " OR " t ".person_id IN (SELECT person_id FROM beside))"
/* clang-format on */

#endif
