/* crypto_broken.c: each call below src/crypto fails in turn, in each way, once and for good. Nothing opens by mistake, no key is in memory that
 * is not on the disk, what was there stays whole, and what did not come to its end can be begun again. */
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "cm.h"
#include "crypto/seal.h"
#include "crypto/secret.h"
#include "crypto/vault.h"
#include "faulty.h"

enum { MOST_CALLS = 2000, CHUNK = 64 << 10, TEXT = 2 * CHUNK + 300 };
static struct arena *a;
static struct err e;
static char folder[] = "/tmp/tsunagu-broken-XXXXXX";
static const char *path, *fresh, *other_path, *public_path;

static void write_file(const char *to, struct str text)
{
  unlink(to);
  int fd = open(to, O_WRONLY | O_CREAT | O_EXCL, 0600);
  assert_true(fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n && close(fd) == 0);
}

static struct str content(struct arena *in, const char *of)
{
  enum { MOST = 1 << 20 };
  char *text = arena_alloc(in, MOST);
  int fd = open(of, O_RDONLY);
  ssize_t n = fd < 0 ? 0 : read(fd, text, MOST);
  if (fd >= 0)
    close(fd);
  return (struct str){text, (size_t)n};
}

static void nothing_beside(void)
{
  assert_int_not_equal(access(fresh, F_OK), 0);
}

/* Runs `one(arg)` with the first, second, … call failing until none is left to fail, in each way, once and for good. It
 * looks itself whether all is as it must be, knowing whether one failed. */
static void each_call_fails(void (*one)(int n, enum how how, bool for_good), bool (*reached)(void))
{
  for (enum how how = HOW_ERROR; how < HOW_COUNT; how++) {
    int n = 1;
    do
      one(n, how, false);
    while (reached() && ++n < MOST_CALLS);
    assert_in_range(n, 2, MOST_CALLS - 1);
    for (int i = 1; how == HOW_ERROR && i < n; i++) /* a signal for good would never end */
      one(i, how, true);
  }
}

static bool one_failed;
static bool reached(void)
{
  return one_failed;
}

/* --- the key file --- */

enum op { OP_OPEN, OP_CREATE, OP_RELOAD, OP_NETWORK, OP_TAKE, OP_EPOCH, OP_DROP, OP_UNWRAP, OP_COUNT };
static enum op op;
static struct str kept, from_text,
    wrapped; /* a file with network 10, epochs 2 and 1; one with 30; a key wrapped under 10's epoch 2 */
static struct seal_key somebodys;

/* What both the memory and the file must hold, whatever failed. */
static void whole(struct keyfile *k, enum code c, int epoch)
{
  struct keyfile *disk = NULL;
  struct seal_key got;
  nothing_beside();
  assert_int_equal(keyfile_open(path, &disk, &e), OK);
  assert_true(keyfile_epoch(k, 10) <= keyfile_epoch(disk, 10));
  assert_true(!keyfile_has_network(k, 20) || keyfile_has_network(disk, 20));
  assert_true(!keyfile_has_network(k, 30) || keyfile_has_network(disk, 30));
  assert_int_equal(key_unwrap(disk, 10, 2, 5, wrapped, &got, &e), OK);
  assert_memory_equal(&got, &somebodys, sizeof got);
  assert_int_equal(key_unwrap(k, 10, 2, 5, wrapped, &got, &e), OK);
  if (c == OK) {
    assert_int_equal(keyfile_has_network(disk, 20), op == OP_NETWORK);
    assert_int_equal(keyfile_has_network(disk, 30), op == OP_TAKE);
    assert_int_equal(keyfile_epoch(disk, 10), op == OP_EPOCH ? 3 : 2);
    assert_int_equal(epoch, op == OP_EPOCH ? 3 : 0);
  } else {
    assert_int_equal(epoch, 0);
    assert_false(keyfile_has_network(k, 20) || keyfile_has_network(k, 30));
    assert_int_equal(keyfile_epoch(k, 10), 2);
  }
  keyfile_free(disk);
}

