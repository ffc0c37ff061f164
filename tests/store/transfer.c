/* transfer.c: a case moves from one network to another: from SQLite to PostgreSQL and back where both are there. What may not be handed over stays;
 * what was changed, cut, doubled or meant for somebody else is refused with nothing written. */
#include "base/my_number.h"
#include "crypto/secret.h"
#include "db/engine.h"
#include "http/http.h"
#include "ledger/ledger.h"
#include "protect/protect.h"
#include "transfer_world.h"

/* ---- what must hold ------------------------------------------------------------------------------------------------------------- */

static void a_case_arrives_with_what_may_be_told_and_nothing_else(void **state)
{
  struct side a, b;
  struct err e = {0};
  struct deed d = {.at = &a};
  id64 id = 0;
  (void)state;
  towns_new(&a, DB_SQLITE, &b, store_engine());
  live(&a);
  struct str file = gives(&d), all = inside(&a, &b, &d, file);
  assert_true(has(all, "CNRYWORDS") && has(all, "CNRYADDRESS") && has(all, "PNG"));
  assert_false(has(all, "CNRYMIND") || has(all, "CNRYSCHOOL") || has(all, "CNRYINTEREST"));
  assert_false(has(file, "CNRY"));
  assert_string_equal(ask(&a, "SELECT status FROM case_file"), "closed");
  assert_string_equal(ask(&a, "SELECT CAST(count(*) AS text) FROM event WHERE kind = 5"), "1");
  ok(takes(&b, file, &id, &e));
  assert_string_equal(ask(&b, "SELECT status FROM case_file"), "reception");
  assert_string_equal(ask(&b, "SELECT origin FROM case_file"), "transfer");
  assert_string_equal(ask(&b, "SELECT CAST(count(*) AS text) FROM attachment"), "2"); /* the picture, and the paper */
  assert_string_equal(ask(&b, "SELECT CAST(count(*) AS text) FROM consent"), "0");
  struct deed r = {.at = &b, .case_id = id};
  ok(world_read(&b.w, &b.chief, read_case, &r, &e));
  struct str page = json_of(&b, r.seen);
  assert_true(has(page, "［移管元の記録・本人の話］CNRYWORDS") && has(page, "移管元：試験市 子ども若者支援課"));
  assert_true(has(page, "CNRYADDRESS") && has(page, "試験 太郎"));
  assert_true(has(page, "移管の受け入れ") && !has(page, "\"transfer\"")); /* no word of the program */
  assert_false(has(page, "次に予定していた日"));                          /* there was none */
  r.at->chief = b.helper; /* who does not work on it knows nothing of it */
  assert_int_equal(world_read(&b.w, &b.helper, read_case, &r, &e), NOT_FOUND);
  towns_free(&a, &b);
}

/* From one engine to the other and on to a third network: the same person, the same words. */
static void what_goes_on_is_equal_on_both_engines(void **state)
{
  struct side a, b, c;
  struct err e = {0};
  struct deed d = {.at = &a}, further = {.at = &b};
  id64 id = 0;
  (void)state;
  side_new(&a, DB_SQLITE);
  side_new(&b, store_engine());
  side_new(&c, DB_SQLITE);
  meet(&a, &b);
  meet(&b, &a);
  live(&a);
  struct str file = gives(&d);
  ok(takes(&b, file, &id, &e));
  b.other = world_org(&b.w, "子ども若者支援課", "outside"); /* the third town's: one stands for one network */
  meet(&b, &c);
  b.boy.case_id = id;
  b.boy.person = strtoll(ask(&b, "SELECT CAST(max(id) AS text) FROM person"), NULL, 10);
  (void)world_consent(&b.w, &b.chief, &b.boy, PARTY_PERSON, b.other, AGREED);
  (void)gives(&further);
  const struct doc *one = doc_get(d.content.data, "attributes"), *two = doc_get(further.content.data, "attributes");
  assert_int_equal(doc_size(one), doc_size(two));
  for (size_t i = 0; i < doc_size(one); i++) {
    bool there = false;
    for (size_t k = 0; k < doc_size(two); k++)
      there |= str_eq(doc_get_str(doc_at(one, i), "kind"), doc_get_str(doc_at(two, k), "kind")) &&
               str_eq(doc_get_str(doc_at(one, i), "value"), doc_get_str(doc_at(two, k), "value"));
    assert_true(there);
  }
  one = doc_get(d.content.data, "records");
  two = doc_get(further.content.data, "records");
  assert_int_equal(doc_size(two), doc_size(one) + 2); /* where it came from, and how it went there */
  struct str before = doc_get_str(doc_at(doc_get(doc_at(one, 0), "paragraphs"), 0), "text");
  struct str after = doc_get_str(doc_at(doc_get(doc_at(two, 0), "paragraphs"), 0), "text");
  assert_true(str_ends(after, before) && doc_get_int(doc_at(one, 0), "at") == doc_get_int(doc_at(two, 0), "at"));
  towns_free(&a, &b);
  world_free(&c.w);
}

