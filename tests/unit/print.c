/* Paper: what is printed, where lines and pages break. print [DIRECTORY] also leaves the samples there to look at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "print_sample.h"
#include "view/print_flow.h"
#include "view/qr.h"

static struct arena *arena;
static const char *leave;

static struct str print_ok(const struct doc *d, const char *name)
{
  struct str pdf = STR_NONE;
  struct err e = {0};
  enum code c = print_pdf(arena, LANG_JA, d, &pdf, &e);
  if (c != OK)
    fail_msg("%s: %s %s", name, e.msg, e.detail);
  if (leave) {
    FILE *f = fopen(str_printf(arena, "%s/%s.pdf", leave, name).p, "wb");
    assert_non_null(f);
    fwrite(pdf.p, 1, pdf.n, f);
    fclose(f);
  }
  return pdf;
}

static size_t times(struct str text, const char *what)
{
  size_t n = 0;
  for (const char *p = text.p; (p = memmem(p, text.n - (size_t)(p - text.p), what, strlen(what))); p++)
    n++;
  return n;
}

static size_t pages(struct str pdf)
{
  return times(pdf, "/Type /Page\n") + times(pdf, "/Type /Page ");
}

static void the_papers_are_made(void **state)
{
  struct str sheet = print_ok(sample_sheet(arena), "sheet"), seen = print_ok(sample_seen(arena, 40), "seen");
  assert_int_equal(pages(sheet), 2);
  assert_int_equal(pages(seen), 3);
  assert_true(times(sheet, "/FontFile2") > 0);
  assert_true(times(sheet, "BIZUDPGothic-Regular") > 0);
  assert_int_equal(times(sheet, "/ToUnicode"), times(sheet, "/FontFile2")); /* selectable */
}

static void the_same_document_gives_the_same_bytes(void **state)
{
  struct str a = print_ok(sample_sheet(arena), "sheet"), b = print_ok(sample_sheet(arena), "sheet");
  assert_true(a.n > 1000 && str_eq(a, b));
}

static struct str text_of(struct str pdf)
{
  char name[] = "/tmp/tsunagu-print-XXXXXX", command[80], text[20000];
  int fd = mkstemp(name);
  assert_true(fd >= 0 && write(fd, pdf.p, pdf.n) == (ssize_t)pdf.n);
  snprintf(command, sizeof command, "pdftotext -enc UTF-8 %s -", name);
  FILE *out = popen(command, "r");
  assert_non_null(out);
  size_t n = fread(text, 1, sizeof text, out);
  assert_int_equal(pclose(out), 0);
  close(fd);
  unlink(name);
  return str_copy(arena, (struct str){text, n});
}

/* A mark is read with its word, and nothing after it is lost. */
static void marks_are_letters_and_what_follows_is_there(void **state)
{
  struct doc *blocks, *d = print_new(arena, "t", &blocks);
  struct doc *pieces = doc_put_list(print_add(blocks, "text"), "text");
  print_check(pieces, "worst", S("住まいのこと"));
  print_check(pieces, "on", S("健康のこと"));
  print_check(pieces, "off", S("介護のこと"));
  (void)print_add_text(blocks, "text", S("そのあとの文"));
  (void)print_add(blocks, "page");
  (void)print_add_text(blocks, "text", S("つぎのページ"));
  struct str pdf = print_ok(d, "marks"), text = text_of(pdf);
  static const char *const there[] = {"◎",          "住まいのこと", "✓",           "健康のこと", "□",
                                      "介護のこと", "そのあとの文", "つぎのページ"};
  for (size_t i = 0; i < sizeof there / sizeof *there; i++)
    if (!str_contains(text, str_from(there[i])))
      fail_msg("%s is not in: %.*s", there[i], STR_FMT(text));
  assert_int_equal(pages(pdf), 2);
  assert_true(times(pdf, "/StructTreeRoot") > 0);
}

