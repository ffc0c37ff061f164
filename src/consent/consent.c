#include "consent/consent.h"

#include "access/agreed.h"
#include "connection/connection.h"
#include "consent/consent_sql.h"
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
static enum code check_guardian(struct tx *tx, const struct scope *s, struct consent_new *n, struct err *e)
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
  return c == OK ? network_bump_facts(tx, e) : c;
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
    c = check_guardian(tx, s, &n, e);
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

/* Towards whom it ends: an organization that did not record the consent speaks for itself alone. */
static bool ends_for(const struct scope *s, const struct withdrawal *w, id64 organization, id64 only)
{
  if (only && organization != only) /* a value, not a decision */
    return false;
  return scope_wrote(s, w->row.author_organization) || scope_wrote(s, organization);
}

static enum code load(struct tx *tx, const struct scope *s, id64 consent, id64 only, struct withdrawal *w,
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

enum code consent_withdraw(struct tx *tx, const struct scope *s, id64 consent, const struct consent_withdrawal *given,
                           struct err *e)
{
  struct withdrawal w = {0};
  struct str reason = STR_NONE;
  enum code c = load(tx, s, consent, given->organization, &w, e);
  if (c == OK && str_is(w.row.by, "person") != (given->by == PARTY_PERSON))
    return err_field(e, "by", TR("この同意は、別の人が答えたものです。答えた人だけが取り消せます。"));
  if (c == OK)
    c = seal_text(tx, s, consent, "withdrawn_reason_sealed", given->reason, &reason, e);
  if (c == OK)
    c = consent_sql_withdraw(tx, s, consent, given->how, reason, e);
  if (c == OK && w.kept_count)
    c = renew_rest(tx, s, &w, e);
  if (c == OK)
    c = network_bump_facts(tx, e);
  for (size_t i = 0; c == OK && i < w.ended_count; i++)
    c = consent_end_for(tx, s, w.ended[i].organization, e);
  return c;
}

/* ---- what a withdrawal would do -------------------------------------------------------------------------------------- */

static enum code put_holder(struct tx *tx, const struct scope *s, id64 organization, struct str what, struct arena *a,
                            const struct reader *who, struct doc *holders, struct err *e)
{
  struct str day = STR_NONE, name = STR_NONE;
  struct date since = {0};
  enum code c = consent_sql_first_seen(tx, s, organization, a, &day, e);
  if (c == OK && day.n)
    c = organization_name(tx, organization, a, &name, e);
  if (c != OK || !day.n || !date_parse_iso(day, &since))
    return c;
  struct doc *d = doc_add_map(holders);
  doc_put_str(d, "organization", name);
  doc_put_str(d, "what", what);
  doc_put_str(d, "since", date_text(a, since, who->wareki));
  return OK;
}

static struct str categories_text(struct arena *a, enum lang lang, cats_t categories)
{
  struct buf b;
  buf_init(&b, a, 1024);
  if (categories == CAT_ALL)
    return tr(lang, TR("全部"));
  for (int i = 0; i < CATEGORIES; i++) {
    if (!(categories & (1u << i)))
      continue;
    if (b.n)
      buf_add(&b, tr(lang, TR("・")));
    buf_add(&b, tr(lang, category_label(i)));
  }
  return buf_str(&b);
}

static struct str party_text(enum lang lang, const struct consent_row *row)
{
  if (str_is(row->by, "person"))
    return tr(lang, TR("本人"));
  return row->relation.n ? tr_str(lang, row->relation) : tr(lang, TR("保護者"));
}

/* The catalog's sentences take three arguments: who and when are one. */
static struct str put_sentence(struct arena *a, enum lang lang, struct str party, struct str when, struct str names,
                               struct str what)
{
  struct str first = tr_args(a, lang, TR("%1が %2 に"), party, when, STR_NONE);
  return tr_args(a, lang, TR("%1、%2へ「%3」を伝えることに同意しました。"), first, names, what);
}

static enum code put_summary(struct tx *tx, const struct withdrawal *w, struct arena *a, const struct reader *who,
                             struct doc *d, struct err *e)
{
  struct buf names;
  struct date day = date_of_ts(w->row.from);
  struct str when = date_short(a, day, who->today), party = party_text(who->lang, &w->row), name = STR_NONE;
  cats_t categories = 0;
  enum code c = OK;
  buf_init(&names, a, 4096);
  for (size_t i = 0; c == OK && i < w->ended_count; i++) {
    c = organization_name(tx, w->ended[i].organization, a, &name, e);
    buf_add_cstr(&names, i ? "、" : "");
    buf_add(&names, name);
    categories |= w->ended[i].categories;
  }
  struct str what = categories_text(a, who->lang, categories);
  doc_put_str(d, "summary", put_sentence(a, who->lang, party, when, buf_str(&names), what));
  return c;
}

enum code consent_consequences(struct tx *tx, const struct scope *s, id64 consent, id64 organization, struct arena *a,
                               const struct reader *who, struct doc **ret, struct err *e)
{
  struct withdrawal w = {0};
  struct doc *d = doc_map(a);
  enum code c = load(tx, s, consent, organization, &w, e);
  if (c == OK && w.row.withdrawn_at)
    return err_set(e, CONFLICT, TR("この同意は、すでに取り消されています。"));
  if (c == OK)
    c = put_summary(tx, &w, a, who, d, e);
  struct doc *ends = doc_put_list(d, "ends"), *holders = doc_put_list(d, "holders");
  for (size_t i = 0; c == OK && i < w.ended_count; i++) {
    struct str what = categories_text(a, who->lang, w.ended[i].categories);
    c = connection_put_open(tx, s, w.ended[i].organization, a, who, ends, e);
    if (c == OK)
      c = put_holder(tx, s, w.ended[i].organization, what, a, who, holders, e);
  }
  if (c != OK)
    return c;
  doc_put_bool(d, "has_ends", doc_size(ends) > 0);
  doc_put_bool(d, "has_holders", doc_size(holders) > 0);
  doc_put_bool(d, "by_person", str_is(w.row.by, "person"));
  doc_put_str(d, "giver", party_text(who->lang, &w.row));
  *ret = d;
  return OK;
}

/* ---- だれに何を伝えてよいか ----------------------------------------------------------------------------------------------- */

struct matrix_job {
  struct tx *tx;
  const struct scope *s;
  struct arena *a;
  const struct reader *who;
  const struct recipient_row *rows;
  size_t count;
};

static bool stands(const struct matrix_job *job, const struct consent_row *c)
{
  ts_t now = tx_now(job->tx);
  return !c->withdrawn_at && !c->refused && (!c->until || c->until > now);
}

static bool is_first_of(const struct matrix_job *job, size_t at)
{
  for (size_t i = 0; i < at; i++)
    if (job->rows[i].organization == job->rows[at].organization && /* a value, not a decision */
        stands(job, &job->rows[i].consent))                        /* a value, not a decision */
      return false;
  return true;
}

static void put_cell(const struct matrix_job *job, struct doc *cells, int category, cats_t agreed, cats_t named)
{
  cats_t bit = 1u << category;
  bool both = agreed & bit, one = !both && (named & bit);
  struct doc *d = doc_add_map(cells);
  doc_put_str(d, "label", tr(job->who->lang, category_label(category)));
  doc_put_cstr(d, "shape", both ? "c-both" : one ? "c-one" : "c-none");
  doc_put_str(d, "word", tr(job->who->lang, both ? TR("伝えてよい") : one ? TR("まだそろわない") : TR("なし")));
  doc_put_cstr(d, "class", both ? "both" : one ? "one" : "none");
}

/* Everything that stands towards the organization of rows[at]. */
struct standing {
  cats_t named;
  struct buf by;
  ts_t until;
  bool own;
  id64 newest;
};

static struct standing standing_of(const struct matrix_job *job, id64 organization)
{
  struct standing t = {0};
  buf_init(&t.by, job->a, 1024);
  for (size_t i = 0; i < job->count; i++) {
    const struct recipient_row *r = &job->rows[i];
    if (r->organization != organization || !stands(job, &r->consent)) /* a value, not a decision */
      continue;
    struct str party = party_text(job->who->lang, &r->consent);
    struct str day = date_short(job->a, date_of_ts(r->consent.from), job->who->today);
    buf_printf(&t.by, "%s%.*s %.*s", t.by.n ? "、" : "", STR_FMT(party), STR_FMT(day));
    t.named |= r->categories;
    bool own = str_is(r->consent.by, "person");
    if (!t.newest || (own && !t.own)) /* the person's own before a guardian's */
      t.newest = r->consent.id;
    t.own |= own;
    if (r->consent.until && (!t.until || r->consent.until < t.until))
      t.until = r->consent.until;
  }
  return t;
}

static struct str until_text(const struct matrix_job *job, ts_t until)
{
  if (!until)
    return tr(job->who->lang, TR("取り消すまで"));
  struct str day = date_text(job->a, date_of_ts(until - 1), job->who->wareki);
  return tr_args(job->a, job->who->lang, TR("%1まで"), day, STR_NONE, STR_NONE);
}

static enum code put_row(const struct matrix_job *job, struct doc *list, size_t at, struct err *e)
{
  struct agreed agreed = {0};
  const struct recipient_row *r = &job->rows[at];
  struct standing t = standing_of(job, r->organization);
  enum code c = access_agreed(job->tx, job->s, r->organization, &agreed, e);
  if (c != OK)
    return c;
  struct str consent = id_text(job->a, t.newest), organization = id_text(job->a, r->organization);
  struct doc *d = doc_add_map(list);
  doc_put_str(d, "recipient", r->name);
  struct doc *cells = doc_put_list(d, "cells");
  for (int i = 0; i < CATEGORIES; i++)
    put_cell(job, cells, i, agreed.consent, t.named);
  doc_put_str(d, "until", until_text(job, t.until));
  doc_put_str(d, "by", buf_str(&t.by));
  doc_put_bool(d, "can_withdraw", true);
  doc_put_str(d, "withdraw_href",
              str_printf(job->a, "/consents/%.*s/withdraw?organization=%.*s", STR_FMT(consent), STR_FMT(organization)));
  return OK;
}

static void put_state(struct doc *d, enum lang lang, const char *word, const char *shape, const char *class)
{
  struct doc *state = doc_put_map(d, "state");
  doc_put_str(state, "word", tr(lang, word));
  doc_put_cstr(state, "shape", shape);
  doc_put_cstr(state, "class", class);
}

/* Does b go on with a's terms: the rest of a consent that was withdrawn towards somebody else, in the same instant? */
static bool goes_on(const struct recipient_row *a, const struct recipient_row *b)
{
  const struct consent_row *x = &a->consent, *y = &b->consent;
  ts_t then = x->withdrawn_at > x->from ? x->withdrawn_at : x->from; /* one that had not begun begins on its day */
  return x->withdrawn_at && y->id != x->id && (!y->withdrawn_at || y->withdrawn_at > x->withdrawn_at) &&
         y->from == then && y->guardian == x->guardian && str_eq(y->by, x->by) && a->categories == b->categories &&
         a->organization == b->organization; /* a value, not a decision */
}

static bool is_continued(const struct matrix_job *job, const struct recipient_row *r)
{
  for (size_t i = 0; i < job->count; i++)
    if (goes_on(r, &job->rows[i]))
      return true;
  return false;
}

/* When these terms were first given; rows stand newest first. */
static ts_t given_at(const struct matrix_job *job, const struct recipient_row *r)
{
  for (size_t i = 0; i < job->count; i++) /* what went before comes later */
    if (goes_on(&job->rows[i], r))
      r = &job->rows[i];
  return r->consent.from;
}

static void put_history(const struct matrix_job *job, struct doc *list, const struct recipient_row *r)
{
  const struct consent_row *c = &r->consent;
  if (is_continued(job, r))
    return; /* nothing ended here */
  struct str party = party_text(job->who->lang, c), what = categories_text(job->a, job->who->lang, r->categories);
  struct doc *d = doc_add_map(list);
  doc_put_str(d, "when", reader_day_ts(job->a, job->who, c->withdrawn_at ? c->withdrawn_at : given_at(job, r)));
  doc_put_str(d, "text", str_printf(job->a, "%.*s → %.*s（%.*s）", STR_FMT(party), STR_FMT(r->name), STR_FMT(what)));
  doc_put_str(d, "notice", c->notice_version);
  if (c->withdrawn_at)
    put_state(d, job->who->lang, TR("取り消されました"), "s-withdrawn", "quiet");
  else if (c->refused)
    put_state(d, job->who->lang, TR("同意しない"), "s-declined", "bad");
  else if (!stands(job, c))
    put_state(d, job->who->lang, TR("期限切れ"), "s-expired", "quiet");
  else if (c->from > tx_now(job->tx))
    put_state(d, job->who->lang, TR("これから"), "c-one", "quiet");
  else
    put_state(d, job->who->lang, TR("同意あり"), "c-both", "good");
}

static void put_categories(struct doc *d, enum lang lang)
{
  const cats_t sensitive = CAT_HEALTH | CAT_DISABILITY | CAT_MENTAL | CAT_ABUSE;
  struct doc *list = doc_put_list(d, "categories");
  for (int i = 0; i < CATEGORIES; i++) {
    struct doc *m = doc_add_map(list);
    doc_put_str(m, "word", tr(lang, category_label(i)));
    doc_put_str(m, "long", tr(lang, category_label(i)));
    doc_put_bool(m, "sensitive", sensitive & (1u << i));
  }
}

static enum code job_load(struct matrix_job *job, struct err *e)
{
  struct recipient_row *rows = NULL;
  enum code c = consent_sql_recipients(job->tx, job->s, job->a, &rows, &job->count, e);
  job->rows = rows;
  return c;
}

enum code consent_matrix(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                         struct doc **ret, struct err *e)
{
  struct matrix_job job = {.tx = tx, .s = s, .a = a, .who = who};
  struct doc *d = doc_map(a);
  put_categories(d, who->lang);
  struct doc *rows = doc_put_list(d, "rows"), *history = doc_put_list(d, "history");
  enum code c = job_load(&job, e);
  for (size_t i = 0; c == OK && i < job.count; i++) {
    if (stands(&job, &job.rows[i].consent) && is_first_of(&job, i))
      c = put_row(&job, rows, i, e);
    put_history(&job, history, &job.rows[i]);
  }
  if (c != OK)
    return c;
  doc_put_bool(d, "has_rows", doc_size(rows) > 0);
  doc_put_bool(d, "has_history", doc_size(history) > 0);
  *ret = d;
  return OK;
}

enum code consent_summary(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                          struct doc **ret, struct err *e)
{
  struct matrix_job job = {.tx = tx, .s = s, .a = a, .who = who};
  struct doc *list = doc_list(a);
  enum code c = job_load(&job, e);
  for (size_t i = 0; c == OK && i < job.count; i++) {
    const struct recipient_row *r = &job.rows[i];
    struct agreed agreed = {0};
    if (!stands(&job, &r->consent) || r->consent.from > tx_now(tx))
      continue;
    c = access_agreed(tx, s, r->organization, &agreed, e);
    cats_t opens = r->categories & agreed.consent;
    if (c != OK || !opens)
      continue;
    struct str party = party_text(who->lang, &r->consent);
    struct doc *d = doc_add_map(list);
    doc_put_str(d, "text", str_printf(a, "%.*s → %.*s", STR_FMT(party), STR_FMT(r->name)));
    doc_put_str(d, "what", categories_text(a, who->lang, opens));
    doc_put_str(d, "until", until_text(&job, r->consent.until));
  }
  if (c == OK)
    *ret = list;
  return c;
}
