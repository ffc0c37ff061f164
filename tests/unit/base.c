/* err.h, code.h, id.h, conf.h, log.h */
#include "cm.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"

static struct arena *a;

/* --- errors --- */

static void every_result_has_its_sentence_and_status(void **state)
{
  for (enum code c = OK; c < CODE_COUNT; c++) {
    assert_true(code_msg(c) && code_msg(c)[0] && code_name(c)[0]);
    assert_true(c == OK ? code_http_status(c) == 200 : code_http_status(c) >= 400 && code_http_status(c) < 600);
    assert_true((c == OK) == (code_exit_status(c) == 0));
  }
  assert_string_equal(code_name((enum code)99), "FAULT");
  assert_int_equal(code_http_status(NOT_FOUND), 404);
  assert_int_equal(code_http_status(INVALID), 422);
  assert_int_equal(code_http_status(CONFLICT), 409);
}

static struct str printed(const struct err *e)
{
  char *text = NULL;
  size_t n = 0;
  FILE *f = open_memstream(&text, &n);
  err_print(f, e);
  fclose(f);
  struct str s = str_copy(a, (struct str){text, n});
  free(text);
  return s;
}

static void errors_are_filled_and_printed(void **state)
{
  struct err e;
  assert_int_equal(err_set3(&e, CONFLICT, TR("%2と%1、%3。100%"), "一", "二", "三"), CONFLICT);
  err_detail(&e, "errno %d", 5);
  assert_str(printed(&e), "二と一、三。100% [errno 5]\n");
  assert_int_equal(err_field(&e, "household.0.name", TR("氏名を書いてください。")), INVALID);
  assert_str(printed(&e), "氏名を書いてください。 (household.0.name)\n");
  assert_int_equal(e.detail[0], '\0'); /* nothing is left of the one before */
  assert_int_equal(err_oom(&e), OOM);
  assert_string_equal(e.msg, code_msg(OOM));
  assert_int_equal(err_set1(NULL, IO, "x", "y"), IO);
  err_detail(NULL, "x");
  assert_int_equal(err_set(&e, IO, NULL), IO);
  assert_string_equal(e.msg, code_msg(IO));
}

static void arguments_are_cut_between_characters(void **state)
{
  struct err e;
  struct buf b;
  buf_init(&b, a, 4000);
  for (int shift = 0; shift < 3; shift++) {
    b.n = 0;
    for (int i = 0; i < shift; i++)
      buf_add_c(&b, 'x');
    for (int i = 0; i < 300; i++)
      buf_add(&b, S("あ"));
    const char *text = str_cstr(a, buf_str(&b));
    (void)!err_set1(&e, INVALID, "%1", text);
    struct str arg = str_from(e.arg[0]);
    assert_true(utf8_valid(arg) && arg.n < ERR_ARG_SIZE && arg.n >= ERR_ARG_SIZE - 4);
    err_detail(&e, "%s", text);
    assert_true(utf8_valid(str_from(e.detail)));
  }
  (void)!err_set1(&e, INVALID, "%1", "short");
  (void)!err_set2(&e, INVALID, "%1%2", e.arg[0], e.arg[0]); /* its own argument */
  assert_string_equal(e.arg[1], "short");
}

/* --- ids --- */

enum { ID_THREADS = 4, IDS_EACH = 250000 };
static id64 given[ID_THREADS][IDS_EACH];

/* An import is one transaction and thus one instant; another thread goes by a clock that is behind. */
static void *take_ids(void *arg)
{
  size_t thread = (size_t)arg;
  for (int i = 0; i < IDS_EACH; i++)
    given[thread][i] = id_new(1795000000000 - (ts_t)thread);
  return NULL;
}

static int by_id(const void *x, const void *y)
{
  id64 p = *(const id64 *)x, q = *(const id64 *)y;
  return p < q ? -1 : p > q;
}

