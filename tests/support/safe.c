#include "safe.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static char fault[600];

__attribute__((format(printf, 1, 2))) static const char *say(const char *fmt, ...)
{
  va_list args;
  va_start(args, fmt);
  vsnprintf(fault, sizeof fault, fmt, args);
  va_end(args);
  return fault;
}

/* ---- headers ---------------------------------------------------------------------------------------------------------------- */

static int header_count(const char *bytes, const char *name, const char **ret_value, size_t *ret_n)
{
  const char *end = strstr(bytes, "\r\n\r\n");
  int count = 0;
  for (const char *at = strstr(bytes, "\r\n"); at && at < end; at = strstr(at + 2, "\r\n"))
    if (strncasecmp(at + 2, name, strlen(name)) == 0 && at[2 + strlen(name)] == ':') {
      *ret_value = at + 2 + strlen(name) + 2;
      *ret_n = strcspn(*ret_value, "\r");
      count++;
    }
  return count;
}

static bool once(const char *bytes, const char *name, const char *wanted)
{
  const char *value = NULL;
  size_t n = 0;
  return header_count(bytes, name, &value, &n) == 1 &&
         (!wanted || (n == strlen(wanted) && strncmp(value, wanted, n) == 0));
}

static const char *header_fault(const char *bytes)
{
  static const char *const wanted[][2] = {
      {"Content-Security-Policy",
       "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
       "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"},
      {"Referrer-Policy", "same-origin"},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Permissions-Policy", NULL},
      {"Cache-Control", NULL}};
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
    if (!once(bytes, wanted[i][0], wanted[i][1]))
      return say("%.40s: the header %s is missing, stands twice or says something else", bytes, wanted[i][0]);
  return NULL;
}

/* Cookies go to no script and to no other site's requests. */
static const char *cookie_fault(const char *bytes)
{
  const char *end = strstr(bytes, "\r\n\r\n");
  for (const char *at = strcasestr(bytes, "\r\nSet-Cookie:"); at && at < end;
       at = strcasestr(at + 2, "\r\nSet-Cookie:")) {
    char line[600];
    snprintf(line, sizeof line, "%.*s", (int)strcspn(at + 2, "\r"), at + 2);
    bool host = strstr(line, "__Host-") != NULL;
    if (!strstr(line, "; HttpOnly") || !strstr(line, "; SameSite=Lax") || !strstr(line, "; Path=/") ||
        strstr(line, "Domain") || host != (strstr(line, "; Secure") != NULL))
      return say("a cookie with other flags: %.200s", line);
  }
  return NULL;
}

/* ---- pages -------------------------------------------------------------------------------------------------------------------- */

static const char tags[] =
    " html ruby rp rt text head meta title link script body a header svg use path rect g details summary div p ul ol "
    "li "
    "span small "
    "form input "
    "button nav main footer section h1 h2 h3 h4 table caption thead tbody tfoot tr th td label select option optgroup "
    "fieldset legend textarea dl dt dd b strong em i abbr time br hr img code kbd mark article aside figure figcaption "
    "blockquote datalist output template ins del s wbr sup sub pre colgroup col dialog ";

static const char attributes[] =
    " download formnovalidate size lang charset name content rel type href src defer hidden id class title role for "
    "method action value required "
    "checked "
    "selected disabled readonly multiple maxlength minlength min max step size rows cols pattern placeholder "
    "autocomplete "
    "autofocus inputmode accept enctype novalidate scope colspan rowspan headers datetime width height alt viewbox d "
    "fill x y "
    "open "
    "tabindex media sizes autocapitalize spellcheck dir start reversed list form accept-charset translate inert ";

static bool in(const char *list, const char *word, size_t n)
{
  char wanted[80];
  if (n > 60)
    return false;
  int at = snprintf(wanted, sizeof wanted, " %.*s ", (int)n, word);
  for (int i = 0; i < at; i++)
    wanted[i] = (char)tolower((unsigned char)wanted[i]);
  return strstr(list, wanted) != NULL;
}

static bool is_name(char c)
{
  return isalnum((unsigned char)c) || c == '-';
}

