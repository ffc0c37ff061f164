#include "formbook/edit.h"

#include "base/limits.h"

#define EXT "https://tsunagu.example/fhir/"
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

static const struct doc *own(const struct doc *d, const char *name)
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

static void put_own(struct arena *a, struct doc *d, const char *name, const char *value, struct str text)
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

/* ---- options: one a line: code|表示|区分|separate -------------------------------------------------------------------------------- */

static struct str options_text(struct arena *a, const struct doc *item)
{
  struct buf b;
  buf_init(&b, a, LIMIT_BODY);
  const struct doc *list = doc_get(item, "answerOption");
  for (size_t i = 0; i < doc_size(list); i++) {
    const struct doc *o = doc_at(list, i), *coding = doc_get(o, "valueCoding"), *mark = own(o, "mark");
    struct str category = doc_get_str(own(o, "category"), "valueCode");
    buf_add(&b, str_printf(a, "%s%.*s|%.*s", i ? "\n" : "", STR_FMT(doc_get_str(coding, "code")),
                           STR_FMT(doc_get_str(coding, "display"))));
    if (category.n || mark)
      buf_add(&b, str_printf(a, "|%.*s", STR_FMT(category)));
    if (mark)
      buf_add(&b, str_printf(a, "|%.*s", STR_FMT(doc_get_str(mark, "valueCode"))));
  }
  return buf_str(&b);
}

static struct doc *option_of(struct arena *a, const struct doc *old, struct str code)
{
  for (size_t i = 0; i < doc_size(old); i++)
    if (str_eq(doc_get_str(doc_get(doc_at(old, i), "valueCoding"), "code"), code))
      return doc_copy(a, doc_at(old, i));
  struct doc *d = doc_map(a);
  doc_put_str(doc_put_map(d, "valueCoding"), "code", code);
  return d;
}

static void read_option(struct arena *a, const struct doc *old, struct str line, size_t n, struct doc *list)
{
  struct str part[4] = {0}, rest = line;
  for (size_t i = 0; i < 4 && str_split(&rest, '|', &part[i]); i++)
    part[i] = str_trim(part[i]);
  struct str code = part[1].n ? part[0] : str_printf(a, "o%zu", n), display = part[1].n ? part[1] : part[0];
  struct doc *o = option_of(a, old, code), *coding = doc_get(o, "valueCoding");
  bool renamed = !str_eq(doc_get_str(coding, "display"), display);
  doc_replace(coding, "display", doc_str(a, display));
  if (renamed && doc_get(coding, "_display"))
    doc_replace(coding, "_display", doc_map(a)); /* the English was another word's */
  put_own(a, o, "category", "valueCode", part[2]);
  put_own(a, o, "mark", "valueCode", part[3]);
  doc_add(list, o);
}

static void write_options(struct arena *a, struct doc *item, struct str text)
{
  struct doc *list = doc_list(a);
  const struct doc *old = doc_get(item, "answerOption");
  struct str rest = text, line;
  for (size_t n = 1; str_split(&rest, '\n', &line);) {
    line = str_trim(line);
    if (line.n)
      read_option(a, old, line, n++, list);
  }
  if (doc_size(list) || old)
    doc_replace(item, "answerOption", list);
}

/* ---- conditions: one a line: 項目 = 答え -------------------------------------------------------------------------------------------- */

static struct str answer_text(struct arena *a, const struct doc *when)
{
  static const char *const plain[] = {"answerString", "answerDate", "answerDateTime", "answerTime"};
  if (doc_get(when, "answerCoding"))
    return doc_get_str(doc_get(when, "answerCoding"), "code");
  if (doc_get(when, "answerBoolean"))
    return doc_get_bool(when, "answerBoolean") ? S("true") : S("false");
  for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
    if (doc_get(when, plain[i]))
      return doc_get_str(when, plain[i]);
  if (doc_get(when, "answerInteger"))
    return str_printf(a, "%lld", (long long)doc_get_int(when, "answerInteger"));
  return str_printf(a, "%g", doc_number(doc_get(when, "answerDecimal")));
}

