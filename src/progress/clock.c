#include "progress/clock.h"

#include <stdlib.h>

#include "progress/progress_sql.h"

static bool is_meant(enum stuck at, const struct progress_view *view)
{
  return view->all || at == view->at;
}

/* ---- in order ------------------------------------------------------------------------------------------------------------- */

static int compare(int64_t x, int64_t y)
{
  return (x > y) - (x < y);
}

struct key {
  const struct clock *clock;
  struct str text; /* what has none comes first */
  int64_t number, since;
  bool falls;
};

/* Of those stuck at the same what has stood longest comes first, as progress_sql_stuck() has them. */
static int64_t since(const struct clock *c)
{
  struct date due = {0};
  if (c->stuck == STUCK_DUE && date_parse_iso(str_from(c->next), &due))
    return date_start_ts(due);
  return c->stuck == STUCK_SILENCE ? c->oldest : c->contact;
}

static struct key key_of(const struct clock *c, const struct progress_view *view)
{
  struct key k = {.clock = c, .falls = view->falls};
  if (view->by == CLOCK_BY_STUCK) {
    k.number = c->stuck;
    k.since = since(c);
  } else if (view->by == CLOCK_BY_LAST)
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
  order = compare(x->since, y->since);
  if (order)
    return order;
  return compare(x->clock->id, y->clock->id);
}

struct reading {
  const struct progress_view *view;
  struct arena *a;
  struct clock *list;
  size_t n, room;
  int64_t counts[STUCK_COUNT]; /* of all that were read, whatever is meant */
};

static enum code take_clock(void *arg, const struct clock *clock, struct err *e)
{
  struct reading *r = arg;
  r->counts[clock->stuck]++;
  if (!is_meant(clock->stuck, r->view))
    return OK;
  if (r->n == r->room) {
    size_t room = r->room ? 2 * r->room : 256;
    r->list = arena_grow(r->a, r->list, r->room * sizeof *r->list, room * sizeof *r->list);
    r->room = room;
  }
  if (!r->list)
    return err_oom(e);
  r->list[r->n] = *clock;
  r->list[r->n++].text = str_copy(r->a, clock->text);
  return OK;
}

/* Those of the view's organization, or all: counted, and sorted by what the view wants. */
static enum code read_sorted(struct tx *tx, const struct late *limits, const struct progress_view *view, size_t most,
                             struct clocks *ret, int64_t counts[STUCK_COUNT], struct err *e)
{
  struct arena *a = tx_arena(tx);
  struct reading r = {.view = view, .a = a};
  enum code c = view->lead ? progress_sql_each_of(tx, limits, view->lead, take_clock, &r, e)
                           : progress_sql_each(tx, limits, view->by, take_clock, &r, e);
  if (c != OK)
    return c;
  size_t skip = (size_t)view->skip, left = r.n > skip ? r.n - skip : 0;
  struct clocks found = {.all = (int64_t)r.n, .n = left < most ? left : most};
  struct key *keys = arena_array(a, r.n + 1, sizeof *keys);
  found.list = arena_array(a, found.n + 1, sizeof *found.list);
  if (!keys || !found.list)
    return err_oom(e);
  for (size_t i = 0; i < r.n; i++)
    keys[i] = key_of(&r.list[i], view);
  qsort(keys, r.n, sizeof *keys, by_key);
  for (size_t i = 0; i < found.n; i++)
    found.list[i] = *keys[skip + i].clock;
  memcpy(counts, r.counts, sizeof r.counts);
  *ret = found;
  return OK;
}

/* Those of one kind after those of the kind before. */
static enum code read_by_stuck(struct tx *tx, const struct late *limits, const struct progress_view *view, size_t most,
                               struct clocks *ret, int64_t counts[STUCK_COUNT], struct err *e)
{
  int64_t skip = view->skip;
  struct clocks found = {.n = 0};
  enum code c = progress_sql_counts(tx, limits, counts, e);
  for (enum stuck k = 0; c == OK && k < STUCK_COUNT; k++)
    found.all += is_meant(k, view) ? counts[k] : 0;
  most = (int64_t)most > found.all ? (size_t)found.all : most;
  found.list = c == OK ? arena_array(tx_arena(tx), most + 1, sizeof *found.list) : NULL;
  if (c == OK && !found.list)
    return err_oom(e);
  for (enum stuck k = 0; c == OK && k < STUCK_COUNT && found.n < most; k++) {
    int64_t left = is_meant(k, view) ? counts[k] - skip : 0;
    int64_t room = (int64_t)(most - found.n);
    size_t n = 0;
    if (left > 0)
      c = progress_sql_stuck(tx, limits, k, left < room ? left : room, skip, found.list + found.n, &n, e);
    if (is_meant(k, view))
      skip = left > 0 ? 0 : -left;
    found.n += n;
  }
  if (c == OK)
    *ret = found;
  return c;
}

enum code clocks_read(struct tx *tx, const struct late *limits, const struct progress_view *view, size_t most,
                      struct clocks *ret, int64_t counts[STUCK_COUNT], struct err *e)
{
  bool by_stuck = view->by == CLOCK_BY_STUCK && !view->falls && !view->lead;
  return (by_stuck ? read_by_stuck : read_sorted)(tx, limits, view, most, ret, counts, e);
}

enum code clocks_worst(struct tx *tx, const struct late *limits, size_t most, struct clocks *ret, struct err *e)
{
  struct clocks found = {.list = arena_array(tx_arena(tx), most + 1, sizeof *found.list)};
  enum code c = found.list ? OK : err_oom(e);
  for (enum stuck k = 0; c == OK && k <= STUCK_NO_LEAD && found.n <= most; k++) {
    size_t n = 0;
    c = progress_sql_stuck(tx, limits, k, (int64_t)(most + 1 - found.n), 0, found.list + found.n, &n, e);
    found.n += n;
  }
  if (c != OK)
    return c;
  found.all = (int64_t)found.n;
  found.n = found.n > most ? most : found.n;
  *ret = found;
  return OK;
}
