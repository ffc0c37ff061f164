/* may.c: いま、だれが何を見られるか: what the engine says of everybody (access/sights.h), in lines; as a page. */
#include "seen/may.h"

#include "basis/basis.h"
#include "seen/seen_sql.h"

/* ---- lines -------------------------------------------------------------------------------------------------------------------- */

static bool belongs(const struct sight *a, const struct sight *b)
{
  bool party = a->kind == REASON_PERSON || a->kind == REASON_GUARDIAN;
  return a->kind == b->kind && a->organization == b->organization && /* a value, not a decision */
         a->guardian == b->guardian && a->categories == b->categories && a->own_only == b->own_only &&
         a->visit_only == b->visit_only && a->until == b->until && a->law == b->law && a->waits == b->waits &&
         (a->kind != REASON_BASIS || a->ref == b->ref) && (!party || a->guardian == b->guardian);
}

static bool has_text(const struct doc *list, struct str text)
{
  for (size_t i = 0; i < doc_size(list); i++)
    if (str_eq(doc_string(doc_at(list, i)), text))
      return true;
  return false;
}

static void add_person(struct may_line *l, const struct sight *x, const struct scope *names, enum lang lang)
{
  struct str who = names && scope_wrote(names, x->organization) ? x->user_name
                   : x->job.n                                   ? x->job
                   : x->user                                    ? tr(lang, role_label(x->role))
                                                                : STR_NONE;
  if (who.n && !has_text(l->people, who))
    doc_add_str(l->people, who);
  if (x->from > l->of.from)
    l->of.from = x->from;
}

enum code may_lines(struct tx *tx, const struct scope *s, const struct scope *names, struct arena *a, enum lang lang,
                    struct may_lines *ret, struct err *e)
{
  struct sights all = {0};
  struct may_lines out = {.list = arena_array(a, MAY_LINES, sizeof *out.list)};
  enum code c = out.list ? access_sights(tx, s, &all, e) : err_oom(e);
  if (c != OK)
    return c;
  out.more = all.more;
  for (size_t i = 0; c == OK && i < all.n; i++) {
    if (all.list[i].waits) /* else the members' own rows tell it */
      c = organization_name(tx, all.list[i].organization, a, &all.list[i].organization_name, e);
    size_t k = 0;
    while (k < out.n && !belongs(&out.list[k].of, &all.list[i]))
      k++;
    if (k == MAY_LINES) {
      out.more = true;
      continue;
    }
    if (k == out.n)
      out.list[out.n++] = (struct may_line){all.list[i], doc_list(a)};
    add_person(&out.list[k], &all.list[i], names, lang);
  }
  if (c == OK)
    *ret = out;
  return c;
}

/* ---- the page ------------------------------------------------------------------------------------------------------------------- */

struct page_job {
  struct arena *a;
  const struct reader *who;
  const struct doc *guardians; /* whom the reader may know of */
  struct doc *rows;
};

static struct str reason_text(const struct page_job *job, const struct sight *x)
{
  enum lang lang = job->who->lang;
  struct str day = x->from ? reader_short(job->a, job->who, date_of_ts(x->from)) : STR_NONE;
  switch (x->kind) {
  case REASON_CONSENT:
    return tr_args(job->a, lang, TR("同意（%1）"), day, STR_NONE, STR_NONE);
  case REASON_BASIS:
    return tr_args(job->a, lang, TR("法令：%1（%2）"),
                   x->law ? tr(lang, basis_label(str_from(basis_codes[x->law - 1]))) : STR_NONE, day, STR_NONE);
  case REASON_INVITATION:
    return tr(lang, TR("会議に招かれている"));
  case REASON_BREAK_GLASS:
    return tr(lang, TR("緊急の閲覧（読むだけ）"));
  case REASON_STAND_IN:
    return tr(lang, TR("課内代行（自機関の記録）"));
  case REASON_PERSON:
  case REASON_GUARDIAN:
    return tr(lang, TR("窓口で、紙で"));
  default:
    return tr(lang, x->visit_only ? TR("担当（訪問に必要なことだけ）") : TR("担当（自機関の記録）"));
  }
}

