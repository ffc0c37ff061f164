/* stored.c: stored markup, out of the route and field tables and the questionnaire: every text field of every form is filled with a corpus of
 * it (tests/support/payloads.txt), and so are the names of people, places and the network; then everybody opens every view. What was
 * typed is text in all of them: served.c holds each page against the tags and attributes that templates have, and no payload stands in
 * a page as it was typed. What a form does not take is given back, and is looked at in the same way. TSUNAGU_PAYLOADS=all takes every
 * payload into every field; without it each field gets some, by turns. */
#include "crowd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAYLOADS = 200, FIELDS = 300, VALUE = 8 << 10, BODY = 256 << 10 };

static struct crowd town;
static char payloads[PAYLOADS][120];
static int payload_count, failures, round_now;

/* A field that was filled: its mark, and in how many views it was seen. */
static struct stamp {
  char text[12], where[100];
  int seen;
} marks[FIELDS];
static int mark_count;

/* ---- the corpus ----------------------------------------------------------------------------------------------------------------- */

static void read_payloads(void)
{
  FILE *f = fopen(PAYLOAD_FILE, "r");
  assert_non_null(f);
  while (payload_count < PAYLOADS && fgets(payloads[payload_count], sizeof payloads[0], f)) {
    payloads[payload_count][strcspn(payloads[payload_count], "\n")] = '\0';
    payload_count += payloads[payload_count][0] != '\0';
  }
  fclose(f);
  assert_true(payload_count > 80);
}

static int letters(const char *s)
{
  int n = 0;
  for (; *s; s++)
    n += ((unsigned char)*s & 0xC0) != 0x80;
  return n;
}

/* As many payloads as `max` letters hold, beginning with another one each round and for each field. */
static void value_for(int field, int64_t max, char value[VALUE])
{
  size_t n = strlen(value);
  int room = (int)max - letters(value), first = (round_now * 5 + field * 3) % payload_count;
  for (int i = 0; i < payload_count; i++) {
    const char *p = payloads[(first + i) % payload_count];
    if (letters(p) + 1 > room || n + strlen(p) + 2 >= VALUE)
      continue;
    n += (size_t)snprintf(value + n, VALUE - n, " %s", p);
    room -= letters(p) + 1;
    if (max <= 200 && room < 20)
      break;
  }
}

static const char *mark_of(const char *where, const char *field)
{
  char name[100];
  snprintf(name, sizeof name, "%.60s %.38s", where, field);
  for (int i = 0; i < mark_count; i++)
    if (strcmp(marks[i].where, name) == 0)
      return marks[i].text;
  assert_true(mark_count < FIELDS);
  struct stamp *m = &marks[mark_count];
  snprintf(m->where, sizeof m->where, "%s", name);
  snprintf(m->text, sizeof m->text, "q%03dq", mark_count++);
  return m->text;
}

static void add_value(const char *where, const char *field, int64_t max, const char *name, char *body, size_t size)
{
  char value[VALUE] = "";
  int at = mark_count;
  const char *mark = mark_of(where, field);
  if (max >= 30)
    snprintf(value, sizeof value, "%s", mark);
  value_for(at, max, value);
  char *encoded = served_encode(value, strlen(value));
  size_t n = strlen(body);
  snprintf(body + n, size - n, "&%s=%s", name, encoded);
  free(encoded);
}

/* ---- looking at an answer --------------------------------------------------------------------------------------------------------- */

static void look(const char *what, const char *who)
{
  const char *body = town.s.page.body;
  bool html = strstr(town.s.page.bytes, "\r\nContent-Type: text/html") != NULL;
  if (town.s.page.status >= 500) {
    failures++;
    fprintf(stderr, "!%s as %s: %d\n", what, who, town.s.page.status);
  }
  for (int i = 0; i < mark_count; i++)
    marks[i].seen += strstr(body, marks[i].text) != NULL;
  for (int i = 0; html && i < payload_count; i++)
    if (strpbrk(payloads[i], "<>\"'") && strstr(body, payloads[i])) {
      failures++;
      fprintf(stderr, "!%s as %s: as it was typed: %s\n", what, who, payloads[i]);
    }
}

/* Paper has no program of its own in it. */
static void look_at_paper(const char *what)
{
  static const char *const keys[] = {"/JavaScript", "/JS (", "/JS <",   "/JS(",         "/OpenAction",
                                     "/AA <<",      "/AA<<", "/Launch", "/EmbeddedFile"};
  assert_int_equal(strncmp(town.s.page.body, "%PDF-", 5), 0);
  size_t n = town.s.page.n - (size_t)(town.s.page.body - town.s.page.bytes);
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    if (memmem(town.s.page.body, n, keys[i], strlen(keys[i]))) {
      failures++;
      fprintf(stderr, "!%s: %s in the paper\n", what, keys[i]);
    }
}

