/* moments.c: what was said about sharing, as moments of a case's timeline. */
#include "consent/consent.h"
#include "consent/consent_sql.h"

struct moments_job {
  const struct scope *s;
  struct arena *a;
  const struct reader *who;
  struct doc *list;
  struct str case_href;
};

static struct str giver(const struct moments_job *job, const struct consent_row *c)
{
  return str_is(c->by, "person") ? tr(job->who->lang, TR("本人"))
         : c->relation.n         ? c->relation
                                 : tr(job->who->lang, TR("保護者"));
}

static void add_moment(const struct moments_job *job, const struct consent_row *c, ts_t at, const char *id,
                       struct str names)
{
  struct doc *d = doc_add_map(job->list);
  doc_put_cstr(d, "icon", "i-consent");
  doc_put_int(d, "at", at);
  doc_put_str(d, "when", reader_day_ts(job->a, job->who, at));
  doc_put_str(d, "what", tr_args(job->a, job->who->lang, id, giver(job, c), names, STR_NONE));
  doc_put_cstr(d, "by", "");
  doc_put_bool(d, "has_href", true);
  doc_put_str(d, "href", job->case_href);
  doc_put_bool(d, "has_state", false);
  doc_put_null(d, "state");
  (void)doc_put_list(d, "parts");
  doc_put_cstr(d, "more", "");
  doc_put_cstr(d, "correct_href", "");
}

static void put_consent(const struct moments_job *job, const struct consent_row *c, struct str names, ts_t now)
{
  const char *given = c->refused ? TR("同意しない: %1 → %2") : TR("同意: %1 → %2");
  if (c->from <= now)
    add_moment(job, c, c->from, given, names);
  if (c->withdrawn_at)
    add_moment(job, c, c->withdrawn_at, TR("同意の取り消し: %1 → %2"), names);
  else if (c->until && c->until <= now)
    add_moment(job, c, c->until, TR("同意の期限が切れた: %1 → %2"), names);
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
    struct str names = rows[i].name;
    for (k = i + 1; k < n && rows[k].consent.id == rows[i].consent.id; k++)
      names = str_printf(a, "%.*s、%.*s", STR_FMT(names), STR_FMT(rows[k].name));
    put_consent(&job, &rows[i].consent, names, tx_now(tx));
  }
  *ret = job.list;
  return OK;
}
