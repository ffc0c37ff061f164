/* hand.c: 渡す前に確かめる (paper.h). */
#include "paper/paper.h"

#include "gate/handler.h"

/* ---- what is warned of ------------------------------------------------------------------------------------------------------- */

struct warned {
  struct str avoid;   /* empty: it says nothing of them */
  bool concealed;     /* something is */
  struct doc *people; /* guardians: {id, name, relation, …} and barred, spoken_of */
  bool any;
};

static const char *const family_words[] = {JA("親"),   JA("保護者"), JA("家族"), JA("父"), JA("母"),
                                           JA("祖父"), JA("祖母"),   JA("兄"),   JA("姉"), NULL};

static bool says(struct str text, struct str word)
{
  return word.n && str_contains(text, word);
}

/* By relation, by the whole name, or by one part of it that is not the family's own. */
static bool speaks_of(struct str text, const struct doc *guardian)
{
  struct str name = doc_get_str(guardian, "name"), rest = name, part = STR_NONE, given = STR_NONE;
  while (str_split(&rest, ' ', &part))
    given = part;
  return says(text, doc_get_str(guardian, "relation")) || says(text, name) || (given.n < name.n && says(text, given));
}

static bool speaks_of_family(struct str text)
{
  for (const char *const *w = family_words; *w; w++)
    if (says(text, str_from(*w)))
      return true;
  return false;
}

/* Of one guardian, or (0) of anybody in the family. */
static void judge(const struct scope *s, id64 guardian, struct str avoid, struct warned *w)
{
  bool spoken = !guardian && speaks_of_family(avoid), barred = false;
  for (size_t i = 0; i < doc_size(w->people); i++) {
    struct doc *g = doc_at(w->people, i);
    id64 id = 0;
    (void)doc_get_id(g, "id", &id);
    doc_put_bool(g, "barred", scope_bars_guardian(s, id));
    doc_put_bool(g, "spoken_of", speaks_of(avoid, g));
    if (guardian && guardian != id)
      continue;
    spoken |= doc_get_bool(g, "spoken_of") ||
              (guardian && (says(avoid, str_from(JA("親"))) || says(avoid, str_from(JA("保護者"))) ||
                            says(avoid, str_from(JA("家族")))));
    barred |= doc_get_bool(g, "barred");
  }
  w->avoid = spoken ? avoid : STR_NONE;
  w->any = spoken || barred || w->concealed;
}

static enum code read_warned(struct tx *tx, const struct scope *s, id64 guardian, struct arena *a,
                             const struct reader *who, struct warned *ret, struct err *e)
{
  struct doc *strip = NULL;
  enum code c = person_strip(tx, s, a, who, &strip, e);
  if (c == OK)
    c = person_guardians(tx, s, a, who, &ret->people, e);
  if (c != OK)
    return c;
  ret->concealed = doc_get_bool(strip, "concealed");
  judge(s, guardian, doc_get_str(strip, "avoid"), ret);
  return OK;
}

/* ---- the brake --------------------------------------------------------------------------------------------------------------- */

static bool is_answered(const struct handing *h, const struct warned *w)
{
  for (size_t i = 0; i < doc_size(w->people); i++) {
    id64 id = 0;
    (void)doc_get_id(doc_at(w->people, i), "id", &id);
    if ((!h->guardian || id == h->guardian) && str_eq(doc_get_str(doc_at(w->people, i), "id"), h->handed))
      return true;
  }
  return !h->guardian && (str_is(h->handed, "person") || str_is(h->handed, "other"));
}

enum code hand_check(struct tx *tx, const struct scope *s, struct handing *h, struct err *e)
{
  struct warned w = {0};
  const struct reader nobody = {.today = date_of_ts(tx_now(tx))};
  h->stops = false;
  enum code c = read_warned(tx, s, h->guardian, tx_arena(tx), &nobody, &w, e);
  if (c != OK || (!w.any && !h->itself) || is_answered(h, &w))
    return c;
  h->stops = true;
  return err_set(e, CONFLICT, TR("気をつけることのあるケースです。だれに渡すかを確かめてから、紙を作ってください。"));
}

/* ---- the page ---------------------------------------------------------------------------------------------------------------- */

struct page_job {
  struct request *rq;
  struct reader who;
  const struct handing *h;
  struct doc *data;
};

