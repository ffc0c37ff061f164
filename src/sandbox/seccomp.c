/* seccomp.c: which system calls are left. A call that nobody here makes honestly ends the process; any other that is not on the list fails
 * with EPERM, for libraries that try something and live without it. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/sandbox_impl.h"

/* libseccomp's own SCMP_A0_64(…) leaves out the last field where there is no second value; clang, unlike gcc, says so. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* Names that an architecture has not got are passed over. */
static const char *const allowed[] = {
    /* files, within what Landlock leaves */
    "read", "write", "readv", "writev", "pread64", "pwrite64", "preadv", "pwritev", "close", "open", "openat", "stat",
    "fstat", "lstat", "newfstatat", "fstatat64", "statx", "statfs", "fstatfs", "lseek", "_llseek", "access",
    "faccessat", "faccessat2", "readlink", "readlinkat", "getdents64", "getcwd", "unlink", "unlinkat", "rename",
    "renameat", "renameat2", "link", "linkat", "ftruncate", "fsync", "fdatasync", "fallocate", "fcntl", "flock",
    "fchmod", "fchown", "umask", "dup", "dup2", "dup3", "pipe2", "copy_file_range",
    /* memory; mmap, mprotect and shmat by their arguments, below */
    "munmap", "mremap", "madvise", "brk", "mlock", "mlock2", "munlock", "msync", "mincore", "membarrier",
    /* threads, time, signals within the process */
    "futex", "futex_waitv", "set_robust_list", "get_robust_list", "rseq", "set_tid_address", "exit", "exit_group",
    "restart_syscall", "sched_yield", "sched_getaffinity", "sched_getattr", "sched_getparam", "sched_getscheduler",
    "gettid", "getpid", "getppid", "getpgrp", "getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid",
    "getgroups", "uname", "sysinfo", "getrusage", "times", "getrlimit", "ugetrlimit", "getrandom", "clock_gettime",
    "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "rt_sigaction", "rt_sigprocmask",
    "rt_sigreturn", "rt_sigtimedwait", "rt_sigpending", "sigaltstack", "arch_prctl",
    /* connections that stand, and events on them */
    "poll", "ppoll", "select", "pselect6", "epoll_create1", "epoll_create", "epoll_ctl", "epoll_wait", "epoll_pwait",
    "epoll_pwait2", "eventfd2", "accept", "accept4", "getsockname", "getpeername", "getsockopt", "setsockopt",
    "shutdown", "socketpair", "sendto", "sendmsg", "sendmmsg", "recvfrom", "recvmsg", "recvmmsg", "sendfile",
    /* closed by sandbox_seal() */
    "bind", "listen", "connect", "seccomp"};

/* Programs, other processes, privileges, the kernel itself, and ways around files and filters. */
static const char *const fatal[] = {"execve",
                                    "execveat",
                                    "fork",
                                    "vfork",
                                    "ptrace",
                                    "process_vm_readv",
                                    "process_vm_writev",
                                    "pidfd_open",
                                    "pidfd_getfd",
                                    "kcmp",
                                    "setuid",
                                    "setgid",
                                    "setreuid",
                                    "setregid",
                                    "setresuid",
                                    "setresgid",
                                    "setfsuid",
                                    "setfsgid",
                                    "setgroups",
                                    "capset",
                                    "unshare",
                                    "setns",
                                    "chroot",
                                    "pivot_root",
                                    "mount",
                                    "umount2",
                                    "fsopen",
                                    "fsmount",
                                    "open_tree",
                                    "move_mount",
                                    "mount_setattr",
                                    "mknod",
                                    "mknodat",
                                    "init_module",
                                    "finit_module",
                                    "delete_module",
                                    "kexec_load",
                                    "kexec_file_load",
                                    "bpf",
                                    "perf_event_open",
                                    "userfaultfd",
                                    "io_uring_setup",
                                    "io_uring_enter",
                                    "io_uring_register",
                                    "keyctl",
                                    "add_key",
                                    "request_key",
                                    "open_by_handle_at",

                                    "reboot",
                                    "swapon",
                                    "swapoff",
                                    "settimeofday",
                                    "clock_settime",
                                    "clock_adjtime",
                                    "adjtimex",
                                    "quotactl",
                                    "acct",
                                    "iopl",
                                    "ioperm"};

/* Of a process that runs programs, instead of a socket. */
static const char *const running[] = {"execve", "fork", "vfork", "clone", "wait4", "waitid", "pipe", "prlimit64"};

