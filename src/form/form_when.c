/* form_when.c: conditions (enableWhen): evaluated, and told in words. */
#include "form/form_internal.h"

/* --- evaluation --- */

static const struct form_frame *frame_of(const struct form_item *question, const struct form_frame *frame)
{
  while (frame && frame->group != question->row_of)
    frame = frame->up;
  return frame;
}

static int sign(double n)
{
  return (n > 0) - (n < 0);
}

/* Both canonical. *ret_known is false where the two cannot be put in order (a date that is not known). */
static int compare(const struct form_item *it, const struct doc *a, const struct doc *b, bool *ret_known)
{
  struct date x, y;
  *ret_known = true;
  switch (it->type) {
  case FORM_INTEGER:
  case FORM_DECIMAL:
    return sign(doc_number(a) - doc_number(b));
  case FORM_DATE:
    *ret_known = date_parse_iso(doc_string(a), &x) && date_parse_iso(doc_string(b), &y);
    return *ret_known ? date_compare(x, y) : 0;
  default:
    *ret_known = !str_is(doc_string(a), "unknown") && !str_is(doc_string(b), "unknown");
    return str_compare(doc_string(a), doc_string(b)); /* times and date-times sort as text */
  }
}

static bool holds_for(const struct form_when *w, const struct doc *answer)
{
  bool known;
  if (w->op == FORM_EQ || w->op == FORM_NE)
    return doc_equal(answer, w->value);
  int order = compare(w->on, answer, w->value, &known);
  if (!known)
    return false;
  switch (w->op) {
  case FORM_GT:
    return order > 0;
  case FORM_LT:
    return order < 0;
  case FORM_GE:
    return order >= 0;
  default:
    return order <= 0;
  }
}

/* FHIR R4: with several answers one that fits is enough, and != means that none is equal. */
static bool when_holds(const struct form_when *w, const struct form_frame *frame)
{
  const struct form_frame *at = frame_of(w->on, frame);
  const struct doc *value = at && form_enabled(w->on, at) ? doc_get_key(at->map, w->on->link) : NULL;
  bool any = false;
  if (w->op == FORM_EXISTS)
    return (form_value_count(value) > 0) == doc_truth(w->value);
  for (size_t i = 0; i < form_value_count(value); i++)
    any |= holds_for(w, form_value_at(value, i));
  return w->op == FORM_NE ? !any : any;
}

static bool own_enabled(const struct form_item *it, const struct form_frame *frame)
{
  size_t holding = 0;
  for (size_t i = 0; i < it->when_count; i++)
    holding += when_holds(&it->when[i], frame);
  if (it->when_count == 0)
    return true;
  return it->when_any ? holding > 0 : holding == it->when_count;
}

bool form_enabled(const struct form_item *it, const struct form_frame *frame)
{
  for (const struct form_item *at = it; at; at = at->parent) {
    if (!own_enabled(at, frame))
      return false;
  }
  return true;
}

/* --- words --- */

static struct str when_words(const struct form_context *c, const struct form_when *w)
{
  struct str label = form_item_label(c, w->on), value = form_value_text(c, w->on, w->value);
  const char *id = NULL;
  switch (w->op) {
  case FORM_EXISTS:
    id = doc_truth(w->value) ? TR("「%1」に答えたとき") : TR("「%1」に答えていないとき");
    break;
  case FORM_EQ:
    id = TR("「%1」が「%2」のとき");
    break;
  case FORM_NE:
    id = TR("「%1」が「%2」でないとき");
    break;
  case FORM_GT:
    id = TR("「%1」が%2より大きいとき");
    break;
  case FORM_LT:
    id = TR("「%1」が%2より小さいとき");
    break;
  case FORM_GE:
    id = TR("「%1」が%2以上のとき");
    break;
  case FORM_LE:
    id = TR("「%1」が%2以下のとき");
    break;
  }
  return tr_args(c->arena, c->lang, id, label, value, STR_NONE);
}

struct str form_when_text(const struct form_context *c, const struct form_item *it)
{
  struct buf b;
  buf_init(&b, c->arena, LIMIT_PAGE);
  for (size_t i = 0; i < it->when_count; i++) {
    if (i > 0)
      buf_add(&b, it->when_any ? tr(c->lang, TR("、または")) : tr(c->lang, TR("、かつ")));
    buf_add(&b, when_words(c, &it->when[i]));
  }
  return buf_str(&b);
}

static struct str question_name(const struct form_context *c, const struct form_item *it,
                                const struct form_item *question, struct str path)
{
  /* path is that of the item's own row: cut two names for every repeating group between */
  for (const struct form_item *row = it->row_of; row && row != question->row_of; row = row->row_of) {
    for (int cut = 0; cut < 2; cut++) {
      while (path.n > 0 && path.p[path.n - 1] != '.')
        path.n--;
      path.n -= path.n > 0;
    }
  }
  return form_path(c, path, question->link);
}

/* For the script that hides what is switched off: {"any":false,"on":[{"name":"answer.sex","op":"=","value":"1"}]}. */
struct doc *form_when_doc(const struct form_context *c, const struct form_item *it, struct str path)
{
  static const char *const ops[] = {"exists", "=", "!=", ">", "<", ">=", "<="};
  struct doc *d = doc_map(c->arena);
  doc_put_bool(d, "any", it->when_any);
  struct doc *on = doc_put_list(d, "on");
  for (size_t i = 0; i < it->when_count; i++) {
    const struct form_when *w = &it->when[i];
    struct doc *one = doc_add_map(on);
    doc_put_str(one, "name", question_name(c, it, w->on, path));
    doc_put_cstr(one, "op", ops[w->op]);
    doc_put(one, "value", (struct doc *)w->value);
  }
  return d;
}
