/* form_fhir_value.c: value[x] of FHIR and what it is here. dateTime has an offset there and is +09:00 here; a date that is not
 * known carries FHIR's own data-absent-reason. */
#include "form/form_internal.h"

#define ABSENT_REASON FHIR_EXT "data-absent-reason"

static const char *const fhir_types[FORM_TYPE_COUNT] = {
    [FORM_BOOLEAN] = "Boolean",   [FORM_DECIMAL] = "Decimal", [FORM_INTEGER] = "Integer",   [FORM_DATE] = "Date",
    [FORM_DATETIME] = "DateTime", [FORM_TIME] = "Time",       [FORM_STRING] = "String",     [FORM_TEXT] = "String",
    [FORM_URL] = "Uri",           [FORM_CHOICE] = "Coding",   [FORM_OPEN_CHOICE] = "Coding"};

static const struct doc *typed(struct arena *a, const struct doc *d, const char *before, const char *prefix,
                               const char *type)
{
  return doc_get_key(d, str_printf(a, "%s%s%s", before, prefix, type));
}

/* "2026-11-18T10:02:00Z" to "2026-11-18T19:02"; without an offset it is +09:00 already. What cannot be read stays, to be refused
 * with the words of form_date_read. */
static struct str local_datetime(struct arena *a, struct str s)
{
  struct date d;
  if (s.n < 16 || s.p[10] != 'T' || !date_parse_iso(str_sub(s, 0, 10), &d))
    return s;
  struct str zone = str_sub(s, 16, s.n);
  char sign = zone.n >= 6 ? zone.p[zone.n - 6] : ' ';
  int64_t h = 9, m = 0, hour = 0, minute = 0;
  if (str_ends(zone, S("Z"))) {
    h = 0;
  } else if ((sign == '+' || sign == '-') && str_to_i64(str_sub(zone, zone.n - 5, 2), &h) &&
             str_to_i64(str_sub(zone, zone.n - 2, 2), &m)) {
    h = sign == '-' ? -h : h;
    m = sign == '-' ? -m : m;
  }
  if (!str_to_i64(str_sub(s, 11, 2), &hour) || !str_to_i64(str_sub(s, 14, 2), &minute) || hour > 23 || minute > 59)
    return s;
  int64_t at = (hour - h + 9) * 60 + minute - m;
  int days = at < 0 ? -1 : (int)(at / 1440);
  at -= (int64_t)days * 1440;
  struct str day = date_iso(a, date_add_days(d, days));
  return str_printf(a, "%.*sT%02d:%02d", STR_FMT(day), (int)(at / 60), (int)(at % 60));
}

static bool is_unknown(struct arena *a, const struct doc *d, const char *prefix, const char *type)
{
  const struct doc *x = form_extension(typed(a, d, "_", prefix, type), ABSENT_REASON);
  struct str code = doc_get_str(x, "valueCode");
  return str_is(code, "asked-unknown") || str_is(code, "unknown");
}

struct doc *form_fhir_raw(struct arena *a, const struct form_item *it, const struct doc *d, const char *prefix)
{
  const char *type = fhir_types[it->type];
  if (!type)
    return NULL;
  const struct doc *v = typed(a, d, "", prefix, type);
  if (!v && it->type == FORM_URL)
    v = typed(a, d, "", prefix, "Url");
  if (!v && (it->type == FORM_DATE || it->type == FORM_DATETIME) && is_unknown(a, d, prefix, type))
    return doc_str(a, S("unknown"));
  if (!v && it->type == FORM_OPEN_CHOICE) {
    const struct doc *text = typed(a, d, "", prefix, "String");
    struct doc *free_text = doc_map(a);
    doc_put_str(free_text, "text", doc_string(text));
    return text ? free_text : NULL;
  }
  if (v && form_is_choice(it))
    return doc_get(v, "code");
  if (doc_kind(v) == DOC_STR && it->type == FORM_DATETIME)
    return doc_str(a, local_datetime(a, doc_string(v)));
  if (doc_kind(v) == DOC_STR && it->type == FORM_TIME)
    return doc_str(a, str_sub(doc_string(v), 0, 5));
  return (struct doc *)v;
}

struct doc *form_fhir_definition_value(struct arena *a, const struct form *f, const struct form_item *it,
                                       const struct doc *d, const char *prefix)
{
  struct doc *raw = form_fhir_raw(a, it, d, prefix);
  struct form_context c = {.arena = a, .lang = LANG_JA, .mask = {.categories = FORM_ALL_CATEGORIES}};
  struct form_reader r = {.c = &c, .f = f};
  struct form_place at = {S("answer"), STR_NONE};
  struct doc *v = raw ? form_value_read(&r, &at, it, raw) : NULL;
  return r.problems == 0 ? v : NULL;
}

/* --- out --- */

static void put_coding(struct arena *a, const struct form_item *it, const struct doc *value, struct doc *answer)
{
  const struct form_option *o = form_option_find(it, doc_string(value));
  if (!o) {
    doc_put_str(answer, "valueString", doc_get_str(value, "text"));
    return;
  }
  struct doc *coding = doc_put_map(answer, "valueCoding");
  doc_put_str(coding, "code", o->code);
  doc_put_str(coding, "display", o->label.ja);
}

static void put_text(struct arena *a, const struct form_item *it, struct str s, struct doc *answer)
{
  struct str key = str_printf(a, "value%s", fhir_types[it->type]);
  if (it->type == FORM_DATETIME && s.n > 10)
    s = str_printf(a, "%.*s:00+09:00", STR_FMT(s));
  if (it->type == FORM_TIME)
    s = str_printf(a, "%.*s:00", STR_FMT(s));
  doc_put_key(answer, key, doc_str(a, s));
}

static void put_unknown(struct arena *a, const struct form_item *it, struct doc *answer)
{
  struct doc *element = doc_map(a);
  struct doc *x = doc_add_map(doc_put_list(element, "extension"));
  doc_put_cstr(x, "url", ABSENT_REASON);
  doc_put_cstr(x, "valueCode", "asked-unknown");
  doc_put_key(answer, str_printf(a, "_value%s", fhir_types[it->type]), element);
}

void form_fhir_put(struct arena *a, const struct form_item *it, const struct doc *value, struct doc *answer)
{
  bool dated = it->type == FORM_DATE || it->type == FORM_DATETIME;
  if (form_is_choice(it))
    put_coding(a, it, value, answer);
  else if (dated && str_is(doc_string(value), "unknown"))
    put_unknown(a, it, answer);
  else if (doc_kind(value) == DOC_STR)
    put_text(a, it, doc_string(value), answer);
  else if (fhir_types[it->type])
    doc_put_key(answer, str_printf(a, "value%s", fhir_types[it->type]), (struct doc *)value);
}
