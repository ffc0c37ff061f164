/* audit.c: the log finds whoever edits, deletes, moves or cuts it; many writers keep it whole; what cannot be written down is neither
 * shown nor done. On both engines; the forger works past every right, as who holds the disk does. */
#include "served.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"
#include "base/clock.h"

static struct served s;
static id64 city;
static struct visitor worker, stranger;
static struct world_case boy;

/* ---- the forger -------------------------------------------------------------------------------------------------------------------- */

/* Any statements, at the disk: "...; ..." */
__attribute__((format(printf, 1, 2))) static void forge(const char *fmt, ...)
{
  char sql[4000];
  va_list args;
  va_start(args, fmt);
  int n = vsnprintf(sql, sizeof sql - 12, fmt, args);
  va_end(args);
  assert_true(n > 0 && (size_t)n < sizeof sql - 12);
  snprintf(sql + n, sizeof sql - (size_t)n, "; SELECT 1");
  assert_string_equal(store_ask(&s.w.store, sql), "1");
}

static void keep_copy(void)
{
  forge("CREATE TABLE kept_event AS SELECT * FROM event; CREATE TABLE kept_chain AS SELECT * FROM chain;"
        " CREATE TABLE kept_checkpoint AS SELECT * FROM checkpoint");
}

static void put_back(void)
{
  forge("DELETE FROM event; INSERT INTO event SELECT * FROM kept_event; DELETE FROM chain; INSERT INTO chain SELECT * "
        "FROM"
        " kept_chain; DELETE FROM checkpoint; INSERT INTO checkpoint SELECT * FROM kept_checkpoint");
}

static void drop_copy(void)
{
  forge("DROP TABLE kept_event; DROP TABLE kept_chain; DROP TABLE kept_checkpoint");
}

/* ---- verifying --------------------------------------------------------------------------------------------------------------------- */

static int64_t verify(const struct doc *kept, int64_t *ret_events)
{
  struct err e = {0};
  struct arena *a = arena_new(LIMIT_ARENA);
  struct doc *findings = NULL;
  int64_t events = 0, bad = 0;
  ok(audit_verify(s.w.store.db, s.w.network, kept, a, &findings, &events, &bad, &e));
  assert_int_equal(bad > 0, doc_size(findings) > 0);
  arena_free(a);
  if (ret_events)
    *ret_events = events;
  return bad;
}

static void must_find(const char *what, const struct doc *kept)
{
  if (verify(kept, NULL) == 0) {
    fprintf(stderr, "not found: %s\n", what);
    fail();
  }
  put_back();
  assert_int_equal(verify(kept, NULL), 0);
}

/* ---- events ------------------------------------------------------------------------------------------------------------------------- */

static enum code add_events(struct tx *tx, void *arg, struct err *e)
{
  static const char ids[] = "12345678abcdefgh";
  (void)e;
  for (int i = 0; i < *(const int *)arg; i++)
    audit_add(tx, &(struct event){.kind = EVENT_ADMIN,
                                  .action = ACTION_ACCOUNT_WRITE,
                                  .user = 11,
                                  .organization = 12,
                                  .membership = 13,
                                  .session = 14,
                                  .person = 15,
                                  .object = 16 + i,
                                  .role = ROLE_ADMIN,
                                  .categories = 17,
                                  .reason = REASON_ROLE,
                                  .reason_ref = 18,
                                  .fact_rev = 19,
                                  .ids = {ids, sizeof ids - 1},
                                  .request = S("request")});
  return OK;
}

static void write_events(int n)
{
  struct err e = {0};
  ok(world_write(&s.w, NULL, add_events, &n, &e));
}

/* The chain with the most events, and how many. */
static long long chain_of(long long *ret_seq)
{
  long long chain =
      strtoll(store_ask(&s.w.store, "SELECT CAST(id AS TEXT) FROM chain ORDER BY head_seq DESC, id LIMIT 1"), NULL, 10);
  *ret_seq = strtoll(store_ask(&s.w.store, "SELECT CAST(MAX(head_seq) AS TEXT) FROM chain"), NULL, 10);
  return chain;
}

/* ---- the log as it is ------------------------------------------------------------------------------------------------------------------ */

static void an_untouched_log_is_whole(void **state)
{
  int64_t before = 0, after = 0;
  assert_int_equal(verify(NULL, &before), 0);
  write_events(7);
  assert_int_equal(verify(NULL, &after), 0);
  assert_int_equal(after, before + 7);
}

