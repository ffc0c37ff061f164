/* emergency_tell.c: who is told of an emergency look at once, and once more when its review is still owed a day before its time is over. */
#include "base/clock.h"
#include "protect/emergency_sql.h"

enum { OWED_AT_ONCE = 200, REMIND_AFTER_MS = 48 * MS_HOUR, REMIND_DAYS = 14 };

enum code emergency_tell(struct tx *tx, const struct emergency_told *t, enum notice_kind kind, struct err *e)
{
  struct notice n = {.kind = kind,
                     .organization = t->organization,
                     .thing = t->id,
                     .at = t->from,
                     .whole = ACTION_CONNECTION_ASSIGN,
                     .by = t->user};
  id64 lead = 0;
  enum code c = mail_tell(tx, &n, e);
  if (c == OK && t->case_id)
    c = emergency_sql_lead(tx, t->case_id, &lead, e);
  n.organization = lead;
  return c == OK && lead ? mail_tell(tx, &n, e) : c;
}

struct owed {
  struct emergency_told list[OWED_AT_ONCE];
  size_t count;
};

static enum code take(void *arg, const struct emergency_told *t, struct err *e)
{
  struct owed *o = arg;
  if (o->count < OWED_AT_ONCE)
    o->list[o->count++] = *t;
  return OK;
}

static enum code remind(struct tx *tx, void *arg, struct err *e)
{
  ts_t now = tx_now(tx);
  struct owed *o = arena_new_of(tx_arena(tx), struct owed);
  if (!o)
    return err_oom(e);
  enum code c =
      emergency_sql_owed(tx, now - (ts_t)REMIND_DAYS * MS_DAY, now - REMIND_AFTER_MS, OWED_AT_ONCE, take, o, e);
  for (size_t i = 0; c == OK && i < o->count; i++)
    c = emergency_tell(tx, &o->list[i], NOTICE_REVIEW, e);
  return c;
}

enum code emergency_remind(struct db *db, id64 network, struct err *e)
{
  const struct db_who who = {.network = network, .service = true};
  return db_write(db, "emergency_remind", &who, remind, NULL, e);
}
