/* access: every step of the decision by itself. */
#include "access_world.h"

#include "access/may.h"

static void step1_session_factor_membership(void **state)
{
  struct actor who;
  struct world w = assigned(&who);
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, 0);
  who.session_until = T;
  DENIED(decide(&w, &who, ACTION_PERSON_READ), SESSION);
  GIVES(decide_at(&w, &who, ACTION_PERSON_READ, T - 1), CAT_ALL, 0);
  who.session_until = 2 * T;
  w.m[0].until = T;
  DENIED(decide(&w, &who, ACTION_PERSON_READ), MEMBERSHIP);
  GIVES(decide_at(&w, &who, ACTION_PERSON_READ, T - 1), CAT_ALL, 0);
  w.m[0].until = 0;
  w.m[0].role = ROLE_CLERK;
  DENIED(decide(&w, &who, ACTION_PERSON_READ), MEMBERSHIP);
  w.m[0].role = ROLE_WORKER;
  w.f.network = NET + 1;
  DENIED(decide(&w, &who, ACTION_PERSON_READ), MEMBERSHIP);

  struct actor head = actor(ROLE_COORDINATOR, OTHER, CITY);
  w = world();
  member(&w, &head);
  assert_true(decide(&w, &head, ACTION_CLOCK_LIST).allowed);
  head.second_factor = false;
  DENIED(decide(&w, &head, ACTION_CLOCK_LIST), FACTOR);
  assert_true(decide(&w, &head, ACTION_SESSION_OWN).allowed);
}

static void step1_without_facts_nobody_is_a_member(void **state)
{
  struct decision d;
  struct actor who = actor(ROLE_WORKER, WORKER, NPO), anyone = {.role = ROLE_PUBLIC, .network = NET};
  access_decide(&who, ACTION_TODAY, NULL, T, &d);
  DENIED(d, MEMBERSHIP);
  access_decide(&anyone, ACTION_DIRECTORY_READ, NULL, T, &d);
  assert_true(d.allowed);
  access_decide(&anyone, ACTION_PERSON_READ, NULL, T, &d);
  DENIED(d, ROLE);
}

static void to_open_a_form_is_to_look(void **state)
{
  static const enum action looks[][2] = {{ACTION_PERSON_CREATE, ACTION_PERSON_FIND},
                                         {ACTION_PERSON_WRITE, ACTION_PERSON_READ},
                                         {ACTION_RECORD_WRITE, ACTION_PERSON_READ},
                                         {ACTION_RESTRICT, ACTION_PERSON_READ},
                                         {ACTION_CONCEAL_SET, ACTION_PERSON_READ},
                                         {ACTION_STAND_IN, ACTION_CASE_READ},
                                         {ACTION_CASE_WRITE, ACTION_CASE_READ},
                                         {ACTION_SHEET_WRITE, ACTION_SHEET_READ},
                                         {ACTION_SHEET_SEND, ACTION_SHEET_READ},
                                         {ACTION_CONSENT_RECORD, ACTION_CONSENT_READ},
                                         {ACTION_CONSENT_WITHDRAW, ACTION_CONSENT_READ},
                                         {ACTION_CONNECTION_ANSWER, ACTION_CONNECTION_READ},
                                         {ACTION_CONNECTION_ASSIGN, ACTION_CONNECTION_READ},
                                         {ACTION_CASE_READ, ACTION_CASE_READ}};
  (void)state;
  for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
    assert_int_equal(action_looked(looks[i][0]), looks[i][1]);
}

