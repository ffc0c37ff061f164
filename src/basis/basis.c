#include "basis/basis.h"

#include "base/limits.h"
#include "basis/words.h"
#include "consent/consent.h"
#include "directory/directory.h"
#include "protect/protect.h"

enum { LONGEST_DAYS = 366 };

/* ---- asking for it ------------------------------------------------------------------------------------------------------- */

/* What is possible from one body to the other, as much of it as an error's argument holds. */
static struct str possible_text(struct arena *a, const struct basis_town *town, const struct basis_body *giver,
                                const struct basis_body *receiver)
{
  struct buf b;
  buf_init(&b, a, 4096);
  for (int i = 0; basis_codes[i]; i++) {
    struct str code = str_from(basis_codes[i]), label = tr(LANG_JA, basis_label(code));
    if (!basis_lawful(town, giver, receiver, code) || b.n + label.n + 4 > ERR_ARG_SIZE)
      continue;
    buf_add_cstr(&b, b.n ? "、" : "");
    buf_add(&b, label);
  }
  return buf_str(&b);
}

static enum code unlawful(struct arena *a, struct str name, struct str can, struct err *e)
{
  if (!can.n)
    return err_field(e, "code", TR("この相手には、法令では渡せません。本人の同意をとって渡してください。"));
  enum code c =
      err_set2(e, INVALID, TR("%1には、この法令では渡せません。渡せるのは、本人の同意があるときか、%2のときです。"),
               str_cstr(a, name), str_cstr(a, can));
  snprintf(e->field, sizeof e->field, "code");
  return c;
}

static enum code check_lawful(struct tx *tx, const struct scope *s, const struct basis_new *n, struct str *ret_article,
                              struct err *e)
{
  struct arena *a = tx_arena(tx);
  struct basis_town town = {0};
  struct basis_body giver = {0}, receiver = {0};
  struct str name = STR_NONE, own = STR_NONE;
  enum code c = basis_sql_town(tx, a, &town, e);
  if (c == OK)
    c = basis_sql_body(tx, scope_organization(s), a, &giver, &own, e);
  if (c == OK)
    c = basis_sql_body(tx, n->to, a, &receiver, &name, e);
  if (c != OK)
    return c;
  if (!receiver.kind.n || scope_wrote(s, n->to))
    return err_field(e, "to", TR("渡す相手を、一覧から選んでください。"));
  *ret_article = str_from(basis_article(n->code, &giver));
  if (basis_lawful(&town, &giver, &receiver, n->code))
    return OK;
  return unlawful(a, name, possible_text(a, &town, &giver, &receiver), e);
}

static enum code check_texts(const struct basis_new *n, struct err *e)
{
  const struct doc *t = n->content;
  if (!n->categories)
    return err_field(e, "categories", TR("渡す内容を、一つ以上選んでください。"));
  if (!words_text(t, "purpose").n)
    return err_field(e, "purpose", TR("何のために渡すかを書いてください。"));
  if (basis_is_asked(n->code) && !words_text(t, "asked").n)
    return err_field(e, "asked", TR("だれから、どのような求めがあったか（文書の番号など）を書いてください。"));
  if (!n->necessity.n)
    return err_field(e, "necessity", TR("なぜ必要かを書いてください。"));
  if (!n->weighing.n)
    return err_field(e, "weighing", TR("本人やほかの人を不当に害さないと考える理由を書いてください。"));
  if (!n->why.n)
    return err_field(e, "why", TR("なぜ同意によらないのかを選んでください。"));
  if (!n->tell.n)
    return err_field(e, "tell", TR("本人に知らせるかどうかを選んでください。"));
  if (str_is(n->tell, "not") && !words_text(t, "untold").n)
    return err_field(e, "untold", TR("本人に知らせない理由を書いてください。"));
  if (str_is(n->tell, "after") && !date_known(n->tell_due))
    return err_field(e, "tell_due", TR("いつまでに知らせるかを入力してください。"));
  return OK;
}

static enum code check_days(struct tx *tx, const struct basis_new *n, ts_t *ret_from, ts_t *ret_until, struct err *e)
{
  struct date today = date_of_ts(tx_now(tx));
  if (!date_known(n->from_day) || date_compare(n->from_day, today) < 0)
    return err_field(e, "from", TR("今日か、これからの日にしてください。さかのぼって開くことはできません。"));
  if (!date_known(n->until_day) || date_compare(n->until_day, n->from_day) < 0)
    return err_field(e, "until", TR("終わりの日は、始まりの日より後にしてください。"));
  if (date_days_between(n->from_day, n->until_day) > LONGEST_DAYS)
    return err_field(e, "until", TR("一年をこえるときは、一年ごとに確かめて、あらためて申し出てください。"));
  ts_t from = date_start_ts(n->from_day);
  *ret_from = from > tx_now(tx) ? from : tx_now(tx);
  *ret_until = date_start_ts(date_add_days(n->until_day, 1));
  return OK;
}

