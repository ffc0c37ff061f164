/* layout.c: what the process that draws answers, and texts and paths of drawings. */
#include <math.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "view/drawing.h"
#include "view/layout.h"

/* The first byte: how many nodes there are to be. What is taken has each of them, at a finite place. */
static void layout(struct arena *a, struct str in)
{
  struct layout *l = arena_new_of(a, struct layout);
  struct err e = {0};
  if (!l || !in.n)
    return;
  size_t nodes = (unsigned char)in.p[0] % 8;
  if (layout_read(str_sub(in, 1, in.n), nodes, l, &e) != OK)
    return;
  HOLDS(l->nodes == nodes);
  for (size_t i = 0; i < nodes; i++)
    HOLDS(isfinite(l->node[i].x) && isfinite(l->node[i].y));
}
FUZZ_TARGET(layout);

static void drawing(struct arena *a, struct str in)
{
  struct str line[4], path = in;
  double xy[6];
  char op;
  while (drawing_next(&path, &op, xy))
    HOLDS(path.n < in.n);
  if (!utf8_valid(in))
    return;
  size_t n = drawing_wrap(a, in, 16, line, 4);
  HOLDS(n <= 4);
  for (size_t i = 0; i < n; i++)
    HOLDS(utf8_valid(line[i]) && utf8_length(line[i]) <= 18);
}
FUZZ_TARGET(drawing);
