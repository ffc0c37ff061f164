/* account.c: the rules of accounts and memberships. */
#include "audit/audit.h"
#include "base/utf8.h"
#include "mail/mail.h"
#include "network/account_sql.h"
#include "network/sign_sql.h"

const char *const account_roles[] = {"manager",     "worker",  "clerk", "volunteer",
                                     "coordinator", "auditor", "admin", NULL};

/* Decides, and notes whom it is about beside the decision's own event. */
static enum code admin(struct tx *tx, const struct actor *who, enum action action, id64 object, struct err *e)
{
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, who, action, &s, e);
  if (c == OK && object)
    audit_add(tx, &(struct event){.kind = EVENT_ADMIN,
                                  .action = (int)action,
                                  .user = who->user,
                                  .organization = who->organization,
                                  .membership = who->membership,
                                  .session = who->session,
                                  .object = object,
                                  .role = (int)who->role});
  return c;
}

/* --- joining --- */

static bool joinable(const struct doc *list, struct str id)
{
  for (size_t i = 0; i < doc_size(list); i++)
    if (str_eq(doc_get_str(doc_at(list, i), "id"), id))
      return true;
  return false;
}

static ts_t start_of(struct tx *tx, struct date day)
{
  ts_t at = date_start_ts(day);
  return at > tx_now(tx) ? at : tx_now(tx);
}

static ts_t end_of(struct date last)
{
  return date_known(last) ? date_start_ts(date_add_days(last, 1)) : 0;
}

static enum code join(struct tx *tx, const struct actor *who, const struct membership_new *m, struct err *e)
{
  struct doc *list = NULL;
  id64 id = 0;
  enum code c = account_organizations(tx, STR_NONE, tx_arena(tx), &list, e);
  if (c == OK && !joinable(list, id_text(tx_arena(tx), m->organization)))
    return err_field(e, "organization", TR("所属する機関・団体を選んでください。"));
  if (c == OK && !date_known(m->from))
    return err_field(e, "from", TR("年月日を、すべて入力してください。"));
  if (c == OK)
    c = membership_add(tx, m->user, m->organization, m->role, start_of(tx, m->from), end_of(m->until), &id, e);
  return c == OK ? membership_sql_pledge(tx, id, who->user, m->pledged, e) : c;
}

enum code account_join(struct tx *tx, const struct actor *who, const struct membership_new *m, struct err *e)
{
  struct account_row a = {0};
  enum code c = admin(tx, who, ACTION_ACCOUNT_WRITE, m->user, e);
  if (c == OK)
    c = account_sql_get(tx, m->user, tx_arena(tx), &a, e);
  return c == OK ? join(tx, who, m, e) : c;
}

enum code account_register(struct tx *tx, const struct actor *who, const struct account_new *u,
                           const struct membership_new *m, id64 *ret_user, struct err *e)
{
  struct membership_new first = *m;
  enum code c = admin(tx, who, ACTION_ACCOUNT_WRITE, 0, e);
  if (c == OK)
    c = account_create(tx, u, &first.user, e);
  if (c == OK)
    c = admin(tx, who, ACTION_ACCOUNT_WRITE, first.user, e);
  if (c == OK)
    c = join(tx, who, &first, e);
  if (c == OK)
    *ret_user = first.user;
  return c;
}

enum code account_organizations(struct tx *tx, struct str selected, struct arena *a, struct doc **ret, struct err *e)
{
  struct doc *list = doc_list(a);
  enum code c = account_sql_organizations(tx, selected, a, list, e);
  if (c == OK)
    *ret = list;
  return c;
}

/* --- resetting --- */

/* Whoever was kept out by somebody else's guesses is let in again. */
static enum code forget_tries(struct tx *tx, const struct credential *of, struct err *e)
{
  struct arena *a = tx_arena(tx);
  const struct keyfile *keys = db_app(tx_db(tx));
  enum code c = try_forget(tx, try_key(a, keys, "account", of->login), e);
  return c == OK ? try_forget(tx, try_key(a, keys, "factor", id_text(a, of->user)), e) : c;
}

enum code account_reset(struct tx *tx, const struct actor *who, id64 user, struct str hash, struct err *e)
{
  struct credential now = {0};
  enum code c = admin(tx, who, ACTION_ACCOUNT_WRITE, user, e);
  if (c == OK)
    c = credential_get(tx, user, tx_arena(tx), &now, e);
  if (c == OK)
    c = credential_sql_password(tx, user, hash, 0, e);
  if (c == OK)
    c = session_end_all(tx, user, 0, e);
  return c == OK ? forget_tries(tx, &now, e) : c;
}

