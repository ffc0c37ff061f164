/* directory_edit.c: the directory by hand, under the sessions of those who do it; both engines. */
#include "fixture.h"

#include "directory/directory.h"
#include "directory/import.h"

static struct world w;
static struct actor coordinator, worker;

static int start(void **state)
{
  world_new(&w);
  coordinator = world_member(&w, world_org(&w, "調整機関", "council"), ROLE_COORDINATOR, "調整");
  worker = world_member(&w, world_org(&w, "あおば", "network"), ROLE_WORKER, "佐藤");
  return 0;
}

static int stop(void **state)
{
  world_free(&w);
  return 0;
}

struct job {
  const struct actor *who;
  id64 organization, service, saved;
  int64_t rev;
  struct directory_organization o;
  struct directory_service v;
  struct directory_query q;
  struct doc *doc;
};

static enum code scope_of(struct tx *tx, struct job *j, enum action action, const struct scope **ret, struct err *e)
{
  return access_open_network(tx, j->who, action, ret, e);
}

static enum code save_organization(struct tx *tx, void *arg, struct err *e)
{
  struct job *j = arg;
  const struct scope *s = NULL;
  enum code c = scope_of(tx, j, ACTION_DIRECTORY_WRITE, &s, e);
  return c == OK ? directory_save_organization(tx, s, j->organization, j->rev, &j->o, &j->saved, e) : c;
}

static enum code save_service(struct tx *tx, void *arg, struct err *e)
{
  struct job *j = arg;
  const struct scope *s = NULL;
  enum code c = scope_of(tx, j, ACTION_DIRECTORY_WRITE, &s, e);
  return c == OK ? directory_save_service(tx, s, j->organization, j->service, j->rev, &j->v, &j->saved, e) : c;
}

static enum code values(struct tx *tx, void *arg, struct err *e)
{
  struct job *j = arg;
  const struct scope *s = NULL;
  enum code c = scope_of(tx, j, ACTION_DIRECTORY_WRITE, &s, e);
  return c == OK ? directory_values(tx, s, j->organization, j->service, w.a, &j->doc, e) : c;
}

static enum code show(struct tx *tx, void *arg, struct err *e)
{
  struct job *j = arg;
  const struct scope *s = NULL;
  struct reader who = world_reader();
  enum code c = scope_of(tx, j, ACTION_DIRECTORY_READ, &s, e);
  return c == OK ? directory_show(tx, s, j->organization, &who, w.a, &j->doc, e) : c;
}

static enum code find(struct tx *tx, void *arg, struct err *e)
{
  struct job *j = arg;
  const struct scope *s = NULL;
  struct reader who = world_reader();
  enum code c = scope_of(tx, j, ACTION_DIRECTORY_READ, &s, e);
  return c == OK ? directory_find(tx, s, &j->q, &who, w.a, &j->doc, e) : c;
}

static int64_t hits(const struct actor *who, struct directory_query q)
{
  struct err e = {0};
  struct job j = {.who = who, .q = q};
  ok(world_read(&w, who, find, &j, &e));
  return doc_get_int(j.doc, "found");
}

static id64 new_place(const char *name)
{
  struct err e = {0};
  struct job j = {.who = &coordinator,
                  .o = {.name = str_from(name),
                        .kana = S("やまびこ"),
                        .kind = S("npo"),
                        .circle = S("outside"),
                        .url = S("https://yamabiko.example"),
                        .department = S("相談係"),
                        .reach = {.phone = S("0183-73-9999(内線5)(代表)\n090-1234-5678"),
                                  .address = S("一町１－２"),
                                  .place = S("公民館"),
                                  .hours = S("月\n火")}}};
  ok(world_write(&w, &coordinator, save_organization, &j, &e));
  return j.saved;
}

