/* xlsx.c: spreadsheet files: bytes as they come, or the parts of one (styles, shared words, the sheet, parted by lines of "---") put into an
 * archive here, since nobody finds a checksum by chance. */
#include <zip.h>

#include "fuzz.h"
#include "view/xlsx.h"

#define REL "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
static const char book[] = "<workbook xmlns:r=\"" REL "\"><sheets><sheet r:id=\"rId1\"/></sheets></workbook>";
static const char relations[] =
    "<Relationships><Relationship Id=\"rId1\" Type=\"" REL "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
    "<Relationship Id=\"rId3\" Type=\"" REL "/sharedStrings\" Target=\"sharedStrings.xml\"/>"
    "<Relationship Id=\"rId4\" Type=\"" REL "/styles\" Target=\"styles.xml\"/></Relationships>";

static void add(zip_t *zip, const char *name, struct str text)
{
  zip_source_t *s = zip_source_buffer(zip, text.p, text.n, 0);
  zip_int64_t at = zip_file_add(zip, name, s, 0);
  HOLDS(at >= 0 && zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0) == 0);
}

static struct str pack(struct arena *a, struct str in)
{
  zip_error_t why = {0};
  zip_stat_t stat;
  struct str style = fuzz_first(&in), words = fuzz_first(&in);
  zip_source_t *s = zip_source_buffer_create(NULL, 0, 0, &why);
  zip_source_keep(s);
  zip_t *zip = zip_open_from_source(s, ZIP_CREATE | ZIP_TRUNCATE, &why);
  add(zip, "xl/workbook.xml", str_from(book));
  add(zip, "xl/_rels/workbook.xml.rels", str_from(relations));
  add(zip, "xl/styles.xml", style);
  add(zip, "xl/sharedStrings.xml", words);
  add(zip, "xl/worksheets/sheet1.xml", in);
  HOLDS(zip_close(zip) == 0 && zip_source_stat(s, &stat) == 0 && zip_source_open(s) == 0);
  char *p = arena_alloc(a, (size_t)stat.size + 1);
  HOLDS(p && zip_source_read(s, p, stat.size) == (zip_int64_t)stat.size);
  zip_source_close(s);
  zip_source_free(s);
  return (struct str){p, (size_t)stat.size};
}

/* A written file says no more and no less; a space that only formats a cell stands, a control does not. */
static void reads_back(struct arena *a, const struct csv_table *t)
{
  struct csv_table again = {0};
  struct str bytes = STR_NONE;
  struct err e = {0};
  HOLDS(xlsx_out(a, t, S("s"), &bytes, &e) == OK && xlsx_in(a, bytes, &again, &e) == OK && again.n == t->n);
  for (size_t i = 0; i < t->n; i++)
    for (size_t k = 0; k < t->row[i].n; k++)
      HOLDS(!fuzz_clean(t->row[i].cell[k]) || str_contains(t->row[i].cell[k], S("_x000D_")) ||
            str_eq(csv_cell(&again, i, k), t->row[i].cell[k]));
}

static void xlsx(struct arena *a, struct str in)
{
  struct csv_table t = {0};
  struct err e = {0};
  struct str bytes = xlsx_is(in) ? in : pack(a, in);
  if (xlsx_in(a, bytes, &t, &e) != OK) {
    HOLDS(!t.n && e.msg && e.code != OK);
    return;
  }
  HOLDS(t.n <= LIMIT_CSV_ROWS);
  for (size_t i = 0; i < t.n; i++) {
    HOLDS(t.row[i].n <= CSV_COLUMNS);
    for (size_t k = 0; k < t.row[i].n; k++)
      HOLDS(utf8_valid(t.row[i].cell[k]));
  }
  if (t.n < 100)
    reads_back(a, &t);
}
FUZZ_TARGET(xlsx);
