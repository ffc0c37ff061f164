/* files.c: what is attached to a case: judged by its content, stripped of what it tells beside itself, sealed, and a download for those alone who
 * may read its category. */
#include "served.h"

#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"
#include "base/clock.h"
#include "casework/files.h"

static struct served town;
static id64 city, npo, school;
static struct visitor worker, npo_manager, school_manager;
static struct world_case boy;

/* ---- files ----------------------------------------------------------------------------------------------------------------------- */

#define B(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define PDF B("%PDF-1.4\nKANARIA-NO-NAKAMI\n%%EOF\n")

/* A picture of nothing, that tells a place, a comment, a small picture and what comes behind it; to be turned. */
#define JPEG                                                                                                           \
  B("\xFF\xD8\xFF\xE0\x00\x10JFIF\0\x01\x02\0\0\x01\0\x01\0\0"                                                         \
    "\xFF\xE1\x00\x28"                                                                                                 \
    "Exif\0\0II\x2A\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0GPS-35"                                 \
    "\xFF\xE2\x00\x06"                                                                                                 \
    "MPF\0\xFF\xFE\x00\x08HIMITU\xFF\xDB\x00\x04QT\xFF\xC0\x00\x04SF\xFF\xDA\x00\x04SS\x12\xFF\0\x34\xFF\xD0\x56\xFF"  \
    "\xD9"                                                                                                             \
    "BEHIND")

static unsigned long crc(const char *p, size_t n)
{
  unsigned long c = 0xFFFFFFFFul;
  for (size_t i = 0; i < n; i++) {
    c ^= (unsigned char)p[i];
    for (int k = 0; k < 8; k++)
      c = c & 1 ? 0xEDB88320ul ^ c >> 1 : c >> 1;
  }
  return c ^ 0xFFFFFFFFul;
}

static size_t chunk(char *at, const char *type, const char *data)
{
  size_t n = strlen(data);
  unsigned long c;
  at[0] = at[1] = at[2] = 0;
  at[3] = (char)n;
  memcpy(at + 4, type, 4);
  memcpy(at + 8, data, n);
  c = crc(at + 4, n + 4);
  for (int i = 0; i < 4; i++)
    at[8 + n + (size_t)i] = (char)(c >> (24 - 8 * i));
  return n + 12;
}

static struct str png(void)
{
  static char bytes[300];
  size_t n = 8;
  memcpy(bytes, "\x89PNG\r\n\x1A\n", 8);
  n += chunk(bytes + n, "IHDR", "head");
  n += chunk(bytes + n, "tEXt", "HIMITU");
  n += chunk(bytes + n, "eXIf", "GPS-35");
  n += chunk(bytes + n, "IDAT", "data");
  n += chunk(bytes + n, "IEND", "");
  memcpy(bytes + n, "BEHIND", 6);
  return (struct str){bytes, n + 6};
}

static void pictures_tell_nothing_beside_themselves(void **state)
{
  struct arena *a = arena_new(1 << 20);
  struct err e = {0};
  struct str pictures[] = {JPEG, png()}, clean = STR_NONE, again = STR_NONE;
  enum file_type type = 0;
  (void)state;
  for (size_t i = 0; i < 2; i++) {
    ok(file_clean(a, pictures[i], &type, &clean, &e));
    assert_int_equal(type, i ? FILE_PNG : FILE_JPEG);
    static const char *const told[] = {"GPS", "HIMITU", "BEHIND", "MPF", "tEXt"};
    for (size_t k = 0; k < sizeof told / sizeof *told; k++)
      if (str_contains(clean, str_from(told[k])))
        fail_msg("%s is still in picture %zu", told[k], i);
    ok(file_clean(a, clean, &type, &again, &e));
    assert_true(str_eq(clean, again));
  }
  ok(file_clean(a, JPEG, &type, &clean, &e));
  assert_true(str_contains(clean, B("\x01\x12\0\x03\0\0\0\x01\0\x06"))); /* still to be turned */
  assert_true(str_contains(clean, B("SS\x12\xFF\0\x34\xFF\xD0\x56\xFF\xD9")));
  for (size_t n = 0; n < JPEG.n - 8; n++) /* cut off anywhere */
    assert_int_equal(file_clean(a, str_sub(JPEG, 0, n), &type, &clean, &e), INVALID);
  struct str whole = png();
  for (size_t n = 0; n < whole.n - 6; n++)
    assert_int_equal(file_clean(a, str_sub(whole, 0, n), &type, &clean, &e), INVALID);
  static const struct str others[] = {
      {"GIF89a", 6}, {"PK\3\4", 4}, {"<html>", 6}, {"MZ", 2}, {"%PDF-1.4 without an end", 23}};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    assert_int_equal(file_clean(a, others[i], &type, &clean, &e), INVALID);
  arena_free(a);
}

