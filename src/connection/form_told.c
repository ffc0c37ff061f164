/* form_told.c: nobody writes twice what was written once: what a form begins with of those before it, and what one that is finished says
 * for the case. By the codes and linkIds of the forms that ship; a town's own version keeps what it kept of them. */
#include "base/utf8.h"
#include "casework/casework.h"
#include "connection/connection.h"

enum { GOAL = 300 }; /* as much as the column of 評価 holds */

/* ---- what a form begins with ------------------------------------------------------------------------------------------------- */

/* Each line of a goal is one to look back on. */
static void add_goals(struct arena *a, struct doc *rows, struct str text)
{
  struct str line;
  text = utf8_normalize_newlines(a, text);
  while (str_split(&text, '\n', &line)) {
    line = str_trim(line);
    if (line.n)
      doc_put_str(doc_add_map(rows), "goal", utf8_clip(a, line, GOAL));
  }
}

static enum code put_goals(struct tx *tx, const struct scope *s, id64 case_id, struct doc *binds, struct err *e)
{
  struct sheet plan = {0};
  enum code c = sheet_last(tx, s, case_id, "plan", tx_arena(tx), &plan, e);
  if (c != OK || !plan.id)
    return c;
  struct doc *rows = doc_put_list(binds, "rows.goals");
  add_goals(tx_arena(tx), rows, doc_get_str(plan.answers, "goal_long"));
  add_goals(tx_arena(tx), rows, doc_get_str(plan.answers, "goal_short"));
  return OK;
}

/* 前回一緒にしたこと: from the last visit that the writer may read of, and as read it is told. */
static enum code put_last_visit(struct tx *tx, const struct scope *s, id64 case_id, const struct reader *who,
                                struct doc *binds, struct err *e)
{
  struct case_records of = {.method = S("visit")};
  struct case_head head = {0};
  const struct scope *reads = NULL;
  struct doc *found = doc_map(tx_arena(tx));
  (void)case_cursor_parse(STR_NONE, &of.before);
  enum code c = case_enter(tx, scope_actor(s), ACTION_RECORD_READ, case_id, &head, &reads, e);
  if (c == OK)
    c = case_put_timeline(tx, reads, &head, tx_arena(tx), who, &of, found, e);
  if (c == OK)
    doc_put_str(binds, "item.last_time", visit_together(tx_arena(tx), doc_get(found, "timeline")));
  return c;
}

/* The three of 引き継ぎ帳, as its form names them. */
static const char *const book_links[HANDOVER_TEXTS] = {"promises", "worked", "failed"};

static enum code put_book(struct tx *tx, const struct scope *s, id64 case_id, struct doc *binds, struct err *e)
{
  struct doc *stands = NULL;
  struct arena *a = tx_arena(tx);
  enum code c = handover_read(tx, s, case_id, a, &stands, e);
  for (int i = 0; c == OK && i < HANDOVER_TEXTS; i++)
    doc_put_key(binds, str_printf(a, "item.%s", book_links[i]), doc_str(a, doc_get_str(stands, handover_codes[i])));
  return c;
}

enum code form_told(struct tx *tx, const struct scope *s, id64 case_id, const struct form *form,
                    const struct reader *who, struct doc *binds, struct err *e)
{
  if (str_is(form_name(form), "review"))
    return put_goals(tx, s, case_id, binds, e);
  if (str_is(form_name(form), "handover"))
    return put_book(tx, s, case_id, binds, e);
  if (str_is(form_name(form), "visit") && scope_may(s, ACTION_RECORD_READ))
    return put_last_visit(tx, s, case_id, who, binds, e);
  return OK;
}

/* ---- when it is looked at again ---------------------------------------------------------------------------------------------- */

enum code sheet_next_review(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, struct date *ret,
                            const char **ret_what, struct err *e)
{
  struct sheet plan = {0}, review = {0};
  enum code c = sheet_last(tx, s, case_id, "plan", a, &plan, e);
  if (c == OK)
    c = sheet_last(tx, s, case_id, "review", a, &review, e);
  *ret = (struct date){0};
  if (c != OK || (!plan.id && !review.id))
    return c;
  bool reviewed = review.id && (!plan.id || review.frozen_at > plan.frozen_at);
  struct str day = doc_get_str(reviewed ? review.answers : plan.answers, reviewed ? "next_review" : "review_on");
  (void)date_parse_iso(day, ret);
  *ret_what = reviewed ? TR("評価（つぎの評価日）") : TR("支援計画の見直し");
  return OK;
}

/* ---- what a finished form says ----------------------------------------------------------------------------------------------- */

/* "2026-11-18T10:02", or the day alone. */
static bool instant_of(const struct doc *answers, const char *link, ts_t *ret)
{
  enum { DAY = 10, TIME = 5 };
  struct str text = doc_get_str(answers, link);
  struct date day = {0};
  if (!date_parse_iso(str_sub(text, 0, DAY), &day) || !date_known(day))
    return false;
  *ret = record_instant(day, str_sub(text, DAY + 1, TIME));
  return true;
}

