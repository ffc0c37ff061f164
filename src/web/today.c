#include "web/today.h"

#include <stdlib.h>

#include "base/limits.h"
#include "basis/basis.h"
#include "consent/consent.h"
#include "protect/protect.h"
#include "web/stood_in_sql.h"
#include "web/today_line.h"

enum { UPCOMING = 7 };

/* What is asked for together, and how much of it the page takes. */
struct today_job;
struct section {
  void (*put)(struct today_job *job, const struct today_line *l);
  int64_t skip, room, taken, shown; /* room: how many more it takes; taken: its rows under way */
  bool more;
};

struct today_job {
  struct tx *tx;
  struct today_day day;
  struct doc *out;                   /* of put */
  struct doc *first, *middle, *last; /* the lines; what else is owed stands among them */
  struct today_query query;
  struct today_cases cases;
  struct today_row *ours; /* lines of these cases, in their order */
  size_t our_count, our_at;
  struct today_row *waiting; /* connections without an answer, and those that came back */
  size_t waiting_count, waiting_room;
  const id64 *aside; /* access_aside(), once it was asked */
  size_t aside_count;
  bool aside_asked;
  struct section lines, upcoming, *now;   /* now: whose rows are read */
  struct today_row page[LIMIT_PAGE_ROWS]; /* rows under way, of one section after the other */
  struct section *of[LIMIT_PAGE_ROWS];
  size_t n;
};

/* Nobody answers; then nobody has taken it on or meets the person; then what may wait till tomorrow. */
static struct doc *part_of(const struct today_job *job, enum worry worry)
{
  bool late = worry == WORRY_DUE || worry == WORRY_NO_NEXT || worry == WORRY_DRAFT;
  return worry <= WORRY_SILENCE ? job->first : late ? job->last : job->middle;
}

static void put_line(struct today_job *job, const struct today_line *l)
{
  today_put_line(&job->day, part_of(job, l->row.worry), l);
}

static void put_step(struct today_job *job, const struct today_line *l)
{
  today_put_step(&job->day, job->out, l);
}

/* ---- reading rows ------------------------------------------------------------------------------------------------------ */

/* The words of the line's next step, by the key with which its person was named, if anything was named. */
static enum code open_next(const struct today_job *job, const struct listed_person *named, struct today_line *l,
                           struct err *e)
{
  struct seal_key key = named->key;
  enum code c = OK;
  struct seal_at at = {
      .table = "record", .column = "next_sealed", .network = tx_network(job->tx), .row = l->row.next_record};
  if (!named->has_key)
    c = person_listed_key_of(job->tx, job->day.list, l->row.person, &key, e);
  if (c == NOT_FOUND) /* erased: the step has no words any more */
    return OK;
  if (c == OK)
    c = unseal(job->day.a, &key, at, l->row.next_sealed, &l->next, e);
  explicit_bzero(&key, sizeof key);
  return c;
}

static enum code find_next(struct today_job *job, const struct access_seen *seen, struct err *e)
{
  const struct access_seen *of[LIMIT_PAGE_ROWS];
  struct today_row *rows[LIMIT_PAGE_ROWS];
  size_t n = 0;
  for (size_t i = 0; i < job->n; i++) {
    if (job->page[i].worry != WORRY_DUE)
      continue;
    of[n] = &seen[i];
    rows[n++] = &job->page[i];
  }
  return n ? today_sql_next(job->tx, job->day.list, of, rows, n, job->day.a, e) : OK;
}

static bool waits_for_others(const struct today_job *job)
{
  for (size_t i = 0; i < job->n; i++)
    if (job->page[i].worry == WORRY_SILENCE && job->page[i].sent_by_us)
      return true;
  return false;
}

