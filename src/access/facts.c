/* facts.c: rows to structs. All facts about one person come by one statement, each row in the same columns (facts_sql.h). */
#include "access/facts.h"

#include "access/facts_sql.h"
#include "base/clock.h"

struct code_value {
  const char *code;
  int value;
};

static const struct code_value AUTHORITIES[] = {{"none", AUTHORITY_NONE},     {"joint", AUTHORITY_JOINT},
                                                {"sole", AUTHORITY_SOLE},     {"daily", AUTHORITY_DAILY},
                                                {"urgent", AUTHORITY_URGENT}, {NULL, AUTHORITY_NONE}};
static const struct code_value PARTS[] = {{"lead", PART_LEAD}, {"partner", PART_PARTNER}, {NULL, 0}};
static const struct code_value PARTIES[] = {{"person", PARTY_PERSON}, {"guardian", PARTY_GUARDIAN}, {NULL, 0}};
static const struct code_value BASES[] = {{"council_request", BASIS_COUNCIL_REQUEST},
                                          {"child_protection", BASIS_CHILD_PROTECTION},
                                          {"notification", BASIS_NOTIFICATION},
                                          {"abuse_request", BASIS_ABUSE_REQUEST},
                                          {"support_meeting", BASIS_SUPPORT_MEETING},
                                          {"needy_meeting", BASIS_NEEDY_MEETING},
                                          {"internal_use", BASIS_INTERNAL_USE},
                                          {"public_body", BASIS_PUBLIC_BODY},
                                          {"plain_benefit", BASIS_PLAIN_BENEFIT},
                                          {"emergency", BASIS_EMERGENCY},
                                          {NULL, 0}};

static int value_of(const struct code_value *table, struct str code)
{
  while (table->code && !str_is(code, table->code))
    table++;
  return table->value;
}

static cats_t cats_of(int64_t v)
{
  return (cats_t)(v & CAT_ALL);
}

/* Room for n + 1 rows at powers of two; NULL when memory is out. */
static void *grow(struct arena *a, const void *rows, size_t n, size_t size)
{
  if (n == 0)
    return arena_array(a, 4, size);
  if (n < 4 || (n & (n - 1)))
    return (void *)rows;
  void *more = arena_array(a, 2 * n, size);
  if (more)
    memcpy(more, rows, n * size);
  return more;
}

void *facts_room(struct tx *tx, const void *rows, size_t count, size_t size)
{
  char *copy = arena_array(tx_arena(tx), count + 1, size);
  if (copy && count)
    memcpy(copy, rows, count * size);
  return copy;
}

