/* transfer_whole.c: what of a case arrives in the other town, to the last correction; what is asked before it is taken in; and how both sides know of it
 * afterwards. */
#include "transfer_world.h"

/* ---- a whole case: family, corrections, a form with answers, the line of withdrawal, a connection with its answer ------------------- */

static const struct reader reads = {.lang = LANG_JA, .wareki = true, .today = {2026, 11, 22}};

static enum code enter(struct tx *tx, struct deed *d, enum action action, struct case_head *head,
                       const struct scope **s, struct err *e)
{
  return case_enter(tx, &d->at->chief, action, d->at->boy.case_id, head, s, e);
}

static enum code write_family(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  const struct scope *s = NULL;
  const struct family_note notes[] = {
      {.kind = FAMILY_MEMBER,
       .guardian = d->at->boy.guardian,
       .relation = S("mother"),
       .house = S("same"),
       .note = S("CNRYMOTHER 夜の仕事"),
       .source = SOURCE_PERSON},
      {.kind = FAMILY_MEMBER,
       .name = S("CNRYSISTER"),
       .relation = S("sister_older"),
       .born = S("2005"),
       .house = S("apart"),
       .source = SOURCE_AROUND},
      {.kind = FAMILY_RESOURCE, .name = S("CNRYDOJO 道場"), .tie = S("strong"), .source = SOURCE_PERSON}};
  id64 note = 0;
  enum code c = access_open(tx, &d->at->chief, ACTION_PERSON_WRITE, d->at->boy.person, &s, e);
  for (size_t i = 0; c == OK && i < sizeof notes / sizeof *notes; i++)
    c = family_add(tx, s, &notes[i], &note, e);
  return c == OK ? family_tie(tx, s, d->at->office, S("strong"), e) : c;
}

static enum code write_corrected(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct doc *standing = NULL;
  id64 record = 0;
  const struct paragraph_new wrong = {
      .text = S("CNRYWRONG 母と話した。"), .source = SOURCE_PERSON, .category = CAT_SUPPORT};
  struct correction right = {
      .p = {.text = S("CNRYRIGHT 父と話した。"), .source = SOURCE_PERSON, .category = CAT_SUPPORT}};
  struct record_head mended = {0};
  const struct record_new r = {.at = tx_now(tx) - 2 * MS_DAY,
                               .method = S("meet"),
                               .with_whom = S("person"),
                               .next = S("CNRYNEXT 家庭訪問"),
                               .next_date = {2027, 1, 15},
                               .paragraphs = &wrong,
                               .count = 1};
  enum code c = enter(tx, d, ACTION_RECORD_WRITE, &head, &s, e);
  if (c == OK)
    c = record_add(tx, s, head.id, &r, &record, e);
  if (c == OK)
    c = record_paragraphs(tx, s, head.id, record, tx_arena(tx), &standing, e);
  if (c == OK)
    assert_true(doc_get_id(doc_at(standing, 0), "id", &right.paragraph));
  if (c == OK)
    c = record_correct(tx, s, head.id, record, &right, 1, e);
  if (c == OK)
    c = record_head_read(tx, s, head.id, record, tx_arena(tx), &mended, e);
  mended.at -= MS_DAY;
  mended.method = S("phone");
  mended.place = S("CNRYPLACE 公民館");
  if (c == OK)
    c = record_head_correct(tx, s, head.id, record, &mended, e);
  mended.rev++;
  mended.place = S("図書館");
  if (c == OK)
    c = record_head_correct(tx, s, head.id, record, &mended, e);
  if (c == OK)
    c = case_withdrawal_add(tx, s, head.id, (struct date){2026, 4, 1}, 4, S("CNRYSTEP"), e);
  return c;
}

static enum code go_on(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = enter(tx, d, ACTION_CASE_WRITE, &head, &s, e);
  const struct case_change ch = {
      .was = head.status, .status = S("screening"), .density = S("A"), .reason = S("CNRYREASON")};
  return c == OK ? case_change(tx, s, &head, &ch, e) : c;
}

static enum code write_form(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  struct case_head head = {0};
  const struct scope *s = NULL, *writes = NULL;
  struct sheet sheet = {0};
  const struct form *form = NULL;
  id64 id = 0;
  enum code c = enter(tx, d, ACTION_SHEET_WRITE, &head, &s, e);
  if (c == OK)
    c = sheet_begin_form(tx, s, head.id, S("plan"), &reads, &id, e);
  if (c == OK)
    c = sheet_enter(tx, &d->at->chief, ACTION_SHEET_WRITE, id, tx_arena(tx), &sheet, &writes, e);
  if (c == OK)
    c = sheet_form(tx, tx_arena(tx), &sheet, &form, e);
  for (size_t i = 0; c == OK && i < form_item_count(form); i++) {
    const struct form_item *it = form_item_at(form, i);
    if (it->type == FORM_TEXT && !it->row_of && it->category == CAT_SUPPORT && !it->read_only)
      doc_replace(sheet.answers, str_cstr(tx_arena(tx), it->link), doc_str(tx_arena(tx), S("CNRYPLAN")));
  }
  return c == OK ? sheet_finish(tx, writes, &sheet, sheet.answers, e) : c;
}