/* ---- over the wire ---------------------------------------------------------------------------------------------------------------- */

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
  (void)world_consent(&town.w, &worker.actor, &boy, PARTY_PERSON, npo, CAT_BASIC | CAT_SUPPORT | CAT_HEALTH);
  (void)world_consent(&town.w, &worker.actor, &boy, PARTY_PERSON, school, CAT_BASIC | CAT_SUPPORT);
  const struct visitor *receivers[] = {&npo_manager, &school_manager};
  for (int i = 0; i < 2; i++) {
    id64 sent = world_send(&town.w, &worker.actor, &boy, receivers[i]->actor.organization, "help");
    assert_int_equal(served_get(&town, receivers[i], served_path("/connections/", sent, ""), 0), 200);
    served_do(&town, receivers[i], served_path("/connections/", sent, "/answer"), "answer=accept");
  }
  return 0;
}

static int stop(void **state)
{
  (void)state;
  served_free(&town);
  return 0;
}

/* A browser's form; key NULL: a new one. */
static int send_file(const struct visitor *who, const char *name, struct str file, const char *title, const char *key)
{
  static int keys;
  size_t room = file.n + 4000;
  char *body = malloc(room), path[PATH_SIZE], own[40];
  snprintf(own, sizeof own, "files-test-%d", keys++);
  size_t n = (size_t)snprintf(
      body, room,
#define PART(name) "--X\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n%s\r\n"
      PART("_csrf") PART("_key") PART("title") PART("source")
          PART("category") "--X\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"a.exe\"\r\nContent-Type: "
                           "application/octet-stream\r\n\r\n",
      who->csrf, key ? key : own, title, "person", "health", name);
  if (file.n)
    memcpy(body + n, file.p, file.n);
  n += file.n;
  n += (size_t)snprintf(body + n, room - n, "\r\n--X--\r\n");
  snprintf(path, sizeof path, "%s", served_path("/cases/", boy.case_id, "/files"));
  int status = served_post_raw(&town, who, path, "multipart/form-data; boundary=X", body, n);
  free(body);
  return status;
}

static long files(void)
{
  return strtol(store_ask(&town.w.store, "SELECT CAST(count(*) AS TEXT) FROM attachment"), NULL, 10);
}

static void what_is_no_paper_is_not_taken(void **state)
{
  char *large = calloc(1, 3 << 20);
  (void)state;
  assert_int_equal(send_file(&worker, "file", B("MZ a program"), "x", NULL), 422);
  assert_int_equal(send_file(&worker, "file", STR_NONE, "x", NULL), 422);
  assert_int_equal(send_file(&worker, "file", PDF, "", NULL), 422);
  assert_int_equal(send_file(&worker, "other", PDF, "x", NULL), 422); /* a field that no form has */
  assert_int_equal(send_file(&worker, "file", (struct str){large, 3 << 20}, "x", NULL), 422);
  assert_int_equal(
      served_post_raw(&town, &worker, served_path("/cases/", boy.case_id, "/records/new"),
                      "multipart/form-data; boundary=X",
                      "--X\r\nContent-Disposition: form-data; name=\"day\"; filename=\"a\"\r\n\r\nx\r\n--X--", 71),
      415); /* elsewhere no files */
  assert_int_equal(send_file(&npo_manager, "file", B("%PDF-1.4"), "x", NULL), 422);
  assert_int_equal(files(), 0);
  free(large);
}

static void a_paper_is_kept_sealed_and_given_to_those_alone_who_may_read_it(void **state)
{
  char path[PATH_SIZE];
  (void)state;
  assert_int_equal(send_file(&worker, "file", PDF, "KANARIA-NO-DAI", NULL), 200);
  assert_int_equal(files(), 1);
  id64 id = strtoll(store_ask(&town.w.store, "SELECT CAST(max(id) AS TEXT) FROM attachment"), NULL, 10);
  snprintf(path, sizeof path, "%s%s", served_path("/cases/", boy.case_id, "/files"), served_path("/", id, ""));
  assert_int_equal(served_get(&town, &worker, path, 0), 200);
  assert_non_null(strstr(town.page.bytes, "Content-Disposition: attachment; filename=\"file-"));
  assert_non_null(strstr(town.page.bytes, "Content-Type: application/pdf"));
  assert_true(town.page.n - (size_t)(town.page.body - town.page.bytes) == PDF.n &&
              memcmp(town.page.body, PDF.p, PDF.n) == 0);
  assert_int_equal(served_get(&town, &npo_manager, path, 0), 200); /* health is shared with the NPO */
  assert_int_equal(served_get(&town, &school_manager, path, 0), 404);
  assert_int_equal(served_get(&town, &npo_manager, served_path("/cases/", boy.case_id, "/files"), 0), 200);
  assert_non_null(strstr(town.page.body, "KANARIA-NO-DAI"));
  assert_int_equal(served_get(&town, &npo_manager, served_path("/cases/", boy.case_id, "?show=file"), 0), 200);
  assert_non_null(strstr(town.page.body, "KANARIA-NO-DAI"));
  assert_int_equal(served_get(&town, &school_manager, served_path("/cases/", boy.case_id, "/files"), 0), 200);
  assert_null(strstr(town.page.body, "KANARIA"));
  const char *hex = store_engine() == DB_SQLITE
                        ? "SELECT hex(data_sealed) || hex(title_sealed) FROM attachment_part JOIN attachment a ON a.id "
                          "= attachment_id"
                        : "SELECT upper(encode(data_sealed, 'hex') || encode(title_sealed, 'hex')) FROM "
                          "attachment_part JOIN attachment a ON a.id = attachment_id";
  assert_null(strstr(store_ask(&town.w.store, hex), "4B414E41524941")); /* KANARIA */
}

