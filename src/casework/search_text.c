/* search_text.c: the words, and where they stand in a text as it was written. */
#include "base/utf8.h"
#include "casework/search.h"

enum { BEFORE = 24, AFTER = 90 }; /* code points around the first word */

struct search_query search_query(struct arena *a, struct str typed)
{
  struct search_query q = {.words = 0};
  struct str rest = str_trim(typed);
  for (size_t at = 0, start = 0; at <= rest.n && q.words < SEARCH_WORDS;) {
    size_t here = at;
    int32_t cp = at < rest.n ? utf8_next(rest, &at) : ' ';
    if (cp != ' ' && cp != 0x3000)
      continue;
    struct str word = utf8_fold(a, str_sub(rest, start, here - start));
    if (word.n)
      q.word[q.words++] = word;
    start = at;
    if (here == rest.n)
      break;
  }
  return q;
}

bool search_matches(const struct search_query *q, struct str fold)
{
  for (int i = 0; i < q->words; i++)
    if (!str_contains(fold, q->word[i]))
      return false;
  return q->words > 0;
}

static size_t step(struct str s, size_t at)
{
  (void)utf8_next(s, &at);
  return at;
}

/* Bytes of the text from `at` on that fold to the word; 0: they do not begin here. */
static size_t word_at(struct arena *a, struct str text, size_t at, struct str word)
{
  size_t end = step(text, at);
  if (!utf8_fold(a, str_sub(text, at, end - at)).n)
    return 0;
  for (bool beyond = false;; end = step(text, end)) {
    struct str fold = utf8_fold(a, str_sub(text, at, end - at));
    if (fold.n >= word.n && str_starts(fold, word))
      return end - at;
    if (beyond || end == text.n)
      return 0;
    beyond = fold.n >= word.n ||
             (fold.n > 8 && !str_starts(word, fold)); /* a sign that joins the last letter may still change it */
  }
}

static size_t any_word_at(struct arena *a, const struct search_query *q, struct str text, size_t at)
{
  size_t best = 0;
  for (int i = 0; i < q->words; i++) {
    size_t n = word_at(a, text, at, q->word[i]);
    best = n > best ? n : best;
  }
  arena_reset(a);
  return best;
}

static size_t back(struct str s, size_t at, int cps)
{
  while (at > 0 && cps > 0)
    if (((unsigned char)s.p[--at] & 0xC0) != 0x80)
      cps--;
  return at;
}

static size_t on(struct str s, size_t at, int cps)
{
  for (; at < s.n && cps > 0; cps--)
    at = step(s, at);
  return at;
}

static void add_part(struct doc *list, struct str text, bool hit)
{
  if (!text.n)
    return;
  struct doc *d = doc_add_map(list);
  doc_put_str(d, "text", text);
  doc_put_bool(d, "hit", hit);
}

/* A line of a list has no line breaks. */
static struct str in_one_line(struct arena *a, struct str text)
{
  struct buf b;
  buf_init(&b, a, text.n + 1);
  for (size_t i = 0; i < text.n; i++)
    buf_add_c(&b, text.p[i] == '\n' ? ' ' : text.p[i]);
  return buf_str(&b);
}

struct doc *search_excerpt(struct arena *a, struct arena *scratch, const struct search_query *q, struct str text)
{
  struct doc *list = doc_list(a);
  size_t at = 0;
  text = in_one_line(a, text);
  while (at < text.n && !any_word_at(scratch, q, text, at))
    at = step(text, at);
  size_t from = back(text, at, BEFORE), until = on(text, at, AFTER), plain = from;
  if (from > 0)
    add_part(list, S("…"), false);
  for (at = from; at < until;) {
    size_t n = any_word_at(scratch, q, text, at);
    if (!n) {
      at = step(text, at);
      continue;
    }
    add_part(list, str_sub(text, plain, at - plain), false);
    add_part(list, str_sub(text, at, n), true);
    plain = at += n;
  }
  if (plain < until)
    add_part(list, str_sub(text, plain, until - plain), false);
  if (until < text.n)
    add_part(list, S("…"), false);
  return list;
}
