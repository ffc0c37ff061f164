/* edit_impl.h: what the files of the editor share. */
#ifndef FORMBOOK_EDIT_IMPL_H
#define FORMBOOK_EDIT_IMPL_H
#include "base/limits.h"
#include "formbook/edit.h"

#define EXT "https://tsunagu.example/fhir/"

/* The own extension of that name; NULL. */
const struct doc *edit_own(const struct doc *d, const char *name);
/* In its place, whatever stood there; away when `text` is empty. */
void edit_put_own(struct arena *a, struct doc *d, const char *name, const char *value, struct str text);

/* --- edit_lines.c: options and conditions as lines that somebody types --- */
struct str edit_options_text(struct arena *a, const struct doc *item);
/* INVALID: the same one twice. */
enum code edit_write_options(struct arena *a, struct doc *item, struct str text, struct err *e) MUST_CHECK;
/* Questions and answers by their words where these are no other's, else by their codes; either is read. */
struct str edit_whens_text(struct arena *a, const struct doc *questionnaire, const struct doc *item);
/* INVALID (when). */
enum code edit_write_whens(struct arena *a, const struct doc *questionnaire, struct doc *item, const struct doc *values,
                           struct err *e) MUST_CHECK;

#endif