static void live_whole(struct side *s)
{
  struct err e = {0};
  struct deed d = {.at = s};
  live(s);
  ok(world_write(&s->w, &s->chief, write_family, &d, &e));
  ok(world_write(&s->w, &s->chief, write_corrected, &d, &e));
  ok(world_write(&s->w, &s->chief, write_form, &d, &e));
  ok(world_write(&s->w, &s->chief, go_on, &d, &e));
}

struct opened { /* of the case as it stands at the receiver */
  struct deed *d;
  struct doc *family, *course, *withdrawal;
  id64 sheet;
  struct str answers;
};

static enum code read_whole(struct tx *tx, void *arg, struct err *e)
{
  struct opened *o = arg;
  struct side *at = o->d->at;
  struct case_head head = {0};
  const struct scope *s = NULL, *reading = NULL;
  struct sheet sheet = {0};
  enum code c = case_enter(tx, &at->chief, ACTION_CASE_READ, o->d->case_id, &head, &s, e);
  if (c == OK)
    c = family_read(tx, s, at->w.a, &reads, &o->family, e);
  if (c == OK)
    c = case_withdrawal_list(tx, s, head.id, at->w.a, &reads, &o->withdrawal, e);
  if (c == OK)
    c = sheet_enter(tx, &at->chief, ACTION_SHEET_READ, o->sheet, at->w.a, &sheet, &reading, e);
  if (c == OK)
    o->answers = json_of(at, sheet.answers);
  return c;
}

/* Persons, family, guardians, records with their corrections, forms with answers, course, attachments to the byte. */
static void everything_of_the_case_that_may_go_arrives(void **state)
{
  struct side a, b;
  struct err e = {0};
  struct deed d = {.at = &a}, r = {.at = &b};
  struct opened o = {.d = &r};
  (void)state;
  towns_new(&a, DB_SQLITE, &b, store_engine());
  live_whole(&a);
  struct str file = gives(&d), all = inside(&a, &b, &d, file);
  static const char *const told[] = {"CNRYMOTHER", "CNRYSISTER", "CNRYPLACE", "CNRYWRONG", "CNRYRIGHT",
                                     "CNRYNEXT",   "CNRYPLAN",   "CNRYSTEP",  "CNRYREASON"};
  for (size_t i = 0; i < sizeof told / sizeof *told; i++)
    if (!has(all, told[i]))
      fail_msg("%s stayed", told[i]);
  struct str own = id_text(a.w.a, a.office), person = id_text(a.w.a, a.boy.person),
             kin = id_text(a.w.a, a.boy.guardian);
  assert_false(str_contains(all, own) || str_contains(all, person) || str_contains(all, kin)); /* no id leaves */
  ok(takes(&b, file, &r.case_id, &e));
  o.sheet = strtoll(ask(&b, "SELECT CAST(max(id) AS text) FROM sheet"), NULL, 10);
  ok(world_read(&b.w, &b.chief, read_whole, &o, &e));
  struct str family = json_of(&b, o.family), line = json_of(&b, o.withdrawal);
  const struct doc *members = doc_get(o.family, "members");
  assert_int_equal(doc_size(members), 2);
  assert_true(has(family, "CNRYSISTER") && has(family, "CNRYMOTHER") && has(family, "CNRYDOJO"));
  assert_string_equal(ask(&b, "SELECT CAST(count(*) AS text) FROM family_note n JOIN guardian g ON g.id = n.guardian_id"
                              " AND g.person_id = n.person_id"),
                      "1"); /* the mother's note is of the mother as she stands here */
  assert_string_equal(ask(&b, "SELECT CAST(count(*) AS text) FROM family_note WHERE organization_id IS NOT NULL"), "0");
  assert_true(has(line, "CNRYSTEP") && has(line, "\"step\":4"));
  assert_true(has(o.answers, "CNRYPLAN"));
  assert_string_equal(ask(&b, "SELECT status FROM sheet"), "frozen");
  r.seen = NULL;
  ok(world_read(&b.w, &b.chief, read_case, &r, &e));
  struct str page = json_of(&b, r.seen);
  assert_true(has(page, "CNRYRIGHT") && has(page, "CNRYWRONG") && has(page, "に直す前"));
  assert_string_equal(ask(&b, "SELECT CAST(count(*) AS text) FROM record_past WHERE replaced_by = 0"), "2");
  assert_true(has(page, "いつ、どのように") && has(page, "CNRYPLACE") && has(page, "図書館")); /* … and its head */
  const char *now = strstr(page.p, "図書館"), *later = strstr(page.p, "CNRYPLACE"), *first = strstr(page.p, " 面談");
  assert_true(now && later && first && now < later && later < first);
  assert_true(has(page, "移管元での段階：スクリーニング") &&
              has(page, "移管元で次にすることになっていたこと：CNRYNEXT"));
  assert_true(has(page, "CNRYREASON") && has(page, "本人の同意（書面）"));
  assert_string_equal(ask(&b, "SELECT density FROM case_file"), "A");
  assert_string_equal(ask(&b, "SELECT COALESCE(next_date, '') FROM case_file"), ""); /* what to do is decided anew */
  towns_free(&a, &b);
}

