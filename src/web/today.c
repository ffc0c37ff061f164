#include "web/today.h"

#include "base/limits.h"
#include "basis/basis.h"
#include "connection/opening.h"
#include "consent/consent.h"
#include "protect/protect.h"
#include "web/today_sql.h"

enum { UPCOMING = 7 };

/* A line, or a step to come, while its rows are read. */
struct line {
  struct today_row row; /* texts copied */
  struct str name;
  bool has_name; /* 氏名; else what the person is called */
  struct str next;
};

struct today_job {
  struct tx *tx;
  const struct scope *list;
  const struct today_may *may;
  struct arena *a;
  const struct reader *who;
  struct doc *out;
  void (*put)(struct today_job *job, const struct line *l);
  struct line line;
  struct opening opening;
  int64_t want, shown;
  bool open, more;
};

/* ---- words of a line -------------------------------------------------------------------------------------------------- */

static void put_state(struct doc *d, enum lang lang, enum worry worry)
{
  static const struct {
    const char *word, *shape, *class;
  } states[] = {[WORRY_ASKED] = {TR("状況をきかれた"), "s-received", "warn"},
                [WORRY_SILENCE] = {TR("返事がない"), "s-overdue", "bad"},
                [WORRY_CONTACT] = {TR("接触がない"), "s-overdue", "bad"},
                [WORRY_ARRIVED] = {TR("届いた"), "s-answered", "going"},
                [WORRY_DUE] = {TR("予定"), "s-received", "warn"},
                [WORRY_NO_NEXT] = {TR("予定がない"), "s-received", "warn"},
                [WORRY_DRAFT] = {TR("書きかけ"), "s-draft", "quiet"},
                [WORRY_RETURNED] = {TR("差し戻し"), "s-returned", "warn"},
                [WORRY_DECLINED] = {TR("受け手がいない"), "s-declined", "bad"},
                [WORRY_NOT_MET] = {TR("まだ会えていない"), "s-overdue", "warn"}};
  struct doc *state = doc_put_map(d, "state");
  doc_put_str(state, "word", tr(lang, states[worry].word));
  doc_put_cstr(state, "shape", states[worry].shape);
  doc_put_cstr(state, "class", states[worry].class);
}

static struct str days_text(const struct today_job *job, const char *id, int days)
{
  return reader_count(job->a, job->who->lang, id, days);
}

static struct str called(const struct today_job *job, const struct line *l)
{
  if (!l->name.n)
    return l->row.number;
  return tr_args(job->a, job->who->lang, TR("%1さん"), l->name, STR_NONE, STR_NONE);
}

static struct str with_step(const struct today_job *job, const struct line *l)
{
  struct str name = called(job, l);
  return l->next.n ? str_printf(job->a, "%.*s %.*s", STR_FMT(name), STR_FMT(l->next)) : name;
}

static struct str text_of(const struct today_job *job, const struct line *l)
{
  enum lang lang = job->who->lang;
  switch (l->row.worry) {
  case WORRY_ASKED:
    return tr_args(job->a, lang, TR("%1が状況をたずねています「%2」"), l->row.other, called(job, l), STR_NONE);
  case WORRY_SILENCE:
    if (l->row.sent_by_us)
      return tr_args(job->a, lang, TR("%1へつないだ「%2」"), l->row.other, called(job, l), STR_NONE);
    /* fallthrough */
  case WORRY_ARRIVED:
  case WORRY_NOT_MET:
    return tr_args(job->a, lang, TR("%1から届いた「%2」"), l->row.other, called(job, l), STR_NONE);
  case WORRY_RETURNED:
    return tr_args(job->a, lang, TR("%1から戻ってきた「%2」"), l->row.other, called(job, l), STR_NONE);
  case WORRY_DECLINED:
    return tr_args(job->a, lang, TR("%1へつなげなかった「%2」"), l->row.other, called(job, l), STR_NONE);
  case WORRY_DRAFT:
    return tr_args(job->a, lang, TR("つなぐシート「%1」"), called(job, l), STR_NONE, STR_NONE);
  case WORRY_DUE:
    return with_step(job, l);
  default:
    return called(job, l);
  }
}

static struct str lead_text(const struct today_job *job, const struct line *l)
{
  return l->row.lead.n ? tr_args(job->a, job->who->lang, TR("主担当 %1"), l->row.lead, STR_NONE, STR_NONE)
                       : tr(job->who->lang, TR("主担当がいません"));
}

