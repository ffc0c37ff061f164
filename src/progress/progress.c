#include "progress/progress.h"

#include "base/limits.h"
#include "connection/late.h"
#include "progress/progress_sql.h"

static const struct {
  const char *code, *word, *shape, *class;
} stucks[STUCK_COUNT] = {
#define X(name, code, word, shape, class) [STUCK_##name] = {code, TR(word), shape, class},
    STUCKS(X)
#undef X
};

struct page {
  struct tx *tx;
  const struct scope *list;
  struct arena *a;
  const struct reader *who;
  struct doc *cases;
  int64_t shown, want;
  bool more;
};

/* ---- one case -------------------------------------------------------------------------------------------------------- */

static struct str days(const struct page *p, int n)
{
  return reader_count(p->a, p->who->lang, TR("%1日"), n);
}

/* How long it has been standing at what it is stuck at; 0 where days say nothing. */
static int stuck_days(const struct page *p, const struct clock_row *row)
{
  struct date due = {0};
  switch (row->stuck) {
  case STUCK_SILENCE:
  case STUCK_CONTACT:
    return date_days_between(date_of_ts(row->since), p->who->today);
  case STUCK_DUE:
    (void)date_parse_iso(row->next_date, &due);
    return date_days_between(due, p->who->today);
  default:
    return 0;
  }
}

static void put_waiting(const struct page *p, const struct clock_row *row, struct doc *d)
{
  int waited = row->oldest_at ? date_days_between(date_of_ts(row->oldest_at), p->who->today) : 0;
  doc_put_str(d, "open", row->open ? reader_count(p->a, p->who->lang, TR("%1件"), row->open) : STR_NONE);
  doc_put_str(d, "waiting", row->oldest_at ? reader_count(p->a, p->who->lang, TR("%1日待ち"), waited) : STR_NONE);
  doc_put_bool(d, "waiting_late", row->stuck == STUCK_SILENCE);
}

static void put_asked(const struct page *p, const struct clock_row *row, struct doc *d)
{
  bool today = row->asked_at && date_compare(date_of_ts(row->asked_at), p->who->today) == 0;
  struct str day = reader_day_ts(p->a, p->who, row->asked_at);
  doc_put_str(d, "asked",
              day.n ? tr_args(p->a, p->who->lang, TR("%1 たずねました"), day, STR_NONE, STR_NONE) : STR_NONE);
  doc_put_bool(d, "can_ask", row->lead_organization.n > 0 && !today);
}

static void put_case(void *arg, const struct clock_row *row)
{
  struct page *p = arg;
  struct date next = {0};
  if (p->shown == p->want) {
    p->more = true;
    return;
  }
  struct doc *d = doc_add_map(p->cases), *state = doc_put_map(d, "state");
  int n = stuck_days(p, row);
  bool has_next = row->next_date.n && date_parse_iso(row->next_date, &next);
  struct str last = reader_day_ts(p->a, p->who, row->last_contact_at);
  doc_put_str(state, "word", tr(p->who->lang, stucks[row->stuck].word));
  doc_put_cstr(state, "shape", stucks[row->stuck].shape);
  doc_put_cstr(state, "class", stucks[row->stuck].class);
  doc_put_id(d, "id", row->id);
  doc_put_str(d, "number", row->number);
  doc_put_str(d, "days", n > 0 ? days(p, n) : STR_NONE);
  doc_put_int(d, "bar", n);
  doc_put_str(d, "stage", case_status_label(p->who->lang, row->status));
  doc_put_str(d, "density", row->density);
  doc_put_str(d, "lead", row->lead_organization);
  doc_put_str(d, "last", last.n ? last : tr(p->who->lang, TR("まだありません")));
  doc_put_str(d, "next", has_next ? reader_day(p->a, p->who, next) : STR_NONE);
  doc_put_bool(d, "next_late", has_next && date_compare(next, p->who->today) < 0);
  put_waiting(p, row, d);
  put_asked(p, row, d);
  scope_showed(p->list, row->person);
  p->shown++;
}

/* ---- the page -------------------------------------------------------------------------------------------------------- */

static void put_views(const struct page *p, const struct progress_view *view, const int64_t counts[STUCK_COUNT],
                      struct doc *d)
{
  struct doc *list = doc_put_list(d, "views");
  int64_t all = 0;
  for (int i = 0; i < STUCK_COUNT; i++)
    all += counts[i];
  for (int i = -1; i < STUCK_COUNT; i++) {
    struct doc *m = doc_add_map(list);
    bool current = i < 0 ? view->all : !view->all && !view->worst && i == (int)view->at;
    doc_put_str(m, "href", i < 0 ? S("/progress") : str_printf(p->a, "/progress?stuck=%s", stucks[i].code));
    doc_put_str(m, "word", tr(p->who->lang, i < 0 ? TR("すべて") : stucks[i].word));
    doc_put_str(m, "count", str_printf(p->a, "%lld", (long long)(i < 0 ? all : counts[i])));
    doc_put_bool(m, "current", current);
  }
  doc_put_str(d, "total", reader_count(p->a, p->who->lang, TR("%1件"), all));
}

