#include "seen/operation.h"

#include "base/limits.h"
#include "seen/operation_sql.h"

/* ---- words ----------------------------------------------------------------------------------------------------------- */

static const char *const kinds[] = {[EVENT_OPEN] = TR("開いた"),
                                    [EVENT_LIST] = TR("一覧を見た"),
                                    [EVENT_SEARCH] = TR("さがした"),
                                    [EVENT_PRINT] = TR("印刷した"),
                                    [EVENT_EXPORT] = TR("書き出した"),
                                    [EVENT_WRITE] = TR("書いた"),
                                    [EVENT_REFUSED] = TR("断られた"),
                                    [EVENT_SIGN_IN] = TR("サインインした"),
                                    [EVENT_SIGN_OUT] = TR("サインアウトした"),
                                    [EVENT_SIGN_IN_FAILED] = TR("サインインに失敗した"),
                                    [EVENT_ADMIN] = TR("設定を変えた")};

static const char *const reasons[] = {[REASON_OWN] = TR("自分の機関の支援"),
                                      [REASON_CONSENT] = TR("同意"),
                                      [REASON_BASIS] = TR("法律の根拠"),
                                      [REASON_INVITATION] = TR("会議への招き"),
                                      [REASON_BREAK_GLASS] = TR("緊急"),
                                      [REASON_STAND_IN] = TR("課内代行"),
                                      [REASON_PERSON] = TR("本人として"),
                                      [REASON_GUARDIAN] = TR("保護者として"),
                                      [REASON_CONNECTION] = TR("つなぎを受け取った"),
                                      [REASON_ROLE] = TR("役割"),
                                      [REASON_DENIED_SESSION] = TR("サインインが切れていた"),
                                      [REASON_DENIED_FACTOR] = TR("もうひとつの確認がまだだった"),
                                      [REASON_DENIED_MEMBERSHIP] = TR("所属が続いていなかった"),
                                      [REASON_DENIED_ROLE] = TR("役割にない操作だった"),
                                      [REASON_DENIED_RESTRICTION] = TR("閲覧が制限されていた"),
                                      [REASON_DENIED_NOTHING] = TR("見る根拠がなかった")};

static struct str word_of(enum lang lang, const char *const *words, size_t count, int i)
{
  return i >= 0 && (size_t)i < count && words[i] ? tr(lang, words[i]) : STR_NONE;
}
#define WORD(lang, words, i) word_of(lang, words, sizeof(words) / sizeof *(words), i)

static struct str role_word(enum lang lang, const struct operation_row *row)
{
  const char *label = role_label((enum role)row->role); /* "" for none and for what this program does not know */
  return *label ? tr(lang, label) : STR_NONE;
}

/* What the action is about says nothing where somebody only signed in or out. */
static struct str did(enum lang lang, const struct operation_row *row)
{
  bool at_the_door = row->kind == EVENT_SIGN_IN || row->kind == EVENT_SIGN_OUT || row->kind == EVENT_SIGN_IN_FAILED;
  bool known = row->action >= 0 && row->action < ACTION_COUNT;
  return at_the_door || !known ? STR_NONE : tr(lang, action_label((enum action)row->action));
}

static struct str categories(struct arena *a, enum lang lang, uint32_t bits)
{
  struct buf b;
  if (bits == CAT_ALL)
    return tr(lang, TR("すべて"));
  buf_init(&b, a, 256);
  for (int i = 0; i < 12; i++)
    if (bits >> i & 1) {
      if (buf_str(&b).n)
        buf_add_cstr(&b, lang == LANG_JA ? JA("・") : ", ");
      buf_add(&b, tr(lang, category_label(i)));
    }
  return buf_str(&b);
}

/* 「R8-0012」, or how many persons a list showed. */
static struct str about(struct arena *a, enum lang lang, const struct operation_row *row)
{
  return row->number.n || !row->listed ? row->number : reader_count(a, lang, TR("%1人の一覧"), row->listed);
}

/* ---- whose, since when ----------------------------------------------------------------------------------------------- */

/* *ret_none: a case number that no case has, of which nothing was done. */
static enum code range_of(struct tx *tx, const struct operation_view *view, struct operation_range *ret, bool *ret_none,
                          struct err *e)
{
  *ret = (struct operation_range){.from = date_start_ts(view->from),
                                  .until = date_start_ts(date_add_days(view->until, 1)),
                                  .kind = view->kind,
                                  .login = view->login,
                                  .oldest = view->oldest};
  *ret_none = false;
  if (!view->number.n)
    return OK;
  enum code c = operation_sql_person(tx, view->number, &ret->person, e);
  *ret_none = !ret->person;
  return c;
}