/* Why it stands there. */
static struct str sub_of(const struct today_job *job, const struct line *l)
{
  struct date due = {0};
  switch (l->row.worry) {
  case WORRY_ASKED:
    return tr(job->who->lang, TR("記録か返事を書くと、ここから消えます"));
  case WORRY_SILENCE:
    return days_text(
        job, l->row.sent_by_us ? TR("送ってから開庁日で%1日たちました") : TR("届いてから開庁日で%1日たちました"),
        opening_days_since(&job->opening, l->row.sent_by_us ? l->row.other_id : scope_organization(job->list),
                           l->row.since, job->who->today));
  case WORRY_CONTACT: {
    struct str lead = lead_text(job, l);
    struct str every = days_text(job, TR("%1日に1回がめやすです"), case_density_days(l->row.density));
    return str_printf(job->a, "%.*s %.*s / %.*s", STR_FMT(l->row.density), STR_FMT(every), STR_FMT(lead));
  }
  case WORRY_ARRIVED:
    return tr(job->who->lang, TR("まだ引き受けていません"));
  case WORRY_RETURNED:
    return tr(job->who->lang, TR("確かめたいことがあるそうです。直して送りなおせます"));
  case WORRY_DECLINED:
    return tr(job->who->lang, TR("ほかへつなぐか記録を書くと、ここから消えます"));
  case WORRY_NOT_MET:
    return days_text(job, TR("引き受けてから開庁日で%1日、初回接触がまだです"),
                     opening_days_since(&job->opening, scope_organization(job->list), l->row.since, job->who->today));
  case WORRY_DUE:
    (void)date_parse_iso(l->row.day, &due);
    return tr(job->who->lang, date_compare(due, job->who->today) < 0 ? TR("期日をすぎました") : TR("今日の予定です"));
  case WORRY_NO_NEXT:
    return tr(job->who->lang, TR("次にすることが決まっていません"));
  default:
    return tr(job->who->lang, TR("まだ送っていません"));
  }
}

static struct str since_of(const struct today_job *job, const struct line *l)
{
  struct date day = date_of_ts(l->row.since), due = {0};
  switch (l->row.worry) {
  case WORRY_SILENCE:
  case WORRY_CONTACT:
  case WORRY_NOT_MET:
    return days_text(job, TR("%1日"), date_days_between(day, job->who->today));
  case WORRY_DUE:
    (void)date_parse_iso(l->row.day, &due);
    return date_relative(job->a, due, job->who->today);
  case WORRY_NO_NEXT:
    return STR_NONE;
  default:
    return date_relative(job->a, day, job->who->today);
  }
}

/* ---- what to do about it ---------------------------------------------------------------------------------------------- */

static struct str path(const struct today_job *job, const char *head, id64 id, const char *tail)
{
  struct str text = id_text(job->a, id);
  return str_printf(job->a, "%s%.*s%s", head, STR_FMT(text), tail);
}

static void add_action(const struct today_job *job, struct doc *list, const char *word, struct str href)
{
  struct doc *d = doc_add_map(list);
  doc_put_str(d, "href", href);
  doc_put_str(d, "word", tr(job->who->lang, word));
  doc_put_bool(d, "is_post", false);
  doc_put_bool(d, "is_get", true);
}

/* Done by one press. */
static void add_deed(const struct today_job *job, struct doc *list, const char *word, struct str href)
{
  add_action(job, list, word, href);
  struct doc *d = doc_at(list, doc_size(list) - 1);
  doc_replace(d, "is_post", doc_bool(job->a, true));
  doc_replace(d, "is_get", doc_bool(job->a, false));
}

static struct str href_of(const struct today_job *job, const struct today_row *row)
{
  switch (row->worry) {
  case WORRY_ASKED:
    return path(job, row->sent_by_us ? "/connections/" : "/cases/", row->id, "");
  case WORRY_SILENCE:
  case WORRY_ARRIVED:
  case WORRY_RETURNED:
  case WORRY_DECLINED:
  case WORRY_NOT_MET:
    return path(job, "/connections/", row->id, "");
  case WORRY_DRAFT:
    return path(job, "/sheets/", row->id, "/edit");
  default:
    return path(job, "/cases/", row->case_id, "");
  }
}

