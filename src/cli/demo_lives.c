/* demo_lives.c: plays the lives of demo_text.c and demo/town.txt, scene by scene, each in a write of its own at its own instant. */
#include "cli/demo_life.h"

#include <stdlib.h>

#include "form/form.h"
#include "protect/protect.h"

enum { LIVES = 32 + DEMO_TOLD, SCENES = 2048 };

struct cue {
  ts_t at;
  int life, scene;
};
struct demo_play {
  struct cli *cli;
  const struct demo_town *town;
  const struct life *told;
  int told_count;
  struct life_state state[LIVES];
  struct cue cues[SCENES];
  int count, next;
};

static const struct life *life_at(const struct demo_play *play, int i)
{
  int c = demo_life_count + demo_more_life_count;
  return i < demo_life_count ? &demo_lives[i] : i < c ? &demo_more_lives[i - demo_life_count] : &play->told[i - c];
}

id64 demo_case_of(const struct demo_play *play, struct str name)
{
  for (int i = 0; i < demo_life_count + demo_more_life_count + play->told_count; i++)
    if (str_is(name, life_at(play, i)->name))
      return play->state[i].case_id;
  return 0;
}

/* --- days and people --- */

ts_t demo_at(const struct demo_town *town, int days, int hour, int minute)
{
  struct date d = date_add_days(town->today, -days);
  while (date_weekday(d) == 0 || date_weekday(d) == 6)
    d = date_add_days(d, -1);
  return date_start_ts(d) + (ts_t)hour * MS_HOUR + (ts_t)minute * MS_MINUTE;
}

struct actor demo_actor(const struct cli *cli, const struct demo_town *town, int account)
{
  const struct demo_account *u = &town->account[account];
  return (struct actor){.role = u->role,
                        .network = cli->network,
                        .user = u->user,
                        .membership = u->membership,
                        .organization = town->organization[u->organization],
                        .second_factor = true,
                        .session_from = 1};
}

struct date demo_birth(const struct demo_town *town, int age, int month, int day)
{
  struct date d = {town->today.year - age, month, day};
  if (town->today.month < month || (town->today.month == month && town->today.day < day))
    d.year--;
  return d;
}

static struct date day_in(const struct demo_town *town, int days)
{
  return date_add_days(town->today, days);
}

static struct date workday(struct date d)
{
  while (date_weekday(d) == 0 || date_weekday(d) == 6)
    d = date_add_days(d, 1);
  return d;
}

/* {190m}: 「5月」, {12d}: 「11月9日」. */
struct str demo_words(struct arena *a, const struct demo_town *town, const char *text)
{
  struct buf b;
  struct str rest = str_from(text), part;
  buf_init(&b, a, 8 << 10);
  while (str_split(&rest, '{', &part)) {
    buf_add(&b, part);
    struct str days = STR_NONE, left = rest;
    int64_t n = 0;
    if (!str_split(&left, '}', &days) || days.n < 2 || !str_to_i64(str_sub(days, 0, days.n - 1), &n))
      continue;
    struct date d = day_in(town, -(int)n);
    buf_printf(&b, days.p[days.n - 1] == 'm' ? JA("%d月") : JA("%d月%d日"), d.month, d.day);
    rest = left;
  }
  return buf_str(&b);
}

/* --- scenes --- */

static enum code enter(struct tx *tx, const struct stage *st, enum action action, const struct scope **ret,
                       struct err *e)
{
  struct case_head head = {0};
  return case_enter(tx, &st->actor, action, st->out.case_id, &head, ret, e);
}

