/* form_render.c: a form as inputs. The document is a flat list of blocks, opening and closing ones among them, so that groups in
 * groups and rows need no recursion in the template. Every block has a key for every kind; all but one are null. */
#include "form/form_render.h"
#include "form/form_internal.h"

static const char *const kinds[] = {"section",  "section_end", "display",  "input", "area", "choices",
                                    "worst",    "date",        "fixed",    "rows",  "row",  "cell",
                                    "cell_end", "row_end",     "rows_end", NULL};

static struct doc *form_block(const struct form_render *w, const char *kind)
{
  struct doc *block = doc_add_map(w->blocks), *content = doc_map(w->c->arena);
  for (size_t i = 0; kinds[i]; i++) {
    if (strcmp(kinds[i], kind) == 0)
      doc_put(block, kinds[i], content);
    else
      doc_put_null(block, kinds[i]);
  }
  return content;
}

void form_put_optional(struct doc *map, const char *key, struct str s)
{
  if (s.n > 0)
    doc_put_str(map, key, s);
  else
    doc_put_null(map, key);
}

static struct str problem_text(const struct form_render *w, struct str path)
{
  for (const struct problem *p = w->problems; p; p = p->next) {
    if (str_eq(p->field, path))
      return p->text;
  }
  return STR_NONE;
}

static void put_described(const struct form_render *w, struct doc *d, struct str id, bool hint, bool condition,
                          bool error)
{
  struct buf b;
  buf_init(&b, w->c->arena, LIMIT_URI);
  if (condition)
    buf_printf(&b, "%.*s-when ", STR_FMT(id));
  if (hint)
    buf_printf(&b, "%.*s-hint ", STR_FMT(id));
  if (error)
    buf_printf(&b, "%.*s-error ", STR_FMT(id));
  form_put_optional(d, "described", str_trim(buf_str(&b)));
}

static void put_condition(const struct form_render *w, struct doc *d, const struct form_item *it, struct str path)
{
  struct buf b;
  buf_init(&b, w->c->arena, LIMIT_PAGE);
  if (it->when_count > 0)
    json_write(&b, form_when_doc(w->c, it, path));
  form_put_optional(d, "enable", buf_str(&b));
  form_put_optional(d, "condition", form_when_text(w->c, it));
}

struct doc *form_field_block(const struct form_render *w, const char *kind, const struct form_item *it, struct str path,
                             struct str name)
{
  struct doc *d = form_block(w, kind);
  struct str error = problem_text(w, name), hint = form_label_text(w->c, &it->hint);
  struct str id = str_printf(w->c->arena, "f-%.*s", STR_FMT(name));
  doc_put_str(d, "id", id);
  doc_put_str(d, "name", name);
  doc_put_str(d, "label", form_item_label(w->c, it));
  form_put_optional(d, "prefix", it->prefix);
  doc_put_bool(d, "required", it->required);
  doc_put_bool(d, "has_error", error.n > 0);
  form_put_optional(d, "error", error);
  form_put_optional(d, "hint", hint);
  form_put_optional(d, "unit", it->unit);
  put_condition(w, d, it, path);
  put_described(w, d, id, hint.n > 0, it->when_count > 0, error.n > 0);
  doc_put_bool(d, "compact", w->compact);
  doc_put_bool(d, "separate", (it->marks & FORM_MARK_SEPARATE) != 0);
  return d;
}

/* --- groups --- */

static void render_level(struct form_render *w, const struct form_item *first, struct str path,
                         const struct doc *values);

static void render_section(struct form_render *w, const struct form_item *it, struct str path, const struct doc *values)
{
  bool top = it->parent == NULL, leaf2 = (it->marks & FORM_MARK_LEAF2) != 0;
  struct doc *d = form_field_block(w, "section", it, path, form_path(w->c, path, it->link));
  doc_put_bool(d, "top", top);
  doc_put_str(d, "anchor", str_printf(w->c->arena, "s-%.*s", STR_FMT(it->link)));
  doc_put_bool(d, "leaf2", leaf2);
  doc_put_bool(d, "leaf_note", leaf2 && !w->leaf2_told);
  w->leaf2_told |= leaf2;
  render_level(w, it->child, path, values);
  doc_put_bool(form_block(w, "section_end"), "top", top);
}

