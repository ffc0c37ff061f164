/* seal.h: secrets at rest. One random key per person (and per draft), wrapped by the network's key of an epoch; network keys
 * live in the key file, outside of every data backup. XChaCha20-Poly1305; a sealed value is
 * version(1) || nonce(24) || ciphertext || tag(16), with the row's identity as associated data, so that a value moved
 * to another row or column does not open. */
#ifndef CRYPTO_SEAL_H
#define CRYPTO_SEAL_H
#include "base/err.h"
#include "base/id.h"
#include "base/str.h"

enum { SEAL_KEY = 32, SEAL_NONCE = 24, SEAL_TAG = 16, SEAL_OVERHEAD = 1 + SEAL_NONCE + SEAL_TAG };

struct seal_key {
  unsigned char k[SEAL_KEY];
};

/* The identity of a sealed value. `table` and `column` are literals. */
struct seal_at {
  const char *table, *column;
  id64 network, row;
};

enum code crypto_init(struct err *e) MUST_CHECK; /* libsodium; once per process */

void seal_key_new(struct seal_key *ret);
enum code seal(struct arena *a, const struct seal_key *key, struct seal_at at, struct str plain, struct str *ret,
               struct err *e) MUST_CHECK;
/* A value that does not open is IO with a sentence (wrong key file or damaged data); it names table and column. */
enum code unseal(struct arena *a, const struct seal_key *key, struct seal_at at, struct str sealed, struct str *ret,
                 struct err *e) MUST_CHECK;

/* --- the key file ------------------------------------------------------------------------------------------- */
/* JSON text, mode 0400, replaced atomically (write, fsync, rename, fsync of the folder): for each network its epochs with a
 * 32-byte key, the audit key (keyed BLAKE2b) and the Ed25519 seed that signs checkpoints; plus one process-wide pepper for
 * token hashes. Every change takes a lock on the folder and reads the file again first, so that two processes lose nothing.
 * A keyfile may be used by several threads at once; pointers it gives live as long as it does. */
struct keyfile;

enum code keyfile_create(const char *path, struct keyfile **ret, struct err *e) MUST_CHECK; /* CONFLICT if it exists */
enum code keyfile_open(const char *path, struct keyfile **ret, struct err *e) MUST_CHECK; /* refuses group/other bits */
void keyfile_free(struct keyfile *k);                                                     /* wipes */
/* Adds a network with epoch 1 and saves; idempotent. */
enum code keyfile_add_network(struct keyfile *k, id64 network, struct err *e) MUST_CHECK;
/* For a network that moves here: the same with the audit key and the signing seed of another key file (INVALID where that does not know
 * it), so that its log verifies here too. Person keys do not move: they are made anew. */
enum code keyfile_take_network(struct keyfile *k, const struct keyfile *from, id64 network, struct err *e) MUST_CHECK;
bool keyfile_has_network(const struct keyfile *k, id64 network);
bool keyfile_empty(const struct keyfile *k); /* no network yet */
/* For erasing (all keys are rewrapped from one epoch to the next, then the old one is destroyed): a new epoch, saved; and
 * the end of an old one, which every key still wrapped by it does not survive. The newest cannot be dropped: INVALID. */
enum code keyfile_add_epoch(struct keyfile *k, id64 network, int *ret_epoch, struct err *e) MUST_CHECK;
enum code keyfile_drop_epoch(struct keyfile *k, id64 network, int epoch, struct err *e) MUST_CHECK;
/* Takes over what another process has written. */
enum code keyfile_reload(struct keyfile *k, struct err *e) MUST_CHECK;
/* Newest epoch of a network; 0 when the file does not know the network. */
int keyfile_epoch(const struct keyfile *k, id64 network);
/* The audit chain's key and the checkpoint's signing seed, both 32 bytes; NULL for an unknown network. */
const unsigned char *keyfile_audit_key(const struct keyfile *k, id64 network);
const unsigned char *keyfile_sign_seed(const struct keyfile *k, id64 network);
const unsigned char *keyfile_pepper(const struct keyfile *k);
/* Wrap and open a person's key under a network key. `owner` is the person's (or draft's) id. An epoch that is not known is looked for in
 * the file again; INVALID when it is not there either. */
enum code key_wrap(struct arena *a, const struct keyfile *k, id64 network, int epoch, id64 owner,
                   const struct seal_key *key, struct str *ret, struct err *e) MUST_CHECK;
enum code key_unwrap(const struct keyfile *k, id64 network, int epoch, id64 owner, struct str wrapped,
                     struct seal_key *ret, struct err *e) MUST_CHECK;

#endif
