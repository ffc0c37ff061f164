/* plans.c: on SQLite, what is about one person or one case is found by it, however little or much the database holds. */
#include <sqlite3.h>
#include <stdio.h>

#include "store.h"

/* Statements about one person, case, record, sheet or connection: none of their steps may have only the network to go by. */
static const char *const narrow[] = {
    "access_facts",       "access_facts_page",  "access_person",    "person_key",         "person_each_attribute",
    "guardian_list",      "case_head",          "case_newest",      "record_each",        "record_paragraphs",
    "case_team",          "consent_recipients", "connection_get",   "connection_of_case", "connection_of_sheet",
    "connection_towards", "sheet_get",          "today_waiting_of",
};

/* The db layer's own aggregate, by name: plans do not run it. */
static void nothing_step(sqlite3_context *c, int n, sqlite3_value **v) {}
static void nothing_end(sqlite3_context *c) {}

static sqlite3 *open_plain(const struct store *s)
{
  sqlite3 *h = NULL;
  assert_int_equal(sqlite3_open_v2(s->place, &h, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
  assert_int_equal(sqlite3_create_function(h, "bit_or", 1, SQLITE_UTF8, NULL, NULL, nothing_step, nothing_end),
                   SQLITE_OK);
  return h;
}

static bool by_network_alone(const char *step)
{
  static const char alone[] = "(network_id=?)";
  size_t n = strlen(step), tail = sizeof alone - 1;
  return n >= tail && strcmp(step + n - tail, alone) == 0;
}

static bool has_step(sqlite3 *h, const struct stmt *q, bool (*is)(const char *step))
{
  sqlite3_stmt *st = NULL;
  bool bad = false;
  char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", q->sql);
  assert_int_equal(sqlite3_prepare_v2(h, sql, -1, &st, NULL), SQLITE_OK);
  while (sqlite3_step(st) == SQLITE_ROW) {
    const char *step = (const char *)sqlite3_column_text(st, 3);
    if (is(step)) {
      fprintf(stderr, "%s: %s\n", q->name, step);
      bad = true;
    }
  }
  sqlite3_finalize(st);
  sqlite3_free(sql);
  return bad;
}

static void one_person_is_found_by_the_person(void **state)
{
  struct store s;
  int bad = 0, seen = 0;
  store_new_on(&s, DB_SQLITE, STORE_OWNER);
  sqlite3 *h = open_plain(&s);
  for (size_t i = 0; i < stmt_count(); i++)
    for (size_t k = 0; k < sizeof narrow / sizeof *narrow; k++)
      if (strcmp(stmt_at(i)->name, narrow[k]) == 0) {
        seen++;
        bad += has_step(h, stmt_at(i), by_network_alone);
      }
  sqlite3_close(h);
  store_free(&s);
  assert_true(seen >= 10);
  assert_int_equal(bad, 0);
}

static void every_index_has_its_numbers(void **state)
{
  struct store s;
  store_new_on(&s, DB_SQLITE, STORE_OWNER);
  assert_string_equal(
      store_ask(&s, "SELECT CAST(count(*) AS TEXT) FROM pragma_table_list t JOIN pragma_index_list(t.name) l"
                    " WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND NOT EXISTS"
                    " (SELECT 1 FROM sqlite_stat1 s WHERE s.tbl = t.name AND s.idx IN (l.name, t.name))"),
      "0");
  store_free(&s);
}

STORE_MAIN(cmocka_unit_test(one_person_is_found_by_the_person), cmocka_unit_test(every_index_has_its_numbers))
