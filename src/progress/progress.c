#include "progress/progress.h"

#include "base/limits.h"
#include "progress/clock.h"
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
  struct clocks clocks;
  struct doc *cases;
  struct csv_table *table; /* instead of cases */
};
/* A line: its case's clock, and what is read of it for the page. */
struct line {
  const struct clock *clock;
  const struct clock_row *row;
};

/* ---- one case -------------------------------------------------------------------------------------------------------- */

static struct str days(const struct page *p, int n)
{
  return reader_count(p->a, p->who->lang, TR("%1日"), n);
}

/* How long it has been standing at what it is stuck at; 0 where days say nothing. */
static int stuck_days(const struct page *p, const struct clock *c)
{
  struct date due = {0};
  switch (c->stuck) {
  case STUCK_SILENCE:
    return date_days_between(date_of_ts(c->oldest), p->who->today);
  case STUCK_CONTACT:
    return date_days_between(date_of_ts(c->contact), p->who->today);
  case STUCK_DUE:
    (void)date_parse_iso(str_from(c->next), &due);
    return date_days_between(due, p->who->today);
  default:
    return 0;
  }
}

static void put_waiting(const struct page *p, const struct line *l, struct doc *d)
{
  int waited = l->clock->oldest ? date_days_between(date_of_ts(l->clock->oldest), p->who->today) : 0;
  doc_put_str(d, "open", l->row->open ? reader_count(p->a, p->who->lang, TR("%1件"), l->row->open) : STR_NONE);
  doc_put_str(d, "waiting", l->clock->oldest ? reader_count(p->a, p->who->lang, TR("%1日待ち"), waited) : STR_NONE);
  doc_put_bool(d, "waiting_late", l->clock->stuck == STUCK_SILENCE);
}

static void put_asked(const struct page *p, const struct clock_row *row, struct doc *d)
{
  bool today = row->asked_at && date_compare(date_of_ts(row->asked_at), p->who->today) == 0;
  struct str day = reader_day_ts(p->a, p->who, row->asked_at);
  doc_put_str(d, "asked",
              day.n ? tr_args(p->a, p->who->lang, TR("%1 たずねました"), day, STR_NONE, STR_NONE) : STR_NONE);
  doc_put_bool(d, "can_ask", row->lead_organization.n > 0 && !today);
}

static enum code put_case(struct page *p, const struct line *l, struct err *e)
{
  const struct clock_row *row = l->row;
  enum stuck stuck = l->clock->stuck;
  struct date next = {0};
  (void)e;
  struct doc *d = doc_add_map(p->cases), *state = doc_put_map(d, "state");
  int n = stuck_days(p, l->clock);
  bool has_next = row->next_date.n && date_parse_iso(row->next_date, &next);
  struct str last = reader_day_ts(p->a, p->who, row->last_contact_at);
  doc_put_str(state, "word", tr(p->who->lang, stucks[stuck].word));
  doc_put_cstr(state, "shape", stucks[stuck].shape);
  doc_put_cstr(state, "class", stucks[stuck].class);
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
  put_waiting(p, l, d);
  put_asked(p, row, d);
  return OK;
}

/* ---- the same in a file ------------------------------------------------------------------------------------------------ */

enum { COLUMNS = 11 };

static struct str day_cell(const struct page *p, ts_t at)
{
  return at ? date_iso(p->a, date_of_ts(at)) : STR_NONE;
}

static struct str number_cell(const struct page *p, int64_t n)
{
  return n > 0 ? str_printf(p->a, "%lld", (long long)n) : STR_NONE;
}

static enum code put_cells(struct page *p, const struct line *l, struct err *e)
{
  const struct clock_row *row = l->row;
  int waited = l->clock->oldest ? date_days_between(date_of_ts(l->clock->oldest), p->who->today) : 0;
  struct str *cell = csv_table_add(p->a, p->table, COLUMNS);
  if (!cell)
    return err_oom(e);
  const struct str texts[COLUMNS] = {row->number,
                                     case_status_label(p->who->lang, row->status),
                                     tr(p->who->lang, stucks[l->clock->stuck].word),
                                     number_cell(p, stuck_days(p, l->clock)),
                                     row->lead_organization,
                                     row->density,
                                     day_cell(p, row->last_contact_at),
                                     row->next_date,
                                     number_cell(p, row->open),
                                     number_cell(p, waited),
                                     day_cell(p, row->asked_at)};
  memcpy(cell, texts, sizeof texts);
  return OK;
}

/* n <= LIMIT_PAGE_ROWS */
static enum code put_lines(struct page *p, const struct clock *from, size_t n, struct err *e)
{
  struct clock_row *rows = arena_array(p->a, LIMIT_PAGE_ROWS, sizeof *rows);
  id64 ids[LIMIT_PAGE_ROWS];
  if (!rows)
    return err_oom(e);
  for (size_t i = 0; i < n; i++)
    ids[i] = from[i].id;
  enum code c = progress_sql_page(p->tx, ids, n, p->a, rows, e);
  for (size_t i = 0; c == OK && i < n; i++) {
    const struct line l = {&from[i], &rows[i]};
    if (!rows[i].id)
      continue;
    scope_showed(p->list, rows[i].person);
    c = (p->table ? put_cells : put_case)(p, &l, e);
  }
  return c;
}

