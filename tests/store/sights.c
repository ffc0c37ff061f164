/* sights.c: 「いま、だれが何を見られるか」 says of everybody what the engine says when that very person opens the page; and tells nobody more than he may know. */
#include "crowd.h"

#include <string.h>

#include "access/sights.h"
#include "base/clock.h"
#include "seen/seen.h"

static struct crowd town;

/* ---- more facts of a case: a law, a colleague who is barred, broken glass ------------------------------------------------------ */

STMT_WRITE(
    q_basis, "si_basis",
    "INSERT INTO legal_basis (network_id, id, person_id, author_organization_id, code, requester_id, approver_id,"
    " necessity_sealed, weighing_sealed, from_at, created_at) VALUES ($1, $2, $3, $4, 'child_protection', 1, 2, $5,"
    " $5, $6, $6)");
STMT_WRITE(q_basis_to, "si_basis_to",
           "INSERT INTO legal_basis_recipient (network_id, legal_basis_id, organization_id, person_id, categories)"
           " VALUES ($1, $2, $3, $4, 33)");
STMT_WRITE(q_bar, "si_bar",
           "INSERT INTO restriction (network_id, id, person_id, user_id, categories, from_at, created_by)"
           " VALUES ($1, $2, $3, $4, 4095, $5, 1)");
STMT_WRITE(q_glass, "si_glass",
           "INSERT INTO break_glass (network_id, id, person_id, user_id, organization_id, reason_sealed, from_at,"
           " until_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");

static enum code put_more(struct tx *tx, void *arg, struct err *e)
{
  const struct shared_case *c = arg;
  id64 id = id_new(tx_now(tx)), person = c->c.person, net = tx_network(tx);
  const struct actor *third = &town.who[WHO_THIRD_MANAGER].actor;
  ts_t now = tx_now(tx);
  enum code r = db_exec(tx, &q_basis, NULL, e,
                        BINDS(b_int(net), b_int(id), b_int(person), b_int(town.city), b_bytes(S("x")), b_int(now)));
  if (r == OK)
    r = db_exec(tx, &q_basis_to, NULL, e, BINDS(b_int(net), b_int(id), b_int(town.receiver), b_int(person)));
  if (r == OK)
    r = db_exec(tx, &q_bar, NULL, e,
                BINDS(b_int(net), b_int(id + 1), b_int(person), b_int(town.who[WHO_CLERK].actor.user), b_int(now)));
  if (r == OK)
    r = db_exec(tx, &q_glass, NULL, e,
                BINDS(b_int(net), b_int(id + 2), b_int(person), b_int(third->user), b_int(third->organization),
                      b_bytes(S("x")), b_int(now), b_int(now + MS_HOUR)));
  return r;
}

STMT_WRITE(q_invite, "si_invite",
           "INSERT INTO invitation (network_id, id, meeting_id, person_id, organization_id, user_id, categories,"
           " from_at, until_at) VALUES ($1, $2, $3, $4, $5, NULL, 33, $6, $7)");
STMT_WRITE(q_stand_in, "si_stand_in",
           "INSERT INTO stand_in (network_id, id, case_id, person_id, user_id, organization_id, reason_sealed,"
           " from_at, until_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");

/* Two of each kind that ends, so that each time is told of the right one. */
static enum code put_also(struct tx *tx, void *arg, struct err *e)
{
  const struct shared_case *c = arg;
  const struct actor *off = &town.who[WHO_WORKER_OFF].actor;
  enum code r = put_more(tx, arg, e);
  for (int i = 0; r == OK && i < 2; i++) {
    id64 id = id_new(tx_now(tx));
    ts_t until = tx_now(tx) + (i + 1) * MS_HOUR;
    r = put_more(tx, arg, e);
    if (r == OK)
      r = db_exec(tx, &q_invite, NULL, e,
                  BINDS(b_int(tx_network(tx)), b_int(id), b_int(id), b_int(c->c.person), b_int(town.third),
                        b_int(tx_now(tx)), b_int(until)));
    if (r == OK)
      r = db_exec(tx, &q_stand_in, NULL, e,
                  BINDS(b_int(tx_network(tx)), b_int(id), b_int(c->c.case_id), b_int(c->c.person), b_int(off->user),
                        b_int(off->organization), b_bytes(S("x")), b_int(tx_now(tx)), b_int(until)));
  }
  return r;
}

