/* access_edges: what the stories and the generated worlds do not happen to ask: values out of range, the second half of a condition, who looked
 * as a guardian gets it told, previews and parts of what is not there. */
#include "access_world.h"

#include "access/scope_impl.h"
#include "base/limits.h"

static void words_of_what_is_not_known_are_empty(void **state)
{
  bool may = true;
  static const int odd[] = {-1, 1000};
  for (int i = 0; i < 2; i++) {
    assert_string_equal(category_code(odd[i]), "");
    assert_string_equal(category_label(odd[i]), "");
    assert_string_equal(category_code_of((cats_t)odd[i]), "support");
    assert_string_equal(source_code((enum source)odd[i]), "staff");
    assert_string_equal(source_label((enum source)odd[i]), source_label(SOURCE_STAFF));
    assert_string_equal(role_code((enum role)odd[i]), "");
    assert_string_equal(role_label((enum role)odd[i]), "");
    assert_string_equal(action_code((enum action)odd[i]), "");
    assert_string_equal(action_label((enum action)odd[i]), "");
    assert_false(action_about_person((enum action)odd[i]));
    assert_int_equal(role_may((enum role)odd[i], ACTION_CASE_READ, &may), 0);
    assert_false(may);
    assert_int_equal(role_may(ROLE_WORKER, (enum action)odd[i], &may), 0);
    assert_false(may);
  }
  assert_string_equal(source_code((enum source)0), "staff");
  for (int i = 0; i < CATEGORIES; i++)
    assert_true(category_code(i)[0] && category_label(i)[0] && category_code_of(1u << i) == category_code(i));
  for (int r = ROLE_NONE; r < ROLE_COUNT; r++)
    assert_true((r == ROLE_NONE) == !role_code((enum role)r)[0] && (r == ROLE_NONE) == !role_label((enum role)r)[0]);
  for (int a = 0; a < ACTION_COUNT; a++)
    assert_true(action_code((enum action)a)[0] && action_label((enum action)a)[0]);
  assert_int_equal(role_may(ROLE_NONE, ACTION_CASE_READ, &may), 0);
  assert_false(may);
}

/* 0 is none and equals nothing, on either side. */
static void nobody_is_nobody(void **state)
{
  struct actor who;
  struct world w = assigned(&who);
  struct actor none = who;
  none.role = ROLE_NONE;
  DENIED(decide(&w, &none, ACTION_PERSON_READ), ROLE);
  w.a[0].user = 0;
  DENIED(decide(&w, &who, ACTION_PERSON_READ), NOTHING);
  w.s[w.f.stand_ins_count++] = (struct fact_stand_in){1, 0, who.organization, CASE, 1, 0};
  w.e[w.f.break_glasses_count++] = (struct fact_break_glass){1, who.user, who.organization, T - 1, 0};
  DENIED(decide(&w, &who, ACTION_PERSON_READ), NOTHING);
  w.a[0].user = who.user;
  w.k[w.f.concealments_count++] = (struct fact_concealment){7, ITEM_ADDRESS, 1, 0};
  w.h[w.f.holders_count++] = (struct fact_holder){7, 0, 1, 0};
  DENIED(decide(&w, &who, ACTION_CONCEAL_OPEN), NOTHING);
  w.c[w.f.consents_count++] = (struct fact_consent){
      .id = 1, .organization = who.organization, .by = (enum party)9, .categories = CAT_HEALTH, .from = 1};
  assert_int_equal(decide(&w, &who, ACTION_PERSON_READ).others, 0);
  w.c[w.f.consents_count++] = (struct fact_consent){
      .id = 2, .organization = who.organization, .by = PARTY_PERSON, .categories = CAT_HEALTH, .from = 1};
  assert_int_equal(decide(&w, &who, ACTION_PERSON_READ).others, CAT_HEALTH);
  w.a[0].user = 0;
  w.e[0] = (struct fact_break_glass){1, who.user, who.organization, T - 1, T + BREAK_GLASS_MS};
  DENIED(decide(&w, &who, ACTION_PERSON_READ), NOTHING); /* longer than four hours */
  w.e[0] = (struct fact_break_glass){1, who.user, who.organization, T + 1, T + 2};
  DENIED(decide(&w, &who, ACTION_PERSON_READ), NOTHING);
  w.e[0] = (struct fact_break_glass){1, who.user, who.organization, T - 2, T};
  DENIED(decide(&w, &who, ACTION_PERSON_READ), NOTHING);
  w.e[0] = (struct fact_break_glass){1, who.user, who.organization, T - 1, T + 1};
  GIVES(decide(&w, &who, ACTION_PERSON_READ), CAT_ALL, CAT_ALL);
  const struct fact_break_glass odd[] = {
      {1, 0, who.organization, T - 1, T + 1},    {1, OTHER, who.organization, T - 1, T + 1},
      {1, who.user, 99, T - 1, T + 1},           {1, who.user, who.organization, T - 1, 0},
      {1, who.user, who.organization, T + 1, 0}, {1, who.user, who.organization, -BREAK_GLASS_MS, 0}};
  for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
    w.e[0] = odd[i];
    DENIED(decide(&w, &who, ACTION_PERSON_READ), NOTHING);
  }
  w.f.break_glasses_count = 0;
  struct actor person = actor(ROLE_PERSON, 0, 0);
  DENIED(decide(&w, &person, ACTION_PERSON_READ), NOTHING);
  w.f.person = 0;
  person.person = BOY;
  DENIED(decide(&w, &person, ACTION_PERSON_READ), NOTHING);
  struct decision d;
  access_decide(&person, ACTION_PERSON_READ, NULL, T, &d);
  assert_int_equal(d.reasons[0].kind, REASON_DENIED_NOTHING);
}

