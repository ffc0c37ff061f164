/* sqlite_map.c: how readers reach the pages of a database file. Each commit makes SQLite forget what a reading connection has cached, and
 * every list commits an event: readers would copy the same pages out of the kernel for each request. SQLite's own remedy
 * (PRAGMA mmap_size) maps the file once a connection; here all connections of a process look at one mapping, and writing and locking
 * stay with SQLite's own file system layer. What stands in the log (WAL) is still read from there, by SQLite, first.
 *
 * A mapped page that the disk cannot deliver ends the process (SIGBUS); it starts again as after any kill. A page that the disk has no room
 * for would do the same: SQLite lengthens the index of the log (-shm) by a byte a page, and blocks may be smaller than pages. So its room
 * is taken before it is mapped. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/sqlite.h"

#define NAME "tsunagu-mapped"
/* Address space, not memory; what lies beyond is read as ever. */
#define MAP_BYTES ((sqlite3_int64)32 << 30)

struct map {
  struct map *next;
  dev_t device;
  ino_t inode;
  int fd,
      shm; /* open as long as any connection is: closing one earlier would drop the locks of all (POSIX). shm -1: not yet */
  unsigned char *base;
  _Atomic sqlite3_int64 size; /* of the file, as far as known */
  int users;
};

/* Stands behind SQLite's own file in its memory. */
struct tail {
  const sqlite3_io_methods *real;
  struct map *map;  /* NULL: none */
  const char *name; /* SQLite's, as long as the file is open */
};

static pthread_mutex_t maps_lock = PTHREAD_MUTEX_INITIALIZER;
static struct map *maps;
static sqlite3_vfs vfs, *real_vfs;
static int real_size;
static sqlite3_io_methods methods; /* those of SQLite's files, with ours in some places */
static const sqlite3_io_methods *methods_of;

static struct tail *tail_of(sqlite3_file *f)
{
  return (struct tail *)((unsigned char *)f + real_size);
}

/* --- the mapping of a file --- */

static struct map *map_new(const char *path, const struct stat *st)
{
  struct map *m = calloc(1, sizeof *m);
  int fd = m ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
  void *base = fd >= 0 ? mmap(NULL, (size_t)MAP_BYTES, PROT_READ, MAP_SHARED | MAP_NORESERVE, fd, 0) : MAP_FAILED;
  if (base == MAP_FAILED) {
    if (fd >= 0)
      close(fd);
    free(m);
    return NULL;
  }
  *m = (struct map){.next = maps, .device = st->st_dev, .inode = st->st_ino, .fd = fd, .shm = -1, .base = base};
  maps = m;
  return m;
}

static struct map *map_take(const char *path)
{
  struct stat st;
  if (!path || stat(path, &st) != 0)
    return NULL;
  pthread_mutex_lock(&maps_lock);
  struct map *m = maps;
  while (m && (m->device != st.st_dev || m->inode != st.st_ino))
    m = m->next;
  if (!m)
    m = map_new(path, &st);
  if (m)
    m->users++;
  pthread_mutex_unlock(&maps_lock);
  return m;
}

static void map_give(struct map *m)
{
  if (!m)
    return;
  pthread_mutex_lock(&maps_lock);
  if (--m->users == 0) {
    struct map **at = &maps;
    while (*at != m)
      at = &(*at)->next;
    *at = m->next;
    munmap(m->base, (size_t)MAP_BYTES);
    close(m->fd);
    if (m->shm >= 0)
      close(m->shm);
    free(m);
  }
  pthread_mutex_unlock(&maps_lock);
}

/* The system keeps the pages; they only cease to count as this process's, until they are looked at again. */
void sq_map_rest(void)
{
  pthread_mutex_lock(&maps_lock);
  for (struct map *m = maps; m; m = m->next)
    if (m->size > 0)
      madvise(m->base, (size_t)m->size, MADV_DONTNEED);
  pthread_mutex_unlock(&maps_lock);
}

/* --- what SQLite asks of the file --- */

static int on_fetch(sqlite3_file *f, sqlite3_int64 at, int n, void **ret)
{
  struct tail *t = tail_of(f);
  *ret = NULL;
  if (!t->map || at + n > MAP_BYTES)
    return SQLITE_OK;
  if (at + n > t->map->size) {
    sqlite3_int64 size = 0;
    int rc = t->real->xFileSize(f, &size);
    if (rc != SQLITE_OK)
      return rc;
    t->map->size = size;
  }
  if (at + n <= t->map->size)
    *ret = t->map->base + at;
  return SQLITE_OK;
}