/* Each column that the table has, whatever it is called: more, one bit far up, its negative, zero; other text or bytes; nothing. */
static void edit_column(const char *name, const char *type, bool nullable, long long chain, long long seq)
{
  static const char *const numbers[][2] = {{"", " + 1000"}, {"", " + 4294967296"}, {"-", ""}, {"0 * ", ""}};
  bool number = strcmp(type, "int") == 0;
  const char *other = strcmp(type, "text") == 0 ? "'other'" : store_engine() == DB_SQLITE ? "x'00'" : "'\\x00'::bytea";
  for (int i = 0; i < (number ? 4 : 1); i++) {
    char change[100];
    snprintf(change, sizeof change, "%s%s%s", number ? numbers[i][0] : other, number ? name : "",
             number ? numbers[i][1] : "");
    forge("UPDATE event SET %s = %s WHERE chain_id = %lld AND seq = %lld", name, change, chain, seq);
    must_find(name, NULL);
  }
  if (nullable) {
    forge("UPDATE event SET %s = NULL WHERE chain_id = %lld AND seq = %lld", name, chain, seq);
    must_find(name, NULL);
  }
}

static void an_edit_of_any_column_is_found(void **state)
{
  long long seq = 0;
  write_events(5);
  long long chain = chain_of(&seq);
  const bool sqlite = store_engine() == DB_SQLITE;
  const char *columns =
      sqlite ? "SELECT group_concat(name || ' ' || CASE type WHEN 'INTEGER' THEN 'int' WHEN 'TEXT' THEN 'text' ELSE "
               "'bytes' END"
               " || ' ' || (CASE WHEN \"notnull\" THEN '-' ELSE 'null' END), ',') FROM pragma_table_info('event')"
             : "SELECT string_agg(column_name || ' ' || CASE data_type WHEN 'bigint' THEN 'int' WHEN 'text' THEN "
               "'text' ELSE 'bytes' END"
               " || ' ' || CASE is_nullable WHEN 'YES' THEN 'null' ELSE '-' END, ',') FROM information_schema.columns"
               " WHERE table_name = 'event' AND table_schema = 'public'";
  char list[2000], name[60], type[20], null[10];
  int count = 0;
  snprintf(list, sizeof list, "%s", store_ask(&s.w.store, columns));
  keep_copy();
  for (const char *at = list; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL, count++) {
    assert_int_equal(sscanf(at, "%59s %19s %9[^,]", name, type, null), 3);
    for (int last = 0; last < 2; last++)
      edit_column(name, type, null[0] == 'n', chain, last ? seq : seq - 2);
  }
  drop_copy();
  assert_int_equal(count, 20);
}

static void what_is_missing_or_moved_is_found(void **state)
{
  long long seq = 0;
  write_events(5);
  long long chain = chain_of(&seq);
  keep_copy();
  for (long long gone = seq - 2; gone <= seq; gone++) {
    forge("DELETE FROM event WHERE chain_id = %lld AND seq = %lld", chain, gone);
    must_find("one deleted", NULL);
  }
  forge("DELETE FROM event WHERE chain_id = %lld AND seq = 1", chain);
  must_find("the first deleted", NULL);
  forge("DELETE FROM event WHERE chain_id = %lld", chain);
  must_find("all deleted", NULL);
  forge("DELETE FROM event WHERE chain_id = %lld AND seq = %lld;"
        " UPDATE event SET seq = seq - 1 WHERE chain_id = %lld AND seq = %lld;"
        " UPDATE chain SET head_seq = head_seq - 1 WHERE id = %lld",
        chain, seq - 1, chain, seq, chain);
  must_find("one deleted, the rest moved up", NULL);
  forge("UPDATE event SET seq = 1000000 WHERE chain_id = %lld AND seq = %lld;"
        " UPDATE event SET seq = %lld WHERE chain_id = %lld AND seq = %lld;"
        " UPDATE event SET seq = %lld WHERE chain_id = %lld AND seq = 1000000",
        chain, seq - 2, seq - 2, chain, seq - 1, seq - 1, chain);
  must_find("two swapped", NULL);
  forge("INSERT INTO event SELECT network_id, chain_id, seq + 1, at, kind, action, role, user_id, organization_id, "
        "membership_id,"
        " session_id, person_id, object_id, categories, reason, reason_ref, fact_rev, ids, request, hash FROM event"
        " WHERE chain_id = %lld AND seq = %lld; UPDATE chain SET head_seq = head_seq + 1 WHERE id = %lld",
        chain, seq, chain);
  must_find("one repeated at the end", NULL);
  forge("UPDATE chain SET head_seq = head_seq + 1 WHERE id = %lld", chain);
  must_find("the head's number", NULL);
  forge("UPDATE chain SET head_hash = (SELECT hash FROM event WHERE chain_id = %lld AND seq = %lld) WHERE id = %lld",
        chain, seq - 1, chain);
  must_find("the head's hash", NULL);
  forge("DELETE FROM chain WHERE id = %lld", chain);
  must_find("a chain's row deleted, its events left", NULL);
  drop_copy();
}