/* ---- who looked -------------------------------------------------------------------------------------------------------------- */

struct told {
  struct world w;
  struct scope s;
};

/* The mother, who gave the city's organization everything; the boy is fifteen. */
static void told_new(struct told *t)
{
  *t = (struct told){.w = world()};
  t->w.f.own_from = 100 * T;
  t->w.g[t->w.f.guardians_count++] = (struct fact_guardian){MOTHER, AUTHORITY_SOLE, 1, 0};
  t->w.c[t->w.f.consents_count++] = (struct fact_consent){.id = 60,
                                                          .organization = CITY,
                                                          .guardian = MOTHER,
                                                          .by = PARTY_GUARDIAN,
                                                          .authority = AUTHORITY_SOLE,
                                                          .categories = CAT_ALL,
                                                          .heard = true,
                                                          .from = 1};
  bind(&t->w);
  t->s = (struct scope){.facts = &t->w.f, .at = T, .person = BOY, .action = ACTION_SEEN_READ};
  t->s.who = (struct actor){
      .role = ROLE_GUARDIAN, .network = NET, .person = BOY, .guardian = MOTHER, .session_from = 0, .session_until = 0};
  access_decide(&t->s.who, ACTION_SEEN_READ, &t->w.f, T, &t->s.decision);
  assert_true(t->s.decision.allowed);
}

static struct look look(enum action action, enum reason_kind reason)
{
  return (struct look){.organization = CITY, .action = action, .reason = reason, .reason_ref = 1, .at = T / 2};
}

static bool shows(struct told *t, struct look l)
{
  bind(&t->w);
  return scope_shows_look(&t->s, &l);
}

static void a_guardian_is_told_of_what_was_given_and_of_nothing_that_protects(void **state)
{
  struct told t;
  told_new(&t);
  assert_true(shows(&t, look(ACTION_RECORD_READ, REASON_OWN)));
  assert_false(shows(&t, look(ACTION_CONSENT_READ, REASON_OWN)));
  assert_false(shows(&t, look(ACTION_RECORD_READ, REASON_BREAK_GLASS)));
  assert_false(shows(&t, look(ACTION_RECORD_READ, (enum reason_kind)99)));
  struct look l = look(ACTION_RECORD_READ, REASON_OWN);
  l.organization = 0;
  assert_false(shows(&t, l));
  l.organization = NPO; /* nothing was given to it */
  assert_false(shows(&t, l));
  t.w.c[0].by = PARTY_PERSON;
  assert_false(shows(&t, look(ACTION_RECORD_READ, REASON_OWN)));
  t.w.c[0].by = PARTY_GUARDIAN;
  t.w.c[0].guardian = FATHER;
  assert_false(shows(&t, look(ACTION_RECORD_READ, REASON_OWN)));
  t.w.c[0].guardian = MOTHER;
  t.w.c[0].categories = 0;
  assert_false(shows(&t, look(ACTION_RECORD_READ, REASON_OWN)));
  t.w.c[0].categories = CAT_ALL;
  t.w.c[0].withdrawn = true;
  assert_false(shows(&t, look(ACTION_RECORD_READ, REASON_OWN)));
}

