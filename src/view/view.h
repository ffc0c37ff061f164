/* view.h: how one document becomes a page. Mustache templates, catalogs, assets, all inside the binary (a developer's
 * `serve --dev` reads them from the tree). Nothing here knows what a person is. */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H
#include "base/doc.h"
#include "base/err.h"

enum lang { LANG_JA, LANG_EN, LANG_COUNT };
const char *lang_code(enum lang l); /* "ja", "en" */

/* --- catalogs ------------------------------------------------------------------------------------------------- */
/* The id of a sentence is the Japanese sentence itself; locale/en/<folder>.po hold the English. An id without translation is shown
 * as it is and fails the catalog test, as does a translation nobody uses. */
struct str tr(enum lang l, const char *id);
struct str tr_str(enum lang l, struct str id);
/* %1 %2 %3 replaced. In a translation "%1 {body|bodies}" takes the first word where the argument before it is 1. */
struct str tr_args(struct arena *a, enum lang l, const char *id, struct str a1, struct str a2, struct str a3);
/* Message of an error with its arguments. */
struct str tr_err(struct arena *a, enum lang l, const struct err *e);

/* --- templates ------------------------------------------------------------------------------------------------ */
/* Mustache: {{x}} escaped, {{#x}} {{^x}} {{/x}} {{>partial}} {{!}} and set delimiters, dotted names, {{.}}.
 * False are null, false, 0, "" and the empty list; everything else is true.
 * Product (strict):
 * - An absent key is an error that names template, line and key; in a dotted name, null.x is null.
 * - Names resolve in the innermost object only: inside {{#rows}} (a list) or {{#person}} (a map) what is outside is out of sight, but
 *   for the root `page` (write {{page.csrf}}). A section on a plain value ({{#may_edit}}, {{#kana}}) changes only {{.}}.
 * - {{_ sentence}} is the catalog's sentence, resolved per language when templates load. With arguments:
 *   {{_ あと%1日、%2件 | days cases.open}}; the keys follow " |", up to three.
 * - No raw output. Attributes are always double-quoted, so that one escaping (& < > " ' ` =) serves text and attributes; a URL
 *   from data does not stand in href/src except as path segments built by features.
 * Conformance (lax): the official cases, with {{{x}}} and {{&x}}. */
enum template_mode { TEMPLATE_STRICT, TEMPLATE_LAX };
typedef bool (*partial_fn)(void *arg, struct str name, struct str *ret_text);

/* Compiles and renders text in one go; for the official cases and for tests. */
enum code template_render_text(struct arena *a, enum template_mode mode, struct str text, partial_fn partial, void *arg,
                               const struct doc *data, struct buf *out, struct err *e) MUST_CHECK;

/* All templates of the product, compiled once per language; a mistake in one, or a partial that does not exist, is FAULT with file and
 * line in the detail. dev_dir: "" or the tree's templates/ (reread with each page, as are forms/ and ui/assets/ beside it).
 * Called once, before there are threads. */
enum code view_load(struct str dev_dir, struct err *e) MUST_CHECK;
/* "case_show" is templates/case_show.mustache. The root document is `data`; `page` is what the layout needs (gate fills it):
 * title, lang, csrf, nav, actor, notice … A page template is wrapped by templates/layout.mustache ({{> content}} by name is not
 * standard: the layout contains {{{content}}}, the one raw place, filled by the renderer itself). */
/* Output beyond LIMIT_PAGE is LIMIT. */
enum code view_page(struct arena *a, enum lang l, const char *name, const struct doc *data, const struct doc *page,
                    struct buf *out, struct err *e) MUST_CHECK;

/* --- assets --------------------------------------------------------------------------------------------------- */
struct asset {
  const char *path; /* "/assets/app.3f2a91c0.css": content hash inside */
  const char *name; /* "app.css" */
  const char *type;
  struct str body;
};
size_t asset_count(void);
const struct asset *asset_at(size_t i);
const struct asset *asset_by_path(struct str path);
/* Every file below ui/assets is one. In .css, .js, .svg, .html and .webmanifest files write "/assets/fonts/x.woff2": the build puts
 * the hashed path there and refuses a name that does not exist. With --dev paths carry no hash and changed files are reread. */
/* In templates: {{page.asset.app_css}} for app.css (fonts left out); page.asset is this map, shared and read-only. */
struct doc *asset_doc(struct arena *a);

/* --- files of the product: forms and templates by name, e.g. "forms/tsunagu-sheet.json" */
bool builtin_file(struct str name, struct str *ret_body);

#endif
