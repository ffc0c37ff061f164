/* list.c: the cases one may see, as lines. */
#include "base/limits.h"
#include "base/utf8.h"
#include "casework/casework.h"
#include "casework/casework_sql.h"

struct list_job {
  struct tx *tx;
  const struct scope *list;
  struct arena *a;
  const struct reader *who;
  struct str words; /* folded; empty: all */
  enum case_view view;
  struct case_cursor before;
  struct doc *cases;
  int64_t counts[3];         /* of each view */
  struct listed_case *found; /* in order */
  size_t count, room;
  struct case_cursor last; /* of the last line that stands */
  int shown;
  bool more, every; /* every: not a page of them */
};

static void put_lead(struct list_job *job, struct doc *d, const struct case_line *row)
{
  struct str org = row->lead_organization, worker = row->lead_worker;
  doc_put_bool(d, "has_lead", org.n > 0);
  doc_put_str(d, "lead", worker.n ? str_printf(job->a, "%.*s / %.*s", STR_FMT(org), STR_FMT(worker)) : org);
}

static void put_clock(struct list_job *job, struct doc *d, const struct case_line *row)
{
  struct date next = {0};
  bool has_next = row->next_date.n && date_parse_iso(row->next_date, &next);
  struct str last = reader_day_ts(job->a, job->who, row->last_contact_at);
  doc_put_str(d, "last", last.n || !row->told ? last : tr(job->who->lang, TR("まだありません")));
  doc_put_bool(d, "last_late",
               row->told && !str_is(row->status, "closed") &&
                   case_contact_late(row->density, row->last_contact_at, tx_now(job->tx)));
  doc_put_bool(d, "has_next", has_next);
  doc_put_str(d, "next", reader_day(job->a, job->who, next));
  doc_put_bool(d, "next_late", has_next && date_compare(next, job->who->today) < 0);
}

static void put_person(struct list_job *job, struct doc *d, const struct listed_person *p)
{
  struct str name = listed_name(p);
  doc_put_bool(d, "has_name", name.n > 0);
  doc_put_str(d, "name", name);
  doc_put_str(d, "kana", p->kana);
  doc_put_str(d, "age", person_age_text(job->a, job->who, p->birth));
  doc_put_str(d, "grade", person_grade_text(job->a, job->who, p->birth));
}

static void put_line(struct list_job *job, const struct case_line *row, const struct listed_person *p)
{
  struct str id = id_text(job->a, row->id);
  struct doc *d = doc_add_map(job->cases);
  doc_put_str(d, "href", str_printf(job->a, "/cases/%.*s", STR_FMT(id)));
  doc_put_str(d, "number", row->number);
  put_person(job, d, p);
  doc_put_bool(d, "told", row->told);
  doc_put_str(d, "stage", row->told ? case_stage_label(job->who->lang, row->status, row->moved) : STR_NONE);
  doc_put_bool(d, "over", row->told && str_is(row->status, "closed"));
  doc_put_str(d, "density", row->density);
  put_lead(job, d, row);
  put_clock(job, d, row);
  doc_put_str(d, "open",
              row->open_connections ? reader_count(job->a, job->who->lang, TR("つなぎ %1"), row->open_connections)
                                    : STR_NONE);
  doc_put_bool(d, "concealed", row->concealed);
  doc_put_bool(d, "unconfirmed", row->unconfirmed);
}

static bool is_meant(const struct list_job *job, const struct case_line *row, const struct listed_person *p)
{
  return !job->words.n || str_contains(utf8_fold(job->a, row->number), job->words) || str_contains(p->fold, job->words);
}

/* Lines of up to a page's number of cases, in order. */
static enum code put_lines(struct list_job *job, const struct listed_case *from, size_t n, struct err *e)
{
  struct case_line *lines = arena_array(job->a, n, sizeof *lines);
  struct listed_person persons[LIMIT_PAGE_ROWS];
  id64 ids[LIMIT_PAGE_ROWS], whose[LIMIT_PAGE_ROWS];
  if (!lines)
    return err_oom(e);
  for (size_t i = 0; i < n; i++) {
    ids[i] = from[i].id;
    persons[i].person = whose[i] = from[i].person;
  }
  enum code c = case_lines(job->tx, job->list, ids, whose, n, job->a, lines, e);
  if (c == OK)
    c = person_listed(job->tx, job->list, job->words.n ? LISTED_SEARCHED : LISTED_BIRTH, persons, n, job->a, e);
  for (size_t i = 0; c == OK && i < n && !job->more; i++) {
    if (!is_meant(job, &lines[i], &persons[i]))
      continue;
    job->more = job->shown == LIMIT_PAGE_ROWS;
    if (job->more)
      break;
    put_line(job, &lines[i], &persons[i]);
    scope_showed(job->list, from[i].person);
    job->last = (struct case_cursor){from[i].changed_at, from[i].id};
    job->shown++;
  }
  listed_wipe(persons, n);
  return c;
}

