/* drawing.c: lines of text for a map, paths, and what Graphviz answers. */
#include "view/drawing.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "cm.h"
#include "view/layout.h"

static struct arena *a;

static int start(void **state)
{
  (void)state;
  a = arena_new(LIMIT_ARENA);
  return a == NULL;
}

static int stop(void **state)
{
  (void)state;
  arena_free(a);
  return 0;
}

static void assert_lines(const char *text, size_t columns, size_t most, const char *wanted)
{
  struct str line[8];
  struct buf b;
  size_t n = drawing_wrap(a, str_from(text), columns, line, most);
  buf_init(&b, a, 4096);
  for (size_t i = 0; i < n; i++)
    buf_printf(&b, "%s%.*s", i ? "/" : "", STR_FMT(line[i]));
  assert_string_equal(str_cstr(a, buf_str(&b)), wanted);
}

static void names_are_broken_where_a_reader_would(void **state)
{
  (void)state;
  assert_lines("森田 陽斗", 16, 2, "森田 陽斗");
  assert_lines("", 16, 2, "");
  assert_lines("県立みどり高校(2年で中退)", 20, 2, "県立みどり高校/(2年で中退)");
  assert_lines("グエン ティ ミン カイ ホアン", 16, 3, "グエン ティ/ミン カイ ホアン");
  assert_lines("寿限無寿限無五劫の擦り切れ海砂利水魚の", 16, 2, "寿限無寿限無五劫/の擦り切れ海砂…");
  assert_lines("ああああああああー", 16, 2, "ああああああああー"); /* no line begins with it */
  assert_lines("Maria da Silva Santos", 16, 2, "Maria da Silva/Santos");
}

static void no_line_is_wider_than_its_room(void **state)
{
  static const char *const texts[] = {
      "寿限無寿限無五劫の擦り切れ海砂利水魚の水行末雲来末風来末", "a", "((((((((((((((((((((((((",
      "ーーーーーーーーーーーーーーーーーーーーーーーーーーー", "𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷"};
  struct str line[6];
  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    for (size_t columns = 4; columns < 24; columns++) {
      size_t n = drawing_wrap(a, str_from(texts[i]), columns, line, 6);
      assert_true(n > 0 && n <= 6);
      for (size_t k = 0; k < n; k++)
        assert_true(line[k].n && utf8_valid(line[k]) && utf8_length(line[k]) <= columns + 2);
    }
}

static void a_path_is_read_as_it_was_written(void **state)
{
  struct drawing d = drawing_new(a, 100.2, 50);
  double xy[6];
  char op;
  (void)state;
  drawing_circle(&d, 50, 25, 20, "solid");
  drawing_box(&d, -5, 1e9, 10, 10, "solid"); /* clipped, never a letter of another kind */
  for (size_t i = 0; i < doc_size(d.strokes); i++) {
    struct str path = doc_get_str(doc_at(d.strokes, i), "d");
    int steps = 0;
    while (drawing_next(&path, &op, xy))
      steps++;
    assert_true(steps > 4 && path.n == 0);
  }
  static const char *const broken[] = {"X1 2", "M1", "M-1 2", "C1 2 3 4 5", "M1 2x", "M99999999 1"};
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
    struct str path = str_from(broken[i]);
    while (drawing_next(&path, &op, xy))
      ;
    assert_true(path.n > 0 || i == 1 || i == 3);
  }
}

