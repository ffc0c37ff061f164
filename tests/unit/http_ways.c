/* http_ways.c: the ways a request may come: TLS of our own, a trusted proxy, a proxy nobody named; and what cookies are then
 * called. And stopping: what is under way is finished. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <pthread.h>
#include <unistd.h>

#include "../support/http_client.h"
#include "http/http.h"

static enum code show(struct request *rq, struct response *rs, struct err *e)
{
  response_cookie(rq, rs, "session", S("tok"), 0);
  response_cookie(rq, rs, "lang", S("en"), 60);
  rs->type = S("text/plain");
  rs->body = str_printf(rq->arena, "https=%d address=%.*s session=%.*s json=%d", rq->https, STR_FMT(rq->address),
                        STR_FMT(request_cookie(rq, "session")), rq->wants_json);
  return OK;
}

static enum code wait_a_little(struct request *rq, struct response *rs, struct err *e)
{
  usleep(300000);
  rs->body = S("done");
  return OK;
}

static enum code jump(struct request *rq, struct response *rs, struct err *e)
{
  response_redirect(rq, rs, doc_get_str(rq->query, "to"));
  return OK;
}

#define OPEN                                                                                                           \
  {                                                                                                                    \
    .declared = 1                                                                                                      \
  }
ROUTE_DEFINE(r_show, GET, "/show", OPEN, .handle = show);
ROUTE_DEFINE(r_wait, GET, "/wait", OPEN, .handle = wait_a_little);
ROUTE_DEFINE(r_slow, GET, "/slow", OPEN, .handle = wait_a_little, .slow = true);
ROUTE_DEFINE(r_jump, GET, "/jump", OPEN, .handle = jump);

static void dispatch(struct request *rq, struct response *rs)
{
  struct err e = {0};
  if (!rq->route || rq->route->handle(rq, rs, &e) != OK)
    rs->status = 404;
}

static struct http_server *serve(struct http_options o)
{
  struct http_server *s = NULL;
  struct err e = {0};
  o.dispatch = dispatch;
  o.listen = o.listen.n ? o.listen : S("127.0.0.1:0");
  if (http_start(&o, &s, &e) != OK) {
    err_print(stderr, &e);
    fail();
  }
  return s;
}

static struct reply reply;
static char value[400];

static void ask(struct http_server *s, const char *text)
{
  client_ask(http_port(s), text, strlen(text), &reply);
}

static void a_plain_server_believes_nobody(void **state)
{
  struct http_server *s = serve((struct http_options){.workers = 2});
  ask(s, "GET /show HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 10.1.2.3\r\nX-Forwarded-Proto: https\r\nCookie: a=b; "
         "session=x\r\n\r\n");
  assert_string_equal(reply.body, "https=0 address=127.0.0.1 session=x json=0");
  assert_string_equal(reply_header(&reply, "Set-Cookie", value, sizeof(value)),
                      "session=tok; Path=/; HttpOnly; SameSite=Lax");
  http_stop(s);
}

static void a_trusted_proxy_speaks_for_its_client(void **state)
{
  struct http_server *s = serve((struct http_options){.workers = 2, .trusted_proxy = S("127.0.0.1")});
  ask(s, "GET /show HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6, 10.1.2.3\r\nX-Forwarded-Proto: https\r\n"
         "Cookie: session=plain; __Host-session=y\r\n\r\n");
  assert_string_equal(reply.body, "https=1 address=10.1.2.3 session=y json=0");
  assert_string_equal(reply_header(&reply, "Set-Cookie", value, sizeof(value)),
                      "__Host-session=tok; Path=/; HttpOnly; SameSite=Lax; Secure");
  ask(s, "GET /show HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 10.1.2.3\r\nX-Forwarded-Proto: http\r\n\r\n");
  assert_non_null(strstr(reply.body, "https=0 address=10.1.2.3"));
  http_stop(s);
}

static void json_by_preference(void **state)
{
  struct http_server *s = serve((struct http_options){.workers = 2});
  static const struct {
    const char *accept, *wanted;
  } cases[] = {{"application/json", "json=1"},
               {"text/html,application/xhtml+xml,*/*;q=0.8", "json=0"},
               {"text/html;q=0.5, application/json", "json=1"},
               {"application/json;q=0.5, text/html", "json=0"},
               {"*/*", "json=0"}};
  for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
    char text[300];
    snprintf(text, sizeof(text), "GET /show HTTP/1.1\r\nHost: a\r\nAccept: %s\r\n\r\n", cases[i].accept);
    ask(s, text);
    assert_non_null(strstr(reply.body, cases[i].wanted));
  }
  http_stop(s);
}

