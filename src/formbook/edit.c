#include "formbook/edit_impl.h"

#define TRANSLATION "http://hl7.org/fhir/StructureDefinition/translation"

/* ---- places ----------------------------------------------------------------------------------------------------------------- */

struct place {
  struct doc *holder; /* the map whose `item` list it stands in */
  size_t at;
  struct doc *item;
};

static bool find(struct doc *holder, struct str link, int depth, struct place *ret)
{
  const struct doc *list = doc_get(holder, "item");
  for (size_t i = 0; i < doc_size(list) && depth <= FORM_DEPTH + 1; i++) {
    struct doc *item = doc_at(list, i);
    if (str_eq(doc_get_str(item, "linkId"), link)) {
      *ret = (struct place){holder, i, item};
      return true;
    }
    if (find(item, link, depth + 1, ret))
      return true;
  }
  return false;
}

struct doc *edit_find(const struct doc *questionnaire, struct str link)
{
  struct place p = {0};
  return find((struct doc *)questionnaire, link, 0, &p) ? p.item : NULL;
}

bool edit_move(struct arena *a, struct doc *questionnaire, struct str link, int by)
{
  struct place p = {0};
  if (!find(questionnaire, link, 0, &p))
    return false;
  const struct doc *old = doc_get(p.holder, "item");
  struct doc *list = doc_list(a);
  size_t other = by < 0 ? p.at - 1 : p.at + 1, n = doc_size(old);
  if ((by < 0 && p.at == 0) || other >= n)
    return false;
  for (size_t i = 0; i < n; i++)
    doc_add(list, doc_at(old, i == p.at ? other : i == other ? p.at : i));
  doc_replace(p.holder, "item", list);
  return true;
}

bool edit_remove(struct arena *a, struct doc *questionnaire, struct str link)
{
  struct place p = {0};
  if (!find(questionnaire, link, 0, &p))
    return false;
  const struct doc *old = doc_get(p.holder, "item");
  struct doc *list = doc_list(a);
  for (size_t i = 0; i < doc_size(old); i++)
    if (i != p.at)
      doc_add(list, doc_at(old, i));
  doc_replace(p.holder, "item", list);
  return true;
}

/* ---- parts of an item ----------------------------------------------------------------------------------------------------------- */

static bool is_own(const struct doc *x, const char *name)
{
  struct str url = doc_get_str(x, "url"), base = S(EXT);
  return str_starts(url, base) && str_is(str_sub(url, base.n, url.n), name);
}

const struct doc *edit_own(const struct doc *d, const char *name)
{
  const struct doc *list = doc_get(d, "extension");
  for (size_t i = 0; i < doc_size(list); i++)
    if (is_own(doc_at(list, i), name))
      return doc_at(list, i);
  return NULL;
}

/* All extensions but those of this name, in a list of its own. */
static struct doc *without(struct arena *a, struct doc *d, const char *name)
{
  const struct doc *old = doc_get(d, "extension");
  struct doc *list = doc_list(a);
  for (size_t i = 0; i < doc_size(old); i++)
    if (!is_own(doc_at(old, i), name))
      doc_add(list, doc_at(old, i));
  doc_replace(d, "extension", list);
  return list;
}

void edit_put_own(struct arena *a, struct doc *d, const char *name, const char *value, struct str text)
{
  struct doc *list = without(a, d, name);
  if (!text.n)
    return;
  struct doc *x = doc_add_map(list);
  doc_put_str(x, "url", str_printf(a, EXT "%s", name));
  doc_put_str(x, value, text);
}

static struct str english(const struct doc *d, const char *key)
{
  const struct doc *list = doc_get(doc_get(d, key), "extension");
  for (size_t i = 0; i < doc_size(list); i++) {
    const struct doc *parts = doc_get(doc_at(list, i), "extension");
    for (size_t k = 0; str_is(doc_get_str(doc_at(list, i), "url"), TRANSLATION) && k < doc_size(parts); k++)
      if (str_is(doc_get_str(doc_at(parts, k), "url"), "content"))
        return doc_get_str(doc_at(parts, k), "valueString");
  }
  return STR_NONE;
}

static void put_english(struct arena *a, struct doc *d, const char *key, struct str text)
{
  struct doc *under = doc_map(a), *x = doc_add_map(doc_put_list(under, "extension")), *parts = doc_list(a);
  if (!text.n && !doc_get(d, key))
    return;
  doc_put_cstr(x, "url", TRANSLATION);
  doc_put(x, "extension", parts);
  struct doc *lang = doc_add_map(parts), *content = doc_add_map(parts);
  doc_put_cstr(lang, "url", "lang");
  doc_put_cstr(lang, "valueCode", "en");
  doc_put_cstr(content, "url", "content");
  doc_put_str(content, "valueString", text);
  doc_replace(d, key, text.n ? under : doc_map(a));
}

static void put_flag(struct arena *a, struct doc *d, const char *key, bool on)
{
  if (on || doc_get(d, key))
    doc_replace(d, key, doc_bool(a, on));
}

/* ---- an item ----------------------------------------------------------------------------------------------------------------------- */

