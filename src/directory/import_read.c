/* import_read.c: the text of a list becomes rows: columns known, cells mended, each row a place, a heading, blank or refused. */
#include "base/limits.h"
#include "base/my_number.h"
#include "base/utf8.h"
#include "directory/import.h"
#include "directory/import_words.h"
#include "directory/mend.h"
#include "form/form.h"
#include "view/view.h"

enum { COLUMNS_MOST = 40 };

struct column {
  struct str key, label, fold;
  enum column_kind kind;
};

struct reading {
  struct arena *a;
  struct arena *scratch; /* emptied with each row */
  struct import_list *list;
  struct buf remarks;
  struct column columns[COLUMNS_MOST];
  size_t column_count;
  struct str part, heading;
};

static void remark(struct reading *r, const char *id, struct str a1, struct str a2)
{
  struct str s = tr_args(r->a, LANG_JA, id, a1, a2, STR_NONE);
  buf_printf(&r->remarks, "%.*s: %.*s\n", STR_FMT(r->part), STR_FMT(s));
}

static void row_remark(struct reading *r, struct import_row *row, const char *id, struct str a1)
{
  struct str s = tr_args(r->a, LANG_JA, id, a1, STR_NONE, STR_NONE);
  row->remarks = str_printf(r->a, "%.*s%s%.*s", STR_FMT(row->remarks), row->remarks.n ? "\n" : "", STR_FMT(s));
}

static void refuse(struct import_row *row, const char *reason, struct str detail)
{
  row->kind = ROW_REFUSED;
  row->reason = reason;
  row->detail = detail;
}

/* ---- columns ---------------------------------------------------------------------------------------------------------- */

static bool label_taken(const struct reading *r, struct str label)
{
  for (size_t i = 0; i < r->column_count; i++)
    if (str_eq(r->columns[i].label, label))
      return true;
  return false;
}

static struct column *column_add(struct reading *r, struct str key, struct str heading)
{
  struct str own, label = mend_line(r->a, heading);
  if (r->column_count == COLUMNS_MOST)
    return NULL;
  enum column_kind kind = column_of(r->a, key, label, &own);
  if (label.n && label_taken(r, label) && own.n) {
    remark(r, TR("見出し「%1」が二つの列にあります。一方は「%2」として読みました。"), label, own);
    label = own;
  }
  if (!label.n)
    label = own.n ? own : key;
  struct column *c = &r->columns[r->column_count++];
  *c = (struct column){.key = key, .label = label, .fold = utf8_fold(r->a, label), .kind = kind};
  return c;
}

static void columns_read(struct reading *r, const struct doc *header)
{
  r->column_count = 0;
  for (size_t i = 0; i < doc_size(header); i++)
    if (doc_kind(doc_value_at(header, i)) == DOC_STR)
      column_add(r, doc_key_at(header, i), doc_string(doc_value_at(header, i)));
}

static const struct column *column_find(struct reading *r, struct str key)
{
  for (size_t i = 0; i < r->column_count; i++)
    if (str_eq(r->columns[i].key, key))
      return &r->columns[i];
  struct column *c = column_add(r, key, STR_NONE);
  if (c && str_eq(c->label, key))
    remark(r, TR("見出しのない列「%1」があります。そのまま残します。"), key, STR_NONE);
  return c;
}

/* ---- cells ------------------------------------------------------------------------------------------------------------ */

/* The cell as text. False: neither text nor number. */
static bool cell_text(struct reading *r, const struct doc *d, struct str *ret)
{
  switch (doc_kind(d)) {
  case DOC_NULL:
    *ret = STR_NONE;
    return true;
  case DOC_STR:
    *ret = doc_string(d);
    return true;
  case DOC_INT:
    *ret = str_printf(r->a, "%lld", (long long)doc_integer(d));
    return true;
  case DOC_REAL:
    *ret = str_printf(r->a, "%.15g", doc_number(d));
    return true;
  default:
    return false;
  }
}

static bool cell_good(struct import_row *row, const struct column *c, struct str text)
{
  struct err e = {0};
  size_t most = c->kind == COLUMN_NAME ? LIMIT_STRING : LIMIT_TEXT;
  if (text.n > most * 4 || utf8_length(text) > most)
    refuse(row, TR("「%1」の欄が長すぎます。"), c->label);
  else if (utf8_check_text(text, true, &e) != OK)
    refuse(row, TR("「%1」の欄に、使えない文字があります。"), c->label);
  else if (my_number_check(text))
    refuse(row, TR("「%1」の欄に、マイナンバーと思われる数字があります。"), c->label);
  return row->kind != ROW_REFUSED;
}

