/* Spreadsheet files: what is written reads back as it was; what Excel writes beside the cells does not come along; no cell begins a
 * formula; what is no such file, or swells, is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <zip.h>

#include "base/limits.h"
#include "view/xlsx.h"

static struct arena *arena;

struct member {
  const char *name, *text;
};

/* A file as another program would have written it. */
static struct str pack(const struct member *m, size_t n)
{
  zip_error_t why = {0};
  zip_stat_t stat;
  zip_source_t *s = zip_source_buffer_create(NULL, 0, 0, &why);
  zip_source_keep(s);
  zip_t *zip = zip_open_from_source(s, ZIP_CREATE | ZIP_TRUNCATE, &why);
  assert_non_null(zip);
  for (size_t i = 0; i < n; i++)
    assert_true(zip_file_add(zip, m[i].name, zip_source_buffer(zip, m[i].text, strlen(m[i].text), 0), 0) >= 0);
  assert_int_equal(zip_close(zip), 0);
  assert_int_equal(zip_source_stat(s, &stat), 0);
  assert_int_equal(zip_source_open(s), 0);
  char *p = arena_alloc(arena, stat.size);
  assert_int_equal(zip_source_read(s, p, stat.size), stat.size);
  zip_source_close(s);
  zip_source_free(s);
  return (struct str){p, stat.size};
}

#define REL "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define BOOK(more, sheets) "<workbook xmlns:r=\"" REL "\">" more "<sheets>" sheets "</sheets></workbook>"
static const char relations[] =
    "<Relationships><Relationship Id=\"rId1\" Type=\"" REL "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
    "<Relationship Id=\"rId2\" Type=\"" REL "/worksheet\" Target=\"/xl/worksheets/sheet2.xml\"/>"
    "<Relationship Id=\"rId3\" Type=\"" REL "/sharedStrings\" Target=\"sharedStrings.xml\"/>"
    "<Relationship Id=\"rId4\" Type=\"" REL "/styles\" Target=\"styles.xml\"/></Relationships>";
static const char words[] =
    "<sst><si><t>氏名</t><rPh sb=\"0\" eb=\"2\"><t>シメイ</t></rPh></si>"
    "<si><r><t>試験</t></r><r><t xml:space=\"preserve\"> 太郎</t></r></si><si><t>一_x000D_\n二</t></si></sst>";
static const char styles[] =
    "<styleSheet><numFmts><numFmt numFmtId=\"176\" "
    "formatCode=\"[$-411]ggge&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/>"
    "<numFmt numFmtId=\"177\" formatCode=\"0.00E+00\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
    "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"176\"/><xf "
    "numFmtId=\"177\"/></cellXfs></styleSheet>";

static struct csv_table read_sheet(const char *book, const char *sheet)
{
  const struct member m[] = {
      {"xl/workbook.xml", book},
      {"xl/_rels/workbook.xml.rels", relations},
      {"xl/sharedStrings.xml", words},
      {"xl/styles.xml", styles},
      {"xl/worksheets/sheet1.xml", sheet},
      {"xl/worksheets/sheet2.xml",
       "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>2</v></c></row></sheetData></worksheet>"}};
  struct csv_table t = {0};
  struct err e = {0};
  if (xlsx_in(arena, pack(m, 6), &t, &e) != OK)
    fail_msg("%s", e.msg);
  return t;
}

static void cell_is(const struct csv_table *t, size_t row, size_t column, const char *text)
{
  struct str got = csv_cell(t, row, column);
  if (!str_is(got, text))
    fail_msg("%zu,%zu is [%.*s], not [%s]", row, column, STR_FMT(got), text);
}

#define ONE BOOK("", "<sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/><sheet name=\"b\" sheetId=\"2\" r:id=\"rId2\"/>")

static void cells_of_excel_come_as_a_person_reads_them(void **state)
{
  struct csv_table t = read_sheet(
      ONE, "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"s\"><v>2</v></c></row>"
           "<row r=\"4\"><c r=\"A4\" t=\"s\"><v>1</v></c><c r=\"B4\" s=\"1\"><v>39600</v></c><c r=\"C4\" "
           "s=\"2\"><v>46344.5</v></c>"
           "<c r=\"D4\"><v>9.0123456789E10</v></c><c r=\"E4\" s=\"3\"><v>12.5</v></c><c r=\"F4\" "
           "t=\"str\"><f>A1&amp;B1</f><v>値</v></c>"
           "<c r=\"G4\" t=\"inlineStr\"><is><t>'=1+1</t></is></c><c r=\"H4\" t=\"s\"><v>99</v></c></row>"
           "<row r=\"9\"><c r=\"A9\" s=\"1\"/></row></sheetData></worksheet>");
  assert_int_equal(t.n, 4);
  cell_is(&t, 0, 0, "氏名");
  cell_is(&t, 0, 1, "");
  cell_is(&t, 0, 2, "一\n二");
  assert_int_equal(t.row[1].n, 0);
  cell_is(&t, 3, 0, "試験 太郎");
  cell_is(&t, 3, 1, "2008-06-01");
  cell_is(&t, 3, 2, "2026-11-18");
  cell_is(&t, 3, 3, "90123456789");
  cell_is(&t, 3, 4, "12.5");
  cell_is(&t, 3, 5, "値");
  cell_is(&t, 3, 6, "'=1+1");
  cell_is(&t, 3, 7, "");
}

