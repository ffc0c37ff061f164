/* form_differ.c: two sets of answers to one form, side by side: for two who wrote at once. */
#include "form/form_internal.h"

struct differ {
  const struct form_context *c;
  const struct form_veil *veil;
  struct doc *list;
};

static struct str row_text(const struct differ *d, const struct form_item *group, const struct doc *row)
{
  struct buf b;
  buf_init(&b, d->c->arena, LIMIT_BODY);
  for (const struct form_item *it = group->child; it; it = it->next) {
    struct str text = form_veil_item(d->veil, it) ? form_value_text(d->c, it, doc_get_key(row, it->link)) : STR_NONE;
    if (text.n && b.n)
      buf_add_cstr(&b, " / ");
    buf_add(&b, text);
  }
  return buf_str(&b);
}

static struct str text_of(const struct differ *d, const struct form_item *it, const struct doc *value)
{
  struct buf b;
  if (it->type != FORM_GROUP)
    return form_value_text(d->c, it, value);
  buf_init(&b, d->c->arena, LIMIT_BODY);
  for (size_t i = 0; i < doc_size(value); i++) {
    if (b.n)
      buf_add_c(&b, '\n');
    buf_add(&b, row_text(d, it, doc_at(value, i)));
  }
  return buf_str(&b);
}

/* 「生活：状況」: the same question stands in several parts of a form. */
static struct str whole_label(const struct differ *d, const struct form_item *it)
{
  struct str label = form_item_label(d->c, it);
  return it->parent ? str_printf(d->c->arena, "%.*s：%.*s", STR_FMT(form_item_label(d->c, it->parent)), STR_FMT(label))
                    : label;
}

static void differ_level(const struct differ *d, const struct form_item *first, const struct doc *theirs,
                         const struct doc *mine)
{
  for (const struct form_item *it = first; it; it = it->next) {
    if (!form_veil_item(d->veil, it) || it->type == FORM_DISPLAY)
      continue;
    if (it->type == FORM_GROUP && !it->repeats) {
      differ_level(d, it->child, theirs, mine);
      continue;
    }
    struct str a = text_of(d, it, doc_get_key(theirs, it->link)), b = text_of(d, it, doc_get_key(mine, it->link));
    if (str_eq(a, b))
      continue;
    struct doc *line = doc_add_map(d->list);
    doc_put_str(line, "label", whole_label(d, it));
    doc_put_str(line, "theirs", a);
    doc_put_str(line, "mine", b);
  }
}

struct doc *form_differ(const struct form_context *c, const struct form *f, const struct doc *theirs,
                        const struct doc *mine)
{
  struct form_veil veil;
  form_veil_make(c, f, &veil);
  struct differ d = {c, &veil, doc_list(c->arena)};
  differ_level(&d, f->first, theirs, mine);
  return d.list;
}
