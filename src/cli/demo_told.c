/* demo_told.c: reads the lives of demo/town.txt. How a line reads stands on top of that file. */
#include "cli/demo_life.h"

#include "view/view.h"

enum { SCENES_OF_LIFE = 40, RECORD_MIN = 10 };

struct reading {
  struct arena *a;
  const struct demo_town *town;
  struct life *lives;
  struct scene *scenes; /* of the life that is being read */
  int count, number;    /* lives; the line */
};

static enum code wrong(const struct reading *r, struct err *e)
{
  (void)BUG(e, "a line of demo/town.txt that does not read");
  err_detail(e, "demo/town.txt line %d", r->number);
  return FAULT;
}

static const char *text(const struct reading *r, struct str s)
{
  s = str_trim(s);
  return s.n ? str_cstr(r->a, s) : NULL;
}

static struct str cut(struct str *rest, char c)
{
  struct str part = STR_NONE;
  (void)str_split(rest, c, &part);
  return part;
}

static int number(struct str s)
{
  int64_t n = 0;
  return str_to_i64(s, &n) ? (int)n : -1;
}

static const char *or_empty(const char *s)
{
  return s ? s : "";
}

/* ---- who and what ------------------------------------------------------------------------------------------------------ */

int demo_account_of(const struct demo_town *town, struct str login)
{
  for (int i = 0; i < town->accounts; i++)
    if (town->account[i].login && str_is(login, town->account[i].login))
      return i;
  return -1;
}

int demo_body_of(const struct demo_town *town, struct str code)
{
  for (int i = 0; i < town->organizations; i++)
    if (town->code[i] && str_is(code, town->code[i]))
      return i;
  return -1;
}

cats_t demo_categories(struct str words)
{
  cats_t all = 0, one = 0;
  struct str word;
  while (str_split(&words, ',', &word))
    all |= category_parse(word, &one) ? one : 0;
  return all;
}

static const char *blanks(const struct reading *r, struct str list)
{
  char *p = arena_copy(r->a, list.p, list.n);
  for (size_t i = 0; p && i < list.n; i++)
    p[i] = p[i] == ',' ? ' ' : p[i];
  return p ? p : "";
}

/* ---- scenes ---------------------------------------------------------------------------------------------------------------- */

static bool read_said(const struct reading *r, struct str part, struct life_said *ret)
{
  static const char letters[] = "PAOSV";
  static const enum source sources[] = {SOURCE_PERSON, SOURCE_AROUND, SOURCE_OTHER_BODY, SOURCE_STAFF, SOURCE_STAFF};
  const char *at = part.n ? strchr(letters, part.p[0]) : NULL;
  struct str head = cut(&part, ' '), category = str_sub(head, 2, head.n > 3 ? head.n - 3 : 0);
  if (!at || !part.n)
    return false;
  *ret = (struct life_said){.source = sources[at - letters],
                            .category = demo_categories(category),
                            .visit = *at == 'V',
                            .text = text(r, part)};
  return true;
}

static bool read_record(const struct reading *r, struct str words, struct str rest, struct scene *sc)
{
  struct life_record *l = arena_new_of(r->a, struct life_record);
  struct str part, minutes;
  int said = 0;
  if (!l)
    return false;
  l->method = text(r, cut(&words, ' '));
  l->with = blanks(r, cut(&words, ' '));
  minutes = cut(&words, ' ');
  l->minutes = minutes.n ? number(minutes) : 0;
  l->missed = str_is(words, "missed");
  while (str_split(&rest, '|', &part)) {
    struct str day = part;
    if (!str_starts(part, S(">"))) {
      if (said == LIFE_SAID || !read_said(r, part, &l->said[said++]))
        return false;
      continue;
    }
    struct str what = cut(&day, '@');
    l->next = text(r, str_sub(what, 1, what.n));
    l->next_in = number(day) == -1 && !str_is(day, "-1") ? 0 : number(day);
  }
  sc->kind = SCENE_RECORD;
  sc->record = l;
  return l->method && said > 0;
}

