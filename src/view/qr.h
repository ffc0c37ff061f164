/* qr.h: QR codes, error correction M. */
#ifndef VIEW_QR_H
#define VIEW_QR_H
#include "base/err.h"
#include "base/str.h"

enum { QR_QUIET = 4 }; /* modules of white around the code (ISO/IEC 18004) */

struct qr {
  int size;                  /* modules a side, without the quiet zone */
  const unsigned char *dark; /* size * size, 0 or 1 */
};

/* text: UTF-8, at most some 2,300 bytes (LIMIT beyond). */
enum code qr_encode(struct arena *a, struct str text, struct qr *ret, struct err *e) MUST_CHECK;
/* An SVG image of its own, quiet zone inside, for <img>. */
enum code qr_svg(struct arena *a, struct str text, struct str *ret_svg, struct err *e) MUST_CHECK;

#endif
