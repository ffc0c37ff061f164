/* fault.c: a library to preload (LD_PRELOAD) that lets calls of a program fail, kills it there, or moves its clock. TSUNAGU_FAULT
 * names a file of `struct control`, mapped shared: a test counts calls with it, names the one that fails and sees how many did, while
 * the program runs. Without the variable nothing is changed. What is SQLite's, libpq's and libmicrohttpd's own counts too. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* Must equal WHAT in lib.py. Files are regular ones: pipes and sockets never fail by this. */
enum what { NOTHING, READ, WRITE, SYNC, NAME, OPEN, MEMORY, STATEMENT };
enum { HOW_SHORT = 1000, HOW_KILL = 2000 }; /* else an errno */

struct control {
  _Atomic int64_t what, at, times, how; /* calls at … at + times - 1 of this kind fail */
  _Atomic int64_t calls, failed;
  _Atomic int64_t blocks, bytes; /* on the heap now */
  _Atomic int64_t clock_ms;      /* added to the time of day */
};

static struct control nobody;
static struct control *control = &nobody;

#define EXPORT __attribute__((visibility("default")))
#define NEXT(name)                                                                                                     \
  static __typeof__(name) *next;                                                                                       \
  if (!next)                                                                                                           \
  next = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void)
{
  const char *path = getenv("TSUNAGU_FAULT");
  int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
  if (fd < 0)
    return;
  void *p = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (p != MAP_FAILED)
    control = p;
}

/* 0: go on; else how it fails. */
static int fails(enum what what)
{
  if (control->what != what)
    return 0;
  int64_t n = ++control->calls;
  if (n < control->at || n - control->at >= control->times)
    return 0;
  control->failed++;
  if (control->how == HOW_KILL)
    kill(getpid(), SIGKILL);
  return (int)control->how;
}

static bool fails_errno(enum what what)
{
  int how = fails(what);
  if (how)
    errno = how == HOW_SHORT ? EIO : how;
  return how != 0;
}

/* --- memory ------------------------------------------------------------------------------------------------------------------ */

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t count, size_t n);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t alignment, size_t n);
void __libc_free(void *p);

static void *came(void *p)
{
  if (p) {
    control->blocks++;
    control->bytes += (int64_t)malloc_usable_size(p);
  }
  return p;
}

static void goes(void *p)
{
  if (p) {
    control->blocks--;
    control->bytes -= (int64_t)malloc_usable_size(p);
  }
}

EXPORT void *malloc(size_t n)
{
  return fails_errno(MEMORY) ? NULL : came(__libc_malloc(n));
}

EXPORT void *calloc(size_t count, size_t n)
{
  return fails_errno(MEMORY) ? NULL : came(__libc_calloc(count, n));
}

EXPORT void *realloc(void *p, size_t n)
{
  if (fails_errno(MEMORY))
    return NULL;
  goes(p);
  void *moved = __libc_realloc(p, n);
  if (moved)
    came(moved);
  else if (n)
    came(p); /* it stands where it was */
  return moved;
}

EXPORT void *reallocarray(void *p, size_t count, size_t n)
{
  size_t all;
  if (__builtin_mul_overflow(count, n, &all)) {
    errno = ENOMEM;
    return NULL;
  }
  return realloc(p, all);
}

EXPORT void *aligned_alloc(size_t alignment, size_t n)
{
  return fails_errno(MEMORY) ? NULL : came(__libc_memalign(alignment, n));
}

EXPORT int posix_memalign(void **ret, size_t alignment, size_t n)
{
  void *p = fails_errno(MEMORY) ? NULL : came(__libc_memalign(alignment, n));
  if (!p)
    return ENOMEM;
  *ret = p;
  return 0;
}

EXPORT void free(void *p)
{
  goes(p);
  __libc_free(p);
}

EXPORT void *mmap(void *at, size_t n, int protection, int flags, int fd, off_t offset)
{
  NEXT(mmap);
  return fails_errno(MEMORY) ? MAP_FAILED : next(at, n, protection, flags, fd, offset);
}

/* --- files ------------------------------------------------------------------------------------------------------------------- */

static bool regular(int fd)
{
  struct stat st;
  int kept = errno;
  bool yes = control->what && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
  errno = kept;
  return yes;
}

/* Bytes that may go, -1: none and errno is set. */
static ssize_t allowed(enum what what, int fd, size_t n)
{
  if ((int)control->what != (int)what || !regular(fd))
    return (ssize_t)n;
  int how = fails(what);
  if (how == HOW_SHORT)
    return (ssize_t)(n / 2);
  if (!how)
    return (ssize_t)n;
  errno = how;
  return -1;
}