/* By its number a lost copy is known: no name is so long that it goes missing. */
static void the_number_of_a_copy_is_on_every_page_whoever_prints(void **state)
{
  struct doc *blocks, *d = print_new(arena, "t", &blocks), *footer = doc_put_map(d, "footer");
  struct buf by;
  buf_init(&by, arena, 4096);
  for (int i = 0; i < 20; i++)
    buf_add_cstr(&by, "こども未来部支援課");
  doc_put_str(footer, "by", buf_str(&by));
  doc_put_cstr(footer, "at", "令和8年11月18日 10:02");
  doc_put_cstr(footer, "copy", "1234");
  (void)print_add_text(blocks, "text", S("一枚め"));
  (void)print_add(blocks, "page");
  (void)print_add_text(blocks, "text", S("二枚め"));
  struct str text = text_of(print_ok(d, "foot"));
  size_t found = 0;
  for (size_t i = 0; i < text.n; i++)
    found += str_starts(str_sub(text, i, text.n), S("第1234号"));
  assert_int_equal(found, 2);
}

/* Some rows too many are drawn together; far too many go on at full size. */
static void what_runs_a_little_over_is_drawn_together(void **state)
{
  int together = 0;
  for (int rows = 20; rows <= 140; rows += 8) {
    struct doc *blocks, *d = print_new(arena, "t", &blocks), *fields = print_add(blocks, "fields"),
                        *items = doc_put_list(fields, "items");
    for (int i = 0; i < rows; i++) {
      struct doc *item = doc_add_map(items);
      doc_put_cstr(item, "label", "項目");
      doc_put_cstr(item, "value", "答え");
      doc_put_int(item, "span", 2);
    }
    size_t plain = pages(print_ok(d, "loose"));
    doc_put_bool(d, "fit", true);
    size_t dense = pages(print_ok(d, "dense"));
    assert_true(dense <= plain);
    together += plain == 2 && dense == 1;
    if (rows > 130)
      assert_true(dense > 2);
  }
  assert_true(together > 0);
}

/* --- lines --- */

static struct flow flow_for_lines(cairo_t **ret_cr)
{
  cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR, NULL);
  *ret_cr = cairo_create(surface);
  cairo_surface_destroy(surface);
  struct flow f = {.scratch = arena_new((size_t)4 * LIMIT_ARENA), .cr = *ret_cr, .dry = true, .size = 10};
  f.pango = pango_cairo_create_context(*ret_cr);
  pango_cairo_context_set_resolution(f.pango, 72);
  pango_context_set_language(f.pango, pango_language_from_string("ja"));
  return f;
}

static void flow_end(struct flow *f)
{
  g_object_unref(f->pango);
  arena_free(f->scratch);
  cairo_destroy(f->cr);
}

/* No line begins with one of `never`, nor ends with one of `never_last`. */
static void check_lines(const struct para *p, const char *never, const char *never_last)
{
  for (size_t i = 1; i < para_lines(p); i++) {
    struct str text;
    size_t at = para_first_byte(p, i, &text), next = at, before = at - 1;
    if (text.p[at - 1] == '\n')
      continue;
    (void)utf8_next(text, &next);
    while (((unsigned char)text.p[before] & 0xC0) == 0x80)
      before--;
    struct str first = str_sub(text, at, next - at), last = str_sub(text, before, at - before);
    if (str_contains(str_from(never), first) || str_contains(str_from(never_last), last))
      fail_msg("line %zu: %.*s | %.*s", i, STR_FMT(last), STR_FMT(first));
  }
}

static void lines_begin_and_end_as_kinsoku_demands(void **state)
{
  cairo_t *cr;
  struct flow f = flow_for_lines(&cr);
  const struct str text = S("「ちょっと、待って。」と、キャッチャーは言った(本人の話)。ケースワーカーへ、連絡・相談を!"
                            "メール・ＳＮＳなら返事ができる、"
                            "とのこと……『もう、いいよ』々と続く。ひゃっほう?スヌーピー〜と、「ティッシュ」。");
  for (double width = 72; width < 300; width += 1.7) {
    struct para *p = para_of(&f, text, (struct style){.size = 10, .leading = 1.5}, width);
    assert_non_null(p);
    check_lines(p, "、。」』)）・ーゃゅょっァィャュョッ々!?！？…〜", "「『(（");
    arena_reset(f.scratch);
  }
  flow_end(&f);
}