static struct str until_text(const struct page_job *job, const struct sight *x)
{
  if (x->kind == REASON_BREAK_GLASS || x->kind == REASON_STAND_IN)
    return tr_args(job->a, job->who->lang, TR("%1まで"), reader_time(job->a, job->who, x->until), STR_NONE, STR_NONE);
  if (x->until)
    return tr_args(job->a, job->who->lang, TR("%1まで"), reader_date(job->a, job->who, date_of_ts(x->until - 1)),
                   STR_NONE, STR_NONE);
  return x->kind == REASON_OWN ? tr(job->who->lang, TR("担当のあいだ")) : STR_NONE;
}

static void put_cell(struct doc *m, struct str label, const char *shape, const char *class, struct str word)
{
  doc_put_str(m, "label", label);
  doc_put_cstr(m, "shape", shape);
  doc_put_cstr(m, "class", class);
  doc_put_str(m, "word", word);
}

static void put_cells(const struct page_job *job, struct doc *d, const struct sight *x)
{
  struct doc *cells = doc_put_list(d, "cells");
  enum lang lang = job->who->lang;
  for (int i = 0; i < CATEGORIES; i++) {
    bool sees = x->categories & (1u << i);
    struct doc *m = doc_add_map(cells);
    struct str label = tr(lang, category_label(i));
    if (!sees)
      put_cell(m, label, "c-none", "none", tr(lang, TR("見られない")));
    else if (x->waits)
      put_cell(m, label, "s-draft", "none", tr(lang, TR("担当が決まれば見られる")));
    else if (x->own_only)
      put_cell(m, label, "c-one", "one", tr(lang, TR("自機関が書いたもの")));
    else
      put_cell(m, label, "c-both", "both", tr(lang, TR("見られる")));
  }
}

/* The guardian's relation, to whom may know of the guardian; NULL: not to be shown. */
static const struct doc *guardian_of(const struct page_job *job, id64 id)
{
  struct str text = id_text(job->a, id);
  for (size_t i = 0; i < doc_size(job->guardians); i++)
    if (str_eq(doc_get_str(doc_at(job->guardians, i), "id"), text))
      return doc_at(job->guardians, i);
  return NULL;
}

static struct str people_text(const struct page_job *job, const struct doc *people)
{
  enum { SHOWN = 6 };
  struct buf b;
  size_t n = doc_size(people);
  buf_init(&b, job->a, 8192);
  for (size_t i = 0; i < n && i < SHOWN; i++) {
    buf_add_cstr(&b, i ? "、" : "");
    buf_add(&b, doc_string(doc_at(people, i)));
  }
  if (n > SHOWN)
    buf_add(&b, reader_count(job->a, job->who->lang, TR(" ほか%1人"), (int64_t)(n - SHOWN)));
  return buf_str(&b);
}

static void put_line(const struct page_job *job, const struct may_line *l)
{
  enum lang lang = job->who->lang;
  const struct sight *x = &l->of;
  const struct doc *guardian = x->kind == REASON_GUARDIAN ? guardian_of(job, x->guardian) : NULL;
  if (x->kind == REASON_GUARDIAN && !guardian)
    return;
  struct str relation = doc_get_str(guardian, "relation");
  struct doc *d = doc_add_map(job->rows);
  doc_put_str(d, "who",
              x->kind == REASON_PERSON ? tr(lang, TR("本人"))
              : guardian               ? relation.n ? relation : tr(lang, TR("保護者"))
                                       : x->organization_name);
  doc_put_str(d, "people",
              x->waits ? tr(lang, TR("担当がまだいません。決まると見られます。")) : people_text(job, l->people));
  doc_put_str(d, "reason", reason_text(job, x));
  doc_put_str(d, "until", until_text(job, x));
  put_cells(job, d, x);
}

/* What one looks for first: who sees it in an emergency or by law, then by consent, then who works on it; an organization's lines together. */
static int rank_of(enum reason_kind kind)
{
  switch (kind) {
  case REASON_BREAK_GLASS:
    return 0;
  case REASON_BASIS:
    return 1;
  case REASON_CONSENT:
    return 2;
  case REASON_INVITATION:
    return 3;
  case REASON_PERSON:
  case REASON_GUARDIAN:
    return 5;
  default:
    return 4;
  }
}

static bool same_body(const struct may_lines *lines, size_t i, size_t k)
{
  id64 organization = lines->list[i].of.organization;
  return i == k || (organization && organization == lines->list[k].of.organization); /* a value, not a decision */
}

