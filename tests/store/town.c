/* town.c: see town.h. */
#include "town.h"

/* --- writing a world ---------------------------------------------------------------------------------------------------- */
STMT_WRITE(
    q_network, "tv_network",
    "INSERT INTO network (id, name, heard_needed, joint_needs_all, guardian_overrides, stand_in_allowed, created_at)"
    " VALUES ($1, 'n', $2, $3, $4, $5, 0)");
STMT_WRITE(q_rev, "tv_rev", "INSERT INTO network_rev (network_id, fact_rev) VALUES ($1, $1)");
STMT_WRITE(q_notice, "tv_notice", "INSERT INTO notice (network_id, version, body, created_at) VALUES ($1, '1', '', 0)");
STMT_WRITE(q_form, "tv_form",
           "INSERT INTO form_definition (network_id, code, version, status, json, created_at)"
           " VALUES ($1, 'f', '1', 'live', '{}', 0)");
STMT_WRITE(q_org, "tv_org",
           "INSERT INTO organization (network_id, id, name, kind, circle, created_at) VALUES ($1, $2, 'o', 'npo', "
           "'network', 0)");
STMT_WRITE(q_user, "tv_user",
           "INSERT INTO user_account (network_id, id, login, name, password_hash, password_at, created_at)"
           " VALUES ($1, $2, $3, 'u', '', 0, 0)");
STMT_WRITE(q_member, "tv_member",
           "INSERT INTO membership (network_id, id, user_id, organization_id, role, from_at, until_at, created_at)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, 0)");
STMT_WRITE(q_person, "tv_person",
           "INSERT INTO person (network_id, id, own_from, created_at, created_by, author_organization_id)"
           " VALUES ($1, $2, $3, 0, 201, 101)");
STMT_WRITE(
    q_case, "tv_case",
    "INSERT INTO case_file (network_id, id, person_id, number, status, author_organization_id, opened_at, changed_at)"
    " VALUES ($1, $2, $3, $4, 'intake', 101, 0, 0)");
STMT_WRITE(
    q_sheet, "tv_sheet",
    "INSERT INTO sheet (network_id, id, case_id, person_id, author_organization_id, author_user_id, category, source,"
    " form_code, form_version, status, answers_sealed, created_at, changed_at)"
    " VALUES ($1, $2, $2, $3, 101, 201, 1, 1, 'f', '1', 'frozen', $4, 0, 0)");
