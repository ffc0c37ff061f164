/* layout.c: the document `page` that the frame of every page reads (templates/layout.mustache lists it). */
#include "gate/gate_impl.h"

static const struct {
  const char *word, *href, *icon;
} nav[] = {
    {TR("今日"), "/today", "i-today"},
    {TR("ケース"), "/cases", "i-case"},
    {TR("つなぎ"), "/connections", "i-connection"},
    {TR("進行状況"), "/progress", "i-progress"},
    {TR("つなぎ先"), "/directory", "i-directory"},
    {TR("アカウント"), "/accounts", "i-account"},
    {TR("操作の記録"), "/audit", "i-seen"},
};

static const struct route *page_of(const char *href)
{
  for (size_t i = 0; i < route_count(); i++)
    if (route_at(i)->method == GET && str_is(str_from(route_at(i)->path), href))
      return route_at(i);
  return NULL;
}

static bool may_open(const struct gate *g, const struct route *r)
{
  bool allowed = r && r->need.declared != NEED_ACTION;
  if (r && r->need.declared == NEED_ACTION)
    (void)role_may(g->actor.role, (enum action)r->need.action, &allowed);
  return allowed;
}

static bool below(struct str path, const char *href)
{
  size_t n = strlen(href);
  return str_starts(path, str_from(href)) && (path.n == n || path.p[n] == '/');
}

/* Pages that one comes to from there, and whose address says something else. */
static bool belongs(struct str path, const char *href)
{
  static const struct {
    const char *path, *to;
  } pages[] = {{"/consents", "/cases"}, {"/sheets", "/cases"},    {"/search", "/cases"},
               {"/handover", "/cases"}, {"/stand-in", "/cases"},  {"/ledger", "/cases"},
               {"/bases", "/cases"},    {"/transfers", "/cases"}, {"/opening-days", "/connections"}};
  for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
    if (below(path, pages[i].path) && strcmp(pages[i].to, href) == 0)
      return true;
  return below(path, href);
}

static void put_nav(const struct request *rq, struct doc *page)
{
  const struct gate *g = gate_of(rq);
  struct doc *list = doc_put_list(page, "nav");
  for (size_t i = 0; gate_signed_in(rq) && i < sizeof(nav) / sizeof(*nav); i++) {
    if (!may_open(g, page_of(nav[i].href)))
      continue;
    struct doc *entry = doc_add_map(list);
    doc_put_cstr(entry, "href", nav[i].href);
    doc_put_cstr(entry, "icon", nav[i].icon);
    doc_put_str(entry, "word", tr(g->lang, nav[i].word));
    doc_put_bool(entry, "current", belongs(rq->path, nav[i].href));
    doc_put_str(entry, "count", STR_NONE);
    doc_put_bool(entry, "has_count", false);
  }
}

/* --- emergency numbers: "name number note", one a line --- */

static bool is_number(struct str word)
{
  int digits = 0;
  for (size_t i = 0; i < word.n; i++) {
    if (word.p[i] >= '0' && word.p[i] <= '9')
      digits++;
    else if (!strchr("-()#+", word.p[i]))
      return false;
  }
  return digits >= 3;
}

static struct str digits_of(struct arena *a, struct str tel)
{
  struct buf b;
  buf_init(&b, a, 64);
  for (size_t i = 0; i < tel.n; i++)
    if ((tel.p[i] >= '0' && tel.p[i] <= '9') || tel.p[i] == '#' || (tel.p[i] == '+' && !i))
      buf_add_c(&b, tel.p[i]);
  return buf_str(&b);
}

static void add_number(struct arena *a, struct doc *list, struct str line)
{
  struct str rest = line, word;
  while (str_split(&rest, ' ', &word)) {
    if (!is_number(word))
      continue;
    struct doc *d = doc_add_map(list);
    doc_put_str(d, "name", str_trim(str_sub(line, 0, (size_t)(word.p - line.p))));
    doc_put_str(d, "tel", word);
    doc_put_str(d, "dial", digits_of(a, word));
    doc_put_str(d, "note", str_trim(rest));
    return;
  }
}

static void put_emergency(const struct request *rq, struct doc *page)
{
  struct doc *list = doc_put_list(page, "emergency");
  struct str rest = gate_of(rq)->emergency, line;
  while (str_split(&rest, '\n', &line))
    add_number(rq->arena, list, line);
}