/* The lines under way, of persons who are seen. */
static enum code put_page(struct today_job *job, const struct access_seen *seen, struct err *e)
{
  struct listed_person persons[LIMIT_PAGE_ROWS];
  struct str bodies[LIMIT_PAGE_ROWS];
  for (size_t i = 0; i < job->n; i++)
    persons[i].person = job->page[i].person;
  enum code c = today_name_bodies(job->tx, &job->day, job->page, job->n, bodies, e);
  if (c == OK && job->n && waits_for_others(job))
    c = today_sql_asked_today(job->tx, job->day.list, date_start_ts(job->day.who->today), job->page, job->n, e);
  if (c == OK && job->n)
    c = person_listed_seen(job->tx, job->day.list, LISTED_NAME, seen, persons, job->n, job->day.a, e);
  if (c == OK)
    c = find_next(job, seen, e);
  for (size_t i = 0; c == OK && i < job->n; i++) {
    struct today_line l = {.row = job->page[i], .name = listed_name(&persons[i]), .body = bodies[i]};
    if (l.row.next_record)
      c = open_next(job, &persons[i], &l, e);
    if (c != OK)
      break;
    job->of[i]->put(job, &l);
    job->of[i]->shown++;
    scope_showed(job->day.list, l.row.person);
  }
  listed_wipe(persons, job->n);
  job->n = 0;
  return c;
}

static bool of_the_clock(enum worry worry)
{
  return worry == WORRY_CONTACT || worry == WORRY_DUE || worry == WORRY_NO_NEXT;
}

/* One row less under way: does the page show it? */
static bool takes(struct section *s, bool meant)
{
  s->taken--;
  if (!meant || s->more || (s->skip && s->skip--))
    return false;
  s->more = s->room == 0;
  s->room -= !s->more;
  return !s->more;
}

static const struct today_case *case_of(const struct today_job *job, id64 id)
{
  for (size_t from = 0, to = job->cases.n; from < to;) {
    size_t at = from + (to - from) / 2;
    const struct today_case *c = &job->cases.list[at];
    if (c->id == id)
      return c;
    if (c->id < id)
      from = at + 1;
    else
      to = at;
  }
  return NULL;
}

/* Of the rows at[] that rest on their cases' dates: whether these are told. */
static enum code look_who_tells(const struct today_job *job, const size_t *at, size_t n, bool *told, struct err *e)
{
  struct case_told of[LIMIT_PAGE_ROWS];
  size_t asked = 0;
  for (size_t k = 0; k < n; k++)
    if (of_the_clock(job->page[at[k]].worry))
      of[asked++] = (struct case_told){.person = job->page[at[k]].person, .teller = job->page[at[k]].teller};
  enum code c = asked ? case_mark_told(job->tx, job->day.list, of, asked, e) : OK;
  asked = 0;
  for (size_t k = 0; c == OK && k < n; k++)
    told[at[k]] = of_the_clock(job->page[at[k]].worry) && of[asked++].told;
  return c;
}

/* What is known of the actor's cases is known; of the others' persons the engine is asked. How a case goes is told by who leads it, and to whom
 * something of that is open (casework): the line of another's case that rests on its dates alone is not there for anybody else. */
static enum code look(struct today_job *job, struct access_seen *seen, bool *told, struct err *e)
{
  struct access_seen answers[LIMIT_PAGE_ROWS];
  size_t at[LIMIT_PAGE_ROWS], n = 0;
  id64 ids[LIMIT_PAGE_ROWS];
  for (size_t i = 0; i < job->n; i++) {
    struct today_row *row = &job->page[i];
    const struct today_case *known = case_of(job, row->case_id);
    if (known) {
      seen[i] = known->seen;
      told[i] = known->told;
      row->number = known->number;
      row->density = known->density;
      row->lead_id = known->lead;
      row->teller = known->teller;
    } else {
      ids[n] = row->person;
      at[n++] = i;
    }
  }
  enum code c = n ? access_seen(job->tx, job->day.list, ids, n, answers, e) : OK;
  if (c == OK)
    c = today_sql_details(job->tx, job->page, job->n, job->day.a, e);
  for (size_t k = 0; c == OK && k < n; k++)
    seen[at[k]] = answers[k];
  return c == OK && n ? look_who_tells(job, at, n, told, e) : c;
}

