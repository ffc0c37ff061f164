#include "basis/words.h"

static const struct {
  const char *word, *shape, *class;
} states[BASIS_STATES + 1] = {[BASIS_WAITS] = {TR("認めるのを待っています"), "s-received", "warn"},
                              [BASIS_HOLDS] = {TR("いま有効"), "c-both", "good"},
                              [BASIS_TO_COME] = {TR("これから"), "c-one", "quiet"},
                              [BASIS_OVER] = {TR("終わりました"), "s-closed", "quiet"},
                              [BASIS_REFUSED] = {TR("認められませんでした"), "s-declined", "bad"},
                              [BASIS_TO_TELL] = {TR("本人にまだ知らせていない"), "s-overdue", "warn"}};

enum basis_state basis_state_of(const struct basis_row *row, ts_t now)
{
  if (row->refused_by)
    return BASIS_REFUSED;
  if (row->until && row->until <= now)
    return BASIS_OVER;
  if (!row->approver)
    return BASIS_WAITS;
  return row->from > now ? BASIS_TO_COME : BASIS_HOLDS;
}

struct str words_state(enum lang lang, int state)
{
  return tr(lang, states[state].word);
}

void words_put_state(struct doc *d, enum lang lang, const struct basis_row *row, ts_t now)
{
  enum basis_state at = basis_state_of(row, now);
  struct doc *state = doc_put_map(d, "state");
  doc_put_str(state, "word", words_state(lang, (int)at));
  doc_put_cstr(state, "shape", states[at].shape);
  doc_put_cstr(state, "class", states[at].class);
}

struct str words_categories(struct arena *a, enum lang lang, cats_t categories)
{
  struct buf b;
  buf_init(&b, a, 1024);
  for (int i = 0; i < CATEGORIES; i++) {
    if (!(categories & (1u << i)))
      continue;
    if (b.n)
      buf_add(&b, tr(lang, TR("・")));
    buf_add(&b, tr(lang, category_label(i)));
  }
  return buf_str(&b);
}

/* ---- 同意をとらないわけ, 本人への知らせ ----------------------------------------------------------------------------------- */

const char *const basis_why_codes[] = {"danger", "unreachable", "unable", "refused", "no_time", "law", NULL};
static const char *const why_words[] = {TR("求めると、本人や家族が危なくなる"),
                                        TR("連絡がつかない・所在がわからない"),
                                        TR("本人が判断できる状態にない"),
                                        TR("求めたが、得られなかった"),
                                        TR("求めている時間がない"),
                                        TR("法律が、同意を求めることを予定していない")};
const char *const basis_tell_codes[] = {"after", "told", "not", NULL};
static const char *const tell_words[] = {TR("あとで知らせる"), TR("もう知らせた"), TR("知らせない")};

static const char *word_of(const char *const *codes, const char *const *words, struct str code)
{
  for (int i = 0; codes[i]; i++)
    if (str_is(code, codes[i]))
      return words[i];
  return "";
}

struct str words_why(enum lang lang, struct str code)
{
  return tr(lang, word_of(basis_why_codes, why_words, code));
}

struct str words_told(struct arena *a, const struct reader *who, const struct basis_row *row)
{
  struct date day = {0};
  bool told = row->told_day.n;
  if (!told && !str_is(row->tell, "after"))
    return tr(who->lang, word_of(basis_tell_codes, tell_words, row->tell));
  (void)date_parse_iso(told ? row->told_day : row->tell_due, &day);
  return tr_args(a, who->lang, told ? TR("%1に知らせました") : TR("%1までに知らせます"), reader_date(a, who, day),
                 STR_NONE, STR_NONE);
}

struct str words_period(struct arena *a, const struct reader *who, const struct basis_row *row)
{
  struct str from = reader_date(a, who, date_of_ts(row->from));
  struct str until = row->until ? reader_date(a, who, date_of_ts(row->until - 1)) : STR_NONE;
  return tr_args(a, who->lang, TR("%1から%2まで"), from, until, STR_NONE);
}

struct str words_text(const struct doc *content, const char *key)
{
  return doc_get_str(content, key);
}

static void put_options(struct doc *data, const char *key, enum lang lang, const char *const *codes,
                        const char *const *words, struct str typed)
{
  struct doc *list = doc_put_list(data, key);
  for (int i = 0; codes[i]; i++) {
    struct doc *d = doc_add_map(list);
    doc_put_cstr(d, "value", codes[i]);
    doc_put_str(d, "word", tr(lang, words[i]));
    doc_put_bool(d, "checked", str_is(typed, codes[i]));
  }
}

void basis_put_words(struct doc *data, enum lang lang, const struct doc *typed)
{
  put_options(data, "whys", lang, basis_why_codes, why_words, doc_get_str(typed, "why"));
  put_options(data, "tells", lang, basis_tell_codes, tell_words, doc_get_str(typed, "tell"));
}
