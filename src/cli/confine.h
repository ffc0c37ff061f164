/* confine.h: the sandbox of `tsunagu serve`: what its settings make it touch, and nothing else. */
#ifndef CLI_CONFINE_H
#define CLI_CONFINE_H
#include "cli/cli.h"
#include "mail/mail.h"
#include "sandbox/sandbox.h"

/* Begins the process that draws maps (view/layout.h) in a sandbox of its own; before everything else, which it must not inherit. */
enum code confine_begin(const struct cli *cli, struct err *e) MUST_CHECK;
/* Reckons from the settings and enters, before the first thread; says in one line of the log what holds. With --no-sandbox nothing. `mail` NULL:
 * no mail is sent. */
enum code confine(struct cli *cli, const struct mail_settings *mail, struct sandbox *ret,
                  struct sandbox_state *ret_state, struct err *e) MUST_CHECK;
/* Once everything listens. */
enum code confine_seal(const struct cli *cli, const struct sandbox *s, struct err *e) MUST_CHECK;

#endif
