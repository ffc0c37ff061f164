/* tell.c: whom a step of a connection is told to (mail/mail.h). */
#include "base/clock.h"
#include "connection/connection_sql.h"
#include "mail/mail.h"

enum { SILENT_AT_ONCE = 500, SILENT_LOOKED_DAYS = 7 };

enum code connection_tell_sent(struct tx *tx, const struct scope *s, const struct connection *c, struct err *e)
{
  const struct notice n = {.kind = NOTICE_SENT,
                           .organization = c->to_organization,
                           .person = c->person,
                           .case_id = c->case_id,
                           .thing = c->id,
                           .at = tx_now(tx),
                           .users = {c->to_user},
                           .workers = true,
                           .whole = ACTION_CONNECTION_ASSIGN,
                           .by = scope_actor(s)->user};
  return mail_tell(tx, &n, e);
}

enum code connection_tell_answer(struct tx *tx, const struct scope *s, const struct connection *c,
                                 enum connection_state to, struct err *e)
{
  struct notice n = {.organization = c->from_organization,
                     .person = c->person,
                     .case_id = c->case_id,
                     .thing = c->id,
                     .at = tx_now(tx),
                     .users = {c->from_user},
                     .workers = true,
                     .whole = ACTION_CONNECTION_ASSIGN,
                     .by = scope_actor(s)->user};
  if (!notice_parse(str_from(connection_state_code(to)), &n.kind) || !notice_words(n.kind)->mail)
    return OK;
  return mail_tell(tx, &n, e);
}

enum code connection_tell_worker(struct tx *tx, const struct scope *s, const struct connection *c, id64 worker,
                                 struct err *e)
{
  const struct notice n = {.kind = NOTICE_HANDED,
                           .organization = c->to_organization,
                           .person = c->person,
                           .case_id = c->case_id,
                           .thing = c->case_id,
                           .at = tx_now(tx),
                           .users = {worker},
                           .whole = ACTION_COUNT,
                           .by = scope_actor(s)->user};
  return worker ? mail_tell(tx, &n, e) : OK;
}

/* ---- silence: time does it, so that it is looked for ---------------------------------------------------------------------- */

struct silent {
  struct connection list[SILENT_AT_ONCE];
  size_t count;
};

static enum code take(void *arg, const struct connection *c, struct str to, struct err *e)
{
  struct silent *x = arg;
  if (x->count < SILENT_AT_ONCE)
    x->list[x->count++] = *c;
  return OK;
}

/* At the sender, at the receiver, and at the coordinating body, which sees the clock and not the person. */
static enum code tell_silent(struct tx *tx, const struct connection *c, id64 coordinating, struct err *e)
{
  struct notice n = {.kind = NOTICE_SILENT,
                     .organization = c->from_organization,
                     .person = c->person,
                     .case_id = c->case_id,
                     .thing = c->id,
                     .at = c->sent_at,
                     .users = {c->from_user},
                     .workers = true,
                     .whole = ACTION_CONNECTION_ASSIGN};
  enum code code = mail_tell(tx, &n, e);
  n.organization = c->to_organization;
  n.users[0] = c->to_user;
  if (code == OK)
    code = mail_tell(tx, &n, e);
  const struct notice clock = {.kind = NOTICE_SILENT,
                               .organization = coordinating,
                               .thing = c->id,
                               .at = c->sent_at,
                               .whole = ACTION_CLOCK_LIST};
  return code == OK && coordinating ? mail_tell(tx, &clock, e) : code;
}

enum code connection_tell_silent(struct tx *tx, struct err *e)
{
  struct silent *x = arena_new_of(tx_arena(tx), struct silent);
  id64 coordinating = 0;
  if (!x)
    return err_oom(e);
  enum code c = connection_sql_coordinating(tx, &coordinating, e);
  if (c == OK)
    c = connection_sql_silent_since(tx, tx_now(tx) - (ts_t)SILENT_LOOKED_DAYS * MS_DAY, SILENT_AT_ONCE, take, x, e);
  for (size_t i = 0; c == OK && i < x->count; i++)
    c = tell_silent(tx, &x->list[i], coordinating, e);
  return c;
}