static void step2_roles(void **state)
{
  static const enum role none[] = {ROLE_ADMIN, ROLE_AUDITOR};
  for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
    struct actor who = actor(none[i], WORKER, CLASSROOM);
    struct world w = world();
    member(&w, &who);
    assign(&w, WORKER, CLASSROOM);
    consent(&w, CLASSROOM, CAT_ALL);
    DENIED(decide(&w, &who, ACTION_PERSON_READ), ROLE);
    DENIED(decide(&w, &who, ACTION_RECORD_READ), ROLE);
  }
  struct actor clerk = actor(ROLE_CLERK, WORKER, CLASSROOM), visitor = actor(ROLE_VOLUNTEER, WORKER, CLASSROOM);
  struct world w = world();
  member(&w, &clerk);
  member(&w, &visitor);
  assign(&w, WORKER, CLASSROOM);
  GIVES(decide(&w, &clerk, ACTION_PERSON_READ), CAT_BASIC, 0);
  DENIED(decide(&w, &clerk, ACTION_RECORD_READ), ROLE);
  struct decision d = decide(&w, &visitor, ACTION_PERSON_READ);
  assert_true(d.allowed && d.visit_only);
  assert_int_equal(d.own & (CAT_MENTAL | CAT_ABUSE | CAT_ECONOMY), 0);
}

static void step3_restriction_takes_its_categories(void **state)
{
  struct actor who;
  struct world w = assigned(&who);
  consent(&w, CLASSROOM, CAT_BASIC | CAT_ABUSE);
  w.r[w.f.restrictions_count++] =
      (struct fact_restriction){.id = 1, .user = WORKER, .categories = CAT_ABUSE, .from = T};
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL & ~CAT_ABUSE, CAT_BASIC);
  GIVES(decide_at(&w, &who, ACTION_PERSON_READ, T - 1), CAT_ALL, CAT_BASIC | CAT_ABUSE);
  w.r[0].categories = CAT_ALL;
  DENIED(decide(&w, &who, ACTION_PERSON_READ), RESTRICTION);
  w.r[0].user = OTHER;
  assert_true(decide(&w, &who, ACTION_PERSON_READ).allowed);
  w.r[0].user = 0, w.r[0].organization = CLASSROOM;
  DENIED(decide(&w, &who, ACTION_PERSON_READ), RESTRICTION);
}

static void step3_break_glass_passes_breakable_restrictions_only(void **state)
{
  struct actor who = actor(ROLE_WORKER, WORKER, NPO);
  struct world w = world();
  member(&w, &who);
  w.e[w.f.break_glasses_count++] = (struct fact_break_glass){70, WORKER, NPO, T, T + BREAK_GLASS_MS};
  w.f.restrictions_count = 2;
  w.r[0] = (struct fact_restriction){.organization = NPO, .categories = CAT_HEALTH, .breakable = true, .from = 1};
  w.r[1] = (struct fact_restriction){.organization = NPO, .categories = CAT_ABUSE, .from = 1};
  struct decision d = decide(&w, &who, ACTION_RECORD_READ);
  GIVES(d, CAT_ALL & ~CAT_ABUSE, CAT_ALL & ~CAT_ABUSE);
  assert_true(d.read_only && cites(&d, REASON_BREAK_GLASS, 70));
}

static void permit_a_own_rows(void **state)
{
  struct actor who;
  struct world w = assigned(&who);
  struct decision d = decide(&w, &who, ACTION_RECORD_WRITE);
  GIVES(d, CAT_ALL, 0);
  assert_true(cites(&d, REASON_OWN, CASE));
  w.a[0].until = T;
  DENIED(decide(&w, &who, ACTION_RECORD_WRITE), NOTHING);
  w.a[0].until = 0, w.a[0].organization = NPO;
  DENIED(decide(&w, &who, ACTION_RECORD_WRITE), NOTHING);
  /* Taking part is the manager's way, nobody else's. */
  w.p[w.f.participations_count++] = (struct fact_participation){CASE, CLASSROOM, PART_PARTNER, 1, T + 1};
  DENIED(decide(&w, &who, ACTION_RECORD_READ), NOTHING);
  struct actor head = actor(ROLE_MANAGER, MANAGER, CLASSROOM);
  member(&w, &head);
  GIVES(decide(&w, &head, ACTION_RECORD_READ), CAT_ALL, 0);
  DENIED(decide_at(&w, &head, ACTION_RECORD_READ, T + 1), NOTHING);
}

