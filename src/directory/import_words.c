#include "directory/import_words.h"

#include "base/err.h"
#include "base/utf8.h"
#include "directory/mend.h"

enum { LABELS_MOST = 8 };

static const struct {
  enum column_kind kind;
  const char *key, *label;
  const char *labels[LABELS_MOST]; /* headings that mean it, beside `label` */
} columns[] = {
    {COLUMN_NAME,
     "name",
     JA("名称"),
     {JA("施設名"), JA("機関名"), JA("事業所名"), JA("団体名"), JA("窓口"), JA("名前")}},
    {COLUMN_WHAT, "consultation", JA("相談内容"), {JA("内容"), JA("業務内容"), JA("事業内容"), JA("支援内容")}},
    {COLUMN_HOURS, "time", JA("日時"), {JA("時間"), JA("受付時間"), JA("開設時間"), JA("利用時間"), JA("開館時間")}},
    {COLUMN_ADDRESS, "address", JA("住所"), {JA("所在地")}},
    {COLUMN_PLACE, "location", JA("場所"), {JA("場所/担当課"), JA("担当課"), JA("会場")}},
    {COLUMN_PHONE, "tel", JA("電話"), {JA("電話番号"), "TEL", JA("連絡先")}},
    {COLUMN_PHONE, "phone", JA("電話"), {NULL}},
    {COLUMN_FAX, "fax", "FAX", {JA("FAX番号"), JA("ファックス")}},
    {COLUMN_URL, "url", "URL", {JA("ホームページ"), JA("ウェブサイト")}},
    {COLUMN_MAIL, "email", JA("メール"), {JA("メールアドレス"), "e-mail"}},
    {COLUMN_NOTE, "note", JA("備考"), {JA("注意")}},
    {COLUMN_DATE, "start_date", JA("事業開始"), {JA("指定年月日"), JA("開設年月日"), JA("開設日")}},
    {COLUMN_OTHER, "area", JA("延べ床面積"), {NULL}},
    {COLUMN_OTHER, "capacity", JA("定員"), {NULL}},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static bool same_folded(struct arena *a, struct str folded, const char *word)
{
  return word && str_eq(folded, utf8_fold(a, str_from(word)));
}

static bool label_means(struct arena *a, struct str folded, size_t i)
{
  if (same_folded(a, folded, columns[i].label))
    return true;
  for (int k = 0; k < LABELS_MOST && columns[i].labels[k]; k++)
    if (same_folded(a, folded, columns[i].labels[k]))
      return true;
  return false;
}

enum column_kind column_of(struct arena *a, struct str key, struct str label, struct str *ret_label)
{
  struct str k = utf8_fold(a, key), l = utf8_fold(a, label.n ? label : key);
  for (size_t i = 0; i < COLUMNS; i++)
    if (same_folded(a, k, columns[i].key)) {
      *ret_label = str_from(columns[i].label);
      return columns[i].kind;
    }
  *ret_label = STR_NONE;
  for (size_t i = 0; i < COLUMNS; i++)
    if (label_means(a, l, i))
      return columns[i].kind;
  return COLUMN_OTHER;
}

/* ---- concerns ------------------------------------------------------------------------------------------------------- */

enum {
  ILLNESS = 1,
  MENTAL = 2,
  CARE = 4,
  DISABILITY = 8,
  PARENTING = 16,
  INCOME = 32,
  DEBT = 64,
  HOUSING = 128,
  ABUSE = 256,
  RIGHTS = 512,
  HEALTH = 1024
};

/* Plain words only: what a list does not say is left to the coordinator. */
static const struct {
  const char *word;
  uint32_t concerns;
} concern_words[] = {
    {JA("医療"), ILLNESS},
    {JA("病気"), ILLNESS},
    {JA("不妊"), ILLNESS},
    {JA("難病"), ILLNESS},
    {JA("こころ"), MENTAL},
    {JA("カウンセリング"), MENTAL},
    {JA("精神保健"), MENTAL},
    {JA("ひきこもり"), MENTAL},
    {JA("介護"), CARE},
    {JA("老人ホーム"), CARE},
    {JA("デイサービス"), CARE},
    {JA("障がい"), DISABILITY},
    {JA("障害"), DISABILITY},
    {JA("療育"), DISABILITY},
    {JA("発達の遅れ"), DISABILITY},
    {JA("子育て"), PARENTING},
    {JA("育児"), PARENTING},
    {JA("保育"), PARENTING},
    {JA("こども園"), PARENTING},
    {JA("児童"), PARENTING},
    {JA("乳幼児"), PARENTING},
    {JA("子どもの"), PARENTING},
    {JA("幼稚園"), PARENTING},
    {JA("就労"), INCOME},
    {JA("仕事"), INCOME},
    {JA("生活保護"), INCOME},
    {JA("生活困窮"), INCOME},
    {JA("債務"), DEBT},
    {JA("借金"), DEBT},
    {JA("滞納"), DEBT},
    {JA("住まい"), HOUSING},
    {JA("住宅"), HOUSING},
    {JA("虐待"), ABUSE},
    {"DV", ABUSE},
    {JA("人権侵害"), ABUSE},
    {JA("権利擁護"), RIGHTS},
    {JA("成年後見"), RIGHTS},
    {JA("健康"), HEALTH},
    {JA("栄養"), HEALTH},
};

uint32_t words_concerns(struct arena *a, struct str text)
{
  struct str folded = utf8_fold(a, text);
  uint32_t found = 0;
  for (size_t i = 0; i < sizeof concern_words / sizeof *concern_words; i++)
    if (str_contains(folded, utf8_fold(a, str_from(concern_words[i].word))))
      found |= concern_words[i].concerns;
  return found;
}

/* ---- kinds ------------------------------------------------------------------------------------------------------------ */

static const struct {
  const char *word, *kind;
} name_kinds[] = {{JA("児童相談所"), "child_guidance"},     {JA("保健所"), "health"},
                  {JA("保健センター"), "health"},           {JA("ハローワーク"), "hello_work"},
                  {JA("社会福祉協議会"), "social_council"}, {JA("警察署"), "police"},
                  {JA("教育委員会"), "education"},          {JA("相談センター"), "consultation"},
                  {JA("特定非営利活動法人"), "npo"}},
  heading_kinds[] = {{JA("障がい"), "disability"},  {JA("障害"), "disability"},    {JA("老人"), "elder"},
                     {JA("介護"), "elder"},         {JA("デイサービス"), "elder"}, {JA("保育"), "childcare"},
                     {JA("こども園"), "childcare"}, {JA("子育て"), "childcare"},   {JA("児童"), "childcare"}};

const char *words_kind(struct arena *a, struct str name, struct str heading)
{
  struct str n = utf8_fold(a, name), h = utf8_fold(a, heading);
  for (size_t i = 0; i < sizeof name_kinds / sizeof *name_kinds; i++)
    if (str_contains(n, utf8_fold(a, str_from(name_kinds[i].word))))
      return name_kinds[i].kind;
  for (size_t i = 0; i < sizeof heading_kinds / sizeof *heading_kinds; i++)
    if (str_contains(h, utf8_fold(a, str_from(heading_kinds[i].word))))
      return heading_kinds[i].kind;
  return "other";
}

bool words_shut(struct str note)
{
  static const char *const words[] = {JA("休館中"), JA("休止中"), JA("休業中"), JA("閉館中"), JA("閉鎖中")};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_contains(note, str_from(words[i])))
      return true;
  return false;
}
