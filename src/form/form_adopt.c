/* form_adopt.c: a Questionnaire made elsewhere, brought to what is served here: links that can be input names, a category for every answer, types
 * that there are. What was changed is said. */
#include "form/form_adopt.h"

/* A question is called by its words: its link is a number, most of the time. */
static void note(struct adopting *w, const char *sentence, const struct doc *item)
{
  struct str text = doc_get_str(item, "text");
  if (doc_size(w->notes) < FORM_PROBLEMS)
    doc_add_str(w->notes,
                tr_args(w->a, w->lang, sentence, text.n ? text : doc_get_str(item, "linkId"), STR_NONE, STR_NONE));
}

static bool link_ok(struct str s)
{
  for (size_t i = 0; i < s.n; i++)
    if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_", s.p[i]) || s.p[i] == '\0')
      return false;
  return s.n > 0 && s.n <= 40 && s.p[0] >= 'a' && s.p[0] <= 'z';
}

static void ask_all(struct adopting *w, const struct doc *list, int depth, size_t *n)
{
  for (size_t i = 0; i < doc_size(list) && depth <= FORM_DEPTH && *n <= FORM_ITEMS; i++) {
    struct str link = doc_get_str(doc_at(list, i), "linkId");
    (*n)++;
    if (link.n && !doc_get_key(w->asked, link))
      doc_put_key(w->asked, link, doc_at(list, i));
    ask_all(w, doc_get(doc_at(list, i), "item"), depth + 1, n);
  }
}

/* One that no item has: there "q1" may stand beside "1". */
static struct str free_link(const struct adopting *w)
{
  struct str link = str_printf(w->a, "q%zu", w->items);
  while (doc_get_key(w->asked, link))
    link = str_printf(w->a, "%.*sx", STR_FMT(link));
  return link;
}

/* Every item's new link, before conditions are rewritten by them. */
static void name_all(struct adopting *w, const struct doc *list, int depth)
{
  for (size_t i = 0; i < doc_size(list) && depth <= FORM_DEPTH && w->items <= FORM_ITEMS; i++) {
    struct str link = doc_get_str(doc_at(list, i), "linkId");
    w->items++;
    if (link.n && !link_ok(link) && !doc_get_key(w->links, link))
      doc_put_key(w->links, link, doc_str(w->a, free_link(w)));
    name_all(w, doc_get(doc_at(list, i), "item"), depth + 1);
  }
}

struct str adopt_link(const struct adopting *w, struct str link)
{
  struct str named = doc_string(doc_get_key(w->links, link));
  return named.n ? named : link;
}

/* The type that is served for it; "" for one that is not. */
static struct str served_type(const struct doc *item)
{
  static const char *const known[] = {"group",    "display", "boolean", "decimal", "integer", "date",
                                      "dateTime", "time",    "string",  "text",    "url"};
  struct str type = doc_get_str(item, "type");
  if (adopt_is_choice(item))
    return str_is(type, "open-choice") || str_is(doc_get_str(item, "answerConstraint"), "optionsOrString")
               ? S("open-choice")
               : S("choice");
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (str_is(type, known[i]))
      return type;
  return str_is(type, "quantity") ? S("decimal") : STR_NONE;
}

/* The unit that a quantity is asked in; "" where the definition names none. */
static struct str unit_of(const struct doc *from)
{
  const struct doc *list = doc_get(from, "extension");
  for (size_t i = 0; i < doc_size(list); i++) {
    struct str url = doc_get_str(doc_at(list, i), "url");
    const struct doc *unit = doc_get(doc_at(list, i), "valueCoding");
    struct str display = doc_get_str(unit, "display");
    if (str_is(url, FHIR_EXT "questionnaire-unit") || str_is(url, FHIR_EXT "questionnaire-unitOption"))
      return display.n ? display : doc_get_str(unit, "code");
  }
  return STR_NONE;
}

