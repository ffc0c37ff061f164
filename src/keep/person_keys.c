/* person_keys.c: the keys of all persons of a network while it is exported or imported: a table of open addresses. */
#include <sodium.h>

#include "keep/open_row.h"

enum { FIRST_SLOTS = 1024, KEYS_AT_ONCE = 5000 };

struct slot {
  id64 person; /* 0: free */
  struct seal_key key;
};
struct person_keys {
  struct slot *slot; /* a power of two, at most three quarters full */
  size_t slots, count;
};

struct person_keys *person_keys_new(void)
{
  return calloc(1, sizeof(struct person_keys));
}

static void free_slots(struct slot *slot, size_t n)
{
  if (slot)
    sodium_memzero(slot, n * sizeof(*slot));
  free(slot);
}

void person_keys_free(struct person_keys *k)
{
  if (k)
    free_slots(k->slot, k->slots);
  free(k);
}

static struct slot *place(struct slot *slot, size_t slots, id64 person)
{
  size_t i = (size_t)((uint64_t)person * 0x9e3779b97f4a7c15U >> 20) & (slots - 1);
  while (slot[i].person && slot[i].person != person)
    i = (i + 1) & (slots - 1);
  return &slot[i];
}

static bool grow(struct person_keys *k)
{
  size_t slots = k->slots ? 2 * k->slots : FIRST_SLOTS;
  struct slot *fresh = calloc(slots, sizeof(*fresh));
  if (!fresh)
    return false;
  for (size_t i = 0; i < k->slots; i++)
    if (k->slot[i].person)
      *place(fresh, slots, k->slot[i].person) = k->slot[i];
  free_slots(k->slot, k->slots);
  k->slot = fresh;
  k->slots = slots;
  return true;
}

bool person_keys_put(struct person_keys *k, id64 person, const struct seal_key *key)
{
  if (4 * (k->count + 1) > 3 * k->slots && !grow(k))
    return false;
  struct slot *s = place(k->slot, k->slots, person);
  k->count += !s->person;
  *s = (struct slot){person, *key};
  return true;
}

const struct seal_key *person_keys_get(const struct person_keys *k, id64 person)
{
  const struct slot *s = k->slots && person ? place(k->slot, k->slots, person) : NULL;
  return s && s->person ? &s->key : NULL;
}

/* --- from the database --- */

struct load {
  struct person_keys *k;
  const struct keyfile *keys;
  id64 network, last;
  size_t some;
};

static enum code take_key(void *arg, const struct key_row *row, struct err *e)
{
  struct load *l = arg;
  struct seal_key key;
  l->last = row->person;
  l->some++;
  enum code c = key_unwrap(l->keys, l->network, row->epoch, row->person, row->wrapped, &key, e);
  if (c == OK && !person_keys_put(l->k, row->person, &key))
    c = err_oom(e);
  return c;
}

enum code person_keys_load(struct tx *tx, const struct keyfile *keys, struct person_keys *k, struct err *e)
{
  struct load l = {.k = k, .keys = keys, .network = tx_network(tx)};
  enum code c = OK;
  do {
    l.some = 0;
    c = keep_sql_keys(tx, l.last, 0, KEYS_AT_ONCE, take_key, &l, e);
  } while (c == OK && l.some == KEYS_AT_ONCE);
  return c;
}
