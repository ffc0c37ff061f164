/* form_adopt.c: a Questionnaire made elsewhere, brought to what is served here: links that can be input names, a category for every answer, types
 * that there are. What was changed is said. */
#include "form/form_internal.h"

struct adopting {
  struct arena *a;
  enum lang lang;
  const char *category;
  struct doc *links; /* old -> new */
  struct doc *notes; /* texts */
  size_t items;
};

static void note(struct adopting *w, const char *sentence, struct str link)
{
  if (doc_size(w->notes) < FORM_PROBLEMS)
    doc_add_str(w->notes, tr_args(w->a, w->lang, sentence, link, STR_NONE, STR_NONE));
}

static bool link_ok(struct str s)
{
  for (size_t i = 0; i < s.n; i++)
    if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_", s.p[i]) || s.p[i] == '\0')
      return false;
  return s.n > 0 && s.n <= 40 && s.p[0] >= 'a' && s.p[0] <= 'z';
}

/* Every item's new link, before conditions are rewritten by them. */
static void name_all(struct adopting *w, const struct doc *list, int depth)
{
  for (size_t i = 0; i < doc_size(list) && depth <= FORM_DEPTH && w->items <= FORM_ITEMS; i++) {
    struct str link = doc_get_str(doc_at(list, i), "linkId");
    w->items++;
    if (link.n && !link_ok(link) && !doc_get_key(w->links, link)) {
      doc_put_key(w->links, link, doc_str(w->a, str_printf(w->a, "q%zu", w->items)));
      note(w, TR("項目「%1」の名前を、付けなおしました。"), link);
    }
    name_all(w, doc_get(doc_at(list, i), "item"), depth + 1);
  }
}

static struct str new_link(const struct adopting *w, struct str link)
{
  struct str named = doc_string(doc_get_key(w->links, link));
  return named.n ? named : link;
}

static void adopt_type(struct adopting *w, struct doc *item, struct str link)
{
  static const char *const known[] = {"group", "display", "boolean", "decimal", "integer", "date",       "dateTime",
                                      "time",  "string",  "text",    "url",     "choice",  "open-choice"};
  struct str type = doc_get_str(item, "type");
  bool choice = str_is(type, "choice") || str_is(type, "open-choice") || str_is(type, "coding");
  if (str_is(type, "quantity")) {
    doc_replace(item, "type", doc_str(w->a, S("decimal")));
    note(w, TR("項目「%1」は、単位のない数にしました。"), link);
    return;
  }
  if (choice && !doc_size(doc_get(item, "answerOption"))) {
    doc_replace(item, "type", doc_str(w->a, S("string")));
    note(w, TR("項目「%1」は、選択肢が様式の中にないので、文字で答える欄にしました。"), link);
    return;
  }
  if (str_is(type, "coding"))
    doc_replace(item, "type", doc_str(w->a, S("choice")));
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (choice || str_is(type, known[i]))
      return;
  doc_replace(item, "type", doc_str(w->a, S("display")));
  note(w, TR("項目「%1」の種類はここでは使えないので、説明の文にしました。"), link);
}

/* valueString and valueInteger become codes of their own. */
static void adopt_options(struct adopting *w, struct doc *item)
{
  struct doc *old = doc_get(item, "answerOption"), *list = doc_list(w->a);
  for (size_t i = 0; i < doc_size(old); i++) {
    const struct doc *o = doc_at(old, i), *coding = doc_get(o, "valueCoding");
    struct doc *option = doc_add_map(list), *c = doc_put_map(option, "valueCoding");
    struct str display = coding ? doc_get_str(coding, "display") : doc_get_str(o, "valueString");
    struct str code = coding ? doc_get_str(coding, "code") : STR_NONE;
    if (!display.n)
      display = code.n ? code : str_printf(w->a, "%lld", (long long)doc_get_int(o, "valueInteger"));
    doc_put_str(c, "code", str_printf(w->a, "o%zu", i + 1));
    doc_put_str(c, "display", display);
  }
  if (doc_size(old))
    doc_replace(item, "answerOption", list);
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

static struct doc *adopt_item(struct adopting *w, const struct doc *item);

static struct doc *adopt_list(struct adopting *w, const struct doc *list)
{
  struct doc *all = doc_list(w->a);
  for (size_t i = 0; i < doc_size(list); i++)
    if (doc_kind(doc_at(list, i)) == DOC_MAP)
      doc_add(all, adopt_item(w, doc_at(list, i)));
  return all;
}

/* Conditions are not taken over: what an answer is called has changed, and a wrong one would hide a question. */
static struct doc *adopt_item(struct adopting *w, const struct doc *from)
{
  static const char *const left[] = {
      "linkId",           "extension", "item",       "enableWhen",        "enableBehavior", "initial",
      "answerValueSet",   "code",      "definition", "modifierExtension", "_answerOption",  "disabledDisplay",
      "answerConstraint", NULL};
  struct doc *item = map_without(w, from, left);
  struct str old = doc_get_str(from, "linkId"), link = new_link(w, old);
  doc_put_str(item, "linkId", link);
  adopt_type(w, item, old);
  item = settle(w, item);
  adopt_options(w, item);
  if (!doc_get_str(item, "text").n)
    doc_replace(item, "text", doc_str(w->a, old));
  if (doc_size(doc_get(from, "enableWhen")))
    note(w, TR("項目「%1」の条件は、付けなおしてください。"), old);
  struct doc *extension = doc_add_map(doc_put_list(item, "extension"));
  doc_put_cstr(extension, "url", FORM_EXT "category");
  doc_put_cstr(extension, "valueCode", w->category);
  bool group = str_is(doc_get_str(item, "type"), "group");
  if (doc_size(doc_get(from, "item")) && group)
    doc_put(item, "item", adopt_list(w, doc_get(from, "item")));
  else if (doc_size(doc_get(from, "item")))
    note(w, TR("項目「%1」の中の項目は、取り込みませんでした。"), old);
  return item;
}

struct doc *form_adopt(struct arena *a, enum lang lang, const struct doc *questionnaire, struct str name,
                       const char *category, struct doc **ret_notes)
{
  struct adopting w = {.a = a, .lang = lang, .category = category, .links = doc_map(a), .notes = doc_list(a)};
  struct doc *q = doc_map(a);
  struct str title = doc_get_str(questionnaire, "title");
  name_all(&w, doc_get(questionnaire, "item"), 1);
  doc_put_cstr(q, "resourceType", "Questionnaire");
  doc_put_str(q, "url", str_printf(a, "https://tsunagu.example/form/%.*s", STR_FMT(name)));
  doc_put_str(q, "name", name);
  doc_put_cstr(q, "version", "draft");
  doc_put_str(q, "title", title.n ? title : name);
  doc_put_cstr(q, "status", "draft");
  doc_put_str(q, "description", doc_get_str(questionnaire, "description"));
  doc_put(q, "item", adopt_list(&w, doc_get(questionnaire, "item")));
  *ret_notes = w.notes;
  return q;
}
