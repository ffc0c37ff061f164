/* trace.c: random transactions run on both engines with the same dice; whatever a caller can see of them must be the same, byte
 * by byte: codes, numbers of changed rows, every value, the order of text. Under tests/pg.sh. Argument 2: the seed. */
#include "base/clock.h"
#include "store.h"

STMT_WRITE(q_insert, "trace_insert", "INSERT INTO thing (id, name, note, n, live) VALUES ($1, $2, $3, $4, $5)");
STMT_WRITE(q_insert_new, "trace_insert_new",
           "INSERT INTO thing (id, name, note, n, live) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING "
           "id, live");
STMT_WRITE(
    q_upsert, "trace_upsert",
    "INSERT INTO thing (id, name, note, n, live) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (id) DO UPDATE SET n = excluded.n, note = coalesce(excluded.note, thing.note), rev = thing.rev + 1"
    " RETURNING id, name, note, n, live, rev");
STMT_WRITE(q_update, "trace_update",
           "UPDATE thing SET live = NOT live, n = $2, rev = rev + 1 WHERE id = $1 AND n IS DISTINCT FROM $2 RETURNING "
           "rev, live");
STMT_WRITE(q_delete, "trace_delete", "DELETE FROM thing WHERE id BETWEEN $1 AND $2");
STMT_WRITE(q_part, "trace_part", "INSERT INTO part (thing_id, place) VALUES ($1, $2)");
STMT_READ(q_by_name, "trace_by_name",
          "SELECT id, name, note, n, live, rev FROM thing WHERE name >= $1 ORDER BY name DESC, id LIMIT $2");
STMT_READ(
    q_by_number, "trace_by_number",
    "SELECT id, n, row_number() OVER (ORDER BY n NULLS LAST, id) FROM thing WHERE n IS NOT DISTINCT FROM $1 OR live"
    " ORDER BY n DESC NULLS LAST, id");
STMT_READ(q_sums, "trace_sums",
          "SELECT live, count(*), count(n), count(*) FILTER (WHERE n > 0), CAST(sum(n) AS bigint), min(name), bit_or(n)"
          " FROM thing GROUP BY live ORDER BY live");
STMT_READ(
    q_joined, "trace_joined",
    "SELECT t.id, count(p.place), EXISTS (SELECT 1 FROM part x WHERE x.thing_id = t.id AND x.place > 2)"
    " FROM thing t LEFT JOIN part p ON p.thing_id = t.id WHERE (t.id, t.rev) > ($1, 0) GROUP BY t.id ORDER BY t.id");

enum { IDS = 40, TRANSACTIONS = 3000 };

static uint64_t seed = 1;

/* --- dice ------------------------------------------------------------------------------------------------------------------ */

struct dice {
  uint64_t x;
};

static uint64_t roll(struct dice *d, uint64_t n)
{
  d->x ^= d->x << 13;
  d->x ^= d->x >> 7;
  d->x ^= d->x << 17;
  return (d->x * 0x2545F4914F6CDD1DULL >> 33) % n;
}

static struct str any_text(struct dice *d)
{
  static const char *const words[] = {"",   "a",        "B",      "ab",   "あ",  "ア",   "ｱ",      "か゛", "が",
                                      "髙", "高",       "𠮷野家", "\x7f", "é",   "Z",    "虐待",   "z z",  "%_'\"\\",
                                      "Ａ", "\xc2\x80", "一",     "丁",   "\tx", "あい", "あいう", "😀",    "$1"};
  return str_from(words[roll(d, sizeof words / sizeof *words)]);
}

static struct str any_bytes(struct dice *d)
{
  static const struct str values[] = {{"\0\xff", 2}, {"x", 1}, {"\\x00", 4}, {"\xe3\x81", 2}, {"", 0}, {"'\n\0'", 4}};
  return values[roll(d, sizeof values / sizeof *values)];
}

static int64_t any_int(struct dice *d)
{
  static const int64_t values[] = {0, 1, -1, 7, 2147483648, -2147483649, 1LL << 40, 1790000000000};
  return values[roll(d, sizeof values / sizeof *values)];
}

