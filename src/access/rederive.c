#include "access/rederive.h"

#include "access/facts.h"
#include "access/facts_sql.h"
#include "access/scope_impl.h"
#include "base/limits.h"

enum { FINDINGS = 1000 }; /* more are counted, not told */

struct rederive_job {
  struct arena *a;
  id64 network;
  struct doc *findings;
  struct rederived sum;
  int64_t log_from;
};

/* One event under judgement; what it needs lives in an arena of its own. */
struct judged {
  struct rederive_job *job;
  struct tx *tx;
  struct arena *scratch;
  id64 chain;
  int64_t seq;
  ts_t at;
  const struct event *ev;
  struct actor who;
};

static void found(struct rederive_job *job, struct str sentence)
{
  if (job->sum.bad++ < FINDINGS)
    doc_add_str(job->findings, sentence);
}

static void finding(const struct judged *j, const char *what)
{
  struct str chain = id_text(j->job->a, j->chain);
  found(j->job, str_printf(j->job->a, "%s chain=%.*s seq=%lld", what, STR_FMT(chain), (long long)j->seq));
}

/* --- who it was ---------------------------------------------------------------------------------------------------- */

/* A request may be under way when its session ends. */
enum { UNDER_WAY_MS = 60000 };

/* An event without a session is of a token, which has both factors, or of the program itself. */
static enum code actor_of(struct judged *j, bool *ret_known, struct err *e)
{
  const struct event *ev = j->ev;
  struct fact_session s = {.known = true, .factor = true};
  enum code c = ev->session ? facts_sql_session(j->tx, ev->session, j->at, &s, e) : OK;
  if (c != OK)
    return c;
  j->who = (struct actor){.role = (enum role)ev->role,
                          .network = j->job->network,
                          .user = ev->user,
                          .membership = ev->membership,
                          .organization = ev->organization,
                          .person = ev->person,
                          .guardian = ev->reason == REASON_GUARDIAN ? ev->reason_ref : 0,
                          .second_factor = s.factor,
                          .session_from = s.from,
                          .session_until = s.ended ? s.ended + UNDER_WAY_MS : s.until,
                          .session = ev->session};
  *ret_known = s.known && (!ev->session || s.user == ev->user);
  if (!*ret_known)
    finding(j, "the session is not there, or somebody else's");
  return OK;
}

/* --- was it permitted ------------------------------------------------------------------------------------------------ */

/* A look through a link that an organization was given. */
static bool by_link(const struct judged *j)
{
  return j->who.role == ROLE_SERVICE && j->who.organization && !j->who.user;
}

static enum code decide(struct judged *j, enum action action, id64 person, struct facts *f, struct decision *ret,
                        struct err *e)
{
  enum code c = facts_load_at(j->tx, j->scratch, &j->who, person, j->ev->fact_rev, f, e);
  struct actor who = j->who;
  if (c == OK && by_link(j))
    c = scope_facts_of_receiver(j->tx, &who, f, e);
  if (c == OK)
    access_decide(&who, action, f, j->at, ret);
  return c;
}

/* The categories of a page's parts, which are actions of their own, are told by the page's event. */
static cats_t with_parts(const struct judged *j, const struct facts *f, const struct decision *page)
{
  struct decision part;
  if (j->ev->action != ACTION_CASE_READ)
    return page->own;
  access_decide(&j->who, ACTION_RECORD_READ, f, j->at, &part);
  return page->own | part.own;
}

static enum code judge_decision(struct judged *j, struct err *e)
{
  const struct event *ev = j->ev;
  struct facts f;
  struct decision d;
  bool about_person = action_about_person((enum action)ev->action);
  enum code c = decide(j, (enum action)ev->action, about_person ? ev->person : 0, &f, &d, e);
  if (c != OK)
    return c;
  const struct reason *why = scope_main_reason(&d);
  if (!d.allowed)
    finding(j, "not permitted by the facts of its revision");
  else if ((int)why->kind != ev->reason || why->ref != ev->reason_ref)
    finding(j, "permitted, but not by what it says");
  else if (ev->person && (ev->categories & ~with_parts(j, &f, &d)))
    finding(j, "more categories than were permitted");
  return OK;
}

