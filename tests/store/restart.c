/* restart.c: PostgreSQL goes down and comes back while others write. Nothing acknowledged is lost, what was not acknowledged is
 * said to be so, and later calls work again. Under tests/pg.sh --own. */
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/clock.h"
#include "store.h"

STMT_WRITE(q_insert, "test_insert", "INSERT INTO thing (id) VALUES ($1)");
STMT_READ(q_there, "test_there", "SELECT count(*) FROM thing WHERE id = $1");

enum { WRITERS = 6, MOST = 200000 };

static const struct db_who nobody;
static atomic_bool stopping;

struct writer {
  struct store *s;
  int64_t next;
  int n, failed, others;
  int64_t *done;
};

static enum code insert(struct tx *tx, void *arg, struct err *e)
{
  return db_exec(tx, &q_insert, NULL, e, BINDS(b_int(*(int64_t *)arg)));
}

static void *write_on(void *arg)
{
  struct writer *w = arg;
  for (; !stopping && w->n < MOST; w->next += WRITERS) {
    struct err e = {0};
    enum code c = db_write(w->s->db, "insert", &nobody, insert, &w->next, &e);
    if (c == OK) {
      w->done[w->n++] = w->next;
    } else if (c == IO || c == RETRY) {
      w->failed++;
      usleep(5000);
    } else {
      err_print(stderr, &e);
      w->others++;
    }
  }
  return NULL;
}

static enum code look_for_all(struct tx *tx, void *arg, struct err *e)
{
  const struct writer *w = arg;
  for (int i = 0; i < w->n; i++) {
    struct rows r = {0};
    enum code c = db_query(tx, &q_there, &r, e, BINDS(b_int(w->done[i])));
    if (c != OK)
      return c;
    if (!rows_next(&r) || rows_int(&r, 0) != 1)
      fail_msg("an acknowledged row is gone: %lld", (long long)w->done[i]);
    if ((c = rows_end(&r, e)) != OK)
      return c;
  }
  return OK;
}

static void a_restart_loses_nothing_acknowledged(void **state)
{
  struct store s;
  struct err e = {0};
  struct writer w[WRITERS];
  pthread_t thread[WRITERS];
  const char *restart = getenv("TSUNAGU_TEST_PG_RESTART");
  assert_non_null(restart);
  store_new_on(&s, DB_POSTGRESQL, STORE_OWNER);
  store_ddl(&s, NULL, "CREATE TABLE thing (id bigint NOT NULL PRIMARY KEY)");
  for (int i = 0; i < WRITERS; i++) {
    w[i] = (struct writer){.s = &s, .next = 1 + i, .done = calloc(MOST, sizeof(int64_t))};
    assert_int_equal(pthread_create(&thread[i], NULL, write_on, &w[i]), 0);
  }
  int before[3] = {0};
  for (int i = 0; i < 3; i++) {
    usleep(300000);
    before[i] = w[0].n;
    assert_int_equal(system(restart), 0);
  }
  usleep(300000);
  stopping = true;
  int all = 0;
  for (int i = 0; i < WRITERS; i++) {
    pthread_join(thread[i], NULL);
    assert_int_equal(w[i].others, 0);
    all += w[i].n;
  }
  assert_true(before[0] > 0 && before[1] > before[0] && before[2] > before[1] && w[0].n > before[2]);
  for (int i = 0; i < WRITERS; i++) {
    ok(db_read(s.db, &nobody, look_for_all, &w[i], &e));
    free(w[i].done);
  }
  print_message("%d acknowledged writes\n", all);
  store_free(&s);
}

static void a_read_after_a_restart_finds_its_connection_again(void **state)
{
  struct store s;
  struct err e = {0};
  struct writer none = {0};
  store_new_on(&s, DB_POSTGRESQL, STORE_OWNER);
  store_ddl(&s, NULL, "CREATE TABLE thing (id bigint NOT NULL PRIMARY KEY)");
  ok(db_read(s.db, &nobody, look_for_all, &none, &e));
  assert_int_equal(system(getenv("TSUNAGU_TEST_PG_RESTART")), 0);
  ok(db_read(s.db, &nobody, look_for_all, &none, &e));
  assert_int_equal(system(getenv("TSUNAGU_TEST_PG_RESTART")), 0);
  int64_t id = 5;
  ok(db_write(s.db, "insert", &nobody, insert, &id, &e));
  ok(db_ping(s.db, &e));
  store_free(&s);
}

STORE_MAIN(cmocka_unit_test(a_restart_loses_nothing_acknowledged),
           cmocka_unit_test(a_read_after_a_restart_finds_its_connection_again))
