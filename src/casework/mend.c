/* mend.c: a record's date, method, with whom, place and next step, corrected. Each reading that is replaced is kept as a row of its own. */
#include "base/limits.h"
#include "casework/casework.h"
#include "casework/casework_sql.h"

struct standing { /* the head that stands, opened */
  struct tx *tx;
  const struct scope *s;
  const struct seal_key *key;
  struct arena *a;
  struct record_head head;
  struct str next_iso;
  bool found, contact;
};

static enum code open_text(const struct standing *st, id64 record, const char *column, struct str sealed,
                           struct str *ret, struct err *e)
{
  struct seal_at at = {.table = "record", .column = column, .network = tx_network(st->tx), .row = record};
  *ret = STR_NONE;
  return sealed.n ? unseal(st->a, st->key, at, sealed, ret, e) : OK;
}

static enum code take_head(void *arg, const struct record_head_row *row, struct err *e)
{
  struct standing *st = arg;
  if (!scope_wrote(st->s, row->author_organization) ||
      !scope_sees(st->s, row->category, row->author_organization, row->marks))
    return OK;
  struct record_head *h = &st->head;
  *h = (struct record_head){.at = row->at,
                            .method = str_copy(st->a, row->method),
                            .with_whom = str_copy(st->a, row->with_whom),
                            .minutes = row->minutes,
                            .rev = row->rev};
  st->next_iso = str_copy(st->a, row->next_date);
  (void)date_parse_iso(st->next_iso, &h->next_date);
  st->contact = row->contact;
  st->found = true;
  scope_showed_categories(st->s, row->category);
  enum code c = open_text(st, row->record, "place_sealed", row->place_sealed, &h->place, e);
  return c == OK ? open_text(st, row->record, "next_sealed", row->next_sealed, &h->next, e) : c;
}

static enum code read_standing(struct standing *st, id64 case_id, id64 record, struct err *e)
{
  enum code c = person_key(st->tx, st->s, &st->key, e);
  if (c == OK)
    c = record_sql_head(st->tx, st->s, case_id, record, take_head, st, e);
  return c == OK && !st->found ? err_set(e, NOT_FOUND, code_msg(NOT_FOUND)) : c;
}

enum code record_head_read(struct tx *tx, const struct scope *s, id64 case_id, id64 record, struct arena *a,
                           struct record_head *ret, struct err *e)
{
  struct standing st = {.tx = tx, .s = s, .a = a};
  enum code c = read_standing(&st, case_id, record, e);
  if (c == OK)
    *ret = st.head;
  return c;
}

struct past_heads {
  struct standing st;
  id64 record;
  struct doc *newest_first;
};

static enum code open_past(const struct past_heads *p, id64 past, const char *column, struct str sealed,
                           struct str *ret, struct err *e)
{
  struct seal_at at = {.table = "record_past", .column = column, .network = tx_network(p->st.tx), .row = past};
  *ret = STR_NONE;
  return sealed.n ? unseal(p->st.a, p->st.key, at, sealed, ret, e) : OK;
}

static enum code take_past(void *arg, const struct record_head_row *row, struct err *e)
{
  struct past_heads *p = arg;
  struct str place = STR_NONE, next = STR_NONE;
  if (row->record != p->record || !scope_wrote(p->st.s, row->author_organization) ||
      !scope_sees(p->st.s, row->category, row->author_organization, row->marks))
    return OK;
  enum code c = open_past(p, row->id, "place_sealed", row->place_sealed, &place, e);
  if (c == OK)
    c = open_past(p, row->id, "next_sealed", row->next_sealed, &next, e);
  if (c != OK)
    return c;
  struct doc *d = doc_add_map(p->newest_first);
  doc_put_int(d, "at", row->at);
  doc_put_int(d, "replaced_at", row->replaced_at);
  doc_put_str(d, "method", row->method);
  doc_put_str(d, "with", row->with_whom);
  doc_put_int(d, "minutes", row->minutes);
  doc_put_str(d, "place", place);
  doc_put_str(d, "next", next);
  doc_put_str(d, "next_date", row->next_date);
  scope_showed_categories(p->st.s, row->category);
  return OK;
}

enum code record_head_past(struct tx *tx, const struct scope *s, id64 case_id, id64 record, ts_t at, struct arena *a,
                           struct doc **ret, struct err *e)
{
  struct past_heads p = {.st = {.tx = tx, .s = s, .a = a}, .record = record, .newest_first = doc_list(a)};
  struct doc *oldest_first = doc_list(a);
  enum code c = person_key(tx, s, &p.st.key, e);
  if (c == OK)
    c = record_sql_heads_past(tx, s, case_id, at, at + 1, take_past, &p, e);
  for (size_t i = doc_size(p.newest_first); i-- > 0;)
    doc_add(oldest_first, doc_at(p.newest_first, i));
  if (c == OK)
    *ret = oldest_first;
  return c;
}