static enum code play_open(struct tx *tx, struct stage *st, struct err *e)
{
  const struct life *l = st->life;
  const struct scope *s = NULL;
  const struct person_new p = {.name = str_from(l->name),
                               .kana = str_from(l->kana),
                               .called = str_from(l->called),
                               .sex = str_from(l->sex),
                               .birth = demo_birth(st->town, l->age, l->month, l->day),
                               .address = str_from(l->address),
                               .postal = str_from(l->postal),
                               .phone = str_from(l->phone),
                               .mobile = str_from(l->mobile),
                               .school = str_from(l->school),
                               .grade = str_from(l->grade),
                               .interest = str_from(l->interest),
                               .avoid = str_from(l->avoid)};
  enum code c = person_create(tx, &st->actor, &p, &s, e);
  st->out.guardians = 0;
  for (int i = 0; c == OK && i < LIFE_GUARDIANS && l->guardians[i].name; i++) {
    const struct life_guardian *g = &l->guardians[i];
    c = guardian_add(tx, s,
                     &(struct guardian_new){.name = str_from(g->name),
                                            .phone = str_from(g->phone),
                                            .relation = str_from(g->relation),
                                            .authority = str_from(g->authority)},
                     &st->out.guardian[st->out.guardians++], e);
  }
  if (c == OK)
    c = case_open(tx, s, str_from(l->origin), str_from(l->density), &st->out.case_id, e);
  if (c == OK)
    st->out.person = scope_person(s);
  return c;
}

static enum code play_record(struct tx *tx, struct stage *st, struct err *e)
{
  const struct life_record *l = st->scene->record;
  const struct demo_town *town = st->town;
  const struct scope *s = NULL;
  struct paragraph_new said[LIFE_SAID] = {0};
  struct record_new r = {.at = tx_now(tx),
                         .method = str_from(l->method),
                         .with_whom = str_from(l->with),
                         .place = str_from(l->place),
                         .minutes = l->minutes,
                         .contact = !l->missed && strcmp(l->method, "conference") != 0,
                         .next_done = !l->next,
                         .paragraphs = said};
  if (l->next) {
    r.next = demo_words(tx_arena(tx), town, l->next);
    r.next_date = workday(day_in(town, l->next_in));
  }
  for (; r.count < LIFE_SAID && l->said[r.count].text; r.count++) {
    const struct life_said *p = &l->said[r.count];
    said[r.count] = (struct paragraph_new){.text = demo_words(tx_arena(tx), town, p->text),
                                           .source = p->source,
                                           .category = p->category ? p->category : CAT_SUPPORT,
                                           .visit = p->visit};
  }
  enum code c = enter(tx, st, ACTION_RECORD_WRITE, &s, e);
  return c == OK ? record_add(tx, s, st->out.case_id, &r, &st->out.record, e) : c;
}

static enum code play_consent(struct tx *tx, struct stage *st, struct err *e)
{
  const struct life_consent *l = st->scene->consent;
  const struct demo_town *town = st->town;
  const struct scope *s = NULL;
  struct consent_recipient to[LIFE_RECEIVERS];
  struct date ends = l->ends_in ? day_in(town, l->ends_in) : date_add_days(date_of_ts(tx_now(tx)), 365);
  const char *evidence =
      l->evidence || strcmp(l->how, "oral") != 0 ? l->evidence : JA("電話で説明し、窓口の同僚が立ち会った");
  for (int i = 0; i < l->count; i++)
    to[i] = (struct consent_recipient){town->organization[l->to[i].body], l->to[i].categories};
  const struct consent_new n = {.by = l->guardian ? PARTY_GUARDIAN : PARTY_PERSON,
                                .guardian = l->guardian ? st->out.guardian[l->guardian - 1] : 0,
                                .refused = l->refused,
                                .heard = l->heard,
                                .notice_version = S("2026-1"),
                                .purposes = str_from(JA("相談支援と、関係機関との連携のため")),
                                .how = str_from(l->how),
                                .evidence = str_from(evidence),
                                .until = date_start_ts(ends),
                                .recipients = to,
                                .count = (size_t)l->count};
  enum code c = enter(tx, st, ACTION_CONSENT_RECORD, &s, e);
  return c == OK ? consent_record(tx, s, &n, &st->out.consent[st->out.consents++], e) : c;
}

static enum code play_withdraw(struct tx *tx, struct stage *st, struct err *e)
{
  const struct scope *s = NULL;
  id64 consent = st->out.consent[st->scene->withdrawal->consent];
  const struct life_withdrawal *l = st->scene->withdrawal;
  struct consent_withdrawal given = {.by = l->by, .how = S("oral")};
  if (l->towards >= 0)
    given.organization = st->town->organization[l->towards];
  enum code c = consent_enter(tx, &st->actor, ACTION_CONSENT_WITHDRAW, consent, &s, e);
  return c == OK ? consent_withdraw(tx, s, consent, &given, e) : c;
}