/* A number is answered here: its unit goes into the words, so that nobody answers grams for kilograms. */
static void adopt_unit(struct adopting *w, const struct doc *from, struct doc *item)
{
  struct str unit = unit_of(from), text = doc_get_str(from, "text");
  if (!unit.n) {
    note(w, TR("「%1」は、単位のない数にしました。"), from);
    return;
  }
  doc_replace(item, "text", doc_str(w->a, str_printf(w->a, JA("%.*s（%.*s）"), STR_FMT(text), STR_FMT(unit))));
  note(w, TR("「%1」は数にして、単位を問いの言葉のうしろに書きました。"), from);
}

static void adopt_type(struct adopting *w, const struct doc *from, struct doc *item)
{
  struct str type = served_type(from);
  if (adopt_is_choice(from)) {
    struct doc *options = adopt_options(w, from);
    if (doc_size(options)) {
      doc_replace(item, "answerOption", options);
    } else {
      type = S("string");
      note(w, TR("「%1」は、選択肢が様式の中にないので、文字で答える欄にしました。"), from);
    }
  } else if (!type.n) {
    type = S("display");
    note(w, TR("「%1」の種類はここでは使えないので、説明の文にしました。"), from);
  } else if (str_is(doc_get_str(from, "type"), "quantity")) {
    adopt_unit(w, from, item);
  }
  doc_replace(item, "type", doc_str(w->a, type));
}

static struct doc *map_without(struct adopting *w, const struct doc *map, const char *const *keys)
{
  struct doc *d = doc_map(w->a);
  for (size_t i = 0; i < doc_size(map); i++) {
    bool left = false;
    for (size_t k = 0; keys[k]; k++)
      left |= str_is(doc_key_at(map, i), keys[k]);
    if (!left)
      doc_put_key(d, doc_key_at(map, i), doc_value_at(map, i));
  }
  return d;
}

/* What a type cannot have goes. */
static struct doc *settle(struct adopting *w, const struct doc *item)
{
  static const char *const display[] = {"required", "repeats", "maxLength", "answerOption", "readOnly", NULL};
  static const char *const boolean[] = {"repeats", "maxLength", "answerOption", NULL};
  static const char *const texts[] = {"answerOption", NULL};
  static const char *const choice[] = {"maxLength", NULL};
  static const char *const others[] = {"maxLength", "answerOption", NULL};
  struct str type = doc_get_str(item, "type");
  if (str_is(type, "display"))
    return map_without(w, item, display);
  if (str_is(type, "boolean"))
    return map_without(w, item, boolean);
  if (str_is(type, "string") || str_is(type, "text") || str_is(type, "url"))
    return map_without(w, item, texts);
  return map_without(w, item, str_is(type, "choice") || str_is(type, "open-choice") ? choice : others);
}

static void adopt_item(struct adopting *w, const struct doc *from, struct doc *all);

static void adopt_each(struct adopting *w, const struct doc *list, struct doc *all)
{
  for (size_t i = 0; i < doc_size(list); i++)
    if (doc_kind(doc_at(list, i)) == DOC_MAP)
      adopt_item(w, doc_at(list, i), all);
}

static void put_category(struct adopting *w, struct doc *item)
{
  struct doc *extension = doc_add_map(doc_put_list(item, "extension"));
  doc_put_cstr(extension, "url", FORM_EXT "category");
  doc_put_cstr(extension, "valueCode", w->category);
}

/* What stands inside a question that is no group comes behind it. */
static void adopt_inside(struct adopting *w, const struct doc *from, struct doc *item, struct doc *all)
{
  const struct doc *inside = doc_get(from, "item");
  if (!doc_size(inside))
    return;
  if (str_is(doc_get_str(item, "type"), "group")) { /* what stands in a group goes by the group's conditions */
    const struct doc *around = w->outer;
    w->outer = NULL;
    adopt_each(w, inside, doc_put_list(item, "item"));
    w->outer = around;
    return;
  }
  note(w, TR("「%1」の中の項目は、そのすぐ後に並べました。"), from);
  const struct doc *outer = w->outer;
  w->outer = doc_size(doc_get(item, "enableWhen")) ? item : NULL;
  adopt_each(w, inside, all);
  w->outer = outer;
}

