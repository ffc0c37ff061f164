/* form_render.h: between form_render.c (order and nesting) and form_control.c (one control). */
#ifndef FORM_FORM_RENDER_H
#define FORM_FORM_RENDER_H
#include "form/form_internal.h"

struct form_render {
  const struct form_context *c;
  const struct form *f;
  const struct form_veil *veil;
  const struct problem *problems;
  struct doc *blocks;
  const struct doc *worst_values; /* what is marked ◎ of the item being rendered */
  bool leaf2_told;                /* the note about the second leaf stands once */
  bool compact;                   /* in a cell of a table: the label stands in the head */
};

/* Appends a block of that kind; returns its content to be filled. It has what every field has: id, name, label, hint, error … path is that of the map, name that of the field. */
struct doc *form_field_block(const struct form_render *w, const char *kind, const struct form_item *it, struct str path,
                             struct str name);
void form_put_optional(struct doc *map, const char *key, struct str s); /* null when empty */
/* The control of one value (or of a choice, with all that is chosen). */
void form_control(struct form_render *w, const struct form_item *it, struct str path, struct str name,
                  const struct doc *value);

#endif
