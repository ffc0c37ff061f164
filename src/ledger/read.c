/* read.c: from bytes to a table, and from a table to rows that say what each person and case would be. */
#include "base/limits.h"
#include "base/utf8.h"
#include "http/http.h"
#include "ledger/cells.h"
#include "view/xlsx.h"

enum { HEAD_AMONG = 20, RECORD_MOST = 18000 };

/* ---- the table -------------------------------------------------------------------------------------------------------------- */

static bool has_tabs(struct str bytes)
{
  struct str first = STR_NONE;
  for (struct str rest = bytes; !str_trim(first).n && str_split(&rest, '\n', &first);)
    ;
  return first.n && memchr(first.p, '\t', first.n);
}

/* What a file is stands in its bytes, whatever it is called. */
static enum code check_kind(struct str bytes, struct err *e)
{
  static const struct str old_excel = {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8}; /* also of one with a password */
  if (str_starts(bytes, old_excel))
    return err_set(
        e, INVALID,
        TR("古い形のExcel(.xls)か、パスワードのついたファイルです。Excelで開いて、パスワードのない「.xlsx」か"
           "「CSV」で保存しなおしてください。"));
  if (str_starts(bytes, S("%PDF-")) || str_starts(bytes, (struct str){"\xFF\xD8\xFF", 3}) ||
      (bytes.n && memchr(bytes.p, '\0', bytes.n)))
    return err_set(e, INVALID, TR("台帳として読めないファイルです。Excel(.xlsx)かCSVのファイルを選んでください。"));
  return OK;
}

static enum code cells_of(struct arena *a, struct str bytes, bool cp932, struct csv_table *ret, struct err *e)
{
  if (xlsx_is(bytes))
    return xlsx_in(a, bytes, ret, e);
  enum code c = check_kind(bytes, e);
  if (c != OK)
    return c;
  if (cp932 && utf8_from_cp932(a, bytes, &bytes, e) != OK)
    return err_set(e, INVALID, TR("Shift_JISとして読めません。文字コードの指定を外してみてください。"));
  return bytes.n && has_tabs(bytes) ? csv_in_tabs(a, bytes, ret, e) : csv_in(a, bytes, ret, e);
}

/* How many columns of a row are headings that mean something. */
static int headings(struct arena *a, const struct csv_row *row, bool *ret_name)
{
  int n = 0;
  *ret_name = false;
  for (size_t i = 0; i < row->n && i < LEDGER_COLUMNS_MOST; i++) {
    enum ledger_column k = row->cell[i].n > LIMIT_STRING ? LEDGER_SKIP : ledger_column_guess(a, row->cell[i]);
    n += k != LEDGER_SKIP;
    *ret_name = *ret_name || k == LEDGER_NAME;
  }
  return n;
}

/* The row among the first ones with the most headings; a title, a date or an empty row may stand above it. */
static enum code find_head(struct arena *a, struct ledger_table *t, struct err *e)
{
  int best = 0;
  bool best_name = false;
  for (size_t i = 0; i < t->cells.n && i < HEAD_AMONG; i++) {
    bool name = false;
    int n = headings(a, &t->cells.row[i], &name);
    if (n > best + (best_name && !name ? 100 : 0)) {
      best = n;
      best_name = name;
      t->head = i;
    }
  }
  if (!best)
    return err_set(e, INVALID,
                   TR("見出しの行が見つかりません。「氏名」「生年月日」などの見出しがある行から入れてください。"));
  t->columns = t->cells.row[t->head].n;
  return t->columns > LEDGER_COLUMNS_MOST ? err_set(e, LIMIT, TR("表が大きすぎます。行か列を減らしてください。")) : OK;
}

