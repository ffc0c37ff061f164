/* consent_sql.h: statements of consents and notices, for this folder alone. */
#ifndef CONSENT_CONSENT_SQL_H
#define CONSENT_CONSENT_SQL_H
#include "consent/consent.h"

struct consent_row {
  id64 id, guardian, author_organization;
  struct str by, authority, notice_version, purposes, how, relation; /* copied into the reader's arena */
  bool refused, heard;
  ts_t from, until, withdrawn_at;
  int64_t rev;
};
/* author: whose record it is; the rest of a consent stays with whoever recorded the whole. */
enum code consent_sql_insert(struct tx *tx, const struct scope *s, id64 id, id64 author, const struct consent_new *n,
                             ts_t from, struct str evidence_sealed, struct err *e) MUST_CHECK;
enum code consent_sql_insert_recipient(struct tx *tx, const struct scope *s, id64 consent,
                                       const struct consent_recipient *r, struct err *e) MUST_CHECK;
enum code consent_sql_get(struct tx *tx, const struct scope *s, id64 id, struct arena *a, struct consent_row *ret,
                          struct err *e) MUST_CHECK;
/* CONFLICT when it was withdrawn already. */
enum code consent_sql_withdraw(struct tx *tx, const struct scope *s, id64 id, struct str how, struct str reason_sealed,
                               struct err *e) MUST_CHECK;
/* The newest consent of the same party that stands now, besides this one: of those the scope's organization recorded or is named in. *ret 0: none.
 * *ret_names: is `organization` among its recipients? */
enum code consent_sql_successor(struct tx *tx, const struct scope *s, const struct consent_row *row, id64 organization,
                                id64 *ret, bool *ret_names, struct err *e) MUST_CHECK;
/* All recipients of one consent, also those the scope's organization is not told of: for what a withdrawal leaves standing. */
enum code consent_sql_terms(struct tx *tx, const struct scope *s, id64 id, struct consent_recipient *ret, size_t room,
                            size_t *ret_count, struct err *e) MUST_CHECK;

/* Witness and place of the paper, sealed; or empty. */
enum code consent_sql_evidence(struct tx *tx, const struct scope *s, id64 id, struct arena *a, struct str *ret_sealed,
                               struct err *e) MUST_CHECK;
struct recipient_row {
  struct consent_row consent;
  id64 organization;
  struct str name; /* of the organization */
  cats_t categories;
};
/* The person's consents with each recipient, newest first: those the scope's organization recorded and those that name it. */
enum code consent_sql_recipients(struct tx *tx, const struct scope *s, struct arena *a, struct recipient_row **ret,
                                 size_t *ret_count, struct err *e) MUST_CHECK;
struct notice_row {
  struct str version, body; /* borrowed */
  ts_t created_at;
};
typedef void (*notice_fn)(void *arg, const struct notice_row *row);
/* All versions, the newest first. */
enum code notice_sql_each(struct tx *tx, notice_fn fn, void *arg, struct err *e) MUST_CHECK;
enum code notice_sql_insert(struct tx *tx, struct str version, struct str body, struct err *e) MUST_CHECK;
enum code notice_sql_newest(struct tx *tx, struct arena *a, struct str *ret_version, struct str *ret_body,
                            struct err *e) MUST_CHECK;
/* Guardians of a form: the authority of one live guardian of the person, or empty. */
enum code consent_sql_guardian_authority(struct tx *tx, const struct scope *s, id64 guardian, struct arena *a,
                                         struct str *ret, struct err *e) MUST_CHECK;
/* Organizations of council and network: list of {id, name, kind}. */
enum code consent_sql_organizations(struct tx *tx, const struct scope *s, struct arena *a, struct doc **ret,
                                    struct err *e) MUST_CHECK;
/* When an organization's people first looked by consent or as receivers: ISO day, or empty. */
enum code consent_sql_first_seen(struct tx *tx, const struct scope *s, id64 organization, struct arena *a,
                                 struct str *ret, struct err *e) MUST_CHECK;
/* When it first had it otherwise, by what the scope's organization sent since somebody agreed: as FAX or on paper, or it took it on by telephone;
 * 0: never. */
enum code consent_sql_first_handed(struct tx *tx, const struct scope *s, id64 organization, ts_t *ret,
                                   struct err *e) MUST_CHECK;
/* Consents that the list's organization recorded and that end before `until`, or ended after `since`, with each recipient for whom the same party has not
 * answered again; the next one to end first, a consent's rows together. */
struct ending_row {
  id64 consent, person, case_id; /* case_id: the person's newest that is not closed */
  struct str number, recipient;  /* borrowed */
  ts_t until;
  bool by_guardian;
};
typedef void (*ending_fn)(void *arg, const struct ending_row *row);
enum code consent_sql_ending(struct tx *tx, const struct scope *list, ts_t since, ts_t until, int limit, ending_fn fn,
                             void *arg, struct err *e) MUST_CHECK;
enum code consent_sql_renewal_days(struct tx *tx, int64_t *ret, struct err *e) MUST_CHECK;
/* The network's rule: of parents with joint custody all agree, not any one; the child's view is heard; a guardian's yes stands against the child's no. */
struct consent_rule {
  bool joint_needs_all, heard_needed, guardian_overrides;
};
enum code consent_sql_rule(struct tx *tx, struct consent_rule *ret, struct err *e) MUST_CHECK;
/* From which instant the person decides alone; 0: not known. */
enum code consent_sql_own_from(struct tx *tx, const struct scope *s, ts_t *ret, struct err *e) MUST_CHECK;

#endif
