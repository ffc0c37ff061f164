#include "http_client.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WAIT_MS = 5000 };

int client_connect(int port)
{
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
    perror("connect");
    abort();
  }
  return fd;
}

void client_send(int fd, const char *p, size_t n)
{
  while (n) {
    ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);
    if (sent <= 0)
      return; /* refused early: the answer is what counts */
    p += sent;
    n -= (size_t)sent;
  }
}

static bool more(int fd, int ms)
{
  struct pollfd p = {.fd = fd, .events = POLLIN};
  return poll(&p, 1, ms) > 0;
}

static size_t wanted(const struct reply *r, bool head_only)
{
  const char *end = strstr(r->bytes, "\r\n\r\n"), *length;
  if (!end)
    return REPLY_SIZE;
  length = strcasestr(r->bytes, "\r\nContent-Length:");
  size_t head = (size_t)(end - r->bytes) + 4;
  return head_only || !length || length > end ? head : head + (size_t)strtoul(length + 17, NULL, 10);
}

void client_read(int fd, bool head_only, struct reply *ret)
{
  *ret = (struct reply){.body = ""};
  while (ret->n < wanted(ret, head_only) && ret->n < REPLY_SIZE - 1 && more(fd, WAIT_MS)) {
    size_t room = REPLY_SIZE - 1 - ret->n, want = wanted(ret, head_only);
    size_t take = strstr(ret->bytes, "\r\n\r\n") ? want - ret->n : 1; /* not a byte of the next answer */
    ssize_t n = recv(fd, ret->bytes + ret->n, take < room ? take : room, 0);
    if (n <= 0)
      break;
    ret->n += (size_t)n;
  }
  const char *end = strstr(ret->bytes, "\r\n\r\n");
  if (strncmp(ret->bytes, "HTTP/1.", 7) == 0)
    ret->status = (int)strtol(ret->bytes + 9, NULL, 10);
  ret->body = end ? end + 4 : "";
}

bool client_closed(int fd, int ms)
{
  char bytes[4096];
  while (more(fd, ms))
    if (recv(fd, bytes, sizeof(bytes), 0) <= 0)
      return true;
  return false;
}

void client_ask(int port, const char *p, size_t n, struct reply *ret)
{
  int fd = client_connect(port);
  client_send(fd, p, n);
  client_read(fd, strncmp(p, "HEAD ", 5) == 0, ret);
  close(fd);
}

void client_talk(int port, const char *p, size_t n, struct reply *ret)
{
  int fd = client_connect(port);
  client_send(fd, p, n);
  client_read(fd, strncmp(p, "HEAD ", 5) == 0, ret);
  ret->closed = client_closed(fd, 50);
  close(fd);
}

const char *reply_header(const struct reply *r, const char *name, char *to, size_t size)
{
  char wanted_line[80];
  snprintf(wanted_line, sizeof(wanted_line), "\r\n%s: ", name);
  const char *at = strcasestr(r->bytes, wanted_line);
  to[0] = '\0';
  if (at && at < r->body) {
    at += strlen(wanted_line);
    snprintf(to, size, "%.*s", (int)strcspn(at, "\r"), at);
  }
  return to;
}
