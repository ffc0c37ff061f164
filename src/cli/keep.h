/* keep.h: what backup, restore, erase, export and import share on the command line. */
#ifndef CLI_KEEP_H
#define CLI_KEEP_H
#include "cli/cli.h"
#include "keep/keep.h"

/* --backup-key, opened with --passphrase-file; INVALID without the option. */
enum code cli_backup_key(const struct cli *cli, struct vault_key **ret, struct err *e) MUST_CHECK;
/* --current-keys, or current.keys in the folder of `beside`. */
enum code cli_current_keys(const struct cli *cli, const char *beside, const char **ret, struct err *e) MUST_CHECK;
/* An option that must be there, as a C string. */
enum code cli_option(const struct cli *cli, const char *name, const char **ret, struct err *e) MUST_CHECK;
struct str cli_number(const struct cli *cli, int64_t v);
/* Notes an event of the command line in every network of the database. */
enum code cli_note_networks(struct cli *cli, const char *name, int action, struct err *e) MUST_CHECK;
/* The account of --approver, whose password is the first line of --approver-password-file or typed; 0 with --yes. INVALID without either,
 * DENIED where the password is wrong or the account may not approve. */
enum code cli_approval(struct cli *cli, id64 *ret, struct err *e) MUST_CHECK;

#endif
