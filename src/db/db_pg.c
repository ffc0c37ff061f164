/* db_pg.c: the PostgreSQL engine: a pool of connections, each taken by the calling thread for one transaction. BEGIN and the
 * words for row-level security travel together in one pipeline, as parameters, so that the secret stands in no query text. */
#include <sodium.h>
#include <unistd.h>

#include "db/pg.h"
#include "db/pool.h"

enum {
  LOST_MS = 3000, /* a write whose connection is lost is begun anew for so long */
  TURN_AFTER = 5  /* collisions after which a write asks the others to wait */
};

struct pg_db {
  struct db base;
  struct pg_options options;
  char *url;
  char secret[PG_SECRET_TEXT + 1];
  struct pool pool;
  struct pg_conn *conns; /* pool.n of them */
  _Atomic uint64_t retries;
  _Atomic unsigned doubt;
};

/* --- opening and closing ------------------------------------------------------------------------------------ */

static void pg_close(struct db *base)
{
  struct pg_db *db = (struct pg_db *)base;
  for (int i = 0; i < db->pool.n; i++)
    if (db->conns)
      pg_conn_destroy(&db->conns[i]);
  pool_destroy(&db->pool);
  sodium_memzero(db->secret, sizeof db->secret);
  free(db->conns);
  free(db->url);
  free(db);
}

static enum code open_pool(struct pg_db *db, int n, struct err *e)
{
  db->conns = calloc((size_t)n, sizeof *db->conns);
  if (!db->url || !db->conns || !pool_init(&db->pool, n))
    return err_oom(e);
  enum code c = OK;
  for (int i = 0; i < n && c == OK; i++)
    c = pg_conn_init(&db->conns[i], e);
  return c;
}

/* One connection at once, so that a wrong address is known now; the others when they are needed. */
static enum code open_first(struct pg_db *db, const struct db_options *o, struct err *e)
{
  enum code c = pg_conn_connect(&db->conns[0], &db->options, e);
  if (c == OK)
    c = pg_read_secret(&db->conns[0], db->secret, e);
  if (c == OK && !db->secret[0] && !o->schema_any)
    c = err_set(e, NOT_FOUND, TR("データベースがまだ空です。tsunagu init を実行してください。"));
  return c == OK ? pg_conn_role(&db->conns[0], &db->options, e) : c;
}

static enum code pg_open(const struct db_options *o, struct str place, struct db **ret, struct err *e)
{
  struct pg_db *db = calloc(1, sizeof *db);
  if (!db)
    return err_oom(e);
  db->base.engine = &engine_pg;
  db->base.kind = DB_POSTGRESQL;
  db->url = strndup(place.p, place.n);
  db->options = (struct pg_options){
      .url = db->url, .owner = o->owner, .answer_ms = 1000 * o->answer_seconds, .doubt = &db->doubt};
  enum code c = open_pool(db, pool_size(o->readers), e);
  if (c == OK)
    c = open_first(db, o, e);
  if (c == OK)
    *ret = &db->base;
  else
    pg_close(&db->base);
  return c;
}

/* --- begin and end ------------------------------------------------------------------------------------------ */

enum mode { MODE_READ, MODE_WRITE, MODE_TURN /* a write, alone */ };

/* A long write loses against short ones again and again: they commit first. After some collisions it takes a turn: it waits until the
 * writes under way have ended, and those that begin meanwhile wait for it. Each write therefore holds this lock, shared. The turn is
 * taken outside of the transaction, so that its snapshot is newer than all it waited for. */
#define TURN "(7467110, 1)"

static bool send_begin(PGconn *h, enum mode mode, const char *const words[4])
{
  const char *begin =
      mode == MODE_READ ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" : "BEGIN ISOLATION LEVEL SERIALIZABLE";
  return PQenterPipelineMode(h) && PQsendQueryParams(h, begin, 0, NULL, NULL, NULL, NULL, 0) &&
         PQsendQueryPrepared(h, "tsunagu_who", 4, words, NULL, NULL, 0) &&
         (mode != MODE_WRITE ||
          PQsendQueryParams(h, "SELECT pg_advisory_xact_lock_shared" TURN, 0, NULL, NULL, NULL, NULL, 0)) &&
         PQpipelineSync(h);
}

/* On a connection between two transactions. Whoever waits for the turn keeps others from beginning, so not for long; and whoever has it and
 * falls silent is ended by the server. */