/* A form knows minutes; within the one that stands the instant stays. */
static ts_t mended_at(const struct tx *tx, ts_t stands, ts_t typed)
{
  return typed == stands - stands % MS_MINUTE ? stands : record_exact(tx, typed);
}

static bool is_same(const struct record_head *a, const struct record_head *b)
{
  return a->at == b->at && str_eq(a->method, b->method) && str_eq(a->with_whom, b->with_whom) &&
         str_eq(a->place, b->place) && str_eq(a->next, b->next) && a->minutes == b->minutes &&
         date_compare(a->next_date, b->next_date) == 0;
}

/* Last contact and next date of the case, as far as they rested on this record. */
static enum code mend_clock(const struct standing *st, id64 case_id, id64 record, const struct record_head *to,
                            struct err *e)
{
  struct tx *tx = st->tx;
  struct case_head h = {0};
  struct str sealed = STR_NONE, date = STR_NONE, next;
  ts_t seen = 0;
  id64 newest = 0;
  enum code c = case_sql_head(tx, case_id, tx_arena(tx), &h, e);
  if (c == OK)
    c = record_sql_last_contact(tx, case_id, &seen, e);
  if (c == OK)
    c = record_sql_next(tx, st->s, case_id, tx_arena(tx), &newest, &sealed, &date, e);
  if (c != OK)
    return c;
  bool was_last = h.last_contact_at == st->head.at, was_next = st->next_iso.n && str_eq(h.next_date, st->next_iso);
  if (seen < h.opened_at) /* whoever came first was met then */
    seen = h.opened_at;
  ts_t last = was_last || seen > h.last_contact_at ? seen : h.last_contact_at;
  bool over = str_is(h.status, "closed"), first = newest == record && !st->next_iso.n && date_known(to->next_date);
  next = h.next_date;
  if (!over && was_next) /* what the newest says now */
    next = date;
  else if (!over && first)
    next = date_iso(tx_arena(tx), to->next_date);
  if (last == h.last_contact_at && str_eq(next, h.next_date))
    return OK;
  c = case_sql_mend_clock(tx, case_id, last, next, e);
  return c == OK ? case_tell(tx, st->s, case_id, e) : c;
}

static enum code replace(const struct standing *st, id64 record, const struct record_head *to, bool contact,
                         struct err *e)
{
  struct tx *tx = st->tx;
  struct str place = STR_NONE, next = STR_NONE;
  int64_t changed = 0;
  id64 past = id_new(tx_now(tx));
  enum code c = case_seal(tx, st->s, "record_past", "place_sealed", past, st->head.place, &place, e);
  if (c == OK)
    c = case_seal(tx, st->s, "record_past", "next_sealed", past, st->head.next, &next, e);
  if (c == OK)
    c = record_sql_keep_head(tx, st->s, past, record, place, next, e);
  if (c == OK)
    c = case_seal(tx, st->s, "record", "place_sealed", record, to->place, &place, e);
  if (c == OK)
    c = case_seal(tx, st->s, "record", "next_sealed", record, to->next, &next, e);
  if (c == OK)
    c = record_sql_mend(tx, st->s, record, to, contact, place, next, &changed, e);
  if (c == OK && !changed)
    return err_set(e, CONFLICT,
                   TR("この記録は、ほかの人が先に直しました。いまの内容を確かめて、もう一度保存してください。"));
  return c;
}

enum code record_head_correct(struct tx *tx, const struct scope *s, id64 case_id, id64 record,
                              const struct record_head *given, struct err *e)
{
  struct standing st = {.tx = tx, .s = s, .a = tx_arena(tx)};
  struct record_head to = *given;
  struct case_head h = {0};
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  enum code c = read_standing(&st, case_id, record, e);
  if (c != OK)
    return c;
  to.at = mended_at(tx, st.head.at, given->at);
  if (is_same(&to, &st.head))
    return OK;
  c = record_check_when(tx, to.at, to.next, to.next_date, e);
  if (c == OK)
    c = case_sql_head(tx, case_id, tx_arena(tx), &h, e);
  bool met = st.contact || h.last_contact_at == st.head.at || str_is(st.head.method, "conference");
  bool contact = met && !str_is(to.method, "conference");
  if (c == OK)
    c = replace(&st, record, &to, contact, e);
  return c == OK ? mend_clock(&st, case_id, record, &to, e) : c;
}
