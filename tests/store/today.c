/* today.c: what would hurt most if forgotten stands first, and nothing stands there of whom one may not see. */
#include "fixture.h"

#include "connection/opening.h"
#include "progress/progress.h"
#include "web/today.h"

static const struct date seventeen = {2009, 6, 1};
static const struct today_may all = {.connections = true, .answer = true, .record = true, .create = true};
static const struct today_may manages = {
    .whole = true, .connections = true, .answer = true, .record = true, .create = true};

struct town {
  struct world w;
  id64 city, centre;
  struct actor worker, colleague, manager, centre_manager;
};

static void town_new(struct town *t)
{
  world_new(&t->w);
  t->city = world_org(&t->w, "子ども若者支援課", "council");
  t->centre = world_org(&t->w, "さくら教室", "council");
  t->worker = world_member(&t->w, t->city, ROLE_WORKER, "窓口の人");
  t->colleague = world_member(&t->w, t->city, ROLE_WORKER, "隣の人");
  t->manager = world_member(&t->w, t->city, ROLE_MANAGER, "課長");
  t->centre_manager = world_member(&t->w, t->centre, ROLE_MANAGER, "教室の長");
}

/* ---- cases in every trouble ------------------------------------------------------------------------------------------- */

STMT_WRITE(q_clock, "tt_clock",
           "UPDATE case_file SET density = $3, last_contact_at = $4, next_date = $5 WHERE network_id = $1 AND id = $2");
STMT_WRITE(q_sent, "tt_sent", "UPDATE connection SET sent_at = $3, silent_at = $4 WHERE network_id = $1 AND id = $2");

struct clock {
  id64 id;
  const char *density;
  int contact, next; /* days ago, days ahead; next NONE: no next step */
};
enum { NONE = 1000 };

static enum code set_clock(struct tx *tx, void *arg, struct err *e)
{
  const struct clock *k = arg;
  struct date today = date_of_ts(tx_now(tx));
  struct str next = k->next == NONE ? STR_NONE : date_iso(tx_arena(tx), date_add_days(today, k->next));
  ts_t contact = date_start_ts(date_add_days(today, -k->contact)) + MS_HOUR;
  return db_exec(
      tx, &q_clock, NULL, e,
      BINDS(b_int(tx_network(tx)), b_int(k->id), b_text(str_from(k->density)), b_int(contact), b_text_opt(next)));
}

static enum code set_sent(struct tx *tx, void *arg, struct err *e)
{
  const struct clock *k = arg;
  ts_t at = date_start_ts(date_add_days(date_of_ts(tx_now(tx)), -k->contact)) + MS_HOUR;
  ts_t silent_at = opening_after(&(struct opening){0}, 0, at, 5);
  return db_exec(tx, &q_sent, NULL, e, BINDS(b_int(tx_network(tx)), b_int(k->id), b_int(at), b_int(silent_at)));
}

static struct world_case with_clock(struct town *t, const struct actor *by, const char *name, const char *density,
                                    int contact, int next)
{
  struct err e = {0};
  struct world_case c = world_case(&t->w, by, name, seventeen);
  struct clock k = {c.case_id, density, contact, next};
  ok(world_write(&t->w, NULL, set_clock, &k, &e));
  return c;
}

static void sent_before(struct town *t, id64 connection, int days)
{
  struct err e = {0};
  struct clock k = {.id = connection, .contact = days};
  ok(world_write(&t->w, NULL, set_sent, &k, &e));
}

static id64 send_to_centre(struct town *t, const struct actor *by, const struct world_case *c)
{
  (void)world_consent(&t->w, by, c, PARTY_PERSON, t->centre, CAT_BASIC | CAT_CONTACT | CAT_EDUCATION);
  return world_send(&t->w, by, c, t->centre, "help");
}

struct begin {
  const struct actor *by;
  id64 case_id, sheet;
  const char *form; /* NULL: つなぐシート */
};

static enum code begin_sheet(struct tx *tx, void *arg, struct err *e)
{
  struct begin *b = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct reader who = world_reader();
  enum code c = case_enter(tx, b->by, ACTION_SHEET_WRITE, b->case_id, &head, &s, e);
  if (c == OK && b->form)
    return sheet_begin_form(tx, s, b->case_id, str_from(b->form), &who, &b->sheet, e);
  return c == OK ? sheet_begin(tx, s, b->case_id, &who, &b->sheet, e) : c;
}

