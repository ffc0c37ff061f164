/* canary.c: each value of a person, in each category, is a word of its own. Every page is fetched as everybody; a word may stand only in the
 * body of a page, and only where the engine opens its category to that reader. Never in a header, an address, an error, the log. */
#include "crowd.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "casework/files.h"
#include "family/family.h"

/* ---- words: CNRY, the case, the number, Q ---------------------------------------------------------------------------------- */

enum { WORDS = 100, WORD_SIZE = 12, GIVEN = CAT_BASIC | CAT_CONTACT | CAT_EDUCATION | CAT_SUPPORT };

struct word {
  cats_t category;
  uint32_t marks;
  enum item item;         /* concealable */
  bool by_receiver, both; /* who wrote it: the author; the receiver; each side holds a copy */
  bool between_us;        /* what each body may know: for the author alone */
  const char *what;
  uint32_t seen_by; /* 1 << enum who, in any case */
};
static struct word words[WORDS];
static int word_count;
static struct crowd town;

static const char *word_text(enum state state, int number, char text[WORD_SIZE + 1])
{
  snprintf(text, WORD_SIZE + 1, "CNRY%02d%03dQ", (int)state, number);
  return text;
}

/* One more word; the same numbers in each case. */
static int word_new(struct word w)
{
  for (int i = 0; i < word_count; i++)
    if (strcmp(words[i].what, w.what) == 0 && words[i].category == w.category)
      return i;
  assert_true(word_count < WORDS);
  words[word_count] = w;
  return word_count++;
}

/* The next word at or after p; NULL: none. */
static const char *word_find(const char *p, int *ret_state, int *ret_number)
{
  for (p = strstr(p, "CNRY"); p; p = strstr(p + 1, "CNRY"))
    if (sscanf(p, "CNRY%2d%3dQ", ret_state, ret_number) == 2 && *ret_state < STATE_COUNT && *ret_number < word_count)
      return p;
  return NULL;
}

/* ---- a case full of words -------------------------------------------------------------------------------------------------------- */

static const struct {
  enum attribute kind;
  cats_t category;
  uint32_t marks;
  enum item item;
} attributes[] = {{ATTRIBUTE_NAME, CAT_BASIC, 0, 0},
                  {ATTRIBUTE_KANA, CAT_BASIC, 0, 0},
                  {ATTRIBUTE_CALLED, CAT_BASIC, MARK_VISIT, 0},
                  {ATTRIBUTE_ADDRESS, CAT_CONTACT, 0, ITEM_ADDRESS},
                  {ATTRIBUTE_POSTAL, CAT_CONTACT, 0, ITEM_ADDRESS},
                  {ATTRIBUTE_PHONE, CAT_CONTACT, 0, ITEM_PHONE},
                  {ATTRIBUTE_MOBILE, CAT_CONTACT, 0, ITEM_PHONE},
                  {ATTRIBUTE_SCHOOL, CAT_EDUCATION, 0, ITEM_SCHOOL},
                  {ATTRIBUTE_GRADE, CAT_EDUCATION, 0, 0},
                  {ATTRIBUTE_WORKPLACE, CAT_WORK, 0, ITEM_WORKPLACE},
                  {ATTRIBUTE_INTEREST, CAT_STRENGTH, MARK_VISIT, 0},
                  {ATTRIBUTE_AVOID, CAT_BASIC, MARK_VISIT, 0}};
enum { ATTRIBUTES_TOLD = sizeof attributes / sizeof *attributes };

struct filling {
  const struct visitor *writer;
  const struct shared_case *c;
};

