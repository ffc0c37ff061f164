/* draft_sql.h: statements of drafts of forms, for this folder alone. A draft is the row of version 'draft'; its created_at is its rev. */
#ifndef FORMBOOK_DRAFT_SQL_H
#define FORMBOOK_DRAFT_SQL_H
#include "formbook/formbook_sql.h"

enum code draft_sql_get(struct tx *tx, struct str code, struct arena *a, struct str *ret_json, ts_t *ret_rev,
                        struct err *e) MUST_CHECK;
/* rev 0: a new one. CONFLICT: somebody was faster. */
enum code draft_sql_put(struct tx *tx, struct str code, struct str json, ts_t rev, struct err *e) MUST_CHECK;
enum code draft_sql_drop(struct tx *tx, struct str code, struct err *e) MUST_CHECK;
enum code draft_sql_codes(struct tx *tx, struct arena *a, struct doc **ret, struct err *e) MUST_CHECK;
/* The active versions of the code retire; this one is active from now on. */
enum code form_sql_publish(struct tx *tx, struct str code, struct str version, struct str json,
                           struct err *e) MUST_CHECK;

#endif
