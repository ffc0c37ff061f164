/* Pages, languages, assets and --dev: view DIRECTORY, a small tree as the product's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "view/reader.h"
#include "view/view.h"

static const char *tree; /* view_tree */
static struct arena *arena;

static enum code page_of(enum lang l, const char *name, const char *json, struct str *ret, struct err *e)
{
  struct doc *data = NULL, *page = doc_map(arena);
  struct buf out;
  assert_int_equal(json_parse(arena, str_from(json), &data, e), OK);
  doc_put_cstr(page, "title", "T");
  doc_put_cstr(page, "lang", lang_code(l));
  doc_put(page, "asset", asset_doc(arena));
  buf_init(&out, arena, LIMIT_PAGE);
  enum code c = view_page(arena, l, name, data, page, &out, e);
  buf_add_c(&out, '\0');
  *ret = buf_str(&out);
  return c;
}

static void load(const char *dir)
{
  struct err e = {0};
  if (view_load(str_from(dir), &e) != OK)
    fail_msg("%s %s", e.msg, e.detail);
}

static void load_fixture(void)
{
  load(str_printf(arena, "%s/templates", tree).p);
}

static void what_the_binary_holds_compiles(void **state)
{
  load("");
  for (size_t i = 0; i < asset_count(); i++) {
    assert_ptr_equal(asset_by_path(str_from(asset_at(i)->path)), asset_at(i));
    assert_true(asset_at(i)->body.n > 0);
  }
  assert_null(asset_by_path(S("/assets/nothing.css")));
}

static void a_page_stands_inside_the_layout(void **state)
{
  struct err e = {0};
  struct str html;
  load_fixture();
  const char *json = "{\"rows\":[{\"kind\":\"x\",\"text\":\"<b>\"},{\"kind\":\"y\",\"text\":\"2\"}],\"name\":\"n\"}";
  assert_int_equal(page_of(LANG_JA, "list", json, &html, &e), OK);
  assert_string_equal(html.p, "<!doctype html>\n<html lang=\"ja\"><title>T</title>\n"
                              "<link rel=\"stylesheet\" href=\"/assets/app.css\">\n<main>\n<h1>見つかりません。</h1>\n"
                              "<p class=\"x\">&lt;b&gt; T</p>\n<p class=\"y\">2 T</p>\n\n\n</main>\n");
  assert_int_equal(page_of(LANG_EN, "list", "{\"rows\":[],\"name\":\"n\"}", &html, &e), OK);
  assert_non_null(strstr(html.p, "<h1>Not found.</h1>\nn\n"));
}

static void a_page_that_is_not_there_is_our_fault(void **state)
{
  struct err e = {0};
  struct str html;
  load_fixture();
  assert_int_equal(page_of(LANG_JA, "lists", "{}", &html, &e), FAULT);
  assert_non_null(strstr(e.detail, "lists"));
  assert_int_equal(page_of(LANG_JA, "list", "{\"rows\":[{\"kind\":1}]}", &html, &e), FAULT);
  assert_string_equal(e.detail, "template part/row line 1: no key text");
}

static void write_file(const char *path, const char *text)
{
  FILE *f = fopen(path, "w");
  assert_non_null(f);
  fputs(text, f);
  fclose(f);
}

static void a_changed_file_is_read_again(void **state)
{
  char dir[] = "/tmp/tsunagu-view-XXXXXX";
  struct err e = {0};
  struct str html, body;
  assert_non_null(mkdtemp(dir));
  struct str templates = str_printf(arena, "%s/templates", dir), page = str_printf(arena, "%s/p.mustache", templates.p);
  struct str layout = str_printf(arena, "%s/layout.mustache", templates.p);
  mkdir(templates.p, 0700);
  write_file(layout.p, "{{{content}}}");
  write_file(page.p, "first");
  load(templates.p);
  assert_int_equal(page_of(LANG_JA, "p", "{}", &html, &e), OK);
  assert_string_equal(html.p, "first");
  write_file(page.p, "then another");
  assert_int_equal(page_of(LANG_JA, "p", "{}", &html, &e), OK);
  assert_string_equal(html.p, "then another");
  assert_true(builtin_file(S("templates/p.mustache"), &body));
  assert_false(builtin_file(S("templates/../../../etc/passwd"), &body));
  assert_false(builtin_file(S("/etc/passwd"), &body));
  write_file(page.p, "{{> gone}}");
  assert_int_equal(view_load(templates, &e), FAULT);
  assert_string_equal(e.detail, "template p line 1: no template gone");
  unlink(page.p);
  unlink(layout.p);
  rmdir(templates.p);
  rmdir(dir);
  assert_int_equal(view_load(templates, &e), IO);
  load("");
}

