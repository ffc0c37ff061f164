/* field.c: one struct field[] a route reads every kind of body into one document. Each kind has a reader that gives the
 * converted value or a sentence, and a writer of what was typed. */
#include "base/clock.h"
#include "base/limits.h"
#include "base/my_number.h"
#include "base/utf8.h"
#include "http/http_impl.h"

struct reader {
  struct request *rq;
  const struct field *f;
  const struct doc *raw;
};

static struct str label(const struct reader *r)
{
  struct str id = str_from(r->f->label ? r->f->label : r->f->name);
  return r->rq->tr ? r->rq->tr(r->rq, id) : id;
}

static struct doc *problem(const struct reader *r, const char *id)
{
  request_problem(r->rq, r->f->name, request_say(r->rq, id, label(r), STR_NONE, STR_NONE));
  return NULL;
}

static struct doc *problem_number(const struct reader *r, const char *id, int64_t a, int64_t b)
{
  struct arena *m = r->rq->arena;
  request_problem(
      r->rq, r->f->name,
      request_say(r->rq, id, label(r), str_printf(m, "%lld", (long long)a), str_printf(m, "%lld", (long long)b)));
  return NULL;
}

/* A sentence that a lower layer made, behind the field's name. */
static struct doc *problem_err(const struct reader *r, const struct err *e)
{
  struct str text = request_say(r->rq, e->msg, str_from(e->arg[0]), str_from(e->arg[1]), str_from(e->arg[2]));
  request_problem(r->rq, r->f->name, request_say(r->rq, TR("%1: %2"), label(r), text, STR_NONE));
  return NULL;
}

static struct doc *missing(const struct reader *r)
{
  bool chosen =
      r->f->kind == FIELD_CHOICE || r->f->kind == FIELD_CHOICES || r->f->kind == FIELD_BOOL || r->f->kind == FIELD_ID;
  return problem(r, chosen ? TR("%1を選んでください。") : TR("%1を入力してください。"));
}

/* The text of a leaf; false with a problem when something else stands there. A number of JSON counts for FIELD_INT. */
static bool leaf(const struct reader *r, struct str *ret)
{
  const struct doc *d = doc_get(r->raw, r->f->name);
  *ret = doc_string(d);
  if (doc_kind(d) == DOC_INT && r->f->kind == FIELD_INT)
    *ret = str_printf(r->rq->arena, "%lld", (long long)doc_integer(d));
  else if (doc_kind(d) != DOC_STR && doc_kind(d) != DOC_NULL)
    return problem(r, TR("%1は、文字列で送ってください。")) != NULL;
  return true;
}

static enum code check_characters(struct str s, bool lines, int64_t max, struct err *e)
{
  char limit[24];
  int64_t most = max ? max : lines ? LIMIT_TEXT : LIMIT_STRING;
  enum code c = utf8_check_text(s, lines, e);
  snprintf(limit, sizeof(limit), "%lld", (long long)most);
  if (c == OK && (int64_t)utf8_length(s) > most)
    return err_set1(e, INVALID, TR("長すぎます。%1文字までで入力してください。"), limit);
  return c;
}

enum code field_check_text(struct str s, bool lines, int64_t max, struct err *e)
{
  enum code c = check_characters(s, lines, max, e);
  if (c == OK && my_number_check(s))
    return err_set(e, INVALID, TR("マイナンバー(個人番号)と思われる12桁の数字があります。消してください。"));
  return c;
}

static struct doc *text_check(const struct reader *r, struct str s)
{
  struct err e = {0};
  bool lines = r->f->kind == FIELD_LINES;
  enum code c = r->f->kind == FIELD_SECRET ? check_characters(s, lines, r->f->max, &e)
                                           : field_check_text(s, lines, r->f->max, &e);
  return c == OK ? doc_str(r->rq->arena, s) : problem_err(r, &e);
}

static struct doc *read_text(const struct reader *r)
{
  struct str s;
  if (!leaf(r, &s))
    return NULL;
  if (r->f->kind == FIELD_LINES)
    s = utf8_trim(s).n ? utf8_normalize_newlines(r->rq->arena, s) : STR_NONE;
  else if (r->f->kind == FIELD_TEXT)
    s = utf8_trim(s);
  if (!s.n && r->f->required)
    return missing(r);
  return text_check(r, s);
}

static struct doc *read_int(const struct reader *r)
{
  struct str s;
  if (!leaf(r, &s))
    return NULL;
  s = utf8_fold(r->rq->arena, str_trim(s)); /* full-width digits are digits */
  if (!s.n)
    return r->f->required ? missing(r) : NULL;
  int64_t v, low = r->f->min, high = r->f->min || r->f->max ? r->f->max : INT64_MAX;
  if (!str_to_i64(s, &v) || v < low || v > high)
    return problem_number(r, TR("%1は%2から%3までの数字で入力してください。"), low, high);
  struct doc *holder = doc_list(r->rq->arena);
  doc_add_int(holder, v);
  return doc_at(holder, 0);
}

