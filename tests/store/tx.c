/* tx.c: what db.h promises of transactions, on both engines. */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "store.h"

STMT_WRITE(q_insert, "test_insert", "INSERT INTO thing (id, name, note) VALUES ($1, $2, $3)");
STMT_WRITE(q_insert_part, "test_insert_part", "INSERT INTO part (id, thing_id) VALUES ($1, $2)");
STMT_WRITE(q_bump, "test_bump", "UPDATE thing SET n = n + $2 WHERE id = $1 RETURNING n");
STMT_READ(q_count, "test_count", "SELECT count(*) FROM thing WHERE id >= $1");
STMT_READ(q_all, "test_all", "SELECT id, name, note, n, live FROM thing ORDER BY id");
STMT_READ(q_swapped, "test_swapped", "SELECT id FROM thing WHERE name = $2 AND id = $1");
STMT_READ(q_bits, "test_bits", "SELECT bit_or(n) FROM thing");
STMT_READ(q_listed, "test_listed", "SELECT id, name, live, 0, n FROM thing ORDER BY id");

static void new_things(struct store *s)
{
  store_new(s, STORE_OWNER);
  store_ddl(
      s,
      "CREATE TABLE thing (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, note BLOB, n INTEGER NOT NULL DEFAULT "
      "0,"
      " live INTEGER NOT NULL DEFAULT 1 CHECK (n < 100000)) STRICT;"
      "CREATE UNIQUE INDEX thing_name ON thing (name);"
      "CREATE TABLE part (id INTEGER NOT NULL PRIMARY KEY, thing_id INTEGER NOT NULL REFERENCES thing (id)) STRICT",
      "CREATE TABLE thing (id bigint NOT NULL PRIMARY KEY, name text NOT NULL, note bytea, n bigint NOT NULL DEFAULT 0,"
      " live boolean NOT NULL DEFAULT TRUE CHECK (n < 100000));"
      "CREATE UNIQUE INDEX thing_name ON thing (name);"
      "CREATE TABLE part (id bigint NOT NULL PRIMARY KEY, thing_id bigint NOT NULL REFERENCES thing (id))");
}

static const struct db_who nobody;

/* --- a write function that inserts ids from..to-1 and then ends with `end` ------------------------------------------------ */

struct insert {
  int64_t from, to;
  enum code end;
  int runs;
};

static enum code insert_things(struct tx *tx, void *arg, struct err *e)
{
  struct insert *in = arg;
  in->runs++;
  for (int64_t id = in->from; id < in->to; id++) {
    struct str name = str_printf(tx_arena(tx), "物%lld", (long long)id);
    enum code c = db_exec(tx, &q_insert, NULL, e, BINDS(b_int(id), b_text(name), b_bytes(S("a\0b"))));
    if (c != OK)
      return c;
  }
  return in->end == OK ? OK : err_set(e, in->end, code_msg(in->end));
}

static enum code write_things(struct store *s, struct insert *in, struct err *e)
{
  return db_write(s->db, "insert_things", &nobody, insert_things, in, e);
}

static enum code count_fn(struct tx *tx, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_count, &r, e, BINDS(b_int(0)));
  if (c == OK && rows_next(&r))
    *(int64_t *)arg = rows_int(&r, 0);
  enum code end = rows_end(&r, e);
  return c == OK ? end : c;
}

static int64_t count(struct store *s)
{
  struct err e = {0};
  int64_t n = -1;
  ok(db_read(s->db, &nobody, count_fn, &n, &e));
  return n;
}

/* --- tests ----------------------------------------------------------------------------------------------------------------- */

static void a_failed_write_leaves_nothing(void **state)
{
  struct store s;
  struct err e = {0};
  new_things(&s);
  static const enum code ends[] = {INVALID, NOT_FOUND, DENIED, CONFLICT, IO, FAULT};
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    struct insert in = {.from = 1, .to = 5, .end = ends[i]};
    assert_int_equal(write_things(&s, &in, &e), ends[i]);
    assert_int_equal(e.code, ends[i]);
    assert_int_equal(count(&s), 0);
  }
  ok(write_things(&s, &(struct insert){.from = 1, .to = 5}, &e));
  assert_int_equal(count(&s), 4);
  store_free(&s);
}

static void a_write_runs_again_on_retry_and_gives_up_in_the_end(void **state)
{
  struct store s;
  struct err e = {0};
  new_things(&s);
  struct insert in = {.from = 1, .to = 3, .end = RETRY};
  assert_int_equal(write_things(&s, &in, &e), RETRY);
  assert_in_range(in.runs, 3, 50);
  assert_int_equal(count(&s), 0);
  store_free(&s);
}

