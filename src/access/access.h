/* access.h: the engine. access_decide() is a pure function over plain structs: no database, no clock, no allocation but what
 * the caller hands in. Everything that decides who may see what stands in this folder; nothing else compares a role or an
 * organization. The rule itself: docs/access.md (section numbers below are its steps). Time is half-open [from, until);
 * until == 0 is open. */
#ifndef ACCESS_ACCESS_H
#define ACCESS_ACCESS_H
#include "base/err.h"
#include "base/id.h"

/* --- the twelve categories of information, as bits; stored in rows as the bit itself --------------------------- */
typedef uint32_t cats_t;
enum category {
  CAT_BASIC = 1 << 0,      /* 基本 */
  CAT_CONTACT = 1 << 1,    /* 連絡先 */
  CAT_FAMILY = 1 << 2,     /* 家族 */
  CAT_EDUCATION = 1 << 3,  /* 教育 */
  CAT_WORK = 1 << 4,       /* 就労 */
  CAT_HEALTH = 1 << 5,     /* 健康 (要配慮) */
  CAT_DISABILITY = 1 << 6, /* 障害・発達 (要配慮) */
  CAT_MENTAL = 1 << 7,     /* こころ (要配慮) */
  CAT_ECONOMY = 1 << 8,    /* 経済 */
  CAT_ABUSE = 1 << 9,      /* 虐待・DV (要配慮) */
  CAT_SUPPORT = 1 << 10,   /* 相談・支援経過 */
  CAT_STRENGTH = 1 << 11,  /* 関心・強み */
  CAT_ALL = (1 << 12) - 1
};
enum { CATEGORIES = 12 };
const char *category_code(int i);                        /* "basic" … for i in 0..11 */
const char *category_label(int i);                       /* catalog id: 「基本」… */
const char *category_code_of(cats_t one);                /* of one category; "support" where it is none of the twelve */
bool category_parse(struct str s, cats_t *ret);          /* of one code */
extern const char *const category_codes[CATEGORIES + 1]; /* all of them, for a field; NULL ends them */

enum source {
  SOURCE_PERSON = 1,
  SOURCE_AROUND,
  SOURCE_OTHER_BODY,
  SOURCE_STAFF
}; /* 本人の話 / 家族・周囲 / 他機関 / 支援者の所見 */
enum { SOURCES = 4 };
const char *source_code(enum source s);  /* "person" "around" "other_body" "staff"; "staff" where it is none of them */
const char *source_label(enum source s); /* catalog id: 「本人の話」… */
bool source_parse(struct str s, enum source *ret);
extern const char *const source_codes[SOURCES + 1]; /* as category_codes, from SOURCE_PERSON on */
enum mark { MARK_VISIT = 1, MARK_SEPARATE = 2 };    /* a volunteer may see it / 別室項目 */

/* --- who -------------------------------------------------------------------------------------------------------- */
enum role {
  ROLE_NONE,
  ROLE_MANAGER,
  ROLE_WORKER,
  ROLE_CLERK,
  ROLE_VOLUNTEER, /* in an organization */
  ROLE_COORDINATOR,
  ROLE_AUDITOR,
  ROLE_ADMIN, /* in the network */
  ROLE_PERSON,
  ROLE_GUARDIAN,
  ROLE_PUBLIC,
  ROLE_SERVICE,
  ROLE_COUNT
};
const char *role_code(enum role r);  /* "manager" */
const char *role_label(enum role r); /* 「管理者」 */
bool role_parse(struct str s, enum role *ret);

struct actor {
  enum role role; /* of the membership acted for; ROLE_PERSON / ROLE_GUARDIAN / ROLE_PUBLIC / ROLE_SERVICE otherwise */
  id64 network, user, membership, organization; /* 0 where none */
  id64 person;                      /* ROLE_PERSON: oneself; ROLE_GUARDIAN: whose guardian (guardian_id says which) */
  id64 guardian;                    /* guardian row's id */
  bool second_factor;               /* passed in this session */
  ts_t session_from, session_until; /* half-open */
  id64 session;
};

