/* person.h: 本人 — the child or young person — and what is known of them. Every value is a row (person_attribute) with category,
 * source, author organization and marks, sealed under the person's own key; a change ends the old row and adds a new one.
 * Guardians (保護者) are rows with their authority; their names and contacts are attributes of the person too (category family). */
#ifndef PERSON_PERSON_H
#define PERSON_PERSON_H
#include "access/scope.h"
#include "base/clock.h"
#include "base/doc.h"
#include "base/limits.h"
#include "base/resemble.h"
#include "crypto/seal.h"
#include "view/reader.h"

/* --- the person's key ------------------------------------------------------------------------------------------- */
/* Opens (and keeps for this transaction) the key of a scope's person. */
enum code person_key(struct tx *tx, const struct scope *s, const struct seal_key **ret, struct err *e) MUST_CHECK;
/* For lists: the key of a person that VISIBLE has just yielded, from the row's columns; `list` is the list's scope. */
enum code person_listed_key(struct tx *tx, const struct scope *list, id64 person, int epoch, struct str wrapped,
                            struct seal_key *ret, struct err *e) MUST_CHECK;
/* The same where no row has it. */
enum code person_listed_key_of(struct tx *tx, const struct scope *list, id64 person, struct seal_key *ret,
                               struct err *e) MUST_CHECK;
/* An attribute's value of such a row. */
enum code person_listed_value(struct tx *tx, const struct seal_key *key, id64 attribute, struct str sealed,
                              struct arena *a, struct str *ret, struct err *e) MUST_CHECK;

/* --- lists: up to LIMIT_PAGE_ROWS persons whom VISIBLE_PERSONS has just yielded (access/visible.h) -------------------- */
enum listed_what { LISTED_NAME, LISTED_BIRTH, LISTED_SEARCHED }; /* each with what stands before it */
struct listed_person {
  id64 person;
  bool has_key; /* not after an erasure */
  struct seal_key key;
  struct str name, called; /* 氏名, 呼び名: the newest that stands within the masks; empty: none */
  struct str kana, birth;  /* LISTED_BIRTH */
  struct str fold;         /* LISTED_SEARCHED: all names that stand, folded, one a line */
  ts_t since[4];           /* person_listed()'s own: the newest row of each kind */
  id64 newest[4];
};
/* Fills p[0..n) from p[].person; `list` is the list's scope. The keys are the caller's to wipe (listed_wipe). */
enum code person_listed(struct tx *tx, const struct scope *list, enum listed_what what, struct listed_person *p,
                        size_t n, struct arena *a, struct err *e) MUST_CHECK;
/* The same where access_seen() was asked about them in this transaction: seen[i] is of p[i]. */
enum code person_listed_seen(struct tx *tx, const struct scope *list, enum listed_what what,
                             const struct access_seen *seen, struct listed_person *p, size_t n, struct arena *a,
                             struct err *e) MUST_CHECK;
void listed_wipe(struct listed_person *p, size_t n);
/* 氏名, else 呼び名. */
struct str listed_name(const struct listed_person *p);

/* --- what is concealed (秘匿) --------------------------------------------------------------------------------------------- */
/* Adds to *list what may leave by no output about the scope's person now: also what the scope may not read. The gate masks its answers by
 * itself; this is for what is written down to be read by others (a sheet that is sent), and for text that came back masked. */
enum code person_concealed(struct tx *tx, const struct scope *s, struct arena *a, struct needles **list,
                           struct err *e) MUST_CHECK;
/* The same for a list: of a person that VISIBLE has just yielded. */
enum code person_listed_concealed(struct tx *tx, const struct scope *list, id64 person, struct arena *a,
                                  struct needles **ret, struct err *e) MUST_CHECK;

/* --- attributes --------------------------------------------------------------------------------------------------- */
/* kind, category, concealable item, catalog id of the label, several at once */
/* clang-format off */
#define ATTRIBUTES(X) \
  X(NAME, "name", CAT_BASIC, 0, "氏名") \
  X(KANA, "kana", CAT_BASIC, 0, "ふりがな") \
  X(CALLED, "called", CAT_BASIC, 0, "呼び名") \
  X(SEX, "sex", CAT_BASIC, 0, "性別") \
  X(BIRTH, "birth", CAT_BASIC, 0, "生年月日") \
  X(POSTAL, "postal", CAT_CONTACT, ITEM_ADDRESS, "郵便番号") \
  X(ADDRESS, "address", CAT_CONTACT, ITEM_ADDRESS, "住所") \
  X(PHONE, "phone_home", CAT_CONTACT, ITEM_PHONE, "電話(自宅)") \
  X(MOBILE, "phone_mobile", CAT_CONTACT, ITEM_PHONE, "電話(携帯)") \
  X(SCHOOL, "school", CAT_EDUCATION, ITEM_SCHOOL, "学校") \
  X(GRADE, "grade", CAT_EDUCATION, 0, "学年・在籍の状況") \
  X(WORKPLACE, "workplace", CAT_WORK, ITEM_WORKPLACE, "勤め先") \
  X(INTEREST, "interest", CAT_STRENGTH, 0, "好きなこと・関心事") \
  X(AVOID, "avoid", CAT_BASIC, 0, "避けてほしいこと") \
  X(GUARDIAN_NAME, "guardian_name", CAT_FAMILY, 0, "保護者の氏名") \
  X(GUARDIAN_PHONE, "guardian_phone", CAT_FAMILY, ITEM_PHONE, "保護者の電話")
