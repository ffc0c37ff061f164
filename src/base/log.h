/* log.h: one line of JSON (or, for eyes, of text) a line on stderr. The gate logs each request, the command line what it starts, the sender of
 * mail what it gave up; all else returns codes. Never personal data: values are codes, ids of requests, names of statements and routes, numbers. */
#ifndef BASE_LOG_H
#define BASE_LOG_H
#include "base/doc.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO };

enum log_format { LOG_JSON, LOG_PLAIN };

/* Before there are threads. */
void log_set_format(enum log_format format);
/* Pairs of key and value, both C strings, ended by NULL. The value of a key that begins with '#' is a number: "#ms", "0.4". */
void log_line(enum log_level level, const char *event, ...) __attribute__((sentinel));

#endif
