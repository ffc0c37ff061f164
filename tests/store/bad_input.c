/* bad_input.c: what people and programs send that cannot be taken, through the wire, at every route that takes something: each answer
 * names the field, says in the reader's language what was wrong, and gives back what was typed; nothing is written, nothing breaks. */
#include "crowd.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static struct crowd town;
static int failures;
static struct arena *scratch; /* of the route under way */

#define MY_NUMBER "1234 5678 9018"

/* ---- who may send to a route, and where to -------------------------------------------------------------------------------------- */

static const struct visitor *sender_of(const struct route *r)
{
  static const enum who tried[] = {WHO_WORKER, WHO_MANAGER, WHO_COORDINATOR, WHO_ADMIN};
  if (r->need.declared == (int)(struct need)PUBLIC_ROUTE.declared)
    return &town.who[WHO_PUBLIC];
  if (r->need.declared == (int)(struct need)HALF_SIGNED_IN.declared)
    return &town.who[WHO_HALF];
  if (crowd_has(r, ":record")) /* the record is the receiver's */
    return &town.who[WHO_RECEIVER_MANAGER];
  if (crowd_has(r, ":connection"))
    return &town.who[WHO_RECEIVER_MANAGER];
  for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
    bool may = r->need.declared == (int)(struct need)SIGNED_IN.declared;
    if (!may)
      (void)role_may(town.who[tried[i]].actor.role, (enum action)r->need.action, &may);
    if (may)
      return &town.who[tried[i]];
  }
  fprintf(stderr, "%s: nobody here may use it\n", r->path);
  fail();
  return NULL;
}

static void address_of(const struct route *r, char path[PATH_SIZE])
{
  const struct shared_case *c = &town.cases[crowd_has(r, ":sheet") ? STATE_DRAFT : STATE_SHARED];
  assert_true(crowd_path(&town, r, c, sender_of(r), NULL, path));
}

/* Ends what it must not be sent to: sign-out, or what takes nothing. */
static bool takes_fields(const struct route *r)
{
  return r->method == POST && r->fields && r->fields->name && !crowd_has(r, ":link"); /* tests/store/family.c */
}

static void complain(const struct route *r, const char *field, const char *sent, const char *what)
{
  failures++;
  fprintf(stderr, "!%s, field %s, sent %.40s: %s (%d)\n", r->path, field, sent, what, town.s.page.status);
}

/* ---- answers ----------------------------------------------------------------------------------------------------------------------- */

/* The sentence for a field in a JSON answer; "" when there is none. A path below the field counts. */
static struct str problem_for(const char *field)
{
  struct err e = {0};
  struct doc *d = NULL;
  if (json_parse(scratch, str_from(town.s.page.body), &d, &e) != OK)
    return STR_NONE;
  const struct doc *list = doc_get(d, "problems");
  for (size_t i = 0; i < doc_size(list); i++) {
    struct str name = doc_get_str(doc_at(list, i), "field"), text = doc_get_str(doc_at(list, i), "text");
    if (str_is(name, field) || (str_starts(name, str_from(field)) && name.p[strlen(field)] == '.'))
      return text;
  }
  return STR_NONE;
}

static bool has_kana(struct str s)
{
  for (size_t at = 0; at < s.n;) {
    int32_t cp = utf8_next(s, &at);
    if (cp >= 0x3041 && cp <= 0x30FA)
      return true;
  }
  return false;
}

/* As a page shows it between tags or in an attribute. */
static const char *escaped(const char *text)
{
  struct buf b;
  buf_init(&b, scratch, 1 << 20);
  for (const char *p = text; *p; p++)
    if (*p == '&')
      buf_add_cstr(&b, "&amp;");
    else if (*p == '<')
      buf_add_cstr(&b, "&lt;");
    else if (*p == '>')
      buf_add_cstr(&b, "&gt;");
    else if (*p == '"')
      buf_add_cstr(&b, "&quot;");
    else if (*p == '\'')
      buf_add_cstr(&b, "&#39;");
    else
      buf_add_c(&b, *p);
  return str_cstr(scratch, buf_str(&b));
}

