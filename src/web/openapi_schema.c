/* openapi_schema.c: fields, errors, and the records of HSDS 3.0 as JSON schemas. */
#include "web/openapi_schema.h"

#include "base/limits.h"
#include "directory/hsds.h"

#define ID_PATTERN "^[0-9a-hjkmnp-tv-z]{13}$"
#define UUID_PATTERN "^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$"

void openapi_reference(struct doc *d, const char *kind, const char *name)
{
  char text[96];
  snprintf(text, sizeof(text), "#/components/%s/%s", kind, name);
  doc_put_cstr(d, "$ref", text);
}

static void put_ref(struct doc *d, const char *name)
{
  openapi_reference(d, "schemas", name);
}

static void put_enum(struct doc *d, const char *const *options, bool empty)
{
  struct doc *list = doc_put_list(d, "enum");
  if (empty)
    doc_add_str(list, STR_NONE);
  for (const char *const *o = options; o && *o; o++)
    doc_add_str(list, str_from(*o));
}

/* ---- fields of routes ------------------------------------------------------------------------------------------------------------ */

static void put_text(struct doc *d, const struct field *f, int64_t most)
{
  doc_put_cstr(d, "type", "string");
  doc_put_int(d, "maxLength", f->max ? f->max : most);
  if (f->required)
    doc_put_int(d, "minLength", 1);
}

static void put_list(struct doc *d, const struct field *f)
{
  doc_put_cstr(d, "type", "array");
  struct doc *items = doc_put_map(d, "items");
  doc_put_cstr(items, "type", "string");
  if (f->kind == FIELD_CHOICES)
    put_enum(items, f->options, false);
  else
    doc_put_int(items, "maxLength", LIMIT_STRING);
  if (f->kind == FIELD_TEXTS)
    doc_put_int(d, "maxItems", LIMIT_REPEATS);
}

static void put_integer(struct doc *d, const struct field *f)
{
  doc_put_cstr(d, "type", "integer");
  doc_put_int(d, "minimum", f->min);
  if (f->max && f->max < ((int64_t)1 << 53)) /* beyond, programs that read JSON into a double lose digits */
    doc_put_int(d, "maximum", f->max);
}

static void put_kind(struct doc *d, const struct field *f)
{
  switch (f->kind) {
  case FIELD_TEXT:
    put_text(d, f, LIMIT_STRING);
    return;
  case FIELD_LINES:
    put_text(d, f, LIMIT_TEXT);
    return;
  case FIELD_SECRET:
    put_text(d, f, LIMIT_STRING);
    doc_put_cstr(d, "format", "password");
    return;
  case FIELD_INT:
    put_integer(d, f);
    return;
  case FIELD_BOOL:
    doc_put_cstr(d, "type", "boolean");
    return;
  case FIELD_DATE:
    doc_put_cstr(d, "type", "string");
    doc_add_str(doc_put_list(d, "examples"), S("2026-04-01"));
    return;
  case FIELD_TIME:
    doc_put_cstr(d, "type", "string");
    doc_add_str(doc_put_list(d, "examples"), S("10:02"));
    return;
  case FIELD_ID:
    doc_put_cstr(d, "type", "string");
    doc_put_cstr(d, "pattern", f->required ? ID_PATTERN : "^([0-9a-hjkmnp-tv-z]{13})?$");
    return;
  case FIELD_CHOICE:
    doc_put_cstr(d, "type", "string");
    put_enum(d, f->options, !f->required);
    return;
  case FIELD_CHOICES:
  case FIELD_TEXTS:
    put_list(d, f);
    return;
  case FIELD_MAP:
    doc_put_cstr(d, "type", "object");
    return;
  }
}

struct doc *openapi_field(struct arena *a, enum lang lang, const struct field *f)
{
  struct doc *d = doc_map(a);
  put_kind(d, f);
  if (f->label)
    doc_put_str(d, "title", tr(lang, f->label));
  return d;
}

struct doc *openapi_fields(struct arena *a, enum lang lang, const struct field *fields)
{
  struct doc *d = doc_map(a), *required = doc_list(a);
  doc_put_cstr(d, "type", "object");
  struct doc *properties = doc_put_map(d, "properties");
  for (const struct field *f = fields; f->name; f++) {
    doc_put(properties, f->name, openapi_field(a, lang, f));
    if (f->required)
      doc_add_str(required, str_from(f->name));
  }
  doc_put_bool(d, "additionalProperties", false);
  if (doc_size(required))
    doc_put(d, "required", required);
  return d;
}

