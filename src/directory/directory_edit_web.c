/* directory_edit_web.c: つなぎ先 added and changed by hand: the organization, and what it can do (its services). */
#include "directory/directory.h"
#include "gate/handler.h"
#include "gate/shown.h"

static const char *const circle_codes[] = {"council", "network", "outside", NULL};
static const struct field organization_fields[] = {
    {.name = "rev", .kind = FIELD_INT, .max = INT64_MAX},
    {.name = "name", .kind = FIELD_TEXT, .required = true, .label = TR("名称")},
    {.name = "kana", .kind = FIELD_TEXT, .label = TR("ふりがな")},
    {.name = "kind", .kind = FIELD_CHOICE, .required = true, .options = directory_kind_codes, .label = TR("種類")},
    {.name = "circle", .kind = FIELD_CHOICE, .required = true, .options = circle_codes, .label = TR("つながり")},
    {.name = "description", .kind = FIELD_LINES, .label = TR("どんなところか")},
    {.name = "phone", .kind = FIELD_LINES, .label = TR("電話(市外局番から。一行にひとつ)")},
    {.name = "fax", .kind = FIELD_TEXT, .label = TR("FAX")},
    {.name = "department", .kind = FIELD_TEXT, .label = TR("窓口")},
    {.name = "email", .kind = FIELD_TEXT, .label = TR("メール")},
    {.name = "url", .kind = FIELD_TEXT, .label = TR("ホームページ")},
    {.name = "address", .kind = FIELD_TEXT, .label = TR("住所")},
    {.name = "place", .kind = FIELD_TEXT, .label = TR("建物・目印")},
    {.name = "hours", .kind = FIELD_LINES, .label = TR("開いている時間")},
    {.name = "shown", .kind = FIELD_MAP},
    {0}};
static const struct field service_fields[] = {
    {.name = "rev", .kind = FIELD_INT, .max = INT64_MAX},
    {.name = "name", .kind = FIELD_TEXT, .required = true, .label = TR("できること")},
    {.name = "description", .kind = FIELD_LINES, .label = TR("くわしく")},
    {.name = "concerns", .kind = FIELD_CHOICES, .options = directory_concern_codes, .label = TR("困りごと")},
    {.name = "eligibility", .kind = FIELD_LINES, .label = TR("対象")},
    {.name = "fees", .kind = FIELD_TEXT, .label = TR("費用")},
    {.name = "application", .kind = FIELD_LINES, .label = TR("申し込み")},
    {.name = "phone", .kind = FIELD_LINES, .label = TR("電話(市外局番から。一行にひとつ)")},
    {.name = "fax", .kind = FIELD_TEXT, .label = TR("FAX")},
    {.name = "address", .kind = FIELD_TEXT, .label = TR("住所")},
    {.name = "place", .kind = FIELD_TEXT, .label = TR("建物・目印")},
    {.name = "hours", .kind = FIELD_LINES, .label = TR("開いている時間")},
    {.name = "alert", .kind = FIELD_LINES, .label = TR("お知らせ")},
    {.name = "closed", .kind = FIELD_BOOL, .label = TR("いまは使えない")},
    {.name = "assured", .kind = FIELD_BOOL, .label = TR("今日、先方に確かめた")},
    {.name = "shown", .kind = FIELD_MAP},
    {0}};

struct edit_job {
  struct request *rq;
  id64 organization, service; /* 0: a new one */
  bool is_service;
  id64 saved; /* the organization that was written */
  struct doc *values;
};

static enum code enter(struct tx *tx, const struct edit_job *job, const struct scope **ret, struct err *e)
{
  return access_open_network(tx, gate_actor(job->rq), ACTION_DIRECTORY_WRITE, ret, e);
}

/* ---- the form ------------------------------------------------------------------------------------------------------------------ */

/* As a browser sends them: in the order of the boxes. */
static struct doc *in_order(struct arena *a, const struct doc *concerns)
{
  struct doc *list = doc_list(a);
  for (int i = 0; directory_concern_codes[i]; i++)
    for (size_t k = 0; k < doc_size(concerns); k++)
      if (str_is(doc_string(doc_at(concerns, k)), directory_concern_codes[i])) {
        doc_add_str(list, doc_string(doc_at(concerns, k)));
        break;
      }
  return list;
}

