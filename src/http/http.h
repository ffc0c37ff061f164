/* http.h: the server. One libmicrohttpd epoll thread (ALLOW_SUSPEND_RESUME) reads and writes; `workers` threads answer, and a
 * pool of 2 takes routes marked slow (passwords, PDF, search, exports). Strict on input: everything listed in
 * docs/http.md is refused with its status and the connection closed. Knows nothing of actors: `need` of a route is a number
 * that the gate reads. */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H
#include "base/doc.h"
#include "base/err.h"
#include "base/list.h"

/* --- input: what a route accepts ----------------------------------------------------------------------------- */
enum field_kind {
  FIELD_TEXT,   /* one line, at most `max` code points (0: LIMIT_STRING) */
  FIELD_LINES,  /* several lines (0: LIMIT_TEXT) */
  FIELD_SECRET, /* one line, never given back in a page, never trimmed */
  FIELD_INT,    /* `min`..`max` */
  FIELD_BOOL,   /* checkbox: present "1"/"on"/true */
  FIELD_DATE, /* text as date_parse_text(), or sub-fields era,y,m,d,unknown; in the document ISO text, "" for unknown */
  FIELD_TIME, /* "10:02" */
  FIELD_ID,   /* base-32 id; in the document the text, checked */
  FIELD_CHOICE,  /* one of `options` */
  FIELD_CHOICES, /* several of `options`; a list in the document */
  FIELD_TEXTS,   /* list of one-line texts, at most LIMIT_REPEATS */
  FIELD_MAP      /* free sub-document, dotted names ("answer.household.0.name"); checked by the form engine */
};

struct field {
  const char *name;
  enum field_kind kind;
  bool required;
  int64_t min, max;
  const char *const *options; /* ends with NULL */
  const char *label;          /* catalog id, for messages: 「氏名」を入力してください。 */
  bool apart; /* what is typed here is kept apart (an address, a telephone): it is no text that may tell it */
};

/* One message for one field; shown beside it when the form comes back with 422. */
struct problem {
  struct str field; /* dotted path */
  struct str text;  /* in the reader's language, arguments in place */
  struct problem *next;
};

/* --- routes ---------------------------------------------------------------------------------------------------- */
enum method { GET, POST, METHOD_COUNT };

struct request;
struct response;
typedef enum code (*route_fn)(struct request *rq, struct response *rs, struct err *e);

struct need {   /* made by NEEDS(), SIGNED_IN, PUBLIC of gate/gate.h; a route without one does not build */
  int declared; /* 1: public, 2: signed in, 3: action */
  int action;   /* enum action */
};

struct route {
  enum method method;
  const char *path; /* "/persons/:person/consents/:id/withdraw" */
  struct need need;
  const struct field *fields; /* body of a POST, query of a GET; NULL: none accepted. Ends with a NULL name */
  bool slow;
  bool no_form_key; /* POST without idempotency key (sign-in) */
  bool files;       /* a multipart body may carry one file: rq->upload */
  bool json;        /* answers JSON whatever is asked for, errors too */
  bool
      leaves; /* what is typed goes to others at once: it is refused where it tells something concealed, not only warned of */
  const char *
      returns; /* for the API's description: a file's type ("application/pdf"), or a schema's name; NULL: the page's document */
  const char *summary; /* catalog id: what it is for; in `tsunagu routes` and the API's description */
  route_fn handle;
};

/* Registration: static const struct route r_x = {...}; ROUTE(r_x); — or ROUTE_DEFINE(r_x, GET, "/path", NEEDS(..), ...) */
#define ROUTE(var) LIST_ENTRY("tsunagu_routes", struct route, var)
#define ROUTE_DEFINE(var, m, p, n, ...)                                                                                \
  static const struct route var = {.method = (m), .path = "" p, .need = n, __VA_ARGS__};                               \
  _Static_assert(sizeof((struct need)n) == sizeof(struct need), "a route declares its requirement");                   \
  ROUTE(var)

size_t route_count(void);
const struct route *route_at(size_t i);

