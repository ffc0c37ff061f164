/* demo.c: tsunagu demo: organizations, accounts and memberships of デモ市, their sign-ins printed and kept beside the database. */
#include "cli/demo.h"

#include <errno.h>
#include <unistd.h>

#include "access/access.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "cli/init.h"
#include "connection/connection.h"
#include "crypto/secret.h"
#include "mail/mail.h"
#include "protect/protect.h"

#define PASSWORD "mihon no machi de tsunagu renshu"

static const struct organization_row {
  const char *code, *name, *kana, *kind, *circle;
  bool public_body, coordinating, designated;
  const char *description;
} organizations[] = {
    {"city", JA("子ども若者支援課"), JA("こどもわかものしえんか"), "city", "council", true, true, false,
     JA("子ども・若者と家族の総合の相談。ネットワークの調整機関")},
    {"centre", JA("こども若者センター"), JA("こどもわかものせんたー"), "consultation", "council", true, false, false,
     JA("公認心理師などによる面接、家族の相談")},
    {"aoba", JA("NPO法人あおば"), JA("えぬぴーおーほうじんあおば"), "npo", "council", false, false, true,
     JA("若者の居場所、訪問、しごと体験")},
    {"sakura", JA("教育支援センター さくら教室"), JA("きょういくしえんせんたーさくらきょうしつ"), "education",
     "council", true, false, false, JA("学校に行きづらい小中学生の通室と学習")},
    {"school", JA("県立みどり高校"), JA("けんりつみどりこうこう"), "school", "network", true, false, false,
     JA("全日制と定時制の高校")},
    {"health", JA("デモ市保健所"), JA("でもしほけんじょ"), "health", "council", true, false, false,
     JA("こころと体の健康、精神保健の相談")},
    {"work", JA("ハローワークデモ"), JA("はろーわーくでも"), "hello_work", "council", true, false, false,
     JA("職業相談、若者の就職支援")},
    {"welfare", JA("デモ市社会福祉協議会"), JA("でもししゃかいふくしきょうぎかい"), "social_council", "network", false,
     false, false, JA("地域の福祉、生活の支援、ヘルパー")},
    /* みなと市 next door, whose bodies share the network; from here on only in a town that is told */
    {"port", JA("みなと市こども青少年課"), JA("みなとしこどもせいしょうねんか"), "city", "council", true, false, false,
     JA("みなと市の子ども・若者の総合の相談")},
    {"hikobae", JA("みなと市子どもの育ち支援センター ひこばえ"), JA("みなとしこどものそだちしえんせんたーひこばえ"),
     "consultation", "council", true, false, false, JA("0歳から18歳の育ち・発達・学校の相談、家庭訪問")},
    {"umikaze", JA("ユース交流センター うみかぜ"), JA("ゆーすこうりゅうせんたーうみかぜ"), "npo", "council", false,
     false, false, JA("中学生から20代の居場所、音楽スタジオ、夜の部屋")},
    {"hamakaze", JA("NPO法人はまかぜ"), JA("えぬぴーおーほうじんはまかぜ"), "npo", "council", false, false, false,
     JA("訪問、学び直し、しごと体験")},
    {"hamanasu", JA("教育支援センター はまなす"), JA("きょういくしえんせんたーはまなす"), "education", "council", true,
     false, false, JA("学校に行きづらい小中学生の通室と家庭訪問")},
    {"kurashi", JA("くらし・しごと支援室 みなと"), JA("くらししごとしえんしつみなと"), "city", "council", true, false,
     false, JA("生活と仕事、家計、住まいの相談")},
    {"jiso", JA("西部児童相談所"), JA("せいぶじどうそうだんじょ"), "child_guidance", "council", true, false, false,
     JA("児童虐待の通告、一時保護、発達の判定")},
    {"minato_hs", JA("県立みなと高校 定時制"), JA("けんりつみなとこうこうていじせい"), "school", "network", true, false,
     false, JA("夜間の定時制高校")},
    {"pref", JA("県子ども・若者総合相談センター"), JA("けんこどもわかものそうごうそうだんせんたー"), "consultation",
     "council", true, false, false, JA("県の総合の相談、市町へのつなぎ")},
    {"hospital", JA("みなと市民病院 児童精神科"), JA("みなとしみんびょういんじどうせいしんか"), "hospital", "council",
     true, false, false, JA("子どものこころと発達の診療")},
    {"saposute", JA("若者サポートステーション せと"), JA("わかものさぽーとすてーしょんせと"), "npo", "council", false,
     false, false, JA("15歳から49歳のしごとの相談と体験")},
    {"police", JA("少年サポートセンター"), JA("しょうねんさぽーとせんたー"), "police", "council", true, false, false,
     JA("少年の非行と被害の相談、居場所づくり")},
    /* of another network: a case moves there */
    {"next", JA("となり県 若者支援室"), JA("となりけんわかものしえんしつ"), "consultation", "outside", true, false,
     false, JA("となり県の若者の総合の相談")},
};