static void what_is_wrong_is_refused_with_a_sentence_and_nothing_is_written(void **state)
{
  struct side a, b, c;
  struct err e = {0};
  struct deed d = {.at = &a};
  id64 id = 0;
  (void)state;
  side_new(&a, DB_SQLITE);
  side_new(&b, store_engine());
  side_new(&c, DB_SQLITE);
  meet(&a, &b);
  live(&a);
  struct str file = gives(&d);
  says(takes(&b, file, &id, &e), &e, "合わせ札が、まだ登録されていません"); /* whoever sends it is not known yet */
  meet(&b, &a);
  says(takes(&c, file, &id, &e), &e, "ほかのネットワークあて");
  says(takes(&b, S("%PDF-1.4 something else"), &id, &e), &e, "移管のファイルではありません");
  for (size_t n = 16; n < file.n; n += file.n / 7)
    says(takes(&b, str_sub(file, 0, n), &id, &e), &e, "途中で切れています");
  char *bytes = arena_copy(b.w.a, file.p, file.n);
  for (size_t at = 56; at < file.n; at += 1 + file.n / 97) {
    bytes[at] ^= 1;
    says(takes(&b, (struct str){bytes, file.n}, &id, &e), &e, "書きかえられています");
    bytes[at] ^= 1;
  }
  assert_string_equal(ask(&b, "SELECT CAST(count(*) AS text) FROM case_file"), "0");
  assert_string_equal(ask(&b, "SELECT CAST(count(*) AS text) FROM person"), "0");
  ok(takes(&b, file, &id, &e));
  says(takes(&b, file, &id, &e), &e, "もう取り込んであります");
  says(takes(&b, gives(&d), &id, &e), &e, "もう取り込んであります"); /* made again: still the same transfer */
  assert_string_equal(ask(&b, "SELECT CAST(count(*) AS text) FROM case_file"), "1");
  assert_string_equal(ask(&a, "SELECT CAST(count(*) AS text) FROM transfer_out"), "1");
  towns_free(&a, &b);
  world_free(&c.w);
}

static void without_consent_or_law_nothing_goes(void **state)
{
  struct side a, b;
  struct err e = {0};
  struct deed d = {.at = &a};
  (void)state;
  side_new(&a, store_engine());
  side_new(&b, DB_SQLITE);
  meet(&a, &b);
  a.boy = world_case(&a.w, &a.chief, "試験 太郎", seventeen);
  d.choice = (struct transfer_choice){a.other, true};
  says(world_write(&a.w, &a.chief, give, &d, &e), &e, "同意も、法令の根拠も");
  (void)world_consent(&a.w, &a.chief, &a.boy, PARTY_PERSON, a.other, AGREED);
  d.choice.compared = false;
  says(world_write(&a.w, &a.chief, give, &d, &e), &e, "電話で相手と読みあわせて");
  assert_string_equal(ask(&a, "SELECT status FROM case_file"), "reception");
  d.choice.compared = true;
  a.chief = a.helper; /* a worker does not move cases */
  assert_int_not_equal(world_write(&a.w, &a.helper, give, &d, &e), OK);
  towns_free(&a, &b);
}

/* ---- from whom, to whom: what was agreed towards one is no other's --------------------------------------------------------------- */

static enum code change_body(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, &d->at->chief, ACTION_TRANSFER_IN, &s, e);
  if (c != OK)
    return c;
  return d->peer < 0 ? transfer_body_end(tx, s, -d->peer, d->body, e) : transfer_body_add(tx, s, d->peer, d->body, e);
}

