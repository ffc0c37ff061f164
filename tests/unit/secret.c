/* secret.h */
#include "cm.h"

#include <sodium.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "crypto/seal.h"
#include "crypto/secret.h"

static struct arena *a;
static struct err e;

static struct str hex(const char *text)
{
  struct str s;
  assert_true(hex_parse(a, str_from(text), &s));
  return s;
}

static struct str bytes(const unsigned char *p, size_t n)
{
  return (struct str){(const char *)p, n};
}

#define BYTES(s) ((const unsigned char *)(s).p)

/* --- published vectors --- */

/* RFC 7693, appendix E: one hash over hashes of many lengths, with and without key. The inner ones are made by the library
 * directly where our interface is narrower, those of 32 bytes and the last one by ours. */
static void self_test_input(unsigned char *p, size_t n, uint32_t seed)
{
  uint32_t x = 0xDEAD4BAD * seed, y = 1;
  for (size_t i = 0; i < n; i++) {
    uint32_t t = x + y;
    x = y;
    y = t;
    p[i] = (unsigned char)(t >> 24);
  }
}

static void blake2b_is_that_of_rfc_7693(void **state)
{
  static const size_t out_sizes[] = {20, 32, 48, 64}, in_sizes[] = {0, 3, 128, 129, 255, 1024};
  unsigned char in[1024], key[64], md[64], res[HASH];
  struct buf all;
  buf_init(&all, a, 10000);
  for (size_t i = 0; i < 4; i++) {
    for (size_t j = 0; j < 6; j++) {
      size_t out = out_sizes[i];
      self_test_input(in, in_sizes[j], (uint32_t)in_sizes[j]);
      if (out == HASH)
        hash_bytes(bytes(in, in_sizes[j]), md);
      else
        crypto_generichash(md, out, in, in_sizes[j], NULL, 0);
      buf_add(&all, bytes(md, out));
      self_test_input(key, out, (uint32_t)out);
      if (out == HASH)
        hash_keyed(key, bytes(in, in_sizes[j]), md);
      else
        crypto_generichash(md, out, in, in_sizes[j], key, out);
      buf_add(&all, bytes(md, out));
    }
  }
  hash_bytes(buf_str(&all), res);
  assert_str(hex_text(a, bytes(res, HASH)), "c23a7800d98123bd10f506c61e29da5603d763b8bbad2e737f5e765a7bccd475");
}

static void ed25519_is_that_of_rfc_8032(void **state)
{
  static const char *const tests[][4] = {
      {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
       "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
       "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe2"
       "4655141438e"
       "7a100b"},
      {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
       "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
       "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302ae"
       "eb00d291612"
       "bb0c00"},
      {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
       "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
       "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28"
       "dc027beceea"
       "1ec40a"},
  };
  for (size_t i = 0; i < 3; i++) {
    struct str seed = hex(tests[i][0]), text = hex(tests[i][2]);
    unsigned char public_key[PUBLIC_KEY], sig[SIGNATURE];
    sign_public_key(BYTES(seed), public_key);
    assert_str(hex_text(a, bytes(public_key, PUBLIC_KEY)), tests[i][1]);
    sign_bytes(BYTES(seed), text, sig);
    assert_str(hex_text(a, bytes(sig, SIGNATURE)), tests[i][3]);
    assert_true(sign_verify(public_key, text, sig));
    assert_false(sign_verify(public_key, S("other"), sig));
    sig[i] ^= 1;
    assert_false(sign_verify(public_key, text, sig));
  }
}

static const unsigned char rfc6238[TOTP_SECRET + 1] = "12345678901234567890";

