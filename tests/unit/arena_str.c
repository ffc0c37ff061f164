/* arena.h and str.h */
#include "cm.h"

#include "base/arena.h"
#include "base/doc.h"
#include "base/limits.h"

static void memory_is_zeroed_and_aligned(void **state)
{
  struct arena *a = arena_new(LIMIT_ARENA);
  for (size_t n = 0; n < 300; n++) {
    unsigned char *p = arena_alloc(a, n);
    assert_non_null(p);
    assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
    for (size_t i = 0; i < n; i++) {
      assert_int_equal(p[i], 0);
      p[i] = 0xAA;
    }
  }
  arena_reset(a);
  unsigned char *p = arena_alloc(a, 8000);
  for (size_t i = 0; i < 8000; i++)
    assert_int_equal(p[i], 0);
  arena_free(a);
}

static void the_cap_holds_and_failure_stays(void **state)
{
  struct arena *a = arena_new(100000);
  assert_non_null(arena_alloc(a, 60000));
  assert_false(arena_failed(a));
  assert_null(arena_alloc(a, 60000));
  assert_true(arena_failed(a));
  assert_null(arena_alloc(a, 1)); /* nothing more, though there would be room */
  assert_null(arena_copy(a, "x", 1));
  arena_reset(a);
  assert_false(arena_failed(a));
  assert_non_null(arena_alloc(a, 60000));
  arena_free(a);
  a = arena_new(64);
  assert_non_null(arena_alloc(a, 64));
  assert_null(arena_alloc(a, 1));
  arena_free(a);
}

static void absurd_sizes_fail_softly(void **state)
{
  struct arena *a = arena_new(LIMIT_ARENA);
  assert_null(arena_alloc(a, SIZE_MAX));
  arena_reset(a);
  assert_null(arena_array(a, SIZE_MAX / 2, 3));
  assert_true(arena_failed(a));
  arena_reset(a);
  assert_null(arena_copy(a, "", SIZE_MAX));
  arena_reset(a);
  assert_null(arena_grow(a, arena_alloc(a, 8), 8, SIZE_MAX));
  arena_free(a);
  assert_null(arena_alloc(NULL, 1));
  assert_true(arena_failed(NULL));
  arena_free(NULL);
}

static void grow_keeps_what_was_there(void **state)
{
  struct arena *a = arena_new(LIMIT_ARENA);
  char *p = arena_copy(a, "abc", 3);
  char *same = arena_grow(a, p, 4, 40);
  assert_ptr_equal(same, p); /* the last allocation grows in place */
  assert_non_null(arena_alloc(a, 1));
  char *moved = arena_grow(a, same, 40, 400);
  assert_ptr_not_equal(moved, p);
  assert_string_equal(moved, "abc");
  for (size_t i = 40; i < 400; i++)
    assert_int_equal(moved[i], 0);
  arena_free(a);
}

static char order[8];
static size_t order_n;

static void note(void *p)
{
  order[order_n++] = *(const char *)p;
}

static void cleanups_run_newest_first_also_after_failure(void **state)
{
  struct arena *a = arena_new(1024);
  order_n = 0;
  arena_cleanup(a, note, "1");
  assert_null(arena_alloc(a, 5000));
  arena_cleanup(a, note, "2");
  arena_reset(a);
  assert_memory_equal(order, "21", 2);
  arena_cleanup(a, note, "3");
  arena_free(a);
  assert_int_equal(order_n, 3);
  assert_int_equal(order[2], '3');
}

static void builders_do_nothing_without_memory(void **state)
{
  struct arena *a = arena_new(64);
  assert_null(arena_alloc(a, 100));
  struct doc *map = doc_map(a);
  assert_null(map);
  doc_put_str(map, "a", S("b"));
  doc_put_int(map, "a", 1);
  doc_put_real(map, "a", 1);
  doc_put_bool(map, "a", true);
  doc_put_null(map, "a");
  doc_put_id(map, "a", 5);
  doc_put_key(map, S("a"), NULL);
  doc_add_str(doc_put_list(doc_put_map(map, "x"), "y"), S("z"));
  assert_int_equal(doc_size(map), 0);
  struct buf b;
  buf_init(&b, a, 1000);
  buf_printf(&b, "%d", 5);
  buf_add(&b, S("x"));
  assert_true(b.failed);
  assert_int_equal(buf_str(&b).n, 0);
  arena_free(a);
}

/* --- str --- */

static void comparing(void **state)
{
  assert_true(str_eq(STR_NONE, S("")));
  assert_true(str_eq(S("あ"), str_from("あ")));
  assert_false(str_eq(S("a"), S("ab")));
  assert_true(str_is(STR_NONE, ""));
  assert_true(str_starts(S("abc"), S("ab")) && str_starts(S("abc"), STR_NONE) && !str_starts(S("a"), S("ab")));
  assert_true(str_ends(S("abc"), S("bc")) && str_ends(STR_NONE, STR_NONE) && !str_ends(S("c"), S("bc")));
  assert_true(str_contains(S("児童虐待防止"), S("虐待")) && !str_contains(S("ab"), S("abc")));
  assert_true(str_compare(S("a"), S("ab")) < 0 && str_compare(S("b"), S("ab")) > 0);
  assert_true(str_compare(S("\xff"), S("a")) > 0); /* bytes are not signed */
  assert_int_equal(str_compare(STR_NONE, S("")), 0);
}