/* --- rows --- */

enum { TABLE_COLUMNS = 6 };

static bool fits_table(const struct form_render *w, const struct form_item *group)
{
  size_t n = 0;
  for (const struct form_item *it = group->child; it; it = it->next) {
    bool small = it->type == FORM_STRING || it->type == FORM_INTEGER || it->type == FORM_DECIMAL ||
                 it->type == FORM_TIME || it->type == FORM_URL;
    if (!form_veil_item(w->veil, it))
      continue;
    if (!small || it->repeats)
      return false;
    n++;
  }
  return n <= TABLE_COLUMNS;
}

static void put_button(const struct form_render *w, struct doc *d, const char *key, struct str value, struct str label)
{
  struct doc *button = doc_put_map(d, key);
  doc_put_str(button, "name", form_path(w->c, form_prefix(w->c), S("_row")));
  doc_put_str(button, "value", value);
  doc_put_str(button, "label", label);
}

/* The path of a list without the prefix, for the button: "household", "family.0.visits". */
static struct str list_path(const struct form_render *w, struct str name)
{
  return str_sub(name, form_prefix(w->c).n + 1, name.n);
}

static void open_rows(struct form_render *w, const struct form_item *it, struct str path, struct str name, bool table)
{
  struct doc *d = form_field_block(w, "rows", it, path, name);
  struct doc *heads = doc_put_list(d, "heads");
  doc_put_bool(d, "table", table);
  for (const struct form_item *child = it->child; child && table; child = child->next) {
    if (!form_veil_item(w->veil, child))
      continue;
    struct doc *head = doc_add_map(heads);
    doc_put_str(head, "label", form_item_label(w->c, child));
    doc_put_bool(head, "required", child->required);
  }
}

static struct str row_title(const struct form_render *w, const struct form_item *it, size_t row)
{
  if (row == 0 && it->first_row.n)
    return it->first_row;
  return form_number_text(w->c->arena, (int64_t)row + 1);
}

static void render_row(struct form_render *w, const struct form_item *it, struct str name, size_t i,
                       const struct doc *row, bool table)
{
  struct arena *a = w->c->arena;
  struct doc *open = form_block(w, "row");
  struct str at = str_printf(a, "%.*s.%zu", STR_FMT(name), i), title = row_title(w, it, i);
  doc_put_str(open, "title", title);
  doc_put_bool(open, "table", table);
  doc_put_bool(open, "card", !table);
  w->compact = table;
  if (it->type != FORM_GROUP)
    form_control(w, it, name, at, row);
  else
    render_level(w, it->child, at, row);
  w->compact = false;
  struct doc *close = form_block(w, "row_end");
  doc_put_bool(close, "table", table);
  if (it->read_only || (i == 0 && it->first_row.n))
    doc_put_null(close, "remove");
  else
    put_button(w, close, "remove", str_printf(a, "remove:%.*s:%zu", STR_FMT(list_path(w, name)), i),
               tr_args(a, w->c->lang, TR("%1 %2行目をけす"), form_item_label(w->c, it), title, STR_NONE));
}

