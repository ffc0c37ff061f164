/* roles.c: the words and the one table: which role may do what at all, and how much of a person it may ever see by it (step 2). */
#include "access/access.h"

/* --- categories ------------------------------------------------------------------------------------------------- */
const char *const category_codes[] = {"basic",  "contact", "family", "education", "work",     "health", "disability",
                                      "mental", "economy", "abuse",  "support",   "strength", NULL};
static const char *const CATEGORY_LABEL[CATEGORIES] = {
    TR("基本"),       TR("連絡先"), TR("家族"), TR("教育"),     TR("就労"),           TR("健康"),
    TR("障害・発達"), TR("こころ"), TR("経済"), TR("虐待・DV"), TR("相談・支援経過"), TR("関心・強み")};

const char *category_code(int i)
{
  return i >= 0 && i < CATEGORIES ? category_codes[i] : "";
}
const char *category_label(int i)
{
  return i >= 0 && i < CATEGORIES ? CATEGORY_LABEL[i] : "";
}

const char *category_code_of(cats_t one)
{
  for (int i = 0; i < CATEGORIES; i++)
    if (one == 1u << i)
      return category_codes[i];
  return "support";
}
bool category_parse(struct str s, cats_t *ret)
{
  for (int i = 0; i < CATEGORIES; i++)
    if (str_is(s, category_codes[i])) {
      *ret = 1u << i;
      return true;
    }
  return false;
}

/* --- sources ---------------------------------------------------------------------------------------------------- */
const char *const source_codes[] = {"person", "around", "other_body", "staff", NULL};
static const char *const SOURCE_LABEL[SOURCES] = {TR("本人の話"), TR("家族・周囲の人の話"), TR("他機関からの情報"),
                                                  TR("支援者の所見")};

static int source_place(enum source s)
{
  return (s >= SOURCE_PERSON && s <= SOURCE_STAFF ? (int)s : SOURCE_STAFF) - SOURCE_PERSON;
}
const char *source_code(enum source s)
{
  return source_codes[source_place(s)];
}
const char *source_label(enum source s)
{
  return SOURCE_LABEL[source_place(s)];
}
bool source_parse(struct str s, enum source *ret)
{
  for (int i = 0; i < SOURCES; i++)
    if (str_is(s, source_codes[i])) {
      *ret = (enum source)(SOURCE_PERSON + i);
      return true;
    }
  return false;
}

/* --- roles ------------------------------------------------------------------------------------------------------ */
static const char *const ROLE_CODE[ROLE_COUNT] = {[ROLE_NONE] = "",
                                                  [ROLE_MANAGER] = "manager",
                                                  [ROLE_WORKER] = "worker",
                                                  [ROLE_CLERK] = "clerk",
                                                  [ROLE_VOLUNTEER] = "volunteer",
                                                  [ROLE_COORDINATOR] = "coordinator",
                                                  [ROLE_AUDITOR] = "auditor",
                                                  [ROLE_ADMIN] = "admin",
                                                  [ROLE_PERSON] = "person",
                                                  [ROLE_GUARDIAN] = "guardian",
                                                  [ROLE_PUBLIC] = "public",
                                                  [ROLE_SERVICE] = "service"};
static const char *const ROLE_LABEL[ROLE_COUNT] = {[ROLE_NONE] = "",
                                                   [ROLE_MANAGER] = TR("管理者"),
                                                   [ROLE_WORKER] = TR("支援者"),
                                                   [ROLE_CLERK] = TR("事務"),
                                                   [ROLE_VOLUNTEER] = TR("ボランティア"),
                                                   [ROLE_COORDINATOR] = TR("調整機関の担当"),
                                                   [ROLE_AUDITOR] = TR("監査"),
                                                   [ROLE_ADMIN] = TR("システム管理"),
                                                   [ROLE_PERSON] = TR("本人"),
                                                   [ROLE_GUARDIAN] = TR("保護者"),
                                                   [ROLE_PUBLIC] = TR("一般"),
                                                   [ROLE_SERVICE] = TR("システム")};

