/* form_date.c: dates as people give them: one line of text, or era, year, month, day and わからない in boxes of their own. */
#include "base/utf8.h"
#include "form/form_internal.h"

static const struct {
  const char *code;
  enum era era;
} eras[] = {{"R", ERA_REIWA}, {"H", ERA_HEISEI}, {"S", ERA_SHOWA}, {"T", ERA_TAISHO},
            {"M", ERA_MEIJI}, {"", ERA_NONE},    {"ad", ERA_NONE}};
enum { ERAS = sizeof(eras) / sizeof(eras[0]) };

const char *form_era_code(enum era era)
{
  for (size_t i = 0; i < ERAS; i++) {
    if (eras[i].era == era)
      return eras[i].code;
  }
  return "";
}

struct dating {
  struct form_reader *r;
  const struct form_place *at;
  const struct form_item *it;
};

static bool refuse(const struct dating *d, const char *id)
{
  form_say(d->r, d->at, d->it, id, STR_NONE, STR_NONE);
  return false;
}

static struct doc *refuse_value(const struct dating *d, const char *id)
{
  refuse(d, id);
  return NULL;
}

/* The calendar's own sentence (「平成は31年4月30日までです」), with the item in front. */
static bool refuse_err(const struct dating *d, const struct err *e)
{
  form_say(d->r, d->at, d->it, TR("「%1」: %2"), tr_err(d->r->c->arena, d->r->c->lang, e), STR_NONE);
  return false;
}

bool form_clock_text(struct arena *a, struct str s, struct str *ret)
{
  struct buf b;
  int64_t h, m;
  struct str hours, minutes;
  buf_init(&b, a, 64);
  for (size_t at = 0; at < s.n && s.n < 40;) {
    int32_t cp = utf8_next(s, &at);
    if (cp >= 0xFF10 && cp <= 0xFF1A)
      cp -= 0xFF00 - 0x20;
    if (cp < '0' || cp > ':')
      return false;
    utf8_put(&b, cp);
  }
  struct str rest = buf_str(&b);
  if (!str_split(&rest, ':', &hours) || !str_split(&rest, ':', &minutes) || hours.n > 2 || minutes.n != 2)
    return false;
  if (!str_to_i64(hours, &h) || !str_to_i64(minutes, &m) || h < 0 || h > 23 || m < 0 || m > 59)
    return false;
  *ret = str_printf(a, "%02d:%02d", (int)h, (int)m);
  return true;
}

/* --- boxes --- */

static struct str box(const struct dating *d, const struct doc *raw, const char *key)
{
  return str_trim(form_raw_text(d->r->c->arena, doc_get(raw, key)));
}

static bool box_number(const struct dating *d, struct str s, int most, int *ret)
{
  int64_t n = 0;
  if (str_is(s, "元"))
    s = S("1");
  struct str plain = s.n <= 20 ? form_plain_number(d->r->c->arena, s) : s;
  if (s.n > 0 && (!str_to_i64(plain, &n) || n < 1 || n > most))
    return false;
  *ret = (int)n;
  return true;
}

static bool check_boxes(const struct dating *d, const struct doc *raw)
{
  static const char *const known[] = {"era", "y", "m", "d", "unknown", "time"};
  for (size_t i = 0; i < doc_size(raw); i++) {
    bool found = false;
    for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
      found |= str_is(doc_key_at(raw, i), known[k]);
    if (!found)
      return refuse(d, TR("「%1」の書き方が、この欄に合いません。"));
  }
  return true;
}

static bool era_of(const struct dating *d, struct str code, enum era *ret)
{
  *ret = ERA_NONE;
  for (size_t i = 0; i < ERAS; i++) {
    if (str_is(code, eras[i].code)) {
      *ret = eras[i].era;
      return true;
    }
  }
  return refuse(d, TR("「%1」の元号を、令和・平成・昭和・大正・明治・西暦から選んでください。"));
}

