/* xlsx_out.c: writing a spreadsheet file: six small members, of which the last is the sheet. */
#include <zip.h>

#include "base/limits.h"
#include "view/xlsx.h"

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define TYPES "application/vnd.openxmlformats-officedocument.spreadsheetml."

static const char content_types[] =
    XML "<Types xmlns=\"" PACKAGE "content-types\">"
        "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
        "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
        "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" TYPES "sheet.main+xml\"/>"
        "<Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"" TYPES "worksheet+xml\"/>"
        "<Override PartName=\"/xl/styles.xml\" ContentType=\"" TYPES "styles+xml\"/></Types>";
static const char root_relations[] =
    XML "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"rId1\" Type=\"" OFFICE
        "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
static const char book_relations[] =
    XML "<Relationships xmlns=\"" PACKAGE "relationships\">"
        "<Relationship Id=\"rId1\" Type=\"" OFFICE "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
        "<Relationship Id=\"rId2\" Type=\"" OFFICE "/styles\" Target=\"styles.xml\"/></Relationships>";
/* 0: text as it stands (numFmt 49, @); 1: a heading. */
static const char styles[] =
    XML "<styleSheet xmlns=\"" MAIN "\"><fonts count=\"2\"><font><sz val=\"11\"/></font>"
        "<font><b/><sz val=\"11\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>"
        "<fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border/></borders>"
        "<cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"2\">"
        "<xf numFmtId=\"49\" fontId=\"0\" applyNumberFormat=\"1\"/>"
        "<xf numFmtId=\"49\" fontId=\"1\" applyNumberFormat=\"1\" applyFont=\"1\"/></cellXfs></styleSheet>";

static void escape(struct buf *b, struct str s)
{
  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    if (c == '&')
      buf_add_cstr(b, "&amp;");
    else if (c == '<')
      buf_add_cstr(b, "&lt;");
    else if (c == '>')
      buf_add_cstr(b, "&gt;");
    else if (c == '"')
      buf_add_cstr(b, "&quot;");
    else if (c >= ' ' || c == '\t' || c == '\n')
      buf_add_c(b, s.p[i]);
  }
}

static void put_place(struct buf *b, size_t row, size_t column)
{
  char letters[4];
  int n = 0;
  for (size_t c = column + 1; c; c = (c - 1) / 26)
    letters[n++] = (char)('A' + (c - 1) % 26);
  while (n)
    buf_add_c(b, letters[--n]);
  buf_printf(b, "%zu", row + 1);
}

static void put_cell(struct buf *b, size_t row, size_t column, struct str s)
{
  buf_add_cstr(b, "<c r=\"");
  put_place(b, row, column);
  buf_add_cstr(b, row ? "\" t=\"inlineStr\"><is><t xml:space=\"preserve\">"
                      : "\" s=\"1\" t=\"inlineStr\"><is><t xml:space=\"preserve\">");
  escape(b, s); /* an inline string is text whatever it begins with: no apostrophe, as csv.h needs it */
  buf_add_cstr(b, "</t></is></c>");
}

static struct str sheet_text(struct arena *a, const struct csv_table *t)
{
  struct buf b;
  buf_init(&b, a, XLSX_UNPACKED_MOST);
  buf_add_cstr(&b, XML "<worksheet xmlns=\"" MAIN "\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\""
                       " topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>"
                       "<sheetFormatPr defaultRowHeight=\"18\" defaultColWidth=\"14\"/><sheetData>");
  for (size_t i = 0; i < t->n; i++) {
    buf_printf(&b, "<row r=\"%zu\">", i + 1);
    for (size_t k = 0; k < t->row[i].n; k++)
      if (t->row[i].cell[k].n)
        put_cell(&b, i, k, t->row[i].cell[k]);
    buf_add_cstr(&b, "</row>");
  }
  buf_add_cstr(&b, "</sheetData></worksheet>");
  return buf_str(&b);
}

static struct str book_text(struct arena *a, struct str sheet)
{
  struct buf b;
  buf_init(&b, a, LIMIT_PAGE);
  buf_add_cstr(&b, XML "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" OFFICE "\"><sheets><sheet name=\"");
  escape(&b, sheet);
  buf_add_cstr(&b, "\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>");
  return buf_str(&b);
}

static bool add(zip_t *zip, const char *name, struct str bytes)
{
  zip_source_t *s = bytes.n ? zip_source_buffer(zip, bytes.p, bytes.n, 0) : NULL;
  if (s && zip_file_add(zip, name, s, ZIP_FL_ENC_UTF_8) >= 0)
    return true;
  zip_source_free(s);
  return false;
}

static bool add_all(zip_t *zip, struct arena *a, const struct csv_table *t, struct str sheet)
{
  return add(zip, "[Content_Types].xml", str_from(content_types)) &&
         add(zip, "_rels/.rels", str_from(root_relations)) && add(zip, "xl/workbook.xml", book_text(a, sheet)) &&
         add(zip, "xl/_rels/workbook.xml.rels", str_from(book_relations)) &&
         add(zip, "xl/styles.xml", str_from(styles)) && add(zip, "xl/worksheets/sheet1.xml", sheet_text(a, t));
}

static enum code take_bytes(struct arena *a, zip_source_t *s, struct str *ret, struct err *e)
{
  zip_stat_t stat;
  if (zip_source_stat(s, &stat) != 0 || !(stat.valid & ZIP_STAT_SIZE) || zip_source_open(s) != 0)
    return BUG(e, "what was written to memory is there");
  char *p = stat.size > LIMIT_PAGE ? NULL : arena_alloc(a, (size_t)stat.size);
  zip_int64_t n = p ? zip_source_read(s, p, stat.size) : -1;
  zip_source_close(s);
  if (stat.size > LIMIT_PAGE)
    return err_set(e, LIMIT, TR("表が大きすぎます。行か列を減らしてください。"));
  if (!p)
    return err_oom(e);
  if (n < 0 || (zip_uint64_t)n != stat.size)
    return BUG(e, "what was written to memory is there");
  *ret = (struct str){p, (size_t)n};
  return OK;
}

enum code xlsx_out(struct arena *a, const struct csv_table *t, struct str sheet, struct str *ret, struct err *e)
{
  zip_error_t why = {0};
  zip_source_t *s = zip_source_buffer_create(NULL, 0, 0, &why);
  if (!s)
    return err_oom(e);
  zip_source_keep(s);
  zip_t *zip = zip_open_from_source(s, ZIP_CREATE | ZIP_TRUNCATE, &why);
  bool good = zip && add_all(zip, a, t, sheet);
  if (zip && (!good || zip_close(zip) != 0)) {
    zip_discard(zip);
    good = false;
  }
  enum code c = good ? take_bytes(a, s, ret, e) : err_oom(e);
  if (!zip)
    zip_source_free(s);
  zip_source_free(s);
  return c;
}
