/* doc_node.h: the inside of a node, for doc.c and json.c alone. */
#ifndef BASE_DOC_NODE_H
#define BASE_DOC_NODE_H
#include "base/doc.h"

struct doc_entry {
  struct str key; /* empty in a list */
  struct doc *value;
};

struct doc {
  enum doc_kind kind;
  struct arena *arena;
  union {
    bool truth;
    int64_t integer;
    double real;
    struct str text;
    struct {
      struct doc_entry *entry;
      uint32_t
          *slot; /* hashed maps: 2 * size of them, index of an entry + 1, 0 is free; NULL in small maps and lists */
      uint32_t n, size;
      uint64_t marks; /* maps: a bit for each key; one that is not set says that the key is not there */
    } c;
  };
};

struct doc *doc_node(struct arena *a, enum doc_kind kind);

#endif
