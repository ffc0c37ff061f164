#include "base/conf.h"

#include <ctype.h>
#include <errno.h>

enum { CONF_BYTES = 64 << 10, KEY_MOST = 64 };

struct conf {
  struct arena *arena;
  const struct conf_key *keys;
  size_t key_count;
  struct str *value; /* one a key, then --config and --help */
  bool *set;
  char **args;
  int arg_count;
};

static const struct conf_key common_keys[] = {
    {"config", NULL, "the file of settings (default " CONF_FILE ")", false},
    {"help", NULL, "show this", true},
    {0},
};

static const struct conf_key *key_at(const struct conf *c, size_t i)
{
  return i < c->key_count ? &c->keys[i] : &common_keys[i - c->key_count];
}

static size_t keys_all(const struct conf *c)
{
  return c->key_count + 2;
}

/* data_dir is data-dir */
static bool same_key(struct str s, const char *name)
{
  if (s.n != strlen(name))
    return false;
  for (size_t i = 0; i < s.n; i++) {
    char x = s.p[i] == '_' ? '-' : s.p[i], y = name[i] == '_' ? '-' : name[i];
    if (x != y)
      return false;
  }
  return true;
}

/* keys_all() when there is none. A command's own key of the same name comes before the common one. */
static size_t find_key(const struct conf *c, struct str name)
{
  size_t i = 0;
  while (i < keys_all(c) && !same_key(name, key_at(c, i)->name))
    i++;
  return i;
}

/* Levenshtein distance, names cut at KEY_MOST */
static size_t distance(struct str a, struct str b)
{
  size_t row[KEY_MOST + 1];
  a = str_sub(a, 0, KEY_MOST);
  b = str_sub(b, 0, KEY_MOST);
  for (size_t j = 0; j <= b.n; j++)
    row[j] = j;
  for (size_t i = 1; i <= a.n; i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.n; j++) {
      size_t change = diagonal + (a.p[i - 1] != b.p[j - 1]);
      diagonal = row[j];
      size_t best = change < row[j] + 1 ? change : row[j] + 1;
      row[j] = best < row[j - 1] + 1 ? best : row[j - 1] + 1;
    }
  }
  return row[b.n];
}

static enum code unknown_key(const struct conf *c, struct str name, const char *where, struct err *e)
{
  const char *nearest = "";
  size_t least = SIZE_MAX;
  for (size_t i = 0; i < keys_all(c); i++) {
    size_t d = distance(name, str_from(key_at(c, i)->name));
    if (d < least) {
      least = d;
      nearest = key_at(c, i)->name;
    }
  }
  enum code code =
      err_set2(e, INVALID, TR("%1 という設定はありません。%2 のことですか。"), str_cstr(c->arena, name), nearest);
  err_detail(e, "%s", where);
  return code;
}

static void set_value(struct conf *c, size_t i, struct str value)
{
  c->value[i] = value;
  c->set[i] = true;
}

static bool yes(struct str s)
{
  return str_is(s, "1") || str_is(s, "yes") || str_is(s, "true") || str_is(s, "on");
}

static bool no(struct str s)
{
  return s.n == 0 || str_is(s, "0") || str_is(s, "no") || str_is(s, "false") || str_is(s, "off");
}

/* A value written in the file or the environment: flags say yes or no there. */
static enum code set_text(struct conf *c, size_t i, struct str value, struct err *e)
{
  if (key_at(c, i)->flag) {
    if (!yes(value) && !no(value))
      return err_set1(e, INVALID, TR("設定 %1 は yes か no です。"), key_at(c, i)->name);
    value = yes(value) ? S("1") : STR_NONE;
  }
  set_value(c, i, value);
  return OK;
}

/* --- the three sources --- */

static enum code read_line(struct conf *c, struct str line, const char *path, int number, struct err *e)
{
  struct str key, value;
  line = str_trim(line);
  if (line.n == 0 || line.p[0] == '#')
    return OK;
  const char *where = str_cstr(c->arena, str_printf(c->arena, "%s:%d", path, number));
  if (!where)
    return err_oom(e);
  const char *eq = memchr(line.p, '=', line.n);
  if (!eq)
    return err_set1(e, INVALID, TR("%1:「名前 = 値」の形で書いてください。"), where);
  key = str_trim(str_sub(line, 0, (size_t)(eq - line.p)));
  value = str_trim(str_sub(line, (size_t)(eq - line.p) + 1, line.n));
  size_t i = find_key(c, key);
  return i == keys_all(c) ? unknown_key(c, key, where, e) : set_text(c, i, value, e);
}

static enum code read_text(struct arena *a, const char *path, struct str *ret, struct err *e)
{
  FILE *f = fopen(path, "re");
  if (!f) {
    int number = errno;
    enum code c = err_set1(e, IO, TR("設定ファイル %1 を読めません。"), path);
    err_detail(e, "%s", strerror(number));
    return c;
  }
  char *p = arena_alloc(a, CONF_BYTES + 1);
  size_t n = p ? fread(p, 1, CONF_BYTES + 1, f) : 0;
  bool failed = ferror(f);
  fclose(f);
  if (!p)
    return err_oom(e);
  if (failed || n > CONF_BYTES)
    return err_set1(e, IO, TR("設定ファイル %1 を読めません。"), path);
  *ret = (struct str){p, n};
  return OK;
}

