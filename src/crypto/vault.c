/* vault.c: sealed files. See vault.h for the format. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/vault_impl.h"

enum {
  MAGIC = 16,
  SEALED_KEY = crypto_secretstream_xchacha20poly1305_KEYBYTES + crypto_box_SEALBYTES,
  STREAM_HEAD = crypto_secretstream_xchacha20poly1305_HEADERBYTES,
  AT_KIND = MAGIC,
  AT_PUBLIC = AT_KIND + 8,
  AT_KEY = AT_PUBLIC + VAULT_HALF,
  AT_STREAM = AT_KEY + SEALED_KEY,
  HEAD = AT_STREAM + STREAM_HEAD,
  CHUNK = 64 << 10,
  SEALED_CHUNK = CHUNK + crypto_secretstream_xchacha20poly1305_ABYTES
};
_Static_assert(HEAD == 160, "the head as vault.h tells it");
static const char magic[MAGIC + 1] = "tsunagu sealed 1";

struct vault_out {
  crypto_secretstream_xchacha20poly1305_state stream;
  char *path, *fresh;
  int fd;
  bool begun; /* the head has been bound to the first chunk */
  size_t n;
  uint64_t written;
  unsigned char head[HEAD], plain[CHUNK], sealed[SEALED_CHUNK];
};

struct vault_in {
  crypto_secretstream_xchacha20poly1305_state stream;
  int fd;
  bool begun, last;
  size_t at, n;
  unsigned char head[HEAD], plain[CHUNK], sealed[SEALED_CHUNK];
};

/* --- writing --- */

void vault_drop(struct vault_out *o)
{
  if (!o)
    return;
  if (o->fd >= 0) {
    close(o->fd);
    unlink(o->fresh);
  }
  free(o->path);
  free(o->fresh);
  sodium_free(o);
}

static char *beside(const char *path)
{
  char *name = NULL;
  return asprintf(&name, "%s.new", path) < 0 ? NULL : name;
}

static enum code write_head(struct vault_out *o, enum vault_kind kind, const struct vault_key *key, struct err *e)
{
  unsigned char own[crypto_secretstream_xchacha20poly1305_KEYBYTES];
  crypto_secretstream_xchacha20poly1305_keygen(own);
  memcpy(o->head, magic, MAGIC);
  o->head[AT_KIND] = (unsigned char)kind;
  memcpy(o->head + AT_PUBLIC, key->public_half, VAULT_HALF);
  bool good = crypto_box_seal(o->head + AT_KEY, own, sizeof own, key->public_half) == 0;
  crypto_secretstream_xchacha20poly1305_init_push(&o->stream, o->head + AT_STREAM, own);
  sodium_memzero(own, sizeof own);
  if (!good)
    return err_set(e, IO, TR("バックアップの鍵のファイルが壊れています。控えから戻してください。"));
  o->written = HEAD;
  return crypto_write_all(o->fd, (struct str){(const char *)o->head, HEAD}) ? OK : vault_io_error(o->path, "write", e);
}

