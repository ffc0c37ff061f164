/* progress.h: 進行状況一覧 — the clock of every open case for the coordinating body: codes and dates, no name and no content — and
 * 状況をたずねる: the coordinating body asks who leads a case, a sender asks the receiver of its sheet. Who is asked finds it on top
 * of the day until something of its own has been written since. */
#ifndef PROGRESS_PROGRESS_H
#define PROGRESS_PROGRESS_H
#include "casework/casework.h"
#include "connection/connection.h"
#include "view/csv.h"

/* What a case is stuck at, the worst first; a case stands under its worst one. */
/* clang-format off */
#define STUCKS(X) \
  X(SILENCE, "silence", "返事がない", "s-overdue", "bad") \
  X(CONTACT, "contact", "接触がない", "s-overdue", "bad") \
  X(NO_LEAD, "no_lead", "主担当がいない", "s-overdue", "bad") \
  X(DUE, "due", "期日を過ぎた", "s-received", "warn") \
  X(NO_NEXT, "no_next", "予定がない", "s-received", "warn") \
  X(NOTHING, "going", "進んでいる", "s-accepted", "good")
/* clang-format on */
enum stuck {
#define X(name, code, word, shape, class) STUCK_##name,
  STUCKS(X)
#undef X
      STUCK_COUNT
};

/* What is listed: `all` every open case; else those stuck at `at`. */
enum clock_order { CLOCK_BY_STUCK, CLOCK_BY_NUMBER, CLOCK_BY_LEAD, CLOCK_BY_LAST, CLOCK_BY_NEXT, CLOCK_BY_WAITING };
struct progress_view {
  bool all;
  enum stuck at;
  id64 lead; /* whom one organization leads; 0: whoever does */
  enum clock_order by;
  bool falls;
  int64_t skip;
};
/* templates/progress but for what is around the rows (gate/list.h). `list`: a scope for CLOCK_LIST. */
enum code progress_page(struct tx *tx, const struct scope *list, const struct progress_view *view, struct arena *a,
                        const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;

/* The first few that nobody answers, touches or leads: of templates/progress cases[], has_cases and has_more. `list`: as for progress_page(). */
enum { PROGRESS_WORST = 10 };
enum code progress_worst(struct tx *tx, const struct scope *list, struct arena *a, const struct reader *who,
                         struct doc **ret, struct err *e) MUST_CHECK;

/* Who leads an open case: list of {id, name}. `list`: as for progress_page(). */
enum code progress_leaders(struct tx *tx, const struct scope *list, struct arena *a, struct doc **ret,
                           struct err *e) MUST_CHECK;

/* All of them as a table with its heads, skip left out. `list`: a scope for CLOCK_EXPORT. LIMIT beyond PROGRESS_FILE. */
enum { PROGRESS_FILE = 20000 };
enum code progress_table(struct tx *tx, const struct scope *list, const struct progress_view *view, struct arena *a,
                         const struct reader *who, struct csv_table *ret, struct err *e) MUST_CHECK;

/* The coordinating body asks the organization that leads the case. `ask`: a scope for CLOCK_ASK. NOT_FOUND: no such open case; CONFLICT: nobody
 * leads it, or it was asked today already. */
enum code progress_ask_lead(struct tx *tx, const struct scope *ask, id64 case_id, struct err *e) MUST_CHECK;
/* The sender asks the receiver. `s`: the scope of its person, for SHEET_SEND. CONFLICT: it waits for nothing, or was asked today already. */
enum code progress_ask_receiver(struct tx *tx, const struct scope *s, const struct connection *c,
                                struct err *e) MUST_CHECK;

#endif
