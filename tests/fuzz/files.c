/* files.c: the key file and the file of settings. */
#include "base/conf.h"
#include "crypto/keyfile.h"
#include "fuzz.h"

static bool epochs_equal(const struct epoch *x, const struct epoch *y)
{
  for (; x && y; x = x->older, y = y->older)
    if (x->number != y->number || memcmp(x->key.k, y->key.k, SEAL_KEY) != 0)
      return false;
  return !x && !y;
}

/* Networks of x in y, with all their keys. */
static bool within(const struct keyfile *x, const struct keyfile *y)
{
  for (const struct network_keys *n = x->networks; n; n = n->next) {
    const struct network_keys *m = keyfile_find(y, n->network);
    if (!m || memcmp(n->audit, m->audit, 32) != 0 || memcmp(n->sign_seed, m->sign_seed, 32) != 0 ||
        !epochs_equal(n->newest, m->newest))
      return false;
  }
  return memcmp(x->pepper, y->pepper, 32) == 0;
}

/* A key file that opens, saved with one network more, opens again with every key; one that does not is no key file. */
static void key_file(struct arena *a, struct str in)
{
  struct keyfile *k = NULL, *again = NULL;
  struct err e = {0};
  enum { ADDED = 77 };
  const char *path = fuzz_file(in, 0400);
  if (keyfile_open(path, &k, &e) != OK) {
    HOLDS(!k && e.code == IO);
    return;
  }
  bool had = keyfile_has_network(k, ADDED);
  HOLDS(keyfile_add_network(k, ADDED, &e) == OK && keyfile_has_network(k, ADDED));
  HOLDS(keyfile_open(path, &again, &e) == OK && within(k, again) && within(again, k));
  for (const struct network_keys *n = k->networks; n; n = n->next) {
    struct seal_key key = n->newest->key, back = {0};
    struct str wrapped;
    HOLDS(keyfile_epoch(k, n->network) == n->newest->number);
    HOLDS(key_wrap(a, k, n->network, n->newest->number, 5, &key, &wrapped, &e) == OK);
    HOLDS(key_unwrap(again, n->network, n->newest->number, 5, wrapped, &back, &e) == OK);
    HOLDS(memcmp(&key, &back, sizeof(key)) == 0);
    HOLDS(key_unwrap(again, n->network, n->newest->number, 6, wrapped, &back, &e) != OK);
  }
  HOLDS(had || keyfile_epoch(again, ADDED) == 1);
  keyfile_free(k);
  keyfile_free(again);
}
FUZZ_TARGET(key_file);

static const struct conf_key keys[] = {{"listen", "127.0.0.1:8080", "", false},
                                       {"data-dir", NULL, "", false},
                                       {"workers", "16", "", false},
                                       {"dev", NULL, "", true},
                                       {0}};

static enum code read_conf(struct arena *a, struct str text, struct conf **ret, struct err *e)
{
  char *argv[] = {(char *)(uintptr_t) "--config", (char *)(uintptr_t)fuzz_file(text, 0600), NULL};
  return conf_read(a, keys, 2, argv, ret, e);
}

/* Settings written out as lines read as themselves. */
static void config(struct arena *a, struct str in)
{
  struct conf *c = NULL, *again = NULL;
  struct err e = {0};
  struct buf b;
  if (read_conf(a, in, &c, &e) != OK) {
    HOLDS(!c && e.msg && (e.code == INVALID || e.code == IO));
    return;
  }
  buf_init(&b, a, LIMIT_ARENA);
  for (size_t i = 0; keys[i].name; i++) {
    struct str v = conf_get(c, keys[i].name);
    HOLDS(!memchr(v.p ? v.p : "", '\n', v.n) && str_eq(str_trim(v), v));
    buf_printf(&b, "%s=", keys[i].name);
    buf_add(&b, v);
    buf_add_c(&b, '\n');
  }
  HOLDS(conf_flag(c, "dev") || !conf_get(c, "dev").n);
  (void)conf_int(c, "workers", 1);
  if (b.n > 60000)
    return;
  HOLDS(read_conf(a, buf_str(&b), &again, &e) == OK);
  for (size_t i = 0; keys[i].name; i++)
    HOLDS(str_eq(conf_get(c, keys[i].name), conf_get(again, keys[i].name)));
}
FUZZ_TARGET(config);
