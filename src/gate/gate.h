/* gate.h: the one way from a request to data and back. It turns cookie or bearer token into an actor, checks CSRF and the route's
 * requirement, runs handlers' reads and writes in a transaction as that actor, commits the events before anything is answered,
 * keeps idempotency keys, and renders the one document as JSON or HTML. */
#ifndef GATE_GATE_H
#define GATE_GATE_H
#include "access/scope.h"
#include "base/resemble.h"
#include "crypto/seal.h"
#include "http/http.h"
#include "view/view.h"

// clang-format off
#define NEEDS(name) {.declared = 3, .action = ACTION_##name}
#define SIGNED_IN {.declared = 2}
#define PUBLIC_ROUTE {.declared = 1}
/* Signed in by password, perhaps still waiting for the second factor (/second-factor, /sign-out). */
#define HALF_SIGNED_IN {.declared = 4}
// clang-format on

struct mail_settings; /* mail/mail.h */

struct app { /* one a process; http_options.app */
  struct db *db;
  struct keyfile *keys;
  struct str source;      /* where the source code of this very program can be had; "": ask whoever runs it */
  struct meter *meter;    /* gate/meter.h; NULL: nothing is counted */
  const struct doc *demo; /* a demo: its sign-ins, maps {login, password, name, organization, role}; else NULL */
  const struct mail_settings *mail; /* NULL: no mail is sent */
  struct limiter *limits;           /* NULL: none */
  int page_rate;   /* requests a second of one session, and of one address without; 0: as many as come */
  bool read_twice; /* tests only: every read is done again, as if a fact had changed */
};

/* How often a bearer token, and all tokens of one address, may ask: so many at once, and so many a second in the long run. Beyond: 429 with
 * Retry-After. A token that is none counts as API_BAD_TOKEN_COST of its address. In memory, for each process. */
enum {
  API_TOKEN_BURST = 120,
  API_TOKEN_PER_SECOND = 10,
  API_ADDRESS_BURST = 240,
  API_ADDRESS_PER_SECOND = 20,
  API_BAD_TOKEN_COST = 10,
  PAGE_RATE_MOST = 100000,
  PAGE_BURST_SECONDS = 10 /* so many seconds' worth of page_rate at once */
};
struct limiter *limiter_new(struct arena *a); /* NULL: out of memory */

enum { IDLE_MS = 30 * 60000, SESSION_MS = 12 * 60 * 60000 };

void gate_dispatch(struct request *rq, struct response *rs);        /* the http_dispatch of the product */
void gate_log_refused(void *app, unsigned status, const char *why); /* its http_refused */
void gate_refusal(struct request *rq, struct response *rs, unsigned status, const char *why); /* its http_refusal */
enum code gate_sweep(struct db *db, id64 network, struct err *e) MUST_CHECK; /* hourly: old idempotency keys go */

/* Sessions in use now. */
enum code gate_sessions(struct db *db, id64 network, int64_t *ret, struct err *e) MUST_CHECK;

/* --- for handlers ---------------------------------------------------------------------------------------------- */
struct app *gate_app(const struct request *rq);
id64 gate_network(const struct request *rq); /* by the host's name; never 0 in a handler */
const struct actor *
gate_actor(const struct request *rq);          /* the public without a session; no role: no membership chosen */
bool gate_signed_in(const struct request *rq); /* with the second factor, where one is asked for */
enum lang gate_lang(const struct request *rq);
bool gate_wareki(const struct request *rq); /* the reader's preference */
ts_t gate_now(const struct request *rq);    /* when the request came; for texts, not for facts (tx_now) */
struct str gate_tr(const struct request *rq, const char *id); /* the catalog's sentence for this reader */

/* Runs fn in a read snapshot as the actor, then commits its events. Only then may the handler answer. Where a fact changed in between, fn
 * runs again: it starts anew each time. Routes that are PUBLIC or HALF_SIGNED_IN run as the service. */
enum code gate_read(struct request *rq, tx_fn fn, void *arg, struct err *e) MUST_CHECK;
/* From here on this request's transactions pass row-level security: for what ends the very session that asks, and for a rule that
 * reaches past what the actor may see and has decided by itself (access_open_network() inside fn). */
