/* seal.h: sealed values and the key file */
#include "cm.h"

#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "crypto/seal.h"
#include "crypto/secret.h"

static struct arena *a;
static char folder[] = "/tmp/tsunagu-keys-XXXXXX";
static const char *path;
static struct err e;

static struct str hex(const char *text)
{
  struct str s;
  assert_true(hex_parse(a, str_from(text), &s));
  return s;
}

#define BYTES(s) ((const unsigned char *)(s).p)

/* draft-irtf-cfrg-xchacha-03, A.3.1: the cipher we are linked to is the one we mean. */
static void the_cipher_is_the_published_one(void **state)
{
  struct str plain = S("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
                       "sunscreen would be it.");
  struct str ad = hex("50515253c0c1c2c3c4c5c6c7");
  struct str key = hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
  struct str nonce = hex("404142434445464748494a4b4c4d4e4f5051525354555657");
  struct str want =
      hex("bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39"
          "ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
          "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49");
  unsigned char got[200];
  unsigned long long n = 0;
  crypto_aead_xchacha20poly1305_ietf_encrypt(got, &n, BYTES(plain), plain.n, BYTES(ad), ad.n, NULL, BYTES(nonce),
                                             BYTES(key));
  assert_true(str_eq((struct str){(char *)got, n}, want));
}

static const struct seal_at at = {"person", "name", 0x1122334455667788, 3};

/* The layout and the associated data written out by hand, both ways. */
static void a_sealed_value_is_what_the_header_says(void **state)
{
  static const unsigned char ad[] = "person\0name\0\x88\x77\x66\x55\x44\x33\x22\x11\x03\0\0\0\0\0\0";
  struct seal_key key;
  struct str sealed, opened;
  unsigned char plain[16], made[SEAL_OVERHEAD + 6];
  unsigned long long n = 0;
  seal_key_new(&key);
  assert_int_equal(seal(a, &key, at, S("山田"), &sealed, &e), OK);
  assert_int_equal(sealed.n, 6 + SEAL_OVERHEAD);
  assert_int_equal(sealed.p[0], 1);
  assert_int_equal(crypto_aead_xchacha20poly1305_ietf_decrypt(plain, &n, NULL, BYTES(sealed) + 25, sealed.n - 25, ad,
                                                              sizeof(ad), BYTES(sealed) + 1, key.k),
                   0);
  assert_memory_equal(plain, "山田", 6);
  made[0] = 1;
  memset(made + 1, 0x5A, SEAL_NONCE);
  crypto_aead_xchacha20poly1305_ietf_encrypt(made + 25, NULL, (const unsigned char *)"tanaka", 6, ad, sizeof(ad), NULL,
                                             made + 1, key.k);
  assert_int_equal(unseal(a, &key, at, (struct str){(char *)made, sizeof(made)}, &opened, &e), OK);
  assert_str(opened, "tanaka");
}

static void assert_closed(const struct seal_key *key, struct seal_at where, struct str sealed)
{
  struct str opened = S("untouched");
  e = (struct err){0};
  assert_int_equal(unseal(a, key, where, sealed, &opened, &e), IO);
  assert_str(opened, "untouched");
  assert_non_null(strstr(e.detail, where.table));
  assert_non_null(strstr(e.detail, where.column));
}

static void it_opens_with_its_key_in_its_place_only(void **state)
{
  struct seal_key key, other;
  struct str sealed, again, opened;
  seal_key_new(&key);
  seal_key_new(&other);
  assert_memory_not_equal(&key, &other, sizeof(key));
  assert_int_equal(seal(a, &key, at, S("secret"), &sealed, &e), OK);
  assert_int_equal(seal(a, &key, at, S("secret"), &again, &e), OK);
  assert_false(str_eq(sealed, again));
  assert_int_equal(unseal(a, &key, at, sealed, &opened, &e), OK);
  assert_str(opened, "secret");
  assert_closed(&other, at, sealed);
  assert_closed(&key, (struct seal_at){"person", "kana", at.network, at.row}, sealed);
  assert_closed(&key, (struct seal_at){"persona", "ame", at.network, at.row}, sealed);
  assert_closed(&key, (struct seal_at){"personn", "ame", at.network, at.row}, sealed);
  assert_closed(&key, (struct seal_at){"person", "name", at.network + 1, at.row}, sealed);
  assert_closed(&key, (struct seal_at){"person", "name", at.network, at.row + 1}, sealed);
  for (size_t i = 0; i < sealed.n; i++) {
    char *broken = arena_copy(a, sealed.p, sealed.n);
    broken[i] ^= 1;
    assert_closed(&key, at, (struct str){broken, sealed.n});
    assert_closed(&key, at, str_sub(sealed, 0, i));
  }
}

