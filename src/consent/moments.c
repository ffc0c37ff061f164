/* moments.c: what was said about sharing, as moments of a case's timeline. */
#include "consent/consent.h"
#include "consent/words.h"

struct moments_job {
  const struct scope *s;
  struct arena *a;
  const struct reader *who;
  struct doc *list;
  struct str case_href;
};

static void add_moment(const struct moments_job *job, const struct consent_row *c, ts_t at, const char *id,
                       struct str names)
{
  struct doc *d = doc_add_map(job->list);
  doc_put_cstr(d, "icon", "i-consent");
  doc_put_int(d, "at", at);
  doc_put_str(d, "when", reader_day_ts(job->a, job->who, at));
  doc_put_str(d, "what", tr_args(job->a, job->who->lang, id, consent_party(job->who->lang, c), names, STR_NONE));
  doc_put_cstr(d, "by", "");
  doc_put_bool(d, "has_href", true);
  doc_put_str(d, "href", job->case_href);
  doc_put_bool(d, "has_state", false);
  doc_put_null(d, "state");
  (void)doc_put_list(d, "parts");
  doc_put_cstr(d, "more", "");
  doc_put_cstr(d, "correct_href", "");
}

/* The recipients of one consent: rows [from, until). */
struct stretch {
  const struct recipient_row *rows;
  size_t count, from, until;
};

static bool continues(const struct stretch *t, size_t row, bool back)
{
  for (size_t i = 0; i < t->count; i++)
    if (back ? consent_goes_on(&t->rows[i], &t->rows[row]) : consent_goes_on(&t->rows[row], &t->rows[i]))
      return true;
  return false;
}

/* Those of them towards whom it went on (or did not), when the rest was taken back. */
static struct str names_of(const struct moments_job *job, const struct stretch *t, bool went_on)
{
  struct buf b;
  buf_init(&b, job->a, 1 << 14);
  for (size_t i = t->from; i < t->until; i++) {
    if (continues(t, i, false) != went_on)
      continue;
    buf_add_cstr(&b, b.n ? "、" : "");
    buf_add(&b, t->rows[i].name);
  }
  return buf_str(&b);
}

static void put_withdrawal(const struct moments_job *job, const struct stretch *t)
{
  const struct consent_row *c = &t->rows[t->from].consent;
  struct str ended = names_of(job, t, false), kept = names_of(job, t, true);
  if (!ended.n)
    return;
  if (kept.n)
    ended = tr_args(job->a, job->who->lang,
                    c->refused ? TR("%1（%2への答えは、そのままです）") : TR("%1（%2への同意は続いています）"), ended,
                    kept, STR_NONE);
  add_moment(job, c, c->withdrawn_at,
             c->refused ? TR("「同意しない」の取り消し: %1 → %2") : TR("同意の取り消し: %1 → %2"), ended);
}

static void put_consent(const struct moments_job *job, const struct stretch *t, ts_t now)
{
  const struct consent_row *c = &t->rows[t->from].consent;
  const char *given = c->refused ? TR("同意しない: %1 → %2") : TR("同意: %1 → %2");
  struct buf all;
  buf_init(&all, job->a, 1 << 14);
  for (size_t i = t->from; i < t->until; i++) {
    buf_add_cstr(&all, all.n ? "、" : "");
    buf_add(&all, t->rows[i].name);
  }
  if (c->from <= now && !continues(t, t->from, true)) /* the rest of one that was taken back in part is told by that */
    add_moment(job, c, c->from, given, buf_str(&all));
  if (c->withdrawn_at)
    put_withdrawal(job, t);
  else if (c->until && c->until <= now)
    add_moment(job, c, c->until,
               c->refused ? TR("「同意しない」の期限が切れた: %1 → %2") : TR("同意の期限が切れた: %1 → %2"),
               buf_str(&all));
}

enum code consent_moments(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, const struct reader *who,
                          struct doc **ret, struct err *e)
{
  struct moments_job job = {.s = s, .a = a, .who = who, .list = doc_list(a)};
  struct recipient_row *rows = NULL;
  size_t n = 0;
  struct str id = id_text(a, case_id);
  job.case_href = str_printf(a, "/cases/%.*s/consents", STR_FMT(id));
  enum code c = consent_sql_recipients(tx, s, a, &rows, &n, e);
  if (c != OK)
    return c;
  for (size_t i = 0, k; i < n; i = k) { /* the recipients of one consent stand together */
    for (k = i + 1; k < n && rows[k].consent.id == rows[i].consent.id; k++)
      continue;
    put_consent(&job, &(struct stretch){rows, n, i, k}, tx_now(tx));
  }
  *ret = job.list;
  return OK;
}
