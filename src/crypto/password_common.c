/* password_common.c: what people choose first. A guesser tries common words with digits, years, signs and keyboard runs around
 * them, two common words in a row, and one piece repeated; so a list of words and the ways of joining them refuses far more
 * than a list of whole passwords could hold. Three unrelated words, or anything with no word in it, pass. */
#include "crypto/password_common.h"

#include "base/utf8.h"
#include "crypto/password_words.h"

enum {
  MOST = 128,   /* code points */
  WORD_MIN = 4, /* shorter words would cover anything */
  RUN_MIN = 3,
  DISTINCT_MIN = 5, /* code points that differ */
  UNIT_MIN = 12,    /* a repeated piece counts once, so it must be long enough alone */
  COST_WORD = 10,
  COST_FILLER = 4,  /* digits or a run */
  COST_COMMON = 24, /* two words and one filler */
  FAR = 10000
};

struct text {
  int32_t cp[MOST];
  size_t n;
};

static struct text fold(struct str s)
{
  struct text t = {.n = 0};
  for (size_t at = 0; at < s.n && t.n < MOST;) {
    int32_t cp = utf8_next(s, &at);
    if (cp < 0)
      break;
    if (cp >= 0xFF01 && cp <= 0xFF5E)
      cp -= 0xFF01 - '!';
    if (cp >= 'A' && cp <= 'Z')
      cp += 'a' - 'A';
    t.cp[t.n++] = cp;
  }
  return t;
}

static bool is_digit(int32_t cp)
{
  return cp >= '0' && cp <= '9';
}

static bool is_sign(int32_t cp)
{
  return (cp >= ' ' && cp <= '~' && !is_digit(cp) && !(cp >= 'a' && cp <= 'z')) || cp == 0x3000;
}

/* --- whole-password rules --- */

static size_t distinct(const struct text *t)
{
  size_t count = 0;
  for (size_t i = 0; i < t->n; i++) {
    size_t j = 0;
    while (j < i && t->cp[j] != t->cp[i])
      j++;
    count += j == i;
  }
  return count;
}

/* Length of the piece that the whole text repeats (the last time perhaps cut short). */
static size_t period(const struct text *t)
{
  for (size_t p = 1; p < t->n; p++) {
    size_t i = p;
    while (i < t->n && t->cp[i] == t->cp[i - p])
      i++;
    if (i == t->n && p <= t->n / 2)
      return p;
  }
  return t->n;
}

/* --- pieces: each tells how many code points from `at` on it covers --- */

static size_t digits_at(const struct text *t, size_t at)
{
  size_t n = 0;
  while (at + n < t->n && is_digit(t->cp[at + n]))
    n++;
  return n;
}

static size_t repeat_at(const struct text *t, size_t at)
{
  size_t n = 1;
  while (at + n < t->n && t->cp[at + n] == t->cp[at])
    n++;
  return n >= RUN_MIN ? n : 0;
}

/* Neighbours on the keyboard and in the alphabet. */
static const char *const lines[] = {
    "abcdefghijklmnopqrstuvwxyz",
    "aabbccddeeffgghhiijjkkllmmnnooppqqrrssttuuvvwwxxyyzz",
    "12345678901234567890",
    "112233445566778899001122",
    "qwertyuiopasdfghjklzxcvbnmqwertyuiop",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "qawsedrftgyhujikolp",
    "azsxdcfvgbhnjmk",
    "!@#$%^&*()",
    "!\"#$%&'()",
    "qazwsxedcrfvtgbyhnujm",
    "zaq1xsw2cde3vfr4bgt5nhy6mju7",
    "a1b2c3d4e5f6g7h8i9j0",
    "1a2b3c4d5e6f7g8h9i0j",
    "qweasdzxcrtyfghvbnuiojkl",
    "147258369",
    "aiueokakikukekosasisuseso",
    "irohanihohetochirinuruwo",
};

static size_t along(const struct text *t, size_t at, const char *line, size_t len, size_t from, int step)
{
  size_t n = 0, pos = from;
  while (at + n < t->n && t->cp[at + n] == line[pos]) {
    n++;
    if ((step < 0 && pos == 0) || (step > 0 && pos + 1 == len))
      break;
    pos += (size_t)step;
  }
  return n;
}