static void draft_on(struct town *t, const struct actor *by, const struct world_case *c, const char *form)
{
  struct err e = {0};
  struct begin b = {.by = by, .case_id = c->case_id, .form = form};
  ok(world_write(&t->w, by, begin_sheet, &b, &e));
}

static void draft(struct town *t, const struct actor *by, const struct world_case *c)
{
  draft_on(t, by, c, NULL);
}

/* ---- asking ------------------------------------------------------------------------------------------------------------ */

struct ask {
  struct town *t;
  const struct actor *by;
  const struct today_may *may;
  int64_t skip;
  struct doc *page;
};

static enum code open_today(struct tx *tx, void *arg, struct err *e)
{
  struct ask *q = arg;
  const struct scope *s = NULL;
  struct reader who = world_reader();
  enum code c = access_open_network(tx, q->by, ACTION_TODAY, &s, e);
  return c == OK ? today_page(tx, s, q->may, q->skip, q->t->w.a, &who, &q->page, e) : c;
}

static struct doc *today(struct town *t, const struct actor *by, const struct today_may *may)
{
  struct err e = {0};
  struct ask q = {.t = t, .by = by, .may = may};
  ok(world_read(&t->w, by, open_today, &q, &e));
  return q.page;
}

static struct str word(const struct doc *page, size_t i)
{
  return doc_get_str(doc_get(doc_at(doc_get(page, "lines"), i), "state"), "word");
}

static struct str text(const struct doc *page, size_t i)
{
  return doc_get_str(doc_at(doc_get(page, "lines"), i), "text");
}

static size_t lines(const struct doc *page)
{
  return doc_size(doc_get(page, "lines"));
}

static bool mentions(struct town *t, const struct doc *page, const char *name)
{
  struct buf b;
  buf_init(&b, t->w.a, 1 << 20);
  json_write(&b, page);
  return str_contains(buf_str(&b), str_from(name));
}

static void assert_line(const struct doc *page, size_t i, const char *state, const char *name)
{
  if (!str_is(word(page, i), state) || !str_contains(text(page, i), str_from(name)))
    fail_msg("line %zu: %.*s %.*s, not %s %s", i, STR_FMT(word(page, i)), STR_FMT(text(page, i)), state, name);
}

/* ---- tests --------------------------------------------------------------------------------------------------------------- */

static void the_worst_stands_first(void **state)
{
  struct town t;
  town_new(&t);
  struct world_case calm = with_clock(&t, &t.worker, "平穏 一", "B", 3, 20);
  struct world_case no_next = with_clock(&t, &t.worker, "未定 二", "B", 3, NONE);
  struct world_case due = with_clock(&t, &t.worker, "今日 三", "B", 3, 0);
  struct world_case overdue = with_clock(&t, &t.worker, "過日 四", "B", 3, -4);
  struct world_case late = with_clock(&t, &t.worker, "疎遠 五", "A", 15, 20);
  struct world_case later = with_clock(&t, &t.worker, "疎遠 六", "B", 31, 20);
  struct world_case silent = with_clock(&t, &t.worker, "沈黙 七", "C", 3, 20);
  sent_before(&t, send_to_centre(&t, &t.worker, &silent), 15);
  (void)send_to_centre(&t, &t.worker, &calm); /* just sent: nobody is late */
  draft(&t, &t.worker, &calm);
  (void)due;
  (void)overdue;
  (void)late;
  (void)later;
  (void)no_next;
  const struct doc *page = today(&t, &t.worker, &all);
  assert_int_equal(lines(page), 7);
  assert_line(page, 0, "返事がない", "沈黙 七");
  assert_line(page, 1, "接触がない", "疎遠 六");
  assert_line(page, 2, "接触がない", "疎遠 五");
  assert_line(page, 3, "予定", "過日 四");
  assert_line(page, 4, "予定", "今日 三");
  assert_line(page, 5, "予定がない", "未定 二");
  assert_line(page, 6, "書きかけ", "平穏 一");
  for (size_t i = 0; i < lines(page); i++) { /* why it stands there, and what to do */
    const struct doc *line = doc_at(doc_get(page, "lines"), i);
    assert_true(doc_get_str(line, "sub").n > 0);
    assert_true(doc_get_str(line, "href").n > 0);
    assert_true(doc_size(doc_get(line, "actions")) > 0);
  }
  const struct doc *counts = doc_get(page, "counts");
  assert_true(str_is(doc_get_str(counts, "total"), "7"));
  assert_true(str_is(doc_get_str(counts, "a"), "1"));
  assert_true(str_is(doc_get_str(counts, "no_next"), "1件"));
  assert_int_equal(doc_size(doc_get(page, "upcoming")), 4);
  world_free(&t.w);
}

