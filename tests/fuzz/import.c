/* import.c: a town's list of places, as it was downloaded. */
#include "directory/import.h"
#include "fuzz.h"

static void row_holds(const struct import_row *row)
{
  const struct str texts[] = {row->name, row->what, row->hours,   row->alert,   row->address, row->place,
                              row->url,  row->mail, row->heading, row->remarks, row->detail};
  if (row->kind == ROW_REFUSED) {
    HOLDS(row->reason && !row->raw.n);
    return;
  }
  for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
    HOLDS(fuzz_clean(texts[i]));
  HOLDS(row->kind != ROW_PLACE || (row->name.n && row->raw.n && row->place_kind));
  HOLDS(row->attribute_count <= IMPORT_ATTRIBUTES && row->phones.count <= PHONES_MOST);
  for (size_t i = 0; i < row->attribute_count; i++)
    HOLDS(fuzz_clean(row->attributes[i].value));
}

/* Every row is accounted for; nothing that is shown later holds what the doors for text refuse; reading twice says the same. */
static void import_list(struct arena *a, struct str in)
{
  struct import_options o = {
      .file = S("list.json"), .area_code = S("0183"), .city = S("湯沢市"), .licence = S("CC BY")};
  struct import_list list = {0}, again = {0};
  struct import_report report = {0};
  struct err e = {0};
  o.cp932 = in.n && in.p[0] == '\n'; /* a mark for the fuzzer; JSON does not care */
  if (import_read(a, in, &o, &list, &e) != OK) {
    HOLDS(!list.rows && e.msg);
    return;
  }
  HOLDS(import_read(a, in, &o, &again, &e) == OK && again.count == list.count);
  for (size_t i = 0; i < list.count; i++) {
    row_holds(&list.rows[i]);
    HOLDS(list.rows[i].kind == again.rows[i].kind && str_eq(list.rows[i].raw, again.rows[i].raw));
  }
  FILE *sink = fopen("/dev/null", "w");
  import_print(sink, &list, 1, &report, true);
  fclose(sink);
}
FUZZ_TARGET(import_list);