/* The bytes are gone, and so is the title; that there was one stays. */
static void a_paper_is_erased_by_whom_it_belongs_to_and_leaves_a_trace(void **state)
{
  char path[PATH_SIZE], away[PATH_SIZE + 8];
  (void)state;
  assert_int_equal(send_file(&worker, "file", PDF, "KANARIA-FALSCH", NULL), 200);
  long before = files();
  id64 id = strtoll(store_ask(&town.w.store, "SELECT CAST(max(id) AS TEXT) FROM attachment"), NULL, 10);
  snprintf(path, sizeof path, "%s%s", served_path("/cases/", boy.case_id, "/files"), served_path("/", id, ""));
  snprintf(away, sizeof away, "%s/remove", path);
  assert_int_equal(served_get(&town, &worker, away, 0), 200);
  assert_non_null(strstr(town.page.body, "KANARIA-FALSCH"));
  assert_int_equal(served_post(&town, &npo_manager, away, "reason=weg", 0), 403); /* reads it; it is the city's */
  assert_int_equal(served_post(&town, &school_manager, away, "reason=weg", 0), 404);
  assert_int_equal(served_post(&town, &worker, away, "reason=", 0), 422);
  assert_int_equal(files(), before);
  assert_int_equal(served_post(&town, &worker, away, "reason=KANARIA-GRUND", 0), 303);
  assert_int_equal(files(), before - 1);
  char sql[120];
  snprintf(sql, sizeof sql, "SELECT CAST(count(*) AS TEXT) FROM attachment_part WHERE attachment_id = %lld",
           (long long)id);
  assert_string_equal(store_ask(&town.w.store, sql), "0");
  assert_int_equal(served_get(&town, &worker, path, 0), 404);
  assert_int_equal(served_post(&town, &worker, away, "reason=nochmal", 0), 404);
  assert_int_equal(served_get(&town, &worker, served_path("/cases/", boy.case_id, ""), 0), 200);
  assert_null(strstr(town.page.body, "KANARIA-FALSCH"));
  assert_non_null(strstr(town.page.body, "KANARIA-GRUND"));
  assert_non_null(strstr(town.page.body, "書類を消した"));
}

/* Nothing that cannot come back is said to be there, and who chose too large a file is led back to the page. */
static void a_file_that_was_not_taken_must_be_chosen_again(void **state)
{
  char path[PATH_SIZE], body[PATH_SIZE + 100];
  static const char head[] = "Content-Type: multipart/form-data; boundary=X\r\n";
  (void)state;
  snprintf(path, sizeof path, "%s", served_path("/cases/", boy.case_id, "/files"));
  assert_true(served_shows(&town, &worker, path, "何の書類ですか<span class=\"must\">"));
  assert_null(strstr(town.page.body, "もう一度選んでください"));
  int n = snprintf(body, sizeof body, PART("_csrf") PART("_key") "--X--\r\n", worker.csrf, "files-again-1");
  assert_int_equal(served_any(&town, &worker, "POST", path, head, body, (size_t)n), 422);
  assert_null(strstr(town.page.body, "もう一度選んでください")); /* none had been chosen */
  n = snprintf(body, sizeof body,
               PART("_csrf") PART(
                   "_key") "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nx\r\n--X--\r\n",
               worker.csrf, "files-again-2");
  assert_int_equal(served_any(&town, &worker, "POST", path, head, body, (size_t)n), 422);
  assert_non_null(strstr(town.page.body, "もう一度選んでください"));
  char *large = calloc(1, 5 << 20);
  assert_int_equal(served_any(&town, &worker, "POST", path, head, large, 5 << 20), 413);
  free(large);
  assert_non_null(strstr(town.page.body, "4MBまで"));
  assert_non_null(strstr(town.page.body, "ファイルが大きすぎます"));
  snprintf(body, sizeof body, "href=\"%s\"", path);
  assert_non_null(strstr(town.page.body, body));
}

