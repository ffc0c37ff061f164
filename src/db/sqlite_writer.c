/* sqlite_writer.c: the one thread that writes to a SQLite database. Whatever has queued up while the last commit went to disk
 * becomes one group: BEGIN IMMEDIATE, each member in a savepoint, COMMIT, and only then everybody is woken. If the group
 * fails as a whole (full disk, a member that ended the transaction), its members run again one by one, so that none
 * suffers for another. */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>

#include "db/sqlite.h"

enum { GROUP_MAX = 256, CHECKPOINT_PAGES = 1000 };

/* Lives on the stack of the thread that waits for it. */
struct job {
  struct job *next;
  const struct db_who *who;
  tx_fn fn;
  raw_fn raw; /* instead of fn: runs alone and outside of a transaction */
  void *arg;
  struct err *e;
  enum code code;
  sem_t done;
};

struct sq_writer {
  struct db *db;
  struct sq_conn *conn;
  int lock;
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t work;
  struct job *first, **last;
  int queued;
  uint64_t writes, groups[DB_GROUPS];
  bool stopping;
  int log_pages, checkpoint_at; /* length of the log after the last commit; the length that calls for a checkpoint */
};

/* --- members ------------------------------------------------------------------------------------------------ */

static enum code run_fn(struct sq_writer *w, struct job *j)
{
  struct tx tx;
  tx_start(&tx, w->db, w->conn, w->conn->arena, j->who, true);
  enum code c = tx_run(&tx, j->fn, j->arg, j->e);
  sq_conn_tidy(w->conn);
  arena_reset(w->conn->arena);
  return c;
}

static bool in_transaction(const struct sq_writer *w)
{
  return !sqlite3_get_autocommit(w->conn->h);
}

/* One member in its savepoint. A code that is returned means that the group as a whole is lost; the member's own result
 * stands in its job. */
static enum code run_member(struct sq_writer *w, struct job *j)
{
  struct err e = {0};
  for (int attempt = 1;; attempt++) {
    enum code c = sq_control(w->conn, CONTROL_SAVE, &e);
    if (c != OK)
      return c;
    j->code = run_fn(w, j);
    if (!in_transaction(w))
      return IO;
    if (j->code != OK && (c = sq_control(w->conn, CONTROL_UNDO, &e)) != OK)
      return c;
    if ((c = sq_control(w->conn, CONTROL_RELEASE, &e)) != OK)
      return c;
    if (j->code != RETRY || attempt == WRITE_ATTEMPTS)
      return OK;
  }
}

static void roll_back(struct sq_writer *w)
{
  struct err ignored;
  if (in_transaction(w))
    (void)!sq_control(w->conn, CONTROL_ROLLBACK, &ignored);
}

/* A member in a transaction of its own. */
static enum code run_single(struct sq_writer *w, struct job *j)
{
  enum code c = RETRY;
  for (int attempt = 0; c == RETRY && attempt < WRITE_ATTEMPTS; attempt++) {
    c = sq_control(w->conn, CONTROL_BEGIN_WRITE, j->e);
    if (c != OK)
      return c; /* busy_timeout has already waited */
    c = run_fn(w, j);
    if (c == OK)
      c = in_transaction(w) ? sq_control(w->conn, CONTROL_COMMIT, j->e)
                            : BUG(j->e, "a write function ended the transaction");
    if (c != OK)
      roll_back(w);
  }
  return c;
}

/* --- groups ------------------------------------------------------------------------------------------------- */

/* The members between BEGIN and COMMIT; a code other than OK is the whole group's. */
static enum code run_together(struct sq_writer *w, struct job *first)
{
  struct err e = {0};
  enum code c = OK;
  for (struct job *j = first; j && c == OK; j = j->next)
    c = run_member(w, j);
  if (c == OK)
    c = sq_control(w->conn, CONTROL_COMMIT, &e);
  if (c != OK)
    roll_back(w);
  return c;
}

static void run_singly(struct sq_writer *w, struct job *first)
{
  for (struct job *j = first; j; j = j->next)
    j->code = run_single(w, j);
}

static void run_jobs(struct sq_writer *w, struct job *first)
{
  struct err e = {0};
  roll_back(w); /* one that had failed to end */
  if (first->raw)
    first->code = first->raw(w->db, w->conn, first->arg, first->e);
  else if (!first->next)
    run_singly(w, first); /* NOLINT(bugprone-branch-clone): the order of the questions is the meaning */
  else if (sq_control(w->conn, CONTROL_BEGIN_WRITE, &e) != OK) /* busy_timeout has waited once for all of them */
    for (struct job *j = first; j; j = j->next)
      j->code = err_copy(j->e, &e);
  else if (run_together(w, first) != OK)
    run_singly(w, first);
}