static const char *const marks[] = {"visit", "separate", "leaf2"};

static struct str number_text(struct arena *a, const struct doc *paper, const char *key)
{
  const struct doc *list = doc_get(paper, "extension");
  for (size_t i = 0; i < doc_size(list); i++)
    if (str_is(doc_get_str(doc_at(list, i), "url"), key))
      return str_is(S("box"), key) ? doc_get_str(doc_at(list, i), "valueString")
                                   : str_printf(a, "%lld", (long long)doc_get_int(doc_at(list, i), "valueInteger"));
  return STR_NONE;
}

struct doc *edit_values(struct arena *a, const struct doc *questionnaire, const struct doc *item)
{
  struct doc *d = doc_map(a), *has = doc_put_list(d, "marks");
  const struct doc *list = doc_get(item, "extension"), *paper = edit_own(item, "paper");
  static const char *const plain[] = {"prefix", "text", "type"}, *const coded[] = {"category", "source"},
                           *const said[] = {"hint", "easy", "bind", "worst-of"},
                           *const keys[] = {"hint", "easy", "bind", "worst_of"},
                           *const places[] = {"page", "order", "column", "box"};
  doc_put_str(d, "link", doc_get_str(item, "linkId"));
  for (size_t i = 0; i < 3; i++)
    doc_put_str(d, plain[i], doc_get_str(item, plain[i]));
  doc_put_str(d, "text_en", english(item, "_text"));
  for (size_t i = 0; i < 2; i++)
    doc_put_str(d, coded[i], doc_get_str(edit_own(item, coded[i]), "valueCode"));
  for (size_t i = 0; i < 4; i++)
    doc_put_str(d, keys[i], doc_get_str(edit_own(item, said[i]), "valueString"));
  for (size_t i = 0; i < 4; i++)
    doc_put_str(d, places[i], number_text(a, paper, places[i]));
  for (size_t i = 0; i < doc_size(list); i++)
    if (is_own(doc_at(list, i), "mark"))
      doc_add_str(has, doc_get_str(doc_at(list, i), "valueCode"));
  doc_put_bool(d, "required", doc_get_bool(item, "required"));
  doc_put_bool(d, "repeats", doc_get_bool(item, "repeats"));
  doc_put_bool(d, "sign", doc_get_bool(edit_own(item, "sign"), "valueBoolean"));
  doc_put_str(d, "options", edit_options_text(a, item));
  doc_put_str(d, "when", edit_whens_text(a, questionnaire, item));
  doc_put_bool(d, "when_any", str_is(doc_get_str(item, "enableBehavior"), "any"));
  return d;
}

static void write_marks(struct arena *a, struct doc *item, const struct doc *chosen)
{
  struct doc *list = without(a, item, "mark");
  for (size_t i = 0; i < doc_size(chosen); i++)
    for (size_t k = 0; k < sizeof marks / sizeof *marks; k++)
      if (str_is(doc_string(doc_at(chosen, i)), marks[k])) {
        struct doc *x = doc_add_map(list);
        doc_put_cstr(x, "url", EXT "mark");
        doc_put_cstr(x, "valueCode", marks[k]);
      }
}

static enum code write_paper(struct arena *a, struct doc *item, const struct doc *values, struct err *e)
{
  static const char *const keys[] = {"page", "order", "column"};
  struct doc *list = without(a, item, "paper"), *parts = doc_list(a);
  struct str box = str_trim(doc_get_str(values, "box"));
  for (size_t i = 0; i < 3; i++) {
    int64_t n = 0;
    struct str text = str_trim(doc_get_str(values, keys[i]));
    if (!text.n)
      continue;
    if (!str_to_i64(text, &n) || n < 0 || n > 100)
      return err_field(e, keys[i], TR("紙の位置は、0から100までの数字で書いてください。"));
    struct doc *x = doc_add_map(parts);
    doc_put_cstr(x, "url", keys[i]);
    doc_put_int(x, "valueInteger", n);
  }
  if (box.n) {
    struct doc *x = doc_add_map(parts);
    doc_put_cstr(x, "url", "box");
    doc_put_str(x, "valueString", box);
  }
  if (!doc_size(parts))
    return OK;
  struct doc *paper = doc_add_map(list);
  doc_put_cstr(paper, "url", EXT "paper");
  doc_put(paper, "extension", parts);
  return OK;
}

