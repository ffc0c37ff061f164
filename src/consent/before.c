/* before.c: what a new answer leaves standing and what it ends, told before it is recorded. */
#include "access/agreed.h"
#include "connection/connection.h"
#include "consent/consent.h"
#include "consent/words.h"
#include "network/network.h"

/* ---- what goes on -------------------------------------------------------------------------------------------------------------------- */

static bool is_by(const struct consent_row *c, const struct consent_new *n)
{
  bool person = str_is(c->by, "person");
  return person == (n->by == PARTY_PERSON) && (person || c->guardian == n->guardian);
}

static bool lasts_longer(ts_t until, ts_t than)
{
  return than && (!until || until > than);
}

/* Does it cover something that this recipient of the new one's would then not, or for longer? */
static bool covers_more(const struct recipient_row *row, const struct consent_new *n, const struct consent_recipient *r,
                        cats_t *ret_more)
{
  *ret_more = row->categories & ~r->categories;
  return *ret_more || lasts_longer(row->consent.until, n->until);
}

enum code consent_older(struct tx *tx, const struct scope *s, const struct consent_new *n, struct arena *a,
                        struct older **ret, size_t *ret_count, struct err *e)
{
  struct recipient_row *rows = NULL;
  size_t count = 0, found = 0;
  enum code c = consent_sql_recipients(tx, s, a, &rows, &count, e);
  struct older *list = c == OK ? arena_array(a, count + 1, sizeof *list) : NULL;
  if (c == OK && !list)
    return err_oom(e);
  for (size_t i = 0; c == OK && !n->refused && i < count; i++)
    for (size_t k = 0; k < n->count; k++) {
      const struct recipient_row *row = &rows[i];
      cats_t more = 0;
      if (row->organization != n->recipients[k].organization || /* a value, not a decision */
          !is_by(&row->consent, n) || !scope_wrote(s, row->consent.author_organization))
        continue;
      if (consent_counts(rows, count, row, tx_now(tx)) && covers_more(row, n, &n->recipients[k], &more))
        list[found++] =
            (struct older){row->consent.id, row->organization, row->name, row->consent.from, row->consent.until, more};
    }
  if (c == OK) {
    *ret = list;
    *ret_count = found;
  }
  return c;
}

struct before_job {
  struct tx *tx;
  const struct scope *s;
  struct arena *a;
  const struct reader *who;
  const struct consent_new *n;
  const struct older *older;
  size_t count;
  struct doc *stops;
};

static struct str span_text(const struct before_job *job, const struct older *o)
{
  struct str from = reader_short(job->a, job->who, date_of_ts(o->from));
  if (!o->until)
    return tr_args(job->a, job->who->lang, TR("%1から、取り消すまで"), from, STR_NONE, STR_NONE);
  struct str until = reader_date(job->a, job->who, date_of_ts(o->until - 1));
  return tr_args(job->a, job->who->lang, TR("%1から、%2まで"), from, until, STR_NONE);
}

static void put_older(const struct before_job *job, struct doc *data)
{
  struct doc *list = doc_put_list(data, "older");
  struct buf seen;
  buf_init(&seen, job->a, 1 << 14);
  for (size_t i = 0; i < job->count; i++) {
    const struct older *o = &job->older[i];
    struct str what = consent_categories(job->a, job->who->lang, o->more);
    doc_put_str(doc_add_map(list), "text",
                tr_args(job->a, job->who->lang,
                        o->more ? TR("%1への前の同意（%2）では、「%3」も伝えてよいことになっています。")
                                : TR("%1への前の同意（%2）は、新しい同意より長く続きます。"),
                        o->name, span_text(job, o), what));
    buf_printf(&seen, "%s%.*s", i ? "," : "", STR_FMT(id_text(job->a, o->consent)));
  }
  doc_put_bool(data, "has_older", job->count > 0);
  doc_put_str(data, "older_seen", buf_str(&seen));
}

/* ---- what ends ----------------------------------------------------------------------------------------------------------------------- */

static struct fact_consent said(const struct before_job *job, const struct consent_recipient *r)
{
  const struct consent_new *n = job->n;
  ts_t now = tx_now(job->tx);
  bool later = date_known(n->from_day) && date_start_ts(n->from_day) > now;
  return (struct fact_consent){.id = INT64_MAX,
                               .organization = r->organization,
                               .guardian = n->guardian,
                               .by = n->by,
                               .authority = n->authority,
                               .categories = r->categories,
                               .refused = n->refused,
                               .heard = n->heard,
                               .from = later ? date_start_ts(n->from_day) : now,
                               .until = n->until};
}

static enum code put_stop(struct before_job *job, const struct consent_recipient *r, const id64 *gone, size_t n,
                          struct err *e)
{
  const struct supposed if_so = {said(job, r), gone, n};
  struct agreed now = {0}, then = {0};
  struct str name = STR_NONE;
  enum code c = access_agreed(job->tx, job->s, r->organization, &now, e);
  if (c == OK && now.consent)
    c = access_agreed_if(job->tx, job->s, r->organization, &if_so, &then, e);
  cats_t lost = now.any & ~then.any;
  if (c != OK || !now.consent || !lost)
    return c;
  c = organization_name(job->tx, r->organization, job->a, &name, e);
  if (c != OK)
    return c;
  doc_put_str(doc_add_map(job->stops), "text",
              tr_args(job->a, job->who->lang, TR("%1は、「%2」を見られなくなります。"), name,
                      consent_categories(job->a, job->who->lang, lost), STR_NONE));
  return then.any ? OK : connection_put_open(job->tx, job->s, r->organization, job->a, job->who, job->stops, e);
}

static enum code put_stops(struct before_job *job, struct err *e)
{
  enum code c = OK;
  for (size_t i = 0; c == OK && i < job->n->count; i++) {
    const struct consent_recipient *r = &job->n->recipients[i];
    id64 *gone = arena_array(job->a, job->count + 1, sizeof *gone);
    size_t n = 0;
    if (!gone)
      return err_oom(e);
    for (size_t k = 0; k < job->count; k++)
      if (job->older[k].organization == r->organization) /* a value, not a decision */
        gone[n++] = job->older[k].consent;
    if (n || job->n->refused)
      c = put_stop(job, r, gone, n, e);
  }
  return c;
}

enum code consent_before(struct tx *tx, const struct scope *s, const struct consent_new *given, struct arena *a,
                         const struct reader *who, struct doc *data, struct err *e)
{
  struct consent_new n = *given;
  struct before_job job = {.tx = tx, .s = s, .a = a, .who = who, .n = &n, .stops = doc_put_list(data, "stops")};
  struct older *older = NULL;
  enum code c = consent_check_giver(tx, s, &n, e);
  if (c == INVALID) { /* that nobody answered who may is said when it is recorded */
    n.count = 0;
    *e = (struct err){0};
    c = OK;
  }
  if (c == OK)
    c = consent_older(tx, s, &n, a, &older, &job.count, e);
  job.older = older;
  if (c == OK)
    c = put_stops(&job, e);
  if (c != OK)
    return c;
  put_older(&job, data);
  doc_put_bool(data, "has_stops", doc_size(job.stops) > 0);
  return OK;
}
