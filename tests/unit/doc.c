/* doc.h: the document and JSON */
#include "cm.h"

#include <math.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/doc.h"
#include "base/limits.h"

static struct arena *a;

static struct doc *parse(const char *text)
{
  struct doc *d = NULL;
  struct err e = {0};
  if (json_parse(a, str_from(text), &d, &e) != OK)
    fail_msg("%s: %s [%s]", text, e.msg, e.detail);
  return d;
}

static struct str written(const struct doc *d)
{
  struct buf b;
  buf_init(&b, a, LIMIT_PAGE);
  json_write(&b, d);
  return buf_str(&b);
}

static void maps_keep_the_order_of_insertion(void **state)
{
  struct doc *m = doc_map(a);
  doc_put_cstr(m, "z", "1");
  doc_put_int(m, "a", -5);
  doc_put_bool(m, "m", true);
  doc_put_null(m, "n");
  doc_put_real(m, "r", 0.1);
  doc_put_id(m, "none", 0);
  doc_add_str(doc_put_list(m, "list"), S("x"));
  doc_put_int(doc_put_map(m, "map"), "k", 1);
  assert_str(written(m),
             "{\"z\":\"1\",\"a\":-5,\"m\":true,\"n\":null,\"r\":0.1,\"none\":null,\"list\":[\"x\"],\"map\":{\"k\":1}}");
  assert_int_equal(doc_size(m), 8);
  assert_str(doc_key_at(m, 1), "a");
  assert_int_equal(doc_integer(doc_value_at(m, 1)), -5);
}

static void large_maps_find_every_key(void **state)
{
  for (int count = 1; count < 1000; count += count < 70 ? 1 : 97) {
    struct doc *m = doc_map(a);
    for (int i = 0; i < count; i++) {
      struct doc *v = doc_map(a);
      doc_put_int(v, "n", i);
      doc_put_key(m, str_printf(a, "k%d", i), v);
    }
    assert_int_equal(doc_size(m), count);
    for (int i = 0; i < count; i++) {
      struct str key = str_printf(a, "k%d", i);
      assert_int_equal(doc_get_int(doc_get_key(m, key), "n"), i);
      assert_true(str_eq(doc_key_at(m, (size_t)i), key));
    }
    assert_null(doc_get(m, "k"));
    assert_null(doc_get_key(m, str_printf(a, "k%d", count)));
  }
}

static void reading_what_is_not_there_is_empty(void **state)
{
  struct doc *m = parse("{\"a\":{\"b\":[10,{\"c\":\"x\"}]},\"s\":\"t\"}"), *b = doc_get(doc_get(m, "a"), "b");
  assert_int_equal(doc_integer(doc_at(b, 0)), 10);
  assert_str(doc_get_str(doc_at(b, 1), "c"), "x");
  assert_null(doc_at(b, 2));
  assert_null(doc_get(doc_get(doc_get(m, "a"), "x"), "y"));
  assert_null(doc_at(doc_get(m, "s"), 0));
  assert_null(doc_get(NULL, "a"));
  assert_int_equal(doc_kind(NULL), DOC_NULL);
  assert_int_equal(doc_size(doc_get(m, "s")), 0);
  assert_int_equal(doc_get_str(m, "a").n, 0);
  assert_int_equal(doc_get_int(m, "s"), 0);
  assert_false(doc_get_bool(m, "s"));
  id64 id = 9;
  assert_false(doc_get_id(m, "s", &id));
  assert_int_equal(id, 9);
  assert_null(doc_at(m, 0));
}

static void ids_are_text(void **state)
{
  struct doc *m = doc_map(a);
  id64 id = id_new(1800000000000), got = 0;
  doc_put_id(m, "id", id);
  assert_int_equal(doc_get_str(m, "id").n, ID_TEXT);
  assert_true(doc_get_id(m, "id", &got));
  assert_int_equal(got, id);
}