STMT_WRITE(q_ended, "tt_ended", "UPDATE consent SET until_at = $3 WHERE network_id = $1 AND id = $2");

static enum code end_yesterday(struct tx *tx, void *arg, struct err *e)
{
  ts_t at = tx_now(tx) - MS_DAY;
  return db_exec(tx, &q_ended, NULL, e, BINDS(b_int(tx_network(tx)), b_int(*(const id64 *)arg), b_int(at)));
}

static void a_consent_that_ended_stands_below_who_waits_for_an_answer(void **state)
{
  struct town t;
  struct err e = {0};
  town_new(&t);
  struct world_case silent = with_clock(&t, &t.worker, "沈黙 七", "C", 3, 20);
  struct world_case ended = with_clock(&t, &t.worker, "終了 八", "B", 3, 0);
  (void)with_clock(&t, &t.worker, "疎遠 五", "A", 15, 20);
  sent_before(&t, send_to_centre(&t, &t.worker, &silent), 15);
  id64 consent = world_consent(&t.w, &t.worker, &ended, PARTY_PERSON, t.centre, CAT_BASIC);
  ok(world_write(&t.w, NULL, end_yesterday, &consent, &e));
  struct today_may may = all;
  may.bases = true;
  const struct doc *page = today(&t, &t.worker, &may);
  assert_int_equal(lines(page), 4);
  assert_line(page, 0, "返事がない", "沈黙 七");
  assert_line(page, 1, "接触がない", "疎遠 五");
  assert_line(page, 2, "同意が終わった", "終了 八");
  assert_line(page, 3, "予定", "終了 八");
  world_free(&t.w);
}

static void a_draft_is_called_by_its_form(void **state)
{
  struct town t;
  town_new(&t);
  struct world_case calm = with_clock(&t, &t.worker, "平穏 一", "B", 3, 20);
  draft(&t, &t.worker, &calm);
  draft_on(&t, &t.worker, &calm, "visit");
  const struct doc *page = today(&t, &t.worker, &all);
  assert_int_equal(lines(page), 2);
  bool visit = str_contains(text(page, 1), S("訪問記録")); /* of one millisecond they stand in any order */
  assert_line(page, visit ? 0 : 1, "書きかけ", "つなぐシート「平穏 一さん」");
  assert_line(page, visit ? 1 : 0, "書きかけ", "訪問記録「平穏 一さん」");
  world_free(&t.w);
  (void)state;
}

static void the_edge_of_a_density_holds(void **state)
{
  static const struct {
    const char *density;
    int days;
  } edges[] = {{"A", 14}, {"B", 30}, {"C", 90}};
  for (size_t i = 0; i < 3; i++) {
    struct town t;
    town_new(&t);
    (void)with_clock(&t, &t.worker, "境目 内", edges[i].density, edges[i].days, 20);
    assert_int_equal(lines(today(&t, &t.worker, &all)), 0);
    (void)with_clock(&t, &t.worker, "境目 外", edges[i].density, edges[i].days + 1, 20);
    const struct doc *page = today(&t, &t.worker, &all);
    assert_int_equal(lines(page), 1);
    assert_line(page, 0, "接触がない", "境目 外");
    world_free(&t.w);
  }
}

static void silence_is_counted_in_opening_days(void **state)
{
  struct town t;
  town_new(&t);
  struct world_case c = with_clock(&t, &t.worker, "沈黙 七", "B", 3, 20);
  id64 connection = send_to_centre(&t, &t.worker, &c);
  struct date now = date_of_ts(clock_now());
  for (int days = 0; days < 12; days++) {
    ts_t at = date_start_ts(date_add_days(now, -days)) + MS_HOUR;
    sent_before(&t, connection, days);
    const struct doc *page = today(&t, &t.worker, &all);
    assert_int_equal(lines(page), opening_days_since(&(struct opening){0}, 0, at, now) >= 5 ? 1 : 0);
  }
  world_free(&t.w);
}

