/* print.h: a document as pages to print: PDF, A4, pango + cairo, BIZ UDPGothic embedded, text selectable. A feature describes what
 * stands on the paper as a document of blocks and hands it over; fonts, line breaks (禁則), page breaks and footers are done here.
 * The same document gives the same bytes.
 *
 * The root, a map:
 *   title   text: the file's title. Never a name or anything else personal: viewers show it in lists.
 *   blocks  list of blocks, top to bottom
 *   form    "様式第5号", small at the top left                                                         (optional, as all below)
 *   mark    「取扱注意」, boxed at the top right
 *   qr      text of a small code at the right of the first page's head
 *   size    text in points, 10.5 unless given; 12 for readers who want it large
 *   made    ISO text of the moment of printing, for the file's properties
 *   fit     true: a dense sheet, and what runs a little over its page is drawn together until it stands on it; each part between "page"
 *           blocks by itself, never below 78 %. What is longer goes over several pages.
 *   fill    true: a sheet to be written on by hand: boxes and empty rows grow as long as no page is added, so that the paper is used
 *   footer  map: by (who prints), at (when, as text), copy ("2"); each page ends with them and 「1 / 3」
 *
 * The file is tagged (headings, tables, figures) as far as cairo 1.16 can: no texts instead of pictures, no marks for what stands at a
 * page's edges. Check marks are letters in the text (□ ✓ ◎) under the drawn shapes.
 *
 * A TEXT is a string ("\n" breaks the line) or a list of pieces, each a string or one of
 *   {base: "同意", ruby: "どうい"}    ふりがな above; base and ruby stay together
 *   {text: "…", bold: true}
 *   {check: "off" | "on" | "worst", text: "男性"}    ☐ ☑ ◎ drawn as a shape
 *   {pages: true}                      how many pages the paper has
 *
 * Blocks, each a map with `kind`:
 *   title    text TEXT, sub TEXT, side TEXT, small             centred, large; side: small at the right edge of the same line
 *   heading  text TEXT                                        with a bar before it; stays with what follows
 *   text     text TEXT, align "left" | "center" | "right", bold, small, frame (a border around), lines (at least so many in a frame)
 *   fields   items [{label TEXT, value TEXT, span, lines}], columns (2), label_mm (24)
 *            labelled boxes filled row by row; span: how many columns it takes
 *   checks   items [{check, text}], columns (3), frame (true)
 *   table    head [TEXT], rows [[TEXT]], widths [number] (parts of the whole), align ["left" …], empty_rows (to write in by hand)
 *            the head is repeated on each page; a row that does not fit is moved, or cut when it is tall
 *   sign     items [{label, hint}], date (a line 「年 月 日」 first)     to sign by hand
 *   qr       text, caption TEXT, mm (24)                      code at the left, caption beside it
 *   drawing  drawing (of drawing.h), never wider than the page    what it tells stands in the text too: it has no other text for a reading aid
 *   line     a rule                space  mm                   page   begins a new page
 */
#ifndef VIEW_PRINT_H
#define VIEW_PRINT_H
#include "view/view.h"

enum { PRINT_PAGES = 500 }; /* more is LIMIT */

/* FAULT when the document does not follow the rules above: the block's number and what is wrong in the detail. */
enum code print_pdf(struct arena *a, enum lang l, const struct doc *document, struct str *ret_pdf,
                    struct err *e) MUST_CHECK;

/* --- building ---------------------------------------------------------------------------------------------------- */
struct doc *print_new(struct arena *a, const char *title, struct doc **ret_blocks);
struct doc *print_add(struct doc *blocks, const char *kind); /* the new block, a map */
struct doc *print_add_text(struct doc *blocks, const char *kind, struct str text);
/* TEXT from 「｜同意《どうい》を…」: ruby in 《》 belongs to the run of kanji before it, or to all since ｜. For sentences of our own, not
 * for text that somebody typed. */
struct doc *print_ruby(struct arena *a, struct str marked);
/* The piece {base, ruby}; an empty ruby gives the plain string. */
struct doc *print_ruby_piece(struct arena *a, struct str base, struct str ruby);
void print_check(struct doc *pieces, const char *mark, struct str text); /* mark: "off", "on", "worst" */

#endif
