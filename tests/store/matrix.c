/* matrix.c: every route, asked by everybody, about a case in every state of being shared. What must come is reckoned from the role table
 * and from the world (crowd.h); the engine is not asked. A route without a line in `lines` fails. */
#include "crowd.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

/* What a visitor who may gets from a route. `frozen`: of a sheet that was sent; `ended`: of a consent or connection that was withdrawn; 0:
 * as good. `body` of a POST (query of a GET; @ stands for an id): what changes nothing, unless `fresh` says that each cell needs a case,
 * or a visitor, of its own. */
struct line {
  enum method method;
  const char *path;
  int good, frozen, ended;
  const char *body;
  bool fresh, sender_only, by_one_factor; /* by_one_factor: a page of the second factor itself */
  bool by_consent;                        /* a consent whose time is over ends it too */
  bool leads;                             /* where it has ended a page leads on; a program is told */
};

#define LINE(m, p, g, ...)                                                                                             \
  {                                                                                                                    \
    .method = (m), .path = (p), .good = (g), ##__VA_ARGS__                                                             \
  }
static const struct line lines[] = {
    LINE(GET, "/", 303),
    LINE(GET, "/healthz", 200),
    LINE(GET, "/help", 200),
    LINE(GET, "/today", 200),
    LINE(GET, "/sign-in", 200),
    LINE(POST, "/sign-in", 422),
    LINE(POST, "/sign-out", 303, .fresh = true),
    LINE(GET, "/membership", 200),
    LINE(POST, "/membership", 303, .body = "membership=@membership", .fresh = true),
    LINE(GET, "/second-factor", 303, .by_one_factor = true),
    LINE(GET, "/second-factor/qr", 200, .fresh = true),
    LINE(POST, "/second-factor", 422, .fresh = true),
    LINE(POST, "/second-factor/paper", 200, .fresh = true),
    LINE(GET, "/password", 200),
    LINE(POST, "/password", 422),
    LINE(GET, "/sessions", 200),
    LINE(POST, "/sessions/:session/end", 303, .fresh = true),
    LINE(POST, "/sessions/end-others", 303, .fresh = true),
    LINE(GET, "/accounts", 200),
    LINE(GET, "/accounts.csv", 200),
    LINE(GET, "/accounts/new", 200),
    LINE(POST, "/accounts/new", 422),
    LINE(GET, "/accounts/:user", 200),
    LINE(POST, "/accounts/:user/factor", 303),
    LINE(POST, "/accounts/:user/memberships", 422),
    LINE(GET, "/accounts/:user/memberships/:membership/end", 200),
    LINE(POST, "/accounts/:user/memberships/:membership/end", 422),
    LINE(POST, "/accounts/:user/password", 200),
    LINE(POST, "/accounts/:user/sessions/end", 303),
    LINE(POST, "/accounts/:user/stop", 303),
    LINE(POST, "/accounts/:user/reopen", 303),
    LINE(GET, "/cases", 200),
    LINE(POST, "/cases", 200),
    LINE(POST, "/cases/find", 200),
    LINE(GET, "/cases/new", 200),
    LINE(POST, "/cases/new", 422),
    LINE(GET, "/cases/ledger.csv", 200),
    LINE(GET, "/cases/ledger.xlsx", 200),
    LINE(GET, "/cases/:case", 200),
    LINE(GET, "/stand-in", 200),
    LINE(POST, "/stand-in", 200),
    LINE(GET, "/cases/:case/stand-in", 200),
    LINE(POST, "/cases/:case/stand-in", 422),
    LINE(GET, "/handover", 200),
    LINE(POST, "/handover", 422),
    LINE(GET, "/cases/:case/handover", 200),
    LINE(POST, "/cases/:case/handover", 303),
    LINE(GET, "/cases/:case/close", 200),
    LINE(POST, "/cases/:case/close", 422),
    LINE(GET, "/cases/:case/course", 200),
    LINE(POST, "/cases/:case/course", 422),
    LINE(POST, "/cases/:case/staff", 422),
    LINE(GET, "/cases/:case/withdrawal", 200),
    LINE(POST, "/cases/:case/withdrawal", 422),
    LINE(GET, "/cases/:case/concealment", 200),
    LINE(POST, "/cases/:case/concealment", 422),
    LINE(GET, "/cases/:case/concealment/open", 200),
    LINE(POST, "/cases/:case/concealment/holders", 422),
    LINE(POST, "/cases/:case/concealment/values", 422),
    LINE(POST, "/cases/:case/concealment/release", 422),
    LINE(POST, "/cases/:case/concealment/decide", 422),
    LINE(POST, "/cases/:case/concealment/check", 200),
    LINE(GET, "/bases", 200),
    LINE(GET, "/bases.csv", 200),
    LINE(GET, "/cases/:case/bases", 200),
    LINE(GET, "/cases/:case/bases/new", 200),
    LINE(POST, "/cases/:case/bases/new", 422),
    LINE(POST, "/cases/:case/bases/decide", 422),
    LINE(POST, "/cases/:case/bases/told", 422),
    LINE(POST, "/cases/:case/bases/end", 422),
    LINE(GET, "/cases/:case/consents", 200),
    LINE(GET, "/cases/:case/copies", 200),
    LINE(GET, "/cases/:case/forms", 200),
    LINE(POST, "/cases/:case/forms", 422, .body = "form=nothing"),
    LINE(GET, "/forms", 200),
    LINE(GET, "/forms/edit", 200, .body = "code=plan"),
    LINE(POST, "/forms/edit", 422),
    LINE(GET, "/forms/edit/item", 404, .body = "code=plan"), /* nothing is being changed */
    LINE(POST, "/forms/edit/item", 422),
    LINE(GET, "/forms/form.json", 200, .body = "code=plan"),
    LINE(GET, "/forms/import", 200),
    LINE(POST, "/forms/import", 422),
    LINE(GET, "/forms/preview", 404, .body = "code=plan"),
    LINE(GET, "/forms/draft.pdf", 404, .body = "code=plan"),
    LINE(GET, "/forms/blank.pdf", 200, .body = "code=plan"),
    LINE(GET, "/cases/:case/consents/consent.pdf", 200),
    LINE(GET, "/cases/:case/consents/new", 200),
    LINE(POST, "/cases/:case/consents/new", 422),
    LINE(GET, "/cases/:case/guardians/:guardian", 200),
    LINE(POST, "/cases/:case/guardians/:guardian", 422),
    LINE(POST, "/cases/:case/guardians/:guardian/end", 303, .fresh = true),
    LINE(GET, "/cases/:case/guardians/new", 200),
    LINE(POST, "/cases/:case/guardians/new", 422),
    LINE(GET, "/cases/:case/family", 200),
    LINE(GET, "/cases/:case/family/family.pdf", 200),
    LINE(GET, "/cases/:case/records.pdf", 200),
    LINE(GET, "/cases/:case/family/links", 200),
    LINE(POST, "/cases/:case/family/links", 422),
    LINE(POST, "/cases/:case/family/links/:link/end", 303),
    LINE(GET, "/cases/:case/family/new", 200),
    LINE(POST, "/cases/:case/family/new", 422),
    LINE(POST, "/cases/:case/family/ties", 422),
    LINE(GET, "/cases/:case/family/:note", 200),
    LINE(POST, "/cases/:case/family/:note", 422),
    LINE(POST, "/cases/:case/family/:note/end", 303, .fresh = true),
    LINE(GET, "/cases/:case/person", 200),
    LINE(POST, "/cases/:case/person", 422),
    LINE(GET, "/cases/:case/records/new", 200),
    LINE(POST, "/cases/:case/records/new", 422),
    LINE(GET, "/cases/:case/visits/new", 200),
    LINE(POST, "/cases/:case/visits/new", 422),
    LINE(GET, "/cases/:case/records/:record", 200),
    LINE(POST, "/cases/:case/records/:record", 303),
    LINE(GET, "/cases/:case/files", 200),
    LINE(POST, "/cases/:case/files", 422),
    LINE(GET, "/cases/:case/files/:file", 200),
    LINE(GET, "/cases/:case/files/:file/remove", 200),
    LINE(POST, "/cases/:case/files/:file/remove", 422),
    LINE(GET, "/phrases", 200),
    LINE(POST, "/phrases", 422),
    LINE(GET, "/cases/:case/restrictions", 200),
    LINE(POST, "/cases/:case/restrictions", 422),
    LINE(POST, "/cases/:case/restrictions/end", 422),
    LINE(GET, "/cases/:case/seen", 200),
    LINE(GET, "/cases/:case/seen.csv", 200),
    LINE(GET, "/cases/:case/who", 200),
    LINE(GET, "/cases/:case/who.pdf", 200, .body = "for=person"),
    LINE(GET, "/cases/:case/seen.pdf", 200, .body = "for=person"),
    LINE(GET, "/cases/:case/sheets/new", 200),
    LINE(POST, "/cases/:case/sheets/new", 303, .fresh = true),
    LINE(GET, "/cases/:case/leaks", 200),
    LINE(POST, "/cases/:case/leaks", 422),
    LINE(POST, "/cases/:case/leaks/change", 422),
    LINE(GET, "/emergency", 200),
    LINE(POST, "/emergency", 422),
    LINE(GET, "/emergencies", 200),
    LINE(POST, "/emergencies", 422),
    LINE(GET, "/connections", 200),
    LINE(GET, "/connections.csv", 200),
    LINE(GET, "/connections/:connection", 200),
    LINE(GET, "/connections/:connection/answer", 200, .ended = 409),
    LINE(POST, "/connections/:connection/answer", 422, .ended = 409),
    LINE(POST, "/connections/:connection/again", 409, .sender_only = true), /* it did not come back */
    LINE(GET, "/connections/:connection/contact", 200),
    LINE(POST, "/connections/:connection/contact", 422),
    LINE(GET, "/connections/:connection/link", 200, .sender_only = true),
    LINE(POST, "/connections/:connection/link", 200, .ended = 409, .fresh = true, .sender_only = true),
    LINE(GET, "/reply", 404), /* no such link */
    LINE(POST, "/reply", 422),
    LINE(GET, "/reply/sheet", 404), /* no code was given */
    LINE(POST, "/reply/sheet", 422),
    LINE(GET, "/reply/thanks", 200),
    LINE(POST, "/connections/:connection/ask", 303, .ended = 409, .fresh = true, .sender_only = true),
    LINE(GET, "/connections/:connection/fax.pdf", 200, .ended = 409, .sender_only = true, .by_consent = true),
    LINE(POST, "/connections/:connection/close", 409, .sender_only = true), /* not before it is answered */
    LINE(GET, "/connections/:connection/withdraw", 200, .ended = 409, .sender_only = true),
    LINE(POST, "/connections/:connection/withdraw", 303, .ended = 409, .fresh = true, .sender_only = true),
    LINE(GET, "/consents/:consent/evidence", 200, .sender_only = true),
    LINE(POST, "/consents/:consent/evidence", 422, .sender_only = true),
    LINE(GET, "/consents/:consent/withdrawal.pdf", 200, .ended = 409, .leads = true),
    LINE(GET, "/consents/:consent/withdraw", 200, .ended = 409),
    LINE(POST, "/consents/:consent/withdraw", 422, .ended = 409),
    LINE(GET, "/api", 200),
    LINE(GET, "/api/openapi.json", 200),
    LINE(GET, "/hsds/", 200),
    LINE(GET, "/hsds/services", 200),
    LINE(GET, "/hsds/services/:id", 404),
    LINE(GET, "/hsds/organizations", 200),
    LINE(GET, "/hsds/organizations/:id", 404),
    LINE(GET, "/hsds/service_at_locations", 200),
    LINE(GET, "/hsds/service_at_locations/:id", 404),
    LINE(GET, "/hsds/taxonomies", 200),
    LINE(GET, "/hsds/taxonomies/:id", 404),
    LINE(GET, "/hsds/taxonomy_terms", 200),
    LINE(GET, "/hsds/taxonomy_terms/:id", 404),
    LINE(GET, "/directory", 200),
    LINE(GET, "/directory.csv", 200),
    LINE(GET, "/directory/:org", 200),
    LINE(GET, "/directory/new", 200),
    LINE(POST, "/directory/new", 422),
    LINE(GET, "/directory/:org/edit", 200),
    LINE(POST, "/directory/:org/edit", 422),
    LINE(GET, "/directory/:org/services/new", 200),
    LINE(POST, "/directory/:org/services/new", 422),
    LINE(GET, "/directory/:org/services/:service/edit", 200),
    LINE(POST, "/directory/:org/services/:service/edit", 422),
    LINE(GET, "/news", 200),
    LINE(GET, "/transfers", 200),
    LINE(POST, "/transfers", 422),
    LINE(POST, "/transfers/file", 422),
    LINE(GET, "/cases/:case/transfer", 200),
    LINE(POST, "/cases/:case/transfer", 422),
    LINE(GET, "/preferences", 200),
    LINE(POST, "/preferences", 422),
    LINE(POST, "/cases/:case/transfer/receipt", 422),
    LINE(GET, "/mail", 200),
    LINE(POST, "/mail", 422),
    LINE(POST, "/mail/test", 409),
    LINE(GET, "/mail-queue", 200),
    LINE(POST, "/mail-queue", 303),
    LINE(GET, "/ledger/import", 200),
    LINE(POST, "/ledger/import", 422),
    LINE(POST, "/ledger/import/undo", 422),
    LINE(GET, "/ledger/unconfirmed", 200),
    LINE(GET, "/ledger/unconfirmed.csv", 200),
    LINE(GET, "/opening-days", 200),
    LINE(POST, "/opening-days", 422),
    LINE(POST, "/opening-days/open", 422),
    LINE(GET, "/audit", 200),
    LINE(GET, "/audit.csv", 200),
    LINE(GET, "/search", 200),
    LINE(POST, "/search", 422),
    LINE(GET, "/settings", 200),
    LINE(POST, "/settings", 422),
    LINE(GET, "/notices", 200),
    LINE(POST, "/notices", 422),
    LINE(GET, "/progress", 200),
    LINE(GET, "/progress.csv", 200),
    LINE(POST, "/progress/:case/ask", 303, .fresh = true),
    LINE(GET, "/sheets/:sheet", 200),
    LINE(GET, "/sheets/:sheet/edit", 200, .frozen = 409),
    LINE(POST, "/sheets/:sheet/edit", 422, .frozen = 409, .body = "action=neither"),
    LINE(GET, "/sheets/:sheet/preview", 200),
    LINE(GET, "/sheets/:sheet/sheet.pdf", 200),
    LINE(POST, "/sheets/:sheet/preview", 422, .frozen = 409), /* nobody is chosen */
    LINE(POST, "/sheets/:sheet/receivers", 303, .frozen = 409, .body = "organization=@organization", .fresh = true),
};
enum { LINES = sizeof lines / sizeof *lines };

