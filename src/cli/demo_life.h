/* demo_life.h: how the lives of the demo are told: a person, and scenes in order of days. Days count back from today, so that the
 * town is always as old as the last months. In texts {190m} is the month and {12d} the day so many days ago. */
#ifndef CLI_DEMO_LIFE_H
#define CLI_DEMO_LIFE_H
#include "cli/demo.h"
#include "connection/connection.h"
#include "consent/consent.h"
#include "crypto/secret.h"

enum { LIFE_GUARDIANS = 2, LIFE_CONSENTS = 4, LIFE_SAID = 4, LIFE_RECEIVERS = 3, LIFE_MEMBERS = 6, LIFE_FIELDS = 16 };

/* The places of organizations and accounts in demo.c. */
enum demo_body {
  BODY_CITY,
  BODY_CENTRE,
  BODY_AOBA,
  BODY_SAKURA,
  BODY_SCHOOL,
  BODY_HEALTH,
  BODY_WORK,
  BODY_WELFARE,
  BODIES
};
enum demo_staff {
  TANAKA,
  SUZUKI,
  TAKAHASHI,
  ITO,
  WATANABE,
  NAKAMURA,
  KOBAYASHI,
  KATO,
  YOSHIDA,
  SATO,
  YAMADA,
  SAITO,
  MATSUMOTO,
  INOUE,
  KIMURA,
  STAFF
};

struct life_said {
  enum source source;
  cats_t category; /* 0: support */
  const char *text;
  bool visit;
};
struct life_record {
  const char *method, *with, *place;
  int minutes;
  bool missed; /* nobody was met or heard */
  struct life_said said[LIFE_SAID];
  const char *next; /* NULL: none */
  int next_in;      /* days from today; negative: overdue */
};
struct life_recipient {
  enum demo_body body;
  cats_t categories;
};
struct life_consent {
  int guardian; /* 0: the person; 1, 2: that guardian */
  bool refused, heard;
  const char *how, *evidence;
  int ends_in; /* days from today; 0: a year from then */
  struct life_recipient to[LIFE_RECEIVERS];
  int count;
};
struct life_withdrawal {
  int consent; /* the n-th of this life, from 0 */
  enum party by;
  int towards; /* an organization; -1: all */
};
struct life_member {
  const char *name, *relation, *note;
  int age;
};
struct life_sheet {
  bool draft, handover;
  enum demo_body to[LIFE_RECEIVERS];
  int count;
  const char *route, *concerns, *worst, *request, *reason; /* concerns: codes, parted by blanks */
  const char *ways, *hours, *kind, *status;
  struct life_member members[LIFE_MEMBERS]; /* beside the person */
  bool absent, neither, interpreter;
};
struct life_reply {
  int connection; /* the n-th of this life, from 0 */
  enum connection_step step;
  const char *text, *proposal, *outcome, *next, *told_by;
  int first; /* first contact, days ago; 0: none */
  int worker;
  bool assigns; /* `worker` is named */
};
struct life_bar { /* concealment or restriction */
  uint32_t items;
  const char *origin;
  int holders[3];
  int holder_count;
  int against; /* an account */
};
struct life_put {
  enum attribute kind;
  const char *value;
  enum source source;
};
struct life_assign {
  int worker;
};
/* Of the family, and what else is around (demo_family.c). */
struct life_relative {
  int guardian;                /* 1, 2: what is known of that guardian besides; 0: somebody else */
  const char *name, *relation; /* relation: a code of family.h; "" for a resource */
  int age;                     /* 0: not known */
  const char *house, *life, *couple, *tie, *note;
  bool resource;
};
enum { LIFE_RELATIVES = 10 };
struct life_family {
  struct life_relative who[LIFE_RELATIVES];
  const char *tie; /* how close the writer's own organization is */
};
struct life_deed { /* of demo/town.txt: demo_deeds.c knows what its words mean */
  struct str kind, words, field[LIFE_FIELDS];
  int fields;
};

enum scene_kind {
  SCENE_OPEN,
  SCENE_RECORD,
  SCENE_CONSENT,
  SCENE_WITHDRAW,
  SCENE_SHEET,
  SCENE_REPLY,
  SCENE_LOOK,
  SCENE_STAGE,
  SCENE_PUT,
  SCENE_ASSIGN,
  SCENE_CONCEAL,
  SCENE_RESTRICT,
  SCENE_FAMILY,
  SCENE_DEED
};
struct scene {
  int days, hour, minute;
  enum scene_kind kind;
  int who;         /* an account */
  const char *why; /* SCENE_STAGE; NULL: what is usual */
  union {
    const struct life_record *record;
    const struct life_consent *consent;
    const struct life_withdrawal *withdrawal;
    const struct life_sheet *sheet;
    const struct life_reply *reply;
    const struct life_bar *bar;
    const struct life_put *put;
    const struct life_assign *assign;
    const struct life_family *family;
    const struct life_deed *deed;
    const char *stage;
  };
};

struct life_guardian {
  const char *name, *phone, *relation, *authority;
};
struct life {
  const char *name, *kana, *called, *sex;
  int age, month, day;
  const char *postal, *address, *phone, *mobile, *school, *grade, *interest, *avoid;
  struct life_guardian guardians[LIFE_GUARDIANS];
  const char *origin, *density;
  const struct scene *scenes; /* the first is SCENE_OPEN */
  int count;
};

extern const struct life demo_lives[], demo_more_lives[];
extern const int demo_life_count, demo_more_life_count;

/* What a life has come to. */
enum { LIFE_CONNECTIONS = 8 };
struct life_state {
  id64 person, case_id;
  id64 guardian[LIFE_GUARDIANS], consent[LIFE_CONSENTS], connection[LIFE_CONNECTIONS];
  id64 record, concealment, leak, basis; /* the newest of each */
  int guardians, consents, connections;
  unsigned char link_token[HASH], link_code[HASH]; /* of the newest reply link */
};
/* One scene while it is played. It may be played again: what it finds out goes into `out`. */
struct stage {
  const struct demo_town *town;
  const struct life *life;
  const struct scene *scene;
  const struct life_state *before;
  const struct demo_play *play;
  struct actor actor;
  struct life_state out;
};
/* The case of the person of that name, as far as the play has come; 0: none. */
id64 demo_case_of(const struct demo_play *play, struct str name);
enum code demo_scene_play(struct tx *tx, struct stage *st, struct err *e) MUST_CHECK;

/* Writes the family down, as the scene's worker. */
enum code demo_family(struct tx *tx, const struct scope *s, const struct stage *st, struct err *e) MUST_CHECK;

/* Words with {190m} and {12d} in them. */
struct str demo_words(struct arena *a, const struct demo_town *town, const char *text);

/* --- lives told as data (demo/town.txt) --- */
enum { DEMO_TOLD = 64 };
enum code demo_told(struct arena *a, const struct demo_town *town, const struct life **ret, int *ret_count,
                    struct err *e) MUST_CHECK;
/* By login, by code, by name; -1: none. */
int demo_account_of(const struct demo_town *town, struct str login);
int demo_body_of(const struct demo_town *town, struct str code);
cats_t demo_categories(struct str words); /* "basic,family" */
bool demo_deed_known(struct str kind);
enum code demo_deed_play(struct tx *tx, struct stage *st, struct err *e) MUST_CHECK;

#endif
