/* pages.h: what the handlers of this folder share. */
#ifndef NETWORK_PAGES_H
#define NETWORK_PAGES_H
#include "gate/handler.h"
#include "network/sign.h"

/* Where the reader wanted to go before signing in came between; a path of ours, else /today. */
struct str sign_next(const struct request *rq);
/* A new session token and its hash, both in the request's arena. */
struct str sign_token(struct request *rq, struct str *ret_hash);
/* "Windows の Chrome" and the address, from what session_device() made. */
void put_device(struct request *rq, struct doc *d, struct str device);
/* A code to be copied by hand, in capitals: in small letters a and q look alike. */
struct str capitals(struct arena *a, struct str code);
/* "きのう 10:02" */
struct str moment_text(const struct request *rq, ts_t at);

#endif