static void add_attribute(struct reading *r, struct import_row *row, struct str label, struct str value, bool is_date)
{
  if (row->attribute_count < IMPORT_ATTRIBUTES)
    row->attributes[row->attribute_count++] = (struct import_attribute){label, value, is_date};
  else
    row_remark(r, row, TR("列が多すぎます。「%1」は読みませんでした。"), label);
}

static void date_cell(struct reading *r, struct import_row *row, const struct column *c, struct str text)
{
  struct date d = {0};
  bool serial = false;
  struct str line = mend_line(r->a, text);
  if (!line.n)
    return;
  if (!mend_date(r->a, text, &d, &serial)) {
    row_remark(r, row, TR("日付として読めません:%1"), line);
    add_attribute(r, row, c->label, line, false);
    return;
  }
  if (serial)
    row_remark(r, row, TR("表計算の日数を日付に直しました:%1"), line);
  add_attribute(r, row, c->label, date_iso(r->a, d), true);
}

static void phone_cell(struct reading *r, struct import_row *row, struct str text, enum phone_type type)
{
  struct phones p;
  phone_read(r->a, text, r->list->options.area_code, type, &p);
  for (size_t i = 0; i < p.count; i++) {
    struct phone *n = &p.list[i];
    if (!n->dial.n)
      row_remark(r, row, TR("電話番号が最後まで読めません:%1"), n->number.n ? n->number : n->remark);
    if (row->phones.count < PHONES_MOST)
      row->phones.list[row->phones.count++] = *n;
    else
      row_remark(r, row, TR("電話番号が多すぎます:%1"), n->number);
  }
}

static void cell_put(struct reading *r, struct import_row *row, const struct column *c, struct str text)
{
  struct str line = mend_line(r->a, text);
  switch (c->kind) {
  case COLUMN_NAME:
    row->name = line;
    return;
  case COLUMN_WHAT:
    row->what = line;
    return;
  case COLUMN_HOURS:
    row->hours = mend_lines(r->a, text);
    return;
  case COLUMN_ADDRESS:
    row->address = mend_dashes(r->a, line);
    return;
  case COLUMN_PLACE:
    row->place = mend_dashes(r->a, line);
    return;
  case COLUMN_PHONE:
  case COLUMN_FAX:
    phone_cell(r, row, text, c->kind == COLUMN_FAX ? PHONE_FAX : PHONE_VOICE);
    return;
  case COLUMN_URL:
    row->url = line;
    return;
  case COLUMN_MAIL:
    row->mail = line;
    return;
  case COLUMN_NOTE:
    row->alert = mend_lines(r->a, text);
    return;
  case COLUMN_DATE:
    date_cell(r, row, c, text);
    return;
  case COLUMN_OTHER:
    if (line.n)
      add_attribute(r, row, c->label, line, false);
    return;
  }
}

/* ---- rows ------------------------------------------------------------------------------------------------------------- */

struct filled { /* what stands in a row before its cells are read */
  size_t cells, like_heading;
  struct str only;  /* the last cell with text */
  struct buf marks; /* headings of the columns that are true */
};

static void flag_cell(struct reading *r, struct import_row *row, const struct column *c, bool on, struct filled *f)
{
  if (c->kind != COLUMN_OTHER)
    refuse(row, TR("「%1」の欄が文字ではありません。"), c->label);
  else if (on)
    buf_printf(&f->marks, "%s%.*s", f->marks.n ? JA("、") : "", STR_FMT(c->label));
}

static void row_cell(struct reading *r, struct import_row *row, struct str key, const struct doc *d, struct filled *f)
{
  struct str text;
  const struct column *c = column_find(r, key);
  if (!c) {
    refuse(row, TR("列が多すぎます。「%1」は読みませんでした。"), key);
    return;
  }
  if (doc_kind(d) == DOC_BOOL) {
    flag_cell(r, row, c, doc_truth(d), f);
    return;
  }
  bool wrong = !cell_text(r, d, &text) || (c->kind == COLUMN_NAME && doc_kind(d) != DOC_STR && doc_kind(d) != DOC_NULL);
  if (wrong) {
    refuse(row, TR("「%1」の欄が文字ではありません。"), c->label);
    return;
  }
  text = utf8_normalize_newlines(r->a, text);
  if (!cell_good(row, c, text))
    return;
  struct str line = mend_line(r->a, text);
  if (!line.n)
    return;
  f->cells++;
  f->only = line;
  f->like_heading += str_eq(utf8_fold(r->scratch, line), c->fold);
  cell_put(r, row, c, text);
}

/* 「■高齢者」「【子育て】」: a line that says what the rows below are about. */
static bool is_marked(struct str s)
{
  static const char *const marks[] = {"■", "□", "●",  "○",  "◆",  "◇", "▼",  "▽",
                                      "★", "☆", "【", "〔", "＜", "<", "《", "≪"};
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
    if (str_starts(s, str_from(marks[i])))
      return true;
  return false;
}

