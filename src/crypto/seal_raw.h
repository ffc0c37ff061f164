/* seal_raw.h: sealing without an arena, for seal.c and the key file. */
#ifndef CRYPTO_SEAL_RAW_H
#define CRYPTO_SEAL_RAW_H
#include "crypto/seal.h"

/* ret has room for n + SEAL_OVERHEAD bytes. */
void seal_raw(const struct seal_key *key, struct seal_at at, const void *plain, size_t n, unsigned char *ret);
/* ret has room for sealed.n - SEAL_OVERHEAD bytes; false when it does not open. */
bool unseal_raw(const struct seal_key *key, struct seal_at at, struct str sealed, void *ret);
enum code seal_not_opened(struct seal_at at, struct err *e);

#endif