/* A cell that a spreadsheet would reckon with begins with something else. */
static void look_at_table(const char *what)
{
  bool quoted = false, start = true;
  for (const char *p = town.s.page.body; *p; p++) {
    const char *first = start && *p == '"' ? p + 1 : p;
    if (start && !quoted && strchr("=+-@\t", *first)) {
      failures++;
      fprintf(stderr, "!%s: a cell that is reckoned: %.40s\n", what, first);
    }
    quoted ^= *p == '"';
    start = !quoted && (*p == ',' || *p == '\n');
  }
}

/* ---- filling ------------------------------------------------------------------------------------------------------------------------ */

static bool is_text(const struct field *f)
{
  return f->kind == FIELD_TEXT || f->kind == FIELD_LINES;
}

static int64_t most(const struct field *f)
{
  return f->max ? f->max : f->kind == FIELD_LINES ? 4000 : LIMIT_STRING;
}

static bool named(const char *body, const char *name)
{
  char wanted[60];
  snprintf(wanted, sizeof wanted, "&%s=", name);
  return strstr(body, wanted) != NULL;
}

static const struct route *route_of(const char *path)
{
  for (size_t i = 0; i < route_count(); i++)
    if (route_at(i)->method == POST && strcmp(route_at(i)->path, path) == 0)
      return route_at(i);
  fail_msg("no route %s", path);
  return NULL;
}

/* What a form needs besides its texts, beginning with "&"; a text named here is left as it is (it must be of a certain form). */
static void fill(const char *pattern, const struct shared_case *c, enum who who, const char *rest)
{
  char path[PATH_SIZE], *body = malloc(BODY);
  const struct route *r = route_of(pattern);
  assert_non_null(body);
  snprintf(body, BODY, "%s", rest);
  for (const struct field *f = r->fields; f->name; f++)
    if (is_text(f) && !named(rest, f->name))
      add_value(pattern, f->name, most(f), f->name, body, BODY);
  assert_true(crowd_path(&town, r, c, &town.who[who], NULL, path));
  int status = served_post(&town.s, &town.who[who], path, body + 1, WANT_HTML);
  if (status != 303 && status != 200) {
    failures++;
    fprintf(stderr, "!%s: not stored: %d\n%.3000s\n", pattern, status, strstr(town.s.page.body, "<main"));
  }
  look(pattern, "the writer");
  snprintf(path, sizeof path, "%s", town.s.page.location);
  for (int json = 0; json < 2 && status == 303; json++) {
    (void)served_get(&town.s, &town.who[who], path, json ? WANT_JSON : WANT_HTML);
    look(path, "the writer");
  }
  free(body);
}

static bool is_asked(const struct form_item *it)
{
  for (const struct form_item *p = it; p; p = p->parent)
    if (p->when_count || str_is(p->link, "reply"))
      return false;
  return !it->read_only && (it->type == FORM_STRING || it->type == FORM_TEXT);
}

static void fill_sheet(const struct shared_case *c, char *body, size_t size)
{
  struct err e = {0};
  const struct form *form = NULL;
  char name[120];
  body[0] = '\0';
  ok(form_builtin(S("tsunagu-sheet"), STR_NONE, &form, &e));
  for (size_t i = 0; i < form_item_count(form); i++) {
    const struct form_item *it = form_item_at(form, i);
    if (!is_asked(it))
      continue;
    if (it->row_of)
      snprintf(name, sizeof name, "answer.%.*s.0.%.*s", STR_FMT(it->row_of->link), STR_FMT(it->link));
    else
      snprintf(name, sizeof name, "answer.%.*s", STR_FMT(it->link));
    int64_t max = it->max_length ? it->max_length : LIMIT_STRING;
    add_value("sheet", name, max < 300 ? max : 300, name, body, size);
  }
}

/* Encoded, it fits what crowd.c keeps for it. */
static void reply(const struct shared_case *c, char *text, size_t size)
{
  char value[VALUE] = "";
  int i = round_now % payload_count;
  while (3 * (strlen(payloads[i]) + 8) > size)
    i = (i + 1) % payload_count;
  snprintf(value, sizeof value, "%s %s", mark_of("reply", "text"), payloads[i]);
  char *encoded = served_encode(value, strlen(value));
  snprintf(text, size, "%s", encoded);
  free(encoded);
}

