#include "person/person.h"

#include "base/utf8.h"
#include "network/network.h"
#include "person/person_sql.h"
#include "person/probe.h"

struct attribute_kind {
  const char *code, *label;
  cats_t category;
  enum item item;
};

static const struct attribute_kind kinds[ATTRIBUTE_COUNT] = {
#define X(name, code, category, item, label) [ATTRIBUTE_##name] = {code, label, category, item},
    ATTRIBUTES(X)
#undef X
};

const char *attribute_code(enum attribute k)
{
  return kinds[k].code;
}

const char *attribute_label(enum attribute k)
{
  return kinds[k].label;
}

enum item attribute_item(enum attribute k)
{
  return kinds[k].item;
}

bool attribute_parse(struct str code, enum attribute *ret)
{
  for (int k = 0; k < ATTRIBUTE_COUNT; k++) {
    if (str_is(code, kinds[k].code)) {
      *ret = (enum attribute)k;
      return true;
    }
  }
  return false;
}

/* ---- keys ------------------------------------------------------------------------------------------------------ */

struct open_key { /* kept for the transaction */
  id64 person;
  struct seal_key key;
  struct open_key *next;
};

static enum code key_load(struct tx *tx, id64 person, struct seal_key *ret, struct err *e)
{
  int epoch = 0;
  struct str wrapped = STR_NONE;
  enum code c = person_sql_key(tx, person, tx_arena(tx), &epoch, &wrapped, e);
  if (c != OK)
    return c;
  return key_unwrap(db_app(tx_db(tx)), tx_network(tx), epoch, person, wrapped, ret, e);
}

static void key_keep(struct tx *tx, struct open_key *k, id64 person)
{
  k->person = person;
  k->next = tx_slot(tx, TX_SLOT_KEYS);
  tx_slot_set(tx, TX_SLOT_KEYS, k);
}

enum code person_key(struct tx *tx, const struct scope *s, const struct seal_key **ret, struct err *e)
{
  for (struct open_key *k = tx_slot(tx, TX_SLOT_KEYS); k; k = k->next) {
    if (k->person == scope_person(s)) {
      *ret = &k->key;
      return OK;
    }
  }
  struct open_key *k = arena_new_of(tx_arena(tx), struct open_key);
  if (!k)
    return err_oom(e);
  enum code c = key_load(tx, scope_person(s), &k->key, e);
  if (c != OK)
    return c;
  key_keep(tx, k, scope_person(s));
  *ret = &k->key;
  return OK;
}

enum code person_listed_key(struct tx *tx, const struct scope *list, id64 person, int epoch, struct str wrapped,
                            struct seal_key *ret, struct err *e)
{
  (void)list; /* the capability of the list */
  return key_unwrap(db_app(tx_db(tx)), tx_network(tx), epoch, person, wrapped, ret, e);
}

enum code person_listed_key_of(struct tx *tx, const struct scope *list, id64 person, struct seal_key *ret,
                               struct err *e)
{
  (void)list; /* the capability of the list */
  return key_load(tx, person, ret, e);
}

enum code person_listed_value(struct tx *tx, const struct seal_key *key, id64 attribute, struct str sealed,
                              struct arena *a, struct str *ret, struct err *e)
{
  struct seal_at at = {
      .table = "person_attribute", .column = "value_sealed", .network = tx_network(tx), .row = attribute};
  return unseal(a, key, at, sealed, ret, e);
}

/* ---- writing --------------------------------------------------------------------------------------------------- */

static struct seal_at attribute_at(const struct tx *tx, id64 row, const char *column)
{
  return (struct seal_at){.table = "person_attribute", .column = column, .network = tx_network(tx), .row = row};
}

/* Found by words: names and telephones; the rest has no folded text. */
static bool is_searched(enum attribute k)
{
  return k == ATTRIBUTE_NAME || k == ATTRIBUTE_KANA || k == ATTRIBUTE_CALLED || k == ATTRIBUTE_PHONE ||
         k == ATTRIBUTE_MOBILE;
}

static uint32_t marks_of(enum attribute k)
{
  return k == ATTRIBUTE_CALLED || k == ATTRIBUTE_AVOID || k == ATTRIBUTE_INTEREST ? MARK_VISIT : 0;
}