static void both_sides_and_nobody_else_hear_of_silence(void **state)
{
  struct town t;
  town_new(&t);
  struct world_case c = with_clock(&t, &t.worker, "沈黙 七", "B", 3, 20);
  id64 connection = send_to_centre(&t, &t.worker, &c);
  const struct doc *page = today(&t, &t.centre_manager, &manages);
  assert_line(page, 0, "届いた", "沈黙 七");
  assert_int_equal(lines(page), 1);
  sent_before(&t, connection, 15);
  assert_line(today(&t, &t.worker, &all), 0, "返事がない", "沈黙 七");
  assert_line(today(&t, &t.manager, &manages), 0, "返事がない", "沈黙 七");
  page = today(&t, &t.centre_manager, &manages);
  assert_line(page, 0, "返事がない", "沈黙 七");
  assert_int_equal(lines(page), 1);
  page = today(&t, &t.colleague, &all);
  assert_int_equal(lines(page), 0);
  assert_false(mentions(&t, page, "沈黙"));
  struct actor centre_worker = world_member(&t.w, t.centre, ROLE_WORKER, "教室の人");
  assert_int_equal(lines(today(&t, &centre_worker, &all)), 0);
  world_free(&t.w);
}

static void what_one_may_not_see_is_not_there(void **state)
{
  struct town t;
  town_new(&t);
  struct world_case c = with_clock(&t, &t.colleague, "他人 八", "A", 40, -3);
  draft(&t, &t.colleague, &c);
  const struct doc *page = today(&t, &t.worker, &all);
  assert_int_equal(lines(page), 0);
  assert_int_equal(doc_size(doc_get(page, "upcoming")), 0);
  assert_true(str_is(doc_get_str(doc_get(page, "counts"), "total"), "0"));
  assert_false(mentions(&t, page, "他人"));
  page = today(&t, &t.manager, &manages); /* of the organization that leads: the cases, not the colleague's draft */
  assert_int_equal(lines(page), 2);
  assert_line(page, 0, "接触がない", "他人 八");
  assert_false(mentions(&t, page, "書きかけ"));
  page = today(&t, &t.centre_manager, &manages);
  assert_int_equal(lines(page), 0);
  world_free(&t.w);
}

STMT_WRITE(q_withdraw, "tt_withdraw", "UPDATE consent SET withdrawn_at = $3 WHERE network_id = $1 AND id = $2");

static enum code withdraw(struct tx *tx, void *arg, struct err *e)
{
  return db_exec(tx, &q_withdraw, NULL, e, BINDS(b_int(tx_network(tx)), b_int(*(const id64 *)arg), b_int(tx_now(tx))));
}

static void a_name_that_may_not_be_read_is_a_number(void **state)
{
  struct town t;
  struct err e = {0};
  town_new(&t);
  struct world_case c = with_clock(&t, &t.worker, "沈黙 七", "B", 3, 20);
  id64 names = world_consent(&t.w, &t.worker, &c, PARTY_PERSON, t.centre, CAT_BASIC | CAT_CONTACT);
  (void)world_consent(&t.w, &t.worker, &c, PARTY_PERSON, t.centre, CAT_EDUCATION);
  (void)world_send(&t.w, &t.worker, &c, t.centre, "help");
  assert_line(today(&t, &t.centre_manager, &manages), 0, "届いた", "沈黙 七");
  ok(world_write(&t.w, NULL, withdraw, &names, &e));
  const struct doc *page = today(&t, &t.centre_manager, &manages);
  assert_line(page, 0, "届いた", "-00001");
  assert_false(mentions(&t, page, "沈黙"));
  world_free(&t.w);
}