/* A visit is a contact, wherever it was written down: it stands among the records, is found, and the case's clock goes by it. */
static enum code tell_visit(struct tx *tx, const struct scope *s, const struct case_head *head,
                            const struct doc *answers, struct err *e)
{
  struct paragraph_new paragraphs[VISIT_PARAGRAPHS];
  struct record_new r = {.at = tx_now(tx), .method = S("visit"), .paragraphs = paragraphs};
  const struct visit_words words = {doc_get_str(answers, "met"), doc_get_str(answers, "how"),
                                    doc_get_str(answers, "together"), doc_get_str(answers, "response"),
                                    doc_get_str(answers, "worry")};
  ts_t until = 0;
  id64 id = 0;
  if (!instant_of(answers, "started_at", &r.at) && !instant_of(answers, "ended_at", &r.at) &&
      !instant_of(answers, "planned_at", &r.at))
    (void)instant_of(answers, "written_on", &r.at);
  if (r.at > tx_now(tx))
    r.at = tx_now(tx);
  if (instant_of(answers, "ended_at", &until) && until > r.at && until - r.at < MS_DAY)
    r.minutes = (until - r.at) / MS_MINUTE;
  r.contact = str_is(words.met, "met") || str_is(words.met, "voice");
  r.with_whom = r.contact ? S("person") : STR_NONE;
  if (date_parse_iso(doc_get_str(answers, "next_on"), &r.next_date) && date_known(r.next_date))
    r.next = str_trim(doc_get_str(answers, "next_what"));
  r.count = visit_paragraphs(tx_arena(tx), &words, paragraphs);
  return record_add(tx, s, head->id, &r, &id, e);
}

static enum code tell_withdrawal(struct tx *tx, const struct scope *s, const struct case_head *head,
                                 const struct doc *answers, struct err *e)
{
  struct str code = doc_get_str(answers, "withdrawal_step");
  struct date day = {0}, today = date_of_ts(tx_now(tx));
  int64_t step = 0;
  if (!code.n || !str_to_i64(code, &step))
    return OK;
  if (!date_parse_iso(doc_get_str(answers, "written_on"), &day) || !date_known(day) || date_compare(day, today) > 0)
    day = today;
  return case_withdrawal_add(tx, s, head->id, day, (int)step, str_from(JA("アセスメントから")), e);
}

/* What the form leaves empty stays in the book as it stands there. */
static enum code tell_book(struct tx *tx, const struct scope *s, const struct case_head *head,
                           const struct doc *answers, struct err *e)
{
  struct doc *stands = NULL;
  struct str texts[HANDOVER_TEXTS];
  enum code c = handover_read(tx, s, head->id, tx_arena(tx), &stands, e);
  for (int i = 0; c == OK && i < HANDOVER_TEXTS; i++) {
    texts[i] = str_trim(doc_get_str(answers, book_links[i]));
    if (!texts[i].n)
      texts[i] = doc_get_str(stands, handover_codes[i]);
  }
  return c == OK ? handover_write(tx, s, head->id, texts, e) : c;
}

/* The day on which it is looked at again is the case's next one, where none stands before it: then it comes up in the day by itself. */
static enum code tell_review(struct tx *tx, const struct scope *s, const struct case_head *head,
                             const struct doc *answers, const char *link, const char *what, struct err *e)
{
  struct date day = {0}, stands = {0}, today = date_of_ts(tx_now(tx));
  bool has = date_parse_iso(head->next_date, &stands) && date_known(stands);
  if (!date_parse_iso(doc_get_str(answers, link), &day) || !date_known(day) || date_compare(day, today) < 0 ||
      (has && date_compare(stands, day) <= 0) || str_is(head->status, "closed") || !case_directs(s, head))
    return OK;
  const struct case_change ch = {.was = head->status,
                                 .status = head->status,
                                 .density = head->density,
                                 .reason = str_from(what),
                                 .next_date = day};
  return case_change(tx, s, head, &ch, e);
}

static enum code tell_plan(struct tx *tx, const struct scope *s, const struct case_head *head,
                           const struct doc *answers, struct err *e)
{
  return tell_review(tx, s, head, answers, "review_on", JA("支援計画の見直し"), e);
}

static enum code tell_reviewed(struct tx *tx, const struct scope *s, const struct case_head *head,
                               const struct doc *answers, struct err *e)
{
  return tell_review(tx, s, head, answers, "next_review", JA("つぎの評価"), e);
}

/* Of which form, under which right it is told, and how; a form of another code tells nothing. */
static const struct {
  const char *code;
  enum action action;
  enum code (*tell)(struct tx *tx, const struct scope *s, const struct case_head *head, const struct doc *answers,
                    struct err *e);
} tellers[] = {{"visit", ACTION_RECORD_WRITE, tell_visit},
               {"assessment", ACTION_RECORD_WRITE, tell_withdrawal},
               {"handover", ACTION_CASE_WRITE, tell_book},
               {"plan", ACTION_CASE_WRITE, tell_plan},
               {"review", ACTION_CASE_WRITE, tell_reviewed}};

enum code sheet_tell_case(struct tx *tx, const struct scope *s, const struct sheet *sheet, const struct doc *answers,
                          struct err *e)
{
  struct case_head head = {0};
  const struct scope *writes = NULL;
  for (size_t i = 0; i < sizeof tellers / sizeof *tellers; i++) {
    if (!str_is(sheet->form_code, tellers[i].code) || !scope_may(s, tellers[i].action))
      continue;
    enum code c = case_enter(tx, scope_actor(s), tellers[i].action, sheet->case_id, &head, &writes, e);
    return c == OK ? tellers[i].tell(tx, writes, &head, answers, e) : c;
  }
  return OK;
}
