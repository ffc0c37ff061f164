/* letter.c: what a mail is made of: RFC 5322 with what RFC 2047 and RFC 3834 say of subjects and of mail that nobody wrote. */
#include "mail/mail_impl.h"

enum { LETTER_MOST = 16 << 10, LINE = 76, WORD_BYTES = 42 /* 56 letters of base64, and their frame: 75 at most */ };

static const char base64_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Lines of LINE letters. */
static void add_base64(struct buf *b, struct str s, bool lines)
{
  size_t line = 0;
  for (size_t i = 0; i < s.n; i += 3, line += 4) {
    uint32_t three = 0;
    for (size_t k = 0; k < 3; k++)
      three = three << 8 | (i + k < s.n ? (unsigned char)s.p[i + k] : 0);
    if (lines && line == LINE) {
      buf_add(b, S("\r\n"));
      line = 0;
    }
    for (size_t k = 0; k < 4; k++)
      buf_add_c(b, i + k > s.n ? '=' : base64_letters[three >> (18 - 6 * k) & 63]);
  }
}

/* A subject as encoded words, each of whole characters. */
static void add_subject(struct buf *b, struct str s)
{
  buf_add(b, S("Subject: "));
  for (size_t from = 0; from < s.n;) {
    size_t n = s.n - from > WORD_BYTES ? WORD_BYTES : s.n - from;
    while (n > 1 && from + n < s.n && ((unsigned char)s.p[from + n] & 0xc0) == 0x80)
      n--;
    buf_add(b, from ? S("\r\n =?UTF-8?B?") : S("=?UTF-8?B?"));
    add_base64(b, str_sub(s, from, n), false);
    buf_add(b, S("?="));
    from += n;
  }
  buf_add(b, S("\r\n"));
}

static void add_date(struct buf *b, ts_t at)
{
  static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}, *const months[] = {
                                                                                           "Jan", "Feb", "Mar", "Apr",
                                                                                           "May", "Jun", "Jul", "Aug",
                                                                                           "Sep", "Oct", "Nov", "Dec"};
  struct date d = date_of_ts(at);
  int minute = ts_minute_of_day(at), second = (int)(at / MS_SECOND % 60);
  buf_printf(b, "Date: %s, %d %s %d %02d:%02d:%02d +0900\r\n", days[date_weekday(d)], d.day, months[d.month - 1],
             d.year, minute / 60, minute % 60, second);
}

static struct str domain_of(struct str address)
{
  size_t at = 0;
  while (at < address.n && address.p[at] != '@')
    at++;
  return str_sub(address, at + 1, address.n);
}

static void add_head(struct buf *b, const struct letter *l)
{
  struct str from = str_from(l->from), domain = domain_of(from);
  buf_printf(b, "From: tsunagu <%.*s>\r\nTo: <%.*s>\r\n", STR_FMT(from), STR_FMT(l->to));
  add_subject(b, tr(l->lang, TR("tsunagu からのお知らせ")));
  add_date(b, l->at);
  buf_printf(b, "Message-ID: <%.*s@%.*s>\r\n", STR_FMT(l->message), STR_FMT(domain));
  buf_add(b, S("Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\nMIME-Version: 1.0\r\n"
               "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"));
}

static void add_line(struct buf *b, struct str s)
{
  buf_add(b, s);
  buf_add(b, S("\r\n"));
}

/* Each sentence once, in the order of the kinds. */
static void add_kinds(struct buf *b, const struct letter *l)
{
  const char *said[NOTICE_COUNT] = {0};
  size_t n = 0;
  for (int k = 0; k < NOTICE_COUNT; k++) {
    const char *line = notice_words((enum notice_kind)k)->mail;
    bool again = !line || !(l->kinds & (1u << k));
    for (size_t i = 0; i < n && !again; i++)
      again = strcmp(said[i], line) == 0;
    if (again)
      continue;
    said[n++] = line;
    buf_add(b, S("- "));
    add_line(b, tr(l->lang, line));
  }
}

static void add_body(struct buf *b, const struct letter *l)
{
  add_line(b, tr(l->lang, TR("tsunagu に、あなたあてのお知らせがあります。")));
  add_line(b, STR_NONE);
  add_kinds(b, l);
  add_line(b, STR_NONE);
  add_line(b, tr(l->lang, TR("サインインして、「今日」と「お知らせ」のページをご覧ください。")));
  if (l->url.n) {
    buf_add(b, l->url);
    add_line(b, S("/news"));
  }
  add_line(b, STR_NONE);
  add_line(b, tr(l->lang, TR("このメールには、どなたのことかは書いてありません。返信しても、だれにも届きません。")));
  add_line(b, tr(l->lang, TR("受け取りかたは、自分の名前のメニューの「メールのお知らせ」で変えられます。")));
}

static bool header_ok(struct str s)
{
  for (size_t i = 0; i < s.n; i++)
    if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 127)
      return false;
  return true;
}

enum code letter_write(struct arena *a, const struct letter *l, struct str *ret, struct err *e)
{
  struct buf body, b;
  if (!mail_address_ok(str_from(l->from)) || !mail_address_ok(l->to) || !header_ok(l->message) || !header_ok(l->url))
    return err_set(e, INVALID, TR("メールの宛先か差出人が、メールアドレスの形ではありません。"));
  buf_init(&body, a, LETTER_MOST);
  buf_init(&b, a, LETTER_MOST);
  add_body(&body, l);
  add_head(&b, l);
  add_base64(&b, buf_str(&body), true);
  buf_add(&b, S("\r\n"));
  if (b.failed || body.failed)
    return err_oom(e);
  *ret = buf_str(&b);
  return OK;
}
