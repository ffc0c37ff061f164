/* form_read.c: from what was typed to canonical answers, in two walks. The first reads every value by its type and lets stand
 * what the writer may not see or change; the second, which then knows all answers, applies conditions and what is required,
 * drops what is empty and puts the problems into the order of the form. Rows keep their number through both, so that a
 * message names the row that the page shows. */
#include "form/form_internal.h"

/* --- first walk: values --- */

static bool asked(const struct form_item *it)
{
  return it->type != FORM_DISPLAY && !(it->type == FORM_GROUP && !it->repeats);
}

static bool plain_key(struct str key)
{
  for (size_t i = 0; i < key.n; i++) {
    char ch = key.p[i];
    if (!((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '_'))
      return false;
  }
  return key.n > 0 && key.n <= 40;
}

/* What does not exist and what one may not see are refused with the same words. */
static void refuse_unknown(struct form_reader *r, const struct form_place *at, const struct form_item *group,
                           const struct doc *raw)
{
  struct arena *a = r->c->arena;
  for (size_t i = 0; i < doc_size(raw); i++) {
    struct str key = doc_key_at(raw, i);
    const struct form_item *it = form_item_find(r->f, key);
    if (it && it->row_of == group && asked(it) && form_veil_item(r->veil, it))
      continue;
    if (!group && str_is(key, "_row"))
      continue;
    bool plain = plain_key(key);
    struct str text =
        tr_args(a, r->c->lang, TR("この様式にない項目が送られました(%1)。ページを開き直して、もう一度お試しください。"),
                plain ? key : S("?"), STR_NONE, STR_NONE);
    form_say_path(r, plain ? form_path(r->c, at->path, key) : at->path, text);
  }
}

/* {code, text} of an open choice: the codes, then the text. */
static const struct doc *open_parts(struct arena *a, const struct doc *raw)
{
  if (doc_kind(raw) != DOC_MAP || !doc_get(raw, "code"))
    return raw;
  struct doc *all = doc_list(a);
  struct form_rows codes = form_rows_of(a, doc_get(raw, "code"));
  for (size_t i = 0; i < codes.count; i++) {
    if (doc_kind(codes.row[i]) != DOC_STR || doc_string(codes.row[i]).n > 0)
      doc_add(all, (struct doc *)codes.row[i]);
  }
  if (str_trim(doc_get_str(raw, "text")).n > 0)
    doc_put_str(doc_add_map(all), "text", doc_get_str(raw, "text"));
  return all;
}

/* Codes once each and in the order of the options; free texts behind. */
static struct doc *ordered_codes(struct arena *a, const struct form_item *it, const struct doc *values)
{
  struct doc *list = doc_list(a);
  for (size_t i = 0; i < it->option_count; i++) {
    if (form_value_has(values, it->options[i].code))
      doc_add_str(list, it->options[i].code);
  }
  for (size_t i = 0; i < doc_size(values); i++) {
    if (doc_kind(doc_at(values, i)) == DOC_MAP)
      doc_add(list, doc_at(values, i));
  }
  return list;
}

/* Codes that the writer does not see stay chosen. */
static void add_withheld(struct form_reader *r, const struct form_item *it, const struct doc *before,
                         struct doc *values)
{
  for (size_t i = 0; i < form_value_count(before); i++) {
    const struct doc *one = form_value_at(before, i);
    const struct form_option *o = form_option_find(it, doc_string(one));
    if (o && !form_veil_option(r->veil, it, o) && (it->repeats || doc_size(values) == 0))
      doc_add(values, (struct doc *)one);
  }
}

static struct doc *read_values(struct form_reader *r, const struct form_place *at, const struct form_item *it,
                               const struct doc *raw, const struct doc *before)
{
  struct arena *a = r->c->arena;
  struct doc *values = doc_list(a);
  struct form_rows rows;
  if (it->type == FORM_OPEN_CHOICE)
    raw = open_parts(a, raw);
  rows = form_rows_of(a, raw);
  if (!it->repeats && rows.count > 1) {
    form_say(r, at, it, TR("「%1」の答えは一つにしてください。"), STR_NONE, STR_NONE);
    return NULL;
  }
  int64_t most = form_is_choice(it) ? FORM_OPTIONS : it->max_rows;
  if ((int64_t)rows.count > most) {
    form_say(r, at, it, TR("「%1」は%2件までです。"), form_number_text(a, most), STR_NONE);
    return NULL;
  }
  for (size_t i = 0; i < rows.count; i++)
    doc_add(values, form_value_read(r, at, it, rows.row[i]));
  if (form_is_choice(it)) {
    add_withheld(r, it, before, values);
    values = ordered_codes(a, it, values);
  }
  if (doc_size(values) == 0)
    return NULL;
  return it->repeats ? values : doc_at(values, 0);
}

static void read_level(struct form_reader *r, const struct form_place *at, const struct form_item *first,
                       const struct doc *raw, const struct doc *before, struct doc *out);

static struct doc *read_rows(struct form_reader *r, const struct form_place *at, const struct form_item *group,
                             const struct doc *raw)
{
  struct arena *a = r->c->arena;
  struct doc *out = doc_list(a);
  if (raw && doc_kind(raw) != DOC_NULL && !form_is_row_list(raw) && !(doc_kind(raw) == DOC_MAP && doc_size(raw) == 0)) {
    form_say(r, at, group, TR("「%1」の書き方が、この欄に合いません。"), STR_NONE, STR_NONE);
    return NULL;
  }
  struct form_rows rows = form_rows_of(a, raw);
  if ((int64_t)rows.count > group->max_rows) {
    form_say(r, at, group, TR("「%1」は%2行までです。"), form_number_text(a, group->max_rows), STR_NONE);
    rows.count = (size_t)group->max_rows;
  }
  for (size_t i = 0; i < rows.count; i++) {
    struct form_place place = form_row_place(r->c, at, group, i);
    if (doc_kind(rows.row[i]) != DOC_MAP)
      form_say(r, at, group, TR("「%1」の書き方が、この欄に合いません。"), STR_NONE, STR_NONE);
    refuse_unknown(r, &place, group, rows.row[i]);
    read_level(r, &place, group->child, rows.row[i], NULL, doc_add_map(out));
  }
  return out;
}

static bool may_write(const struct form_reader *r, const struct form_item *it)
{
  bool rows_hidden = it->type == FORM_GROUP && !r->veil->whole[it->index];
  return form_veil_item(r->veil, it) && !form_fixed(r->c, it) && !rows_hidden;
}

static void read_level(struct form_reader *r, const struct form_place *at, const struct form_item *first,
                       const struct doc *raw, const struct doc *before, struct doc *out)
{
  for (const struct form_item *it = first; it; it = it->next) {
    if (!asked(it)) {
      read_level(r, at, it->child, raw, before, out);
      continue;
    }
    const struct doc *typed = doc_get_key(raw, it->link), *old = doc_get_key(before, it->link);
    struct doc *value;
    if (!may_write(r, it))
      value = (struct doc *)old;
    else if (it->type == FORM_GROUP)
      value = read_rows(r, at, it, typed);
    else
      value = read_values(r, at, it, typed, old);
    if (value)
      doc_put_key(out, it->link, value);
  }
}

/* --- second walk: rules --- */

struct settling {
  struct form_reader *r;
  struct problem *pending; /* of the first walk */
};

/* Moves the first walk's problems about this place to where they belong; was there any? */
static bool take_problems(struct settling *s, struct str path)
{
  bool any = false;
  for (struct problem **link = &s->pending; *link;) {
    struct problem *p = *link;
    if (!str_eq(p->field, path)) {
      link = &p->next;
      continue;
    }
    *link = p->next;
    p->next = NULL;
    form_keep_problem(s->r, p);
    any = true;
  }
  return any;
}

static void settle_level(struct settling *s, const struct form_place *at, const struct form_item *first,
                         const struct form_frame *frame, struct doc *out);

/* A row that nobody touched asks for nothing. */
static bool row_blank(const struct doc *row)
{
  for (size_t i = 0; i < doc_size(row); i++)
    if (form_value_count(doc_value_at(row, i)) > 0)
      return false;
  return true;
}

static struct doc *settle_rows(struct settling *s, const struct form_place *at, const struct form_item *group,
                               const struct doc *rows, const struct form_frame *frame)
{
  struct doc *out = doc_list(s->r->c->arena);
  for (size_t i = 0; i < doc_size(rows); i++) {
    if (row_blank(doc_at(rows, i)))
      continue;
    struct form_place place = form_row_place(s->r->c, at, group, i);
    struct form_frame inner = {doc_at(rows, i), group, frame};
    struct doc *row = doc_map(s->r->c->arena);
    settle_level(s, &place, group->child, &inner, row);
    if (doc_size(row) > 0)
      doc_add(out, row);
  }
  return doc_size(out) > 0 ? out : NULL;
}

/* ◎ is a stronger ○: what is marked as the worst counts as chosen. */
static const struct doc *with_worst(struct settling *s, const struct form_item *it, const struct doc *value,
                                    const struct form_frame *frame)
{
  const struct doc *worst = it->worst ? doc_get_key(frame->map, it->worst->link) : NULL;
  if (!worst)
    return value;
  struct doc *all = doc_list(s->r->c->arena);
  for (size_t i = 0; i < form_value_count(value); i++)
    doc_add(all, (struct doc *)form_value_at(value, i));
  for (size_t i = 0; i < form_value_count(worst); i++)
    doc_add(all, (struct doc *)form_value_at(worst, i));
  return ordered_codes(s->r->c->arena, it, all);
}

static void demand(struct settling *s, const struct form_place *at, const struct form_item *it, const struct doc *value)
{
  struct form_reader *r = s->r;
  int64_t count = (int64_t)form_value_count(value);
  if (r->stage != FORM_FINAL || !may_write(r, it))
    return;
  if (it->required && count == 0)
    form_say(r, at, it,
             form_is_choice(it) || it->type == FORM_BOOLEAN ? TR("「%1」を選んでください。")
                                                            : TR("「%1」を入力してください。"),
             STR_NONE, STR_NONE);
  else if (it->repeats && count > 0 && count < it->min_rows)
    form_say(r, at, it, TR("「%1」は%2件以上書いてください。"), form_number_text(r->c->arena, it->min_rows), STR_NONE);
}

static void settle_level(struct settling *s, const struct form_place *at, const struct form_item *first,
                         const struct form_frame *frame, struct doc *out)
{
  for (const struct form_item *it = first; it; it = it->next) {
    if (!asked(it)) {
      settle_level(s, at, it->child, frame, out);
      continue;
    }
    bool wrong = take_problems(s, form_path(s->r->c, at->path, it->link));
    const struct doc *value = with_worst(s, it, doc_get_key(frame->map, it->link), frame);
    bool on = form_enabled(it, frame);
    if (!on && s->r->stage == FORM_FINAL && form_veil_item(s->r->veil, it))
      continue;
    if (it->type == FORM_GROUP)
      value = settle_rows(s, at, it, value, frame);
    if (on && !wrong)
      demand(s, at, it, value);
    if (form_value_count(value) > 0)
      doc_put_key(out, it->link, (struct doc *)value);
  }
}

static void take_rest(struct settling *s)
{
  while (s->pending) {
    struct problem *p = s->pending;
    s->pending = p->next;
    p->next = NULL;
    form_keep_problem(s->r, p);
  }
}

static struct doc *settle(struct form_reader *r, const struct form_place *at, const struct doc *read)
{
  struct settling s = {r, r->first};
  struct form_frame top = {read, NULL, NULL};
  struct doc *answers = doc_map(r->c->arena);
  r->first = r->last = NULL;
  r->problems = 0;
  settle_level(&s, at, r->f->first, &top, answers);
  take_rest(&s);
  return answers;
}

enum code form_read(const struct form_context *c, const struct form *f, enum form_stage stage, const struct doc *raw,
                    const struct doc *before, struct form_reading *ret, struct err *e)
{
  struct form_veil veil;
  struct form_reader r = {.c = c, .f = f, .veil = &veil, .stage = stage};
  struct form_place top = {form_prefix(c), STR_NONE};
  struct doc *read = doc_map(c->arena);
  form_veil_make(c, f, &veil);
  if (!veil.seen || !veil.whole)
    return err_oom(e);
  if (str_is(doc_get_str(raw, "resourceType"), "QuestionnaireResponse")) {
    struct doc *converted = NULL;
    enum code code = form_from_fhir(c, f, raw, &converted, e);
    if (code != OK)
      return code;
    raw = converted;
  }
  if (raw && doc_kind(raw) != DOC_MAP && doc_kind(raw) != DOC_NULL)
    return err_set(e, INVALID, TR("答えの書き方が正しくありません。項目の名前と値の組で送ってください。"));
  refuse_unknown(&r, &top, NULL, raw);
  read_level(&r, &top, f->first, raw, before, read);
  ret->answers = settle(&r, &top, read);
  ret->problems = r.first;
  if (arena_failed(c->arena))
    return err_oom(e);
  return r.first ? err_set(e, INVALID, code_msg(INVALID)) : OK;
}