static const struct account_row {
  const char *login, *name, *kana, *job, *role;
  int organization;
} accounts[] = {
    {"tanaka", JA("田中 恵子"), JA("たなか けいこ"), JA("事務職"), "manager", 0},
    {"suzuki", JA("鈴木 健"), JA("すずき けん"), JA("社会福祉士"), "worker", 0},
    {"takahashi", JA("高橋 美和"), JA("たかはし みわ"), JA("相談員"), "worker", 0},
    {"ito", JA("伊藤 直樹"), JA("いとう なおき"), JA("調整担当"), "coordinator", 0},
    {"watanabe", JA("渡辺 学"), JA("わたなべ まなぶ"), JA("情報担当"), "admin", 0},
    {"nakamura", JA("中村 静"), JA("なかむら しずか"), JA("監査担当"), "auditor", 0},
    {"kobayashi", JA("小林 幸"), JA("こばやし さち"), JA("事務職"), "clerk", 0},
    {"kato", JA("加藤 浩"), JA("かとう ひろし"), JA("公認心理師"), "manager", 1},
    {"yoshida", JA("吉田 涼"), JA("よしだ りょう"), JA("相談員"), "worker", 1},
    {"sato", JA("佐藤 由美"), JA("さとう ゆみ"), JA("精神保健福祉士"), "manager", 2},
    {"yamada", JA("山田 太一"), JA("やまだ たいち"), JA("支援員"), "worker", 2},
    {"saito", JA("斎藤 光"), JA("さいとう ひかる"), JA("キャリアコンサルタント"), "worker", 2},
    {"matsumoto", JA("松本 葵"), JA("まつもと あおい"), JA("大学生ボランティア"), "volunteer", 2},
    {"inoue", JA("井上 京子"), JA("いのうえ きょうこ"), JA("教員"), "manager", 3},
    {"kimura", JA("木村 誠"), JA("きむら まこと"), JA("教員"), "worker", 3},
    /* only in a town that is told */
    {"okamoto", JA("岡本 真理"), JA("おかもと まり"), JA("社会福祉士"), "manager", 8},
    {"hayashi", JA("林 健二"), JA("はやし けんじ"), JA("相談員"), "worker", 8},
    {"nomura", JA("野村 咲"), JA("のむら さき"), JA("保健師"), "worker", 8},
    {"fujita", JA("藤田 久美"), JA("ふじた くみ"), JA("公認心理師"), "manager", 9},
    {"ogata", JA("緒方 翔"), JA("おがた しょう"), JA("相談員"), "worker", 9},
    {"kanda", JA("神田 望"), JA("かんだ のぞみ"), JA("保健師"), "worker", 9},
    {"nishi", JA("西 りえ"), JA("にし りえ"), JA("ユースワーカー"), "manager", 10},
    {"hirano", JA("平野 修"), JA("ひらの おさむ"), JA("支援員"), "manager", 11},
    {"mori", JA("森 あかね"), JA("もり あかね"), JA("支援員"), "worker", 11},
    {"otsuka", JA("大塚 光希"), JA("おおつか みつき"), JA("大学生ボランティア"), "volunteer", 11},
    {"sakai", JA("酒井 文"), JA("さかい ふみ"), JA("教員"), "manager", 12},
    {"nagata", JA("永田 徹"), JA("ながた とおる"), JA("児童福祉司"), "manager", 14},
    {"ishii", JA("石井 忍"), JA("いしい しのぶ"), JA("社会福祉士"), "manager", 16},
    {"miyata", JA("宮田 歩"), JA("みやた あゆむ"), JA("相談員"), "worker", 16},
    {"kojima", JA("小島 航"), JA("こじま わたる"), JA("キャリアコンサルタント"), "manager", 18},
};
enum {
  ORGANIZATIONS = sizeof(organizations) / sizeof(*organizations),
  ACCOUNTS = sizeof(accounts) / sizeof(*accounts),
  FIRST_ORGANIZATIONS = 8, /* of every scale */
  FIRST_ACCOUNTS = 15,
  CONCURRENT = 8,
  CONCURRENT_AT = 3,
  CONCURRENT_DAYS = 30
};

