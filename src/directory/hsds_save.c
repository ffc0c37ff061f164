/* hsds_save.c: what was read becomes the directory, record by record: what equals what stands here changes nothing; what was edited or
 * deleted by hand here stays as it is; the rest is written, its fields that tsunagu uses into its own rows. */
#include "base/limits.h"
#include "base/utf8.h"
#include "directory/directory.h"
#include "directory/hsds_sql.h"
#include "directory/hsds_words.h"
#include "directory/phone.h"
#include "network/network.h"

struct saving {
  struct tx *tx;
  struct arena *a;
  struct hsds_set *read, *have;
  struct hsds_report *report;
  struct doc *touched; /* organizations, by id */
  bool writes;
};

/* Whatever another is looked up by comes before it. */
static const enum hsds_kind in_order[HSDS_KINDS] = {HSDS_TAXONOMY,
                                                    HSDS_TAXONOMY_TERM,
                                                    HSDS_ORGANIZATION,
                                                    HSDS_ORGANIZATION_IDENTIFIER,
                                                    HSDS_PROGRAM,
                                                    HSDS_SERVICE,
                                                    HSDS_LOCATION,
                                                    HSDS_SERVICE_AT_LOCATION,
                                                    HSDS_ADDRESS,
                                                    HSDS_CONTACT,
                                                    HSDS_PHONE,
                                                    HSDS_SCHEDULE,
                                                    HSDS_FUNDING,
                                                    HSDS_SERVICE_AREA,
                                                    HSDS_LANGUAGE,
                                                    HSDS_REQUIRED_DOCUMENT,
                                                    HSDS_ACCESSIBILITY,
                                                    HSDS_COST_OPTION,
                                                    HSDS_ATTRIBUTE,
                                                    HSDS_METADATA,
                                                    HSDS_META_TABLE_DESCRIPTION};

static id64 fresh_id(struct saving *w)
{
  return id_new(tx_now(w->tx));
}

static void say(struct saving *w, struct hsds_record *r, const char *field, const char *what)
{
  struct arena *a = w->read->arena; /* the report outlives the transaction */
  struct str line = str_printf(a, "%s: %s", field, what);
  r->remarks = r->remarks.n ? str_printf(a, "%.*s\n%.*s", STR_FMT(r->remarks), STR_FMT(line)) : line;
}

/* ---- where a record belongs ---------------------------------------------------------------------------------------------------- */

/* As it stands here, else as it was read. */
static struct hsds_record *there(struct saving *w, enum hsds_kind kind, struct str id)
{
  struct hsds_record *r = id.n ? hsds_find_any(w->have, kind, id) : NULL;
  struct hsds_record *read = r || !id.n ? NULL : hsds_find_any(w->read, kind, id);
  return r ? r : read && !read->refused ? read : NULL;
}

static bool take_place(struct hsds_record *r, const struct hsds_record *of)
{
  if (!of || !of->organization)
    return false;
  r->organization = of->organization;
  r->service = of->service;
  r->edited = of->edited;
  return true;
}

/* A location without an organization belongs to the first that offers a service there. */
static bool take_place_of_link(struct saving *w, struct hsds_record *r)
{
  const struct doc *links = hsds_children(w->read, HSDS_SERVICE_AT_LOCATION, "location_id", r->id);
  for (size_t i = 0; i < doc_size(links); i++)
    if (take_place(r, there(w, HSDS_SERVICE, hsds_get(hsds_at(w->read, links, i), "service_id")))) {
      r->service = 0;
      return true;
    }
  return false;
}

/* The organization, and the service if it is one's, by what the record refers to; the nearest first. */
static void place_record(struct saving *w, struct hsds_record *r)
{
  static const char *const by[] = {
      "service_id",  "service_at_location_id", "contact_id", "phone_id", "link_id", "resource_id",
      "location_id", "organization_id"};
  if (r->organization)
    return;
  for (size_t i = 0; i < sizeof(by) / sizeof(*by); i++) {
    const struct hsds_field *f = hsds_field(r->kind, str_from(by[i]));
    if (f && take_place(r, there(w, f->refers, hsds_get(r, by[i]))))
      break;
  }
  if (r->kind == HSDS_LOCATION) {
    r->service = 0;
    if (!r->organization)
      (void)take_place_of_link(w, r);
  }
}

