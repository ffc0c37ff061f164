/* store.c: see store.h. */
#include "store.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <sys/stat.h>
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

/* One that is migrated, for each engine: the first of a program is; the others begin as a copy of it. */
static char migrated[2][64];
static pid_t migrated_by;

static void pg_forget(void)
{
  if (migrated_by == getpid())
    server("DROP DATABASE", migrated[DB_POSTGRESQL], "WITH (FORCE)");
}

static void pg_keep(const struct store *s)
{
  char from[sizeof s->place + 16];
  snprintf(from, sizeof from, "TEMPLATE %s", s->place);
  snprintf(migrated[DB_POSTGRESQL], sizeof migrated[DB_POSTGRESQL], "t_%d_migrated", (int)getpid());
  server("CREATE DATABASE", migrated[DB_POSTGRESQL], from);
  atexit(pg_forget);
}

/* postgresql:///postgres?host=… becomes postgresql:///NAME?host=… */
static void pg_place(struct store *s, int number, bool copy)
{
  char from[80] = "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'";
  if (copy)
    snprintf(from, sizeof from, "TEMPLATE %s", migrated[DB_POSTGRESQL]);
  snprintf(s->place, sizeof s->place, "t_%d_%d", (int)getpid(), number);
  server("CREATE DATABASE", s->place, from);
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

static void copy_file(const char *from, const char *to)
{
  char block[64 << 10];
  FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
  if (!in || !out)
    give_up("a database cannot be copied");
  (void)fchmod(fileno(out), S_IRUSR | S_IWUSR);
  for (size_t n; (n = fread(block, 1, sizeof block, in)) > 0;)
    if (fwrite(block, 1, n, out) != n)
      give_up("a database cannot be copied");
  fclose(in);
  if (fclose(out) != 0)
    give_up("a database cannot be copied");
}

static void sqlite_forget(void)
{
  if (migrated_by == getpid())
    unlink(migrated[DB_SQLITE]);
}

static void sqlite_keep(const struct store *s)
{
  snprintf(migrated[DB_SQLITE], sizeof migrated[DB_SQLITE], "/tmp/tsunagu-store-%d-migrated.db", (int)getpid());
  copy_file(s->place, migrated[DB_SQLITE]);
  atexit(sqlite_forget);
}

static void sqlite_place(struct store *s, int number, bool copy)
{
  snprintf(s->place, sizeof s->place, "/tmp/tsunagu-store-%d-%d.db", (int)getpid(), number);
  snprintf(s->url, sizeof s->url, "sqlite:%s", s->place);
  sqlite_remove(s); /* of a test with the same number that was killed */
  if (copy)
    copy_file(migrated[DB_SQLITE], s->place);
}

/* --- both ---------------------------------------------------------------------------------------------------------------- */

void store_new_on(struct store *s, enum db_engine engine, int flags)
{
  static int number;
  struct err e = {0};
  *s = (struct store){.engine = engine};
  number++;
  bool copy = migrated[engine][0] && !(flags & STORE_EMPTY);
  if (engine == DB_POSTGRESQL)
    pg_place(s, number, copy);
  else
    sqlite_place(s, number, copy);
  s->options =
      (struct db_options){.url = str_from(s->url), .owner = flags & STORE_OWNER, .unsynced = !(flags & STORE_SYNCED)};
  if (flags & STORE_EMPTY) {
    s->options.schema_any = true;
    ok(db_create(&s->options, &e));
  } else if (!copy) {
    ok(db_init(&s->options, &e));
    migrated_by = getpid();
    (engine == DB_POSTGRESQL ? pg_keep : sqlite_keep)(s);
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

/* ---- what stands beside a case is what it is taken from, whatever the test wrote (migration 49) ------------------------- */

/* clang-format off */
#define LEADS "FROM participation p WHERE p.network_id = c.network_id AND p.case_id = c.id AND p.part = 'lead'"
#define WAITS "FROM connection n WHERE n.network_id = c.network_id AND n.case_id = c.id AND n.state IN ('sent', 'received')"
static const char beside_wrong[] =
    "SELECT count(*) FROM case_file c WHERE"
    " c.clock_contact IS DISTINCT FROM CASE WHEN c.status <> 'closed' THEN COALESCE(c.last_contact_at, c.opened_at) END"
    " OR c.clock_pace <> CASE c.density WHEN 'A' THEN 0 WHEN 'C' THEN 2 ELSE 1 END OR c.clock_next <> COALESCE(c.next_date, '')"
    " OR c.clock_waiting IS DISTINCT FROM (SELECT min(n.sent_at) " WAITS ")"
    " OR c.clock_silent IS DISTINCT FROM (SELECT min(n.silent_at) " WAITS ")"
    " OR c.clock_lead <> (SELECT CASE count(*) WHEN 0 THEN 0 WHEN 1 THEN max(p.organization_id) ELSE -1 END " LEADS " AND p.until_at IS NULL)"
    " OR c.clock_settled <> (SELECT CASE WHEN COALESCE(max(p.until_at), 0) > COALESCE(max(p.from_at), 0) THEN max(p.until_at)"
    "  ELSE COALESCE(max(p.from_at), 0) END " LEADS ")";
/* clang-format on */

/* What has no such table or column (an older schema, a broken file) is not asked. */
static int wrong_on_postgresql(const struct store *s)
{
  PGconn *h = PQconnectdb(s->url);
  PGresult *r = PQexec(h, beside_wrong);
  int n = PQresultStatus(r) == PGRES_TUPLES_OK ? (int)strtol(PQgetvalue(r, 0, 0), NULL, 10) : 0;
  PQclear(r);
  PQfinish(h);
  return n;
}

static int wrong_on_sqlite(const struct store *s)
{
  sqlite3 *h = NULL;
  sqlite3_stmt *st = NULL;
  int n = 0;
  if (sqlite3_open_v2(s->place, &h, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
      sqlite3_prepare_v2(h, beside_wrong, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW)
    n = sqlite3_column_int(st, 0);
  sqlite3_finalize(st);
  sqlite3_close(h);
  return n;
}

static void check_beside(const struct store *s)
{
  int n = s->engine == DB_POSTGRESQL ? wrong_on_postgresql(s) : wrong_on_sqlite(s);
  if (!n)
    return;
  fprintf(stderr, "store: %d cases beside which stands what they are not\n", n);
  exit(98);
}

void store_free(struct store *s)
{
  db_close(s->db);
  s->db = NULL;
  check_beside(s);
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
