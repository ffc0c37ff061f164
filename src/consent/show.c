/* show.c: だれに何を伝えてよいか: recipients × categories as the engine says it, what was given, refused and taken back, and one consent by itself. */
#include "access/agreed.h"
#include "consent/consent.h"
#include "consent/words.h"
#include "protect/protect.h"

struct matrix_job {
  struct tx *tx;
  const struct scope *s;
  struct arena *a;
  const struct reader *who;
  const struct recipient_row *rows;
  size_t count;
  struct asked asked; /* of the matrix alone */
};

static bool stands(const struct matrix_job *job, const struct consent_row *c)
{
  ts_t now = tx_now(job->tx);
  return !c->withdrawn_at && !c->refused && (!c->until || c->until > now);
}

/* A yes that is not taken back by a later no of the same party. */
static bool counts(const struct matrix_job *job, size_t at)
{
  return consent_counts(job->rows, job->count, &job->rows[at], tx_now(job->tx));
}

static bool refuses(const struct matrix_job *job, const struct consent_row *c)
{
  ts_t now = tx_now(job->tx);
  return c->refused && !c->withdrawn_at && c->from <= now && (!c->until || c->until > now);
}

/* A line of the matrix: its organization's first row that says something. */
static bool is_first_of(const struct matrix_job *job, size_t at)
{
  if (!counts(job, at) && !refuses(job, &job->rows[at].consent))
    return false;
  for (size_t i = 0; i < at; i++)
    if (job->rows[i].organization == job->rows[at].organization && /* a value, not a decision */
        (counts(job, i) || refuses(job, &job->rows[i].consent)))
      return false;
  return true;
}

