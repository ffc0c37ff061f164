/* form_world.h: what the tests of the questionnaire engine share: an arena a test, definitions written short, readers. */
#ifndef TESTS_UNIT_FORM_WORLD_H
#define TESTS_UNIT_FORM_WORLD_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "form/form.h"

struct world {
  struct arena *arena;
  struct form_context c;
  struct err e;
};

static inline int world_open(void **state)
{
  struct world *w = calloc(1, sizeof(*w));
  w->arena = arena_new(LIMIT_ARENA * 2);
  w->c = (struct form_context){.arena = w->arena, .today = {2026, 11, 18}, .mask = {.categories = FORM_ALL_CATEGORIES}};
  *state = w;
  return 0;
}

static inline int world_close(void **state)
{
  struct world *w = *state;
  arena_free(w->arena);
  free(w);
  return 0;
}

#define FORM_TEST(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)

/* JSON written with ' for ". */
static inline struct doc *world_json(struct world *w, const char *text)
{
  struct doc *d = NULL;
  char *copy = arena_copy(w->arena, text, strlen(text));
  for (char *p = copy; *p; p++) {
    if (*p == '\'')
      *p = '"';
  }
  if (json_parse(w->arena, str_from(copy), &d, &w->e) != OK)
    fail_msg("test JSON: %s", text);
  return d;
}

#define EXT "https://tsunagu.example/fhir/"
#define CAT(code) "'extension':[{'url':'" EXT "category','valueCode':'" code "'}]"

/* A definition of these items. */
static inline enum code world_try_form(struct world *w, const char *items, const struct form **ret)
{
  struct str text = str_printf(w->arena,
                               "{'resourceType':'Questionnaire','url':'https://tsunagu.example/form/t','name':'t',"
                               "'version':'1','status':'active','title':'ためし','item':[%s]}",
                               items);
  return form_compile(w->arena, world_json(w, str_cstr(w->arena, text)), ret, &w->e);
}

static inline const struct form *world_form(struct world *w, const char *items)
{
  const struct form *f = NULL;
  if (world_try_form(w, items, &f) != OK)
    fail_msg("form: %s (%s)", w->e.msg, w->e.field);
  return f;
}

static inline struct form_reading world_read(struct world *w, const struct form *f, enum form_stage stage,
                                             const char *raw)
{
  struct form_reading r = {0};
  enum code c = form_read(&w->c, f, stage, world_json(w, raw), NULL, &r, &w->e);
  assert_int_equal(c, r.problems ? INVALID : OK);
  return r;
}

static inline const char *world_text(struct world *w, const struct doc *d)
{
  struct buf b;
  buf_init(&b, w->arena, LIMIT_PAGE);
  json_write(&b, d);
  return str_cstr(w->arena, buf_str(&b));
}

static inline void world_assert_doc(struct world *w, const struct doc *d, const char *expected)
{
  struct doc *x = world_json(w, expected);
  if (!doc_equal(d, x))
    fail_msg("got %s, expected %s", world_text(w, d), expected);
}

static inline const char *world_problem(struct world *w, const struct form_reading *r, const char *field)
{
  for (const struct problem *p = r->problems; p; p = p->next) {
    if (str_is(p->field, field))
      return str_cstr(w->arena, p->text);
  }
  return NULL;
}

static inline void world_assert_problem(struct world *w, const struct form_reading *r, const char *field,
                                        const char *text)
{
  const char *got = world_problem(w, r, field);
  if (!got || strcmp(got, text) != 0)
    fail_msg("%s: got «%s», expected «%s»", field, got ? got : "no problem", text);
}

static inline bool world_partial(void *arg, struct str name, struct str *ret_text)
{
  struct world *w = arg;
  return builtin_file(str_printf(w->arena, "templates/%.*s.mustache", STR_FMT(name)), ret_text);
}

/* root.form and root.paper through the product's templates. */
static inline struct str world_html(struct world *w, const char *text, struct doc *root)
{
  struct buf b;
  buf_init(&b, w->arena, LIMIT_PAGE);
  if (!doc_get(root, "page"))
    doc_put(root, "page", world_json(w, "{'lang':'ja','asset':{'icons_svg':'/x.svg'}}"));
  if (template_render_text(w->arena, TEMPLATE_STRICT, str_from(text), world_partial, w, root, &b, &w->e) != OK)
    fail_msg("%s %s", w->e.msg, w->e.detail);
  return buf_str(&b);
}

static inline bool form_value_has_code(const struct doc *list, const char *code)
{
  for (size_t i = 0; i < doc_size(list); i++) {
    if (str_is(doc_string(doc_at(list, i)), code))
      return true;
  }
  return false;
}

#endif
