/* hsds.c: the standard's own examples (../shared/data/hsds-3.0) go in and come out equal; a town's lists go out by the standard and come in
 * again without a change; what is bad is told record by record; what was edited here stays. Both engines. */
#include "fixture.h"

#include "directory/directory.h"
#include "directory/hsds.h"
#include "directory/import.h"

static struct world w;

static int start(void **state)
{
  world_new(&w);
  return 0;
}

static int stop(void **state)
{
  world_free(&w);
  return 0;
}

/* ---- doing ---------------------------------------------------------------------------------------------------------------- */

static struct str file_at(const char *path)
{
  FILE *f = fopen(path, "rb");
  if (!f)
    return STR_NONE;
  struct buf b;
  char part[65536];
  buf_init(&b, w.a, 32 << 20);
  for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;)
    buf_add(&b, (struct str){part, n});
  fclose(f);
  return buf_str(&b);
}

static struct str example(const char *name)
{
  struct str text = file_at(str_cstr(w.a, str_printf(w.a, HSDS "/examples/%s", name)));
  if (!text.n)
    skip(); /* the examples are not at hand */
  return text;
}

static enum code scope_of(struct tx *tx, enum action action, const struct scope **ret, struct err *e)
{
  const struct actor who = {.role = ROLE_SERVICE, .network = tx_network(tx)};
  return access_open_network(tx, &who, action, ret, e);
}

struct job {
  struct hsds_set *set;
  struct hsds_report report;
};

static enum code write_fn(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  enum code c = scope_of(tx, ACTION_DIRECTORY_WRITE, &s, e);
  return c == OK ? hsds_write(tx, s, job->set, &job->report, e) : c;
}

static enum code plan_fn(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  enum code c = scope_of(tx, ACTION_DIRECTORY_WRITE, &s, e);
  return c == OK ? hsds_plan(tx, s, job->set, &job->report, e) : c;
}

static enum code load_fn(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  enum code c = scope_of(tx, ACTION_DIRECTORY_READ, &s, e);
  return c == OK ? hsds_load(tx, s, w.a, &job->set, e) : c;
}

/* A plan first: it must say what the write then does. */
static struct hsds_report kept(struct hsds_set *set)
{
  struct err e = {0};
  struct job job = {.set = set};
  ok(world_read(&w, NULL, plan_fn, &job, &e));
  struct hsds_report planned = job.report;
  ok(world_write(&w, NULL, write_fn, &job, &e));
  assert_memory_equal(&planned, &job.report, sizeof planned);
  return job.report;
}

static struct hsds_set *here(void)
{
  struct err e = {0};
  struct job job = {0};
  ok(world_read(&w, NULL, load_fn, &job, &e));
  return job.set;
}

static struct hsds_set *read_json(struct str name, struct str text)
{
  struct err e = {0};
  struct hsds_set *s = hsds_set_new(w.a);
  ok(hsds_read_json(s, name, text, STR_NONE, &e));
  return s;
}

static struct doc *parsed(struct str text)
{
  struct err e = {0};
  struct doc *d = NULL;
  ok(json_parse(w.a, text, &d, &e));
  return d;
}

static void assert_same(const char *what, const struct doc *a, const struct doc *b)
{
  if (doc_equal(a, b))
    return;
  struct buf x, y;
  buf_init(&x, w.a, 8 << 20);
  buf_init(&y, w.a, 8 << 20);
  json_write_canonical(&x, a);
  json_write_canonical(&y, b);
  fail_msg("%s\n--- in\n%.*s\n--- out\n%.*s", what, STR_FMT(buf_str(&x)), STR_FMT(buf_str(&y)));
}

/* ---- the examples ------------------------------------------------------------------------------------------------------------ */

