/* vault_key.c: backup keys and their two files. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/doc.h"
#include "crypto/secret.h"
#include "crypto/vault_impl.h"

enum { KEY_ARENA = 4 << 20, KEY_BYTES = 4096, LOCK_PASSES = 3, LOCK_MEMORY = 128 << 20, LOCKED = VAULT_HALF + 16 };
_Static_assert(LOCKED == VAULT_HALF + crypto_secretbox_MACBYTES, "locked half");
_Static_assert(VAULT_HALF == crypto_box_PUBLICKEYBYTES && VAULT_HALF == crypto_box_SECRETKEYBYTES, "halves");

enum code vault_io_error(const char *path, const char *what, struct err *e)
{
  int why = errno;
  enum code c = err_set1(e, why == ENOENT ? NOT_FOUND : IO,
                         TR("ファイル %1 を読み書きできません。場所と権限と空きを確かめてください。"), path);
  err_detail(e, "%s: %s", what, strerror(why));
  return c;
}

bool crypto_write_all(int fd, struct str s)
{
  while (s.n) {
    ssize_t n = write(fd, s.p, s.n);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    s = str_sub(s, (size_t)n, s.n);
  }
  return true;
}

bool vault_sync_folder(const char *path)
{
  char *copy = strdup(path);
  int fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  bool good = fd >= 0 && fsync(fd) == 0;
  if (fd >= 0)
    close(fd);
  free(copy);
  return good;
}

/* --- locking by a passphrase --- */

static enum code lock_key(struct str passphrase, const unsigned char salt[crypto_pwhash_SALTBYTES],
                          unsigned char ret[crypto_secretbox_KEYBYTES], struct err *e)
{
  if (crypto_pwhash(ret, crypto_secretbox_KEYBYTES, passphrase.p, passphrase.n, salt, LOCK_PASSES, LOCK_MEMORY,
                    crypto_pwhash_ALG_ARGON2ID13) != 0)
    return err_oom(e);
  return OK;
}

static struct str hex_of(struct arena *a, const unsigned char *p, size_t n)
{
  return hex_text(a, (struct str){(const char *)p, n});
}

/* A salt is used once: the nonce need not be another each time. */
static enum code put_locked(struct arena *a, struct doc *d, const struct vault_key *k, struct str passphrase,
                            struct err *e)
{
  unsigned char salt[crypto_pwhash_SALTBYTES], key[crypto_secretbox_KEYBYTES], locked[LOCKED];
  static const unsigned char nonce[crypto_secretbox_NONCEBYTES];
  randombytes_buf(salt, sizeof salt);
  enum code c = lock_key(passphrase, salt, key, e);
  if (c == OK) {
    crypto_secretbox_easy(locked, k->secret_half, VAULT_HALF, nonce, key);
    doc_put_str(d, "salt", hex_of(a, salt, sizeof salt));
    doc_put_str(d, "locked", hex_of(a, locked, sizeof locked));
  }
  sodium_memzero(key, sizeof key);
  return c;
}

/* --- the two files --- */

static enum code write_key(const char *path, mode_t mode, struct str text, struct err *e)
{
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
  if (fd < 0 && errno == EEXIST)
    return err_set1(e, CONFLICT, TR("ファイル %1 はもうあります。別の名前にしてください。"), path);
  if (fd < 0)
    return vault_io_error(path, "create", e);
  bool good = fchmod(fd, mode) == 0 && crypto_write_all(fd, text) && fsync(fd) == 0;
  good = close(fd) == 0 && good;
  if (good && vault_sync_folder(path))
    return OK;
  enum code c = vault_io_error(path, "write", e);
  unlink(path);
  return c;
}

static struct str text_of(struct arena *a, const struct doc *d)
{
  struct buf b;
  buf_init(&b, a, KEY_BYTES);
  json_write(&b, d);
  buf_add_c(&b, '\n');
  return buf_str(&b);
}

static enum code write_both(struct arena *a, const char *path, const struct vault_key *k, struct str passphrase,
                            struct err *e)
{
  const char *pub = str_cstr(a, str_printf(a, "%s.pub", path));
  struct doc *open_half = doc_map(a), *secret = doc_map(a);
  doc_put_cstr(open_half, "tsunagu", "backup key, public half");
  doc_put_str(open_half, "public", hex_of(a, k->public_half, VAULT_HALF));
  doc_put_cstr(secret, "tsunagu", "backup key");
  doc_put_str(secret, "public", hex_of(a, k->public_half, VAULT_HALF));
  enum code c = OK;
  if (passphrase.n)
    c = put_locked(a, secret, k, passphrase, e);
  else
    doc_put_str(secret, "secret", hex_of(a, k->secret_half, VAULT_HALF));
  struct str pub_text = text_of(a, open_half), text = text_of(a, secret);
  if (c == OK && arena_failed(a))
    c = err_oom(e);
  if (c == OK)
    c = write_key(path, 0400, text, e);
  if (c != OK)
    return c;
  c = write_key(pub, 0444, pub_text, e);
  if (c != OK)
    unlink(path);
  return c;
}