/* ---- what is said, and what is --------------------------------------------------------------------------------------------------- */

struct look_job {
  const struct actor *who;
  id64 person, guardian;
  enum party party;
  struct sights sights;
  cats_t own, others;
  struct arena *a;
  struct str paper;
};

static enum code read_sights(struct tx *tx, void *arg, struct err *e)
{
  struct look_job *j = arg;
  const struct scope *s = NULL;
  struct sights all = {0};
  enum code c = access_open(tx, j->who, ACTION_SEEN_READ, j->person, &s, e);
  if (c == OK)
    c = access_sights(tx, s, &all, e);
  if (c != OK)
    return c;
  j->sights = (struct sights){arena_array(j->a, all.n + 1, sizeof *all.list), all.n, all.more};
  memcpy(j->sights.list, all.list, all.n * sizeof *all.list);
  return OK;
}

static enum code open_person(struct tx *tx, void *arg, struct err *e)
{
  struct look_job *j = arg;
  const struct scope *s = NULL;
  enum code c = access_open(tx, j->who, ACTION_PERSON_READ, j->person, &s, e);
  j->own = c == OK ? scope_own(s) : 0;
  j->others = c == OK ? scope_others(s) : 0;
  return OK;
}

static int compare(const struct shared_case *c, const struct sights *said)
{
  int differ = 0;
  for (int who = WHO_PUBLIC + 1; who < WHO_COUNT; who++) {
    struct err e = {0};
    const struct visitor *v = &town.who[who];
    struct look_job is = {.who = &v->actor, .person = c->c.person};
    cats_t own = 0, others = 0;
    if (who == WHO_HALF || who == WHO_UNCHOSEN) /* not signed in whole: the picture speaks of who is */
      continue;
    ok(world_read(&town.s.w, &v->actor, open_person, &is, &e));
    for (size_t i = 0; i < said->n; i++) {
      const struct sight *x = &said->list[i];
      if (x->user != v->actor.user)
        continue;
      own |= x->categories;
      others |= x->own_only ? 0 : x->categories;
    }
    if (own != is.own || others != is.others) {
      fprintf(stderr, "%s, %s: said %x/%x, is %x/%x\n", state_names[c->state], v->name, own, others, is.own, is.others);
      differ++;
    }
  }
  return differ;
}

static void it_says_of_each_what_the_engine_says_when_he_opens_the_page(void **state)
{
  int differ = 0;
  for (int st = 0; st < STATE_COUNT; st++)
    for (int more = 0; more < 2; more++) {
      struct err e = {0};
      struct shared_case c = crowd_case(&town, (enum state)st, NULL);
      enum who by = st == STATE_FOREIGN ? WHO_THIRD_MANAGER : WHO_MANAGER;
      struct look_job j = {.who = &town.who[by].actor, .person = c.c.person, .a = town.s.w.a};
      if (more)
        ok(world_write(&town.s.w, NULL, put_also, &c, &e));
      ok(world_read(&town.s.w, j.who, read_sights, &j, &e));
      assert_false(j.sights.more);
      assert_true(j.sights.n > 0);
      differ += compare(&c, &j.sights);
    }
  assert_int_equal(differ, 0);
}

static bool says(const struct sights *all, id64 organization, enum reason_kind kind)
{
  for (size_t i = 0; i < all->n; i++)
    if (all->list[i].organization == organization && all->list[i].kind == kind)
      return true;
  return false;
}

