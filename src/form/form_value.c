/* form_value.c: one typed value becomes a canonical one, or a sentence that says what would be right. */
#include "base/my_number.h"
#include "base/utf8.h"
#include "form/form_internal.h"

#include <math.h>

enum { GUARD_BYTES = 1 << 17, NUMBER_BYTES = 40 };

struct str form_raw_text(struct arena *a, const struct doc *raw)
{
  struct buf b;
  switch (doc_kind(raw)) {
  case DOC_STR:
    return doc_string(raw);
  case DOC_BOOL:
    return doc_truth(raw) ? S("true") : S("false");
  case DOC_INT:
    return form_number_text(a, doc_integer(raw));
  case DOC_REAL:
    buf_init(&b, a, NUMBER_BYTES);
    json_write(&b, raw);
    return str_ends(buf_str(&b), S(".0")) ? str_sub(buf_str(&b), 0, b.n - 2) : buf_str(&b);
  default:
    return STR_NONE;
  }
}

/* --- lists as typed --- */

static bool row_number(struct str key, int64_t *ret)
{
  return key.n <= 9 && str_to_i64(key, ret) && *ret >= 0;
}

bool form_is_row_list(const struct doc *raw)
{
  int64_t n;
  if (doc_kind(raw) == DOC_LIST)
    return true;
  if (doc_kind(raw) != DOC_MAP || doc_size(raw) == 0)
    return false;
  for (size_t i = 0; i < doc_size(raw); i++) {
    if (!row_number(doc_key_at(raw, i), &n))
      return false;
  }
  return true;
}

struct numbered {
  int64_t n;
  const struct doc *row;
};

static int by_number(const void *x, const void *y)
{
  const struct numbered *a = x, *b = y;
  return (a->n > b->n) - (a->n < b->n);
}

static struct form_rows numbered_rows(struct arena *a, const struct doc *raw)
{
  struct form_rows rows = {arena_array(a, doc_size(raw), sizeof(const struct doc *)), 0};
  struct numbered *all = arena_array(a, doc_size(raw), sizeof(*all));
  if (!rows.row || !all)
    return (struct form_rows){0};
  for (size_t i = 0; i < doc_size(raw); i++) {
    if (!row_number(doc_key_at(raw, i), &all[i].n))
      all[i].n = 0;
    all[i].row = doc_value_at(raw, i);
  }
  qsort(all, doc_size(raw), sizeof(*all), by_number);
  for (size_t i = 0; i < doc_size(raw); i++)
    rows.row[rows.count++] = all[i].row;
  return rows;
}

struct form_rows form_rows_of(struct arena *a, const struct doc *raw)
{
  struct form_rows rows = {0};
  if (!raw || doc_kind(raw) == DOC_NULL)
    return rows;
  if (doc_kind(raw) == DOC_MAP && form_is_row_list(raw))
    return numbered_rows(a, raw);
  size_t n = form_value_count(raw);
  rows.row = arena_array(a, n, sizeof(const struct doc *));
  for (size_t i = 0; rows.row && i < n; i++)
    rows.row[rows.count++] = form_value_at(raw, i);
  return rows;
}

/* --- texts --- */

struct reading {
  struct form_reader *r;
  const struct form_place *at;
  const struct form_item *it;
};

static struct doc *refuse(const struct reading *v, const char *id)
{
  form_say(v->r, v->at, v->it, id, STR_NONE, STR_NONE);
  return NULL;
}

static struct doc *wrong_type(const struct reading *v)
{
  return refuse(v, TR("「%1」の書き方が、この欄に合いません。"));
}

static struct doc *canonical_text(const struct reading *v, struct str s)
{
  return doc_str(v->r->c->arena, s);
}

static bool text_fits(const struct reading *v, struct str s, bool multiline)
{
  struct arena *a = v->r->c->arena;
  struct err e = {0};
  if (utf8_check_text(s, multiline, &e) != OK) {
    form_say(v->r, v->at, v->it, TR("「%1」: %2"), tr_err(a, v->r->c->lang, &e), STR_NONE);
    return false;
  }
  int64_t n = (int64_t)utf8_length(s);
  if (n > v->it->max_length) {
    form_say(v->r, v->at, v->it, TR("「%1」は%2文字までです(いまは%3文字)。短くしてください。"),
             form_number_text(a, v->it->max_length), form_number_text(a, n));
    return false;
  }
  return true;
}

