/* factor.c: the second factor: an app's codes (TOTP), or codes on paper. */
#include "audit/audit.h"
#include "base/clock.h"
#include "network/sign_sql.h"

static bool is_set(const struct credential *who)
{
  return who->factor.n && !str_is(who->factor, "none");
}

enum code factor_secret(struct tx *tx, id64 user, unsigned char ret[TOTP_SECRET], struct err *e)
{
  struct credential who = {0};
  struct str sealed = STR_NONE;
  enum code c = credential_get(tx, user, tx_arena(tx), &who, e);
  if (c != OK)
    return c;
  if (is_set(&who))
    return err_set(e, DENIED, NULL);
  if (who.totp_sealed.n)
    return account_open_totp(tx, user, who.totp_sealed, ret, e);
  totp_new(ret);
  c = account_seal_totp(tx, user, (struct str){(const char *)ret, TOTP_SECRET}, &sealed, e);
  return c == OK ? credential_sql_totp(tx, user, sealed, e) : c;
}

/* --- checking a code --- */

static enum code check_app(struct tx *tx, const struct credential *who, struct str code, bool *ret, struct err *e)
{
  unsigned char secret[TOTP_SECRET];
  int64_t step = 0;
  if (!who->totp_sealed.n)
    return OK;
  enum code c = account_open_totp(tx, who->user, who->totp_sealed, secret, e);
  if (c != OK || totp_verify(secret, code, clock_now(), who->totp_step, &step) != OK)
    return c;
  return credential_sql_step(tx, who->user, step, ret, e);
}

static enum code check_paper(struct tx *tx, const struct credential *who, struct str code, bool *ret, struct err *e)
{
  const struct keyfile *keys = db_app(tx_db(tx));
  unsigned char hash[HASH];
  if (!is_set(who))
    return OK;
  token_hash(keyfile_pepper(keys), paper_code_fold(tx_arena(tx), code), hash);
  return paper_sql_use(tx, who->user, (struct str){(const char *)hash, HASH}, ret, e);
}

static enum code check(struct tx *tx, const struct credential *who, struct str code, bool *ret, struct err *e)
{
  *ret = false;
  enum code c = str_is(who->factor, "paper") ? OK : check_app(tx, who, code, ret, e);
  return c == OK && !*ret ? check_paper(tx, who, code, ret, e) : c;
}

static void note(struct tx *tx, enum event_kind kind, const struct actor *who)
{
  audit_add(tx, &(struct event){.kind = kind,
                                .action = ACTION_SESSION_OWN,
                                .user = who->user,
                                .organization = who->organization,
                                .membership = who->membership,
                                .session = who->session,
                                .role = (int)who->role});
}

enum code factor_check(struct tx *tx, const struct actor *who, struct str code, struct str token_hash, struct err *e)
{
  struct credential now = {0};
  bool right = false;
  enum code c = credential_get(tx, who->user, tx_arena(tx), &now, e);
  if (c == OK)
    c = check(tx, &now, code, &right, e);
  if (c != OK)
    return c;
  if (!right || now.disabled) {
    note(tx, EVENT_SIGN_IN_FAILED, who);
    return err_field(e, "code", TR("番号がちがうか、もう使われています。次に出る番号を入れてください。"));
  }
  if (!is_set(&now)) {
    c = credential_sql_factor(tx, who->user, S("totp"), e);
    if (c == OK)
      c = session_end_all(tx, who->user, who->session, e);
  }
  if (c == OK)
    c = session_sql_factor(tx, who->session, token_hash, e);
  note(tx, EVENT_SIGN_IN, who);
  return c;
}

/* --- codes on paper --- */

enum code factor_paper(struct tx *tx, const struct actor *who, struct str hashes, struct err *e)
{
  struct credential now = {0};
  enum code c = credential_get(tx, who->user, tx_arena(tx), &now, e);
  if (c == OK && is_set(&now) && !who->second_factor)
    return err_set(e, DENIED, NULL);
  if (c == OK)
    c = paper_sql_clear(tx, who->user, e);
  for (size_t at = 0; c == OK && at < hashes.n; at += HASH)
    c = paper_sql_insert(tx, who->user, str_sub(hashes, at, HASH), e);
  if (c == OK && !is_set(&now))
    c = credential_sql_factor(tx, who->user, S("paper"), e);
  if (c == OK)
    c = session_end_all(tx, who->user, who->session, e);
  note(tx, EVENT_ADMIN, who);
  return c;
}