enum code account_reset_factor(struct tx *tx, const struct actor *who, id64 user, struct err *e)
{
  struct credential now = {0};
  enum code c = admin(tx, who, ACTION_ACCOUNT_WRITE, user, e);
  if (c == OK)
    c = credential_get(tx, user, tx_arena(tx), &now, e);
  if (c == OK)
    c = credential_sql_factor(tx, user, S("none"), e);
  if (c == OK)
    c = credential_sql_totp(tx, user, STR_NONE, e);
  if (c == OK)
    c = paper_sql_clear(tx, user, e);
  if (c == OK)
    c = session_end_all(tx, user, 0, e);
  return c == OK ? forget_tries(tx, &now, e) : c;
}

enum code account_sign_out(struct tx *tx, const struct actor *who, id64 user, struct err *e)
{
  struct credential now = {0};
  enum code c = admin(tx, who, ACTION_ACCOUNT_WRITE, user, e);
  if (c == OK)
    c = credential_get(tx, user, tx_arena(tx), &now, e);
  return c == OK ? session_end_all(tx, user, 0, e) : c;
}

enum code account_disable(struct tx *tx, const struct actor *who, id64 user, bool disabled, struct err *e)
{
  struct credential now = {0};
  enum code c = admin(tx, who, ACTION_ACCOUNT_WRITE, user, e);
  if (c == OK)
    c = credential_get(tx, user, tx_arena(tx), &now, e);
  if (c == OK)
    c = account_sql_disable(tx, user, disabled, e);
  if (c == OK && disabled)
    c = token_sql_revoke_all(tx, user, e);
  return c == OK ? session_end_all(tx, user, 0, e) : c;
}

/* --- tokens of programs --- */

struct owned {
  own_membership_fn fn;
  void *arg;
};

static enum code pass_on(void *arg, const struct live_membership *m)
{
  const struct owned *o = arg;
  enum role role;
  if (role_parse(m->role, &role))
    o->fn(o->arg, m->id, m->organization, m->organization_name, role);
  return OK;
}

enum code account_live_memberships(struct tx *tx, id64 user, own_membership_fn fn, void *arg, struct err *e)
{
  struct owned o = {fn, arg};
  return membership_sql_live(tx, user, pass_on, &o, e);
}

struct search {
  id64 wanted;
  bool found;
};

static void is_it(void *arg, id64 membership, id64 organization, struct str organization_name, enum role role)
{
  struct search *s = arg;
  s->found = s->found || membership == s->wanted;
}

enum code api_token_create(struct tx *tx, const struct actor *who, const struct token_new *t, id64 *ret, struct err *e)
{
  struct search s = {.wanted = t->membership};
  id64 id = id_new(tx_now(tx));
  enum code c = admin(tx, who, ACTION_ACCOUNT_WRITE, id, e);
  if (c == OK)
    c = account_live_memberships(tx, t->user, is_it, &s, e);
  if (c == OK && !s.found)
    return err_set(e, NOT_FOUND, TR("その所属は、いまありません。"));
  if (c == OK)
    c = token_sql_insert(tx, id, t, e);
  if (c == OK)
    *ret = id;
  return c;
}

enum code api_token_each(struct tx *tx, const struct actor *who, token_fn fn, void *arg, struct err *e)
{
  enum code c = admin(tx, who, ACTION_ACCOUNT_LIST, 0, e);
  return c == OK ? token_sql_each(tx, fn, arg, e) : c;
}

enum code api_token_revoke(struct tx *tx, const struct actor *who, id64 token, struct err *e)
{
  enum code c = admin(tx, who, ACTION_ACCOUNT_WRITE, token, e);
  return c == OK ? token_sql_revoke(tx, token, e) : c;
}

/* --- leaving --- */

struct leaving {
  id64 user, membership;
  struct membership_row it;
  bool another; /* another membership of the user in the organization, not over */
  bool keepers; /* somebody else who may keep accounts */
  bool was_keeper;
  bool successor; /* the wanted successor works there */
  id64 wanted;
  struct arena *arena;
};

static bool may(struct str role_text, enum action action)
{
  enum role role;
  bool allowed = false;
  if (role_parse(role_text, &role))
    (void)role_may(role, action, &allowed);
  return allowed;
}