static void permit_b_needs_both_consent_and_work(void **state)
{
  struct actor who;
  struct world w = assigned(&who);
  struct fact_consent *c = consent(&w, CLASSROOM, CAT_BASIC | CAT_EDUCATION);
  struct decision d = decide(&w, &who, ACTION_PERSON_READ);
  GIVES(d, CAT_ALL, CAT_BASIC | CAT_EDUCATION);
  assert_true(cites(&d, REASON_CONSENT, c->id));
  w.f.assignments_count = 0;
  DENIED(decide(&w, &who, ACTION_PERSON_READ), NOTHING);
  w.f.assignments_count = 1;
  c->organization = NPO;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, 0);
}

static void consent_ends_at_its_edges(void **state)
{
  struct actor who;
  struct world w = assigned(&who);
  struct fact_consent *c = consent(&w, CLASSROOM, CAT_BASIC);
  c->from = T, c->until = T + 5;
  GIVES(decide_at(&w, &who, ACTION_PERSON_READ, T - 1), CAT_ALL, 0);
  GIVES(decide_at(&w, &who, ACTION_PERSON_READ, T), CAT_ALL, CAT_BASIC);
  GIVES(decide_at(&w, &who, ACTION_PERSON_READ, T + 4), CAT_ALL, CAT_BASIC);
  GIVES(decide_at(&w, &who, ACTION_PERSON_READ, T + 5), CAT_ALL, 0);
  c->withdrawn = true;
  GIVES(decide_at(&w, &who, ACTION_PERSON_READ, T), CAT_ALL, 0);
}

static void consent_refused_later_ends_it_and_later_consent_starts_anew(void **state)
{
  struct actor who;
  struct world w = assigned(&who);
  consent(&w, CLASSROOM, CAT_BASIC)->from = 10;
  struct fact_consent *no = consent(&w, CLASSROOM, 0);
  no->from = 20, no->refused = true;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, 0);
  consent(&w, CLASSROOM, CAT_CONTACT)->from = 30;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, CAT_CONTACT);
  no->withdrawn = true;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, CAT_BASIC | CAT_CONTACT);
  no->withdrawn = false, no->from = 10; /* the same instant: the greater id is later */
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, CAT_CONTACT);
  no->id = 1;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, CAT_BASIC | CAT_CONTACT);
}

static void consent_under_age_is_the_guardians(void **state)
{
  struct actor who;
  struct world w = assigned(&who);
  w.f.own_from = T + 1;
  consent(&w, CLASSROOM, CAT_ALL);
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, 0);
  guardian(&w, MOTHER, AUTHORITY_SOLE);
  struct fact_consent *hers = consent_by(&w, MOTHER, AUTHORITY_SOLE, CLASSROOM, CAT_BASIC);
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, CAT_BASIC);
  GIVES(decide_at(&w, &who, ACTION_PERSON_READ, T + 1), CAT_ALL, CAT_ALL); /* the birthday */
  hers->authority = AUTHORITY_NONE;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, 0);
  hers->authority = AUTHORITY_DAILY;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, CAT_BASIC);
  w.g[0].until = T;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, 0);
}

static void consent_under_age_wants_the_person_heard(void **state)
{
  struct actor who;
  struct world w = assigned(&who);
  w.f.own_from = T + 1;
  guardian(&w, MOTHER, AUTHORITY_SOLE);
  struct fact_consent *hers = consent_by(&w, MOTHER, AUTHORITY_SOLE, CLASSROOM, CAT_BASIC);
  hers->heard = false;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, 0);
  w.f.rule.heard_needed = false;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, CAT_BASIC);
  w.f.rule.heard_needed = true;
  struct fact_consent *his = consent(&w, CLASSROOM, CAT_CONTACT);
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, CAT_BASIC);
  his->refused = true, hers->heard = true;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, 0);
  w.f.rule.guardian_overrides = true;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, CAT_BASIC);
}

