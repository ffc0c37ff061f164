#include "connection/reply.h"

#include "base/utf8.h"
#include "connection/reply_sql.h"
#include "crypto/keyfile.h"

/* ---- secrets --------------------------------------------------------------------------------------------------------- */

static struct str hash_of(struct arena *a, const struct keyfile *keys, struct str text)
{
  unsigned char hash[HASH];
  hash_keyed(keyfile_pepper(keys), text, hash);
  return str_copy(a, (struct str){(const char *)hash, HASH});
}

struct str reply_token_hash(struct arena *a, const struct keyfile *keys, struct str token)
{
  unsigned char hash[HASH];
  token_hash(keyfile_pepper(keys), token, hash);
  return str_copy(a, (struct str){(const char *)hash, HASH});
}

struct str reply_code_hash(struct arena *a, const struct keyfile *keys, struct str token, struct str code)
{
  return hash_of(a, keys, str_printf(a, "reply %.*s %.*s", STR_FMT(token), STR_FMT(code)));
}

struct str reply_code_fold(struct arena *a, struct str typed)
{
  struct str half = utf8_fold(a, typed);
  struct buf b;
  buf_init(&b, a, 64);
  for (size_t i = 0; i < half.n && b.n < 16; i++)
    if (half.p[i] >= '0' && half.p[i] <= '9')
      buf_add_c(&b, half.p[i]);
  return buf_str(&b);
}

/* Eight digits, each as likely as any other. */
static struct str code_new(struct arena *a)
{
  enum { CODES = 100000000 };
  uint32_t n = 0;
  do
    random_bytes(&n, sizeof n);
  while (n >= UINT32_MAX / CODES * CODES);
  n %= CODES;
  return str_printf(a, "%04u-%04u", n / 10000, n % 10000);
}

struct reply_secrets reply_secrets_new(struct arena *a, const struct keyfile *keys)
{
  struct reply_secrets r = {.token = token_new(a), .code = code_new(a)};
  r.token_hash = reply_token_hash(a, keys, r.token);
  r.code_hash = reply_code_hash(a, keys, r.token, reply_code_fold(a, r.code));
  return r;
}

/* ---- the sender ------------------------------------------------------------------------------------------------------ */

static bool answerable(const struct connection *c)
{
  enum connection_state next;
  return connection_next(c->state, STEP_ACCEPT, &next) || connection_waits(c);
}

enum code reply_make(struct tx *tx, const struct scope *s, const struct connection *c, const struct reply_secrets *new,
                     struct err *e)
{
  if (!scope_wrote(s, c->from_organization))
    return err_set(e, DENIED, TR("送った機関だけが、返事のリンクを作れます。"));
  if (!answerable(c))
    return err_set(e, CONFLICT, TR("このつなぎは、いまは返事を待っていません。"));
  enum code code = reply_sql_end(tx, c->id, e);
  return code == OK ? reply_sql_insert(tx, s, c, new, tx_now(tx) + (ts_t)REPLY_DAYS * MS_DAY, e) : code;
}

enum code reply_put_state(struct tx *tx, const struct connection *c, struct arena *a, const struct reader *who,
                          struct doc *d, struct err *e)
{
  struct reply_state state = {0};
  enum code code = reply_sql_state(tx, c->id, &state, e);
  if (code != OK)
    return code;
  bool over = state.ended_at || state.until <= tx_now(tx) || !answerable(c);
  const char *word =
      state.used_at ? TR("このリンクから返事が届きました。")
      : state.wrong >= REPLY_WRONG
          ? TR("合言葉が10回まちがえられたため、リンクを閉じました。相手に電話で確かめて、作りなおしてください。")
      : over            ? TR("前のリンクは、もう使えません。")
      : state.opened_at ? TR("相手が合言葉を入れて、シートを開きました。返事はまだです。")
                        : TR("リンクはまだ開かれていません。");
  doc_put_bool(d, "has_link", state.until != 0);
  doc_put_bool(d, "live", state.until && !over && !state.used_at);
  doc_put_str(d, "word", tr(who->lang, word));
  doc_put_str(d, "until", state.until ? reader_date(a, who, date_of_ts(state.until)) : STR_NONE);
  doc_put_bool(d, "can_make", answerable(c));
  return OK;
}