static struct crowd town;

static const struct line *line_of(const struct route *r)
{
  for (size_t i = 0; i < LINES; i++)
    if (lines[i].method == r->method && strcmp(lines[i].path, r->path) == 0)
      return &lines[i];
  return NULL;
}

enum { ABSENT = STATE_COUNT };

/* ---- what must come ---------------------------------------------------------------------------------------------------------- */

enum { TO_SIGN_IN = 303, TO_SIGN_IN_JSON = 401 };

/* Before any person is looked at: the visitor's session and role. 0: goes on. */
static int at_the_gate(const struct route *r, enum who who, bool json)
{
  bool may = false;
  int away = json || r->json ? TO_SIGN_IN_JSON : TO_SIGN_IN, need = r->need.declared;
  if (need == (int)(struct need)PUBLIC_ROUTE.declared)
    return 0;
  if (who == WHO_PUBLIC)
    return away;
  if (need == (int)(struct need)HALF_SIGNED_IN.declared)
    return 0;
  if (who == WHO_HALF)
    return away;
  if (need == (int)(struct need)SIGNED_IN.declared)
    return 0;
  if (who == WHO_UNCHOSEN)
    return away;
  (void)role_may(town.who[who].actor.role, (enum action)r->need.action, &may);
  return may ? 0 : 403;
}

