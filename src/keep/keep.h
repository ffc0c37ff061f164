/* keep.h: what outlives the machine and what must not outlive its term: backup, restore, 消去 (erasing), export, import. Rules and how
 * to use them: docs/backup.md. All of it runs for the command line alone, as the service.
 *
 * Four things are kept apart: the *data backup* (any number of them), the *current keys* (one small file that always replaces its
 * predecessor: every person's key as it is wrapped now), the *key file* (crypto/seal.h, in no backup) and the *backup key*
 * (crypto/vault.h). A data backup is read with the last three; after an erasure the key file that wrapped the erased persons' keys is
 * gone, and the current keys no longer hold them. */
#ifndef KEEP_KEEP_H
#define KEEP_KEEP_H
#include "access/scope.h"
#include "base/clock.h"
#include "base/doc.h"
#include "crypto/seal.h"
#include "crypto/vault.h"
#include "db/db.h"

/* --- one at a time ------------------------------------------------------------------------------------------------ */
/* Backups and erasures that share a file of current keys exclude each other: CONFLICT. Held until the descriptor is closed. */
enum code keep_lock(const char *keys_path, int *ret_fd, struct err *e) MUST_CHECK;

/* --- backup ------------------------------------------------------------------------------------------------------- */
struct backup {
  struct db *db;
  struct keyfile *keys;
  const struct vault_key *key;  /* the public half is enough */
  const char *path, *keys_path; /* the data backup, the file of current keys (replaced) */
  bool replaces;                /* else CONFLICT where path is there */
};
struct backup_report {
  struct doc *tables; /* list of {name, rows, hash} */
  int64_t rows;
  uint64_t bytes, keys_bytes;
};
/* One snapshot of everything, while others go on writing. */
enum code backup_make(struct arena *a, const struct backup *b, struct backup_report *ret, struct err *e) MUST_CHECK;
/* Only the current keys: after an erasure. */
enum code backup_keys(struct arena *a, const struct backup *b, struct err *e) MUST_CHECK;

/* --- restore ------------------------------------------------------------------------------------------------------ */
struct restore {
  struct str url;               /* must hold nothing: a file that is not there, an empty database */
  const char *path, *keys_path; /* keys_path NULL: the keys as the backup has them */
  const struct vault_key *key;  /* with its secret half */
  struct keyfile *keys;
};
struct restore_report {
  struct str made_at, program;
  int schema_from, schema_to;
  int64_t rows, persons, samples; /* loaded; persons whose key opens; values opened to see whether they do */
  int64_t events;                 /* of the audit, verified */
  int64_t erased;                 /* persons who were erased after the backup and are left out */
  bool keys_applied, cut;         /* cut: a checkpoint or head did not verify; the audit's findings tell */
  struct doc *findings;
};
/* Loads, compares every table with the backup's hashes, applies the current keys, leaves out who was erased since, opens samples,
 * verifies the audit, ends all sessions and tokens. Nothing stands under the wanted name before all that is done. */
enum code restore_run(struct arena *a, const struct restore *r, struct restore_report *ret, struct err *e) MUST_CHECK;

/* --- taking back --------------------------------------------------------------------------------------------------- */
/* Every row of these persons in every table, as if they had never been; the trail of what was done stays. Not an erasing: backups made
 * meanwhile hold them. Past row-level security. */
enum code keep_take_back(struct tx *tx, const id64 *persons, size_t n, struct err *e) MUST_CHECK;

/* --- erasing ------------------------------------------------------------------------------------------------------ */
struct erase {
  struct db *db;
  struct keyfile *keys;
  id64 network;
  const struct vault_key *key; /* NULL: there are no backups, said so aloud */
  const char *keys_path;
};
struct erase_plan {
  struct doc *persons; /* list of {id, cases, due (date or ""), open, state: "ok" "open" "early"} */
  int64_t count, open, early;
};
/* Who is meant by these words (ids of persons, case numbers), and may they be erased by the rule of retention? INVALID names the first
 * word that means nobody. */
enum code erase_look(const struct erase *x, struct arena *a, const struct str *words, size_t count,
                     struct erase_plan *ret, struct err *e) MUST_CHECK;
/* Writes the decision down: from here on the erasure is under way, and is carried through by erase_carry() alone. */
enum code erase_decide(const struct erase *x, const struct erase_plan *plan, struct str reason, id64 approver,
                       struct err *e) MUST_CHECK;
/* An erasure that is under way; 0: none. */
enum code erase_pending(const struct erase *x, id64 *ret, struct err *e) MUST_CHECK;
/* Carries an erasure through to its end, from wherever it stands: may be killed and called again. */
enum code erase_carry(const struct erase *x, id64 erasure, struct err *e) MUST_CHECK;
/* Of a finished erasure (0: the last one): the certificate as a document, signed with the network's key, and on paper. */
enum code erase_certificate(const struct erase *x, struct arena *a, id64 erasure, struct doc **ret, struct str *ret_pdf,
                            struct err *e) MUST_CHECK;

/* --- export and import --------------------------------------------------------------------------------------------- */
struct exporting {
  struct db *db;
  struct keyfile *keys;
  id64 network;
  const char *path;            /* plain: a folder that is not there; else a file */
  const struct vault_key *key; /* NULL: plain */
  bool release;                /* concealed items too */
  struct str reason;
  id64 approver;
};
struct export_report {
  int64_t tables, rows, withheld; /* values that were left out because they are concealed */
};
enum code export_network(struct arena *a, const struct exporting *x, struct export_report *ret,
                         struct err *e) MUST_CHECK;
/* Unpacks a sealed export into a folder that is not there. */
enum code export_unpack(struct arena *a, const char *path, const struct vault_key *key, const char *folder,
                        struct err *e) MUST_CHECK;
struct importing {
  struct db *db;
  struct keyfile *keys;
  const char *path;            /* a folder, or a sealed file */
  const struct vault_key *key; /* NULL: a folder */
};
/* The network that an export holds. */
enum code import_network_id(struct arena *a, const struct importing *x, id64 *ret, struct err *e) MUST_CHECK;
/* All or nothing, in one transaction, which ends by exporting again and comparing. CONFLICT where the network is there already. */
enum code import_network(struct arena *a, const struct importing *x, struct export_report *ret,
                         struct err *e) MUST_CHECK;

#endif
