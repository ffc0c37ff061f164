/* pack.c: the record as paper, and everything as one sealed file. */
#include "transfer/bundle.h"
#include "transfer/transfer.h"
#include "view/print.h"

/* ---- case.pdf: what a person reads who has no such program ------------------------------------------------------------- */

static struct str value_text(struct arena *a, enum lang lang, const struct doc *d)
{
  struct str kind = doc_get_str(d, "kind"), value = doc_get_str(d, "value");
  struct date day;
  if (str_is(kind, "birth") && date_parse_iso(value, &day))
    return date_text(a, day, lang == LANG_JA);
  if (!str_is(kind, "sex"))
    return value;
  return str_is(value, "1")   ? tr(lang, TR("男性"))
         : str_is(value, "2") ? tr(lang, TR("女性"))
         : str_is(value, "9") ? tr(lang, TR("その他"))
                              : tr(lang, TR("回答しない"));
}

static void add_field(struct doc *items, struct str label, struct str value)
{
  struct doc *d = doc_add_map(items);
  doc_put_str(d, "label", label);
  doc_put_str(d, "value", value);
}

static void add_person(struct doc *blocks, const struct doc *data, struct arena *a, enum lang lang)
{
  const struct doc *list = doc_get(data, "attributes"), *guardians = doc_get(data, "guardians");
  (void)print_add_text(blocks, "heading", tr(lang, TR("本人")));
  struct doc *fields = print_add(blocks, "fields"), *items = doc_put_list(fields, "items");
  for (size_t i = 0; i < doc_size(list); i++) {
    enum attribute kind;
    if (attribute_parse(doc_get_str(doc_at(list, i), "kind"), &kind))
      add_field(items, tr(lang, attribute_label(kind)), value_text(a, lang, doc_at(list, i)));
  }
  for (size_t i = 0; i < doc_size(guardians); i++) {
    const struct doc *g = doc_at(guardians, i);
    add_field(items, tr(lang, TR("保護者")),
              str_printf(a, "%.*s %.*s", STR_FMT(doc_get_str(g, "name")), STR_FMT(doc_get_str(g, "phone"))));
  }
}

static struct str family_text(struct arena *a, enum lang lang, const struct doc *n)
{
  static const char *const keys[] = {"relation", "house", "life", "couple", "tie"};
  const char *const *const codes[] = {family_relation_codes, family_house_codes, family_life_codes, family_couple_codes,
                                      family_tie_codes};
  struct buf b;
  buf_init(&b, a, LIMIT_BODY);
  buf_add(&b, doc_get_str(n, "name"));
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    const char *word = family_word(codes[i], doc_get_str(n, keys[i]));
    if (!*word)
      continue;
    buf_add_cstr(&b, b.n ? JA("・") : "");
    buf_add(&b, tr(lang, word));
  }
  struct str note = doc_get_str(n, "note");
  if (note.n)
    buf_printf(&b, "\n%.*s", STR_FMT(note));
  return buf_str(&b);
}

static void add_family(struct doc *blocks, const struct doc *data, struct arena *a, enum lang lang)
{
  const struct doc *list = doc_get(data, "family");
  if (doc_size(list))
    (void)print_add_text(blocks, "heading", tr(lang, TR("家族と、まわりの人")));
  for (size_t i = 0; i < doc_size(list); i++)
    (void)print_add_text(blocks, "text", family_text(a, lang, doc_at(list, i)));
}

static void add_history(struct doc *blocks, const struct doc *data, struct arena *a, enum lang lang)
{
  const struct doc *list = doc_get(data, "history"), *steps = doc_get(data, "withdrawal");
  if (doc_size(list) || doc_size(steps))
    (void)print_add_text(blocks, "heading", tr(lang, TR("これまでの経過")));
  for (size_t i = 0; i < doc_size(list); i++) {
    const struct doc *d = doc_at(list, i);
    struct str day = date_text(a, date_of_ts(doc_get_int(d, "at")), lang == LANG_JA), said = doc_get_str(d, "said"),
               what = doc_get_str(d, "what");
    (void)print_add_text(
        blocks, "text",
        str_printf(a, "%.*s  %.*s%s%.*s", STR_FMT(day), STR_FMT(what), said.n ? "\n" : "", STR_FMT(said)));
  }
  for (size_t i = 0; i < doc_size(steps); i++) {
    const struct doc *d = doc_at(steps, i);
    struct str day = doc_get_str(d, "day"), word = case_withdrawal_label(lang, (int)doc_get_int(d, "step")),
               note = doc_get_str(d, "note");
    (void)print_add_text(blocks, "text", str_printf(a, "%.*s  %.*s  %.*s", STR_FMT(day), STR_FMT(word), STR_FMT(note)));
  }
}