/* 0: the birth date is not known well enough. The person decides alone from the start of that birthday: the legal day of reaching the
 * age ends as the birthday begins. */
static enum code own_from(struct tx *tx, struct date birth, ts_t *ret, struct err *e)
{
  int age = 0;
  if (date_known(birth) && date_compare(birth, date_of_ts(tx_now(tx))) > 0) /* most often 令和 where 平成 was meant */
    return err_field(e, "birth", TR("生年月日が、今日より先になっています。元号（令和・平成）を確かめてください。"));
  enum code c = person_sql_own_age(tx, &age, e);
  if (c == OK)
    *ret = date_known(birth) ? date_start_ts(date_add_days(age_reached_on(birth, age), 1)) : 0;
  return c;
}

static enum code own_from_text(struct tx *tx, struct str iso, ts_t *ret, struct err *e)
{
  struct date birth = {0};
  if (!date_parse_iso(iso, &birth))
    return err_field(e, "birth", TR("生年月日は、年・月・日で入力してください。"));
  return own_from(tx, birth, ret, e);
}

/* `own`: of a birth date, since when the person decides alone. */
static enum code insert_attribute(struct tx *tx, const struct scope *s, enum attribute k, id64 guardian,
                                  struct str value, enum source source, ts_t own, struct err *e)
{
  const struct seal_key *key = NULL;
  struct str fold = STR_NONE;
  struct attribute_row row = {.id = id_new(tx_now(tx)),
                              .guardian = guardian,
                              .kind = str_from(kinds[k].code),
                              .category = kinds[k].category,
                              .source = source,
                              .marks = marks_of(k),
                              .item = kinds[k].item,
                              .own_from = k == ATTRIBUTE_BIRTH ? own : 0};
  struct arena *a = tx_arena(tx);
  enum code c = person_key(tx, s, &key, e);
  if (c == OK)
    c = seal(a, key, attribute_at(tx, row.id, "value_sealed"), value, &row.sealed, e);
  if (c == OK && is_searched(k))
    c = seal(a, key, attribute_at(tx, row.id, "fold_sealed"), utf8_fold(a, value), &fold, e);
  if (c == OK)
    c = person_sql_insert_attribute(tx, s, &row, fold, e);
  return c;
}

static enum code add_attribute(struct tx *tx, const struct scope *s, enum attribute k, id64 guardian, struct str value,
                               enum source source, struct err *e)
{
  ts_t own = 0;
  enum code c = k == ATTRIBUTE_BIRTH ? own_from_text(tx, value, &own, e) : OK;
  if (c == OK)
    c = insert_attribute(tx, s, k, guardian, value, source, own, e);
  return c == OK ? probe_put(tx, s, &(struct probe_line){k, guardian, value}, 1, e) : c;
}

static enum code add_all(struct tx *tx, const struct scope *s, const struct person_new *p, ts_t own, struct err *e)
{
  const struct probe_line values[] = {{ATTRIBUTE_NAME, 0, p->name},
                                      {ATTRIBUTE_KANA, 0, p->kana},
                                      {ATTRIBUTE_CALLED, 0, p->called},
                                      {ATTRIBUTE_SEX, 0, p->sex},
                                      {ATTRIBUTE_BIRTH, 0, date_iso(tx_arena(tx), p->birth)},
                                      {ATTRIBUTE_ADDRESS, 0, p->address},
                                      {ATTRIBUTE_POSTAL, 0, p->postal},
                                      {ATTRIBUTE_PHONE, 0, p->phone},
                                      {ATTRIBUTE_MOBILE, 0, p->mobile},
                                      {ATTRIBUTE_SCHOOL, 0, p->school},
                                      {ATTRIBUTE_GRADE, 0, p->grade},
                                      {ATTRIBUTE_INTEREST, 0, p->interest},
                                      {ATTRIBUTE_AVOID, 0, p->avoid}};
  const size_t n = sizeof values / sizeof *values;
  enum code c = OK;
  for (size_t i = 0; c == OK && i < n; i++)
    if (values[i].value.n)
      c = insert_attribute(tx, s, values[i].kind, 0, values[i].value, SOURCE_PERSON, own, e);
  return c == OK ? probe_put(tx, s, values, n, e) : c;
}

