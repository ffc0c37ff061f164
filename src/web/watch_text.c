/* watch_text.c: the text format of Prometheus, version 0.0.4. */
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/version.h"
#include "gate/meter.h"
#include "web/watch_impl.h"

static void head(struct buf *b, const char *name, const char *type, const char *help)
{
  buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void gauge(struct buf *b, const char *name, const char *help, double v)
{
  head(b, name, "gauge", help);
  buf_printf(b, "%s %.15g\n", name, v);
}

static void counter(struct buf *b, const char *name, const char *help, double v)
{
  head(b, name, "counter", help);
  buf_printf(b, "%s %.15g\n", name, v);
}

/* --- requests --- */

static void one_count(void *arg, const char *method, const char *route, unsigned status, uint64_t count)
{
  buf_printf(arg, "tsunagu_requests_total{method=\"%s\",route=\"%s\",status=\"%u\"} %llu\n", method, route, status,
             (unsigned long long)count);
}

static void times(struct buf *b, struct meter *m)
{
  static const char name[] = "tsunagu_request_duration_seconds";
  head(b, name, "histogram", "Time from a request's arrival at a worker to its answer.");
  for (int k = 0; k < METER_KINDS; k++) {
    struct meter_times t;
    const char *kind = meter_kind_name((enum meter_kind)k);
    meter_times(m, (enum meter_kind)k, &t);
    for (int i = 0; i < METER_BUCKETS; i++)
      buf_printf(b, "%s_bucket{kind=\"%s\",le=\"%g\"} %llu\n", name, kind, meter_bucket(i),
                 (unsigned long long)t.at_most[i]);
    buf_printf(b, "%s_bucket{kind=\"%s\",le=\"+Inf\"} %llu\n", name, kind, (unsigned long long)t.count);
    buf_printf(b, "%s_sum{kind=\"%s\"} %.9g\n", name, kind, t.sum);
    buf_printf(b, "%s_count{kind=\"%s\"} %llu\n", name, kind, (unsigned long long)t.count);
  }
}

static void requests(struct buf *b, const struct watched *w)
{
  head(b, "tsunagu_requests_total", "counter",
       "Answers by route and status; routes about somebody by their first step.");
  meter_each(w->app->meter, one_count, b);
  times(b, w->app->meter);
}

static void server(struct buf *b, struct http_server *s)
{
  struct http_stats h;
  http_measure(s, &h);
  gauge(b, "tsunagu_connections", "Open connections.", h.connections);
  gauge(b, "tsunagu_requests_active", "Requests under way.", h.active);
  head(b, "tsunagu_workers", "gauge", "Threads that answer.");
  buf_printf(b, "tsunagu_workers{pool=\"normal\"} %d\ntsunagu_workers{pool=\"slow\"} %d\n", h.workers, h.slow_workers);
  head(b, "tsunagu_workers_busy", "gauge", "Of them, at work.");
  buf_printf(b, "tsunagu_workers_busy{pool=\"normal\"} %d\ntsunagu_workers_busy{pool=\"slow\"} %d\n", h.busy,
             h.slow_busy);
  head(b, "tsunagu_requests_queued", "gauge", "Requests that wait for a thread.");
  buf_printf(b, "tsunagu_requests_queued{pool=\"normal\"} %d\ntsunagu_requests_queued{pool=\"slow\"} %d\n", h.queued,
             h.slow_queued);
}

/* --- the database --- */

static void groups(struct buf *b, const struct db_stats *d)
{
  static const char name[] = "tsunagu_writer_group_size";
  uint64_t below = 0;
  head(b, name, "histogram", "Writes that went to disk in one commit.");
  for (int i = 0; i < DB_GROUPS; i++) {
    below += d->groups[i];
    buf_printf(b, "%s_bucket{le=\"%d\"} %llu\n", name, 1 << i, (unsigned long long)below);
  }
  buf_printf(b, "%s_bucket{le=\"+Inf\"} %llu\n%s_sum %llu\n%s_count %llu\n", name, (unsigned long long)below, name,
             (unsigned long long)d->writes, name, (unsigned long long)below);
}

static void database(struct buf *b, const struct watched *w, const struct seen_state *s)
{
  struct db_stats d;
  db_measure(w->app->db, &d);
  gauge(b, "tsunagu_database_up", "1: a read and a write connection answer.", s->database);
  gauge(b, "tsunagu_database_ping_seconds", "A read and a durable write.", s->ping_seconds);
  gauge(b, "tsunagu_pool_connections", "Connections of the pool.", d.pool);
  gauge(b, "tsunagu_pool_busy", "Of them, in use.", d.busy);
  counter(b, "tsunagu_pool_waits_total", "How often a connection was waited for.", (double)d.waits);
  if (db_engine(w->app->db) == DB_SQLITE) {
    gauge(b, "tsunagu_writer_queue", "Writes that wait for the writer.", d.queue);
    groups(b, &d);
  } else {
    counter(b, "tsunagu_write_retries_total", "Writes that ran again after a collision.", (double)d.retries);
  }
  if (s->has_disk) {
    gauge(b, "tsunagu_disk_free_bytes", "Room on the database's disk.", (double)s->disk_free);
    gauge(b, "tsunagu_disk_size_bytes", "Size of the database's disk.", (double)s->disk_size);
  }
}

static void state(struct buf *b, const struct seen_state *s, ts_t now)
{
  enum { FIVE = 5 };
  if (!s->database)
    return; /* not known is not told as 0 */
  gauge(b, "tsunagu_schema_version", "Migrations that the database has.", s->schema);
  gauge(b, "tsunagu_networks", "Networks in the database.", s->networks);
  gauge(b, "tsunagu_keys_missing", "Networks whose keys the key file has not got.", (double)s->keys_missing);
  int64_t fives = (s->sessions + FIVE - 1) / FIVE;
  gauge(b, "tsunagu_sessions", "Sessions in use, of all networks, rounded up to fives.", (double)(fives * FIVE));
  gauge(b, "tsunagu_audit_chains", "Chains of the log that were looked at, the newest of each network.",
        (double)s->chains);
  gauge(b, "tsunagu_audit_heads_wrong", "Of them, those whose head is not their last event.", (double)s->wrong_heads);
  if (s->newest_event)
    gauge(b, "tsunagu_audit_event_age_seconds", "Age of the newest event.",
          (double)(now - s->newest_event) / MS_SECOND);
  gauge(b, "tsunagu_mail_waiting", "Notices that wait to be sent as mail.", (double)s->mail.waiting);
  gauge(b, "tsunagu_mail_failed", "Those that were given up.", (double)s->mail.failed);
  gauge(b, "tsunagu_mail_oldest_seconds", "Age of the oldest that is due.",
        s->mail.oldest ? (double)(now - s->mail.oldest) / MS_SECOND : 0);
  if (s->oldest_checkpoint)
    gauge(b, "tsunagu_audit_checkpoint_age_seconds", "Age of the last checkpoint, of the network where it is oldest.",
          (double)(now - s->oldest_checkpoint) / MS_SECOND);
}

/* --- the process --- */

static void process(struct buf *b, const struct watched *w)
{
  char text[128];
  struct rusage use;
  ssize_t n = w->statm >= 0 ? pread(w->statm, text, sizeof(text) - 1, 0) : -1;
  text[n > 0 ? n : 0] = 0;
  char *second = text + strcspn(text, " "); /* all of it, then what is resident */
  unsigned long long resident = strtoull(second, NULL, 10);
  if (resident)
    gauge(b, "process_resident_memory_bytes", "Resident memory.", (double)resident * (double)sysconf(_SC_PAGESIZE));
  if (getrusage(RUSAGE_SELF, &use) == 0)
    counter(b, "process_cpu_seconds_total", "Processor time.",
            (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
                (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6);
  gauge(b, "process_start_time_seconds", "When the process began, since 1970.", (double)w->started / MS_SECOND);
  head(b, "tsunagu_build_info", "gauge", "Version and engine.");
  buf_printf(b, "tsunagu_build_info{version=\"%s\",engine=\"%s\"} 1\n", TSUNAGU_VERSION,
             db_engine(w->app->db) == DB_SQLITE ? "sqlite" : "postgresql");
  head(b, "tsunagu_sandbox", "gauge", "What holds of the sandbox: version of Landlock, 1 for the filter.");
  buf_printf(b, "tsunagu_sandbox{part=\"landlock\"} %d\ntsunagu_sandbox{part=\"seccomp\"} %d\n", w->landlock,
             w->seccomp);
}

void watch_metrics(const struct watched *w, struct request *rq, struct response *rs)
{
  struct seen_state s = {0};
  struct buf b;
  watch_look(w, rq->arena, &s);
  buf_init(&b, rq->arena, 1 << 20);
  requests(&b, w);
  server(&b, w->server);
  database(&b, w, &s);
  state(&b, &s, clock_now());
  process(&b, w);
  rs->status = b.failed ? 503 : 200;
  rs->type = S("text/plain; version=0.0.4; charset=utf-8");
  rs->body = buf_str(&b);
}
