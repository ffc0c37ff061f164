#include <errno.h>
#include <iconv.h>

#include "base/utf8.h"

enum { CONVERT_ROOM = 4 }; /* most bytes of output a byte of input gives, either way */

/* Converts all of s. 0, or the errno of iconv with *ret_at at the first byte that did not convert. */
static int convert(struct arena *a, const char *to, const char *from, struct str s, struct str *ret, size_t *ret_at)
{
  size_t room = s.n > SIZE_MAX / (2 * CONVERT_ROOM) ? SIZE_MAX : s.n * CONVERT_ROOM + CONVERT_ROOM;
  char *out = arena_alloc(a, room), *in = (char *)s.p, *end = out;
  size_t in_left = s.n, out_left = room;
  if (!out)
    return ENOMEM;
  iconv_t cd = iconv_open(to, from);
  if (cd == (iconv_t)-1) /* NOLINT(performance-no-int-to-ptr): iconv's own way */
    return errno;
  int failed = s.n && iconv(cd, &in, &in_left, &end, &out_left) == (size_t)-1 ? errno : 0;
  iconv_close(cd);
  if (failed)
    *ret_at = s.n - in_left;
  else
    *ret = (struct str){out, (size_t)(end - out)};
  return failed;
}

static enum code refuse(int failed, struct err *e, const char *msg, size_t position)
{
  char number[24];
  if (failed == ENOMEM)
    return err_oom(e);
  if (failed == EILSEQ || failed == EINVAL) {
    snprintf(number, sizeof(number), "%zu", position);
    return err_set1(e, INVALID, msg, number);
  }
  enum code c = err_set(e, IO, TR("文字コードの変換を使えません。管理者に知らせてください。"));
  err_detail(e, "iconv: %s", strerror(failed));
  return c;
}

enum code utf8_from_cp932(struct arena *a, struct str s, struct str *ret, struct err *e)
{
  size_t at = 0;
  int failed = convert(a, "UTF-8", "CP932", s, ret, &at);
  return failed ? refuse(failed, e, TR("%1バイト目の文字を読めません(Shift_JISではありません)。"), at + 1) : OK;
}

/* iconv writes the yen sign and the overline as the bytes of backslash and tilde, which read back as those; their full-width
 * forms keep the meaning. */
static struct str keep_yen(struct arena *a, struct str s)
{
  struct buf b;
  if (!str_contains(s, S("¥")) && !str_contains(s, S("‾")))
    return s;
  buf_init(&b, a, s.n * 2);
  for (size_t at = 0; at < s.n;) {
    int32_t cp = utf8_next(s, &at);
    if (cp < 0)
      return s; /* iconv names the place */
    utf8_put(&b, cp == 0xA5 ? 0xFFE5 : cp == 0x203E ? 0xFFE3 : cp);
  }
  return buf_str(&b);
}

enum code utf8_to_cp932(struct arena *a, struct str s, struct str *ret, struct err *e)
{
  size_t at = 0;
  struct str kept = keep_yen(a, s);
  int failed = convert(a, "CP932", "UTF-8", kept, ret, &at);
  if (!failed)
    return OK;
  return refuse(failed, e, TR("%1文字目の文字はShift_JISで表せません。別の文字にしてください。"),
                utf8_length(str_sub(kept, 0, at)) + 1);
}
