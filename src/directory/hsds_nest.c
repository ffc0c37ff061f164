/* hsds_nest.c: a set becomes JSON as the standard nests it, and tables. */
#include "base/limits.h"
#include "directory/hsds.h"
#include "view/csv.h"

/* ---- nested ---------------------------------------------------------------------------------------------------------------- */

struct nesting {
  struct hsds_set *s;
  enum hsds_shape shape;
};

/* What nesting itself says is not said again: a reference to a record that is there; a parent of the same kind is not nested. */
static bool said_by_nesting(const struct nesting *n, const struct hsds_record *r, const struct hsds_field *f)
{
  if (!f->is_reference || f->refers == r->kind)
    return false;
  const struct hsds_record *it = hsds_find_any(n->s, f->refers, doc_get_str(r->fields, f->name));
  return it && !it->gone;
}

static struct doc *nest(const struct nesting *n, const struct hsds_record *r, enum hsds_kind from);

static struct doc *mention(const struct nesting *n, const struct hsds_record *r)
{
  struct doc *d = doc_map(n->s->arena);
  doc_put_str(d, "id", r->id);
  doc_put_str(d, "name", hsds_get(r, "name"));
  doc_put_str(d, "status", hsds_get(r, "status"));
  return d;
}

static void nest_list(const struct nesting *n, struct doc *d, const struct hsds_branch *b, const struct hsds_record *r)
{
  const struct doc *children = hsds_children(n->s, b->kind, b->by, r->id);
  bool services = b->kind == HSDS_SERVICE;
  if (!doc_size(children))
    return;
  struct doc *list = doc_put_list(d, b->name);
  for (size_t i = 0; i < doc_size(children); i++) {
    const struct hsds_record *child = hsds_at(n->s, children, i);
    doc_add(list, services && n->shape != HSDS_SERVICES ? mention(n, child) : nest(n, child, r->kind));
  }
}

static void nest_one(const struct nesting *n, struct doc *d, const struct hsds_branch *b, const struct hsds_record *r)
{
  const struct hsds_record *it = hsds_find(n->s, b->kind, hsds_get(r, b->by));
  if (it && !it->gone)
    doc_put(d, b->name, nest(n, it, r->kind));
}

/* `from`: the kind above, which is not nested below again; HSDS_ANY at the top. */
static struct doc *nest(const struct nesting *n, const struct hsds_record *r, enum hsds_kind from)
{
  struct doc *d = doc_map(n->s->arena);
  const struct hsds_table *t = &hsds_tables[r->kind];
  for (const struct hsds_field *f = t->fields; f->name; f++) {
    struct doc *value = doc_get(r->fields, f->name);
    if (value && !said_by_nesting(n, r, f))
      doc_put(d, f->name, value);
  }
  for (const struct hsds_branch *b = t->branches; b->name; b++) {
    bool top_only = (r->kind == HSDS_ORGANIZATION && b->kind == HSDS_SERVICE) ||
                    (r->kind == HSDS_SERVICE_AT_LOCATION && b->kind == HSDS_SERVICE);
    if (b->kind == from || (top_only && from != HSDS_ANY))
      continue;
    if (!b->list)
      nest_one(n, d, b, r);
    else if (n->shape != HSDS_LINE)
      nest_list(n, d, b, r);
  }
  return d;
}

struct doc *hsds_nest(struct hsds_set *s, const struct hsds_record *r, enum hsds_shape shape)
{
  const struct nesting n = {s, shape};
  return nest(&n, r, HSDS_ANY);
}

/* ---- tables ------------------------------------------------------------------------------------------------------------------ */

/* What a table must say and JSON says by nesting: of which table the record is that an attribute or a change belongs to. */
static struct doc *cell_doc(const struct hsds_set *s, const struct hsds_record *r, const struct hsds_field *f)
{
  struct doc *there = doc_get(r->fields, f->name);
  const char *by = r->kind == HSDS_ATTRIBUTE && strcmp(f->name, "link_entity") == 0    ? "link_id"
                   : r->kind == HSDS_METADATA && strcmp(f->name, "resource_type") == 0 ? "resource_id"
                                                                                       : NULL;
  const struct hsds_record *holder = there || !by ? NULL : hsds_find_any(s, HSDS_ANY, hsds_get(r, by));
  return holder ? doc_str(s->arena, str_from(hsds_tables[holder->kind].name)) : there;
}

static void put_cell(const struct hsds_set *s, struct csv_out *o, const struct doc *d)
{
  struct buf b;
  if (doc_kind(d) == DOC_STR || !d) {
    csv_out_raw(o, doc_string(d));
    return;
  }
  buf_init(&b, s->arena, 64);
  json_write(&b, d);
  csv_out_raw(o, buf_str(&b));
}

enum code hsds_csv(const struct hsds_set *s, enum hsds_kind kind, struct str *ret, struct err *e)
{
  struct csv_out *o = csv_out_new(s->arena);
  const struct hsds_field *fields = hsds_tables[kind].fields;
  for (const struct hsds_field *f = fields; f->name; f++)
    csv_out_raw(o, str_from(f->name));
  csv_out_row(o);
  for (const struct hsds_record *r = s->first[kind]; r; r = r->next) {
    for (const struct hsds_field *f = fields; f->name; f++)
      put_cell(s, o, cell_doc(s, r, f));
    csv_out_row(o);
  }
  return csv_out_finish(o, CSV_UTF8, ret, e);
}