static void changed(int n, enum how how, bool for_good)
{
  struct keyfile *k = NULL, *from = NULL;
  struct seal_key got;
  int epoch = 0;
  enum code c = FAULT;
  write_file(path, kept);
  write_file(other_path, from_text);
  assert_int_equal(keyfile_open(path, &k, &e), OK);
  assert_int_equal(keyfile_open(other_path, &from, &e), OK);
  e = (struct err){0};
  faulty_begin(n, how, for_good);
  if (op == OP_RELOAD)
    c = keyfile_reload(k, &e);
  else if (op == OP_NETWORK)
    c = keyfile_add_network(k, 20, &e);
  else if (op == OP_TAKE)
    c = keyfile_take_network(k, from, 30, &e);
  else if (op == OP_EPOCH)
    c = keyfile_add_epoch(k, 10, &epoch, &e);
  else if (op == OP_DROP)
    c = keyfile_drop_epoch(k, 10, 1, &e);
  else if (op == OP_UNWRAP) /* an epoch that is not there is looked for in the file */
    c = key_unwrap(k, 10, 9, 5, wrapped, &got, &e) == INVALID ? OK : FAULT;
  one_failed = faulty_end();
  assert_true(c == OK || (one_failed && e.code == c && e.msg && (c == IO || c == OOM)));
  whole(k, c, epoch);
  keyfile_free(k);
  keyfile_free(from);
}

static void opened(int n, enum how how, bool for_good)
{
  struct keyfile *k = NULL;
  write_file(path, kept);
  faulty_begin(n, how, for_good);
  enum code c = keyfile_open(path, &k, &e);
  one_failed = faulty_end();
  assert_true(c == OK ? k && keyfile_epoch(k, 10) == 2 : !k && one_failed && (c == IO || c == OOM));
  keyfile_free(k);
}

static void created(int n, enum how how, bool for_good)
{
  struct keyfile *k = NULL;
  unlink(path);
  faulty_begin(n, how, for_good);
  enum code c = keyfile_create(path, &k, &e);
  one_failed = faulty_end();
  assert_true(c == OK ? k && keyfile_empty(k) : !k && one_failed && (c == IO || c == OOM));
  nothing_beside();
  keyfile_free(k);
  k = NULL;
  bool there = access(path, F_OK) == 0; /* its name alone was not made durable */
  assert_int_equal(keyfile_open(path, &k, &e), there ? OK : NOT_FOUND);
  assert_true(there || c != OK);
  keyfile_free(k);
}

static void keys_are_in_memory_only_when_they_are_on_the_disk(void **state)
{
  struct keyfile *k = NULL;
  int epoch = 0;
  assert_int_equal(keyfile_create(path, &k, &e), OK);
  assert_int_equal(keyfile_add_network(k, 10, &e), OK);
  assert_int_equal(keyfile_add_epoch(k, 10, &epoch, &e), OK);
  seal_key_new(&somebodys);
  assert_int_equal(key_wrap(a, k, 10, 2, 5, &somebodys, &wrapped, &e), OK);
  kept = content(a, path);
  keyfile_free(k);
  assert_int_equal(keyfile_create(other_path, &k, &e), OK);
  assert_int_equal(keyfile_add_network(k, 30, &e), OK);
  from_text = content(a, other_path);
  keyfile_free(k);
  each_call_fails(opened, reached);
  each_call_fails(created, reached);
  for (op = OP_RELOAD; op < OP_COUNT; op++)
    each_call_fails(changed, reached);
}

/* --- sealed files --- */

static char text[TEXT];
static struct vault_key *secret, *public_half;

/* OK only where exactly that comes out. */
static enum code comes_out(struct str want)
{
  struct vault_in *in = NULL;
  struct err ignored;
  static char got[TEXT];
  enum code c = vault_open(path, VAULT_BACKUP, secret, &in, &ignored);
  if (c == OK)
    c = vault_read(in, got, want.n, &ignored);
  if (c == OK && memcmp(got, want.p, want.n) != 0)
    c = FAULT;
  if (c == OK)
    c = vault_end(in, &ignored);
  vault_close(in);
  return c;
}

