/* form_mask.c: what a reader may not see is not there. First it is settled for every item of the form, without looking at any
 * answer; then the answers are copied, item by item, and what is not seen is never touched. */
#include "form/form_internal.h"

static bool bind_hidden(const struct form_mask *m, struct str bind)
{
  for (const char *const *b = m->hide_binds; bind.n && b && *b; b++) {
    struct str hidden = str_from(*b);
    if (str_starts(bind, hidden) && (bind.n == hidden.n || bind.p[hidden.n] == '.'))
      return true;
  }
  return false;
}

static bool marks_allow(const struct form_mask *m, unsigned marks)
{
  return (marks & m->hide_marks) == 0 && (m->only_marks == 0 || (marks & m->only_marks) != 0);
}

/* Withheld for what it says about a person, as against where it may be shown. */
static bool content_allows(const struct form_mask *m, const struct form_item *it, uint32_t category)
{
  bool source_hidden = (m->hide_sources & (1u << it->source)) != 0 && it->source != FORM_SOURCE_NONE;
  return (category == 0 || (category & m->categories) != 0) && !source_hidden && !bind_hidden(m, it->bind);
}

static bool option_allowed(const struct form_mask *m, const struct form_item *it, const struct form_option *o)
{
  /* the marks of a ◎ item itself count for its borrowed options as well */
  return marks_allow(m, o->marks | it->marks) && content_allows(m, it, o->category);
}

bool form_veil_option(const struct form_veil *v, const struct form_item *it, const struct form_option *o)
{
  return option_allowed(v->mask, it, o);
}

/* An item by itself, without its conditions. */
static bool leaf_seen(struct form_veil *v, const struct form_item *it)
{
  const struct form_mask *m = v->mask;
  bool content = content_allows(m, it, it->category), any = false;
  for (size_t i = 0; i < it->option_count; i++) {
    any |= option_allowed(m, it, &it->options[i]);
    v->withheld |= !content_allows(m, it, it->options[i].category);
  }
  if (it->type == FORM_CHOICE)
    return any;
  v->withheld |= !content;
  return content && marks_allow(m, it->marks);
}

static bool has_hidden_option(const struct form_veil *v, const struct form_item *it)
{
  for (size_t i = 0; i < it->option_count; i++) {
    if (!option_allowed(v->mask, it, &it->options[i]))
      return true;
  }
  return false;
}

/* Could its being switched on tell something that is withheld? */
static bool when_tells(const struct form_veil *v, const struct form_when *w)
{
  if (!v->seen[w->on->index])
    return true;
  if (!form_is_choice(w->on) || !has_hidden_option(v, w->on))
    return false;
  const struct form_option *o = form_option_find(w->on, doc_string(w->value));
  return w->op != FORM_EQ || !o || !option_allowed(v->mask, w->on, o);
}

static bool conditions_tell(const struct form_veil *v, const struct form_item *it)
{
  for (; it; it = it->parent) {
    for (size_t k = 0; k < it->when_count; k++) {
      if (when_tells(v, &it->when[k]))
        return true;
    }
  }
  return false;
}

static bool anything_left(const struct form_veil *v, const struct form_item *group)
{
  for (const struct form_item *child = group->child; child; child = child->next) {
    bool counts = child->type != FORM_DISPLAY || child->category != 0 || v->mask->only_marks != 0;
    if (v->seen[child->index] && counts)
      return true;
  }
  return false;
}

/* Until nothing changes: items whose conditions tell, then groups in which nothing is left. */
static bool veil_pass(struct form_veil *v)
{
  bool changed = false;
  for (size_t i = v->f->count; i-- > 0;) {
    const struct form_item *it = &v->f->items[i];
    if (!v->seen[i] || (!conditions_tell(v, it) && (it->type != FORM_GROUP || anything_left(v, it))))
      continue;
    v->seen[i] = false;
    changed = true;
  }
  return changed;
}

static bool whole(const struct form_veil *v, const struct form_item *it)
{
  if (!v->seen[it->index] && it->type != FORM_DISPLAY)
    return false;
  if (has_hidden_option(v, it))
    return false;
  for (const struct form_item *child = it->child; child; child = child->next) {
    if (!whole(v, child))
      return false;
  }
  return true;
}

static bool in_list(const char *const *list, struct str link)
{
  for (; list && *list; list++) {
    if (str_is(link, *list))
      return true;
  }
  return false;
}

