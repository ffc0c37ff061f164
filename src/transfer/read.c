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
  size_t *guardian_at, guardians_told; /* where each of those told stands among those kept, from 1 */
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

/* Absent and empty are both "none". */
static bool day_ok(const struct doc *d, const char *key, struct str *ret)
{
  struct date day = {0};
  return take_text(d, key, 10, ret) && (!ret->n || (date_parse_iso(*ret, &day) && date_known(day)));
}

static bool status_ok(const struct doc *d, struct transfer_case *t)
{
  static const char *const codes[] = {
#define X(code, label) code,
      CASE_STATUSES(X)
#undef X
          NULL};
  return take_text(d, "status", 20, &t->status) && (!t->status.n || is_one_of(t->status, codes));
}

enum { FORMAT_WITH_TO = 3 }; /* since then the file says whom it is for */

static bool read_head(struct reading *r, const struct doc *d)
{
  struct transfer_case *t = r->t;
  t->made_at = doc_get_int(d, "made_at");
  t->code = doc_get_str(d, "code"); /* random: no text, in which twelve digits might be a マイナンバー */
  t->opened_at = doc_get_int(d, "opened_at");
  t->last_contact_at = doc_get_int(d, "last_contact_at");
  t->withheld = doc_get_bool(d, "withheld"); /* a file of an older program does not say */
  static const char *const densities[] = {"A", "B", "C", NULL};
  return str_is(doc_get_str(d, "tsunagu"), "case transfer") && doc_get_int(d, "format") >= 1 &&
         doc_get_int(d, "format") <= TRANSFER_FORMAT && status_ok(d, t) && day_ok(d, "next_date", &t->next_date) &&
         time_ok(r, t->made_at) && hex_ok(t->code) && take_text(d, "network", LIMIT_STRING, &t->network) &&
         t->network.n && take_text(d, "organization", LIMIT_STRING, &t->organization) &&
         take_text(d, "to", LIMIT_STRING, &t->to) && (t->to.n || doc_get_int(d, "format") < FORMAT_WITH_TO) &&
         take_text(d, "number", 40, &t->number) && take_text(d, "density", 1, &t->density) &&
         is_one_of(t->density, densities) && time_ok(r, t->opened_at) && time_ok(r, t->last_contact_at);
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
  r->guardian_at = n <= MOST ? arena_array(r->a, n + 1, sizeof *r->guardian_at) : NULL;
  r->guardians_told = r->guardian_at ? n : 0;
  for (size_t i = 0; out && r->guardian_at && i < n; i++) {
    const struct doc *d = doc_at(list, i);
    struct guardian_new g = {0};
    if (!take_text(d, "name", LIMIT_STRING, &g.name) || !take_text(d, "phone", LIMIT_STRING, &g.phone) ||
        !take_text(d, "relation", LIMIT_STRING, &g.relation) || !take_text(d, "authority", 10, &g.authority) ||
        !is_one_of(g.authority, authorities))
      return false;
    if (g.name.n) { /* one whose name may not be known is not known here */
      out[kept++] = g;
      r->guardian_at[i] = kept;
    }
  }
  r->t->guardians = out;
  r->t->guardian_count = kept;
  return out != NULL;
}

static bool read_text(const struct doc *d, struct str *text, enum source *source, cats_t *category)
{
  return take_text(d, "text", LIMIT_TEXT, text) && text->n && source_parse(doc_get_str(d, "source"), source) &&
         category_parse(doc_get_str(d, "category"), category);
}

/* How it read before it was corrected, oldest first. */
static bool read_past(const struct reading *r, const struct doc *list, struct paragraph_new *ret)
{
  size_t n = doc_size(list);
  struct paragraph_past *out = n <= LIMIT_REPEATS ? arena_array(r->a, n + 1, sizeof *out) : NULL;
  for (size_t i = 0; out && i < n; i++) {
    out[i].at = doc_get_int(doc_at(list, i), "at");
    if (!time_ok(r, out[i].at) || !out[i].at ||
        !read_text(doc_at(list, i), &out[i].text, &out[i].source, &out[i].category))
      return false;
  }
  ret->past = out;
  ret->past_count = out ? n : 0;
  return out != NULL;
}

