/* paper.c: the paper for whoever asks at the counter: large type, short sentences, readings above. */
#include "seen/say.h"
#include "seen/words.h"
#include "view/print.h"

enum { CHUNK = 500 };

struct paper_job {
  const struct scope *party;
  struct say w;
  struct date day;  /* under way; unknown: none yet */
  int shown;        /* lines */
  int64_t taken;    /* rows read */
  bool full, whole; /* no more room; all rows read */
};

/* ---- the looks -------------------------------------------------------------------------------------------------------- */

static void put_look(struct paper_job *job, const struct seen_row *row)
{
  struct arena *a = job->w.a;
  enum lang lang = job->w.who->lang;
  struct date day = date_of_ts(row->look.at);
  if (date_compare(day, job->day)) {
    say_text(&job->w, "heading", S("%2"), STR_NONE, words_day(a, job->w.who, row->look.at, true));
    job->day = day;
  }
  struct doc *text = doc_put_list(print_add(job->w.blocks, "text"), "text");
  bool with_day = scope_shows_consent(job->party, row->look.reason_ref);
  say_pieces(text, a, tr(lang, TR("%2　")), STR_NONE, words_time(a, lang, row->look.at));
  say_pieces(text, a, tr(lang, TR("%1が %2。")), words_who(a, lang, row->organization, row->job),
             words_did(lang, row->look.action));
  doc_add_str(text, S("\n"));
  say_pieces(text, a, tr(lang, TR("　理由《りゆう》：%2")), STR_NONE, words_reason(a, job->w.who, row, with_day));
}

static enum code paper_row(void *arg, const struct seen_row *row, struct err *e)
{
  struct paper_job *job = arg;
  (void)e;
  job->taken++;
  job->whole = false;
  if (job->full || !scope_shows_look(job->party, &row->look))
    return OK;
  if (job->shown == SEEN_PAPER) {
    job->full = true;
    return OK;
  }
  put_look(job, row);
  job->shown++;
  return OK;
}

static enum code put_looks(struct tx *tx, struct paper_job *job, struct err *e)
{
  enum code c = OK;
  while (c == OK && !job->whole && !job->full) {
    job->whole = true;
    c = seen_sql_each(tx, job->party, job->taken, CHUNK, paper_row, job, e);
  }
  if (c == OK && !job->shown)
    say_line(&job->w, "text", TR("この 紙《かみ》に 書《か》く ものは、ありません。"));
  if (c == OK && job->full)
    say_line(&job->w, "text",
             TR("これより 前《まえ》の ことは、この 紙《かみ》を わたした 人《ひと》に 聞《き》いて ください。"));
  return c;
}

/* ---- around them -------------------------------------------------------------------------------------------------------- */

static void put_head(struct paper_job *job, enum party party)
{
  say_line(&job->w, "title", TR("だれが 見《み》たか"));
  if (party == PARTY_PERSON)
    say_line(&job->w, "text",
             TR("あなたの ことが 書《か》いて ある ものを、だれが、いつ、どうして 見《み》たか。"
                "それを 書《か》いた 紙《かみ》です。"));
  else
    say_line(&job->w, "text",
             TR("あなたが いま「伝《つた》えて よい」と 言《い》って いる ところが、お子《こ》さんの ことが "
                "書《か》いて ある ものを"
                " 見《み》たか。それを 書《か》いた 紙《かみ》です。"));
  say_line(&job->w, "text",
           TR("人《ひと》の 名前《なまえ》は 書《か》いて いません。はたらいて いる ところと、仕事《しごと》の "
              "名前《なまえ》を"
              " 書《か》いて います。"));
  (void)print_add(job->w.blocks, "line");
}

static void put_foot(struct paper_job *job, enum party party, struct str here, struct str coordinating)
{
  (void)print_add(job->w.blocks, "line");
  say_line(&job->w, "heading", TR("ことばの 意味《いみ》"));
  say_line(
      &job->w, "text",
      party == PARTY_PERSON
          ? TR("「同意《どうい》」は、あなたや 保護者《ほごしゃ》が「伝《つた》えて よい」と 言《い》った ことです。")
          : TR("「同意《どうい》」は、「伝《つた》えて よい」と 言《い》った ことです。"));
  say_line(&job->w, "text", TR("「担当《たんとう》」は、応援《おうえん》する 仕事《しごと》を して いる ことです。"));
  if (party == PARTY_PERSON) {
    say_line(&job->w, "text",
             TR("法律《ほうりつ》の きまりで、同意《どうい》が なくても 見《み》る ことが あります。"));
    say_line(&job->w, "text", TR("同意《どうい》を やめても、法律《ほうりつ》の きまりは 変《か》わりません。"));
  }
  say_whom_to_ask(&job->w, here, coordinating);
}

enum code seen_paper(struct tx *tx, const struct scope *staff, struct str case_number, enum party party, id64 guardian,
                     struct arena *a, const struct reader *who, struct doc **ret, struct err *e)
{
  struct paper_job job = {.w = {.a = a, .who = who}};
  struct str here = STR_NONE, coordinating = STR_NONE;
  struct doc *paper = print_new(a, TR("だれが見たか"), &job.w.blocks);
  enum code c = party == PARTY_GUARDIAN ? say_knows(tx, staff, guardian, a, who, e) : OK;
  if (c == OK)
    c = access_open_for_party(tx, staff, party, guardian, &job.party, e);
  if (c == OK)
    c = say_printer(tx, staff, &job.w, paper, &here, e);
  if (c == OK)
    c = seen_sql_coordinating(tx, a, &coordinating, e);
  if (c != OK)
    return c;
  doc_put_str(paper, "form", tr_args(a, who->lang, TR("番号 %1"), case_number, STR_NONE, STR_NONE));
  doc_put_int(paper, "size", SAY_LARGE);
  put_head(&job, party);
  c = put_looks(tx, &job, e);
  if (c != OK)
    return c;
  put_foot(&job, party, here, coordinating);
  *ret = paper;
  return OK;
}
