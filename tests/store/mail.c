/* mail.c: what is told to whom by mail, against a real mail server on loopback (../process/smtp_server.py): when it takes what it is given,
 * when it is away, slow, refuses somebody, cuts in the middle, or would have it in the clear. Every byte it was sent is looked through for
 * names. */
#include "fixture.h"

#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/holiday.h"
#include "casework/casework.h"
#include "mail/mail_impl.h"
#include "protect/protect.h"

static const struct date seventeen = {2009, 6, 1};
enum { SENT_CATEGORIES = CAT_BASIC | CAT_CONTACT | CAT_SUPPORT };

/* Nobody's mail has one of these in it. */
static const char *const canaries[] = {"CNRYBOY", "CNRYNPO", "CNRYCITY", "CNRYWORKER", "CNRYCHIEF", "CNRYHELPER", NULL};

struct town {
  struct world w;
  id64 city, npo;
  struct actor worker, npo_manager, npo_worker;
  struct world_case boy;
  id64 connection;
  struct str number;
  struct mail_settings mail;
  char folder[64];
  pid_t server;
  int hold; /* the server ends when it closes */
};

/* ---- the server ---------------------------------------------------------------------------------------------------------- */

static void server_begin(struct town *t, const char *mode, int port)
{
  int in[2], out[2];
  char text[16] = "", want[16];
  if (!t->folder[0]) {
    snprintf(t->folder, sizeof t->folder, "/tmp/tsunagu-mail-XXXXXX");
    assert_non_null(mkdtemp(t->folder));
  }
  snprintf(want, sizeof want, "%d", port);
  assert_true(pipe(in) == 0 && pipe(out) == 0);
  t->server = fork();
  if (t->server == 0) {
    dup2(in[0], 0);
    dup2(out[1], 1);
    close(in[1]);
    setenv("PORT", want, 1);
    execl("/usr/bin/python3", "python3", SMTP_SERVER, t->folder, mode, (char *)NULL);
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  t->hold = in[1];
  assert_true(read(out[0], text, sizeof text - 1) > 0);
  close(out[0]);
  t->mail.port = (int)strtol(text, NULL, 10);
}

static void server_end(struct town *t)
{
  if (t->server) {
    close(t->hold);
    (void)kill(t->server, SIGTERM);
    (void)waitpid(t->server, NULL, 0);
  }
  t->server = 0;
}

static void set_mode(struct town *t, const char *mode)
{
  char path[96];
  snprintf(path, sizeof path, "%s/mode", t->folder);
  FILE *f = fopen(path, "w");
  assert_non_null(f);
  fputs(mode, f);
  fclose(f);
}

/* A file of the folder; "" where there is none. */
static struct str file_text(struct town *t, const char *name)
{
  char path[96];
  snprintf(path, sizeof path, "%s/%s", t->folder, name);
  FILE *f = fopen(path, "rb");
  char *text = arena_alloc(t->w.a, 1 << 18);
  size_t n = f ? fread(text, 1, (1 << 18) - 1, f) : 0;
  if (f)
    fclose(f);
  return (struct str){text, n};
}

static int mails(struct town *t)
{
  int n = 0;
  DIR *d = opendir(t->folder);
  for (struct dirent *f = readdir(d); f; f = readdir(d))
    n += strstr(f->d_name, ".eml") != NULL;
  closedir(d);
  return n;
}

static struct str mail_text(struct town *t, int n)
{
  char name[24];
  snprintf(name, sizeof name, "%d.eml", n);
  return file_text(t, name);
}

static int letter_value(char c)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const char *p = c ? strchr(letters, c) : NULL;
  return p ? (int)(p - letters) : -1;
}

/* The body of a mail, out of its base64. */
static struct str body_of(struct town *t, struct str mail)
{
  struct buf b;
  uint32_t bits = 0;
  int n = 0;
  const char *p = memmem(mail.p, mail.n, "\r\n\r\n", 4);
  assert_non_null(p);
  buf_init(&b, t->w.a, 1 << 16);
  for (; p < mail.p + mail.n; p++) {
    int v = letter_value(*p);
    if (v < 0)
      continue;
    bits = bits << 6 | (uint32_t)v;
    if (++n % 4 != 1)
      buf_add_c(&b, (char)(bits >> (6 - 2 * ((n - 1) % 4)) & 0xff));
  }
  return buf_str(&b);
}

