/* write.h: bytes into a file, all of them. */
#ifndef CRYPTO_WRITE_H
#define CRYPTO_WRITE_H
#include "base/str.h"

/* false: errno says why. */
bool crypto_write_all(int fd, struct str s);

#endif
