/* demo.c: the demo town stands on both engines as it is told. */
#include "store.h"

#include <fcntl.h>
#include <unistd.h>

#include "access/rederive.h"
#include "audit/audit.h"
#include "base/clock.h"
#include "casework/files.h"
#include "cli/cli.h"
#include "connection/connection.h"
#include "network/network.h"

struct town {
  struct store store;
  char key[240];
  struct keyfile *keys;
  id64 network;
};

static void forget(const char *place, const char *tail)
{
  char name[300];
  snprintf(name, sizeof name, "%s%s", place, tail);
  unlink(name);
}

/* The command as typed; its list of sign-ins is not for the test's output. */
static int run(const char *url, const char *key, const char *scale, const char *seed)
{
  const char *const args[] = {"tsunagu", "demo", "--db", url, "--key", key, "--scale", scale, "--seed", seed};
  enum { ARGS = sizeof args / sizeof *args };
  char *argv[ARGS + 1] = {0};
  for (int i = 0; i < ARGS; i++)
    argv[i] = (char *)(uintptr_t)args[i];
  fflush(stdout);
  int out = dup(STDOUT_FILENO), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  dup2(nowhere, STDOUT_FILENO);
  int code = cli_main(ARGS, argv);
  fflush(stdout);
  dup2(out, STDOUT_FILENO);
  close(out);
  close(nowhere);
  return code;
}

static void note_network(void *arg, id64 id, struct str name)
{
  *(id64 *)arg = id;
}

static enum code find_network(struct tx *tx, void *arg, struct err *e)
{
  return network_each(tx, note_network, arg, e);
}

static void town_new(struct town *t, const char *scale, const char *seed)
{
  struct err e = {0};
  struct db_who service = {.service = true};
  *t = (struct town){0};
  store_new(&t->store, STORE_EMPTY | STORE_OWNER);
  db_close(t->store.db); /* only its name is wanted: the command makes the database */
  t->store.db = NULL;
  if (t->store.engine == DB_SQLITE) {
    forget(t->store.place, "");
    forget(t->store.place, "-wal");
    forget(t->store.place, "-shm");
  }
  snprintf(t->key, sizeof t->key, "/tmp/%s.key",
           strrchr(t->store.place, '/') ? strrchr(t->store.place, '/') + 1 : t->store.place);
  assert_int_equal(run(t->store.url, t->key, scale, seed), 0);
  t->store.options = (struct db_options){.url = str_from(t->store.url)};
  store_reopen(&t->store);
  ok(keyfile_open(t->key, &t->keys, &e));
  db_app_set(t->store.db, t->keys);
  ok(db_read(t->store.db, &service, find_network, &t->network, &e));
}

static void town_free(struct town *t)
{
  store_free(&t->store);
  keyfile_free(t->keys);
  forget(t->key, "");
  forget(t->key, ".lock");
  forget(t->key, ".demo.txt");
  forget(t->store.place, ".demo.txt");
}

static int64_t number(struct town *t, const char *sql)
{
  return strtoll(store_ask(&t->store, sql), NULL, 10);
}

static void is_whole(struct town *t)
{
  struct err e = {0};
  int64_t events = 0, bad = -1;
  struct doc *findings = NULL;
  struct arena *a = arena_new(LIMIT_ARENA);
  ok(db_prepare_all(t->store.db, &e));
  ok(audit_verify(t->store.db, t->network, NULL, a, &findings, &events, &bad, &e));
  assert_int_equal(bad, 0);
  assert_true(events > 100);
  arena_free(a);
}

/* What a 送付票 is headed with. */
static void has_every_number(struct town *t)
{
  static const char members[] =
      "SELECT CAST(count(*) AS text) FROM organization o WHERE o.circle IN ('council', 'network')"
      " AND NOT EXISTS (SELECT 1 FROM phone p WHERE p.network_id = o.network_id"
      " AND p.organization_id = o.id AND p.service_id IS NULL AND p.type = '%s')";
  char sql[400];
  for (int i = 0; i < 2; i++) {
    snprintf(sql, sizeof sql, members, i ? "fax" : "voice");
    assert_int_equal(number(t, sql), 0);
  }
}

