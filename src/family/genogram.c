/* genogram.c: ジェノグラム. Who stands where follows from the relation to the person; Graphviz says the places, the signs are drawn here: a
 * man is a square, a woman a circle, neither a diamond; the person's has two lines, that of the dead a cross; partners are joined by a line
 * (broken: not married; one stroke: living apart; two: divorced), children hang from it; a broken line goes round the household. */
#include <math.h>

#include "family/family.h"
#include "view/drawing.h"
#include "view/layout.h"

enum {
  PEOPLE = 120,
  PAIRS = 8,
  BOX_W = 112, /* the room of one: sign, name in two lines, relation */
  BOX_H = 108,
  SIGN = 44,
  SIGN_TOP = 4,
  MARGIN = 22,
  NAME_COLUMNS = 16
};

struct relative {
  int relation; /* enum family_relation; -1: the person, or one who only has to stand between others */
  struct str name, label, sex, age, born, couple;
  bool dead, same, placed;
  double x, y; /* middle of the sign */
};
struct pair { /* partners, either may be missing (-1); children hang from them */
  int left, right;
  struct str couple;
  int child[PEOPLE];
  size_t children;
  double x, y;
};
struct geno {
  struct arena *a;
  enum lang lang;
  struct relative who[PEOPLE];
  size_t n;
  struct pair pair[PAIRS];
  size_t pairs;
  int slot[RELATION_COUNT]; /* the first of each relation; -1: none */
};

/* ---- who there is ---------------------------------------------------------------------------------------------------------- */

static struct str digits(struct str text)
{
  size_t from = 0, n = 0;
  while (from < text.n && (text.p[from] < '0' || text.p[from] > '9'))
    from++;
  while (from + n < text.n && text.p[from + n] >= '0' && text.p[from + n] <= '9')
    n++;
  return str_sub(text, from, n);
}

static int relation_index(struct str code)
{
  for (int i = 0; i < RELATION_COUNT; i++)
    if (str_is(code, family_relation_codes[i]))
      return i;
  return RELATION_OTHER;
}

static void take_members(struct geno *g, const struct family_person *p, const struct doc *members)
{
  for (int i = 0; i < RELATION_COUNT; i++)
    g->slot[i] = -1;
  g->who[g->n++] = (struct relative){.relation = -1,
                                     .name = p->name,
                                     .label = tr(g->lang, TR("本人")),
                                     .sex = p->sex,
                                     .age = digits(p->age),
                                     .same = true};
  for (size_t i = 0; i < doc_size(members) && g->n < PEOPLE - 2; i++) {
    const struct doc *m = doc_at(members, i);
    struct relative *r = &g->who[g->n];
    *r = (struct relative){.relation = relation_index(doc_get_str(m, "relation")),
                           .name = doc_get_str(m, "name"),
                           .label = doc_get_str(m, "relation_label"),
                           .sex = doc_get_str(m, "sex"),
                           .age = digits(doc_get_str(m, "age")),
                           .born = doc_get_str(m, "born"),
                           .couple = doc_get_str(m, "couple"),
                           .dead = doc_get_bool(m, "dead"),
                           .same = str_is(doc_get_str(m, "house"), "same")};
    if (g->slot[r->relation] < 0)
      g->slot[r->relation] = (int)g->n;
    g->n++;
  }
}

/* A parent of whom nothing is written, where others hang from that parent. */
static void need(struct geno *g, enum family_relation relation, const char *label, const char *sex)
{
  if (g->slot[relation] >= 0 || g->n == PEOPLE)
    return;
  g->who[g->n] = (struct relative){.relation = -1, .label = tr(g->lang, label), .sex = str_from(sex)};
  g->slot[relation] = (int)g->n++;
}

static bool has(const struct geno *g, enum family_relation a, enum family_relation b, enum family_relation c)
{
  return g->slot[a] >= 0 || g->slot[b] >= 0 || g->slot[c] >= 0;
}