static void render_rows(struct form_render *w, const struct form_item *it, struct str path, const struct doc *value)
{
  struct arena *a = w->c->arena;
  struct str name = form_path(w->c, path, it->link);
  bool table = it->type == FORM_GROUP && fits_table(w, it);
  struct form_rows rows = form_rows_of(a, value);
  open_rows(w, it, path, name, table);
  for (size_t i = 0; i < rows.count; i++)
    render_row(w, it, name, i, rows.row[i], table);
  if (rows.count == 0 && !it->read_only)
    render_row(w, it, name, 0, NULL, table);
  struct doc *close = form_block(w, "rows_end");
  doc_put_bool(close, "table", table);
  if (it->read_only || (int64_t)rows.count >= it->max_rows)
    doc_put_null(close, "add");
  else
    put_button(w, close, "add", str_printf(a, "add:%.*s", STR_FMT(list_path(w, name))),
               tr_args(a, w->c->lang, TR("%1の行をふやす"), form_item_label(w->c, it), STR_NONE, STR_NONE));
}

/* --- one item --- */

static void render_fixed(struct form_render *w, const struct form_item *it, struct str path, struct str text)
{
  struct doc *d = form_field_block(w, "fixed", it, path, form_path(w->c, path, it->link));
  form_put_optional(d, "text", text);
}

static void render_leaf(struct form_render *w, const struct form_item *it, struct str path, const struct doc *values)
{
  const struct doc *value = doc_get_key(values, it->link);
  if (form_fixed(w->c, it))
    render_fixed(w, it, path, form_value_text(w->c, it, form_veil_value(w->c, w->veil, it, value)));
  else if (it->repeats && !form_is_choice(it))
    render_rows(w, it, path, value);
  else
    form_control(w, it, path, form_path(w->c, path, it->link), value);
}

static void render_item(struct form_render *w, const struct form_item *it, struct str path, const struct doc *values)
{
  if (it->type == FORM_DISPLAY) {
    (void)form_field_block(w, "display", it, path, form_path(w->c, path, it->link));
  } else if (it->type == FORM_GROUP && !it->repeats) {
    render_section(w, it, path, values);
  } else if (it->type == FORM_GROUP && !w->veil->whole[it->index]) {
    render_fixed(w, it, path, tr(w->c->lang, TR("見えない欄があるため、この表はここでは直せません。")));
  } else if (it->type == FORM_GROUP) {
    render_rows(w, it, path, doc_get_key(values, it->link));
  } else {
    w->worst_values = it->worst ? doc_get_key(values, it->worst->link) : NULL;
    render_leaf(w, it, path, values);
  }
}

static void render_level(struct form_render *w, const struct form_item *first, struct str path,
                         const struct doc *values)
{
  bool cells = w->compact;
  for (const struct form_item *it = first; it; it = it->next) {
    /* a ◎ is drawn beside the list it belongs to */
    if (!form_veil_item(w->veil, it) || (it->worst_of && form_veil_item(w->veil, it->worst_of)))
      continue;
    if (cells)
      doc_put_str(form_block(w, "cell"), "label", form_item_label(w->c, it));
    render_item(w, it, path, values);
    if (cells)
      (void)form_block(w, "cell_end");
  }
}

static void put_problems(const struct form_render *w, struct doc *root)
{
  struct doc *list = doc_put_list(root, "problems");
  for (const struct problem *p = w->problems; p; p = p->next) {
    struct doc *one = doc_add_map(list);
    doc_put_str(one, "field", p->field);
    doc_put_str(one, "text", p->text);
  }
  doc_put_bool(root, "has_problems", w->problems != NULL);
}

struct doc *form_render_input(const struct form_context *c, const struct form *f, const struct doc *values,
                              const struct problem *problems)
{
  struct doc *root = doc_map(c->arena);
  struct form_veil veil;
  form_veil_make(c, f, &veil);
  doc_put_str(root, "title", form_title(f, c->lang));
  doc_put_str(root, "version", f->version);
  form_put_optional(root, "note", form_veil_note(c, &veil));
  struct form_render w = {.c = c, .f = f, .veil = &veil, .problems = problems, .blocks = doc_put_list(root, "blocks")};
  if (veil.seen && veil.whole)
    render_level(&w, f->first, form_prefix(c), values);
  put_problems(&w, root);
  return root;
}