struct job {
  struct demo_town town;
  struct str hash;
  unsigned char secret[ACCOUNTS][TOTP_SECRET];
};

static bool with_factor(const struct account_row *row, enum role *ret)
{
  return role_parse(str_from(row->role), ret) && role_needs_second_factor(*ret);
}

static int organization_count(const struct job *job)
{
  return job->town.told ? ORGANIZATIONS : FIRST_ORGANIZATIONS;
}

static int account_count(const struct job *job)
{
  return job->town.told ? ACCOUNTS : FIRST_ACCOUNTS;
}

static enum code create_organizations(struct tx *tx, struct job *job, struct err *e)
{
  enum code c = OK;
  for (int i = 0; c == OK && i < organization_count(job); i++) {
    const struct organization_row *o = &organizations[i];
    job->town.code[i] = o->code;
    c = organization_create(tx,
                            &(struct organization_new){.name = str_from(o->name),
                                                       .kana = str_from(o->kana),
                                                       .kind = str_from(o->kind),
                                                       .circle = str_from(o->circle),
                                                       .description = str_from(o->description),
                                                       .public_body = o->public_body,
                                                       .coordinating = o->coordinating,
                                                       .designated = o->designated},
                            &job->town.organization[i], e);
  }
  return c;
}

static enum code create_account(struct tx *tx, struct job *job, int i, struct err *e)
{
  const struct account_row *row = &accounts[i];
  enum role role;
  bool factor = with_factor(row, &role);
  struct account_new u = {.login = str_from(row->login),
                          .name = str_from(row->name),
                          .kana = str_from(row->kana),
                          .job = str_from(row->job),
                          .password_hash = job->hash,
                          .factor = factor ? S("totp") : S("none")};
  if (factor)
    u.totp_secret = (struct str){(const char *)job->secret[i], TOTP_SECRET};
  struct demo_account *account = &job->town.account[i];
  account->login = row->login;
  account->name = row->name;
  account->role = role;
  account->organization = row->organization;
  enum code c = account_create(tx, &u, &account->user, e);
  return c == OK ? membership_add(tx, account->user, job->town.organization[row->organization], role, tx_now(tx), 0,
                                  &account->membership, e)
                 : c;
}

/* One worker has a concurrent post (兼務) in another organization. */
static enum code create_town(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  id64 second = 0;
  enum code c = create_organizations(tx, job, e);
  for (int i = 0; c == OK && i < account_count(job); i++)
    c = create_account(tx, job, i, e);
  enum role role = ROLE_WORKER; /* a value, not a decision */
  ts_t since = demo_at(&job->town, CONCURRENT_DAYS, 9, 0);
  job->town.organizations = organization_count(job);
  job->town.accounts = account_count(job);
  if (c == OK && job->town.cases >= DEMO_CITY_FROM)
    c = demo_city_people(tx, &job->town, job->hash, e);
  return c == OK ? membership_add(tx, job->town.account[CONCURRENT].user, job->town.organization[CONCURRENT_AT], role,
                                  since, since + 365 * (ts_t)MS_DAY, &second, e)
                 : c;
}

/* --- the sign-ins --- */

static struct str sign_in_lines(struct arena *a, const struct job *job)
{
  struct buf b;
  buf_init(&b, a, 64 << 10);
  for (int i = 0; i < account_count(job); i++) {
    enum role role;
    struct str secret = with_factor(&accounts[i], &role) ? totp_base32(a, job->secret[i]) : STR_NONE;
    buf_printf(&b, "%s\t%s\t%.*s\t%s\t%s\t%s\n", accounts[i].login, PASSWORD, STR_FMT(secret),
               organizations[accounts[i].organization].name, role_label(role), accounts[i].name);
  }
  return buf_str(&b);
}

