/* tree.h: the product's files: templates, forms and assets. They stand in the binary (tables made by gen/embed.c), or, with --dev, in
 * a developer's tree, where a changed file is read again; what was read before stays valid until the process ends. Thread-safe. */
#ifndef VIEW_TREE_H
#define VIEW_TREE_H
#include "view/view.h"

struct embedded {
  struct str name, body;
};

extern const struct embedded embedded_files[]; /* sorted within their folder */
extern const size_t embedded_file_count;
extern const struct asset embedded_assets[];
extern const size_t embedded_asset_count;

/* root: "" for the binary, else the folder that holds templates/, forms/ and ui/assets/. */
enum code tree_use(struct str root, struct err *e) MUST_CHECK;
bool tree_is_dev(void);
bool tree_file(struct str name, struct str *ret_body); /* "templates/x.mustache" */
/* Names below a folder ("templates"), sorted. NULL when there are none. */
struct str *tree_list(struct arena *a, const char *folder, size_t *ret_n);

#endif
