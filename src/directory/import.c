/* import.c: what becomes of each row — decided against what is there (import_plan), and then written in the same transaction. */
#include "directory/import.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "directory/directory_sql.h"
#include "directory/mend.h"
#include "network/network.h"

struct sign { /* a telephone's digits or a folded place */
  struct str text;
  struct sign *next;
};

struct place { /* an organization that is there, or will be */
  id64 id;     /* 0: not yet written */
  struct str name;
  struct sign *marks;
  struct place *next; /* of the same key */
  bool touched;
};

struct work {
  struct tx *tx;
  struct arena *a;
  struct import_report *report;
  struct place *places;
  size_t place_count, place_size;
  struct doc *by_key, *by_id; /* -> 1 + index of places */
  struct doc *seen;           /* this list's source keys -> 1 + index of its row */
  struct doc *services;       /* this source's keys -> 1 + index of known */
  struct known_service *known;
  size_t known_count, known_size;
  struct import_list *list;
  struct place **row_place; /* of this list, by row */
  id64 *row_service;        /* likewise, of those that are there */
  struct str *row_key;
  id64 source;
};

static id64 fresh_id(struct work *w)
{
  return id_new(tx_now(w->tx));
}

/* ---- places --------------------------------------------------------------------------------------------------------------- */

static struct place *place_at(struct work *w, const struct doc *map, struct str key)
{
  int64_t i = doc_integer(doc_get_key(map, key));
  return i ? &w->places[i - 1] : NULL;
}

static void map_set(struct work *w, struct doc *map, struct str key, size_t index)
{
  struct doc *holder = doc_map(w->a);
  doc_put_int(holder, "i", (int64_t)index + 1);
  doc_put_key(map, key, doc_get(holder, "i"));
}

/* places are reserved in whole before pointers to them are kept. */
static struct place *place_add(struct work *w, id64 id, struct str name)
{
  struct str key = mend_key(w->a, name);
  struct place *first = place_at(w, w->by_key, key);
  if (w->place_count == w->place_size)
    return NULL;
  struct place *p = &w->places[w->place_count];
  *p = (struct place){.id = id, .name = str_copy(w->a, name)};
  if (first) {
    p->next = first->next;
    first->next = p;
  } else {
    map_set(w, w->by_key, key, w->place_count);
  }
  w->place_count++;
  return p;
}

static void place_mark(struct work *w, struct place *p, struct str text)
{
  struct sign *m = text.n ? arena_new_of(w->a, struct sign) : NULL;
  if (!m)
    return;
  *m = (struct sign){.text = text, .next = p->marks};
  p->marks = m;
}

static bool place_marked(const struct place *p, struct str text)
{
  for (const struct sign *m = p->marks; text.n && m; m = m->next)
    if (str_eq(m->text, text))
      return true;
  return false;
}

static struct str place_fold(struct work *w, struct str place)
{
  return utf8_fold(w->a, mend_dashes(w->a, mend_line(w->a, place)));
}

static void place_mark_row(struct work *w, struct place *p, const struct import_row *row)
{
  for (size_t i = 0; i < row->phones.count; i++)
    place_mark(w, p, row->phones.list[i].dial);
  place_mark(w, p, place_fold(w, row->address));
  place_mark(w, p, place_fold(w, row->place));
}

/* The same name with the same telephone or place; a place of which nothing but the name is known is taken for it. */
static bool is_same_place(struct work *w, const struct place *p, const struct import_row *row)
{
  if (!p->marks)
    return true;
  for (size_t i = 0; i < row->phones.count; i++)
    if (place_marked(p, row->phones.list[i].dial))
      return true;
  return place_marked(p, place_fold(w, row->address)) || place_marked(p, place_fold(w, row->place));
}

static struct place *place_of_row(struct work *w, const struct import_row *row)
{
  struct place *p = place_at(w, w->by_key, mend_key(w->a, row->name));
  while (p && !is_same_place(w, p, row))
    p = p->next;
  return p;
}

/* ---- what is there ---------------------------------------------------------------------------------------------------------- */

static enum code count_organization(void *arg, id64 id, struct str name, struct str more, struct err *e)
{
  struct work *w = arg;
  w->place_size++;
  return OK;
}