static enum code fill_attributes(struct tx *tx, const struct filling *f, struct err *e)
{
  char text[WORD_SIZE + 1];
  const struct scope *s = NULL;
  enum code c = access_open(tx, &f->writer->actor, ACTION_PERSON_WRITE, f->c->c.person, &s, e);
  for (int i = 0; c == OK && i < ATTRIBUTES_TOLD; i++) {
    struct word w = {.category = attributes[i].category,
                     .marks = attributes[i].marks,
                     .item = attributes[i].item,
                     .what = attribute_code(attributes[i].kind)};
    c = person_put(tx, s, attributes[i].kind, str_from(word_text(f->c->state, word_new(w), text)), SOURCE_PERSON, e);
  }
  char name[WORD_SIZE + 1], phone[WORD_SIZE + 1];
  id64 id = 0;
  word_text(f->c->state, word_new((struct word){.category = CAT_FAMILY, .what = "guardian's name"}), name);
  word_text(f->c->state, word_new((struct word){.category = CAT_FAMILY, .what = "guardian's telephone"}), phone);
  struct guardian_new g = {
      .name = str_from(name), .phone = str_from(phone), .relation = S("父"), .authority = S("none")};
  return c == OK ? guardian_add(tx, s, &g, &id, e) : c;
}

/* Where and what comes next, as it was first, and as it was corrected. */
static enum code fill_head(struct tx *tx, const struct filling *f, const struct scope *s, const struct record_new *r,
                           id64 record, struct err *e)
{
  char place[WORD_SIZE + 1], next[WORD_SIZE + 1];
  word_text(f->c->state, word_new((struct word){.category = CAT_SUPPORT, .what = "place, corrected"}), place);
  word_text(f->c->state, word_new((struct word){.category = CAT_SUPPORT, .what = "next step, corrected"}), next);
  const struct record_head to = {.at = r->at,
                                 .method = r->method,
                                 .with_whom = r->with_whom,
                                 .place = str_from(place),
                                 .next = str_from(next),
                                 .next_date = r->next_date,
                                 .rev = 1};
  return record_head_correct(tx, s, f->c->c.case_id, record, &to, e);
}

/* One record with a paragraph of each category; those a visit needs are marked so. */
static enum code fill_record(struct tx *tx, const struct filling *f, struct err *e)
{
  char text[CATEGORIES][WORD_SIZE + 1], place[WORD_SIZE + 1], next[WORD_SIZE + 1];
  struct paragraph_new p[CATEGORIES];
  const struct scope *s = NULL;
  id64 id = 0;
  for (int i = 0; i < CATEGORIES; i++) {
    bool visit = i % 2 == 0;
    struct word w = {.category = 1u << i, .marks = visit ? MARK_VISIT : 0, .what = "paragraph"};
    p[i] = (struct paragraph_new){.text = str_from(word_text(f->c->state, word_new(w), text[i])),
                                  .source = (enum source)(SOURCE_PERSON + i % 4),
                                  .category = 1u << i,
                                  .visit = visit};
  }
  word_text(f->c->state, word_new((struct word){.category = CAT_SUPPORT, .what = "place of a record"}), place);
  word_text(f->c->state, word_new((struct word){.category = CAT_SUPPORT, .what = "next step"}), next);
  struct record_new r = {.at = tx_now(tx) - MS_HOUR,
                         .method = S("meet"),
                         .with_whom = S("person"),
                         .place = str_from(place),
                         .next = str_from(next),
                         .contact = true,
                         .next_date = date_add_days(date_of_ts(tx_now(tx)), 3),
                         .paragraphs = p,
                         .count = CATEGORIES};
  enum code c = access_open(tx, &f->writer->actor, ACTION_RECORD_WRITE, f->c->c.person, &s, e);
  if (c == OK)
    c = record_add(tx, s, f->c->c.case_id, &r, &id, e);
  return c == OK ? fill_head(tx, f, s, &r, id, e) : c;
}

