/* transfer_world.h: two towns with a case each way: cards exchanged, a boy with words that may go and words that may not, the file made and taken in. */
#ifndef TESTS_TRANSFER_WORLD_H
#define TESTS_TRANSFER_WORLD_H
#include "fixture.h"

#include <time.h>

#include "crypto/keyfile.h"
#include "transfer/bundle.h"
#include "transfer/transfer.h"

static const struct date seventeen = {2009, 6, 1};
enum { AGREED = CAT_BASIC | CAT_CONTACT | CAT_SUPPORT | CAT_FAMILY };

struct side {
  struct world w;
  id64 office, other; /* other: the body of the other town, as this one's directory has it */
  struct actor chief, helper;
  struct world_case boy;
  const unsigned char *seed;
  unsigned char card[PARCEL_CARD];
};

__attribute__((unused)) static void side_new(struct side *s, enum db_engine engine)
{
  world_new_on(&s->w, engine);
  s->office = world_org(&s->w, "子ども若者支援課", "council");
  s->other = world_org(&s->w, "子ども若者支援課", "outside"); /* as the other town calls its own */
  s->chief = world_member(&s->w, s->office, ROLE_MANAGER, "課長");
  s->helper = world_member(&s->w, s->office, ROLE_WORKER, "相談員");
  s->seed = keyfile_sign_seed(s->w.keys, s->w.network);
  parcel_card(s->seed, s->card);
}

/* ---- what is done ------------------------------------------------------------------------------------------------------------ */

struct deed {
  struct side *at;
  struct str name, card; /* of a peer */
  id64 body, peer;       /* who stands for one of its bodies */
  bool meant;
  id64 case_id;
  enum attribute kind;
  struct str value;
  struct paragraph_new paragraphs[3];
  size_t count;
  struct transfer_choice choice;
  struct transfer_given given;
  struct transfer_content content;
  struct transfer_case taken;
  unsigned char from[PARCEL_HALF];
  struct doc *seen;
};

__attribute__((unused)) static enum code add_peer(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, &d->at->chief, ACTION_TRANSFER_IN, &s, e);
  return c == OK ? transfer_peer_add(tx, s, d->name, d->card, d->body, e) : c;
}

/* Each has the other's card. */
__attribute__((unused)) static void meet(struct side *a, struct side *b)
{
  struct err e = {0};
  struct deed d = {.at = a, .name = S("となりの町"), .card = transfer_card_text(a->w.a, b->card), .body = a->other};
  ok(world_write(&a->w, &a->chief, add_peer, &d, &e));
  assert_int_equal(world_write(&a->w, &a->chief, add_peer, &d, &e), INVALID); /* twice */
  d.card = transfer_card_text(a->w.a, a->card);
  assert_int_equal(world_write(&a->w, &a->chief, add_peer, &d, &e), INVALID); /* its own */
  d.card = S("tsunagu-card-2:00");
  assert_int_equal(world_write(&a->w, &a->chief, add_peer, &d, &e), INVALID);
}

/* Two towns that have each other's card. */
__attribute__((unused)) static void towns_new(struct side *a, enum db_engine of_a, struct side *b, enum db_engine of_b)
{
  side_new(a, of_a);
  side_new(b, of_b);
  meet(a, b);
  meet(b, a);
}

__attribute__((unused)) static void towns_free(struct side *a, struct side *b)
{
  world_free(&a->w);
  world_free(&b->w);
}

__attribute__((unused)) static id64 peer_of(struct side *s)
{
  return strtoll(store_ask(&s->w.store, "SELECT CAST(max(id) AS text) FROM transfer_peer"), NULL, 10);
}

__attribute__((unused)) static enum code put_value(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  const struct scope *s = NULL;
  enum code c = access_open(tx, &d->at->chief, ACTION_PERSON_WRITE, d->at->boy.person, &s, e);
  return c == OK ? person_put(tx, s, d->kind, d->value, SOURCE_PERSON, e) : c;
}

__attribute__((unused)) static void puts_value(struct side *at, enum attribute kind, const char *value)
{
  struct err e = {0};
  struct deed d = {.at = at, .kind = kind, .value = str_from(value)};
  ok(world_write(&at->w, &at->chief, put_value, &d, &e));
}

__attribute__((unused)) static enum code write_record(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  id64 id = 0;
  const struct record_new r = {.at = tx_now(tx) - MS_DAY,
                               .method = S("phone"),
                               .with_whom = S("person"),
                               .minutes = 20,
                               .paragraphs = d->paragraphs,
                               .count = d->count};
  enum code c = case_enter(tx, &d->at->chief, ACTION_RECORD_WRITE, d->at->boy.case_id, &head, &s, e);
  return c == OK ? record_add(tx, s, d->at->boy.case_id, &r, &id, e) : c;
}

static const unsigned char picture[] = {
    0x89, 'P',  'N',  'G',  '\r', '\n', 0x1a, '\n', 0,    0,    0,    13,  'I',  'H',  'D',  'R',  0,
    0,    0,    1,    0,    0,    0,    1,    8,    0,    0,    0,    0,   0x3a, 0x7e, 0x9b, 0x55, 0,
    0,    0,    10,   'I',  'D',  'A',  'T',  0x78, 0x9c, 0x63, 0x60, 0,   0,    0,    2,    0,    1,
    0x48, 0xaf, 0xa4, 0x71, 0,    0,    0,    0,    'I',  'E',  'N',  'D', 0xae, 0x42, 0x60, 0x82};