static enum code third_time(struct tx *tx, void *arg, struct err *e)
{
  struct insert *in = arg;
  in->end = in->runs < 2 ? RETRY : OK;
  return insert_things(tx, in, e);
}

static void the_run_that_succeeds_is_the_only_one_that_counts(void **state)
{
  struct store s;
  struct err e = {0};
  new_things(&s);
  struct insert in = {.from = 1, .to = 3};
  ok(db_write(s.db, "third_time", &nobody, third_time, &in, &e));
  assert_int_equal(in.runs, 3);
  assert_int_equal(count(&s), 2);
  store_free(&s);
}

static void unique_violations_are_conflicts_with_a_name(void **state)
{
  struct store s;
  struct err e = {0};
  new_things(&s);
  ok(write_things(&s, &(struct insert){.from = 1, .to = 2}, &e));
  assert_int_equal(write_things(&s, &(struct insert){.from = 1, .to = 2}, &e), CONFLICT);
  assert_string_equal(e.detail, s.engine == DB_SQLITE ? "thing.id" : "thing_pkey");
  assert_int_equal(count(&s), 1);
  store_free(&s);
}

static enum code orphan(struct tx *tx, void *arg, struct err *e)
{
  return db_exec(tx, &q_insert_part, NULL, e, BINDS(b_int(1), b_int(77)));
}

static enum code too_many(struct tx *tx, void *arg, struct err *e)
{
  return db_exec(tx, &q_bump, NULL, e, BINDS(b_int(1), b_int(100000)));
}

static void broken_references_and_checks_are_faults(void **state)
{
  struct store s;
  struct err e = {0};
  new_things(&s);
  ok(write_things(&s, &(struct insert){.from = 1, .to = 2}, &e));
  assert_int_equal(db_write(s.db, "orphan", &nobody, orphan, NULL, &e), FAULT);
  assert_int_equal(db_write(s.db, "too_many", &nobody, too_many, NULL, &e), FAULT);
  assert_string_equal(store_ask(&s, "SELECT count(*) FROM part"), "0");
  store_free(&s);
}

/* Swallows the failure of a statement and says OK. */
static enum code swallow(struct tx *tx, void *arg, struct err *e)
{
  struct insert more = {.from = 10, .to = 12};
  (void)!insert_things(tx, &more, e);
  (void)!orphan(tx, NULL, e);
  (void)!insert_things(tx, &(struct insert){.from = 20, .to = 22}, e);
  return OK;
}

static void a_failed_statement_fails_the_transaction_on_both_engines(void **state)
{
  struct store s;
  struct err e = {0};
  new_things(&s);
  assert_int_equal(db_write(s.db, "swallow", &nobody, swallow, NULL, &e), FAULT);
  assert_int_equal(count(&s), 0);
  store_free(&s);
}

/* Builds more than a transaction may, after having written. */
static enum code build_too_much(struct tx *tx, void *arg, struct err *e)
{
  enum code c = insert_things(tx, &(struct insert){.from = 1, .to = 3}, e);
  for (int i = 0; i < 100 && c == OK; i++)
    arena_alloc(tx_arena(tx), LIMIT_ARENA / 50);
  return c;
}

static void what_could_not_be_built_is_not_kept(void **state)
{
  struct store s;
  struct err e = {0};
  new_things(&s);
  assert_int_equal(db_write(s.db, "build_too_much", &nobody, build_too_much, NULL, &e), OOM);
  assert_int_equal(count(&s), 0);
  ok(write_things(&s, &(struct insert){.from = 1, .to = 2}, &e)); /* and the next has an arena again */
  store_free(&s);
}

/* --- values and rows --------------------------------------------------------------------------------------------------------- */

static enum code read_values(struct tx *tx, void *arg, struct err *e)
{
  struct rows r = {0}, inner = {0};
  enum code c = db_query(tx, &q_all, &r, e, NO_BINDS);
  assert_int_equal(c, OK);
  assert_true(rows_next(&r));
  assert_int_equal(rows_int(&r, 0), 1);
  assert_true(str_is(rows_text(&r, 1), "物1"));
  assert_true(str_eq(rows_bytes(&r, 2), S("a\0b")));
  assert_true(rows_bool(&r, 4));
  /* the same statement within itself */
  c = db_query(tx, &q_all, &inner, e, NO_BINDS);
  assert_int_equal(c, OK);
  for (int i = 0; i < 2; i++)
    assert_true(rows_next(&inner));
  assert_int_equal(rows_int(&inner, 0), 2);
  assert_int_equal(rows_end(&inner, e), OK);
  assert_true(rows_next(&r));
  assert_false(rows_null(&r, 2));
  assert_int_equal(rows_int(&r, 0), 2);
  assert_false(rows_next(&r));
  assert_false(rows_next(&r));
  return rows_end(&r, e);
}

