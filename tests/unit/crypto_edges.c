/* crypto_edges.c: what the other tests of src/crypto do not happen to ask: key files that say something else, other owners, sealed files that
 * somebody else made with the public half, values out of range. */
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "cm.h"
#include "crypto/password_common.h"
#include "crypto/seal_raw.h"
#include "crypto/secret.h"
#include "crypto/vault_impl.h"
#include "faulty.h"

enum { CHUNK = 64 << 10, HEAD = 160, A = crypto_secretstream_xchacha20poly1305_ABYTES };
static struct arena *a;
static struct err e;
static char folder[] = "/tmp/tsunagu-edges-XXXXXX";
static const char *path, *other_path, *public_path;

static void write_file(const char *to, struct str text)
{
  unlink(to);
  int fd = open(to, O_WRONLY | O_CREAT | O_EXCL, 0600);
  assert_true(fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n && close(fd) == 0);
}

/* --- the key file --- */

#define K32 "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define EPOCH(n, key) "{\"epoch\":" n ",\"key\":\"" key "\"}"
#define NETWORK(id, audit, sign, epochs)                                                                               \
  "{\"network\":\"" id "\",\"audit\":\"" audit "\",\"sign\":\"" sign "\",\"epochs\":[" epochs "]}"
#define FILE_OF(version, pepper, networks)                                                                             \
  "{\"version\":" version ",\"pepper\":\"" pepper "\",\"networks\":" networks "}"
#define WITH(networks) FILE_OF("1", K32, "[" networks "]")

static enum code open_text(const char *text, struct keyfile **ret)
{
  write_file(path, str_from(text));
  return keyfile_open(path, ret, &e);
}

static void a_key_file_that_says_something_else_is_damaged(void **state)
{
  static const char *const wrong[] = {
      FILE_OF("2", K32, "[]"),
      FILE_OF("1", "00", "[]"),
      FILE_OF("1", "zz", "[]"),
      FILE_OF("1", K32, "{}"),
      FILE_OF("1", K32, "null"),
      WITH("{}"),
      WITH(NETWORK("k", K32, K32, EPOCH("1", K32))),
      WITH(NETWORK("000000000000a", "00", K32, EPOCH("1", K32))),
      WITH(NETWORK("000000000000a", K32, "", EPOCH("1", K32))),
      WITH(NETWORK("000000000000a", K32, K32, "")),
      WITH(NETWORK("000000000000a", K32, K32, EPOCH("0", K32))),
      WITH(NETWORK("000000000000a", K32, K32, EPOCH("1", "00"))),
      WITH(NETWORK("000000000000a", K32, K32, EPOCH("1", K32) "," EPOCH("1", K32))),
      WITH(NETWORK("000000000000a", K32, K32, EPOCH("1", K32) "," EPOCH("2", K32))),
      WITH(NETWORK("000000000000a", K32, K32, EPOCH("1", K32)) "," NETWORK("000000000000a", K32, K32, EPOCH("1", K32))),
  };
  struct keyfile *k = NULL;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    assert_int_equal(open_text(wrong[i], &k), IO);
    assert_null(k);
  }
  assert_int_equal(open_text(WITH(NETWORK("000000000000a", K32, K32, EPOCH("3", K32) "," EPOCH("1", K32))), &k), OK);
  id64 network = 0;
  assert_true(id_parse(S("000000000000a"), &network));
  assert_int_equal(keyfile_epoch(k, network), 3);
  keyfile_free(k);
}

static void a_key_file_of_somebody_else_is_refused(void **state)
{
  struct keyfile *k = NULL;
  faulty_user(1000);
  faulty_owner(1001, 1001);
  assert_int_equal(open_text(WITH(""), &k), IO);
  faulty_owner(1000, 1000);
  assert_int_equal(open_text(WITH(""), &k), OK);
  keyfile_free(k);
  faulty_owner(0, 0); /* root's, readable: handed over */
  assert_int_equal(open_text(WITH(""), &k), OK);
  assert_int_equal(keyfile_add_network(k, 10, &e), OK); /* whoever is not root makes it their own */
  keyfile_free(k);
  assert_int_equal(truncate(path, 9 << 20), 0);
  assert_int_equal(keyfile_open(path, &k, &e), IO); /* too large */
  faulty_user((uid_t)-1);
  faulty_owner((uid_t)-1, (gid_t)-1);
}

