/* import.c: an exported network into a database, of either engine. All in one transaction, which ends by exporting once more, to nowhere:
 * only where each table gives the same bytes again it is kept. */
#include "base/limits.h"
#include "keep/network_files.h"
#include "network/network.h"

enum { LINE_ARENA = 128 << 20 };

struct job {
  struct arena *a, *line;
  const struct importing *x;
  struct export_report *report;
  const struct doc *manifest;
  struct tx *tx;
  struct table **list;
  size_t count;
  struct open_row row;
};

static enum code strange(struct err *e)
{
  return err_set(
      e, INVALID,
      TR("書き出したファイルの中身が、決まった形になっていません。書き出した側で、もう一度書き出してください。"));
}

/* --- the manifest --- */

/* In a sealed file the manifest is the last member: whoever has read it has seen the whole file unbroken. */
static enum code read_manifest(struct arena *a, const struct importing *x, struct doc **ret, struct err *e)
{
  struct members_in *in = NULL;
  struct str line = STR_NONE;
  struct err ignored;
  const char *more_members = NULL;
  bool more = false;
  enum code c = members_open(x->path, x->key, &in, e);
  if (c == OK)
    c = members_seek(in, "manifest.json", e);
  if (c == OK)
    c = members_line(in, &line, &more, e);
  if (c == OK && (!more || json_parse(a, line, ret, &ignored) != OK))
    c = strange(e);
  if (c == OK && x->key)
    c = members_next(in, &more_members, e);
  members_close(in);
  if (c == OK &&
      (doc_get_int(*ret, "format") != EXPORT_FORMAT || !str_is(doc_get_str(*ret, "tsunagu"), "network export")))
    c = strange(e);
  if (c == OK && doc_get_int(*ret, "schema") != migrate_newest())
    c = err_set(e, INVALID,
                TR("別の版の tsunagu が書き出したものです。書き出す側と取り込む側を、同じ版にしてください。"));
  return c;
}

enum code import_network_id(struct arena *a, const struct importing *x, id64 *ret, struct err *e)
{
  struct doc *m = NULL;
  enum code c = read_manifest(a, x, &m, e);
  if (c == OK && !doc_get_id(m, "network", ret))
    c = strange(e);
  return c;
}

/* --- a table --- */

static enum code take_line(struct job *job, struct table_load *load, struct str text, struct err *e)
{
  struct bind cell[TABLE_COLUMNS];
  struct doc *line = NULL;
  struct err ignored;
  arena_reset(job->line);
  if (json_parse(job->line, text, &line, &ignored) != OK)
    return strange(e);
  enum code c = row_seal(&job->row, job->line, line, cell, e);
  int whose = table_column(job->row.table, table_network_column(job->row.table));
  if (c == OK && cell[whose].i != job->row.network)
    c = strange(e); /* rows of another network */
  if (c == OK && arena_failed(job->line))
    c = err_oom(e);
  if (c == OK && strcmp(job->row.table->name, "person") == 0) {
    struct seal_key key;
    seal_key_new(&key);
    if (!person_keys_put(job->row.persons, cell[table_column(job->row.table, "id")].i, &key))
      c = err_oom(e);
  }
  return c == OK ? table_load_row(load, cell, e) : c;
}

static enum code load_lines(struct job *job, struct members_in *in, int64_t *ret_rows, struct err *e)
{
  struct table_load *load = NULL;
  struct str line = STR_NONE;
  struct err ignored;
  bool more = true;
  enum code c = table_load_begin(job->tx, job->row.table, &load, e);
  for (*ret_rows = 0; c == OK; ++*ret_rows) {
    c = members_line(in, &line, &more, e);
    if (c != OK || !more)
      break;
    c = take_line(job, load, line, e);
  }
  if (c != OK) {
    (void)!table_load_end(load, false, &ignored);
    return c;
  }
  return table_load_end(load, true, e);
}

static bool same_columns(struct arena *a, const struct table *t, const struct doc *columns)
{
  bool same = doc_size(columns) == (size_t)t->columns;
  for (int i = 0; same && i < t->columns; i++)
    same = str_eq(doc_get_str(doc_at(columns, (size_t)i), "name"), column_name(a, &t->column[i]));
  return same;
}

static enum code load_table(struct job *job, struct members_in *in, const struct doc *entry, struct err *e)
{
  unsigned char hash[HASH];
  int64_t rows = 0;
  const struct table *t = table_find(job->list, job->count, doc_get_str(entry, "name"));
  if (!t || !table_travels(t) || !same_columns(job->a, t, doc_get(entry, "columns")))
    return strange(e);
  job->row.table = t;
  enum code c = members_seek(in, str_cstr(job->a, str_printf(job->a, "data/%s.jsonl", t->name)), e);
  if (c == OK)
    c = load_lines(job, in, &rows, e);
  if (c != OK)
    return c;
  members_hash(in, hash);
  struct str hex = hex_text(job->a, (struct str){(const char *)hash, HASH});
  job->report->rows += rows;
  job->report->tables++;
  return rows == doc_get_int(entry, "rows") && str_eq(hex, doc_get_str(entry, "hash"))
             ? OK
             : err_set(e, INVALID, TR("書き出したファイルが、あとから変わっています。元のファイルを使ってください。"));
}

/* --- persons' keys, new ones --- */

struct wrapping {
  struct job *job;
  struct table_load *load;
  const struct table *t, *person;
  int64_t *ids;
  size_t n, size;
};