static void a_kept_checkpoint_finds_what_the_log_alone_cannot(void **state)
{
  struct err e = {0};
  struct doc *kept = NULL;
  struct arena *a = arena_new(LIMIT_ARENA);
  long long seq = 0;
  write_events(5);
  long long chain = chain_of(&seq);
  ok(audit_checkpoint(s.w.store.db, s.w.network, a, &kept, &e));
  assert_int_equal(verify(kept, NULL), 0);
  keep_copy();
  forge("DELETE FROM checkpoint; DELETE FROM event WHERE chain_id = %lld AND seq > %lld; UPDATE chain SET head_seq = "
        "%lld,"
        " head_hash = (SELECT hash FROM event WHERE chain_id = %lld AND seq = %lld) WHERE id = %lld",
        chain, seq - 2, seq - 2, chain, seq - 2, chain);
  assert_int_equal(verify(NULL, NULL), 0); /* as if they had never been */
  must_find("a tail cut cleanly", kept);
  forge("DELETE FROM checkpoint; DELETE FROM event WHERE chain_id = %lld; DELETE FROM chain WHERE id = %lld", chain,
        chain);
  assert_int_equal(verify(NULL, NULL), 0);
  must_find("a whole chain", kept);
  forge("DELETE FROM event WHERE chain_id = %lld AND seq > %lld; UPDATE chain SET head_seq = %lld,"
        " head_hash = (SELECT hash FROM event WHERE chain_id = %lld AND seq = %lld) WHERE id = %lld",
        chain, seq - 2, seq - 2, chain, seq - 2, chain);
  must_find("a tail cut, the stored checkpoint forgotten", NULL);
  write_events(3);
  assert_int_equal(verify(kept, NULL), 0); /* what came after it is no fault */
  drop_copy();
  arena_free(a);
}

static void must_find_checkpoint(const struct doc *kept, const char *key, struct str value)
{
  struct arena *a = arena_new(LIMIT_ARENA);
  struct doc *forged = doc_map(a);
  doc_put_str(forged, "body", doc_get_str(kept, "body"));
  doc_put_str(forged, "signature", doc_get_str(kept, "signature"));
  doc_replace(forged, key, doc_str(a, value));
  assert_true(verify(forged, NULL) > 0);
  arena_free(a);
}

static void a_forged_checkpoint_is_found(void **state)
{
  struct err e = {0};
  struct doc *kept = NULL;
  unsigned char seed[32] = {1}, signature[SIGNATURE];
  struct arena *a = arena_new(LIMIT_ARENA);
  write_events(2);
  ok(audit_checkpoint(s.w.store.db, s.w.network, a, &kept, &e));
  struct str body = doc_get_str(kept, "body"), sig = doc_get_str(kept, "signature");
  sign_bytes(seed, body, signature);
  must_find_checkpoint(kept, "body", str_printf(a, "%.*s ", STR_FMT(body)));
  must_find_checkpoint(kept, "body", S("{}"));
  must_find_checkpoint(kept, "signature", S(""));
  must_find_checkpoint(kept, "signature",
                       str_printf(a, "%c%.*s", sig.p[0] == '0' ? '1' : '0', (int)sig.n - 1, sig.p + 1));
  must_find_checkpoint(kept, "signature", hex_text(a, (struct str){(const char *)signature, SIGNATURE}));
  assert_true(verify(doc_map(a), NULL) > 0);
  keep_copy();
  forge("UPDATE checkpoint SET body = '{\"heads\":[]}'");
  must_find("a stored checkpoint's body", NULL);
  forge("UPDATE checkpoint SET signature = (SELECT head_hash FROM chain LIMIT 1)");
  must_find("a stored checkpoint's signature", NULL);
  drop_copy();
  arena_free(a);
}

/* ---- many at once ---------------------------------------------------------------------------------------------------------------------- */

enum { THREADS = 8, WRITES = 25 };

static void *keep_writing(void *arg)
{
  (void)arg;
  for (int i = 0; i < WRITES; i++)
    write_events(1 + i % 3);
  return NULL;
}

static void eight_writers_keep_the_chains_whole(void **state)
{
  pthread_t thread[THREADS];
  int64_t before = 0, after = 0, expected = 0;
  for (int i = 0; i < WRITES; i++)
    expected += THREADS * (1 + i % 3);
  assert_int_equal(verify(NULL, &before), 0);
  for (int i = 0; i < THREADS; i++)
    assert_int_equal(pthread_create(&thread[i], NULL, keep_writing, NULL), 0);
  for (int i = 0; i < THREADS; i++)
    pthread_join(thread[i], NULL);
  assert_int_equal(verify(NULL, &after), 0);
  assert_int_equal(after, before + expected);
}

/* ---- refusals, and what cannot be written down --------------------------------------------------------------------------------------------- */

