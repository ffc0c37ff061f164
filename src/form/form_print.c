/* form_print.c: a form as the paper reads, in the blocks of view/print.h: small questions in labelled boxes side by side, choices
 * with all their boxes to tick, long texts framed, rows as a table, the second leaf on its own page. */
#include "form/form_render.h"
#include "view/print.h"

enum {
  CHECKS_FROM = 10,
  CHECK_COLUMNS = 3,
  TEXT_LINES = 3,
  SIGN_LINES = 2,
  BLANK_ROWS = 4,
  MONTH = 31,
  OPEN_DAYS = 22,
  FIELD_COLUMNS = 2
};

struct paper {
  const struct form_context *c;
  const struct form_veil *veil;
  const struct doc *answers; /* NULL: to be filled in by hand */
  struct doc *blocks;
  struct doc *items; /* of the fields block being filled, or NULL */
  struct doc *names; /* texts: what stands on record of lines that are signed by hand */
  struct str said;   /* the heading that stands above: what it says is not said again */
  int columns;
};

/* --- values --- */

/* Boxes that follow each other in one line keep a distance. */
static void put_check(struct doc *list, bool inline_boxes, const char *mark, struct str text)
{
  if (inline_boxes && doc_size(list) > 0)
    doc_add_str(list, S("   "));
  print_check(list, mark, text);
}

static void put_checks(struct paper *p, struct doc *list, const struct form_item *it, const struct doc *value,
                       const struct doc *worst, bool inline_boxes)
{
  for (size_t i = 0; i < it->option_count; i++) {
    const struct form_option *o = &it->options[i];
    bool on = form_value_has(value, o->code), most = form_value_has(worst, o->code);
    if (form_veil_option(p->veil, it, o))
      put_check(list, inline_boxes, most ? "worst" : (on ? "on" : "off"), form_label_text(p->c, &o->label));
  }
}

static struct str open_text(const struct doc *value)
{
  for (size_t i = 0; i < form_value_count(value); i++) {
    if (doc_get(form_value_at(value, i), "text"))
      return doc_get_str(form_value_at(value, i), "text");
  }
  return STR_NONE;
}

static void put_other(struct paper *p, struct doc *list, const struct form_item *it, const struct doc *value,
                      bool inline_boxes)
{
  struct str text = open_text(value), blank = S("            ");
  if (it->type == FORM_OPEN_CHOICE)
    put_check(list, inline_boxes, text.n ? "on" : "off",
              tr_args(p->c->arena, p->c->lang, TR("その他（%1）"), text.n ? text : blank, STR_NONE, STR_NONE));
}

static void put_yes_no(struct paper *p, struct doc *list, const struct doc *value)
{
  print_check(list, doc_truth(value) ? "on" : "off", tr(p->c->lang, TR("はい")));
  put_check(list, true, value && !doc_truth(value) ? "on" : "off", tr(p->c->lang, TR("いいえ")));
}

static struct doc *value_pieces(struct paper *p, const struct form_item *it, const struct doc *value)
{
  struct doc *list = doc_list(p->c->arena);
  if (it->type == FORM_BOOLEAN) {
    put_yes_no(p, list, value);
  } else if (form_is_choice(it)) {
    put_checks(p, list, it, value, NULL, true);
    put_other(p, list, it, value, true);
  } else if (!p->answers && it->type == FORM_DATE) {
    doc_add_str(list, tr(p->c->lang, TR("　　　年　　月　　日")));
  } else if (!p->answers && it->type == FORM_DATETIME) {
    doc_add_str(list, tr(p->c->lang, TR("　　年　　月　　日　　時　　分")));
  } else {
    struct str text = form_value_text(p->c, it, value);
    if (!value && it->unit.n)
      text = str_printf(p->c->arena, "      %.*s", STR_FMT(it->unit));
    doc_add_str(list, text);
  }
  return list;
}

/* --- boxes --- */

/* The line is the pen's; what stands on record is told under it. */
static const struct doc *keep_name(struct paper *p, const struct form_item *it, const struct doc *value)
{
  struct str text = value ? form_value_text(p->c, it, value) : STR_NONE, label = form_item_label(p->c, it);
  if (text.n)
    doc_add_str(p->names, str_printf(p->c->arena, "%.*s　%.*s", STR_FMT(label), STR_FMT(text)));
  return NULL;
}

static void put_names(struct paper *p)
{
  for (size_t i = 0; i < doc_size(p->names); i++)
    (void)print_add_text(p->blocks, "text", doc_string(doc_at(p->names, i)));
  p->names = doc_list(p->c->arena);
}

