/* served.h: a world with the product's own server in front of it: visitors with sessions, who ask over the wire as a browser does. */
#ifndef TESTS_SERVED_H
#define TESTS_SERVED_H
#include "fixture.h"

#include "gate/gate.h"

enum { TOKEN_SIZE = 48, CSRF_SIZE = 40, PATH_SIZE = 600 };

/* One answer; its bytes belong to `struct served` and stand until the next question. */
struct reply_page {
  int status;
  const char *bytes; /* head and body, NUL-terminated */
  size_t n;
  const char *body; /* in bytes */
  char location[PATH_SIZE];
};

struct served {
  struct world w;
  struct app app;
  struct http_server *server;
  char *room; /* of the last answer */
  size_t room_size;
  struct reply_page page;
  int keys; /* idempotency keys handed out */
};

/* Somebody at a browser; without a token the public. */
struct visitor {
  const char *name;
  struct actor actor;
  char token[TOKEN_SIZE], csrf[CSRF_SIZE];
};

enum sign_in { SIGNED_FULL, SIGNED_ONE_FACTOR, SIGNED_NO_MEMBERSHIP };

void served_new(struct served *s);
void served_free(struct served *s);
/* A session of v->actor, known by the cookie v->token; the forms' token v->csrf is read from the visitor's own page. */
void served_sign_in(struct served *s, struct visitor *v, enum sign_in how);
/* A new user with a membership, signed in. */
struct visitor served_member(struct served *s, id64 organization, enum role role, const char *name);

/* What the answer should be: a page, or JSON. */
enum wanted { WANT_HTML = 0, WANT_JSON = 1, WANT_ENGLISH = 2 }; /* flags */
int served_get(struct served *s, const struct visitor *v, const char *path, int want);
/* A form's POST; body without _csrf and _key, which are added. */
int served_post(struct served *s, const struct visitor *v, const char *path, const char *body, int want);
/* The same with a body as of printf(), from a page to pages. */
int served_form(struct served *s, const struct visitor *v, const char *path, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* The page has this text. */
bool served_shows(struct served *s, const struct visitor *v, const char *path, const char *text);
/* A JSON document as it is, n bytes. */
int served_post_json(struct served *s, const struct visitor *v, const char *path, const char *json, size_t n);
/* The same of any type, as it is. */
int served_post_raw(struct served *s, const struct visitor *v, const char *path, const char *type, const char *body,
                    size_t n);
/* Any request: method, path, header lines besides Host and cookies, and a body. */
int served_any(struct served *s, const struct visitor *v, const char *method, const char *path, const char *lines,
               const char *body, size_t n);
/* Bytes as they are, on a connection of their own. */
int served_bytes(struct served *s, const char *bytes, size_t n);
/* The text of the PDF that came last, as it reads on paper; until the next call. */
const char *served_printed(struct served *s);
/* The POST that must lead somewhere: fails the test otherwise. Returns the path. */
const char *served_do(struct served *s, const struct visitor *v, const char *path, const char *body);
/* The answer without what may differ between two equal ones (Date, X-Request-Id): malloc. */
char *served_comparable(const struct served *s);
/* "/cases/<id><tail>" in one of a few static buffers. */
const char *served_path(const char *head, id64 id, const char *tail);
/* Bytes as a form's value: %XX for whatever is no letter or digit; malloc. */
char *served_encode(const char *bytes, size_t n);

#endif
