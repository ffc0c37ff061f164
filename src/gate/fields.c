#include "gate/fields.h"

#include "base/clock.h"

static struct str problem_of(const struct request *rq, const char *name)
{
  for (const struct problem *p = rq->problems; p; p = p->next)
    if (str_is(p->field, name))
      return p->text;
  return STR_NONE;
}

/* ---- dates: three inputs and an era ------------------------------------------------------------------------------ */

struct date_typed {
  struct str era, y, m, d;
  bool unknown;
};

static struct str number_text(struct arena *a, int v)
{
  return v ? str_printf(a, "%d", v) : STR_NONE;
}

static struct str era_letter(enum era era)
{
  switch (era) {
  case ERA_REIWA:
    return S("R");
  case ERA_HEISEI:
    return S("H");
  case ERA_SHOWA:
    return S("S");
  case ERA_TAISHO:
    return S("T");
  default:
    return STR_NONE;
  }
}

static struct date_typed date_of_iso(const struct request *rq, struct str iso)
{
  struct date date = {0};
  int era_year = 0;
  struct date_typed t = {.era = gate_wareki(rq) ? S("R") : STR_NONE};
  if (!iso.n || !date_parse_iso(iso, &date) || !date.year)
    return t;
  enum era era = gate_wareki(rq) ? date_to_era(date, &era_year) : ERA_NONE;
  t.era = era_letter(era);
  t.y = number_text(rq->arena, t.era.n ? era_year : date.year);
  t.m = number_text(rq->arena, date.month);
  t.d = number_text(rq->arena, date.day);
  return t;
}

static struct date_typed date_typed(const struct request *rq, const struct doc *value)
{
  if (doc_kind(value) != DOC_MAP)
    return date_of_iso(rq, doc_string(value));
  struct str y = doc_get_str(value, "y");
  return (struct date_typed){.era = doc_get_str(value, "era"),
                             .y = y.n ? y : doc_get_str(value, "text"),
                             .m = doc_get_str(value, "m"),
                             .d = doc_get_str(value, "d"),
                             .unknown = doc_get_bool(value, "unknown") || str_is(doc_get_str(value, "unknown"), "1")};
}

static void put_date(const struct request *rq, struct doc *m, const struct doc *value)
{
  struct date_typed t = date_typed(rq, value);
  doc_put_str(m, "y", t.y);
  doc_put_str(m, "m", t.m);
  doc_put_str(m, "d", t.d);
  doc_put_bool(m, "unknown", t.unknown);
  doc_put_bool(m, "era_r", str_is(t.era, "R"));
  doc_put_bool(m, "era_h", str_is(t.era, "H"));
  doc_put_bool(m, "era_s", str_is(t.era, "S"));
  doc_put_bool(m, "era_t", str_is(t.era, "T"));
  doc_put_bool(m, "era_west", !t.era.n);
}

/* ---- choices ------------------------------------------------------------------------------------------------------ */

static bool is_chosen(const struct doc *value, const char *option)
{
  if (doc_kind(value) != DOC_LIST)
    return str_is(doc_string(value), option);
  for (size_t i = 0; i < doc_size(value); i++)
    if (str_is(doc_string(doc_at(value, i)), option))
      return true;
  return false;
}

static void put_options(struct doc *m, const struct field *f, const struct doc *value)
{
  struct doc *is = doc_put_map(m, "is");
  for (size_t i = 0; f->options && f->options[i]; i++)
    doc_put_bool(is, f->options[i], is_chosen(value, f->options[i]));
}

/* ---- the map ------------------------------------------------------------------------------------------------------ */

static struct str value_text(const struct request *rq, const struct field *f, const struct doc *value)
{
  if (f->kind == FIELD_SECRET)
    return STR_NONE;
  if (doc_kind(value) == DOC_INT)
    return str_printf(rq->arena, "%lld", (long long)doc_integer(value));
  return doc_string(value);
}

static void put_field(const struct request *rq, struct doc *all, const struct field *f, const struct doc *value)
{
  struct str error = problem_of(rq, f->name);
  struct doc *m = doc_put_map(all, f->name);
  doc_put_cstr(m, "name", f->name);
  doc_put_str(m, "id", str_printf(rq->arena, "f-%s", f->name));
  doc_put_str(m, "label", f->label ? tr(gate_lang(rq), f->label) : STR_NONE);
  doc_put_bool(m, "required", f->required);
  doc_put_bool(m, "has_error", error.n > 0);
  doc_put_str(m, "error", error);
  doc_put_str(m, "value", value_text(rq, f, value));
  doc_put_bool(m, "checked", f->kind == FIELD_BOOL && (doc_truth(value) || str_is(doc_string(value), "1")));
  put_options(m, f, value);
  if (f->kind == FIELD_DATE)
    put_date(rq, m, value);
}

struct doc *gate_fields(struct request *rq, const struct field *fields, const struct doc *initial)
{
  struct doc *all = doc_map(rq->arena);
  const struct doc *from = rq->method == POST ? gate_typed(rq) : initial;
  for (const struct field *f = fields; f && f->name; f++)
    put_field(rq, all, f, doc_get(from, f->name));
  return all;
}

void gate_put_fields(struct request *rq, struct doc *data, const struct field *fields, const struct doc *initial)
{
  doc_put(data, "f", gate_fields(rq, fields, initial));
}

/* ---- small things every handler needs ------------------------------------------------------------------------------ */

struct reader gate_reader(const struct request *rq)
{
  return (struct reader){.lang = gate_lang(rq), .wareki = gate_wareki(rq), .today = date_of_ts(clock_now())};
}

bool gate_may(const struct request *rq, enum action action)
{
  bool allowed = false;
  (void)role_may(gate_actor(rq)->role, action, &allowed);
  return allowed;
}

struct str gate_path(struct request *rq, const char *head, id64 id, const char *tail)
{
  struct str text = id_text(rq->arena, id);
  return str_printf(rq->arena, "%s%.*s%s", head, STR_FMT(text), tail);
}

enum code gate_param(const struct request *rq, const char *name, id64 *ret, struct err *e)
{
  return request_param_id(rq, name, ret) ? OK : err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
}

enum code gate_refill(struct request *rq, struct response *rs, route_fn page, struct err *e)
{
  request_problem(rq, str_cstr(rq->arena, str_from(e->field)), tr_err(rq->arena, gate_lang(rq), e));
  *e = (struct err){0};
  return page(rq, rs, e);
}
