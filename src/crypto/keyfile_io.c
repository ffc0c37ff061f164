/* keyfile_io.c: the key file's text and its life on the disk. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/doc.h"
#include "crypto/keyfile.h"
#include "crypto/secret.h"
#include "crypto/write.h"

enum { KEYFILE_BYTES = 8 << 20, KEYFILE_ARENA = 64 << 20, KEYFILE_VERSION = 1 };

static enum code io_error(struct err *e, const char *msg, const char *what, const char *path)
{
  int number = errno;
  enum code c = err_is_full(number) ? err_full(e) : err_set1(e, IO, msg, path);
  err_detail(e, "%s: %s", what, strerror(number));
  return c;
}

#define CANNOT_READ TR("鍵ファイル %1 を読めません。")
#define CANNOT_WRITE TR("鍵ファイル %1 を書けません。")

enum code keyfile_lock_folder(const char *path, int *ret_fd, struct err *e)
{
  char *copy = strdup(path);
  if (!copy)
    return err_oom(e);
  int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  free(copy);
  if (fd < 0)
    return io_error(e, CANNOT_WRITE, "open folder", path);
  while (flock(fd, LOCK_EX) != 0) {
    if (errno == EINTR)
      continue;
    close(fd);
    return io_error(e, CANNOT_WRITE, "flock", path);
  }
  *ret_fd = fd;
  return OK;
}

/* --- text --- */

static struct str hex_of(struct arena *a, const unsigned char *p)
{
  return hex_text(a, (struct str){(const char *)p, 32});
}

static struct str keyfile_to_text(struct arena *a, const struct keyfile *k)
{
  struct doc *root = doc_map(a);
  doc_put_int(root, "version", KEYFILE_VERSION);
  doc_put_str(root, "pepper", hex_of(a, k->pepper));
  struct doc *networks = doc_put_list(root, "networks");
  for (const struct network_keys *n = k->networks; n; n = n->next) {
    struct doc *one = doc_add_map(networks);
    doc_put_id(one, "network", n->network);
    doc_put_str(one, "audit", hex_of(a, n->audit));
    doc_put_str(one, "sign", hex_of(a, n->sign_seed));
    struct doc *epochs = doc_put_list(one, "epochs"); /* newest first */
    for (const struct epoch *p = n->newest; p; p = p->older) {
      struct doc *row = doc_add_map(epochs);
      doc_put_int(row, "epoch", p->number);
      doc_put_str(row, "key", hex_of(a, p->key.k));
    }
  }
  struct buf b;
  buf_init(&b, a, KEYFILE_BYTES);
  json_write(&b, root);
  buf_add_c(&b, '\n');
  return arena_failed(a) ? STR_NONE : buf_str(&b);
}

static bool get_key(struct arena *a, const struct doc *map, const char *name, unsigned char ret[32])
{
  struct str bytes;
  if (!hex_parse(a, doc_get_str(map, name), &bytes) || bytes.n != 32)
    return false;
  memcpy(ret, bytes.p, 32);
  return true;
}

static bool read_epochs(struct arena *a, struct network_keys *n, const struct doc *list)
{
  struct epoch **at = &n->newest;
  int64_t above = INT32_MAX;
  for (size_t i = 0; i < doc_size(list); i++) {
    const struct doc *row = doc_at(list, i);
    int64_t number = doc_get_int(row, "epoch");
    struct epoch *p = sodium_malloc(sizeof(*p));
    if (!p)
      return false;
    *p = (struct epoch){.number = (int)number};
    *at = p;
    at = &p->older;
    if (number < 1 || number >= above || !get_key(a, row, "key", p->key.k))
      return false;
    above = number;
  }
  return n->newest != NULL;
}

static bool read_network(struct arena *a, struct keyfile *k, const struct doc *one)
{
  id64 network;
  if (!doc_get_id(one, "network", &network) || keyfile_find(k, network))
    return false;
  struct network_keys *n = sodium_malloc(sizeof(*n));
  if (!n)
    return false;
  *n = (struct network_keys){.network = network, .next = k->networks};
  k->networks = n;
  return get_key(a, one, "audit", n->audit) && get_key(a, one, "sign", n->sign_seed) &&
         read_epochs(a, n, doc_get(one, "epochs"));
}

static bool keyfile_from_doc(struct arena *a, struct keyfile *k, const struct doc *root)
{
  const struct doc *networks = doc_get(root, "networks");
  if (doc_get_int(root, "version") != KEYFILE_VERSION || !get_key(a, root, "pepper", k->pepper) ||
      doc_kind(networks) != DOC_LIST)
    return false;
  for (size_t i = 0; i < doc_size(networks); i++) {
    if (!read_network(a, k, doc_at(networks, i)))
      return false;
  }
  return true;
}

/* --- disk --- */

/* What systemd hands to a service as a credential: root's, and an access list that names the service's user shows as the group's right. */
static bool handed_over(const struct stat *st, const char *path)
{
  const char *folder = getenv("CREDENTIALS_DIRECTORY");
  size_t n = folder ? strlen(folder) : 0;
  return n && strncmp(path, folder, n) == 0 && path[n] == '/' && st->st_uid == 0 && st->st_gid == 0 &&
         (st->st_mode & (S_IRWXG | S_IRWXO)) == S_IRGRP;
}

