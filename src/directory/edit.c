/* edit.c: organizations and services written by hand, and what stands there for the form to begin with. */
#include "base/utf8.h"
#include "directory/directory_sql.h"
#include "directory/mend.h"
#include "directory/show_sql.h"
#include "network/network.h"

static enum code read_values(struct tx *tx, id64 organization, id64 service, struct arena *a, struct doc **ret,
                             struct err *e);

/* ---- writing ---------------------------------------------------------------------------------------------------------------- */

struct saving {
  struct tx *tx;
  id64 organization, service; /* service 0: the organization itself */
  unsigned keep;              /* what was not changed */
};

static id64 fresh_id(struct saving *w)
{
  return id_new(tx_now(w->tx));
}

static enum code save_phones(struct saving *w, struct str text, enum phone_type type, const char *field, struct err *e)
{
  struct phones p;
  enum code c = OK;
  phone_read(tx_arena(w->tx), text, STR_NONE, type, &p);
  for (size_t i = 0; c == OK && i < p.count; i++) {
    if (!p.list[i].dial.n)
      return err_field(e, field, TR("電話番号は、市外局番から書いてください。"));
    c = phone_sql_insert(w->tx, fresh_id(w), w->organization, w->service, &p.list[i], e);
  }
  return c;
}

static enum code save_location(struct saving *w, const struct directory_reach *r, struct err *e)
{
  struct str address = mend_dashes(tx_arena(w->tx), mend_line(tx_arena(w->tx), r->address));
  if (!address.n && !r->place.n)
    return OK;
  return w->service ? location_sql_link(w->tx, fresh_id(w), w->organization, w->service, STR_NONE, address, r->place, e)
                    : location_sql_insert(w->tx, fresh_id(w), w->organization, STR_NONE, address, r->place, e);
}

static enum code save_reach(struct saving *w, const struct directory_reach *r, struct err *e)
{
  struct str hours = w->keep & KEEP_HOURS ? STR_NONE : mend_lines(tx_arena(w->tx), r->hours);
  bool phones = !(w->keep & KEEP_PHONES);
  enum code c = phones ? save_phones(w, r->phone, PHONE_VOICE, "phone", e) : OK;
  if (c == OK && phones)
    c = save_phones(w, r->fax, PHONE_FAX, "fax", e);
  if (c == OK && !(w->keep & KEEP_PLACES))
    c = save_location(w, r, e);
  if (c == OK && hours.n)
    c = schedule_sql_insert(w->tx, fresh_id(w), w->organization, w->service, hours, e);
  return c;
}

static bool stands(const struct doc *d, const char *key, struct str typed)
{
  return str_eq(str_trim(doc_get_str(d, key)), str_trim(typed));
}

/* What stands there as the form showed it has not been changed. */
static enum code note_unchanged(struct saving *w, const struct directory_reach *r, const struct str *department,
                                struct err *e)
{
  struct doc *d = NULL;
  struct err none = {0};
  enum code c = read_values(w->tx, w->organization, w->service, tx_arena(w->tx), &d, &none);
  if (c == NOT_FOUND)
    return OK; /* what is not there is told by the edit itself */
  if (c != OK) {
    *e = none;
    return c;
  }
  w->keep |= stands(d, "phone", r->phone) && stands(d, "fax", r->fax) ? KEEP_PHONES : 0;
  w->keep |= stands(d, "hours", r->hours) ? KEEP_HOURS : 0;
  w->keep |= stands(d, "address", r->address) && stands(d, "place", r->place) ? KEEP_PLACES : 0;
  w->keep |= department && stands(d, "department", *department) ? KEEP_DESKS : 0;
  return OK;
}

static enum code check_organization(const struct directory_organization *o, struct err *e)
{
  bool web = str_starts(o->url, S("https://")) || str_starts(o->url, S("http://"));
  if (!o->name.n)
    return err_field(e, "name", TR("機関・団体の名前を入力してください。"));
  if (o->url.n && !web)
    return err_field(e, "url", TR("ホームページは https:// から書いてください。"));
  if (o->email.n && !str_contains(o->email, S("@")))
    return err_field(e, "email", TR("メールアドレスを確かめてください。"));
  return OK;
}

