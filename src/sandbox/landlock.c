/* landlock.c: which paths and ports are left, by the three system calls of Landlock. Everything that the kernel can guard is guarded; what it
 * has learnt since the headers of the build is written out here, after Documentation/userspace-api/landlock.rst. */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/sandbox_impl.h"

/* struct landlock_ruleset_attr as of version 6; an older kernel is given the part it knows. */
struct ruleset {
  uint64_t fs, net, scoped;
};
struct port_rule {
  uint64_t allowed, port;
};

enum { RULE_NET_PORT = 2 };
enum { NET_BIND = 1, NET_CONNECT = 2 };
enum { SCOPE_ABSTRACT_SOCKET = 1, SCOPE_SIGNAL = 2 };
#define FS_TRUNCATE (1ULL << 14)
#define FS_IOCTL_DEV (1ULL << 15)
#define FS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FS_WRITE                                                                                                       \
  (FS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE | FS_TRUNCATE)
#define FS_RUN (FS_READ | LANDLOCK_ACCESS_FS_EXECUTE)
/* What a rule about a single file may say. */
#define FS_OF_FILES                                                                                                    \
  (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE)

/* What this version of the kernel's Landlock can guard. */
static struct ruleset guarded(int version)
{
  struct ruleset r = {.fs = (1ULL << 13) - 1};
  if (version >= 2)
    r.fs |= LANDLOCK_ACCESS_FS_REFER;
  if (version >= 3)
    r.fs |= FS_TRUNCATE;
  if (version >= 4)
    r.net = NET_BIND | NET_CONNECT;
  if (version >= 5)
    r.fs |= FS_IOCTL_DEV;
  if (version >= 6)
    r.scoped = SCOPE_ABSTRACT_SOCKET | SCOPE_SIGNAL;
  return r;
}

static size_t ruleset_size(int version)
{
  return version >= 6 ? sizeof(struct ruleset) : version >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
}

static int add_rule(int ruleset, int type, const void *rule)
{
  return (int)syscall(SYS_landlock_add_rule, ruleset, type, rule, 0);
}

static enum code add_path(int ruleset, const char *path, uint64_t rights, struct err *e)
{
  struct stat st;
  int fd = open(path, O_PATH | O_CLOEXEC);
  if (fd < 0)
    return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? OK
                                                                  : sandbox_failed(e, "a path of the sandbox", errno);
  if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode))
    rights &= FS_OF_FILES;
  struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = fd};
  enum code c =
      add_rule(ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule) == 0 ? OK : sandbox_failed(e, "landlock_add_rule", errno);
  close(fd);
  return c;
}

static enum code add_paths(int ruleset, const char *const *paths, uint64_t rights, struct err *e)
{
  enum code c = OK;
  for (; *paths && c == OK; paths++)
    c = add_path(ruleset, *paths, rights, e);
  return c;
}

static enum code add_ports(int ruleset, const int *ports, uint64_t rights, struct err *e)
{
  for (; *ports != SANDBOX_NO_PORT; ports++) {
    struct port_rule rule = {rights, (uint64_t)*ports};
    if (add_rule(ruleset, RULE_NET_PORT, &rule) != 0)
      return sandbox_failed(e, "landlock_add_rule of a port", errno);
  }
  return OK;
}

static enum code fill(int fd, const struct sandbox *s, const struct ruleset *r, struct err *e)
{
  enum code c = add_paths(fd, s->read, FS_READ & r->fs, e);
  if (c == OK)
    c = add_paths(fd, s->write, FS_WRITE & r->fs, e);
  if (c == OK)
    c = add_paths(fd, s->run, FS_RUN & r->fs, e);
  if (c == OK && r->net & NET_BIND)
    c = add_ports(fd, s->bind, NET_BIND, e);
  if (c == OK && r->net & NET_CONNECT)
    c = add_ports(fd, s->connect, NET_CONNECT, e);
  return c;
}

enum code landlock_enter(const struct sandbox *s, int *ret_version, struct err *e)
{
  int version = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  *ret_version = 0;
  if (version <= 0) /* not built in, switched off, or a container's filter knows no such call */
    return OK;
  struct ruleset r = guarded(version);
  if (s->connect_any)
    r.net &= ~(uint64_t)NET_CONNECT;
  int fd = (int)syscall(SYS_landlock_create_ruleset, &r, ruleset_size(version), 0);
  if (fd < 0)
    return sandbox_failed(e, "landlock_create_ruleset", errno);
  enum code c = fill(fd, s, &r, e);
  if (c == OK && syscall(SYS_landlock_restrict_self, fd, 0) != 0)
    c = sandbox_failed(e, "landlock_restrict_self", errno);
  close(fd);
  if (c == OK)
    *ret_version = version;
  return c;
}
