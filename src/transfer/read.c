/* read.c: what came in a file, checked to the last letter before anything is written. The sender is known and signed it; it is still somebody else's
 * program. */
#include "base/my_number.h"
#include "base/utf8.h"
#include "transfer/bundle.h"
#include "transfer/transfer.h"

struct reading {
  struct arena *a;
  ts_t now;
  const struct bundle *parts;
  struct transfer_case *t;
};

static enum code wrong(struct err *e, const char *where)
{
  enum code c = err_set(
      e, INVALID,
      TR("移管のファイルの中身が読めません。送り元のプログラムの版を確かめて、もう一度作ってもらってください。"));
  err_detail(e, "%s", where);
  return c;
}

static bool is_one_of(struct str s, const char *const *list)
{
  for (; *list; list++)
    if (str_is(s, *list))
      return true;
  return false;
}

/* Text as a form would take it: no controls, no マイナンバー, not too long. */
static bool text_ok(struct str s, size_t most)
{
  struct err ignored = {0};
  return utf8_length(s) <= most && utf8_check_text(s, true, &ignored) == OK && !my_number_check(s);
}

static bool take_text(const struct doc *d, const char *key, size_t most, struct str *ret)
{
  const struct doc *v = doc_get(d, key);
  *ret = doc_string(v);
  return (!v || doc_kind(v) == DOC_STR) && text_ok(*ret, most);
}

static bool source_parse(struct str s, enum source *ret)
{
  static const char *const codes[] = {"", "person", "around", "other_body", "staff"};
  for (int i = SOURCE_PERSON; i <= SOURCE_STAFF; i++)
    if (str_is(s, codes[i])) {
      *ret = (enum source)i;
      return true;
    }
  return false;
}

static bool category_parse(struct str s, cats_t *ret)
{
  for (int i = 0; i < CATEGORIES; i++)
    if (str_is(s, category_code(i))) {
      *ret = 1u << i;
      return true;
    }
  return false;
}

static bool hex_ok(struct str s)
{
  for (size_t i = 0; i < s.n; i++)
    if (!strchr("0123456789abcdef", s.p[i]) || !s.p[i])
      return false;
  return s.n == TRANSFER_CODE;
}

static bool time_ok(const struct reading *r, int64_t at)
{
  return at >= 0 && at <= r->now + MS_DAY;
}

/* ---- parts -------------------------------------------------------------------------------------------------------------- */

static bool read_head(struct reading *r, const struct doc *d)
{
  struct transfer_case *t = r->t;
  t->opened_at = doc_get_int(d, "opened_at");
  t->last_contact_at = doc_get_int(d, "last_contact_at");
  static const char *const densities[] = {"A", "B", "C", NULL};
  return str_is(doc_get_str(d, "tsunagu"), "case transfer") && doc_get_int(d, "format") == 1 &&
         take_text(d, "code", TRANSFER_CODE, &t->code) && hex_ok(t->code) &&
         take_text(d, "network", LIMIT_STRING, &t->network) && t->network.n &&
         take_text(d, "organization", LIMIT_STRING, &t->organization) && take_text(d, "number", 40, &t->number) &&
         take_text(d, "density", 1, &t->density) && is_one_of(t->density, densities) && time_ok(r, t->opened_at) &&
         time_ok(r, t->last_contact_at);
}

static bool value_ok(enum attribute kind, struct str value)
{
  static const char *const sexes[] = {"0", "1", "2", "9", NULL};
  struct date day;
  if (kind == ATTRIBUTE_BIRTH)
    return date_parse_iso(value, &day) && date_valid(day);
  if (kind == ATTRIBUTE_SEX)
    return is_one_of(value, sexes);
  return kind != ATTRIBUTE_GUARDIAN_NAME && kind != ATTRIBUTE_GUARDIAN_PHONE;
}

static bool read_attributes(struct reading *r, const struct doc *list)
{
  size_t n = doc_size(list);
  struct transfer_attribute *out = n <= ATTRIBUTE_COUNT ? arena_array(r->a, n + 1, sizeof *out) : NULL;
  for (size_t i = 0; out && i < n; i++) {
    const struct doc *d = doc_at(list, i);
    size_t most = LIMIT_STRING;
    if (!attribute_parse(doc_get_str(d, "kind"), &out[i].kind))
      return false;
    if (out[i].kind == ATTRIBUTE_AVOID || out[i].kind == ATTRIBUTE_INTEREST)
      most = LIMIT_TEXT;
    if (!take_text(d, "value", most, &out[i].value) || !out[i].value.n || !value_ok(out[i].kind, out[i].value) ||
        !source_parse(doc_get_str(d, "source"), &out[i].source))
      return false;
    for (size_t k = 0; k < i; k++)
      if (out[k].kind == out[i].kind)
        return false;
  }
  r->t->attributes = out;
  r->t->attribute_count = out ? n : 0;
  return out != NULL;
}

static bool read_guardians(struct reading *r, const struct doc *list)
{
  static const char *const authorities[] = {"joint", "sole", "daily", "urgent", "none", NULL};
  enum { MOST = 20 };
  size_t n = doc_size(list), kept = 0;
  struct guardian_new *out = n <= MOST ? arena_array(r->a, n + 1, sizeof *out) : NULL;
  for (size_t i = 0; out && i < n; i++) {
    const struct doc *d = doc_at(list, i);
    struct guardian_new g = {0};
    if (!take_text(d, "name", LIMIT_STRING, &g.name) || !take_text(d, "phone", LIMIT_STRING, &g.phone) ||
        !take_text(d, "relation", LIMIT_STRING, &g.relation) || !take_text(d, "authority", 10, &g.authority) ||
        !is_one_of(g.authority, authorities))
      return false;
    if (g.name.n) /* one whose name may not be known is not known here */
      out[kept++] = g;
  }
  r->t->guardians = out;
  r->t->guardian_count = kept;
  return out != NULL;
}

