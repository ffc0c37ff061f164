#include "audit/canonical.h"

#include "base/limits.h"

uint64_t canonical_read_u64(const char *p)
{
  uint64_t v = 0;
  for (int i = 0; i < 8; i++)
    v = v << 8 | (unsigned char)p[i];
  return v;
}

static void add_u64(struct buf *b, uint64_t v)
{
  char bytes[8];
  for (int i = 0; i < 8; i++)
    bytes[i] = (char)(v >> (56 - 8 * i));
  buf_add(b, (struct str){bytes, sizeof bytes});
}

static void add_i64(struct buf *b, int64_t v)
{
  add_u64(b, (uint64_t)v);
}

static void add_str(struct buf *b, struct str s)
{
  add_u64(b, s.n);
  buf_add(b, s);
}

enum code canonical_hash(struct arena *a, const unsigned char *key, id64 network, const struct chain *chain, ts_t at,
                         const struct event *ev, unsigned char ret[HASH], struct err *e)
{
  struct buf b;
  buf_init(&b, a, LIMIT_PAGE);
  buf_add(&b, (struct str){(const char *)chain->head, HASH});
  const int64_t numbers[] = {
      network,    chain->id,        chain->head_seq, at,          (int64_t)ev->kind, ev->action, ev->role,
      ev->user,   ev->organization, ev->membership,  ev->session, ev->person,        ev->object, ev->categories,
      ev->reason, ev->reason_ref,   ev->fact_rev};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    add_i64(&b, numbers[i]);
  add_str(&b, ev->ids);
  add_str(&b, ev->request);
  if (b.failed)
    return err_oom(e);
  hash_keyed(key, buf_str(&b), ret);
  return OK;
}