struct doc *hsds_tabular(const struct hsds_set *s)
{
  struct doc *all = doc_map(s->arena);
  for (int k = 0; k < HSDS_KINDS; k++) {
    struct doc *rows = s->count[k] ? doc_put_list(all, hsds_tables[k].path) : NULL;
    for (const struct hsds_record *r = s->first[k]; r; r = r->next) {
      struct doc *row = doc_add_map(rows);
      for (const struct hsds_field *f = hsds_tables[k].fields; f->name; f++) {
        struct doc *cell = cell_doc(s, r, f);
        if (cell)
          doc_put(row, f->name, cell);
      }
    }
  }
  return all;
}

/* ---- datapackage.json: https://specs.frictionlessdata.io/tabular-data-package/ ------------------------------------------------ */

static const struct {
  const char *type, *format;
} types[] = {[HSDS_TEXT] = {"string", NULL}, [HSDS_UUID] = {"string", "uuid"},  [HSDS_NUMBER] = {"number", NULL},
             [HSDS_DATE] = {"date", NULL},   [HSDS_TIME] = {"time", "any"},     [HSDS_DATETIME] = {"datetime", "any"},
             [HSDS_URI] = {"string", "uri"}, [HSDS_EMAIL] = {"string", "email"}};

static void put_field(struct doc *list, const struct hsds_field *f)
{
  struct doc *d = doc_add_map(list);
  doc_put_cstr(d, "name", f->name);
  doc_put_cstr(d, "type", types[f->type].type);
  if (types[f->type].format)
    doc_put_cstr(d, "format", types[f->type].format);
  bool id = strcmp(f->name, "id") == 0, required = f->need == HSDS_FULL || f->need == HSDS_PARENT;
  if (!required && !f->choices)
    return;
  struct doc *c = doc_put_map(d, "constraints");
  if (required)
    doc_put_bool(c, "required", true);
  if (id)
    doc_put_bool(c, "unique", true);
  struct doc *list_of = f->choices ? doc_put_list(c, "enum") : NULL;
  for (const char *const *choice = f->choices; choice && *choice; choice++)
    doc_add_str(list_of, str_from(*choice));
}

/* Only links that hold for every row: a record may name one that is not in this directory. */
static bool link_holds(const struct hsds_set *s, enum hsds_kind kind, const struct hsds_field *f)
{
  if (!f->is_reference || f->refers == HSDS_ANY || !s->count[f->refers])
    return false;
  for (const struct hsds_record *r = s->first[kind]; r; r = r->next) {
    struct str id = hsds_get(r, f->name);
    if (id.n && !hsds_find(s, f->refers, id))
      return false;
  }
  return true;
}

static void put_resource(const struct hsds_set *s, struct doc *list, enum hsds_kind kind)
{
  const struct hsds_table *t = &hsds_tables[kind];
  struct doc *d = doc_add_map(list), *links = doc_list(s->arena);
  struct str path = str_from(t->path);
  doc_put_str(d, "name", str_sub(path, 0, path.n - 4));
  doc_put_str(d, "path", path);
  doc_put_cstr(d, "profile", "tabular-data-resource");
  doc_put_cstr(d, "format", "csv");
  doc_put_cstr(d, "mediatype", "text/csv");
  doc_put_cstr(d, "encoding", "utf-8");
  struct doc *schema = doc_put_map(d, "schema"), *fields = doc_put_list(schema, "fields");
  doc_put_cstr(schema, "primaryKey", "id");
  for (const struct hsds_field *f = t->fields; f->name; f++) {
    put_field(fields, f);
    if (!link_holds(s, kind, f))
      continue;
    struct doc *link = doc_add_map(links);
    struct str to = str_from(hsds_tables[f->refers].path);
    doc_put_cstr(link, "fields", f->name);
    struct doc *there = doc_put_map(link, "reference");
    doc_put_str(there, "resource", f->refers == kind ? STR_NONE : str_sub(to, 0, to.n - 4));
    doc_put_cstr(there, "fields", "id");
  }
  if (doc_size(links))
    doc_put(schema, "foreignKeys", links);
}

struct doc *hsds_datapackage(const struct hsds_set *s, struct str title)
{
  struct doc *d = doc_map(s->arena);
  doc_put_cstr(d, "name", "tsunagu-directory");
  doc_put_str(d, "title", title);
  doc_put_cstr(d, "profile", "tabular-data-package");
  doc_put_cstr(d, "homepage", "https://docs.openreferral.org/en/v3.0.1/hsds/");
  if (doc_size(s->sources))
    doc_put(d, "sources", s->sources);
  struct doc *list = doc_put_list(d, "resources");
  for (int k = 0; k < HSDS_KINDS; k++)
    if (s->count[k])
      put_resource(s, list, (enum hsds_kind)k);
  return d;
}
