/* http_field.c: every kind of field, out of a form and out of JSON, right and wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "http/http.h"

static struct arena *arena;
static struct request rq;

static int start(void **state)
{
  arena = arena_new(LIMIT_ARENA);
  return arena ? 0 : -1;
}

static int stop(void **state)
{
  arena_free(arena);
  return 0;
}

/* Reads `json` by `fields`; a form's flat names are a JSON map of texts as well. */
static void read_json(const struct field *fields, const char *json)
{
  struct doc *raw = NULL;
  struct err e = {0};
  assert_int_equal(json_parse(arena, str_from(json), &raw, &e), OK);
  rq = (struct request){.arena = arena};
  field_read(&rq, fields, raw);
}

static const char *text_of(const struct doc *d)
{
  struct buf b;
  buf_init(&b, arena, 1 << 20);
  json_write(&b, d);
  return str_cstr(arena, buf_str(&b));
}

static void expect(const struct field *fields, const char *json, const char *input)
{
  read_json(fields, json);
  if (rq.problems)
    fail_msg("%s: %.*s", json, STR_FMT(rq.problems->text));
  assert_string_equal(text_of(rq.input), input);
}

static void expect_problem(const struct field *fields, const char *json, const char *field, const char *text)
{
  read_json(fields, json);
  assert_non_null(rq.problems);
  assert_string_equal(str_cstr(arena, rq.problems->field), field);
  assert_string_equal(str_cstr(arena, rq.problems->text), text);
}

static const char *const options[] = {"a", "b", "c", NULL};

static void texts(void **state)
{
  const struct field f[] = {{.name = "t", .kind = FIELD_TEXT, .required = true, .max = 5, .label = "氏名"}, {0}};
  expect(f, "{\"t\":\"\xE3\x80\x80 あいう \"}", "{\"t\":\"あいう\"}");
  expect(f, "{\"t\":\"あいうえお\"}", "{\"t\":\"あいうえお\"}");
  expect_problem(f, "{\"t\":\"あいうえおか\"}", "t", "氏名は5文字までで入力してください。");
  expect_problem(f, "{\"t\":\" \"}", "t", "氏名を入力してください。");
  expect_problem(f, "{}", "t", "氏名を入力してください。");
  expect_problem(f, "{\"t\":1}", "t", "氏名を確かめてください。");
  expect_problem(f, "{\"t\":[\"a\",\"b\"]}", "t", "氏名を確かめてください。");
  read_json(f, "{\"t\":\"a\\nb\"}");
  assert_non_null(rq.problems);
  read_json(f, "{\"t\":\"a\xE2\x80\xAE\"}"); /* a bidi control */
  assert_non_null(rq.problems);
  assert_string_equal(text_of(rq.typed), "{\"t\":\"a\xE2\x80\xAE\"}");
}

static void lines_and_secrets(void **state)
{
  const struct field f[] = {{.name = "l", .kind = FIELD_LINES}, {.name = "s", .kind = FIELD_SECRET}, {0}};
  expect(f, "{\"l\":\"a\\r\\nb\\n\",\"s\":\" x \"}", "{\"l\":\"a\\nb\",\"s\":\" x \"}");
  assert_string_equal(str_cstr(arena, doc_get_str(rq.typed, "s")), "");
}

static void numbers(void **state)
{
  const struct field f[] = {{.name = "n", .kind = FIELD_INT, .min = 1, .max = 12, .label = "月"}, {0}};
  expect(f, "{\"n\":\"7\"}", "{\"n\":7}");
  expect(f, "{\"n\":7}", "{\"n\":7}");
  expect(f, "{\"n\":\"１２\"}", "{\"n\":12}");
  expect(f, "{}", "{\"n\":null}");
  expect_problem(f, "{\"n\":\"13\"}", "n", "月は1から12までの数字で入力してください。");
  expect_problem(f, "{\"n\":\"0\"}", "n", "月は1から12までの数字で入力してください。");
  expect_problem(f, "{\"n\":\"1.5\"}", "n", "月は1から12までの数字で入力してください。");
  expect_problem(f, "{\"n\":true}", "n", "月を確かめてください。");
}