static enum code read_swapped(struct tx *tx, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_swapped, &r, e, BINDS(b_int(2), b_text(S("物2"))));
  assert_int_equal(c, OK);
  assert_true(rows_next(&r));
  assert_int_equal(rows_int(&r, 0), 2);
  assert_int_equal(rows_end(&r, e), OK); /* before the end of the rows */
  c = db_query(tx, &q_bits, &r, e, NO_BINDS);
  assert_int_equal(c, OK);
  assert_true(rows_next(&r));
  *(int64_t *)arg = rows_null(&r, 0) ? -1 : rows_int(&r, 0);
  return rows_end(&r, e);
}

static enum code bump(struct tx *tx, void *arg, struct err *e)
{
  int64_t changed = 0;
  struct rows r = {0};
  enum code c = db_exec(tx, &q_bump, &changed, e, BINDS(b_int(1), b_int(5)));
  assert_int_equal(c, OK);
  assert_int_equal(changed, 1);
  c = db_exec(tx, &q_bump, &changed, e, BINDS(b_int(99), b_int(1)));
  assert_int_equal(c, OK);
  assert_int_equal(changed, 0);
  c = db_query(tx, &q_bump, &r, e, BINDS(b_int(2), b_int(8)));
  assert_int_equal(c, OK);
  return rows_end(&r, e); /* done although no row was looked at */
}

static void values_come_back_as_they_went_in(void **state)
{
  struct store s;
  struct err e = {0};
  int64_t bits = 0;
  new_things(&s);
  ok(write_things(&s, &(struct insert){.from = 1, .to = 3}, &e));
  ok(db_read(s.db, &nobody, read_values, NULL, &e));
  ok(db_write(s.db, "bump", &nobody, bump, NULL, &e));
  ok(db_read(s.db, &nobody, read_swapped, &bits, &e));
  assert_int_equal(bits, 13);
  store_free(&s);
}

/* --- our own faults abort in a build for tests; here in a child -------------------------------------------------------------- */

static enum code write_in_read(struct tx *tx, void *arg, struct err *e)
{
  return insert_things(tx, &(struct insert){.from = 1, .to = 2}, e);
}

static enum code forget_rows(struct tx *tx, void *arg, struct err *e)
{
  struct rows r = {0};
  return db_query(tx, &q_all, &r, e, NO_BINDS);
}

static enum code nest(struct tx *tx, void *arg, struct err *e)
{
  return db_read(tx_db(tx), &nobody, write_in_read, NULL, e);
}

static enum code wrong_count(struct tx *tx, void *arg, struct err *e)
{
  enum code c = db_exec(tx, &q_count, NULL, e, NO_BINDS);
  if (c == FAULT)
    return BUG(e, "PostgreSQL says so itself"); /* no abort of its own there */
  return c;
}

static enum code bad_text(struct tx *tx, void *arg, struct err *e)
{
  return db_exec(tx, &q_swapped, NULL, e, BINDS(b_int(1), b_text(S("a\xff"))));
}

static void expect_bug(struct store *s, tx_fn fn)
{
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    struct db *db = NULL;
    struct err e = {0};
    if (!freopen("/dev/null", "w", stderr) || db_open(&s->options, &db, &e) != OK)
      _exit(1);
    _exit(db_read(db, &nobody, fn, NULL, &e) == FAULT ? 42 : 2);
  }
  int status = 0;
  waitpid(child, &status, 0);
  assert_true((WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT) || (WIFEXITED(status) && WEXITSTATUS(status) == 42));
}

static void misuse_is_a_bug(void **state)
{
  struct store s;
  new_things(&s);
  db_close(s.db); /* nothing of a database crosses fork() */
  s.db = NULL;
  static const tx_fn wrong[] = {write_in_read, forget_rows, nest, wrong_count, bad_text};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    expect_bug(&s, wrong[i]);
  struct err e = {0};
  ok(db_open(&s.options, &s.db, &e));
  assert_int_equal(count(&s), 0);
  store_free(&s);
}

/* --- time -------------------------------------------------------------------------------------------------------------------- */

static enum code see_future(struct tx *tx, void *arg, struct err *e)
{
  tx_see_time(tx, *(ts_t *)arg);
  ts_t now = tx_now(tx);
  assert_true(now >= *(ts_t *)arg);
  assert_int_equal(tx_now(tx), now);
  return OK;
}