static void cutting(void **state)
{
  assert_str(str_trim(S(" \t　あ い　\n ")), "あ い");
  assert_str(str_trim(S("　 　")), "");
  assert_str(str_sub(S("abc"), 1, 100), "bc");
  assert_str(str_sub(S("abc"), 3, 1), "");
  assert_str(str_sub(S("abc"), 1, SIZE_MAX), "bc");
  struct str rest = S("a,,b,"), part;
  assert_true(str_split(&rest, ',', &part));
  assert_str(part, "a");
  assert_true(str_split(&rest, ',', &part));
  assert_str(part, "");
  assert_true(str_split(&rest, ',', &part));
  assert_str(part, "b");
  assert_false(str_split(&rest, ',', &part));
}

static void numbers(void **state)
{
  static const char *const wrong[] = {
      "", "-", "+1", " 1", "1 ", "1a", "9223372036854775808", "-9223372036854775809", "0x1", "１", "1.0", "--1"};
  int64_t v = 7;
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
    assert_false(str_to_i64(str_from(wrong[i]), &v));
  assert_int_equal(v, 7);
  assert_true(str_to_i64(S("9223372036854775807"), &v) && v == INT64_MAX);
  assert_true(str_to_i64(S("-9223372036854775808"), &v) && v == INT64_MIN);
  assert_true(str_to_i64(S("-0"), &v) && v == 0);
  assert_true(str_to_i64(S("007"), &v) && v == 7);
}

/* What stands without printf says what printf says, at its edges too. */
static void plain_formats_are_printfs(void **state)
{
  static const long long numbers[] = {0, 7, -7, 10, 99, -99, 2147483647, -2147483648LL, INT64_MAX, INT64_MIN};
  char want[2000], word[700];
  struct arena *a = arena_new(1 << 20);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    int small = (int)numbers[i];
    snprintf(want, sizeof want, "a%d %02d|%lld%%%zu%.2f%x", small, small, numbers[i], (size_t)numbers[i], 0.5, small);
    assert_str(str_printf(a, "a%d %02d|%lld%%%zu%.2f%x", small, small, numbers[i], (size_t)numbers[i], 0.5, small),
               want);
    snprintf(want, sizeof want, "a%d %02d|%lld%%%zu", small, small, numbers[i], (size_t)numbers[i]);
    assert_str(str_printf(a, "a%d %02d|%lld%%%zu", small, small, numbers[i], (size_t)numbers[i]), want);
  }
  memset(word, 'w', sizeof word);
  for (int n = 500; n < 520; n++) {
    struct buf b;
    buf_init(&b, a, 4096);
    buf_printf(&b, "%.*s", n, word);
    assert_int_equal(buf_str(&b).n, n);
    snprintf(want, sizeof want, "%.*s%s", n, word, "つ");
    assert_str(str_printf(a, "%.*s%s", n, word, "つ"), want);
  }
  assert_str(str_printf(a, "%.*s|%s|%.*s", 0, word, "", 3, "ab"), "||ab");
  arena_free(a);
}

/* Memory that was used before and given back is cleared again, also where an allocation grows into it. */
static void memory_is_zeroed_again(void **state)
{
  struct arena *a = arena_new(1 << 20);
  for (int round = 0; round < 3; round++) {
    unsigned char *p = NULL;
    for (size_t n = 0; n < 60000; n += 3000) {
      p = arena_grow(a, p, n, n + 3000);
      for (size_t i = n; i < n + 3000; i++)
        assert_int_equal(p[i], 0);
      memset(p, 0xa5, n + 3000);
      unsigned char *other = arena_alloc(a, n % 7000);
      for (size_t i = 0; i < n % 7000; i++)
        assert_int_equal(other[i], 0);
      memset(other, 0x5a, n % 7000);
    }
    arena_reset(a);
  }
  arena_free(a);
}

static void copies_and_printf(void **state)
{
  struct arena *a = arena_new(LIMIT_ARENA);
  assert_string_equal(str_cstr(a, str_sub(S("abc"), 0, 2)), "ab");
  assert_string_equal(str_cstr(a, STR_NONE), "");
  assert_str(str_printf(a, "%s-%d", "つ", 5), "つ-5");
  struct str big = str_printf(a, "%05000d", 7);
  assert_int_equal(big.n, 5000);
  arena_free(a);
}

static void a_builder_grows_to_its_cap_and_no_further(void **state)
{
  struct arena *a = arena_new(LIMIT_ARENA);
  struct buf b;
  buf_init(&b, a, 1000);
  for (int i = 0; i < 1000; i++)
    buf_add_c(&b, (char)('a' + i % 26));
  assert_false(b.failed);
  assert_int_equal(buf_str(&b).n, 1000);
  assert_int_equal(buf_str(&b).p[999], 'a' + 999 % 26);
  buf_add_c(&b, 'x');
  assert_true(b.failed);
  assert_int_equal(buf_str(&b).n, 0); /* half an answer is none */
  buf_init(&b, a, 5000);
  buf_add_i64(&b, INT64_MIN);
  buf_printf(&b, "%01000d|", 1);
  buf_add_cstr(&b, "end");
  assert_int_equal(buf_str(&b).n, 20 + 1001 + 3);
  assert_true(str_ends(buf_str(&b), S("1|end")));
  arena_free(a);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(memory_is_zeroed_and_aligned),
      cmocka_unit_test(the_cap_holds_and_failure_stays),
      cmocka_unit_test(absurd_sizes_fail_softly),
      cmocka_unit_test(grow_keeps_what_was_there),
      cmocka_unit_test(cleanups_run_newest_first_also_after_failure),
      cmocka_unit_test(builders_do_nothing_without_memory),
      cmocka_unit_test(comparing),
      cmocka_unit_test(cutting),
      cmocka_unit_test(numbers),
      cmocka_unit_test(memory_is_zeroed_again),
      cmocka_unit_test(plain_formats_are_printfs),
      cmocka_unit_test(copies_and_printf),
      cmocka_unit_test(a_builder_grows_to_its_cap_and_no_further),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