static bool read_paragraphs(struct reading *r, const struct doc *list, struct record_new *ret)
{
  size_t n = doc_size(list);
  struct paragraph_new *out = n && n <= LIMIT_REPEATS ? arena_array(r->a, n, sizeof *out) : NULL;
  for (size_t i = 0; out && i < n; i++) {
    const struct doc *d = doc_at(list, i);
    if (!read_text(d, &out[i].text, &out[i].source, &out[i].category) || !read_past(r, doc_get(d, "past"), &out[i]))
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

static const char *const methods[] = {"meet",       "phone",  "visit",  "accompany", "message",
                                      "conference", "online", "ledger", "transfer",  NULL};

/* When, how and with whom: of what stands and of what stood. */
static bool read_record_head(const struct reading *r, const struct doc *d, struct record_past *ret)
{
  struct str next_date = STR_NONE;
  ret->at = doc_get_int(d, "at");
  ret->minutes = doc_get_int(d, "minutes");
  bool ok = time_ok(r, ret->at) && ret->minutes >= 0 && ret->minutes <= 1440 &&
            take_text(d, "method", 20, &ret->method) && is_one_of(ret->method, methods) &&
            take_text(d, "with", 60, &ret->with_whom) && with_ok(ret->with_whom) &&
            take_text(d, "place", LIMIT_STRING, &ret->place) && take_text(d, "next", LIMIT_TEXT, &ret->next) &&
            day_ok(d, "next_date", &next_date);
  (void)date_parse_iso(next_date, &ret->next_date);
  return ok;
}

static bool read_heads_past(const struct reading *r, const struct doc *list, struct record_new *ret)
{
  size_t n = doc_size(list);
  struct record_past *out = n <= LIMIT_REPEATS ? arena_array(r->a, n + 1, sizeof *out) : NULL;
  for (size_t i = 0; out && i < n; i++) {
    out[i].replaced_at = doc_get_int(doc_at(list, i), "replaced_at");
    if (!out[i].replaced_at || !time_ok(r, out[i].replaced_at) || !read_record_head(r, doc_at(list, i), &out[i]))
      return false;
  }
  ret->past = out;
  ret->past_count = out ? n : 0;
  return out != NULL;
}

static bool read_records(struct reading *r, const struct doc *list)
{
  size_t n = doc_size(list);
  struct record_new *out = n <= TRANSFER_RECORDS ? arena_array(r->a, n + 1, sizeof *out) : NULL;
  for (size_t i = 0; out && i < n; i++) {
    const struct doc *d = doc_at(list, i);
    struct record_past head = {0};
    if (!read_record_head(r, d, &head) || !read_heads_past(r, doc_get(d, "past"), &out[i]) ||
        !read_paragraphs(r, doc_get(d, "paragraphs"), &out[i]))
      return false;
    out[i].at = head.at;
    out[i].minutes = head.minutes;
    out[i].method = head.method;
    out[i].with_whom = head.with_whom;
    out[i].place = head.place;
    out[i].next = head.next;
    out[i].next_date = head.next_date;
  }
  r->t->records = out;
  r->t->record_count = out ? n : 0;
  return out != NULL;
}

/* ---- the family, the course, the forms --------------------------------------------------------------------------------- */

static bool code_ok(const struct doc *d, const char *key, const char *const *codes, struct str *ret)
{
  return take_text(d, key, 20, ret) && (!ret->n || is_one_of(*ret, codes));
}

static bool read_note(const struct reading *r, const struct doc *d, struct transfer_note *ret)
{
  static const char *const kinds[] = {"member", "resource", NULL};
  struct family_note *n = &ret->note;
  struct str kind = doc_get_str(d, "kind");
  struct date born = {0};
  int64_t guardian = doc_get_int(d, "guardian");
  if (guardian < 0 || (size_t)guardian > r->guardians_told || !is_one_of(kind, kinds))
    return false;
  n->kind = str_is(kind, kinds[FAMILY_MEMBER]) ? FAMILY_MEMBER : FAMILY_RESOURCE;
  ret->guardian = guardian ? r->guardian_at[guardian - 1] : 0;
  bool ok = take_text(d, "name", LIMIT_STRING, &n->name) && take_text(d, "note", LIMIT_TEXT, &n->note) &&
            take_text(d, "born", 10, &n->born) && (!n->born.n || (date_parse_iso(n->born, &born) && born.year)) &&
            source_parse(doc_get_str(d, "source"), &n->source) &&
            code_ok(d, "relation", family_relation_codes, &n->relation) &&
            code_ok(d, "sex", family_sex_codes, &n->sex) && code_ok(d, "house", family_house_codes, &n->house) &&
            code_ok(d, "life", family_life_codes, &n->life) && code_ok(d, "couple", family_couple_codes, &n->couple) &&
            code_ok(d, "tie", family_tie_codes, &n->tie);
  return ok && date_compare(born, date_of_ts(r->now)) <= 0;
}

/* A note about a guardian who is not told of here is left out. */
static bool read_family(struct reading *r, const struct doc *list)
{
  size_t n = doc_size(list), kept = 0;
  struct transfer_note *out = n <= TRANSFER_NOTES ? arena_array(r->a, n + 1, sizeof *out) : NULL;
  for (size_t i = 0; out && i < n; i++) {
    struct transfer_note note = {0};
    if (!read_note(r, doc_at(list, i), &note))
      return false;
    bool nobody = !note.note.name.n && !note.guardian;
    if (!nobody)
      out[kept++] = note;
  }
  r->t->notes = out;
  r->t->note_count = kept;
  return out != NULL;
}

static bool read_history(struct reading *r, const struct doc *list)
{
  size_t n = doc_size(list);
  struct transfer_moment *out = n <= TRANSFER_MOMENTS ? arena_array(r->a, n + 1, sizeof *out) : NULL;
  for (size_t i = 0; out && i < n; i++) {
    const struct doc *d = doc_at(list, i);
    out[i].at = doc_get_int(d, "at");
    if (!time_ok(r, out[i].at) || !take_text(d, "what", LIMIT_TEXT, &out[i].what) || !out[i].what.n ||
        !take_text(d, "said", LIMIT_TEXT, &out[i].said))
      return false;
  }
  r->t->moments = out;
  r->t->moment_count = out ? n : 0;
  return out != NULL;
}

static bool read_withdrawal(struct reading *r, const struct doc *list)
{
  size_t n = doc_size(list);
  struct transfer_step *out = n <= TRANSFER_MOMENTS ? arena_array(r->a, n + 1, sizeof *out) : NULL;
  for (size_t i = 0; out && i < n; i++) {
    const struct doc *d = doc_at(list, i);
    int64_t step = doc_get_int(d, "step");
    struct str day = STR_NONE;
    if (step < 0 || step >= WITHDRAWAL_STEPS || !day_ok(d, "day", &day) || !date_parse_iso(day, &out[i].day) ||
        date_compare(out[i].day, date_of_ts(r->now)) > 0 || !take_text(d, "note", LIMIT_TEXT, &out[i].note))
      return false;
    out[i].step = (int)step;
  }
  r->t->steps = out;
  r->t->step_count = out ? n : 0;
  return out != NULL;
}

static const struct doc *form_of(const struct doc *forms, const struct doc *sheet)
{
  for (size_t i = 0; i < doc_size(forms); i++)
    if (str_eq(doc_get_str(doc_at(forms, i), "name"), doc_get_str(sheet, "form")) &&
        str_eq(doc_get_str(doc_at(forms, i), "version"), doc_get_str(sheet, "version")))
      return doc_at(forms, i);
  return NULL;
}

/* As a draft of that form would be checked: what the giver could not hand over may be missing. What nobody types (readOnly) does not come. */
static bool answers_ok(const struct reading *r, const struct doc *questionnaire, const struct doc *answers,
                       struct doc **ret)
{
  const struct form *form = NULL;
  struct form_reading reading = {0};
  struct err ignored = {0};
  const struct form_context context = {
      .arena = r->a, .today = date_of_ts(r->now), .mask = {.categories = FORM_ALL_CATEGORIES}};
  if (form_compile(r->a, questionnaire, &form, &ignored) != OK ||
      form_read(&context, form, FORM_DRAFT, answers, NULL, &reading, &ignored) != OK)
    return false;
  *ret = reading.answers;
  return true;
}

static bool read_sheets(struct reading *r, const struct doc *forms, const struct doc *list)
{
  size_t n = doc_size(list);
  struct transfer_sheet *out = n <= TRANSFER_SHEETS ? arena_array(r->a, n + 1, sizeof *out) : NULL;
  for (size_t i = 0; out && i < n; i++) {
    const struct doc *d = doc_at(list, i);
    out[i].at = doc_get_int(d, "at");
    out[i].form = form_of(forms, d);
    if (!time_ok(r, out[i].at) || !out[i].at || !out[i].form || doc_kind(doc_get(d, "answers")) != DOC_MAP ||
        !answers_ok(r, out[i].form, doc_get(d, "answers"), &out[i].answers))
      return false;
  }
  r->t->sheets = out;
  r->t->sheet_count = out ? n : 0;
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
  if (!read_family(&r, doc_get(d, "family")))
    return wrong(e, "family");
  if (!read_history(&r, doc_get(d, "history")) || !read_withdrawal(&r, doc_get(d, "withdrawal")))
    return wrong(e, "history");
  if (!read_sheets(&r, doc_get(d, "forms"), doc_get(d, "sheets")))
    return wrong(e, "sheets");
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
