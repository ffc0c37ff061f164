/* cli.c: from argv to a command. */
#include "cli/cli.h"

#include <unistd.h>

#include "base/limits.h"
#include "base/version.h"

LIST_BOUNDS(tsunagu_commands, struct command);

enum { COMMANDS_MOST = 64 };

static enum lang terminal_language(void)
{
  static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
  for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
    const char *value = getenv(names[i]);
    if (value && *value)
      return strncmp(value, "ja", 2) == 0 ? LANG_JA : LANG_EN;
  }
  return LANG_EN;
}

static int complain(struct arena *a, enum lang lang, enum code c, const struct err *e)
{
  struct str text = tr_err(a, lang, e);
  fprintf(stderr, "tsunagu: %.*s", STR_FMT(text));
  if (e->field[0])
    fprintf(stderr, " (%s)", e->field);
  if (e->detail[0])
    fprintf(stderr, " [%s]", e->detail);
  fputc('\n', stderr);
  return code_exit_status(c);
}

/* --- finding the command --- */

static size_t command_count(void)
{
  /* cppcheck-suppress comparePointers ; the linker makes one array of them */
  return (size_t)(__stop_tsunagu_commands - __start_tsunagu_commands);
}

struct entry {
  const struct command *it;
};

static int by_name(const void *x, const void *y)
{
  const struct entry *a = x, *b = y;
  return strcmp(a->it->name, b->it->name);
}

static void list_commands(FILE *f)
{
  struct entry sorted[COMMANDS_MOST] = {{0}};
  size_t n = command_count() < COMMANDS_MOST ? command_count() : COMMANDS_MOST;
  for (size_t i = 0; i < n; i++)
    sorted[i].it = __start_tsunagu_commands[i];
  qsort(sorted, n, sizeof(*sorted), by_name);
  fputs("usage: tsunagu COMMAND [OPTION...]\n", f);
  for (size_t i = 0; i < n; i++)
    fprintf(f, "  %-20s %s\n", sorted[i].it->name, sorted[i].it->summary);
  fputs("tsunagu COMMAND --help tells the options.\n", f);
}

/* The command's words in argv; 0: these are not its name. */
static int words_of(const struct command *c, int argc, char **argv)
{
  struct str rest = str_from(c->name), word;
  int n = 0;
  while (str_split(&rest, ' ', &word)) {
    if (n >= argc || !str_is(word, argv[n]))
      return 0;
    n++;
  }
  return n;
}

static const struct command *find_command(int argc, char **argv, int *ret_words)
{
  const struct command *best = NULL;
  *ret_words = 0;
  for (size_t i = 0; i < command_count(); i++) {
    int n = words_of(__start_tsunagu_commands[i], argc, argv);
    if (n > *ret_words) {
      *ret_words = n;
      best = __start_tsunagu_commands[i];
    }
  }
  return best;
}

/* --- its options --- */

static bool takes(const struct command *c, struct str name)
{
  static const char *const always[] = {"db", "key", "config", "help", NULL};
  for (const char *const *o = always; *o; o++)
    if (str_is(name, *o))
      return true;
  for (const char *const *o = c->options; *o; o++)
    if (str_is(name, *o))
      return true;
  return false;
}

static enum code check_options(const struct command *c, int argc, char **argv, struct err *e)
{
  for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
    if (strncmp(argv[i], "--", 2) != 0)
      continue;
    struct str rest = str_from(argv[i] + 2), name = STR_NONE;
    (void)str_split(&rest, '=', &name);
    for (const struct conf_key *k = cli_keys; k->name; k++)
      if (str_is(name, k->name) && !takes(c, name))
        return err_set2(e, INVALID, TR("tsunagu %1 に --%2 はありません。--help で使いかたが出ます。"), c->name,
                        k->name);
  }
  return OK;
}

/* The shared table less what this command does not take. */
static void help(struct arena *a, const struct command *c)
{
  size_t all = 0, n = 0;
  while (cli_keys[all].name)
    all++;
  struct conf_key *keys = arena_array(a, all + 1, sizeof(*keys));
  for (size_t i = 0; keys && i < all; i++)
    if (takes(c, str_from(cli_keys[i].name)))
      keys[n++] = cli_keys[i];
  struct str usage = str_printf(a, "tsunagu %s%s%s [OPTION...]\n%s", c->name, *c->args ? " " : "", c->args, c->summary);
  if (keys)
    conf_help(stdout, str_cstr(a, usage), keys);
}

static enum code run(struct cli *cli, const struct command *c, int argc, char **argv, struct err *e)
{
  struct conf *conf = NULL;
  enum code code = check_options(c, argc, argv, e);
  if (code == OK)
    code = conf_read(cli->arena, cli_keys, argc, argv, &conf, e);
  if (code != OK)
    return code;
  cli->conf = conf;
  if (conf_flag(conf, "help")) {
    help(cli->arena, c);
    return OK;
  }
  if (conf_args(conf) < c->least_args || conf_args(conf) > c->most_args)
    return err_set1(e, INVALID, TR("引数の数がちがいます。tsunagu %1 --help で使いかたが出ます。"), c->name);
  code = crypto_init(e);
  if (code == OK)
    code = c->run(cli, e);
  cli_close(cli);
  return code;
}

static int usage(int argc, char **argv)
{
  if (argc > 1 && strcmp(argv[1], "--version") == 0) {
    puts("tsunagu " TSUNAGU_VERSION);
    return 0;
  }
  if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
    list_commands(stdout);
    return 0;
  }
  fprintf(stderr, "tsunagu: %s\n",
          tr(terminal_language(), TR("そのコマンドはありません。tsunagu --help で一覧が出ます。")).p);
  return 64; /* EX_USAGE */
}

int cli_main(int argc, char **argv)
{
  struct err e = {0};
  int words = 0, status = 0;
  const struct command *c = argc > 1 ? find_command(argc - 1, argv + 1, &words) : NULL;
  if (!c)
    return usage(argc, argv);
  struct cli cli = {.arena = arena_new((size_t)4 * LIMIT_ARENA), .lang = terminal_language()};
  if (!cli.arena) {
    (void)!write(STDERR_FILENO, "tsunagu: out of memory\n", 23);
    return code_exit_status(OOM);
  }
  enum code code = run(&cli, c, argc - 1 - words, argv + 1 + words, &e);
  if (code == OK && (fflush(stdout) != 0 || ferror(stdout)))
    code = err_set(&e, IO, TR("結果を書き出せませんでした。"));
  if (code != OK)
    status = complain(cli.arena, cli.lang, code, &e);
  arena_free(cli.arena);
  return status;
}
