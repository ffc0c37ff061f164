/* race.c: clients ask and ask while a consent is withdrawn, a membership ends, a case is left. No request that begins after the end is
 * acknowledged gets what the end took away, and no event of a look that rested on it is committed after the end's commit. On both engines,
 * over the wire. TSUNAGU_RACE: how many requests for each kind of end (10,000 in `make prove`). */
#include "crowd.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../support/http_client.h"
#include "access/rederive.h"
#include "audit/audit.h"
#include "base/clock.h"

enum { CLIENTS = 8, BEFORE = 30, AFTER = 30, PATHS = 5 };

static struct crowd town;
static char word[40]; /* stands in what the author's side wrote about this round's person */

/* ---- the case of a round ------------------------------------------------------------------------------------------------------ */

struct naming {
  const struct visitor *writer;
  id64 person;
};

static enum code name_it(struct tx *tx, void *arg, struct err *e)
{
  const struct naming *n = arg;
  const struct scope *s = NULL;
  enum code c = access_open(tx, &n->writer->actor, ACTION_PERSON_WRITE, n->person, &s, e);
  return c == OK ? person_put(tx, s, ATTRIBUTE_NAME, str_from(word), SOURCE_PERSON, e) : c;
}

static void fill_person(struct crowd *t, const struct visitor *writer, const struct shared_case *c)
{
  struct err e = {0};
  struct naming n = {writer, c->c.person};
  ok(world_write(&t->s.w, &writer->actor, name_it, &n, &e));
}

/* ---- the clients ------------------------------------------------------------------------------------------------------------- */

struct round {
  const struct visitor *who;
  char path[PATHS][PATH_SIZE];
  atomic_int begun, late; /* requests begun; those of them after the end was acknowledged */
  atomic_int got, wrong;  /* answers with the word; of them, of requests begun after the end */
  _Atomic(int64_t) ended; /* ns; 0: not yet */
  atomic_bool stop;
};

static int64_t ns_now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void ask_once(struct round *r, const char *path, struct reply *reply)
{
  char head[PATH_SIZE + 200];
  snprintf(head, sizeof head,
           "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: application/json\r\nCookie: "
           "session=%s\r\n\r\n",
           path, r->who->token);
  int64_t begun = ns_now(), ended = atomic_load(&r->ended);
  bool late = ended && begun > ended;
  client_ask(http_port(town.s.server), head, strlen(head), reply);
  atomic_fetch_add(&r->begun, 1);
  atomic_fetch_add(&r->late, late);
  if (!strstr(reply->body, word))
    return;
  atomic_fetch_add(&r->got, 1);
  if (late && atomic_fetch_add(&r->wrong, 1) == 0)
    fprintf(stderr, "shown after the end: %s (%d)\n", path, reply->status);
}

static void *client(void *arg)
{
  struct round *r = arg;
  struct reply *reply = malloc(sizeof *reply);
  unsigned n = (unsigned)(uintptr_t)pthread_self() >> 12;
  while (!atomic_load(&r->stop))
    ask_once(r, r->path[n++ % PATHS], reply);
  free(reply);
  return NULL;
}

static void wait_for(const atomic_int *counter, int n)
{
  while (atomic_load(counter) < n)
    nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
}

/* ---- the ends ------------------------------------------------------------------------------------------------------------------- */

enum end { END_CONSENT, END_MEMBERSHIP, END_CASE };
static const char *const end_names[] = {"a consent withdrawn", "a membership ended", "a case left"};

static enum code leave_case(struct tx *tx, void *arg, struct err *e)
{
  const struct shared_case *c = arg;
  const struct scope *s = NULL;
  enum code code = access_open(tx, &town.who[WHO_WORKER].actor, ACTION_CASE_WRITE, c->c.person, &s, e);
  return code == OK ? case_leave(tx, s, c->c.case_id, town.receiver, e) : code;
}

static void end_it(enum end end, const struct shared_case *c, const struct visitor *who)
{
  struct err e = {0};
  char path[PATH_SIZE], body[200];
  if (end == END_CONSENT) {
    crowd_withdraw(&town, c);
  } else if (end == END_CASE) {
    ok(world_write(&town.s.w, &town.who[WHO_WORKER].actor, leave_case, (void *)(uintptr_t)c, &e));
  } else {
    struct arena *a = arena_new(LIMIT_ARENA);
    struct str today = date_iso(a, date_of_ts(clock_now()));
    snprintf(path, sizeof path, "%s", served_path("/memberships/", who->actor.membership, "/end"));
    snprintf(body, sizeof body, "until=%.*s&successor=%s", STR_FMT(today),
             served_path("", town.who[WHO_RECEIVER_MANAGER].actor.user, ""));
    char whole[2 * PATH_SIZE];
    snprintf(whole, sizeof whole, "%s%s", served_path("/accounts/", who->actor.user, ""), path);
    served_do(&town.s, &town.who[WHO_ADMIN], whole, body);
    arena_free(a);
  }
}

/* ---- in which order it was committed ------------------------------------------------------------------------------------------------ */

