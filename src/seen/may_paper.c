/* may_paper.c: 「いま、だれが何を見られるか」 for whoever asks at the counter: by organization, in plain words. */
#include "seen/may.h"
#include "seen/say.h"
#include "seen/seen_sql.h"
#include "seen/words.h"
#include "view/print.h"

struct paper_job {
  struct say w;
  const struct scope *party;
  struct str organization; /* under whose heading the lines stand */
};

/* A paper lies about at home: what is said of violence is 「安全のこと」. */
static const char *const plain_categories[CATEGORIES] = {
    TR("名前《なまえ》や 生年月日《せいねんがっぴ》"),
    TR("住所《じゅうしょ》や 電話番号《でんわばんごう》"),
    TR("家族《かぞく》の こと"),
    TR("学校《がっこう》の こと"),
    TR("仕事《しごと》の こと"),
    TR("健康《けんこう》の こと"),
    TR("障害《しょうがい》や 発達《はったつ》の こと"),
    TR("こころの こと"),
    TR("お金《かね》の こと"),
    TR("安全《あんぜん》の こと"),
    TR("相談《そうだん》した ことや、応援《おうえん》の 記録《きろく》"),
    TR("好《す》きな ことや、得意《とくい》な こと")};

static struct str categories_text(const struct paper_job *job, const struct sight *x)
{
  struct buf b;
  enum lang lang = job->w.who->lang;
  if (x->categories == CAT_ALL)
    return tr(lang, TR("ぜんぶ"));
  buf_init(&b, job->w.a, 4096);
  for (int i = 0; i < CATEGORIES; i++) {
    if (!(x->categories & (1u << i)))
      continue;
    if (b.n)
      buf_add(&b, tr(lang, TR("、")));
    buf_add(&b, tr(lang, plain_categories[i]));
  }
  return buf_str(&b);
}

static struct str reason_text(const struct paper_job *job, const struct sight *x)
{
  struct seen_row row = {.look = {.action = ACTION_PERSON_READ, .reason = x->kind}, .since = x->from};
  return words_reason(job->w.a, job->w.who, &row, scope_shows_consent(job->party, x->ref));
}

static struct str people_text(const struct paper_job *job, const struct doc *people)
{
  struct buf b;
  buf_init(&b, job->w.a, 8192);
  for (size_t i = 0; i < doc_size(people); i++) {
    if (i)
      buf_add(&b, tr(job->w.who->lang, TR("、")));
    buf_add(&b, doc_string(doc_at(people, i)));
  }
  return buf_str(&b);
}

static void put_line(struct paper_job *job, const struct may_line *l)
{
  const struct sight *x = &l->of;
  const struct say *w = &job->w;
  enum lang lang = w->who->lang;
  struct str who = x->kind == REASON_PERSON     ? tr(lang, TR("あなた"))
                   : x->kind == REASON_GUARDIAN ? tr(lang, TR("保護者《ほごしゃ》"))
                                                : STR_NONE;
  struct str name = who.n ? who : x->organization_name;
  if (!str_eq(name, job->organization))
    say_text(w, "heading", who.n ? S("%2") : S("%1"), x->organization_name, who);
  job->organization = name;
  struct doc *text = doc_put_list(print_add(w->blocks, "text"), "text");
  say_pieces(text, w->a, tr(lang, TR("・%2")), STR_NONE, categories_text(job, x));
  if (x->own_only)
    say_pieces(text, w->a, tr(lang, TR("（ここの 人《ひと》が 書《か》いた ものだけ）")), STR_NONE, STR_NONE);
  if (who.n)
    return;
  if (doc_size(l->people)) { /* 職種: two jobs of one organization may see differently */
    doc_add_str(text, S("\n"));
    say_pieces(text, w->a, tr(lang, TR("　見《み》る 人《ひと》の しごと：%2")), STR_NONE, people_text(job, l->people));
  }
  doc_add_str(text, S("\n"));
  say_pieces(text, w->a, tr(lang, TR("　理由《りゆう》：%2")), STR_NONE, reason_text(job, x));
  if (x->until)
    say_pieces(text, w->a, tr(lang, TR("　いつまで：%2")), STR_NONE, words_day(w->a, w->who, x->until - 1, false));
}

static void put_head(const struct say *w, enum party party)
{
  say_line(w, "title", TR("いま、だれが 何《なに》を 見《み》る ことが できるか"));
  say_line(w, "text",
           party == PARTY_PERSON
               ? TR("あなたの ことが 書《か》いて ある ものを、いま、だれが 見《み》る ことが できるか。それを "
                    "書《か》いた 紙《かみ》です。")
               : TR("あなたが いま「伝《つた》えて よい」と 言《い》って いる ところが、お子《こ》さんの ことの "
                    "何《なに》を 見《み》る ことが できるか。それを 書《か》いた 紙《かみ》です。"));
  say_line(
      w, "text",
      TR("やめて ほしい ときは、この 紙《かみ》を わたした 人《ひと》に 言《い》って ください。いつでも やめる ことが "
         "できます。"));
  (void)print_add(w->blocks, "line");
}

static void put_foot(const struct say *w, enum party party, struct str here, struct str coordinating)
{
  (void)print_add(w->blocks, "line");
  if (party == PARTY_PERSON) {
    say_line(w, "text", TR("法律《ほうりつ》の きまりで、同意《どうい》が なくても 見《み》る ことが あります。"));
    say_line(w, "text", TR("同意《どうい》を やめても、法律《ほうりつ》の きまりは 変《か》わりません。"));
  }
  say_whom_to_ask(w, here, coordinating);
}

enum code may_paper(struct tx *tx, const struct scope *staff, struct str case_number, enum party party, id64 guardian,
                    struct arena *a, const struct reader *who, struct doc **ret, struct err *e)
{
  struct paper_job job = {.w = {.a = a, .who = who}};
  struct may_lines lines = {0};
  struct str here = STR_NONE, coordinating = STR_NONE;
  struct doc *paper = print_new(a, TR("いま、だれが何を見られるか"), &job.w.blocks);
  enum code c = party == PARTY_GUARDIAN ? say_knows(tx, staff, guardian, a, who, e) : OK;
  if (c == OK)
    c = access_open_for_party(tx, staff, party, guardian, &job.party, e);
  if (c == OK)
    c = may_lines(tx, job.party, NULL, a, who->lang, &lines, e);
  if (c == OK)
    c = say_printer(tx, staff, &job.w, paper, &here, e);
  if (c == OK)
    c = seen_sql_coordinating(tx, a, &coordinating, e);
  if (c != OK)
    return c;
  doc_put_str(paper, "form", tr_args(a, who->lang, TR("番号 %1"), case_number, STR_NONE, STR_NONE));
  doc_put_int(paper, "size", SAY_LARGE);
  put_head(&job.w, party);
  for (size_t i = 0; i < lines.n; i++)
    put_line(&job, &lines.list[i]);
  if (!lines.n)
    say_line(&job.w, "text", TR("この 紙《かみ》に 書《か》く ものは、ありません。"));
  put_foot(&job.w, party, here, coordinating);
  *ret = paper;
  return OK;
}