static void empty_and_large_values(void **state)
{
  struct seal_key key;
  struct str sealed, opened;
  seal_key_new(&key);
  assert_int_equal(seal(a, &key, at, STR_NONE, &sealed, &e), OK);
  assert_int_equal(sealed.n, SEAL_OVERHEAD);
  assert_int_equal(unseal(a, &key, at, sealed, &opened, &e), OK);
  assert_int_equal(opened.n, 0);
  struct str big = {arena_alloc(a, 1 << 20), 1 << 20};
  assert_int_equal(seal(a, &key, at, big, &sealed, &e), OK);
  assert_int_equal(unseal(a, &key, at, sealed, &opened, &e), OK);
  assert_true(str_eq(big, opened));
  struct arena *small = arena_new(100);
  assert_int_equal(seal(small, &key, at, big, &sealed, &e), OOM);
  arena_free(small);
}

/* --- the key file --- */

static struct keyfile *created(void)
{
  struct keyfile *k = NULL;
  unlink(path);
  if (keyfile_create(path, &k, &e) != OK)
    fail_msg("%s %s [%s]", e.msg, e.arg[0], e.detail);
  return k;
}

static struct str content(void)
{
  static char text[100000];
  int fd = open(path, O_RDONLY);
  assert_true(fd >= 0);
  ssize_t n = read(fd, text, sizeof(text));
  close(fd);
  assert_true(n > 0);
  return str_copy(a, (struct str){text, (size_t)n});
}

static void assert_mode(void)
{
  struct stat st;
  assert_int_equal(stat(path, &st), 0);
  assert_int_equal(st.st_mode & 07777, 0400);
}

static int files_in_folder(void)
{
  const char *command = str_cstr(a, str_printf(a, "ls -A %s | wc -l", folder));
  FILE *f = popen(command, "r");
  int n = -1;
  assert_int_equal(fscanf(f, "%d", &n), 1);
  pclose(f);
  return n;
}

static void keys_come_back_from_the_file(void **state)
{
  struct keyfile *k = created(), *same;
  assert_mode();
  assert_int_equal(keyfile_add_network(k, 10, &e), OK);
  assert_int_equal(keyfile_add_network(k, 20, &e), OK);
  assert_mode();
  assert_int_equal(files_in_folder(), 1);
  struct str before = content();
  assert_int_equal(keyfile_add_network(k, 10, &e), OK); /* idempotent */
  assert_true(str_eq(before, content()));
  umask(0);
  assert_int_equal(keyfile_open(path, &same, &e), OK);
  for (id64 network = 10; network <= 20; network += 10) {
    assert_true(keyfile_has_network(same, network));
    assert_int_equal(keyfile_epoch(same, network), 1);
    assert_memory_equal(keyfile_audit_key(k, network), keyfile_audit_key(same, network), 32);
    assert_memory_equal(keyfile_sign_seed(k, network), keyfile_sign_seed(same, network), 32);
  }
  assert_memory_not_equal(keyfile_audit_key(k, 10), keyfile_audit_key(k, 20), 32);
  assert_memory_not_equal(keyfile_audit_key(k, 10), keyfile_sign_seed(k, 10), 32);
  assert_memory_equal(keyfile_pepper(k), keyfile_pepper(same), 32);
  assert_false(keyfile_has_network(same, 30));
  assert_null(keyfile_audit_key(same, 30));
  assert_null(keyfile_sign_seed(same, 30));
  assert_int_equal(keyfile_epoch(same, 30), 0);
  keyfile_free(k);
  keyfile_free(same);
  keyfile_free(NULL);
}

