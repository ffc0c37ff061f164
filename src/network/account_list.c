/* account_list.c: accounts as an administrator lists them. A network has hundreds, at most some thousands: they are sorted here. */
#include "base/utf8.h"
#include "network/account_words.h"

/* --- words --- */

const char *const account_states[] = {"live", "coming", "over", "stopped", NULL};

struct str account_state_word(enum lang lang, int state)
{
  static const char *const word[] = {TR("使えます"), TR("これから"), TR("終わりました"), TR("止めてあります")};
  return tr(lang, word[state]);
}

void account_put_state(struct doc *d, enum standing s, enum lang lang)
{
  static const char *const shape[] = {"s-answered", "s-draft", "s-closed", "s-closed"};
  struct doc *m = doc_put_map(d, "state");
  doc_put_str(m, "word", account_state_word(lang, (int)s));
  doc_put_cstr(m, "shape", shape[s]);
  doc_put_cstr(m, "class", s == STANDING_LIVE ? "good" : "quiet");
}

enum standing account_standing(const struct membership_row *m, ts_t now)
{
  if (!m->id || (m->until && m->until <= now))
    return STANDING_OVER;
  return m->from > now ? STANDING_COMING : STANDING_LIVE;
}

struct str account_factor_word(enum lang lang, struct str factor)
{
  return tr(lang, str_is(factor, "totp") ? TR("認証アプリ") : str_is(factor, "paper") ? TR("紙の番号") : TR("まだ"));
}

struct str account_last_text(struct arena *a, const struct reader *who, ts_t last)
{
  return last ? reader_day_ts(a, who, last) : tr(who->lang, TR("まだ"));
}

/* --- which --- */

struct account {
  struct account_row row; /* its texts copied */
  struct buf hay;         /* what its words are looked for in */
  struct str first, all;  /* memberships */
  int more;               /* besides the first */
  enum standing standing;
  bool needs_factor, meant;
  size_t place; /* by reading */
};

struct listing {
  struct arena *arena;
  const struct reader *who;
  const struct account_view *view;
  struct str words; /* folded */
  ts_t now;
  struct account *account;
  size_t n, room;
};

static struct account *add_account(struct listing *l, const struct account_row *a)
{
  if (l->n == l->room) {
    size_t room = l->room ? 2 * l->room : 64;
    l->account = arena_grow(l->arena, l->account, l->room * sizeof *l->account, room * sizeof *l->account);
    l->room = room;
  }
  if (!l->account)
    return NULL;
  struct account *to = &l->account[l->n];
  *to = (struct account){.row = *a, .standing = STANDING_OVER, .place = l->n++};
  to->row.login = str_copy(l->arena, a->login);
  to->row.name = str_copy(l->arena, a->name);
  to->row.kana = str_copy(l->arena, a->kana);
  to->row.job = str_copy(l->arena, a->job);
  to->row.factor = str_copy(l->arena, a->factor);
  buf_init(&to->hay, l->arena, 16 << 10);
  buf_printf(&to->hay, "%.*s %.*s %.*s", STR_FMT(a->name), STR_FMT(a->kana), STR_FMT(a->login));
  return to;
}

static void add_membership(struct listing *l, struct account *a, const struct membership_row *m)
{
  enum role role;
  if (!m->id || !role_parse(m->role, &role))
    return;
  struct str word = tr(l->who->lang, role_label(role));
  struct str text = str_printf(l->arena, "%.*s %.*s", STR_FMT(m->organization_name), STR_FMT(word));
  enum standing s = account_standing(m, l->now);
  buf_printf(&a->hay, " %.*s", STR_FMT(m->organization_name));
  a->more += a->first.n > 0;
  a->all = a->first.n ? str_printf(l->arena, "%.*s / %.*s", STR_FMT(a->all), STR_FMT(text)) : text;
  a->first = a->first.n ? a->first : text;
  a->standing = s < a->standing ? s : a->standing;
  a->needs_factor = a->needs_factor || role_needs_second_factor(role);
}

static enum code take_pair(void *arg, const struct account_row *row, const struct membership_row *m, bool meant)
{
  struct listing *l = arg;
  struct account *a = l->n ? &l->account[l->n - 1] : NULL;
  if (!a || a->row.user != row->user)
    a = add_account(l, row);
  if (!a)
    return OOM;
  a->meant = a->meant || meant;
  add_membership(l, a, m);
  return OK;
}

static bool is_listed(const struct listing *l, const struct account *a)
{
  bool here = !l->view->state.n || str_is(l->view->state, account_states[a->standing]);
  return a->meant && here && (!l->words.n || str_contains(utf8_fold(l->arena, buf_str(&a->hay)), l->words));
}

static void sift(struct listing *l)
{
  size_t n = 0;
  for (size_t i = 0; i < l->n; i++) {
    struct account *a = &l->account[i];
    a->standing = a->row.disabled ? STANDING_STOPPED : a->standing;
    if (is_listed(l, a))
      l->account[n++] = *a;
  }
  l->n = n;
}

/* --- in which order: equal ones by reading, whichever way the others stand --- */

static int by_place(const struct account *x, const struct account *y)
{
  return (x->place > y->place) - (x->place < y->place);
}

static int by_name(const void *x, const void *y)
{
  return by_place(x, y);
}