/* --- what: role x action is one table in roles.c ---------------------------------------------------------------- */
/* name, catalog id of the label, about: P a person's data, N the network */
/* clang-format off */
#define ACTIONS(X) \
  X(PERSON_FIND, "本人をさがす", N) \
  X(PERSON_CREATE, "本人を登録する", N) \
  X(PERSON_READ, "本人の情報を見る", P) \
  X(PERSON_WRITE, "本人の情報を書く", P) \
  X(CASE_LIST, "ケースの一覧を見る", N) \
  X(CASE_READ, "ケースを見る", P) \
  X(CASE_WRITE, "ケースを書く", P) \
  X(RECORD_READ, "経過記録を読む", P) \
  X(RECORD_WRITE, "経過記録を書く", P) \
  X(SHEET_READ, "つなぐシートを見る", P) \
  X(SHEET_WRITE, "つなぐシートを書く", P) \
  X(SHEET_SEND, "つなぐシートを送る", P) \
  X(CONSENT_READ, "同意を見る", P) \
  X(CONSENT_RECORD, "同意を記録する", P) \
  X(CONSENT_WITHDRAW, "同意を取り消す", P) \
  X(CONNECTION_LIST, "つなぎの一覧を見る", N) \
  X(CONNECTION_READ, "つなぎを見る", P) \
  X(CONNECTION_ANSWER, "つなぎに答える", P) \
  X(CONNECTION_ASSIGN, "つなぎの担当を決める", P) \
  X(SEEN_READ, "だれが見たかを見る", P) \
  X(SEEN_PRINT, "だれが見たかを印刷する", P) \
  X(PRINT, "印刷する", P) \
  X(EXPORT, "書き出す", P) \
  X(CONCEAL_SET, "秘匿を設定する", P) \
  X(CONCEAL_OPEN, "秘匿項目を開く", P) \
  X(RESTRICT, "閲覧を制限する", P) \
  X(BREAK_GLASS, "緊急に見る", P) \
  X(STAND_IN, "課内代行をする", P) \
  X(CLOCK_LIST, "進行状況を見る", N) \
  X(DIRECTORY_READ, "つなぎ先をさがす", N) \
  X(DIRECTORY_WRITE, "つなぎ先を編集する", N) \
  X(ACCOUNT_LIST, "アカウントの一覧を見る", N) \
  X(ACCOUNT_WRITE, "アカウントを登録・変更する", N) \
  X(SESSION_OWN, "自分のサインインを管理する", N) \
  X(TODAY, "今日の画面を見る", N) \
  X(AUDIT_READ, "操作の記録を見る", N) \
  X(NETWORK_WRITE, "ネットワークの設定を変える", N) \
  X(NETWORK_EXPORT, "ネットワーク全体を書き出す", N) \
  X(ERASE, "記録を消去する", N) \
  X(CLOCK_ASK, "主担当に状況をたずねる", N) \
  X(OPENING_WRITE, "自分の機関の休みを決める", N) \
  X(RECORD_SEARCH, "記録の言葉をさがす", N) \
  X(LEDGER_IMPORT, "進行管理台帳を取り込む", N) \
  X(LEDGER_EXPORT, "進行管理台帳を書き出す", N) \
  X(BASIS_RECORD, "法令による提供を申し出る", P) \
  X(BASIS_APPROVE, "法令による提供を認める", P) \
  X(BASIS_LIST, "法令による提供の台帳を見る", N) \
  X(BASIS_EXPORT, "法令による提供の台帳を書き出す", N) \
  X(CONNECTION_EXPORT, "つなぎの一覧を書き出す", N) \
  X(CLOCK_EXPORT, "進行状況を書き出す", N) \
  X(ACCOUNT_EXPORT, "アカウントの一覧を書き出す", N) \
  X(TRANSFER_OUT, "ケースを移管する", P) \
  X(TRANSFER_IN, "移管されたケースを受け入れる", N) \
  X(SEEN_EXPORT, "だれが見たかを書き出す", P) \
  X(AUDIT_EXPORT, "操作の記録を書き出す", N) \
  X(DIRECTORY_EXPORT, "つなぎ先の一覧を書き出す", N)
/* clang-format on */

enum action {
#define X(name, label, about) ACTION_##name,
  ACTIONS(X)
#undef X
      ACTION_COUNT
};
const char *action_code(enum action a);
const char *action_label(enum action a);
bool action_about_person(enum action a);
/* Who looked, and under which law, is told at the counter of an organization that leads: not to partners. */
bool action_of_lead(enum action a);
/* What somebody does who only opens the page on which this could be done: to open a form is not to write. */
enum action action_looked(enum action a);
/* Step 2: the one table. Categories the role may ever see by this action; 0 with *ret_allowed false: never. */
cats_t role_may(enum role r, enum action a, bool *ret_allowed);
bool role_needs_second_factor(enum role r);

/* --- facts about one person (rows; never edited, only added to) -------------------------------------------------- */
enum part { PART_LEAD = 1, PART_PARTNER };
enum party { PARTY_PERSON = 1, PARTY_GUARDIAN };
enum authority {
  AUTHORITY_NONE,
  AUTHORITY_JOINT,
  AUTHORITY_SOLE,
  AUTHORITY_DAILY,
  AUTHORITY_URGENT
}; /* 共同 単独 日常行為 急迫 */

struct fact_membership {
  id64 id, user, organization;
  enum role role;
  ts_t from, until;
};
struct fact_participation {
  id64 case_id, organization;
  enum part part;
  ts_t from, until;
};
struct fact_assignment {
  id64 case_id, user, organization;
  ts_t from, until;
};
/* A connection from `sent` on: managers of the receiver see it and assign; an assigned worker works on it. */
struct fact_connection {
  id64 id, case_id, organization;
  ts_t from, until;
};
struct fact_guardian {
  id64 id;
  enum authority authority;
  ts_t from, until;
};
/* One row a recipient. A refusal has refused = true. `heard`: a guardian's consent for someone under the rule's age notes that the
 * person's own view was heard. withdrawn denies whatever the clock says. */
