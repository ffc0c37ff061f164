/* demo_deeds.c: what is done in the lives of demo/town.txt beyond what those told in C need, each through the function that a page calls. */
#include "basis/basis.h"
#include "casework/files.h"
#include "casework/handover.h"
#include "cli/demo_deed.h"
#include "connection/opening.h"
#include "form/form.h"
#include "formbook/formbook.h"
#include "ledger/ledger.h"
#include "person/person.h"
#include "progress/progress.h"
#include "protect/protect.h"

struct str deed_word(struct deed *d)
{
  struct str one = STR_NONE;
  (void)str_split(&d->words, ' ', &one);
  return one;
}

static int count_of(struct str s)
{
  int64_t n = 0;
  (void)str_to_i64(s, &n);
  return (int)n;
}

struct str deed_field(const struct deed *d, int i)
{
  return i < d->l->fields ? str_trim(d->l->field[i]) : STR_NONE;
}

static enum code wrong(struct err *e)
{
  return BUG(e, "a deed of demo/town.txt that nobody can do");
}

enum code deed_enter(struct deed *d, enum action action, struct case_head *head, const struct scope **ret,
                     struct err *e)
{
  return case_enter(d->tx, &d->st->actor, action, d->st->out.case_id, head, ret, e);
}

/* "10" days from today, "-83" before it. */
static struct date day_of(const struct deed *d, struct str words)
{
  if (str_starts(words, S("+")))
    words = str_sub(words, 1, words.n);
  return date_add_days(d->st->town->today, count_of(words));
}

/* ---- the case ------------------------------------------------------------------------------------------------------------ */

static enum code do_density(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct case_head head = {0};
  enum code c = deed_enter(d, ACTION_CASE_WRITE, &head, &s, e);
  struct case_change ch = {.was = head.status, .status = head.status, .density = deed_word(d)};
  ch.reason = d->words;
  return c == OK ? case_change(d->tx, s, &head, &ch, e) : c;
}

/* "2|a note": a step of withdrawal. */
static enum code do_step(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct case_head head = {0};
  int step = count_of(deed_word(d));
  enum code c = deed_enter(d, ACTION_RECORD_WRITE, &head, &s, e);
  return c == OK ? case_withdrawal_add(d->tx, s, head.id, date_of_ts(tx_now(d->tx)), step, deed_field(d, 0), e) : c;
}

static enum code do_handover(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct case_head head = {0};
  const struct str texts[HANDOVER_TEXTS] = {deed_field(d, 0), deed_field(d, 1), deed_field(d, 2)};
  enum code c = deed_enter(d, ACTION_CASE_WRITE, &head, &s, e);
  return c == OK ? handover_write(d->tx, s, head.id, texts, e) : c;
}

/* The first paragraph of the newest record. */
static enum code do_correct(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct case_head head = {0};
  struct doc *list = NULL;
  struct correction one = {.p = {.text = deed_field(d, 0), .source = SOURCE_PERSON, .category = CAT_SUPPORT}};
  enum code c = deed_enter(d, ACTION_RECORD_WRITE, &head, &s, e);
  if (c == OK)
    c = record_paragraphs(d->tx, s, head.id, d->st->out.record, d->a, &list, e);
  if (c == OK && !doc_get_id(doc_at(list, 0), "id", &one.paragraph))
    return wrong(e);
  return c == OK ? record_correct(d->tx, s, head.id, d->st->out.record, &one, 1, e) : c;
}

static enum code do_stand_in(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct case_head head = {0};
  enum code c = deed_enter(d, ACTION_STAND_IN, &head, &s, e);
  return c == OK ? case_stand_in(d->tx, s, d->st->out.case_id, deed_field(d, 0), e) : c;
}

/* ---- connections ------------------------------------------------------------------------------------------------------------ */

static enum code connection_of(struct deed *d, enum action action, struct connection *ret, const struct scope **s,
                               struct err *e)
{
  int n = count_of(deed_word(d)) - 1;
  if (n < 0 || n >= d->st->out.connections)
    return wrong(e);
  return connection_enter(d->tx, &d->st->actor, action, d->st->out.connection[n], ret, s, e);
}

