/* hsds_load.c: the directory as a set: rows of its tables, each with what hsds_record holds besides, and the records that stand there alone. */
#include "directory/directory.h"
#include "directory/hsds_sql.h"
#include "directory/hsds_words.h"

/* A row of hsds_record. */
struct stash {
  enum hsds_kind kind;
  struct str uuid;
  struct doc *fields;
  id64 local;
  int64_t local_rev;
  bool used;
};

struct loading {
  struct tx *tx;
  struct hsds_set *s;
  struct arena *a;
  struct stash *stash;
  size_t count, room;
  struct doc *bound; /* by kind and local id: place in stash + 1 */
  struct doc *mine;  /* by kind and local id: the record's uuid */
  struct doc *told;  /* service_at_location that a stored record describes */
  struct doc *gone;  /* by kind and uuid: what was deleted by hand */
  bool with_gone;
};

static struct str key_of(struct loading *l, enum hsds_kind kind, id64 id)
{
  return str_printf(l->a, "%d %lld", (int)kind, (long long)id);
}

static struct str link_key(struct arena *a, struct str service, struct str location)
{
  struct buf b;
  buf_init(&b, a, 256);
  buf_add(&b, service);
  buf_add_c(&b, '/');
  buf_add(&b, location);
  return buf_str(&b);
}

static enum code take_stash(void *arg, const struct hsds_row *row, struct err *e)
{
  struct loading *l = arg;
  struct stash st = {.local = row->m, .local_rev = row->n};
  if (!hsds_kind_parse(row->a, &st.kind))
    return BUG(e, "a record of no kind");
  st.uuid = str_copy(l->a, row->b);
  enum code c = json_parse(l->a, row->c, &st.fields, e);
  if (c != OK)
    return c;
  if (l->count == l->room) {
    size_t room = l->room ? l->room * 2 : 64;
    l->stash = arena_grow(l->a, l->stash, l->room * sizeof(*l->stash), room * sizeof(*l->stash));
    l->room = room;
  }
  if (!l->stash)
    return err_oom(e);
  l->stash[l->count++] = st;
  struct str link = link_key(l->a, doc_get_str(st.fields, "service_id"), doc_get_str(st.fields, "location_id"));
  if (st.kind == HSDS_SERVICE_AT_LOCATION && !doc_get_key(l->told, link))
    doc_put_key(l->told, link, doc_bool(l->a, true));
  if (st.local) {
    struct doc *holder = doc_map(l->a);
    doc_put_int(holder, "at", (int64_t)l->count);
    doc_put_key(l->bound, key_of(l, st.kind, st.local), doc_get(holder, "at"));
  }
  return OK;
}

/* ---- a row of ours ----------------------------------------------------------------------------------------------------------- */

struct begun {
  struct hsds_record *r;
  const struct stash *stash; /* NULL: nobody else gave it anything */
  struct arena *a;
};

static struct begun begin(struct loading *l, enum hsds_kind kind, id64 id, const struct hsds_row *row)
{
  int64_t at = doc_integer(doc_get_key(l->bound, key_of(l, kind, id)));
  struct stash *st = at ? &l->stash[at - 1] : NULL;
  struct str uuid = st ? st->uuid : hsds_uuid(l->a, tx_network(l->tx), kind, id);
  struct begun b = {hsds_add(l->s, kind, uuid), st, l->a};
  if (!b.r)
    return b;
  b.r->local = id;
  b.r->organization = row->organization;
  b.r->service = row->service;
  doc_put_key(l->mine, key_of(l, kind, id), doc_get(b.r->fields, "id"));
  for (size_t i = 0; st && i < doc_size(st->fields); i++)
    if (doc_kind(doc_value_at(st->fields, i)) != DOC_NULL)
      doc_put_key(b.r->fields, doc_key_at(st->fields, i), doc_value_at(st->fields, i));
  if (st)
    st->used = true;
  return b;
}

