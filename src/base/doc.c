/* doc.c: the arena document. A map is an array of entries in the order of insertion; above MAP_LINEAR keys a table of
 * slots, open addressing and keyed hash (what a request sends must not be able to aim at one slot), points into it. */
#include "base/doc.h"

#include <pthread.h>
#include <sodium.h>

#include "base/doc_node.h"

enum { MAP_LINEAR = 32, ENTRIES_FIRST = 8 };

static unsigned char hash_key[crypto_shorthash_KEYBYTES];
static pthread_once_t hash_once = PTHREAD_ONCE_INIT;

static void hash_key_make(void)
{
  randombytes_buf(hash_key, sizeof(hash_key));
}

static uint32_t hash_of(struct str key)
{
  unsigned char h[crypto_shorthash_BYTES];
  uint32_t v;
  pthread_once(&hash_once, hash_key_make);
  crypto_shorthash(h, (const unsigned char *)key.p, key.n, hash_key);
  memcpy(&v, h, sizeof(v));
  return v;
}

struct doc *doc_node(struct arena *a, enum doc_kind kind)
{
  struct doc *d = arena_new_of(a, struct doc);
  if (d) {
    d->kind = kind;
    d->arena = a;
  }
  return d;
}

struct doc *doc_map(struct arena *a)
{
  return doc_node(a, DOC_MAP);
}

struct doc *doc_list(struct arena *a)
{
  return doc_node(a, DOC_LIST);
}

struct doc *doc_str(struct arena *a, struct str s)
{
  struct doc *d = doc_node(a, DOC_STR);
  if (d)
    d->text = str_copy(a, s);
  return d;
}

struct doc *doc_bool(struct arena *a, bool v)
{
  struct doc *d = doc_node(a, DOC_BOOL);
  if (d)
    d->truth = v;
  return d;
}

static struct doc *doc_int(struct arena *a, int64_t v)
{
  struct doc *d = doc_node(a, DOC_INT);
  if (d)
    d->integer = v;
  return d;
}

/* --- maps --- */

static uint32_t *slot_for(const struct doc *map, struct str key)
{
  uint32_t mask = 2 * map->c.size - 1;
  for (uint32_t i = hash_of(key) & mask;; i = (i + 1) & mask) {
    uint32_t *slot = &map->c.slot[i];
    if (*slot == 0 || str_eq(map->c.entry[*slot - 1].key, key))
      return slot;
  }
}

static uint64_t mark_of(struct str key)
{
  size_t last = key.n ? key.n - 1 : 0;
  unsigned h =
      key.n ? (unsigned char)key.p[0] * 3u + (unsigned char)key.p[last / 2] * 7u + (unsigned char)key.p[last] : 0;
  return (uint64_t)1 << ((h + key.n * 11) & 63);
}

static bool is_at(const struct doc_entry *at, struct str key)
{
  return at->key.n == key.n && (at->key.p == key.p || key.n == 0 || memcmp(at->key.p, key.p, key.n) == 0);
}

static struct doc_entry *find(const struct doc *map, struct str key)
{
  if (!map || map->kind != DOC_MAP || !(map->c.marks & mark_of(key)))
    return NULL;
  if (map->c.slot) {
    uint32_t at = *slot_for(map, key);
    return at ? &map->c.entry[at - 1] : NULL;
  }
  for (uint32_t i = 0; i < map->c.n; i++)
    if (is_at(&map->c.entry[i], key))
      return &map->c.entry[i];
  return NULL;
}

/* At most half of the slots are taken. */
static bool map_index(struct doc *map)
{
  map->c.slot = arena_array(map->arena, 2 * (size_t)map->c.size, sizeof(*map->c.slot));
  if (!map->c.slot)
    return false;
  for (uint32_t i = 0; i < map->c.n; i++)
    *slot_for(map, map->c.entry[i].key) = i + 1;
  return true;
}

static bool grow(struct doc *d)
{
  uint32_t size = d->c.size ? d->c.size * 2 : ENTRIES_FIRST; /* a power of two: the slots need it */
  size_t old = d->c.size * sizeof(*d->c.entry);
  struct doc_entry *entry = arena_stretch(d->arena, d->c.entry, old, size * sizeof(*entry));
  if (!entry)
    return false;
  d->c.entry = entry;
  d->c.size = size;
  return d->kind != DOC_MAP || size <= MAP_LINEAR || map_index(d);
}