static enum code look_at_own(void *arg, const struct membership_row *m)
{
  struct leaving *l = arg;
  if (m->id == l->membership) {
    l->it = *m;
    l->it.organization_name = str_copy(l->arena, m->organization_name);
    l->it.role = str_copy(l->arena, m->role);
    l->was_keeper = may(m->role, ACTION_ACCOUNT_WRITE);
  }
  return OK;
}

static enum code look_at_keeper(void *arg, const struct membership_row *m)
{
  struct leaving *l = arg;
  l->keepers = l->keepers || (m->id != l->membership && may(m->role, ACTION_ACCOUNT_WRITE));
  return OK;
}

static enum code look_at_colleague(void *arg, const struct membership_row *m)
{
  struct leaving *l = arg;
  if (m->id != l->membership && m->user == l->user)
    l->another = true;
  if (m->user == l->wanted && m->user != l->user && may(m->role, ACTION_CASE_WRITE))
    l->successor = true;
  return OK;
}

static enum code look(struct tx *tx, struct leaving *l, struct err *e)
{
  l->arena = tx_arena(tx);
  enum code c = account_sql_memberships(tx, l->user, look_at_own, l, e);
  if (c == OK && !l->it.id)
    return err_set(e, NOT_FOUND, NULL);
  if (c == OK)
    c = account_sql_live_memberships(tx, 0, look_at_keeper, l, e);
  return c == OK ? account_sql_live_memberships(tx, l->it.organization, look_at_colleague, l, e) : c;
}

struct handed {
  struct assigned_case it;
  struct handed *next;
};
struct handing {
  struct arena *arena;
  struct handed *first;
};

static enum code note_case(void *arg, const struct assigned_case *a)
{
  struct handing *h = arg;
  struct handed *one = arena_new_of(h->arena, struct handed);
  if (!one)
    return OOM;
  *one = (struct handed){*a, h->first};
  h->first = one;
  return OK;
}

static enum code tell_successor(struct tx *tx, const struct leaving *l, id64 successor, ts_t at, id64 by, struct err *e)
{
  const struct notice n = {.kind = NOTICE_HANDED,
                           .organization = l->it.organization,
                           .thing = l->membership,
                           .at = at,
                           .users = {successor},
                           .whole = ACTION_COUNT,
                           .by = by,
                           .from = at};
  return mail_tell(tx, &n, e);
}

/* All at once, as the half-open times allow: the old assignment ends where the new one begins. */
static enum code hand_over(struct tx *tx, const struct leaving *l, id64 successor, ts_t at, id64 by, struct err *e)
{
  struct handing h = {.arena = tx_arena(tx)};
  enum code c = assigned_sql_each(tx, l->user, l->it.organization, note_case, &h, e);
  if (c == OK)
    c = assigned_sql_end(tx, l->user, l->it.organization, at, e);
  for (const struct handed *one = h.first; c == OK && successor && one; one = one->next)
    c = assigned_sql_insert(tx, &one->it, successor, l->it.organization, at, by, e);
  if (c == OK && successor && h.first)
    c = tell_successor(tx, l, successor, at, by, e);
  return c == OOM ? err_oom(e) : c;
}

static enum code leave_checks(struct tx *tx, const struct leaving *l, struct date last, struct err *e)
{
  if (l->was_keeper && !l->keepers)
    return err_field(e, "until", TR("最後のシステム管理の人です。先に、ほかの人をシステム管理にしてください。"));
  if (!date_known(last) || date_compare(last, date_of_ts(tx_now(tx))) < 0)
    return err_field(e, "until", TR("今日か、これからの日にしてください。"));
  if (l->wanted && !l->successor)
    return err_field(e, "successor", TR("引き継ぐ人を、選びなおしてください。"));
  return OK;
}

enum code account_leave(struct tx *tx, const struct actor *who, id64 user, id64 membership, struct date last,
                        id64 successor, struct err *e)
{
  struct leaving l = {.user = user, .membership = membership, .wanted = successor};
  enum code c = admin(tx, who, ACTION_ACCOUNT_WRITE, membership, e);
  if (c == OK)
    c = look(tx, &l, e);
  if (c == OK)
    c = leave_checks(tx, &l, last, e);
  if (c != OK)
    return c;
  bool now = date_compare(last, date_of_ts(tx_now(tx))) == 0;
  ts_t at = now ? tx_now(tx) : end_of(last);
  if (now)
    c = membership_end(tx, membership, l.it.rev, e);
  else
    c = membership_sql_until(tx, membership, l.it.rev, at, e);
  if (c == OK && !l.another)
    c = hand_over(tx, &l, successor, at, who->user, e);
  return c == OK ? network_bump_facts(tx, e) : c;
}

