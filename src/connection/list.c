/* list.c: the connections that one's organization was sent and has sent. */
#include <stdlib.h>

#include "base/limits.h"
#include "connection/connection_sql.h"
#include "connection/late.h"
#include "connection/opening.h"

struct list_job {
  struct tx *tx;
  const struct scope *list;
  struct arena *a;
  const struct reader *who;
  struct opening opening;
  const struct connection_choice *choice;
  enum connection_view view;
  struct our_connection *ours;
  size_t count, room;
  struct doc *items;
  struct csv_table *table; /* instead of items */
};

/* ---- which ones ---------------------------------------------------------------------------------------------------------- */

static enum code keep(void *arg, const struct our_connection *row, struct err *e)
{
  struct list_job *job = arg;
  if (job->count == job->room) {
    size_t room = job->room ? 2 * job->room : 2 * LIMIT_PAGE_ROWS;
    job->ours = arena_grow(job->a, job->ours, job->room * sizeof *job->ours, room * sizeof *job->ours);
    job->room = room;
  }
  if (!job->ours)
    return err_oom(e);
  job->ours[job->count++] = *row;
  return OK;
}

static int by_place(const void *a, const void *b)
{
  const struct our_connection *x = a, *y = b;
  if (x->place != y->place)
    return x->place < y->place ? -1 : 1;
  return (x->id < y->id) - (x->id > y->id);
}

/* In the order that was asked for, each once. */
static void put_in_order(struct list_job *job)
{
  size_t n = 0;
  for (size_t i = 0; job->choice->falls && i < job->count; i++)
    job->ours[i].place = -job->ours[i].place;
  if (job->count)
    qsort(job->ours, job->count, sizeof *job->ours, by_place);
  for (size_t i = 0; i < job->count; i++)
    if (!n || job->ours[n - 1].id != job->ours[i].id) {
      job->ours[n++] = job->ours[i];
    } else { /* told of once for each way */
      job->ours[n - 1].received |= job->ours[i].received;
      job->ours[n - 1].sent |= job->ours[i].sent;
    }
  job->count = n;
}

static void count(const struct list_job *job, int64_t counts[4])
{
  for (size_t i = 0; i < job->count; i++) {
    const struct our_connection *c = &job->ours[i];
    counts[CONNECTIONS_RECEIVED] += c->received;
    counts[CONNECTIONS_SENT] += c->sent;
    counts[CONNECTIONS_WAITING] += c->sent && late_waits(c->state);
    counts[3] += c->received && late_waits(c->state);
  }
}

static enum connection_view where_it_waits(const int64_t counts[4])
{
  if (counts[3])
    return CONNECTIONS_RECEIVED;
  if (counts[CONNECTIONS_WAITING])
    return CONNECTIONS_WAITING;
  return counts[CONNECTIONS_RECEIVED] || !counts[CONNECTIONS_SENT] ? CONNECTIONS_RECEIVED : CONNECTIONS_SENT;
}

static bool is_meant(const struct list_job *job, const struct our_connection *c, enum connection_state state)
{
  if (job->choice->state.n && c->state != state)
    return false;
  return job->view == CONNECTIONS_RECEIVED ? c->received
                                           : c->sent && (job->view == CONNECTIONS_SENT || late_waits(c->state));
}

/* Those whom the choice asks for, in the view that it means, with the number of each view. */
static enum code find_listed(struct list_job *job, int64_t counts[4], struct err *e)
{
  enum connection_state state = CONNECTION_DRAFT;
  size_t n = 0;
  enum code c = opening_load(job->tx, &job->opening, e);
  if (c == OK)
    c = connection_sql_ours(job->tx, job->list, job->choice->by, keep, job, e);
  if (c != OK)
    return c;
  put_in_order(job);
  count(job, counts);
  job->view = job->choice->view == CONNECTIONS_ANY ? where_it_waits(counts) : job->choice->view;
  if (job->choice->state.n && !connection_state_parse(job->choice->state, &state))
    job->count = 0;
  for (size_t i = 0; i < job->count; i++)
    if (is_meant(job, &job->ours[i], state))
      job->ours[n++] = job->ours[i];
  job->count = n;
  return OK;
}

/* ---- as lines ------------------------------------------------------------------------------------------------------------ */

static enum code put_line(struct list_job *job, const struct listed_connection *row, struct str name, struct err *e)
{
  struct str id = id_text(job->a, row->c.id);
  struct doc *d = doc_add_map(job->items);
  (void)e;
  doc_put_str(d, "href", str_printf(job->a, "/connections/%.*s", STR_FMT(id)));
  doc_put_str(d, "name", name.n ? name : row->number);
  doc_put_str(d, "from", row->from);
  doc_put_str(d, "to", row->to);
  connection_put_clock(&row->c, &job->opening, job->a, job->who, d);
  return OK;
}

enum { COLUMNS = 13 };

static struct str day_cell(const struct list_job *job, ts_t at)
{
  return at ? date_iso(job->a, date_of_ts(at)) : STR_NONE;
}

