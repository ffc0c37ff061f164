/* The sheets that ship: they load, every item has a category, they read, they render, and what a reader may not see is nowhere in
 * any output. Canaries: every answer is a string that occurs nowhere else. */
#include "form_world.h"
#include "view/print.h"

static const struct form *sheet(struct world *w)
{
  const struct form *f = NULL;
  if (form_builtin(S("tsunagu-sheet"), STR_NONE, &f, &w->e) != OK)
    fail_msg("%s %s %s", w->e.msg, w->e.field, w->e.detail);
  return f;
}

static void the_sheet_has_every_item_of_the_paper(void **state)
{
  struct world *w = *state;
  const struct form *f = sheet(w);
  static const char *const sections[] = {"受付",       "利用目的の説明", "本人",   "世帯",
                                         "お困りごと", "相談・配慮",     "紹介先", "提供の同意"};
  size_t top = 0;
  assert_true(str_is(form_version(f), "2019.11.1"));
  for (size_t i = 0; i < form_item_count(f); i++) {
    const struct form_item *it = form_item_at(f, i);
    if (it->category == 0 || (it->category & (it->category - 1)) != 0)
      fail_msg("category of %.*s", STR_FMT(it->link));
    for (size_t k = 0; k < it->option_count; k++)
      assert_int_not_equal(it->options[k].category, 0);
    if (!it->parent && top < 8)
      assert_true(str_is(it->label.ja, sections[top++]));
    else if (!it->parent)
      assert_true(it->marks & FORM_MARK_LEAF2);
    if (it->label.en.n == 0)
      fail_msg("no English: %.*s", STR_FMT(it->link));
  }
  const struct form_item *concerns = form_item_find(f, S("concerns"));
  assert_int_equal(concerns->option_count, 12);
  assert_non_null(concerns->worst);
  assert_int_equal(form_option_find(concerns, S("abuse"))->marks & FORM_MARK_SEPARATE, FORM_MARK_SEPARATE);
  assert_int_equal(form_option_find(concerns, S("abuse"))->category, 1 << 9);
  assert_int_equal(form_item_find(f, S("avoid"))->marks, FORM_MARK_VISIT | FORM_MARK_LEAF2);
}

static void the_national_intake_form_has_its_sixteen_concerns(void **state)
{
  struct world *w = *state;
  const struct form *f = NULL;
  if (form_builtin(S("reception"), STR_NONE, &f, &w->e) != OK)
    fail_msg("%s %s", w->e.msg, w->e.field);
  const struct form_item *concerns = form_item_find(f, S("concerns"));
  assert_int_equal(concerns->option_count, 16);
  assert_int_equal(form_option_find(concerns, S("abuse"))->marks & FORM_MARK_SEPARATE, FORM_MARK_SEPARATE);
  struct form_reading r = world_read(w, f, FORM_FINAL,
                                     "{'received_on':'R8.11.18','received_org':'課','received_by':'佐藤',"
                                     "'visitor_who':'family','concerns':['food'],'consent_answer':'yes'}");
  world_assert_problem(w, &r, "answer.consent_on", "「同意の日」を入力してください。");
}

static void every_form_that_ships_loads_and_prints_and_has_its_english(void **state)
{
  struct world *w = *state;
  size_t n = 0;
  for (; form_builtin_name(n); n++) {
    const struct form *f = NULL;
    struct str pdf = STR_NONE;
    if (form_builtin(str_from(form_builtin_name(n)), STR_NONE, &f, &w->e) != OK)
      fail_msg("%s: %s %s", form_builtin_name(n), w->e.msg, w->e.field);
    assert_true(str_is(form_name(f), form_builtin_name(n)));
    for (size_t i = 0; i < form_item_count(f); i++)
      if (form_item_at(f, i)->label.en.n == 0)
        fail_msg("no English: %s %.*s", form_builtin_name(n), STR_FMT(form_item_at(f, i)->link));
    assert_int_equal(print_pdf(w->arena, LANG_JA, form_print(&w->c, f, NULL), &pdf, &w->e), OK);
  }
  assert_int_equal(n, 17);
}

