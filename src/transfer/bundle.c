#include "transfer/bundle.h"

enum { LENGTH = 8, NAME_MOST = 40 };

void bundle_add(struct buf *b, struct str name, struct str bytes)
{
  buf_add_c(b, (char)name.n);
  buf_add(b, name);
  for (int shift = 8 * (LENGTH - 1); shift >= 0; shift -= 8)
    buf_add_c(b, (char)(bytes.n >> shift & 0xff));
  buf_add(b, bytes);
}

static bool name_ok(struct str name)
{
  for (size_t i = 0; i < name.n; i++) {
    char c = name.p[i];
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-'))
      return false;
  }
  return name.n > 0;
}

const struct bundle_part *bundle_find(const struct bundle *b, struct str name)
{
  for (size_t i = 0; i < b->count; i++)
    if (str_eq(b->part[i].name, name))
      return &b->part[i];
  return NULL;
}

static bool read_part(struct str *rest, struct bundle_part *ret)
{
  size_t name = (unsigned char)rest->p[0];
  uint64_t n = 0;
  if (name > NAME_MOST || rest->n < 1 + name + LENGTH)
    return false;
  for (size_t i = 0; i < LENGTH; i++)
    n = n << 8 | (unsigned char)rest->p[1 + name + i];
  size_t head = 1 + name + LENGTH;
  if (n > rest->n - head)
    return false;
  *ret = (struct bundle_part){str_sub(*rest, 1, name), str_sub(*rest, head, (size_t)n)};
  *rest = str_sub(*rest, head + (size_t)n, rest->n);
  return name_ok(ret->name);
}

bool bundle_read(struct str bytes, struct bundle *ret)
{
  ret->count = 0;
  while (bytes.n) {
    struct bundle_part p;
    if (ret->count == BUNDLE_PARTS || !read_part(&bytes, &p) || bundle_find(ret, p.name))
      return false;
    ret->part[ret->count++] = p;
  }
  return ret->count > 0;
}
