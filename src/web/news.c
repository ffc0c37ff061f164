#include "web/news.h"

#include "base/clock.h"
#include "base/limits.h"
#include "mail/mail.h"

const char *const news_kinds[] = {
/* NOLINTNEXTLINE(bugprone-macro-parentheses): an initializer, not an expression */
#define X(name, code, word, shape, class, mail) [NOTICE_##name] = code,
    NOTICE_KINDS(X)
#undef X
        [NOTICE_COUNT] = NULL};

/* Those who are seen stay, in their order. */
static enum code keep_visible(struct tx *tx, const struct scope *list, struct news_rows *n, struct err *e)
{
  id64 persons[NEWS_MOST];
  struct access_seen seen[NEWS_MOST];
  size_t count = 0, kept = 0;
  _Static_assert((int)NEWS_MOST <= (int)LIMIT_PAGE_ROWS, "access_seen takes a page");
  for (size_t i = 0; i < n->count; i++) {
    bool twice = !n->row[i].person; /* about nobody: an emergency look, for those who review it */
    for (size_t k = 0; k < count; k++)
      twice |= persons[k] == n->row[i].person;
    if (!twice)
      persons[count++] = n->row[i].person;
  }
  enum code c = count ? access_seen(tx, list, persons, count, seen, e) : OK;
  for (size_t i = 0; c == OK && i < n->count; i++) {
    bool stays = !n->row[i].person;
    for (size_t k = 0; k < count && !stays; k++)
      stays = persons[k] == n->row[i].person && seen[k].seen;
    if (stays)
      n->row[kept++] = n->row[i];
  }
  n->count = kept;
  return c;
}

static void put_row(const struct news_row *row, ts_t seen, struct arena *a, const struct reader *who, struct doc *d)
{
  const struct notice_words *words = notice_words(row->kind);
  struct str id = id_text(a, row->thing);
  bool secret = row->kind == NOTICE_RELEASE || row->kind == NOTICE_RELEASED || row->kind == NOTICE_HOLDER;
  const char *page = secret || row->kind == NOTICE_HANDED ? "/cases/" : "/connections/";
  struct doc *state = doc_put_map(d, "state");
  doc_put_str(state, "word", tr(who->lang, words->word));
  doc_put_cstr(state, "shape", words->shape);
  doc_put_cstr(state, "class", words->class);
  doc_put_str(d, "href",
              row->person ? str_printf(a, "%s%.*s%s", page, STR_FMT(id), secret ? "/concealment" : "")
                          : S("/emergencies"));
  doc_put_str(d, "other", row->other);
  doc_put_str(d, "number", row->number);
  doc_put_str(d, "when", reader_day_ts(a, who, row->at));
  doc_put_bool(d, "is_new", row->at > seen);
}

enum code news_page(struct tx *tx, const struct scope *list, const struct news_view *view, struct arena *a,
                    const struct reader *who, struct doc **ret, struct err *e)
{
  ts_t seen = 0;
  struct doc *d = doc_map(a), *lines = doc_put_list(d, "news");
  struct news_rows *n = arena_new_of(tx_arena(tx), struct news_rows);
  if (!n)
    return err_oom(e);
  enum code c = news_sql_seen(tx, scope_actor(list)->user, &seen, e);
  if (c == OK)
    c = news_sql_list(tx, list, view, tx_now(tx) - (ts_t)NEWS_DAYS * MS_DAY, n, e);
  if (c == OK)
    c = keep_visible(tx, list, n, e);
  if (c == OK)
    c = news_sql_look(tx, scope_actor(list)->user, e);
  if (c != OK)
    return c;
  for (size_t i = 0; i < n->count; i++) {
    put_row(&n->row[i], seen, a, who, doc_add_map(lines));
    if (n->row[i].person)
      scope_showed(list, n->row[i].person);
  }
  doc_put_bool(d, "has_news", n->count > 0);
  doc_put_bool(d, "has_more", n->more);
  *ret = d;
  return OK;
}

enum code news_unread(struct tx *tx, const struct scope *list, bool whole, size_t *ret, struct err *e)
{
  ts_t seen = 0, since = tx_now(tx) - (ts_t)NEWS_DAYS * MS_DAY;
  struct news_rows *n = arena_new_of(tx_arena(tx), struct news_rows);
  if (!n)
    return err_oom(e);
  enum code c = news_sql_seen(tx, scope_actor(list)->user, &seen, e);
  if (c == OK)
    c = news_sql_unread(tx, list, whole, seen > since ? seen : since, n, e);
  if (c == OK)
    c = keep_visible(tx, list, n, e);
  if (c == OK)
    *ret = n->count;
  return c;
}