static enum code take_organization(void *arg, id64 id, struct str name, struct str more, struct err *e)
{
  struct work *w = arg;
  struct place *p = place_add(w, id, name);
  if (!p)
    return arena_failed(w->a) ? err_oom(e) : BUG(e, "more organizations than were counted");
  map_set(w, w->by_id, id_text(w->a, id), w->place_count - 1);
  return OK;
}

static enum code take_phone(void *arg, id64 organization, struct str dial, struct str number, struct err *e)
{
  struct work *w = arg;
  struct place *p = place_at(w, w->by_id, id_text(w->a, organization));
  if (p)
    place_mark(w, p, str_copy(w->a, dial));
  return OK;
}

static enum code take_location(void *arg, id64 organization, struct str address, struct str description, struct err *e)
{
  struct work *w = arg;
  struct place *p = place_at(w, w->by_id, id_text(w->a, organization));
  if (p) {
    place_mark(w, p, place_fold(w, address));
    place_mark(w, p, place_fold(w, description));
  }
  return OK;
}

static enum code load(struct work *w, size_t rows, struct err *e)
{
  w->by_key = doc_map(w->a);
  w->by_id = doc_map(w->a);
  enum code c = known_sql_organizations(w->tx, count_organization, w, e);
  if (c != OK)
    return c;
  w->place_size += rows;
  w->places = arena_array(w->a, w->place_size + 1, sizeof *w->places);
  if (!w->places)
    return err_oom(e);
  c = known_sql_organizations(w->tx, take_organization, w, e);
  if (c == OK)
    c = known_sql_phones(w->tx, take_phone, w, e);
  return c == OK ? known_sql_locations(w->tx, take_location, w, e) : c;
}

static enum code take_service(void *arg, const struct known_service *s, struct err *e)
{
  struct work *w = arg;
  if (w->known_count == w->known_size) {
    size_t size = w->known_size ? w->known_size * 2 : 64;
    w->known = arena_grow(w->a, w->known, w->known_size * sizeof *w->known, size * sizeof *w->known);
    w->known_size = size;
  }
  if (!w->known)
    return err_oom(e);
  struct known_service *k = &w->known[w->known_count++];
  *k = *s;
  k->key = str_copy(w->a, s->key);
  k->row = str_copy(w->a, s->row);
  k->organization_name = str_copy(w->a, s->organization_name);
  map_set(w, w->services, k->key, w->known_count - 1);
  return OK;
}

/* ---- the decision ------------------------------------------------------------------------------------------------------------ */

/* part/name/what, with #2 … for another line of the same words. *ret_twice: the very same line has been there. */
static struct str row_key(struct work *w, const struct import_row *row, bool *ret_twice)
{
  struct str name = mend_key(w->a, row->name), what = mend_key(w->a, row->what);
  struct str base = str_printf(w->a, "%.*s/%.*s/%.*s", STR_FMT(row->part), STR_FMT(name), STR_FMT(what));
  struct str key = base;
  *ret_twice = false;
  for (int n = 2;; n++) {
    int64_t i = doc_integer(doc_get_key(w->seen, key));
    if (!i)
      return key;
    if (str_eq(w->list->rows[i - 1].raw, row->raw)) {
      *ret_twice = true;
      return key;
    }
    key = str_printf(w->a, "%.*s#%d", STR_FMT(base), n);
  }
}

/* An organization that has ended here stays ended. */
static void decide_known(struct work *w, size_t i, const struct known_service *k)
{
  struct import_row *row = &w->list->rows[i];
  struct place *p = place_at(w, w->by_id, id_text(w->a, k->organization));
  bool same = str_eq(k->row, row->raw);
  row->outcome = same ? OUTCOME_UNCHANGED : k->edited || !p ? OUTCOME_KEPT : OUTCOME_UPDATED;
  row->joined = str_copy(w->list->arena, k->organization_name); /* the row outlives the transaction */
  w->row_place[i] = p;
  w->row_service[i] = k->id;
  if (row->outcome == OUTCOME_UPDATED)
    place_mark_row(w, p, row);
}

