/* show.c: one organization as its page reads it. */
#include "directory/directory.h"
#include "directory/show_sql.h"

struct showing {
  struct arena *a;
  const struct reader *who;
  struct doc *organization_rows, *services, *sources, *ids;
  struct str phone, dial;
  struct doc *concern_row; /* of concern_service: its text grows */
  id64 concern_service;
};

static struct str say(const struct showing *job, const char *id)
{
  return tr(job->who->lang, id);
}

static void add_row(struct doc *rows, struct str label, struct str text)
{
  if (!text.n)
    return;
  struct doc *d = doc_add_map(rows);
  doc_put_str(d, "label", label);
  doc_put_str(d, "text", text);
}

/* ---- services --------------------------------------------------------------------------------------------------------------- */

static void add_source(struct showing *job, const struct shown_service *s)
{
  if (!s->attribution.n || doc_get_key(job->sources, s->attribution))
    return;
  struct str day = reader_day_ts(job->a, job->who, s->imported_at);
  doc_put_key(job->sources, str_copy(job->a, s->attribution),
              doc_str(job->a, str_printf(job->a, "%.*s (%.*s)", STR_FMT(s->attribution), STR_FMT(day))));
}

static void put_service(void *arg, const struct shown_service *s)
{
  struct showing *job = arg;
  struct date assured = {0};
  struct doc *d = doc_add_map(job->services), *holder = doc_map(job->a);
  struct doc *rows = doc_put_list(d, "rows");
  doc_put_id(d, "id", s->id);
  doc_put_str(d, "name", s->name);
  doc_put_str(d, "heading", str_eq(s->heading, s->name) ? STR_NONE : s->heading);
  doc_put_str(d, "what", s->description);
  doc_put_bool(d, "closed", !str_is(s->status, "active"));
  doc_put_str(d, "alert", s->alert);
  add_row(rows, say(job, TR("対象")), s->eligibility);
  add_row(rows, say(job, TR("費用")), s->fees);
  add_row(rows, say(job, TR("申し込み")), s->application);
  if (date_parse_iso(s->assured_on, &assured) && assured.year)
    add_row(rows, say(job, TR("確かめた日")), reader_day(job->a, job->who, assured));
  doc_put_int(holder, "i", (int64_t)doc_size(job->services));
  doc_put_key(job->ids, id_text(job->a, s->id), doc_get(holder, "i"));
  add_source(job, s);
}

static struct doc *rows_of(const struct showing *job, id64 service)
{
  int64_t i = service ? doc_integer(doc_get_key(job->ids, id_text(job->a, service))) : 0;
  return i ? doc_get(doc_at(job->services, (size_t)i - 1), "rows") : job->organization_rows;
}

/* ---- what hangs on them ------------------------------------------------------------------------------------------------------ */

static struct str location_text(const struct showing *job, const struct shown_part *p)
{
  if (!p->b.n)
    return p->c;
  return str_printf(job->a, "%.*s%.*s%s%.*s", STR_FMT(p->a), STR_FMT(p->b), p->c.n ? "\n" : "", STR_FMT(p->c));
}

static struct str with(const struct showing *job, struct str a, struct str b)
{
  return a.n && b.n ? str_printf(job->a, "%.*s %.*s", STR_FMT(a), STR_FMT(b)) : str_copy(job->a, a.n ? a : b);
}

static struct str phone_text(struct showing *job, const struct shown_part *p)
{
  struct str extension = STR_NONE;
  if (p->c.n)
    extension = tr_args(job->a, job->who->lang, TR("内線%1"), p->c, STR_NONE, STR_NONE);
  if (!job->phone.n && p->kind == PART_TELEPHONE && p->a.n) {
    job->phone = str_copy(job->a, p->a);
    job->dial = str_copy(job->a, p->b);
  }
  return with(job, with(job, p->a, extension), p->d);
}

static void put_concern(struct showing *job, struct doc *rows, const struct shown_part *p)
{
  int i = 0;
  struct str word = directory_concern_parse(p->a, &i) ? say(job, directory_concern_label(i)) : STR_NONE;
  if (!word.n)
    return;
  if (job->concern_service != p->service) {
    add_row(rows, say(job, TR("困りごと")), word);
    job->concern_row = doc_at(rows, doc_size(rows) - 1);
    job->concern_service = p->service;
    return;
  }
  struct str before = doc_get_str(job->concern_row, "text");
  doc_replace(job->concern_row, "text",
              doc_str(job->a, str_printf(job->a, "%.*s%s%.*s", STR_FMT(before),
                                         job->who->lang == LANG_JA ? JA("、") : ", ", STR_FMT(word))));
}