/* 次回予定 is a day in one ledger and what will be done in the next: the first value tells. */
static bool holds_days(struct arena *a, const struct ledger_table *t, size_t column)
{
  for (size_t row = t->head + 1; row < t->cells.n; row++) {
    struct str text = str_trim(csv_cell(&t->cells, row, column));
    struct date day = {0};
    struct err ignored = {0};
    if (text.n && !cell_says_nothing(a, text))
      return cell_serial(a, text, &day) || cell_date(a, text, &day, &ignored) == OK;
  }
  return true;
}

/* Of several columns that mean the same the first one stands; further notes are notes. */
static void guess(struct arena *a, struct ledger_table *t)
{
  bool taken[LEDGER_COLUMN_COUNT] = {false};
  for (size_t i = 0; i < t->columns; i++) {
    enum ledger_column k = ledger_column_guess(a, ledger_heading(t, i));
    if (k == LEDGER_NEXT_DAY && !holds_days(a, t, i))
      k = LEDGER_NEXT;
    t->column[i] = taken[k] && k != LEDGER_NOTE ? LEDGER_SKIP : k;
    taken[k] = k != LEDGER_SKIP;
  }
}

enum code ledger_read(struct arena *a, struct str bytes, bool cp932, struct ledger_table *ret, struct err *e)
{
  struct ledger_table t = {.head = 0};
  enum code c = cells_of(a, bytes, cp932, &t.cells, e);
  if (c == OK)
    c = find_head(a, &t, e);
  if (c != OK)
    return c;
  if (t.cells.n - t.head - 1 > LEDGER_ROWS_MOST)
    return err_set(e, LIMIT, TR("一度に取り込めるのは3000行までです。分けて取り込んでください。"));
  t.column = arena_array(a, t.columns + 1, sizeof *t.column);
  if (!t.column)
    return err_oom(e);
  guess(a, &t);
  *ret = t;
  return OK;
}

/* Bytes of a form's field when a browser sends it. */
static size_t sent_bytes(struct str s)
{
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    n += (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ' ' ? 1 : 3;
    n += c == '\n' ? 3 : 0; /* CRLF */
  }
  return n;
}

/* A tab in the first lines would say that tabs part the cells. */
static struct str without_tabs(struct arena *a, struct str s)
{
  char *p = arena_copy(a, s.p, s.n);
  for (size_t i = 0; p && i < s.n; i++)
    p[i] = p[i] == '\t' ? ' ' : p[i];
  return (struct str){p, p ? s.n : 0};
}

enum code ledger_as_text(struct arena *a, const struct ledger_table *t, struct str *ret, struct err *e)
{
  enum { REST_OF_FORM = 64 << 10 };
  struct csv_out *o = csv_out_new(a);
  struct str text = STR_NONE;
  for (size_t i = 0; i < t->cells.n; i++) {
    size_t n = t->cells.row[i].n > 2 ? t->cells.row[i].n : 2; /* an empty line would count for none */
    for (size_t k = 0; k < n; k++) {
      struct str cell = csv_cell(&t->cells, i, k);
      csv_out_text(o, i <= t->head && cell.n ? without_tabs(a, cell) : cell);
    }
    csv_out_row(o);
  }
  enum code c = csv_out_finish(o, CSV_UTF8, &text, e);
  if (c == OK && sent_bytes(text) > LIMIT_BODY - REST_OF_FORM)
    return err_set(e, LIMIT, TR("表が大きすぎます。行か列を減らしてください。"));
  if (c == OK)
    *ret = text;
  return c;
}

/* ---- a row ------------------------------------------------------------------------------------------------------------------- */

struct reading {
  struct arena *a;
  const struct reader *who;
  const struct ledger_table *t;
  struct ledger_row *row;
  size_t at; /* in the table */
  struct buf record;
};

static bool is_long(enum ledger_column k)
{
  return k == LEDGER_CONCERN || k == LEDGER_NOTE || k == LEDGER_INTEREST || k == LEDGER_AVOID || k == LEDGER_NEXT;
}