static void a_basis_is_told_when_it_is_known_and_protects_nobody(void **state)
{
  struct told t;
  static const struct {
    int code;
    bool told;
  } bases[] = {{0, false},
               {BASIS_COUNCIL_REQUEST, true},
               {BASIS_CHILD_PROTECTION, false},
               {BASIS_ABUSE_REQUEST, false},
               {BASIS_SUPPORT_MEETING, true},
               {BASIS_PLAIN_BENEFIT, true},
               {BASIS_EMERGENCY, false}};
  told_new(&t);
  assert_false(shows(&t, look(ACTION_RECORD_READ, REASON_BASIS))); /* it is not there */
  assert_true(shows(&t, look(ACTION_CASE_LIST, REASON_ROLE)));
  t.w.f.bases_count = 2;
  t.w.b[0] = (struct fact_basis){.id = 2, .organization = CITY, .code = BASIS_SUPPORT_MEETING, .from = 1};
  for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
    t.w.b[1] = (struct fact_basis){.id = 1, .organization = CITY, .code = bases[i].code, .from = 1};
    assert_int_equal(shows(&t, look(ACTION_RECORD_READ, REASON_BASIS)), bases[i].told);
    assert_int_equal(shows(&t, look(ACTION_CASE_LIST, REASON_ROLE)), bases[i].told);
    t.w.b[1].organization = NPO;
    assert_true(shows(&t, look(ACTION_CASE_LIST, REASON_ROLE)));
    t.w.b[1].organization = CITY;
    t.w.b[1].until = 2;
    assert_true(shows(&t, look(ACTION_CASE_LIST, REASON_ROLE)));
  }
  t.w.f.break_glasses_count = 1;
  t.w.e[0] = (struct fact_break_glass){1, WORKER, NPO, 1, T};
  assert_true(shows(&t, look(ACTION_CASE_LIST, REASON_ROLE)));
  t.w.e[0].organization = CITY;
  assert_false(shows(&t, look(ACTION_CASE_LIST, REASON_ROLE)));
  t.w.e[0].until = 2;
  assert_true(shows(&t, look(ACTION_CASE_LIST, REASON_ROLE)));
}

static void the_paper_of_who_may_not_have_one_is_empty(void **state)
{
  struct told t;
  struct look l = look(ACTION_RECORD_READ, REASON_OWN);
  told_new(&t);
  assert_true(scope_shows_consent(&t.s, 60));
  assert_false(scope_shows_consent(&t.s, 61));
  t.w.c[0].by = PARTY_PERSON;
  assert_false(scope_shows_consent(&t.s, 60));
  t.w.c[0].by = PARTY_GUARDIAN;
  t.w.c[0].guardian = FATHER;
  assert_false(scope_shows_consent(&t.s, 60));
  t.s.decision.guardian_only = true;
  t.w.c[0] = (struct fact_consent){
      .id = 60, .organization = CITY, .guardian = MOTHER, .by = PARTY_GUARDIAN, .categories = 1, .from = T - 1};
  assert_false(shows(&t, l)); /* from before it was given */
  l.at = T;
  assert_true(shows(&t, l));
  t.s.who.role = ROLE_WORKER;
  assert_false(shows(&t, l));
  t.s.who.role = ROLE_PERSON;
  assert_true(shows(&t, l) && scope_shows_consent(&t.s, 5));
  t.s.decision.allowed = false;
  assert_false(shows(&t, l) || scope_shows_consent(&t.s, 60));
  t.s.facts = NULL;
  assert_false(shows(&t, l) || scope_shows_consent(&t.s, 60));
}

/* ---- what a scope says ---------------------------------------------------------------------------------------------------------- */

