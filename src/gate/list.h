/* list.h: what every list has around its rows: heads that sort, selects that filter, pages on and back, the same choice as a file, and
 * a way out of a choice that finds nothing. The choice is the route's own query, whatever its fields hold; nothing else is kept anywhere. */
#ifndef GATE_LIST_H
#define GATE_LIST_H
#include "gate/gate.h"
#include "view/csv.h"

struct list_column {
  const char *word; /* catalog id of its head */
  const char *sort; /* code of the field "sort", "-code" for the other way round; NULL: nobody sorts by it */
  int by;           /* what whoever sorts calls it */
  bool falls;       /* the first press puts the greatest first */
  bool hidden;      /* the head is only heard */
};

struct list_shape {
  const struct list_column *columns; /* ends with a NULL word; NULL: none */
  const char *order;       /* how it stands while nobody has chosen, "code" or "-code"; NULL: by none of the columns */
  const char *place;       /* the field that says where in the list; left out as soon as anything else changes */
  const char *const *kept; /* fields that filter nothing away (a view), besides sort; ends with NULL; NULL: none */
  bool file;     /* the same choice is a CSV at the same path with .csv behind; fields of it: these and `encoding` */
  int page_rows; /* place counts rows that come before, so many a page; 0: it is a cursor, data.cursor the next one */
};

extern const char *const list_encodings[]; /* options of the field "encoding" */

/* How it is to be sorted: `by` of the column, and whether falling. Where nobody has chosen, by shape.order; without one *ret_by stays. */
void list_order(const struct request *rq, const struct list_shape *l, int *ret_by, bool *ret_falls);
/* The address of the present choice at `path` with `name` set to `value`; without the place, unless it is what is set. name NULL: as it is. */
struct str list_href(const struct request *rq, const struct list_shape *l, struct str path, const char *name,
                     struct str value);
/* One more select of part_filters, begun with 「すべて」; `field` is a FIELD_CHOICE or FIELD_ID of the route. Its options follow. */
struct doc *list_filter(struct request *rq, struct doc *data, const char *field, const char *label);
void list_option(const struct request *rq, struct doc *filter, struct str value, struct str word);
/* Puts what part_heads, part_sorts, part_kept, part_pages, part_files and part_nothing read. data.has_more is there. */
void list_put(struct request *rq, struct doc *data, const struct list_shape *l);
/* Masks what is concealed and answers with the table as CSV, in the encoding that was asked for. */
enum code list_file(struct request *rq, struct response *rs, struct csv_table *t, struct str name,
                    struct err *e) MUST_CHECK;

#endif
