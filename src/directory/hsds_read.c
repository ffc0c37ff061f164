/* hsds_read.c: the standard's JSON and CSV become a set. Each record that stands in a file is accounted for. */
#include "directory/hsds.h"
#include "view/csv.h"

struct reading {
  struct hsds_set *s;
  struct arena *a;
  struct str file;
  int64_t nameless; /* records without an id so far */
};

static void add_line(struct arena *a, struct str *lines, struct str line)
{
  *lines = lines->n ? str_printf(a, "%.*s\n%.*s", STR_FMT(*lines), STR_FMT(line)) : str_copy(a, line);
}

static void remark(struct reading *r, struct hsds_record *to, struct str field, struct str what)
{
  if (to)
    add_line(r->a, &to->remarks, str_printf(r->a, "%.*s: %.*s", STR_FMT(field), STR_FMT(what)));
}

static void refuse(struct reading *r, struct hsds_record *to, struct str field, struct str what)
{
  remark(r, to, field, what);
  if (to)
    to->refused = true;
}

/* What stands there, for the report: at most 40 bytes of it, whole characters. */
static struct str shown(struct arena *a, const struct doc *value)
{
  struct buf b;
  buf_init(&b, a, 4 << 20);
  json_write(&b, value);
  struct str s = buf_str(&b);
  size_t n = s.n;
  if (n > 40)
    for (n = 40; n && ((unsigned char)s.p[n] & 0xC0) == 0x80;)
      n--;
  return n < s.n ? str_printf(a, "%.*s…", (int)n, s.p) : s;
}

/* ---- one record ------------------------------------------------------------------------------------------------------------ */

static struct hsds_record *nameless(struct reading *r, enum hsds_kind kind, struct str place, struct str why)
{
  struct hsds_record *to = hsds_add(r->s, kind, str_printf(r->a, "? %zu %lld", r->s->total, (long long)++r->nameless));
  if (!to)
    return NULL;
  to->place = place;
  to->times = 1;
  refuse(r, to, S("id"), why);
  return to;
}

/* The record of this id, made if it is not there; one without an id that can be used is refused, and made so that it counts. */
static struct hsds_record *record_of(struct reading *r, enum hsds_kind kind, const struct doc *id, struct str place)
{
  const struct hsds_field *f = hsds_field(kind, S("id"));
  struct str text = doc_string(id), right = id ? hsds_check(r->a, f, id) : STR_NONE;
  if (!id || (doc_kind(id) == DOC_STR && !text.n))
    return nameless(r, kind, place, str_from(JA("ありません。この記録だけのUUIDを入れてください。")));
  if (right.n) {
    struct str what = shown(r->a, id);
    return nameless(r, kind, place, str_printf(r->a, JA("%.*s は使えません。%.*s"), STR_FMT(what), STR_FMT(right)));
  }
  struct hsds_record *to = hsds_find(r->s, kind, text);
  if (!to && (to = hsds_add(r->s, kind, text)))
    to->place = place;
  if (to)
    to->times++;
  return to;
}

/* Puts a value, or compares it with the one that is there. */
static void put(struct reading *r, struct hsds_record *to, struct str field, const struct doc *value)
{
  const struct doc *there = doc_get_key(to->fields, field);
  if (!there) {
    doc_put_key(to->fields, field, (struct doc *)(uintptr_t)value);
  } else if (!doc_equal(there, value)) {
    struct str first = shown(r->a, there), second = shown(r->a, value);
    remark(r, to, field,
           str_printf(r->a, JA("同じ番号の記録に %.*s と %.*s があります。はじめの値にしました。"), STR_FMT(first),
                      STR_FMT(second)));
  }
}

