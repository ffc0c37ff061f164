/* register.c: the register of 法令による提供: what was handed on and received, without names. */
#include "base/limits.h"
#include "basis/words.h"

enum { TABLE_ROWS = 5000 };

struct register_job {
  struct tx *tx;
  const struct scope *list;
  struct arena *a;
  const struct reader *who;
  struct doc *out;
  struct csv_row *rows;
  size_t n;
  bool more;
};

/* What for: of the row's sealed document. */
static enum code purpose_of(const struct register_job *job, const struct basis_row *row, struct str *ret, struct err *e)
{
  struct seal_key key;
  struct str json = STR_NONE;
  struct doc *content = NULL;
  struct seal_at at = {
      .table = "legal_basis", .column = "content_sealed", .network = tx_network(job->tx), .row = row->id};
  *ret = STR_NONE;
  if (!row->wrapped.n || !row->content_sealed.n)
    return OK;
  enum code c = person_listed_key(job->tx, job->list, row->person, (int)row->epoch, row->wrapped, &key, e);
  if (c == OK)
    c = unseal(job->a, &key, at, row->content_sealed, &json, e);
  explicit_bzero(&key, sizeof key);
  if (c == OK)
    c = json_parse(job->a, json, &content, e);
  if (c == OK)
    *ret = words_text(content, "purpose");
  return c;
}

/* ---- the page ----------------------------------------------------------------------------------------------------------------- */

static enum code put_row(void *arg, const struct basis_row *row, struct err *e)
{
  struct register_job *job = arg;
  enum lang lang = job->who->lang;
  struct str purpose = STR_NONE, id = id_text(job->a, row->case_id);
  if (job->n == LIMIT_PAGE_ROWS) {
    job->more = true;
    return OK;
  }
  enum code c = purpose_of(job, row, &purpose, e);
  if (c != OK)
    return c;
  job->n++;
  bool own = scope_wrote(job->list, row->author_organization);
  struct doc *d = doc_add_map(job->out);
  doc_put_str(d, "number", row->number);
  doc_put_str(d, "href", row->case_id ? str_printf(job->a, "/cases/%.*s/bases", STR_FMT(id)) : STR_NONE);
  doc_put_str(d, "giver", row->giver);
  doc_put_str(d, "receiver", row->receiver);
  doc_put_str(d, "law", tr(lang, basis_label(row->code)));
  doc_put_str(d, "article", row->article);
  doc_put_str(d, "categories", words_categories(job->a, lang, row->categories));
  doc_put_str(d, "purpose", purpose);
  doc_put_str(d, "period", words_period(job->a, job->who, row));
  doc_put_str(d, "decided_by", own ? row->approver_name : STR_NONE);
  doc_put_str(d, "told", own ? words_told(job->a, job->who, row) : STR_NONE);
  words_put_state(d, lang, row, tx_now(job->tx));
  scope_showed(job->list, row->person);
  return OK;
}

enum code basis_register(struct tx *tx, const struct scope *list, const struct basis_view *view, struct arena *a,
                         const struct reader *who, struct doc **ret, struct err *e)
{
  struct doc *d = doc_map(a);
  struct register_job job = {.tx = tx, .list = list, .a = a, .who = who, .out = doc_put_list(d, "rows")};
  enum code c = basis_sql_register(tx, list, view, LIMIT_PAGE_ROWS + 1, put_row, &job, e);
  if (c != OK)
    return c;
  doc_put_bool(d, "has_rows", job.n > 0);
  doc_put_bool(d, "has_more", job.more);
  *ret = d;
  return OK;
}

/* ---- the table ---------------------------------------------------------------------------------------------------------------- */

static const char *const heads[] = {TR("番号"),
                                    TR("だれから"),
                                    TR("だれへ"),
                                    TR("法令"),
                                    TR("条"),
                                    TR("渡す内容"),
                                    TR("何のために"),
                                    TR("始まり"),
                                    TR("終わり"),
                                    TR("いま"),
                                    TR("なぜ同意によらないか"),
                                    TR("申し出た人"),
                                    TR("決めた人"),
                                    TR("決めた日"),
                                    TR("本人への知らせ")};
enum { COLUMNS = sizeof heads / sizeof *heads };

static struct str day_of(const struct register_job *job, ts_t at)
{
  return at ? date_iso(job->a, date_of_ts(at)) : STR_NONE;
}

static struct str *add_row(struct register_job *job)
{
  struct str *cell = arena_array(job->a, COLUMNS, sizeof *cell);
  if (cell)
    job->rows[job->n++] = (struct csv_row){cell, COLUMNS};
  return cell;
}

static enum code take_row(void *arg, const struct basis_row *row, struct err *e)
{
  struct register_job *job = arg;
  enum lang lang = job->who->lang;
  struct str purpose = STR_NONE;
  if (job->n == TABLE_ROWS)
    return err_set(e, LIMIT, TR("多すぎます。状態か法令で、しぼってから書き出してください。"));
  enum code c = purpose_of(job, row, &purpose, e);
  struct str *cell = c == OK ? add_row(job) : NULL;
  if (c != OK)
    return c;
  if (!cell)
    return err_oom(e);
  bool own = scope_wrote(job->list, row->author_organization);
  const struct str texts[COLUMNS] = {row->number,
                                     row->giver,
                                     row->receiver,
                                     tr(lang, basis_label(row->code)),
                                     row->article,
                                     words_categories(job->a, lang, row->categories),
                                     purpose,
                                     day_of(job, row->from),
                                     row->until ? day_of(job, row->until - 1) : STR_NONE,
                                     words_state(lang, (int)basis_state_of(row, tx_now(job->tx))),
                                     own ? words_why(lang, row->why) : STR_NONE,
                                     own ? row->requester_name : STR_NONE,
                                     own ? row->approver_name : STR_NONE,
                                     own ? day_of(job, row->decided_at) : STR_NONE,
                                     own ? words_told(job->a, job->who, row) : STR_NONE};
  for (int i = 0; i < COLUMNS; i++)
    cell[i] = str_copy(job->a, texts[i]);
  scope_showed(job->list, row->person);
  return OK;
}

enum code basis_table(struct tx *tx, const struct scope *list, const struct basis_view *view, struct arena *a,
                      const struct reader *who, struct csv_table *ret, struct err *e)
{
  struct register_job job = {.tx = tx, .list = list, .a = a, .who = who};
  job.rows = arena_array(a, TABLE_ROWS, sizeof *job.rows);
  struct str *cell = job.rows ? add_row(&job) : NULL;
  if (!cell)
    return err_oom(e);
  for (int i = 0; i < COLUMNS; i++)
    cell[i] = tr(who->lang, heads[i]);
  enum code c = basis_sql_register(tx, list, view, TABLE_ROWS, take_row, &job, e);
  if (c == OK)
    *ret = (struct csv_table){.row = job.rows, .n = job.n};
  return c;
}
