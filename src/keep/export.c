/* export.c: a whole network in open formats. */
#include "audit/audit.h"
#include "base/limits.h"
#include "base/version.h"
#include "keep/network_files.h"

static const char readme[] = "A support network of tsunagu, exported whole.\n\n"
                             "manifest.json  what this is, and for each table: its file, rows, length, BLAKE2b-256 "
                             "hash, columns and their types\n"
                             "schema.json    JSON Schema (2020-12): in $defs an object for a line of each table\n"
                             "data/          JSON Lines, UTF-8, a row a line, in the order of the primary key; tsunagu "
                             "import network reads these\n"
                             "csv/           the same for spreadsheets (UTF-8 with BOM); text that would begin a "
                             "formula has an apostrophe before it\n\n"
                             "Types: id (13 letters, \"\" for none), integer (instants are milliseconds since 1970 "
                             "UTC; yes and no are 1 and 0), text,\n"
                             "hex (bytes), opened (text that is sealed in the database; {\"base64\": ...} where it is "
                             "no text). null: not known.\n"
                             "Persons' keys, sign-ins and tokens of programs are not in it.\n";

struct job {
  struct arena *a;
  const struct exporting *x;
  struct members_out *to;
  struct export_report *report;
};

/* --- the event and the decision, before the first byte --- */

static enum code decide(struct tx *tx, void *arg, struct err *e)
{
  const struct job *job = arg;
  const struct scope *s = NULL;
  const struct actor who = {
      .role = ROLE_SERVICE, .network = tx_network(tx), .second_factor = true}; /* a value, not a decision */
  const struct decision_row release = {.id = id_new(tx_now(tx)),
                                       .approver = job->x->approver,
                                       .kind = S("release"),
                                       .reason = job->x->reason,
                                       .at = tx_now(tx)};
  enum code c = access_open_network(tx, &who, ACTION_NETWORK_EXPORT, &s, e);
  if (c == OK && job->x->release)
    c = keep_sql_add_decision(tx, &release, e);
  audit_stamp(tx, job->x->release ? S("export-release") : S("export"));
  return c == OK ? audit_flush(tx, e) : c;
}

/* --- the description --- */

static void put_type(struct doc *d, const char *type, bool nullable)
{
  bool opened = strcmp(type, "opened") == 0, number = strcmp(type, "integer") == 0;
  struct doc *types = doc_put_list(d, "type");
  doc_add_str(types, number ? S("integer") : S("string"));
  if (opened)
    doc_add_str(types, S("object"));
  if (nullable)
    doc_add_str(types, S("null"));
  if (strcmp(type, "id") == 0)
    doc_put_cstr(d, "pattern", "^([0-9a-hjkmnp-tv-z]{13})?$");
  if (strcmp(type, "hex") == 0)
    doc_put_cstr(d, "pattern", "^([0-9a-f]{2})*$");
}

static struct doc *schema(struct arena *a, const struct doc *tables)
{
  struct doc *d = doc_map(a);
  doc_put_cstr(d, "$schema", "https://json-schema.org/draft/2020-12/schema");
  doc_put_cstr(d, "title", "tsunagu network export");
  struct doc *defs = doc_put_map(d, "$defs");
  for (size_t i = 0; i < doc_size(tables); i++) {
    const struct doc *t = doc_at(tables, i), *columns = doc_get(t, "columns");
    struct doc *one = doc_map(a), *required = doc_list(a), *properties = doc_map(a);
    for (size_t k = 0; k < doc_size(columns); k++) {
      const struct doc *c = doc_at(columns, k);
      struct doc *p = doc_map(a);
      put_type(p, str_cstr(a, doc_get_str(c, "type")), true);
      doc_put_key(properties, doc_get_str(c, "name"), p);
      doc_add_str(required, doc_get_str(c, "name"));
    }
    doc_put_cstr(one, "type", "object");
    doc_put(one, "properties", properties);
    doc_put(one, "required", required);
    doc_put_bool(one, "additionalProperties", false);
    doc_put_key(defs, doc_get_str(t, "name"), one);
  }
  return d;
}

static enum code put_member(struct job *job, const char *name, struct str text, struct err *e)
{
  unsigned char ignored[HASH];
  uint64_t bytes;
  enum code c = members_begin(job->to, name, e);
  if (c == OK)
    c = members_write(job->to, text, e);
  return c == OK ? members_end(job->to, &bytes, ignored, e) : c;
}

