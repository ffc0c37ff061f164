/* fuzz.h: what the fuzz targets share (docs/fuzzing.md). A target is one function over bytes; it breaks off the program when what must
 * hold does not. libFuzzer gives it bytes of its own making (fuzz_main.c), replay.c those that are kept in corpus/. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H
#include "base/doc.h"
#include "base/limits.h"
#include "base/list.h"
#include "base/utf8.h"

struct fuzz_target {
  const char *name;
  void (*run)(struct arena *a, struct str in); /* the arena is empty and dies afterwards */
};

/* Beside the function of the same name. */
#define FUZZ_TARGET(id)                                                                                                \
  static const struct fuzz_target target_##id = {#id, id};                                                             \
  LIST_ENTRY("tsunagu_fuzz", struct fuzz_target, target_##id)

size_t fuzz_count(void);
const struct fuzz_target *fuzz_at(size_t i);
const struct fuzz_target *fuzz_find(const char *name); /* NULL: no such target */
/* Once per process, before anything runs. */
void fuzz_begin(void);
void fuzz_run(const struct fuzz_target *t, const void *p, size_t n);

/* A property. */
#define HOLDS(condition) ((condition) ? (void)0 : fuzz_broken(#condition, __FILE__, __LINE__))
void fuzz_broken(const char *what, const char *file, int line) __attribute__((noreturn));

/* --- what several targets need --- */
/* Cuts in at the first line with only "---"; the second part is empty where there is none. */
struct str fuzz_first(struct str *in);
struct str fuzz_json(struct arena *a, const struct doc *d);
/* A file of this process with these bytes and mode, in memory where the machine has /dev/shm; the path lives as long as the process. */
const char *fuzz_file(struct str bytes, unsigned mode);
/* What a page or a file may carry: UTF-8 without what utf8_check_text() refuses. */
bool fuzz_clean(struct str s);

#endif
