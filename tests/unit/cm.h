/* cm.h: cmocka with what it needs, and comparing strings. */
#ifndef TESTS_CM_H
#define TESTS_CM_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"

/* Shows both texts when they differ. */
#define assert_str(s, want)                                                                                            \
  do {                                                                                                                 \
    struct str got_ = (s);                                                                                             \
    const char *want_ = (want);                                                                                        \
    if (!str_is(got_, want_))                                                                                          \
      fail_msg("got \"%.*s\", want \"%s\"", STR_FMT(got_), want_);                                                     \
  } while (0)

#endif
