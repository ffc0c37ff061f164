/* file_clean.h: what a file is, by its bytes, and the same without what it tells beside itself. A photograph loses where and when it was
 * taken, by which telephone, its small picture and its comments, losslessly; how it is to be turned stays. Nothing is decoded. */
#ifndef CASEWORK_FILE_CLEAN_H
#define CASEWORK_FILE_CLEAN_H
#include "base/err.h"
#include "base/str.h"

enum file_type { FILE_PDF = 1, FILE_JPEG, FILE_PNG, FILE_TYPES };
const char *file_type_code(enum file_type t); /* "pdf", which is its ending too */
const char *file_type_mime(enum file_type t); /* "application/pdf" */
bool file_type_parse(struct str code, enum file_type *ret);

/* INVALID with a sentence: none of these types, or not whole. *ret_clean lives in `a`, or is `bytes` where nothing was taken away. */
enum code file_clean(struct arena *a, struct str bytes, enum file_type *ret, struct str *ret_clean,
                     struct err *e) MUST_CHECK;

#endif