STMT_WRITE(q_users, "stored_users", "UPDATE user_account SET name = $2, job = $2 WHERE network_id = $1");
STMT_WRITE(q_bodies, "stored_bodies", "UPDATE organization SET name = $2 WHERE network_id = $1");
STMT_WRITE(q_networks, "stored_networks", "UPDATE network SET name = $2, emergency = $3 WHERE id = $1");

/* What no form of the web takes: set by init and on the command line. */
static enum code rename_all(struct tx *tx, void *arg, struct err *e)
{
  char user[VALUE], body[VALUE], network[VALUE], number[VALUE];
  snprintf(user, sizeof user, "%s", mark_of("account", "name"));
  snprintf(body, sizeof body, "%s", mark_of("organization", "name"));
  snprintf(network, sizeof network, "%s", mark_of("network", "name"));
  value_for(1, 120, user);
  value_for(2, 120, body);
  value_for(3, 120, network);
  snprintf(number, sizeof number, "%s 0120-000-000 %s", payloads[round_now % payload_count],
           payloads[(round_now + 7) % payload_count]);
  enum code c = db_exec(tx, &q_users, NULL, e, BINDS(b_int(tx_network(tx)), b_text(str_from(user))));
  if (c == OK)
    c = db_exec(tx, &q_bodies, NULL, e, BINDS(b_int(tx_network(tx)), b_text(str_from(body))));
  if (c == OK)
    c = db_exec(tx, &q_networks, NULL, e,
                BINDS(b_int(tx_network(tx)), b_text(str_from(network)), b_text(str_from(number))));
  return c;
}

static void fill_accounts(void)
{
  char rest[300];
  snprintf(rest, sizeof rest, "&login=stored-%d&role=worker&pledge=1&from=2100-01-01&until=&organization=%s", round_now,
           served_path("", town.city, ""));
  fill("/accounts/new", NULL, WHO_ADMIN, rest);
}

static void fill_directory(void)
{
  fill("/directory/new", NULL, WHO_COORDINATOR, "&kind=npo&circle=outside&phone=&fax=&email=&url=");
  fill("/directory/:org/services/new", NULL, WHO_COORDINATOR, "&phone=&fax=");
}

static void fill_case(const struct shared_case *c)
{
  char rest[600];
  fill("/cases/new", NULL, WHO_WORKER,
       "&origin=person&density=A&next_day=2100-01-01&birth=2009-06-01&guardian_relation=mother&guardian_authority="
       "joint");
  fill("/cases/:case/person", c, WHO_WORKER, "&source=person&birth=2009-06-01&postal=");
  fill("/cases/:case/guardians/new", c, WHO_WORKER, "&guardian_relation=mother&guardian_authority=none");
  char text[VALUE] = "";
  snprintf(text, sizeof text, "%s", mark_of("/cases/:case/records/new", "paragraph"));
  value_for(5, 2000, text);
  char *encoded = served_encode(text, strlen(text)), *record = malloc(BODY);
  snprintf(record, BODY, "&day=2026-04-01&method=meet&next_day=2100-12-01&paragraph.0.source=staff&paragraph.0.text=%s",
           encoded);
  fill("/cases/:case/records/new", c, WHO_WORKER, record);
  free(encoded);
  free(record);
  snprintf(
      rest, sizeof rest,
      "&answer=given&by=person&preset=standard&from=2100-01-01&until=2100-02-01&how=tick&explained=1&recipients=%s",
      served_path("", town.fourth, ""));
  fill("/cases/:case/consents/new", c, WHO_WORKER, rest);
}

static void open_everything(enum who who, bool json)
{
  char path[PATH_SIZE];
  for (size_t i = 0; i < route_count(); i++) {
    const struct route *r = route_at(i);
    if (r->method != GET || !crowd_path(&town, r, &town.cases[STATE_SHARED], &town.who[who], NULL, path))
      continue;
    if (strcmp(r->path, "/cases") == 0)
      snprintf(path, sizeof path, "/cases?view=all");
    if (strstr(r->path, "/seen.pdf"))
      snprintf(path + strlen(path), sizeof path - strlen(path), "?for=person");
    int status = served_get(&town.s, &town.who[who], path, json ? WANT_JSON : WANT_HTML);
    look(r->path, town.who[who].name);
    if (status == 200 && strstr(town.s.page.bytes, "\r\nContent-Type: application/pdf"))
      look_at_paper(r->path);
    if (status == 200 && strstr(town.s.page.bytes, "\r\nContent-Type: text/csv"))
      look_at_table(r->path);
  }
}

