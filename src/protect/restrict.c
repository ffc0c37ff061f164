/* restrict.c: 閲覧の制限. Whoever is barred learns nothing of it: the person does not exist for them. */
#include "protect/restrict_sql.h"

static bool is_named(const struct restrict_new *n, id64 user)
{
  for (size_t i = 0; i < n->count; i++)
    if (n->users[i] == user)
      return true;
  return false;
}

/* Each name is a colleague's. */
static enum code check_users(const struct restrict_new *n, const struct doc *colleagues, struct err *e)
{
  size_t known = 0;
  for (size_t i = 0; i < doc_size(colleagues); i++) {
    id64 id = 0;
    (void)doc_get_id(doc_at(colleagues, i), "id", &id);
    known += is_named(n, id);
  }
  return known == n->count && n->count ? OK : err_field(e, "users", TR("自分の機関の人を、一覧から選んでください。"));
}

static enum code bar(struct tx *tx, const struct scope *s, const struct restrict_new *n, id64 user, struct err *e)
{
  struct str reason = STR_NONE;
  id64 id = id_new(tx_now(tx));
  enum code c = protect_seal(tx, s, "restriction", "reason_sealed", id, n->reason, &reason, e);
  return c == OK ? restrict_sql_insert(tx, s, id, user, n, reason, e) : c;
}

enum code restrict_set(struct tx *tx, const struct scope *s, const struct restrict_new *n, struct err *e)
{
  struct doc *colleagues = NULL;
  size_t barred = 0;
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  if (n->until && n->until <= tx_now(tx))
    return err_field(e, "until", TR("終わりの日は、今日より後にしてください。"));
  enum code c = restrict_sql_colleagues(tx, s, tx_arena(tx), &colleagues, e);
  if (c == OK)
    c = check_users(n, colleagues, e);
  for (size_t i = 0; c == OK && i < doc_size(colleagues); i++) {
    id64 id = 0;
    (void)doc_get_id(doc_at(colleagues, i), "id", &id);
    if (is_named(n, id) == n->only || scope_bars(s, id))
      continue;
    c = bar(tx, s, n, id, e);
    barred++;
  }
  if (c == OK && !barred)
    return err_field(e, "users", TR("新しく制限される人がいません。"));
  return c == OK ? network_bump_facts(tx, e) : c;
}

enum code restrict_end(struct tx *tx, const struct scope *s, id64 restriction, struct err *e)
{
  int64_t ended = 0;
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  enum code c = restrict_sql_end(tx, s, restriction, &ended, e);
  if (c == OK && !ended)
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  return c == OK ? network_bump_facts(tx, e) : c;
}

struct show {
  struct tx *tx;
  const struct scope *s;
  struct arena *a;
  const struct reader *who;
  struct doc *out;
};

static enum code put_row(void *arg, const struct restrict_row *row, struct err *e)
{
  const struct show *w = arg;
  struct str reason = STR_NONE;
  enum code c =
      protect_unseal(w->tx, w->s, "restriction", "reason_sealed", row->id, row->reason_sealed, w->a, &reason, e);
  struct doc *d = doc_add_map(w->out);
  doc_put_id(d, "id", row->id);
  doc_put_str(d, "name", row->name);
  doc_put_str(d, "reason", reason);
  doc_put_bool(d, "breakable", row->breakable);
  doc_put_str(d, "from", reader_day_ts(w->a, w->who, row->from));
  doc_put_str(d, "until",
              row->until ? reader_date(w->a, w->who, date_of_ts(row->until - 1))
                         : tr(w->who->lang, TR("決まっていません")));
  return c;
}

enum code restrict_page(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                        struct doc **ret, struct err *e)
{
  struct doc *d = doc_map(a), *colleagues = NULL;
  struct show w = {tx, s, a, who, doc_put_list(d, "rows")};
  enum code c = restrict_sql_each(tx, s, put_row, &w, e);
  if (c == OK)
    c = restrict_sql_colleagues(tx, s, a, &colleagues, e);
  if (c != OK)
    return c;
  doc_put_bool(d, "has_rows", doc_size(w.out) > 0);
  doc_put(d, "colleagues", colleagues);
  *ret = d;
  return OK;
}
