/* course.c: how a case goes on: its status, who works on it, who stood in, and the steps of withdrawal over time. */
#include "base/limits.h"
#include "casework/casework.h"
#include "casework/casework_sql.h"
#include "mail/mail.h"

/* ---- the table --------------------------------------------------------------------------------------------------------- */

static const char *const codes[] = {
#define X(code, label) code,
    CASE_STATUSES(X)
#undef X
};
enum { RECEPTION, URGENT, SCREENING, ASSESSMENT, PLAN, SUPPORT, REVIEW, WATCH, CLOSED, STATUSES };
_Static_assert(sizeof codes / sizeof *codes == STATUSES, "a name for each status");

#define TO(status) (1u << (status))
static const unsigned follows[STATUSES] = {
    [RECEPTION] = TO(URGENT) | TO(SCREENING) | TO(ASSESSMENT) | TO(CLOSED),
    [URGENT] = TO(SCREENING) | TO(ASSESSMENT) | TO(PLAN) | TO(SUPPORT) | TO(CLOSED),
    [SCREENING] = TO(URGENT) | TO(ASSESSMENT) | TO(PLAN) | TO(WATCH) | TO(CLOSED),
    [ASSESSMENT] = TO(URGENT) | TO(SCREENING) | TO(PLAN) | TO(SUPPORT) | TO(CLOSED),
    [PLAN] = TO(URGENT) | TO(ASSESSMENT) | TO(SUPPORT) | TO(CLOSED),
    [SUPPORT] = TO(URGENT) | TO(ASSESSMENT) | TO(PLAN) | TO(REVIEW) | TO(WATCH) | TO(CLOSED),
    [REVIEW] = TO(URGENT) | TO(PLAN) | TO(SUPPORT) | TO(WATCH) | TO(CLOSED), /* 再プラン goes back */
    [WATCH] = TO(URGENT) | TO(ASSESSMENT) | TO(PLAN) | TO(SUPPORT) | TO(CLOSED),
    [CLOSED] = TO(RECEPTION) | TO(URGENT) | TO(ASSESSMENT) | TO(SUPPORT) | TO(WATCH), /* reopened */
};

static int status_of(struct str code)
{
  for (int i = 0; i < STATUSES; i++)
    if (str_is(code, codes[i]))
      return i;
  return -1;
}

bool case_may_become(struct str from, struct str to)
{
  int f = status_of(from), t = status_of(to);
  return f >= 0 && t >= 0 && (follows[f] & TO(t)) != 0;
}

bool case_needs_reason(struct str from, struct str to)
{
  int f = status_of(from), t = status_of(to);
  return t == CLOSED || f == CLOSED || t == URGENT || (f != URGENT && t < f);
}

/* ---- what is written down ------------------------------------------------------------------------------------------------ */

static enum code seal_note(struct tx *tx, const struct scope *s, const char *table, const char *column, id64 row,
                           struct str text, struct str *ret, struct err *e)
{
  const struct seal_key *key = NULL;
  struct seal_at at = {.table = table, .column = column, .network = tx_network(tx), .row = row};
  *ret = STR_NONE;
  if (!text.n)
    return OK;
  enum code c = person_key(tx, s, &key, e);
  return c == OK ? seal(tx_arena(tx), key, at, text, ret, e) : c;
}

static enum code add_step(struct tx *tx, const struct scope *s, id64 case_id, const char *kind, struct str from,
                          struct str to, ts_t at, struct str text, struct err *e)
{
  struct case_step_row row = {
      .id = id_new(tx_now(tx)), .category = CAT_SUPPORT, .kind = str_from(kind), .from = from, .to = to, .at = at};
  enum code c = seal_note(tx, s, "case_step", "text_sealed", row.id, text, &row.sealed, e);
  return c == OK ? course_sql_add(tx, s, case_id, &row, e) : c;
}

enum code case_step_add(struct tx *tx, const struct scope *s, id64 case_id, const char *kind, struct str text,
                        struct err *e)
{
  return add_step(tx, s, case_id, kind, STR_NONE, STR_NONE, tx_now(tx), text, e);
}

enum code case_step_file(struct tx *tx, const struct scope *s, id64 case_id, struct str type, struct str day,
                         struct str why, struct err *e)
{
  return add_step(tx, s, case_id, "file_removed", type, day, tx_now(tx), why, e);
}

static enum code read_only(struct err *e)
{
  return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
}

/* ---- status, density, next date -------------------------------------------------------------------------------------------- */

