#include "crowd.h"

#include <stdlib.h>

#include "base/clock.h"
#include "casework/casework_sql.h"
#include "casework/files.h"
#include "family/family.h"

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

STMT_READ(q_find, "crowd_find",
          "SELECT s.id, c.id FROM sheet s LEFT JOIN connection c ON c.network_id = s.network_id AND c.sheet_id = s.id"
          " WHERE s.network_id = $1 AND s.case_id = $2");

static enum code find_sheet(struct tx *tx, void *arg, struct err *e)
{
  struct shared_case *c = arg;
  struct rows r;
  enum code code = db_query(tx, &q_find, &r, e, BINDS(b_int(tx_network(tx)), b_int(c->c.case_id)));
  if (code != OK)
    return code;
  if (rows_next(&r)) {
    c->sheet = rows_int(&r, 0);
    c->connection = rows_int(&r, 1);
  }
  return rows_finish(&r, OK, e);
}

static void reply_of(const struct crowd_fill *fill, const struct shared_case *c, char *text, size_t size)
{
  snprintf(text, size, "reply");
  if (fill && fill->reply)
    fill->reply(c, text, size);
}

/* The receiver opens it, takes it on and writes a record; its worker is assigned. */
static void take_on(struct crowd *t, const struct shared_case *c, const struct crowd_fill *fill)
{
  char body[600], text[200];
  const struct visitor *manager = &t->who[WHO_RECEIVER_MANAGER];
  reply_of(fill, c, text, sizeof text);
  assert_int_equal(served_get(&t->s, manager, served_path("/connections/", c->connection, ""), WANT_HTML), 200);
  snprintf(body, sizeof body, "answer=accept&text=%s&worker=%s", text,
           served_path("", t->who[WHO_RECEIVER_WORKER].actor.user, ""));
  served_do(&t->s, manager, served_path("/connections/", c->connection, "/answer"), body);
  snprintf(body, sizeof body,
           "day=2026-04-01&method=meet&paragraph.0.text=%s&paragraph.0.source=staff&paragraph.0.category=support",
           text);
  served_do(&t->s, &t->who[WHO_RECEIVER_WORKER], served_path("/cases/", c->c.case_id, "/records/new"), body);
}

void crowd_withdraw(struct crowd *t, const struct shared_case *c)
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

/* What must stand on a sheet before it goes, where nothing else was put there. */
static void fill_required(char *body, size_t size)
{
  static const char *const must[][2] = {
      {"&answer.received_on=", "2026-04-01"}, {"&answer.received_org=", "city"}, {"&answer.received_by=", "desk"}};
  for (size_t i = 0; i < sizeof must / sizeof *must; i++) {
    size_t n = strlen(body);
    if (!strstr(body, must[i][0]))
      snprintf(body + n, size - n, "%s%s", must[i][0], must[i][1]);
  }
}

/* A sheet as it is written at the counter: begun, filled in, and sent when it has somebody to go to. */
static void write_sheet(struct crowd *t, const struct visitor *writer, struct shared_case *c, id64 to,
                        const struct crowd_fill *fill)
{
  struct err e = {0};
  enum { BODY = 64 << 10 };
  char *body = malloc(BODY);
  assert_non_null(body);
  served_do(&t->s, writer, served_path("/cases/", c->c.case_id, "/sheets/new"), "");
  ok(world_read(&t->s.w, NULL, find_sheet, c, &e));
  int n = snprintf(body, BODY, "action=save%s%s", to ? "&kind=help&receivers=" : "", to ? served_path("", to, "") : "");
  if (fill && fill->sheet) {
    fill->sheet(c, body + n, BODY - (size_t)n);
    fill_required(body, BODY);
  }
  if (to || (fill && fill->sheet))
    served_do(&t->s, writer, served_path("/sheets/", c->sheet, "/edit"), body);
  if (to)
    served_do(&t->s, writer, served_path("/sheets/", c->sheet, "/preview"), "");
  ok(world_read(&t->s.w, NULL, find_sheet, c, &e));
  free(body);
}

struct attaching {
  const struct visitor *writer;
  const struct shared_case *c;
};