static void a_consent_towards_this_network_is_no_basis_for_another(void **state)
{
  struct side a, b, c;
  struct err e = {0};
  struct deed d = {.at = &a};
  (void)state;
  side_new(&a, store_engine());
  side_new(&b, DB_SQLITE);
  side_new(&c, DB_SQLITE);
  meet(&a, &b);
  a.boy = world_case(&a.w, &a.chief, "試験 太郎", seventeen);
  id64 own = world_org(&a.w, "NPO法人あおば", "council"), works = world_org(&a.w, "相談所", "outside"),
       place = world_org(&a.w, "写真の店", "outside");
  (void)world_member(&a.w, works, ROLE_WORKER, "相談員");
  id64 peer = peer_of(&a);
  const id64 three[] = {own, works, place};
  for (size_t i = 0; i < 3; i++) {
    (void)world_consent(&a.w, &a.chief, &a.boy, PARTY_PERSON, three[i], AGREED);
    d.choice = (struct transfer_choice){three[i], true};
    says(world_write(&a.w, &a.chief, give, &d, &e), &e, "移管先のネットワークの機関として登録されていません");
    d.peer = peer;
    d.body = three[i];
    enum code said = world_write(&a.w, &a.chief, change_body, &d, &e);
    if (i < 2)
      says(said, &e, "このネットワークで活動している機関"); /* it is of this network, or somebody of it works here */
    else
      ok(said);
  }
  ok(world_write(&a.w, &a.chief, give, &d, &e)); /* chosen for that network, it is */
  d.choice.organization = a.other;
  (void)world_consent(&a.w, &a.chief, &a.boy, PARTY_PERSON, a.other, AGREED);
  says(world_write(&a.w, &a.chief, give, &d, &e), &e, "あてのファイルを作って、返事を待っています");
  struct deed more = {.at = &a, .name = S("ほかの町"), .card = transfer_card_text(a.w.a, c.card), .body = place};
  says(world_write(&a.w, &a.chief, add_peer, &more, &e), &e,
       "ほかの合わせ札で選んだ機関"); /* it stands for one network */
  d.peer = -peer;
  d.body = place;
  ok(world_write(&a.w, &a.chief, change_body, &d, &e));
  ok(world_write(&a.w, &a.chief, add_peer, &more, &e));
  d.choice.organization = place;
  ok(world_write(&a.w, &a.chief, give, &d, &e)); /* now it is that one's: another transfer */
  assert_memory_equal(d.given.card, c.card, PARCEL_CARD);
  assert_string_equal(ask(&a, "SELECT CAST(count(DISTINCT peer_id) AS text) FROM transfer_out"), "2");
  towns_free(&a, &b);
  world_free(&c.w);
}

static void only_the_body_it_is_meant_for_takes_a_case_in_or_says_that_it_is(void **state)
{
  struct side a, b;
  struct err e = {0};
  struct deed d = {.at = &a}, in = {.at = &b};
  (void)state;
  towns_new(&a, DB_SQLITE, &b, store_engine());
  live(&a);
  ok(transfer_unpack(b.w.a, b.seed, gives(&d), clock_now(), in.from, &in.taken, &e));
  assert_true(str_is(in.taken.to, "子ども若者支援課"));
  struct actor right = b.chief;
  b.chief = world_member(&b.w, world_org(&b.w, "NPO法人はまかぜ", "council"), ROLE_MANAGER, "代表");
  says(world_write(&b.w, &b.chief, take, &in, &e), &e, "あて先が、この機関の名前とちがいます");
  assert_string_equal(e.field, "meant");
  assert_string_equal(ask(&b, "SELECT CAST(count(*) AS text) FROM person"), "0");
  struct actor wrong = b.chief;
  b.chief = right;
  in.taken.to = S("　子ども若者支援課 "); /* width and blanks do not count */
  ok(world_write(&b.w, &b.chief, take, &in, &e));
  struct deed again = {.at = &b, .meant = true};
  live(&a);
  ok(transfer_unpack(b.w.a, b.seed, gives(&(struct deed){.at = &a}), clock_now(), again.from, &again.taken, &e));
  b.chief = wrong;
  ok(world_write(&b.w, &b.chief, take, &again, &e));
  struct deed r = {.at = &b, .case_id = again.case_id};
  ok(world_read(&b.w, &b.chief, read_case, &r, &e));
  assert_true(has(json_of(&b, r.seen), "ファイルのあて先は「子ども若者支援課」でした"));
  towns_free(&a, &b);
}

