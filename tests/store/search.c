/* search.c: words are found in what one may read, and in nothing else. */
#include "crowd.h"

static struct crowd town;

/* What a record of each state's case says: one word of its own, and one that all have. */
static void write_words(void)
{
  for (int state = 0; state < STATE_COUNT; state++) {
    const struct visitor *writer = &town.who[state == STATE_FOREIGN ? WHO_THIRD_MANAGER : WHO_MANAGER];
    char body[400], *text = NULL, plain[100];
    snprintf(plain, sizeof plain, "共通のことば しるし%dばん", state);
    text = served_encode(plain, strlen(plain));
    snprintf(body, sizeof body,
             "day=2026-01-05&time=10:00&method=phone&met=voice&paragraph.0.text=%s&paragraph.0.source=staff"
             "&paragraph.0.category=support",
             text);
    free(text);
    (void)served_do(&town.s, writer, served_path("/cases/", town.cases[state].c.case_id, "/records/new"), body);
  }
}

static int start(void **state)
{
  crowd_new(&town, NULL);
  write_words();
  return 0;
}

static int stop(void **state)
{
  crowd_free(&town);
  return 0;
}

static const char *found(enum who who, const char *word, int status)
{
  char body[300], *text = served_encode(word, strlen(word));
  snprintf(body, sizeof body, "q=%s", text);
  free(text);
  assert_int_equal(served_post(&town.s, &town.who[who], "/search", body, WANT_JSON), status);
  return town.s.page.body;
}

static int count(const char *body, const char *what)
{
  int n = 0;
  for (const char *p = body; (p = strstr(p, what)); p++)
    n++;
  return n;
}

/* Everybody, every case: its word is found exactly by those who may read the city's or the third organization's records there. */
static void a_word_is_found_by_those_alone_who_may_read_it(void **state)
{
  int all = 0;
  for (int who = WHO_MANAGER; who < WHO_COUNT; who++)
    for (int at = 0; at < STATE_COUNT; at++) {
      const struct shared_case *c = &town.cases[at];
      char word[60], path[PATH_SIZE];
      snprintf(path, sizeof path, "%s", served_path("/cases/", c->c.case_id, ""));
      snprintf(word, sizeof word, "シルシ%dバン", at);
      char body[300], *text = served_encode(word, strlen(word));
      snprintf(body, sizeof body, "q=%s", text);
      free(text);
      int status = served_post(&town.s, &town.who[who], "/search", body, WANT_JSON);
      bool hit = status == 200 && strstr(town.s.page.body, "\"hit\":true");
      bool other = status == 200 && count(town.s.page.body, "\"lines\":") > 1;
      bool reads =
          served_get(&town.s, &town.who[who], path, WANT_JSON) == 200 && strstr(town.s.page.body, "共通のことば");
      if (hit != reads || other)
        fail_msg("%s, %s: %s, but the case %s it", town.who[who].name, state_names[at], hit ? "found" : "not found",
                 reads ? "shows" : "does not show");
      all += hit;
    }
  assert_true(all > 8);
}

static void what_is_found_is_told_of_as_a_search(void **state)
{
  char sql[200];
  snprintf(sql, sizeof sql, "SELECT CAST(COUNT(*) AS TEXT) FROM seen WHERE person_id = %lld AND action = %d",
           (long long)town.cases[STATE_DRAFT].c.person, ACTION_RECORD_SEARCH);
  long before = strtol(store_ask(&town.s.w.store, sql), NULL, 10);
  struct actor other = world_member(&town.s.w, town.city, ROLE_MANAGER, "さがす長");
  struct visitor fresh = {.name = "a manager who never searched", .actor = other};
  served_sign_in(&town.s, &fresh, SIGNED_FULL);
  assert_int_equal(served_post(&town.s, &fresh, "/search", "q=nothingatall", WANT_JSON), 200);
  assert_int_equal(strtol(store_ask(&town.s.w.store, sql), NULL, 10), before);
  char body[300], *text = served_encode("しるし1ばん", strlen("しるし1ばん"));
  snprintf(body, sizeof body, "q=%s", text);
  free(text);
  assert_int_equal(served_post(&town.s, &fresh, "/search", body, WANT_JSON), 200);
  assert_int_equal(strtol(store_ask(&town.s.w.store, sql), NULL, 10), before + 1);
}

static void several_words_stand_together(void **state)
{
  assert_int_equal(count(found(WHO_MANAGER, "共通 しるし1ばん", 200), "\"lines\":"), 1);
  assert_int_equal(count(found(WHO_MANAGER, "しるし0ばん　しるし1ばん", 200), "\"lines\":"), 0);
  assert_true(count(found(WHO_MANAGER, "共通", 200), "\"lines\":") > 3);
}

static void nothing_to_look_for_is_said(void **state)
{
  (void)found(WHO_MANAGER, "", 422);
  (void)found(WHO_MANAGER, "ー", 422);
  (void)found(WHO_CLERK, "共通", 403);
  (void)found(WHO_AUDITOR, "共通", 403);
}

/* From anywhere on: what is older, and no more. */
static void it_goes_on_where_it_ended(void **state)
{
  char body[300], *text = served_encode("共通", strlen("共通"));
  int all = count(found(WHO_MANAGER, "共通", 200), "\"lines\":"), older = 0;
  for (int at = 0; at < STATE_COUNT; at++)
    older += town.cases[at].c.person < town.cases[STATE_SHARED].c.person && at != STATE_FOREIGN;
  snprintf(body, sizeof body, "q=%s&from=%s", text, served_path("", town.cases[STATE_SHARED].c.person, ""));
  free(text);
  assert_int_equal(served_post(&town.s, &town.who[WHO_MANAGER], "/search", body, WANT_JSON), 200);
  assert_int_equal(count(town.s.page.body, "\"lines\":"), older);
  assert_true(older > 0 && older < all);
}

STORE_MAIN_SETUP(start, stop, cmocka_unit_test(a_word_is_found_by_those_alone_who_may_read_it),
                 cmocka_unit_test(what_is_found_is_told_of_as_a_search), cmocka_unit_test(several_words_stand_together),
                 cmocka_unit_test(nothing_to_look_for_is_said), cmocka_unit_test(it_goes_on_where_it_ended))
