/* str.h: strings are pointer and length; builders carry a cap and fail softly (see arena.h). */
#ifndef BASE_STR_H
#define BASE_STR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct str {
  const char *p; /* not NUL-terminated in general */
  size_t n;
};

#define S(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_NONE ((struct str){0})
/* For printf's %.*s */
#define STR_FMT(s) (int)(s).n, (s).p

struct str str_from(const char *cstr); /* NULL gives the empty string */
bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *cstr);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_contains(struct str s, struct str part);
struct str str_trim(struct str s);                       /* ASCII blanks and U+3000 at both ends */
struct str str_sub(struct str s, size_t from, size_t n); /* clipped to s */
/* Cuts up to the first sep off the front of *rest; false when *rest is empty: "a,,b," gives "a", "", "b". */
bool str_split(struct str *rest, char sep, struct str *ret_part);
int str_compare(struct str a, struct str b);         /* bytewise */
bool str_to_i64(struct str s, int64_t *ret);         /* decimal, whole string, no blanks */
const char *str_cstr(struct arena *a, struct str s); /* NUL-terminated copy */
struct str str_copy(struct arena *a, struct str s);
struct str str_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A growing byte builder inside an arena. */
struct buf {
  struct arena *arena;
  char *p;
  size_t n, size, cap;
  bool failed; /* out of memory or over cap: all further adds are no-ops */
};

void buf_init(struct buf *b, struct arena *a, size_t cap);
void buf_add(struct buf *b, struct str s);
void buf_add_c(struct buf *b, char c);
void buf_add_cstr(struct buf *b, const char *s);
void buf_add_i64(struct buf *b, int64_t v);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct str buf_str(const struct buf *b); /* borrowed until the next add; empty when failed */

#endif
