#include "web/openapi.h"

#include "access/access.h"
#include "base/limits.h"
#include "base/version.h"
#include "directory/hsds.h"
#include "gate/gate.h"
#include "web/openapi_schema.h"

struct making {
  struct arena *a;
  enum lang lang;
};

static struct str say(const struct making *m, const char *id)
{
  return tr(m->lang, id);
}

/* ---- routes in order ----------------------------------------------------------------------------------------------------------- */

static int by_path(const void *x, const void *y)
{
  const struct route *const *a = x, *const *b = y;
  int c = strcmp((*a)->path, (*b)->path);
  return c ? c : (int)(*a)->method - (int)(*b)->method;
}

const struct route **openapi_routes(struct arena *a, size_t *ret_count)
{
  size_t n = route_count();
  const struct route **sorted = arena_array(a, n + 1, sizeof(*sorted));
  for (size_t i = 0; sorted && i < n; i++)
    sorted[i] = route_at(i);
  if (sorted)
    qsort(sorted, n, sizeof(*sorted), by_path);
  *ret_count = sorted ? n : 0;
  return sorted;
}

/* ---- one operation --------------------------------------------------------------------------------------------------------------- */

/* "/cases/:case/seen.pdf" as "/cases/{case}/seen.pdf". */
static struct str template_of(struct arena *a, const char *path)
{
  struct buf b;
  bool inside = false;
  buf_init(&b, a, LIMIT_URI);
  for (const char *p = path; *p; p++) {
    if (inside && (*p == '/' || *p == '.')) {
      buf_add_c(&b, '}');
      inside = false;
    }
    if (*p == ':') {
      buf_add_c(&b, '{');
      inside = true;
    } else {
      buf_add_c(&b, *p);
    }
  }
  if (inside)
    buf_add_c(&b, '}');
  return buf_str(&b);
}

/* "get_cases_case_seen_pdf" */
static struct str operation_id(struct arena *a, const struct route *r)
{
  struct buf b;
  buf_init(&b, a, LIMIT_URI);
  buf_add_cstr(&b, r->method == POST ? "post" : "get");
  for (const char *p = r->path; *p; p++) {
    bool letter = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9');
    if (letter)
      buf_add_c(&b, *p);
    else if (b.n && b.p[b.n - 1] != '_')
      buf_add_c(&b, '_');
  }
  return buf_str(&b);
}

static struct str tag_of(struct arena *a, const char *path)
{
  size_t n = strcspn(path + 1, "/");
  return n ? str_copy(a, (struct str){path + 1, n}) : S("start");
}

static bool of_standard(const struct route *r)
{
  return strncmp(r->path, "/hsds/", 6) == 0;
}

static void put_path_parameters(const struct route *r, struct doc *list)
{
  for (const char *p = strchr(r->path, ':'); p; p = strchr(p + 1, ':')) {
    struct doc *d = doc_add_map(list);
    doc_put_str(d, "name", (struct str){p + 1, strcspn(p + 1, "/.")});
    doc_put_cstr(d, "in", "path");
    doc_put_bool(d, "required", true);
    openapi_reference(doc_put_map(d, "schema"), "schemas", of_standard(r) ? "Uuid" : "Id");
  }
}

static void put_parameters(const struct making *m, const struct route *r, struct doc *op)
{
  struct doc *list = doc_list(m->a);
  put_path_parameters(r, list);
  for (const struct field *f = r->method == GET ? r->fields : NULL; f && f->name; f++) {
    struct doc *d = doc_add_map(list);
    doc_put_cstr(d, "name", f->name);
    doc_put_cstr(d, "in", "query");
    doc_put_bool(d, "required", f->required);
    if (f->label)
      doc_put_str(d, "description", say(m, f->label));
    doc_put(d, "schema", openapi_field(m->a, m->lang, f));
  }
  if (r->method == POST && !r->no_form_key)
    openapi_reference(doc_add_map(list), "parameters", "IdempotencyKey");
  if (doc_size(list))
    doc_put(op, "parameters", list);
}

static void put_body(const struct making *m, const struct route *r, struct doc *op)
{
  if (r->method != POST || !r->fields)
    return;
  struct doc *body = doc_put_map(op, "requestBody"), *schema = openapi_fields(m->a, m->lang, r->fields);
  doc_put_bool(body, "required", doc_get(schema, "required") != NULL);
  doc_put(doc_put_map(doc_put_map(body, "content"), "application/json"), "schema", schema);
}

static void put_content(struct doc *answer, const char *type, const char *schema)
{
  struct doc *of_type = doc_put_map(doc_put_map(answer, "content"), type);
  if (schema)
    openapi_reference(doc_put_map(of_type, "schema"), "schemas", schema);
}

