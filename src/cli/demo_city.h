/* demo_city.h: generated cases. Everything about the n-th case follows from the seed and n. */
#ifndef CLI_DEMO_CITY_H
#define CLI_DEMO_CITY_H
#include "cli/demo_life.h"

enum city_purpose { CITY_ACCOUNT = 1, CITY_CASE, CITY_OPENED, CITY_PERSON, CITY_SCENE };
uint64_t city_dice(int64_t seed, int64_t number, enum city_purpose purpose);

struct city_name {
  struct str name, kana;
};
struct city_name city_name(struct arena *a, uint64_t dice);
const char *city_job(uint64_t dice);

enum { CITY_SCENES = 24, CITY_RECORDS = 10 };
struct city_case {
  int64_t number;
  uint64_t dice;
  int organization, worker;                           /* who leads it */
  int receiver, receiver_manager, receiver_worker;    /* where it may be connected to */
  short opened;                                       /* days ago */
  short scenes, days[CITY_SCENES], part[CITY_SCENES]; /* part: the n-th record, guardian, or step of the connection */
  enum scene_kind kind[CITY_SCENES];
  struct life_state state;
};
/* Fills scenes: what happens when, in order. */
void city_plan_scenes(struct city_case *c);

/* A scene and its life told in words, in memory of its own. */
struct city_words {
  struct life life;
  struct scene scene;
  struct life_record record;
  struct life_consent consent;
  struct life_sheet sheet;
  struct life_reply reply;
};
void city_tell(struct arena *a, const struct demo_town *town, const struct city_case *c, int scene,
               struct city_words *ret);

#endif
