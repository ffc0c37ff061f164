/* kill.c: a child that writes to SQLite is killed again and again at any moment. Whatever it had acknowledged is there
 * afterwards, and the file is sound (db_open checks it after an unclean stop). */
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store.h"

STMT_WRITE(q_insert, "test_insert", "INSERT INTO thing (id, note) VALUES ($1, $2)");
STMT_READ(q_there, "test_there", "SELECT note FROM thing WHERE id = $1");

enum { CYCLES = 20, WRITERS = 4 };

static const struct db_who nobody;

static enum code insert(struct tx *tx, void *arg, struct err *e)
{
  char note[2000];
  memset(note, 'n', sizeof note);
  return db_exec(tx, &q_insert, NULL, e, BINDS(b_int(*(int64_t *)arg), b_bytes((struct str){note, sizeof note})));
}

/* --- the child --------------------------------------------------------------------------------------------------------------- */

struct child {
  struct db *db;
  int pipe;
  int64_t first;
};

/* Writes ids, each after its db_write() has returned. */
static void *write_on(void *arg)
{
  struct child *c = arg;
  struct err e = {0};
  for (int64_t id = c->first;; id += WRITERS)
    if (db_write(c->db, "insert", &nobody, insert, &id, &e) != OK || write(c->pipe, &id, sizeof id) != sizeof id)
      _exit(3);
  return NULL;
}

static void child_main(struct store *s, int pipe, int64_t first)
{
  struct db *db = NULL;
  struct err e = {0};
  if (db_open(&s->options, &db, &e) != OK)
    _exit(2);
  struct child c[WRITERS];
  pthread_t thread;
  for (int i = 0; i < WRITERS; i++) {
    c[i] = (struct child){db, pipe, first + i};
    if (pthread_create(&thread, NULL, write_on, &c[i]) != 0)
      _exit(4);
  }
  pause();
}

/* --- the parent -------------------------------------------------------------------------------------------------------------- */

struct acknowledged {
  int64_t *id;
  size_t n, size;
};

static void take(int pipe, struct acknowledged *a)
{
  int64_t id;
  while (read(pipe, &id, sizeof id) == sizeof id) {
    if (a->n == a->size) {
      a->size = a->size ? 2 * a->size : 1024;
      a->id = realloc(a->id, a->size * sizeof *a->id);
      assert_non_null(a->id);
    }
    a->id[a->n++] = id;
  }
}

static void write_and_kill(struct store *s, int cycle, struct acknowledged *a)
{
  int fd[2];
  assert_int_equal(pipe(fd), 0);
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    close(fd[0]);
    child_main(s, fd[1], 1 + (int64_t)cycle * 1000000);
    _exit(1);
  }
  close(fd[1]);
  usleep((useconds_t)(40000 + cycle * 7919 % 13 * 9000 + (int)(getpid() % 17) * 1000));
  kill(child, SIGKILL);
  take(fd[0], a);
  close(fd[0]);
  int status = 0;
  waitpid(child, &status, 0);
  assert_true(WIFSIGNALED(status));
}

static enum code look_for_all(struct tx *tx, void *arg, struct err *e)
{
  const struct acknowledged *a = arg;
  for (size_t i = 0; i < a->n; i++) {
    struct rows r = {0};
    enum code c = db_query(tx, &q_there, &r, e, BINDS(b_int(a->id[i])));
    assert_int_equal(c, OK);
    if (!rows_next(&r) || rows_bytes(&r, 0).n != 2000)
      fail_msg("an acknowledged row is gone: %lld", (long long)a->id[i]);
    if ((c = rows_end(&r, e)) != OK)
      return c;
  }
  return OK;
}

static void nothing_acknowledged_is_lost(void **state)
{
  struct store s;
  struct err e = {0};
  struct acknowledged a = {0};
  store_new_on(&s, DB_SQLITE, STORE_OWNER | STORE_SYNCED);
  store_ddl(&s, "CREATE TABLE thing (id INTEGER NOT NULL PRIMARY KEY, note BLOB) STRICT", NULL);
  s.options.exclusive = true;
  for (int cycle = 0; cycle < CYCLES; cycle++) {
    db_close(s.db);
    s.db = NULL;
    write_and_kill(&s, cycle, &a);
    ok(db_open(&s.options, &s.db, &e));
    ok(db_read(s.db, &nobody, look_for_all, &a, &e));
  }
  assert_true(a.n > 100);
  assert_string_equal(store_ask(&s, "PRAGMA integrity_check"), "ok");
  print_message("%zu acknowledged writes\n", a.n);
  free(a.id);
  store_free(&s);
}

/* --- init and migrations ------------------------------------------------------------------------------------------------------ */

/* Killed anywhere, init can simply be run again; what stands there is nothing or the whole of a migration. */
static void a_killed_init_leaves_old_or_new_and_runs_again(void **state)
{
  struct store s;
  struct err e = {0};
  int olds = 0;
  for (int cycle = 0; cycle < 2 * CYCLES; cycle++) {
    store_new_on(&s, DB_SQLITE, STORE_OWNER | STORE_EMPTY | STORE_SYNCED);
    db_close(s.db);
    s.db = NULL;
    unlink(s.place);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
      _exit(db_init(&s.options, &e) == OK ? 0 : 1);
    usleep((useconds_t)(cycle * 400));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    enum code c = db_init(&s.options, &e);
    assert_true(c == OK || c == CONFLICT);
    olds += c == OK;
    int version = -1;
    ok(db_open(&s.options, &s.db, &e));
    ok(migrate_version(s.db, &version, &e));
    assert_string_equal(store_ask(&s, "SELECT count(*) > 5 FROM sqlite_schema"), version ? "1" : "0");
    ok(migrate_run(s.db, NULL, NULL, &e));
    store_free(&s);
  }
  assert_true(olds > 0);
}

STORE_MAIN(cmocka_unit_test(nothing_acknowledged_is_lost),
           cmocka_unit_test(a_killed_init_leaves_old_or_new_and_runs_again))