/* A field that a column of ours holds. Stored null: the standard's record had none, the column has what stands for none. */
static void put_column(struct begun b, const char *field, struct str value, struct str none)
{
  if (!b.r)
    return;
  const struct doc *marked = b.stash ? doc_get(b.stash->fields, field) : NULL;
  if (marked && doc_kind(marked) == DOC_NULL && str_eq(value, none))
    return;
  const struct hsds_field *f = hsds_field(b.r->kind, str_from(field));
  if (value.n || f->need == HSDS_KEY || f->need == HSDS_FULL)
    doc_replace(b.r->fields, field, doc_str(b.a, value));
}

static struct str uuid_of(struct loading *l, enum hsds_kind kind, id64 id)
{
  return id ? doc_string(doc_get_key(l->mine, key_of(l, kind, id))) : STR_NONE;
}

static struct hsds_record *holder_of(struct loading *l, const struct hsds_row *row)
{
  return row->service ? hsds_find(l->s, HSDS_SERVICE, uuid_of(l, HSDS_SERVICE, row->service))
                      : hsds_find(l->s, HSDS_ORGANIZATION, uuid_of(l, HSDS_ORGANIZATION, row->organization));
}

/* What hangs on a service or an organization of ours: its reference, and whether that was edited by hand. */
static void put_holder(struct loading *l, struct begun b, const struct hsds_row *row)
{
  const struct hsds_record *holder = holder_of(l, row);
  if (!b.r || !holder)
    return;
  const char *reference = row->service ? "service_id" : "organization_id";
  b.r->edited = holder->edited;
  if (!b.stash && hsds_field(b.r->kind, str_from(reference))) /* the standard's hours are of a service alone */
    hsds_put(b.r, reference, holder->id);
}

/* ---- table by table ------------------------------------------------------------------------------------------------------------ */

/* Addresses as people type them become what a URI may hold; one without a scheme is none. */
static struct str uri_of(struct arena *a, struct str s)
{
  const struct hsds_field *f = hsds_field(HSDS_ORGANIZATION, S("website"));
  struct buf b;
  buf_init(&b, a, s.n * 3 + 1);
  for (size_t i = 0; i < s.n; i++) {
    unsigned char ch = (unsigned char)s.p[i];
    if (ch > ' ' && ch < 0x7F && !strchr("\"<>\\^`{|}", ch))
      buf_add_c(&b, (char)ch);
    else
      buf_printf(&b, "%%%02X", ch);
  }
  struct str uri = buf_str(&b);
  return hsds_check(a, f, doc_str(a, uri)).n ? STR_NONE : uri;
}

static struct str mail_of(struct arena *a, struct str s)
{
  return hsds_check(a, hsds_field(HSDS_CONTACT, S("email")), doc_str(a, s)).n ? STR_NONE : s;
}

static enum code take_organization(void *arg, const struct hsds_row *row, struct err *e)
{
  struct loading *l = arg;
  struct begun b = begin(l, HSDS_ORGANIZATION, row->id, row);
  put_column(b, "name", row->a, STR_NONE);
  put_column(b, "description", row->d, STR_NONE);
  put_column(b, "website", uri_of(l->a, row->f), STR_NONE);
  put_column(b, "email", mail_of(l->a, row->g), STR_NONE);
  if (!b.r)
    return err_oom(e);
  b.r->edited = row->m > (b.stash ? b.stash->local_rev : 1);
  hsds_put_label(l->s, b.r, str_from(hsds_label_kana), row->b, 0);
  if (!str_is(row->c, "other"))
    hsds_put_label(l->s, b.r, str_from(hsds_label_kind), row->c, 0);
  return OK;
}