static struct str whens_text(struct arena *a, const struct doc *item)
{
  struct buf b;
  buf_init(&b, a, LIMIT_BODY);
  const struct doc *list = doc_get(item, "enableWhen");
  for (size_t i = 0; i < doc_size(list); i++) {
    const struct doc *w = doc_at(list, i);
    buf_add(&b, str_printf(a, "%s%.*s %.*s %.*s", i ? "\n" : "", STR_FMT(doc_get_str(w, "question")),
                           STR_FMT(doc_get_str(w, "operator")), STR_FMT(answer_text(a, w))));
  }
  return buf_str(&b);
}

static bool put_answer(struct arena *a, const struct doc *asked, bool exists, struct str text, struct doc *when)
{
  struct str type = doc_get_str(asked, "type");
  int64_t n = 0;
  if (exists || str_is(type, "boolean"))
    doc_put_bool(when, "answerBoolean", str_is(text, "true"));
  else if (str_is(type, "choice") || str_is(type, "open-choice"))
    doc_put_str(doc_put_map(when, "answerCoding"), "code", text);
  else if (str_is(type, "integer") && str_to_i64(text, &n))
    doc_put_int(when, "answerInteger", n);
  else if (str_is(type, "date"))
    doc_put_str(when, "answerDate", text);
  else if (str_is(type, "integer") || str_is(type, "decimal"))
    return false;
  else
    doc_put_str(when, "answerString", text);
  (void)a;
  return text.n > 0;
}

static enum code read_when(struct arena *a, const struct doc *q, struct str line, struct doc *list, struct err *e)
{
  struct str rest = line, link = STR_NONE, op = STR_NONE;
  (void)str_split(&rest, ' ', &link);
  rest = str_trim(rest);
  (void)str_split(&rest, ' ', &op);
  const struct doc *asked = edit_find(q, link);
  struct doc *when = doc_add_map(list);
  doc_put_str(when, "question", link);
  doc_put_str(when, "operator", op);
  if (!asked || !put_answer(a, asked, str_is(op, "exists"), str_trim(rest), when))
    return err_field(e, "when", TR("条件は「項目の名前 = 答え」のように、1行に1つ書いてください。"));
  return OK;
}