/* ---- tests ----------------------------------------------------------------------------------------------------------------------------- */

static void what_is_stored_is_text_in_every_view(void **state)
{
  struct err e = {0};
  static const enum who readers[] = {WHO_WORKER, WHO_RECEIVER_MANAGER, WHO_COORDINATOR, WHO_ADMIN, WHO_VOLUNTEER};
  const struct crowd_fill all = {.sheet = fill_sheet, .reply = reply};
  bool whole = getenv("TSUNAGU_PAYLOADS") != NULL;
  failures = 0;
  for (round_now = 0; round_now < (whole ? payload_count : 3); round_now++) {
    town.cases[STATE_SHARED] = crowd_case(&town, STATE_SHARED, &all);
    fill_case(&town.cases[STATE_SHARED]);
    fill_directory();
    fill_accounts();
    ok(world_write(&town.s.w, NULL, rename_all, NULL, &e));
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
      open_everything(readers[i], false);
      open_everything(readers[i], true);
    }
    crowd_withdraw(&town, &town.cases[STATE_SHARED]);
    open_everything(WHO_WORKER, false);
  }
  int unseen = 0;
  for (int i = 0; i < mark_count; i++)
    if (!marks[i].seen && ++unseen)
      print_message("in no view: %s\n", marks[i].where);
  print_message("%d fields, %d payloads, %d fields in no view\n", mark_count, payload_count, unseen);
  assert_int_equal(failures, 0);
  assert_true(mark_count > 70 && unseen <= 4);
}

static const struct visitor *sender_of(const struct route *r)
{
  static const enum who tried[] = {WHO_WORKER, WHO_COORDINATOR, WHO_ADMIN};
  if (r->need.declared == (int)(struct need)PUBLIC_ROUTE.declared)
    return &town.who[WHO_PUBLIC];
  if (r->need.declared == (int)(struct need)HALF_SIGNED_IN.declared)
    return &town.who[WHO_HALF];
  if (crowd_has(r, ":connection"))
    return &town.who[WHO_RECEIVER_MANAGER];
  for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
    bool may = r->need.declared == (int)(struct need)SIGNED_IN.declared;
    if (!may)
      (void)role_may(town.who[tried[i]].actor.role, (enum action)r->need.action, &may);
    if (may)
      return &town.who[tried[i]];
  }
  return &town.who[WHO_WORKER];
}

/* One field after the other, of every route, also of those that ask for an id, a number, a date or an option. */
static void what_is_given_back_is_text(void **state)
{
  bool whole = getenv("TSUNAGU_PAYLOADS") != NULL;
  int asked = 0;
  char path[PATH_SIZE], value[VALUE], *body = malloc(BODY);
  failures = 0;
  for (size_t i = 0; i < route_count(); i++) {
    const struct route *r = route_at(i);
    const struct visitor *v = sender_of(r);
    for (const struct field *f = r->fields; f && f->name; f++)
      for (int k = 0; k < (whole ? payload_count : 2); k++) {
        round_now = k * 29 + (int)i;
        value[0] = '\0';
        value_for((int)(f - r->fields), is_text(f) ? most(f) : 200, value);
        char *encoded = served_encode(value, strlen(value));
        snprintf(body, BODY, "%s%s=%s", f->name,
                 f->kind == FIELD_MAP    ? ".0.text"
                 : f->kind == FIELD_DATE ? ".y"
                                         : "",
                 encoded);
        free(encoded);
        if (!crowd_path(&town, r, &town.cases[crowd_has(r, ":sheet") ? STATE_DRAFT : STATE_SHARED], v, NULL, path))
          continue;
        snprintf(path + strlen(path), r->method == GET ? sizeof path - strlen(path) : 1, "?%.*s", 500, body);
        if (r->method == GET)
          (void)served_get(&town.s, v, path, WANT_HTML);
        else
          (void)served_post(&town.s, v, path, body, k % 2 ? WANT_HTML | WANT_ENGLISH : WANT_HTML);
        look(r->path, v->name);
        asked++;
      }
  }
  free(body);
  print_message("%d answers\n", asked);
  assert_int_equal(failures, 0);
  assert_true(asked > 200);
}

static int start(void **state)
{
  read_payloads();
  crowd_new(&town, NULL);
  return 0;
}

static int stop(void **state)
{
  crowd_free(&town);
  return 0;
}

STORE_MAIN_SETUP(start, stop, cmocka_unit_test(what_is_given_back_is_text),
                 cmocka_unit_test(what_is_stored_is_text_in_every_view))
