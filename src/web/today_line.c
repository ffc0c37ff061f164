#include "web/today_line.h"

#include "base/limits.h"
#include "connection/connection.h"
#include "form/form.h"

/* ---- whom it names ----------------------------------------------------------------------------------------------------- */

/* 0: nobody. */
static id64 body_of(const struct today_row *row)
{
  return row->worry == WORRY_CONTACT ? row->lead_id : row->other_id;
}

struct naming {
  struct arena *a;
  const struct today_row *rows;
  size_t n;
  struct str *bodies;
};

static void take_name(void *arg, id64 organization, struct str name)
{
  const struct naming *to = arg;
  struct str copy = str_copy(to->a, name);
  for (size_t i = 0; i < to->n; i++)
    if (body_of(&to->rows[i]) == organization)
      to->bodies[i] = copy;
}

enum code today_name_bodies(struct tx *tx, const struct today_day *day, const struct today_row *rows, size_t n,
                            struct str *ret, struct err *e)
{
  id64 ids[LIMIT_PAGE_ROWS] = {0};
  size_t count = 0;
  struct naming naming = {day->a, rows, n, ret};
  for (size_t i = 0; i < n; i++) {
    id64 id = body_of(&rows[i]);
    bool known = !id;
    ret[i] = STR_NONE;
    for (size_t k = 0; k < count; k++)
      known |= ids[k] == id;
    if (!known)
      ids[count++] = id;
  }
  return today_sql_names(tx, ids, count, take_name, &naming, e);
}

/* ---- words of a line -------------------------------------------------------------------------------------------------- */