/* ---- the town -------------------------------------------------------------------------------------------------------------- */

struct preferring {
  id64 user;
  struct mail_preference p;
};

static enum code prefer(struct tx *tx, void *arg, struct err *e)
{
  const struct preferring *p = arg;
  return mail_prefer(tx, p->user, &p->p, e);
}

static enum code wants(struct town *t, const struct actor *who, const char *how, const char *address)
{
  struct err e = {0};
  struct preferring p = {who->user, {str_from(how), str_from(address)}};
  return world_write(&t->w, who, prefer, &p, &e);
}

static void town_new(struct town *t)
{
  *t = (struct town){0};
  world_new(&t->w);
  t->city = world_org(&t->w, "CNRYCITY課", "council");
  t->npo = world_org(&t->w, "CNRYNPO", "council");
  t->worker = world_member(&t->w, t->city, ROLE_WORKER, "CNRYWORKER");
  t->npo_manager = world_member(&t->w, t->npo, ROLE_MANAGER, "CNRYCHIEF");
  t->npo_worker = world_member(&t->w, t->npo, ROLE_WORKER, "CNRYHELPER");
  t->boy = world_case(&t->w, &t->worker, "CNRYBOY 太郎", seventeen);
  (void)world_consent(&t->w, &t->worker, &t->boy, PARTY_PERSON, t->npo, SENT_CATEGORIES);
  t->mail = (struct mail_settings){.host = "127.0.0.1",
                                   .tls = MAIL_PLAIN,
                                   .from = "tsunagu@town.example",
                                   .url = "https://tsunagu.example",
                                   .wait_ms = 1,
                                   .seconds = 2};
}

static void town_free(struct town *t)
{
  char command[96];
  server_end(t);
  if (t->folder[0]) {
    snprintf(command, sizeof command, "rm -r %s", t->folder);
    assert_int_equal(system(command), 0);
  }
  world_free(&t->w);
}

static const char *queue(struct town *t, const char *what)
{
  char sql[200];
  snprintf(sql, sizeof sql, "SELECT CAST(count(*) AS text) FROM mail_queue WHERE %s", what);
  return store_ask(&t->w.store, sql);
}

static int round_now(struct town *t)
{
  struct err e = {0};
  int sent = 0;
  usleep(5000); /* what was to wait a millisecond has waited */
  ok(mail_round(t->w.store.db, &t->mail, &sent, &e));
  return sent;
}

static enum code answer(struct tx *tx, void *arg, struct err *e)
{
  struct town *t = arg;
  struct connection con = {0};
  const struct scope *s = NULL;
  struct answer a = {.step = STEP_ACCEPT, .text = S("引き受けます"), .worker = t->npo_worker.user};
  enum code c = connection_enter(tx, &t->npo_manager, ACTION_CONNECTION_ANSWER, t->connection, &con, &s, e);
  return c == OK ? connection_answer(tx, s, &con, &a, e) : c;
}

static void has_no_names(struct town *t)
{
  struct str bytes = file_text(t, "bytes");
  assert_true(bytes.n > 500);
  for (const char *const *w = canaries; *w; w++) {
    assert_false(str_contains(bytes, str_from(*w)));
    for (int i = 1; i <= mails(t); i++)
      assert_false(str_contains(body_of(t, mail_text(t, i)), str_from(*w)));
  }
}

/* ---- telling ------------------------------------------------------------------------------------------------------------------ */