static void marks(void **state)
{
  const struct field f[] = {{.name = "b", .kind = FIELD_BOOL, .label = "確認"}, {0}};
  const struct field must[] = {{.name = "b", .kind = FIELD_BOOL, .required = true, .label = "確認"}, {0}};
  expect(f, "{\"b\":\"on\"}", "{\"b\":true}");
  expect(f, "{\"b\":true}", "{\"b\":true}");
  expect(f, "{}", "{\"b\":false}");
  expect_problem(f, "{\"b\":\"maybe\"}", "b", "確認を選びなおしてください。");
  expect_problem(must, "{}", "b", "確認を選んでください。");
}

static void dates(void **state)
{
  const struct field f[] = {{.name = "d", .kind = FIELD_DATE, .required = true, .label = "生年月日"}, {0}};
  expect(f, "{\"d\":\"2008-04-02\"}", "{\"d\":\"2008-04-02\"}");
  expect(f, "{\"d\":\"平成20年4月2日\"}", "{\"d\":\"2008-04-02\"}");
  expect(f, "{\"d.era\":\"H\",\"d.y\":\"20\",\"d.m\":\"4\",\"d.d\":\"2\"}", "{\"d\":\"2008-04-02\"}");
  expect(f, "{\"d.era\":\"heisei\",\"d.y\":\"元\",\"d.m\":\"2\",\"d.d\":\"\"}", "{\"d\":\"1989-02\"}");
  expect(f, "{\"d.era\":\"\",\"d.y\":\"2008\",\"d.m\":\"\",\"d.d\":\"\"}", "{\"d\":\"2008\"}");
  expect(f, "{\"d\":{\"y\":2008,\"m\":4,\"d\":2}}", "{\"d\":\"2008-04-02\"}");
  expect(f, "{\"d.era\":\"R\",\"d.y\":\"\",\"d.m\":\"\",\"d.d\":\"\",\"d.unknown\":\"1\"}", "{\"d\":\"\"}");
  expect_problem(f, "{\"d.era\":\"R\",\"d.y\":\"\"}", "d", "生年月日を入力してください。");
  expect_problem(f, "{\"d.y\":\"2008\",\"d.m\":\"2\",\"d.d\":\"30\"}", "d",
                 "ない日付です。年・月・日を確かめてください。");
  expect_problem(f, "{\"d.y\":\"x\"}", "d", "年・月・日は数字で入力してください。");
  expect_problem(f, "{\"d.y\":\"2008\",\"d.era\":\"Q\"}", "d", "元号を選びなおしてください。");
  expect_problem(f, "{\"d.y\":\"2008\",\"d.unknown\":\"on\"}", "d",
                 "生年月日は、日付か「わからない」のどちらかにしてください。");
  assert_string_equal(text_of(rq.typed),
                      "{\"d\":{\"text\":\"\",\"era\":\"\",\"y\":\"2008\",\"m\":\"\",\"d\":\"\",\"unknown\":true}}");
  read_json(f, "{\"d.era\":\"H\",\"d.y\":\"40\",\"d.m\":\"1\",\"d.d\":\"1\"}");
  assert_non_null(rq.problems);
}

static void times_ids_choices(void **state)
{
  const struct field f[] = {{.name = "t", .kind = FIELD_TIME, .label = "時刻"},
                            {.name = "i", .kind = FIELD_ID, .label = "相手"},
                            {.name = "c", .kind = FIELD_CHOICE, .options = options, .label = "種類"},
                            {0}};
  const char *id = str_cstr(arena, id_text(arena, 123456789));
  expect(f, str_printf(arena, "{\"t\":\"9:05\",\"i\":\"%s\",\"c\":\"b\"}", id).p,
         str_printf(arena, "{\"t\":\"09:05\",\"i\":\"%s\",\"c\":\"b\"}", id).p);
  expect(f, "{}", "{\"t\":\"\",\"i\":\"\",\"c\":\"\"}");
  expect_problem(f, "{\"t\":\"24:00\"}", "t", "時刻は 10:02 のように入力してください。");
  expect_problem(f, "{\"t\":\"1002\"}", "t", "時刻は 10:02 のように入力してください。");
  expect_problem(f, "{\"i\":\"1 OR 1\"}", "i", "相手を選びなおしてください。");
  expect_problem(f, "{\"c\":\"d\"}", "c", "種類を選びなおしてください。");
}