static struct str attribute_text(const struct showing *job, const struct shown_part *p)
{
  struct date day = {0};
  return p->c.n && date_parse_iso(p->b, &day) ? reader_date(job->a, job->who, day) : p->b;
}

static void put_part(void *arg, const struct shown_part *p)
{
  struct showing *job = arg;
  struct doc *rows = rows_of(job, p->service);
  switch (p->kind) {
  case PART_LOCATION:
    add_row(rows, say(job, TR("場所")), location_text(job, p));
    return;
  case PART_SCHEDULE:
    add_row(rows, say(job, TR("開いている時間")), p->a);
    return;
  case PART_TELEPHONE:
    add_row(rows, say(job, TR("電話")), phone_text(job, p));
    return;
  case PART_FACSIMILE:
    add_row(rows, S("FAX"), phone_text(job, p));
    return;
  case PART_CONTACT:
    add_row(rows, say(job, TR("窓口")), with(job, with(job, p->a, p->b), p->c));
    return;
  case PART_CONCERN:
    put_concern(job, rows, p);
    return;
  case PART_ATTRIBUTE:
    add_row(rows, p->a, attribute_text(job, p));
    return;
  }
}

/* ---- the page ---------------------------------------------------------------------------------------------------------------- */

/* Only addresses of the web become links. */
static bool is_web(struct str url)
{
  return str_starts(url, S("https://")) || str_starts(url, S("http://"));
}

static void put_organization(struct showing *job, struct doc *d, const struct shown_organization *o)
{
  struct doc *m = doc_put_map(d, "organization");
  doc_put_str(m, "name", o->name);
  doc_put_str(m, "kana", o->kana);
  doc_put_str(m, "kind", say(job, directory_kind_label(o->kind)));
  doc_put_str(m, "circle", say(job, directory_circle_label(o->circle, o->member)));
  doc_put_str(m, "what", o->description);
  doc_put_bool(m, "member", o->member);
  doc_put_str(d, "site_href", is_web(o->url) ? o->url : STR_NONE);
  doc_put_str(d, "site_text", o->url);
  add_row(job->organization_rows, say(job, TR("メール")), o->email);
  if (o->url.n && !is_web(o->url))
    add_row(job->organization_rows, say(job, TR("ホームページ")), o->url);
}

static void put_sources(struct showing *job, struct doc *d)
{
  struct doc *list = doc_put_list(d, "sources");
  for (size_t i = 0; i < doc_size(job->sources); i++)
    doc_put_str(doc_add_map(list), "text", doc_string(doc_value_at(job->sources, i)));
  doc_put_bool(d, "has_sources", doc_size(list) > 0);
}

enum code directory_show(struct tx *tx, const struct scope *s, id64 organization, const struct reader *who,
                         struct arena *a, struct doc **ret, struct err *e)
{
  struct showing job = {.a = a, .who = who, .sources = doc_map(a), .ids = doc_map(a)};
  struct shown_organization o = {0};
  struct doc *d = doc_map(a);
  job.organization_rows = doc_put_list(d, "rows");
  job.services = doc_put_list(d, "services");
  enum code c = scope_actor(s)->network == tx_network(tx) ? OK : BUG(e, "a scope of another network");
  if (c == OK)
    c = show_sql_organization(tx, organization, a, &o, e);
  if (c == OK)
    c = show_sql_services(tx, organization, put_service, &job, e);
  if (c == OK)
    c = show_sql_parts(tx, organization, put_part, &job, e);
  if (c != OK)
    return c;
  put_organization(&job, d, &o);
  doc_put_str(d, "phone", job.phone);
  doc_put_str(d, "dial", job.dial);
  doc_put_bool(d, "has_services", doc_size(job.services) > 0);
  doc_put_bool(d, "has_people", false);
  doc_put_list(d, "people");
  put_sources(&job, d);
  *ret = d;
  return OK;
}
