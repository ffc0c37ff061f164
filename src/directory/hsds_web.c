/* hsds_web.c: /hsds/…, the API that the standard describes, read only. Who may read the directory's pages may read it here: entries hold
 * internal lines and people's names, so nothing of it is public. The whole directory is read for each request: a town's is small. */
#include "base/clock.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "directory/hsds.h"
#include "gate/handler.h"

enum { PAGE_DEFAULT = 50, PAGE_MOST = 200 };
#define HSDS_VERSION "3.0"
#define HSDS_PROFILE "https://docs.openreferral.org/en/v3.0.1/hsds/"

static const char *const formats[] = {"json", "ndjson", NULL};
#define PAGING                                                                                                         \
  {.name = "search", .kind = FIELD_TEXT}, {.name = "page", .kind = FIELD_INT, .min = 1, .max = 1000000},               \
      {.name = "per_page", .kind = FIELD_INT, .min = 1, .max = PAGE_MOST},                                             \
  {                                                                                                                    \
    .name = "format", .kind = FIELD_CHOICE, .options = formats                                                         \
  }
#define OF_SERVICES                                                                                                    \
  {.name = "taxonomy_term_id", .kind = FIELD_TEXT}, {.name = "taxonomy_id", .kind = FIELD_TEXT},                       \
      {.name = "organization_id", .kind = FIELD_TEXT}, {.name = "modified_after", .kind = FIELD_TEXT},                 \
  {                                                                                                                    \
    .name = "full", .kind = FIELD_BOOL                                                                                 \
  }
static const struct field service_fields[] = {PAGING, OF_SERVICES, {.name = "minimal", .kind = FIELD_BOOL}, {0}};
static const struct field link_fields[] = {
    PAGING, OF_SERVICES, {.name = "postcode", .kind = FIELD_TEXT}, {.name = "proximity", .kind = FIELD_TEXT}, {0}};
static const struct field organization_fields[] = {
    PAGING, {.name = "full_service", .kind = FIELD_BOOL}, {.name = "full", .kind = FIELD_BOOL}, {0}};
static const struct field taxonomy_fields[] = {PAGING, {0}};
static const struct field term_fields[] = {PAGING,
                                           {.name = "taxonomy_id", .kind = FIELD_TEXT},
                                           {.name = "top_only", .kind = FIELD_BOOL},
                                           {.name = "parent_id", .kind = FIELD_TEXT},
                                           {0}};
static const struct field one_fields[] = {{.name = "full_service", .kind = FIELD_BOOL}, {0}};

struct job {
  struct request *rq;
  struct hsds_set *set;
  ts_t after;          /* modified_after; 0: any */
  struct str words[8]; /* folded */
  size_t word_count;
};

static enum code load_fn(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_DIRECTORY_READ, &s, e);
  return c == OK ? hsds_load(tx, s, job->rq->arena, &job->set, e) : c;
}

/* ---- which records ------------------------------------------------------------------------------------------------------------ */

static bool asked(const struct job *job, const char *name)
{
  return doc_get_bool(job->rq->input, name);
}

static struct str given(const struct job *job, const char *name)
{
  return doc_get_str(job->rq->input, name);
}

static void add_texts(struct buf *b, const struct hsds_record *r)
{
  for (size_t i = 0; r && i < doc_size(r->fields); i++) {
    buf_add(b, doc_string(doc_value_at(r->fields, i)));
    buf_add_c(b, '\n');
  }
}

/* Its own words and those of the service, organization and place that it is one of. */
static struct str text_of(const struct job *job, const struct hsds_record *r)
{
  struct buf b;
  buf_init(&b, job->rq->arena, LIMIT_PAGE);
  add_texts(&b, r);
  const struct hsds_record *service = hsds_find(job->set, HSDS_SERVICE, hsds_get(r, "service_id"));
  add_texts(&b, service);
  add_texts(&b, hsds_find(job->set, HSDS_LOCATION, hsds_get(r, "location_id")));
  add_texts(&b, hsds_find(job->set, HSDS_ORGANIZATION, hsds_get(service ? service : r, "organization_id")));
  return utf8_fold(job->rq->arena, buf_str(&b));
}

static bool found_by_words(const struct job *job, const struct hsds_record *r)
{
  struct str text = job->word_count ? text_of(job, r) : STR_NONE;
  for (size_t i = 0; i < job->word_count; i++)
    if (!str_contains(text, job->words[i]))
      return false;
  return true;
}

