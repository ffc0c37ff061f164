/* form_item.c: one item of a definition, without what it says about others. */
#include "form/form_internal.h"

static const char *const type_names[FORM_TYPE_COUNT] = {[FORM_GROUP] = "group",
                                                        [FORM_DISPLAY] = "display",
                                                        [FORM_BOOLEAN] = "boolean",
                                                        [FORM_DECIMAL] = "decimal",
                                                        [FORM_INTEGER] = "integer",
                                                        [FORM_DATE] = "date",
                                                        [FORM_DATETIME] = "dateTime",
                                                        [FORM_TIME] = "time",
                                                        [FORM_STRING] = "string",
                                                        [FORM_TEXT] = "text",
                                                        [FORM_URL] = "url",
                                                        [FORM_CHOICE] = "choice",
                                                        [FORM_OPEN_CHOICE] = "open-choice"};

static const struct {
  const char *code, *label;
} categories[FORM_CATEGORIES] = {{"basic", TR("基本")},
                                 {"contact", TR("連絡先")},
                                 {"family", TR("家族")},
                                 {"education", TR("教育")},
                                 {"work", TR("就労")},
                                 {"health", TR("健康")},
                                 {"disability", TR("障害・発達")},
                                 {"mental", TR("こころ")},
                                 {"economy", TR("経済")},
                                 {"abuse", TR("虐待・DV")},
                                 {"support", TR("相談・支援経過")},
                                 {"strength", TR("関心・強み")}};

static const struct {
  const char *code, *label;
} sources[] = {{"", ""},
               {"person", TR("本人の話")},
               {"around", TR("家族・周囲の人の話")},
               {"other_body", TR("他機関からの情報")},
               {"staff", TR("支援者の所見")}};

const char *form_category_label(int i)
{
  return i >= 0 && i < FORM_CATEGORIES ? categories[i].label : "";
}

const char *form_source_label(enum form_source s)
{
  return (unsigned)s <= FORM_SOURCE_STAFF ? sources[s].label : "";
}

/* --- extensions --- */

static const char *const own_extensions[] = {"category", "source",    "mark", "paper",   "easy", "bind",
                                             "worst-of", "first-row", "hint", "partial", "sign", NULL};

/* A typing error in an own URL would silently drop a category: refused. */
static enum code check_extensions(const struct doc *d, struct str link, struct err *e)
{
  const struct doc *list = doc_get(d, "extension");
  struct str base = S(FORM_EXT);
  for (size_t i = 0; i < doc_size(list); i++) {
    struct str url = doc_get_str(doc_at(list, i), "url");
    if (url.n == 0)
      return form_bad(e, link, TR("拡張(extension)に、その名前(url)がありません。"));
    if (!str_starts(url, base))
      continue;
    const char *const *name = own_extensions;
    while (*name && !str_is(str_sub(url, base.n, url.n), *name))
      name++;
    if (!*name)
      return form_bad(e, link, TR("知らない拡張(extension)です。docs/forms.md の名前を使ってください。"));
  }
  return OK;
}

struct str form_translation(const struct doc *d, const char *key, const char *lang)
{
  const struct doc *list = doc_get(doc_get(d, key), "extension");
  for (size_t i = 0; i < doc_size(list); i++) {
    const struct doc *x = doc_at(list, i);
    if (str_is(doc_get_str(x, "url"), FHIR_EXT "translation") &&
        str_is(doc_get_str(form_extension(x, "lang"), "valueCode"), lang))
      return doc_get_str(form_extension(x, "content"), "valueString");
  }
  return STR_NONE;
}

static enum code read_category(const struct doc *d, struct str link, uint32_t *category, struct err *e)
{
  const struct doc *x = form_own_extension(d, "category");
  if (!x)
    return OK;
  for (int i = 0; i < FORM_CATEGORIES; i++) {
    if (str_is(doc_get_str(x, "valueCode"), categories[i].code)) {
      *category = 1u << i;
      return OK;
    }
  }
  return form_bad(e, link, TR("情報の区分(category)は、十二のどれかです。"));
}

static enum code read_marks(const struct doc *d, struct str link, unsigned *marks, struct err *e)
{
  const struct doc *list = doc_get(d, "extension");
  for (size_t i = 0; i < doc_size(list); i++) {
    const struct doc *x = doc_at(list, i);
    struct str code = doc_get_str(x, "valueCode");
    if (!str_is(doc_get_str(x, "url"), FORM_EXT "mark"))
      continue;
    if (str_is(code, "visit"))
      *marks |= FORM_MARK_VISIT;
    else if (str_is(code, "separate"))
      *marks |= FORM_MARK_SEPARATE;
    else if (str_is(code, "leaf2"))
      *marks |= FORM_MARK_LEAF2;
    else
      return form_bad(e, link, TR("しるし(mark)は visit・separate・leaf2 のどれかです。"));
  }
  return OK;
}