static int of_object(const struct route *r, const struct line *l, enum who who, enum state state)
{
  id64 mine = town.who[who].actor.organization;
  bool author = mine == crowd_author(&town, state), receiver = mine == town.receiver && state != STATE_OWN;
  bool frozen = state != STATE_DRAFT, ended = state == STATE_WITHDRAWN || state == STATE_LEFT;
  ended |= l->by_consent && state == STATE_EXPIRED;
  if (crowd_has(r, ":sheet") && !author && !(r->need.action == ACTION_SHEET_READ && crowd_agreed(&town, who, state)))
    return 404;
  if ((crowd_has(r, ":connection") || crowd_has(r, ":consent")) && !author && !receiver)
    return 404;
  if (crowd_has(r, ":file") && (who == WHO_VOLUNTEER || (!author && !crowd_agreed(&town, who, state))))
    return 404; /* the author's, and none of a visit's */
  if ((crowd_has(r, ":note") || crowd_has(r, ":guardian")) && !author)
    return 404; /* who wrote it changes it */
  if (crowd_has(r, ":record") && mine != town.receiver)
    return 404;
  if (l->sender_only && !author)
    return 403;
  if (crowd_has(r, ":sheet") && frozen && l->frozen)
    return l->frozen;
  return ended && l->ended ? l->ended : l->good;
}