/* SQL of what is looked for: the looks (e) that rested on what ends, and the event of the end (w). */
static void sql_of(enum end end, const struct shared_case *c, const struct visitor *who, char look[700],
                   char ended[300])
{
  char listed[120];
  unsigned long long person = (unsigned long long)c->c.person;
  if (store_engine() == DB_SQLITE)
    snprintf(listed, sizeof listed, "instr(e.ids, x'%016llx') > 0", person);
  else
    snprintf(listed, sizeof listed, "position('\\x%016llx'::bytea in e.ids) > 0", person);
  int n = snprintf(look, 700, "e.kind IN (%d, %d, %d, %d) AND e.user_id = %lld", EVENT_OPEN, EVENT_LIST, EVENT_SEARCH,
                   EVENT_PRINT, (long long)who->actor.user);
  if (end == END_CONSENT)
    snprintf(look + n, 700 - (size_t)n, " AND e.person_id = %llu AND e.reason = %d", person, REASON_CONSENT);
  else if (end == END_CASE)
    snprintf(look + n, 700 - (size_t)n, " AND (e.person_id = %llu OR %s)", person, listed);
  if (end == END_MEMBERSHIP)
    snprintf(ended, 300, "w.action = %d AND w.object_id = %lld", ACTION_ACCOUNT_WRITE,
             (long long)who->actor.membership);
  else
    snprintf(ended, 300, "w.kind = %d AND w.action = %d AND w.person_id = %llu", EVENT_WRITE,
             end == END_CONSENT ? ACTION_CONSENT_WITHDRAW : ACTION_CASE_WRITE, person);
}

/* How many of those looks were committed after the end. SQLite has one writer and so one chain; PostgreSQL keeps the instant of each
 * commit (tests/pg.sh). */
static long long looks_after(enum end end, const struct shared_case *c, const struct visitor *who)
{
  char sql[2000], look[700], ended[300];
  bool sqlite = store_engine() == DB_SQLITE;
  sql_of(end, c, who, look, ended);
  snprintf(sql, sizeof sql, "SELECT CAST(count(*) AS TEXT) FROM event w WHERE %s", ended);
  assert_true(strtoll(store_ask(&town.s.w.store, sql), NULL, 10) > 0);
  snprintf(sql, sizeof sql,
           "SELECT CAST(count(*) AS TEXT) FROM event e WHERE %s AND %s > (SELECT max(%s) FROM event w WHERE %s)", look,
           sqlite ? "e.seq" : "pg_xact_commit_timestamp(e.xmin)", sqlite ? "w.seq" : "pg_xact_commit_timestamp(w.xmin)",
           ended);
  return strtoll(store_ask(&town.s.w.store, sql), NULL, 10);
}

/* ---- a round, and many --------------------------------------------------------------------------------------------------------------- */

static void paths_of(struct round *r, const struct shared_case *c)
{
  snprintf(r->path[0], PATH_SIZE, "%s", served_path("/cases/", c->c.case_id, ""));
  snprintf(r->path[1], PATH_SIZE, "%s", served_path("/sheets/", c->sheet, ""));
  snprintf(r->path[2], PATH_SIZE, "%s", served_path("/connections/", c->connection, ""));
  snprintf(r->path[3], PATH_SIZE, "/cases");
  snprintf(r->path[4], PATH_SIZE, "/connections");
}

static int run_round(enum end end, int number)
{
  pthread_t thread[CLIENTS];
  static const struct crowd_fill fill = {.person = fill_person};
  if (end == END_MEMBERSHIP || number == 0)
    town.who[WHO_RECEIVER_WORKER] = served_member(&town.s, town.receiver, ROLE_WORKER, "走る人");
  snprintf(word, sizeof word, "word%d of %d", number, (int)end);
  struct shared_case c = crowd_case(&town, STATE_SHARED, &fill);
  struct round r = {.who = &town.who[WHO_RECEIVER_WORKER]};
  paths_of(&r, &c);
  for (int i = 0; i < CLIENTS; i++)
    assert_int_equal(pthread_create(&thread[i], NULL, client, &r), 0);
  wait_for(&r.begun, BEFORE + number % 17);
  end_it(end, &c, r.who);
  atomic_store(&r.ended, ns_now());
  wait_for(&r.late, AFTER);
  atomic_store(&r.stop, true);
  for (int i = 0; i < CLIENTS; i++)
    pthread_join(thread[i], NULL);
  assert_true(atomic_load(&r.got) > 0); /* it was there before */
  assert_int_equal(atomic_load(&r.wrong), 0);
  assert_int_equal(looks_after(end, &c, r.who), 0);
  return atomic_load(&r.begun);
}

static void run_rounds(enum end end)
{
  const char *wanted = getenv("TSUNAGU_RACE");
  long want = wanted ? strtol(wanted, NULL, 10) : 200, asked = 0;
  int rounds = 0;
  for (; asked < want; rounds++)
    asked += run_round(end, rounds);
  printf("%s: %d rounds, %ld requests, none too late\n", end_names[end], rounds, asked);
}

static void nobody_is_shown_what_was_withdrawn(void **state)
{
  run_rounds(END_CONSENT);
}

static void nobody_is_shown_what_the_membership_opened(void **state)
{
  run_rounds(END_MEMBERSHIP);
}

static void nobody_is_shown_what_the_assignment_opened(void **state)
{
  run_rounds(END_CASE);
}

static void and_every_look_that_was_was_permitted(void **state)
{
  struct err e = {0};
  struct arena *a = arena_new(LIMIT_ARENA);
  struct doc *findings = NULL;
  struct rederived sum = {0};
  ok(access_rederive(town.s.w.store.db, town.s.w.network, a, &findings, &sum, &e));
  for (size_t i = 0; i < doc_size(findings); i++) {
    struct str text = doc_string(doc_at(findings, i));
    fprintf(stderr, "%.*s\n", STR_FMT(text));
  }
  assert_int_equal(sum.bad, 0);
  arena_free(a);
}

CROWD_MAIN(&town, cmocka_unit_test(nobody_is_shown_what_was_withdrawn),
           cmocka_unit_test(nobody_is_shown_what_the_membership_opened),
           cmocka_unit_test(nobody_is_shown_what_the_assignment_opened),
           cmocka_unit_test(and_every_look_that_was_was_permitted))
