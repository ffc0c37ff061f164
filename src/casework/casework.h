/* casework.h: ケース — one stretch of support for one person — its lead, its records, its next step. */
#ifndef CASEWORK_CASEWORK_H
#define CASEWORK_CASEWORK_H
#include "network/network.h"
#include "person/person.h"

/* Statuses of a case (受付 … 終結). */
/* clang-format off */
#define CASE_STATUSES(X) \
  X("reception", "受付") X("urgent", "緊急支援") X("screening", "スクリーニング") X("assessment", "アセスメント") \
  X("plan", "プラン") X("support", "支援中") X("review", "評価") X("watch", "見守り") X("closed", "終結")
/* clang-format on */

struct case_head { /* the clock of a case: codes and dates, no content */
  id64 id, person;
  struct str number, status, density, origin, next_date;
  ts_t opened_at, last_contact_at;
  id64 author_organization, lead_organization, lead_user;
  int64_t rev;
  bool unconfirmed; /* 同意未確認 */
  bool moved;       /* closed, and to another network (ケース移管), which has not refused it */
};

/* A new case for the scope's person: number by fiscal year (R8-0001 …), the actor's organization leads, the actor is assigned and lead
 * worker. */
enum code case_open(struct tx *tx, const struct scope *s, struct str origin, struct str density, id64 *ret_case,
                    struct err *e) MUST_CHECK;
/* A case number as it is written here (R8-00012), from what somebody typed: full width, small letters, another hyphen, without the zeros. */
struct str case_number_typed(struct arena *a, struct str typed);
struct record_new;
/* A case that was begun elsewhere before this program knew of it: as it stood there. lead_user 0: nobody yet, which every list shows. */
struct case_begun {
  struct str origin, density, status, next_date; /* codes; ISO day or empty */
  ts_t opened_at, closed_at, last_contact_at;    /* 0: not, or not known */
  id64 lead_user;
  const struct record_new
      *first; /* NULL: no record yet. Last contact and next step are those above, whatever it says */
};
enum code case_open_begun(struct tx *tx, const struct scope *s, const struct case_begun *b, id64 *ret_case,
                          struct err *e) MUST_CHECK;
/* The case behind a URL's id and the scope of its person for `action`. NOT_FOUND as access_open() says it. */
enum code case_enter(struct tx *tx, const struct actor *who, enum action action, id64 case_id,
                     struct case_head *ret_head, const struct scope **ret_scope, struct err *e) MUST_CHECK;