/* ---- the page -------------------------------------------------------------------------------------------------------- */

struct page {
  struct arena *a;
  const struct reader *who;
  struct doc *rows;
  int64_t left_out, shown;
  bool more;
};

static enum code put_row(void *arg, const struct operation_row *row, bool *ret_stop, struct err *e)
{
  struct page *p = arg;
  enum lang lang = p->who->lang;
  if (p->left_out > 0) {
    p->left_out--;
    return OK;
  }
  if (p->shown == LIMIT_PAGE_ROWS) {
    *ret_stop = p->more = true;
    return OK;
  }
  int minute = ts_minute_of_day(row->at);
  struct doc *d = doc_add_map(p->rows);
  doc_put_str(d, "day", reader_day_ts(p->a, p->who, row->at));
  doc_put_str(d, "time", str_printf(p->a, "%02d:%02d", minute / 60, minute % 60));
  doc_put_str(d, "name", row->name.n ? row->name : tr(lang, TR("システム")));
  doc_put_str(d, "login", row->login);
  doc_put_str(d, "organization", row->organization);
  doc_put_str(d, "role", role_word(lang, row));
  doc_put_str(d, "kind", WORD(lang, kinds, row->kind));
  doc_put_bool(d, "refused", row->kind == EVENT_REFUSED || row->kind == EVENT_SIGN_IN_FAILED);
  doc_put_str(d, "did", did(lang, row));
  doc_put_str(d, "about", about(p->a, lang, row));
  doc_put_str(d, "categories", categories(p->a, lang, row->categories));
  doc_put_str(d, "reason", WORD(lang, reasons, row->reason));
  p->shown++;
  return OK;
}

enum code operation_page(struct tx *tx, const struct scope *s, const struct operation_view *view, struct arena *a,
                         const struct reader *who, struct doc **ret, struct err *e)
{
  struct doc *d = doc_map(a);
  struct page p = {.a = a, .who = who, .rows = doc_put_list(d, "rows"), .left_out = view->skip};
  struct operation_range range;
  bool none;
  enum code c = range_of(tx, view, &range, &none, e);
  if (c == OK && !none)
    c = operation_sql_each(tx, &range, put_row, &p, e);
  doc_put_bool(d, "has_rows", p.shown > 0);
  doc_put_bool(d, "has_more", p.more);
  *ret = d;
  return c;
}

/* ---- the file -------------------------------------------------------------------------------------------------------- */

struct file {
  struct arena *a;
  enum lang lang;
  struct csv_out *out;
  int64_t lines;
};

static void put_head(struct file *f)
{
  static const char *const heads[] = {TR("日時"),       TR("アカウント"), TR("名前"),       TR("機関"), TR("役割"),
                                      TR("何をしたか"), TR("操作"),       TR("ケース番号"), TR("区分"), TR("理由")};
  for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
    csv_out_text(f->out, tr(f->lang, heads[i]));
  csv_out_row(f->out);
}

static enum code put_line(void *arg, const struct operation_row *row, bool *ret_stop, struct err *e)
{
  struct file *f = arg;
  if (++f->lines > OPERATION_FILE)
    return err_set(e, LIMIT, TR("1つのファイルに入るのは5万行までです。期間をせまくしてください。"));
  int minute = ts_minute_of_day(row->at);
  csv_out_text(f->out, str_printf(f->a, "%.*s %02d:%02d", STR_FMT(date_iso(f->a, date_of_ts(row->at))), minute / 60,
                                  minute % 60));
  csv_out_text(f->out, row->login);
  csv_out_text(f->out, row->name);
  csv_out_text(f->out, row->organization);
  csv_out_text(f->out, role_word(f->lang, row));
  csv_out_text(f->out, WORD(f->lang, kinds, row->kind));
  csv_out_text(f->out, did(f->lang, row));
  csv_out_text(f->out, about(f->a, f->lang, row));
  csv_out_text(f->out, categories(f->a, f->lang, row->categories));
  csv_out_text(f->out, WORD(f->lang, reasons, row->reason));
  csv_out_row(f->out);
  return OK;
}

enum code operation_csv(struct tx *tx, const struct scope *s, const struct operation_view *view, struct arena *a,
                        const struct reader *who, enum csv_encoding to, struct str *ret, struct err *e)
{
  struct file f = {.a = a, .lang = who->lang, .out = csv_out_new(a)};
  struct operation_range range;
  bool none;
  put_head(&f);
  enum code c = range_of(tx, view, &range, &none, e);
  if (c == OK && !none)
    c = operation_sql_each(tx, &range, put_line, &f, e);
  return c == OK ? csv_out_finish(f.out, to, ret, e) : c;
}
