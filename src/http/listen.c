/* listen.c: "127.0.0.1:8080", "[::1]:0" to a listening socket. Numbers only: a name could mean another address tomorrow. */
#include <errno.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/http_impl.h"

static bool address_cut(struct str s, char *host, size_t host_size, char *port, size_t port_size)
{
  size_t colon = s.n;
  while (colon && s.p[colon - 1] != ':')
    colon--;
  if (!colon)
    return false;
  struct str h = str_sub(s, 0, colon - 1), p = str_sub(s, colon, s.n);
  if (h.n > 2 && h.p[0] == '[' && h.p[h.n - 1] == ']')
    h = str_sub(h, 1, h.n - 2);
  return h.n && p.n && snprintf(host, host_size, "%.*s", STR_FMT(h)) < (int)host_size &&
         snprintf(port, port_size, "%.*s", STR_FMT(p)) < (int)port_size;
}

static int socket_listen(const struct addrinfo *info)
{
  int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
  if (fd < 0)
    return -1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, 512) == 0)
    return fd;
  int saved = errno;
  close(fd);
  errno = saved;
  return -1;
}

static int socket_port(int fd)
{
  struct sockaddr_storage at;
  socklen_t size = sizeof(at);
  char port[8];
  if (getsockname(fd, (struct sockaddr *)&at, &size) != 0 ||
      getnameinfo((struct sockaddr *)&at, size, NULL, 0, port, sizeof(port), NI_NUMERICSERV) != 0)
    return 0;
  return (int)strtol(port, NULL, 10);
}

enum code listen_open(struct str address, int *ret_fd, int *ret_port, struct err *e)
{
  char host[64], port[8];
  struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_STREAM}, *info;
  if (!address_cut(address, host, sizeof(host), port, sizeof(port)) || strtol(port, NULL, 10) > UINT16_MAX ||
      getaddrinfo(host, port, &hints, &info) != 0)
    return err_set(e, INVALID, TR("待ち受けるアドレスは 127.0.0.1:8080 または [::1]:8080 のように書いてください。"));
  int fd = socket_listen(info);
  int saved = errno;
  freeaddrinfo(info);
  if (fd < 0) {
    enum code c =
        err_set2(e, IO, TR("%1 番ポート(%2)で待ち受けられません。ほかのプログラムが使っていないか確かめてください。"),
                 port, host);
    err_detail(e, "errno %d", saved);
    return c;
  }
  *ret_fd = fd;
  *ret_port = socket_port(fd);
  return OK;
}