/* --- the つなぐシート, written as the form engine reads it --- */

struct answers {
  struct arena *a;
  struct doc *d;
};

static void put(const struct answers *w, const char *key, const char *text)
{
  if (text)
    doc_replace(w->d, key, doc_str(w->a, str_from(text)));
}

static void put_words(const struct answers *w, const char *key, const char *words)
{
  struct str rest = str_from(words), word;
  struct doc *list = doc_list(w->a);
  while (str_split(&rest, ' ', &word))
    doc_add_str(list, word);
  if (doc_size(list))
    doc_replace(w->d, key, list);
}

static void put_household(const struct answers *w, const struct life *life, const struct life_sheet *l)
{
  int count = 1;
  struct doc *rows = doc_list(w->a), *self = doc_add_map(rows);
  doc_put_str(self, "member_name", str_from(life->name));
  doc_put_int(self, "member_age", life->age);
  for (int i = 0; i < LIFE_MEMBERS && l->members[i].name; i++, count++) {
    struct doc *row = doc_add_map(rows);
    doc_put_str(row, "member_name", str_from(l->members[i].name));
    if (l->members[i].age)
      doc_put_int(row, "member_age", l->members[i].age);
    doc_put_str(row, "member_relation", str_from(l->members[i].relation));
    if (l->members[i].note)
      doc_put_str(row, "member_note", str_from(l->members[i].note));
  }
  doc_put_int(w->d, "household_size", count);
  doc_replace(w->d, "household", rows);
}

static enum code put_referrals(struct tx *tx, const struct stage *st, const struct answers *w, struct err *e)
{
  const struct life_sheet *l = st->scene->sheet;
  struct doc *rows = doc_list(w->a);
  enum code c = OK;
  for (int i = 0; c == OK && i < l->count; i++) {
    struct str name = STR_NONE;
    struct doc *row = doc_add_map(rows);
    c = organization_name(tx, st->town->organization[l->to[i]], w->a, &name, e);
    doc_put_str(row, "referral_org", name);
    doc_put_str(row, "referral_reason", demo_words(w->a, st->town, l->reason));
  }
  doc_replace(w->d, "referrals", rows);
  return c;
}

static enum code put_answers(struct tx *tx, const struct stage *st, const struct answers *w, struct err *e)
{
  const struct life_sheet *l = st->scene->sheet;
  put(w, "route", l->route);
  doc_replace(w->d, "purpose_explained", doc_bool(w->a, true));
  put_household(w, st->life, l);
  put_words(w, "concerns", l->concerns);
  put_words(w, "worst", l->worst);
  doc_put_str(w->d, "request", demo_words(w->a, st->town, l->request));
  put(w, "consent_answer", "yes");
  put(w, "consent_how", "paper");
  put_words(w, "contact_ways", l->ways);
  put(w, "contact_hours", l->hours);
  put(w, "school_kind", l->kind);
  put(w, "school_status", l->status);
  doc_replace(w->d, "school_absence", doc_bool(w->a, l->absent));
  doc_replace(w->d, "neither", doc_bool(w->a, l->neither));
  doc_replace(w->d, "interpreter", doc_bool(w->a, l->interpreter));
  if (l->interpreter)
    put(w, "interpreter_language", JA("ポルトガル語"));
  put(w, "likes", st->life->interest);
  put(w, "avoid", st->life->avoid);
  return put_referrals(tx, st, w, e);
}

