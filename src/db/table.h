/* table.h: whole tables, for what must be complete by construction: backup, restore, erasing, export, import. What tables there are, with
 * their columns, keys and references, the engine's own catalog says; here alone SQL is composed, from those names and from integers. A
 * table that a later migration makes is thus part of all five from its first row on. Runs inside a transaction of db.h, as the service or
 * as a user whom row-level security does not bind. */
#ifndef DB_TABLE_H
#define DB_TABLE_H
#include "db/db.h"

enum { TABLE_COLUMNS = 48 };

struct table_column {
  const char *name;
  enum bind_kind kind; /* INT, TEXT, BYTES; BOOL where the engine tells it from INT (PostgreSQL) */
  bool nullable;
  int key; /* place in the primary key from 1; 0: not part of it */
};
struct table {
  const char *name;
  struct table_column column[TABLE_COLUMNS];
  int columns;
  struct table **parent; /* tables its foreign keys point to */
  size_t parents;
};

/* Every table of data in `a`, each after those it refers to, else by name: the same list on both engines. Not among them: the
 * schema's version and what belongs to the server itself (service_secret). */
enum code table_list(struct tx *tx, struct arena *a, struct table ***ret, size_t *ret_count, struct err *e) MUST_CHECK;
const struct table *table_find(struct table *const *list, size_t count, struct str name); /* NULL: none */
int table_column(const struct table *t, const char *name);                                /* place, or -1 */
/* The column that says whose network a row is of: network_id, or id in table network; NULL: of none. */
const char *table_network_column(const struct table *t);

/* Calls fn with the cells of each row of a network (0: of all), in the order of the primary key. A boolean comes as an integer. The cells
 * are borrowed for the call; fn runs no statements. */
typedef enum code (*table_fn)(void *arg, const struct bind *cells, struct err *e);
enum code table_each(struct tx *tx, const struct table *t, id64 network, table_fn fn, void *arg,
                     struct err *e) MUST_CHECK;

/* Putting rows in, as fast as the engine can; between begin and end no other statement runs. On PostgreSQL row-level security must
 * not bind the user (COPY): DENIED otherwise. Call end also after a failure. */
struct table_load;
enum code table_load_begin(struct tx *tx, const struct table *t, struct table_load **ret, struct err *e) MUST_CHECK;
enum code table_load_row(struct table_load *l, const struct bind *cells, struct err *e) MUST_CHECK;
enum code table_load_end(struct table_load *l, bool keep, struct err *e) MUST_CHECK; /* NULL is legal */

/* Rows of the transaction's network whose integer column has one of these values, TABLE_DELETE_MOST at most. */
enum { TABLE_DELETE_MOST = 200 };
enum code table_delete(struct tx *tx, const struct table *t, const char *column, const int64_t *values, size_t n,
                       int64_t *ret_rows, struct err *e) MUST_CHECK;

/* SQLite: rewrites the file without what was deleted and empties its log; CONFLICT when somebody still reads an old state.
 * PostgreSQL: VACUUM, which gives dead rows back to the tables; their bytes may stay in the server's files until overwritten. */
enum code table_scrub(struct db *db, struct err *e) MUST_CHECK;
/* SQLite: from now on what this process deletes is overwritten. */
enum code table_overwrite_deleted(struct db *db, struct err *e) MUST_CHECK;
/* SQLite: reads the file from end to end; IO when it is damaged. PostgreSQL: nothing. */
enum code table_check(struct db *db, struct err *e) MUST_CHECK;

#endif
