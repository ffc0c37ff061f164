/* form_view.c: answers to be read. Sections in the order of the form, what was answered under them; nothing of what the mask
 * withholds, neither label nor answer. */
#include "form/form_render.h"

static const char *const kinds[] = {"section", "section_end", "empty", "list", "list_end", "item", "table", NULL};

struct viewing {
  const struct form_context *c;
  const struct form_veil *veil;
  struct doc *blocks;
  bool in_list, leaf2_told, partial; /* partial: something of the form is withheld */
};

static struct doc *put_block(struct viewing *w, const char *kind)
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

/* Questions and answers stand in a list; all else ends it. */
static struct doc *view_block(struct viewing *w, const char *kind)
{
  bool item = strcmp(kind, "item") == 0;
  if (item && !w->in_list)
    (void)put_block(w, "list");
  if (!item && w->in_list)
    (void)put_block(w, "list_end");
  w->in_list = item;
  return put_block(w, kind);
}

static bool any_answer(const struct viewing *w, const struct form_item *first, const struct doc *answers)
{
  for (const struct form_item *it = first; it; it = it->next) {
    if (!form_veil_item(w->veil, it))
      continue;
    if (it->type == FORM_GROUP && !it->repeats ? any_answer(w, it->child, answers)
                                               : form_value_count(doc_get_key(answers, it->link)) > 0)
      return true;
  }
  return false;
}

static void put_lines(const struct viewing *w, struct doc *d, struct str text)
{
  struct doc *lines = doc_put_list(d, "lines");
  struct str line;
  while (str_split(&text, '\n', &line))
    doc_put_str(doc_add_map(lines), "text", line);
}

/* A concern is ○ or ◎; a choice of several a line each. */
static void put_chosen(const struct viewing *w, struct doc *d, const struct form_item *it, const struct doc *value,
                       const struct doc *worst)
{
  struct doc *lines = doc_put_list(d, "lines");
  for (size_t i = 0; i < form_value_count(value); i++) {
    const struct doc *one = form_value_at(value, i);
    struct str text = form_value_text(w->c, it, one);
    const char *mark = it->worst ? (form_value_has(worst, doc_string(one)) ? "◎ " : "○ ") : "";
    doc_put_str(doc_add_map(lines), "text", str_printf(w->c->arena, "%s%.*s", mark, STR_FMT(text)));
  }
}

/* Said once: by the section, or by the item where it differs. */
static void put_source(const struct viewing *w, struct doc *d, const struct form_item *it)
{
  bool said = it->source == FORM_SOURCE_NONE || (it->parent && it->parent->source == it->source);
  form_put_optional(d, "source", said ? STR_NONE : tr(w->c->lang, form_source_label(it->source)));
}

static void view_item(struct viewing *w, const struct form_item *it, const struct doc *answers)
{
  const struct doc *value = doc_get_key(answers, it->link);
  if (form_value_count(value) == 0)
    return;
  struct doc *d = view_block(w, "item");
  doc_put_str(d, "label", form_item_label(w->c, it));
  doc_put_bool(d, "wide", it->type == FORM_TEXT || it->worst);
  put_source(w, d, it);
  if (it->repeats)
    put_chosen(w, d, it, value, it->worst ? doc_get_key(answers, it->worst->link) : NULL);
  else
    put_lines(w, d, form_value_text(w->c, it, value));
}

static void table_cells(struct viewing *w, const struct form_item *first, const struct doc *row, struct doc *cells,
                        bool head)
{
  for (const struct form_item *it = first; it; it = it->next) {
    if (!form_veil_item(w->veil, it) || it->type == FORM_DISPLAY)
      continue;
    if (it->type == FORM_GROUP) {
      table_cells(w, it->child, it->repeats ? NULL : row, cells, head);
      continue;
    }
    struct doc *cell = doc_add_map(cells);
    doc_put_str(cell, "label", form_item_label(w->c, it));
    if (!head)
      doc_put_str(cell, "text", form_value_text(w->c, it, doc_get_key(row, it->link)));
  }
}

static void view_table(struct viewing *w, const struct form_item *it, const struct doc *rows)
{
  if (form_value_count(rows) == 0)
    return;
  struct doc *d = view_block(w, "table");
  doc_put_str(d, "label", form_item_label(w->c, it));
  table_cells(w, it->child, NULL, doc_put_list(d, "heads"), true);
  struct doc *list = doc_put_list(d, "rows");
  for (size_t i = 0; i < doc_size(rows); i++) {
    struct doc *cells = doc_put_list(doc_add_map(list), "cells"), *first = NULL;
    table_cells(w, it->child, doc_at(rows, i), cells, false);
    if (i == 0 && it->first_row.n && (first = doc_at(cells, 0))) /* as on paper: the row that is the person's */
      doc_replace(first, "text",
                  doc_str(w->c->arena, tr_args(w->c->arena, w->c->lang, TR("%1（%2）"), doc_get_str(first, "text"),
                                               it->first_row, STR_NONE)));
  }
}

static void view_level(struct viewing *w, const struct form_item *first, const struct doc *answers);

static void view_section(struct viewing *w, const struct form_item *it, const struct doc *answers)
{
  bool top = it->parent == NULL, leaf2 = (it->marks & FORM_MARK_LEAF2) != 0, any = any_answer(w, it->child, answers);
  if (!any && (!top || leaf2))
    return;
  struct doc *d = view_block(w, "section");
  doc_put_bool(d, "top", top);
  doc_put_str(d, "label", form_item_label(w->c, it));
  form_put_optional(d, "prefix", it->prefix);
  put_source(w, d, it);
  doc_put_bool(d, "leaf2", leaf2);
  doc_put_bool(d, "leaf_note", leaf2 && !w->leaf2_told);
  w->leaf2_told |= leaf2;
  if (any)
    view_level(w, it->child, answers);
  else
    doc_put_bool(view_block(w, "empty"), "partial", w->partial);
  (void)view_block(w, "section_end");
}

static void view_level(struct viewing *w, const struct form_item *first, const struct doc *answers)
{
  for (const struct form_item *it = first; it; it = it->next) {
    bool beside = it->worst_of && form_veil_item(w->veil, it->worst_of);
    if (!form_veil_item(w->veil, it) || it->type == FORM_DISPLAY || beside)
      continue;
    if (it->type == FORM_GROUP && !it->repeats)
      view_section(w, it, answers);
    else if (it->type == FORM_GROUP)
      view_table(w, it, doc_get_key(answers, it->link));
    else
      view_item(w, it, answers);
  }
}

struct doc *form_render_view(const struct form_context *c, const struct form *f, const struct doc *answers)
{
  struct doc *root = doc_map(c->arena);
  struct form_masked m = form_mask_answers(c, f, answers);
  struct form_veil veil;
  form_veil_make(c, f, &veil);
  doc_put_str(root, "title", form_title(f, c->lang));
  doc_put_str(root, "version", f->version);
  form_put_optional(root, "note", m.note);
  struct viewing w = {.c = c, .veil = &veil, .blocks = doc_put_list(root, "blocks"), .partial = m.note.n > 0};
  view_level(&w, f->first, m.answers);
  if (w.in_list)
    (void)put_block(&w, "list_end");
  return root;
}
