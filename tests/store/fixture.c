#include "fixture.h"

#include <stdlib.h>
#include <unistd.h>

#include "audit/audit.h"
#include "base/clock.h"
#include "connection/connection_sql.h"

struct run {
  tx_fn fn;
  void *arg;
};

static enum code run_and_flush(struct tx *tx, void *arg, struct err *e)
{
  struct run *r = arg;
  enum code c = r->fn(tx, r->arg, e);
  return c == OK ? audit_flush(tx, e) : c;
}

/* A session a membership; its token is made of the membership's id. */
STMT_WRITE(
    q_session, "fixture_session",
    "INSERT INTO session (network_id, id, token_hash, user_id, membership_id, created_at, seen_at, until_at, factor_at)"
    " VALUES ($1, $2, $3, $4, $2, $5, $5, $6, $5)");

enum { TOKEN = 32 };

static struct str token_of(id64 membership, char text[TOKEN + 1])
{
  snprintf(text, TOKEN + 1, "%032lld", (long long)membership);
  return (struct str){text, TOKEN};
}

static struct db_who who_is(const struct world *w, const struct actor *by, char token[TOKEN + 1])
{
  struct db_who who = {.network = w->network, .service = !by};
  if (by)
    who.token = token_of(by->membership, token);
  return who;
}

enum code world_write(struct world *w, const struct actor *by, tx_fn fn, void *arg, struct err *e)
{
  struct run r = {fn, arg};
  char token[TOKEN + 1];
  struct db_who who = who_is(w, by, token);
  return db_write(w->store.db, "test", &who, run_and_flush, &r, e);
}

enum code world_read(struct world *w, const struct actor *by, tx_fn fn, void *arg, struct err *e)
{
  char token[TOKEN + 1];
  struct db_who who = who_is(w, by, token);
  return db_read(w->store.db, &who, fn, arg, e);
}

static enum code make_network(struct tx *tx, void *arg, struct err *e)
{
  struct world *w = arg;
  struct network_new n = {.name = S("試験市"), .stage = S("preparing")};
  return network_create(tx, w->network, &n, e);
}

void world_new(struct world *w)
{
  world_new_on(w, store_engine());
}

void world_new_on(struct world *w, enum db_engine engine)
{
  struct err e = {0};
  *w = (struct world){.a = arena_new(LIMIT_ARENA), .network = id_new(clock_now())};
  ok(crypto_init(&e));
  ok(view_load(STR_NONE, &e));
  store_new_on(&w->store, engine, STORE_APP);
  snprintf(w->key_path, sizeof w->key_path, "/tmp/tsunagu-test-%d-%llx.key", (int)getpid(),
           (unsigned long long)w->network);
  ok(keyfile_create(w->key_path, &w->keys, &e));
  ok(keyfile_add_network(w->keys, w->network, &e));
  db_app_set(w->store.db, w->keys);
  ok(world_write(w, NULL, make_network, w, &e));
}

void world_free(struct world *w)
{
  char lock[260];
  store_free(&w->store);
  keyfile_free(w->keys);
  unlink(w->key_path);
  snprintf(lock, sizeof lock, "%s.lock", w->key_path);
  unlink(lock);
  arena_free(w->a);
}

struct reader world_reader(void)
{
  return (struct reader){.lang = LANG_JA, .wareki = true, .today = date_of_ts(clock_now())};
}

/* ---- organizations and people ------------------------------------------------------------------------------------------ */

struct make_org {
  struct organization_new o;
  id64 id;
};

static enum code make_org(struct tx *tx, void *arg, struct err *e)
{
  struct make_org *m = arg;
  return organization_create(tx, &m->o, &m->id, e);
}

id64 world_org(struct world *w, const char *name, const char *circle)
{
  struct err e = {0};
  struct make_org m = {.o = {.name = str_from(name), .kind = S("npo"), .circle = str_from(circle)}};
  ok(world_write(w, NULL, make_org, &m, &e));
  return m.id;
}

struct make_member {
  struct actor actor;
  const char *name;
};

static enum code make_member(struct tx *tx, void *arg, struct err *e)
{
  struct make_member *m = arg;
  struct str login = id_text(tx_arena(tx), id_new(tx_now(tx)));
  struct account_new u = {
      .login = login, .name = str_from(m->name), .job = S("相談員"), .password_hash = S("-"), .factor = S("none")};
  enum code c = account_create(tx, &u, &m->actor.user, e);
  if (c == OK)
    c = membership_add(tx, m->actor.user, m->actor.organization, m->actor.role, tx_now(tx), 0, &m->actor.membership, e);
  m->actor.session_from = tx_now(tx);
  char token[TOKEN + 1];
  if (c == OK)
    c = db_exec(tx, &q_session, NULL, e,
                BINDS(b_int(tx_network(tx)), b_int(m->actor.membership), b_bytes(token_of(m->actor.membership, token)),
                      b_int(m->actor.user), b_int(tx_now(tx)), b_int(tx_now(tx) + MS_DAY)));
  return c;
}