static void consent_joint_custody(void **state)
{
  struct actor who;
  struct world w = assigned(&who);
  w.f.own_from = T + 1;
  guardian(&w, MOTHER, AUTHORITY_JOINT);
  guardian(&w, FATHER, AUTHORITY_JOINT);
  consent_by(&w, MOTHER, AUTHORITY_JOINT, CLASSROOM, CAT_BASIC | CAT_CONTACT);
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, 0);
  struct fact_consent *his = consent_by(&w, FATHER, AUTHORITY_JOINT, CLASSROOM, CAT_BASIC | CAT_FAMILY);
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, CAT_BASIC);
  struct fact_consent *urgent = consent_by(&w, MOTHER, AUTHORITY_URGENT, CLASSROOM, CAT_HEALTH);
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, CAT_BASIC | CAT_HEALTH);
  his->withdrawn = true;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, CAT_HEALTH);
  urgent->withdrawn = true;
  w.f.rule.joint_needs_all = false;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, CAT_BASIC | CAT_CONTACT);
}

/* What one of two gave jointly does not count, nor does what it says of hearing him. */
static void consent_joint_alone_tells_nothing(void **state)
{
  struct actor who;
  struct world w = assigned(&who);
  w.f.own_from = T + 1;
  guardian(&w, MOTHER, AUTHORITY_JOINT);
  guardian(&w, FATHER, AUTHORITY_JOINT);
  consent_by(&w, MOTHER, AUTHORITY_JOINT, CLASSROOM, CAT_BASIC);
  struct fact_consent *urgent = consent_by(&w, FATHER, AUTHORITY_URGENT, CLASSROOM, CAT_HEALTH);
  urgent->heard = false;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, 0);
  urgent->heard = true;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, CAT_HEALTH);
}

/* Nor does a guardian who no longer is one. */
static void consent_of_a_former_guardian_tells_nothing(void **state)
{
  struct actor who;
  struct world w = assigned(&who);
  w.f.own_from = T + 1;
  guardian(&w, MOTHER, AUTHORITY_SOLE);
  guardian(&w, FATHER, AUTHORITY_SOLE);
  consent_by(&w, MOTHER, AUTHORITY_SOLE, CLASSROOM, CAT_BASIC);
  consent_by(&w, FATHER, AUTHORITY_SOLE, CLASSROOM, CAT_HEALTH)->heard = false;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, CAT_BASIC | CAT_HEALTH);
  w.g[0].until = T;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, 0);
}

static cats_t cited(const struct decision *d, id64 ref)
{
  for (size_t i = 0; i < d->reason_count; i++)
    if (d->reasons[i].kind == REASON_CONSENT && d->reasons[i].ref == ref)
      return d->reasons[i].categories;
  return 0;
}

static void consent_is_cited_for_what_it_gave(void **state)
{
  struct actor who;
  struct world w = assigned(&who);
  w.f.own_known = false;
  guardian(&w, MOTHER, AUTHORITY_JOINT);
  guardian(&w, FATHER, AUTHORITY_JOINT);
  id64 his = consent(&w, CLASSROOM, CAT_BASIC | CAT_HEALTH | CAT_WORK)->id;
  id64 joint = consent_by(&w, MOTHER, AUTHORITY_JOINT, CLASSROOM, CAT_BASIC | CAT_HEALTH)->id;
  consent_by(&w, FATHER, AUTHORITY_JOINT, CLASSROOM, CAT_BASIC);
  id64 alone = consent_by(&w, FATHER, AUTHORITY_URGENT, CLASSROOM, CAT_HEALTH)->id;
  struct decision d = decide(&w, &who, ACTION_PERSON_READ);
  GIVES(d, CAT_ALL, CAT_BASIC | CAT_HEALTH);
  assert_int_equal(cited(&d, his), CAT_BASIC | CAT_HEALTH);
  assert_int_equal(cited(&d, joint), CAT_BASIC);
  assert_int_equal(cited(&d, alone), CAT_HEALTH);
}

