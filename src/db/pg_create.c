/* pg_create.c: what must stand in a PostgreSQL database before the first migration. Three roles, none of which can sign in: the
 * owner of all tables, the owner of what row-level security asks (it alone looks past the policies), and the server's own role,
 * which the policies bind. Roles belong to the whole cluster and are shared by all databases of tsunagu in it. */
#include <sodium.h>

#include "db/pg.h"

/* Two that run init at once in one cluster may both see no role: the second's failure is no failure. */
#define CREATE_ROLE(name, how)                                                                                         \
  "DO $body$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '" name "') THEN"                               \
  " CREATE ROLE " name " NOLOGIN " how "; END IF;"                                                                     \
  " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $body$;"

/* Only where it is missing, since two GRANTs of one role at once disturb each other. */
#define GRANT_ROLE(name, to)                                                                                           \
  "DO $body$ BEGIN IF NOT EXISTS (SELECT FROM pg_auth_members WHERE roleid = '" name "'::regrole AND member = " to     \
  "::regrole) THEN EXECUTE format('GRANT " name " TO %I', " to "); END IF;"                                            \
  " EXCEPTION WHEN duplicate_object OR unique_violation OR internal_error THEN NULL; END $body$;"

static const char roles[] = CREATE_ROLE("tsunagu_owner", "") CREATE_ROLE("tsunagu_rls", "BYPASSRLS")
    CREATE_ROLE("tsunagu_app", "") GRANT_ROLE("tsunagu_rls", "'tsunagu_owner'")
        GRANT_ROLE("tsunagu_owner", "current_user::text") GRANT_ROLE("tsunagu_app", "current_user::text");

/* The app role gets at the rows of every table to come, and the policies decide which; the rls role may read them all. */
static const char rights[] =
    "GRANT USAGE, CREATE ON SCHEMA public TO tsunagu_owner, tsunagu_rls;"
    "GRANT USAGE ON SCHEMA public TO tsunagu_app;"
    "ALTER DEFAULT PRIVILEGES FOR ROLE tsunagu_owner IN SCHEMA public"
    " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO tsunagu_app;"
    "ALTER DEFAULT PRIVILEGES FOR ROLE tsunagu_owner IN SCHEMA public GRANT SELECT ON TABLES TO tsunagu_rls;"
    "CREATE TABLE IF NOT EXISTS service_secret"
    " (one boolean NOT NULL PRIMARY KEY DEFAULT TRUE CHECK (one), secret text NOT NULL);"
    "ALTER TABLE service_secret OWNER TO tsunagu_owner;"
    "REVOKE ALL ON service_secret FROM PUBLIC, tsunagu_app;"
    "GRANT SELECT ON service_secret TO tsunagu_rls;";

static enum code step(struct pg_conn *c, const char *sql, struct err *e)
{
  return pg_script(c, str_from(sql), NULL, NULL, e);
}

static enum code write_secret(struct pg_conn *c, struct err *e)
{
  unsigned char random[PG_SECRET_TEXT / 2];
  char text[PG_SECRET_TEXT + 1];
  randombytes_buf(random, sizeof random);
  sodium_bin2hex(text, sizeof text, random, sizeof random);
  PGresult *r = PQexecParams(c->h, "INSERT INTO service_secret (secret) VALUES ($1) ON CONFLICT DO NOTHING", 1, NULL,
                             (const char *const[]){text}, NULL, NULL, 0);
  enum code code = PQresultStatus(r) == PGRES_COMMAND_OK ? OK : pg_error(c, r, "service secret", true, e);
  PQclear(r);
  sodium_memzero(text, sizeof text);
  sodium_memzero(random, sizeof random);
  return code;
}

static enum code create_all(struct pg_conn *c, struct err *e)
{
  enum code code = step(c, "BEGIN", e);
  if (code == OK)
    code = step(c, roles, e);
  if (code == OK)
    code = step(c, rights, e);
  if (code == OK)
    code = write_secret(c, e);
  if (code == OK)
    code = step(c, "COMMIT", e);
  return code;
}

enum code pg_create(const struct db_options *o, struct str place, struct err *e)
{
  struct pg_conn c = {0};
  char *url = strndup(place.p, place.n);
  enum code code = url ? pg_conn_init(&c, e) : err_oom(e);
  if (code == OK)
    code = pg_conn_connect(&c, &(struct pg_options){.url = url, .owner = true}, e);
  if (code == OK) {
    code = create_all(&c, e);
    if (code == FAULT && e) {
      char why[ERR_DETAIL_SIZE];
      snprintf(why, sizeof why, "%s", e->detail);
      code = err_set(e, DENIED,
                     TR("役割と権限を作れませんでした。PostgreSQL の管理者(SUPERUSER)として接続してください。"));
      err_detail(e, "%s", why);
    }
  }
  pg_conn_destroy(&c);
  free(url);
  return code;
}

enum code pg_read_secret(struct pg_conn *c, char ret[PG_SECRET_TEXT + 1], struct err *e)
{
  ret[0] = 0;
  PGresult *r = PQexec(c->h, "SELECT to_regclass('public.service_secret')");
  bool there = PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 1 && !PQgetisnull(r, 0, 0);
  PQclear(r);
  if (!there)
    return OK;
  r = PQexec(c->h, "SELECT secret FROM public.service_secret");
  enum code code = OK;
  if (PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 1 && PQgetlength(r, 0, 0) == PG_SECRET_TEXT)
    memcpy(ret, PQgetvalue(r, 0, 0), PG_SECRET_TEXT + 1);
  else
    code = err_set(e, DENIED,
                   TR("データベースの秘密の値を読めません。tsunagu init を実行したユーザーで接続してください。"));
  PQclear(r);
  return code;
}
