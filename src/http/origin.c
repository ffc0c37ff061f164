/* origin.c: who asks and how: the peer's address, or what a trusted proxy says of it; JSON or a page. */
#include <netdb.h>
#include <sys/socket.h>

#include "http/http_impl.h"

static struct str peer_address(const struct exchange *x)
{
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  char text[NI_MAXHOST];
  if (!info || !info->client_addr)
    return STR_NONE;
  socklen_t size = info->client_addr->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
  if (getnameinfo(info->client_addr, size, text, sizeof(text), NULL, 0, NI_NUMERICHOST) != 0)
    return STR_NONE;
  return str_copy(x->rq.arena, str_from(text));
}

static struct str last_of_list(struct str list)
{
  struct str part, last = STR_NONE;
  while (str_split(&list, ',', &part))
    last = str_trim(part);
  return last;
}

/* RFC 9110, 12.4.2: 0 or 1, and at most three decimals of it; in thousandths. What is no such number is 0: not wanted. */
static int quality(struct str q)
{
  int v = 0;
  if (!q.n || q.n > 5 || (q.p[0] != '0' && q.p[0] != '1') || (q.n > 1 && q.p[1] != '.'))
    return 0;
  for (size_t i = 0, weight = 1000; i < q.n; i++) {
    if (i == 1)
      continue;
    if (q.p[i] < '0' || q.p[i] > '9')
      return 0;
    v += (q.p[i] - '0') * (int)weight;
    weight /= 10;
  }
  return v <= 1000 ? v : 0;
}

/* The q of a media type in an Accept header, 0..1000; 0 when it is not there. Wildcards do not count. */
static int accept_quality(struct arena *a, struct str accept, const char *type)
{
  struct str part, q;
  while (str_split(&accept, ',', &part)) {
    part = str_trim(part);
    if (!str_is(header_first_token(part), type))
      continue;
    if (!header_parameter(a, part, "q", &q))
      return 1000;
    return quality(q);
  }
  return 0;
}

void origin_read(struct exchange *x)
{
  struct request *rq = &x->rq;
  const struct http_options *o = &x->server->options;
  rq->address = peer_address(x);
  rq->https = o->tls_cert.n > 0;
  if (o->trusted_proxy.n && str_eq(rq->address, o->trusted_proxy)) {
    struct str forwarded = last_of_list(request_header(rq, "x-forwarded-for"));
    if (forwarded.n)
      rq->address = forwarded;
    rq->https = str_is(last_of_list(request_header(rq, "x-forwarded-proto")), "https");
  }
  struct str accept = request_header(rq, "accept");
  int json = accept_quality(rq->arena, accept, "application/json");
  rq->wants_json = json > accept_quality(rq->arena, accept, "text/html") ||
                   (!accept.n && str_is(header_first_token(request_header(rq, "content-type")), "application/json"));
}
