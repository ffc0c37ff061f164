/* form_fhir.c: QuestionnaireResponse in and out. There items nest as in the questionnaire; here groups that do not repeat are
 * transparent. */
#include "form/form_internal.h"

/* --- out --- */

static struct doc *new_item(const struct form_context *c, const struct form_item *it)
{
  struct doc *item = doc_map(c->arena);
  doc_put_str(item, "linkId", it->link);
  doc_put_str(item, "text", it->label.ja);
  return item;
}

static void write_level(const struct form_context *c, const struct form_item *first, const struct doc *answers,
                        struct doc *list);

static void write_group(const struct form_context *c, const struct form_item *it, const struct doc *answers,
                        struct doc *list)
{
  struct doc *items = doc_list(c->arena), *item = new_item(c, it);
  write_level(c, it->child, answers, items);
  if (doc_size(items) == 0)
    return;
  doc_put(item, "item", items);
  doc_add(list, item);
}

static void write_answers(const struct form_context *c, const struct form_item *it, const struct doc *value,
                          struct doc *list)
{
  struct doc *item = new_item(c, it);
  struct doc *answers = doc_put_list(item, "answer");
  for (size_t i = 0; i < form_value_count(value); i++)
    form_fhir_put(c->arena, it, form_value_at(value, i), doc_add_map(answers));
  doc_add(list, item);
}

static void write_level(const struct form_context *c, const struct form_item *first, const struct doc *answers,
                        struct doc *list)
{
  for (const struct form_item *it = first; it; it = it->next) {
    const struct doc *value = doc_get_key(answers, it->link);
    if (it->type == FORM_GROUP && !it->repeats) {
      write_group(c, it, answers, list);
    } else if (it->type == FORM_GROUP) {
      for (size_t i = 0; i < doc_size(value); i++)
        write_group(c, it, doc_at(value, i), list);
    } else if (form_value_count(value) > 0) {
      write_answers(c, it, value, list);
    }
  }
}

struct doc *form_to_fhir(const struct form_context *c, const struct form *f, const struct doc *answers,
                         const char *status, ts_t authored)
{
  struct form_masked m = form_mask_answers(c, f, answers);
  struct doc *response = doc_map(c->arena);
  doc_put_cstr(response, "resourceType", "QuestionnaireResponse");
  doc_put_str(response, "questionnaire", str_printf(c->arena, "%.*s|%.*s", STR_FMT(f->url), STR_FMT(f->version)));
  doc_put_cstr(response, "status", status);
  if (authored != 0)
    doc_put_str(response, "authored", ts_iso(c->arena, authored));
  struct doc *items = doc_list(c->arena);
  write_level(c, f->first, m.answers, items);
  if (doc_size(items) > 0)
    doc_put(response, "item", items);
  return response;
}

/* --- in --- */

static struct doc *list_under(struct arena *a, struct doc *map, struct str key)
{
  struct doc *list = doc_get_key(map, key);
  if (!list) {
    list = doc_list(a);
    doc_put_key(map, key, list);
  }
  return list;
}

static void read_items(const struct form_context *c, const struct form *f, const struct doc *list, struct doc *raw);

static void read_answers(const struct form_context *c, const struct form *f, const struct form_item *it,
                         struct str link, const struct doc *d, struct doc *raw)
{
  const struct doc *answers = doc_get(d, "answer");
  struct doc *list = list_under(c->arena, raw, link);
  for (size_t i = 0; i < doc_size(answers); i++) {
    struct doc *v = it ? form_fhir_raw(c->arena, it, doc_at(answers, i), "value") : NULL;
    doc_add(list, v ? v : doc_list(c->arena)); /* a list inside is no value of any type: refused in words */
    read_items(c, f, doc_get(doc_at(answers, i), "item"), raw);
  }
}

static void read_items(const struct form_context *c, const struct form *f, const struct doc *list, struct doc *raw)
{
  for (size_t i = 0; i < doc_size(list); i++) {
    const struct doc *d = doc_at(list, i);
    struct str link = doc_get_str(d, "linkId");
    const struct form_item *it = form_item_find(f, link);
    if (it && it->type == FORM_GROUP && it->repeats)
      read_items(c, f, doc_get(d, "item"), doc_add_map(list_under(c->arena, raw, link)));
    else if (it && it->type == FORM_GROUP)
      read_items(c, f, doc_get(d, "item"), raw);
    else if (!it || it->type != FORM_DISPLAY)
      read_answers(c, f, it, link, d, raw);
  }
}

enum code form_from_fhir(const struct form_context *c, const struct form *f, const struct doc *response,
                         struct doc **ret, struct err *e)
{
  struct str canonical = doc_get_str(response, "questionnaire"), url, version;
  struct doc *raw = doc_map(c->arena);
  if (!str_is(doc_get_str(response, "resourceType"), "QuestionnaireResponse"))
    return err_set(e, INVALID, TR("FHIR の QuestionnaireResponse ではありません。"));
  if (!str_split(&canonical, '|', &url) || !str_eq(url, f->url))
    return err_set1(e, INVALID, TR("この答えは別の様式のものです。「%1」の答えを送ってください。"),
                    str_cstr(c->arena, f->title.ja));
  if (str_split(&canonical, '|', &version) && !str_eq(version, f->version))
    return err_set1(e, INVALID, TR("この答えは様式の別の版のものです。版 %1 で答えてください。"),
                    str_cstr(c->arena, f->version));
  read_items(c, f, doc_get(response, "item"), raw);
  *ret = raw;
  return OK;
}