void gate_as_service(struct request *rq);
/* gate_read() past row-level security, for this one transaction: for a rule that reaches past what the actor may see. */
enum code gate_read_as_service(struct request *rq, tx_fn fn, void *arg, struct err *e) MUST_CHECK;
/* In a transaction: was this very submit done already? For what looks at the data before gate_write() and would find what the first wrote. */
enum code gate_is_repeated(struct tx *tx, const struct request *rq, bool *ret, struct err *e) MUST_CHECK;
/* Runs fn in a durable write with its events and the request's idempotency key: a repeated submit with the same body answers
 * what the first did (fn is not run; gate_done() goes where the first went), with another body CONFLICT. Where a request writes
 * several times the key goes with the first; of a repeated submit none of them is run. A POST whose input has problems writes
 * nothing: INVALID (those without a key look themselves). */
enum code gate_write(struct request *rq, const char *name, tx_fn fn, void *arg, struct err *e) MUST_CHECK;
/* Where the answer goes, told before gate_write() or inside fn: it is then kept in the same commit, so that a repeated submit goes
 * there too. Without it gate_done() keeps it by one more write. fn may run again; the last call counts. */
void gate_location(struct request *rq, struct str path);

/* Answers: HTML through templates/<name>.mustache inside the layout, or the same document as JSON. `title` is a catalog id or text.
 * Puts has_problems and problems[] {field, text} at the root of data where they are not there yet; 422 when there are any. */
enum code gate_page(struct request *rq, struct response *rs, const char *template_name, struct str title,
                    struct doc *data, struct err *e) MUST_CHECK;
/* A document that is JSON alone, as it stands (a route with .json): nothing is put into it. */
enum code gate_json(struct request *rq, struct response *rs, const struct doc *data, struct err *e) MUST_CHECK;
/* After a POST: 303 to `path` with a one-time notice (catalog id, or NULL) — or, for JSON, 200 with {"location": …}. */
enum code gate_done(struct request *rq, struct response *rs, struct str path, const char *notice,
                    struct err *e) MUST_CHECK;
/* A file to keep (PDF, CSV): never shown in the page; `name` has no personal data. */
void gate_file(struct request *rq, struct response *rs, const char *type, struct str name, struct str body);

/* --- what is concealed (秘匿) ---------------------------------------------------------------------------------------
 * After each transaction the gate asks what is concealed of the persons whom it touched (VEIL_DEFINE, one provider). From then on no answer of
 * the request tells it: a page's document, its title and JSON are masked text by text; a file is refused unless its document went through
 * gate_veil(); what is typed is warned of (the form comes back, and can be sent again with _concealed=1) or, on a route that `leaves`,
 * refused. What the reader typed comes back to the reader. In its place stands CONCEALED_MARK (base/resemble.h). */
typedef enum code (*veil_fn)(struct tx *tx, const id64 *persons, size_t n, struct arena *a, struct needles **list,
                             struct err *e);
struct veil {
  veil_fn load; /* adds to *list what is concealed now of those persons */
};
#define VEIL_DEFINE(var, fn)                                                                                           \
  static const struct veil var = {.load = (fn)};                                                                       \
  LIST_ENTRY("tsunagu_veils", struct veil, var)
/* Masks a document that does not go through gate_page() (paper, a table) and lets its file out. */
void gate_veil(struct request *rq, struct doc *d);
struct csv_table;
void gate_veil_table(struct request *rq, struct csv_table *t); /* every cell of it */
/* This answer shows what is concealed to somebody who opened it on purpose (CONCEAL_OPEN). */
void gate_unveil(struct request *rq);

/* True if the input has problems: the handler then renders its form again; gate_page sets 422 itself. A POST handler that returns
 * INVALID (from gate_write, say) is run a second time with err.msg as a problem of err.field, so the one branch serves both. */
bool gate_has_problems(const struct request *rq);
/* What the reader typed, for the form that comes back: map of the route's fields. Problems go to data.problems by gate_page. */
struct doc *gate_typed(const struct request *rq);
/* The map `f` of docs/ui.md: what was typed if there are problems, else `values` (map by field name: texts, ISO dates, bools,
 * lists; absent or NULL: empty). */
struct doc *gate_form(struct request *rq, const struct field *fields, const struct doc *values);

/* Marks a field of that map as required, where the form does not go without it though its route may. */
void gate_require(struct request *rq, struct doc *f, const char *name);

/* --- sessions: the sign-in feature makes the rows, the gate reads them ------------------------------------------- */
/* token: token_new(); its token_hash(keyfile_pepper(app->keys)) stands in session.token_hash. */
void gate_session_begin(struct request *rq, struct response *rs, struct str token);
void gate_session_end(struct request *rq, struct response *rs);

#endif
