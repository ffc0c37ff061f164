/* sign.c: the rules of signing in: tries, password, session, membership. */
#include "network/sign.h"

#include <arpa/inet.h>
#include <string.h>

#include "audit/audit.h"
#include "base/utf8.h"
#include "gate/gate.h"
#include "network/sign_sql.h"

/* --- tries --- */

struct str try_key(struct arena *a, const struct keyfile *keys, const char *kind, struct str what)
{
  unsigned char hash[HASH];
  hash_keyed(keyfile_pepper(keys), str_printf(a, "try %s %.*s", kind, STR_FMT(what)), hash);
  return str_copy(a, (struct str){(const char *)hash, HASH});
}

struct str try_address(struct arena *a, struct str address)
{
  struct in6_addr v6;
  char text[INET6_ADDRSTRLEN];
  if (inet_pton(AF_INET6, str_cstr(a, address), &v6) != 1 || IN6_IS_ADDR_V4MAPPED(&v6))
    return address;
  memset(&v6.s6_addr[8], 0, 8);
  return inet_ntop(AF_INET6, &v6, text, sizeof(text)) ? str_copy(a, str_from(text)) : address;
}

/* The same key's window of a day. */
static struct str day_key(struct tx *tx, struct str key)
{
  struct buf b;
  buf_init(&b, tx_arena(tx), HASH + 2);
  buf_add(&b, key);
  buf_add_c(&b, 'd');
  return buf_str(&b);
}

static enum code count_one(struct tx *tx, struct str key, int most, ts_t length, ts_t *ret_left, struct err *e)
{
  int64_t tries = 0;
  ts_t window = 0;
  enum code c = try_sql_count(tx, key, tx_now(tx) - length, &tries, &window, e);
  if (c == OK && tries > most)
    *ret_left = window + length - tx_now(tx);
  return c;
}

static enum code must_wait(ts_t left, ts_t unit, const char *msg, struct err *e)
{
  char count[8];
  snprintf(count, sizeof(count), "%d", (int)((left + unit - 1) / unit));
  return err_set1(e, LIMIT, msg, count);
}

enum code try_count(struct tx *tx, struct str key, int most, int most_a_day, struct err *e)
{
  ts_t left = 0;
  enum code c = count_one(tx, key, most, TRY_WINDOW_MS, &left, e);
  if (c == OK && left)
    return must_wait(left, MS_MINUTE,
                     TR("何度もまちがえたため、止めています。%1分たってから、もう一度ためしてください。"), e);
  if (c == OK && most_a_day)
    c = count_one(tx, day_key(tx, key), most_a_day, TRY_DAY_MS, &left, e);
  if (c == OK && left)
    return must_wait(left, MS_HOUR,
                     TR("何度もまちがえたため、止めています。%1時間たってから、もう一度ためしてください。いそぐときは、"
                        "システム管理の人に、パスワードを作りなおしてもらってください。"),
                     e);
  return c;
}

enum code try_succeeded(struct tx *tx, struct str key, struct err *e)
{
  enum code c = try_sql_forget(tx, key, e);
  return c == OK ? try_sql_take_back(tx, day_key(tx, key), e) : c;
}

enum code try_forget(struct tx *tx, struct str key, struct err *e)
{
  enum code c = try_sql_forget(tx, key, e);
  return c == OK ? try_sql_forget(tx, day_key(tx, key), e) : c;
}

static enum code try_take_back(struct tx *tx, struct str key, struct err *e)
{
  return try_sql_take_back(tx, key, e);
}

static enum code sweep(struct tx *tx, void *arg, struct err *e)
{
  return try_sql_sweep(tx, tx_now(tx) - TRY_DAY_MS, e);
}

enum code try_sweep(struct db *db, id64 network, struct err *e)
{
  const struct db_who who = {.network = network, .service = true};
  return db_write(db, "attempt_sweep", &who, sweep, NULL, e);
}

/* --- password --- */

struct str login_fold(struct arena *a, struct str typed)
{
  return utf8_fold(a, str_trim(typed));
}

enum code credential_find(struct tx *tx, struct str login, struct arena *a, struct credential *ret, struct err *e)
{
  *ret = (struct credential){0};
  return login.n ? credential_sql_find(tx, login, 0, a, ret, e) : OK;
}