static void append(struct doc *d, struct str key, struct doc *value)
{
  if (d->c.n == d->c.size && !grow(d))
    return;
  d->c.entry[d->c.n] = (struct doc_entry){key, value};
  d->c.n++;
  d->c.marks |= mark_of(key);
  if (d->c.slot)
    *slot_for(d, key) = d->c.n;
}

static void map_put(struct doc *map, struct str key, struct doc *value)
{
  if (!map || !value)
    return;
  if (map->kind != DOC_MAP) {
    (void)BUG(NULL, "doc_put into something that is not a map");
    return;
  }
  struct doc_entry *there = find(map, key);
  if (there) {
    (void)BUG(NULL, "doc_put: key is there already");
    there->value = value; /* the later one wins in production */
    return;
  }
  append(map, key, value);
}

void doc_put(struct doc *map, const char *key, struct doc *value)
{
  map_put(map, str_from(key), value);
}

void doc_replace(struct doc *map, const char *key, struct doc *value)
{
  struct doc_entry *there = find(map, str_from(key));
  if (there && value)
    there->value = value;
  else
    map_put(map, str_from(key), value);
}

void doc_put_key(struct doc *map, struct str key, struct doc *value)
{
  if (!map)
    return;
  struct str copy = str_copy(map->arena, key);
  if (copy.p)
    map_put(map, copy, value);
}

void doc_put_str(struct doc *map, const char *key, struct str s)
{
  if (map)
    doc_put(map, key, doc_str(map->arena, s));
}

void doc_put_cstr(struct doc *map, const char *key, const char *s)
{
  doc_put_str(map, key, str_from(s));
}

void doc_put_int(struct doc *map, const char *key, int64_t v)
{
  if (map)
    doc_put(map, key, doc_int(map->arena, v));
}

void doc_put_real(struct doc *map, const char *key, double v)
{
  struct doc *d = map ? doc_node(map->arena, DOC_REAL) : NULL;
  if (!d)
    return;
  d->real = v;
  doc_put(map, key, d);
}

void doc_put_bool(struct doc *map, const char *key, bool v)
{
  if (map)
    doc_put(map, key, doc_bool(map->arena, v));
}

void doc_put_null(struct doc *map, const char *key)
{
  if (map)
    doc_put(map, key, doc_node(map->arena, DOC_NULL));
}

void doc_put_id(struct doc *map, const char *key, id64 id)
{
  if (id == 0)
    doc_put_null(map, key);
  else if (map)
    doc_put_str(map, key, id_text(map->arena, id));
}

struct doc *doc_put_map(struct doc *map, const char *key)
{
  struct doc *child = map ? doc_map(map->arena) : NULL;
  doc_put(map, key, child);
  return child;
}

struct doc *doc_put_list(struct doc *map, const char *key)
{
  struct doc *child = map ? doc_list(map->arena) : NULL;
  doc_put(map, key, child);
  return child;
}

/* --- lists --- */

void doc_add(struct doc *list, struct doc *value)
{
  if (!list || !value)
    return;
  if (list->kind != DOC_LIST)
    (void)BUG(NULL, "doc_add to something that is not a list");
  else
    append(list, STR_NONE, value);
}

struct doc *doc_copy(struct arena *a, const struct doc *d)
{
  enum doc_kind kind = doc_kind(d);
  struct doc *copy = kind == DOC_MAP ? doc_map(a) : kind == DOC_LIST ? doc_list(a) : doc_node(a, kind);
  if (copy && d && kind != DOC_MAP && kind != DOC_LIST)
    *copy = *d;
  for (size_t i = 0; kind == DOC_MAP && i < doc_size(d); i++)
    doc_put_key(copy, doc_key_at(d, i), doc_copy(a, doc_value_at(d, i)));
  for (size_t i = 0; kind == DOC_LIST && i < doc_size(d); i++)
    doc_add(copy, doc_copy(a, doc_at(d, i)));
  return copy;
}

void doc_set_str(struct doc *d, struct str s)
{
  if (d && d->kind == DOC_STR)
    d->text = s;
}

void doc_make_list(struct doc *d, struct doc *second)
{
  struct doc *first = d ? doc_node(d->arena, d->kind) : NULL;
  if (!first)
    return;
  *first = *d;
  *d = (struct doc){.kind = DOC_LIST, .arena = first->arena};
  doc_add(d, first);
  doc_add(d, second);
}

