/* conceal.c: 秘匿. Whoever is not named learns only that there is one. */
#include "protect/conceal_sql.h"

enum { LIVE_MOST = 20, VALUES_MOST = 100, CHANGES_MOST = 50, HOLDERS_LEAST = 2 };

static const struct option item_words[] = {
    {"address", TR("住所")}, {"phone", TR("電話")}, {"school", TR("学校")}, {"workplace", TR("勤め先")}, {0}};

static const struct doc *codes_of(struct arena *a, uint32_t items)
{
  struct doc *list = doc_list(a);
  for (int i = 0; item_words[i].code; i++)
    if (items & (1u << i))
      doc_add_str(list, str_from(item_words[i].code));
  return list;
}

/* ---- setting ----------------------------------------------------------------------------------------------------------- */

static bool is_candidate(const struct doc *list, id64 user)
{
  for (size_t i = 0; i < doc_size(list); i++) {
    id64 id = 0;
    if (doc_get_id(doc_at(list, i), "id", &id) && id == user)
      return true;
  }
  return false;
}

static enum code check_holders(struct tx *tx, const struct scope *s, const id64 *users, size_t n, struct err *e)
{
  struct doc *known = NULL;
  enum code c = conceal_sql_candidates(tx, s, tx_arena(tx), &known, e);
  for (size_t i = 0; c == OK && i < n; i++)
    if (!is_candidate(known, users[i]))
      return err_field(e, "holders", TR("知ってよい人を、一覧から選んでください。"));
  return c;
}

static enum code check_new(struct tx *tx, const struct scope *s, const struct conceal_new *n, struct err *e)
{
  struct conceal_row live[LIVE_MOST];
  size_t count = 0;
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  if (!n->items)
    return err_field(e, "items", TR("何を秘匿にするかを、一つ以上選んでください。"));
  if (n->holder_count < 2)
    return err_field(e, "holders",
                     TR("知ってよい人を、二人以上選んでください。解くときに、もう一人の確認が要ります。"));
  if (n->until && n->until <= tx_now(tx))
    return err_field(e, "until", TR("終わりの日は、今日より後にしてください。"));
  enum code c = conceal_sql_live(tx, s, tx_arena(tx), live, LIVE_MOST, &count, e);
  if (c == OK && count)
    return err_set(e, CONFLICT, TR("すでに秘匿があります。知ってよい人に相談してください。"));
  return c == OK ? check_holders(tx, s, n->holders, n->holder_count, e) : c;
}

/* Who may know changed: written down, and told to those whom it concerns. */
static enum code tell_change(struct tx *tx, const struct scope *s, id64 concealment, id64 user, const char *kind,
                             struct str reason, struct err *e)
{
  struct str sealed = STR_NONE;
  id64 id = id_new(tx_now(tx));
  bool named = strcmp(kind, "named") == 0;
  if (named && user == scope_actor(s)->user)
    return OK;
  enum code c = protect_seal(tx, s, "concealment_change", "reason_sealed", id, reason, &sealed, e);
  if (c == OK)
    c = conceal_sql_insert_change(tx, s, id, concealment, user, kind, sealed, e);
  if (c != OK)
    return c;
  return named ? conceal_tell_one(tx, s, NOTICE_HOLDER, concealment, id, user, e)
               : conceal_tell(tx, s, NOTICE_HOLDER, concealment, id, user, true, e);
}

enum code conceal_set(struct tx *tx, const struct scope *s, const struct conceal_new *n, id64 *ret_id, struct err *e)
{
  struct str town = STR_NONE, reason = STR_NONE;
  id64 id = id_new(tx_now(tx));
  enum code c = check_new(tx, s, n, e);
  if (c == OK)
    c = protect_seal(tx, s, "concealment", "town_sealed", id, n->town, &town, e);
  if (c == OK)
    c = protect_seal(tx, s, "concealment", "reason_sealed", id, n->reason, &reason, e);
  if (c == OK)
    c = conceal_sql_insert(tx, s, id, n, town, reason, e);
  for (size_t i = 0; c == OK && i < n->holder_count; i++) {
    int64_t added = 0;
    c = conceal_sql_insert_holder(tx, s, id, n->holders[i], &added, e);
    if (c == OK && added)
      c = tell_change(tx, s, id, n->holders[i], "named", STR_NONE, e);
  }
  if (c == OK)
    *ret_id = id;
  return c == OK ? network_bump_facts(tx, e) : c;
}

/* ---- for those who are named --------------------------------------------------------------------------------------------- */

/* Nobody who is named can open it or end it: whoever is in charge where it was set names others. */
static bool may_rescue(const struct scope *s, const struct conceal_row *row)
{
  return row->left && !row->mine && scope_writes(s) && scope_manages(s) && scope_wrote(s, row->author_organization) &&
         scope_may(s, ACTION_CONCEAL_SET);
}

