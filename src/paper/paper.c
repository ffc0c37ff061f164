/* paper.c: the register of copies. */
#include "paper/paper.h"

#include "formbook/formbook.h"
#include "paper/paper_sql.h"

static const struct {
  const char *code, *label;
} kinds[PAPER_KIND_COUNT] = {
#define X(name, code, label) [PAPER_##name] = {code, TR(label)},
    PAPER_KINDS(X)
#undef X
};

enum code paper_stamp(struct tx *tx, const struct scope *s, const struct reader *who, struct arena *a,
                      const struct paper_copy *copy, struct doc *paper, struct err *e)
{
  struct str organization = STR_NONE, name = STR_NONE, work = STR_NONE;
  int64_t number = 0;
  enum code c = organization_name(tx, scope_organization(s), a, &organization, e);
  if (c == OK)
    c = user_name(tx, scope_actor(s)->user, a, &name, &work, e);
  if (c == OK)
    c = copy_sql_next(tx, s, copy->case_id, &number, e);
  if (c == OK)
    c = copy_sql_insert(tx, s, copy, kinds[copy->kind].code, number, e);
  if (c != OK)
    return c;
  struct doc *footer = doc_put_map(paper, "footer");
  doc_put_str(footer, "by", str_printf(a, "%.*s %.*s", STR_FMT(organization), STR_FMT(name)));
  doc_put_str(footer, "at", reader_time(a, who, tx_now(tx)));
  doc_put_str(footer, "copy", str_printf(a, "%lld", (long long)number));
  return OK;
}

/* --- the list --- */

struct list_job {
  struct tx *tx;
  struct arena *a;
  const struct reader *who;
  struct doc *list;
  id64 case_id;
  cats_t categories; /* of the last one */
};

static struct str href_of(struct arena *a, int kind, id64 thing)
{
  struct str id = id_text(a, thing);
  if (kind == PAPER_CONSENT || kind == PAPER_WITHDRAWAL)
    return STR_NONE;
  if (kind == PAPER_RECORDS)
    return str_printf(a, "/cases/%.*s", STR_FMT(id));
  if (kind == PAPER_MAPS || kind == PAPER_MAPS_GIVEN)
    return str_printf(a, "/cases/%.*s/family", STR_FMT(id));
  return str_printf(a, "%s%.*s", kind == PAPER_FAX ? "/connections/" : "/sheets/", STR_FMT(id));
}

/* 控え（つなぐシート） */
static enum code what_of(const struct list_job *job, const struct copy_row *row, int kind, struct str *ret,
                         struct err *e)
{
  const struct form *form = NULL;
  struct err unknown = {0};
  *ret = tr(job->who->lang, kinds[kind].label);
  if (!row->form_code.n)
    return OK;
  enum code c = formbook_get(job->tx, tx_arena(job->tx), row->form_code, row->form_version, &form, &unknown);
  if (c == OOM || c == IO || c == RETRY) {
    *e = unknown;
    return c;
  }
  if (c == OK)
    *ret = tr_args(job->a, job->who->lang, TR("%1（%2）"), *ret, form_title(form, job->who->lang), STR_NONE);
  return OK;
}

static enum code put_copy(void *arg, const struct copy_row *row, struct err *e)
{
  struct list_job *job = arg;
  struct str what = STR_NONE;
  int kind = 0;
  for (int i = 0; i < PAPER_KIND_COUNT; i++)
    if (str_is(row->kind, kinds[i].code))
      kind = i;
  enum code c = what_of(job, row, kind, &what, e);
  if (c != OK)
    return c;
  struct doc *d = doc_add_map(job->list);
  job->categories = row->categories;
  doc_put_id(d, "id", row->id);
  doc_put_str(d, "number", reader_count(job->a, job->who->lang, TR("第%1号"), row->number));
  doc_put_str(d, "what", what);
  doc_put_str(d, "when", reader_day_ts(job->a, job->who, row->at));
  doc_put_str(d, "who", str_copy(job->a, row->user));
  doc_put_str(d, "href", href_of(job->a, kind, row->thing));
  struct str of = id_text(job->a, job->case_id), id = id_text(job->a, row->id);
  doc_put_str(d, "lost_href", str_printf(job->a, "/cases/%.*s/leaks?kind=lost&print=%.*s", STR_FMT(of), STR_FMT(id)));
  return OK;
}

enum code paper_copies(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, const struct reader *who,
                       struct doc **ret, struct err *e)
{
  struct list_job job = {tx, a, who, doc_list(a), case_id, 0};
  enum code c = copy_sql_each(tx, s, case_id, 0, put_copy, &job, e);
  if (c == OK)
    *ret = job.list;
  return c;
}

enum code paper_copy_get(struct tx *tx, const struct scope *s, id64 case_id, id64 copy, struct arena *a,
                         const struct reader *who, struct doc **ret, cats_t *ret_categories, struct err *e)
{
  struct list_job job = {tx, a, who, doc_list(a), case_id, 0};
  enum code c = copy ? copy_sql_each(tx, s, case_id, copy, put_copy, &job, e) : OK;
  if (c == OK && !doc_size(job.list))
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  if (c == OK) {
    *ret = doc_at(job.list, 0);
    *ret_categories = job.categories;
  }
  return c;
}