static enum code attach(struct tx *tx, void *arg, struct err *e)
{
  const struct attaching *at = arg;
  struct file_ready f = {.title = S("写し"), .clean = S("%PDF-1.4 %%EOF"), .type = FILE_PDF};
  const struct scope *s = NULL;
  id64 id = 0;
  f.category = CAT_SUPPORT;
  f.source = SOURCE_PERSON;
  enum code c = access_open(tx, &at->writer->actor, ACTION_RECORD_WRITE, at->c->c.person, &s, e);
  return c == OK ? file_attach(tx, s, at->c->c.case_id, &f, &id, e) : c;
}

static id64 newest(struct crowd *t, const char *table, const struct shared_case *c)
{
  char sql[120];
  snprintf(sql, sizeof sql, "SELECT CAST(max(id) AS TEXT) FROM %s WHERE case_id = %lld", table,
           (long long)c->c.case_id);
  return strtoll(store_ask(&t->s.w.store, sql), NULL, 10);
}

/* What the fill attached, or a paper of nothing. */
static void attach_file(struct crowd *t, const struct visitor *writer, struct shared_case *c)
{
  struct err e = {0};
  struct attaching at = {writer, c};
  c->file = newest(t, "attachment", c);
  if (!c->file)
    ok(world_write(&t->s.w, &writer->actor, attach, &at, &e));
  c->file = newest(t, "attachment", c);
}

static enum code write_note(struct tx *tx, void *arg, struct err *e)
{
  const struct attaching *at = arg;
  const struct family_note n = {.name = S("試験 次郎"), .relation = S("brother_younger"), .source = SOURCE_PERSON};
  const struct scope *s = NULL;
  id64 id = 0;
  const struct guardian_new g = {.name = S("試験 一子"), .relation = S("母"), .authority = S("none")};
  enum code c = access_open(tx, &at->writer->actor, ACTION_PERSON_WRITE, at->c->c.person, &s, e);
  if (c == OK)
    c = guardian_add(tx, s, &g, &id, e);
  return c == OK ? family_add(tx, s, &n, &id, e) : c;
}

/* What the fill wrote of the family, or a brother. */
static void write_family(struct crowd *t, const struct visitor *writer, struct shared_case *c)
{
  struct err e = {0};
  struct attaching at = {writer, c};
  char sql[160];
  snprintf(sql, sizeof sql,
           "SELECT CAST(max(note_id) AS TEXT) FROM family_note WHERE kind = 'member' AND person_id = %lld",
           (long long)c->c.person);
  c->note = strtoll(store_ask(&t->s.w.store, sql), NULL, 10);
  if (!c->note)
    ok(world_write(&t->s.w, &writer->actor, write_note, &at, &e));
  c->note = strtoll(store_ask(&t->s.w.store, sql), NULL, 10);
  snprintf(sql, sizeof sql, "SELECT CAST(max(id) AS TEXT) FROM guardian WHERE person_id = %lld",
           (long long)c->c.person);
  c->guardian = strtoll(store_ask(&t->s.w.store, sql), NULL, 10);
}

struct shared_case crowd_case(struct crowd *t, enum state state, const struct crowd_fill *fill)
{
  struct err e = {0};
  struct shared_case c = {.state = state};
  bool foreign = state == STATE_FOREIGN;
  id64 to = state == STATE_DRAFT ? 0 : state == STATE_OWN || foreign ? t->fourth : t->receiver;
  const struct visitor *writer = &t->who[foreign ? WHO_THIRD_MANAGER : WHO_WORKER];
  c.c = world_case(&t->s.w, &writer->actor, "試験 花子", seventeen);
  if (!foreign)
    assign_helpers(t, &c);
  if (fill && fill->person)
    fill->person(t, writer, &c);
  if (to)
    c.consent =
        world_consent(&t->s.w, &writer->actor, &c.c, PARTY_PERSON, to, fill && fill->given ? fill->given : CAT_ALL);
  write_sheet(t, writer, &c, to, fill);
  attach_file(t, writer, &c);
  write_family(t, writer, &c);
  if (state == STATE_SHARED || state == STATE_LEFT || state == STATE_EXPIRED) {
    take_on(t, &c, fill);
    c.record = newest(t, "record", &c);
  }
  if (state == STATE_WITHDRAWN)
    assert_int_equal(
        served_get(&t->s, &t->who[WHO_RECEIVER_MANAGER], served_path("/connections/", c.connection, ""), WANT_HTML),
        200);
  if (state == STATE_LEFT || state == STATE_WITHDRAWN)
    crowd_withdraw(t, &c);
  if (state == STATE_EXPIRED)
    ok(world_write(&t->s.w, NULL, expire, &c, &e));
  return c;
}

