/* layout.c: the process that runs Graphviz, and what it answers. Between fork and exec nothing but system calls is used, since other threads
 * may hold locks. */
#include "view/layout.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "view/view.h"

enum { ANSWER_BYTES = 128 << 10, WAIT_MS = 2000, SECONDS = 2, FIRST_FD = 3, LAST_FD = 1023 };
static const rlim_t memory_most = (rlim_t)512 << 20;

static struct {
  pthread_mutex_t lock;
  int fd; /* to the process; -1: there is none any more */
  bool begun;
  char answer[ANSWER_BYTES];
} drawer = {.lock = PTHREAD_MUTEX_INITIALIZER, .fd = -1};

/* ---- bytes to and fro -------------------------------------------------------------------------------------------------- */

static bool write_all(int fd, const void *bytes, size_t n)
{
  const char *p = bytes;
  while (n) {
    ssize_t done = write(fd, p, n);
    if (done < 0 && errno == EINTR)
      continue;
    if (done <= 0)
      return false;
    p += done;
    n -= (size_t)done;
  }
  return true;
}

static bool read_all(int fd, void *bytes, size_t n, int wait_ms)
{
  char *p = bytes;
  while (n) {
    struct pollfd one = {.fd = fd, .events = POLLIN};
    int ready = poll(&one, 1, wait_ms);
    if (ready < 0 && errno == EINTR)
      continue;
    ssize_t done = ready > 0 ? read(fd, p, n) : -1;
    if (done < 0 && ready > 0 && errno == EINTR)
      continue;
    if (done <= 0)
      return false;
    p += done;
    n -= (size_t)done;
  }
  return true;
}

/* ---- the process: one graph, one run of dot ---------------------------------------------------------------------------------- */

static char graph_text[LAYOUT_BYTES];

static void lower(int what, rlim_t most)
{
  const struct rlimit r = {most, most};
  (void)setrlimit((__rlimit_resource_t)what, &r);
}

/* Never returns. */
static void be_dot(int in, int out)
{
  static char name[] = "dot", plain[] = "-Tplain";
  static char *const words[] = {name, plain, NULL}, *const around[] = {NULL};
  (void)dup2(in, STDIN_FILENO);
  (void)dup2(out, STDOUT_FILENO);
  lower(RLIMIT_CPU, SECONDS);
  lower(RLIMIT_AS, memory_most);
  lower(RLIMIT_FSIZE, 0);
  execve("/usr/bin/dot", words, around);
  _exit(127);
}

/* What dot wrote; 0: nothing, or too much. A graph fits into the pipe, so that it is written before dot reads. */
static size_t run_dot(size_t n)
{
  int in[2], out[2], status = 1;
  size_t got = 0;
  if (pipe2(in, O_CLOEXEC) != 0)
    return 0;
  if (pipe2(out, O_CLOEXEC) != 0) {
    close(in[0]);
    close(in[1]);
    return 0;
  }
  pid_t child = fork();
  if (child == 0)
    be_dot(in[0], out[1]);
  close(in[0]);
  close(out[1]);
  (void)write_all(in[1], graph_text, n);
  close(in[1]);
  for (ssize_t more = 1; child > 0 && more > 0 && got<ANSWER_BYTES; got += more> 0 ? (size_t)more : 0)
    more = read(out[0], drawer.answer + got, ANSWER_BYTES - got);
  close(out[0]);
  if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
    return 0;
  return got < ANSWER_BYTES ? got : 0;
}

/* Until the other end is closed. */
static void serve(int fd)
{
  uint32_t n = 0;
  while (read_all(fd, &n, sizeof n, -1) && n <= sizeof graph_text && read_all(fd, graph_text, n, -1)) {
    n = (uint32_t)run_dot(n);
    if (!write_all(fd, &n, sizeof n) || !write_all(fd, drawer.answer, n))
      return;
  }
}

static void be_drawer(int fd, layout_confine confine)
{
  int null = open("/dev/null", O_RDWR);
  (void)signal(SIGPIPE, SIG_IGN);
  for (int i = 0; i < FIRST_FD; i++)
    (void)dup2(null, i);
  (void)dup2(fd, FIRST_FD);
  (void)fcntl(FIRST_FD, F_SETFD, FD_CLOEXEC);
  for (int i = FIRST_FD + 1; i <= LAST_FD; i++)
    (void)close(i);
  if (!confine || confine())
    serve(FIRST_FD);
  _exit(0);
}

/* ---- on this side ------------------------------------------------------------------------------------------------------------ */

/* With the lock held. A process that ended is not begun again: within the sandbox nobody may. */
static enum code begin(layout_confine confine, struct err *e)
{
  int ends[2];
  if (drawer.begun)
    return OK;
  drawer.begun = true;
  if (access("/usr/bin/dot", X_OK) != 0)
    return OK;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return err_set(e, IO, code_msg(IO));
  pid_t child = fork();
  if (child == 0)
    be_drawer(ends[1], confine);
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    return err_set(e, IO, code_msg(IO));
  }
  drawer.fd = ends[0];
  return OK;
}

enum code layout_begin(layout_confine confine, struct err *e)
{
  pthread_mutex_lock(&drawer.lock);
  enum code c = begin(confine, e);
  pthread_mutex_unlock(&drawer.lock);
  return c;
}

static void end(void)
{
  if (drawer.fd >= 0)
    close(drawer.fd);
  drawer.fd = -1;
}

