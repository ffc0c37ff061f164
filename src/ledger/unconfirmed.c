/* unconfirmed.c: the worklist of 同意未確認, as a page and as a file. */
#include "base/limits.h"
#include "ledger/ledger_sql.h"

struct page_job {
  struct tx *tx;
  const struct scope *list;
  struct arena *a;
  const struct reader *who;
  struct unconfirmed_row *rows;
  size_t n, most;
  bool more;
};

static enum code take(void *arg, const struct unconfirmed_row *row, struct err *e)
{
  struct page_job *job = arg;
  job->more = job->n == job->most;
  if (job->more)
    return OK;
  job->rows[job->n] = *row;
  job->rows[job->n++].number = str_copy(job->a, row->number);
  return OK;
}

static enum code find_rows(struct page_job *job, const struct unconfirmed_view *view, size_t most, struct err *e)
{
  job->rows = arena_array(job->a, most, sizeof *job->rows);
  job->most = most;
  if (!job->rows)
    return err_oom(e);
  return ledger_sql_unconfirmed(job->tx, job->list, view, (int)most + 1, take, job, e);
}

/* Who they are: a page's number of rows from `from` on. */
typedef bool (*row_fn)(void *arg, const struct unconfirmed_row *row, const struct listed_person *p);
static enum code each_person(struct page_job *job, size_t from, row_fn fn, void *arg, struct err *e)
{
  struct listed_person persons[LIMIT_PAGE_ROWS];
  size_t n = job->n - from < LIMIT_PAGE_ROWS ? job->n - from : LIMIT_PAGE_ROWS;
  bool good = true;
  for (size_t i = 0; i < n; i++)
    persons[i].person = job->rows[from + i].person;
  enum code c = n ? person_listed(job->tx, job->list, LISTED_BIRTH, persons, n, job->a, e) : OK;
  if (c != OK)
    return c;
  for (size_t i = 0; good && i < n; i++) {
    good = fn(arg, &job->rows[from + i], &persons[i]);
    scope_showed(job->list, persons[i].person);
  }
  listed_wipe(persons, n);
  return good ? OK : err_oom(e);
}

/* --- the page --- */

struct page_rows {
  const struct page_job *job;
  struct doc *list;
};

static bool put_row(void *arg, const struct unconfirmed_row *row, const struct listed_person *p)
{
  struct page_rows *page = arg;
  struct arena *a = page->job->a;
  const struct reader *who = page->job->who;
  struct doc *d = doc_add_map(page->list);
  struct str id = id_text(a, row->id);
  doc_put_str(d, "href", str_printf(a, "/cases/%.*s", STR_FMT(id)));
  doc_put_str(d, "ask_href", str_printf(a, "/cases/%.*s/consents/new", STR_FMT(id)));
  doc_put_str(d, "number", row->number);
  doc_put_str(d, "name", listed_name(p));
  doc_put_str(d, "kana", p->kana);
  doc_put_str(d, "age", person_age_text(a, who, p->birth));
  doc_put_str(d, "grade", person_grade_text(a, who, p->birth));
  doc_put_str(d, "imported", reader_day_ts(a, who, row->imported_at));
  return true;
}

enum code ledger_unconfirmed(struct tx *tx, const struct scope *list, const struct unconfirmed_view *view,
                             struct arena *a, const struct reader *who, struct doc **ret, struct err *e)
{
  struct page_job job = {.tx = tx, .list = list, .a = a, .who = who};
  struct doc *d = doc_map(a);
  struct page_rows page = {&job, doc_put_list(d, "cases")};
  enum code c = find_rows(&job, view, LIMIT_PAGE_ROWS, e);
  if (c == OK)
    c = each_person(&job, 0, put_row, &page, e);
  if (c != OK)
    return c;
  doc_put_bool(d, "has_cases", job.n > 0);
  doc_put_bool(d, "has_more", job.more);
  doc_put_str(d, "cursor", job.more ? id_text(a, job.rows[job.n - 1].id) : STR_NONE);
  *ret = d;
  return OK;
}

/* --- the file --- */

enum { COLUMNS = 5 };
struct file_rows {
  const struct page_job *job;
  struct csv_table t;
};

static bool put_cells(void *arg, const struct unconfirmed_row *row, const struct listed_person *p)
{
  struct file_rows *file = arg;
  struct arena *a = file->job->a;
  struct str *cell = csv_table_add(a, &file->t, COLUMNS);
  if (!cell)
    return false;
  cell[0] = row->number;
  cell[1] = str_copy(a, listed_name(p));
  cell[2] = str_copy(a, p->kana);
  cell[3] = person_age_text(a, file->job->who, p->birth);
  cell[4] = date_iso(a, date_of_ts(row->imported_at));
  return true;
}

enum code ledger_unconfirmed_table(struct tx *tx, const struct scope *list, const struct unconfirmed_view *view,
                                   struct arena *a, const struct reader *who, struct csv_table *ret, struct err *e)
{
  static const char *const heads[COLUMNS] = {TR("番号"), TR("名前"), TR("ふりがな"), TR("年齢"), TR("取り込んだ日")};
  struct page_job job = {.tx = tx, .list = list, .a = a, .who = who};
  struct file_rows file = {.job = &job};
  struct str *cell = csv_table_add(a, &file.t, COLUMNS);
  for (int i = 0; cell && i < COLUMNS; i++)
    cell[i] = tr(who->lang, heads[i]);
  enum code c = cell ? find_rows(&job, view, UNCONFIRMED_FILE, e) : err_oom(e);
  if (c == OK && job.more)
    return err_set(e, LIMIT, TR("1つのファイルに入るのは5千人までです。"));
  for (size_t i = 0; c == OK && i < job.n; i += LIMIT_PAGE_ROWS)
    c = each_person(&job, i, put_cells, &file, e);
  if (c == OK)
    *ret = file.t;
  return c;
}