/* ---- asking ------------------------------------------------------------------------------------------------------------------------- */

static void form_with(const char *field, const char *value, char **ret)
{
  char *encoded = served_encode(value, strlen(value));
  size_t size = strlen(encoded) + strlen(field) + 2;
  *ret = malloc(size);
  assert_non_null(*ret);
  snprintf(*ret, size, "%s=%s", field, encoded);
  free(encoded);
}

/* In a form and its JSON answer, in both languages. `hint`: what the Japanese sentence must say; NULL: anything. */
static void must_refuse(const struct route *r, const char *name, const char *body, const char *sent, const char *hint)
{
  char path[PATH_SIZE];
  const struct visitor *v = sender_of(r);
  address_of(r, path);
  if (served_post(&town.s, v, path, body, WANT_JSON) != 422) {
    complain(r, name, sent, "not refused");
    return;
  }
  struct str ja = problem_for(name);
  if (!ja.n)
    complain(r, name, sent, "the field is not named");
  else if (hint && !str_contains(ja, str_from(hint)))
    complain(r, name, sent, str_cstr(scratch, ja));
  (void)served_post(&town.s, v, path, body, WANT_JSON | WANT_ENGLISH);
  struct str en = problem_for(name);
  if (ja.n && (!en.n || str_eq(en, ja) || has_kana(en)))
    complain(r, name, sent, en.n ? str_cstr(scratch, en) : "nothing in English");
}

static void must_give_back(const struct route *r, const char *name, const char *body, const char *typed)
{
  char path[PATH_SIZE];
  address_of(r, path);
  if (served_post(&town.s, sender_of(r), path, body, WANT_HTML) != 422 || !strstr(town.s.page.body, escaped(typed)))
    complain(r, name, typed, "not given back");
}

static int for_fields(bool (*wanted)(const struct field *f),
                      void (*check)(const struct route *r, const struct field *f))
{
  int count = 0;
  failures = 0;
  for (size_t i = 0; i < route_count(); i++) {
    const struct route *r = route_at(i);
    for (const struct field *f = takes_fields(r) ? r->fields : NULL; f && f->name; f++) {
      if (!wanted(f))
        continue;
      scratch = arena_new(LIMIT_ARENA);
      check(r, f);
      arena_free(scratch);
      count++;
    }
  }
  return count;
}

/* ---- texts ---------------------------------------------------------------------------------------------------------------------------- */

static bool is_text(const struct field *f)
{
  return f->kind == FIELD_TEXT || f->kind == FIELD_LINES || f->kind == FIELD_TEXTS;
}