enum code vault_create(const char *path, enum vault_kind kind, const struct vault_key *key, struct vault_out **ret,
                       struct err *e)
{
  struct vault_out *o = sodium_malloc(sizeof *o); /* holds what is not sealed yet */
  if (!o)
    return err_oom(e);
  memset(o, 0, sizeof *o);
  o->fd = -1;
  o->path = strdup(path);
  o->fresh = beside(path);
  enum code c = o->path && o->fresh ? OK : err_oom(e);
  if (c == OK) {
    unlink(o->fresh); /* left by one that was killed */
    o->fd = open(o->fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    c = o->fd >= 0 ? write_head(o, kind, key, e) : vault_io_error(path, "create", e);
  }
  if (c == OK)
    *ret = o;
  else
    vault_drop(o);
  return c;
}

static enum code write_chunk(struct vault_out *o, bool last, struct err *e)
{
  unsigned long long n = 0;
  unsigned char tag = last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0;
  crypto_secretstream_xchacha20poly1305_push(&o->stream, o->sealed, &n, o->plain, o->n, o->begun ? NULL : o->head,
                                             o->begun ? 0 : HEAD, tag);
  o->begun = true;
  o->n = 0;
  o->written += n;
  return crypto_write_all(o->fd, (struct str){(const char *)o->sealed, (size_t)n})
             ? OK
             : vault_io_error(o->path, "write", e);
}

/* A full chunk waits until more comes: it may be the last. */
enum code vault_write(struct vault_out *o, struct str bytes, struct err *e)
{
  enum code c = OK;
  while (c == OK && bytes.n) {
    if (o->n == CHUNK)
      c = write_chunk(o, false, e);
    size_t n = bytes.n < CHUNK - o->n ? bytes.n : CHUNK - o->n;
    memcpy(o->plain + o->n, bytes.p, n);
    o->n += n;
    bytes = str_sub(bytes, n, bytes.n);
  }
  return c;
}

uint64_t vault_written(const struct vault_out *o)
{
  return o->written;
}

static enum code put_in_place(struct vault_out *o, bool replaces, struct err *e)
{
  if (fsync(o->fd) != 0)
    return vault_io_error(o->path, "fsync", e);
  if (!replaces && link(o->fresh, o->path) != 0)
    return errno == EEXIST ? err_set1(e, CONFLICT, TR("ファイル %1 はもうあります。別の名前にしてください。"), o->path)
                           : vault_io_error(o->path, "link", e);
  if (replaces && rename(o->fresh, o->path) != 0)
    return vault_io_error(o->path, "rename", e);
  return vault_sync_folder(o->path) ? OK : vault_io_error(o->path, "fsync folder", e);
}

enum code vault_commit(struct vault_out *o, bool replaces, struct err *e)
{
  enum code c = write_chunk(o, true, e);
  if (c == OK)
    c = put_in_place(o, replaces, e);
  vault_drop(o); /* its fresh name is gone by now, or goes */
  return c;
}

/* --- reading --- */

static enum code damaged(struct err *e)
{
  return err_set(
      e, INVALID,
      TR("ファイルが壊れているか、途中で切れています。別の日のバックアップ、または別の場所の写しを使ってください。"));
}

/* As many of n bytes as the file has. */
static bool read_up_to(int fd, unsigned char *p, size_t n, size_t *ret)
{
  *ret = 0;
  while (*ret < n) {
    ssize_t got = read(fd, p + *ret, n - *ret);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return false;
    if (got == 0)
      break;
    *ret += (size_t)got;
  }
  return true;
}

static enum code check_head(const struct vault_in *in, size_t n, enum vault_kind kind, const struct vault_key *key,
                            const char *path, struct err *e)
{
  if (n < MAGIC || memcmp(in->head, magic, MAGIC) != 0)
    return err_set1(e, INVALID, TR("%1 は、tsunagu が作ったファイルではありません。"), path);
  if (n < HEAD)
    return damaged(e);
  if (in->head[AT_KIND] != kind)
    return err_set1(
        e, INVALID,
        TR("%1 は、別の種類のファイルです。データのバックアップ、いまの鍵のファイル、書き出しの別を確かめてください。"),
        path);
  if (memcmp(in->head + AT_PUBLIC, key->public_half, VAULT_HALF) != 0)
    return err_set1(e, INVALID, TR("%1 は、このバックアップの鍵では開けません。作ったときの鍵を使ってください。"),
                    path);
  return key->opens ? OK
                    : err_set(e, DENIED,
                              TR("開くには、バックアップの鍵の秘密の半分が要ります。.pub ではないほうのファイルと、"
                                 "合言葉があれば --passphrase-file を渡してください。"));
}

static enum code begin_stream(struct vault_in *in, const struct vault_key *key, struct err *e)
{
  unsigned char own[crypto_secretstream_xchacha20poly1305_KEYBYTES];
  if (crypto_box_seal_open(own, in->head + AT_KEY, SEALED_KEY, key->public_half, key->secret_half) != 0)
    return damaged(e);
  bool good = crypto_secretstream_xchacha20poly1305_init_pull(&in->stream, in->head + AT_STREAM, own) == 0;
  sodium_memzero(own, sizeof own);
  return good ? OK : damaged(e);
}

enum code vault_open(const char *path, enum vault_kind kind, const struct vault_key *key, struct vault_in **ret,
                     struct err *e)
{
  size_t n = 0;
  struct vault_in *in = sodium_malloc(sizeof *in);
  if (!in)
    return err_oom(e);
  memset(in, 0, sizeof *in);
  in->fd = open(path, O_RDONLY | O_CLOEXEC);
  enum code c = in->fd >= 0 && read_up_to(in->fd, in->head, HEAD, &n) ? OK : vault_io_error(path, "open", e);
  if (c == OK)
    c = check_head(in, n, kind, key, path, e);
  if (c == OK)
    c = begin_stream(in, key, e);
  if (c == OK)
    *ret = in;
  else
    vault_close(in);
  return c;
}

static enum code read_chunk(struct vault_in *in, struct err *e)
{
  size_t n = 0;
  unsigned long long plain = 0;
  unsigned char tag = 0;
  if (in->last)
    return damaged(e);
  if (!read_up_to(in->fd, in->sealed, SEALED_CHUNK, &n))
    return vault_io_error("", "read", e);
  if (n < crypto_secretstream_xchacha20poly1305_ABYTES ||
      crypto_secretstream_xchacha20poly1305_pull(&in->stream, in->plain, &plain, &tag, in->sealed, n,
                                                 in->begun ? NULL : in->head, in->begun ? 0 : HEAD) != 0)
    return damaged(e);
  in->begun = true;
  in->last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
  if (!in->last && plain != CHUNK)
    return damaged(e);
  in->at = 0;
  in->n = (size_t)plain;
  return OK;
}

enum code vault_read(struct vault_in *in, void *p, size_t n, struct err *e)
{
  unsigned char *to = p;
  while (n) {
    if (in->at == in->n) {
      enum code c = read_chunk(in, e);
      if (c != OK)
        return c;
      if (in->n == 0)
        return damaged(e);
    }
    size_t part = n < in->n - in->at ? n : in->n - in->at;
    memcpy(to, in->plain + in->at, part);
    to += part;
    in->at += part;
    n -= part;
  }
  return OK;
}

enum code vault_end(struct vault_in *in, struct err *e)
{
  unsigned char more;
  size_t n = 0;
  enum code c = OK;
  if (in->at == in->n && !in->last)
    c = read_chunk(in, e);
  if (c == OK && in->at != in->n) /* a chunk that is not the last is never empty */
    c = damaged(e);
  if (c == OK && (!read_up_to(in->fd, &more, 1, &n) || n))
    c = damaged(e);
  return c;
}

void vault_close(struct vault_in *in)
{
  if (!in)
    return;
  if (in->fd >= 0)
    close(in->fd);
  sodium_free(in);
}
