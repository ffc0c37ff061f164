/* demo_city.c: as many generated cases as asked for. First a plan, which depends on the seed alone: who leads which case, and on which
 * day what happens in it; then the plan is played day by day, many scenes in one write. */
#include "cli/demo_city.h"

#include <stdlib.h>

/* --- people --- */

static const struct {
  const char *name, *kind, *circle;
  bool public_body;
} more_organizations[] = {
    {JA("デモ市こども家庭センター"), "city", "council", true},
    {JA("デモ市教育委員会 学校教育課"), "education", "council", true},
    {JA("デモ児童相談所"), "child_guidance", "council", true},
    {JA("デモ警察署 少年係"), "police", "council", true},
    {JA("デモ市立病院 小児科"), "hospital", "council", true},
    {JA("NPO法人ひだまり"), "npo", "network", false},
    {JA("NPO法人はしらどけい"), "npo", "network", false},
    {JA("若者ステーション デモ"), "npo", "council", false},
    {JA("デモ市生活福祉課"), "city", "council", true},
    {JA("教育支援センター みどり教室"), "education", "council", true},
    {JA("デモ県総合相談センター"), "consultation", "council", true},
    {JA("社会福祉法人わかば会"), "npo", "network", false},
};
enum {
  MORE = sizeof more_organizations / sizeof *more_organizations,
  PLACES_FIRST_HAS = 15, /* of a hundred, up to the city's size; in a larger network it stays as large as it is there */
  WORKERS_MOST = 2000,
  CASES_A_WORKER = 50,
  CASES_AN_ORGANIZATION = 500 /* beyond the city's size: a larger network has more of them, not larger ones */
};

static int organizations_of(const struct demo_town *town)
{
  int64_t n = town->organizations + MORE, more = town->cases / CASES_AN_ORGANIZATION;
  return (int)(more < n ? n : more > DEMO_ORGANIZATIONS ? DEMO_ORGANIZATIONS : more);
}

static enum code add_organizations(struct tx *tx, struct demo_town *town, struct err *e)
{
  enum code c = OK;
  int last = organizations_of(town);
  for (int i = 0; c == OK && town->organizations < last; i++) {
    struct str name = str_from(more_organizations[i % MORE].name);
    if (i >= MORE)
      name = str_printf(tx_arena(tx), JA("%.*s 第%d地区"), STR_FMT(name), i / MORE + 1);
    c = organization_create(tx,
                            &(struct organization_new){.name = name,
                                                       .kind = str_from(more_organizations[i % MORE].kind),
                                                       .circle = str_from(more_organizations[i % MORE].circle),
                                                       .public_body = more_organizations[i % MORE].public_body},
                            &town->organization[town->organizations++], e);
  }
  return c;
}

static enum code add_account(struct tx *tx, struct demo_town *town, const char *role, int organization, struct str hash,
                             struct err *e)
{
  struct demo_account *u = &town->account[town->accounts];
  struct arena *a = tx_arena(tx);
  uint64_t dice = city_dice(town->seed, town->accounts, CITY_ACCOUNT);
  struct city_name name = city_name(a, dice);
  struct account_new n = {.login = str_printf(a, "%c%03d", role[0], town->accounts),
                          .name = name.name,
                          .kana = name.kana,
                          .job = str_from(city_job(dice)),
                          .password_hash = hash,
                          .factor = S("none")};
  if (!role_parse(str_from(role), &u->role))
    return BUG(e, "a role of the demo that is none");
  u->organization = organization;
  town->accounts++;
  enum code c = account_create(tx, &n, &u->user, e);
  return c == OK
             ? membership_add(tx, u->user, town->organization[organization], u->role, tx_now(tx), 0, &u->membership, e)
             : c;
}

/* How many workers an organization has in all: the first has enough for its share, the rest share alike. */
static int workers_of(const struct demo_town *town, int organization)
{
  int all = (int)(town->cases / CASES_A_WORKER);
  if (all > WORKERS_MOST)
    all = WORKERS_MOST;
  int first = (all < DEMO_CITY / CASES_A_WORKER ? all : DEMO_CITY / CASES_A_WORKER) * PLACES_FIRST_HAS / 100;
  int rest = all - first, others = town->organizations - 1;
  return organization == 0 ? first : rest / others + (organization - 1 < rest % others);
}

