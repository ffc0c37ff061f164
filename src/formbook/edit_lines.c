/* edit_lines.c: what may be chosen, and when a question is asked, as lines of text. Words are enough: codes are made and kept here. */
#include "formbook/edit_impl.h"

/* ---- options: one a line: 言葉, or 名前|言葉|区分|separate ------------------------------------------------------------------------------ */

/* A code made here says nothing to a reader. */
static bool made_here(struct str code)
{
  if (code.n < 2 || code.p[0] != 'o')
    return false;
  for (size_t i = 1; i < code.n; i++)
    if (code.p[i] < '0' || code.p[i] > '9')
      return false;
  return true;
}

struct str edit_options_text(struct arena *a, const struct doc *item)
{
  struct buf b;
  buf_init(&b, a, LIMIT_BODY);
  const struct doc *list = doc_get(item, "answerOption");
  for (size_t i = 0; i < doc_size(list); i++) {
    const struct doc *o = doc_at(list, i), *coding = doc_get(o, "valueCoding"), *mark = edit_own(o, "mark");
    struct str category = doc_get_str(edit_own(o, "category"), "valueCode"), code = doc_get_str(coding, "code");
    buf_add_cstr(&b, i ? "\n" : "");
    if (!made_here(code) || category.n || mark)
      buf_add(&b, str_printf(a, "%.*s|", STR_FMT(code)));
    buf_add(&b, doc_get_str(coding, "display"));
    if (category.n || mark)
      buf_add(&b, str_printf(a, "|%.*s", STR_FMT(category)));
    if (mark)
      buf_add(&b, str_printf(a, "|%.*s", STR_FMT(doc_get_str(mark, "valueCode"))));
  }
  return buf_str(&b);
}

static const struct doc *option_by(const struct doc *list, const char *key, struct str value)
{
  for (size_t i = 0; i < doc_size(list); i++)
    if (str_eq(doc_get_str(doc_get(doc_at(list, i), "valueCoding"), key), value))
      return doc_at(list, i);
  return NULL;
}

/* An option that stays keeps its code wherever it is moved to: conditions and answers go by it. */
static struct str code_for(struct arena *a, const struct doc *old, const struct doc *list, struct str display)
{
  const struct doc *same = option_by(old, "display", display);
  struct str code = doc_get_str(doc_get(same, "valueCoding"), "code");
  for (int n = 1; !code.n || option_by(list, "code", code); n++) {
    code = str_printf(a, "o%d", n);
    if (option_by(old, "code", code))
      code = STR_NONE;
  }
  return code;
}

static enum code twice(struct arena *a, struct str display, struct err *e)
{
  enum code c =
      err_set1(e, INVALID, TR("選択肢「%1」が二つあります。どちらか一つにしてください。"), str_cstr(a, display));
  (void)snprintf(e->field, sizeof e->field, "options");
  return c;
}

static enum code read_option(struct arena *a, const struct doc *old, struct str line, struct doc *list, struct err *e)
{
  struct str part[4] = {0}, rest = line;
  for (size_t i = 0; i < 4 && str_split(&rest, '|', &part[i]); i++)
    part[i] = str_trim(part[i]);
  struct str display = part[1].n ? part[1] : part[0], code = part[1].n ? part[0] : code_for(a, old, list, display);
  if (option_by(list, "display", display) || option_by(list, "code", code))
    return twice(a, display, e);
  const struct doc *was = option_by(old, "code", code);
  struct doc *o = was ? doc_copy(a, was) : doc_map(a);
  if (!was)
    doc_put_str(doc_put_map(o, "valueCoding"), "code", code);
  struct doc *coding = doc_get(o, "valueCoding");
  bool renamed = !str_eq(doc_get_str(coding, "display"), display);
  doc_replace(coding, "display", doc_str(a, display));
  if (renamed && doc_get(coding, "_display"))
    doc_replace(coding, "_display", doc_map(a)); /* the English was another word's */
  edit_put_own(a, o, "category", "valueCode", part[2]);
  edit_put_own(a, o, "mark", "valueCode", part[3]);
  doc_add(list, o);
  return OK;
}

enum code edit_write_options(struct arena *a, struct doc *item, struct str text, struct err *e)
{
  struct doc *list = doc_list(a);
  const struct doc *old = doc_get(item, "answerOption");
  struct str rest = text, line;
  enum code c = OK;
  while (c == OK && str_split(&rest, '\n', &line)) {
    line = str_trim(line);
    if (line.n)
      c = read_option(a, old, line, list, e);
  }
  if (c == OK && (doc_size(list) || old))
    doc_replace(item, "answerOption", list);
  return c;
}