static void a_preview_shows_no_more_than_its_sender_sees(void **state)
{
  struct scope sender = {
      .decision = {.allowed = true, .own = CAT_BASIC, .others = CAT_BASIC, .sources = 1u << SOURCE_PERSON}};
  struct scope s = {.decision = {.allowed = true, .own = CAT_ALL, .others = CAT_ALL, .sources = 0x1e},
                    .limit = &sender};
  assert_true(scope_sees(&s, CAT_BASIC, 1, 0));
  assert_false(scope_sees(&s, CAT_HEALTH, 1, 0));
  assert_true(scope_hears(&s, SOURCE_PERSON));
  assert_false(scope_hears(&s, SOURCE_STAFF));
  assert_false(scope_hears(&sender, SOURCE_STAFF));
  assert_false(scope_hides(&s, ITEM_ADDRESS));
  sender.decision.hidden_items = ITEM_ADDRESS;
  assert_true(scope_hides(&s, ITEM_ADDRESS));
  assert_true(scope_hides(&sender, ITEM_ADDRESS));
  assert_false(scope_hides(&sender, ITEM_PHONE));
  assert_false(scope_writes(&s));
  assert_true(scope_writes(&sender));
  sender.decision.read_only = true;
  assert_false(scope_writes(&sender));
  sender.decision.allowed = false;
  assert_false(scope_writes(&sender));
  assert_false(scope_may(&s, ACTION_CASE_READ));
  assert_false(scope_bars(&s, WORKER));
  assert_false(scope_wrote(&s, 0));
  scope_showed(&s, 1); /* no event: nobody looked */
  scope_seen_as(&s, ACTION_CASE_READ);
  scope_showed_categories(&s, CAT_ALL);
}

static void marks_hide_rows(void **state)
{
  struct scope s = {.decision = {.own = CAT_ALL, .others = CAT_ALL}};
  assert_true(scope_sees(&s, CAT_BASIC, 1, MARK_SEPARATE));
  s.decision.hidden_marks = MARK_SEPARATE;
  assert_false(scope_sees(&s, CAT_BASIC, 1, MARK_SEPARATE));
  assert_true(scope_sees(&s, CAT_BASIC, 1, MARK_VISIT));
  s.decision.visit_only = true;
  assert_false(scope_sees(&s, CAT_BASIC, 1, 0));
  assert_true(scope_sees(&s, CAT_BASIC, 1, MARK_VISIT));
  assert_false(scope_sees(&s, CAT_BASIC, 1, MARK_VISIT | MARK_SEPARATE));
}

static void who_is_barred_is_barred_from_everything(void **state)
{
  struct world w = world();
  struct scope s = {.facts = &w.f, .at = T};
  w.r[0] = (struct fact_restriction){.id = 1, .user = WORKER, .categories = CAT_ALL, .from = 1};
  w.f.restrictions_count = 1;
  bind(&w);
  assert_true(scope_bars(&s, WORKER));
  assert_false(scope_bars(&s, OTHER));
  w.r[0].until = T;
  assert_false(scope_bars(&s, WORKER));
  assert_false(scope_may(&s, ACTION_CASE_LIST)); /* not about a person */
}

/* Consent did it already: then law is not what a look is reported by. */
static void a_look_is_reported_by_what_opened_it(void **state)
{
  struct decision d = {.reason_count = 3,
                       .reasons = {{REASON_OWN, 1, CAT_ALL}, {REASON_CONSENT, 2, 3}, {REASON_BASIS, 3, 1}}};
  assert_int_equal(scope_main_reason(&d)->kind, REASON_CONSENT);
  d.reasons[2].categories = 4;
  assert_int_equal(scope_main_reason(&d)->kind, REASON_BASIS);
  d.reason_count = 1;
  assert_int_equal(scope_main_reason(&d)->kind, REASON_OWN);
  d.reasons[0].kind = REASON_DENIED_NOTHING;
  assert_int_equal(scope_main_reason(&d)->kind, REASON_DENIED_NOTHING);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(words_of_what_is_not_known_are_empty),
      cmocka_unit_test(nobody_is_nobody),
      cmocka_unit_test(a_guardian_is_told_of_what_was_given_and_of_nothing_that_protects),
      cmocka_unit_test(a_basis_is_told_when_it_is_known_and_protects_nobody),
      cmocka_unit_test(the_paper_of_who_may_not_have_one_is_empty),
      cmocka_unit_test(a_preview_shows_no_more_than_its_sender_sees),
      cmocka_unit_test(marks_hide_rows),
      cmocka_unit_test(who_is_barred_is_barred_from_everything),
      cmocka_unit_test(a_look_is_reported_by_what_opened_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
