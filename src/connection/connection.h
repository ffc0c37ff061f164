/* connection.h: つなぐシート and つなぎ — a sheet goes from hand to hand and comes back with an answer. States:
 * draft -> sent -> received -> accepted | returned | declined -> in_progress -> answered -> closed; withdrawn and expired end it. The
 * table of transitions stands in state.c. `received` is set by opening. What a receiver writes back is kept once for each side: each holds
 * its own, also after a withdrawal. */
#ifndef CONNECTION_CONNECTION_H
#define CONNECTION_CONNECTION_H
#include "casework/casework.h"
#include "form/form.h"
#include "view/csv.h"

/* name, code, word, shape and colour (docs/ui.md) */
/* clang-format off */
#define CONNECTION_STATES(X) \
  X(DRAFT, "draft", "下書き", "s-draft", "quiet") \
  X(SENT, "sent", "送りました", "s-sent", "going") \
  X(RECEIVED, "received", "届きました", "s-received", "going") \
  X(ACCEPTED, "accepted", "引き受けました", "s-accepted", "good") \
  X(RETURNED, "returned", "差し戻し", "s-returned", "warn") \
  X(DECLINED, "declined", "お受けできない", "s-declined", "bad") \
  X(IN_PROGRESS, "in_progress", "対応中", "s-accepted", "good") \
  X(ANSWERED, "answered", "返事あり", "s-answered", "good") \
  X(CLOSED, "closed", "終えました", "s-closed", "quiet") \
  X(WITHDRAWN, "withdrawn", "取り消されました", "s-withdrawn", "quiet") \
  X(EXPIRED, "expired", "期限切れ", "s-expired", "quiet")
/* clang-format on */

enum connection_state {
#define X(name, code, word, shape, class) CONNECTION_##name,
  CONNECTION_STATES(X)
#undef X
      CONNECTION_STATE_COUNT
};
enum connection_step {
  STEP_SEND,
  STEP_OPEN,
  STEP_ACCEPT,
  STEP_RETURN,
  STEP_DECLINE,
  STEP_ATTEMPT,
  STEP_CONTACT,
  STEP_ANSWER,
  STEP_CLOSE,
  STEP_WITHDRAW,
  STEP_EXPIRE,
  STEP_COUNT
};
/* The transition table: false when the step is not allowed in the state. */
bool connection_next(enum connection_state from, enum connection_step step, enum connection_state *ret_to);
const char *connection_state_code(enum connection_state s);
const char *connection_state_label(enum connection_state s); /* catalog id */
bool connection_state_parse(struct str code, enum connection_state *ret);
/* 支援依頼 / 引継ぎ; "" for none. */
struct str connection_kind_word(enum lang lang, struct str kind);
/* Puts state {word, shape, class}. */
void connection_put_state(struct doc *d, enum lang lang, enum connection_state s);

/* ---- sheets ------------------------------------------------------------------------------------------------------- */
struct sheet {
  id64 id, case_id, person, author_organization, author_user;
  struct str form_code, form_version, status; /* draft, frozen */
  struct doc *answers;                        /* canonical, opened; NULL where the sheet is not seen */
  struct str sealed;
  ts_t changed_at, frozen_at;
  int64_t rev;
  id64 previous; /* the version that came back; 0: none */
  bool recorded; /* sheet_put_agreement() found consent or a refusal: those answers are not the form's to change */
};
enum { SHEET_RECEIVERS = 20 };

/* A new draft for the case, filled from what the scope sees of the person. */
enum code sheet_begin(struct tx *tx, const struct scope *s, id64 case_id, const struct reader *who, id64 *ret_sheet,
                      struct err *e) MUST_CHECK;
/* The same on another form (formbook/formbook.h): アセスメント, プラン … */
enum code sheet_begin_form(struct tx *tx, const struct scope *s, id64 case_id, struct str code,
                           const struct reader *who, id64 *ret_sheet, struct err *e) MUST_CHECK;
/* A sheet behind a URL's id with the scope of its person for `action` (SHEET_READ, SHEET_WRITE, SHEET_SEND). Writing and sending are for
 * its own organization; a draft is seen by its own organization only. */
enum code sheet_enter(struct tx *tx, const struct actor *who, enum action action, id64 id, struct arena *a,
                      struct sheet *ret, const struct scope **ret_scope, struct err *e) MUST_CHECK;
/* The sheet behind a connection that was just entered; its answers stay NULL where the scope does not see it (any more). While its sender
 * mends one that came back, others see the version that was sent. */
