/* mustache.h: the renderer inside src/view. A template is compiled once into a flat array of nodes and is read-only from then on
 * (but for `place`, a guess), so that any number of threads render it. Rendering allocates nothing but the output. The rules of the two modes stand in view.h. */
#ifndef VIEW_MUSTACHE_H
#define VIEW_MUSTACHE_H
#include "view/view.h"

enum {
  MUSTACHE_NEST = 64,   /* sections inside each other in one template */
  MUSTACHE_DEPTH = 200, /* sections and partials inside each other while rendering */
};

enum node_kind { NODE_TEXT, NODE_VALUE, NODE_RAW, NODE_SECTION, NODE_INVERTED, NODE_PARTIAL, NODE_CONTENT };

struct node {
  enum node_kind kind;
  uint32_t end;  /* of a section: the node behind its last one */
  uint32_t line; /* in the template's file, from 1 */
  uint32_t parts;
  struct str *part;         /* the name at its dots; none for {{.}} */
  _Atomic uint32_t place;   /* strict: where the first part stood in the map that was asked last */
  struct str text;          /* what to write, or the name as it is written */
  struct str indent;        /* of a partial alone on its line */
  struct template *partial; /* set by template_link(), else found by name while rendering */
};

struct template
{
  struct str name;
  struct node *node;
  uint32_t n;
};

struct compile_options {
  enum template_mode mode;
  enum lang lang;
  bool content; /* {{{content}}} is allowed: the layout */
};

/* name is for messages; name and text must outlive the template. FAULT with line and reason in the detail. */
enum code template_compile(struct arena *a, const struct compile_options *o, struct str name, struct str text,
                           struct template **ret, struct err *e) MUST_CHECK;

struct render {
  struct arena *arena; /* for partials that are compiled on the way; else unused */
  enum template_mode mode;
  struct buf *out;
  const struct doc *data;         /* the root */
  const struct doc *page;         /* what `page` means everywhere (strict) */
  const struct template *content; /* what {{{content}}} means */
  partial_fn partial;
  void *arg;
  size_t start; /* bytes that were in `out` before; set by template_render() */
  int depth;
  struct err *e;
};

/* FAULT: a key is absent (template, line and key in the detail). LIMIT: over LIMIT_PAGE or the buffer's cap, or too deep. */
enum code template_render(struct render *r, const struct template *t) MUST_CHECK;

/* & < > " ' ` = as entities: fit for text and double-quoted attributes. */
void html_escape(struct buf *out, struct str s);

#endif
