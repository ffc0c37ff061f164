/* xlsx_in.c: reading a spreadsheet file: which sheet, its words, which of its numbers are dates, its cells. */
#include <expat.h>
#include <stdlib.h>
#include <zip.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "view/xlsx.h"

enum { PIECE = 16 << 10, CELL_MOST = 64 << 10, STYLES_MOST = 4096, SERIAL_MOST = 109000 };

struct words { /* the sheet's shared texts, in order */
  struct str *at;
  size_t n, room;
};

struct book {
  struct arena *a;
  zip_t *zip;
  XML_Parser parser;
  size_t unpacked;
  enum code code; /* why parsing was stopped */
  /* workbook and its relations */
  struct str sheet_id, sheet_path, words_path, styles_path;
  bool from_1904;
  /* styles */
  bool in_formats; /* inside cellXfs */
  int date_format[STYLES_MOST];
  size_t date_formats;
  bool date_style[STYLES_MOST];
  size_t styles;
  struct words words;
  /* the text that is being read */
  struct buf text;
  bool in_text;
  int in_ruby;
  /* the sheet */
  struct csv_table t;
  size_t rows, row, column, cells, cell_room;
  struct str *cell;
  int style;
  char type; /* s shared, i inline, t text, b, e, n */
};

static void stop(struct book *b, enum code why)
{
  if (b->code == OK)
    b->code = why;
  XML_StopParser(b->parser, XML_FALSE);
}

static const char *local(const char *name)
{
  const char *colon = strrchr(name, ':');
  return colon ? colon + 1 : name;
}

static const char *attribute(const char **list, const char *name)
{
  for (; list[0]; list += 2)
    if (strcmp(local(list[0]), name) == 0)
      return list[1];
  return "";
}

/* Small whole numbers; -1 for anything else. */
static int number(const char *s)
{
  int64_t v = 0;
  return str_to_i64(str_from(s), &v) && v >= 0 && v <= INT32_MAX ? (int)v : -1;
}

static void no_doctype(void *data, const XML_Char *name, const XML_Char *system, const XML_Char *public, int internal)
{
  stop(data, INVALID); /* none is ever there; entities would come with it */
}

/* ---- one member of the archive through the parser ------------------------------------------------------------------------- */

static void feed(struct book *b, zip_file_t *f)
{
  for (;;) {
    void *piece = XML_GetBuffer(b->parser, PIECE);
    zip_int64_t n = piece ? zip_fread(f, piece, PIECE) : -1;
    if (n < 0)
      stop(b, piece ? INVALID : OOM);
    if (n < 0 || b->code != OK)
      return;
    b->unpacked += (size_t)n;
    if (b->unpacked > XLSX_UNPACKED_MOST)
      stop(b, LIMIT);
    if (b->code != OK)
      return;
    if (XML_ParseBuffer(b->parser, (int)n, n == 0) != XML_STATUS_OK)
      stop(b, INVALID);
    if (arena_failed(b->a))
      stop(b, OOM);
    if (n == 0 || b->code != OK)
      return;
  }
}

static bool has(const struct book *b, struct str path)
{
  return path.n && zip_name_locate(b->zip, str_cstr(b->a, path), 0) >= 0;
}

static void read_member(struct book *b, struct str path, XML_StartElementHandler start, XML_EndElementHandler end,
                        XML_CharacterDataHandler text)
{
  const char *name = str_cstr(b->a, path);
  zip_file_t *f = b->code == OK && name ? zip_fopen(b->zip, name, 0) : NULL;
  if (b->code == OK && !f)
    b->code = INVALID;
  if (b->code != OK)
    return;
  b->parser = XML_ParserCreate(NULL);
  if (!b->parser)
    b->code = OOM;
  if (b->parser) {
    XML_SetUserData(b->parser, b);
    XML_SetElementHandler(b->parser, start, end);
    XML_SetCharacterDataHandler(b->parser, text);
    XML_SetStartDoctypeDeclHandler(b->parser, no_doctype);
    feed(b, f);
    XML_ParserFree(b->parser);
    b->parser = NULL;
  }
  zip_fclose(f);
}

/* ---- which sheet ---------------------------------------------------------------------------------------------------------- */