/* --- what it holds --------------------------------------------------------------------------------------------------- */

static void small_shows_every_state(void **state)
{
  static const char *const states[] = {"draft",    "sent",     "received", "accepted",    "returned",
                                       "declined", "answered", "closed",   "in_progress", "withdrawn"};
  struct town t;
  char sql[200];
  town_new(&t, "small", "1");
  is_whole(&t);
  for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
    snprintf(sql, sizeof sql, "SELECT CAST(count(*) AS text) FROM connection WHERE state = '%s'", states[i]);
    if (number(&t, sql) < 1)
      fail_msg("no connection is %s", states[i]);
  }
  assert_int_equal(number(&t, "SELECT CAST(count(*) AS text) FROM case_file"), 12);
  assert_true(number(&t, "SELECT CAST(count(*) AS text) FROM case_file WHERE next_date IS NULL") >= 1);
  assert_true(number(&t, "SELECT CAST(count(*) AS text) FROM consent WHERE refused") >= 1);
  assert_true(number(&t, "SELECT CAST(count(*) AS text) FROM consent WHERE withdrawn_at IS NOT NULL") >= 1);
  assert_true(number(&t, "SELECT CAST(count(*) AS text) FROM consent WHERE by_party = 'guardian' AND heard") >= 1);
  assert_int_equal(number(&t, "SELECT CAST(count(*) AS text) FROM concealment"), 1);
  assert_int_equal(number(&t, "SELECT CAST(count(*) AS text) FROM restriction"), 1);
  assert_true(number(&t, "SELECT CAST(count(*) AS text) FROM connection WHERE kind = 'handover'") >= 1);
  has_every_number(&t);
  town_free(&t);
}

/* Nothing of the past lies before the fact that it rests on, nothing lies in the future. */
static void small_is_in_order(void **state)
{
  struct town t;
  char sql[400];
  town_new(&t, "small", "1");
  snprintf(sql, sizeof sql, "SELECT CAST(count(*) AS text) FROM event WHERE at > %lld", (long long)clock_now());
  assert_int_equal(number(&t, sql), 0);
  assert_int_equal(number(&t,
                          "SELECT CAST(count(*) AS text) FROM record r JOIN case_file c ON c.network_id = r.network_id"
                          " AND c.id = r.case_id WHERE r.at < c.opened_at"),
                   0);
  assert_int_equal(number(&t, "SELECT CAST(count(*) AS text) FROM connection WHERE sent_at IS NOT NULL AND NOT EXISTS"
                              " (SELECT 1 FROM consent k JOIN consent_recipient r ON r.network_id = k.network_id AND"
                              " r.consent_id = k.id WHERE k.person_id = connection.person_id AND k.from_at <= sent_at"
                              " AND r.organization_id = connection.to_organization_id)"),
                   0);
  snprintf(sql, sizeof sql, "SELECT CAST(count(*) AS text) FROM consent WHERE until_at < %lld AND withdrawn_at IS NULL",
           (long long)clock_now());
  assert_true(number(&t, sql) >= 1);
  snprintf(sql, sizeof sql, "SELECT CAST(count(*) AS text) FROM connection WHERE state = 'sent' AND sent_at < %lld",
           (long long)(clock_now() - 8 * (ts_t)MS_DAY));
  assert_true(number(&t, sql) >= 1);
  town_free(&t);
}

static int64_t count(struct town *t, const char *table, const char *where)
{
  char sql[300];
  snprintf(sql, sizeof sql, "SELECT CAST(count(*) AS text) FROM %s WHERE %s", table, where);
  return number(t, sql);
}

static void has(struct town *t, const char *table, const char *column, const char *value)
{
  char where[100];
  snprintf(where, sizeof where, "%s = '%s'", column, value);
  if (count(t, table, where) < 1)
    fail_msg("no %s of the demo has %s", table, where);
}