static enum code turn(struct pg_conn *c, bool take, struct err *e)
{
  static const char *const take_it =
      "SET lock_timeout TO '500ms'; SELECT pg_advisory_lock" TURN "; SET lock_timeout TO '10s';"
      "SET idle_in_transaction_session_timeout TO '5s'; SET idle_session_timeout TO '5s'";
  static const char *const give_it =
      "SELECT pg_advisory_unlock" TURN
      "; SET idle_in_transaction_session_timeout TO '10min'; SET idle_session_timeout TO 0";
  PGresult *r = pg_answers(c, PQsendQuery(c->h, take ? take_it : give_it));
  enum code code = PQresultStatus(r) == PGRES_COMMAND_OK ? OK : pg_error(c, r, "turn", false, e);
  PQclear(r);
  return code;
}

/* Takes all answers up to the end of the pipeline; the first failed one is the result. */
static enum code take_answers(struct pg_conn *c, struct err *e)
{
  enum code code = OK;
  for (int blanks = 0; blanks < 2;) {
    PGresult *r = pg_answer(c);
    ExecStatusType status = PQresultStatus(r);
    blanks = r ? 0 : blanks + 1; /* one NULL between two answers, two when the connection is gone */
    if (r && code == OK && status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_PIPELINE_SYNC)
      code = pg_error(c, r, "begin", false, e);
    PQclear(r);
    if (status == PGRES_PIPELINE_SYNC)
      break;
  }
  return code == OK && pg_conn_lost(c) ? pg_error(c, NULL, "begin", false, e) : code;
}

static enum code begin(struct pg_db *db, struct pg_conn *c, const struct db_who *who, ts_t now, enum mode mode,
                       struct err *e)
{
  static const struct db_who nobody;
  who = who ? who : &nobody;
  char session[2 * 64 + 1] = "", network[24], at[24];
  if (who->token.n && who->token.n <= 64)
    sodium_bin2hex(session, sizeof session, (const unsigned char *)who->token.p, who->token.n);
  snprintf(network, sizeof network, "%lld", (long long)who->network);
  snprintf(at, sizeof at, "%lld", (long long)now);
  const char *const words[4] = {session, who->service ? db->secret : "", network, at};
  if (!send_begin(c->h, mode, words)) {
    pg_error(c, NULL, "begin", false, e);
    pg_conn_close(c);
    return IO;
  }
  enum code code = take_answers(c, e);
  if (!PQexitPipelineMode(c->h))
    code = code != OK ? code : pg_error(c, NULL, "begin", false, e);
  return code;
}

/* Begins on a connection that may have died since it was used last: then once more on a new one. */
static enum code begin_ready(struct pg_db *db, struct pg_conn *c, const struct db_who *who, ts_t now, enum mode mode,
                             struct err *e)
{
  for (int attempt = 0;; attempt++) {
    enum code code = pg_conn_ready(c, &db->options, e);
    if (code != OK)
      return code;
    if (mode == MODE_TURN)
      code = turn(c, true, e);
    if (code == OK || (code == RETRY && !pg_conn_lost(c))) /* without the turn it is a write as any other */
      code = begin(db, c, who, now, code == OK ? mode : MODE_WRITE, e);
    if (code == LIMIT) /* it waited for other writes until its time was over */
      code = err_set(e, RETRY, code_msg(RETRY));
    if (code == OK || !pg_conn_lost(c) || attempt == 1)
      return code;
  }
}

static void roll_back(struct pg_conn *c)
{
  pg_conn_tidy(c);
  if (pg_conn_lost(c) || PQtransactionStatus(c->h) == PQTRANS_IDLE)
    return;
  PGresult *r = pg_answers(c, PQsendQuery(c->h, "ROLLBACK"));
  if (PQresultStatus(r) != PGRES_COMMAND_OK)
    pg_conn_close(c);
  PQclear(r);
}

/* A commit whose answer never came may have happened: it is never acknowledged, and never repeated by us. */
static enum code commit(struct pg_conn *c, struct err *e)
{
  PGresult *r = pg_answers(c, PQsendQuery(c->h, "COMMIT"));
  enum code code = OK;
  if (PQresultStatus(r) != PGRES_COMMAND_OK)
    code = pg_error(c, r, "commit", false, e);
  else if (strcmp(PQcmdStatus(r), "COMMIT") != 0)
    code = BUG(e, "the server rolled back a transaction that had not failed");
  PQclear(r);
  if (code == IO) {
    err_set(e, IO, TR("保存できたかどうか確かめられませんでした。画面を開きなおして確かめてください。"));
    err_detail(e, "the connection was lost during commit");
  }
  return code;
}

/* --- transactions ------------------------------------------------------------------------------------------- */

