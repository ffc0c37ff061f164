/* attachments.c: files that are attached to a case: what is taken tells nothing beside itself and is taken again as it is. */
#include "fuzz.h"

#include "base/limits.h"
#include "casework/file_clean.h"

static bool tells(struct str s, const char *word)
{
  return str_contains(s, str_from(word));
}

static void attachment(struct arena *a, struct str in)
{
  struct err e = {0};
  enum file_type type = 0, again_type = 0;
  struct str clean = STR_NONE, again = STR_NONE;
  if (file_clean(a, in, &type, &clean, &e) != OK) {
    HOLDS(e.code != INVALID || (e.msg && e.msg[0]));
    return;
  }
  HOLDS(type >= FILE_PDF && type < FILE_TYPES && clean.n && clean.n <= in.n + 36);
  HOLDS(file_clean(a, clean, &again_type, &again, &e) == OK && again_type == type && str_eq(again, clean));
  if (type == FILE_PNG)
    HOLDS(!tells(str_sub(clean, 8, 8), "tEXt"));
}
FUZZ_TARGET(attachment);
