/* password_common.h: the passwords that are tried first. */
#ifndef CRYPTO_PASSWORD_COMMON_H
#define CRYPTO_PASSWORD_COMMON_H
#include "base/err.h"
#include "base/str.h"

/* OK, or INVALID with a sentence when the password is one of the common ones, is built from one common word and what people
 * add to it, or is the account's name. `password` is valid UTF-8. */
enum code password_is_common(struct str password, struct str login, struct err *e) MUST_CHECK;

#endif