static enum code read_file(struct conf *c, const char *path, struct err *e)
{
  struct str rest = STR_NONE, line;
  enum code code = read_text(c->arena, path, &rest, e);
  for (int number = 1; code == OK && str_split(&rest, '\n', &line); number++)
    code = read_line(c, line, path, number, e);
  return code;
}

static const char *env_of(const char *key)
{
  char name[KEY_MOST + 16] = "TSUNAGU_";
  size_t n = strlen(name);
  for (; *key && n + 1 < sizeof(name); key++)
    name[n++] = *key == '-' ? '_' : (char)toupper((unsigned char)*key);
  name[n] = '\0';
  return getenv(name);
}

static enum code read_environment(struct conf *c, struct err *e)
{
  enum code code = OK;
  for (size_t i = 0; code == OK && i < keys_all(c); i++) {
    const char *value = env_of(key_at(c, i)->name);
    if (value)
      code = set_text(c, i, str_from(value), e);
  }
  return code;
}

/* One option at argv[*at]; *at moves over its value. */
static enum code read_option(struct conf *c, int argc, char **argv, int *at, struct err *e)
{
  struct str name = str_from(argv[*at] + 2), value = STR_NONE;
  const char *eq = memchr(name.p, '=', name.n);
  if (eq) {
    value = str_from(eq + 1);
    name.n = (size_t)(eq - name.p);
  }
  size_t i = find_key(c, name);
  if (i == keys_all(c))
    return unknown_key(c, name, argv[*at], e);
  const struct conf_key *key = key_at(c, i);
  if (key->flag && eq)
    return set_text(c, i, value, e);
  if (key->flag)
    value = S("1");
  else if (!eq && *at + 1 < argc)
    value = str_from(argv[++*at]);
  else if (!eq)
    return err_set1(e, INVALID, TR("--%1 に値がありません。"), key->name);
  set_value(c, i, value);
  return OK;
}

static enum code read_options(struct conf *c, int argc, char **argv, struct err *e)
{
  enum code code = OK;
  c->arg_count = 0; /* read twice: first for --config */
  for (int i = 0; code == OK && i < argc; i++) {
    if (strcmp(argv[i], "--") == 0) {
      while (++i < argc)
        c->args[c->arg_count++] = argv[i];
    } else if (strncmp(argv[i], "--", 2) == 0) {
      code = read_option(c, argc, argv, &i, e);
    } else {
      c->args[c->arg_count++] = argv[i];
    }
  }
  return code;
}

/* --- */

static struct conf *conf_new(struct arena *a, const struct conf_key *keys, int argc)
{
  struct conf *c = arena_new_of(a, struct conf);
  if (!c)
    return NULL;
  c->arena = a;
  c->keys = keys;
  while (keys[c->key_count].name)
    c->key_count++;
  c->value = arena_array(a, keys_all(c), sizeof(*c->value));
  c->set = arena_array(a, keys_all(c), sizeof(*c->set));
  c->args = arena_array(a, (size_t)argc + 1, sizeof(*c->args));
  return arena_failed(a) ? NULL : c;
}

static enum code read_named_file(struct conf *c, struct err *e)
{
  const char *from_env = env_of("config");
  struct str path = conf_get(c, "config");
  if (path.n == 0 && from_env)
    path = str_from(from_env);
  if (path.n)
    return read_file(c, str_cstr(c->arena, path), e);
  FILE *there = fopen(CONF_FILE, "re");
  if (!there)
    return OK;
  fclose(there);
  return read_file(c, CONF_FILE, e);
}

enum code conf_read(struct arena *a, const struct conf_key *keys, int argc, char **argv, struct conf **ret,
                    struct err *e)
{
  struct conf *c = conf_new(a, keys, argc);
  if (!c)
    return err_oom(e);
  enum code code = read_options(c, argc, argv, e);
  if (code == OK)
    code = read_named_file(c, e);
  if (code == OK)
    code = read_environment(c, e);
  if (code == OK)
    code = read_options(c, argc, argv, e);
  for (size_t i = 0; code == OK && i < c->key_count; i++) {
    if (!c->set[i])
      c->value[i] = str_from(keys[i].fallback);
  }
  if (code == OK)
    *ret = c;
  return code;
}

struct str conf_get(const struct conf *c, const char *name)
{
  size_t i = find_key(c, str_from(name));
  if (i == keys_all(c)) {
    (void)BUG(NULL, "conf_get: no such key");
    return STR_NONE;
  }
  return c->value[i];
}

bool conf_flag(const struct conf *c, const char *name)
{
  return str_is(conf_get(c, name), "1");
}

int64_t conf_int(const struct conf *c, const char *name, int64_t fallback)
{
  int64_t v;
  return str_to_i64(conf_get(c, name), &v) ? v : fallback;
}

int conf_args(const struct conf *c)
{
  return c->arg_count;
}

struct str conf_arg(const struct conf *c, int i)
{
  return i >= 0 && i < c->arg_count ? str_from(c->args[i]) : STR_NONE;
}

static void help_line(FILE *f, const struct conf_key *k)
{
  fprintf(f, "  --%-22s %s", k->name, k->help ? k->help : "");
  if (k->fallback && k->fallback[0])
    fprintf(f, " (default %s)", k->fallback);
  fputc('\n', f);
}

void conf_help(FILE *f, const char *usage, const struct conf_key *keys)
{
  fprintf(f, "usage: %s\n", usage);
  for (; keys->name; keys++)
    help_line(f, keys);
  for (const struct conf_key *k = common_keys; k->name; k++)
    help_line(f, k);
}
