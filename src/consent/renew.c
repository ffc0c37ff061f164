/* renew.c: a consent that ends soon, or has just ended, stands in the day of who recorded it until the same party has answered again. */
#include "base/limits.h"
#include "consent/consent.h"
#include "consent/consent_sql.h"
#include "protect/protect.h"

enum { AFTERWARDS_DAYS = 30, ROWS = 400, NAMED = 3 };

struct ending {
  struct ending_row row; /* texts copied */
  struct buf names;
  int more;               /* recipients beyond those named */
  int persons, guardians; /* whose consents this line tells of: alike in all but who gave them */
};
struct renew_job {
  struct arena *a;
  const struct reader *who;
  struct ending list[LIMIT_PAGE_ROWS];
  id64 persons[LIMIT_PAGE_ROWS];
  struct listed_person names[LIMIT_PAGE_ROWS]; /* of those who are seen */
  size_t n, persons_n;
};

static void take_person(struct renew_job *job, id64 person)
{
  for (size_t i = 0; i < job->persons_n; i++)
    if (job->persons[i] == person)
      return;
  job->persons[job->persons_n++] = person;
}

static void take(void *arg, const struct ending_row *row)
{
  struct renew_job *job = arg;
  struct ending *x = job->n ? &job->list[job->n - 1] : NULL;
  if (!x || x->row.consent != row->consent) {
    if (job->n == LIMIT_PAGE_ROWS)
      return;
    x = &job->list[job->n++];
    *x = (struct ending){.row = *row};
    x->row.number = str_copy(job->a, row->number);
    buf_init(&x->names, job->a, 4096);
    take_person(job, row->person);
    x->more = -NAMED;
    x->persons = !row->by_guardian;
    x->guardians = row->by_guardian;
  }
  if (++x->more > 0)
    return;
  buf_add_cstr(&x->names, x->names.n ? "、" : "");
  buf_add(&x->names, row->recipient);
}

static struct str called(const struct renew_job *job, const struct ending *x)
{
  for (size_t i = 0; i < job->persons_n; i++)
    if (job->names[i].person == x->row.person && listed_name(&job->names[i]).n)
      return tr_args(job->a, job->who->lang, TR("%1さん"), listed_name(&job->names[i]), STR_NONE, STR_NONE);
  return x->row.number;
}

/* What was asked together ends together: one line for all of them. */
static void join_alike(struct renew_job *job)
{
  size_t n = 0;
  for (size_t i = 0; i < job->n; i++) {
    struct ending *x = &job->list[i], *alike = NULL;
    for (size_t k = 0; k < n && !alike; k++) {
      struct ending *y = &job->list[k];
      if (y->row.person == x->row.person && y->row.case_id == x->row.case_id && y->more == x->more &&
          !date_compare(date_of_ts(y->row.until - 1), date_of_ts(x->row.until - 1)) &&
          str_eq(buf_str(&y->names), buf_str(&x->names)))
        alike = y;
    }
    if (!alike) {
      job->list[n++] = *x;
      continue;
    }
    alike->persons += x->persons;
    alike->guardians += x->guardians;
  }
  job->n = n;
}

static struct str whose(const struct renew_job *job, const struct ending *x)
{
  enum lang lang = job->who->lang;
  struct str number = x->row.number;
  if (x->persons + x->guardians == 1)
    return tr_args(job->a, lang,
                   x->guardians ? TR("%1 保護者の同意。答えを記録すると、ここから消えます")
                                : TR("%1 本人の同意。答えを記録すると、ここから消えます"),
                   number, STR_NONE, STR_NONE);
  const char *all = !x->persons ? TR("%1 保護者%2人の同意。一人ずつ答えを記録すると、ここから消えます")
                    : !x->guardians ? TR("%1 本人の同意%2件。それぞれに答えを記録すると、ここから消えます")
                    : x->guardians == 1 ? TR("%1 本人と保護者の同意。一人ずつ答えを記録すると、ここから消えます")
                                        : TR("%1 本人と保護者%2人の同意。一人ずつ答えを記録すると、ここから消えます");
  int n = x->guardians ? x->guardians : x->persons;
  return tr_args(job->a, lang, all, number, str_printf(job->a, "%d", n), STR_NONE);
}