/* "aoba:basic,contact work:basic" */
static bool read_recipients(const struct reading *r, struct str list, struct life_consent *l)
{
  struct str one;
  while (str_split(&list, ' ', &one)) {
    int body = demo_body_of(r->town, cut(&one, ':'));
    if (body < 0 || l->count == LIFE_RECEIVERS)
      return false;
    l->to[l->count++] = (struct life_recipient){(enum demo_body)body, demo_categories(one)};
  }
  return l->count > 0;
}

/* "guardian1 heard written 200", "person oral 90", "guardian2 refused": how long it holds from then. */
static bool read_consent(const struct reading *r, struct str words, struct str rest, struct scene *sc)
{
  struct life_consent *l = arena_new_of(r->a, struct life_consent);
  struct str by = cut(&words, ' '), word = cut(&words, ' ');
  if (!l)
    return false;
  l->guardian = str_starts(by, S("guardian")) ? number(str_sub(by, 8, by.n)) : 0;
  l->heard = str_is(word, "heard");
  if (l->heard)
    word = cut(&words, ' ');
  l->refused = str_is(word, "refused");
  l->how = l->refused ? "oral" : text(r, word);
  l->ends_in = l->refused ? 0 : number(words) - sc->days;
  l->ends_in += !l->refused && !l->ends_in; /* 0 stands for a year */
  bool good = read_recipients(r, cut(&rest, '|'), l);
  l->evidence = or_empty(text(r, rest));
  if (l->refused && !*l->evidence)
    l->evidence = "-";
  sc->kind = SCENE_CONSENT;
  sc->consent = l;
  return good && l->how;
}

static bool read_withdraw(const struct reading *r, struct str words, struct scene *sc)
{
  struct life_withdrawal *l = arena_new_of(r->a, struct life_withdrawal);
  if (!l)
    return false;
  l->consent = number(cut(&words, ' ')) - 1;
  l->by = str_is(cut(&words, ' '), "person") ? PARTY_PERSON : PARTY_GUARDIAN;
  l->towards = words.n ? demo_body_of(r->town, words) : -1;
  sc->kind = SCENE_WITHDRAW;
  sc->withdrawal = l;
  return l->consent >= 0;
}

/* The guardians are who lives there. */
static void add_household(const struct life *life, struct life_sheet *l)
{
  for (int i = 0; i < LIFE_GUARDIANS && life->guardians[i].name; i++)
    l->members[i] = (struct life_member){.name = life->guardians[i].name, .relation = life->guardians[i].relation};
}

/* "help family mental,income mental sms full dropout": kind, route, concerns, the worst, ways, school, status. */
static bool read_sheet(const struct reading *r, struct str words, struct str rest, struct scene *sc)
{
  struct life_sheet *l = arena_new_of(r->a, struct life_sheet);
  struct str kind = cut(&words, ' '), to, one;
  if (!l)
    return false;
  l->draft = str_is(kind, "draft");
  l->handover = str_is(kind, "handover");
  l->route = text(r, cut(&words, ' '));
  l->concerns = blanks(r, cut(&words, ' '));
  l->worst = blanks(r, cut(&words, ' '));
  l->ways = blanks(r, cut(&words, ' '));
  l->kind = text(r, cut(&words, ' '));
  l->status = text(r, words);
  to = cut(&rest, '|');
  while (str_split(&to, ',', &one)) {
    int body = demo_body_of(r->town, one);
    if (body < 0 || l->count == LIFE_RECEIVERS)
      return false;
    l->to[l->count++] = (enum demo_body)body;
  }
  l->request = text(r, cut(&rest, '|'));
  l->reason = text(r, rest);
  add_household(&r->lives[r->count - 1], l);
  sc->kind = SCENE_SHEET;
  sc->sheet = l;
  return l->count && l->request && l->reason && l->status;
}