enum code sheet_of_connection(struct tx *tx, const struct scope *s, id64 id, struct arena *a, struct sheet *ret,
                              struct err *e) MUST_CHECK;
extern const char *const sheet_recorded_links[]; /* ends with NULL */
/* Puts what was recorded of the consent towards the sheet's receivers into 「8 提供の同意」 of the opened answers; where nothing was, what was
 * typed stays. sheet_enter() does so for a draft, and what is sent keeps it. */
enum code sheet_put_agreement(struct tx *tx, const struct scope *s, struct sheet *sheet, struct arena *a,
                              struct err *e) MUST_CHECK;
/* Names those whom the sheet goes to under 「7 紹介先」 of the opened answers, where no row names them yet. sheet_enter() does so for a draft, and
 * what is sent keeps it. */
enum code sheet_put_receivers(struct tx *tx, struct sheet *sheet, struct arena *a, struct err *e) MUST_CHECK;
/* Takes out of `answers` the rows that say no more than the name of one of `before` (texts) to whom it does not go any more. */
enum code sheet_drop_receivers(struct tx *tx, const struct sheet *sheet, const struct doc *before, struct arena *a,
                               struct doc *answers, struct err *e) MUST_CHECK;
/* To whom else it goes is between the person and the one who wrote it: for a scope of others the rows of other receivers are left out of the
 * opened answers. Whatever opens a sheet does so. */
enum code sheet_veil_receivers(struct tx *tx, const struct scope *s, struct sheet *sheet, struct arena *a,
                               struct err *e) MUST_CHECK;
struct connection;
/* A new draft with the answers of a sheet that came back, for the same connection; the draft that stands where it was begun already.
 * `s`: for SHEET_WRITE. CONFLICT: it did not come back. */
enum code sheet_begin_again(struct tx *tx, const struct scope *s, const struct connection *c, id64 *ret_sheet,
                            struct err *e) MUST_CHECK;
/* A new draft for another place, where nobody took it (declined, expired): with what the records say today and what the person had said for the
 * first, without whom that was and what was agreed to; the draft that stands where it was begun already. `s`: for SHEET_WRITE. */
enum code sheet_begin_elsewhere(struct tx *tx, const struct scope *s, const struct connection *c,
                                const struct reader *who, id64 *ret_sheet, struct err *e) MUST_CHECK;
#define SHEET_FORM "tsunagu-sheet" /* the つなぐシート among the forms */
/* The definition a sheet was written on. */
enum code sheet_form(struct tx *tx, struct arena *a, const struct sheet *sheet, const struct form **ret,
                     struct err *e) MUST_CHECK;
/* The map `sheet` of templates/part_sheet under a scope: what exactly this reader sees. to: 0 before a receiver is chosen. */
enum code sheet_view(struct tx *tx, const struct scope *s, const struct sheet *sheet, id64 to, ts_t sent_at,
                     struct str kind, struct arena *a, const struct reader *who, struct doc **ret,
                     struct err *e) MUST_CHECK;
/* How the form engine shows it under a scope: masks, concealment. */
struct form_context sheet_context(const struct scope *s, const struct sheet *sheet, struct arena *a,
                                  const struct reader *who);
/* Replaces the draft's answers (canonical). rev of the sheet as read: CONFLICT when somebody else was faster. */
enum code sheet_save(struct tx *tx, const struct scope *s, const struct sheet *sheet, const struct doc *answers,
                     struct err *e) MUST_CHECK;
/* The draft is finished with these answers and does not change any more. CONFLICT as sheet_save(). */
enum code sheet_finish(struct tx *tx, const struct scope *s, const struct sheet *sheet, const struct doc *answers,
                       struct err *e) MUST_CHECK;
/* What the own organization finished last on a form of this code, opened; id 0: nothing yet. */
enum code sheet_last(struct tx *tx, const struct scope *s, id64 case_id, const char *code, struct arena *a,
                     struct sheet *ret, struct err *e) MUST_CHECK;
/* What was written before and a new form of this code begins with (docs/forms.md, "One form and the next"): puts it among the binds. */
enum code form_told(struct tx *tx, const struct scope *s, id64 case_id, const struct form *form,
                    const struct reader *who, struct doc *binds, struct err *e) MUST_CHECK;