static enum code stands(struct tx *tx, const struct edit_job *job, const struct scope *s, struct doc **ret,
                        struct err *e)
{
  struct arena *a = job->rq->arena;
  enum code c = directory_values(tx, s, job->organization, job->service, a, ret, e);
  if (c == OK && job->is_service)
    doc_replace(*ret, "concerns", in_order(a, doc_get(*ret, "concerns")));
  return c;
}

static enum code values_fn(struct tx *tx, void *arg, struct err *e)
{
  struct edit_job *job = arg;
  const struct scope *s = NULL;
  enum code c = enter(tx, job, &s, e);
  return c == OK ? stands(tx, job, s, &job->values, e) : c;
}

/* Options with their words, marked as the field says. */
static void put_options(struct request *rq, struct doc *data, const char *key, const char *const *codes,
                        const char *(*label)(int), const struct doc *field)
{
  struct doc *list = doc_put_list(data, key);
  for (int i = 0; codes[i]; i++) {
    struct doc *d = doc_add_map(list);
    doc_put_cstr(d, "value", codes[i]);
    doc_put_str(d, "word", gate_tr(rq, label(i)));
    doc_put_bool(d, "checked", doc_get_bool(doc_get(field, "is"), codes[i]));
  }
}

static const char *kind_label(int i)
{
  return directory_kind_label(str_from(directory_kind_codes[i]));
}

static const char *circle_word(int i)
{
  static const char *const words[] = {TR("協議会"), TR("ネットワーク"), TR("そのほかのつなぎ先")};
  return words[i];
}

/* Codes as a reader reads them. */
static struct doc *words_of(struct request *rq, const struct doc *values)
{
  struct doc *d = doc_map(rq->arena);
  const struct doc *concerns = doc_get(values, "concerns");
  struct buf b;
  buf_init(&b, rq->arena, 4096);
  for (size_t k = 0; k < doc_size(concerns); k++) {
    int i = 0;
    if (!directory_concern_parse(doc_string(doc_at(concerns, k)), &i))
      continue;
    buf_add_cstr(&b, b.n ? JA("、") : "");
    buf_add(&b, gate_tr(rq, directory_concern_label(i)));
  }
  doc_put_str(d, "concerns", buf_str(&b));
  doc_put_str(d, "kind", gate_tr(rq, directory_kind_label(doc_get_str(values, "kind"))));
  for (int i = 0; circle_codes[i]; i++)
    if (str_is(doc_get_str(values, "circle"), circle_codes[i]))
      doc_put_str(d, "circle", gate_tr(rq, circle_word(i)));
  doc_put_str(d, "closed", gate_tr(rq, TR("いまは使えない")));
  return d;
}

static struct doc *begin(struct request *rq)
{
  struct doc *d = doc_map(rq->arena);
  doc_put_cstr(d, "circle", "outside");
  doc_put_cstr(d, "kind", "other");
  return d;
}

static struct str back_href(struct edit_job *job)
{
  return job->organization ? gate_path(job->rq, "/directory/", job->organization, "") : S("/directory");
}

static enum code form_page(struct edit_job *job, struct response *rs, struct str title, struct err *e)
{
  struct request *rq = job->rq;
  struct doc *data = doc_map(rq->arena);
  bool there = job->is_service ? job->service != 0 : job->organization != 0;
  enum code c =
      job->organization ? gate_read(rq, values_fn, job, e) : OK; /* a new service's organization too is there */
  if (c != OK)
    return c;
  const struct field *fields = job->is_service ? service_fields : organization_fields;
  struct doc *f =
      there ? shown_form(rq, fields, job->values, words_of(rq, job->values)) : gate_form(rq, fields, begin(rq));
  doc_put(data, "f", f);
  doc_put_str(data, "action", rq->path);
  doc_put_str(data, "back_href", back_href(job));
  if (job->is_service) {
    put_options(rq, data, "concerns", directory_concern_codes, directory_concern_label, doc_get(f, "concerns"));
    return gate_page(rq, rs, "directory_service", title, data, e);
  }
  put_options(rq, data, "kinds", directory_kind_codes, kind_label, doc_get(f, "kind"));
  put_options(rq, data, "circles", circle_codes, circle_word, doc_get(f, "circle"));
  return gate_page(rq, rs, "directory_edit", title, data, e);
}

