/* ids.h: a page's ids as a table in a statement: fifty parameters, the unused ones 0, which is nobody's id. Use:
 *   "WITH page (id) AS (" IDS_FROM_4 ") SELECT … FROM page g CROSS JOIN …", with ids_bind() after the first three values. */
#ifndef DB_IDS_H
#define DB_IDS_H
#include "base/limits.h"
#include "db/db.h"

/* clang-format off */
#define IDS_FROM_4 "VALUES (CAST($4 AS bigint)), " IDS_5_TO_53
#define IDS_FROM_5 "VALUES (CAST($5 AS bigint)), " IDS_6_TO_53 ", ($54)"
#define IDS_5_TO_53 "($5), " IDS_6_TO_53
#define IDS_6_TO_53 \
  "($6), ($7), ($8), ($9), ($10), ($11), ($12), ($13), ($14), ($15), ($16), ($17), ($18), ($19), ($20), ($21), ($22)," \
  " ($23), ($24), ($25), ($26), ($27), ($28), ($29), ($30), ($31), ($32), ($33), ($34), ($35), ($36), ($37), ($38)," \
  " ($39), ($40), ($41), ($42), ($43), ($44), ($45), ($46), ($47), ($48), ($49), ($50), ($51), ($52), ($53)"
/* clang-format on */
_Static_assert(LIMIT_PAGE_ROWS == 50, "the macros above hold one page");

/* Puts LIMIT_PAGE_ROWS values at binds[at] and on, `n` of them ids; returns where the next value goes. */
static inline size_t ids_bind(struct bind *binds, size_t at, const id64 *ids, size_t n)
{
  for (size_t i = 0; i < LIMIT_PAGE_ROWS; i++)
    binds[at + i] = b_int(i < n ? ids[i] : 0);
  return at + LIMIT_PAGE_ROWS;
}

#endif