static bool read_paragraphs(struct reading *r, const struct doc *list, struct record_new *ret)
{
  size_t n = doc_size(list);
  struct paragraph_new *out = n && n <= LIMIT_REPEATS ? arena_array(r->a, n, sizeof *out) : NULL;
  for (size_t i = 0; out && i < n; i++) {
    const struct doc *d = doc_at(list, i);
    if (!take_text(d, "text", LIMIT_TEXT, &out[i].text) || !out[i].text.n ||
        !source_parse(doc_get_str(d, "source"), &out[i].source) ||
        !category_parse(doc_get_str(d, "category"), &out[i].category))
      return false;
  }
  ret->paragraphs = out;
  ret->count = out ? n : 0;
  return out != NULL;
}

static bool with_ok(struct str s)
{
  for (size_t i = 0; i < s.n; i++)
    if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || s.p[i] == ',' || s.p[i] == '_' || s.p[i] == ' '))
      return false;
  return true;
}

static bool read_records(struct reading *r, const struct doc *list)
{
  static const char *const methods[] = {"meet",       "phone",  "visit",  "accompany", "message",
                                        "conference", "online", "ledger", "transfer",  NULL};
  size_t n = doc_size(list);
  struct record_new *out = n <= TRANSFER_RECORDS ? arena_array(r->a, n + 1, sizeof *out) : NULL;
  for (size_t i = 0; out && i < n; i++) {
    const struct doc *d = doc_at(list, i);
    struct record_new *o = &out[i];
    o->at = doc_get_int(d, "at");
    o->minutes = doc_get_int(d, "minutes");
    if (!time_ok(r, o->at) || o->minutes < 0 || o->minutes > 1440 || !take_text(d, "method", 20, &o->method) ||
        !is_one_of(o->method, methods) || !take_text(d, "with", 60, &o->with_whom) || !with_ok(o->with_whom) ||
        !take_text(d, "place", LIMIT_STRING, &o->place) || !take_text(d, "next", LIMIT_TEXT, &o->next) ||
        !read_paragraphs(r, doc_get(d, "paragraphs"), o))
      return false;
  }
  r->t->records = out;
  r->t->record_count = out ? n : 0;
  return out != NULL;
}

/* Each is judged by its content, as if somebody attached it here. */
static enum code read_file(struct reading *r, struct str name, struct str title, cats_t category, enum source source,
                           struct err *e)
{
  const struct bundle_part *part = bundle_find(r->parts, name);
  const struct file_new f = {
      .title = title, .bytes = part ? part->bytes : STR_NONE, .category = category, .source = source};
  return part ? file_ready(r->a, &f, &r->t->files[r->t->file_count++], e) : wrong(e, "a part is missing");
}

static enum code read_files(struct reading *r, const struct doc *list, struct err *e)
{
  size_t n = doc_size(list);
  r->t->files = n <= TRANSFER_FILES ? arena_array(r->a, n + 1, sizeof *r->t->files) : NULL;
  if (!r->t->files)
    return wrong(e, "files");
  enum code c = read_file(r, S("case.pdf"), str_from(JA("移管元の記録")), CAT_SUPPORT, SOURCE_OTHER_BODY, e);
  for (size_t i = 0; c == OK && i < n; i++) {
    const struct doc *d = doc_at(list, i);
    struct str title = STR_NONE, name = doc_get_str(d, "name");
    enum source source;
    cats_t category;
    if (!take_text(d, "title", LIMIT_STRING, &title) || !title.n || str_is(name, "case.json") ||
        !source_parse(doc_get_str(d, "source"), &source) || !category_parse(doc_get_str(d, "category"), &category))
      return wrong(e, "a file");
    c = read_file(r, name, title, category, source, e);
  }
  return c;
}

enum code transfer_read(struct arena *a, struct str bytes, ts_t now, struct transfer_case *ret, struct err *e)
{
  struct transfer_case t = {0};
  struct bundle *parts = arena_new_of(a, struct bundle);
  struct reading r = {.a = a, .now = now, .parts = parts, .t = &t};
  struct doc *d = NULL;
  struct err ignored = {0};
  if (!parts)
    return err_oom(e);
  const struct bundle_part *json = bundle_read(bytes, parts) ? bundle_find(parts, S("case.json")) : NULL;
  if (!json || json_parse(a, json->bytes, &d, &ignored) != OK)
    return wrong(e, "parts");
  if (!read_head(&r, d))
    return wrong(e, "head");
  if (!read_attributes(&r, doc_get(d, "attributes")) || !read_guardians(&r, doc_get(d, "guardians")))
    return wrong(e, "person");
  if (!read_records(&r, doc_get(d, "records")))
    return wrong(e, "records");
  enum code c = read_files(&r, doc_get(d, "files"), e);
  if (c == OK && arena_failed(a))
    return err_oom(e);
  if (c == OK)
    *ret = t;
  return c;
}

enum code transfer_unpack(struct arena *a, const unsigned char seed[32], struct str parcel, ts_t now,
                          unsigned char ret_from[PARCEL_HALF], struct transfer_case *ret, struct err *e)
{
  struct str bytes = STR_NONE;
  enum code c = parcel_open(a, seed, parcel, ret_from, &bytes, e);
  return c == OK ? transfer_read(a, bytes, now, ret, e) : c;
}
