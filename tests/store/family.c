/* family.c: family and what is around: written, changed, taken off the list; who sees it; two cases of one family, of which nobody is told who may
 * not see both; the maps; paper; erasing. */
#include "served.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "family/family.h"
#include "keep/keep.h"
#include "view/drawing.h"

static struct served town;
static id64 city, npo, school;
static struct visitor worker, npo_manager, school_manager;
static struct world_case boy, sister;

static const char *at(const struct world_case *c, const char *tail)
{
  return served_path("/cases/", c->case_id, tail);
}

static void take_on(const struct visitor *receiver, const struct world_case *c, cats_t given)
{
  (void)world_consent(&town.w, &worker.actor, c, PARTY_PERSON, receiver->actor.organization, given);
  id64 sent = world_send(&town.w, &worker.actor, c, receiver->actor.organization, "help");
  assert_int_equal(served_get(&town, receiver, served_path("/connections/", sent, ""), 0), 200);
  served_do(&town, receiver, served_path("/connections/", sent, "/answer"), "answer=accept");
}

static int start(void **state)
{
  (void)state;
  served_new(&town);
  city = world_org(&town.w, "子ども若者支援課", "council");
  npo = world_org(&town.w, "NPOあおば", "council");
  school = world_org(&town.w, "さくら教室", "council");
  worker = served_member(&town, city, ROLE_WORKER, "窓口の人");
  npo_manager = served_member(&town, npo, ROLE_MANAGER, "あおばの長");
  school_manager = served_member(&town, school, ROLE_MANAGER, "教室の長");
  boy = world_case(&town.w, &worker.actor, "試験 太郎", (struct date){2009, 6, 1});
  sister = world_case(&town.w, &worker.actor, "試験 花子", (struct date){2010, 6, 1});
  take_on(&npo_manager, &boy, CAT_BASIC | CAT_FAMILY | CAT_SUPPORT);
  take_on(&school_manager, &boy, CAT_BASIC | CAT_EDUCATION);
  return 0;
}

static int stop(void **state)
{
  (void)state;
  served_free(&town);
  return 0;
}

static int post(const struct visitor *who, const struct world_case *c, const char *tail, const char *body)
{
  char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s", at(c, tail));
  return served_post(&town, who, path, body, 0);
}

static const char *page(const struct visitor *who, const struct world_case *c)
{
  assert_int_equal(served_get(&town, who, at(c, "/family"), WANT_JSON), 200);
  return town.page.body;
}

static long count(const char *sql)
{
  return strtol(store_ask(&town.w.store, sql), NULL, 10);
}

static id64 newest_note(void)
{
  return strtoll(store_ask(&town.w.store, "SELECT CAST(max(note_id) AS TEXT) FROM family_note WHERE until_at IS NULL"),
                 NULL, 10);
}

/* ---- notes ---------------------------------------------------------------------------------------------------------------------- */

static void a_relative_is_written_changed_and_taken_off_and_nothing_is_lost(void **state)
{
  char tail[80], end[90];
  (void)state;
  served_do(
      &town, &worker, at(&boy, "/family/new"),
      "kind=member&name=KARI-HAHA&relation=mother&born.era=S&born.y=55&house=same&tie=strong&note=PATO&source=person");
  assert_non_null(strstr(page(&worker, &boy), "KARI-HAHA"));
  assert_non_null(strstr(town.page.body, "\"born\":\"1980\""));
  struct arena *a = arena_new(1 << 16);
  struct str id = id_text(a, newest_note());
  snprintf(tail, sizeof tail, "/family/%.*s", STR_FMT(id));
  snprintf(end, sizeof end, "%s/end", tail);
  arena_free(a);
  assert_int_equal(served_get(&town, &worker, at(&boy, tail), 0), 200);
  assert_non_null(strstr(town.page.body, "value=\"KARI-HAHA\""));
  served_do(&town, &worker, at(&boy, tail), "name=HONTO-HAHA&relation=mother&life=dead&source=around");
  assert_null(strstr(page(&worker, &boy), "KARI-HAHA"));
  assert_non_null(strstr(town.page.body, "HONTO-HAHA"));
  assert_int_equal(post(&npo_manager, &boy, tail, "name=MUDA&relation=mother"), 404); /* somebody else's */
  assert_int_equal(post(&npo_manager, &boy, end, ""), 404);
  assert_int_equal(post(&worker, &boy, tail, "name=&relation=mother"), 422);
  assert_int_equal(post(&worker, &boy, tail, "name=X&relation=uncle-of-nobody"), 422);
  assert_int_equal(post(&worker, &boy, tail, "name=X&born.era=&born.y=2199"), 422);
  assert_int_equal(post(&worker, &sister, tail, "name=X&relation=mother"), 404); /* of another file */
  served_do(&town, &worker, at(&boy, end), "");
  assert_null(strstr(page(&worker, &boy), "HONTO-HAHA"));
  assert_int_equal(post(&worker, &boy, end, ""), 404);
  assert_int_equal(count("SELECT CAST(count(*) AS TEXT) FROM family_note"), 2);
}