static void a_redirect_stays_here(void **state)
{
  struct http_server *s = serve((struct http_options){.workers = 2});
  static const char *const to[][2] = {{"/a/b%3Fc=d", "/a/b?c=d"},           {"//evil.example", "/"},
                                      {"http://evil.example", "/"},         {"/%5Cevil", "/"},
                                      {"/a%0D%0AX:%20y", "/a%0D%0AX:%20y"}, {"", "/"}};
  for (size_t i = 0; i < sizeof(to) / sizeof(*to); i++) {
    char text[300];
    snprintf(text, sizeof(text), "GET /jump?to=%s HTTP/1.1\r\nHost: a\r\n\r\n", to[i][0]);
    ask(s, text);
    assert_int_equal(reply.status, 303);
    assert_string_equal(reply_header(&reply, "Location", value, sizeof(value)), to[i][1]);
  }
  http_stop(s);
}

static void *ask_wait(void *arg)
{
  static struct reply late[2];
  static int n;
  struct reply *r = &late[__atomic_fetch_add(&n, 1, __ATOMIC_RELAXED)];
  static const char *const text[] = {"GET /wait HTTP/1.1\r\nHost: a\r\n\r\n", "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"};
  const char *mine = text[r - late];
  client_ask(*(int *)arg, mine, strlen(mine), r);
  return r;
}

static void stopping_finishes_what_is_under_way(void **state)
{
  struct http_server *s = serve((struct http_options){.workers = 2});
  int port = http_port(s), idle = client_connect(port);
  pthread_t t[2];
  for (int i = 0; i < 2; i++)
    pthread_create(&t[i], NULL, ask_wait, &port);
  usleep(100000);
  http_stop(s);
  for (int i = 0; i < 2; i++) {
    void *r = NULL;
    pthread_join(t[i], &r);
    assert_int_equal(((struct reply *)r)->status, 200);
    assert_string_equal(((struct reply *)r)->body, "done");
  }
  assert_true(client_closed(idle, 1000));
  close(idle);
}

static void bad_options_are_said(void **state)
{
  struct http_server *s = NULL;
  struct err e = {0};
  struct http_options o = {.dispatch = dispatch, .listen = S("example.jp:80")};
  assert_int_equal(http_start(&o, &s, &e), INVALID);
  o.listen = S("127.0.0.1");
  assert_int_equal(http_start(&o, &s, &e), INVALID);
  o = (struct http_options){.dispatch = dispatch, .listen = S("127.0.0.1:0"), .tls_cert = S("/tmp/x")};
  assert_int_equal(http_start(&o, &s, &e), INVALID);
  o.tls_key = S("/tmp/does-not-exist");
  assert_int_equal(http_start(&o, &s, &e), IO);
  struct http_server *first = serve((struct http_options){.workers = 2});
  char taken[40];
  int n = snprintf(taken, sizeof(taken), "127.0.0.1:%d", http_port(first));
  o = (struct http_options){.dispatch = dispatch, .listen = {taken, (size_t)n}};
  assert_int_equal(http_start(&o, &s, &e), IO);
  http_stop(first);
}

/* --- TLS, with a certificate of the moment --- */

static void write_file(const char *path, const gnutls_datum_t *d)
{
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  assert_true(fd >= 0 && write(fd, d->data, d->size) == (ssize_t)d->size);
  close(fd);
}