static void ruby_and_counters_stay_together(void **state)
{
  cairo_t *cr;
  struct flow f = flow_for_lines(&cr);
  for (double width = 90; width < 300; width += 1.3) {
    struct doc *text = print_ruby(
        f.scratch,
        S("あなたの同意書《どういしょ》を、2026年11月18日の相談員《そうだんいん》が、120分ほど読《よ》みました。"));
    struct para *p = para_new(&f, text, (struct style){.size = 10, .leading = 1.5}, width);
    assert_non_null(p);
    check_lines(p, "意書談員年月日分", "");
    arena_reset(f.scratch);
  }
  flow_end(&f);
}

static void ruby_is_read_from_its_marks(void **state)
{
  struct doc *d = print_ruby(arena, S("｜お母さん《おかあさん》の同意《どうい》で、見《み》た《x"));
  assert_int_equal(doc_size(d), 6);
  assert_true(str_is(doc_get_str(doc_at(d, 0), "base"), "お母さん"));
  assert_true(str_is(doc_string(doc_at(d, 1)), "の"));
  assert_true(str_is(doc_get_str(doc_at(d, 2), "base"), "同意"));
  assert_true(str_is(doc_get_str(doc_at(d, 2), "ruby"), "どうい"));
  assert_true(str_is(doc_get_str(doc_at(d, 4), "base"), "見"));
  assert_true(str_is(doc_string(doc_at(d, 5)), "た《x"));
  assert_int_equal(doc_kind(print_ruby_piece(arena, S("葵"), STR_NONE)), DOC_STR);
}

/* --- pages --- */

static struct str many(const char *text, int n)
{
  struct buf b;
  buf_init(&b, arena, LIMIT_PAGE);
  for (int i = 0; i < n; i++)
    buf_add_cstr(&b, text);
  return buf_str(&b);
}

static void tall_rows_are_cut_at_the_page(void **state)
{
  struct doc *blocks, *d = print_new(arena, "t", &blocks), *table = print_add(blocks, "table");
  doc_add_str(doc_put_list(table, "head"), S("経過"));
  doc_add_str(doc_add_list(doc_put_list(table, "rows")), many("面談\n", 180));
  assert_int_equal(pages(print_ok(d, "tall")), 4);
}

static void long_text_flows_over_pages(void **state)
{
  struct doc *blocks, *d = print_new(arena, "t", &blocks);
  print_add_text(blocks, "text", many("きょうは声だけ聞けた。", 700));
  assert_true(pages(print_ok(d, "long")) >= 3);
}

/* A form of a few boxes and four empty rows: by hand the whole page is written on, and no second one is begun. */
static void a_sheet_to_write_on_is_used_to_its_end(void **state)
{
  struct doc *blocks = NULL, *d = print_new(arena, "t", &blocks);
  doc_put_bool(d, "fit", true);
  (void)print_add_text(blocks, "heading", S("日ごとの活動"));
  struct doc *table = print_add(blocks, "table"), *head = doc_put_list(table, "head");
  doc_add_str(head, S("日"));
  doc_add_str(head, S("活動"));
  doc_put_list(table, "rows");
  doc_put_int(table, "empty_rows", 4);
  struct str plain = print_ok(d, "rows");
  doc_put_bool(d, "fill", true);
  struct str filled = print_ok(d, "rows-filled");
  assert_int_equal(pages(plain), 1);
  assert_int_equal(pages(filled), 1);
  assert_true(times(filled, "/TR") + filled.n > times(plain, "/TR") + plain.n);
}

static void any_character_can_be_printed(void **state)
{
  struct doc *blocks, *d = print_new(arena, "t", &blocks);
  print_add_text(blocks, "text", S("髙﨑𠮷野家 葛󠄀城 鷗 ①㈱ ㍻ ⼭ Straße 🌱 ﷽ \t x"));
  print_add_text(blocks, "text", S("broken \xff"));
  print_add_text(blocks, "text", STR_NONE);
  assert_int_equal(pages(print_ok(d, "odd")), 1);
}