/* A paper whose title and content are words. */
static enum code fill_file(struct tx *tx, const struct filling *f, struct err *e)
{
  char title[WORD_SIZE + 1], text[WORD_SIZE + 1], paper[WORD_SIZE + 20];
  const struct scope *s = NULL;
  id64 id = 0;
  word_text(f->c->state, word_new((struct word){.category = CAT_HEALTH, .what = "title of a paper"}), title);
  word_text(f->c->state, word_new((struct word){.category = CAT_HEALTH, .what = "a paper"}), text);
  snprintf(paper, sizeof paper, "%%PDF-1.4 %s %%%%EOF", text);
  struct file_ready file = {.title = str_from(title),
                            .clean = str_from(paper),
                            .type = FILE_PDF,
                            .category = CAT_HEALTH,
                            .source = SOURCE_PERSON};
  enum code c = access_open(tx, &f->writer->actor, ACTION_RECORD_WRITE, f->c->c.person, &s, e);
  return c == OK ? file_attach(tx, s, f->c->c.case_id, &file, &id, e) : c;
}

/* A relative, and a place that helps; whether the page draws them or lists them, their words are the same. */
static enum code fill_family(struct tx *tx, const struct filling *f, struct err *e)
{
  char text[4][WORD_SIZE + 1];
  const struct scope *s = NULL;
  id64 id = 0;
  word_text(f->c->state, word_new((struct word){.category = CAT_SUPPORT, .what = "what helps"}), text[0]);
  word_text(f->c->state, word_new((struct word){.category = CAT_SUPPORT, .what = "note on what helps"}), text[1]);
  word_text(f->c->state, word_new((struct word){.category = CAT_FAMILY, .what = "relative"}), text[2]);
  word_text(f->c->state, word_new((struct word){.category = CAT_FAMILY, .what = "note on a relative"}), text[3]);
  const struct family_note place = {.kind = FAMILY_RESOURCE,
                                    .name = str_from(text[0]),
                                    .note = str_from(text[1]),
                                    .tie = S("strong"),
                                    .source = SOURCE_PERSON},
                           sister = {.name = str_from(text[2]),
                                     .note = str_from(text[3]),
                                     .relation = S("sister_older"),
                                     .house = S("same"),
                                     .source = SOURCE_PERSON};
  enum code c = access_open(tx, &f->writer->actor, ACTION_PERSON_WRITE, f->c->c.person, &s, e);
  if (c == OK)
    c = family_add(tx, s, &place, &id, e);
  return c == OK ? family_add(tx, s, &sister, &id, e) : c;
}

static enum code fill(struct tx *tx, void *arg, struct err *e)
{
  enum code c = fill_attributes(tx, arg, e);
  if (c == OK)
    c = fill_family(tx, arg, e);
  if (c == OK)
    c = fill_record(tx, arg, e);
  return c == OK ? fill_file(tx, arg, e) : c;
}

static void fill_person(struct crowd *t, const struct visitor *writer, const struct shared_case *c)
{
  struct err e = {0};
  struct filling f = {writer, c};
  ok(world_write(&t->s.w, &writer->actor, fill, &f, &e));
}

static const struct {
  const char *bind;
  enum item item;
} concealable[] = {{"person.address", ITEM_ADDRESS},
                   {"person.phone_home", ITEM_PHONE},
                   {"person.phone_mobile", ITEM_PHONE},
                   {"person.school", ITEM_SCHOOL},
                   {"person.workplace", ITEM_WORKPLACE}};

static enum item item_of(const struct form_item *it)
{
  for (size_t i = 0; i < sizeof concealable / sizeof *concealable; i++)
    if (str_is(it->bind, concealable[i].bind))
      return concealable[i].item;
  return 0;
}

static bool writable(const struct form_item *it)
{
  for (const struct form_item *p = it->parent; p; p = p->parent)
    if (str_is(p->link, "reply"))
      return false; /* the receiver's part */
  return (it->type == FORM_STRING || it->type == FORM_TEXT) && !it->read_only &&
         !str_starts(it->link, S("received_")) && (!it->when_count || str_is(it->link, "work_place"));
}

static struct arena *names; /* of the sheet's words, as long as the tests run */

