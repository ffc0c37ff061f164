#include "consent/stands.h"

#include "consent/consent.h"
#include "gate/handler.h"

struct stands_job {
  struct request *rq;
  id64 consent, organization;
  id64 next, ret_case;
  bool names; /* next names the organization that was asked for */
};

static enum code read_next(struct tx *tx, void *arg, struct err *e)
{
  struct stands_job *job = arg;
  const struct scope *s = NULL;
  enum code c = consent_enter(tx, gate_actor(job->rq), ACTION_CONSENT_WITHDRAW, job->consent, &s, e);
  if (c == OK)
    c = consent_successor(tx, s, job->consent, job->organization, &job->next, &job->names, e);
  return c == OK ? case_newest(tx, s, &job->ret_case, e) : c;
}

static enum code lead_on(const struct stands_job *job, struct response *rs, const char *none, struct err *e)
{
  struct request *rq = job->rq;
  struct str consents = gate_path(rq, "/cases/", job->ret_case, "/consents");
  if (!job->next)
    return gate_done(rq, rs, consents, none, e);
  if (job->organization && !job->names)
    return gate_done(rq, rs, consents, TR("この相手への同意は、もう取り消されています。ほかの同意は、続いています。"),
                     e);
  struct str path = gate_path(rq, "/consents/", job->next, "/withdraw");
  if (job->organization)
    path =
        str_printf(rq->arena, "%.*s?organization=%.*s", STR_FMT(path), STR_FMT(id_text(rq->arena, job->organization)));
  return gate_done(rq, rs, path, TR("もとの同意は、もう取り消されています。いま続いている同意を開きました。"), e);
}

/* Whoever comes by an old address must not think that everything was withdrawn while a part of it stands. */
enum code consent_or_what_stands(struct request *rq, struct response *rs, id64 consent, id64 organization,
                                 const char *none, enum code said, struct err *e)
{
  struct stands_job job = {.rq = rq, .consent = consent, .organization = organization};
  struct err before = *e;
  if (said != CONFLICT || rq->wants_json)
    return said;
  *e = (struct err){0};
  enum code c = gate_read(rq, read_next, &job, e);
  if (c == OK && !job.next && !none) {
    *e = before;
    return said;
  }
  return c == OK ? lead_on(&job, rs, none, e) : c;
}