static void many_lines_come_in_pages(void **state)
{
  struct town t;
  struct err e = {0};
  town_new(&t);
  for (int i = 0; i < LIMIT_PAGE_ROWS + 3; i++)
    (void)with_clock(&t, &t.worker, "大勢 九", "A", 20, 20);
  const struct doc *page = today(&t, &t.worker, &all);
  assert_int_equal(lines(page), LIMIT_PAGE_ROWS);
  assert_true(doc_get_bool(page, "has_more"));
  assert_true(str_is(doc_get_str(page, "more_href"), "/today?skip=50"));
  struct ask q = {.t = &t, .by = &t.worker, .may = &all, .skip = LIMIT_PAGE_ROWS};
  ok(world_read(&t.w, q.by, open_today, &q, &e));
  assert_int_equal(lines(q.page), 3);
  assert_false(doc_get_bool(q.page, "has_more"));
  q.skip = 4 * LIMIT_PAGE_ROWS;
  ok(world_read(&t.w, q.by, open_today, &q, &e));
  assert_int_equal(lines(q.page), 0);
  assert_int_equal(doc_size(doc_get(q.page, "upcoming")), 7); /* the steps to come stand on every page */
  world_free(&t.w);
}

STMT_WRITE(q_back, "tt_back",
           "UPDATE connection SET state = 'returned', changed_at = $3 WHERE network_id = $1 AND id = $2");

static enum code came_back(struct tx *tx, void *arg, struct err *e)
{
  ts_t at = tx_now(tx) - MS_DAY;
  return db_exec(tx, &q_back, NULL, e, BINDS(b_int(tx_network(tx)), b_int(*(const id64 *)arg), b_int(at)));
}

/* A page has fifty lines of whatever kind; who waits without an answer stands before what came back, and no line is beyond reach. */
static void what_came_back_fills_pages_and_hides_nothing(void **state)
{
  struct town t;
  struct err e = {0};
  town_new(&t);
  struct world_case silent = with_clock(&t, &t.worker, "沈黙 七", "C", 3, 20);
  sent_before(&t, send_to_centre(&t, &t.worker, &silent), 15);
  (void)with_clock(&t, &t.worker, "疎遠 五", "A", 15, 20);
  struct world_case c = with_clock(&t, &t.worker, "何度 一", "B", 3, 20);
  (void)world_consent(&t.w, &t.worker, &c, PARTY_PERSON, t.centre, CAT_BASIC | CAT_CONTACT | CAT_EDUCATION);
  for (int i = 0; i < LIMIT_PAGE_ROWS; i++) {
    id64 connection = world_send(&t.w, &t.worker, &c, t.centre, "help");
    ok(world_write(&t.w, NULL, came_back, &connection, &e));
  }
  const struct actor *both[] = {&t.worker, &t.manager};
  const struct today_may *may[] = {&all, &manages};
  for (int i = 0; i < 2; i++) {
    struct ask q = {.t = &t, .by = both[i], .may = may[i]};
    ok(world_read(&t.w, q.by, open_today, &q, &e));
    assert_int_equal(lines(q.page), LIMIT_PAGE_ROWS);
    assert_line(q.page, 0, "返事がない", "沈黙 七");
    assert_line(q.page, 1, "差し戻し", "何度 一");
    assert_true(str_is(doc_get_str(q.page, "more_href"), "/today?skip=50"));
    q.skip = LIMIT_PAGE_ROWS;
    ok(world_read(&t.w, q.by, open_today, &q, &e));
    assert_int_equal(lines(q.page), 2);
    assert_line(q.page, 0, "差し戻し", "何度 一");
    assert_line(q.page, 1, "接触がない", "疎遠 五");
    assert_false(doc_get_bool(q.page, "has_more"));
  }
  world_free(&t.w);
}

STMT_WRITE(q_assign, "tt_assign",
           "INSERT INTO assignment (network_id, id, case_id, person_id, user_id, organization_id, lead, from_at)"
           " SELECT network_id, id + 1, case_id, person_id, $2, organization_id, FALSE, from_at FROM assignment"
           " WHERE network_id = $1 AND user_id = $3");

struct beside {
  const struct actor *whom, *of;
};

/* On all cases of another. */
static enum code assign_beside(struct tx *tx, void *arg, struct err *e)
{
  const struct beside *b = arg;
  return db_exec(tx, &q_assign, NULL, e, BINDS(b_int(tx_network(tx)), b_int(b->whom->user), b_int(b->of->user)));
}