static enum code check_mode(const struct stat *st, const char *path, struct err *e)
{
  uid_t me = geteuid();
  if (!S_ISREG(st->st_mode))
    return err_set1(e, IO, TR("鍵ファイル %1 は普通のファイルではありません。"), path);
  if (st->st_mode & (S_IRWXG | S_IRWXO) && !handed_over(st, path))
    return err_set1(e, IO, TR("鍵ファイル %1 をほかの利用者が読めます。chmod 400 をしてください。"), path);
  if (me != 0 && st->st_uid != me && st->st_uid != 0)
    return err_set1(e, IO, TR("鍵ファイル %1 の持ち主が違います。"), path);
  if (st->st_size > KEYFILE_BYTES)
    return err_set1(e, IO, TR("鍵ファイル %1 が大きすぎます。"), path);
  return OK;
}

static enum code read_all(struct arena *a, int fd, const char *path, struct str *ret, struct err *e)
{
  struct stat st;
  if (fstat(fd, &st) != 0)
    return io_error(e, CANNOT_READ, "fstat", path);
  enum code c = check_mode(&st, path, e);
  if (c != OK)
    return c;
  size_t want = (size_t)st.st_size, n = 0;
  char *p = arena_alloc(a, want);
  if (!p)
    return err_oom(e);
  while (n < want) {
    ssize_t got = read(fd, p + n, want - n);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return io_error(e, CANNOT_READ, "read", path);
    n += (size_t)got;
  }
  *ret = (struct str){p, n};
  return OK;
}

enum code keyfile_load(struct keyfile *k, struct err *e)
{
  struct str text = STR_NONE;
  struct doc *root = NULL;
  int fd = open(k->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0 && errno == ENOENT)
    return err_set1(
        e, NOT_FOUND,
        TR("鍵ファイル %1 がありません。別の場所に置いた控えを戻してください。控えがなければ、名前や記録は二度と"
           "読めません。"),
        k->path);
  if (fd < 0)
    return io_error(e, CANNOT_READ, "open", k->path);
  struct arena *a = arena_new(KEYFILE_ARENA);
  arena_mark_secret(a);
  enum code c = a ? read_all(a, fd, k->path, &text, e) : err_oom(e);
  close(fd);
  if (c == OK && (json_parse(a, text, &root, NULL) != OK || !keyfile_from_doc(a, k, root)))
    c = err_set1(e, IO, TR("鍵ファイル %1 が壊れています。控えから戻してください。"), k->path);
  arena_free(a);
  return c;
}

/* A file that root rewrites stays its owner's. */
static bool keep_owner(int fd, int folder, const char *name)
{
  struct stat old;
  if (geteuid() != 0 || fstatat(folder, name, &old, AT_SYMLINK_NOFOLLOW) != 0)
    return true;
  return fchown(fd, old.st_uid, old.st_gid) == 0;
}

static enum code write_beside(const struct keyfile *k, int folder, const char *name, const char *beside,
                              struct str text, struct err *e)
{
  unlinkat(folder, beside, 0); /* left by a process that died; the lock says that nobody is writing */
  int fd = openat(folder, beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0400);
  if (fd < 0)
    return io_error(e, CANNOT_WRITE, "create", k->path);
  enum code c = OK;
  if (fchmod(fd, 0400) != 0 || !keep_owner(fd, folder, name) || !crypto_write_all(fd, text) || fsync(fd) != 0)
    c = io_error(e, CANNOT_WRITE, "write", k->path);
  close(fd);
  return c;
}

static enum code put_in_place(const struct keyfile *k, int folder, const char *name, const char *beside, bool fresh,
                              struct err *e)
{
  /* link refuses to replace, rename does not */
  int failed = fresh ? linkat(folder, beside, folder, name, 0) : renameat(folder, beside, folder, name);
  if (failed && fresh && errno == EEXIST)
    return err_set1(e, CONFLICT, TR("鍵ファイル %1 はもうあります。"), k->path);
  if (failed)
    return io_error(e, CANNOT_WRITE, "rename", k->path);
  if (fresh)
    unlinkat(folder, beside, 0);
  return fsync(folder) == 0 ? OK : io_error(e, CANNOT_WRITE, "fsync folder", k->path);
}

enum code keyfile_save(const struct keyfile *k, int folder, bool fresh, struct err *e)
{
  struct arena *a = arena_new(KEYFILE_ARENA);
  arena_mark_secret(a);
  struct str text = keyfile_to_text(a, k);
  struct str path = str_from(k->path);
  const char *slash = strrchr(k->path, '/');
  const char *name = slash ? slash + 1 : path.p;
  const char *beside = str_cstr(a, str_printf(a, "%s.new", name));
  enum code c = text.n && beside ? OK : err_oom(e);
  if (c == OK)
    c = write_beside(k, folder, name, beside, text, e);
  if (c == OK)
    c = put_in_place(k, folder, name, beside, fresh, e);
  if (c != OK && beside)
    unlinkat(folder, beside, 0);
  arena_free(a);
  return c;
}