static int rank_of_body(const struct may_lines *lines, size_t k)
{
  int rank = rank_of(lines->list[k].of.kind);
  for (size_t i = 0; i < lines->n; i++)
    if (same_body(lines, k, i) && rank_of(lines->list[i].of.kind) < rank)
      rank = rank_of(lines->list[i].of.kind);
  return rank;
}

enum { RANKS = 6 };
static void put_body(const struct page_job *job, const struct may_lines *lines, size_t first, bool *done)
{
  for (int rank = 0; rank < RANKS; rank++)
    for (size_t k = first; k < lines->n; k++)
      if (same_body(lines, first, k) && rank_of(lines->list[k].of.kind) == rank) {
        done[k] = true;
        put_line(job, &lines->list[k]);
      }
}

static bool has_waiting(const struct may_lines *lines)
{
  for (size_t i = 0; i < lines->n; i++)
    if (lines->list[i].of.waits)
      return true;
  return false;
}

static enum code put_lines(const struct page_job *job, const struct may_lines *lines, struct err *e)
{
  bool *done = arena_array(job->a, lines->n + 1, sizeof *done);
  if (!done)
    return err_oom(e);
  for (int rank = 0; rank < RANKS; rank++)
    for (size_t i = 0; i < lines->n; i++)
      if (!done[i] && rank_of_body(lines, i) == rank)
        put_body(job, lines, i, done);
  return OK;
}

static void put_categories(struct doc *d, enum lang lang)
{
  const cats_t sensitive = CAT_HEALTH | CAT_DISABILITY | CAT_MENTAL | CAT_ABUSE;
  struct doc *list = doc_put_list(d, "categories");
  for (int i = 0; i < CATEGORIES; i++) {
    struct doc *m = doc_add_map(list);
    doc_put_str(m, "word", tr(lang, category_label(i)));
    doc_put_bool(m, "sensitive", sensitive & (1u << i));
  }
}

/* A paper for each whom it may be given to. */
static void put_papers(const struct page_job *job, struct doc *d, id64 case_id, bool can_print)
{
  struct str id = id_text(job->a, case_id);
  struct doc *list = doc_put_list(d, "guardians");
  for (size_t i = 0; can_print && i < doc_size(job->guardians); i++) {
    const struct doc *g = doc_at(job->guardians, i);
    struct str name = doc_get_str(g, "name"), relation = doc_get_str(g, "relation"), of = doc_get_str(g, "id");
    struct str called = name.n ? name : relation.n ? relation : tr(job->who->lang, TR("保護者"));
    struct doc *m = doc_add_map(list);
    doc_put_str(m, "href",
                str_printf(job->a, "/cases/%.*s/who.pdf?for=guardian&guardian=%.*s", STR_FMT(id), STR_FMT(of)));
    doc_put_str(m, "word", tr_args(job->a, job->who->lang, TR("%1さんに渡す紙を作る"), called, STR_NONE, STR_NONE));
  }
  doc_put_bool(d, "can_print", can_print);
  doc_put_bool(d, "has_guardians", doc_size(list) > 0);
  doc_put_str(d, "paper_href", str_printf(job->a, "/cases/%.*s/who.pdf?for=person", STR_FMT(id)));
}

enum code may_page(struct tx *tx, const struct scope *staff, id64 case_id, struct arena *a, const struct reader *who,
                   struct doc **ret, struct err *e)
{
  struct doc *d = doc_map(a), *guardians = NULL;
  struct may_lines lines = {0};
  enum code c = person_guardians(tx, staff, a, who, &guardians, e);
  if (c == OK)
    c = may_lines(tx, staff, staff, a, who->lang, &lines, e);
  if (c != OK)
    return c;
  struct page_job job = {a, who, guardians, doc_put_list(d, "rows")};
  c = put_lines(&job, &lines, e);
  if (c != OK)
    return c;
  doc_put_bool(d, "has_waiting", has_waiting(&lines));
  put_categories(d, who->lang);
  put_papers(&job, d, case_id, scope_may(staff, ACTION_SEEN_PRINT));
  doc_put_bool(d, "has_rows", doc_size(job.rows) > 0);
  doc_put_bool(d, "more", lines.more);
  *ret = d;
  return OK;
}