/* The three lists of concerns: what is asked in a separate room is marked so in each. */
static void each_list_of_concerns_is_whole(void **state)
{
  struct world *w = *state;
  static const struct {
    const char *form;
    size_t options;
  } lists[] = {{"tsunagu-sheet", 12}, {"reception", 16}, {"reception-plain", 16}, {"youth-intake", 14}};
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
    const struct form *f = NULL;
    assert_int_equal(form_builtin(str_from(lists[i].form), STR_NONE, &f, &w->e), OK);
    const struct form_item *concerns = form_item_find(f, S("concerns"));
    assert_int_equal(concerns->option_count, lists[i].options);
    assert_true(form_option_find(concerns, S("abuse"))->marks & FORM_MARK_SEPARATE);
    assert_non_null(concerns->worst);
  }
}

static void what_does_not_exist_is_said(void **state)
{
  struct world *w = *state;
  const struct form *f = NULL;
  assert_int_equal(form_builtin(S("tsunagu-sheet"), S("1999.1"), &f, &w->e), NOT_FOUND);
  assert_string_equal(w->e.msg, "様式のこの版はありません。いまの版で開いてください。");
  assert_int_equal(form_builtin(S("nothing"), STR_NONE, &f, &w->e), NOT_FOUND);
  assert_int_equal(form_builtin(S("../etc/passwd"), STR_NONE, &f, &w->e), NOT_FOUND);
  assert_int_equal(form_builtin(S("tsunagu-sheet"), S("../x"), &f, &w->e), NOT_FOUND);
  assert_null(f);
}

/* --- a sheet full of canaries --- */

struct canary {
  struct str text;
  const struct form_item *item;
};

static struct canary canaries[400];
static size_t canary_count;

static struct str canary(struct world *w, const struct form_item *it)
{
  struct canary *c = &canaries[canary_count];
  c->text = str_printf(w->arena, "金糸雀%03zu号", canary_count);
  c->item = it;
  canary_count++;
  return c->text;
}

static void fill(struct world *w, const struct form_item *first, struct doc *out)
{
  for (const struct form_item *it = first; it; it = it->next) {
    if (it->type == FORM_GROUP && !it->repeats) {
      fill(w, it->child, out);
    } else if (it->type == FORM_GROUP) {
      struct doc *rows = doc_list(w->arena);
      fill(w, it->child, doc_add_map(rows));
      fill(w, it->child, doc_add_map(rows));
      doc_put_key(out, it->link, rows);
    } else if (it->type == FORM_STRING || it->type == FORM_TEXT) {
      doc_put_key(out, it->link, doc_str(w->arena, canary(w, it)));
    } else if (it->type == FORM_CHOICE || it->type == FORM_OPEN_CHOICE) {
      struct doc *codes = doc_list(w->arena);
      for (size_t i = 0; i < it->option_count; i++)
        doc_add_str(codes, it->options[i].code);
      if (it->type == FORM_OPEN_CHOICE)
        doc_put_str(doc_add_map(codes), "text", canary(w, it));
      doc_put_key(out, it->link, it->repeats ? codes : doc_at(codes, 0));
    }
  }
}

static struct doc *full(struct world *w, const struct form *f)
{
  struct doc *answers = doc_map(w->arena);
  canary_count = 0;
  fill(w, form_item_at(f, 0), answers);
  return answers;
}

