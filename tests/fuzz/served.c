/* served.c: the whole way of a request: a socket, libmicrohttpd, the strict reader, the pool. Bytes are sent as they are; whatever is
 * answered with 200 was a strict request, one after the other from the front. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "http/http.h"
#include "strict.h"

static enum code never(struct request *rq, struct response *rs, struct err *e)
{
  return BUG(e, "not called");
}

ROUTE_DEFINE(r_fuzz_get, GET, "/a/:b", {.declared = 1}, .handle = never);
ROUTE_DEFINE(r_fuzz_post, POST, "/a", {.declared = 1}, .handle = never);

/* On a worker's thread: what a handler may rely on. */
static void dispatch(struct request *rq, struct response *rs)
{
  HOLDS(rq->query && rq->raw && doc_kind(rq->raw) == DOC_MAP && rq->host.n && rq->path.n && utf8_valid(rq->path));
  HOLDS(!rq->route || rq->path_known);
  HOLDS(str_is(rq->address, "127.0.0.1") && !rq->https);
  rs->status = 200;
  rs->type = S("text/plain");
  rs->body = S("passed");
}

static struct http_server *server;

static int talk(struct str in)
{
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)http_port(server))};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct linger hard = {1, 0}; /* else the ports run out after some thousand connections */
  HOLDS(fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0);
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
  while (in.n) {
    ssize_t n = send(fd, in.p, in.n, MSG_NOSIGNAL);
    if (n <= 0)
      break; /* it has heard enough */
    in = str_sub(in, (size_t)n, in.n);
  }
  return fd;
}

static int count_passed(const char *p, size_t n)
{
  static const char good[] = "HTTP/1.1 200 ";
  int count = 0;
  const char *end = p + n;
  while ((p = memmem(p, (size_t)(end - p), good, sizeof(good) - 1))) {
    p++;
    count++;
  }
  return count;
}

/* How often 200 comes back. The library does not hang up on half a request, so it is waited only shortly for more than is expected. */
static int passed(struct arena *a, int fd, int expected)
{
  enum { ROOM = 1 << 16, LONG_MS = 2000, SHORT_MS = 3 };
  char *p = arena_alloc(a, ROOM);
  size_t n = 0;
  for (;;) {
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    int count = count_passed(p, n);
    if (count > expected || n == ROOM || poll(&ready, 1, count < expected ? LONG_MS : SHORT_MS) <= 0)
      return count;
    ssize_t got = recv(fd, p + n, ROOM - n, 0);
    if (got <= 0)
      return count;
    n += (size_t)got;
  }
}

static int strict_requests(struct str in)
{
  int n = 0;
  for (;;) {
    size_t head, body;
    while (in.n && (in.p[0] == '\r' || in.p[0] == '\n')) /* empty lines before a request are the library's */
      in = str_sub(in, 1, in.n);
    if (!strict_head(in, &head, &body) || in.n - head < body)
      return n;
    in = str_sub(in, head + body, in.n);
    n++;
  }
}

static void http_server(struct arena *a, struct str in)
{
  struct err e = {0};
  struct http_options o = {.listen = S("127.0.0.1:0"), .workers = 2, .dispatch = dispatch};
  if (!server)
    HOLDS(http_start(&o, &server, &e) == OK);
  if (strict_ambiguous(in) || in.n > 16384)
    return;
  int expected = strict_requests(in);
  int fd = talk(in);
  int n = passed(a, fd, expected);
  close(fd);
  HOLDS(n <= expected);
}
FUZZ_TARGET(http_server);
