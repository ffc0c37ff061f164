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
  ts_t at[HANDOVER_TEXTS]; /* of what stands in out */
  id64 row[HANDOVER_TEXTS];
};

static int kind_of(struct str code)
{
  for (int i = 0; i < HANDOVER_TEXTS; i++)
    if (str_is(code, handover_codes[i]))
      return i;
  return -1;
}

/* Newest first: the first of each kind stands, also where it took the text away; of one instant the last. */
static enum code take(void *arg, const struct case_step_row *row, struct err *e)
{
  struct read_job *job = arg;
  struct str text = STR_NONE;
  struct seal_at at = {.table = "case_step", .column = "text_sealed", .network = tx_network(job->tx), .row = row->id};
  int k = kind_of(row->kind);
  if (k < 0 || !scope_sees(job->s, row->category, row->author_organization, row->marks) ||
      !scope_hears(job->s, row->source))
    return OK;
  if (job->row[k] && (row->at < job->at[k] || row->id < job->row[k]))
    return OK;
  enum code c = row->sealed.n ? unseal(job->a, job->key, at, row->sealed, &text, e) : OK;
  if (c != OK)
    return c;
  job->at[k] = row->at;
  job->row[k] = row->id;
  doc_replace(job->out, handover_codes[k], doc_str(job->a, text));
  scope_showed_categories(job->s, row->category);
  return OK;
}

enum code handover_read(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, struct doc **ret,
                        struct err *e)
{
  struct read_job job = {.tx = tx, .a = a, .out = doc_map(a)};
  for (int i = 0; i < HANDOVER_TEXTS; i++)
    doc_put_cstr(job.out, handover_codes[i], "");
  enum code c = access_part(tx, s, ACTION_RECORD_READ, &job.s, e);
  if (c == OK)
    c = person_key(tx, s, &job.key, e);
  if (c == OK)
    c = handover_sql_texts(tx, job.s, case_id, take, &job, e);
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
  struct doc *cases;
  bool writes; /* one of them may be handed on */
};

/* Decided about as any case that is opened; its person is known from the list. */
static enum code put_case(struct page_job *job, const struct handover_row *row, struct err *e)
{
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct doc *d = NULL, *texts = NULL;
  enum code c = access_open(job->tx, scope_actor(job->list), ACTION_CASE_READ, row->person, &s, e);
  if (c == OK)
    c = case_sql_head(job->tx, row->case_id, job->a, &head, e);
  if (c == OK && head.person != row->person)
    return BUG(e, "an assignment names the person of its case");
  if (c == OK)
    c = case_leaf(job->tx, s, &head, job->a, job->who, &d, e);
  if (c == OK)
    c = handover_read(job->tx, s, row->case_id, job->a, &texts, e);
  if (c != OK)
    return c;
  for (int i = 0; i < HANDOVER_TEXTS; i++)
    doc_put_str(d, handover_codes[i], doc_get_str(texts, handover_codes[i]));
  bool writes = scope_writes(s) && scope_may(s, ACTION_CASE_WRITE);
  doc_put_bool(d, "lead", row->lead);
  doc_put_bool(d, "can_write", writes);
  doc_put_bool(d, "hands", false); /* put_staff() */
  doc_add(job->cases, d);
  job->writes |= writes;
  return OK;
}

/* Who may follow: whoever may work on cases but the one who leaves. Who is barred from one of the persons is refused for that case alone. */
static enum code put_staff(const struct page_job *job, id64 user, struct doc *d, struct err *e)
{
  struct doc *staff = NULL, *come = doc_put_list(d, "come");
  struct str leaves = id_text(job->a, user);
  enum code c = job->writes ? case_sql_colleagues(job->tx, job->list, job->a, &staff, e) : OK;
  for (size_t i = 0; c == OK && i < doc_size(staff); i++)
    if (!str_eq(doc_get_str(doc_at(staff, i), "id"), leaves))
      doc_add(come, doc_at(staff, i));
  for (size_t i = 0; i < doc_size(job->cases) && doc_size(come); i++)
    doc_replace(doc_at(job->cases, i), "hands", doc_get(doc_at(job->cases, i), "can_write"));
  doc_put_bool(d, "has_come", doc_size(come) > 0);
  doc_put_id(d, "leaves", user);
  return c;
}

