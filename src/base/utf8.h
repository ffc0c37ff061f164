/* utf8.h: the one door for text from outside, and the folding by which people are found. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H
#include "base/err.h"
#include "base/str.h"

/* Next code point at *at (moved on), or -1 for a malformed, overlong, surrogate or > U+10FFFF sequence. */
int32_t utf8_next(struct str s, size_t *at);
bool utf8_valid(struct str s);
size_t utf8_length(struct str s); /* code points; s must be valid */
/* At most `most` code points of a valid text; one that is longer ends with CLIPPED. */
#define CLIPPED "…"
struct str utf8_clip(struct arena *a, struct str s, size_t most);
void utf8_put(struct buf *b, int32_t cp);

/* What a text field accepts: valid UTF-8, no NUL, no C0/C1 controls but tab and (if `multiline`) newline, no bidi
 * controls (U+202A-202E, U+2066-2069, U+200E/F, U+061C), no U+FEFF, no noncharacters. INVALID with a sentence. */
enum code utf8_check_text(struct str s, bool multiline, struct err *e) MUST_CHECK;

/* Without what nobody sees at either end: blanks of every width (Zs), format characters such as the zero-width space (Cf), fillers. A text of
 * nothing else is empty. What stands between visible letters stays. */
struct str utf8_trim(struct str s);

/* CR LF and lone CR become LF; trailing blanks of the whole text are cut. Comes before utf8_check_text. */
struct str utf8_normalize_newlines(struct arena *a, struct str s);

/* A hyphen as people type it, half or full width: also the dashes, the minus and the long vowel mark that input methods put. */
bool utf8_is_dash(int32_t cp);
/* Search form: NFKC, case folded, katakana to hiragana, small kana to large, long vowel marks, blanks and variation selectors
 * dropped, common variants of kanji (異体字: 髙→高, 﨑→崎, 邊邉→辺, 齋齊斎→斉 …) mapped to one. Same input, same output,
 * idempotent. What is not UTF-8 becomes U+FFFD. */
struct str utf8_fold(struct arena *a, struct str s);

/* Hiragana and katakana alone (blanks aside), of whatever width, and something of them. */
bool utf8_is_kana(struct str s);

/* CP932 <-> UTF-8 by iconv; 外字 (0xF040..0xF9FC) are U+E000..U+E757 and back. A character without counterpart is an error naming its byte or character position. */
enum code utf8_from_cp932(struct arena *a, struct str s, struct str *ret, struct err *e) MUST_CHECK;
enum code utf8_to_cp932(struct arena *a, struct str s, struct str *ret, struct err *e) MUST_CHECK;

#endif
