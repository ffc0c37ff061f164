/* sandbox.c: the order in which things are given up. */
#include <errno.h>
#include <string.h>
#include <sys/prctl.h>

#include "sandbox/sandbox_impl.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

enum code sandbox_failed(struct err *e, const char *what, int number)
{
  enum code c =
      err_set(e, IO,
              TR("サンドボックスに入れません。このしくみのないカーネルなら入らずに動きますが、これは失敗です。"
                 "急ぐときは --no-sandbox で始められます。"));
  err_detail(e, "%s: %s", what, strerror(number));
  return c;
}

static const char *what_is_missing(const struct sandbox_state *s)
{
  if (!s->landlock)
    return s->seccomp ? "the kernel has no Landlock" : "the kernel has neither Landlock nor seccomp filters";
  if (!s->seccomp)
    return "the kernel has no seccomp filters";
  return s->landlock < 4 ? "the kernel's Landlock knows no ports" : NULL;
}

enum code sandbox_enter(const struct sandbox *s, struct sandbox_state *ret, struct err *e)
{
  *ret = (struct sandbox_state){.why = "built with sanitizers"};
  if (SANITIZED)
    return OK;
  /* A core dump would hold the keys. */
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return sandbox_failed(e, "no new privileges", errno);
  enum code c = landlock_enter(s, &ret->landlock, e);
  if (c == OK)
    c = seccomp_enter(s, &ret->seccomp, e);
  ret->why = what_is_missing(ret);
  return c;
}

enum code sandbox_seal(const struct sandbox *s, struct err *e)
{
  return SANITIZED ? OK : seccomp_seal(s, e);
}
