#include "fuzz.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/seal.h"

LIST_BOUNDS(tsunagu_fuzz, struct fuzz_target);

size_t fuzz_count(void)
{
  return (size_t)(__stop_tsunagu_fuzz - __start_tsunagu_fuzz);
}

const struct fuzz_target *fuzz_at(size_t i)
{
  return __start_tsunagu_fuzz[i];
}

const struct fuzz_target *fuzz_find(const char *name)
{
  for (size_t i = 0; i < fuzz_count(); i++)
    if (strcmp(fuzz_at(i)->name, name) == 0)
      return fuzz_at(i);
  return NULL;
}

void fuzz_broken(const char *what, const char *file, int line)
{
  fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
  abort();
}

void fuzz_run(const struct fuzz_target *t, const void *p, size_t n)
{
  struct arena *a = arena_new(4 * LIMIT_ARENA);
  char *exact = malloc(n); /* so that a byte too many is seen */
  HOLDS(a != NULL && (exact != NULL || n == 0));
  if (n)
    memcpy(exact, p, n);
  t->run(a, (struct str){exact, n});
  arena_free(a);
  free(exact);
}

struct str fuzz_first(struct str *in)
{
  static const char mark[] = "\n---\n";
  const char *at = in->n ? memmem(in->p, in->n, mark, sizeof(mark) - 1) : NULL;
  struct str first = at ? str_sub(*in, 0, (size_t)(at - in->p)) : *in;
  *in = at ? str_sub(*in, first.n + sizeof(mark) - 1, in->n) : STR_NONE;
  return first;
}

struct str fuzz_json(struct arena *a, const struct doc *d)
{
  struct buf b;
  buf_init(&b, a, LIMIT_PAGE);
  json_write(&b, d);
  HOLDS(!b.failed);
  return buf_str(&b);
}

static char folder[PATH_MAX], path[PATH_MAX + 8];

static void folder_remove(void)
{
  unlink(path);
  rmdir(folder);
}

const char *fuzz_file(struct str bytes, unsigned mode)
{
  if (!folder[0]) {
    bool shm = access("/dev/shm", W_OK) == 0;
    snprintf(folder, sizeof(folder), "%s/tsunagu-fuzz-XXXXXX", shm ? "/dev/shm" : "/tmp");
    HOLDS(mkdtemp(folder) != NULL);
    snprintf(path, sizeof(path), "%s/file", folder);
    atexit(folder_remove);
  }
  unlink(path);
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  HOLDS(fd >= 0 && write(fd, bytes.p ? bytes.p : "", bytes.n) == (ssize_t)bytes.n && fchmod(fd, mode) == 0);
  close(fd);
  return path;
}

bool fuzz_clean(struct str s)
{
  struct err e = {0};
  return utf8_check_text(s, true, &e) == OK;
}

void fuzz_begin(void)
{
  struct err e = {0};
  HOLDS(crypto_init(&e) == OK);
}