static int on_unfetch(sqlite3_file *f, sqlite3_int64 at, void *page)
{
  return SQLITE_OK;
}

static int on_truncate(sqlite3_file *f, sqlite3_int64 size)
{
  struct tail *t = tail_of(f);
  if (t->map && t->map->size > size)
    t->map->size = size;
  return t->real->xTruncate(f, size);
}

/* The index of the log as it is now; one that was removed with an earlier last connection is let go. */
static int shm_of(struct map *m, const char *name)
{
  struct stat st;
  if (m->shm >= 0 && (fstat(m->shm, &st) != 0 || st.st_nlink == 0)) {
    close(m->shm);
    m->shm = -1;
  }
  char *path = m->shm < 0 ? sqlite3_mprintf("%s-shm", name) : NULL;
  if (path)
    m->shm = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  sqlite3_free(path);
  return m->shm;
}

/* A file system that cannot take room beforehand is as it was without this. */
static int take_room(struct tail *t, off_t size)
{
  pthread_mutex_lock(&maps_lock);
  int fd = shm_of(t->map, t->name), why = 0;
  while (fd >= 0 && fallocate(fd, 0, 0, size) != 0 && (why = errno) == EINTR)
    ;
  pthread_mutex_unlock(&maps_lock);
  return err_is_full(why) ? SQLITE_FULL : SQLITE_OK;
}

static int on_shm_map(sqlite3_file *f, int region, int size, int extend, void volatile **ret)
{
  struct tail *t = tail_of(f);
  int rc = t->real->xShmMap(f, region, size, false, ret); /* opens it, or makes it anew */
  if (rc != SQLITE_OK || (!*ret && !extend))
    return rc;
  rc = take_room(t, ((off_t)region + 1) * size);
  if (rc == SQLITE_OK && !*ret)
    rc = t->real->xShmMap(f, region, size, extend, ret);
  return rc;
}

/* The layer below maps nothing by itself. */
static int on_control(sqlite3_file *f, int op, void *arg)
{
  return op == SQLITE_FCNTL_MMAP_SIZE ? SQLITE_OK : tail_of(f)->real->xFileControl(f, op, arg);
}

static int on_close(sqlite3_file *f)
{
  struct tail *t = tail_of(f);
  struct map *m = t->map;
  t->map = NULL;
  int rc = t->real->xClose(f);
  map_give(m);
  return rc;
}

/* The system's layer has one table of methods for all files that lock in the same way. */
static bool methods_fit(const sqlite3_io_methods *real)
{
  pthread_mutex_lock(&maps_lock);
  if (!methods_of && real->iVersion >= 3) {
    methods = *real;
    methods.xFetch = on_fetch;
    methods.xUnfetch = on_unfetch;
    methods.xTruncate = on_truncate;
    methods.xFileControl = on_control;
    methods.xShmMap = on_shm_map;
    methods.xClose = on_close;
    methods_of = real;
  }
  bool fit = methods_of == real;
  pthread_mutex_unlock(&maps_lock);
  return fit;
}

static int on_open(sqlite3_vfs *v, sqlite3_filename name, sqlite3_file *f, int flags, int *ret_flags)
{
  struct tail *t = tail_of(f);
  *t = (struct tail){0};
  int rc = real_vfs->xOpen(real_vfs, name, f, flags, ret_flags);
  if (rc != SQLITE_OK || !(flags & SQLITE_OPEN_MAIN_DB) || !f->pMethods || !methods_fit(f->pMethods))
    return rc;
  t->real = f->pMethods;
  t->map = map_take(name);
  t->name = name;
  if (t->map)
    f->pMethods = &methods;
  return rc;
}

/* --- once a process --- */

static void set_up(void)
{
  sqlite3_config(SQLITE_CONFIG_MULTITHREAD);  /* a connection is used by one thread at a time: no locks inside */
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* nor one counter of memory for all threads */
  real_vfs = sqlite3_initialize() == SQLITE_OK ? sqlite3_vfs_find(NULL) : NULL;
  if (!real_vfs)
    return;
  real_size = (real_vfs->szOsFile + 15) & ~15;
  vfs = *real_vfs;
  vfs.pNext = NULL;
  vfs.zName = NAME;
  vfs.szOsFile = real_size + (int)sizeof(struct tail);
  vfs.xOpen = on_open;
  sqlite3_vfs_register(&vfs, 0);
}

const char *sq_map_vfs(void)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, set_up);
  return sqlite3_vfs_find(NAME) ? NAME : NULL;
}