static void family_is_shown_by_its_category_and_ties_by_theirs(void **state)
{
  (void)state;
  served_do(&town, &worker, at(&boy, "/family/new"), "kind=member&name=NEESAN&relation=sister_older&house=same");
  served_do(&town, &worker, at(&boy, "/family/new"), "kind=resource&name=SHOGIKAI&tie=strong&note=NOTE-OF-IT");
  assert_non_null(strstr(page(&npo_manager, &boy), "NEESAN"));
  assert_non_null(strstr(town.page.body, "SHOGIKAI"));
  assert_null(strstr(page(&school_manager, &boy), "NEESAN")); /* neither in a list nor in a drawing */
  assert_null(strstr(town.page.body, "SHOGIKAI"));
  assert_non_null(strstr(town.page.body, "\"has_members\":false"));
  struct arena *a = arena_new(1 << 16);
  char body[120];
  struct str id = id_text(a, city);
  snprintf(body, sizeof body, "organization=%.*s&tie=weak", STR_FMT(id));
  served_do(&town, &worker, at(&boy, "/family/ties"), body);
  assert_non_null(strstr(page(&npo_manager, &boy), "\"tie\":\"weak\""));
  assert_null(strstr(page(&school_manager, &boy), "\"tie\":\"weak\""));
  snprintf(body, sizeof body, "organization=%.*s&tie=", STR_FMT(id));
  served_do(&town, &worker, at(&boy, "/family/ties"), body);
  assert_null(strstr(page(&npo_manager, &boy), "\"tie\":\"weak\""));
  id = id_text(a, town.w.network); /* no organization of the case */
  snprintf(body, sizeof body, "organization=%.*s&tie=weak", STR_FMT(id));
  arena_free(a);
  assert_int_equal(post(&worker, &boy, "/family/ties", body), 422);
}

static void a_guardian_is_one_line_whose_name_stands_once(void **state)
{
  char body[160];
  (void)state;
  served_do(&town, &worker, at(&sister, "/guardians/new"),
            "guardian_name=HOGO-HAHA&guardian_relation=mother&guardian_authority=joint");
  struct arena *a = arena_new(1 << 16);
  struct str id = id_text(a, strtoll(store_ask(&town.w.store, "SELECT CAST(max(id) AS TEXT) FROM guardian"), NULL, 10));
  snprintf(body, sizeof body, "kind=member&guardian=%.*s&relation=mother&house=same&couple=divorced", STR_FMT(id));
  assert_int_equal(post(&worker, &boy, "/family/new", body), 404); /* no guardian of his */
  served_do(&town, &worker, at(&sister, "/family/new"), body);
  arena_free(a);
  const char *json = page(&worker, &sister), *members = strstr(json, "\"members\"");
  assert_non_null(members);
  const char *first = strstr(members, "HOGO-HAHA"), *end = strchr(members, ']');
  assert_true(first && first < end);
  const char *second = strstr(first + 1, "HOGO-HAHA");
  assert_true(!second || second > end);
  assert_true(strstr(members, "共同親権") && strstr(members, "離婚"));
}

static id64 newest_guardian(void)
{
  return strtoll(store_ask(&town.w.store, "SELECT CAST(max(id) AS TEXT) FROM guardian WHERE until_at IS NULL"), NULL,
                 10);
}

