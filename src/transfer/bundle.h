/* bundle.h: several named parts as one run of bytes: for each the length of its name (1 byte), the name, the length of its bytes (8, big-endian),
 * the bytes. Names are [a-z0-9.-]. */
#ifndef TRANSFER_BUNDLE_H
#define TRANSFER_BUNDLE_H
#include "base/err.h"
#include "base/str.h"

enum { BUNDLE_PARTS = 128 };
struct bundle_part {
  struct str name, bytes;
};
struct bundle {
  struct bundle_part part[BUNDLE_PARTS];
  size_t count;
};
void bundle_add(struct buf *b, struct str name, struct str bytes);
/* The parts point into `bytes`. False: it is none, or a name comes twice. */
bool bundle_read(struct str bytes, struct bundle *ret);
const struct bundle_part *bundle_find(const struct bundle *b, struct str name); /* NULL: none */

#endif