/* The one of this id, for somebody who is named in it, or (`rescue`) has to name others. */
static enum code held_or(struct tx *tx, const struct scope *s, id64 concealment, bool rescue, struct conceal_row *ret,
                         struct err *e)
{
  struct conceal_row live[LIVE_MOST];
  size_t n = 0;
  enum code c = conceal_sql_live(tx, s, tx_arena(tx), live, LIVE_MOST, &n, e);
  if (c == OK && !scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  for (size_t i = 0; c == OK && i < n; i++)
    if (live[i].id == concealment && (live[i].mine || (rescue && may_rescue(s, &live[i])))) {
      *ret = live[i];
      return OK;
    }
  return c == OK ? err_set(e, NOT_FOUND, code_msg(NOT_FOUND)) : c;
}

static enum code held(struct tx *tx, const struct scope *s, id64 concealment, struct conceal_row *ret, struct err *e)
{
  return held_or(tx, s, concealment, false, ret, e);
}

enum code conceal_add_value(struct tx *tx, const struct scope *s, id64 concealment, const struct conceal_value *v,
                            struct err *e)
{
  struct conceal_row row = {0};
  struct str whose = STR_NONE, value = STR_NONE;
  id64 id = id_new(tx_now(tx));
  if (!v->value.n)
    return err_field(e, "value", TR("秘匿にする内容を書いてください。"));
  enum code c = held(tx, s, concealment, &row, e);
  if (c == OK)
    c = protect_seal(tx, s, "concealed_value", "whose_sealed", id, v->whose, &whose, e);
  if (c == OK)
    c = protect_seal(tx, s, "concealed_value", "value_sealed", id, v->value, &value, e);
  return c == OK ? conceal_sql_insert_value(tx, s, id, concealment, v->item, whose, value, e) : c;
}

enum code conceal_add_holder(struct tx *tx, const struct scope *s, id64 concealment, id64 user, struct str reason,
                             struct err *e)
{
  struct conceal_row row = {0};
  int64_t added = 0;
  enum code c = held_or(tx, s, concealment, true, &row, e);
  if (c == OK && !row.mine && !reason.n)
    return err_field(e, "why", TR("なぜ、あなたが知ってよい人を決めるのかを書いてください。"));
  if (c == OK)
    c = check_holders(tx, s, &user, 1, e);
  if (c == OK)
    c = conceal_sql_insert_holder(tx, s, concealment, user, &added, e);
  if (c == OK && added)
    c = tell_change(tx, s, concealment, user, "added", reason, e);
  return c == OK ? network_bump_facts(tx, e) : c;
}

enum code conceal_end_holder(struct tx *tx, const struct scope *s, id64 concealment, id64 user, struct str reason,
                             struct err *e)
{
  struct conceal_row row = {0};
  int64_t ended = 0;
  enum code c = held(tx, s, concealment, &row, e);
  if (c == OK && !reason.n)
    return err_field(e, "why", TR("なぜ外すのかを書いてください。外される人にも、外したことが伝わります。"));
  if (c == OK && row.holders <= HOLDERS_LEAST)
    return err_field(e, "user", TR("知ってよい人は、二人以上要ります。先に、かわりの人を加えてください。"));
  if (c == OK)
    c = conceal_sql_end_holder(tx, s, concealment, user, &ended, e);
  if (c == OK && !ended)
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  if (c == OK)
    c = tell_change(tx, s, concealment, user, "ended", reason, e);
  return c == OK ? network_bump_facts(tx, e) : c;
}

/* ---- ending it takes two --------------------------------------------------------------------------------------------------- */

enum code conceal_ask_release(struct tx *tx, const struct scope *s, id64 concealment, struct str reason, struct err *e)
{
  struct conceal_row row = {0};
  struct release_row last = {0};
  struct str sealed = STR_NONE;
  id64 id = id_new(tx_now(tx));
  if (!reason.n)
    return err_field(e, "reason", TR("なぜ解いてよいのかを書いてください。"));
  enum code c = held(tx, s, concealment, &row, e);
  if (c == OK)
    c = conceal_sql_release(tx, s, concealment, 0, tx_arena(tx), &last, e);
  if (c == OK && last.id && !last.decided_at)
    return err_set(e, CONFLICT, TR("もう一人の確認を待っている申し出があります。"));
  if (c == OK)
    c = protect_seal(tx, s, "concealment_release", "reason_sealed", id, reason, &sealed, e);
  if (c == OK)
    c = conceal_sql_insert_release(tx, s, id, concealment, sealed, e);
  return c == OK ? conceal_tell(tx, s, NOTICE_RELEASE, concealment, id, 0, false, e) : c;
}

enum code conceal_decide_release(struct tx *tx, const struct scope *s, id64 release, bool granted, struct err *e)
{
  struct release_row row = {0};
  struct conceal_row concealment = {0};
  enum code c = conceal_sql_release(tx, s, 0, release, tx_arena(tx), &row, e);
  if (c == OK && !row.id)
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  if (c == OK)
    c = held(tx, s, row.concealment, &concealment, e);
  if (c == OK && granted && row.asked_by == scope_actor(s)->user)
    return err_set(e, DENIED, TR("申し出た人は、自分では決められません。もう一人の知ってよい人に頼んでください。"));
  if (c == OK)
    c = conceal_sql_decide(tx, s, release, granted, e);
  if (c == OK && row.asked_by != scope_actor(s)->user)
    c = conceal_tell_one(tx, s, NOTICE_RELEASED, row.concealment, release, row.asked_by, e);
  if (c == OK && granted)
    c = conceal_sql_end(tx, s, row.concealment, e);
  return c == OK && granted ? network_bump_facts(tx, e) : c;
}

/* ---- the pages ---------------------------------------------------------------------------------------------------------------- */

struct show {
  struct tx *tx;
  const struct scope *s;
  struct arena *a;
  const struct reader *who;
};

static enum code put_release(const struct show *w, id64 concealment, struct doc *d, struct err *e)
{
  struct release_row row = {0};
  struct str reason = STR_NONE;
  enum code c = conceal_sql_release(w->tx, w->s, concealment, 0, w->a, &row, e);
  bool waits = row.id && !row.decided_at;
  if (c == OK && waits)
    c = protect_unseal(w->tx, w->s, "concealment_release", "reason_sealed", row.id, row.reason_sealed, w->a, &reason,
                       e);
  if (c != OK)
    return c;
  doc_put_bool(d, "waits", waits);
  struct doc *m = doc_put_map(d, "release");
  doc_put_id(m, "id", waits ? row.id : 0);
  doc_put_str(m, "by", waits ? row.asked_name : STR_NONE);
  doc_put_str(m, "when", waits ? reader_day_ts(w->a, w->who, row.asked_at) : STR_NONE);
  doc_put_str(m, "reason", reason);
  doc_put_bool(m, "is_mine", waits && row.asked_by == scope_actor(w->s)->user);
  return OK;
}

/* Being named opens nothing to whoever does not work on the case: docs/decisions/0009. */
static void put_holder(const struct show *w, struct doc *d, const struct conceal_row *row)
{
  id64 user = 0;
  bool opens = doc_get_id(d, "id", &user) && doc_get_bool(d, "works") && !scope_bars(w->s, user);
  doc_put_bool(d, "cannot_open", !opens);
  doc_put_bool(d, "can_end", row->holders > HOLDERS_LEAST);
  doc_put_id(d, "id_of", row->id);
}

/* Who was named since, and who no longer is. */
static enum code put_changes(const struct show *w, id64 concealment, struct doc *d, struct err *e)
{
  struct change_row rows[CHANGES_MOST];
  struct doc *list = doc_put_list(d, "changes");
  size_t n = 0;
  enum code c = conceal_sql_changes(w->tx, w->s, concealment, w->a, rows, CHANGES_MOST, &n, e);
  for (size_t i = 0; c == OK && i < n; i++) {
    struct str reason = STR_NONE;
    bool ended = str_is(rows[i].kind, "ended");
    c = protect_unseal(w->tx, w->s, "concealment_change", "reason_sealed", rows[i].id, rows[i].reason_sealed, w->a,
                       &reason, e);
    struct doc *m = doc_add_map(list);
    doc_put_str(m, "when", reader_day_ts(w->a, w->who, rows[i].at));
    doc_put_str(m, "text",
                tr_args(w->a, w->who->lang,
                        ended ? TR("%1さんが、%2さんを外しました") : TR("%1さんが、%2さんを加えました"), rows[i].by,
                        rows[i].whom, STR_NONE));
    doc_put_str(m, "reason", reason);
  }
  doc_put_bool(d, "has_changes", n > 0);
  return c;
}

static enum code put_row(const struct show *w, const struct conceal_row *row, struct doc *list, struct err *e)
{
  struct doc *holders = NULL, *d = doc_add_map(list);
  struct str town = STR_NONE, reason = STR_NONE;
  enum code c = protect_unseal(w->tx, w->s, "concealment", "town_sealed", row->id, row->town_sealed, w->a, &town, e);
  if (c == OK)
    c = protect_unseal(w->tx, w->s, "concealment", "reason_sealed", row->id, row->reason_sealed, w->a, &reason, e);
  if (c == OK)
    c = conceal_sql_holders(w->tx, w->s, row->id, w->a, &holders, e);
  if (c != OK)
    return c;
  doc_put_id(d, "id", row->id);
  doc_put_str(d, "items", protect_words(w->a, w->who->lang, item_words, codes_of(w->a, row->items)));
  doc_put_str(d, "from", reader_day_ts(w->a, w->who, row->from));
  doc_put_str(d, "until",
              row->until ? reader_date(w->a, w->who, date_of_ts(row->until - 1))
                         : tr(w->who->lang, TR("決まっていません")));
  doc_put_str(d, "town", town);
  doc_put_str(d, "reason", reason);
  for (size_t i = 0; i < doc_size(holders); i++)
    put_holder(w, doc_at(holders, i), row);
  doc_put(d, "holders", holders);
  doc_put_bool(d, "is_pair", row->holders <= HOLDERS_LEAST);
  c = put_changes(w, row->id, d, e);
  return c == OK ? put_release(w, row->id, d, e) : c;
}

enum code conceal_page(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                       struct doc **ret, struct err *e)
{
  const struct show w = {tx, s, a, who};
  struct conceal_row live[LIVE_MOST];
  size_t n = 0;
  struct doc *d = doc_map(a), *rows = doc_put_list(d, "rows"), *left = doc_put_list(d, "left"), *candidates = NULL;
  enum code c = conceal_sql_live(tx, s, a, live, LIVE_MOST, &n, e);
  for (size_t i = 0; c == OK && i < n; i++) {
    if (live[i].mine)
      c = put_row(&w, &live[i], rows, e);
    else if (may_rescue(s, &live[i]))
      doc_put_id(doc_add_map(left), "id", live[i].id);
  }
  bool can_set = scope_writes(s) && scope_may(s, ACTION_CONCEAL_SET) && !n;
  if (c == OK)
    c = can_set || doc_size(rows) || doc_size(left) ? conceal_sql_candidates(tx, s, a, &candidates, e) : OK;
  if (c != OK)
    return c;
  doc_put_bool(d, "is_concealed", n > 0);
  doc_put_bool(d, "is_holder", doc_size(rows) > 0);
  doc_put_bool(d, "is_left", doc_size(left) > 0);
  doc_put_bool(d, "can_set", can_set);
  doc_put(d, "candidates", candidates ? candidates : doc_list(a));
  *ret = d;
  return OK;
}

static void put_value(struct doc *list, struct str label, struct str value)
{
  struct doc *d = doc_add_map(list);
  doc_put_str(d, "label", label);
  doc_put_str(d, "text", value);
}

static enum code put_attributes(const struct show *w, uint32_t items, struct doc *list, struct err *e)
{
  struct doc *facts = NULL;
  enum attribute k;
  enum code c = person_attributes(w->tx, w->s, w->a, w->who, &facts, e);
  for (size_t i = 0; c == OK && i < doc_size(facts); i++) {
    const struct doc *f = doc_at(facts, i);
    if (attribute_parse(doc_get_str(f, "kind"), &k) && ((uint32_t)attribute_item(k) & items) &&
        !doc_get_bool(f, "concealed"))
      put_value(list, doc_get_str(f, "label"), doc_get_str(f, "text"));
  }
  return c;
}

static enum code put_values(const struct show *w, id64 concealment, struct doc *list, struct err *e)
{
  struct value_row rows[VALUES_MOST];
  struct str whose = STR_NONE, value = STR_NONE;
  size_t n = 0;
  enum code c = conceal_sql_values(w->tx, w->s, concealment, w->a, rows, VALUES_MOST, &n, e);
  for (size_t i = 0; c == OK && i < n; i++) {
    c = protect_unseal(w->tx, w->s, "concealed_value", "whose_sealed", rows[i].id, rows[i].whose_sealed, w->a, &whose,
                       e);
    if (c == OK)
      c = protect_unseal(w->tx, w->s, "concealed_value", "value_sealed", rows[i].id, rows[i].value_sealed, w->a, &value,
                         e);
    struct str item = protect_words(w->a, w->who->lang, item_words, codes_of(w->a, rows[i].item));
    put_value(list, str_printf(w->a, "%.*s %.*s", STR_FMT(whose), STR_FMT(item)), value);
  }
  return c;
}

enum code conceal_values(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                         struct doc **ret, struct err *e)
{
  const struct show w = {tx, s, a, who};
  struct conceal_row live[LIVE_MOST];
  size_t n = 0;
  struct doc *d = doc_map(a), *list = doc_put_list(d, "values");
  enum code c = conceal_sql_live(tx, s, a, live, LIVE_MOST, &n, e);
  uint32_t items = 0;
  for (size_t i = 0; i < n; i++)
    items |= live[i].mine ? live[i].items : 0;
  if (c == OK)
    c = put_attributes(&w, items, list, e);
  for (size_t i = 0; c == OK && i < n; i++)
    if (live[i].mine)
      c = put_values(&w, live[i].id, list, e);
  if (c != OK)
    return c;
  doc_put_bool(d, "has_values", doc_size(list) > 0);
  *ret = d;
  return OK;
}
