/* form_relations.c: what items say about each other: linkIds are single, ◎ points at its list, conditions point at what can be
 * answered in the same row or further out, and never in a circle. */
#include "form/form_internal.h"

static struct form_item *own_item(struct form *f, struct str link)
{
  const struct form_item *it = form_item_find(f, link);
  return it ? &f->items[it->index] : NULL;
}

/* --- ◎ --- */

static enum code relate_worst(struct form *f, struct form_item *it, const struct doc *d, struct err *e)
{
  const struct doc *x = form_own_extension(d, "worst-of");
  if (!x) {
    if (form_is_choice(it) && it->option_count == 0)
      return form_bad(e, it->link, TR("選択の項目に選択肢がありません。"));
    return OK;
  }
  struct form_item *of = own_item(f, doc_get_str(x, "valueString"));
  if (!of || of->type != FORM_CHOICE || !of->repeats || of->worst || of->row_of != it->row_of || of->index == it->index)
    return form_bad(e, it->link, TR("◎ を付ける項目には、「いくつでも」選べる選択の項目の名前を一つ書いてください。"));
  if (it->type != FORM_CHOICE || it->option_count > 0 || it->category != of->category)
    return form_bad(e, it->link,
                    TR("◎ の項目は、種類を選択にして、選択肢を書かず、元の項目と同じ情報の区分にしてください。"));
  it->options = of->options;
  it->option_count = of->option_count;
  it->worst_of = of;
  of->worst = it;
  return OK;
}

/* --- conditions --- */

static const char *const op_names[] = {"exists", "=", "!=", ">", "<", ">=", "<="};

static bool read_op(struct str name, enum form_op *ret)
{
  for (unsigned i = 0; i < sizeof(op_names) / sizeof(op_names[0]); i++) {
    if (str_is(name, op_names[i])) {
      *ret = (enum form_op)i;
      return true;
    }
  }
  return false;
}

static bool is_ordered(enum form_type t)
{
  return t == FORM_INTEGER || t == FORM_DECIMAL || t == FORM_DATE || t == FORM_DATETIME || t == FORM_TIME;
}

/* The question's row must be the item's own row or one around it. */
static bool in_reach(const struct form_item *it, const struct form_item *question)
{
  for (const struct form_item *row = it->row_of;; row = row->row_of) {
    if (question->row_of == row)
      return true;
    if (!row)
      return false;
  }
}

static bool is_inside(const struct form_item *it, const struct form_item *group)
{
  while (it && it != group)
    it = it->parent;
  return it != NULL;
}

static enum code relate_when(struct arena *a, struct form *f, struct form_item *it, const struct doc *d,
                             struct form_when *w, struct err *e)
{
  w->on = form_item_find(f, doc_get_str(d, "question"));
  if (!w->on || w->on->type == FORM_GROUP || w->on->type == FORM_DISPLAY || !in_reach(it, w->on) ||
      is_inside(w->on, it))
    return form_bad(e, it->link, TR("条件(enableWhen)には、同じ行か外側にある、答えのある項目を書いてください。"));
  if (!read_op(doc_get_str(d, "operator"), &w->op))
    return form_bad(e, it->link, TR("条件(enableWhen)の記号は exists = != > < >= <= のどれかです。"));
  if (w->op == FORM_EXISTS) {
    w->value = doc_get(d, "answerBoolean");
    return doc_kind(w->value) == DOC_BOOL
               ? OK
               : form_bad(e, it->link,
                          TR("条件(enableWhen)の exists のあとには「はい」か「いいえ」を書いてください。"));
  }
  if (w->op >= FORM_GT && !is_ordered(w->on->type))
    return form_bad(e, it->link, TR("大小をくらべられるのは、数・日付・時刻の項目だけです。"));
  w->value = form_fhir_definition_value(a, f, w->on, d, "answer");
  if (!w->value)
    return form_bad(e, it->link, TR("条件(enableWhen)の答えが、もとの項目の種類や選択肢に合いません。"));
  return OK;
}