static enum code write_answers(struct tx *tx, const struct stage *st, struct sheet *sheet, const struct reader *who,
                               struct err *e)
{
  const struct scope *s = NULL;
  const struct form *form = NULL;
  struct form_reading reading = {0};
  struct arena *a = tx_arena(tx);
  id64 id = sheet->id;
  enum code c = sheet_enter(tx, &st->actor, ACTION_SHEET_WRITE, id, a, sheet, &s, e);
  struct answers w = {a, sheet->answers};
  if (c == OK)
    c = put_answers(tx, st, &w, e);
  if (c == OK)
    c = sheet_form(tx, a, sheet, &form, e);
  if (c != OK)
    return c;
  struct form_context context = sheet_context(s, sheet, a, who);
  c = form_read(&context, form, st->scene->sheet->draft ? FORM_DRAFT : FORM_FINAL, w.d, NULL, &reading, e);
  if (c == INVALID && reading.problems)
    err_detail(e, "%.*s", STR_FMT(reading.problems->field));
  return c == OK ? sheet_save(tx, s, sheet, reading.answers, e) : c;
}

static enum code note_connections(struct tx *tx, struct stage *st, id64 sheet, struct err *e)
{
  const struct life_sheet *l = st->scene->sheet;
  struct connection_batch all = {0};
  enum code c = connection_batch_of_sheet(tx, sheet, &all, e);
  for (int i = 0; c == OK && i < l->count; i++)
    for (size_t k = 0; k < all.count; k++)
      if (all.list[k].to_organization == st->town->organization[l->to[i]]) /* a value, not a decision */
        st->out.connection[st->out.connections++] = all.list[k].id;
  return c;
}

static enum code play_sheet(struct tx *tx, struct stage *st, struct err *e)
{
  const struct life_sheet *l = st->scene->sheet;
  const struct scope *s = NULL;
  struct sheet sheet = {0};
  const struct reader who = {.lang = LANG_JA, .wareki = true, .today = date_of_ts(tx_now(tx))};
  id64 id = 0, to[LIFE_RECEIVERS];
  for (int i = 0; i < l->count; i++)
    to[i] = st->town->organization[l->to[i]];
  enum code c = enter(tx, st, ACTION_SHEET_WRITE, &s, e);
  if (c == OK)
    c = sheet_begin(tx, s, st->out.case_id, &who, &id, e);
  sheet.id = id;
  if (c == OK)
    c = write_answers(tx, st, &sheet, &who, e);
  if (c == OK)
    c = sheet_enter(tx, &st->actor, ACTION_SHEET_SEND, id, tx_arena(tx), &sheet, &s, e);
  if (c == OK)
    c = sheet_choose(tx, s, &sheet, to, (size_t)l->count, l->handover ? S("handover") : S("help"), e);
  if (c == OK && !l->draft) /* as it stands with its receivers */
    c = sheet_enter(tx, &st->actor, ACTION_SHEET_SEND, id, tx_arena(tx), &sheet, &s, e);
  if (c == OK && !l->draft)
    c = sheet_send(tx, s, &sheet, e);
  return c == OK ? note_connections(tx, st, id, e) : c;
}

static enum code play_reply(struct tx *tx, struct stage *st, struct err *e)
{
  const struct life_reply *l = st->scene->reply;
  const struct demo_town *town = st->town;
  const struct scope *s = NULL;
  struct connection con = {0};
  bool ends = l->step == STEP_CLOSE || l->step == STEP_WITHDRAW, opens = l->step == STEP_OPEN;
  enum action action = ends ? ACTION_SHEET_SEND : opens ? ACTION_CONNECTION_READ : ACTION_CONNECTION_ANSWER;
  const struct answer answer = {.step = l->step,
                                .text = demo_words(tx_arena(tx), town, l->text),
                                .proposal = str_from(l->proposal),
                                .outcome = str_from(l->outcome),
                                .next = str_from(l->next),
                                .told_by = str_from(l->told_by),
                                .first_contact = l->first ? day_in(town, -l->first) : (struct date){0},
                                .worker = l->assigns ? town->account[l->worker].user : 0,
                                .on_behalf = l->told_by};
  enum code c = connection_enter(tx, &st->actor, action, st->out.connection[l->connection], &con, &s, e);
  if (c != OK)
    return c;
  if (opens)
    return connection_open(tx, s, &con, e);
  return ends ? connection_end(tx, s, &con, l->step, e) : connection_answer(tx, s, &con, &answer, e);
}

