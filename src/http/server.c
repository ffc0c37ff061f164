/* server.c: the daemon and its callbacks. All callbacks run on libmicrohttpd's one thread; a request whose body is there is
 * suspended and handed to a pool, whose thread makes the answer and resumes the connection. */
#include <fcntl.h>
#include <sodium.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "http/http_impl.h"

enum {
  WORKERS = 16,
  SLOW_WORKERS = 2,
  CONNECTIONS = 2000,
  OWN_FILES = 200, /* descriptors that are not connections */
  CONNECTION_MEMORY = 64 << 10,
  BODY_FIRST = 16 << 10,
  IDLE_SECONDS = 30,
  STOP_SECONDS = 5
};

/* --- one exchange --- */

static struct str random_id(struct arena *a)
{
  unsigned char bytes[8];
  char *hex = arena_alloc(a, 2 * sizeof(bytes) + 1);
  if (!hex)
    return STR_NONE;
  randombytes_buf(bytes, sizeof(bytes));
  sodium_bin2hex(hex, 2 * sizeof(bytes) + 1, bytes, sizeof(bytes));
  return (struct str){hex, 2 * sizeof(bytes)};
}

/* Called when the request line is read, with the target as it came. What it returns is the exchange of all later calls. */
static void *on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
  struct http_server *s = cls;
  struct arena *a = arena_new(LIMIT_ARENA);
  struct exchange *x = a ? arena_new_of(a, struct exchange) : NULL;
  if (!x) {
    arena_free(a);
    return NULL;
  }
  x->server = s;
  x->connection = connection;
  x->target_at = target;
  x->rq.arena = a;
  x->rq.app = s->options.app;
  x->rq.impl = x;
  x->rq.target = str_copy(a, str_from(target));
  x->rq.id = random_id(a);
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  x->guest = info ? info->socket_context : NULL;
  pthread_mutex_lock(&s->lock);
  s->active++;
  pthread_mutex_unlock(&s->lock);
  return x;
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **con_cls,
                         enum MHD_RequestTerminationCode why)
{
  struct http_server *s = cls;
  struct exchange *x = *con_cls;
  *con_cls = NULL;
  if (!x)
    return;
  watch_turn(s->watch, x->guest, TURN_NEXT_HEAD, 0);
  if (x->answer)
    MHD_destroy_response(x->answer);
  free(x->body);
  arena_free(x->rq.arena);
  pthread_mutex_lock(&s->lock);
  if (--s->active == 0)
    pthread_cond_broadcast(&s->idle);
  pthread_mutex_unlock(&s->lock);
}

/* The library escapes nothing for us: paths and parameters are decoded by target.c. */
static size_t on_unescape(void *cls, struct MHD_Connection *connection, char *s)
{
  return strlen(s);
}

/* --- answering --- */

static void refused_note(const struct exchange *x, struct refusal r)
{
  if (x->server->options.refused)
    x->server->options.refused(x->server->options.app, r.status, r.why);
}

static enum MHD_Result queue_answer(struct exchange *x)
{
  if (!x->answer)
    return MHD_NO;
  watch_turn(x->server->watch, x->guest, TURN_TRANSFER, x->rs.body.n);
  return MHD_queue_response(x->connection, x->answer_status, x->answer);
}

static void make_refusal(struct exchange *x, struct refusal r)
{
  const struct http_options *o = &x->server->options;
  refused_note(x, r);
  x->state = EXCHANGE_ANSWERED;
  x->answer_status = r.status;
  if (o->refusal && x->head_good) {
    o->refusal(&x->rq, &x->rs, r.status, r.why);
    x->rs.close = true;
    x->answer = answer_make(x, &x->answer_status);
  } else {
    x->answer = answer_refusal(r, x->rq.https);
  }
}

static enum MHD_Result queue_refusal(struct exchange *x, struct refusal r)
{
  make_refusal(x, r);
  return queue_answer(x);
}

/* On a pool's thread. */
static void exchange_work(struct exchange *x)
{
  struct refusal r = body_read(x);
  if (r.status) {
    make_refusal(x, r);
  } else {
    x->server->options.dispatch(&x->rq, &x->rs);
    x->answer = answer_make(x, &x->answer_status);
  }
  x->state = EXCHANGE_ANSWERED;
  MHD_resume_connection(x->connection);
}

static void exchange_suspend(struct exchange *x)
{
  x->state = EXCHANGE_WORKING;
  MHD_suspend_connection(x->connection);
}

static struct refusal read_request(struct exchange *x, const char *method, const char *version)
{
  struct refusal r = head_read(x, method, version);
  if (r.status)
    return r;
  x->head_good = true;
  origin_read(x);
  r = head_check(x, method, version);
  if (r.status && r.status != 413)
    return r;
  struct refusal target = target_read(x); /* of what is too large too: the answer says where it was sent */
  return r.status ? r : target;
}

/* A browser that is still sending when the connection is closed shows its own error, not our answer. Who waits to be told to go on
 * need not send. */