static void on_another_authority_what_was_agreed_to_counts_no_more(void **state)
{
  char tail[80], body[200];
  (void)state;
  struct world_case child = world_case(&town.w, &worker.actor, "試験 五月", (struct date){2018, 6, 1});
  served_do(&town, &worker, at(&child, "/guardians/new"),
            "guardian_name=OYA&guardian_relation=father&guardian_authority=sole&guardian_phone=0999-00-0001");
  child.guardian = newest_guardian();
  snprintf(body, sizeof body, "kind=member&guardian=%s&relation=father&house=same&born.era=&born.y=1980",
           served_path("", child.guardian, ""));
  served_do(&town, &worker, at(&child, "/family/new"), body);
  (void)world_consent(&town.w, &worker.actor, &child, PARTY_PERSON, npo, CAT_BASIC); /* was heard */
  (void)world_consent(&town.w, &worker.actor, &child, PARTY_GUARDIAN, npo, CAT_BASIC | CAT_SUPPORT);
  id64 sent = world_send(&town.w, &worker.actor, &child, npo, "help");
  assert_int_equal(served_get(&town, &npo_manager, served_path("/connections/", sent, ""), 0), 200);
  served_do(&town, &npo_manager, served_path("/connections/", sent, "/answer"), "answer=accept");
  assert_non_null(strstr(page(&npo_manager, &child), "五月"));
  snprintf(tail, sizeof tail, "/guardians/%s", served_path("", child.guardian, ""));
  assert_int_equal(served_get(&town, &worker, at(&child, tail), 0), 200);
  assert_int_equal(post(&npo_manager, &child, tail, "guardian_name=X&guardian_relation=father&guardian_authority=none"),
                   404); /* not theirs */
  served_do(&town, &worker, at(&child, tail),
            "guardian_name=OYA&guardian_relation=custodian&guardian_authority=sole"); /* who he is, not what he may */
  assert_true(newest_guardian() == child.guardian);
  assert_int_equal(served_get(&town, &worker, at(&child, tail), 0), 200);
  assert_non_null(strstr(town.page.body, "value=\"custodian\" checked"));
  assert_non_null(strstr(page(&npo_manager, &child), "五月"));
  served_do(&town, &worker, at(&child, tail), "guardian_name=OYA&guardian_relation=custodian&guardian_authority=none");
  assert_null(strstr(page(&npo_manager, &child), "五月"));
  assert_non_null(strstr(page(&worker, &child), "\"born\":\"1980\"")); /* the note goes on with him */
  assert_non_null(strstr(town.page.body, "親権なし"));
  assert_int_equal(post(&worker, &child, tail, "guardian_name=OYA&guardian_relation=custodian&guardian_authority=sole"),
                   404); /* over */
  snprintf(tail, sizeof tail, "/guardians/%s/end", served_path("", newest_guardian(), ""));
  served_do(&town, &worker, at(&child, tail), "");
  assert_null(strstr(page(&worker, &child), "親権なし"));
  assert_non_null(strstr(town.page.body, "OYA")); /* of the family still */
}

static void a_new_sheet_begins_with_the_household_and_without_the_offices_notes(void **state)
{
  (void)state;
  struct world_case girl = world_case(&town.w, &worker.actor, "試験 四季", (struct date){2010, 6, 1});
  served_do(&town, &worker, at(&girl, "/family/new"),
            "kind=member&name=DOKYO-ANI&relation=brother_older&house=same&born.era=&born.y=2000&note=DAIGAKUSEI");
  served_do(&town, &worker, at(&girl, "/family/new"), "kind=member&name=BEKKYO-TITI&relation=father&house=apart");
  char sheet[PATH_SIZE];
  snprintf(sheet, sizeof sheet, "%s", served_do(&town, &worker, at(&girl, "/sheets/new"), ""));
  assert_int_equal(served_get(&town, &worker, sheet, 0), 200);
  assert_non_null(strstr(town.page.body, "DOKYO-ANI"));
  assert_null(strstr(town.page.body, "DAIGAKUSEI")); /* its first page is the family's copy */
  assert_null(strstr(town.page.body, "BEKKYO-TITI"));
}

/* ---- two cases of one family ------------------------------------------------------------------------------------------------------ */