/* ---- who belongs together ---------------------------------------------------------------------------------------------------- */

/* Of the person and of nobody it is not written. */
static struct str couple_at(const struct geno *g, int i)
{
  return i > 0 && i < PEOPLE ? g->who[i].couple : STR_NONE;
}

/* As either of them has it. */
static struct str couple_of(const struct geno *g, int a, int b)
{
  struct str one = couple_at(g, a);
  return one.n ? one : couple_at(g, b);
}

static struct pair *add_pair(struct geno *g, int left, int right)
{
  struct pair *p = &g->pair[g->pairs++];
  *p = (struct pair){.left = left, .right = right, .couple = couple_of(g, left, right)};
  if (left >= 0)
    g->who[left].placed = true;
  if (right >= 0)
    g->who[right].placed = true;
  return p;
}

static void add_child(struct geno *g, struct pair *p, int child)
{
  if (child < 0)
    return;
  g->who[child].placed = true;
  p->child[p->children++] = child;
}

/* All of a relation, the eldest first; whose year is not known comes last. */
static void add_children(struct geno *g, struct pair *p, enum family_relation a, enum family_relation b)
{
  size_t from = p->children;
  for (size_t i = 1; i < g->n; i++)
    if (g->who[i].relation == (int)a || g->who[i].relation == (int)b)
      add_child(g, p, (int)i);
  for (size_t i = from + 1; i < p->children; i++)
    for (size_t k = i; k > from; k--) {
      int one = p->child[k - 1], two = p->child[k];
      struct str x = g->who[one].born, y = g->who[two].born;
      if (!y.n || (x.n && str_compare(x, y) <= 0))
        break;
      p->child[k - 1] = two;
      p->child[k] = one;
    }
}

static void grandparents(struct geno *g, enum family_relation man, enum family_relation woman,
                         enum family_relation aunt, enum family_relation parent)
{
  if (!has(g, man, woman, aunt))
    return;
  struct pair *p = add_pair(g, g->slot[man], g->slot[woman]);
  add_child(g, p, g->slot[parent]);
  add_children(g, p, aunt, aunt);
}

static void belong(struct geno *g)
{
  const int *slot = g->slot;
  if (has(g, RELATION_GRANDFATHER_F, RELATION_GRANDMOTHER_F, RELATION_AUNT_F) ||
      has(g, RELATION_STEPMOTHER, RELATION_HALF_FATHER, RELATION_HALF_FATHER))
    need(g, RELATION_FATHER, TR("父"), "1");
  if (has(g, RELATION_GRANDFATHER_M, RELATION_GRANDMOTHER_M, RELATION_AUNT_M) ||
      has(g, RELATION_STEPFATHER, RELATION_HALF_MOTHER, RELATION_HALF_MOTHER))
    need(g, RELATION_MOTHER, TR("母"), "2");
  grandparents(g, RELATION_GRANDFATHER_F, RELATION_GRANDMOTHER_F, RELATION_AUNT_F, RELATION_FATHER);
  grandparents(g, RELATION_GRANDFATHER_M, RELATION_GRANDMOTHER_M, RELATION_AUNT_M, RELATION_MOTHER);
  if (slot[RELATION_STEPMOTHER] >= 0 || slot[RELATION_HALF_FATHER] >= 0)
    add_children(g, add_pair(g, slot[RELATION_STEPMOTHER], slot[RELATION_FATHER]), RELATION_HALF_FATHER,
                 RELATION_HALF_FATHER);
  struct pair *p = add_pair(g, slot[RELATION_FATHER], slot[RELATION_MOTHER]);
  add_children(g, p, RELATION_BROTHER_OLDER, RELATION_SISTER_OLDER);
  add_child(g, p, 0);
  add_children(g, p, RELATION_BROTHER_YOUNGER, RELATION_SISTER_YOUNGER);
  if (slot[RELATION_STEPFATHER] >= 0 || slot[RELATION_HALF_MOTHER] >= 0)
    add_children(g, add_pair(g, slot[RELATION_MOTHER], slot[RELATION_STEPFATHER]), RELATION_HALF_MOTHER,
                 RELATION_HALF_MOTHER);
  if (slot[RELATION_PARTNER] < 0 && slot[RELATION_CHILD] < 0)
    return;
  bool right = str_is(g->who[0].sex, "2"); /* a man stands at the left */
  p = add_pair(g, right ? slot[RELATION_PARTNER] : 0, right ? 0 : slot[RELATION_PARTNER]);
  add_children(g, p, RELATION_CHILD, RELATION_CHILD);
}

