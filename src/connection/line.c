/* line.c: a connection as a line of steps with the days between them; and what was answered. */
#include "connection/connection.h"

#include "base/limits.h"
#include "connection/connection_sql.h"
#include "connection/late.h"
#include "connection/opening.h"

bool connection_waits(const struct connection *c)
{
  return c->state == CONNECTION_SENT || c->state == CONNECTION_RECEIVED || c->state == CONNECTION_ACCEPTED ||
         c->state == CONNECTION_IN_PROGRESS;
}

bool connection_not_taken(const struct connection *c)
{
  return c->state == CONNECTION_DECLINED || c->state == CONNECTION_EXPIRED;
}

/* ---- the line of steps ------------------------------------------------------------------------------------------------ */

struct step_line {
  struct arena *a;
  const struct reader *who;
  struct doc *list;
  ts_t last;
};

static void add_step(struct step_line *l, const char *word, ts_t at, bool current, bool late)
{
  struct doc *d = doc_add_map(l->list);
  int gap = at && l->last ? date_days_between(date_of_ts(l->last), date_of_ts(at)) : 0;
  doc_put_str(d, "word", tr(l->who->lang, word));
  doc_put_str(d, "date", at ? reader_short(l->a, l->who, date_of_ts(at)) : STR_NONE);
  doc_put_str(d, "gap", at && l->last ? reader_count(l->a, l->who->lang, TR("%1日"), gap) : STR_NONE);
  doc_put_bool(d, "done", at != 0 && !current);
  doc_put_bool(d, "current", current);
  doc_put_bool(d, "late", late);
  if (at)
    l->last = at;
}

/* The first contact, and at which try; or how often it was tried. */
static void put_contact(struct step_line *l, const struct connection *c)
{
  if (!c->contacted_at && !c->attempts)
    return;
  bool current = c->contacted_at ? c->state == CONNECTION_IN_PROGRESS : false;
  add_step(l, c->contacted_at ? TR("初回接触") : TR("連絡"), c->contacted_at, current, false);
  if (c->attempts) {
    struct doc *d = doc_at(l->list, doc_size(l->list) - 1);
    const char *count = c->contacted_at ? TR("%1回目") : TR("%1回");
    struct str n = reader_count(l->a, l->who->lang, count, c->attempts);
    struct str word = doc_get_str(d, "word");
    doc_replace(d, "word", doc_str(l->a, str_printf(l->a, "%.*s %.*s", STR_FMT(word), STR_FMT(n))));
  }
}

static void put_steps(const struct connection *c, bool late, struct arena *a, const struct reader *who, struct doc *d)
{
  struct step_line l = {.a = a, .who = who, .list = doc_put_list(d, "steps")};
  add_step(&l, TR("送付"), c->sent_at, c->state == CONNECTION_SENT, late && c->state == CONNECTION_SENT);
  add_step(&l, TR("受領"), c->received_at, c->state == CONNECTION_RECEIVED, late && c->state == CONNECTION_RECEIVED);
  add_step(&l, TR("受理"), c->accepted_at, c->state == CONNECTION_ACCEPTED, false);
  put_contact(&l, c);
  add_step(&l, TR("返事"), c->answered_at, c->state == CONNECTION_ANSWERED, false);
  if (c->closed_at)
    add_step(&l, TR("おわり"), c->closed_at, true, false);
}

void connection_put_choices(enum connection_state state, struct doc *d)
{
  static const struct {
    const char *key;
    enum connection_step step;
  } choices[] = {{"may_accept", STEP_ACCEPT},
                 {"may_return", STEP_RETURN},
                 {"may_decline", STEP_DECLINE},
                 {"may_answer", STEP_ANSWER}};
  enum connection_state next;
  for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
    doc_put_bool(d, choices[i].key, connection_next(state, choices[i].step, &next));
}

