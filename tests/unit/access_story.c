/* access_story: a boy of 17, an NPO and an education support centre, from the first sheet to the withdrawal. */
#include "access_world.h"

/* The boy is 17. The NPO supports him; it sends a sheet to the classroom. He consents for both, his mother for herself. */
struct story {
  struct world w;
  struct actor npo, head, teacher, mother;
};

static struct story story(void)
{
  struct story s = {.w = world()};
  s.npo = actor(ROLE_WORKER, WORKER, NPO);
  s.head = actor(ROLE_MANAGER, MANAGER, CLASSROOM);
  s.teacher = actor(ROLE_WORKER, OTHER, CLASSROOM);
  s.mother = (struct actor){
      .role = ROLE_GUARDIAN, .network = NET, .person = BOY, .guardian = MOTHER, .session_until = 100 * T};
  member(&s.w, &s.npo);
  member(&s.w, &s.head);
  member(&s.w, &s.teacher);
  guardian(&s.w, MOTHER, AUTHORITY_SOLE);
  s.w.p[s.w.f.participations_count++] = (struct fact_participation){CASE, NPO, PART_LEAD, 1, 0};
  assign(&s.w, WORKER, NPO);
  consent(&s.w, NPO, CAT_ALL);
  consent(&s.w, CLASSROOM, CAT_BASIC | CAT_CONTACT | CAT_EDUCATION);
  consent_by(&s.w, MOTHER, AUTHORITY_SOLE, CLASSROOM, CAT_BASIC);
  return s;
}

enum { SHOWN = CAT_BASIC | CAT_CONTACT | CAT_EDUCATION };

static void story_before_sending_the_classroom_sees_nothing(void **state)
{
  struct story s = story();
  GIVES(decide(&s.w, &s.npo, ACTION_SHEET_SEND), CAT_ALL, CAT_ALL);
  for (int a = 0; a < ACTION_COUNT; a++)
    if (action_about_person((enum action)a) && a != ACTION_BREAK_GLASS) {
      assert_false(decide(&s.w, &s.head, (enum action)a).allowed);
      assert_false(decide(&s.w, &s.teacher, (enum action)a).allowed);
    }
}

static void story_sent_the_manager_sees_and_assigns(void **state)
{
  struct story s = story();
  s.w.x[s.w.f.connections_count++] = (struct fact_connection){45, CASE, CLASSROOM, T, 0};
  assert_false(decide_at(&s.w, &s.head, ACTION_CONNECTION_READ, T - 1).allowed);
  GIVES(decide(&s.w, &s.head, ACTION_CONNECTION_READ), CAT_ALL, SHOWN);
  GIVES(decide(&s.w, &s.head, ACTION_CONNECTION_ASSIGN), CAT_ALL, SHOWN);
  GIVES(decide(&s.w, &s.head, ACTION_SHEET_READ), SHOWN, SHOWN);
  struct decision d = decide(&s.w, &s.head, ACTION_PERSON_READ);
  assert_true(cites(&d, REASON_CONNECTION, 45));
  DENIED(decide(&s.w, &s.head, ACTION_RECORD_READ), NOTHING);
  DENIED(decide(&s.w, &s.head, ACTION_PRINT), NOTHING);
  DENIED(decide(&s.w, &s.teacher, ACTION_SHEET_READ), NOTHING);
  s.w.c[1].withdrawn = true;
  DENIED(decide(&s.w, &s.head, ACTION_SHEET_READ), NOTHING);
  GIVES(decide(&s.w, &s.head, ACTION_CONNECTION_READ), CAT_ALL, 0);
  s.w.x[0].until = T;
  DENIED(decide(&s.w, &s.head, ACTION_CONNECTION_READ), NOTHING);
}

static void story_assigned_the_teacher_works_before_acceptance(void **state)
{
  struct story s = story();
  s.w.x[s.w.f.connections_count++] = (struct fact_connection){45, CASE, CLASSROOM, 1, 0};
  assign(&s.w, OTHER, CLASSROOM);
  GIVES(decide(&s.w, &s.teacher, ACTION_SHEET_READ), CAT_ALL, SHOWN);
  GIVES(decide(&s.w, &s.teacher, ACTION_RECORD_WRITE), CAT_ALL, SHOWN);
  /* He withdraws for the classroom: what it wrote itself stays, the rest is gone; the NPO keeps what he gave it. */
  s.w.c[1].withdrawn = true;
  GIVES(decide(&s.w, &s.teacher, ACTION_SHEET_READ), CAT_ALL, 0);
  GIVES(decide(&s.w, &s.npo, ACTION_SHEET_READ), CAT_ALL, CAT_ALL);
}

static void story_the_mothers_consent_is_a_matter_apart(void **state)
{
  struct story s = story();
  assign(&s.w, OTHER, CLASSROOM);
  s.w.c[1].withdrawn = true; /* hers alone opens nothing: he is 17 */
  GIVES(decide(&s.w, &s.teacher, ACTION_PERSON_READ), CAT_ALL, 0);
  s.w.c[1].withdrawn = false;
  struct decision d = decide(&s.w, &s.mother, ACTION_CONSENT_READ);
  GIVES(d, CAT_BASIC, CAT_BASIC);
  assert_true(d.guardian_only);
  s.w.c[2].withdrawn = true; /* and hers withdrawn closes nothing but her own view */
  GIVES(decide(&s.w, &s.teacher, ACTION_PERSON_READ), CAT_ALL, SHOWN);
  DENIED(decide(&s.w, &s.mother, ACTION_CONSENT_READ), NOTHING);
}

static void reply_link_stands_for_the_receiver(void **state)
{
  struct story s = story();
  struct actor link = {.role = ROLE_SERVICE, .network = NET, .organization = CLASSROOM, .session_until = 2 * T};
  DENIED(decide(&s.w, &link, ACTION_SHEET_READ), NOTHING);
  s.w.x[s.w.f.connections_count++] = (struct fact_connection){45, CASE, CLASSROOM, 1, 0};
  GIVES(decide(&s.w, &link, ACTION_SHEET_READ), SHOWN, SHOWN);
  assert_true(decide(&s.w, &link, ACTION_CONNECTION_ANSWER).allowed);
  DENIED(decide(&s.w, &link, ACTION_PERSON_READ), ROLE);
  link.organization = 0;
  DENIED(decide(&s.w, &link, ACTION_SHEET_READ), NOTHING);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(story_before_sending_the_classroom_sees_nothing),
      cmocka_unit_test(story_sent_the_manager_sees_and_assigns),
      cmocka_unit_test(story_assigned_the_teacher_works_before_acceptance),
      cmocka_unit_test(story_the_mothers_consent_is_a_matter_apart),
      cmocka_unit_test(reply_link_stands_for_the_receiver),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