/* Every text of the sheet. */
static void fill_sheet(const struct shared_case *c, char *body, size_t size)
{
  char text[WORD_SIZE + 1];
  struct err e = {0};
  const struct form *form = NULL;
  ok(form_builtin(S("tsunagu-sheet"), STR_NONE, &form, &e));
  size_t n = (size_t)snprintf(body, size, "&answer.work_status=working&answer.household_size=1");
  for (size_t i = 0; i < form_item_count(form); i++) {
    const struct form_item *it = form_item_at(form, i);
    if (!writable(it))
      continue;
    struct word w = {.category = it->category,
                     .marks = it->marks & MARK_VISIT,
                     .item = item_of(it),
                     .between_us = str_starts(it->link, S("share_")),
                     .what = str_cstr(names, it->link)};
    word_text(c->state, word_new(w), text);
    n += it->row_of ? (size_t)snprintf(body + n, size - n, "&answer.%.*s.0.%.*s=%s", STR_FMT(it->row_of->link),
                                       STR_FMT(it->link), text)
                    : (size_t)snprintf(body + n, size - n, "&answer.%.*s=%s", STR_FMT(it->link), text);
  }
}

static void fill_reply(const struct shared_case *c, char *text, size_t size)
{
  char own[WORD_SIZE + 1];
  struct word w = {.category = CAT_SUPPORT, .both = true, .by_receiver = true, .what = "the receiver's answer"};
  snprintf(text, size, "%s", word_text(c->state, word_new(w), own));
}

static const struct crowd_fill full = {.person = fill_person, .sheet = fill_sheet, .reply = fill_reply, .given = GIVEN};

/* ---- what the engine opens ---------------------------------------------------------------------------------------------------------- */

struct opened {
  const struct actor *who;
  enum action action;
  id64 person;
  cats_t own, others;
  bool visit_only;
};

static enum code open_person(struct tx *tx, void *arg, struct err *e)
{
  struct opened *o = arg;
  const struct scope *s = NULL;
  struct err ignored = {0};
  (void)e;
  if (access_open(tx, o->who, o->action, o->person, &s, &ignored) == OK) {
    o->own = scope_own(s);
    o->others = scope_others(s);
    o->visit_only = scope_decision(s)->visit_only;
  }
  return OK;
}

/* By the route's own action about a person; on lists and the like, by what the reader may know of the person. */
static struct opened opened_by(const struct route *r, enum who who, enum state state)
{
  struct err e = {0};
  bool of_person =
      r->need.declared == (int)(struct need)NEEDS(TODAY).declared && action_about_person((enum action)r->need.action);
  struct opened o = {.who = &town.who[who].actor,
                     .action = of_person ? (enum action)r->need.action : ACTION_PERSON_READ,
                     .person = town.cases[state].c.person};
  if (who != WHO_PUBLIC && who != WHO_HALF && who != WHO_UNCHOSEN)
    ok(world_read(&town.s.w, o.who, open_person, &o, &e));
  return o;
}

static bool may_stand(const struct opened *o, const struct word *w, enum state state)
{
  id64 author = w->by_receiver ? town.receiver : crowd_author(&town, state), mine = o->who->organization;
  if (w->between_us && mine != author)
    return false;
  bool sees = w->category & (mine && mine == author ? o->own : o->others);
  bool copy = w->both && mine && mine == crowd_author(&town, state) && (w->category & o->own);
  return (sees || copy) && (!o->visit_only || (w->marks & MARK_VISIT));
}

/* ---- reading a page --------------------------------------------------------------------------------------------------------------------- */

static int failures;
static uint32_t concealed; /* items that no page may show */
static struct opened sight[WHO_COUNT][STATE_COUNT];

static void complain(const struct route *r, enum who who, int state, int number, const char *what)
{
  failures++;
  fprintf(stderr, "!%s %s as %s: %s (%s of the case %s): %s, %d\n", r->method == GET ? "GET" : "POST", r->path,
          town.who[who].name, words[number].what, category_code(__builtin_ctz(words[number].category)),
          state_names[state], what, town.s.page.status);
}

