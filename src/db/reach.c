/* reach.c: what outside of the process a database's address leads to. libpq's own reading of addresses, environment and defaults is asked. */
#include <libpq-fe.h>
#include <limits.h>
#include <stdlib.h>

#include "db/db.h"

enum { DEFAULT_PORT = 5432 };

static void add_file(struct db_reach *r, const char *path)
{
  size_t n = 0;
  while (n < DB_REACH_FILES && r->files[n])
    n++;
  if (path && *path && n < DB_REACH_FILES)
    r->files[n] = path;
}

static void add_port(struct db_reach *r, int port)
{
  size_t n = 0;
  while (n < DB_REACH_PORTS && r->ports[n])
    n++;
  if (n < DB_REACH_PORTS)
    r->ports[n] = port;
}

/* --- SQLite: the folder as it really is, since the file is opened below it by any name --- */

static enum code reach_file(struct str path, struct arena *a, struct db_reach *ret, struct err *e)
{
  char real[PATH_MAX];
  const char *given = str_cstr(a, path);
  if (!given)
    return err_oom(e);
  const char *whole = realpath(given, real) ? real : given;
  const char *slash = strrchr(whole, '/');
  ret->folder =
      slash ? str_cstr(a, (struct str){whole, slash == whole ? 1 : (size_t)(slash - whole)}) : str_cstr(a, S("."));
  return ret->folder ? OK : err_oom(e);
}

/* --- PostgreSQL --- */

/* What the address says, or else environment and defaults. */
static const char *option(const PQconninfoOption *given, const PQconninfoOption *defaults, const char *name)
{
  for (const PQconninfoOption *o = given; o && o->keyword; o++)
    if (strcmp(o->keyword, name) == 0 && o->val)
      return o->val;
  for (const PQconninfoOption *o = defaults; o && o->keyword; o++)
    if (strcmp(o->keyword, name) == 0 && o->val)
      return o->val;
  return "";
}

static bool is_number_address(struct str host)
{
  for (size_t i = 0; i < host.n; i++)
    if (!strchr("0123456789abcdefABCDEF.:", host.p[i]))
      return false;
  return true;
}

/* Hosts and ports are lists parted by commas; one port may stand for all. */
static void reach_hosts(struct db_reach *r, struct str hosts, struct str ports, bool has_addresses)
{
  struct str host, port;
  while (str_split(&hosts, ',', &host)) {
    if (host.n && (host.p[0] == '/' || host.p[0] == '@'))
      continue;
    r->by_network = true;
    r->by_name = r->by_name || (!has_addresses && !is_number_address(host));
  }
  while (r->by_network && str_split(&ports, ',', &port)) {
    int64_t number = 0;
    add_port(r, str_to_i64(port, &number) && number > 0 && number < 65536 ? (int)number : DEFAULT_PORT);
  }
  if (r->by_network && !r->ports[0])
    add_port(r, DEFAULT_PORT);
}

static void reach_files(struct db_reach *r, struct arena *a, const PQconninfoOption *given,
                        const PQconninfoOption *defaults)
{
  static const char *const names[] = {"passfile", "sslcert", "sslkey", "sslrootcert", "sslcrl", "sslcrldir"};
  const char *home = getenv("HOME");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    add_file(r, str_cstr(a, str_from(option(given, defaults, names[i]))));
  if (home && *home) {
    add_file(r, str_cstr(a, str_printf(a, "%s/.pgpass", home)));
    add_file(r, str_cstr(a, str_printf(a, "%s/.postgresql", home)));
  }
}

static enum code reach_server(struct str url, struct arena *a, struct db_reach *ret, struct err *e)
{
  const char *text = str_cstr(a, url);
  PQconninfoOption *given = text ? PQconninfoParse(text, NULL) : NULL, *defaults = PQconndefaults();
  ret->connects = true;
  ret->by_service = *option(given, defaults, "service") != 0;
  const char *addresses = option(given, defaults, "hostaddr");
  reach_hosts(ret, str_from(*addresses ? addresses : option(given, defaults, "host")),
              str_from(option(given, defaults, "port")), *addresses != 0);
  reach_files(ret, a, given, defaults);
  PQconninfoFree(given);
  PQconninfoFree(defaults);
  return arena_failed(a) ? err_oom(e) : OK;
}

enum code db_reach(struct str url, struct arena *a, struct db_reach *ret, struct err *e)
{
  *ret = (struct db_reach){0};
  if (str_starts(url, S("sqlite:")))
    return reach_file(str_sub(url, strlen("sqlite:"), url.n), a, ret, e);
  return reach_server(url, a, ret, e);
}
