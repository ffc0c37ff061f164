#include "cli/confine.h"

#include "base/log.h"
#include "view/layout.h"

static void add_to(const char **list, const char *path)
{
  size_t n = 0;
  while (list[n])
    n++;
  if (path && *path && n < SANDBOX_PATHS)
    list[n] = path;
}

static void add_port(int *list, int port)
{
  size_t n = 0;
  while (list[n] != SANDBOX_NO_PORT)
    n++;
  if (n < SANDBOX_PORTS) {
    list[n] = port;
    list[n + 1] = SANDBOX_NO_PORT;
  }
}

/* --- the system's own files, which libraries read while the server runs --- */

static void add_system(struct sandbox *s)
{
  static const char *const paths[] = {"/usr/lib",
                                      "/usr/lib64",
                                      "/lib",
                                      "/lib64",
                                      "/usr/local/lib",
                                      "/etc/ld.so.cache", /* gconv, name services */
                                      "/usr/share/fonts",
                                      "/usr/local/share/fonts",
                                      "/usr/share/fontconfig",
                                      "/etc/fonts",
                                      "/var/cache/fontconfig", /* paper */
                                      "/usr/share/locale",
                                      "/usr/share/zoneinfo",
                                      "/etc/localtime",
                                      "/dev/urandom",
                                      "/dev/random",
                                      "/dev/null",
                                      "/proc/sys/vm/overcommit_memory",
                                      "/sys/devices/system/cpu", /* how many there are */
                                      NULL};
  for (const char *const *p = paths; *p; p++)
    add_to(s->read, *p);
}

/* What opening a sealed connection looks into. A name is looked up by files that a system replaces at any time, so that the folder is what
 * must be named. */
static void add_network(struct sandbox *s, bool by_name)
{
  static const char *const client[] = {"/etc/passwd",
                                       "/etc/nsswitch.conf",
                                       "/etc/ssl",
                                       "/usr/share/ca-certificates",
                                       "/usr/local/share/ca-certificates",
                                       "/etc/krb5.conf",
                                       NULL},
                           *const names[] = {"/etc", "/run/systemd/resolve", "/run/NetworkManager", "/run/resolvconf",
                                             NULL};
  enum { PORT_OF_NAMES = 53 };
  for (const char *const *p = client; *p; p++)
    add_to(s->read, *p);
  for (const char *const *p = names; *p && by_name; p++)
    add_to(s->read, *p);
  if (by_name)
    add_port(s->connect, PORT_OF_NAMES);
  s->connects = true;
}

/* A client of PostgreSQL. */
static void add_client(struct sandbox *s, const struct db_reach *r)
{
  add_network(s, r->by_name || r->by_service);
  for (const char *const *p = r->files; *p; p++)
    add_to(s->read, *p);
  for (const int *port = r->ports; *port; port++)
    add_port(s->connect, *port);
  s->connect_any = r->by_service;
}

/* The mail server alone, and only where there is one. */
static void add_mail(struct sandbox *s, const struct mail_settings *m)
{
  add_network(s, m->by_name);
  add_to(s->read, m->ca);
  add_to(s->read, m->password_path);
  add_port(s->connect, m->port);
}

/* --- what the settings name --- */

static int port_of(struct str listen)
{
  int64_t port = 0;
  size_t colon = listen.n;
  while (colon && listen.p[colon - 1] != ':')
    colon--;
  return str_to_i64(str_sub(listen, colon, listen.n), &port) && port > 0 && port < 65536 ? (int)port : 0;
}

static const char *folder_of(struct arena *a, const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash ? str_cstr(a, str_sub(str_from(path), 0, (size_t)(slash - path) + 1)) : ".";
}

static enum code add_settings(struct cli *cli, struct sandbox *s, struct err *e)
{
  static const char *const files[] = {"tls-cert", "tls-key", "dev", NULL}, *const addresses[] = {
                                                                               "listen", "metrics-listen", NULL};
  const char *key = NULL, *demo = NULL;
  enum code c = cli_key_path(cli, &key, e);
  if (c == OK)
    c = cli_demo_path(cli, &demo, e);
  if (c != OK)
    return c;
  add_to(s->read, folder_of(cli->arena, key)); /* an erasure puts another file in its place */
  add_to(s->read, demo);
  for (const char *const *f = files; *f; f++)
    add_to(s->read, str_cstr(cli->arena, conf_get(cli->conf, *f)));
  for (const char *const *f = addresses; *f; f++)
    if (conf_get(cli->conf, *f).n)
      add_port(s->bind, port_of(conf_get(cli->conf, *f)));
  return OK;
}

/* One line: what holds, and what is missing. */
static void tell(const struct sandbox_state *s)
{
  char landlock[16];
  snprintf(landlock, sizeof(landlock), "%d", s->landlock);
  log_line(s->why ? LOG_WARN : LOG_INFO, "sandbox", "landlock", s->landlock ? landlock : "no", "seccomp",
           s->seccomp ? "yes" : "no", "missing", s->why ? s->why : "", NULL);
}

enum code confine(struct cli *cli, const struct mail_settings *mail, struct sandbox *ret,
                  struct sandbox_state *ret_state, struct err *e)
{
  struct db_reach reach = {0};
  *ret = (struct sandbox){.bind = {SANDBOX_NO_PORT}, .connect = {SANDBOX_NO_PORT}};
  *ret_state = (struct sandbox_state){.why = "--no-sandbox"};
  enum code c = OK;
  if (!conf_flag(cli->conf, "no-sandbox")) {
    c = db_reach(cli_db(cli), cli->arena, &reach, e);
    add_system(ret);
    add_to(ret->write, reach.folder);
    if (reach.connects)
      add_client(ret, &reach);
    if (mail)
      add_mail(ret, mail);
    if (c == OK)
      c = add_settings(cli, ret, e);
    if (c == OK)
      c = sandbox_enter(ret, ret_state, e);
  }
  if (c == OK)
    tell(ret_state);
  return c;
}

/* Graphviz reads its libraries, and nothing else: neither data nor key, and it writes nowhere. */
static bool confine_drawer(void)
{
  static const struct sandbox box = {
      .read = {"/etc/ld.so.cache", "/usr/lib", "/lib", "/dev/null", "/proc/self/maps", NULL},
      .run = {"/usr/bin", "/usr/sbin", "/usr/lib", "/lib", "/lib64", NULL},
      .bind = {SANDBOX_NO_PORT},
      .connect = {SANDBOX_NO_PORT}};
  struct sandbox_state state;
  struct err e = {0};
  return sandbox_enter(&box, &state, &e) == OK;
}

enum code confine_begin(const struct cli *cli, struct err *e)
{
  return layout_begin(conf_flag(cli->conf, "no-sandbox") ? NULL : confine_drawer, e);
}

enum code confine_seal(const struct cli *cli, const struct sandbox *s, struct err *e)
{
  return conf_flag(cli->conf, "no-sandbox") ? OK : sandbox_seal(s, e);
}