/* Every output there is, in one text. */
static struct str all_outputs(struct world *w, const struct form *f, const struct doc *answers)
{
  struct form_context *c = &w->c;
  struct buf b;
  struct doc *root = doc_map(w->arena);
  buf_init(&b, w->arena, LIMIT_PAGE);
  json_write(&b, form_mask_answers(c, f, answers).answers);
  json_write(&b, form_to_fhir(c, f, answers, "completed", 0));
  doc_put(root, "form", form_render_input(c, f, answers, NULL));
  doc_put(root, "paper", form_render_view(c, f, answers));
  json_write(&b, root);
  json_write(&b, form_print(c, f, answers));
  buf_add(&b, world_html(w, "{{#form}}{{>form}}{{/form}}{{#paper}}{{>form_view}}{{/paper}}", root));
  assert_false(b.failed);
  return buf_str(&b);
}

static bool may_see(const struct form_mask *m, uint32_t category, unsigned marks)
{
  return (category & m->categories) && !(marks & m->hide_marks) && (!m->only_marks || (marks & m->only_marks));
}

static void check_mask(struct world *w, const struct form *f, const struct doc *answers, const struct form_mask *m)
{
  w->c.mask = *m;
  struct str out = all_outputs(w, f, answers);
  for (size_t i = 0; i < canary_count; i++) {
    const struct form_item *it = canaries[i].item;
    if (!may_see(m, it->category, it->marks) && str_contains(out, canaries[i].text))
      fail_msg("%.*s is out under %x", STR_FMT(it->link), m->categories);
  }
  if (!may_see(m, 1 << 9, FORM_MARK_SEPARATE))
    assert_false(str_contains(out, S("DV・虐待")));
}

static void nothing_withheld_is_anywhere(void **state)
{
  struct world *w = *state;
  const struct form *f = sheet(w);
  struct doc *answers = full(w, f);
  uint32_t seed = 12345;
  for (int bit = 0; bit < FORM_CATEGORIES; bit++) {
    check_mask(w, f, answers, &(struct form_mask){.categories = 1u << bit});
    check_mask(w, f, answers, &(struct form_mask){.categories = FORM_ALL_CATEGORIES & ~(1u << bit)});
  }
  for (int i = 0; i < 10; i++) {
    seed = seed * 1103515245u + 12345u;
    check_mask(w, f, answers,
               &(struct form_mask){.categories = (seed >> 16) & FORM_ALL_CATEGORIES, .hide_marks = seed >> 30});
  }
  check_mask(w, f, answers, &(struct form_mask){.categories = FORM_ALL_CATEGORIES, .only_marks = FORM_MARK_VISIT});
  check_mask(w, f, answers, &(struct form_mask){0});
}

static void everything_allowed_is_there(void **state)
{
  struct world *w = *state;
  const struct form *f = sheet(w);
  struct doc *answers = full(w, f);
  struct str view = str_from(world_text(w, form_render_view(&w->c, f, answers)));
  for (size_t i = 0; i < canary_count; i++) {
    if (!str_contains(view, canaries[i].text))
      fail_msg("%.*s is missing", STR_FMT(canaries[i].item->link));
  }
  assert_true(str_contains(view, S("◎ DV・虐待のこと")));
}

/* What is withheld does not even shine through: two sheets that differ only there give the same bytes. */
static void outputs_do_not_depend_on_what_is_withheld(void **state)
{
  struct world *w = *state;
  const struct form *f = sheet(w);
  struct doc *answers = full(w, f);
  for (int bit = 0; bit < FORM_CATEGORIES; bit++) {
    w->c.mask = (struct form_mask){.categories = FORM_ALL_CATEGORIES & ~(1u << bit)};
    struct form_masked m = form_mask_answers(&w->c, f, answers);
    assert_true(str_eq(all_outputs(w, f, answers), all_outputs(w, f, m.answers)));
    assert_true(str_eq(m.note, form_mask_answers(&w->c, f, doc_map(w->arena)).note));
    assert_int_not_equal(m.note.n, 0);
  }
}

static struct str paper_of_nothing(struct world *w, const struct form *f)
{
  struct doc *root = doc_map(w->arena);
  doc_put(root, "paper", form_render_view(&w->c, f, doc_map(w->arena)));
  return world_html(w, "{{#paper}}{{>form_view}}{{/paper}}", root);
}

