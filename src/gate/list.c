#include "gate/list.h"

#include "base/limits.h"
#include "gate/gate_impl.h"
#include "gate/handler.h"

const char *const list_encodings[] = {"utf-8", "cp932", NULL};

/* ---- the choice as an address --------------------------------------------------------------------------------------------- */

static void add_param(struct buf *b, const char *name, struct str value)
{
  if (!value.n)
    return;
  buf_printf(b, "%c%s=", memchr(b->p, '?', b->n) ? '&' : '?', name);
  guard_query_value(b, value);
}

/* What stands in a field, as text; empty where nothing was chosen. */
static struct str value_of(const struct request *rq, const struct field *f)
{
  const struct doc *v = doc_get(rq->input, f->name);
  if (doc_kind(v) == DOC_INT)
    return str_printf(rq->arena, "%lld", (long long)doc_integer(v));
  return doc_truth(v) ? S("1") : doc_string(v);
}

static bool is_place(const struct list_shape *l, const char *name)
{
  return (l->place && strcmp(name, l->place) == 0) || strcmp(name, "encoding") == 0;
}

struct str list_href(const struct request *rq, const struct list_shape *l, struct str path, const char *name,
                     struct str value)
{
  struct buf b;
  buf_init(&b, rq->arena, LIMIT_URI * 8);
  buf_add(&b, path);
  for (const struct field *f = rq->route->fields; f && f->name; f++) {
    bool set = name && strcmp(f->name, name) == 0, of_file = strcmp(f->name, "encoding") == 0;
    if (!of_file && (set || !is_place(l, f->name)))
      add_param(&b, f->name, set ? value : value_of(rq, f));
  }
  if (name && strcmp(name, "encoding") == 0) /* a field of the file; a page may share its fields with it */
    add_param(&b, name, value);
  return buf_str(&b);
}

/* ---- sorting -------------------------------------------------------------------------------------------------------------------- */

static struct str chosen_order(const struct request *rq, const struct list_shape *l)
{
  struct str sort = doc_get_str(rq->input, "sort");
  return sort.n ? sort : l->order ? str_from(l->order) : STR_NONE;
}

/* Is `order` by this column, and which way? */
static bool is_by(struct str order, const struct list_column *c, bool *ret_falls)
{
  *ret_falls = order.n && order.p[0] == '-';
  return c->sort && str_is(*ret_falls ? str_sub(order, 1, order.n) : order, c->sort);
}

void list_order(const struct request *rq, const struct list_shape *l, int *ret_by, bool *ret_falls)
{
  struct str order = chosen_order(rq, l);
  bool falls = false;
  for (const struct list_column *c = l->columns; c && c->word; c++)
    if (is_by(order, c, &falls)) {
      *ret_by = c->by;
      *ret_falls = falls;
    }
}

static void put_heads(struct request *rq, struct doc *data, const struct list_shape *l)
{
  struct doc *heads = doc_put_list(data, "heads");
  struct str order = chosen_order(rq, l);
  bool falls = false;
  for (const struct list_column *c = l->columns; c && c->word; c++) {
    struct doc *d = doc_add_map(heads);
    bool current = is_by(order, c, &falls), next = current ? !falls : c->falls;
    struct str code = str_printf(rq->arena, "%s%s", next ? "-" : "", c->sort ? c->sort : "");
    doc_put_str(d, "word", gate_tr(rq, c->word));
    doc_put_bool(d, "hidden", c->hidden);
    doc_put_cstr(d, "order", !current ? "" : falls ? "descending" : "ascending");
    doc_put_bool(d, "falls", current && falls);
    doc_put_str(d, "href", c->sort ? list_href(rq, l, rq->path, "sort", code) : STR_NONE);
  }
}

/* ---- filtering -------------------------------------------------------------------------------------------------------------------- */

static bool is_kept(const struct list_shape *l, const char *name)
{
  if (strcmp(name, "sort") == 0)
    return true;
  for (const char *const *k = l->kept; k && *k; k++)
    if (strcmp(*k, name) == 0)
      return true;
  return false;
}