static enum code put_cases(struct list_job *job, struct err *e)
{
  enum code c = OK;
  for (size_t i = 0; c == OK && i < job->count && !job->more; i += LIMIT_PAGE_ROWS) {
    size_t n = job->count - i < LIMIT_PAGE_ROWS ? job->count - i : LIMIT_PAGE_ROWS;
    if (!job->words.n && i) /* that there is another one is all that is asked */
      job->more = true;
    else
      c = put_lines(job, job->found + i, n, e);
  }
  return c;
}

/* ---- which cases ------------------------------------------------------------------------------------------------------------ */

static bool is_before(const struct listed_case *row, struct case_cursor c)
{
  return row->changed_at < c.at || (row->changed_at == c.at && row->id < c.id);
}

static enum code keep(void *arg, const struct listed_case *row, struct err *e)
{
  struct list_job *job = arg;
  if (job->count == job->room) {
    size_t room = job->room ? 2 * job->room : 2 * LIMIT_PAGE_ROWS;
    job->found = arena_grow(job->a, job->found, job->room * sizeof *job->found, room * sizeof *job->found);
    job->room = room;
  }
  if (!job->found)
    return err_oom(e);
  job->found[job->count++] = *row;
  return OK;
}

static int by_id(const void *a, const void *b)
{
  const struct listed_case *x = a, *y = b;
  return (x->id > y->id) - (x->id < y->id);
}

static int newer_first(const void *a, const void *b)
{
  const struct listed_case *x = a, *y = b;
  if (x->changed_at != y->changed_at)
    return x->changed_at < y->changed_at ? 1 : -1;
  return by_id(y, x);
}

/* A case may be told of several times: each time it is seen in another way. */
static void merge(struct list_job *job)
{
  size_t n = 0;
  if (job->count)
    qsort(job->found, job->count, sizeof *job->found, by_id);
  for (size_t i = 0; i < job->count; i++)
    if (n && job->found[n - 1].id == job->found[i].id) {
      job->found[n - 1].mine |= job->found[i].mine;
      if (job->found[i].teller)
        job->found[n - 1].teller = job->found[i].teller;
    } else {
      job->found[n++] = job->found[i];
    }
  job->count = n;
}

/* Counts the few and keeps those of this view. Of a plain one it is counted elsewhere that it is seen, and where nobody manages, that it is
 * the actor's own. */
static void sift(struct list_job *job, bool managed)
{
  size_t n = 0;
  for (size_t i = 0; i < job->count; i++) {
    const struct listed_case *row = &job->found[i];
    enum case_view of = row->closed ? CASES_CLOSED : CASES_ALL;
    bool mine = row->mine && !row->closed && (managed || !row->plain);
    job->counts[CASES_MINE] += mine;
    job->counts[of] += !row->plain;
    bool here = job->view == CASES_MINE ? mine : job->view == of && !row->plain;
    if (here && is_before(row, job->before))
      job->found[n++] = *row;
  }
  job->count = n;
}

/* Up to a page of those whose course is to be asked about. */
struct asking {
  struct listed_case *rows[LIMIT_PAGE_ROWS];
  struct case_told told[LIMIT_PAGE_ROWS];
  size_t n;
};

/* Of whose course nothing is told, that stands open and last, whatever becomes of it. */
static enum code ask(struct list_job *job, struct asking *of, struct err *e)
{
  for (size_t i = 0; i < of->n; i++)
    of->told[i] = (struct case_told){.person = of->rows[i]->person, .teller = of->rows[i]->teller};
  enum code c = case_mark_told(job->tx, job->list, of->told, of->n, e);
  for (size_t i = 0; c == OK && i < of->n; i++)
    if (!of->told[i].told) {
      of->rows[i]->closed = false;
      of->rows[i]->changed_at = 0;
    }
  of->n = 0;
  return c;
}

