/* text.c: text from outside: its check, its folding, CP932; and the mending of spreadsheets' cells. */
#include "base/my_number.h"
#include "directory/mend.h"
#include "directory/phone.h"
#include "fuzz.h"

/* Folded twice is folded once; what the door lets in is UTF-8; line ends are normalised once. */
static void fold(struct arena *a, struct str in)
{
  struct err e = {0};
  struct str once = utf8_fold(a, in), lines = utf8_normalize_newlines(a, in);
  HOLDS(utf8_valid(once));
  HOLDS(str_eq(utf8_fold(a, once), once));
  HOLDS(!memchr(lines.p, '\r', lines.n));
  HOLDS(str_eq(utf8_normalize_newlines(a, lines), lines));
  HOLDS(!arena_failed(a));
  if (utf8_check_text(in, true, &e) == OK) {
    HOLDS(utf8_valid(in) && !memchr(in.p ? in.p : "", '\0', in.n));
    HOLDS(utf8_length(in) <= in.n);
    HOLDS(utf8_check_text(in, false, &e) == OK || memchr(in.p, '\n', in.n));
  }
  (void)my_number_check(in);
}
FUZZ_TARGET(fold);

/* What can be read as CP932 is text, and written and read again it is the same; the bytes may differ (NEC's and IBM's doubles). Text
 * that CP932 can hold keeps its bytes from the first writing on (the minus sign becomes the full-width one). */
static void cp932(struct arena *a, struct str in)
{
  struct str text, bytes, again;
  struct err e = {0};
  if (utf8_from_cp932(a, in, &text, &e) == OK) {
    HOLDS(utf8_valid(text));
    HOLDS(utf8_to_cp932(a, text, &bytes, &e) == OK);
    HOLDS(utf8_from_cp932(a, bytes, &again, &e) == OK && str_eq(again, text));
  }
  if (utf8_valid(in) && utf8_to_cp932(a, in, &bytes, &e) == OK)
    HOLDS(utf8_from_cp932(a, bytes, &text, &e) == OK && utf8_to_cp932(a, text, &again, &e) == OK &&
          str_eq(again, bytes));
}
FUZZ_TARGET(cp932);

static size_t digits(struct str s)
{
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++)
    n += s.p[i] >= '0' && s.p[i] <= '9';
  return n;
}

/* A telephone cell loses no digit, and only digits are ever dialled. */
static void phone_holds(struct arena *a, struct str cell)
{
  struct phones p = {0};
  size_t kept = 0;
  phone_read(a, cell, S("0183"), PHONE_VOICE, &p);
  HOLDS(p.count <= PHONES_MOST);
  for (size_t i = 0; i < p.count; i++) {
    const struct phone *one = &p.list[i];
    kept += digits(one->number) + digits(one->extension) + digits(one->remark);
    HOLDS(utf8_valid(one->number) && utf8_valid(one->extension) && utf8_valid(one->remark));
    HOLDS(digits(one->dial) == one->dial.n || (one->dial.n == 5 && one->dial.p[0] == '#'));
  }
  HOLDS(kept >= digits(mend_width(a, cell)));
}

/* Mended twice is mended once, and digits stay what they are. */
static void cells(struct arena *a, struct str in)
{
  struct date d = {0};
  bool serial = false;
  struct str width = mend_width(a, in);
  HOLDS(utf8_valid(width));
  if (!utf8_valid(in))
    return;
  struct str line = mend_line(a, in), lines = mend_lines(a, in), dashes = mend_dashes(a, width);
  HOLDS(str_eq(mend_width(a, width), width));
  HOLDS(str_eq(mend_line(a, line), line) && !memchr(line.p ? line.p : "", '\n', line.n));
  HOLDS(str_eq(mend_lines(a, lines), lines));
  HOLDS(str_eq(mend_dashes(a, dashes), dashes) && digits(dashes) == digits(width));
  HOLDS(utf8_valid(mend_key(a, in)));
  HOLDS(!mend_date(a, in, &d, &serial) || date_valid(d));
  if (fuzz_clean(in))
    phone_holds(a, in);
}
FUZZ_TARGET(cells);
