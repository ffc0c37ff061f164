/* files_sql.h: statements of attached files, for this folder alone. */
#ifndef CASEWORK_FILES_SQL_H
#define CASEWORK_FILES_SQL_H
#include "casework/files.h"

struct file_row {
  id64 id, author_organization, author_user, consent; /* consent: 0: none */
  cats_t category;
  enum source source;
  uint32_t marks;
  struct str type, author, organization; /* borrowed for the callback */
  int64_t bytes;
  ts_t at;
  struct str title_sealed;
};
typedef enum code (*file_fn)(void *arg, const struct file_row *row, struct err *e);
enum code file_sql_insert(struct tx *tx, const struct scope *s, id64 case_id, const struct file_row *row,
                          struct err *e) MUST_CHECK;
enum code file_sql_insert_part(struct tx *tx, const struct scope *s, id64 id, id64 file, int part, cats_t category,
                               struct str sealed, struct err *e) MUST_CHECK;
/* With all its parts; of the scope's organization alone. */
enum code file_sql_delete(struct tx *tx, const struct scope *s, id64 file, struct err *e) MUST_CHECK;
/* Of the case within the scope's masks, newest first; `one` 0: all. */
enum code file_sql_each(struct tx *tx, const struct scope *s, id64 case_id, id64 one, file_fn fn, void *arg,
                        struct err *e) MUST_CHECK;
typedef enum code (*file_part_fn)(void *arg, id64 id, struct str sealed, struct err *e);
enum code file_sql_parts(struct tx *tx, id64 file, file_part_fn fn, void *arg, struct err *e) MUST_CHECK;

#endif