/* --- what can be seen ------------------------------------------------------------------------------------------------------ */

struct run {
  uint64_t seed;
  struct buf log;
};

/* Columns by kind: i integer, b boolean, t text, x bytes. */
static enum code log_rows(struct buf *log, struct rows *r, const char *kinds, struct err *e)
{
  while (rows_next(r)) {
    for (int i = 0; kinds[i]; i++) {
      buf_add_c(log, '|');
      if (rows_null(r, i)) {
        buf_add_cstr(log, "null");
      } else if (kinds[i] == 't' || kinds[i] == 'x') {
        buf_add_c(log, '\'');
        buf_add(log, kinds[i] == 't' ? rows_text(r, i) : rows_bytes(r, i));
      } else {
        buf_add_i64(log, kinds[i] == 'b' ? rows_bool(r, i) : rows_int(r, i));
      }
    }
    buf_add_c(log, '\n');
  }
  return rows_end(r, e);
}

static enum code log_query(struct tx *tx, struct run *run, const struct stmt *q, const char *kinds, struct err *e,
                           const struct bind *binds, size_t count)
{
  struct rows r = {0};
  buf_printf(&run->log, "%s\n", q->name);
  enum code c = db_query(tx, q, &r, e, binds, count);
  return c == OK ? log_rows(&run->log, &r, kinds, e) : c;
}

static enum code log_exec(struct tx *tx, struct run *run, const struct stmt *q, struct err *e, const struct bind *binds,
                          size_t count)
{
  int64_t changed = -1;
  enum code c = db_exec(tx, q, &changed, e, binds, count);
  buf_printf(&run->log, "%s %lld\n", q->name, (long long)changed);
  return c;
}

/* --- operations ------------------------------------------------------------------------------------------------------------ */

static enum code put(struct tx *tx, struct run *run, struct dice *d, int how, struct err *e)
{
  const struct bind binds[] = {b_int((int64_t)roll(d, IDS) + 1), b_text(any_text(d)),
                               roll(d, 3) ? b_bytes(any_bytes(d)) : b_null(), roll(d, 3) ? b_int(any_int(d)) : b_null(),
                               b_bool(roll(d, 2))};
  size_t n = sizeof binds / sizeof *binds;
  if (how == 0)
    return log_exec(tx, run, &q_insert, e, binds, n);
  return how == 1 ? log_query(tx, run, &q_insert_new, "ib", e, binds, n)
                  : log_query(tx, run, &q_upsert, "itxibi", e, binds, n);
}

static enum code read_some(struct tx *tx, struct run *run, struct dice *d, struct err *e)
{
  switch (roll(d, 4)) {
  case 0:
    return log_query(tx, run, &q_by_name, "itxibi", e, BINDS(b_text(any_text(d)), b_int((int64_t)roll(d, 30))));
  case 1:
    return log_query(tx, run, &q_by_number, "iii", e, BINDS(roll(d, 2) ? b_null() : b_int(any_int(d))));
  case 2:
    return log_query(tx, run, &q_sums, "biiiiti", e, NO_BINDS);
  default:
    return log_query(tx, run, &q_joined, "iib", e, BINDS(b_int((int64_t)roll(d, IDS))));
  }
}

static enum code operation(struct tx *tx, struct run *run, struct dice *d, struct err *e)
{
  int64_t id = (int64_t)roll(d, IDS) + 1;
  switch (tx_is_write(tx) ? roll(d, 9) : 8) {
  case 0:
    return put(tx, run, d, 0, e);
  case 1:
  case 2:
    return put(tx, run, d, 1, e);
  case 3:
  case 4:
    return put(tx, run, d, 2, e);
  case 5:
    return log_query(tx, run, &q_update, "ib", e, BINDS(b_int(id), roll(d, 4) ? b_int(any_int(d)) : b_null()));
  case 6:
    return log_exec(tx, run, &q_delete, e, BINDS(b_int(id), b_int(id + (int64_t)roll(d, 4))));
  case 7:
    return log_exec(tx, run, &q_part, e, BINDS(b_int(id), b_int((int64_t)roll(d, 5))));
  default:
    return read_some(tx, run, d, e);
  }
}