/* A path that the page carries on, ids in a list, a code that counts once, and what is asked of the sender alone: not typed here. */
static bool is_typed(const struct field *f)
{
  static const char *const others[] = {"next", "from", "code", "told_by"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (strcmp(f->name, others[i]) == 0)
      return false;
  return f->kind != FIELD_TEXTS;
}

static char *too_long(const struct field *f)
{
  int64_t max = f->max ? f->max : f->kind == FIELD_LINES ? LIMIT_TEXT : LIMIT_STRING;
  char *text = malloc((size_t)(max + 1) * 3 + 1), *at = text;
  assert_non_null(text);
  for (int64_t i = 0; i <= max; i++, at += 3)
    memcpy(at, "あ", 3);
  *at = '\0';
  return text;
}

static void check_text(const struct route *r, const struct field *f)
{
  char *long_text = too_long(f);
  const struct {
    const char *text, *hint;
  } bad[] = {{"<b>前\xe2\x80\xaeうしろ", "制御文字"},
             {"前\x01うしろ", "制御文字"},
             {MY_NUMBER, "マイナンバー"},
             {long_text, "文字まで"}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    char *body;
    form_with(f->name, bad[i].text, &body);
    must_refuse(r, f->name, body, bad[i].text, bad[i].hint);
    if (is_typed(f))
      must_give_back(r, f->name, body, bad[i].text);
    free(body);
  }
  free(long_text);
}

static void every_text_is_checked_and_given_back(void **state)
{
  assert_true(for_fields(is_text, check_text) > 40);
  assert_int_equal(failures, 0);
}

/* ---- dates ---------------------------------------------------------------------------------------------------------------------------- */

static bool is_date(const struct field *f)
{
  return f->kind == FIELD_DATE;
}

static void check_date(const struct route *r, const struct field *f)
{
  static const struct {
    const char *era, *y, *m, *d, *text, *hint;
  } bad[] = {
      {"", "2026", "2", "30", "2026-02-30", "2月は28日まで"}, {"R", "1", "4", "30", "令和元年4月30日", "5月1日から"},
      {"R", "1", "4", "", "令和元年4月", "5月1日から"},       {"S", "64", "1", "8", "昭和64年1月8日", "1月7日まで"},
      {"", "2026", "13", "1", "2026/13/1", "月は1から12"},    {"", "26", "4", "1", "26-4-1", "西暦4けた"},
      {"", "9999", "4", "1", "9999-04-01", "2200年まで"}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    char parts[300], *text;
    snprintf(parts, sizeof parts, "%s.era=%s&%s.y=%s&%s.m=%s&%s.d=%s", f->name, bad[i].era, f->name, bad[i].y, f->name,
             bad[i].m, f->name, bad[i].d);
    form_with(f->name, bad[i].text, &text);
    must_refuse(r, f->name, parts, bad[i].text, bad[i].hint);
    must_refuse(r, f->name, text, bad[i].text, bad[i].hint);
    char shown[80];
    snprintf(shown, sizeof shown, "value=\"%s\"", bad[i].y);
    char path[PATH_SIZE];
    address_of(r, path);
    if (served_post(&town.s, sender_of(r), path, parts, WANT_HTML) != 422 || !strstr(town.s.page.body, shown))
      complain(r, f->name, bad[i].text, "not given back");
    free(text);
  }
}

static void every_date_says_what_is_impossible(void **state)
{
  assert_true(for_fields(is_date, check_date) > 5);
  assert_int_equal(failures, 0);
}

/* ---- what no page asks for, and what is of another kind --------------------------------------------------------------------------------- */

static const char changes[] =
    "SELECT (SELECT COUNT(*) FROM person_attribute) || '/' || (SELECT SUM(rev) FROM case_file) || '/'"
    " || (SELECT COUNT(*) FROM record) || '/' || (SELECT SUM(rev) FROM sheet) || '/' || (SELECT SUM(rev) FROM consent) "
    "|| '/'"
    " || (SELECT SUM(rev) FROM connection) || '/' || (SELECT SUM(rev) FROM user_account) || '/'"
    " || (SELECT SUM(rev) FROM membership) || '/' || (SELECT COUNT(*) FROM session WHERE ended_at IS NULL) || '/'"
    " || (SELECT SUM(rev) FROM organization) || '/' || (SELECT COUNT(*) FROM service)";

static void an_unknown_field_is_refused_by_every_route(void **state)
{
  char before[300], path[PATH_SIZE];
  failures = 0;
  snprintf(before, sizeof before, "%s", store_ask(&town.s.w.store, changes));
  for (size_t i = 0; i < route_count(); i++) {
    const struct route *r = route_at(i);
    if (r->method != POST || crowd_has(r, ":link"))
      continue;
    address_of(r, path);
    if (served_post(&town.s, sender_of(r), path, "unasked=1", WANT_HTML) != 422)
      complain(r, "unasked", "1", "not refused in a form");
    else if (!strstr(town.s.page.body, "この画面にない項目"))
      complain(r, "unasked", "1", "the page does not say so");
    if (served_post_json(&town.s, sender_of(r), path, "{\"unasked\":{}}", 14) != 422)
      complain(r, "unasked", "{}", "not refused in JSON");
  }
  assert_int_equal(failures, 0);
  assert_string_equal(store_ask(&town.s.w.store, changes), before);
}

static bool is_any(const struct field *f)
{
  return true;
}

static void check_type(const struct route *r, const struct field *f)
{
  static const char *const values[] = {"5", "1.5", "true", "{\"a\":1}", "[1]", "[[\"x\"]]", "[{}]", "\"\\u0007\""};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    char json[200], path[PATH_SIZE];
    bool right = (f->kind == FIELD_BOOL && strcmp(values[i], "true") == 0) ||
                 (f->kind == FIELD_INT && strcmp(values[i], "5") == 0) ||
                 (f->kind == FIELD_MAP && strchr("{[", values[i][0])) || (f->kind == FIELD_DATE && values[i][0] == '{');
    if (right)
      continue;
    int n = snprintf(json, sizeof json, "{\"%s\":%s}", f->name, values[i]);
    address_of(r, path);
    if (served_post_json(&town.s, sender_of(r), path, json, (size_t)n) != 422)
      complain(r, f->name, values[i], "not refused");
    else if (!problem_for(f->name).n)
      complain(r, f->name, values[i], "the field is not named");
  }
}

