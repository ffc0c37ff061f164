/* sender.c: the thread that sends what waits. A mail is claimed in one commit, handed to the server with no transaction open, and told done
 * in another: of two processes one claims it, and one that dies in between leaves a claim that ends by itself. */
#include <pthread.h>

#include "access/scope.h"
#include "base/limits.h"
#include "base/log.h"
#include "crypto/secret.h"
#include "mail/mail_impl.h"

enum { POLL_SECONDS = 5 };

struct mail_sender {
  struct db *db;
  const struct mail_settings *settings;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t wake;
  bool stop;
};

/* One mail on its way. */
struct job {
  struct arena *a;
  const struct mail_settings *settings;
  struct mail_due due;
  struct str message;
  struct letter letter;
  int64_t tries;
  ts_t created;
  bool mine;
  const char *state, *why;
  ts_t wait;
};

/* ---- claiming ------------------------------------------------------------------------------------------------------- */

/* What must still hold of its reader: the membership, the role, and where it is about somebody that he may still be seen. */
static enum code may_know(struct tx *tx, const struct mail_due *d, const struct mail_row *row, bool *ret, struct err *e)
{
  static const enum action asked[NOTICE_COUNT] = {
      [NOTICE_HANDED] = ACTION_CASE_LIST,     [NOTICE_EMERGENCY] = ACTION_CONNECTION_ASSIGN,
      [NOTICE_RELEASE] = ACTION_CONCEAL_OPEN, [NOTICE_RELEASED] = ACTION_CONCEAL_OPEN,
      [NOTICE_HOLDER] = ACTION_CONCEAL_OPEN,  [NOTICE_TEST] = ACTION_SESSION_OWN};
  const struct actor who = {.role = row->role,
                            .network = tx_network(tx),
                            .user = d->user,
                            .membership = row->membership,
                            .organization = row->organization,
                            .second_factor = true,
                            .session_from = tx_now(tx) - 1,
                            .session_until = tx_now(tx) + 1};
  struct err hidden = {0};
  struct access_view view = {0};
  const struct scope *s = NULL;
  bool allowed = false;
  enum action action = asked[row->kind] ? asked[row->kind] : ACTION_CONNECTION_LIST;
  (void)role_may(row->role, action, &allowed);
  *ret = false;
  if (!allowed)
    return OK;
  enum code c = access_open_network(tx, &who, ACTION_SESSION_OWN, &s, &hidden);
  if (c == NOT_FOUND || c == DENIED)
    return OK;
  if (c == OK && row->person)
    c = access_views(tx, s, &row->person, 1, &view, &hidden);
  if (c != OK)
    *e = hidden;
  *ret = c == OK && (!row->person || (view.own | view.others));
  return c;
}

static enum code gather(struct tx *tx, struct job *job, const struct mail_reader *reader, struct err *e)
{
  struct mail_rows *rows = arena_new_of(tx_arena(tx), struct mail_rows);
  if (!rows)
    return err_oom(e);
  enum code c = mail_sql_rows(tx, job->message, rows, e);
  bool wants = !reader->disabled && reader->preference.address.n && !str_is(reader->preference.how, "off");
  job->letter.kinds = 0;
  for (size_t i = 0; c == OK && i < rows->count; i++) {
    const struct mail_row *row = &rows->list[i];
    bool may = false;
    if (wants)
      c = may_know(tx, &job->due, row, &may, e);
    if (c == OK && !may)
      c = mail_sql_drop(tx, row->id, e);
    if (!may)
      continue;
    job->letter.kinds |= 1u << row->kind;
    job->tries = row->tries > job->tries ? row->tries : job->tries;
    job->created = job->created && job->created < row->created ? job->created : row->created;
  }
  return c;
}

static enum code claim(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct mail_reader reader = {0};
  int64_t changed = 0;
  job->tries = 0;
  job->created = 0;
  enum code c = mail_sql_claim(tx, &job->due, job->message, &changed, e);
  job->mine = c == OK && changed > 0;
  if (!job->mine)
    return c;
  c = mail_sql_reader(tx, job->due.user, &reader, e);
  if (c == OK)
    c = gather(tx, job, &reader, e);
  const char *url = job->settings->url;
  job->letter.to = str_copy(job->a, reader.preference.address);
  job->letter.lang = reader.lang;
  job->letter.at = tx_now(tx);
  job->letter.url = url             ? str_from(url)
                    : reader.host.n ? str_printf(job->a, "https://%.*s", STR_FMT(reader.host))
                                    : STR_NONE;
  return c;
}

/* ---- sending ---------------------------------------------------------------------------------------------------------- */

/* Twice as long with each try. */
static ts_t wait_after(const struct mail_settings *m, int64_t tries)
{
  ts_t wait = m->wait_ms;
  for (int64_t i = 1; i < tries && wait < MAIL_LONGEST_WAIT_MS; i++)
    wait *= 2;
  return wait < MAIL_LONGEST_WAIT_MS ? wait : MAIL_LONGEST_WAIT_MS;
}

static void judge(struct job *job, enum smtp_result result, const char *why)
{
  bool over = job->tries >= MAIL_TRIES || job->created < job->letter.at - (ts_t)MAIL_GIVE_UP_DAYS * MS_DAY;
  job->why = why;
  job->wait = 0;
  job->state = result == SMTP_SENT ? "sent" : result == SMTP_REFUSED || over ? "failed" : "waiting";
  if (strcmp(job->state, "waiting") == 0)
    job->wait = wait_after(job->settings, job->tries);
  if (strcmp(job->state, "failed") == 0)
    log_line(LOG_WARN, "mail_given_up", "why", why, NULL);
}

