/* limits.h: every cap in one place, with its unit. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum {
  LIMIT_ARENA = 64 << 20,        /* bytes a request may use in all */
  LIMIT_BODY = 4 << 20,          /* bytes of a request body */
  LIMIT_PAGE = 16 << 20,         /* bytes of an answer */
  LIMIT_TEXT = 20000,            /* code points in a text field */
  LIMIT_STRING = 200,            /* code points in a one-line field */
  LIMIT_URI = 2048,              /* bytes of the request target */
  LIMIT_HEADERS = 64,            /* header lines */
  LIMIT_HEADER_BYTES = 16 << 10, /* bytes of all of them */
  LIMIT_PARAMS = 2000,           /* fields of a form */
  LIMIT_PARTS = 50,              /* parts of a multipart body */
  LIMIT_JSON_DEPTH = 24,
  LIMIT_REPEATS = 60, /* rows of a repeating item */
  LIMIT_CSV_ROWS = 100000,
  LIMIT_PAGE_ROWS = 50 /* lines of a list page */
};

#endif