/* The day on which the own organization's newest 支援計画 or 評価 wants to be looked at again, and what for (catalog id); unknown: none stands there. */
enum code sheet_next_review(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, struct date *ret,
                            const char **ret_what, struct err *e) MUST_CHECK;
/* What a form that was finished just now says for the case itself: a visit is a record, a step of withdrawal a point of its line,
 * what the next worker should know stands in the book. */
enum code sheet_tell_case(struct tx *tx, const struct scope *s, const struct sheet *sheet, const struct doc *answers,
                          struct err *e) MUST_CHECK;
/* A sheet that was finished at `at` in another network, on a version of formbook_keep(): frozen, another body's words. Canonical answers. */
enum code sheet_take(struct tx *tx, const struct scope *s, id64 case_id, const struct form *form,
                     const struct doc *answers, ts_t at, struct err *e) MUST_CHECK;
/* The receivers of a draft become exactly these: organizations that stand, not the own one. */
enum code sheet_choose(struct tx *tx, const struct scope *s, const struct sheet *sheet, const id64 *organizations,
                       size_t count, struct str kind, struct err *e) MUST_CHECK;
/* One more; one that is chosen already stays. */
enum code sheet_add_receiver(struct tx *tx, const struct scope *s, const struct sheet *sheet, id64 organization,
                             struct err *e) MUST_CHECK;
/* What the sheet would be if it were finished as it stands (FORM_FINAL): its answers, and as problems what has to be written first; they are
 * told by *ret alone. */
enum code sheet_settle(struct tx *tx, const struct scope *s, const struct sheet *sheet, struct arena *a,
                       const struct reader *who, struct form_reading *ret, struct err *e) MUST_CHECK;
/* Freezes the sheet and sends it to every chosen receiver. INVALID when it lacks something (sheet_settle), when a receiver has nothing that
 * opens it, or none is chosen; a hand-over goes from the lead to one receiver. CONFLICT when the sheet's rev is not the newest. */
enum code sheet_send(struct tx *tx, const struct scope *s, const struct sheet *sheet, struct err *e) MUST_CHECK;

/* The own organization's sheets of a case as moments of its timeline; for scopes that may SHEET_READ. */
enum code sheet_moments(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, const struct reader *who,
                        struct doc **ret, struct err *e) MUST_CHECK;

/* ---- connections -------------------------------------------------------------------------------------------------- */
struct connection {
  id64 id, case_id, person, sheet, from_organization, from_user, to_organization, to_user, parent;
  enum connection_state state;
  struct str kind; /* help, handover */
  ts_t sent_at, received_at, accepted_at, contacted_at, answered_at, closed_at;
  int64_t attempts; /* to reach the person, the first contact among them */
  ts_t silent_at;   /* from when it counts as silent while it waits */
  int64_t rev;
};
/* A few connections read at once, with their receivers' names, in `arena`. */
struct connection_batch {
  struct arena *arena;
  struct connection *list;
  struct str *names;
  size_t count;
};
enum code connection_batch_of_sheet(struct tx *tx, id64 sheet, struct connection_batch *ret, struct err *e) MUST_CHECK;
enum code connection_enter(struct tx *tx, const struct actor *who, enum action action, id64 id, struct connection *ret,
                           const struct scope **ret_scope, struct err *e) MUST_CHECK;
/* Opening by the receiver: sent becomes received. Anything else changes nothing, nor does a look in an emergency. */
enum code connection_open(struct tx *tx, const struct scope *s, const struct connection *c, struct err *e) MUST_CHECK;

struct answer {
  enum connection_step step; /* ACCEPT RETURN DECLINE ANSWER */
  struct str text, proposal, outcome, next, told_by;
  struct date first_contact;
  id64 worker;    /* ACCEPT: who takes it on; one of the receiver's */
  bool on_behalf; /* the sender writes down what was told by telephone */
  bool by_link;   /* it came by a link: nobody with an account takes it on */
};
/* Who may take it on, by this actor's choice: members of the receiver who work on cases and are not barred from the person; only a
 * manager chooses somebody else. List of {id, name}. */
enum code connection_workers(struct tx *tx, const struct scope *s, const struct connection *c, struct arena *a,
                             struct doc **ret, struct err *e) MUST_CHECK;
/* Accepting joins the receiver to the case and assigns the worker; with a hand-over the lead moves (CONFLICT when the sender does not lead
 * any more). */
enum code connection_answer(struct tx *tx, const struct scope *s, const struct connection *c, const struct answer *a,
                            struct err *e) MUST_CHECK;
