/* http_strict.c: what the server refuses, by raw bytes: each with its status and a closed connection; and next to it the
 * plain requests that must pass, so that a server which refuses everything fails too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <unistd.h>

#include "../support/http_client.h"
#include "http/http.h"

static enum code echo(struct request *rq, struct response *rs, struct err *e)
{
  struct doc *d = doc_map(rq->arena);
  struct buf b;
  buf_init(&b, rq->arena, 8 << 20);
  doc_put_str(d, "path", rq->path);
  doc_put_str(d, "a", request_param(rq, "a"));
  doc_put_str(d, "host", rq->host);
  doc_put(d, "query", rq->query);
  doc_put(d, "raw", rq->method == POST ? rq->raw : doc_map(rq->arena));
  json_write(&b, d);
  rs->type = S("application/json");
  rs->body = buf_str(&b);
  return OK;
}

#define OPEN                                                                                                           \
  {                                                                                                                    \
    .declared = 1                                                                                                      \
  }
ROUTE_DEFINE(r_echo, GET, "/echo", OPEN, .handle = echo);
ROUTE_DEFINE(r_echo_post, POST, "/echo", OPEN, .handle = echo);
ROUTE_DEFINE(r_fixed, GET, "/things/new", OPEN, .handle = echo);
ROUTE_DEFINE(r_param, GET, "/things/:a", OPEN, .handle = echo);

static void dispatch(struct request *rq, struct response *rs)
{
  struct err e = {0};
  if (!rq->route)
    rs->status = rq->path_known ? 405 : 404;
  else if (rq->route->handle(rq, rs, &e) != OK)
    rs->status = 500;
}

static struct http_server *server;
static struct reply reply;

static int start(void **state)
{
  struct http_options o = {.listen = S("127.0.0.1:0"), .workers = 2, .dispatch = dispatch};
  struct err e = {0};
  return http_start(&o, &server, &e) == OK ? 0 : -1;
}

static int stop(void **state)
{
  http_stop(server);
  return 0;
}

static void send_bytes(const char *p, size_t n)
{
  client_talk(http_port(server), p, n, &reply);
}

#define SEND(literal) send_bytes((literal), sizeof(literal) - 1)
#define REFUSED(wanted, literal)                                                                                       \
  do {                                                                                                                 \
    SEND(literal);                                                                                                     \
    assert_int_equal(reply.status, (wanted));                                                                          \
    assert_true(reply.closed);                                                                                         \
  } while (0)
#define PASSES(literal, part)                                                                                          \
  do {                                                                                                                 \
    SEND(literal);                                                                                                     \
    assert_int_equal(reply.status, 200);                                                                               \
    assert_non_null(strstr(reply.body, (part)));                                                                       \
    assert_false(reply.closed);                                                                                        \
  } while (0)

#define HOST "Host: example.jp\r\n"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"

static void plain_requests_pass(void **state)
{
  PASSES("GET /echo HTTP/1.1\r\n" HOST "\r\n", "\"host\":\"example.jp\"");
  PASSES("GET /echo?x=1&y=%E3%81%82+b&x=2 HTTP/1.1\r\n" HOST "\r\n", "\"query\":{\"x\":[\"1\",\"2\"],\"y\":\"あ b\"}");
  PASSES("GET /things/%E3%81%82 HTTP/1.1\r\n" HOST "\r\n", "\"a\":\"あ\"");
  PASSES("GET /things/new HTTP/1.1\r\n" HOST "\r\n", "\"a\":\"\"");
  PASSES("POST /echo HTTP/1.1\r\n" HOST FORM "Content-Length: 3\r\n\r\na=b", "\"raw\":{\"a\":\"b\"}");
  PASSES("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", "\"raw\":{}");
  PASSES("GET /echo HTTP/1.1\r\nhost:example.jp  \r\nX:\r\nY: \t a b \t\r\n\r\n", "example.jp");
}

static void unknown_paths_are_the_dispatchers(void **state)
{
  SEND("GET /nowhere HTTP/1.1\r\n" HOST "\r\n");
  assert_int_equal(reply.status, 404);
  SEND("GET /echo/ HTTP/1.1\r\n" HOST "\r\n");
  assert_int_equal(reply.status, 404);
  SEND("POST /things/new HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n");
  assert_int_equal(reply.status, 405);
}

static void a_head_answer_has_no_body(void **state)
{
  SEND("HEAD /echo HTTP/1.1\r\n" HOST "\r\n");
  assert_int_equal(reply.status, 200);
  assert_string_equal(reply.body, "");
}

static void a_connection_serves_many_requests(void **state)
{
  int fd = client_connect(http_port(server));
  for (int i = 0; i < 20; i++) {
    static const char post[] = "POST /echo HTTP/1.1\r\n" HOST FORM "Content-Length: 3\r\n\r\na=b";
    static const char get[] = "GET /echo?x=%41 HTTP/1.1\r\n" HOST "\r\n";
    client_send(fd, post, sizeof(post) - 1);
    client_read(fd, false, &reply);
    assert_int_equal(reply.status, 200);
    client_send(fd, get, sizeof(get) - 1);
    client_read(fd, false, &reply);
    assert_non_null(strstr(reply.body, "{\"x\":\"A\"}"));
  }
  close(fd);
}

static void pipelined_requests_are_each_read_strictly(void **state)
{
  static const char both[] = "GET /echo HTTP/1.1\r\n" HOST "\r\nGET /echo HTTP/1.1\n" HOST "\r\n";
  int fd = client_connect(http_port(server));
  client_send(fd, both, sizeof(both) - 1);
  client_read(fd, false, &reply);
  assert_int_equal(reply.status, 200);
  client_read(fd, false, &reply);
  assert_int_equal(reply.status, 400);
  assert_true(client_closed(fd, 1000));
  close(fd);
}

static void a_slow_sender_is_read_whole(void **state)
{
  static const char text[] = "POST /echo?q=1 HTTP/1.1\r\n" HOST FORM "Content-Length: 5\r\n\r\na=b+c";
  int fd = client_connect(http_port(server));
  for (size_t i = 0; i < sizeof(text) - 1; i++) {
    client_send(fd, text + i, 1);
    usleep(500);
  }
  client_read(fd, false, &reply);
  assert_int_equal(reply.status, 200);
  assert_non_null(strstr(reply.body, "\"b c\""));
  close(fd);
}

static void lengths_that_two_readers_could_read_differently(void **state)
{
  REFUSED(400, "POST /echo HTTP/1.1\r\n" HOST FORM "Content-Length: 3\r\nContent-Length: 3\r\n\r\na=b");
  REFUSED(400, "POST /echo HTTP/1.1\r\n" HOST FORM "Content-Length: 3\r\nContent-Length: 5\r\n\r\na=b");
  REFUSED(400, "POST /echo HTTP/1.1\r\n" HOST FORM "Content-Length: +3\r\n\r\na=b");
  REFUSED(400, "POST /echo HTTP/1.1\r\n" HOST FORM "Content-Length: -3\r\n\r\na=b");
  REFUSED(400, "POST /echo HTTP/1.1\r\n" HOST FORM "Content-Length: 0x3\r\n\r\na=b");
  REFUSED(400, "POST /echo HTTP/1.1\r\n" HOST FORM "Content-Length: 3, 3\r\n\r\na=b");
  REFUSED(400, "POST /echo HTTP/1.1\r\n" HOST FORM "Content-Length: 3 3\r\n\r\na=b");
  REFUSED(400, "POST /echo HTTP/1.1\r\n" HOST FORM "Content-Length:\r\n\r\na=b");
  REFUSED(400, "POST /echo HTTP/1.1\r\n" HOST FORM
               "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n");
  REFUSED(411, "POST /echo HTTP/1.1\r\n" HOST FORM "Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n");
  REFUSED(411, "POST /echo HTTP/1.1\r\n" HOST FORM "\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc");
}

static void hosts(void **state)
{
  REFUSED(400, "GET /echo HTTP/1.1\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.0\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\nHost:\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\n" HOST HOST "\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\n" HOST "Host: other.jp\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\nHost: a/b\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\nHost: a@b\r\n\r\n");
}

static void header_lines(void **state)
{
  REFUSED(400, "GET /echo HTTP/1.1\r\nHost : example.jp\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\n" HOST "X\t: 1\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\n" HOST "X Y: 1\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\n" HOST ": 1\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\n" HOST ":\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\n" HOST "nothing\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\n X: 1\r\n" HOST "\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\n" HOST "X: 1\r\n folded\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\n" HOST "X: 1\r\n\tfolded\r\nY: 2\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\n" HOST "X: a\001b\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\n" HOST "X: a\177b\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\n" HOST "X: a\0b\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\n" HOST "X: a\0\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\n" HOST "X\0: a\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\n" HOST "X: \xC0\xAF\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\n" HOST "X: \xED\xA0\x80\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\n" HOST "X: \xFF\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\n" HOST "Cookie: a=1\r\nCookie: b=2\r\n\r\n");
}

static void line_ends(void **state)
{
  REFUSED(400, "GET /echo HTTP/1.1\nHost: example.jp\n\n");
  REFUSED(400, "GET /echo HTTP/1.1\n" HOST "\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\nHost: example.jp\nX: 1\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\nHost: example.jp\rX: 1\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\nHost: example.jp\r\r\n\r\n");
  REFUSED(400, "GET /echo HTTP/1.1\r\n" HOST "\n");
}

static void request_lines(void **state)
{
  REFUSED(400, "GET /echo\r\n" HOST "\r\n");
  REFUSED(400, "GET  /echo HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(400, "GET /echo  HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(400, "GET /echo HTTP/1.1 \r\n" HOST "\r\n");
  SEND("GET\t/echo\tHTTP/1.1\r\n" HOST "\r\n"); /* the library itself hangs up without a word */
  assert_true(reply.closed && (reply.status == 400 || reply.status == 0));
  REFUSED(400, "GET /echo x HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(501, "BREW /echo HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(501, "get /echo HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(400, "G{T /echo HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(405, "PUT /echo HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n");
  REFUSED(405, "OPTIONS * HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(405, "TRACE /echo HTTP/1.1\r\n" HOST "\r\n");
}

static void versions(void **state)
{
  SEND("GET /echo HTTP/1.0\r\n" HOST "\r\n");
  assert_int_equal(reply.status, 200);
  SEND("GET /echo HTTP/2.0\r\n" HOST "\r\n");
  assert_true(reply.status == 505 || reply.status == 400);
  assert_true(reply.closed);
  SEND("GET /echo http/1.1\r\n" HOST "\r\n");
  assert_true(reply.status == 505 || reply.status == 400);
  assert_true(reply.closed);
}

static void targets(void **state)
{
  REFUSED(400, "GET /echo\0x HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(400, "GET /echo%00 HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(400, "GET /echo%00x HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(400, "GET /echo?a=%00 HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(400, "GET /things%2Fnew HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(400, "GET /things/%2f HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(400, "GET /things/%5Cx HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(400, "GET /things/.. HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(400, "GET /things/%2e%2E HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(400, "GET //echo HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(400, "GET /echo%0A HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(400, "GET /things/%C0%AF HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(400, "GET /things/%E3%81 HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(400, "GET /things/%4 HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(400, "GET /things/%zz HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(400, "GET /things/\xE3\x81\x82 HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(400, "GET /echo?a=%FF HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(400, "GET /echo#x HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(400, "GET echo HTTP/1.1\r\n" HOST "\r\n");
  REFUSED(400, "GET http://example.jp/echo HTTP/1.1\r\n" HOST "\r\n");
}

#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the unit below may hold one %d */

/* head + count times unit + tail */
static void send_repeated(const char *head, const char *unit, int count, const char *tail)
{
  size_t size = strlen(head) + (size_t)count * (strlen(unit) + 8) + strlen(tail) + 1, n;
  char *bytes = malloc(size);
  assert_non_null(bytes);
  n = (size_t)snprintf(bytes, size, "%s", head);
  for (int i = 0; i < count; i++)
    n += (size_t)snprintf(bytes + n, size - n, unit, i);
  n += (size_t)snprintf(bytes + n, size - n, "%s", tail);
  send_bytes(bytes, n);
  free(bytes);
}

static void too_much(void **state)
{
  send_repeated("GET /echo?", "a", 2100, " HTTP/1.1\r\n" HOST "\r\n");
  assert_int_equal(reply.status, 414);
  assert_true(reply.closed);
  send_repeated("GET /echo HTTP/1.1\r\n" HOST, "X%d: 1\r\n", 63, "\r\n");
  assert_int_equal(reply.status, 200);
  send_repeated("GET /echo HTTP/1.1\r\n" HOST, "X%d: 1\r\n", 64, "\r\n");
  assert_int_equal(reply.status, 431);
  assert_true(reply.closed);
  send_repeated("GET /echo HTTP/1.1\r\n" HOST "X: ", "abcdefgh", 2400, "\r\n\r\n");
  assert_int_equal(reply.status, 431);
  assert_true(reply.closed);
  send_repeated("GET /echo HTTP/1.1\r\n" HOST "X: ", "abcdefgh", 20000, "\r\n\r\n");
  assert_true(reply.status == 431 || reply.status == 0); /* cut off while it was still sending */
  assert_true(reply.closed);
  REFUSED(413, "POST /echo HTTP/1.1\r\n" HOST FORM "Expect: 100-continue\r\nContent-Length: 4194305\r\n\r\n");
  REFUSED(413, "POST /echo HTTP/1.1\r\n" HOST FORM "Content-Length: 33554433\r\n\r\na");
  /* who is sending already is read to the end, so that the answer arrives */
  send_repeated("POST /echo HTTP/1.1\r\n" HOST FORM "Content-Length: 5242880\r\n\r\n", "abcdefghij", 524288, "");
  assert_int_equal(reply.status, 413);
  assert_true(reply.closed);
  REFUSED(413, "POST /echo HTTP/1.1\r\n" HOST FORM "Content-Length: 99999999999999999999999\r\n\r\na");
}

static long resident_mb(void)
{
  FILE *f = fopen("/proc/self/statm", "r");
  long pages = 0;
  assert_non_null(f);
  assert_int_equal(fscanf(f, "%*d %ld", &pages), 1);
  fclose(f);
  return pages * sysconf(_SC_PAGESIZE) >> 20;
}

/* Whoever announces four megabytes and sends a few bytes has no more than those; also when such memory was in use before. */
static void a_body_that_does_not_come_takes_no_memory(void **state)
{
  enum { GUESTS = 60 };
  static const char head[] = "POST /echo HTTP/1.1\r\n" HOST FORM "Content-Length: 4194304\r\n\r\na=1&b=2";
  int fd[GUESTS];
  long before = resident_mb(), most = 0;
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < GUESTS; i++) {
      fd[i] = client_connect(http_port(server));
      client_send(fd[i], head, sizeof(head) - 1);
    }
    SEND("GET /echo HTTP/1.1\r\n" HOST "\r\n"); /* all before it are read */
    most = resident_mb() > most ? resident_mb() : most;
    for (int i = 0; i < GUESTS; i++)
      close(fd[i]);
    SEND("GET /echo HTTP/1.1\r\n" HOST "\r\n");
  }
  assert_true(most - before < 60);
}

static void post_counted(const char *type, const char *head, const char *unit, int count, const char *tail)
{
  size_t size = 64 << 10, n = 0;
  char *body = malloc(size), top[400];
  assert_non_null(body);
  n += (size_t)snprintf(body, size, "%s", head);
  for (int i = 0; i < count; i++)
    n += (size_t)snprintf(body + n, size - n, unit, i);
  n += (size_t)snprintf(body + n, size - n, "%s", tail);
  assert_true(n < size);
  snprintf(top, sizeof(top), "POST /echo HTTP/1.1\r\n" HOST "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n", type, n);
  send_repeated(top, "", 0, body);
  free(body);
}

#define URLENCODED "application/x-www-form-urlencoded"
#define MULTIPART "multipart/form-data; boundary=\"b0\""
#define PART(name, value) "--b0\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"

static void forms(void **state)
{
  post_counted(URLENCODED, "", "p%d=1&", 2000, "");
  assert_int_equal(reply.status, 200);
  post_counted(URLENCODED, "", "p%d=1&", 2001, "");
  assert_int_equal(reply.status, 413);
  assert_true(reply.closed);
  static const char *const bad[] = {"a=%00", "a=%", "a=%C0%AF", "a=\xFF", "=b", "a=%E3%81", NULL};
  for (int i = 0; bad[i]; i++) {
    post_counted(URLENCODED, bad[i], "", 0, "");
    assert_int_equal(reply.status, 400);
    assert_true(reply.closed);
  }
  post_counted("text/plain", "a=b", "", 0, "");
  assert_int_equal(reply.status, 415);
  post_counted(URLENCODED "; charset=shift_jis", "a=b", "", 0, "");
  assert_int_equal(reply.status, 415);
  post_counted(URLENCODED "; charset=UTF-8", "a=b", "", 0, "");
  assert_int_equal(reply.status, 200);
}

static void multipart_forms(void **state)
{
  post_counted(MULTIPART, PART("a", "b\r\nc") PART("あ", "") "--b0--\r\n", "", 0, "");
  assert_int_equal(reply.status, 200);
  assert_non_null(strstr(reply.body, "\"raw\":{\"a\":\"b\\u000d\\nc\",\"あ\":\"\"}"));
  post_counted(MULTIPART, "", PART("p", "%d"), 50, "--b0--\r\n");
  assert_int_equal(reply.status, 200);
  post_counted(MULTIPART, "", PART("p", "%d"), 51, "--b0--\r\n");
  assert_int_equal(reply.status, 413);
  static const char *const bad[] = {PART("a", "b"), /* does not end */
                                    PART("a", "b") "--b0--x",
                                    "x" PART("a", "b") "--b0--",
                                    "--b0\r\n\r\nb\r\n--b0--",
                                    "--b0\r\nX: y\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--b0--",
                                    PART("a", "\xFF") "--b0--",
                                    PART("", "b") "--b0--",
                                    "--b0\r\nContent-Disposition: form-data; name=\"a\r\n\r\nb\r\n--b0--",
                                    NULL};
  for (int i = 0; bad[i]; i++) {
    post_counted(MULTIPART, bad[i], "", 0, "");
    assert_int_equal(reply.status, 400);
    assert_true(reply.closed);
  }
  post_counted(MULTIPART, "--b0\r\nContent-Disposition: form-data; name=\"a\"; filename=\"x\"\r\n\r\nb\r\n--b0--", "",
               0, "");
  assert_int_equal(reply.status, 415);
  post_counted("multipart/form-data", PART("a", "b") "--b0--", "", 0, "");
  assert_int_equal(reply.status, 400);
}

static void json_bodies(void **state)
{
  post_counted("application/json", "{\"a\":{\"b\":[1,true]}}", "", 0, "");
  assert_int_equal(reply.status, 200);
  assert_non_null(strstr(reply.body, "\"raw\":{\"a\":{\"b\":[1,true]}}"));
  static const char *const bad[] = {
      "{\"a\":1,\"a\":2}", "{\"a\":\"\\u0000\"}", "{\"a\":\"\xFF\"}", "[1]", "{", "{} x", NULL};
  for (int i = 0; bad[i]; i++) {
    post_counted("application/json", bad[i], "", 0, "");
    assert_int_equal(reply.status, 400);
    assert_true(reply.closed);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(plain_requests_pass),
      cmocka_unit_test(unknown_paths_are_the_dispatchers),
      cmocka_unit_test(a_head_answer_has_no_body),
      cmocka_unit_test(a_connection_serves_many_requests),
      cmocka_unit_test(pipelined_requests_are_each_read_strictly),
      cmocka_unit_test(a_slow_sender_is_read_whole),
      cmocka_unit_test(lengths_that_two_readers_could_read_differently),
      cmocka_unit_test(hosts),
      cmocka_unit_test(header_lines),
      cmocka_unit_test(line_ends),
      cmocka_unit_test(request_lines),
      cmocka_unit_test(versions),
      cmocka_unit_test(targets),
      cmocka_unit_test(too_much),
      cmocka_unit_test(a_body_that_does_not_come_takes_no_memory),
      cmocka_unit_test(forms),
      cmocka_unit_test(multipart_forms),
      cmocka_unit_test(json_bodies),
  };
  return cmocka_run_group_tests_name("http_strict", tests, start, stop);
}