static const char *number_of(const struct world_case *c)
{
  char sql[120];
  snprintf(sql, sizeof sql, "SELECT number FROM case_file WHERE id = %lld", (long long)c->case_id);
  return store_ask(&town.w.store, sql);
}

/* ｒ８－12: full width, small, another hyphen, without the zeros. */
static void typed_by_hand(char *ret, size_t size, const char *number)
{
  const char *digits = strchr(number, '-') + 1;
  snprintf(ret, size, "number=%%EF%%BD%%92%%EF%%BC%%9%c%%EF%%BC%%8D%ld", number[1], strtol(digits, NULL, 10));
}

static void of_a_link_nobody_is_told_who_may_not_see_both(void **state)
{
  char body[80], tail[120], *before, *later;
  (void)state;
  (void)page(&npo_manager, &boy);
  before = served_comparable(&town);
  snprintf(body, sizeof body, "number=%s", number_of(&sister));
  served_do(&town, &worker, at(&boy, "/family/links"), body);
  typed_by_hand(body, sizeof body, number_of(&sister));
  served_do(&town, &worker, at(&boy, "/family/links"), body); /* twice is once */
  assert_int_equal(count("SELECT CAST(count(*) AS TEXT) FROM family_link"), 1);
  assert_non_null(strstr(page(&worker, &boy), "花子"));
  assert_non_null(strstr(page(&worker, &sister), "太郎")); /* either way */
  (void)page(&npo_manager, &boy);
  later = served_comparable(&town);
  assert_string_equal(before, later);
  free(before);
  free(later);
  take_on(&npo_manager, &sister, CAT_BASIC | CAT_SUPPORT); /* sees her, but nothing of her family */
  assert_null(strstr(page(&npo_manager, &boy), "花子"));
  (void)world_consent(&town.w, &worker.actor, &sister, PARTY_PERSON, npo, CAT_BASIC | CAT_SUPPORT | CAT_FAMILY);
  assert_non_null(strstr(page(&npo_manager, &boy), "花子"));
  struct arena *a = arena_new(1 << 16);
  struct str id =
      id_text(a, strtoll(store_ask(&town.w.store, "SELECT CAST(max(id) AS TEXT) FROM family_link"), NULL, 10));
  snprintf(tail, sizeof tail, "/family/links/%.*s/end", STR_FMT(id));
  arena_free(a);
  (void)post(&npo_manager, &boy, tail, ""); /* not theirs to end */
  assert_non_null(strstr(page(&worker, &boy), "花子"));
  served_do(&town, &worker, at(&boy, tail), "");
  assert_null(strstr(page(&worker, &boy), "花子"));
  assert_null(strstr(page(&worker, &sister), "太郎"));
}

static void a_number_that_may_not_be_read_is_as_one_that_is_none(void **state)
{
  char body[80], *hidden, *none;
  struct world_case foreign = world_case(&town.w, &school_manager.actor, "試験 三郎", (struct date){2009, 6, 1});
  (void)state;
  snprintf(body, sizeof body, "number=%s", number_of(&foreign));
  assert_int_equal(post(&worker, &boy, "/family/links", body), 422);
  const char *said = strstr(town.page.body, "見つかりません");
  assert_non_null(said);
  hidden = served_comparable(&town);
  body[strlen(body) - 3] = '9'; /* of the same length */
  assert_int_equal(post(&worker, &boy, "/family/links", body), 422);
  none = served_comparable(&town);
  char *a = strstr(hidden, "見つかりません"), *b = strstr(none, "見つかりません");
  assert_true(a && b);
  assert_int_equal(strlen(hidden), strlen(none)); /* keys differ, and what was typed, in equal lengths */
  free(hidden);
  free(none);
  snprintf(body, sizeof body, "number=%s", number_of(&boy));
  assert_int_equal(post(&worker, &boy, "/family/links", body), 422); /* himself */
}

/* ---- maps -------------------------------------------------------------------------------------------------------------------------- */