static void it_says_why_and_until_when(void **state)
{
  struct err e = {0};
  struct shared_case c = crowd_case(&town, STATE_SHARED, NULL);
  struct look_job j = {.who = &town.who[WHO_WORKER].actor, .person = c.c.person, .a = town.s.w.a};
  ok(world_write(&town.s.w, NULL, put_also, &c, &e));
  ok(world_read(&town.s.w, j.who, read_sights, &j, &e));
  assert_true(says(&j.sights, town.city, REASON_OWN));
  assert_true(says(&j.sights, town.receiver, REASON_OWN));
  assert_true(says(&j.sights, town.receiver, REASON_CONSENT));
  assert_true(says(&j.sights, town.receiver, REASON_BASIS));
  assert_true(says(&j.sights, town.third, REASON_BREAK_GLASS));
  assert_true(says(&j.sights, town.third, REASON_INVITATION));
  assert_true(says(&j.sights, town.city, REASON_STAND_IN));
  assert_true(says(&j.sights, 0, REASON_PERSON));
  assert_false(says(&j.sights, town.fourth, REASON_OWN));
  for (size_t i = 0; i < j.sights.n; i++)
    if (j.sights.list[i].kind == REASON_BREAK_GLASS)
      assert_true(j.sights.list[i].until > clock_now() && j.sights.list[i].until <= clock_now() + MS_HOUR);
    else if (j.sights.list[i].kind == REASON_BASIS)
      assert_int_equal(j.sights.list[i].law, BASIS_CHILD_PROTECTION);
}

/* ---- to whom it is told --------------------------------------------------------------------------------------------------------- */

static void partners_are_not_told_and_colleagues_alone_are_named(void **state)
{
  struct err e = {0};
  struct shared_case c = crowd_case(&town, STATE_SHARED, NULL);
  char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s", served_path("/cases/", c.c.case_id, "/who"));
  ok(world_write(&town.s.w, NULL, put_more, &c, &e));
  assert_true(served_shows(&town.s, &town.who[WHO_WORKER], path, "要保護児童対策地域協議会"));
  assert_true(served_shows(&town.s, &town.who[WHO_WORKER], path, "緊急の閲覧"));
  char colleague[100], partner[100];
  snprintf(colleague, sizeof colleague, "SELECT name FROM user_account WHERE id = %lld",
           (long long)town.who[WHO_MANAGER].actor.user);
  snprintf(partner, sizeof partner, "SELECT name FROM user_account WHERE id = %lld",
           (long long)town.who[WHO_RECEIVER_WORKER].actor.user);
  assert_true(served_shows(&town.s, &town.who[WHO_WORKER], path, store_ask(&town.s.w.store, colleague)));
  assert_null(strstr(town.s.page.body, store_ask(&town.s.w.store, partner)));
  assert_int_equal(served_get(&town.s, &town.who[WHO_RECEIVER_MANAGER], path, WANT_HTML), 403);
  assert_int_equal(served_get(&town.s, &town.who[WHO_VOLUNTEER], path, WANT_HTML), 403);
  assert_int_equal(served_get(&town.s, &town.who[WHO_THIRD_MANAGER], path, WANT_HTML), 403);
}

static enum code make_paper(struct tx *tx, void *arg, struct err *e)
{
  struct look_job *j = arg;
  const struct scope *s = NULL;
  struct doc *paper = NULL;
  struct reader who = world_reader();
  struct buf json;
  enum code c = access_open(tx, j->who, ACTION_SEEN_PRINT, j->person, &s, e);
  if (c == OK)
    c = may_paper(tx, s, S("R8-1"), j->party, j->guardian, j->a, &who, &paper, e);
  if (c != OK)
    return c;
  buf_init(&json, j->a, 1 << 20);
  json_write(&json, paper);
  buf_add_c(&json, '\0');
  j->paper = buf_str(&json);
  return OK;
}