/* ---- saving --------------------------------------------------------------------------------------------------------------------- */

static struct directory_reach reach_of(const struct doc *in)
{
  return (struct directory_reach){.phone = doc_get_str(in, "phone"),
                                  .fax = doc_get_str(in, "fax"),
                                  .address = doc_get_str(in, "address"),
                                  .place = doc_get_str(in, "place"),
                                  .hours = doc_get_str(in, "hours")};
}

/* What is to stand: of each field what was sent, or, where the form did not change it, what stands by now. A form that says what it showed needs no
 * rev: nothing is replaced unsaid. */
static enum code merge(struct tx *tx, const struct edit_job *job, const struct scope *s, struct doc **ret,
                       int64_t *ret_rev, struct err *e)
{
  struct arena *a = job->rq->arena;
  const struct doc *in = job->rq->input;
  struct doc *now = NULL, *out = doc_copy(a, in);
  *ret = out;
  *ret_rev = doc_get_int(in, "rev");
  if (!doc_size(doc_get(job->rq->typed, "shown")))
    return OK;
  enum code c = stands(tx, job, s, &now, e);
  for (const struct field *f = job->is_service ? service_fields : organization_fields; c == OK && f->name; f++) {
    const struct doc *value = doc_get(now, f->name);
    enum shown how = shown_of(job->rq, f->name, shown_text(a, doc_get(in, f->name)), shown_text(a, value));
    if (how == SHOWN_MEANWHILE)
      return err_field(e, f->name, SHOWN_TOO_LATE);
    if (how == SHOWN_KEPT)
      doc_replace(out, f->name, value ? doc_copy(a, value) : doc_str(a, STR_NONE));
  }
  if (c == OK)
    *ret_rev = doc_get_int(now, "rev");
  return c;
}

static enum code save_organization_fn(struct tx *tx, void *arg, struct err *e)
{
  struct edit_job *job = arg;
  struct doc *in = NULL;
  const struct scope *s = NULL;
  id64 id = 0;
  int64_t rev = 0;
  enum code c = enter(tx, job, &s, e);
  if (c == OK)
    c = merge(tx, job, s, &in, &rev, e);
  if (c != OK)
    return c;
  const struct directory_organization o = {.name = doc_get_str(in, "name"),
                                           .kana = doc_get_str(in, "kana"),
                                           .kind = doc_get_str(in, "kind"),
                                           .circle = doc_get_str(in, "circle"),
                                           .description = doc_get_str(in, "description"),
                                           .url = doc_get_str(in, "url"),
                                           .email = doc_get_str(in, "email"),
                                           .department = doc_get_str(in, "department"),
                                           .reach = reach_of(in)};
  c = directory_save_organization(tx, s, job->organization, rev, &o, &id, e);
  job->saved = id;
  if (c == OK)
    gate_location(job->rq, gate_path(job->rq, "/directory/", id, ""));
  return c;
}

static uint32_t concerns_of(const struct doc *list)
{
  uint32_t bits = 0;
  int i = 0;
  for (size_t k = 0; k < doc_size(list); k++)
    if (directory_concern_parse(doc_string(doc_at(list, k)), &i))
      bits |= 1U << i;
  return bits;
}

static enum code save_service_fn(struct tx *tx, void *arg, struct err *e)
{
  struct edit_job *job = arg;
  struct doc *in = NULL;
  const struct scope *s = NULL;
  id64 id = 0;
  int64_t rev = 0;
  enum code c = enter(tx, job, &s, e);
  if (c == OK)
    c = merge(tx, job, s, &in, &rev, e);
  if (c != OK)
    return c;
  const struct directory_service v = {.name = doc_get_str(in, "name"),
                                      .description = doc_get_str(in, "description"),
                                      .eligibility = doc_get_str(in, "eligibility"),
                                      .fees = doc_get_str(in, "fees"),
                                      .application = doc_get_str(in, "application"),
                                      .alert = doc_get_str(in, "alert"),
                                      .reach = reach_of(in),
                                      .concerns = concerns_of(doc_get(in, "concerns")),
                                      .closed = doc_get_bool(in, "closed"),
                                      .assured = doc_get_bool(in, "assured")};
  c = directory_save_service(tx, s, job->organization, job->service, rev, &v, &id, e);
  if (c == OK)
    gate_location(job->rq, gate_path(job->rq, "/directory/", job->organization, ""));
  return c;
}

