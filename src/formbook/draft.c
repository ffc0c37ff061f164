#include "formbook/draft.h"

#include "base/limits.h"
#include "formbook/draft_sql.h"
#include "formbook/edit.h"

static enum code write_json(struct arena *a, const struct doc *q, struct str *ret, struct err *e)
{
  struct buf json;
  buf_init(&json, a, LIMIT_BODY);
  json_write(&json, q);
  if (json.failed)
    return err_set(e, LIMIT, TR("様式が大きすぎます。"));
  *ret = buf_str(&json);
  return OK;
}

/* A draft is judged as a whole at each step: what is kept is always a form. */
static enum code judge(struct arena *a, const struct doc *q, struct str *ret_json, struct err *e)
{
  const struct form *f = NULL;
  enum code c = form_compile(a, q, &f, e);
  return c == OK ? write_json(a, q, ret_json, e) : c;
}

enum code draft_open(struct tx *tx, struct arena *a, struct str code, struct draft *ret, struct err *e)
{
  struct str json = STR_NONE;
  ret->code = code;
  enum code c = draft_sql_get(tx, code, a, &json, &ret->rev, e);
  if (c == OK && !json.n)
    return err_set(e, NOT_FOUND, TR("この様式の下書きはありません。"));
  return c == OK ? json_parse(a, json, &ret->questionnaire, e) : c;
}

static enum code insert(struct tx *tx, struct arena *a, struct str code, const struct doc *q, struct err *e)
{
  struct str json = STR_NONE;
  enum code c = judge(a, q, &json, e);
  return c == OK ? draft_sql_put(tx, code, json, 0, e) : c;
}

enum code draft_begin(struct tx *tx, struct arena *a, struct str code, struct err *e)
{
  const struct form *form = NULL;
  struct str json = STR_NONE;
  ts_t rev = 0;
  enum code c = formbook_active(tx, a, code, &form, e);
  if (c == OK)
    c = draft_sql_get(tx, code, a, &json, &rev, e);
  if (c != OK || json.n)
    return c;
  struct doc *q = doc_copy(a, form_source(form));
  doc_replace(q, "version", doc_str(a, S("draft")));
  doc_replace(q, "status", doc_str(a, S("draft")));
  return insert(tx, a, code, q, e);
}

enum code draft_create(struct tx *tx, struct arena *a, struct str code, const struct doc *questionnaire, struct err *e)
{
  struct str version = STR_NONE;
  const struct form *shipped = NULL;
  struct err ignored = {0};
  enum code c = form_sql_active(tx, code, a, &version, e);
  if (c == OK && (version.n || form_builtin(code, STR_NONE, &shipped, &ignored) == OK))
    return err_field(e, "code", TR("この名前の様式は、もうあります。"));
  c = c == OK ? insert(tx, a, code, questionnaire, e) : c;
  return c == CONFLICT ? err_field(e, "code", TR("この名前の様式は、もうあります。")) : c;
}

enum code draft_save(struct tx *tx, struct arena *a, const struct draft *d, struct err *e)
{
  struct str json = STR_NONE;
  enum code c = judge(a, d->questionnaire, &json, e);
  return c == OK ? draft_sql_put(tx, d->code, json, d->rev, e) : c;
}

enum code draft_publish(struct tx *tx, struct arena *a, const struct draft *d, struct str version, struct err *e)
{
  const struct form *shipped = NULL;
  struct err ignored = {0};
  struct str json = STR_NONE;
  if (!version.n)
    return err_field(e, "version", TR("新しい版の名前を書いてください。"));
  if (str_is(version, "draft") || form_builtin(d->code, version, &shipped, &ignored) == OK)
    return err_field(e, "version", TR("この版は、もうあります。別の版の名前をつけてください。"));
  struct doc *q = doc_copy(a, d->questionnaire);
  edit_put_notes(a, q, NULL);
  doc_replace(q, "version", doc_str(a, version));
  doc_replace(q, "status", doc_str(a, S("active")));
  enum code c = judge(a, q, &json, e);
  if (c == INVALID && !e->field[0])
    return err_field(e, "version", TR("版の名前は、英小文字・数字・-_. で書いてください。"));
  if (c == OK)
    c = draft_sql_put(tx, d->code, json, d->rev, e); /* nobody was faster */
  if (c == OK)
    c = form_sql_publish(tx, d->code, version, json, e);
  return c == OK ? draft_sql_drop(tx, d->code, e) : c;
}

enum code draft_discard(struct tx *tx, struct str code, struct err *e)
{
  return draft_sql_drop(tx, code, e);
}
