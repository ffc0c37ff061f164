/* paper.c: the paper for whoever asks at the counter: large type, short sentences, readings above. */
#include "network/network.h"
#include "seen/words.h"
#include "view/print.h"

enum { CHUNK = 500, LARGE = 12 };

struct paper_job {
  const struct scope *party;
  struct arena *a;
  const struct reader *who;
  struct doc *blocks;
  struct date day;  /* under way; unknown: none yet */
  int shown;        /* lines */
  int64_t taken;    /* rows read */
  bool full, whole; /* no more room; all rows read */
};

/* ---- sentences: a pattern of the catalog with readings, in it %1 (plain: names) and %2 (with readings) ----------------- */

static void add_marked(struct doc *pieces, struct arena *a, struct str marked)
{
  struct doc *more = print_ruby(a, marked);
  for (size_t i = 0; i < doc_size(more); i++)
    doc_add(pieces, doc_at(more, i));
}

static void add_bold(struct doc *pieces, struct str plain)
{
  struct doc *d = doc_add_map(pieces);
  doc_put_str(d, "text", plain);
  doc_put_bool(d, "bold", true);
}

static void say(struct doc *pieces, struct arena *a, struct str pattern, struct str plain, struct str marked)
{
  for (;;) {
    const char *at = pattern.n ? memchr(pattern.p, '%', pattern.n) : NULL;
    size_t before = at ? (size_t)(at - pattern.p) : pattern.n;
    add_marked(pieces, a, str_sub(pattern, 0, before));
    if (!at || before + 1 >= pattern.n)
      return;
    if (at[1] == '1' && plain.n)
      add_bold(pieces, plain);
    else if (at[1] == '2')
      add_marked(pieces, a, marked);
    pattern = str_sub(pattern, before + 2, pattern.n);
  }
}

static void add_text(struct paper_job *job, const char *kind, struct str pattern, struct str plain, struct str marked)
{
  say(doc_put_list(print_add(job->blocks, kind), "text"), job->a, pattern, plain, marked);
}

static void add_line(struct paper_job *job, const char *kind, const char *sentence)
{
  add_text(job, kind, tr(job->who->lang, sentence), STR_NONE, STR_NONE);
}

/* ---- the looks -------------------------------------------------------------------------------------------------------- */

static void put_look(struct paper_job *job, const struct seen_row *row)
{
  struct arena *a = job->a;
  enum lang lang = job->who->lang;
  struct date day = date_of_ts(row->look.at);
  if (date_compare(day, job->day)) {
    add_text(job, "heading", S("%2"), STR_NONE, words_day(a, job->who, row->look.at, true));
    job->day = day;
  }
  struct doc *text = doc_put_list(print_add(job->blocks, "text"), "text");
  bool with_day = scope_shows_consent(job->party, row->look.reason_ref);
  say(text, a, tr(lang, TR("%2　")), STR_NONE, words_time(a, lang, row->look.at));
  say(text, a, tr(lang, TR("%1が %2。")), words_who(a, lang, row->organization, row->job),
      words_did(lang, row->look.action));
  doc_add_str(text, S("\n"));
  say(text, a, tr(lang, TR("　理由《りゆう》：%2")), STR_NONE, words_reason(a, job->who, row, with_day));
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
    add_line(job, "text", TR("この 紙《かみ》に 書《か》く ものは、ありません。"));
  if (c == OK && job->full)
    add_line(job, "text",
             TR("これより 前《まえ》の ことは、この 紙《かみ》を わたした 人《ひと》に 聞《き》いて ください。"));
  return c;
}

/* ---- around them -------------------------------------------------------------------------------------------------------- */

static void put_head(struct paper_job *job, enum party party)
{
  add_line(job, "title", TR("だれが 見《み》たか"));
  if (party == PARTY_PERSON)
    add_line(job, "text",
             TR("あなたの ことが 書《か》いて ある ものを、だれが、いつ、どうして 見《み》たか。"
                "それを 書《か》いた 紙《かみ》です。"));
  else
    add_line(job, "text",
             TR("あなたが いま「伝《つた》えて よい」と 言《い》って いる ところが、お子《こ》さんの ことが "
                "書《か》いて ある ものを"
                " 見《み》たか。それを 書《か》いた 紙《かみ》です。"));
  add_line(job, "text",
           TR("人《ひと》の 名前《なまえ》は 書《か》いて いません。はたらいて いる ところと、仕事《しごと》の "
              "名前《なまえ》を"
              " 書《か》いて います。"));
  (void)print_add(job->blocks, "line");
}

