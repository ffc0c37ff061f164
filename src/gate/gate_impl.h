/* gate_impl.h: the gate's state of one request, for src/gate alone. */
#ifndef GATE_GATE_IMPL_H
#define GATE_GATE_IMPL_H
#include "base/clock.h"
#include "crypto/secret.h"
#include "gate/gate.h"

#define GATE_COOKIE "session"
enum { SEEN_EVERY_MS = 5 * 60000, KEY_KEPT_MS = 48 * 60 * 60000 };
enum need_kind { NEED_PUBLIC = 1, NEED_SIGNED_IN = 2, NEED_ACTION = 3, NEED_HALF = 4 };

struct gate {
  struct app *app;
  id64 network;
  struct str network_name, emergency;
  struct actor actor;
  ts_t membership_from, membership_until; /* of the chosen membership */
  unsigned char token_hash[HASH];
  struct str token;     /* empty, or token_hash */
  bool session, bearer; /* a live session or API token was found */
  bool waiting;         /* for the second factor */
  bool can_switch;
  bool as_service; /* gate_as_service() */
  struct str user, organization;
  enum lang lang;
  bool wareki;
  ts_t now, seen_at;
  int retry_after;     /* seconds; 0: nothing is said */
  unsigned status;     /* overrides the code's status on an error page */
  struct str back;     /* where an error page leads back to; empty: nowhere */
  struct str location; /* gate_location(), or what the first submit of this key answered */
  struct str key;      /* idempotency key with its path; empty: none */
  unsigned char body_hash[HASH];
  bool key_kept; /* by a write of this request: later ones just run */
  bool replayed;
  bool key_pending;             /* the key's row stands without a location */
  char detail[ERR_DETAIL_SIZE]; /* for the log */
  const char *code;
  struct needles *needles; /* what is concealed of whom this request touched */
  bool veiled, unveiled;   /* gate_veil(), gate_unveil() */
  bool concealed_warned;   /* the form comes back because of what was typed */
};

static inline struct gate *gate_of(const struct request *rq)
{
  return rq->gate;
}

/* --- session.c: host, session, token */
enum code session_load(struct request *rq, struct err *e) MUST_CHECK;
/* --- limit.c: LIMIT when token or address have asked too often */
struct rate {
  int burst, per_second;
};
enum code limit_bearer(struct request *rq, struct err *e) MUST_CHECK;
void limit_bad_token(struct request *rq);
enum code limit_page(struct request *rq,
                     struct err *e) MUST_CHECK; /* LIMIT for what is no bearer's, after session_load() knows whose */
/* --- guard.c: what must hold before a handler runs. *ret_answered: *rs is the answer already (a redirect). */
enum code guard_transport(struct request *rq, struct err *e) MUST_CHECK;
enum code guard_requirement(struct request *rq, struct response *rs, bool *ret_answered, struct err *e) MUST_CHECK;
enum code guard_post(struct request *rq, struct err *e) MUST_CHECK;
void guard_query_value(struct buf *b, struct str s); /* percent-encoded */
struct str guard_csrf(const struct request *rq);     /* the session's token as text; empty without a session */
/* --- tx.c */
enum code key_read(struct request *rq, struct err *e) MUST_CHECK;
enum code key_locate(struct request *rq, struct str path, struct err *e) MUST_CHECK;
struct db_who gate_who(const struct request *rq);
/* --- veil.c: called at the end of a transaction that went well */
enum code veil_collect(struct tx *tx, struct request *rq, struct err *e) MUST_CHECK;
/* INVALID where what was typed tells something concealed; the log then holds a refusal: somebody was told that a guess was right. */
enum code veil_check(struct tx *tx, struct request *rq, struct err *e) MUST_CHECK;
/* The document as it may leave. */
void veil_doc(struct request *rq, struct doc *d);
struct str veil_text(const struct request *rq, struct str text);
bool veil_holds_file(const struct request *rq);
/* --- layout.c: the document `page` */
struct doc *layout_doc(struct request *rq, struct response *rs, struct str title, bool with_key);
void layout_notice(struct request *rq, struct response *rs, const char *notice);
/* --- page.c */
void page_error(struct request *rq, struct response *rs, enum code c, const struct err *e);
/* --- refusal.c: what was turned away before anybody was asked who sends it */
void page_refusal(struct request *rq, struct response *rs, unsigned status, const char *why, struct err *e);
/* --- static.c */
bool static_answer(struct request *rq, struct response *rs);
bool language_answer(struct request *rq, struct response *rs);

#endif
