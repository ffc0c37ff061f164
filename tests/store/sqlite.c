/* sqlite.c: what only the SQLite engine has: the lock beside the file, the check after an unclean stop, groups that fail as a
 * whole, the log's length, parameters by name. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store.h"

STMT_WRITE(q_insert, "test_insert", "INSERT INTO thing (id, note) VALUES ($1, $2)");
STMT_WRITE(q_insert_harsh, "test_insert_harsh", "INSERT OR ROLLBACK INTO thing (id, note) VALUES ($1, $2)");
STMT_READ(q_count, "test_count", "SELECT count(*) FROM thing");
STMT_READ(q_liar, "test_liar", "UPDATE thing SET note = NULL");
STMT_READ(q_cast, "test_cast", "SELECT $1::text, $2");
STMT_READ(q_gap, "test_gap", "SELECT $1, $3");
STMT_READ(q_two, "test_two", "SELECT 1; SELECT 2");

static const struct db_who nobody;

static void new_things(struct store *s)
{
  store_new_on(s, DB_SQLITE, STORE_OWNER);
  store_ddl(s, "CREATE TABLE thing (id INTEGER NOT NULL PRIMARY KEY, note BLOB) STRICT", NULL);
}

/* --- opening --------------------------------------------------------------------------------------------------------------- */

static void one_process_serves(void **state)
{
  struct store s;
  struct err e = {0};
  struct db *serving = NULL, *second = NULL, *command = NULL;
  new_things(&s);
  struct db_options serve = s.options;
  serve.exclusive = true;
  ok(db_open(&serve, &serving, &e));
  assert_int_equal(db_open(&serve, &second, &e), CONFLICT);
  ok(db_open(&s.options, &command, &e)); /* commands may work beside it */
  db_close(command);
  assert_int_equal(db_open(&serve, &second, &e), CONFLICT);
  db_close(serving);
  ok(db_open(&serve, &second, &e));
  db_close(second);
  store_free(&s);
}

static void only_databases_of_ours_open(void **state)
{
  struct store s;
  struct err e = {0};
  struct db *db = NULL;
  new_things(&s);
  assert_int_equal(db_init(&s.options, &e), CONFLICT);
  db_close(s.db);
  s.db = NULL;
  int fd = open(s.place, O_WRONLY | O_TRUNC);
  assert_int_equal(write(fd, "This is a letter, and a long one, which no database ever was.", 60), 60);
  close(fd);
  assert_int_equal(db_open(&s.options, &db, &e), INVALID);
  assert_int_equal(truncate(s.place, 0), 0);
  assert_int_equal(db_open(&s.options, &db, &e), INVALID);
  store_free(&s);
}

