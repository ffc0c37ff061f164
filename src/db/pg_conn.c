/* pg_conn.c: one PostgreSQL connection: how it is opened and what is checked then, and how the server's errors become ours. */
#include "base/limits.h"
#include "db/pg.h"

enum code pg_conn_init(struct pg_conn *c, struct err *e)
{
  *c = (struct pg_conn){.arena = arena_new(LIMIT_ARENA), .prepared = calloc(stmt_count(), sizeof *c->prepared)};
  return c->arena && c->prepared ? OK : err_oom(e);
}

void pg_conn_close(struct pg_conn *c)
{
  pg_conn_tidy(c);
  PQfinish(c->h);
  c->h = NULL;
  c->stale = c->lost = c->silent = false;
  if (c->prepared)
    memset(c->prepared, 0, stmt_count() * sizeof *c->prepared);
}

void pg_conn_destroy(struct pg_conn *c)
{
  pg_conn_close(c);
  arena_free(c->arena);
  free(c->prepared);
  *c = (struct pg_conn){0};
}

bool pg_conn_lost(const struct pg_conn *c)
{
  return !c->h || c->lost || PQstatus(c->h) != CONNECTION_OK;
}

/* --- errors ------------------------------------------------------------------------------------------------- */

/* Class or whole SQLSTATE to our code; the first that fits. */
static const struct {
  const char *state;
  enum code code;
} states[] = {
    {"23505", CONFLICT}, {"08P01", FAULT}, {"40001", RETRY}, {"40P01", RETRY}, {"55P03", RETRY},
    {"57014", LIMIT},    {"53200", OOM},   {"53", IO},       {"08", IO},       {"57", IO},
    {"58", IO},          {"25006", IO},    {"XX001", IO},    {"XX002", IO},    {"54", LIMIT},
};

static enum code state_code(const char *state)
{
  for (size_t i = 0; i < sizeof states / sizeof *states; i++)
    if (strncmp(state, states[i].state, strlen(states[i].state)) == 0)
      return states[i].code;
  return FAULT;
}

static const char *or_empty(const char *s)
{
  return s ? s : "";
}

/* The server's sentence may hold values and stays out unless it can speak only of our own text. */
enum code pg_error(struct pg_conn *c, const PGresult *r, const char *what, bool own_text, struct err *e)
{
  const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
  enum code code = state ? state_code(state) : IO;
  c->lost =
      c->lost || !state || strncmp(state, "57P", 3) == 0 || strcmp(state, "25006") == 0; /* 25006: now a standby */
  if (state && !own_text && (strcmp(state, "0A000") == 0 || strcmp(state, "26000") == 0)) {
    c->stale = true; /* the plan is older than the schema, or the statement is gone */
    code = RETRY;
  }
  if (state && strcmp(state, "53100") == 0)
    err_full(e);
  else if (code == IO)
    err_set(e, code, TR("データベースにつながりません。サーバーが動いているか、場所が正しいかを確かめてください。"));
  else
    err_set(e, code, code_msg(code));
  const char *constraint = r ? or_empty(PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME)) : "";
  const char *text = r && own_text ? or_empty(PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY)) : "";
  if (code == CONFLICT)
    err_detail(e, "%s", constraint);
  else
    err_detail(e, "%s: SQLSTATE %s %s %s", what, or_empty(state), constraint, text);
  return code;
}

/* --- connecting --------------------------------------------------------------------------------------------- */

static void no_notice(void *arg, const char *text) {}

static enum code connect_failed(struct pg_conn *c, struct err *e)
{
  char text[200];
  snprintf(text, sizeof text, "%s", c->h ? PQerrorMessage(c->h) : "");
  pg_conn_close(c);
  err_set(e, IO, TR("データベースにつながりません。サーバーが動いているか、場所が正しいかを確かめてください。"));
  err_detail(e, "%s", text); /* libpq names host, port, user and database there, never the password */
  return IO;
}