/* Each of what makes a credential is asked for: the folder, as a whole name; root's user and group; no other's right. */
static void a_credential_is_all_of_it(void **state)
{
  const char *cut = str_cstr(a, str_sub(str_from(folder), 0, strlen(folder) - 1));
  struct {
    const char *given;
    uid_t uid;
    gid_t gid;
    mode_t mode;
    enum code wanted;
  } tries[] = {{folder, 0, 0, 0440, OK}, {"", 0, 0, 0440, IO},     {cut, 0, 0, 0440, IO},    {"/run", 0, 0, 0440, IO},
               {folder, 1, 0, 0440, IO}, {folder, 0, 1, 0440, IO}, {folder, 0, 0, 0460, IO}, {NULL, 0, 0, 0440, IO}};
  struct keyfile *k = NULL;
  write_file(path, S(WITH("")));
  for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
    if (tries[i].given)
      setenv("CREDENTIALS_DIRECTORY", tries[i].given, 1);
    else
      unsetenv("CREDENTIALS_DIRECTORY");
    faulty_owner(tries[i].uid, tries[i].gid);
    assert_int_equal(chmod(path, tries[i].mode), 0);
    assert_int_equal(keyfile_open(path, &k, &e), tries[i].wanted);
    if (tries[i].wanted == OK)
      keyfile_free(k);
  }
  faulty_owner((uid_t)-1, (gid_t)-1);
}

static void a_key_file_beside_the_working_folder(void **state)
{
  struct keyfile *k = NULL;
  const char *name = strrchr(path, '/') + 1;
  int here = open(".", O_RDONLY | O_DIRECTORY);
  assert_int_equal(chdir(folder), 0);
  unlink(name);
  assert_int_equal(keyfile_create(name, &k, &e), OK);
  assert_int_equal(keyfile_add_network(k, 10, &e), OK);
  assert_int_equal(fchdir(here), 0);
  close(here);
  keyfile_free(k);
  assert_int_equal(keyfile_open(path, &k, &e), OK);
  assert_true(keyfile_has_network(k, 10));
  keyfile_free(k);
}

static void epochs_that_others_made_and_that_are_not_there(void **state)
{
  struct keyfile *k = NULL, *elsewhere = NULL;
  struct seal_key key, got;
  struct str wrapped;
  int epoch = 0;
  unlink(path);
  assert_int_equal(keyfile_create(path, &k, &e), OK);
  assert_int_equal(keyfile_drop_epoch(k, 10, 1, &e), INVALID);
  assert_int_equal(keyfile_take_network(k, k, 10, &e), INVALID);
  assert_int_equal(keyfile_add_network(k, 10, &e), OK);
#ifndef TSUNAGU_BUG_ABORTS
  assert_int_equal(keyfile_add_network(k, 0, &e), FAULT);
#endif
  assert_int_equal(keyfile_open(path, &elsewhere, &e), OK);
  for (int i = 2; i <= 4; i++)
    assert_int_equal(keyfile_add_epoch(elsewhere, 10, &epoch, &e), OK);
  assert_int_equal(keyfile_epoch(k, 10), 1);
  seal_key_new(&key);
  assert_int_equal(key_wrap(a, k, 10, 3, 5, &key, &wrapped, &e), OK); /* read again */
  assert_int_equal(key_unwrap(elsewhere, 10, 3, 5, wrapped, &got, &e), OK);
  assert_int_equal(keyfile_drop_epoch(k, 10, 1, &e), OK); /* the oldest, past two others */
  assert_int_equal(keyfile_drop_epoch(k, 10, 7, &e), OK); /* never was */
  assert_int_equal(key_unwrap(elsewhere, 10, 3, 5, wrapped, &got, &e), OK);
  keyfile_free(k);
  keyfile_free(elsewhere);
}

/* --- sealed files --- */

static struct vault_key *secret;

