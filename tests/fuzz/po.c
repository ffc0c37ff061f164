/* po.c: the catalog's reader, a tool of the build, taken in as it is. */
#include "fuzz.h"

int po_main(int argc, char **argv); /* not run */
#define main po_main
#include "view/gen/po.c"
#undef main

static void forget(void)
{
  for (size_t i = 0; i < count; i++) {
    free(entries[i].id);
    free(entries[i].text);
  }
  count = 0;
  bad = false;
}

static void read_bytes(struct str s)
{
  FILE *f = fmemopen((char *)(uintptr_t)(s.n ? s.p : " "), s.n ? s.n : 1, "r");
  HOLDS(f != NULL);
  read_stream("fuzz.po", f);
  fclose(f);
}

static void put_quoted(struct buf *b, const char *word, const char *s)
{
  buf_printf(b, "%s \"", word);
  for (; *s; s++) {
    if (*s == '"' || *s == '\\')
      buf_add_c(b, '\\');
    buf_add(b, *s == '\n' ? S("\\n") : (struct str){s, 1});
  }
  buf_add_cstr(b, "\"\n");
}

static struct str printed(struct arena *a)
{
  struct buf b;
  buf_init(&b, a, LIMIT_ARENA);
  for (size_t i = 0; i < count; i++) {
    HOLDS(*entries[i].id && *entries[i].text);
    put_quoted(&b, "msgid", entries[i].id);
    put_quoted(&b, "msgstr", entries[i].text);
  }
  return buf_str(&b);
}

static void table_holds(void)
{
  char *table = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&table, &size);
  HOLDS(out != NULL);
  if (count)
    qsort(entries, count, sizeof(*entries), compare);
  write_table(out);
  fclose(out);
  HOLDS(strstr(table, "catalog_en_count = ") != NULL);
  free(table);
}

/* A catalog that is not refused, written as one again, is the same catalog. */
static void po(struct arena *a, struct str in)
{
  read_bytes(in);
  bool refused = bad;
  struct str text = printed(a);
  table_holds();
  forget();
  if (refused || !text.n)
    return;
  read_bytes(text);
  HOLDS(!bad && str_eq(printed(a), text));
  forget();
}
FUZZ_TARGET(po);