/* ---- the page -------------------------------------------------------------------------------------------------------- */

/* i < 0: all of them; of the same organization. */
static struct str view_href(const struct page *p, const struct progress_view *view, int i)
{
  struct str path = i < 0 ? S("/progress") : str_printf(p->a, "/progress?stuck=%s", stucks[i].code);
  if (!view->lead)
    return path;
  struct str lead = id_text(p->a, view->lead);
  return str_printf(p->a, "%.*s%slead=%.*s", STR_FMT(path), i < 0 ? "?" : "&", STR_FMT(lead));
}

static void put_views(const struct page *p, const struct progress_view *view, const int64_t counts[STUCK_COUNT],
                      struct doc *d)
{
  struct doc *list = doc_put_list(d, "views");
  int64_t all = 0;
  for (int i = 0; i < STUCK_COUNT; i++)
    all += counts[i];
  for (int i = -1; i < STUCK_COUNT; i++) {
    struct doc *m = doc_add_map(list);
    bool current = i < 0 ? view->all : !view->all && i == (int)view->at;
    doc_put_str(m, "href", view_href(p, view, i));
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
  const struct late limits = late_limits(tx_arena(tx), who->today);
  int64_t counts[STUCK_COUNT] = {0};
  enum code c = clocks_read(tx, &limits, view, LIMIT_PAGE_ROWS, &p.clocks, counts, e);
  if (c == OK && p.clocks.n)
    c = put_lines(&p, p.clocks.list, p.clocks.n, e);
  if (c != OK)
    return c;
  put_views(&p, view, counts, d);
  doc_put_bool(d, "has_cases", p.clocks.n > 0);
  doc_put_bool(d, "has_more", p.clocks.all > view->skip + (int64_t)p.clocks.n);
  *ret = d;
  return OK;
}

enum code progress_leaders(struct tx *tx, const struct scope *list, struct arena *a, struct doc **ret, struct err *e)
{
  if (scope_action(list) != ACTION_CLOCK_LIST)
    return BUG(e, "who leads is told with the clock");
  return progress_sql_leaders(tx, a, ret, e);
}

enum code progress_worst(struct tx *tx, const struct scope *list, struct arena *a, const struct reader *who,
                         struct doc **ret, struct err *e)
{
  struct doc *d = doc_map(a);
  struct page p = {.tx = tx, .list = list, .a = a, .who = who, .cases = doc_put_list(d, "cases")};
  const struct late limits = late_limits(tx_arena(tx), who->today);
  enum code c = clocks_worst(tx, &limits, PROGRESS_WORST, &p.clocks, e);
  if (c == OK && p.clocks.n)
    c = put_lines(&p, p.clocks.list, p.clocks.n, e);
  if (c != OK)
    return c;
  doc_put_bool(d, "has_cases", p.clocks.n > 0);
  doc_put_bool(d, "has_more", p.clocks.all > (int64_t)p.clocks.n);
  *ret = d;
  return OK;
}

enum code progress_table(struct tx *tx, const struct scope *list, const struct progress_view *view, struct arena *a,
                         const struct reader *who, struct csv_table *ret, struct err *e)
{
  static const char *const heads[COLUMNS] = {TR("番号"),           TR("段階"),         TR("いま"),
                                             TR("日数"),           TR("主担当"),       TR("かかわり"),
                                             TR("最後にふれた日"), TR("次にすること"), TR("返事待ちの件数"),
                                             TR("待っている日数"), TR("たずねた日")};
  struct csv_table t = {0};
  struct page p = {.tx = tx, .list = list, .a = a, .who = who, .table = &t};
  const struct late limits = late_limits(tx_arena(tx), who->today);
  struct progress_view every = *view;
  int64_t counts[STUCK_COUNT] = {0};
  struct str *cell = csv_table_add(a, &t, COLUMNS);
  for (int i = 0; cell && i < COLUMNS; i++)
    cell[i] = tr(who->lang, heads[i]);
  every.skip = 0;
  enum code c = cell ? clocks_read(tx, &limits, &every, PROGRESS_FILE, &p.clocks, counts, e) : err_oom(e);
  if (c == OK && p.clocks.all > PROGRESS_FILE)
    c = err_set(e, LIMIT, TR("1つのファイルに入るのは2万件までです。しぼってから書き出してください。"));
  for (size_t i = 0; c == OK && i < p.clocks.n; i += LIMIT_PAGE_ROWS)
    c = put_lines(&p, p.clocks.list + i, p.clocks.n - i < LIMIT_PAGE_ROWS ? p.clocks.n - i : LIMIT_PAGE_ROWS, e);
  if (c == OK)
    *ret = t;
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