static enum code put_cells(struct list_job *job, const struct listed_connection *row, struct str name, struct err *e)
{
  const struct connection *c = &row->c;
  bool waits = late_waits(c->state);
  int days = waits ? opening_days_since(&job->opening, c->to_organization, c->sent_at, job->who->today) : 0;
  struct str *cell = csv_table_add(job->a, job->table, COLUMNS);
  if (!cell)
    return err_oom(e);
  const struct str texts[COLUMNS] = {row->number,
                                     name,
                                     row->from,
                                     row->to,
                                     connection_kind_word(job->who->lang, c->kind),
                                     tr(job->who->lang, connection_state_label(c->state)),
                                     day_cell(job, c->sent_at),
                                     day_cell(job, c->received_at),
                                     day_cell(job, c->accepted_at),
                                     day_cell(job, c->contacted_at),
                                     day_cell(job, c->answered_at),
                                     day_cell(job, c->closed_at),
                                     days ? str_printf(job->a, "%d", days) : STR_NONE};
  memcpy(cell, texts, sizeof texts);
  return OK;
}

/* n <= LIMIT_PAGE_ROWS. A person may stand in several lines, and is asked about once. */
static enum code put_page(struct list_job *job, const struct our_connection *from, size_t n, struct err *e)
{
  struct listed_connection *rows = arena_array(job->a, LIMIT_PAGE_ROWS, sizeof *rows);
  struct listed_person persons[LIMIT_PAGE_ROWS];
  id64 ids[LIMIT_PAGE_ROWS];
  if (!rows)
    return err_oom(e);
  for (size_t i = 0; i < n; i++) {
    ids[i] = from[i].id;
    persons[i].person = from[i].person;
  }
  enum code c = connection_sql_page(job->tx, ids, n, job->a, rows, e);
  if (c == OK)
    c = person_listed(job->tx, job->list, LISTED_NAME, persons, n, job->a, e);
  if (c != OK)
    return c;
  for (size_t i = 0; c == OK && i < n; i++) {
    if (!rows[i].c.id)
      continue;
    scope_showed(job->list, rows[i].c.person);
    c = (job->table ? put_cells : put_line)(job, &rows[i], persons[i].name, e);
  }
  listed_wipe(persons, n);
  return c;
}

const char *const connection_view_codes[] = {"received", "sent", "waiting", NULL};

static void put_views(struct arena *a, const struct reader *who, struct doc *d, enum connection_view view,
                      const int64_t counts[4])
{
  static const char *const words[] = {TR("届いた"), TR("送った"), TR("返事待ち")};
  struct doc *list = doc_put_list(d, "views");
  for (int i = 0; i < 3; i++) {
    struct doc *m = doc_add_map(list);
    doc_put_str(m, "href", str_printf(a, "/connections?view=%s", connection_view_codes[i]));
    doc_put_str(m, "word", tr(who->lang, words[i]));
    doc_put_str(m, "count", str_printf(a, "%lld", (long long)counts[i]));
    doc_put_bool(m, "current", i == (int)view);
  }
}

enum code connection_list(struct tx *tx, const struct scope *list, const struct connection_choice *choice,
                          struct arena *a, const struct reader *who, struct doc **ret, struct err *e)
{
  int64_t counts[4] = {0};
  struct doc *d = doc_map(a);
  struct list_job job = {
      .tx = tx, .list = list, .a = a, .who = who, .choice = choice, .items = doc_put_list(d, "items")};
  enum code c = find_listed(&job, counts, e);
  size_t from = choice->skip > 0 ? (size_t)choice->skip : 0, left = job.count > from ? job.count - from : 0;
  if (c == OK && left)
    c = put_page(&job, job.ours + from, left < LIMIT_PAGE_ROWS ? left : LIMIT_PAGE_ROWS, e);
  if (c != OK)
    return c;
  put_views(a, who, d, job.view, counts);
  doc_put_cstr(d, "view", connection_view_codes[job.view]);
  doc_put_bool(d, "has_items", doc_size(job.items) > 0);
  doc_put_bool(d, "has_more", left > LIMIT_PAGE_ROWS);
  *ret = d;
  return OK;
}

enum code connection_table(struct tx *tx, const struct scope *list, const struct connection_choice *choice,
                           struct arena *a, const struct reader *who, struct csv_table *ret, struct err *e)
{
  static const char *const heads[COLUMNS] = {
      TR("番号"),     TR("名前"),       TR("だれから"),      TR("だれへ"),   TR("何のため"),
      TR("いま"),     TR("送った日"),   TR("届いた日"),      TR("受理の日"), TR("初めて会えた日"),
      TR("返事の日"), TR("終わった日"), TR("待っている日数")};
  int64_t counts[4] = {0};
  struct csv_table t = {0};
  struct list_job job = {.tx = tx, .list = list, .a = a, .who = who, .choice = choice, .table = &t};
  struct str *cell = csv_table_add(a, &t, COLUMNS);
  for (int i = 0; cell && i < COLUMNS; i++)
    cell[i] = tr(who->lang, heads[i]);
  enum code c = cell ? find_listed(&job, counts, e) : err_oom(e);
  if (c == OK && job.count > CONNECTIONS_FILE)
    c = err_set(e, LIMIT, TR("1つのファイルに入るのは5千件までです。状態でしぼってから書き出してください。"));
  for (size_t i = 0; c == OK && i < job.count; i += LIMIT_PAGE_ROWS)
    c = put_page(&job, job.ours + i, job.count - i < LIMIT_PAGE_ROWS ? job.count - i : LIMIT_PAGE_ROWS, e);
  if (c == OK)
    *ret = t;
  return c;
}
