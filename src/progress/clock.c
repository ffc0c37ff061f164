#include "progress/clock.h"

#include <stdlib.h>

#include "progress/progress_sql.h"

struct reading {
  const struct late *limits;
  struct arena *a;
  struct clocks all;
  size_t room, at; /* at: the case that the row before was about */
  bool by_lead;
};

static enum code take_open(void *arg, const struct open_row *row, struct err *e)
{
  struct reading *r = arg;
  if (r->all.n == r->room) {
    size_t room = r->room ? 2 * r->room : 256;
    r->all.list = arena_grow(r->a, r->all.list, r->room * sizeof *r->all.list, room * sizeof *r->all.list);
    r->room = room;
  }
  if (!r->all.list)
    return err_oom(e);
  char density = row->density.n == 1 ? row->density.p[0] : 'B';
  ts_t before = r->limits->contact_before[density == 'A' ? 0 : density == 'C' ? 2 : 1];
  struct clock *c = &r->all.list[r->all.n++];
  *c = (struct clock){.id = row->id, .contact = row->contact, .last = row->last, .far = row->contact < before};
  if (row->next_date.n && row->next_date.n < sizeof c->next)
    memcpy(c->next, row->next_date.p, row->next_date.n);
  c->text = str_copy(r->a, row->number);
  return OK;
}

/* The open case of this id, NULL when there is none; rows come in the order of ids, as cases do. */
static struct clock *of_case(struct reading *r, id64 id)
{
  while (r->at < r->all.n && r->all.list[r->at].id < id)
    r->at++;
  return r->at < r->all.n && r->all.list[r->at].id == id ? &r->all.list[r->at] : NULL;
}

static enum code take_waiting(void *arg, id64 case_id, ts_t sent_at, ts_t silent_at, struct err *e)
{
  struct reading *r = arg;
  struct clock *c = of_case(r, case_id);
  (void)e;
  if (c && (!c->oldest || sent_at < c->oldest))
    c->oldest = sent_at;
  if (c && silent_at <= r->limits->silent_by)
    c->silent = true;
  return OK;
}

static enum code take_lead(void *arg, id64 case_id, struct str kana, struct err *e)
{
  struct reading *r = arg;
  struct clock *c = of_case(r, case_id);
  (void)e;
  if (!c)
    return OK;
  c->led = true;
  if (r->by_lead) /* the last of several stands */
    c->text = str_copy(r->a, kana);
  return OK;
}

static enum stuck stuck_at(const struct clock *c, struct str today)
{
  if (c->silent)
    return STUCK_SILENCE;
  if (c->far)
    return STUCK_CONTACT;
  if (!c->led)
    return STUCK_NO_LEAD;
  if (!c->next[0])
    return STUCK_NO_NEXT;
  return str_compare(str_from(c->next), today) < 0 ? STUCK_DUE : STUCK_NOTHING;
}

static enum code read_all(struct tx *tx, struct reading *r, const struct progress_view *view, struct err *e)
{
  enum code c = progress_sql_open(tx, view->by == CLOCK_BY_NUMBER, take_open, r, e);
  if (c == OK)
    c = progress_sql_waiting(tx, take_waiting, r, e);
  r->at = 0;
  r->by_lead = view->by == CLOCK_BY_LEAD;
  return c == OK ? progress_sql_leads(tx, r->by_lead, take_lead, r, e) : c;
}

/* ---- in order ------------------------------------------------------------------------------------------------------------- */

static int compare(int64_t x, int64_t y)
{
  return (x > y) - (x < y);
}

/* The worst first; within one, what has stood longest. */
static int by_stuck(const void *a, const void *b)
{
  const struct clock *x = a, *y = b;
  int order = x->stuck == STUCK_DUE ? strcmp(x->next, y->next) : 0;
  if (x->stuck != y->stuck)
    return compare(x->stuck, y->stuck);
  if (order)
    return order;
  order = x->stuck == STUCK_SILENCE ? compare(x->oldest, y->oldest) : compare(x->contact, y->contact);
  return order ? order : compare(x->id, y->id);
}

struct key {
  const struct clock *clock;
  struct str text; /* what has none comes first */
  int64_t number;
  bool falls;
};

static struct key key_of(const struct clock *c, const struct progress_view *view)
{
  struct key k = {.clock = c, .falls = view->falls};
  if (view->by == CLOCK_BY_STUCK)
    k.number = c->stuck;
  else if (view->by == CLOCK_BY_LAST)
    k.number = c->last;
  else if (view->by == CLOCK_BY_WAITING)
    k.number = c->oldest ? -c->oldest : INT64_MIN;
  else
    k.text = view->by == CLOCK_BY_NEXT ? str_from(c->next) : c->text;
  return k;
}

static int by_key(const void *a, const void *b)
{
  const struct key *x = a, *y = b;
  int order = str_compare(x->text, y->text);
  if (!order)
    order = compare(x->number, y->number);
  if (order)
    return x->falls ? -order : order;
  return compare(x->clock->id, y->clock->id);
}

static bool is_meant(const struct clock *c, const struct progress_view *view)
{
  return view->all || (view->worst ? c->stuck <= STUCK_NO_LEAD : c->stuck == view->at);
}

static enum code sort_by_key(const struct reading *r, const struct progress_view *view, struct clocks *ret,
                             struct err *e)
{
  struct key *keys = arena_array(r->a, r->all.n + 1, sizeof *keys);
  if (!keys)
    return err_oom(e);
  for (size_t i = 0; i < r->all.n; i++)
    if (is_meant(&r->all.list[i], view))
      keys[ret->n++] = key_of(&r->all.list[i], view);
  qsort(keys, ret->n, sizeof *keys, by_key);
  for (size_t i = 0; i < ret->n; i++)
    ret->list[i] = *keys[i].clock;
  return OK;
}

/* Those of one kind after those of the kind before; of the kinds that the page shows something of, each in order. */
static void sort_by_stuck(const struct clocks *all, const struct progress_view *view, size_t most, struct clocks *ret)
{
  size_t from = (size_t)view->skip, end = from + most;
  ret->n = 0;
  for (enum stuck k = 0; k < STUCK_COUNT; k++) {
    size_t begun = ret->n;
    for (size_t i = 0; i < all->n; i++)
      if (all->list[i].stuck == k && is_meant(&all->list[i], view))
        ret->list[ret->n++] = all->list[i];
    if (begun < end && ret->n > from && ret->n > begun)
      qsort(ret->list + begun, ret->n - begun, sizeof *ret->list, by_stuck);
  }
}

enum code clocks_read(struct tx *tx, const struct late *limits, const struct progress_view *view, size_t most,
                      struct clocks *ret, int64_t counts[STUCK_COUNT], struct err *e)
{
  struct reading r = {.limits = limits, .a = tx_arena(tx)};
  enum code c = read_all(tx, &r, view, e);
  struct clocks found = {.list = c == OK ? arena_array(r.a, r.all.n + 1, sizeof *found.list) : NULL};
  if (c != OK)
    return c;
  if (!found.list)
    return err_oom(e);
  for (int k = 0; k < STUCK_COUNT; k++)
    counts[k] = 0;
  for (size_t i = 0; i < r.all.n; i++) {
    struct clock *clock = &r.all.list[i];
    clock->stuck = stuck_at(clock, limits->today);
    counts[clock->stuck]++;
  }
  if (view->by == CLOCK_BY_STUCK && !view->falls)
    sort_by_stuck(&r.all, view, most, &found);
  else
    c = sort_by_key(&r, view, &found, e);
  if (c == OK)
    *ret = found;
  return c;
}
