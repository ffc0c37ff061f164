/* undo.c: an import that was a mistake is taken back whole, as long as nobody has worked with it. */
#include "audit/audit.h"
#include "keep/keep.h"
#include "ledger/ledger_sql.h"

struct list_job {
  struct arena *a;
  const struct reader *who;
  ts_t now;
  struct doc *list;
};

static bool is_over(const struct import_row *row, ts_t now)
{
  return now - row->at > LEDGER_UNDO_MS;
}

static enum code put_import(void *arg, const struct import_row *row, struct err *e)
{
  struct list_job *job = arg;
  struct doc *d = doc_add_map(job->list);
  doc_put_str(d, "id", id_text(job->a, row->id));
  doc_put_str(d, "day", ts_text(job->a, row->at, job->who->wareki));
  doc_put_str(d, "rows", reader_count(job->a, job->who->lang, TR("%1件"), row->rows));
  doc_put_str(d, "by", row->by);
  doc_put_bool(d, "undone", row->undone_at != 0);
  doc_put_bool(d, "can_undo", !row->undone_at && !is_over(row, job->now));
  return OK;
}

enum code ledger_imports(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                         struct doc **ret, struct err *e)
{
  struct list_job job = {.a = a, .who = who, .now = tx_now(tx), .list = doc_list(a)};
  enum code c = ledger_sql_imports(tx, s, put_import, &job, e);
  if (c == OK)
    *ret = job.list;
  return c;
}

static enum code may_undo(struct tx *tx, const struct import_row *row, struct err *e)
{
  char number[24];
  if (!row->id)
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  if (row->undone_at)
    return err_set(e, CONFLICT, TR("この取り込みは、もう取り消してあります。"));
  if (is_over(row, tx_now(tx)))
    return err_set(e, CONFLICT, TR("取り消せるのは、取り込みから7日のあいだです。"));
  snprintf(number, sizeof number, "%lld", (long long)row->written);
  return row->written ? err_set1(e, CONFLICT,
                                 TR("取り込んだあとで書いたか印刷したケースが%1件あるので、取り消せません。"), number)
                      : OK;
}

enum code ledger_undo(struct tx *tx, const struct actor *who, id64 import, int64_t *ret_rows, struct err *e)
{
  const struct scope *s = NULL;
  struct import_row row = {0};
  size_t n = 0;
  id64 *persons = arena_array(tx_arena(tx), LEDGER_ROWS_MOST, sizeof *persons);
  if (!persons)
    return err_oom(e);
  enum code c = access_open_network(tx, who, ACTION_LEDGER_IMPORT, &s, e);
  if (c == OK)
    c = ledger_sql_import(tx, s, import, &row, e);
  if (c == OK)
    c = may_undo(tx, &row, e);
  if (c == OK)
    c = ledger_sql_persons(tx, import, persons, LEDGER_ROWS_MOST, &n, e);
  if (c == OK)
    c = keep_take_back(tx, persons, n, e);
  if (c == OK)
    c = ledger_sql_undone(tx, s, import, e);
  if (c == OK)
    *ret_rows = row.rows;
  return c;
}