static bool has_term(const struct job *job, const struct hsds_record *r)
{
  struct str term = given(job, "taxonomy_term_id"), taxonomy = given(job, "taxonomy_id");
  const struct doc *list = hsds_children(job->set, HSDS_ATTRIBUTE, "link_id", r->id);
  if (!term.n && !taxonomy.n)
    return true;
  for (size_t i = 0; i < doc_size(list); i++) {
    struct str its = hsds_get(hsds_at(job->set, list, i), "taxonomy_term_id");
    struct str of = hsds_get(hsds_find(job->set, HSDS_TAXONOMY_TERM, its), "taxonomy_id");
    if ((!term.n || str_eq(its, term)) && (!taxonomy.n || str_eq(of, taxonomy)))
      return true;
  }
  return false;
}

/* "2026-04-01", or with a time and a zone: UTC milliseconds. */
static bool instant_of(struct str s, ts_t *ret)
{
  struct date day;
  int64_t h = 0, m = 0, sec = 0, zone_h = 0, zone_m = 0;
  if (s.n < 10 || !date_parse_iso(str_sub(s, 0, 10), &day) || !date_known(day))
    return false;
  *ret = date_start_ts(day) + 9 * (ts_t)MS_HOUR;
  if (s.n == 10)
    return true;
  if (s.n < 20 || (s.p[10] != 'T' && s.p[10] != ' ') || !str_to_i64(str_sub(s, 11, 2), &h) ||
      !str_to_i64(str_sub(s, 14, 2), &m) || !str_to_i64(str_sub(s, 17, 2), &sec) || h > 24 || m > 59 || sec > 60)
    return false;
  *ret += h * MS_HOUR + m * MS_MINUTE + sec * MS_SECOND;
  if (s.p[s.n - 1] == 'Z')
    return true;
  if (!str_to_i64(str_sub(s, s.n - 5, 2), &zone_h) || !str_to_i64(str_sub(s, s.n - 2, 2), &zone_m))
    return false;
  ts_t zone = zone_h * MS_HOUR + zone_m * MS_MINUTE;
  *ret += s.p[s.n - 6] == '-' ? zone : -zone;
  return s.p[s.n - 6] == '-' || s.p[s.n - 6] == '+';
}

static bool service_wanted(const struct job *job, const struct hsds_record *r)
{
  struct str organization = given(job, "organization_id");
  ts_t at = 0;
  if (organization.n && !str_eq(hsds_get(r, "organization_id"), organization))
    return false;
  if (job->after && (!instant_of(hsds_get(r, "last_modified"), &at) || at < job->after))
    return false;
  return has_term(job, r);
}

static bool at_postcode(const struct job *job, const struct hsds_record *link)
{
  struct str code = utf8_fold(job->rq->arena, given(job, "postcode"));
  const struct doc *list = hsds_children(job->set, HSDS_ADDRESS, "location_id", hsds_get(link, "location_id"));
  for (size_t i = 0; code.n && i < doc_size(list); i++)
    if (str_eq(utf8_fold(job->rq->arena, hsds_get(hsds_at(job->set, list, i), "postal_code")), code))
      return true;
  return !code.n;
}

static bool term_wanted(const struct job *job, const struct hsds_record *r)
{
  struct str taxonomy = given(job, "taxonomy_id"), parent = given(job, "parent_id");
  if (asked(job, "top_only") && doc_size(hsds_children(job->set, HSDS_TAXONOMY_TERM, "parent_id", r->id)))
    return false; /* as the standard's API words it: terms that have no child terms */
  return (!taxonomy.n || str_eq(hsds_get(r, "taxonomy_id"), taxonomy)) &&
         (!parent.n || str_eq(hsds_get(r, "parent_id"), parent));
}

static bool wanted(const struct job *job, const struct hsds_record *r)
{
  const struct hsds_record *service = NULL;
  switch (r->kind) {
  case HSDS_SERVICE:
    return service_wanted(job, r) && found_by_words(job, r);
  case HSDS_SERVICE_AT_LOCATION:
    service = hsds_find(job->set, HSDS_SERVICE, hsds_get(r, "service_id"));
    return service && service_wanted(job, service) && at_postcode(job, r) && found_by_words(job, r);
  case HSDS_TAXONOMY_TERM:
    return term_wanted(job, r) && found_by_words(job, r);
  default:
    return found_by_words(job, r);
  }
}