static enum code transaction(struct tx *tx, void *arg, struct err *e)
{
  struct run *run = arg;
  struct dice d = {run->seed};
  run->log.n = 0;
  enum code c = OK;
  for (uint64_t i = 1 + roll(&d, 5); i > 0 && c == OK; i--)
    c = operation(tx, run, &d, e);
  if (c == OK && roll(&d, 8) == 0)
    c = err_set(e, INVALID, code_msg(INVALID));
  return c;
}

static struct str run_on(struct store *s, struct arena *a, uint64_t dice, int *ret_code)
{
  struct err e = {0};
  struct run run = {.seed = dice};
  buf_init(&run.log, a, 1 << 20);
  bool write = dice % 4 != 0;
  enum code c =
      write ? db_write(s->db, "trace", NULL, transaction, &run, &e) : db_read(s->db, NULL, transaction, &run, &e);
  buf_printf(&run.log, "%s\n", code_name(c));
  if (c == IO || c == OOM || c == RETRY) {
    err_print(stderr, &e);
    fail();
  }
  *ret_code = (int)c;
  return buf_str(&run.log);
}

/* References with ON DELETE CASCADE, so that deletes may have consequences; a part of a missing thing is a FAULT. */
static void new_things(struct store *s, enum db_engine engine)
{
  store_new_on(s, engine, STORE_OWNER);
  store_ddl(
      s,
      "CREATE TABLE thing (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, note BLOB, n INTEGER,"
      " live INTEGER NOT NULL, rev INTEGER NOT NULL DEFAULT 1) STRICT;"
      "CREATE UNIQUE INDEX thing_name ON thing (name, live, n);"
      "CREATE TABLE part (thing_id INTEGER NOT NULL REFERENCES thing (id) ON DELETE CASCADE, place INTEGER NOT NULL,"
      " PRIMARY KEY (thing_id, place)) STRICT, WITHOUT ROWID",
      "CREATE TABLE thing (id bigint NOT NULL PRIMARY KEY, name text NOT NULL, note bytea, n bigint,"
      " live boolean NOT NULL, rev bigint NOT NULL DEFAULT 1);"
      "CREATE UNIQUE INDEX thing_name ON thing (name, live, n);"
      "CREATE TABLE part (thing_id bigint NOT NULL REFERENCES thing (id) ON DELETE CASCADE, place bigint NOT NULL,"
      " PRIMARY KEY (thing_id, place))");
}

static void both_engines_answer_alike(void **state)
{
  struct store s, p;
  int codes[CODE_COUNT] = {0};
  struct dice d = {seed * 0x9E3779B97F4A7C15ULL + 1};
  new_things(&s, DB_SQLITE);
  new_things(&p, DB_POSTGRESQL);
  for (int i = 0; i < TRANSACTIONS; i++) {
    struct arena *a = arena_new(LIMIT_ARENA);
    uint64_t dice = roll(&d, UINT64_MAX >> 34) * 2654435761U + 1 + (uint64_t)i;
    int code = 0, other = 0;
    struct str x = run_on(&s, a, dice, &code), y = run_on(&p, a, dice, &other);
    if (!str_eq(x, y))
      fail_msg("seed %llu, transaction %d\nSQLite:\n%.*s\nPostgreSQL:\n%.*s", (unsigned long long)seed, i, STR_FMT(x),
               STR_FMT(y));
    codes[code]++;
    arena_free(a);
  }
  /* the dice must have shown all sides */
  assert_true(codes[OK] > 1000 && codes[CONFLICT] > 20 && codes[FAULT] > 20 && codes[INVALID] > 100);
  store_free(&s);
  store_free(&p);
}

int main(int argc, char **argv)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(both_engines_answer_alike)};
  int64_t given = 0;
  seed = argc > 2 && str_to_i64(str_from(argv[2]), &given) ? (uint64_t)given : (uint64_t)clock_now();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