static void mail_tells_that_something_awaits_and_nothing_else(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  server_begin(&t, "take", 0);
  assert_int_equal(wants(&t, &t.npo_manager, "once", "chief@npo.example"), OK);
  assert_int_equal(wants(&t, &t.npo_worker, "once", "helper@npo.example"), OK);
  assert_int_equal(wants(&t, &t.worker, "once", "worker@town.example"), OK);
  t.connection = world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  assert_int_equal(round_now(&t),
                   1); /* the manager; the helper has nothing to do with it yet, the sender did it himself */
  struct str first = mail_text(&t, 1);
  assert_true(str_contains(first, S("envelope tsunagu@town.example chief@npo.example\n")));
  assert_true(str_contains(first, S("Subject: =?UTF-8?B?")));
  assert_true(str_contains(first, S("@town.example>\r\nAuto-Submitted: auto-generated\r\n")));
  assert_true(str_contains(first, S(" +0900\r\n")));
  assert_true(str_contains(body_of(&t, first), S("- つなぐシートが届いています。\r\n")));
  assert_true(str_contains(body_of(&t, first), S("\r\nhttps://tsunagu.example/news\r\n")));
  assert_int_equal(round_now(&t), 0); /* once */
  ok(world_write(&t.w, &t.npo_manager, answer, &t, &e));
  assert_int_equal(round_now(&t), 2); /* who sent it, and who is to work on it */
  assert_string_equal(queue(&t, "state = 'sent'"), "3");
  assert_string_equal(queue(&t, "kind = 'handed'"), "1");
  has_no_names(&t);
  town_free(&t);
}

static void what_one_may_not_see_any_more_is_not_told(void **state)
{
  struct town t;
  (void)state;
  town_new(&t);
  server_begin(&t, "take", 0);
  assert_int_equal(wants(&t, &t.npo_manager, "once", "chief@npo.example"), OK);
  id64 given = strtoll(store_ask(&t.w.store, "SELECT CAST(max(id) AS text) FROM consent"), NULL, 10);
  (void)world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  assert_string_equal(queue(&t, "state = 'waiting'"), "1");
  assert_int_equal(world_withdraw(&t.w, &t.worker, given, t.npo), OK);
  assert_int_equal(round_now(&t), 0);
  assert_string_equal(queue(&t, "state = 'gone'"), "1");
  assert_int_equal(mails(&t), 0);
  town_free(&t);
}

static void who_does_not_want_mail_gets_none(void **state)
{
  struct town t;
  (void)state;
  town_new(&t);
  (void)world_send(&t.w, &t.worker, &t.boy, t.npo, "help"); /* off is how everybody begins */
  assert_string_equal(queue(&t, "1 = 1"), "0");
  assert_int_equal(wants(&t, &t.npo_manager, "morning", "chief@npo.example"), OK);
  assert_int_equal(wants(&t, &t.npo_worker, "once", ""), INVALID);
  assert_int_equal(wants(&t, &t.npo_worker, "once", "a@b.example\r\nBcc: c@d.example"), INVALID);
  assert_int_equal(wants(&t, &t.npo_worker, "once", "a b@c.example"), INVALID);
  assert_int_equal(wants(&t, &t.npo_worker, "once", "a@b,c@d"), INVALID);
  assert_int_equal(wants(&t, &t.npo_worker, "once", "<a@b>"), INVALID);
  assert_int_equal(wants(&t, &t.npo_worker, "once", "名@b.example"), INVALID);
  town_free(&t);
}

static void a_mail_of_the_morning_waits_for_an_opening_day(void **state)
{
  struct town t;
  (void)state;
  town_new(&t);
  assert_int_equal(wants(&t, &t.npo_manager, "morning", "chief@npo.example"), OK);
  (void)world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  ts_t at = strtoll(store_ask(&t.w.store, "SELECT CAST(next_at AS text) FROM mail_queue"), NULL, 10);
  assert_true(at > clock_now() && at < clock_now() + 8 * (ts_t)MS_DAY);
  assert_int_equal(ts_minute_of_day(at), MAIL_MORNING_MINUTE);
  assert_true(office_opens(date_of_ts(at)));
  assert_int_equal(round_now(&t), 0);
  town_free(&t);
}

/* ---- when it does not go straight -------------------------------------------------------------------------------------------- */