/* Whoever may not know of the family does not learn who of it agreed to what. */
static void what_a_guardian_agreed_to_goes_to_whom_the_family_is_told_of(void **state)
{
  struct side a, b;
  struct deed d = {.at = &a};
  (void)state;
  for (int told = 0; told < 2; told++) {
    towns_new(&a, store_engine(), &b, DB_SQLITE);
    a.boy = world_case(&a.w, &a.chief, "試験 太郎", seventeen);
    cats_t cats = CAT_BASIC | CAT_SUPPORT | (told ? CAT_FAMILY : 0);
    (void)world_consent(&a.w, &a.chief, &a.boy, PARTY_PERSON, a.other, cats);
    (void)world_consent(&a.w, &a.chief, &a.boy, PARTY_GUARDIAN, a.other, cats);
    struct str all = inside(&a, &b, &d, gives(&d));
    assert_true(has(all, "本人の同意"));
    assert_int_equal(has(all, "母の同意") || has(all, "保護者の同意"), told);
    towns_free(&a, &b);
  }
}

static enum code conceal(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  const struct scope *s = NULL;
  const id64 holders[] = {d->at->chief.user, d->at->helper.user};
  const struct conceal_new n = {
      .items = ITEM_ADDRESS, .holders = holders, .holder_count = 2, .town = S("試験市"), .reason = S("支援措置")};
  id64 id = 0;
  enum code c = access_open(tx, &d->at->chief, ACTION_CONCEAL_SET, d->at->boy.person, &s, e);
  return c == OK ? conceal_set(tx, s, &n, &id, e) : c;
}

static enum code assign(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  const struct case_staffing st = {.worker = d->at->helper.user};
  enum code c = case_enter(tx, &d->at->chief, ACTION_CASE_WRITE, d->at->boy.case_id, &head, &s, e);
  return c == OK ? case_staff(tx, s, &head, &st, e) : c;
}

#define WITHHELD "移管元では、秘匿"

static void what_is_concealed_stays(void **state)
{
  struct side a, b;
  struct err e = {0};
  struct deed d = {.at = &a,
                   .paragraphs = {{.text = S("いまの住まいは CNRYADDRESS市一丁目2-3 です。"),
                                   .source = SOURCE_PERSON,
                                   .category = CAT_SUPPORT}},
                   .count = 1};
  (void)state;
  side_new(&a, store_engine());
  side_new(&b, DB_SQLITE);
  meet(&a, &b);
  meet(&b, &a);
  live(&a);
  ok(world_write(&a.w, &a.chief, write_record, &d, &e));
  ok(world_write(&a.w, &a.chief, assign, &d, &e));
  ok(world_write(&a.w, &a.chief, conceal, &d, &e));
  struct str file = gives(&d), all = inside(&a, &b, &d, file);
  assert_true(has(all, "CNRYWORDS"));
  assert_false(has(all, "CNRYADDRESS"));
  assert_int_equal(d.content.count, 0); /* nobody can mask a picture */
  /* That something is concealed is told, else nobody there would conceal it. */
  struct deed r = {.at = &b};
  ok(takes(&b, file, &r.case_id, &e));
  ok(world_read(&b.w, &b.chief, read_case, &r, &e));
  assert_true(has(json_of(&b, r.seen), WITHHELD));
  towns_free(&a, &b);
}

static enum code unconfirmed(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  const struct scope *s = NULL;
  struct reader who = world_reader();
  enum code c = access_open_network(tx, &d->at->chief, ACTION_CASE_LIST, &s, e);
  return c == OK ? ledger_unconfirmed(tx, s, &(struct unconfirmed_view){0}, d->at->w.a, &who, &d->seen, e) : c;
}

/* What was agreed there does not count here: nobody must have to remember to ask. */
static void who_was_taken_in_is_among_those_to_be_asked(void **state)
{
  struct side a, b;
  struct err e = {0};
  struct deed d = {.at = &a}, r = {.at = &b};
  (void)state;
  towns_new(&a, DB_SQLITE, &b, store_engine());
  live(&a);
  struct str file = gives(&d);
  ok(world_read(&b.w, &b.chief, unconfirmed, &r, &e));
  assert_false(doc_get_bool(r.seen, "has_cases"));
  ok(takes(&b, file, &r.case_id, &e));
  ok(world_read(&b.w, &b.chief, unconfirmed, &r, &e));
  assert_int_equal(doc_size(doc_get(r.seen, "cases")), 1);
  ok(world_read(&b.w, &b.chief, read_case, &r, &e));
  struct str page = json_of(&b, r.seen);
  assert_true(has(page, "\"unconfirmed\":true"));
  assert_false(has(page, WITHHELD)); /* nothing is concealed of him */
  b.chief = b.helper;                /* who does not work on it is asked about nobody */
  ok(world_read(&b.w, &b.helper, unconfirmed, &r, &e));
  assert_false(doc_get_bool(r.seen, "has_cases"));
  towns_free(&a, &b);
}

