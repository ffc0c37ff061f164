#include "consent/consent.h"

#include "access/agreed.h"
#include "connection/connection.h"
#include "consent/consent_sql.h"
#include "consent/words.h"
#include "network/network.h"

enum code consent_enter(struct tx *tx, const struct actor *who, enum action action, id64 consent,
                        const struct scope **ret, struct err *e)
{
  return access_open_of(tx, who, action, THING_CONSENT, consent, ret, e);
}

/* ---- recording ----------------------------------------------------------------------------------------------------- */

static bool authority_parse(struct str code, enum authority *ret)
{
  static const char *const codes[] = {"none", "joint", "sole", "daily", "urgent"};
  for (int i = 0; i < 5; i++) {
    if (str_is(code, codes[i])) {
      *ret = (enum authority)i;
      return true;
    }
  }
  return false;
}

/* A guardian acts on the authority that stands in the guardian's own row. */
enum code consent_check_giver(struct tx *tx, const struct scope *s, struct consent_new *n, struct err *e)
{
  struct str code = STR_NONE;
  if (n->by == PARTY_PERSON) {
    n->guardian = 0;
    n->authority = AUTHORITY_NONE;
    return OK;
  }
  if (!n->guardian)
    return err_field(e, "guardian", TR("どの保護者の答えかを選んでください。"));
  enum code c = consent_sql_guardian_authority(tx, s, n->guardian, tx_arena(tx), &code, e);
  if (c != OK)
    return c;
  if (!authority_parse(code, &n->authority))
    return err_field(e, "guardian", TR("この人の保護者として登録された人を選んでください。"));
  if (n->authority == AUTHORITY_NONE)
    return err_field(e, "guardian", TR("この保護者には親権がありません。親権のある人の答えを記録してください。"));
  return OK;
}

/* Nobody opens other bodies' rows to the own organization by a consent that it records itself. */
static enum code check_recipient(struct tx *tx, const struct scope *s, const struct consent_new *n, size_t at,
                                 struct err *e)
{
  bool stands = false, twice = false;
  const struct consent_recipient *r = &n->recipients[at];
  if (scope_wrote(s, r->organization))
    return err_field(e, "recipients", TR("自分の機関への同意は、ほかの機関で記録してもらってください。"));
  for (size_t i = 0; i < at; i++)
    twice |= n->recipients[i].organization == r->organization; /* a value, not a decision */
  enum code c = organization_stands(tx, r->organization, &stands, e);
  if (c == OK && (twice || !stands))
    return err_field(e, "recipients", TR("伝える相手を、一覧から選んでください。"));
  if (c == OK && !r->categories && !n->refused)
    return err_field(e, "cells", TR("伝える内容を、一つ以上選んでください。"));
  return c;
}

static enum code check_terms(struct tx *tx, const struct scope *s, const struct consent_new *n, struct err *e)
{
  if (n->count == 0 || n->count > CONSENT_RECIPIENTS)
    return err_field(e, "recipients", TR("伝える相手を、一つ以上選んでください。"));
  if (!n->purposes.n)
    return err_field(e, "purpose", TR("何のために伝えるかを書いてください。"));
  if (str_is(n->how, "oral") && !n->evidence.n)
    return err_field(e, "witness", TR("口頭のときは、立ち会った人を書いてください。"));
  enum code c = OK;
  for (size_t i = 0; c == OK && i < n->count; i++)
    c = check_recipient(tx, s, n, i, e);
  return c;
}

static enum code begin_of(struct tx *tx, const struct consent_new *n, ts_t *ret, struct err *e)
{
  ts_t now = tx_now(tx);
  *ret = now;
  if (n->from_day.year && !date_known(n->from_day))
    return err_field(e, "from", TR("いつからの同意かを、年・月・日で入力してください。"));
  if (date_known(n->from_day)) {
    if (date_compare(n->from_day, date_of_ts(now)) < 0)
      return err_field(e, "from", TR("同意は、さかのぼって記録できません。今日か、これからの日にしてください。"));
    if (date_start_ts(n->from_day) > now)
      *ret = date_start_ts(n->from_day);
  }
  if (n->until && n->until <= *ret)
    return err_field(e, "until", TR("終わりの日は、始まりの日より後にしてください。"));
  return OK;
}

static enum code seal_text(struct tx *tx, const struct scope *s, id64 id, const char *column, struct str text,
                           struct str *ret, struct err *e)
{
  const struct seal_key *key = NULL;
  struct seal_at at = {.table = "consent", .column = column, .network = tx_network(tx), .row = id};
  *ret = STR_NONE;
  if (!text.n)
    return OK;
  enum code c = person_key(tx, s, &key, e);
  return c == OK ? seal(tx_arena(tx), key, at, text, ret, e) : c;
}

