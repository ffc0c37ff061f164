/* catalog.h: the table behind tr(), made at build time from locale/en (gen/po.c) and sorted by id. For catalog.c and its test. */
#ifndef VIEW_CATALOG_H
#define VIEW_CATALOG_H
#include "base/str.h"

struct translation {
  struct str id, text;
  const char *where; /* "person.po:12" */
};

extern const struct translation catalog_en[];
extern const size_t catalog_en_count;

#endif