static void consent_with_unknown_birth_date_wants_both(void **state)
{
  struct actor who;
  struct world w = assigned(&who);
  w.f.own_known = false;
  struct fact_consent *his = consent(&w, CLASSROOM, CAT_BASIC | CAT_WORK);
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, CAT_BASIC | CAT_WORK);
  guardian(&w, MOTHER, AUTHORITY_SOLE);
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, 0);
  consent_by(&w, MOTHER, AUTHORITY_SOLE, CLASSROOM, CAT_BASIC | CAT_FAMILY);
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, CAT_BASIC);
  his->withdrawn = true;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, 0);
}

static void permit_c_basis_is_complete_and_approved_by_another(void **state)
{
  struct actor who;
  struct world w = assigned(&who);
  w.b[w.f.bases_count++] = (struct fact_basis){80, CLASSROOM, WORKER, MANAGER, 1, CAT_ABUSE, true, 1, 0};
  struct decision d = decide(&w, &who, ACTION_PERSON_READ);
  GIVES(d, CAT_ALL, CAT_ABUSE);
  assert_true(cites(&d, REASON_BASIS, 80));
  w.b[0].approver = WORKER;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, 0);
  w.b[0].approver = 0;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, 0);
  w.b[0].approver = MANAGER, w.b[0].requester = 0;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, 0);
  w.b[0].requester = WORKER, w.b[0].complete = false;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, 0);
  w.b[0].complete = true, w.b[0].organization = NPO;
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, 0);
}

static void permit_d_invitation_lasts_as_long_as_the_meeting(void **state)
{
  struct actor who = actor(ROLE_WORKER, WORKER, NPO);
  struct world w = world();
  member(&w, &who);
  w.v[w.f.invitations_count++] = (struct fact_invitation){90, NPO, 0, CAT_BASIC | CAT_SUPPORT, T, T + 10};
  struct decision d = decide(&w, &who, ACTION_CASE_READ);
  GIVES(d, CAT_BASIC | CAT_SUPPORT, CAT_BASIC | CAT_SUPPORT);
  assert_true(cites(&d, REASON_INVITATION, 90) && !d.read_only);
  DENIED(decide(&w, &who, ACTION_RECORD_READ), NOTHING);
  DENIED(decide(&w, &who, ACTION_PRINT), NOTHING);
  DENIED(decide_at(&w, &who, ACTION_CASE_READ, T + 10), NOTHING);
  struct actor visitor = actor(ROLE_VOLUNTEER, OTHER, NPO);
  member(&w, &visitor);
  DENIED(decide(&w, &visitor, ACTION_CASE_READ), NOTHING);
  w.v[0].organization = 0, w.v[0].user = OTHER;
  assert_true(decide(&w, &visitor, ACTION_CASE_READ).allowed);
  DENIED(decide(&w, &who, ACTION_CASE_READ), NOTHING);
}

/* Where a restriction that does not yield bars everything, there is no glass to break. */
static void what_no_emergency_opens_is_not_asked_for(void **state)
{
  struct actor who = actor(ROLE_WORKER, WORKER, NPO);
  struct world w = world();
  member(&w, &who);
  assert_true(decide(&w, &who, ACTION_BREAK_GLASS).allowed);
  w.r[w.f.restrictions_count++] = (struct fact_restriction){.user = WORKER, .categories = CAT_ALL, .from = T};
  assert_false(decide(&w, &who, ACTION_BREAK_GLASS).allowed);
  w.r[0].breakable = true;
  assert_true(decide(&w, &who, ACTION_BREAK_GLASS).allowed);
}

