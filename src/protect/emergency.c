/* emergency.c: 緊急の閲覧. The reason first, four hours at most, and somebody else looks at it within three days. */
#include "base/utf8.h"
#include "person/find.h"
#include "protect/emergency_sql.h"

enum { REASON_SHORTEST = 10, LISTED = 100, HOURS_MOST = 4 };

/* ---- opening ------------------------------------------------------------------------------------------------------------ */

static enum code nobody(struct err *e)
{
  return err_field(e, "number", TR("一人に決まりません。ケース番号か、氏名と生年月日を確かめてください。"));
}

static enum code find_case(struct tx *tx, const struct scope *list, const struct emergency_new *n, id64 *ret_case,
                           id64 *ret_person, struct str *ret_number, struct err *e)
{
  struct arena *a = tx_arena(tx);
  const struct find_typed typed = {.name = n->name, .birth_iso = n->birth};
  struct find_query q = find_query(a, &typed);
  id64 person = 0;
  enum code c = n->number.n ? OK : person_find_exact(tx, list, &q, &person, e);
  if (c == OK && (n->number.n || person))
    c = emergency_sql_case(tx, case_number_typed(a, n->number), person, a, ret_case, ret_person, ret_number, e);
  return c == OK && !*ret_case ? nobody(e) : c;
}

static enum code check_new(const struct emergency_new *n, struct err *e)
{
  if (utf8_length(n->reason) < REASON_SHORTEST)
    return err_field(e, "reason", TR("なぜいま見る必要があるのかを、10文字以上で書いてください。"));
  if (n->hours < 1 || n->hours > HOURS_MOST)
    return err_field(e, "hours", TR("1時間から4時間までで選んでください。"));
  if (!n->number.n && (!n->name.n || n->birth.n != 10))
    return err_field(e, "number", TR("ケース番号か、氏名と生年月日の両方を入力してください。"));
  return OK;
}

enum code emergency_open(struct tx *tx, const struct scope *list, const struct emergency_new *n, id64 *ret_case,
                         struct err *e)
{
  const struct scope *s = NULL;
  struct str number = STR_NONE, reason = STR_NONE;
  id64 case_id = 0, person = 0, id = id_new(tx_now(tx));
  struct err hidden = {0};
  enum code c = check_new(n, e);
  if (c == OK)
    c = find_case(tx, list, n, &case_id, &person, &number, e);
  if (c != OK)
    return c;
  c = access_open(tx, scope_actor(list), ACTION_BREAK_GLASS, person, &s, &hidden);
  if (c == NOT_FOUND || c == DENIED)
    return nobody(e);
  if (c != OK) {
    *e = hidden;
    return c;
  }
  c = protect_seal(tx, s, "break_glass", "reason_sealed", id, n->reason, &reason, e);
  if (c == OK)
    c = emergency_sql_insert(tx, s, id, case_id, number, tx_now(tx) + n->hours * MS_HOUR, reason, e);
  if (c == OK)
    c = emergency_tell(tx,
                       &(struct emergency_told){.id = id,
                                                .case_id = case_id,
                                                .user = scope_actor(s)->user,
                                                .organization = scope_organization(s),
                                                .from = tx_now(tx)},
                       NOTICE_EMERGENCY, e);
  if (c == OK)
    *ret_case = case_id;
  return c == OK ? network_bump_facts(tx, e) : c;
}

/* ---- looking at it afterwards ------------------------------------------------------------------------------------------- */

struct list_job {
  struct tx *tx;
  const struct scope *list;
  struct arena *a;
  const struct reader *who;
  struct doc *out;
};

static enum code reason_of(const struct list_job *job, const struct emergency_row *row, struct str *ret, struct err *e)
{
  struct seal_key key;
  struct needles *secret = NULL;
  struct seal_at at = {
      .table = "break_glass", .column = "reason_sealed", .network = tx_network(job->tx), .row = row->id};
  *ret = STR_NONE;
  if (!row->wrapped.n)
    return OK;
  enum code c = person_listed_key(job->tx, job->list, row->person, (int)row->epoch, row->wrapped, &key, e);
  if (c == OK)
    c = unseal(job->a, &key, at, row->reason_sealed, ret, e);
  explicit_bzero(&key, sizeof key);
  if (c == OK)
    c = person_listed_concealed(job->tx, job->list, row->person, job->a, &secret, e);
  if (c == OK)
    *ret = needles_mask(secret, job->a, *ret, str_from(CONCEALED_MARK));
  return c;
}

static struct str hours_text(const struct list_job *job, const struct emergency_row *row)
{
  return reader_count(job->a, job->who->lang, TR("%1時間"), (row->until - row->from) / MS_HOUR);
}