static bool date_from_boxes(const struct dating *d, const struct doc *raw, struct date *ret)
{
  struct err e = {0};
  enum era era;
  int y, m, day;
  if (!era_of(d, box(d, raw, "era"), &era))
    return false;
  if (!box_number(d, box(d, raw, "y"), 9999, &y) || !box_number(d, box(d, raw, "m"), 12, &m) ||
      !box_number(d, box(d, raw, "d"), 31, &day))
    return refuse(d, TR("「%1」の年・月・日は数字で書いてください。月は1から12、日は1から31です。"));
  if (y == 0)
    return refuse(d, TR("「%1」の年を書いてください。"));
  if (day != 0 && m == 0)
    return refuse(d, TR("「%1」の月を書いてください。"));
  if (era != ERA_NONE)
    return date_from_era(era, y, m, day, ret, &e) == OK || refuse_err(d, &e);
  *ret = (struct date){y, m, day};
  if (!date_valid(*ret))
    return refuse(d, TR("「%1」の日付は暦にありません。年・月・日を確かめてください(西暦は1868年からです)。"));
  return true;
}

static bool boxes_empty(const struct dating *d, const struct doc *raw)
{
  return box(d, raw, "y").n == 0 && box(d, raw, "m").n == 0 && box(d, raw, "d").n == 0 && box(d, raw, "time").n == 0;
}

/* --- text --- */

static bool date_from_text(const struct dating *d, struct str s, struct date *ret)
{
  struct err e = {0};
  if (s.n > 60)
    return refuse(d, TR("「%1」の書き方が、この欄に合いません。"));
  if (date_parse_iso(s, ret))
    return true;
  return date_parse_text(s, ret, &e) == OK || refuse_err(d, &e);
}

/* "2026-11-18T10:02", with a blank too, seconds cut. */
static struct str cut_clock(struct str *date)
{
  const char *t = memchr(date->p, 'T', date->n);
  if (!t)
    t = memchr(date->p, ' ', date->n);
  if (!t)
    return STR_NONE;
  size_t n = (size_t)(t - date->p);
  struct str clock = str_trim(str_sub(*date, n + 1, date->n));
  *date = str_sub(*date, 0, n);
  return clock.n == 8 && clock.p[5] == ':' ? str_sub(clock, 0, 5) : clock;
}

static struct doc *finish(const struct dating *d, struct date date, struct str clock)
{
  struct arena *a = d->r->c->arena;
  struct str iso = date_iso(a, date), hm = STR_NONE;
  if (!date_known(date) && (!d->it->partial || clock.n))
    return refuse_value(d, TR("「%1」は年・月・日をすべて書いてください。"));
  if (d->it->type == FORM_DATE)
    return doc_str(a, iso);
  if (clock.n == 0 && !d->it->partial)
    return refuse_value(d, TR("「%1」の時刻を 10:02 のように書いてください。"));
  if (clock.n == 0)
    return doc_str(a, iso);
  if (!form_clock_text(a, clock, &hm))
    return refuse_value(d, TR("「%1」の時刻を 10:02 のように書いてください。"));
  return doc_str(a, str_printf(a, "%.*sT%.*s", STR_FMT(iso), STR_FMT(hm)));
}

static struct doc *unknown(const struct dating *d)
{
  if (d->it->partial)
    return doc_str(d->r->c->arena, S("unknown"));
  return refuse_value(d, TR("「%1」は「わからない」にできません。日付を書いてください。"));
}

struct doc *form_date_read(struct form_reader *r, const struct form_place *at, const struct form_item *it,
                           const struct doc *raw)
{
  struct dating d = {r, at, it};
  struct date date;
  if (doc_kind(raw) == DOC_MAP) {
    struct str flag = box(&d, raw, "unknown");
    bool dont_know = flag.n && !str_is(flag, "false") && !str_is(flag, "0");
    if (!check_boxes(&d, raw) || (boxes_empty(&d, raw) && !dont_know))
      return NULL;
    if (dont_know && !boxes_empty(&d, raw))
      return refuse_value(&d, TR("「%1」は、日付か「わからない」のどちらか一つにしてください。"));
    if (dont_know)
      return unknown(&d);
    return date_from_boxes(&d, raw, &date) ? finish(&d, date, box(&d, raw, "time")) : NULL;
  }
  struct str s = str_trim(doc_string(raw)), clock = STR_NONE;
  if (doc_kind(raw) != DOC_STR)
    return refuse_value(&d, TR("「%1」の書き方が、この欄に合いません。"));
  if (str_is(s, "unknown") || str_is(s, "わからない"))
    return unknown(&d);
  if (it->type == FORM_DATETIME)
    clock = cut_clock(&s);
  return date_from_text(&d, s, &date) ? finish(&d, date, clock) : NULL;
}
