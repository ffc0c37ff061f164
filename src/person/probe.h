/* probe.h: what a person is found by, in one sealed row: every live name, ふりがな, 呼び名, birth date and telephone (the guardians' too) in
 * the form in which they are compared, a line each. It follows from person_attribute; searching opens one row a person instead of ten.
 * For this folder; whoever looks for somebody calls person_find() (person/find.h). */
#ifndef PERSON_PROBE_H
#define PERSON_PROBE_H
#include "person/person.h"

/* What a line of a probe holds. */
enum probe_kind { PROBE_NONE, PROBE_NAME, PROBE_BIRTH, PROBE_PHONE };
enum probe_kind probe_kind_of(enum attribute k);

/* The form in which values of a kind are compared: names folded (base/utf8.h), dates ISO, telephones digits from 0 on. */
struct str probe_value(struct arena *a, enum probe_kind kind, struct str typed);

struct probe_line {
  enum attribute kind; /* of PROBE_NONE: passed over */
  id64 guardian;
  struct str value;
};
/* The lines of (kind, guardian) that the scope's organization wrote take these values; empty ones go. */
enum code probe_put(struct tx *tx, const struct scope *s, const struct probe_line *lines, size_t n,
                    struct err *e) MUST_CHECK;

/* The lines of an open probe, in any order. */
bool probe_next(struct str *rest, enum attribute *ret_kind, struct str *ret_value);

#endif