/* It may be filled in, where the reader does not see it. */
static void who_does_not_see_all_is_not_told_that_nothing_was_written(void **state)
{
  struct world *w = *state;
  const struct form *f = sheet(w);
  struct str all = paper_of_nothing(w, f);
  assert_true(str_contains(all, S("未記入")) && !str_contains(all, S("見える範囲には")));
  w->c.mask = (struct form_mask){.categories = FORM_ALL_CATEGORIES & ~(1u << 9)};
  struct str part = paper_of_nothing(w, f);
  assert_true(str_contains(part, S("見える範囲には、書かれていません")) && !str_contains(part, S("未記入")));
}

static void the_family_s_copy_has_no_second_leaf_and_no_note(void **state)
{
  struct world *w = *state;
  const struct form *f = sheet(w);
  struct doc *answers = full(w, f);
  w->c.mask.hide_marks = FORM_MARK_LEAF2 | FORM_MARK_SEPARATE;
  struct form_masked m = form_mask_answers(&w->c, f, answers);
  struct str out = all_outputs(w, f, answers);
  assert_int_equal(m.note.n, 0);
  assert_false(str_contains(out, S("避けてほしいこと")));
  assert_false(str_contains(out, S("DV・虐待")));
  assert_false(form_value_has_code(doc_get(m.answers, "concerns"), "abuse"));
  assert_true(form_value_has_code(doc_get(m.answers, "concerns"), "mental"));
}

static void concealed_items_are_withheld_by_bind(void **state)
{
  struct world *w = *state;
  const struct form *f = sheet(w);
  static const char *const hidden[] = {"person.address", "person.phone_home", NULL};
  w->c.mask.hide_binds = hidden;
  struct form_masked m = form_mask_answers(&w->c, f, full(w, f));
  assert_null(doc_get(m.answers, "person_address"));
  assert_null(doc_get(m.answers, "person_phone_home"));
  assert_non_null(doc_get(m.answers, "person_phone_mobile"));
}

static void a_writer_who_sees_part_keeps_the_rest(void **state)
{
  struct world *w = *state;
  const struct form *f = sheet(w);
  struct doc *before = full(w, f);
  struct form_reading r = {0};
  w->c.mask = (struct form_mask){.categories = 1 | 1 << 8 | 1 << 10};
  enum code c = form_read(&w->c, f, FORM_DRAFT, world_json(w, "{'person_name':'新','concerns':['income'],'worst':[]}"),
                          before, &r, &w->e);
  assert_int_equal(c, OK);
  assert_true(str_is(doc_get_str(r.answers, "person_name"), "新"));
  assert_true(doc_equal(doc_get(r.answers, "household"), doc_get(before, "household")));
  assert_true(
      doc_equal(doc_get(r.answers, "shares"), doc_get(before, "shares"))); /* some of its options are withheld */
  assert_true(form_value_has_code(doc_get(r.answers, "concerns"), "abuse"));
  assert_true(form_value_has_code(doc_get(r.answers, "concerns"), "income"));
  assert_false(form_value_has_code(doc_get(r.answers, "concerns"), "debt")); /* seen, and not ticked any more */
  struct form_reading bad = {0};
  c = form_read(&w->c, f, FORM_DRAFT, world_json(w, "{'likes':'x','nothing':'x','concerns':['abuse']}"), before, &bad,
                &w->e);
  assert_int_equal(c, INVALID);
  const char *withheld = world_problem(w, &bad, "answer.likes"), *absent = world_problem(w, &bad, "answer.nothing");
  assert_int_equal(strlen(withheld) - strlen("likes"), strlen(absent) - strlen("nothing")); /* the same words */
  assert_true(doc_equal(doc_get(bad.answers, "likes"), doc_get(before, "likes")));
}