static enum code decide_new(struct work *w, size_t i, struct err *e)
{
  struct import_row *row = &w->list->rows[i];
  struct place *p = place_of_row(w, row);
  row->outcome = p ? OUTCOME_MERGED : OUTCOME_NEW;
  if (p) {
    row->joined = str_copy(w->list->arena, p->name);
  } else {
    p = place_add(w, 0, row->name);
    w->report->organizations++;
  }
  if (!p)
    return arena_failed(w->a) ? err_oom(e) : BUG(e, "more places than rows");
  place_mark_row(w, p, row);
  w->row_place[i] = p;
  return OK;
}

static enum code decide(struct work *w, size_t i, struct err *e)
{
  struct import_row *row = &w->list->rows[i];
  bool twice = false;
  row->outcome = OUTCOME_NONE;
  if (row->kind != ROW_PLACE)
    return OK;
  struct str key = row_key(w, row, &twice);
  if (twice) {
    row->outcome = OUTCOME_TWICE;
    row->joined = row->name;
    return OK;
  }
  map_set(w, w->seen, key, i);
  w->row_key[i] = key;
  int64_t known = doc_integer(doc_get_key(w->services, key));
  if (!known)
    return decide_new(w, i, e);
  decide_known(w, i, &w->known[known - 1]);
  return OK;
}

static void count_row(struct import_report *r, const struct import_row *row)
{
  r->rows++;
  r->blank += row->kind == ROW_BLANK;
  r->headings += row->kind == ROW_HEADING;
  r->refused += row->kind == ROW_REFUSED;
  r->outcomes[row->outcome] += row->kind == ROW_PLACE;
}

static enum code decide_list(struct work *w, struct import_list *l, struct err *e)
{
  size_t n = l->count + 1;
  int64_t found = 0;
  w->list = l;
  w->seen = doc_map(w->a);
  w->services = doc_map(w->a);
  w->known_count = w->known_size = 0;
  w->known = NULL;
  w->row_place = arena_array(w->a, n, sizeof(void *));
  w->row_service = arena_array(w->a, n, sizeof *w->row_service);
  w->row_key = arena_array(w->a, n, sizeof *w->row_key);
  if (!w->row_place || !w->row_service || !w->row_key)
    return err_oom(e);
  enum code c = known_sql_services(w->tx, l->key, take_service, w, e);
  for (size_t i = 0; c == OK && i < l->count; i++) {
    c = decide(w, i, e);
    count_row(w->report, &l->rows[i]);
    found += w->row_service[i] != 0;
  }
  w->report->gone += (int64_t)w->known_count - found;
  return c;
}

/* ---- writing ------------------------------------------------------------------------------------------------------------------ */

static enum code write_concerns(struct work *w, id64 service, uint32_t concerns, struct err *e)
{
  enum code c = OK;
  for (int i = 0; c == OK && i < CONCERNS; i++)
    if (concerns & (1U << i))
      c = service_sql_add_concern(w->tx, service, str_from(directory_concern_codes[i]), true, e);
  return c;
}

static enum code write_parts(struct work *w, id64 organization, id64 service, const struct import_row *row,
                             struct err *e)
{
  enum code c = write_concerns(w, service, row->concerns, e);
  for (size_t i = 0; c == OK && i < row->attribute_count; i++)
    c = service_sql_add_attribute(w->tx, service, (int64_t)i, &row->attributes[i], e);
  for (size_t i = 0; c == OK && i < row->phones.count; i++)
    c = phone_sql_insert(w->tx, fresh_id(w), organization, service, &row->phones.list[i], e);
  if (c == OK && row->hours.n)
    c = schedule_sql_insert(w->tx, fresh_id(w), organization, service, row->hours, e);
  if (c == OK && (row->address.n || row->place.n))
    c = location_sql_link(w->tx, fresh_id(w), organization, service, row->address.n ? w->list->options.city : STR_NONE,
                          row->address, row->place, e);
  return c;
}

static enum code write_organization(struct work *w, struct place *p, const struct import_row *row, struct str key,
                                    struct err *e)
{
  struct organization_new o = {.id = fresh_id(w),
                               .name = row->name,
                               .kind = str_from(row->place_kind),
                               .circle = S("outside"),
                               .url = row->url,
                               .email = row->mail};
  o.source_key = str_printf(w->a, "%.*s#%.*s", STR_FMT(w->list->key), STR_FMT(key));
  return organization_create(w->tx, &o, &p->id, e);
}

