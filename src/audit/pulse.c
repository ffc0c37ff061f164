/* pulse.c: a glance at the newest chains, cheap enough to be asked every few seconds. */
#include "audit/audit_sql.h"

STMT_READ(q_heads, "audit_pulse_heads",
          "SELECT c.head_seq, c.head_hash, (SELECT MAX(e.seq) FROM event e WHERE e.network_id = $1 AND e.chain_id = "
          "c.id), x.at, x.hash"
          " FROM (SELECT id, head_seq, head_hash FROM chain WHERE network_id = $1 ORDER BY id DESC LIMIT 32) c"
          " LEFT JOIN event x ON x.network_id = $1 AND x.chain_id = c.id AND x.seq = c.head_seq");
STMT_READ(q_checkpoint, "audit_pulse_checkpoint", "SELECT MAX(at) FROM checkpoint WHERE network_id = $1");

static bool head_fits(const struct rows *r)
{
  int64_t seq = rows_int(r, 0);
  if (seq == 0)
    return rows_null(r, 2);
  return rows_int(r, 2) == seq && secret_equal(rows_bytes(r, 1), rows_bytes(r, 4));
}

static enum code look(struct tx *tx, void *arg, struct err *e)
{
  struct audit_pulse *p = arg;
  struct rows r;
  *p = (struct audit_pulse){0};
  enum code c = db_query(tx, &q_heads, &r, e, BINDS(b_int(tx_network(tx))));
  if (c != OK)
    return c;
  while (rows_next(&r)) {
    p->chains++;
    p->wrong += !head_fits(&r);
    if (rows_int(&r, 3) > p->newest)
      p->newest = rows_int(&r, 3);
  }
  c = rows_end(&r, e);
  return c == OK ? db_ask_int(tx, &q_checkpoint, &p->checkpoint, e, BINDS(b_int(tx_network(tx)))) : c;
}

enum code audit_pulse(struct db *db, id64 network, struct audit_pulse *ret, struct err *e)
{
  const struct db_who who = {.network = network, .service = true};
  return db_read(db, &who, look, ret, e);
}