static enum code write_text(struct str what, bool replaces)
{
  struct vault_out *o = NULL;
  enum code c = vault_create(path, VAULT_BACKUP, public_half, &o, &e);
  if (c != OK)
    return c;
  c = vault_write(o, what, &e);
  if (c == OK)
    return vault_commit(o, replaces, &e);
  vault_drop(o);
  return c;
}

static bool replaces;
static void sealed(int n, enum how how, bool for_good)
{
  static const struct str old = {"what was there", 14};
  struct str all = {text, TEXT};
  unlink(path);
  if (replaces)
    assert_int_equal(write_text(old, false), OK);
  e = (struct err){0};
  faulty_begin(n, how, for_good);
  enum code c = write_text(all, replaces);
  one_failed = faulty_end();
  assert_true(c == OK || (one_failed && e.code == c && (c == IO || c == OOM)));
  nothing_beside();
  if (c == OK)
    assert_int_equal(comes_out(all), OK);
  else /* all of the old, all of the new where its name alone was not made durable, or nothing where there was nothing */
    assert_true(comes_out(all) == OK || (replaces ? comes_out(old) == OK : access(path, F_OK) != 0));
}

static void unsealed(int n, enum how how, bool for_good)
{
  faulty_begin(n, how, for_good);
  enum code c = comes_out((struct str){text, TEXT});
  one_failed = faulty_end();
  assert_true(c == OK || (one_failed && (c == IO || c == OOM || c == INVALID)));
}

static void a_sealed_file_is_the_old_one_or_the_new_one(void **state)
{
  unlink(other_path);
  assert_int_equal(vault_key_create(other_path, STR_NONE, &e), OK);
  assert_int_equal(vault_key_open(other_path, STR_NONE, &secret, &e), OK);
  assert_int_equal(vault_key_open(public_path, STR_NONE, &public_half, &e), OK);
  for (size_t i = 0; i < TEXT; i++)
    text[i] = (char)(i * 31 + i / 251);
  for (int i = 0; i < 2; i++) {
    replaces = i;
    each_call_fails(sealed, reached);
  }
  assert_int_equal(write_text((struct str){text, TEXT}, true), OK);
  each_call_fails(unsealed, reached);
  assert_int_equal(vault_open("/nonexistent/backup", VAULT_BACKUP, secret, &(struct vault_in *){NULL}, &e), NOT_FOUND);
}

/* --- backup keys --- */

static struct str phrase;
static void key_created(int n, enum how how, bool for_good)
{
  struct vault_key *k = NULL, *half = NULL;
  unlink(other_path);
  unlink(public_path);
  faulty_begin(n, how, for_good);
  enum code c = vault_key_create(other_path, phrase, &e);
  one_failed = faulty_end();
  assert_true(c == OK || (one_failed && (c == IO || c == OOM)));
  if (c != OK) { /* neither half: it can be made again */
    assert_true(access(other_path, F_OK) != 0 && access(public_path, F_OK) != 0);
    return;
  }
  assert_int_equal(vault_key_open(other_path, phrase, &k, &e), OK);
  assert_int_equal(vault_key_open(public_path, phrase, &half, &e), OK);
  assert_true(vault_key_opens(k) && !vault_key_opens(half));
  vault_key_free(k);
  vault_key_free(half);
}

static void key_opened(int n, enum how how, bool for_good)
{
  struct vault_key *k = NULL;
  faulty_begin(n, how, for_good);
  enum code c = vault_key_open(other_path, phrase, &k, &e);
  one_failed = faulty_end();
  assert_true(c == OK ? k && vault_key_opens(k) : !k && one_failed && c != DENIED);
  vault_key_free(k);
}

static void a_backup_key_is_there_with_both_halves_or_not_at_all(void **state)
{
  static const struct str phrases[] = {{NULL, 0}, {"a passphrase of words", 21}};
  for (int i = 0; i < 2; i++) {
    phrase = phrases[i];
    each_call_fails(key_created, reached);
    each_call_fails(key_opened, reached);
  }
}

/* --- values, passwords, codes --- */