static enum code finish(struct tx *tx, void *arg, struct err *e)
{
  const struct job *job = arg;
  return mail_sql_done(tx, job->message, job->state, job->why, job->wait ? tx_now(tx) + job->wait : 0, e);
}

static struct str message_id(struct arena *a)
{
  char random[16];
  random_bytes(random, sizeof random);
  return hex_text(a, (struct str){random, sizeof random});
}

/* *ret_down: nothing else need be tried now. */
static enum code send_one(struct db *db, struct job *job, const bool *stop, bool *ret_down, int *ret_sent,
                          struct err *e)
{
  const struct db_who who = {.network = job->due.network, .service = true};
  struct str text = STR_NONE;
  const char *why = "";
  job->message = job->due.message.n ? job->due.message : message_id(job->a);
  enum code c = db_write(db, "mail_claim", &who, claim, job, e);
  if (c != OK || !job->mine || !job->letter.kinds)
    return c;
  job->letter.from = job->settings->from;
  job->letter.message = job->message;
  struct err bad = {0};
  c = letter_write(job->a, &job->letter, &text, &bad);
  enum smtp_result result = SMTP_REFUSED;
  if (c == OK)
    result = smtp_send(job->settings, job->letter.to, text, stop, &why);
  else
    why = "address";
  judge(job, result, why);
  *ret_down = result == SMTP_DOWN;
  *ret_sent += result == SMTP_SENT;
  return db_write(db, "mail_done", &who, finish, job, e);
}

static enum code list_due(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct mail_due_list *list = arena_new_of(tx_arena(tx), struct mail_due_list);
  if (!list)
    return err_oom(e);
  enum code c = mail_sql_due(tx, list, e);
  job->due = c == OK && list->count ? list->list[0] : (struct mail_due){0};
  job->due.message = str_copy(job->a, job->due.message);
  return c;
}

/* One after the other; one that failed is not due any more. */
static enum code round_until(struct db *db, const struct mail_settings *m, const bool *stop, int *ret_sent,
                             struct err *e)
{
  enum { MOST = 500 };
  bool down = false;
  enum code c = OK;
  *ret_sent = 0;
  for (int i = 0; c == OK && i < MOST && !down && !(stop && __atomic_load_n(stop, __ATOMIC_ACQUIRE)); i++) {
    struct arena *a = arena_new(LIMIT_ARENA);
    if (!a)
      return err_oom(e);
    struct job *job = arena_new_of(a, struct job);
    if (job) {
      *job = (struct job){.a = a, .settings = m};
      c = db_read(db, &(struct db_who){.service = true}, list_due, job, e);
    }
    bool more = job && c == OK && job->due.network;
    if (more)
      c = send_one(db, job, stop, &down, ret_sent, e);
    arena_free(a);
    if (!more)
      break;
  }
  return c;
}

enum code mail_round(struct db *db, const struct mail_settings *m, int *ret_sent, struct err *e)
{
  return round_until(db, m, NULL, ret_sent, e);
}

/* ---- the thread ---------------------------------------------------------------------------------------------------------- */

static void sleep_some(struct mail_sender *s)
{
  struct timespec until;
  int64_t seconds = s->settings->wait_ms / MS_SECOND;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += seconds < POLL_SECONDS ? seconds : POLL_SECONDS;
  pthread_mutex_lock(&s->lock);
  if (!s->stop)
    (void)pthread_cond_timedwait(&s->wake, &s->lock, &until);
  pthread_mutex_unlock(&s->lock);
}

static void *run(void *arg)
{
  struct mail_sender *s = arg;
  while (!__atomic_load_n(&s->stop, __ATOMIC_ACQUIRE)) {
    struct err e = {0};
    int sent = 0;
    enum code c = round_until(s->db, s->settings, &s->stop, &sent, &e);
    if (c != OK)
      log_line(LOG_ERROR, "mail", "code", code_name(c), "detail", e.detail, NULL);
    sleep_some(s);
  }
  return NULL;
}

enum code mail_sender_start(struct db *db, const struct mail_settings *m, struct mail_sender **ret, struct err *e)
{
  pthread_condattr_t by_clock;
  struct mail_sender *s = calloc(1, sizeof *s);
  if (!s)
    return err_oom(e);
  *s = (struct mail_sender){.db = db, .settings = m};
  pthread_mutex_init(&s->lock, NULL);
  pthread_condattr_init(&by_clock);
  pthread_condattr_setclock(&by_clock, CLOCK_MONOTONIC);
  pthread_cond_init(&s->wake, &by_clock);
  pthread_condattr_destroy(&by_clock);
  if (pthread_create(&s->thread, NULL, run, s) != 0) {
    pthread_cond_destroy(&s->wake);
    pthread_mutex_destroy(&s->lock);
    free(s);
    return err_oom(e);
  }
  *ret = s;
  return OK;
}

void mail_sender_stop(struct mail_sender *s)
{
  if (!s)
    return;
  pthread_mutex_lock(&s->lock);
  __atomic_store_n(&s->stop, true, __ATOMIC_RELEASE);
  pthread_cond_signal(&s->wake);
  pthread_mutex_unlock(&s->lock);
  pthread_join(s->thread, NULL);
  pthread_cond_destroy(&s->wake);
  pthread_mutex_destroy(&s->lock);
  free(s);
}