static void put_workers(struct arena *a, struct doc *workers, struct str user, struct doc *d)
{
  for (size_t i = 0; i < doc_size(workers); i++) {
    struct doc *w = doc_at(workers, i);
    struct str id = doc_get_str(w, "id");
    doc_put_str(w, "href", str_printf(a, "/handover?user=%.*s", STR_FMT(id)));
    doc_put_bool(w, "current", str_eq(id, user));
  }
  doc_put(d, "workers", workers);
  doc_put_bool(d, "has_workers", doc_size(workers) > 0);
}

static enum code find_cases(const struct page_job *job, id64 user, id64 *after, struct handover_row *rows,
                            size_t *ret_n, struct err *e)
{
  enum code c = handover_sql_cases(job->tx, job->list, user, *after, rows, HANDOVER_PAGE + 1, ret_n, e);
  if (c != OK || *ret_n || !*after)
    return c;
  *after = 0; /* all that stood there was handed on: the book from its beginning */
  return handover_sql_cases(job->tx, job->list, user, 0, rows, HANDOVER_PAGE + 1, ret_n, e);
}

enum code handover_page(struct tx *tx, const struct scope *list, id64 user, id64 after, struct arena *a,
                        const struct reader *who, struct doc **ret, struct err *e)
{
  struct handover_row rows[HANDOVER_PAGE + 1];
  struct page_job job = {.tx = tx, .list = list, .a = a, .who = who, .cases = doc_list(a)};
  struct doc *d = doc_map(a), *workers = NULL;
  size_t n = 0;
  enum code c = handover_sql_workers(tx, list, a, &workers, e);
  if (c == OK)
    c = find_cases(&job, user, &after, rows, &n, e);
  bool more = n > HANDOVER_PAGE;
  for (size_t i = 0; c == OK && i < n && i < HANDOVER_PAGE; i++)
    c = put_case(&job, &rows[i], e);
  if (c == OK)
    c = put_staff(&job, user, d, e);
  if (c != OK)
    return c;
  struct str id = id_text(a, user), last = more ? id_text(a, rows[HANDOVER_PAGE - 1].case_id) : STR_NONE;
  struct str from = after ? id_text(a, after) : STR_NONE;
  put_workers(a, workers, id, d);
  doc_put_bool(d, "has_cases", doc_size(job.cases) > 0);
  doc_put(d, "cases", job.cases);
  doc_put_str(d, "after", from);
  doc_put_str(d, "all_href",
              str_printf(a, "/handover?user=%.*s%s%.*s&all=1", STR_FMT(id), from.n ? "&after=" : "", STR_FMT(from)));
  doc_put_bool(d, "has_more", more);
  doc_put_str(d, "more_href",
              more ? str_printf(a, "/handover?user=%.*s&after=%.*s", STR_FMT(id), STR_FMT(last)) : STR_NONE);
  *ret = d;
  return OK;
}

/* ---- handing on --------------------------------------------------------------------------------------------------------------- */

enum code handover_hand(struct tx *tx, const struct actor *who, const struct handover *h, struct err *e)
{
  enum code c = OK;
  if (h->to == h->from)
    return err_field(e, "worker", TR("次の担当には、ほかの人を選んでください。"));
  for (size_t i = 0; c == OK && i < h->count; i++) {
    struct case_head head = {0};
    const struct scope *s = NULL;
    c = case_enter(tx, who, ACTION_CASE_WRITE, h->cases[i], &head, &s, e);
    if (c == NOT_FOUND) /* nobody's, somebody else's, or handed on a moment ago by the one who asks */
      return err_field(e, "case",
                       TR("もう引き継いであるか、見られないケースがふくまれています。選びなおしてください。"));
    if (c == OK)
      c = case_hand(tx, s, &head, h->from, h->to, e);
  }
  return c;
}
