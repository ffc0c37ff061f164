/* unconfirmed.c: the worklist of 同意未確認. */
#include "base/limits.h"
#include "ledger/ledger_sql.h"

struct page_job {
  struct arena *a;
  struct unconfirmed_row rows[LIMIT_PAGE_ROWS];
  size_t n;
  bool more;
};

static enum code take(void *arg, const struct unconfirmed_row *row, struct err *e)
{
  struct page_job *job = arg;
  job->more = job->n == LIMIT_PAGE_ROWS;
  if (job->more)
    return OK;
  job->rows[job->n] = *row;
  job->rows[job->n++].number = str_copy(job->a, row->number);
  return OK;
}

static void put_row(const struct page_job *job, const struct reader *who, const struct unconfirmed_row *row,
                    const struct listed_person *p, struct doc *list)
{
  struct doc *d = doc_add_map(list);
  struct str id = id_text(job->a, row->id);
  doc_put_str(d, "href", str_printf(job->a, "/cases/%.*s", STR_FMT(id)));
  doc_put_str(d, "ask_href", str_printf(job->a, "/cases/%.*s/consents/new", STR_FMT(id)));
  doc_put_str(d, "number", row->number);
  doc_put_str(d, "name", listed_name(p));
  doc_put_str(d, "kana", p->kana);
  doc_put_str(d, "age", person_age_text(job->a, who, p->birth));
  doc_put_str(d, "grade", person_grade_text(job->a, who, p->birth));
  doc_put_str(d, "imported", reader_day_ts(job->a, who, row->imported_at));
}

enum code ledger_unconfirmed(struct tx *tx, const struct scope *list, id64 after, struct arena *a,
                             const struct reader *who, struct doc **ret, struct err *e)
{
  struct page_job *job = arena_new_of(a, struct page_job);
  struct listed_person persons[LIMIT_PAGE_ROWS];
  struct doc *d = doc_map(a);
  if (!job)
    return err_oom(e);
  *job = (struct page_job){.a = a};
  enum code c = ledger_sql_unconfirmed(tx, list, after, LIMIT_PAGE_ROWS + 1, take, job, e);
  for (size_t i = 0; i < job->n; i++)
    persons[i].person = job->rows[i].person;
  if (c == OK && job->n)
    c = person_listed(tx, list, LISTED_BIRTH, persons, job->n, a, e);
  if (c != OK)
    return c;
  struct doc *cases = doc_put_list(d, "cases");
  for (size_t i = 0; i < job->n; i++) {
    put_row(job, who, &job->rows[i], &persons[i], cases);
    scope_showed(list, job->rows[i].person);
  }
  listed_wipe(persons, job->n);
  doc_put_bool(d, "has_cases", job->n > 0);
  doc_put_bool(d, "has_more", job->more);
  struct str last = job->more ? id_text(a, job->rows[job->n - 1].id) : STR_NONE;
  doc_put_str(d, "more_href", job->more ? str_printf(a, "/ledger/unconfirmed?after=%.*s", STR_FMT(last)) : STR_NONE);
  *ret = d;
  return OK;
}
