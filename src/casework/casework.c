#include "casework/casework.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "casework/casework_sql.h"
#include "network/network.h"

/* ---- opening --------------------------------------------------------------------------------------------------- */

/* 令和8年度 begins R8-; numbers go on from the newest, five digits, so that text order is number order. */
static enum code next_number(struct tx *tx, struct str *ret, struct err *e)
{
  int era_year = 0;
  int64_t newest = 0;
  struct arena *a = tx_arena(tx);
  struct date today = date_of_ts(tx_now(tx));
  (void)date_to_era((struct date){fiscal_year(today), 5, 1}, &era_year); /* the era's year of the fiscal year */
  struct str prefix = str_printf(a, "R%d-", era_year), last = STR_NONE;
  enum code c = case_sql_last_number(tx, prefix, str_printf(a, "R%d.", era_year), a, &last, e);
  if (c != OK)
    return c;
  if (last.n > prefix.n && !str_to_i64(str_sub(last, prefix.n, last.n), &newest))
    return BUG(e, "a case number ends with digits");
  *ret = str_printf(a, "R%d-%05lld", era_year, (long long)newest + 1);
  return OK;
}

struct str case_number_typed(struct arena *a, struct str typed)
{
  struct buf b;
  size_t from = 0; /* of the last part */
  int64_t n = 0;
  buf_init(&b, a, typed.n + 1);
  for (size_t at = 0; at < typed.n;) {
    int32_t cp = utf8_next(typed, &at);
    bool dash = utf8_is_dash(cp), wide = cp >= 0xFF01 && cp <= 0xFF5E;
    int32_t c = dash ? '-' : wide ? cp - 0xFEE0 : cp;
    if (c == ' ' || c == 0x3000)
      continue;
    if (c <= ' ' || c >= 0x7F)
      return typed;
    buf_add_c(&b, (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c));
    from = dash ? b.n : from;
  }
  struct str whole = buf_str(&b);
  bool counts = from && str_to_i64(str_sub(whole, from, whole.n), &n) && n >= 0;
  return counts ? str_printf(a, "%.*s%05lld", STR_FMT(str_sub(whole, 0, from)), (long long)n) : whole;
}

static enum code write_record(struct tx *tx, const struct scope *s, id64 case_id, const struct record_new *given,
                              id64 *ret_id, struct err *e);

enum code case_open_begun(struct tx *tx, const struct scope *s, const struct case_begun *b, id64 *ret_case,
                          struct err *e)
{
  struct str number = STR_NONE;
  id64 record = 0, id = id_new(tx_now(tx));
  enum code c = next_number(tx, &number, e);
  if (c == OK)
    c = case_sql_insert(tx, s, id, number, b, e);
  if (c == OK && b->first) /* before anybody takes part who would have to be told */
    c = write_record(tx, s, id, b->first, &record, e);
  if (c == OK)
    c = case_sql_insert_participation(tx, s, id, scope_organization(s), "lead", e);
  if (c == OK && b->lead_user)
    c = case_sql_insert_assignment(tx, s, id, scope_organization(s), b->lead_user, true, e);
  if (c == OK)
    *ret_case = id;
  return c;
}

enum code case_open(struct tx *tx, const struct scope *s, struct str origin, struct str density, id64 *ret_case,
                    struct err *e)
{
  const struct case_begun b = {.origin = origin,
                               .density = density,
                               .status = S("reception"),
                               .opened_at = tx_now(tx),
                               .last_contact_at = tx_now(tx),
                               .lead_user = scope_actor(s)->user};
  return case_open_begun(tx, s, &b, ret_case, e);
}

enum code case_enter(struct tx *tx, const struct actor *who, enum action action, id64 case_id,
                     struct case_head *ret_head, const struct scope **ret_scope, struct err *e)
{
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = access_open_of(tx, who, action, THING_CASE, case_id, &s, e);
  if (c == OK)
    c = case_sql_head(tx, case_id, tx_arena(tx), &head, e);
  if (c == OK) {
    *ret_head = head;
    *ret_scope = s;
  }
  return c;
}

enum code case_newest(struct tx *tx, const struct scope *s, id64 *ret_case, struct err *e)
{
  enum code c = case_sql_newest(tx, scope_person(s), ret_case, e);
  return c == OK && !*ret_case ? err_set(e, NOT_FOUND, code_msg(NOT_FOUND)) : c;
}

enum code case_put_strip(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, const struct reader *who,
                         struct doc *data, struct err *e)
{
  struct case_head head = {0};
  struct doc *strip = NULL;
  enum code c = case_sql_head(tx, case_id, tx_arena(tx), &head, e);
  if (c == OK && head.person != scope_person(s))
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  if (c == OK)
    c = case_strip(tx, s, &head, a, who, &strip, e);
  if (c == OK)
    doc_put(data, "strip", strip);
  return c;
}

