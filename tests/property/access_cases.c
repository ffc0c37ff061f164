/* access_cases: prints decisions for an independent reader. `access_cases --count N --seed S`: first the table role x action, then one
 * case a line as JSON: actor, action, at, facts (left out where they are those of the line before), decision. Names and numbers are those of access.h. */
#include <stdlib.h>

#include "world.h"

static const char *sep; /* before the next member */

static void num(const char *name, int64_t v)
{
  printf("%s\"%s\":%lld", sep, name, (long long)v);
  sep = ",";
}

static void list(const char *name)
{
  printf("%s\"%s\":[", sep, name);
  sep = "";
}

static void list_end(void)
{
  printf("]");
  sep = ",";
}

static void open_map(void)
{
  printf("%s{", sep);
  sep = "";
}

static void close_map(void)
{
  printf("}");
  sep = ",";
}

#define ROWS(name, ...)                                                                                                \
  list(#name);                                                                                                         \
  for (size_t i = 0; i < f->name##_count; i++) {                                                                       \
    __typeof__(f->name) row = &f->name[i];                                                                             \
    open_map();                                                                                                        \
    __VA_ARGS__;                                                                                                       \
    num("from", row->from), num("until", row->until);                                                                  \
    close_map();                                                                                                       \
  }                                                                                                                    \
  list_end()
#define N(field) num(#field, (int64_t)row->field)

static void print_work(const struct facts *f)
{
  ROWS(memberships, N(id), N(user), N(organization), N(role));
  ROWS(participations, N(case_id), N(organization), N(part));
  ROWS(assignments, N(case_id), N(user), N(organization));
  ROWS(connections, N(id), N(case_id), N(organization));
  ROWS(guardians, N(id), N(authority));
  ROWS(stand_ins, N(id), N(user), N(organization), N(case_id));
}

static void print_permits(const struct facts *f)
{
  ROWS(consents, N(id), N(organization), N(guardian), N(by), N(authority), N(categories), N(refused), N(heard),
       N(withdrawn));
  ROWS(bases, N(id), N(organization), N(requester), N(approver), N(code), N(categories), N(complete));
  ROWS(invitations, N(meeting), N(organization), N(user), N(categories));
  ROWS(restrictions, N(id), N(organization), N(user), N(guardian), N(categories), N(breakable));
  ROWS(concealments, N(id), N(items));
  ROWS(holders, N(concealment), N(user));
  ROWS(break_glasses, N(id), N(user), N(organization));
}

static void print_facts(const struct facts *f)
{
  printf(",\"facts\":{");
  sep = "";
  num("network", f->network), num("person", f->person), num("own_from", f->own_from), num("own_known", f->own_known);
  printf(",\"rule\":{");
  sep = "";
  num("heard_needed", f->rule.heard_needed), num("joint_needs_all", f->rule.joint_needs_all);
  num("guardian_overrides", f->rule.guardian_overrides), num("stand_in_allowed", f->rule.stand_in_allowed);
  close_map();
  print_work(f);
  print_permits(f);
  close_map();
}

static void print_actor(const struct actor *row)
{
  printf("{\"actor\":{");
  sep = "";
  N(role), N(network), N(user), N(membership), N(organization), N(person), N(guardian), N(second_factor);
  N(session_from), N(session_until);
  close_map();
}

static void print_decision(const struct decision *row)
{
  printf(",\"decision\":{");
  sep = "";
  N(allowed), N(own), N(others), N(visit_only), N(guardian_only), N(hidden_items), N(concealment), N(read_only);
  N(sources), N(hidden_marks);
  list("reasons");
  for (size_t i = 0; i < row->reason_count; i++) {
    open_map();
    num("kind", row->reasons[i].kind), num("ref", row->reasons[i].ref), num("categories", row->reasons[i].categories);
    close_map();
  }
  list_end();
  close_map();
}

static void print_roles(void)
{
  printf("{\"roles\":[");
  for (int r = 0; r < ROLE_COUNT; r++) {
    printf("%s{\"name\":\"%s\",\"second_factor\":%s,\"may\":{", r ? "," : "", role_code((enum role)r),
           role_needs_second_factor((enum role)r) ? "true" : "false");
    sep = "";
    for (int a = 0; a < ACTION_COUNT; a++) {
      bool may;
      cats_t mask = role_may((enum role)r, (enum action)a, &may);
      if (may)
        num(action_code((enum action)a), mask);
    }
    printf("}}");
  }
  printf("]}\n");
}

/* Rows that no database would keep: the engine does not lean on its constraints. */
static void spoil(struct world *w, struct rng *r)
{
  for (size_t i = 0; i < w->f.bases_count; i++) {
    w->bases[i].complete = w->bases[i].complete != rng_chance(r, 15);
    if (rng_chance(r, 10))
      w->bases[i].requester = 0;
  }
  for (size_t i = 0; i < w->f.break_glasses_count; i++)
    if (rng_chance(r, 15))
      w->break_glasses[i].until = 0;
}

int main(int argc, char **argv)
{
  long long count = 1000, seed = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (strcmp(argv[i], "--count") == 0)
      count = strtoll(argv[i + 1], NULL, 10);
    else if (strcmp(argv[i], "--seed") == 0)
      seed = strtoll(argv[i + 1], NULL, 10);
  }
  struct rng r = {(uint64_t)seed * 0x2545f4914f6cdd1du};
  struct world w;
  print_roles();
  for (long long i = 0; i < count; i++) {
    struct decision d;
    if (i % 8 == 0) {
      world_make(&w, &r);
      spoil(&w, &r);
    }
    struct actor who = world_actor(&w, &r);
    enum action action = world_action(&r);
    ts_t at = rng_chance(&r, 70) ? WORLD_T : rng_instant(&r);
    access_decide(&who, action, &w.f, at, &d);
    print_actor(&who);
    printf(",\"action\":\"%s\",\"at\":%lld", action_code(action), (long long)at);
    if (i % 8 == 0)
      print_facts(&w.f);
    print_decision(&d);
    printf("}\n");
  }
  return 0;
}