/* ---- records of the standard ------------------------------------------------------------------------------------------------------ */

/* "HsdsServiceAtLocation" */
static struct str hsds_name(struct arena *a, enum hsds_kind kind, const char *tail)
{
  struct buf b;
  bool high = true;
  buf_init(&b, a, 96);
  buf_add_cstr(&b, "Hsds");
  for (const char *p = hsds_tables[kind].name; *p; p++) {
    if (*p != '_')
      buf_add_c(&b, high ? (char)(*p - 'a' + 'A') : *p);
    high = *p == '_';
  }
  buf_add_cstr(&b, tail);
  return buf_str(&b);
}

static struct doc *hsds_field_schema(struct arena *a, const struct hsds_field *f)
{
  static const char *const formats[] = {
      [HSDS_DATE] = "date", [HSDS_DATETIME] = "date-time", [HSDS_URI] = "uri", [HSDS_EMAIL] = "email"};
  struct doc *d = doc_map(a);
  doc_put_cstr(d, "type", f->type == HSDS_NUMBER ? "number" : "string");
  if (f->type == HSDS_UUID)
    doc_put_cstr(d, "format", "uuid");
  else if (f->type < (int)(sizeof(formats) / sizeof(*formats)) && formats[f->type])
    doc_put_cstr(d, "format", formats[f->type]);
  if (f->choices)
    put_enum(d, f->choices, false);
  return d;
}

static struct doc *hsds_schema(struct arena *a, enum hsds_kind kind)
{
  struct doc *d = doc_map(a);
  doc_put_cstr(d, "type", "object");
  struct doc *properties = doc_put_map(d, "properties"), *required = doc_list(a);
  for (const struct hsds_field *f = hsds_tables[kind].fields; f->name; f++) {
    doc_put(properties, f->name, hsds_field_schema(a, f));
    if (f->need == HSDS_FULL || f->need == HSDS_KEY)
      doc_add_str(required, str_from(f->name));
  }
  for (const struct hsds_branch *b = hsds_tables[kind].branches; b->name; b++) {
    struct doc *to = doc_put_map(properties, b->name);
    if (b->list) {
      doc_put_cstr(to, "type", "array");
      to = doc_put_map(to, "items");
    }
    put_ref(to, str_cstr(a, hsds_name(a, b->kind, "")));
  }
  doc_put(d, "required", required);
  return d;
}

/* As the standard's API has it, and the address of the next page. */
static struct doc *hsds_page(struct arena *a, enum hsds_kind kind)
{
  static const char *const numbers[] = {"total_items", "total_pages", "page_number", "size"}, *const flags[] = {
                                                                                                  "first_page",
                                                                                                  "last_page", "empty"};
  struct doc *d = doc_map(a);
  doc_put_cstr(d, "type", "object");
  struct doc *properties = doc_put_map(d, "properties"), *required = doc_list(a);
  for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
    doc_put_cstr(doc_put_map(properties, numbers[i]), "type", "integer");
    doc_add_str(required, str_from(numbers[i]));
  }
  for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
    doc_put_cstr(doc_put_map(properties, flags[i]), "type", "boolean");
    doc_add_str(required, str_from(flags[i]));
  }
  put_ref(doc_put_map(properties, "next"), "Next");
  struct doc *contents = doc_put_map(properties, "contents");
  doc_put_cstr(contents, "type", "array");
  put_ref(doc_put_map(contents, "items"), str_cstr(a, hsds_name(a, kind, "")));
  doc_add_str(required, S("next"));
  doc_add_str(required, S("contents"));
  doc_put(d, "required", required);
  return d;
}

static void put_hsds(struct arena *a, struct doc *schemas)
{
  static const enum hsds_kind listed[] = {HSDS_ORGANIZATION, HSDS_SERVICE, HSDS_SERVICE_AT_LOCATION, HSDS_TAXONOMY,
                                          HSDS_TAXONOMY_TERM};
  for (int k = 0; k < HSDS_KINDS; k++)
    doc_put_key(schemas, hsds_name(a, (enum hsds_kind)k, ""), hsds_schema(a, (enum hsds_kind)k));
  for (size_t i = 0; i < sizeof(listed) / sizeof(*listed); i++)
    doc_put_key(schemas, hsds_name(a, listed[i], "Page"), hsds_page(a, listed[i]));
}

/* ---- what is common ------------------------------------------------------------------------------------------------------------------ */