/* clang-format on */

enum attribute {
#define X(name, code, category, item, label) ATTRIBUTE_##name,
  ATTRIBUTES(X)
#undef X
      ATTRIBUTE_COUNT
};
const char *attribute_code(enum attribute k);
const char *attribute_label(enum attribute k);
/* The concealable item it tells; 0: none. */
enum item attribute_item(enum attribute k);
bool attribute_parse(struct str code, enum attribute *ret);

/* --- creating -------------------------------------------------------------------------------------------------------- */
struct person_new {
  struct str name, kana, called; /* name is required; the others may be empty */
  struct str sex;                /* "1" "2" "9" "0" */
  struct date birth;             /* unknown or partly known is allowed */
  struct str address, postal, phone, mobile, school, grade, interest, avoid;
};
struct guardian_new {
  struct str name, phone;
  struct str relation;  /* mother father … (text as typed) */
  struct str authority; /* joint sole daily urgent none */
};

/* The relations a form offers, ended by NULL, and the word that is kept of one. */
extern const char *const guardian_relations[], *const guardian_authorities[];
struct str guardian_relation_word(struct str code);

/* Rules: person_new as above. Writes key, person, attributes; ret_scope may write further in this transaction. */
enum code person_create(struct tx *tx, const struct actor *who, const struct person_new *p,
                        const struct scope **ret_scope, struct err *e) MUST_CHECK;
enum code guardian_add(struct tx *tx, const struct scope *s, const struct guardian_new *g, id64 *ret_id,
                       struct err *e) MUST_CHECK;
/* The code of a relation in words; "other" for words of somebody's own. */
struct str guardian_relation_code(struct str word);
/* A guardian whom the scope's organization wrote down, with another name, telephone, relation or authority (empty: as it is; all as they are: nothing is written). Another authority ends the
 * row and begins a new one (*ret_id): what was agreed to on the old one does not count any more. NOT_FOUND for any other guardian. */
enum code guardian_change(struct tx *tx, const struct scope *s, id64 id, const struct guardian_new *g, id64 *ret_id,
                          struct err *e) MUST_CHECK;
/* The guardian who stands where this one of the own organization got another authority (several times); else the id itself. */
enum code guardian_now(struct tx *tx, const struct scope *s, id64 id, id64 *ret, struct err *e) MUST_CHECK;
/* No guardian any more, from now on. */
enum code guardian_end(struct tx *tx, const struct scope *s, id64 id, struct err *e) MUST_CHECK;
/* Ends the live value of this kind written by any organization the scope may write for, and adds the new one (empty: only ends).
 * own_from follows the birth dates that stand; where those of several organizations differ there is none. */
enum code person_put(struct tx *tx, const struct scope *s, enum attribute k, struct str value, enum source source,
                     struct err *e) MUST_CHECK;

/* --- reading ---------------------------------------------------------------------------------------------------------- */
/* What templates/part_strip reads of the person, only what the scope sees: has_name, name, kana, called, age, grade, has_avoid, avoid,
 * concealed. casework adds the case's part. */
enum code person_strip(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                       struct doc **ret, struct err *e) MUST_CHECK;
/* The same with `liked`: 好きなこと. */
enum code person_strip_liked(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                             struct doc **ret, struct err *e) MUST_CHECK;
/* All attributes the scope sees: list of {kind, label, value, text, category, author, source}, of a kind the oldest first; concealed items read 「秘匿あり」 without the value. */
enum code person_attributes(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                            struct doc **ret, struct err *e) MUST_CHECK;
/* Guardians: list of {id, name, relation, authority, authority_label, own, phone (empty where it is concealed)}; empty where category family is
 * not seen, and for a volunteer, since they are none of a visit's (ids then do not appear). */
enum code person_guardians(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                           struct doc **ret, struct err *e) MUST_CHECK;
/* 「17歳」 and 「高2相当」 from a stored birth date; "" where it is not known well enough. */
struct str person_age_text(struct arena *a, const struct reader *who, struct str birth_iso);
struct str person_grade_text(struct arena *a, const struct reader *who, struct str birth_iso);

#endif