static enum code ask_now(struct tx *tx, void *arg, struct err *e)
{
  *(ts_t *)arg = tx_now(tx);
  return OK;
}

static void time_never_goes_back(void **state)
{
  struct store s;
  struct err e = {0};
  new_things(&s);
  ts_t before = 0, now = 0, future = clock_now() + MS_HOUR;
  ok(db_read(s.db, &nobody, ask_now, &before, &e));
  assert_true(before <= clock_now() && before > clock_now() - MS_MINUTE);
  ok(db_write(s.db, "see_future", &nobody, see_future, &future, &e));
  for (int i = 0; i < 3; i++) {
    ok(i ? db_read(s.db, &nobody, ask_now, &now, &e) : db_write(s.db, "ask_now", &nobody, ask_now, &now, &e));
    assert_true(now >= future);
  }
  store_free(&s);
}

/* --- many at once ------------------------------------------------------------------------------------------------------------ */

enum { THREADS = 16, ROUNDS = 40 };

struct writer {
  struct store *s;
  int number, good, bad;
};

/* Every third write fails on purpose after having inserted; every tenth hits a unique name. */
static void *write_many(void *arg)
{
  struct writer *w = arg;
  for (int i = 0; i < ROUNDS; i++) {
    struct err e = {0};
    int64_t id = 1000 + w->number * ROUNDS + i;
    struct insert in = {.from = id, .to = id + 1, .end = i % 3 == 2 ? INVALID : OK};
    if (i % 10 == 9)
      in.from = 1, in.to = 2, in.end = OK;
    enum code c = write_things(w->s, &in, &e);
    if (c == OK)
      w->good++;
    else if (c == (i % 10 == 9 ? CONFLICT : INVALID))
      w->bad++;
    else
      err_print(stderr, &e);
  }
  return NULL;
}

static void a_crowd_loses_nothing_and_nobody_suffers_for_another(void **state)
{
  struct store s;
  struct err e = {0};
  struct writer w[THREADS];
  pthread_t thread[THREADS];
  new_things(&s);
  ok(write_things(&s, &(struct insert){.from = 1, .to = 2}, &e));
  for (int i = 0; i < THREADS; i++) {
    w[i] = (struct writer){.s = &s, .number = i};
    assert_int_equal(pthread_create(&thread[i], NULL, write_many, &w[i]), 0);
  }
  int good = 1;
  for (int i = 0; i < THREADS; i++) {
    pthread_join(thread[i], NULL);
    assert_int_equal(w[i].good + w[i].bad, ROUNDS);
    good += w[i].good;
  }
  assert_int_equal(count(&s), good);
  store_reopen(&s);
  assert_int_equal(count(&s), good);
  store_free(&s);
}

static enum code bump_one(struct tx *tx, void *arg, struct err *e)
{
  return db_exec(tx, &q_bump, NULL, e, BINDS(b_int(1), b_int(1)));
}

static void *bump_many(void *arg)
{
  struct writer *w = arg;
  for (int i = 0; i < ROUNDS; i++) {
    struct err e = {0};
    enum code c = db_write(w->s->db, "bump_one", &nobody, bump_one, NULL, &e);
    w->good += c == OK;
  }
  return NULL;
}

/* All at one row: what was acknowledged is exactly what was added, however often functions ran again. */
static void a_hot_row_counts_each_acknowledged_write_once(void **state)
{
  struct store s;
  struct err e = {0};
  struct writer w[4];
  pthread_t thread[4];
  char sum[24];
  new_things(&s);
  ok(write_things(&s, &(struct insert){.from = 1, .to = 2}, &e));
  int good = 0;
  for (int i = 0; i < 4; i++) {
    w[i] = (struct writer){.s = &s, .number = i};
    assert_int_equal(pthread_create(&thread[i], NULL, bump_many, &w[i]), 0);
  }
  for (int i = 0; i < 4; i++) {
    pthread_join(thread[i], NULL);
    good += w[i].good;
  }
  assert_int_equal(good, 4 * ROUNDS); /* nobody loses each time */
  snprintf(sum, sizeof sum, "%d", good);
  assert_string_equal(store_ask(&s, "SELECT n FROM thing WHERE id = 1"), sum);
  store_free(&s);
}

static atomic_bool enough;

static void *bump_on(void *arg)
{
  struct writer *w = arg;
  while (!atomic_load(&enough)) {
    struct err e = {0};
    w->good += db_write(w->s->db, "bump_one", &nobody, bump_one, NULL, &e) == OK;
  }
  return NULL;
}

static enum code count_slowly_and_bump(struct tx *tx, void *arg, struct err *e)
{
  int64_t n = 0;
  enum code c = count_fn(tx, &n, e);
  nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
  return c == OK ? bump_one(tx, arg, e) : c;
}

