/* conf.h: the settings of a command. From a file of `key = value` lines (# comments), then the environment
 * (TSUNAGU_KEY), then options (--key value), the later winning. Unknown keys are refused with the nearest known one named. */
#ifndef BASE_CONF_H
#define BASE_CONF_H
#include "base/err.h"
#include "base/str.h"

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