static struct town waiting(void)
{
  struct town t;
  town_new(&t);
  assert_int_equal(wants(&t, &t.npo_manager, "once", "chief@npo.example"), OK);
  (void)world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  return t;
}

static void a_server_that_is_away_gets_it_when_it_is_back(void **state)
{
  struct town t = waiting();
  (void)state;
  server_begin(&t, "take", 0);
  int port = t.mail.port;
  server_end(&t);
  assert_int_equal(round_now(&t), 0);
  assert_int_equal(round_now(&t), 0);
  assert_string_equal(queue(&t, "state = 'waiting' AND error = 'connect' AND tries = 2"), "1");
  server_begin(&t, "take", port);
  assert_int_equal(round_now(&t), 1);
  assert_int_equal(round_now(&t), 0);
  assert_int_equal(mails(&t), 1);
  town_free(&t);
}

static void one_refused_recipient_does_not_keep_the_others_waiting(void **state)
{
  struct town t;
  (void)state;
  town_new(&t);
  struct actor second = world_member(&t.w, t.npo, ROLE_MANAGER, "CNRYSECOND"),
               third = world_member(&t.w, t.npo, ROLE_MANAGER, "CNRYTHIRD");
  server_begin(&t, "refuse", 0);
  assert_int_equal(wants(&t, &t.npo_manager, "once", "refused@npo.example"), OK);
  assert_int_equal(wants(&t, &second, "once", "later@npo.example"), OK);
  assert_int_equal(wants(&t, &third, "once", "third@npo.example"), OK);
  (void)world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  assert_int_equal(round_now(&t), 1);
  assert_string_equal(queue(&t, "state = 'failed' AND error = 'refused'"), "1"); /* the server's words are not kept */
  assert_string_equal(queue(&t, "state = 'waiting' AND error = 'busy'"), "1");
  set_mode(&t, "take");
  assert_int_equal(round_now(&t), 1);
  assert_int_equal(mails(&t), 2);
  town_free(&t);
}

static void cut_in_the_middle_it_is_sent_again_with_the_same_number(void **state)
{
  struct town t = waiting();
  (void)state;
  server_begin(&t, "cut", 0);
  assert_int_equal(round_now(&t), 0);
  assert_string_equal(queue(&t, "state = 'waiting' AND error = 'cut'"), "1");
  char number[40];
  snprintf(number, sizeof number, "%s", store_ask(&t.w.store, "SELECT message FROM mail_queue"));
  set_mode(&t, "reject");
  assert_int_equal(round_now(&t), 0);
  assert_string_equal(queue(&t, "state = 'waiting' AND error = 'not taken'"), "1");
  set_mode(&t, "take");
  assert_int_equal(round_now(&t), 1);
  assert_true(str_contains(mail_text(&t, 1), str_from(number)));
  town_free(&t);
}

static void a_slow_server_is_not_waited_for(void **state)
{
  struct town t = waiting();
  time_t start = time(NULL);
  (void)state;
  server_begin(&t, "slow", 0);
  assert_int_equal(round_now(&t), 0);
  assert_true(time(NULL) - start < 10);
  assert_string_equal(queue(&t, "state = 'waiting' AND error = 'slow'"), "1");
  set_mode(&t, "take");
  assert_int_equal(round_now(&t), 1);
  town_free(&t);
}

static void without_starttls_nothing_is_sent_in_the_clear(void **state)
{
  struct town t = waiting();
  (void)state;
  server_begin(&t, "take", 0);
  t.mail.tls = MAIL_STARTTLS;
  t.mail.user = "tsunagu";
  t.mail.password = "CNRYPASSWORD";
  assert_int_equal(round_now(&t), 0);
  assert_string_equal(queue(&t, "state = 'waiting' AND error = 'tls'"), "1");
  struct str bytes = file_text(&t, "bytes");
  assert_true(str_contains(bytes, S("EHLO town.example")));
  assert_false(str_contains(bytes, S("MAIL")));
  assert_false(str_contains(bytes, S("AUTH")));
  assert_false(str_contains(bytes, S("chief")));
  town_free(&t);
}

