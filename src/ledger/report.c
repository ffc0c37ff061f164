/* report.c: what was read and what would become of it, for the page and for a terminal. */
#include "base/limits.h"
#include "base/utf8.h"
#include "ledger/ledger.h"

enum { EXAMPLE = 24 };

static struct str beginning(struct arena *a, struct str s)
{
  size_t at = 0, n = 0;
  while (at < s.n && n++ < EXAMPLE)
    (void)utf8_next(s, &at);
  return at < s.n ? str_printf(a, "%.*s…", (int)at, s.p) : s;
}

static void put_columns(struct arena *a, const struct reader *who, const struct ledger_table *t, struct doc *d)
{
  struct doc *columns = doc_put_list(d, "columns");
  for (size_t i = 0; i < t->columns; i++) {
    struct doc *m = doc_add_map(columns), *options = NULL;
    struct str heading = ledger_heading(t, i), example = STR_NONE;
    for (size_t row = t->head + 1; row < t->cells.n && !example.n; row++)
      example = str_trim(csv_cell(&t->cells, row, i));
    doc_put_int(m, "place", (int64_t)i);
    doc_put_str(m, "heading", heading.n ? heading : str_printf(a, "%zu", i + 1));
    doc_put_str(m, "example", beginning(a, example));
    doc_put_bool(m, "skipped", t->column[i] == LEDGER_SKIP);
    doc_put_str(m, "what", tr(who->lang, ledger_column_label(t->column[i])));
    options = doc_put_list(m, "options");
    for (int k = 0; k < LEDGER_COLUMN_COUNT; k++) {
      struct doc *o = doc_add_map(options);
      doc_put_cstr(o, "code", ledger_column_code((enum ledger_column)k));
      doc_put_str(o, "word", tr(who->lang, ledger_column_label((enum ledger_column)k)));
      doc_put_bool(o, "selected", k == (int)t->column[i]);
    }
  }
}

static void put_known(struct arena *a, const struct ledger_row *row, struct doc *m)
{
  struct doc *list = doc_put_list(m, "known");
  for (size_t i = 0; i < row->known_count; i++) {
    struct doc *k = doc_add_map(list);
    struct str id = id_text(a, row->known[i].case_id);
    doc_put_str(k, "href", id.n ? str_printf(a, "/cases/%.*s", STR_FMT(id)) : STR_NONE);
    doc_put_str(k, "number", row->known[i].number);
    doc_put_str(k, "name", row->known[i].name);
  }
}

static void put_line(struct arena *a, const struct reader *who, const struct ledger_row *row, struct doc *lines)
{
  struct doc *m = doc_add_map(lines);
  struct str twice = str_printf(a, "%zu", row->twice);
  doc_put_int(m, "number", (int64_t)row->number);
  doc_put_str(m, "name", row->person.name);
  doc_put(m, "refused", row->refused);
  doc_put(m, "remarks", row->remarks);
  doc_put_bool(m, "is_refused", doc_size(row->refused) > 0);
  doc_put_bool(m, "elsewhere", row->elsewhere);
  doc_put_str(m, "twice",
              row->twice ? tr_args(a, who->lang, TR("%1行目と同じ人かもしれません。"), twice, STR_NONE, STR_NONE)
                         : STR_NONE);
  put_known(a, row, m);
}

/* The headings of columns that hold something and are not read: said, and not left to be noticed. */
static struct str unread(struct arena *a, const struct ledger_table *t, enum lang lang)
{
  struct buf b;
  buf_init(&b, a, LIMIT_BODY);
  for (size_t i = 0; i < t->columns; i++) {
    struct str heading = ledger_heading(t, i);
    bool holds = false;
    for (size_t row = t->head + 1; row < t->cells.n && !holds; row++)
      holds = str_trim(csv_cell(&t->cells, row, i)).n > 0;
    if (t->column[i] != LEDGER_SKIP || !holds)
      continue;
    buf_add_cstr(&b, b.n ? JA("、") : "");
    buf_add(&b, heading.n ? heading : str_printf(a, "%zu", i + 1));
  }
  return b.n ? tr_args(a, lang, TR("取り込まない列：%1"), buf_str(&b), STR_NONE, STR_NONE) : STR_NONE;
}

struct doc *ledger_report(struct arena *a, const struct reader *who, const struct ledger_table *t,
                          const struct ledger *l)
{
  struct doc *d = doc_map(a), *lines = NULL;
  doc_put_int(d, "rows", (int64_t)l->count);
  doc_put_int(d, "refused", (int64_t)l->refused);
  doc_put_int(d, "alike", (int64_t)l->alike);
  doc_put_str(d, "rows_text", reader_count(a, who->lang, TR("%1行"), (int64_t)l->count));
  doc_put_str(d, "refused_text", reader_count(a, who->lang, TR("直すところのある行：%1"), (int64_t)l->refused));
  doc_put_str(d, "alike_text", reader_count(a, who->lang, TR("もう知られているかもしれない人：%1"), (int64_t)l->alike));
  doc_put_str(d, "unread_text", unread(a, t, who->lang));
  doc_put_str(d, "untold_text",
              l->untold ? reader_count(a, who->lang, TR("かかわりの頻度が書かれていない%1行は、Bとして取り込みます。"),
                                       (int64_t)l->untold)
                        : STR_NONE);
  doc_put_bool(d, "has_refused", l->refused > 0);
  doc_put_bool(d, "has_alike", l->alike > 0);
  put_columns(a, who, t, d);
  lines = doc_put_list(d, "lines");
  for (size_t i = 0; i < l->count; i++) {
    const struct ledger_row *row = &l->rows[i];
    if (doc_size(row->refused) || doc_size(row->remarks) || row->known_count || row->elsewhere || row->twice)
      put_line(a, who, row, lines);
  }
  doc_put_bool(d, "has_lines", doc_size(lines) > 0);
  return d;
}