static void expect_code(const struct doc *d, enum code want, const char *in_detail)
{
  struct str pdf;
  struct err e = {0};
  assert_int_equal(print_pdf(arena, LANG_JA, d, &pdf, &e), want);
  if (!strstr(e.detail, in_detail))
    fail_msg("detail [%s]", e.detail);
}

static void a_document_against_the_rules_is_our_fault(void **state)
{
  struct doc *blocks, *d = print_new(arena, "t", &blocks);
  print_add_text(blocks, "text", S("x"));
  print_add(blocks, "nonsense");
  expect_code(d, FAULT, "no such kind of block (block 1)");
  d = print_new(arena, "t", &blocks);
  struct doc *table = print_add(blocks, "table");
  doc_add_str(doc_put_list(table, "head"), S("a"));
  struct doc *row = doc_add_list(doc_put_list(table, "rows"));
  doc_add_str(row, S("1"));
  doc_add_str(row, S("2"));
  expect_code(d, FAULT, "too many or too few cells (block 0)");
  d = print_new(arena, "t", &blocks);
  doc_put_bool(print_add(blocks, "text"), "text", true);
  expect_code(d, FAULT, "a text that is none (block 0)");
}

static void pages_are_limited(void **state)
{
  struct doc *blocks, *d = print_new(arena, "t", &blocks);
  for (int i = 0; i <= PRINT_PAGES; i++) {
    print_add_text(blocks, "text", S("x"));
    print_add(blocks, "page");
  }
  expect_code(d, LIMIT, "");
}

/* --- codes --- */

static void a_code_in_svg_is_the_code(void **state)
{
  struct qr q;
  struct str svg;
  struct err e = {0};
  unsigned char drawn[64 * 64] = {0};
  assert_int_equal(qr_encode(arena, S("https://tsunagu.example.jp/r/7K2M9QXA"), &q, &e), OK);
  assert_int_equal(qr_svg(arena, S("https://tsunagu.example.jp/r/7K2M9QXA"), &svg, &e), OK);
  assert_int_equal(q.size, 29);
  const char *p = strstr(str_cstr(arena, svg), "/><path d=\"") + 11;
  for (int x, y, run, n; sscanf(p, "M%d %dh%dv1h-%*dz%n", &x, &y, &run, &n) == 3; p += n) {
    for (int i = 0; i < run; i++)
      drawn[(y - QR_QUIET) * q.size + x - QR_QUIET + i]++;
  }
  assert_memory_equal(drawn, q.dark, (size_t)(q.size * q.size));
  assert_int_equal(qr_encode(arena, many("x", 3000), &q, &e), LIMIT);
  assert_int_equal(qr_encode(arena, STR_NONE, &q, &e), LIMIT);
}

int main(int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_papers_are_made),
      cmocka_unit_test(the_same_document_gives_the_same_bytes),
      cmocka_unit_test(marks_are_letters_and_what_follows_is_there),
      cmocka_unit_test(the_number_of_a_copy_is_on_every_page_whoever_prints),
      cmocka_unit_test(what_runs_a_little_over_is_drawn_together),
      cmocka_unit_test(lines_begin_and_end_as_kinsoku_demands),
      cmocka_unit_test(ruby_and_counters_stay_together),
      cmocka_unit_test(ruby_is_read_from_its_marks),
      cmocka_unit_test(tall_rows_are_cut_at_the_page),
      cmocka_unit_test(long_text_flows_over_pages),
      cmocka_unit_test(a_sheet_to_write_on_is_used_to_its_end),
      cmocka_unit_test(any_character_can_be_printed),
      cmocka_unit_test(a_document_against_the_rules_is_our_fault),
      cmocka_unit_test(pages_are_limited),
      cmocka_unit_test(a_code_in_svg_is_the_code),
  };
  leave = argc > 1 ? argv[1] : NULL;
  arena = arena_new((size_t)8 * LIMIT_ARENA);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