static void an_existing_file_is_never_overwritten(void **state)
{
  struct keyfile *k = created(), *other = NULL;
  struct str before = content();
  assert_int_equal(keyfile_create(path, &other, &e), CONFLICT);
  assert_null(other);
  assert_true(str_eq(before, content()));
  assert_int_equal(files_in_folder(), 1);
  keyfile_free(k);
}

static void a_file_that_others_may_read_is_refused(void **state)
{
  static const mode_t wrong[] = {0440, 0404, 0420, 0402, 0410, 0401, 0644, 0777};
  struct keyfile *k = created();
  keyfile_free(k);
  k = NULL;
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    assert_int_equal(chmod(path, wrong[i]), 0);
    assert_int_equal(keyfile_open(path, &k, &e), IO);
    assert_string_equal(e.arg[0], path);
  }
  assert_int_equal(chmod(path, 0600), 0);
  assert_int_equal(keyfile_open(path, &k, &e), OK);
  keyfile_free(k);
  const char *link = str_cstr(a, str_printf(a, "%s/link", folder));
  assert_int_equal(symlink(path, link), 0);
  assert_int_equal(keyfile_open(link, &k, &e), IO);
  unlink(link);
  assert_int_equal(keyfile_open(folder, &k, &e), IO);
  assert_int_equal(keyfile_open("/nonexistent/k", &k, &e), NOT_FOUND);
  assert_int_equal(keyfile_create("/nonexistent/k", &k, &e), IO);
}

/* systemd gives it to root's group; an access list there, which shows as that, names the service's user. */
static void a_credential_of_the_service_is_taken(void **state)
{
  struct keyfile *k = created();
  keyfile_free(k);
  k = NULL;
  assert_int_equal(chmod(path, 0440), 0);
  setenv("CREDENTIALS_DIRECTORY", folder, 1);
  enum code wanted = geteuid() == 0 ? OK : IO; /* somebody else's file is none */
  assert_int_equal(keyfile_open(path, &k, &e), wanted);
  keyfile_free(k);
  assert_int_equal(chmod(path, 0444), 0);
  assert_int_equal(keyfile_open(path, &k, &e), IO);
  assert_int_equal(chmod(path, 0440), 0);
  setenv("CREDENTIALS_DIRECTORY", "/run/credentials", 1);
  assert_int_equal(keyfile_open(path, &k, &e), IO);
  unsetenv("CREDENTIALS_DIRECTORY");
}

static void replace_file(struct str text)
{
  unlink(path);
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, text.p, text.n), text.n);
  close(fd);
}

static void a_damaged_file_is_refused(void **state)
{
  struct keyfile *k = created();
  assert_int_equal(keyfile_add_network(k, 10, &e), OK);
  struct str good = content();
  keyfile_free(k);
  k = NULL;
  for (size_t cut = 0; cut < good.n - 1; cut += 7) { /* the newline at the end may go */
    replace_file(str_sub(good, 0, cut));
    assert_int_equal(keyfile_open(path, &k, &e), IO);
  }
  static const char *const wrong[] = {"{}", "[]", "{\"version\":2}", "\xff", "null"};
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    replace_file(str_from(wrong[i]));
    assert_int_equal(keyfile_open(path, &k, &e), IO);
  }
  assert_null(k);
  replace_file(good);
  assert_int_equal(keyfile_open(path, &k, &e), OK);
  keyfile_free(k);
}