static void json_example(const char *file, enum hsds_kind kind, enum hsds_shape shape)
{
  struct str text = example(file);
  struct doc *in = parsed(text);
  if (doc_get(in, "contents"))
    in = doc_at(doc_get(in, "contents"), 0);
  struct hsds_report r = kept(read_json(str_from(file), text));
  assert_true(r.outcomes[HSDS_NEW] > 0);
  assert_int_equal(r.outcomes[HSDS_NEW], r.records);
  struct hsds_set *out = here();
  const struct hsds_record *it = hsds_find(out, kind, doc_get_str(in, "id"));
  assert_non_null(it);
  assert_same(file, in, hsds_nest(out, it, shape));
  r = kept(read_json(str_from(file), text));
  assert_int_equal(r.outcomes[HSDS_UNCHANGED], r.records);
}

#define EXAMPLE(name, kind, shape)                                                                                     \
  static void example_##name(void **state)                                                                             \
  {                                                                                                                    \
    json_example(#name ".json", kind, shape);                                                                          \
  }
EXAMPLE(organization_full, HSDS_ORGANIZATION, HSDS_SERVICES)
EXAMPLE(service_full, HSDS_SERVICE, HSDS_NESTED)
EXAMPLE(service_at_location_full, HSDS_SERVICE_AT_LOCATION, HSDS_NESTED)
EXAMPLE(location, HSDS_LOCATION, HSDS_NESTED)
EXAMPLE(organization_list, HSDS_ORGANIZATION, HSDS_LINE)
EXAMPLE(service_list, HSDS_SERVICE, HSDS_LINE)
EXAMPLE(service_at_location_list, HSDS_SERVICE_AT_LOCATION, HSDS_LINE)
EXAMPLE(taxonomy, HSDS_TAXONOMY, HSDS_NESTED)
EXAMPLE(taxonomy_list, HSDS_TAXONOMY, HSDS_LINE)
EXAMPLE(taxonomy_term, HSDS_TAXONOMY_TERM, HSDS_NESTED)
EXAMPLE(taxonomy_term_list, HSDS_TAXONOMY_TERM, HSDS_LINE)

/* What is the standard's and not the network's own organization's. */
static struct str csv_of(struct hsds_set *s, enum hsds_kind kind)
{
  struct err e = {0};
  struct str text = STR_NONE;
  ok(hsds_csv(s, kind, &text, &e));
  return text;
}

static void tables_come_out_byte_for_byte(void **state)
{
  struct err e = {0};
  struct hsds_set *in = hsds_set_new(w.a);
  (void)example("csv/services.csv");
  for (int k = 0; k < HSDS_KINDS; k++) {
    struct str path = str_from(hsds_tables[k].path);
    ok(hsds_read_csv(in, path, example(str_cstr(w.a, str_printf(w.a, "csv/%.*s", STR_FMT(path)))), &e));
  }
  assert_int_equal(in->total, HSDS_KINDS);
  assert_int_equal(in->remarks.n, 0);
  struct hsds_report r = kept(in);
  assert_int_equal(r.outcomes[HSDS_NEW], HSDS_KINDS);
  struct hsds_set *out = here();
  for (int k = 0; k < HSDS_KINDS; k++) {
    struct str want = example(str_cstr(w.a, str_printf(w.a, "csv/%s", hsds_tables[k].path)));
    struct str got = csv_of(out, (enum hsds_kind)k);
    if (!str_eq(want, got))
      fail_msg("%s\n--- in\n%.*s\n--- out\n%.*s", hsds_tables[k].path, STR_FMT(want), STR_FMT(got));
  }
}

/* The example writes two texts as numbers (external_identifier, identifier); the standard's schema wants text, and that is what comes out. */
static void the_tabular_example_comes_out_with_its_two_numbers_as_text(void **state)
{
  struct str text = example("tabular.json");
  struct doc *in = parsed(text);
  struct hsds_report r = kept(read_json(S("tabular.json"), text));
  assert_int_equal(r.outcomes[HSDS_NEW], HSDS_KINDS);
  struct doc *location = doc_at(doc_get(in, "locations.csv"), 0),
             *identifier = doc_at(doc_get(in, "organization_identifiers.csv"), 0);
  doc_replace(location, "external_identifier", doc_str(w.a, S("10092008082")));
  doc_replace(identifier, "identifier", doc_str(w.a, S("1234567")));
  assert_same("tabular.json", in, hsds_tabular(here()));
}

/* ---- the table of the standard ----------------------------------------------------------------------------------------------- */

static const char *type_of(const struct doc *p)
{
  return doc_get(p, "type") ? str_cstr(w.a, doc_get_str(p, "type")) : "object";
}

static void our_table_is_the_schema(void **state)
{
  (void)example("taxonomy.json");
  for (int k = 0; k < HSDS_KINDS; k++) {
    struct doc *schema = parsed(file_at(str_cstr(w.a, str_printf(w.a, HSDS "/schema/%s.json", hsds_tables[k].name))));
    struct doc *properties = doc_get(schema, "properties");
    size_t scalars = 0, branches = 0;
    assert_true(str_is(doc_get_str(schema, "path"), hsds_tables[k].path));
    for (size_t i = 0; i < doc_size(properties); i++) {
      struct str key = doc_key_at(properties, i);
      const char *type = type_of(doc_value_at(properties, i));
      const struct hsds_field *f = hsds_field((enum hsds_kind)k, key);
      const struct hsds_branch *b = hsds_branch((enum hsds_kind)k, key);
      bool scalar = strcmp(type, "string") == 0 || strcmp(type, "number") == 0;
      assert_true(scalar ? f && !b : b && !f);
      if (f)
        assert_int_equal(f->type == HSDS_NUMBER, strcmp(type, "number") == 0);
      scalars += scalar;
      branches += !scalar;
    }
    assert_true(scalars > 3 && scalars + branches == doc_size(properties));
    for (size_t i = 0; i < doc_size(doc_get(schema, "required")); i++) {
      const struct hsds_field *f = hsds_field((enum hsds_kind)k, doc_string(doc_at(doc_get(schema, "required"), i)));
      assert_true(f->need == HSDS_KEY || f->need == HSDS_FULL);
    }
  }
}

/* ---- a town's lists ------------------------------------------------------------------------------------------------------------ */

struct lists {
  struct import_list list[2];
  struct import_report report;
};

static enum code import_fn(struct tx *tx, void *arg, struct err *e)
{
  struct lists *l = arg;
  const struct scope *s = NULL;
  enum code c = scope_of(tx, ACTION_DIRECTORY_WRITE, &s, e);
  return c == OK ? import_write(tx, s, l->list, 2, &l->report, e) : c;
}

static void import_lists(void)
{
  struct err e = {0};
  static struct lists l;
  struct str life = file_at(YUZAWA "/life_event_2022.json"),
             places = file_at(YUZAWA "/social_welfare_facilties_2022.json");
  if (!life.n)
    skip();
  ok(import_read(w.a, life, &(struct import_options){.file = S("life"), .area_code = S("0183")}, &l.list[0], &e));
  ok(import_read(w.a, places,
                 &(struct import_options){.file = S("places"), .area_code = S("0183"), .city = S("湯沢市")}, &l.list[1],
                 &e));
  ok(world_write(&w, NULL, import_fn, &l, &e));
}

static struct hsds_set *all_csv(struct hsds_set *s)
{
  struct err e = {0};
  struct hsds_set *again = hsds_set_new(w.a);
  for (int k = 0; k < HSDS_KINDS; k++)
    if (s->count[k])
      ok(hsds_read_csv(again, str_from(hsds_tables[k].path), csv_of(s, (enum hsds_kind)k), &e));
  return again;
}

static void a_towns_lists_go_out_and_come_in_without_a_change(void **state)
{
  import_lists();
  struct hsds_set *out = here();
  assert_int_equal(out->count[HSDS_SERVICE], 141);
  assert_int_equal(out->count[HSDS_ORGANIZATION], 135);
  struct hsds_report r = kept(all_csv(out));
  assert_int_equal(r.records, out->total);
  assert_int_equal(r.outcomes[HSDS_UNCHANGED], r.records);
  struct doc *list = doc_list(w.a);
  for (const struct hsds_record *it = out->first[HSDS_ORGANIZATION]; it; it = it->next)
    doc_add(list, hsds_nest(out, it, HSDS_SERVICES));
  struct buf b;
  buf_init(&b, w.a, 16 << 20);
  json_write(&b, list);
  r = kept(read_json(S("organization.json"), buf_str(&b)));
  assert_int_equal(r.outcomes[HSDS_UNCHANGED], r.records);
  assert_int_equal(r.records, out->total);
}

/* ---- edited here ---------------------------------------------------------------------------------------------------------------- */

struct edit {
  id64 organization, service;
  const char *phone; /* NULL: as it stands */
};

static enum code edit_fn(struct tx *tx, void *arg, struct err *e)
{
  const struct edit *it = arg;
  const struct scope *s = NULL;
  struct doc *d = NULL;
  id64 id = 0;
  enum code c = scope_of(tx, ACTION_DIRECTORY_WRITE, &s, e);
  if (c == OK)
    c = directory_values(tx, s, it->organization, it->service, tx_arena(tx), &d, e);
  const struct directory_service v = {.name = doc_get_str(d, "name"),
                                      .alert = S("11月は休みます。"),
                                      .closed = true,
                                      .reach = {.phone = it->phone ? str_from(it->phone) : doc_get_str(d, "phone"),
                                                .address = doc_get_str(d, "address"),
                                                .place = doc_get_str(d, "place"),
                                                .hours = doc_get_str(d, "hours")}};
  return c == OK ? directory_save_service(tx, s, it->organization, it->service, doc_get_int(d, "rev"), &v, &id, e) : c;
}

static void edit(const struct hsds_record *service, const char *phone)
{
  struct err e = {0};
  struct edit it = {service->organization, service->local, phone};
  ok(world_write(&w, NULL, edit_fn, &it, &e));
}

static void what_is_edited_here_stays_and_keeps_what_the_standard_says_of_the_rest(void **state)
{
  struct str text = example("service_full.json");
  struct str id = doc_get_str(parsed(text), "id");
  (void)kept(read_json(S("service_full.json"), text));
  edit(hsds_find(here(), HSDS_SERVICE, id), NULL);
  struct hsds_set *now = here();
  const struct hsds_record *service = hsds_find(now, HSDS_SERVICE, id);
  assert_string_equal(str_cstr(w.a, hsds_get(service, "alert")), "11月は休みます。");
  assert_string_equal(str_cstr(w.a, hsds_get(service, "status")), "temporarily closed");
  assert_string_equal(str_cstr(w.a, hsds_get(service, "wait_time")), "wait_time");
  assert_int_equal(now->count[HSDS_PHONE], 1);
  assert_int_equal(now->count[HSDS_LANGUAGE], 1);
  assert_int_equal(now->count[HSDS_SCHEDULE], 1);
  assert_int_equal(now->count[HSDS_SERVICE_AT_LOCATION], 1);
  struct hsds_report r = kept(read_json(S("service_full.json"), text));
  assert_int_equal(r.outcomes[HSDS_KEPT], 1);
  assert_int_equal(r.outcomes[HSDS_UNCHANGED], r.records - 1);

  edit(service, "0183-73-2111");
  now = here();
  assert_int_equal(now->count[HSDS_PHONE], 1);
  assert_string_equal(str_cstr(w.a, hsds_get(now->first[HSDS_PHONE], "number")), "0183-73-2111");
  r = kept(read_json(S("service_full.json"), text));
  assert_int_equal(r.outcomes[HSDS_NEW] + r.outcomes[HSDS_UPDATED], 0);
  assert_int_equal(here()->count[HSDS_PHONE], 1); /* the one that was deleted does not come back */
}

/* ---- bad input -------------------------------------------------------------------------------------------------------------------- */

#define UUID "3a19ff88-4620-4d17-9830-ac1d859eb5d"

static const struct hsds_record *of_place(const struct hsds_set *s, const char *part)
{
  for (size_t i = 0; i < s->total; i++)
    if (str_contains(s->all[i]->place, str_from(part)))
      return s->all[i];
  fail_msg("no record at %s", part);
  return NULL;
}

static void assert_told(const struct hsds_set *s, const char *place, enum hsds_outcome outcome, const char *part)
{
  const struct hsds_record *r = of_place(s, place);
  if (r->outcome != outcome || !str_contains(r->remarks, str_from(part)))
    fail_msg("%s: %d, %.*s", place, (int)r->outcome, STR_FMT(r->remarks));
}

static void each_bad_record_of_json_is_told(void **state)
{
  struct hsds_set *s =
      read_json(S("x.json"),
                S("[{\"id\":\"" UUID "0\",\"name\":\"A\",\"description\":\"\",\"phones\":[{\"id\":\"" UUID
                  "1\",\"number\":123},{\"number\":\"0183-73-2111\"},{\"id\":\"17\",\"number\":\"1\"},{\"id\":\"" UUID
                  "2\",\"number\":\"2\",\"extension\":\"x\"}],\"website\":\"http://a.example\"},"
                  "{\"id\":\"" UUID
                  "3\",\"name\":\"B\",\"description\":\"\",\"website\":\"no address\",\"phones\":[{\"id\":\"" UUID
                  "4\",\"number\":\"4\"}]},"
                  "{\"id\":\"" UUID "5\",\"name\":\"C\",\"status\":\"open\",\"organization_id\":\"" UUID "0\"},"
                  "{\"id\":\"" UUID "6\",\"name\":\"D\",\"status\":\"active\",\"organization_id\":\"" UUID "9\"},"
                  "{\"id\":\"" UUID "7\",\"name\":\"E\",\"status\":\"active\",\"organization_id\":\"" UUID
                  "0\",\"colour\":\"red\",\"assured_date\":\"2026-02-30\"},"
                  "{\"id\":\"" UUID "8\",\"name\":\"F\",\"status\":\"active\",\"organization_id\":\"" UUID
                  "0\",\"colour\":\"red\"}]"));
  struct hsds_report r = kept(s);
  assert_told(s, "[0].phones[0]", HSDS_NEW, "数を文字列として");
  assert_told(s, "[0].phones[1]", HSDS_REFUSED, "id: ありません");
  assert_told(s, "[0].phones[2]", HSDS_REFUSED, "UUID");
  assert_told(s, "[0].phones[3]", HSDS_REFUSED, "extension: \"x\" は使えません。数");
  assert_told(s, "x.json [1]", HSDS_REFUSED, "website: \"no address\" は使えません。アドレス");
  assert_told(s, "[1].phones[0]", HSDS_REFUSED, "これが付いている記録を入れられない");
  assert_told(s, "x.json [2]", HSDS_REFUSED, "active、inactive、defunct、temporarily closed のどれか");
  assert_told(s, "x.json [3]", HSDS_REFUSED, "organization_id: " UUID "9 という organization がありません");
  assert_told(s, "x.json [4]", HSDS_REFUSED, "assured_date: \"2026-02-30\" は使えません。日付");
  assert_told(s, "x.json [5]", HSDS_NEW, "colour: 標準にない項目");
  assert_int_equal(r.records, 11);
  assert_int_equal(r.outcomes[HSDS_NEW], 3);
  assert_int_equal(r.outcomes[HSDS_REFUSED], 8);
}

static void each_bad_row_of_a_table_is_told(void **state)
{
  struct err e = {0};
  struct hsds_set *s = hsds_set_new(w.a);
  ok(hsds_read_csv(s, S("phones.csv"),
                   S("id,telephone,number,extension\r\n" UUID "1,x,1,\r\n" UUID "1,x,2,\r\n" UUID "2,x,,\r\n" UUID
                     "3,x,3\r\n,x,4,\r\n" UUID "5,x,5,1a\r\n" UUID "6,x,6,12\r\n"),
                   &e));
  assert_true(str_contains(s->remarks, S("phones.csv 1行目 2列目: 「telephone」という列は標準にありません")));
  struct hsds_report r = kept(s);
  assert_told(s, "phones.csv 2行目", HSDS_NEW, "");
  assert_told(s, "phones.csv 3行目", HSDS_REFUSED, "phones.csv 2行目 と同じ番号");
  assert_told(s, "phones.csv 4行目", HSDS_REFUSED, "number: ありません");
  assert_told(s, "phones.csv 5行目", HSDS_REFUSED, "列が 3 あります。1行目と同じ 4");
  assert_told(s, "phones.csv 6行目", HSDS_REFUSED, "id: ありません");
  assert_told(s, "phones.csv 7行目", HSDS_REFUSED, "extension: \"1a\" は使えません。数");
  assert_told(s, "phones.csv 8行目", HSDS_NEW, "");
  assert_int_equal(r.records, 7);
  ok(hsds_read_csv(hsds_set_new(w.a), S("programs.csv"), S("id\r\n"), &e));
  s = hsds_set_new(w.a);
  ok(hsds_read_csv(s, S("programs.csv"), S("id\r\n" UUID "1\r\n"), &e));
  assert_true(str_contains(s->remarks, S("欠かせない列「organization_id」がありません")));
  assert_int_equal(hsds_read_csv(s, S("telephones.csv"), S("id\r\n"), &e), INVALID);
}

static void what_is_no_directory_is_refused(void **state)
{
  struct err e = {0};
  struct hsds_set *s = hsds_set_new(w.a);
  assert_int_equal(hsds_read_json(s, S("x"), S("{\"a\":1}"), STR_NONE, &e), INVALID);
  assert_int_equal(hsds_read_json(s, S("x"), S("[1]"), STR_NONE, &e), INVALID);
  assert_int_equal(hsds_read_json(s, S("x"), S("{"), STR_NONE, &e), INVALID);
  assert_int_equal(hsds_read_json(s, S("x"), S("{}"), S("cat"), &e), INVALID);
  assert_int_equal(s->total, 0);
}

STORE_MAIN(cmocka_unit_test_setup_teardown(example_organization_full, start, stop),
           cmocka_unit_test_setup_teardown(example_service_full, start, stop),
           cmocka_unit_test_setup_teardown(example_service_at_location_full, start, stop),
           cmocka_unit_test_setup_teardown(example_location, start, stop),
           cmocka_unit_test_setup_teardown(example_organization_list, start, stop),
           cmocka_unit_test_setup_teardown(example_service_list, start, stop),
           cmocka_unit_test_setup_teardown(example_service_at_location_list, start, stop),
           cmocka_unit_test_setup_teardown(example_taxonomy, start, stop),
           cmocka_unit_test_setup_teardown(example_taxonomy_list, start, stop),
           cmocka_unit_test_setup_teardown(example_taxonomy_term, start, stop),
           cmocka_unit_test_setup_teardown(example_taxonomy_term_list, start, stop),
           cmocka_unit_test_setup_teardown(tables_come_out_byte_for_byte, start, stop),
           cmocka_unit_test_setup_teardown(the_tabular_example_comes_out_with_its_two_numbers_as_text, start, stop),
           cmocka_unit_test_setup_teardown(our_table_is_the_schema, start, stop),
           cmocka_unit_test_setup_teardown(a_towns_lists_go_out_and_come_in_without_a_change, start, stop),
           cmocka_unit_test_setup_teardown(what_is_edited_here_stays_and_keeps_what_the_standard_says_of_the_rest,
                                           start, stop),
           cmocka_unit_test_setup_teardown(each_bad_record_of_json_is_told, start, stop),
           cmocka_unit_test_setup_teardown(each_bad_row_of_a_table_is_told, start, stop),
           cmocka_unit_test_setup_teardown(what_is_no_directory_is_refused, start, stop))