void layout_end(void)
{
  pthread_mutex_lock(&drawer.lock);
  end();
  pthread_mutex_unlock(&drawer.lock);
}

/* With the lock held: the answer in drawer.answer; 0: none. An answer that does not come in time would be taken for the next one's. */
static size_t ask(struct str graph)
{
  uint32_t n = (uint32_t)graph.n;
  if (drawer.fd < 0 || graph.n > LAYOUT_BYTES)
    return 0;
  if (!write_all(drawer.fd, &n, sizeof n) || !write_all(drawer.fd, graph.p, graph.n) ||
      !read_all(drawer.fd, &n, sizeof n, WAIT_MS) || n > ANSWER_BYTES ||
      !read_all(drawer.fd, drawer.answer, n, WAIT_MS)) {
    end();
    return 0;
  }
  return n;
}

/* ---- what was laid out last: a graph holds no name, so that the same shape has the same answer whosever it is --------------------- */

enum { KEPT = 64, KEY = 32 };

struct kept {
  unsigned char key[KEY];
  struct layout layout; /* without nodes: free */
};
static struct {
  pthread_mutex_t lock;
  size_t next;
  struct kept one[KEPT];
} kept = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool kept_find(const unsigned char key[KEY], size_t nodes, struct layout *ret)
{
  bool there = false;
  pthread_mutex_lock(&kept.lock);
  for (const struct kept *k = kept.one; k < kept.one + KEPT && !there; k++)
    if (k->layout.nodes == nodes && nodes && memcmp(k->key, key, KEY) == 0) {
      *ret = k->layout;
      there = true;
    }
  pthread_mutex_unlock(&kept.lock);
  return there;
}

static void kept_add(const unsigned char key[KEY], const struct layout *layout)
{
  pthread_mutex_lock(&kept.lock);
  struct kept *k = &kept.one[kept.next++ % KEPT];
  memcpy(k->key, key, KEY);
  k->layout = *layout;
  pthread_mutex_unlock(&kept.lock);
}

enum code layout_run(struct str graph, size_t nodes, struct layout *ret, bool *ret_there, struct err *e)
{
  unsigned char key[KEY];
  crypto_generichash(key, sizeof key, (const unsigned char *)graph.p, graph.n, NULL, 0);
  *ret_there = kept_find(key, nodes, ret);
  if (*ret_there)
    return OK;
  pthread_mutex_lock(&drawer.lock);
  enum code c = begin(NULL, e);
  size_t n = c == OK ? ask(graph) : 0;
  struct err ignored = {0};
  *ret_there = n && layout_read((struct str){drawer.answer, n}, nodes, ret, &ignored) == OK;
  pthread_mutex_unlock(&drawer.lock);
  if (*ret_there)
    kept_add(key, ret);
  return c;
}

/* ---- dot -Tplain: "graph 1 WIDTH HEIGHT", "node nK X Y …", "edge …", "stop"; inches ---------------------------------------- */

static enum code odd(struct err *e)
{
  return err_set(e, INVALID, TR("図を作れませんでした。"));
}

/* A number from -1 (what is left of nothing) to 10,000 inches. */
static bool number(struct str *line, double *ret)
{
  enum { LONGEST = 30 };
  struct str word = STR_NONE;
  char text[LONGEST + 1], *rest = text;
  if (!str_split(line, ' ', &word) || !word.n || word.n > LONGEST || !strchr("0123456789-.", word.p[0]))
    return false;
  memcpy(text, word.p, word.n);
  text[word.n] = 0;
  if (text[strspn(text, "0123456789.e+-")])
    return false;
  *ret = strtod(text, &rest);
  return !*rest && *ret >= -1 && *ret <= 10000;
}

static bool read_node(struct str line, size_t nodes, struct layout *l, bool *seen)
{
  enum { POINTS = 72 };
  struct str name = STR_NONE;
  int64_t k = 0;
  double x = 0, y = 0;
  if (!str_split(&line, ' ', &name) || !str_starts(name, S("n")) || !str_to_i64(str_sub(name, 1, name.n), &k) ||
      k < 0 || (size_t)k >= nodes || seen[k] || !number(&line, &x) || !number(&line, &y))
    return false;
  seen[k] = true;
  l->node[k] = (struct layout_node){x * POINTS, l->height - y * POINTS};
  l->nodes++;
  return true;
}

enum code layout_read(struct str plain, size_t nodes, struct layout *ret, struct err *e)
{
  enum { POINTS = 72 };
  struct str line = STR_NONE, word = STR_NONE;
  bool seen[LAYOUT_NODES] = {false};
  double scale = 0;
  ret->nodes = 0;
  if (nodes > LAYOUT_NODES || !str_split(&plain, '\n', &line) || !str_split(&line, ' ', &word) ||
      !str_is(word, "graph") || !number(&line, &scale) || !number(&line, &ret->width) || !number(&line, &ret->height))
    return odd(e);
  ret->width *= POINTS;
  ret->height *= POINTS;
  while (str_split(&plain, '\n', &line)) {
    if (!str_split(&line, ' ', &word))
      return odd(e);
    if (str_is(word, "stop"))
      return ret->nodes == nodes ? OK : odd(e);
    if (str_is(word, "node") && !read_node(line, nodes, ret, seen))
      return odd(e);
  }
  return odd(e);
}