/* ---- conditions: one a line: 問い = 答え -------------------------------------------------------------------------------------------- */

static bool is_choice(const struct doc *item)
{
  return str_is(doc_get_str(item, "type"), "choice") || str_is(doc_get_str(item, "type"), "open-choice");
}

/* The one question with these words; *ret_count: how many there are. */
static const struct doc *by_words(const struct doc *holder, struct str words, int depth, int *ret_count)
{
  const struct doc *list = doc_get(holder, "item"), *found = NULL;
  for (size_t i = 0; i < doc_size(list) && depth <= FORM_DEPTH + 1; i++) {
    const struct doc *item = doc_at(list, i), *inside = by_words(item, words, depth + 1, ret_count);
    if (str_eq(doc_get_str(item, "text"), words) && !str_is(doc_get_str(item, "type"), "group")) {
      *ret_count += 1;
      found = item;
    }
    found = inside ? inside : found;
  }
  return found;
}

static const struct doc *asked_by(const struct doc *questionnaire, struct str words)
{
  int count = 0;
  const struct doc *found = by_words(questionnaire, words, 0, &count);
  return count == 1 ? found : edit_find(questionnaire, words);
}

static struct str question_text(const struct doc *questionnaire, struct str link)
{
  struct str words = doc_get_str(edit_find(questionnaire, link), "text");
  bool plain = words.n > 0 && !edit_find(questionnaire, words);
  for (size_t i = 0; i < words.n; i++)
    plain &= words.p[i] != '=' && words.p[i] != '<' && words.p[i] != '>' && words.p[i] != '\n';
  const struct doc *found = plain ? asked_by(questionnaire, words) : NULL;
  return found && str_eq(doc_get_str(found, "linkId"), link) ? words : link;
}

static struct str chosen_text(const struct doc *asked, struct str code)
{
  const struct doc *list = doc_get(asked, "answerOption");
  struct str display = doc_get_str(doc_get(option_by(list, "code", code), "valueCoding"), "display");
  struct str back = doc_get_str(doc_get(option_by(list, "display", display), "valueCoding"), "code");
  return display.n && str_eq(back, code) && !option_by(list, "code", display) ? display : code;
}

static struct str answer_text(struct arena *a, const struct doc *asked, const struct doc *when)
{
  static const char *const plain[] = {"answerString", "answerDate", "answerDateTime", "answerTime"};
  if (doc_get(when, "answerCoding"))
    return chosen_text(asked, doc_get_str(doc_get(when, "answerCoding"), "code"));
  if (doc_get(when, "answerBoolean"))
    return doc_get_bool(when, "answerBoolean") ? S("はい") : S("いいえ");
  for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
    if (doc_get(when, plain[i]))
      return doc_get_str(when, plain[i]);
  if (doc_get(when, "answerInteger"))
    return str_printf(a, "%lld", (long long)doc_get_int(when, "answerInteger"));
  return str_printf(a, "%g", doc_number(doc_get(when, "answerDecimal")));
}

struct str edit_whens_text(struct arena *a, const struct doc *questionnaire, const struct doc *item)
{
  struct buf b;
  buf_init(&b, a, LIMIT_BODY);
  const struct doc *list = doc_get(item, "enableWhen");
  for (size_t i = 0; i < doc_size(list); i++) {
    const struct doc *w = doc_at(list, i);
    struct str link = doc_get_str(w, "question");
    buf_add(&b, str_printf(a, "%s%.*s %.*s %.*s", i ? "\n" : "", STR_FMT(question_text(questionnaire, link)),
                           STR_FMT(doc_get_str(w, "operator")),
                           STR_FMT(answer_text(a, edit_find(questionnaire, link), w))));
  }
  return buf_str(&b);
}

static bool is_yes(struct str text)
{
  return str_is(text, "はい") || str_is(text, "true");
}

