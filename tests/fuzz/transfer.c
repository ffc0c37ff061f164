/* transfer.c: a file in which another network moves a case here: the parcel as it comes, the parts in it, and what the case says of itself (put into
 * parts here, since nobody finds lengths by chance). */
#include "transfer/transfer.h"
#include "base/clock.h"
#include "crypto/parcel.h"
#include "fuzz.h"
#include "transfer/bundle.h"

static const unsigned char seed[32] = {7};
static const unsigned char picture[] = {
    0x89, 'P',  'N',  'G',  '\r', '\n', 0x1a, '\n', 0,    0,    0,    13,  'I',  'H',  'D',  'R',  0,
    0,    0,    1,    0,    0,    0,    1,    8,    0,    0,    0,    0,   0x3a, 0x7e, 0x9b, 0x55, 0,
    0,    0,    10,   'I',  'D',  'A',  'T',  0x78, 0x9c, 0x63, 0x60, 0,   0,    0,    2,    0,    1,
    0x48, 0xaf, 0xa4, 0x71, 0,    0,    0,    0,    'I',  'E',  'N',  'D', 0xae, 0x42, 0x60, 0x82};
static const ts_t now = 1795305600000;

static void reads(struct arena *a, struct str bytes)
{
  struct transfer_case t = {0};
  struct err e = {0};
  if (transfer_read(a, bytes, now, &t, &e) != OK) {
    HOLDS(e.msg && e.code != OK && !t.records);
    return;
  }
  HOLDS(t.code.n == TRANSFER_CODE && t.network.n && t.file_count >= 1 && t.file_count <= TRANSFER_FILES + 1);
  HOLDS(t.record_count <= TRANSFER_RECORDS && t.opened_at <= now + MS_DAY);
  for (size_t i = 0; i < t.attribute_count; i++)
    HOLDS(t.attributes[i].value.n && fuzz_clean(t.attributes[i].value));
  for (size_t i = 0; i < t.record_count; i++) {
    HOLDS(t.records[i].count >= 1 && t.records[i].at <= now + MS_DAY);
    for (size_t k = 0; k < t.records[i].count; k++)
      HOLDS(t.records[i].paragraphs[k].text.n && fuzz_clean(t.records[i].paragraphs[k].text) &&
            t.records[i].paragraphs[k].source >= SOURCE_PERSON && t.records[i].paragraphs[k].source <= SOURCE_STAFF);
  }
}

static void transfer(struct arena *a, struct str in)
{
  unsigned char card[PARCEL_CARD], from[PARCEL_HALF];
  struct str parcel = STR_NONE, back = STR_NONE;
  struct bundle parts;
  struct err e = {0};
  struct buf b;
  parcel_card(seed, card);
  HOLDS(parcel_open(a, seed, in, from, &back, &e) != OK && e.msg); /* nobody signs by chance */
  e = (struct err){0};
  HOLDS(parcel_seal(a, seed, card, in, &parcel, &e) == OK);
  HOLDS(parcel_open(a, seed, parcel, from, &back, &e) == OK && str_eq(back, in));
  reads(a, in);
  if (bundle_read(in, &parts))
    HOLDS(parts.count && parts.count <= BUNDLE_PARTS);
  buf_init(&b, a, LIMIT_BODY);
  bundle_add(&b, S("case.json"), in);
  bundle_add(&b, S("case.pdf"), (struct str){(const char *)picture, sizeof picture});
  bundle_add(&b, S("file-1.png"), (struct str){(const char *)picture, sizeof picture});
  HOLDS(b.failed || bundle_read(buf_str(&b), &parts));
  reads(a, buf_str(&b));
}
FUZZ_TARGET(transfer);