/* ---- pages -------------------------------------------------------------------------------------------------------------------- */

static enum code read_query(struct job *job, struct err *e)
{
  struct str after = given(job, "modified_after"), rest = given(job, "search"), word;
  if (after.n && !instant_of(after, &job->after))
    request_problem(job->rq, "modified_after",
                    gate_tr(job->rq, TR("日時は 2026-04-01T10:00:00Z のように書いてください。")));
  if (given(job, "proximity").n)
    request_problem(job->rq, "proximity", gate_tr(job->rq, TR("この一覧は、距離ではさがせません。")));
  while (job->word_count < sizeof(job->words) / sizeof(*job->words) && str_split(&rest, ' ', &word)) {
    word = utf8_fold(job->rq->arena, word);
    if (word.n)
      job->words[job->word_count++] = word;
  }
  return job->rq->problems ? err_set(e, INVALID, code_msg(INVALID)) : OK;
}

static struct doc *shown(const struct job *job, const struct hsds_record *r)
{
  bool organization = r->kind == HSDS_ORGANIZATION;
  if (asked(job, "minimal")) {
    struct doc *d = doc_map(job->rq->arena);
    doc_put_str(d, "id", r->id);
    doc_put_str(d, "modified_date", hsds_get(r, "last_modified"));
    return d;
  }
  if (organization && asked(job, "full_service"))
    return hsds_nest(job->set, r, HSDS_SERVICES);
  return hsds_nest(job->set, r, asked(job, "full") ? HSDS_NESTED : HSDS_LINE);
}

/* This request's path and query with another page. */
static struct str page_href(struct request *rq, int64_t page)
{
  struct buf b;
  struct str target = rq->target, path, pair;
  buf_init(&b, rq->arena, LIMIT_URI + 32);
  (void)str_split(&target, '?', &path);
  buf_add(&b, path);
  buf_printf(&b, "?page=%lld", (long long)page);
  while (str_split(&target, '&', &pair))
    if (pair.n && !str_starts(pair, S("page=")))
      buf_printf(&b, "&%.*s", STR_FMT(pair));
  return buf_str(&b);
}

struct page {
  int64_t number, per, total;
};

static struct doc *page_doc(struct request *rq, const struct page *p, struct doc *contents)
{
  struct doc *d = doc_map(rq->arena);
  int64_t pages = (p->total + p->per - 1) / p->per;
  bool more = p->number < pages;
  doc_put_int(d, "total_items", p->total);
  doc_put_int(d, "total_pages", pages);
  doc_put_int(d, "page_number", p->number);
  doc_put_int(d, "size", (int64_t)doc_size(contents));
  doc_put_bool(d, "first_page", p->number == 1);
  doc_put_bool(d, "last_page", !more);
  doc_put_bool(d, "empty", doc_size(contents) == 0);
  if (more)
    doc_put_str(d, "next", page_href(rq, p->number + 1));
  else
    doc_put_null(d, "next");
  doc_put(d, "contents", contents);
  return d;
}

static enum code answer_lines(struct request *rq, struct response *rs, const struct doc *contents, struct err *e)
{
  struct buf b;
  buf_init(&b, rq->arena, LIMIT_PAGE);
  for (size_t i = 0; i < doc_size(contents); i++) {
    json_write(&b, doc_at(contents, i));
    buf_add_c(&b, '\n');
  }
  if (b.failed)
    return arena_failed(rq->arena) ? err_oom(e) : err_set(e, LIMIT, NULL);
  rs->status = 200;
  rs->type = S("application/x-ndjson; charset=utf-8");
  rs->body = buf_str(&b);
  return OK;
}

static enum code list(struct request *rq, struct response *rs, enum hsds_kind kind, struct err *e)
{
  struct job job = {.rq = rq};
  enum code c = read_query(&job, e);
  if (c == OK)
    c = gate_read(rq, load_fn, &job, e);
  if (c != OK)
    return c;
  bool lines = str_is(given(&job, "format"), "ndjson"), all = lines || asked(&job, "minimal");
  int64_t number = doc_get_int(rq->input, "page"), per = doc_get_int(rq->input, "per_page");
  struct page p = {.number = all || !number ? 1 : number, .per = all ? INT32_MAX : per ? per : PAGE_DEFAULT};
  struct doc *contents = doc_list(rq->arena);
  for (const struct hsds_record *r = job.set->first[kind]; r; r = r->next) {
    if (!wanted(&job, r))
      continue;
    if (p.total >= (p.number - 1) * p.per && p.total < p.number * p.per)
      doc_add(contents, shown(&job, r));
    p.total++;
  }
  return lines ? answer_lines(rq, rs, contents, e) : gate_json(rq, rs, page_doc(rq, &p, contents), e);
}

