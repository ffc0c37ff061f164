/* files.h: what is attached to a case: a letter, a certificate, a photograph. Cut into parts of 64 KB, each sealed under the person's key; its
 * title is sealed too, and no file name ever says it. What is attached is a row like any other: category, author, masks. */
#ifndef CASEWORK_FILES_H
#define CASEWORK_FILES_H
#include "casework/casework.h"
#include "casework/file_clean.h"

enum { FILE_PART = 64 << 10, FILE_MOST = 4 << 20 };

struct file_new {
  struct str title; /* what it is, in words */
  struct str bytes; /* as it came */
  cats_t category;
  enum source source;
};
/* Judges it by its content, takes away what it tells beside itself, and keeps it. INVALID where it is no PDF, JPEG or PNG, is not whole or too
 * large, or has no title. Do the judging before the transaction: file_clean() (file_ready()). */
struct file_ready {
  struct str title, clean;
  enum file_type type;
  cats_t category;
  enum source source;
  id64 consent; /* the consent whose signed paper it is: for its own organization alone; 0: none */
};
enum code file_ready(struct arena *a, const struct file_new *n, struct file_ready *ret, struct err *e) MUST_CHECK;
enum code file_attach(struct tx *tx, const struct scope *s, id64 case_id, const struct file_ready *f, id64 *ret_id,
                      struct err *e) MUST_CHECK;

/* What the scope sees: list of {id, href, title, type ("PDF"), size ("120 KB"), category, when, at, by, can_remove}, newest
 * first. PDF files keep what their maker wrote into them (name, program, dates): to take it out would break signatures, and the page
 * that attaches says so; photographs lose it. */
enum code file_list(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, const struct reader *who,
                    struct doc **ret, struct err *e) MUST_CHECK;
/* Those of one consent: the same list. */
enum code file_list_of_consent(struct tx *tx, const struct scope *s, id64 case_id, id64 consent, struct arena *a,
                               const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;
/* Erases it at once, its bytes and its title; what stays is the course of the case: that there was one, who took it away and why. By who
 * attached it, or by whoever works on the case for the organization that wrote it and leads: DENIED otherwise, and for what proves a
 * consent; NOT_FOUND where it is not seen. The reason is required. Backups hold the sealed bytes until they are replaced. */
enum code file_remove(struct tx *tx, const struct scope *s, id64 case_id, id64 id, struct str why,
                      struct err *e) MUST_CHECK;
/* {id, title, type, size, when, by, can_remove} of one. NOT_FOUND as above. */
enum code file_show(struct tx *tx, const struct scope *s, id64 case_id, id64 id, struct arena *a,
                    const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;

/* One of the case's that the scope sees, whole. NOT_FOUND otherwise. */
enum code file_open(struct tx *tx, const struct scope *s, id64 case_id, id64 id, struct arena *a, enum file_type *ret,
                    struct str *ret_bytes, struct err *e) MUST_CHECK;

#endif