static enum code insert(struct tx *tx, const struct scope *s, id64 author, const struct consent_new *n, ts_t from,
                        id64 *ret_id, struct err *e)
{
  struct str evidence = STR_NONE;
  id64 id = id_new(tx_now(tx));
  enum code c = seal_text(tx, s, id, "evidence_sealed", n->evidence, &evidence, e);
  if (c == OK)
    c = consent_sql_insert(tx, s, id, author, n, from, evidence, e);
  for (size_t i = 0; c == OK && i < n->count; i++)
    c = consent_sql_insert_recipient(tx, s, id, &n->recipients[i], e);
  if (c == OK)
    *ret_id = id;
  if (c == OK)
    c = network_bump_facts(tx, e);
  return c == OK ? case_tell_all(tx, s, e) : c;
}

enum code consent_end_for(struct tx *tx, const struct scope *s, id64 organization, struct err *e)
{
  struct agreed left = {0};
  enum code c = access_agreed(tx, s, organization, &left, e);
  if (c == OK && !left.any)
    c = connection_withdraw_to(tx, s, organization, e);
  return c;
}

/* A no after a yes takes the yes back; whoever had nothing yet has nothing to lose by it. */
static enum code insert_refusal(struct tx *tx, const struct scope *s, const struct consent_new *n, ts_t from,
                                id64 *ret_id, struct err *e)
{
  struct agreed before[CONSENT_RECIPIENTS] = {0};
  enum code c = OK;
  for (size_t i = 0; c == OK && i < n->count; i++)
    c = access_agreed(tx, s, n->recipients[i].organization, &before[i], e);
  if (c == OK)
    c = insert(tx, s, scope_organization(s), n, from, ret_id, e);
  for (size_t i = 0; c == OK && i < n->count; i++)
    if (before[i].any)
      c = consent_end_for(tx, s, n->recipients[i].organization, e);
  return c;
}

enum code consent_record(struct tx *tx, const struct scope *s, const struct consent_new *given, id64 *ret_id,
                         struct err *e)
{
  struct consent_new n = *given;
  ts_t from = 0;
  enum code c = check_terms(tx, s, &n, e);
  if (c == OK)
    c = consent_check_giver(tx, s, &n, e);
  if (c == OK)
    c = begin_of(tx, &n, &from, e);
  if (c == OK && n.refused)
    return insert_refusal(tx, s, &n, from, ret_id, e);
  return c == OK ? insert(tx, s, scope_organization(s), &n, from, ret_id, e) : c;
}

/* ---- withdrawing --------------------------------------------------------------------------------------------------- */

struct withdrawal {
  struct consent_row row;
  struct consent_recipient ended[CONSENT_RECIPIENTS], kept[CONSENT_RECIPIENTS];
  size_t ended_count, kept_count;
};

/* Towards whom it ends; none named: towards all. An organization that did not record the consent speaks for itself alone. */
struct towards {
  const id64 *list;
  size_t n;
};

static struct towards towards_one(const id64 *organization)
{
  return (struct towards){organization, *organization ? 1 : 0};
}

static bool ends_for(const struct scope *s, const struct withdrawal *w, id64 organization, struct towards only)
{
  bool named = !only.n;
  for (size_t i = 0; i < only.n; i++)
    named |= organization == only.list[i]; /* a value, not a decision */
  return named && (scope_wrote(s, w->row.author_organization) || scope_wrote(s, organization));
}

static enum code load(struct tx *tx, const struct scope *s, id64 consent, struct towards only, struct withdrawal *w,
                      struct err *e)
{
  struct consent_recipient all[CONSENT_RECIPIENTS];
  size_t n = 0;
  enum code c = consent_sql_get(tx, s, consent, tx_arena(tx), &w->row, e);
  if (c == OK)
    c = consent_sql_terms(tx, s, consent, all, CONSENT_RECIPIENTS, &n, e);
  for (size_t i = 0; c == OK && i < n; i++) {
    if (ends_for(s, w, all[i].organization, only))
      w->ended[w->ended_count++] = all[i];
    else
      w->kept[w->kept_count++] = all[i];
  }
  if (c == OK && !w->ended_count)
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  return c;
}

/* The same terms for those who stay, as a new consent from this instant. */
static enum code renew_rest(struct tx *tx, const struct scope *s, const struct withdrawal *w, struct err *e)
{
  const struct consent_row *row = &w->row;
  struct str old = id_text(tx_arena(tx), row->id);
  struct consent_new n = {.by = str_is(row->by, "person") ? PARTY_PERSON : PARTY_GUARDIAN,
                          .guardian = row->guardian,
                          .refused = row->refused,
                          .heard = row->heard,
                          .notice_version = row->notice_version,
                          .purposes = row->purposes,
                          .how = row->how,
                          .until = row->until,
                          .recipients = w->kept,
                          .count = w->kept_count};
  n.evidence = tr_args(tx_arena(tx), LANG_JA, TR("もとの同意 %1 の残り"), old, STR_NONE, STR_NONE);
  if (!authority_parse(row->authority, &n.authority))
    return BUG(e, "a consent's authority is one of five");
  ts_t from = row->from > tx_now(tx) ? row->from : tx_now(tx);
  id64 id = 0;
  if (row->until && row->until <= from)
    return OK; /* it has run out for them too */
  return insert(tx, s, row->author_organization, &n, from, &id, e);
}