static bool url_ok(struct str s)
{
  if (!str_starts(s, S("https://")) && !str_starts(s, S("http://")))
    return false;
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] <= ' ' || s.p[i] > '~' || strchr("<>\"'`{}|\\^", s.p[i]))
      return false;
  }
  return s.n > 8;
}

static struct doc *read_text(const struct reading *v, const struct doc *raw)
{
  bool lines = v->it->type == FORM_TEXT;
  struct str s = doc_string(raw);
  if (doc_kind(raw) != DOC_STR)
    return wrong_type(v);
  if (lines)
    s = utf8_normalize_newlines(v->r->c->arena, s);
  s = lines ? s : utf8_trim(s);
  if (utf8_trim(s).n == 0 || !text_fits(v, s, lines))
    return NULL;
  if (my_number_check(s))
    return refuse(v, TR("「%1」にマイナンバー(個人番号)"
                        "と思われる12桁の数字があります。ここではマイナンバーを使いません。消してください。"));
  if (v->it->type == FORM_URL && !url_ok(s))
    return refuse(v, TR("「%1」は https:// か http:// で始まるアドレスを書いてください。"));
  return canonical_text(v, s);
}

/* --- numbers --- */

struct str form_plain_number(struct arena *a, struct str s)
{
  struct buf b;
  buf_init(&b, a, s.n + 1);
  for (size_t at = 0; at < s.n;) {
    int32_t cp = utf8_next(s, &at);
    if (cp < 0)
      return STR_NONE;
    if (cp >= 0xFF0B && cp <= 0xFF19)
      cp -= 0xFF00 - 0x20;
    if (cp == 0x2212)
      cp = '-';
    if (cp != ',' && cp != 0x3001)
      utf8_put(&b, cp);
  }
  return str_trim(buf_str(&b));
}

static bool in_range(const struct reading *v, double n)
{
  struct arena *a = v->r->c->arena;
  struct str low = str_printf(a, "%g", v->it->min), high = str_printf(a, "%g", v->it->max);
  bool under = v->it->has_min && n < v->it->min, over = v->it->has_max && n > v->it->max;
  if (!under && !over)
    return true;
  if (v->it->has_min && v->it->has_max)
    form_say(v->r, v->at, v->it, TR("「%1」は%2から%3までの数を書いてください。"), low, high);
  else if (under)
    form_say(v->r, v->at, v->it, TR("「%1」は%2以上の数を書いてください。"), low, STR_NONE);
  else
    form_say(v->r, v->at, v->it, TR("「%1」は%2以下の数を書いてください。"), high, STR_NONE);
  return false;
}

static struct doc *read_integer(const struct reading *v, const struct doc *raw)
{
  struct arena *a = v->r->c->arena;
  int64_t n = doc_integer(raw);
  if (doc_kind(raw) != DOC_INT && doc_kind(raw) != DOC_STR)
    return wrong_type(v);
  if (doc_kind(raw) == DOC_STR &&
      (doc_string(raw).n > NUMBER_BYTES || !str_to_i64(form_plain_number(a, doc_string(raw)), &n)))
    return refuse(v, TR("「%1」は数字だけで書いてください(例: 4)。"));
  if (!in_range(v, (double)n))
    return NULL;
  struct doc *list = doc_list(a);
  doc_add_int(list, n);
  return doc_at(list, 0);
}

static bool read_real(struct arena *a, struct str s, double *ret)
{
  size_t digits = 0, dots = 0;
  for (size_t i = 0; i < s.n; i++) {
    bool digit = s.p[i] >= '0' && s.p[i] <= '9';
    digits += digit;
    dots += s.p[i] == '.';
    if (!digit && s.p[i] != '.' && !(i == 0 && s.p[i] == '-'))
      return false;
  }
  *ret = digits ? strtod(str_cstr(a, s), NULL) : 0;
  return digits > 0 && digits <= 17 && dots <= 1;
}

