/* layout.h: where the nodes of a graph stand. Graphviz (dot, twopi) reckons it in a process of its own, begun before there are threads and
 * confined by whoever begins it: its licence does not go together with ours in one program, and a fault in it ends no server. What it is told
 * are sizes and edges between numbers, never a name. Texts are wrapped and measured here, in cells of a fixed pitch. */
#ifndef VIEW_LAYOUT_H
#define VIEW_LAYOUT_H
#include "base/err.h"
#include "base/str.h"

enum { LAYOUT_NODES = 160, LAYOUT_BYTES = 48 << 10 };

struct layout_node { /* its middle, in points; y grows downwards */
  double x, y;
};
struct layout {
  double width, height;
  struct layout_node node[LAYOUT_NODES];
  size_t nodes;
};

/* Begins the process that draws, if it is not there yet. `confine` runs in it, before anything else; false: it ends at once. Begin before there
 * are threads where confine() needs more than system calls. Nothing is lost where Graphviz is not installed: layout_run() then says so. */
typedef bool (*layout_confine)(void);
enum code layout_begin(layout_confine confine, struct err *e) MUST_CHECK;
void layout_end(void);

/* `graph`: DOT whose nodes are n0, n1, … (`nodes` of them, at most LAYOUT_NODES) and that names its engine by layout=. Begins the process where
 * nobody has. *ret_there false where nothing can be drawn (no Graphviz, it failed, or took more than two seconds): no error, a page then
 * has its list alone. Called by several threads at once it serves one after another; the last 64 answers are kept. */
enum code layout_run(struct str graph, size_t nodes, struct layout *ret, bool *ret_there, struct err *e) MUST_CHECK;

/* What dot -Tplain wrote. INVALID for anything that is not it. */
enum code layout_read(struct str plain, size_t nodes, struct layout *ret, struct err *e) MUST_CHECK;

#endif