/* ---- who works on it --------------------------------------------------------------------------------------------- */

static const char *part_code(enum part part)
{
  return part == PART_LEAD ? "lead" : "partner";
}

enum code case_join(struct tx *tx, const struct scope *s, id64 case_id, id64 organization, enum part part,
                    struct err *e)
{
  bool there = false;
  enum code c = case_sql_participates(tx, case_id, organization, &there, e);
  if (c == OK && !there)
    c = case_sql_insert_participation(tx, s, case_id, organization, part_code(part), e);
  if (c == OK && !there)
    c = network_bump_facts(tx, e);
  return c == OK && !there ? case_tell(tx, s, case_id, e) : c;
}

enum code case_leave(struct tx *tx, const struct scope *s, id64 case_id, id64 organization, struct err *e)
{
  (void)s; /* the capability to change who takes part */
  enum code c = case_sql_end_part(tx, case_id, organization, e);
  if (c == OK)
    c = case_sql_end_assignments(tx, case_id, organization, e);
  return c == OK ? network_bump_facts(tx, e) : c;
}

enum code case_assign(struct tx *tx, const struct scope *s, id64 case_id, id64 organization, id64 user, struct err *e)
{
  bool there = false;
  enum code c = case_sql_assigned(tx, case_id, organization, user, &there, e);
  if (c == OK && !there)
    c = case_sql_insert_assignment(tx, s, case_id, organization, user, false, e);
  if (c == OK && !there)
    c = network_bump_facts(tx, e);
  return c;
}

enum code case_leads(struct tx *tx, const struct scope *s, id64 case_id, bool *ret, struct err *e)
{
  struct case_head head = {0};
  enum code c = case_sql_head(tx, case_id, tx_arena(tx), &head, e);
  if (c == OK)
    *ret = scope_wrote(s, head.lead_organization);
  return c;
}

/* The old lead stays as partner; the new one stands once, as lead. */
static enum code change_parts(struct tx *tx, const struct scope *s, id64 case_id, id64 from, id64 organization,
                              struct err *e)
{
  enum code c = case_sql_end_part(tx, case_id, from, e);
  if (c == OK)
    c = case_sql_end_part(tx, case_id, organization, e);
  if (c == OK && from)
    c = case_sql_insert_participation(tx, s, case_id, from, "partner", e);
  return c == OK ? case_sql_insert_participation(tx, s, case_id, organization, "lead", e) : c;
}

enum code case_move_lead(struct tx *tx, const struct scope *s, id64 case_id, id64 from, id64 organization, id64 user,
                         struct err *e)
{
  struct case_head head = {0};
  enum code c = case_sql_head(tx, case_id, tx_arena(tx), &head, e);
  if (c == OK && head.lead_organization && head.lead_organization != from) /* a value, not a decision */
    return err_set(e, CONFLICT,
                   TR("この引継ぎを送った機関は、いまは主担当ではありません。送った機関に確かめてください。"));
  if (c == OK)
    c = change_parts(tx, s, case_id, head.lead_organization, organization, e);
  if (c == OK)
    c = case_assign(tx, s, case_id, organization, user, e);
  if (c == OK)
    c = case_sql_lead_worker(tx, case_id, organization, user, e);
  return c == OK ? network_bump_facts(tx, e) : c;
}

/* ---- records ------------------------------------------------------------------------------------------------------ */

enum code case_seal(struct tx *tx, const struct scope *s, const char *table, const char *column, id64 row,
                    struct str text, struct str *ret, struct err *e)
{
  const struct seal_key *key = NULL;
  struct seal_at at = {.table = table, .column = column, .network = tx_network(tx), .row = row};
  if (!text.n) {
    *ret = STR_NONE;
    return OK;
  }
  enum code c = person_key(tx, s, &key, e);
  return c == OK ? seal(tx_arena(tx), key, at, text, ret, e) : c;
}

static enum code seal_paragraph(struct tx *tx, const struct scope *s, id64 id, struct str given, struct str *ret_text,
                                struct str *ret_fold, struct err *e)
{
  enum code c = case_seal(tx, s, "record_paragraph", "text_sealed", id, given, ret_text, e);
  return c == OK ? case_seal(tx, s, "record_paragraph", "fold_sealed", id, utf8_fold(tx_arena(tx), given), ret_fold, e)
                 : c;
}

/* How it read elsewhere before it was corrected there; *replaces: the newest of those rows. */
static enum code add_past(struct tx *tx, const struct scope *s, id64 record, int line, const struct paragraph_new *p,
                          id64 *replaces, struct err *e)
{
  enum code c = OK;
  for (size_t i = 0; c == OK && i < p->past_count; i++) {
    struct str text = STR_NONE, fold = STR_NONE;
    id64 id = id_new(tx_now(tx));
    c = seal_paragraph(tx, s, id, p->past[i].text, &text, &fold, e);
    if (c == OK)
      c = paragraph_sql_insert_past(tx, s, id, record, line, *replaces, &p->past[i], text, fold, e);
    *replaces = id;
  }
  return c;
}