static void put_field(struct paper *p, const struct form_item *it, const struct doc *value)
{
  bool wide = it->type == FORM_TEXT || (form_is_choice(it) && it->option_count > 3);
  if (!p->items) {
    struct doc *fields = print_add(p->blocks, "fields");
    doc_put_int(fields, "columns", p->columns);
    doc_put_int(fields, "label_mm", p->columns > 2 ? 19 : 30);
    p->items = doc_put_list(fields, "items");
  }
  struct doc *field = doc_add_map(p->items);
  doc_put_str(field, "label", form_item_label(p->c, it));
  doc_put(field, "value", value_pieces(p, it, it->sign ? keep_name(p, it, value) : value));
  doc_put_int(field, "span", wide ? p->columns : 1);
  if (it->type == FORM_TEXT || it->sign)
    doc_put_int(field, "lines", it->sign ? SIGN_LINES : TEXT_LINES);
}

static void put_text(struct paper *p, const char *kind, struct str text)
{
  p->items = NULL;
  (void)print_add_text(p->blocks, kind, text);
}

static void put_label(struct paper *p, const struct form_item *it)
{
  struct str label = form_item_label(p->c, it);
  if (!str_contains(p->said, label))
    put_text(p, "text", label);
  p->items = NULL;
}

/* A long answer under its own heading has the whole width. */
static void put_frame(struct paper *p, const struct form_item *it, const struct doc *value)
{
  p->items = NULL;
  struct doc *text = print_add(p->blocks, "text");
  doc_put(text, "text", value_pieces(p, it, value));
  doc_put_bool(text, "frame", true);
  doc_put_int(text, "lines", TEXT_LINES);
}

/* Many boxes to tick get a block of their own: the concerns with their ◎. */
static void put_choices(struct paper *p, const struct form_item *it, const struct doc *value)
{
  put_label(p, it);
  struct doc *checks = print_add(p->blocks, "checks"), *items = doc_put_list(checks, "items");
  const struct doc *worst =
      it->worst && form_veil_item(p->veil, it->worst) ? doc_get_key(p->answers, it->worst->link) : NULL;
  doc_put_int(checks, "columns", CHECK_COLUMNS);
  doc_put_bool(checks, "frame", true);
  put_checks(p, items, it, value, worst, false);
  put_other(p, items, it, value, false);
}

/* --- rows --- */

static double column_width(const struct form_item *it)
{
  if (it->type == FORM_INTEGER || it->type == FORM_DECIMAL || it->type == FORM_TIME)
    return 1;
  return it->type == FORM_TEXT || it->max_length >= LIMIT_STRING || it->repeats ? 4 : 2;
}

static bool in_table(const struct paper *p, const struct form_item *it)
{
  return form_veil_item(p->veil, it) && it->type != FORM_DISPLAY && it->type != FORM_GROUP;
}

/* The row that is the person's is called so, also where a hand is to fill it. */
static struct str first_cell(struct paper *p, const struct form_item *group, struct str text)
{
  return group->first_row.n ? tr_args(p->c->arena, p->c->lang, TR("%1（%2）"), text, group->first_row, STR_NONE) : text;
}

static void put_row(struct paper *p, const struct form_item *group, const struct doc *row, bool first, struct doc *all)
{
  struct doc *cells = doc_add_list(all);
  for (const struct form_item *it = group->child; it; it = it->next) {
    if (!in_table(p, it))
      continue;
    struct str text = form_value_text(p->c, it, doc_get_key(row, it->link));
    doc_add_str(cells, first && !doc_size(cells) ? first_cell(p, group, text) : text);
  }
}

static void put_rows(struct paper *p, const struct form_item *group, const struct doc *rows)
{
  struct doc *all = doc_list(p->c->arena);
  put_label(p, group);
  struct doc *table = print_add(p->blocks, "table"), *head = doc_put_list(table, "head"),
             *widths = doc_put_list(table, "widths");
  for (const struct form_item *it = group->child; it; it = it->next) {
    if (!in_table(p, it))
      continue;
    doc_add_str(head, form_item_label(p->c, it));
    doc_add_int(widths, (int64_t)column_width(it));
  }
  for (size_t i = 0; i < doc_size(rows) || (i == 0 && group->first_row.n); i++)
    put_row(p, group, doc_at(rows, i), i == 0, all);
  doc_put(table, "rows", all);
  doc_put_int(table, "empty_rows",
              p->answers                 ? (doc_size(all) ? 0 : 1)
              : group->max_rows == MONTH ? OPEN_DAYS
                                         : BLANK_ROWS);
}

/* --- order --- */

static void print_level(struct paper *p, const struct form_item *first);

/* Where something is signed, what is still open is answered by the same pen. */
static bool is_for_the_pen(const struct paper *p, const struct form_item *it)
{
  bool signs = false;
  for (const struct form_item *other = it->parent ? it->parent->child : it; other; other = other->next)
    signs |= other->sign;
  for (size_t i = 0; i < it->when_count; i++)
    signs = signs && !doc_get_key(p->answers, it->when[i].on->link);
  return signs;
}

