/* export.c: the ledger as it stands. Which cases: the list's first question; what of them: its second, a page at a time. */
#include "base/utf8.h"
#include "ledger/ledger_sql.h"

enum export_column {
  OUT_NUMBER,
  OUT_NAME,
  OUT_KANA,
  OUT_BIRTH,
  OUT_AGE,
  OUT_SEX,
  OUT_POSTAL,
  OUT_ADDRESS,
  OUT_PHONE,
  OUT_MOBILE,
  OUT_SCHOOL,
  OUT_GRADE,
  OUT_ACCEPTED,
  OUT_STATUS,
  OUT_DENSITY,
  OUT_ORIGIN,
  OUT_CONCERN,
  OUT_BODY,
  OUT_WORKER,
  OUT_LAST,
  OUT_NEXT,
  OUT_NEXT_DAY,
  OUT_CONSENT,
  OUT_COUNT
};
static const char *const heads[OUT_COUNT] = {
    [OUT_NUMBER] = TR("番号"),       [OUT_NAME] = TR("氏名"),         [OUT_KANA] = TR("ふりがな"),
    [OUT_BIRTH] = TR("生年月日"),    [OUT_AGE] = TR("年齢"),          [OUT_SEX] = TR("性別"),
    [OUT_POSTAL] = TR("郵便番号"),   [OUT_ADDRESS] = TR("住所"),      [OUT_PHONE] = TR("電話(自宅)"),
    [OUT_MOBILE] = TR("電話(携帯)"), [OUT_SCHOOL] = TR("学校"),       [OUT_GRADE] = TR("学年・在籍の状況"),
    [OUT_ACCEPTED] = TR("受理日"),   [OUT_STATUS] = TR("状況(段階)"), [OUT_DENSITY] = TR("かかわりの頻度"),
    [OUT_ORIGIN] = TR("相談の経路"), [OUT_CONCERN] = TR("主訴"),      [OUT_BODY] = TR("主担当機関"),
    [OUT_WORKER] = TR("主担当者"),   [OUT_LAST] = TR("最終接触日"),   [OUT_NEXT] = TR("次にすること"),
    [OUT_NEXT_DAY] = TR("次の期日"), [OUT_CONSENT] = TR("同意の確認")};
static const struct {
  const char *kind;
  enum export_column column;
} kinds[] = {{"name", OUT_NAME},     {"kana", OUT_KANA},       {"sex", OUT_SEX},          {"birth", OUT_BIRTH},
             {"postal", OUT_POSTAL}, {"address", OUT_ADDRESS}, {"phone_home", OUT_PHONE}, {"phone_mobile", OUT_MOBILE},
             {"school", OUT_SCHOOL}, {"grade", OUT_GRADE}};
enum { KINDS = sizeof kinds / sizeof *kinds };

struct out_row {
  struct str *cell;
  ts_t since[KINDS]; /* of the value that stands: the newest does */
  id64 newest[KINDS];
};

struct export_job {
  struct tx *tx;
  const struct scope *list;
  struct arena *a;
  const struct reader *who;
  struct csv_row *rows;
  size_t n, room;
  const struct case_line *lines; /* of the page */
  struct out_row page[LIMIT_PAGE_ROWS];
  size_t page_n;
};

static enum code add_row(struct export_job *job, struct str **ret, struct err *e)
{
  if (job->n == job->room) {
    size_t room = job->room ? 2 * job->room : 256;
    job->rows = arena_grow(job->a, job->rows, job->room * sizeof *job->rows, room * sizeof *job->rows);
    job->room = room;
  }
  struct str *cell = arena_array(job->a, OUT_COUNT, sizeof *cell);
  if (!job->rows || !cell)
    return err_oom(e);
  for (int i = 0; i < OUT_COUNT; i++)
    cell[i] = STR_NONE;
  job->rows[job->n++] = (struct csv_row){cell, OUT_COUNT};
  *ret = cell;
  return OK;
}

static struct str day_text(const struct export_job *job, struct str iso)
{
  struct date d = {0};
  return date_parse_iso(iso, &d) ? date_text(job->a, d, job->who->wareki) : STR_NONE;
}

static struct str ts_day(const struct export_job *job, ts_t t)
{
  return t ? date_text(job->a, date_of_ts(t), job->who->wareki) : STR_NONE;
}

