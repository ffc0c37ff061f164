/* account_show.c: one account as an administrator reads it. */
#include "network/account_words.h"

struct showing {
  struct arena *arena;
  const struct reader *who;
  id64 user;
  ts_t now;
  enum standing standing;
  struct doc *memberships;
};

static struct str last_day(const struct showing *s, ts_t until)
{
  return until ? reader_date(s->arena, s->who, date_of_ts(until - 1)) : STR_NONE;
}

static enum code add_membership(void *arg, const struct membership_row *m)
{
  struct showing *s = arg;
  enum role role;
  enum standing standing = account_standing(m, s->now);
  struct str user = id_text(s->arena, s->user), id = id_text(s->arena, m->id);
  struct doc *d = doc_add_map(s->memberships);
  doc_put_str(d, "organization", m->organization_name);
  doc_put_str(d, "role", role_parse(m->role, &role) ? tr(s->who->lang, role_label(role)) : STR_NONE);
  doc_put_str(d, "from", reader_date(s->arena, s->who, date_of_ts(m->from)));
  doc_put_str(d, "until", last_day(s, m->until));
  account_put_state(d, standing, s->who->lang);
  doc_put_bool(d, "can_end", standing != STANDING_OVER);
  doc_put_str(d, "end_href", str_printf(s->arena, "/accounts/%.*s/memberships/%.*s/end", STR_FMT(user), STR_FMT(id)));
  s->standing = standing < s->standing ? standing : s->standing;
  return OK;
}

enum code account_show(struct tx *tx, const struct actor *who, id64 user, struct arena *a, const struct reader *reader,
                       struct doc **ret, struct err *e)
{
  const struct scope *scope = NULL;
  struct account_row row = {0};
  struct showing s = {.arena = a,
                      .who = reader,
                      .user = user,
                      .now = tx_now(tx),
                      .standing = STANDING_OVER,
                      .memberships = doc_list(a)};
  enum code c = access_open_network(tx, who, ACTION_ACCOUNT_LIST, &scope, e);
  if (c == OK)
    c = account_sql_get(tx, user, a, &row, e);
  if (c == OK)
    c = account_sql_memberships(tx, user, add_membership, &s, e);
  if (c != OK)
    return c;
  struct doc *d = doc_map(a);
  doc_put_id(d, "user_id", user);
  doc_put_str(d, "name", row.name);
  doc_put_str(d, "kana", row.kana);
  doc_put_str(d, "login", row.login);
  account_put_state(d, row.disabled ? STANDING_STOPPED : s.standing, reader->lang);
  doc_put_bool(d, "stopped", row.disabled);
  doc_put_str(d, "factor", account_factor_word(reader->lang, row.factor));
  doc_put_str(d, "last", account_last_text(a, reader, row.last));
  doc_put_bool(d, "has_memberships", doc_size(s.memberships) > 0);
  doc_put(d, "memberships", s.memberships);
  *ret = d;
  return OK;
}
