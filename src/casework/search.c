#include "casework/search.h"

#include "base/limits.h"
#include "base/resemble.h"
#include "base/utf8.h"
#include "casework/search_sql.h"
#include "person/person.h"

#include <time.h>

struct hit { /* one person */
  id64 person;
  struct seal_key key; /* also of one whose name may not be seen */
  cats_t categories;
  id64 newest[SEARCH_LINES]; /* paragraphs; ids grow with time */
  int64_t count;
  struct needles *concealed; /* no hit, and no line of one, rests on that */
};

struct search_job {
  struct tx *tx;
  const struct scope *list;
  const struct search_query *q;
  struct arena *a, *scratch;
  const struct reader *who;
  struct doc *hits;
  struct timespec began;
  id64 page[LIMIT_PAGE_ROWS], last;
  size_t page_count;
  struct hit found[LIMIT_PAGE_ROWS]; /* of the page */
  size_t found_count;
  int64_t persons, texts, shown;
  struct seal_key key; /* of key_person */
  id64 key_person;
  struct needles *concealed; /* of concealed_person */
  id64 concealed_person;
  bool more;
};

/* ---- looking ---------------------------------------------------------------------------------------------------------- */

static enum code take_key(struct search_job *job, const struct search_text *row, struct err *e)
{
  if (job->key_person == row->person)
    return OK;
  job->key_person = 0;
  enum code c = person_listed_key(job->tx, job->list, row->person, row->epoch, row->wrapped, &job->key, e);
  if (c == OK)
    job->key_person = row->person;
  return c;
}

static struct hit *hit_of(struct search_job *job, id64 person)
{
  for (size_t i = job->found_count; i > 0; i--)
    if (job->found[i - 1].person == person)
      return &job->found[i - 1];
  job->found[job->found_count] = (struct hit){.person = person, .key = job->key};
  return &job->found[job->found_count++];
}

static enum code open_text(struct search_job *job, const struct seal_key *key, id64 paragraph, struct arena *a,
                           struct search_line *ret, struct str *ret_text, struct err *e)
{
  struct seal_at at = {
      .table = "record_paragraph", .column = "text_sealed", .network = tx_network(job->tx), .row = paragraph};
  enum code c = search_sql_line(job->tx, paragraph, a, ret, e);
  return c == OK ? unseal(a, key, at, ret->text_sealed, ret_text, e) : c;
}

/* Do the words stand there, and not only in what is concealed? (That is known of the text as it was written: folding drops signs.) */
static enum code found_in(struct search_job *job, id64 person, id64 paragraph, struct str fold, bool *ret,
                          struct err *e)
{
  struct search_line line = {0};
  struct str text = STR_NONE;
  enum code c = OK;
  *ret = search_matches(job->q, fold);
  if (!*ret)
    return OK;
  if (job->concealed_person != person) {
    job->concealed = NULL;
    c = person_listed_concealed(job->tx, job->list, person, job->a, &job->concealed, e);
    job->concealed_person = person;
  }
  if (c != OK || !job->concealed)
    return c;
  c = open_text(job, &job->key, paragraph, job->scratch, &line, &text, e);
  if (c != OK)
    return c;
  text = needles_mask(job->concealed, job->scratch, text, S(" "));
  *ret = search_matches(job->q, utf8_fold(job->scratch, text));
  return OK;
}

static void keep_newest(struct hit *h, id64 paragraph)
{
  for (int i = 0; i < SEARCH_LINES; i++)
    if (paragraph > h->newest[i]) {
      id64 older = h->newest[i];
      h->newest[i] = paragraph;
      paragraph = older;
    }
}

static enum code take_text(void *arg, const struct search_text *row, struct err *e)
{
  struct search_job *job = arg;
  struct str fold = STR_NONE;
  struct seal_at at = {
      .table = "record_paragraph", .column = "fold_sealed", .network = tx_network(job->tx), .row = row->id};
  enum code c = take_key(job, row, e);
  if (c == OK)
    c = unseal(job->scratch, &job->key, at, row->fold_sealed, &fold, e);
  if (c != OK)
    return c;
  job->texts++;
  bool found = false;
  c = found_in(job, row->person, row->id, fold, &found, e);
  if (c == OK && found) {
    struct hit *h = hit_of(job, row->person);
    h->count++;
    h->categories |= row->category;
    h->concealed = job->concealed;
    keep_newest(h, row->id);
  }
  arena_reset(job->scratch);
  return c;
}

/* ---- showing ---------------------------------------------------------------------------------------------------------- */