static enum code seal_all(struct tx *tx, const struct scope *s, id64 id, const struct basis_new *n,
                          struct basis_sealed *ret, struct err *e)
{
  struct buf json;
  buf_init(&json, tx_arena(tx), LIMIT_BODY);
  json_write(&json, n->content);
  if (json.failed)
    return err_set(e, LIMIT, TR("長すぎます。文章を短くしてください。"));
  enum code c = protect_seal(tx, s, "legal_basis", "content_sealed", id, buf_str(&json), &ret->content, e);
  if (c == OK)
    c = protect_seal(tx, s, "legal_basis", "necessity_sealed", id, n->necessity, &ret->necessity, e);
  if (c == OK)
    c = protect_seal(tx, s, "legal_basis", "weighing_sealed", id, n->weighing, &ret->weighing, e);
  return c;
}

enum code basis_record(struct tx *tx, const struct scope *s, id64 case_id, const struct basis_new *n, id64 *ret_id,
                       struct err *e)
{
  struct basis_sealed sealed = {0};
  struct str article = STR_NONE;
  ts_t from = 0, until = 0;
  id64 id = id_new(tx_now(tx));
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  enum code c = check_lawful(tx, s, n, &article, e);
  if (c == OK)
    c = check_texts(n, e);
  if (c == OK)
    c = check_days(tx, n, &from, &until, e);
  if (c == OK)
    c = seal_all(tx, s, id, n, &sealed, e);
  if (c == OK)
    c = basis_sql_insert(tx, s, id, case_id, n, article, &sealed, from, until, e);
  if (c == OK)
    *ret_id = id;
  return c == OK ? network_bump_facts(tx, e) : c;
}

/* ---- deciding, telling, ending ----------------------------------------------------------------------------------------------- */

struct one {
  const struct scope *s;
  bool found, own, mine; /* mine: the actor asked for it */
  id64 organization;
  enum basis_state state;
  ts_t now, from;
  bool told;
};

static enum code take_one(void *arg, const struct basis_row *row, struct err *e)
{
  struct one *o = arg;
  (void)e;
  o->found = true;
  o->own = scope_wrote(o->s, row->author_organization);
  o->mine = row->requester == scope_actor(o->s)->user;
  o->organization = row->organization;
  o->state = basis_state_of(row, o->now);
  o->from = row->from;
  o->told = row->told_day.n;
  return OK;
}

static enum code load_one(struct tx *tx, const struct scope *s, id64 basis, struct one *ret, struct err *e)
{
  *ret = (struct one){.s = s, .now = tx_now(tx)};
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  enum code c = basis ? basis_sql_each(tx, s, basis, take_one, ret, e) : OK;
  return c == OK && !ret->own ? err_set(e, NOT_FOUND, code_msg(NOT_FOUND)) : c;
}

static enum code faster(struct err *e)
{
  return err_set(e, CONFLICT, TR("もう決まっています。画面を開きなおしてください。"));
}

enum code basis_decide(struct tx *tx, const struct scope *s, id64 basis, bool allowed, struct err *e)
{
  struct one one;
  int64_t changed = 0;
  enum code c = load_one(tx, s, basis, &one, e);
  if (c == OK && one.mine)
    return err_set(e, DENIED, TR("申し出た人は、自分では認められません。ほかの管理者に頼んでください。"));
  if (c == OK && one.state != BASIS_WAITS)
    return faster(e);
  if (c == OK)
    c = allowed ? basis_sql_allow(tx, s, basis, one.from > one.now ? one.from : one.now, &changed, e)
                : basis_sql_refuse(tx, s, basis, &changed, e);
  if (c == OK && !changed)
    return faster(e);
  if (c == OK)
    c = network_bump_facts(tx, e);
  return c == OK && allowed ? case_tell_all(tx, s, e) : c;
}