/* Who is not seen has no line. What little is asked for by several statements is looked at together. */
static enum code sift(struct today_job *job, struct err *e)
{
  struct access_seen seen[LIMIT_PAGE_ROWS];
  bool told[LIMIT_PAGE_ROWS] = {0};
  size_t kept = 0;
  enum code c = job->n ? look(job, seen, told, e) : OK;
  for (size_t i = 0; c == OK && i < job->n; i++) {
    bool meant = seen[i].seen && (told[i] || !of_the_clock(job->page[i].worry));
    if (!takes(job->of[i], meant))
      continue;
    job->of[kept] = job->of[i];
    job->page[kept] = job->page[i];
    seen[kept++] = seen[i];
  }
  job->n = kept;
  return c == OK && kept ? put_page(job, seen, e) : c;
}

static enum code take_row(void *arg, const struct today_row *row, bool *ret_stop, struct err *e)
{
  struct today_job *job = arg;
  struct section *now = job->now;
  struct today_row *to = &job->page[job->n];
  *to = *row;
  to->day = str_copy(job->day.a, row->day);
  job->of[job->n++] = now;
  now->taken++;
  enum code c = job->n == LIMIT_PAGE_ROWS || now->taken > now->skip + now->room ? sift(job, e) : OK;
  *ret_stop = now->more;
  return c;
}

/* ---- the actor's cases -------------------------------------------------------------------------------------------------- */

/* Of each: whether its person is seen, and whether how it goes is told. */
static enum code look_at_cases(struct today_job *job, struct err *e)
{
  enum code c = OK;
  for (size_t from = 0; c == OK && from < job->cases.n; from += LIMIT_PAGE_ROWS) {
    struct today_case *some = job->cases.list + from;
    size_t left = job->cases.n - from, n = left < LIMIT_PAGE_ROWS ? left : LIMIT_PAGE_ROWS;
    struct access_seen seen[LIMIT_PAGE_ROWS];
    struct case_told told[LIMIT_PAGE_ROWS];
    id64 ids[LIMIT_PAGE_ROWS];
    for (size_t i = 0; i < n; i++) {
      ids[i] = some[i].person;
      told[i] = (struct case_told){.person = some[i].person, .teller = some[i].teller};
    }
    c = access_seen(job->tx, job->day.list, ids, n, seen, e);
    if (c == OK)
      c = case_mark_told(job->tx, job->day.list, told, n, e);
    for (size_t i = 0; c == OK && i < n; i++) {
      some[i].seen = seen[i];
      some[i].told = seen[i].seen && told[i].told;
    }
  }
  return c;
}

static int by_place(const void *a, const void *b)
{
  const struct today_row *x = a, *y = b;
  if (x->worry != y->worry)
    return (x->worry > y->worry) - (x->worry < y->worry);
  if (x->since != y->since)
    return (x->since > y->since) - (x->since < y->since);
  int order = str_compare(x->day, y->day);
  return order ? order : (x->id > y->id) - (x->id < y->id);
}

static void add_ours(struct today_job *job, const struct today_case *of, enum worry worry, ts_t since, struct str day)
{
  job->ours[job->our_count++] = (struct today_row){
      .worry = worry, .since = since, .day = day, .id = of->id, .case_id = of->id, .person = of->person};
}

/* What stands in the day of the cases that are read whole; today_sql_late() has the others, by the same rules. */
static enum code find_ours(struct today_job *job, struct err *e)
{
  const struct late *late = &job->query.late;
  job->ours = arena_array(job->day.a, 2 * job->cases.n + 1, sizeof *job->ours);
  if (!job->ours)
    return err_oom(e);
  for (size_t i = 0; i < job->cases.n; i++) {
    const struct today_case *of = &job->cases.list[i];
    if (!of->told || !of->contact || of->plain)
      continue;
    bool far = of->contact < late->contact_before[of->pace];
    if (far)
      add_ours(job, of, WORRY_CONTACT, of->contact, STR_NONE);
    if (of->next.n && str_compare(of->next, late->today) <= 0)
      add_ours(job, of, WORRY_DUE, 0, of->next);
    if (!of->next.n && !far)
      add_ours(job, of, WORRY_NO_NEXT, of->contact, STR_NONE);
  }
  if (job->our_count)
    qsort(job->ours, job->our_count, sizeof *job->ours, by_place);
  return OK;
}

