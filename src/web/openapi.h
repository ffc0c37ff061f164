/* openapi.h: the API as an OpenAPI 3.1 document, made out of the route table: paths, parameters, fields with their types and limits, who may,
 * answers and errors; and the records of HSDS 3.0 out of the directory's table of the standard. Nothing of it is written by hand. */
#ifndef WEB_OPENAPI_H
#define WEB_OPENAPI_H
#include "base/doc.h"
#include "http/http.h"
#include "view/view.h"

/* `server`: "https://host"; empty: relative. NULL when memory runs out. */
struct doc *openapi_doc(struct arena *a, enum lang lang, struct str server);
/* The routes in the order of their paths; *ret_count many. NULL when memory runs out. */
const struct route **openapi_routes(struct arena *a, size_t *ret_count);

#endif
