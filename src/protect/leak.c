/* leak.c: 漏えい等. What happened, whose information, what is owed for it: 速報 within five days of knowing, 確報 within 30, or 60 where the purpose was
 * unjust (個人情報の保護に関する法律施行規則 8条, 44条), and the person is told. */
#include "paper/paper.h"
#include "protect/conceal_sql.h"
#include "protect/emergency_sql.h"
#include "protect/leak_sql.h"

enum { FIRST_DAYS = 5, FINAL_DAYS = 30, FINAL_DAYS_MALICIOUS = 60, MANY = 100 };

static const struct option kinds[] = {{"lost", TR("紙や端末の紛失")},
                                      {"wrong_address", TR("送り先のまちがい")},
                                      {"handed_over", TR("渡す相手のまちがい")},
                                      {"seen", TR("画面や紙を見られた")},
                                      {"told", TR("口頭で伝えてしまった")},
                                      {"taken", TR("盗難・持ち出し・不正な閲覧")},
                                      {"system", TR("システムの不具合・不正アクセス")},
                                      {"other", TR("そのほか")},
                                      {0}};
static const struct option texts[] = {{"what", TR("何が起きたか")},
                                      {"cause", TR("原因")},
                                      {"harm", TR("二次被害と、そのおそれ")},
                                      {"done", TR("本人への対応")},
                                      {"published", TR("公表")},
                                      {"prevention", TR("くり返さないための手だて")},
                                      {"other", TR("そのほか")},
                                      {0}};

/* Words of the categories. */
static struct str categories_text(struct arena *a, enum lang lang, cats_t categories)
{
  struct option words[CATEGORIES + 1] = {{0}};
  struct doc *cats = doc_list(a);
  for (int i = 0; i < CATEGORIES; i++) {
    words[i] = (struct option){category_code(i), category_label(i)};
    if (categories & (1u << i))
      doc_add_str(cats, str_from(category_code(i)));
  }
  return protect_words(a, lang, words, cats);
}

