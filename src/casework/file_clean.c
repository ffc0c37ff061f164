/* file_clean.c: see file_clean.h. Sources: JPEG ITU-T T.81 annex B, Exif 2.3 (tag 0x0112, orientation), PNG (RFC 2083, W3C PNG 3rd edition). */
#include "casework/file_clean.h"

static const struct {
  const char *code, *mime;
} types[FILE_TYPES] = {
    [FILE_PDF] = {"pdf", "application/pdf"}, [FILE_JPEG] = {"jpg", "image/jpeg"}, [FILE_PNG] = {"png", "image/png"}};

const char *file_type_code(enum file_type t)
{
  return types[t].code;
}

const char *file_type_mime(enum file_type t)
{
  return types[t].mime;
}

bool file_type_parse(struct str code, enum file_type *ret)
{
  for (int t = FILE_PDF; t < FILE_TYPES; t++)
    if (str_is(code, types[t].code)) {
      *ret = (enum file_type)t;
      return true;
    }
  return false;
}

static enum code not_whole(struct err *e)
{
  return err_field(e, "file", TR("ファイルがこわれているか、途中で切れています。もう一度、選びなおしてください。"));
}

static unsigned byte(struct str s, size_t i)
{
  return i < s.n ? (unsigned char)s.p[i] : 0;
}

static unsigned big16(struct str s, size_t i)
{
  return byte(s, i) << 8 | byte(s, i + 1);
}

static unsigned long big32(struct str s, size_t i)
{
  return (unsigned long)big16(s, i) << 16 | big16(s, i + 2);
}

/* ---- JPEG ---------------------------------------------------------------------------------------------------------------- */

enum { SOI = 0xD8, EOI = 0xD9, SOS = 0xDA, APP0 = 0xE0, APP1 = 0xE1, APP14 = 0xEE, COM = 0xFE, TEM = 0x01 };

/* How to turn it, 1 to 8, out of an Exif segment's content; 1 where it does not say. */
static unsigned orientation(struct str exif)
{
  struct str t = str_sub(exif, 6, exif.n); /* behind "Exif\0\0" */
  bool little = str_starts(t, S("II"));
  if (!str_starts(exif, (struct str){"Exif\0\0", 6}) || t.n < 8 || (!little && !str_starts(t, S("MM"))))
    return 1;
#define U16(i) (little ? byte(t, i) | byte(t, (i) + 1) << 8 : big16(t, i))
#define U32(i) (little ? U16(i) | (unsigned long)U16((i) + 2) << 16 : big32(t, i))
  unsigned long at = U32(4);
  if (at >= t.n)
    return 1;
  unsigned entries = U16(at);
  for (unsigned k = 0; k < entries && at + 2 + 12 * (size_t)k + 12 <= t.n; k++) {
    size_t entry = at + 2 + 12 * (size_t)k;
    unsigned value = U16(entry + 8);
    if (U16(entry) == 0x0112)
      return value >= 1 && value <= 8 ? value : 1;
  }
#undef U16
#undef U32
  return 1;
}

/* The least Exif that says it. */
static void put_orientation(struct buf *b, unsigned value)
{
  static const char head[] = "\xFF\xE1\x00\x22"
                             "Exif\0\0MM\x00\x2A\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00";
  if (value <= 1)
    return;
  buf_add(b, (struct str){head, sizeof head - 1});
  buf_add_c(b, (char)value);
  buf_add(b, (struct str){"\0\0\0\0\0\0", 6});
}

/* The picture itself needs these: the tables, the frame, and how its colours are meant (APP0 JFIF, APP14 Adobe). */
static bool is_kept(unsigned marker, struct str content)
{
  if (marker == APP0)
    return str_starts(content, (struct str){"JFIF\0", 5}) && content.n == 14; /* without its small picture */
  if (marker == APP14)
    return str_starts(content, S("Adobe")) && content.n == 12;
  return marker != COM && !(marker >= APP0 && marker <= 0xEF);
}

/* Coded data up to the next marker that is no restart; false: the file ends first. */
static bool skip_scan(struct str s, size_t *at)
{
  for (size_t i = *at; i + 1 < s.n; i++) {
    unsigned next = byte(s, i + 1);
    if (byte(s, i) != 0xFF || next == 0 || (next >= 0xD0 && next <= 0xD7) || next == 0xFF)
      continue;
    *at = i;
    return true;
  }
  return false;
}