static bool in_address(const char *page, const char *at)
{
  static const char *const before[] = {"href=\"", "action=\"", "src=\""};
  const char *quote = at;
  while (quote > page && *quote != '"' && *quote != '\n')
    quote--;
  for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
    size_t n = strlen(before[i]);
    if (*quote == '"' && quote - page >= (long)n && !strncmp(quote + 1 - n, before[i], n))
      return true;
  }
  return false;
}

/* 422: the form with its strip, the list with what was wrong about its address. 409: what can be done instead of writing what has gone, likewise. */
static bool is_page_of_what_was_sent(const struct route *r, int status)
{
  return status == 409 && strcmp(r->path, "/sheets/:sheet/edit") == 0;
}

static void read_page(const struct route *r, enum who who)
{
  const struct reply_page *p = &town.s.page;
  int state = 0, number = 0;
  for (const char *at = p->bytes; (at = word_find(at, &state, &number)); at++) {
    if (at < p->body)
      complain(r, who, state, number, "in a header");
    else if (p->status != 200 && p->status != 422 && !is_page_of_what_was_sent(r, p->status))
      complain(r, who, state, number, "on a page of another kind");
    else if (!may_stand(&sight[who][state], &words[number], (enum state)state))
      complain(r, who, state, number, "not for this reader");
    else if (words[number].item & concealed)
      complain(r, who, state, number, "concealed");
    else if (in_address(p->body, at))
      complain(r, who, state, number, "in an address");
    words[number].seen_by |= 1u << who;
  }
}

static bool has_views(const struct route *r)
{
  for (const struct field *f = r->fields; f && f->name; f++)
    if (strcmp(f->name, "view") == 0)
      return true;
  return false;
}

static bool needs_input(const struct route *r)
{
  for (const struct field *f = r->fields; f && f->name; f++)
    if (f->required)
      return true;
  return false;
}

static void fetch(const struct route *r, enum who who, const char *path)
{
  static const char *const views[] = {"", "?view=all", "?view=closed", "?view=sent", "?view=waiting"};
  for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
    char whole[PATH_SIZE + 40];
    snprintf(whole, sizeof whole, "%s%s", path, views[i]);
    for (int json = 0; json < 2; json++) {
      (void)served_get(&town.s, &town.who[who], whole, json ? WANT_JSON : WANT_HTML);
      read_page(r, who);
    }
    if (!has_views(r))
      return;
  }
}

/* Searches, and forms that are sent back for what is missing. */
static void send(const struct route *r, enum who who, const char *path)
{
  bool search = r->fields && strcmp(r->fields[0].name, "q") == 0;
  if (strcmp(r->path, "/sign-in") == 0 || strcmp(r->path, "/password") == 0 || (!search && !needs_input(r)))
    return;
  (void)served_post(&town.s, &town.who[who], path, search ? "q=CNRY" : "", WANT_HTML);
  read_page(r, who);
}

static void read_route(const struct route *r, enum who who)
{
  char path[PATH_SIZE];
  for (int i = 0; i < STATE_COUNT; i++)
    sight[who][i] = opened_by(r, who, (enum state)i);
  for (int i = 0; i < (crowd_about_person(r) ? STATE_COUNT : 1); i++) {
    if (!crowd_path(&town, r, &town.cases[i], &town.who[who], NULL, path))
      continue;
    if (r->method == GET)
      fetch(r, who, path);
    else
      send(r, who, path);
  }
}

/* Everybody, or those alone who work on a case. */
static void read_everything(bool everybody)
{
  failures = 0;
  for (size_t i = 0; i < route_count(); i++)
    for (int who = 0; who < WHO_COUNT; who++)
      if (everybody || crowd_works((enum who)who, STATE_SHARED) || crowd_works((enum who)who, STATE_FOREIGN))
        read_route(route_at(i), (enum who)who);
}

/* ---- the log ----------------------------------------------------------------------------------------------------------------------------- */

static int kept_stderr = -1;
static char log_path[64];

