/* holiday.h: 国民の祝日 by 国民の祝日に関する法律 (昭和23年法律第178号) as amended, from 1949 on: the days themselves, 振替休日 (since
 * 1973-04-12), 国民の休日 (since 1985-12-27), the days of the Olympic years 2020 and 2021 and those that laws of their own made once.
 * 春分の日 and 秋分の日 are announced each February for the next year; the formula used here is the astronomers' approximation for
 * 1900 to 2150 and has agreed with every announcement so far. Later amendments need a new line here. */
#ifndef BASE_HOLIDAY_H
#define BASE_HOLIDAY_H
#include "base/clock.h"

/* The name (catalog id), or NULL where the day is none. */
const char *holiday_name(struct date d);
/* Does a public office open (行政機関の休日に関する法律: not on Saturdays, Sundays, holidays, nor from 29 December to 3 January)? */
bool office_opens(struct date d);

#endif