enum code leak_put_lost(struct tx *tx, const struct scope *s, id64 case_id, id64 copy, struct arena *a,
                        const struct reader *who, struct doc *d, cats_t *ret_categories, struct err *e)
{
  struct doc *print = NULL;
  struct err none = {0};
  *ret_categories = 0;
  enum code c = copy ? paper_copy_get(tx, s, case_id, copy, a, who, &print, ret_categories, &none) : NOT_FOUND;
  if (c != OK && c != NOT_FOUND) {
    *e = none;
    return c;
  }
  doc_put_bool(d, "has_lost", c == OK);
  struct doc *lost = doc_put_map(d, "lost");
  static const char *const keys[] = {"id", "number", "what", "when", "who"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    doc_put_str(lost, keys[i], doc_get_str(print, keys[i]));
  doc_put_str(lost, "categories", categories_text(a, who->lang, *ret_categories));
  return OK;
}

static bool is_kind(struct str code)
{
  for (const struct option *o = kinds; o->code; o++)
    if (str_is(code, o->code))
      return true;
  return false;
}

static enum code seal_content(struct tx *tx, const struct scope *s, id64 id, const struct doc *content, struct str *ret,
                              struct err *e)
{
  struct buf json;
  buf_init(&json, tx_arena(tx), LIMIT_BODY);
  json_write(&json, content);
  if (json.failed)
    return err_set(e, LIMIT, TR("長すぎます。文章を短くしてください。"));
  return protect_seal(tx, s, "leak", "content_sealed", id, buf_str(&json), ret, e);
}

enum code leak_record(struct tx *tx, const struct scope *s, id64 case_id, const struct leak_new *given, id64 *ret_id,
                      struct err *e)
{
  const cats_t sensitive = CAT_HEALTH | CAT_DISABILITY | CAT_MENTAL | CAT_ABUSE;
  struct leak_new n = *given;
  struct str sealed = STR_NONE;
  id64 id = id_new(tx_now(tx));
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  if (!is_kind(n.kind))
    return err_field(e, "kind", TR("何が起きたかを選んでください。"));
  if (n.known_at > tx_now(tx))
    return err_field(e, "known", TR("知った日が、今日より先になっています。"));
  if (n.persons < 1)
    return err_field(e, "persons", TR("何人分かを、1以上で入力してください。"));
  if (n.copy) {
    const struct reader nobody = {0};
    struct doc *print = NULL;
    cats_t printed = 0;
    struct err none = {0};
    enum code found = paper_copy_get(tx, s, case_id, n.copy, tx_arena(tx), &nobody, &print, &printed, &none);
    if (found == NOT_FOUND)
      return err_field(e, "copy", TR("なくした紙が、このケースの「印刷した紙」にありません。"));
    if (found != OK) {
      *e = none;
      return found;
    }
  }
  n.owed = n.owed || n.malicious || (n.categories & sensitive) || n.persons > MANY;
  enum code c = seal_content(tx, s, id, n.content, &sealed, e);
  if (c == OK)
    c = leak_sql_insert(tx, s, id, case_id, &n, sealed, e);
  if (c == OK)
    *ret_id = id;
  return c;
}

/* ---- what is owed ------------------------------------------------------------------------------------------------------- */

static ts_t due_of(const struct leak_row *row, bool final)
{
  int days = !final ? FIRST_DAYS : row->malicious ? FINAL_DAYS_MALICIOUS : FINAL_DAYS;
  return date_start_ts(date_add_days(date_of_ts(row->known_at), days + 1));
}

struct one {
  struct tx *tx;
  bool found, closed, owes;
};

static enum code take_one(void *arg, const struct leak_row *row, struct err *e)
{
  struct one *o = arg;
  (void)e;
  o->found = true;
  o->closed = row->closed_at;
  o->owes = !row->told_at || (row->owed && (!row->first_report_at || !row->final_report_at));
  return OK;
}

static enum code load_one(struct tx *tx, const struct scope *s, id64 leak, struct one *ret, struct err *e)
{
  *ret = (struct one){.tx = tx};
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  enum code c = leak ? leak_sql_each(tx, s, leak, take_one, ret, e) : OK;
  if (c == OK && !ret->found)
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  if (c == OK && ret->closed)
    return err_set(e, CONFLICT, TR("この記録は、もう終わっています。"));
  return c;
}

enum code leak_change(struct tx *tx, const struct scope *s, id64 leak, const struct doc *content, struct err *e)
{
  struct one one;
  struct str sealed = STR_NONE;
  enum code c = load_one(tx, s, leak, &one, e);
  if (c == OK)
    c = seal_content(tx, s, leak, content, &sealed, e);
  return c == OK ? leak_sql_change(tx, s, leak, sealed, e) : c;
}

enum code leak_step(struct tx *tx, const struct scope *s, id64 leak, enum leak_step step, struct err *e)
{
  struct one one;
  enum code c = load_one(tx, s, leak, &one, e);
  if (c == OK && step == LEAK_CLOSE && one.owes)
    return err_field(e, "action", TR("報告か、本人への通知が、まだ残っています。"));
  return c == OK ? leak_sql_step(tx, s, leak, step, e) : c;
}

/* ---- the page -------------------------------------------------------------------------------------------------------------- */

struct show {
  struct tx *tx;
  const struct scope *s;
  struct arena *a;
  const struct reader *who;
  struct doc *out;
};

static struct str day(const struct show *w, ts_t at)
{
  return at ? reader_date(w->a, w->who, date_of_ts(at)) : STR_NONE;
}

static void put_step(const struct show *w, struct doc *list, const char *word, const char *code, ts_t done, ts_t due)
{
  struct doc *d = doc_add_map(list);
  doc_put_str(d, "word", tr(w->who->lang, word));
  doc_put_cstr(d, "action", code);
  doc_put_bool(d, "is_done", done);
  doc_put_str(d, "done", day(w, done));
  doc_put_str(d, "due", due ? day(w, due - 1) : STR_NONE);
  doc_put_bool(d, "late", !done && due && due <= tx_now(w->tx));
}

static void put_steps(const struct show *w, const struct leak_row *row, struct doc *d)
{
  struct doc *steps = doc_put_list(d, "steps");
  if (row->owed) {
    put_step(w, steps, TR("個人情報保護委員会への速報"), "first_report", row->first_report_at, due_of(row, false));
    put_step(w, steps, TR("個人情報保護委員会への確報"), "final_report", row->final_report_at, due_of(row, true));
  }
  put_step(w, steps, TR("本人への通知"), "told", row->told_at, 0);
}

static enum code put_texts(const struct show *w, const struct leak_row *row, struct doc *d, struct err *e)
{
  struct str json = STR_NONE;
  struct doc *content = NULL, *list = doc_put_list(d, "texts");
  enum code c = protect_unseal(w->tx, w->s, "leak", "content_sealed", row->id, row->content_sealed, w->a, &json, e);
  if (c == OK)
    c = json_parse(w->a, json, &content, e);
  struct str id = id_text(w->a, row->id);
  for (const struct option *o = texts; c == OK && o->code; o++) {
    struct doc *m = doc_add_map(list);
    doc_put_cstr(m, "name", o->code);
    doc_put_str(m, "id", str_printf(w->a, "%s-%.*s", o->code, STR_FMT(id)));
    doc_put_str(m, "label", tr(w->who->lang, o->word));
    doc_put_str(m, "value", doc_get_str(content, o->code));
  }
  return c;
}

static enum code put_row(void *arg, const struct leak_row *row, struct err *e)
{
  const struct show *w = arg;
  struct doc *d = doc_add_map(w->out);
  struct date happened = {0};
  cats_t printed = 0;
  doc_put_id(d, "id", row->id);
  doc_put_id(d, "case_id", row->case_id);
  doc_put_str(d, "kind", protect_words(w->a, w->who->lang, kinds, doc_str(w->a, row->kind)));
  doc_put_str(d, "known", day(w, row->known_at));
  doc_put_str(d, "happened",
              date_parse_iso(row->happened_on, &happened) ? reader_date(w->a, w->who, happened) : row->happened_on);
  doc_put_str(d, "copy", row->copy_number);
  doc_put_str(d, "categories", categories_text(w->a, w->who->lang, row->categories));
  doc_put_str(d, "persons", reader_count(w->a, w->who->lang, TR("%1人分"), row->persons));
  doc_put_bool(d, "owed", row->owed);
  doc_put_bool(d, "is_open", !row->closed_at);
  doc_put_str(d, "closed", day(w, row->closed_at));
  put_steps(w, row, d);
  enum code c = leak_put_lost(w->tx, w->s, row->case_id, row->copy, w->a, w->who, d, &printed, e);
  return c == OK ? put_texts(w, row, d, e) : c;
}

enum code leak_page(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who, struct doc **ret,
                    struct err *e)
{
  struct doc *d = doc_map(a);
  struct show w = {tx, s, a, who, doc_put_list(d, "rows")};
  enum code c = leak_sql_each(tx, s, 0, put_row, &w, e);
  if (c != OK)
    return c;
  doc_put_bool(d, "has_rows", doc_size(w.out) > 0);
  protect_put_options(d, "kinds", who->lang, kinds, NULL);
  *ret = d;
  return OK;
}

/* ---- today ---------------------------------------------------------------------------------------------------------------- */

struct owed_job {
  struct tx *tx;
  const struct scope *list;
  struct arena *a;
  const struct reader *who;
  struct doc *lines;
};

static const char *owes_what(const struct leak_row *row, ts_t *ret_due)
{
  *ret_due = due_of(row, false);
  if (row->owed && !row->first_report_at)
    return TR("速報がまだです");
  *ret_due = due_of(row, true);
  if (row->owed && !row->final_report_at)
    return TR("確報がまだです");
  *ret_due = 0;
  return row->told_at ? TR("まだ終えていません") : TR("本人への通知がまだです");
}

static enum code owe(void *arg, const struct leak_row *row, struct err *e)
{
  const struct owed_job *job = arg;
  enum lang lang = job->who->lang;
  ts_t due = 0;
  struct str sub = tr(lang, owes_what(row, &due)), id = id_text(job->a, row->case_id);
  struct str href = str_printf(job->a, "/cases/%.*s/leaks", STR_FMT(id));
  (void)e;
  if (due) {
    struct str last = reader_date(job->a, job->who, date_of_ts(due - 1));
    sub = str_printf(job->a, "%.*s %.*s", STR_FMT(sub),
                     STR_FMT(tr_args(job->a, lang, TR("%1まで"), last, STR_NONE, STR_NONE)));
  }
  const struct owed_line l = {.word = TR("漏えい等"),
                              .late = due && due <= tx_now(job->tx),
                              .since = reader_since(job->a, job->who, date_of_ts(row->known_at)),
                              .href = href,
                              .text =
                                  tr_args(job->a, lang, TR("漏えい等の記録「%1」"), row->number, STR_NONE, STR_NONE),
                              .sub = sub};
  protect_put_line(job->lines, lang, &l);
  scope_showed(job->list, row->person);
  return OK;
}

enum code protect_owed(struct tx *tx, const struct scope *list, struct arena *a, const struct reader *who,
                       struct doc *lines, struct err *e)
{
  struct owed_job job = {tx, list, a, who, lines};
  bool manages = false;
  (void)role_may(scope_actor(list)->role, ACTION_CONNECTION_ASSIGN, &manages);
  enum code c = manages ? emergency_owed(tx, list, a, who, lines, e) : OK;
  if (c == OK)
    c = conceal_owed(tx, list, a, who, lines, e);
  return c == OK ? leak_sql_open(tx, list, owe, &job, e) : c;
}
