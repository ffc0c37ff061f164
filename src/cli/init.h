/* init.h: making a database with its first network; shared by init and demo. */
#ifndef CLI_INIT_H
#define CLI_INIT_H
#include "cli/cli.h"
#include "network/network.h"

struct first {
  struct network_new network;
  tx_fn fill; /* runs in the transaction that makes the network */
  void *arg;
};
/* Leaves cli open on it. CONFLICT where there is one already. */
enum code init_all(struct cli *cli, const struct first *f, struct err *e) MUST_CHECK;

#endif
