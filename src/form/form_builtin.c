/* form_builtin.c: the forms of the product, compiled once per process. They are never freed: a request may hold one for as long
 * as it likes. */
#include <pthread.h>

#include "form/form_internal.h"

struct kept {
  struct str file;
  const struct form *form;
  struct kept *next;
};

static struct {
  pthread_mutex_t lock;
  struct arena *arena;
  struct kept *first;
} cache = {.lock = PTHREAD_MUTEX_INITIALIZER};

static const struct form *find_kept(struct str file)
{
  for (const struct kept *k = cache.first; k; k = k->next) {
    if (str_eq(k->file, file))
      return k->form;
  }
  return NULL;
}

static enum code load_file(struct str file, struct str body, const struct form **ret, struct err *e)
{
  if (!cache.arena)
    cache.arena = arena_new(LIMIT_ARENA);
  struct kept *k = cache.arena ? arena_new_of(cache.arena, struct kept) : NULL;
  if (!k)
    return err_oom(e);
  enum code c = form_load(cache.arena, body, &k->form, e);
  if (c != OK)
    return c;
  k->file = str_copy(cache.arena, file);
  k->next = cache.first;
  cache.first = k;
  *ret = k->form;
  return arena_failed(cache.arena) ? err_oom(e) : OK;
}

/* NOT_FOUND leaves *e alone. */
static enum code open_file(struct str file, const struct form **ret, struct err *e)
{
  struct str body;
  enum code c = OK;
  pthread_mutex_lock(&cache.lock);
  const struct form *f = find_kept(file);
  if (!f)
    c = builtin_file(file, &body) ? load_file(file, body, &f, e) : NOT_FOUND;
  pthread_mutex_unlock(&cache.lock);
  if (c == OK)
    *ret = f;
  return c;
}

const char *form_builtin_name(size_t i)
{
  static const char *const names[] = {
      "tsunagu-sheet", "reception", "reception-plain", "youth-intake", "separate-room", "assessment",
      "plan",          "review",    "visit",           "conference",   "handover",      "support-plan",
      "attendance",    "card",      "mutual-review",   "model-report", "record"};
  return i < sizeof names / sizeof *names ? names[i] : NULL;
}

static bool word_ok(struct str s)
{
  for (size_t i = 0; i < s.n; i++) {
    char ch = s.p[i];
    if (!((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '-' || ch == '_' || (ch == '.' && i > 0)))
      return false;
  }
  return s.n <= 60;
}

enum code form_builtin(struct str name, struct str version, const struct form **ret, struct err *e)
{
  char file[160];
  const struct form *f = NULL;
  if (!word_ok(name) || name.n == 0 || !word_ok(version))
    return err_set(e, NOT_FOUND, TR("この様式はありません。様式の一覧から選んでください。"));
  snprintf(file, sizeof(file), "forms/%.*s.json", STR_FMT(name));
  enum code c = open_file(str_from(file), &f, e);
  if (c == NOT_FOUND)
    return err_set(e, NOT_FOUND, TR("この様式はありません。様式の一覧から選んでください。"));
  if (c == OK && version.n > 0 && !str_eq(f->version, version)) {
    snprintf(file, sizeof(file), "forms/%.*s@%.*s.json", STR_FMT(name), STR_FMT(version));
    c = open_file(str_from(file), &f, e);
  }
  if (c == NOT_FOUND)
    return err_set(e, NOT_FOUND, TR("様式のこの版はありません。いまの版で開いてください。"));
  if (c == OK)
    *ret = f;
  return c;
}