static struct doc *read_decimal(const struct reading *v, const struct doc *raw)
{
  struct arena *a = v->r->c->arena;
  double n = doc_number(raw);
  if (doc_kind(raw) == DOC_STR) {
    if (doc_string(raw).n > NUMBER_BYTES || !read_real(a, form_plain_number(a, doc_string(raw)), &n))
      return refuse(v, TR("「%1」は数字で書いてください(例: 1.5)。"));
  } else if (doc_kind(raw) != DOC_INT && doc_kind(raw) != DOC_REAL) {
    return wrong_type(v);
  }
  if (!in_range(v, n))
    return NULL;
  struct doc *holder = doc_map(a);
  doc_put_real(holder, "n", n);
  return doc_get(holder, "n");
}

/* --- the small ones --- */

static struct doc *read_boolean(const struct reading *v, const struct doc *raw)
{
  struct str s = doc_string(raw);
  bool yes = doc_truth(raw) || str_is(s, "true") || str_is(s, "on") || str_is(s, "1");
  bool no = str_is(s, "false") || str_is(s, "off") || str_is(s, "0");
  if (doc_kind(raw) == DOC_BOOL)
    no = !yes;
  if (!yes && !no)
    return refuse(v, TR("「%1」は「はい」か「いいえ」を選んでください。"));
  struct doc *holder = doc_map(v->r->c->arena);
  doc_put_bool(holder, "b", yes);
  return doc_get(holder, "b");
}

static struct doc *read_time(const struct reading *v, const struct doc *raw)
{
  struct str text;
  if (doc_kind(raw) != DOC_STR)
    return wrong_type(v);
  if (!form_clock_text(v->r->c->arena, doc_string(raw), &text))
    return refuse(v, TR("「%1」は時刻を 10:02 のように書いてください。"));
  return canonical_text(v, text);
}

static struct doc *free_choice(const struct reading *v, struct str text)
{
  struct str s = str_trim(text);
  if (s.n == 0 || !text_fits(v, s, false))
    return NULL;
  struct doc *map = doc_map(v->r->c->arena);
  doc_put_str(map, "text", s);
  return map;
}

static struct doc *read_choice(const struct reading *v, const struct doc *raw)
{
  bool open = v->it->type == FORM_OPEN_CHOICE;
  if (open && doc_kind(raw) == DOC_MAP && doc_size(raw) == 1 && doc_get(raw, "text"))
    return free_choice(v, doc_get_str(raw, "text"));
  if (doc_kind(raw) != DOC_STR)
    return wrong_type(v);
  const struct form_option *o = form_option_find(v->it, doc_string(raw));
  if (o && (!v->r->veil || form_veil_option(v->r->veil, v->it, o)))
    return canonical_text(v, o->code);
  if (open && !o)
    return free_choice(v, doc_string(raw));
  return refuse(v, TR("「%1」で、選択肢にないものが選ばれています。もう一度選んでください。"));
}

/* Whatever the type: a number put into a box of another kind is refused for what it is, and never repeated. */
static bool guarded(const struct reading *v, const struct doc *raw)
{
  struct str s = form_raw_text(v->r->c->arena, raw);
  if (doc_kind(raw) == DOC_MAP)
    s = doc_get_str(raw, "text");
  if (v->it->type == FORM_TEXT || v->it->type == FORM_STRING || s.n > GUARD_BYTES || !my_number_check(s))
    return false;
  refuse(v, TR("「%1」にマイナンバー(個人番号)"
               "と思われる12桁の数字があります。ここではマイナンバーを使いません。消してください。"));
  return true;
}

struct doc *form_value_read(struct form_reader *r, const struct form_place *at, const struct form_item *it,
                            const struct doc *raw)
{
  struct reading v = {r, at, it};
  if (doc_kind(raw) == DOC_NULL || (doc_kind(raw) == DOC_STR && utf8_trim(doc_string(raw)).n == 0) || guarded(&v, raw))
    return NULL;
  switch (it->type) {
  case FORM_BOOLEAN:
    return read_boolean(&v, raw);
  case FORM_INTEGER:
    return read_integer(&v, raw);
  case FORM_DECIMAL:
    return read_decimal(&v, raw);
  case FORM_DATE:
  case FORM_DATETIME:
    return form_date_read(r, at, it, raw);
  case FORM_TIME:
    return read_time(&v, raw);
  case FORM_CHOICE:
  case FORM_OPEN_CHOICE:
    return read_choice(&v, raw);
  case FORM_STRING:
  case FORM_TEXT:
  case FORM_URL:
    return read_text(&v, raw);
  default:
    return NULL;
  }
}