/* ---- the decision ------------------------------------------------------------------------------------------------------------------ */

/* A row of ours that was deleted since, or something imported that was. */
static bool was_here(struct saving *w, enum hsds_kind kind, struct str id)
{
  const struct hsds_record *now = hsds_find_any(w->have, kind, id);
  return now ? now->gone
             : kind != HSDS_ANY && hsds_uuid_local(tx_network(w->tx), kind, id) != 0 && !hsds_find(w->read, kind, id);
}

/* What the record will be: as read, and where that leaves things unsaid, as it stands. */
static struct doc *merged(struct saving *w, const struct hsds_record *r, const struct hsds_record *now)
{
  struct doc *d = doc_map(w->a);
  for (const struct hsds_field *f = hsds_tables[r->kind].fields; f->name; f++) {
    struct doc *value = doc_get(r->fields, f->name);
    bool unsaid = !r->whole || (f->is_reference && !r->tabular);
    if (value && f->is_reference && was_here(w, f->refers, doc_string(value)))
      continue; /* it belonged to what was deleted here */
    if (!value && unsaid)
      value = doc_get(now->fields, f->name);
    if (value)
      doc_put(d, f->name, value);
  }
  return d;
}

static bool belongs_to_gone(struct saving *w, const struct hsds_record *r)
{
  for (const struct hsds_field *f = hsds_tables[r->kind].fields; f->name; f++) {
    struct str id = f->is_reference && f->need == HSDS_PARENT ? hsds_get(r, f->name) : STR_NONE;
    const struct hsds_record *of = id.n ? hsds_find(w->read, f->refers, id) : NULL;
    if (id.n && (was_here(w, f->refers, id) || (of && of->outcome == HSDS_KEPT && !of->organization)))
      return true;
  }
  return false;
}

static bool check_references(struct saving *w, struct hsds_record *r)
{
  for (const struct hsds_field *f = hsds_tables[r->kind].fields; f->name; f++) {
    struct str id = f->is_reference ? hsds_get(r, f->name) : STR_NONE;
    bool needed = f->need == HSDS_PARENT;
    if (!f->is_reference || (id.n && there(w, f->refers, id)))
      continue;
    const char *kind = f->refers == HSDS_ANY ? JA("記録") : hsds_tables[f->refers].name;
    if (needed && !id.n) {
      say(w, r, f->name, str_cstr(w->a, str_printf(w->a, JA("ありません。%s の番号を入れてください。"), kind)));
      return false;
    }
    if (id.n)
      say(w, r, f->name,
          str_cstr(w->a, str_printf(w->a, JA("%.*s という %s がありません。%s"), STR_FMT(id), kind,
                                    needed ? JA("先に入れるか、番号を直してください。") : JA("番号のまま残します。"))));
    if (id.n && needed)
      return false;
  }
  return true;
}

/* An attribute with one of our own terms is known by what it says. */
static enum hsds_outcome decide_word(struct saving *w, struct hsds_record *r, enum hsds_word word, struct str what)
{
  if (r->kind != HSDS_ATTRIBUTE)
    return HSDS_UNCHANGED;
  struct str holder = hsds_get(r, "link_id"), term = hsds_get(r, "taxonomy_term_id");
  const struct doc *same = hsds_children(w->have, HSDS_ATTRIBUTE, "link_id", holder);
  for (size_t i = 0; i < doc_size(same); i++) {
    const struct hsds_record *it = hsds_at(w->have, same, i);
    if (str_eq(hsds_get(it, "taxonomy_term_id"), term) && str_eq(hsds_get(it, "value"), hsds_get(r, "value")))
      return HSDS_UNCHANGED;
  }
  bool of_organization = str_is(what, hsds_label_kana) || str_is(what, hsds_label_kind);
  const struct hsds_record *to = hsds_find(w->read, HSDS_SERVICE, holder);
  if (word == HSDS_LABEL && (of_organization || str_is(what, hsds_label_heading))) {
    to = to ? to : hsds_find(w->read, HSDS_ORGANIZATION, holder);
    return to && to->outcome == HSDS_NEW ? HSDS_NEW : HSDS_KEPT; /* goes in with the record itself */
  }
  if (!r->service) {
    say(w, r, "link_id", JA("この項目は service に付けてください。"));
    return HSDS_REFUSED;
  }
  return r->edited ? HSDS_KEPT : HSDS_NEW;
}

