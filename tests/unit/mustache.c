/* The product's own rules of the renderer: strict lookups, escaping, bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/limits.h"
#include "view/view.h"

struct result {
  struct arena *arena;
  enum code code;
  struct err e;
  struct str text;
};

static bool named_partial(void *arg, struct str name, struct str *ret_text)
{
  const char *const *pairs = arg;
  for (; pairs && *pairs; pairs += 2) {
    if (str_is(name, pairs[0])) {
      *ret_text = str_from(pairs[1]);
      return true;
    }
  }
  return false;
}

static struct result render_with(const char *text, const char *json, const char *const *partials)
{
  struct result r = {.arena = arena_new(LIMIT_ARENA)};
  struct doc *data = NULL;
  struct buf out;
  assert_int_equal(json_parse(r.arena, str_from(json), &data, &r.e), OK);
  buf_init(&out, r.arena, LIMIT_PAGE);
  r.code =
      template_render_text(r.arena, TEMPLATE_STRICT, str_from(text), named_partial, (void *)partials, data, &out, &r.e);
  r.text = buf_str(&out);
  return r;
}

static void expect(const char *text, const char *json, const char *want)
{
  struct result r = render_with(text, json, NULL);
  if (r.code != OK)
    fail_msg("%s: %s %s", text, r.e.msg, r.e.detail);
  if (!str_is(r.text, want))
    fail_msg("%s: wanted [%s] got [%.*s]", text, want, STR_FMT(r.text));
  arena_free(r.arena);
}

static void expect_fault(const char *text, const char *json, const char *in_detail)
{
  struct result r = render_with(text, json, NULL);
  assert_int_equal(r.code, FAULT);
  if (!strstr(r.e.detail, in_detail))
    fail_msg("%s: detail is [%s], wanted [%s] in it", text, r.e.detail, in_detail);
  arena_free(r.arena);
}

static void an_absent_key_is_an_error_that_names_template_line_and_key(void **state)
{
  expect_fault("\n{{name}} {{nmae}}", "{\"name\":1}", "template text line 2: no key nmae");
  expect_fault("{{#rows}}{{x}}{{/rows}}", "{}", "no key rows");
  expect_fault("{{^rows}}{{/rows}}", "{}", "no key rows");
  expect_fault("{{a.b}}", "{\"a\":{}}", "no key a.b");
  expect_fault("{{a.b}}", "{\"a\":\"text\"}", "no key a.b");
  expect_fault("{{> nobody}}", "{}", "no partial nobody");
}

static void null_false_zero_and_empty_are_false(void **state)
{
  static const char *const falses[] = {"null", "false", "0", "0.0", "\"\"", "[]"};
  static const char *const trues[] = {"true", "1", "-0.5", "\"0\"", "[0]", "{}"};
  for (size_t i = 0; i < sizeof(falses) / sizeof(*falses); i++) {
    char json[32];
    snprintf(json, sizeof(json), "{\"x\":%s}", falses[i]);
    expect("{{#x}}yes{{/x}}{{^x}}no{{/x}}", json, "no");
    snprintf(json, sizeof(json), "{\"x\":%s}", trues[i]);
    expect("{{#x}}yes{{/x}}{{^x}}no{{/x}}", json, "yes");
  }
  expect("[{{x}}]", "{\"x\":null}", "[]");
  expect("[{{x.y.z}}]", "{\"x\":null}", "[]");
}

static void only_the_innermost_object_resolves(void **state)
{
  expect("{{#rows}}{{name}},{{/rows}}", "{\"rows\":[{\"name\":\"a\"},{\"name\":\"b\"}]}", "a,b,");
  expect_fault("{{#rows}}{{name}}{{/rows}}", "{\"name\":\"outer\",\"rows\":[{}]}", "no key name");
  expect_fault("{{#one}}{{name}}{{/one}}", "{\"name\":\"outer\",\"one\":{\"x\":1}}", "no key name");
  expect_fault("{{#a}}{{#b}}{{x}}{{/b}}{{/a}}", "{\"a\":[{\"x\":1,\"b\":[{}]}]}", "no key x");
}

static void plain_values_do_not_hide_their_object(void **state)
{
  expect("{{#may}}{{name}}{{/may}}", "{\"may\":true,\"name\":\"n\"}", "n");
  expect("{{#kana}}{{name}}({{.}}){{/kana}}", "{\"kana\":\"k\",\"name\":\"n\"}", "n(k)");
  expect("{{#tags}}{{name}}-{{.}} {{/tags}}", "{\"tags\":[\"x\",\"y\"],\"name\":\"n\"}", "n-x n-y ");
  expect("{{#tags}}{{#may}}{{.}}{{/may}}{{/tags}}", "{\"tags\":[\"x\"],\"may\":true}", "x");
}

static void page_resolves_everywhere(void **state)
{
  expect("{{#rows}}{{#in}}{{page.csrf}}{{/in}}{{/rows}}",
         "{\"page\":{\"csrf\":\"t\"},\"rows\":[{\"in\":{\"page\":{}}}]}", "t");
  expect_fault("{{page.nothing}}", "{\"page\":{}}", "no key page.nothing");
}

static void there_is_no_raw_output(void **state)
{
  expect_fault("{{{x}}}", "{\"x\":1}", "raw output");
  expect_fault("{{&x}}", "{\"x\":1}", "raw output");
  expect_fault("{{{content}}}", "{\"content\":1}", "raw output");
  expect_fault("{{=<% %>=}}<%&x%>", "{\"x\":1}", "raw output");
}

static void what_is_dangerous_is_escaped(void **state)
{
  expect("<a title=\"{{x}}\">", "{\"x\":\"& < > \\\" ' ` =\"}",
         "<a title=\"&amp; &lt; &gt; &quot; &#39; &#96; &#61;\">");
  expect("{{x}}", "{\"x\":\"</script><!--\"}", "&lt;/script&gt;&lt;!--");
  expect("{{x}}", "{\"x\":\"{{y}}\"}", "{{y}}");
  expect("{{_ A < B & \"C\"}}", "{}", "A &lt; B &amp; &quot;C&quot;");
}

static void numbers_are_written_as_they_are(void **state)
{
  expect("{{a}} {{b}} {{c}}", "{\"a\":-9223372036854775807,\"b\":0.1,\"c\":1.5}", "-9223372036854775807 0.1 1.5");
  expect_fault("{{a}}", "{\"a\":[1]}", "not a plain value");
  expect_fault("{{a}}", "{\"a\":{}}", "not a plain value");
}

static void sentences_take_their_arguments_from_the_document(void **state)
{
  expect("<p>{{_ こんにちは。}}</p>", "{}", "<p>こんにちは。</p>");
  expect("{{_ %1人のうち%2人 | all some.few}}", "{\"all\":\"<9\",\"some\":{\"few\":3}}", "&lt;9人のうち3人");
  expect("{{_ 100%のうち}}", "{}", "100%のうち");
  expect_fault("{{_ %1人 | nobody}}", "{}", "no key nobody");
  expect_fault("{{_ %1人 | }}", "{}", "not a name");
}

static void mistakes_in_a_template_are_found_when_it_is_compiled(void **state)
{
  expect_fault("a\n{{#x}}", "{\"x\":[]}", "line 2: section is not closed: x");
  expect_fault("{{/x}}", "{}", "closes what is not open");
  expect_fault("{{#a}}{{#b}}{{/a}}{{/b}}", "{}", "closed before");
  expect_fault("{{x", "{}", "not closed");
  expect_fault("{{a b}}", "{}", "not a name");
  expect_fault("{{<parent}}", "{}", "not a name");
  expect_fault("{{a..b}}", "{}", "not a name");
  expect_fault("{{}}", "{}", "not a name");
}

static void a_page_stays_below_its_limit(void **state)
{
  struct arena *a = arena_new((size_t)4 * LIMIT_ARENA);
  struct buf item, out;
  struct err e = {0};
  buf_init(&item, a, LIMIT_PAGE);
  for (int i = 0; i < 10000; i++)
    buf_add_c(&item, 'x');
  struct doc *data = doc_map(a), *rows = doc_put_list(data, "rows");
  for (int i = 0; i < 1000; i++)
    doc_add_int(rows, i);
  doc_put_str(data, "x", buf_str(&item));
  buf_init(&out, a, LIMIT_PAGE);
  assert_int_equal(template_render_text(a, TEMPLATE_STRICT, S("{{#rows}}{{x}}{{/rows}}"), NULL, NULL, data, &out, &e),
                   OK);
  assert_int_equal(out.n, 10000 * 1000); /* 10 MB pass */
  buf_init(&out, a, (size_t)LIMIT_PAGE * 2);
  assert_int_equal(
      template_render_text(a, TEMPLATE_STRICT, S("{{#rows}}{{x}}{{x}}{{/rows}}"), NULL, NULL, data, &out, &e), LIMIT);
  arena_free(a);
}