/* A stored day of change gives way to a later edit here; a record of ours always has one. */
static void put_modified(struct loading *l, struct begun b, const struct hsds_row *row)
{
  ts_t at = row->m ? row->m : row->n;
  if (b.stash && !row->m)
    return;
  struct date day = date_of_ts(at - 9 * (ts_t)MS_HOUR);
  int64_t of_day = at - 9 * (ts_t)MS_HOUR - date_start_ts(day);
  struct str iso = date_iso(l->a, day);
  doc_replace(b.r->fields, "last_modified",
              doc_str(l->a, str_printf(l->a, "%.*sT%02d:%02d:%02d.%03dZ", STR_FMT(iso), (int)(of_day / MS_HOUR),
                                       (int)(of_day / MS_MINUTE % 60), (int)(of_day / MS_SECOND % 60),
                                       (int)(of_day % MS_SECOND))));
}

static enum code take_service(void *arg, const struct hsds_row *row, struct err *e)
{
  struct loading *l = arg;
  struct begun b = begin(l, HSDS_SERVICE, row->id, row);
  if (!b.r)
    return err_oom(e);
  b.r->service = row->id;
  b.r->edited = row->m != 0;
  if (!b.stash)
    hsds_put(b.r, "organization_id", uuid_of(l, HSDS_ORGANIZATION, row->organization));
  put_column(b, "name", row->a, STR_NONE);
  put_column(b, "description", row->b, STR_NONE);
  put_column(b, "status", row->d, STR_NONE);
  put_column(b, "alert", row->f, STR_NONE);
  put_column(b, "eligibility_description", row->g, STR_NONE);
  put_column(b, "fees_description", row->h, STR_NONE);
  put_column(b, "application_process", row->i, STR_NONE);
  put_column(b, "assured_date", row->j, STR_NONE);
  put_modified(l, b, row);
  hsds_put_label(l->s, b.r, str_from(hsds_label_heading), row->c, 0);
  return OK;
}

static enum code take_source(void *arg, const struct hsds_row *row, struct err *e)
{
  struct loading *l = arg;
  const struct hsds_record *r = holder_of(l, row);
  if (r)
    hsds_put_label(l->s, r, str_from(hsds_label_source), row->a, 0);
  for (size_t i = 0; i < doc_size(l->s->sources); i++)
    if (str_eq(doc_get_str(doc_at(l->s->sources, i), "title"), row->a))
      return OK;
  struct doc *d = doc_add_map(l->s->sources);
  doc_put_str(d, "title", row->a);
  doc_put_str(d, "licence", row->b);
  return OK;
}

static enum code take_location(void *arg, const struct hsds_row *row, struct err *e)
{
  struct loading *l = arg;
  struct begun b = begin(l, HSDS_LOCATION, row->id, row);
  if (!b.r)
    return err_oom(e);
  put_column(b, "name", row->c, STR_NONE);
  if (!b.stash) {
    hsds_put(b.r, "location_type", S("physical"));
    hsds_put(b.r, "organization_id", uuid_of(l, HSDS_ORGANIZATION, row->organization));
  }
  struct str address = key_of(l, HSDS_ADDRESS, row->id);
  if (!row->a.n && !row->b.n && !doc_get_key(l->bound, address))
    return OK;
  b = begin(l, HSDS_ADDRESS, row->id, row);
  if (!b.r)
    return err_oom(e);
  put_column(b, "address_1", row->b, STR_NONE);
  put_column(b, "city", row->a, STR_NONE);
  if (b.stash)
    return OK;
  hsds_put(b.r, "location_id", uuid_of(l, HSDS_LOCATION, row->id));
  doc_put_str(b.r->fields, "state_province", STR_NONE);
  doc_put_str(b.r->fields, "postal_code", STR_NONE);
  hsds_put(b.r, "country", S("JP"));
  hsds_put(b.r, "address_type", S("physical"));
  return OK;
}