/* A file that somebody made with the public half alone: each part a chunk of so many bytes, the last one marked or not. */
static void forge(const size_t *parts, size_t count, bool ends)
{
  static unsigned char file[HEAD + 4 * (CHUNK + A)], plain[CHUNK];
  unsigned char own[crypto_secretstream_xchacha20poly1305_KEYBYTES];
  crypto_secretstream_xchacha20poly1305_state s;
  size_t at = HEAD;
  memset(file, 0, HEAD);
  memcpy(file, "tsunagu sealed 1", 16);
  file[16] = VAULT_BACKUP;
  memcpy(file + 24, secret->public_half, VAULT_HALF);
  crypto_secretstream_xchacha20poly1305_keygen(own);
  assert_int_equal(crypto_box_seal(file + 56, own, sizeof own, secret->public_half), 0);
  crypto_secretstream_xchacha20poly1305_init_push(&s, file + 56 + sizeof own + crypto_box_SEALBYTES, own);
  for (size_t i = 0; i < count; i++) {
    unsigned long long n = 0;
    bool last = ends && i + 1 == count;
    crypto_secretstream_xchacha20poly1305_push(&s, file + at, &n, plain, parts[i], i ? NULL : file, i ? 0 : HEAD,
                                               last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
    at += n;
  }
  write_file(path, (struct str){(const char *)file, at});
}

static enum code read_forged(size_t n)
{
  static char got[4 * CHUNK];
  struct vault_in *in = NULL;
  assert_int_equal(vault_open(path, VAULT_BACKUP, secret, &in, &e), OK);
  enum code c = vault_read(in, got, n / 2, &e);
  if (c == OK)
    c = vault_read(in, got + n / 2, n - n / 2, &e);
  if (c == OK)
    c = vault_end(in, &e);
  vault_close(in);
  return c;
}

static void chunks_are_as_the_format_has_them(void **state)
{
  unlink(other_path);
  unlink(public_path);
  assert_int_equal(vault_key_create(other_path, STR_NONE, &e), OK);
  assert_int_equal(vault_key_open(other_path, STR_NONE, &secret, &e), OK);
  forge((size_t[]){CHUNK, 10}, 2, true);
  assert_int_equal(read_forged(CHUNK + 10), OK);
  forge((size_t[]){CHUNK, 0}, 2, true); /* an empty end adds nothing */
  assert_int_equal(read_forged(CHUNK), OK);
  forge((size_t[]){100, 10}, 2, true); /* the first is read with the second: neither opens */
  assert_int_equal(read_forged(110), INVALID);
  forge((size_t[]){100}, 1, false); /* a short one that is not the last */
  assert_int_equal(read_forged(100), INVALID);
  forge((size_t[]){CHUNK}, 1, false); /* no end */
  assert_int_equal(read_forged(CHUNK), INVALID);
  forge((size_t[]){CHUNK, 10}, 2, true);
  assert_int_equal(read_forged(CHUNK), INVALID); /* more follows */
  assert_int_equal(read_forged(CHUNK + 5), INVALID);
  assert_int_equal(read_forged(CHUNK + 11), INVALID);
  forge((size_t[]){CHUNK}, 1, true);
  assert_int_equal(read_forged(CHUNK), OK);
  int fd = open(path, O_WRONLY | O_APPEND);
  assert_true(fd >= 0 && write(fd, "x", 1) == 1 && close(fd) == 0);
  assert_int_equal(read_forged(CHUNK), INVALID); /* a byte after the end */
  vault_drop(NULL);
  vault_close(NULL);
  vault_key_free(secret);
}

static void a_backup_key_of_another_length_is_damaged(void **state)
{
  static const char *const wrong[] = {"{}",
                                      "null",
                                      "x",
                                      "{\"public\":\"00\"}",
                                      "{\"public\":\"" K32 "\",\"secret\":\"00\"}",
                                      "{\"public\":\"" K32 "\",\"secret\":\"" K32 "\"}",
                                      "{\"public\":\"" K32 "\",\"locked\":\"00\",\"salt\":\"" K32 "\"}",
                                      "{\"public\":\"" K32
                                      "\",\"locked\":\"00\",\"salt\":\"00112233445566778899aabbccddeeff\"}"};
  struct vault_key *k = NULL;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    write_file(other_path, str_from(wrong[i]));
    assert_int_equal(vault_key_open(other_path, S("a passphrase"), &k, &e), IO);
  }
  assert_null(k);
}

/* --- values, codes, passwords --- */

static void lengths_that_cannot_be(void **state)
{
  static const struct seal_at at = {"person", "name", 1, 2};
  static const char forty[SEAL_OVERHEAD] = {0};
  struct seal_key key = {{0}};
  struct str ret = STR_NONE, endless = {"", SIZE_MAX - 3};
  char opened[1];
  assert_int_equal(seal(a, &key, at, endless, &ret, &e), OOM);
  assert_false(hex_text(a, endless).n);
  assert_false(unseal_raw(&key, at, (struct str){forty, SEAL_OVERHEAD - 1}, opened));
  assert_false(unseal_raw(&key, at, (struct str){forty, SEAL_OVERHEAD}, opened));
#ifndef TSUNAGU_BUG_ABORTS
  char name[100];
  memset(name, 'x', sizeof name);
  name[99] = '\0';
  assert_int_equal(seal(a, &key, (struct seal_at){name, "name", 1, 2}, S("x"), &ret, &e), OK);
#endif
}

