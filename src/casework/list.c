/* list.c: the cases one may see, as lines. */
#include "base/limits.h"
#include "base/utf8.h"
#include "casework/casework.h"
#include "casework/casework_sql.h"

struct list_job {
  struct tx *tx;
  const struct scope *list;
  struct arena *a;
  const struct reader *who;
  struct str words;  /* folded; empty: all */
  struct doc *cases; /* lines that stand */
  struct doc *line;  /* under way */
  id64 id, person;   /* of the line under way */
  struct seal_key key;
  struct str fold;             /* what the words are looked for in */
  struct case_cursor at, last; /* of the line under way, of the last that stands */
  int shown, want;
  bool more;
};

static void put_lead(struct list_job *job, struct doc *d, const struct listed_row *row)
{
  struct str org = row->lead_organization, worker = row->lead_worker;
  doc_put_bool(d, "has_lead", org.n > 0);
  doc_put_str(d, "lead", worker.n ? str_printf(job->a, "%.*s / %.*s", STR_FMT(org), STR_FMT(worker)) : org);
}

static void put_clock(struct list_job *job, struct doc *d, const struct listed_row *row)
{
  struct date next = {0};
  bool has_next = row->next_date.n && date_parse_iso(row->next_date, &next);
  struct str last = reader_day_ts(job->a, job->who, row->last_contact_at);
  doc_put_str(d, "last", last.n ? last : tr(job->who->lang, TR("まだありません")));
  doc_put_bool(d, "last_late", case_contact_late(row->density, row->last_contact_at, tx_now(job->tx)));
  doc_put_bool(d, "has_next", has_next);
  doc_put_str(d, "next", reader_day(job->a, job->who, next));
  doc_put_bool(d, "next_late", has_next && date_compare(next, job->who->today) < 0);
}

static enum code line_begin(struct list_job *job, const struct listed_row *row, struct err *e)
{
  struct str id = id_text(job->a, row->id);
  struct doc *d = doc_map(job->a);
  doc_put_str(d, "href", str_printf(job->a, "/cases/%.*s", STR_FMT(id)));
  doc_put_str(d, "number", row->number);
  doc_put_bool(d, "has_name", false);
  doc_put_cstr(d, "name", "");
  doc_put_cstr(d, "kana", "");
  doc_put_cstr(d, "age", "");
  doc_put_cstr(d, "grade", "");
  doc_put_str(d, "stage", case_status_label(job->who->lang, row->status));
  doc_put_str(d, "density", row->density);
  put_lead(job, d, row);
  put_clock(job, d, row);
  doc_put_str(d, "open",
              row->open_connections ? reader_count(job->a, job->who->lang, TR("つなぎ %1"), row->open_connections)
                                    : STR_NONE);
  doc_put_bool(d, "concealed", row->concealed);
  doc_put_bool(d, "unconfirmed", false);
  job->line = d;
  job->id = row->id;
  job->person = row->person;
  job->at = (struct case_cursor){row->changed_at, row->id};
  job->fold = utf8_fold(job->a, row->number);
  return person_listed_key(job->tx, job->list, row->person, (int)row->epoch, row->wrapped, &job->key, e);
}

static void line_end(struct list_job *job)
{
  if (!job->line || (job->words.n && !str_contains(job->fold, job->words)))
    return;
  if (job->shown == job->want) {
    job->more = true;
    return;
  }
  doc_add(job->cases, job->line);
  scope_showed(job->list, job->person);
  job->last = job->at;
  job->shown++;
}

static void add_fold(struct list_job *job, struct str text)
{
  struct str folded = utf8_fold(job->a, text);
  job->fold = str_printf(job->a, "%.*s\n%.*s", STR_FMT(job->fold), STR_FMT(folded));
}

static void line_value(struct list_job *job, struct str kind, struct str value)
{
  struct doc *d = job->line;
  if (str_is(kind, "birth")) {
    doc_replace(d, "age", doc_str(job->a, person_age_text(job->a, job->who, value)));
    doc_replace(d, "grade", doc_str(job->a, person_grade_text(job->a, job->who, value)));
    return;
  }
  if (job->words.n)
    add_fold(job, value);
  bool is_name = str_is(kind, "name") || (str_is(kind, "called") && !doc_get_bool(d, "has_name"));
  doc_replace(d, is_name ? "name" : "kana", doc_str(job->a, value));
  if (is_name)
    doc_replace(d, "has_name", doc_bool(job->a, true));
}

