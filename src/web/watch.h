/* watch.h: what the process tells whoever watches it, on an address of its own (--metrics-listen): GET /metrics for Prometheus (text format
 * 0.0.4) and GET /healthz as JSON. Whoever reaches the address may read it, so it belongs on loopback or on a net of administration. Figures
 * about the process alone: nothing about a person, nothing that tells one organization from another; sessions are rounded up to fives. */
#ifndef WEB_WATCH_H
#define WEB_WATCH_H
#include "gate/gate.h"

struct watched {
  struct app *app;
  struct http_server *server; /* the one that is measured */
  struct str folder;          /* whose disk must have room; empty: PostgreSQL's, which it watches itself */
  int statm;                  /* /proc/self/statm, open: the sandbox opens no more; -1: none */
  int landlock;               /* what holds of the sandbox */
  bool seccomp;
  ts_t started;
};

/* http_options.dispatch of that address; http_options.app is the struct watched. */
void watch_dispatch(struct request *rq, struct response *rs);

#endif