/* Those that stand before a row; NULL: all that are left. */
static enum code take_ours(struct today_job *job, const struct today_row *until, bool *ret_stop, struct err *e)
{
  enum code c = OK;
  while (c == OK && !*ret_stop && job->our_at < job->our_count &&
         (!until || by_place(&job->ours[job->our_at], until) < 0))
    c = take_row(job, &job->ours[job->our_at++], ret_stop, e);
  return c;
}

/* Who sees a person whom somebody sent here, where not all of the organization count: who works on that person, or sees them otherwise. The
 * engine is asked about the row all the same: this leaves out at once what it would refuse. */
static enum code reaches(struct today_job *job, id64 person, bool *ret, struct err *e)
{
  *ret = job->query.whole;
  for (size_t i = 0; i < job->cases.n && !*ret; i++)
    *ret = job->cases.list[i].own && job->cases.list[i].person == person;
  enum code c = OK;
  if (!*ret && !job->aside_asked)
    c = access_aside(job->tx, job->day.list, &job->aside, &job->aside_count, e);
  job->aside_asked |= !*ret;
  for (size_t i = 0; c == OK && i < job->aside_count && !*ret; i++)
    *ret = job->aside[i] == person;
  return c;
}

/* Does the row concern the actor, where not all of the organization count? */
static enum code concerns(struct today_job *job, const struct today_row *row, bool *ret, struct err *e)
{
  const struct today_case *of = case_of(job, row->case_id);
  *ret = job->query.whole || row->mine || (of && of->own);
  bool arrived = row->worry == WORRY_ARRIVED || (row->worry == WORRY_SILENCE && !row->sent_by_us);
  return arrived ? reaches(job, row->person, ret, e) : OK;
}

static enum code take_line(void *arg, const struct today_row *row, bool *ret_stop, struct err *e)
{
  struct today_job *job = arg;
  bool may = true;
  enum code c = concerns(job, row, &may, e);
  return c == OK && may ? take_row(job, row, ret_stop, e) : c;
}

static enum code keep_waiting(void *arg, const struct today_row *row, bool *ret_stop, struct err *e)
{
  struct today_job *job = arg;
  bool may = true;
  enum code c = concerns(job, row, &may, e);
  *ret_stop = false;
  if (c != OK || !may)
    return c;
  if (job->waiting_count == job->waiting_room) {
    size_t old = job->waiting_room, room = old ? 2 * old : LIMIT_PAGE_ROWS;
    job->waiting = arena_grow(job->day.a, job->waiting, old * sizeof *row, room * sizeof *row);
    job->waiting_room = room;
  }
  if (!job->waiting)
    return err_oom(e);
  struct today_row *to = &job->waiting[job->waiting_count++];
  *to = *row;
  to->day = STR_NONE;
  return OK;
}

/* What the organization sent about the actor's cases. */
static enum code keep_waiting_of_cases(struct today_job *job, struct err *e)
{
  id64 ids[LIMIT_PAGE_ROWS];
  size_t n = 0;
  enum code c = OK;
  for (size_t i = 0; c == OK && i < job->cases.n; i++) {
    if (job->cases.list[i].own && job->cases.list[i].connected)
      ids[n++] = job->cases.list[i].id;
    if (n && (n == LIMIT_PAGE_ROWS || i + 1 == job->cases.n)) {
      c = today_sql_waiting_of(job->tx, job->day.list, &job->query, ids, n, keep_waiting, job, e);
      n = 0;
    }
  }
  return c;
}

/* In their order, each once: one's own connection of one's own case was found twice. */
static void order_waiting(struct today_job *job)
{
  size_t n = 0;
  if (job->waiting_count)
    qsort(job->waiting, job->waiting_count, sizeof *job->waiting, by_place);
  for (size_t i = 0; i < job->waiting_count; i++)
    if (!n || by_place(&job->waiting[n - 1], &job->waiting[i]))
      job->waiting[n++] = job->waiting[i];
  job->waiting_count = n;
}

