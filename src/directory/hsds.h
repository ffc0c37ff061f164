/* hsds.h: the directory by the Human Services Data Specification 3.0.1. One table (hsds_schema.c) says every table, field, type and link of
 * the standard; everything else is generic over it. A `hsds_set` is a directory in the flat form of the standard's CSV: records of a kind
 * with their fields by name; JSON as the standard nests it is read into it and made from it.
 *
 * Where it is kept: what tsunagu itself uses (organization, service, place, telephone, hours, contact, concern) are the rows of its own
 * directory; every other field, and the ids that others gave, stand in the one table hsds_record. docs/directory.md tells the mapping.
 *
 * Ids of our own rows are UUIDs (version 8) that hold the row's id and a hash of network and kind, so that they need no table. */
#ifndef DIRECTORY_HSDS_H
#define DIRECTORY_HSDS_H
#include "access/scope.h"
#include "base/doc.h"

enum hsds_kind { /* in the order of the standard's datapackage */
                 HSDS_ORGANIZATION,
                 HSDS_PROGRAM,
                 HSDS_SERVICE,
                 HSDS_ATTRIBUTE,
                 HSDS_SERVICE_AT_LOCATION,
                 HSDS_LOCATION,
                 HSDS_PHONE,
                 HSDS_CONTACT,
                 HSDS_ADDRESS,
                 HSDS_SCHEDULE,
                 HSDS_FUNDING,
                 HSDS_SERVICE_AREA,
                 HSDS_REQUIRED_DOCUMENT,
                 HSDS_LANGUAGE,
                 HSDS_ACCESSIBILITY,
                 HSDS_TAXONOMY_TERM,
                 HSDS_METADATA,
                 HSDS_META_TABLE_DESCRIPTION,
                 HSDS_COST_OPTION,
                 HSDS_ORGANIZATION_IDENTIFIER,
                 HSDS_TAXONOMY,
                 HSDS_KINDS,
                 HSDS_ANY = HSDS_KINDS /* of a reference: to a record of any kind */
};

enum hsds_type { HSDS_TEXT, HSDS_UUID, HSDS_NUMBER, HSDS_DATE, HSDS_TIME, HSDS_DATETIME, HSDS_URI, HSDS_EMAIL };
enum hsds_need {
  HSDS_OPTIONAL,
  HSDS_TABLE,  /* required in tables; in JSON the nesting says it */
  HSDS_KEY,    /* required, may be empty */
  HSDS_FULL,   /* required, never empty */
  HSDS_PARENT, /* required in tables, and the record it names must be there */
};

struct hsds_field {
  const char *name;
  enum hsds_type type;
  enum hsds_need need;
  const char *const *choices; /* NULL: any; ends with NULL */
  bool is_reference;
  enum hsds_kind refers;
};
/* What nests in JSON. A list: records of `kind` whose field `by` holds our id. One object: our field `by` holds its id. */
struct hsds_branch {
  const char *name;
  enum hsds_kind kind;
  const char *by;
  bool list;
};
struct hsds_table {
  const char *name, *path; /* "phone", "phones.csv" */
  const struct hsds_field *fields;
  const struct hsds_branch *branches;
};
extern const struct hsds_table hsds_tables[HSDS_KINDS];
const struct hsds_field *hsds_field(enum hsds_kind kind, struct str name);   /* NULL: none */
const struct hsds_branch *hsds_branch(enum hsds_kind kind, struct str name); /* NULL: none */
bool hsds_kind_parse(struct str code, enum hsds_kind *ret);

/* ---- a set -------------------------------------------------------------------------------------------------------------- */
enum hsds_outcome {
  HSDS_UNREAD,
  HSDS_NEW,
  HSDS_UPDATED,
  HSDS_UNCHANGED,
  HSDS_KEPT, /* edited or deleted by hand here since: left alone */
  HSDS_REFUSED,
  HSDS_OUTCOMES
};

struct hsds_record {
  enum hsds_kind kind;
  struct str id;
  struct doc *fields; /* map by field name: texts and numbers; what is not there is absent */
  /* Of a reading: */
  struct str place;   /* 「phones.csv 3行目」, 「service_full.json の contacts[0].phones[0]」 */
  struct str remarks; /* lines: what is wrong (refused) or was read in a way that a person should know of */
  bool whole;         /* a row of a table or a full object: what it leaves out is not there; else merely mentioned */
  bool tabular;       /* references that are left out are none; in nested JSON they are unsaid */
  bool refused;
  int times; /* how often it stood there */
  enum hsds_outcome outcome;
  /* Of what stands here: */
  id64 local, organization, service; /* the row of our own table; 0: none */
  bool edited;                       /* by hand since it was imported */
  bool gone;                         /* was imported, and deleted by hand: not part of the directory */
  struct hsds_record *next;          /* of its kind */
  struct {
    struct doc *fields;
    struct str remarks;
    bool refused, is;
  } as_read; /* hsds_write() begins with this each time */
};