/* --- the course --- */

static int place_of(struct str code)
{
  static const char *const codes[] = {
#define X(code, label) code,
      CASE_STATUSES(X)
#undef X
  };
  for (int i = 0; i < (int)(sizeof codes / sizeof *codes); i++)
    if (str_is(code, codes[i]))
      return i;
  return -1;
}

/* The next status on the shortest way from one to another: those between were passed the same day. */
static struct str next_stage(struct str from, struct str to)
{
  static const char *const codes[] = {
#define X(code, label) code,
      CASE_STATUSES(X)
#undef X
  };
  enum { N = sizeof codes / sizeof *codes };
  int before[N], queue[N], head = 0, tail = 0;
  for (int i = 0; i < N; i++)
    before[i] = -1;
  queue[tail++] = place_of(to); /* backwards: before[i] follows i */
  before[place_of(to)] = place_of(to);
  while (head < tail) {
    int at = queue[head++];
    for (int i = 0; i < N; i++)
      if (before[i] < 0 && i != place_of(S("urgent")) && i != place_of(S("closed")) &&
          case_may_become(str_from(codes[i]), str_from(codes[at]))) {
        before[i] = at;
        queue[tail++] = i;
      }
  }
  if (case_may_become(from, to))
    return to;
  int at = place_of(from);
  return at >= 0 && before[at] >= 0 ? str_from(codes[before[at]]) : to;
}

static const char *usual_reason(const char *status)
{
  return strcmp(status, "urgent") == 0   ? JA("今日明日の安全を確かめるため")
         : strcmp(status, "closed") == 0 ? JA("目標に届き、本人と話して終えることにしたため")
                                         : JA("様子が変わり、見立てを改めるため");
}

static enum code play_stage(struct tx *tx, struct stage *st, struct err *e)
{
  enum { STEPS = 8 };
  const struct scene *sc = st->scene;
  struct str to = str_from(sc->stage);
  enum code c = OK;
  for (int i = 0; c == OK && i < STEPS; i++) {
    const struct scope *s = NULL;
    struct case_head head = {0};
    c = case_enter(tx, &st->actor, ACTION_CASE_WRITE, st->out.case_id, &head, &s, e);
    if (c != OK || str_eq(head.status, to))
      return c;
    struct str next = next_stage(head.status, to);
    const struct case_change ch = {.was = head.status,
                                   .status = next,
                                   .density = head.density,
                                   .reason = case_needs_reason(head.status, next)
                                                 ? str_from(sc->why ? sc->why : usual_reason(sc->stage))
                                                 : STR_NONE};
    c = case_change(tx, s, &head, &ch, e);
  }
  return c;
}

/* --- the rest --- */

static enum code play_bar(struct tx *tx, struct stage *st, const struct scope *s, struct err *e)
{
  const struct life_bar *l = st->scene->bar;
  id64 users[3] = {0};
  for (int i = 0; i < l->holder_count; i++)
    users[i] = st->town->account[l->holders[i]].user;
  if (st->scene->kind == SCENE_CONCEAL) {
    const struct conceal_new n = {.items = l->items,
                                  .holders = users,
                                  .holder_count = (size_t)l->holder_count,
                                  .town = str_from(l->origin),
                                  .reason = str_from(JA("居場所を知られると危険があるため"))};
    return conceal_set(tx, s, &n, &st->out.concealment, e);
  }
  users[0] = st->town->account[l->against].user;
  const struct restrict_new n = {
      .users = users, .count = 1, .breakable = true, .reason = str_from(JA("家族と面識があるため"))};
  return restrict_set(tx, s, &n, e);
}

