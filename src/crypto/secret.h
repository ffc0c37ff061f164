/* secret.h: passwords, second factors, tokens, hashes, signatures. All comparisons are constant-time. */
#ifndef CRYPTO_SECRET_H
#define CRYPTO_SECRET_H
#include "base/err.h"
#include "base/id.h"
#include "base/str.h"

enum { HASH = 32, TOKEN_TEXT = 43 /* base64url of 32 bytes */ };

/* --- password: argon2id, 19 MiB, 2 passes, 1 lane (OWASP's minimum); weaker in test builds' fixtures only through
 * password_cost_set_for_tests(). Slow by design: call it on the slow pool. */
/* 12..128 code points, not one of the common ones (list in password_common.c), not the account's name. INVALID. */
enum code password_check_rules(struct str password, struct str login, struct err *e) MUST_CHECK;
enum code password_hash(struct arena *a, struct str password, struct str *ret, struct err *e) MUST_CHECK;
/* OK or DENIED. An empty stored hash takes as long as a real one and is DENIED. */
enum code password_verify(struct str stored, struct str password) MUST_CHECK;
void password_cost_set_for_tests(void);

/* --- TOTP (RFC 6238, SHA-1, 30 s, 6 digits, one step of slack), through liboath */
enum { TOTP_SECRET = 20 };
void totp_new(unsigned char ret[TOTP_SECRET]);
/* Empty where there is no memory. */
struct str totp_base32(struct arena *a, const unsigned char secret[TOTP_SECRET]);
struct str totp_uri(struct arena *a, struct str base32, struct str login, struct str issuer);
/* The step that matched, to be stored so that no code works twice (`last_step`: what was stored, 0 at first). OK or DENIED. */
enum code totp_verify(const unsigned char secret[TOTP_SECRET], struct str code, ts_t now, int64_t last_step,
                      int64_t *ret_step) MUST_CHECK;
struct str totp_code(struct arena *a, const unsigned char secret[TOTP_SECRET], ts_t now);

/* --- one-time codes on paper: ten, 8 letters of base 32 in two groups ("k3f9-2mxa"), kept only as hashes */
enum { PAPER_CODES = 10 };
struct str paper_code_new(struct arena *a);
struct str paper_code_fold(struct arena *a, struct str typed); /* lower case, blanks and dashes dropped */

/* --- tokens: 32 random bytes as base64url text; stored as keyed BLAKE2b with the pepper */
struct str token_new(struct arena *a);
void token_hash(const unsigned char pepper[32], struct str token, unsigned char ret[HASH]);

/* --- hashes and signatures */
void hash_bytes(struct str s, unsigned char ret[HASH]); /* BLAKE2b-256 */
/* The same over what comes in parts. It may stand anywhere, also where an arena puts it, and may be copied. */
struct hasher {
  unsigned char state[384];
};
void hasher_begin(struct hasher *h);
void hasher_add(struct hasher *h, struct str s);
void hasher_end(struct hasher *h, unsigned char ret[HASH]);
void hash_keyed(const unsigned char key[32], struct str s, unsigned char ret[HASH]);
bool secret_equal(struct str a, struct str b);
struct str hex_text(struct arena *a, struct str bytes);
bool hex_parse(struct arena *a, struct str text, struct str *ret);
enum { SIGNATURE = 64, PUBLIC_KEY = 32 };
void sign_public_key(const unsigned char seed[32], unsigned char ret[PUBLIC_KEY]);
void sign_bytes(const unsigned char seed[32], struct str s, unsigned char ret[SIGNATURE]);
bool sign_verify(const unsigned char public_key[PUBLIC_KEY], struct str s, const unsigned char sig[SIGNATURE]);
void random_bytes(void *p, size_t n);

#endif
