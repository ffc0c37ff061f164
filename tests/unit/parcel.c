/* parcel.c: a parcel opens for whom it is sealed to and says who signed it; what is cut, changed, forged or for somebody else gives nothing. */
#include "crypto/parcel.h"

#include <sodium.h>
#include <string.h>

#include "base/limits.h"
#include "cm.h"
#include "crypto/seal.h"
#include "crypto/secret.h"
#include "faulty.h"

enum { MAGIC = 16, HEAD = MAGIC + PARCEL_HALF + 8, INNER = PARCEL_HALF + SIGNATURE };
static const unsigned char sender[32] = {1}, receiver[32] = {2}, stranger[32] = {3};
static unsigned char card[PARCEL_CARD];
static const struct str letter = {"a case", 6};
static struct arena *a;
static struct err e;

static struct str sealed(struct str bytes)
{
  struct str parcel = STR_NONE;
  assert_int_equal(parcel_seal(a, sender, card, bytes, &parcel, &e), OK);
  return parcel;
}

/* Refused in words, and nothing is given. */
static void refused(const unsigned char seed[32], struct str parcel)
{
  unsigned char from[PARCEL_HALF] = {0};
  static const unsigned char nobody[PARCEL_HALF];
  struct str bytes = STR_NONE;
  e = (struct err){0};
  assert_int_equal(parcel_open(a, seed, parcel, from, &bytes, &e), INVALID);
  assert_true(e.msg && e.msg[0] && !bytes.p);
  assert_memory_equal(from, nobody, sizeof from);
}

static void it_opens_for_its_receiver_and_says_who_signed(void **state)
{
  unsigned char from[PARCEL_HALF], own[PARCEL_HALF];
  struct str bytes = STR_NONE;
  sign_public_key(sender, own);
  assert_int_equal(parcel_open(a, receiver, sealed(letter), from, &bytes, &e), OK);
  assert_true(str_eq(bytes, letter));
  assert_memory_equal(from, own, sizeof own);
  assert_int_equal(parcel_open(a, receiver, sealed(STR_NONE), from, &bytes, &e), OK);
  assert_int_equal(bytes.n, 0);
  refused(stranger, sealed(letter));
  refused(sender, sealed(letter));
}

/* A parcel to the receiver around bytes that somebody made without the program. */
static struct str made(struct str box)
{
  struct buf b;
  buf_init(&b, a, LIMIT_PAGE);
  buf_add(&b, str_sub(sealed(letter), 0, MAGIC + PARCEL_HALF));
  for (int i = 7; i >= 0; i--)
    buf_add_c(&b, (char)(box.n >> 8 * i));
  buf_add(&b, box);
  assert_false(b.failed);
  return buf_str(&b);
}

static void a_cut_or_lengthened_one_is_refused(void **state)
{
  struct str whole = sealed(letter);
  for (size_t n = 0; n < whole.n; n++)
    refused(receiver, str_sub(whole, 0, n));
  char *longer = arena_alloc(a, whole.n + 1);
  memcpy(longer, whole.p, whole.n);
  longer[whole.n] = 'x';
  refused(receiver, (struct str){longer, whole.n + 1});
  refused(receiver, made(STR_NONE));
  refused(receiver, made(S("as short as this")));
}

static void a_bit_changed_anywhere_is_seen(void **state)
{
  struct str whole = sealed(letter);
  for (size_t i = 0; i < whole.n; i++) {
    char *copy = arena_copy(a, whole.p, whole.n);
    copy[i] = (char)(copy[i] ^ 1);
    refused(receiver, (struct str){copy, whole.n});
  }
}

/* Whoever has the card can seal to it; to be of the sender it takes the sender's seed. */
static void what_the_sender_has_not_signed_is_refused(void **state)
{
  unsigned char plain[INNER + 6] = {0}, box[sizeof plain + crypto_box_SEALBYTES];
  sign_public_key(sender, plain);
  memcpy(plain + INNER, letter.p, letter.n);
  assert_int_equal(crypto_box_seal(box, plain, sizeof plain, card), 0);
  refused(receiver, made((struct str){(const char *)box, sizeof box}));
}

