#include "network/network.h"

#include "base/utf8.h"
#include "crypto/seal.h"
#include "crypto/secret.h"
#include "network/network_sql.h"
#include "network/sign_sql.h"
#include "view/view.h"

/* The first notice (同意の説明) of a network; towns publish their own versions later. */
#define FIRST_NOTICE "2026-1"

static const char *const shipped_forms[] = {"forms/tsunagu-sheet.json", NULL};

static enum code ship_form(struct tx *tx, struct arena *a, const char *file, struct err *e)
{
  struct str text = STR_NONE;
  struct doc *d = NULL;
  if (!builtin_file(str_from(file), &text))
    return BUG(e, "a shipped form is not in the program");
  enum code c = json_parse(a, text, &d, e);
  if (c != OK)
    return c;
  return network_sql_insert_form(tx, doc_get_str(d, "name"), doc_get_str(d, "version"), doc_get_str(d, "status"), text,
                                 e);
}

static enum code ship_notice(struct tx *tx, struct err *e)
{
  struct str text = STR_NONE;
  if (!builtin_file(S("forms/notice-" FIRST_NOTICE ".txt"), &text))
    return BUG(e, "the notice is not in the program");
  return network_sql_insert_notice(tx, S(FIRST_NOTICE), str_trim(text), e);
}

enum code network_create(struct tx *tx, id64 id, const struct network_new *n, struct err *e)
{
  if (!n->name.n)
    return err_field(e, "name", TR("ネットワークの名前を入力してください。"));
  enum code c = network_sql_insert(tx, id, n, e);
  if (c == OK && n->host.n)
    c = network_sql_insert_host(tx, n->host, e);
  if (c == OK)
    c = network_sql_insert_rev(tx, e);
  if (c == OK)
    c = ship_notice(tx, e);
  for (size_t i = 0; c == OK && shipped_forms[i]; i++)
    c = ship_form(tx, tx_arena(tx), shipped_forms[i], e);
  return c;
}

enum code network_each(struct tx *tx, void (*fn)(void *arg, id64 id, struct str name), void *arg, struct err *e)
{
  return network_sql_each(tx, fn, arg, e);
}

enum code network_name(struct tx *tx, struct arena *a, struct str *ret, struct err *e)
{
  return network_sql_name(tx, a, ret, e);
}

enum code network_bump_facts(struct tx *tx, struct err *e)
{
  return network_sql_bump(tx, e);
}

enum code network_epoch(struct tx *tx, int *ret, struct err *e)
{
  int64_t epoch = 0;
  struct keyfile *keys = db_app(tx_db(tx));
  enum code c = network_sql_epoch(tx, &epoch, e);
  epoch = epoch ? epoch : 1;
  if (c == OK && keyfile_epoch(keys, tx_network(tx)) < epoch)
    c = keyfile_reload(keys, e);
  if (c != OK)
    return c;
  if (keyfile_epoch(keys, tx_network(tx)) < epoch)
    return err_set(e, DENIED,
                   TR("この鍵ファイルは古いものです。最後に記録を消去したあとの鍵ファイルを使ってください。"));
  *ret = (int)epoch;
  return OK;
}

enum code network_set_epoch(struct tx *tx, int epoch, struct err *e)
{
  return network_sql_set_epoch(tx, epoch, e);
}

enum code organization_create(struct tx *tx, const struct organization_new *o, id64 *ret_id, struct err *e)
{
  if (!o->name.n)
    return err_field(e, "name", TR("機関・団体の名前を入力してください。"));
  struct buf both;
  buf_init(&both, tx_arena(tx), 4096);
  buf_add(&both, o->name);
  buf_add_c(&both, ' ');
  buf_add(&both, o->kana);
  id64 id = o->id ? o->id : id_new(tx_now(tx));
  enum code c = organization_sql_insert(tx, id, o, utf8_fold(tx_arena(tx), buf_str(&both)), e);
  if (c == OK)
    *ret_id = id;
  return c;
}

enum code organization_name(struct tx *tx, id64 id, struct arena *a, struct str *ret, struct err *e)
{
  return organization_sql_name(tx, id, a, ret, e);
}

enum code organization_stands(struct tx *tx, id64 id, bool *ret, struct err *e)
{
  return organization_sql_stands(tx, id, ret, e);
}

enum code user_name(struct tx *tx, id64 id, struct arena *a, struct str *ret_name, struct str *ret_job, struct err *e)
{
  return account_sql_name(tx, id, a, ret_name, ret_job, e);
}

/* A TOTP secret is wrapped like a person's key, with the account as owner: 20 bytes, padded with zeros. */
enum code account_seal_totp(struct tx *tx, id64 user, struct str secret, struct str *ret, struct err *e)
{
  int epoch = 0;
  struct seal_key padded = {0};
  const struct keyfile *keys = db_app(tx_db(tx));
  if (secret.n != TOTP_SECRET)
    return BUG(e, "a TOTP secret has 20 bytes");
  memcpy(padded.k, secret.p, secret.n);
  enum code c = network_epoch(tx, &epoch, e);
  return c == OK ? key_wrap(tx_arena(tx), keys, tx_network(tx), epoch, user, &padded, ret, e) : c;
}

/* The row does not say its epoch: the newest that opens it is the one. */
enum code account_open_totp(struct tx *tx, id64 user, struct str sealed, unsigned char ret[TOTP_SECRET], struct err *e)
{
  int epoch = 0;
  struct seal_key padded;
  const struct keyfile *keys = db_app(tx_db(tx));
  enum code c = network_epoch(tx, &epoch, e);
  if (c != OK)
    return c;
  for (c = err_set(e, IO, code_msg(IO)); c != OK && epoch > 0; epoch--)
    c = key_unwrap(keys, tx_network(tx), epoch, user, sealed, &padded, e);
  if (c == OK)
    memcpy(ret, padded.k, TOTP_SECRET);
  return c;
}

enum code account_create(struct tx *tx, const struct account_new *u, id64 *ret_id, struct err *e)
{
  struct str sealed = STR_NONE;
  id64 id = id_new(tx_now(tx));
  enum code c = u->totp_secret.n ? account_seal_totp(tx, id, u->totp_secret, &sealed, e) : OK;
  if (c == OK)
    c = account_sql_insert(tx, id, u, sealed, e);
  if (c == CONFLICT)
    return err_field(e, "login", TR("このサインイン名は、ほかの人が使っています。別の名前にしてください。"));
  if (c == OK)
    *ret_id = id;
  return c;
}

enum code membership_add(struct tx *tx, id64 user, id64 organization, enum role role, ts_t from, ts_t until,
                         id64 *ret_id, struct err *e)
{
  id64 id = id_new(tx_now(tx));
  if (until && until <= from)
    return err_field(e, "until", TR("所属の終わりは、始まりより後の日にしてください。"));
  enum code c = membership_sql_insert(tx, id, user, organization, str_from(role_code(role)), from, until, e);
  if (c == OK)
    c = network_bump_facts(tx, e);
  if (c == OK)
    *ret_id = id;
  return c;
}

enum code membership_end(struct tx *tx, id64 membership, int64_t rev, struct err *e)
{
  enum code c = membership_sql_end(tx, membership, rev, e);
  if (c == OK)
    c = session_sql_end_membership(tx, membership, e);
  if (c == OK)
    c = network_bump_facts(tx, e);
  return c;
}
