/* backup.c: one snapshot of every table into a sealed file, and the current keys beside it. On both engines rows are read, not pages:
 * the snapshot is consistent, nothing stands in the clear on the disk meanwhile, and what was deleted earlier is not carried along. */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/version.h"
#include "keep/keep_impl.h"
#include "network/network.h"

enum code keep_lock(const char *keys_path, int *ret_fd, struct err *e)
{
  char *name = NULL;
  if (asprintf(&name, "%s.lock", keys_path) < 0)
    return err_oom(e);
  int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  enum code c = OK;
  if (fd < 0)
    c = err_set1(e, IO, TR("ファイル %1 を作れません。フォルダーがあるか、権限があるかを確かめてください。"), name);
  else if (flock(fd, LOCK_EX | LOCK_NB) != 0)
    c = err_set(e, CONFLICT, TR("ほかのバックアップか消去が動いています。終わってから、もう一度実行してください。"));
  free(name);
  if (c == OK)
    *ret_fd = fd;
  else if (fd >= 0)
    close(fd);
  return c;
}

/* --- the manifest --- */

struct listing {
  struct doc *list;
  const struct keyfile *keys;
};

static void add_network(void *arg, id64 id, struct str name)
{
  struct listing *l = arg;
  struct doc *d = doc_add_map(l->list);
  doc_put_id(d, "id", id);
  doc_put_int(d, "epoch", keyfile_epoch(l->keys, id));
}

static enum code manifest(struct tx *tx, struct arena *a, const struct backup *b, const char *what, struct doc **ret,
                          struct err *e)
{
  struct doc *d = doc_map(a);
  doc_put_cstr(d, "tsunagu", what);
  doc_put_int(d, "format", STREAM_FORMAT);
  doc_put_cstr(d, "program", TSUNAGU_VERSION);
  doc_put_cstr(d, "engine", db_engine(b->db) == DB_SQLITE ? "sqlite" : "postgresql");
  doc_put_int(d, "schema", migrate_newest());
  doc_put_int(d, "made", tx_now(tx));
  doc_put_str(d, "made_at", ts_iso(a, tx_now(tx)));
  struct listing l = {doc_put_list(d, "networks"), b->keys};
  *ret = d;
  return network_each(tx, add_network, &l, e);
}

/* --- the current keys --- */

/* Those tables, of which accounts give the sealed second factor alone. */
static const char *const key_tables[] = {"network_key",  "decision",   "erasure",     "erasure_person",
                                         "erasure_rows", "person_key", "user_account"};
enum { KEY_TABLES = sizeof key_tables / sizeof *key_tables };

static struct table *only_factor(struct arena *a, const struct table *t)
{
  static const char *const wanted[] = {"network_id", "id", "totp_sealed"};
  struct table *part = arena_new_of(a, struct table);
  if (!part)
    return NULL;
  part->name = t->name;
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    int at = table_column(t, wanted[i]);
    if (at >= 0)
      part->column[part->columns++] = t->column[at];
  }
  return part;
}

static enum code write_keys(struct tx *tx, struct arena *a, const struct backup *b, struct vault_out *to,
                            struct table *const *all, size_t count, struct err *e)
{
  struct table *list[KEY_TABLES];
  struct doc *d = NULL;
  for (size_t i = 0; i < KEY_TABLES; i++) {
    const struct table *t = table_find(all, count, str_from(key_tables[i]));
    if (!t)
      return BUG(e, "a table of the current keys is not there");
    list[i] = strcmp(t->name, "user_account") == 0 ? only_factor(a, t) : (struct table *)t;
    if (!list[i])
      return err_oom(e);
  }
  struct stream_out *s = stream_out_new(a, to);
  enum code c = s ? manifest(tx, a, b, "current keys", &d, e) : err_oom(e);
  if (c == OK)
    c = stream_begin(s, d, list, KEY_TABLES, e);
  for (size_t i = 0; c == OK && i < KEY_TABLES; i++)
    c = stream_table(s, tx, list[i], e);
  return c == OK ? stream_end(s, e) : c;
}

/* --- the whole --- */

struct job {
  struct arena *a;
  const struct backup *b;
  struct vault_out *data, *keys; /* data NULL: the keys alone */
  struct backup_report *report;
};

static enum code write_data(struct tx *tx, struct job *job, struct table *const *list, size_t count, struct err *e)
{
  struct doc *d = NULL;
  struct stream_out *s = stream_out_new(job->a, job->data);
  enum code c = s ? manifest(tx, job->a, job->b, "backup", &d, e) : err_oom(e);
  if (c == OK)
    c = stream_begin(s, d, list, count, e);
  for (size_t i = 0; c == OK && i < count; i++)
    c = stream_table(s, tx, list[i], e);
  if (c == OK)
    c = stream_end(s, e);
  if (c != OK)
    return c;
  const struct doc *written = stream_written(s);
  job->report->tables = (struct doc *)written;
  for (size_t i = 0; i < doc_size(written); i++)
    job->report->rows += doc_get_int(doc_at(written, i), "rows");
  return OK;
}

static enum code write_all(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct table **list = NULL;
  size_t count = 0;
  enum code c = table_list(tx, job->a, &list, &count, e);
  if (c == OK && job->data)
    c = write_data(tx, job, list, count, e);
  return c == OK ? write_keys(tx, job->a, job->b, job->keys, list, count, e) : c;
}

/* The data first: keys without their data do no harm. */
static enum code commit(struct job *job, struct err *e)
{
  enum code c = OK;
  if (job->data) {
    struct vault_out *data = job->data;
    job->data = NULL;
    c = vault_commit(data, job->b->replaces, e);
  }
  if (c == OK) {
    struct vault_out *keys = job->keys;
    job->keys = NULL;
    c = vault_commit(keys, true, e);
  }
  return c;
}

static enum code run(struct job *job, struct err *e)
{
  const struct db_who who = {.service = true};
  const struct backup *b = job->b;
  enum code c = OK;
  if (b->path && !b->replaces && access(b->path, F_OK) == 0)
    c = err_set1(e, CONFLICT, TR("ファイル %1 はもうあります。別の名前にしてください。"), b->path);
  if (c == OK && b->path)
    c = vault_create(b->path, VAULT_BACKUP, b->key, &job->data, e);
  if (c == OK)
    c = vault_create(b->keys_path, VAULT_KEYS, b->key, &job->keys, e);
  if (c == OK)
    c = db_read(b->db, &who, write_all, job, e);
  if (c == OK && job->data)
    job->report->bytes = vault_written(job->data);
  if (c == OK)
    job->report->keys_bytes = vault_written(job->keys);
  if (c == OK)
    c = commit(job, e);
  vault_drop(job->data);
  vault_drop(job->keys);
  return c;
}

enum code backup_make(struct arena *a, const struct backup *b, struct backup_report *ret, struct err *e)
{
  *ret = (struct backup_report){0};
  struct job job = {.a = a, .b = b, .report = ret};
  enum code c = table_check(b->db, e);
  return c == OK ? run(&job, e) : c;
}

enum code backup_keys(struct arena *a, const struct backup *b, struct err *e)
{
  struct backup_report ignored = {0};
  struct backup keys = *b;
  keys.path = NULL;
  struct job job = {.a = a, .b = &keys, .report = &ignored};
  return run(&job, e);
}