static enum code keep_id(void *arg, const struct bind *cells, struct err *e)
{
  struct wrapping *w = arg;
  if (w->n == w->size) {
    size_t more = w->size ? 2 * w->size : 1024;
    int64_t *ids = realloc(w->ids, more * sizeof(*ids));
    if (!ids)
      return err_oom(e);
    w->ids = ids;
    w->size = more;
  }
  w->ids[w->n++] = cells[table_column(w->person, "id")].i;
  return OK;
}

static enum code put_key(struct wrapping *w, id64 person, struct err *e)
{
  struct job *job = w->job;
  struct str wrapped = STR_NONE;
  struct bind cell[TABLE_COLUMNS] = {{0}};
  const struct seal_key *key = person_keys_get(job->row.persons, person);
  arena_reset(job->line);
  if (!key)
    return BUG(e, "a person that was imported has a key");
  enum code c = key_wrap(job->line, job->row.keys, job->row.network, job->row.epoch, person, key, &wrapped, e);
  cell[table_column(w->t, "network_id")] = b_int(job->row.network);
  cell[table_column(w->t, "person_id")] = b_int(person);
  cell[table_column(w->t, "epoch")] = b_int(job->row.epoch);
  cell[table_column(w->t, "wrapped")] = b_bytes(wrapped);
  return c == OK ? table_load_row(w->load, cell, e) : c;
}

static enum code add_keys(struct job *job, const struct table *person, struct err *e)
{
  struct err ignored;
  struct wrapping w = {.job = job, .person = person, .t = table_find(job->list, job->count, S("person_key"))};
  if (!w.t || w.t->columns != 4)
    return BUG(e, "table person_key as it is written here");
  enum code c = table_each(job->tx, person, job->row.network, keep_id, &w, e);
  if (c == OK)
    c = table_load_begin(job->tx, w.t, &w.load, e);
  for (size_t i = 0; c == OK && i < w.n; i++)
    c = put_key(&w, w.ids[i], e);
  free(w.ids);
  if (c != OK) {
    (void)!table_load_end(w.load, false, &ignored);
    return c;
  }
  return table_load_end(w.load, true, e);
}

/* --- the whole --- */

static enum code compare(struct job *job, struct err *e)
{
  struct export_report ignored = {0};
  struct members_out *nowhere = NULL;
  const struct doc *wanted = doc_get(job->manifest, "tables");
  struct network_files f = {.tx = job->tx,
                            .a = job->a,
                            .keys = job->row.keys,
                            .plain = doc_get_bool(job->manifest, "plain"),
                            .release = true, /* what was withheld is not there any more */
                            .report = &ignored};
  enum code c = members_create(NULL, NULL, &nowhere, e);
  f.to = nowhere;
  if (c == OK)
    c = network_files_write(&f, e);
  members_drop(nowhere);
  if (c == OK && !doc_equal(f.tables, wanted))
    c = err_set(e, IO, TR("取り込んだデータが、書き出したものと一致しません。何も取り込んでいません。"));
  return c;
}

static void look_for(void *arg, id64 id, struct str name)
{
  struct job *job = arg;
  if (id == job->row.network)
    job->report->tables = -1;
}

static enum code check_absent(struct job *job, struct err *e)
{
  enum code c = network_each(job->tx, look_for, job, e);
  if (c == OK && job->report->tables < 0)
    c = err_set(e, CONFLICT, TR("そのネットワークは、もうこのデータベースにあります。"));
  return c;
}

static enum code load_tables(struct job *job, struct members_in *in, struct err *e)
{
  const struct doc *tables = doc_get(job->manifest, "tables");
  enum code c = OK;
  for (size_t i = 0; c == OK && i < doc_size(tables); i++) {
    c = load_table(job, in, doc_at(tables, i), e);
    if (c == OK && strcmp(job->row.table->name, "person") == 0)
      c = add_keys(job, job->row.table, e);
    if (c == OK && strcmp(job->row.table->name, "network") == 0 && job->row.epoch > 1)
      c = network_set_epoch(job->tx, job->row.epoch, e);
  }
  return c;
}

/* May run again: everything begins anew. */
static enum code import_all(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct members_in *in = NULL;
  *job->report = (struct export_report){0};
  job->tx = tx;
  job->row.persons = person_keys_new();
  enum code c = job->row.persons ? check_absent(job, e) : err_oom(e);
  if (c == OK)
    c = table_list(tx, job->a, &job->list, &job->count, e);
  if (c == OK)
    c = members_open(job->x->path, job->x->key, &in, e);
  if (c == OK)
    c = load_tables(job, in, e);
  members_close(in);
  if (c == OK)
    c = compare(job, e);
  person_keys_free(job->row.persons);
  job->row.persons = NULL;
  return c;
}

enum code import_network(struct arena *a, const struct importing *x, struct export_report *ret, struct err *e)
{
  struct doc *manifest = NULL;
  struct job job = {.a = a, .x = x, .report = ret, .line = arena_new(LINE_ARENA)};
  enum code c = job.line ? read_manifest(a, x, &manifest, e) : err_oom(e);
  job.manifest = manifest;
  if (c == OK && !doc_get_id(manifest, "network", &job.row.network))
    c = strange(e);
  job.row.keys = x->keys;
  job.row.plain = c == OK && doc_get_bool(manifest, "plain");
  if (c == OK) {
    const struct db_who who = {.network = job.row.network, .service = true};
    job.row.epoch = keyfile_epoch(x->keys, job.row.network);
    c = db_write(x->db, "import network", &who, import_all, &job, e);
  }
  arena_free(job.line);
  return c;
}
