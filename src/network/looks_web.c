/* looks_web.c: /preferences: how dates and words are shown to oneself, on every machine one signs in at. */
#include "gate/handler.h"
#include "network/account_sql.h"

static const char *const calendars[] = {"wareki", "western", NULL};
static const char *const languages[] = {"ja", "en", NULL};
static const struct field fields[] = {
    {.name = "calendar", .kind = FIELD_CHOICE, .required = true, .options = calendars, .label = TR("日付の書きかた")},
    {.name = "language", .kind = FIELD_CHOICE, .required = true, .options = languages, .label = TR("画面の言葉")},
    {0}};

static enum code read_looks(struct tx *tx, void *arg, struct err *e)
{
  const struct scope *s = NULL;
  return access_open_network(tx, gate_actor(arg), ACTION_SESSION_OWN, &s, e);
}

static enum code handle_page(struct request *rq, struct response *rs, struct err *e)
{
  enum code c = gate_read(rq, read_looks, rq, e);
  if (c != OK)
    return c;
  struct arena *a = rq->arena;
  struct doc *data = doc_map(a), *values = doc_map(a);
  struct date today = date_of_ts(gate_now(rq));
  doc_put_cstr(values, "calendar", calendars[gate_wareki(rq) ? 0 : 1]);
  doc_put_cstr(values, "language", lang_code(gate_lang(rq)));
  struct doc *f = gate_form(rq, fields, values), *calendar = doc_get(f, "calendar");
  doc_put_str(calendar, "wareki", date_text(a, today, true));
  doc_put_str(calendar, "western", date_text(a, today, false));
  doc_put(data, "f", f);
  return gate_page(rq, rs, "looks", gate_tr(rq, TR("表示のしかた")), data, e);
}

ROUTE_DEFINE(route_looks, GET, "/preferences", NEEDS(SESSION_OWN), .summary = TR("日付の書きかたと、言葉"),
             .handle = handle_page);

static enum code save(struct tx *tx, void *arg, struct err *e)
{
  struct request *rq = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(rq), ACTION_SESSION_OWN, &s, e);
  if (c != OK)
    return c;
  bool wareki = str_is(doc_get_str(rq->input, "calendar"), "wareki");
  return account_sql_looks(tx, gate_actor(rq)->user, wareki, doc_get_str(rq->input, "language"), e);
}

/* The cookie of the language link would outlive what is chosen here: it says the same from now on. */
static enum code handle_save(struct request *rq, struct response *rs, struct err *e)
{
  if (gate_has_problems(rq))
    return handle_page(rq, rs, e);
  gate_location(rq, S("/preferences"));
  enum code c = gate_write(rq, "account_looks", save, rq, e);
  if (c == OK)
    c = gate_done(rq, rs, S("/preferences"), TR("表示のしかたを保存しました。"), e);
  if (c == OK)
    response_cookie(rq, rs, "lang", doc_get_str(rq->input, "language"), 365 * 24 * 60 * 60);
  return c;
}

ROUTE_DEFINE(route_looks_save, POST, "/preferences", NEEDS(SESSION_OWN), .fields = fields,
             .summary = TR("日付の書きかたと、言葉を決める"), .handle = handle_save);
