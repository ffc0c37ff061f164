/* vault.h: files that leave the house sealed: backups, the current person keys, exports. A *backup key* is a pair: what seals needs the
 * public half alone, so that the server keeps nothing that opens its old backups; what opens needs the secret half, which may be
 * locked by a passphrase. A sealed file is a head (160 bytes: magic, kind, whose key, the file's own key sealed to it, the stream's
 * head) and chunks of 64 KiB (secretstream XChaCha20-Poly1305), of which the last alone may be shorter and is marked as the last:
 * nothing can be changed, cut, added or put in another order without notice. */
#ifndef CRYPTO_VAULT_H
#define CRYPTO_VAULT_H
#include "base/err.h"
#include "base/str.h"

enum vault_kind { VAULT_BACKUP = 'B', VAULT_KEYS = 'K', VAULT_EXPORT = 'X' };

/* --- backup keys: JSON text, PATH (secret, 0400) and PATH.pub (public, 0444) --- */
struct vault_key;
/* CONFLICT where one of the two is there. An empty passphrase: not locked. Locked by argon2id, 128 MiB, 3 passes: slow by design. */
enum code vault_key_create(const char *path, struct str passphrase, struct err *e) MUST_CHECK;
/* Either half. The secret one is opened where it is not locked or a passphrase is given; DENIED for a wrong one. */
enum code vault_key_open(const char *path, struct str passphrase, struct vault_key **ret, struct err *e) MUST_CHECK;
bool vault_key_opens(const struct vault_key *k); /* is the secret half there? */
void vault_key_free(struct vault_key *k);        /* wipes; NULL is legal */

/* --- writing: PATH.new, mode 0600, takes the name at the end --- */
struct vault_out;
enum code vault_create(const char *path, enum vault_kind kind, const struct vault_key *key, struct vault_out **ret,
                       struct err *e) MUST_CHECK;
enum code vault_write(struct vault_out *o, struct str bytes, struct err *e) MUST_CHECK;
uint64_t vault_written(const struct vault_out *o);
/* Last chunk, fsync, rename, fsync of the folder; frees. `replaces`: else CONFLICT where PATH is there. */
enum code vault_commit(struct vault_out *o, bool replaces, struct err *e) MUST_CHECK;
void vault_drop(struct vault_out *o); /* nothing stays; NULL is legal */

/* --- reading --- */
struct vault_in;
/* INVALID for a file of another kind or for another key, DENIED where the key's secret half is not there. */
enum code vault_open(const char *path, enum vault_kind kind, const struct vault_key *key, struct vault_in **ret,
                     struct err *e) MUST_CHECK;
/* Exactly n bytes; INVALID where the file is damaged or ends before. */
enum code vault_read(struct vault_in *in, void *p, size_t n, struct err *e) MUST_CHECK;
/* INVALID where more follows, or the end is not the end that was written. */
enum code vault_end(struct vault_in *in, struct err *e) MUST_CHECK;
void vault_close(struct vault_in *in); /* NULL is legal */

#endif
