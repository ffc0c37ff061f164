/* account_show.c: accounts as an administrator reads them. */
#include "base/utf8.h"
#include "network/account_sql.h"

enum standing { STANDING_STOPPED, STANDING_OVER, STANDING_COMING, STANDING_LIVE };

static void put_state(struct doc *d, enum standing s, enum lang lang)
{
  static const char *const word[] = {TR("止めてあります"), TR("終わりました"), TR("これから"), TR("使えます")};
  static const char *const shape[] = {"s-closed", "s-closed", "s-draft", "s-answered"};
  struct doc *m = doc_put_map(d, "state");
  doc_put_str(m, "word", tr(lang, word[s]));
  doc_put_cstr(m, "shape", shape[s]);
  doc_put_cstr(m, "class", s == STANDING_LIVE ? "good" : "quiet");
}

static enum standing standing_of(const struct membership_row *m, ts_t now)
{
  if (!m->id || (m->until && m->until <= now))
    return STANDING_OVER;
  return m->from > now ? STANDING_COMING : STANDING_LIVE;
}

static struct str factor_word(enum lang lang, struct str factor)
{
  return tr(lang, str_is(factor, "totp") ? TR("認証アプリ") : str_is(factor, "paper") ? TR("紙の番号") : TR("まだ"));
}

static struct str last_text(struct arena *a, const struct reader *who, ts_t last)
{
  return last ? reader_day_ts(a, who, last) : tr(who->lang, TR("まだ"));
}

/* --- the list --- */

struct listing {
  struct arena *arena;
  const struct reader *who;
  struct str words;
  int64_t skip, matched;
  ts_t now;
  struct doc *list;
  /* the account whose rows are being read */
  struct account_row at;
  struct buf hay; /* what its words are looked for in */
  struct str first;
  int more;
  enum standing standing;
  bool needs_factor;
};

static bool has_words(struct listing *l)
{
  return !l->words.n || str_contains(utf8_fold(l->arena, buf_str(&l->hay)), l->words);
}

static struct str memberships_text(const struct listing *l)
{
  struct str more = str_printf(l->arena, "%d", l->more);
  return l->more ? tr_args(l->arena, l->who->lang, TR("%1、ほか%2"), l->first, more, STR_NONE) : l->first;
}

static void put_account(struct listing *l)
{
  if (!l->at.user || !has_words(l))
    return;
  l->matched++;
  if (l->matched <= l->skip || l->matched > l->skip + ACCOUNTS_A_PAGE)
    return;
  struct doc *d = doc_add_map(l->list);
  bool none = str_is(l->at.factor, "none");
  struct str id = id_text(l->arena, l->at.user);
  doc_put_str(d, "href", str_printf(l->arena, "/accounts/%.*s", STR_FMT(id)));
  doc_put_str(d, "name", l->at.name);
  doc_put_str(d, "login", l->at.login);
  doc_put_str(d, "memberships", memberships_text(l));
  doc_put_str(d, "last", last_text(l->arena, l->who, l->at.last));
  doc_put_str(d, "factor", factor_word(l->who->lang, l->at.factor));
  doc_put_bool(d, "factor_late", none && l->needs_factor);
  put_state(d, l->at.disabled ? STANDING_STOPPED : l->standing, l->who->lang);
}

static void begin_account(struct listing *l, const struct account_row *a)
{
  l->at = *a;
  l->at.login = str_copy(l->arena, a->login);
  l->at.name = str_copy(l->arena, a->name);
  l->at.factor = str_copy(l->arena, a->factor);
  l->first = STR_NONE;
  l->more = 0;
  l->standing = STANDING_OVER;
  l->needs_factor = false;
  buf_init(&l->hay, l->arena, 16 << 10);
  buf_add(&l->hay, a->name);
  buf_add_c(&l->hay, ' ');
  buf_add(&l->hay, a->kana);
  buf_add_c(&l->hay, ' ');
  buf_add(&l->hay, a->login);
}

static enum code take_pair(void *arg, const struct account_row *a, const struct membership_row *m)
{
  struct listing *l = arg;
  enum role role;
  if (a->user != l->at.user) {
    put_account(l);
    begin_account(l, a);
  }
  if (!m->id || !role_parse(m->role, &role))
    return OK;
  buf_add_c(&l->hay, ' ');
  buf_add(&l->hay, m->organization_name);
  struct str word = tr(l->who->lang, role_label(role));
  if (l->first.n)
    l->more++;
  else
    l->first = str_printf(l->arena, "%.*s %.*s", STR_FMT(m->organization_name), STR_FMT(word));
  enum standing s = standing_of(m, l->now);
  l->standing = s > l->standing ? s : l->standing;
  l->needs_factor = l->needs_factor || role_needs_second_factor(role);
  return OK;
}

