/* The official cases of Mustache, each one a test: mustache_spec DIRECTORY, the folder with the specification's JSON files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "view/view.h"

static const char *const files[] = {"comments", "delimiters", "interpolation", "inverted", "partials", "sections"};

static bool from_doc(void *arg, struct str name, struct str *ret_text)
{
  const struct doc *partial = doc_get_key(arg, name);
  *ret_text = doc_string(partial);
  return partial != NULL;
}

static void official_case(void **state)
{
  const struct doc *c = *state;
  struct arena *a = arena_new(LIMIT_ARENA);
  struct buf out;
  struct err e = {0};
  buf_init(&out, a, LIMIT_PAGE);
  enum code code = template_render_text(a, TEMPLATE_LAX, doc_get_str(c, "template"), from_doc, doc_get(c, "partials"),
                                        doc_get(c, "data"), &out, &e);
  if (code != OK)
    fail_msg("%s %s", e.msg, e.detail);
  struct str want = doc_get_str(c, "expected"), got = buf_str(&out);
  if (!str_eq(want, got))
    fail_msg("wanted [%.*s]\ngot [%.*s]", STR_FMT(want), STR_FMT(got));
  arena_free(a);
}

static struct str read_all(struct arena *a, const char *path)
{
  struct stat st;
  FILE *f = fopen(path, "rb");
  if (!f || fstat(fileno(f), &st) != 0) {
    perror(path);
    exit(1);
  }
  char *p = arena_alloc(a, (size_t)st.st_size);
  size_t n = fread(p, 1, (size_t)st.st_size, f);
  fclose(f);
  return (struct str){p, n};
}

static size_t add_cases(struct arena *a, const char *dir, const char *file, struct CMUnitTest *tests, size_t n)
{
  struct doc *spec = NULL;
  struct err e = {0};
  struct str path = str_printf(a, "%s/%s.json", dir, file);
  if (json_parse(a, read_all(a, path.p), &spec, &e) != OK) {
    err_print(stderr, &e);
    exit(1);
  }
  const struct doc *list = doc_get(spec, "tests");
  for (size_t i = 0; i < doc_size(list); i++) {
    struct doc *c = doc_at(list, i);
    struct str name = str_printf(a, "%s: %s", file, str_cstr(a, doc_get_str(c, "name")));
    tests[n++] = (struct CMUnitTest){.name = name.p, .test_func = official_case, .initial_state = c};
  }
  return n;
}

int main(int argc, char **argv)
{
  enum { MOST = 400, SKIPPED = 77 };
  static struct CMUnitTest tests[MOST];
  struct stat st;
  size_t n = 0;
  if (argc != 2 || stat(argv[1], &st) != 0) {
    fputs("the official cases are not here\n", stderr);
    return SKIPPED;
  }
  struct arena *a = arena_new(LIMIT_ARENA);
  for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
    n = add_cases(a, argv[1], files[i], tests, n);
  if (n < 100)
    return 1; /* the specification has more */
  int failed = _cmocka_run_group_tests("mustache_spec", tests, n, NULL, NULL);
  arena_free(a);
  return failed;
}
