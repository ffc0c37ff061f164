/* openapi_schema.h: the parts that operations refer to. Inside src/web. */
#ifndef WEB_OPENAPI_SCHEMA_H
#define WEB_OPENAPI_SCHEMA_H
#include "base/doc.h"
#include "http/http.h"
#include "view/view.h"

void openapi_reference(struct doc *d, const char *kind, const char *name); /* kind: "schemas", "responses", … */
struct doc *openapi_field(struct arena *a, enum lang lang, const struct field *f);
struct doc *openapi_fields(struct arena *a, enum lang lang, const struct field *fields);
struct doc *openapi_components(struct arena *a, enum lang lang);

#endif