static void what_a_colleague_sent_of_ones_cases_stands_there_once(void **state)
{
  struct town t;
  struct err e = {0};
  town_new(&t);
  for (int i = 0; i <= LIMIT_PAGE_ROWS; i++) { /* more cases than one question asks about */
    struct world_case c = with_clock(&t, &t.worker, "沈黙 七", "C", 3, 20);
    sent_before(&t, send_to_centre(&t, &t.worker, &c), 15);
  }
  struct actor third = world_member(&t.w, t.city, ROLE_WORKER, "三人目");
  struct beside b = {&t.colleague, &t.worker};
  ok(world_write(&t.w, NULL, assign_beside, &b, &e));
  const struct actor *both[] = {&t.worker, &t.colleague};
  for (int i = 0; i < 2; i++) {
    struct ask q = {.t = &t, .by = both[i], .may = &all};
    ok(world_read(&t.w, q.by, open_today, &q, &e));
    assert_int_equal(lines(q.page), LIMIT_PAGE_ROWS);
    q.skip = LIMIT_PAGE_ROWS;
    ok(world_read(&t.w, q.by, open_today, &q, &e));
    assert_int_equal(lines(q.page), 1);
    assert_line(q.page, 0, "返事がない", "沈黙 七");
    assert_false(doc_get_bool(q.page, "has_more"));
  }
  assert_int_equal(lines(today(&t, &third, &all)), 0);
  world_free(&t.w);
}

STMT_WRITE(q_declined, "tt_declined",
           "UPDATE connection SET state = 'declined', sent_at = $3, changed_at = $4, closed_at = $4"
           " WHERE network_id = $1 AND id = $2");

static enum code was_declined(struct tx *tx, void *arg, struct err *e)
{
  ts_t at = tx_now(tx) - MS_DAY;
  return db_exec(tx, &q_declined, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(*(const id64 *)arg), b_int(at - MS_DAY), b_int(at)));
}

static void what_nobody_took_stands_there_until_it_is_sent_elsewhere(void **state)
{
  struct town t;
  struct err e = {0};
  town_new(&t);
  struct world_case cases[] = {with_clock(&t, &t.worker, "断念 一", "B", 3, 20),
                               with_clock(&t, &t.worker, "断念 二", "B", 3, 20)};
  for (int i = 0; i < 2; i++) {
    id64 connection = send_to_centre(&t, &t.worker, &cases[i]);
    ok(world_write(&t.w, NULL, was_declined, &connection, &e));
  }
  struct ask q = {.t = &t, .by = &t.worker, .may = &all};
  ok(world_read(&t.w, q.by, open_today, &q, &e));
  assert_int_equal(lines(q.page), 2);
  assert_line(q.page, 0, "受け手がいない", "断念 一");
  assert_line(q.page, 1, "受け手がいない", "断念 二");
  (void)world_send(&t.w, &t.worker, &cases[0], t.centre, "help");
  ok(world_read(&t.w, q.by, open_today, &q, &e));
  assert_int_equal(lines(q.page), 1);
  assert_line(q.page, 0, "受け手がいない", "断念 二");
  world_free(&t.w);
}

/* ---- who leads ---------------------------------------------------------------------------------------------------------- */

STMT_WRITE(q_lead, "tt_lead",
           "INSERT INTO participation (network_id, id, case_id, person_id, organization_id, part, from_at) SELECT"
           " network_id, $5, id, person_id, $3, 'lead', $4 FROM case_file WHERE network_id = $1 AND id = $2");
STMT_WRITE(q_until, "tt_until",
           "UPDATE participation SET until_at = $4 WHERE network_id = $1 AND case_id = $2 AND organization_id = $3");

struct leading {
  id64 case_id, organization;
  int days; /* from now */
};

static enum code lead_too(struct tx *tx, void *arg, struct err *e)
{
  const struct leading *l = arg;
  ts_t at = tx_now(tx) + (ts_t)l->days * MS_DAY;
  return db_exec(tx, &q_lead, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(l->case_id), b_int(l->organization), b_int(at), b_int(id_new(at))));
}

static enum code lead_until(struct tx *tx, void *arg, struct err *e)
{
  const struct leading *l = arg;
  ts_t at = tx_now(tx) + (ts_t)l->days * MS_DAY;
  return db_exec(tx, &q_until, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(l->case_id), b_int(l->organization), b_int(at)));
}

