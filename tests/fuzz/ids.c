/* ids.c: the small texts that name something: ids, cursors, hexadecimal, codes on paper and from a telephone, passwords. */
#include "base/id.h"
#include "casework/casework.h"
#include "crypto/secret.h"
#include "fuzz.h"

static void cursor_holds(struct arena *a, struct str in)
{
  struct case_cursor c = {.at = -7, .id = -7}, again = {0};
  if (!case_cursor_parse(in, &c)) {
    HOLDS(c.at == -7 && c.id == -7);
    return;
  }
  if (!in.n)
    return;
  HOLDS(c.id > 0);
  HOLDS(case_cursor_parse(case_cursor_text(a, c), &again) && again.at == c.at && again.id == c.id);
}

static void codes_hold(struct arena *a, struct str in)
{
  static const unsigned char secret[TOTP_SECRET] = "12345678901234567890";
  struct err e = {0};
  int64_t step = -1;
  struct str code = paper_code_fold(a, in);
  HOLDS(str_eq(paper_code_fold(a, code), code));
  if (totp_verify(secret, in, 59000, 0, &step) == OK)
    HOLDS(step >= 0 && step <= 2);
  else
    HOLDS(step == -1);
  if (password_check_rules(in, S("hanako"), &e) == OK)
    HOLDS(utf8_valid(in) && utf8_length(in) >= 12 && utf8_length(in) <= 128);
}

static void ids(struct arena *a, struct str in)
{
  id64 id = -7;
  int64_t number = -7;
  struct str bytes;
  if (id_parse(in, &id))
    HOLDS(id > 0 && str_eq(id_text(a, id), in));
  else
    HOLDS(id == -7);
  if (str_to_i64(in, &number)) {
    int64_t again = 0;
    HOLDS(str_to_i64(str_printf(a, "%lld", (long long)number), &again) && again == number);
  } else {
    HOLDS(number == -7);
  }
  if (hex_parse(a, in, &bytes)) {
    struct str twice;
    HOLDS(bytes.n * 2 == in.n && hex_parse(a, hex_text(a, bytes), &twice) && str_eq(twice, bytes));
  }
  cursor_holds(a, in);
  codes_hold(a, in);
}
FUZZ_TARGET(ids);