enum code progress_page(struct tx *tx, const struct scope *list, const struct progress_view *view, struct arena *a,
                        const struct reader *who, struct doc **ret, struct err *e)
{
  struct doc *d = doc_map(a);
  struct page p = {.tx = tx, .list = list, .a = a, .who = who, .cases = doc_put_list(d, "cases")};
  p.want = view->worst ? PROGRESS_WORST : LIMIT_PAGE_ROWS;
  const struct late limits = late_limits(tx_arena(tx), who->today);
  int64_t counts[STUCK_COUNT] = {0};
  enum code c = progress_sql_counts(tx, &limits, counts, e);
  if (c == OK)
    c = progress_sql_each(tx, &limits, view, p.want + 1, put_case, &p, e);
  if (c != OK)
    return c;
  put_views(&p, view, counts, d);
  doc_put_bool(d, "has_cases", p.shown > 0);
  doc_put_bool(d, "has_more", p.more);
  *ret = d;
  return OK;
}

/* ---- the file ---------------------------------------------------------------------------------------------------------- */

enum { COLUMNS = 11 };
struct file_job {
  struct page p;
  struct csv_table t;
  bool failed;
};

static struct str day_cell(const struct page *p, ts_t at)
{
  return at ? date_iso(p->a, date_of_ts(at)) : STR_NONE;
}

static struct str number_cell(const struct page *p, int64_t n)
{
  return n > 0 ? str_printf(p->a, "%lld", (long long)n) : STR_NONE;
}

static void put_cells(void *arg, const struct clock_row *row)
{
  struct file_job *job = arg;
  struct page *p = &job->p;
  if (p->shown == p->want) {
    p->more = true;
    return;
  }
  struct str *cell = csv_table_add(p->a, &job->t, COLUMNS);
  job->failed |= !cell;
  if (!cell)
    return;
  int waited = row->oldest_at ? date_days_between(date_of_ts(row->oldest_at), p->who->today) : 0;
  const struct str texts[COLUMNS] = {str_copy(p->a, row->number),
                                     case_status_label(p->who->lang, row->status),
                                     tr(p->who->lang, stucks[row->stuck].word),
                                     number_cell(p, stuck_days(p, row)),
                                     str_copy(p->a, row->lead_organization),
                                     str_copy(p->a, row->density),
                                     day_cell(p, row->last_contact_at),
                                     str_copy(p->a, row->next_date),
                                     number_cell(p, row->open),
                                     number_cell(p, waited),
                                     day_cell(p, row->asked_at)};
  memcpy(cell, texts, sizeof texts);
  scope_showed(p->list, row->person);
  p->shown++;
}

enum code progress_table(struct tx *tx, const struct scope *list, const struct progress_view *view, struct arena *a,
                         const struct reader *who, struct csv_table *ret, struct err *e)
{
  static const char *const heads[COLUMNS] = {TR("番号"),           TR("段階"),         TR("いま"),
                                             TR("日数"),           TR("主担当"),       TR("かかわり"),
                                             TR("最後にふれた日"), TR("次にすること"), TR("返事待ちの件数"),
                                             TR("待っている日数"), TR("たずねた日")};
  struct file_job job = {.p = {.tx = tx, .list = list, .a = a, .who = who, .want = PROGRESS_FILE}};
  const struct late limits = late_limits(tx_arena(tx), who->today);
  struct progress_view every = *view;
  struct str *cell = csv_table_add(a, &job.t, COLUMNS);
  for (int i = 0; cell && i < COLUMNS; i++)
    cell[i] = tr(who->lang, heads[i]);
  every.skip = 0;
  enum code c = cell ? progress_sql_each(tx, &limits, &every, PROGRESS_FILE + 1, put_cells, &job, e) : err_oom(e);
  if (c == OK && job.failed)
    c = err_oom(e);
  if (c == OK && job.p.more)
    c = err_set(e, LIMIT, TR("1つのファイルに入るのは2万件までです。しぼってから書き出してください。"));
  if (c == OK)
    *ret = job.t;
  return c;
}

/* ---- asking ---------------------------------------------------------------------------------------------------------- */

static enum code ask(struct tx *tx, const struct inquiry *i, struct err *e)
{
  bool asked = false;
  enum code c = progress_sql_asked(tx, i, date_start_ts(date_of_ts(tx_now(tx))), &asked, e);
  if (c == OK && asked)
    return err_set(e, CONFLICT, TR("今日はもう、たずねました。お急ぎのときは電話をしてください。"));
  return c == OK ? progress_sql_insert(tx, i, e) : c;
}

enum code progress_ask_lead(struct tx *tx, const struct scope *s, id64 case_id, struct err *e)
{
  struct inquiry i = {
      .case_id = case_id, .from_organization = scope_organization(s), .from_user = scope_actor(s)->user};
  enum code c = progress_sql_lead(tx, case_id, &i.person, &i.to_organization, e);
  if (c != OK)
    return c;
  if (!i.to_organization)
    return err_set(e, CONFLICT, TR("主担当の機関がまだありません。先に主担当を決めてください。"));
  scope_showed(s, i.person);
  return ask(tx, &i, e);
}

enum code progress_ask_receiver(struct tx *tx, const struct scope *s, const struct connection *c, struct err *e)
{
  if (!scope_wrote(s, c->from_organization))
    return err_set(e, DENIED, TR("送った機関だけが、たずねられます。"));
  if (!connection_waits(c))
    return err_set(e, CONFLICT, TR("このつなぎは、いまは返事を待っていません。"));
  scope_seen_as(s, ACTION_CONNECTION_READ);
  const struct inquiry i = {.case_id = c->case_id,
                            .person = c->person,
                            .connection = c->id,
                            .from_organization = c->from_organization,
                            .from_user = scope_actor(s)->user,
                            .to_organization = c->to_organization};
  return ask(tx, &i, e);
}