/* --- a request, as a handler sees it ------------------------------------------------------------------------- */
struct request {
  struct arena *arena;       /* dies after the answer is sent */
  const struct route *route; /* NULL: no such path (or 405: path_known) */
  bool path_known;
  enum method method;
  struct str id;            /* random, for the log and the answer's header */
  struct str path, target;  /* decoded path; raw target */
  struct str host;          /* lower case, with port */
  struct str address;       /* the peer's, or X-Forwarded-For's last from a trusted proxy */
  bool https;               /* by TLS or a trusted proxy's word */
  bool wants_json;          /* Accept prefers application/json, or the body is JSON */
  struct doc *query;        /* map of text (a name given twice: a list of texts); every request */
  struct doc *raw;          /* what field_read() takes: the parsed body of a POST, the query of a GET; a map */
  struct str body;          /* the bytes of the body (idempotency hashes them) */
  struct str upload;        /* of a route that takes files: the file's bytes, in the body; in raw its field is "file" */
  struct doc *input;        /* filled by field_read(): by route->fields, checked and converted */
  struct doc *typed;        /* likewise: what was typed, for the form that comes back */
  struct problem *problems; /* what was wrong with the input; handlers may add with request_problem() */
  struct str (*tr)(const struct request *rq, struct str id); /* the reader's language, for problems; NULL: as it is */
  void *app;                                                 /* http_options.app */
  void *gate;                                                /* the gate's own state (actor, language) */
  void *impl;
};

struct str request_header(const struct request *rq, const char *name); /* empty when absent */
struct str request_cookie(const struct request *rq, const char *name);
struct str request_param(const struct request *rq, const char *name); /* ":person" of the path */
bool request_param_id(const struct request *rq, const char *name, id64 *ret);
void request_problem(struct request *rq, const char *field, struct str text);

struct response {
  unsigned status;     /* 200 */
  struct str type;     /* "text/html; charset=utf-8" */
  struct str body;     /* in the request's arena, or static (assets) */
  struct doc *headers; /* list of [name, value]; response_header() */
  bool close;
};

void response_header(struct request *rq, struct response *rs, const char *name, struct str value);
/* Cookie with __Host- where TLS is; Secure, HttpOnly, SameSite=Lax, Path=/. max_age 0: session, -1: delete. */
void response_cookie(struct request *rq, struct response *rs, const char *name, struct str value, int max_age);
void response_redirect(struct request *rq, struct response *rs, struct str path); /* 303, local path only */

/* --- server ---------------------------------------------------------------------------------------------------- */
/* Answers one request on a worker thread: always fills *rs. Given by the gate. */
typedef void (*http_dispatch)(struct request *rq, struct response *rs);
/* Told of each request refused before dispatch (for the log): status and a literal that says why. Any thread. */
typedef void (*http_refused)(void *app, unsigned status, const char *why);

/* Makes the answer to a request that is refused before dispatch, where its headers could be read: status and the same literal. Any thread.
 * Without one, and where the head itself is malformed, the literal alone is sent. */
typedef void (*http_refusal)(struct request *rq, struct response *rs, unsigned status, const char *why);

struct http_options {
  struct str listen;            /* "127.0.0.1:8080", "[::1]:0" (0: a free port) */
  struct str tls_cert, tls_key; /* paths; both or none */
  struct str trusted_proxy;     /* address whose X-Forwarded-* count; empty: none */
  int workers;                  /* 0: 16 */
  http_dispatch dispatch;
  http_refused refused; /* may be NULL */
  http_refusal refusal; /* likewise */
  void *app;
};

struct http_server;
enum code http_start(const struct http_options *o, struct http_server **ret, struct err *e) MUST_CHECK;
int http_port(const struct http_server *s);
struct http_stats {
  int connections, active;                  /* open; with a request under way */
  int workers, busy, queued;                /* threads that answer, at work, and requests that wait for one */
  int slow_workers, slow_busy, slow_queued; /* likewise for routes marked slow */
};
void http_measure(struct http_server *s, struct http_stats *ret);
void http_stop(struct http_server *s); /* finishes what is under way, at most 5 s */

/* Reads fields from a parsed map (urlencoded and multipart give text leaves, JSON gives typed ones) into rq->input and
 * rq->typed; adds problems. Called by the gate once the reader's language is known, by tests and by the form engine's callers.
 * rq->input has every field, converted; an absent optional one (and one with a problem) is "", false, null (FIELD_INT), an empty
 * list or map. rq->typed has every field as text, a list of texts, a sub-document, a bool, or for a date the map
 * {text, era, y, m, d, unknown}; a secret is always "". Era codes: "" or ad (西暦), R H S T M or meiji, taisho, showa, heisei, reiwa.
 * 「わからない」 (unknown) answers a required date with "". A name that no field declares is a problem; names that start with "_"
 * belong to the gate and are left alone. */
void field_read(struct request *rq, const struct field *fields, const struct doc *raw);
/* The door for text from outside: no controls, at most `max` code points (0: LIMIT_STRING, for several lines LIMIT_TEXT), no マイナンバー.
 * INVALID with a sentence. field_read() takes every text through it; what stands in a FIELD_MAP is its reader's to check. */
enum code field_check_text(struct str s, bool lines, int64_t max, struct err *e) MUST_CHECK;
/* A sentence in the reader's language with %1 %2 %3 in place. */
struct str request_say(const struct request *rq, const char *id, struct str a1, struct str a2, struct str a3);

#endif