static enum code take_back(struct tx *tx, const struct scope *s, const struct withdrawal *w, struct str how,
                           struct str reason, struct err *e)
{
  struct str sealed = STR_NONE;
  enum code c = seal_text(tx, s, w->row.id, "withdrawn_reason_sealed", reason, &sealed, e);
  if (c == OK)
    c = consent_sql_withdraw(tx, s, w->row.id, how, sealed, e);
  if (c == OK && w->kept_count)
    c = renew_rest(tx, s, w, e);
  if (c == OK)
    c = network_bump_facts(tx, e);
  for (size_t i = 0; c == OK && !w->row.refused && i < w->ended_count; i++) /* a no that is taken back ends nothing */
    c = consent_end_for(tx, s, w->ended[i].organization, e);
  return c == OK ? case_tell_all(tx, s, e) : c; /* a refusal that is taken back opens */
}

enum code consent_withdraw(struct tx *tx, const struct scope *s, id64 consent, const struct consent_withdrawal *given,
                           struct err *e)
{
  struct withdrawal w = {0};
  enum code c = load(tx, s, consent, towards_one(&given->organization), &w, e);
  if (c == OK && str_is(w.row.by, "person") != (given->by == PARTY_PERSON))
    return err_field(e, "by", TR("この同意は、別の人が答えたものです。答えた人だけが取り消せます。"));
  return c == OK ? take_back(tx, s, &w, given->how, given->reason, e) : c;
}

/* One withdrawal a consent, however many of the new one's recipients it names: a part that is taken back leaves another consent. */
static enum code take_back_older(struct tx *tx, const struct scope *s, const struct older *list, size_t n, size_t at,
                                 struct str how, struct err *e)
{
  id64 organizations[CONSENT_RECIPIENTS];
  struct withdrawal w = {0};
  size_t count = 0;
  for (size_t i = 0; i < at; i++)
    if (list[i].consent == list[at].consent)
      return OK;
  for (size_t i = at; i < n && count < CONSENT_RECIPIENTS; i++)
    if (list[i].consent == list[at].consent)
      organizations[count++] = list[i].organization;
  enum code c = load(tx, s, list[at].consent, (struct towards){organizations, count}, &w, e);
  return c == OK ? take_back(tx, s, &w, how, STR_NONE, e) : c;
}

enum code consent_record_instead(struct tx *tx, const struct scope *s, const struct consent_new *n, id64 *ret_id,
                                 struct err *e)
{
  struct older *list = NULL;
  size_t count = 0;
  enum code c = consent_older(tx, s, n, tx_arena(tx), &list, &count, e);
  if (c == OK)
    c = consent_record(tx, s, n, ret_id, e); /* first: what goes on by it does not end meanwhile */
  for (size_t i = 0; c == OK && i < count; i++)
    c = take_back_older(tx, s, list, count, i, n->how, e);
  return c;
}

enum code consent_successor(struct tx *tx, const struct scope *s, id64 consent, id64 organization, id64 *ret,
                            bool *ret_names, struct err *e)
{
  struct withdrawal w = {0};
  enum code c = load(tx, s, consent, (struct towards){0}, &w, e);
  *ret = 0;
  *ret_names = false;
  return c == OK && w.row.withdrawn_at ? consent_sql_successor(tx, s, &w.row, organization, ret, ret_names, e) : c;
}

/* ---- what a withdrawal would do -------------------------------------------------------------------------------------- */

static void put_line(struct doc *list, struct str organization, struct str what, struct str since)
{
  struct doc *d = doc_add_map(list);
  doc_put_str(d, "organization", organization);
  doc_put_str(d, "what", what);
  doc_put_str(d, "since", since);
}

static enum code put_holder(struct tx *tx, const struct scope *s, id64 organization, struct str what, struct arena *a,
                            const struct reader *who, struct doc *ret, struct err *e)
{
  struct str day = STR_NONE, name = STR_NONE, since = STR_NONE;
  struct date first = {0};
  ts_t handed = 0;
  enum code c = consent_sql_first_seen(tx, s, organization, a, &day, e);
  if (c == OK)
    c = consent_sql_first_handed(tx, s, organization, &handed, e);
  if (c == OK)
    c = organization_name(tx, organization, a, &name, e);
  if (c != OK)
    return c;
  bool seen = day.n && date_parse_iso(day, &first);
  if (handed && (!seen || date_compare(date_of_ts(handed), first) < 0))
    first = date_of_ts(handed);
  if (seen || handed)
    since = reader_date(a, who, first);
  put_line(doc_get(ret, "receivers"), name, what, since);
  if (since.n)
    put_line(doc_get(ret, "holders"), name, what, since);
  return OK;
}

