#include "directory/hsds_words.h"
#include "directory/directory.h"

const char *const hsds_label_kana = JA("ふりがな"), *const hsds_label_kind = JA("種類"),
                  *const hsds_label_heading = JA("見出し"), *const hsds_label_source = JA("出典");

static struct hsds_record *add_taxonomy(struct hsds_set *s, struct str id, const char *name, const char *description)
{
  struct hsds_record *r = hsds_find(s, HSDS_TAXONOMY, id);
  if (r || !(r = hsds_add(s, HSDS_TAXONOMY, id)))
    return r;
  hsds_put(r, "name", str_from(name));
  hsds_put(r, "description", str_from(description));
  hsds_put(r, "version", S("1"));
  return r;
}

static struct str concerns_id(struct arena *a)
{
  return hsds_uuid_of(a, "taxonomy", S("concern"));
}

static struct str labels_id(struct arena *a)
{
  return hsds_uuid_of(a, "taxonomy", S("label"));
}

static struct str term(struct hsds_set *s, struct str id, struct str taxonomy, struct str code, struct str name)
{
  struct hsds_record *r = hsds_find(s, HSDS_TAXONOMY_TERM, id);
  if (r || !(r = hsds_add(s, HSDS_TAXONOMY_TERM, id)))
    return id;
  hsds_put(r, "code", code);
  hsds_put(r, "name", name);
  doc_put_str(r->fields, "description", name);
  hsds_put(r, "language", S("ja"));
  hsds_put(r, "taxonomy_id", taxonomy);
  return id;
}

static void put_attribute(struct hsds_set *s, const struct hsds_record *holder, struct str key, struct str term_id,
                          const char *type, struct str value)
{
  struct str words = str_printf(s->arena, "%.*s/%.*s", STR_FMT(holder->id), STR_FMT(key));
  struct hsds_record *r = hsds_add(s, HSDS_ATTRIBUTE, hsds_uuid_of(s->arena, "attribute", words));
  hsds_put(r, "link_id", holder->id);
  hsds_put(r, "taxonomy_term_id", term_id);
  hsds_put(r, "link_type", str_from(type));
  hsds_put(r, "link_entity", str_from(hsds_tables[holder->kind].name));
  hsds_put(r, "value", value);
  if (r) {
    r->local = holder->local;
    r->organization = holder->organization;
    r->service = holder->service;
    r->edited = holder->edited;
  }
}

void hsds_put_concern(struct hsds_set *s, const struct hsds_record *holder, struct str code, bool derived)
{
  int i = 0;
  struct str id = hsds_uuid_of(s->arena, "concern", code), taxonomy = concerns_id(s->arena);
  if (!directory_concern_parse(code, &i))
    return;
  add_taxonomy(s, taxonomy, JA("つなぐシートの困りごと"), JA("つなぐシートの12の困りごと"));
  (void)term(s, id, taxonomy, code, str_from(directory_concern_label(i)));
  put_attribute(s, holder, code, id, derived ? "concern_derived" : "concern", STR_NONE);
}

void hsds_put_label(struct hsds_set *s, const struct hsds_record *holder, struct str label, struct str value,
                    int64_t line)
{
  struct str id = hsds_uuid_of(s->arena, "label", label), taxonomy = labels_id(s->arena);
  if (!value.n)
    return;
  add_taxonomy(s, taxonomy, JA("一覧の項目"), JA("標準に項目のないことがら。名前は元の一覧の見出し"));
  (void)term(s, id, taxonomy, STR_NONE, label);
  put_attribute(s, holder, str_printf(s->arena, "%.*s/%lld", STR_FMT(label), (long long)line), id, "label", value);
}

static enum hsds_word word_of_term(struct arena *a, struct str id, struct str name, struct str *ret)
{
  for (int i = 0; i < CONCERNS; i++) {
    struct str code = str_from(directory_concern_codes[i]);
    if (str_eq(id, hsds_uuid_of(a, "concern", code))) {
      *ret = code;
      return HSDS_CONCERN;
    }
  }
  *ret = name;
  return name.n && str_eq(id, hsds_uuid_of(a, "label", name)) ? HSDS_LABEL : HSDS_FOREIGN;
}

enum hsds_word hsds_word_of(const struct hsds_set *terms, const struct hsds_record *r, struct str *ret)
{
  struct arena *a = terms->arena;
  *ret = STR_NONE;
  if (r->kind == HSDS_TAXONOMY)
    return str_eq(r->id, concerns_id(a)) ? HSDS_CONCERN : str_eq(r->id, labels_id(a)) ? HSDS_LABEL : HSDS_FOREIGN;
  if (r->kind == HSDS_TAXONOMY_TERM)
    return word_of_term(a, r->id, hsds_get(r, "name"), ret);
  if (r->kind != HSDS_ATTRIBUTE)
    return HSDS_FOREIGN;
  struct str id = hsds_get(r, "taxonomy_term_id");
  return word_of_term(a, id, hsds_get(hsds_find(terms, HSDS_TAXONOMY_TERM, id), "name"), ret);
}

/* ---- hours ---------------------------------------------------------------------------------------------------------------- */

static void add_days(struct buf *b, struct str codes)
{
  static const struct {
    const char *code, *word;
  } days[] = {{"MO", JA("月")}, {"TU", JA("火")}, {"WE", JA("水")}, {"TH", JA("木")},
              {"FR", JA("金")}, {"SA", JA("土")}, {"SU", JA("日")}};
  struct str code;
  bool one = false;
  while (str_split(&codes, ',', &code)) {
    code = str_trim(code);
    for (size_t i = 0; i < sizeof(days) / sizeof(*days); i++)
      if (str_ends(code, str_from(days[i].code))) {
        buf_printf(b, "%s%s", one ? JA("・") : "", days[i].word);
        one = true;
      }
  }
}

struct str hsds_hours(struct arena *a, const struct doc *fields)
{
  struct buf b;
  struct str opens = doc_get_str(fields, "opens_at"), closes = doc_get_str(fields, "closes_at");
  buf_init(&b, a, 4096);
  add_days(&b, doc_get_str(fields, "byday"));
  if (opens.n || closes.n)
    buf_printf(&b, "%s%.*s%s%.*s", b.n ? " " : "", STR_FMT(str_sub(opens, 0, 5)), JA("〜"),
               STR_FMT(str_sub(closes, 0, 5)));
  return buf_str(&b);
}