__attribute__((unused)) static enum code attach(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct file_ready ready = {0};
  id64 id = 0;
  const struct file_new f = {.title = S("手紙の写し"),
                             .bytes = {(const char *)picture, sizeof picture},
                             .category = CAT_SUPPORT,
                             .source = SOURCE_PERSON};
  enum code c = file_ready(tx_arena(tx), &f, &ready, e);
  if (c == OK)
    c = case_enter(tx, &d->at->chief, ACTION_RECORD_WRITE, d->at->boy.case_id, &head, &s, e);
  return c == OK ? file_attach(tx, s, d->at->boy.case_id, &ready, &id, e) : c;
}

/* A boy with words that may go and words that may not. */
__attribute__((unused)) static void live(struct side *s)
{
  struct err e = {0};
  s->boy = world_case(&s->w, &s->chief, "試験 太郎", seventeen);
  puts_value(s, ATTRIBUTE_ADDRESS, "CNRYADDRESS市一丁目2-3");
  puts_value(s, ATTRIBUTE_SCHOOL, "CNRYSCHOOL高校");
  puts_value(s, ATTRIBUTE_INTEREST, "CNRYINTEREST");
  struct deed d = {
      .at = s,
      .paragraphs = {{.text = S("CNRYWORDS 学校の話をした。"), .source = SOURCE_PERSON, .category = CAT_SUPPORT},
                     {.text = S("CNRYMIND 眠れない。"), .source = SOURCE_PERSON, .category = CAT_MENTAL}},
      .count = 2};
  ok(world_write(&s->w, &s->chief, write_record, &d, &e));
  ok(world_write(&s->w, &s->chief, attach, &d, &e));
  (void)world_consent(&s->w, &s->chief, &s->boy, PARTY_PERSON, s->other, AGREED);
}

__attribute__((unused)) static enum code give(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = case_enter(tx, &d->at->chief, ACTION_TRANSFER_OUT, d->at->boy.case_id, &head, &s, e);
  if (c == OK)
    c = transfer_give(tx, s, &head, &d->choice, &d->given, e);
  d->given.body = str_copy(d->at->w.a, d->given.body);
  d->given.code = str_copy(d->at->w.a, d->given.code);
  d->given.status = str_copy(d->at->w.a, d->given.status);
  d->given.next_date = str_copy(d->at->w.a, d->given.next_date);
  return c;
}

__attribute__((unused)) static enum code gather(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct reader who = world_reader();
  enum code c = case_enter(tx, &d->at->chief, ACTION_TRANSFER_OUT, d->at->boy.case_id, &head, &s, e);
  return c == OK ? transfer_gather(tx, s, &head, &d->choice, &d->given, d->at->w.a, &who, &d->content, e) : c;
}

__attribute__((unused)) static struct str gives(struct deed *d)
{
  struct err e = {0};
  struct str file = STR_NONE;
  d->choice = (struct transfer_choice){d->at->other, true};
  ok(world_write(&d->at->w, &d->at->chief, give, d, &e));
  ok(world_read(&d->at->w, &d->at->chief, gather, d, &e));
  ok(transfer_pack(d->at->w.a, LANG_JA, &d->content, d->at->seed, d->given.card, &file, &e));
  return file;
}

__attribute__((unused)) static enum code take(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  const struct transfer_accept how = {LANG_JA, d->meant};
  return transfer_take(tx, &d->at->chief, d->from, &d->taken, &how, &d->case_id, e);
}

__attribute__((unused)) static enum code takes(struct side *at, struct str file, id64 *ret_case, struct err *e)
{
  struct deed d = {.at = at};
  enum code c = transfer_unpack(at->w.a, at->seed, file, clock_now(), d.from, &d.taken, e);
  if (c == OK)
    c = world_write(&at->w, &at->chief, take, &d, e);
  if (c == OK)
    *ret_case = d.case_id;
  return c;
}

__attribute__((unused)) static bool has(const struct str s, const char *word)
{
  return str_contains(s, str_from(word));
}

__attribute__((unused)) static struct str json_of(struct side *s, const struct doc *d)
{
  struct buf b;
  buf_init(&b, s->w.a, LIMIT_PAGE);
  json_write(&b, d);
  return buf_str(&b);
}

/* Everything that leaves: what is sealed, and what is printed from. */
__attribute__((unused)) static struct str inside(struct side *from, struct side *to, const struct deed *d,
                                                 struct str file)
{
  struct err e = {0};
  unsigned char key[PARCEL_HALF];
  struct str bytes = STR_NONE;
  struct buf b;
  ok(parcel_open(to->w.a, to->seed, file, key, &bytes, &e));
  buf_init(&b, to->w.a, LIMIT_ARENA);
  buf_add(&b, bytes);
  for (size_t i = 0; i < d->content.count; i++)
    if (d->content.files[i].paper)
      buf_add(&b, json_of(from, d->content.files[i].paper));
  return buf_str(&b);
}

__attribute__((unused)) static const char *ask(struct side *s, const char *sql)
{
  return store_ask(&s->w.store, sql);
}

__attribute__((unused)) static enum code read_case(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct reader who = world_reader();
  struct case_records of = {0};
  assert_true(case_cursor_parse(STR_NONE, &of.before));
  enum code c = case_enter(tx, &d->at->chief, ACTION_CASE_READ, d->case_id, &head, &s, e);
  return c == OK ? case_show(tx, s, &head, d->at->w.a, &who, &of, &d->seen, e) : c;
}

__attribute__((unused)) static void says(enum code c, const struct err *e, const char *part)
{
  assert_true(c == INVALID || c == CONFLICT);
  if (!strstr(e->msg, part))
    print_error("%s\n", e->msg);
  assert_non_null(strstr(e->msg, part));
}

#endif
