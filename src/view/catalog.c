#include "view/catalog.h"

#include "base/limits.h"
#include "view/view.h"

const char *lang_code(enum lang l)
{
  return l == LANG_EN ? "en" : "ja";
}

struct str tr_str(enum lang l, struct str id)
{
  size_t low = 0, high = l == LANG_EN ? catalog_en_count : 0;
  while (low < high) {
    size_t mid = low + (high - low) / 2;
    int c = str_compare(id, catalog_en[mid].id);
    if (c == 0)
      return catalog_en[mid].text;
    if (c < 0)
      high = mid;
    else
      low = mid + 1;
  }
  return id;
}

struct str tr(enum lang l, const char *id)
{
  return tr_str(l, str_from(id));
}

/* "{body|bodies}": the first where what was counted is one. Returns where the sentence goes on; `at`: no such words stand there. */
static size_t put_counted(struct buf *b, struct str text, size_t at, struct str counted)
{
  size_t bar = at + 1, end;
  while (bar < text.n && text.p[bar] != '|' && text.p[bar] != '}')
    bar++;
  end = bar;
  while (end < text.n && text.p[end] != '}')
    end++;
  if (end >= text.n || text.p[bar] != '|')
    return at;
  size_t from = str_is(counted, "1") ? at + 1 : bar + 1;
  buf_add(b, str_sub(text, from, (str_is(counted, "1") ? bar : end) - from));
  return end + 1;
}

struct str tr_args(struct arena *a, enum lang l, const char *id, struct str a1, struct str a2, struct str a3)
{
  struct str text = tr(l, id);
  const struct str arg[3] = {a1, a2, a3};
  struct str counted = a1;
  struct buf b;
  size_t from = 0, i = 0;
  buf_init(&b, a, LIMIT_PAGE);
  while (i + 1 < text.n) {
    char digit = text.p[i + 1];
    bool argument = text.p[i] == '%' && digit >= '1' && digit <= '3', words = l == LANG_EN && text.p[i] == '{';
    if (!argument && !words) {
      i++;
      continue;
    }
    buf_add(&b, str_sub(text, from, i - from));
    if (argument) {
      counted = arg[digit - '1'];
      buf_add(&b, counted);
      from = i + 2;
    } else {
      from = put_counted(&b, text, i, counted);
    }
    i = from > i ? from : i + 1;
  }
  buf_add(&b, str_sub(text, from, text.n));
  return buf_str(&b);
}

struct str tr_err(struct arena *a, enum lang l, const struct err *e)
{
  const char *msg = e->msg ? e->msg : code_msg(e->code);
  return tr_args(a, l, msg, str_from(e->arg[0]), str_from(e->arg[1]), str_from(e->arg[2]));
}