static void permit_e_break_glass_reads_for_four_hours(void **state)
{
  struct actor who = actor(ROLE_WORKER, WORKER, NPO);
  struct world w = world();
  member(&w, &who);
  w.e[w.f.break_glasses_count++] = (struct fact_break_glass){70, WORKER, NPO, T, T + BREAK_GLASS_MS};
  GIVES(decide(&w, &who, ACTION_RECORD_READ), CAT_ALL, CAT_ALL);
  assert_true(decide(&w, &who, ACTION_RECORD_READ).read_only);
  DENIED(decide(&w, &who, ACTION_RECORD_WRITE), NOTHING);
  DENIED(decide(&w, &who, ACTION_EXPORT), NOTHING);
  DENIED(decide_at(&w, &who, ACTION_RECORD_READ, T + BREAK_GLASS_MS), NOTHING);
  w.e[0].until++;
  DENIED(decide(&w, &who, ACTION_RECORD_READ), NOTHING);
  w.e[0].until = 0;
  DENIED(decide(&w, &who, ACTION_RECORD_READ), NOTHING);
  w.e[0].until = T + 1, w.e[0].organization = CITY;
  DENIED(decide(&w, &who, ACTION_RECORD_READ), NOTHING);
  w.e[0].organization = NPO;
  assign(&w, WORKER, NPO);
  assert_false(decide(&w, &who, ACTION_RECORD_READ).read_only);
  struct actor clerk = actor(ROLE_CLERK, WORKER, NPO);
  w.f.assignments_count = 0;
  member(&w, &clerk);
  DENIED(decide(&w, &clerk, ACTION_PERSON_READ), NOTHING);
}

static void permit_f_stand_in_for_a_colleague(void **state)
{
  struct actor who = actor(ROLE_WORKER, OTHER, CLASSROOM);
  struct world w = world();
  member(&w, &who);
  assign(&w, WORKER, CLASSROOM);
  consent(&w, CLASSROOM, CAT_BASIC);
  DENIED(decide(&w, &who, ACTION_PERSON_READ), NOTHING);
  assert_true(decide(&w, &who, ACTION_STAND_IN).allowed);
  w.s[w.f.stand_ins_count++] = (struct fact_stand_in){95, OTHER, CLASSROOM, CASE, T, T + 5};
  struct decision d = decide(&w, &who, ACTION_PERSON_READ);
  GIVES(d, CAT_ALL, CAT_BASIC);
  assert_true(cites(&d, REASON_STAND_IN, 95) && cites(&d, REASON_CONSENT, w.c[0].id));
  assert_true(decide(&w, &who, ACTION_RECORD_WRITE).allowed);
  DENIED(decide(&w, &who, ACTION_SHEET_SEND), NOTHING);
  DENIED(decide_at(&w, &who, ACTION_PERSON_READ, T + 5), NOTHING);
  w.f.rule.stand_in_allowed = false;
  DENIED(decide(&w, &who, ACTION_PERSON_READ), NOTHING);
  DENIED(decide(&w, &who, ACTION_STAND_IN), NOTHING);
  w.f.rule.stand_in_allowed = true;
  w.a[0].organization = NPO; /* the colleague's organization no longer works on it */
  DENIED(decide(&w, &who, ACTION_PERSON_READ), NOTHING);
  DENIED(decide(&w, &who, ACTION_STAND_IN), NOTHING);
}