enum code credential_get(struct tx *tx, id64 user, struct arena *a, struct credential *ret, struct err *e)
{
  *ret = (struct credential){0};
  enum code c = credential_sql_find(tx, STR_NONE, user, a, ret, e);
  return c == OK && !ret->user ? err_set(e, NOT_FOUND, NULL) : c;
}

struct only {
  id64 membership, organization;
  enum role role;
  int count;
};

static enum code note_live(void *arg, const struct live_membership *m)
{
  struct only *o = arg;
  o->membership = m->id;
  o->organization = m->organization;
  (void)role_parse(m->role, &o->role);
  o->count++;
  return OK;
}

/* The only live membership; none where a choice or a new password comes first. */
static enum code only_membership(struct tx *tx, const struct credential *who, struct only *ret, struct err *e)
{
  *ret = (struct only){0};
  enum code c = membership_sql_live(tx, who->user, note_live, ret, e);
  if (ret->count != 1 || !who->own)
    *ret = (struct only){0};
  return c;
}

static enum code end_replaced(struct tx *tx, id64 session, id64 user, struct err *e)
{
  bool ended;
  return session ? session_sql_end(tx, user, session, &ended, e) : OK;
}

enum code sign_in(struct tx *tx, const struct sign_in *s, struct err *e)
{
  struct credential now = {0};
  struct only m = {0};
  struct session_new fresh = {.id = id_new(tx_now(tx)),
                              .user = s->user,
                              .token_hash = s->token_hash,
                              .device = s->device,
                              .until = tx_now(tx) + SESSION_MS};
  enum code c = credential_get(tx, s->user, tx_arena(tx), &now, e);
  if (c == OK && (now.disabled || !str_eq(now.password_hash, s->password_hash)))
    return sign_in_failed(tx, s->user, e);
  if (c == OK)
    c = only_membership(tx, &now, &m, e);
  if (c == OK)
    c = end_replaced(tx, s->replaces, s->replaces_user, e);
  if (c != OK)
    return c;
  fresh.membership = m.membership;
  c = session_sql_insert(tx, &fresh, e);
  if (c == OK)
    c = try_succeeded(tx, s->account_try, e);
  if (c == OK && s->address_try.n)
    c = try_take_back(tx, s->address_try, e);
  audit_add(tx, &(struct event){.kind = EVENT_SIGN_IN,
                                .action = ACTION_SESSION_OWN,
                                .user = s->user,
                                .organization = m.organization,
                                .membership = m.membership,
                                .session = fresh.id,
                                .role = (int)m.role});
  return c;
}

enum code sign_in_failed(struct tx *tx, id64 user, struct err *e)
{
  audit_add(tx, &(struct event){.kind = EVENT_SIGN_IN_FAILED, .action = ACTION_SESSION_OWN, .user = user});
  return err_field(e, "login", TR("サインイン名かパスワードがちがいます。"));
}

static void note(struct tx *tx, enum event_kind kind, const struct actor *who, id64 object)
{
  audit_add(tx, &(struct event){.kind = kind,
                                .action = ACTION_SESSION_OWN,
                                .user = who->user,
                                .organization = who->organization,
                                .membership = who->membership,
                                .session = who->session,
                                .object = object,
                                .role = (int)who->role});
}

enum code sign_out(struct tx *tx, const struct actor *who, struct err *e)
{
  bool ended;
  enum code c = session_sql_end(tx, who->user, who->session, &ended, e);
  note(tx, EVENT_SIGN_OUT, who, 0);
  return c;
}

/* --- membership --- */

struct wanted {
  id64 membership;
  bool live;
};

static enum code is_wanted(void *arg, const struct live_membership *m)
{
  struct wanted *w = arg;
  w->live = w->live || m->id == w->membership;
  return OK;
}

enum code sign_switch(struct tx *tx, const struct actor *who, id64 membership, struct str token_hash, struct err *e)
{
  struct wanted w = {.membership = membership};
  bool copied = false, ended = false;
  id64 fresh = id_new(tx_now(tx));
  enum code c = membership_sql_live(tx, who->user, is_wanted, &w, e);
  if (c == OK && !w.live)
    return err_set(e, NOT_FOUND, NULL);
  if (c == OK)
    c = session_sql_copy(tx, who->session, fresh, membership, token_hash, &copied, e);
  if (c == OK && !copied)
    return err_set(e, DENIED, TR("サインインしなおしてください。"));
  if (c == OK)
    c = session_sql_end(tx, who->user, who->session, &ended, e);
  note(tx, EVENT_SIGN_IN, who, membership);
  return c;
}