static bool is_reachable(const struct import_row *row)
{
  for (size_t i = 0; i < row->phones.count; i++)
    if (row->phones.list[i].number.n)
      return true;
  return row->address.n || row->place.n || row->mail.n || row->url.n;
}

static void row_judge(struct reading *r, struct import_row *row, const struct filled *f)
{
  if (row->kind == ROW_REFUSED)
    return;
  row->kind = ROW_PLACE;
  if (!f->cells && !f->marks.n) {
    row->kind = ROW_BLANK;
  } else if (f->cells == f->like_heading && f->cells >= 2) {
    row->kind = ROW_HEADING;
    row->name = STR_NONE;
  } else if (f->cells == 1 && is_marked(f->only)) {
    row->kind = ROW_HEADING;
    row->name = r->heading = f->only;
  } else if (!row->name.n) {
    refuse(row, TR("名前がありません。"), STR_NONE);
  } else if (!is_reachable(row)) {
    refuse(row, TR("電話も場所も書かれていません。"), STR_NONE);
  }
}

/* The row as it stood, and what it was read with: when all this is the same next time, nothing has changed. */
static struct str row_raw(struct reading *r, const struct doc *d)
{
  struct buf b;
  struct doc *m = doc_map(r->scratch);
  doc_put_str(m, "heading", r->heading);
  doc_put_str(m, "city", r->list->options.city);
  doc_put_str(m, "area_code", r->list->options.area_code);
  doc_put(m, "row", (struct doc *)(uintptr_t)d);
  buf_init(&b, r->scratch, LIMIT_PAGE);
  json_write_canonical(&b, m);
  return str_copy(r->a, buf_str(&b));
}

static void row_finish(struct reading *r, struct import_row *row, const struct doc *d, struct filled *f)
{
  struct str marks = buf_str(&f->marks);
  if (row->kind != ROW_PLACE)
    return;
  if (marks.n)
    add_attribute(r, row, str_from(JA("分類")), str_copy(r->a, marks), false);
  row->heading = r->heading;
  struct str about =
      str_printf(r->scratch, "%.*s %.*s %.*s", STR_FMT(row->heading), STR_FMT(row->what), STR_FMT(marks));
  row->concerns = words_concerns(r->scratch, about);
  row->place_kind = words_kind(r->scratch, row->name, row->heading);
  row->shut = words_shut(row->alert);
  row->raw = row_raw(r, d);
}

static void row_read(struct reading *r, const struct doc *d, int64_t number)
{
  struct filled f = {0};
  struct import_row *row = &r->list->rows[r->list->count++];
  *row = (struct import_row){.part = r->part, .number = number};
  arena_reset(r->scratch);
  buf_init(&f.marks, r->scratch, LIMIT_TEXT);
  if (doc_kind(d) != DOC_MAP)
    refuse(row, TR("行が、列の名前と値の組になっていません。"), STR_NONE);
  for (size_t i = 0; i < doc_size(d) && row->kind != ROW_REFUSED && doc_kind(d) == DOC_MAP; i++)
    row_cell(r, row, doc_key_at(d, i), doc_value_at(d, i), &f);
  row_judge(r, row, &f);
  row_finish(r, row, d, &f);
}

/* ---- the list --------------------------------------------------------------------------------------------------------- */

static enum code part_read(struct reading *r, struct str part, struct str heading, const struct doc *header,
                           const struct doc *rows, struct err *e)
{
  r->part = part;
  r->heading = mend_line(r->a, heading);
  if (doc_kind(rows) != DOC_LIST)
    return err_set1(e, INVALID, TR("「%1」が行の並びではありません。"), str_cstr(r->a, part));
  columns_read(r, header);
  for (size_t i = 0; i < doc_size(rows); i++)
    row_read(r, doc_at(rows, i), (int64_t)i + 1);
  return arena_failed(r->a) || arena_failed(r->scratch) ? err_oom(e) : OK;
}

static enum code parts_read(struct reading *r, const struct doc *d, struct err *e)
{
  const struct doc *index = doc_get(d, "index"), *header = doc_get(d, "header");
  enum code c = OK;
  if (doc_kind(index) != DOC_MAP)
    return part_read(r, S("data"), STR_NONE, header, doc_get(d, "data"), e);
  for (size_t i = 0; c == OK && i < doc_size(index); i++) {
    struct str part = doc_key_at(index, i);
    const struct doc *rows = doc_get_key(d, part);
    r->part = part;
    if (rows)
      c = part_read(r, part, doc_string(doc_value_at(index, i)), doc_get_key(header, part), rows, e);
    else
      remark(r, TR("目次にある部分がありません。"), STR_NONE, STR_NONE);
  }
  for (size_t i = 0; c == OK && i < doc_size(d); i++) {
    struct str part = doc_key_at(d, i);
    r->part = part;
    if (doc_kind(doc_value_at(d, i)) == DOC_LIST && !doc_get_key(index, part)) {
      remark(r, TR("目次にない部分です。見出しなしで読みました。"), STR_NONE, STR_NONE);
      c = part_read(r, part, STR_NONE, doc_get_key(header, part), doc_value_at(d, i), e);
    }
  }
  return c;
}

