/* keep.c: options that backup, restore, erase, export and import share. */
#include "cli/keep.h"

#include <unistd.h>

#include "network/network.h"

enum code cli_option(const struct cli *cli, const char *name, const char **ret, struct err *e)
{
  struct str value = conf_get(cli->conf, name);
  if (!value.n)
    return err_set1(e, INVALID, TR("--%1 を入れてください。--help で使いかたが出ます。"), name);
  *ret = str_cstr(cli->arena, value);
  return *ret ? OK : err_oom(e);
}

struct str cli_number(const struct cli *cli, int64_t v)
{
  return str_printf(cli->arena, "%lld", (long long)v);
}

enum code cli_backup_key(const struct cli *cli, struct vault_key **ret, struct err *e)
{
  const char *path = NULL;
  struct str file = conf_get(cli->conf, "passphrase-file"), text = STR_NONE;
  enum code c = cli_option(cli, "backup-key", &path, e);
  if (c == OK && file.n)
    c = cli_read_file(cli->arena, str_cstr(cli->arena, file), &text, e);
  text = str_sub(text, 0, text.n ? strcspn(text.p, "\r\n") : 0);
  return c == OK ? vault_key_open(path, text, ret, e) : c;
}

enum code cli_current_keys(const struct cli *cli, const char *beside, const char **ret, struct err *e)
{
  struct str given = conf_get(cli->conf, "current-keys");
  const char *slash = strrchr(beside, '/');
  int folder = slash ? (int)(slash - beside) + 1 : 0;
  *ret = str_cstr(cli->arena, given.n ? given : str_printf(cli->arena, "%.*scurrent.keys", folder, beside));
  return *ret ? OK : err_oom(e);
}

/* --- events --- */

enum { NETWORKS_MOST = 4096 };
struct network_list {
  id64 id[NETWORKS_MOST];
  size_t n, met;
};

static void take_network(void *arg, id64 id, struct str name)
{
  struct network_list *l = arg;
  l->met++;
  if (l->n < NETWORKS_MOST)
    l->id[l->n++] = id;
}

static enum code list_networks(struct tx *tx, void *arg, struct err *e)
{
  struct network_list *l = arg;
  l->n = l->met = 0;
  enum code c = network_each(tx, take_network, l, e);
  return c == OK && l->met > NETWORKS_MOST ? err_set(e, LIMIT, code_msg(LIMIT)) : c; /* each must have its event */
}

struct note {
  int action;
};

static enum code note(struct tx *tx, void *arg, struct err *e)
{
  const struct note *n = arg;
  cli_note(tx, n->action, tx_network(tx));
  return OK;
}

enum code cli_note_networks(struct cli *cli, const char *name, int action, struct err *e)
{
  struct network_list *list = arena_new_of(cli->arena, struct network_list);
  struct note n = {action};
  enum code c = list ? cli_read(cli, list_networks, list, e) : err_oom(e);
  id64 before = cli->network;
  for (size_t i = 0; c == OK && i < list->n; i++) {
    c = cli_check_key(cli, list->id[i], e);
    cli->network = list->id[i];
    if (c == OK)
      c = cli_write(cli, name, note, &n, e);
  }
  cli->network = before;
  return c;
}
