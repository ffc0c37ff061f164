/* migrate.c: numbered, forward migrations out of the binary. Each runs in one transaction together with its row in
 * schema_version; killed anywhere, the database is what it was before that migration or what it is after it. Two that
 * migrate at once wait for each other, and the second finds nothing left to do. */
#include "db/migrate.h"

#include "base/limits.h"
#include "db/engine.h"

static const struct migration *list(enum db_engine engine)
{
  return engine == DB_SQLITE ? migrations_sqlite : migrations_postgresql;
}

int migrate_newest(void)
{
  return migrations_count;
}

/* --- which one is it? --------------------------------------------------------------------------------------- */

static enum code ask(struct db *db, void *conn, const char *sql, int64_t *ret, struct err *e)
{
  struct arena *a = arena_new(LIMIT_ARENA);
  struct str text = STR_NONE;
  enum code c = db->engine->script(conn, str_from(sql), a, &text, e);
  if (c == OK && !str_to_i64(text, ret))
    *ret = 0;
  arena_free(a);
  return c;
}

static enum code read_version(struct db *db, void *conn, void *arg, struct err *e)
{
  int64_t there = 0, version = 0;
  enum code c = ask(db, conn, db->engine->sql_version_exists, &there, e);
  if (c == OK && there)
    c = ask(db, conn, "SELECT max(version) FROM schema_version", &version, e);
  *(int *)arg = (int)version;
  return c;
}

enum code migrate_version(struct db *db, int *ret, struct err *e)
{
  int version = 0;
  enum code c = db->engine->raw(db, read_version, &version, e);
  if (c == OK)
    *ret = version;
  return c;
}

/* --- a restore under way ------------------------------------------------------------------------------------- */

static enum code read_restoring(struct db *db, void *conn, void *arg, struct err *e)
{
  struct restoring *f = arg;
  int64_t there = 0, stage = 0;
  enum code c = ask(db, conn, db->engine->sql_version_exists, &there, e);
  if (c == OK && there)
    c = ask(db, conn, "SELECT -min(version) FROM schema_version WHERE version < 0", &stage, e);
  if (c == OK && stage)
    c = ask(db, conn, "SELECT applied_at FROM schema_version WHERE version < 0", &f->made, e);
  f->stage = (enum restoring_stage)stage;
  return c;
}

enum code restoring_get(struct db *db, struct restoring *ret, struct err *e)
{
  *ret = (struct restoring){0};
  return db->engine->raw(db, read_restoring, ret, e);
}

static enum code write_restoring(struct db *db, void *conn, void *arg, struct err *e)
{
  const struct restoring *f = arg;
  char row[200];
  snprintf(row, sizeof row,
           "BEGIN; DELETE FROM schema_version WHERE version < 0; INSERT INTO schema_version (version, applied_at)"
           " SELECT %d, %lld WHERE %d < 0; COMMIT",
           -(int)f->stage, (long long)f->made, -(int)f->stage);
  return db->engine->script(conn, str_from(row), NULL, NULL, e);
}

enum code restoring_set(struct db *db, const struct restoring *f, struct err *e)
{
  struct restoring copy = *f;
  return db->engine->raw(db, write_restoring, &copy, e);
}

static enum code refuse_half(struct db *db, struct err *e)
{
  struct restoring f;
  enum code c = restoring_get(db, &f, e);
  if (c == OK && f.stage)
    c = err_set(
        e, INVALID,
        TR("データベースは、バックアップから戻している途中のままです。tsunagu restore をもう一度実行してください。"));
  return c;
}

static enum code refuse_newer(int version, struct err *e)
{
  if (version <= migrate_newest())
    return OK;
  err_set(e, INVALID,
          TR("データベースはこのプログラムより新しい版のものです。プログラムを新しくするか、更新の前のバックアップに戻"
             "してください。"));
  err_detail(e, "schema %d, program knows %d", version, migrate_newest());
  return INVALID;
}

enum code migrate_check(struct db *db, const struct db_options *o, struct err *e)
{
  int version = 0;
  if (o->schema_any)
    return OK;
  enum code c = migrate_version(db, &version, e);
  if (c == OK)
    c = refuse_newer(version, e);
  if (c == OK && version)
    c = refuse_half(db, e);
  if (c != OK || version == migrate_newest())
    return c;
  c = version ? err_set(e, INVALID,
                        TR("データベースがこのプログラムより古い版のままです。tsunagu migrate を実行してください。"))
              : err_set(e, NOT_FOUND, TR("データベースがまだ空です。tsunagu init を実行してください。"));
  err_detail(e, "schema %d, program knows %d", version, migrate_newest());
  return c;
}

/* --- running ------------------------------------------------------------------------------------------------ */

static enum code run_text(struct db *db, void *conn, struct str text, struct err *e)
{
  struct str one;
  while (db->engine->split(conn, &text, &one)) {
    if (db->fail_at > 0 && --db->fail_at == 0)
      return err_set(e, IO, code_msg(IO));
    enum code c = db->engine->script(conn, one, NULL, NULL, e);
    if (c != OK)
      return c;
  }
  return OK;
}

static enum code run_one(struct db *db, void *conn, const struct migration *m, struct err *e)
{
  char row[120];
  snprintf(row, sizeof row, "INSERT INTO schema_version (version, applied_at) VALUES (%d, %lld)", m->number,
           (long long)clock_now());
  int version = 0;
  struct str text = {m->text, (size_t)(m->end - m->text)};
  enum code c = db->engine->script(conn, str_from(db->engine->sql_begin), NULL, NULL, e);
  if (c != OK)
    return c;
  c = db->engine->script(conn, str_from(db->engine->sql_version_table), NULL, NULL, e);
  if (c == OK)
    c = read_version(db, conn, &version, e); /* again: another one may have been faster */
  if (c == OK && version < m->number)
    c = run_text(db, conn, text, e);
  if (c == OK && version < m->number)
    c = run_text(db, conn, str_from(row), e);
  if (c == OK && version < m->number && db->engine->sql_plan)
    c = db->engine->script(conn, str_from(db->engine->sql_plan), NULL, NULL, e);
  struct err ignored;
  if (c == OK)
    c = db->engine->script(conn, S("COMMIT"), NULL, NULL, e);
  if (c != OK) {
    (void)!db->engine->script(conn, S("ROLLBACK"), NULL, NULL, &ignored);
    if (e)
      err_detail(e, "migration %04d: %s", m->number, e->detail);
  }
  return c;
}

struct range {
  int from, to;
};

static enum code run_all(struct db *db, void *conn, void *arg, struct err *e)
{
  const struct range *r = arg;
  enum code c = OK;
  for (int i = r->from; i < r->to && c == OK; i++)
    c = run_one(db, conn, &list(db->kind)[i], e);
  return c;
}

enum code migrate_run(struct db *db, int *ret_from, int *ret_to, struct err *e)
{
  int version = 0;
  enum code c = migrate_version(db, &version, e);
  if (c == OK)
    c = refuse_newer(version, e);
  if (c == OK)
    c = db->engine->raw(db, run_all, &(struct range){version, migrations_count}, e);
  if (c == OK && ret_from)
    *ret_from = version;
  if (c == OK && ret_to)
    *ret_to = migrate_newest();
  return c;
}

enum code migrate_run_to(struct db *db, int to, struct err *e)
{
  int version = 0;
  if (to > migrations_count)
    return refuse_newer(to, e);
  enum code c = migrate_version(db, &version, e);
  return c == OK ? db->engine->raw(db, run_all, &(struct range){version, to}, e) : c;
}