static struct str origin_word(const struct export_job *job, struct str code)
{
  static const struct {
    const char *code, *word;
  } words[] = {{"person", TR("本人")}, {"family", TR("家族")},       {"phone", TR("電話")},       {"visit", TR("訪問")},
               {"school", TR("学校")}, {"other_body", TR("他機関")}, {"survey", TR("アンケート")}};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_is(code, words[i].code))
      return tr(job->who->lang, words[i].word);
  return STR_NONE;
}

static void put_case(const struct export_job *job, const struct case_line *line, struct str *cell)
{
  cell[OUT_NUMBER] = line->number;
  cell[OUT_STATUS] = line->told ? case_stage_label(job->who->lang, line->status, line->moved) : STR_NONE;
  cell[OUT_DENSITY] = line->density;
  cell[OUT_BODY] = line->lead_organization;
  cell[OUT_WORKER] = line->lead_worker;
  cell[OUT_LAST] = ts_day(job, line->last_contact_at);
  cell[OUT_NEXT_DAY] = day_text(job, line->next_date);
  cell[OUT_CONSENT] = line->unconfirmed ? tr(job->who->lang, TR("同意未確認")) : STR_NONE;
}

/* ---- what stands in the cells about the person ------------------------------------------------------------------------------- */

static struct str sex_word(const struct export_job *job, struct str code)
{
  const char *word = str_is(code, "1")   ? TR("男性")
                     : str_is(code, "2") ? TR("女性")
                     : str_is(code, "9") ? TR("その他")
                                         : TR("回答しない");
  return code.n ? tr(job->who->lang, word) : STR_NONE;
}

static enum code open_value(struct export_job *job, const struct ledger_value *row, struct str *ret, struct err *e)
{
  struct seal_key key;
  if (row->concealed) { /* it is not even opened */
    *ret = tr(job->who->lang, TR("秘匿あり"));
    return OK;
  }
  enum code c = person_listed_key(job->tx, job->list, row->person, (int)row->epoch, row->wrapped, &key, e);
  if (c == OK)
    c = person_listed_value(job->tx, &key, row->id, row->sealed, job->a, ret, e);
  explicit_bzero(&key, sizeof key);
  return c;
}

static void put_value(struct export_job *job, size_t i, size_t kind, const struct ledger_value *row, struct str value)
{
  struct out_row *out = &job->page[i];
  if (row->from_at < out->since[kind] || (row->from_at == out->since[kind] && row->id < out->newest[kind]))
    return;
  out->since[kind] = row->from_at;
  out->newest[kind] = row->id;
  enum export_column column = kinds[kind].column;
  out->cell[column] = column == OUT_SEX ? sex_word(job, value) : column == OUT_BIRTH ? day_text(job, value) : value;
  if (column == OUT_BIRTH)
    out->cell[OUT_AGE] = person_age_text(job->a, job->who, value);
}

static enum code take_value(void *arg, const struct ledger_value *row, struct err *e)
{
  struct export_job *job = arg;
  struct str value = STR_NONE;
  size_t kind = 0;
  while (kind < KINDS && !str_is(row->kind, kinds[kind].kind))
    kind++;
  if (kind == KINDS)
    return OK;
  enum code c = open_value(job, row, &value, e);
  for (size_t i = 0; c == OK && i < job->page_n; i++)
    if (job->lines[i].person == row->person)
      put_value(job, i, kind, row, value);
  return c;
}

/* ---- what was said of the case --------------------------------------------------------------------------------------------------- */

enum { CONCERN_LETTERS = 200 };

/* A ledger that came in has all its texts in one record, each on a line behind its heading. */
static struct str line_behind(struct str text, struct str head)
{
  for (size_t at = 0, end = 0; at < text.n; at = end + 1) {
    for (end = at; end < text.n && text.p[end] != '\n'; end++)
      ;
    struct str line = str_sub(text, at, end - at);
    if (str_starts(line, head))
      return str_sub(line, head.n, line.n);
  }
  return STR_NONE;
}

static struct str concern_of(struct export_job *job, const struct ledger_said *said, struct str text)
{
  return utf8_clip(job->a, said->imported ? line_behind(text, str_from(JA("主訴："))) : text, CONCERN_LETTERS);
}