static bool put_answer(const struct doc *asked, bool exists, struct str text, struct doc *when)
{
  struct str type = doc_get_str(asked, "type");
  const struct doc *named = option_by(doc_get(asked, "answerOption"), "display", text);
  int64_t n = 0;
  if (exists || str_is(type, "boolean"))
    doc_put_bool(when, "answerBoolean", is_yes(text));
  else if (is_choice(asked))
    doc_put_str(doc_put_map(when, "answerCoding"), "code",
                named ? doc_get_str(doc_get(named, "valueCoding"), "code") : text);
  else if (str_is(type, "integer") && str_to_i64(text, &n))
    doc_put_int(when, "answerInteger", n);
  else if (str_is(type, "date"))
    doc_put_str(when, "answerDate", text);
  else if (str_is(type, "integer") || str_is(type, "decimal"))
    return false;
  else
    doc_put_str(when, "answerString", text);
  return text.n > 0;
}

/* 問い = 答え: the first sign between blanks parts them, as do 「＝」 and a sign without blanks; exists is a word. */
static bool part_line(struct str line, struct str *question, struct str *op, struct str *answer)
{
  static const char *const signs[] = {" exists ", "!=", ">=", "<=", "＝", "=", ">", "<"};
  size_t best = line.n, length = 0;
  for (size_t k = 0; k < sizeof signs / sizeof *signs; k++) {
    struct str sign = str_from(signs[k]);
    for (size_t i = 0; i + sign.n <= line.n && i < best; i++)
      if (str_starts(str_sub(line, i, line.n), sign)) {
        best = i;
        length = sign.n;
      }
  }
  *question = str_trim(str_sub(line, 0, best));
  *op = str_trim(str_sub(line, best, length));
  *answer = str_trim(str_sub(line, best + length, line.n));
  if (str_is(*op, "＝"))
    *op = S("=");
  return length > 0;
}

/* The words of the questions that a condition may name, as many as a sentence holds. */
static void name_questions(const struct doc *holder, struct buf *b, int depth)
{
  enum { MOST = 90 }; /* bytes: the rest of ERR_ARG_SIZE is for the last word and the dots */
  const struct doc *list = doc_get(holder, "item");
  for (size_t i = 0; i < doc_size(list) && depth <= FORM_DEPTH + 1; i++) {
    const struct doc *item = doc_at(list, i);
    struct str words = doc_get_str(item, "text"), type = doc_get_str(item, "type");
    if (words.n && !str_is(type, "group") && !str_is(type, "display") && b->n + words.n <= MOST) {
      buf_add_cstr(b, b->n ? JA("、") : "");
      buf_add(b, words);
    }
    name_questions(item, b, depth + 1);
  }
}

static enum code no_such_question(struct arena *a, const struct doc *q, struct str words, struct err *e)
{
  struct buf b;
  buf_init(&b, a, LIMIT_STRING);
  name_questions(q, &b, 0);
  enum code c = err_set2(e, INVALID, TR("条件に書いた問い「%1」が、この様式にありません。いまある問い：%2"),
                         str_cstr(a, words), b.n ? str_cstr(a, buf_str(&b)) : JA("―"));
  (void)snprintf(e->field, sizeof e->field, "when");
  return c;
}

static enum code read_when(struct arena *a, const struct doc *q, struct str line, struct doc *list, struct err *e)
{
  struct str words = STR_NONE, op = STR_NONE, answer = STR_NONE;
  bool parted = part_line(line, &words, &op, &answer);
  const struct doc *asked = parted ? asked_by(q, words) : NULL;
  if (parted && words.n && !asked)
    return no_such_question(a, q, words, e);
  struct doc *when = doc_add_map(list);
  doc_put_str(when, "question", doc_get_str(asked, "linkId"));
  doc_put_str(when, "operator", op);
  if (!asked || !put_answer(asked, str_is(op, "exists"), answer, when))
    return err_field(e, "when", TR("条件は「問いの言葉 = 答え」のように、1行に1つ書いてください。"));
  return OK;
}

enum code edit_write_whens(struct arena *a, const struct doc *questionnaire, struct doc *item, const struct doc *values,
                           struct err *e)
{
  struct doc *list = doc_list(a);
  struct str rest = doc_get_str(values, "when"), line;
  enum code c = OK;
  while (c == OK && str_split(&rest, '\n', &line))
    if (str_trim(line).n)
      c = read_when(a, questionnaire, str_trim(line), list, e);
  if (c != OK || (!doc_size(list) && !doc_get(item, "enableWhen")))
    return c;
  doc_replace(item, "enableWhen", list);
  doc_replace(item, "enableBehavior", doc_str(a, doc_get_bool(values, "when_any") ? S("any") : S("all")));
  return OK;
}
