/* form_internal.h: what the files of this folder share. */
#ifndef FORM_FORM_INTERNAL_H
#define FORM_FORM_INTERNAL_H
#include "base/limits.h"
#include "form/form.h"

#define FORM_EXT "https://tsunagu.example/fhir/"
#define FHIR_EXT "http://hl7.org/fhir/StructureDefinition/"

struct form {
  struct str name, version, url, status, number;
  enum form_use use;
  struct form_label title;
  const struct doc *source;
  struct form_item *items; /* document order */
  size_t count;
  const struct form_item *first;
};

/* --- form_load.c: extensions, for form_item.c too --- */
/* The extension of that URL in d.extension, or NULL. */
const struct doc *form_extension(const struct doc *d, const char *url);
const struct doc *form_own_extension(const struct doc *d, const char *name);         /* under FORM_EXT */
struct str form_translation(const struct doc *d, const char *key, const char *lang); /* FHIR's translation of d[key] */
enum code form_bad(struct err *e, struct str link, const char *msg);

/* --- form_item.c: one item of the definition, without its relations --- */
enum code form_item_load(struct arena *a, const struct doc *d, const struct form_item *parent, struct form_item *it,
                         struct err *e) MUST_CHECK;

/* --- form_relations.c: what one item says about another, after all are loaded --- */
enum code form_relate(struct arena *a, struct form *f, const struct doc *const *sources, struct err *e) MUST_CHECK;

/* --- form_fhir_value.c: value[x] and answer[x] --- */
/* What a map with `prefix`Boolean, `prefix`Date … says for this item, in the looser shape form_value_read takes. NULL: none,
 * or of another type. */
struct doc *form_fhir_raw(struct arena *a, const struct form_item *it, const struct doc *d, const char *prefix);
/* The same as a canonical value, for the definition's own initial and enableWhen; NULL: not a value of the item. */
struct doc *form_fhir_definition_value(struct arena *a, const struct form *f, const struct form_item *it,
                                       const struct doc *d, const char *prefix);
/* Puts value[x] of one canonical value into an answer map. */
void form_fhir_put(struct arena *a, const struct form_item *it, const struct doc *value, struct doc *answer);

/* --- problems, and the place they are about --- */
struct form_veil;
struct form_reader {
  const struct form_context *c;
  const struct form *f;
  const struct form_veil *veil; /* NULL: everything may be chosen (the definition itself) */
  enum form_stage stage;
  struct problem *first, *last;
  size_t problems;
};

/* A place in the answers: dotted name of the map ("answer.household.0") and how people call it (「世帯構成 2行目」). */
struct form_place {
  struct str path, words;
};
struct str form_path(const struct form_context *c, struct str path, struct str key);
/* id: catalog sentence; %1 is the item's name, %2 is a2, %3 is a3. */
void form_say(struct form_reader *r, const struct form_place *at, const struct form_item *it, const char *id,
              struct str a2, struct str a3);
void form_say_path(struct form_reader *r, struct str path, struct str text);
void form_keep_problem(struct form_reader *r, struct problem *p); /* appends */
struct form_place form_row_place(const struct form_context *c, const struct form_place *at,
                                 const struct form_item *group, size_t row);
struct str form_prefix(const struct form_context *c);
struct str form_number_text(struct arena *a, int64_t n);

/* --- form_value.c: one value --- */
/* Reads what was typed for one value (not a list). NULL: nothing typed, or a problem that was said. */
struct doc *form_value_read(struct form_reader *r, const struct form_place *at, const struct form_item *it,
                            const struct doc *raw);
struct doc *form_date_read(struct form_reader *r, const struct form_place *at, const struct form_item *it,
                           const struct doc *raw);
const char *form_era_code(enum era era);                              /* R H S T M, "" for 西暦: as http's dates */
bool form_clock_text(struct arena *a, struct str s, struct str *ret); /* "9:02" to "09:02" */
/* Full width digits and signs to ASCII, thousands separators dropped. */
struct str form_plain_number(struct arena *a, struct str s);
struct str form_raw_text(struct arena *a, const struct doc *raw); /* a leaf as it would be typed */
bool form_is_row_list(const struct doc *raw);

/* Items of a list as typed: a list, a map with numbers as keys (by number), or one value. */
struct form_rows {
  const struct doc **row;
  size_t count;
};
struct form_rows form_rows_of(struct arena *a, const struct doc *raw);

/* --- form_when.c --- */
/* The maps of answers around an item: the innermost first. */
struct form_frame {
  const struct doc *map;
  const struct form_item *group; /* the repeating group whose row this is; NULL at the top */
  const struct form_frame *up;
};
bool form_enabled(const struct form_item *it, const struct form_frame *frame);
struct str form_when_text(const struct form_context *c, const struct form_item *it);
struct doc *form_when_doc(const struct form_context *c, const struct form_item *it, struct str path);

/* --- form_mask.c --- */
struct form_veil {
  const struct form *f;
  const struct form_mask *mask;
  bool *seen;    /* by item index */
  bool *whole;   /* for a repeating group: nothing inside is withheld, so that it may be written */
  bool withheld; /* something is withheld for its category, source or concealment */
};
void form_veil_make(const struct form_context *c, const struct form *f, struct form_veil *ret);
bool form_veil_item(const struct form_veil *v, const struct form_item *it);
bool form_veil_option(const struct form_veil *v, const struct form_item *it, const struct form_option *o);
struct doc *form_veil_value(const struct form_context *c, const struct form_veil *v, const struct form_item *it,
                            const struct doc *value); /* codes withheld are left out; NULL: nothing left */
bool form_fixed(const struct form_context *c, const struct form_item *it); /* readOnly, or fixed by the caller */
struct str form_veil_note(const struct form_context *c, const struct form_veil *v);

/* --- form_text.c --- */
bool form_is_choice(const struct form_item *it);
struct str form_item_label(const struct form_context *c, const struct form_item *it);
/* A choice with several, or any repeating item that is no group, as a list; otherwise the value itself as a list of one. */
size_t form_value_count(const struct doc *value);
const struct doc *form_value_at(const struct doc *value, size_t i);
bool form_value_has(const struct doc *value, struct str code); /* a choice's value holds the code */

#endif