static void a_million_ids_of_several_threads_rise_and_are_all_different(void **state)
{
  pthread_t threads[ID_THREADS];
  id64 *all = given[0], steps[9] = {0};
  (void)state;
  for (size_t t = 0; t < ID_THREADS; t++)
    assert_int_equal(pthread_create(&threads[t], NULL, take_ids, (void *)t), 0);
  for (size_t t = 0; t < ID_THREADS; t++)
    assert_int_equal(pthread_join(threads[t], NULL), 0);
  for (size_t t = 0; t < ID_THREADS; t++)
    for (int i = 1; i < IDS_EACH; i++)
      assert_true(given[t][i] > given[t][i - 1]);
  qsort(all, (size_t)ID_THREADS * IDS_EACH, sizeof *all, by_id);
  for (int i = 1; i < ID_THREADS * IDS_EACH; i++) {
    id64 step = all[i] - all[i - 1];
    assert_true(step > 0);
    steps[step < 8 ? step : 8]++;
  }
  for (int i = 1; i <= 8; i++)
    assert_in_range(steps[i], 100000, 150000); /* they do not count aloud */
  assert_true(id_new(0) > all[ID_THREADS * IDS_EACH - 1]);
}

static void a_child_and_its_parent_give_no_id_both(void **state)
{
  enum { EACH = 2000 };
  static id64 both[2 * EACH];
  int fds[2];
  (void)state;
  id64 before = id_new(1795000000000);
  assert_int_equal(pipe(fds), 0);
  pid_t child = fork();
  for (int i = 0; i < EACH; i++)
    both[i] = id_new(1795000000000);
  if (child == 0)
    _exit(write(fds[1], both, EACH * sizeof *both) == EACH * sizeof *both ? 0 : 1);
  assert_true(child > 0);
  for (size_t got = 0; got < EACH * sizeof *both;) {
    ssize_t n = read(fds[0], (char *)(both + EACH) + got, EACH * sizeof *both - got);
    assert_true(n > 0);
    got += (size_t)n;
  }
  assert_int_equal(waitpid(child, NULL, 0), child);
  qsort(both, 2 * EACH, sizeof *both, by_id);
  assert_true(both[0] > before);
  for (int i = 1; i < 2 * EACH; i++)
    assert_true(both[i] > both[i - 1]);
}

static void ids_follow_time_and_read_back(void **state)
{
  ts_t now = 1795000000000;
  id64 last = 0;
  for (int i = 0; i < 2000; i++) {
    id64 id = id_new(now + i), got = 0;
    assert_true(id > last);
    last = id;
    struct str text = id_text(a, id);
    assert_int_equal(text.n, ID_TEXT);
    assert_true(id_parse(text, &got) && got == id);
  }
  struct str earlier = id_text(a, id_new(now));
  assert_true(str_compare(earlier, id_text(a, id_new(now + 1))) < 0);
  last = id_new(now);
  assert_true(id_new(0) > last && id_new(INT64_MIN / 2) > last && id_new(TS_MAX) > last);
  assert_true(id_new(now + MS_DAY) - last > (int64_t)MS_DAY << 19); /* nothing of those moved the time */
  assert_int_equal(id_text(a, 0).n, 0);
}

static void only_the_exact_text_is_an_id(void **state)
{
  static const char *const wrong[] = {"",
                                      "0000000000000",
                                      "8000000000000",
                                      "000000000001",
                                      "00000000000001",
                                      "000000000000A",
                                      "000000000000i",
                                      "000000000000l",
                                      "000000000000o",
                                      "000000000000u",
                                      "00000 0000001",
                                      "-000000000001"};
  id64 id = 7;
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
    assert_false(id_parse(str_from(wrong[i]), &id));
  assert_false(id_parse((struct str){"000000000000\0", 13}, &id));
  assert_int_equal(id, 7);
  assert_true(id_parse(S("7zzzzzzzzzzzz"), &id));
  assert_true(id == INT64_MAX);
  assert_str(id_text(a, 1), "0000000000001");
}