static void book_start(void *data, const XML_Char *name, const XML_Char **list)
{
  struct book *b = data;
  const char *tag = local(name);
  if (strcmp(tag, "workbookPr") == 0) {
    const char *base = attribute(list, "date1904");
    b->from_1904 = strcmp(base, "1") == 0 || strcmp(base, "true") == 0;
  }
  if (strcmp(tag, "sheet") == 0 && !b->sheet_id.n && strstr(attribute(list, "state"), "idden") == NULL)
    b->sheet_id = str_copy(b->a, str_from(attribute(list, "id")));
}

/* Targets are told from the root or from xl/. */
static struct str target(struct book *b, const char *t)
{
  return t[0] == '/' ? str_copy(b->a, str_from(t + 1)) : str_printf(b->a, "xl/%s", t);
}

static void relations_start(void *data, const XML_Char *name, const XML_Char **list)
{
  struct book *b = data;
  const char *to = attribute(list, "Target");
  struct str type = str_from(attribute(list, "Type"));
  if (strcmp(local(name), "Relationship") != 0 || !*to)
    return;
  if (str_is(b->sheet_id, attribute(list, "Id")))
    b->sheet_path = target(b, to);
  if (str_ends(type, S("/sharedStrings")))
    b->words_path = target(b, to);
  if (str_ends(type, S("/styles")))
    b->styles_path = target(b, to);
}

/* ---- which styles are dates ------------------------------------------------------------------------------------------------ */

/* Numbers of formats that are dates in every Excel, and in a Japanese one (27–36 and 50–58, 和暦 among them). */
static bool is_date_number(int id)
{
  return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) ||
         (id >= 57 && id <= 58);
}

/* A year, a day or an era outside of quotes, brackets and escapes. */
static bool is_date_code(const char *code)
{
  if (strcasecmp(code, "General") == 0)
    return false;
  for (const char *p = code; *p; p++) {
    const char *end = *p == '"' ? strchr(p + 1, '"') : *p == '[' ? strchr(p + 1, ']') : NULL;
    if (end)
      p = end;
    else if ((*p == '\\' || *p == '_' || *p == '*') && p[1])
      p++;
    else if (strchr("yYdDgG", *p) || ((*p == 'e' || *p == 'E') && p[1] != '+' && p[1] != '-'))
      return true;
  }
  return false;
}

static bool is_date_format(const struct book *b, int id)
{
  for (size_t i = 0; i < b->date_formats; i++)
    if (b->date_format[i] == id)
      return true;
  return is_date_number(id);
}

static void styles_start(void *data, const XML_Char *name, const XML_Char **list)
{
  struct book *b = data;
  const char *tag = local(name);
  int id = number(attribute(list, "numFmtId"));
  if (strcmp(tag, "cellXfs") == 0)
    b->in_formats = true;
  if (strcmp(tag, "numFmt") == 0 && b->date_formats < STYLES_MOST && is_date_code(attribute(list, "formatCode")))
    b->date_format[b->date_formats++] = id;
  if (strcmp(tag, "xf") == 0 && b->in_formats && b->styles < STYLES_MOST)
    b->date_style[b->styles++] = is_date_format(b, id);
}

static void styles_end(void *data, const XML_Char *name)
{
  struct book *b = data;
  if (strcmp(local(name), "cellXfs") == 0)
    b->in_formats = false;
}

/* ---- texts ------------------------------------------------------------------------------------------------------------------- */

static void text_begin(struct book *b)
{
  buf_init(&b->text, b->a, CELL_MOST);
}

static void text_piece(void *data, const XML_Char *s, int n)
{
  struct book *b = data;
  if (!b->in_text || b->in_ruby)
    return;
  buf_add(&b->text, (struct str){s, (size_t)n});
  if (b->text.failed)
    stop(b, arena_failed(b->a) ? OOM : LIMIT);
}

/* Excel writes a carriage return as _x000D_. */
static struct str text_take(struct book *b)
{
  struct str s = str_copy(b->a, buf_str(&b->text)), mark = S("_x000D_");
  struct buf out;
  if (!str_contains(s, mark))
    return s;
  buf_init(&out, b->a, CELL_MOST);
  while (s.n) {
    const char *at = memmem(s.p, s.n, mark.p, mark.n);
    size_t n = at ? (size_t)(at - s.p) : s.n;
    buf_add(&out, str_sub(s, 0, n));
    s = str_sub(s, at ? n + mark.n : n, s.n);
  }
  return buf_str(&out);
}