static void take_value(struct reading *r, struct hsds_record *to, const struct hsds_field *f, const struct doc *value)
{
  struct str field = str_from(f->name);
  if (doc_kind(value) == DOC_NULL || (doc_kind(value) == DOC_STR && !doc_string(value).n && f->need != HSDS_KEY))
    return; /* no value; whether one is needed is asked at the end */
  if (f->type != HSDS_NUMBER && doc_kind(value) == DOC_INT) {
    struct doc *text = doc_str(r->a, str_printf(r->a, "%lld", (long long)doc_integer(value)));
    if (!hsds_check(r->a, f, text).n) {
      remark(r, to, field, str_from(JA("数を文字列として読みました。")));
      value = text;
    }
  }
  struct str right = hsds_check(r->a, f, value);
  if (right.n) {
    struct str what = shown(r->a, value);
    refuse(r, to, field, str_printf(r->a, JA("%.*s は使えません。%.*s"), STR_FMT(what), STR_FMT(right)));
    return;
  }
  put(r, to, field, value);
}

static void check_whole(struct reading *r, struct hsds_record *to)
{
  for (const struct hsds_field *f = hsds_tables[to->kind].fields; f->name; f++) {
    if (doc_get(to->fields, f->name) || to->refused)
      continue;
    bool reference = f->need == HSDS_PARENT && to->tabular;
    if (f->need == HSDS_FULL || reference)
      refuse(r, to, str_from(f->name), str_from(JA("ありません。この項目は欠かせません。")));
    if (f->need == HSDS_KEY) {
      doc_put_str(to->fields, f->name, STR_NONE);
      if (!to->tabular)
        remark(r, to, str_from(f->name), str_from(JA("ありません。標準では欠かせないので、空として入れます。")));
    }
    if (f->need == HSDS_TABLE && to->tabular)
      remark(r, to, str_from(f->name), str_from(JA("ありません。標準の表では欠かせません。")));
  }
}

/* ---- nested JSON ----------------------------------------------------------------------------------------------------------- */

static struct hsds_record *take(struct reading *r, enum hsds_kind kind, const struct doc *d, struct str place,
                                bool lost);

/* A record only mentioned, as a list of an organization's services may do, says nothing by what it leaves out. */
static bool is_whole(enum hsds_kind kind, const struct doc *d)
{
  for (size_t i = 0; i < doc_size(d); i++) {
    struct str key = doc_key_at(d, i);
    if (hsds_field(kind, key) && !str_is(key, "id") && !str_is(key, "name") && !str_is(key, "status"))
      return true;
  }
  return false;
}

static void take_child(struct reading *r, struct hsds_record *to, const struct hsds_branch *b, const struct doc *d,
                       struct str place, bool lost)
{
  struct hsds_record *child = take(r, b->kind, d, place, lost || to->refused);
  if (!child || child->refused)
    return;
  struct hsds_record *holder = b->list ? child : to;
  struct doc *id = doc_get((b->list ? to : child)->fields, "id");
  const struct doc *there = doc_get(holder->fields, b->by);
  if (b->list && there && !doc_equal(there, id))
    remark(r, child, str_from(b->by),
           str_from(JA("ほかの記録にも付いています。標準の表では一つだけなので、はじめの記録に付けました。")));
  else
    put(r, holder, str_from(b->by), id);
}

static void take_branch(struct reading *r, struct hsds_record *to, const struct hsds_branch *b, const struct doc *d,
                        struct str place, bool lost)
{
  struct str at = str_printf(r->a, "%.*s.%s", STR_FMT(place), b->name);
  if (doc_kind(d) == DOC_NULL)
    return;
  if (b->list ? doc_kind(d) != DOC_LIST : doc_kind(d) != DOC_MAP) {
    refuse(r, to, str_from(b->name),
           str_from(b->list ? JA("記録の並び [ ] にしてください。") : JA("記録ひとつ { } にしてください。")));
    return;
  }
  if (!b->list)
    take_child(r, to, b, d, at, lost);
  for (size_t i = 0; b->list && i < doc_size(d); i++)
    take_child(r, to, b, doc_at(d, i), str_printf(r->a, "%.*s[%zu]", STR_FMT(at), i), lost);
}

