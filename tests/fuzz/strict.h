/* strict.h: what a strict request is, written apart from src/http: the grammar of RFC 9112 cut down to what docs/http.md takes. */
#ifndef TESTS_FUZZ_STRICT_H
#define TESTS_FUZZ_STRICT_H
#include "base/str.h"

/* A strict head at the front of in: *ret_head is its size, *ret_body what Content-Length announces. */
bool strict_head(struct str in, size_t *ret_head, size_t *ret_body);
/* The two spellings that leave the library with the same bytes as strict ones (docs/http.md). */
bool strict_ambiguous(struct str in);

struct MHD_Connection;
/* No socket: http_head.c answers for it what src/http asks of the library. */
struct MHD_Connection *fuzz_connection(void);

#endif
