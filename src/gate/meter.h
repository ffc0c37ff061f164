/* meter.h: what requests come to, for whoever watches the process: how many by route and status, how long they took. Routes about somebody
 * are counted under their first step ("/cases/..."), so that a look at the figures does not tell that just now a consent was withdrawn; no
 * address, account, network or person is counted. Any thread. */
#ifndef GATE_METER_H
#define GATE_METER_H
#include "http/http.h"

enum meter_kind { METER_PAGE, METER_WRITE, METER_ASSET, METER_KINDS };
enum { METER_BUCKETS = 12 };

struct meter_times {
  uint64_t at_most
      [METER_BUCKETS]; /* requests that took at most meter_bucket(i), each counted in the buckets above as well */
  uint64_t count;
  double sum; /* seconds */
};

struct meter;
struct meter *meter_new(void); /* NULL: no memory */
void meter_free(struct meter *m);
/* `m` NULL: nothing is counted. */
void meter_request(struct meter *m, const struct request *rq, unsigned status, double seconds);
void meter_refused(struct meter *m, unsigned status); /* before dispatch: no route is known */

double meter_bucket(int i); /* seconds */
const char *meter_kind_name(enum meter_kind kind);
void meter_times(struct meter *m, enum meter_kind kind, struct meter_times *ret);
/* Each route and status that was counted; route "refused" for those before dispatch, "none" for no route, "/assets". */
typedef void (*meter_fn)(void *arg, const char *method, const char *route, unsigned status, uint64_t count);
void meter_each(struct meter *m, meter_fn fn, void *arg);

#endif
