#include "view/tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

/* A file of the developer's tree as it was last read. */
struct cached {
  struct cached *next;
  struct str name, body;
  struct timespec changed;
};

enum { DEV_ARENA = 1 << 30, DEV_FILES = 4096 };

static struct {
  pthread_mutex_t lock;
  struct arena *arena; /* NULL: the binary's own files */
  struct str root;
  struct cached *read;
} dev = {.lock = PTHREAD_MUTEX_INITIALIZER};

enum code tree_use(struct str root, struct err *e)
{
  enum code c = OK;
  pthread_mutex_lock(&dev.lock);
  arena_free(dev.arena);
  dev.arena = NULL;
  dev.read = NULL;
  if (root.n) {
    dev.arena = arena_new(DEV_ARENA);
    dev.root = str_copy(dev.arena, root);
    c = arena_failed(dev.arena) ? err_oom(e) : OK;
  }
  pthread_mutex_unlock(&dev.lock);
  return c;
}

bool tree_is_dev(void)
{
  return dev.arena != NULL;
}

static struct cached *cached_entry(struct str name)
{
  struct cached *c = dev.read;
  while (c && !str_eq(c->name, name))
    c = c->next;
  if (!c && (c = arena_new_of(dev.arena, struct cached))) {
    *c = (struct cached){.next = dev.read, .name = str_copy(dev.arena, name)};
    dev.read = c;
  }
  return c;
}

static bool read_body(int fd, size_t n, struct cached *c)
{
  char *p = arena_alloc(dev.arena, n + 1);
  size_t got = 0;
  while (p && got < n) {
    ssize_t r = read(fd, p + got, n - got);
    if (r <= 0)
      return false;
    got += (size_t)r;
  }
  c->body = (struct str){p, n};
  return p != NULL;
}

static bool dev_file(struct str name, struct str *ret_body)
{
  struct stat st;
  char path[4096];
  bool ok = false;
  if (name.n == 0 || name.p[0] == '/' || str_contains(name, S("..")))
    return false;
  snprintf(path, sizeof(path), "%.*s/%.*s", STR_FMT(dev.root), STR_FMT(name));
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  pthread_mutex_lock(&dev.lock);
  struct cached *c = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? cached_entry(name) : NULL;
  if (c) {
    bool same = c->body.p && c->body.n == (size_t)st.st_size && c->changed.tv_sec == st.st_mtim.tv_sec &&
                c->changed.tv_nsec == st.st_mtim.tv_nsec;
    ok = same || read_body(fd, (size_t)st.st_size, c);
    c->changed = st.st_mtim;
    *ret_body = ok ? c->body : STR_NONE;
  }
  pthread_mutex_unlock(&dev.lock);
  if (fd >= 0)
    close(fd);
  return ok;
}

bool tree_file(struct str name, struct str *ret_body)
{
  if (dev.arena)
    return dev_file(name, ret_body);
  for (size_t i = 0; i < embedded_file_count; i++) {
    if (str_eq(embedded_files[i].name, name)) {
      *ret_body = embedded_files[i].body;
      return true;
    }
  }
  return false;
}

bool builtin_file(struct str name, struct str *ret_body)
{
  return tree_file(name, ret_body);
}

/* --- lists --- */

struct names {
  struct arena *arena;
  struct str *name;
  size_t n;
};

static void dev_walk(struct names *to, const char *path, const char *below)
{
  DIR *d = opendir(path);
  struct dirent *entry;
  /* cppcheck-suppress readdirCalled; each walk has its own stream */
  while (d && (entry = readdir(d)) && to->n < DEV_FILES) {
    struct str inside = str_printf(to->arena, "%s/%s", path, entry->d_name);
    struct str name = str_printf(to->arena, "%s/%s", below, entry->d_name);
    struct stat st;
    size_t n = strlen(entry->d_name);
    if (entry->d_name[0] == '.' || entry->d_name[n - 1] == '~' || !inside.p || !name.p || stat(inside.p, &st) != 0)
      continue;
    if (S_ISDIR(st.st_mode))
      dev_walk(to, inside.p, name.p);
    else
      to->name[to->n++] = name;
  }
  if (d)
    closedir(d);
}

static int compare(const void *x, const void *y)
{
  const struct str *a = x, *b = y;
  return str_compare(*a, *b);
}

struct str *tree_list(struct arena *a, const char *folder, size_t *ret_n)
{
  struct names found = {.arena = a};
  size_t most = dev.arena ? DEV_FILES : embedded_file_count;
  found.name = arena_array(a, most, sizeof(*found.name));
  *ret_n = 0;
  if (!found.name)
    return NULL;
  if (dev.arena) {
    dev_walk(&found, str_printf(a, "%.*s/%s", STR_FMT(dev.root), folder).p, folder);
  } else {
    struct str below = str_printf(a, "%s/", folder);
    for (size_t i = 0; i < embedded_file_count; i++) {
      if (str_starts(embedded_files[i].name, below))
        found.name[found.n++] = embedded_files[i].name;
    }
  }
  qsort(found.name, found.n, sizeof(*found.name), compare);
  *ret_n = found.n;
  return found.n ? found.name : NULL;
}