static void make_certificate(const char *cert_path, const char *key_path)
{
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t crt;
  gnutls_datum_t out;
  assert_int_equal(gnutls_x509_privkey_init(&key), 0);
  assert_int_equal(
      gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0), 0);
  assert_int_equal(gnutls_x509_crt_init(&crt), 0);
  gnutls_x509_crt_set_version(crt, 3);
  gnutls_x509_crt_set_serial(crt, "1", 1);
  gnutls_x509_crt_set_activation_time(crt, time(NULL) - 60);
  gnutls_x509_crt_set_expiration_time(crt, time(NULL) + 3600);
  gnutls_x509_crt_set_dn(crt, "CN=localhost", NULL);
  gnutls_x509_crt_set_key(crt, key);
  assert_int_equal(gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0), 0);
  assert_int_equal(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &out), 0);
  write_file(cert_path, &out);
  gnutls_free(out.data);
  assert_int_equal(gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &out), 0);
  write_file(key_path, &out);
  gnutls_free(out.data);
  gnutls_x509_crt_deinit(crt);
  gnutls_x509_privkey_deinit(key);
}

struct tls {
  int fd;
  gnutls_session_t session;
  gnutls_certificate_credentials_t credentials;
};

static void tls_open(struct tls *t, int port, const char *priorities)
{
  t->fd = client_connect(port);
  gnutls_certificate_allocate_credentials(&t->credentials);
  gnutls_init(&t->session, GNUTLS_CLIENT);
  gnutls_priority_set_direct(t->session, priorities, NULL);
  gnutls_credentials_set(t->session, GNUTLS_CRD_CERTIFICATE, t->credentials);
  gnutls_transport_set_int(t->session, t->fd);
}

static void tls_close(struct tls *t)
{
  gnutls_deinit(t->session);
  gnutls_certificate_free_credentials(t->credentials);
  close(t->fd);
}

static const char *tls_ask(struct tls *t, const char *text)
{
  static char bytes[8192];
  size_t n = 0;
  gnutls_record_send(t->session, text, strlen(text));
  for (;;) {
    ssize_t got = gnutls_record_recv(t->session, bytes + n, sizeof(bytes) - 1 - n);
    if (got <= 0)
      break;
    n += (size_t)got;
    bytes[n] = '\0';
    if (strstr(bytes, "json=0") || strstr(bytes, "line end"))
      break;
  }
  bytes[n] = '\0';
  return bytes;
}

static void tls_is_as_strict_and_keeps_its_connection(void **state)
{
  char cert[64], key[64];
  snprintf(cert, sizeof(cert), "/tmp/tsunagu-test-%d.crt", (int)getpid());
  snprintf(key, sizeof(key), "/tmp/tsunagu-test-%d.pem", (int)getpid());
  make_certificate(cert, key);
  struct http_server *s =
      serve((struct http_options){.workers = 2, .tls_cert = str_from(cert), .tls_key = str_from(key)});
  struct tls t;
  tls_open(&t, http_port(s), "NORMAL");
  assert_int_equal(gnutls_handshake(t.session), 0);
  for (int i = 0; i < 5; i++) {
    const char *got = tls_ask(&t, "GET /show HTTP/1.1\r\nHost: a\r\nCookie: session=no; __Host-session=yes\r\n\r\n");
    assert_non_null(strstr(got, "https=1 address=127.0.0.1 session=yes"));
    assert_non_null(strstr(got, "Set-Cookie: __Host-session=tok; Path=/; HttpOnly; SameSite=Lax; Secure"));
  }
  assert_non_null(strstr(tls_ask(&t, "GET /show HTTP/1.1\nHost: a\r\n\r\n"), "HTTP/1.1 400"));
  tls_close(&t);
  tls_open(&t, http_port(s), "NORMAL:-VERS-ALL:+VERS-TLS1.1");
  assert_true(gnutls_handshake(t.session) < 0);
  tls_close(&t);
  http_stop(s);
  unlink(cert);
  unlink(key);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_plain_server_believes_nobody),
      cmocka_unit_test(a_trusted_proxy_speaks_for_its_client),
      cmocka_unit_test(json_by_preference),
      cmocka_unit_test(a_redirect_stays_here),
      cmocka_unit_test(stopping_finishes_what_is_under_way),
      cmocka_unit_test(bad_options_are_said),
      cmocka_unit_test(tls_is_as_strict_and_keeps_its_connection),
  };
  return cmocka_run_group_tests_name("http_ways", tests, NULL, NULL);
}