static void put_cell(const struct matrix_job *job, struct doc *cells, int category, cats_t agreed, cats_t named,
                     bool refused)
{
  cats_t bit = 1u << category;
  bool both = agreed & bit, one = !both && (named & bit);
  const char *waits = refused ? TR("ことわった人がいる") : TR("まだそろわない");
  struct doc *d = doc_add_map(cells);
  doc_put_str(d, "label", tr(job->who->lang, category_label(category)));
  doc_put_cstr(d, "shape", both ? "c-both" : one ? "c-one" : "c-none");
  doc_put_str(d, "word", tr(job->who->lang, both ? TR("伝えてよい") : one ? waits : TR("なし")));
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

/* The same party on the same day said it twice: once is enough. */
static void add_giver(const struct matrix_job *job, struct buf *b, const struct consent_row *c)
{
  struct str party = consent_party(job->who->lang, c);
  struct str day = reader_short(job->a, job->who, date_of_ts(c->from));
  struct str giver = str_printf(job->a, "%.*s %.*s", STR_FMT(party), STR_FMT(day));
  struct str after = str_printf(job->a, "、%.*s", STR_FMT(giver)); /* whole: 祖母 holds 母 */
  if (str_starts(buf_str(b), giver) || str_contains(buf_str(b), after))
    return;
  buf_add(b, b->n ? after : giver);
}

static struct standing standing_of(const struct matrix_job *job, id64 organization)
{
  struct standing t = {0};
  buf_init(&t.by, job->a, 1024);
  for (size_t i = 0; i < job->count; i++) {
    const struct recipient_row *r = &job->rows[i];
    if (r->organization != organization || !counts(job, i)) /* a value, not a decision */
      continue;
    add_giver(job, &t.by, &r->consent);
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
  struct str day = reader_date(job->a, job->who, date_of_ts(until - 1));
  return tr_args(job->a, job->who->lang, TR("%1まで"), day, STR_NONE, STR_NONE);
}

/* The newest no of each party that holds: it is asked again, or, where it was written down wrongly, taken back. */
static bool is_newest_no(const struct matrix_job *job, size_t at)
{
  const struct recipient_row *no = &job->rows[at];
  if (!refuses(job, &no->consent))
    return false;
  for (size_t i = 0; i < job->count; i++) {
    const struct recipient_row *r = &job->rows[i];
    bool same = r->organization == no->organization && /* a value, not a decision */
                str_eq(r->consent.by, no->consent.by) && r->consent.guardian == no->consent.guardian;
    if (same && (i < at ? refuses(job, &r->consent) : false))
      return false;
    if (same && counts(job, i) && r->consent.from <= tx_now(job->tx))
      return false; /* it said yes since */
  }
  return true;
}

static void put_refusals(const struct matrix_job *job, id64 organization, struct doc *row)
{
  struct doc *list = doc_put_list(row, "refusals");
  struct str to = id_text(job->a, organization);
  for (size_t i = 0; i < job->count; i++) {
    const struct consent_row *c = &job->rows[i].consent;
    if (job->rows[i].organization != organization || !is_newest_no(job, i)) /* a value, not a decision */
      continue;
    struct str id = id_text(job->a, c->id);
    struct doc *d = doc_add_map(list);
    doc_put_str(d, "party", consent_party(job->who->lang, c));
    doc_put_str(d, "again", scope_wrote(job->s, c->author_organization) ? id : STR_NONE);
    doc_put_str(d, "withdraw_href",
                str_printf(job->a, "/consents/%.*s/withdraw?organization=%.*s", STR_FMT(id), STR_FMT(to)));
  }
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
  bool half = t.named & ~agreed.consent, refused = consent_put_notes(&job->asked, r->organization, half, d);
  struct doc *cells = doc_put_list(d, "cells");
  for (int i = 0; i < CATEGORIES; i++)
    put_cell(job, cells, i, agreed.consent, t.named, refused);
  doc_put_str(d, "until", t.newest ? until_text(job, t.until) : STR_NONE);
  doc_put_str(d, "by", buf_str(&t.by));
  doc_put_bool(d, "half", half && !refused);
  doc_put_bool(d, "refused", half && refused);
  put_refusals(job, r->organization, d);
  doc_put_bool(d, "can_withdraw", t.newest);
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

static bool is_continued(const struct matrix_job *job, const struct recipient_row *r)
{
  for (size_t i = 0; i < job->count; i++)
    if (consent_goes_on(r, &job->rows[i]))
      return true;
  return false;
}

/* Where these terms were first given; rows stand newest first. */
static const struct consent_row *first_of(const struct matrix_job *job, const struct recipient_row *r)
{
  for (size_t i = 0; i < job->count; i++) /* what went before comes later */
    if (consent_goes_on(&job->rows[i], r))
      r = &job->rows[i];
  return &r->consent;
}

static void put_history(const struct matrix_job *job, struct doc *list, size_t at)
{
  const struct recipient_row *r = &job->rows[at];
  const struct consent_row *c = &r->consent;
  if (is_continued(job, r))
    return; /* nothing ended here */
  const struct consent_row *first = first_of(job, r);
  struct str party = consent_party(job->who->lang, c), what = consent_categories(job->a, job->who->lang, r->categories);
  struct doc *d = doc_add_map(list);
  doc_put_str(d, "when", reader_day_ts(job->a, job->who, c->withdrawn_at ? c->withdrawn_at : first->from));
  doc_put_str(d, "text", str_printf(job->a, "%.*s → %.*s（%.*s）", STR_FMT(party), STR_FMT(r->name), STR_FMT(what)));
  doc_put_str(d, "notice", c->notice_version);
  doc_put_str(d, "purpose", c->purposes);
  doc_put_str(d, "until", until_text(job, c->until));
  doc_put_str(d, "how", consent_how(job->who->lang, c->how));
  struct str id = id_text(job->a, first->id);
  doc_put_str(d, "evidence_href",
              scope_wrote(job->s, c->author_organization) ? str_printf(job->a, "/consents/%.*s/evidence", STR_FMT(id))
                                                          : STR_NONE);
  if (c->withdrawn_at)
    put_state(d, job->who->lang, c->refused ? TR("「同意しない」を取り消しました") : TR("取り消されました"),
              "s-withdrawn", "quiet");
  else if (c->refused)
    put_state(d, job->who->lang, TR("同意しない"), "s-declined", "bad");
  else if (!stands(job, c))
    put_state(d, job->who->lang, TR("期限切れ"), "s-expired", "quiet");
  else if (!counts(job, at))
    put_state(d, job->who->lang, TR("あとの答えで止まりました"), "s-declined", "quiet");
  else if (c->from > tx_now(job->tx))
    put_state(d, job->who->lang, TR("これから"), "c-one", "quiet");
  else
    put_state(d, job->who->lang, TR("同意あり"), "c-both", "good");
}

void consent_put_categories(struct doc *d, enum lang lang)
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
  consent_put_categories(d, who->lang);
  struct doc *rows = doc_put_list(d, "rows"), *history = doc_put_list(d, "history");
  enum code c = consent_asked(tx, s, a, who, &job.asked, e);
  job.rows = job.asked.rows;
  job.count = job.asked.count;
  for (size_t i = 0; c == OK && i < job.count; i++) {
    if (is_first_of(&job, i))
      c = put_row(&job, rows, i, e);
    put_history(&job, history, i);
  }
  if (c != OK)
    return c;
  bool half = false, refused = false;
  for (size_t i = 0; i < doc_size(rows); i++) {
    half |= doc_get_bool(doc_at(rows, i), "half");
    refused |= doc_get_bool(doc_at(rows, i), "refused");
  }
  doc_put_bool(d, "has_half", half);
  doc_put_bool(d, "has_refused", refused);
  doc_put_bool(d, "has_rows", doc_size(rows) > 0);
  doc_put_bool(d, "has_history", doc_size(history) > 0);
  *ret = d;
  return OK;
}

/* What one party said to one receiver until one day is one line, however often it was said. */
struct told {
  id64 organization, guardian;
  bool person;
  struct recipient_row row;
  cats_t opens;
};

static struct told *line_of(struct told *list, size_t *n, const struct recipient_row *r)
{
  bool person = str_is(r->consent.by, "person");
  for (size_t i = 0; i < *n; i++)
    if (list[i].organization == r->organization && /* a value, not a decision */
        list[i].person == person && list[i].guardian == r->consent.guardian &&
        list[i].row.consent.until == r->consent.until)
      return &list[i];
  list[*n] = (struct told){r->organization, r->consent.guardian, person, *r, 0};
  return &list[(*n)++];
}

/* Another line says as much of the same, for longer (or as long, and came first). */
static bool is_told(const struct told *list, size_t n, size_t at)
{
  const struct told *x = &list[at];
  for (size_t i = 0; i < n; i++) {
    const struct told *y = &list[i];
    ts_t mine = x->row.consent.until, other = y->row.consent.until;
    if (i != at && y->organization == x->organization && /* a value, not a decision */
        y->person == x->person && y->guardian == x->guardian && !(x->opens & ~y->opens) &&
        (!other || (mine && other > mine)))
      return true;
  }
  return false;
}

enum code consent_summary(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                          struct doc **ret, struct err *e)
{
  struct matrix_job job = {.tx = tx, .s = s, .a = a, .who = who};
  struct doc *list = doc_list(a);
  size_t n = 0;
  enum code c = job_load(&job, e);
  struct told *told = c == OK ? arena_array(a, job.count + 1, sizeof *told) : NULL;
  if (c == OK && !told)
    return err_oom(e);
  for (size_t i = 0; c == OK && i < job.count; i++) {
    const struct recipient_row *r = &job.rows[i];
    struct agreed agreed = {0};
    if (!counts(&job, i) || r->consent.from > tx_now(tx))
      continue;
    c = access_agreed(tx, s, r->organization, &agreed, e);
    if (c == OK && (r->categories & agreed.consent))
      line_of(told, &n, r)->opens |= r->categories & agreed.consent;
  }
  for (size_t i = 0; c == OK && i < n; i++) {
    if (is_told(told, n, i))
      continue;
    struct str party = consent_party(who->lang, &told[i].row.consent);
    struct doc *d = doc_add_map(list);
    doc_put_str(d, "text", str_printf(a, "%.*s → %.*s", STR_FMT(party), STR_FMT(told[i].row.name)));
    doc_put_str(d, "what", consent_categories(a, who->lang, told[i].opens));
    doc_put_str(d, "until", until_text(&job, told[i].row.consent.until));
  }
  if (c == OK)
    *ret = list;
  return c;
}

enum code consent_towards(struct tx *tx, const struct scope *s, const struct scope *as, id64 organization,
                          struct arena *a, const struct reader *who, struct doc **ret, struct err *e)
{
  struct matrix_job job = {.tx = tx, .s = s, .a = a, .who = who};
  struct doc *list = doc_list(a);
  enum code c = job_load(&job, e);
  for (size_t i = 0; c == OK && i < job.count; i++) {
    const struct recipient_row *r = &job.rows[i];
    bool of = r->organization == organization; /* a value, not a decision */
    bool holds =
        !r->consent.withdrawn_at && r->consent.from <= tx_now(tx) && (r->consent.refused || stands(&job, &r->consent));
    bool told = str_is(r->consent.by, "person") || scope_sees(as, CAT_FAMILY, scope_organization(s), 0);
    if (!of || !holds || !told)
      continue;
    struct doc *d = doc_add_map(list);
    doc_put_int(d, "at", r->consent.from);
    doc_put_str(d, "text",
                tr_args(a, who->lang,
                        r->consent.refused ? TR("%1は、同意しませんでした（%2）") : TR("%1の同意（%2）：%3"),
                        consent_party(who->lang, &r->consent), consent_how(who->lang, r->consent.how),
                        consent_categories(a, who->lang, r->categories)));
  }
  if (c == OK)
    *ret = list;
  return c;
}

/* ---- one consent ----------------------------------------------------------------------------------------------------------------- */

/* Each with what it may know. */
static struct str recipients_text(const struct matrix_job *job, id64 consent)
{
  struct buf b;
  buf_init(&b, job->a, 1 << 14);
  for (size_t i = 0; i < job->count; i++) {
    if (job->rows[i].consent.id != consent)
      continue;
    buf_add_cstr(&b, b.n ? "、" : "");
    struct str what = consent_categories(job->a, job->who->lang, job->rows[i].categories);
    buf_add(&b, job->rows[i].name);
    if (what.n) /* a no needs none */
      buf_printf(&b, "（%.*s）", STR_FMT(what));
  }
  return buf_str(&b);
}

enum code consent_one(struct tx *tx, const struct scope *s, id64 consent, struct arena *a, const struct reader *who,
                      struct doc *data, struct err *e)
{
  struct matrix_job job = {.tx = tx, .s = s, .a = a, .who = who};
  struct consent_row row = {0};
  struct str sealed = STR_NONE, evidence = STR_NONE;
  enum code c = consent_sql_get(tx, s, consent, a, &row, e);
  if (c == OK)
    c = job_load(&job, e);
  if (c == OK)
    c = consent_sql_evidence(tx, s, consent, a, &sealed, e);
  if (c == OK)
    c = protect_unseal(tx, s, "consent", "evidence_sealed", consent, sealed, a, &evidence, e);
  if (c != OK)
    return c;
  struct str names = recipients_text(&job, consent);
  struct str party = consent_party(who->lang, &row), day = reader_date(a, who, date_of_ts(row.from));
  doc_put_str(data, "given", str_printf(a, "%.*s → %.*s", STR_FMT(party), STR_FMT(names)));
  doc_put_str(data, "day", day);
  doc_put_str(data, "until", until_text(&job, row.until));
  doc_put_str(data, "party", party);
  doc_put_str(data, "purpose", row.purposes);
  doc_put_bool(data, "refused", row.refused);
  doc_put_str(data, "how", consent_how(who->lang, row.how));
  doc_put_str(data, "notice", row.notice_version);
  doc_put_str(data, "evidence", evidence);
  return OK;
}

/* ---- all that stands, on paper -------------------------------------------------------------------------------------------------------- */

static enum code put_record(const struct matrix_job *job, struct doc *list, size_t at, struct err *e)
{
  const struct recipient_row *r = &job->rows[at];
  const struct consent_row *c = &r->consent, *first = first_of(job, r); /* whose witness and day they are */
  struct str sealed = STR_NONE, evidence = STR_NONE, names = recipients_text(job, c->id);
  enum code code = OK;
  if (scope_wrote(job->s, c->author_organization)) {
    code = consent_sql_evidence(job->tx, job->s, first->id, job->a, &sealed, e);
    if (code == OK)
      code = protect_unseal(job->tx, job->s, "consent", "evidence_sealed", first->id, sealed, job->a, &evidence, e);
  }
  struct doc *d = doc_add_map(list);
  struct str party = consent_party(job->who->lang, c);
  const char *no = TR("%1\n同意しない");
  doc_put_str(d, "party", c->refused ? tr_args(job->a, job->who->lang, no, party, STR_NONE, STR_NONE) : party);
  doc_put_str(d, "recipients", names);
  doc_put_str(d, "purpose", c->purposes);
  doc_put_str(d, "from", reader_date(job->a, job->who, date_of_ts(first->from)));
  doc_put_str(d, "until", until_text(job, c->until));
  doc_put_str(d, "how", consent_how(job->who->lang, c->how));
  doc_put_str(d, "evidence", evidence);
  doc_put_str(d, "notice", c->notice_version);
  return code;
}

enum code consent_standing(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                           struct doc **ret, struct err *e)
{
  struct matrix_job job = {.tx = tx, .s = s, .a = a, .who = who};
  struct doc *list = doc_list(a);
  enum code c = job_load(&job, e);
  for (size_t i = 0; c == OK && i < job.count; i++) {
    bool first = true, holds = counts(&job, i) || refuses(&job, &job.rows[i].consent);
    for (size_t k = 0; k < i; k++)
      first &= job.rows[k].consent.id != job.rows[i].consent.id;
    if (first && holds)
      c = put_record(&job, list, i, e);
  }
  if (c == OK)
    *ret = list;
  return c;
}