/* A cell of one line in which somebody broke the line to fit the column. */
static struct str one_line(struct arena *a, struct str s)
{
  char *p = s.n && memchr(s.p, '\n', s.n) ? arena_copy(a, s.p, s.n) : NULL;
  for (size_t i = 0; p && i < s.n; i++)
    p[i] = p[i] == '\n' ? ' ' : p[i];
  return p ? (struct str){p, s.n} : s;
}

/* A cell as its column is read. */
static struct str cell_text(const struct reading *r, size_t column)
{
  struct str cell = utf8_trim(utf8_normalize_newlines(r->a, csv_cell(&r->t->cells, r->at, column)));
  return is_long(r->t->column[column]) ? cell : one_line(r->a, cell);
}

static struct str said(const struct reading *r, enum ledger_column k)
{
  for (size_t i = 0; i < r->t->columns; i++)
    if (r->t->column[i] == k)
      return cell_text(r, i);
  return STR_NONE;
}

static void refuse(struct reading *r, const char *id, struct str a1)
{
  doc_add_str(r->row->refused, tr_args(r->a, r->who->lang, id, a1, STR_NONE, STR_NONE));
}

static void remark(struct reading *r, const char *id, struct str a1)
{
  doc_add_str(r->row->remarks, tr_args(r->a, r->who->lang, id, a1, STR_NONE, STR_NONE));
}

static struct str label(const struct reading *r, enum ledger_column k)
{
  return tr(r->who->lang, ledger_column_label(k));
}

/* Every cell of the row, read or not: a マイナンバー anywhere refuses it. What is read is text as any field's. */
static void check_cells(struct reading *r)
{
  for (size_t i = 0; i < r->t->columns; i++) {
    struct err e = {0};
    struct str cell = csv_cell(&r->t->cells, r->at, i), heading = ledger_heading(r->t, i);
    enum ledger_column k = r->t->column[i];
    bool phone = k == LEDGER_PHONE || k == LEDGER_MOBILE || k == LEDGER_GUARDIAN_PHONE;
    if (cell_my_number(r->a, cell, phone))
      refuse(r, TR("「%1」にマイナンバー(個人番号)と思われる12桁の数字があります。台帳から消してください。"), heading);
    else if (k != LEDGER_SKIP && field_check_text(cell_text(r, i), is_long(k), is_long(k) ? RECORD_MOST : 0, &e) != OK)
      refuse(r, TR("「%1」を読めません。長すぎるか、使えない文字があります。"), heading);
  }
}

static struct date day_of(struct reading *r, enum ledger_column k)
{
  struct date d = {0};
  struct err e = {0};
  struct str text = said(r, k);
  if (cell_says_nothing(r->a, text)) {
    remark(r, TR("%1は、決まっていないかわからないので、空のまま入れます。"), label(r, k));
    return d;
  }
  if (cell_serial(r->a, text, &d)) {
    doc_add_str(r->row->remarks, tr_args(r->a, r->who->lang, TR("%1の「%2」は、日付の番号とみて、%3と読みました。"),
                                         label(r, k), text, date_text(r->a, d, r->who->wareki)));
    return d;
  }
  if (cell_date(r->a, text, &d, &e) == OK)
    return d;
  doc_add_str(r->row->refused,
              tr_args(r->a, r->who->lang, TR("%1：%2"), label(r, k),
                      tr_args(r->a, r->who->lang, e.msg, str_from(e.arg[0]), str_from(e.arg[1]), str_from(e.arg[2])),
                      STR_NONE));
  return (struct date){0};
}

/* The instant of a day that is known and not to come; 0 otherwise. */
static ts_t past(struct reading *r, enum ledger_column k)
{
  struct date d = day_of(r, k);
  if (!d.year)
    return 0;
  if (!date_known(d)) {
    remark(r, TR("%1は、年月日がそろっていないので入れません。"), label(r, k));
    return 0;
  }
  if (date_compare(d, r->who->today) > 0) {
    refuse(r, TR("%1が、今日より先になっています。元号（令和・平成）を確かめてください。"), label(r, k));
    return 0;
  }
  return date_start_ts(d);
}

