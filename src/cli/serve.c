/* serve.c: tsunagu serve: the server until SIGTERM or SIGINT. */
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/version.h"
#include "cli/confine.h"
#include "cli/demo.h"
#include "connection/connection.h"
#include "gate/gate.h"
#include "gate/meter.h"
#include "mail/mail.h"
#include "network/network.h"
#include "network/sign.h"
#include "person/find.h"
#include "protect/protect.h"
#include "view/layout.h"
#include "web/watch.h"

enum { SWEEP_SECONDS = 3600 };

static enum code start(struct cli *cli, struct app *app, struct http_server **ret, struct err *e)
{
  const struct conf *c = cli->conf;
  const struct http_options o = {.listen = conf_get(c, "listen"),
                                 .tls_cert = conf_get(c, "tls-cert"),
                                 .tls_key = conf_get(c, "tls-key"),
                                 .trusted_proxy = conf_get(c, "trusted-proxy"),
                                 .workers = (int)conf_int(c, "workers", 16),
                                 .dispatch = gate_dispatch,
                                 .refused = gate_log_refused,
                                 .refusal = gate_refusal,
                                 .app = app};
  return http_start(&o, ret, e);
}

/* The address for whoever watches the process: a server of its own, with few threads. */
static enum code start_watch(struct cli *cli, struct watched *w, struct http_server **ret, struct err *e)
{
  const struct http_options o = {
      .listen = conf_get(cli->conf, "metrics-listen"), .workers = 1, .dispatch = watch_dispatch, .app = w};
  return o.listen.n ? http_start(&o, ret, e) : OK;
}

static enum code log_settings(const struct cli *cli, struct err *e)
{
  struct str format = conf_get(cli->conf, "log");
  if (!str_is(format, "json") && !str_is(format, "plain"))
    return err_set(e, INVALID, TR("--log は json か plain です。"));
  log_set_format(str_is(format, "plain") ? LOG_PLAIN : LOG_JSON);
  return OK;
}

static void log_started(const struct cli *cli, const struct app *app)
{
  char schema[16];
  snprintf(schema, sizeof(schema), "%d", migrate_newest());
  log_line(LOG_INFO, "started", "version", TSUNAGU_VERSION, "engine",
           db_engine(app->db) == DB_SQLITE ? "sqlite" : "postgresql", "#schema", schema, "tls",
           conf_get(cli->conf, "tls-cert").n ? "yes" : "no", NULL);
}

/* "127.0.0.1:0" with the port that was given. */
static void say_address(const struct cli *cli, const char *what, const char *key, const struct http_server *s)
{
  struct str listen = conf_get(cli->conf, key);
  bool tls = strcmp(key, "listen") == 0 && conf_get(cli->conf, "tls-cert").n;
  while (listen.n && listen.p[listen.n - 1] != ':')
    listen.n--;
  printf("%s on %s://%.*s%d\n", what, tls ? "https" : "http", STR_FMT(listen), http_port(s));
  fflush(stdout);
}

/* --- each network: the newest event's time at the start, old rows every hour --- */

struct each {
  struct cli *cli;
  id64 ids[2000];
  int count;
};

static void note_network(void *arg, id64 id, struct str name)
{
  struct each *n = arg;
  if (n->count < (int)(sizeof(n->ids) / sizeof(*n->ids)))
    n->ids[n->count++] = id;
}

static enum code list_networks(struct tx *tx, void *arg, struct err *e)
{
  ((struct each *)arg)->count = 0;
  return network_each(tx, note_network, arg, e);
}

static enum code for_networks(struct cli *cli, enum code (*fn)(struct cli *cli, id64 network, struct err *e),
                              struct err *e)
{
  struct each *n = arena_new_of(cli->arena, struct each);
  if (!n)
    return err_oom(e);
  enum code c = db_read(cli->db, &(struct db_who){.service = true}, list_networks, n, e);
  for (int i = 0; c == OK && i < n->count; i++)
    c = fn(cli, n->ids[i], e);
  return c;
}

static enum code begin(struct cli *cli, id64 network, struct err *e)
{
  enum code c = cli_check_key(cli, network, e);
  if (c == OK)
    c = audit_see_last(cli->db, network, e);
  return c == OK ? person_find_fill(cli->db, network, e) : c;
}

/* Facts keep their order whatever the clock does; somebody should set it all the same. */
static void say_clock(struct cli *cli)
{
  char minutes[24];
  ts_t behind = db_now(cli->db) - clock_now();
  snprintf(minutes, sizeof minutes, "%lld", (long long)(behind / MS_MINUTE));
  if (behind > 5 * MS_MINUTE)
    log_line(LOG_WARN, "clock_behind_newest_event", "minutes", minutes, NULL);
}

static enum code sweep(struct cli *cli, id64 network, struct err *e)
{
  enum code c = gate_sweep(cli->db, network, e);
  if (c == OK)
    c = try_sweep(cli->db, network, e);
  if (c == OK)
    c = connection_tend(cli->db, network, e);
  if (c == OK)
    c = emergency_remind(cli->db, network, e);
  return c == OK ? mail_tend(cli->db, network, e) : c;
}

static void wait_for_end(struct cli *cli, const sigset_t *ends)
{
  const struct timespec hour = {.tv_sec = SWEEP_SECONDS};
  while (sigtimedwait(ends, NULL, &hour) < 0) {
    struct err e = {0};
    enum code c = for_networks(cli, sweep, &e);
    if (c != OK)
      log_line(LOG_ERROR, "sweep", "code", code_name(c), "detail", e.detail, NULL);
  }
}