/* --- stopping --- */

static enum code note_keeper(void *arg, const struct membership_row *m)
{
  bool *kept = arg;
  *kept = *kept || may(m->role, ACTION_ACCOUNT_WRITE);
  return OK;
}

enum code account_stop(struct tx *tx, const struct actor *who, id64 user, struct err *e)
{
  bool kept = false;
  enum code c = account_disable(tx, who, user, true, e);
  if (c == OK)
    c = account_sql_live_memberships(tx, 0, note_keeper, &kept, e);
  if (c == OK && !kept)
    return err_set(e, CONFLICT,
                   TR("最後のシステム管理の人は、止められません。先に、ほかの人をシステム管理にしてください。"));
  return c;
}

/* --- what leaving would mean --- */

struct consequences {
  struct leaving l;
  struct tx *tx;
  struct doc *cases, *successors;
  const struct reader *reader;
  struct arena *arena;
  struct str chosen;
};

static enum code add_case(void *arg, const struct assigned_case *a)
{
  struct consequences *q = arg;
  struct doc *d = doc_add_map(q->cases);
  doc_put_str(d, "number", a->number);
  doc_put_str(d, "text", tr(q->reader->lang, a->lead ? TR("主担当") : TR("担当")));
  return OK;
}

static bool listed(const struct doc *list, id64 user, struct arena *a)
{
  return joinable(list, id_text(a, user));
}

static enum code note_successor(void *arg, const struct membership_row *m)
{
  struct consequences *q = arg;
  if (m->user == q->l.user || !may(m->role, ACTION_CASE_WRITE) || listed(q->successors, m->user, q->arena))
    return OK;
  struct doc *d = doc_add_map(q->successors);
  doc_put_id(d, "id", m->user);
  doc_put_bool(d, "checked", str_eq(q->chosen, id_text(q->arena, m->user)));
  return OK;
}

static enum code name_successors(struct consequences *q, struct err *e)
{
  for (size_t i = 0; i < doc_size(q->successors); i++) {
    struct doc *d = doc_at(q->successors, i);
    id64 user = 0;
    struct str name = STR_NONE, job = STR_NONE;
    (void)doc_get_id(d, "id", &user);
    enum code c = user_name(q->tx, user, q->arena, &name, &job, e);
    if (c != OK)
      return c;
    doc_put_str(d, "name", name);
  }
  return OK;
}

static enum code put_cases(struct consequences *q, struct err *e)
{
  enum code c = q->l.another ? OK : assigned_sql_each(q->tx, q->l.user, q->l.it.organization, add_case, q, e);
  if (c == OK && doc_size(q->cases))
    c = account_sql_live_memberships(q->tx, q->l.it.organization, note_successor, q, e);
  return c == OK ? name_successors(q, e) : c;
}

enum code membership_consequences(struct tx *tx, const struct actor *who, id64 user, id64 membership, struct str chosen,
                                  struct arena *a, const struct reader *reader, struct doc **ret, struct err *e)
{
  struct account_row account = {0};
  enum role role;
  struct consequences q = {.l = {.user = user, .membership = membership},
                           .tx = tx,
                           .cases = doc_list(a),
                           .successors = doc_list(a),
                           .reader = reader,
                           .arena = a,
                           .chosen = chosen};
  enum code c = admin(tx, who, ACTION_ACCOUNT_WRITE, membership, e);
  if (c == OK)
    c = account_sql_get(tx, user, a, &account, e);
  if (c == OK)
    c = look(tx, &q.l, e);
  if (c == OK)
    c = put_cases(&q, e);
  if (c != OK)
    return c;
  struct doc *d = doc_map(a);
  doc_put_id(d, "user_id", user);
  doc_put_id(d, "membership_id", membership);
  doc_put_str(d, "name", account.name);
  doc_put_str(d, "organization", q.l.it.organization_name);
  doc_put_str(d, "role", role_parse(q.l.it.role, &role) ? tr(reader->lang, role_label(role)) : STR_NONE);
  doc_put_bool(d, "has_cases", doc_size(q.cases) > 0);
  doc_put(d, "cases", q.cases);
  doc_put_bool(d, "has_successors", doc_size(q.successors) > 0);
  doc_put(d, "successors", q.successors);
  *ret = d;
  return OK;
}
