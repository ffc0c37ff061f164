/* sealed.c: a backup that somebody has had in hands, and the file of its key. */
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/vault.h"
#include "fuzz.h"
#include "keep/members.h"

enum { CONTENT = 70000 }; /* a whole chunk and a part of one */

static char folder[64], key_path[96], sealed_path[96], export_path[96];
static unsigned char content[CONTENT], *sealed;
static size_t sealed_size;
static struct vault_key *key;

static void forget(void)
{
  char public_half[112];
  snprintf(public_half, sizeof(public_half), "%s.pub", key_path);
  unlink(public_half);
  unlink(key_path);
  unlink(sealed_path);
  unlink(export_path);
  rmdir(folder);
  vault_key_free(key);
  free(sealed);
}

static void seal_once(void)
{
  struct err e = {0};
  struct vault_out *o = NULL;
  if (sealed)
    return;
  snprintf(folder, sizeof(folder), "%s/tsunagu-fuzz-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
  HOLDS(mkdtemp(folder) != NULL);
  snprintf(key_path, sizeof(key_path), "%s/key", folder);
  snprintf(sealed_path, sizeof(sealed_path), "%s/sealed", folder);
  snprintf(export_path, sizeof(export_path), "%s/export", folder);
  for (size_t i = 0; i < CONTENT; i++)
    content[i] = (unsigned char)(i * 7);
  HOLDS(vault_key_create(key_path, STR_NONE, &e) == OK && vault_key_open(key_path, STR_NONE, &key, &e) == OK);
  HOLDS(vault_create(sealed_path, VAULT_BACKUP, key, &o, &e) == OK);
  HOLDS(vault_write(o, (struct str){(const char *)content, CONTENT}, &e) == OK && vault_commit(o, false, &e) == OK);
  struct stat st;
  HOLDS(stat(sealed_path, &st) == 0);
  sealed_size = (size_t)st.st_size;
  sealed = malloc(sealed_size);
  FILE *f = fopen(sealed_path, "re");
  HOLDS(sealed && f && fread(sealed, 1, sealed_size, f) == sealed_size);
  fclose(f);
  atexit(forget);
}

/* How the content reads from these bytes: all of it, or a refusal; never anything else. */
static bool opens(struct str bytes)
{
  static unsigned char got[CONTENT];
  struct vault_in *in = NULL;
  struct err e = {0};
  if (vault_open(fuzz_file(bytes, 0600), VAULT_BACKUP, key, &in, &e) != OK) {
    HOLDS(!in && e.msg);
    return false;
  }
  bool whole = vault_read(in, got, CONTENT, &e) == OK && memcmp(got, content, CONTENT) == 0 && vault_end(in, &e) == OK;
  vault_close(in);
  return whole;
}

/* Three bytes an edit: where, and what is turned over there; a last one or two say where the file is cut; from "+" on bytes are
 * added. Only the file as it was opens. */
static void sealed_file(struct arena *a, struct str in)
{
  seal_once();
  char *bytes = arena_alloc(a, sealed_size + in.n);
  size_t n = sealed_size, i = 0;
  memcpy(bytes, sealed, n);
  for (; in.n - i >= 3 && in.p[i] != '+'; i += 3) {
    size_t at = ((size_t)(unsigned char)in.p[i] << 8 | (unsigned char)in.p[i + 1]) * (in.p[i + 2] & 1 ? 1 : 3) % n;
    bytes[at] = (char)(bytes[at] ^ in.p[i + 2]);
  }
  if (i < in.n && in.p[i] == '+') {
    memcpy(bytes + n, in.p + i + 1, in.n - i - 1);
    n += in.n - i - 1;
  } else if (i < in.n) {
    n = n * (unsigned char)in.p[i] / 256;
  }
  bool same = n == sealed_size && memcmp(bytes, sealed, n) == 0;
  HOLDS(opens((struct str){bytes, n}) == same);
}
FUZZ_TARGET(sealed_file);

static void sealing_key(struct arena *a, struct str in)
{
  struct vault_key *k = NULL;
  struct err e = {0};
  if (vault_key_open(fuzz_file(in, 0400), STR_NONE, &k, &e) != OK) {
    HOLDS(!k && e.msg);
    return;
  }
  (void)vault_key_opens(k);
  vault_key_free(k);
}
FUZZ_TARGET(sealing_key);

static size_t read_lines(struct members_in *m, enum code *ret)
{
  struct err e = {0};
  struct str line = STR_NONE;
  bool more = true;
  size_t n = 0;
  while ((*ret = members_line(m, &line, &more, &e)) == OK && more) {
    HOLDS(!line.n || !memchr(line.p, '\n', line.n));
    n += line.n + 1;
  }
  return n;
}

/* What somebody who has the key may have sealed as an export: its members come one after the other, never with more than was in it. */
static void export_file(struct arena *a, struct str in)
{
  struct err e = {0};
  struct vault_out *o = NULL;
  struct members_in *m = NULL;
  const char *name = NULL;
  size_t n = 0;
  seal_once();
  HOLDS(vault_create(export_path, VAULT_EXPORT, key, &o, &e) == OK);
  HOLDS(vault_write(o, in, &e) == OK && vault_commit(o, true, &e) == OK);
  HOLDS(members_open(export_path, key, &m, &e) == OK);
  enum code c;
  while ((c = members_next(m, &name, &e)) == OK && name) {
    HOLDS(*name || strlen(name) < 200);
    n += read_lines(m, &c);
    if (c != OK)
      break;
  }
  HOLDS(n <= in.n && (c == OK || c == INVALID));
  members_close(m);
}
FUZZ_TARGET(export_file);
