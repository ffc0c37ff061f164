/* store.c: see store.h. */
#include "store.h"

#include <libpq-fe.h>
#include <unistd.h>

static enum db_engine chosen = DB_SQLITE;

void store_choose(int argc, char **argv)
{
  chosen = argc > 1 && strcmp(argv[1], "postgresql") == 0 ? DB_POSTGRESQL : DB_SQLITE;
}

enum db_engine store_engine(void)
{
  return chosen;
}

void store_ok(enum code c, const struct err *e, const char *file, int line)
{
  if (c == OK)
    return;
  fprintf(stderr, "%s:%d: %s: ", file, line, code_name(c));
  err_print(stderr, e);
  fail();
}

static void give_up(const char *why)
{
  fprintf(stderr, "store: %s\n", why);
  exit(99);
}

/* --- PostgreSQL: one database a store, in the cluster of tests/pg.sh ----------------------------------------------------- */

static void server(const char *before, const char *name, const char *after)
{
  const char *url = getenv("TSUNAGU_TEST_PG");
  char sql[300];
  if (!url)
    give_up("run this under tests/pg.sh");
  PGconn *h = PQconnectdb(url);
  snprintf(sql, sizeof sql, "%s %s %s", before, name, after);
  PGresult *r = PQexec(h, sql);
  if (PQresultStatus(r) != PGRES_COMMAND_OK)
    give_up(PQerrorMessage(h));
  PQclear(r);
  PQfinish(h);
}

/* postgresql:///postgres?host=… becomes postgresql:///NAME?host=… */
static void pg_place(struct store *s, int number)
{
  snprintf(s->place, sizeof s->place, "t_%d_%d", (int)getpid(), number);
  server("CREATE DATABASE", s->place, "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'");
  const char *url = getenv("TSUNAGU_TEST_PG"), *query = strchr(url, '?');
  snprintf(s->url, sizeof s->url, "postgresql:///%s%s", s->place, query ? query : "");
}

static void sqlite_remove(const struct store *s)
{
  static const char *const tails[] = {"", "-wal", "-shm", "-lock"};
  char name[260];
  for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
    snprintf(name, sizeof name, "%s%s", s->place, tails[i]);
    unlink(name);
  }
}

static void sqlite_place(struct store *s, int number)
{
  snprintf(s->place, sizeof s->place, "/tmp/tsunagu-store-%d-%d.db", (int)getpid(), number);
  snprintf(s->url, sizeof s->url, "sqlite:%s", s->place);
  sqlite_remove(s); /* of a test with the same number that was killed */
}

/* --- both ---------------------------------------------------------------------------------------------------------------- */

void store_new_on(struct store *s, enum db_engine engine, int flags)
{
  static int number;
  struct err e = {0};
  *s = (struct store){.engine = engine};
  number++;
  if (engine == DB_POSTGRESQL)
    pg_place(s, number);
  else
    sqlite_place(s, number);
  s->options =
      (struct db_options){.url = str_from(s->url), .owner = flags & STORE_OWNER, .unsynced = !(flags & STORE_SYNCED)};
  if (flags & STORE_EMPTY) {
    s->options.schema_any = true;
    ok(db_create(&s->options, &e));
  } else {
    ok(db_init(&s->options, &e));
  }
  ok(db_open(&s->options, &s->db, &e));
}

void store_new(struct store *s, int flags)
{
  store_new_on(s, chosen, flags);
}

void store_reopen(struct store *s)
{
  struct err e = {0};
  db_close(s->db);
  s->db = NULL;
  ok(db_open(&s->options, &s->db, &e));
}

void store_free(struct store *s)
{
  db_close(s->db);
  s->db = NULL;
  if (s->engine == DB_POSTGRESQL)
    server("DROP DATABASE", s->place, "WITH (FORCE)");
  else
    sqlite_remove(s);
}

void store_ddl(struct store *s, const char *sqlite, const char *postgresql)
{
  struct err e = {0};
  ok(db_script(s->db, s->engine == DB_SQLITE ? sqlite : postgresql, NULL, NULL, &e));
}

/* Past row-level security, which shows nothing to one who has no session. */
static void ask_server(const struct store *s, const char *sql, char *text, size_t size)
{
  PGconn *h = PQconnectdb(s->url);
  PGresult *r = PQexec(h, sql);
  if (PQresultStatus(r) != PGRES_TUPLES_OK)
    give_up(PQerrorMessage(h));
  snprintf(text, size, "%s", PQntuples(r) ? PQgetvalue(r, 0, 0) : "");
  PQclear(r);
  PQfinish(h);
}

const char *store_ask(struct store *s, const char *sql)
{
  static _Thread_local char text[4000];
  struct err e = {0};
  struct str got = STR_NONE;
  if (s->engine == DB_POSTGRESQL && !s->options.owner) {
    ask_server(s, sql, text, sizeof text);
    return text;
  }
  struct arena *a = arena_new(LIMIT_ARENA);
  ok(db_script(s->db, sql, a, &got, &e));
  snprintf(text, sizeof text, "%.*s", STR_FMT(got));
  arena_free(a);
  return text;
}
