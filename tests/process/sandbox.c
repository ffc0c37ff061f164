/* sandbox.c: a process that enters the sandbox of src/sandbox and tries what must not work, and what must go on working. Each try is a process
 * of its own, as the user that runs the tests: as root nothing but the sandbox stands in the way. Prints TAP. */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/sandbox.h"

static char folder[] = "/tmp/tsunagu-sandbox.XXXXXX", outside[] = "/tmp/tsunagu-outside.XXXXXX";
static struct sandbox_state state;
static struct sandbox box;
static const struct sandbox runner = {.read = {"/etc/ld.so.cache", "/usr/lib", "/lib"},
                                      .run = {"/usr/bin", "/bin", "/usr/lib", "/lib", "/lib64"},
                                      .bind = {SANDBOX_NO_PORT},
                                      .connect = {SANDBOX_NO_PORT}};

/* --- what is tried: 0 when it worked, else errno --- */

static int result(long rc)
{
  return rc < 0 ? errno : 0;
}

static int try_open(const char *path, int flags)
{
  int fd = open(path, flags | O_CLOEXEC, 0600);
  return result(fd);
}

static const char *in(const char *where, const char *name)
{
  static char path[2][200];
  static int turn;
  turn = !turn;
  snprintf(path[turn], sizeof path[turn], "%s/%s", where, name);
  return path[turn];
}

static int write_passwd(void)
{
  return try_open("/etc/passwd", O_WRONLY);
}

static int read_hosts(void)
{
  return try_open("/etc/hosts", O_RDONLY);
}

static int read_memory(void)
{
  return try_open("/proc/self/mem", O_RDWR);
}

static int list_root(void)
{
  return try_open("/", O_RDONLY | O_DIRECTORY);
}

static int read_outside(void)
{
  return try_open(in(outside, "there"), O_RDONLY);
}

static int make_outside(void)
{
  return try_open(in(outside, "new"), O_WRONLY | O_CREAT);
}

static int remove_outside(void)
{
  return result(unlink(in(outside, "there")));
}

static int carry_outside(void)
{
  return result(rename(in(folder, "there"), in(outside, "carried")));
}

static int truncate_outside(void)
{
  return result(truncate(in(outside, "there"), 0));
}

static int make_folder(void)
{
  return result(mkdir(in(folder, "below"), 0700));
}

static int make_link(void)
{
  return result(symlink("/etc/passwd", in(folder, "link")));
}

static int change_mode(void)
{
  return result(chmod(in(folder, "there"), 04777));
}

static int run_program(void)
{
  return result(execl("/bin/true", "true", NULL));
}

static int run_shell(void)
{
  int rc = system("true");
  return rc == 0 ? 0 : rc < 0 ? errno : EPERM;
}

static int make_process(void)
{
  pid_t child = fork();
  if (child == 0)
    _exit(0);
  return result(child);
}