static void a_case_stands_in_the_day_of_whoever_leads_it_beside_another_or_for_a_while(void **state)
{
  struct town t;
  struct err e = {0};
  town_new(&t);
  struct world_case c = with_clock(&t, &t.worker, "二重 十", "B", 31, 20);
  struct leading centre = {c.case_id, t.centre, -40}, city = {c.case_id, t.city, 2};
  assert_int_equal(lines(today(&t, &t.manager, &manages)), 1);
  ok(world_write(&t.w, NULL, lead_too, &centre, &e)); /* since before: two lead, the newest of them tells */
  const struct doc *page = today(&t, &t.manager, &manages);
  assert_int_equal(lines(page), 1);
  assert_line(page, 0, "接触がない", "二重 十");
  assert_int_equal(lines(today(&t, &t.worker, &all)), 1); /* assigned, once */
  ok(world_write(&t.w, NULL, lead_until, &city, &e));     /* not for long any more */
  assert_int_equal(lines(today(&t, &t.manager, &manages)), 1);
  city.days = -1;
  ok(world_write(&t.w, NULL, lead_until, &city, &e));
  assert_int_equal(lines(today(&t, &t.manager, &manages)), 0);
  assert_int_equal(lines(today(&t, &t.centre_manager, &manages)), 1);
  centre.days = 5; /* led by it for five more days */
  ok(world_write(&t.w, NULL, lead_until, &centre, &e));
  assert_int_equal(lines(today(&t, &t.centre_manager, &manages)), 1);
  centre.days = -1;
  ok(world_write(&t.w, NULL, lead_until, &centre, &e));
  assert_int_equal(lines(today(&t, &t.centre_manager, &manages)), 0);
  world_free(&t.w);
}

/* ---- 状況をたずねる ------------------------------------------------------------------------------------------------------- */

struct inquiring {
  const struct actor *by;
  id64 case_id, connection;
};

static enum code inquire(struct tx *tx, void *arg, struct err *e)
{
  const struct inquiring *q = arg;
  const struct scope *s = NULL;
  struct connection con = {0};
  enum code c;
  if (!q->connection) {
    c = access_open_network(tx, q->by, ACTION_CLOCK_ASK, &s, e);
    return c == OK ? progress_ask_lead(tx, s, q->case_id, e) : c;
  }
  c = connection_enter(tx, q->by, ACTION_SHEET_SEND, q->connection, &con, &s, e);
  return c == OK ? progress_ask_receiver(tx, s, &con, e) : c;
}

static enum code inquires(struct town *t, const struct actor *by, id64 case_id, id64 connection)
{
  struct err e = {0};
  struct inquiring q = {by, case_id, connection};
  return world_write(&t->w, by, inquire, &q, &e);
}

static enum code note(struct tx *tx, void *arg, struct err *e)
{
  const struct inquiring *q = arg;
  struct paragraph_new p = {.text = S("会えた。"), .source = SOURCE_STAFF, .category = CAT_SUPPORT};
  struct record_new r = {
      .at = tx_now(tx), .method = S("meet"), .with_whom = S("person"), .contact = true, .paragraphs = &p, .count = 1};
  struct case_head head = {0};
  const struct scope *s = NULL;
  id64 id = 0;
  enum code c = case_enter(tx, q->by, ACTION_RECORD_WRITE, q->case_id, &head, &s, e);
  return c == OK ? record_add(tx, s, q->case_id, &r, &id, e) : c;
}

static void what_was_asked_stands_on_top_until_something_is_written(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  struct actor coordinator = world_member(&t.w, t.centre, ROLE_COORDINATOR, "調整の人");
  struct world_case silent = with_clock(&t, &t.worker, "沈黙 一郎", "A", 90, 0);
  struct world_case boy = with_clock(&t, &t.worker, "試験 太郎", "B", 1, 5);
  (void)silent;
  assert_int_equal(inquires(&t, &coordinator, boy.case_id, 0), OK);
  assert_int_equal(inquires(&t, &coordinator, boy.case_id, 0), CONFLICT); /* once a day */
  assert_line(today(&t, &t.worker, &all), 0, "状況をたずねられた", "試験 太郎");
  assert_line(today(&t, &t.manager, &manages), 0, "状況をたずねられた", "試験 太郎");
  assert_false(mentions(&t, today(&t, &t.colleague, &all), "試験 太郎"));
  struct inquiring q = {&t.worker, boy.case_id, 0};
  ok(world_write(&t.w, &t.worker, note, &q, &e));
  assert_line(today(&t, &t.worker, &all), 0, "接触がない", "沈黙 一郎");
  world_free(&t.w);
}