static void log_catch(void)
{
  fflush(stderr);
  kept_stderr = dup(STDERR_FILENO);
  snprintf(log_path, sizeof log_path, "/tmp/tsunagu-test-canary-%d.log", (int)getpid());
  int fd = open(log_path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  assert_true(fd >= 0 && kept_stderr >= 0);
  dup2(fd, STDERR_FILENO);
  close(fd);
}

/* How many lines the log has; words in it are failures, our own complaints aside. */
static int log_read(void)
{
  int lines = 0, state = 0, number = 0;
  char *line = NULL;
  size_t size = 0;
  fflush(stderr);
  dup2(kept_stderr, STDERR_FILENO);
  close(kept_stderr);
  FILE *f = fopen(log_path, "re");
  assert_non_null(f);
  while (getline(&line, &size, f) > 0) {
    lines += line[0] == '{';
    bool leaks = line[0] == '{' && (word_find(line, &state, &number) || strstr(line, "CNRY"));
    if (line[0] == '!' || leaks)
      fprintf(stderr, "%s%s", leaks ? "the log: " : "", line);
    failures += leaks;
  }
  free(line);
  fclose(f);
  unlink(log_path);
  return lines;
}

/* ---- tests ---------------------------------------------------------------------------------------------------------------------------------- */

static int start(void **state)
{
  names = arena_new(LIMIT_ARENA);
  crowd_new(&town, &full);
  return 0;
}

static int stop(void **state)
{
  crowd_free(&town);
  arena_free(names);
  return 0;
}

static void forget(void)
{
  for (int i = 0; i < word_count; i++)
    words[i].seen_by = 0;
}

/* A test that finds nothing because nothing is shown would hold too: the author reads everything, the receiver what was given. */
static void check_shown(void)
{
  for (int i = 0; i < word_count; i++) {
    if (!(words[i].seen_by & 1u << WHO_WORKER) && ++failures)
      fprintf(stderr, "the author sees nowhere: %s (%s)\n", words[i].what,
              category_code(__builtin_ctz(words[i].category)));
    if (!words[i].between_us && words[i].category & GIVEN && !(words[i].seen_by & 1u << WHO_RECEIVER_WORKER) &&
        ++failures)
      fprintf(stderr, "the receiver sees nowhere: %s (%s)\n", words[i].what,
              category_code(__builtin_ctz(words[i].category)));
  }
}

static void a_word_stands_only_where_its_category_is_open(void **state)
{
  log_catch();
  read_everything(true);
  int lines = log_read();
  check_shown();
  assert_int_equal(failures, 0);
  assert_true(lines > 1000);
}

/* ---- concealment -------------------------------------------------------------------------------------------------------------------------- */

STMT_WRITE(
    q_conceal, "canary_conceal",
    "INSERT INTO concealment (network_id, id, person_id, items, from_at, created_by) VALUES ($1, $2, $3, $4, $5, $6)");

static enum code conceal(struct tx *tx, void *arg, struct err *e)
{
  const struct world_case *c = arg;
  return db_exec(tx, &q_conceal, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(c->person),
                       b_int(ITEM_ADDRESS | ITEM_PHONE | ITEM_SCHOOL | ITEM_WORKPLACE), b_int(tx_now(tx)),
                       b_int(town.who[WHO_WORKER].actor.user)));
}

/* Also where it was written into a sheet before, and on the pages that correct it. */
static void what_is_concealed_stands_nowhere(void **state)
{
  struct err e = {0};
  for (int i = 0; i < STATE_COUNT; i++)
    ok(world_write(&town.s.w, NULL, conceal, &town.cases[i].c, &e));
  concealed = ITEM_ADDRESS | ITEM_PHONE | ITEM_SCHOOL | ITEM_WORKPLACE;
  forget();
  log_catch();
  read_everything(false);
  (void)log_read();
  concealed = 0;
  assert_int_equal(failures, 0);
}

/* ---- a withdrawal in the middle ------------------------------------------------------------------------------------------------------------- */

enum { READERS = 3 };
static atomic_bool withdrawn, finished;
static atomic_int before, after, leaks;
static struct shared_case sharing;

