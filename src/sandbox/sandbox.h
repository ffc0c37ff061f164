/* sandbox.h: what the process gives up before it serves. Landlock leaves it the paths and TCP ports that are named, a system call filter
 * (seccomp) the calls that serving needs; neither can be taken back, and threads begun later have both. docs/operating.md tells it
 * to whoever operates the program, tests/process/sandbox.c tries what must not work.
 *
 * Landlock holds for the thread that enters and those it begins: enter while there is one thread. */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H
#include <stdint.h>

#include "base/err.h"

enum { SANDBOX_PATHS = 48, SANDBOX_PORTS = 12, SANDBOX_PROGRAMS = 6 };

/* Each list ends with NULL or with SANDBOX_NO_PORT. A path that is not there is left out: nobody can make it later, but below `write`. */
struct sandbox {
  const char *read[SANDBOX_PATHS + 1];  /* files, and folders with all below them */
  const char *write[SANDBOX_PATHS + 1]; /* folders: files below may be made, written, renamed and removed */
  const char
      *run[SANDBOX_PROGRAMS +
           1]; /* files, and folders with all below them, that may be run: then no socket is opened, and what runs
                                          * is bound by the same; for a process that does nothing else */
  int bind[SANDBOX_PORTS + 1];    /* TCP ports to listen on; 0: any free one */
  int connect[SANDBOX_PORTS + 1]; /* TCP ports to connect to */
  bool connect_any;               /* to any port instead */
  bool connects;                  /* sockets are still opened after sandbox_seal() */
};
#define SANDBOX_NO_PORT (-1)

struct sandbox_state {
  int landlock; /* version of the kernel's Landlock, 0: it has none; ports need 4 */
  bool seccomp;
  const char *why; /* what is missing, in words for the log; NULL: nothing */
};

/* No new privileges, no core dumps, Landlock and the filter. A kernel that has not got one of them is told in *ret and is no error; one
 * that has it and refuses is IO. A build with sanitizers, whose runtime needs calls of its own, enters nothing and says so. */
enum code sandbox_enter(const struct sandbox *s, struct sandbox_state *ret, struct err *e) MUST_CHECK;
/* Once everything listens: no thread of the process binds or listens any more, nor opens sockets unless it `connects`. */
enum code sandbox_seal(const struct sandbox *s, struct err *e) MUST_CHECK;

#endif
