#include "casework/handover.h"

#include "casework/casework_sql.h"
#include "casework/handover_sql.h"

const char *const handover_codes[HANDOVER_TEXTS] = {"promise", "worked", "failed"};

const char *handover_label(int i)
{
  static const char *const labels[HANDOVER_TEXTS] = {TR("約束したこと"), TR("うまくいったこと"),
                                                     TR("うまくいかなかったこと")};
  return i >= 0 && i < HANDOVER_TEXTS ? labels[i] : "";
}

/* ---- one case ------------------------------------------------------------------------------------------------------------ */

struct read_job {
  struct tx *tx;
  const struct scope *s;
  const struct seal_key *key;
  struct arena *a;
  struct doc *out;
};

/* Newest first: the first of each kind stands, also where it took the text away. */
static enum code take(void *arg, const struct case_step_row *row, struct err *e)
{
  struct read_job *job = arg;
  struct str text = STR_NONE;
  struct seal_at at = {.table = "case_step", .column = "text_sealed", .network = tx_network(job->tx), .row = row->id};
  const char *code = NULL;
  for (int i = 0; i < HANDOVER_TEXTS; i++)
    if (str_is(row->kind, handover_codes[i]))
      code = handover_codes[i];
  if (!code || doc_get(job->out, code) || !scope_sees(job->s, row->category, row->author_organization, row->marks) ||
      !scope_hears(job->s, row->source))
    return OK;
  enum code c = row->sealed.n ? unseal(job->a, job->key, at, row->sealed, &text, e) : OK;
  if (c == OK)
    doc_put_str(job->out, code, text);
  scope_showed_categories(job->s, row->category);
  return c;
}

enum code handover_read(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, struct doc **ret,
                        struct err *e)
{
  struct read_job job = {.tx = tx, .a = a, .out = doc_map(a)};
  enum code c = access_part(tx, s, ACTION_RECORD_READ, &job.s, e);
  if (c == OK)
    c = person_key(tx, s, &job.key, e);
  if (c == OK)
    c = course_sql_each(tx, job.s, case_id, STR_NONE, take, &job, e);
  for (int i = 0; c == OK && i < HANDOVER_TEXTS; i++)
    if (!doc_get(job.out, handover_codes[i]))
      doc_put_cstr(job.out, handover_codes[i], "");
  if (c == OK)
    *ret = job.out;
  return c;
}

enum code handover_write(struct tx *tx, const struct scope *s, id64 case_id, const struct str texts[HANDOVER_TEXTS],
                         struct err *e)
{
  struct doc *stands = NULL;
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  enum code c = handover_read(tx, s, case_id, tx_arena(tx), &stands, e);
  for (int i = 0; c == OK && i < HANDOVER_TEXTS; i++)
    if (!str_eq(doc_get_str(stands, handover_codes[i]), texts[i]))
      c = case_step_add(tx, s, case_id, handover_codes[i], texts[i], e);
  return c;
}

/* ---- all of a worker's -------------------------------------------------------------------------------------------------------- */

struct page_job {
  struct tx *tx;
  const struct scope *list;
  struct arena *a;
  const struct reader *who;
  struct doc *cases, *staff; /* staff: of the organization, whoever may work on cases */
  id64 user;
};

/* Who may follow: everybody but the one who leaves and whoever is barred from the person. */
static void put_staff(const struct page_job *job, const struct scope *s, struct doc *d)
{
  struct doc *come = doc_put_list(d, "come");
  for (size_t i = 0; i < doc_size(job->staff); i++) {
    const struct doc *w = doc_at(job->staff, i);
    id64 id = 0;
    if (!doc_get_id(w, "id", &id) || id == job->user || scope_bars(s, id))
      continue;
    struct doc *m = doc_add_map(come);
    doc_put_str(m, "value", doc_get_str(w, "id"));
    doc_put_str(m, "word", doc_get_str(w, "name"));
  }
  doc_put_bool(d, "has_come", doc_size(come) > 0);
}

static enum code put_case(struct page_job *job, const struct handover_row *row, struct err *e)
{
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct doc *strip = NULL, *liked = NULL, *texts = NULL;
  struct arena *a = job->a;
  enum code c = case_enter(job->tx, scope_actor(job->list), ACTION_CASE_READ, row->case_id, &head, &s, e);
  if (c == OK)
    c = case_strip(job->tx, s, &head, a, job->who, &strip, e);
  if (c == OK)
    c = person_attributes_of(job->tx, s, ATTRIBUTE_INTEREST, a, job->who, &liked, e);
  if (c == OK)
    c = handover_read(job->tx, s, row->case_id, a, &texts, e);
  if (c != OK)
    return c;
  struct doc *d = doc_add_map(job->cases);
  doc_put_id(d, "case_id", row->case_id);
  static const char *const taken[] = {"href", "number", "name", "kana", "age", "grade", "density", "next", "avoid"};
  for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
    doc_put_str(d, taken[i], doc_get_str(strip, taken[i]));
  doc_put_bool(d, "next_late", doc_get_bool(strip, "next_late"));
  doc_put_bool(d, "concealed", doc_get_bool(strip, "concealed"));
  doc_put_str(d, "liked", doc_get_str(doc_at(liked, 0), "text"));
  for (int i = 0; i < HANDOVER_TEXTS; i++)
    doc_put_str(d, handover_codes[i], doc_get_str(texts, handover_codes[i]));
  doc_put_bool(d, "lead", row->lead);
  doc_put_id(d, "leaves", job->user);
  doc_put_bool(d, "can_write", scope_writes(s) && scope_may(s, ACTION_CASE_WRITE));
  put_staff(job, s, d);
  return OK;
}

enum code handover_page(struct tx *tx, const struct scope *list, id64 user, id64 after, struct arena *a,
                        const struct reader *who, struct doc **ret, struct err *e)
{
  struct handover_row rows[HANDOVER_PAGE + 1];
  struct page_job job = {.tx = tx, .list = list, .a = a, .who = who, .cases = doc_list(a), .user = user};
  struct doc *d = doc_map(a), *workers = NULL;
  size_t n = 0;
  enum code c = handover_sql_workers(tx, list, a, &workers, e);
  if (c == OK)
    c = handover_sql_cases(tx, list, user, after, rows, HANDOVER_PAGE + 1, &n, e);
  if (c == OK && n)
    c = course_sql_workers(tx, list, 0, a, &job.staff, e);
  bool more = n > HANDOVER_PAGE;
  for (size_t i = 0; c == OK && i < n && i < HANDOVER_PAGE; i++)
    c = put_case(&job, &rows[i], e);
  if (c != OK)
    return c;
  struct str id = id_text(a, user), last = more ? id_text(a, rows[HANDOVER_PAGE - 1].case_id) : STR_NONE;
  for (size_t i = 0; i < doc_size(workers); i++) {
    struct doc *w = doc_at(workers, i);
    struct str wid = doc_get_str(w, "id");
    doc_put_str(w, "href", str_printf(a, "/handover?user=%.*s", STR_FMT(wid)));
    doc_put_bool(w, "current", str_eq(wid, id));
  }
  doc_put(d, "workers", workers);
  doc_put_bool(d, "has_workers", doc_size(workers) > 0);
  doc_put_bool(d, "has_cases", doc_size(job.cases) > 0);
  doc_put(d, "cases", job.cases);
  doc_put_bool(d, "has_more", more);
  doc_put_str(d, "more_href",
              more ? str_printf(a, "/handover?user=%.*s&after=%.*s", STR_FMT(id), STR_FMT(last)) : STR_NONE);
  *ret = d;
  return OK;
}
