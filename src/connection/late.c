#include "connection/late.h"

#include "connection/connection_sql.h"

enum code connection_silence_days(struct tx *tx, int *ret, struct err *e)
{
  return connection_sql_silence_days(tx, ret, e);
}

struct late late_limits(struct arena *a, struct date today)
{
  static const char *const densities[] = {"A", "B", "C"};
  struct late l = {.silent_by = date_start_ts(today), .today = date_iso(a, today)};
  for (int i = 0; i < 3; i++)
    l.contact_before[i] = date_start_ts(date_add_days(today, -case_density_days(str_from(densities[i]))));
  return l;
}