static void what_cannot_be_sent_is_given_up_and_can_be_tried_again(void **state)
{
  struct town t = waiting();
  struct err e = {0};
  (void)state;
  t.mail.port = 9; /* nobody listens */
  assert_int_equal(round_now(&t), 0);
  (void)store_ask(&t.w.store, "UPDATE mail_queue SET created_at = 1000, next_at = 1000 RETURNING 'x'");
  assert_int_equal(round_now(&t), 0);
  assert_string_equal(queue(&t, "state = 'failed' AND error = 'connect'"), "1");
  struct mail_state state_now = {0};
  ok(mail_state(t.w.store.db, &state_now, &e));
  assert_true(state_now.failed == 1 && state_now.waiting == 0 && state_now.oldest == 0);
  (void)store_ask(&t.w.store, "UPDATE mail_queue SET done_at = 1000 RETURNING 'x'");
  ok(mail_tend(t.w.store.db, t.w.network, &e));
  assert_string_equal(queue(&t, "1 = 1"), "0"); /* forgotten after two months */
  town_free(&t);
}

/* Somebody died between the server's yes and the commit. */
static void a_claim_ends_by_itself(void **state)
{
  struct town t = waiting();
  (void)state;
  server_begin(&t, "take", 0);
  (void)store_ask(&t.w.store,
                  "UPDATE mail_queue SET message = 'feed', tries = 1, claimed_until = 4102444800000 RETURNING 'x'");
  assert_int_equal(round_now(&t), 0);
  (void)store_ask(&t.w.store, "UPDATE mail_queue SET claimed_until = 1 RETURNING 'x'");
  assert_int_equal(round_now(&t), 1);
  assert_true(str_contains(mail_text(&t, 1), S("Message-ID: <feed@town.example>\r\n")));
  town_free(&t);
}

/* ---- silence, and an emergency ------------------------------------------------------------------------------------------------- */

static void silence_is_told_at_both_ends_and_once(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  server_begin(&t, "take", 0);
  assert_int_equal(wants(&t, &t.npo_manager, "once", "chief@npo.example"), OK);
  assert_int_equal(wants(&t, &t.worker, "once", "worker@town.example"), OK);
  (void)world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  assert_int_equal(round_now(&t), 1);
  ok(connection_tend(t.w.store.db, t.w.network, &e));
  assert_string_equal(queue(&t, "kind = 'silent'"), "0");
  char sql[120];
  snprintf(sql, sizeof sql, "UPDATE connection SET silent_at = %lld RETURNING 'x'", (long long)clock_now() - 1000);
  (void)store_ask(&t.w.store, sql);
  for (int i = 0; i < 3; i++)
    ok(connection_tend(t.w.store.db, t.w.network, &e));
  assert_string_equal(queue(&t, "kind = 'silent'"), "2");
  assert_int_equal(round_now(&t), 2);
  assert_int_equal(round_now(&t), 0);
  has_no_names(&t);
  town_free(&t);
}

static enum code break_glass(struct tx *tx, void *arg, struct err *e)
{
  struct town *t = arg;
  const struct scope *list = NULL;
  id64 case_id = 0;
  const struct emergency_new n = {.number = t->number, .reason = S("けがをしたとの電話があったため"), .hours = 1};
  enum code c = access_open_network(tx, &t->npo_worker, ACTION_TODAY, &list, e);
  return c == OK ? emergency_open(tx, list, &n, &case_id, e) : c;
}