bool case_directs(const struct scope *s, const struct case_head *h)
{
  return h->lead_organization ? scope_wrote(s, h->lead_organization) : case_clock_told(s, h);
}

static enum code check_close(struct tx *tx, const struct case_head *h, struct err *e)
{
  int64_t waiting = 0;
  enum code c = course_sql_waiting(tx, h->id, &waiting, e);
  if (c == OK && waiting)
    return err_field(e, "status",
                     TR("返事を待っているつなぎがあります。返事をもらうか取り下げてから、終結にしてください。"));
  return c;
}

static enum code check_change(struct tx *tx, const struct scope *s, const struct case_head *h,
                              const struct case_change *ch, struct err *e)
{
  bool moves = !str_eq(h->status, ch->status);
  if (!scope_writes(s))
    return read_only(e);
  if (!case_directs(s, h))
    return err_set(e, DENIED, TR("段階とかかわりの頻度を変えるのは、主担当機関です。"));
  if (!str_eq(h->status, ch->was))
    return err_set(e, CONFLICT, TR("このケースの段階は、ほかの人が先に変えました。開きなおして、確かめてください。"));
  if (moves && !case_may_become(h->status, ch->status))
    return err_field(e, "status", TR("いまの段階からは、この段階に進めません。"));
  if (moves && case_needs_reason(h->status, ch->status) && !ch->reason.n)
    return err_field(e, "reason", TR("終結・再開・緊急支援と、前の段階にもどすときは、理由を書いてください。"));
  if (date_known(ch->next_date) && date_compare(ch->next_date, date_of_ts(tx_now(tx))) < 0)
    return err_field(e, "next_day", TR("次にする日が、過ぎています。これからの日を入力してください。"));
  return moves && str_is(ch->status, "closed") ? check_close(tx, h, e) : OK;
}

static enum code note_change(struct tx *tx, const struct scope *s, const struct case_head *h,
                             const struct case_change *ch, struct str next, struct err *e)
{
  bool moves = !str_eq(h->status, ch->status), denser = !str_eq(h->density, ch->density);
  bool later = next.n && !str_eq(next, h->next_date);
  enum code c = OK;
  if (moves)
    c = add_step(tx, s, h->id, "status", h->status, ch->status, tx_now(tx), ch->reason, e);
  if (c == OK && denser)
    c = add_step(tx, s, h->id, "density", h->density, ch->density, tx_now(tx), moves ? STR_NONE : ch->reason, e);
  if (c == OK && later)
    c = add_step(tx, s, h->id, "next", h->next_date, next, tx_now(tx), moves || denser ? STR_NONE : ch->reason, e);
  return c;
}

bool case_changes(const struct case_head *h, const struct case_change *ch)
{
  struct date stands = {0};
  bool later =
      date_known(ch->next_date) && !(date_parse_iso(h->next_date, &stands) && date_compare(stands, ch->next_date) == 0);
  return later || !str_eq(h->status, ch->status) || !str_eq(h->density, ch->density);
}

enum code case_change(struct tx *tx, const struct scope *s, const struct case_head *h, const struct case_change *ch,
                      struct err *e)
{
  int64_t changed = 0;
  struct str next = date_known(ch->next_date) ? date_iso(tx_arena(tx), ch->next_date) : STR_NONE;
  enum code c = check_change(tx, s, h, ch, e);
  if (c == OK && !case_changes(h, ch))
    return ch->reason.n ? err_field(e, "status",
                                    TR("変わったところがありません。段階・かかわり・次にする日のどれかを"
                                       "変えると、理由もいっしょに残ります。"))
                        : OK;
  if (c == OK)
    c = course_sql_change(tx, h, ch, next, &changed, e);
  if (c == OK && !changed)
    return err_set(e, CONFLICT, TR("このケースの段階は、ほかの人が先に変えました。開きなおして、確かめてください。"));
  if (c == OK)
    c = case_tell(tx, s, h->id, e);
  return c == OK ? note_change(tx, s, h, ch, next, e) : c;
}

/* ---- who works on it --------------------------------------------------------------------------------------------------------- */

enum code case_workers(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, struct doc **ret,
                       struct err *e)
{
  struct doc *all = NULL, *list = doc_list(a);
  enum code c = course_sql_workers(tx, s, case_id, a, &all, e);
  for (size_t i = 0; c == OK && i < doc_size(all); i++) {
    id64 user = 0;
    struct doc *d = doc_at(all, i);
    if (doc_get_id(d, "id", &user) && !scope_bars(s, user))
      doc_add(list, d);
  }
  if (c == OK)
    *ret = list;
  return c;
}