static void write_plain(struct arena *a, struct doc *item, const struct doc *values)
{
  static const char *const said[] = {"hint", "easy", "bind", "worst-of"}, *const keys[] = {"hint", "easy", "bind",
                                                                                           "worst_of"};
  doc_replace(item, "text", doc_str(a, doc_get_str(values, "text")));
  doc_replace(item, "type", doc_str(a, doc_get_str(values, "type")));
  if (doc_get_str(values, "prefix").n || doc_get(item, "prefix"))
    doc_replace(item, "prefix", doc_str(a, doc_get_str(values, "prefix")));
  put_english(a, item, "_text", str_trim(doc_get_str(values, "text_en")));
  edit_put_own(a, item, "category", "valueCode", doc_get_str(values, "category"));
  edit_put_own(a, item, "source", "valueCode", doc_get_str(values, "source"));
  for (size_t i = 0; i < 4; i++)
    edit_put_own(a, item, said[i], "valueString", str_trim(doc_get_str(values, keys[i])));
  put_flag(a, item, "required", doc_get_bool(values, "required"));
  put_flag(a, item, "repeats", doc_get_bool(values, "repeats"));
  struct doc *list = without(a, item, "sign");
  if (doc_get_bool(values, "sign")) {
    struct doc *x = doc_add_map(list);
    doc_put_cstr(x, "url", EXT "sign");
    doc_put_bool(x, "valueBoolean", true);
  }
}

/* A name for an item that got none: q1, q2 … */
static struct str free_link(struct arena *a, const struct doc *questionnaire)
{
  for (int n = 1;; n++) {
    struct str link = str_printf(a, "q%d", n);
    if (!edit_find(questionnaire, link))
      return link;
  }
}

enum code edit_write(struct arena *a, struct doc *questionnaire, struct str link, struct str parent,
                     const struct doc *values, struct err *e)
{
  struct doc *item = link.n ? edit_find(questionnaire, link) : doc_map(a);
  struct doc *holder = parent.n ? edit_find(questionnaire, parent) : questionnaire;
  if (!item || !holder)
    return err_field(e, "link", TR("この項目は、もうありません。様式の画面を開き直してください。"));
  struct str name = str_trim(doc_get_str(values, "link"));
  doc_replace(item, "linkId", doc_str(a, name.n ? name : link.n ? link : free_link(a, questionnaire)));
  write_plain(a, item, values);
  write_marks(a, item, doc_get(values, "marks"));
  enum code c = edit_write_options(a, item, doc_get_str(values, "options"), e);
  if (c == OK)
    c = write_paper(a, item, values, e);
  if (c == OK)
    c = edit_write_whens(a, questionnaire, item, values, e);
  if (c != OK || link.n)
    return c;
  if (!doc_get(holder, "item"))
    (void)doc_put_list(holder, "item");
  doc_add(doc_get(holder, "item"), item);
  return OK;
}

/* ---- the head ---------------------------------------------------------------------------------------------------------------------- */

struct doc *edit_head_values(struct arena *a, const struct doc *q)
{
  struct doc *d = doc_map(a);
  struct str use = doc_get_str(edit_own(q, "use"), "valueCode");
  doc_put_str(d, "title", doc_get_str(q, "title"));
  doc_put_str(d, "title_en", english(q, "_title"));
  doc_put_str(d, "number", doc_get_str(edit_own(q, "number"), "valueString"));
  doc_put_str(d, "use", use.n ? use : S("case"));
  doc_put_str(d, "description", doc_get_str(q, "description"));
  return d;
}

void edit_write_head(struct arena *a, struct doc *q, const struct doc *values)
{
  doc_replace(q, "title", doc_str(a, str_trim(doc_get_str(values, "title"))));
  put_english(a, q, "_title", str_trim(doc_get_str(values, "title_en")));
  edit_put_own(a, q, "number", "valueString", str_trim(doc_get_str(values, "number")));
  edit_put_own(a, q, "use", "valueCode", doc_get_str(values, "use"));
  doc_replace(q, "description", doc_str(a, doc_get_str(values, "description")));
}

void edit_put_notes(struct arena *a, struct doc *questionnaire, const struct doc *notes)
{
  if (!notes && !edit_own(questionnaire, "adopted"))
    return;
  struct doc *list = without(a, questionnaire, "adopted");
  for (size_t i = 0; i < doc_size(notes); i++) {
    struct doc *x = doc_add_map(list);
    doc_put_cstr(x, "url", EXT "adopted");
    doc_put_str(x, "valueString", doc_string(doc_at(notes, i)));
  }
}

struct doc *edit_notes(struct arena *a, const struct doc *questionnaire)
{
  const struct doc *all = doc_get(questionnaire, "extension");
  struct doc *list = doc_list(a);
  for (size_t i = 0; i < doc_size(all); i++)
    if (is_own(doc_at(all, i), "adopted"))
      doc_add_str(list, doc_get_str(doc_at(all, i), "valueString"));
  return list;
}

struct doc *edit_new(struct arena *a, struct str code, struct str title)
{
  struct doc *q = doc_map(a), *item = NULL;
  doc_put_cstr(q, "resourceType", "Questionnaire");
  doc_put_str(q, "url", str_printf(a, "https://tsunagu.example/form/%.*s", STR_FMT(code)));
  doc_put_str(q, "name", code);
  doc_put_cstr(q, "version", "draft");
  doc_put_str(q, "title", title);
  doc_put_cstr(q, "status", "draft");
  item = doc_add_map(doc_put_list(q, "item"));
  doc_put_cstr(item, "linkId", "part1");
  edit_put_own(a, item, "category", "valueCode", S("basic"));
  doc_put_str(item, "text", title);
  doc_put_cstr(item, "type", "group");
  return q;
}
