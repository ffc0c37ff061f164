#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keep/members.h"

struct members_out {
  struct vault_out *vault;
  char *path, *fresh; /* folder: its name, and the one it has until the end */
  FILE *file;
  uint64_t bytes;
  struct hasher hash;
};

static enum code cannot(const char *path, struct err *e)
{
  int why = errno;
  enum code c = err_set1(e, why == EEXIST ? CONFLICT : IO,
                         TR("%1 に書き出せません。まだない名前か、場所と権限と空きを確かめてください。"), path);
  err_detail(e, "%s", strerror(why));
  return c;
}

static enum code make_folder(struct members_out *o, const char *path, struct err *e)
{
  static const char *const inside[] = {"", "/data", "/csv"};
  o->path = strdup(path);
  if (!o->path || asprintf(&o->fresh, "%s.new-%d", path, (int)getpid()) < 0)
    return err_oom(e);
  if (access(path, F_OK) == 0) {
    errno = EEXIST;
    return cannot(path, e);
  }
  for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) {
    char *name = NULL;
    int made = asprintf(&name, "%s%s", o->fresh, inside[i]) < 0 ? -1 : mkdir(name, 0700);
    free(name);
    if (made != 0)
      return cannot(path, e);
  }
  return OK;
}

enum code members_create(const char *path, const struct vault_key *key, struct members_out **ret, struct err *e)
{
  struct members_out *o = calloc(1, sizeof(*o));
  enum code c = o ? OK : err_oom(e);
  if (c == OK && path && key)
    c = vault_create(path, VAULT_EXPORT, key, &o->vault, e);
  else if (c == OK && path)
    c = make_folder(o, path, e);
  if (c == OK)
    *ret = o;
  else
    members_drop(o);
  return c;
}

static enum code put_record(struct members_out *o, char letter, struct str body, struct err *e)
{
  char head[5] = {letter};
  for (size_t i = 0; i < 4; i++)
    head[i + 1] = (char)(unsigned char)(body.n >> (8 * i));
  enum code c = vault_write(o->vault, (struct str){head, sizeof head}, e);
  return c == OK ? vault_write(o->vault, body, e) : c;
}

enum code members_begin(struct members_out *o, const char *name, struct err *e)
{
  o->bytes = 0;
  hasher_begin(&o->hash);
  if (o->vault)
    return put_record(o, 'F', str_from(name), e);
  if (!o->fresh)
    return OK;
  char *path = NULL;
  if (asprintf(&path, "%s/%s", o->fresh, name) < 0)
    return err_oom(e);
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  free(path);
  o->file = fd >= 0 ? fdopen(fd, "w") : NULL;
  return o->file ? OK : cannot(name, e);
}

enum code members_write(struct members_out *o, struct str bytes, struct err *e)
{
  hasher_add(&o->hash, bytes);
  o->bytes += bytes.n;
  if (o->vault)
    return bytes.n ? put_record(o, 'D', bytes, e) : OK;
  if (!o->file || fwrite(bytes.p, 1, bytes.n, o->file) == bytes.n)
    return OK;
  return cannot(o->path, e);
}

enum code members_end(struct members_out *o, uint64_t *ret_bytes, unsigned char ret_hash[HASH], struct err *e)
{
  hasher_end(&o->hash, ret_hash);
  *ret_bytes = o->bytes;
  FILE *f = o->file;
  o->file = NULL;
  if (!f)
    return OK;
  bool good = fflush(f) == 0 && fsync(fileno(f)) == 0;
  return fclose(f) == 0 && good ? OK : cannot(o->path, e);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
  return remove(path);
}

static void remove_folder(const char *folder)
{
  (void)!nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

enum code members_commit(struct members_out *o, struct err *e)
{
  enum code c = OK;
  if (o->vault) {
    struct vault_out *v = o->vault;
    c = put_record(o, 'Z', STR_NONE, e);
    if (c == OK) {
      o->vault = NULL;
      c = vault_commit(v, false, e);
    }
  } else if (o->fresh && rename(o->fresh, o->path) != 0) {
    c = cannot(o->path, e);
  } else {
    free(o->fresh);
    o->fresh = NULL;
  }
  members_drop(o);
  return c;
}

void members_drop(struct members_out *o)
{
  if (!o)
    return;
  if (o->file)
    fclose(o->file);
  vault_drop(o->vault);
  if (o->fresh)
    remove_folder(o->fresh);
  free(o->fresh);
  free(o->path);
  free(o);
}
