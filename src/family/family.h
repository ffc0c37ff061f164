/* family.h: 家族と世帯, and what else is around the person. Each relative is a note in the person's own file (category family): somebody of whom
 * there may be no file at all. What a guardian's row says (name, telephone, authority; person/person.h) stands there alone; a note that names the
 * guardian adds what it does not say. That two persons of the network are of one family is a link of its own, which nobody is told of who may
 * not see both: neither by a line, nor by a number, nor by a gap. The maps (ジェノグラム, エコマップ) are drawn of exactly what the list shows. */
#ifndef FAMILY_FAMILY_H
#define FAMILY_FAMILY_H
#include "casework/casework.h"

/* name, code, catalog id, sex where the word tells it */
/* clang-format off */
#define FAMILY_RELATIONS(X) \
  X(MOTHER, "mother", "母", "2") X(FATHER, "father", "父", "1") \
  X(STEPFATHER, "stepfather", "母の夫・パートナー", "1") X(STEPMOTHER, "stepmother", "父の妻・パートナー", "2") \
  X(BROTHER_OLDER, "brother_older", "兄", "1") X(SISTER_OLDER, "sister_older", "姉", "2") \
  X(BROTHER_YOUNGER, "brother_younger", "弟", "1") X(SISTER_YOUNGER, "sister_younger", "妹", "2") \
  X(HALF_MOTHER, "half_mother", "母が同じきょうだい", "") X(HALF_FATHER, "half_father", "父が同じきょうだい", "") \
  X(GRANDMOTHER_M, "grandmother_m", "祖母(母方)", "2") X(GRANDFATHER_M, "grandfather_m", "祖父(母方)", "1") \
  X(GRANDMOTHER_F, "grandmother_f", "祖母(父方)", "2") X(GRANDFATHER_F, "grandfather_f", "祖父(父方)", "1") \
  X(AUNT_M, "aunt_m", "おじ・おば(母方)", "") X(AUNT_F, "aunt_f", "おじ・おば(父方)", "") \
  X(PARTNER, "partner", "配偶者・パートナー", "") X(CHILD, "child", "子", "") \
  X(FOSTER, "foster", "里親・施設の人", "") X(RELATIVE, "relative", "そのほかの親族", "") \
  X(OTHER, "other", "親族でない人", "")
/* clang-format on */
enum family_relation {
#define X(name, code, label, sex) RELATION_##name,
  FAMILY_RELATIONS(X)
#undef X
      RELATION_COUNT
};
extern const char *const family_relation_codes[]; /* ended by NULL */
extern const char *const family_sex_codes[];      /* 1 2 9 */
extern const char *const family_house_codes[];    /* same apart */
extern const char *const family_life_codes[];     /* alive dead */
extern const char *const family_couple_codes[];   /* married unmarried separated divorced */
extern const char *const family_tie_codes[];      /* strong plain weak stressed cut */

enum family_kind { FAMILY_MEMBER, FAMILY_RESOURCE, FAMILY_TIE };
enum { FAMILY_MOST = 60 }; /* notes of one person that a page shows, and members of a map */

/* What a note says. Codes and texts may be empty: not known. */
struct family_note {
  enum family_kind kind;
  id64 guardian, organization; /* of a member who is a guardian; of a tie */
  struct str name, relation, sex, born /* ISO, perhaps the year alone */, house, life, couple, tie, note;
  enum source source;
};

/* INVALID where a member or resource has no name (a guardian's stands with the guardian), or was born after today; NOT_FOUND for a guardian the
 * scope does not see. *ret_note: the note's id. */
enum code family_add(struct tx *tx, const struct scope *s, const struct family_note *n, id64 *ret_note,
                     struct err *e) MUST_CHECK;
/* Another text in its place; what is concealed and came back as CONCEALED_MARK stays what it was. NOT_FOUND unless the own organization wrote it. */
enum code family_change(struct tx *tx, const struct scope *s, id64 note, const struct family_note *n,
                        struct err *e) MUST_CHECK;
