/* pg.h: one PostgreSQL connection with its prepared statements. Inside src/db only. */
#ifndef DB_PG_H
#define DB_PG_H
#include <libpq-fe.h>

#include "db/engine.h"

enum { PG_SECRET_TEXT = 64 };

/* A result being read; on the connection's list until rows_end(). */
struct pg_cursor {
  PGresult *r;
  struct pg_cursor *next;
};

struct pg_conn {
  PGconn *h; /* NULL before the first use */
  struct arena *arena;
  bool *prepared; /* by stmt_index() */
  struct pg_cursor *open;
  bool stale;  /* its prepared statements no longer fit the schema: connect anew */
  bool lost;   /* libpq itself, not the server, reported a failure */
  bool silent; /* lost because no answer came in time */
  int answer_ms;
  unsigned doubt; /* the pool's when it was connected */
  _Atomic unsigned *pool_doubt;
};

/* What every connection of a pool is told. */
struct pg_options {
  const char *url;
  bool owner;              /* stay who we connected as; else SET ROLE to the app role */
  int answer_ms;           /* a statement's answer takes no longer; 0: it may */
  _Atomic unsigned *doubt; /* counts the connections that fell silent: older ones are not trusted any more; or NULL */
};

#define PG_ROLE_OWNER "tsunagu_owner"
#define PG_ROLE_RLS "tsunagu_rls"
#define PG_ROLE_APP "tsunagu_app"

enum code pg_conn_init(struct pg_conn *c, struct err *e) MUST_CHECK;
void pg_conn_destroy(struct pg_conn *c);
/* Connects if need be: settings, checks of version, encoding and collation; not yet the role. */
enum code pg_conn_connect(struct pg_conn *c, const struct pg_options *o, struct err *e) MUST_CHECK;
/* Connects if need be and takes the role. */
enum code pg_conn_ready(struct pg_conn *c, const struct pg_options *o, struct err *e) MUST_CHECK;
enum code pg_conn_role(struct pg_conn *c, const struct pg_options *o, struct err *e) MUST_CHECK;
bool pg_conn_lost(const struct pg_conn *c);
void pg_conn_close(struct pg_conn *c);
void pg_conn_tidy(struct pg_conn *c);
/* Maps a failed result (NULL: none came) to ours. `what` names the statement; `own_text`: the server's sentence speaks only of
 * the program's own text and may be shown. */
enum code pg_error(struct pg_conn *c, const PGresult *r, const char *what, bool own_text, struct err *e);

/* --- pg_wait.c */
int64_t pg_monotonic_ms(void);
/* The next answer to what PQsend… has sent: NULL after the last, or when none came in time: then c->silent and c->lost are set. */
PGresult *pg_answer(struct pg_conn *c);
/* The last of all answers, as PQexec() gives it; `sent` is what PQsend… returned. */
PGresult *pg_answers(struct pg_conn *c, int sent);

enum code pg_script(void *conn, struct str text, struct arena *a, struct str *ret, struct err *e);
/* Next statement of a script: knows strings, quoted names, $tag$ bodies and comments. */
bool pg_split(void *conn, struct str *rest, struct str *ret);
enum code pg_prepare(void *conn, const struct stmt *q, struct err *e);
enum code pg_query(struct tx *tx, const struct stmt *q, struct rows *ret, const struct bind *binds, size_t count);
enum code pg_exec(struct tx *tx, const struct stmt *q, int64_t *ret_changed, const struct bind *binds, size_t count);
bool pg_next(struct rows *r);
void pg_end(struct rows *r);
bool pg_cell(const struct rows *r, int col, struct bind *ret);

/* --- pg_table.c: whole tables, by COPY */
enum code pg_ask(struct tx *tx, const char *sql, ask_fn fn, void *arg, struct err *e);
enum code pg_run(struct tx *tx, const char *sql, int64_t *ret_changed, struct err *e);
enum code pg_each(struct tx *tx, const struct table *t, const char *sql, table_fn fn, void *arg, struct err *e);
enum code pg_load_begin(struct table_load *l, const char *sql, struct err *e);
enum code pg_load_row(struct table_load *l, const struct bind *cells, struct err *e);
enum code pg_load_end(struct table_load *l, bool keep, struct err *e);
extern const char pg_columns_sql[], pg_references_sql[];

/* --- pg_create.c: roles, rights and the service secret; everything twice is legal */
enum code pg_create(const struct db_options *o, struct str place, struct err *e);
/* The secret as 64 hex letters, "" when the database has none yet. */
enum code pg_read_secret(struct pg_conn *c, char ret[PG_SECRET_TEXT + 1], struct err *e) MUST_CHECK;

#endif