static enum code add_paragraph(struct tx *tx, const struct scope *s, id64 record, int line, id64 replaces,
                               const struct paragraph_new *p, struct err *e)
{
  struct str text = STR_NONE, fold = STR_NONE;
  enum code c = add_past(tx, s, record, line, p, &replaces, e);
  id64 id = id_new(tx_now(tx));
  if (c == OK)
    c = seal_paragraph(tx, s, id, p->text, &text, &fold, e);
  if (c == OK)
    c = record_sql_insert_paragraph(tx, s, id, record, line, replaces, p, text, fold, e);
  return c;
}

/* A time is typed to the minute; of this very minute it means now, so that the order of a day's records holds. */
ts_t record_exact(const struct tx *tx, ts_t at)
{
  ts_t now = tx_now(tx);
  return at <= now && now - at < MS_MINUTE ? now : at;
}

enum code record_check_when(const struct tx *tx, ts_t at, struct str next, struct date next_date, struct err *e)
{
  if (at > tx_now(tx) + MS_DAY)
    return err_field(e, "day", TR("これから先の日付です。行った日を入力してください。"));
  if (next.n && !date_known(next_date))
    return err_field(e, "next_day",
                     TR("いつまでにするかを入力してください。日が決まらないときは、次に確かめる日にします。"));
  return OK;
}

static enum code check_record(struct tx *tx, const struct scope *s, const struct record_new *r, struct err *e)
{
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  if (r->count == 0)
    return err_field(e, "paragraph.0.text", TR("内容を、どれか一つの欄に書いてください。"));
  return record_check_when(tx, r->at, r->next, r->next_date, e);
}

static enum code add_past_head(struct tx *tx, const struct scope *s, id64 record, const struct record_past *p,
                               struct err *e)
{
  struct str place = STR_NONE, next = STR_NONE;
  id64 id = id_new(tx_now(tx));
  enum code c = case_seal(tx, s, "record_past", "place_sealed", id, p->place, &place, e);
  if (c == OK)
    c = case_seal(tx, s, "record_past", "next_sealed", id, p->next, &next, e);
  return c == OK ? record_sql_insert_past(tx, s, id, record, p, place, next, e) : c;
}

static enum code write_record(struct tx *tx, const struct scope *s, id64 case_id, const struct record_new *given,
                              id64 *ret_id, struct err *e)
{
  struct record_new rounded = *given;
  const struct record_new *r = &rounded;
  struct str place = STR_NONE, next = STR_NONE;
  id64 id = id_new(tx_now(tx));
  rounded.at = record_exact(tx, given->at);
  enum code c = check_record(tx, s, r, e);
  if (c == OK)
    c = case_seal(tx, s, "record", "place_sealed", id, r->place, &place, e);
  if (c == OK)
    c = case_seal(tx, s, "record", "next_sealed", id, r->next, &next, e);
  if (c == OK)
    c = record_sql_insert(tx, s, id, case_id, r, place, next, e);
  for (size_t i = 0; c == OK && i < r->count; i++)
    c = add_paragraph(tx, s, id, (int)i, 0, &r->paragraphs[i], e);
  for (size_t i = 0; c == OK && i < r->past_count; i++)
    c = add_past_head(tx, s, id, &r->past[i], e);
  if (c == OK)
    *ret_id = id;
  return c;
}

enum code record_add(struct tx *tx, const struct scope *s, id64 case_id, const struct record_new *r, id64 *ret_id,
                     struct err *e)
{
  id64 id = 0;
  enum code c = write_record(tx, s, case_id, r, &id, e);
  if (c == OK)
    c = case_sql_touch(tx, case_id, r->contact ? record_exact(tx, r->at) : 0,
                       date_known(r->next_date) ? date_iso(tx_arena(tx), r->next_date) : STR_NONE, r->next_done, e);
  if (c == OK)
    c = case_tell(tx, s, case_id, e);
  if (c == OK)
    *ret_id = id;
  return c;
}

/* ---- corrections -------------------------------------------------------------------------------------------------------- */

struct standing { /* what stands of one record */
  struct tx *tx;
  const struct scope *s;
  const struct seal_key *key;
  struct arena *a;
  struct doc *list;
};

