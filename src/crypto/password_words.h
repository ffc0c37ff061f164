/* password_words.h: common words in passwords, lower case ASCII, blanks between them. */
#ifndef CRYPTO_PASSWORD_WORDS_H
#define CRYPTO_PASSWORD_WORDS_H
#include "base/str.h"

extern const struct str password_words;

#endif
