/* watch_impl.h: what watch.c gathers and watch_text.c tells. */
#ifndef WEB_WATCH_IMPL_H
#define WEB_WATCH_IMPL_H
#include "mail/mail.h"
#include "web/watch.h"

/* Bytes free below which the disk is a finding: a log (WAL) at its largest, twice. */
#define WATCH_DISK_LEAST ((int64_t)128 << 20)

struct seen_state {
  bool database; /* it answered everything below */
  double ping_seconds;
  int schema, schema_newest, networks;
  int64_t keys_missing, sessions, chains, wrong_heads;
  ts_t newest_event, oldest_checkpoint; /* 0: none */
  struct mail_state mail;
  bool has_disk;
  int64_t disk_free, disk_size;
};
void watch_look(const struct watched *w, struct arena *a, struct seen_state *ret);
void watch_metrics(const struct watched *w, struct request *rq, struct response *rs);

#endif