/* " key=" in a text, and what stands behind it up to the next one. */
static struct str named(struct str s, const char *key, struct str *before)
{
  static const char *const keys[] = {" first=", " outcome=", " proposal=", " by="};
  struct str found = STR_NONE;
  for (size_t i = 0; i + strlen(key) <= s.n; i++)
    if (memcmp(s.p + i, key, strlen(key)) == 0) {
      found = str_sub(s, i + strlen(key), s.n);
      before->n = i < before->n ? i : before->n;
    }
  for (size_t i = 0; found.n && i < found.n; i++)
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
      if (str_starts(str_sub(found, i, found.n), str_from(keys[k])))
        found.n = i;
  return found;
}

static bool read_reply(const struct reading *r, struct str words, struct str rest, struct scene *sc)
{
  static const struct {
    const char *word;
    enum connection_step step;
  } steps[] = {{"open", STEP_OPEN},       {"accept", STEP_ACCEPT},    {"return", STEP_RETURN},
               {"decline", STEP_DECLINE}, {"contact", STEP_CONTACT},  {"answer", STEP_ANSWER},
               {"close", STEP_CLOSE},     {"withdraw", STEP_WITHDRAW}};
  struct life_reply *l = arena_new_of(r->a, struct life_reply);
  struct str before = rest, word, first;
  bool known = false;
  if (!l)
    return false;
  l->connection = number(cut(&words, ' ')) - 1;
  word = cut(&words, ' ');
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
    if (str_is(word, steps[i].word)) {
      l->step = steps[i].step;
      known = true;
    }
  l->assigns = words.n > 0;
  l->worker = l->assigns ? demo_account_of(r->town, words) : 0;
  first = named(rest, " first=", &before);
  l->first = first.n ? number(first) : 0;
  l->outcome = or_empty(text(r, named(rest, " outcome=", &before)));
  l->proposal = or_empty(text(r, named(rest, " proposal=", &before)));
  l->told_by = text(r, named(rest, " by=", &before));
  l->text = or_empty(text(r, before));
  sc->kind = SCENE_REPLY;
  sc->reply = l;
  return known && l->connection >= 0 && l->worker >= 0;
}

static bool read_assign(const struct reading *r, struct str words, struct scene *sc)
{
  struct life_assign *l = arena_new_of(r->a, struct life_assign);
  if (!l)
    return false;
  l->worker = demo_account_of(r->town, words);
  sc->kind = SCENE_ASSIGN;
  sc->assign = l;
  return l->worker >= 0;
}

static bool read_deed(const struct reading *r, struct str kind, struct str words, struct str rest, struct scene *sc)
{
  struct life_deed *l = arena_new_of(r->a, struct life_deed);
  if (!l)
    return false;
  *l = (struct life_deed){.kind = kind, .words = words};
  while (l->fields < LIFE_FIELDS && str_split(&rest, '|', &l->field[l->fields]))
    l->fields++;
  sc->kind = SCENE_DEED;
  sc->deed = l;
  return demo_deed_known(kind);
}

/* "48 suzuki record meet school|O …": the hour follows from the line. */
static bool read_scene(struct reading *r, struct str line, struct life *life)
{
  struct str rest = line, head = cut(&rest, '|'), kind;
  struct scene *sc = &r->scenes[life->count];
  if (life->count == SCENES_OF_LIFE)
    return false;
  *sc = (struct scene){.days = number(cut(&head, ' '))};
  sc->who = demo_account_of(r->town, cut(&head, ' '));
  sc->hour = 9 + r->number % 8;
  sc->minute = r->number * 7 % 60;
  kind = cut(&head, ' ');
  if (sc->days < 0 || sc->who < 0)
    return false;
  life->count++;
  if (str_is(kind, "open")) {
    sc->kind = SCENE_OPEN;
    return true;
  }
  if (str_is(kind, "stage")) {
    sc->kind = SCENE_STAGE;
    sc->stage = text(r, cut(&head, ' '));
    sc->why = text(r, head);
    return sc->stage != NULL;
  }
  return str_is(kind, "record")     ? read_record(r, head, rest, sc)
         : str_is(kind, "consent")  ? read_consent(r, head, rest, sc)
         : str_is(kind, "withdraw") ? read_withdraw(r, head, sc)
         : str_is(kind, "assign")   ? read_assign(r, head, sc)
         : str_is(kind, "sheet")    ? read_sheet(r, head, rest, sc)
         : str_is(kind, "reply")    ? read_reply(r, head, rest, sc)
                                    : read_deed(r, kind, head, rest, sc);
}