static enum code insert_organization(struct saving *w, const struct directory_organization *o, struct err *e)
{
  return organization_create(w->tx,
                             &(struct organization_new){.id = fresh_id(w),
                                                        .name = o->name,
                                                        .kana = o->kana,
                                                        .kind = o->kind,
                                                        .circle = o->circle,
                                                        .description = o->description,
                                                        .url = o->url,
                                                        .email = o->email},
                             &w->organization, e);
}

enum code directory_save_organization(struct tx *tx, const struct scope *s, id64 id, int64_t rev,
                                      const struct directory_organization *o, id64 *ret_id, struct err *e)
{
  struct saving w = {.tx = tx, .organization = id};
  struct str both = str_printf(tx_arena(tx), "%.*s %.*s", STR_FMT(o->name), STR_FMT(o->kana));
  if (scope_action(s) != ACTION_DIRECTORY_WRITE)
    return BUG(e, "the directory is written with the scope of DIRECTORY_WRITE");
  enum code c = check_organization(o, e);
  if (c == OK && id)
    c = note_unchanged(&w, &o->reach, &o->department, e);
  if (c == OK)
    c = id ? organization_sql_edit(tx, id, rev, o, utf8_fold(tx_arena(tx), both), w.keep, e)
           : insert_organization(&w, o, e);
  if (c == OK && o->department.n && !(w.keep & KEEP_DESKS))
    c = contact_sql_insert(tx, fresh_id(&w), w.organization, o->department, e);
  if (c == OK)
    c = save_reach(&w, &o->reach, e);
  if (c == OK)
    c = directory_refresh(tx, w.organization, e);
  if (c == OK)
    *ret_id = w.organization;
  return c;
}

static enum code save_concerns(struct saving *w, uint32_t concerns, struct err *e)
{
  enum code c = OK;
  for (int i = 0; c == OK && i < CONCERNS; i++)
    if (concerns & (1U << i))
      c = service_sql_add_concern(w->tx, w->service, str_from(directory_concern_codes[i]), false, e);
  return c;
}

/* The organization must be one that is there; and the day somebody asked stays when nobody asked today. */
static enum code before_service(struct saving *w, id64 service, const struct directory_service *v,
                                struct str *ret_assured, struct err *e)
{
  struct arena *a = tx_arena(w->tx);
  struct shown_organization o;
  enum code c = show_sql_organization(w->tx, w->organization, a, &o, e);
  if (c == OK && service && !v->assured)
    return show_sql_assured(w->tx, service, a, ret_assured, e);
  *ret_assured = v->assured ? date_iso(a, date_of_ts(tx_now(w->tx))) : STR_NONE;
  return c;
}

enum code directory_save_service(struct tx *tx, const struct scope *s, id64 organization, id64 id, int64_t rev,
                                 const struct directory_service *v, id64 *ret_id, struct err *e)
{
  struct saving w = {.tx = tx, .organization = organization};
  struct service_values values = {.name = v->name,
                                  .description = v->description,
                                  .status = v->closed ? S("temporarily closed") : S("active"),
                                  .alert = v->alert,
                                  .eligibility = v->eligibility,
                                  .fees = v->fees,
                                  .application = v->application};
  if (scope_action(s) != ACTION_DIRECTORY_WRITE)
    return BUG(e, "the directory is written with the scope of DIRECTORY_WRITE");
  if (!v->name.n)
    return err_field(e, "name", TR("できることを入力してください。"));
  enum code c = before_service(&w, id, v, &values.assured_on, e);
  w.service = id ? id : fresh_id(&w);
  if (c == OK && id)
    c = note_unchanged(&w, &v->reach, NULL, e);
  if (c == OK)
    c = id ? service_sql_edit(tx, organization, id, rev, &values, w.keep, e)
           : service_sql_insert(tx, w.service, organization, &values, &(struct service_source){0}, e);
  if (c == OK)
    c = save_concerns(&w, v->concerns, e);
  if (c == OK)
    c = save_reach(&w, &v->reach, e);
  if (c == OK)
    c = directory_refresh(tx, organization, e);
  if (c == OK)
    *ret_id = w.service;
  return c;
}

/* ---- what stands there -------------------------------------------------------------------------------------------------------- */

struct reading {
  struct arena *a;
  struct doc *d;
  id64 service;
  bool found;
};

