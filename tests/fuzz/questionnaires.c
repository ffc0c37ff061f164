/* questionnaires.c: forms of others, and answers of others to our own form. */
#include "form/form.h"
#include "fuzz.h"

static struct form_context context(struct arena *a)
{
  return (struct form_context){.arena = a, .today = {2026, 11, 18}, .mask = {.categories = FORM_ALL_CATEGORIES}};
}

static bool partial(void *arg, struct str name, struct str *ret)
{
  return builtin_file(str_printf(arg, "templates/%.*s.mustache", STR_FMT(name)), ret);
}

/* What the input says between '<' and a letter of its own must not come out as a tag. */
static void page_holds(const struct form_context *c, struct doc *inputs, struct doc *view)
{
  struct arena *a = c->arena;
  struct doc *root = doc_map(a), *page = doc_put_map(root, "page");
  struct err e = {0};
  struct buf b;
  doc_put_cstr(page, "lang", "ja");
  doc_put_cstr(doc_put_map(page, "asset"), "icons_svg", "/x.svg");
  doc_put(root, "form", inputs);
  doc_put(root, "view", view);
  buf_init(&b, a, LIMIT_PAGE);
  enum code code = template_render_text(
      a, TEMPLATE_STRICT, S("{{#form}}{{>form}}{{/form}}{{#view}}{{>form_view}}{{/view}}"), partial, a, root, &b, &e);
  HOLDS(code == OK || code == LIMIT);
  HOLDS(utf8_valid(buf_str(&b)) && !str_contains(buf_str(&b), S("<zq")));
}

/* Accepted answers are canonical, survive FHIR, and nothing of them is seen under a mask of nothing. */
static void answers_hold(const struct form_context *c, const struct form *f, const struct doc *answers)
{
  struct form_reading again = {0}, back = {0};
  struct form_context nobody = *c;
  struct err e = {0};
  HOLDS(form_read(c, f, FORM_DRAFT, answers, NULL, &again, &e) == OK && doc_equal(again.answers, answers));
  struct doc *fhir = form_to_fhir(c, f, answers, "completed", 0);
  HOLDS(form_read(c, f, FORM_DRAFT, fhir, NULL, &back, &e) == OK && doc_equal(back.answers, answers));
  HOLDS(form_print(c, f, answers) != NULL);
  HOLDS(doc_equal(form_mask_answers(c, f, answers).answers, answers));
  nobody.mask = (struct form_mask){0};
  HOLDS(doc_size(form_mask_answers(&nobody, f, answers).answers) == 0);
}

static void raw_holds(const struct form_context *c, const struct form *f, const struct doc *raw, bool our_form)
{
  for (int stage = FORM_DRAFT; stage <= FORM_FINAL; stage++) {
    struct form_reading r = {0};
    struct doc *more = NULL;
    struct err e = {0};
    enum code code = form_read(c, f, (enum form_stage)stage, raw, NULL, &r, &e);
    if (code == INVALID && !r.problems) { /* a QuestionnaireResponse to something else */
      HOLDS(e.msg && !r.answers);
      return;
    }
    HOLDS(code == (r.problems ? INVALID : OK));
    HOLDS(r.answers && doc_kind(r.answers) == DOC_MAP);
    for (const struct problem *p = r.problems; p; p = p->next)
      /* no answer in a message; a form of others may have the mark in its labels */
      HOLDS(utf8_valid(p->text) && p->text.n && !(our_form && str_contains(p->text, S("zq"))));
    answers_hold(c, f, r.answers);
    page_holds(c, form_render_input(c, f, raw, r.problems), form_render_view(c, f, r.answers));
    if (form_edit_rows(c, f, raw, &more))
      (void)form_render_input(c, f, more, NULL);
  }
}

/* A questionnaire, and behind a line "---" answers to it. */
static void questionnaire(struct arena *a, struct str in)
{
  struct str text = fuzz_first(&in);
  struct form_context c = context(a);
  const struct form *f = NULL, *again = NULL;
  struct doc *raw = NULL;
  struct err e = {0};
  if (form_load(a, text, &f, &e) != OK) {
    HOLDS(!f && e.msg);
    return;
  }
  HOLDS(form_load(a, fuzz_json(a, form_source(f)), &again, &e) == OK);
  HOLDS(form_item_count(again) == form_item_count(f) && str_eq(form_name(again), form_name(f)));
  HOLDS(doc_get_bool(form_compare(&c, f, again), "same"));
  raw_holds(&c, f, form_begin(&c, f, NULL), false);
  if (in.n && json_parse(a, in, &raw, &e) == OK && doc_kind(raw) == DOC_MAP)
    raw_holds(&c, f, raw, false);
  HOLDS(!arena_failed(a));
}
FUZZ_TARGET(questionnaire);

/* A form of another system's making: adopted, it is a form that is served or is refused in words, and adopting it again says the same. */
static void adopt(struct arena *a, struct str in)
{
  struct doc *q = NULL, *notes = NULL, *more = NULL;
  const struct form *f = NULL;
  struct err e = {0};
  if (json_parse(a, in, &q, &e) != OK || doc_kind(q) != DOC_MAP)
    return;
  struct form_context c = context(a);
  struct doc *ours = form_adopt(a, LANG_JA, q, S("elsewhere"), "support", &notes);
  HOLDS(doc_equal(ours, form_adopt(a, LANG_JA, q, S("elsewhere"), "support", &more)));
  enum code code = form_compile(a, ours, &f, &e);
  HOLDS(code == OK || (code == INVALID && e.msg));
  if (code == OK)
    HOLDS(form_print(&c, f, NULL) != NULL && form_render_input(&c, f, NULL, NULL) != NULL);
}
FUZZ_TARGET(adopt);

/* Answers to the つなぐシート: as a page sends them, or a QuestionnaireResponse. */
static void answers(struct arena *a, struct str in)
{
  struct form_context c = context(a);
  const struct form *f = NULL;
  struct doc *raw = NULL;
  struct err e = {0};
  HOLDS(form_builtin(S("tsunagu-sheet"), STR_NONE, &f, &e) == OK);
  if (json_parse(a, in, &raw, &e) != OK || doc_kind(raw) != DOC_MAP)
    return;
  raw_holds(&c, f, raw, true);
}
FUZZ_TARGET(answers);