static enum code insert_person(struct tx *tx, const struct actor *who, const struct person_new *p, id64 id,
                               ts_t *ret_own, struct err *e)
{
  struct open_key *k = arena_new_of(tx_arena(tx), struct open_key);
  struct str wrapped = STR_NONE;
  const struct keyfile *keys = db_app(tx_db(tx));
  int epoch = 0;
  if (!k)
    return err_oom(e);
  seal_key_new(&k->key);
  enum code c = network_epoch(tx, &epoch, e);
  if (c == OK)
    c = own_from(tx, p->birth, ret_own, e);
  if (c == OK)
    c = person_sql_insert(tx, id, *ret_own, who, e);
  if (c == OK)
    c = key_wrap(tx_arena(tx), keys, tx_network(tx), epoch, id, &k->key, &wrapped, e);
  if (c == OK)
    c = person_sql_insert_key(tx, id, epoch, wrapped, e);
  if (c == OK)
    key_keep(tx, k, id);
  return c;
}

enum code person_create(struct tx *tx, const struct actor *who, const struct person_new *p,
                        const struct scope **ret_scope, struct err *e)
{
  const struct scope *may = NULL, *s = NULL;
  if (!p->name.n)
    return err_field(e, "name", TR("氏名を入力してください。わからないときは、呼び名でもかまいません。"));
  enum code c = access_open_network(tx, who, ACTION_PERSON_CREATE, &may, e);
  id64 id = id_new(tx_now(tx));
  ts_t own = 0;
  if (c == OK)
    c = insert_person(tx, who, p, id, &own, e);
  if (c == OK)
    c = access_open_created(tx, who, id, &s, e);
  if (c == OK)
    c = add_all(tx, s, p, own, e);
  if (c == OK)
    *ret_scope = s;
  return c;
}

const char *const guardian_relations[] = {"mother", "father",  "grandparent", "custodian", "ward",
                                          "foster", "shelter", "other",       NULL};
const char *const guardian_authorities[] = {"joint", "sole", "daily", "urgent", "none", NULL};

struct str guardian_relation_word(struct str code)
{
  static const char *const words[] = {TR("母"),
                                      TR("父"),
                                      TR("祖父母"),
                                      TR("監護者"),
                                      TR("未成年後見人"),
                                      TR("里親・施設長"),
                                      TR("児童相談所長（一時保護中）")};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_is(code, guardian_relations[i]))
      return str_from(words[i]);
  return str_from(TR("保護者"));
}

struct str guardian_relation_code(struct str word)
{
  for (int i = 0; guardian_relations[i]; i++)
    if (str_eq(guardian_relation_word(str_from(guardian_relations[i])), word))
      return str_from(guardian_relations[i]);
  return S("other");
}

enum code guardian_add(struct tx *tx, const struct scope *s, const struct guardian_new *g, id64 *ret_id, struct err *e)
{
  id64 id = id_new(tx_now(tx));
  if (!g->name.n)
    return err_field(e, "guardian_name", TR("保護者の氏名を入力してください。"));
  enum code c = guardian_sql_insert(tx, s, id, g->authority.n ? g->authority : S("none"), g->relation, e);
  if (c == OK)
    c = add_attribute(tx, s, ATTRIBUTE_GUARDIAN_NAME, id, g->name, SOURCE_AROUND, e);
  if (c == OK && g->phone.n)
    c = add_attribute(tx, s, ATTRIBUTE_GUARDIAN_PHONE, id, g->phone, SOURCE_AROUND, e);
  if (c == OK)
    *ret_id = id;
  return c;
}

static enum code own_guardian(struct tx *tx, const struct scope *s, id64 id, struct str *ret_authority,
                              struct str *ret_relation, struct err *e)
{
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  enum code c = guardian_sql_own(tx, s, id, tx_arena(tx), ret_authority, ret_relation, e);
  return c == OK && !ret_authority->n ? err_set(e, NOT_FOUND, code_msg(NOT_FOUND)) : c;
}

struct standing {
  struct tx *tx;
  const struct scope *s;
  enum attribute kind;
  id64 guardian;
  struct str value;
};

