/* demo.h: the town デモ市, whose people are all invented, and its sign-ins. Its past is played: every write happens at its own instant,
 * in order, through the same functions that the pages call, so that facts, clocks and the trail of who looked agree. */
#ifndef CLI_DEMO_H
#define CLI_DEMO_H
#include "access/access.h"
#include "base/clock.h"
#include "cli/cli.h"

enum {
  DEMO_ORGANIZATIONS = 200,
  DEMO_ACCOUNTS = 2400,
  DEMO_DAYS = 420,
  DEMO_SMALL = 12,
  DEMO_TOWN = 60,
  DEMO_CITY = 10000
};

/* Who is there before anybody's life is told: ids by the places in the tables of demo.c. */
struct demo_account {
  const char *login, *name; /* NULL: made by number */
  id64 user, membership;
  enum role role;
  int organization; /* place in demo_town.organization */
};
struct demo_town {
  id64 organization[DEMO_ORGANIZATIONS];
  const char *code[DEMO_ORGANIZATIONS]; /* in demo/town.txt */
  struct demo_account account[DEMO_ACCOUNTS];
  int organizations, accounts;
  int64_t seed, cases;
  bool told; /* with the lives of demo/town.txt, and all organizations */
  struct date today;
};

/* The instant of a day so many days before today (a weekend's day counts as the Friday before it). */
ts_t demo_at(const struct demo_town *town, int days, int hour, int minute);
struct actor demo_actor(const struct cli *cli, const struct demo_town *town, int account);
/* A person of so many years today. */
struct date demo_birth(const struct demo_town *town, int age, int month, int day);

/* Plays what lies before `until` of the lives told in demo_text.c and, for a town that is told, demo/town.txt. */
struct demo_play;
enum code demo_play_new(struct cli *cli, const struct demo_town *town, struct demo_play **ret,
                        struct err *e) MUST_CHECK;
enum code demo_play_until(struct demo_play *play, ts_t until, struct err *e) MUST_CHECK;

/* Beyond the lives that are told: organizations and accounts for a city, and generated cases, both by the seed; the lives are played
 * in between, so that the town's events are in order. */
enum { DEMO_CITY_FROM = 1000 }; /* from so many cases on there are more organizations and workers */
enum code demo_city_people(struct tx *tx, struct demo_town *town, struct str password_hash, struct err *e) MUST_CHECK;
enum code demo_city_play(struct cli *cli, const struct demo_town *town, struct demo_play *lives,
                         struct err *e) MUST_CHECK;

/* つなぎ先: places outside the network through the import, and how the network's own organizations are reached. */
enum code demo_directory(struct cli *cli, const struct demo_town *town, struct err *e) MUST_CHECK;

/* The sign-ins of a demo, from the file beside it: a list of {login, password, secret, organization, role, name}; NULL where the
 * database is none. */
enum code demo_read(struct cli *cli, const struct doc **ret, struct err *e) MUST_CHECK;
/* A line each, parted by tabs in that order. */
void demo_print(const struct doc *list);

#endif