/* A program nested in a service is of the service's organization. */
static void complete_program(struct saving *w, struct hsds_record *r)
{
  const struct doc *services = hsds_children(w->read, HSDS_SERVICE, "program_id", r->id);
  struct str organization = doc_size(services) ? hsds_get(hsds_at(w->read, services, 0), "organization_id") : STR_NONE;
  if (r->kind != HSDS_PROGRAM || r->tabular || doc_get(r->fields, "organization_id") || !organization.n)
    return;
  struct doc *d = doc_map(w->a);
  for (size_t i = 0; i < doc_size(r->fields); i++)
    doc_put_key(d, doc_key_at(r->fields, i), doc_value_at(r->fields, i));
  doc_put_str(d, "organization_id", organization);
  r->fields = d;
}

static enum hsds_outcome decide(struct saving *w, struct hsds_record *r)
{
  struct str what;
  if (r->refused)
    return HSDS_REFUSED;
  complete_program(w, r);
  if (belongs_to_gone(w, r))
    return HSDS_KEPT;
  if (!check_references(w, r))
    return HSDS_REFUSED;
  const struct hsds_record *now = hsds_find(w->have, r->kind, r->id);
  if (now && !now->gone) {
    (void)take_place(r, now);
    r->local = now->local;
    r->edited = now->edited;
  }
  place_record(w, r);
  enum hsds_word word = hsds_word_of(w->read, r, &what);
  if (word != HSDS_FOREIGN)
    return decide_word(w, r, word, what);
  if ((now && now->gone) || (!now && hsds_uuid_local(tx_network(w->tx), r->kind, r->id)))
    return HSDS_KEPT;
  if (!now)
    return r->edited ? HSDS_KEPT : HSDS_NEW;
  r->fields = merged(w, r, now);
  return doc_equal(r->fields, now->fields) ? HSDS_UNCHANGED : now->edited ? HSDS_KEPT : HSDS_UPDATED;
}

/* ---- writing ---------------------------------------------------------------------------------------------------------------------- */

/* The fields that no column holds, by the standard's names; a column that is not empty for want of a value is noted as null. */
static enum code keep_rest(struct saving *w, struct hsds_record *r, const char *const *columns, const char *null_of,
                           int64_t rev, struct err *e)
{
  struct doc *rest = doc_map(w->a);
  struct buf b;
  for (size_t i = 0; i < doc_size(r->fields); i++) {
    struct str key = doc_key_at(r->fields, i);
    bool held = str_is(key, "id");
    for (const char *const *c = columns; c && *c; c++)
      held = held || str_is(key, *c);
    if (!held)
      doc_put_key(rest, key, doc_value_at(r->fields, i));
  }
  if (null_of && !doc_get(r->fields, null_of))
    doc_put_null(rest, null_of);
  buf_init(&b, w->a, LIMIT_PAGE);
  json_write(&b, rest);
  return hsds_sql_keep(w->tx, fresh_id(w), r->kind, r->id, r->local, rev, buf_str(&b), e);
}

/* A label of ours that came with the record: its kana, its kind, its heading. */
static struct str label_in(struct hsds_set *s, const struct hsds_record *r, const char *label)
{
  const struct doc *list = hsds_children(s, HSDS_ATTRIBUTE, "link_id", r->id);
  for (size_t i = 0; i < doc_size(list); i++) {
    struct str what;
    const struct hsds_record *it = hsds_at(s, list, i);
    if (hsds_word_of(s, it, &what) == HSDS_LABEL && str_is(what, label))
      return hsds_get(it, "value");
  }
  return STR_NONE;
}

static bool kind_known(struct str code)
{
  for (const char *const *c = directory_kind_codes; *c; c++)
    if (str_is(code, *c))
      return true;
  return false;
}

static enum code make_organization(struct saving *w, struct hsds_record *r, struct err *e)
{
  struct str kind = label_in(w->read, r, hsds_label_kind);
  r->local = fresh_id(w);
  return organization_create(w->tx,
                             &(struct organization_new){.id = r->local,
                                                        .name = hsds_get(r, "name"),
                                                        .kana = label_in(w->read, r, hsds_label_kana),
                                                        .kind = kind_known(kind) ? kind : S("other"),
                                                        .circle = S("outside"),
                                                        .description = hsds_get(r, "description"),
                                                        .url = hsds_get(r, "website"),
                                                        .email = hsds_get(r, "email")},
                             &r->local, e);
}

