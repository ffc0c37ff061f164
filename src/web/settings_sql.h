/* settings_sql.h: the row of the network, as its administrator may change it. For settings_web.c alone. */
#ifndef WEB_SETTINGS_SQL_H
#define WEB_SETTINGS_SQL_H
#include "access/scope.h"

struct settings {
  struct str stage, emergency, basis_off;
  int64_t silence_days, expiry_days, renewal_days;
  bool heard_needed, joint_needs_all, guardian_overrides, stand_in_allowed;
};
enum code settings_sql_get(struct tx *tx, struct arena *a, struct settings *ret, struct err *e) MUST_CHECK;
enum code settings_sql_put(struct tx *tx, const struct settings *n, struct err *e) MUST_CHECK;

#endif