/* Whoever stands in a list was seen: the list rests on VISIBLE, which is the engine's yes to PERSON_READ. But an action by which the role
 * sees nothing of a person (the clock of all cases) told of numbers and dates alone. */
static enum code judge_listed(struct judged *j, struct err *e)
{
  struct str ids = j->ev->ids;
  bool may = false;
  enum code c = OK;
  if (role_may(j->who.role, (enum action)j->ev->action, &may) == 0)
    return OK;
  for (size_t i = 0; c == OK && i + 8 <= ids.n; i += 8) {
    struct facts f;
    struct decision d = {0};
    uint64_t person = 0;
    for (size_t k = 0; k < 8; k++)
      person = person << 8 | (unsigned char)ids.p[i + k];
    j->job->sum.persons++;
    c = decide(j, ACTION_PERSON_READ, (id64)person, &f, &d, e);
    if (c == OK && !d.allowed)
      finding(j, "a person in the list was not to be seen at its revision");
  }
  return c;
}

static bool is_look(const struct event *ev)
{
  return ev->kind == EVENT_OPEN || ev->kind == EVENT_LIST || ev->kind == EVENT_SEARCH || ev->kind == EVENT_PRINT ||
         ev->kind == EVENT_EXPORT || ev->kind == EVENT_WRITE;
}

static enum code judge(struct judged *j, struct err *e)
{
  bool known = false;
  enum code c = actor_of(j, &known, e);
  if (c == OK && known)
    c = judge_decision(j, e);
  if (c == OK && known)
    c = judge_listed(j, e);
  return c;
}

/* --- all of them ------------------------------------------------------------------------------------------------------ */

struct walk {
  struct tx *tx;
  struct rederive_job *job;
  struct arena *scratch;
};

static enum code walk_event(void *arg, id64 chain, int64_t seq, ts_t at, const struct event *ev, struct str hash,
                            struct err *e)
{
  struct walk *w = arg;
  struct judged j = {.job = w->job, .tx = w->tx, .scratch = w->scratch, .chain = chain, .seq = seq, .at = at, .ev = ev};
  (void)hash;
  if (!is_look(ev))
    return OK;
  if (ev->fact_rev < w->job->log_from) {
    w->job->sum.before++;
    return OK;
  }
  w->job->sum.looks++;
  enum code c = judge(&j, e);
  arena_reset(w->scratch);
  return c;
}

static void note_astray(void *arg, int64_t kind, id64 row)
{
  struct rederive_job *job = arg;
  struct str id = id_text(job->a, row);
  found(job, str_printf(job->a, "a fact is not what its log says: kind=%lld id=%.*s", (long long)kind, STR_FMT(id)));
}

static enum code rederive_all(struct tx *tx, void *arg, struct err *e)
{
  struct rederive_job *job = arg;
  struct arena *scratch = arena_new(LIMIT_ARENA);
  if (!scratch)
    return err_oom(e);
  struct walk w = {.tx = tx, .job = job, .scratch = scratch};
  enum code c = facts_sql_log_from(tx, &job->log_from, e);
  if (c == OK)
    c = facts_sql_astray(tx, note_astray, job, e);
  if (c == OK)
    c = audit_each(tx, walk_event, &w, e);
  arena_free(scratch);
  return c;
}

enum code access_rederive(struct db *db, id64 network, struct arena *a, struct doc **ret_findings,
                          struct rederived *ret, struct err *e)
{
  struct db_who who = {.network = network, .service = true};
  struct rederive_job job = {.a = a, .network = network, .findings = doc_list(a)};
  enum code c = db_read(db, &who, rederive_all, &job, e);
  if (c == OK && arena_failed(a))
    c = err_oom(e);
  if (c != OK)
    return c;
  *ret_findings = job.findings;
  *ret = job.sum;
  return OK;
}
