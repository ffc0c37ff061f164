/* ids.h: a set of ids, asked once it is complete. */
#ifndef PERSON_IDS_H
#define PERSON_IDS_H
#include <stdlib.h>

#include "base/err.h"
#include "base/id.h"

struct ids { /* ids_sort() before ids_have() */
  id64 *at;
  size_t n, room;
};

static inline enum code ids_add(struct arena *a, struct ids *ids, id64 id, struct err *e)
{
  if (ids->n == ids->room) {
    size_t room = ids->room ? 2 * ids->room : 256;
    ids->at = arena_grow(a, ids->at, ids->room * sizeof *ids->at, room * sizeof *ids->at);
    ids->room = room;
  }
  if (!ids->at)
    return err_oom(e);
  ids->at[ids->n++] = id;
  return OK;
}

static inline int ids_order(const void *a, const void *b)
{
  id64 x = *(const id64 *)a, y = *(const id64 *)b;
  return (x > y) - (x < y);
}

static inline void ids_sort(struct ids *ids)
{
  if (ids->n)
    qsort(ids->at, ids->n, sizeof *ids->at, ids_order);
}

static inline bool ids_have(const struct ids *ids, id64 id)
{
  return ids->n && bsearch(&id, ids->at, ids->n, sizeof *ids->at, ids_order);
}

#endif