/* The map `strip` of templates/part_strip: person_strip() plus the case's part, and what to call the person by. */
enum code case_strip(struct tx *tx, const struct scope *s, const struct case_head *c, struct arena *a,
                     const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;
/* What a leaf of the hand-over book shows of it: person_strip_liked(), case_id, href, number, call, density, has_next, next, next_late. */
enum code case_leaf(struct tx *tx, const struct scope *s, const struct case_head *c, struct arena *a,
                    const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;
/* 方法 of a record in the reader's language; a code that is none stays as it is. */
struct str case_method_word(enum lang lang, struct str code);
/* 段階 in the reader's language. */
struct str case_status_label(enum lang lang, struct str status);
/* The same, and of a closed case that moved away: 終結（移管）. */
struct str case_stage_label(enum lang lang, struct str status, bool moved);
/* A 14, B 30, C 90 days without contact: late. */
int case_density_days(struct str density);
bool case_contact_late(struct str density, ts_t last_contact, ts_t now);
/* Where the next page of a list goes on: after the line of this instant and id. In an address "instant-id". */
struct case_cursor {
  ts_t at;
  id64 id;
};
/* Empty text: the first page. */
bool case_cursor_parse(struct str text, struct case_cursor *ret);
struct str case_cursor_text(struct arena *a, struct case_cursor c);
/* The parts of templates/case_show that casework itself holds: strip, stages, timeline (records), tasks, team, facts, family. Records
 * are shown to whom RECORD_READ opens them; who else works on it to whom the course of support is open. */
enum { CASE_PAGE_RECORDS = 10 }; /* records a page of a case */
struct case_records {            /* which of them */
  struct case_cursor before;
  bool none, only;   /* the reader asked for something else; for nothing else */
  struct str method; /* empty: all */
};
enum code case_show(struct tx *tx, const struct scope *s, const struct case_head *c, struct arena *a,
                    const struct reader *who, const struct case_records *of, struct doc **ret,
                    struct err *e) MUST_CHECK;

/* The records alone of a case's page: puts timeline[], has_more, more_from (the cursor) and more_href. `page`: any scope of the person; what is read is told by its event. For
 * PRINT the records that may be printed. */
enum code case_put_timeline(struct tx *tx, const struct scope *page, const struct case_head *h, struct arena *a,
                            const struct reader *who, const struct case_records *of, struct doc *d,
                            struct err *e) MUST_CHECK;

/* Puts has_team and team[] {organization_id, organization, part, who}: who works on it, as far as the scope may know. */
enum code case_put_team(struct tx *tx, const struct scope *s, const struct case_head *h, struct arena *a,
                        const struct reader *who, struct doc *d, struct err *e) MUST_CHECK;

enum case_view { CASES_MINE, CASES_ALL, CASES_CLOSED };
/* templates/case_list: the cases the actor may see, newest change first; `words` (may be empty) match number, name or kana, folded.
 * `cursor`: more_from of the page before. */
enum code case_list(struct tx *tx, const struct scope *list, enum case_view view, struct str words, struct str cursor,
                    struct arena *a, const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;

enum case_order { CASES_BY_CHANGE, CASES_BY_NEXT, CASES_BY_LAST, CASES_BY_DENSITY, CASES_BY_NUMBER, CASES_BY_OPENED };
struct case_choice {
  enum case_view view;
  struct str density, status; /* codes; empty: any */
  id64 worker, lead;          /* who of the own organization is in charge; which organization leads; 0: any */
  enum case_order by;
  bool falls;
  int64_t skip;
};
/* The same page for somebody who chose what and in which order: looks at the clock of every case of the view, where case_list() reads one page
 * off an index. more_from is empty. */
enum code case_list_chosen(struct tx *tx, const struct scope *list, const struct case_choice *choice, struct arena *a,
                           const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;

/* Who tells how a case goes (CASE_TELLER of access/visible.h): who leads, or where nobody does, who began it. */
static inline id64 case_teller(id64 lead, id64 author)
{
  return lead ? lead : author;
}

/* Of cases that others lead: may the reader know how they go (as on the page: show.c)? n <= LIMIT_PAGE_ROWS; lines.c. */
struct case_told {
  id64 person, teller; /* case_teller() */
  bool told;
};
enum code case_mark_told(struct tx *tx, const struct scope *list, struct case_told *of, size_t n,
                         struct err *e) MUST_CHECK;

/* What the choice's worker and lead may be: lists of {id, name}. */
enum code case_list_choices(struct tx *tx, const struct scope *list, struct arena *a, struct doc **colleagues,
                            struct doc **leaders, struct err *e) MUST_CHECK;

/* ---- the course of a case: what changed, by whom and why (course.c) */
/* The table of transitions: false where a status may not follow. Closing, reopening and going back need a reason. */
bool case_may_become(struct str from, struct str to);
bool case_needs_reason(struct str from, struct str to);
struct case_change {
  struct str was;             /* the status as the one who changes it saw it */
  struct str status, density; /* as they shall be; equal: stays */
  struct str reason;          /* may be empty where none is needed */
  struct date next_date;      /* unknown: stays */
};
/* Is anything of it another than it stands? */
bool case_changes(const struct case_head *h, const struct case_change *ch);
/* What changes nothing writes nothing. By the organization that leads, or by anybody who works on it and knows how it goes where none does: else DENIED. CONFLICT when somebody was faster; INVALID for a
 * status that may not follow, a reason that is missing, or closing while an answer is awaited. */
enum code case_change(struct tx *tx, const struct scope *s, const struct case_head *h, const struct case_change *ch,
                      struct err *e) MUST_CHECK;
/* Is how the case goes (stage, density, dates, lead) for the scope to know? */
bool case_clock_told(const struct scope *s, const struct case_head *h);
/* May the scope's organization say how the case goes on? */
bool case_directs(const struct scope *s, const struct case_head *h);

/* Who of the scope's organization may work on it: list of {id, name, assigned, lead}; nobody who is barred from the person. */
enum code case_workers(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, struct doc **ret,
                       struct err *e) MUST_CHECK;
/* From one to the other: leads on where the one led. OK also where that was done already. INVALID: `to` may not have it (it names the case's
 * number), or somebody else has it by now. */
enum code case_hand(struct tx *tx, const struct scope *s, const struct case_head *h, id64 from, id64 to,
                    struct err *e) MUST_CHECK;
struct case_staffing {
  id64 worker; /* who works on it from now on; 0: nobody new */
  bool lead;   /* … and leads */
  id64 leaves; /* who does so no more; 0: nobody */
};
/* Only one's own organization's people; the lead worker is the lead organization's. INVALID: not one of case_workers(), or the lead would
 * be left without anybody. */
enum code case_staff(struct tx *tx, const struct scope *s, const struct case_head *h, const struct case_staffing *st,
                     struct err *e) MUST_CHECK;

/* The course for a file that leaves: of the steps that the scope's organization wrote those that `as` may see too, oldest first, less who came and
 * went: list of {at, kind, what, said}, of the kind "withdrawal" with step (int) and note. */
enum code case_course_for(struct tx *tx, const struct scope *s, const struct scope *as, id64 case_id, struct arena *a,
                          const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;

/* 課内代行: four hours for the actor, `s` being his scope of STAND_IN. The reason is required; it stands in the case's course, where those who
 * work on it see it. */
enum { STAND_IN_MS = 4 * 60 * 60 * 1000 };
enum code case_stand_in(struct tx *tx, const struct scope *s, id64 case_id, struct str reason,
                        struct err *e) MUST_CHECK;

/* The six steps of withdrawal (0 登校渋り … 5 ほぼ外出なし), over time. */
enum { WITHDRAWAL_STEPS = 6 };
struct str case_withdrawal_label(enum lang lang, int step);
enum code case_withdrawal_add(struct tx *tx, const struct scope *s, id64 case_id, struct date day, int step,
                              struct str note, struct err *e) MUST_CHECK;
/* List of {at, day (ISO), when, step, label, note, by}, oldest first. */
enum code case_withdrawal_list(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a,
                               const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;
/* Puts has_steps, steps[] (of the list, newest first) and the line through them in a drawing of 640 x 200: line and dots (paths), levels[]
 * {step, label, text_y, d (path)}, first and last (days). */
void case_put_withdrawal(struct doc *data, const struct doc *oldest_first, struct arena *a, enum lang lang);
/* The course as moments of the timeline (docs/ui.md), newest first, each with `at`. */
enum code case_course(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, const struct reader *who,
                      struct doc **ret, struct err *e) MUST_CHECK;

/* The cases of the same list, a page at a time, newest change first: for a file of them. */
struct case_line { /* nothing in it is about the person alone; texts live in the list's arena */
  id64 id, person, lead_organization_id, lead_user_id, author_organization_id; /* 0: none */
  struct str number, status, density, next_date;
  struct str lead_organization, lead_worker;
  ts_t last_contact_at;
  int64_t open_connections;
  bool concealed, unconfirmed, moved;
  bool
      told; /* how it goes: false where the reader has nothing but what it wrote itself; then all but id, person and number are empty */
};
typedef enum code (*case_page_fn)(void *arg, const struct case_line *lines, size_t n, struct err *e);
enum code case_each_page(struct tx *tx, const struct scope *list, enum case_view view, struct arena *a, case_page_fn fn,
                         void *arg, struct err *e) MUST_CHECK;

/* ---- is this person known? (person/find.h) The part of templates/case_new that says so: searched, has_found, found[], more_found, likely,
 * elsewhere. `list`: a scope of PERSON_FIND, in a transaction past row-level security. A query that asks for nothing: searched false. */
struct found {
  struct doc *list;                         /* NULL: nothing was looked for */
  bool more, likely, elsewhere, asked_more; /* asked_more: what was asked could tell of other organizations */
};
struct find_query;
enum code case_found(struct tx *tx, const struct scope *list, const struct find_query *q, struct arena *a,
                     const struct reader *who, struct found *ret, struct err *e) MUST_CHECK;
void case_put_found(const struct found *f, struct arena *a, struct doc *data);

/* Puts the strip of one of the scope's person's cases into a page's data. */
enum code case_put_strip(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, const struct reader *who,
                         struct doc *data, struct err *e) MUST_CHECK;
/* The scope's person's newest case. */
enum code case_newest(struct tx *tx, const struct scope *s, id64 *ret_case, struct err *e) MUST_CHECK;
/* An organization joins (on acceptance): participation; idempotent. */
enum code case_join(struct tx *tx, const struct scope *s, id64 case_id, id64 organization, enum part part,
                    struct err *e) MUST_CHECK;
/* An organization leaves (its consent is gone): participation and assignments end. */
enum code case_leave(struct tx *tx, const struct scope *s, id64 case_id, id64 organization, struct err *e) MUST_CHECK;
/* How the case goes (closed, changed when) is told to each organization that takes part and may know: after whatever changed it (tell.c). To the
 * others it stays as it was when they were told last, in every list. */
enum code case_tell(struct tx *tx, const struct scope *s, id64 case_id, struct err *e) MUST_CHECK;
/* The same of all cases of the scope's person: somebody may know more from now on. */
enum code case_tell_all(struct tx *tx, const struct scope *s, struct err *e) MUST_CHECK;
/* Does the scope's organization lead it? */
enum code case_leads(struct tx *tx, const struct scope *s, id64 case_id, bool *ret, struct err *e) MUST_CHECK;
/* Lead moves (hand-over) from one organization to another, whose `user` becomes lead worker; the old lead is partner in the same instant.
 * CONFLICT when `from` does not lead any more. */
enum code case_move_lead(struct tx *tx, const struct scope *s, id64 case_id, id64 from, id64 organization, id64 user,
                         struct err *e) MUST_CHECK;
enum code case_assign(struct tx *tx, const struct scope *s, id64 case_id, id64 organization, id64 user,
                      struct err *e) MUST_CHECK;

struct paragraph_past { /* how it read before a correction */
  struct str text;
  enum source source;
  cats_t category;
  ts_t at; /* of the correction */
};
struct paragraph_new {
  struct str text;
  enum source source;
  cats_t category;
  bool visit;
  const struct paragraph_past *past; /* of a record that comes from elsewhere: oldest first */
  size_t past_count;
};
struct record_past { /* when, how and with whom it was said to be, before a correction */
  ts_t at, replaced_at;
  struct str method, with_whom, place, next;
  struct date next_date;
  int64_t minutes;
};
struct record_new {
  ts_t at;
  struct str method, with_whom, place, next;
  int64_t minutes;       /* 0: not given */
  bool contact;          /* the person or family was met, heard or reached: moves 最終接触日 */
  struct date next_date; /* unknown: the case's next step stays as it is, unless it is done */
  bool next_done;        /* the step that stood there is done, and this record names no other */
  const struct paragraph_new *paragraphs;
  size_t count;
  const struct record_past *past; /* of a record that comes from elsewhere */
  size_t past_count;
};
/* 経過記録. Moves last contact (when someone was met) and, where it says so, the next step of the case. */
enum code record_add(struct tx *tx, const struct scope *s, id64 case_id, const struct record_new *r, id64 *ret_id,
                     struct err *e) MUST_CHECK;

/* "10:02" of a day; without a time the day's noon, so that the order of days holds. */
ts_t record_instant(struct date day, struct str time);

/* What a 訪問記録 says, each answer behind its heading as on paper, whoever reads it in which language. The next visitor reads it, but not what
 * gives concern: that is for those in charge. */
struct visit_words {
  struct str met; /* code: met voice none */
  struct str how, together, response, worry;
};
enum { VISIT_PARAGRAPHS = 3 };
size_t visit_paragraphs(struct arena *a, const struct visit_words *v, struct paragraph_new ret[VISIT_PARAGRAPHS]);
/* What was done together at the newest visit of a timeline (case_put_timeline) that says so; or empty. */
struct str visit_together(struct arena *a, const struct doc *timeline);
/* 会えたか of such a code, as a record keeps it. */
struct str record_met_text(struct str met, struct str method);

/* 引き継ぎ帳 of one case (handover.h): what was written last, as the scope reads it: map of the three codes. */
enum { HANDOVER_TEXTS = 3 };
extern const char *const handover_codes[HANDOVER_TEXTS]; /* promise, worked, failed */
enum code handover_read(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, struct doc **ret,
                        struct err *e) MUST_CHECK;
/* texts[] as the codes; one that is the same, or empty where nothing stood, writes nothing. */
enum code handover_write(struct tx *tx, const struct scope *s, id64 case_id, const struct str texts[HANDOVER_TEXTS],
                         struct err *e) MUST_CHECK;

/* 定型文: how records of an organization begin. */
struct phrase {
  struct str label, method, met, body;
};

enum code phrase_add(struct tx *tx, const struct actor *who, const struct phrase *p, struct err *e) MUST_CHECK;

/* One paragraph of a record of one's own organization gets another text, source or category; the old one stays readable beneath it. A text
 * that is the same changes nothing. CONFLICT when it was corrected in the meantime; NOT_FOUND where the record is not the own one's. */
struct correction {
  id64 paragraph;
  struct paragraph_new p;
};
enum code record_correct(struct tx *tx, const struct scope *s, id64 case_id, id64 record, const struct correction *list,
                         size_t n, struct err *e) MUST_CHECK;
/* When, how and with whom it was, and what comes next (mend.c). The same as it stands changes nothing; what stood before stays readable. The
 * clock of the case follows where it rested on this record. CONFLICT when it was corrected since it had `rev`; INVALID as record_add(). */
struct record_head {
  ts_t at;
  struct str method, with_whom, place, next; /* codes, and texts; may be empty but for the method */
  int64_t minutes, rev;                      /* minutes 0: not given */
  struct date next_date;                     /* unknown: none */
};
enum code record_head_read(struct tx *tx, const struct scope *s, id64 case_id, id64 record, struct arena *a,
                           struct record_head *ret, struct err *e) MUST_CHECK;
/* List of {at, replaced_at, method, with, minutes, place, next, next_date (ISO)}: how the head of an own record read before it was corrected, oldest first,
 * as the scope sees it. `at`: the record's instant. */
enum code record_head_past(struct tx *tx, const struct scope *s, id64 case_id, id64 record, ts_t at, struct arena *a,
                           struct doc **ret, struct err *e) MUST_CHECK;
enum code record_head_correct(struct tx *tx, const struct scope *s, id64 case_id, id64 record,
                              const struct record_head *to, struct err *e) MUST_CHECK;
/* 本人、家族 … of the codes "person family school body" in the reader's language; one that is none stays as it is. */
struct str case_partners_text(struct arena *a, enum lang lang, struct str codes);
/* List of {line, at (of the correction), text, source, category, visit}: how paragraphs of an own record read before they were corrected, oldest
 * first, as the scope sees them. `at`: the record's instant. */
enum code record_replaced(struct tx *tx, const struct scope *s, id64 case_id, id64 record, ts_t at, struct arena *a,
                          struct doc **ret, struct err *e) MUST_CHECK;
/* List of {id, line, text, source, category, visit}: the paragraphs that stand, as the scope sees them. NOT_FOUND as above. */
enum code record_paragraphs(struct tx *tx, const struct scope *s, id64 case_id, id64 record, struct arena *a,
                            struct doc **ret, struct err *e) MUST_CHECK;

#endif
