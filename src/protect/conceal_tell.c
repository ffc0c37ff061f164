/* conceal_tell.c: who is told when 知ってよい人 change, and when a second person is asked to end a 秘匿. */
#include "protect/conceal_sql.h"

enum { TOLD_MOST = 100, WAITING_MOST = 50 };

struct told {
  struct {
    id64 user, organization;
  } list[TOLD_MOST];
  size_t count;
};

static enum code take(void *arg, id64 user, id64 organization, struct err *e)
{
  struct told *t = arg;
  (void)e;
  if (t->count < TOLD_MOST) {
    t->list[t->count].user = user;
    t->list[t->count++].organization = organization;
  }
  return OK;
}

static enum code tell(struct tx *tx, const struct scope *s, enum notice_kind kind, id64 concealment, id64 thing,
                      id64 also, bool alone, bool managers, struct err *e)
{
  const struct actor *by = scope_actor(s);
  struct told *t = arena_new_of(tx_arena(tx), struct told);
  if (!t)
    return err_oom(e);
  enum code c = conceal_sql_told(tx, s, concealment, also, take, t, e);
  for (size_t i = 0; c == OK && i < t->count; i++) {
    bool concerns = t->list[i].user == also || t->list[i].user == by->user;
    const struct notice n = {.kind = kind,
                             .organization = t->list[i].organization,
                             .person = scope_person(s),
                             .thing = thing,
                             .at = tx_now(tx),
                             .users = {t->list[i].user},
                             .whole = managers && concerns ? ACTION_CONNECTION_ASSIGN : ACTION_COUNT,
                             .by = by->user};
    if (!alone || t->list[i].user == also)
      c = mail_tell(tx, &n, e);
  }
  return c;
}

enum code conceal_tell(struct tx *tx, const struct scope *s, enum notice_kind kind, id64 concealment, id64 thing,
                       id64 also, bool managers, struct err *e)
{
  return tell(tx, s, kind, concealment, thing, also, false, managers, e);
}

enum code conceal_tell_one(struct tx *tx, const struct scope *s, enum notice_kind kind, id64 concealment, id64 thing,
                           id64 user, struct err *e)
{
  return tell(tx, s, kind, concealment, thing, user, true, false, e);
}

/* ---- today ---------------------------------------------------------------------------------------------------------------- */

struct waiting {
  struct arena *a;
  struct waits_row list[WAITING_MOST];
  id64 persons[WAITING_MOST];
  size_t count;
};

static void take_waiting(void *arg, const struct waits_row *row)
{
  struct waiting *w = arg;
  if (w->count == WAITING_MOST)
    return;
  w->persons[w->count] = row->person;
  w->list[w->count] = *row;
  w->list[w->count].by = str_copy(w->a, row->by);
  w->list[w->count++].number = str_copy(w->a, row->number);
}

enum code conceal_owed(struct tx *tx, const struct scope *list, struct arena *a, const struct reader *who,
                       struct doc *lines, struct err *e)
{
  struct waiting w = {.a = a};
  struct access_seen seen[WAITING_MOST];
  enum code c = conceal_sql_waits(tx, list, WAITING_MOST, take_waiting, &w, e);
  if (c != OK || !w.count)
    return c;
  c = access_seen(tx, list, w.persons, w.count, seen, e);
  for (size_t i = 0; c == OK && i < w.count; i++) {
    const struct waits_row *row = &w.list[i];
    struct str id = id_text(a, row->case_id);
    if (!seen[i].seen)
      continue;
    const struct owed_line l = {.word = TR("秘匿の申し出"),
                                .shape = "s-received",
                                .since = reader_since(a, who, date_of_ts(row->at)),
                                .href = str_printf(a, "/cases/%.*s/concealment", STR_FMT(id)),
                                .text = tr_args(a, who->lang, TR("%1さんが「%2」の秘匿を解くことを申し出ました"),
                                                row->by, row->number, STR_NONE),
                                .sub = tr(who->lang, TR("理由を読んで、解いてよいかを決めてください")),
                                .act = TR("確かめる")};
    protect_put_line(lines, who->lang, &l);
    scope_showed(list, row->person);
  }
  return c;
}