/* Own paths, places of the page, telephone, mail and the web: nothing that a browser would run. */
static bool address_good(const char *value, size_t n)
{
  static const char *const starts[] = {"/", "#", "?", "tel:", "mailto:", "https://", "http://"};
  if (n > 1 && value[0] == '/' && (value[1] == '/' || value[1] == '\\'))
    return false;
  for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
    if (strncmp(value, starts[i], strlen(starts[i])) == 0)
      return true;
  return n == 0;
}

static bool is_address(const char *name, size_t n)
{
  return in(" href src action formaction xlink:href ", name, n);
}

static const char *value_fault(const char *name, size_t name_n, const char *value, size_t n)
{
  if (is_address(name, name_n) && !address_good(value, n))
    return say("an address that may run: %.*s=\"%.*s\"", (int)name_n, name, (int)(n < 100 ? n : 100), value);
  if (memchr(value, '<', n) || memchr(value, '>', n))
    return say("a value with a bare < or >: %.*s", (int)(n < 100 ? n : 100), value);
  return NULL;
}

/* One attribute at *at; advances behind it. */
static const char *attribute_fault(const char **at)
{
  const char *name = *at, *p = name;
  while (is_name(*p) || *p == ':' || *p == '_')
    p++;
  size_t n = (size_t)(p - name);
  bool known = in(attributes, name, n) || (n > 5 && (!strncmp(name, "data-", 5) || !strncmp(name, "aria-", 5)));
  if (!n || !known)
    return say("an attribute that no template has: %.60s", name);
  *at = p;
  if (*p != '=')
    return NULL;
  if (p[1] != '"' || !strchr(p + 2, '"'))
    return say("an attribute without double quotes: %.60s", name);
  const char *value = p + 2, *end = strchr(value, '"');
  *at = end + 1;
  return value_fault(name, n, value, (size_t)(end - value));
}

static const char *tag_fault(const char **at)
{
  const char *name = *at + ((*at)[1] == '/' ? 2 : 1), *p = name, *f = NULL;
  while (is_name(*p))
    p++;
  if (!in(tags, name, (size_t)(p - name)))
    return say("a tag that no template has: %.60s", *at);
  bool script = !strncasecmp(name, "script", 6) && name[-1] == '<', src = false;
  while (*p && *p != '>') {
    if (isspace((unsigned char)*p) || *p == '/') {
      p++;
      continue;
    }
    src = src || !strncmp(p, "src=", 4);
    if ((f = attribute_fault(&p)))
      return f;
  }
  if (!*p)
    return say("a tag that does not end: %.60s", name);
  *at = p + 1;
  if (script && (!src || strncmp(*at, "</script>", 9) != 0))
    return say("a script in the page: %.80s", name);
  return NULL;
}

const char *safe_page_fault(const char *html)
{
  if (strncasecmp(html, "<!DOCTYPE html>", 15) != 0)
    return say("a page without its type: %.40s", html);
  for (const char *at = strchr(html + 15, '<'), *f; at; at = strchr(at, '<')) {
    if (strncmp(at, "<!--", 4) == 0)
      return say("a comment: %.60s", at);
    if ((f = tag_fault(&at)))
      return f;
  }
  return NULL;
}

const char *safe_fault(const char *bytes)
{
  const char *body = strstr(bytes, "\r\n\r\n"), *f, *type = NULL;
  size_t n = 0;
  if (strncmp(bytes, "HTTP/1.", 7) != 0 || !body)
    return NULL; /* cut off: nothing was answered */
  if ((f = header_fault(bytes)) || (f = cookie_fault(bytes)))
    return f;
  body += 4;
  if (!*body)
    return NULL;
  if (header_count(bytes, "Content-Type", &type, &n) != 1)
    return say("%.40s: bytes without one type", bytes);
  if (n >= 9 && strncmp(type, "text/html", 9) == 0)
    return safe_page_fault(body);
  if (n >= 16 && strncmp(type, "application/json", 16) == 0 && *body != '{')
    return say("JSON that is no object: %.40s", body);
  return NULL;
}