static int count_role(const struct demo_town *town, const char *code, int organization)
{
  int n = 0;
  for (int i = 0; i < town->accounts; i++)
    n += town->account[i].organization == organization && /* a value, not a decision */
         strcmp(role_code(town->account[i].role), code) == 0;
  return n;
}

enum code demo_city_people(struct tx *tx, struct demo_town *town, struct str password_hash, struct err *e)
{
  enum code c = add_organizations(tx, town, e);
  for (int o = 0; c == OK && o < town->organizations; o++) {
    if (!count_role(town, "manager", o))
      c = add_account(tx, town, "manager", o, password_hash, e);
    for (int k = count_role(town, "worker", o); c == OK && k < workers_of(town, o) && town->accounts < DEMO_ACCOUNTS;
         k++)
      c = add_account(tx, town, "worker", o, password_hash, e);
  }
  return c;
}

/* --- the plan --- */

/* Workers by organization; a case of an organization goes to the next of its workers in turn. */
struct staff {
  int worker[DEMO_ORGANIZATIONS][DEMO_ACCOUNTS], count[DEMO_ORGANIZATIONS], turn[DEMO_ORGANIZATIONS];
  int manager[DEMO_ORGANIZATIONS];
  int leading[DEMO_ORGANIZATIONS], leading_count; /* places of organizations with workers */
};

static void know_staff(const struct demo_town *town, struct staff *s)
{
  for (int o = 0; o < DEMO_ORGANIZATIONS; o++)
    s->manager[o] = -1;
  for (int i = 0; i < town->accounts; i++) {
    int o = town->account[i].organization;
    const char *role = role_code(town->account[i].role);
    if (strcmp(role, "manager") == 0)
      s->manager[o] = i;
    if (strcmp(role, "worker") == 0)
      s->worker[o][s->count[o]++] = i;
  }
  for (int o = 1; o < town->organizations; o++)
    if (s->count[o] && s->manager[o] >= 0)
      s->leading[s->leading_count++] = o;
}

static void plan_case(const struct demo_town *town, struct staff *s, int64_t i, struct city_case *c)
{
  uint64_t dice = city_dice(town->seed, i, CITY_CASE);
  bool first = dice % 100 < PLACES_FIRST_HAS && (dice >> 40) % (uint64_t)town->cases < DEMO_CITY;
  first |= !s->leading_count;
  int o = first ? 0 : s->leading[dice / 100 % (uint64_t)s->leading_count];
  int to = s->leading_count ? s->leading[dice / 10000 % (uint64_t)s->leading_count] : o;
  *c = (struct city_case){.number = i, .dice = dice, .organization = o};
  /* NOLINTNEXTLINE(clang-analyzer-core.DivideZero): every organization of the city has a worker */
  c->worker = s->worker[o][s->turn[o]++ % s->count[o]];
  c->receiver = to != o ? to : 0;
  c->receiver_manager = s->manager[c->receiver];
  c->receiver_worker = s->worker[c->receiver][dice / 7 % (uint64_t)s->count[c->receiver]];
  c->opened = (short)(3 + city_dice(town->seed, i, CITY_OPENED) % (DEMO_DAYS - 20));
  city_plan_scenes(c);
}

struct city_cue {
  int64_t number;
  short days, scene;
};

static int by_day(const void *x, const void *y)
{
  const struct city_cue *a = x, *b = y;
  if (a->days != b->days)
    return b->days - a->days;
  if (a->number != b->number)
    return a->number < b->number ? -1 : 1;
  return a->scene - b->scene;
}

/* --- playing --- */

enum { BATCH = 60, TRIES = 40 };

struct city {
  struct cli *cli;
  const struct demo_town *town;
  struct demo_play *lives;
  struct city_case *cases;
  struct city_cue *cues;
  size_t count;
};
struct batch {
  const struct city *city;
  const struct city_cue *cues;
  size_t count;
  struct life_state out[BATCH];
};