static enum code open_said(struct export_job *job, id64 person, const struct ledger_said *said,
                           enum ledger_said_kind kind, struct str *ret, struct err *e)
{
  bool first = kind == LEDGER_SAID_FIRST;
  struct seal_key key;
  struct seal_at at = {.table = first ? "record_paragraph" : "record",
                       .column = first ? "text_sealed" : "next_sealed",
                       .network = tx_network(job->tx),
                       .row = said->id};
  enum code c = person_listed_key(job->tx, job->list, person, (int)said->epoch, said->wrapped, &key, e);
  if (c == OK)
    c = unseal(job->a, &key, at, said->sealed, ret, e);
  explicit_bzero(&key, sizeof key);
  return c;
}

static enum code put_said(struct export_job *job, size_t i, const struct access_view *view, struct err *e)
{
  static const enum export_column columns[] = {[LEDGER_SAID_FIRST] = OUT_CONCERN, [LEDGER_SAID_NEXT] = OUT_NEXT};
  enum code c = OK;
  for (int kind = LEDGER_SAID_FIRST; c == OK && kind <= LEDGER_SAID_NEXT; kind++) {
    struct ledger_said said;
    struct str text = STR_NONE;
    c = ledger_sql_said(job->tx, job->list, view, job->lines[i].id, (enum ledger_said_kind)kind, job->a, &said, e);
    if (c == OK && said.id)
      c = open_said(job, job->lines[i].person, &said, (enum ledger_said_kind)kind, &text, e);
    job->page[i].cell[columns[kind]] = kind == LEDGER_SAID_FIRST && said.id ? concern_of(job, &said, text) : text;
  }
  return c;
}

static enum code take_begun(void *arg, id64 case_id, ts_t opened_at, struct str origin, struct err *e)
{
  const struct export_job *job = arg;
  for (size_t i = 0; i < job->page_n; i++)
    if (job->lines[i].id == case_id) {
      job->page[i].cell[OUT_ACCEPTED] = ts_day(job, opened_at);
      job->page[i].cell[OUT_ORIGIN] = origin_word(job, origin);
    }
  return OK;
}

static enum code take_page(void *arg, const struct case_line *lines, size_t n, struct err *e)
{
  struct export_job *job = arg;
  struct access_view views[LIMIT_PAGE_ROWS];
  id64 persons[LIMIT_PAGE_ROWS], ids[LIMIT_PAGE_ROWS] = {0};
  size_t count = 0;
  enum code c = OK;
  job->lines = lines;
  job->page_n = n;
  for (size_t i = 0; c == OK && i < n; i++) {
    size_t k = 0;
    job->page[i] = (struct out_row){0};
    ids[i] = lines[i].id;
    c = add_row(job, &job->page[i].cell, e);
    if (c == OK)
      put_case(job, &lines[i], job->page[i].cell);
    while (k < count && persons[k] != lines[i].person)
      k++;
    if (k == count)
      persons[count++] = lines[i].person;
  }
  if (c == OK && count)
    c = ledger_sql_begun(job->tx, job->list, ids, n, take_begun, job, e);
  if (c == OK && count)
    c = access_views(job->tx, job->list, persons, count, views, e);
  if (c == OK && count)
    c = ledger_sql_values(job->tx, job->list, views, count, take_value, job, e);
  for (size_t i = 0; c == OK && i < n; i++)
    for (size_t k = 0; c == OK && k < count; k++)
      if (views[k].person == lines[i].person)
        c = put_said(job, i, &views[k], e);
  return c;
}

enum code ledger_export(struct tx *tx, const struct scope *list, struct arena *a, const struct reader *who,
                        struct csv_table *ret, struct err *e)
{
  struct export_job *job = arena_new_of(a, struct export_job);
  struct str *cell = NULL;
  if (!job)
    return err_oom(e);
  *job = (struct export_job){.tx = tx, .list = list, .a = a, .who = who};
  enum code c = add_row(job, &cell, e);
  for (int i = 0; c == OK && i < OUT_COUNT; i++)
    cell[i] = tr(who->lang, heads[i]);
  if (c == OK)
    c = case_each_page(tx, list, CASES_ALL, a, take_page, job, e);
  if (c == OK)
    *ret = (struct csv_table){.row = job->rows, .n = job->n};
  return c;
}