static void take_fields(struct reading *r, struct hsds_record *to, const struct doc *d)
{
  for (size_t i = 0; i < doc_size(d); i++) {
    struct str key = doc_key_at(d, i);
    const struct hsds_field *f = hsds_field(to->kind, key);
    if (f && !str_is(key, "id"))
      take_value(r, to, f, doc_value_at(d, i));
    else if (!f && !hsds_branch(to->kind, key))
      remark(r, to, key, str_from(JA("標準にない項目です。読みませんでした。")));
  }
}

/* Children come last: whether they can be taken depends on the record itself. */
static struct hsds_record *take(struct reading *r, enum hsds_kind kind, const struct doc *d, struct str place,
                                bool lost)
{
  bool map = doc_kind(d) == DOC_MAP;
  struct hsds_record *to =
      map ? record_of(r, kind, doc_get(d, "id"), place)
          : nameless(r, kind, place, str_from(JA("記録 { } ではありません。項目の名前と値の組にしてください。")));
  if (!to)
    return NULL;
  if (lost && to->times == 1)
    refuse(r, to, S("id"), str_from(JA("これが付いている記録を入れられないので、これも入れません。")));
  if (map && !to->refused) {
    to->whole = to->whole || is_whole(kind, d);
    take_fields(r, to, d);
    check_whole(r, to);
  }
  for (size_t i = 0; i < doc_size(d) && map; i++) {
    const struct hsds_branch *b = hsds_branch(kind, doc_key_at(d, i));
    if (b)
      take_branch(r, to, b, doc_value_at(d, i), place, to->refused);
  }
  return to;
}

/* ---- which form it has ------------------------------------------------------------------------------------------------------- */

/* Of its keys, id apart: how many the kind has. */
static size_t known_keys(enum hsds_kind kind, const struct doc *d)
{
  size_t n = 0;
  for (size_t i = 0; i < doc_size(d); i++) {
    struct str key = doc_key_at(d, i);
    n += !str_is(key, "id") && (hsds_field(kind, key) || hsds_branch(kind, key));
  }
  return n;
}

static bool has_required(enum hsds_kind kind, const struct doc *d)
{
  for (const struct hsds_field *f = hsds_tables[kind].fields; f->name; f++)
    if ((f->need == HSDS_FULL || f->need == HSDS_KEY) && !doc_get(d, f->name))
      return false;
  return true;
}

/* The kind that knows all its keys and finds what it requires, else the one that knows most; where several do ("name", "description"), the
 * file's name decides ("taxonomy_list.json"). */
static bool detect(struct reading *r, const struct doc *d, enum hsds_kind *ret)
{
  size_t best = 0, keys = doc_size(d) - (doc_get(d, "id") != NULL);
  for (int k = 0; k < HSDS_KINDS && doc_kind(d) == DOC_MAP; k++) {
    struct str name = str_from(hsds_tables[k].name);
    size_t known = known_keys((enum hsds_kind)k, d);
    bool required = has_required((enum hsds_kind)k, d);
    if (known == 0 || (known < keys && !required))
      continue;
    size_t score = (known == keys ? 1000000U : 0) + (required ? 500000U : 0) + known * 100 +
                   (str_starts(r->file, name) ? name.n : 0);
    if (score > best)
      *ret = (enum hsds_kind)k;
    best = score > best ? score : best;
  }
  return best > 0;
}

static enum code no_form(struct reading *r, struct err *e)
{
  return err_set1(e, INVALID,
                  TR("%1 は HSDS 3.0 の記録ではありません。organization・service などの記録ひとつ、その並び、contents "
                     "のあるページ、表({\"phones.csv\": [...]})のどれかにしてください。種類がわからないときは --kind "
                     "で書けます。"),
                  str_cstr(r->a, r->file));
}

