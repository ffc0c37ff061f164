/* probe.c: see probe.h. A line is "kind author guardian value": the attribute's code, two ids, the value. */
#include "person/probe.h"

#include "base/utf8.h"
#include "network/network.h"
#include "person/find.h"
#include "person/person_sql.h"

enum probe_kind probe_kind_of(enum attribute k)
{
  switch (k) {
  case ATTRIBUTE_NAME:
  case ATTRIBUTE_KANA:
  case ATTRIBUTE_CALLED:
    return PROBE_NAME;
  case ATTRIBUTE_BIRTH:
    return PROBE_BIRTH;
  case ATTRIBUTE_PHONE:
  case ATTRIBUTE_MOBILE:
  case ATTRIBUTE_GUARDIAN_PHONE:
    return PROBE_PHONE;
  default:
    return PROBE_NONE;
  }
}

/* "+81 90-…" and 「０９０（…」 alike; an extension behind # or 内線 is no part of the number. */
static struct str digits_of(struct arena *a, struct str typed)
{
  struct buf b;
  struct str s = utf8_fold(a, typed);
  bool abroad = str_starts(s, S("+81"));
  buf_init(&b, a, s.n + 1);
  if (abroad)
    buf_add_c(&b, '0');
  for (size_t i = abroad ? 3 : 0; i < s.n; i++) {
    if (s.p[i] == '#' || str_starts(str_sub(s, i, s.n), str_from(JA("内線"))))
      break;
    if (s.p[i] >= '0' && s.p[i] <= '9' && !(abroad && b.n == 1 && s.p[i] == '0'))
      buf_add_c(&b, s.p[i]);
  }
  return buf_str(&b);
}

struct str probe_value(struct arena *a, enum probe_kind kind, struct str typed)
{
  return kind == PROBE_NAME ? utf8_fold(a, typed) : kind == PROBE_PHONE ? digits_of(a, typed) : str_trim(typed);
}

static struct seal_at probe_at(const struct tx *tx, id64 person)
{
  return (struct seal_at){.table = "person_probe", .column = "probe_sealed", .network = tx_network(tx), .row = person};
}

static struct str line_head(struct arena *a, enum attribute k, id64 author, id64 guardian)
{
  struct str by = id_text(a, author), of = guardian ? id_text(a, guardian) : S("-");
  return str_printf(a, "%s %.*s %.*s ", attribute_code(k), STR_FMT(by), STR_FMT(of));
}

static void add_line(struct buf *b, struct str head, struct str value)
{
  if (!value.n)
    return;
  buf_add(b, head);
  buf_add(b, value);
  buf_add_c(b, '\n');
}

bool probe_next(struct str *rest, enum attribute *ret_kind, struct str *ret_value)
{
  struct str line, kind, author, guardian;
  while (str_split(rest, '\n', &line))
    if (str_split(&line, ' ', &kind) && attribute_parse(kind, ret_kind) && str_split(&line, ' ', &author) &&
        str_split(&line, ' ', &guardian)) {
      *ret_value = line;
      return true;
    }
  return false;
}

enum { PROBE_CAP = 64 << 10 };

/* Is the line one that is written anew? */
static bool is_replaced(struct arena *a, id64 author, const struct probe_line *lines, size_t n, struct str line)
{
  for (size_t i = 0; i < n; i++)
    if (str_starts(line, line_head(a, lines[i].kind, author, lines[i].guardian)))
      return true;
  return false;
}

static struct str lines_after(struct arena *a, id64 author, const struct probe_line *lines, size_t n, struct str old)
{
  struct buf b;
  struct str line;
  buf_init(&b, a, PROBE_CAP);
  while (str_split(&old, '\n', &line))
    if (line.n && !is_replaced(a, author, lines, n, line)) {
      buf_add(&b, line);
      buf_add_c(&b, '\n');
    }
  for (size_t i = 0; i < n; i++)
    if (probe_kind_of(lines[i].kind) != PROBE_NONE)
      add_line(&b, line_head(a, lines[i].kind, author, lines[i].guardian),
               probe_value(a, probe_kind_of(lines[i].kind), lines[i].value));
  return buf_str(&b);
}

