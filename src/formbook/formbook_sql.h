/* formbook_sql.h: statements of form_definition, for this folder alone. */
#ifndef FORMBOOK_FORMBOOK_SQL_H
#define FORMBOOK_FORMBOOK_SQL_H
#include "formbook/formbook.h"

struct form_row {
  struct str code, version, status, json;
};
/* Empty json: no such row. */
enum code form_sql_get(struct tx *tx, struct str code, struct str version, struct arena *a, struct str *ret_json,
                       struct err *e) MUST_CHECK;
/* Version of the newest active row; empty: none. */
enum code form_sql_active(struct tx *tx, struct str code, struct arena *a, struct str *ret_version,
                          struct err *e) MUST_CHECK;
/* Does nothing where the version stands already. */
enum code form_sql_add(struct tx *tx, const struct form_row *row, struct err *e) MUST_CHECK;
/* Codes that have an active row, each once: list of texts. */
enum code form_sql_codes(struct tx *tx, struct arena *a, struct doc **ret, struct err *e) MUST_CHECK;

#endif
