/* http_impl.h: the inside of the server, for src/http alone. An exchange is one request and its answer: born when the
 * request line is read, ended when the answer is sent or the connection breaks. */
#ifndef HTTP_HTTP_IMPL_H
#define HTTP_HTTP_IMPL_H
#include "http/http.h"

#include <microhttpd.h>
#include <pthread.h>

/* Why a request is turned away before anybody looks at it; status 0: it is not. */
struct refusal {
  unsigned status;
  const char *why; /* a literal, for the log and the reader */
};
#define REFUSE(s, w) ((struct refusal){(s), (w)})
#define ACCEPTED ((struct refusal){0, NULL})

struct header {
  struct str name; /* lower case */
  struct str value;
};

struct param {
  struct str name, value;
};

enum { ROUTE_SEGMENTS = 12 };

/* A route's path cut at its slashes; a segment that starts with ':' takes any one segment. */
struct route_entry {
  const struct route *route;
  struct str segment[ROUTE_SEGMENTS];
  int segments;
};

struct route_table {
  struct route_entry *entry;
  size_t count;
};

enum exchange_state { EXCHANGE_HEAD, EXCHANGE_BODY, EXCHANGE_DRAIN, EXCHANGE_WORKING, EXCHANGE_ANSWERED };
enum { DRAIN_MAX = 32 << 20 }; /* bytes of a refused body that are read, so that its sender can read the answer */

struct exchange {
  struct request rq;
  struct response rs;
  struct http_server *server;
  struct MHD_Connection *connection;
  struct exchange *next; /* in a pool's queue */
  enum exchange_state state;
  const char *target_at; /* where the library keeps the request target, to be compared with the head's bytes */
  struct header *headers;
  size_t header_count;
  struct param *params;
  size_t param_count;
  bool head_only; /* HEAD */
  char *body;
  size_t body_size, body_room, body_length; /* read so far, memory for it (malloc), announced */
  bool head_good;                           /* the headers may be asked */
  size_t announced;                         /* by Content-Length, also where it is too much */
  struct refusal refused;                   /* EXCHANGE_DRAIN: what is answered in the end */
  struct guest *guest;                      /* the connection's place */
  struct MHD_Response *answer;
  unsigned answer_status;
};

/* --- head.c: the request line and headers, byte by byte */
struct refusal head_read(struct exchange *x, const char *method, const char *version);
/* The server's own view of what the headers mean: method, host, lengths, media type. */
struct refusal head_check(struct exchange *x, const char *method, const char *version);
struct str header_get(const struct exchange *x, const char *name);

/* --- target.c */
struct refusal target_read(struct exchange *x);
/* a=b&c=d into a map of texts; a repeated name becomes a list. */
struct refusal pairs_read(struct arena *a, struct str s, struct doc **ret);
void raw_put(struct arena *a, struct doc *map, struct str name, struct str value);

/* --- origin.c: who asks, by which way, and what form of answer is wanted */
void origin_read(struct exchange *x);

/* --- body.c: into rq->raw */
struct refusal body_read(struct exchange *x);
struct refusal multipart_read(struct exchange *x, struct str boundary);
/* Value of one parameter of a header such as `form-data; name="x"`; false when absent or malformed. */
bool header_parameter(struct arena *a, struct str value, const char *name, struct str *ret);
struct str header_first_token(struct str value); /* "text/html; q=1" -> "text/html" */

/* --- field_date.c: one date, out of its text or its parts */
struct date_parts {
  struct str text, era, y, m, d;
  bool unknown;
};
bool date_parts_read(struct arena *a, const struct doc *raw, const char *name,
                     struct date_parts *ret); /* false: not a date's shape */
bool date_parts_empty(const struct date_parts *p);
enum code date_parts_convert(struct arena *a, const struct date_parts *p, struct str *ret_iso,
                             struct err *e) MUST_CHECK;

/* --- field_map.c: a free sub-document out of dotted names, or out of JSON */
bool map_key(struct str key, const char *name); /* "answer.x" of "answer" */
enum code map_read(struct arena *a, const struct doc *raw, const char *name, struct doc **ret,
                   struct err *e) MUST_CHECK;

/* --- route.c */
enum code route_table_make(struct route_table *t, struct err *e) MUST_CHECK;
void route_table_free(struct route_table *t);
void route_find(const struct route_table *t, struct exchange *x);

/* --- answer.c: from struct response to the library's */
struct MHD_Response *answer_make(struct exchange *x, unsigned *ret_status);
struct MHD_Response *answer_refusal(struct refusal why, bool https);

/* --- pool.c: threads that take exchanges */
struct pool;
struct pool *pool_new(int threads, void (*work)(struct exchange *));
bool pool_put(struct pool *p, struct exchange *x, void (*before)(struct exchange *)); /* false: it is stopping */
void pool_stop(struct pool *p); /* what is queued is still worked on */
void pool_free(struct pool *p);
void pool_measure_work(struct pool *p, int *ret_threads, int *ret_busy, int *ret_queued);

/* --- watch.c: a time for everything. Told from the library's thread; `late` is called on the watch's own, once for each that is cut
 * off. */
enum turn { TURN_NEXT_HEAD, TURN_TRANSFER, TURN_OURS };
struct watch;
struct guest;
struct watch *watch_new(int places, void (*late)(void *arg), void *arg);
void watch_free(struct watch *w);                   /* after the last guest */
struct guest *watch_begin(struct watch *w, int fd); /* waits for a head; NULL: no memory, nobody watches it */
void watch_end(struct watch *w, struct guest *g);   /* before the socket is closed */
void watch_turn(struct watch *w, struct guest *g, enum turn turn, size_t bytes); /* bytes: to be sent */
int watch_guests(struct watch *w);
void watch_moved(struct watch *w, struct guest *g, size_t bytes); /* bytes of a body that came */

/* --- listen.c */
enum code listen_open(struct str address, int *ret_fd, int *ret_port, struct err *e) MUST_CHECK;

struct http_server {
  struct http_options options;
  struct arena *arena; /* copies of the options' text, certificate and key */
  struct route_table routes;
  struct pool *normal, *slow;
  struct watch *watch;
  struct MHD_Daemon *daemon;
  int port;
  pthread_mutex_t lock;
  pthread_cond_t idle;
  int active; /* exchanges begun and not ended */
  bool stopping;
};

#endif
