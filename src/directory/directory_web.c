#include "base/limits.h"
#include "directory/directory.h"
#include "gate/handler.h"
#include "gate/list.h"

/* ---- the list ------------------------------------------------------------------------------------------------------------------ */

static const char *const view_codes[] = {"all", "council", "network", "outside", NULL};
static const char *const view_words[] = {TR("すべて"), TR("協議会"), TR("ネットワーク"), TR("そのほかのつなぎ先")};
static const struct field list_fields[] = {
    {.name = "q", .kind = FIELD_TEXT, .label = TR("ことば")},
    {.name = "kind", .kind = FIELD_CHOICE, .options = directory_kind_codes, .label = TR("種類")},
    {.name = "concern", .kind = FIELD_CHOICE, .options = directory_concern_codes, .label = TR("困りごと")},
    {.name = "place", .kind = FIELD_TEXT, .label = TR("場所")},
    {.name = "view", .kind = FIELD_CHOICE, .options = view_codes},
    {.name = "from", .kind = FIELD_TEXT},
    {.name = "sheet", .kind = FIELD_ID},
    {.name = "encoding", .kind = FIELD_CHOICE, .options = list_encodings},
    {0}};
static const char *const kept[] = {"view", "sheet", NULL};
static const struct list_shape list_shape = {.place = "from", .kept = kept};

struct list_job {
  struct request *rq;
  struct reader who;
  struct directory_query q;
  struct str sheet; /* chosen for: its id, or empty */
  struct doc *data;
  struct csv_table table;
};

static enum code list_fn(struct tx *tx, void *arg, struct err *e)
{
  struct list_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_DIRECTORY_READ, &s, e);
  return c == OK ? directory_find(tx, s, &job->q, &job->who, job->rq->arena, &job->data, e) : c;
}

static struct directory_query query_of(const struct doc *in)
{
  struct directory_query q = {.words = doc_get_str(in, "q"),
                              .kind = doc_get_str(in, "kind"),
                              .concern = doc_get_str(in, "concern"),
                              .place = doc_get_str(in, "place"),
                              .cursor = doc_get_str(in, "from")};
  for (int i = 0; view_codes[i]; i++)
    if (str_is(doc_get_str(in, "view"), view_codes[i]))
      q.view = (enum directory_view)i;
  return q;
}

static void put_option(struct list_job *job, struct doc *list, const char *code, const char *label, struct str chosen)
{
  struct doc *d = doc_add_map(list);
  doc_put_cstr(d, "value", code);
  doc_put_str(d, "word", gate_tr(job->rq, label));
  doc_put_bool(d, "checked", str_is(chosen, code));
}

static void put_choices(struct list_job *job)
{
  struct doc *kinds = doc_put_list(job->data, "kinds"), *concerns = doc_put_list(job->data, "concerns");
  for (int i = 0; directory_kind_codes[i]; i++)
    put_option(job, kinds, directory_kind_codes[i], directory_kind_label(str_from(directory_kind_codes[i])),
               job->q.kind);
  for (int i = 0; i < CONCERNS; i++)
    put_option(job, concerns, directory_concern_codes[i], directory_concern_label(i), job->q.concern);
}

static void put_views(struct list_job *job)
{
  struct doc *views = doc_put_list(job->data, "views");
  for (int i = 0; view_codes[i]; i++) {
    int64_t count = doc_integer(doc_at(doc_get(job->data, "counts"), (size_t)i));
    struct doc *d = doc_add_map(views);
    doc_put_str(d, "href", list_href(job->rq, &list_shape, job->rq->path, "view", str_from(view_codes[i])));
    doc_put_str(d, "word", gate_tr(job->rq, view_words[i]));
    doc_put_str(d, "count", str_printf(job->rq->arena, "%lld", (long long)count));
    doc_put_bool(d, "current", i == (int)job->q.view);
  }
}