static void one_that_is_too_large_or_for_no_key_is_not_made(void **state)
{
  static const unsigned char no_key[PARCEL_CARD];
  struct str parcel = STR_NONE;
  assert_int_equal(parcel_seal(a, sender, card, (struct str){"", PARCEL_MOST + 1}, &parcel, &e), LIMIT);
  assert_int_equal(parcel_seal(a, sender, no_key, letter, &parcel, &e), INVALID);
  assert_null(parcel.p);
}

static void without_memory_there_is_none(void **state)
{
  unsigned char from[PARCEL_HALF];
  struct str parcel = STR_NONE, bytes = STR_NONE, whole;
  for (int n = 1; n <= 2; n++) {
    arena_free(a); /* one that has failed stays so */
    a = arena_new(LIMIT_PAGE);
    faulty_begin(n, HOW_ERROR, false);
    enum code c = parcel_seal(a, sender, card, letter, &parcel, &e);
    assert_true(faulty_end() && c == OOM && !parcel.p);
  }
  arena_free(a);
  a = arena_new(LIMIT_PAGE);
  whole = sealed(letter);
  faulty_begin(1, HOW_ERROR, false);
  enum code c = parcel_open(a, receiver, whole, from, &bytes, &e);
  assert_true(faulty_end() && c == OOM && !bytes.p);
}

/* Between two pages a parcel travels as text. */
static void as_text_it_is_the_same_or_refused(void **state)
{
  struct arena *kept = arena_new(LIMIT_PAGE);
  struct str whole = sealed(letter), text = parcel_text(kept, whole), again = STR_NONE;
  (void)state;
  assert_true(parcel_parse(a, text, &again) && str_eq(whole, again));
  assert_true(parcel_parse(a, str_sub(text, 0, 4), &again) && again.n == 3);
  assert_false(parcel_parse(a, STR_NONE, &again));
  assert_false(parcel_parse(a, S("%%%%"), &again));
  assert_false(parcel_parse(a, S("abcde"), &again)); /* one letter is no byte */
  faulty_begin(1, HOW_ERROR, false);
  assert_true(!parcel_text(a, whole).n && faulty_end());
  arena_free(a);
  a = arena_new(LIMIT_PAGE);
  faulty_begin(1, HOW_ERROR, false);
  assert_true(!parcel_parse(a, text, &again) && faulty_end());
  arena_free(kept);
}

static void a_card_has_a_fingerprint_of_forty_digits(void **state)
{
  unsigned char other[PARCEL_CARD];
  parcel_card(stranger, other);
  struct str one = parcel_fingerprint(a, card), two = parcel_fingerprint(a, other);
  assert_true(one.n == 47 && two.n == 47 && !str_eq(one, two));
  for (size_t i = 0; i < one.n; i++)
    assert_true(i % 6 == 5 ? one.p[i] == ' ' : one.p[i] >= '0' && one.p[i] <= '9');
}

static int set_up(void **state)
{
  a = arena_new(LIMIT_PAGE);
  if (!a || crypto_init(&e) != OK)
    return 1;
  parcel_card(receiver, card);
  return 0;
}

static int tear_down(void **state)
{
  arena_free(a);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(it_opens_for_its_receiver_and_says_who_signed, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_cut_or_lengthened_one_is_refused, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_bit_changed_anywhere_is_seen, set_up, tear_down),
      cmocka_unit_test_setup_teardown(what_the_sender_has_not_signed_is_refused, set_up, tear_down),
      cmocka_unit_test_setup_teardown(one_that_is_too_large_or_for_no_key_is_not_made, set_up, tear_down),
      cmocka_unit_test_setup_teardown(without_memory_there_is_none, set_up, tear_down),
      cmocka_unit_test_setup_teardown(as_text_it_is_the_same_or_refused, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_card_has_a_fingerprint_of_forty_digits, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