static enum code read_source(const struct doc *d, struct form_item *it, struct err *e)
{
  const struct doc *x = form_own_extension(d, "source");
  if (!x)
    return OK;
  for (unsigned i = FORM_SOURCE_PERSON; i <= FORM_SOURCE_STAFF; i++) {
    if (str_is(doc_get_str(x, "valueCode"), sources[i].code)) {
      it->source = (enum form_source)i;
      return OK;
    }
  }
  return form_bad(e, it->link, TR("だれの話か(source)は person・around・other_body・staff のどれかです。"));
}

static void read_paper(const struct doc *d, struct form_item *it)
{
  const struct doc *x = form_own_extension(d, "paper");
  it->paper.page = (int)doc_get_int(form_extension(x, "page"), "valueInteger");
  it->paper.order = (int)doc_get_int(form_extension(x, "order"), "valueInteger");
  it->paper.column = (int)doc_get_int(form_extension(x, "column"), "valueInteger");
  it->paper.box = doc_get_str(form_extension(x, "box"), "valueString");
}

static bool read_limit(const struct doc *d, const char *url, double *ret)
{
  const struct doc *x = form_extension(d, url);
  const struct doc *v = doc_get(x, "valueInteger");
  if (!v)
    v = doc_get(x, "valueDecimal");
  *ret = doc_number(v);
  return v != NULL;
}

/* --- parts of an item --- */