static void only_the_sender_asks_the_receiver_and_while_it_waits(void **state)
{
  struct town t;
  (void)state;
  town_new(&t);
  struct world_case boy = with_clock(&t, &t.worker, "試験 太郎", "B", 1, 5);
  id64 connection = send_to_centre(&t, &t.worker, &boy);
  assert_int_not_equal(inquires(&t, &t.centre_manager, 0, connection), OK);
  assert_int_equal(inquires(&t, &t.worker, 0, connection), OK);
  assert_line(today(&t, &t.centre_manager, &manages), 0, "状況をたずねられた", "試験 太郎");
  assert_int_not_equal(inquires(&t, &t.worker, boy.case_id, 0), OK); /* the clock is the coordinating body's */
  world_free(&t.w);
}

/* The line's action that posts to `tail`; NULL: it offers none. */
static const struct doc *deed(const struct doc *page, size_t i, const char *tail)
{
  const struct doc *actions = doc_get(doc_at(doc_get(page, "lines"), i), "actions");
  for (size_t k = 0; k < doc_size(actions); k++)
    if (str_ends(doc_get_str(doc_at(actions, k), "href"), str_from(tail)))
      return doc_at(actions, k);
  return NULL;
}

static void who_does_not_answer_is_asked_from_the_line_once_a_day(void **state)
{
  struct town t;
  struct today_may sends = all;
  (void)state;
  sends.send = true;
  town_new(&t);
  struct world_case boy = with_clock(&t, &t.worker, "試験 太郎", "B", 1, 5);
  id64 connection = send_to_centre(&t, &t.worker, &boy);
  sent_before(&t, connection, 15);
  assert_null(deed(today(&t, &t.worker, &all), 0, "/ask")); /* whose role does not send */
  const struct doc *page = today(&t, &t.worker, &sends);
  assert_line(page, 0, "返事がない", "試験 太郎");
  assert_non_null(deed(page, 0, "/ask"));
  assert_true(doc_get_bool(deed(page, 0, "/ask"), "is_post") && doc_get_bool(deed(page, 0, "/ask"), "back"));
  assert_null(deed(today(&t, &t.centre_manager, &sends), 0, "/ask")); /* the receiver answers */
  assert_int_equal(inquires(&t, &t.worker, 0, connection), OK);
  page = today(&t, &t.worker, &sends);
  assert_line(page, 0, "返事がない", "試験 太郎");
  assert_null(deed(page, 0, "/ask"));
  assert_true(mentions(&t, page, "今日、状況をたずねました"));
  assert_int_equal(inquires(&t, &t.worker, 0, connection), CONFLICT); /* two at once: the second is told */
  world_free(&t.w);
}

STORE_MAIN(cmocka_unit_test(the_worst_stands_first),
           cmocka_unit_test(who_does_not_answer_is_asked_from_the_line_once_a_day),
           cmocka_unit_test(a_consent_that_ended_stands_below_who_waits_for_an_answer),
           cmocka_unit_test(a_draft_is_called_by_its_form), cmocka_unit_test(the_edge_of_a_density_holds),
           cmocka_unit_test(silence_is_counted_in_opening_days),
           cmocka_unit_test(both_sides_and_nobody_else_hear_of_silence),
           cmocka_unit_test(what_one_may_not_see_is_not_there),
           cmocka_unit_test(a_name_that_may_not_be_read_is_a_number), cmocka_unit_test(many_lines_come_in_pages),
           cmocka_unit_test(what_came_back_fills_pages_and_hides_nothing),
           cmocka_unit_test(what_a_colleague_sent_of_ones_cases_stands_there_once),
           cmocka_unit_test(what_nobody_took_stands_there_until_it_is_sent_elsewhere),
           cmocka_unit_test(a_case_stands_in_the_day_of_whoever_leads_it_beside_another_or_for_a_while),
           cmocka_unit_test(what_was_asked_stands_on_top_until_something_is_written),
           cmocka_unit_test(only_the_sender_asks_the_receiver_and_while_it_waits))