enum code basis_tell(struct tx *tx, const struct scope *s, id64 basis, struct date day, struct str how, struct err *e)
{
  struct one one;
  int64_t changed = 0;
  struct str sealed = STR_NONE;
  enum code c = load_one(tx, s, basis, &one, e);
  if (c == OK && (!date_known(day) || date_compare(day, date_of_ts(tx_now(tx))) > 0))
    return err_field(e, "day", TR("知らせた日を、今日までの日で入力してください。"));
  if (c == OK && one.told)
    return err_set(e, CONFLICT, TR("本人への知らせは、もう記録されています。"));
  if (c == OK)
    c = protect_seal(tx, s, "legal_basis", "told_how_sealed", basis, how, &sealed, e);
  if (c == OK)
    c = basis_sql_tell(tx, s, basis, date_iso(tx_arena(tx), day), sealed, &changed, e);
  return c == OK && !changed ? faster(e) : c;
}

enum code basis_end(struct tx *tx, const struct scope *s, id64 basis, struct err *e)
{
  struct one one;
  int64_t changed = 0;
  enum code c = load_one(tx, s, basis, &one, e);
  if (c == OK)
    c = basis_sql_end(tx, s, basis, &changed, e);
  if (c == OK && !changed)
    return faster(e);
  if (c == OK)
    c = network_bump_facts(tx, e);
  return c == OK ? consent_end_for(tx, s, one.organization, e) : c;
}

/* ---- the page of a case ---------------------------------------------------------------------------------------------------- */

struct page_job {
  struct tx *tx;
  const struct scope *s;
  id64 case_id;
  struct arena *a;
  const struct reader *who;
  struct doc *rows;
};

static void put_fact(const struct page_job *job, struct doc *list, const char *label, struct str text)
{
  if (!text.n)
    return;
  struct doc *d = doc_add_map(list);
  doc_put_str(d, "label", tr(job->who->lang, label));
  doc_put_str(d, "text", text);
}

static enum code open_content(const struct page_job *job, const struct basis_row *row, struct doc **ret, struct err *e)
{
  struct str json = STR_NONE;
  *ret = NULL;
  enum code c =
      protect_unseal(job->tx, job->s, "legal_basis", "content_sealed", row->id, row->content_sealed, job->a, &json, e);
  return c == OK && json.n ? json_parse(job->a, json, ret, e) : c;
}

/* What the own organization alone reads. */
static enum code put_reasons(const struct page_job *job, const struct basis_row *row, const struct doc *content,
                             struct doc *facts, struct err *e)
{
  struct str necessity = STR_NONE, weighing = STR_NONE, how = STR_NONE, why = words_why(job->who->lang, row->why);
  enum code c = protect_unseal(job->tx, job->s, "legal_basis", "necessity_sealed", row->id, row->necessity_sealed,
                               job->a, &necessity, e);
  if (c == OK)
    c = protect_unseal(job->tx, job->s, "legal_basis", "weighing_sealed", row->id, row->weighing_sealed, job->a,
                       &weighing, e);
  if (c == OK)
    c = protect_unseal(job->tx, job->s, "legal_basis", "told_how_sealed", row->id, row->told_how_sealed, job->a, &how,
                       e);
  if (c != OK)
    return c;
  struct str more = words_text(content, "why_text");
  put_fact(job, facts, TR("求めた人・文書"), words_text(content, "asked"));
  put_fact(job, facts, TR("なぜ必要か"), necessity);
  put_fact(job, facts, TR("害さないと考える理由"), weighing);
  put_fact(job, facts, TR("なぜ同意によらないか"),
           more.n ? str_printf(job->a, "%.*s\n%.*s", STR_FMT(why), STR_FMT(more)) : why);
  put_fact(job, facts, TR("申し出た人"), row->requester_name);
  put_fact(job, facts, row->refused_by ? TR("認めなかった人") : TR("認めた人"), row->approver_name);
  if (row->decided_at)
    put_fact(job, facts, TR("決めた日時"), reader_time(job->a, job->who, row->decided_at));
  put_fact(job, facts, TR("本人への知らせ"), words_told(job->a, job->who, row));
  put_fact(job, facts, TR("知らせない理由"), words_text(content, "untold"));
  put_fact(job, facts, TR("知らせかた"), how);
  return OK;
}

static void put_buttons(const struct page_job *job, const struct basis_row *row, struct doc *d)
{
  bool own = scope_wrote(job->s, row->author_organization) && scope_writes(job->s);
  bool mine = row->requester == scope_actor(job->s)->user, records = own && scope_may(job->s, ACTION_BASIS_RECORD);
  enum basis_state at = basis_state_of(row, tx_now(job->tx));
  bool waits = own && at == BASIS_WAITS;
  doc_put_bool(d, "can_decide", waits && !mine && scope_may(job->s, ACTION_BASIS_APPROVE));
  doc_put_bool(d, "waits_for_other", waits && mine);
  doc_put_bool(d, "can_tell", records && row->approver && str_is(row->tell, "after") && !row->told_day.n);
  doc_put_bool(d, "can_end", records && (at == BASIS_HOLDS || at == BASIS_TO_COME));
}