/* The log's looks are decided once more by the facts of their revision: what the demo shows was lawful. */
static void is_lawful(struct town *t)
{
  struct err e = {0};
  struct rederived r = {0};
  struct doc *findings = NULL;
  struct arena *a = arena_new(LIMIT_ARENA);
  ok(access_rederive(t->store.db, t->network, a, &findings, &r, &e));
  assert_true(r.looks > 200);
  assert_int_equal(r.bad, 0);
  arena_free(a);
}

static void has_every_form(struct town *t)
{
  struct err e = {0};
  const struct form *form = NULL;
  for (size_t i = 0; form_builtin_name(i); i++) {
    ok(form_builtin(str_from(form_builtin_name(i)), STR_NONE, &form, &e));
    if (form_use(form) != FORM_USE_BLANK)
      has(t, "sheet", "form_code", form_builtin_name(i));
  }
}

static void has_every_state(struct town *t)
{
  static const char *const statuses[] = {
#define X(code, label) code,
      CASE_STATUSES(X)
#undef X
  };
  static const char *const methods[] = {"meet", "phone", "visit", "accompany", "message", "conference", "online"};
  static const char *const steps[] = {"status", "density", "withdrawal", "stand_in", "promise", "worked", "failed"};
  static const char *const origins[] = {"person", "family", "phone", "visit", "school", "other_body", "survey"};
  for (int i = 0; i < CONNECTION_STATE_COUNT; i++)
    has(t, "connection", "state", connection_state_code((enum connection_state)i));
  for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
    has(t, "case_file", "status", statuses[i]);
  for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
    has(t, "record", "method", methods[i]);
    has(t, "case_step", "kind", steps[i]);
    has(t, "case_file", "origin", origins[i]);
  }
  for (const char *d = "ABC"; *d; d++)
    has(t, "case_file", "density", (char[]){*d, '\0'});
  for (int f = FILE_PDF; f < FILE_TYPES; f++)
    has(t, "attachment", "type", file_type_code((enum file_type)f));
  has(t, "sheet", "status", "draft");
  has(t, "sheet", "status", "frozen");
  has_every_form(t);
}

static void has_every_consent(struct town *t)
{
  static const char *const hows[] = {"written", "oral", "tick"};
  static const char *const authorities[] = {"joint", "sole", "daily", "urgent", "none"};
  char over[100];
  for (size_t i = 0; i < sizeof hows / sizeof *hows; i++)
    has(t, "consent", "how", hows[i]);
  for (size_t i = 0; i < sizeof authorities / sizeof *authorities; i++)
    has(t, "guardian", "authority", authorities[i]);
  snprintf(over, sizeof over, "until_at < %lld AND withdrawn_at IS NULL", (long long)clock_now());
  assert_true(count(t, "consent", over) >= 3);
  assert_true(count(t, "consent", "withdrawn_at IS NOT NULL") >= 2);
  assert_true(count(t, "consent", "refused AND by_party = 'guardian'") >= 1);
  assert_true(count(t, "consent", "refused AND by_party = 'person'") >= 1);
  assert_true(count(t, "consent", "heard") >= 3);
  assert_true(count(t, "legal_basis", "decided_at IS NULL") >= 1);
  assert_true(count(t, "legal_basis", "approver_id IS NOT NULL AND refused_by IS NULL") >= 1);
  assert_true(count(t, "legal_basis", "refused_by IS NOT NULL") >= 1);
}

static void has_what_protects(struct town *t)
{
  assert_true(count(t, "concealment", "TRUE") >= 3);
  assert_true(count(t, "concealed_value", "TRUE") >= 1);
  assert_true(count(t, "concealment_release", "TRUE") >= 1);
  assert_true(count(t, "restriction", "TRUE") >= 2);
  assert_true(count(t, "break_glass", "reviewed_at IS NULL") >= 1);
  assert_true(count(t, "break_glass", "reviewed_at IS NOT NULL") >= 1);
  assert_true(count(t, "leak", "told_at IS NOT NULL AND closed_at IS NULL") >= 1);
  assert_true(count(t, "stand_in", "TRUE") >= 1);
  assert_true(count(t, "ledger_case", "TRUE") >= 2);
  assert_true(count(t, "reply_link", "TRUE") >= 2);
  assert_true(count(t, "inquiry", "TRUE") >= 1);
  assert_true(count(t, "closed_day", "TRUE") >= 1);
  assert_true(count(t, "organization", "TRUE") >= 20);
}