/* Nothing can be masked in a paper: whoever may know what is concealed opens it, and that they did stands in the log. */
static void while_something_is_concealed_those_who_may_know_alone_open_a_paper(void **state)
{
  struct visitor chief = served_member(&town, city, ROLE_MANAGER, "課長"),
                 other = served_member(&town, city, ROLE_MANAGER, "次長");
  char path[PATH_SIZE], list[PATH_SIZE];
  (void)state;
  assert_int_equal(send_file(&worker, "file", PDF, "shindan", NULL), 200);
  id64 paper = strtoll(store_ask(&town.w.store, "SELECT CAST(max(id) AS TEXT) FROM attachment"), NULL, 10);
  snprintf(list, sizeof list, "%s", served_path("/cases/", boy.case_id, "/files"));
  snprintf(path, sizeof path, "%s%s", list, served_path("/", paper, ""));
  assert_int_equal(served_get(&town, &worker, path, WANT_HTML), 200);
  assert_false(served_shows(&town, &worker, list, "知ってよい人だけです"));
  assert_int_equal(served_form(&town, &worker, served_path("/cases/", boy.case_id, "/person"),
                               "name=a&source=person&school=KANARIA+HIGH+SCHOOL"),
                   303);
  char me[40];
  snprintf(me, sizeof me, "%s", served_path("", worker.actor.user, ""));
  assert_int_equal(served_form(&town, &worker, served_path("/cases/", boy.case_id, "/concealment"),
                               "items=school&reason=x&holders=%s&holders=%s", me,
                               served_path("", chief.actor.user, "")),
                   303);
  assert_true(served_shows(&town, &other, list, "知ってよい人だけです"));
  assert_int_equal(served_get(&town, &other, path, WANT_HTML), 409); /* manages there, and is not named */
  assert_non_null(strstr(town.page.body, "知ってよい人に聞いてください"));
  static const char opened[] = "SELECT CAST(count(*) AS TEXT) FROM event WHERE action = 24 AND kind <> 7";
  long before = strtol(store_ask(&town.w.store, opened), NULL, 10);
  assert_int_equal(EVENT_REFUSED * 100 + ACTION_CONCEAL_OPEN, 724); /* what the statement names */
  assert_int_equal(served_get(&town, &worker, path, WANT_HTML), 200);
  assert_int_equal(served_get(&town, &chief, path, WANT_HTML), 200);
  assert_int_equal(strtol(store_ask(&town.w.store, opened), NULL, 10), before + 2);
}

static void a_large_picture_comes_back_whole(void **state)
{
  enum { SCAN = 200000 };
  char *large = malloc(SCAN + 100), path[PATH_SIZE];
  size_t n = 0;
  (void)state;
  memcpy(large, "\xFF\xD8\xFF\xDB\x00\x04QT\xFF\xDA\x00\x04SS", 14);
  n = 14;
  for (int i = 0; i < SCAN; i++)
    large[n++] = (char)(i * 7 % 251);
  memcpy(large + n, "\xFF\xD9", 2);
  n += 2;
  assert_int_equal(send_file(&worker, "file", (struct str){large, n}, "foto", "files-key-1234"), 200);
  long before = files();
  assert_int_equal(send_file(&worker, "file", (struct str){large, n}, "foto", "files-key-1234"),
                   200);                                                            /* the same twice */
  assert_int_equal(send_file(&worker, "file", PDF, "foto", "files-key-1234"), 409); /* another file */
  assert_int_equal(files(), before);
  id64 id = strtoll(store_ask(&town.w.store, "SELECT CAST(max(id) AS TEXT) FROM attachment"), NULL, 10);
  snprintf(path, sizeof path, "%s%s", served_path("/cases/", boy.case_id, "/files"), served_path("/", id, ""));
  assert_int_equal(served_get(&town, &worker, path, 0), 200);
  assert_true(town.page.n - (size_t)(town.page.body - town.page.bytes) == n && memcmp(town.page.body, large, n) == 0);
  free(large);
}

STORE_MAIN_SETUP(start, stop, cmocka_unit_test(pictures_tell_nothing_beside_themselves),
                 cmocka_unit_test(what_is_no_paper_is_not_taken),
                 cmocka_unit_test(a_paper_is_kept_sealed_and_given_to_those_alone_who_may_read_it),
                 cmocka_unit_test(a_paper_is_erased_by_whom_it_belongs_to_and_leaves_a_trace),
                 cmocka_unit_test(a_file_that_was_not_taken_must_be_chosen_again),
                 cmocka_unit_test(a_large_picture_comes_back_whole),
                 cmocka_unit_test(while_something_is_concealed_those_who_may_know_alone_open_a_paper))