/* ---- the graph ------------------------------------------------------------------------------------------------------------------- */

static void say_pair(const struct geno *g, struct buf *b, size_t i)
{
  const struct pair *p = &g->pair[i];
  size_t u = g->n + i;
  buf_printf(b, "n%zu[width=0.02 height=0.02];", u);
  if (p->left >= 0 || p->right >= 0) {
    buf_add_cstr(b, "{rank=same;");
    if (p->left >= 0)
      buf_printf(b, "n%d->n%zu[weight=20];", p->left, u);
    if (p->right >= 0)
      buf_printf(b, "n%zu->n%d[weight=20];", u, p->right);
    buf_add_cstr(b, "}");
  }
  for (size_t k = 0; k < p->children; k++)
    buf_printf(b, "n%zu->n%d[weight=4];", u, p->child[k]);
  if (p->children > 1) {
    buf_add_cstr(b, "{rank=same;edge[style=invis];");
    for (size_t k = 0; k + 1 < p->children; k++)
      buf_printf(b, "n%d->n%d;", p->child[k], p->child[k + 1]);
    buf_add_cstr(b, "}");
  }
}

static struct str graph_of(const struct geno *g)
{
  struct buf b;
  buf_init(&b, g->a, LAYOUT_BYTES);
  buf_printf(&b,
             "digraph{layout=dot;nodesep=0.16;ranksep=0.42;edge[dir=none];node[shape=box fixedsize=true label=\"\""
             " width=%.3f height=%.3f];",
             BOX_W / 72.0, BOX_H / 72.0);
  for (size_t i = 0; i < g->n; i++)
    buf_printf(&b, "n%zu;", i);
  for (size_t i = 0; i < g->pairs; i++)
    say_pair(g, &b, i);
  size_t last = 0;
  for (size_t i = 1; i < g->n; i++)
    if (!g->who[i].placed) { /* beside the person */
      buf_printf(&b, "{rank=same;n%zu->n%zu[style=invis];}", last, i);
      last = i;
    }
  buf_add_c(&b, '}');
  return buf_str(&b);
}

static void take_places(struct geno *g, const struct layout *l)
{
  for (size_t i = 0; i < g->n; i++) {
    g->who[i].x = l->node[i].x + MARGIN;
    g->who[i].y = l->node[i].y + MARGIN - BOX_H / 2.0 + SIGN_TOP + SIGN / 2.0;
  }
  for (size_t i = 0; i < g->pairs; i++) {
    g->pair[i].x = l->node[g->n + i].x + MARGIN;
    g->pair[i].y = l->node[g->n + i].y + MARGIN - BOX_H / 2.0 + SIGN_TOP + SIGN / 2.0;
  }
}

/* ---- signs ------------------------------------------------------------------------------------------------------------------------- */

static void draw_outline(const struct drawing *d, const struct relative *r, double half, const char *class)
{
  double x = r->x, y = r->y;
  if (str_is(r->sex, "1"))
    drawing_box(d, x - half, y - half, 2 * half, 2 * half, class);
  else if (str_is(r->sex, "2"))
    drawing_circle(d, x, y, half, class);
  else
    drawing_path(d, (const double[]){x, y - half - 2, x + half + 2, y, x, y + half + 2, x - half - 2, y}, 4, true,
                 class);
}

