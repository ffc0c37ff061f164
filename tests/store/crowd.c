#include "crowd.h"

#include "base/clock.h"
#include "casework/casework_sql.h"

const char *const state_names[STATE_COUNT] = {
#define X(name, text) text,
    STATE(X)
#undef X
};

static const char *const who_names[WHO_COUNT] = {
#define X(name, text) text,
    WHO(X)
#undef X
};

static const struct date seventeen = {2009, 6, 1};

/* ---- people ------------------------------------------------------------------------------------------------------------------ */

static void people_new(struct crowd *t)
{
  const struct {
    enum who who;
    id64 organization;
    enum role role;
    enum sign_in how;
  } list[] = {
      {WHO_MANAGER, t->city, ROLE_MANAGER, SIGNED_FULL},
      {WHO_WORKER, t->city, ROLE_WORKER, SIGNED_FULL},
      {WHO_WORKER_OFF, t->city, ROLE_WORKER, SIGNED_FULL},
      {WHO_CLERK, t->city, ROLE_CLERK, SIGNED_FULL},
      {WHO_CLERK_OFF, t->city, ROLE_CLERK, SIGNED_FULL},
      {WHO_VOLUNTEER, t->city, ROLE_VOLUNTEER, SIGNED_FULL},
      {WHO_VOLUNTEER_OFF, t->city, ROLE_VOLUNTEER, SIGNED_FULL},
      {WHO_COORDINATOR, t->city, ROLE_COORDINATOR, SIGNED_FULL},
      {WHO_AUDITOR, t->city, ROLE_AUDITOR, SIGNED_FULL},
      {WHO_ADMIN, t->city, ROLE_ADMIN, SIGNED_FULL},
      {WHO_RECEIVER_MANAGER, t->receiver, ROLE_MANAGER, SIGNED_FULL},
      {WHO_RECEIVER_WORKER, t->receiver, ROLE_WORKER, SIGNED_FULL},
      {WHO_THIRD_MANAGER, t->third, ROLE_MANAGER, SIGNED_FULL},
      {WHO_HALF, t->city, ROLE_COORDINATOR, SIGNED_ONE_FACTOR},
      {WHO_UNCHOSEN, t->city, ROLE_MANAGER, SIGNED_NO_MEMBERSHIP},
  };
  t->who[WHO_PUBLIC] = (struct visitor){.name = who_names[WHO_PUBLIC], .actor = {.role = ROLE_PUBLIC}};
  for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
    struct visitor *v = &t->who[list[i].who];
    *v = (struct visitor){.name = who_names[list[i].who]};
    v->actor = world_member(&t->s.w, list[i].organization, list[i].role, v->name);
    served_sign_in(&t->s, v, list[i].how);
  }
}

/* ---- a case, step by step ------------------------------------------------------------------------------------------------------ */

struct assigning {
  const struct shared_case *c;
  id64 organization, user;
};

STMT_WRITE(q_assign, "crowd_assign",
           "INSERT INTO assignment (network_id, id, case_id, person_id, user_id, organization_id, from_at)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7)");

static enum code assign(struct tx *tx, void *arg, struct err *e)
{
  const struct assigning *a = arg;
  return db_exec(tx, &q_assign, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(a->c->c.case_id), b_int(a->c->c.person),
                       b_int(a->user), b_int(a->organization), b_int(tx_now(tx))));
}

static void assign_helpers(struct crowd *t, const struct shared_case *c)
{
  struct err e = {0};
  static const enum who helpers[] = {WHO_CLERK, WHO_VOLUNTEER};
  for (size_t i = 0; i < sizeof helpers / sizeof *helpers; i++) {
    struct assigning a = {c, t->city, t->who[helpers[i]].actor.user};
    ok(world_write(&t->s.w, NULL, assign, &a, &e));
  }
}

struct found {
  id64 connection, sheet;
};

STMT_READ(q_find, "crowd_find", "SELECT id, sheet_id FROM connection WHERE network_id = $1 AND id = $2");
STMT_READ(q_draft, "crowd_draft", "SELECT id FROM sheet WHERE network_id = $1 AND case_id = $2");

static enum code find_sheet(struct tx *tx, void *arg, struct err *e)
{
  struct shared_case *c = arg;
  struct rows r;
  enum code code = c->connection ? db_query(tx, &q_find, &r, e, BINDS(b_int(tx_network(tx)), b_int(c->connection)))
                                 : db_query(tx, &q_draft, &r, e, BINDS(b_int(tx_network(tx)), b_int(c->c.case_id)));
  if (code != OK)
    return code;
  if (rows_next(&r))
    c->sheet = rows_int(&r, c->connection ? 1 : 0);
  return rows_finish(&r, OK, e);
}

/* The receiver opens it, takes it on and writes a record; its worker is assigned. */
static void take_on(struct crowd *t, const struct shared_case *c)
{
  char body[200];
  struct arena *a = arena_new(4096);
  struct str worker = id_text(a, t->who[WHO_RECEIVER_WORKER].actor.user);
  const struct visitor *manager = &t->who[WHO_RECEIVER_MANAGER];
  assert_int_equal(served_get(&t->s, manager, served_path("/connections/", c->connection, ""), WANT_HTML), 200);
  snprintf(body, sizeof body, "answer=accept&worker=%.*s", STR_FMT(worker));
  served_do(&t->s, manager, served_path("/connections/", c->connection, "/answer"), body);
  served_do(
      &t->s, &t->who[WHO_RECEIVER_WORKER], served_path("/cases/", c->c.case_id, "/records/new"),
      "day=2026-04-01&method=meet&paragraph.0.text=receiver&paragraph.0.source=staff&paragraph.0.category=support");
  arena_free(a);
}