static void add_records(struct doc *blocks, const struct doc *data, struct arena *a, enum lang lang)
{
  const struct doc *list = doc_get(data, "records");
  (void)print_add_text(blocks, "heading", tr(lang, TR("経過記録")));
  if (!doc_size(list))
    (void)print_add_text(blocks, "text", tr(lang, TR("渡せる記録はありません。")));
  for (size_t i = 0; i < doc_size(list); i++) {
    const struct doc *r = doc_at(list, i), *paragraphs = doc_get(r, "paragraphs");
    struct str when = ts_text(a, doc_get_int(r, "at"), lang == LANG_JA),
               how = case_method_word(lang, doc_get_str(r, "method"));
    struct doc *head = print_add_text(blocks, "text", str_printf(a, "%.*s  %.*s", STR_FMT(when), STR_FMT(how)));
    doc_put_bool(head, "bold", true);
    for (size_t k = 0; k < doc_size(paragraphs); k++)
      (void)print_add_text(blocks, "text", doc_get_str(doc_at(paragraphs, k), "text"));
    if (doc_get_str(r, "next").n)
      (void)print_add_text(blocks, "text",
                           tr_args(a, lang, TR("次にすること：%1（%2）"), doc_get_str(r, "next"),
                                   doc_get_str(r, "next_date"), STR_NONE));
  }
}

static struct doc *case_paper(const struct doc *data, struct arena *a, enum lang lang)
{
  struct doc *blocks = NULL, *root = print_new(a, str_cstr(a, tr(lang, TR("移管元の記録"))), &blocks);
  doc_put_str(root, "mark", tr(lang, TR("取扱注意")));
  (void)print_add_text(blocks, "title", tr(lang, TR("移管元の記録")));
  struct doc *fields = print_add(blocks, "fields"), *items = doc_put_list(fields, "items");
  add_field(
      items, tr(lang, TR("移管元")),
      str_printf(a, "%.*s %.*s", STR_FMT(doc_get_str(data, "network")), STR_FMT(doc_get_str(data, "organization"))));
  add_field(items, tr(lang, TR("もとの番号")), doc_get_str(data, "number"));
  add_field(items, tr(lang, TR("移管元での段階")), case_status_label(lang, doc_get_str(data, "status")));
  add_field(items, tr(lang, TR("かかわりの頻度")), doc_get_str(data, "density"));
  add_person(blocks, data, a, lang);
  add_family(blocks, data, a, lang);
  add_history(blocks, data, a, lang);
  add_records(blocks, data, a, lang);
  return root;
}

/* ---- the file ------------------------------------------------------------------------------------------------------------ */

static enum code too_large(struct err *e)
{
  return err_set(e, LIMIT,
                 TR("添付が大きすぎて、一つのファイルにできません。大きな書類は、紙か別の方法で送ってください。"));
}

static enum code print_all(struct arena *a, enum lang lang, struct transfer_content *c, struct err *e)
{
  enum code code = OK;
  for (size_t i = 0; code == OK && i < c->count; i++)
    if (c->files[i].paper)
      code = print_pdf(a, lang, c->files[i].paper, &c->files[i].bytes, e);
  return code;
}

static void put_files(struct doc *data, const struct transfer_content *c)
{
  struct doc *list = doc_put_list(data, "files");
  for (size_t i = 0; i < c->count; i++) {
    struct doc *d = doc_add_map(list);
    doc_put_str(d, "name", c->files[i].name);
    doc_put_str(d, "title", c->files[i].title);
    doc_put_cstr(d, "category", category_code_of(c->files[i].category));
    doc_put_cstr(d, "source", source_code(c->files[i].source));
  }
}

enum code transfer_pack(struct arena *a, enum lang lang, struct transfer_content *c, const unsigned char seed[32],
                        const unsigned char to[PARCEL_CARD], struct str *ret, struct err *e)
{
  struct buf json, b;
  struct str paper = STR_NONE;
  enum code code = print_pdf(a, lang, case_paper(c->data, a, lang), &paper, e);
  if (code == OK)
    code = print_all(a, lang, c, e);
  if (code != OK)
    return code;
  size_t size = paper.n;
  for (size_t i = 0; i < c->count; i++)
    size += c->files[i].bytes.n;
  if (size > TRANSFER_MOST)
    return too_large(e);
  put_files(c->data, c);
  buf_init(&json, a, LIMIT_PAGE);
  json_write_canonical(&json, c->data);
  buf_init(&b, a, TRANSFER_MOST + LIMIT_BODY);
  bundle_add(&b, S("case.json"), buf_str(&json));
  bundle_add(&b, S("case.pdf"), paper);
  for (size_t i = 0; i < c->count; i++)
    bundle_add(&b, c->files[i].name, c->files[i].bytes);
  if (json.failed || b.failed)
    return arena_failed(a) ? err_oom(e) : too_large(e);
  return parcel_seal(a, seed, to, buf_str(&b), ret, e);
}