/* A question that does not arise and has no answer takes no room on a filled sheet. */
static bool takes_room(const struct paper *p, const struct form_item *it, const struct doc *value)
{
  struct form_frame top = {p->answers, NULL, NULL};
  return !p->answers || value || form_enabled(it, &top) || is_for_the_pen(p, it);
}

/* The heading that stands above is the question itself, when nothing else is asked under it. */
static bool is_headed(const struct paper *p, const struct form_item *it)
{
  const struct form_item *first = it->parent ? it->parent->child : it;
  for (const struct form_item *other = first; other && it->parent; other = other->next)
    if (other != it && other->type != FORM_DISPLAY && form_veil_item(p->veil, other))
      return false;
  return str_contains(p->said, form_item_label(p->c, it));
}

static void print_item(struct paper *p, const struct form_item *it)
{
  const struct doc *value = doc_get_key(p->answers, it->link);
  if (it->type == FORM_GROUP && !it->repeats) {
    p->said = form_item_label(p->c, it);
    put_text(p, "heading", p->said);
    print_level(p, it->child);
  } else if (it->type == FORM_DISPLAY) {
    put_text(p, "text", form_item_label(p->c, it));
  } else if (!takes_room(p, it, value)) {
    return;
  } else if (it->type == FORM_GROUP) {
    put_rows(p, it, value);
  } else if (it->worst || (form_is_choice(it) && it->option_count >= CHECKS_FROM)) {
    put_choices(p, it, value);
  } else if (it->type == FORM_TEXT && is_headed(p, it)) {
    put_frame(p, it, value);
  } else {
    put_field(p, it, value);
  }
}

static void print_level(struct paper *p, const struct form_item *first)
{
  for (const struct form_item *it = first; it; it = it->next) {
    bool beside = it->worst_of && form_veil_item(p->veil, it->worst_of);
    if (form_veil_item(p->veil, it) && !beside)
      print_item(p, it);
  }
}

static int by_paper(const void *x, const void *y)
{
  const struct form_item *const *a = x, *const *b = y;
  const struct form_paper *p = &(*a)->paper, *q = &(*b)->paper;
  if (p->page != q->page)
    return p->page < q->page ? -1 : 1;
  if (p->order != q->order)
    return p->order < q->order ? -1 : 1;
  return (*a)->index < (*b)->index ? -1 : 1;
}

static void print_top(struct paper *p, const struct form_item *it)
{
  struct str title = form_item_label(p->c, it), box = it->paper.box.n ? it->paper.box : title;
  p->columns = it->paper.column > 0 ? it->paper.column : FIELD_COLUMNS;
  p->items = NULL;
  if (it->type != FORM_GROUP || it->repeats) {
    print_item(p, it);
    return;
  }
  p->said = box;
  put_text(p, "heading", it->prefix.n ? str_printf(p->c->arena, "%.*s %.*s", STR_FMT(it->prefix), STR_FMT(box)) : box);
  print_level(p, it->child);
  p->items = NULL;
  put_names(p);
}

/* Top groups in the order of the paper, a new page where its page changes. */
static void print_pages(struct paper *p, const struct form *f)
{
  const struct form_item **top = arena_array(p->c->arena, f->count, sizeof(const struct form_item *));
  size_t n = 0;
  for (const struct form_item *it = f->first; it && top; it = it->next) {
    if (form_veil_item(p->veil, it) && !it->worst_of)
      top[n++] = it;
  }
  if (n > 0)
    qsort(top, n, sizeof(const struct form_item *), by_paper);
  for (size_t i = 0; i < n; i++) {
    if (i > 0 && top[i]->paper.page != top[i - 1]->paper.page)
      (void)print_add(p->blocks, "page");
    if ((top[i]->marks & FORM_MARK_LEAF2) && (i == 0 || !(top[i - 1]->marks & FORM_MARK_LEAF2)))
      put_text(p, "title", tr(p->c->lang, TR("別紙")));
    print_top(p, top[i]);
  }
}

struct doc *form_print(const struct form_context *c, const struct form *f, const struct doc *answers)
{
  struct form_veil veil;
  form_veil_make(c, f, &veil);
  struct paper p = {.c = c, .veil = &veil, .names = doc_list(c->arena)};
  struct form_masked m = form_mask_answers(c, f, answers);
  p.answers = answers ? m.answers : NULL;
  struct str title = form_title(f, c->lang);
  struct doc *root = print_new(c->arena, str_cstr(c->arena, title), &p.blocks);
  struct doc *head = print_add_text(p.blocks, "title", title);
  doc_put_bool(root, "fit", true);
  doc_put_bool(root, "fill", !answers);
  doc_put_str(root, "form", form_number(f));
  doc_put_str(head, "side", str_printf(c->arena, "Ver. %.*s", STR_FMT(f->version)));
  print_pages(&p, f);
  if (m.note.n > 0)
    put_text(&p, "text", m.note);
  return root;
}