/* Order of text must be that of bytes, as in SQLite, or lists would differ. C.UTF-8 of glibc sorts by code point: the same. */
static bool sorts_by_bytes(const char *collation)
{
  static const char *const good[] = {"C", "POSIX", "C.UTF-8", "C.utf8"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    if (strcmp(collation, good[i]) == 0)
      return true;
  return false;
}

static enum code check_server(struct pg_conn *c, const PGresult *r, struct err *e)
{
  if (PQserverVersion(c->h) < 150000)
    return err_set(e, INVALID, TR("PostgreSQL 15 以上が必要です。"));
  if (PQntuples(r) != 1 || !sorts_by_bytes(PQgetvalue(r, 0, 0)) || strcmp(PQgetvalue(r, 0, 1), "UTF8") != 0) {
    err_set(e, INVALID,
            TR("データベースの文字の並べ方が違います。CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' "
               "で作ってください。"));
    err_detail(e, "collation %s, encoding %s", PQgetvalue(r, 0, 0), PQgetvalue(r, 0, 1));
    return INVALID;
  }
  return OK;
}

/* What takes too long is broken off by the server itself, if it still can, a while before we give it up. */
static enum code set_limit(struct pg_conn *c, struct err *e)
{
  char sql[60];
  snprintf(sql, sizeof sql, "SET statement_timeout TO %d", c->answer_ms / 4 * 3);
  return c->answer_ms ? pg_script(c, str_from(sql), NULL, NULL, e) : OK;
}

/* jit: what row-level security asks makes plans of hundreds of steps for a few rows; to compile one would take longer than to run it. */
static enum code settings(struct pg_conn *c, struct err *e)
{
  PQsetNoticeProcessor(c->h, no_notice, NULL);
  PGresult *r = pg_answers(
      c,
      PQsendQuery(c->h, "SET TIME ZONE 'UTC'; SET search_path TO public, pg_temp; SET client_min_messages TO warning;"
                        "SET jit TO off; SET lock_timeout TO '10s'; SET idle_in_transaction_session_timeout TO '10min';"
                        "SELECT datcollate, pg_encoding_to_char(encoding) FROM pg_database"
                        " WHERE datname = current_database()"));
  enum code code = PQresultStatus(r) == PGRES_TUPLES_OK ? check_server(c, r, e) : pg_error(c, r, "settings", true, e);
  PQclear(r);
  if (code != OK)
    return code;
  r = pg_answers(
      c, PQsendPrepare(c->h, "tsunagu_who",
                       "SELECT set_config('tsunagu.session', $1, true), set_config('tsunagu.service', $2, true),"
                       " set_config('tsunagu.network', $3, true), set_config('tsunagu.at', $4, true)",
                       4, NULL));
  if (PQresultStatus(r) != PGRES_COMMAND_OK)
    code = pg_error(c, r, "settings", true, e);
  PQclear(r);
  return code;
}

/* A connection that fell silent casts doubt on those that were made before it did. */
static bool in_order(const struct pg_conn *c, const struct pg_options *o)
{
  return !pg_conn_lost(c) && !c->stale && (!o->doubt || c->doubt == *o->doubt);
}

enum code pg_conn_connect(struct pg_conn *c, const struct pg_options *o, struct err *e)
{
  if (in_order(c, o))
    return OK;
  pg_conn_close(c);
  c->answer_ms = o->answer_ms;
  c->pool_doubt = o->doubt;
  c->doubt = o->doubt ? *o->doubt : 0;
  /* what stands in the address wins over what stands before it here */
  const char *const keys[] = {"connect_timeout",
                              "target_session_attrs",
                              "tcp_user_timeout",
                              "application_name",
                              "dbname",
                              "client_encoding",
                              NULL};
  const char *const values[] = {"5", "read-write", "15000", "tsunagu", o->url, "UTF8", NULL};
  c->h = PQconnectdbParams(keys, values, 1);
  if (PQstatus(c->h) != CONNECTION_OK)
    return connect_failed(c, e);
  enum code code = settings(c, e);
  if (code == OK)
    code = set_limit(c, e);
  if (code != OK)
    pg_conn_close(c);
  return code;
}

/* The server's own word that it may not be so (42501), or that there is no such role (22023). No word at all is a lost
 * connection. */
static bool role_refused(const PGresult *r)
{
  const char *state = or_empty(PQresultErrorField(r, PG_DIAG_SQLSTATE));
  return strcmp(state, "42501") == 0 || strcmp(state, "22023") == 0;
}

enum code pg_conn_role(struct pg_conn *c, const struct pg_options *o, struct err *e)
{
  if (o->owner)
    return OK;
  PGresult *r = pg_answers(c, PQsendQuery(c->h, "SET ROLE " PG_ROLE_APP));
  enum code code = OK;
  if (role_refused(r)) {
    code = err_set(
        e, DENIED,
        TR("接続したユーザーは tsunagu_app の役割になれません。tsunagu init を実行したユーザーで接続してください。"));
    err_detail(e, "SQLSTATE %s", or_empty(PQresultErrorField(r, PG_DIAG_SQLSTATE)));
  } else if (PQresultStatus(r) != PGRES_COMMAND_OK) {
    code = pg_error(c, r, "role", true, e);
  }
  PQclear(r);
  if (code != OK)
    pg_conn_close(c);
  return code;
}

enum code pg_conn_ready(struct pg_conn *c, const struct pg_options *o, struct err *e)
{
  if (in_order(c, o))
    return OK;
  enum code code = pg_conn_connect(c, o, e);
  return code == OK ? pg_conn_role(c, o, e) : code;
}