enum code account_list(struct tx *tx, const struct actor *who, struct str words, int64_t skip, struct arena *a,
                       const struct reader *reader, struct doc **ret, struct err *e)
{
  const struct scope *s = NULL;
  struct listing l = {.arena = a,
                      .who = reader,
                      .words = utf8_fold(a, words),
                      .skip = skip > 0 ? skip : 0,
                      .now = tx_now(tx),
                      .list = doc_list(a)};
  enum code c = access_open_network(tx, who, ACTION_ACCOUNT_LIST, &s, e);
  if (c == OK)
    c = account_sql_each(tx, take_pair, &l, e);
  if (c != OK)
    return c;
  put_account(&l);
  struct doc *d = doc_map(a);
  struct str count = str_printf(a, "%lld", (long long)l.matched);
  doc_put_str(d, "total", tr_args(a, reader->lang, TR("%1人"), count, STR_NONE, STR_NONE));
  doc_put_bool(d, "has_users", doc_size(l.list) > 0);
  doc_put(d, "users", l.list);
  doc_put_bool(d, "has_more", l.matched > l.skip + ACCOUNTS_A_PAGE);
  doc_put_int(d, "next", l.skip + ACCOUNTS_A_PAGE);
  *ret = d;
  return OK;
}

/* --- one account --- */

struct showing {
  struct arena *arena;
  const struct reader *who;
  id64 user;
  ts_t now;
  enum standing standing;
  struct doc *memberships;
};

static struct str last_day(const struct showing *s, ts_t until)
{
  return until ? date_text(s->arena, date_of_ts(until - 1), s->who->wareki) : STR_NONE;
}

static enum code add_membership(void *arg, const struct membership_row *m)
{
  struct showing *s = arg;
  enum role role;
  enum standing standing = standing_of(m, s->now);
  struct str user = id_text(s->arena, s->user), id = id_text(s->arena, m->id);
  struct doc *d = doc_add_map(s->memberships);
  doc_put_str(d, "organization", m->organization_name);
  doc_put_str(d, "role", role_parse(m->role, &role) ? tr(s->who->lang, role_label(role)) : STR_NONE);
  doc_put_str(d, "from", date_text(s->arena, date_of_ts(m->from), s->who->wareki));
  doc_put_str(d, "until", last_day(s, m->until));
  put_state(d, standing, s->who->lang);
  doc_put_bool(d, "can_end", standing != STANDING_OVER);
  doc_put_str(d, "end_href", str_printf(s->arena, "/accounts/%.*s/memberships/%.*s/end", STR_FMT(user), STR_FMT(id)));
  s->standing = standing > s->standing ? standing : s->standing;
  return OK;
}

enum code account_show(struct tx *tx, const struct actor *who, id64 user, struct arena *a, const struct reader *reader,
                       struct doc **ret, struct err *e)
{
  const struct scope *scope = NULL;
  struct account_row row = {0};
  struct showing s = {.arena = a,
                      .who = reader,
                      .user = user,
                      .now = tx_now(tx),
                      .standing = STANDING_OVER,
                      .memberships = doc_list(a)};
  enum code c = access_open_network(tx, who, ACTION_ACCOUNT_LIST, &scope, e);
  if (c == OK)
    c = account_sql_get(tx, user, a, &row, e);
  if (c == OK)
    c = account_sql_memberships(tx, user, add_membership, &s, e);
  if (c != OK)
    return c;
  struct doc *d = doc_map(a);
  doc_put_id(d, "user_id", user);
  doc_put_str(d, "name", row.name);
  doc_put_str(d, "kana", row.kana);
  doc_put_str(d, "login", row.login);
  put_state(d, row.disabled ? STANDING_STOPPED : s.standing, reader->lang);
  doc_put_bool(d, "stopped", row.disabled);
  doc_put_str(d, "factor", factor_word(reader->lang, row.factor));
  doc_put_str(d, "last", last_text(a, reader, row.last));
  doc_put_bool(d, "has_memberships", doc_size(s.memberships) > 0);
  doc_put(d, "memberships", s.memberships);
  *ret = d;
  return OK;
}