static enum code jpeg_segment(struct str s, size_t *at, unsigned marker, struct buf *b, bool *ret_turned, struct err *e)
{
  size_t length = big16(s, *at + 2);
  if (length < 2 || *at + 2 + length > s.n)
    return not_whole(e);
  struct str content = str_sub(s, *at + 4, length - 2), whole = str_sub(s, *at, length + 2);
  if (marker == APP1 && !*ret_turned && orientation(content) > 1) {
    put_orientation(b, orientation(content));
    *ret_turned = true;
  } else if (is_kept(marker, content)) {
    buf_add(b, whole);
  }
  *at += length + 2;
  if (marker != SOS)
    return OK;
  size_t from = *at;
  if (!skip_scan(s, at))
    return not_whole(e);
  buf_add(b, str_sub(s, from, *at - from));
  return OK;
}

static enum code clean_jpeg(struct arena *a, struct str s, struct str *ret, struct err *e)
{
  struct buf b;
  size_t at = 2;
  bool turned = false, scanned = false;
  enum code c = OK;
  buf_init(&b, a, s.n + 64);
  buf_add(&b, str_sub(s, 0, 2));
  while (c == OK) {
    while (byte(s, at) == 0xFF && byte(s, at + 1) == 0xFF)
      at++;
    unsigned marker = byte(s, at + 1);
    if (at + 2 > s.n || byte(s, at) != 0xFF || marker == SOI || marker == TEM || marker < 0xC0 ||
        (marker >= 0xD0 && marker <= 0xD7))
      return not_whole(e);
    if (marker == EOI)
      break; /* what stands behind it goes: another picture, a film */
    scanned = scanned || marker == SOS;
    c = jpeg_segment(s, &at, marker, &b, &turned, e);
  }
  if (c == OK && !scanned)
    return not_whole(e);
  buf_add(&b, (struct str){"\xFF\xD9", 2});
  *ret = buf_str(&b);
  return c != OK ? c : b.failed ? err_oom(e) : OK;
}

/* ---- PNG ----------------------------------------------------------------------------------------------------------------- */

#define PNG_HEAD ((struct str){"\x89PNG\r\n\x1A\n", 8})

static unsigned long crc_of(struct str s)
{
  unsigned long crc = 0xFFFFFFFFul;
  for (size_t i = 0; i < s.n; i++) {
    crc ^= byte(s, i);
    for (int k = 0; k < 8; k++)
      crc = crc & 1 ? 0xEDB88320ul ^ crc >> 1 : crc >> 1;
  }
  return crc ^ 0xFFFFFFFFul;
}

static bool png_kept(struct str type)
{
  static const char *const kept[] = {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA",
                                     "cHRM", "sRGB", "sBIT", "bKGD", "pHYs"};
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
    if (str_is(type, kept[i]))
      return true;
  return false;
}

static enum code clean_png(struct arena *a, struct str s, struct str *ret, struct err *e)
{
  struct buf b;
  bool first = true, data = false;
  buf_init(&b, a, s.n + 1);
  buf_add(&b, PNG_HEAD);
  for (size_t at = PNG_HEAD.n;;) {
    size_t length = big32(s, at);
    if (at + 12 > s.n || length > s.n - at - 12)
      return not_whole(e);
    struct str type = str_sub(s, at + 4, 4), body = str_sub(s, at + 4, length + 4);
    if (crc_of(body) != big32(s, at + 8 + length) || first != str_is(type, "IHDR"))
      return not_whole(e);
    if (png_kept(type))
      buf_add(&b, str_sub(s, at, length + 12));
    first = false;
    data = data || str_is(type, "IDAT");
    at += length + 12;
    if (str_is(type, "IEND"))
      break;
  }
  *ret = buf_str(&b);
  return !data ? not_whole(e) : b.failed ? err_oom(e) : OK;
}

/* ---- which ------------------------------------------------------------------------------------------------------------------ */

/* The end stands within the last kilobyte. */
static bool ends_as_pdf(struct str s)
{
  enum { TAIL = 1024 };
  return str_contains(s.n > TAIL ? str_sub(s, s.n - TAIL, TAIL) : s, S("%%EOF"));
}

enum code file_clean(struct arena *a, struct str bytes, enum file_type *ret, struct str *ret_clean, struct err *e)
{
  enum code c = OK;
  if (str_starts(bytes, S("%PDF-"))) {
    *ret = FILE_PDF;
    *ret_clean = bytes;
    return ends_as_pdf(bytes) ? OK : not_whole(e);
  }
  if (str_starts(bytes, (struct str){"\xFF\xD8\xFF", 3})) {
    *ret = FILE_JPEG;
    c = clean_jpeg(a, bytes, ret_clean, e);
  } else if (str_starts(bytes, PNG_HEAD)) {
    *ret = FILE_PNG;
    c = clean_png(a, bytes, ret_clean, e);
  } else {
    c = err_field(
        e, "file",
        TR("つけられるのは、PDFと、写真・画像(JPEG・PNG)です。ほかの形のファイルは、PDFにしてからつけてください。"));
  }
  return c;
}