static enum code take_standing(void *arg, const struct attribute_row *row, struct err *e)
{
  struct standing *st = arg;
  const struct seal_key *key = NULL;
  enum attribute k;
  if (row->guardian != st->guardian || !attribute_parse(row->kind, &k) || k != st->kind ||
      !scope_wrote(st->s, row->author))
    return OK;
  struct seal_at at = {
      .table = "person_attribute", .column = "value_sealed", .network = tx_network(st->tx), .row = row->id};
  enum code c = person_key(st->tx, st->s, &key, e);
  return c == OK ? unseal(tx_arena(st->tx), key, at, row->sealed, &st->value, e) : c;
}

/* `to`: whose the value is from now on. An empty one stays, also what is concealed. */
static enum code put_of_guardian(struct tx *tx, const struct scope *s, enum attribute k, id64 from, id64 to,
                                 struct str value, struct err *e)
{
  struct standing st = {.tx = tx, .s = s, .kind = k, .guardian = from, .value = value};
  if (!value.n && from == to)
    return OK;
  enum code c = value.n ? OK : person_sql_each_attribute(tx, s, take_standing, &st, e);
  if (c == OK)
    c = person_sql_end_attribute(tx, s, str_from(kinds[k].code), from, e);
  return c == OK && st.value.n ? add_attribute(tx, s, k, to, st.value, SOURCE_AROUND, e) : c;
}

enum code guardian_change(struct tx *tx, const struct scope *s, id64 id, const struct guardian_new *g, id64 *ret_id,
                          struct err *e)
{
  struct str authority = STR_NONE, relation = STR_NONE;
  id64 next = id;
  enum code c = own_guardian(tx, s, id, &authority, &relation, e);
  bool related = g->relation.n && !str_eq(g->relation, relation);
  bool entitled = g->authority.n && !str_eq(g->authority, authority);
  if (c == OK && !related && !entitled && !g->name.n && !g->phone.n) {
    *ret_id = id;
    return OK;
  }
  if (c == OK && entitled) {
    next = id_new(tx_now(tx));
    c = guardian_sql_end(tx, s, id, e);
    if (c == OK)
      c = guardian_sql_insert(tx, s, next, g->authority, related ? g->relation : relation, e);
  } else if (c == OK && related) {
    c = guardian_sql_relation(tx, s, id, g->relation, e);
  }
  if (c == OK)
    c = put_of_guardian(tx, s, ATTRIBUTE_GUARDIAN_NAME, id, next, g->name, e);
  if (c == OK)
    c = put_of_guardian(tx, s, ATTRIBUTE_GUARDIAN_PHONE, id, next, g->phone, e);
  if (c == OK)
    c = network_bump_facts(tx, e);
  if (c == OK)
    *ret_id = next;
  return c;
}

enum code guardian_now(struct tx *tx, const struct scope *s, id64 id, id64 *ret, struct err *e)
{
  enum { AT_MOST = 16 };
  enum code c = OK;
  id64 next = id;
  for (int i = 0; c == OK && next && i < AT_MOST; i++) {
    *ret = next;
    c = guardian_sql_next(tx, s, *ret, &next, e);
  }
  return c;
}

enum code guardian_end(struct tx *tx, const struct scope *s, id64 id, struct err *e)
{
  struct str authority = STR_NONE, relation = STR_NONE;
  enum code c = own_guardian(tx, s, id, &authority, &relation, e);
  if (c == OK)
    c = guardian_sql_end(tx, s, id, e);
  return c == OK ? network_bump_facts(tx, e) : c;
}

/* Dates of several organizations that differ are as none: then the person and the guardians have to agree. */
static enum code move_own_from(struct tx *tx, const struct scope *s, struct err *e)
{
  ts_t from = 0;
  enum code c = person_sql_births(tx, scope_person(s), &from, e);
  if (c == OK)
    c = person_sql_own_from(tx, scope_person(s), from, e);
  return c == OK ? network_bump_facts(tx, e) : c;
}

enum code person_put(struct tx *tx, const struct scope *s, enum attribute k, struct str value, enum source source,
                     struct err *e)
{
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  enum code c = person_sql_end_attribute(tx, s, str_from(kinds[k].code), 0, e);
  if (c == OK)
    c = value.n ? add_attribute(tx, s, k, 0, value, source, e)
                : probe_put(tx, s, &(struct probe_line){k, 0, value}, 1, e);
  if (c == OK && k == ATTRIBUTE_BIRTH)
    c = move_own_from(tx, s, e);
  return c;
}
