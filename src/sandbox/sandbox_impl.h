/* sandbox_impl.h: the halves of the sandbox, for src/sandbox alone. */
#ifndef SANDBOX_SANDBOX_IMPL_H
#define SANDBOX_SANDBOX_IMPL_H
#include "sandbox/sandbox.h"

/* *ret_version: 0 where the kernel has no Landlock. */
enum code landlock_enter(const struct sandbox *s, int *ret_version, struct err *e) MUST_CHECK;
/* *ret: false where the kernel has no filters. */
enum code seccomp_enter(const struct sandbox *s, bool *ret, struct err *e) MUST_CHECK;
enum code seccomp_seal(const struct sandbox *s, struct err *e) MUST_CHECK;
/* IO with errno's words and what was tried. */
enum code sandbox_failed(struct err *e, const char *what, int number);

#endif
