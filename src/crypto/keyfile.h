/* keyfile.h: the inside of a key file in memory, for keyfile.c (keys) and keyfile_io.c (text and disk). */
#ifndef CRYPTO_KEYFILE_H
#define CRYPTO_KEYFILE_H
#include <pthread.h>

#include "crypto/seal.h"

/* Both kinds of node lie in guarded memory (sodium_malloc) and are wiped when freed. */
struct epoch {
  struct epoch *older;
  int number;
  struct seal_key key;
};

struct network_keys {
  struct network_keys *next;
  id64 network;
  unsigned char audit[32], sign_seed[32];
  struct epoch *newest; /* at least one; numbers fall along `older` */
};

struct keyfile {
  char *path;
  pthread_rwlock_t lock; /* guards the lists; the audit keys, seeds and the pepper never change */
  unsigned char pepper[32];
  struct network_keys *networks;
};

struct network_keys *keyfile_find(const struct keyfile *k, id64 network);

/* Text and disk. A folder lock is held from keyfile_lock_folder() until its descriptor is closed. */
enum code keyfile_lock_folder(const char *path, int *ret_fd, struct err *e) MUST_CHECK;
/* Reads the file into an empty k. */
enum code keyfile_load(struct keyfile *k, struct err *e) MUST_CHECK;
/* Writes k beside its file and puts it in place. fresh: CONFLICT when there is one already. */
enum code keyfile_save(const struct keyfile *k, int folder, bool fresh, struct err *e) MUST_CHECK;

#endif
