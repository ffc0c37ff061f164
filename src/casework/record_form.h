/* record_form.h: paragraphs of a record in a form, for whoever writes and whoever corrects one. */
#ifndef CASEWORK_RECORD_FORM_H
#define CASEWORK_RECORD_FORM_H
#include "casework/casework.h"
#include "gate/gate.h"

extern const char *const record_methods[8], *const record_partners[5], *const record_met[4]; /* codes, for a field */

enum { RECORD_PARAGRAPHS = 20 };

/* Rows typed in a form are a map with numbers as keys, in JSON a list. NULL: none. */
const struct doc *record_typed_row(const struct doc *typed, struct arena *a, size_t i);
struct str record_problem(const struct request *rq, struct str field);
/* Puts categories[] and sources[] {value, word, selected}. */
void record_put_categories(struct doc *d, enum lang lang, struct str chosen);
void record_put_sources(struct doc *d, enum lang lang, struct str chosen);
/* One typed row, checked as a field is; an empty text stays empty. INVALID with a sentence. */
enum code record_take_paragraph(const struct request *rq, const struct doc *row, struct paragraph_new *ret,
                                struct err *e) MUST_CHECK;
/* The end of a form: writes the record that was taken (`taken`: OK, or why not) and answers with the case's page, which says `said` (catalog id). `key`
 * is the form's, for what is sent twice. */
enum code record_save(struct request *rq, struct response *rs, enum code taken, const char *key, id64 case_id,
                      const struct record_new *record, const char *said, struct err *e) MUST_CHECK;

#endif