/* Room for every row of every part, so that rows stay where they are. */
static enum code rows_reserve(struct reading *r, const struct doc *d, struct err *e)
{
  size_t n = 0;
  for (size_t i = 0; i < doc_size(d); i++)
    if (doc_kind(doc_value_at(d, i)) == DOC_LIST)
      n += doc_size(doc_value_at(d, i));
  if (n > LIMIT_CSV_ROWS)
    return err_set(e, LIMIT, TR("行が多すぎます。"));
  r->list->rows = arena_array(r->a, n + 1, sizeof *r->list->rows);
  return r->list->rows ? OK : err_oom(e);
}

/* 「Data by 湯沢市 - … / クリエイティブ・コモンズ …」: the licence stands behind the last " / ". */
static enum code source_read(struct reading *r, const struct doc *d, struct err *e)
{
  struct import_list *l = r->list;
  const struct import_options *o = &l->options;
  struct str said = mend_line(r->a, doc_get_str(d, "source")), origin = mend_line(r->a, doc_get_str(d, "origin"));
  l->key = o->source.n ? o->source : origin.n ? origin : o->file;
  l->attribution = said.n ? said : l->key;
  l->licence = o->licence;
  for (size_t i = said.n; !l->licence.n && i-- > 0;)
    if (str_starts(str_sub(said, i, said.n - i), S(" / ")))
      l->licence = str_trim(str_sub(said, i + 3, said.n));
  if (!l->licence.n)
    return err_field(e, "licence", TR("この一覧をどの条件で使えるかが書かれていません。--licence で書いてください。"));
  if (!l->key.n)
    return err_field(e, "source", TR("この一覧の出どころが書かれていません。--source で書いてください。"));
  return utf8_check_text(l->key, false, e) == OK ? utf8_check_text(l->licence, false, e) : INVALID;
}

static enum code not_utf8(struct arena *a, struct str text, struct err *e)
{
  size_t at = 0;
  int64_t line = 1;
  while (at < text.n) {
    size_t from = at;
    int32_t cp = utf8_next(text, &at);
    line += cp == '\n';
    if (cp < 0) {
      at = from;
      break;
    }
  }
  return err_set2(
      e, INVALID,
      TR("%1行目(%2バイト目)がUTF-8の文字ではありません。CP932(Shift_JIS)のファイルなら --cp932 を付けてください。"),
      str_cstr(a, str_printf(a, "%lld", (long long)line)), str_cstr(a, str_printf(a, "%zu", at + 1)));
}

static enum code decode(struct arena *a, const struct import_options *o, struct str *text, struct err *e)
{
  if (text->n > IMPORT_FILE_MOST)
    return err_set(e, LIMIT, TR("ファイルが大きすぎます。"));
  if (o->cp932)
    return utf8_from_cp932(a, *text, text, e);
  if (str_starts(*text, S("\xEF\xBB\xBF")))
    *text = str_sub(*text, 3, text->n);
  return utf8_valid(*text) ? OK : not_utf8(a, *text, e);
}

static enum code read_with(struct reading *r, struct str text, struct err *e)
{
  struct doc *d = NULL;
  enum code c = json_parse(r->a, text, &d, e);
  if (c == OK && doc_kind(d) != DOC_MAP)
    c = err_set(e, INVALID, TR("一覧の形をしていません(data か index が要ります)。"));
  if (c == OK)
    c = source_read(r, d, e);
  if (c == OK)
    c = rows_reserve(r, d, e);
  return c == OK ? parts_read(r, d, e) : c;
}

enum code import_read(struct arena *a, struct str text, const struct import_options *o, struct import_list *ret,
                      struct err *e)
{
  struct import_list list = {.arena = a, .options = *o};
  struct reading *r = arena_new_of(a, struct reading);
  if (!r)
    return err_oom(e);
  *r = (struct reading){.a = a, .list = &list};
  buf_init(&r->remarks, a, LIMIT_PAGE);
  enum code c = phone_check_area(o->area_code, e);
  if (c == OK)
    c = decode(a, o, &text, e);
  if (c != OK)
    return c;
  r->scratch = arena_new(LIMIT_ARENA);
  c = r->scratch ? read_with(r, text, e) : err_oom(e);
  arena_free(r->scratch);
  if (c != OK)
    return c;
  list.remarks = buf_str(&r->remarks);
  *ret = list;
  return OK;
}