/* What comes when all is well: the page's document, a file, or a record that has a schema of its own. */
static void put_good(const struct making *m, const struct route *r, struct doc *answers)
{
  struct doc *d = doc_put_map(answers, "200");
  bool file = r->returns && strchr(r->returns, '/');
  doc_put_str(d, "description", r->summary ? say(m, r->summary) : S("OK"));
  if (file)
    put_content(d, r->returns, NULL);
  else
    put_content(d, "application/json", r->returns ? r->returns : r->method == POST ? "Done" : "Document");
}

static void put_answers(const struct making *m, const struct route *r, struct doc *op)
{
  struct doc *answers = doc_put_map(op, "responses");
  bool all = r->need.declared == 1;
  put_good(m, r, answers);
  openapi_reference(doc_put_map(answers, "400"), "responses", "Malformed");
  if (!all)
    openapi_reference(doc_put_map(answers, "401"), "responses", "SignIn");
  if (r->need.declared == 3 || r->method == POST)
    openapi_reference(doc_put_map(answers, "403"), "responses", "Denied");
  if (strchr(r->path, ':'))
    openapi_reference(doc_put_map(answers, "404"), "responses", "NotFound");
  if (r->method == POST)
    openapi_reference(doc_put_map(answers, "409"), "responses", "Conflict");
  if (r->fields)
    openapi_reference(doc_put_map(answers, "422"), "responses", "Invalid");
  openapi_reference(doc_put_map(answers, "429"), "responses", "TooMany");
  openapi_reference(doc_put_map(answers, "default"), "responses", "Fault");
}

/* Who may: from the engine's own table. */
static void put_need(const struct making *m, const struct route *r, struct doc *op)
{
  if (r->need.declared == 1)
    (void)doc_put_list(op, "security"); /* nobody is asked */
  if (r->need.declared != 3)
    return;
  doc_put_cstr(op, "x-needs", action_code((enum action)r->need.action));
  struct doc *roles = doc_put_list(op, "x-roles");
  for (int role = 1; role < ROLE_COUNT; role++) { /* a value, not a decision */
    bool allowed = false;
    (void)role_may((enum role)role, (enum action)r->need.action, &allowed);
    if (allowed)
      doc_add_str(roles, str_from(role_code((enum role)role)));
  }
}

static struct doc *operation(const struct making *m, const struct route *r)
{
  struct doc *op = doc_map(m->a);
  doc_put_str(op, "operationId", operation_id(m->a, r));
  if (r->summary)
    doc_put_str(op, "summary", say(m, r->summary));
  doc_add_str(doc_put_list(op, "tags"), tag_of(m->a, r->path));
  put_need(m, r, op);
  put_parameters(m, r, op);
  put_body(m, r, op);
  put_answers(m, r, op);
  return op;
}

/* ---- the document ------------------------------------------------------------------------------------------------------------------ */

static void put_paths(const struct making *m, struct doc *d)
{
  size_t n = 0;
  const struct route **routes = openapi_routes(m->a, &n);
  struct doc *paths = doc_put_map(d, "paths");
  for (size_t i = 0; i < n; i++) {
    struct str path = template_of(m->a, routes[i]->path);
    struct doc *item = doc_get_key(paths, path);
    if (!item)
      doc_put_key(paths, path, item = doc_map(m->a));
    doc_put(item, routes[i]->method == POST ? "post" : "get", operation(m, routes[i]));
  }
}

static void put_info(const struct making *m, struct doc *d)
{
  struct doc *info = doc_put_map(d, "info");
  doc_put_cstr(info, "title", "tsunagu");
  doc_put_cstr(info, "version", TSUNAGU_VERSION);
  doc_put_str(
      info, "description",
      say(m, TR("ページと同じものを、JSON で読み書きします。トークンの持ち主に見えるものだけが見え、見たことはすべて"
                "記録されます。")));
  struct doc *licence = doc_put_map(info, "license");
  doc_put_cstr(licence, "name", "GNU Affero General Public License v3.0 or later");
  doc_put_cstr(licence, "identifier", "AGPL-3.0-or-later");
}

struct doc *openapi_doc(struct arena *a, enum lang lang, struct str server)
{
  const struct making m = {a, lang};
  struct doc *d = doc_map(a);
  doc_put_cstr(d, "openapi", "3.1.0");
  put_info(&m, d);
  doc_put_str(doc_add_map(doc_put_list(d, "servers")), "url", server.n ? server : S("/"));
  (void)doc_put_list(doc_add_map(doc_put_list(d, "security")), "bearer");
  put_paths(&m, d);
  struct doc *components = openapi_components(a, lang);
  doc_put(d, "components", components);
  return !components || arena_failed(a) ? NULL : d;
}