typedef bool (*word_fn)(struct arena *a, struct str text, struct str *ret);

static void word(struct reading *r, enum ledger_column k, word_fn fn, struct str *ret)
{
  struct str text = said(r, k);
  if (text.n && !fn(r->a, text, ret))
    refuse(r, TR("「%1」の言葉が読み取れません。ケースの画面に出る言葉に直してください。"), label(r, k));
}

static void add_line(struct reading *r, struct str head, struct str text)
{
  if (text.n)
    buf_printf(&r->record, "%s%.*s：%.*s", r->record.n ? "\n" : "", STR_FMT(head), STR_FMT(text));
}

static void read_phones(struct reading *r)
{
  bool mended[3] = {false};
  struct person_new *p = &r->row->person;
  p->phone = cell_phone(r->a, said(r, LEDGER_PHONE), &mended[0]);
  p->mobile = cell_phone(r->a, said(r, LEDGER_MOBILE), &mended[1]);
  r->row->guardian.phone = cell_phone(r->a, said(r, LEDGER_GUARDIAN_PHONE), &mended[2]);
  if (mended[0] || mended[1] || mended[2])
    remark(r, TR("電話の先頭の0が消えていたので、付けました。"), STR_NONE);
  if (!p->mobile.n && cell_is_mobile(r->a, p->phone)) {
    p->mobile = p->phone;
    p->phone = STR_NONE;
  }
}

static void read_person(struct reading *r)
{
  struct person_new *p = &r->row->person;
  p->name = said(r, LEDGER_NAME);
  p->kana = said(r, LEDGER_KANA);
  p->called = said(r, LEDGER_CALLED);
  p->postal = said(r, LEDGER_POSTAL);
  p->address = said(r, LEDGER_ADDRESS);
  p->school = said(r, LEDGER_SCHOOL);
  p->grade = said(r, LEDGER_GRADE);
  p->interest = said(r, LEDGER_INTEREST);
  p->avoid = said(r, LEDGER_AVOID);
  p->birth = day_of(r, LEDGER_BIRTH);
  word(r, LEDGER_SEX, cell_sex, &p->sex);
  read_phones(r);
  if (!p->name.n)
    refuse(r, TR("氏名がありません。"), STR_NONE);
  if (p->birth.year && date_compare(p->birth, r->who->today) > 0)
    refuse(r, TR("%1が、今日より先になっています。元号（令和・平成）を確かめてください。"), label(r, LEDGER_BIRTH));
}

static void read_guardian(struct reading *r)
{
  struct guardian_new *g = &r->row->guardian;
  struct str relation = said(r, LEDGER_RELATION), code = STR_NONE;
  g->name = said(r, LEDGER_GUARDIAN);
  (void)cell_relation(r->a, relation, &code);
  g->relation = code.n ? guardian_relation_word(code) : relation.n ? relation : guardian_relation_word(STR_NONE);
  if (!g->name.n && g->phone.n) {
    add_line(r, label(r, LEDGER_GUARDIAN_PHONE), g->phone);
    remark(r, TR("保護者の氏名がないので、保護者の電話は記録に書きます。"), STR_NONE);
  }
}

static void read_next(struct reading *r)
{
  struct date day = day_of(r, LEDGER_NEXT_DAY);
  r->row->next = said(r, LEDGER_NEXT);
  if (date_known(day))
    r->row->begun.next_date = date_iso(r->a, day);
  if (r->row->next.n && (!date_known(day) || utf8_length(r->row->next) > LIMIT_STRING)) {
    add_line(r, label(r, LEDGER_NEXT), r->row->next);
    r->row->next = STR_NONE;
    remark(r, TR("次にすることは、期日がないか長いので、記録に書きます。"), STR_NONE);
  }
}

