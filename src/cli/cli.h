/* cli.h: the command line. A command is a descriptor beside its code; cli_main() finds it, reads its options and tells what went
 * wrong, with what to do next, in the language of the environment. Exit codes are those of code_exit_status(). */
#ifndef CLI_CLI_H
#define CLI_CLI_H
#include "access/access.h"
#include "audit/audit.h"
#include "base/conf.h"
#include "base/list.h"
#include "crypto/seal.h"
#include "db/db.h"
#include "view/view.h"

struct cli {
  struct arena *arena;
  const struct conf *conf;
  enum lang lang;
  struct db *db;        /* after cli_open() */
  struct keyfile *keys; /* likewise */
  id64 network;         /* after cli_network() */
  ts_t at;              /* 0: now; else the instant at which writes happen (demo) */
};

struct command {
  const char *name;    /* "serve", "user add" */
  const char *args;    /* its positional arguments, for the usage line: "LOGIN", "" */
  const char *summary; /* English, one line */
  const char *const *options;
  int least_args, most_args;
  enum code (*run)(struct cli *cli, struct err *e);
};

#define COMMAND(var) LIST_ENTRY("tsunagu_commands", struct command, var)
/* The options of a command; --db and --key, --config and --help belong to each. */
#define OPTIONS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NO_OPTIONS ((const char *const[]){NULL})

extern const struct conf_key cli_keys[]; /* keys.c: every option of every command, since the file of settings is one */

int cli_main(int argc, char **argv);

/* --- for commands --- */
/* Opens key file and database. `o` holds what the command wants beyond --db; NULL: nothing. */
enum code cli_open(struct cli *cli, const struct db_options *o, struct err *e) MUST_CHECK;
void cli_close(struct cli *cli);          /* twice is legal */
struct str cli_db(const struct cli *cli); /* the address of --db */
/* --key, or beside the database's file. INVALID for PostgreSQL without one. */
enum code cli_key_path(const struct cli *cli, const char **ret, struct err *e) MUST_CHECK;
/* The sign-ins of a demo, beside the database's file (PostgreSQL: the key file). */
enum code cli_demo_path(const struct cli *cli, const char **ret, struct err *e) MUST_CHECK;
/* DENIED when the key file holds no keys of this network (it belongs to another database), or not its newest (it is an old copy). */
enum code cli_check_key(const struct cli *cli, id64 network, struct err *e) MUST_CHECK;
/* The network of --network (id), or the only one there is. */
enum code cli_network(struct cli *cli, struct err *e) MUST_CHECK;
/* Transactions as the service, for cli->network; a write brings its events. */
enum code cli_read(struct cli *cli, tx_fn fn, void *arg, struct err *e) MUST_CHECK;
enum code cli_write(struct cli *cli, const char *name, tx_fn fn, void *arg, struct err *e) MUST_CHECK;
/* The administrator at the machine itself. */
struct actor cli_actor(const struct cli *cli);
void cli_note(struct tx *tx, int action, id64 object); /* an event of that one */
/* Who answers for something done here: the account --user, as a member of --organization who could do the same by hand (NOT_FOUND otherwise). Both it
 * and the one at this machine then stand in the trail. */
enum code cli_member(struct tx *tx, const struct cli *cli, enum action action, struct actor *ret,
                     struct err *e) MUST_CHECK;
/* Both options are there: INVALID otherwise. */
enum code cli_check_member(const struct cli *cli, struct err *e) MUST_CHECK;
/* A text that came from outside: what a terminal would obey is not printed. */
void cli_put(struct str s);
/* First line of --password-file, or typed twice without echo where there is a terminal. Checked by the rules, hashed. */
enum code cli_password(struct cli *cli, struct str login, struct str *ret_hash, struct err *e) MUST_CHECK;
/* First line of the file that an option names, or typed once without echo. */
enum code cli_secret(struct cli *cli, const char *option, const char *prompt, struct str *ret,
                     struct err *e) MUST_CHECK;
/* A sentence of the catalog for the terminal. */
void cli_say(const struct cli *cli, const char *id, struct str a1, struct str a2);
/* The whole of a small file. */
enum code cli_read_file(struct arena *a, const char *path, struct str *ret, struct err *e) MUST_CHECK;
/* Written beside and renamed, mode 0600. */
enum code cli_write_file(struct arena *a, const char *path, struct str text, struct err *e) MUST_CHECK;

#endif
