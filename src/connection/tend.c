/* tend.c: what time does by itself: a connection that nobody answers for the network's number of days ends. */
#include "audit/audit.h"
#include "connection/connection.h"
#include "connection/connection_sql.h"

enum { EXPIRE_AT_ONCE = 200 }; /* the rest an hour later */

struct expiring {
  struct connection list[EXPIRE_AT_ONCE];
  size_t count;
};

static enum code take(void *arg, const struct connection *c, struct str to, struct err *e)
{
  struct expiring *x = arg;
  (void)to;
  (void)e;
  if (x->count < EXPIRE_AT_ONCE)
    x->list[x->count++] = *c;
  return OK;
}

static enum code expire_one(struct tx *tx, const struct connection *c, struct err *e)
{
  enum connection_state next;
  if (!connection_next(c->state, STEP_EXPIRE, &next))
    return OK;
  audit_add(tx, &(struct event){.kind = EVENT_ADMIN,
                                .action = ACTION_CONNECTION_READ,
                                .organization = c->to_organization,
                                .object = c->id,
                                .role = ROLE_SERVICE}); /* a value, not a decision */
  return connection_sql_move(tx, c, next, 0, e);
}

static enum code expire(struct tx *tx, void *arg, struct err *e)
{
  (void)arg;
  struct expiring *x = arena_new_of(tx_arena(tx), struct expiring);
  if (!x)
    return err_oom(e);
  enum code c = connection_sql_expiring(tx, EXPIRE_AT_ONCE, take, x, e);
  for (size_t i = 0; c == OK && i < x->count; i++)
    c = expire_one(tx, &x->list[i], e);
  if (c == OK && x->count)
    c = network_bump_facts(tx, e);
  if (c == OK)
    c = connection_tell_silent(tx, e);
  return c == OK ? audit_flush(tx, e) : c;
}

enum code connection_tend(struct db *db, id64 network, struct err *e)
{
  const struct db_who who = {.network = network, .service = true};
  return db_write(db, "connection_expire", &who, expire, NULL, e);
}