/* Who has the old file open keeps reading it whole; a remnant of a killed writer is in nobody's way. */
static void replacing_is_atomic(void **state)
{
  struct keyfile *k = created();
  struct str before = content();
  int old = open(path, O_RDONLY);
  const char *remnant = str_cstr(a, str_printf(a, "%s.new", path));
  int fd = open(remnant, O_WRONLY | O_CREAT, 0600);
  assert_int_equal(write(fd, "half", 4), 4);
  close(fd);
  assert_int_equal(keyfile_add_network(k, 10, &e), OK);
  char text[1000];
  assert_int_equal(read(old, text, sizeof(text)), before.n);
  assert_memory_equal(text, before.p, before.n);
  close(old);
  assert_int_equal(files_in_folder(), 1);
  assert_mode();
  keyfile_free(k);
}

static void a_full_disk_leaves_the_old_file(void **state)
{
  struct keyfile *k = created();
  struct seal_key key = {{0}};
  struct str wrapped;
  int second;
  assert_int_equal(keyfile_add_network(k, 10, &e), OK);
  assert_int_equal(key_wrap(a, k, 10, 1, 5, &key, &wrapped, &e), OK);
  assert_int_equal(keyfile_add_epoch(k, 10, &second, &e), OK);
  struct str before = content();
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    struct rlimit limit = {100, 100};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    int epoch = 7;
    bool right = keyfile_add_network(k, 20, &e) == IO && !keyfile_has_network(k, 20) && keyfile_has_network(k, 10);
    right = right && keyfile_add_epoch(k, 10, &epoch, &e) == IO && epoch == 7 && keyfile_epoch(k, 10) == 2;
    right = right && keyfile_drop_epoch(k, 10, 1, &e) == IO && key_unwrap(k, 10, 1, 5, wrapped, &key, &e) == OK;
    _exit(right ? 0 : 1);
  }
  int status = 1;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  assert_true(str_eq(before, content()));
  assert_int_equal(files_in_folder(), 1);
  keyfile_free(k);
}

static void two_processes_lose_no_network(void **state)
{
  struct keyfile *k = created();
  pid_t child[2];
  fflush(NULL);
  for (int p = 0; p < 2; p++) {
    child[p] = fork();
    if (child[p] == 0) {
      bool right = true;
      for (int i = 1; i <= 10; i++)
        right = right && keyfile_add_network(k, p * 100 + i, &e) == OK;
      _exit(right ? 0 : 1);
    }
  }
  for (int p = 0; p < 2; p++) {
    int status = 1;
    waitpid(child[p], &status, 0);
    assert_int_equal(status, 0);
  }
  assert_false(keyfile_has_network(k, 101));
  assert_int_equal(keyfile_reload(k, &e), OK);
  for (int i = 1; i <= 10; i++)
    assert_true(keyfile_has_network(k, i) && keyfile_has_network(k, 100 + i));
  keyfile_free(k);
}

/* --- wrapping --- */

static void persons_keys_open_under_their_network_epoch_and_owner(void **state)
{
  struct keyfile *k = created();
  struct seal_key key, got;
  struct str wrapped;
  seal_key_new(&key);
  assert_int_equal(keyfile_add_network(k, 10, &e), OK);
  assert_int_equal(keyfile_add_network(k, 20, &e), OK);
  assert_int_equal(key_wrap(a, k, 10, 1, 5, &key, &wrapped, &e), OK);
  assert_int_equal(key_unwrap(k, 10, 1, 5, wrapped, &got, &e), OK);
  assert_memory_equal(&key, &got, sizeof(key));
  got = (struct seal_key){{0}};
  assert_int_equal(key_unwrap(k, 10, 1, 6, wrapped, &got, &e), IO);
  assert_int_equal(key_unwrap(k, 20, 1, 5, wrapped, &got, &e), IO);
  assert_int_equal(key_unwrap(k, 10, 2, 5, wrapped, &got, &e), INVALID);
  assert_int_equal(key_unwrap(k, 10, 0, 5, wrapped, &got, &e), INVALID);
  assert_int_equal(key_unwrap(k, 30, 1, 5, wrapped, &got, &e), INVALID);
  assert_int_equal(key_unwrap(k, 10, 1, 5, STR_NONE, &got, &e), IO);
  assert_int_equal(key_wrap(a, k, 10, 2, 5, &key, &wrapped, &e), INVALID);
  assert_true(sodium_is_zero(got.k, sizeof(got.k)));
  struct keyfile *other = created(); /* another file with a network of the same number */
  assert_int_equal(keyfile_add_network(other, 10, &e), OK);
  assert_int_equal(key_unwrap(other, 10, 1, 5, wrapped, &got, &e), IO);
  keyfile_free(k);
  keyfile_free(other);
}

