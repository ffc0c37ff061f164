/* dates.c: dates as people type them, in 和暦 and western years. */
#include "base/clock.h"
#include "fuzz.h"
#include "http/http_impl.h"

static bool same(struct date x, struct date y)
{
  return x.year == y.year && x.month == y.month && x.day == y.day;
}

/* Every text of ours reads back as the date it says; where two eras share what is known, both are named and it is no input. */
static void reads_back(struct arena *a, struct date d)
{
  struct date again = {0};
  struct err e = {0};
  int year = 0;
  HOLDS(date_parse_iso(date_iso(a, d), &again) && same(again, d));
  HOLDS(date_parse_text(date_text(a, d, false), &again, &e) == OK && same(again, d));
  struct str era_text = date_text(a, d, true);
  HOLDS(str_contains(era_text, S("・")) || (date_parse_text(era_text, &again, &e) == OK && same(again, d)));
  enum era era = date_to_era(d, &year);
  if (era != ERA_NONE)
    HOLDS(date_from_era(era, year, d.month, d.day, &again, &e) == OK && same(again, d));
}

static void calendar_holds(struct arena *a, struct date d)
{
  struct date next = date_add_days(d, 1);
  HOLDS(date_compare(d, next) < 0 && date_days_between(d, next) == 1);
  HOLDS((date_weekday(d) + 1) % 7 == date_weekday(next));
  HOLDS(same(date_of_ts(date_start_ts(d)), d));
  HOLDS(age_on(d, d) == 0 && age_on(next, d) == -1);
  HOLDS(fiscal_year(d) <= d.year && school_grade(d, next) < 1);
  HOLDS(date_relative(a, d, next).n > 0);
}

static void dates(struct arena *a, struct str in)
{
  struct date d = {-1, -1, -1}, iso = {-1, -1, -1};
  struct err e = {0};
  if (date_parse_iso(in, &iso))
    HOLDS(str_eq(date_iso(a, iso), in));
  else
    HOLDS(iso.year == -1);
  if (date_parse_text(in, &d, &e) != OK) {
    HOLDS(d.year == -1 && e.code == INVALID && e.msg);
    return;
  }
  HOLDS(date_valid(d) || !d.year);
  if (!d.year)
    return;
  reads_back(a, d);
  if (date_known(d))
    calendar_holds(a, d);
}
FUZZ_TARGET(dates);

/* era, y, m, d, text and unknown, a line each: what comes out reads as itself. */
static void date_fields(struct arena *a, struct str in)
{
  static const char *const names[] = {"b.era", "b.y", "b.m", "b.d", "b.unknown", "b"};
  struct doc *raw = doc_map(a);
  struct str line;
  for (size_t i = 0; i < sizeof(names) / sizeof(*names) && str_split(&in, '\n', &line); i++)
    doc_put_str(raw, names[i], line);
  struct date_parts p = {0}, again = {0};
  struct str iso = STR_NONE, twice = STR_NONE;
  struct err e = {0};
  HOLDS(date_parts_read(a, raw, "b", &p));
  if (date_parts_empty(&p) || date_parts_convert(a, &p, &iso, &e) != OK)
    return;
  again.text = iso;
  HOLDS(!iso.n || (date_parts_convert(a, &again, &twice, &e) == OK && str_eq(iso, twice)));
}
FUZZ_TARGET(date_fields);