static size_t run_at(const struct text *t, size_t at)
{
  size_t best = repeat_at(t, at);
  for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
    size_t len = strlen(lines[i]);
    for (size_t from = 0; from < len; from++) {
      size_t up = along(t, at, lines[i], len, from, 1), down = along(t, at, lines[i], len, from, -1);
      best = up > best ? up : best;
      best = down > best ? down : best;
    }
  }
  return best >= RUN_MIN ? best : 0;
}

/* p@ssw0rd */
static bool same_letter(int32_t cp, char letter)
{
  static const struct {
    char sign;
    const char *letters;
  } swaps[] = {{'@', "a"},  {'4', "a"}, {'8', "b"}, {'(', "c"}, {'3', "e"}, {'9', "g"}, {'1', "il"}, {'!', "il"},
               {'|', "il"}, {'0', "o"}, {'5', "s"}, {'$', "s"}, {'7', "t"}, {'+', "t"}, {'2', "z"}};
  if (cp == letter)
    return true;
  for (size_t i = 0; i < sizeof(swaps) / sizeof(swaps[0]); i++) {
    if (cp == swaps[i].sign && strchr(swaps[i].letters, letter))
      return true;
  }
  return false;
}

static bool word_at(const struct text *t, size_t at, struct str word)
{
  if (word.n < WORD_MIN || word.n > t->n - at)
    return false;
  for (size_t i = 0; i < word.n; i++) {
    if (!same_letter(t->cp[at + i], word.p[i]))
      return false;
  }
  return true;
}

/* --- covering the password with pieces --- */

struct cover {
  int words[MOST + 1]; /* fewest words that cover the first i code points, runs and digits not counted */
  int cost[MOST + 1];
};

static void reach(struct cover *c, size_t from, size_t to, int words, int cost)
{
  if (c->words[from] + words < c->words[to])
    c->words[to] = c->words[from] + words;
  if (c->cost[from] + cost < c->cost[to])
    c->cost[to] = c->cost[from] + cost;
}

static void reach_words(struct cover *c, const struct text *t, size_t at, struct str login)
{
  struct str rest = password_words, word;
  while (str_split(&rest, ' ', &word)) {
    if (word_at(t, at, word))
      reach(c, at, at + word.n, 1, COST_WORD);
  }
  if (word_at(t, at, login))
    reach(c, at, at + login.n, 1, COST_WORD);
}

static bool is_covered(const struct text *t, struct str login)
{
  struct cover c;
  for (size_t i = 0; i <= t->n; i++)
    c.words[i] = c.cost[i] = i ? FAR : 0;
  for (size_t at = 0; at < t->n; at++) {
    if (c.words[at] >= FAR)
      continue;
    for (size_t n = digits_at(t, at); n > 0; n--)
      reach(&c, at, at + n, 0, COST_FILLER);
    for (size_t n = run_at(t, at); n >= RUN_MIN; n--)
      reach(&c, at, at + n, 0, COST_FILLER);
    if (is_sign(t->cp[at]))
      reach(&c, at, at + 1, 0, 0);
    reach_words(&c, t, at, login);
  }
  return c.words[t->n] <= 1 || c.cost[t->n] <= COST_COMMON;
}

static bool is_login(const struct text *t, const struct text *login)
{
  return login->n && t->n == login->n && memcmp(t->cp, login->cp, t->n * sizeof(t->cp[0])) == 0;
}

enum code password_is_common(struct str password, struct str login, struct err *e)
{
  struct text t = fold(password), l = fold(login);
  char name[MOST]; /* the login as a word, folded; ASCII only */
  size_t n = 0;
  while (n < l.n && l.cp[n] < 0x80) {
    name[n] = (char)l.cp[n];
    n++;
  }
  if (is_login(&t, &l))
    return err_set(e, INVALID, TR("ログイン名をそのままパスワードにすることはできません。"));
  if (distinct(&t) < DISTINCT_MIN || period(&t) < UNIT_MIN)
    return err_set(e, INVALID, TR("同じ文字のくり返しでできたパスワードは使えません。"));
  if (is_covered(&t, n == l.n ? (struct str){name, n} : STR_NONE))
    return err_set(
        e, INVALID,
        TR("よく使われる言葉や数字の並びでできたパスワードは使えません。関係のない言葉を三つ以上つなげてください。"));
  return OK;
}