static void json_of_another_type_is_refused(void **state)
{
  char before[300];
  snprintf(before, sizeof before, "%s", store_ask(&town.s.w.store, changes));
  assert_true(for_fields(is_any, check_type) > 80);
  assert_int_equal(failures, 0);
  assert_string_equal(store_ask(&town.s.w.store, changes), before);
}

/* ---- bytes ---------------------------------------------------------------------------------------------------------------------------------- */

static void bytes_that_are_no_text_are_refused_before_anybody_reads_them(void **state)
{
  const struct visitor *v = &town.who[WHO_WORKER];
  static const char form[] = "application/x-www-form-urlencoded", json[] = "application/json";
  static const struct {
    const char *type, *body;
  } bad[] = {{form, "name=%FF%FE"},
             {form, "name=%C0%AF"},
             {form, "name=a%00b"},
             {form, "name=%ED%A0%80"},
             {form, "name=\xff"},
             {form, "name=%4"},
             {json, "{\"name\":\"\\u0000\"}"},
             {json, "{\"name\":\"\xff\"}"},
             {json, "{\"name\":\"\\ud800\"}"},
             {json, "{\"name\":\"a\",\"name\":\"b\"}"},
             {json, "{\"name\":\"a\""},
             {json, "[]"},
             {json, "{\"name\":1e999}"},
             {json, "{\"name\":NaN}"}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_int_equal(served_post_raw(&town.s, v, "/cases/new", bad[i].type, bad[i].body, strlen(bad[i].body)), 400);
  enum { TEN_MB = 10 << 20 };
  char *big = malloc(TEN_MB);
  assert_non_null(big);
  memset(big, 'a', TEN_MB);
  memcpy(big, "name=", 5);
  assert_int_equal(served_post_raw(&town.s, v, "/cases/new", form, big, TEN_MB), 413);
  free(big);
  assert_int_equal(served_post(&town.s, v, "/cases/new", "name=%FF", WANT_HTML), 400);
  assert_non_null(strstr(town.s.page.body, "<h1"));
  assert_non_null(strstr(town.s.page.body, "もう一度入力してください"));
  assert_int_equal(served_post(&town.s, v, "/cases/new", "name=%FF", WANT_HTML | WANT_ENGLISH), 400);
  assert_non_null(strstr(town.s.page.body, "type it once more"));
  assert_int_equal(served_get(&town.s, v, "/cases", WANT_HTML), 200);
}

/* Three megabytes fit a request: refused by their length, and given back whole where the page can hold them. */
static void a_very_long_text_is_given_back_or_refused(void **state)
{
  enum { LETTERS = 1000000 };
  const struct visitor *v = &town.who[WHO_WORKER];
  char *body = malloc(3 * LETTERS + 20), *at = body + 5;
  assert_non_null(body);
  memcpy(body, "name=", 5);
  for (int i = 0; i < LETTERS; i++, at += 3)
    memcpy(at, "あ", 3);
  *at = '\0';
  assert_int_equal(served_post(&town.s, v, "/cases/new", body, WANT_HTML), 422);
  assert_non_null(strstr(town.s.page.body, body + 5));
  memset(body + 5, '"', 3 * LETTERS);
  int status = served_post(&town.s, v, "/cases/new", body, WANT_HTML);
  assert_int_equal(status, 413); /* too much for one page: which says so, and what to do */
  assert_non_null(strstr(town.s.page.body, "文字を減らすか"));
  free(body);
  assert_int_equal(served_get(&town.s, v, "/cases", WANT_HTML), 200);
}

/* ---- the sheet ------------------------------------------------------------------------------------------------------------------------------- */

static void check_item(const struct route *r, const struct form_item *it)
{
  char name[120], *body;
  scratch = arena_new(LIMIT_ARENA);
  bool text = it->type == FORM_STRING || it->type == FORM_TEXT, date = it->type == FORM_DATE;
  if (it->row_of)
    snprintf(name, sizeof name, "answer.%.*s.0.%.*s", STR_FMT(it->row_of->link), STR_FMT(it->link));
  else
    snprintf(name, sizeof name, "answer.%.*s", STR_FMT(it->link));
  static const char *const texts[] = {"前\xe2\x80\xaeうしろ", MY_NUMBER, "前\x01うしろ"};
  static const char *const dates[] = {"2026-02-30", "昭和64年1月8日", MY_NUMBER};
  static const char *const others[] = {"no such option", "<script>", "1e99", "-"};
  size_t n = text ? sizeof texts / sizeof *texts : date ? sizeof dates / sizeof *dates : sizeof others / sizeof *others;
  for (size_t i = 0; i < n; i++) {
    const char *sent = text ? texts[i] : date ? dates[i] : others[i];
    form_with(name, sent, &body);
    must_refuse(r, name, body, sent, NULL);
    if (text)
      must_give_back(r, name, body, sent);
    free(body);
  }
  arena_free(scratch);
}

static const struct route *route_of(enum method method, const char *path)
{
  for (size_t i = 0; i < route_count(); i++)
    if (route_at(i)->method == method && strcmp(route_at(i)->path, path) == 0)
      return route_at(i);
  fail();
  return NULL;
}

static bool is_asked(const struct form_item *it)
{
  for (const struct form_item *p = it; p; p = p->parent)
    if (p->when_count || str_is(p->link, "reply"))
      return false;
  return it->type != FORM_GROUP && it->type != FORM_DISPLAY && !it->read_only && it->type != FORM_OPEN_CHOICE;
}

static void every_answer_of_a_sheet_is_checked(void **state)
{
  struct err e = {0};
  int asked = 0;
  const struct form *form = NULL;
  const struct route *r = route_of(POST, "/sheets/:sheet/edit");
  ok(form_builtin(S("tsunagu-sheet"), STR_NONE, &form, &e));
  failures = 0;
  for (size_t i = 0; i < form_item_count(form); i++)
    if (is_asked(form_item_at(form, i)) && ++asked)
      check_item(r, form_item_at(form, i));
  assert_true(asked > 30);
  scratch = arena_new(LIMIT_ARENA);
  must_refuse(r, "answer", "answer.nosuch=1", "nosuch", NULL);
  must_refuse(r, "answer", "answer.person_name.deep=1", "deep", NULL);
  must_refuse(r, "answer", "answer.0=1", "a list", NULL);
  arena_free(scratch);
  assert_int_equal(failures, 0);
}

static void each_paragraph_of_a_record_is_checked(void **state)
{
  const struct route *r = route_of(POST, "/cases/:case/records/new");
  static const struct {
    const char *json, *hint;
  } bad[] = {{"{\"text\":\"" MY_NUMBER "\",\"source\":\"staff\",\"category\":\"support\"}", "マイナンバー"},
             {"{\"text\":\"a\\u202eb\"}", "制御文字"},
             {"{\"text\":5}", "文字列"},
             {"{\"text\":\"a\",\"category\":\"nosuch\"}", "区分"},
             {"{\"text\":\"a\",\"source\":\"nosuch\"}", "だれの話"},
             {"5", "文字列"}};
  failures = 0;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    char json[400], path[PATH_SIZE];
    scratch = arena_new(LIMIT_ARENA);
    int n = snprintf(json, sizeof json, "{\"day\":\"2026-04-01\",\"method\":\"meet\",\"paragraph\":[%s]}", bad[i].json);
    address_of(r, path);
    if (served_post_json(&town.s, sender_of(r), path, json, (size_t)n) != 422)
      complain(r, "paragraph", bad[i].json, "not refused");
    else if (!str_contains(problem_for("paragraph.0.text"), str_from(bad[i].hint)))
      complain(r, "paragraph", bad[i].json, town.s.page.body);
    arena_free(scratch);
  }
  assert_int_equal(failures, 0);
}

