/* plans.c: how PostgreSQL runs each statement of the program on the database it is shown. usage: bench_plans postgresql://…
 * Plans are the generic ones, as the program's prepared statements have them, under the role of the program with its row-level security.
 * Prints the plan of each statement that reads a big table (over BIG rows) from end to end, and fails when there is one. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/db.h"

enum { BIG = 5000, TEXT_MOST = 64 << 10 };

static void die(PGconn *c, const char *what)
{
  fprintf(stderr, "plans: %s: %s", what, PQerrorMessage(c));
  exit(1);
}

static PGresult *must(PGconn *c, const char *sql)
{
  PGresult *r = PQexec(c, sql);
  if (PQresultStatus(r) != PGRES_TUPLES_OK && PQresultStatus(r) != PGRES_COMMAND_OK)
    die(c, sql);
  return r;
}

/* What compares every fact with its log reads them all: that is its work, at the command line, not for a page. */
static const char *const whole[] = {"access_astray"};

static bool reads_everything(const struct stmt *q)
{
  for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
    if (strcmp(q->name, whole[i]) == 0)
      return true;
  return false;
}

/* Does a line of the plan read one of the big tables from end to end? */
static bool reads_all(const char *line, const PGresult *big)
{
  const char *scan = strstr(line, "Seq Scan on ");
  if (!scan)
    return false;
  scan += strlen("Seq Scan on ");
  for (int i = 0; i < PQntuples(big); i++) {
    const char *name = PQgetvalue(big, i, 0);
    size_t n = strlen(name);
    if (strncmp(scan, name, n) == 0 && (scan[n] == ' ' || scan[n] == '\0'))
      return true;
  }
  return false;
}

static int params_of(PGconn *c, const char *name)
{
  PGresult *r = PQdescribePrepared(c, name);
  if (PQresultStatus(r) != PGRES_COMMAND_OK)
    die(c, name);
  int n = PQnparams(r);
  PQclear(r);
  return n;
}

/* 1 when the statement reads a big table whole. */
static int look(PGconn *c, const struct stmt *q, const PGresult *big)
{
  static char sql[TEXT_MOST];
  PGresult *r = PQprepare(c, q->name, q->sql, 0, NULL);
  if (PQresultStatus(r) != PGRES_COMMAND_OK)
    die(c, q->name);
  PQclear(r);
  int n = params_of(c, q->name), bad = 0;
  int at = snprintf(sql, sizeof sql, "EXPLAIN EXECUTE \"%s\"%s", q->name, n ? "(" : "");
  for (int i = 0; i < n; i++)
    at += snprintf(sql + at, sizeof sql - (size_t)at, "%sNULL", i ? ", " : "");
  snprintf(sql + at, sizeof sql - (size_t)at, "%s", n ? ")" : "");
  r = must(c, sql);
  for (int i = 0; i < PQntuples(r); i++)
    if (reads_all(PQgetvalue(r, i, 0), big)) {
      printf("%s: %s\n", q->name, PQgetvalue(r, i, 0));
      bad = 1;
    }
  PQclear(r);
  return bad;
}

int main(int argc, char **argv)
{
  char sql[200];
  int bad = 0;
  if (argc != 2) {
    fprintf(stderr, "usage: bench_plans postgresql://…\n");
    return 2;
  }
  PGconn *c = PQconnectdb(argv[1]);
  if (PQstatus(c) != CONNECTION_OK)
    die(c, "connecting");
  snprintf(
      sql, sizeof sql,
      "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples > %d",
      BIG);
  PGresult *big = must(c, sql);
  PQclear(must(c, "SET ROLE tsunagu_app"));
  PQclear(must(c, "SET plan_cache_mode = force_generic_plan"));
  for (size_t i = 0; i < stmt_count(); i++)
    bad += reads_everything(stmt_at(i)) ? 0 : look(c, stmt_at(i), big);
  printf("%zu statements, %d big tables: %d statements read one from end to end\n", stmt_count(), PQntuples(big), bad);
  PQclear(big);
  PQfinish(c);
  return bad > 0;
}