enum { SOCKET_TYPES = 0xf }; /* SOCK_CLOEXEC and SOCK_NONBLOCK lie above */
#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static int add_names(scmp_filter_ctx f, uint32_t action, const char *const *names, size_t count)
{
  int rc = 0;
  for (size_t i = 0; i < count && rc == 0; i++) {
    int number = seccomp_syscall_resolve_name(names[i]);
    if (number != __NR_SCMP_ERROR)
      rc = seccomp_rule_add(f, action, number, 0);
  }
  return rc;
}

/* Less what a process that runs programs needs. */
static int add_fatal(scmp_filter_ctx f, bool runs)
{
  enum { PROGRAMS = 4 }; /* execve, execveat, fork, vfork stand first */
  return runs ? add_names(f, SCMP_ACT_KILL_PROCESS, fatal + PROGRAMS, COUNT(fatal) - PROGRAMS)
              : add_names(f, SCMP_ACT_KILL_PROCESS, fatal, COUNT(fatal));
}

/* --- calls that are judged by an argument --- */

static int allow_bits_clear(scmp_filter_ctx f, const char *name, unsigned arg, uint64_t mask)
{
  return seccomp_rule_add(f, SCMP_ACT_ALLOW, seccomp_syscall_resolve_name(name), 1,
                          SCMP_CMP64(arg, SCMP_CMP_MASKED_EQ, mask, 0));
}

/* What is written to is never run: a mapping is executable when it is made, from a file, or never. */
static int add_memory(scmp_filter_ctx f)
{
  int mmap_number = seccomp_syscall_resolve_name("mmap");
  int rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, mmap_number, 1, SCMP_A2_64(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  if (rc == 0)
    rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, mmap_number, 2,
                          SCMP_A2_64(SCMP_CMP_MASKED_EQ, PROT_EXEC | PROT_WRITE, PROT_EXEC),
                          SCMP_A3_64(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, 0));
  if (rc == 0)
    rc = allow_bits_clear(f, "mprotect", 2, PROT_EXEC);
  return rc;
}

static int add_threads(scmp_filter_ctx f, bool runs)
{
  uint64_t self = (uint64_t)getppid(); /* for whom it is made */
  int rc = runs ? 0
                : seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                                   SCMP_A0_64(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
  if (rc == 0) /* its flags stand in memory, where a filter cannot look: glibc then takes clone */
    rc = seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
  if (rc == 0) /* abort() */
    rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0_64(SCMP_CMP_EQ, self));
  if (rc == 0 && runs)
    return rc;
  if (rc == 0) /* limits are read; the one that is changed is how many connections there may be */
    rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A2_64(SCMP_CMP_EQ, 0));
  if (rc == 0)
    rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2, SCMP_A0_32(SCMP_CMP_EQ, 0),
                          SCMP_A1_32(SCMP_CMP_EQ, RLIMIT_NOFILE));
  return rc;
}

static int add_small(scmp_filter_ctx f)
{
  static const uint64_t controls[] = {FIONBIO, FIONREAD, TCGETS},
                        process[] = {PR_SET_NAME, PR_GET_NAME, PR_GET_DUMPABLE, PR_SET_NO_NEW_PRIVS};
  int rc = 0;
  for (size_t i = 0; i < COUNT(controls) && rc == 0; i++)
    rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, SCMP_A1_32(SCMP_CMP_EQ, controls[i]));
  for (size_t i = 0; i < COUNT(process) && rc == 0; i++)
    rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, SCMP_A0_32(SCMP_CMP_EQ, process[i]));
  return rc;
}

static int add_sockets(scmp_filter_ctx f)
{
  static const uint64_t families[] = {AF_UNIX, AF_INET, AF_INET6}, types[] = {SOCK_STREAM, SOCK_DGRAM};
  int rc = 0;
  for (size_t i = 0; i < COUNT(families) * COUNT(types) && rc == 0; i++)
    rc =
        seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(socket), 2, SCMP_A0_32(SCMP_CMP_EQ, families[i % COUNT(families)]),
                         SCMP_A1_32(SCMP_CMP_MASKED_EQ, SOCKET_TYPES, types[i / COUNT(families)]));
  return rc;
}

/* --- making and loading --- */