void connection_put_clock(const struct connection *c, const struct opening *o, struct arena *a,
                          const struct reader *who, struct doc *d)
{
  int days = late_waits(c->state) ? opening_days_since(o, c->to_organization, c->sent_at, who->today) : 0;
  bool late = late_waits(c->state) && c->silent_at <= date_start_ts(who->today);
  put_steps(c, late, a, who, d);
  connection_put_state(d, who->lang, c->state);
  doc_put_str(d, "wait", days > 0 ? reader_count(a, who->lang, TR("返事を待って%1日"), days) : STR_NONE);
  doc_put_bool(d, "late", late);
  doc_put_str(d, "kind", connection_kind_word(who->lang, c->kind));
}

/* ---- on the page of a case -------------------------------------------------------------------------------------------------- */

struct case_job {
  struct arena *a;
  const struct reader *who;
  struct doc *list;
  const struct scope *s; /* of connection_onward() alone */
};

static enum code case_row(void *arg, const struct connection *c, struct str to, struct err *e)
{
  struct case_job *job = arg;
  struct str id = id_text(job->a, c->id), sheet = id_text(job->a, c->sheet);
  bool draft = c->state == CONNECTION_DRAFT;
  struct doc *d = doc_add_map(job->list);
  (void)e;
  doc_put_str(d, "href",
              draft ? str_printf(job->a, "/sheets/%.*s/edit", STR_FMT(sheet))
                    : str_printf(job->a, "/connections/%.*s", STR_FMT(id)));
  doc_put_str(d, "text", str_printf(job->a, "→ %.*s", STR_FMT(to)));
  doc_put_str(d, "to", to);
  doc_put_str(d, "since", reader_day_ts(job->a, job->who, c->sent_at));
  doc_put_int(d, "at", c->sent_at);
  doc_put_bool(d, "under_way",
               late_waits(c->state) || c->state == CONNECTION_ACCEPTED || c->state == CONNECTION_IN_PROGRESS ||
                   c->state == CONNECTION_RETURNED);
  connection_put_state(d, job->who->lang, c->state);
  return OK;
}

enum code connection_of_case(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a,
                             const struct reader *who, struct doc **ret, struct err *e)
{
  struct case_job job = {.a = a, .who = who, .list = doc_list(a)};
  enum code c = connection_sql_of_case(tx, s, case_id, case_row, &job, e);
  if (c == OK)
    *ret = job.list;
  return c;
}

/* Of one that another body sent on, its state and since when; to whom, where consent or law opens to the reader what that body wrote of the support. */
static enum code onward_row(void *arg, const struct connection *c, struct str to, struct err *e)
{
  struct case_job *job = arg;
  enum lang lang = job->who->lang;
  bool own = scope_wrote(job->s, c->from_organization) || scope_wrote(job->s, c->to_organization),
       named = own || scope_sees(job->s, CAT_SUPPORT, c->from_organization, 0);
  enum code code = case_row(arg, c, named ? to : tr(lang, TR("ほかの機関")), e);
  struct doc *d = doc_at(job->list, doc_size(job->list) - 1);
  if (!own)
    doc_replace(d, "href", doc_str(job->a, STR_NONE));
  return code;
}

enum code connection_onward(struct tx *tx, const struct scope *s, id64 parent, struct arena *a,
                            const struct reader *who, struct doc **ret, struct err *e)
{
  struct case_job job = {.a = a, .who = who, .list = doc_list(a), .s = s};
  enum code c = connection_sql_onward(tx, s, parent, onward_row, &job, e);
  if (c == OK)
    *ret = job.list;
  return c;
}

enum code connection_of_sheet(struct tx *tx, const struct sheet *sheet, struct arena *a, const struct reader *who,
                              struct doc **ret, struct err *e)
{
  struct case_job job = {.a = a, .who = who, .list = doc_list(a)};
  enum code c = connection_sql_of_sheet(tx, sheet->id, case_row, &job, e);
  if (c == OK)
    *ret = job.list;
  return c;
}

/* ---- answers ------------------------------------------------------------------------------------------------------------------ */

struct answers_job {
  struct tx *tx;
  const struct scope *s;
  const struct seal_key *key;
  struct arena *a;
  const struct reader *who;
  struct doc *list;
};