/* 1 yes, 0 no, -1 something else */
static int bool_of(const struct doc *d)
{
  struct str s = doc_string(d);
  if (doc_kind(d) == DOC_BOOL)
    return doc_truth(d);
  if (doc_kind(d) == DOC_NULL || (doc_kind(d) == DOC_STR && (!s.n || str_is(s, "0") || str_is(s, "false"))))
    return 0;
  return doc_kind(d) == DOC_STR && (str_is(s, "1") || str_is(s, "on") || str_is(s, "true")) ? 1 : -1;
}

static struct doc *make_bool(struct arena *a, bool v)
{
  struct doc *holder = doc_map(a);
  doc_put_bool(holder, "v", v);
  return doc_get(holder, "v");
}

static struct doc *read_bool(const struct reader *r)
{
  int v = bool_of(doc_get(r->raw, r->f->name));
  if (v < 0)
    return problem(r, TR("%1を選びなおしてください。"));
  if (!v && r->f->required)
    return missing(r);
  return make_bool(r->rq->arena, v);
}

static struct doc *read_date(const struct reader *r)
{
  struct date_parts parts;
  struct str iso = STR_NONE;
  struct err e = {0};
  if (!date_parts_read(r->rq->arena, r->raw, r->f->name, &parts))
    return problem(r, TR("%1は、2026-04-01 のような文字列か、年・月・日に分けて送ってください。"));
  if (date_parts_empty(&parts))
    return r->f->required && !parts.unknown ? missing(r) : doc_str(r->rq->arena, STR_NONE);
  if (parts.unknown)
    return problem(r, TR("%1は、日付か「わからない」のどちらかにしてください。"));
  return date_parts_convert(r->rq->arena, &parts, &iso, &e) == OK ? doc_str(r->rq->arena, iso) : problem_err(r, &e);
}

static struct doc *read_time(const struct reader *r)
{
  struct str s, hour, minute;
  int64_t h = 0, m = 0;
  if (!leaf(r, &s))
    return NULL;
  s = utf8_fold(r->rq->arena, str_trim(s));
  if (!s.n)
    return r->f->required ? missing(r) : doc_str(r->rq->arena, s);
  struct str rest = s;
  bool good = str_split(&rest, ':', &hour) && hour.n <= 2 && str_to_i64(hour, &h) && (minute = rest).n == 2 &&
              str_to_i64(minute, &m) && h >= 0 && h <= 23 && m >= 0 && m <= 59;
  if (!good)
    return problem(r, TR("%1は 10:02 のように入力してください。"));
  return doc_str(r->rq->arena, str_printf(r->rq->arena, "%02d:%02d", (int)h, (int)m));
}

static bool in_options(const struct field *f, struct str s)
{
  for (int i = 0; f->options && f->options[i]; i++)
    if (str_is(s, f->options[i]))
      return true;
  return false;
}

static struct doc *read_id_or_choice(const struct reader *r)
{
  struct str s;
  id64 id;
  if (!leaf(r, &s))
    return NULL;
  if (!s.n)
    return r->f->required ? missing(r) : doc_str(r->rq->arena, s);
  if (r->f->kind == FIELD_ID ? !id_parse(s, &id) : !in_options(r->f, s))
    return problem(r, TR("%1を選びなおしてください。"));
  return doc_str(r->rq->arena, s);
}

static bool list_has(const struct doc *list, struct str s)
{
  for (size_t i = 0; i < doc_size(list); i++)
    if (str_eq(doc_string(doc_at(list, i)), s))
      return true;
  return false;
}

/* One entry of a list into `out`; false with a problem. */
static bool list_entry(const struct reader *r, const struct doc *d, struct doc *out)
{
  bool choices = r->f->kind == FIELD_CHOICES;
  struct str s = choices ? doc_string(d) : str_trim(doc_string(d));
  if (doc_kind(d) != DOC_STR || (choices && (!in_options(r->f, s) || list_has(out, s))))
    return problem(r, TR("%1を選びなおしてください。")) != NULL;
  if (!s.n)
    return true;
  struct doc *checked = choices ? doc_str(r->rq->arena, s) : text_check(r, s);
  doc_add(out, checked);
  return checked != NULL;
}

static struct doc *read_list(const struct reader *r)
{
  const struct doc *d = doc_get(r->raw, r->f->name);
  struct doc *out = doc_list(r->rq->arena);
  size_t n = doc_kind(d) == DOC_LIST ? doc_size(d) : doc_kind(d) == DOC_NULL ? 0 : 1;
  if (n > LIMIT_REPEATS)
    return problem_number(r, TR("%1は%2件までです。"), LIMIT_REPEATS, 0);
  for (size_t i = 0; i < n; i++)
    if (!list_entry(r, doc_kind(d) == DOC_LIST ? doc_at(d, i) : d, out))
      return NULL;
  return !doc_size(out) && r->f->required ? missing(r) : out;
}

static struct doc *read_map(const struct reader *r)
{
  struct doc *out = NULL;
  struct err e = {0};
  if (map_read(r->rq->arena, r->raw, r->f->name, &out, &e) != OK)
    return problem_err(r, &e);
  return !doc_size(out) && r->f->required ? missing(r) : out;
}

