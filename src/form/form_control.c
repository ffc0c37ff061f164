/* form_control.c: one control of a page: text, lines, choices, the grid with ◎, a date in boxes. Values come canonical or as
 * typed, and what was typed comes back as it was. */
#include "form/form_render.h"

/* --- texts --- */

static void text_control(struct form_render *w, const struct form_item *it, struct str path, struct str name,
                         const struct doc *value)
{
  static const char *const modes[FORM_TYPE_COUNT] = {
      [FORM_INTEGER] = "numeric", [FORM_DECIMAL] = "decimal", [FORM_URL] = "url"};
  bool number = it->type == FORM_INTEGER || it->type == FORM_DECIMAL;
  struct doc *d = form_field_block(w, it->type == FORM_TEXT ? "area" : "input", it, path, name);
  doc_put_str(d, "value", form_raw_text(w->c->arena, value));
  doc_put_cstr(d, "mode", modes[it->type] ? modes[it->type] : "text");
  doc_put_bool(d, "number", number);
  doc_put_bool(d, "short", it->type == FORM_TIME || (it->max_length > 0 && it->max_length <= 40));
  form_put_optional(d, "placeholder", it->type == FORM_TIME ? S("10:02") : STR_NONE);
  doc_put_int(d, "max", it->max_length);
}

/* --- choices --- */

static bool chosen(struct arena *a, const struct doc *value, struct str code)
{
  struct form_rows rows = form_rows_of(a, value);
  for (size_t i = 0; i < rows.count; i++) {
    if (doc_kind(rows.row[i]) == DOC_STR && str_eq(doc_string(rows.row[i]), code))
      return true;
  }
  return false;
}

static void put_option(struct form_render *w, struct doc *list, struct str name, struct str code, struct str label,
                       bool checked, bool many)
{
  struct doc *o = doc_add_map(list);
  doc_put_str(o, "id", str_printf(w->c->arena, "f-%.*s-%.*s", STR_FMT(name), STR_FMT(code)));
  doc_put_str(o, "name", name);
  doc_put_str(o, "value", code);
  doc_put_str(o, "label", label);
  doc_put_bool(o, "checked", checked);
  doc_put_cstr(o, "type", many ? "checkbox" : "radio");
}

static void put_worst(struct form_render *w, struct doc *option, const struct form_item *worst, struct str name,
                      struct str code)
{
  doc_put_str(option, "worst_name", name);
  doc_put_str(option, "worst_label", form_item_label(w->c, worst));
  doc_put_cstr(option, "worst_type", worst->repeats ? "checkbox" : "radio");
  doc_put_bool(option, "worst_checked", chosen(w->c->arena, w->worst_values, code));
}

static void worst_control(struct form_render *w, const struct form_item *it, struct str path, struct str name,
                          const struct doc *value)
{
  struct doc *d = form_field_block(w, "worst", it, path, name), *list = doc_put_list(d, "options");
  struct str worst_name = form_path(w->c, path, it->worst->link);
  doc_put_str(d, "worst_label", form_item_label(w->c, it->worst));
  for (size_t i = 0; i < it->option_count; i++) {
    const struct form_option *o = &it->options[i];
    if (!form_veil_option(w->veil, it, o))
      continue;
    put_option(w, list, name, o->code, form_label_text(w->c, &o->label), chosen(w->c->arena, value, o->code), true);
    put_worst(w, doc_at(list, doc_size(list) - 1), it->worst, worst_name, o->code);
  }
}

/* The free text of an open choice, canonical or typed. */
static struct str open_text(struct arena *a, const struct form_item *it, const struct doc *value)
{
  if (doc_get(value, "text"))
    return doc_get_str(value, "text");
  struct form_rows rows = form_rows_of(a, value);
  for (size_t i = 0; i < rows.count; i++) {
    const struct doc *one = rows.row[i];
    if (doc_get(one, "text"))
      return doc_get_str(one, "text");
    if (doc_kind(one) == DOC_STR && !form_option_find(it, doc_string(one)))
      return doc_string(one);
  }
  return STR_NONE;
}

static void put_other(struct form_render *w, struct doc *d, const struct form_item *it, struct str name,
                      const struct doc *value)
{
  if (it->type != FORM_OPEN_CHOICE) {
    doc_put_null(d, "other");
    return;
  }
  struct doc *o = doc_put_map(d, "other");
  doc_put_str(o, "id", str_printf(w->c->arena, "f-%.*s-text", STR_FMT(name)));
  doc_put_str(o, "name", form_path(w->c, name, S("text")));
  doc_put_str(o, "value", open_text(w->c->arena, it, value));
}

static bool any_chosen(const struct doc *options)
{
  bool any = false;
  for (size_t i = 0; i < doc_size(options); i++)
    any |= doc_get_bool(doc_at(options, i), "checked");
  return any;
}

static struct doc *choices_block(struct form_render *w, const struct form_item *it, struct str path, struct str name)
{
  enum { GRID_FROM = 5 };
  struct doc *d = form_field_block(w, "choices", it, path, name);
  doc_put_bool(d, "grid", it->option_count >= GRID_FROM);
  return d;
}

/* A radio that was set can be unset again without script. */
static void put_none(struct form_render *w, struct doc *list, const struct form_item *it, struct str name)
{
  if (!it->required && !it->repeats)
    put_option(w, list, name, STR_NONE, tr(w->c->lang, TR("未記入")), !any_chosen(list), false);
}