/* "1 phone none|…" */
static enum code do_try(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct connection con = {0};
  struct contact_attempt t = {.day = date_of_ts(tx_now(d->tx)), .text = deed_field(d, 0)};
  enum code c = connection_of(d, ACTION_CONNECTION_ANSWER, &con, &s, e);
  t.method = deed_word(d);
  t.result = d->words;
  return c == OK ? connection_attempt(d->tx, s, &con, &t, e) : c;
}

static enum code do_ask(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct connection con = {0};
  enum code c = connection_of(d, ACTION_SHEET_SEND, &con, &s, e);
  return c == OK ? progress_ask_receiver(d->tx, s, &con, e) : c;
}

/* "|+9|+10": the own organization is closed. */
static enum code do_closed(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  enum code c = access_open_network(d->tx, &d->st->actor, ACTION_OPENING_WRITE, &s, e);
  return c == OK ? opening_close(d->tx, s, day_of(d, deed_field(d, 0)), day_of(d, deed_field(d, 1)), e) : c;
}

/* ---- what protects ------------------------------------------------------------------------------------------------------------ */

static uint32_t items_of(struct str words)
{
  static const struct {
    const char *word;
    uint32_t item;
  } items[] = {
      {"address", ITEM_ADDRESS}, {"phone", ITEM_PHONE}, {"school", ITEM_SCHOOL}, {"workplace", ITEM_WORKPLACE}};
  uint32_t all = 0;
  struct str one;
  while (str_split(&words, ',', &one))
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
      all |= str_is(one, items[i].word) ? items[i].item : 0;
  return all;
}

static size_t users_of(struct deed *d, struct str names, id64 *users, size_t room)
{
  size_t n = 0;
  struct str one;
  while (n < room && str_split(&names, ',', &one)) {
    int who = demo_account_of(d->st->town, one);
    if (who >= 0)
      users[n++] = d->st->town->account[who].user;
  }
  return n;
}

/* "address,phone takahashi,tanaka|town|reason" */
static enum code do_conceal(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct case_head head = {0};
  id64 holders[CONCEAL_HOLDERS];
  struct conceal_new n = {
      .items = items_of(deed_word(d)), .holders = holders, .town = deed_field(d, 0), .reason = deed_field(d, 1)};
  n.holder_count = users_of(d, d->words, holders, CONCEAL_HOLDERS);
  enum code c = deed_enter(d, ACTION_CONCEAL_SET, &head, &s, e);
  return c == OK ? conceal_set(d->tx, s, &n, &d->st->out.concealment, e) : c;
}

/* "祖母|address|…": what must not be known of a relative. */
static enum code do_relative(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct case_head head = {0};
  const struct conceal_value v = {.whose = d->words, .item = items_of(deed_field(d, 0)), .value = deed_field(d, 1)};
  enum code c = deed_enter(d, ACTION_CONCEAL_SET, &head, &s, e);
  return c == OK ? conceal_add_value(d->tx, s, d->st->out.concealment, &v, e) : c;
}

static enum code do_release(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct case_head head = {0};
  enum code c = deed_enter(d, ACTION_CONCEAL_SET, &head, &s, e);
  return c == OK ? conceal_ask_release(d->tx, s, d->st->out.concealment, deed_field(d, 0), e) : c;
}

/* "only hayashi|reason", "not hayashi|reason" */
static enum code do_restrict(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct case_head head = {0};
  id64 users[RESTRICT_USERS];
  struct restrict_new n = {.users = users, .only = str_is(deed_word(d), "only"), .reason = deed_field(d, 0)};
  n.count = users_of(d, d->words, users, RESTRICT_USERS);
  enum code c = deed_enter(d, ACTION_RESTRICT, &head, &s, e);
  return c == OK ? restrict_set(d->tx, s, &n, e) : c;
}

/* "2|reason": by the whole name and the birth date, for so many hours. */
static enum code do_glass(struct deed *d, struct err *e)
{
  const struct scope *list = NULL;
  const struct life *life = d->st->life;
  struct date birth = demo_birth(d->st->town, life->age, life->month, life->day);
  const struct emergency_new n = {.name = str_from(life->name),
                                  .birth = date_iso(d->a, birth),
                                  .reason = deed_field(d, 0),
                                  .hours = count_of(d->words)};
  id64 case_id = 0;
  enum code c = access_open_network(d->tx, &d->st->actor, ACTION_TODAY, &list, e);
  return c == OK ? emergency_open(d->tx, list, &n, &case_id, e) : c;
}

