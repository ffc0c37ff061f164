/* network_sql.h: statements of networks, organizations, accounts and memberships, for this folder alone. */
#ifndef NETWORK_NETWORK_SQL_H
#define NETWORK_NETWORK_SQL_H
#include "network/network.h"

enum code network_sql_insert(struct tx *tx, id64 id, const struct network_new *n, struct err *e) MUST_CHECK;
enum code network_sql_insert_host(struct tx *tx, struct str host, struct err *e) MUST_CHECK;
enum code network_sql_insert_rev(struct tx *tx, struct err *e) MUST_CHECK;
enum code network_sql_each(struct tx *tx, void (*fn)(void *arg, id64 id, struct str name), void *arg,
                           struct err *e) MUST_CHECK;
enum code network_sql_name(struct tx *tx, struct arena *a, struct str *ret, struct err *e) MUST_CHECK;
enum code network_sql_bump(struct tx *tx, struct err *e) MUST_CHECK;
/* 0: no row. */
enum code network_sql_epoch(struct tx *tx, int64_t *ret, struct err *e) MUST_CHECK;
enum code network_sql_set_epoch(struct tx *tx, int epoch, struct err *e) MUST_CHECK;
enum code network_sql_insert_notice(struct tx *tx, struct str version, struct str body, struct err *e) MUST_CHECK;
enum code network_sql_insert_form(struct tx *tx, struct str code, struct str version, struct str status,
                                  struct str json, struct err *e) MUST_CHECK;
enum code organization_sql_insert(struct tx *tx, id64 id, const struct organization_new *o, struct str fold,
                                  struct err *e) MUST_CHECK;
enum code organization_sql_stands(struct tx *tx, id64 id, bool *ret, struct err *e) MUST_CHECK;
enum code organization_sql_name(struct tx *tx, id64 id, struct arena *a, struct str *ret, struct err *e) MUST_CHECK;
enum code account_sql_insert(struct tx *tx, id64 id, const struct account_new *u, struct str totp_sealed,
                             struct err *e) MUST_CHECK;
enum code account_sql_name(struct tx *tx, id64 id, struct arena *a, struct str *ret_name, struct str *ret_job,
                           struct err *e) MUST_CHECK;
enum code membership_sql_insert(struct tx *tx, id64 id, id64 user, id64 organization, struct str role, ts_t from,
                                ts_t until, struct err *e) MUST_CHECK;
/* CONFLICT when the row has moved on or has ended already. */
enum code membership_sql_end(struct tx *tx, id64 id, int64_t rev, struct err *e) MUST_CHECK;

#endif