static void what_graphviz_answers_is_read_strictly(void **state)
{
  static const char *const bad[] = {"",
                                    "stop\n",
                                    "graph 1 2 2\n",
                                    "graph 1 2 2\nnode n0 1 1 1 1\n",
                                    "graph 1 2 2\nnode n1 1 1 1 1\nstop\n",
                                    "graph 1 2 2\nnode n0 1 1\nnode n0 1 1\nstop\n",
                                    "graph 1 2 2\nnode nx 1 1\nstop\n",
                                    "graph 1 2 2\nnode n0 nan 1\nstop\n",
                                    "graph 1 2 2\nnode n0 1e300 1\nstop\n",
                                    "graph 1 2 2\nnode n0 0x10 1\nstop\n",
                                    "graph 1 inf 2\nnode n0 1 1\nstop\n",
                                    "graph 1 2 2\nnode n-1 1 1\nstop\n"};
  struct layout *l = arena_new_of(a, struct layout);
  struct err e = {0};
  (void)state;
  assert_int_equal(layout_read(S("graph 1 2 3\nnode n0 0.5 1e-17 1 1 \"\" solid\nedge n0 n0 4\nstop\n"), 1, l, &e), OK);
  assert_true(l->width == 144 && l->height == 216 && l->node[0].x == 36 && l->node[0].y == 216);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    if (layout_read(str_from(bad[i]), 1, l, &e) != INVALID)
      fail_msg("taken: %s", bad[i]);
}

/* One graph that fails, or takes for ever, does not spoil the next. */
static void a_graph_that_cannot_be_drawn_is_no_error(void **state)
{
  struct layout *l = arena_new_of(a, struct layout);
  struct err e = {0};
  bool there = true;
  struct buf many;
  (void)state;
  assert_int_equal(layout_run(S("digraph {layout=dot; n0 -> "), 1, l, &there, &e), OK);
  assert_false(there);
  assert_int_equal(layout_run(S("digraph {layout=dot; n0 -> n1}"), 1, l, &there, &e),
                   OK); /* more nodes than were named */
  assert_false(there);
  buf_init(&many, a, 1 << 20);
  while (many.n <= LAYOUT_BYTES)
    buf_add_cstr(&many, "# longer than a pipe holds\n");
  assert_int_equal(layout_run(buf_str(&many), 1, l, &there, &e), OK);
  assert_false(there);
  assert_int_equal(layout_run(S("digraph {layout=dot; n0 -> n1}"), 2, l, &there, &e), OK);
  assert_true(there && l->node[0].y < l->node[1].y);
  assert_int_equal(layout_run(S("graph {layout=twopi; n0 -- n1}"), 2, l, &there, &e), OK);
  assert_true(there);
  layout_end();
  l->node[1].x = -1;
  assert_int_equal(layout_run(S("graph {layout=twopi; n0 -- n1}"), 2, l, &there, &e), OK);
  assert_true(there && l->node[1].x >= 0); /* kept */
  assert_int_equal(layout_run(S("graph {layout=twopi; n0 -- n2; n2 -- n1}"), 3, l, &there, &e), OK);
  assert_false(there); /* and pages have their lists alone */
}

/* More shapes than are kept: each has its own answer, kept or not. */
static void what_is_kept_is_the_shapes_own(void **state)
{
  struct layout *l = arena_new_of(a, struct layout);
  struct err e = {0};
  bool there = false;
  double width[70] = {0};
  (void)state;
  for (int round = 0; round < 2; round++)
    for (int i = 0; i < 70; i++) {
      struct str graph = str_printf(a, "graph {layout=dot; node [shape=box, width=%d]; n0 -- n1}", i + 1);
      assert_int_equal(layout_run(graph, 2, l, &there, &e), OK);
      assert_true(there && l->nodes == 2 && (round == 0 || l->width == width[i]));
      assert_true(i == 0 || l->width > width[i - 1]);
      width[i] = l->width;
    }
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(names_are_broken_where_a_reader_would),
                                     cmocka_unit_test(no_line_is_wider_than_its_room),
                                     cmocka_unit_test(what_is_kept_is_the_shapes_own),
                                     cmocka_unit_test(a_path_is_read_as_it_was_written),
                                     cmocka_unit_test(what_graphviz_answers_is_read_strictly),
                                     cmocka_unit_test(a_graph_that_cannot_be_drawn_is_no_error)};
  return cmocka_run_group_tests(tests, start, stop);
}
