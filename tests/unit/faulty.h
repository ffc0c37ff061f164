/* faulty.h: the calls below src/crypto (system, memory, libsodium, liboath, libunistring), of which the n-th fails. Linked in by the linker's
 * --wrap (meson.build lists the names); what the test itself calls is untouched as long as nothing is armed. */
#ifndef TESTS_FAULTY_H
#define TESTS_FAULTY_H
#include <stdbool.h>
#include <sys/types.h>

enum how {
  HOW_ERROR, /* EIO, no memory, "did not work" */
  HOW_FULL,  /* the same with ENOSPC */
  HOW_AGAIN, /* a signal came: EINTR */
  HOW_SHORT, /* read and write do one byte */
  HOW_END,   /* a file that ends before its size */
  HOW_COUNT
};

/* The n-th call from now on (1: the next), and with for_good all after it. */
void faulty_begin(int n, enum how how, bool for_good);
/* Was one reached? Nothing fails any more. */
bool faulty_end(void);
int faulty_total(void); /* how many times one was */
/* Who the process is taken for, and whose every file; (uid_t)-1 and (gid_t)-1: as it is. */
void faulty_user(uid_t uid);
void faulty_owner(uid_t uid, gid_t gid);

#endif