/* More connections than processors can keep busy only cost memory, each with its own statements and pages. Over a network one waits. */
static int readers(const struct cli *cli)
{
  int workers = (int)conf_int(cli->conf, "workers", 16), useful = 2 * (int)sysconf(_SC_NPROCESSORS_ONLN);
  bool local = str_starts(conf_get(cli->conf, "db"), S("sqlite:"));
  return local && useful > 0 && useful < workers ? useful : workers;
}

/* A heap a thread would keep a copy of the largest answer for each of them; blocks of that size are kept, not given back each time. */
static void settle_memory(void)
{
  mallopt(M_ARENA_MAX, 4);
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
  mallopt(M_TRIM_THRESHOLD, 8 << 20);
}

/* What stands while it serves. */
struct serving {
  struct app app;
  struct watched watched;
  struct http_server *server, *watch;
  struct mail_settings *mail; /* NULL: off */
  struct mail_sender *sender;
  struct sandbox sandbox;
  struct sandbox_state confined;
};

/* Files that are there before the sandbox and may not be opened in it. */
static void begin_watch(struct serving *s)
{
  s->watched = (struct watched){.app = &s->app, .started = clock_now()};
  s->watched.statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  s->app.meter = meter_new();
}

static enum code open_database(struct cli *cli, struct serving *s, struct err *e)
{
  enum code c = mail_settings_read(cli->conf, cli->arena, &s->mail, e);
  if (c == OK && s->mail)
    c = mail_sender_prepare(e);
  if (c == OK)
    c = confine(cli, s->mail, &s->sandbox, &s->confined, e);
  if (c == OK)
    c = cli_open(cli,
                 &(struct db_options){.exclusive = true,
                                      .answer_seconds = (int)conf_int(cli->conf, "db-seconds", 20),
                                      .readers = readers(cli)},
                 e);
  if (c == OK && s->mail)
    c = mail_settings_open(s->mail, cli->keys, cli->arena, e);
  if (c == OK)
    c = for_networks(cli, begin, e);
  if (c == OK)
    say_clock(cli);
  s->app.db = cli->db;
  s->app.keys = cli->keys;
  s->app.mail = s->mail;
  s->app.limits = limiter_new(cli->arena);
  int64_t page_rate = conf_int(cli->conf, "page-rate", 0);
  s->app.page_rate = (int)(page_rate > PAGE_RATE_MOST ? PAGE_RATE_MOST : page_rate);
  s->app.source = conf_get(cli->conf, "source");
  return c == OK ? demo_read(cli, &s->app.demo, e) : c;
}

/* Everything listens, then nothing may listen any more. */
static enum code listen_all(struct cli *cli, struct serving *s, struct err *e)
{
  struct db_reach reach;
  enum code c = start(cli, &s->app, &s->server, e);
  s->watched.server = s->server;
  s->watched.landlock = s->confined.landlock;
  s->watched.seccomp = s->confined.seccomp;
  if (c == OK)
    c = db_reach(cli_db(cli), cli->arena, &reach, e);
  if (c == OK)
    s->watched.folder = str_from(reach.folder);
  if (c == OK && s->app.meter)
    c = start_watch(cli, &s->watched, &s->watch, e);
  if (c == OK)
    c = confine_seal(cli, &s->sandbox, e);
  return c == OK && s->mail ? mail_sender_start(cli->db, s->mail, &s->sender, e) : c;
}

static void end_all(struct serving *s)
{
  mail_sender_stop(s->sender);
  http_stop(s->watch); /* it looks at the other one */
  http_stop(s->server);
  meter_free(s->app.meter);
  layout_end();
  if (s->watched.statm >= 0)
    close(s->watched.statm);
}

static enum code serve(struct cli *cli, struct serving *s, const sigset_t *ends, struct err *e)
{
  enum code c = log_settings(cli, e);
  if (c == OK)
    c = view_load(conf_get(cli->conf, "dev"), e);
  if (c == OK)
    c = open_database(cli, s, e);
  if (c == OK)
    c = listen_all(cli, s, e);
  if (c != OK)
    return c;
  demo_print(s->app.demo);
  say_address(cli, "listening", "listen", s->server);
  if (s->watch)
    say_address(cli, "figures", "metrics-listen", s->watch);
  log_started(cli, &s->app);
  wait_for_end(cli, ends);
  log_line(LOG_INFO, "stopping", NULL);
  return OK;
}

static enum code run_serve(struct cli *cli, struct err *e)
{
  sigset_t ends;
  struct serving s = {0};
  settle_memory();
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, NULL); /* before there are threads: they inherit it */
  signal(SIGPIPE, SIG_IGN);
  begin_watch(&s);
  enum code c = confine_begin(cli, e);
  if (c == OK)
    c = serve(cli, &s, &ends, e);
  end_all(&s);
  return c;
}

static const struct command command_serve = {
    .name = "serve",
    .args = "",
    .summary = "answer requests until told to stop",
    .options = OPTIONS("listen", "tls-cert", "tls-key", "trusted-proxy", "source", "metrics-listen", "mail-server",
                       "mail-tls", "mail-ca", "mail-from", "mail-user", "mail-password", "mail-url", "mail-wait", "log",
                       "dev", "workers", "page-rate", "db-seconds", "no-sandbox"),
    .run = run_serve};
COMMAND(command_serve);
