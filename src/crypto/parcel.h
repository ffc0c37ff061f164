/* parcel.h: bytes from one network to another: sealed for the receiver alone and signed by the sender. Each network has a card: the public
 * halves of its transfer key (X25519) and of its signing key (Ed25519), both reckoned from the seed that its key file keeps. Two networks compare
 * the cards' fingerprints by telephone before they trust them.
 *
 * A parcel: magic (16), the receiver's transfer key (32), length of the rest (8, big-endian), a sealed box of: the sender's signing key (32), signature (64)
 * over what stands here and for whom, the bytes. */
#ifndef CRYPTO_PARCEL_H
#define CRYPTO_PARCEL_H
#include "base/err.h"
#include "base/str.h"

enum { PARCEL_HALF = 32, PARCEL_CARD = 2 * PARCEL_HALF, PARCEL_MOST = 48 << 20 };

/* The card of whoever has the seed (32 bytes): transfer key, then signing key. */
void parcel_card(const unsigned char seed[32], unsigned char ret[PARCEL_CARD]);
/* Forty digits in eight groups, to be read out. */
struct str parcel_fingerprint(struct arena *a, const unsigned char card[PARCEL_CARD]);

/* A parcel as letters that a form may carry, and back; false: none. */
struct str parcel_text(struct arena *a, struct str parcel);
bool parcel_parse(struct arena *a, struct str text, struct str *ret);

enum code parcel_seal(struct arena *a, const unsigned char seed[32], const unsigned char to[PARCEL_CARD],
                      struct str bytes, struct str *ret, struct err *e) MUST_CHECK;
/* INVALID with a sentence that says what to do: no parcel, for somebody else, cut, changed, or not signed by whom it says. `ret_from`: the
 * sender's signing key, which the caller must know. The bytes lie in the arena. */
enum code parcel_open(struct arena *a, const unsigned char seed[32], struct str parcel,
                      unsigned char ret_from[PARCEL_HALF], struct str *ret, struct err *e) MUST_CHECK;

#endif
