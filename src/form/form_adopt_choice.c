/* form_adopt_choice.c: of a Questionnaire made elsewhere: what may be chosen, and what is asked only after something was chosen. */
#include "form/form_adopt.h"

bool adopt_is_choice(const struct doc *item)
{
  struct str type = doc_get_str(item, "type");
  return str_is(type, "choice") || str_is(type, "open-choice") || str_is(type, "coding");
}

/* ---- options ------------------------------------------------------------------------------------------------------------------------ */

/* Codings as {code, display}: a value set's concepts, and those within them. */
static void take_concepts(const struct doc *list, int depth, struct doc *all)
{
  for (size_t i = 0; i < doc_size(list) && doc_size(all) <= FORM_OPTIONS; i++) {
    const struct doc *c = doc_at(list, i);
    if (doc_get_str(c, "code").n && !doc_get_bool(c, "abstract"))
      doc_add(all, (struct doc *)c);
    if (depth < FORM_DEPTH)
      take_concepts(doc_get(c, "contains"), depth + 1, all);
  }
}

/* The value set that came along: by its place in the Questionnaire ("#id") or by its address. */
static const struct doc *value_set(const struct adopting *w, struct str wanted)
{
  const struct doc *list = doc_get(w->questionnaire, "contained");
  bool local = wanted.n > 1 && wanted.p[0] == '#';
  for (size_t i = 0; i < doc_size(list); i++) {
    const struct doc *set = doc_at(list, i);
    if (str_is(doc_get_str(set, "resourceType"), "ValueSet") &&
        (local ? str_eq(doc_get_str(set, "id"), str_sub(wanted, 1, wanted.n - 1))
               : wanted.n && str_eq(doc_get_str(set, "url"), wanted)))
      return set;
  }
  return NULL;
}

/* What may be chosen, as it came: codings, and plain values as {display}. */
static struct doc *choices(const struct adopting *w, const struct doc *item)
{
  const struct doc *list = doc_get(item, "answerOption"), *set = value_set(w, doc_get_str(item, "answerValueSet"));
  const struct doc *include = doc_get(doc_get(set, "compose"), "include");
  struct doc *all = doc_list(w->a);
  for (size_t i = 0; i < doc_size(list) && doc_size(all) <= FORM_OPTIONS; i++) {
    const struct doc *o = doc_at(list, i);
    if (doc_get(o, "valueCoding")) {
      doc_add(all, doc_get(o, "valueCoding"));
      continue;
    }
    struct str text = doc_get_str(o, "valueString");
    if (!text.n)
      text = doc_get(o, "valueDate") ? doc_get_str(o, "valueDate")
                                     : str_printf(w->a, "%lld", (long long)doc_get_int(o, "valueInteger"));
    doc_put_str(doc_add_map(all), "display", text);
  }
  take_concepts(doc_get(doc_get(set, "expansion"), "contains"), 0, all);
  for (size_t i = 0; i < doc_size(include) && !doc_size(doc_get(doc_get(set, "expansion"), "contains")); i++)
    take_concepts(doc_get(doc_at(include, i), "concept"), FORM_DEPTH, all);
  return all;
}

struct doc *adopt_options(struct adopting *w, const struct doc *item)
{
  struct doc *from = choices(w, item), *list = doc_list(w->a);
  for (size_t i = 0; i < doc_size(from) && doc_size(from) <= FORM_OPTIONS; i++) {
    struct doc *coding = doc_put_map(doc_add_map(list), "valueCoding");
    struct str display = doc_get_str(doc_at(from, i), "display");
    doc_put_str(coding, "code", str_printf(w->a, "o%zu", i + 1));
    doc_put_str(coding, "display", display.n ? display : doc_get_str(doc_at(from, i), "code"));
  }
  return list;
}

/* ---- conditions --------------------------------------------------------------------------------------------------------------------- */

/* The option that an answer names, by its code or its words. */
static bool put_chosen(const struct adopting *w, const struct doc *asked, const struct doc *when, struct doc *to)
{
  const struct doc *coding = doc_get(when, "answerCoding");
  struct doc *from = choices(w, asked);
  struct str code = doc_get_str(coding, "code"), text = doc_get_str(when, "answerString");
  for (size_t i = 0; i < doc_size(from) && doc_size(from) <= FORM_OPTIONS; i++) {
    const struct doc *o = doc_at(from, i);
    if ((code.n && str_eq(doc_get_str(o, "code"), code)) || (text.n && str_eq(doc_get_str(o, "display"), text))) {
      doc_put_str(doc_put_map(to, "answerCoding"), "code", str_printf(w->a, "o%zu", i + 1));
      return true;
    }
  }
  return false;
}

static bool put_answer(const struct adopting *w, const struct doc *asked, const struct doc *when, struct doc *to)
{
  static const char *const plain[] = {"answerBoolean",  "answerDecimal", "answerInteger", "answerDate",
                                      "answerDateTime", "answerTime",    "answerString",  NULL};
  if (adopt_is_choice(asked) && !str_is(doc_get_str(when, "operator"), "exists"))
    return put_chosen(w, asked, when, to);
  for (size_t i = 0; plain[i]; i++)
    if (doc_get(when, plain[i])) {
      doc_put(to, plain[i], doc_get(when, plain[i]));
      return true;
    }
  return false;
}

bool adopt_conditions(struct adopting *w, const struct doc *from, struct doc *item)
{
  const struct doc *whens = doc_get(from, "enableWhen");
  struct doc *list = doc_list(w->a);
  struct str behaviour = doc_get_str(from, "enableBehavior");
  if (!doc_size(whens))
    return true;
  bool said = !w->bare && doc_size(whens) <= FORM_WHENS && (doc_size(whens) == 1 || behaviour.n);
  for (size_t i = 0; said && i < doc_size(whens); i++) {
    const struct doc *when = doc_at(whens, i), *asked = doc_get_key(w->asked, doc_get_str(when, "question"));
    struct doc *to = doc_add_map(list);
    doc_put_str(to, "question", adopt_link(w, doc_get_str(when, "question")));
    doc_put_str(to, "operator", doc_get_str(when, "operator"));
    said = asked && put_answer(w, asked, when, to);
  }
  if (!said)
    return false;
  w->conditions = true;
  doc_put(item, "enableWhen", list);
  if (behaviour.n)
    doc_put_str(item, "enableBehavior", behaviour);
  return true;
}
