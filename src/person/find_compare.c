/* find_compare.c: how much alike two values are. No more than one slip: a letter left out, added, changed, or two that changed places. */
#include "base/utf8.h"
#include "person/find.h"
#include "person/probe.h"

enum { NAME_MOST = 64, SLIP_LEAST = 3, PART_LEAST = 2, PHONE_WHOLE = 9, PHONE_TAIL = 4, TURN_LEAST = 4 };

struct letters {
  int32_t at[NAME_MOST];
  size_t n;
};

static struct letters letters_of(struct str s)
{
  struct letters l = {.n = 0};
  for (size_t i = 0; i < s.n && l.n < NAME_MOST;)
    l.at[l.n++] = utf8_next(s, &i);
  return l;
}

static bool same(const int32_t *a, const int32_t *b, size_t n)
{
  return memcmp(a, b, n * sizeof *a) == 0;
}

/* Short of n: a and b differ from place i on. */
static bool one_slip(const struct letters *a, const struct letters *b)
{
  size_t i = 0, least = a->n < b->n ? a->n : b->n;
  while (i < least && a->at[i] == b->at[i])
    i++;
  if (a->n == b->n) {
    if (i == a->n || same(a->at + i + 1, b->at + i + 1, a->n - i - 1))
      return true;
    return i + 1 < a->n && a->at[i] == b->at[i + 1] && a->at[i + 1] == b->at[i] &&
           same(a->at + i + 2, b->at + i + 2, a->n - i - 2);
  }
  const struct letters *longer = a->n > b->n ? a : b, *shorter = a->n > b->n ? b : a;
  return longer->n == shorter->n + 1 && same(longer->at + i + 1, shorter->at + i, shorter->n - i);
}

/* Of names of two letters one slip is another name. */
static bool is_near(struct str a, struct str b)
{
  if (a.n > b.n + 4 || b.n > a.n + 4) /* a letter has at most four bytes */
    return false;
  struct letters x = letters_of(a), y = letters_of(b);
  return x.n >= SLIP_LEAST && y.n >= SLIP_LEAST && one_slip(&x, &y);
}

static enum find_match name_match(struct str asked, struct str value)
{
  if (str_eq(asked, value))
    return FIND_SAME;
  if (is_near(asked, value))
    return FIND_NEAR;
  return utf8_length(asked) >= PART_LEAST && str_contains(value, asked) ? FIND_PART : FIND_NONE;
}

/* 太郎山田 and 山田太郎, where nothing says where the one name ends: the same letters, begun elsewhere. Of short words that means little. */
static bool is_turned(struct str asked, struct str value)
{
  if (asked.n != value.n || utf8_length(asked) < TURN_LEAST)
    return false;
  for (size_t i = 1; i < value.n; i++)
    if (memcmp(asked.p, value.p + i, value.n - i) == 0 && memcmp(asked.p + value.n - i, value.p, i) == 0)
      return true;
  return false;
}

static enum find_match turned_match(struct str asked, struct str turned, struct str value)
{
  enum find_match m = turned.n ? name_match(turned, value) : FIND_NONE;
  if (m == FIND_PART) /* a part is found as it was typed */
    m = FIND_NONE;
  return m < FIND_NEAR && is_turned(asked, value) ? FIND_NEAR : m;
}

static enum find_match phone_match(struct str asked, struct str value)
{
  if (asked.n < PHONE_TAIL || value.n < PHONE_TAIL)
    return FIND_NONE;
  if (str_eq(asked, value))
    return FIND_SAME;
  if (asked.n < PHONE_WHOLE)
    return str_ends(value, asked) ? FIND_PART : FIND_NONE;
  return is_near(asked, value) ? FIND_NEAR : FIND_NONE;
}

