/* record.c: what a record does to the case's next step. */
#include "casework/casework.h"
#include "fixture.h"

struct town {
  struct world w;
  struct actor worker;
  struct world_case boy;
  struct str next; /* what the strip says of it */
};

static void town_new(struct town *t)
{
  world_new(&t->w);
  id64 city = world_org(&t->w, "子ども若者支援課", "council");
  t->worker = world_member(&t->w, city, ROLE_WORKER, "窓口の人");
  t->boy = world_case(&t->w, &t->worker, "試験 太郎", (struct date){2009, 6, 1});
}

struct writing {
  struct town *t;
  struct record_new record;
};

static enum code write_record(struct tx *tx, void *arg, struct err *e)
{
  struct writing *w = arg;
  const struct scope *s = NULL;
  id64 id = 0;
  w->record.at += tx_now(tx);
  enum code c = access_open(tx, &w->t->worker, ACTION_RECORD_WRITE, w->t->boy.person, &s, e);
  return c == OK ? record_add(tx, s, w->t->boy.case_id, &w->record, &id, e) : c;
}

/* `minutes` orders the records of one test. */
static enum code record(struct town *t, int minutes, const char *next, struct date day, bool done, struct err *e)
{
  struct paragraph_new p = {
      .text = S("電話で話した。"), .source = SOURCE_PERSON, .category = CAT_SUPPORT, .visit = false};
  struct writing w = {t,
                      {.at = (minutes - 60) * MS_MINUTE,
                       .method = S("phone"),
                       .with_whom = S("person"),
                       .next = str_from(next),
                       .next_date = day,
                       .next_done = done,
                       .paragraphs = &p,
                       .count = 1}};
  return world_write(&t->w, &t->worker, write_record, &w, e);
}

static enum code read_strip(struct tx *tx, void *arg, struct err *e)
{
  struct town *t = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct doc *strip = NULL;
  struct reader who = world_reader();
  enum code c = case_enter(tx, &t->worker, ACTION_CASE_READ, t->boy.case_id, &head, &s, e);
  if (c == OK)
    c = case_strip(tx, s, &head, t->w.a, &who, &strip, e);
  t->next = str_copy(t->w.a, doc_get_str(strip, "next"));
  return c;
}

static bool next_is(struct town *t, const char *want)
{
  struct err e = {0};
  assert_int_equal(world_read(&t->w, &t->worker, read_strip, t, &e), OK);
  return *want ? str_contains(t->next, str_from(want)) : t->next.n == 0;
}

static const struct date DAY = {2026, 12, 1}, LATER = {2026, 12, 24}, NO_DAY = {0};

static void a_record_without_a_next_step_leaves_the_one_that_stands(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  ok(record(&t, 1, "お母さんに電話", DAY, false, &e));
  assert_true(next_is(&t, "お母さんに電話"));
  ok(record(&t, 2, "", NO_DAY, false, &e));
  assert_true(next_is(&t, "お母さんに電話"));
  world_free(&t.w);
}

static void a_step_that_is_done_is_gone_and_a_new_one_takes_its_place(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  ok(record(&t, 1, "お母さんに電話", DAY, false, &e));
  ok(record(&t, 2, "", NO_DAY, true, &e));
  assert_true(next_is(&t, ""));
  ok(record(&t, 3, "", LATER, true, &e)); /* a day without words does not borrow the old words */
  assert_true(next_is(&t, "12/24"));
  assert_false(next_is(&t, "お母さん"));
  ok(record(&t, 4, "見学に行く", LATER, true, &e));
  assert_true(next_is(&t, "見学に行く"));
  world_free(&t.w);
}

static void a_step_without_a_day_is_asked_for_its_day(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  assert_int_equal(record(&t, 1, "お母さんに電話", NO_DAY, false, &e), INVALID);
  assert_string_equal(e.field, "next_day");
  world_free(&t.w);
}

STORE_MAIN(cmocka_unit_test(a_record_without_a_next_step_leaves_the_one_that_stands),
           cmocka_unit_test(a_step_that_is_done_is_gone_and_a_new_one_takes_its_place),
           cmocka_unit_test(a_step_without_a_day_is_asked_for_its_day))