static int expected(const struct route *r, enum who who, int state, bool json)
{
  const struct line *l = line_of(r);
  int stopped = at_the_gate(r, who, json);
  if (stopped)
    return stopped;
  if (state == ABSENT)
    return 404;
  if (!crowd_about_person(r))
    return l->by_one_factor && who == WHO_HALF ? 200 : l->good;
  if (!crowd_allowed(&town, who, (enum action)r->need.action, (enum state)state))
    return crowd_allowed(&town, who, ACTION_PERSON_READ, (enum state)state) ? 403 : 404;
  int object = of_object(r, l, who, (enum state)state);
  return l->leads && !json && object == l->ended ? 303 : object;
}

/* ---- a cell -------------------------------------------------------------------------------------------------------------------- */

static int failures;
static bool refused_only; /* leaves out the cells that are permitted */
static char *absent;      /* the comparable answer about what is not there */
static int absent_status;

/* "organization=@organization" with the id in its place. */
static void body_of(const struct route *r, const struct visitor *v, char body[PATH_SIZE])
{
  const char *given = line_of(r)->body ? line_of(r)->body : "", *at = strchr(given, '@');
  id64 id = at && strcmp(at, "@membership") == 0 ? v->actor.membership : town.fourth;
  snprintf(body, PATH_SIZE, "%.*s%s", (int)strcspn(given, "@"), given, at ? served_path("", id, "") : "");
}

