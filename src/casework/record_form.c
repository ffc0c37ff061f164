#include "casework/record_form.h"

#include "base/utf8.h"

static const struct {
  const char *code, *word;
  enum source source;
} sources[RECORD_SOURCES] = {{"person", TR("本人の話"), SOURCE_PERSON},
                             {"around", TR("家族・周囲の人の話"), SOURCE_AROUND},
                             {"other_body", TR("他機関からの情報"), SOURCE_OTHER_BODY},
                             {"staff", TR("支援者の所見"), SOURCE_STAFF}};

const char *record_source_code(size_t i)
{
  return sources[i].code;
}

const char *record_source_word(size_t i)
{
  return sources[i].word;
}

size_t record_source_index(struct str code, size_t fallback)
{
  for (size_t i = 0; i < RECORD_SOURCES; i++)
    if (str_is(code, sources[i].code))
      return i;
  return fallback;
}

struct str record_category_code(cats_t category)
{
  for (int i = 0; i < CATEGORIES; i++)
    if (category == 1u << i)
      return str_from(category_code(i));
  return S("support");
}

const struct doc *record_typed_row(const struct doc *typed, struct arena *a, size_t i)
{
  return doc_kind(typed) == DOC_LIST ? doc_at(typed, i) : doc_get_key(typed, str_printf(a, "%zu", i));
}

struct str record_problem(const struct request *rq, struct str field)
{
  for (const struct problem *p = rq->problems; p; p = p->next)
    if (str_eq(p->field, field))
      return p->text;
  return STR_NONE;
}

static void put_choice(struct doc *list, const char *value, struct str word, bool selected)
{
  struct doc *m = doc_add_map(list);
  doc_put_cstr(m, "value", value);
  doc_put_str(m, "word", word);
  doc_put_bool(m, "selected", selected);
}

void record_put_categories(struct doc *d, enum lang lang, struct str chosen)
{
  struct doc *list = doc_put_list(d, "categories");
  for (int i = 0; i < CATEGORIES; i++)
    put_choice(list, category_code(i), tr(lang, category_label(i)),
               str_is(chosen.n ? chosen : S("support"), category_code(i)));
}

void record_put_sources(struct doc *d, enum lang lang, struct str chosen)
{
  struct doc *list = doc_put_list(d, "sources");
  for (size_t i = 0; i < RECORD_SOURCES; i++)
    put_choice(list, sources[i].code, tr(lang, sources[i].word), str_is(chosen, sources[i].code));
}

/* 0: none of that name. */
static cats_t category_of(struct str code)
{
  for (int i = 0; i < CATEGORIES; i++)
    if (str_is(code, category_code(i)))
      return 1u << i;
  return code.n ? 0 : CAT_SUPPORT;
}

static bool is_text(const struct doc *row, const char *key)
{
  enum doc_kind kind = doc_kind(doc_get(row, key));
  return kind == DOC_STR || kind == DOC_NULL;
}

/* What stands in a map comes unchecked: each text through the same door as a field. */
enum code record_take_paragraph(const struct request *rq, const struct doc *row, struct paragraph_new *ret,
                                struct err *e)
{
  struct str text = str_trim(utf8_normalize_newlines(rq->arena, doc_get_str(row, "text")));
  struct str code = doc_get_str(row, "source");
  size_t source = record_source_index(code, code.n ? RECORD_SOURCES : RECORD_SOURCES - 1);
  cats_t category = category_of(doc_get_str(row, "category"));
  *ret = (struct paragraph_new){.text = STR_NONE};
  if (doc_kind(row) != DOC_MAP || !is_text(row, "text") || !is_text(row, "source") || !is_text(row, "category"))
    return err_set(e, INVALID, TR("段落は、内容・だれの話か・区分を文字列で送ってください。"));
  if (!text.n)
    return OK;
  if (!category)
    return err_set(e, INVALID, TR("段落の区分を選びなおしてください。"));
  if (source == RECORD_SOURCES)
    return err_set(e, INVALID, TR("段落がだれの話かを選びなおしてください。"));
  *ret = (struct paragraph_new){.text = text,
                                .source = sources[source].source,
                                .category = category,
                                .visit = doc_get_bool(row, "visit") || str_is(doc_get_str(row, "visit"), "1")};
  return field_check_text(text, true, 0, e);
}