static enum code list_row(void *arg, const struct listed_row *row, struct err *e)
{
  struct list_job *job = arg;
  struct str value = STR_NONE;
  enum code c = OK;
  if (row->id != job->id) {
    line_end(job);
    c = line_begin(job, row, e);
  }
  if (c != OK || !row->attribute)
    return c;
  c = person_listed_value(job->tx, &job->key, row->attribute, row->sealed, job->a, &value, e);
  if (c == OK)
    line_value(job, row->kind, value);
  return c;
}

bool case_cursor_parse(struct str text, struct case_cursor *ret)
{
  struct case_cursor c = {.at = TS_MAX};
  struct str rest = text, at = STR_NONE;
  bool good = !text.n || (str_split(&rest, '-', &at) && str_to_i64(at, &c.at) && id_parse(rest, &c.id));
  if (good)
    *ret = c;
  return good;
}

struct str case_cursor_text(struct arena *a, struct case_cursor c)
{
  struct str id = id_text(a, c.id);
  return str_printf(a, "%lld-%.*s", (long long)c.at, STR_FMT(id));
}

static void put_views(struct list_job *job, struct doc *d, enum case_view view, const int64_t counts[3])
{
  static const struct {
    const char *code, *word;
  } views[] = {{"mine", TR("わたしの担当")}, {"all", TR("見られるケース")}, {"closed", TR("終わったもの")}};
  struct doc *list = doc_put_list(d, "views");
  for (int i = 0; i < 3; i++) {
    struct doc *m = doc_add_map(list);
    doc_put_str(m, "href", str_printf(job->a, "/cases?view=%s", views[i].code));
    doc_put_str(m, "word", tr(job->who->lang, views[i].word));
    doc_put_str(m, "count", str_printf(job->a, "%lld", (long long)counts[i]));
    doc_put_bool(m, "current", i == (int)view);
  }
}

static void put_more(struct list_job *job, struct doc *d, enum case_view view)
{
  static const char *const codes[] = {"mine", "all", "closed"};
  struct str from = job->more ? case_cursor_text(job->a, job->last) : STR_NONE;
  doc_put_bool(d, "has_more", job->more);
  doc_put_str(d, "more_from", from);
  doc_put_str(d, "more_href",
              job->more ? str_printf(job->a, "/cases?view=%s&from=%.*s", codes[view], STR_FMT(from)) : STR_NONE);
}

enum code case_list(struct tx *tx, const struct scope *list, enum case_view view, struct str words, struct str cursor,
                    struct arena *a, const struct reader *who, struct doc **ret, struct err *e)
{
  struct list_job job = {.tx = tx, .list = list, .a = a, .who = who, .cases = doc_list(a), .want = LIMIT_PAGE_ROWS};
  struct listed_query q = {.view = view, .limit = words.n ? INT32_MAX : LIMIT_PAGE_ROWS + 1};
  int64_t counts[3] = {0};
  job.words = utf8_fold(a, words);
  if (!case_cursor_parse(cursor, &q.before))
    return err_set(e, NOT_FOUND, TR("一覧のつづきが見つかりません。はじめから開いてください。"));
  enum code c = case_sql_list(tx, list, &q, list_row, &job, counts, e);
  if (c != OK)
    return c;
  line_end(&job);
  struct doc *d = doc_map(a);
  doc_put_str(d, "q", words);
  doc_put_bool(d, "searched", words.n > 0);
  doc_put_bool(d, "has_cases", job.shown > 0);
  doc_put_str(d, "total", reader_count(a, who->lang, TR("%1件"), words.n ? job.shown : counts[view]));
  doc_put(d, "cases", job.cases);
  put_views(&job, d, view, counts);
  put_more(&job, d, view);
  *ret = d;
  return OK;
}