static void grow_by(struct reading *r, const char *key, const char *between, struct str line)
{
  struct str before = doc_get_str(r->d, key);
  if (!line.n)
    return;
  struct str all = before.n ? str_printf(r->a, "%.*s%s%.*s", STR_FMT(before), between, STR_FMT(line)) : line;
  doc_replace(r->d, key, doc_str(r->a, all));
}

static void grow(struct reading *r, const char *key, struct str line)
{
  grow_by(r, key, "\n", line);
}

/* As phone_read() reads it again. */
static struct str phone_line(struct arena *a, const struct shown_part *p)
{
  struct buf b;
  buf_init(&b, a, 4096);
  buf_add(&b, p->a);
  if (p->c.n)
    buf_printf(&b, "(%s%.*s)", JA("内線"), STR_FMT(p->c));
  if (p->d.n)
    buf_printf(&b, "(%.*s)", STR_FMT(p->d));
  return buf_str(&b);
}

static void read_part(void *arg, const struct shown_part *p)
{
  struct reading *r = arg;
  if (p->service != r->service)
    return;
  switch (p->kind) {
  case PART_LOCATION:
    grow_by(r, "address", JA("、"), str_printf(r->a, "%.*s%.*s", STR_FMT(p->a), STR_FMT(p->b)));
    grow_by(r, "place", JA("、"), p->c);
    return;
  case PART_SCHEDULE:
    grow(r, "hours", p->a);
    return;
  case PART_TELEPHONE:
    grow(r, "phone", phone_line(r->a, p));
    return;
  case PART_FACSIMILE:
    grow(r, "fax", phone_line(r->a, p));
    return;
  case PART_CONTACT:
    if (!p->b.n && !p->c.n) /* a person is not edited here, and stays */
      grow_by(r, "department", JA("、"), p->a);
    return;
  case PART_CONCERN:
    doc_add_str(doc_get(r->d, "concerns"), p->a);
    return;
  case PART_ATTRIBUTE:
    return;
  }
}

static void read_service(void *arg, const struct shown_service *s)
{
  struct reading *r = arg;
  if (s->id != r->service)
    return;
  r->found = true;
  doc_put_str(r->d, "name", s->name);
  doc_put_str(r->d, "description", s->description);
  doc_put_str(r->d, "eligibility", s->eligibility);
  doc_put_str(r->d, "fees", s->fees);
  doc_put_str(r->d, "application", s->application);
  doc_put_str(r->d, "alert", s->alert);
  doc_put_bool(r->d, "closed", !str_is(s->status, "active"));
  doc_put_int(r->d, "rev", s->rev);
  doc_put_list(r->d, "concerns");
}

static void read_organization(struct reading *r, const struct shown_organization *o)
{
  doc_put_str(r->d, "name", o->name);
  doc_put_str(r->d, "kana", o->kana);
  doc_put_str(r->d, "kind", o->kind);
  doc_put_str(r->d, "circle", o->circle);
  doc_put_str(r->d, "description", o->description);
  doc_put_str(r->d, "url", o->url);
  doc_put_str(r->d, "email", o->email);
  doc_put_int(r->d, "rev", o->rev);
}

static enum code read_values(struct tx *tx, id64 organization, id64 service, struct arena *a, struct doc **ret,
                             struct err *e)
{
  struct reading r = {.a = a, .d = doc_map(a), .service = service};
  struct shown_organization o;
  enum code c = show_sql_organization(tx, organization, a, &o, e);
  if (c == OK && service)
    c = show_sql_services(tx, organization, read_service, &r, e);
  if (c == OK && service && !r.found)
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  if (c == OK && !service)
    read_organization(&r, &o);
  if (c == OK)
    c = show_sql_parts(tx, organization, read_part, &r, e);
  if (c == OK)
    *ret = r.d;
  return c;
}

enum code directory_values(struct tx *tx, const struct scope *s, id64 organization, id64 service, struct arena *a,
                           struct doc **ret, struct err *e)
{
  if (scope_action(s) != ACTION_DIRECTORY_WRITE)
    return BUG(e, "the directory is written with the scope of DIRECTORY_WRITE");
  return read_values(tx, organization, service, a, ret, e);
}
