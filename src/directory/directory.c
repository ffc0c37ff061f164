#include "directory/directory.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "directory/directory_sql.h"

/* ---- codes -------------------------------------------------------------------------------------------------------------- */

const char *const directory_concern_codes[CONCERNS + 1] = {"illness", "mental", "care",    "disability", "parenting",
                                                           "income",  "debt",   "housing", "abuse",      "rights",
                                                           "health",  "other",  NULL};
static const char *const concern_labels[CONCERNS] = {TR("病気・医療のこと"), TR("こころの問題(メンタルヘルス)"),
                                                     TR("介護のこと"),       TR("障害のこと"),
                                                     TR("子育てのこと"),     TR("収入・仕事のこと"),
                                                     TR("支出・滞納・借金"), TR("住まいのこと"),
                                                     TR("DV・虐待のこと"),   TR("権利擁護(後見制度など)"),
                                                     TR("健康のこと"),       TR("その他")};

const char *directory_concern_label(int i)
{
  return i >= 0 && i < CONCERNS ? concern_labels[i] : "";
}

bool directory_concern_parse(struct str code, int *ret)
{
  for (int i = 0; i < CONCERNS; i++)
    if (str_is(code, directory_concern_codes[i])) {
      *ret = i;
      return true;
    }
  return false;
}

const char *const directory_kind_codes[] = {
    "city",    "school",   "education", "health",         "child_guidance", "family_center", "hello_work", "npo",
    "company", "hospital", "police",    "social_council", "consultation",   "intermediary",  "childcare",  "disability",
    "elder",   "other",    NULL};
static const char *const kind_labels[] = {
    TR("市の課・窓口"),         TR("学校"),         TR("教育委員会・教育支援センター"),
    TR("保健所・保健センター"), TR("児童相談所"),   TR("こども家庭センター"),
    TR("ハローワーク"),         TR("NPO・団体"),    TR("会社"),
    TR("病院・医院"),           TR("警察"),         TR("社会福祉協議会"),
    TR("相談センター"),         TR("中間支援組織"), TR("保育・子育ての施設"),
    TR("障害のある人の施設"),   TR("高齢者の施設"), TR("そのほか")};

const char *directory_kind_label(struct str code)
{
  size_t i = 0;
  while (directory_kind_codes[i + 1] && !str_is(code, directory_kind_codes[i]))
    i++;
  return kind_labels[i];
}

/* ---- finding -------------------------------------------------------------------------------------------------------------- */

/* The folded word as a pattern of LIKE that finds it anywhere. */
static struct str pattern(struct arena *a, struct str word)
{
  struct str s = utf8_fold(a, word);
  struct buf b;
  buf_init(&b, a, s.n * 2 + 3);
  buf_add_c(&b, '%');
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '%' || s.p[i] == '_' || s.p[i] == '\\')
      buf_add_c(&b, '\\');
    buf_add_c(&b, s.p[i]);
  }
  if (b.n > 1)
    buf_add_c(&b, '%');
  return buf_str(&b);
}

static struct str next_word(struct str *rest)
{
  size_t n = 0;
  *rest = str_trim(*rest);
  while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != '\t' &&
         !str_starts(str_sub(*rest, n, rest->n - n), S("\xE3\x80\x80")))
    n++;
  struct str word = str_sub(*rest, 0, n);
  *rest = str_sub(*rest, n, rest->n - n);
  return word;
}

struct finding {
  struct arena *a;
  const struct reader *who;
  const struct scope *s;
  struct doc *list;
  int64_t want;
  id64 last;
  bool more;
};

const char *directory_circle_label(struct str circle, bool member)
{
  if (member)
    return TR("ネットワークの機関");
  return str_is(circle, "council") || str_is(circle, "network") ? TR("まだ、つなぐを使っていません")
                                                                : TR("電話・紙でつなぐ");
}

/* Lines of prose in one. */
static struct str one_line(struct arena *a, struct str s)
{
  struct buf b;
  buf_init(&b, a, s.n * 3 + 3);
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '\n')
      buf_add(&b, S(" / "));
    else
      buf_add_c(&b, s.p[i]);
  }
  return buf_str(&b);
}

static void take_found(void *arg, const struct found *f)
{
  struct finding *job = arg;
  if ((int64_t)doc_size(job->list) == job->want) {
    job->more = true;
    return;
  }
  struct doc *d = doc_add_map(job->list);
  doc_put_id(d, "id", f->id);
  doc_put_str(d, "href", str_printf(job->a, "/directory/%.*s", STR_FMT(id_text(job->a, f->id))));
  doc_put_str(d, "name", f->name);
  doc_put_str(d, "kana", f->kana);
  doc_put_str(d, "kind", tr(job->who->lang, directory_kind_label(f->kind)));
  doc_put_str(d, "area", f->area);
  doc_put_str(d, "what", f->what);
  doc_put_str(d, "phone", f->phone);
  doc_put_str(d, "dial", f->dial);
  doc_put_str(d, "hours", one_line(job->a, f->hours));
  doc_put_str(d, "circle", tr(job->who->lang, directory_circle_label(f->circle, f->member)));
  doc_put_bool(d, "member", f->member);
  job->last = f->id;
}