STMT_WRITE(q_version, "bad_input_version",
           "INSERT INTO form_definition (network_id, code, version, status, json, created_at)"
           " VALUES ($1, 'tsunagu-sheet', '9999.1', 'retired', '{}', 0)");
STMT_WRITE(q_newer, "bad_input_newer", "UPDATE sheet SET form_version = '9999.1' WHERE network_id = $1 AND id = $2");

static enum code make_newer(struct tx *tx, void *arg, struct err *e)
{
  const struct shared_case *c = arg;
  enum code code = db_exec(tx, &q_version, NULL, e, BINDS(b_int(tx_network(tx))));
  return code == OK ? db_exec(tx, &q_newer, NULL, e, BINDS(b_int(tx_network(tx)), b_int(c->sheet))) : code;
}

/* Written by a newer program: this one says so, and does not guess. */
static void a_sheet_on_a_form_that_is_not_here_says_so(void **state)
{
  struct err e = {0};
  struct shared_case c = crowd_case(&town, STATE_DRAFT, NULL);
  const struct visitor *v = &town.who[WHO_WORKER];
  ok(world_write(&town.s.w, NULL, make_newer, &c, &e));
  static const char *const tails[] = {"", "/edit", "/preview"};
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(served_get(&town.s, v, served_path("/sheets/", c.sheet, tails[i]), WANT_HTML), 409);
    assert_non_null(strstr(town.s.page.body, "9999.1"));
  }
  assert_int_equal(served_post(&town.s, v, served_path("/sheets/", c.sheet, "/edit"), "action=save", WANT_HTML), 409);
  assert_int_equal(served_get(&town.s, v, served_path("/cases/", c.c.case_id, ""), WANT_HTML), 200);
}