/* A state that is reckoned from the clock: @ in `where` is this instant. */
static void is_there(struct town *t, const char *table, const char *where)
{
  char text[240] = "";
  size_t n = 0;
  for (const char *p = where; *p; p++)
    n += *p == '@' ? (size_t)snprintf(text + n, sizeof text - n, "%lld", (long long)clock_now())
                   : (size_t)snprintf(text + n, sizeof text - n, "%c", *p);
  assert_true(n < sizeof text);
  if (count(t, table, text) < 1)
    fail_msg("no %s of the demo is: %s", table, where);
}

/* Every state of what is reckoned, not stored: the register of law, releases, restrictions, links, leaks, files, copies, moves. */
static void has_every_reckoned_state(struct town *t)
{
  static const struct {
    const char *table, *where;
  } states[] = {
      {"legal_basis", "approver_id IS NULL AND refused_by IS NULL"},
      {"legal_basis", "approver_id IS NOT NULL AND from_at <= @ AND until_at > @"},
      {"legal_basis", "approver_id IS NOT NULL AND from_at > @"},
      {"legal_basis", "approver_id IS NOT NULL AND until_at <= @ AND ended_by IS NOT NULL"},
      {"legal_basis", "refused_by IS NOT NULL"},
      {"legal_basis", "tell = 'after' AND told_day IS NULL AND approver_id IS NOT NULL"},
      {"legal_basis", "told_day IS NOT NULL"},
      {"concealment", "until_at IS NULL OR until_at > @"},
      {"concealment", "until_at <= @"},
      {"concealment_release", "decided_at IS NULL"},
      {"concealment_release", "granted"},
      {"concealment_release", "decided_at IS NOT NULL AND NOT granted"},
      {"restriction", "until_at IS NULL"},
      {"restriction", "ended_by IS NOT NULL"},
      {"leak", "told_at IS NOT NULL AND closed_at IS NULL"},
      {"leak", "closed_at IS NOT NULL"},
      {"reply_link", "until_at > @ AND used_at IS NULL AND ended_at IS NULL"},
      {"reply_link", "used_at IS NOT NULL"},
      {"reply_link", "used_at IS NULL AND (until_at <= @ OR ended_at IS NOT NULL)"},
      {"family_link", "until_at IS NULL"},
      {"ledger_import", "undone_at IS NOT NULL"},
      {"ledger_import", "undone_at IS NULL AND imported_at > @ - 7 * 86400000"},
      {"ledger_import", "undone_at IS NULL AND imported_at <= @ - 7 * 86400000"},
      {"mail_queue", "state = 'waiting'"},
      {"mail_queue", "state = 'failed'"},
      {"mail_preference", "how = 'morning'"},
      {"break_glass", "until_at <= @ AND reviewed_at IS NULL"},
      {"consent", "until_at <= @ AND withdrawn_at IS NULL"},
      {"consent", "until_at > @ AND NOT refused AND withdrawn_at IS NULL"},
      {"attachment", "consent_id IS NOT NULL"},
      {"case_step", "kind = 'file_removed'"},
      {"print_copy", "kind = 'consent'"},
      {"print_copy", "kind = 'fax'"},
      {"phrase", "method = 'visit'"},
      {"transfer_out", "TRUE"},
      {"transfer_peer", "TRUE"},
      {"case_file", "status = 'closed' AND next_date IS NULL"},
      {"case_file", "status <> 'closed' AND next_date IS NULL"},
      {"case_file", "status <> 'closed' AND next_date < '2099' AND next_date IS NOT NULL"},
  };
  for (size_t i = 0; i < sizeof states / sizeof *states; i++)
    is_there(t, states[i].table, states[i].where);
}