/* Where the first to commit wins, a write that takes long would lose for good against those that do not. */
static void a_long_write_comes_through_among_short_ones(void **state)
{
  struct store s;
  struct err e = {0};
  struct writer w[3];
  pthread_t thread[3];
  new_things(&s);
  ok(write_things(&s, &(struct insert){.from = 1, .to = 2}, &e));
  for (int i = 0; i < 3; i++) {
    w[i] = (struct writer){.s = &s, .number = i};
    assert_int_equal(pthread_create(&thread[i], NULL, bump_on, &w[i]), 0);
  }
  for (int i = 0; i < 3; i++)
    ok(db_write(s.db, "slowly", &nobody, count_slowly_and_bump, NULL, &e));
  atomic_store(&enough, true);
  for (int i = 0; i < 3; i++)
    pthread_join(thread[i], NULL);
  store_free(&s);
}

/* A reader keeps its snapshot while others write. */
static enum code count_twice(struct tx *tx, void *arg, struct err *e)
{
  struct writer *w = arg;
  int64_t first = -1, second = -2;
  pthread_t thread;
  enum code c = count_fn(tx, &first, e);
  assert_int_equal(c, OK);
  assert_int_equal(pthread_create(&thread, NULL, write_many, w), 0);
  pthread_join(thread, NULL);
  c = count_fn(tx, &second, e);
  assert_int_equal(first, second);
  return c;
}

static void a_read_is_one_snapshot(void **state)
{
  struct store s;
  struct err e = {0};
  new_things(&s);
  struct writer w = {.s = &s};
  ok(db_read(s.db, &nobody, count_twice, &w, &e));
  assert_int_equal(count(&s), w.good);
  assert_true(w.good > 10);
  store_free(&s);
}

static void ping_answers(void **state)
{
  struct store s;
  struct err e = {0};
  store_new(&s, STORE_APP);
  ok(db_ping(s.db, &e));
  store_free(&s);
}

struct listing {
  struct arena *a;
  struct doc *list;
};

static enum code list_things(struct tx *tx, void *arg, struct err *e)
{
  struct listing *l = arg;
  return db_ask_list(tx, &q_listed, KEYS("#id", "name", "?live", "#none"), l->a, &l->list, e, NO_BINDS);
}

static void a_list_is_maps_by_their_keys(void **state)
{
  struct store s;
  struct err e = {0};
  struct listing l = {.a = arena_new(1 << 16)};
  struct buf text;
  new_things(&s);
  ok(db_read(s.db, &nobody, list_things, &l, &e));
  assert_int_equal(doc_size(l.list), 0);
  ok(write_things(&s, &(struct insert){.from = 1, .to = 3}, &e));
  ok(db_read(s.db, &nobody, list_things, &l, &e));
  buf_init(&text, l.a, 1000);
  json_write(&text, l.list);
  struct str one = id_text(l.a, 1), two = id_text(l.a, 2);
  struct str whole = str_printf(l.a,
                                "[{\"id\":\"%.*s\",\"name\":\"物1\",\"live\":true,\"none\":null},"
                                "{\"id\":\"%.*s\",\"name\":\"物2\",\"live\":true,\"none\":null}]",
                                STR_FMT(one), STR_FMT(two));
  assert_true(str_eq(buf_str(&text), whole));
  arena_free(l.a);
  store_free(&s);
}

STORE_MAIN(cmocka_unit_test(a_list_is_maps_by_their_keys), cmocka_unit_test(a_failed_write_leaves_nothing),
           cmocka_unit_test(a_write_runs_again_on_retry_and_gives_up_in_the_end),
           cmocka_unit_test(the_run_that_succeeds_is_the_only_one_that_counts),
           cmocka_unit_test(unique_violations_are_conflicts_with_a_name),
           cmocka_unit_test(broken_references_and_checks_are_faults),
           cmocka_unit_test(a_failed_statement_fails_the_transaction_on_both_engines),
           cmocka_unit_test(what_could_not_be_built_is_not_kept), cmocka_unit_test(values_come_back_as_they_went_in),
           cmocka_unit_test(misuse_is_a_bug), cmocka_unit_test(time_never_goes_back),
           cmocka_unit_test(a_crowd_loses_nothing_and_nobody_suffers_for_another),
           cmocka_unit_test(a_hot_row_counts_each_acknowledged_write_once),
           cmocka_unit_test(a_long_write_comes_through_among_short_ones), cmocka_unit_test(a_read_is_one_snapshot),
           cmocka_unit_test(ping_answers))