/* ---- markup ------------------------------------------------------------------------------------------------------------------------------------ */

#define SCRIPT "\"'><script>alert(1)</script>&{{x}}"

static void put_script(const struct shared_case *c, char *body, size_t size)
{
  struct err e = {0};
  const struct form *form = NULL;
  char *encoded = served_encode(SCRIPT, strlen(SCRIPT));
  ok(form_builtin(S("tsunagu-sheet"), STR_NONE, &form, &e));
  size_t n = 0;
  for (size_t i = 0; i < form_item_count(form); i++) {
    const struct form_item *it = form_item_at(form, i);
    if ((it->type != FORM_STRING && it->type != FORM_TEXT) || !is_asked(it) || it->max_length < (int)sizeof SCRIPT)
      continue;
    n += it->row_of ? (size_t)snprintf(body + n, size - n, "&answer.%.*s.0.%.*s=%s", STR_FMT(it->row_of->link),
                                       STR_FMT(it->link), encoded)
                    : (size_t)snprintf(body + n, size - n, "&answer.%.*s=%s", STR_FMT(it->link), encoded);
  }
  free(encoded);
}

static void reply_script(const struct shared_case *c, char *text, size_t size)
{
  char *encoded = served_encode(SCRIPT, strlen(SCRIPT));
  snprintf(text, size, "%s", encoded);
  free(encoded);
}