static enum code take_standing(void *arg, const struct paragraph_row *row, struct err *e)
{
  struct standing *st = arg;
  struct str text = STR_NONE;
  struct seal_at at = {
      .table = "record_paragraph", .column = "text_sealed", .network = tx_network(st->tx), .row = row->id};
  if (row->source < SOURCE_PERSON || row->source > SOURCE_STAFF || !scope_wrote(st->s, row->author_organization) ||
      !scope_sees(st->s, row->category, row->author_organization, row->marks))
    return OK;
  enum code c = unseal(st->a, st->key, at, row->sealed, &text, e);
  if (c != OK)
    return c;
  struct doc *d = doc_add_map(st->list);
  doc_put_id(d, "id", row->id);
  doc_put_int(d, "line", row->line);
  doc_put_str(d, "text", text);
  doc_put_cstr(d, "source", source_code(row->source));
  doc_put_int(d, "category", row->category);
  doc_put_bool(d, "visit", row->marks & MARK_VISIT);
  scope_showed_categories(st->s, row->category);
  return OK;
}

struct replaced {
  struct standing st;
  id64 record;
};

static enum code take_replaced(void *arg, const struct paragraph_row *row, struct err *e)
{
  struct replaced *r = arg;
  size_t before = doc_size(r->st.list);
  enum code c = row->record == r->record && row->replaced_at ? take_standing(&r->st, row, e) : OK;
  if (c == OK && doc_size(r->st.list) > before)
    doc_put_int(doc_at(r->st.list, before), "at", row->replaced_at);
  return c;
}

enum code record_replaced(struct tx *tx, const struct scope *s, id64 case_id, id64 record, ts_t at, struct arena *a,
                          struct doc **ret, struct err *e)
{
  struct replaced r = {{.tx = tx, .s = s, .a = a, .list = doc_list(a)}, record};
  struct doc *oldest_first = doc_list(a);
  enum code c = person_key(tx, s, &r.st.key, e);
  if (c == OK)
    c = paragraph_sql_each(tx, s, case_id, at, at + 1, take_replaced, &r, e);
  for (size_t i = doc_size(r.st.list); i-- > 0;)
    doc_add(oldest_first, doc_at(r.st.list, i));
  if (c == OK)
    *ret = oldest_first;
  return c;
}

enum code record_paragraphs(struct tx *tx, const struct scope *s, id64 case_id, id64 record, struct arena *a,
                            struct doc **ret, struct err *e)
{
  struct standing st = {.tx = tx, .s = s, .a = a, .list = doc_list(a)};
  id64 author = 0;
  ts_t at = 0;
  enum code c = person_key(tx, s, &st.key, e);
  if (c == OK)
    c = paragraph_sql_of_record(tx, s, case_id, record, &author, &at, take_standing, &st, e);
  if (c == OK && (!author || !scope_wrote(s, author)))
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  if (c == OK)
    *ret = st.list;
  return c;
}

static const struct doc *standing_of(const struct doc *list, struct arena *a, id64 id)
{
  struct str text = id_text(a, id);
  for (size_t i = 0; i < doc_size(list); i++)
    if (str_eq(doc_get_str(doc_at(list, i), "id"), text))
      return doc_at(list, i);
  return NULL;
}

static bool is_same(const struct doc *old, const struct paragraph_new *p)
{
  return str_eq(doc_get_str(old, "text"), p->text) && str_is(doc_get_str(old, "source"), source_code(p->source)) &&
         doc_get_int(old, "category") == (int64_t)p->category && doc_get_bool(old, "visit") == p->visit;
}

static enum code correct_one(struct tx *tx, const struct scope *s, id64 record, const struct doc *old,
                             const struct correction *n, struct err *e)
{
  int64_t changed = 0;
  enum code c = old ? paragraph_sql_end(tx, s, n->paragraph, &changed, e) : OK;
  if (c == OK && !changed)
    return err_set(e, CONFLICT,
                   TR("この記録は、ほかの人が先に直しました。いまの内容を確かめて、もう一度保存してください。"));
  if (c == OK)
    c = add_paragraph(tx, s, record, (int)doc_get_int(old, "line"), n->paragraph, &n->p, e);
  return c;
}

enum code record_correct(struct tx *tx, const struct scope *s, id64 case_id, id64 record, const struct correction *list,
                         size_t n, struct err *e)
{
  struct doc *standing = NULL;
  struct arena *a = tx_arena(tx);
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  enum code c = record_paragraphs(tx, s, case_id, record, a, &standing, e);
  for (size_t i = 0; c == OK && i < n; i++) {
    const struct doc *old = standing_of(standing, a, list[i].paragraph);
    if (!list[i].p.text.n)
      return err_field(e, "paragraph.0.text",
                       TR("文を空にはできません。まちがいだったときは、そのことを書いてください。"));
    if (!old || !is_same(old, &list[i].p))
      c = correct_one(tx, s, record, old, &list[i], e);
  }
  return c;
}

enum code phrase_add(struct tx *tx, const struct actor *who, const struct phrase *p, struct err *e)
{
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, who, ACTION_PERSON_CREATE, &s, e);
  return c == OK ? phrase_sql_add(tx, scope_actor(s), p, e) : c;
}