/* --- settings --- */

static const struct conf_key keys[] = {{"listen", "127.0.0.1:8080", "where to listen", false},
                                       {"data-dir", NULL, "where data lies", false},
                                       {"workers", "16", "threads", false},
                                       {"dev", NULL, "for developers", true},
                                       {0}};
static char conf_path[] = "/tmp/tsunagu-conf-XXXXXX";

static void write_conf(const char *text)
{
  FILE *f = fopen(conf_path, "w");
  assert_non_null(f);
  fputs(text, f);
  fclose(f);
}

static enum code read_conf(struct conf **ret, struct err *e, char **argv)
{
  int argc = 0;
  while (argv[argc])
    argc++;
  return conf_read(a, keys, argc, argv, ret, e);
}

#define ARGS(...) ((char *[]){__VA_ARGS__ __VA_OPT__(, ) NULL})

static void the_later_source_wins(void **state)
{
  struct conf *c;
  struct err e;
  write_conf("# of a test\n\n listen = 0.0.0.0:1 \r\ndata_dir=/file\nworkers = 3\ndev = yes\n");
  setenv("TSUNAGU_DATA_DIR", "/env", 1);
  setenv("TSUNAGU_WORKERS", "4", 1);
  assert_int_equal(read_conf(&c, &e, ARGS("one", "--config", conf_path, "--workers=5", "--", "--two")), OK);
  assert_str(conf_get(c, "listen"), "0.0.0.0:1");
  assert_str(conf_get(c, "data-dir"), "/env");
  assert_int_equal(conf_int(c, "workers", 0), 5);
  assert_true(conf_flag(c, "dev"));
  assert_false(conf_flag(c, "help"));
  assert_int_equal(conf_args(c), 2);
  assert_str(conf_arg(c, 0), "one");
  assert_str(conf_arg(c, 1), "--two");
  assert_str(conf_arg(c, 2), "");
  assert_int_equal(read_conf(&c, &e, ARGS("--config", conf_path, "--dev=no")), OK);
  assert_false(conf_flag(c, "dev"));
  unsetenv("TSUNAGU_DATA_DIR");
  unsetenv("TSUNAGU_WORKERS");
  setenv("TSUNAGU_CONFIG", conf_path, 1);
  assert_int_equal(read_conf(&c, &e, ARGS("--dev")), OK);
  assert_int_equal(conf_int(c, "workers", 0), 3);
  assert_str(conf_get(c, "data-dir"), "/file");
  write_conf("");
  assert_int_equal(read_conf(&c, &e, ARGS("--help")), OK);
  assert_str(conf_get(c, "listen"), "127.0.0.1:8080"); /* the fallback */
  assert_int_equal(conf_int(c, "data-dir", 9), 9);
  assert_true(conf_flag(c, "help"));
  unsetenv("TSUNAGU_CONFIG");
}

static void a_wrong_setting_names_the_nearest(void **state)
{
  struct conf *c = NULL;
  struct err e;
  write_conf("");
  assert_int_equal(read_conf(&c, &e, ARGS("--config", conf_path, "--lisen", "x")), INVALID);
  assert_string_equal(e.arg[0], "lisen");
  assert_string_equal(e.arg[1], "listen");
  assert_int_equal(read_conf(&c, &e, ARGS("--config", conf_path, "--listen")), INVALID);
  assert_int_equal(read_conf(&c, &e, ARGS("--config", conf_path, "--dev=maybe")), INVALID);
  assert_int_equal(read_conf(&c, &e, ARGS("--config", "/nonexistent/x")), IO);
  write_conf("listen = a\nworker = 3\n");
  assert_int_equal(read_conf(&c, &e, ARGS("--config", conf_path)), INVALID);
  assert_string_equal(e.arg[1], "workers");
  assert_true(str_ends(str_from(e.detail), S(":2")));
  write_conf("listen\n");
  assert_int_equal(read_conf(&c, &e, ARGS("--config", conf_path)), INVALID);
  assert_null(c);
}

