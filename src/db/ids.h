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
/* The ids of a page and, fifty parameters further on, what belongs to each. */
#define ID_PAIRS_FROM_4 \
  "VALUES (CAST($4 AS bigint), CAST($54 AS bigint)), " \
  "($5, $55), ($6, $56), ($7, $57), ($8, $58), ($9, $59), ($10, $60), ($11, $61), ($12, $62), ($13, $63), ($14, $64), " \
  "($15, $65), ($16, $66), ($17, $67), ($18, $68), ($19, $69), ($20, $70), ($21, $71), ($22, $72), ($23, $73), " \
  "($24, $74), ($25, $75), ($26, $76), ($27, $77), ($28, $78), ($29, $79), ($30, $80), ($31, $81), ($32, $82), " \
  "($33, $83), ($34, $84), ($35, $85), ($36, $86), ($37, $87), ($38, $88), ($39, $89), ($40, $90), ($41, $91), " \
  "($42, $92), ($43, $93), ($44, $94), ($45, $95), ($46, $96), ($47, $97), ($48, $98), ($49, $99), ($50, $100), " \
  "($51, $101), ($52, $102), ($53, $103)"
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
