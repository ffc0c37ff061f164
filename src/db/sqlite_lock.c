/* sqlite_lock.c: who has a SQLite database open. See sqlite.h. Open file description locks belong to the descriptor, so
 * that two openings inside one process exclude each other like two processes, and closing another descriptor of the file
 * drops nothing; a killed process drops its locks by itself. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/sqlite.h"

enum { LOCK_SERVE, LOCK_CHECKPOINT, LOCK_OPEN };

static bool lock_byte(int fd, short type, int byte, bool wait)
{
  struct flock l = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
  int rc;
  do
    rc = fcntl(fd, wait ? F_OFD_SETLKW : F_OFD_SETLK, &l);
  while (rc < 0 && errno == EINTR);
  return rc == 0;
}

static enum code lock_failed(int fd, struct err *e)
{
  int number = errno;
  if (err_is_full(number))
    err_full(e);
  else
    err_set(e, IO, TR("データベースのロックファイルを開けません。フォルダーの権限を確かめてください。"));
  err_detail(e, "lock file: %s", strerror(number));
  if (fd >= 0)
    close(fd);
  return IO;
}

enum code sq_lock_open(const char *path, bool serve, int *ret_fd, bool *ret_unclean, struct err *e)
{
  char name[4096];
  if (snprintf(name, sizeof name, "%s-lock", path) >= (int)sizeof name)
    return err_set(e, INVALID, TR("データベースのファイル名が長すぎます。"));
  int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return lock_failed(fd, e);
  if (serve && !lock_byte(fd, F_WRLCK, LOCK_SERVE, false)) {
    close(fd);
    return err_set(e, CONFLICT,
                   TR("このデータベースは、動いている別の tsunagu が使っています。そちらを止めてから始めてください。"));
  }
  bool alone = lock_byte(fd, F_WRLCK, LOCK_OPEN, false);
  if (!alone && !lock_byte(fd, F_RDLCK, LOCK_OPEN, true))
    return lock_failed(fd, e);
  struct stat st;
  if (fstat(fd, &st) < 0)
    return lock_failed(fd, e);
  *ret_fd = fd;
  *ret_unclean = alone && st.st_size > 0;
  return OK;
}

enum code sq_lock_share(int fd, struct err *e)
{
  if (pwrite(fd, "open\n", 5, 0) == 5 && fsync(fd) == 0 && lock_byte(fd, F_RDLCK, LOCK_OPEN, true))
    return OK;
  return lock_failed(-1, e);
}

bool sq_lock_checkpointer(int fd)
{
  return lock_byte(fd, F_WRLCK, LOCK_CHECKPOINT, false);
}

void sq_lock_close(int fd, bool clean)
{
  if (fd < 0)
    return;
  if (clean && lock_byte(fd, F_WRLCK, LOCK_OPEN, false) && ftruncate(fd, 0) == 0)
    fsync(fd);
  close(fd);
}