void crowd_new(struct crowd *t, const struct crowd_fill *fill)
{
  served_new(&t->s);
  t->city = world_org(&t->s.w, "子ども若者支援課", "council");
  t->receiver = world_org(&t->s.w, "NPOあおば", "council");
  t->third = world_org(&t->s.w, "さくら教室", "network");
  t->fourth = world_org(&t->s.w, "みどり相談所", "network");
  people_new(t);
  for (int i = 0; i < STATE_COUNT; i++)
    t->cases[i] = crowd_case(t, (enum state)i, fill);
  t->victim = served_member(&t->s, t->city, ROLE_WORKER, "ほかの人");
  served_do(&t->s, &t->who[WHO_COORDINATOR], served_path("/directory/", t->fourth, "/services/new"), "name=place");
  t->service = strtoll(store_ask(&t->s.w.store, "SELECT CAST(MAX(id) AS TEXT) FROM service"), NULL, 10);
}

void crowd_free(struct crowd *t)
{
  served_free(&t->s);
}

/* ---- addresses ---------------------------------------------------------------------------------------------------------------- */

bool crowd_has(const struct route *r, const char *param)
{
  const char *at = strstr(r->path, param);
  return at && (at[strlen(param)] == '/' || !at[strlen(param)]);
}

bool crowd_of_case(const struct route *r)
{
  return crowd_has(r, ":case") || crowd_has(r, ":sheet") || crowd_has(r, ":connection") || crowd_has(r, ":consent");
}

bool crowd_about_person(const struct route *r)
{
  return crowd_of_case(r) && action_about_person((enum action)r->need.action);
}

bool crowd_asks(const struct route *r, enum who who, int state)
{
  return store_engine() == DB_SQLITE || !crowd_about_person(r) || getenv("TSUNAGU_EVERY") ||
         (strlen(r->path) + (size_t)who + (size_t)state) % 3 == 0;
}

id64 crowd_id(const struct crowd *t, const char *param, const struct shared_case *c, const struct visitor *v)
{
  const struct {
    const char *name;
    id64 id;
  } known[] = {{":case", c ? c->c.case_id : 0},
               {":sheet", c ? c->sheet : 0},
               {":connection", c ? c->connection : 0},
               {":consent", c ? c->consent : 0},
               {":record", c ? c->record : 0},
               {":file", c ? c->file : 0},
               {":note", c ? c->note : 0},
               {":link", 0}, /* tests/store/family.c */
               {":guardian", c ? c->guardian : 0},
               {":user", t->victim.actor.user},
               {":membership", t->victim.actor.membership},
               {":session", v->actor.session},
               {":org", t->fourth},
               {":service", t->service},
               {":id", t->service}}; /* of HSDS: a UUID, which this is not */
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(known[i].name, param) == 0)
      return known[i].id;
  fprintf(stderr, "%s: a parameter that tests/store/crowd.c does not know\n", param);
  fail();
  return 0;
}

bool crowd_path(const struct crowd *t, const struct route *r, const struct shared_case *c, const struct visitor *v,
                const char *instead, char path[PATH_SIZE])
{
  char name[40];
  const char *from = r->path;
  size_t n = 0;
  for (; *from && n < PATH_SIZE - 40; from++) {
    if (*from != ':') {
      path[n++] = *from;
      continue;
    }
    snprintf(name, sizeof name, "%.*s", (int)strcspn(from, "/"), from);
    from += strlen(name) - 1;
    id64 id = instead ? 0 : crowd_id(t, name, c, v);
    if (!id && !instead)
      return false;
    n += (size_t)snprintf(path + n, PATH_SIZE - n, "%s", instead ? instead : served_path("", id, ""));
  }
  path[n] = '\0';
  return true;
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
  if (action == ACTION_STAND_IN) { /* whoever the organization works on, whether in charge or not */
    id64 mine = t->who[who].actor.organization;
    return may && (mine == crowd_author(t, state) || (mine == t->receiver && crowd_works(WHO_RECEIVER_MANAGER, state)));
  }
  bool of_lead =
      action == ACTION_SEEN_READ || action == ACTION_SEEN_PRINT || action == ACTION_SEEN_EXPORT; /* not for partners */
  if (of_lead && t->who[who].actor.organization != crowd_author(t, state))
    return false;
  if (action == ACTION_CONCEAL_OPEN) /* nobody is named */
    return false;
  return may && (crowd_works(who, state) || receives);
}