static enum code ask_few(struct list_job *job, struct err *e)
{
  struct asking of = {.n = 0};
  enum code c = OK;
  for (size_t i = 0; c == OK && i < job->count; i++) {
    if (job->found[i].teller)
      of.rows[of.n++] = &job->found[i];
    if (of.n == LIMIT_PAGE_ROWS)
      c = ask(job, &of, e);
  }
  return c == OK && of.n ? ask(job, &of, e) : c;
}

static enum code find_cases(struct list_job *job, struct err *e)
{
  int64_t open = 0, closed = 0;
  bool managed = scope_manages(job->list);
  enum code c = case_sql_few(job->tx, job->list, keep, job, e);
  merge(job);
  c = c == OK ? ask_few(job, e) : c;
  sift(job, managed);
  if (c == OK)
    c = case_sql_counts(job->tx, job->list, &open, &closed, e);
  job->counts[CASES_MINE] += managed ? 0 : open;
  job->counts[CASES_ALL] += open;
  job->counts[CASES_CLOSED] += closed;
  const struct case_range range = {.closed = job->view == CASES_CLOSED,
                                   .before = job->before,
                                   .limit = job->words.n || job->every ? INT32_MAX : LIMIT_PAGE_ROWS + 1};
  if (c == OK && (job->view != CASES_MINE || !managed) && (range.closed ? closed : open))
    c = case_sql_ranged(job->tx, job->list, &range, keep, job, e);
  if (c == OK && job->count)
    qsort(job->found, job->count, sizeof *job->found, newer_first);
  return c;
}

bool case_cursor_parse(struct str text, struct case_cursor *ret)
{
  struct case_cursor c = {.at = TS_MAX};
  struct str rest = text, at = STR_NONE;
  bool good = !text.n || (str_split(&rest, '-', &at) && str_to_i64(at, &c.at) && id_parse(rest, &c.id));
  if (good)
    *ret = c;
  return good;
}

struct str case_cursor_text(struct arena *a, struct case_cursor c)
{
  struct str id = id_text(a, c.id);
  return str_printf(a, "%lld-%.*s", (long long)c.at, STR_FMT(id));
}

static void put_views(struct list_job *job, struct doc *d)
{
  static const struct {
    const char *code, *word;
  } views[] = {{"mine", TR("わたしの担当")}, {"all", TR("見られるケース")}, {"closed", TR("終わったもの")}};
  struct doc *list = doc_put_list(d, "views");
  for (int i = 0; i < 3; i++) {
    struct doc *m = doc_add_map(list);
    doc_put_str(m, "href", str_printf(job->a, "/cases?view=%s", views[i].code));
    doc_put_str(m, "word", tr(job->who->lang, views[i].word));
    doc_put_str(m, "count", str_printf(job->a, "%lld", (long long)job->counts[i]));
    doc_put_bool(m, "current", i == (int)job->view);
  }
}

static void put_more(struct list_job *job, struct doc *d)
{
  static const char *const codes[] = {"mine", "all", "closed"};
  struct str from = job->more ? case_cursor_text(job->a, job->last) : STR_NONE;
  doc_put_bool(d, "has_more", job->more);
  doc_put_str(d, "more_from", from);
  doc_put_str(d, "more_href",
              job->more ? str_printf(job->a, "/cases?view=%s&from=%.*s", codes[job->view], STR_FMT(from)) : STR_NONE);
}

static void put_page(struct list_job *job, struct doc *d, struct str words, int64_t total)
{
  doc_put_str(d, "q", words);
  doc_put_bool(d, "has_cases", job->shown > 0);
  doc_put_bool(d, "none_mine", !job->shown && job->view == CASES_MINE && job->counts[CASES_ALL] > 0);
  doc_put_bool(d, "none_closed", !job->shown && job->view == CASES_CLOSED);
  doc_put_str(d, "total", reader_count(job->a, job->who->lang, TR("%1件"), total));
  doc_put(d, "cases", job->cases);
  put_views(job, d);
}

enum code case_list(struct tx *tx, const struct scope *list, enum case_view view, struct str words, struct str cursor,
                    struct arena *a, const struct reader *who, struct doc **ret, struct err *e)
{
  struct list_job job = {.tx = tx, .list = list, .a = a, .who = who, .view = view, .cases = doc_list(a)};
  job.words = utf8_fold(a, words);
  if (!case_cursor_parse(cursor, &job.before))
    return err_set(e, NOT_FOUND, TR("一覧のつづきが見つかりません。はじめから開いてください。"));
  enum code c = find_cases(&job, e);
  if (c == OK)
    c = put_cases(&job, e);
  if (c != OK)
    return c;
  struct doc *d = doc_map(a);
  put_page(&job, d, words, words.n ? job.shown : job.counts[view]);
  put_more(&job, d);
  *ret = d;
  return OK;
}

