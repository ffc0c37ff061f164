/* network_files.c: every table of a network as JSON Lines and as CSV. */
#include "keep/network_files.h"

#include "base/limits.h"
#include "network/network.h"
#include "view/csv.h"

enum { LINE_ARENA = 128 << 20, LINE_BYTES = 64 << 20 };

struct writing {
  struct network_files *f;
  struct open_row row;
  struct arena *line; /* of one row */
  int64_t rows;
  bool csv;
};

/* --- a row --- */

static void csv_text(struct buf *b, struct str s)
{
  buf_add_cstr(b, csv_is_formula(s) ? "\"'" : "\"");
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '"')
      buf_add_c(b, '"');
    buf_add_c(b, s.p[i]);
  }
  buf_add_c(b, '"');
}

static bool for_reading(const struct table_column *col)
{
  return !str_ends(str_from(col->name), S("fold_sealed"));
}

static void csv_row(const struct writing *w, struct buf *b, const struct doc *row)
{
  bool first = true;
  for (int i = 0; i < w->row.table->columns; i++) {
    const struct doc *d = doc_value_at(row, (size_t)i);
    if (!for_reading(&w->row.table->column[i]))
      continue;
    if (!first)
      buf_add_c(b, ',');
    first = false;
    if (doc_kind(d) == DOC_INT)
      buf_add_i64(b, doc_integer(d));
    else if (doc_kind(d) == DOC_STR)
      csv_text(b, doc_string(d));
    else if (doc_kind(d) == DOC_MAP)
      csv_text(b, doc_get_str(d, "base64"));
  }
  buf_add_cstr(b, "\r\n");
}

static enum code take_row(void *arg, const struct bind *cells, struct err *e)
{
  struct writing *w = arg;
  struct doc *row = NULL;
  struct buf b;
  arena_reset(w->line);
  enum code c = row_open(&w->row, w->line, cells, &row, e);
  if (c != OK)
    return c;
  buf_init(&b, w->line, LINE_BYTES);
  if (w->csv) {
    csv_row(w, &b, row);
  } else {
    json_write(&b, row);
    buf_add_c(&b, '\n');
  }
  w->rows++;
  return b.failed ? err_oom(e) : members_write(w->f->to, buf_str(&b), e);
}

/* --- a table --- */

static void describe(struct arena *a, struct doc *d, const struct table *t)
{
  struct doc *columns = doc_put_list(d, "columns");
  for (int i = 0; i < t->columns; i++) {
    struct doc *c = doc_add_map(columns);
    doc_put_str(c, "name", column_name(a, &t->column[i]));
    doc_put_cstr(c, "type", column_type(&t->column[i]));
  }
}

static enum code write_table(struct writing *w, const struct table *t, struct err *e)
{
  unsigned char hash[HASH];
  uint64_t bytes = 0;
  struct network_files *f = w->f;
  struct str file = str_printf(f->a, "data/%s.jsonl", t->name);
  w->rows = 0;
  w->csv = false;
  enum code c = members_begin(f->to, str_cstr(f->a, file), e);
  if (c == OK)
    c = table_each(f->tx, t, tx_network(f->tx), take_row, w, e);
  if (c == OK)
    c = members_end(f->to, &bytes, hash, e);
  if (c != OK)
    return c;
  struct doc *d = doc_add_map(f->tables);
  doc_put_cstr(d, "name", t->name);
  doc_put_int(d, "rows", w->rows);
  doc_put_str(d, "file", file);
  doc_put_int(d, "bytes", (int64_t)bytes);
  doc_put_str(d, "hash", hex_text(f->a, (struct str){(const char *)hash, HASH}));
  describe(f->a, d, t);
  f->report->rows += w->rows;
  f->report->tables++;
  return OK;
}

static enum code csv_head(struct writing *w, const struct table *t, struct err *e)
{
  struct buf b;
  bool first = true;
  arena_reset(w->line);
  buf_init(&b, w->line, LIMIT_PAGE);
  buf_add_cstr(&b, "\xef\xbb\xbf"); /* so that a spreadsheet takes it as UTF-8 */
  for (int i = 0; i < t->columns; i++) {
    if (!for_reading(&t->column[i]))
      continue;
    if (!first)
      buf_add_c(&b, ',');
    first = false;
    csv_text(&b, column_name(w->line, &t->column[i]));
  }
  buf_add_cstr(&b, "\r\n");
  return b.failed ? err_oom(e) : members_write(w->f->to, buf_str(&b), e);
}

static enum code write_csv(struct writing *w, const struct table *t, struct err *e)
{
  unsigned char ignored[HASH];
  uint64_t bytes = 0;
  struct network_files *f = w->f;
  int64_t withheld = f->report->withheld;
  const char *name = str_cstr(f->a, str_printf(f->a, "csv/%s.csv", t->name));
  w->csv = true;
  enum code c = name ? members_begin(f->to, name, e) : err_oom(e);
  if (c == OK)
    c = csv_head(w, t, e);
  if (c == OK)
    c = table_each(f->tx, t, tx_network(f->tx), take_row, w, e);
  f->report->withheld = withheld; /* counted once */
  return c == OK ? members_end(f->to, &bytes, ignored, e) : c;
}

static enum code write_tables(struct writing *w, struct table *const *list, size_t count, struct err *e)
{
  enum code c = OK;
  for (size_t i = 0; c == OK && i < count; i++) {
    w->row.table = list[i];
    if (table_travels(list[i]))
      c = write_table(w, list[i], e);
  }
  w->f->report->withheld = withheld_count(w->row.withheld);
  for (size_t i = 0; c == OK && w->f->csv && i < count; i++) {
    w->row.table = list[i];
    if (table_travels(list[i]))
      c = write_csv(w, list[i], e);
  }
  return c;
}

enum code network_files_write(struct network_files *f, struct err *e)
{
  struct table **list = NULL;
  size_t count = 0;
  int epoch = 0;
  struct writing w = {.f = f, .line = arena_new(LINE_ARENA)};
  w.row =
      (struct open_row){.network = tx_network(f->tx), .keys = f->keys, .plain = f->plain, .persons = person_keys_new()};
  f->tables = doc_list(f->a);
  enum code c = w.line && w.row.persons ? table_list(f->tx, f->a, &list, &count, e) : err_oom(e);
  if (w.line)
    arena_mark_secret(w.line);
  if (c == OK)
    c = network_epoch(f->tx, &epoch, e);
  w.row.epoch = epoch;
  if (c == OK)
    c = person_keys_load(f->tx, f->keys, w.row.persons, e);
  if (c == OK && !f->release)
    c = withheld_load(f->tx, f->a, w.row.persons, list, count, &w.row.withheld, e);
  if (c == OK)
    c = write_tables(&w, list, count, e);
  person_keys_free(w.row.persons);
  arena_free(w.line);
  return c;
}