void doc_add_str(struct doc *list, struct str s)
{
  if (list)
    doc_add(list, doc_str(list->arena, s));
}

void doc_add_int(struct doc *list, int64_t v)
{
  if (list)
    doc_add(list, doc_int(list->arena, v));
}

struct doc *doc_add_map(struct doc *list)
{
  struct doc *child = list ? doc_map(list->arena) : NULL;
  doc_add(list, child);
  return child;
}

struct doc *doc_add_list(struct doc *list)
{
  struct doc *child = list ? doc_list(list->arena) : NULL;
  doc_add(list, child);
  return child;
}

/* --- reading --- */

enum doc_kind doc_kind(const struct doc *d)
{
  return d ? d->kind : DOC_NULL;
}

size_t doc_size(const struct doc *d)
{
  return d && (d->kind == DOC_LIST || d->kind == DOC_MAP) ? d->c.n : 0;
}

struct doc *doc_at(const struct doc *list, size_t i)
{
  return doc_kind(list) == DOC_LIST && i < list->c.n ? list->c.entry[i].value : NULL;
}

struct doc *doc_get_key(const struct doc *map, struct str key)
{
  struct doc_entry *there = find(map, key);
  return there ? there->value : NULL;
}

struct doc *doc_get_near(const struct doc *map, struct str key, uint32_t *place)
{
  if (doc_kind(map) == DOC_MAP && *place < map->c.n && is_at(&map->c.entry[*place], key))
    return map->c.entry[*place].value;
  struct doc_entry *there = find(map, key);
  if (!there)
    return NULL;
  *place = (uint32_t)(there - map->c.entry);
  return there->value;
}

struct doc *doc_get(const struct doc *map, const char *key)
{
  return doc_get_key(map, str_from(key));
}

struct str doc_key_at(const struct doc *map, size_t i)
{
  return doc_kind(map) == DOC_MAP && i < map->c.n ? map->c.entry[i].key : STR_NONE;
}

struct doc *doc_value_at(const struct doc *map, size_t i)
{
  return doc_kind(map) == DOC_MAP && i < map->c.n ? map->c.entry[i].value : NULL;
}

struct str doc_string(const struct doc *d)
{
  return doc_kind(d) == DOC_STR ? d->text : STR_NONE;
}

int64_t doc_integer(const struct doc *d)
{
  return doc_kind(d) == DOC_INT ? d->integer : 0;
}

double doc_number(const struct doc *d)
{
  if (doc_kind(d) == DOC_INT)
    return (double)d->integer;
  return doc_kind(d) == DOC_REAL ? d->real : 0;
}

bool doc_truth(const struct doc *d)
{
  return doc_kind(d) == DOC_BOOL && d->truth;
}

struct str doc_get_str(const struct doc *map, const char *key)
{
  return doc_string(doc_get(map, key));
}

int64_t doc_get_int(const struct doc *map, const char *key)
{
  return doc_integer(doc_get(map, key));
}

bool doc_get_bool(const struct doc *map, const char *key)
{
  return doc_truth(doc_get(map, key));
}

bool doc_get_id(const struct doc *map, const char *key, id64 *ret)
{
  return id_parse(doc_get_str(map, key), ret);
}

static bool containers_equal(const struct doc *a, const struct doc *b)
{
  if (a->c.n != b->c.n)
    return false;
  for (uint32_t i = 0; i < a->c.n; i++) {
    const struct doc *other = a->kind == DOC_LIST ? b->c.entry[i].value : doc_get_key(b, a->c.entry[i].key);
    if (!other || !doc_equal(a->c.entry[i].value, other))
      return false;
  }
  return true;
}

bool doc_equal(const struct doc *a, const struct doc *b)
{
  if (doc_kind(a) != doc_kind(b))
    return false;
  switch (doc_kind(a)) {
  case DOC_NULL:
    return true;
  case DOC_BOOL:
    return a->truth == b->truth;
  case DOC_INT:
    return a->integer == b->integer;
  case DOC_REAL:
    return !(a->real < b->real) && !(a->real > b->real);
  case DOC_STR:
    return str_eq(a->text, b->text);
  case DOC_LIST:
  case DOC_MAP:
    return containers_equal(a, b);
  }
  return false;
}
