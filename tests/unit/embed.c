/* What the generator puts into the binary, made from view_tree/ beside this file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "view/tree.h"

static const struct asset *by_name(const char *name)
{
  for (size_t i = 0; i < embedded_asset_count; i++) {
    if (strcmp(embedded_assets[i].name, name) == 0)
      return &embedded_assets[i];
  }
  fail_msg("no asset %s", name);
  return NULL;
}

static void assert_body(struct str body, const char *want, size_t n)
{
  assert_int_equal(body.n, n);
  assert_memory_equal(body.p, want, n);
  assert_int_equal(body.p[n], 0);
}

static void files_are_inside_under_their_names(void **state)
{
  assert_int_equal(embedded_file_count, 4);
  assert_memory_equal(embedded_files[0].name.p, "templates/layout.mustache", embedded_files[0].name.n);
  assert_memory_equal(embedded_files[2].name.p, "templates/part/row.mustache", embedded_files[2].name.n);
  assert_memory_equal(embedded_files[3].name.p, "forms/sheet.json", embedded_files[3].name.n);
  assert_body(embedded_files[3].body, "{\"a\":1}\n", 8);
}

static void bytes_are_kept(void **state)
{
  const struct asset *font = by_name("fonts/a.woff2");
  assert_body(font->body, "font\0bytes", 10);
  assert_string_equal(font->type, "font/woff2");
}

static void a_path_holds_the_hash_of_the_content(void **state)
{
  uint64_t h = 14695981039346656037u;
  const struct asset *css = by_name("app.css");
  for (size_t i = 0; i < css->body.n; i++)
    h = (h ^ (unsigned char)css->body.p[i]) * 1099511628211u;
  char want[64];
  snprintf(want, sizeof(want), "/assets/app.%08x.css", (uint32_t)(h ^ (h >> 32)));
  assert_string_equal(css->path, want);
  assert_string_equal(css->type, "text/css; charset=utf-8");
}

static void references_point_to_hashed_paths(void **state)
{
  const struct asset *css = by_name("app.css"), *js = by_name("app.js");
  assert_non_null(strstr(css->body.p, by_name("fonts/a.woff2")->path));
  assert_non_null(strstr(js->body.p, by_name("more.js")->path));
  assert_non_null(strstr(js->body.p, css->path));
  assert_null(strstr(css->body.p, "/assets/fonts/a.woff2"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(files_are_inside_under_their_names),
      cmocka_unit_test(bytes_are_kept),
      cmocka_unit_test(a_path_holds_the_hash_of_the_content),
      cmocka_unit_test(references_point_to_hashed_paths),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
