/* gate.h: the one way from a request to data and back. It turns cookie or bearer token into an actor, checks CSRF and the route's
 * requirement, runs handlers' reads and writes in a transaction as that actor, commits the events before anything is answered,
 * keeps idempotency keys, and renders the one document as JSON or HTML. */
#ifndef GATE_GATE_H
#define GATE_GATE_H
#include "access/scope.h"
#include "crypto/seal.h"
#include "http/http.h"
#include "view/view.h"

#define NEEDS(name)                                                                                                    \
  {                                                                                                                    \
    .declared = 3, .action = ACTION_##name                                                                             \
  }
#define SIGNED_IN                                                                                                      \
  {                                                                                                                    \
    .declared = 2                                                                                                      \
  }
#define PUBLIC_ROUTE                                                                                                   \
  {                                                                                                                    \
    .declared = 1                                                                                                      \
  }

struct app { /* one a process; http_options.app */
  struct db *db;
  struct keyfile *keys;
  bool demo; /* shows the demo's sign-ins on the sign-in page */
};

enum { IDLE_MS = 30 * 60000, SESSION_MS = 12 * 60 * 60000 };

void gate_dispatch(struct request *rq, struct response *rs); /* the http_dispatch of the product */

/* --- for handlers ---------------------------------------------------------------------------------------------- */
struct app *gate_app(const struct request *rq);
const struct actor *gate_actor(const struct request *rq);
enum lang gate_lang(const struct request *rq);
bool gate_wareki(const struct request *rq); /* the reader's preference */
/* Runs fn in a read snapshot as the actor, then commits its events. Only then may the handler answer. */
enum code gate_read(struct request *rq, tx_fn fn, void *arg, struct err *e) MUST_CHECK;
/* Runs fn in a durable write with its events and the request's idempotency key: a repeated submit with the same body answers
 * what the first did (`ret_location` of the first; fn is not run), with another body CONFLICT. */
enum code gate_write(struct request *rq, const char *name, tx_fn fn, void *arg, struct err *e) MUST_CHECK;
/* Answers: HTML through templates/<name>.mustache inside the layout, or the same document as JSON. `title` is a catalog id or text. */
enum code gate_page(struct request *rq, struct response *rs, const char *template_name, struct str title,
                    struct doc *data, struct err *e) MUST_CHECK;
/* After a POST: 303 to `path` with a one-time notice (catalog id) — or, for JSON, 200 with {"location": …}. */
enum code gate_done(struct request *rq, struct response *rs, struct str path, const char *notice,
                    struct err *e) MUST_CHECK;
/* True if the input has problems: the handler then renders its form again; gate_page sets 422 itself. */
bool gate_has_problems(const struct request *rq);
/* What the reader typed, for the form that comes back: map of the route's fields. Problems go to data.problems by gate_page. */
struct doc *gate_typed(const struct request *rq);

#endif
