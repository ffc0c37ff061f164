/* list.c: connections as lines: each a line of steps with the days between them. */
#include "connection/connection.h"

#include "base/limits.h"
#include "connection/connection_sql.h"
#include "connection/opening.h"

bool connection_waits(const struct connection *c)
{
  return c->state == CONNECTION_SENT || c->state == CONNECTION_RECEIVED || c->state == CONNECTION_ACCEPTED ||
         c->state == CONNECTION_IN_PROGRESS;
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
  doc_put_str(d, "date", at ? date_short(l->a, date_of_ts(at), l->who->today) : STR_NONE);
  doc_put_str(d, "gap", at && l->last ? reader_count(l->a, l->who->lang, TR("%1日"), gap) : STR_NONE);
  doc_put_bool(d, "done", at != 0 && !current);
  doc_put_bool(d, "current", current);
  doc_put_bool(d, "late", late);
  if (at)
    l->last = at;
}

static bool waits(const struct connection *c)
{
  return c->state == CONNECTION_SENT || c->state == CONNECTION_RECEIVED;
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

void connection_put_clock(const struct connection *c, const struct opening *o, struct arena *a,
                          const struct reader *who, struct doc *d)
{
  int days = c->sent_at ? opening_days_since(o, c->to_organization, c->sent_at, who->today) : 0;
  bool late = waits(c) && c->silent_at <= date_start_ts(who->today);
  put_steps(c, late, a, who, d);
  connection_put_state(d, who->lang, c->state);
  doc_put_str(d, "wait", waits(c) && days > 0 ? reader_count(a, who->lang, TR("返事を待って%1日"), days) : STR_NONE);
  doc_put_bool(d, "late", late);
  doc_put_str(d, "kind", connection_kind_word(who->lang, c->kind));
}

/* ---- the list ----------------------------------------------------------------------------------------------------------- */

struct list_job {
  struct tx *tx;
  const struct scope *list;
  struct arena *a;
  const struct reader *who;
  struct doc *items, *line;
  struct csv_table *table; /* instead of items */
  struct str *cell;        /* of its row */
  id64 id;
  struct opening opening;
  int64_t shown, most;
  bool more;
};

static void line_begin(struct list_job *job, const struct listed_connection *row)
{
  struct str id = id_text(job->a, row->c.id);
  struct doc *d = doc_add_map(job->items);
  doc_put_str(d, "href", str_printf(job->a, "/connections/%.*s", STR_FMT(id)));
  doc_put_str(d, "name", row->number);
  doc_put_str(d, "from", row->from);
  doc_put_str(d, "to", row->to);
  connection_put_clock(&row->c, &job->opening, job->a, job->who, d);
  job->line = d;
}

enum { COLUMNS = 13, COLUMN_NAME = 1 };

static struct str day_cell(const struct list_job *job, ts_t at)
{
  return at ? date_iso(job->a, date_of_ts(at)) : STR_NONE;
}

static enum code cells_begin(struct list_job *job, const struct listed_connection *row, struct err *e)
{
  const struct connection *c = &row->c;
  int days = waits(c) ? opening_days_since(&job->opening, c->to_organization, c->sent_at, job->who->today) : 0;
  job->cell = csv_table_add(job->a, job->table, COLUMNS);
  if (!job->cell)
    return err_oom(e);
  const struct str texts[COLUMNS] = {str_copy(job->a, row->number),
                                     STR_NONE,
                                     str_copy(job->a, row->from),
                                     str_copy(job->a, row->to),
                                     connection_kind_word(job->who->lang, c->kind),
                                     tr(job->who->lang, connection_state_label(c->state)),
                                     day_cell(job, c->sent_at),
                                     day_cell(job, c->received_at),
                                     day_cell(job, c->accepted_at),
                                     day_cell(job, c->contacted_at),
                                     day_cell(job, c->answered_at),
                                     day_cell(job, c->closed_at),
                                     days ? str_printf(job->a, "%d", days) : STR_NONE};
  memcpy(job->cell, texts, sizeof texts);
  return OK;
}

static enum code row_begin(struct list_job *job, const struct listed_connection *row, struct err *e)
{
  job->id = row->c.id;
  job->shown++;
  scope_showed(job->list, row->c.person);
  if (job->table)
    return cells_begin(job, row, e);
  line_begin(job, row);
  return OK;
}

static enum code list_row(void *arg, const struct listed_connection *row, struct err *e)
{
  struct list_job *job = arg;
  struct seal_key key;
  struct str name = STR_NONE;
  enum code c = OK;
  job->more |= row->c.id != job->id && job->shown == job->most;
  if (job->more)
    return OK;
  if (row->c.id != job->id)
    c = row_begin(job, row, e);
  if (c != OK || !row->attribute)
    return c;
  c = person_listed_key(job->tx, job->list, row->c.person, (int)row->epoch, row->wrapped, &key, e);
  if (c == OK)
    c = person_listed_value(job->tx, &key, row->attribute, row->sealed, job->a, &name, e);
  if (c == OK && job->table)
    job->cell[COLUMN_NAME] = name;
  else if (c == OK)
    doc_replace(job->line, "name", doc_str(job->a, name));
  return c;
}

const char *const connection_view_codes[] = {"received", "sent", "waiting", NULL};

static void put_views(struct arena *a, const struct reader *who, struct doc *d, enum connection_view view,
                      const int64_t counts[4])
{
  static const char *const words[] = {TR("届いた"), TR("送った"), TR("返事待ち")};
  struct doc *list = doc_put_list(d, "views");
  for (int i = 0; i < 3; i++) {
    struct doc *m = doc_add_map(list);
    doc_put_str(m, "href", str_printf(a, "/connections?view=%s", connection_view_codes[i]));
    doc_put_str(m, "word", tr(who->lang, words[i]));
    doc_put_str(m, "count", str_printf(a, "%lld", (long long)counts[i]));
    doc_put_bool(m, "current", i == (int)view);
  }
}

static enum connection_view where_it_waits(const int64_t counts[4])
{
  if (counts[3])
    return CONNECTIONS_RECEIVED;
  if (counts[CONNECTIONS_WAITING])
    return CONNECTIONS_WAITING;
  return counts[CONNECTIONS_RECEIVED] || !counts[CONNECTIONS_SENT] ? CONNECTIONS_RECEIVED : CONNECTIONS_SENT;
}

/* What the choice asks for, in the view that it means, with the number of each view. */
static enum code find_listed(struct list_job *job, struct connection_choice *choice, int64_t counts[4], struct err *e)
{
  enum code c = opening_load(job->tx, &job->opening, e);
  if (c == OK)
    c = connection_sql_counts(job->tx, job->list, counts, e);
  if (choice->view == CONNECTIONS_ANY)
    choice->view = where_it_waits(counts);
  return c == OK ? connection_sql_list(job->tx, job->list, choice, job->most + 1, list_row, job, e) : c;
}

enum code connection_list(struct tx *tx, const struct scope *list, const struct connection_choice *choice,
                          struct arena *a, const struct reader *who, struct doc **ret, struct err *e)
{
  int64_t counts[4] = {0};
  struct doc *d = doc_map(a);
  struct connection_choice q = *choice;
  struct list_job job = {
      .tx = tx, .list = list, .a = a, .who = who, .items = doc_put_list(d, "items"), .most = LIMIT_PAGE_ROWS};
  enum code c = find_listed(&job, &q, counts, e);
  if (c != OK)
    return c;
  put_views(a, who, d, q.view, counts);
  doc_put_cstr(d, "view", connection_view_codes[q.view]);
  doc_put_bool(d, "has_items", doc_size(job.items) > 0);
  doc_put_bool(d, "has_more", job.more);
  *ret = d;
  return OK;
}

enum code connection_table(struct tx *tx, const struct scope *list, const struct connection_choice *choice,
                           struct arena *a, const struct reader *who, struct csv_table *ret, struct err *e)
{
  static const char *const heads[COLUMNS] = {
      TR("番号"),     TR("名前"),       TR("だれから"),      TR("だれへ"),   TR("何のため"),
      TR("いま"),     TR("送った日"),   TR("届いた日"),      TR("受理の日"), TR("初めて会えた日"),
      TR("返事の日"), TR("終わった日"), TR("待っている日数")};
  int64_t counts[4] = {0};
  struct csv_table t = {0};
  struct connection_choice q = *choice;
  struct list_job job = {.tx = tx, .list = list, .a = a, .who = who, .table = &t, .most = CONNECTIONS_FILE};
  job.cell = csv_table_add(a, &t, COLUMNS);
  for (int i = 0; job.cell && i < COLUMNS; i++)
    job.cell[i] = tr(who->lang, heads[i]);
  q.skip = 0;
  enum code c = job.cell ? find_listed(&job, &q, counts, e) : err_oom(e);
  if (c == OK && job.more)
    c = err_set(e, LIMIT, TR("1つのファイルに入るのは5千件までです。状態でしぼってから書き出してください。"));
  if (c == OK)
    *ret = t;
  return c;
}

/* ---- on the page of a case -------------------------------------------------------------------------------------------------- */

struct case_job {
  struct arena *a;
  const struct reader *who;
  struct doc *list;
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
  connection_put_state(d, job->who->lang, c->state);
  return OK;
}

enum code connection_of_case(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a,
                             const struct reader *who, struct doc **ret, struct err *e)
{
  struct case_job job = {a, who, doc_list(a)};
  enum code c = connection_sql_of_case(tx, s, case_id, case_row, &job, e);
  if (c == OK)
    *ret = job.list;
  return c;
}

enum code connection_onward(struct tx *tx, const struct scope *s, id64 parent, struct arena *a,
                            const struct reader *who, struct doc **ret, struct err *e)
{
  struct case_job job = {a, who, doc_list(a)};
  enum code c = connection_sql_onward(tx, s, parent, case_row, &job, e);
  if (c == OK)
    *ret = job.list;
  return c;
}

enum code connection_of_sheet(struct tx *tx, const struct sheet *sheet, struct arena *a, const struct reader *who,
                              struct doc **ret, struct err *e)
{
  struct case_job job = {a, who, doc_list(a)};
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
    struct str day = date_text(job->a, first, job->who->wareki);
    struct str line = tr_args(job->a, job->who->lang, TR("初回接触日 %1"), day, STR_NONE, STR_NONE);
    buf_printf(&b, "\n%.*s", STR_FMT(line));
  }
  return buf_str(&b);
}

static void put_attempt_state(struct doc *d, enum lang lang, const struct doc *answer)
{
  bool met = str_is(doc_get_str(answer, "result"), "met");
  struct doc *state = doc_put_map(d, "state");
  doc_put_str(state, "word", tr(lang, met ? TR("初回接触") : TR("連絡をこころみた")));
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
