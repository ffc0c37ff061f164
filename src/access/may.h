/* may.h: of which roles a member must be to do an action, for SQL: "m.role IN " MAY_STAND_IN. For lists of people of whom one is chosen. Each is its
 * action's row of the one table in roles.c (tests/unit/access.c compares them). */
#ifndef ACCESS_MAY_H
#define ACCESS_MAY_H
#include "db/db.h"

#define MAY_CASE_LIST "('manager', 'worker', 'clerk', 'volunteer', 'coordinator')"
#define MAY_CONCEAL_OPEN "('manager', 'worker', 'coordinator')"
#define MAY_STAND_IN "('manager', 'worker')"

/* Does membership m work on a case of the person: managing a body that takes part, or assigned? Not whether a restriction bars them: scope_bars(). */
#define MAY_BY_WORK(m, person, at)                                                                                     \
  "(" m ".role = 'manager' AND EXISTS (SELECT 1 FROM participation y WHERE y.network_id = " m ".network_id"            \
  " AND y.person_id = " person " AND y.organization_id = " m                                                           \
  ".organization_id AND " LIVE("y", at) ")"                                                                            \
                                        " OR EXISTS (SELECT 1 FROM assignment z WHERE z.network_id = " m               \
                                        ".network_id AND z.person_id = " person " AND z.user_id = " m                  \
                                        ".user_id AND z.organization_id = " m                                          \
                                        ".organization_id AND " LIVE("z", at) "))"

#endif