static void put_filtered(struct request *rq, struct doc *data, const struct list_shape *l)
{
  struct doc *kept = doc_put_list(data, "kept");
  struct buf clear;
  bool filtered = false;
  buf_init(&clear, rq->arena, LIMIT_URI * 8);
  buf_add(&clear, rq->path);
  for (const struct field *f = rq->route->fields; f && f->name; f++) {
    struct str value = value_of(rq, f);
    if (!value.n || is_place(l, f->name))
      continue;
    filtered |= !is_kept(l, f->name);
    if (!is_kept(l, f->name))
      continue;
    add_param(&clear, f->name, value);
    struct doc *d = doc_add_map(kept);
    doc_put_cstr(d, "name", f->name);
    doc_put_str(d, "value", value);
  }
  doc_put_bool(data, "filtered", filtered);
  doc_put_str(data, "clear_href", buf_str(&clear));
}

struct doc *list_filter(struct request *rq, struct doc *data, const char *field, const char *label)
{
  struct doc *filters = doc_get(data, "filters");
  struct doc *d = doc_add_map(filters ? filters : doc_put_list(data, "filters"));
  doc_put_str(d, "id", str_printf(rq->arena, "f-%s", field));
  doc_put_cstr(d, "name", field);
  doc_put_str(d, "label", gate_tr(rq, label));
  (void)doc_put_list(d, "options");
  list_option(rq, d, STR_NONE, gate_tr(rq, TR("すべて")));
  return d;
}

void list_option(const struct request *rq, struct doc *filter, struct str value, struct str word)
{
  struct doc *d = doc_add_map(doc_get(filter, "options"));
  struct str name = doc_get_str(filter, "name");
  doc_put_str(d, "value", value);
  doc_put_str(d, "word", word);
  doc_put_bool(d, "selected", str_eq(value, doc_string(doc_get_key(rq->input, name))));
}

/* ---- pages and files ---------------------------------------------------------------------------------------------------------- */

static struct str at_row(const struct request *rq, const struct list_shape *l, int64_t row)
{
  struct str n = row > 0 ? str_printf(rq->arena, "%lld", (long long)row) : STR_NONE;
  return list_href(rq, l, rq->path, l->place, n);
}

/* Before a cursor nobody knows what stood: back is the beginning. */
static void put_pages(struct request *rq, struct doc *data, const struct list_shape *l)
{
  bool more = doc_get_bool(data, "has_more");
  int64_t skip = l->place && l->page_rows ? doc_get_int(rq->input, l->place) : 0;
  bool inside = skip > 0 || (l->place && !l->page_rows && doc_get_str(rq->input, l->place).n);
  struct str next = l->page_rows ? at_row(rq, l, skip + l->page_rows)
                                 : list_href(rq, l, rq->path, l->place, doc_get_str(data, "cursor"));
  doc_replace(data, "more_href", doc_str(rq->arena, more ? next : STR_NONE));
  doc_put_str(data, "back_href", inside ? at_row(rq, l, skip - l->page_rows) : STR_NONE);
  doc_put_str(data, "back_word", gate_tr(rq, l->page_rows ? TR("前を見る") : TR("はじめから見る")));
  doc_put_bool(data, "paged", more || inside);
}

void list_put(struct request *rq, struct doc *data, const struct list_shape *l)
{
  struct str file = l->file ? str_printf(rq->arena, "%.*s.csv", STR_FMT(rq->path)) : STR_NONE;
  put_heads(rq, data, l);
  put_filtered(rq, data, l);
  put_pages(rq, data, l);
  if (!doc_get(data, "filters"))
    (void)doc_put_list(data, "filters");
  doc_put_str(data, "file_href", file.n ? list_href(rq, l, file, NULL, STR_NONE) : STR_NONE);
  doc_put_str(data, "file_cp932_href", file.n ? list_href(rq, l, file, "encoding", S("cp932")) : STR_NONE);
}

enum code list_file(struct request *rq, struct response *rs, struct csv_table *t, struct str name, struct err *e)
{
  struct str bytes = STR_NONE;
  bool cp932 = str_is(doc_get_str(rq->input, "encoding"), "cp932");
  gate_veil_table(rq, t);
  enum code c =
      arena_failed(rq->arena) ? err_oom(e) : csv_out_table(rq->arena, t, cp932 ? CSV_CP932 : CSV_UTF8_BOM, &bytes, e);
  if (c == OK)
    gate_file(rq, rs, cp932 ? "text/csv; charset=Shift_JIS" : "text/csv; charset=utf-8", name, bytes);
  return c;
}
