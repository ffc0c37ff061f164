/* serve.c: tsunagu serve: the server until SIGTERM or SIGINT. */
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "base/log.h"
#include "cli/confine.h"
#include "cli/demo.h"
#include "gate/gate.h"
#include "network/network.h"
#include "network/sign.h"

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

/* "127.0.0.1:0" with the port that was given. */
static void say_address(const struct cli *cli, const struct http_server *s)
{
  struct str listen = conf_get(cli->conf, "listen");
  while (listen.n && listen.p[listen.n - 1] != ':')
    listen.n--;
  printf("listening on %s://%.*s%d\n", conf_get(cli->conf, "tls-cert").n ? "https" : "http", STR_FMT(listen),
         http_port(s));
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
  return c == OK ? audit_see_last(cli->db, network, e) : c;
}

static enum code sweep(struct cli *cli, id64 network, struct err *e)
{
  enum code c = gate_sweep(cli->db, network, e);
  return c == OK ? try_sweep(cli->db, network, e) : c;
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

static enum code run_serve(struct cli *cli, struct err *e)
{
  sigset_t ends;
  struct http_server *server = NULL;
  struct app app = {0};
  struct sandbox sandbox;
  struct sandbox_state confined;
  settle_memory();
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, NULL); /* before there are threads: they inherit it */
  signal(SIGPIPE, SIG_IGN);
  enum code c = view_load(conf_get(cli->conf, "dev"), e);
  if (c == OK)
    c = confine(cli, &sandbox, &confined, e);
  if (c == OK)
    c = cli_open(cli, &(struct db_options){.exclusive = true, .readers = readers(cli)}, e);
  if (c == OK)
    c = for_networks(cli, begin, e);
  app.db = cli->db;
  app.keys = cli->keys;
  app.source = conf_get(cli->conf, "source");
  if (c == OK)
    c = demo_read(cli, &app.demo, e);
  if (c == OK)
    c = start(cli, &app, &server, e);
  if (c == OK)
    c = confine_seal(cli, &sandbox, e);
  if (c != OK) {
    http_stop(server);
    return c;
  }
  demo_print(app.demo);
  say_address(cli, server);
  wait_for_end(cli, &ends);
  http_stop(server);
  return OK;
}

static const struct command command_serve = {
    .name = "serve",
    .args = "",
    .summary = "answer requests until told to stop",
    .options = OPTIONS("listen", "tls-cert", "tls-key", "trusted-proxy", "source", "dev", "workers", "no-sandbox"),
    .run = run_serve};
COMMAND(command_serve);