static enum code put_row(void *arg, const struct basis_row *row, struct err *e)
{
  struct page_job *job = arg;
  enum lang lang = job->who->lang;
  struct doc *content = NULL, *d = doc_add_map(job->rows), *facts;
  bool own = scope_wrote(job->s, row->author_organization);
  doc_put_id(d, "id", row->id);
  doc_put_id(d, "case_id", job->case_id);
  doc_put_str(d, "law", tr(lang, basis_label(row->code)));
  words_put_state(d, lang, row, tx_now(job->tx));
  facts = doc_put_list(d, "facts");
  put_fact(job, facts, TR("だれから、だれへ"),
           str_printf(job->a, "%.*s → %.*s", STR_FMT(row->giver), STR_FMT(row->receiver)));
  put_fact(job, facts, TR("法令"), row->article);
  put_fact(job, facts, TR("渡す内容"), words_categories(job->a, lang, row->categories));
  enum code c = open_content(job, row, &content, e);
  if (c != OK)
    return c;
  put_fact(job, facts, TR("くわしい項目"), words_text(content, "items"));
  put_fact(job, facts, TR("何のために"), words_text(content, "purpose"));
  put_fact(job, facts, TR("いつからいつまで"), words_period(job->a, job->who, row));
  if (own)
    c = put_reasons(job, row, content, facts, e);
  put_buttons(job, row, d);
  return c;
}

enum code basis_page(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, const struct reader *who,
                     struct doc **ret, struct err *e)
{
  struct doc *d = doc_map(a);
  struct page_job job = {tx, s, case_id, a, who, doc_put_list(d, "rows")};
  enum code c = basis_sql_each(tx, s, 0, put_row, &job, e);
  if (c != OK)
    return c;
  doc_put_bool(d, "has_rows", doc_size(job.rows) > 0);
  doc_put_bool(d, "can_record", scope_writes(s) && scope_may(s, ACTION_BASIS_RECORD));
  *ret = d;
  return OK;
}

/* ---- the form's choices ------------------------------------------------------------------------------------------------------ */

struct choice_job {
  struct arena *a;
  const struct reader *who;
  struct basis_town town;
  struct basis_body giver;
  struct doc *list;
};

static void put_receiver(void *arg, id64 id, struct str name, const struct basis_body *b)
{
  struct choice_job *job = arg;
  struct doc *d = doc_add_map(job->list);
  doc_put_id(d, "id", id);
  doc_put_str(d, "name", name);
  doc_put_str(d, "kind", tr(job->who->lang, directory_kind_label(b->kind)));
}

static void put_codes(struct choice_job *job, const struct basis_body *receiver, struct doc *data)
{
  struct doc *list = doc_put_list(data, "codes");
  enum lang lang = job->who->lang;
  for (int i = 0; basis_codes[i]; i++) {
    struct str code = str_from(basis_codes[i]);
    if (receiver->kind.n && !basis_lawful(&job->town, &job->giver, receiver, code))
      continue; /* nobody chosen yet: all of them */
    struct doc *d = doc_add_map(list);
    doc_put_str(d, "value", code);
    doc_put_str(d, "word", tr(lang, basis_label(code)));
    doc_put_cstr(d, "article", basis_article(code, &job->giver));
    doc_put_str(d, "hint", tr(lang, basis_hint(code)));
  }
  doc_put_bool(data, "has_codes", doc_size(list) > 0);
}

enum code basis_choices(struct tx *tx, const struct scope *s, id64 to, struct arena *a, const struct reader *who,
                        struct doc *data, struct err *e)
{
  struct choice_job job = {.a = a, .who = who};
  struct basis_body receiver = {0};
  struct str name = STR_NONE, own = STR_NONE;
  enum code c = basis_sql_town(tx, a, &job.town, e);
  if (c == OK)
    c = basis_sql_body(tx, scope_organization(s), a, &job.giver, &own, e);
  if (c == OK && to)
    c = basis_sql_body(tx, to, a, &receiver, &name, e);
  if (c != OK)
    return c;
  if (!receiver.kind.n || scope_wrote(s, to)) {
    to = 0; /* nobody who could receive it: to be chosen again */
    receiver = (struct basis_body){0};
    name = STR_NONE;
  }
  doc_put_str(data, "giver", own);
  doc_put_bool(data, "has_to", to);
  doc_put_str(data, "to", to ? id_text(a, to) : STR_NONE);
  doc_put_str(data, "receiver", name);
  put_codes(&job, &receiver, data);
  job.list = doc_put_list(data, "receivers");
  return to ? OK : basis_sql_bodies(tx, s, put_receiver, &job, e);
}

