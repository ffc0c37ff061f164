#include "seen/words.h"

/* ---- what was done ------------------------------------------------------------------------------------------------ */

/* Concealing and restricting are told in words that give nothing away to whoever finds the paper at home. */
static const char *const DID[ACTION_COUNT] = {
    [ACTION_PERSON_FIND] = TR("名前《なまえ》を さがしました"),
    [ACTION_PERSON_CREATE] = TR("｜新《あたら》しく 登録《とうろく》しました"),
    [ACTION_PERSON_READ] = TR("基本《きほん》の 情報《じょうほう》を 見《み》ました"),
    [ACTION_PERSON_WRITE] = TR("基本《きほん》の 情報《じょうほう》を 書《か》きました"),
    [ACTION_CASE_LIST] = TR("一覧《いちらん》で 名前《なまえ》を 見《み》ました"),
    [ACTION_TODAY] = TR("一覧《いちらん》で 名前《なまえ》を 見《み》ました"),
    [ACTION_CONNECTION_LIST] = TR("一覧《いちらん》で 名前《なまえ》を 見《み》ました"),
    [ACTION_CLOCK_LIST] = TR("番号《ばんごう》と 日付《ひづけ》だけの 一覧《いちらん》を 見《み》ました"),
    [ACTION_CLOCK_ASK] = TR("主担当《しゅたんとう》に 状況《じょうきょう》を たずねました"),
    [ACTION_CASE_READ] = TR("支援《しえん》の ページを 見《み》ました"),
    [ACTION_CASE_WRITE] = TR("支援《しえん》の ページに 書《か》きました"),
    [ACTION_RECORD_SEARCH] = TR("経過記録《けいかきろく》の 中《なか》の 言葉《ことば》を さがしました"),
    [ACTION_RECORD_READ] = TR("経過記録《けいかきろく》を 読《よ》みました"),
    [ACTION_RECORD_WRITE] = TR("経過記録《けいかきろく》を 書《か》きました"),
    [ACTION_SHEET_READ] = TR("つなぐシートを 読《よ》みました"),
    [ACTION_SHEET_WRITE] = TR("つなぐシートを 書《か》きました"),
    [ACTION_SHEET_SEND] = TR("つなぐシートを 送《おく》りました"),
    [ACTION_CONSENT_READ] = TR("同意《どうい》の 内容《ないよう》を 見《み》ました"),
    [ACTION_CONSENT_RECORD] = TR("同意《どうい》を 記録《きろく》しました"),
    [ACTION_CONSENT_WITHDRAW] = TR("同意《どうい》を やめた ことを 記録《きろく》しました"),
    [ACTION_BASIS_RECORD] = TR("法律《ほうりつ》の きまりで 伝《つた》える ことを 記録《きろく》しました"),
    [ACTION_BASIS_APPROVE] = TR("法律《ほうりつ》の きまりで 伝《つた》える ことを 決《き》めました"),
    [ACTION_BASIS_LIST] = TR("一覧《いちらん》で 番号《ばんごう》を 見《み》ました"),
    [ACTION_BASIS_EXPORT] = TR("データを 取《と》り出《だ》しました"),
    [ACTION_CONNECTION_EXPORT] = TR("データを 取《と》り出《だ》しました"),
    [ACTION_CLOCK_EXPORT] = TR("データを 取《と》り出《だ》しました"),
    [ACTION_CONNECTION_READ] = TR("つなぎの ページを 見《み》ました"),
    [ACTION_CONNECTION_ANSWER] = TR("つなぎに 返事《へんじ》を しました"),
    [ACTION_CONNECTION_ASSIGN] = TR("つなぎの 担当《たんとう》を 決《き》めました"),
    [ACTION_SEEN_READ] = TR("「だれが 見《み》たか」を 見《み》ました"),
    [ACTION_SEEN_PRINT] = TR("「だれが 見《み》たか」を 印刷《いんさつ》しました"),
    [ACTION_SEEN_EXPORT] = TR("「だれが 見《み》たか」の データを 取《と》り出《だ》しました"),
    [ACTION_PRINT] = TR("印刷《いんさつ》しました"),
    [ACTION_TRANSFER_OUT] = TR("ほかの 町《まち》に ひきつぎました"),
    [ACTION_LEDGER_EXPORT] = TR("データを 取《と》り出《だ》しました"),
    [ACTION_EXPORT] = TR("データを 取《と》り出《だ》しました"),
    [ACTION_CONCEAL_SET] = TR("見《み》る ことが できる 人《ひと》を 決《き》めました"),
    [ACTION_RESTRICT] = TR("見《み》る ことが できる 人《ひと》を 決《き》めました"),
    [ACTION_CONCEAL_OPEN] = TR("大切《たいせつ》に しまって ある 情報《じょうほう》を 見《み》ました"),
    [ACTION_BREAK_GLASS] = TR("急《いそ》いで 見《み》る ことに しました"),
    [ACTION_STAND_IN] = TR("担当《たんとう》の 人《ひと》の 代《か》わりを しました"),
};