/* Day and month that changed places, one digit, or as far as the date is known. */
static enum find_match birth_match(struct str asked, struct str value)
{
  int differ = 0;
  if (str_eq(asked, value))
    return FIND_SAME;
  if (asked.n != value.n || asked.n != 10)
    return str_starts(value, asked) || str_starts(asked, value) ? FIND_NEAR : FIND_NONE;
  for (size_t i = 0; i < asked.n; i++)
    differ += asked.p[i] != value.p[i];
  bool swapped = str_eq(str_sub(asked, 0, 4), str_sub(value, 0, 4)) &&
                 str_eq(str_sub(asked, 5, 2), str_sub(value, 8, 2)) &&
                 str_eq(str_sub(asked, 8, 2), str_sub(value, 5, 2));
  return differ == 1 || swapped ? FIND_NEAR : FIND_NONE;
}

static bool is_blank(int32_t c)
{
  return c == ' ' || c == '\t' || c == 0x3000 || c == 0xa0;
}

/* What stands behind the first blank, and then what stands before it. */
static struct str turned_of(struct arena *a, struct str typed)
{
  struct str s = str_trim(typed);
  for (size_t i = 0; i < s.n;) {
    size_t at = i;
    if (is_blank(utf8_next(s, &i)))
      return probe_value(a, PROBE_NAME,
                         str_printf(a, "%.*s%.*s", STR_FMT(str_sub(s, i, s.n)), STR_FMT(str_sub(s, 0, at))));
  }
  return STR_NONE;
}

struct find_query find_query(struct arena *a, const struct find_typed *t)
{
  return (struct find_query){.turned = {turned_of(a, t->name), turned_of(a, t->kana)},
                             .name = {probe_value(a, PROBE_NAME, t->name), probe_value(a, PROBE_NAME, t->kana)},
                             .birth = probe_value(a, PROBE_BIRTH, t->birth_iso),
                             .phone = {probe_value(a, PROBE_PHONE, t->phone), probe_value(a, PROBE_PHONE, t->mobile)}};
}

bool find_asks(const struct find_query *q)
{
  return q->name[0].n || q->name[1].n || q->birth.n || q->phone[0].n || q->phone[1].n;
}

static void keep_best(enum find_match *best, enum find_match m)
{
  if (m > *best)
    *best = m;
}

static void keep_name(struct find_clues *clues, enum find_match straight, enum find_match turned)
{
  enum find_match m = turned > straight ? turned : straight;
  if (m > clues->name)
    clues->turned = turned > straight;
  keep_best(&clues->name, m);
}

void find_compare(const struct find_query *q, enum attribute k, struct str value, struct find_clues *clues)
{
  enum probe_kind kind = value.n ? probe_kind_of(k) : PROBE_NONE;
  for (int i = 0; i < 2 && kind == PROBE_NAME; i++)
    if (q->name[i].n)
      keep_name(clues, name_match(q->name[i], value), turned_match(q->name[i], q->turned[i], value));
  for (int i = 0; i < 2 && kind == PROBE_PHONE; i++)
    keep_best(&clues->phone, phone_match(q->phone[i], value));
  if (kind == PROBE_BIRTH && q->birth.n)
    keep_best(&clues->birth, birth_match(q->birth, value));
}

int find_score(const struct find_clues *c)
{
  static const int name[] = {[FIND_NONE] = 0, [FIND_PART] = 2, [FIND_NEAR] = 3, [FIND_SAME] = 6};
  static const int birth[] = {[FIND_NONE] = 0, [FIND_PART] = 0, [FIND_NEAR] = 1, [FIND_SAME] = 3};
  static const int phone[] = {[FIND_NONE] = 0, [FIND_PART] = 2, [FIND_NEAR] = 2, [FIND_SAME] = 5};
  int score = name[c->name] + birth[c->birth] + phone[c->phone];
  return score > 1 ? score : 0; /* a birth date that is only like another's is nothing */
}

bool find_is_likely(const struct find_clues *c)
{
  bool more = c->birth == FIND_SAME || c->phone == FIND_SAME;
  bool almost = c->birth == FIND_NEAR || c->phone == FIND_NEAR;
  if (c->name == FIND_SAME)
    return more || almost;
  return c->name == FIND_NEAR ? more : c->birth == FIND_SAME && c->phone == FIND_SAME;
}