static enum code write_organization(struct saving *w, struct hsds_record *r, struct err *e)
{
  static const char *const columns[] = {"name", "description", "website", "email", NULL};
  int64_t rev = 1;
  enum code c = OK;
  if (r->outcome == HSDS_NEW) {
    c = make_organization(w, r, e);
  } else {
    struct hsds_row row = {.id = r->local,
                           .a = hsds_get(r, "name"),
                           .d = hsds_get(r, "description"),
                           .f = hsds_get(r, "website"),
                           .g = hsds_get(r, "email")};
    struct str kana = label_in(w->have, r, hsds_label_kana);
    struct str both = str_printf(w->a, "%.*s %.*s", STR_FMT(row.a), STR_FMT(kana));
    c = hsds_sql_organization(w->tx, &row, utf8_fold(w->a, both), &rev, e);
  }
  r->organization = r->local;
  return c == OK ? keep_rest(w, r, columns, NULL, rev, e) : c;
}

static enum code write_service(struct saving *w, struct hsds_record *r, struct err *e)
{
  static const char *const columns[] = {"name",
                                        "description",
                                        "status",
                                        "alert",
                                        "eligibility_description",
                                        "fees_description",
                                        "application_process",
                                        "assured_date",
                                        NULL};
  r->local = r->local ? r->local : fresh_id(w);
  r->service = r->local;
  struct hsds_row row = {.id = r->local,
                         .organization = r->organization,
                         .a = hsds_get(r, "name"),
                         .b = hsds_get(r, "description"),
                         .c = label_in(w->read, r, hsds_label_heading),
                         .d = hsds_get(r, "status"),
                         .f = hsds_get(r, "alert"),
                         .g = hsds_get(r, "eligibility_description"),
                         .h = hsds_get(r, "fees_description"),
                         .i = hsds_get(r, "application_process"),
                         .j = hsds_get(r, "assured_date")};
  enum code c = hsds_sql_service(w->tx, &row, e);
  return c == OK ? keep_rest(w, r, columns, NULL, 0, e) : c;
}

static enum code write_location(struct saving *w, struct hsds_record *r, struct err *e)
{
  static const char *const columns[] = {"name", NULL};
  if (!r->organization)
    return keep_rest(w, r, NULL, NULL, 0, e);
  r->local = r->local ? r->local : fresh_id(w);
  struct hsds_row row = {.id = r->local, .organization = r->organization, .c = hsds_get(r, "name")};
  enum code c = hsds_sql_location(w->tx, &row, e);
  return c == OK ? keep_rest(w, r, columns, NULL, 0, e) : c;
}

/* The first address of a place is the one that the directory shows. */
static enum code write_address(struct saving *w, struct hsds_record *r, struct err *e)
{
  static const char *const columns[] = {"address_1", "city", NULL};
  struct str id = hsds_get(r, "location_id");
  const struct hsds_record *location = hsds_find(w->read, HSDS_LOCATION, id);
  location = location && location->local ? location : hsds_find(w->have, HSDS_LOCATION, id);
  const struct doc *read = hsds_children(w->read, HSDS_ADDRESS, "location_id", id),
                   *have = hsds_children(w->have, HSDS_ADDRESS, "location_id", id);
  bool first = doc_size(have) ? r->local != 0 : doc_size(read) && hsds_at(w->read, read, 0) == r;
  if (!location || !location->local || !first)
    return keep_rest(w, r, NULL, NULL, 0, e);
  r->local = location->local;
  struct hsds_row row = {.id = r->local, .a = hsds_get(r, "city"), .b = hsds_get(r, "address_1")};
  enum code c = hsds_sql_address(w->tx, &row, e);
  return c == OK ? keep_rest(w, r, columns, NULL, 0, e) : c;
}

static enum code write_link(struct saving *w, struct hsds_record *r, struct err *e)
{
  const struct hsds_record *location = there(w, HSDS_LOCATION, hsds_get(r, "location_id"));
  enum code c = r->service && location && location->local ? hsds_sql_link(w->tx, r->service, location->local, e) : OK;
  return c == OK ? keep_rest(w, r, NULL, NULL, 0, e) : c;
}