static void permit_g_person_and_guardian(void **state)
{
  struct actor boy = {.role = ROLE_PERSON, .network = NET, .person = BOY, .session_until = 2 * T};
  struct actor mother = {
      .role = ROLE_GUARDIAN, .network = NET, .person = BOY, .guardian = MOTHER, .session_until = 2 * T};
  struct world w = world();
  struct decision d = decide(&w, &boy, ACTION_PERSON_READ);
  GIVES(d, CAT_ALL, CAT_ALL);
  assert_int_equal(d.sources, 1 << SOURCE_PERSON);
  assert_int_equal(d.hidden_marks, MARK_SEPARATE);
  boy.person++;
  DENIED(decide(&w, &boy, ACTION_PERSON_READ), NOTHING);
  DENIED(decide(&w, &mother, ACTION_PERSON_READ), NOTHING);
  guardian(&w, MOTHER, AUTHORITY_SOLE);
  DENIED(decide(&w, &mother, ACTION_SEEN_READ), NOTHING); /* he is of own age and she gave nothing */
  consent_by(&w, MOTHER, AUTHORITY_SOLE, NPO, CAT_BASIC | CAT_ABUSE);
  consent(&w, NPO, CAT_ALL);
  consent_by(&w, FATHER, AUTHORITY_SOLE, NPO, CAT_WORK);
  d = decide(&w, &mother, ACTION_SEEN_READ);
  GIVES(d, CAT_BASIC, CAT_BASIC);
  assert_true(d.guardian_only && cites(&d, REASON_GUARDIAN, MOTHER));
  w.f.own_from = T + 1;
  d = decide(&w, &mother, ACTION_PERSON_READ);
  GIVES(d, CAT_ALL & ~(CAT_MENTAL | CAT_ABUSE), CAT_ALL & ~(CAT_MENTAL | CAT_ABUSE));
  assert_false(d.guardian_only);
  DENIED(decide(&w, &mother, ACTION_RECORD_READ), ROLE);
  w.f.own_known = false;
  assert_true(decide(&w, &mother, ACTION_PERSON_READ).guardian_only);
  w.f.own_known = true, w.g[0].authority = AUTHORITY_NONE;
  assert_true(decide(&w, &mother, ACTION_PERSON_READ).guardian_only);
  w.f.restrictions_count = 1;
  w.r[0] = (struct fact_restriction){.guardian = MOTHER, .categories = CAT_ALL, .from = 1};
  DENIED(decide(&w, &mother, ACTION_PERSON_READ), RESTRICTION);
  w.f.restrictions_count = 0, w.g[0].until = T;
  DENIED(decide(&w, &mother, ACTION_PERSON_READ), NOTHING);
}

static void concealed_items_leave_for_holders_on_demand_only(void **state)
{
  struct actor who;
  struct world w = assigned(&who);
  w.k[w.f.concealments_count++] = (struct fact_concealment){1, ITEM_ADDRESS | ITEM_PHONE, 1, 0};
  struct decision d = decide(&w, &who, ACTION_PERSON_READ);
  assert_true(d.concealment);
  assert_int_equal(d.hidden_items, ITEM_ADDRESS | ITEM_PHONE);
  DENIED(decide(&w, &who, ACTION_CONCEAL_OPEN), NOTHING);
  w.h[w.f.holders_count++] = (struct fact_holder){1, WORKER, 1, T + 1};
  assert_int_equal(decide(&w, &who, ACTION_PERSON_READ).hidden_items, ITEM_ADDRESS | ITEM_PHONE);
  assert_int_equal(decide(&w, &who, ACTION_PRINT).hidden_items, ITEM_ADDRESS | ITEM_PHONE);
  d = decide(&w, &who, ACTION_CONCEAL_OPEN);
  assert_true(d.allowed && d.concealment);
  assert_int_equal(d.hidden_items, 0);
  w.k[w.f.concealments_count++] = (struct fact_concealment){2, ITEM_PHONE, 1, 0};
  assert_int_equal(decide(&w, &who, ACTION_CONCEAL_OPEN).hidden_items, ITEM_PHONE);
  DENIED(decide_at(&w, &who, ACTION_CONCEAL_OPEN, T + 1), NOTHING);
  w.k[0].until = w.k[1].until = T;
  assert_false(decide(&w, &who, ACTION_PERSON_READ).concealment);
}

static void duplicates_and_many_reasons(void **state)
{
  struct actor who;
  struct world w = assigned(&who);
  struct fact_consent many[40];
  for (int i = 0; i < 40; i++)
    many[i] = (struct fact_consent){
        .id = 100 + i, .organization = CLASSROOM, .by = PARTY_PERSON, .categories = 1u << i % 12, .from = 1};
  bind(&w);
  w.f.consents = many, w.f.consents_count = 40;
  struct decision d;
  access_decide(&who, ACTION_PERSON_READ, &w.f, T, &d);
  GIVES(d, CAT_ALL, CAT_ALL);
  assert_int_equal(d.reason_count, REASONS);
}