static int ask(const struct route *r, const struct visitor *v, const char *path, bool json)
{
  char body[PATH_SIZE], whole[2 * PATH_SIZE];
  body_of(r, v, body);
  snprintf(whole, sizeof whole, "%s%s%s", path, body[0] ? "?" : "", body);
  return r->method == GET ? served_get(&town.s, v, whole, json ? WANT_JSON : WANT_HTML)
                          : served_post(&town.s, v, path, body, json ? WANT_JSON : WANT_HTML);
}

static void complain(const struct route *r, enum who who, int state, bool json, const char *what, int want)
{
  failures++;
  fprintf(stderr, "%s %s as %s, %s, %s: %s (%d, wanted %d)\n", r->method == GET ? "GET" : "POST", r->path,
          town.who[who].name, state == ABSENT ? "absent" : state_names[state], json ? "JSON" : "HTML", what,
          town.s.page.status, want);
}

/* An answer that says no more than what is not there says. The clock's minute stands on a page: asked again, it is the same. */
static bool as_absent(const struct route *r, const struct visitor *v, const char *path, const char *missing, bool json)
{
  for (int try = 0; try < 2; try++) {
    char *mine = served_comparable(&town.s);
    bool same = strcmp(mine, absent) == 0;
    free(mine);
    if (same)
      return true;
    (void)ask(r, v, missing, json);
    free(absent);
    absent = served_comparable(&town.s);
    (void)ask(r, v, path, json);
  }
  return false;
}