static bool role_known(enum role r)
{
  return (unsigned)r < ROLE_COUNT;
}

const char *role_code(enum role r)
{
  return role_known(r) ? ROLE_CODE[r] : "";
}
const char *role_label(enum role r)
{
  return role_known(r) ? ROLE_LABEL[r] : "";
}

bool role_parse(struct str s, enum role *ret)
{
  for (int r = ROLE_NONE + 1; r < ROLE_COUNT; r++)
    if (str_is(s, ROLE_CODE[r])) {
      *ret = (enum role)r;
      return true;
    }
  return false;
}

/* Whoever sees across the whole network signs in with two factors. */
bool role_needs_second_factor(enum role r)
{
  return r == ROLE_COORDINATOR || r == ROLE_AUDITOR || r == ROLE_ADMIN;
}

/* --- actions ---------------------------------------------------------------------------------------------------- */
enum about { ABOUT_N, ABOUT_P };
static const struct {
  const char *code, *label;
  enum about about;
} ACTION[ACTION_COUNT] = {
#define X(name, label, about) {#name, label, ABOUT_##about},
    ACTIONS(X)
#undef X
};

static bool action_known(enum action a)
{
  return (unsigned)a < ACTION_COUNT;
}

const char *action_code(enum action a)
{
  return action_known(a) ? ACTION[a].code : "";
}
const char *action_label(enum action a)
{
  return action_known(a) ? ACTION[a].label : "";
}
bool action_about_person(enum action a)
{
  return action_known(a) && ACTION[a].about == ABOUT_P;
}

bool action_of_lead(enum action a)
{
  return a == ACTION_SEEN_READ || a == ACTION_SEEN_PRINT || a == ACTION_SEEN_EXPORT;
}

enum action action_looked(enum action a)
{
  switch (a) {
  case ACTION_PERSON_CREATE:
    return ACTION_PERSON_FIND;
  case ACTION_PERSON_WRITE:
  case ACTION_RECORD_WRITE: /* its form shows the strip, no records */
  case ACTION_RESTRICT:
  case ACTION_CONCEAL_SET:
    return ACTION_PERSON_READ;
  case ACTION_CASE_WRITE:
  case ACTION_STAND_IN:
    return ACTION_CASE_READ;
  case ACTION_SHEET_WRITE:
  case ACTION_SHEET_SEND:
    return ACTION_SHEET_READ;
  case ACTION_CONSENT_RECORD:
  case ACTION_CONSENT_WITHDRAW:
  case ACTION_BASIS_RECORD:
  case ACTION_BASIS_APPROVE:
    return ACTION_CONSENT_READ;
  case ACTION_CONNECTION_ANSWER:
  case ACTION_CONNECTION_ASSIGN:
    return ACTION_CONNECTION_READ;
  default:
    return a;
  }
}

/* --- role x action ---------------------------------------------------------------------------------------------- */
/* A letter a role, in the order of enum role from manager on:
 *   M manager, W worker, K clerk, V volunteer, C coordinator, U auditor, D admin, P person, G guardian, X public, S service.
 *   '.' never   'o' yes, but it shows nothing of a person   'A' all categories   'B' the basic strip
 *   'V' what a visit may need (of that, only rows marked so)   'G' what a guardian may see */