enum code demo_read(struct cli *cli, const struct doc **ret, struct err *e)
{
  static const char *const names[] = {"login", "password", "secret", "organization", "role", "name"};
  const char *path = NULL;
  struct str text = STR_NONE, line;
  *ret = NULL;
  enum code c = cli_demo_path(cli, &path, e);
  if (c != OK || access(path, F_OK) != 0)
    return c;
  c = cli_read_file(cli->arena, path, &text, e);
  if (c != OK)
    return c;
  struct doc *list = doc_list(cli->arena);
  while (str_split(&text, '\n', &line)) {
    struct doc *d = doc_add_map(list);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
      struct str part = STR_NONE;
      (void)str_split(&line, '\t', &part);
      doc_put_str(d, names[i], part);
    }
  }
  *ret = list;
  return arena_failed(cli->arena) ? err_oom(e) : OK;
}

void demo_print(const struct doc *list)
{
  for (size_t i = 0; i < doc_size(list); i++) {
    const struct doc *d = doc_at(list, i);
    for (size_t k = 0; k < doc_size(d); k++) {
      struct str s = doc_string(doc_value_at(d, k));
      printf("%s%.*s", k ? "\t" : "", STR_FMT(s));
    }
    putchar('\n');
  }
}

/* --- the command --- */

/* A number beside the twelve lives that are told; 0: organizations and accounts alone. */
static enum code read_scale(const struct cli *cli, struct demo_town *town, struct err *e)
{
  enum { MOST = 1000000 };
  struct str scale = conf_get(cli->conf, "scale");
  town->seed = conf_int(cli->conf, "seed", 1);
  town->told = str_is(scale, "town");
  town->cases = str_is(scale, "city") ? DEMO_CITY : town->told ? DEMO_TOWN : DEMO_SMALL;
  if (str_is(scale, "city") || str_is(scale, "small") || town->told)
    return OK;
  if (!str_to_i64(scale, &town->cases) || town->cases < 0 || town->cases > MOST)
    return err_set(e, INVALID, TR("--scale は small、town、city、またはケースの数です。"));
  return OK;
}

/* What a server does by the hour: what nobody answered ends, what is owed is told, mail that nobody sent is given up. */
static enum code tend(struct cli *cli, struct err *e)
{
  enum code c = connection_tend(cli->db, cli->network, e);
  if (c == OK)
    c = emergency_remind(cli->db, cli->network, e);
  return c == OK ? mail_tend(cli->db, cli->network, e) : c;
}

/* The past, until now; of 0 cases there is none. */
static enum code play(struct cli *cli, struct demo_town *town, struct err *e)
{
  struct demo_play *p = NULL;
  enum code c = demo_directory(cli, town, e);
  if (c != OK || !town->cases) {
    cli->at = 0;
    return c;
  }
  c = demo_play_new(cli, town, &p, e);
  if (c == OK && town->cases > DEMO_SMALL && !town->told)
    c = demo_city_play(cli, town, p, e);
  if (c == OK)
    c = demo_play_until(p, clock_now(), e);
  cli->at = 0;
  return c == OK && town->told ? tend(cli, e) : c;
}

static enum code run_demo(struct cli *cli, struct err *e)
{
  const char *path = NULL;
  struct job *job = arena_new_of(cli->arena, struct job);
  if (!job)
    return err_oom(e);
  const struct first f = {.network =
                              {
                                  .name = str_from(JA("デモ市 子ども・若者支援ネットワーク")),
                                  .town_code = S("999999"),
                                  .stage = S("established"),
                                  .emergency = str_from(JA("デモ市 こども相談 0120-000-000 平日 9時から17時")),
                              },
                          .fill = create_town,
                          .arg = job};
  for (int i = 0; i < ACCOUNTS; i++)
    totp_new(job->secret[i]);
  job->town.today = date_of_ts(clock_now());
  cli->at = demo_at(&job->town, DEMO_DAYS, 9, 0);
  enum code c = read_scale(cli, &job->town, e);
  if (c == OK)
    c = view_load(STR_NONE, e);
  if (c == OK)
    c = cli_demo_path(cli, &path, e);
  if (c == OK)
    c = password_hash(cli->arena, S(PASSWORD), &job->hash, e);
  if (c == OK)
    c = init_all(cli, &f, e);
  if (c == OK)
    c = play(cli, &job->town, e);
  struct str lines = sign_in_lines(cli->arena, job);
  if (c == OK)
    c = cli_write_file(cli->arena, path, lines, e);
  if (c == OK)
    printf("%.*s", STR_FMT(lines));
  return c;
}

static const struct command command_demo = {.name = "demo",
                                            .args = "",
                                            .summary = "create a town of invented people to try things in",
                                            .options = OPTIONS("scale", "seed"),
                                            .run = run_demo};
COMMAND(command_demo);