static void what_is_written_is_read_and_found(void **state)
{
  struct err e = {0};
  struct job j = {.who = &coordinator, .organization = new_place("山彦の会")};
  ok(world_read(&w, &coordinator, values, &j, &e));
  assert_string_equal(str_cstr(w.a, doc_get_str(j.doc, "phone")), "0183-73-9999(内線5)(代表)\n090-1234-5678");
  assert_string_equal(str_cstr(w.a, doc_get_str(j.doc, "address")), "一町1-2");
  assert_string_equal(str_cstr(w.a, doc_get_str(j.doc, "department")), "相談係");
  j.v = (struct directory_service){.name = S("居場所"),
                                   .eligibility = S("15歳から"),
                                   .concerns = 2 | 16,
                                   .assured = true,
                                   .reach = {.hours = S("土")}};
  ok(world_write(&w, &coordinator, save_service, &j, &e));
  j.who = &worker;
  ok(world_read(&w, &worker, show, &j, &e));
  assert_string_equal(str_cstr(w.a, doc_get_str(doc_get(j.doc, "organization"), "name")), "山彦の会");
  assert_string_equal(str_cstr(w.a, doc_get_str(j.doc, "dial")), "0183739999");
  assert_int_equal(doc_size(doc_get(j.doc, "services")), 1);
  assert_int_equal(hits(&worker, (struct directory_query){.words = S("ﾔﾏﾋﾞｺ"), .concern = S("mental")}), 1);
  assert_int_equal(hits(&worker, (struct directory_query){.words = S("相談係"), .place = S("公民館")}), 1);
  assert_int_equal(hits(&worker, (struct directory_query){.words = S("山彦"), .concern = S("debt")}), 0);
}

static void only_who_may_writes(void **state)
{
  struct err e = {0};
  struct job j = {.who = &worker, .o = {.name = S("書けない"), .kind = S("npo"), .circle = S("outside")}};
  assert_int_equal(world_write(&w, &worker, save_organization, &j, &e), DENIED);
  assert_int_equal(hits(&worker, (struct directory_query){.words = S("書けない")}), 0);
}

static void a_change_replaces_and_the_second_of_two_is_told(void **state)
{
  struct err e = {0};
  struct job j = {.who = &coordinator,
                  .organization = new_place("変える会"),
                  .rev = 1,
                  .o = {.name = S("変えた会"),
                        .kind = S("npo"),
                        .circle = S("outside"),
                        .reach = {.phone = S("0183-73-1111"), .address = S("二町3")}}};
  ok(world_write(&w, &coordinator, save_organization, &j, &e));
  assert_int_equal(world_write(&w, &coordinator, save_organization, &j, &e), CONFLICT);
  assert_int_equal(hits(&worker, (struct directory_query){.words = S("変える会")}), 0);
  assert_int_equal(hits(&worker, (struct directory_query){.words = S("変えた会")}), 1);
  assert_int_equal(hits(&worker, (struct directory_query){.words = S("変えた会"), .place = S("公民館")}), 0);
  ok(world_read(&w, &coordinator, values, &j, &e));
  assert_string_equal(str_cstr(w.a, doc_get_str(j.doc, "phone")), "0183-73-1111");
  assert_string_equal(str_cstr(w.a, doc_get_str(j.doc, "department")), "");
  assert_int_equal(doc_get_int(j.doc, "rev"), 2);
}

static void a_service_that_is_closed_is_not_proposed(void **state)
{
  struct err e = {0};
  struct job j = {
      .who = &coordinator, .organization = new_place("閉じる会"), .v = {.name = S("喫茶"), .concerns = 128}};
  ok(world_write(&w, &coordinator, save_service, &j, &e));
  assert_int_equal(hits(&worker, (struct directory_query){.concern = S("housing")}), 1);
  j.service = j.saved;
  j.rev = 1;
  j.v.closed = true;
  ok(world_write(&w, &coordinator, save_service, &j, &e));
  assert_int_equal(hits(&worker, (struct directory_query){.concern = S("housing")}), 0);
  assert_int_equal(hits(&worker, (struct directory_query){.words = S("喫茶")}), 1);
}

static void what_is_wrong_is_said_by_its_field(void **state)
{
  struct err e = {0};
  struct directory_organization good = {.name = S("会"), .kind = S("npo"), .circle = S("outside")};
  struct job j = {.who = &coordinator, .o = good};
  j.o.reach.phone = S("73-9999");
  assert_int_equal(world_write(&w, &coordinator, save_organization, &j, &e), INVALID);
  assert_string_equal(e.field, "phone");
  j.o = good;
  j.o.url = S("javascript:alert(1)");
  assert_int_equal(world_write(&w, &coordinator, save_organization, &j, &e), INVALID);
  assert_string_equal(e.field, "url");
  j.o = good;
  j.o.email = S("nobody");
  assert_int_equal(world_write(&w, &coordinator, save_organization, &j, &e), INVALID);
  assert_string_equal(e.field, "email");
  j = (struct job){.who = &coordinator, .organization = id_new(5), .v = {.name = S("x")}};
  assert_int_equal(world_write(&w, &coordinator, save_service, &j, &e), NOT_FOUND);
  j.organization = new_place("甲の会");
  j.service = id_new(7);
  assert_int_equal(world_write(&w, &coordinator, save_service, &j, &e), CONFLICT);
  assert_int_equal(world_read(&w, &coordinator, values, &j, &e), NOT_FOUND);
}

