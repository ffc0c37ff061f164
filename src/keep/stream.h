/* stream.h: tables as one sealed file (crypto/vault.h), for backups and for the file of the current keys. Inside: records of a letter,
 * a length (4 bytes, little endian) and that many bytes:
 *   J  the manifest at the beginning, JSON: format, program, engine, schema, made_at, networks, tables with their columns
 *   T  a table begins: its name        R  a row of it
 *   E  the manifest at the end, JSON: for each table its rows and their hash (BLAKE2b-256 over the rows as they stand here)
 * A row is its cells in the order of the columns: 0 (NULL), 1 and 8 bytes (integer, also a boolean), 2 or 3, 4 bytes of length and the
 * bytes (text, bytes). The same rows give the same bytes, whichever engine they come from. */
#ifndef KEEP_STREAM_H
#define KEEP_STREAM_H
#include "base/doc.h"
#include "crypto/secret.h"
#include "crypto/vault.h"
#include "db/table.h"

enum { STREAM_FORMAT = 1, STREAM_ROW = 64 << 20 };

/* --- out; without a file only counts and hashes --- */
struct stream_out;
struct stream_out *stream_out_new(struct arena *a, struct vault_out *to); /* `a` must outlive it */
/* The first record: `manifest` gets "tables". */
enum code stream_begin(struct stream_out *s, struct doc *manifest, struct table *const *tables, size_t count,
                       struct err *e) MUST_CHECK;
/* All rows of a table, as they stand in the transaction. */
enum code stream_table(struct stream_out *s, struct tx *tx, const struct table *t, struct err *e) MUST_CHECK;
/* The last record. What was written: list of {name, rows, hash}. */
enum code stream_end(struct stream_out *s, struct err *e) MUST_CHECK;
const struct doc *stream_written(const struct stream_out *s);

/* --- in --- */
struct stream_in;
/* Reads the first record. INVALID for a newer format. */
enum code stream_open(struct arena *a, const char *path, enum vault_kind kind, const struct vault_key *key,
                      struct stream_in **ret, struct err *e) MUST_CHECK;
const struct doc *stream_manifest(const struct stream_in *s);
size_t stream_tables(const struct stream_in *s, struct table *const **ret); /* as the manifest has them */
/* fn for each row. At the end what came must be what the last record says, or INVALID. begin (may be NULL) is called before a table's
 * first row, also where it has none. */
struct stream_take {
  enum code (*begin)(void *arg, const struct table *t, struct err *e);
  enum code (*row)(void *arg, const struct table *t, const struct bind *cells, struct err *e);
  void *arg;
};
enum code stream_each(struct stream_in *s, const struct stream_take *take, struct err *e) MUST_CHECK;
const struct doc *stream_end_manifest(const struct stream_in *s); /* after stream_each() */
void stream_close(struct stream_in *s);                           /* NULL is legal */

#endif
