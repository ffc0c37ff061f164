/* clock.h: what the open cases of the network are stuck at, and those of them that a view asks for. Everything is read off what stands beside the
 * cases (migration 49): counts on stretches of indexes, a page in the order of what would hurt most off an index; in any other order all of
 * them are read and sorted. What stands in the lines is read for a page alone (progress_sql.h). */
#ifndef PROGRESS_CLOCK_H
#define PROGRESS_CLOCK_H
#include "connection/late.h"
#include "progress/progress.h"

struct clock {
  id64 id;
  ts_t contact;    /* the last one, or its beginning */
  ts_t oldest;     /* since when a receiver's answer is waited for; 0: none is */
  ts_t last;       /* the last contact, where one sorts by it; 0: none */
  char next[12];   /* YYYY-MM-DD, or empty */
  struct str text; /* its number, or its lead's reading, where one sorts by it */
  enum stuck stuck;
};
struct clocks {
  struct clock *list; /* in the transaction's arena */
  size_t n;
  int64_t all; /* how many the view asks for, whatever it leaves out */
};

/* Those that the view asks for, in its order, `most` after view->skip; counts[]: of all open cases, or of those whom view->lead leads. */
enum code clocks_read(struct tx *tx, const struct late *limits, const struct progress_view *view, size_t most,
                      struct clocks *ret, int64_t counts[STUCK_COUNT], struct err *e) MUST_CHECK;
/* The first `most` that nobody answers, touches or leads, in that order; nothing is counted: `all` is one more where there are more. */
enum code clocks_worst(struct tx *tx, const struct late *limits, size_t most, struct clocks *ret,
                       struct err *e) MUST_CHECK;

#endif