/* ---- a life's own lines ------------------------------------------------------------------------------------------------------ */

static bool begin_life(struct reading *r, struct str rest)
{
  struct life *l = &r->lives[r->count];
  if (r->count == DEMO_TOLD)
    return false;
  *l = (struct life){.name = text(r, cut(&rest, '|'))};
  l->kana = or_empty(text(r, cut(&rest, '|')));
  l->called = or_empty(text(r, cut(&rest, '|')));
  l->sex = text(r, cut(&rest, '|'));
  struct str born = cut(&rest, '|');
  l->age = number(cut(&born, ' '));
  l->month = number(cut(&born, ' '));
  l->day = number(born);
  l->origin = text(r, cut(&rest, '|'));
  l->density = text(r, rest);
  l->postal = l->address = l->phone = l->mobile = l->school = l->grade = l->interest = l->avoid = "";
  r->scenes = arena_array(r->a, SCENES_OF_LIFE, sizeof *r->scenes);
  l->scenes = r->scenes;
  r->count++;
  return r->scenes && l->name && l->sex && l->age >= 0 && l->day > 0 && l->density;
}

static bool add_guardian(const struct reading *r, struct life *l, struct str rest)
{
  struct life_guardian *g = l->guardians[0].name ? &l->guardians[1] : &l->guardians[0];
  g->name = text(r, cut(&rest, '|'));
  g->relation = text(r, cut(&rest, '|'));
  g->authority = text(r, cut(&rest, '|'));
  g->phone = or_empty(text(r, rest));
  return g->name && g->relation && g->authority;
}

static bool read_line(struct reading *r, struct str line)
{
  struct str rest = line, head = cut(&rest, ' ');
  struct life *l = r->count ? &r->lives[r->count - 1] : NULL;
  if (!str_trim(line).n || str_starts(line, S("#")))
    return true;
  if (str_is(head, "life"))
    return begin_life(r, rest);
  if (!l)
    return false;
  if (str_is(head, "at")) {
    l->postal = or_empty(text(r, cut(&rest, '|')));
    l->address = or_empty(text(r, cut(&rest, '|')));
    l->phone = or_empty(text(r, cut(&rest, '|')));
    l->mobile = or_empty(text(r, rest));
    return true;
  }
  if (str_is(head, "school")) {
    l->school = or_empty(text(r, cut(&rest, '|')));
    l->grade = or_empty(text(r, rest));
    return true;
  }
  if (str_is(head, "likes") || str_is(head, "avoid")) {
    *(str_is(head, "likes") ? &l->interest : &l->avoid) = or_empty(text(r, rest));
    return true;
  }
  return str_is(head, "guardian") ? add_guardian(r, l, rest) : read_scene(r, line, l);
}

enum code demo_told(struct arena *a, const struct demo_town *town, const struct life **ret, int *ret_count,
                    struct err *e)
{
  struct reading r = {.a = a, .town = town, .lives = arena_array(a, DEMO_TOLD, sizeof *r.lives)};
  struct str file = STR_NONE, line;
  if (!r.lives)
    return err_oom(e);
  if (!builtin_file(S("demo/town.txt"), &file))
    return BUG(e, "demo/town.txt");
  for (; str_split(&file, '\n', &line);) {
    r.number++;
    if (!read_line(&r, line))
      return wrong(&r, e);
  }
  *ret = r.lives;
  *ret_count = r.count;
  return arena_failed(a) ? err_oom(e) : OK;
}
