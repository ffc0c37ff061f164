/* reply.h: 返事のリンク — a receiver without an account answers by a link that expires and a code told by telephone. The link holds nothing of
 * anybody; without the code it shows nothing; with it, what consent or law opens to the receiving organization at that moment. It takes one
 * answer, from whichever window it was opened in. A new link ends the one before. Wrong codes are counted before they are looked at; after
 * REPLY_WRONG the link is over, and its sender is told. */
#ifndef CONNECTION_REPLY_H
#define CONNECTION_REPLY_H
#include "connection/connection.h"
#include "crypto/secret.h"

enum { REPLY_DAYS = 14, REPLY_SESSION_MS = 60 * 60000, REPLY_WRONG = 10, REPLY_TRIES = 5, REPLY_TRIES_ADDRESS = 30 };

struct reply_secrets {
  struct str token, code;           /* told once: 43 letters, eight digits "4821-0937" */
  struct str token_hash, code_hash; /* HASH bytes each */
};
/* Before the transaction. */
struct reply_secrets reply_secrets_new(struct arena *a, const struct keyfile *keys);
struct str reply_code_fold(struct arena *a, struct str typed); /* the digits alone, also of full width */
struct str reply_token_hash(struct arena *a, const struct keyfile *keys, struct str token);
struct str reply_code_hash(struct arena *a, const struct keyfile *keys, struct str token, struct str code);

/* The sender makes one. `s`: for SHEET_SEND. CONFLICT: nothing is waited for. */
enum code reply_make(struct tx *tx, const struct scope *s, const struct connection *c, const struct reply_secrets *new,
                     struct err *e) MUST_CHECK;
/* The newest link of a connection, for its sender: {word, until, has_link, live}. */
enum code reply_put_state(struct tx *tx, const struct connection *c, struct arena *a, const struct reader *who,
                          struct doc *d, struct err *e) MUST_CHECK;

struct reply_link {
  id64 id, connection, person;
  struct str code_hash;
  ts_t until;
};
/* As the service. NOT_FOUND where there is no such link; CONFLICT says to whoever has the right one why it is over: used, guessed at, replaced, late, or
 * nothing is waited for any more. */
enum code reply_find(struct tx *tx, struct str token_hash, struct reply_link *ret, struct err *e) MUST_CHECK;
/* Right: the browser may look for REPLY_SESSION_MS. Wrong: counted (OK all the same, so that the count is kept). */
enum code reply_try(struct tx *tx, const struct reply_link *l, struct str code_hash, struct str session_hash,
                    bool *ret_right, struct err *e) MUST_CHECK;
/* The connection behind a window's session, and the scope of whoever holds the link. As reply_find(); NOT_FOUND where there is no such session. */
enum code reply_enter(struct tx *tx, enum action action, struct str session_hash, struct reply_link *ret_link,
                      struct connection *ret, const struct scope **ret_scope, struct err *e) MUST_CHECK;
/* The answer comes back into the connection; the link is used. `a->told_by`: who writes. */
enum code reply_answer(struct tx *tx, const struct scope *s, const struct reply_link *l, const struct connection *c,
                       const struct answer *a, struct err *e) MUST_CHECK;

#endif