static enum code take_list(struct reading *r, const struct doc *list, struct str kind, const char *at, struct err *e)
{
  for (size_t i = 0; i < doc_size(list); i++) {
    enum hsds_kind k = HSDS_KINDS;
    const struct doc *d = doc_at(list, i);
    if (!(kind.n ? hsds_kind_parse(kind, &k) : detect(r, d, &k)))
      return no_form(r, e);
    (void)take(r, k, d, str_printf(r->a, "%.*s %s[%zu]", STR_FMT(r->file), at, i), false);
  }
  return OK;
}

/* ---- tables -------------------------------------------------------------------------------------------------------------------- */

static bool table_of(struct str path, enum hsds_kind *ret)
{
  for (int k = 0; k < HSDS_KINDS; k++)
    if (str_is(path, hsds_tables[k].path)) {
      *ret = (enum hsds_kind)k;
      return true;
    }
  return false;
}

static void take_row(struct reading *r, enum hsds_kind kind, const struct doc *d, struct str place)
{
  bool map = doc_kind(d) == DOC_MAP;
  struct hsds_record *to =
      map ? record_of(r, kind, doc_get(d, "id"), place)
          : nameless(r, kind, place, str_from(JA("記録 { } ではありません。項目の名前と値の組にしてください。")));
  if (!to || !map || to->refused)
    return;
  if (to->tabular) {
    to->times--;
    (void)nameless(
        r, kind, place,
        str_printf(r->a, JA("%.*s と同じ番号です。記録ごとにちがう番号にしてください。"), STR_FMT(to->place)));
    return;
  }
  to->whole = to->tabular = true;
  take_fields(r, to, d);
  check_whole(r, to);
}

static void take_tables(struct reading *r, const struct doc *d)
{
  for (size_t i = 0; i < doc_size(d); i++) {
    struct str path = doc_key_at(d, i);
    const struct doc *rows = doc_value_at(d, i);
    enum hsds_kind kind;
    if (!table_of(path, &kind) || doc_kind(rows) != DOC_LIST) {
      add_line(r->a, &r->s->remarks,
               str_printf(r->a, JA("%.*s: 標準にない表か、行の並びではありません。読みませんでした。"), STR_FMT(path)));
      continue;
    }
    for (size_t k = 0; k < doc_size(rows); k++)
      take_row(r, kind, doc_at(rows, k), str_printf(r->a, "%.*s %.*s[%zu]", STR_FMT(r->file), STR_FMT(path), k));
  }
}

enum code hsds_read_json(struct hsds_set *s, struct str file, struct str text, struct str kind, struct err *e)
{
  struct reading r = {.s = s, .a = s->arena, .file = file};
  struct doc *d = NULL, *one = NULL;
  enum hsds_kind ignored;
  if (str_starts(text, S("\xEF\xBB\xBF")))
    text = str_sub(text, 3, text.n);
  enum code c = json_parse(s->arena, text, &d, e);
  if (c != OK)
    return c;
  if (kind.n && !hsds_kind_parse(kind, &ignored))
    return no_form(&r, e);
  if (doc_kind(d) == DOC_LIST) {
    c = take_list(&r, d, kind, "", e);
  } else if (doc_kind(doc_get(d, "contents")) == DOC_LIST) {
    c = take_list(&r, doc_get(d, "contents"), kind, "contents", e);
  } else if (doc_kind(d) == DOC_MAP && doc_size(d) && str_ends(doc_key_at(d, 0), S(".csv"))) {
    take_tables(&r, d);
  } else {
    one = doc_list(s->arena);
    doc_add(one, d);
    c = take_list(&r, one, kind, "", e);
  }
  return c == OK && arena_failed(s->arena) ? err_oom(e) : c;
}

/* ---- CSV -------------------------------------------------------------------------------------------------------------------------- */

static struct str columns_right(struct arena *a, enum hsds_kind kind)
{
  struct buf b;
  buf_init(&b, a, 4096);
  for (const struct hsds_field *f = hsds_tables[kind].fields; f->name; f++)
    buf_printf(&b, "%s%s", f == hsds_tables[kind].fields ? "" : ", ", f->name);
  return buf_str(&b);
}

