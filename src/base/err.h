/* err.h: what went wrong, in a form a person can read. `struct err *e` is the last parameter of every function
 * that can fail; it is written only on failure and never holds personal data. */
#ifndef BASE_ERR_H
#define BASE_ERR_H
#include <stdbool.h>
#include <stdio.h>

#include "base/code.h"

enum { ERR_ARGS = 3, ERR_ARG_SIZE = 120, ERR_FIELD_SIZE = 96, ERR_DETAIL_SIZE = 240 };

struct err {
  enum code code;
  /* The sentence for the reader: a catalog id, that is the Japanese sentence itself, with %1 %2 %3 where the args
   * go. Always a string literal, so that the catalog check finds it. */
  const char *msg;
  char arg[ERR_ARGS][ERR_ARG_SIZE];
  char field[ERR_FIELD_SIZE];   /* path of the field at fault ("household.0.name"), or "" */
  char detail[ERR_DETAIL_SIZE]; /* for the log and the operator: constraint, errno, statement name */
};

/* Marks a literal for the catalog (view/view.h, tests/unit/catalog.c). */
#define TR(literal) (literal)
/* Marks a literal that is Japanese in every language: marks on paper, names of laws. */
#define JA(literal) (literal)

/* Each fills *e and returns c. Arguments are plain strings, cut at the cap on a UTF-8 boundary. */
enum code err_set(struct err *e, enum code c, const char *msg);
enum code err_set1(struct err *e, enum code c, const char *msg, const char *a1);
enum code err_set2(struct err *e, enum code c, const char *msg, const char *a1, const char *a2);
enum code err_set3(struct err *e, enum code c, const char *msg, const char *a1, const char *a2, const char *a3);
/* INVALID for one field. */
enum code err_field(struct err *e, const char *field, const char *msg);
/* Adds a technical note to an error already set. printf rules; no personal data. */
void err_detail(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Default Japanese sentence, HTTP status and process exit code of a result. */
const char *code_msg(enum code c);
const char *code_name(enum code c);
unsigned code_http_status(enum code c);
int code_exit_status(enum code c);
/* OOM with the standard sentence. */
enum code err_oom(struct err *e);
/* IO with the sentence of a full disk; and whether this errno is one. */
enum code err_full(struct err *e);
bool err_is_full(int number);
/* A line for a terminal: the message with its arguments, untranslated, and the detail in brackets. */
void err_print(FILE *f, const struct err *e);

/* Our own fault: logs file, line and text to stderr, and aborts in a build with -Dbug_aborts=true (tests);
 * in production it returns FAULT so that one request dies and not the server. */
#define BUG(e, text) err_bug((e), __FILE__, __LINE__, (text))
enum code err_bug(struct err *e, const char *file, int line, const char *text);

#if defined(TSUNAGU_ANALYZER) && !defined(ERR_INSIDE)
/* For scripts/lint alone: an analyzer looks at one file at a time and would not know that what fails is never OK. */
static inline enum code err_given(enum code said, enum code c)
{
  (void)said;
  return c;
}
#define err_set(e, c, ...) err_given(err_set(e, c, __VA_ARGS__), c)
#define err_set1(e, c, ...) err_given(err_set1(e, c, __VA_ARGS__), c)
#define err_set2(e, c, ...) err_given(err_set2(e, c, __VA_ARGS__), c)
#define err_set3(e, c, ...) err_given(err_set3(e, c, __VA_ARGS__), c)
#define err_field(e, ...) err_given(err_field(e, __VA_ARGS__), INVALID)
#define err_oom(e) err_given(err_oom(e), OOM)
#define err_bug(e, ...) err_given(err_bug(e, __VA_ARGS__), FAULT)
#endif

#endif