static enum code write_whens(struct arena *a, const struct doc *q, struct doc *item, const struct doc *values,
                             struct err *e)
{
  struct doc *list = doc_list(a);
  struct str rest = doc_get_str(values, "when"), line;
  enum code c = OK;
  while (c == OK && str_split(&rest, '\n', &line))
    if (str_trim(line).n)
      c = read_when(a, q, str_trim(line), list, e);
  if (c != OK || (!doc_size(list) && !doc_get(item, "enableWhen")))
    return c;
  doc_replace(item, "enableWhen", list);
  doc_replace(item, "enableBehavior", doc_str(a, doc_get_bool(values, "when_any") ? S("any") : S("all")));
  return OK;
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

struct doc *edit_values(struct arena *a, const struct doc *item)
{
  struct doc *d = doc_map(a), *has = doc_put_list(d, "marks");
  const struct doc *list = doc_get(item, "extension"), *paper = own(item, "paper");
  static const char *const plain[] = {"prefix", "text", "type"}, *const coded[] = {"category", "source"},
                           *const said[] = {"hint", "easy", "bind", "worst-of"},
                           *const keys[] = {"hint", "easy", "bind", "worst_of"},
                           *const places[] = {"page", "order", "column", "box"};
  doc_put_str(d, "link", doc_get_str(item, "linkId"));
  for (size_t i = 0; i < 3; i++)
    doc_put_str(d, plain[i], doc_get_str(item, plain[i]));
  doc_put_str(d, "text_en", english(item, "_text"));
  for (size_t i = 0; i < 2; i++)
    doc_put_str(d, coded[i], doc_get_str(own(item, coded[i]), "valueCode"));
  for (size_t i = 0; i < 4; i++)
    doc_put_str(d, keys[i], doc_get_str(own(item, said[i]), "valueString"));
  for (size_t i = 0; i < 4; i++)
    doc_put_str(d, places[i], number_text(a, paper, places[i]));
  for (size_t i = 0; i < doc_size(list); i++)
    if (is_own(doc_at(list, i), "mark"))
      doc_add_str(has, doc_get_str(doc_at(list, i), "valueCode"));
  doc_put_bool(d, "required", doc_get_bool(item, "required"));
  doc_put_bool(d, "repeats", doc_get_bool(item, "repeats"));
  doc_put_bool(d, "sign", doc_get_bool(own(item, "sign"), "valueBoolean"));
  doc_put_str(d, "options", options_text(a, item));
  doc_put_str(d, "when", whens_text(a, item));
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
  doc_replace(item, "linkId", doc_str(a, str_trim(doc_get_str(values, "link"))));
  doc_replace(item, "text", doc_str(a, doc_get_str(values, "text")));
  doc_replace(item, "type", doc_str(a, doc_get_str(values, "type")));
  if (doc_get_str(values, "prefix").n || doc_get(item, "prefix"))
    doc_replace(item, "prefix", doc_str(a, doc_get_str(values, "prefix")));
  put_english(a, item, "_text", str_trim(doc_get_str(values, "text_en")));
  put_own(a, item, "category", "valueCode", doc_get_str(values, "category"));
  put_own(a, item, "source", "valueCode", doc_get_str(values, "source"));
  for (size_t i = 0; i < 4; i++)
    put_own(a, item, said[i], "valueString", str_trim(doc_get_str(values, keys[i])));
  put_flag(a, item, "required", doc_get_bool(values, "required"));
  put_flag(a, item, "repeats", doc_get_bool(values, "repeats"));
  struct doc *list = without(a, item, "sign");
  if (doc_get_bool(values, "sign")) {
    struct doc *x = doc_add_map(list);
    doc_put_cstr(x, "url", EXT "sign");
    doc_put_bool(x, "valueBoolean", true);
  }
}

enum code edit_write(struct arena *a, struct doc *questionnaire, struct str link, struct str parent,
                     const struct doc *values, struct err *e)
{
  struct doc *item = link.n ? edit_find(questionnaire, link) : doc_map(a);
  struct doc *holder = parent.n ? edit_find(questionnaire, parent) : questionnaire;
  if (!item || !holder)
    return err_field(e, "link", TR("この項目は、もうありません。様式の画面を開き直してください。"));
  write_plain(a, item, values);
  write_marks(a, item, doc_get(values, "marks"));
  write_options(a, item, doc_get_str(values, "options"));
  enum code c = write_paper(a, item, values, e);
  if (c == OK)
    c = write_whens(a, questionnaire, item, values, e);
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
  struct str use = doc_get_str(own(q, "use"), "valueCode");
  doc_put_str(d, "title", doc_get_str(q, "title"));
  doc_put_str(d, "title_en", english(q, "_title"));
  doc_put_str(d, "number", doc_get_str(own(q, "number"), "valueString"));
  doc_put_str(d, "use", use.n ? use : S("case"));
  doc_put_str(d, "description", doc_get_str(q, "description"));
  return d;
}

void edit_write_head(struct arena *a, struct doc *q, const struct doc *values)
{
  doc_replace(q, "title", doc_str(a, str_trim(doc_get_str(values, "title"))));
  put_english(a, q, "_title", str_trim(doc_get_str(values, "title_en")));
  put_own(a, q, "number", "valueString", str_trim(doc_get_str(values, "number")));
  put_own(a, q, "use", "valueCode", doc_get_str(values, "use"));
  doc_replace(q, "description", doc_str(a, doc_get_str(values, "description")));
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
  put_own(a, item, "category", "valueCode", S("basic"));
  doc_put_str(item, "text", title);
  doc_put_cstr(item, "type", "group");
  return q;
}