static long long refusals_of(const struct visitor *v, id64 object, enum action action)
{
  char sql[300];
  snprintf(
      sql, sizeof sql,
      "SELECT CAST(COUNT(*) AS TEXT) FROM event WHERE kind = %d AND user_id = %lld AND COALESCE(object_id, 0) = %lld"
      " AND action = %d AND request <> ''",
      EVENT_REFUSED, (long long)v->actor.user, (long long)object, action);
  return strtoll(store_ask(&s.w.store, sql), NULL, 10);
}

static void a_refusal_is_written_down(void **state)
{
  assert_int_equal(served_get(&s, &stranger, served_path("/cases/", boy.case_id, ""), WANT_HTML), 404);
  assert_int_equal(refusals_of(&stranger, boy.case_id, ACTION_CASE_READ), 1);
  assert_int_equal(served_post(&s, &stranger, served_path("/cases/", boy.case_id, "/records/new"), "", WANT_HTML), 404);
  assert_int_equal(refusals_of(&stranger, boy.case_id, ACTION_RECORD_WRITE), 1);
  assert_int_equal(served_get(&s, &stranger, "/accounts", WANT_HTML), 403); /* by the role already */
  assert_int_equal(refusals_of(&stranger, 0, ACTION_ACCOUNT_LIST), 1);
  assert_int_equal(served_get(&s, &worker, served_path("/cases/", boy.case_id, ""), WANT_HTML), 200);
  assert_int_equal(refusals_of(&worker, boy.case_id, ACTION_CASE_READ), 0);
}

static void what_cannot_be_written_down_is_not_shown(void **state)
{
  char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s", served_path("/cases/", boy.case_id, ""));
  assert_int_equal(served_get(&s, &worker, path, WANT_HTML), 200);
  assert_non_null(strstr(s.page.body, "試験 太郎"));
  forge("ALTER TABLE event RENAME TO event_away");
  static const char *const pages[] = {"", "/cases", "/today"};
  for (size_t i = 0; i < 3; i++)
    for (int json = 0; json < 2; json++) {
      int status = served_get(&s, &worker, pages[i][0] ? pages[i] : path, json ? WANT_JSON : WANT_HTML);
      assert_true(status >= 500);
      assert_null(strstr(s.page.bytes, "試験 太郎"));
    }
  forge("ALTER TABLE event_away RENAME TO event");
  assert_int_equal(served_get(&s, &worker, path, WANT_HTML), 200);
}

static void what_cannot_be_written_down_is_not_done(void **state)
{
  char path[PATH_SIZE], before[60];
  static const char body[] = "day=2026-04-01&method=meet&paragraph.0.text=a&paragraph.0.source=staff";
  snprintf(path, sizeof path, "%s", served_path("/cases/", boy.case_id, "/records/new"));
  snprintf(before, sizeof before, "%s", store_ask(&s.w.store, "SELECT CAST(COUNT(*) AS TEXT) FROM record"));
  forge("ALTER TABLE event RENAME TO event_away");
  assert_true(served_post(&s, &worker, path, body, WANT_HTML) >= 500);
  forge("ALTER TABLE event_away RENAME TO event");
  assert_string_equal(store_ask(&s.w.store, "SELECT CAST(COUNT(*) AS TEXT) FROM record"), before);
  served_do(&s, &worker, path, body);
  assert_string_not_equal(store_ask(&s.w.store, "SELECT CAST(COUNT(*) AS TEXT) FROM record"), before);
  assert_int_equal(verify(NULL, NULL), 0);
}

static int start(void **state)
{
  served_new(&s);
  city = world_org(&s.w, "子ども若者支援課", "council");
  worker = served_member(&s, city, ROLE_WORKER, "窓口の人");
  stranger = served_member(&s, world_org(&s.w, "さくら教室", "network"), ROLE_MANAGER, "教室の長");
  boy = world_case(&s.w, &worker.actor, "試験 太郎", (struct date){2009, 6, 1});
  return 0;
}

static int stop(void **state)
{
  served_free(&s);
  return 0;
}

STORE_MAIN_SETUP(start, stop, cmocka_unit_test(an_untouched_log_is_whole),
                 cmocka_unit_test(an_edit_of_any_column_is_found), cmocka_unit_test(what_is_missing_or_moved_is_found),
                 cmocka_unit_test(a_kept_checkpoint_finds_what_the_log_alone_cannot),
                 cmocka_unit_test(a_forged_checkpoint_is_found), cmocka_unit_test(eight_writers_keep_the_chains_whole),
                 cmocka_unit_test(a_refusal_is_written_down),
                 cmocka_unit_test(what_cannot_be_written_down_is_not_shown),
                 cmocka_unit_test(what_cannot_be_written_down_is_not_done))