/* ---- all of it or nothing: from the n-th statement on the database fails, for every n ---------------------------------------------- */

static const struct engine *sound;
static struct engine broken;
static int left; /* statements until it fails; the writer's thread alone counts */
static bool hit;

static bool fails(void)
{
  left -= left > 0;
  hit = hit || left == 0;
  return left == 0;
}

static enum code fail_tx(struct tx *tx)
{
  struct err e = {0};
  err_set(&e, IO, code_msg(IO));
  return tx_fail(tx, &e);
}

static enum code broken_query(struct tx *tx, const struct stmt *q, struct rows *ret, const struct bind *binds,
                              size_t count)
{
  return fails() ? fail_tx(tx) : sound->query(tx, q, ret, binds, count);
}

static enum code broken_exec(struct tx *tx, const struct stmt *q, int64_t *ret_changed, const struct bind *binds,
                             size_t count)
{
  return fails() ? fail_tx(tx) : sound->exec(tx, q, ret_changed, binds, count);
}

static void whatever_statement_fails_it_comes_in_whole_or_not_at_all(void **state)
{
  struct side a, b;
  struct err e = {0};
  struct deed d = {.at = &a}, in = {.at = &b};
  int n = 0;
  (void)state;
  towns_new(&a, DB_SQLITE, &b, store_engine());
  live(&a);
  ok(transfer_unpack(b.w.a, b.seed, gives(&d), clock_now(), in.from, &in.taken, &e));
  sound = b.w.store.db->engine;
  broken = *sound;
  broken.query = broken_query;
  broken.exec = broken_exec;
  do {
    left = ++n;
    hit = false;
    b.w.store.db->engine = &broken;
    enum code c = world_write(&b.w, &b.chief, take, &in, &e);
    b.w.store.db->engine = sound;
    assert_true(hit ? c == IO : c == OK);
    assert_string_equal(ask(&b, "SELECT CAST(count(*) AS text) FROM person"), hit ? "0" : "1");
    assert_string_equal(ask(&b, "SELECT CAST(count(*) AS text) FROM attachment_part"), hit ? "0" : "2");
    assert_string_equal(ask(&b, "SELECT CAST(count(*) AS text) FROM transfer_in"), hit ? "0" : "1");
  } while (hit);
  assert_true(n > 30);
  towns_free(&a, &b);
}

/* A stranger's program may write what it likes into its own file. */
static void what_no_form_would_take_is_refused(void **state)
{
  struct side a, b;
  struct err e = {0};
  struct deed d = {.at = &a};
  struct transfer_case t = {0};
  struct bundle parts;
  unsigned char key[PARCEL_HALF];
  struct str bytes = STR_NONE;
  (void)state;
  side_new(&a, DB_SQLITE);
  side_new(&b, DB_SQLITE);
  meet(&a, &b);
  live(&a);
  ok(parcel_open(b.w.a, b.seed, gives(&d), key, &bytes, &e));
  assert_true(bundle_read(bytes, &parts));
  static const struct {
    const char *from, *to;
  } changes[] = {{"\"method\":\"phone\"", "\"method\":\"fax01\""},
                 {"\"2009-06-01\"", "\"2009-06-99\""},
                 {"\"support\"", "\"suqqort\""},
                 {"\"density\":\"B\"", "\"density\":\"X\""},
                 {"case transfer", "case transfex"},
                 {"\"to\":", "\"ta\":"}};
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    struct str json = bundle_find(&parts, S("case.json"))->bytes;
    size_t n = strlen(changes[i].from);
    const char *at = memmem(json.p, json.n, changes[i].from, n);
    if (!at)
      print_error("%s\n", changes[i].from);
    assert_non_null(at);
    char *copy = arena_copy(b.w.a, bytes.p, bytes.n);
    memcpy(copy + (at - bytes.p), changes[i].to, n < strlen(changes[i].to) ? n : strlen(changes[i].to));
    enum code c = transfer_read(b.w.a, (struct str){copy, bytes.n}, clock_now(), &t, &e);
    if (c != INVALID)
      print_error("%s\n", changes[i].to);
    assert_int_equal(c, INVALID);
  }
  towns_free(&a, &b);
}