static int add_all(scmp_filter_ctx f, bool runs)
{
  int rc = add_names(f, SCMP_ACT_ALLOW, allowed, COUNT(allowed));
  if (rc == 0 && runs)
    rc = add_names(f, SCMP_ACT_ALLOW, running, COUNT(running));
  if (rc == 0)
    rc = add_fatal(f, runs);
  if (rc == 0)
    rc = add_memory(f);
  if (rc == 0)
    rc = add_threads(f, runs);
  if (rc == 0)
    rc = add_small(f);
  if (rc == 0 && !runs)
    rc = add_sockets(f);
  if (rc == 0)
    rc = seccomp_attr_set(f, SCMP_FLTATR_CTL_OPTIMIZE, 2); /* a tree, not a list */
  if (rc == 0)
    rc = seccomp_attr_set(f, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  return rc;
}

/* The parent's filter into `fd`; never returns. */
static _Noreturn void make(bool runs, int fd)
{
  static const struct rlimit seconds = {
      2, 2}; /* it takes some milliseconds; where memory fails it may go round for good */
  scmp_filter_ctx f = setrlimit(RLIMIT_CPU, &seconds) == 0 ? seccomp_init(SCMP_ACT_ERRNO(EPERM)) : NULL;
  int rc = f ? add_all(f, runs) : -ENOMEM;
  if (rc == 0)
    rc = seccomp_export_bpf(f, fd);
  _exit(rc == 0 ? 0 : -rc);
}

/* What came to its end; 0 or an errno. */
static int take(int fd, struct sock_filter *ret, unsigned short *ret_n)
{
  size_t n = 0, most = BPF_MAXINSNS * sizeof *ret;
  while (n < most) {
    ssize_t got = read(fd, (char *)ret + n, most - n);
    if (got == 0)
      break;
    if (got < 0 && errno != EINTR)
      return errno;
    n += got > 0 ? (size_t)got : 0;
  }
  *ret_n = (unsigned short)(n / sizeof *ret);
  return n && n % sizeof *ret == 0 ? 0 : EIO;
}

/* libseccomp 2.5.4 leaves out rules in silence, ends the process or never ends when an allocation fails while it puts a filter together: without brk,
 * malloc() writes where there is no memory. So a process of its own makes it, twice: an allocation that fails by chance fails in one of them. */
static int made_apart(bool runs, struct sock_filter *ret, unsigned short *ret_n)
{
  int ends[2], status = 0;
  if (pipe2(ends, O_CLOEXEC) != 0)
    return errno;
  pid_t child = fork();
  if (child == 0)
    make(runs, ends[1]);
  int rc = child < 0 ? errno : 0;
  close(ends[1]);
  if (rc == 0)
    rc = take(ends[0], ret, ret_n);
  close(ends[0]);
  while (child > 0 && waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      return errno;
  if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
    return WEXITSTATUS(status);
  return WIFSIGNALED(status) ? ENOMEM : rc;
}

/* For every thread there is. */
static int load(struct sock_filter *code, unsigned short n)
{
  struct sock_fprog program = {n, code};
  long rc = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
  return rc == 0 ? 0 : rc < 0 ? errno : EBUSY;
}

enum code seccomp_enter(const struct sandbox *s, bool *ret, struct err *e)
{
  struct sock_filter code[BPF_MAXINSNS], again[BPF_MAXINSNS];
  unsigned short n = 0, again_n = 0;
  *ret = false;
  if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0 && errno == EINVAL)
    return OK; /* a kernel without */
  int rc = made_apart(s->run[0], code, &n);
  if (rc == 0)
    rc = made_apart(s->run[0], again, &again_n);
  if (rc == 0 && (n != again_n || memcmp(code, again, n * sizeof *code) != 0))
    rc = ENOMEM; /* one of the two lacks something */
  if (rc == 0)
    rc = load(code, n);
  *ret = rc == 0;
  return rc == 0 ? OK : sandbox_failed(e, "seccomp", rc);
}

/* Over the filter that stands, which has looked at the architecture. */
enum code seccomp_seal(const struct sandbox *s, struct err *e)
{
  static const unsigned calls[] = {SYS_seccomp, SYS_bind, SYS_listen, SYS_socket, SYS_connect};
  struct sock_filter code[COUNT(calls) + 3];
  unsigned n = s->connects ? 3 : COUNT(calls);
  code[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
  for (unsigned i = 0; i < n; i++)
    code[1 + i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, calls[i], (unsigned char)(n - i), 0);
  code[1 + n] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  code[2 + n] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
  int rc = load(code, (unsigned short)(n + 3));
  return rc == 0 ? OK : sandbox_failed(e, "seccomp", rc);
}
