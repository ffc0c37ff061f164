#include "connection/late.h"

#include "connection/connection_sql.h"

int opening_days_since(ts_t from, struct date today)
{
  int days = 0;
  for (struct date d = date_add_days(date_of_ts(from), 1); date_compare(d, today) <= 0; d = date_add_days(d, 1))
    days += date_weekday(d) != 0 && date_weekday(d) != 6;
  return days;
}

/* Sent before this instant is `days` opening days ago and more. */
static ts_t silent_before(int days, struct date today)
{
  struct date d = today;
  while (opening_days_since(date_start_ts(d), today) < days)
    d = date_add_days(d, -1);
  return date_start_ts(date_add_days(d, 1));
}

enum code connection_silence_days(struct tx *tx, int *ret, struct err *e)
{
  return connection_sql_silence_days(tx, ret, e);
}

enum code late_limits(struct tx *tx, struct date today, struct late *ret, struct err *e)
{
  static const char *const densities[] = {"A", "B", "C"};
  int silence = 0;
  enum code c = connection_sql_silence_days(tx, &silence, e);
  if (c != OK)
    return c;
  *ret = (struct late){.silent_before = silent_before(silence, today), .today = date_iso(tx_arena(tx), today)};
  for (int i = 0; i < 3; i++)
    ret->contact_before[i] = date_start_ts(date_add_days(today, -case_density_days(str_from(densities[i]))));
  return OK;
}