static void the_answer_is_a_part_of_its_own(void **state)
{
  struct world *w = *state;
  const struct form *f = sheet(w);
  static const char *const reply[] = {"reply", NULL};
  struct form_reading r = {0};
  struct doc *before = full(w, f);
  w->c.only = reply;
  assert_int_equal(form_read(&w->c, f, FORM_FINAL, world_json(w, "{'reply_decision':'declined'}"), before, &r, &w->e),
                   INVALID);
  world_assert_problem(w, &r, "answer.reply_decline_reason", "「お受けできない理由」を入力してください。");
  assert_true(doc_equal(doc_get(r.answers, "person_name"), doc_get(before, "person_name")));
  w->c.only = NULL;
  w->c.skip = reply;
  assert_false(str_contains(all_outputs(w, f, before), S("お受けできない理由")));
}

static void fhir_goes_round(void **state)
{
  struct world *w = *state;
  const struct form *f = sheet(w);
  struct form_reading r = {0}, again = {0};
  struct doc *raw = full(w, f);
  doc_put(raw, "received_on", doc_str(w->arena, S("2026-11-18")));
  doc_put(raw, "person_birth", doc_str(w->arena, S("unknown")));
  doc_put(raw, "household_size", doc_at(world_json(w, "[3]"), 0));
  doc_put(raw, "interpreter", doc_at(world_json(w, "[true]"), 0));
  assert_int_equal(form_read(&w->c, f, FORM_DRAFT, raw, NULL, &r, &w->e), OK);
  struct doc *fhir = form_to_fhir(&w->c, f, r.answers, "completed", 0);
  assert_true(str_is(doc_get_str(fhir, "questionnaire"), "https://tsunagu.example/form/tsunagu-sheet|2019.11.1"));
  assert_int_equal(form_read(&w->c, f, FORM_DRAFT, fhir, NULL, &again, &w->e), OK);
  if (!doc_equal(r.answers, again.answers))
    fail_msg("%s\n%s", world_text(w, r.answers), world_text(w, again.answers));
}

static void other_forms_and_versions_are_refused(void **state)
{
  struct world *w = *state;
  const struct form *f = sheet(w);
  struct form_reading r = {0};
  struct doc *d = world_json(w, "{'resourceType':'QuestionnaireResponse','questionnaire':'https://tsunagu.example/form/"
                                "tsunagu-sheet|2018','item':[]}");
  assert_int_equal(form_read(&w->c, f, FORM_DRAFT, d, NULL, &r, &w->e), INVALID);
  assert_string_equal(w->e.msg, "この答えは様式の別の版のものです。版 %1 で答えてください。");
  d = world_json(w, "{'resourceType':'QuestionnaireResponse','questionnaire':'https://other','item':[]}");
  assert_int_equal(form_read(&w->c, f, FORM_DRAFT, d, NULL, &r, &w->e), INVALID);
  d = world_json(w,
                 "{'resourceType':'QuestionnaireResponse','questionnaire':'https://tsunagu.example/form/tsunagu-sheet',"
                 "'item':[{'linkId':'person','item':[{'linkId':'person_name','answer':[{'valueInteger':3}]},"
                 "{'linkId':'stranger','answer':[{'valueString':'x'}]}]}]}");
  assert_int_equal(form_read(&w->c, f, FORM_DRAFT, d, NULL, &r, &w->e), INVALID);
  assert_non_null(world_problem(w, &r, "answer.person_name"));
  assert_non_null(world_problem(w, &r, "answer.stranger"));
}

/* The text of a value's pieces. */
static struct str pieces(struct world *w, const struct doc *value)
{
  struct buf b;
  buf_init(&b, w->arena, 4096);
  for (size_t i = 0; i < doc_size(value); i++)
    buf_add(&b, doc_string(doc_at(value, i)));
  return buf_str(&b);
}

