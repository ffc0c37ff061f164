#include "consent/words.h"

struct str consent_categories(struct arena *a, enum lang lang, cats_t categories)
{
  struct buf b;
  buf_init(&b, a, 1024);
  if (categories == CAT_ALL)
    return tr(lang, TR("全部"));
  for (int i = 0; i < CATEGORIES; i++) {
    if (!(categories & (1u << i)))
      continue;
    if (b.n)
      buf_add(&b, tr(lang, TR("・")));
    buf_add(&b, tr(lang, category_label(i)));
  }
  return buf_str(&b);
}

struct str consent_party(enum lang lang, const struct consent_row *row)
{
  if (str_is(row->by, "person"))
    return tr(lang, TR("本人"));
  return row->relation.n ? tr_str(lang, row->relation) : tr(lang, TR("保護者"));
}

struct str consent_how(enum lang lang, struct str how)
{
  return tr(lang, str_is(how, "oral") ? TR("口頭") : str_is(how, "tick") ? TR("画面でチェック") : TR("書面"));
}

bool consent_goes_on(const struct recipient_row *a, const struct recipient_row *b)
{
  const struct consent_row *x = &a->consent, *y = &b->consent;
  ts_t then = x->withdrawn_at > x->from ? x->withdrawn_at : x->from; /* one that had not begun begins on its day */
  return x->withdrawn_at && y->id != x->id && (!y->withdrawn_at || y->withdrawn_at > x->withdrawn_at) &&
         y->from == then && y->guardian == x->guardian && str_eq(y->by, x->by) && a->categories == b->categories &&
         a->organization == b->organization; /* a value, not a decision */
}

static bool same_party(const struct recipient_row *a, const struct recipient_row *b)
{
  return a->organization == b->organization && /* a value, not a decision */
         str_eq(a->consent.by, b->consent.by) && a->consent.guardian == b->consent.guardian;
}

static bool over(const struct consent_row *c, ts_t now)
{
  return c->withdrawn_at || (c->until && c->until <= now);
}

bool consent_counts(const struct recipient_row *rows, size_t count, const struct recipient_row *row, ts_t now)
{
  const struct consent_row *c = &row->consent;
  if (c->refused || over(c, now))
    return false;
  for (size_t i = 0; i < count; i++) {
    const struct consent_row *no = &rows[i].consent;
    bool after = no->from != c->from ? no->from > c->from : no->id > c->id;
    if (no->refused && no->from <= now && !over(no, now) && after && same_party(&rows[i], row))
      return false;
  }
  return true;
}
