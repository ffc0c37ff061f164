/* hsds_check.c: one value against the standard's type of its field. */
#include "base/clock.h"
#include "base/limits.h"
#include "base/my_number.h"
#include "base/utf8.h"
#include "directory/hsds.h"
#include "view/view.h"

static bool hex(char c)
{
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_uuid(struct str s)
{
  for (size_t i = 0; i < s.n; i++) {
    bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? s.p[i] != '-' : !hex(s.p[i]))
      return false;
  }
  return s.n == 36;
}

static bool digits(struct str s, size_t from, size_t n, int least, int most)
{
  int v = 0;
  for (size_t i = from; i < from + n; i++) {
    if (i >= s.n || s.p[i] < '0' || s.p[i] > '9')
      return false;
    v = v * 10 + (s.p[i] - '0');
  }
  return v >= least && v <= most;
}

/* Years are not bound to the calendar of clock.h: a body may have been there before. */
static bool is_date(struct str s)
{
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-' || !digits(s, 0, 4, 1, 9999) || !digits(s, 5, 2, 1, 12))
    return false;
  int year = (s.p[0] - '0') * 1000 + (s.p[1] - '0') * 100 + (s.p[2] - '0') * 10 + (s.p[3] - '0');
  int month = (s.p[5] - '0') * 10 + (s.p[6] - '0');
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return digits(s, 8, 2, 1, days[month - 1] + (month == 2 && leap));
}

/* "", "Z", "+09:00" */
static bool is_zone(struct str s)
{
  if (s.n == 0 || str_is(s, "Z") || str_is(s, "z"))
    return true;
  return s.n == 6 && (s.p[0] == '+' || s.p[0] == '-') && s.p[3] == ':' && digits(s, 1, 2, 0, 23) &&
         digits(s, 4, 2, 0, 59);
}

/* 10:00, 10:00:00, 10:00:00.5, each with a zone or without. */
static bool is_time(struct str s)
{
  size_t at = 5;
  if (!digits(s, 0, 2, 0, 24) || s.n < 5 || s.p[2] != ':' || !digits(s, 3, 2, 0, 59))
    return false;
  if (at < s.n && s.p[at] == ':') {
    if (!digits(s, 6, 2, 0, 60))
      return false;
    at = 8;
    if (at < s.n && s.p[at] == '.')
      for (at++; at < s.n && s.p[at] >= '0' && s.p[at] <= '9';)
        at++;
  }
  return is_zone(str_sub(s, at, s.n));
}

static bool is_datetime(struct str s)
{
  if (s.n < 20 || (s.p[10] != 'T' && s.p[10] != 't'))
    return false;
  struct str time = str_sub(s, 11, s.n);
  char last = s.p[s.n - 1];
  bool zoned = last == 'Z' || last == 'z' || (s.n > 25 && (s.p[s.n - 6] == '+' || s.p[s.n - 6] == '-'));
  return is_date(str_sub(s, 0, 10)) && time.n >= 9 && time.p[5] == ':' && is_time(time) && zoned;
}

static bool alphanumeric(char c)
{
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_uri(struct str s)
{
  size_t colon = 0;
  while (colon < s.n && (alphanumeric(s.p[colon]) || strchr("+-.", s.p[colon])))
    colon++;
  if (colon == 0 || colon + 1 >= s.n || s.p[colon] != ':' || digits(s, 0, 1, 0, 9))
    return false;
  for (size_t i = colon + 1; i < s.n; i++) {
    if (s.p[i] == '%' ? !(i + 2 < s.n && hex(s.p[i + 1]) && hex(s.p[i + 2]))
                      : !alphanumeric(s.p[i]) && !(s.p[i] && strchr("-._~:/?#[]@!$&'()*+,;=", s.p[i])))
      return false;
  }
  return true;
}

static bool is_email(struct str s)
{
  struct str rest = s, name = STR_NONE;
  if (!str_split(&rest, '@', &name) || !name.n || !rest.n || str_contains(rest, S("@")) || !str_contains(rest, S(".")))
    return false;
  for (size_t i = 0; i < name.n; i++)
    if (!alphanumeric(name.p[i]) && !(name.p[i] && strchr("!#$%&'*+/=?^_`{|}~-.", name.p[i])))
      return false;
  for (size_t i = 0; i < rest.n; i++)
    if (!alphanumeric(rest.p[i]) && rest.p[i] != '-' && rest.p[i] != '.')
      return false;
  return name.p[0] != '.' && name.p[name.n - 1] != '.' && !str_contains(name, S("..")) && alphanumeric(rest.p[0]) &&
         alphanumeric(rest.p[rest.n - 1]) && !str_contains(rest, S(".."));
}

static const struct {
  bool (*is)(struct str s);
  const char *right;
} types[] = {
    [HSDS_TEXT] = {NULL, JA("文字列にしてください。")},
    [HSDS_UUID] = {is_uuid, JA("UUID(例 3a19ff88-4620-4d17-9830-ac1d859eb5d5)にしてください。")},
    [HSDS_NUMBER] = {NULL, JA("数(例 100)にしてください。")},
    [HSDS_DATE] = {is_date, JA("日付(例 2026-04-01)にしてください。")},
    [HSDS_TIME] = {is_time, JA("時刻(例 10:00)にしてください。")},
    [HSDS_DATETIME] = {is_datetime, JA("日時(例 2026-04-01T10:00:00Z)にしてください。")},
    [HSDS_URI] = {is_uri, JA("アドレス(例 https://example.jp/)にしてください。")},
    [HSDS_EMAIL] = {is_email, JA("メールアドレス(例 mado@example.jp)にしてください。")},
};

static struct str right_choices(struct arena *a, const struct hsds_field *f)
{
  struct buf b;
  buf_init(&b, a, 512);
  for (const char *const *c = f->choices; *c; c++)
    buf_printf(&b, "%s%s", c == f->choices ? "" : JA("、"), *c);
  buf_add_cstr(&b, JA(" のどれかにしてください。"));
  return buf_str(&b);
}

static bool chosen(const struct hsds_field *f, struct str s)
{
  for (const char *const *c = f->choices; *c; c++)
    if (str_is(s, *c))
      return true;
  return false;
}

struct str hsds_check(struct arena *a, const struct hsds_field *f, const struct doc *value)
{
  struct err e = {0};
  enum doc_kind kind = doc_kind(value);
  struct str s = doc_string(value);
  if (f->type == HSDS_NUMBER)
    return kind == DOC_INT || kind == DOC_REAL ? STR_NONE : str_from(types[HSDS_NUMBER].right);
  if (kind != DOC_STR || (types[f->type].is && s.n && !types[f->type].is(s)))
    return str_from(types[f->type].right);
  if (f->choices && s.n && !chosen(f, s))
    return right_choices(a, f);
  bool named = f->need == HSDS_FULL && strcmp(f->name, "name") == 0;
  if (utf8_length(s) > (size_t)(named ? LIMIT_STRING : LIMIT_TEXT))
    return str_printf(a, JA("%d字までにしてください。"), named ? (int)LIMIT_STRING : (int)LIMIT_TEXT);
  if (utf8_check_text(s, true, &e) != OK)
    return tr_err(a, LANG_JA, &e);
  return f->type == HSDS_TEXT && my_number_check(s)
             ? str_from(JA("マイナンバー(個人番号)と思われる12桁の数字があります。消してください。"))
             : STR_NONE;
}