static void put_state(struct doc *d, enum lang lang, enum worry worry)
{
  static const struct {
    const char *word, *shape, *class;
  } states[] = {[WORRY_ASKED] = {TR("状況をたずねられた"), "s-received", "warn"},
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

static struct str days_text(const struct today_day *day, const char *id, int days)
{
  return reader_count(day->a, day->who->lang, id, days);
}

static struct str called(const struct today_day *day, const struct today_line *l)
{
  if (!l->name.n)
    return l->row.number;
  return tr_args(day->a, day->who->lang, TR("%1さん"), l->name, STR_NONE, STR_NONE);
}

static struct str with_step(const struct today_day *day, const struct today_line *l)
{
  struct str name = called(day, l);
  return l->next.n ? str_printf(day->a, "%.*s %.*s", STR_FMT(name), STR_FMT(l->next)) : name;
}

/* What one was writing; a form of the town's own has its name in the network's forms alone, and is not opened for a line. */
static struct str draft_text(const struct today_day *day, const struct today_line *l)
{
  struct err e = {0};
  const struct form *f = NULL;
  enum lang lang = day->who->lang;
  struct str title = form_builtin(l->row.day, STR_NONE, &f, &e) == OK ? form_title(f, lang) : tr(lang, TR("様式"));
  return tr_args(day->a, lang, TR("%1「%2」"), title, called(day, l), STR_NONE);
}

static struct str text_of(const struct today_day *day, const struct today_line *l)
{
  enum lang lang = day->who->lang;
  switch (l->row.worry) {
  case WORRY_ASKED:
    return tr_args(day->a, lang, TR("%1が状況をたずねています「%2」"), l->body, called(day, l), STR_NONE);
  case WORRY_SILENCE:
    if (l->row.sent_by_us)
      return tr_args(day->a, lang, TR("%1へつないだ「%2」"), l->body, called(day, l), STR_NONE);
    /* fallthrough */
  case WORRY_ARRIVED:
  case WORRY_NOT_MET:
    return tr_args(day->a, lang, TR("%1から届いた「%2」"), l->body, called(day, l), STR_NONE);
  case WORRY_RETURNED:
    return tr_args(day->a, lang, TR("%1から戻ってきた「%2」"), l->body, called(day, l), STR_NONE);
  case WORRY_DECLINED:
    return tr_args(day->a, lang, TR("%1へつなげなかった「%2」"), l->body, called(day, l), STR_NONE);
  case WORRY_DRAFT:
    return draft_text(day, l);
  case WORRY_DUE:
    return with_step(day, l);
  default:
    return called(day, l);
  }
}

static struct str lead_text(const struct today_day *day, const struct today_line *l)
{
  return l->body.n ? tr_args(day->a, day->who->lang, TR("主担当 %1"), l->body, STR_NONE, STR_NONE)
                   : tr(day->who->lang, TR("主担当がいません"));
}

static struct str silence_text(const struct today_day *day, const struct today_line *l)
{
  struct str text = days_text(
      day, l->row.sent_by_us ? TR("送ってから開庁日で%1日たちました") : TR("届いてから開庁日で%1日たちました"),
      opening_days_since(&day->opening, l->row.sent_by_us ? l->row.other_id : scope_organization(day->list),
                         l->row.since, day->who->today));
  struct str asked = tr(day->who->lang, TR("今日、状況をたずねました"));
  return l->row.asked ? str_printf(day->a, "%.*s / %.*s", STR_FMT(text), STR_FMT(asked)) : text;
}

/* Why it stands there. */
static struct str sub_of(const struct today_day *day, const struct today_line *l)
{
  struct date due = {0};
  switch (l->row.worry) {
  case WORRY_ASKED:
    return tr(day->who->lang, TR("記録か返事を書くと、ここから消えます"));
  case WORRY_SILENCE:
    return silence_text(day, l);
  case WORRY_CONTACT: {
    struct str lead = lead_text(day, l);
    struct str every = days_text(day, TR("%1日に1回がめやすです"), case_density_days(l->row.density));
    return str_printf(day->a, "%.*s %.*s / %.*s", STR_FMT(l->row.density), STR_FMT(every), STR_FMT(lead));
  }
  case WORRY_ARRIVED:
    return tr(day->who->lang, TR("まだ引き受けていません"));
  case WORRY_RETURNED:
    return tr(day->who->lang, TR("確かめたいことがあるそうです。直して送りなおせます"));
  case WORRY_DECLINED:
    return tr(day->who->lang, TR("ほかへつなぐか記録を書くと、ここから消えます"));
  case WORRY_NOT_MET:
    return days_text(day, TR("引き受けてから開庁日で%1日、初回接触がまだです"),
                     opening_days_since(&day->opening, scope_organization(day->list), l->row.since, day->who->today));
  case WORRY_DUE:
    (void)date_parse_iso(l->row.day, &due);
    return tr(day->who->lang, date_compare(due, day->who->today) < 0 ? TR("期日を過ぎました") : TR("今日の予定です"));
  case WORRY_NO_NEXT:
    return tr(day->who->lang, TR("次にすることが決まっていません"));
  default:
    return tr(day->who->lang, str_is(l->row.day, SHEET_FORM) ? TR("まだ送っていません") : TR("まだ書き終えていません"));
  }
}

static struct str since_of(const struct today_day *day, const struct today_line *l)
{
  struct date from = date_of_ts(l->row.since), due = {0};
  switch (l->row.worry) {
  case WORRY_SILENCE:
  case WORRY_CONTACT:
  case WORRY_NOT_MET:
    return days_text(day, TR("%1日"), date_days_between(from, day->who->today));
  case WORRY_DUE:
    (void)date_parse_iso(l->row.day, &due);
    return reader_since(day->a, day->who, due);
  case WORRY_NO_NEXT:
    return STR_NONE;
  default:
    return reader_since(day->a, day->who, from);
  }
}

/* ---- what to do about it ---------------------------------------------------------------------------------------------- */

static struct str path(const struct today_day *day, const char *head, id64 id, const char *tail)
{
  struct str text = id_text(day->a, id);
  return str_printf(day->a, "%s%.*s%s", head, STR_FMT(text), tail);
}

static void add_action(const struct today_day *day, struct doc *list, const char *word, struct str href)
{
  struct doc *d = doc_add_map(list);
  doc_put_str(d, "href", href);
  doc_put_str(d, "word", tr(day->who->lang, word));
  doc_put_bool(d, "is_post", false);
  doc_put_bool(d, "is_get", true);
  doc_put_bool(d, "back", false);
}

/* Done by one press. */
static void add_deed(const struct today_day *day, struct doc *list, const char *word, struct str href)
{
  add_action(day, list, word, href);
  struct doc *d = doc_at(list, doc_size(list) - 1);
  doc_replace(d, "is_post", doc_bool(day->a, true));
  doc_replace(d, "is_get", doc_bool(day->a, false));
}

/* The same, and this page again. */
static void add_asking(const struct today_day *day, struct doc *list, const struct today_row *row)
{
  if (!day->may->send || !row->sent_by_us || row->asked)
    return;
  add_deed(day, list, TR("状況をたずねる"), path(day, "/connections/", row->id, "/ask"));
  doc_replace(doc_at(list, doc_size(list) - 1), "back", doc_bool(day->a, true));
}

static struct str href_of(const struct today_day *day, const struct today_row *row)
{
  switch (row->worry) {
  case WORRY_ASKED:
    return path(day, row->sent_by_us ? "/connections/" : "/cases/", row->id, "");
  case WORRY_SILENCE:
  case WORRY_ARRIVED:
  case WORRY_RETURNED:
  case WORRY_DECLINED:
  case WORRY_NOT_MET:
    return path(day, "/connections/", row->id, "");
  case WORRY_DRAFT:
    return path(day, "/sheets/", row->id, "/edit");
  default:
    return path(day, "/cases/", row->case_id, "");
  }
}

static void put_actions(const struct today_day *day, const struct today_row *row, struct doc *d)
{
  struct doc *list = doc_put_list(d, "actions");
  switch (row->worry) {
  case WORRY_SILENCE:
    if (day->may->answer)
      add_action(day, list, row->sent_by_us ? TR("電話の返事を書く") : TR("返事をする"),
                 path(day, "/connections/", row->id, "/answer"));
    add_asking(day, list, row);
    /* fallthrough */
  case WORRY_ARRIVED:
    add_action(day, list, TR("開く"), href_of(day, row));
    break;
  case WORRY_RETURNED:
    if (day->may->create)
      add_deed(day, list, TR("直して送りなおす"), path(day, "/connections/", row->id, "/again"));
    add_action(day, list, TR("開く"), href_of(day, row));
    break;
  case WORRY_NOT_MET:
    if (day->may->answer)
      add_action(day, list, TR("連絡を記録"), path(day, "/connections/", row->id, "/contact"));
    add_action(day, list, TR("開く"), href_of(day, row));
    break;
  case WORRY_DECLINED:
    add_action(day, list, TR("開く"), href_of(day, row));
    if (day->may->create)
      add_deed(day, list, TR("ほかへつなぐ"), path(day, "/connections/", row->id, "/again"));
    break;
  case WORRY_DRAFT:
    add_action(day, list, TR("続ける"), href_of(day, row));
    break;
  default:
    if (day->may->record)
      add_action(day, list, row->worry == WORRY_NO_NEXT ? TR("次にすることを書く") : TR("記録する"),
                 path(day, "/cases/", row->case_id, "/records/new"));
    if (day->may->create && row->worry == WORRY_DUE && scope_wrote(day->list, row->teller))
      add_action(day, list, TR("期日を変える"), path(day, "/cases/", row->case_id, "/course#f-next_day"));
  }
}

void today_put_line(const struct today_day *day, struct doc *list, const struct today_line *l)
{
  struct doc *d = doc_add_map(list);
  put_state(d, day->who->lang, l->row.worry);
  doc_put_str(d, "since", since_of(day, l));
  doc_put_str(d, "href", href_of(day, &l->row));
  doc_put_str(d, "text", text_of(day, l));
  doc_put_str(d, "sub", sub_of(day, l));
  put_actions(day, &l->row, d);
}

void today_put_step(const struct today_day *day, struct doc *list, const struct today_line *l)
{
  struct date due = {0};
  struct doc *d = doc_add_map(list);
  (void)date_parse_iso(l->row.day, &due);
  bool near = date_days_between(day->who->today, due) <= 1;
  doc_put_str(d, "when", near ? reader_since(day->a, day->who, due) : reader_short(day->a, day->who, due));
  doc_put_str(d, "what", with_step(day, l));
  doc_put_str(d, "href", href_of(day, &l->row));
}