/* Links that a stored record describes are told by it: take_rest(). */
static enum code take_link(void *arg, const struct hsds_row *row, struct err *e)
{
  struct loading *l = arg;
  struct str service = uuid_of(l, HSDS_SERVICE, row->service), location = uuid_of(l, HSDS_LOCATION, row->id);
  struct str key = link_key(l->a, service, location);
  if (!service.n || !location.n)
    return OK;
  doc_put_key(l->mine, key, doc_bool(l->a, true));
  if (doc_get_key(l->told, key))
    return OK;
  struct hsds_record *r = hsds_add(l->s, HSDS_SERVICE_AT_LOCATION, hsds_uuid_of(l->a, "service_at_location", key));
  if (!r)
    return err_oom(e);
  r->organization = row->organization;
  r->service = row->service;
  hsds_put(r, "service_id", service);
  hsds_put(r, "location_id", location);
  return OK;
}

static enum code take_contact(void *arg, const struct hsds_row *row, struct err *e)
{
  struct loading *l = arg;
  struct begun b = begin(l, HSDS_CONTACT, row->id, row);
  put_column(b, "name", row->a, STR_NONE);
  put_column(b, "department", row->b, STR_NONE);
  put_column(b, "email", mail_of(l->a, row->c), STR_NONE);
  put_holder(l, b, row);
  return b.r ? OK : err_oom(e);
}

static enum code take_phone(void *arg, const struct hsds_row *row, struct err *e)
{
  struct loading *l = arg;
  struct begun b = begin(l, HSDS_PHONE, row->id, row);
  int64_t extension = 0;
  if (!b.r)
    return err_oom(e);
  bool number = row->c.n && row->c.p[0] != '0' && str_to_i64(row->c, &extension) && extension > 0;
  struct str remark = row->d;
  if (row->c.n && !number) /* 「12・13」: the standard knows one number */
    remark = str_printf(l->a, "%s %.*s%s%.*s", JA("内線"), STR_FMT(row->c), row->d.n ? JA("。") : "", STR_FMT(row->d));
  put_column(b, "number", row->b, STR_NONE);
  if (number) {
    struct doc *holder = doc_map(l->a);
    doc_put_int(holder, "extension", extension);
    doc_replace(b.r->fields, "extension", doc_get(holder, "extension"));
  }
  put_column(b, "type", row->a, S("voice"));
  put_column(b, "description", remark, STR_NONE);
  put_holder(l, b, row);
  return OK;
}

static enum code take_schedule(void *arg, const struct hsds_row *row, struct err *e)
{
  struct loading *l = arg;
  struct begun b = begin(l, HSDS_SCHEDULE, row->id, row);
  if (!b.r)
    return err_oom(e);
  put_column(b, "description", row->a, b.stash ? hsds_hours(l->a, b.stash->fields) : STR_NONE);
  put_holder(l, b, row);
  return OK;
}

static enum code take_concern(void *arg, const struct hsds_row *row, struct err *e)
{
  struct loading *l = arg;
  const struct hsds_record *r = holder_of(l, row);
  if (r)
    hsds_put_concern(l->s, r, row->a, row->m != 0);
  return OK;
}

static enum code take_attribute(void *arg, const struct hsds_row *row, struct err *e)
{
  struct loading *l = arg;
  const struct hsds_record *r = holder_of(l, row);
  if (r)
    hsds_put_label(l->s, r, row->a, row->b, row->m + 1);
  return OK;
}

/* ---- what stands in hsds_record alone ------------------------------------------------------------------------------------------ */

static struct str gone_key(struct loading *l, enum hsds_kind kind, struct str id)
{
  return str_printf(l->a, "%d %.*s", (int)kind, STR_FMT(id));
}

static bool is_gone(struct loading *l, enum hsds_kind kind, struct str id)
{
  return doc_size(l->gone) && doc_get_key(l->gone, gone_key(l, kind, id));
}

