/* import.c: who of a ledger's people may be known, who leads their cases, and writing them all. */
#include "base/limits.h"
#include "base/utf8.h"
#include "ledger/ledger_sql.h"
#include "person/probe.h"

struct member {
  id64 user;
  struct str fold, family; /* the whole name, and what stands before its blank */
};
enum { MEMBERS_MOST = 500 };

struct look_job {
  struct tx *tx;
  struct ledger *l;
  struct arena *a;
  const struct reader *who;
  struct member *members;
  size_t member_count;
  struct find_query *queries;
};

/* ---- who leads ---------------------------------------------------------------------------------------------------------------- */

/* The family name alone, if a blank ends it: 「林　健二」 is 林. */
static struct str family_of(struct arena *a, struct str name)
{
  size_t at = 0, end = 0;
  while (end < name.n && name.p[end] != ' ' && !str_starts(str_sub(name, end, name.n - end), str_from(JA("　"))))
    if (utf8_next(name, &at) < 0)
      return STR_NONE;
    else
      end = at;
  return end < name.n ? utf8_fold(a, str_sub(name, 0, end)) : STR_NONE;
}

static enum code take_member(void *arg, id64 user, struct str name, struct str role, struct err *e)
{
  struct look_job *job = arg;
  enum role r;
  bool may = false;
  if (role_parse(role, &r))
    (void)role_may(r, ACTION_CASE_WRITE, &may);
  if (may && job->member_count < MEMBERS_MOST)
    job->members[job->member_count++] = (struct member){user, utf8_fold(job->a, name), family_of(job->a, name)};
  return OK;
}

/* The one whose whole name it is, or the only one who is called so or whose name begins so: a ledger often has the family name alone, and 林 is one
 * letter. `ret_many`: more than one is called so. */
static id64 lead_of(const struct look_job *job, struct str name, bool *ret_many)
{
  struct str fold = utf8_fold(job->a, name);
  id64 called = 0, begins = 0;
  size_t called_n = 0, begins_n = 0;
  for (size_t i = 0; fold.n && i < job->member_count; i++) {
    const struct member *m = &job->members[i];
    if (str_eq(m->fold, fold))
      return m->user;
    if (str_eq(m->family, fold)) {
      called = m->user;
      called_n++;
    } else if (utf8_length(fold) >= 2 && str_starts(m->fold, fold)) {
      begins = m->user;
      begins_n++;
    }
  }
  *ret_many = called_n > 1 || (!called_n && begins_n > 1);
  return called_n == 1 ? called : !called_n && begins_n == 1 ? begins : 0;
}

static struct str no_lead(const struct look_job *job, struct str name, bool many)
{
  return tr_args(job->a, job->who->lang,
                 many ? TR("主担当者「%1」にあたる人が何人かいるので、主担当者は決まっていません。氏名を全部書くと決ま"
                           "ります。")
                      : TR("主担当者「%1」のアカウントがないので、主担当者は決まっていません。"),
                 name, STR_NONE, STR_NONE);
}

static enum code find_leads(struct look_job *job, const struct scope *s, struct err *e)
{
  job->members = arena_array(job->a, MEMBERS_MOST, sizeof *job->members);
  enum code c = job->members ? ledger_sql_members(job->tx, s, take_member, job, e) : err_oom(e);
  for (size_t i = 0; c == OK && i < job->l->count; i++) {
    struct ledger_row *row = &job->l->rows[i];
    bool many = false;
    row->begun.lead_user = row->worker.n ? lead_of(job, row->worker, &many) : 0;
    if (row->worker.n && !row->begun.lead_user)
      doc_add_str(row->remarks, no_lead(job, row->worker, many));
  }
  return c;
}

/* ---- who is known ------------------------------------------------------------------------------------------------------------- */

static struct find_query query_of(struct arena *a, const struct person_new *p)
{
  struct find_typed t = {
      .name = p->name, .kana = p->kana, .birth_iso = date_iso(a, p->birth), .phone = p->phone, .mobile = p->mobile};
  return find_query(a, &t);
}

static void compare(const struct find_query *q, const struct find_query *other, struct find_clues *clues)
{
  for (int i = 0; i < 2; i++) {
    find_compare(q, ATTRIBUTE_NAME, other->name[i], clues);
    find_compare(q, ATTRIBUTE_MOBILE, other->phone[i], clues);
  }
  find_compare(q, ATTRIBUTE_BIRTH, other->birth, clues);
}

/* Somebody who stands in the table twice. */
static void find_twice(struct look_job *job)
{
  for (size_t i = 1; i < job->l->count; i++)
    for (size_t k = 0; k < i && !job->l->rows[i].twice; k++) {
      struct find_clues clues = {0};
      compare(&job->queries[i], &job->queries[k], &clues);
      if (find_is_likely(&clues))
        job->l->rows[i].twice = job->l->rows[k].number;
    }
}