/* --- the one-time sentence after a POST: a cookie with a keyed hash, so that nobody else writes on our pages --- */

static struct str notice_mac(const struct request *rq, struct str hex)
{
  unsigned char mac[HASH];
  struct str text = str_printf(rq->arena, "notice%.*s", STR_FMT(hex));
  hash_keyed(keyfile_pepper(gate_of(rq)->app->keys), text, mac);
  return hex_text(rq->arena, (struct str){(const char *)mac, 16});
}

void layout_notice(struct request *rq, struct response *rs, const char *notice)
{
  struct str hex = hex_text(rq->arena, str_from(notice));
  response_cookie(rq, rs, "notice", str_printf(rq->arena, "%.*s.%.*s", STR_FMT(hex), STR_FMT(notice_mac(rq, hex))), 60);
}

static struct str take_notice(struct request *rq, struct response *rs)
{
  struct str rest = request_cookie(rq, "notice"), hex, text;
  if (!rest.n)
    return STR_NONE;
  response_cookie(rq, rs, "notice", STR_NONE, -1);
  struct str mac = STR_NONE;
  if (str_split(&rest, '.', &hex))
    mac = notice_mac(rq, hex);
  if (!mac.n || !secret_equal(rest, mac) || !hex_parse(rq->arena, hex, &text))
    return STR_NONE;
  return tr_str(gate_lang(rq), text);
}

/* --- the document --- */

static struct str fresh_key(struct arena *a)
{
  unsigned char bytes[16];
  random_bytes(bytes, sizeof(bytes));
  return hex_text(a, (struct str){(const char *)bytes, sizeof(bytes)});
}

static void put_actor(const struct request *rq, struct doc *page)
{
  const struct gate *g = gate_of(rq);
  doc_put_bool(page, "signed_in", gate_signed_in(rq));
  doc_put_str(page, "user", g->user);
  doc_put_str(page, "organization", g->organization);
  doc_put_str(page, "role",
              g->actor.role > ROLE_NONE ? tr(g->lang, role_label(g->actor.role)) /* a value, not a decision */
                                        : STR_NONE);                             /* a value, not a decision */
  doc_put_bool(page, "can_switch", g->can_switch);
}

static void put_language(const struct request *rq, struct doc *page, struct str back)
{
  const struct gate *g = gate_of(rq);
  enum lang other = g->lang == LANG_JA ? LANG_EN : LANG_JA;
  const char *word = other == LANG_EN ? "English" : JA("日本語");
  doc_put_str(page, "language_href", str_printf(rq->arena, "/language/%s?to=%.*s", lang_code(other), STR_FMT(back)));
  doc_put_cstr(page, "language_word", word);
}

struct doc *layout_doc(struct request *rq, struct response *rs, struct str title, bool with_key)
{
  const struct gate *g = gate_of(rq);
  struct arena *a = rq->arena;
  struct doc *page = doc_map(a);
  struct str when = ts_text(a, g->now, g->wareki);
  doc_put_cstr(page, "lang", lang_code(g->lang));
  doc_put_bool(page, "wareki", g->wareki);
  doc_put_str(page, "title", tr_str(g->lang, title));
  doc_put_str(page, "network", g->network_name);
  doc_put(page, "asset", asset_doc(a));
  doc_put_str(page, "csrf", guard_csrf(rq));
  doc_put_bool(page, "concealed_warned", g->concealed_warned);
  doc_put_str(page, "key", with_key && g->session ? fresh_key(a) : STR_NONE);
  put_actor(rq, page);
  put_nav(rq, page);
  doc_put_str(page, "notice", take_notice(rq, rs));
  put_emergency(rq, page);
  put_language(rq, page, with_key && rq->method == GET ? rq->path : S("/")); /* an error page names no path */
  doc_put_str(page, "now", when);
  doc_put_str(page, "today", date_text(a, date_of_ts(g->now), g->wareki));
  doc_put_str(page, "printed",
              gate_signed_in(rq)
                  ? str_printf(a, "%.*s %.*s(%.*s)", STR_FMT(when), STR_FMT(g->user), STR_FMT(g->organization))
                  : when);
  return page;
}