static enum code put_line(struct search_job *job, const struct hit *h, id64 paragraph, struct doc *list, struct err *e)
{
  struct search_line line = {0};
  struct str text = STR_NONE;
  enum code c = open_text(job, &h->key, paragraph, job->a, &line, &text, e);
  if (c != OK)
    return c;
  struct doc *d = doc_add_map(list);
  struct str id = id_text(job->a, line.case_id);
  doc_put_str(d, "href", str_printf(job->a, "/cases/%.*s", STR_FMT(id)));
  doc_put_str(d, "when", reader_day_ts(job->a, job->who, line.at));
  doc_put_str(d, "organization", line.organization);
  if (h->concealed) /* before the text is cut into parts, of which none might tell it alone */
    text = needles_mask(h->concealed, job->a, text, str_from(CONCEALED_MARK));
  doc_put(d, "parts", search_excerpt(job->a, job->scratch, job->q, text));
  return OK;
}

static enum code put_hit(struct search_job *job, const struct listed_person *p, const struct hit *h, struct err *e)
{
  struct doc *d = doc_add_map(job->hits), *lines = doc_put_list(d, "lines");
  struct str name = listed_name(p);
  enum code c = OK;
  doc_put_str(d, "name", name.n ? name : tr(job->who->lang, TR("名前は見られません")));
  doc_put_str(d, "kana", p->kana);
  doc_put_str(d, "others",
              h->count > SEARCH_LINES
                  ? reader_count(job->a, job->who->lang, TR("ほかに%1か所"), h->count - SEARCH_LINES)
                  : STR_NONE);
  for (int i = 0; c == OK && i < SEARCH_LINES && h->newest[i]; i++)
    c = put_line(job, h, h->newest[i], lines, e);
  scope_showed(job->list, h->person);
  scope_showed_categories(job->list, h->categories);
  job->shown++;
  return c;
}

static int newest_first(const void *a, const void *b)
{
  const struct hit *x = a, *y = b;
  return (x->person < y->person) - (x->person > y->person);
}

static enum code put_page(struct search_job *job, struct err *e)
{
  struct listed_person persons[LIMIT_PAGE_ROWS];
  memset(persons, 0, sizeof persons);
  qsort(job->found, job->found_count, sizeof *job->found, newest_first);
  for (size_t i = 0; i < job->found_count; i++)
    persons[i].person = job->found[i].person;
  enum code c = person_listed(job->tx, job->list, LISTED_BIRTH, persons, job->found_count, job->a, e);
  for (size_t i = 0; c == OK && i < job->found_count; i++)
    c = put_hit(job, &persons[i], &job->found[i], e);
  listed_wipe(persons, job->found_count);
  return c;
}

/* ---- a slice ---------------------------------------------------------------------------------------------------------- */

static bool over(const struct search_job *job)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  int64_t ms = (now.tv_sec - job->began.tv_sec) * 1000 + (now.tv_nsec - job->began.tv_nsec) / 1000000;
  return ms >= SEARCH_SLICE_MS || job->shown >= SEARCH_HITS;
}

static enum code look_through(struct search_job *job, struct err *e)
{
  if (!job->page_count)
    return OK;
  job->found_count = 0;
  enum code c = search_sql_texts(job->tx, job->list, job->page, job->page_count, take_text, job, e);
  if (c == OK && job->found_count)
    c = put_page(job, e);
  explicit_bzero(job->found, job->found_count * sizeof *job->found);
  job->persons += (int64_t)job->page_count;
  job->last = job->page[job->page_count - 1];
  job->page_count = 0;
  return c;
}

static enum code take_person(void *arg, id64 person, bool *ret_stop, struct err *e)
{
  struct search_job *job = arg;
  if (job->persons && !job->page_count && over(job)) { /* there is another one, so there is more to look through */
    *ret_stop = job->more = true;
    return OK;
  }
  job->page[job->page_count++] = person;
  return job->page_count == LIMIT_PAGE_ROWS ? look_through(job, e) : OK;
}

enum code record_search(struct tx *tx, const struct scope *list, const struct search_query *q, id64 before,
                        struct arena *a, const struct reader *who, struct doc **ret, struct err *e)
{
  struct doc *d = doc_map(a);
  struct search_job *job = arena_new_of(a, struct search_job);
  struct arena *scratch = arena_new(LIMIT_ARENA);
  if (!job || !scratch) {
    arena_free(scratch);
    return err_oom(e);
  }
  arena_mark_secret(scratch);
  *job = (struct search_job){.tx = tx, .list = list, .q = q, .a = a, .scratch = scratch, .who = who};
  job->hits = doc_put_list(d, "hits");
  clock_gettime(CLOCK_MONOTONIC, &job->began);
  enum code c = search_sql_persons(tx, list, before ? before : INT64_MAX, take_person, job, e);
  if (c == OK)
    c = look_through(job, e);
  explicit_bzero(&job->key, sizeof job->key);
  arena_free(scratch);
  doc_put_bool(d, "has_hits", job->shown > 0);
  doc_put_str(d, "scanned", reader_count(a, who->lang, TR("%1か所を見ました"), job->texts));
  doc_put_bool(d, "has_more", job->more);
  doc_put_str(d, "more_from", job->more ? id_text(a, job->last) : STR_NONE);
  *ret = d;
  return c;
}