static void put_warning(const struct page_job *job, struct doc *list, const char *word, struct str text)
{
  struct doc *d = doc_add_map(list);
  doc_put_str(d, "word", tr(job->who.lang, word));
  doc_put_str(d, "text", text);
}

static struct str called(const struct page_job *job, const struct doc *g)
{
  struct str name = doc_get_str(g, "name"), relation = doc_get_str(g, "relation");
  if (name.n && relation.n)
    return tr_args(job->rq->arena, job->who.lang, TR("%1さん（%2）"), name, relation, STR_NONE);
  return name.n ? name : relation.n ? relation : tr(job->who.lang, TR("保護者"));
}

static void put_person(const struct page_job *job, struct doc *list, struct str value, struct str word, bool warned)
{
  struct doc *d = doc_add_map(list);
  doc_put_str(d, "value", value);
  doc_put_str(d, "word", word);
  doc_put_bool(d, "warned", warned);
}

static void put_people(const struct page_job *job, const struct warned *w)
{
  struct doc *people = doc_put_list(job->data, "people"), *warnings = doc_put_list(job->data, "warnings");
  enum lang lang = job->who.lang;
  if (w->avoid.n)
    put_warning(job, warnings, TR("避けてほしいこと"), w->avoid);
  if (job->h->itself)
    put_warning(job, warnings, TR("つながり"), tr(lang, job->h->itself));
  if (!job->h->guardian)
    put_person(job, people, S("person"), tr(lang, TR("本人")), false);
  for (size_t i = 0; i < doc_size(w->people); i++) {
    const struct doc *g = doc_at(w->people, i);
    id64 id = 0;
    (void)doc_get_id(g, "id", &id);
    if (job->h->guardian && id != job->h->guardian)
      continue;
    bool barred = doc_get_bool(g, "barred");
    if (barred)
      put_warning(job, warnings, TR("閲覧の制限"),
                  tr_args(job->rq->arena, lang, TR("%1には、この人のことを見せないことになっています。"),
                          called(job, g), STR_NONE, STR_NONE));
    put_person(job, people, doc_get_str(g, "id"), called(job, g), barred || doc_get_bool(g, "spoken_of"));
  }
  if (w->concealed)
    put_warning(job, warnings, TR("秘匿"),
                tr(lang, TR("居どころなどを知られてはならない相手がいます。その人の手に渡らないようにしてください。")));
  if (!job->h->guardian)
    put_person(job, people, S("other"), tr(lang, TR("そのほかの人")), false);
}

/* Whatever else was asked of the paper. */
static void put_kept(const struct page_job *job)
{
  struct doc *kept = doc_put_list(job->data, "kept");
  const struct doc *typed = gate_typed(job->rq);
  for (size_t i = 0; i < doc_size(typed); i++) {
    struct str name = doc_key_at(typed, i), value = doc_string(doc_value_at(typed, i));
    if (!value.n || str_is(name, "handed"))
      continue;
    struct doc *d = doc_add_map(kept);
    doc_put_str(d, "name", name);
    doc_put_str(d, "value", value);
  }
}

static enum code read_page(struct tx *tx, void *arg, struct err *e)
{
  struct page_job *job = arg;
  struct case_head head = {0};
  struct warned w = {0};
  const struct scope *s = NULL;
  struct arena *a = job->rq->arena;
  job->data = doc_map(a);
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_CASE_READ, job->h->case_id, &head, &s, e);
  if (c == OK)
    c = case_put_strip(tx, s, job->h->case_id, a, &job->who, job->data, e);
  if (c == OK)
    c = read_warned(tx, s, job->h->guardian, a, &job->who, &w, e);
  if (c == OK)
    put_people(job, &w);
  return c;
}

enum code hand_page(struct request *rq, struct response *rs, const struct handing *h, enum code said, struct err *e)
{
  struct page_job job = {.rq = rq, .who = gate_reader(rq), .h = h};
  if (!h->stops || rq->wants_json)
    return said;
  *e = (struct err){0};
  enum code c = gate_read(rq, read_page, &job, e);
  if (c != OK)
    return c;
  put_kept(&job);
  doc_put_id(job.data, "case_id", h->case_id);
  doc_put_bool(job.data, "chosen", h->guardian != 0);
  return gate_page(rq, rs, "paper_hand", tr(job.who.lang, TR("渡す前に確かめる")), job.data, e);
}
