/* view_bench.c: how long a page of 50 rows takes: the list of cases inside the layout, as the product serves it; also with its
 * document built each time, and a printed page. usage: view_bench [ROUNDS] */
#include "../tests/unit/print_sample.h"
#include "base/limits.h"

static double now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void put_texts(struct doc *d, const char *const *pairs)
{
  for (; *pairs; pairs += 2)
    doc_put_cstr(d, pairs[0], pairs[1]);
}

static struct doc *make_page(struct arena *a)
{
  static const char *const texts[] = {"lang",
                                      "ja",
                                      "title",
                                      "ケース",
                                      "network",
                                      "○○市子ども・若者支援ネットワーク",
                                      "csrf",
                                      "3f2a91c03f2a91c0",
                                      "key",
                                      "7k2m9qxa7k2m9qxa",
                                      "user",
                                      "佐藤 花子",
                                      "organization",
                                      "NPOあおば",
                                      "role",
                                      "支援者",
                                      "notice",
                                      "",
                                      "printed",
                                      "2026-11-18 10:02 佐藤(NPOあおば)",
                                      "language_href",
                                      "/language/en",
                                      "language_word",
                                      "English",
                                      "now",
                                      "10:02",
                                      "today",
                                      "令和8年11月18日",
                                      NULL};
  struct doc *page = doc_map(a), *nav = doc_put_list(page, "nav");
  put_texts(page, texts);
  doc_put(page, "asset", asset_doc(a));
  doc_put_bool(page, "signed_in", true);
  doc_put_bool(page, "can_switch", true);
  doc_put_list(page, "emergency");
  for (int i = 0; i < 5; i++) {
    static const char *const item[] = {"href", "/cases", "icon", "i-cases", "word", "ケース", "count", "3", NULL};
    struct doc *d = doc_add_map(nav);
    put_texts(d, item);
    doc_put_bool(d, "current", i == 1);
    doc_put_bool(d, "has_count", i == 0);
  }
  return page;
}

static void add_case(struct doc *list, int i)
{
  static const char *const texts[] = {"href",  "/cases/3f2a91c0", "number",  "R8-0123",    "name",  "山田 葵",
                                      "kana",  "やまだ あおい",   "age",     "17歳",       "grade", "高2相当・中退",
                                      "stage", "支援中",          "density", "B",          "lead",  "NPOあおば/佐藤",
                                      "last",  "3日前 11/18(水)", "next",    "11/25 電話", "open",  "つなぎ 2",
                                      NULL};
  struct doc *d = doc_add_map(list);
  put_texts(d, texts);
  doc_put_bool(d, "last_late", i % 5 == 0);
  doc_put_bool(d, "next_late", i % 7 == 0);
  doc_put_bool(d, "concealed", i % 9 == 0);
  doc_put_bool(d, "unconfirmed", i % 4 == 0);
}

static struct doc *make_data(struct arena *a)
{
  static const char *const texts[] = {"q", "", "total", "50件", "more_href", "/cases?from=x", NULL};
  struct doc *d = doc_map(a);
  put_texts(d, texts);
  doc_put_list(d, "views");
  doc_put_bool(d, "has_cases", true);
  doc_put_bool(d, "searched", false);
  doc_put_bool(d, "can_create", true);
  doc_put_bool(d, "has_more", true);
  struct doc *list = doc_put_list(d, "cases");
  for (int i = 0; i < LIMIT_PAGE_ROWS; i++)
    add_case(list, i);
  return d;
}

static enum code render(struct arena *a, const struct doc *data, const struct doc *page, size_t *ret_bytes)
{
  struct err e = {0};
  struct buf out;
  buf_init(&out, a, LIMIT_PAGE);
  enum code c = view_page(a, LANG_JA, "case_list", data, page, &out, &e);
  if (c != OK)
    err_print(stderr, &e);
  *ret_bytes = out.n;
  return c;
}

static int bench_page(int rounds)
{
  struct arena *data = arena_new(LIMIT_ARENA), *request = arena_new(LIMIT_ARENA);
  const struct doc *page = make_page(data), *cases = make_data(data);
  double best = 1, best_all = 1;
  size_t bytes = 0;
  for (int i = 0; i < rounds; i++) {
    double start = now();
    if (render(request, cases, page, &bytes) != OK)
      return 1;
    double t = now() - start;
    best = t < best ? t : best;
    arena_reset(request);
    start = now();
    if (render(request, make_data(request), make_page(request), &bytes) != OK)
      return 1;
    t = now() - start;
    best_all = t < best_all ? t : best_all;
    arena_reset(request);
  }
  printf("case_list, %d rows, %zu bytes: rendered in %.3f ms, with its document built %.3f ms\n", LIMIT_PAGE_ROWS,
         bytes, best * 1e3, best_all * 1e3);
  arena_free(request);
  arena_free(data);
  return 0;
}

static int bench_print(int rounds, const char *what, struct doc *(*sample)(struct arena *a))
{
  double best = 1;
  size_t bytes = 0;
  for (int i = 0; i < rounds; i++) {
    struct arena *a = arena_new(LIMIT_ARENA);
    struct str pdf;
    struct err e = {0};
    double start = now();
    if (print_pdf(a, LANG_JA, sample(a), &pdf, &e) != OK) {
      err_print(stderr, &e);
      return 1;
    }
    double t = now() - start;
    best = t < best ? t : best;
    bytes = pdf.n;
    arena_free(a);
  }
  printf("%s on paper, %zu bytes: %.1f ms\n", what, bytes, best * 1e3);
  return 0;
}

static struct doc *fifty_looks(struct arena *a)
{
  return sample_seen(a, LIMIT_PAGE_ROWS);
}

int main(int argc, char **argv)
{
  struct err e = {0};
  int rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 2000;
  if (view_load(STR_NONE, &e) != OK) {
    err_print(stderr, &e);
    return 1;
  }
  int papers = rounds / 100 + 1;
  return bench_page(rounds) || bench_print(papers, "a connection sheet", sample_sheet) ||
         bench_print(papers, "who has looked, 50 rows", fifty_looks);
}