/* "right|text": of the newest that waits. */
static enum code do_review(struct deed *d, struct err *e)
{
  const struct scope *list = NULL;
  struct doc *page = NULL;
  id64 id = 0;
  enum code c = access_open_network(d->tx, &d->st->actor, ACTION_TODAY, &list, e);
  if (c == OK)
    c = emergency_page(d->tx, list, d->a, &d->who, &page, e);
  for (size_t i = 0; c == OK && !id && i < doc_size(doc_get(page, "rows")); i++) {
    const struct doc *row = doc_at(doc_get(page, "rows"), i);
    if (doc_get_bool(row, "can_review"))
      (void)doc_get_id(row, "id", &id);
  }
  return c == OK ? emergency_review(d->tx, list, id, str_is(d->words, "right"), deed_field(d, 0), e) : c;
}

/* "lost basic,education|what|cause" */
static enum code do_leak(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct case_head head = {0};
  struct leak_new n = {.kind = deed_word(d), .known_at = tx_now(d->tx), .persons = 1, .content = doc_map(d->a)};
  n.categories = demo_categories(d->words);
  n.happened_on = date_iso(d->a, date_of_ts(n.known_at));
  doc_put_str(n.content, "what", deed_field(d, 0));
  doc_put_str(n.content, "cause", deed_field(d, 1));
  enum code c = deed_enter(d, ACTION_CASE_WRITE, &head, &s, e);
  return c == OK ? leak_record(d->tx, s, head.id, &n, &d->st->out.leak, e) : c;
}

static enum code do_leaked(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct case_head head = {0};
  enum leak_step step = str_is(d->words, "told")    ? LEAK_TOLD
                        : str_is(d->words, "first") ? LEAK_FIRST_REPORT
                        : str_is(d->words, "final") ? LEAK_FINAL_REPORT
                                                    : LEAK_CLOSE;
  enum code c = deed_enter(d, ACTION_CASE_WRITE, &head, &s, e);
  return c == OK ? leak_step(d->tx, s, d->st->out.leak, step, e) : c;
}

/* ---- by law -------------------------------------------------------------------------------------------------------------------- */

/* "notification jiso basic,family|necessity|weighing|why nobody was asked|after|7": the person is told afterwards; from a day to come. */
static enum code do_basis(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct case_head head = {0};
  struct date today = date_of_ts(tx_now(d->tx));
  struct basis_new n = {
      .code = deed_word(d), .why = str_from(basis_why_codes[0]), .tell = S("not"), .content = doc_map(d->a)};
  int to = demo_body_of(d->st->town, deed_word(d));
  if (to < 0)
    return wrong(e);
  n.to = d->st->town->organization[to];
  n.categories = demo_categories(d->words);
  n.necessity = deed_field(d, 0);
  n.weighing = deed_field(d, 1);
  n.from_day = date_add_days(today, count_of(deed_field(d, 4)));
  n.until_day = date_add_days(today, 180);
  if (deed_field(d, 3).n) {
    n.tell = deed_field(d, 3);
    n.tell_due = date_add_days(today, 14);
  }
  doc_put_str(n.content, "purpose", deed_field(d, 0));
  doc_put_cstr(n.content, "items", "");
  doc_put_cstr(n.content, "asked", "");
  doc_put_str(n.content, "why_text", deed_field(d, 2));
  doc_put_str(n.content, "untold", deed_field(d, 3).n ? STR_NONE : deed_field(d, 2));
  enum code c = deed_enter(d, ACTION_BASIS_RECORD, &head, &s, e);
  return c == OK ? basis_record(d->tx, s, head.id, &n, &d->st->out.basis, e) : c;
}

static enum code decide(struct deed *d, bool allowed, struct err *e)
{
  const struct scope *s = NULL;
  struct case_head head = {0};
  enum code c = deed_enter(d, ACTION_BASIS_APPROVE, &head, &s, e);
  return c == OK ? basis_decide(d->tx, s, d->st->out.basis, allowed, e) : c;
}

static enum code do_allow(struct deed *d, struct err *e)
{
  return decide(d, true, e);
}