static void equality_ignores_the_order_of_maps_alone(void **state)
{
  assert_true(doc_equal(parse("{\"a\":1,\"b\":[1,2]}"), parse("{\"b\":[1,2],\"a\":1}")));
  assert_false(doc_equal(parse("[1,2]"), parse("[2,1]")));
  assert_false(doc_equal(parse("{\"a\":1}"), parse("{\"b\":1}")));
  assert_false(doc_equal(parse("{\"a\":1}"), parse("{\"a\":1,\"b\":1}")));
  assert_false(doc_equal(parse("1"), parse("1.0")));
  assert_true(doc_equal(NULL, parse("null")));
}

static void in_a_test_build_a_key_put_twice_dies(void **state)
{
#ifdef TSUNAGU_BUG_ABORTS
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    fclose(stderr);
    signal(SIGABRT, SIG_DFL);
    struct doc *m = doc_map(a);
    doc_put_int(m, "a", 1);
    doc_put_int(m, "a", 2);
    _exit(0);
  }
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
#else
  struct doc *m = doc_map(a);
  doc_put_int(m, "a", 1);
  doc_put_int(m, "a", 2);
  assert_int_equal(doc_get_int(m, "a"), 2);
  assert_int_equal(doc_size(m), 1);
#endif
}

static void bad_json_is_refused(void **state)
{
  static const struct {
    const char *p;
    size_t n;
  } wrong[] = {
#define W(text) {text, sizeof(text) - 1}
      W(""),
      W(" "),
      W("{\"a\":1,\"a\":1}"),
      W("{\"x\":{\"a\":1,\"\\u0061\":2}}"),
      W("\"\\u0000\""),
      W("{\"a\\u0000b\":1}"),
      W("\"a\0b\""),
      W("\"\xff\""),
      W("\"\xc0\x80\""),
      W("\"\xed\xa0\x80\""),
      W("\"\\ud800\""),
      W("\"\\udc00\\ud800\""),
      W("\"a\nb\""),
      W("[1,]"),
      W("{\"a\":1,}"),
      W("{a:1}"),
      W("[1] x"),
      W("[1][2]"),
      W("01"),
      W("+1"),
      W("1."),
      W(".5"),
      W("NaN"),
      W("1e999"),
      W("9223372036854775808"),
      W("'a'"),
      W("// x\n1"),
      W("\xef\xbb\xbf{}"),
      W("{\"a\":1"),
      W("tru"),
  };
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    struct doc *d = NULL;
    struct err e = {0};
    if (json_parse(a, (struct str){wrong[i].p, wrong[i].n}, &d, &e) != INVALID || !e.msg || d)
      fail_msg("case %zu: %s", i, wrong[i].p);
  }
  struct doc *d;
  struct err e = {0};
  assert_int_equal(json_parse(a, S("{\"あ\":1,\n\"あ\":2}"), &d, &e), INVALID);
  assert_string_equal(e.arg[0], "2");
  assert_null(strstr(e.detail, "あ")); /* what was sent may be personal */
}

static struct str nested(int depth)
{
  struct buf b;
  buf_init(&b, a, 100000);
  for (int i = 0; i < depth; i++)
    buf_add_c(&b, '[');
  for (int i = 0; i < depth; i++)
    buf_add_c(&b, ']');
  return buf_str(&b);
}

static void depth_has_a_limit(void **state)
{
  struct doc *d;
  struct err e;
  assert_int_equal(json_parse(a, nested(LIMIT_JSON_DEPTH), &d, &e), OK);
  assert_int_equal(json_parse(a, nested(LIMIT_JSON_DEPTH + 1), &d, &e), INVALID);
  assert_int_equal(json_parse(a, nested(40000), &d, &e), INVALID);
  struct str text = str_printf(a, "%.*s1%.*s", LIMIT_JSON_DEPTH, nested(LIMIT_JSON_DEPTH).p, LIMIT_JSON_DEPTH,
                               nested(LIMIT_JSON_DEPTH).p + LIMIT_JSON_DEPTH);
  assert_int_equal(json_parse(a, text, &d, &e), OK);
}