/* Reads the case's pages as the receiver, again and again. A request that began after the withdrawal was answered must show nothing. */
static void *keep_reading(void *arg)
{
  const struct visitor *v = arg;
  struct served mine = town.s;
  int state = 0, number = 0;
  mine.room = malloc(mine.room_size);
  const struct {
    const char *head, *tail;
    id64 id;
  } pages[] = {{"/cases/", "", sharing.c.case_id},
               {"/cases/", "/records/new", sharing.c.case_id},
               {"/sheets/", "", sharing.sheet},
               {"/connections/", "", sharing.connection},
               {"/cases", "", 0},
               {"/today", "", 0}};
  for (unsigned i = 0; mine.room && !atomic_load(&finished); i++) {
    char path[PATH_SIZE];
    struct arena *a = arena_new(4096);
    struct str id = id_text(a, pages[i % 6].id);
    snprintf(path, sizeof path, "%s%.*s%s", pages[i % 6].head, STR_FMT(id), pages[i % 6].tail);
    arena_free(a);
    bool late = atomic_load(&withdrawn), found = false;
    (void)served_get(&mine, v, path, i % 2 ? WANT_JSON : WANT_HTML);
    for (const char *at = mine.page.bytes; (at = word_find(at, &state, &number)); at++)
      found |= state == STATE_SHARED && !words[number].by_receiver;
    (void)atomic_fetch_add(late ? &after : &before, 1);
    if (late && found)
      (void)atomic_fetch_add(&leaks, 1);
  }
  free(mine.room);
  return NULL;
}

static void wait_for(atomic_int *count, int more)
{
  for (int goal = atomic_load(count) + more, tries = 0; atomic_load(count) < goal && tries < 2000; tries++)
    usleep(5000);
}

static void after_a_withdrawal_no_request_shows_the_senders_words(void **state)
{
  pthread_t reader[READERS];
  const enum who as[READERS] = {WHO_RECEIVER_MANAGER, WHO_RECEIVER_WORKER, WHO_RECEIVER_WORKER};
  crowd_withdraw(&town, &town.cases[STATE_SHARED]); /* its words are the same */
  sharing = crowd_case(&town, STATE_SHARED, &full);
  for (int i = 0; i < READERS; i++)
    assert_int_equal(pthread_create(&reader[i], NULL, keep_reading, &town.who[as[i]]), 0);
  wait_for(&before, 60);
  crowd_withdraw(&town, &sharing);
  atomic_store(&withdrawn, true);
  wait_for(&after, 120);
  atomic_store(&finished, true);
  for (int i = 0; i < READERS; i++)
    pthread_join(reader[i], NULL);
  assert_int_equal(atomic_load(&leaks), 0);
  assert_true(atomic_load(&before) >= 60 && atomic_load(&after) >= 120);
}

/* Whoever carries the disk away without the key reads not one of the words: neither in the database nor in what is not yet in it. */
static void the_files_hold_no_word(void **state)
{
  enum { FILE_ROOM = 64 << 20 };
  static const char *const tails[] = {"", "-wal"};
  size_t read_bytes = 0;
  if (store_engine() != DB_SQLITE)
    skip();
  for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
    char name[300], *bytes = malloc(FILE_ROOM);
    snprintf(name, sizeof name, "%s%s", town.s.w.store.place, tails[i]);
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    assert_non_null(bytes);
    for (ssize_t n; fd >= 0 && (n = read(fd, bytes, FILE_ROOM)) > 0; read_bytes += (size_t)n)
      assert_null(memmem(bytes, (size_t)n, "CNRY", 4));
    if (fd >= 0)
      close(fd);
    free(bytes);
  }
  assert_true(read_bytes > 500000);
}

STORE_MAIN_SETUP(start, stop, cmocka_unit_test(a_word_stands_only_where_its_category_is_open),
                 cmocka_unit_test(what_is_concealed_stands_nowhere), cmocka_unit_test(the_files_hold_no_word),
                 cmocka_unit_test(after_a_withdrawal_no_request_shows_the_senders_words))