/* ---- in another order, or not all of them ------------------------------------------------------------------------------------------ */

struct chosen_case {
  struct listed_case row;
  id64 lead, teller;
  int64_t rank; /* then */
  struct str text;
  bool meant;
};

struct chosen_job {
  struct list_job list;
  const struct case_choice *choice;
  struct chosen_case *cases; /* those of list.found, in their order */
  size_t at, n;              /* whose clocks are being read */
  id64 *assigned;            /* choice.worker's, by id */
  size_t assigned_n;
};

static int64_t rank_of(const struct chosen_job *job, const struct chosen_case *c, const struct case_clock *clock)
{
  switch (job->choice->by) {
  case CASES_BY_NEXT: /* nothing decided comes last */
    return !clock->next_date.n;
  case CASES_BY_LAST:
    return clock->last_contact_at;
  case CASES_BY_DENSITY:
    return clock->density.n && clock->density.p[0] >= 'A' ? clock->density.p[0] : INT8_MAX;
  case CASES_BY_NUMBER: /* R10 comes after R9 */
    return (int64_t)clock->number.n;
  case CASES_BY_OPENED:
    return c->row.id;
  default:
    return c->row.changed_at;
  }
}

static void take_clock(void *arg, const struct case_clock *clock)
{
  struct chosen_job *job = arg;
  const struct case_choice *q = job->choice;
  for (size_t i = job->at; i < job->at + job->n; i++) {
    struct chosen_case *c = &job->cases[i];
    if (c->row.id != clock->id)
      continue;
    c->lead = clock->lead_organization;
    c->teller = clock->teller;
    c->meant = (!q->density.n || str_eq(q->density, clock->density)) &&
               (!q->status.n || str_eq(q->status, clock->status)) && (!q->lead || q->lead == c->lead);
    c->rank = rank_of(job, c, clock);
    c->text = q->by == CASES_BY_NEXT     ? str_copy(job->list.a, clock->next_date)
              : q->by == CASES_BY_NUMBER ? str_copy(job->list.a, clock->number)
                                         : STR_NONE;
  }
}

static int by_choice(const void *x, const void *y)
{
  const struct chosen_case *a = x, *b = y;
  if (a->rank != b->rank)
    return a->rank < b->rank ? -1 : 1;
  int order = str_compare(a->text, b->text);
  return order ? order : (a->row.id > b->row.id) - (a->row.id < b->row.id);
}

/* Of whom one is told nothing, the order and what is chosen tell nothing either. */
static void forget_clock(const struct case_choice *q, struct chosen_case *c)
{
  c->meant = !q->density.n && !q->status.n && !q->lead;
  if (q->by == CASES_BY_NEXT || q->by == CASES_BY_LAST || q->by == CASES_BY_DENSITY) {
    c->rank = INT64_MAX;
    c->text = STR_NONE;
  }
}

static int compare_ids(const void *x, const void *y)
{
  const id64 *a = x, *b = y;
  return (*a > *b) - (*a < *b);
}

static enum code mark_told(struct chosen_job *job, struct err *e)
{
  struct case_told asked[LIMIT_PAGE_ROWS];
  for (size_t i = 0; i < job->n; i++)
    asked[i] =
        (struct case_told){.person = job->cases[job->at + i].row.person, .teller = job->cases[job->at + i].teller};
  enum code c = case_mark_told(job->list.tx, job->list.list, asked, job->n, e);
  for (size_t i = 0; c == OK && i < job->n; i++) {
    struct chosen_case *it = &job->cases[job->at + i];
    if (!asked[i].told)
      forget_clock(job->choice, it);
    if (job->choice->worker)
      it->meant &= job->assigned_n &&
                   bsearch(&it->row.id, job->assigned, job->assigned_n, sizeof *job->assigned, compare_ids) != NULL;
  }
  return c;
}

