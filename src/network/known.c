/* known.c: browsers from which somebody has signed in before. The cookie's name says of which login to the one who knows the pepper; its
 * value is a random number and the keyed hash that binds it to the login. */
#include "network/sign.h"

enum { NAME_BYTES = 6, RANDOM_BYTES = 16, MAC_BYTES = 16 };

static struct str keyed(struct arena *a, const struct keyfile *keys, struct str text, size_t bytes)
{
  unsigned char hash[HASH];
  hash_keyed(keyfile_pepper(keys), text, hash);
  return hex_text(a, (struct str){(const char *)hash, bytes});
}

struct str known_cookie(struct arena *a, const struct keyfile *keys, struct str login)
{
  struct str name = keyed(a, keys, str_printf(a, "known name %.*s", STR_FMT(login)), NAME_BYTES);
  return str_printf(a, "known-%.*s", STR_FMT(name));
}

static struct str mac(struct arena *a, const struct keyfile *keys, struct str login, struct str browser)
{
  return keyed(a, keys, str_printf(a, "known %.*s %.*s", STR_FMT(browser), STR_FMT(login)), MAC_BYTES);
}

struct str known_new(struct arena *a, const struct keyfile *keys, struct str login)
{
  unsigned char bytes[RANDOM_BYTES];
  random_bytes(bytes, sizeof(bytes));
  struct str browser = hex_text(a, (struct str){(const char *)bytes, sizeof(bytes)});
  return str_printf(a, "%.*s.%.*s", STR_FMT(browser), STR_FMT(mac(a, keys, login, browser)));
}

struct str known_browser(struct arena *a, const struct keyfile *keys, struct str login, struct str value)
{
  struct str rest = value, browser = STR_NONE;
  bool cut = value.n && str_split(&rest, '.', &browser) && browser.n == 2 * RANDOM_BYTES;
  return cut && secret_equal(rest, mac(a, keys, login, browser)) ? browser : STR_NONE;
}