static enum code do_refuse(struct deed *d, struct err *e)
{
  return decide(d, false, e);
}

/* ---- forms -------------------------------------------------------------------------------------------------------------------- */

/* "+20" and "-30 15:00" are days from today where the form asks for a day. */
static struct str value_of(const struct deed *d, const struct form_item *it, struct str text)
{
  struct str day = STR_NONE, time = text;
  if (it->type != FORM_DATE && it->type != FORM_DATETIME)
    return demo_words(d->a, d->st->town, str_cstr(d->a, text));
  (void)str_split(&time, ' ', &day);
  struct str iso = date_iso(d->a, day_of(d, day));
  return it->type == FORM_DATE ? iso : str_printf(d->a, "%.*sT%.*s", STR_FMT(iso), STR_FMT(time));
}

static const struct form_item *item_of(const struct form *form, struct str link)
{
  for (size_t i = 0; i < form_item_count(form); i++)
    if (str_eq(form_item_at(form, i)->link, link))
      return form_item_at(form, i);
  return NULL;
}

static void put_value(const struct deed *d, struct doc *at, const struct form_item *it, struct str text)
{
  const char *key = str_cstr(d->a, it->link);
  struct str one;
  if (!it->repeats || it->type == FORM_GROUP) {
    doc_replace(at, key, doc_str(d->a, value_of(d, it, text)));
    return;
  }
  struct doc *list = doc_list(d->a);
  while (str_split(&text, ',', &one))
    doc_add_str(list, one);
  doc_replace(at, key, list);
}

/* "helpers.0.helper_who": a row of a repeating group, and the item in it. */
static struct doc *row_of(const struct deed *d, struct doc *answers, struct str *link)
{
  struct str rest = *link, group = STR_NONE, index = STR_NONE;
  (void)str_split(&rest, '.', &group);
  if (!rest.n)
    return answers;
  (void)str_split(&rest, '.', &index);
  const char *key = str_cstr(d->a, group);
  struct doc *rows = doc_get(answers, key);
  if (doc_kind(rows) != DOC_LIST) {
    rows = doc_list(d->a);
    doc_replace(answers, key, rows);
  }
  while ((int)doc_size(rows) <= count_of(index))
    (void)doc_add_map(rows);
  *link = rest;
  return doc_at(rows, (size_t)count_of(index));
}

/* Whoever writes, and when: what every form asks for. */
static enum code put_head(const struct deed *d, const struct form *form, struct doc *answers, struct err *e)
{
  static const char *const days[] = {"written_on", "received_on"}, *const people[] = {"written_by", "received_by"};
  struct str org = STR_NONE, day = date_iso(d->a, date_of_ts(tx_now(d->tx)));
  int of = d->st->town->account[d->st->scene->who].organization;
  struct str name = str_from(d->st->town->account[d->st->scene->who].name);
  enum code c = organization_name(d->tx, d->st->town->organization[of], d->a, &org, e);
  for (int i = 0; c == OK && i < 2; i++) {
    if (item_of(form, str_from(days[i])))
      doc_replace(answers, days[i], doc_str(d->a, day));
    if (item_of(form, str_from(people[i])))
      doc_replace(answers, people[i], doc_str(d->a, name));
  }
  if (c == OK && item_of(form, S("received_org")))
    doc_replace(answers, "received_org", doc_str(d->a, org));
  return c;
}

/* "problem=…" */
static enum code put_field(const struct deed *d, const struct form *form, struct doc *answers, struct str text,
                           struct err *e)
{
  struct str link = STR_NONE;
  (void)str_split(&text, '=', &link);
  struct doc *at = row_of(d, answers, &link);
  const struct form_item *it = item_of(form, link);
  if (it) {
    put_value(d, at, it, text);
    return OK;
  }
  enum code c = wrong(e);
  err_detail(e, "no item %.*s", STR_FMT(link));
  return c;
}

static enum code put_fields(const struct deed *d, const struct form *form, struct doc *answers, struct err *e)
{
  enum code c = put_head(d, form, answers, e);
  if (c == OK)
    c = put_field(d, form, answers, d->words, e);
  for (int i = 0; c == OK && i < d->l->fields; i++)
    c = put_field(d, form, answers, d->l->field[i], e);
  return c;
}