/* References to what was deleted by hand are left out; without any other, the record belongs to nothing any more. */
static bool put_rest(struct loading *l, struct hsds_record *r, const struct stash *st)
{
  int named = 0, lost = 0;
  for (size_t i = 0; i < doc_size(st->fields); i++) {
    struct str key = doc_key_at(st->fields, i);
    const struct hsds_field *f = hsds_field(st->kind, key);
    bool reference = f && f->is_reference && f->refers != st->kind;
    bool dead = reference && is_gone(l, f->refers, doc_string(doc_value_at(st->fields, i)));
    named += reference && !dead;
    lost += dead;
    if (!dead && doc_kind(doc_value_at(st->fields, i)) != DOC_NULL)
      doc_put_key(r->fields, key, doc_value_at(st->fields, i));
  }
  return lost && !named;
}

static bool link_is_gone(struct loading *l, const struct stash *st)
{
  struct str service = doc_get_str(st->fields, "service_id"), location = doc_get_str(st->fields, "location_id");
  return st->kind == HSDS_SERVICE_AT_LOCATION && !doc_get_key(l->mine, link_key(l->a, service, location));
}

static enum code take_rest(struct loading *l, struct err *e)
{
  for (size_t i = 0; i < l->count; i++)
    if (l->stash[i].local && !l->stash[i].used)
      doc_put_key(l->gone, gone_key(l, l->stash[i].kind, l->stash[i].uuid), doc_bool(l->a, true));
  for (size_t i = 0; i < l->count; i++) {
    const struct stash *st = &l->stash[i];
    bool gone = st->local || link_is_gone(l, st);
    if (st->used || hsds_find(l->s, st->kind, st->uuid) || (gone && !l->with_gone))
      continue;
    struct hsds_record *r = hsds_add(l->s, st->kind, st->uuid);
    if (!r)
      return err_oom(e);
    r->gone = put_rest(l, r, st) || gone;
  }
  return OK;
}

/* ---- all of it ---------------------------------------------------------------------------------------------------------------- */

static enum code load(struct loading *l, struct err *e)
{
  static const struct {
    enum hsds_reading what;
    hsds_row_fn fn;
  } steps[] = {{READ_RECORD, take_stash},       {READ_ORGANIZATION, take_organization},
               {READ_SERVICE, take_service},    {READ_SOURCE, take_source},
               {READ_LOCATION, take_location},  {READ_LINK, take_link},
               {READ_CONTACT, take_contact},    {READ_PHONE, take_phone},
               {READ_SCHEDULE, take_schedule},  {READ_CONCERN, take_concern},
               {READ_ATTRIBUTE, take_attribute}};
  enum code c = OK;
  for (size_t i = 0; c == OK && i < sizeof(steps) / sizeof(*steps); i++)
    c = hsds_sql_read(l->tx, steps[i].what, steps[i].fn, l, e);
  if (c == OK)
    c = take_rest(l, e);
  return c == OK && arena_failed(l->a) ? err_oom(e) : c;
}

/* What is gone and merely left without a holder must not be seen by who only reads. */
static void leave_out_gone(struct hsds_set *s)
{
  for (int k = 0; k < HSDS_KINDS; k++) {
    struct hsds_record **at = &s->first[k];
    s->last[k] = NULL;
    s->count[k] = 0;
    while (*at) {
      if ((*at)->gone) {
        *at = (*at)->next;
      } else {
        s->last[k] = *at;
        s->count[k]++;
        at = &(*at)->next;
      }
    }
  }
}

enum code hsds_load(struct tx *tx, const struct scope *s, struct arena *a, struct hsds_set **ret, struct err *e)
{
  bool writes = scope_action(s) == ACTION_DIRECTORY_WRITE;
  if (!writes && scope_action(s) != ACTION_DIRECTORY_READ)
    return BUG(e, "the directory is read with its own scope");
  struct loading l = {.tx = tx,
                      .s = hsds_set_new(a),
                      .a = a,
                      .bound = doc_map(a),
                      .mine = doc_map(a),
                      .told = doc_map(a),
                      .gone = doc_map(a),
                      .with_gone = writes};
  enum code c = l.s ? load(&l, e) : err_oom(e);
  if (c == OK && !writes)
    leave_out_gone(l.s);
  if (c == OK)
    *ret = l.s;
  return c;
}
