/* record_paper.h: 経過記録 on paper (record_paper.c), for the page of a case that leads to it. */
#ifndef WEB_RECORD_PAPER_H
#define WEB_RECORD_PAPER_H
#include "http/http.h"

extern const struct field record_paper_fields[3]; /* from, until */

#endif
