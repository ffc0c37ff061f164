/* store.h: a fresh database for a test, on the engine that the program was called for: `test_x sqlite` or, under tests/pg.sh,
 * `test_x postgresql`. The same tests run on both. Failures of the harness itself end the program. */
#ifndef TESTS_STORE_H
#define TESTS_STORE_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "db/db.h"

struct store {
  struct db *db;
  struct db_options options; /* to open it once more */
  enum db_engine engine;
  char url[400], place[200]; /* place: path or name of the database */
};

enum { STORE_APP = 0, STORE_OWNER = 1, STORE_EMPTY = 2, STORE_SYNCED = 4 };

/* Which engine `main` was asked for. */
enum db_engine store_engine(void);
/* Makes a database with the product's schema and opens it as the server would; STORE_OWNER: with all rights (own tables,
 * no row-level security on PostgreSQL); STORE_EMPTY: without migrations, with STORE_OWNER. */
void store_new(struct store *s, int flags);
void store_new_on(struct store *s, enum db_engine engine, int flags);
void store_reopen(struct store *s);
/* Closes and drops it; ends the program when what stands beside a case (clock_*) is not what it is taken from. */
void store_free(struct store *s);
/* Runs literal text, each engine its own; the other one's is ignored. */
void store_ddl(struct store *s, const char *sqlite, const char *postgresql);
/* First value of a query as text, in static memory of the thread; on PostgreSQL asked by the cluster's superuser, whom row-level
 * security does not bind. */
const char *store_ask(struct store *s, const char *sql);

/* Code must be OK; prints the error otherwise. */
#define ok(call) store_ok((call), &(e), __FILE__, __LINE__)
void store_ok(enum code c, const struct err *e, const char *file, int line);

/* main() of a test program: STORE_MAIN(cmocka_unit_test(a), cmocka_unit_test(b)) */
#define STORE_MAIN(...) STORE_MAIN_SETUP(NULL, NULL, __VA_ARGS__)
#define STORE_MAIN_SETUP(start, stop, ...)                                                                             \
  int main(int argc, char **argv)                                                                                      \
  {                                                                                                                    \
    const struct CMUnitTest tests[] = {__VA_ARGS__};                                                                   \
    store_choose(argc, argv);                                                                                          \
    return cmocka_run_group_tests(tests, start, stop);                                                                 \
  }
void store_choose(int argc, char **argv);

#endif
