#include "base/id.h"

#include <sodium.h>

enum { RANDOM_BITS = 20, TIME_BITS = 43 };
static const ts_t epoch_ms = 1577836800000; /* 2020-01-01T00:00:00Z */
static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

id64 id_new(ts_t now)
{
  int64_t since = now - epoch_ms;
  const int64_t latest = ((int64_t)1 << TIME_BITS) - 1; /* the year 2298 */
  /* never 0, which means "none" */
  since = since < 1 ? 1 : since > latest ? latest : since;
  return since << RANDOM_BITS | (int64_t)randombytes_uniform(1u << RANDOM_BITS);
}

struct str id_text(struct arena *a, id64 id)
{
  if (id <= 0)
    return STR_NONE;
  char text[ID_TEXT];
  for (int i = ID_TEXT - 1; i >= 0; i--, id >>= 5)
    text[i] = alphabet[id & 31];
  return str_copy(a, (struct str){text, ID_TEXT});
}

bool id_parse(struct str s, id64 *ret)
{
  if (s.n != ID_TEXT || s.p[0] < '0' || s.p[0] > '7')
    return false;
  id64 id = 0;
  for (size_t i = 0; i < s.n; i++) {
    const char *at = s.p[i] ? strchr(alphabet, s.p[i]) : NULL;
    if (!at)
      return false;
    id = id << 5 | (at - alphabet);
  }
  if (id == 0)
    return false;
  *ret = id;
  return true;
}
