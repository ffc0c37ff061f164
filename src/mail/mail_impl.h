/* mail_impl.h: the inside of src/mail. */
#ifndef MAIL_MAIL_IMPL_H
#define MAIL_MAIL_IMPL_H
#include "base/clock.h"
#include "mail/mail.h"
#include "view/view.h"

/* clang-format off */
enum {
  MAIL_CLAIM_MS = 10 * MS_MINUTE,  /* longer than sending one takes (MAIL_SECONDS) */
  MAIL_SECONDS = 90,
  MAIL_CONNECT_SECONDS = 20,
  MAIL_LONGEST_WAIT_MS = 6 * MS_HOUR,
  MAIL_KEPT_DAYS = 60, MAIL_GIVE_UP_DAYS = 3, MAIL_TRIES = 40,
  MAIL_MORNING_MINUTE = 7 * 60 + 30,
  MAIL_ROWS = 100, /* in one mail */
  MAIL_ADDRESS = 254
};
/* clang-format on */

/* ---- a mail's text (letter.c) */
struct letter {
  const char *from;
  struct str to, message, url; /* url may be empty */
  enum lang lang;
  uint32_t kinds; /* 1 << enum notice_kind */
  ts_t at;
};
/* The whole of it, lines ending in CR LF. INVALID where an address is none: nothing of it gets into a header. */
enum code letter_write(struct arena *a, const struct letter *l, struct str *ret, struct err *e) MUST_CHECK;

/* ---- handing it to a server (smtp.c) */
enum smtp_result {
  SMTP_SENT,
  SMTP_REFUSED, /* this recipient, for good */
  SMTP_LATER,   /* this mail, for now */
  SMTP_DOWN     /* the server as a whole: nothing else is tried now */
};
/* `why`: one of our own words for what went wrong, never the server's (which may repeat the address). *stop ends it early: LATER. */
enum smtp_result smtp_send(const struct mail_settings *m, struct str to, struct str text, const bool *stop,
                           const char **ret_why);
/* The word for a person. */
struct str smtp_why_text(enum lang lang, struct str why);

/* ---- statements (mail_sql.c) */
struct mail_member {
  id64 membership, user;
  enum role role;
  bool morning, assigned;
};
typedef enum code (*mail_member_fn)(void *arg, const struct mail_member *m, struct err *e);
enum code mail_sql_members(struct tx *tx, id64 organization, id64 case_id, mail_member_fn fn, void *arg,
                           struct err *e) MUST_CHECK;
enum code mail_sql_closed(struct tx *tx, id64 organization, struct str day, bool *ret, struct err *e) MUST_CHECK;
enum code mail_sql_add(struct tx *tx, const struct mail_member *to, const struct notice *n, ts_t next,
                       struct err *e) MUST_CHECK;
enum code mail_sql_preference(struct tx *tx, id64 user, struct arena *a, struct mail_preference *ret,
                              struct err *e) MUST_CHECK;
enum code mail_sql_prefer(struct tx *tx, id64 user, const struct mail_preference *p, struct err *e) MUST_CHECK;

struct mail_due {
  id64 network, user;
  struct str message; /* empty: not tried yet */
};
struct mail_due_list {
  struct mail_due list[MAIL_ROWS];
  size_t count;
};
enum code mail_sql_due(struct tx *tx, struct mail_due_list *ret, struct err *e) MUST_CHECK;
enum code mail_sql_claim(struct tx *tx, const struct mail_due *d, struct str message, int64_t *ret,
                         struct err *e) MUST_CHECK;
struct mail_row {
  id64 id, membership, person;
  enum notice_kind kind;
  int64_t tries;
  ts_t created;
  enum role role;
  id64 organization;
};
struct mail_rows {
  struct mail_row list[MAIL_ROWS];
  size_t count;
};
enum code mail_sql_rows(struct tx *tx, struct str message, struct mail_rows *ret, struct err *e) MUST_CHECK;
struct mail_reader {
  struct mail_preference preference;
  bool disabled;
  enum lang lang;
  struct str host; /* of the network; may be empty */
};
enum code mail_sql_reader(struct tx *tx, id64 user, struct mail_reader *ret, struct err *e) MUST_CHECK;
enum code mail_sql_drop(struct tx *tx, id64 row, struct err *e) MUST_CHECK;
/* next: when it is tried again (state waiting); 0: done. */
enum code mail_sql_done(struct tx *tx, struct str message, const char *state, const char *why, ts_t next,
                        struct err *e) MUST_CHECK;
enum code mail_sql_give_up(struct tx *tx, ts_t before, int64_t *ret, struct err *e) MUST_CHECK;
enum code mail_sql_forget(struct tx *tx, ts_t before, struct err *e) MUST_CHECK;
enum code mail_sql_state(struct tx *tx, struct mail_state *ret, struct err *e) MUST_CHECK;
enum code mail_sql_state_here(struct tx *tx, struct mail_state *ret, struct err *e) MUST_CHECK;
struct mail_failed {
  id64 user;
  struct str name, why, state; /* borrowed */
  ts_t at;
  int64_t tries;
};
typedef enum code (*mail_failed_fn)(void *arg, const struct mail_failed *f, struct err *e);
/* What failed, or is being tried again; the newest first. */
enum code mail_sql_failed(struct tx *tx, int limit, mail_failed_fn fn, void *arg, struct err *e) MUST_CHECK;
enum code mail_sql_again(struct tx *tx, struct err *e) MUST_CHECK;

#endif
