#include "formbook/formbook.h"

#include "base/limits.h"
#include "crypto/secret.h"
#include "formbook/formbook_sql.h"

enum code formbook_get(struct tx *tx, struct arena *a, struct str code, struct str version, const struct form **ret,
                       struct err *e)
{
  struct str json = STR_NONE;
  enum code c = form_builtin(code, version, ret, e);
  if (c != NOT_FOUND)
    return c;
  *e = (struct err){0};
  c = form_sql_get(tx, code, version, a, &json, e);
  if (c != OK)
    return c;
  if (!json.n)
    return err_set(e, NOT_FOUND, TR("この様式、またはこの版はありません。"));
  return form_load(a, json, ret, e);
}

/* The row of a shipped form, as it is shipped. */
static enum code keep_builtin(struct tx *tx, struct arena *a, const struct form *f, const char *status, struct err *e)
{
  struct buf json;
  buf_init(&json, a, LIMIT_BODY);
  json_write(&json, form_source(f));
  if (json.failed)
    return err_oom(e);
  return form_sql_add(tx, &(struct form_row){form_name(f), form_version(f), str_from(status), buf_str(&json)}, e);
}

enum code formbook_active(struct tx *tx, struct arena *a, struct str code, const struct form **ret, struct err *e)
{
  struct str version = STR_NONE;
  enum code c = form_sql_active(tx, code, a, &version, e);
  if (c == OK && version.n)
    return formbook_get(tx, a, code, version, ret, e);
  if (c == OK)
    c = form_builtin(code, STR_NONE, ret, e);
  return c == OK && tx_is_write(tx) ? keep_builtin(tx, a, *ret, "active", e) : c;
}

/* --- from elsewhere --- */

static struct str canonical(struct arena *a, const struct doc *d)
{
  struct buf b;
  buf_init(&b, a, LIMIT_BODY);
  json_write_canonical(&b, d);
  return b.failed ? STR_NONE : buf_str(&b);
}

/* The first letters of what it says: another text, another version. */
static struct str version_of(struct arena *a, struct str version, struct str text)
{
  enum { TOLD = 8, ROOM = 24 };
  unsigned char hash[HASH];
  hash_bytes(text, hash);
  struct str hex = hex_text(a, (struct str){(const char *)hash, sizeof hash});
  return str_printf(a, "%.*s-%.*s", STR_FMT(str_sub(version, 0, ROOM)), TOLD, hex.p);
}

enum code formbook_keep(struct tx *tx, struct arena *a, const struct doc *questionnaire, const struct form **ret,
                        struct err *e)
{
  const struct form *given = NULL, *there = NULL;
  struct err none = {0};
  struct str text = canonical(a, questionnaire);
  enum code c = form_compile(a, questionnaire, &given, e);
  if (c != OK)
    return c;
  c = formbook_get(tx, a, form_name(given), form_version(given), &there, &none);
  if (c == OK && str_eq(canonical(a, form_source(there)), text)) {
    *ret = there;
    return keep_builtin(tx, a, there, "retired", e);
  }
  if (c != OK && c != NOT_FOUND && c != INVALID) {
    *e = none;
    return c;
  }
  struct doc *own = doc_copy(a, questionnaire);
  if (c != NOT_FOUND)
    doc_replace(own, "version", doc_str(a, version_of(a, form_version(given), text)));
  struct str json = canonical(a, own);
  c = text.n && json.n ? form_load(a, json, ret, e) : err_oom(e);
  return c == OK ? form_sql_add(tx, &(struct form_row){form_name(*ret), form_version(*ret), S("retired"), json}, e) : c;
}

/* --- the list --- */

/* 様式第2号 before 様式第10号: by the number's length, then its letters; without one last. */
static int by_number(const void *x, const void *y)
{
  const struct form *a = *(const struct form *const *)x, *b = *(const struct form *const *)y;
  struct str m = form_number(a), n = form_number(b);
  if (!m.n || !n.n)
    return m.n ? -1 : n.n ? 1 : str_compare(form_name(a), form_name(b));
  if (m.n != n.n)
    return m.n < n.n ? -1 : 1;
  int by = str_compare(m, n);
  return by ? by : str_compare(form_name(a), form_name(b));
}

static bool listed(const struct doc *codes, const char *name)
{
  for (size_t i = 0; i < doc_size(codes); i++)
    if (str_is(doc_string(doc_at(codes, i)), name))
      return true;
  return false;
}

static void put_form(struct arena *a, struct doc *list, const struct form *f, enum lang lang)
{
  const struct form *shipped = NULL;
  struct err ignored = {0};
  bool own = form_builtin(form_name(f), form_version(f), &shipped, &ignored) != OK;
  struct doc *d = doc_add_map(list);
  (void)a;
  doc_put_str(d, "code", form_name(f));
  doc_put_str(d, "version", form_version(f));
  doc_put_str(d, "title", form_title(f, lang));
  doc_put_str(d, "number", form_number(f));
  doc_put_bool(d, "own", own);
}

enum code formbook_list(struct tx *tx, struct arena *a, enum lang lang, unsigned uses, struct doc **ret, struct err *e)
{
  struct doc *codes = NULL, *list = doc_list(a);
  enum code c = form_sql_codes(tx, a, &codes, e);
  for (size_t i = 0; c == OK && form_builtin_name(i); i++)
    if (!listed(codes, form_builtin_name(i)))
      doc_add_str(codes, str_from(form_builtin_name(i)));
  const struct form **all = arena_array(a, doc_size(codes) + 1, sizeof(const struct form *));
  size_t n = 0;
  for (size_t i = 0; c == OK && all && i < doc_size(codes); i++) {
    const struct form *f = NULL;
    c = formbook_active(tx, a, doc_string(doc_at(codes, i)), &f, e);
    if (c == OK && (uses & 1u << form_use(f)))
      all[n++] = f;
  }
  if (c != OK || !all)
    return all ? c : err_oom(e);
  if (n)
    qsort(all, n, sizeof(const struct form *), by_number);
  for (size_t i = 0; i < n; i++)
    put_form(a, list, all[i], lang);
  *ret = list;
  return OK;
}