/* The town that ./run shows: whatever can be the case, is. */
static void town_shows_every_state_and_is_lawful(void **state)
{
  struct town t;
  town_new(&t, "town", "1");
  is_whole(&t);
  assert_int_equal(count(&t, "case_file", "TRUE"), 60);
  has_every_state(&t);
  has_every_consent(&t);
  has_what_protects(&t);
  has_every_reckoned_state(&t);
  is_lawful(&t);
  town_free(&t);
}

/* --- the same seed, the same town -------------------------------------------------------------------------------------- */

STMT_READ(q_all, "test_demo_all",
          "SELECT 'organization ' || name || kind || circle AS line FROM organization"
          " UNION ALL SELECT 'user ' || login || name || job FROM user_account"
          " UNION ALL SELECT 'case ' || number || status || density || origin || COALESCE(next_date, '') ||"
          " CAST(opened_at AS text) FROM case_file"
          " UNION ALL SELECT 'record ' || method || with_whom || CAST(at AS text) || COALESCE(next_date, '') ||"
          " CAST(COALESCE(minutes, 0) AS text) FROM record"
          " UNION ALL SELECT 'paragraph ' || CAST(line AS text) || ' ' || CAST(category AS text) || ' ' ||"
          " CAST(source AS text) || ' ' || CAST(length(text_sealed) AS text) FROM record_paragraph"
          " UNION ALL SELECT 'consent ' || by_party || how || purposes || CAST(from_at AS text) ||"
          " CAST(COALESCE(withdrawn_at, 0) AS text) FROM consent"
          " UNION ALL SELECT 'connection ' || kind || state || CAST(COALESCE(sent_at, 0) AS text) FROM connection"
          " ORDER BY line");

struct digest {
  uint64_t hash;
  int64_t lines;
};

static enum code fold(struct tx *tx, void *arg, struct err *e)
{
  struct digest d = {1469598103934665603U, 0};
  struct rows r = {0};
  enum code c = db_query(tx, &q_all, &r, e, NO_BINDS);
  if (c != OK)
    return c;
  for (; rows_next(&r); d.lines++) {
    struct str s = rows_text(&r, 0);
    for (size_t i = 0; i < s.n; i++)
      d.hash = (d.hash ^ (unsigned char)s.p[i]) * 1099511628211U;
  }
  c = rows_end(&r, e);
  *(struct digest *)arg = d;
  return c;
}

static struct digest digest_of(const char *scale, const char *seed)
{
  struct town t;
  struct err e = {0};
  struct digest d = {0};
  town_new(&t, scale, seed);
  struct db_who who = {.network = t.network, .service = true};
  ok(db_read(t.store.db, &who, fold, &d, &e));
  is_whole(&t);
  town_free(&t);
  return d;
}

static void the_same_seed_gives_the_same_town(void **state)
{
  struct digest a = digest_of("small", "7"), b = digest_of("small", "7");
  assert_true(a.lines > 200);
  assert_int_equal(a.lines, b.lines);
  assert_true(a.hash == b.hash);
}

/* Generated cases, and the lives that are told among them. */
static void a_seed_makes_its_own_town_of_any_size(void **state)
{
  struct digest a = digest_of("60", "3"), b = digest_of("60", "3"), c = digest_of("600", "4");
  assert_true(a.lines > 1200 && c.lines > 5 * a.lines);
  assert_true(a.lines == b.lines && a.hash == b.hash);
  assert_true(a.hash != c.hash);
}

STORE_MAIN(cmocka_unit_test(town_shows_every_state_and_is_lawful), cmocka_unit_test(small_shows_every_state),
           cmocka_unit_test(small_is_in_order), cmocka_unit_test(the_same_seed_gives_the_same_town),
           cmocka_unit_test(a_seed_makes_its_own_town_of_any_size))
