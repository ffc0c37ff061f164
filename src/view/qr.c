#include "view/qr.h"

#include <errno.h>
#include <qrencode.h>

#include "base/limits.h"

enum code qr_encode(struct arena *a, struct str text, struct qr *ret, struct err *e)
{
  if (text.n == 0 || text.n > 2300)
    return err_set(e, LIMIT, TR("この長さの文字はQRコードにできません。"));
  QRcode *code = QRcode_encodeData((int)text.n, (const unsigned char *)text.p, 0, QR_ECLEVEL_M);
  if (!code)
    return errno == ERANGE ? err_set(e, LIMIT, TR("この長さの文字はQRコードにできません。")) : err_oom(e);
  size_t n = (size_t)code->width * (size_t)code->width;
  unsigned char *dark = arena_alloc(a, n);
  for (size_t i = 0; dark && i < n; i++)
    dark[i] = code->data[i] & 1;
  int size = code->width;
  QRcode_free(code);
  if (!dark)
    return err_oom(e);
  *ret = (struct qr){size, dark};
  return OK;
}

/* One path of horizontal runs: small, and without seams between modules. */
static void put_path(struct buf *b, const struct qr *q)
{
  for (int y = 0; y < q->size; y++) {
    for (int x = 0, run; x < q->size; x += run ? run : 1) {
      run = 0;
      while (x + run < q->size && q->dark[y * q->size + x + run])
        run++;
      if (run)
        buf_printf(b, "M%d %dh%dv1h-%dz", x + QR_QUIET, y + QR_QUIET, run, run);
    }
  }
}

enum code qr_svg(struct arena *a, struct str text, struct str *ret_svg, struct err *e)
{
  struct qr q = {0};
  struct buf b;
  enum code c = qr_encode(a, text, &q, e);
  if (c != OK)
    return c;
  int side = q.size + 2 * QR_QUIET;
  buf_init(&b, a, LIMIT_PAGE);
  buf_printf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">",
             side, side);
  buf_printf(&b, "<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path d=\"", side, side);
  put_path(&b, &q);
  buf_add(&b, S("\"/></svg>\n"));
  if (b.failed)
    return err_oom(e);
  *ret_svg = buf_str(&b);
  return OK;
}