static enum code read_clocks(struct chosen_job *job, struct err *e)
{
  enum code c = OK;
  for (job->at = 0; c == OK && job->at < job->list.count; job->at += job->n) {
    id64 persons[LIMIT_PAGE_ROWS];
    job->n = job->list.count - job->at < LIMIT_PAGE_ROWS ? job->list.count - job->at : LIMIT_PAGE_ROWS;
    for (size_t i = 0; i < job->n; i++) {
      job->cases[job->at + i] = (struct chosen_case){.row = job->list.found[job->at + i]};
      persons[i] = job->list.found[job->at + i].person;
    }
    c = case_sql_clocks(job->list.tx, job->list.list, persons, job->n, take_clock, job, e);
    c = c == OK ? mark_told(job, e) : c;
  }
  return c;
}

/* Puts those who are meant into list.found, in the chosen order. */
static void choose(struct chosen_job *job)
{
  size_t n = 0;
  for (size_t i = 0; i < job->list.count; i++)
    if (job->cases[i].meant)
      job->cases[n++] = job->cases[i];
  if (n)
    qsort(job->cases, n, sizeof *job->cases, by_choice);
  for (size_t i = 0; i < n; i++)
    job->list.found[i] = job->cases[job->choice->falls ? n - 1 - i : i].row;
  job->list.count = n;
}

enum code case_list_chosen(struct tx *tx, const struct scope *list, const struct case_choice *choice, struct arena *a,
                           const struct reader *who, struct doc **ret, struct err *e)
{
  struct chosen_job job = {.choice = choice,
                           .list = {.tx = tx,
                                    .list = list,
                                    .a = a,
                                    .who = who,
                                    .view = choice->view,
                                    .cases = doc_list(a),
                                    .every = true,
                                    .before = {.at = TS_MAX}}};
  enum code c = find_cases(&job.list, e);
  if (c == OK && choice->worker)
    c = case_sql_assigned_to(tx, list, choice->worker, a, &job.assigned, &job.assigned_n, e);
  job.cases = arena_array(a, job.list.count + 1, sizeof *job.cases);
  if (c == OK)
    c = job.cases ? read_clocks(&job, e) : err_oom(e);
  if (c != OK)
    return c;
  choose(&job);
  size_t count = job.list.count, from = choice->skip > 0 ? (size_t)choice->skip : 0;
  size_t n = from >= count ? 0 : count - from < LIMIT_PAGE_ROWS ? count - from : LIMIT_PAGE_ROWS;
  c = n ? put_lines(&job.list, job.list.found + from, n, e) : OK;
  if (c != OK)
    return c;
  struct doc *d = doc_map(a);
  put_page(&job.list, d, STR_NONE, (int64_t)count);
  doc_put_bool(d, "has_more", from + n < count);
  doc_put_str(d, "more_from", STR_NONE);
  *ret = d;
  return OK;
}

enum code case_list_choices(struct tx *tx, const struct scope *list, struct arena *a, struct doc **colleagues,
                            struct doc **leaders, struct err *e)
{
  enum code c = case_sql_colleagues(tx, list, a, colleagues, e);
  return c == OK ? case_sql_leaders(tx, list, a, leaders, e) : c;
}

/* ---- for a file of them ------------------------------------------------------------------------------------------------------- */

static enum code tell_page(struct list_job *job, const struct listed_case *from, size_t n, case_page_fn fn, void *arg,
                           struct err *e)
{
  struct case_line *lines = arena_array(job->a, n, sizeof *lines);
  id64 ids[LIMIT_PAGE_ROWS], persons[LIMIT_PAGE_ROWS];
  if (!lines)
    return err_oom(e);
  for (size_t i = 0; i < n; i++) {
    ids[i] = from[i].id;
    persons[i] = from[i].person;
  }
  enum code c = case_lines(job->tx, job->list, ids, persons, n, job->a, lines, e);
  for (size_t i = 0; c == OK && i < n; i++)
    scope_showed(job->list, lines[i].person);
  return c == OK ? fn(arg, lines, n, e) : c;
}

enum code case_each_page(struct tx *tx, const struct scope *list, enum case_view view, struct arena *a, case_page_fn fn,
                         void *arg, struct err *e)
{
  struct list_job job = {.tx = tx, .list = list, .a = a, .view = view, .every = true, .before = {.at = TS_MAX}};
  enum code c = find_cases(&job, e);
  for (size_t i = 0; c == OK && i < job.count; i += LIMIT_PAGE_ROWS)
    c = tell_page(&job, job.found + i, job.count - i < LIMIT_PAGE_ROWS ? job.count - i : LIMIT_PAGE_ROWS, fn, arg, e);
  return c;
}