static void put_actions(const struct today_job *job, const struct today_row *row, struct doc *d)
{
  struct doc *list = doc_put_list(d, "actions");
  switch (row->worry) {
  case WORRY_SILENCE:
    if (job->may->answer)
      add_action(job, list, row->sent_by_us ? TR("電話の返事を書く") : TR("返事をする"),
                 path(job, "/connections/", row->id, "/answer"));
    /* fallthrough */
  case WORRY_ARRIVED:
    add_action(job, list, TR("開く"), href_of(job, row));
    break;
  case WORRY_RETURNED:
    if (job->may->create)
      add_deed(job, list, TR("直して送りなおす"), path(job, "/connections/", row->id, "/again"));
    add_action(job, list, TR("開く"), href_of(job, row));
    break;
  case WORRY_NOT_MET:
    if (job->may->answer)
      add_action(job, list, TR("連絡を記録"), path(job, "/connections/", row->id, "/contact"));
    add_action(job, list, TR("開く"), href_of(job, row));
    break;
  case WORRY_DECLINED:
    add_action(job, list, TR("開く"), href_of(job, row));
    if (job->may->create)
      add_action(job, list, TR("ほかへつなぐ"), path(job, "/cases/", row->case_id, "/sheets/new"));
    break;
  case WORRY_DRAFT:
    add_action(job, list, TR("続ける"), href_of(job, row));
    break;
  default:
    if (job->may->record)
      add_action(job, list, row->worry == WORRY_NO_NEXT ? TR("次にすることを書く") : TR("記録する"),
                 path(job, "/cases/", row->case_id, "/records/new"));
  }
}

static void put_line(struct today_job *job, const struct line *l)
{
  struct doc *d = doc_add_map(job->out);
  put_state(d, job->who->lang, l->row.worry);
  doc_put_str(d, "since", since_of(job, l));
  doc_put_str(d, "href", href_of(job, &l->row));
  doc_put_str(d, "text", text_of(job, l));
  doc_put_str(d, "sub", sub_of(job, l));
  put_actions(job, &l->row, d);
}

static void put_step(struct today_job *job, const struct line *l)
{
  struct date day = {0};
  struct doc *d = doc_add_map(job->out);
  (void)date_parse_iso(l->row.day, &day);
  bool near = date_days_between(job->who->today, day) <= 1;
  doc_put_str(d, "when", near ? date_relative(job->a, day, job->who->today) : date_short(job->a, day, job->who->today));
  doc_put_str(d, "what", with_step(job, l));
  doc_put_str(d, "href", href_of(job, &l->row));
}

/* ---- reading rows ------------------------------------------------------------------------------------------------------ */

static void line_end(struct today_job *job)
{
  if (!job->open)
    return;
  job->open = false;
  if (job->shown == job->want) {
    job->more = true;
    return;
  }
  job->put(job, &job->line);
  scope_showed(job->list, job->line.row.person);
  job->shown++;
}

static enum code line_begin(struct today_job *job, const struct today_row *row, const struct seal_key *key,
                            struct err *e)
{
  struct line *l = &job->line;
  *l = (struct line){.row = *row};
  l->row.day = str_copy(job->a, row->day);
  l->row.other = str_copy(job->a, row->other);
  l->row.number = str_copy(job->a, row->number);
  l->row.density = str_copy(job->a, row->density);
  l->row.lead = str_copy(job->a, row->lead);
  job->open = true;
  if (!row->next_record)
    return OK;
  struct seal_at at = {
      .table = "record", .column = "next_sealed", .network = tx_network(job->tx), .row = row->next_record};
  return unseal(job->a, key, at, row->next_sealed, &l->next, e);
}

static enum code take_row(void *arg, const struct today_row *row, struct err *e)
{
  struct today_job *job = arg;
  struct line *l = &job->line;
  struct seal_key key;
  struct str value = STR_NONE;
  bool same = job->open && l->row.worry == row->worry && l->row.id == row->id;
  if (!same)
    line_end(job);
  enum code c = person_listed_key(job->tx, job->list, row->person, (int)row->epoch, row->wrapped, &key, e);
  if (c == OK && !same)
    c = line_begin(job, row, &key, e);
  if (c == OK && row->attribute)
    c = person_listed_value(job->tx, &key, row->attribute, row->sealed, job->a, &value, e);
  if (c != OK || !value.n)
    return c;
  bool is_name = str_is(row->kind, "name");
  if (is_name || !l->has_name)
    l->name = value;
  l->has_name |= is_name;
  return OK;
}