static enum code write_contact(struct saving *w, struct hsds_record *r, struct err *e)
{
  static const char *const columns[] = {"name", "department", "email", NULL};
  if (!r->organization)
    return keep_rest(w, r, NULL, NULL, 0, e);
  r->local = r->local ? r->local : fresh_id(w);
  struct hsds_row row = {.id = r->local,
                         .organization = r->organization,
                         .service = r->service,
                         .a = hsds_get(r, "name"),
                         .b = hsds_get(r, "department"),
                         .c = hsds_get(r, "email")};
  enum code c = hsds_sql_contact(w->tx, &row, e);
  return c == OK ? keep_rest(w, r, columns, NULL, 0, e) : c;
}

static enum code write_phone(struct saving *w, struct hsds_record *r, struct err *e)
{
  static const char *const columns[] = {"number", "type", "extension", "description", NULL}, *const odd[] = {
                                                                                                 "number", "type",
                                                                                                 "description", NULL};
  const struct doc *extension = doc_get(r->fields, "extension");
  bool plain = !extension || (doc_kind(extension) == DOC_INT && doc_integer(extension) > 0);
  struct phones p;
  if (!r->organization)
    return keep_rest(w, r, NULL, NULL, 0, e);
  r->local = r->local ? r->local : fresh_id(w);
  phone_read(w->a, hsds_get(r, "number"), STR_NONE, PHONE_VOICE, &p);
  struct hsds_row row = {.id = r->local,
                         .organization = r->organization,
                         .service = r->service,
                         .a = hsds_get(r, "type"),
                         .b = hsds_get(r, "number"),
                         .d = hsds_get(r, "description")};
  if (!row.a.n)
    row.a = S("voice");
  if (extension && plain)
    row.c = str_printf(w->a, "%lld", (long long)doc_integer(extension));
  enum code c = hsds_sql_phone(w->tx, &row, p.count == 1 ? p.list[0].dial : STR_NONE, e);
  return c == OK ? keep_rest(w, r, plain ? columns : odd, "type", 0, e) : c;
}

static enum code write_schedule(struct saving *w, struct hsds_record *r, struct err *e)
{
  static const char *const columns[] = {"description", NULL};
  struct hsds_row row = {.organization = r->organization, .service = r->service, .a = hsds_get(r, "description")};
  if (!row.a.n)
    row.a = hsds_hours(w->a, r->fields);
  if (!r->organization || !row.a.n)
    return keep_rest(w, r, NULL, NULL, 0, e);
  row.id = r->local = r->local ? r->local : fresh_id(w);
  enum code c = hsds_sql_schedule(w->tx, &row, e);
  return c == OK ? keep_rest(w, r, columns, "description", 0, e) : c;
}

static enum code write_attribute(struct saving *w, struct hsds_record *r, struct err *e)
{
  struct str what;
  enum hsds_word word = hsds_word_of(w->read, r, &what);
  if (word == HSDS_FOREIGN)
    return keep_rest(w, r, NULL, NULL, 0, e);
  if (word == HSDS_CONCERN)
    return hsds_sql_concern(w->tx, r->service, what, str_is(hsds_get(r, "link_type"), "concern_derived"), e);
  bool column = str_is(what, hsds_label_kana) || str_is(what, hsds_label_kind) || str_is(what, hsds_label_heading);
  return column ? OK : hsds_sql_attribute(w->tx, r->service, what, hsds_get(r, "value"), e);
}

static enum code write_record(struct saving *w, struct hsds_record *r, struct err *e)
{
  switch (r->kind) {
  case HSDS_ORGANIZATION:
    return write_organization(w, r, e);
  case HSDS_SERVICE:
    return write_service(w, r, e);
  case HSDS_LOCATION:
    return write_location(w, r, e);
  case HSDS_ADDRESS:
    return write_address(w, r, e);
  case HSDS_SERVICE_AT_LOCATION:
    return write_link(w, r, e);
  case HSDS_CONTACT:
    return write_contact(w, r, e);
  case HSDS_PHONE:
    return write_phone(w, r, e);
  case HSDS_SCHEDULE:
    return write_schedule(w, r, e);
  case HSDS_ATTRIBUTE:
    return write_attribute(w, r, e);
  default:
    return keep_rest(w, r, NULL, NULL, 0, e);
  }
}