struct hsds_set {
  struct arena *arena;
  struct hsds_record *first[HSDS_KINDS], *last[HSDS_KINDS];
  size_t count[HSDS_KINDS];
  struct doc *index; /* by kind and id */
  struct doc *
      children; /* by kind, field and id: lists of places in `all`; made when first asked for, of the first `indexed` */
  size_t indexed;
  struct hsds_record **all;
  size_t total, room;
  struct str remarks;  /* about files and columns; lines */
  struct doc *sources; /* list of {title, licence}: whose data it is */
};

struct hsds_set *hsds_set_new(struct arena *a); /* NULL: out of memory */
struct hsds_record *hsds_find(const struct hsds_set *s, enum hsds_kind kind, struct str id);
struct hsds_record *hsds_find_any(const struct hsds_set *s, enum hsds_kind kind_or_any, struct str id);
/* A new record with its id as the first field; NULL when out of memory. There is none of this kind and id. */
struct hsds_record *hsds_add(struct hsds_set *s, enum hsds_kind kind, struct str id);
/* The records of `kind` whose field `by` holds `id`: a list of numbers for hsds_at(). Not while records are still added or changed. */
const struct doc *hsds_children(struct hsds_set *s, enum hsds_kind kind, const char *by, struct str id);
struct hsds_record *hsds_at(const struct hsds_set *s, const struct doc *list, size_t i);
void hsds_put(struct hsds_record *r, const char *field, struct str text); /* nothing for an empty text */
struct str hsds_get(const struct hsds_record *r, const char *field);

/* ---- reading ------------------------------------------------------------------------------------------------------------- */
/* JSON: one object of the standard, a list of them, a page of its API ({contents[]}), or tables ({"phones.csv": [...]}); `kind`: its name
 * where the file does not show it, else empty. CSV: the table is told by the file's name. Bad records are refused one by one and told in
 * `remarks`; INVALID for a text that is none of these. `file`: the name to be shown. */
enum code hsds_read_json(struct hsds_set *s, struct str file, struct str text, struct str kind,
                         struct err *e) MUST_CHECK;
enum code hsds_read_csv(struct hsds_set *s, struct str file, struct str text, struct err *e) MUST_CHECK;
/* One value (text or number) against its field: what would be right, for the report; empty when it is right. */
struct str hsds_check(struct arena *a, const struct hsds_field *f, const struct doc *value);

/* ---- writing ------------------------------------------------------------------------------------------------------------- */
enum hsds_shape {
  HSDS_LINE,    /* its own fields, and single objects with theirs: as in the standard's lists */
  HSDS_NESTED,  /* all of it */
  HSDS_SERVICES /* an organization with its services nested, too */
};
struct doc *hsds_nest(struct hsds_set *s, const struct hsds_record *r, enum hsds_shape shape);
/* One table as CSV: UTF-8, no byte order mark, cells as they are. */
enum code hsds_csv(const struct hsds_set *s, enum hsds_kind kind, struct str *ret, struct err *e) MUST_CHECK;
struct doc *hsds_tabular(const struct hsds_set *s);                       /* {"phones.csv": [...]} */
struct doc *hsds_datapackage(const struct hsds_set *s, struct str title); /* tables that have rows */

/* ---- the directory --------------------------------------------------------------------------------------------------------- */
/* The network's directory; scope for DIRECTORY_READ, or DIRECTORY_WRITE for an import: then with what is `gone`. */
enum code hsds_load(struct tx *tx, const struct scope *s, struct arena *a, struct hsds_set **ret,
                    struct err *e) MUST_CHECK;

struct hsds_report {
  int64_t records, outcomes[HSDS_OUTCOMES], repeated;
};
/* Inside a write, scope for DIRECTORY_WRITE: what was read becomes the directory, record by record; nothing is deleted. hsds_plan() only
 * tells. Outcomes and remarks go into the records of `read`. */
enum code hsds_write(struct tx *tx, const struct scope *s, struct hsds_set *read, struct hsds_report *ret,
                     struct err *e) MUST_CHECK;
enum code hsds_plan(struct tx *tx, const struct scope *s, struct hsds_set *read, struct hsds_report *ret,
                    struct err *e) MUST_CHECK;
void hsds_print(FILE *f, const struct hsds_set *read, const struct hsds_report *r, bool planned);

/* ---- ids ------------------------------------------------------------------------------------------------------------------- */
/* Of a row of ours. */
struct str hsds_uuid(struct arena *a, id64 network, enum hsds_kind kind, id64 id);
/* Made of words: the same words, the same id, in every network. */
struct str hsds_uuid_of(struct arena *a, const char *what, struct str words);
/* 0: none of ours. */
id64 hsds_uuid_local(id64 network, enum hsds_kind kind, struct str uuid);

#endif