static enum code put_json(struct job *job, const char *name, const struct doc *d, struct err *e)
{
  struct buf b;
  buf_init(&b, job->a, LIMIT_PAGE);
  json_write(&b, d);
  buf_add_c(&b, '\n');
  return b.failed ? err_oom(e) : put_member(job, name, buf_str(&b), e);
}

static struct doc *manifest(struct job *job, struct tx *tx, const struct network_files *f)
{
  struct doc *d = doc_map(job->a);
  doc_put_cstr(d, "tsunagu", "network export");
  doc_put_int(d, "format", EXPORT_FORMAT);
  doc_put_cstr(d, "program", TSUNAGU_VERSION);
  doc_put_cstr(d, "engine", db_engine(job->x->db) == DB_SQLITE ? "sqlite" : "postgresql");
  doc_put_int(d, "schema", migrate_newest());
  doc_put_str(d, "made_at", ts_iso(job->a, tx_now(tx)));
  doc_put_id(d, "network", tx_network(tx));
  doc_put_bool(d, "plain", f->plain);
  doc_put_bool(d, "released", f->release);
  doc_put_int(d, "withheld", job->report->withheld);
  doc_put(d, "tables", f->tables);
  return d;
}

static enum code write_all(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct network_files f = {.tx = tx,
                            .a = job->a,
                            .to = job->to,
                            .keys = job->x->keys,
                            .plain = !job->x->key,
                            .release = job->x->release,
                            .csv = true,
                            .report = job->report};
  enum code c = network_files_write(&f, e);
  if (c == OK)
    c = put_json(job, "schema.json", schema(job->a, f.tables), e);
  if (c == OK)
    c = put_member(job, "README.txt", str_from(readme), e);
  return c == OK ? put_json(job, "manifest.json", manifest(job, tx, &f), e) : c; /* last: it closes the whole */
}

enum code export_network(struct arena *a, const struct exporting *x, struct export_report *ret, struct err *e)
{
  const struct db_who who = {.network = x->network, .service = true};
  struct job job = {.a = a, .x = x, .report = ret};
  *ret = (struct export_report){0};
  if (x->release && !x->reason.n)
    return err_set(e, INVALID, TR("秘匿の項目も書き出す理由を --reason で書いてください。"));
  enum code c = members_create(x->path, x->key, &job.to, e);
  if (c == OK)
    c = db_write(x->db, "export", &who, decide, &job, e);
  if (c == OK)
    c = db_read(x->db, &who, write_all, &job, e);
  if (c == OK) {
    struct members_out *to = job.to;
    job.to = NULL;
    c = members_commit(to, e);
  }
  members_drop(job.to);
  return c;
}

/* --- unpacking --- */

static bool name_is_ours(const char *name)
{
  struct str s = str_from(name);
  bool good = str_starts(s, S("data/")) || str_starts(s, S("csv/")) || str_eq(s, S("schema.json")) ||
              str_eq(s, S("manifest.json")) || str_eq(s, S("README.txt"));
  return good && !str_contains(s, S("..")) && !str_contains(str_sub(s, 5, s.n), S("/"));
}

static enum code copy_member(struct members_in *in, struct members_out *out, const char *name, struct err *e)
{
  unsigned char ignored[HASH];
  uint64_t bytes;
  struct str part = STR_NONE;
  enum code c = name_is_ours(name) ? members_begin(out, name, e)
                                   : err_set(e, INVALID,
                                             TR("書き出したファイルの中身が、決まった形になっていません。書き"
                                                "出した側で、もう一度書き出してください。"));
  do {
    if (c == OK)
      c = members_read(in, &part, e);
    if (c == OK)
      c = members_write(out, part, e);
  } while (c == OK && part.n);
  return c == OK ? members_end(out, &bytes, ignored, e) : c;
}

enum code export_unpack(struct arena *a, const char *path, const struct vault_key *key, const char *folder,
                        struct err *e)
{
  struct members_in *in = NULL;
  struct members_out *out = NULL;
  const char *name = "";
  enum code c = members_open(path, key, &in, e);
  if (c == OK)
    c = members_create(folder, NULL, &out, e);
  while (c == OK && name) {
    c = members_next(in, &name, e);
    if (c == OK && name)
      c = copy_member(in, out, str_cstr(a, str_from(name)), e);
  }
  if (c == OK) {
    struct members_out *done = out;
    out = NULL;
    c = members_commit(done, e);
  }
  members_drop(out);
  members_close(in);
  return c;
}