/* ---- the page ----------------------------------------------------------------------------------------------------------- */

static struct today_query query_of(struct arena *a, const struct today_may *may, int64_t skip, struct date today)
{
  return (struct today_query){.whole = may->whole,
                              .connections = may->connections,
                              .late = late_limits(a, today),
                              .limit = LIMIT_PAGE_ROWS + 1,
                              .skip = skip};
}

static void put_counts(struct doc *d, struct arena *a, const struct reader *who, const struct today_counts *n)
{
  static const char *const keys[] = {"a", "b", "c"};
  struct doc *m = doc_put_map(d, "counts");
  doc_put_str(m, "total", str_printf(a, "%lld", (long long)n->total));
  for (int i = 0; i < 3; i++)
    doc_put_str(m, keys[i], str_printf(a, "%lld", (long long)n->density[i]));
  doc_put_str(m, "no_next", n->no_next ? reader_count(a, who->lang, TR("%1件"), n->no_next) : STR_NONE);
}

/* On top of the first page; they do not count where the next one goes on. */
static enum code put_asked(struct today_job *job, const struct today_query *q, struct err *e)
{
  int days = 0;
  id64 own = scope_organization(job->list);
  enum code c = q->skip ? OK : today_sql_asked(job->tx, job->list, q, take_row, job, e);
  line_end(job);
  if (c == OK && !q->skip)
    c = connection_silence_days(job->tx, &days, e);
  if (c == OK && !q->skip)
    c = today_sql_back(job->tx, job->list, q, opening_before(&job->opening, own, days, job->who->today), take_row, job,
                       e);
  line_end(job);
  job->shown = 0;
  job->more = false;
  return c;
}

static enum code put_lines(struct today_job *job, const struct today_query *q, struct doc *d, struct err *e)
{
  job->out = doc_put_list(d, "lines");
  job->put = put_line;
  job->want = LIMIT_PAGE_ROWS;
  enum code c = q->skip ? OK : protect_owed(job->tx, job->list, job->a, job->who, job->out, e);
  if (c == OK && !q->skip && job->may->bases)
    c = basis_owed(job->tx, job->list, job->may->allow, job->a, job->who, job->out, e);
  if (c == OK && !q->skip && job->may->bases)
    c = consent_owed(job->tx, job->list, job->a, job->who, job->out, e);
  if (c == OK)
    c = put_asked(job, q, e);
  if (c == OK)
    c = today_sql_lines(job->tx, job->list, q, take_row, job, e);
  if (c != OK)
    return c;
  line_end(job);
  int64_t next = q->skip + job->shown;
  doc_put_bool(d, "has_lines", doc_size(job->out) > 0);
  doc_put_bool(d, "has_more", job->more);
  doc_put_str(d, "more_href", job->more ? str_printf(job->a, "/today?skip=%lld", (long long)next) : STR_NONE);
  return OK;
}

static enum code put_upcoming(struct today_job *job, struct today_query *q, struct doc *d, struct err *e)
{
  job->out = doc_put_list(d, "upcoming");
  job->put = put_step;
  job->want = q->limit = UPCOMING;
  job->shown = 0;
  enum code c = today_sql_upcoming(job->tx, job->list, q, take_row, job, e);
  if (c != OK)
    return c;
  line_end(job);
  doc_put_bool(d, "has_upcoming", job->shown > 0);
  return OK;
}

enum code today_page(struct tx *tx, const struct scope *list, const struct today_may *may, int64_t skip,
                     struct arena *a, const struct reader *who, struct doc **ret, struct err *e)
{
  struct doc *d = doc_map(a);
  struct today_query q = query_of(a, may, skip, who->today);
  struct today_counts n = {0};
  struct today_job job = {.tx = tx, .list = list, .may = may, .a = a, .who = who};
  doc_put_str(d, "today", date_short(a, who->today, who->today));
  enum code c = opening_load(tx, &job.opening, e);
  if (c == OK)
    c = put_lines(&job, &q, d, e);
  if (c == OK)
    c = put_upcoming(&job, &q, d, e);
  if (c == OK)
    c = today_sql_counts(tx, list, &n, e);
  if (c != OK)
    return c;
  put_counts(d, a, who, &n);
  doc_put_bool(d, "can_create", may->create);
  *ret = d;
  return OK;
}
