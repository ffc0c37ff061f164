/* bare.c: the floor under a page: the same SELECTs on the same database, prepared once and run in a loop, without HTTP, decision, keys,
 * template or event. usage: bare DB LOGIN find            prints the id of a case of this account with ten records
 *                   bare DB LOGIN worker|manager|case THREADS SECONDS   prints rounds a second, CPU ms a round, rows a round */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/limits.h"
#include "db/db.h"
#include "db/ids.h"

enum { THREADS_MOST = 64, RECORDS = 10, ALL_CATEGORIES = 4095 };

struct facts {
  id64 network, user, membership, organization, case_id, person;
};

/* Binds by letter: network, Membership, Organization, @ now, User, Case, Person, A all categories, > the latest instant,
 * 0, L a page's limit, F false, T true, e empty, * the page's cases and + their persons (as the list's first statement found them). */
struct step {
  const char *name, *binds;
};
static const struct step worker_steps[] = {{"case_list_posts", "nmo@F>0L"},
                                           {"case_list_own", "nmo@"},
                                           {"access_aside", "nmo@"},
                                           {"case_list_own_counts", "nmo@"},
                                           {"case_lines", "no@*+"},
                                           {"person_listed_own", "nmo@+FT"},
                                           {NULL, NULL}};
static const struct step manager_steps[] = {{"case_list_ranged", "nmo@F>0L"}, {"case_list_managed", "nmo@"},
                                            {"case_list_more", "nmo@"},       {"access_aside", "nmo@"},
                                            {"case_list_counts", "nmo@"},     {"case_lines", "no@*+"},
                                            {"person_listed_own", "nmo@+FT"}, {NULL, NULL}};
static const struct step case_steps[] = {{"case_head", "nc@"},
                                         {"access_person", "np"},
                                         {"access_facts", "npu"},
                                         {"person_key", "np"},
                                         {"person_each_attribute", "npoAA"},
                                         {"organization_name", "no"},
                                         {"account_name", "nu"},
                                         {"record_next", "ncoAAF"},
                                         {"case_team", "nc@Fo"},
                                         {"person_each_attribute", "npoAA"},
                                         {"guardian_list", "np@AoAA"},
                                         {"person_each_attribute", "npoAA"},
                                         {"record_each", "nc>oAAL0Fe"},
                                         {"record_paragraphs", "nc0>oAA"},
                                         {"connection_of_case", "nco"},
                                         {"consent_recipients", "npLo"},
                                         {NULL, NULL}};

static struct bind bind_of(const struct tx *tx, const struct facts *f, char letter)
{
  switch (letter) {
  case 'n':
    return b_int(f->network);
  case 'm':
    return b_int(f->membership);
  case 'o':
    return b_int(f->organization);
  case '@':
    return b_int(tx_now(tx));
  case 'u':
    return b_int(f->user);
  case 'c':
    return b_int(f->case_id);
  case 'p':
    return b_int(f->person);
  case 'A':
    return b_int(ALL_CATEGORIES);
  case '>':
    return b_int(TS_MAX);
  case 'L':
    return b_int(LIMIT_PAGE_ROWS + 1);
  case 'F':
  case 'T':
    return b_bool(letter == 'T');
  case 'e':
    return b_text(STR_NONE);
  default:
    return b_int(0);
  }
}

static const struct stmt *stmt_named(const char *name)
{
  for (size_t i = 0; i < stmt_count(); i++)
    if (strcmp(stmt_at(i)->name, name) == 0)
      return stmt_at(i);
  fprintf(stderr, "bare: no statement %s any more: the page has changed, change this list\n", name);
  exit(1);
}

/* --- one round --- */

struct page {
  id64 cases[LIMIT_PAGE_ROWS], persons[LIMIT_PAGE_ROWS];
  size_t n;
};

struct loop {
  struct db *db;
  const struct facts *facts;
  const struct step *steps;
  const struct stmt *stmts[32];
  atomic_bool stop;
  atomic_llong rounds;
  atomic_llong rows;
};

static size_t bind_all(const struct tx *tx, const struct facts *f, const char *letters, const struct page *page,
                       struct bind *binds)
{
  size_t n = 0;
  for (const char *p = letters; *p; p++) {
    if (*p == '*')
      n = ids_bind(binds, n, page->cases, page->n);
    else if (*p == '+')
      n = ids_bind(binds, n, page->persons, page->n);
    else
      binds[n++] = bind_of(tx, f, *p);
  }
  return n;
}

static enum code run_step(struct tx *tx, struct loop *l, size_t i, struct page *page, struct err *e)
{
  struct bind binds[STMT_PARAMS_MAX];
  struct rows r = {0};
  size_t n = bind_all(tx, l->facts, l->steps[i].binds, page, binds);
  bool finds = l->steps != case_steps && i == 0;
  enum code c = db_query(tx, l->stmts[i], &r, e, binds, n);
  if (c != OK)
    return c;
  long long rows = 0;
  for (; rows_next(&r); rows++)
    if (finds && page->n < LIMIT_PAGE_ROWS) {
      page->cases[page->n] = rows_int(&r, 0);
      page->persons[page->n++] = rows_int(&r, 1);
    }
  atomic_fetch_add(&l->rows, rows);
  return rows_end(&r, e);
}