static void draw_relative(const struct geno *g, const struct drawing *d, size_t i)
{
  const struct relative *r = &g->who[i];
  const double half = SIGN / 2.0, cross = half * 0.7;
  struct str line[2];
  draw_outline(d, r, half, "fill");
  draw_outline(d, r, half, "solid");
  if (i == 0)
    draw_outline(d, r, half - 5, "solid");
  if (r->dead) {
    drawing_line(d, r->x - cross, r->y - cross, r->x + cross, r->y + cross, "solid");
    drawing_line(d, r->x - cross, r->y + cross, r->x + cross, r->y - cross, "solid");
  }
  if (r->age.n)
    drawing_text(d, r->x, r->y + 5, r->age, "age");
  size_t n = drawing_wrap(g->a, r->name, NAME_COLUMNS, line, 2);
  double y = r->y + half + 16;
  for (size_t k = 0; k < n; k++)
    drawing_text(d, r->x, y + 15 * (double)k, line[k], "name");
  if (drawing_wrap(g->a, r->label, NAME_COLUMNS + 4, line, 1))
    drawing_text(d, r->x, y + 15 * (double)n, line[0], "small");
}

/* ---- lines --------------------------------------------------------------------------------------------------------------------------- */

static void slash(const struct drawing *d, double x, double y)
{
  drawing_line(d, x - 4, y + 8, x + 4, y - 8, "solid");
}

static void draw_couple(const struct geno *g, const struct drawing *d, const struct pair *p)
{
  const char *class = str_is(p->couple, "unmarried") ? "dash" : "solid";
  double from = p->x, to = p->x;
  for (int k = 0; k < 2; k++) {
    int i = k ? p->right : p->left;
    if (i < 0)
      continue;
    double x = g->who[i].x, edge = x < p->x ? x + SIGN / 2.0 : x - SIGN / 2.0;
    from = edge < from ? edge : from;
    to = edge > to ? edge : to;
  }
  if (from < to)
    drawing_line(d, from, p->y, to, p->y, class);
  double middle = (from + p->x) / 2;
  if (str_is(p->couple, "separated"))
    slash(d, middle, p->y);
  if (str_is(p->couple, "divorced")) {
    slash(d, middle - 3, p->y);
    slash(d, middle + 4, p->y);
  }
}

static void draw_children(const struct geno *g, const struct drawing *d, const struct pair *p, size_t turn)
{
  if (!p->children)
    return;
  bool parents = p->left >= 0 || p->right >= 0;
  double from = p->x, to = p->x, top = g->who[p->child[0]].y - SIGN / 2.0, bus = top - 12 - 6 * (double)(turn % 3);
  if (!parents && p->children == 1)
    return;
  if (!parents)
    from = to = g->who[p->child[0]].x;
  for (size_t k = 0; k < p->children; k++) {
    double x = g->who[p->child[k]].x;
    from = x < from ? x : from;
    to = x > to ? x : to;
    drawing_line(d, x, bus, x, top, "solid");
  }
  if (from < to)
    drawing_line(d, from, bus, to, bus, "solid");
  if (parents)
    drawing_line(d, p->x, p->y, p->x, bus, "solid");
}

/* ---- the household ------------------------------------------------------------------------------------------------------------------- */

enum { ROWS = 12 };

struct home_row { /* those of the household who stand in one row */
  double y, left, right;
};

/* The rows of the household from top to bottom; 0 where others stand between its members, or the rows do not touch: then no one line holds them
 * and nobody else. */