static void lists(void **state)
{
  const struct field f[] = {{.name = "c", .kind = FIELD_CHOICES, .options = options, .label = "種類"},
                            {.name = "t", .kind = FIELD_TEXTS, .label = "言葉"},
                            {0}};
  expect(f, "{\"c\":\"a\",\"t\":\"x\"}", "{\"c\":[\"a\"],\"t\":[\"x\"]}");
  expect(f, "{\"c\":[\"a\",\"c\"],\"t\":[\" x \",\"\",\"y\"]}", "{\"c\":[\"a\",\"c\"],\"t\":[\"x\",\"y\"]}");
  expect(f, "{}", "{\"c\":[],\"t\":[]}");
  expect_problem(f, "{\"c\":[\"a\",\"a\"]}", "c", "種類を選びなおしてください。");
  expect_problem(f, "{\"c\":[\"z\"]}", "c", "種類を選びなおしてください。");
  expect_problem(f, "{\"t\":[1]}", "t", "言葉を選びなおしてください。");
  assert_string_equal(text_of(doc_get(rq.typed, "t")), "[\"\"]");
}

static void maps(void **state)
{
  const struct field f[] = {{.name = "m", .kind = FIELD_MAP}, {0}};
  expect(f, "{\"m.a\":\"1\",\"m.rows.1.x\":\"second\",\"m.rows.0.x\":\"first\",\"m.rows.10.x\":\"third\"}",
         "{\"m\":{\"a\":\"1\",\"rows\":[{\"x\":\"first\"},{\"x\":\"second\"},{\"x\":\"third\"}]}}");
  expect(f, "{\"m\":{\"a\":1,\"rows\":[{\"x\":\"first\"}]}}", "{\"m\":{\"a\":1,\"rows\":[{\"x\":\"first\"}]}}");
  expect(f, "{}", "{\"m\":{}}");
  static const char *const bad[] = {"{\"m\":\"x\"}",
                                    "{\"m.a\":\"1\",\"m.a.b\":\"2\"}",
                                    "{\"m.a.b\":\"2\",\"m.a\":\"1\"}",
                                    "{\"m..a\":\"1\"}",
                                    "{\"m.rows.60\":\"1\"}",
                                    "{\"m.rows.00\":\"1\"}",
                                    "{\"m\":{\"a\":\"x\\u0007\"}}",
                                    "{\"m\":{},\"m.a\":\"1\"}",
                                    "{\"m.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a\":\"1\"}",
                                    NULL};
  for (int i = 0; bad[i]; i++) {
    read_json(f, bad[i]);
    if (!rq.problems)
      fail_msg("%s gave %s", bad[i], text_of(rq.input));
  }
}

static void names_nobody_declared(void **state)
{
  const struct field f[] = {{.name = "d", .kind = FIELD_DATE}, {.name = "t", .kind = FIELD_TEXT}, {0}};
  expect(f, "{\"_csrf\":\"x\",\"_key\":\"y\",\"t\":\"a\"}", "{\"d\":\"\",\"t\":\"a\"}");
  expect_problem(f, "{\"u\":\"x\"}", "", "この画面にない項目が送られました。");
  expect_problem(f, "{\"d.z\":\"x\"}", "", "この画面にない項目が送られました。");
  expect_problem(f, "{\"t.a\":\"x\"}", "", "この画面にない項目が送られました。");
  expect_problem(NULL, "{\"t\":\"x\"}", "", "この画面にない項目が送られました。");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(texts),
      cmocka_unit_test(lines_and_secrets),
      cmocka_unit_test(numbers),
      cmocka_unit_test(marks),
      cmocka_unit_test(dates),
      cmocka_unit_test(times_ids_choices),
      cmocka_unit_test(lists),
      cmocka_unit_test(maps),
      cmocka_unit_test(names_nobody_declared),
  };
  return cmocka_run_group_tests_name("http_field", tests, start, stop);
}