/* A page of them. */
static enum code name_known(struct look_job *job, const struct scope *list, struct ledger_known *const *known, size_t n,
                            struct err *e)
{
  struct listed_person p[LIMIT_PAGE_ROWS];
  for (size_t i = 0; i < n; i++)
    p[i] = (struct listed_person){.person = known[i]->person};
  enum code c = person_listed(job->tx, list, LISTED_NAME, p, n, job->a, e);
  for (size_t i = 0; i < n; i++) {
    known[i]->name = listed_name(&p[i]);
    if (c == OK)
      c = ledger_sql_case_of(job->tx, known[i]->person, job->a, &known[i]->case_id, &known[i]->number, e);
  }
  listed_wipe(p, n);
  return c;
}

static enum code find_known(struct look_job *job, const struct scope *list, struct err *e)
{
  struct ledger *l = job->l;
  struct find_many many = {0};
  struct ledger_known *page[LIMIT_PAGE_ROWS];
  size_t n = 0;
  job->queries = arena_array(job->a, l->count, sizeof *job->queries);
  if (!job->queries)
    return err_oom(e);
  for (size_t i = 0; i < l->count; i++)
    job->queries[i] = query_of(job->a, &l->rows[i].person);
  enum code c = person_find_many(job->tx, list, job->queries, l->count, job->a, &many, e);
  for (size_t i = 0; c == OK && i < l->count; i++)
    l->rows[i].elsewhere = many.elsewhere[i];
  for (size_t i = 0; c == OK && i < many.count; i++) {
    struct ledger_row *row = &l->rows[many.pairs[i].query];
    if (row->known_count == LEDGER_KNOWN)
      continue;
    page[n] = &row->known[row->known_count++];
    *page[n++] = (struct ledger_known){.person = many.pairs[i].person};
    if (n == LIMIT_PAGE_ROWS) {
      c = name_known(job, list, page, n, e);
      n = 0;
    }
  }
  return c == OK && n ? name_known(job, list, page, n, e) : c;
}

enum code ledger_look(struct tx *tx, const struct actor *who, struct ledger *l, struct arena *a,
                      const struct reader *reader, struct err *e)
{
  struct look_job job = {.tx = tx, .l = l, .a = a, .who = reader};
  const struct scope *s = NULL, *list = NULL;
  enum code c = access_open_network(tx, who, ACTION_LEDGER_IMPORT, &s, e);
  if (c == OK)
    c = access_open_network(tx, who, ACTION_PERSON_FIND, &list, e);
  for (size_t i = 0; c == OK && i < l->count; i++) { /* a read may run again */
    l->rows[i].known_count = 0;
    l->rows[i].twice = 0;
  }
  if (c == OK)
    c = find_leads(&job, s, e);
  if (c == OK)
    c = find_known(&job, list, e);
  if (c != OK)
    return c;
  find_twice(&job);
  l->alike = 0;
  for (size_t i = 0; i < l->count; i++)
    l->alike += l->rows[i].known_count || l->rows[i].elsewhere || l->rows[i].twice;
  return OK;
}

/* ---- writing -------------------------------------------------------------------------------------------------------------------- */

static enum code write_row(struct tx *tx, const struct actor *who, const struct ledger_row *row, id64 import,
                           struct err *e)
{
  const struct scope *s = NULL;
  struct case_begun begun = row->begun;
  struct paragraph_new p = {
      .text = row->record.n ? row->record : row->next, .source = SOURCE_STAFF, .category = CAT_SUPPORT};
  struct record_new first = {.at = tx_now(tx), .method = S("ledger"), .next = row->next, .paragraphs = &p, .count = 1};
  id64 guardian = 0, case_id = 0;
  (void)date_parse_iso(row->begun.next_date, &first.next_date);
  begun.first = p.text.n ? &first : NULL;
  if (!begun.opened_at)
    begun.opened_at = tx_now(tx);
  if (str_is(begun.status, "closed") && !begun.closed_at)
    begun.closed_at = tx_now(tx);
  enum code c = person_create(tx, who, &row->person, &s, e);
  if (c == OK && row->guardian.name.n)
    c = guardian_add(tx, s, &row->guardian, &guardian, e);
  if (c == OK)
    c = case_open_begun(tx, s, &begun, &case_id, e);
  return c == OK ? ledger_sql_insert_case(tx, s, import, case_id, e) : c;
}

enum code ledger_write(struct tx *tx, const struct actor *who, const struct ledger *l, id64 *ret_import, struct err *e)
{
  const struct scope *s = NULL;
  id64 id = id_new(tx_now(tx));
  if (l->refused)
    return err_set(e, INVALID, TR("直すところのある行があるので、何も取り込んでいません。"));
  enum code c = access_open_network(tx, who, ACTION_LEDGER_IMPORT, &s, e);
  if (c == OK)
    c = ledger_sql_insert(tx, s, id, (int64_t)l->count, e);
  for (size_t i = 0; c == OK && i < l->count; i++)
    c = write_row(tx, who, &l->rows[i], id, e);
  if (c == OK)
    *ret_import = id;
  return c;
}