static enum code play_fact(struct tx *tx, struct stage *st, struct err *e)
{
  static const enum action actions[] = {
      [SCENE_LOOK] = ACTION_CASE_READ,      [SCENE_PUT] = ACTION_PERSON_WRITE,  [SCENE_ASSIGN] = ACTION_CASE_WRITE,
      [SCENE_CONCEAL] = ACTION_CONCEAL_SET, [SCENE_RESTRICT] = ACTION_RESTRICT, [SCENE_FAMILY] = ACTION_PERSON_WRITE};
  const struct demo_town *town = st->town;
  const struct scene *sc = st->scene;
  const struct scope *s = NULL;
  enum code c = enter(tx, st, actions[sc->kind], &s, e);
  if (c != OK)
    return c;
  switch (sc->kind) {
  case SCENE_PUT:
    return person_put(tx, s, sc->put->kind, str_from(sc->put->value), sc->put->source, e);
  case SCENE_ASSIGN:
    return case_assign(tx, s, st->out.case_id, scope_organization(s), town->account[sc->assign->worker].user, e);
  case SCENE_CONCEAL:
  case SCENE_RESTRICT:
    return play_bar(tx, st, s, e);
  case SCENE_FAMILY:
    return demo_family(tx, s, st, e);
  default:
    return OK; /* a look */
  }
}

enum code demo_scene_play(struct tx *tx, struct stage *st, struct err *e)
{
  st->out = *st->before;
  switch (st->scene->kind) {
  case SCENE_OPEN:
    return play_open(tx, st, e);
  case SCENE_RECORD:
    return play_record(tx, st, e);
  case SCENE_CONSENT:
    return play_consent(tx, st, e);
  case SCENE_WITHDRAW:
    return play_withdraw(tx, st, e);
  case SCENE_SHEET:
    return play_sheet(tx, st, e);
  case SCENE_REPLY:
    return play_reply(tx, st, e);
  case SCENE_STAGE:
    return play_stage(tx, st, e);
  case SCENE_DEED:
    return demo_deed_play(tx, st, e);
  default:
    return play_fact(tx, st, e);
  }
}

/* --- in order --- */

static enum code play_scene(struct tx *tx, void *arg, struct err *e)
{
  return demo_scene_play(tx, arg, e);
}

static int by_time(const void *x, const void *y)
{
  const struct cue *a = x, *b = y;
  if (a->at != b->at)
    return a->at < b->at ? -1 : 1;
  return a->life != b->life ? a->life - b->life : a->scene - b->scene;
}

enum code demo_play_new(struct cli *cli, const struct demo_town *town, struct demo_play **ret, struct err *e)
{
  struct demo_play *play = arena_new_of(cli->arena, struct demo_play);
  if (!play)
    return err_oom(e);
  play->cli = cli;
  play->town = town;
  enum code c = town->told ? demo_told(cli->arena, town, &play->told, &play->told_count, e) : OK;
  if (c != OK)
    return c;
  for (int i = 0; i < demo_life_count + demo_more_life_count + play->told_count; i++) {
    ts_t last = 0;
    for (int k = 0; k < life_at(play, i)->count; k++) {
      const struct scene *sc = &life_at(play, i)->scenes[k];
      ts_t at = demo_at(town, sc->days, sc->hour, sc->minute);
      last = at > last ? at : last + MS_MINUTE; /* two days of a weekend are one: the order told holds */
      if (i == LIVES || play->count == SCENES)
        return BUG(e, "more lives than places");
      play->cues[play->count++] = (struct cue){last, i, k};
    }
  }
  qsort(play->cues, (size_t)play->count, sizeof *play->cues, by_time);
  *ret = play;
  return OK;
}

enum code demo_play_until(struct demo_play *play, ts_t until, struct err *e)
{
  enum code c = OK;
  for (; c == OK && play->next < play->count && play->cues[play->next].at < until; play->next++) {
    const struct cue *cue = &play->cues[play->next];
    const struct life *life = life_at(play, cue->life);
    struct stage st = {.town = play->town,
                       .life = life,
                       .scene = &life->scenes[cue->scene],
                       .before = &play->state[cue->life],
                       .play = play};
    st.actor = demo_actor(play->cli, play->town, st.scene->who);
    play->cli->at = cue->at;
    c = cli_write(play->cli, "demo_scene", play_scene, &st, e);
    if (c == OK)
      play->state[cue->life] = st.out;
    else
      err_detail(e, "life %d scene %d: %s", cue->life, cue->scene, e->detail);
  }
  return c;
}