static void withdraw(struct crowd *t, const struct shared_case *c)
{
  served_do(&t->s, &t->who[WHO_WORKER], served_path("/consents/", c->consent, "/withdraw"), "by=person&how=oral");
}

STMT_WRITE(q_expire, "crowd_expire",
           "UPDATE consent SET from_at = $3, until_at = $4 WHERE network_id = $1 AND id = $2");

/* The consent's time was over a second ago. */
static enum code expire(struct tx *tx, void *arg, struct err *e)
{
  const struct shared_case *c = arg;
  return db_exec(tx, &q_expire, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(c->consent), b_int(tx_now(tx) - MS_DAY), b_int(tx_now(tx) - 1000)));
}

static void share(struct crowd *t, const struct visitor *writer, struct shared_case *c, id64 to)
{
  c->consent = world_consent(&t->s.w, &writer->actor, &c->c, PARTY_PERSON, to, CAT_ALL);
  c->connection = world_send(&t->s.w, &writer->actor, &c->c, to, "help");
}

struct shared_case crowd_case(struct crowd *t, enum state state, crowd_fill fill, void *arg)
{
  struct err e = {0};
  struct shared_case c = {.state = state};
  bool foreign = state == STATE_FOREIGN;
  const struct visitor *writer = &t->who[foreign ? WHO_THIRD_MANAGER : WHO_WORKER];
  c.c = world_case(&t->s.w, &writer->actor, "試験 花子", seventeen);
  if (!foreign)
    assign_helpers(t, &c);
  if (fill)
    fill(t, writer, &c, arg);
  if (state == STATE_DRAFT)
    served_do(&t->s, writer, served_path("/cases/", c.c.case_id, "/sheets/new"), "");
  else
    share(t, writer, &c, state == STATE_OWN || foreign ? t->fourth : t->receiver);
  ok(world_read(&t->s.w, NULL, find_sheet, &c, &e));
  if (state == STATE_SHARED || state == STATE_LEFT || state == STATE_EXPIRED)
    take_on(t, &c);
  if (state == STATE_WITHDRAWN)
    assert_int_equal(
        served_get(&t->s, &t->who[WHO_RECEIVER_MANAGER], served_path("/connections/", c.connection, ""), WANT_HTML),
        200);
  if (state == STATE_LEFT || state == STATE_WITHDRAWN)
    withdraw(t, &c);
  if (state == STATE_EXPIRED)
    ok(world_write(&t->s.w, NULL, expire, &c, &e));
  return c;
}

void crowd_new(struct crowd *t, crowd_fill fill, void *arg)
{
  served_new(&t->s);
  t->city = world_org(&t->s.w, "子ども若者支援課", "council");
  t->receiver = world_org(&t->s.w, "NPOあおば", "council");
  t->third = world_org(&t->s.w, "さくら教室", "network");
  t->fourth = world_org(&t->s.w, "みどり相談所", "network");
  people_new(t);
  for (int i = 0; i < STATE_COUNT; i++)
    t->cases[i] = crowd_case(t, (enum state)i, fill, arg);
}

void crowd_free(struct crowd *t)
{
  served_free(&t->s);
}

/* ---- what holds ------------------------------------------------------------------------------------------------------------------ */

id64 crowd_author(const struct crowd *t, enum state state)
{
  return state == STATE_FOREIGN ? t->third : t->city;
}

bool crowd_works(enum who who, enum state state)
{
  switch (who) {
  case WHO_MANAGER:
  case WHO_WORKER:
  case WHO_CLERK:
  case WHO_VOLUNTEER:
    return state != STATE_FOREIGN;
  case WHO_RECEIVER_MANAGER:
  case WHO_RECEIVER_WORKER: /* what it wrote keeps its place in the case; nothing else outlives a withdrawal */
    return state == STATE_SHARED || state == STATE_EXPIRED || state == STATE_LEFT;
  case WHO_THIRD_MANAGER:
    return state == STATE_FOREIGN;
  default:
    return false;
  }
}

bool crowd_receives(enum who who, enum state state)
{
  return who == WHO_RECEIVER_MANAGER && (state == STATE_SHARED || state == STATE_EXPIRED);
}

bool crowd_agreed(const struct crowd *t, enum who who, enum state state)
{
  return t->who[who].actor.organization == t->receiver && state == STATE_SHARED;
}

bool crowd_allowed(const struct crowd *t, enum who who, enum action action, enum state state)
{
  bool may = false;
  (void)role_may(t->who[who].actor.role, action, &may);
  bool of_connection =
      action == ACTION_CONNECTION_READ || action == ACTION_CONNECTION_ANSWER || action == ACTION_CONNECTION_ASSIGN;
  bool of_receiver = action == ACTION_SHEET_READ || action == ACTION_PERSON_READ || action == ACTION_CASE_READ;
  bool receives = crowd_receives(who, state) && (of_connection || (of_receiver && crowd_agreed(t, who, state)));
  return may && (crowd_works(who, state) || receives);
}