static void help_names_every_key(void **state)
{
  char *text = NULL;
  size_t n = 0;
  FILE *f = open_memstream(&text, &n);
  conf_help(f, "tsunagu serve", keys);
  fclose(f);
  for (const struct conf_key *k = keys; k->name; k++)
    assert_non_null(strstr(text, k->name));
  assert_non_null(strstr(text, "--config"));
  free(text);
}

/* --- log --- */

static struct str logged(void (*fn)(void))
{
  static char text[20000];
  int pipe_fd[2], old = dup(STDERR_FILENO);
  assert_int_equal(pipe(pipe_fd), 0);
  dup2(pipe_fd[1], STDERR_FILENO);
  fn();
  dup2(old, STDERR_FILENO);
  close(old);
  close(pipe_fd[1]);
  ssize_t n = read(pipe_fd[0], text, sizeof(text));
  close(pipe_fd[0]);
  return (struct str){text, n < 0 ? 0 : (size_t)n};
}

static void log_two(void)
{
  log_line(LOG_INFO, "request", "route", "GET /<x>\n", "code", "OK", "#ms", "0.4", NULL);
}

static void log_too_much(void)
{
  static char big[9000];
  memset(big, 'x', sizeof(big) - 1);
  log_line(LOG_ERROR, "big", "value", big, NULL);
}

static void a_log_line_is_one_line_of_json(void **state)
{
  struct doc *d = NULL;
  struct err e;
  struct str text = logged(log_two);
  assert_true(text.n && memchr(text.p, '\n', text.n) == text.p + text.n - 1);
  assert_int_equal(json_parse(a, text, &d, &e), OK);
  assert_str(doc_get_str(d, "event"), "request");
  assert_str(doc_get_str(d, "level"), "info");
  assert_str(doc_get_str(d, "route"), "GET /<x>\n");
  assert_str(doc_get_str(d, "code"), "OK");
  assert_non_null(strstr(text.p, ",\"ms\":0.4}"));
  assert_int_equal(doc_get_str(d, "at").n, strlen("2026-11-18T10:02:00.000+09:00"));
  assert_int_equal(json_parse(a, logged(log_too_much), &d, &e), OK);
  assert_str(doc_get_str(d, "event"), "log_line_dropped");
}

static void as_text_it_is_one_line_as_well(void **state)
{
  log_set_format(LOG_PLAIN);
  struct str text = logged(log_two);
  log_set_format(LOG_JSON);
  assert_non_null(strstr(text.p, "+09:00 info request route=\"GET /"));
  assert_non_null(strstr(text.p, "\\n\" code=OK ms=0.4\n"));
}

static int setup(void **state)
{
  int fd = mkstemp(conf_path);
  a = arena_new(LIMIT_ARENA);
  if (fd < 0 || !a)
    return -1;
  close(fd);
  return 0;
}

static int teardown(void **state)
{
  unlink(conf_path);
  arena_free(a);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_result_has_its_sentence_and_status),
      cmocka_unit_test(errors_are_filled_and_printed),
      cmocka_unit_test(arguments_are_cut_between_characters),
      cmocka_unit_test(a_million_ids_of_several_threads_rise_and_are_all_different),
      cmocka_unit_test(a_child_and_its_parent_give_no_id_both),
      cmocka_unit_test(ids_follow_time_and_read_back),
      cmocka_unit_test(only_the_exact_text_is_an_id),
      cmocka_unit_test(the_later_source_wins),
      cmocka_unit_test(a_wrong_setting_names_the_nearest),
      cmocka_unit_test(help_names_every_key),
      cmocka_unit_test(a_log_line_is_one_line_of_json),
      cmocka_unit_test(as_text_it_is_one_line_as_well),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