static struct visitor again(enum who who)
{
  const struct visitor *old = &town.who[who];
  struct visitor v = {.name = old->name};
  if (who == WHO_PUBLIC)
    return *old;
  v.actor = world_member(&town.s.w, old->actor.organization, old->actor.role, "もう一人");
  served_sign_in(&town.s, &v,
                 who == WHO_HALF       ? SIGNED_ONE_FACTOR
                 : who == WHO_UNCHOSEN ? SIGNED_NO_MEMBERSHIP
                                       : SIGNED_FULL);
  return v;
}

static void cell(const struct route *r, enum who who, int state, bool json, const char *missing)
{
  char path[PATH_SIZE];
  struct visitor v = town.who[who];
  int want = expected(r, who, state, json);
  bool permitted = !at_the_gate(r, who, json) && want != 403 && want != 404;
  if (refused_only && permitted)
    return;
  struct shared_case own = crowd_of_case(r) ? town.cases[state] : (struct shared_case){0};
  if (line_of(r)->fresh && permitted && crowd_of_case(r) && want != 409)
    own = crowd_case(&town, (enum state)state, NULL);
  else if (line_of(r)->fresh && permitted && !crowd_of_case(r))
    v = again(who);
  if (!crowd_path(&town, r, &own, &v, NULL, path))
    return;
  if (ask(r, &v, path, json) != want)
    complain(r, who, state, json, "status", want);
  else if ((want == 404 || want == 403) && absent_status == want && !as_absent(r, &v, path, missing, json))
    complain(r, who, state, json, "tells more than an absent one", want);
}

static const char *const NOBODYS = "0ya3k4m6t8w2n"; /* a well-formed id that nothing has */

static void row(const struct route *r, enum who who, bool json)
{
  char missing[PATH_SIZE];
  bool has_param = strchr(r->path, ':') != NULL;
  if (has_param) {
    (void)crowd_path(&town, r, NULL, &town.who[who], NOBODYS, missing);
    absent_status = ask(r, &town.who[who], missing, json);
    absent = served_comparable(&town.s);
    int want = expected(r, who, ABSENT, json);
    if (absent_status != want)
      complain(r, who, ABSENT, json, "status", want);
  }
  for (int state = 0; state < (crowd_about_person(r) ? STATE_COUNT : 1); state++)
    if (crowd_asks(r, who, state))
      cell(r, who, state, json, missing);
  free(absent);
  absent = NULL;
}

/* ---- tests ------------------------------------------------------------------------------------------------------------------------ */

static void every_route_has_its_line(void **state)
{
  int missing = 0;
  for (size_t i = 0; i < route_count(); i++)
    if (!line_of(route_at(i)) && ++missing)
      fprintf(stderr, "%s %s: no line in tests/store/matrix.c says what it answers\n",
              route_at(i)->method == GET ? "GET" : "POST", route_at(i)->path);
  assert_int_equal(missing, 0);
  assert_int_equal(LINES, route_count());
}