static void a_dropped_epoch_opens_nothing_any_more(void **state)
{
  struct keyfile *k = created(), *again = NULL;
  struct seal_key key, got;
  struct str old, fresh;
  int epoch = 0;
  seal_key_new(&key);
  assert_int_equal(keyfile_add_network(k, 10, &e), OK);
  assert_int_equal(key_wrap(a, k, 10, 1, 5, &key, &old, &e), OK);
  assert_int_equal(keyfile_add_epoch(k, 10, &epoch, &e), OK);
  assert_int_equal(epoch, 2);
  assert_int_equal(keyfile_epoch(k, 10), 2);
  assert_int_equal(key_unwrap(k, 10, 1, 5, old, &got, &e), OK);
  assert_int_equal(key_wrap(a, k, 10, 2, 5, &got, &fresh, &e), OK);
  assert_int_equal(keyfile_drop_epoch(k, 10, 2, &e), INVALID);
  assert_int_equal(keyfile_drop_epoch(k, 10, 1, &e), OK);
  assert_int_equal(keyfile_drop_epoch(k, 10, 1, &e), OK);
  assert_int_equal(keyfile_open(path, &again, &e), OK);
  assert_int_equal(key_unwrap(k, 10, 1, 5, old, &got, &e), INVALID);
  assert_int_equal(key_unwrap(again, 10, 1, 5, old, &got, &e), INVALID);
  assert_int_equal(key_unwrap(again, 10, 2, 5, fresh, &got, &e), OK);
  assert_memory_equal(&key, &got, sizeof(key));
  assert_int_equal(keyfile_add_epoch(k, 99, &epoch, &e), INVALID);
  keyfile_free(k);
  keyfile_free(again);
}

static void a_file_swapped_for_another_is_noticed(void **state)
{
  struct keyfile *k = created(), *other;
  assert_int_equal(keyfile_add_network(k, 10, &e), OK);
  other = created();
  struct str before = content();
  assert_int_equal(keyfile_reload(k, &e), CONFLICT);
  assert_int_equal(keyfile_add_network(k, 20, &e), CONFLICT);
  assert_true(str_eq(before, content()));
  assert_true(keyfile_has_network(k, 10));
  keyfile_free(k);
  keyfile_free(other);
}

static int setup(void **state)
{
  a = arena_new(LIMIT_ARENA);
  if (!a || crypto_init(&e) != OK || !mkdtemp(folder))
    return -1;
  path = str_cstr(a, str_printf(a, "%s/tsunagu.key", folder));
  return 0;
}

static int teardown(void **state)
{
  unlink(path);
  rmdir(folder);
  arena_free(a);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_cipher_is_the_published_one),
      cmocka_unit_test(a_sealed_value_is_what_the_header_says),
      cmocka_unit_test(it_opens_with_its_key_in_its_place_only),
      cmocka_unit_test(empty_and_large_values),
      cmocka_unit_test(keys_come_back_from_the_file),
      cmocka_unit_test(an_existing_file_is_never_overwritten),
      cmocka_unit_test(a_file_that_others_may_read_is_refused),
      cmocka_unit_test(a_credential_of_the_service_is_taken),
      cmocka_unit_test(a_damaged_file_is_refused),
      cmocka_unit_test(replacing_is_atomic),
      cmocka_unit_test(a_full_disk_leaves_the_old_file),
      cmocka_unit_test(two_processes_lose_no_network),
      cmocka_unit_test(persons_keys_open_under_their_network_epoch_and_owner),
      cmocka_unit_test(a_dropped_epoch_opens_nothing_any_more),
      cmocka_unit_test(a_file_swapped_for_another_is_noticed),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