static void an_emergency_is_told_at_once_and_its_review_once_more(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  struct actor city_manager = world_member(&t.w, t.city, ROLE_MANAGER, "CNRYHEAD");
  server_begin(&t, "take", 0);
  assert_int_equal(wants(&t, &t.npo_manager, "once", "chief@npo.example"), OK);
  assert_int_equal(wants(&t, &city_manager, "once", "head@town.example"), OK);
  assert_int_equal(wants(&t, &t.npo_worker, "once", "helper@npo.example"), OK);
  t.number = str_copy(t.w.a, str_from(store_ask(&t.w.store, "SELECT number FROM case_file")));
  ok(world_write(&t.w, NULL, break_glass, &t, &e));
  assert_int_equal(round_now(&t), 2); /* both organizations' managers */
  ok(emergency_remind(t.w.store.db, t.w.network, &e));
  assert_string_equal(queue(&t, "kind = 'review'"), "0");
  char sql[160];
  snprintf(sql, sizeof sql, "UPDATE break_glass SET from_at = %lld, until_at = %lld RETURNING 'x'",
           (long long)clock_now() - 49 * MS_HOUR, (long long)clock_now() - 48 * MS_HOUR);
  (void)store_ask(&t.w.store, sql);
  for (int i = 0; i < 2; i++)
    ok(emergency_remind(t.w.store.db, t.w.network, &e));
  assert_int_equal(round_now(&t), 2);
  assert_string_equal(queue(&t, "kind = 'review' AND state = 'sent'"), "2");
  has_no_names(&t);
  town_free(&t);
}

/* ---- what a mail is made of -------------------------------------------------------------------------------------------------------- */

static void a_letter_has_its_headers_and_no_more(void **state)
{
  struct err e = {0};
  struct arena *a = arena_new(LIMIT_ARENA);
  struct str text = STR_NONE;
  struct letter l = {.from = "tsunagu@town.example",
                     .to = S("a@b.example"),
                     .message = S("0123"),
                     .kinds = (1u << NOTICE_COUNT) - 1,
                     .at = 1795305600000};
  (void)state;
  ok(letter_write(a, &l, &text, &e));
  struct str rest = text, line;
  int lines = 0, headers = 0;
  bool body = false;
  for (; str_split(&rest, '\n', &line); lines++) {
    assert_true(line.n && line.p[line.n - 1] == '\r' && line.n <= 79); /* RFC 5322: 78 and CR LF */
    body = body || line.n == 1;
    headers += !body && line.p[0] != ' ';
    for (size_t i = 0; i + 1 < line.n; i++)
      assert_true(line.p[i] >= ' ' && line.p[i] < 127);
  }
  assert_int_equal(headers, 10);
  assert_true(str_contains(text, S("Date: Sun, 22 Nov 2026 ")));
  static const char *const bad[] = {
      "a@b.example\r\nBcc: x@y.example", "a@b.example>, <x@y.example", "", "@b", "a@", "a@-b"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    l.to = str_from(bad[i]);
    assert_int_equal(letter_write(a, &l, &text, &e), INVALID);
  }
  l.to = S("a@b.example");
  l.url = S("https://x\r\nBcc: x@y.example");
  assert_int_equal(letter_write(a, &l, &text, &e), INVALID);
  arena_free(a);
}

static int prepare(void **state)
{
  struct err e = {0};
  (void)state;
  return mail_sender_prepare(&e) == OK ? 0 : -1;
}

STORE_MAIN_SETUP(prepare, NULL, cmocka_unit_test(a_letter_has_its_headers_and_no_more),
                 cmocka_unit_test(mail_tells_that_something_awaits_and_nothing_else),
                 cmocka_unit_test(what_one_may_not_see_any_more_is_not_told),
                 cmocka_unit_test(who_does_not_want_mail_gets_none),
                 cmocka_unit_test(a_mail_of_the_morning_waits_for_an_opening_day),
                 cmocka_unit_test(a_server_that_is_away_gets_it_when_it_is_back),
                 cmocka_unit_test(one_refused_recipient_does_not_keep_the_others_waiting),
                 cmocka_unit_test(cut_in_the_middle_it_is_sent_again_with_the_same_number),
                 cmocka_unit_test(a_slow_server_is_not_waited_for),
                 cmocka_unit_test(without_starttls_nothing_is_sent_in_the_clear),
                 cmocka_unit_test(what_cannot_be_sent_is_given_up_and_can_be_tried_again),
                 cmocka_unit_test(a_claim_ends_by_itself), cmocka_unit_test(silence_is_told_at_both_ends_and_once),
                 cmocka_unit_test(an_emergency_is_told_at_once_and_its_review_once_more))