static void a_hidden_sheet_is_passed_over(void **state)
{
  const char *book = BOOK("<workbookPr date1904=\"1\"/>",
                          "<sheet name=\"a\" state=\"veryHidden\" r:id=\"rId1\"/><sheet name=\"b\" r:id=\"rId2\"/>");
  struct csv_table t = read_sheet(book, "<worksheet/>");
  cell_is(&t, 0, 0, "2");
  t = read_sheet(BOOK("<workbookPr date1904=\"1\"/>", "<sheet r:id=\"rId1\"/>"),
                 "<worksheet><sheetData><row><c s=\"1\"><v>38138</v></c></row></sheetData></worksheet>");
  cell_is(&t, 0, 0, "2008-06-01");
}

static void refused(struct str bytes, enum code want)
{
  struct csv_table t = {0};
  struct err e = {0};
  assert_int_equal(xlsx_in(arena, bytes, &t, &e), want);
  assert_int_equal(t.n, 0);
  assert_non_null(e.msg);
}

static void what_is_no_spreadsheet_is_refused(void **state)
{
  const struct member nothing[] = {{"a.txt", "a"}};
  const struct member entities[] = {{"xl/workbook.xml", "<!DOCTYPE w [<!ENTITY a \"b\">]><workbook>&a;</workbook>"}};
  const struct member broken[] = {{"xl/workbook.xml", ONE},
                                  {"xl/_rels/workbook.xml.rels", relations},
                                  {"xl/worksheets/sheet1.xml", "<worksheet><row>"}};
  const struct member far[] = {
      {"xl/workbook.xml", ONE},
      {"xl/_rels/workbook.xml.rels", relations},
      {"xl/worksheets/sheet1.xml", "<worksheet><row r=\"900000\"><c r=\"A900000\"><v>1</v></c></row></worksheet>"}};
  const struct member wide[] = {
      {"xl/workbook.xml", ONE},
      {"xl/_rels/workbook.xml.rels", relations},
      {"xl/worksheets/sheet1.xml", "<worksheet><row r=\"1\"><c r=\"ZZZ1\"><v>1</v></c></row></worksheet>"}};
  refused(S("PK\3\4 and no more"), INVALID);
  refused(STR_NONE, INVALID);
  refused(pack(nothing, 1), INVALID);
  refused(pack(entities, 1), INVALID);
  refused(pack(broken, 3), INVALID);
  refused(pack(far, 3), LIMIT);
  refused(pack(wide, 3), LIMIT);
}

static void a_file_that_swells_is_refused(void **state)
{
  size_t n = XLSX_UNPACKED_MOST + (1 << 20);
  char *big = malloc(n + 1);
  assert_non_null(big);
  memset(big, ' ', n);
  big[n] = '\0';
  memcpy(big, "<a>", 3);
  const struct member m[] = {{"xl/workbook.xml", big}};
  struct str bytes = pack(m, 1);
  free(big);
  assert_true(bytes.n < 1 << 20);
  refused(bytes, LIMIT);
}

static void what_is_written_reads_back_as_it_stands_and_is_no_formula(void **state)
{
  struct str head[] = {S("氏名"), S("備考")}, row[] = {S("<試験> & \"花子\""), S("=HYPERLINK(\"x\")")},
             last[] = {STR_NONE, S("一\n二")};
  struct csv_row rows[] = {{head, 2}, {row, 2}, {last, 2}};
  struct csv_table t = {.row = rows, .n = 3}, again = {0};
  struct str bytes = STR_NONE;
  struct err e = {0};
  assert_int_equal(xlsx_out(arena, &t, S("進行管理台帳"), &bytes, &e), OK);
  assert_true(xlsx_is(bytes));
  assert_int_equal(xlsx_in(arena, bytes, &again, &e), OK);
  assert_int_equal(again.n, 3);
  for (size_t i = 0; i < 3; i++)
    for (size_t k = 0; k < 2; k++)
      assert_true(str_eq(csv_cell(&t, i, k), csv_cell(&again, i, k)));
  zip_error_t why = {0};
  zip_t *zip = zip_open_from_source(zip_source_buffer_create(bytes.p, bytes.n, 0, &why), ZIP_RDONLY, &why);
  zip_file_t *f = zip_fopen(zip, "xl/worksheets/sheet1.xml", 0);
  char text[4096] = {0};
  assert_true(zip_fread(f, text, sizeof text - 1) > 0);
  assert_non_null(
      strstr(text, "t=\"inlineStr\"><is><t xml:space=\"preserve\">=HYPERLINK")); /* text, and as it was written */
  assert_null(strstr(text, "<f>"));
  zip_fclose(f);
  zip_discard(zip);
}

static int setup(void **state)
{
  arena = arena_new(LIMIT_ARENA);
  return arena ? 0 : -1;
}

static int teardown(void **state)
{
  arena_free(arena);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(cells_of_excel_come_as_a_person_reads_them, setup, teardown),
      cmocka_unit_test_setup_teardown(a_hidden_sheet_is_passed_over, setup, teardown),
      cmocka_unit_test_setup_teardown(what_is_no_spreadsheet_is_refused, setup, teardown),
      cmocka_unit_test_setup_teardown(a_file_that_swells_is_refused, setup, teardown),
      cmocka_unit_test_setup_teardown(what_is_written_reads_back_as_it_stands_and_is_no_formula, setup, teardown)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
