/* hsds_set.c: records by kind and id; ids of our own. */
#include "crypto/secret.h"
#include "directory/hsds.h"

struct hsds_set *hsds_set_new(struct arena *a)
{
  struct hsds_set *s = arena_new_of(a, struct hsds_set);
  if (!s)
    return NULL;
  s->arena = a;
  s->index = doc_map(a);
  s->sources = doc_list(a);
  return s;
}

static struct str key_of(char room[80], enum hsds_kind kind, struct str id)
{
  int n = snprintf(room, 80, "%d %.*s", (int)kind, (int)(id.n > 64 ? 64 : id.n), id.p);
  return (struct str){room, (size_t)n};
}

struct hsds_record *hsds_find(const struct hsds_set *s, enum hsds_kind kind, struct str id)
{
  char room[80];
  int64_t at = doc_integer(doc_get_key(s->index, key_of(room, kind, id)));
  return at ? s->all[at - 1] : NULL;
}

struct hsds_record *hsds_find_any(const struct hsds_set *s, enum hsds_kind kind, struct str id)
{
  if (kind != HSDS_ANY)
    return hsds_find(s, kind, id);
  for (int k = 0; k < HSDS_KINDS; k++) {
    struct hsds_record *r = hsds_find(s, (enum hsds_kind)k, id);
    if (r)
      return r;
  }
  return NULL;
}

static bool make_room(struct hsds_set *s)
{
  if (s->total < s->room)
    return true;
  size_t room = s->room ? s->room * 2 : 64;
  s->all = arena_grow(s->arena, s->all, s->room * sizeof(*s->all), room * sizeof(*s->all));
  s->room = room;
  return s->all != NULL;
}

struct hsds_record *hsds_add(struct hsds_set *s, enum hsds_kind kind, struct str id)
{
  char room[80];
  struct hsds_record *r = make_room(s) ? arena_new_of(s->arena, struct hsds_record) : NULL;
  struct doc *holder = doc_map(s->arena);
  if (!r || !holder)
    return NULL;
  r->kind = kind;
  r->id = str_copy(s->arena, id);
  r->fields = doc_map(s->arena);
  doc_put_str(r->fields, "id", id);
  s->all[s->total++] = r;
  doc_put_int(holder, "at", (int64_t)s->total);
  doc_put_key(s->index, key_of(room, kind, id), doc_get(holder, "at"));
  if (s->last[kind])
    s->last[kind]->next = r;
  else
    s->first[kind] = r;
  s->last[kind] = r;
  s->count[kind]++;
  return r;
}

static void index_record(struct hsds_set *s, size_t at)
{
  const struct hsds_record *r = s->all[at];
  for (const struct hsds_field *f = hsds_tables[r->kind].fields; f->name && !r->gone; f++) {
    struct str id = f->is_reference ? doc_get_str(r->fields, f->name) : STR_NONE;
    if (!id.n)
      continue;
    struct str key = str_printf(s->arena, "%d %s %.*s", (int)r->kind, f->name, STR_FMT(id));
    struct doc *list = doc_get_key(s->children, key);
    if (!list)
      doc_put_key(s->children, key, list = doc_list(s->arena));
    doc_add_int(list, (int64_t)at);
  }
}

const struct doc *hsds_children(struct hsds_set *s, enum hsds_kind kind, const char *by, struct str id)
{
  char room[160];
  if (!s->children)
    s->children = doc_map(s->arena);
  for (; s->indexed < s->total; s->indexed++)
    index_record(s, s->indexed);
  int n = snprintf(room, sizeof(room), "%d %s %.*s", (int)kind, by, (int)(id.n > 64 ? 64 : id.n), id.p);
  return doc_get_key(s->children, (struct str){room, (size_t)n});
}

struct hsds_record *hsds_at(const struct hsds_set *s, const struct doc *list, size_t i)
{
  return s->all[doc_integer(doc_at(list, i))];
}

void hsds_put(struct hsds_record *r, const char *field, struct str text)
{
  if (r && text.n)
    doc_put_str(r->fields, field, text);
}

struct str hsds_get(const struct hsds_record *r, const char *field)
{
  return r ? doc_get_str(r->fields, field) : STR_NONE;
}

/* ---- ids ---------------------------------------------------------------------------------------------------------------- */

static struct str uuid_text(struct arena *a, const unsigned char b[16])
{
  static const char digits[] = "0123456789abcdef";
  char text[36];
  size_t n = 0;
  for (int i = 0; i < 16; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10)
      text[n++] = '-';
    text[n++] = digits[b[i] >> 4];
    text[n++] = digits[b[i] & 15];
  }
  return str_copy(a, (struct str){text, n});
}

/* RFC 9562, version 8: the row's 63 bits in front, 56 bits of a hash of network and kind behind. */
static void uuid_bytes(id64 network, enum hsds_kind kind, id64 id, unsigned char b[16])
{
  unsigned char hash[HASH];
  char text[80];
  uint64_t v = (uint64_t)id;
  int n = snprintf(text, sizeof(text), "tsunagu directory %s %lld", hsds_tables[kind].name, (long long)network);
  hash_bytes((struct str){text, (size_t)n}, hash);
  for (int i = 0; i < 6; i++)
    b[i] = (unsigned char)(v >> (56 - 8 * i));
  b[6] = (unsigned char)(0x80 | ((v >> 12) & 0x0F));
  b[7] = (unsigned char)(v >> 4);
  b[8] = (unsigned char)(0x80 | ((v & 0x0F) << 2) | (hash[7] & 0x03));
  memcpy(b + 9, hash, 7);
}

struct str hsds_uuid(struct arena *a, id64 network, enum hsds_kind kind, id64 id)
{
  unsigned char b[16];
  uuid_bytes(network, kind, id, b);
  return uuid_text(a, b);
}

struct str hsds_uuid_of(struct arena *a, const char *what, struct str words)
{
  unsigned char hash[HASH];
  struct str text = str_printf(a, "tsunagu directory %s %.*s", what, STR_FMT(words));
  hash_bytes(text, hash);
  hash[6] = (unsigned char)(0x80 | (hash[6] & 0x0F));
  hash[8] = (unsigned char)(0x80 | (hash[8] & 0x3F));
  return uuid_text(a, hash);
}

static int hex_digit(char c)
{
  return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool uuid_parse(struct str s, unsigned char b[16])
{
  size_t at = 0;
  for (int i = 0; i < 16; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10)
      at += at < s.n && s.p[at] == '-';
    int high = at + 1 < s.n ? hex_digit(s.p[at]) : -1, low = at + 1 < s.n ? hex_digit(s.p[at + 1]) : -1;
    if (high < 0 || low < 0)
      return false;
    b[i] = (unsigned char)(high * 16 + low);
    at += 2;
  }
  return at == s.n;
}

id64 hsds_uuid_local(id64 network, enum hsds_kind kind, struct str uuid)
{
  unsigned char b[16], again[16];
  uint64_t v = 0;
  if (uuid.n != 36 || !uuid_parse(uuid, b))
    return 0;
  for (int i = 0; i < 6; i++)
    v = v << 8 | b[i];
  v = v << 4 | (b[6] & 0x0F);
  v = v << 8 | b[7];
  v = v << 4 | ((b[8] >> 2) & 0x0F);
  uuid_bytes(network, kind, (id64)v, again);
  return v <= INT64_MAX && memcmp(b, again, sizeof(again)) == 0 ? (id64)v : 0;
}