/* ---- whoever holds it ------------------------------------------------------------------------------------------------ */

static enum code is_unknown(struct err *e)
{
  return err_set(e, NOT_FOUND, TR("このリンクは使えません。送った機関へ電話でおたずねください。"));
}

/* Whoever has the right link may know what became of it; of the person it says nothing. */
static enum code check_live(const struct tx *tx, const struct reply_found *f, struct err *e)
{
  const struct reply_state *s = &f->state;
  if (!f->link.id)
    return is_unknown(e);
  if (s->used_at)
    return err_set(e, CONFLICT,
                   TR("このリンクからの返事は、もう受け取っています。続きの連絡は、送った機関へ電話でお願いします。"));
  if (s->wrong >= REPLY_WRONG)
    return err_set(
        e, CONFLICT,
        TR("合言葉が何度もまちがえられたため、このリンクは閉じました。送った機関へ電話して、新しいリンクをもらってくだ"
           "さい。"));
  if (s->ended_at)
    return err_set(e, CONFLICT, TR("新しいリンクが作られたため、このリンクは使えません。新しいほうを開いてください。"));
  if (s->until <= tx_now(tx))
    return err_set(e, CONFLICT,
                   TR("このリンクは期限が切れました。送った機関へ電話して、新しいリンクをもらってください。"));
  return OK;
}

/* What has ended at the sender's is said in one sentence, whyever it has. */
static enum code is_closed(struct err *e)
{
  return err_set(e, CONFLICT,
                 TR("このリンクでは、いまは返事を受け付けていません。送った機関へ電話でおたずねください。"));
}

static enum code find_connection(struct tx *tx, const struct reply_link *l, struct connection *ret, struct err *e)
{
  enum code c = connection_sql_get(tx, l->connection, ret, e);
  return c == OK && (!ret->id || !answerable(ret)) ? is_closed(e) : c;
}

enum code reply_find(struct tx *tx, struct str token_hash, struct reply_link *ret, struct err *e)
{
  struct reply_found f = {0};
  struct connection con = {0};
  enum code c = reply_sql_find(tx, token_hash, tx_arena(tx), &f, e);
  if (c == OK)
    c = check_live(tx, &f, e);
  if (c == OK)
    c = find_connection(tx, &f.link, &con, e);
  if (c == OK)
    *ret = f.link;
  return c;
}

enum code reply_try(struct tx *tx, const struct reply_link *l, struct str code_hash, struct str session_hash,
                    bool *ret_right, struct err *e)
{
  bool right = secret_equal(l->code_hash, code_hash);
  enum code c = right ? reply_sql_open(tx, l, session_hash, tx_now(tx) + REPLY_SESSION_MS, e)
                      : reply_sql_wrong(tx, l->id, REPLY_WRONG, e);
  if (c == OK)
    *ret_right = right;
  return c;
}

enum code reply_enter(struct tx *tx, enum action action, struct str session_hash, struct reply_link *ret_link,
                      struct connection *ret, const struct scope **ret_scope, struct err *e)
{
  struct reply_found f = {0};
  struct connection con = {0};
  const struct scope *s = NULL;
  enum code c = session_hash.n ? reply_sql_of_session(tx, session_hash, &f, e) : OK;
  if (c == OK)
    c = check_live(tx, &f, e);
  if (c == OK)
    c = find_connection(tx, &f.link, &con, e);
  if (c != OK)
    return c;
  c = access_open_by_link(tx, action, con.person, con.to_organization, &s, e);
  if (c != OK)
    return c == NOT_FOUND ? is_closed(e) : c;
  *ret_link = f.link;
  *ret = con;
  *ret_scope = s;
  return OK;
}

enum code reply_answer(struct tx *tx, const struct scope *s, const struct reply_link *l, const struct connection *c,
                       const struct answer *a, struct err *e)
{
  struct answer by_link = *a;
  by_link.by_link = true;
  enum code code = connection_answer(tx, s, c, &by_link, e);
  return code == OK ? reply_sql_used(tx, l->id, e) : code;
}