static enum code read_file(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum file_type type;
  struct str bytes = STR_NONE;
  struct doc *list = NULL;
  id64 id = 0;
  enum code c = case_enter(tx, &d->at->chief, ACTION_CASE_READ, d->case_id, &head, &s, e);
  if (c == OK)
    c = file_list(tx, s, head.id, d->at->w.a, &reads, &list, e);
  for (size_t i = 0; c == OK && i < doc_size(list); i++)
    if (str_is(doc_get_str(doc_at(list, i), "title"), "手紙の写し") && doc_get_id(doc_at(list, i), "id", &id))
      c = file_open(tx, s, head.id, id, d->at->w.a, &type, &bytes, e);
  d->name = bytes;
  return c;
}

static void attachments_arrive_to_the_byte(void **state)
{
  struct side a, b;
  struct err e = {0};
  struct deed d = {.at = &a}, there = {.at = &b}, here = {.at = &a};
  (void)state;
  towns_new(&a, store_engine(), &b, DB_SQLITE);
  live(&a);
  here.case_id = a.boy.case_id;
  ok(takes(&b, gives(&d), &there.case_id, &e));
  ok(world_read(&a.w, &a.chief, read_file, &here, &e));
  ok(world_read(&b.w, &b.chief, read_file, &there, &e));
  assert_true(here.name.n > 50 && str_eq(here.name, there.name));
  towns_free(&a, &b);
}

/* ---- what became of it ---------------------------------------------------------------------------------------------------------- */

static enum code told_by_telephone(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum transfer_state state = TRANSFER_MADE;
  enum code c = enter(tx, d, ACTION_TRANSFER_OUT, &head, &s, e);
  return c == OK ? transfer_answer(tx, s, &head, d->value, &state, e) : c;
}

static enum code refuse(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  const struct transfer_accept how = {LANG_JA, d->meant};
  return transfer_refuse(tx, &d->at->chief, d->from, &d->taken, &how, e);
}

static enum code read_moved(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  d->seen = doc_map(d->at->w.a);
  doc_put_bool(d->seen, "has_moved", false);
  enum code c = enter(tx, d, ACTION_CASE_READ, &head, &s, e);
  return c == OK ? transfer_put_moved(tx, s, &head, d->at->w.a, &reads, d->seen, e) : c;
}

static struct str moved(struct side *at)
{
  struct err e = {0};
  struct deed d = {.at = at};
  ok(world_read(&at->w, &at->chief, read_moved, &d, &e));
  return json_of(at, d.seen);
}

static enum code read_shown(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  struct case_head head = {0};
  const struct scope *s = NULL, *list = NULL;
  struct doc *strip = NULL, *moments = NULL, *cases = NULL;
  d->seen = doc_map(d->at->w.a);
  enum code c = enter(tx, d, ACTION_CASE_READ, &head, &s, e);
  if (c == OK)
    c = case_strip(tx, s, &head, d->at->w.a, &reads, &strip, e);
  if (c == OK)
    c = transfer_moments(tx, s, &head, d->at->w.a, &reads, &moments, e);
  if (c == OK)
    c = access_open_network(tx, &d->at->chief, ACTION_CASE_LIST, &list, e);
  if (c == OK)
    c = case_list(tx, list, CASES_CLOSED, STR_NONE, STR_NONE, d->at->w.a, &reads, &cases, e);
  if (c != OK)
    return c;
  doc_put(d->seen, "strip", strip);
  doc_put(d->seen, "moments", moments);
  doc_put(d->seen, "cases", cases);
  return OK;
}