STMT_WRITE(q_part, "tv_part",
           "INSERT INTO participation (network_id, id, case_id, person_id, organization_id, part, from_at, until_at)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
STMT_WRITE(q_assign, "tv_assign",
           "INSERT INTO assignment (network_id, id, case_id, person_id, user_id, organization_id, from_at, until_at)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
STMT_WRITE(q_conn, "tv_conn",
           "INSERT INTO connection (network_id, id, case_id, person_id, sheet_id, kind, state, from_organization_id,"
           " from_user_id, to_organization_id, sent_at, closed_at, changed_at)"
           " VALUES ($1, $2, $3, $4, $3, 'help', $5, 101, 201, $6, $7, $8, $9)");
STMT_WRITE(
    q_guardian, "tv_guardian",
    "INSERT INTO guardian (network_id, id, person_id, author_organization_id, authority, relation, from_at, until_at)"
    " VALUES ($1, $2, $3, 101, $4, '', $5, $6)");
STMT_WRITE(
    q_consent, "tv_consent",
    "INSERT INTO consent (network_id, id, person_id, author_organization_id, by_party, guardian_id, authority, refused,"
    " heard, notice_version, purposes, how, from_at, until_at, withdrawn_at, created_by, created_at)"
    " VALUES ($1, $2, $3, 101, $4, $5, $6, $7, $8, '1', '', 'oral', $9, $10, $11, 201, 0)");
STMT_WRITE(q_recipient, "tv_recipient",
           "INSERT INTO consent_recipient (network_id, consent_id, organization_id, person_id, categories)"
           " VALUES ($1, $2, $3, $4, $5)");
STMT_WRITE(
    q_basis, "tv_basis",
    "INSERT INTO legal_basis (network_id, id, person_id, author_organization_id, code, requester_id, approver_id,"
    " necessity_sealed, weighing_sealed, from_at, until_at, created_at)"
    " VALUES ($1, $2, $3, 101, 'emergency', $4, $5, $6, $6, $7, $8, 0)");
STMT_WRITE(q_basis_to, "tv_basis_to",
           "INSERT INTO legal_basis_recipient (network_id, legal_basis_id, organization_id, person_id, categories)"
           " VALUES ($1, $2, $3, $4, $5)");
STMT_WRITE(q_invite, "tv_invite",
           "INSERT INTO invitation (network_id, id, meeting_id, person_id, organization_id, user_id, categories, "
           "from_at, until_at)"
           " VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8)");
STMT_WRITE(
    q_restrict, "tv_restrict",
    "INSERT INTO restriction (network_id, id, person_id, organization_id, user_id, guardian_id, categories, breakable,"
    " from_at, until_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 201)");
STMT_WRITE(q_conceal, "tv_conceal",
           "INSERT INTO concealment (network_id, id, person_id, items, from_at, until_at, created_by)"
           " VALUES ($1, $2, $3, $4, $5, $6, 201)");
STMT_WRITE(q_holder, "tv_holder",
           "INSERT INTO concealment_holder (network_id, concealment_id, user_id, person_id, from_at, until_at)"
           " VALUES ($1, $2, $3, $4, $5, $6)");
STMT_WRITE(
    q_glass, "tv_glass",
    "INSERT INTO break_glass (network_id, id, person_id, user_id, organization_id, reason_sealed, from_at, until_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
STMT_WRITE(q_stand, "tv_stand",
           "INSERT INTO stand_in (network_id, id, case_id, person_id, user_id, organization_id, reason_sealed, "
           "from_at, until_at)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");

static const char *const AUTHORITY[] = {"none", "joint", "sole", "daily", "urgent"};

#define PUT(q, ...)                                                                                                    \
  do {                                                                                                                 \
    if ((c = db_exec(tx, &(q), NULL, e, BINDS(b_int(net), __VA_ARGS__))) != OK)                                        \
      return c;                                                                                                        \
  } while (0)
#define TEXT(s) b_text(str_from(s))
#define SPAN(row) b_int((row)->from), b_opt((row)->until)
#define EACH(name) for (size_t i = 0; i < f->name##_count; i++)
#define SEALED b_bytes(S("x"))

static enum code put_work(struct tx *tx, id64 net, const struct facts *f, struct err *e)
{
  enum code c = OK;
  id64 p = f->person, id = p * 100;
  EACH(participations)
  PUT(q_part, b_int(id++), b_int(f->participations[i].case_id), b_int(p), b_int(f->participations[i].organization),
      TEXT(f->participations[i].part == PART_LEAD ? "lead" : "partner"), SPAN(&f->participations[i]));
  EACH(assignments)
  PUT(q_assign, b_int(id++), b_int(f->assignments[i].case_id), b_int(p), b_int(f->assignments[i].user),
      b_int(f->assignments[i].organization), SPAN(&f->assignments[i]));
  EACH(connections)
  { /* some ended with a date, some by their state alone */
    const struct fact_connection *x = &f->connections[i];
    bool dated = x->id % 2 == 0;
    PUT(q_conn, b_int(x->id), b_int(x->case_id), b_int(p), TEXT(x->until ? "withdrawn" : "received"),
        b_int(x->organization), b_int(x->from), b_opt(dated ? x->until : 0), b_int(dated ? 0 : x->until));
  }
  EACH(stand_ins)
  PUT(q_stand, b_int(f->stand_ins[i].id), b_int(f->stand_ins[i].case_id), b_int(p), b_int(f->stand_ins[i].user),
      b_int(f->stand_ins[i].organization), SEALED, SPAN(&f->stand_ins[i]));
  EACH(break_glasses)
  PUT(q_glass, b_int(f->break_glasses[i].id), b_int(p), b_int(f->break_glasses[i].user),
      b_int(f->break_glasses[i].organization), SEALED, SPAN(&f->break_glasses[i]));
  EACH(invitations)
  PUT(q_invite, b_int(f->invitations[i].meeting), b_int(p), b_opt(f->invitations[i].organization),
      b_opt(f->invitations[i].user), b_int(f->invitations[i].categories), SPAN(&f->invitations[i]));
  return c;
}

static enum code put_consents(struct tx *tx, id64 net, const struct facts *f, struct err *e)
{
  enum code c = OK;
  id64 p = f->person;
  EACH(guardians)
  PUT(q_guardian, b_int(f->guardians[i].id), b_int(p), TEXT(AUTHORITY[f->guardians[i].authority]),
      SPAN(&f->guardians[i]));
  EACH(consents)
  {
    const struct fact_consent *x = &f->consents[i];
    PUT(q_consent, b_int(x->id), b_int(p), TEXT(x->by == PARTY_PERSON ? "person" : "guardian"), b_opt(x->guardian),
        TEXT(AUTHORITY[x->authority]), b_bool(x->refused), b_bool(x->heard), SPAN(x), b_opt(x->withdrawn));
    PUT(q_recipient, b_int(x->id), b_int(x->organization), b_int(p), b_int(x->categories));
  }
  EACH(bases)
  {
    const struct fact_basis *x = &f->bases[i];
    PUT(q_basis, b_int(x->id), b_int(p), b_int(x->requester), b_opt(x->approver), SEALED, SPAN(x));
    PUT(q_basis_to, b_int(x->id), b_int(x->organization), b_int(p), b_int(x->categories));
  }
  return c;
}

static enum code put_limits(struct tx *tx, id64 net, const struct facts *f, struct err *e)
{
  enum code c = OK;
  id64 p = f->person;
  EACH(restrictions)
  {
    const struct fact_restriction *x = &f->restrictions[i];
    PUT(q_restrict, b_int(x->id), b_int(p), b_opt(x->organization), b_opt(x->user), b_opt(x->guardian),
        b_int(x->categories), b_bool(x->breakable), SPAN(x));
  }
  EACH(concealments)
  PUT(q_conceal, b_int(f->concealments[i].id), b_int(p), b_int(f->concealments[i].items), SPAN(&f->concealments[i]));
  EACH(holders)
  PUT(q_holder, b_int(f->holders[i].concealment), b_int(f->holders[i].user), b_int(p), SPAN(&f->holders[i]));
  return c;
}

static enum code put_network(struct tx *tx, const struct town *t, struct err *e)
{
  enum code c = OK;
  id64 net = t->network;
  const struct facts *f = &t->w[0].f;
  PUT(q_network, b_bool(f->rule.heard_needed), b_bool(f->rule.joint_needs_all), b_bool(f->rule.guardian_overrides),
      b_bool(f->rule.stand_in_allowed));
  if ((c = db_exec(tx, &q_rev, NULL, e, BINDS(b_int(net)))) != OK ||
      (c = db_exec(tx, &q_notice, NULL, e, BINDS(b_int(net)))) != OK ||
      (c = db_exec(tx, &q_form, NULL, e, BINDS(b_int(net)))) != OK)
    return c;
  for (id64 o = 101; o < 101 + WORLD_ORGANIZATIONS; o++)
    PUT(q_org, b_int(o));
  for (id64 u = 201; u < 201 + WORLD_USERS; u++)
    PUT(q_user, b_int(u), b_text(str_printf(tx_arena(tx), "u%lld", (long long)u)));
  EACH(memberships)
  {
    const struct fact_membership *m = &f->memberships[i];
    PUT(q_member, b_int(m->id), b_int(m->user), b_int(m->organization), TEXT(role_code(m->role)), SPAN(m));
  }
  return c;
}

enum code town_put(struct tx *tx, void *arg, struct err *e)
{
  const struct town *t = arg;
  id64 net = t->network;
  enum code c = put_network(tx, t, e);
  for (int k = 0; k < TOWN_PERSONS && c == OK; k++) {
    const struct facts *f = &t->w[k].f;
    PUT(q_person, b_int(f->person), f->own_known ? b_int(f->own_from) : b_null());
    for (id64 x = 301 + TOWN_APART * k; x < 301 + TOWN_APART * k + WORLD_CASES; x++) {
      PUT(q_case, b_int(x), b_int(f->person), b_text(str_printf(tx_arena(tx), "%lld", (long long)x)));
      PUT(q_sheet, b_int(x), b_int(f->person), SEALED);
    }
    c = put_work(tx, net, f, e);
    if (c == OK)
      c = put_consents(tx, net, f, e);
    if (c == OK)
      c = put_limits(tx, net, f, e);
  }
  return c;
}

/* --- making a town of several persons out of worlds of one ---------------------------------------------------------------- */
static void move_ids(struct world *w, id64 by)
{
  struct facts *f = &w->f;
  f->person += by;
  EACH(participations) w->participations[i].case_id += by;
  EACH(assignments) w->assignments[i].case_id += by;
  EACH(connections) w->connections[i].case_id += by, w->connections[i].id += by;
  EACH(guardians) w->guardians[i].id += by;
  EACH(consents) w->consents[i].id += by, w->consents[i].guardian += w->consents[i].guardian ? by : 0;
  EACH(bases) w->bases[i].id += by;
  EACH(invitations) w->invitations[i].meeting += by;
  EACH(restrictions) w->restrictions[i].id += by, w->restrictions[i].guardian += w->restrictions[i].guardian ? by : 0;
  EACH(concealments) w->concealments[i].id += by;
  EACH(holders) w->holders[i].concealment += by;
  EACH(break_glasses) w->break_glasses[i].id += by;
  EACH(stand_ins) w->stand_ins[i].id += by, w->stand_ins[i].case_id += by;
}

/* What the tables cannot hold: an open end where the column asks for one, holders of nothing or named twice. */
static void fit_tables(struct world *w)
{
  struct facts *f = &w->f;
  EACH(stand_ins) w->stand_ins[i].until = w->stand_ins[i].until ? w->stand_ins[i].until : WORLD_T + 99999;
  size_t kept = 0;
  EACH(holders)
  {
    struct fact_holder h = w->holders[i];
    bool good = h.concealment - 881 < (id64)f->concealments_count;
    for (size_t j = 0; j < kept; j++)
      good &= w->holders[j].concealment != h.concealment || w->holders[j].user != h.user;
    if (good)
      w->holders[kept++] = h;
  }
  f->holders_count = kept;
}

void town_make(struct town *t, int number)
{
  t->network = 1 + number;
  t->rng = (struct rng){(uint64_t)number * 7919 + 13};
  for (int k = 0; k < TOWN_PERSONS; k++) {
    struct world *w = &t->w[k];
    world_make(w, &t->rng);
    w->f.network = t->network;
    fit_tables(w);
    move_ids(w, (id64)TOWN_APART * k);
    w->f.rule = t->w[0].f.rule;
    w->f.memberships = t->w[0].memberships;
    w->f.memberships_count = t->w[0].f.memberships_count;
  }
}

void town_copy(struct town *to, const struct town *from)
{
  *to = *from;
  for (int k = 0; k < TOWN_PERSONS; k++) {
    world_bind(&to->w[k]);
    to->w[k].f.memberships = to->w[0].memberships;
  }
}

struct actor town_actor(const struct town *t, const struct fact_membership *m)
{
  return (struct actor){.role = m->role,
                        .network = t->network,
                        .user = m->user,
                        .membership = m->id,
                        .organization = m->organization,
                        .second_factor = true};
}
