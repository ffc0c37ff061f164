/* directory.h: つなぎ先 — organizations of the network and outside places, their services, and how to choose among them. After HSDS 3.0:
 * a service of an organization, at locations, with phones, schedules (hours as prose), contacts. Holds no personal data of supported
 * persons. An organization with a live membership in the council or the open network has accounts and is marked 「ネットワークの機関」;
 * any other place answers by telephone or on paper. */
#ifndef DIRECTORY_DIRECTORY_H
#define DIRECTORY_DIRECTORY_H
#include "access/scope.h"
#include "base/doc.h"
#include "view/csv.h"
#include "view/reader.h"

/* The twelve concerns of the つなぐシート, by their codes there; i in 0..11. */
enum { CONCERNS = 12 };
extern const char *const directory_concern_codes[CONCERNS + 1]; /* "illness" … "other"; ends with NULL */
const char *directory_concern_label(int i);                     /* catalog id */
bool directory_concern_parse(struct str code, int *ret);
/* Kinds of organizations: organization.kind. The label of an unknown code is 「そのほか」. */
extern const char *const directory_kind_codes[]; /* ends with NULL */
const char *directory_kind_label(struct str code);
/* 「ネットワークの機関」 for a member, else how it answers. */
const char *directory_circle_label(struct str circle, bool member);

enum directory_view { DIRECTORY_ALL, DIRECTORY_COUNCIL, DIRECTORY_NETWORK, DIRECTORY_OUTSIDE, DIRECTORY_VIEWS };

struct directory_query {
  struct str
      words; /* all must be found (at most DIRECTORY_WORDS of them count), in any spelling: kana, width and case do not matter */
  struct str concern; /* code; empty: any */
  struct str place;   /* town, part of an address, building */
  struct str kind;    /* code; empty: any */
  enum directory_view view;
  struct str cursor; /* `cursor` of the page before; empty: from the start */
};
enum { DIRECTORY_WORDS = 4 };

/* A page of organizations, members first, for choosing a receiver and for the directory's list:
 * {organizations[] {id, href, name, kana, kind, area, what, phone, dial, hours, circle, member}, has_organizations, found (number of all),
 *  counts[4] by view, has_more, cursor}. The scope is for DIRECTORY_READ (or any other action about the network). NOT_FOUND for a cursor
 * that is none. */
enum code directory_find(struct tx *tx, const struct scope *s, const struct directory_query *q,
                         const struct reader *who, struct arena *a, struct doc **ret, struct err *e) MUST_CHECK;
/* All that are found, as a table with its heads; the cursor does not count. LIMIT beyond DIRECTORY_FILE. */
enum { DIRECTORY_FILE = 20000 };
enum code directory_table(struct tx *tx, const struct scope *s, const struct directory_query *q,
                          const struct reader *who, struct arena *a, struct csv_table *ret, struct err *e) MUST_CHECK;
/* One organization: the document of templates/directory_show, less what only the page knows (who may edit). */
enum code directory_show(struct tx *tx, const struct scope *s, id64 organization, const struct reader *who,
                         struct arena *a, struct doc **ret, struct err *e) MUST_CHECK;

/* ---- by hand (scope for DIRECTORY_WRITE) ---- */
/* Telephones: one a line, 内線 and a remark behind; INVALID where one is not whole. */
struct directory_reach {
  struct str phone, fax, address, place, hours;
};
struct directory_organization {
  struct str name, kana, kind, circle, description, url, email, department;
  struct directory_reach reach; /* of the organization itself */
};
struct directory_service {
  struct str name, description, eligibility, fees, application, alert;
  struct directory_reach reach;
  uint32_t concerns; /* bits by directory_concern_codes */
  bool closed;       /* for the time being */
  bool assured;      /* somebody has asked today */
};
/* id 0: a new one; else the one of that `rev`, CONFLICT when somebody was faster. An edited service is left alone by imports. */
enum code directory_save_organization(struct tx *tx, const struct scope *s, id64 id, int64_t rev,
                                      const struct directory_organization *o, id64 *ret_id, struct err *e) MUST_CHECK;
enum code directory_save_service(struct tx *tx, const struct scope *s, id64 organization, id64 id, int64_t rev,
                                 const struct directory_service *v, id64 *ret_id, struct err *e) MUST_CHECK;
/* What stands there, by the names of the form's fields and `rev`: of the organization, or of one of its services. */
enum code directory_values(struct tx *tx, const struct scope *s, id64 organization, id64 service, struct arena *a,
                           struct doc **ret, struct err *e) MUST_CHECK;

/* Makes the organization's line and search text anew: after every change of its services, phones, locations, schedules. */
enum code directory_refresh(struct tx *tx, id64 organization, struct err *e) MUST_CHECK;

#endif