static const struct doc *worker_of(const struct doc *workers, struct arena *a, id64 user)
{
  struct str id = id_text(a, user);
  for (size_t i = 0; user && i < doc_size(workers); i++)
    if (str_eq(doc_get_str(doc_at(workers, i), "id"), id))
      return doc_at(workers, i);
  return NULL;
}

/* Somebody of the organization that leads goes on leading. */
static enum code check_staffing(const struct scope *s, const struct case_head *h, const struct case_staffing *st,
                                const struct doc *comes, const struct doc *goes, struct err *e)
{
  bool ours = h->lead_organization && scope_wrote(s, h->lead_organization);
  if (!scope_writes(s))
    return read_only(e);
  if (!st->worker && !st->leaves)
    return err_field(e, "worker", TR("加わる人か、外れる人を選んでください。"));
  if (st->worker && !comes)
    return err_field(e, "worker", TR("担当する人を、一覧から選んでください。"));
  if (comes && !st->leaves && doc_get_bool(comes, "assigned") && (!st->lead || doc_get_bool(comes, "lead")))
    return err_field(e, "worker", TR("この人は、もう担当しています。"));
  if (st->leaves && (!goes || !doc_get_bool(goes, "assigned")))
    return err_field(e, "leaves", TR("いま担当している人から選んでください。"));
  if (st->lead && !ours)
    return err_field(
        e, "lead",
        TR("主担当者は、主担当機関の人です。主担当機関を変えるには、引継ぎのつなぐシートを送ってください。"));
  if (goes && doc_get_bool(goes, "lead") && ours && !(st->lead && st->worker && st->worker != st->leaves))
    return err_field(e, "leaves", TR("主担当者が外れるときは、次の主担当者もいっしょに決めてください。"));
  return OK;
}

static enum code tell_worker(struct tx *tx, const struct scope *s, const struct case_head *h, id64 worker,
                             struct err *e)
{
  const struct notice n = {.kind = NOTICE_HANDED,
                           .organization = scope_organization(s),
                           .person = h->person,
                           .case_id = h->id,
                           .thing = h->id,
                           .at = tx_now(tx),
                           .users = {worker},
                           .whole = ACTION_COUNT,
                           .by = scope_actor(s)->user};
  return mail_tell(tx, &n, e);
}

/* Who leaves goes last: from then on the session that asks may not know the person any more. */
static enum code move_workers(struct tx *tx, const struct scope *s, const struct case_head *h,
                              const struct case_staffing *st, struct err *e)
{
  enum code c = OK;
  if (st->worker)
    c = case_assign(tx, s, h->id, scope_organization(s), st->worker, e);
  if (c == OK && st->worker)
    c = tell_worker(tx, s, h, st->worker, e);
  if (c == OK && st->lead)
    c = case_sql_lead_worker(tx, h->id, scope_organization(s), st->worker, e);
  if (c == OK && st->leaves && st->leaves != st->worker)
    c = course_sql_end_assignment(tx, h->id, scope_organization(s), st->leaves, e);
  return c == OK ? network_bump_facts(tx, e) : c;
}

static enum code staff(struct tx *tx, const struct scope *s, const struct case_head *h, const struct case_staffing *st,
                       const struct doc *comes, const struct doc *goes, struct err *e)
{
  enum code c = check_staffing(s, h, st, comes, goes, e);
  if (c == OK && goes && st->leaves != st->worker)
    c = add_step(tx, s, h->id, "worker", S("leaves"), STR_NONE, tx_now(tx), doc_get_str(goes, "name"), e);
  if (c == OK && comes)
    c = add_step(tx, s, h->id, "worker", STR_NONE, st->lead ? S("lead") : S("also"), tx_now(tx),
                 doc_get_str(comes, "name"), e);
  return c == OK ? move_workers(tx, s, h, st, e) : c;
}

enum code case_staff(struct tx *tx, const struct scope *s, const struct case_head *h, const struct case_staffing *st,
                     struct err *e)
{
  struct doc *workers = NULL;
  struct arena *a = tx_arena(tx);
  enum code c = case_workers(tx, s, h->id, a, &workers, e);
  if (c != OK)
    return c;
  return staff(tx, s, h, st, worker_of(workers, a, st->worker), worker_of(workers, a, st->leaves), e);
}

/* Who works on it, or NULL; also somebody whose account was stopped or whose membership is over: that one's cases are handed on too. `workers`: of
 * course_sql_workers(). */
