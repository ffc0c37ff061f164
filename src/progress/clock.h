/* clock.h: every open case of the network with what it is stuck at, and those of them that a view asks for. Three statements read what is
 * needed of all of them, each off an index in the order of the cases; what stands in the lines is read for a page alone (progress_sql.h). */
#ifndef PROGRESS_CLOCK_H
#define PROGRESS_CLOCK_H
#include "connection/late.h"
#include "progress/progress.h"

struct clock {
  id64 id;
  ts_t contact;          /* the last one, or its beginning */
  ts_t oldest;           /* since when a receiver's answer is waited for; 0: none is */
  ts_t last;             /* the last contact; 0: none */
  char next[12];         /* YYYY-MM-DD, or empty */
  struct str text;       /* its number, or its lead's reading, where one sorts by it */
  bool far, silent, led; /* met too long ago; not answered in time; somebody leads it */
  enum stuck stuck;
};
struct clocks {
  struct clock *list; /* in the transaction's arena */
  size_t n;
};

/* Those that the view asks for, in its order as far as `most` after view->skip; counts[]: of all open cases. */
enum code clocks_read(struct tx *tx, const struct late *limits, const struct progress_view *view, size_t most,
                      struct clocks *ret, int64_t counts[STUCK_COUNT], struct err *e) MUST_CHECK;

#endif
