/* http_server.c: answers 200 to everything that passes the server's strictness; for http_head.py. Prints its port; ends with its
 * standard input. */
#include <unistd.h>

#include "http/http.h"

static void dispatch(struct request *rq, struct response *rs)
{
  rs->status = 200;
  rs->type = S("text/plain");
  rs->body = S("passed");
}

int main(void)
{
  struct err e = {0};
  struct http_server *s = NULL;
  struct http_options o = {.listen = S("127.0.0.1:0"), .dispatch = dispatch, .workers = 2};
  if (http_start(&o, &s, &e) != OK) {
    err_print(stderr, &e);
    return 1;
  }
  printf("%d\n", http_port(s));
  fflush(stdout);
  char byte;
  while (read(0, &byte, 1) > 0)
    ;
  http_stop(s);
  return 0;
}
