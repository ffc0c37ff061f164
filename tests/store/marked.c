/* marked.c: what a form refuses when it is empty is marked ※必須 in it, and the browser knows of it: out of the route table. */
#include "crowd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/doc.h"

static struct crowd town;
static int failures, forms, marked;

static void complain(const struct route *r, const char *field, const char *what)
{
  failures++;
  fprintf(stderr, "!POST %s: %s %s\n", r->path, field, what);
}

/* The tag of what bears this id, or NULL. */
static const char *find_tag(const char *page, const char *field)
{
  char id[120];
  snprintf(id, sizeof id, " id=\"f-%s\"", field);
  const char *at = strstr(page, id);
  while (at && at > page && *at != '<')
    at--;
  return at;
}

static bool has_before(const char *from, const char *word, const char *end)
{
  const char *at = strstr(from, word), *stop = strstr(from, end);
  return at && stop && at < stop;
}

/* A label of its own stands before the control; of several controls it is the legend. */
static bool is_marked(const char *page, const char *tag, const char *field)
{
  char label[120];
  if (strncmp(tag, "<fieldset", 9) == 0)
    return has_before(tag, "※必須", "</legend>");
  if (has_before(tag, " type=\"checkbox\"", ">")) /* it stands in its label */
    return has_before(tag, "※必須", "</label>");
  snprintf(label, sizeof label, " for=\"f-%s\"", field);
  const char *at = strstr(page, label);
  while (at && *at != '<')
    at--;
  if (at && has_before(at, "visually-hidden", ">"))
    return true; /* a search box: nothing but it */
  return at && has_before(at, "※必須", "</label>");
}

static bool is_one_control(const char *tag)
{
  return strncmp(tag, "<input", 6) == 0 || strncmp(tag, "<textarea", 9) == 0 || strncmp(tag, "<select", 7) == 0;
}

/* Refused for what stands in other fields: one of two must be said. */
static bool rests_on_others(const struct route *r, const char *field)
{
  return strcmp(r->path, "/cases/:case/staff") == 0 && strcmp(field, "worker") == 0;
}

static void look_at_field(const struct route *r, const char *page, const char *field)
{
  const char *tag = find_tag(page, field);
  if (!tag || rests_on_others(r, field)) /* hidden, or a button: nobody leaves it empty */
    return;
  marked++;
  if (!is_marked(page, tag, field))
    complain(r, field, "is refused when it is empty, and not marked");
  if (is_one_control(tag) && !has_before(tag, " required", ">"))
    complain(r, field, "is refused when it is empty, and the browser does not know");
}

static bool look_at_form(const struct route *r, const struct visitor *v, const char *path)
{
  struct arena *a = arena_new(4 << 20);
  struct err e = {0};
  struct doc *answer = NULL;
  char *page = NULL;
  if (served_post(&town.s, v, path, "", WANT_HTML) != 422 || !strstr(town.s.page.body, "<form")) {
    arena_free(a);
    return false;
  }
  page = strdup(town.s.page.body);
  assert_non_null(page);
  assert_int_equal(served_post(&town.s, v, path, "", WANT_JSON), 422);
  ok(json_parse(a, str_from(town.s.page.body), &answer, &e));
  const struct doc *problems = doc_get(answer, "problems");
  forms++;
  for (size_t i = 0; i < doc_size(problems); i++)
    look_at_field(r, page, str_cstr(a, doc_get_str(doc_at(problems, i), "field")));
  free(page);
  arena_free(a);
  return true;
}

static void what_is_refused_when_it_is_empty_is_marked_in_its_form(void **state)
{
  static const enum who tried[] = {WHO_WORKER, WHO_MANAGER, WHO_RECEIVER_MANAGER, WHO_COORDINATOR, WHO_ADMIN};
  char path[PATH_SIZE];
  (void)state;
  for (size_t i = 0; i < route_count(); i++) {
    const struct route *r = route_at(i);
    if (r->method != POST || !r->fields)
      continue;
    const struct shared_case *c = &town.cases[crowd_has(r, ":sheet") ? STATE_DRAFT : STATE_SHARED];
    bool looked = false;
    for (size_t k = 0; k < sizeof tried / sizeof *tried && !looked; k++)
      looked = crowd_path(&town, r, c, &town.who[tried[k]], NULL, path) && look_at_form(r, &town.who[tried[k]], path);
  }
  print_message("%d forms, %d fields that must not be empty\n", forms, marked);
  assert_int_equal(failures, 0);
  assert_true(forms > 40 && marked > 60);
}

CROWD_MAIN(&town, cmocka_unit_test(what_is_refused_when_it_is_empty_is_marked_in_its_form))
