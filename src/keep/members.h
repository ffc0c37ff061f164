/* members.h: an export is a few files ("members"): a folder of them, or one sealed file (crypto/vault.h) that holds them one after the other
 * as records: F and its name, D and bytes of it, Z at the end; each a letter, 4 bytes of length (little endian), the bytes. */
#ifndef KEEP_MEMBERS_H
#define KEEP_MEMBERS_H
#include "crypto/secret.h"
#include "crypto/vault.h"

/* --- out; neither folder nor key: nothing is written, but the hashes are reckoned --- */
struct members_out;
enum code members_create(const char *path, const struct vault_key *key, struct members_out **ret,
                         struct err *e) MUST_CHECK;
enum code members_begin(struct members_out *o, const char *name, struct err *e) MUST_CHECK;
enum code members_write(struct members_out *o, struct str bytes, struct err *e) MUST_CHECK;
/* Ends the member: how long it is and its hash. */
enum code members_end(struct members_out *o, uint64_t *ret_bytes, unsigned char ret_hash[HASH],
                      struct err *e) MUST_CHECK;
enum code members_commit(struct members_out *o, struct err *e) MUST_CHECK; /* takes its name; frees */
void members_drop(struct members_out *o);                                  /* nothing stays; NULL is legal */

/* --- in --- */
struct members_in;
enum code members_open(const char *path, const struct vault_key *key, struct members_in **ret,
                       struct err *e) MUST_CHECK;
/* Goes to a member; in a sealed file only forward. NOT_FOUND where there is none. */
enum code members_seek(struct members_in *m, const char *name, struct err *e) MUST_CHECK;
/* The next member, whatever it is (sealed files only); *ret NULL at the end. Borrowed until the next call. */
enum code members_next(struct members_in *m, const char **ret, struct err *e) MUST_CHECK;
/* A line without its end; false at the end of the member. Borrowed until the next call. */
enum code members_line(struct members_in *m, struct str *ret, bool *ret_more, struct err *e) MUST_CHECK;
/* Up to some bytes; empty at the end of the member. */
enum code members_read(struct members_in *m, struct str *ret, struct err *e) MUST_CHECK;
/* Hash of what was read of this member. */
void members_hash(const struct members_in *m, unsigned char ret[HASH]);
void members_close(struct members_in *m); /* NULL is legal */

#endif