struct fact_consent {
  id64 id, organization, guardian;
  enum party by;
  enum authority authority;
  cats_t categories;
  bool refused, heard, withdrawn;
  ts_t from, until;
};
enum basis { /* the table of statutory bases; 0: one that this program does not know */
             BASIS_COUNCIL_REQUEST = 1,
             BASIS_CHILD_PROTECTION,
             BASIS_NOTIFICATION,
             BASIS_ABUSE_REQUEST,
             BASIS_SUPPORT_MEETING,
             BASIS_NEEDY_MEETING,
             BASIS_INTERNAL_USE,
             BASIS_PUBLIC_BODY,
             BASIS_PLAIN_BENEFIT,
             BASIS_EMERGENCY
};
struct fact_basis {
  id64 id, organization, requester, approver;
  int code; /* enum basis */
  cats_t categories;
  bool complete;
  ts_t from, until;
};
struct fact_invitation {
  id64 meeting, organization, user;
  cats_t categories;
  ts_t from, until;
}; /* organization or user */
/* Against an organization, a user or one of the person's guardians; the others are 0. */
struct fact_restriction {
  id64 id, organization, user, guardian;
  cats_t categories;
  bool breakable;
  ts_t from, until;
};
enum { BREAK_GLASS_MS = 4 * 60 * 60 * 1000 };
enum item { ITEM_ADDRESS = 1, ITEM_PHONE = 2, ITEM_SCHOOL = 4, ITEM_WORKPLACE = 8 };
struct fact_concealment {
  id64 id;
  uint32_t items;
  ts_t from, until;
};
struct fact_holder {
  id64 concealment, user;
  ts_t from, until;
}; /* 知ってよい人 */
struct fact_break_glass {
  id64 id, user, organization;
  ts_t from, until;
}; /* until <= from + 4 h, else it does not count */
struct fact_stand_in {
  id64 id, user, organization, case_id;
  ts_t from, until;
};

struct rule {              /* of the network */
  int own_age;             /* from this age the person alone is required (default 16) */
  bool heard_needed;       /* below it: the person's view must have been heard (default true) */
  bool joint_needs_all;    /* joint custody: every guardian holding joint authority (default true) */
  bool guardian_overrides; /* a guardian's consent stands against the person's refusal (default false) */
  bool stand_in_allowed;   /* default true */
};

#define FACTS(type, name)                                                                                              \
  const struct type *name;                                                                                             \
  size_t name##_count
struct facts {
  id64 network, person;
  struct rule rule;
  ts_t own_from;                       /* instant from which the person decides alone (rule.own_age) */
  bool own_known;                      /* false: the birth date is unknown, own_from means nothing */
  FACTS(fact_membership, memberships); /* the actor's */
  FACTS(fact_participation, participations);
  FACTS(fact_assignment, assignments);
  FACTS(fact_connection, connections);
  FACTS(fact_guardian, guardians);
  FACTS(fact_consent, consents);
  FACTS(fact_basis, bases);
  FACTS(fact_invitation, invitations);
  FACTS(fact_restriction, restrictions);
  FACTS(fact_concealment, concealments);
  FACTS(fact_holder, holders);
  FACTS(fact_break_glass, break_glasses);
  FACTS(fact_stand_in, stand_ins);
};

/* --- decision ----------------------------------------------------------------------------------------------------- */
enum reason_kind {
  REASON_OWN = 1,
  REASON_CONSENT,
  REASON_BASIS,
  REASON_INVITATION,
  REASON_BREAK_GLASS,
  REASON_STAND_IN,
  REASON_PERSON,
  REASON_GUARDIAN,
  REASON_CONNECTION,
  REASON_ROLE,
  REASON_DENIED_SESSION,
  REASON_DENIED_FACTOR,
  REASON_DENIED_MEMBERSHIP,
  REASON_DENIED_ROLE,
  REASON_DENIED_RESTRICTION,
  REASON_DENIED_NOTHING
};
struct reason {
  enum reason_kind kind;
  id64 ref; /* the fact's id */
  cats_t categories;
};
enum { REASONS = 24 }; /* more permits than that are merged into the last of their kind */

struct decision {
  bool allowed;
  cats_t own;       /* of rows the actor's organization wrote (permits a, f, and whatever opens the rows of others) */
  cats_t others;    /* of rows anybody else wrote (permits b c d e g); always within `own` */
  uint32_t sources; /* bit 1 << enum source: whose statements may be shown; to person and guardian the person's own */
  uint32_t hidden_marks; /* rows with one of these marks are not shown */
  bool visit_only;       /* a volunteer: only what is marked `visit` */
  bool guardian_only;    /* a guardian of someone of own_age: only what this guardian gave */
  uint32_t hidden_items; /* concealed items that must not leave for this actor by this action */
  bool concealment;      /* show 「秘匿あり」 */
  bool read_only;        /* break-glass */
  struct reason reasons[REASONS];
  size_t reason_count;
};

/* Steps 1-6. For an action about the network (N) steps 1 and 2 alone decide; of the facts only the memberships are read. Without
 * facts (NULL) nobody has a membership. */
void access_decide(const struct actor *who, enum action action, const struct facts *facts, ts_t at,
                   struct decision *ret);

#endif