/* Appends one row; `field` is an array of struct facts. */
#define ADD(type, field, ...)                                                                                          \
  do {                                                                                                                 \
    struct type *rows_ = grow(a, f->field, f->field##_count, sizeof *rows_);                                           \
    if (!rows_)                                                                                                        \
      return;                                                                                                          \
    rows_[f->field##_count++] = (struct type){__VA_ARGS__};                                                            \
    f->field = rows_;                                                                                                  \
  } while (0)

static void add_member(struct facts *f, struct arena *a, const struct fact_row *r)
{
  enum role role = ROLE_NONE;
  if (role_parse(r->text, &role))
    ADD(fact_membership, memberships, .id = r->id, .user = r->user, .organization = r->organization, .role = role,
        .from = r->from, .until = r->until);
}

static void add_consent(struct facts *f, struct arena *a, const struct fact_row *r)
{
  ADD(fact_consent, consents, .id = r->id, .organization = r->organization, .guardian = r->other,
      .by = (enum party)value_of(PARTIES, r->text), .authority = (enum authority)value_of(AUTHORITIES, r->text2),
      .categories = cats_of(r->bits), .refused = r->flag1, .heard = r->flag2, .withdrawn = r->flag3, .from = r->from,
      .until = r->until);
}

static void add_basis(struct facts *f, struct arena *a, const struct fact_row *r)
{
  ADD(fact_basis, bases, .id = r->id, .organization = r->organization, .requester = r->other, .approver = r->user,
      .code = value_of(BASES, r->text), .complete = r->flag1, .categories = cats_of(r->bits), .from = r->from,
      .until = r->until);
}

static void add_work(struct facts *f, struct arena *a, const struct fact_row *r)
{
  if (r->kind == FACT_PARTICIPATION)
    ADD(fact_participation, participations, .case_id = r->other, .organization = r->organization,
        .part = (enum part)value_of(PARTS, r->text), .from = r->from, .until = r->until);
  else if (r->kind == FACT_ASSIGNMENT)
    ADD(fact_assignment, assignments, .case_id = r->other, .user = r->user, .organization = r->organization,
        .from = r->from, .until = r->until);
  else if (r->kind == FACT_CONNECTION)
    ADD(fact_connection, connections, .id = r->id, .case_id = r->other, .organization = r->organization,
        .from = r->from, .until = r->until);
  else
    ADD(fact_stand_in, stand_ins, .id = r->id, .user = r->user, .organization = r->organization, .case_id = r->other,
        .from = r->from, .until = r->until);
}

static void add_other(struct facts *f, struct arena *a, const struct fact_row *r)
{
  if (r->kind == FACT_GUARDIAN)
    ADD(fact_guardian, guardians, .id = r->id, .authority = (enum authority)value_of(AUTHORITIES, r->text),
        .from = r->from, .until = r->until);
  else if (r->kind == FACT_INVITATION)
    ADD(fact_invitation, invitations, .meeting = r->id, .organization = r->organization, .user = r->user,
        .categories = cats_of(r->bits), .from = r->from, .until = r->until);
  else if (r->kind == FACT_RESTRICTION)
    ADD(fact_restriction, restrictions, .id = r->id, .organization = r->organization, .user = r->user,
        .guardian = r->other, .categories = cats_of(r->bits), .breakable = r->flag1, .from = r->from,
        .until = r->until);
  else if (r->kind == FACT_CONCEALMENT)
    ADD(fact_concealment, concealments, .id = r->id, .items = (uint32_t)r->bits, .from = r->from, .until = r->until);
  else if (r->kind == FACT_HOLDER)
    ADD(fact_holder, holders, .concealment = r->id, .user = r->user, .from = r->from, .until = r->until);
  else
    ADD(fact_break_glass, break_glasses, .id = r->id, .user = r->user, .organization = r->organization, .from = r->from,
        .until = r->until);
}

static void add(struct facts *f, struct arena *a, const struct fact_row *r)
{
  switch (r->kind) {
  case FACT_MEMBERSHIP:
    add_member(f, a, r);
    break;
  case FACT_PARTICIPATION:
  case FACT_ASSIGNMENT:
  case FACT_CONNECTION:
  case FACT_STAND_IN:
    add_work(f, a, r);
    break;
  case FACT_CONSENT:
    add_consent(f, a, r);
    break;
  case FACT_BASIS:
    add_basis(f, a, r);
    break;
  default:
    add_other(f, a, r);
  }
}

enum code facts_load(struct tx *tx, const struct actor *who, id64 person, struct facts *ret, int64_t *ret_rev,
                     struct err *e)
{
  struct facts f = {0};
  struct rows rows = {0};
  struct fact_row row;
  enum code c = facts_sql_person(tx, person, &f, ret_rev, e);
  if (c != OK)
    return c;
  c = facts_sql_open(tx, f.person, who->user, &rows, e);
  if (c != OK)
    return c;
  while (facts_sql_next(&rows, &row))
    add(&f, tx_arena(tx), &row);
  c = rows_end(&rows, e);
  if (c == OK && arena_failed(tx_arena(tx)))
    c = err_oom(e); /* a fact may be missing: then nothing is decided */
  if (c == OK)
    *ret = f;
  return c;
}

/* Of the log alone: the person and the network's rule are rows like the others. */
static void add_at(struct tx *tx, struct facts *f, struct arena *a, const struct fact_row *r)
{
  if (r->kind == FACT_PERSON) {
    f->person = r->id;
    f->own_known = r->flag1;
    f->own_from = r->flag1 ? r->until : TS_MAX;
  } else if (r->kind == FACT_RULE) {
    f->network = tx_network(tx);
    f->rule = (struct rule){(int)r->id, r->flag1, r->flag2, r->flag3, r->bits != 0};
  } else {
    add(f, a, r);
  }
}

/* Rows of one kind come in the order of the persons. NULL: of nobody, but of the network. */
static struct facts *facts_of(struct facts *all, const id64 *persons, size_t n, id64 person, size_t *last)
{
  for (size_t i = 0; i < n; i++) {
    size_t k = *last + i < n ? *last + i : *last + i - n;
    if (persons[k] == person) {
      *last = k;
      return &all[k];
    }
  }
  return NULL;
}

/* Below so many one by one is less work: the statement about a page looks at all its places. */
enum { FEW = 4 };

static enum code load_few(struct tx *tx, const struct actor *who, const id64 *persons, size_t n, struct facts *ret,
                          struct err *e)
{
  int64_t rev = 0;
  enum code c = OK;
  for (size_t i = 0; c == OK && i < n; i++)
    c = facts_load(tx, who, persons[i], &ret[i], &rev, e);
  return c;
}

enum code facts_load_page(struct tx *tx, const struct actor *who, const id64 *persons, size_t n, struct facts *ret,
                          struct err *e)
{
  if (n < FEW)
    return load_few(tx, who, persons, n, ret, e);
  struct facts shared = {0};
  struct rows rows = {0};
  struct fact_row row;
  size_t last = 0;
  enum code c = facts_sql_open_page(tx, persons, n, who->user, &rows, e);
  if (c != OK)
    return c;
  for (size_t i = 0; i < n; i++)
    ret[i] = (struct facts){.own_from = TS_MAX};
  while (facts_sql_next(&rows, &row)) {
    struct facts *f = facts_of(ret, persons, n, facts_sql_whom(&rows), &last);
    add_at(tx, f ? f : &shared, tx_arena(tx), &row);
  }
  c = rows_finish(&rows, c, e);
  if (c == OK && arena_failed(tx_arena(tx)))
    c = err_oom(e);
  for (size_t i = 0; i < n; i++) {
    ret[i].network = shared.network;
    ret[i].rule = shared.rule;
    ret[i].memberships = shared.memberships;
    ret[i].memberships_count = shared.memberships_count;
  }
  return c;
}

enum code facts_load_at(struct tx *tx, struct arena *a, const struct actor *who, id64 person, int64_t rev,
                        struct facts *ret, struct err *e)
{
  struct facts f = {0};
  struct rows rows = {0};
  struct fact_row row;
  enum code c = facts_sql_open_at(tx, person, who->user, rev, &rows, e);
  if (c != OK)
    return c;
  while (facts_sql_next(&rows, &row))
    add_at(tx, &f, a, &row);
  c = rows_end(&rows, e);
  if (c == OK && arena_failed(a))
    c = err_oom(e);
  if (c == OK)
    *ret = f;
  return c;
}

enum code facts_created(struct tx *tx, const struct actor *who, id64 person, bool *ret, struct err *e)
{
  return facts_sql_created(tx, who, person, ret, e);
}