static void read_case(struct reading *r)
{
  struct case_begun *b = &r->row->begun;
  *b = (struct case_begun){.density = S("B"), .status = S("reception")};
  word(r, LEDGER_STATUS, cell_status, &b->status);
  word(r, LEDGER_DENSITY, cell_density, &b->density);
  r->row->density_told = said(r, LEDGER_DENSITY).n > 0;
  if (said(r, LEDGER_ORIGIN).n && !cell_origin(r->a, said(r, LEDGER_ORIGIN), &b->origin))
    add_line(r, label(r, LEDGER_ORIGIN), said(r, LEDGER_ORIGIN));
  b->opened_at = past(r, LEDGER_ACCEPTED);
  b->last_contact_at = past(r, LEDGER_LAST);
  b->closed_at = past(r, LEDGER_CLOSED);
  r->row->worker = said(r, LEDGER_WORKER);
  if (b->closed_at && !str_is(b->status, "closed")) {
    remark(r, TR("終結日があるので、終結したケースとして入れます。"), STR_NONE);
    b->status = S("closed");
  }
}

/* What has no place of its own is kept as the case's first record, under its heading. */
static void read_record(struct reading *r)
{
  add_line(r, label(r, LEDGER_NUMBER), said(r, LEDGER_NUMBER));
  add_line(r, label(r, LEDGER_CONCERN), said(r, LEDGER_CONCERN));
  for (size_t i = 0; i < r->t->columns; i++)
    if (r->t->column[i] == LEDGER_NOTE)
      add_line(r, ledger_heading(r->t, i), str_trim(csv_cell(&r->t->cells, r->at, i)));
  r->row->record = buf_str(&r->record);
  if (r->record.failed || utf8_length(r->row->record) > LIMIT_TEXT)
    refuse(r, TR("記録に残す列を合わせると長すぎます。列を減らしてください。"), STR_NONE);
}

static bool is_blank(const struct reading *r)
{
  for (size_t i = 0; i < r->t->columns; i++) {
    enum ledger_column k = r->t->column[i];
    if (k != LEDGER_SKIP && k != LEDGER_NUMBER && str_trim(csv_cell(&r->t->cells, r->at, i)).n)
      return false;
  }
  return true;
}

/* The line under a table that adds it up. */
static bool is_total(const struct reading *r)
{
  for (size_t i = 0; i < r->t->columns; i++) {
    struct str cell = str_trim(csv_cell(&r->t->cells, r->at, i));
    if (cell.n)
      return cell_is_total(r->a, cell);
  }
  return false;
}

static void read_row(struct reading *r)
{
  *r->row = (struct ledger_row){.number = r->at + 1, .refused = doc_list(r->a), .remarks = doc_list(r->a)};
  buf_init(&r->record, r->a, LIMIT_PAGE);
  check_cells(r);
  read_person(r);
  read_guardian(r);
  read_case(r);
  read_next(r);
  read_record(r);
}

enum code ledger_rows(struct arena *a, const struct ledger_table *t, const struct reader *who, struct ledger *ret,
                      struct err *e)
{
  struct ledger l = {.rows = arena_array(a, t->cells.n + 1, sizeof *l.rows)};
  struct reading r = {.a = a, .who = who, .t = t};
  if (!l.rows)
    return err_oom(e);
  for (r.at = t->head + 1; r.at < t->cells.n; r.at++) {
    if (is_blank(&r) || is_total(&r))
      continue;
    r.row = &l.rows[l.count++];
    read_row(&r);
    l.refused += doc_size(r.row->refused) > 0;
    l.untold += !r.row->density_told;
  }
  if (arena_failed(a))
    return err_oom(e);
  if (!l.count)
    return err_set(e, INVALID, TR("見出しの下に、取り込む行がありません。"));
  *ret = l;
  return OK;
}