/* One try to reach the person, by the receiver that took the case on. `met` ends the tries. */
struct contact_attempt {
  struct date day;
  struct str method, result, text; /* result: none, left, voice, met */
};
enum code connection_attempt(struct tx *tx, const struct scope *s, const struct connection *c,
                             const struct contact_attempt *t, struct err *e) MUST_CHECK;
/* The sender takes it back, or closes it once answered. */
enum code connection_end(struct tx *tx, const struct scope *s, const struct connection *c, enum connection_step step,
                         struct err *e) MUST_CHECK;

/* Hourly, for a network: what nobody answered for network.expiry_days ends, and who became silent is told. */
enum code connection_tend(struct db *db, id64 network, struct err *e) MUST_CHECK;

/* Ends every open connection of the person towards the organization (consent withdrawn), and its place in the case where it has written nothing
 * of its own. Called by consent. */
enum code connection_withdraw_to(struct tx *tx, const struct scope *s, id64 organization, struct err *e) MUST_CHECK;
/* Adds to `ends` a line {text} for each open connection of the person towards the organization that the scope's organization sent or
 * received: what a withdrawal would end. */
enum code connection_put_open(struct tx *tx, const struct scope *s, id64 organization, struct arena *a,
                              const struct reader *who, struct doc *ends, struct err *e) MUST_CHECK;
/* Connections of a case for its page: list of {href, text, since, state, under_way (bool: a case does not end before it)}. */
enum code connection_of_case(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a,
                             const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;

/* The same for those that its receiver passed on, for the receiver. */
enum code connection_onward(struct tx *tx, const struct scope *s, id64 parent, struct arena *a,
                            const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;
/* The same for one sheet, with `to`. */
enum code connection_of_sheet(struct tx *tx, const struct sheet *sheet, struct arena *a, const struct reader *who,
                              struct doc **ret, struct err *e) MUST_CHECK;
/* Puts steps[], state, wait, late, kind: the clock every list and page shows. */
struct opening; /* connection/opening.h */
void connection_put_clock(const struct connection *c, const struct opening *o, struct arena *a,
                          const struct reader *who, struct doc *d);
/* Puts may_accept, may_return, may_decline, may_answer: which answers are open from this state. */
void connection_put_choices(enum connection_state state, struct doc *d);
/* What was written back, as far as the scope sees it: list of {at, when, who, state, text, proposal}. */
enum code connection_answers(struct tx *tx, const struct scope *s, id64 connection, struct arena *a,
                             const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;

enum connection_view { CONNECTIONS_RECEIVED, CONNECTIONS_SENT, CONNECTIONS_WAITING, CONNECTIONS_ANY };
extern const char *const connection_view_codes[]; /* by enum connection_view, NULL at the end */
enum connection_order { CONNECTIONS_BY_CHANGE, CONNECTIONS_BY_SENT, CONNECTIONS_BY_WAITING, CONNECTIONS_BY_STATE };
struct connection_choice {
  enum connection_view view; /* CONNECTIONS_ANY: where something waits, here before elsewhere */
  struct str state;          /* code; empty: any */
  enum connection_order by;
  bool falls;
  int64_t skip;
};
/* templates/connection_list but for what is around the items (gate/list.h), and `view`: the code of the view that was taken. */
enum code connection_list(struct tx *tx, const struct scope *list, const struct connection_choice *choice,
                          struct arena *a, const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;
/* All of them as a table with its heads, skip left out. `list` is for CONNECTION_EXPORT. LIMIT beyond CONNECTIONS_FILE. */
enum { CONNECTIONS_FILE = 5000 };
enum code connection_table(struct tx *tx, const struct scope *list, const struct connection_choice *choice,
                           struct arena *a, const struct reader *who, struct csv_table *ret, struct err *e) MUST_CHECK;
/* The day on which silence of the receiver would be told; of one that is silent already (a paper that goes out again), as many days from now. */
enum code connection_answer_by(struct tx *tx, const struct connection *c, struct date *ret, struct err *e) MUST_CHECK;
/* After how many opening days without an answer the network counts a connection as silent. */
enum code connection_silence_days(struct tx *tx, int *ret, struct err *e) MUST_CHECK;
/* Is it the receiver's turn: sent, opened, taken on, under way? */
bool connection_waits(const struct connection *c);
/* Did nobody take it: declined, or never answered? Then it is sent elsewhere. */
bool connection_not_taken(const struct connection *c);

#endif