static void every_look_is_answered_as_role_and_world_say(void **state)
{
  failures = 0;
  for (size_t i = 0; i < route_count(); i++)
    for (int who = 0; who < WHO_COUNT && route_at(i)->method == GET && line_of(route_at(i)); who++)
      for (int json = 0; json < 2; json++)
        if (strcmp(route_at(i)->path, "/sign-in") != 0 && strcmp(route_at(i)->path, "/") != 0)
          row(route_at(i), (enum who)who, json);
  assert_int_equal(failures, 0);
}

/* Every page of a case, forms too, opened by who may do most with it: 「だれが見たか」 tells of looks, of nothing done. */
static void opening_a_form_is_told_as_a_look(void **state)
{
  static const enum action done[] = {ACTION_PERSON_WRITE,     ACTION_CASE_WRITE,        ACTION_RECORD_WRITE,
                                     ACTION_SHEET_WRITE,      ACTION_SHEET_SEND,        ACTION_CONSENT_RECORD,
                                     ACTION_CONSENT_WITHDRAW, ACTION_CONNECTION_ANSWER, ACTION_CONNECTION_ASSIGN,
                                     ACTION_BASIS_RECORD,     ACTION_BASIS_APPROVE,     ACTION_RESTRICT,
                                     ACTION_CONCEAL_SET,      ACTION_STAND_IN,          ACTION_TRANSFER_OUT};
  char sql[400], path[PATH_SIZE];
  int at = snprintf(sql, sizeof sql, "SELECT CAST(COUNT(*) AS TEXT) FROM seen WHERE person_id = %lld AND action IN (-1",
                    (long long)town.cases[STATE_DRAFT].c.person);
  for (size_t i = 0; i < sizeof done / sizeof *done; i++)
    at += snprintf(sql + at, sizeof sql - (size_t)at, ", %d", done[i]);
  snprintf(sql + at, sizeof sql - (size_t)at, ")");
  long before = strtol(store_ask(&town.s.w.store, sql), NULL, 10);
  struct actor other = world_member(&town.s.w, town.city, ROLE_MANAGER, "はじめて見る長");
  struct visitor fresh = {.name = "a manager who never looked before", .actor = other};
  served_sign_in(&town.s, &fresh, SIGNED_FULL);
  int opened = 0;
  for (size_t i = 0; i < route_count(); i++)
    if (route_at(i)->method == GET && crowd_about_person(route_at(i)) &&
        crowd_path(&town, route_at(i), &town.cases[STATE_DRAFT], &fresh, NULL, path))
      opened += served_get(&town.s, &fresh, path, WANT_HTML) == 200;
  assert_true(opened >= 8);
  assert_int_equal(strtol(store_ask(&town.s.w.store, sql), NULL, 10), before);
}

/* What stands in the database, as far as somebody could have changed it. */
static const char counts[] =
    "SELECT (SELECT COUNT(*) FROM person) || '/' || (SELECT COUNT(*) FROM person_attribute WHERE until_at IS NULL) || "
    "'/'"
    " || (SELECT COUNT(*) FROM family_note WHERE until_at IS NULL) || '/' || (SELECT COUNT(*) FROM family_link) || '/'"
    " || (SELECT COUNT(*) FROM guardian) || '/' || (SELECT SUM(rev) FROM case_file) || '/'"
    " || (SELECT COUNT(*) FROM participation WHERE until_at IS NULL) || '/'"
    " || (SELECT COUNT(*) FROM assignment WHERE until_at IS NULL) || '/' || (SELECT COUNT(*) FROM record_paragraph) || "
    "'/'"
    " || (SELECT SUM(rev) FROM sheet) || '/' || (SELECT SUM(rev) FROM consent) || '/'"
    " || (SELECT COUNT(*) FROM consent_recipient) || '/' || (SELECT SUM(rev) FROM connection) || '/'"
    " || (SELECT COUNT(*) FROM connection_step) || '/' || (SELECT SUM(rev) FROM user_account) || '/'"
    " || (SELECT SUM(rev) FROM membership) || '/' || (SELECT COUNT(*) FROM session WHERE ended_at IS NULL)";