/* ---- all of it ---------------------------------------------------------------------------------------------------------------------- */

static void touch(struct saving *w, const struct hsds_record *r)
{
  struct str key = id_text(w->a, r->organization);
  if (r->organization && !doc_get_key(w->touched, key)) {
    struct doc *holder = doc_map(w->a);
    doc_put_int(holder, "id", r->organization);
    doc_put_key(w->touched, key, doc_get(holder, "id"));
  }
}

/* A planned organization has no row yet; what belongs to it must still be told from what belongs to none. */
static void pretend(struct saving *w, struct hsds_record *r)
{
  if (r->kind == HSDS_ORGANIZATION)
    r->organization = r->local = fresh_id(w);
  if (r->kind == HSDS_SERVICE)
    r->service = r->local = fresh_id(w);
}

static enum code save_record(struct saving *w, struct hsds_record *r, struct err *e)
{
  enum code c = OK;
  r->outcome = decide(w, r);
  r->refused = r->outcome == HSDS_REFUSED;
  w->report->records++;
  w->report->outcomes[r->outcome]++;
  w->report->repeated += r->times > 1 ? r->times - 1 : 0;
  if (r->outcome != HSDS_NEW && r->outcome != HSDS_UPDATED)
    return OK;
  if (w->writes)
    c = write_record(w, r, e);
  else if (r->outcome == HSDS_NEW)
    pretend(w, r);
  if (c == OK)
    touch(w, r);
  return c;
}

static enum code save_all(struct saving *w, struct err *e)
{
  enum code c = OK;
  for (size_t k = 0; k < HSDS_KINDS; k++)
    for (struct hsds_record *r = w->read->first[in_order[k]]; c == OK && r; r = r->next)
      c = save_record(w, r, e);
  for (size_t i = 0; c == OK && w->writes && i < doc_size(w->touched); i++)
    c = directory_refresh(w->tx, doc_integer(doc_value_at(w->touched, i)), e);
  return c == OK && (arena_failed(w->a) || arena_failed(w->read->arena)) ? err_oom(e) : c;
}

/* The writing function may run again, and a plan may come first: each begins with what was read. */
static void begin_anew(struct hsds_set *read)
{
  for (size_t i = 0; i < read->total; i++) {
    struct hsds_record *r = read->all[i];
    if (!r->as_read.is) {
      r->as_read.fields = r->fields;
      r->as_read.remarks = r->remarks;
      r->as_read.refused = r->refused;
      r->as_read.is = true;
    }
    r->fields = r->as_read.fields;
    r->remarks = r->as_read.remarks;
    r->refused = r->as_read.refused;
    r->local = r->organization = r->service = 0;
    r->edited = false;
    r->outcome = HSDS_UNREAD;
  }
}

static enum code run(struct tx *tx, const struct scope *s, struct hsds_set *read, bool writes, struct hsds_report *ret,
                     struct err *e)
{
  struct hsds_report report = {0};
  if (scope_action(s) != ACTION_DIRECTORY_WRITE)
    return BUG(e, "an import needs the scope of DIRECTORY_WRITE");
  struct saving w = {
      .tx = tx, .a = arena_new((size_t)8 * LIMIT_ARENA), .read = read, .report = &report, .writes = writes};
  w.touched = doc_map(w.a);
  begin_anew(read);
  enum code c = w.a ? hsds_load(tx, s, w.a, &w.have, e) : err_oom(e);
  if (c == OK)
    c = save_all(&w, e);
  for (size_t i = 0; i < read->total; i++)
    read->all[i]->fields = read->all[i]->as_read.fields; /* what was merged dies with the transaction */
  arena_free(w.a);
  if (c == OK)
    *ret = report;
  return c;
}

enum code hsds_write(struct tx *tx, const struct scope *s, struct hsds_set *read, struct hsds_report *ret,
                     struct err *e)
{
  return run(tx, s, read, true, ret, e);
}

enum code hsds_plan(struct tx *tx, const struct scope *s, struct hsds_set *read, struct hsds_report *ret, struct err *e)
{
  return run(tx, s, read, false, ret, e);
}