static bool asks_all(const struct doc *item)
{
  return doc_size(doc_get(item, "enableWhen")) < 2 || str_is(doc_get_str(item, "enableBehavior"), "all");
}

/* What stood inside a question is asked only where that one is: its conditions come along. */
static void inherit(struct adopting *w, const struct doc *from, struct doc *item)
{
  const struct doc *theirs = doc_get(w->outer, "enableWhen");
  struct doc *own = doc_get(item, "enableWhen");
  size_t n = doc_size(own);
  if (!theirs)
    return;
  if (n && (!asks_all(item) || !asks_all(w->outer) || n + doc_size(theirs) > FORM_WHENS)) {
    note(w, TR("「%1」は、外側の項目をたずねる条件を引きつげませんでした。条件を付けなおしてください。"), from);
    return;
  }
  if (!n) {
    doc_replace(item, "enableWhen", doc_copy(w->a, theirs));
    if (doc_get(w->outer, "enableBehavior"))
      doc_replace(item, "enableBehavior", doc_str(w->a, doc_get_str(w->outer, "enableBehavior")));
    return;
  }
  for (size_t i = 0; i < doc_size(theirs); i++)
    doc_add(own, doc_copy(w->a, doc_at(theirs, i)));
  doc_replace(item, "enableBehavior", doc_str(w->a, S("all")));
}

static void adopt_item(struct adopting *w, const struct doc *from, struct doc *all)
{
  static const char *const left[] = {
      "linkId",           "extension", "item",       "enableWhen",        "enableBehavior", "initial",
      "answerValueSet",   "code",      "definition", "modifierExtension", "_answerOption",  "disabledDisplay",
      "answerConstraint", NULL};
  struct doc *item = map_without(w, from, left);
  doc_put_str(item, "linkId", adopt_link(w, doc_get_str(from, "linkId")));
  adopt_type(w, from, item);
  item = settle(w, item);
  if (!doc_get_str(item, "text").n)
    doc_replace(item, "text", doc_get(item, "linkId"));
  if (!adopt_conditions(w, from, item))
    note(w, TR("「%1」をたずねる条件は、ここでは使えない書き方なので外しました。条件を付けなおしてください。"), from);
  inherit(w, from, item);
  put_category(w, item);
  doc_add(all, item);
  adopt_inside(w, from, item, all);
}

static struct doc *adopt_all(struct adopting *w, const struct doc *questionnaire, struct str name)
{
  struct doc *q = doc_map(w->a);
  struct str title = doc_get_str(questionnaire, "title");
  w->notes = doc_list(w->a);
  doc_put_cstr(q, "resourceType", "Questionnaire");
  doc_put_str(q, "url", str_printf(w->a, "https://tsunagu.example/form/%.*s", STR_FMT(name)));
  doc_put_str(q, "name", name);
  doc_put_cstr(q, "version", "draft");
  doc_put_str(q, "title", title.n ? title : name);
  doc_put_cstr(q, "status", "draft");
  doc_put_str(q, "description", doc_get_str(questionnaire, "description"));
  adopt_each(w, doc_get(questionnaire, "item"), doc_put_list(q, "item"));
  return q;
}

struct doc *form_adopt(struct arena *a, enum lang lang, const struct doc *questionnaire, struct str name,
                       const char *category, struct doc **ret_notes)
{
  struct adopting w = {.a = a,
                       .lang = lang,
                       .category = category,
                       .questionnaire = questionnaire,
                       .links = doc_map(a),
                       .asked = doc_map(a)};
  const struct form *f = NULL;
  struct err ignored = {0};
  size_t n = 0;
  ask_all(&w, doc_get(questionnaire, "item"), 1, &n);
  name_all(&w, doc_get(questionnaire, "item"), 1);
  struct doc *q = adopt_all(&w, questionnaire, name);
  if (w.conditions &&
      form_compile(a, q, &f, &ignored) != OK) { /* a circle, or out of reach: better all questions than no form */
    w.bare = true;
    q = adopt_all(&w, questionnaire, name);
  }
  *ret_notes = w.notes;
  return q;
}