/* The catalog's sentences take three arguments: who and when are one. */
static struct str put_sentence(struct arena *a, enum lang lang, struct str party, struct str when, struct str names,
                               bool refused, struct str what)
{
  struct str first = tr_args(a, lang, TR("%1が %2 に"), party, when, STR_NONE);
  if (refused)
    return tr_args(a, lang, TR("%1、%2へ伝えることに「同意しない」と答えました。"), first, names, STR_NONE);
  return tr_args(a, lang, TR("%1、%2へ「%3」を伝えることに同意しました。"), first, names, what);
}

static enum code put_summary(struct tx *tx, const struct withdrawal *w, struct arena *a, const struct reader *who,
                             struct doc *d, struct err *e)
{
  struct buf names;
  struct date day = date_of_ts(w->row.from);
  struct str when = reader_date(a, who, day), party = consent_party(who->lang, &w->row), name = STR_NONE;
  cats_t categories = 0;
  enum code c = OK;
  buf_init(&names, a, 4096);
  for (size_t i = 0; c == OK && i < w->ended_count; i++) {
    c = organization_name(tx, w->ended[i].organization, a, &name, e);
    buf_add_cstr(&names, i ? "、" : "");
    buf_add(&names, name);
    categories |= w->ended[i].categories;
  }
  struct str what = consent_categories(a, who->lang, categories);
  doc_put_str(d, "summary", put_sentence(a, who->lang, party, when, buf_str(&names), w->row.refused, what));
  return c;
}

/* What others agreed to, and this no alone held back. */
static enum code put_opens(struct tx *tx, const struct scope *s, const struct withdrawal *w, id64 organization,
                           struct arena *a, const struct reader *who, struct doc *opens, struct err *e)
{
  const struct supposed if_gone = {.gone = &w->row.id, .gone_count = 1};
  struct agreed now = {0}, then = {0};
  struct str name = STR_NONE;
  enum code c = access_agreed(tx, s, organization, &now, e);
  if (c == OK)
    c = access_agreed_if(tx, s, organization, &if_gone, &then, e);
  cats_t more = then.any & ~now.any;
  if (c == OK && more)
    c = organization_name(tx, organization, a, &name, e);
  if (c == OK && more)
    doc_put_str(doc_add_map(opens), "text",
                tr_args(a, who->lang, TR("%1は、「%2」を見られるようになります。"), name,
                        consent_categories(a, who->lang, more), STR_NONE));
  return c;
}

enum code consent_consequences(struct tx *tx, const struct scope *s, id64 consent, id64 organization, struct arena *a,
                               const struct reader *who, struct doc **ret, struct err *e)
{
  struct withdrawal w = {0};
  struct doc *d = doc_map(a);
  enum code c = load(tx, s, consent, towards_one(&organization), &w, e);
  if (c == OK && w.row.withdrawn_at)
    return err_set(e, CONFLICT, TR("この同意は、すでに取り消されています。"));
  if (c == OK)
    c = put_summary(tx, &w, a, who, d, e);
  struct doc *ends = doc_put_list(d, "ends"), *holders = doc_put_list(d, "holders");
  struct doc *opens = doc_put_list(d, "opens");
  (void)doc_put_list(d, "receivers");
  for (size_t i = 0; c == OK && w.row.refused && i < w.ended_count; i++)
    c = put_opens(tx, s, &w, w.ended[i].organization, a, who, opens, e);
  for (size_t i = 0; c == OK && !w.row.refused && i < w.ended_count; i++) {
    struct str what = consent_categories(a, who->lang, w.ended[i].categories);
    c = connection_put_open(tx, s, w.ended[i].organization, a, who, ends, e);
    if (c == OK)
      c = put_holder(tx, s, w.ended[i].organization, what, a, who, d, e);
  }
  if (c != OK)
    return c;
  doc_put_bool(d, "is_refusal", w.row.refused);
  doc_put_bool(d, "has_opens", doc_size(opens) > 0);
  doc_put_bool(d, "has_ends", doc_size(ends) > 0);
  doc_put_bool(d, "has_holders", doc_size(holders) > 0);
  doc_put_bool(d, "by_person", str_is(w.row.by, "person"));
  doc_put_str(d, "giver", consent_party(who->lang, &w.row));
  *ret = d;
  return OK;
}
