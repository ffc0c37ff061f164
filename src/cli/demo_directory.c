/* demo_directory.c: つなぎ先 of デモ市: places outside the network, each invented, given to the import as a town gives its list. */
#include "base/limits.h"
#include "cli/demo.h"
#include "cli/demo_life.h"
#include "directory/directory.h"
#include "directory/import.h"

static const struct place {
  const char *name, *what, *hours, *address, *phone;
} places[] = {
    {JA("デモ市子育て広場 ぽっぽ"), JA("乳幼児と保護者の遊び場、子育ての相談"), JA("月〜土 9:30〜16:00"),
     JA("デモ市本町1-10"), "0999-90-0001"},
    {JA("デモ市ファミリーサポートセンター"), JA("保育園や小学校の送り迎え、子どもの一時預かり"), JA("平日 9:00〜17:00"),
     JA("デモ市本町1-12"), "0999-90-0002"},
    {JA("デモ市自立相談支援窓口"), JA("生活と仕事、家計の困りごとの相談"), JA("平日 8:30〜17:15"),
     JA("デモ市市役所通り1-1"), "0999-90-0003"},
    {JA("デモ市消費生活センター"), JA("借金、契約、スマホの料金の相談"), JA("平日 9:00〜16:30"),
     JA("デモ市市役所通り1-1"), "0999-90-0004"},
    {JA("法律相談プラザ デモ"), JA("弁護士による借金・家族・労働の法律相談(予約制)"), JA("水・金 13:00〜17:00"),
     JA("デモ市駅前2-4"), "0999-90-0005"},
    {JA("デモこころのクリニック"), JA("思春期外来、こころの病気の診察"), JA("月・火・木・金 9:00〜18:00"),
     JA("デモ市駅前3-8"), "0999-90-0006"},
    {JA("川べり小児科医院"), JA("小児科、発達の相談"), JA("平日 8:45〜18:00"), JA("デモ市川べり1-1"), "0999-90-0007"},
    {JA("地域活動支援センター こもれび"), JA("障害のある人の日中の居場所、生活の相談"), JA("火〜土 10:00〜16:00"),
     JA("デモ市ひなた町3-2"), "0999-90-0008"},
    {JA("発達相談室 つみき"), JA("療育、発達の遅れの相談、ペアレントトレーニング"), JA("平日 9:00〜17:00"),
     JA("デモ市さくら台2-1"), "0999-90-0009"},
    {JA("フリースクール 風の家"), JA("学校に行きづらい小中学生の学びと居場所"), JA("平日 10:00〜15:00"),
     JA("デモ市山の手5-6"), "0999-90-0010"},
    {JA("学習サロン よるの灯"), JA("中高生の無料の学習支援、夕食つき"), JA("火・木 18:00〜21:00"), JA("デモ市本町7-3"),
     "0999-90-0011"},
    {JA("こども食堂 ひとくち"), JA("子どもの食事と遊び、保護者の休み場所"), JA("第2・第4土曜 11:00〜14:00"),
     JA("デモ市みなと町2-9"), "0999-90-0012"},
    {JA("フードバンク デモ"), JA("食べるものがない時の食料の提供"), JA("平日 10:00〜16:00"), JA("デモ市工業団地前1-2"),
     "0999-90-0013"},
    {JA("若者サポート しごとば"), JA("15歳から49歳の就労の相談、職場体験"), JA("平日 9:30〜18:00"), JA("デモ市駅前1-5"),
     "0999-90-0014"},
    {JA("写真とカメラの店 ひかり"), JA("写真の現像と撮影。しごと体験を月に2回受け入れ"), JA("10:00〜18:00 水曜休み"),
     JA("デモ市みなと町8-1"), "0999-90-0015"},
    {JA("自転車工房 ちりん"), JA("自転車の修理。職場体験あり"), JA("9:00〜18:00"), JA("デモ市川べり6-6"),
     "0999-90-0016"},
    {JA("パン工房 こむぎ"), JA("パンの製造。短時間の仕事の体験"), JA("7:00〜15:00"), JA("デモ市ひなた町1-7"),
     "0999-90-0017"},
    {JA("デモ市立図書館 ティーンズコーナー"), JA("静かに過ごせる席と、中高生向けの催し"), JA("火〜日 9:30〜19:00"),
     JA("デモ市本町5-5"), "0999-90-0018"},
    {JA("デモ将棋クラブ"), JA("子どもから大人までの将棋の集まり"), JA("日曜 13:00〜17:00"), JA("デモ市公民館 2階"),
     "0999-90-0019"},
    {JA("虫の会 デモ支部"), JA("昆虫の観察会と標本づくり"), JA("月1回 日曜"), JA("デモ市山の手 自然観察の森"),
     "0999-90-0020"},
    {JA("にほんごひろば デモ"), JA("外国につながる子どもと家族の日本語教室、通訳の紹介"), JA("土 10:00〜12:00"),
     JA("デモ市公民館 1階"), "0999-90-0021"},
    {JA("女性相談センター デモ"), JA("DV・虐待、住まいの相談。秘密は守ります"), JA("毎日 9:00〜21:00"),
     JA("住所は公開していません"), "0999-90-0022"},
    {JA("自立準備ホーム つばさ"), JA("家に帰れない若者の住まいと生活の支援"), JA("24時間"),
     JA("住所は公開していません"), "0999-90-0023"},
    {JA("デモ市地域包括支援センター"), JA("介護の相談、介護をする家族の支援"), JA("平日 8:30〜17:15"),
     JA("デモ市本町3-3"), "0999-90-0024"},
    {JA("権利擁護センター デモ"), JA("成年後見制度の相談"), JA("平日 9:00〜17:00"), JA("デモ市市役所通り1-3"),
     "0999-90-0025"},
};