/* Connections that nobody answers, then those that came back or lead nowhere yet. */
static enum code take_waiting(struct today_job *job, struct err *e)
{
  int days = 0;
  bool stop = false;
  if (!job->query.connections || job->lines.more)
    return OK;
  enum code c = connection_silence_days(job->tx, &days, e);
  if (c != OK)
    return c;
  ts_t met_before = opening_before(&job->day.opening, scope_organization(job->day.list), days, job->day.who->today);
  c = today_sql_waiting(job->tx, job->day.list, &job->query, met_before, keep_waiting, job, e);
  if (c == OK && !job->query.whole)
    c = keep_waiting_of_cases(job, e);
  if (c == OK)
    order_waiting(job);
  for (size_t i = 0; c == OK && !stop && i < job->waiting_count; i++) {
    size_t left = job->waiting_count - i;
    if (i % LIMIT_PAGE_ROWS == 0)
      c = today_sql_done_since(job->tx, job->day.list, &job->waiting[i],
                               left < LIMIT_PAGE_ROWS ? left : LIMIT_PAGE_ROWS, e);
    if (c == OK && !job->waiting[i].done)
      c = take_row(job, &job->waiting[i], &stop, e);
  }
  return c;
}

static enum code take_late(void *arg, const struct today_row *row, bool *ret_stop, struct err *e)
{
  enum code c = take_ours(arg, row, ret_stop, e);
  return c == OK && !*ret_stop ? take_line(arg, row, ret_stop, e) : c;
}

/* Next steps after today, nearest first. */
static enum code take_upcoming(struct today_job *job, struct err *e)
{
  struct today_row *rows = arena_array(job->day.a, job->cases.n + 1, sizeof *rows);
  size_t n = 0;
  bool stop = false;
  enum code c = rows ? OK : err_oom(e);
  for (size_t i = 0; c == OK && i < job->cases.n; i++) {
    const struct today_case *of = &job->cases.list[i];
    if (of->own && of->told && of->contact && str_compare(of->next, job->query.late.today) > 0)
      rows[n++] = (struct today_row){
          .worry = WORRY_DUE, .day = of->next, .id = of->id, .case_id = of->id, .person = of->person};
  }
  if (n)
    qsort(rows, n, sizeof *rows, by_place);
  job->now = &job->upcoming;
  for (size_t i = 0; c == OK && i < n && i < UPCOMING; i++)
    c = take_row(job, &rows[i], &stop, e);
  return c;
}

/* ---- the page ----------------------------------------------------------------------------------------------------------- */

/* Open cases that the actor is assigned to. Of whom one may not know how it goes stands in the whole number alone, and goes on standing there. */
static void put_counts(const struct today_job *job, struct doc *d)
{
  static const char *const keys[] = {"a", "b", "c"};
  int64_t total = 0, no_next = 0, density[3] = {0};
  for (size_t i = 0; i < job->cases.n; i++) {
    const struct today_case *of = &job->cases.list[i];
    if (!of->own || !of->open)
      continue;
    total += of->seen.seen;
    no_next += of->told && !of->next.n;
    for (int k = 0; k < 3; k++)
      density[k] += of->told && of->density.n == 1 && of->density.p[0] == 'A' + k;
  }
  struct doc *m = doc_put_map(d, "counts");
  doc_put_str(m, "total", str_printf(job->day.a, "%lld", (long long)total));
  for (int i = 0; i < 3; i++)
    doc_put_str(m, keys[i], str_printf(job->day.a, "%lld", (long long)density[i]));
  doc_put_str(m, "no_next", no_next ? reader_count(job->day.a, job->day.who->lang, TR("%1件"), no_next) : STR_NONE);
}

/* Who is in charge is told, for three days, that a colleague took the call. */
static enum code put_stood_in(void *arg, const struct stood_in *row, struct err *e)
{
  const struct today_job *job = arg;
  enum lang lang = job->day.who->lang;
  struct str case_id = id_text(job->day.a, row->case_id);
  (void)e;
  const struct owed_line l = {
      .word = TR("課内代行"),
      .since = reader_since(job->day.a, job->day.who, date_of_ts(row->at)),
      .href = str_printf(job->day.a, "/cases/%.*s?show=course", STR_FMT(case_id)),
      .text = tr_args(job->day.a, lang, TR("%1さんが「%2」のことを代わりに受けました"), row->by, row->number, STR_NONE),
      .sub = tr(lang, TR("理由は、ケースの「これまで」にあります"))};
  protect_put_line(job->out, lang, &l);
  scope_showed(job->day.list, row->person);
  return OK;
}