static void codes_are_folded_and_written(void **state)
{
  assert_str(paper_code_fold(a, S("Ｋ３Ｆ９‐2m x\ta‑‒―−ー\xef\xbd\xb0　oIL‖~")), "k3f92mxa011‖~");
  assert_str(paper_code_fold(a, S("―〜￥")), "〜￥");
  assert_str(paper_code_fold(a, S("\xff")), "");
  assert_str(totp_uri(a, S("GE"), S("a-b._~c/"), S("x")),
             "otpauth://totp/x:a-b._~c%2F?secret=GE&issuer=x&algorithm=SHA1&digits=6&period=30");
  static const unsigned char key[TOTP_SECRET] = {1};
  int64_t step = 0;
  assert_int_equal(totp_verify(key, S("28708Ａ"), 59000, 0, &step), DENIED);
  assert_int_equal(totp_verify(key, S("28708："), 59000, 0, &step), DENIED);
  assert_false(totp_code(a, key, -1).n);
}

static enum code common(const char *password, struct str login)
{
  return password_is_common(str_from(password), login, &e);
}

static void odd_passwords_and_logins(void **state)
{
  char many[200 + 1];
  memset(many, 'q', 200);
  many[200] = '\0';
  struct str stored = {many, 200};
  assert_int_equal(password_verify(stored, S("x")), DENIED); /* no hash is that long */
  assert_int_equal(common(many, S("suzuki")), INVALID);
  assert_int_equal(common("みずうみのほとりのちいさないえ", str_from(many)), OK);
  assert_int_equal(common("みずうみのほとりのちいさないえ", S("鈴木")), OK);
  assert_int_equal(common("みずうみのほとりのちいさないえ", S("\xff\xfe")), OK);
  assert_int_equal(common("みずうみのほとりのちいさないえ", STR_NONE), OK);
  assert_int_equal(common("ｓｕｚｕｋｉ￥2026！", S("suzuki")), OK);
  assert_int_equal(common("ｓｕｚｕｋｉ－2026！", S("suzuki")), INVALID);
  assert_int_equal(common("su　zu~ki\x7f{2026}\x1f", S("su")), OK);
  assert_int_equal(common("suzuki`{|}~-2026　", S("suzuki")), INVALID);
  assert_int_equal(common("\x1fsuzuki2026!!!!", S("suzuki")), OK);
  assert_int_equal(common("suzukiaaaa2026!!", S("suzuki")), INVALID);
  assert_int_equal(common("suzuki2026!!x", S("suzuki")), OK);
  assert_int_equal(common("abcdefghijklx", S("abcdefghijklm")), OK);
  assert_int_equal(common("みずうみのほとりへいこうね", S("みずうみのほとりへいこうか")), OK);
}

static int set_up(void **state)
{
  a = arena_new(LIMIT_ARENA);
  if (!a || crypto_init(&e) != OK || !mkdtemp(folder))
    return 1;
  path = str_cstr(a, str_printf(a, "%s/file", folder));
  other_path = str_cstr(a, str_printf(a, "%s/other", folder));
  public_path = str_cstr(a, str_printf(a, "%s.pub", other_path));
  password_cost_set_for_tests();
  return 0;
}

static int tear_down(void **state)
{
  unlink(path);
  unlink(other_path);
  unlink(public_path);
  arena_free(a);
  return rmdir(folder);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_key_file_that_says_something_else_is_damaged),
      cmocka_unit_test(a_key_file_of_somebody_else_is_refused),
      cmocka_unit_test(a_credential_is_all_of_it),
      cmocka_unit_test(a_key_file_beside_the_working_folder),
      cmocka_unit_test(epochs_that_others_made_and_that_are_not_there),
      cmocka_unit_test(chunks_are_as_the_format_has_them),
      cmocka_unit_test(a_backup_key_of_another_length_is_damaged),
      cmocka_unit_test(lengths_that_cannot_be),
      cmocka_unit_test(codes_are_folded_and_written),
      cmocka_unit_test(odd_passwords_and_logins),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