static const char *const clan[][4] = {/* name, relation, household, couple */
                                      {"HAHA", "mother", "same", "divorced"},
                                      {"TITI", "father", "apart", ""},
                                      {"GIFU", "stepfather", "same", "unmarried"},
                                      {"ANI", "brother_older", "apart", ""},
                                      {"IMOTO", "sister_younger", "same", ""},
                                      {"HANBUN", "half_mother", "same", ""},
                                      {"BABA", "grandmother_m", "apart", ""},
                                      {"OBA", "aunt_f", "apart", ""},
                                      {"TSUMA", "partner", "apart", ""},
                                      {"KO", "child", "apart", ""},
                                      {"DARE", "other", "same", ""}};
enum { CLAN = sizeof clan / sizeof *clan };

static struct doc *members_of(struct arena *a, size_t n)
{
  struct doc *list = doc_list(a);
  for (size_t i = 0; i < n; i++) {
    struct doc *m = doc_add_map(list);
    doc_put_cstr(m, "name", clan[i % CLAN][0]);
    doc_put_cstr(m, "relation", clan[i % CLAN][1]);
    doc_put_cstr(m, "relation_label", clan[i % CLAN][1]);
    doc_put_cstr(m, "house", clan[i % CLAN][2]);
    doc_put_cstr(m, "couple", clan[i % CLAN][3]);
    doc_put_cstr(m, "sex", i % 3 ? "1" : "2");
    doc_put_cstr(m, "age", "45歳");
    doc_put_cstr(m, "born", "1980");
    doc_put_cstr(m, "tie", "stressed");
    doc_put_cstr(m, "sub", "");
    doc_put_bool(m, "dead", i == 6);
  }
  return list;
}

static size_t texts_with(const struct doc *drawing, const char *text)
{
  const struct doc *texts = doc_get(drawing, "texts");
  size_t n = 0;
  for (size_t i = 0; i < doc_size(texts); i++)
    n += str_is(doc_get_str(doc_at(texts, i), "text"), text);
  return n;
}

static void everybody_of_the_list_stands_in_the_map_apart_from_each_other(void **state)
{
  struct arena *a = arena_new(8 << 20);
  struct err e = {0};
  struct doc *d = NULL;
  const struct family_person p = {.name = S("HONNIN"), .sex = S("1"), .age = S("17歳")};
  (void)state;
  for (size_t n = 0; n <= CLAN; n++) {
    ok(family_genogram(a, LANG_JA, &p, members_of(a, n), &d, &e));
    assert_non_null(d);
    for (size_t i = 0; i < n; i++)
      assert_int_equal(texts_with(d, clan[i][0]), 1);
    assert_int_equal(texts_with(d, "HONNIN"), 1);
  }
  const struct doc *texts = doc_get(d, "texts");
  for (size_t i = 0; i < doc_size(texts); i++)
    for (size_t k = 0; k < i; k++)
      if (llabs(doc_get_int(doc_at(texts, i), "y") - doc_get_int(doc_at(texts, k), "y")) < 10 &&
          llabs(doc_get_int(doc_at(texts, i), "x") - doc_get_int(doc_at(texts, k), "x")) < 60)
        fail_msg("two texts on one another");
  ok(family_ecomap(a, LANG_JA, &p, members_of(a, CLAN), &d, &e));
  assert_non_null(d);
  for (size_t i = 0; i < CLAN; i++)
    assert_int_equal(texts_with(d, clan[i][0]), 1);
  arena_free(a);
}

/* Along one ray: how often it meets the path's sides. */
static bool holds_point(struct str path, double x, double y)
{
  double xy[6], at[2][64];
  size_t n = 0;
  bool within = false;
  for (char op; n < 64 && drawing_next(&path, &op, xy) && op != 'Z'; n++) {
    at[0][n] = xy[0];
    at[1][n] = xy[1];
  }
  for (size_t i = 0, k = n - 1; i < n; k = i++)
    if ((at[1][i] > y) != (at[1][k] > y) &&
        x < at[0][i] + (y - at[1][i]) / (at[1][k] - at[1][i]) * (at[0][k] - at[0][i]))
      within = !within;
  return within;
}

