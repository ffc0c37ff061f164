/* field_date.c: a date as people type it: one text, or era, year, month and day in fields of their own. */
#include "base/clock.h"
#include "base/utf8.h"
#include "http/http_impl.h"

static const char *const era_codes[] = {[ERA_NONE] = "ad",     [ERA_MEIJI] = "meiji",   [ERA_TAISHO] = "taisho",
                                        [ERA_SHOWA] = "showa", [ERA_HEISEI] = "heisei", [ERA_REIWA] = "reiwa"};

/* Text of a leaf; a JSON number counts. False for a list or a map. */
static bool part_text(const struct doc *d, struct arena *a, struct str *ret)
{
  switch (doc_kind(d)) {
  case DOC_NULL:
    *ret = STR_NONE;
    return true;
  case DOC_STR:
    *ret = str_trim(doc_string(d));
    return true;
  case DOC_INT:
    *ret = str_printf(a, "%lld", (long long)doc_integer(d));
    return true;
  default:
    return false;
  }
}

/* "birth" + "y": in a form a name of its own, "birth.y"; in JSON a key of the map. */
static struct doc *part(const struct doc *raw, struct arena *a, const char *name, const char *which)
{
  struct doc *whole = doc_get(raw, name);
  return doc_kind(whole) == DOC_MAP ? doc_get(whole, which) : doc_get_key(raw, str_printf(a, "%s.%s", name, which));
}

bool date_parts_read(struct arena *a, const struct doc *raw, const char *name, struct date_parts *ret)
{
  struct date_parts p = {0};
  struct doc *whole = doc_get(raw, name), *unknown = part(raw, a, name, "unknown");
  struct str flag = STR_NONE;
  bool good = doc_kind(whole) == DOC_MAP ? part_text(doc_get(whole, "text"), a, &p.text) : part_text(whole, a, &p.text);
  good = good && part_text(part(raw, a, name, "era"), a, &p.era) && part_text(part(raw, a, name, "y"), a, &p.y) &&
         part_text(part(raw, a, name, "m"), a, &p.m) && part_text(part(raw, a, name, "d"), a, &p.d) &&
         (doc_kind(unknown) == DOC_BOOL || part_text(unknown, a, &flag));
  p.unknown = doc_truth(unknown) || str_is(flag, "1") || str_is(flag, "on");
  *ret = p;
  return good;
}

bool date_parts_empty(const struct date_parts *p)
{
  return !p->text.n && !p->y.n && !p->m.n && !p->d.n;
}

static bool number(struct arena *a, struct str s, int *ret)
{
  int64_t v = 0;
  struct str folded = utf8_fold(a, s);
  if (str_is(folded, JA("元")))
    v = 1;
  else if (folded.n > 4 || (folded.n && (!str_to_i64(folded, &v) || v < 0)))
    return false;
  *ret = (int)v;
  return true;
}

/* The code, the letter of the pages' inputs (R H S T M), or the era's own name. */
static int era_find(struct str s)
{
  static const char letters[] = " MTSHR";
  for (int era = ERA_MEIJI; era <= ERA_REIWA; era++)
    if (s.n == 1 && s.p[0] == letters[era])
      return era;
  for (int era = ERA_NONE; era <= ERA_REIWA; era++)
    if (str_is(s, era_codes[era]) || (era != ERA_NONE && str_is(s, era_name((enum era)era))))
      return era;
  return -1;
}

enum code date_parts_convert(struct arena *a, const struct date_parts *p, struct str *ret_iso, struct err *e)
{
  struct date d = {0};
  if (p->text.n) {
    enum code c = date_parse_text(p->text, &d, e);
    if (c == OK)
      *ret_iso = date_iso(a, d);
    return c;
  }
  int y, m, day, era = p->era.n ? era_find(p->era) : ERA_NONE;
  if (era < 0)
    return err_set(e, INVALID, TR("元号を選びなおしてください。"));
  if (!number(a, p->y, &y) || !number(a, p->m, &m) || !number(a, p->d, &day))
    return err_set(e, INVALID, TR("年・月・日は数字で入力してください。"));
  if (!y)
    return err_set(e, INVALID, TR("年を入力してください。"));
  enum code c = era == ERA_NONE ? date_from_western((struct date){y, m, day}, &d, e)
                                : date_from_era((enum era)era, y, m, day, &d, e);
  if (c == OK)
    *ret_iso = date_iso(a, d);
  return c;
}