struct listing {
  struct doc *list;
  struct arena *arena;
  const struct actor *who;
  enum lang lang;
  bool wareki;
};

static enum code add_membership(void *arg, const struct live_membership *m)
{
  struct listing *l = arg;
  enum role role;
  struct doc *d = doc_add_map(l->list);
  doc_put_id(d, "id", m->id);
  doc_put_str(d, "organization", m->organization_name);
  doc_put_str(d, "role", role_parse(m->role, &role) ? tr(l->lang, role_label(role)) : STR_NONE);
  struct str day = m->until ? date_text(l->arena, date_of_ts(m->until - 1), l->wareki) : STR_NONE;
  doc_put_str(d, "until", day.n ? tr_args(l->arena, l->lang, TR("%1まで"), day, STR_NONE, STR_NONE) : STR_NONE);
  doc_put_bool(d, "current", m->id == l->who->membership);
  return OK;
}

enum code sign_memberships(struct tx *tx, const struct actor *who, struct arena *a, enum lang lang, bool wareki,
                           struct doc **ret, struct err *e)
{
  struct listing l = {doc_list(a), a, who, lang, wareki};
  enum code c = membership_sql_live(tx, who->user, add_membership, &l, e);
  if (c == OK)
    *ret = l.list;
  return c;
}

/* --- one's own password --- */

enum code password_change(struct tx *tx, const struct actor *who, struct str verified, struct str hash,
                          struct str token_hash, struct err *e)
{
  struct credential now = {0};
  struct only m = {0};
  enum code c = credential_get(tx, who->user, tx_arena(tx), &now, e);
  if (c == OK && (now.disabled || !str_eq(now.password_hash, verified))) {
    audit_add(tx, &(struct event){.kind = EVENT_SIGN_IN_FAILED, .action = ACTION_SESSION_OWN, .user = who->user});
    return err_field(e, "old", TR("いまのパスワードがちがいます。"));
  }
  if (c == OK)
    c = credential_sql_password(tx, who->user, hash, tx_now(tx), e);
  if (c == OK)
    c = session_sql_end_all(tx, who->user, who->session, e);
  if (c == OK)
    c = session_sql_token(tx, who->session, token_hash, e);
  now.own = true;
  if (c == OK)
    c = only_membership(tx, &now, &m, e);
  if (c == OK && m.membership)
    c = session_sql_take(tx, who->session, m.membership, e);
  note(tx, EVENT_ADMIN, who, who->user);
  return c;
}

/* --- sessions --- */

enum code session_each(struct tx *tx, id64 user, session_fn fn, void *arg, struct err *e)
{
  return session_sql_each(tx, user, tx_now(tx) - IDLE_MS, fn, arg, e);
}

enum code session_end(struct tx *tx, id64 user, id64 session, struct err *e)
{
  bool ended = false;
  enum code c = session_sql_end(tx, user, session, &ended, e);
  return c == OK && !ended ? err_set(e, NOT_FOUND, NULL) : c;
}

enum code session_end_all(struct tx *tx, id64 user, id64 except, struct err *e)
{
  return session_sql_end_all(tx, user, except, e);
}

/* The first word that is found; the order decides, since browsers name each other. */
static const char *found(struct str text, const char *const (*words)[2])
{
  for (; (*words)[0]; words++)
    if (str_contains(text, str_from((*words)[0])))
      return (*words)[1];
  return "";
}

struct str session_device(struct arena *a, struct str agent, struct str address)
{
  static const char *const systems[][2] = {{"Windows", "Windows"}, {"iPhone", "iPhone"}, {"iPad", "iPad"},
                                           {"Android", "Android"}, {"CrOS", "ChromeOS"}, {"Mac OS", "Mac"},
                                           {"Linux", "Linux"},     {NULL, NULL}};
  static const char *const browsers[][2] = {
      {"Edg", "Edge"},          {"OPR/", "Opera"},     {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"},
      {"Chromium", "Chromium"}, {"Safari/", "Safari"}, {"curl/", "curl"},       {NULL, NULL}};
  return str_printf(a, "%s\t%s\t%.*s", found(agent, systems), found(agent, browsers), STR_FMT(str_sub(address, 0, 60)));
}
