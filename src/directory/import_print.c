/* import_print.c: the report of an import, for the one who reads a terminal. */
#include "directory/import.h"
#include "view/view.h"

static const char *const outcome_words[OUTCOME_COUNT] = {[OUTCOME_NONE] = "",
                                                         [OUTCOME_NEW] = JA("新しく入れました"),
                                                         [OUTCOME_MERGED] = JA("同じ場所にまとめました"),
                                                         [OUTCOME_TWICE] = JA("同じ行がもう一度ありました"),
                                                         [OUTCOME_UNCHANGED] = JA("前と同じです"),
                                                         [OUTCOME_UPDATED] = JA("直しました"),
                                                         [OUTCOME_KEPT] = JA("手で直してあるので、そのままにしました")};
static const char *const planned_words[OUTCOME_COUNT] = {[OUTCOME_NONE] = "",
                                                         [OUTCOME_NEW] = JA("新しく入れます"),
                                                         [OUTCOME_MERGED] = JA("同じ場所にまとめます"),
                                                         [OUTCOME_TWICE] = JA("同じ行がもう一度あります"),
                                                         [OUTCOME_UNCHANGED] = JA("前と同じです"),
                                                         [OUTCOME_UPDATED] = JA("直します"),
                                                         [OUTCOME_KEPT] = JA("手で直してあるので、そのままにします")};

/* Names of keys come from the file unchecked: what a terminal would obey is not printed. */
static void put(FILE *f, const char *before, struct str s, const char *behind)
{
  fputs(before, f);
  for (size_t i = 0; i < s.n; i++)
    fputc((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7F ? '?' : s.p[i], f);
  fputs(behind, f);
}

static void print_remarks(FILE *f, struct str lines)
{
  struct str line;
  while (str_split(&lines, '\n', &line))
    put(f, "    ! ", line, "\n");
}

static void print_row(FILE *f, struct arena *a, const struct import_row *row, bool planned)
{
  struct str reason;
  put(f, "", row->part, "");
  fprintf(f, " %lld: ", (long long)row->number);
  switch (row->kind) {
  case ROW_BLANK:
    fprintf(f, "%s\n", JA("空の行"));
    return;
  case ROW_HEADING:
    put(f, JA("見出し "), row->name, "\n");
    return;
  case ROW_REFUSED:
    reason = tr_args(a, LANG_JA, row->reason, row->detail, STR_NONE, STR_NONE);
    put(f, JA("入れません: "), reason, "\n");
    break;
  case ROW_PLACE:
    put(f, "", row->name, " — ");
    fputs((planned ? planned_words : outcome_words)[row->outcome], f);
    if (row->outcome == OUTCOME_MERGED)
      put(f, "(", row->joined, ")");
    fputc('\n', f);
  }
  print_remarks(f, row->remarks);
}

static void print_sums(FILE *f, const struct import_report *r, bool planned)
{
  fprintf(f, "%s %lld\n", JA("行:"), (long long)r->rows);
  for (int i = OUTCOME_NEW; i < OUTCOME_COUNT; i++)
    if (r->outcomes[i])
      fprintf(f, "  %s: %lld\n", (planned ? planned_words : outcome_words)[i], (long long)r->outcomes[i]);
  fprintf(f, "  %s: %lld  %s: %lld  %s: %lld\n", JA("見出し"), (long long)r->headings, JA("空の行"),
          (long long)r->blank, JA("入れませんでした"), (long long)r->refused);
  fprintf(f, "%s %lld\n", JA("新しい機関・団体:"), (long long)r->organizations);
  if (r->gone)
    fprintf(f, "%s %lld\n", JA("一覧からなくなったもの(消していません):"), (long long)r->gone);
  if (planned)
    fprintf(f, "%s\n", JA("試しに読んだだけです。何も書いていません。"));
}

void import_print(FILE *f, struct import_list *lists, size_t count, const struct import_report *r, bool planned)
{
  struct arena *a = arena_new(1 << 20);
  for (size_t i = 0; a && i < count; i++) {
    const struct import_list *l = &lists[i];
    put(f, "== ", l->options.file, "\n");
    put(f, "   ", l->attribution, "\n");
    put(f, JA("   使える条件: "), l->licence, "\n");
    print_remarks(f, l->remarks);
    for (size_t k = 0; k < l->count; k++) {
      arena_reset(a);
      print_row(f, a, &l->rows[k], planned);
    }
  }
  arena_free(a);
  print_sums(f, r, planned);
}
