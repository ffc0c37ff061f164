/* form.c: the map `f` that a form's template reads, a map a field (docs/ui.md). */
#include "gate/gate_impl.h"

static const struct problem *problem_of(const struct request *rq, const char *name)
{
  for (const struct problem *p = rq->problems; p; p = p->next)
    if (str_is(p->field, name))
      return p;
  return NULL;
}

static bool list_has(const struct doc *d, const char *option)
{
  for (size_t i = 0; doc_kind(d) == DOC_LIST && i < doc_size(d); i++)
    if (str_is(doc_string(doc_at(d, i)), option))
      return true;
  return doc_kind(d) == DOC_STR && str_is(doc_string(d), option);
}

static void put_options(struct doc *m, const struct field *f, const struct doc *value)
{
  struct doc *is = doc_put_map(m, "is");
  for (int i = 0; f->options && f->options[i]; i++)
    doc_put_bool(is, f->options[i], list_has(value, f->options[i]));
}

/* The era's letter: R H S T, "" for 西暦. A stored date is shown by the reader's preference, a typed one as it was typed. */
static struct str date_parts(struct request *rq, const struct doc *value, struct str *y, struct str *m, struct str *d)
{
  static const char *const letter[] = {
      [ERA_NONE] = "", [ERA_MEIJI] = "", [ERA_TAISHO] = "T", [ERA_SHOWA] = "S", [ERA_HEISEI] = "H", [ERA_REIWA] = "R"};
  struct arena *a = rq->arena;
  struct date date = {0};
  int year = 0;
  if (doc_kind(value) == DOC_MAP) {
    *y = doc_get_str(value, "y");
    *m = doc_get_str(value, "m");
    *d = doc_get_str(value, "d");
    return doc_get_str(value, "era");
  }
  if (!date_parse_iso(doc_string(value), &date) || !date.year)
    return gate_wareki(rq) ? S("R") : STR_NONE;
  enum era era = gate_wareki(rq) ? date_to_era(date, &year) : ERA_NONE;
  *y = str_printf(a, "%d", letter[era][0] ? year : date.year);
  *m = date.month ? str_printf(a, "%d", date.month) : STR_NONE;
  *d = date.day ? str_printf(a, "%d", date.day) : STR_NONE;
  return str_from(letter[era]);
}

static void put_date(struct request *rq, struct doc *m, const struct doc *value)
{
  struct str y = STR_NONE, month = STR_NONE, day = STR_NONE, era = date_parts(rq, value, &y, &month, &day);
  doc_put_str(m, "y", y);
  doc_put_str(m, "m", month);
  doc_put_str(m, "d", day);
  doc_put_bool(m, "unknown", doc_get_bool(value, "unknown"));
  doc_put_bool(m, "era_r", str_is(era, "R"));
  doc_put_bool(m, "era_h", str_is(era, "H"));
  doc_put_bool(m, "era_s", str_is(era, "S"));
  doc_put_bool(m, "era_t", str_is(era, "T"));
  doc_put_bool(m, "era_west", !era.n);
}

static struct str text_of(struct request *rq, const struct field *f, const struct doc *value)
{
  if (f->kind == FIELD_SECRET)
    return STR_NONE;
  if (doc_kind(value) == DOC_INT)
    return str_printf(rq->arena, "%lld", (long long)doc_integer(value));
  return doc_string(doc_kind(value) == DOC_MAP ? doc_get(value, "text") : value);
}

static void put_field(struct request *rq, struct doc *f_map, const struct field *f, const struct doc *value)
{
  const struct problem *p = problem_of(rq, f->name);
  struct doc *m = doc_put_map(f_map, f->name);
  doc_put_cstr(m, "name", f->name);
  doc_put_str(m, "id", str_printf(rq->arena, "f-%s", f->name));
  doc_put_str(m, "label", f->label ? gate_tr(rq, f->label) : STR_NONE);
  doc_put_str(m, "value", text_of(rq, f, value));
  doc_put_bool(m, "required", f->required);
  doc_put_bool(m, "has_shown", false); /* shown.h */
  doc_put_bool(m, "has_error", p != NULL);
  doc_put_str(m, "error", p ? p->text : STR_NONE);
  doc_put_bool(m, "checked", doc_truth(value));
  put_options(m, f, value);
  if (f->kind == FIELD_DATE)
    put_date(rq, m, value);
}

struct doc *gate_form(struct request *rq, const struct field *fields, const struct doc *values)
{
  struct doc *f_map = doc_map(rq->arena);
  const struct doc *from = rq->problems ? rq->typed : values;
  for (const struct field *f = fields; f && f->name; f++)
    put_field(rq, f_map, f, doc_get(from, f->name));
  return f_map;
}

void gate_require(struct request *rq, struct doc *f, const char *name)
{
  doc_replace(doc_get(f, name), "required", doc_bool(rq->arena, true));
}

bool gate_has_problems(const struct request *rq)
{
  return rq->problems != NULL;
}

struct doc *gate_typed(const struct request *rq)
{
  return rq->typed;
}
