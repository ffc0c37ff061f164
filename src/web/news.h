/* news.h: お知らせ — what the other side of one's connections did: a sheet arrived, an answer came, nobody answered in time, a case was
 * given to one, somebody looked in an emergency, who may know of a 秘匿 changed, or a second person is asked to end it. One list a person:
 * codes, dates and organizations, no name; of whom one may not see (any more) nothing, nor in the number. */
#ifndef WEB_NEWS_H
#define WEB_NEWS_H
#include "access/scope.h"
#include "base/doc.h"
#include "mail/mail.h"
#include "view/reader.h"

enum { NEWS_DAYS = 60, NEWS_MOST = 50 }; /* a page */

extern const char *const news_kinds[]; /* codes by enum notice_kind, NULL at the end */
struct news_view {
  bool whole;      /* the organization's, not only one's own */
  struct str kind; /* one of news_kinds; empty: all */
  int64_t skip;
};
/* templates/news but for what is around the rows, and what is new no longer is. A write. `list`: a scope for CONNECTION_LIST. */
enum code news_page(struct tx *tx, const struct scope *list, const struct news_view *view, struct arena *a,
                    const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;
/* How many are new; NEWS_MOST at most. whole: as above. */
enum code news_unread(struct tx *tx, const struct scope *list, bool whole, size_t *ret, struct err *e) MUST_CHECK;

/* ---- statements (news_sql.c) */
struct news_row {
  enum notice_kind kind;
  id64 thing, person; /* a connection; of HANDED and of a 秘匿 the case */
  ts_t at;
  struct str other, number; /* copied */
};
struct news_rows {
  struct news_row row[NEWS_MOST];
  size_t count;
  bool more;
};
enum code news_sql_list(struct tx *tx, const struct scope *list, const struct news_view *view, ts_t since,
                        struct news_rows *ret, struct err *e) MUST_CHECK;
/* The same of every kind, without texts: `other` and `number` are empty. */
enum code news_sql_unread(struct tx *tx, const struct scope *list, bool whole, ts_t since, struct news_rows *ret,
                          struct err *e) MUST_CHECK;
enum code news_sql_seen(struct tx *tx, id64 user, ts_t *ret, struct err *e) MUST_CHECK;
enum code news_sql_look(struct tx *tx, id64 user, struct err *e) MUST_CHECK;

#endif