static enum code save(struct edit_job *job, struct response *rs, struct err *e)
{
  enum code c = job->is_service ? gate_write(job->rq, "directory_service", save_service_fn, job, e)
                                : gate_write(job->rq, "directory_organization", save_organization_fn, job, e);
  if (c == OK && job->saved)
    job->organization = job->saved;
  return c == OK ? gate_done(job->rq, rs, back_href(job), TR("保存しました。"), e) : c;
}

static enum code handle(struct edit_job *job, struct response *rs, const char *title, struct err *e)
{
  if (job->rq->method == POST && !gate_has_problems(job->rq))
    return save(job, rs, e);
  return form_page(job, rs, gate_tr(job->rq, title), e);
}

/* ---- routes ---------------------------------------------------------------------------------------------------------------------- */

static enum code handle_new(struct request *rq, struct response *rs, struct err *e)
{
  struct edit_job job = {.rq = rq};
  return handle(&job, rs, TR("つなぎ先を加える"), e);
}

static enum code handle_edit(struct request *rq, struct response *rs, struct err *e)
{
  struct edit_job job = {.rq = rq};
  enum code c = gate_param(rq, "org", &job.organization, e);
  return c == OK ? handle(&job, rs, TR("つなぎ先を直す"), e) : c;
}

static enum code handle_service_new(struct request *rq, struct response *rs, struct err *e)
{
  struct edit_job job = {.rq = rq, .is_service = true};
  enum code c = gate_param(rq, "org", &job.organization, e);
  return c == OK ? handle(&job, rs, TR("できることを加える"), e) : c;
}

static enum code handle_service_edit(struct request *rq, struct response *rs, struct err *e)
{
  struct edit_job job = {.rq = rq, .is_service = true};
  enum code c = gate_param(rq, "org", &job.organization, e);
  if (c == OK)
    c = gate_param(rq, "service", &job.service, e);
  return c == OK ? handle(&job, rs, TR("できることを直す"), e) : c;
}

ROUTE_DEFINE(route_directory_new, GET, "/directory/new", NEEDS(DIRECTORY_WRITE), .summary = TR("つなぎ先を加える画面"),
             .handle = handle_new);
ROUTE_DEFINE(route_directory_new_post, POST, "/directory/new", NEEDS(DIRECTORY_WRITE), .fields = organization_fields,
             .summary = TR("つなぎ先を加える"), .handle = handle_new);
ROUTE_DEFINE(route_directory_edit, GET, "/directory/:org/edit", NEEDS(DIRECTORY_WRITE),
             .summary = TR("つなぎ先を直す画面"), .handle = handle_edit);
ROUTE_DEFINE(route_directory_edit_post, POST, "/directory/:org/edit", NEEDS(DIRECTORY_WRITE),
             .fields = organization_fields, .summary = TR("つなぎ先を直す"), .handle = handle_edit);
ROUTE_DEFINE(route_service_new, GET, "/directory/:org/services/new", NEEDS(DIRECTORY_WRITE),
             .summary = TR("できることを加える画面"), .handle = handle_service_new);
ROUTE_DEFINE(route_service_new_post, POST, "/directory/:org/services/new", NEEDS(DIRECTORY_WRITE),
             .fields = service_fields, .summary = TR("できることを加える"), .handle = handle_service_new);
ROUTE_DEFINE(route_service_edit, GET, "/directory/:org/services/:service/edit", NEEDS(DIRECTORY_WRITE),
             .summary = TR("できることを直す画面"), .handle = handle_service_edit);
ROUTE_DEFINE(route_service_edit_post, POST, "/directory/:org/services/:service/edit", NEEDS(DIRECTORY_WRITE),
             .fields = service_fields, .summary = TR("できることを直す"), .handle = handle_service_edit);