static void put_foot(struct paper_job *job, enum party party, struct str here, struct str coordinating)
{
  enum lang lang = job->who->lang;
  (void)print_add(job->blocks, "line");
  add_line(job, "heading", TR("ことばの 意味《いみ》"));
  add_line(
      job, "text",
      party == PARTY_PERSON
          ? TR("「同意《どうい》」は、あなたや 保護者《ほごしゃ》が「伝《つた》えて よい」と 言《い》った ことです。")
          : TR("「同意《どうい》」は、「伝《つた》えて よい」と 言《い》った ことです。"));
  add_line(job, "text", TR("「担当《たんとう》」は、応援《おうえん》する 仕事《しごと》を して いる ことです。"));
  if (party == PARTY_PERSON) {
    add_line(job, "text", TR("法律《ほうりつ》の きまりで、同意《どうい》が なくても 見《み》る ことが あります。"));
    add_line(job, "text", TR("同意《どうい》を やめても、法律《ほうりつ》の きまりは 変《か》わりません。"));
  }
  add_line(job, "heading", TR("聞《き》きたい ことが ある とき"));
  add_line(job, "text", TR("わからない こと、いやな ことが あったら、聞《き》いて ください。"));
  add_text(job, "text", tr(lang, TR("聞《き》く ところ：%1")), here, STR_NONE);
  if (coordinating.n && !str_eq(coordinating, here))
    add_text(job, "text", tr(lang, TR("ここでも 聞《き》く ことが できます：%1")), coordinating, STR_NONE);
}

/* Who printed it: organization and job, as everywhere on this paper. */
static enum code put_printer(struct tx *tx, const struct scope *staff, struct paper_job *job, struct doc *paper,
                             struct str *ret_here, struct err *e)
{
  struct str name = STR_NONE, job_word = STR_NONE;
  enum code c = organization_name(tx, scope_organization(staff), job->a, ret_here, e);
  if (c == OK)
    c = user_name(tx, scope_actor(staff)->user, job->a, &name, &job_word, e);
  if (c != OK)
    return c;
  struct doc *footer = doc_put_map(paper, "footer");
  doc_put_str(footer, "by", words_who(job->a, job->who->lang, *ret_here, job_word));
  doc_put_str(footer, "at", ts_text(job->a, tx_now(tx), job->who->wareki));
  doc_put_str(paper, "made", ts_iso(job->a, tx_now(tx)));
  return OK;
}

/* ---- for whom ----------------------------------------------------------------------------------------------------------- */

/* Whoever may not know of the guardian prints nothing for one. */
static enum code known_guardian(struct tx *tx, const struct scope *staff, id64 guardian, struct arena *a,
                                const struct reader *who, struct err *e)
{
  struct doc *known = NULL;
  struct str id = id_text(a, guardian);
  enum code c = person_guardians(tx, staff, a, who, &known, e);
  if (c != OK)
    return c;
  for (size_t i = 0; i < doc_size(known); i++)
    if (str_eq(doc_get_str(doc_at(known, i), "id"), id))
      return OK;
  return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
}

enum code seen_paper(struct tx *tx, const struct scope *staff, struct str case_number, enum party party, id64 guardian,
                     struct arena *a, const struct reader *who, struct doc **ret, struct err *e)
{
  struct paper_job job = {.a = a, .who = who};
  struct str here = STR_NONE, coordinating = STR_NONE;
  struct doc *paper = print_new(a, TR("だれが見たか"), &job.blocks);
  enum code c = party == PARTY_GUARDIAN ? known_guardian(tx, staff, guardian, a, who, e) : OK;
  if (c == OK)
    c = access_open_for_party(tx, staff, party, guardian, &job.party, e);
  if (c == OK)
    c = put_printer(tx, staff, &job, paper, &here, e);
  if (c == OK)
    c = seen_sql_coordinating(tx, a, &coordinating, e);
  if (c != OK)
    return c;
  doc_put_str(paper, "form", tr_args(a, who->lang, TR("番号 %1"), case_number, STR_NONE, STR_NONE));
  doc_put_int(paper, "size", LARGE);
  put_head(&job, party);
  c = put_looks(tx, &job, e);
  if (c != OK)
    return c;
  put_foot(&job, party, here, coordinating);
  *ret = paper;
  return OK;
}
