/* asset.h: for view_load() alone. */
#ifndef VIEW_ASSET_H
#define VIEW_ASSET_H
#include "view/view.h"

/* After tree_use(). What it builds lives in `a`. */
enum code asset_load(struct arena *a, struct err *e) MUST_CHECK;

#endif