static enum code read_list(struct cli *cli, struct import_list *ret, struct err *e)
{
  struct buf json;
  struct doc *d = doc_map(cli->arena), *data;
  doc_put_cstr(d, "origin", "demo");
  doc_put_cstr(d, "source", JA("デモ市 相談先の一覧(架空) / クリエイティブ・コモンズ CC0"));
  data = doc_put_list(d, "data");
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    struct doc *row = doc_add_map(data);
    doc_put_cstr(row, "name", places[i].name);
    doc_put_cstr(row, "consultation", places[i].what);
    doc_put_cstr(row, "time", places[i].hours);
    doc_put_cstr(row, "address", places[i].address);
    doc_put_cstr(row, "tel", places[i].phone);
  }
  buf_init(&json, cli->arena, LIMIT_BODY);
  json_write(&json, d);
  const struct import_options o = {.file = S("demo")};
  return json.failed ? err_oom(e) : import_read(cli->arena, buf_str(&json), &o, ret, e);
}

static enum code write_list(struct tx *tx, void *arg, struct err *e)
{
  const struct scope *s = NULL;
  struct import_report report = {0};
  const struct actor who = {.role = ROLE_SERVICE, .network = tx_network(tx)}; /* a value, not a decision */
  enum code c = access_open_network(tx, &who, ACTION_DIRECTORY_WRITE, &s, e);
  return c == OK ? import_write(tx, s, arg, 1, &report, e) : c;
}

/* ---- how the network's own organizations are reached ------------------------------------------------------------------------ */

#define OFFICE JA("平日 8:30〜17:15")