static void run_group(struct sq_writer *w, struct job *first)
{
  run_jobs(w, first);
  for (struct job *j = first, *next; j; j = next) {
    next = j->next; /* once woken, the job is gone */
    sem_post(&j->done);
  }
}

/* Nobody waits for this any more. PASSIVE never blocks readers; while one of them keeps the log from starting over, only every
 * so many pages call for another. */
static void checkpoint(struct sq_writer *w)
{
  int pages = w->conn->wal_pages;
  if (pages < w->log_pages)
    w->checkpoint_at = CHECKPOINT_PAGES; /* the log did start over */
  w->log_pages = pages;
  if (pages < w->checkpoint_at || !sq_lock_checkpointer(w->lock))
    return;
  sqlite3_wal_checkpoint_v2(w->conn->h, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
  w->checkpoint_at = pages + CHECKPOINT_PAGES;
  sq_map_rest();
}

/* Cuts off the front of the queue what may run together; raw work runs alone. Called with the mutex held. */
static struct job *take_group(struct sq_writer *w)
{
  struct job *first = w->first, *end = first;
  int n = 1, size = 0;
  for (; n < GROUP_MAX && !first->raw && end->next && !end->next->raw; n++)
    end = end->next;
  while (size < DB_GROUPS - 1 && n > 1 << size)
    size++;
  w->queued -= n;
  w->writes += (uint64_t)n;
  w->groups[size]++;
  w->first = end->next;
  if (!w->first)
    w->last = &w->first;
  end->next = NULL;
  return first;
}

static void *writer_main(void *arg)
{
  struct sq_writer *w = arg;
  pthread_mutex_lock(&w->mutex);
  for (;;) {
    while (!w->first && !w->stopping)
      pthread_cond_wait(&w->work, &w->mutex);
    if (!w->first)
      break;
    struct job *group = take_group(w);
    pthread_mutex_unlock(&w->mutex);
    run_group(w, group);
    checkpoint(w);
    pthread_mutex_lock(&w->mutex);
  }
  pthread_mutex_unlock(&w->mutex);
  return NULL;
}

/* --- for callers -------------------------------------------------------------------------------------------- */

enum code sq_writer_start(struct db *db, struct sq_conn *conn, int lock, struct sq_writer **ret, struct err *e)
{
  struct sq_writer *w = calloc(1, sizeof *w);
  if (!w)
    return err_oom(e);
  *w = (struct sq_writer){.db = db, .conn = conn, .lock = lock, .checkpoint_at = CHECKPOINT_PAGES};
  w->last = &w->first;
  pthread_mutex_init(&w->mutex, NULL);
  pthread_cond_init(&w->work, NULL);
  sigset_t all, old; /* signals belong to the main thread */
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  int rc = pthread_create(&w->thread, NULL, writer_main, w);
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  if (rc != 0) {
    free(w);
    return err_oom(e);
  }
  *ret = w;
  return OK;
}

void sq_writer_stop(struct sq_writer *w)
{
  if (!w)
    return;
  pthread_mutex_lock(&w->mutex);
  w->stopping = true;
  pthread_cond_signal(&w->work);
  pthread_mutex_unlock(&w->mutex);
  pthread_join(w->thread, NULL);
  pthread_mutex_destroy(&w->mutex);
  pthread_cond_destroy(&w->work);
  free(w);
}

static enum code submit(struct sq_writer *w, struct job *j)
{
  sem_init(&j->done, 0, 0);
  pthread_mutex_lock(&w->mutex);
  *w->last = j;
  w->last = &j->next;
  w->queued++;
  pthread_cond_signal(&w->work);
  pthread_mutex_unlock(&w->mutex);
  while (sem_wait(&j->done) != 0)
    continue; /* interrupted by a signal */
  sem_destroy(&j->done);
  return j->code;
}

enum code sq_writer_run(struct sq_writer *w, const struct db_who *who, tx_fn fn, void *arg, struct err *e)
{
  return submit(w, &(struct job){.who = who, .fn = fn, .arg = arg, .e = e});
}

enum code sq_writer_raw(struct sq_writer *w, raw_fn fn, void *arg, struct err *e)
{
  return submit(w, &(struct job){.raw = fn, .arg = arg, .e = e});
}

void sq_writer_measure(struct sq_writer *w, struct db_stats *ret)
{
  pthread_mutex_lock(&w->mutex);
  ret->queue = w->queued;
  ret->writes = w->writes;
  memcpy(ret->groups, w->groups, sizeof ret->groups);
  pthread_mutex_unlock(&w->mutex);
}