/* Pen and record are two things, on any form. */
static void a_line_to_sign_on_stays_empty_on_paper_and_the_record_stands_under_it(void **state)
{
  struct world *w = *state;
  static const char *const forms[][2] = {{"tsunagu-sheet", "consent_by"}, {"plan", "signed_by"}};
  for (size_t n = 0; n < sizeof forms / sizeof *forms; n++) {
    const struct form *f = NULL;
    bool line = false, record = false;
    struct doc *answers = doc_map(w->arena);
    assert_int_equal(form_builtin(str_from(forms[n][0]), STR_NONE, &f, &w->e), OK);
    doc_put_cstr(answers, "consent_answer", "yes");
    doc_put_cstr(answers, forms[n][1], "kiroku");
    struct str label = form_item_find(f, str_from(forms[n][1]))->label.ja;
    const struct doc *blocks = doc_get(form_print(&w->c, f, answers), "blocks");
    for (size_t i = 0; i < doc_size(blocks); i++) {
      const struct doc *block = doc_at(blocks, i), *items = doc_get(block, "items");
      for (size_t k = 0; k < doc_size(items); k++)
        if (str_eq(doc_get_str(doc_at(items, k), "label"), label)) {
          line = true;
          assert_int_equal(pieces(w, doc_get(doc_at(items, k), "value")).n, 0);
        }
      if (doc_kind(doc_get(block, "text")) == DOC_STR && str_contains(doc_get_str(block, "text"), S("kiroku")))
        record = line; /* under it */
    }
    assert_true(line && record);
  }
}

static void what_is_fixed_is_shown_and_stays(void **state)
{
  struct world *w = *state;
  const struct form *f = sheet(w);
  static const char *const fixed[] = {"consent_by", NULL};
  struct form_reading r = {0};
  const struct doc *before = world_json(w, "{'consent_answer':'yes','consent_by':'kiroku','person_name':'a'}");
  w->c.fixed = fixed;
  assert_int_equal(form_read(&w->c, f, FORM_DRAFT,
                             world_json(w, "{'consent_answer':'yes','consent_by':'x','person_name':'b'}"), before, &r,
                             &w->e),
                   OK);
  assert_true(str_is(doc_get_str(r.answers, "consent_by"), "kiroku") &&
              str_is(doc_get_str(r.answers, "person_name"), "b"));
  struct doc *root = doc_map(w->arena);
  doc_put(root, "form", form_render_input(&w->c, f, before, NULL));
  struct str html = world_html(w, "{{#form}}{{>form}}{{/form}}", root);
  assert_true(str_contains(html, S("kiroku")) && !str_contains(html, S("name=\"answer.consent_by\"")));
  assert_true(str_contains(html, S("name=\"answer.consent_guardian\"")));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      FORM_TEST(the_sheet_has_every_item_of_the_paper),
      FORM_TEST(the_national_intake_form_has_its_sixteen_concerns),
      FORM_TEST(every_form_that_ships_loads_and_prints_and_has_its_english),
      FORM_TEST(each_list_of_concerns_is_whole),
      FORM_TEST(what_does_not_exist_is_said),
      FORM_TEST(nothing_withheld_is_anywhere),
      FORM_TEST(everything_allowed_is_there),
      FORM_TEST(outputs_do_not_depend_on_what_is_withheld),
      FORM_TEST(who_does_not_see_all_is_not_told_that_nothing_was_written),
      FORM_TEST(the_family_s_copy_has_no_second_leaf_and_no_note),
      FORM_TEST(concealed_items_are_withheld_by_bind),
      FORM_TEST(a_writer_who_sees_part_keeps_the_rest),
      FORM_TEST(the_answer_is_a_part_of_its_own),
      FORM_TEST(fhir_goes_round),
      FORM_TEST(a_line_to_sign_on_stays_empty_on_paper_and_the_record_stands_under_it),
      FORM_TEST(what_is_fixed_is_shown_and_stays),
      FORM_TEST(other_forms_and_versions_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