static enum code holder_of(struct tx *tx, const struct scope *s, const struct case_head *h, const struct doc *workers,
                           id64 user, const struct doc **ret, struct err *e)
{
  const struct doc *w = worker_of(workers, tx_arena(tx), user);
  struct str name = STR_NONE, job = STR_NONE;
  bool there = doc_get_bool(w, "assigned");
  enum code c = w ? OK : case_sql_assigned(tx, h->id, scope_organization(s), user, &there, e);
  *ret = there ? w : NULL;
  if (c != OK || !there || w)
    return c;
  struct doc *d = doc_map(tx_arena(tx));
  c = user_name(tx, user, tx_arena(tx), &name, &job, e);
  doc_put_str(d, "name", name);
  doc_put_bool(d, "assigned", true);
  doc_put_bool(d, "lead", h->lead_user == user);
  *ret = d;
  return c;
}

/* About one of several cases: which. */
static enum code not_this_one(struct arena *a, const struct case_head *h, const char *msg, struct err *e)
{
  enum code c = err_set1(e, INVALID, msg, str_cstr(a, h->number));
  (void)snprintf(e->field, sizeof e->field, "case");
  return c;
}

enum code case_hand(struct tx *tx, const struct scope *s, const struct case_head *h, id64 from, id64 to, struct err *e)
{
  struct doc *workers = NULL;
  const struct doc *goes = NULL;
  struct arena *a = tx_arena(tx);
  struct case_staffing st = {.worker = to, .leaves = from};
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  enum code c = course_sql_workers(tx, s, h->id, a, &workers, e);
  if (c == OK)
    c = holder_of(tx, s, h, workers, from, &goes, e);
  if (c != OK)
    return c;
  const struct doc *comes = worker_of(workers, a, to);
  if (comes && scope_bars(s, to))
    return not_this_one(a, h, TR("ケース %1 は、選んだ人には引き継げません。どのケースも、まだ引き継いでいません。"),
                        e);
  if (!goes && doc_get_bool(comes, "assigned"))
    return OK;
  if (!goes)
    return not_this_one(a, h,
                        TR("ケース %1 の担当は、ほかの人が先に変えました。どのケースも、まだ引き継いでいません。"), e);
  st.lead = doc_get_bool(goes, "lead") && h->lead_organization && scope_wrote(s, h->lead_organization);
  return staff(tx, s, h, &st, comes, goes, e);
}

/* ---- 課内代行 ------------------------------------------------------------------------------------------------------------------ */

enum code case_stand_in(struct tx *tx, const struct scope *s, id64 case_id, struct str reason, struct err *e)
{
  struct str sealed = STR_NONE;
  id64 id = id_new(tx_now(tx));
  if (!reason.n)
    return err_field(e, "reason", TR("代わりに見る理由を選ぶか、書いてください。"));
  enum code c = seal_note(tx, s, "stand_in", "reason_sealed", id, reason, &sealed, e);
  if (c == OK)
    c = course_sql_stand_in(tx, s, id, case_id, sealed, e);
  if (c == OK)
    c = network_bump_facts(tx, e);
  return c == OK ? add_step(tx, s, case_id, "stand_in", STR_NONE, STR_NONE, tx_now(tx), reason, e) : c;
}

/* ---- the steps of withdrawal ---------------------------------------------------------------------------------------------------- */

static const char *const withdrawal[WITHDRAWAL_STEPS] = {
    TR("登校渋り"),
    TR("週1・2日の欠席"),
    TR("半分以上の欠席・からだの不調"),
    TR("定期的に通える場所がある"),
    TR("通える場所はないが、外出はできる"),
    TR("ほとんど外出しない"),
};

struct str case_withdrawal_label(enum lang lang, int step)
{
  return step >= 0 && step < WITHDRAWAL_STEPS ? tr(lang, withdrawal[step]) : STR_NONE;
}

enum code case_withdrawal_add(struct tx *tx, const struct scope *s, id64 case_id, struct date day, int step,
                              struct str note, struct err *e)
{
  if (!scope_writes(s))
    return read_only(e);
  if (step < 0 || step >= WITHDRAWAL_STEPS)
    return err_field(e, "step", TR("段階を選んでください。"));
  if (!date_known(day) || date_compare(day, date_of_ts(tx_now(tx))) > 0)
    return err_field(e, "day", TR("いつの様子かを、今日までの日で入力してください。"));
  struct str text = str_printf(tx_arena(tx), "%d\n%.*s", step, STR_FMT(note));
  return add_step(tx, s, case_id, "withdrawal", STR_NONE, STR_NONE, date_start_ts(day) + 12 * MS_HOUR, text, e);
}