static void words_start(void *data, const XML_Char *name, const XML_Char **list)
{
  struct book *b = data;
  const char *tag = local(name);
  if (strcmp(tag, "si") == 0)
    text_begin(b);
  b->in_ruby += strcmp(tag, "rPh") == 0;
  b->in_text = strcmp(tag, "t") == 0;
}

static void words_add(struct book *b, struct str s)
{
  struct words *w = &b->words;
  if (w->n == w->room) {
    size_t room = w->room ? 2 * w->room : 256;
    w->at = arena_grow(b->a, w->at, w->room * sizeof *w->at, room * sizeof *w->at);
    w->room = room;
  }
  if (w->at)
    w->at[w->n++] = s;
  else
    stop(b, OOM);
}

static void words_end(void *data, const XML_Char *name)
{
  struct book *b = data;
  const char *tag = local(name);
  b->in_ruby -= strcmp(tag, "rPh") == 0;
  b->in_text = false;
  if (strcmp(tag, "si") == 0)
    words_add(b, text_take(b));
}

/* ---- cells -------------------------------------------------------------------------------------------------------------------- */

/* "AB12" is column 27; the row's number stands behind. -1: no such place. */
static int column_of(const char *place)
{
  int column = 0, letters = 0;
  for (; *place >= 'A' && *place <= 'Z' && letters < 4; place++, letters++)
    column = column * 26 + (*place - 'A' + 1);
  return letters && column <= CSV_COLUMNS ? column - 1 : -1;
}

static char type_of(const char *t)
{
  return strcmp(t, "s") == 0 ? 's' : strcmp(t, "inlineStr") == 0 ? 'i' : strcmp(t, "str") == 0 ? 't' : *t ? *t : 'n';
}

static void row_start(struct book *b, const char **list)
{
  int n = number(attribute(list, "r"));
  b->row = n > 0 ? (size_t)n - 1 : b->row + 1;
  b->column = SIZE_MAX;
  b->cells = 0;
}

static void cell_start(struct book *b, const char **list)
{
  const char *place = attribute(list, "r");
  int at = *place ? column_of(place) : (int)(b->column + 1 < CSV_COLUMNS ? b->column + 1 : CSV_COLUMNS);
  if (at < 0 || at >= CSV_COLUMNS) {
    stop(b, LIMIT);
    return;
  }
  b->column = (size_t)at;
  b->type = type_of(attribute(list, "t"));
  b->style = number(attribute(list, "s"));
  text_begin(b);
}

static void sheet_start(void *data, const XML_Char *name, const XML_Char **list)
{
  struct book *b = data;
  const char *tag = local(name);
  if (strcmp(tag, "row") == 0)
    row_start(b, list);
  if (strcmp(tag, "c") == 0)
    cell_start(b, list);
  b->in_ruby += strcmp(tag, "rPh") == 0;
  b->in_text = b->type == 'i' ? strcmp(tag, "t") == 0 : strcmp(tag, "v") == 0;
}

static struct str date_of_serial(const struct book *b, double serial, struct str as_it_is)
{
  if (!(serial >= 1 && serial < SERIAL_MOST))
    return as_it_is;
  struct date base = b->from_1904 ? (struct date){1904, 1, 1} : (struct date){1899, 12, serial < 60 ? 31 : 30};
  return date_iso(b->a, date_add_days(base, (int)serial));
}

/* A number as a person would write it. */
static struct str number_text(const struct book *b, struct str s)
{
  const char *c = str_cstr(b->a, s);
  char *end = NULL;
  double v = c ? strtod(c, &end) : 0;
  bool read = c && end != c && *end == '\0';
  if (!read)
    return s;
  if (b->style >= 0 && (size_t)b->style < b->styles && b->date_style[b->style])
    return date_of_serial(b, v, s);
  bool whole = v > -1e15 && v < 1e15 && (double)(int64_t)v == v;
  return whole ? str_printf(b->a, "%lld", (long long)v) : s;
}

static struct str cell_text(struct book *b)
{
  struct str s = text_take(b);
  if (b->type == 's') {
    int i = number(str_cstr(b->a, s));
    return i >= 0 && (size_t)i < b->words.n ? b->words.at[i] : STR_NONE;
  }
  return b->type == 'n' ? number_text(b, str_trim(s)) : s;
}

