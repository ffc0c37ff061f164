/* open_row.h: a row of a table as everybody can read it, and back. Column by column, by its name and type:
 *   *_sealed (bytes)  what is sealed in it, as text under the name without the ending; {"base64": …} where it is no text
 *   bytes             hexadecimal digits
 *   integers          numbers; ids (id, *_id, *_by, *_ref) as their 13 letters, "" for 0
 *   text              text
 * Where the text of a row is withheld, so is its "fold". NULL is null. The second factor's secret (user_account.totp_sealed) is sealed by the network's key and stands as hexadecimal digits;
 * a plain export has neither that nor password hashes. */
#ifndef KEEP_OPEN_ROW_H
#define KEEP_OPEN_ROW_H
#include "keep/keep_impl.h"

/* Tables that belong to this installation and not to the network: sign-ins, tokens, the keys themselves. */
bool table_travels(const struct table *t);
/* The type of a column for the description: "id", "integer", "text", "hex", "opened". */
const char *column_type(const struct table_column *col);
/* The name under which it is written, in `a`. */
struct str column_name(struct arena *a, const struct table_column *col);

/* --- persons' keys of one network, in memory; wiped with it --- */
struct person_keys;
struct person_keys *person_keys_new(void);
void person_keys_free(struct person_keys *k);
bool person_keys_put(struct person_keys *k, id64 person, const struct seal_key *key); /* false: no memory */
const struct seal_key *person_keys_get(const struct person_keys *k, id64 person);     /* NULL: none */
enum code person_keys_load(struct tx *tx, const struct keyfile *keys, struct person_keys *k, struct err *e) MUST_CHECK;

/* --- what is concealed: of persons with a live 秘匿, the values of the concealed items --- */
struct withheld;
enum code withheld_load(struct tx *tx, struct arena *a, const struct person_keys *keys, struct table *const *list,
                        size_t count, struct withheld **ret, struct err *e) MUST_CHECK;
/* Text of a person without what is concealed: 秘匿あり in its place. `item`: the row's own concealable item. */
struct str withheld_mask(struct withheld *w, struct arena *a, id64 person, int64_t item, struct str text);
int64_t withheld_count(const struct withheld *w);

/* --- a row --- */
struct open_row {
  const struct table *table;
  id64 network;
  int epoch;
  const struct keyfile *keys;
  struct person_keys *persons;
  struct withheld *withheld; /* NULL: nothing is withheld */
  bool plain;
};
enum code row_open(const struct open_row *o, struct arena *a, const struct bind *cells, struct doc **ret,
                   struct err *e) MUST_CHECK;
/* The cells of a line; sealed anew. INVALID where it is not as written above. */
enum code row_seal(const struct open_row *o, struct arena *a, const struct doc *line, struct bind *ret_cells,
                   struct err *e) MUST_CHECK;

#endif