/* Every text field of a route filled with markup, the rest with what it takes. */
static void save_script(const char *path_pattern, id64 id, const char *rest)
{
  const struct route *r = route_of(POST, path_pattern);
  char path[PATH_SIZE];
  char *encoded = served_encode(SCRIPT, strlen(SCRIPT)), *body = malloc(64 << 10);
  size_t n = (size_t)snprintf(body, 64 << 10, "%s", rest);
  for (const struct field *f = r->fields; f->name; f++)
    if ((f->kind == FIELD_TEXT || f->kind == FIELD_LINES) && !strstr(rest, f->name))
      n += (size_t)snprintf(body + n, (64 << 10) - n, "&%s=%s", f->name, encoded);
  char before[200];
  snprintf(before, sizeof before, "%.*s", (int)strcspn(path_pattern, ":"), path_pattern);
  const char *colon = strchr(path_pattern, ':'), *after = colon ? strchr(colon, '/') : NULL;
  snprintf(path, sizeof path, "%s", id ? served_path(before, id, after ? after : "") : path_pattern);
  served_do(&town.s, sender_of(r), path, body);
  free(encoded);
  free(body);
}

static int read_for_script(enum who who)
{
  int shown = 0;
  char path[PATH_SIZE];
  for (size_t i = 0; i < route_count(); i++) {
    const struct route *r = route_at(i);
    if (r->method != GET || !crowd_path(&town, r, &town.cases[STATE_SHARED], &town.who[who], NULL, path))
      continue;
    if (strcmp(r->path, "/cases") == 0)
      snprintf(path, sizeof path, "/cases?view=all");
    (void)served_get(&town.s, &town.who[who], path, WANT_HTML);
    if (strstr(town.s.page.bytes, "\r\nContent-Type: text/csv")) /* a file to keep: there it is text as it stands */
      continue;
    shown += strstr(town.s.page.body, "&lt;script&gt;alert(1)") != NULL;
    if (strstr(town.s.page.body, "<script>alert") || strstr(town.s.page.body, "\"'><") || town.s.page.status >= 500)
      complain(r, "-", SCRIPT, town.who[who].name);
  }
  return shown;
}

static void markup_is_text_everywhere(void **state)
{
  const struct crowd_fill fill = {.sheet = put_script, .reply = reply_script};
  failures = 0;
  town.cases[STATE_SHARED] = crowd_case(&town, STATE_SHARED, &fill);
  id64 case_id = town.cases[STATE_SHARED].c.case_id;
  save_script("/cases/:case/person", case_id, "source=person&birth=2009-06-01&postal=");
  save_script("/cases/:case/guardians/new", case_id, "guardian_relation=mother&guardian_authority=none");
  save_script(
      "/cases/:case/records/new", case_id,
      "day=2026-04-01&method=meet&next_day=2026-12-01&paragraph.0.text=%3Cscript%3Ealert(1)&paragraph.0.source=staff");
  save_script(
      "/cases/:case/consents/new", case_id,
      served_path(
          "answer=given&by=person&preset=standard&from=2100-01-01&until=2100-02-01&how=tick&explained=1&recipients=",
          town.fourth, ""));
  save_script("/directory/new", 0, "kind=npo&circle=outside&phone=&fax=&email=&url=");
  save_script("/directory/:org/edit", town.fourth, "rev=1&kind=npo&circle=outside&phone=&fax=&email=&url=");
  assert_true(read_for_script(WHO_WORKER) > 12);
  assert_true(read_for_script(WHO_RECEIVER_MANAGER) > 12);
  assert_true(read_for_script(WHO_COORDINATOR) > 2);
  (void)read_for_script(WHO_ADMIN);
  (void)read_for_script(WHO_VOLUNTEER);
  assert_int_equal(failures, 0);
}

CROWD_MAIN(&town, cmocka_unit_test(every_text_is_checked_and_given_back),
           cmocka_unit_test(every_date_says_what_is_impossible),
           cmocka_unit_test(an_unknown_field_is_refused_by_every_route),
           cmocka_unit_test(json_of_another_type_is_refused),
           cmocka_unit_test(bytes_that_are_no_text_are_refused_before_anybody_reads_them),
           cmocka_unit_test(a_very_long_text_is_given_back_or_refused),
           cmocka_unit_test(every_answer_of_a_sheet_is_checked),
           cmocka_unit_test(each_paragraph_of_a_record_is_checked),
           cmocka_unit_test(a_sheet_on_a_form_that_is_not_here_says_so), cmocka_unit_test(markup_is_text_everywhere))