static void a_small_arena_answers_oom(void **state)
{
  struct arena *small = arena_new(2000);
  struct doc *d = NULL;
  struct err e;
  assert_int_equal(json_parse(small, str_printf(a, "[\"%04000d\"]", 1), &d, &e), OOM);
  assert_null(d);
  arena_free(small);
}

static void what_is_written_may_stand_anywhere(void **state)
{
  struct doc *m = doc_map(a);
  doc_put_str(m, "s", S("</script>&\"\\\n\t\r\x01\x7f\u2028\u2029é😀"));
  doc_put_key(m, S("<k>"), doc_str(a, S("a\0b")));
  assert_str(written(m), "{\"s\":\"\\u003c/script\\u003e\\u0026\\\"\\\\\\n\\t\\u000d\\u0001\\u007f\\u2028\\u2029é😀\","
                         "\"\\u003ck\\u003e\":\"a\\u0000b\"}");
  assert_str(written(doc_str(a, S("a\xff\xe3\x81"
                                  "b\xed\xa0\x80"))),
             "\"a\\ufffd\\ufffd\\ufffdb\\ufffd\\ufffd\\ufffd\"");
}

static void json_comes_back_as_it_went(void **state)
{
  static const char *const texts[] = {
      "{\"a\":[1,-9223372036854775808,9223372036854775807,1.5,-0.001,1e300,null,true,false,\"\",{},[]]}",
      "\"長い文字列😀\"",
      "[[[[]]]]",
      "{\"\":{\" \":0}}",
      "12",
      "\"\\ud83d\\ude00\\/\\b\\f\""};
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
    struct doc *d = parse(texts[i]);
    struct doc *again = parse(str_cstr(a, written(d)));
    assert_true(doc_equal(d, again));
  }
  static const double numbers[] = {0.1, 1.0 / 3, 1e21, 5e-324, 1.7976931348623157e308, 100, -2.5};
  for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
    struct doc *m = doc_map(a);
    doc_put_real(m, "r", numbers[i]);
    struct doc *r = doc_get(parse(str_cstr(a, written(m))), "r");
    assert_int_equal(doc_kind(r), DOC_REAL);
    double got = doc_number(r);
    assert_memory_equal(&got, &numbers[i], sizeof(got));
  }
  struct doc *m = doc_map(a);
  doc_put_real(m, "nan", (double)NAN);
  doc_put_real(m, "inf", -(double)INFINITY);
  assert_str(written(m), "{\"nan\":null,\"inf\":null}");
}

static void canonical_form_does_not_depend_on_order(void **state)
{
  struct buf x, y;
  buf_init(&x, a, 1000);
  buf_init(&y, a, 1000);
  json_write_canonical(&x, parse("{\"b\":{\"z\":1,\"y\":2},\"a\":[3,1],\"あ\":0,\"B\":0}"));
  json_write_canonical(&y, parse("{\"あ\":0,\"a\":[3,1],\"B\":0,\"b\":{\"y\":2,\"z\":1}}"));
  assert_str(buf_str(&x), "{\"B\":0,\"a\":[3,1],\"b\":{\"y\":2,\"z\":1},\"あ\":0}");
  assert_true(str_eq(buf_str(&x), buf_str(&y)));
}

static int setup(void **state)
{
  a = arena_new(LIMIT_ARENA);
  return a ? 0 : -1;
}

static int teardown(void **state)
{
  arena_free(a);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(maps_keep_the_order_of_insertion),
      cmocka_unit_test(large_maps_find_every_key),
      cmocka_unit_test(reading_what_is_not_there_is_empty),
      cmocka_unit_test(ids_are_text),
      cmocka_unit_test(equality_ignores_the_order_of_maps_alone),
      cmocka_unit_test(in_a_test_build_a_key_put_twice_dies),
      cmocka_unit_test(bad_json_is_refused),
      cmocka_unit_test(depth_has_a_limit),
      cmocka_unit_test(a_small_arena_answers_oom),
      cmocka_unit_test(what_is_written_may_stand_anywhere),
      cmocka_unit_test(json_comes_back_as_it_went),
      cmocka_unit_test(canonical_form_does_not_depend_on_order),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