/* The rest is plain JSON, the same in every language but for the sentences. */
static const char common[] =
    "{\"Id\":{\"type\":\"string\",\"pattern\":\"" ID_PATTERN "\"},"
    "\"Uuid\":{\"type\":\"string\",\"pattern\":\"" UUID_PATTERN "\"},"
    "\"Next\":{\"type\":[\"string\",\"null\"]},"
    "\"Problem\":{\"type\":\"object\",\"required\":[\"field\",\"text\"],\"properties\":{\"field\":{\"type\":\"string\"}"
    ","
    "\"text\":{\"type\":\"string\"}}},"
    "\"Document\":{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#/components/schemas/Next\"},"
    "\"has_problems\":{\"type\":\"boolean\"},\"problems\":{\"type\":\"array\",\"items\":"
    "{\"$ref\":\"#/components/schemas/Problem\"}}},\"additionalProperties\":true},"
    "\"Done\":{\"type\":\"object\",\"properties\":{\"location\":{\"type\":\"string\"},\"notice\":{\"type\":\"string\"}}"
    ","
    "\"additionalProperties\":true},"
    "\"HsdsApi\":{\"type\":\"object\",\"required\":[\"version\",\"profile\",\"openapi_url\"],\"properties\":"
    "{\"version\":{\"type\":\"string\"},\"profile\":{\"type\":\"string\",\"format\":\"uri\"},"
    "\"openapi_url\":{\"type\":\"string\",\"format\":\"uri\"}}},"
    "\"Error\":{\"type\":\"object\",\"required\":[\"error\"],\"properties\":{\"error\":{\"type\":\"object\","
    "\"required\":"
    "[\"code\",\"message\"],\"properties\":{\"code\":{\"type\":\"string\"},\"message\":{\"type\":\"string\"}}},"
    "\"has_problems\":{\"type\":\"boolean\"},\"problems\":{\"type\":\"array\",\"items\":"
    "{\"$ref\":\"#/components/schemas/Problem\"}}}}}";

static const struct {
  const char *name, *text, *schema;
} answers[] = {
    {"Malformed", TR("要求の形がまちがっている"), "Error"},
    {"SignIn", TR("トークンがないか、使えない"), "Error"},
    {"Denied", TR("この役割では使えない"), "Error"},
    {"NotFound", TR("ないか、見えない(区別しません)"), "Error"},
    {"Conflict", TR("先に変わっているか、もう終わっている"), "Error"},
    {"Invalid", TR("入力に直すところがある: problems に項目と文"), "Document"},
    {"TooMany", TR("短い時間に要求が多すぎる: Retry-After の秒数だけ待つ"), "Error"},
    {"Fault", TR("そのほかのまちがい"), "Error"},
};

static void put_responses(enum lang lang, struct doc *components)
{
  struct doc *all = doc_put_map(components, "responses");
  for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
    struct doc *d = doc_put_map(all, answers[i].name);
    doc_put_str(d, "description", tr(lang, answers[i].text));
    put_ref(doc_put_map(doc_put_map(doc_put_map(d, "content"), "application/json"), "schema"), answers[i].schema);
  }
  struct doc *after = doc_put_map(doc_put_map(doc_get(all, "TooMany"), "headers"), "Retry-After");
  doc_put_cstr(doc_put_map(after, "schema"), "type", "integer");
}

struct doc *openapi_components(struct arena *a, enum lang lang)
{
  struct doc *d = doc_map(a), *schemas = NULL;
  struct err e = {0};
  if (json_parse(a, str_from(common), &schemas, &e) != OK)
    return NULL;
  put_hsds(a, schemas);
  doc_put(d, "schemas", schemas);
  put_responses(lang, d);
  struct doc *key = doc_put_map(doc_put_map(d, "parameters"), "IdempotencyKey");
  doc_put_cstr(key, "name", "Idempotency-Key");
  doc_put_cstr(key, "in", "header");
  doc_put_bool(key, "required", true);
  doc_put_str(key, "description",
              tr(lang, TR("送るたびに新しい、8〜100字の英数字。同じものをもう一度送っても、一度しか書かれません。")));
  struct doc *schema = doc_put_map(key, "schema");
  doc_put_cstr(schema, "type", "string");
  doc_put_cstr(schema, "pattern", "^[A-Za-z0-9_-]{8,100}$");
  struct doc *bearer = doc_put_map(doc_put_map(d, "securitySchemes"), "bearer");
  doc_put_cstr(bearer, "type", "http");
  doc_put_cstr(bearer, "scheme", "bearer");
  return d;
}