struct actor world_member(struct world *w, id64 organization, enum role role, const char *name)
{
  struct err e = {0};
  struct make_member m = {
      .name = name,
      .actor = {.role = role, .network = w->network, .organization = organization, .second_factor = true}};
  ok(world_write(w, NULL, make_member, &m, &e));
  return m.actor;
}

/* ---- a person and a case ------------------------------------------------------------------------------------------------- */

struct make_case {
  const struct actor *by;
  struct person_new p;
  struct world_case out;
};

static enum code make_case(struct tx *tx, void *arg, struct err *e)
{
  struct make_case *m = arg;
  const struct scope *s = NULL;
  struct guardian_new g = {.name = S("母の名"), .relation = S("母"), .authority = S("sole")};
  enum code c = person_create(tx, m->by, &m->p, &s, e);
  if (c == OK)
    c = guardian_add(tx, s, &g, &m->out.guardian, e);
  if (c == OK)
    c = case_open(tx, s, S("person"), S("B"), &m->out.case_id, e);
  if (c == OK)
    m->out.person = scope_person(s);
  return c;
}

struct world_case world_case(struct world *w, const struct actor *by, const char *name, struct date birth)
{
  struct err e = {0};
  struct make_case m = {.by = by,
                        .p = {.name = str_from(name),
                              .birth = birth,
                              .address = S("試験町1-2-3"),
                              .school = S("みどり高校"),
                              .interest = S("電車")}};
  ok(world_write(w, by, make_case, &m, &e));
  return m.out;
}

struct make_consent {
  const struct actor *by;
  const struct world_case *c;
  struct consent_new n;
  struct consent_recipient r;
  id64 id;
};

static enum code make_consent(struct tx *tx, void *arg, struct err *e)
{
  struct make_consent *m = arg;
  const struct scope *s = NULL;
  m->n.recipients = &m->r;
  m->n.count = 1;
  enum code c = access_open(tx, m->by, ACTION_CONSENT_RECORD, m->c->person, &s, e);
  return c == OK ? consent_record(tx, s, &m->n, &m->id, e) : c;
}

id64 world_consent(struct world *w, const struct actor *by, const struct world_case *c, enum party party,
                   id64 organization, cats_t categories)
{
  struct err e = {0};
  struct make_consent m = {.by = by,
                           .c = c,
                           .n = {.by = party,
                                 .guardian = party == PARTY_GUARDIAN ? c->guardian : 0,
                                 .notice_version = S("2026-1"),
                                 .purposes = S("支援のため"),
                                 .how = S("written")},
                           .r = {organization, categories}};
  ok(world_write(w, by, make_consent, &m, &e));
  return m.id;
}

struct withdraw {
  const struct actor *by;
  id64 consent, organization;
};

static enum code withdraw(struct tx *tx, void *arg, struct err *e)
{
  const struct withdraw *w = arg;
  const struct scope *s = NULL;
  struct consent_withdrawal given = {.organization = w->organization, .by = PARTY_PERSON, .how = S("oral")};
  enum code c = consent_enter(tx, w->by, ACTION_CONSENT_WITHDRAW, w->consent, &s, e);
  return c == OK ? consent_withdraw(tx, s, w->consent, &given, e) : c;
}

enum code world_withdraw(struct world *w, const struct actor *by, id64 consent, id64 organization)
{
  struct err e = {0};
  return world_write(w, by, withdraw, &(struct withdraw){by, consent, organization}, &e);
}

/* ---- a sheet on its way ---------------------------------------------------------------------------------------------------- */

struct make_send {
  const struct actor *by;
  const struct world_case *c;
  id64 organization, connection;
  const char *kind;
};

static enum code take_connection(void *arg, const struct connection *c, struct str to, struct err *e)
{
  (void)to;
  (void)e;
  *(id64 *)arg = c->id;
  return OK;
}

static enum code make_send(struct tx *tx, void *arg, struct err *e)
{
  struct make_send *m = arg;
  const struct scope *s = NULL;
  struct sheet sheet = {0};
  struct reader who = world_reader();
  id64 id = 0;
  enum code c = access_open(tx, m->by, ACTION_SHEET_WRITE, m->c->person, &s, e);
  if (c == OK)
    c = sheet_begin(tx, s, m->c->case_id, &who, &id, e);
  if (c == OK)
    c = sheet_enter(tx, m->by, ACTION_SHEET_SEND, id, tx_arena(tx), &sheet, &s, e);
  if (c == OK)
    c = sheet_choose(tx, s, &sheet, &m->organization, 1, str_from(m->kind), e);
  if (c == OK)
    c = sheet_send(tx, s, &sheet, e);
  return c == OK ? connection_sql_of_sheet(tx, id, take_connection, &m->connection, e) : c;
}

id64 world_send(struct world *w, const struct actor *by, const struct world_case *c, id64 organization,
                const char *kind)
{
  struct err e = {0};
  struct make_send m = {.by = by, .c = c, .organization = organization, .kind = kind};
  ok(world_write(w, by, make_send, &m, &e));
  return m.connection;
}