static const struct reach {
  const char *code, *phone, *fax, *address, *hours;
} reaches[] = {
    {"city", "0999-90-1001", "0999-90-2001", JA("デモ市市役所通り1-1"), OFFICE},
    {"centre", "0999-90-1002", "0999-90-2002", JA("デモ市本町2-2 3階"), JA("火〜土 9:00〜18:00")},
    {"aoba", "0999-90-1003", "0999-90-2003", JA("デモ市みなと町4-4"), JA("火〜土 10:00〜19:00")},
    {"sakura", "0999-90-1004", "0999-90-2004", JA("デモ市さくら台5-1"), JA("平日 9:00〜16:00")},
    {"school", "0999-90-1005", "0999-90-2005", JA("デモ市緑町9-1"), OFFICE},
    {"health", "0999-90-1006", "0999-90-2006", JA("デモ市市役所通り2-5"), OFFICE},
    {"work", "0999-90-1007", "0999-90-2007", JA("デモ市駅前4-1"), OFFICE},
    {"welfare", "0999-90-1008", "0999-90-2008", JA("デモ市本町6-1"), OFFICE},
    {"port", "0999-91-1001", "0999-91-2001", JA("みなと市大浜1-1-1"), OFFICE},
    {"hikobae", "0999-91-1002", "0999-91-2002", JA("みなと市東浜2-8"), OFFICE},
    {"umikaze", "0999-91-1003", "0999-91-2003", JA("みなと市大浜3-5"), JA("水〜日 13:00〜21:00")},
    {"hamakaze", "0999-91-1004", "0999-91-2004", JA("みなと市西浜1-3"), JA("月〜金 10:00〜18:00")},
    {"hamanasu", "0999-91-1005", "0999-91-2005", JA("みなと市東浜7-1"), JA("平日 9:00〜16:00")},
    {"kurashi", "0999-91-1006", "0999-91-2006", JA("みなと市大浜1-1-1 2階"), OFFICE},
    {"jiso", "0999-91-1007", "0999-91-2007", JA("みなと市西浜6-2"), JA("平日 8:30〜17:15(急ぎの通告は24時間)")},
    {"minato_hs", "0999-91-1008", "0999-91-2008", JA("みなと市西浜4-9"), JA("平日 13:00〜21:00")},
    {"pref", "0999-91-1009", "0999-91-2009", JA("みなと市大浜2-1"), OFFICE},
    {"hospital", "0999-91-1010", "0999-91-2010", JA("みなと市東浜4-1"), JA("平日 8:30〜11:30(予約制)")},
    {"saposute", "0999-91-1011", "0999-91-2011", JA("みなと市大浜6-2"), JA("月〜土 10:00〜17:00")},
    {"police", "0999-91-1012", "0999-91-2012", JA("みなと市大浜5-1"), OFFICE},
};

/* As whoever keeps the list would: what stands there comes back, with the numbers added. */
static enum code write_reach(struct tx *tx, const struct scope *s, id64 organization, const struct reach *r,
                             struct err *e)
{
  struct doc *d = NULL;
  id64 id = 0;
  enum code c = directory_values(tx, s, organization, 0, tx_arena(tx), &d, e);
  if (c != OK)
    return c;
  const struct directory_organization o = {.name = doc_get_str(d, "name"),
                                           .kana = doc_get_str(d, "kana"),
                                           .kind = doc_get_str(d, "kind"),
                                           .circle = doc_get_str(d, "circle"),
                                           .description = doc_get_str(d, "description"),
                                           .reach = {.phone = str_from(r->phone),
                                                     .fax = str_from(r->fax),
                                                     .address = str_from(r->address),
                                                     .hours = str_from(r->hours)}};
  return directory_save_organization(tx, s, organization, doc_get_int(d, "rev"), &o, &id, e);
}

static enum code write_reaches(struct tx *tx, void *arg, struct err *e)
{
  const struct demo_town *town = arg;
  const struct scope *s = NULL;
  const struct actor who = {.role = ROLE_SERVICE, .network = tx_network(tx)}; /* a value, not a decision */
  enum code c = access_open_network(tx, &who, ACTION_DIRECTORY_WRITE, &s, e);
  for (size_t i = 0; c == OK && i < sizeof reaches / sizeof *reaches; i++) {
    int at = demo_body_of(town, str_from(reaches[i].code));
    if (at >= 0)
      c = write_reach(tx, s, town->organization[at], &reaches[i], e);
  }
  return c;
}

enum code demo_directory(struct cli *cli, const struct demo_town *town, struct err *e)
{
  struct import_list *list = arena_new_of(cli->arena, struct import_list);
  if (!list)
    return err_oom(e);
  enum code c = read_list(cli, list, e);
  if (c == OK)
    c = cli_write(cli, "demo_directory", write_list, list, e);
  return c == OK ? cli_write(cli, "demo_reaches", write_reaches, (void *)(uintptr_t)town, e) : c;
}
