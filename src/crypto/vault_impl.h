/* vault_impl.h: the inside of a backup key, for vault.c and vault_key.c. */
#ifndef CRYPTO_VAULT_IMPL_H
#define CRYPTO_VAULT_IMPL_H
#include "crypto/vault.h"
#include "crypto/write.h"

enum { VAULT_HALF = 32 };

struct vault_key {
  unsigned char public_half[VAULT_HALF], secret_half[VAULT_HALF];
  bool opens;
};

enum code vault_io_error(const char *path, const char *what, struct err *e);
/* Makes a file's name as durable as its content. */
bool vault_sync_folder(const char *path);

#endif