static const char *outcome_word(struct str code)
{
  static const char *const words[][2] = {{"supporting", TR("支援を始めた")},
                                         {"accompanied", TR("同行してつないだ")},
                                         {"no_contact", TR("まだ会えていない")},
                                         {"ended", TR("ここでの支援は終わった")}};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_is(code, words[i][0]))
      return words[i][1];
  return "";
}

static struct str answer_text(const struct answers_job *job, const struct doc *answer)
{
  struct buf b;
  struct date first = {0};
  struct str outcome = tr(job->who->lang, outcome_word(doc_get_str(answer, "outcome")));
  struct str parts[] = {outcome, doc_get_str(answer, "text"), doc_get_str(answer, "next")};
  buf_init(&b, job->a, 1 << 20);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    if (parts[i].n && b.n)
      buf_add_c(&b, '\n');
    buf_add(&b, parts[i]);
  }
  if (date_parse_iso(doc_get_str(answer, "first_contact"), &first) && date_known(first)) {
    struct str day = reader_date(job->a, job->who, first);
    struct str line = tr_args(job->a, job->who->lang, TR("初回接触日 %1"), day, STR_NONE, STR_NONE);
    buf_printf(&b, "\n%.*s", STR_FMT(line));
  }
  return buf_str(&b);
}

static void put_attempt_state(struct doc *d, enum lang lang, const struct doc *answer)
{
  bool met = str_is(doc_get_str(answer, "result"), "met");
  struct doc *state = doc_put_map(d, "state");
  doc_put_str(state, "word", tr(lang, met ? TR("初回接触") : TR("連絡を試みた")));
  doc_put_cstr(state, "shape", met ? "s-accepted" : "s-received");
  doc_put_cstr(state, "class", met ? "good" : "going");
}

static enum code answer_row(void *arg, const struct step_row *row, struct err *e)
{
  struct answers_job *job = arg;
  struct str json = STR_NONE;
  struct doc *answer = NULL;
  enum connection_state state = CONNECTION_ACCEPTED;
  bool attempt = str_is(row->state, "attempt");
  /* Both sides keep a copy, and whoever looks stands on one of them. */
  if (!scope_wrote(job->s, row->author_organization) || !row->sealed.n ||
      (!attempt && !connection_state_parse(row->state, &state)) ||
      !scope_sees(job->s, row->category, row->author_organization, row->marks) || !scope_hears(job->s, row->source))
    return OK;
  struct seal_at at = {
      .table = "connection_step", .column = "text_sealed", .network = tx_network(job->tx), .row = row->id};
  enum code c = unseal(job->a, job->key, at, row->sealed, &json, e);
  if (c == OK)
    c = json_parse(job->a, json, &answer, e);
  if (c != OK)
    return c;
  struct doc *d = doc_add_map(job->list);
  struct str told = doc_get_str(answer, "told_by");
  doc_put_int(d, "at", row->at);
  doc_put_str(d, "when", reader_day_ts(job->a, job->who, row->at));
  doc_put_str(d, "who",
              told.n ? tr_args(job->a, job->who->lang,
                               doc_get_bool(answer, "by_link") ? TR("%1（リンク %2）") : TR("%1（電話 %2）"),
                               row->organization, told, STR_NONE)
                     : row->organization);
  if (attempt)
    put_attempt_state(d, job->who->lang, answer);
  else
    connection_put_state(d, job->who->lang, state);
  doc_put_str(d, "text", attempt ? contact_text(job->a, job->who, answer) : answer_text(job, answer));
  doc_put_str(d, "proposal", doc_get_str(answer, "proposal"));
  scope_showed_categories(job->s, row->category);
  return OK;
}

enum code connection_answers(struct tx *tx, const struct scope *s, id64 connection, struct arena *a,
                             const struct reader *who, struct doc **ret, struct err *e)
{
  struct answers_job job = {.tx = tx, .s = s, .a = a, .who = who, .list = doc_list(a)};
  enum code c = person_key(tx, s, &job.key, e);
  if (c == OK)
    c = step_sql_each(tx, s, connection, answer_row, &job, e);
  if (c == OK)
    *ret = job.list;
  return c;
}