/* Where it is shown that the case went: 終結（移管） in the strip and in the list, and the way it went on the timeline. */
static void shown_as_moved(struct side *at, bool moved, const char *state)
{
  struct err e = {0};
  struct deed d = {.at = at};
  const char *stage = "終結（移管）";
  ok(world_read(&at->w, &at->chief, read_shown, &d, &e));
  assert_int_equal(str_is(doc_get_str(doc_get(d.seen, "strip"), "stage"), stage), moved);
  assert_true(doc_get_bool(doc_get(d.seen, "strip"), "over"));
  const struct doc *line = doc_at(doc_get(doc_get(d.seen, "cases"), "cases"), 0);
  assert_int_equal(str_is(doc_get_str(line, "stage"), stage), moved);
  const struct doc *moment = doc_at(doc_get(d.seen, "moments"), 0);
  assert_true(str_is(doc_get_str(moment, "what"), "ケース移管 → となりの町 子ども若者支援課"));
  assert_true(str_is(doc_get_str(doc_get(moment, "state"), "word"), state));
}

static void both_sides_know_whether_it_was_received_or_refused(void **state)
{
  struct side a, b;
  struct err e = {0};
  struct deed d = {.at = &a}, in = {.at = &b};
  id64 id = 0;
  (void)state;
  towns_new(&a, store_engine(), &b, DB_SQLITE);
  live(&a);
  struct str first = gives(&d), code = d.given.code;
  shown_as_moved(&a, true, "返事待ち");
  assert_true(has(moved(&a), "返事待ち") && has(moved(&a), "となりの町 子ども若者支援課へ移管しました"));
  ok(transfer_unpack(b.w.a, b.seed, first, clock_now(), in.from, &in.taken, &e));
  ok(world_write(&b.w, &b.chief, refuse, &in, &e));
  says(takes(&b, first, &id, &e), &e, "受け入れないと答えてあります");
  assert_string_equal(ask(&b, "SELECT CAST(count(*) AS text) FROM person"), "0");
  d.value = S("1234 5678");
  assert_int_equal(world_write(&a.w, &a.chief, told_by_telephone, &d, &e), INVALID);
  d.value = transfer_receipt(a.w.a, code, TRANSFER_REFUSED);
  ok(world_write(&a.w, &a.chief, told_by_telephone, &d, &e));
  assert_int_equal(world_write(&a.w, &a.chief, told_by_telephone, &d, &e), INVALID); /* it waits no more */
  assert_true(has(moved(&a), "断られました"));
  shown_as_moved(&a, false, "断られました"); /* closed it is, but nobody has it */
  struct str second = gives(&d);             /* another transfer of the same case */
  assert_false(str_eq(code, d.given.code));
  ok(takes(&b, second, &id, &e));
  d.value = transfer_receipt(a.w.a, d.given.code, TRANSFER_RECEIVED);
  assert_int_equal(d.value.n, 9);
  ok(world_write(&a.w, &a.chief, told_by_telephone, &d, &e));
  assert_true(has(moved(&a), "受け取られました"));
  shown_as_moved(&a, true, "受け取られました");
  says(world_write(&a.w, &a.chief, give, &d, &e), &e, "もう受け取られています");
  towns_free(&a, &b);
}

static enum code look(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  return transfer_look(tx, &d->at->chief, d->from, &d->taken, d->at->w.a, &reads, &d->seen, e);
}

/* As at a new consultation: who may be seen is shown; of whom another body works with it is only said that there may be somebody. */
static void somebody_known_is_told_before_the_case_is_taken_in(void **state)
{
  struct side a, b;
  struct err e = {0};
  struct deed d = {.at = &a}, in = {.at = &b};
  (void)state;
  towns_new(&a, DB_SQLITE, &b, store_engine());
  live(&a);
  struct str file = gives(&d);
  ok(transfer_unpack(b.w.a, b.seed, file, clock_now(), in.from, &in.taken, &e));
  ok(world_read(&b.w, NULL, look, &in, &e));
  assert_false(doc_get_bool(in.seen, "stopped"));
  assert_true(str_is(doc_get_str(in.seen, "name"), "試験 太郎") && has(json_of(&b, in.seen), "記録 1件"));
  id64 npo = world_org(&b.w, "別の機関", "council");
  struct actor stranger = world_member(&b.w, npo, ROLE_WORKER, "よその人");
  (void)world_case(&b.w, &stranger, "試験 太郎", seventeen);
  ok(world_read(&b.w, NULL, look, &in, &e));
  assert_true(doc_get_bool(in.seen, "stopped") && doc_get_bool(in.seen, "elsewhere"));
  assert_int_equal(doc_size(doc_get(in.seen, "found")), 0);
  (void)world_case(&b.w, &b.chief, "試験 太郎", seventeen);
  ok(world_read(&b.w, NULL, look, &in, &e));
  assert_int_equal(doc_size(doc_get(in.seen, "found")), 1);
  towns_free(&a, &b);
}

STORE_MAIN(cmocka_unit_test(everything_of_the_case_that_may_go_arrives),
           cmocka_unit_test(attachments_arrive_to_the_byte),
           cmocka_unit_test(both_sides_know_whether_it_was_received_or_refused),
           cmocka_unit_test(somebody_known_is_told_before_the_case_is_taken_in))