static enum code run_once(struct pg_db *db, int place, const struct db_who *who, enum mode mode, tx_fn fn, void *arg,
                          bool *ret_committing, struct err *e)
{
  struct pg_conn *c = &db->conns[place];
  struct tx tx;
  /* Its instant is one of the words that begin the transaction. */
  tx_start(&tx, &db->base, c, c->arena, who, mode != MODE_READ);
  enum code code = begin_ready(db, c, who, tx.now, mode, e);
  if (code == OK) {
    tx.place = place;
    code = tx_run(&tx, fn, arg, e);
    pg_conn_tidy(c);
    arena_reset(c->arena);
    *ret_committing = code == OK;
    if (code == OK)
      code = commit(c, e);
  }
  if (code != OK)
    roll_back(c);
  if (mode == MODE_TURN && !pg_conn_lost(c) && turn(c, false, NULL) != OK)
    pg_conn_close(c); /* which gives it back too */
  return code;
}

static enum code pg_read(struct db *base, const struct db_who *who, tx_fn fn, void *arg, struct err *e)
{
  struct pg_db *db = (struct pg_db *)base;
  bool ignored;
  int place = pool_take(&db->pool);
  enum code code = run_once(db, place, who, MODE_READ, fn, arg, &ignored, e);
  pool_give(&db->pool, place);
  return code;
}

/* Waits longer and longer, by chance, so that two that collided do not collide again. */
static void back_off(int attempt)
{
  uint32_t most = 1000U << (attempt < 7 ? attempt : 7);
  usleep(randombytes_uniform(most) + 200);
}

static enum code pg_write(struct db *base, const struct db_who *who, tx_fn fn, void *arg, struct err *e)
{
  struct pg_db *db = (struct pg_db *)base;
  int place = pool_take(&db->pool);
  int64_t begun = pg_monotonic_ms(), late = begun + LOST_MS;
  enum code code;
  for (int attempt = 0;; attempt++) {
    bool committing = false;
    enum mode mode = attempt < TURN_AFTER ? MODE_WRITE : MODE_TURN;
    code = run_once(db, place, who, mode, fn, arg, &committing, e);
    bool lost = code == IO && !committing && pg_conn_lost(&db->conns[place]) && pg_monotonic_ms() < late;
    bool over = db->options.answer_ms && pg_monotonic_ms() - begun > db->options.answer_ms;
    if ((code != RETRY && !lost) || attempt == WRITE_ATTEMPTS - 1 || over)
      break;
    db->retries++;
    back_off(attempt);
  }
  pool_give(&db->pool, place);
  return code;
}

static enum code pg_raw(struct db *base, raw_fn fn, void *arg, struct err *e)
{
  struct pg_db *db = (struct pg_db *)base;
  int place = pool_take(&db->pool);
  struct pg_conn *c = &db->conns[place];
  enum code code = pg_conn_ready(c, &db->options, e);
  if (code == OK)
    code = fn(base, c, arg, e);
  roll_back(c);
  pool_give(&db->pool, place);
  return code;
}

static void pg_measure(struct db *base, struct db_stats *ret)
{
  struct pg_db *db = (struct pg_db *)base;
  pool_measure(&db->pool, ret);
  ret->retries = db->retries;
}

const struct engine engine_pg = {
    .open = pg_open,
    .close = pg_close,
    .create = pg_create,
    .read = pg_read,
    .write = pg_write,
    .raw = pg_raw,
    .measure = pg_measure,
    .query = pg_query,
    .exec = pg_exec,
    .next = pg_next,
    .end = pg_end,
    .cell = pg_cell,
    .script = pg_script,
    .split = pg_split,
    .prepare = pg_prepare,
    .ask = pg_ask,
    .run = pg_run,
    .each = pg_each,
    .load_begin = pg_load_begin,
    .load_row = pg_load_row,
    .load_end = pg_load_end,
    .sql_columns = pg_columns_sql,
    .sql_references = pg_references_sql,
    .sql_begin = "BEGIN; SELECT pg_advisory_xact_lock(7467110); SET LOCAL ROLE " PG_ROLE_OWNER,
    .sql_version_exists = "SELECT CASE WHEN to_regclass('public.schema_version') IS NULL THEN 0 ELSE 1 END",
    .sql_version_table =
        "CREATE TABLE IF NOT EXISTS schema_version (version bigint NOT NULL PRIMARY KEY,"
        " applied_at bigint NOT NULL); REVOKE INSERT, UPDATE, DELETE ON schema_version FROM " PG_ROLE_APP,
};