static void assets_of_the_tree_have_plain_paths(void **state)
{
  load_fixture();
  const struct asset *css = asset_by_path(S("/assets/app.css"));
  assert_non_null(css);
  assert_string_equal(css->type, "text/css; charset=utf-8");
  assert_true(str_contains(css->body, S("/assets/fonts/a.woff2")));
  assert_non_null(asset_by_path(S("/assets/fonts/a.woff2")));
  assert_true(str_is(doc_get_str(asset_doc(arena), "app_js"), "/assets/app.js"));
  assert_null(doc_get(asset_doc(arena), "fonts_a_woff2"));
}

static void forms_are_files_of_the_product(void **state)
{
  struct str body;
  load_fixture();
  assert_true(builtin_file(S("forms/sheet.json"), &body));
  assert_true(str_is(body, "{\"a\":1}\n"));
  load("");
  assert_false(builtin_file(S("forms/none.json"), &body));
}

static void sentences_are_translated_with_their_arguments(void **state)
{
  struct err e = {0};
  struct str text = tr_args(arena, LANG_EN, "JSONの%1行目:書式が正しくありません。", S("7"), STR_NONE, STR_NONE);
  assert_true(str_is(text, "JSON, line 7: not well formed."));
  assert_true(str_is(tr(LANG_EN, "訳のない文"), "訳のない文"));
  assert_true(str_is(tr(LANG_JA, "見つかりません。"), "見つかりません。"));
  assert_true(str_is(tr_args(arena, LANG_EN, "法令により、%1か所に開いています。", S("1"), STR_NONE, STR_NONE),
                     "By law it is open to 1 body."));
  assert_true(str_is(tr_args(arena, LANG_EN, "法令により、%1か所に開いています。", S("12"), STR_NONE, STR_NONE),
                     "By law it is open to 12 bodies."));
  assert_true(str_is(tr_args(arena, LANG_EN, "訳のない {文} {a", S("1"), STR_NONE, STR_NONE), "訳のない {文} {a"));
  (void)err_set1(&e, INVALID, "JSONの%1行目:書式が正しくありません。", "%2");
  assert_true(str_is(tr_err(arena, LANG_JA, &e), "JSONの%2行目:書式が正しくありません。"));
  (void)err_set(&e, NOT_FOUND, NULL);
  assert_true(str_is(tr_err(arena, LANG_EN, &e), "Not found."));
}

static void days_are_in_the_readers_language(void **state)
{
  struct arena *a = arena_new(1 << 16);
  const struct date today = {2026, 11, 22}, day = {2026, 11, 19}, old = {2024, 2, 29}, year = {2001, 0, 0};
  const struct reader ja = {.lang = LANG_JA, .wareki = true, .today = today}, en = {.lang = LANG_EN, .today = today};
  assert_true(str_is(reader_day(a, &ja, day), "3日前 11/19(木)"));
  assert_true(str_is(reader_day(a, &en, day), "3 days ago Thu 19 Nov"));
  assert_true(str_is(reader_short(a, &en, old), "Thu 29 Feb 2024"));
  assert_true(str_is(reader_date(a, &ja, old), "令和6年2月29日"));
  assert_true(str_is(reader_date(a, &en, old), "29 February 2024"));
  assert_true(str_is(reader_date(a, &en, year), "2001"));
  assert_true(str_is(reader_since(a, &en, today), "today"));
  arena_free(a);
}

int main(int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_the_binary_holds_compiles),
      cmocka_unit_test(a_page_stands_inside_the_layout),
      cmocka_unit_test(a_page_that_is_not_there_is_our_fault),
      cmocka_unit_test(a_changed_file_is_read_again),
      cmocka_unit_test(assets_of_the_tree_have_plain_paths),
      cmocka_unit_test(forms_are_files_of_the_product),
      cmocka_unit_test(sentences_are_translated_with_their_arguments),
      cmocka_unit_test(days_are_in_the_readers_language),
  };
  tree = argc > 1 ? argv[1] : "tests/unit/view_tree";
  arena = arena_new((size_t)4 * LIMIT_ARENA);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