/* ---- an import beside it ------------------------------------------------------------------------------------------------------ */

struct import_job {
  struct import_list l;
  struct import_report r;
};

static enum code import_fn(struct tx *tx, void *arg, struct err *e)
{
  struct import_job *j = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, &coordinator, ACTION_DIRECTORY_WRITE, &s, e);
  return c == OK ? import_write(tx, s, &j->l, 1, &j->r, e) : c;
}

static struct import_report import(const char *rows)
{
  struct err e = {0};
  struct import_job j;
  struct str text = str_printf(w.a, "{\"origin\":\"o\",\"source\":\"t / CC0\",\"data\":[%s]}", rows);
  ok(import_read(w.a, text, &(struct import_options){.file = S("f"), .area_code = S("0183")}, &j.l, &e));
  ok(world_write(&w, &coordinator, import_fn, &j, &e));
  return j.r;
}

static const char *count(const char *table)
{
  return store_ask(&w.store, str_cstr(w.a, str_printf(w.a, "SELECT count(*) || '' FROM %s", table)));
}

static void a_place_that_moved_leaves_no_old_address(void **state)
{
  struct str before = str_copy(w.a, str_from(count("location")));
  int64_t n = 0;
  assert_true(str_to_i64(before, &n));
  import("{\"name\":\"動く会\",\"tel\":\"73-5555\",\"address\":\"一町1\"}");
  import("{\"name\":\"動く会\",\"tel\":\"73-5555\",\"address\":\"二町2\"}");
  assert_string_equal(count("location"), str_cstr(w.a, str_printf(w.a, "%lld", (long long)n + 1)));
  assert_int_equal(hits(&worker, (struct directory_query){.words = S("動く会"), .place = S("二町")}), 1);
  assert_int_equal(hits(&worker, (struct directory_query){.words = S("動く会"), .place = S("一町")}), 0);
}

static void an_import_joins_a_member_and_leaves_edited_services_alone(void **state)
{
  struct err e = {0};
  struct import_report r =
      import("{\"name\":\"あおば\",\"consultation\":\"相談\",\"tel\":\"73-6666\",\"time\":\"月\"}");
  assert_int_equal(r.outcomes[OUTCOME_MERGED], 1);
  assert_int_equal(r.organizations, 0);
  struct job j = {.who = &coordinator, .organization = worker.organization, .v = {.name = S("何でも相談")}, .rev = 1};
  struct job shown = {.who = &worker, .organization = worker.organization};
  ok(world_read(&w, &worker, show, &shown, &e));
  assert_true(doc_get_bool(doc_get(shown.doc, "organization"), "member"));
  assert_true(doc_get_id(doc_at(doc_get(shown.doc, "services"), 0), "id", &j.service));
  ok(world_write(&w, &coordinator, save_service, &j, &e));
  r = import("{\"name\":\"あおば\",\"consultation\":\"相談\",\"tel\":\"73-6666\",\"time\":\"火\"}");
  assert_int_equal(r.outcomes[OUTCOME_KEPT], 1);
  assert_int_equal(hits(&worker, (struct directory_query){.words = S("何でも相談")}), 1);
}

int main(int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_written_is_read_and_found),
      cmocka_unit_test(only_who_may_writes),
      cmocka_unit_test(a_change_replaces_and_the_second_of_two_is_told),
      cmocka_unit_test(a_service_that_is_closed_is_not_proposed),
      cmocka_unit_test(what_is_wrong_is_said_by_its_field),
      cmocka_unit_test(a_place_that_moved_leaves_no_old_address),
      cmocka_unit_test(an_import_joins_a_member_and_leaves_edited_services_alone),
  };
  store_choose(argc, argv);
  return cmocka_run_group_tests(tests, start, stop);
}