static enum code one(struct request *rq, struct response *rs, enum hsds_kind kind, struct err *e)
{
  struct job job = {.rq = rq};
  enum code c = rq->problems ? err_set(e, INVALID, code_msg(INVALID)) : gate_read(rq, load_fn, &job, e);
  if (c != OK)
    return c;
  const struct hsds_record *r = hsds_find(job.set, kind, request_param(rq, "id"));
  if (!r || r->gone)
    return err_set(e, NOT_FOUND, NULL);
  bool services = kind == HSDS_ORGANIZATION && asked(&job, "full_service");
  return gate_json(rq, rs, hsds_nest(job.set, r, services ? HSDS_SERVICES : HSDS_NESTED), e);
}

/* NOLINTBEGIN(bugprone-macro-parentheses): names of fields and literals that are joined take none */
#define HSDS_ROUTES(name, kind_of, schema, list_of, text_list, one_of, text_one)                                       \
  static enum code handle_##name##_list(struct request *rq, struct response *rs, struct err *e)                        \
  {                                                                                                                    \
    return list(rq, rs, kind_of, e);                                                                                   \
  }                                                                                                                    \
  static enum code handle_##name(struct request *rq, struct response *rs, struct err *e)                               \
  {                                                                                                                    \
    return one(rq, rs, kind_of, e);                                                                                    \
  }                                                                                                                    \
  ROUTE_DEFINE(route_hsds_##name##_list, GET, "/hsds/" #name, NEEDS(DIRECTORY_READ), .fields = list_of, .slow = true,  \
               .json = true, .returns = schema "Page", .summary = text_list, .handle = handle_##name##_list);          \
  ROUTE_DEFINE(route_hsds_##name, GET, "/hsds/" #name "/:id", NEEDS(DIRECTORY_READ), .fields = one_of, .slow = true,   \
               .json = true, .returns = schema, .summary = text_one, .handle = handle_##name)
/* NOLINTEND(bugprone-macro-parentheses) */

HSDS_ROUTES(services, HSDS_SERVICE, "HsdsService", service_fields, TR("つなぎ先のサービスの一覧(HSDS 3.0)"), NULL,
            TR("サービスひとつ(HSDS 3.0)"));
HSDS_ROUTES(organizations, HSDS_ORGANIZATION, "HsdsOrganization", organization_fields, TR("機関・団体の一覧(HSDS 3.0)"),
            one_fields, TR("機関・団体ひとつ(HSDS 3.0)"));
HSDS_ROUTES(service_at_locations, HSDS_SERVICE_AT_LOCATION, "HsdsServiceAtLocation", link_fields,
            TR("場所ごとのサービスの一覧(HSDS 3.0)"), NULL, TR("場所ごとのサービスひとつ(HSDS 3.0)"));
HSDS_ROUTES(taxonomies, HSDS_TAXONOMY, "HsdsTaxonomy", taxonomy_fields, TR("分類の一覧(HSDS 3.0)"), NULL,
            TR("分類ひとつ(HSDS 3.0)"));
HSDS_ROUTES(taxonomy_terms, HSDS_TAXONOMY_TERM, "HsdsTaxonomyTerm", term_fields, TR("分類のことばの一覧(HSDS 3.0)"),
            NULL, TR("分類のことばひとつ(HSDS 3.0)"));

static enum code handle_base(struct request *rq, struct response *rs, struct err *e)
{
  struct doc *d = doc_map(rq->arena);
  doc_put_cstr(d, "version", HSDS_VERSION);
  doc_put_cstr(d, "profile", HSDS_PROFILE);
  doc_put_str(d, "openapi_url",
              str_printf(rq->arena, "%s://%.*s/api/openapi.json", rq->https ? "https" : "http", STR_FMT(rq->host)));
  return gate_json(rq, rs, d, e);
}

ROUTE_DEFINE(route_hsds, GET, "/hsds/", NEEDS(DIRECTORY_READ), .json = true, .returns = "HsdsApi",
             .summary = TR("つなぎ先のAPI(HSDS 3.0)のはじめ"), .handle = handle_base);
