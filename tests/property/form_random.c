/* Whatever is sent: reading never breaks, what it accepts is canonical (reading it again changes nothing), it survives FHIR, pages
 * and paper come out of raw and canonical alike, and a mask of nothing gives nothing. Input is random in shape and in leaves, aimed at
 * the items of the sheet. */
#include "../unit/form_world.h"

enum { CASES = 1500, DEEP = 4 };

static uint64_t state_of_random = 88172645463325252u;

static unsigned pick(unsigned n)
{
  state_of_random ^= state_of_random << 13;
  state_of_random ^= state_of_random >> 7;
  state_of_random ^= state_of_random << 17;
  return (unsigned)((state_of_random >> 11) % n);
}

static const char *const leaves[] = {"",
                                     "1",
                                     "true",
                                     "unknown",
                                     "2026-11-18",
                                     "令和8年11月18日",
                                     "R",
                                     "H",
                                     "元",
                                     "31",
                                     "2",
                                     "13",
                                     "10:02",
                                     "2026-11-18T10:02",
                                     "山田 花子",
                                     "一\n二",
                                     "\a",
                                     "\xff\xfe",
                                     "phone",
                                     "other",
                                     "mental",
                                     "abuse",
                                     "yes",
                                     "accepted",
                                     "declined",
                                     "full",
                                     "https://a.jp",
                                     "123456789018",
                                     "-5",
                                     "99999999999999999999",
                                     "１２",
                                     "\xe2\x80\xae"};
static const char *const box_names[] = {"era", "y", "m", "d", "unknown", "time", "code", "text", "0", "1", "7", "zz"};

static struct doc *random_value(struct world *w, const struct form *f, int depth);

static struct doc *random_leaf(struct world *w)
{
  static const char *const json[] = {"[0]", "[true]", "[1.5]", "[-3]", "[17]", "[null]", "[123456789018]", "[false]"};
  if (pick(4) == 0)
    return doc_at(world_json(w, json[pick(8)]), 0);
  return doc_str(w->arena, str_from(leaves[pick(sizeof(leaves) / sizeof(*leaves))]));
}

static void put_once(struct doc *map, struct str key, struct doc *value)
{
  if (!doc_get_key(map, key))
    doc_put_key(map, key, value);
}

static struct doc *random_map(struct world *w, const struct form *f, int depth)
{
  struct doc *map = doc_map(w->arena);
  for (unsigned n = pick(5); n > 0; n--) {
    const struct form_item *it = form_item_at(f, pick((unsigned)form_item_count(f)));
    struct str key = pick(2) ? it->link : str_from(box_names[pick(sizeof(box_names) / sizeof(*box_names))]);
    put_once(map, key, random_value(w, f, depth + 1));
  }
  return map;
}

static struct doc *random_value(struct world *w, const struct form *f, int depth)
{
  unsigned kind = depth >= DEEP ? 0 : pick(10);
  if (kind < 6)
    return random_leaf(w);
  if (kind < 8)
    return random_map(w, f, depth);
  struct doc *list = doc_list(w->arena);
  for (unsigned n = pick(4); n > 0; n--)
    doc_add(list, random_value(w, f, depth + 1));
  return list;
}

/* A value that has a chance, so that much is accepted. */
static struct doc *likely_value(struct world *w, const struct form *f, const struct form_item *it)
{
  if (it->option_count > 0)
    return doc_str(w->arena, it->options[pick((unsigned)it->option_count)].code);
  if (it->type == FORM_DATE)
    return doc_str(w->arena, pick(2) ? S("2026-11-18") : S("H20.4.1"));
  if (it->type == FORM_BOOLEAN)
    return doc_str(w->arena, pick(2) ? S("true") : S("false"));
  if (it->type == FORM_INTEGER)
    return doc_str(w->arena, S("4"));
  return it->type == FORM_GROUP ? random_value(w, f, 2) : doc_str(w->arena, S("ことば"));
}

static struct doc *random_raw(struct world *w, const struct form *f)
{
  struct doc *raw = doc_map(w->arena);
  for (unsigned n = pick(30); n > 0; n--) {
    const struct form_item *it = form_item_at(f, pick((unsigned)form_item_count(f)));
    bool wild = pick(6) == 0;
    if (wild || (!it->row_of && it->type != FORM_DISPLAY && (it->type != FORM_GROUP || it->repeats)))
      put_once(raw, it->link, wild ? random_value(w, f, 0) : likely_value(w, f, it));
  }
  return raw;
}

static void check_accepted(struct world *w, const struct form *f, enum form_stage stage, const struct doc *answers)
{
  struct form_reading again = {0}, back = {0};
  enum code c = form_read(&w->c, f, FORM_DRAFT, answers, NULL, &again, &w->e);
  if (c != OK || !doc_equal(again.answers, answers))
    fail_msg("not canonical: %s\n%s", world_text(w, answers), world_text(w, again.answers));
  c = form_read(&w->c, f, FORM_DRAFT, form_to_fhir(&w->c, f, answers, "completed", 0), NULL, &back, &w->e);
  if (c != OK || !doc_equal(back.answers, answers))
    fail_msg("lost in FHIR: %s\n%s", world_text(w, answers), world_text(w, back.answers));
  assert_non_null(form_print(&w->c, f, answers));
}

static void one_case(struct world *w, const struct form *f)
{
  struct doc *raw = random_raw(w, f), *root = doc_map(w->arena);
  enum form_stage stage = pick(2) ? FORM_FINAL : FORM_DRAFT;
  struct form_reading r = {0};
  struct form_context nobody = w->c;
  enum code c = form_read(&w->c, f, stage, raw, NULL, &r, &w->e);
  assert_int_equal(c, r.problems ? INVALID : OK);
  check_accepted(w, f, stage, r.answers);
  doc_put(root, "form", form_render_input(&w->c, f, raw, r.problems));
  doc_put(root, "paper", form_render_view(&w->c, f, r.answers));
  if (pick(10) == 0)
    (void)world_html(w, "{{#form}}{{>form}}{{/form}}{{#paper}}{{>form_view}}{{/paper}}", root);
  for (const struct problem *p = r.problems; p; p = p->next) {
    assert_true(str_starts(p->field, S("answer")));
    assert_false(str_contains(p->text, S("123456789018")));
  }
  nobody.mask = (struct form_mask){0};
  assert_int_equal(doc_size(form_mask_answers(&nobody, f, r.answers).answers), 0);
}

static void whatever_is_sent(void **state)
{
  struct world *w = *state;
  struct arena *forms = arena_new(LIMIT_ARENA);
  const struct form *f = NULL;
  struct str body;
  assert_true(builtin_file(S("forms/tsunagu-sheet.json"), &body));
  assert_int_equal(form_load(forms, body, &f, &w->e), OK);
  for (int i = 0; i < CASES; i++) {
    arena_reset(w->arena);
    one_case(w, f);
    assert_false(arena_failed(w->arena));
  }
  arena_free(forms);
}

int main(void)
{
  const struct CMUnitTest tests[] = {FORM_TEST(whatever_is_sent)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
