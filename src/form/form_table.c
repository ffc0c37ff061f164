/* form_table.c: answers as one line of a table. Columns and cells are one walk, so that they cannot part. */
#include "form/form_internal.h"

struct table {
  const struct form_context *c;
  const struct form_veil *veil;
  struct doc *columns, *cells; /* one of them is NULL */
  int rows;
};

static void put(struct table *t, struct str key, struct str label, struct str text)
{
  if (t->cells) {
    doc_add_str(t->cells, text);
    return;
  }
  struct doc *column = doc_add_map(t->columns);
  doc_put_str(column, "key", key);
  doc_put_str(column, "label", label);
}

static struct str joined(struct table *t, const char *between, struct str a, struct str b)
{
  struct buf out;
  buf_init(&out, t->c->arena, LIMIT_PAGE);
  buf_add(&out, a);
  buf_add_cstr(&out, a.n ? between : "");
  buf_add(&out, b);
  return buf_str(&out);
}

static void put_options(struct table *t, const struct form_item *it, struct str key, struct str label,
                        const struct doc *value)
{
  for (size_t i = 0; i < it->option_count; i++) {
    const struct form_option *o = &it->options[i];
    if (form_veil_option(t->veil, it, o))
      put(t, joined(t, ":", key, o->code), joined(t, ": ", label, form_label_text(t->c, &o->label)),
          form_value_has(value, o->code) ? S("1") : STR_NONE);
  }
  if (it->type != FORM_OPEN_CHOICE)
    return;
  struct str text = STR_NONE;
  for (size_t i = 0; i < form_value_count(value); i++) {
    const struct doc *one = form_value_at(value, i);
    if (doc_kind(one) == DOC_MAP)
      text = joined(t, "、", text, doc_get_str(one, "text"));
  }
  put(t, joined(t, ":", key, S("text")), joined(t, ": ", label, tr(t->c->lang, TR("その他"))), text);
}

static struct str plain_text(struct table *t, const struct form_item *it, const struct doc *value)
{
  bool words = form_is_choice(it) || it->type == FORM_BOOLEAN || it->repeats;
  return words ? form_value_text(t->c, it, value) : form_raw_text(t->c->arena, value);
}

static void walk(struct table *t, const struct form_item *first, const struct doc *answers, struct str key,
                 struct str label)
{
  for (const struct form_item *it = first; it; it = it->next) {
    if (!form_veil_item(t->veil, it) || it->type == FORM_DISPLAY)
      continue;
    const struct doc *value = doc_get_key(answers, it->link);
    struct str its_key = joined(t, ".", key, it->link), its_label = joined(t, " ", label, form_item_label(t->c, it));
    if (it->type == FORM_GROUP && !it->repeats) {
      walk(t, it->child, answers, key, label);
    } else if (it->type == FORM_GROUP) {
      for (int i = 0; i < t->rows; i++) {
        struct str n = form_number_text(t->c->arena, i + 1);
        walk(t, it->child, doc_at(value, (size_t)i), joined(t, ".", its_key, n), joined(t, " ", its_label, n));
      }
    } else if (form_is_choice(it) && it->repeats) {
      put_options(t, it, its_key, its_label, value);
    } else {
      put(t, its_key, its_label, plain_text(t, it, value));
    }
  }
}

struct doc *form_columns(const struct form_context *c, const struct form *f, int rows)
{
  struct form_veil veil;
  form_veil_make(c, f, &veil);
  struct table t = {.c = c, .veil = &veil, .columns = doc_list(c->arena), .rows = rows};
  walk(&t, f->first, NULL, STR_NONE, STR_NONE);
  return t.columns;
}

struct doc *form_cells(const struct form_context *c, const struct form *f, const struct doc *answers, int rows)
{
  struct form_veil veil;
  struct form_masked m = form_mask_answers(c, f, answers);
  form_veil_make(c, f, &veil);
  struct table t = {.c = c, .veil = &veil, .cells = doc_list(c->arena), .rows = rows};
  walk(&t, f->first, m.answers, STR_NONE, STR_NONE);
  return t.cells;
}