static int trace_parent(void)
{
  return result(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
}

static int read_parent(void)
{
  char byte;
  struct iovec here = {&byte, 1}, there = {folder, 1};
  return result(process_vm_readv(getppid(), &here, 1, &there, 1, 0));
}

static int signal_parent(void)
{
  return result(kill(getppid(), 0));
}

static int become_other(void)
{
  return result(setresuid(1, 1, 1));
}

static int own_namespace(void)
{
  return result(syscall(SYS_unshare, 0x10000000)); /* CLONE_NEWUSER */
}

static int load_bpf(void)
{
  union bpf_attr a = {.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};
  return result(syscall(SYS_bpf, BPF_MAP_CREATE, &a, sizeof a));
}

static int ring(void)
{
  char params[256] = "";
  return result(syscall(SYS_io_uring_setup, 1, params));
}

static int key_ring(void)
{
  return result(syscall(SYS_keyctl, 0, -3, 0)); /* KEYCTL_GET_KEYRING_ID of the session */
}

static int write_and_run(void)
{
  void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return p == MAP_FAILED ? errno : 0;
}

static int make_runnable(void)
{
  void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return p == MAP_FAILED ? 0 : result(mprotect(p, 4096, PROT_READ | PROT_EXEC));
}

static int dumps_again(void)
{
  return result(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

static int higher_limit(void)
{
  struct rlimit r = {10, 10};
  return result(setrlimit(RLIMIT_CORE, &r));
}

static int open_socket(int family, int type)
{
  return result(socket(family, type | SOCK_CLOEXEC, 0));
}

static int socket_netlink(void)
{
  return open_socket(AF_NETLINK, SOCK_RAW);
}

static int socket_packet(void)
{
  return open_socket(AF_PACKET, SOCK_RAW);
}

static int socket_raw(void)
{
  return result(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
}

static int socket_inet(void)
{
  return open_socket(AF_INET, SOCK_STREAM);
}

static int listen_on(int port)
{
  struct sockaddr_in at = {
      .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0)
    return errno;
  return result(listen(fd, 1));
}

static int connect_to(int port)
{
  struct sockaddr_in at = {
      .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  return fd < 0 ? errno : result(connect(fd, (struct sockaddr *)&at, sizeof at));
}

static int listen_free(void)
{
  return listen_on(0);
}

static int listen_other(void)
{
  return listen_on(1);
}

static int connect_allowed(void)
{
  int rc = connect_to(2);
  return rc == ECONNREFUSED ? 0 : rc; /* nobody is there, which is an answer */
}

static int connect_other(void)
{
  int rc = connect_to(25);
  return rc == ECONNREFUSED ? 0 : rc;
}

#ifdef __x86_64__
static int other_abi(void)
{
  long rc;
  __asm__ volatile("int $0x80" : "=a"(rc) : "a"(20) : "memory"); /* getpid of 32 bits */
  return 0;
}
#endif

static int own_folder(void)
{
  const char *made = in(folder, "made"), *kept = in(folder, "kept");
  int fd = open(made, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0 || pwrite(fd, "x", 1, 0) != 1 || fsync(fd) != 0 || ftruncate(fd, 0) != 0 || close(fd) != 0)
    return errno;
  if (rename(made, kept) != 0 || unlink(kept) != 0)
    return errno;
  fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return fd < 0 ? errno : result(fsync(fd));
}

static int read_allowed(void)
{
  return try_open("/usr/share/zoneinfo", O_RDONLY | O_DIRECTORY);
}

static int randomness(void)
{
  return try_open("/dev/urandom", O_RDONLY);
}

/* --- threads --- */

static void *in_thread(void *arg)
{
  int (*fn)(void) = *(int (**)(void))arg;
  return (void *)(intptr_t)fn();
}

static int by_thread(int (*fn)(void))
{
  pthread_t t;
  void *got = NULL;
  if (pthread_create(&t, NULL, in_thread, &fn) != 0)
    return 0;
  pthread_join(t, &got);
  return (int)(intptr_t)got;
}

static int thread_writes(void)
{
  return by_thread(write_passwd);
}

static int thread_works(void)
{
  return by_thread(own_folder);
}

static int thread_runs(void)
{
  return by_thread(run_program);
}

/* --- after the seal; the thread stood before it --- */

static pthread_barrier_t sealed;

static void *waits(void *arg)
{
  pthread_barrier_wait(&sealed);
  return (void *)(intptr_t)listen_free();
}

static int seal(bool connects)
{
  struct err e = {0};
  box.connects = connects;
  return sandbox_seal(&box, &e) == OK ? 0 : 1;
}

static int sealed_thread_listens(void)
{
  pthread_t t;
  void *got = NULL;
  pthread_barrier_init(&sealed, NULL, 2);
  if (pthread_create(&t, NULL, waits, NULL) != 0 || seal(true) != 0)
    return 0;
  pthread_barrier_wait(&sealed);
  pthread_join(t, &got);
  return (int)(intptr_t)got;
}

static int sealed_listens(void)
{
  return seal(true) ? 0 : listen_free();
}

static int sealed_connects(void)
{
  return seal(true) ? 1 : connect_allowed();
}

static int sealed_opens_socket(void)
{
  return seal(false) ? 0 : socket_inet();
}

static int sealed_works(void)
{
  return seal(false) ? 1 : own_folder();
}

static int sealed_filters(void)
{
  return seal(true) ? 0 : result(syscall(SYS_seccomp, 1, 0, NULL)) == EPERM ? EPERM : 0;
}

/* --- a process that runs programs, and does nothing else --- */

/* 0: it ended well; else as its program says it. */
static int run_and_wait(const char *program, const char *word)
{
  int status = 0;
  pid_t child = fork();
  if (child == 0) {
    execl(program, program, word, NULL);
    _exit(126);
  }
  if (child < 0 || waitpid(child, &status, 0) != child)
    return errno;
  return WIFEXITED(status) ? (WEXITSTATUS(status) ? EACCES : 0) : ECHILD;
}

static int runs_true(void)
{
  return run_and_wait("/bin/true", NULL);
}

static int runs_reader(void)
{
  return run_and_wait("/bin/cat", "/etc/hosts");
}

static int runs_from_folder(void)
{
  return result(execl(in(folder, "there"), "there", NULL));
}

static int write_folder(void)
{
  return try_open(in(folder, "there"), O_WRONLY);
}

/* --- the table --- */

enum {
  FILES = 1,
  PORTS = 4,
  RUNS = 16
};                  /* versions of Landlock that are needed; in the sandbox of a process that runs programs */
enum { DIES = -1 }; /* the process is ended */

static const struct attempt {
  const char *name;
  int (*fn)(void);
  int landlock; /* 0: the filter's */
  int wanted;   /* errno, 0: works, DIES */
} attempts[] = {
    {"/etc/passwd is not opened for writing", write_passwd, FILES, EACCES},
    {"nor another file of /etc for reading", read_hosts, FILES, EACCES},
    {"nor the process's own memory", read_memory, FILES, EACCES},
    {"the root is not listed", list_root, FILES, EACCES},
    {"a file elsewhere is not read", read_outside, FILES, EACCES},
    {"none is made elsewhere", make_outside, FILES, EACCES},
    {"none is removed elsewhere", remove_outside, FILES, EACCES},
    {"none is carried elsewhere", carry_outside, FILES, EACCES},
    {"none is cut off", truncate_outside, 0, EPERM},
    {"no folder is made, not even in the own one", make_folder, 0, EPERM},
    {"no link is made", make_link, 0, EPERM},
    {"no mode is changed by name", change_mode, 0, EPERM},
    {"no program is run", run_program, 0, DIES},
    {"no shell is run", run_shell, 0, EPERM},
    {"no process is made", make_process, 0, EPERM},
    {"no process is traced", trace_parent, 0, DIES},
    {"no other process's memory is read", read_parent, 0, DIES},
    {"no other process gets a signal", signal_parent, 0, EPERM},
    {"nobody becomes another user", become_other, 0, DIES},
    {"no namespace is made", own_namespace, 0, DIES},
    {"nothing is loaded into the kernel", load_bpf, 0, DIES},
    {"no ring for calls behind the filter", ring, 0, DIES},
    {"no key of the kernel's", key_ring, 0, DIES},
    {"no memory is written and run", write_and_run, 0, EPERM},
    {"none becomes runnable", make_runnable, 0, EPERM},
    {"core dumps stay off", dumps_again, 0, EPERM},
    {"limits stay", higher_limit, 0, EPERM},
    {"no socket to the kernel", socket_netlink, 0, EPERM},
    {"no socket of packets", socket_packet, 0, EPERM},
    {"no raw socket", socket_raw, 0, EPERM},
    {"nobody listens on another port", listen_other, PORTS, EACCES},
    {"nobody connects to another port", connect_other, PORTS, EACCES},
#ifdef __x86_64__
    {"no calls of another architecture", other_abi, 0, DIES},
#endif
    {"a thread has no more rights", thread_writes, FILES, EACCES},
    {"nor runs it a program", thread_runs, 0, DIES},
    {"after the seal nobody listens", sealed_listens, 0, EPERM},
    {"nor in a thread that stood before", sealed_thread_listens, 0, EPERM},
    {"nor opens a socket where none is needed", sealed_opens_socket, 0, EPERM},
    {"nor adds a filter", sealed_filters, 0, EPERM},
    {"the own folder is written to", own_folder, 0, 0},
    {"by a thread as well", thread_works, 0, 0},
    {"and after the seal", sealed_works, 0, 0},
    {"what may be read is read", read_allowed, 0, 0},
    {"random numbers come", randomness, 0, 0},
    {"the own port is listened on", listen_free, 0, 0},
    {"the database's port is connected to", connect_allowed, 0, 0},
    {"after the seal as well", sealed_connects, 0, 0},
    {"who may run programs runs them", runs_true, RUNS, 0},
    {"but none from elsewhere", runs_from_folder, RUNS | FILES, EACCES},
    {"what it runs reads no other file", runs_reader, RUNS | FILES, EACCES},
    {"nor does it itself", read_hosts, RUNS | FILES, EACCES},
    {"it writes nowhere", write_folder, RUNS | FILES, EACCES},
    {"it opens no socket", socket_inet, RUNS, EPERM},
    {"it traces nobody", trace_parent, RUNS, DIES},
    {"it becomes nobody else", become_other, RUNS, DIES},
};

/* The try in a process of its own; in the sandbox or, to see that it is the sandbox that refuses, outside of it. */
static int outcome(const struct attempt *a, bool inside)
{
  int status = 0;
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    struct err e = {0};
    if (inside && sandbox_enter(a->landlock & RUNS ? &runner : &box, &state, &e) != OK)
      _exit(250);
    _exit(a->fn());
  }
  if (child < 0 || waitpid(child, &status, 0) != child)
    return 251;
  return WIFSIGNALED(status) ? DIES : WEXITSTATUS(status);
}

static bool holds(const struct attempt *a, int got)
{
  bool in_place_of_landlock = a->landlock & (RUNS - 1) && got == EPERM; /* the filter was faster */
  return got == a->wanted || in_place_of_landlock;
}

static int version(void)
{
  int fds[2], v = 0;
  pid_t child = pipe(fds) == 0 ? fork() : -1;
  if (child == 0) {
    struct err e = {0};
    int rc = sandbox_enter(&box, &state, &e) == OK ? state.landlock : -1;
    if (rc == 0 && !state.seccomp)
      rc = -2; /* entered nothing: a build with sanitizers */
    _exit(write(fds[1], &rc, sizeof rc) == sizeof rc ? 0 : 1);
  }
  if (child < 0 || read(fds[0], &v, sizeof v) != sizeof v)
    v = -1;
  waitpid(child, NULL, 0);
  return v;
}

static void make_files(void)
{
  if (!mkdtemp(folder) || !mkdtemp(outside) || try_open(in(folder, "there"), O_WRONLY | O_CREAT) ||
      try_open(in(outside, "there"), O_WRONLY | O_CREAT))
    exit(1);
}

static void remove_files(void)
{
  static const char *const names[] = {"there", "new", "carried", "made", "kept", "link"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    unlink(in(folder, names[i]));
    unlink(in(outside, names[i]));
  }
  rmdir(in(folder, "below"));
  rmdir(folder);
  rmdir(outside);
}

int main(void)
{
  int failed = 0, n = 0;
  make_files();
  box = (struct sandbox){.read = {"/usr/share/zoneinfo", "/usr/lib", "/dev/urandom"},
                         .write = {folder},
                         .bind = {0, SANDBOX_NO_PORT},
                         .connect = {2, SANDBOX_NO_PORT},
                         .connects = true};
  int landlock = version();
  if (landlock == -2) {
    remove_files();
    puts("1..0 # SKIP a build with sanitizers enters nothing");
    return 0;
  }
  for (const struct attempt *a = attempts; a < attempts + sizeof attempts / sizeof *attempts; a++) {
    n++;
    if ((a->landlock & (RUNS - 1)) > landlock) {
      printf("ok %d - %s # SKIP Landlock %d\n", n, a->name, landlock);
      continue;
    }
    int got = outcome(a, true);
    bool good = holds(a, got);
    printf("%sok %d - %s\n", good ? "" : "not ", n, a->name);
    if (!good)
      printf("# got %d (%s), wanted %d\n", got, got > 0 ? strerror(got) : "", a->wanted);
    failed += !good;
  }
  remove_files();
  printf("1..%d\n", n);
  return failed || landlock < 0;
}
