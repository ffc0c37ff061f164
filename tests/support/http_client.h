/* http_client.h: a raw client for tests: bytes out, bytes back. */
#ifndef TESTS_HTTP_CLIENT_H
#define TESTS_HTTP_CLIENT_H
#include <stdbool.h>
#include <stddef.h>

enum { REPLY_SIZE = 256 << 10 };

struct reply {
  char bytes[REPLY_SIZE]; /* NUL-terminated */
  size_t n;
  int status;       /* 0: nothing came */
  const char *body; /* in bytes; "" when there is none */
  bool closed;      /* the server ended the connection within the wait */
};

int client_connect(int port);
void client_send(int fd, const char *p, size_t n);
/* Reads one answer by its Content-Length; head_only: an answer to HEAD. */
void client_read(int fd, bool head_only, struct reply *ret);
/* Reads until the server closes, at most `ms`; true if it did. */
bool client_closed(int fd, int ms);
/* Connect, send, read, disconnect. */
void client_ask(int port, const char *p, size_t n, struct reply *ret);
/* Connect, send, read, note whether it was closed, disconnect. */
void client_talk(int port, const char *p, size_t n, struct reply *ret);
/* Value of a header into `to`; "" when absent. */
const char *reply_header(const struct reply *r, const char *name, char *to, size_t size);

#endif