/* linkIds become input names with dots between and columns of tables. */
static bool link_ok(struct str s)
{
  if (s.n == 0 || s.n > 40 || s.p[0] < 'a' || s.p[0] > 'z')
    return false;
  for (size_t i = 0; i < s.n; i++) {
    char ch = s.p[i];
    if (!((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '_'))
      return false;
  }
  return true;
}

static bool code_ok(struct str s)
{
  if (s.n == 0 || s.n > 40)
    return false;
  for (size_t i = 0; i < s.n; i++) {
    char ch = s.p[i];
    if (!((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '_' || ch == '-'))
      return false;
  }
  return true;
}

static enum code read_type(const struct doc *d, struct form_item *it, struct err *e)
{
  struct str name = doc_get_str(d, "type");
  for (unsigned i = 0; i < FORM_TYPE_COUNT; i++) {
    if (str_is(name, type_names[i])) {
      it->type = (enum form_type)i;
      return OK;
    }
  }
  if (str_is(name, "attachment") || str_is(name, "reference") || str_is(name, "quantity"))
    return form_bad(e, it->link,
                    TR("添付(attachment)・参照(reference)・単位つきの数(quantity)の種類は、ここでは使えません。"));
  return form_bad(e, it->link, TR("項目の種類(type)が正しくありません。"));
}

static enum code read_label(const struct doc *d, struct form_item *it, struct err *e)
{
  it->label.ja = doc_get_str(d, "text");
  it->label.en = form_translation(d, "_text", "en");
  it->label.easy = doc_get_str(form_own_extension(d, "easy"), "valueString");
  it->hint.ja = doc_get_str(form_own_extension(d, "hint"), "valueString");
  it->prefix = doc_get_str(d, "prefix");
  it->bind = doc_get_str(form_own_extension(d, "bind"), "valueString");
  it->first_row = doc_get_str(form_own_extension(d, "first-row"), "valueString");
  it->unit = doc_get_str(doc_get(form_extension(d, FHIR_EXT "questionnaire-unit"), "valueCoding"), "display");
  if (it->label.ja.n == 0)
    return form_bad(e, it->link, TR("項目に、問いの言葉(text)がありません。"));
  return OK;
}

static enum code read_option(const struct doc *d, const struct form_item *it, struct form_option *o, struct err *e)
{
  const struct doc *coding = doc_get(d, "valueCoding");
  *o = (struct form_option){.code = doc_get_str(coding, "code"), .category = it->category, .marks = it->marks};
  o->label.ja = doc_get_str(coding, "display");
  o->label.en = form_translation(coding, "_display", "en");
  o->label.easy = doc_get_str(form_own_extension(d, "easy"), "valueString");
  if (!code_ok(o->code) || o->label.ja.n == 0)
    return form_bad(e, it->link,
                    TR("選択肢には、名前(code、英数字)と言葉(display)を、valueCoding の中に書いてください。"));
  if (doc_get_bool(d, "initialSelected"))
    return form_bad(e, it->link,
                    TR("はじめの値は、選択肢のしるし(initialSelected)ではなく、項目(initial)に書いてください。"));
  enum code c = check_extensions(d, it->link, e);
  if (c == OK)
    c = read_category(d, it->link, &o->category, e);
  return c == OK ? read_marks(d, it->link, &o->marks, e) : c;
}

static enum code read_options(struct arena *a, const struct doc *d, struct form_item *it, struct err *e)
{
  const struct doc *list = doc_get(d, "answerOption");
  if (doc_get(d, "answerValueSet"))
    return form_bad(e, it->link,
                    TR("選択肢は、外の一覧(answerValueSet)ではなく、項目の中(answerOption)に書いてください。"));
  if (doc_size(list) > 0 && !form_is_choice(it))
    return form_bad(e, it->link, TR("選択肢を書けるのは、選択の項目だけです。"));
  if (doc_size(list) > FORM_OPTIONS)
    return form_bad(e, it->link, TR("選択肢が多すぎます。"));
  struct form_option *option = arena_array(a, doc_size(list), sizeof(*option));
  if (!option)
    return err_oom(e);
  it->options = option;
  for (size_t i = 0; i < doc_size(list); i++) {
    enum code c = read_option(doc_at(list, i), it, &option[i], e);
    if (c != OK)
      return c;
    if (form_option_find(it, option[i].code))
      return form_bad(e, it->link, TR("同じ名前の選択肢(code)が二つあります。"));
    it->option_count = i + 1;
  }
  return OK;
}

static enum code read_numbers(const struct doc *d, struct form_item *it, struct err *e)
{
  static const int64_t longest[FORM_TYPE_COUNT] = {
      [FORM_STRING] = LIMIT_STRING, [FORM_URL] = 500, [FORM_TEXT] = LIMIT_TEXT, [FORM_OPEN_CHOICE] = LIMIT_STRING};
  double rows = 0;
  it->has_min = read_limit(d, FHIR_EXT "minValue", &it->min);
  it->has_max = read_limit(d, FHIR_EXT "maxValue", &it->max);
  it->min_rows = read_limit(d, FHIR_EXT "questionnaire-minOccurs", &rows) ? (int64_t)rows : 0;
  it->max_rows = read_limit(d, FHIR_EXT "questionnaire-maxOccurs", &rows) ? (int64_t)rows : LIMIT_REPEATS;
  if (it->min_rows < 0 || it->max_rows < 1 || it->max_rows > LIMIT_REPEATS || it->min_rows > it->max_rows)
    return form_bad(e, it->link, TR("くり返しの数は 1 から 60 までです。"));
  it->max_length = longest[it->type];
  const struct doc *m = doc_get(d, "maxLength");
  if (m && (it->max_length == 0 || doc_integer(m) < 1 || doc_integer(m) > LIMIT_TEXT))
    return form_bad(e, it->link, TR("文字数の上限(maxLength)は、文字の項目に、1 から 20000 までで書いてください。"));
  if (m)
    it->max_length = doc_integer(m);
  return OK;
}

static enum code read_flags(const struct doc *d, struct form_item *it, struct err *e)
{
  static const char *const flags[] = {"required", "repeats", "readOnly", NULL};
  for (size_t i = 0; flags[i]; i++) {
    const struct doc *v = doc_get(d, flags[i]);
    if (v && doc_kind(v) != DOC_BOOL)
      return form_bad(
          e, it->link,
          TR("「必ず書く」(required)、「くり返す」(repeats)、「読むだけ」(readOnly)は、true か false です。"));
  }
  it->required = doc_get_bool(d, "required");
  it->repeats = doc_get_bool(d, "repeats");
  it->read_only = doc_get_bool(d, "readOnly") || (it->parent && it->parent->read_only);
  it->partial = doc_get_bool(form_own_extension(d, "partial"), "valueBoolean");
  it->sign = doc_get_bool(form_own_extension(d, "sign"), "valueBoolean");
  if (it->type == FORM_DISPLAY && (it->required || it->repeats))
    return form_bad(e, it->link, TR("説明の文には、「必ず書く」も「いくつでも」も付けられません。"));
  if (it->type == FORM_BOOLEAN && it->repeats)
    return form_bad(e, it->link, TR("はい・いいえの項目は、くり返せません。"));
  return OK;
}

enum code form_item_load(struct arena *a, const struct doc *d, const struct form_item *parent, struct form_item *it,
                         struct err *e)
{
  it->parent = parent;
  it->link = doc_get_str(d, "linkId");
  if (!link_ok(it->link))
    return form_bad(e, it->link,
                    TR("項目の名前(linkId)は英小文字で始め、英小文字・数字・_ で 40 字までにしてください。"));
  if (parent) {
    it->category = parent->category;
    it->marks = parent->marks;
    it->source = parent->source;
    it->row_of = parent->repeats ? parent : parent->row_of;
  }
  enum code c = read_type(d, it, e);
  if (c == OK)
    c = check_extensions(d, it->link, e);
  if (c == OK)
    c = read_label(d, it, e);
  if (c == OK)
    c = read_category(d, it->link, &it->category, e);
  if (c == OK)
    c = read_marks(d, it->link, &it->marks, e);
  if (c == OK)
    c = read_source(d, it, e);
  if (c == OK)
    c = read_flags(d, it, e);
  if (c == OK)
    c = read_numbers(d, it, e);
  if (c == OK)
    c = read_options(a, d, it, e);
  read_paper(d, it);
  if (c == OK && it->category == 0 && it->type != FORM_GROUP && it->type != FORM_DISPLAY)
    return form_bad(e, it->link, TR("どの項目にも、情報の区分(category)が必要です。"));
  return c;
}