/* The guard of csv.h, of a CSV that went through a spreadsheet program. What stands in the cell itself (as xlsx_out() writes it) has none. */
static struct str plain(struct book *b, struct str s)
{
  s = utf8_normalize_newlines(b->a, s);
  return b->type != 'i' && s.n && s.p[0] == '\'' && csv_is_formula(s) ? str_sub(s, 1, s.n) : s;
}

static void cell_end(struct book *b)
{
  struct str s = plain(b, cell_text(b));
  if (!s.n || b->column >= CSV_COLUMNS)
    return;
  if (b->column >= b->cell_room) {
    b->cell = arena_grow(b->a, b->cell, b->cell_room * sizeof *b->cell, CSV_COLUMNS * sizeof *b->cell);
    b->cell_room = CSV_COLUMNS;
  }
  if (!b->cell) {
    stop(b, OOM);
    return;
  }
  while (b->cells <= b->column)
    b->cell[b->cells++] = STR_NONE;
  b->cell[b->column] = s;
}

static void rows_reach(struct book *b, size_t n)
{
  if (n > b->rows) {
    size_t rows = b->rows ? b->rows : 64;
    while (rows < n)
      rows *= 2;
    b->t.row = arena_grow(b->a, b->t.row, b->rows * sizeof *b->t.row, rows * sizeof *b->t.row);
    b->rows = rows;
  }
  while (b->t.row && b->t.n < n)
    b->t.row[b->t.n++] = (struct csv_row){NULL, 0};
}

/* Rows that are empty to the end are none, however far their frames were drawn. */
static void row_end(struct book *b)
{
  if (!b->cells)
    return;
  if (b->row >= LIMIT_CSV_ROWS) {
    stop(b, LIMIT);
    return;
  }
  struct str *cell = arena_array(b->a, b->cells, sizeof *cell);
  if (b->row >= b->t.n)
    rows_reach(b, b->row + 1);
  if (!cell || !b->t.row) {
    stop(b, OOM);
    return;
  }
  memcpy(cell, b->cell, b->cells * sizeof *cell);
  b->t.row[b->row] = (struct csv_row){cell, b->cells};
  b->cells = 0;
}

static void sheet_end(void *data, const XML_Char *name)
{
  struct book *b = data;
  const char *tag = local(name);
  b->in_ruby -= strcmp(tag, "rPh") == 0;
  b->in_text = false;
  if (strcmp(tag, "c") == 0)
    cell_end(b);
  if (strcmp(tag, "row") == 0)
    row_end(b);
}

/* ---- the file ------------------------------------------------------------------------------------------------------------------ */

static void read_book(struct book *b)
{
  b->row = SIZE_MAX;
  read_member(b, S("xl/workbook.xml"), book_start, NULL, NULL);
  read_member(b, S("xl/_rels/workbook.xml.rels"), relations_start, NULL, NULL);
  if (has(b, b->styles_path))
    read_member(b, b->styles_path, styles_start, styles_end, NULL);
  text_begin(b);
  if (has(b, b->words_path))
    read_member(b, b->words_path, words_start, words_end, text_piece);
  b->in_ruby = 0;
  read_member(b, b->sheet_path, sheet_start, sheet_end, text_piece);
}

static enum code say(enum code c, struct err *e)
{
  switch (c) {
  case OK:
    return OK;
  case OOM:
    return err_oom(e);
  case LIMIT:
    return err_set(e, LIMIT, TR("表が大きすぎます。行か列を減らしてください。"));
  default:
    return err_set(
        e, INVALID,
        TR("Excelのファイル(.xlsx)として読めません。パスワードを外して保存し直すか、CSVで保存してください。"));
  }
}

bool xlsx_is(struct str bytes)
{
  return str_starts(bytes, (struct str){"PK\3\4", 4});
}

enum code xlsx_in(struct arena *a, struct str bytes, struct csv_table *ret, struct err *e)
{
  zip_error_t why = {0};
  struct book *b = arena_new_of(a, struct book);
  if (!b)
    return err_oom(e);
  *b = (struct book){.a = a};
  zip_source_t *source = zip_source_buffer_create(bytes.p, bytes.n, 0, &why);
  b->zip = source ? zip_open_from_source(source, ZIP_RDONLY, &why) : NULL;
  if (!b->zip) {
    zip_source_free(source);
    return say(INVALID, e);
  }
  read_book(b);
  zip_discard(b->zip);
  if (b->code == OK && arena_failed(a))
    b->code = OOM;
  if (b->code == OK)
    *ret = b->t;
  return say(b->code, e);
}
