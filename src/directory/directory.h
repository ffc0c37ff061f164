/* directory.h: つなぎ先 — organizations of the network and outside places, their services, and how to choose among them. After HSDS 3.0:
 * a service of an organization, at locations, with phones, schedules (hours as prose), contacts. Holds no personal data of supported
 * persons. An organization with a live membership in the council or the open network has accounts and is marked 「ネットワークの機関」;
 * any other place answers by telephone or on paper. */
#ifndef DIRECTORY_DIRECTORY_H
#define DIRECTORY_DIRECTORY_H
#include "access/scope.h"
#include "base/doc.h"
#include "view/reader.h"

/* The twelve concerns of the つなぐシート, by their codes there; i in 0..11. */
enum { CONCERNS = 12 };
const char *directory_concern_code(int i);  /* "illness" … "other" */
const char *directory_concern_label(int i); /* catalog id */
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
/* One organization: the document of templates/directory_show. */
enum code directory_show(struct tx *tx, const struct scope *s, id64 organization, const struct reader *who,
                         struct arena *a, struct doc **ret, struct err *e) MUST_CHECK;
/* Makes the organization's line and search text anew: after every change of its services, phones, locations, schedules. */
enum code directory_refresh(struct tx *tx, id64 organization, struct err *e) MUST_CHECK;

#endif
