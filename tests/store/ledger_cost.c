/* ledger_cost.c: what a row of a ledger costs is bounded in statements, and is the same for the last row as for the first. */
#include "db/engine.h"
#include "fixture.h"
#include "ledger/ledger.h"

enum { FEW = 10, MANY = 110 };

struct job {
  struct world w;
  struct actor manager;
  struct reader who;
  struct ledger_table table;
  struct ledger ledger;
  id64 import;
};

static const struct engine *sound;
static struct engine counting;
static _Atomic int statements;

static enum code counted_query(struct tx *tx, const struct stmt *q, struct rows *ret, const struct bind *binds,
                               size_t count)
{
  statements++;
  return sound->query(tx, q, ret, binds, count);
}

static enum code counted_exec(struct tx *tx, const struct stmt *q, int64_t *ret_changed, const struct bind *binds,
                              size_t count)
{
  statements++;
  return sound->exec(tx, q, ret_changed, binds, count);
}

static enum code look(struct tx *tx, void *arg, struct err *e)
{
  struct job *j = arg;
  return ledger_look(tx, &j->manager, &j->ledger, j->w.a, &j->who, e);
}

static enum code take_in(struct tx *tx, void *arg, struct err *e)
{
  struct job *j = arg;
  return ledger_write(tx, &j->manager, &j->ledger, &j->import, e);
}

/* Invented people, with a guardian, a worker and a next step. */
static void reads(struct job *j, int rows)
{
  struct err e = {0};
  struct buf b;
  buf_init(&b, j->w.a, LIMIT_PAGE);
  buf_add_cstr(&b, "氏名,生年月日,性別,住所,電話,保護者,主担当者,受理日,状況,主訴,次にすること,次回\r\n");
  for (int i = 0; i < rows; i++)
    buf_printf(&b,
               "試験 %03d%03d,平成%d年%d月%d日,男,架空市%d番地,0900000%04d,試験 母,田中,令和7年4月1日,支援中,"
               "朝おきられない,電話する,令和12年4月1日\r\n",
               i, i, 18 + i % 10, i / 25 % 12 + 1, i % 25 + 1, i, i);
  ok(ledger_read(j->w.a, buf_str(&b), false, &j->table, &e));
  ok(ledger_columns_check(&j->table, &e));
  ok(ledger_rows(j->w.a, &j->table, &j->who, &j->ledger, &e));
  assert_int_equal(j->ledger.count, rows);
  assert_int_equal(j->ledger.refused, 0);
}

struct cost {
  int write, look_again;
};

static struct cost cost_of(int rows)
{
  struct job j = {.who = world_reader()};
  struct err e = {0};
  struct cost cost;
  world_new(&j.w);
  id64 city = world_org(&j.w, "子ども若者支援課", "council");
  j.manager = world_member(&j.w, city, ROLE_MANAGER, "課の長");
  (void)world_member(&j.w, city, ROLE_WORKER, "田中 窓口");
  reads(&j, rows);
  sound = j.w.store.db->engine;
  counting = *sound;
  counting.query = counted_query;
  counting.exec = counted_exec;
  j.w.store.db->engine = &counting;
  statements = 0;
  ok(world_write(&j.w, &j.manager, take_in, &j, &e));
  cost.write = statements;
  statements = 0;
  ok(world_read(&j.w, &j.manager, look, &j, &e));
  cost.look_again = statements;
  j.w.store.db->engine = sound;
  assert_int_equal(j.ledger.alike, rows);
  world_free(&j.w);
  return cost;
}

static void each_row_costs_the_same_few_statements(void **state)
{
  (void)state;
  struct cost few = cost_of(FEW), many = cost_of(MANY);
  print_message("a row: %d statements; one that is known: %d\n", (many.write - few.write) / (MANY - FEW),
                (many.look_again - few.look_again) / (MANY - FEW));
  assert_in_range(many.write - few.write, 1, 28 * (MANY - FEW));
  assert_in_range(many.look_again - few.look_again, 1, 2 * (MANY - FEW));
}

STORE_MAIN(cmocka_unit_test(each_row_costs_the_same_few_statements))