bool form_fixed(const struct form_context *c, const struct form_item *it)
{
  return it->read_only || in_list(c->fixed, it->link);
}

/* Groups that the caller has left out, with all that is in them. */
static bool left_out(const struct form_context *c, const struct form_item *it)
{
  while (it->parent)
    it = it->parent;
  return in_list(c->skip, it->link) || (c->only && !in_list(c->only, it->link));
}

void form_veil_make(const struct form_context *c, const struct form *f, struct form_veil *v)
{
  *v = (struct form_veil){.f = f, .mask = &c->mask};
  bool *seen = arena_array(c->arena, f->count, sizeof(*seen)), *all = arena_array(c->arena, f->count, sizeof(*all));
  if (!seen || !all)
    return; /* form_veil_item says no to everything then */
  v->seen = seen;
  for (size_t i = 0; i < f->count; i++)
    seen[i] = !left_out(c, &f->items[i]) && (f->items[i].type == FORM_GROUP || leaf_seen(v, &f->items[i]));
  while (veil_pass(v))
    continue;
  for (size_t i = 0; i < f->count; i++) {
    if (f->items[i].type == FORM_GROUP && f->items[i].repeats)
      all[i] = whole(v, &f->items[i]);
  }
  v->whole = all;
}

bool form_veil_item(const struct form_veil *v, const struct form_item *it)
{
  return v->seen && v->seen[it->index];
}

bool form_item_visible(const struct form_context *c, const struct form *f, const struct form_item *it)
{
  struct form_veil v;
  form_veil_make(c, f, &v);
  return form_veil_item(&v, it);
}

/* --- answers --- */

struct doc *form_veil_value(const struct form_context *c, const struct form_veil *v, const struct form_item *it,
                            const struct doc *value)
{
  if (!value || !form_veil_item(v, it))
    return NULL;
  if (!form_is_choice(it))
    return (struct doc *)value;
  struct doc *left = doc_list(c->arena);
  for (size_t i = 0; i < form_value_count(value); i++) {
    struct doc *one = (struct doc *)form_value_at(value, i);
    const struct form_option *o = form_option_find(it, doc_string(one));
    bool free_text = it->type == FORM_OPEN_CHOICE && doc_kind(one) == DOC_MAP;
    if (free_text || (o && option_allowed(v->mask, it, o)))
      doc_add(left, one);
  }
  if (doc_size(left) == 0)
    return NULL;
  return doc_kind(value) == DOC_LIST ? left : doc_at(left, 0);
}

static void veil_items(const struct form_context *c, const struct form_veil *v, const struct form_item *first,
                       const struct doc *from, struct doc *to);

static struct doc *veil_rows(const struct form_context *c, const struct form_veil *v, const struct form_item *group,
                             const struct doc *from)
{
  struct doc *rows = doc_list(c->arena);
  for (size_t i = 0; i < doc_size(from); i++) {
    struct doc *row = doc_map(c->arena);
    veil_items(c, v, group->child, doc_at(from, i), row);
    if (doc_size(row) > 0) /* an empty one would say that there is something else in it */
      doc_add(rows, row);
  }
  return doc_size(rows) > 0 ? rows : NULL;
}

static void veil_items(const struct form_context *c, const struct form_veil *v, const struct form_item *first,
                       const struct doc *from, struct doc *to)
{
  for (const struct form_item *it = first; it; it = it->next) {
    if (!form_veil_item(v, it) || it->type == FORM_DISPLAY)
      continue;
    if (it->type == FORM_GROUP && !it->repeats) {
      veil_items(c, v, it->child, from, to);
      continue;
    }
    const struct doc *value = doc_get_key(from, it->link);
    struct doc *left = it->type == FORM_GROUP && value ? veil_rows(c, v, it, value) : form_veil_value(c, v, it, value);
    if (left)
      doc_put_key(to, it->link, left);
  }
}

struct str form_veil_note(const struct form_context *c, const struct form_veil *v)
{
  if (c->mask.quiet || !v->withheld)
    return STR_NONE;
  return tr(c->lang, TR("あなたに見える範囲だけを示しています。"));
}

struct form_masked form_mask_answers(const struct form_context *c, const struct form *f, const struct doc *answers)
{
  struct form_veil v;
  form_veil_make(c, f, &v);
  struct form_masked m = {doc_map(c->arena), form_veil_note(c, &v)};
  veil_items(c, &v, f->first, answers, m.answers);
  return m;
}
