/* demo_city_lives.c: what happens in a generated case, and how it is told. */
#include "cli/demo_city.h"

/* splitmix64 */
uint64_t city_dice(int64_t seed, int64_t number, enum city_purpose purpose)
{
  uint64_t z = (uint64_t)seed * 0x9e3779b97f4a7c15U + (uint64_t)number * 0xd1342543de82ef95U + (uint64_t)purpose;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

#define PICK(list, dice) (list)[(dice) % (sizeof(list) / sizeof *(list))]

struct word {
  const char *text, *kana;
};
static const struct word families[] = {
    {JA("青木"), JA("あおき")},   {JA("秋山"), JA("あきやま")}, {JA("浅野"), JA("あさの")},
    {JA("池田"), JA("いけだ")},   {JA("今井"), JA("いまい")},   {JA("上野"), JA("うえの")},
    {JA("遠藤"), JA("えんどう")}, {JA("大西"), JA("おおにし")}, {JA("岡田"), JA("おかだ")},
    {JA("小川"), JA("おがわ")},   {JA("小野"), JA("おの")},     {JA("川口"), JA("かわぐち")},
    {JA("菊地"), JA("きくち")},   {JA("久保"), JA("くぼ")},     {JA("河野"), JA("こうの")},
    {JA("近藤"), JA("こんどう")}, {JA("酒井"), JA("さかい")},   {JA("佐野"), JA("さの")},
    {JA("柴田"), JA("しばた")},   {JA("島田"), JA("しまだ")},   {JA("杉山"), JA("すぎやま")},
    {JA("関口"), JA("せきぐち")}, {JA("高木"), JA("たかぎ")},   {JA("武田"), JA("たけだ")},
    {JA("谷口"), JA("たにぐち")}, {JA("千葉"), JA("ちば")},     {JA("土屋"), JA("つちや")},
    {JA("中島"), JA("なかじま")}, {JA("永井"), JA("ながい")},   {JA("西田"), JA("にしだ")},
    {JA("野口"), JA("のぐち")},   {JA("橋本"), JA("はしもと")}, {JA("服部"), JA("はっとり")},
    {JA("福田"), JA("ふくだ")},   {JA("古川"), JA("ふるかわ")}, {JA("松井"), JA("まつい")},
    {JA("丸山"), JA("まるやま")}, {JA("宮崎"), JA("みやざき")}, {JA("森本"), JA("もりもと")},
    {JA("和田"), JA("わだ")},
};
static const struct word givens[] = {
    {JA("蒼"), JA("あおい")},   {JA("朱里"), JA("あかり")}, {JA("樹"), JA("いつき")},     {JA("海"), JA("うみ")},
    {JA("恵太"), JA("けいた")}, {JA("楓"), JA("かえで")},   {JA("奏"), JA("かなで")},     {JA("心春"), JA("こはる")},
    {JA("咲"), JA("さき")},     {JA("翔"), JA("しょう")},   {JA("涼太"), JA("りょうた")}, {JA("空"), JA("そら")},
    {JA("大輝"), JA("だいき")}, {JA("千尋"), JA("ちひろ")}, {JA("紬"), JA("つむぎ")},     {JA("直人"), JA("なおと")},
    {JA("夏希"), JA("なつき")}, {JA("遥"), JA("はるか")},   {JA("光"), JA("ひかる")},     {JA("陽菜"), JA("ひな")},
    {JA("真央"), JA("まお")},   {JA("湊"), JA("みなと")},   {JA("美羽"), JA("みう")},     {JA("優斗"), JA("ゆうと")},
    {JA("莉子"), JA("りこ")},   {JA("律"), JA("りつ")},     {JA("玲奈"), JA("れな")},     {JA("渉"), JA("わたる")},
};
static const char *const jobs[] = {JA("相談員"), JA("社会福祉士"), JA("教員"),
                                   JA("保健師"), JA("公認心理師"), JA("支援員")};
static const char *const likes[] = {JA("絵をかくこと"),   JA("電車"),    JA("ねことくらすこと"), JA("料理"),
                                    JA("ゲームの実況"),   JA("つり"),    JA("歌うこと"),         JA("工作"),
                                    JA("本、とくに物語"), JA("サッカー")};
static const char *const avoids[] = {JA("朝の電話"),   JA("急な訪問"),
                                     JA("大きな声"),   JA("学校の話から入ること"),
                                     JA("父への連絡"), JA("名前で呼びすてにすること")};
static const char *const towns[] = {JA("みなと町"), JA("さくら台"), JA("川べり"),
                                    JA("本町"),     JA("山の手"),   JA("ひなた町")};
static const char *const origins[] = {"person", "family", "phone", "visit", "school", "other_body", "survey"};
static const char *const methods[] = {"meet", "phone", "visit", "accompany", "message", "conference", "online"};
static const char *const partners[] = {"person", "family", "person family", "school", "body"};
static const char *const concerns[] = {"mental", "income", "parenting", "health", "disability", "housing"};

static const char *const said_person[] = {
    JA("朝は起きられないが、昼からなら外に出られる。先週は二回、図書館まで行った。"),
    JA("学校のことを聞かれなかったので、話しやすかった。次も同じ人がいい。"),
    JA("一人でいると同じことを何度も考えてしまう。だれかと手を動かしている時は忘れている。"),
    JA("アルバイトをさがしたいけれど、履歴書の書き方がわからない。"),
    JA("弟のむかえがあるので、夕方は時間がとれない。土曜の午前ならだいじょうぶ。"),
    JA("友だちに返事をしていない。スマホを見るのがつらい日がある。"),
    JA("とくに困っていることはない。でも、話を聞いてもらうのはいやではない。"),
    JA("好きなことの話ができて楽しかった。来月の見学に行ってみたい。"),
};
static const char *const said_around[] = {
    JA("夜中まで起きていて、食事を一人でとる。家族とはほとんど話さない。"),
    JA("先生から電話があると部屋に入ってしまう。手紙なら読んでいる。"),
    JA("少しずつ笑うようになった。急がせないようにしている。"),
    JA("仕事で留守が多く、昼間の様子はわからない。祖母が見に来てくれている。"),
    JA("担任より、提出物は出ている。保健室で休む日が週に一度ある。"),
};
static const char *const said_staff[] = {
    JA("前回より表情がやわらかい。次にすることを本人が決めた。"),
    JA("生活のリズムから整える。月に二度の面談を続ける。"),
    JA("家族の負担が大きい。家族の話を聞く時間を別にとる。"),
    JA("関係する機関と一度集まる時期。本人の同意を先に確かめる。"),
    JA("体調の話が増えている。受診をすすめるか、次回に相談する。"),
    JA("約束の時刻より早く来ていた。続けて会えていることが力になっている。"),
};
static const char *const nexts[] = {JA("本人に電話する"), JA("家族と面談する"), JA("見学に同行する"),
                                    JA("学校と話す"),     JA("手紙を出す"),     JA("担当者で集まる")};

struct city_name city_name(struct arena *a, uint64_t dice)
{
  const struct word *f = &PICK(families, dice), *g = &PICK(givens, dice >> 16);
  return (struct city_name){str_printf(a, "%s %s", f->text, g->text), str_printf(a, "%s %s", f->kana, g->kana)};
}

const char *city_job(uint64_t dice)
{
  return PICK(jobs, dice >> 32);
}

/* --- what happens --- */

static int age_of(const struct city_case *c)
{
  return 6 + (int)(c->dice / 13 % 20);
}

static bool is_joint(const struct city_case *c)
{
  return c->dice / 17 % 10 < 3;
}

static void happen(struct city_case *c, enum scene_kind kind, int days, int part)
{
  int at = c->scenes++;
  short day = (short)(days < 1 ? 1 : days);
  for (; at > 0 && c->days[at - 1] < day; at--) { /* earlier days first; of one day, in the order of planning */
    c->days[at] = c->days[at - 1];
    c->kind[at] = c->kind[at - 1];
    c->part[at] = c->part[at - 1];
  }
  c->days[at] = day;
  c->kind[at] = kind;
  c->part[at] = (short)part;
}

/* How far a connection has come: the steps of its reply, one after the other. */
static const enum connection_step ways[][5] = {
    {STEP_COUNT},
    {STEP_OPEN, STEP_COUNT},
    {STEP_OPEN, STEP_RETURN, STEP_COUNT},
    {STEP_OPEN, STEP_DECLINE, STEP_COUNT},
    {STEP_OPEN, STEP_ACCEPT, STEP_COUNT},
    {STEP_OPEN, STEP_ACCEPT, STEP_CONTACT, STEP_COUNT},
    {STEP_OPEN, STEP_ACCEPT, STEP_ANSWER, STEP_COUNT},
    {STEP_OPEN, STEP_ACCEPT, STEP_ANSWER, STEP_CLOSE, STEP_COUNT},
};

static void plan_connection(struct city_case *c, int days)
{
  const enum connection_step *way = PICK(ways, c->dice / 23);
  int step = days > 40 ? 6 : 2;
  happen(c, SCENE_SHEET, days, 0);
  for (int i = 0; way[i] != STEP_COUNT; i++)
    happen(c, SCENE_REPLY, days -= step, (int)way[i]);
}

void city_plan_scenes(struct city_case *c)
{
  static const int gaps[] = {18, 34, 95};
  int gap = 1 + (int)(c->dice / 31 % (uint64_t)gaps[c->dice / 29 % 3]);
  if (gap >= c->opened)
    gap = c->opened - 1;
  int agreed = c->opened - (c->opened - gap) / 4;
  bool sent = false;
  happen(c, SCENE_OPEN, c->opened, 0);
  for (int k = 0; k < CITY_RECORDS; k++)
    happen(c, SCENE_RECORD, c->opened - (c->opened - gap) * k / (CITY_RECORDS - 1), k);
  if (c->dice / 37 % 10 < 3) {
    happen(c, SCENE_CONSENT, agreed, 0);
    for (int g = 1; age_of(c) < 18 && g <= 1 + is_joint(c); g++)
      happen(c, SCENE_CONSENT, agreed, g);
    sent = c->dice / 41 % 3 != 0;
    if (sent)
      plan_connection(c, agreed - 1);
  }
  if (c->dice / 43 % 4 != 0)
    happen(c, SCENE_STAGE, c->opened - 2, 0);
  if (!sent && c->dice / 47 % 20 == 0) /* a case is not closed while somebody waits for an answer */
    happen(c, SCENE_STAGE, 1, 1);
}

/* --- how it is told --- */

static void tell_person(struct arena *a, const struct demo_town *town, const struct city_case *c, struct life *l)
{
  uint64_t dice = city_dice(town->seed, c->number, CITY_PERSON);
  struct city_name name = city_name(a, dice), mother = city_name(a, dice ^ 0x5a5a00000000U), father = mother;
  const char *place = PICK(towns, dice / 3);
  *l = (struct life){.name = str_cstr(a, name.name),
                     .kana = str_cstr(a, name.kana),
                     .sex = dice / 5 % 20 == 0 ? "9"
                            : dice / 5 % 2     ? "1"
                                               : "2",
                     .age = age_of(c),
                     .month = 1 + (int)(dice / 7 % 12),
                     .day = 1 + (int)(dice / 11 % 28),
                     .postal = "9990000",
                     .interest = PICK(likes, dice / 13),
                     .avoid = dice / 17 % 3 == 0 ? PICK(avoids, dice / 19) : NULL,
                     .origin = PICK(origins, dice / 23),
                     .density = c->dice / 29 % 3 == 0   ? "A"
                                : c->dice / 29 % 3 == 1 ? "B"
                                                        : "C"};
  l->address = str_cstr(a, str_printf(a, JA("デモ市%s%d-%d"), place, (int)(dice / 29 % 20), (int)(dice / 31 % 40)));
  l->mobile = str_cstr(a, str_printf(a, "090-0000-%04d", (int)(c->number % 10000)));
  l->school = l->age < 12 ? JA("デモ市立本町小学校") : l->age < 15 ? JA("デモ市立第一中学校") : NULL;
  mother.name = str_printf(a, "%s %s", PICK(families, dice).text, PICK(givens, dice >> 24).text);
  father.name = str_printf(a, "%s %s", PICK(families, dice).text, PICK(givens, dice >> 28).text);
  const char *authority = l->age >= 18 ? "none" : is_joint(c) ? "joint" : "sole";
  l->guardians[0] = (struct life_guardian){str_cstr(a, mother.name), "090-0000-0000", JA("母"), authority};
  if (is_joint(c))
    l->guardians[1] = (struct life_guardian){str_cstr(a, father.name), "090-0000-0000", JA("父"), authority};
}

static void tell_record(uint64_t dice, const struct city_case *c, int nth, struct life_record *r)
{
  *r = (struct life_record){
      .method = PICK(methods, dice), .with = PICK(partners, dice / 3), .minutes = 15 * (1 + (int)(dice / 5 % 6))};
  r->missed = dice / 7 % 12 == 0;
  r->said[0] = (struct life_said){.source = SOURCE_PERSON, .text = PICK(said_person, dice / 11)};
  r->said[1] = (struct life_said){.source = SOURCE_STAFF, .text = PICK(said_staff, dice / 13)};
  if (dice / 17 % 3 == 0)
    r->said[0] = (struct life_said){.source = SOURCE_AROUND, .text = PICK(said_around, dice / 19)};
  if (dice / 23 % 8 != 0) {
    r->next = PICK(nexts, dice / 29);
    r->next_in = (int)(dice / 31 % 35) - (dice / 37 % 4 == 0 ? 35 : 0);
    if (nth < CITY_RECORDS - 1)
      r->next_in -= c->opened - c->opened * (nth + 1) / CITY_RECORDS;
  }
}

static void tell_sheet(const struct city_case *c, struct life_sheet *s)
{
  *s = (struct life_sheet){.to = {(enum demo_body)c->receiver},
                           .count = 1,
                           .route = "family",
                           .concerns = PICK(concerns, c->dice / 53),
                           .worst = PICK(concerns, c->dice / 53),
                           .request = JA("はじめは一人の人とゆっくり話したいです。連絡はメールでお願いします。"),
                           .reason = JA("本人の希望をもとに、日中すごせる場所と相談をお願いしたい。"),
                           .ways = "mail",
                           .hours = JA("午後"),
                           .members = {{JA("母"), JA("母"), NULL, 44}}};
}

static void tell_reply(const struct city_case *c, enum connection_step step, struct life_reply *r)
{
  *r = (struct life_reply){.step = step, .worker = c->receiver_worker, .assigns = step == STEP_ACCEPT};
  r->text = step == STEP_RETURN    ? JA("連絡してよい時間帯を教えてください。")
            : step == STEP_DECLINE ? JA("いまは新しい方をお受けする余裕がありません。")
            : step == STEP_ACCEPT  ? JA("担当を決めて、今週のうちに連絡します。")
                                   : JA("お会いできました。月に二度の来所を続けます。");
  if (step == STEP_DECLINE)
    r->proposal = JA("若者ステーションでも受けられます。");
  if (step == STEP_ANSWER)
    r->outcome = "supporting";
}

void city_tell(struct arena *a, const struct demo_town *town, const struct city_case *c, int scene,
               struct city_words *w)
{
  static const char *const stages[] = {"screening", "assessment", "plan", "support", "support", "support", "watch"};
  int part = c->part[scene];
  uint64_t dice = city_dice(town->seed, c->number * CITY_SCENES + scene, CITY_SCENE);
  w->scene = (struct scene){.kind = c->kind[scene], .who = c->worker};
  switch (c->kind[scene]) {
  case SCENE_RECORD:
    tell_record(dice, c, part, &w->record);
    w->scene.record = &w->record;
    return;
  case SCENE_CONSENT:
    w->consent = (struct life_consent){.guardian = part, .heard = true, .how = "written", .count = 1};
    w->consent.to[0] = (struct life_recipient){(enum demo_body)c->receiver,
                                               CAT_BASIC | CAT_CONTACT | CAT_EDUCATION | CAT_SUPPORT | CAT_STRENGTH};
    w->scene.consent = &w->consent;
    return;
  case SCENE_REPLY:
    tell_reply(c, (enum connection_step)part, &w->reply);
    w->scene.reply = &w->reply;
    if (part != STEP_CLOSE)
      w->scene.who = part == STEP_CONTACT || part == STEP_ANSWER ? c->receiver_worker : c->receiver_manager;
    return;
  case SCENE_STAGE:
    w->scene.stage = part ? "closed" : PICK(stages, dice);
    return;
  case SCENE_SHEET:
    tell_sheet(c, &w->sheet);
    w->scene.sheet = &w->sheet;
    break;
  default:
    break;
  }
  tell_person(a, town, c, &w->life);
}