/* Takes it out of the list; the row stays, ended. */
enum code family_end(struct tx *tx, const struct scope *s, id64 note, struct err *e) MUST_CHECK;
/* The own organization's note of a guardian whose row was begun anew (guardian_change) goes on with it; `to` 0: with nobody, as a relative of that
 * name. */
enum code family_follow(struct tx *tx, const struct scope *s, id64 guardian, id64 to, struct str name,
                        struct err *e) MUST_CHECK;
/* How close the person is to an organization of the case; an empty tie takes it away. */
enum code family_tie(struct tx *tx, const struct scope *s, id64 organization, struct str tie, struct err *e) MUST_CHECK;

/* Says that the case of that number is of one family with the scope's person. Whoever may not read that case gets what he gets for a number
 * that is none: INVALID. `note` (0: none): the member of this family who it is. Twice is once. */
enum code family_link(struct tx *tx, const struct scope *s, struct str number, id64 note, struct err *e) MUST_CHECK;
enum code family_unlink(struct tx *tx, const struct scope *s, id64 link, struct err *e) MUST_CHECK;

/* What the scope sees, in words, less what is concealed:
 *   members[]    {note_id, guardian_id (null: none), name, relation, relation_label, sex, born, age, dead, house, house_label, couple, couple_label,
 *                tie, tie_label, authority_label, phone, note, more (all that there is to say of him in a line), can_change, linked, link_href, link_text}
 *   resources[]  {note_id, name, tie, tie_label, note, can_change}
 *   ties[]       {note_id, organization_id, tie, tie_label, own}; the own organization's before others'
 *   links[]      {id, href, text, note_id, own}: cases of one family, of persons whom the actor may see as well; each is looked at, and says so in the log
 * A volunteer sees none of it. */
enum code family_read(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who, struct doc **ret,
                      struct err *e) MUST_CHECK;
/* person_concealed(), and the same of whoever is linked and may be seen: for what leaves. */
enum code family_concealed(struct tx *tx, const struct scope *s, struct arena *a, struct needles **list,
                           struct err *e) MUST_CHECK;
/* For a file that leaves: the relatives and what else is around, as they were written, of what the scope and `as` (whom it goes to) both see, less what
 * stands in `secret`: list of {kind, guardian_id (absent: none), name, relation, sex, born, house, life, couple, tie, note,
 * source (int)}, what is empty absent. What ties the person to organizations of this network, and who of the family is known here, stays. */
enum code family_for(struct tx *tx, const struct scope *s, const struct scope *as, struct needles *secret,
                     struct arena *a, struct doc **ret, struct err *e) MUST_CHECK;
/* One note as the own organization wrote it, for its form: names of the fields of family_web.c. NOT_FOUND as family_change(). */
enum code family_note_get(struct tx *tx, const struct scope *s, id64 note, struct arena *a, struct doc **ret,
                          struct err *e) MUST_CHECK;
/* Rows for the household table of a sheet, beside the person: list of {name, age (int, absent where unknown), relation}; never a note. */
enum code family_household(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                           struct doc **ret, struct err *e) MUST_CHECK;

/* ---- the maps: pure but for the layout. Drawings of view/drawing.h; NULL where Graphviz is not there. */
struct family_person { /* in the middle */
  struct str name, sex, age;
};
enum code family_genogram(struct arena *a, enum lang lang, const struct family_person *p, const struct doc *members,
                          struct doc **ret, struct err *e) MUST_CHECK;
/* around: list of {name, sub, tie}, as list and map show them. */
enum code family_ecomap(struct arena *a, enum lang lang, const struct family_person *p, const struct doc *around,
                        struct doc **ret, struct err *e) MUST_CHECK;

const char *family_tie_label(struct str code);
/* Catalog id of one of the codes above; "" for what is none. */
const char *family_word(const char *const *codes, struct str code);

#endif