static enum code write_row(struct work *w, size_t i, struct err *e)
{
  const struct import_row *row = &w->list->rows[i];
  struct place *p = w->row_place[i];
  bool update = row->outcome == OUTCOME_UPDATED;
  if (!update && row->outcome != OUTCOME_NEW && row->outcome != OUTCOME_MERGED)
    return OK;
  if (!p)
    return BUG(e, "a row without its place");
  struct service_values v = {.name = row->what.n      ? row->what
                                     : row->heading.n ? row->heading
                                                      : row->name,
                             .heading = row->heading,
                             .status = row->shut ? S("temporarily closed") : S("active"),
                             .alert = row->alert};
  struct service_source from = {.id = w->source, .key = w->row_key[i], .row = row->raw};
  id64 service = update ? w->row_service[i] : fresh_id(w);
  enum code c = p->id ? OK : write_organization(w, p, row, w->row_key[i], e);
  if (c == OK)
    c = update ? service_sql_reimport(w->tx, service, &v, row->raw, e)
               : service_sql_insert(w->tx, service, p->id, &v, &from, e);
  p->touched = true;
  return c == OK ? write_parts(w, p->id, service, row, e) : c;
}

static enum code write_list(struct work *w, struct err *e)
{
  bool changed = false;
  for (size_t i = 0; i < w->list->count; i++)
    changed = changed || (w->list->rows[i].outcome >= OUTCOME_NEW && w->list->rows[i].outcome <= OUTCOME_MERGED) ||
              w->list->rows[i].outcome == OUTCOME_UPDATED;
  enum code c = source_sql_keep(w->tx, fresh_id(w), w->list, changed, &w->source, e);
  for (size_t i = 0; c == OK && i < w->list->count; i++)
    c = write_row(w, i, e);
  return c;
}

static enum code refresh_touched(struct work *w, struct err *e)
{
  enum code c = OK;
  for (size_t i = 0; c == OK && i < w->place_count; i++)
    if (w->places[i].touched)
      c = directory_refresh(w->tx, w->places[i].id, e);
  return c;
}

static enum code run_all(struct work *w, struct import_list *lists, size_t count, bool write, struct err *e)
{
  size_t rows = 0;
  for (size_t i = 0; i < count; i++) {
    rows += lists[i].count;
    for (size_t k = 0; k < i; k++)
      if (str_eq(lists[i].key, lists[k].key))
        return err_set(e, INVALID, TR("同じ出どころの一覧が二つあります。一つずつ取り込んでください。"));
  }
  enum code c = load(w, rows, e);
  for (size_t i = 0; c == OK && i < count; i++) {
    c = decide_list(w, &lists[i], e);
    if (c == OK && write)
      c = write_list(w, e);
  }
  if (c == OK && write)
    c = refresh_touched(w, e);
  return c == OK && arena_failed(w->a) ? err_oom(e) : c;
}

static enum code run(struct tx *tx, const struct scope *s, struct import_list *lists, size_t count, bool write,
                     struct import_report *ret, struct err *e)
{
  struct import_report report = {0};
  if (scope_action(s) != ACTION_DIRECTORY_WRITE)
    return BUG(e, "an import needs the scope of DIRECTORY_WRITE");
  /* LIMIT_CSV_ROWS rows and as many services that are there are more than a transaction's arena holds. */
  struct work w = {.tx = tx, .a = arena_new((size_t)8 * LIMIT_ARENA), .report = &report};
  enum code c = w.a ? run_all(&w, lists, count, write, e) : err_oom(e);
  arena_free(w.a);
  if (c == OK)
    *ret = report;
  return c;
}

enum code import_write(struct tx *tx, const struct scope *s, struct import_list *lists, size_t count,
                       struct import_report *ret, struct err *e)
{
  return run(tx, s, lists, count, true, ret, e);
}

enum code import_plan(struct tx *tx, const struct scope *s, struct import_list *lists, size_t count,
                      struct import_report *ret, struct err *e)
{
  return run(tx, s, lists, count, false, ret, e);
}
