/* hsds_print.c: the report of an import by the standard: a line for each record, then the sums. */
#include "directory/hsds.h"

static const char *const done[HSDS_OUTCOMES] = {[HSDS_UNREAD] = "",
                                                [HSDS_NEW] = JA("新しく入れました"),
                                                [HSDS_UPDATED] = JA("直しました"),
                                                [HSDS_UNCHANGED] = JA("前と同じです"),
                                                [HSDS_KEPT] = JA("手で直すか消してあるので、そのままにしました"),
                                                [HSDS_REFUSED] = JA("入れません")};
static const char *const planned_words[HSDS_OUTCOMES] = {[HSDS_UNREAD] = "",
                                                         [HSDS_NEW] = JA("新しく入れます"),
                                                         [HSDS_UPDATED] = JA("直します"),
                                                         [HSDS_UNCHANGED] = JA("前と同じです"),
                                                         [HSDS_KEPT] = JA("手で直すか消してあるので、そのままにします"),
                                                         [HSDS_REFUSED] = JA("入れません")};

/* Texts come from a file unchecked: what a terminal would obey is not printed. */
static void put(FILE *f, const char *before, struct str s, const char *behind)
{
  fputs(before, f);
  for (size_t i = 0; i < s.n; i++)
    fputc((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7F ? '?' : s.p[i], f);
  fputs(behind, f);
}

static void put_lines(FILE *f, struct str lines)
{
  struct str line;
  while (str_split(&lines, '\n', &line))
    put(f, "    ! ", line, "\n");
}

void hsds_print(FILE *f, const struct hsds_set *read, const struct hsds_report *report, bool planned)
{
  const char *const *words = planned ? planned_words : done;
  put_lines(f, read->remarks);
  for (size_t i = 0; i < read->total; i++) {
    const struct hsds_record *r = read->all[i];
    put(f, "", r->place, ": ");
    put(f, "", hsds_get(r, "name"), " — ");
    fprintf(f, "%s%s\n", words[r->outcome], r->times > 1 ? JA("(同じ記録が何度か出てきます)") : "");
    put_lines(f, r->remarks);
  }
  fprintf(f, "%s %lld\n", JA("記録:"), (long long)report->records);
  for (int i = HSDS_NEW; i < HSDS_OUTCOMES; i++)
    if (report->outcomes[i])
      fprintf(f, "  %s: %lld\n", words[i], (long long)report->outcomes[i]);
  if (report->repeated)
    fprintf(f, "  %s: %lld\n", JA("もう一度出てきた同じ記録"), (long long)report->repeated);
  if (planned)
    fprintf(f, "%s\n", JA("試しに読んだだけです。何も書いていません。"));
}
