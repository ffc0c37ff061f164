/* vault.c: sealed files: what was written comes out, and nothing else does. */
#include "crypto/vault.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cm.h"
#include "crypto/seal.h"

enum { CHUNK = 65536, HEAD = 160, TAG = 17 };
static char folder[] = "/tmp/tsunagu-vault-XXXXXX";
static char key_path[60], public_path[60], file[60];
static struct vault_key *secret, *public_half;

static void write_file(const char *path, const char *bytes, size_t n)
{
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  assert_true(fd >= 0 && write(fd, bytes, n) == (ssize_t)n);
  close(fd);
}

static size_t read_file(const char *path, char *ret, size_t size)
{
  int fd = open(path, O_RDONLY);
  ssize_t n = fd >= 0 ? read(fd, ret, size) : -1;
  close(fd);
  assert_true(n >= 0);
  return (size_t)n;
}

static void fill(char *p, size_t n)
{
  for (size_t i = 0; i < n; i++)
    p[i] = (char)(i * 31 + i / 251);
}

static void seal_file(const char *text, size_t n, size_t part)
{
  struct vault_out *o = NULL;
  struct err e = {0};
  assert_int_equal(vault_create(file, VAULT_BACKUP, public_half, &o, &e), OK);
  for (size_t at = 0; at < n; at += part)
    assert_int_equal(vault_write(o, (struct str){text + at, n - at < part ? n - at : part}, &e), OK);
  assert_int_equal(vault_commit(o, true, &e), OK);
}

/* OK only when all of it comes out. */
static enum code open_file(const char *text, size_t n)
{
  struct vault_in *in = NULL;
  struct err e = {0};
  char *got = malloc(n + 1);
  enum code c = vault_open(file, VAULT_BACKUP, secret, &in, &e);
  if (c == OK)
    c = vault_read(in, got, n, &e);
  if (c == OK && n && memcmp(got, text, n) != 0)
    c = FAULT;
  if (c == OK)
    c = vault_end(in, &e);
  vault_close(in);
  free(got);
  return c;
}

static void every_length_comes_out(void **state)
{
  static const size_t lengths[] = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5};
  char *text = malloc(4 * CHUNK);
  fill(text, 4 * CHUNK);
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    seal_file(text, lengths[i], 1000 + i * 37777);
    assert_int_equal(open_file(text, lengths[i]), OK);
    if (lengths[i])
      assert_int_equal(open_file(text, lengths[i] - 1), INVALID); /* more follows */
    assert_int_equal(open_file(text, lengths[i] + 1), INVALID);
  }
  free(text);
}

static void nothing_else_does(void **state)
{
  enum { N = 2 * CHUNK + 300, SEALED = HEAD + 3 * TAG + N };
  char *text = malloc(N), *sealed = malloc(SEALED + 10), *bad = malloc(SEALED + 10);
  fill(text, N);
  seal_file(text, N, N);
  assert_int_equal(read_file(file, sealed, SEALED + 10), SEALED);
  for (size_t at = 0; at < SEALED; at += at < HEAD + 40 ? 1 : 4999) {
    memcpy(bad, sealed, SEALED);
    bad[at] ^= 0x40;
    write_file(file, bad, SEALED);
    assert_int_equal(open_file(text, N), INVALID);
  }
  for (size_t n = 0; n < SEALED; n += n < HEAD + 40 ? 1 : 4999) {
    write_file(file, sealed, n);
    assert_int_equal(open_file(text, N), INVALID);
  }
  memcpy(bad, sealed, SEALED);
  write_file(file, bad, SEALED + 1);
  assert_int_equal(open_file(text, N), INVALID);
  write_file(file, sealed, SEALED);
  assert_int_equal(open_file(text, N), OK);
  free(text);
  free(sealed);
  free(bad);
}

static void keys_that_are_not_the_one(void **state)
{
  char other_path[60];
  struct vault_key *other = NULL;
  struct vault_in *in = NULL;
  struct err e = {0};
  seal_file("text", 4, 4);
  assert_false(vault_key_opens(public_half));
  assert_int_equal(vault_open(file, VAULT_BACKUP, public_half, &in, &e), DENIED);
  assert_int_equal(vault_open(file, VAULT_KEYS, secret, &in, &e), INVALID);
  snprintf(other_path, sizeof other_path, "%s/other", folder);
  assert_int_equal(vault_key_create(other_path, S("a passphrase of words"), &e), OK);
  assert_int_equal(vault_key_create(other_path, STR_NONE, &e), CONFLICT);
  assert_int_equal(vault_key_open(other_path, S("another passphrase"), &other, &e), DENIED);
  assert_int_equal(vault_key_open(other_path, STR_NONE, &other, &e), OK);
  assert_false(vault_key_opens(other));
  vault_key_free(other);
  assert_int_equal(vault_key_open(other_path, S("a passphrase of words"), &other, &e), OK);
  assert_true(vault_key_opens(other));
  assert_int_equal(vault_open(file, VAULT_BACKUP, other, &in, &e), INVALID);
  vault_key_free(other);
  assert_int_equal(vault_key_open("/nonexistent/key", STR_NONE, &other, &e), NOT_FOUND);
}

static void what_is_given_up_leaves_nothing(void **state)
{
  struct vault_out *o = NULL;
  struct err e = {0};
  char fresh[80];
  struct stat st;
  seal_file("kept", 4, 4);
  assert_int_equal(vault_create(file, VAULT_BACKUP, secret, &o, &e), OK);
  assert_int_equal(vault_write(o, S("thrown away"), &e), OK);
  vault_drop(o);
  snprintf(fresh, sizeof fresh, "%s.new", file);
  assert_int_not_equal(stat(fresh, &st), 0);
  assert_int_equal(open_file("kept", 4), OK);
  assert_int_equal(vault_create(file, VAULT_BACKUP, secret, &o, &e), OK);
  assert_int_equal(vault_commit(o, false, &e), CONFLICT); /* the name is taken */
  assert_int_equal(open_file("kept", 4), OK);
}

static int set_up(void **state)
{
  struct err e = {0};
  if (crypto_init(&e) != OK || !mkdtemp(folder))
    return 1;
  snprintf(key_path, sizeof key_path, "%s/key", folder);
  snprintf(public_path, sizeof public_path, "%s/key.pub", folder);
  snprintf(file, sizeof file, "%s/file", folder);
  return vault_key_create(key_path, STR_NONE, &e) != OK || vault_key_open(key_path, STR_NONE, &secret, &e) != OK ||
         vault_key_open(public_path, STR_NONE, &public_half, &e) != OK;
}

static int tear_down(void **state)
{
  char command[80];
  vault_key_free(secret);
  vault_key_free(public_half);
  snprintf(command, sizeof command, "rm -rf %s", folder);
  return system(command);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_length_comes_out),
      cmocka_unit_test(nothing_else_does),
      cmocka_unit_test(keys_that_are_not_the_one),
      cmocka_unit_test(what_is_given_up_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