static bool any_found_by(const struct probe_line *lines, size_t n)
{
  bool any = false;
  for (size_t i = 0; i < n; i++)
    any |= probe_kind_of(lines[i].kind) != PROBE_NONE;
  return any;
}

enum code probe_put(struct tx *tx, const struct scope *s, const struct probe_line *lines, size_t n, struct err *e)
{
  const struct seal_key *key = NULL;
  struct str sealed = STR_NONE, old = STR_NONE;
  struct arena *a = tx_arena(tx);
  if (!any_found_by(lines, n))
    return OK;
  enum code c = person_key(tx, s, &key, e);
  if (c == OK)
    c = probe_sql_get(tx, scope_person(s), a, &sealed, e);
  if (c == OK && sealed.n)
    c = unseal(a, key, probe_at(tx, scope_person(s)), sealed, &old, e);
  if (c == OK)
    c = seal(a, key, probe_at(tx, scope_person(s)), lines_after(a, scope_organization(s), lines, n, old), &sealed, e);
  return c == OK ? probe_sql_put(tx, scope_person(s), sealed, e) : c;
}

/* ---- where it is missing --------------------------------------------------------------------------------------------- */

enum { FILL_BATCH = 200 };

struct fill_job {
  struct tx *tx;
  struct seal_key key;
  struct buf b;
};

static enum code fill_line(void *arg, const struct attribute_row *row, struct err *e)
{
  struct fill_job *job = arg;
  enum attribute k;
  struct str value = STR_NONE;
  struct arena *a = tx_arena(job->tx);
  if (!attribute_parse(row->kind, &k) || probe_kind_of(k) == PROBE_NONE)
    return OK;
  struct seal_at at = {
      .table = "person_attribute", .column = "value_sealed", .network = tx_network(job->tx), .row = row->id};
  enum code c = unseal(a, &job->key, at, row->sealed, &value, e);
  if (c == OK)
    add_line(&job->b, line_head(a, k, row->author, row->guardian), probe_value(a, probe_kind_of(k), value));
  return c;
}

static enum code fill_one(struct tx *tx, id64 person, struct err *e)
{
  struct fill_job job = {.tx = tx};
  struct str wrapped = STR_NONE, sealed = STR_NONE;
  int epoch = 0;
  struct arena *a = tx_arena(tx);
  enum code c = person_sql_key(tx, person, a, &epoch, &wrapped, e);
  if (c == OK)
    c = key_unwrap(db_app(tx_db(tx)), tx_network(tx), epoch, person, wrapped, &job.key, e);
  buf_init(&job.b, a, PROBE_CAP);
  if (c == OK)
    c = probe_sql_attributes(tx, person, fill_line, &job, e);
  if (c == OK)
    c = seal(a, &job.key, probe_at(tx, person), buf_str(&job.b), &sealed, e);
  explicit_bzero(&job.key, sizeof job.key);
  return c == OK ? probe_sql_put(tx, person, sealed, e) : c;
}

static enum code fill_batch(struct tx *tx, void *arg, struct err *e)
{
  id64 persons[FILL_BATCH];
  size_t n = 0;
  enum code c = probe_sql_missing(tx, persons, FILL_BATCH, &n, e);
  for (size_t i = 0; c == OK && i < n; i++)
    c = fill_one(tx, persons[i], e);
  *(bool *)arg = n == FILL_BATCH;
  return c;
}

enum code person_find_fill(struct db *db, id64 network, struct err *e)
{
  struct db_who who = {.network = network, .service = true};
  bool missing = false, more = true;
  enum code c = db_read(db, &who, probe_sql_is_missing, &missing, e);
  while (c == OK && missing && more)
    c = db_write(db, "person_find_fill", &who, fill_batch, &more, e);
  return c;
}