static bool must_drain(const struct exchange *x)
{
  return x->head_good && x->announced && x->announced <= DRAIN_MAX && !header_get(x, "expect").n;
}

static enum MHD_Result exchange_begin(struct exchange *x, const char *method, const char *version)
{
  struct refusal r = read_request(x, method, version);
  watch_turn(x->server->watch, x->guest, TURN_TRANSFER, 0);
  if (!r.status || (r.status == 413 && x->rq.path.n))
    route_find(&x->server->routes, x);
  if (r.status && !must_drain(x))
    return queue_refusal(x, r);
  x->refused = r;
  x->state = r.status ? EXCHANGE_DRAIN : EXCHANGE_BODY;
  return MHD_YES;
}

/* Memory for a body comes with its bytes, not with its announcement: else whoever announces much and sends nothing has it. */
static bool body_grow(struct exchange *x, size_t more)
{
  size_t wanted = x->body_size + more, room = x->body_room ? x->body_room : BODY_FIRST;
  if (wanted <= x->body_room)
    return true;
  while (room < wanted)
    room *= 2;
  if (room > x->body_length)
    room = x->body_length;
  char *body = realloc(x->body, room);
  if (!body)
    return false;
  x->body = body;
  x->body_room = room;
  return true;
}

static enum MHD_Result exchange_body(struct exchange *x, const char *data, size_t *size)
{
  if (*size > x->body_length - x->body_size || !body_grow(x, *size))
    return MHD_NO;
  memcpy(x->body + x->body_size, data, *size);
  x->body_size += *size;
  watch_moved(x->server->watch, x->guest, *size);
  *size = 0;
  return MHD_YES;
}

static enum MHD_Result exchange_hand_over(struct exchange *x)
{
  struct http_server *s = x->server;
  if (x->body_size != x->body_length)
    return MHD_NO;
  bool slow = x->rq.route && x->rq.route->slow;
  watch_turn(s->watch, x->guest, TURN_OURS, 0);
  if (pool_put(slow ? s->slow : s->normal, x, exchange_suspend))
    return MHD_YES;
  return queue_refusal(x, REFUSE(503, "the server is stopping"));
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *data, size_t *size, void **con_cls)
{
  struct exchange *x = *con_cls;
  if (!x)
    return MHD_NO;
  switch (x->state) {
  case EXCHANGE_HEAD:
    return exchange_begin(x, method, version);
  case EXCHANGE_BODY:
    return *size ? exchange_body(x, data, size) : exchange_hand_over(x);
  case EXCHANGE_DRAIN:
    if (!*size)
      return queue_refusal(x, x->refused);
    watch_moved(x->server->watch, x->guest, *size);
    *size = 0;
    return MHD_YES;
  case EXCHANGE_WORKING:
    return MHD_YES;
  case EXCHANGE_ANSWERED:
    return queue_answer(x);
  }
  return MHD_NO;
}

/* --- connections --- */

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
  struct http_server *s = cls;
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  if (what == MHD_CONNECTION_NOTIFY_STARTED)
    *context = info ? watch_begin(s->watch, info->connect_fd) : NULL;
  else
    watch_end(s->watch, *context);
}

static void on_late(void *arg)
{
  const struct http_server *s = arg;
  if (s->options.refused)
    s->options.refused(s->options.app, 408, "too slow: cut off");
}

/* As many as there are descriptors for; a soft limit below that is raised. */
static int places(void)
{
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) != 0)
    return CONNECTIONS / 4;
  rlim_t wanted = CONNECTIONS + OWN_FILES;
  if (files.rlim_cur < wanted) {
    files.rlim_cur = wanted < files.rlim_max ? wanted : files.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &files) != 0 && getrlimit(RLIMIT_NOFILE, &files) != 0)
      return CONNECTIONS / 4;
  }
  return files.rlim_cur >= wanted         ? CONNECTIONS
         : files.rlim_cur > 2 * OWN_FILES ? (int)(files.rlim_cur - OWN_FILES)
                                          : (int)files.rlim_cur / 2;
}

/* --- the server --- */

static enum code file_read(struct arena *a, struct str path, const char **ret, struct err *e)
{
  int fd = open(str_cstr(a, path), O_RDONLY | O_CLOEXEC);
  enum { CERT_MAX = 256 << 10 };
  char *text = arena_alloc(a, CERT_MAX);
  ssize_t n = fd >= 0 && text ? read(fd, text, CERT_MAX - 1) : -1;
  if (fd >= 0)
    close(fd);
  if (n <= 0)
    return err_set1(e, IO, TR("証明書または鍵のファイル(%1)を読めません。"), str_cstr(a, path));
  text[n] = '\0';
  *ret = text;
  return OK;
}