static int by_last(const void *x, const void *y)
{
  const struct account *a = x, *b = y;
  int order = (a->row.last > b->row.last) - (a->row.last < b->row.last);
  return order ? order : by_place(a, b);
}

static int by_state(const void *x, const void *y)
{
  const struct account *a = x, *b = y;
  int order = (a->standing > b->standing) - (a->standing < b->standing);
  return order ? order : by_place(a, b);
}

static void sort(struct listing *l)
{
  static int (*const ways[])(const void *, const void *) = {
      [ACCOUNTS_BY_NAME] = by_name, [ACCOUNTS_BY_LAST] = by_last, [ACCOUNTS_BY_STATE] = by_state};
  if (l->n)
    qsort(l->account, l->n, sizeof *l->account, ways[l->view->by]);
  for (size_t i = 0; l->view->falls && i < l->n / 2; i++) {
    struct account first = l->account[i];
    l->account[i] = l->account[l->n - 1 - i];
    l->account[l->n - 1 - i] = first;
  }
}

static enum code find_accounts(struct tx *tx, const struct actor *who, enum action action, struct listing *l,
                               struct err *e)
{
  const struct scope *s = NULL;
  l->words = utf8_fold(l->arena, l->view->words);
  l->now = tx_now(tx);
  enum code c = access_open_network(tx, who, action, &s, e);
  if (c == OK)
    c = account_sql_each(tx, l->view, take_pair, l, e);
  if (c == OOM)
    return err_oom(e);
  if (c != OK)
    return c;
  sift(l);
  sort(l);
  return OK;
}

/* --- as a page --- */

static struct str memberships_text(const struct listing *l, const struct account *a)
{
  struct str more = str_printf(l->arena, "%d", a->more);
  return a->more ? tr_args(l->arena, l->who->lang, TR("%1、ほか%2"), a->first, more, STR_NONE) : a->first;
}

static void put_account(const struct listing *l, const struct account *a, struct doc *d)
{
  struct str id = id_text(l->arena, a->row.user);
  doc_put_str(d, "href", str_printf(l->arena, "/accounts/%.*s", STR_FMT(id)));
  doc_put_str(d, "name", a->row.name);
  doc_put_str(d, "login", a->row.login);
  doc_put_str(d, "memberships", memberships_text(l, a));
  doc_put_str(d, "last", account_last_text(l->arena, l->who, a->row.last));
  doc_put_str(d, "factor", account_factor_word(l->who->lang, a->row.factor));
  doc_put_bool(d, "factor_late", str_is(a->row.factor, "none") && a->needs_factor);
  account_put_state(d, a->standing, l->who->lang);
}

enum code account_list(struct tx *tx, const struct actor *who, const struct account_view *view, struct arena *a,
                       const struct reader *reader, struct doc **ret, struct err *e)
{
  struct listing l = {.arena = a, .who = reader, .view = view};
  enum code c = find_accounts(tx, who, ACTION_ACCOUNT_LIST, &l, e);
  if (c != OK)
    return c;
  struct doc *d = doc_map(a), *users = doc_put_list(d, "users");
  size_t from = view->skip > 0 ? (size_t)view->skip : 0;
  for (size_t i = from; i < l.n && i < from + ACCOUNTS_A_PAGE; i++)
    put_account(&l, &l.account[i], doc_add_map(users));
  doc_put_str(d, "total", reader_count(a, reader->lang, TR("%1人"), (int64_t)l.n));
  doc_put_bool(d, "has_users", doc_size(users) > 0);
  doc_put_bool(d, "has_more", l.n > from + ACCOUNTS_A_PAGE);
  *ret = d;
  return OK;
}

/* --- as a table --- */

enum code account_table(struct tx *tx, const struct actor *who, const struct account_view *view, struct arena *a,
                        const struct reader *reader, struct csv_table *ret, struct err *e)
{
  static const char *const heads[] = {TR("名前"), TR("ふりがな"),         TR("サインイン名"),     TR("職種"),
                                      TR("所属"), TR("最後のサインイン"), TR("もうひとつの確認"), TR("状態")};
  enum { COLUMNS = sizeof heads / sizeof *heads };
  struct listing l = {.arena = a, .who = reader, .view = view};
  struct csv_table t = {0};
  enum code c = find_accounts(tx, who, ACTION_ACCOUNT_EXPORT, &l, e);
  if (c != OK)
    return c;
  struct str *cell = csv_table_add(a, &t, COLUMNS);
  for (int i = 0; cell && i < COLUMNS; i++)
    cell[i] = tr(reader->lang, heads[i]);
  for (size_t i = 0; cell && i < l.n; i++) {
    const struct account *x = &l.account[i];
    cell = csv_table_add(a, &t, COLUMNS);
    if (!cell)
      break;
    const struct str texts[COLUMNS] = {x->row.name,
                                       x->row.kana,
                                       x->row.login,
                                       x->row.job,
                                       x->all,
                                       x->row.last ? date_iso(a, date_of_ts(x->row.last)) : STR_NONE,
                                       account_factor_word(reader->lang, x->row.factor),
                                       account_state_word(reader->lang, (int)x->standing)};
    memcpy(cell, texts, sizeof texts);
  }
  if (!cell)
    return err_oom(e);
  *ret = t;
  return OK;
}