/* "plan problem=…|review_on=+20": begun with what is known, and finished. */
static enum code do_form(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct case_head head = {0};
  struct sheet sheet = {0};
  const struct form *form = NULL;
  struct form_reading reading = {0};
  id64 id = 0;
  struct str code = deed_word(d);
  enum code c = deed_enter(d, ACTION_SHEET_WRITE, &head, &s, e);
  if (c == OK)
    c = sheet_begin_form(d->tx, s, head.id, code, &d->who, &id, e);
  if (c == OK)
    c = sheet_enter(d->tx, &d->st->actor, ACTION_SHEET_WRITE, id, d->a, &sheet, &s, e);
  if (c == OK)
    c = sheet_form(d->tx, d->a, &sheet, &form, e);
  if (c == OK)
    c = put_fields(d, form, sheet.answers, e);
  if (c != OK)
    return c;
  struct form_context context = sheet_context(s, &sheet, d->a, &d->who);
  c = form_read(&context, form, FORM_FINAL, sheet.answers, NULL, &reading, e);
  if (c == INVALID && reading.problems)
    err_detail(e, "%.*s", STR_FMT(reading.problems->field));
  return c == OK ? sheet_finish(d->tx, s, &sheet, reading.answers, e) : c;
}

/* ---- the old ledger -------------------------------------------------------------------------------------------------------------- */

/* "{450}" is the day so many days ago, as a town writes it. */
static void put_days(const struct deed *d, struct buf *b, struct str line)
{
  struct str part = STR_NONE, days = STR_NONE;
  while (str_split(&line, '{', &part)) {
    buf_add(b, part);
    if (!line.n || !str_split(&line, '}', &days))
      break;
    buf_add(b, date_text(d->a, date_add_days(d->st->town->today, -count_of(days)), true));
  }
}

/* Each field is a line of a CSV file. */
static enum code do_ledger(struct deed *d, struct err *e)
{
  struct buf b;
  struct ledger_table table = {.head = 0};
  struct ledger ledger = {.count = 0};
  id64 id = 0;
  buf_init(&b, d->a, 16 << 10);
  for (int i = 0; i < d->l->fields; i++) {
    put_days(d, &b, d->l->field[i]);
    buf_add_c(&b, '\n');
  }
  enum code c = ledger_read(d->a, buf_str(&b), false, &table, e);
  if (c == OK)
    c = ledger_rows(d->a, &table, &d->who, &ledger, e);
  if (c == OK)
    c = ledger_look(d->tx, &d->st->actor, &ledger, d->a, &d->who, e);
  return c == OK ? ledger_write(d->tx, &d->st->actor, &ledger, &id, e) : c;
}

/* ---- which ------------------------------------------------------------------------------------------------------------------------- */

static const struct {
  const char *kind;
  deed_fn fn;
} deeds[] = {{"density", do_density},  {"step", do_step},         {"handover", do_handover}, {"correct", do_correct},
             {"standin", do_stand_in}, {"try", do_try},           {"ask", do_ask},           {"closed", do_closed},
             {"conceal", do_conceal},  {"relative", do_relative}, {"release", do_release},   {"restrict", do_restrict},
             {"glass", do_glass},      {"review", do_review},     {"leak", do_leak},         {"leaked", do_leaked},
             {"basis", do_basis},      {"allow", do_allow},       {"refuse", do_refuse},     {"form", do_form},
             {"ledger", do_ledger}};

bool demo_deed_known(struct str kind)
{
  for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
    if (str_is(kind, deeds[i].kind))
      return true;
  return demo_paper_of(kind) || demo_outside_of(kind);
}

enum code demo_deed_play(struct tx *tx, struct stage *st, struct err *e)
{
  struct deed d = {.tx = tx, .st = st, .l = st->scene->deed, .words = st->scene->deed->words, .a = tx_arena(tx)};
  d.who = (struct reader){.lang = LANG_JA, .wareki = true, .today = date_of_ts(tx_now(tx))};
  for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
    if (str_is(d.l->kind, deeds[i].kind))
      return deeds[i].fn(&d, e);
  deed_fn fn = demo_paper_of(d.l->kind);
  if (!fn)
    fn = demo_outside_of(d.l->kind);
  return fn ? fn(&d, e) : wrong(e);
}
