/* withdrawal_line.c: the steps of withdrawal as one line over time, as numbers for a drawing; the table beside it says the same. */
#include "casework/casework.h"

enum { WIDTH = 640, HEIGHT = 200, LEFT = 32, RIGHT = 16, TOP = 16, BOTTOM = 36 };

static int y_of(int step)
{
  return TOP + step * (HEIGHT - TOP - BOTTOM) / (WITHDRAWAL_STEPS - 1);
}

struct span {
  struct date first;
  int days;
};

static int x_of(const struct span *s, struct str day)
{
  struct date d = {0};
  (void)date_parse_iso(day, &d);
  int at = date_days_between(s->first, d);
  return s->days ? LEFT + 8 + at * (WIDTH - LEFT - RIGHT - 16) / s->days : WIDTH / 2;
}

static void put_levels(struct doc *data, struct arena *a, enum lang lang)
{
  struct doc *list = doc_put_list(data, "levels");
  for (int i = 0; i < WITHDRAWAL_STEPS; i++) {
    struct doc *m = doc_add_map(list);
    doc_put_int(m, "step", i);
    doc_put_str(m, "label", case_withdrawal_label(lang, i));
    doc_put_int(m, "text_y", y_of(i) + 5);
    doc_put_str(m, "d", str_printf(a, "M%d %dH%d", LEFT, y_of(i), WIDTH - RIGHT));
  }
}

static void put_line(struct doc *data, const struct doc *steps, const struct span *s, struct arena *a)
{
  struct buf line, dots;
  buf_init(&line, a, 64 << 10);
  buf_init(&dots, a, 64 << 10);
  for (size_t i = 0; i < doc_size(steps); i++) {
    const struct doc *d = doc_at(steps, i);
    int x = x_of(s, doc_get_str(d, "day")), y = y_of((int)doc_get_int(d, "step"));
    buf_printf(&line, "%c%d %d", i ? 'L' : 'M', x, y);
    buf_printf(&dots, "M%d %dh0", x, y);
  }
  doc_put_str(data, "line", buf_str(&line));
  doc_put_str(data, "dots", buf_str(&dots));
}

void case_put_withdrawal(struct doc *data, const struct doc *oldest_first, struct arena *a, enum lang lang)
{
  size_t n = doc_size(oldest_first);
  struct span s = {.days = 0};
  struct date last = {0};
  struct doc *list = doc_put_list(data, "steps");
  if (n) {
    (void)date_parse_iso(doc_get_str(doc_at(oldest_first, 0), "day"), &s.first);
    (void)date_parse_iso(doc_get_str(doc_at(oldest_first, n - 1), "day"), &last);
    s.days = date_days_between(s.first, last);
  }
  for (size_t i = n; i-- > 0;)
    doc_add(list, doc_at(oldest_first, i));
  doc_put_bool(data, "has_steps", n > 0);
  doc_put_str(data, "first", n ? doc_get_str(doc_at(oldest_first, 0), "when") : STR_NONE);
  doc_put_str(data, "last", n > 1 ? doc_get_str(doc_at(oldest_first, n - 1), "when") : STR_NONE);
  put_levels(data, a, lang);
  put_line(data, oldest_first, &s, a);
}