static void tables_are_whole(void **state)
{
  bool may;
  for (int a = 0; a < ACTION_COUNT; a++) {
    bool somebody = false;
    assert_true(action_code((enum action)a)[0] && action_label((enum action)a)[0]);
    for (int r = 0; r < ROLE_COUNT; r++) {
      cats_t mask = role_may((enum role)r, (enum action)a, &may);
      somebody |= may;
      assert_true(mask <= CAT_ALL && (may || !mask));
    }
    assert_true(somebody);
  }
  for (int r = ROLE_NONE + 1; r < ROLE_COUNT; r++) {
    enum role back;
    assert_true(role_parse(str_from(role_code((enum role)r)), &back) && back == (enum role)r);
    assert_true(role_label((enum role)r)[0]);
  }
  enum role none;
  assert_false(role_parse(STR_NONE, &none));
  for (int i = 0; i < CATEGORIES; i++)
    assert_true(category_code(i)[0] && category_label(i)[0]);
}

static void members_who_may_are_the_same_in_sql(void **state)
{
  static const struct {
    enum action action;
    const char *sql;
  } lists[] = {
      {ACTION_CASE_LIST, MAY_CASE_LIST}, {ACTION_CONCEAL_OPEN, MAY_CONCEAL_OPEN}, {ACTION_STAND_IN, MAY_STAND_IN}};
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
    for (int r = ROLE_NONE + 1; r < ROLE_COUNT; r++) {
      char quoted[40];
      bool may;
      snprintf(quoted, sizeof quoted, "'%s'", role_code((enum role)r));
      (void)role_may((enum role)r, lists[i].action, &may);
      assert_true(may == (strstr(lists[i].sql, quoted) != NULL));
    }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(step1_session_factor_membership),
      cmocka_unit_test(step1_without_facts_nobody_is_a_member),
      cmocka_unit_test(to_open_a_form_is_to_look),
      cmocka_unit_test(step2_roles),
      cmocka_unit_test(step3_restriction_takes_its_categories),
      cmocka_unit_test(step3_break_glass_passes_breakable_restrictions_only),
      cmocka_unit_test(permit_a_own_rows),
      cmocka_unit_test(permit_b_needs_both_consent_and_work),
      cmocka_unit_test(consent_ends_at_its_edges),
      cmocka_unit_test(consent_refused_later_ends_it_and_later_consent_starts_anew),
      cmocka_unit_test(consent_under_age_is_the_guardians),
      cmocka_unit_test(consent_under_age_wants_the_person_heard),
      cmocka_unit_test(consent_joint_custody),
      cmocka_unit_test(consent_joint_alone_tells_nothing),
      cmocka_unit_test(consent_of_a_former_guardian_tells_nothing),
      cmocka_unit_test(consent_is_cited_for_what_it_gave),
      cmocka_unit_test(consent_with_unknown_birth_date_wants_both),
      cmocka_unit_test(permit_c_basis_is_complete_and_approved_by_another),
      cmocka_unit_test(permit_d_invitation_lasts_as_long_as_the_meeting),
      cmocka_unit_test(what_no_emergency_opens_is_not_asked_for),
      cmocka_unit_test(permit_e_break_glass_reads_for_four_hours),
      cmocka_unit_test(permit_f_stand_in_for_a_colleague),
      cmocka_unit_test(permit_g_person_and_guardian),
      cmocka_unit_test(concealed_items_leave_for_holders_on_demand_only),
      cmocka_unit_test(duplicates_and_many_reasons),
      cmocka_unit_test(tables_are_whole),
      cmocka_unit_test(members_who_may_are_the_same_in_sql),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