static void totp_is_that_of_rfc_6238(void **state)
{
  static const struct {
    int64_t second;
    const char *code; /* the last six of the eight digits */
  } tests[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
               {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
  for (size_t i = 0; i < 6; i++) {
    int64_t step = 0;
    assert_str(totp_code(a, rfc6238, tests[i].second * 1000), tests[i].code);
    assert_int_equal(totp_verify(rfc6238, str_from(tests[i].code), tests[i].second * 1000, 0, &step), OK);
    assert_int_equal(step, tests[i].second / 30);
  }
}

/* RFC 9106's own vectors use four lanes and a secret, which libsodium has not; this string is of libsodium's test suite. */
static void argon2id_is_that_of_libsodium(void **state)
{
  struct str stored = S("$argon2id$v=19$m=256,t=3,p=1$MDEyMzQ1Njc$G5ajKFCoUzaXRLdz7UJb5wGkb2Xt+X5/GQjUYtS2+TE");
  assert_int_equal(password_verify(stored, S("password")), OK);
  assert_int_equal(password_verify(stored, S("passwore")), DENIED);
}

/* --- TOTP --- */

static enum code at_time(struct str code, ts_t now, int64_t last, int64_t *step)
{
  return totp_verify(rfc6238, code, now, last, step);
}

static void a_code_works_within_one_step_and_once(void **state)
{
  ts_t now = 1794963735000;
  int64_t step = 0, used = 0;
  struct str code = totp_code(a, rfc6238, now);
  assert_int_equal(at_time(code, now, 0, &step), OK);
  assert_int_equal(at_time(code, now + 30000, 0, &step), OK);
  assert_int_equal(at_time(code, now - 30000, 0, &step), OK);
  assert_int_equal(step, now / 30000);
  assert_int_equal(at_time(code, now + 60000, 0, &step), DENIED);
  assert_int_equal(at_time(code, now - 60000, 0, &step), DENIED);
  assert_int_equal(at_time(code, now, step, &used), DENIED);
  assert_int_equal(at_time(code, now, step + 1, &used), DENIED);
  assert_int_equal(used, 0);
  assert_int_equal(at_time(totp_code(a, rfc6238, now + 30000), now, step, &used), OK);
  assert_int_equal(used, step + 1);
}

static void codes_are_read_as_typed(void **state)
{
  static const char *const right[] = {"287082", "287 082", " 287082 ", "２８７０８２", "287　082"};
  static const char *const wrong[] = {"", "28708", "2870820", "0287082", "28708a", "-287082", "287083", "\37787082"};
  int64_t step = 0;
  for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
    assert_int_equal(at_time(str_from(right[i]), 59000, 0, &step), OK);
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
    assert_int_equal(at_time(str_from(wrong[i]), 59000, 0, &step), DENIED);
  assert_int_equal(at_time(S("287082"), -1, 0, &step), DENIED);
}

static void the_uri_is_what_apps_read(void **state)
{
  assert_str(totp_base32(a, rfc6238), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  assert_str(totp_uri(a, S("GEZDGNBV"), S("taro@例"), S("つなぐ&")),
             "otpauth://totp/%E3%81%A4%E3%81%AA%E3%81%90%26:taro%40%E4%BE%8B?secret=GEZDGNBV&issuer="
             "%E3%81%A4%E3%81%AA%E3%81%90%26&algorithm=SHA1&digits=6&period=30");
  unsigned char x[TOTP_SECRET], y[TOTP_SECRET];
  totp_new(x);
  totp_new(y);
  assert_memory_not_equal(x, y, TOTP_SECRET);
}

/* --- passwords --- */

static void a_hash_opens_for_its_password_only(void **state)
{
  struct str stored, again;
  assert_int_equal(password_hash(a, S("いぬがねこをおう"), &stored, &e), OK);
  assert_int_equal(password_hash(a, S("いぬがねこをおう"), &again, &e), OK);
  assert_false(str_eq(stored, again));
  assert_int_equal(password_verify(stored, S("いぬがねこをおう")), OK);
  assert_int_equal(password_verify(stored, S("いぬがねこをお")), DENIED);
  assert_int_equal(password_verify(stored, STR_NONE), DENIED);
  assert_int_equal(password_hash(a, S("ﾊﾟｽﾜｰﾄﾞＡ"), &stored, &e), OK);
  assert_int_equal(password_verify(stored, S("パスワードA")), OK); /* the same on another keyboard */
  assert_int_equal(password_verify(STR_NONE, S("x")), DENIED);
  assert_int_equal(password_verify(S("$argon2id$nonsense"), S("x")), DENIED);
  assert_int_equal(password_hash(a, S("\xff\xfe"), &stored, &e), OK);
  assert_int_equal(password_verify(stored, S("\xff\xfe")), OK);
}

static enum code rules(const char *password)
{
  e = (struct err){0};
  return password_check_rules(str_from(password), S("suzuki-hanako"), &e);
}

static void common_passwords_are_refused(void **state)
{
  static const char *const bad[] = {"password1234",
                                    "Password2026!",
                                    "P@ssw0rd1234",
                                    "passwordpassword",
                                    "qwertyuiop12",
                                    "qwertyuiopas",
                                    "1qaz2wsx3edc",
                                    "1q2w3e4r5t6y",
                                    "zaq12wsxcde3",
                                    "asdfghjkl;'asdf",
                                    "123456789012",
                                    "098765432109",
                                    "111111111111",
                                    "121212121212",
                                    "abcabcabcabc",
                                    "abcdefghijklm",
                                    "zyxwvutsrqpo",
                                    "iloveyou1234",
                                    "ILoveYouForever",
                                    "sunshine2024",
                                    "sakura19850401",
                                    "sakurahanako1985",
                                    "tanakatarou12",
                                    "yamamoto1234",
                                    "arigatougozaimasu",
                                    "ganbarimasu123",
                                    "yoroshikuonegaishimasu",
                                    "doraemon1234",
                                    "Amagasaki2026!",
                                    "amagasaki660",
                                    "administrator",
                                    "administrator1",
                                    "adminadmin2026",
                                    "letmeinplease",
                                    "letmein12345",
                                    "changeme1234",
                                    "kyoto1kyoto1kyoto1",
                                    "tokyo2020tokyo2020",
                                    "football12345",
                                    "baseball2024!!",
                                    "monkey123456",
                                    "dragon-dragon",
                                    "correcthorsebatterystaple",
                                    "maytheforcebewithyou",
                                    "suzuki-hanako",
                                    "Suzuki-Hanako",
                                    "suzuki-hanako1",
                                    "ｐａｓｓｗｏｒｄ１２３４",
                                    "aaaaabbbbbcc",
                                    "19850401198504",
                                    "michael123456",
                                    "qazwsxedcrfv",
                                    "!@#$%^&*()_+"};
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
    if (rules(bad[i]) != INVALID)
      fail_msg("%s passes", bad[i]);
    assert_true(e.msg && e.arg[0][0] == '\0'); /* the sentence does not repeat it */
  }
}

static void other_passwords_pass(void **state)
{
  static const char *const good[] = {"kx7fmq2w9dzp",
                                     "Rg9#kLw2$pQx",
                                     "mizutokei-kaeru-81",
                                     "いぬがねこをおいかけたよ",
                                     "雨の日は傘をさして歩くよ",
                                     "purple-elbow-tractor-fence",
                                     "3 sheep jumped a fence",
                                     "tamago wo nitsuketa yo",
                                     "zhqvbtxpwkdj"};
  for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
    if (rules(good[i]) != OK)
      fail_msg("%s: %s", good[i], e.msg);
  }
}

static void random_passwords_pass(void **state)
{
  static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
  int refused = 0;
  for (int i = 0; i < 300; i++) {
    char text[15] = {0};
    for (int j = 0; j < 14; j++)
      text[j] = letters[randombytes_uniform(sizeof(letters) - 1)];
    refused += rules(text) != OK;
  }
  assert_true(refused <= 1);
}

static void length_is_counted_in_characters(void **state)
{
  char text[600] = "";
  assert_int_equal(rules("kx7fmq2w9dz"), INVALID);
  assert_int_equal(rules("あめのひはかさをさすか"), INVALID); /* 11 characters, 33 bytes */
  assert_int_equal(rules("あめのひはかさをさして"
                         "く"),
                   OK);
  for (int i = 0; i < 128; i++)
    snprintf(text + 3 * i, 4, "%s", (const char *[]){"あ", "い", "う", "え", "お", "か", "き"}[(i * i + i / 3) % 7]);
  assert_int_equal(utf8_length(str_from(text)), 128);
  assert_int_equal(rules(text), OK);
  memcpy(text + 384, "う", 4); /* 129 */
  assert_int_equal(rules(text), INVALID);
  assert_int_equal(rules("kx7fmq2\n9dzp9"), INVALID);
  assert_int_equal(rules("kx7fmq2\xff"
                         "9dzp9"),
                   INVALID);
  assert_int_equal(rules(""), INVALID);
}

/* --- codes, tokens, comparisons --- */

static void paper_codes_survive_being_typed(void **state)
{
  for (int i = 0; i < 200; i++) {
    struct str code = paper_code_new(a), folded = paper_code_fold(a, code);
    assert_int_equal(code.n, 9);
    assert_int_equal(code.p[4], '-');
    assert_int_equal(folded.n, 8);
    assert_int_equal(strcspn(str_cstr(a, folded), "ilou-"), 8);
    char *upper = arena_copy(a, code.p, code.n);
    for (size_t j = 0; j < code.n; j++)
      upper[j] = (char)(upper[j] >= 'a' && upper[j] <= 'z' ? upper[j] - 32 : upper[j]);
    assert_true(str_eq(paper_code_fold(a, (struct str){upper, code.n}), folded));
  }
  assert_str(paper_code_fold(a, S(" Ｋ３F9 ー 2mxa　")), "k3f92mxa");
  assert_str(paper_code_fold(a, S("O1Il-0000")), "01110000");
  assert_str(paper_code_fold(a, S("\xff")), "");
}

static void tokens_are_random_and_kept_as_keyed_hashes(void **state)
{
  unsigned char pepper[32] = {1}, other[32] = {2}, x[HASH], y[HASH];
  struct str token = token_new(a);
  assert_int_equal(token.n, TOKEN_TEXT);
  assert_int_equal(strspn(str_cstr(a, token), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                   TOKEN_TEXT);
  assert_false(str_eq(token, token_new(a)));
  token_hash(pepper, token, x);
  token_hash(pepper, token, y);
  assert_memory_equal(x, y, HASH);
  token_hash(other, token, y);
  assert_memory_not_equal(x, y, HASH);
  hash_bytes(token, y);
  assert_memory_not_equal(x, y, HASH);
}

static void comparing_and_hex(void **state)
{
  struct str s = S("untouched");
  assert_true(secret_equal(S("abc"), S("abc")) && secret_equal(STR_NONE, S("")));
  assert_false(secret_equal(S("abc"), S("abd")) || secret_equal(S("abc"), S("ab")));
  assert_str(hex_text(a, S("\x00\xff\x10")), "00ff10");
  assert_str(hex_text(a, STR_NONE), "");
  assert_true(str_eq(hex("00FF10"), S("\x00\xff\x10")));
  assert_int_equal(hex("").n, 0);
  assert_false(hex_parse(a, S("0"), &s) || hex_parse(a, S("0g"), &s) || hex_parse(a, S("00 1"), &s) ||
               hex_parse(a, S("zz"), &s));
  assert_str(s, "untouched");
}

static int setup(void **state)
{
  a = arena_new(LIMIT_ARENA);
  password_cost_set_for_tests();
  return a && crypto_init(&e) == OK ? 0 : -1;
}

static int teardown(void **state)
{
  arena_free(a);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(blake2b_is_that_of_rfc_7693),
      cmocka_unit_test(ed25519_is_that_of_rfc_8032),
      cmocka_unit_test(totp_is_that_of_rfc_6238),
      cmocka_unit_test(argon2id_is_that_of_libsodium),
      cmocka_unit_test(a_code_works_within_one_step_and_once),
      cmocka_unit_test(codes_are_read_as_typed),
      cmocka_unit_test(the_uri_is_what_apps_read),
      cmocka_unit_test(a_hash_opens_for_its_password_only),
      cmocka_unit_test(common_passwords_are_refused),
      cmocka_unit_test(other_passwords_pass),
      cmocka_unit_test(random_passwords_pass),
      cmocka_unit_test(length_is_counted_in_characters),
      cmocka_unit_test(paper_codes_survive_being_typed),
      cmocka_unit_test(tokens_are_random_and_kept_as_keyed_hashes),
      cmocka_unit_test(comparing_and_hex),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
