/* network.h: 子ども・若者支援ネットワーク (the tenant), 機関・団体, 所属 (membership), accounts. */
#ifndef NETWORK_NETWORK_H
#define NETWORK_NETWORK_H
#include "access/scope.h"
#include "base/clock.h"
#include "base/doc.h"
#include "crypto/secret.h"

struct network_new {
  struct str name, town_code, stage, host; /* host may be empty */
  struct str emergency;                    /* the town's own numbers for 「虐待かもしれない」, one a line */
};
/* Command line only (service transaction): the network, its row of fact_rev, the first notice and the shipped forms. */
enum code network_create(struct tx *tx, id64 id, const struct network_new *n, struct err *e) MUST_CHECK;
/* Every network of the database, for the command line and the scheduler. */
enum code network_each(struct tx *tx, void (*fn)(void *arg, id64 id, struct str name), void *arg,
                       struct err *e) MUST_CHECK;
/* The name of the transaction's network. */
enum code network_name(struct tx *tx, struct arena *a, struct str *ret, struct err *e) MUST_CHECK;
/* Each change of a fact that access reads is a revision: the log's triggers count it (migration 11). This counts one more. */
enum code network_bump_facts(struct tx *tx, struct err *e) MUST_CHECK;

/* Under which epoch of the network's key every key is to be wrapped now. Erasing moves it on while others write: whoever wraps asks in
 * the transaction that keeps what was wrapped. DENIED when the key file, read again, is older than the database. */
enum code network_epoch(struct tx *tx, int *ret, struct err *e) MUST_CHECK;
enum code network_set_epoch(struct tx *tx, int epoch, struct err *e) MUST_CHECK;

struct organization_new {
  id64 id; /* 0: a new one */
  struct str name, kana, kind, circle, description, url, email, source_key;
  bool public_body, coordinating, designated;
};
enum code organization_create(struct tx *tx, const struct organization_new *o, id64 *ret_id, struct err *e) MUST_CHECK;
enum code organization_name(struct tx *tx, id64 id, struct arena *a, struct str *ret, struct err *e) MUST_CHECK;
/* Is there such an organization, and has it not ended? */
enum code organization_stands(struct tx *tx, id64 id, bool *ret, struct err *e) MUST_CHECK;
enum code user_name(struct tx *tx, id64 id, struct arena *a, struct str *ret_name, struct str *ret_job,
                    struct err *e) MUST_CHECK;

struct account_new {
  struct str login, name, kana, job;
  struct str password_hash; /* made before the transaction */
  struct str factor;        /* none, totp, paper */
  struct str totp_secret;   /* 20 bytes or empty */
  bool given;               /* the password is not the person's own: it must be changed before anything else */
};
enum code account_create(struct tx *tx, const struct account_new *u, id64 *ret_id, struct err *e) MUST_CHECK;
/* Seals and opens user_account.totp_sealed. */
enum code account_seal_totp(struct tx *tx, id64 user, struct str secret, struct str *ret, struct err *e) MUST_CHECK;
enum code account_open_totp(struct tx *tx, id64 user, struct str sealed, unsigned char ret[TOTP_SECRET],
                            struct err *e) MUST_CHECK;
enum code membership_add(struct tx *tx, id64 user, id64 organization, enum role role, ts_t from, ts_t until,
                         id64 *ret_id, struct err *e) MUST_CHECK;
/* Ends now; its sessions end with it, access at the next statement. The row stays. */
enum code membership_end(struct tx *tx, id64 membership, int64_t rev, struct err *e) MUST_CHECK;

#endif
