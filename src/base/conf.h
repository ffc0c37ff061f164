/* conf.h: the settings of a command. From a file of `key = value` lines (# comments), then the environment
 * (TSUNAGU_KEY, '-' written '_'), then options (--key value, --key=value, `--` ends them), the later winning. Unknown keys of
 * the file and unknown options are refused with the nearest known one named. The file is the one that --config or
 * TSUNAGU_CONFIG names, else CONF_FILE when there is one; all commands share it, so they pass one table of keys. --config and
 * --help are known to every command. */
#ifndef BASE_CONF_H
#define BASE_CONF_H
#include "base/err.h"
#include "base/str.h"

#define CONF_FILE "/etc/tsunagu/tsunagu.conf"

struct conf_key {
  const char *name;     /* "listen" */
  const char *fallback; /* NULL: none */
  const char *help;     /* one line, English */
  bool flag;            /* takes no value; present = "1" */
};

struct conf;

/* keys: ends with a NULL name. argv: what follows the command's name; positional arguments stay readable. */
enum code conf_read(struct arena *a, const struct conf_key *keys, int argc, char **argv, struct conf **ret,
                    struct err *e) MUST_CHECK;
struct str conf_get(const struct conf *c, const char *name); /* empty when unset */
bool conf_flag(const struct conf *c, const char *name);
int64_t conf_int(const struct conf *c, const char *name, int64_t fallback);
int conf_args(const struct conf *c);
struct str conf_arg(const struct conf *c, int i);
void conf_help(FILE *f, const char *usage, const struct conf_key *keys);

#endif