static enum code play_batch(struct tx *tx, void *arg, struct err *e)
{
  struct batch *b = arg;
  enum code c = OK;
  for (size_t i = 0; c == OK && i < b->count; i++) {
    const struct city_case *cc = &b->city->cases[b->cues[i].number];
    struct city_words *w = arena_new_of(tx_arena(tx), struct city_words);
    if (!w)
      return err_oom(e);
    city_tell(tx_arena(tx), b->city->town, cc, b->cues[i].scene, w);
    struct stage st = {.town = b->city->town, .life = &w->life, .scene = &w->scene, .before = &cc->state};
    for (size_t k = i; k-- > 0;) /* an earlier scene of the same case in this very batch */
      if (b->cues[k].number == b->cues[i].number) {
        st.before = &b->out[k];
        break;
      }
    st.actor = demo_actor(b->city->cli, b->city->town, w->scene.who);
    c = demo_scene_play(tx, &st, e);
    b->out[i] = st.out;
    if (c != OK)
      err_detail(e, "case %lld scene %d: %s", (long long)b->cues[i].number, b->cues[i].scene, e->detail);
  }
  return c;
}

/* Ids of one instant have 20 random bits: where two are the same the batch is played again, a millisecond later. */
static enum code play_one(struct city *city, struct batch *b, ts_t at, struct err *e)
{
  enum code c = demo_play_until(city->lives, at, e);
  for (int i = 0; c == OK || (c == CONFLICT && i < TRIES); i++) {
    city->cli->at = at + i;
    c = cli_write(city->cli, "demo_city", play_batch, b, e);
    if (c != CONFLICT)
      break;
  }
  for (size_t i = 0; c == OK && i < b->count; i++)
    city->cases[b->cues[i].number].state = b->out[i];
  return c;
}

static enum code play_all(struct city *city, struct err *e)
{
  enum code c = OK;
  enum { FIRST_MINUTE = 8 * 60 + 30, STEP_MINUTES = 6, LAST_MINUTE = 20 * 60 };
  struct batch *b = arena_new_of(city->cli->arena, struct batch);
  ts_t last = 0;
  if (!b)
    return err_oom(e);
  for (size_t i = 0; c == OK && i < city->count; i += b->count) {
    const struct city_cue *first = &city->cues[i];
    *b = (struct batch){.city = city, .cues = first};
    while (b->count < BATCH && i + b->count < city->count && first[b->count].days == first->days)
      b->count++;
    ts_t at = demo_at(city->town, first->days, 8, 30);
    if (at < last + STEP_MINUTES * MS_MINUTE)
      at = last + STEP_MINUTES * MS_MINUTE;
    c = play_one(city, b, at, e);
    last = at;
  }
  return c;
}

static void put_cues(struct city *city, int64_t i)
{
  struct city_case *c = &city->cases[i];
  for (int k = 0; k < c->scenes; k++)
    city->cues[city->count++] = (struct city_cue){.number = i, .days = c->days[k], .scene = (short)k};
}

static enum code plan(struct city *city, struct arena *a, int64_t n, struct err *e)
{
  struct staff *staff = arena_new_of(a, struct staff);
  city->cases = arena_array(a, (size_t)n, sizeof *city->cases);
  city->cues = arena_array(a, (size_t)n * CITY_SCENES, sizeof *city->cues);
  if (!staff || !city->cases || !city->cues)
    return err_oom(e);
  know_staff(city->town, staff);
  for (int64_t i = 0; i < n; i++) {
    plan_case(city->town, staff, i, &city->cases[i]);
    put_cues(city, i);
  }
  qsort(city->cues, city->count, sizeof *city->cues, by_day);
  return OK;
}

enum code demo_city_play(struct cli *cli, const struct demo_town *town, struct demo_play *lives, struct err *e)
{
  enum { OTHER_BYTES = 1 << 20 };
  size_t n = (size_t)(town->cases - DEMO_SMALL);
  struct city city = {.cli = cli, .town = town, .lives = lives};
  struct arena *a = arena_new(n * (sizeof(struct city_case) + CITY_SCENES * sizeof(struct city_cue)) +
                              sizeof(struct staff) + OTHER_BYTES);
  enum code c = a ? plan(&city, a, (int64_t)n, e) : err_oom(e);
  if (c == OK)
    c = play_all(&city, e);
  arena_free(a);
  return c;
}