static enum code one_round(struct tx *tx, void *arg, struct err *e)
{
  struct loop *l = arg;
  struct page page = {0};
  enum code c = OK;
  for (size_t i = 0; c == OK && l->steps[i].name; i++)
    c = run_step(tx, l, i, &page, e);
  return c;
}

static void *run_rounds(void *arg)
{
  struct loop *l = arg;
  struct err e = {0};
  const struct db_who who = {.network = l->facts->network, .service = true};
  while (!atomic_load(&l->stop)) {
    if (db_read(l->db, &who, one_round, l, &e) != OK) {
      err_print(stderr, &e);
      exit(1);
    }
    atomic_fetch_add(&l->rounds, 1);
  }
  return NULL;
}

/* Spent by this process so far: what it says holds on a busy machine too. */
static double cpu_ms(void)
{
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void measure(struct loop *l, int threads, int seconds)
{
  pthread_t t[THREADS_MOST];
  struct timespec pause = {.tv_sec = seconds};
  for (int i = 0; i < threads; i++)
    if (pthread_create(&t[i], NULL, run_rounds, l) != 0)
      exit(1);
  nanosleep(&pause, NULL);
  atomic_store(&l->stop, true);
  for (int i = 0; i < threads; i++)
    pthread_join(t[i], NULL);
  long long n = atomic_load(&l->rounds);
  double rounds = n ? (double)n : 1;
  printf("%.1f %.4f %lld\n", (double)n / seconds, cpu_ms() / rounds, atomic_load(&l->rows) / (n ? n : 1));
}

/* --- who and which case --- */

STMT_READ(q_member, "bench_member",
          "SELECT u.network_id, u.id, m.id, m.organization_id FROM user_account u JOIN membership m"
          " ON m.network_id = u.network_id AND m.user_id = u.id WHERE u.login = $1 ORDER BY m.from_at LIMIT 1");
STMT_READ(
    q_case, "bench_case",
    "SELECT c.id, c.person_id FROM assignment a JOIN case_file c ON c.network_id = a.network_id AND c.id = a.case_id"
    " WHERE a.network_id = $1 AND a.user_id = $2 AND a.organization_id = $3 AND c.status <> 'closed'"
    " AND (SELECT count(*) FROM record r WHERE r.network_id = $1 AND r.case_id = c.id) = $4 ORDER BY c.id LIMIT 1");

struct looking {
  const char *login;
  struct facts f;
};

static enum code find(struct tx *tx, void *arg, struct err *e)
{
  struct looking *l = arg;
  struct rows r = {0};
  enum code c = db_query(tx, &q_member, &r, e, BINDS(b_text(str_from(l->login))));
  if (c == OK && rows_next(&r)) {
    l->f.network = rows_int(&r, 0);
    l->f.user = rows_int(&r, 1);
    l->f.membership = rows_int(&r, 2);
    l->f.organization = rows_int(&r, 3);
  }
  if (c == OK)
    c = rows_end(&r, e);
  if (c == OK)
    c = db_query(tx, &q_case, &r, e,
                 BINDS(b_int(l->f.network), b_int(l->f.user), b_int(l->f.organization), b_int(RECORDS)));
  if (c == OK && rows_next(&r)) {
    l->f.case_id = rows_int(&r, 0);
    l->f.person = rows_int(&r, 1);
  }
  return c == OK ? rows_end(&r, e) : c;
}

static void prepare_loop(struct loop *l, const char *page)
{
  l->steps = strcmp(page, "case") == 0 ? case_steps : strcmp(page, "manager") == 0 ? manager_steps : worker_steps;
  for (size_t i = 0; l->steps[i].name; i++)
    l->stmts[i] = stmt_named(l->steps[i].name);
}

int main(int argc, char **argv)
{
  struct err e = {0};
  struct loop l = {0};
  if (argc < 4)
    return 2;
  struct looking look = {.login = argv[2]};
  int threads = argc > 4 ? (int)strtol(argv[4], NULL, 10) : 1, seconds = argc > 5 ? (int)strtol(argv[5], NULL, 10) : 1;
  struct db_options o = {.url = str_from(argv[1]), .readers = threads < THREADS_MOST ? threads : THREADS_MOST};
  enum code c = db_open(&o, &l.db, &e);
  if (c == OK)
    c = db_read(l.db, &(struct db_who){.service = true}, find, &look, &e);
  if (c != OK) {
    err_print(stderr, &e);
    return 1;
  }
  l.facts = &look.f;
  if (strcmp(argv[3], "find") == 0) {
    struct arena *a = arena_new(LIMIT_BODY);
    struct str id = id_text(a, look.f.case_id);
    printf("%.*s\n", STR_FMT(id));
    arena_free(a);
  } else {
    prepare_loop(&l, argv[3]);
    measure(&l, o.readers, seconds);
  }
  db_close(l.db);
  return 0;
}
