/* erase.c: who is to be erased, and may they be? The rule of retention (domain: 保存期間): a case's records are kept until the later of
 * the end of the fiscal year in which the person turns 25 and five years after closing. */
#include "audit/audit.h"
#include "base/limits.h"
#include "keep/keep_impl.h"
#include "network/network.h"

enum { KEPT_UNTIL_AGE = 25, KEPT_AFTER_CLOSING = 5, CASES_BYTES = 4000 };

struct looking {
  struct arena *a;
  const struct str *words;
  size_t count;
  struct erase_plan *plan;
  int64_t own_age;
};

/* What the cases of one person say. */
struct cases {
  struct buf numbers;
  bool open;
  ts_t closed; /* the latest */
};

static enum code take_case(void *arg, struct str number, ts_t closed, struct err *e)
{
  struct cases *c = arg;
  if (c->numbers.n)
    buf_add_c(&c->numbers, ' ');
  buf_add(&c->numbers, number);
  c->open = c->open || !closed;
  c->closed = closed > c->closed ? closed : c->closed;
  return OK;
}

/* The last day on which the records must be kept; unknown where the birth date is. own_from is the birthday of age own_age. */
static struct date kept_until(const struct looking *l, ts_t own_from, ts_t closed)
{
  struct date birthday = date_of_ts(own_from), ended = date_of_ts(closed);
  if (!own_from)
    return (struct date){0};
  birthday.year += KEPT_UNTIL_AGE - (int)l->own_age;
  struct date reached = date_add_days(birthday, -1);
  struct date by_age = {fiscal_year(reached) + 1, 3, 31};
  ended.year += KEPT_AFTER_CLOSING;
  return date_compare(by_age, ended) > 0 ? by_age : ended;
}

static bool already(const struct doc *list, struct str id)
{
  for (size_t i = 0; i < doc_size(list); i++)
    if (str_eq(doc_get_str(doc_at(list, i), "id"), id))
      return true;
  return false;
}

static void add_person(struct looking *l, struct str id, const struct cases *c, struct date until, struct date today)
{
  bool early = !date_known(until) || date_compare(until, today) >= 0;
  const char *state = c->open ? "open" : early ? "early" : "ok";
  struct doc *d = doc_add_map(l->plan->persons);
  doc_put_str(d, "id", id);
  doc_put_str(d, "cases", buf_str(&c->numbers));
  doc_put_str(d, "due", date_iso(l->a, until));
  doc_put_cstr(d, "state", state);
  l->plan->count++;
  l->plan->open += c->open;
  l->plan->early += early && !c->open;
}

static enum code look_one(struct tx *tx, struct looking *l, struct str word, struct err *e)
{
  id64 id = 0, person = 0;
  ts_t own_from = 0, created = 0;
  enum code c = OK;
  if (!id_parse(word, &id))
    c = erase_sql_person_of_case(tx, word, &id, e);
  if (c == OK)
    c = erase_sql_person(tx, id, &person, &own_from, &created, e);
  if (c == OK && !person)
    return err_set1(e, INVALID, TR("「%1」は、本人の番号(13文字)でもケース番号でもありません。何も消していません。"),
                    str_cstr(l->a, word));
  struct cases cases = {.closed = created};
  buf_init(&cases.numbers, l->a, CASES_BYTES);
  if (c == OK)
    c = erase_sql_cases(tx, person, take_case, &cases, e);
  struct str text = id_text(l->a, person);
  if (c == OK && !already(l->plan->persons, text))
    add_person(l, text, &cases, kept_until(l, own_from, cases.closed), date_of_ts(tx_now(tx)));
  return c;
}

static enum code look_all(struct tx *tx, void *arg, struct err *e)
{
  struct looking *l = arg;
  *l->plan = (struct erase_plan){.persons = doc_list(l->a)};
  enum code c = erase_sql_own_age(tx, &l->own_age, e);
  for (size_t i = 0; c == OK && i < l->count; i++)
    c = look_one(tx, l, l->words[i], e);
  return c == OK && arena_failed(l->a) ? err_oom(e) : c;
}

static struct db_who service(const struct erase *x)
{
  return (struct db_who){.network = x->network, .service = true};
}

enum code erase_look(const struct erase *x, struct arena *a, const struct str *words, size_t count,
                     struct erase_plan *ret, struct err *e)
{
  struct looking l = {.a = a, .words = words, .count = count, .plan = ret};
  const struct db_who who = service(x);
  if (!count)
    return err_set(e, INVALID, TR("だれを消去するかが、ひとりも書かれていません。"));
  return db_read(x->db, &who, look_all, &l, e);
}

/* --- the decision --- */

struct decide {
  const struct erase_plan *plan;
  struct str reason;
  id64 approver;
};

static enum code add_persons(struct tx *tx, const struct scope *s, const struct decide *d, id64 erasure, struct err *e)
{
  enum code c = OK;
  for (size_t i = 0; c == OK && i < doc_size(d->plan->persons); i++) {
    const struct doc *p = doc_at(d->plan->persons, i);
    id64 person = 0;
    if (!doc_get_id(p, "id", &person))
      return BUG(e, "a plan's person has an id");
    c = keep_sql_add_erased(
        tx, &(struct erased_row){.erasure = erasure, .person = person, .cases = doc_get_str(p, "cases")}, e);
    scope_showed(s, person);
  }
  return c;
}

static enum code decide(struct tx *tx, void *arg, struct err *e)
{
  const struct decide *d = arg;
  const struct scope *s = NULL;
  const struct actor who = {
      .role = ROLE_SERVICE, .network = tx_network(tx), .second_factor = true}; /* a value, not a decision */
  id64 pending = 0, id = id_new(tx_now(tx));
  int epoch = 0;
  enum code c = erase_sql_pending(tx, &pending, e);
  if (c == OK && pending)
    return err_set(e, CONFLICT,
                   TR("まだ終わっていない消去があります。先に tsunagu erase --resume を実行してください。"));
  if (c == OK)
    c = access_open_network(tx, &who, ACTION_ERASE, &s, e);
  if (c == OK)
    c = network_epoch(tx, &epoch, e);
  if (c == OK)
    c = keep_sql_add_decision(tx, &(struct decision_row){id, d->approver, S("erase"), d->reason, tx_now(tx)}, e);
  if (c == OK)
    c = keep_sql_add_erasure(
        tx, &(struct erasure_row){.id = id, .early = d->plan->early > 0 || d->plan->open > 0, .epoch_before = epoch},
        e);
  if (c == OK)
    c = add_persons(tx, s, d, id, e);
  audit_stamp(tx, S("erase"));
  return c == OK ? audit_flush(tx, e) : c;
}

enum code erase_decide(const struct erase *x, const struct erase_plan *plan, struct str reason, id64 approver,
                       struct err *e)
{
  struct decide d = {plan, reason, approver};
  const struct db_who who = service(x);
  if (!reason.n)
    return err_set(e, INVALID, TR("消去の決定を --reason で書いてください。例: --reason 令和8年度廃棄決裁第3号"));
  return db_write(x->db, "erase", &who, decide, &d, e);
}

static enum code pending(struct tx *tx, void *arg, struct err *e)
{
  return erase_sql_pending(tx, arg, e);
}

enum code erase_pending(const struct erase *x, id64 *ret, struct err *e)
{
  const struct db_who who = service(x);
  *ret = 0;
  return db_read(x->db, &who, pending, ret, e);
}