static size_t home_rows(const struct geno *g, struct home_row *row)
{
  size_t n = 0;
  for (size_t i = 0; i < g->n; i++) {
    const struct relative *r = &g->who[i];
    size_t k = 0;
    if (!r->same)
      continue;
    while (k < n && fabs(row[k].y - r->y) > 1)
      k++;
    if (k == ROWS)
      return 0;
    if (k == n) {
      for (k = n++; k > 0 && row[k - 1].y > r->y; k--)
        row[k] = row[k - 1];
      row[k] = (struct home_row){r->y, r->x, r->x};
    }
    row[k].left = r->x < row[k].left ? r->x : row[k].left;
    row[k].right = r->x > row[k].right ? r->x : row[k].right;
  }
  for (size_t k = 0; k < n; k++) {
    double above = k ? row[k - 1].y : row[k].y;
    bool touches = !k || (row[k].left < row[k - 1].right + BOX_W && row[k - 1].left < row[k].right + BOX_W);
    for (size_t i = 0; i < g->n; i++) {
      const struct relative *r = &g->who[i];
      bool within = r->x > row[k].left && r->x < row[k].right && fabs(r->y - row[k].y) <= 1;
      if (!r->same && (within || (r->y > above + 1 && r->y < row[k].y - 1)))
        return 0;
    }
    if (!touches)
      return 0;
  }
  return n;
}

/* Round each by itself, where one line would hold others too. */
static void draw_each_home(const struct geno *g, const struct drawing *d)
{
  for (size_t i = 0; i < g->n; i++)
    if (g->who[i].same)
      drawing_box(d, g->who[i].x - BOX_W / 2.0 + 2, g->who[i].y - SIGN / 2.0 - 8, BOX_W - 4, BOX_H, "dash");
}

/* Down the right side and up the left one, with a step where a row is wider than the one above. */
static void draw_household(const struct geno *g, const struct drawing *d)
{
  struct home_row row[ROWS];
  double path[8 * ROWS];
  const double half = BOX_W / 2.0 - 2, rise = SIGN / 2.0 + 10, fall = BOX_H - SIGN / 2.0 - SIGN_TOP + 2;
  size_t homes = 0, n = home_rows(g, row), at = 0;
  for (size_t i = 0; i < g->n; i++)
    homes += g->who[i].same;
  if (homes < 2)
    return;
  if (!n) {
    draw_each_home(g, d);
    return;
  }
  for (size_t turn = 0; turn < 2 * n; turn++) {
    bool right = turn < n;
    size_t k = right ? turn : 2 * n - 1 - turn;
    double x = right ? row[k].right + half : row[k].left - half;
    double top = k ? (row[k - 1].y + fall + row[k].y - rise) / 2 : row[k].y - rise;
    double bottom = k + 1 < n ? (row[k].y + fall + row[k + 1].y - rise) / 2 : row[k].y + fall;
    path[at++] = x;
    path[at++] = right ? top : bottom;
    path[at++] = x;
    path[at++] = right ? bottom : top;
  }
  drawing_path(d, path, at / 2, true, "dash");
}

/* ---- all of it ------------------------------------------------------------------------------------------------------------------------- */

enum code family_genogram(struct arena *a, enum lang lang, const struct family_person *p, const struct doc *members,
                          struct doc **ret, struct err *e)
{
  struct geno *g = arena_new_of(a, struct geno);
  struct layout *l = arena_new_of(a, struct layout);
  bool there = false;
  *ret = NULL;
  if (!g || !l)
    return err_oom(e);
  g->a = a;
  g->lang = lang;
  take_members(g, p, members);
  belong(g);
  enum code c = layout_run(graph_of(g), g->n + g->pairs, l, &there, e);
  if (c != OK || !there)
    return c;
  take_places(g, l);
  struct drawing d = drawing_new(a, l->width + 2 * MARGIN, l->height + 2 * MARGIN);
  draw_household(g, &d);
  for (size_t i = 0; i < g->pairs; i++) {
    draw_couple(g, &d, &g->pair[i]);
    draw_children(g, &d, &g->pair[i], i);
  }
  for (size_t i = 0; i < g->n; i++)
    draw_relative(g, &d, i);
  *ret = d.doc;
  return OK;
}
