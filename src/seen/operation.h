/* operation.h: 操作の記録 — what everybody did, for the auditor: who, when, what, on which case number, by which right. No names of persons,
 * no content; whoever needs those asks the organization that leads the case. */
#ifndef SEEN_OPERATION_H
#define SEEN_OPERATION_H
#include "access/scope.h"
#include "base/doc.h"
#include "view/csv.h"
#include "view/reader.h"

enum { OPERATION_FILE = 50000 }; /* lines of one file */

struct operation_view {
  struct date from, until;  /* days, both included */
  int kind;                 /* enum event_kind; 0: all */
  struct str login, number; /* of whom, on which case; empty: all */
  bool oldest;              /* first; else the newest */
  int64_t skip;
};
/* `s`: a scope for AUDIT_READ of a transaction that passes row-level security (gate_as_service()). Puts rows[], has_rows and
 * has_more into a new map. */
enum code operation_page(struct tx *tx, const struct scope *s, const struct operation_view *view, struct arena *a,
                         const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;
/* The same lines as a file, skip left out. LIMIT beyond OPERATION_FILE. */
enum code operation_csv(struct tx *tx, const struct scope *s, const struct operation_view *view, struct arena *a,
                        const struct reader *who, enum csv_encoding to, struct str *ret, struct err *e) MUST_CHECK;

#endif
