/* network_files.h: the members of an export, written by export.c; import.c writes them once more, to nowhere, to compare. */
#ifndef KEEP_NETWORK_FILES_H
#define KEEP_NETWORK_FILES_H
#include "keep/members.h"
#include "keep/open_row.h"

enum { EXPORT_FORMAT = 1 };

struct network_files {
  struct tx *tx;
  struct arena *a;
  struct members_out *to;
  const struct keyfile *keys;
  bool plain, release, csv;
  struct export_report *report;
  struct doc *tables; /* list of {name, rows, file, bytes, hash, columns}, as they are written */
};
/* data/TABLE.jsonl of every table that travels and, where asked for, csv/TABLE.csv. */
enum code network_files_write(struct network_files *f, struct err *e) MUST_CHECK;
#endif