/* Is the name within some broken line that is closed? */
static bool is_home(const struct doc *drawing, const char *name)
{
  const struct doc *texts = doc_get(drawing, "texts"), *strokes = doc_get(drawing, "strokes");
  for (size_t i = 0; i < doc_size(texts); i++)
    for (size_t k = 0; str_is(doc_get_str(doc_at(texts, i), "text"), name) && k < doc_size(strokes); k++) {
      struct str path = doc_get_str(doc_at(strokes, k), "d");
      if (str_is(doc_get_str(doc_at(strokes, k), "class"), "dash") && str_ends(path, S("Z")) &&
          holds_point(path, (double)doc_get_int(doc_at(texts, i), "x"), (double)doc_get_int(doc_at(texts, i), "y")))
        return true;
    }
  return false;
}

static void the_line_round_the_household_holds_all_of_it_and_nobody_else(void **state)
{
  struct err e = {0};
  const struct family_person p = {.name = S("HONNIN"), .sex = S("2")};
  (void)state;
  for (unsigned household = 1; household < 1 << CLAN; household += 47) {
    struct arena *a = arena_new(8 << 20);
    struct doc *members = members_of(a, CLAN), *d = NULL;
    for (unsigned i = 0; i < CLAN; i++)
      doc_replace(doc_at(members, i), "house", doc_str(a, household & 1u << i ? S("same") : S("apart")));
    ok(family_genogram(a, LANG_JA, &p, members, &d, &e));
    assert_true(is_home(d, "HONNIN"));
    for (unsigned i = 0; i < CLAN; i++)
      if (is_home(d, clan[i][0]) != !!(household & 1u << i))
        fail_msg("household %x: %s", household, clan[i][0]);
    arena_free(a);
  }
}

static void a_crowd_is_drawn_too_and_nobody_is(void **state)
{
  struct arena *a = arena_new(32 << 20);
  struct err e = {0};
  struct doc *d = NULL;
  const struct family_person nobody = {.name = STR_NONE};
  (void)state;
  ok(family_genogram(a, LANG_JA, &nobody, members_of(a, 1000), &d, &e));
  assert_non_null(d);
  ok(family_ecomap(a, LANG_JA, &nobody, members_of(a, 1000), &d, &e));
  assert_non_null(d);
  ok(family_ecomap(a, LANG_JA, &nobody, doc_list(a), &d, &e));
  assert_non_null(d);
  arena_free(a);
}

/* Its lines are broken for the map: what is concealed is taken out before. */
static void what_is_concealed_stands_in_no_map_either(void **state)
{
  (void)state;
  served_do(&town, &worker, at(&sister, "/person"),
            "name=HANAKO&school=%E6%B8%AF%E7%94%BA%E7%AB%8B%E3%81%BF%E3%81%AA%E3%81%A8%E9%AB%98%E7%AD%89%E5%AD%A6%E6%"
            "A0%A1&source=person");
  served_do(
      &town, &worker, at(&sister, "/family/new"),
      "kind=resource&name=%E3%81%BF%E3%81%AA%E3%81%A8%E9%AB%98%E7%AD%89%E5%AD%A6%E6%A0%A1%E3%81%AE%E5%85%88%E7%94%9F"
      "&tie=strong");
  assert_non_null(strstr(page(&worker, &sister), "みなと"));
  struct visitor boss = served_member(&town, city, ROLE_MANAGER, "課長"),
                 other = served_member(&town, city, ROLE_MANAGER, "次長");
  char body[160];
  int n = snprintf(body, sizeof body, "items=school&reason=X&holders=%s", served_path("", boss.actor.user, ""));
  snprintf(body + n, sizeof body - (size_t)n, "&holders=%s", served_path("", other.actor.user, ""));
  served_do(&town, &worker, at(&sister, "/concealment"), body);
  assert_null(strstr(page(&worker, &sister), "みなと"));
  assert_non_null(strstr(town.page.body, "［秘匿あり］"));
}

static void the_maps_are_a_paper_with_a_number(void **state)
{
  (void)state;
  assert_int_equal(served_get(&town, &worker, at(&boy, "/family/family.pdf"), 0), 200);
  assert_int_equal(strncmp(town.page.body, "%PDF-", 5), 0);
  assert_int_equal(count("SELECT CAST(count(*) AS TEXT) FROM print_copy WHERE kind = 'maps_given'"), 1);
  assert_int_equal(served_get(&town, &worker, at(&boy, "/copies"), 0), 200);
  assert_non_null(strstr(town.page.body, "ジェノグラム・エコマップ"));
}

