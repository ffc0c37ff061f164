/* stmt.c: the list of registered statements, as the linker lined them up. */
#include "db/engine.h"

LIST_BOUNDS(tsunagu_stmts, struct stmt);

size_t stmt_count(void)
{
  /* cppcheck-suppress comparePointers ; the linker makes one array of them */
  return (size_t)(__stop_tsunagu_stmts - __start_tsunagu_stmts);
}

const struct stmt *stmt_at(size_t i)
{
  return i < stmt_count() ? __start_tsunagu_stmts[i] : NULL;
}

size_t stmt_index(const struct stmt *q)
{
  return (size_t)(q->entry - __start_tsunagu_stmts);
}