/* ---- today ------------------------------------------------------------------------------------------------------------------- */

struct owed_job {
  struct tx *tx;
  struct arena *a;
  const struct reader *who;
  struct basis_row rows[LIMIT_PAGE_ROWS];
  id64 persons[LIMIT_PAGE_ROWS];
  size_t n, persons_n;
};

static enum code take_owed(void *arg, const struct basis_row *row, struct err *e)
{
  struct owed_job *job = arg;
  (void)e;
  job->rows[job->n++] = (struct basis_row){.id = row->id,
                                           .person = row->person,
                                           .case_id = row->case_id,
                                           .approver = row->approver,
                                           .created_at = row->created_at,
                                           .decided_at = row->decided_at,
                                           .receiver = str_copy(job->a, row->receiver),
                                           .number = str_copy(job->a, row->number),
                                           .tell_due = str_copy(job->a, row->tell_due)};
  for (size_t i = 0; i < job->persons_n; i++)
    if (job->persons[i] == row->person)
      return OK;
  job->persons[job->persons_n++] = row->person;
  return OK;
}

static void put_owed(const struct owed_job *job, const struct basis_row *row, struct doc *lines)
{
  enum lang lang = job->who->lang;
  struct date due = {0};
  struct str id = id_text(job->a, row->case_id);
  bool waits = !row->approver;
  (void)date_parse_iso(row->tell_due, &due);
  const struct owed_line l = {.word = waits ? TR("認めるかどうか") : TR("本人への知らせ"),
                              .late = !waits && date_compare(due, job->who->today) < 0,
                              .since = waits ? reader_since(job->a, job->who, date_of_ts(row->created_at))
                                             : reader_since(job->a, job->who, due),
                              .href = str_printf(job->a, "/cases/%.*s/bases", STR_FMT(id)),
                              .text =
                                  tr_args(job->a, lang,
                                          waits ? TR("「%1」を%2へ、法令により渡す申し出があります")
                                                : TR("「%1」を%2へ、法令により渡したことを、本人に知らせてください"),
                                          row->number, row->receiver, STR_NONE),
                              .sub = waits ? tr(lang, TR("認めるまで、相手からは見えません"))
                                           : tr_args(job->a, lang, TR("%1までに知らせることになっています"),
                                                     reader_date(job->a, job->who, due), STR_NONE, STR_NONE)};
  protect_put_line(lines, lang, &l);
}

enum code basis_owed(struct tx *tx, const struct scope *list, bool may_allow, struct arena *a, const struct reader *who,
                     struct doc *lines, struct err *e)
{
  struct access_seen seen[LIMIT_PAGE_ROWS] = {0};
  struct owed_job job = {.tx = tx, .a = a, .who = who};
  enum code c = basis_sql_owed(tx, list, may_allow, take_owed, &job, e);
  if (c == OK && job.n)
    c = access_seen(tx, list, job.persons, job.persons_n, seen, e);
  for (size_t i = 0; c == OK && i < job.n; i++)
    for (size_t k = 0; k < job.persons_n; k++)
      if (job.persons[k] == job.rows[i].person && seen[k].own) {
        put_owed(&job, &job.rows[i], lines);
        scope_showed(list, job.rows[i].person);
      }
  return c;
}

/* ---- how many ------------------------------------------------------------------------------------------------------------------- */

enum { COUNTED = 100 };
struct count_job {
  const struct scope *s;
  ts_t now;
  id64 bodies[COUNTED];
  size_t n;
};

static enum code count_body(void *arg, const struct basis_row *row, struct err *e)
{
  struct count_job *job = arg;
  bool known = !scope_wrote(job->s, row->author_organization) || basis_state_of(row, job->now) != BASIS_HOLDS;
  for (size_t i = 0; i < job->n; i++)
    known |= job->bodies[i] == row->organization; /* a value, not a decision */
  if (!known && job->n < COUNTED)
    job->bodies[job->n++] = row->organization;
  (void)e;
  return OK;
}

enum code basis_count(struct tx *tx, const struct scope *s, size_t *ret, struct err *e)
{
  struct count_job job = {.s = s, .now = tx_now(tx)};
  enum code c = basis_sql_each(tx, s, 0, count_body, &job, e);
  *ret = job.n;
  return c;
}