static enum code handle_list(struct request *rq, struct response *rs, struct err *e)
{
  struct list_job job = {
      .rq = rq, .who = gate_reader(rq), .q = query_of(rq->input), .sheet = doc_get_str(rq->input, "sheet")};
  enum code c = gate_read(rq, list_fn, &job, e);
  if (c != OK)
    return c;
  struct str found = str_printf(rq->arena, "%lld", (long long)doc_get_int(job.data, "found"));
  doc_put_str(job.data, "total", tr_args(rq->arena, job.who.lang, TR("%1か所"), found, STR_NONE, STR_NONE));
  doc_put_str(job.data, "q", job.q.words);
  doc_put_str(job.data, "place", job.q.place);
  doc_put_str(job.data, "sheet", job.sheet);
  struct doc *found_list = doc_get(job.data, "organizations");
  for (size_t i = 0; i < doc_size(found_list); i++)
    doc_put_str(doc_at(found_list, i), "sheet", job.sheet);
  doc_put_bool(job.data, "can_write", gate_may(rq, ACTION_DIRECTORY_WRITE));
  put_choices(&job);
  put_views(&job);
  struct list_shape shape = list_shape;
  shape.file = gate_may(rq, ACTION_DIRECTORY_EXPORT);
  list_put(rq, job.data, &shape);
  return gate_page(rq, rs, "directory_list", gate_tr(rq, TR("つなぎ先")), job.data, e);
}

ROUTE_DEFINE(route_directory, GET, "/directory", NEEDS(DIRECTORY_READ), .fields = list_fields,
             .summary = TR("つなぎ先を、ことば・困りごと・場所でさがす"), .handle = handle_list);

static enum code table_fn(struct tx *tx, void *arg, struct err *e)
{
  struct list_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_DIRECTORY_EXPORT, &s, e);
  return c == OK ? directory_table(tx, s, &job->q, &job->who, job->rq->arena, &job->table, e) : c;
}

static enum code handle_table(struct request *rq, struct response *rs, struct err *e)
{
  struct list_job job = {.rq = rq, .who = gate_reader(rq), .q = query_of(rq->input)};
  enum code c = gate_read(rq, table_fn, &job, e);
  return c == OK ? list_file(rq, rs, &job.table, S("directory.csv"), e) : c;
}

ROUTE_DEFINE(route_directory_file, GET, "/directory.csv", NEEDS(DIRECTORY_EXPORT), .fields = list_fields, .slow = true,
             .returns = "text/csv", .summary = TR("つなぎ先の一覧を書き出す(CSV)"), .handle = handle_table);

/* ---- one organization ------------------------------------------------------------------------------------------------------------ */

struct show_job {
  struct request *rq;
  struct reader who;
  id64 organization;
  struct doc *data;
};

static enum code show_fn(struct tx *tx, void *arg, struct err *e)
{
  struct show_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_DIRECTORY_READ, &s, e);
  return c == OK ? directory_show(tx, s, job->organization, &job->who, job->rq->arena, &job->data, e) : c;
}

static void put_edits(struct show_job *job)
{
  struct request *rq = job->rq;
  bool may = gate_may(rq, ACTION_DIRECTORY_WRITE);
  struct str at = gate_path(rq, "/directory/", job->organization, "");
  doc_put_bool(job->data, "can_write", may);
  doc_put_str(job->data, "edit_href", str_printf(rq->arena, "%.*s/edit", STR_FMT(at)));
  doc_put_str(job->data, "new_href", str_printf(rq->arena, "%.*s/services/new", STR_FMT(at)));
  for (size_t i = 0; i < doc_size(doc_get(job->data, "services")); i++) {
    struct doc *d = doc_at(doc_get(job->data, "services"), i);
    struct str id = doc_get_str(d, "id");
    struct str href = str_printf(rq->arena, "%.*s/services/%.*s/edit", STR_FMT(at), STR_FMT(id));
    doc_put_str(d, "edit_href", may ? href : STR_NONE);
  }
}

static enum code handle_show(struct request *rq, struct response *rs, struct err *e)
{
  struct show_job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "org", &job.organization, e);
  if (c == OK)
    c = gate_read(rq, show_fn, &job, e);
  if (c != OK)
    return c;
  put_edits(&job);
  return gate_page(rq, rs, "directory_show", doc_get_str(doc_get(job.data, "organization"), "name"), job.data, e);
}

ROUTE_DEFINE(route_directory_show, GET, "/directory/:org", NEEDS(DIRECTORY_READ), .summary = TR("つなぎ先の案内"),
             .handle = handle_show);
