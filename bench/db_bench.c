/* db_bench.c: durable commits a second with 1 and with 16 threads, each inserting one row of 200 bytes, as an audit event is.
 * usage: db_bench URL [SECONDS], URL of a database that does not yet exist (SQLite) or is empty (PostgreSQL). */
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "db/db.h"

STMT_WRITE(q_insert, "bench_insert", "INSERT INTO bench_row (id, payload) VALUES ($1, $2)");

static atomic_bool stopping;
static _Atomic int64_t next_id = 1;

struct worker {
  struct db *db;
  int64_t commits, slowest; /* microseconds */
};

static int64_t microseconds(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static enum code insert(struct tx *tx, void *arg, struct err *e)
{
  static const char payload[200] = "payload";
  return db_exec(tx, &q_insert, NULL, e, BINDS(b_int(*(int64_t *)arg), b_bytes((struct str){payload, sizeof payload})));
}

static void *work(void *arg)
{
  struct worker *w = arg;
  while (!stopping) {
    struct err e = {0};
    int64_t id = next_id++, start = microseconds();
    if (db_write(w->db, "bench", NULL, insert, &id, &e) != OK) {
      err_print(stderr, &e);
      break;
    }
    int64_t took = microseconds() - start;
    w->slowest = took > w->slowest ? took : w->slowest;
    w->commits++;
  }
  return NULL;
}

static void measure(struct db *db, int threads, unsigned seconds)
{
  struct worker w[16] = {0};
  pthread_t thread[16];
  int64_t commits = 0, slowest = 0, start = microseconds();
  stopping = false;
  for (int i = 0; i < threads; i++) {
    w[i].db = db;
    pthread_create(&thread[i], NULL, work, &w[i]);
  }
  sleep(seconds);
  stopping = true;
  for (int i = 0; i < threads; i++) {
    pthread_join(thread[i], NULL);
    commits += w[i].commits;
    slowest = w[i].slowest > slowest ? w[i].slowest : slowest;
  }
  double took = (double)(microseconds() - start) / 1e6;
  printf("%2d threads: %8.0f commits/s, slowest %.1f ms\n", threads, (double)commits / took, (double)slowest / 1e3);
}

int main(int argc, char **argv)
{
  if (argc < 2) {
    fprintf(stderr, "usage: db_bench URL [SECONDS]\n");
    return 64;
  }
  struct err e = {0};
  struct db *db = NULL;
  int64_t seconds = 3;
  if (argc > 2 && !str_to_i64(str_from(argv[2]), &seconds))
    return 64;
  struct db_options o = {.url = str_from(argv[1]), .readers = 16, .owner = true};
  enum code c = db_init(&o, &e);
  if (c == OK)
    c = db_open(&o, &db, &e);
  if (c == OK)
    c = db_script(db,
                  db_engine(db) == DB_SQLITE
                      ? "CREATE TABLE bench_row (id INTEGER NOT NULL PRIMARY KEY, payload BLOB NOT NULL) STRICT"
                      : "CREATE TABLE bench_row (id bigint NOT NULL PRIMARY KEY, payload bytea NOT NULL)",
                  NULL, NULL, &e);
  if (c != OK) {
    err_print(stderr, &e);
    return code_exit_status(c);
  }
  measure(db, 1, (unsigned)seconds);
  measure(db, 16, (unsigned)seconds);
  db_close(db);
  return 0;
}
