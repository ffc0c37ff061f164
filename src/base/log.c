#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/clock.h"

enum { LOG_LINE = 8 << 10 };

static _Atomic int format = LOG_JSON;
static const char *const level_names[] = {"error", "warn", "info"};

void log_set_format(enum log_format f)
{
  format = (int)f;
}

/* One write(2) a line, so that lines of different threads do not mix. What stderr refuses is lost: a log that fails
 * must not take the request with it. */
static void write_line(struct str line)
{
  while (line.n) {
    ssize_t n = write(STDERR_FILENO, line.p, line.n);
    if (n <= 0)
      return;
    line = str_sub(line, (size_t)n, line.n);
  }
}

/* --- JSON: {"at":"…","level":"info","event":"request","route":"/today","ms":0.4} --- */

static void json_field(struct buf *b, const char *key, const char *value)
{
  bool number = key[0] == '#' && *value;
  buf_add_c(b, ',');
  json_write_str(b, str_from(key + (key[0] == '#')));
  buf_add_c(b, ':');
  if (number)
    buf_add_cstr(b, value);
  else
    json_write_str(b, str_from(value));
}

/* --- text: 2026-11-18T10:02:00.000+09:00 info request route=/today ms=0.4 --- */

/* As it is, or where a blank or a quote would make two of it, as in JSON. */
static void plain_field(struct buf *b, const char *key, const char *value)
{
  buf_printf(b, " %s=", key + (key[0] == '#'));
  bool simple = *value != 0;
  for (const char *p = value; *p && simple; p++)
    simple = (unsigned char)*p > ' ' && *p != '"' && *p != '=' && *p != '\\' && *p != 0x7f;
  if (simple)
    buf_add_cstr(b, value);
  else
    json_write_str(b, str_from(value));
}

void log_line(enum log_level level, const char *event, ...)
{
  bool plain = format == LOG_PLAIN;
  struct arena *a = arena_new(4 * LOG_LINE);
  struct buf b;
  buf_init(&b, a, LOG_LINE);
  struct str at = ts_iso(a, clock_now());
  if (plain)
    buf_printf(&b, "%.*s %s %s", STR_FMT(at), level_names[level], event);
  else
    buf_printf(&b, "{\"at\":\"%.*s\",\"level\":\"%s\",\"event\":\"%s\"", STR_FMT(at), level_names[level], event);
  va_list args;
  va_start(args, event);
  for (const char *key; (key = va_arg(args, const char *));)
    (plain ? plain_field : json_field)(&b, key, va_arg(args, const char *));
  va_end(args);
  buf_add_cstr(&b, plain ? "\n" : "}\n");
  write_line(b.failed ? S("{\"level\":\"error\",\"event\":\"log_line_dropped\"}\n") : buf_str(&b));
  arena_free(a);
}
