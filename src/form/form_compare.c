/* form_compare.c: what has changed between two versions of a form, in words: answers are kept with the version they were given on,
 * and who takes a new version into use reads this first. */
#include "form/form_internal.h"

struct comparing {
  const struct form_context *c;
  struct doc *changes; /* of the item being compared */
};

static void say(struct comparing *w, const char *id, struct str a1, struct str a2)
{
  doc_put_str(doc_add_map(w->changes), "text", tr_args(w->c->arena, w->c->lang, id, a1, a2, STR_NONE));
}

static void compare_text(struct comparing *w, const char *id, struct str older, struct str newer)
{
  struct str none = tr(w->c->lang, TR("なし"));
  if (!str_eq(older, newer))
    say(w, id, older.n ? older : none, newer.n ? newer : none);
}

static struct str category_text(const struct comparing *w, uint32_t category)
{
  return category ? tr(w->c->lang, form_category_label(__builtin_ctz(category))) : STR_NONE;
}

static void compare_flag(struct comparing *w, bool older, bool newer, const char *now, const char *no_more)
{
  if (older != newer)
    say(w, newer ? now : no_more, STR_NONE, STR_NONE);
}

static bool same_options(const struct form_item *a, const struct form_item *b)
{
  return a->options == b->options || (a->option_count == 0 && b->option_count == 0);
}

static void compare_option(struct comparing *w, const struct form_option *a, const struct form_option *b)
{
  struct str name = form_label_text(w->c, &b->label);
  if (!str_eq(a->label.ja, b->label.ja))
    say(w, TR("選択肢「%1」が「%2」になりました。"), form_label_text(w->c, &a->label), name);
  if (a->category != b->category)
    say(w, TR("選択肢「%1」の情報の区分が「%2」になりました。"), name, category_text(w, b->category));
  if (a->marks != b->marks)
    say(w, TR("選択肢「%1」の見せ方の印が変わりました。"), name, STR_NONE);
}

static void compare_options(struct comparing *w, const struct form_item *a, const struct form_item *b)
{
  if (same_options(a, b))
    return;
  for (size_t i = 0; i < a->option_count; i++) {
    const struct form_option *other = form_option_find(b, a->options[i].code);
    if (other)
      compare_option(w, &a->options[i], other);
    else
      say(w, TR("選択肢「%1」がなくなりました。"), form_label_text(w->c, &a->options[i].label), STR_NONE);
  }
  for (size_t i = 0; i < b->option_count; i++) {
    if (!form_option_find(a, b->options[i].code))
      say(w, TR("選択肢「%1」が増えました。"), form_label_text(w->c, &b->options[i].label), STR_NONE);
  }
}

static bool same_limit(bool has_a, double a, bool has_b, double b)
{
  return has_a == has_b && !(has_a && (a < b || a > b));
}

static void compare_limits(struct comparing *w, const struct form_item *a, const struct form_item *b)
{
  struct arena *m = w->c->arena;
  if (a->max_length != b->max_length)
    say(w, TR("文字数の上限が %1 から %2 になりました。"), form_number_text(m, a->max_length),
        form_number_text(m, b->max_length));
  if (a->min_rows != b->min_rows || a->max_rows != b->max_rows)
    say(w, TR("くり返しの数が変わりました。"), STR_NONE, STR_NONE);
  if (!same_limit(a->has_min, a->min, b->has_min, b->min) || !same_limit(a->has_max, a->max, b->has_max, b->max))
    say(w, TR("書ける数の範囲が変わりました。"), STR_NONE, STR_NONE);
}

static struct str parent_label(const struct comparing *w, const struct form_item *it)
{
  return it->parent ? form_item_label(w->c, it->parent) : STR_NONE;
}

static void compare_words(struct comparing *w, const struct form_item *a, const struct form_item *b)
{
  compare_text(w, TR("名前が「%1」から「%2」になりました。"), form_item_label(w->c, a), form_item_label(w->c, b));
  compare_text(w, TR("説明が「%1」から「%2」になりました。"), form_label_text(w->c, &a->hint),
               form_label_text(w->c, &b->hint));
  compare_text(w, TR("番号が「%1」から「%2」になりました。"), a->prefix, b->prefix);
  compare_text(w, TR("「%1」から「%2」に移りました。"), parent_label(w, a), parent_label(w, b));
  compare_text(w, TR("答える条件が「%1」から「%2」になりました。"), form_when_text(w->c, a), form_when_text(w->c, b));
  compare_text(w, TR("情報の区分が「%1」から「%2」になりました。"), category_text(w, a->category),
               category_text(w, b->category));
  compare_text(w, TR("情報源が「%1」から「%2」になりました。"), tr(w->c->lang, form_source_label(a->source)),
               tr(w->c->lang, form_source_label(b->source)));
  compare_text(w, TR("記録との対応が「%1」から「%2」になりました。"), a->bind, b->bind);
}

static void compare_item(struct comparing *w, const struct form_item *a, const struct form_item *b)
{
  compare_words(w, a, b);
  if (a->type != b->type)
    say(w, TR("答えの型が変わりました。前の版の答えは、前の版のまま残ります。"), STR_NONE, STR_NONE);
  compare_flag(w, a->required, b->required, TR("必須になりました。"), TR("必須ではなくなりました。"));
  compare_flag(w, a->repeats, b->repeats, TR("いくつも答えられるようになりました。"), TR("答えは一つになりました。"));
  compare_flag(w, a->read_only, b->read_only, TR("書きかえられなくなりました。"),
               TR("書きかえられるようになりました。"));
  compare_flag(w, a->partial, b->partial, TR("日付がわからなくてもよくなりました。"),
               TR("日付をすべて書くことになりました。"));
  if (a->marks != b->marks)
    say(w, TR("見せ方の印(訪問・別室・別紙)が変わりました。"), STR_NONE, STR_NONE);
  compare_limits(w, a, b);
  compare_options(w, a, b);
}

static struct doc *new_entry(struct comparing *w, const struct form_item *it)
{
  struct doc *d = doc_map(w->c->arena);
  doc_put_str(d, "link", it->link);
  doc_put_str(d, "label", form_item_label(w->c, it));
  return d;
}

struct doc *form_compare(const struct form_context *c, const struct form *older, const struct form *newer)
{
  struct doc *root = doc_map(c->arena);
  struct doc *added = doc_list(c->arena), *removed = doc_list(c->arena), *changed = doc_list(c->arena);
  struct comparing w = {.c = c};
  for (size_t i = 0; i < older->count; i++) {
    if (!form_item_find(newer, older->items[i].link))
      doc_add(removed, new_entry(&w, &older->items[i]));
  }
  for (size_t i = 0; i < newer->count; i++) {
    const struct form_item *before = form_item_find(older, newer->items[i].link);
    struct doc *entry = new_entry(&w, &newer->items[i]);
    w.changes = doc_list(c->arena);
    if (before)
      compare_item(&w, before, &newer->items[i]);
    else
      doc_add(added, entry);
    if (doc_size(w.changes) > 0) {
      doc_put(entry, "changes", w.changes);
      doc_add(changed, entry);
    }
  }
  doc_put_bool(root, "same", doc_size(added) + doc_size(removed) + doc_size(changed) == 0);
  doc_put(root, "added", added);
  doc_put(root, "removed", removed);
  doc_put(root, "changed", changed);
  return root;
}
