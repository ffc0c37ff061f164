/* safe.h: what must hold for every answer of the server, whatever was asked: the headers, and a page in which nothing can run. */
#ifndef TESTS_SAFE_H
#define TESTS_SAFE_H
#include <stddef.h>

/* NULL, or what is wrong with the answer (head and body, NUL-terminated); static memory. */
const char *safe_fault(const char *bytes);
/* The same for a page alone: no inline script, style or event attribute, no address that runs, no tag or attribute that no template has,
 * every attribute in double quotes. */
const char *safe_page_fault(const char *html);

#endif
