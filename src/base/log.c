#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/clock.h"

enum { LOG_LINE = 8 << 10 };

static _Atomic int threshold = LOG_INFO;
static const char *const level_names[] = {"error", "warn", "info", "debug"};

void log_set_level(enum log_level level)
{
  threshold = (int)level;
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

void log_line(enum log_level level, const char *event, ...)
{
  if ((int)level > threshold)
    return;
  struct arena *a = arena_new(4 * LOG_LINE);
  struct buf b;
  buf_init(&b, a, LOG_LINE);
  buf_add_cstr(&b, "{\"at\":");
  json_write_str(&b, ts_iso(a, clock_now()));
  buf_printf(&b, ",\"level\":\"%s\",\"event\":", level_names[level]);
  json_write_str(&b, str_from(event));
  va_list args;
  va_start(args, event);
  for (const char *key; (key = va_arg(args, const char *));) {
    const char *value = va_arg(args, const char *);
    buf_add_c(&b, ',');
    json_write_str(&b, str_from(key));
    buf_add_c(&b, ':');
    json_write_str(&b, str_from(value));
  }
  va_end(args);
  buf_add_cstr(&b, "}\n");
  write_line(b.failed ? S("{\"level\":\"error\",\"event\":\"log_line_dropped\"}\n") : buf_str(&b));
  arena_free(a);
}
