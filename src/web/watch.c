/* watch.c: gathers what is told, for both pages; watch_text.c puts it into Prometheus' words. */
#include <sys/statvfs.h>

#include "audit/audit.h"
#include "base/version.h"
#include "network/network.h"
#include "web/watch_impl.h"

/* --- the networks together --- */

enum { NETWORKS = 2000 };

struct ids {
  int count;
  id64 id[NETWORKS];
};

static void note_network(void *arg, id64 id, struct str name)
{
  struct ids *n = arg;
  if (n->count < NETWORKS)
    n->id[n->count++] = id;
}

static enum code list(struct tx *tx, void *arg, struct err *e)
{
  ((struct ids *)arg)->count = 0;
  return network_each(tx, note_network, arg, e);
}

/* The oldest checkpoint is what counts: each network needs one. */
static void take_pulse(struct seen_state *s, const struct audit_pulse *p)
{
  s->chains += p->chains;
  s->wrong_heads += p->wrong;
  if (p->newest > s->newest_event)
    s->newest_event = p->newest;
  if (p->checkpoint < s->oldest_checkpoint)
    s->oldest_checkpoint = p->checkpoint;
}

static enum code look_at_networks(const struct app *app, struct arena *a, struct seen_state *s, struct err *e)
{
  struct ids *n = arena_new_of(a, struct ids);
  if (!n)
    return err_oom(e);
  s->oldest_checkpoint = TS_MAX;
  enum code c = db_read(app->db, &(struct db_who){.service = true}, list, n, e);
  for (int i = 0; i < n->count && c == OK; i++) {
    struct audit_pulse pulse = {0};
    int64_t sessions = 0;
    s->keys_missing += !keyfile_has_network(app->keys, n->id[i]);
    c = audit_pulse(app->db, n->id[i], &pulse, e);
    if (c == OK)
      c = gate_sessions(app->db, n->id[i], &sessions, e);
    take_pulse(s, &pulse);
    s->sessions += sessions;
  }
  s->networks = n->count;
  if (!n->count || s->oldest_checkpoint == TS_MAX)
    s->oldest_checkpoint = 0;
  return c;
}

/* --- the database and its disk --- */

static double seconds_since(const struct timespec *start)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

static void look_at_disk(const struct watched *w, struct arena *a, struct seen_state *s)
{
  struct statvfs v;
  if (!w->folder.n || statvfs(str_cstr(a, w->folder), &v) != 0)
    return;
  s->has_disk = true;
  s->disk_free = (int64_t)v.f_bavail * (int64_t)v.f_frsize;
  s->disk_size = (int64_t)v.f_blocks * (int64_t)v.f_frsize;
}

void watch_look(const struct watched *w, struct arena *a, struct seen_state *s)
{
  struct err e = {0};
  struct timespec start;
  clock_gettime(CLOCK_MONOTONIC, &start);
  s->database = db_ping(w->app->db, &e) == OK;
  s->ping_seconds = seconds_since(&start);
  s->schema_newest = migrate_newest();
  if (s->database)
    s->database = migrate_version(w->app->db, &s->schema, &e) == OK && look_at_networks(w->app, a, s, &e) == OK &&
                  mail_state(w->app->db, &s->mail, &e) == OK;
  look_at_disk(w, a, s);
}

/* --- health as JSON --- */

static struct doc *part(struct doc *checks, const char *name, bool ok, bool *all)
{
  struct doc *d = doc_put_map(checks, name);
  doc_put_bool(d, "ok", ok);
  *all = *all && ok;
  return d;
}

static void put_age(struct doc *d, const char *name, ts_t at, ts_t now)
{
  if (at)
    doc_put_int(d, name, (now - at) / MS_SECOND);
}

/* A mail server that is away is told, and is no reason to start this one anew. */
static void put_mail(struct doc *checks, const struct watched *w, const struct seen_state *s, ts_t now)
{
  bool late = s->mail.oldest && now - s->mail.oldest > MS_HOUR, ignored = true;
  if (!w->app->mail || !s->database)
    return;
  struct doc *mail = part(checks, "mail", !late && !s->mail.failed, &ignored);
  doc_put_int(mail, "waiting", s->mail.waiting);
  doc_put_int(mail, "failed", s->mail.failed);
  put_age(mail, "oldest_seconds", s->mail.oldest, now);
}

static void health(const struct watched *w, struct request *rq, struct response *rs)
{
  struct seen_state s = {0};
  bool all = true;
  ts_t now = clock_now();
  watch_look(w, rq->arena, &s);
  struct doc *root = doc_map(rq->arena);
  doc_put_str(root, "version", S(TSUNAGU_VERSION));
  doc_put_str(root, "engine", db_engine(w->app->db) == DB_SQLITE ? S("sqlite") : S("postgresql"));
  struct doc *checks = doc_put_map(root, "checks");
  doc_put_int(part(checks, "database", s.database, &all), "ms", (int64_t)(s.ping_seconds * 1e3));
  struct doc *schema = part(checks, "schema", s.schema == s.schema_newest, &all);
  doc_put_int(schema, "version", s.schema);
  doc_put_int(schema, "known", s.schema_newest);
  part(checks, "key", s.database && !s.keys_missing, &all);
  struct doc *audit = part(checks, "audit", s.database && !s.wrong_heads, &all);
  doc_put_int(audit, "chains", s.chains);
  put_age(audit, "newest_event_seconds", s.newest_event, now);
  put_age(audit, "oldest_checkpoint_seconds", s.oldest_checkpoint, now);
  if (s.has_disk)
    doc_put_int(part(checks, "disk", s.disk_free >= WATCH_DISK_LEAST, &all), "free_bytes", s.disk_free);
  put_mail(checks, w, &s, now);
  struct doc *box = doc_put_map(root, "sandbox");
  doc_put_int(box, "landlock", w->landlock);
  doc_put_bool(box, "seccomp", w->seccomp);
  doc_put_str(root, "status", all ? S("ok") : S("failing"));
  struct buf b;
  buf_init(&b, rq->arena, 1 << 20);
  json_write(&b, root);
  buf_add_c(&b, '\n');
  rs->status = all ? 200 : 503;
  rs->type = S("application/json");
  rs->body = buf_str(&b);
}

void watch_dispatch(struct request *rq, struct response *rs)
{
  const struct watched *w = rq->app;
  rs->status = 404;
  rs->type = S("text/plain; charset=utf-8");
  rs->body = S("/metrics\n/healthz\n");
  if (rq->method == GET && str_is(rq->path, "/metrics"))
    watch_metrics(w, rq, rs);
  else if (rq->method == GET && str_is(rq->path, "/healthz"))
    health(w, rq, rs);
  response_header(rq, rs, "Cache-Control", S("no-store"));
}