static void two_networks_read_out_the_same_digits(void **state)
{
  struct arena *a = arena_new(LIMIT_ARENA);
  unsigned char seed[32] = {1}, card[PARCEL_CARD], again[PARCEL_CARD];
  (void)state;
  parcel_card(seed, card);
  struct str text = transfer_card_text(a, card), digits = parcel_fingerprint(a, card);
  assert_int_equal(digits.n, 47);
  struct str folded = str_printf(a, " %.*s\r\n  %.*s ", 60, text.p, (int)text.n - 60, text.p + 60);
  assert_true(transfer_card_parse(a, folded, again) && memcmp(card, again, PARCEL_CARD) == 0);
  again[PARCEL_CARD - 1] ^= 1;
  assert_false(str_eq(digits, parcel_fingerprint(a, again)));
  assert_memory_not_equal(card, card + PARCEL_HALF, PARCEL_HALF); /* one key does not do both */
  arena_free(a);
}

/* Every door for text refuses what looks like a マイナンバー; a key of 64 bytes has such digits now and then. */
static void whatever_its_key_a_card_can_be_registered(void **state)
{
  struct arena *a = arena_new(LIMIT_ARENA);
  unsigned char card[PARCEL_CARD] = {0x12, 0x34, 0x56, 0x78, 0x90, 0x18, 0xab}, again[PARCEL_CARD];
  struct err e = {0};
  (void)state;
  assert_true(my_number_check(S("123456789018")));
  struct str text = transfer_card_text(a, card);
  assert_int_equal(field_check_text(text, true, 400, &e), OK);
  assert_true(transfer_card_parse(a, text, again) && memcmp(card, again, PARCEL_CARD) == 0);
  struct buf plain; /* its dots are lost */
  buf_init(&plain, a, text.n);
  for (size_t i = 0; i < text.n; i++)
    if (text.p[i] != '.')
      buf_add_c(&plain, text.p[i]);
  assert_true(transfer_card_parse(a, buf_str(&plain), again) && memcmp(card, again, PARCEL_CARD) == 0);
  arena_free(a);
}

static void a_card_of_which_a_letter_is_wrong_is_refused(void **state)
{
  struct arena *a = arena_new(LIMIT_ARENA);
  unsigned char seed[32] = {7}, card[PARCEL_CARD], again[PARCEL_CARD];
  (void)state;
  parcel_card(seed, card);
  struct str text = transfer_card_text(a, card);
  for (size_t at = sizeof "tsunagu-card-2:" - 1; at < text.n; at++) {
    char *copy = arena_copy(a, text.p, text.n);
    if (copy[at] == '.')
      continue;
    copy[at] = copy[at] == '0' ? '1' : '0';
    assert_false(transfer_card_parse(a, (struct str){copy, text.n}, again));
  }
  assert_false(transfer_card_parse(a, str_sub(text, 0, text.n - 9), again)); /* its last group is lost */
  arena_free(a);
}

STORE_MAIN(cmocka_unit_test(a_card_of_which_a_letter_is_wrong_is_refused),
           cmocka_unit_test(two_networks_read_out_the_same_digits),
           cmocka_unit_test(whatever_its_key_a_card_can_be_registered),
           cmocka_unit_test(a_case_arrives_with_what_may_be_told_and_nothing_else),
           cmocka_unit_test(what_goes_on_is_equal_on_both_engines),
           cmocka_unit_test(what_is_wrong_is_refused_with_a_sentence_and_nothing_is_written),
           cmocka_unit_test(without_consent_or_law_nothing_goes),
           cmocka_unit_test(a_consent_towards_this_network_is_no_basis_for_another),
           cmocka_unit_test(only_the_body_it_is_meant_for_takes_a_case_in_or_says_that_it_is),
           cmocka_unit_test(what_a_guardian_agreed_to_goes_to_whom_the_family_is_told_of),
           cmocka_unit_test(what_is_concealed_stays), cmocka_unit_test(who_was_taken_in_is_among_those_to_be_asked),
           cmocka_unit_test(whatever_statement_fails_it_comes_in_whole_or_not_at_all),
           cmocka_unit_test(what_no_form_would_take_is_refused))
