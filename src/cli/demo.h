/* demo.h: the town デモ市, whose people are all invented, and its sign-ins. */
#ifndef CLI_DEMO_H
#define CLI_DEMO_H
#include "cli/cli.h"

enum { DEMO_ORGANIZATIONS = 8, DEMO_ACCOUNTS = 20 };

/* Who is there before anybody's life is told: ids by the places in demo_people.c. */
struct demo_town {
  id64 organization[DEMO_ORGANIZATIONS];
  id64 user[DEMO_ACCOUNTS], membership[DEMO_ACCOUNTS];
  int64_t seed, cases;
};

/* The sign-ins of a demo, from the file beside it: a list of {login, password, secret, organization, role, name}; NULL where the
 * database is none. */
enum code demo_read(struct cli *cli, const struct doc **ret, struct err *e) MUST_CHECK;
/* A line each, parted by tabs in that order. */
void demo_print(const struct doc *list);

#endif