static void put_line(const struct renew_job *job, const struct ending *x, struct doc *lines)
{
  enum lang lang = job->who->lang;
  struct date last = date_of_ts(x->row.until - 1);
  bool late = date_compare(last, job->who->today) < 0;
  struct str id = id_text(job->a, x->row.case_id), consent = id_text(job->a, x->row.consent);
  struct str names = buf_str(&x->names), day = reader_date(job->a, job->who, last);
  if (x->more > 0)
    names =
        str_printf(job->a, "%.*s%.*s", STR_FMT(names), STR_FMT(reader_count(job->a, lang, TR(" ほか%1機関"), x->more)));
  const struct owed_line l = {
      .word = late ? TR("同意が終わった") : TR("同意が終わる"),
      .late = late,
      .since = reader_since(job->a, job->who, last),
      .href = str_printf(job->a, "/cases/%.*s/consents/new?renew=%.*s", STR_FMT(id), STR_FMT(consent)),
      .act = TR("もう一度たずねる"),
      .text =
          tr_args(job->a, lang,
                  late ? TR("「%1」の、%2への同意が、%3に終わりました") : TR("「%1」の、%2への同意が、%3に終わります"),
                  called(job, x), names, day),
      .sub = whose(job, x)};
  protect_put_line(lines, lang, &l);
}

/* Those whom the own organization works on stay, with their names. */
static enum code keep_own(struct tx *tx, const struct scope *list, struct renew_job *job, struct err *e)
{
  struct access_seen seen[LIMIT_PAGE_ROWS];
  size_t kept = 0;
  enum code c = access_seen(tx, list, job->persons, job->persons_n, seen, e);
  for (size_t i = 0; c == OK && i < job->persons_n; i++) {
    if (!seen[i].own)
      continue;
    seen[kept] = seen[i];
    job->persons[kept] = job->persons[i];
    job->names[kept++].person = job->persons[i];
  }
  job->persons_n = c == OK ? kept : 0;
  return kept ? person_listed_seen(tx, list, LISTED_NAME, seen, job->names, kept, job->a, e) : c;
}

enum code consent_owed(struct tx *tx, const struct scope *list, struct arena *a, const struct reader *who,
                       struct doc *lines, struct err *e)
{
  struct renew_job *job = arena_new_of(a, struct renew_job);
  int64_t days = 0;
  ts_t now = tx_now(tx);
  if (!job)
    return err_oom(e);
  *job = (struct renew_job){.a = a, .who = who};
  enum code c = consent_sql_renewal_days(tx, &days, e);
  if (c != OK || !days)
    return c;
  c = consent_sql_ending(tx, list, now - (ts_t)AFTERWARDS_DAYS * MS_DAY, now + days * MS_DAY, ROWS, take, job, e);
  join_alike(job);
  if (c == OK && job->persons_n)
    c = keep_own(tx, list, job, e);
  for (size_t i = 0; c == OK && i < job->n; i++)
    for (size_t k = 0; k < job->persons_n; k++)
      if (job->persons[k] == job->list[i].row.person) {
        put_line(job, &job->list[i], lines);
        scope_showed(list, job->list[i].row.person);
      }
  listed_wipe(job->names, job->persons_n);
  return c;
}

/* ---- the form that asks again ----------------------------------------------------------------------------------------------------- */

/* To the end of the fiscal year after the one in which it would have ended. */
static struct date next_end(ts_t until, struct date today)
{
  struct date end = {fiscal_year(today) + 1, 3, 31}, old = until ? date_of_ts(until - 1) : today;
  if (date_compare(end, date_add_days(old, 1)) <= 0)
    end = (struct date){fiscal_year(date_add_days(old, 1)) + 1, 3, 31};
  return end;
}

static void put_terms(struct doc *d, struct arena *a, const struct consent_recipient *list, size_t n)
{
  struct doc *recipients = doc_put_list(d, "recipients"), *cells = doc_put_list(d, "cells");
  for (size_t i = 0; i < n; i++) {
    struct str id = id_text(a, list[i].organization);
    doc_add_str(recipients, id);
    for (int k = 0; k < CATEGORIES; k++)
      if (list[i].categories & (1u << k))
        doc_add_str(cells, str_printf(a, "%.*s.%s", STR_FMT(id), category_code(k)));
  }
}

enum code consent_again(struct tx *tx, const struct scope *s, id64 consent, struct arena *a, struct date today,
                        struct doc **ret, struct err *e)
{
  struct consent_row row = {0};
  struct consent_recipient list[CONSENT_RECIPIENTS];
  size_t n = 0;
  struct doc *d = doc_map(a);
  enum code c = consent_sql_get(tx, s, consent, a, &row, e);
  if (c == OK && !scope_wrote(s, row.author_organization))
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  if (c == OK)
    c = consent_sql_terms(tx, s, consent, list, CONSENT_RECIPIENTS, &n, e);
  if (c != OK)
    return c;
  put_terms(d, a, list, n);
  doc_put_str(d, "by", row.by);
  doc_put_str(d, "guardian", row.guardian ? id_text(a, row.guardian) : STR_NONE);
  doc_put_str(d, "purpose", row.purposes);
  doc_put_str(d, "until", date_iso(a, next_end(row.until, today)));
  *ret = d;
  return OK;
}