static void whoever_may_not_changes_nothing(void **state)
{
  char before[300];
  failures = 0;
  refused_only = true;
  snprintf(before, sizeof before, "%s", store_ask(&town.s.w.store, counts));
  for (size_t i = 0; i < route_count(); i++)
    for (int who = 0; who < WHO_COUNT && route_at(i)->method == POST && line_of(route_at(i)); who++)
      row(route_at(i), (enum who)who, false);
  refused_only = false;
  assert_int_equal(failures, 0);
  assert_string_equal(store_ask(&town.s.w.store, counts), before);
}

static void every_change_is_answered_as_role_and_world_say(void **state)
{
  failures = 0;
  for (size_t i = 0; i < route_count(); i++)
    for (int who = 0; who < WHO_COUNT && route_at(i)->method == POST && line_of(route_at(i)); who++)
      if (strcmp(route_at(i)->path, "/sign-in") != 0)
        row(route_at(i), (enum who)who, false);
  assert_int_equal(failures, 0);
}

/* A session ends with the transaction that ends it; what it did last is in the log like everything before. */
static void who_ends_the_own_session_is_answered(void **state)
{
  struct visitor admin = served_member(&town.s, town.city, ROLE_ADMIN, "管理の人");
  served_do(&town.s, &admin, served_path("/accounts/", admin.actor.user, "/sessions/end"), "");
  assert_int_equal(served_get(&town.s, &admin, "/sessions", WANT_HTML), 303);
}

/* An id of another kind is as absent as one that nothing has. */
static void an_id_of_something_else_is_absent(void **state)
{
  char path[PATH_SIZE];
  const struct visitor *v = &town.who[WHO_WORKER];
  const struct shared_case *c = &town.cases[STATE_SHARED];
  const id64 others[] = {c->c.person,  c->c.guardian,         c->sheet, c->connection, c->consent,
                         c->c.case_id, town.victim.actor.user};
  failures = 0;
  for (size_t i = 0; i < route_count(); i++) {
    const struct route *r = route_at(i);
    if (!crowd_about_person(r) || !line_of(r) || at_the_gate(r, WHO_WORKER, false))
      continue;
    (void)crowd_path(&town, r, NULL, v, NOBODYS, path);
    absent_status = ask(r, v, path, false);
    for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
      bool right = others[k] == crowd_id(&town,
                                         crowd_has(r, ":case")         ? ":case"
                                         : crowd_has(r, ":sheet")      ? ":sheet"
                                         : crowd_has(r, ":connection") ? ":connection"
                                                                       : ":consent",
                                         c, v);
      (void)crowd_path(&town, r, NULL, v, served_path("", others[k], ""), path);
      if (!right && (ask(r, v, path, false) != 404 || absent_status != 404))
        complain(r, WHO_WORKER, ABSENT, false, "an id of another kind", 404);
    }
    static const char *const misspelt[] = {"x", "0", "0YA3K4M6T8W2N", "9223372036854775807", "-1", "0ya3k4m6t8w2n0"};
    for (size_t k = 0; k < sizeof misspelt / sizeof *misspelt; k++) {
      (void)crowd_path(&town, r, NULL, v, misspelt[k], path);
      if (ask(r, v, path, false) != 404)
        complain(r, WHO_WORKER, ABSENT, false, misspelt[k], 404);
    }
  }
  assert_int_equal(failures, 0);
}

CROWD_MAIN(&town, cmocka_unit_test(every_route_has_its_line),
           cmocka_unit_test(every_look_is_answered_as_role_and_world_say),
           cmocka_unit_test(opening_a_form_is_told_as_a_look), cmocka_unit_test(whoever_may_not_changes_nothing),
           cmocka_unit_test(every_change_is_answered_as_role_and_world_say),
           cmocka_unit_test(who_ends_the_own_session_is_answered), cmocka_unit_test(an_id_of_something_else_is_absent))
