#include "faulty.h"

#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

static int total;
static int left; /* calls until one fails; 0: none does */
static enum how way;
static bool from_then_on, hit, armed;
static uid_t user = (uid_t)-1, owner = (uid_t)-1;
static gid_t group = (gid_t)-1;

void faulty_begin(int n, enum how how, bool for_good)
{
  left = n;
  way = how;
  from_then_on = for_good;
  hit = false;
  armed = true;
}

bool faulty_end(void)
{
  armed = false;
  total += hit;
  return hit;
}

int faulty_total(void)
{
  return total;
}

void faulty_user(uid_t uid)
{
  user = uid;
}

void faulty_owner(uid_t uid, gid_t gid)
{
  owner = uid;
  group = gid;
}

static bool fails(void)
{
  static const int why[HOW_COUNT] = {EIO, ENOSPC, EINTR, EIO, EIO};
  if (!armed || !left || --left)
    return false;
  left = from_then_on; /* the next one too */
  hit = true;
  errno = why[way];
  return true;
}

/* What gives `type`, and `bad` where it fails. */
#define FAULTY(type, name, bad, params, args)                                                                          \
  type __real_##name params;                                                                                           \
  type __wrap_##name params;                                                                                           \
  type __wrap_##name params                                                                                            \
  {                                                                                                                    \
    return fails() ? (bad) : __real_##name args;                                                                       \
  }

FAULTY(int, fstatat64, -1, (int at, const char *name, struct stat *st, int flags), (at, name, st, flags))
FAULTY(int, fchmod, -1, (int fd, mode_t mode), (fd, mode))
FAULTY(int, fchown, -1, (int fd, uid_t to, gid_t to_group), (fd, to, to_group))
FAULTY(int, flock, -1, (int fd, int how), (fd, how))
FAULTY(int, link, -1, (const char *from, const char *to), (from, to))
FAULTY(int, linkat, -1, (int at, const char *from, int to_at, const char *to, int flags), (at, from, to_at, to, flags))
FAULTY(int, rename, -1, (const char *from, const char *to), (from, to))
FAULTY(int, renameat, -1, (int at, const char *from, int to_at, const char *to), (at, from, to_at, to))
FAULTY(int, pthread_rwlock_init, EAGAIN, (pthread_rwlock_t * l, const pthread_rwlockattr_t *how), (l, how))
FAULTY(void *, malloc, NULL, (size_t n), (n))
FAULTY(void *, calloc, NULL, (size_t count, size_t n), (count, n))
FAULTY(char *, strdup, NULL, (const char *s), (s))
FAULTY(void *, sodium_malloc, NULL, (size_t n), (n))
FAULTY(int, sodium_init, -1, (void), ())
FAULTY(int, oath_init, -1, (void), ())
FAULTY(int, crypto_box_seal, -1,
       (unsigned char *to, const unsigned char *m, unsigned long long n, const unsigned char *key), (to, m, n, key))
FAULTY(int, crypto_pwhash_str_alg, -1,
       (char *to, const char *p, unsigned long long n, unsigned long long passes, size_t bytes, int alg),
       (to, p, n, passes, bytes, alg))
FAULTY(int, crypto_secretstream_xchacha20poly1305_init_pull, -1,
       (crypto_secretstream_xchacha20poly1305_state * s, const unsigned char *head, const unsigned char *key),
       (s, head, key))
FAULTY(int, oath_base32_encode, -1, (const char *in, size_t n, char **out, size_t *out_n), (in, n, out, out_n))
FAULTY(int, oath_hotp_generate, -1,
       (const char *secret, size_t n, uint64_t step, unsigned digits, bool checksum, size_t cut, char *to),
       (secret, n, step, digits, checksum, cut, to))
FAULTY(uint8_t *, u8_normalize, NULL, (const void *form, const uint8_t *s, size_t n, uint8_t *to, size_t *ret),
       (form, s, n, to, ret))