struct str words_did(enum lang lang, enum action action)
{
  bool known = (unsigned)action < ACTION_COUNT && DID[action];
  return tr(lang, known ? DID[action] : TR("情報《じょうほう》を 見《み》ました"));
}

/* ---- why ----------------------------------------------------------------------------------------------------------- */

static struct str dated(struct arena *a, const struct reader *who, const char *with, const char *without, ts_t since,
                        bool with_day)
{
  if (!with_day || !since)
    return tr(who->lang, without);
  return tr_args(a, who->lang, with, words_day(a, who, since, false), STR_NONE, STR_NONE);
}

struct str words_reason(struct arena *a, const struct reader *who, const struct seen_row *row, bool with_day)
{
  switch (row->look.reason) {
  case REASON_CONSENT:
    return dated(a, who, TR("同意《どうい》（%1）"), TR("同意《どうい》"), row->since, with_day);
  case REASON_BASIS: /* which law is told at the counter, not on a paper that lies about */
    return dated(a, who, TR("法律《ほうりつ》の きまり（%1）"), TR("法律《ほうりつ》の きまり"), row->since, with_day);
  case REASON_INVITATION:
    return tr(who->lang, TR("会議《かいぎ》"));
  case REASON_BREAK_GLASS:
    return tr(who->lang, TR("急《いそ》いで 見《み》る ことが 必要《ひつよう》だったから"));
  case REASON_STAND_IN:
    return tr(who->lang, TR("担当《たんとう》の 人《ひと》の 代《か》わり"));
  case REASON_CONNECTION:
    return tr(who->lang, TR("つなぎを 受《う》け取《と》ったから"));
  case REASON_OWN:
    return tr(who->lang, TR("担当《たんとう》"));
  default:
    return tr(who->lang, row->look.action == ACTION_PERSON_CREATE ? TR("相談《そうだん》を 受《う》けたから")
                                                                  : TR("仕事《しごと》の 一覧《いちらん》"));
  }
}

/* ---- when ---------------------------------------------------------------------------------------------------------- */

/* Days of a month that are not read …にち: 1 to 10, 14, 20, 24. The reading stands over number and 日. */
static const char *day_reading(int day)
{
  static const char *const first[] = {JA("ついたち"), JA("ふつか"), JA("みっか"), JA("よっか"),   JA("いつか"),
                                      JA("むいか"),   JA("なのか"), JA("ようか"), JA("ここのか"), JA("とおか")};
  if (day >= 1 && day <= 10)
    return first[day - 1];
  return day == 14 ? JA("じゅうよっか") : day == 20 ? JA("はつか") : day == 24 ? JA("にじゅうよっか") : NULL;
}

struct str words_day(struct arena *a, const struct reader *who, ts_t at, bool weekday)
{
  static const char *const week[] = {JA("日《にち》"), JA("月《げつ》"), JA("火《か》"), JA("水《すい》"),
                                     JA("木《もく》"), JA("金《きん》"), JA("土《ど》")};
  struct date d = date_of_ts(at);
  const char *reading = day_reading(d.day);
  struct buf b;
  if (who->lang != LANG_JA)
    return reader_short(a, who, d);
  buf_init(&b, a, 256);
  if (d.year != who->today.year)
    buf_printf(&b, JA("%d年《ねん》"), d.year);
  buf_printf(&b, JA("%d月《がつ》"), d.month);
  if (reading)
    buf_printf(&b, JA("｜%d日《%s》"), d.day, reading);
  else
    buf_printf(&b, JA("%d日《にち》"), d.day);
  if (weekday)
    buf_printf(&b, "(%s)", week[date_weekday(d)]);
  return buf_str(&b);
}

struct str words_time(struct arena *a, enum lang lang, ts_t at)
{
  int minute = ts_minute_of_day(at), hour = minute / 60;
  if (lang != LANG_JA)
    return str_printf(a, "%02d:%02d", hour, minute % 60);
  return str_printf(a, "%s%d:%02d", hour < 12 ? JA("午前《ごぜん》") : JA("午後《ごご》"), hour % 12, minute % 60);
}

/* ---- who ----------------------------------------------------------------------------------------------------------- */

struct str words_who(struct arena *a, enum lang lang, struct str organization, struct str job)
{
  struct str name = organization.n ? organization : tr(lang, TR("このネットワーク"));
  return job.n ? tr_args(a, lang, TR("%1（%2）"), name, job, STR_NONE) : name;
}

/* ---- without readings ---------------------------------------------------------------------------------------------- */

struct str words_plain(struct arena *a, enum lang lang, struct str marked)
{
  struct buf b;
  buf_init(&b, a, marked.n + 1);
  for (size_t i = 0; i < marked.n;) {
    struct str rest = str_sub(marked, i, marked.n);
    if (str_starts(rest, S("《"))) {
      const char *end = memmem(rest.p, rest.n, "》", 3);
      i = end ? (size_t)(end - marked.p) + 3 : marked.n;
    } else if (str_starts(rest, S("｜"))) {
      i += 3;
    } else if (lang == LANG_JA && marked.p[i] == ' ') {
      i++;
    } else {
      buf_add_c(&b, marked.p[i++]);
    }
  }
  return buf_str(&b);
}