static enum code relate_whens(struct arena *a, struct form *f, struct form_item *it, const struct doc *d, struct err *e)
{
  const struct doc *list = doc_get(d, "enableWhen");
  struct str behavior = doc_get_str(d, "enableBehavior");
  if (doc_size(list) > FORM_WHENS)
    return form_bad(e, it->link, TR("条件(enableWhen)は、一つの項目に 8 までです。"));
  it->when_any = str_is(behavior, "any");
  if (doc_size(list) > 1 && !it->when_any && !str_is(behavior, "all"))
    return form_bad(e, it->link,
                    TR("条件(enableWhen)が二つ以上のときは、「すべて」か「どれか一つ」か(enableBehavior: "
                       "all・any)を書いてください。"));
  struct form_when *when = arena_array(a, doc_size(list), sizeof(*when));
  if (!when)
    return err_oom(e);
  for (size_t i = 0; i < doc_size(list); i++) {
    enum code c = relate_when(a, f, it, doc_at(list, i), &when[i], e);
    if (c != OK)
      return c;
  }
  it->when = when;
  it->when_count = doc_size(list);
  return OK;
}

/* Evaluating walks conditions, and those of the items they rest on; a circle never ends and so runs out of budget too. */
static bool affordable(const struct form_item *it, int *budget)
{
  if (--*budget < 0)
    return false;
  for (const struct form_item *at = it; at; at = at->parent) {
    for (size_t i = 0; i < at->when_count; i++) {
      if (!affordable(at->when[i].on, budget))
        return false;
    }
  }
  return true;
}

/* --- initial --- */

static enum code relate_initial(struct arena *a, struct form *f, struct form_item *it, const struct doc *d,
                                struct err *e)
{
  const struct doc *list = doc_get(d, "initial");
  if (doc_size(list) == 0)
    return OK;
  bool many = it->repeats;
  if (it->type == FORM_GROUP || it->type == FORM_DISPLAY || (doc_size(list) > 1 && !many))
    return form_bad(e, it->link, TR("initial の数が項目に合いません。"));
  struct doc *all = doc_list(a);
  for (size_t i = 0; i < doc_size(list); i++) {
    struct doc *v = form_fhir_definition_value(a, f, it, doc_at(list, i), "value");
    if (!v)
      return form_bad(e, it->link, TR("initial の値が、項目の型や選択肢に合いません。"));
    doc_add(all, v);
  }
  it->initial = many ? all : doc_at(all, 0);
  return OK;
}

static enum code relate_one(struct arena *a, struct form *f, struct form_item *it, const struct doc *d, struct err *e)
{
  if (form_item_find(f, it->link) != it)
    return form_bad(e, it->link, TR("同じ名前の項目(linkId)が二つあります。"));
  enum code c = relate_whens(a, f, it, d, e);
  if (c == OK)
    c = relate_initial(a, f, it, d, e);
  if (c == OK && it->first_row.n && (it->type != FORM_GROUP || !it->repeats))
    c = form_bad(e, it->link, TR("first-row を付けられるのは、くり返す group だけです。"));
  if (c == OK && it->read_only && it->row_of && !it->row_of->read_only)
    c = form_bad(e, it->link, TR("くり返すまとまりの中の一部だけを、読むだけの項目にはできません。"));
  return c;
}

enum code form_relate(struct arena *a, struct form *f, const struct doc *const *sources, struct err *e)
{
  enum code c = f->items ? OK : err_oom(e);
  for (size_t i = 0; c == OK && i < f->count; i++)
    c = relate_worst(f, &f->items[i], sources[i], e);
  for (size_t i = 0; c == OK && i < f->count; i++)
    c = relate_one(a, f, &f->items[i], sources[i], e);
  for (size_t i = 0; c == OK && i < f->count; i++) {
    int budget = FORM_WHEN_WORK;
    if (!affordable(&f->items[i], &budget))
      c = form_bad(e, f->items[i].link, TR("条件(enableWhen)がつながりすぎているか、輪になっています。"));
  }
  return c;
}
