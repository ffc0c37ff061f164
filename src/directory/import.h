/* import.h: a town's list of places becomes directory entries. The lists are JSON as converted from spreadsheets: `data`, or parts named
 * in `index`, each an array of rows; `header` holds the columns' headings; `origin` and `source` say where it comes from. Every row is
 * accounted for in the report. Nothing is invented: what cannot be read stays as it is, or the row is refused with the reason. */
#ifndef DIRECTORY_IMPORT_H
#define DIRECTORY_IMPORT_H
#include "access/scope.h"
#include "base/doc.h"
#include "directory/phone.h"

enum { IMPORT_FILE_MOST = 32 << 20 }; /* bytes of a list */

struct import_options {
  struct str file;      /* shown in the report, and the source's key where the list names no origin */
  struct str area_code; /* completes local telephone numbers; may be empty */
  struct str city;      /* written in front of addresses (a column 住所), which leave it out; may be empty */
  struct str source;    /* the source's key instead of the list's `origin` */
  struct str licence;   /* instead of what stands behind the last '/' of the list's `source` */
  bool cp932;           /* the file is CP932; else UTF-8, with or without BOM */
};

enum row_kind { ROW_PLACE, ROW_HEADING, ROW_BLANK, ROW_REFUSED };

struct import_attribute {
  struct str label, value;
  bool is_date;
};
enum { IMPORT_ATTRIBUTES = 24 };

/* Filled by the import. */
enum import_outcome {
  OUTCOME_NONE,      /* no place */
  OUTCOME_NEW,       /* a new organization with this service */
  OUTCOME_MERGED,    /* a service of an organization that is there: the same name with the same telephone or place */
  OUTCOME_TWICE,     /* the same service once more in this list */
  OUTCOME_UNCHANGED, /* imported before, and the same */
  OUTCOME_UPDATED,   /* imported before; the list says something else now */
  OUTCOME_KEPT,      /* imported before and edited by hand since: left alone */
  OUTCOME_COUNT
};

struct import_row {
  enum row_kind kind;
  struct str part, heading; /* "data_05", 「短期入所生活介護施設」 */
  int64_t number;           /* in its part, from 1 */
  const char *reason;       /* why refused: catalog id; its %1 is `detail` */
  struct str detail;
  struct str remarks;                   /* what was read in a way that a person should know of; lines */
  struct str name, what, hours, alert;  /* mended */
  struct str address, place, url, mail; /* mended */
  struct phones phones;
  struct import_attribute attributes[IMPORT_ATTRIBUTES];
  size_t attribute_count;
  uint32_t concerns;      /* bits by directory_concern_codes */
  const char *place_kind; /* organization.kind */
  bool shut;              /* the list says it is closed for the time being */
  struct str raw;         /* canonical JSON of the row and of what it was read with */
  enum import_outcome outcome;
  struct str joined; /* name of the organization it was merged into */
};

struct import_list {
  struct arena *arena; /* of import_read() */
  struct import_options options;
  struct str key, attribution, licence; /* of the source */
  struct import_row *rows;
  size_t count;
  struct str remarks; /* about columns and parts; lines */
};

/* Reads a list; everything is in the arena, `text` may go. INVALID for a text that is no list at all (broken JSON with its line, another
 * encoding, no rows, no licence); single bad rows are ROW_REFUSED. */
enum code import_read(struct arena *a, struct str text, const struct import_options *o, struct import_list *ret,
                      struct err *e) MUST_CHECK;

struct import_report {
  int64_t rows, blank, headings, refused, outcomes[OUTCOME_COUNT];
  int64_t organizations; /* new ones */
  int64_t gone;          /* services of these sources that no row names any more; they stay */
};

/* Inside a write: all lists, or nothing where it fails. The scope is for DIRECTORY_WRITE. Outcomes go into the rows. */
enum code import_write(struct tx *tx, const struct scope *s, struct import_list *lists, size_t count,
                       struct import_report *ret, struct err *e) MUST_CHECK;
/* What import_write() would do; reads only. */
enum code import_plan(struct tx *tx, const struct scope *s, struct import_list *lists, size_t count,
                      struct import_report *ret, struct err *e) MUST_CHECK;
/* The report as text: a line for each row, then the sums. */
void import_print(FILE *f, struct import_list *lists, size_t count, const struct import_report *r, bool planned);

#endif