#define MOVES(name, what, TYPE, ...)                                                                                   \
  NEXT(name);                                                                                                          \
  ssize_t may = allowed(what, fd, n);                                                                                  \
  return may < 0 || (may == 0 && n) ? may : next(fd, p, (size_t)may, ##__VA_ARGS__)

EXPORT ssize_t read(int fd, void *p, size_t n)
{
  MOVES(read, READ, void *);
}

EXPORT ssize_t pread(int fd, void *p, size_t n, off_t at)
{
  MOVES(pread, READ, void *, at);
}

EXPORT ssize_t pread64(int fd, void *p, size_t n, off64_t at)
{
  MOVES(pread64, READ, void *, at);
}

EXPORT ssize_t write(int fd, const void *p, size_t n)
{
  MOVES(write, WRITE, const void *);
}

EXPORT ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
  MOVES(pwrite, WRITE, const void *, at);
}

EXPORT ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
  MOVES(pwrite64, WRITE, const void *, at);
}

EXPORT int ftruncate(int fd, off_t n)
{
  NEXT(ftruncate);
  return fails_errno(WRITE) ? -1 : next(fd, n);
}

EXPORT int ftruncate64(int fd, off64_t n)
{
  NEXT(ftruncate64);
  return fails_errno(WRITE) ? -1 : next(fd, n);
}

EXPORT int fsync(int fd)
{
  NEXT(fsync);
  return fails_errno(SYNC) ? -1 : next(fd);
}

EXPORT int fdatasync(int fd)
{
  NEXT(fdatasync);
  return fails_errno(SYNC) ? -1 : next(fd);
}

/* --- names ------------------------------------------------------------------------------------------------------------------- */

EXPORT int rename(const char *from, const char *to)
{
  NEXT(rename);
  return fails_errno(NAME) ? -1 : next(from, to);
}

EXPORT int renameat(int a, const char *from, int b, const char *to)
{
  NEXT(renameat);
  return fails_errno(NAME) ? -1 : next(a, from, b, to);
}

EXPORT int linkat(int a, const char *from, int b, const char *to, int flags)
{
  NEXT(linkat);
  return fails_errno(NAME) ? -1 : next(a, from, b, to, flags);
}

EXPORT int unlink(const char *path)
{
  NEXT(unlink);
  return fails_errno(NAME) ? -1 : next(path);
}

EXPORT int unlinkat(int fd, const char *path, int flags)
{
  NEXT(unlinkat);
  return fails_errno(NAME) ? -1 : next(fd, path, flags);
}

#define MODE(flags)                                                                                                    \
  mode_t mode = 0;                                                                                                     \
  if ((flags) & (O_CREAT | __O_TMPFILE)) {                                                                             \
    va_list list;                                                                                                      \
    va_start(list, flags);                                                                                             \
    mode = va_arg(list, mode_t);                                                                                       \
    va_end(list);                                                                                                      \
  }

EXPORT int open(const char *path, int flags, ...)
{
  NEXT(open);
  MODE(flags);
  return fails_errno(OPEN) ? -1 : next(path, flags, mode);
}

EXPORT int open64(const char *path, int flags, ...)
{
  NEXT(open64);
  MODE(flags);
  return fails_errno(OPEN) ? -1 : next(path, flags, mode);
}

EXPORT int openat(int folder, const char *path, int flags, ...)
{
  NEXT(openat);
  MODE(flags);
  return fails_errno(OPEN) ? -1 : next(folder, path, flags, mode);
}

/* --- statements: only to be killed before one ---------------------------------------------------------------------------------- */

int sqlite3_step(void *statement);
void *PQexec(void *conn, const char *text);
int PQsendQuery(void *conn, const char *text);

EXPORT int sqlite3_step(void *statement)
{
  NEXT(sqlite3_step);
  fails(STATEMENT);
  return next(statement);
}

EXPORT void *PQexec(void *conn, const char *text)
{
  NEXT(PQexec);
  fails(STATEMENT);
  return next(conn, text);
}

EXPORT int PQsendQuery(void *conn, const char *text)
{
  NEXT(PQsendQuery);
  fails(STATEMENT);
  return next(conn, text);
}

/* --- the time of day ------------------------------------------------------------------------------------------------------------ */

static void move(struct timespec *t)
{
  int64_t ns = t->tv_nsec + control->clock_ms % 1000 * 1000000;
  t->tv_sec += (time_t)(control->clock_ms / 1000 + (ns < 0 ? -1 : ns / 1000000000));
  t->tv_nsec = (long)(ns < 0 ? ns + 1000000000 : ns % 1000000000);
}

EXPORT int clock_gettime(clockid_t id, struct timespec *ret)
{
  NEXT(clock_gettime);
  int rc = next(id, ret);
  if (rc == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
    move(ret);
  return rc;
}

EXPORT time_t time(time_t *ret)
{
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  if (ret)
    *ret = t.tv_sec;
  return t.tv_sec;
}

EXPORT int gettimeofday(struct timeval *ret, void *zone __attribute__((unused)))
{
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  *ret = (struct timeval){t.tv_sec, t.tv_nsec / 1000};
  return 0;
}
