/* form_begin.c: what a form begins with, what it proposes to the records, and rows that come and go without script. */
#include "form/form_internal.h"

/* --- beginning --- */

static struct doc *first_value(const struct form_context *c, const struct form *f, const struct form_item *it,
                               const struct doc *binds)
{
  const struct doc *bound = it->bind.n ? doc_get_key(binds, it->bind) : NULL;
  if (!bound)
    bound = doc_get_key(binds, str_printf(c->arena, "item.%.*s", STR_FMT(it->link)));
  struct form_reader r = {.c = c, .f = f};
  struct form_place at = {form_prefix(c), STR_NONE};
  struct doc *v = bound ? form_value_read(&r, &at, it, bound) : NULL;
  if (!v)
    return (struct doc *)it->initial;
  if (!it->repeats)
    return v;
  struct doc *list = doc_list(c->arena);
  doc_add(list, v);
  return list;
}

/* Rows that the records have for this group: binds "rows.LINKID", each a map by linkId of what a column may hold. */
static const struct doc *known_rows(const struct form_context *c, const struct form_item *it, const struct doc *binds)
{
  return doc_get_key(binds, str_printf(c->arena, "rows.%.*s", STR_FMT(it->link)));
}

static void add_rows(const struct form_context *c, const struct form_item *it, const struct doc *known,
                     struct doc *rows)
{
  for (size_t i = 0; i < doc_size(known) && (int64_t)doc_size(rows) < it->max_rows; i++) {
    const struct doc *from = doc_at(known, i);
    struct doc *row = doc_map(c->arena);
    for (const struct form_item *column = it->child; column; column = column->next) {
      struct doc *value = doc_get_key(from, column->link);
      if (value)
        doc_put_key(row, column->link, value);
    }
    if (doc_size(row))
      doc_add(rows, row);
  }
}

static void begin_level(const struct form_context *c, const struct form *f, const struct form_item *first,
                        const struct doc *binds, struct doc *out)
{
  for (const struct form_item *it = first; it; it = it->next) {
    struct doc *value = NULL;
    const struct doc *known = it->type == FORM_GROUP && it->repeats ? known_rows(c, it, binds) : NULL;
    if (it->type == FORM_GROUP && !it->repeats) {
      begin_level(c, f, it->child, binds, out);
    } else if (it->type == FORM_GROUP && (it->first_row.n || it->required || it->min_rows > 0 || doc_size(known))) {
      value = doc_list(c->arena);
      if (it->first_row.n || !doc_size(known)) {
        struct doc *row = doc_map(c->arena);
        begin_level(c, f, it->child, it->first_row.n ? binds : NULL, row);
        doc_add(value, row);
      }
      add_rows(c, it, known, value);
    } else if (it->type != FORM_GROUP && it->type != FORM_DISPLAY) {
      value = first_value(c, f, it, binds);
    }
    if (value)
      doc_put_key(out, it->link, value);
  }
}

struct doc *form_begin(const struct form_context *c, const struct form *f, const struct doc *binds)
{
  struct doc *out = doc_map(c->arena);
  begin_level(c, f, f->first, binds, out);
  return out;
}

/* --- rows --- */

struct edit {
  const struct form_context *c;
  const struct form *f;
  const struct form_veil *veil;
  bool add;
  int64_t remove;
};

static struct doc *edit_rows(const struct edit *w, const struct form_item *it, const struct doc *raw)
{
  struct form_rows rows = form_rows_of(w->c->arena, raw);
  struct doc *out = doc_list(w->c->arena);
  for (size_t i = 0; i < rows.count; i++) {
    if (w->add || (int64_t)i != w->remove || (i == 0 && it->first_row.n))
      doc_add(out, (struct doc *)rows.row[i]);
  }
  if (!w->add || (int64_t)rows.count >= it->max_rows)
    return out;
  if (it->type == FORM_GROUP)
    doc_add_map(out);
  else
    doc_add_str(out, STR_NONE);
  return out;
}

static bool may_edit(const struct edit *w, const struct form_item *it)
{
  return it && it->repeats && !it->read_only && !form_is_choice(it) && form_veil_item(w->veil, it) &&
         (it->type != FORM_GROUP || w->veil->whole[it->index]);
}

/* path: "household", or "family.0.visits". A new map with the rows changed where the path ends, all else as it was. */
static struct doc *edit_map(const struct edit *w, const struct doc *raw, struct str path)
{
  struct str link, number;
  int64_t n = 0;
  struct doc *out = doc_map(w->c->arena);
  if (!str_split(&path, '.', &link))
    return NULL;
  const struct form_item *it = form_item_find(w->f, link);
  bool deeper = str_split(&path, '.', &number);
  if (!may_edit(w, it) || (deeper && (!str_to_i64(number, &n) || n < 0)))
    return NULL;
  for (size_t i = 0; i < doc_size(raw); i++) {
    struct str key = doc_key_at(raw, i);
    if (!str_eq(key, link) && !str_is(key, "_row"))
      doc_put_key(out, key, doc_value_at(raw, i));
  }
  struct doc *rows = deeper ? doc_list(w->c->arena) : edit_rows(w, it, doc_get_key(raw, link));
  struct form_rows old = form_rows_of(w->c->arena, doc_get_key(raw, link));
  for (size_t i = 0; deeper && i < old.count; i++) {
    struct doc *row = (int64_t)i == n ? edit_map(w, old.row[i], path) : (struct doc *)old.row[i];
    doc_add(rows, row ? row : (struct doc *)old.row[i]);
  }
  doc_put_key(out, link, rows);
  return out;
}

bool form_edit_rows(const struct form_context *c, const struct form *f, const struct doc *raw, struct doc **ret)
{
  struct str word = doc_get_str(raw, "_row"), verb, path, number = STR_NONE;
  struct form_veil veil;
  struct edit w = {.c = c, .f = f, .veil = &veil, .remove = -1};
  form_veil_make(c, f, &veil);
  if (!veil.whole || !str_split(&word, ':', &verb) || !str_split(&word, ':', &path))
    return false;
  w.add = str_is(verb, "add");
  if (!w.add && (!str_is(verb, "remove") || !str_split(&word, ':', &number) || !str_to_i64(number, &w.remove)))
    return false;
  struct doc *edited = edit_map(&w, raw, path);
  if (!edited)
    return false;
  *ret = edited;
  return true;
}