static void check_header(struct reading *r, enum hsds_kind kind, const struct csv_table *t)
{
  struct str right = columns_right(r->a, kind);
  for (size_t i = 0; t->n && i < t->row[0].n; i++) {
    struct str name = t->row[0].cell[i];
    if (!hsds_field(kind, name))
      add_line(r->a, &r->s->remarks,
               str_printf(r->a,
                          JA("%.*s 1行目 %zu列目: 「%.*s」という列は標準にありません。読みません。列の名前: %.*s"),
                          STR_FMT(r->file), i + 1, STR_FMT(name), STR_FMT(right)));
    for (size_t k = 0; k < i; k++)
      if (str_eq(name, t->row[0].cell[k]))
        add_line(r->a, &r->s->remarks,
                 str_printf(r->a, JA("%.*s 1行目 %zu列目: 「%.*s」が二度あります。はじめの列だけを読みます。"),
                            STR_FMT(r->file), i + 1, STR_FMT(name)));
  }
  for (const struct hsds_field *f = hsds_tables[kind].fields; f->name; f++)
    if (f->need != HSDS_OPTIONAL && csv_column(t, f->name) < 0)
      add_line(r->a, &r->s->remarks,
               str_printf(r->a, JA("%.*s 1行目: 欠かせない列「%s」がありません。列の名前: %.*s"), STR_FMT(r->file),
                          f->name, STR_FMT(right)));
}

/* A cell as the JSON would have it; an empty one is no value. */
static struct doc *cell_value(struct reading *r, const struct hsds_field *f, struct str cell)
{
  struct err ignored = {0};
  struct doc *d = NULL;
  if (f && f->type == HSDS_NUMBER && json_parse(r->a, cell, &d, &ignored) == OK &&
      (doc_kind(d) == DOC_INT || doc_kind(d) == DOC_REAL))
    return d;
  struct buf b;
  buf_init(&b, r->a, cell.n + 1);
  for (size_t i = 0; i < cell.n; i++)
    if (cell.p[i] != '\r' || i + 1 == cell.n || cell.p[i + 1] != '\n')
      buf_add_c(&b, cell.p[i]);
  return doc_str(r->a, buf_str(&b));
}

static void take_cells(struct reading *r, enum hsds_kind kind, const struct csv_table *t, size_t row)
{
  struct str place = str_printf(r->a, JA("%.*s %zu行目"), STR_FMT(r->file), row + 1);
  struct doc *d = doc_map(r->a);
  if (t->row[row].n != t->row[0].n) {
    (void)nameless(
        r, kind, place,
        str_printf(r->a, JA("列が %zu あります。1行目と同じ %zu にしてください。"), t->row[row].n, t->row[0].n));
    return;
  }
  for (size_t i = 0; i < t->row[row].n; i++) {
    struct str name = t->row[0].cell[i];
    const struct hsds_field *f = hsds_field(kind, name);
    if (f && t->row[row].cell[i].n && !doc_get_key(d, name))
      doc_put_key(d, name, cell_value(r, f, t->row[row].cell[i]));
  }
  take_row(r, kind, d, place);
}

enum code hsds_read_csv(struct hsds_set *s, struct str file, struct str text, struct err *e)
{
  struct reading r = {.s = s, .a = s->arena, .file = file};
  struct csv_table t = {0};
  enum hsds_kind kind;
  if (!table_of(file, &kind))
    return err_set1(e, INVALID, TR("%1 は HSDS 3.0 の表ではありません。organizations.csv などの名前にしてください。"),
                    str_cstr(s->arena, file));
  enum code c = csv_in(s->arena, text, &t, e);
  if (c != OK) {
    err_detail(e, "%.*s", STR_FMT(file));
    return c;
  }
  check_header(&r, kind, &t);
  for (size_t i = 1; i < t.n; i++)
    take_cells(&r, kind, &t, i);
  return arena_failed(s->arena) ? err_oom(e) : OK;
}
