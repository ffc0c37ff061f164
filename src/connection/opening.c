#include "connection/opening.h"

#include "base/holiday.h"
#include "connection/connection_sql.h"

enum { LOOK_AHEAD = 400, LONGEST = 366, HOLIDAYS_SHOWN = 8 };

static bool is_open(const struct opening *o, id64 organization, struct date d)
{
  if (!office_opens(d))
    return false;
  for (size_t i = 0; i < o->count; i++) {
    const struct closed_days *c = &o->list[i];
    if (c->organization == organization /* a value, not a decision */ && date_compare(c->from, d) <= 0 &&
        date_compare(d, c->until) <= 0)
      return false;
  }
  return true;
}

int opening_days_since(const struct opening *o, id64 organization, ts_t from, struct date today)
{
  int days = 0;
  for (struct date d = date_add_days(date_of_ts(from), 1); date_compare(d, today) <= 0; d = date_add_days(d, 1))
    days += is_open(o, organization, d);
  return days;
}

/* Whoever is closed for good does not push silence past two years. */
ts_t opening_after(const struct opening *o, id64 organization, ts_t from, int days)
{
  struct date d = date_of_ts(from);
  for (int looked = 0; days > 0 && looked < 2 * LONGEST; looked++) {
    d = date_add_days(d, 1);
    days -= is_open(o, organization, d);
  }
  return date_start_ts(d);
}

ts_t opening_before(const struct opening *o, id64 organization, int days, struct date today)
{
  struct date d = today;
  for (int looked = 0; days > 0 && looked < 2 * LONGEST; looked++, d = date_add_days(d, -1))
    days -= is_open(o, organization, d);
  return date_start_ts(date_add_days(d, 1));
}

enum code opening_silent_at(struct tx *tx, id64 organization, ts_t sent_at, ts_t *ret, struct err *e)
{
  struct opening o = {0};
  int days = 0;
  enum code c = connection_silence_days(tx, &days, e);
  if (c == OK)
    c = opening_load(tx, &o, e);
  if (c == OK)
    *ret = opening_after(&o, organization, sent_at, days);
  return c;
}

/* ---- changing ----------------------------------------------------------------------------------------------------------- */

struct waiting_job {
  struct arena *a;
  struct connection *list;
  size_t count;
};

static enum code take_waiting(void *arg, const struct connection *c, struct str to, struct err *e)
{
  struct waiting_job *job = arg;
  (void)to;
  if ((job->count & (job->count - 1)) == 0) /* full at each power of two */
    job->list = arena_grow(job->a, job->list, job->count * sizeof *job->list,
                           (job->count ? 2 * job->count : 1) * sizeof *job->list);
  if (arena_failed(job->a))
    return err_oom(e);
  job->list[job->count++] = *c;
  return OK;
}

/* What waits for the organization; 0: for any. */
static enum code reckon_anew(struct tx *tx, id64 organization, struct err *e)
{
  struct waiting_job job = {.a = tx_arena(tx)};
  struct opening o = {0};
  int days = 0;
  enum code c = connection_silence_days(tx, &days, e);
  if (c == OK)
    c = opening_load(tx, &o, e);
  if (c == OK)
    c = connection_sql_waiting(tx, organization, take_waiting, &job, e);
  for (size_t i = 0; c == OK && i < job.count; i++)
    c = connection_sql_silent(tx, job.list[i].id,
                              opening_after(&o, job.list[i].to_organization, job.list[i].sent_at, days), e);
  return c;
}

enum code opening_reckon_all(struct tx *tx, struct err *e)
{
  return reckon_anew(tx, 0, e);
}

enum code opening_close(struct tx *tx, const struct scope *s, struct date from, struct date until, struct err *e)
{
  id64 organization = scope_organization(s);
  int64_t n = 0;
  if (!date_known(from))
    return err_field(e, "from", TR("いつから休むかを、年月日で書いてください。"));
  if (!date_known(until))
    until = from;
  if (date_compare(until, from) < 0)
    return err_field(e, "until", TR("終わりの日が、はじめの日より前になっています。"));
  if (date_days_between(from, until) >= LONGEST)
    return err_field(e, "until", TR("休みは1年までにしてください。"));
  enum code c = closed_sql_count(tx, organization, &n, e);
  if (c == OK && n >= CLOSED_DAYS_MOST)
    return err_field(e, "from", TR("休みが多すぎます。過ぎた休みを消してから、加えてください。"));
  if (c == OK)
    c = closed_sql_put(tx, organization, date_iso(tx_arena(tx), from), date_iso(tx_arena(tx), until), e);
  return c == OK ? reckon_anew(tx, organization, e) : c;
}

enum code opening_open(struct tx *tx, const struct scope *s, id64 id, struct err *e)
{
  enum code c = closed_sql_delete(tx, scope_organization(s), id, e);
  return c == OK ? reckon_anew(tx, scope_organization(s), e) : c;
}

/* ---- the page ------------------------------------------------------------------------------------------------------------ */

static void put_holidays(struct doc *d, struct arena *a, const struct reader *who)
{
  struct doc *list = doc_put_list(d, "holidays");
  for (int i = 0; i < LOOK_AHEAD && doc_size(list) < HOLIDAYS_SHOWN; i++) {
    struct date day = date_add_days(who->today, i);
    const char *name = holiday_name(day);
    if (!name)
      continue;
    struct doc *m = doc_add_map(list);
    doc_put_str(m, "day", reader_short(a, who, day));
    doc_put_str(m, "name", tr(who->lang, name));
  }
}

enum code opening_page(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                       struct doc **ret, struct err *e)
{
  struct opening o = {0};
  struct str name = STR_NONE;
  int days = 0;
  struct doc *d = doc_map(a), *list = doc_put_list(d, "closed");
  enum code c = opening_load(tx, &o, e);
  if (c == OK)
    c = organization_name(tx, scope_organization(s), a, &name, e);
  if (c == OK)
    c = connection_silence_days(tx, &days, e);
  if (c != OK)
    return c;
  for (size_t i = 0; i < o.count; i++) {
    if (o.list[i].organization != scope_organization(s)) /* a value, not a decision */
      continue;
    struct doc *m = doc_add_map(list);
    bool one = date_compare(o.list[i].from, o.list[i].until) == 0;
    doc_put_id(m, "id", o.list[i].id);
    doc_put_str(m, "from", reader_date(a, who, o.list[i].from));
    doc_put_str(m, "until", one ? STR_NONE : reader_date(a, who, o.list[i].until));
    doc_put_bool(m, "past", date_compare(o.list[i].until, who->today) < 0);
  }
  doc_put_bool(d, "has_closed", doc_size(list) > 0);
  doc_put_str(d, "organization", name);
  doc_put_str(d, "silence",
              reader_count(a, who->lang, TR("%1開庁日のうちに返事がなければ、双方の「今日」に知らせが出ます。"), days));
  put_holidays(d, a, who);
  *ret = d;
  return OK;
}

enum code connection_answer_by(struct tx *tx, const struct connection *c, struct date *ret, struct err *e)
{
  ts_t at = 0;
  enum code code = opening_silent_at(tx, c->to_organization, c->sent_at, &at, e);
  if (code == OK && at <= tx_now(tx))
    code = opening_silent_at(tx, c->to_organization, tx_now(tx), &at, e);
  if (code == OK)
    *ret = date_of_ts(at);
  return code;
}