static void nesting_is_bounded(void **state)
{
  struct buf b;
  struct arena *a = arena_new(LIMIT_ARENA);
  static const int levels[] = {64, 65};
  for (int i = 0; i < 2; i++) {
    buf_init(&b, a, LIMIT_PAGE);
    for (int k = 0; k < levels[i]; k++)
      buf_add_cstr(&b, "{{#x}}");
    buf_add_cstr(&b, "deep");
    for (int k = 0; k < levels[i]; k++)
      buf_add_cstr(&b, "{{/x}}");
    buf_add_c(&b, '\0');
    if (levels[i] == 64)
      expect(b.p, "{\"x\":true}", "deep");
    else
      expect_fault(b.p, "{\"x\":true}", "nested too deep");
  }
  arena_free(a);
}

static void partials_that_call_themselves_end(void **state)
{
  static const char *const tree[] = {"node", "<{{n}}{{#next}}{{> node}}{{/next}}>", NULL};
  static const char *const loop[] = {"a", "{{> b}}", "b", "x{{> a}}", NULL};
  struct result r = render_with("{{> node}}", "{\"n\":1,\"next\":{\"n\":2,\"next\":null}}", tree);
  assert_int_equal(r.code, OK);
  assert_true(str_is(r.text, "<1<2>>"));
  arena_free(r.arena);
  r = render_with("{{> a}}", "{}", loop);
  assert_int_equal(r.code, LIMIT);
  arena_free(r.arena);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_absent_key_is_an_error_that_names_template_line_and_key),
      cmocka_unit_test(null_false_zero_and_empty_are_false),
      cmocka_unit_test(only_the_innermost_object_resolves),
      cmocka_unit_test(plain_values_do_not_hide_their_object),
      cmocka_unit_test(page_resolves_everywhere),
      cmocka_unit_test(there_is_no_raw_output),
      cmocka_unit_test(what_is_dangerous_is_escaped),
      cmocka_unit_test(numbers_are_written_as_they_are),
      cmocka_unit_test(sentences_take_their_arguments_from_the_document),
      cmocka_unit_test(mistakes_in_a_template_are_found_when_it_is_compiled),
      cmocka_unit_test(a_page_stays_below_its_limit),
      cmocka_unit_test(nesting_is_bounded),
      cmocka_unit_test(partials_that_call_themselves_end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