static enum code find_of(struct arena *a, const struct directory_query *q, struct find *f, struct err *e)
{
  struct str rest = q->words;
  int concern = 0;
  *f = (struct find){.view = q->view, .kind = q->kind, .limit = LIMIT_PAGE_ROWS + 1};
  for (int i = 0; i < DIRECTORY_WORDS; i++)
    f->word[i] = pattern(a, next_word(&rest));
  f->place = pattern(a, q->place);
  if (q->concern.n && !directory_concern_parse(q->concern, &concern))
    return err_field(e, "concern", TR("困りごとを一覧から選んでください。"));
  f->concern = q->concern;
  if (q->cursor.n && !id_parse(q->cursor, &f->after))
    return err_set(e, NOT_FOUND, TR("一覧のつづきが見つかりません。はじめから開いてください。"));
  return OK;
}

enum code directory_find(struct tx *tx, const struct scope *s, const struct directory_query *q,
                         const struct reader *who, struct arena *a, struct doc **ret, struct err *e)
{
  struct finding job = {.a = a, .who = who, .s = s, .list = doc_list(a), .want = LIMIT_PAGE_ROWS};
  struct find f;
  int64_t counts[DIRECTORY_VIEWS];
  enum code c = find_of(a, q, &f, e);
  if (c == OK)
    c = find_sql_counts(tx, &f, counts, e);
  if (c == OK)
    c = find_sql_page(tx, &f, take_found, &job, e);
  if (c != OK)
    return c;
  struct doc *d = doc_map(a);
  doc_put(d, "organizations", job.list);
  doc_put_bool(d, "has_organizations", doc_size(job.list) > 0);
  doc_put_int(d, "found", counts[q->view]);
  struct doc *by_view = doc_put_list(d, "counts");
  for (int i = 0; i < DIRECTORY_VIEWS; i++)
    doc_add_int(by_view, counts[i]);
  doc_put_bool(d, "has_more", job.more);
  doc_put_str(d, "cursor", job.more ? id_text(a, job.last) : STR_NONE);
  *ret = d;
  return OK;
}

enum code directory_table(struct tx *tx, const struct scope *s, const struct directory_query *q,
                          const struct reader *who, struct arena *a, struct csv_table *ret, struct err *e)
{
  static const char *const heads[] = {TR("名前"), TR("ふりがな"), TR("種類"), TR("できること"),
                                      TR("地域"), TR("電話"),     TR("時間"), TR("つなぎかた")};
  static const char *const keys[] = {"name", "kana", "kind", "what", "area", "phone", "hours", "circle"};
  enum { COLUMNS = sizeof heads / sizeof *heads };
  struct finding job = {.a = a, .who = who, .s = s, .list = doc_list(a), .want = DIRECTORY_FILE};
  struct csv_table t = {0};
  struct find f;
  enum code c = find_of(a, q, &f, e);
  f.after = 0;
  f.limit = DIRECTORY_FILE + 1;
  if (c == OK)
    c = find_sql_page(tx, &f, take_found, &job, e);
  if (c == OK && job.more)
    c = err_set(e, LIMIT, TR("多すぎます。種類か場所で、しぼってから書き出してください。"));
  if (c != OK)
    return c;
  for (size_t i = 0; i <= doc_size(job.list); i++) {
    struct str *cell = csv_table_add(a, &t, COLUMNS);
    for (int k = 0; cell && k < COLUMNS; k++)
      cell[k] = i ? doc_get_str(doc_at(job.list, i - 1), keys[k]) : tr(who->lang, heads[k]);
    if (!cell)
      return err_oom(e);
  }
  *ret = t;
  return OK;
}

/* ---- the line of an organization ------------------------------------------------------------------------------------------- */

enum { WHAT_MOST = 600, FOLD_MOST = 4 << 20 }; /* bytes */

struct gathering {
  struct arena *a;
  struct buf text;
  struct doc *seen;
  bool fold;
};

static void gather(void *arg, struct str text)
{
  struct gathering *g = arg;
  struct str s = g->fold ? utf8_fold(g->a, text) : str_copy(g->a, text);
  if (!s.n || doc_get_key(g->seen, s) || (!g->fold && g->text.n + s.n + 3 > WHAT_MOST))
    return;
  doc_put_key(g->seen, s, doc_str(g->a, STR_NONE));
  if (g->text.n)
    buf_add_cstr(&g->text, g->fold ? "\n" : JA("、"));
  buf_add(&g->text, s);
}

static struct gathering gathering_new(struct arena *a, bool fold)
{
  struct gathering g = {.a = a, .seen = doc_map(a), .fold = fold};
  buf_init(&g.text, a, FOLD_MOST);
  return g;
}

static enum code refresh(struct tx *tx, id64 organization, struct arena *a, struct err *e)
{
  struct gathering words = gathering_new(a, true), places = gathering_new(a, true), what = gathering_new(a, false);
  struct entry v = {0};
  enum code c = entry_sql_words(tx, organization, gather, &words, e);
  if (c == OK)
    c = entry_sql_places(tx, organization, gather, &places, e);
  if (c == OK)
    c = entry_sql_services(tx, organization, gather, &what, e);
  if (c == OK)
    c = entry_sql_first(tx, organization, a, &v, e);
  if (c != OK)
    return c;
  v.fold = buf_str(&words.text);
  v.place_fold = buf_str(&places.text);
  v.what = buf_str(&what.text);
  return arena_failed(a) ? err_oom(e) : entry_sql_keep(tx, organization, &v, e);
}

enum code directory_refresh(struct tx *tx, id64 organization, struct err *e)
{
  struct arena *a = arena_new(LIMIT_ARENA); /* its own: an import refreshes thousands in one transaction */
  enum code c = a ? refresh(tx, organization, a, e) : err_oom(e);
  arena_free(a);
  return c;
}
