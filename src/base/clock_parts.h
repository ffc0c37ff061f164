/* clock_parts.h: shared by the files of clock.h alone. */
#ifndef BASE_CLOCK_PARTS_H
#define BASE_CLOCK_PARTS_H
#include "base/clock.h"

/* OK when month and day exist in that year, both may be unknown; INVALID with what would be right. The year is not looked
 * at but for 29 February. */
enum code date_check_parts(struct date d, struct err *e) MUST_CHECK;

#endif