enum code vault_key_create(const char *path, struct str passphrase, struct err *e)
{
  struct vault_key k = {.opens = true};
  struct arena *a = arena_new(KEY_ARENA);
  if (!a)
    return err_oom(e);
  arena_mark_secret(a);
  crypto_box_keypair(k.public_half, k.secret_half);
  enum code c = write_both(a, path, &k, passphrase, e);
  sodium_memzero(&k, sizeof k);
  arena_free(a);
  return c;
}

/* --- reading --- */

static enum code read_text(struct arena *a, const char *path, struct str *ret, struct err *e)
{
  char *text = arena_alloc(a, KEY_BYTES);
  if (!text)
    return err_oom(e);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return err_set1(
        e, NOT_FOUND,
        TR("バックアップの鍵 %1 がありません。保管した場所から持ってくるか、tsunagu backup key で作ってください。"),
        path);
  ssize_t n = read(fd, text, KEY_BYTES);
  enum code c = n < 0 ? vault_io_error(path, "read", e) : OK;
  close(fd);
  *ret = (struct str){text, n < 0 ? 0 : (size_t)n};
  return c;
}

static bool get_bytes(struct arena *a, const struct doc *d, const char *name, unsigned char *ret, size_t n)
{
  struct str bytes = STR_NONE;
  if (!hex_parse(a, doc_get_str(d, name), &bytes) || bytes.n != n)
    return false;
  memcpy(ret, bytes.p, n);
  return true;
}

static enum code unlock(struct arena *a, const struct doc *d, struct str passphrase, struct vault_key *k, struct err *e)
{
  unsigned char salt[crypto_pwhash_SALTBYTES], key[crypto_secretbox_KEYBYTES], locked[LOCKED];
  static const unsigned char nonce[crypto_secretbox_NONCEBYTES];
  if (!passphrase.n) /* the public half is enough for whoever seals */
    return OK;
  if (!get_bytes(a, d, "salt", salt, sizeof salt) || !get_bytes(a, d, "locked", locked, sizeof locked))
    return err_set(e, IO, TR("バックアップの鍵のファイルが壊れています。控えから戻してください。"));
  enum code c = lock_key(passphrase, salt, key, e);
  k->opens = c == OK && crypto_secretbox_open_easy(k->secret_half, locked, LOCKED, nonce, key) == 0;
  sodium_memzero(key, sizeof key);
  if (c == OK && !k->opens)
    c = err_set(e, DENIED, TR("バックアップの鍵の合言葉がちがいます。"));
  return c;
}

/* The public half is reckoned from the secret one where that is there: a file mended by hand does not seal to nobody. */
static enum code parse_key(struct arena *a, struct str text, struct str passphrase, struct vault_key *k, struct err *e)
{
  struct doc *d = NULL;
  struct err ignored;
  unsigned char reckoned[VAULT_HALF];
  bool good = json_parse(a, text, &d, &ignored) == OK && get_bytes(a, d, "public", k->public_half, VAULT_HALF);
  enum code c = OK;
  if (good && doc_get(d, "locked"))
    c = unlock(a, d, passphrase, k, e);
  else if (good && doc_get(d, "secret"))
    good = k->opens = get_bytes(a, d, "secret", k->secret_half, VAULT_HALF);
  if (good && k->opens) {
    crypto_scalarmult_base(reckoned, k->secret_half);
    good = memcmp(reckoned, k->public_half, VAULT_HALF) == 0;
  }
  if (c == OK && !good)
    c = err_set(e, IO, TR("バックアップの鍵のファイルが壊れています。控えから戻してください。"));
  return c;
}

enum code vault_key_open(const char *path, struct str passphrase, struct vault_key **ret, struct err *e)
{
  struct str text = STR_NONE;
  struct arena *a = arena_new(KEY_ARENA);
  struct vault_key *k = sodium_malloc(sizeof *k);
  enum code c = a && k ? OK : err_oom(e);
  if (c == OK) {
    arena_mark_secret(a);
    *k = (struct vault_key){0};
    c = read_text(a, path, &text, e);
  }
  if (c == OK)
    c = parse_key(a, text, passphrase, k, e);
  arena_free(a);
  if (c == OK)
    *ret = k;
  else
    sodium_free(k);
  return c;
}

bool vault_key_opens(const struct vault_key *k)
{
  return k->opens;
}

void vault_key_free(struct vault_key *k)
{
  sodium_free(k);
}