static void the_file_belongs_to_its_owner_alone(void **state)
{
  struct store s;
  struct stat st;
  new_things(&s);
  assert_int_equal(stat(s.place, &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
  store_free(&s);
}

/* --- after an unclean stop --------------------------------------------------------------------------------------------------- */

static enum code fill(struct tx *tx, void *arg, struct err *e)
{
  enum code c = OK;
  char note[3000];
  memset(note, 'x', sizeof note);
  for (int64_t id = 1; id <= 50 && c == OK; id++)
    c = db_exec(tx, &q_insert, NULL, e, BINDS(b_int(id), b_bytes((struct str){note, sizeof note})));
  return c;
}

/* Overwrites the root page of the table. */
static void damage(struct store *s, long page)
{
  static const char rubbish[64] = "rubbish";
  int fd = open(s->place, O_WRONLY);
  assert_int_equal(pwrite(fd, rubbish, sizeof rubbish, (page - 1) * 4096), sizeof rubbish);
  close(fd);
}

static void open_and_die(struct store *s)
{
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    struct err e = {0};
    struct db *db = NULL;
    _exit(db_open(&s->options, &db, &e) == OK ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void the_file_is_checked_after_an_unclean_stop_and_only_then(void **state)
{
  struct store s;
  struct err e = {0};
  new_things(&s);
  ok(db_write(s.db, "fill", &nobody, fill, NULL, &e));
  int64_t page = 0;
  assert_true(str_to_i64(str_from(store_ask(&s, "SELECT rootpage FROM sqlite_schema WHERE name = 'thing'")), &page));
  db_close(s.db);
  s.db = NULL;
  damage(&s, (long)page);
  ok(db_open(&s.options, &s.db, &e)); /* left in order: nobody looks */
  db_close(s.db);
  s.db = NULL;
  open_and_die(&s);
  assert_int_equal(db_open(&s.options, &s.db, &e), IO);
  assert_non_null(strstr(e.msg, "壊れています"));
  assert_int_equal(db_open(&s.options, &s.db, &e), IO); /* and stays refused */
  store_free(&s);
}

static void an_unclean_stop_of_a_sound_file_is_no_trouble(void **state)
{
  struct store s;
  struct err e = {0};
  new_things(&s);
  ok(db_write(s.db, "fill", &nobody, fill, NULL, &e));
  db_close(s.db);
  s.db = NULL;
  open_and_die(&s);
  ok(db_open(&s.options, &s.db, &e));
  assert_string_equal(store_ask(&s, "SELECT count(*) FROM thing"), "50");
  store_free(&s);
}

/* --- groups ------------------------------------------------------------------------------------------------------------------ */

struct member {
  struct store *s;
  int64_t id;
  size_t size; /* of the note */
  bool harsh;
  int runs;
  enum code code;
};

static enum code member_fn(struct tx *tx, void *arg, struct err *e)
{
  struct member *m = arg;
  m->runs++;
  char *note = calloc(1, m->size + 1);
  enum code c = db_exec(tx, m->harsh ? &q_insert_harsh : &q_insert, NULL, e,
                        BINDS(b_int(m->id), b_bytes((struct str){note, m->size})));
  free(note);
  return c;
}

static void *member_main(void *arg)
{
  struct member *m = arg;
  struct err e = {0};
  m->code = db_write(m->s->db, "member", &nobody, member_fn, m, &e);
  return NULL;
}

static enum code hold_the_writer(struct tx *tx, void *arg, struct err *e)
{
  usleep(100000);
  return OK;
}

static void *hold_main(void *arg)
{
  struct err e = {0};
  struct store *s = arg;
  ok(db_write(s->db, "hold", &nobody, hold_the_writer, NULL, &e));
  return NULL;
}

enum { MEMBERS = 8 };

/* Lets all members queue up behind a write that takes its time, so that they become one group. */
static void run_group(struct store *s, struct member m[MEMBERS])
{
  pthread_t hold, thread[MEMBERS];
  assert_int_equal(pthread_create(&hold, NULL, hold_main, s), 0);
  usleep(30000);
  for (int i = 0; i < MEMBERS; i++)
    assert_int_equal(pthread_create(&thread[i], NULL, member_main, &m[i]), 0);
  for (int i = 0; i < MEMBERS; i++)
    pthread_join(thread[i], NULL);
  pthread_join(hold, NULL);
}

static void a_member_that_ends_the_transaction_hurts_nobody(void **state)
{
  struct store s;
  struct member m[MEMBERS];
  new_things(&s);
  store_ddl(&s, "INSERT INTO thing (id) VALUES (3)", NULL);
  int runs = 0;
  for (int i = 0; i < MEMBERS; i++)
    m[i] = (struct member){.s = &s, .id = 100 + i};
  m[5].harsh = true;
  m[5].id = 3; /* there already */
  run_group(&s, m);
  for (int i = 0; i < MEMBERS; i++) {
    assert_int_equal(m[i].code, i == 5 ? CONFLICT : OK);
    runs += m[i].runs;
  }
  assert_true(runs > MEMBERS); /* the group did run twice */
  assert_string_equal(store_ask(&s, "SELECT count(*) FROM thing"), "8");
  store_free(&s);
}

static void a_full_disk_fails_only_what_does_not_fit(void **state)
{
  struct store s;
  struct member m[MEMBERS];
  new_things(&s);
  store_ddl(&s, "PRAGMA max_page_count = 600", NULL);
  for (int i = 0; i < MEMBERS; i++)
    m[i] = (struct member){.s = &s, .id = 100 + i, .size = i == 2 ? 8 << 20 : 10};
  run_group(&s, m);
  for (int i = 0; i < MEMBERS; i++)
    assert_int_equal(m[i].code, i == 2 ? IO : OK);
  assert_string_equal(store_ask(&s, "SELECT count(*) FROM thing"), "7");
  store_free(&s);
}

/* --- the log ----------------------------------------------------------------------------------------------------------------- */

static off_t size_of(const struct store *s, const char *tail)
{
  struct stat st;
  char name[300];
  snprintf(name, sizeof name, "%s%s", s->place, tail);
  return stat(name, &st) == 0 ? st.st_size : -1;
}

static void the_log_stays_short(void **state)
{
  struct store s;
  struct err e = {0};
  new_things(&s);
  for (int64_t i = 0; i < 3000; i++) {
    struct member m = {.s = &s, .id = i, .size = 5000};
    ok(db_write(s.db, "member", &nobody, member_fn, &m, &e));
  }
  assert_in_range(size_of(&s, "-wal"), 1, 8 << 20);
  assert_true(size_of(&s, "") > 10 << 20);
  db_close(s.db);
  s.db = NULL;
  assert_int_equal(size_of(&s, "-wal"), -1);
  ok(db_open(&s.options, &s.db, &e));
  assert_string_equal(store_ask(&s, "SELECT count(*) FROM thing"), "3000");
  store_free(&s);
}

/* --- statements that must not be --------------------------------------------------------------------------------------------- */

static enum code run_bad(struct tx *tx, void *arg, struct err *e)
{
  return db_exec(tx, arg, NULL, e, NO_BINDS);
}

/* BUG() aborts in a build for tests, so each in a child. */
static void expect_bug(struct store *s, const struct stmt *q)
{
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    struct err e = {0};
    struct db *db = NULL;
    if (!freopen("/dev/null", "w", stderr) || db_open(&s->options, &db, &e) != OK)
      _exit(1);
    _exit(db_write(db, "bad", &nobody, run_bad, (void *)(uintptr_t)q, &e) == FAULT ? 42 : 2);
  }
  int status = 0;
  waitpid(child, &status, 0);
  assert_true((WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT) || (WIFEXITED(status) && WEXITSTATUS(status) == 42));
}

static void statements_that_the_engines_would_read_differently_are_bugs(void **state)
{
  struct store s;
  new_things(&s);
  db_close(s.db);
  s.db = NULL;
  expect_bug(&s, &q_liar);
  expect_bug(&s, &q_cast);
  expect_bug(&s, &q_gap);
  expect_bug(&s, &q_two);
  expect_bug(&s, &q_insert); /* wrong number of values */
  store_free(&s);
}

static enum code count_fn(struct tx *tx, void *arg, struct err *e)
{
  return db_exec(tx, &q_count, NULL, e, NO_BINDS);
}

/* More threads than connections: they wait for each other. */
static void *read_many(void *arg)
{
  struct err e = {0};
  for (int i = 0; i < 200; i++)
    ok(db_read(((struct store *)arg)->db, &nobody, count_fn, NULL, &e));
  return NULL;
}

static void more_readers_than_connections_take_turns(void **state)
{
  struct store s;
  pthread_t thread[12];
  new_things(&s);
  s.options.readers = 2;
  store_reopen(&s);
  for (int i = 0; i < 12; i++)
    assert_int_equal(pthread_create(&thread[i], NULL, read_many, &s), 0);
  for (int i = 0; i < 12; i++)
    pthread_join(thread[i], NULL);
  store_free(&s);
}

STORE_MAIN(cmocka_unit_test(one_process_serves), cmocka_unit_test(only_databases_of_ours_open),
           cmocka_unit_test(the_file_belongs_to_its_owner_alone),
           cmocka_unit_test(the_file_is_checked_after_an_unclean_stop_and_only_then),
           cmocka_unit_test(an_unclean_stop_of_a_sound_file_is_no_trouble),
           cmocka_unit_test(a_member_that_ends_the_transaction_hurts_nobody),
           cmocka_unit_test(a_full_disk_fails_only_what_does_not_fit), cmocka_unit_test(the_log_stays_short),
           cmocka_unit_test(statements_that_the_engines_would_read_differently_are_bugs),
           cmocka_unit_test(more_readers_than_connections_take_turns))