FAULTY(struct arena *, arena_new, NULL, (size_t cap), (cap))
/* An arena that has no memory turns failed: more than its cap is asked for. */
FAULTY(void *, arena_alloc, __real_arena_alloc(a, SIZE_MAX / 4), (struct arena * a, size_t n), (a, n))
void *__real_arena_grow(struct arena *a, void *p, size_t old, size_t n);
FAULTY(void *, arena_grow, __real_arena_grow(a, p, old, SIZE_MAX / 4),
       (struct arena * a, void *p, size_t old, size_t n), (a, p, old, n))
FAULTY(char *, arena_copy, __real_arena_alloc(a, SIZE_MAX / 4), (struct arena * a, const void *p, size_t n), (a, p, n))

/* Cheap, and never on the disk: a test makes thousands of them. */
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
  (void)fd;
  return fails() ? -1 : 0;
}

int __real_crypto_pwhash(unsigned char *to, unsigned long long n, const char *p, unsigned long long p_n,
                         const unsigned char *salt, unsigned long long passes, size_t bytes, int alg);
int __wrap_crypto_pwhash(unsigned char *to, unsigned long long n, const char *p, unsigned long long p_n,
                         const unsigned char *salt, unsigned long long passes, size_t bytes, int alg);
int __wrap_crypto_pwhash(unsigned char *to, unsigned long long n, const char *p, unsigned long long p_n,
                         const unsigned char *salt, unsigned long long passes, size_t bytes, int alg)
{
  (void)passes;
  (void)bytes;
  return fails()
             ? -1
             : __real_crypto_pwhash(to, n, p, p_n, salt, crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN, alg);
}

int __real_fstat64(int fd, struct stat *st);
int __wrap_fstat64(int fd, struct stat *st);
int __wrap_fstat64(int fd, struct stat *st)
{
  if (fails() || __real_fstat64(fd, st) != 0)
    return -1;
  st->st_uid = owner == (uid_t)-1 ? st->st_uid : owner;
  st->st_gid = group == (gid_t)-1 ? st->st_gid : group;
  return 0;
}

int __real_open64(const char *path, int flags, mode_t mode);
int __wrap_open64(const char *path, int flags, mode_t mode);
int __wrap_open64(const char *path, int flags, mode_t mode)
{
  return fails() ? -1 : __real_open64(path, flags, mode);
}

int __real_openat64(int at, const char *path, int flags, mode_t mode);
int __wrap_openat64(int at, const char *path, int flags, mode_t mode);
int __wrap_openat64(int at, const char *path, int flags, mode_t mode)
{
  return fails() ? -1 : __real_openat64(at, path, flags, mode);
}

/* A close that fails has closed all the same. */
int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
  bool bad = fails();
  int why = errno, rc = __real_close(fd);
  errno = why;
  return bad ? -1 : rc;
}

ssize_t __real_read(int fd, void *p, size_t n);
ssize_t __wrap_read(int fd, void *p, size_t n);
ssize_t __wrap_read(int fd, void *p, size_t n)
{
  if (!fails())
    return __real_read(fd, p, n);
  return way == HOW_SHORT ? __real_read(fd, p, n > 0) : way == HOW_END ? 0 : -1;
}

ssize_t __real_write(int fd, const void *p, size_t n);
ssize_t __wrap_write(int fd, const void *p, size_t n);
ssize_t __wrap_write(int fd, const void *p, size_t n)
{
  if (!fails())
    return __real_write(fd, p, n);
  return way == HOW_SHORT ? __real_write(fd, p, n > 0) : way == HOW_END ? 0 : -1;
}

int __wrap_asprintf(char **ret, const char *format, ...) __attribute__((format(printf, 2, 3)));
int __wrap_asprintf(char **ret, const char *format, ...)
{
  va_list args;
  if (fails())
    return -1;
  va_start(args, format);
  int n = vasprintf(ret, format, args);
  va_end(args);
  return n;
}

uid_t __real_geteuid(void);
uid_t __wrap_geteuid(void);
uid_t __wrap_geteuid(void)
{
  return user == (uid_t)-1 ? __real_geteuid() : user;
}
