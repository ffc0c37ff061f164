/* doc.h: the one JSON document of a request, in an arena. Built by features, read by templates, written as JSON,
 * parsed from requests. All builders are no-ops on NULL (see arena.h): ask arena_failed() once at the end. Keys keep the
 * order of insertion; a key put twice is a BUG in a build for tests. */
#ifndef BASE_DOC_H
#define BASE_DOC_H
#include "base/err.h"
#include "base/id.h"
#include "base/str.h"

enum doc_kind { DOC_NULL, DOC_BOOL, DOC_INT, DOC_REAL, DOC_STR, DOC_LIST, DOC_MAP };

struct doc; /* one node */

struct doc *doc_map(struct arena *a);
struct doc *doc_list(struct arena *a);
struct doc *doc_str(struct arena *a, struct str s); /* copies */
struct doc *doc_bool(struct arena *a, bool v);

/* Put into a map. `key` must outlive the arena (literals mostly). Strings are copied. */
void doc_put(struct doc *map, const char *key, struct doc *value);
void doc_put_str(struct doc *map, const char *key, struct str s);
void doc_put_cstr(struct doc *map, const char *key, const char *s);
void doc_put_int(struct doc *map, const char *key, int64_t v);
void doc_put_real(struct doc *map, const char *key, double v);
void doc_put_bool(struct doc *map, const char *key, bool v);
void doc_put_null(struct doc *map, const char *key);
void doc_put_id(struct doc *map, const char *key, id64 id); /* base-32 text, null for 0 */
struct doc *doc_put_map(struct doc *map, const char *key);  /* new empty child */
struct doc *doc_put_list(struct doc *map, const char *key);
/* As above with a key that is copied. */
void doc_put_key(struct doc *map, struct str key, struct doc *value);

/* Puts, or replaces the value of a key that is there. */
void doc_replace(struct doc *map, const char *key, struct doc *value);

/* A copy whose maps, lists and texts may be changed without touching the original's. */
struct doc *doc_copy(struct arena *a, const struct doc *d);

/* Another text in place of a DOC_STR's; not copied: it must live as long as the document. */
void doc_set_str(struct doc *d, struct str s);

void doc_add(struct doc *list, struct doc *value);
void doc_add_str(struct doc *list, struct str s);
void doc_add_int(struct doc *list, int64_t v);
struct doc *doc_add_map(struct doc *list);
struct doc *doc_add_list(struct doc *list);

/* Turns a node into a list of what it was and `second`: a form's name that comes again. */
void doc_make_list(struct doc *d, struct doc *second);

/* Reading. A NULL node reads as DOC_NULL / absent / empty / 0, so that chains need no checks. */
enum doc_kind doc_kind(const struct doc *d);
size_t doc_size(const struct doc *d); /* entries of a list or map */
struct doc *doc_at(const struct doc *list, size_t i);
struct doc *doc_get(const struct doc *map, const char *key); /* NULL when absent */
struct doc *doc_get_key(const struct doc *map, struct str key);
/* The same for who asks many maps of one making: *place is where it stood in the last one, looked at first. */
struct doc *doc_get_near(const struct doc *map, struct str key, uint32_t *place);
struct str doc_key_at(const struct doc *map, size_t i);
struct doc *doc_value_at(const struct doc *map, size_t i);
struct str doc_string(const struct doc *d); /* DOC_STR only, else empty */
int64_t doc_integer(const struct doc *d);
double doc_number(const struct doc *d);
bool doc_truth(const struct doc *d);
struct str doc_get_str(const struct doc *map, const char *key);
int64_t doc_get_int(const struct doc *map, const char *key);
bool doc_get_bool(const struct doc *map, const char *key);
bool doc_get_id(const struct doc *map, const char *key, id64 *ret);
bool doc_equal(const struct doc *a, const struct doc *b); /* maps without regard to order */

/* Strict RFC 8259 through jansson: duplicate keys, bad UTF-8, \u0000, depth over limits.h refused. */
enum code json_parse(struct arena *a, struct str text, struct doc **ret, struct err *e) MUST_CHECK;
/* Compact, UTF-8; '<' '>' '&' U+2028/9 escaped so that it may stand anywhere. */
void json_write(struct buf *b, const struct doc *d);
/* One string with its quotes, escaped as above. What is not UTF-8 becomes U+FFFD. */
void json_write_str(struct buf *b, struct str s);
/* Sorted keys, for hashing. */
void json_write_canonical(struct buf *b, const struct doc *d);

#endif