static void append(struct doc *to, const struct doc *from)
{
  for (size_t i = 0; i < doc_size(from); i++)
    doc_add(to, doc_at(from, i));
}

/* What is owed apart from cases and connections. */
static enum code put_owed(struct today_job *job, struct doc *stood, struct err *e)
{
  enum code c = protect_owed(job->tx, job->day.list, job->day.a, job->day.who, job->first, e);
  if (c == OK && job->day.may->bases)
    c = basis_owed(job->tx, job->day.list, job->day.may->allow, job->day.a, job->day.who, job->middle, e);
  if (c == OK && job->day.may->bases)
    c = consent_owed(job->tx, job->day.list, job->day.a, job->day.who, job->last, e);
  job->out = stood;
  return c == OK ? stood_in_sql_since(job->tx, job->day.list, tx_now(job->tx) - 3 * (ts_t)MS_DAY, put_stood_in, job, e)
                 : c;
}

/* In the order of what would hurt most if forgotten; and the steps to come. */
static enum code read_lines(struct today_job *job, struct err *e)
{
  job->now = &job->lines;
  enum code c = today_sql_asked(job->tx, job->day.list, take_line, job, e);
  if (c == OK)
    c = take_waiting(job, e);
  if (c == OK && !job->lines.more)
    c = today_sql_late(job->tx, job->day.list, &job->query, take_late, job, e);
  bool stop = job->lines.more;
  if (c == OK)
    c = take_ours(job, NULL, &stop, e);
  if (c == OK)
    c = take_upcoming(job, e);
  return c == OK ? sift(job, e) : c;
}

static enum code put_lines(struct today_job *job, int64_t skip, struct doc *d, struct err *e)
{
  struct doc *stood = doc_list(job->day.a);
  job->first = doc_put_list(d, "lines");
  job->middle = doc_list(job->day.a);
  job->last = doc_list(job->day.a);
  job->lines = (struct section){.put = put_line, .room = LIMIT_PAGE_ROWS, .skip = skip};
  job->upcoming = (struct section){.put = put_step, .room = UPCOMING};
  enum code c = skip ? OK : put_owed(job, stood, e);
  job->out = doc_put_list(d, "upcoming");
  if (c == OK)
    c = read_lines(job, e);
  if (c != OK)
    return c;
  append(job->first, job->middle);
  append(job->first, job->last);
  append(job->first, stood);
  int64_t next = skip + job->lines.shown;
  bool more = job->lines.more;
  doc_put_bool(d, "has_lines", doc_size(job->first) > 0);
  doc_put_bool(d, "has_more", more);
  doc_put_str(d, "more_href", more ? str_printf(job->day.a, "/today?skip=%lld", (long long)next) : STR_NONE);
  doc_put_bool(d, "has_upcoming", job->upcoming.shown > 0);
  return OK;
}

enum code today_page(struct tx *tx, const struct scope *list, const struct today_may *may, int64_t skip,
                     struct arena *a, const struct reader *who, struct doc **ret, struct err *e)
{
  struct doc *d = doc_map(a);
  struct today_job job = {.tx = tx, .day = {.list = list, .may = may, .a = a, .who = who}};
  job.query =
      (struct today_query){.whole = may->whole, .connections = may->connections, .late = late_limits(a, who->today)};
  doc_put_str(d, "today", reader_short(a, who, who->today));
  enum code c = opening_load(tx, &job.day.opening, e);
  if (c == OK)
    c = today_sql_cases(tx, list, may->whole, a, &job.cases, e);
  if (c == OK)
    c = look_at_cases(&job, e);
  if (c == OK)
    c = find_ours(&job, e);
  if (c == OK)
    c = put_lines(&job, skip, d, e);
  if (c != OK)
    return c;
  put_counts(&job, d);
  doc_put_bool(d, "can_create", may->create);
  *ret = d;
  return OK;
}