static void choice_control(struct form_render *w, const struct form_item *it, struct str path, struct str name,
                           const struct doc *value)
{
  struct doc *d = choices_block(w, it, path, name), *list = doc_put_list(d, "options");
  const struct doc *codes = doc_get(value, "code") ? doc_get(value, "code") : value;
  struct str input = it->type == FORM_OPEN_CHOICE ? form_path(w->c, name, S("code")) : name;
  for (size_t i = 0; i < it->option_count; i++) {
    const struct form_option *o = &it->options[i];
    if (form_veil_option(w->veil, it, o))
      put_option(w, list, input, o->code, form_label_text(w->c, &o->label), chosen(w->c->arena, codes, o->code),
                 it->repeats);
  }
  put_none(w, list, it, input);
  put_other(w, d, it, name, value);
}

static void boolean_control(struct form_render *w, const struct form_item *it, struct str path, struct str name,
                            const struct doc *value)
{
  struct doc *d = choices_block(w, it, path, name), *list = doc_put_list(d, "options");
  struct str typed = form_raw_text(w->c->arena, value);
  bool yes = str_is(typed, "true") || str_is(typed, "on") || str_is(typed, "1");
  bool no = str_is(typed, "false") || str_is(typed, "off") || str_is(typed, "0");
  put_option(w, list, name, S("true"), tr(w->c->lang, TR("はい")), yes, false);
  put_option(w, list, name, S("false"), tr(w->c->lang, TR("いいえ")), no, false);
  put_none(w, list, it, name);
  doc_put_null(d, "other");
}

/* --- dates --- */

struct boxes {
  struct str era, y, m, d, time;
  bool unknown;
};

static struct str typed_box(struct arena *a, const struct doc *value, const char *key)
{
  return form_raw_text(a, doc_get(value, key));
}

static struct str box_number(struct arena *a, int n)
{
  return n > 0 ? form_number_text(a, n) : STR_NONE;
}

static void boxes_of_date(const struct form_render *w, struct date d, struct boxes *b)
{
  struct arena *a = w->c->arena;
  int era_year = 0;
  enum era era = w->c->western || !date_known(d) ? ERA_NONE : date_to_era(d, &era_year);
  b->era = str_from(form_era_code(era));
  b->y = box_number(a, era == ERA_NONE ? d.year : era_year);
  b->m = box_number(a, d.month);
  b->d = box_number(a, d.day);
}

static struct boxes boxes_of(const struct form_render *w, const struct form_item *it, const struct doc *value)
{
  struct arena *a = w->c->arena;
  struct str s = doc_string(value);
  struct boxes b = {.era = w->c->western ? STR_NONE : (it->partial ? S("H") : S("R")), .unknown = str_is(s, "unknown")};
  struct date d;
  if (doc_kind(value) == DOC_MAP) {
    struct str flag = typed_box(a, value, "unknown");
    b = (struct boxes){typed_box(a, value, "era"), typed_box(a, value, "y"),    typed_box(a, value, "m"),
                       typed_box(a, value, "d"),   typed_box(a, value, "time"), flag.n > 0 && !str_is(flag, "false")};
    return b;
  }
  if (date_parse_iso(str_sub(s, 0, s.n > 10 ? 10 : s.n), &d) && s.n > 0)
    boxes_of_date(w, d, &b);
  else if (!b.unknown)
    b.y = s; /* text that is no date: shown where it can be mended */
  if (s.n > 11 && s.p[10] == 'T')
    b.time = str_sub(s, 11, s.n);
  return b;
}

static void put_eras(struct form_render *w, struct doc *d, struct str selected)
{
  static const enum era eras[] = {ERA_REIWA, ERA_HEISEI, ERA_SHOWA, ERA_TAISHO, ERA_NONE};
  struct doc *list = doc_put_list(d, "eras");
  for (size_t i = 0; i < sizeof(eras) / sizeof(eras[0]); i++) {
    struct doc *one = doc_add_map(list);
    doc_put_cstr(one, "value", form_era_code(eras[i]));
    doc_put_str(one, "label", eras[i] == ERA_NONE ? tr(w->c->lang, TR("西暦")) : tr(w->c->lang, era_name(eras[i])));
    doc_put_bool(one, "selected", str_is(selected, form_era_code(eras[i])));
  }
}

static void date_control(struct form_render *w, const struct form_item *it, struct str path, struct str name,
                         const struct doc *value)
{
  struct doc *d = form_field_block(w, "date", it, path, name);
  struct boxes b = boxes_of(w, it, value);
  put_eras(w, d, b.era);
  doc_put_str(d, "y", b.y);
  doc_put_str(d, "m", b.m);
  doc_put_str(d, "d", b.d);
  doc_put_bool(d, "with_time", it->type == FORM_DATETIME);
  doc_put_str(d, "time", b.time);
  doc_put_bool(d, "can_unknown", it->partial);
  doc_put_bool(d, "unknown", b.unknown);
  doc_put_str(d, "today", date_iso(w->c->arena, w->c->today));
}

void form_control(struct form_render *w, const struct form_item *it, struct str path, struct str name,
                  const struct doc *value)
{
  switch (it->type) {
  case FORM_BOOLEAN:
    boolean_control(w, it, path, name, value);
    break;
  case FORM_DATE:
  case FORM_DATETIME:
    date_control(w, it, path, name, value);
    break;
  case FORM_CHOICE:
    if (it->worst && form_veil_item(w->veil, it->worst)) {
      worst_control(w, it, path, name, value);
      break;
    }
    choice_control(w, it, path, name, value);
    break;
  case FORM_OPEN_CHOICE:
    choice_control(w, it, path, name, value);
    break;
  default:
    text_control(w, it, path, name, value);
  }
}