static enum code put_row(void *arg, const struct emergency_row *row, struct err *e)
{
  struct list_job *job = arg;
  struct str reason = STR_NONE;
  bool open = !row->reviewed_at, mine = row->user == scope_actor(job->list)->user;
  enum code c = reason_of(job, row, &reason, e);
  if (c != OK)
    return c;
  struct doc *d = doc_add_map(job->out), *state = doc_put_map(d, "state");
  bool late = open && row->from + REVIEW_DUE_MS < tx_now(job->tx);
  doc_put_id(d, "id", row->id);
  doc_put_str(d, "number", row->number);
  doc_put_str(d, "who", str_printf(job->a, "%.*s %.*s", STR_FMT(row->organization_name), STR_FMT(row->user_name)));
  doc_put_str(d, "when", reader_time(job->a, job->who, row->from));
  doc_put_str(d, "hours", hours_text(job, row));
  doc_put_str(d, "reason", reason);
  doc_put_str(d, "due", reader_time(job->a, job->who, row->from + REVIEW_DUE_MS));
  doc_put_bool(d, "is_open", open);
  doc_put_bool(d, "can_review", open && !mine);
  const char *word = late                           ? TR("確かめる期限を過ぎました")
                     : open                         ? TR("まだ確かめていません")
                     : str_is(row->result, "right") ? TR("必要な閲覧でした")
                                                    : TR("必要とはいえません");
  doc_put_str(state, "word", tr(job->who->lang, word));
  doc_put_cstr(state, "shape", late ? "s-overdue" : open ? "s-received" : "s-closed");
  doc_put_cstr(state, "class", late ? "bad" : open ? "warn" : "quiet");
  return OK;
}

enum code emergency_page(struct tx *tx, const struct scope *list, struct arena *a, const struct reader *who,
                         struct doc **ret, struct err *e)
{
  struct doc *d = doc_map(a);
  struct list_job job = {tx, list, a, who, doc_put_list(d, "rows")};
  enum code c = emergency_sql_each(tx, list, false, LISTED, put_row, &job, e);
  if (c != OK)
    return c;
  doc_put_bool(d, "has_rows", doc_size(job.out) > 0);
  *ret = d;
  return OK;
}

struct review {
  struct tx *tx;
  const struct scope *list;
  id64 id;
  struct str text, sealed;
  bool found, mine;
};

static enum code take_reviewed(void *arg, const struct emergency_row *row, struct err *e)
{
  struct review *w = arg;
  struct seal_key key;
  struct seal_at at = {.table = "break_glass", .column = "review_sealed", .network = tx_network(w->tx), .row = row->id};
  if (row->id != w->id)
    return OK;
  w->found = true;
  w->mine = row->user == scope_actor(w->list)->user;
  if (!w->text.n || !row->wrapped.n)
    return OK;
  enum code c = person_listed_key(w->tx, w->list, row->person, (int)row->epoch, row->wrapped, &key, e);
  if (c == OK)
    c = seal(tx_arena(w->tx), &key, at, w->text, &w->sealed, e);
  explicit_bzero(&key, sizeof key);
  return c;
}

enum code emergency_review(struct tx *tx, const struct scope *list, id64 emergency, bool right, struct str text,
                           struct err *e)
{
  struct review w = {.tx = tx, .list = list, .id = emergency, .text = text};
  if (!right && !text.n)
    return err_field(e, "text", TR("必要とはいえないときは、その理由と、これからどうするかを書いてください。"));
  enum code c = emergency_sql_each(tx, list, false, LISTED, take_reviewed, &w, e);
  if (c == OK && !w.found)
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  if (c == OK && w.mine)
    return err_set(e, DENIED, TR("見た本人は、自分では確かめられません。ほかの管理者に頼んでください。"));
  return c == OK ? emergency_sql_review(tx, list, emergency, right, w.sealed, e) : c;
}

/* ---- today ---------------------------------------------------------------------------------------------------------------- */

static enum code owe_review(void *arg, const struct emergency_row *row, struct err *e)
{
  const struct list_job *job = arg;
  bool late = row->from + REVIEW_DUE_MS < tx_now(job->tx);
  struct str due = reader_time(job->a, job->who, row->from + REVIEW_DUE_MS);
  (void)e;
  if (row->user == scope_actor(job->list)->user)
    return OK;
  const struct owed_line l = {.word = late ? TR("期限を過ぎました") : TR("緊急の閲覧"),
                              .shape = late ? "s-overdue" : "s-received",
                              .late = late,
                              .since = reader_since(job->a, job->who, date_of_ts(row->from)),
                              .href = S("/emergencies"),
                              .text = tr_args(job->a, job->who->lang, TR("%1 %2が「%3」を緊急に見ました"),
                                              row->organization_name, row->user_name, row->number),
                              .sub = tr_args(job->a, job->who->lang,
                                             late ? TR("確かめる期限（%1）を過ぎました。すぐに確かめてください")
                                                  : TR("%1までに確かめてください"),
                                             due, STR_NONE, STR_NONE)};
  protect_put_line(job->out, job->who->lang, &l);
  return OK;
}

enum code emergency_owed(struct tx *tx, const struct scope *list, struct arena *a, const struct reader *who,
                         struct doc *lines, struct err *e)
{
  struct list_job job = {tx, list, a, who, lines};
  return emergency_sql_each(tx, list, true, LISTED, owe_review, &job, e);
}