static enum code options_copy(struct http_server *s, const struct http_options *o, const char **ret_cert,
                              const char **ret_key, struct err *e)
{
  if (!o->dispatch)
    return BUG(e, "a server without dispatch");
  if (!o->tls_cert.n != !o->tls_key.n)
    return err_set(e, INVALID, TR("TLSには証明書と鍵の両方のファイルが要ります。"));
  s->options = *o;
  s->options.listen = str_copy(s->arena, o->listen);
  s->options.trusted_proxy = str_copy(s->arena, o->trusted_proxy);
  s->options.tls_cert = str_copy(s->arena, o->tls_cert);
  if (!o->tls_cert.n)
    return OK;
  enum code c = file_read(s->arena, o->tls_cert, ret_cert, e);
  return c == OK ? file_read(s->arena, o->tls_key, ret_key, e) : c;
}

static struct MHD_Daemon *daemon_start(struct http_server *s, int fd, int most, const char *cert, const char *key)
{
  unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | (cert ? MHD_USE_TLS : 0u);
  struct MHD_OptionItem tls[] = {
      {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)cert},
      {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)key},
      {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t) "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
      {MHD_OPTION_END, 0, NULL},
  };
  return MHD_start_daemon(flags, 0, NULL, NULL, on_request, s, MHD_OPTION_LISTEN_SOCKET, fd,
                          MHD_OPTION_URI_LOG_CALLBACK, on_target, s, MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,
                          MHD_OPTION_NOTIFY_CONNECTION, on_connection, s, MHD_OPTION_UNESCAPE_CALLBACK, on_unescape,
                          NULL, MHD_OPTION_CONNECTION_LIMIT, (unsigned)most, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                          (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
                          MHD_OPTION_ARRAY, cert ? tls : &tls[3], MHD_OPTION_END);
}

static void server_free(struct http_server *s)
{
  pool_stop(s->normal);
  pool_stop(s->slow);
  pool_free(s->normal);
  pool_free(s->slow);
  watch_free(s->watch);
  route_table_free(&s->routes);
  pthread_cond_destroy(&s->idle);
  pthread_mutex_destroy(&s->lock);
  arena_free(s->arena);
  free(s);
}

static enum code server_open(struct http_server *s, const struct http_options *o, struct err *e)
{
  const char *cert = NULL, *key = NULL;
  int fd = -1, most = places();
  enum code c = options_copy(s, o, &cert, &key, e);
  if (c == OK)
    c = route_table_make(&s->routes, e);
  if (c != OK)
    return c;
  s->normal = pool_new(o->workers ? o->workers : WORKERS, exchange_work);
  s->slow = pool_new(SLOW_WORKERS, exchange_work);
  s->watch = watch_new(most, on_late, s);
  if (!s->normal || !s->slow || !s->watch)
    return err_oom(e);
  c = listen_open(o->listen, &fd, &s->port, e);
  if (c != OK)
    return c;
  s->daemon = daemon_start(s, fd, most, cert, key);
  if (s->daemon)
    return OK;
  close(fd);
  return err_set(
      e, IO, cert ? TR("サーバーを始められません。証明書と鍵を確かめてください。") : TR("サーバーを始められません。"));
}

enum code http_start(const struct http_options *o, struct http_server **ret, struct err *e)
{
  struct http_server *s = calloc(1, sizeof(*s));
  struct arena *a = arena_new(1 << 20);
  if (!s || !a) {
    free(s);
    arena_free(a);
    return err_oom(e);
  }
  s->arena = a;
  pthread_mutex_init(&s->lock, NULL);
  pthread_cond_init(&s->idle, NULL);
  enum code c = server_open(s, o, e);
  if (c == OK)
    *ret = s;
  else
    server_free(s);
  return c;
}

int http_port(const struct http_server *s)
{
  return s->port;
}

void http_measure(struct http_server *s, struct http_stats *ret)
{
  *ret = (struct http_stats){.connections = watch_guests(s->watch)};
  pthread_mutex_lock(&s->lock);
  ret->active = s->active;
  pthread_mutex_unlock(&s->lock);
  pool_measure_work(s->normal, &ret->workers, &ret->busy, &ret->queued);
  pool_measure_work(s->slow, &ret->slow_workers, &ret->slow_busy, &ret->slow_queued);
}

/* Waits until no exchange is open or the time is over. */
static void wait_idle(struct http_server *s, struct timespec until)
{
  pthread_mutex_lock(&s->lock);
  while (s->active > 0 && pthread_cond_timedwait(&s->idle, &s->lock, &until) == 0)
    ;
  pthread_mutex_unlock(&s->lock);
}

void http_stop(struct http_server *s)
{
  if (!s)
    return;
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += STOP_SECONDS;
  MHD_socket fd = MHD_quiesce_daemon(s->daemon);
  wait_idle(s, until);
  pool_stop(s->normal); /* from here on new requests of open connections are refused; suspended ones are resumed */
  pool_stop(s->slow);
  MHD_stop_daemon(s->daemon);
  if (fd != MHD_INVALID_SOCKET)
    close(fd);
  server_free(s);
}