static void value(int n, enum how how, bool for_good)
{
  static const struct seal_at at = {"person", "name", 1, 2};
  struct arena *own = arena_new(LIMIT_ARENA);
  struct str in = STR_NONE, out = STR_NONE;
  faulty_begin(n, how, for_good);
  enum code c = seal(own, &somebodys, at, S("山田"), &in, &e);
  if (c == OK)
    c = unseal(own, &somebodys, at, in, &out, &e);
  one_failed = faulty_end();
  assert_true(c == OK ? str_is(out, "山田") : c == OOM && one_failed && !out.n);
  arena_free(own);
}

static struct str stored; /* of "いぬがねこをおう" */
static void password(int n, enum how how, bool for_good)
{
  struct arena *own = arena_new(LIMIT_ARENA);
  struct str made = STR_NONE, typed = S("いぬがねこをおう"), bytes = S("\xff\xfe");
  faulty_begin(n, how, for_good);
  enum code right = password_verify(stored, typed), wrong = password_verify(stored, bytes);
  enum code nobody = password_verify(STR_NONE, typed);
  enum code c = password_hash(own, typed, &made, &e);
  one_failed = faulty_end();
  assert_int_equal(wrong, DENIED);
  assert_int_equal(nobody, DENIED);
  assert_true(right == OK || (right == DENIED && one_failed));
  assert_true(c == OK ? password_verify(made, typed) == OK : c == OOM && one_failed && !made.n);
  arena_free(own);
}

static void second_factor(int n, enum how how, bool for_good)
{
  static const unsigned char rfc6238[TOTP_SECRET + 1] = "12345678901234567890";
  struct arena *own = arena_new(LIMIT_ARENA);
  struct str shown;
  int64_t step = 0;
  faulty_begin(n, how, for_good);
  enum code right = totp_verify(rfc6238, S("287082"), 59000, 0, &step);
  enum code wrong = totp_verify(rfc6238, S("287083"), 59000, 0, &step);
  struct str code = totp_code(own, rfc6238, 59000), base32 = totp_base32(own, rfc6238);
  bool hex = hex_parse(own, S("00ff"), &shown);
  struct str digits = hex_text(own, S("\xff"));
  one_failed = faulty_end();
  assert_int_equal(wrong, DENIED);
  assert_true(right == OK || (one_failed && right == DENIED));
  assert_true(str_is(code, "287082") || (one_failed && !code.n));
  assert_true(str_is(base32, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ") || (one_failed && !base32.n));
  assert_true((hex && shown.n == 2) || one_failed);
  assert_true(str_is(digits, "ff") || (one_failed && !digits.n));
  arena_free(own);
}

static void begun(int n, enum how how, bool for_good)
{
  faulty_begin(n, how, for_good);
  enum code c = crypto_init(&e);
  one_failed = faulty_end();
  assert_int_equal(c, one_failed ? IO : OK);
}

static void nothing_opens_by_mistake(void **state)
{
  assert_int_equal(password_hash(a, S("いぬがねこをおう"), &stored, &e), OK);
  each_call_fails(begun, reached);
  each_call_fails(value, reached);
  each_call_fails(password, reached);
  each_call_fails(second_factor, reached);
}

static int set_up(void **state)
{
  a = arena_new(LIMIT_ARENA);
  if (!a || crypto_init(&e) != OK || !mkdtemp(folder))
    return 1;
  path = str_cstr(a, str_printf(a, "%s/file", folder));
  fresh = str_cstr(a, str_printf(a, "%s.new", path));
  other_path = str_cstr(a, str_printf(a, "%s/other", folder));
  public_path = str_cstr(a, str_printf(a, "%s.pub", other_path));
  password_cost_set_for_tests();
  return 0;
}

static int tear_down(void **state)
{
  fprintf(stderr, "%d times a call failed\n", faulty_total());
  const char *const files[] = {path, fresh, other_path, public_path};
  for (int i = 0; i < 4; i++)
    unlink(files[i]);
  vault_key_free(secret);
  vault_key_free(public_half);
  arena_free(a);
  return rmdir(folder);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(keys_are_in_memory_only_when_they_are_on_the_disk),
      cmocka_unit_test(a_sealed_file_is_the_old_one_or_the_new_one),
      cmocka_unit_test(a_backup_key_is_there_with_both_halves_or_not_at_all),
      cmocka_unit_test(nothing_opens_by_mistake),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