static void the_paper_tells_the_person_all_and_a_guardian_what_he_gave(void **state)
{
  struct err e = {0};
  struct shared_case c = crowd_case(&town, STATE_SHARED, NULL);
  struct look_job j = {
      .who = &town.who[WHO_WORKER].actor, .person = c.c.person, .a = town.s.w.a, .party = PARTY_PERSON};
  ok(world_write(&town.s.w, NULL, put_more, &c, &e));
  ok(world_read(&town.s.w, j.who, make_paper, &j, &e));
  assert_non_null(strstr(j.paper.p, "NPOあおば"));
  assert_non_null(strstr(j.paper.p, "さくら教室")); /* broken glass */
  assert_null(strstr(j.paper.p, "要保護児童"));     /* which law is told at the counter */
  assert_null(strstr(j.paper.p, "窓口の人"));
  j.party = PARTY_GUARDIAN;
  j.guardian = c.c.guardian;
  ok(world_read(&town.s.w, j.who, make_paper, &j, &e));
  assert_null(strstr(j.paper.p, "NPOあおば")); /* the person alone gave it */
  assert_null(strstr(j.paper.p, "さくら教室"));
  (void)world_consent(&town.s.w, &town.who[WHO_WORKER].actor, &c.c, PARTY_GUARDIAN, town.receiver, CAT_ALL);
  ok(world_read(&town.s.w, j.who, make_paper, &j, &e));
  assert_non_null(strstr(j.paper.p, "NPOあおば"));
  assert_null(strstr(j.paper.p, "きまり")); /* what rests on a law that protects is left out */
  assert_null(strstr(j.paper.p, "さくら教室"));
  assert_int_equal(
      served_get(&town.s, &town.who[WHO_WORKER], served_path("/cases/", c.c.case_id, "/who.pdf?for=person"), WANT_HTML),
      200);
  assert_int_equal(memcmp(town.s.page.body, "%PDF", 4), 0);
}

/* What a law opens to a body where nobody works on it stands there too, above whoever works on it: with the article and its day. */
static void a_body_that_a_law_names_is_listed_before_anybody_there_works_on_it(void **state)
{
  struct err e = {0};
  struct shared_case c = crowd_case(&town, STATE_OWN, NULL);
  struct look_job j = {.who = &town.who[WHO_WORKER].actor, .person = c.c.person, .a = town.s.w.a};
  int waiting = 0;
  char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s", served_path("/cases/", c.c.case_id, "/who"));
  ok(world_read(&town.s.w, j.who, read_sights, &j, &e));
  assert_false(says(&j.sights, town.receiver, REASON_BASIS));
  ok(world_write(&town.s.w, NULL, put_more, &c, &e));
  ok(world_read(&town.s.w, j.who, read_sights, &j, &e));
  for (size_t i = 0; i < j.sights.n; i++)
    if (j.sights.list[i].waits) {
      waiting++;
      assert_true(j.sights.list[i].organization == town.receiver && !j.sights.list[i].user);
      assert_int_equal(j.sights.list[i].law, BASIS_CHILD_PROTECTION);
      assert_int_equal(j.sights.list[i].categories, 33);
    }
  assert_int_equal(waiting, 1);
  assert_true(served_shows(&town.s, &town.who[WHO_WORKER], path, "法令：要保護児童対策地域協議会"));
  const char *law = strstr(town.s.page.body, "法令："), *own = strstr(town.s.page.body, "担当（自機関の記録）");
  assert_true(law && own && law < own);
  assert_non_null(strstr(town.s.page.body, "担当がまだいません。"));
  j.party = PARTY_PERSON;
  ok(world_read(&town.s.w, j.who, make_paper, &j, &e));
  assert_null(strstr(j.paper.p, "NPOあおば")); /* nobody there sees anything, and so the paper says */
}

CROWD_MAIN(&town, cmocka_unit_test(it_says_of_each_what_the_engine_says_when_he_opens_the_page),
           cmocka_unit_test(it_says_why_and_until_when),
           cmocka_unit_test(partners_are_not_told_and_colleagues_alone_are_named),
           cmocka_unit_test(the_paper_tells_the_person_all_and_a_guardian_what_he_gave),
           cmocka_unit_test(a_body_that_a_law_names_is_listed_before_anybody_there_works_on_it))
