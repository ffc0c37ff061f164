/* may.h: of which roles a member must be to do an action, for SQL: "m.role IN " MAY_STAND_IN. For lists of people of whom one is chosen. Each is its
 * action's row of the one table in roles.c (tests/unit/access.c compares them). */
#ifndef ACCESS_MAY_H
#define ACCESS_MAY_H

#define MAY_CASE_LIST "('manager', 'worker', 'clerk', 'volunteer', 'coordinator')"
#define MAY_CONCEAL_OPEN "('manager', 'worker', 'coordinator')"
#define MAY_STAND_IN "('manager', 'worker')"

#endif