static struct doc *read_field(const struct reader *r)
{
  switch (r->f->kind) {
  case FIELD_TEXT:
  case FIELD_LINES:
  case FIELD_SECRET:
    return read_text(r);
  case FIELD_INT:
    return read_int(r);
  case FIELD_BOOL:
    return read_bool(r);
  case FIELD_DATE:
    return read_date(r);
  case FIELD_TIME:
    return read_time(r);
  case FIELD_ID:
  case FIELD_CHOICE:
    return read_id_or_choice(r);
  case FIELD_CHOICES:
  case FIELD_TEXTS:
    return read_list(r);
  case FIELD_MAP:
    return read_map(r);
  }
  return NULL;
}

/* What an absent field reads as. */
static void put_empty(const struct field *f, struct doc *to)
{
  if (f->kind == FIELD_INT)
    doc_put_null(to, f->name);
  else if (f->kind == FIELD_BOOL)
    doc_put_bool(to, f->name, false);
  else if (f->kind == FIELD_MAP)
    doc_put_map(to, f->name);
  else if (f->kind == FIELD_CHOICES || f->kind == FIELD_TEXTS)
    doc_put_list(to, f->name);
  else
    doc_put_str(to, f->name, STR_NONE);
}

/* --- what was typed --- */

static void typed_date(const struct reader *r, struct doc *to)
{
  struct date_parts p;
  (void)date_parts_read(r->rq->arena, r->raw, r->f->name, &p);
  struct doc *d = doc_put_map(to, r->f->name);
  doc_put_str(d, "text", p.text);
  doc_put_str(d, "era", p.era);
  doc_put_str(d, "y", p.y);
  doc_put_str(d, "m", p.m);
  doc_put_str(d, "d", p.d);
  doc_put_bool(d, "unknown", p.unknown);
}

static void typed_list(const struct reader *r, struct doc *to)
{
  const struct doc *d = doc_get(r->raw, r->f->name);
  struct doc *list = doc_put_list(to, r->f->name);
  if (doc_kind(d) == DOC_STR)
    doc_add_str(list, doc_string(d));
  for (size_t i = 0; doc_kind(d) == DOC_LIST && i < doc_size(d) && i < LIMIT_REPEATS; i++)
    doc_add_str(list, doc_string(doc_at(d, i)));
}

static void typed_field(const struct reader *r, struct doc *to, struct doc *converted)
{
  const struct doc *d = doc_get(r->raw, r->f->name);
  switch (r->f->kind) {
  case FIELD_SECRET:
    doc_put_str(to, r->f->name, STR_NONE);
    break;
  case FIELD_BOOL:
    doc_put_bool(to, r->f->name, bool_of(d) == 1);
    break;
  case FIELD_DATE:
    typed_date(r, to);
    break;
  case FIELD_CHOICES:
  case FIELD_TEXTS:
    typed_list(r, to);
    break;
  case FIELD_MAP:
    doc_put(to, r->f->name, converted ? converted : doc_map(r->rq->arena));
    break;
  default:
    if (doc_kind(d) == DOC_INT)
      doc_put_str(to, r->f->name, str_printf(r->rq->arena, "%lld", (long long)doc_integer(d)));
    else
      doc_put_str(to, r->f->name, doc_string(d));
  }
}

/* --- names that nobody declared --- */

static bool date_key(struct str key, const char *name)
{
  static const char *const parts[] = {"era", "y", "m", "d", "unknown", NULL};
  if (!map_key(key, name))
    return false;
  struct str rest = str_sub(key, strlen(name) + 1, key.n);
  for (int i = 0; parts[i]; i++)
    if (str_is(rest, parts[i]))
      return true;
  return false;
}

static bool declared(const struct field *fields, struct str key)
{
  for (const struct field *f = fields; f && f->name; f++)
    if (str_is(key, f->name) || (f->kind == FIELD_MAP && map_key(key, f->name)) ||
        (f->kind == FIELD_DATE && date_key(key, f->name)))
      return true;
  return key.n && key.p[0] == '_';
}

static void refuse_unknown(struct request *rq, const struct field *fields, const struct doc *raw)
{
  for (size_t i = 0; i < doc_size(raw); i++)
    if (!declared(fields, doc_key_at(raw, i))) {
      request_problem(rq, "", request_say(rq, TR("この画面にない項目が送られました。"), STR_NONE, STR_NONE, STR_NONE));
      return; /* once: its name is the sender's text and is not repeated */
    }
}

void field_read(struct request *rq, const struct field *fields, const struct doc *raw)
{
  rq->input = doc_map(rq->arena);
  rq->typed = doc_map(rq->arena);
  for (const struct field *f = fields; f && f->name; f++) {
    struct reader r = {rq, f, raw};
    struct doc *value = read_field(&r);
    if (value)
      doc_put(rq->input, f->name, value);
    else
      put_empty(f, rq->input);
    typed_field(&r, rq->typed, value);
  }
  refuse_unknown(rq, fields, raw);
}