static enum code join(struct tx *tx, void *arg, struct err *e)
{
  const struct scope *s = NULL;
  enum code c = access_open(tx, &worker.actor, ACTION_CASE_WRITE, boy.person, &s, e);
  return c == OK ? case_join(tx, s, boy.case_id, *(const id64 *)arg, PART_PARTNER, e) : c;
}

static bool printed(const char *text)
{
  return strstr(served_printed(&town), text) != NULL;
}

/* The office's own copy has its notes and everybody who works on it; what is handed over has neither, nor whom nobody agreed to. */
static void what_is_handed_to_the_family_holds_no_note_and_nobody_they_did_not_agree_to(void **state)
{
  struct err e = {0};
  id64 centre = world_org(&town.w, "西部児相", "council");
  (void)state;
  served_do(&town, &worker, at(&boy, "/family/new"), "kind=member&name=OTOUTO&relation=brother_younger&note=HIMITSU");
  ok(world_write(&town.w, &worker.actor, join, &centre, &e));
  assert_int_equal(served_get(&town, &worker, at(&boy, "/family/family.pdf?copy=desk"), 0), 200);
  assert_true(printed("OTOUTO") && printed("HIMITSU") && printed("西部児相") && printed("取扱注意"));
  assert_int_equal(served_get(&town, &worker, at(&boy, "/family/family.pdf"), 0), 200);
  assert_true(printed("OTOUTO") && printed("NPOあおば") && printed("本人・家族控え"));
  assert_false(printed("HIMITSU") || printed("西部児相") || printed("取扱注意") || printed("備考"));
}

/* ---- erasing --------------------------------------------------------------------------------------------------------------------- */

static enum code take_back(struct tx *tx, void *arg, struct err *e)
{
  return keep_take_back(tx, arg, 1, e);
}

static void a_link_goes_with_either_of_the_two(void **state)
{
  char body[80];
  struct err e = {0};
  struct world_case brother = world_case(&town.w, &worker.actor, "試験 次郎", (struct date){2011, 6, 1});
  (void)state;
  snprintf(body, sizeof body, "number=%s", number_of(&brother));
  served_do(&town, &worker, at(&boy, "/family/links"), body);
  long links = count("SELECT CAST(count(*) AS TEXT) FROM family_link"),
       notes = count("SELECT CAST(count(*) AS TEXT) FROM family_note");
  ok(world_write(&town.w, NULL, take_back, &brother.person, &e));
  assert_int_equal(count("SELECT CAST(count(*) AS TEXT) FROM family_link"), links - 1);
  assert_int_equal(count("SELECT CAST(count(*) AS TEXT) FROM family_note"), notes); /* his, not the boy's */
  ok(world_write(&town.w, NULL, take_back, &boy.person, &e));
  assert_true(count("SELECT CAST(count(*) AS TEXT) FROM family_note") < notes);
}

STORE_MAIN_SETUP(start, stop, cmocka_unit_test(a_relative_is_written_changed_and_taken_off_and_nothing_is_lost),
                 cmocka_unit_test(family_is_shown_by_its_category_and_ties_by_theirs),
                 cmocka_unit_test(a_guardian_is_one_line_whose_name_stands_once),
                 cmocka_unit_test(on_another_authority_what_was_agreed_to_counts_no_more),
                 cmocka_unit_test(a_new_sheet_begins_with_the_household_and_without_the_offices_notes),
                 cmocka_unit_test(of_a_link_nobody_is_told_who_may_not_see_both),
                 cmocka_unit_test(a_number_that_may_not_be_read_is_as_one_that_is_none),
                 cmocka_unit_test(everybody_of_the_list_stands_in_the_map_apart_from_each_other),
                 cmocka_unit_test(the_line_round_the_household_holds_all_of_it_and_nobody_else),
                 cmocka_unit_test(a_crowd_is_drawn_too_and_nobody_is),
                 cmocka_unit_test(what_is_concealed_stands_in_no_map_either),
                 cmocka_unit_test(the_maps_are_a_paper_with_a_number),
                 cmocka_unit_test(what_is_handed_to_the_family_holds_no_note_and_nobody_they_did_not_agree_to),
                 cmocka_unit_test(a_link_goes_with_either_of_the_two))