static const char *const MAY[ACTION_COUNT] = {
    /*                            MWKVCUDPGXS */
    [ACTION_PERSON_FIND] = "AAB.A......",
    [ACTION_PERSON_CREATE] = "AA..A......",
    [ACTION_PERSON_READ] = "AABVA..AG..",
    [ACTION_PERSON_WRITE] = "AA..A......",
    [ACTION_CASE_LIST] = "AABVA......",
    [ACTION_CASE_READ] = "AABVA..A...",
    [ACTION_CASE_WRITE] = "AA..A......",
    [ACTION_RECORD_READ] = "AA.VA..A...",
    [ACTION_RECORD_WRITE] = "AA.VA......",
    [ACTION_SHEET_READ] = "AA..A..AG.A",
    [ACTION_SHEET_WRITE] = "AA..A......",
    [ACTION_SHEET_SEND] = "AA..A......",
    [ACTION_CONSENT_READ] = "AA..A..AG..",
    [ACTION_CONSENT_RECORD] = "AA..A......",
    [ACTION_CONSENT_WITHDRAW] = "AA..A..AG..",
    [ACTION_CONNECTION_LIST] = "AAB.A......",
    [ACTION_CONNECTION_READ] = "AA..A..A..A",
    [ACTION_CONNECTION_ANSWER] = "AA..A.....A",
    [ACTION_CONNECTION_ASSIGN] = "A..........",
    [ACTION_SEEN_READ] = "AA..A..AG..",
    [ACTION_SEEN_PRINT] = "AA..A..AG..",
    [ACTION_PRINT] = "AA..A......",
    [ACTION_EXPORT] = "AA.........",
    [ACTION_CONCEAL_SET] = "AA.........",
    [ACTION_CONCEAL_OPEN] = "AA..A......",
    [ACTION_RESTRICT] = "AA.........",
    [ACTION_BREAK_GLASS] = "AA..A......",
    [ACTION_STAND_IN] = "AA.........",
    [ACTION_CLOCK_LIST] = "....o......",
    [ACTION_DIRECTORY_READ] = "ooooooooooo",
    [ACTION_DIRECTORY_WRITE] = "....o.o...o",
    [ACTION_ACCOUNT_LIST] = "......o...o",
    [ACTION_ACCOUNT_WRITE] = "......o...o",
    [ACTION_SESSION_OWN] = "ooooooooo..",
    [ACTION_TODAY] = "AABVAoo....",
    [ACTION_AUDIT_READ] = ".....o....o",
    [ACTION_NETWORK_WRITE] = "......o...o",
    [ACTION_NETWORK_EXPORT] = "..........o",
    [ACTION_ERASE] = "....o.....o",
    [ACTION_CLOCK_ASK] = "....o......",
    [ACTION_OPENING_WRITE] = "o.o.o......",
    [ACTION_RECORD_SEARCH] = "AA.VA......",
    [ACTION_LEDGER_IMPORT] = "A..........",
    [ACTION_LEDGER_EXPORT] = "AA.........", /* as EXPORT */
    [ACTION_TRANSFER_OUT] = "A..........",
    [ACTION_TRANSFER_IN] = "A..........",
    [ACTION_BASIS_RECORD] = "AA..A......",
    [ACTION_BASIS_APPROVE] = "A..........", /* by another one than who asked: src/basis */
    [ACTION_BASIS_LIST] = "AA..A......",
    [ACTION_BASIS_EXPORT] = "AA.........",
    [ACTION_CONNECTION_EXPORT] = "AA.........", /* as EXPORT */
    [ACTION_CLOCK_EXPORT] = "....o......",
    [ACTION_ACCOUNT_EXPORT] = "......o...o",
    [ACTION_SEEN_EXPORT] = "AA..A..AG..", /* as SEEN_PRINT */
    [ACTION_AUDIT_EXPORT] = ".....o....o",
    [ACTION_DIRECTORY_EXPORT] = "ooo.ooo...o", /* it holds nobody's data */
};

enum {
  CATS_VISIT = CAT_BASIC | CAT_CONTACT | CAT_FAMILY | CAT_HEALTH | CAT_SUPPORT | CAT_STRENGTH,
  CATS_GUARDIAN = CAT_ALL & ~(CAT_MENTAL | CAT_ABUSE)
};

cats_t role_may(enum role r, enum action a, bool *ret_allowed)
{
  *ret_allowed = false;
  if (!role_known(r) || r == ROLE_NONE || !action_known(a))
    return 0;
  char letter = MAY[a][r - ROLE_MANAGER];
  *ret_allowed = letter != '.';
  switch (letter) {
  case 'A':
    return CAT_ALL;
  case 'B':
    return CAT_BASIC;
  case 'V':
    return CATS_VISIT;
  case 'G':
    return CATS_GUARDIAN;
  default:
    return 0;
  }
}
