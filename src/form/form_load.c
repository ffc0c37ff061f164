/* form_load.c: from a FHIR Questionnaire to the compiled form. Counting first, so that items lie in one array and may point
 * at each other; then each item alone (form_item.c); then what they say about each other (form_relations.c). */
#include "form/form_internal.h"

const struct doc *form_extension(const struct doc *d, const char *url)
{
  const struct doc *list = doc_get(d, "extension");
  for (size_t i = 0; i < doc_size(list); i++) {
    const struct doc *x = doc_at(list, i);
    if (str_is(doc_get_str(x, "url"), url))
      return x;
  }
  return NULL;
}

const struct doc *form_own_extension(const struct doc *d, const char *name)
{
  const struct doc *list = doc_get(d, "extension");
  struct str base = S(FORM_EXT);
  for (size_t i = 0; i < doc_size(list); i++) {
    struct str url = doc_get_str(doc_at(list, i), "url");
    if (str_starts(url, base) && str_is(str_sub(url, base.n, url.n), name))
      return doc_at(list, i);
  }
  return NULL;
}

enum code form_bad(struct err *e, struct str link, const char *msg)
{
  char field[ERR_FIELD_SIZE];
  snprintf(field, sizeof(field), "%.*s", (int)(link.n < 60 ? link.n : 60), link.p ? link.p : "");
  return err_field(e, field, msg);
}

static enum code count_items(const struct doc *list, int depth, size_t *n, struct err *e)
{
  if (depth > FORM_DEPTH)
    return form_bad(e, STR_NONE, TR("様式の入れ子が深すぎます。"));
  for (size_t i = 0; i < doc_size(list); i++) {
    if (doc_kind(doc_at(list, i)) != DOC_MAP)
      return form_bad(e, STR_NONE, TR("様式の項目(item)の書き方が正しくありません。"));
    *n += 1;
    if (*n > FORM_ITEMS)
      return form_bad(e, STR_NONE, TR("様式の項目が多すぎます。"));
    enum code c = count_items(doc_get(doc_at(list, i), "item"), depth + 1, n, e);
    if (c != OK)
      return c;
  }
  return OK;
}

struct loading {
  struct arena *arena;
  struct form *f;
  const struct doc **sources; /* by item index */
  struct err *e;
};

static enum code load_list(struct loading *l, const struct doc *list, struct form_item *parent,
                           const struct form_item **first)
{
  const struct form_item **link = first;
  for (size_t i = 0; i < doc_size(list); i++) {
    struct form_item *it = &l->f->items[l->f->count];
    const struct doc *d = doc_at(list, i);
    it->index = (unsigned)l->f->count;
    l->sources[l->f->count++] = d;
    enum code c = form_item_load(l->arena, d, parent, it, l->e);
    if (c == OK && doc_size(doc_get(d, "item")) > 0 && it->type != FORM_GROUP)
      c = form_bad(l->e, it->link, TR("中に項目を持てるのは、まとまり(group)だけです。"));
    if (c == OK)
      c = load_list(l, doc_get(d, "item"), it, &it->child);
    if (c != OK)
      return c;
    *link = it;
    link = &it->next;
  }
  return OK;
}

/* Names end up in file names and URLs. */
static bool name_ok(struct str s)
{
  if (s.n == 0 || s.n > 60)
    return false;
  for (size_t i = 0; i < s.n; i++) {
    if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-_.", s.p[i]) || s.p[i] == '\0')
      return false;
  }
  return true;
}

/* What the whole form says of itself under our own address. */
static enum code load_marks(const struct doc *q, struct form *f, struct err *e)
{
  static const char *const uses[] = {"connection", "case", "card", "blank"};
  const struct doc *list = doc_get(q, "extension");
  struct str base = S(FORM_EXT), use = doc_get_str(form_own_extension(q, "use"), "valueCode");
  for (size_t i = 0; i < doc_size(list); i++) {
    struct str url = doc_get_str(doc_at(list, i), "url");
    struct str name = str_starts(url, base) ? str_sub(url, base.n, url.n) : S("use");
    if (!str_is(name, "use") && !str_is(name, "number") && !str_is(name, "adopted"))
      return form_bad(e, STR_NONE, TR("様式そのものに付けられるのは number と use だけです。"));
  }
  f->number = doc_get_str(form_own_extension(q, "number"), "valueString");
  f->use = FORM_USE_CASE;
  bool known = !use.n;
  for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
    if (str_is(use, uses[i])) {
      f->use = (enum form_use)i;
      known = true;
    }
  return known && f->number.n <= 60 ? OK
                                    : form_bad(e, STR_NONE, TR("様式の use か number の書き方が正しくありません。"));
}

static enum code load_head(const struct doc *q, struct form *f, struct err *e)
{
  if (!str_is(doc_get_str(q, "resourceType"), "Questionnaire"))
    return form_bad(e, STR_NONE, TR("FHIR の Questionnaire ではありません。"));
  f->source = q;
  f->name = doc_get_str(q, "name");
  f->version = doc_get_str(q, "version");
  f->url = doc_get_str(q, "url");
  f->status = doc_get_str(q, "status");
  f->title = (struct form_label){.ja = doc_get_str(q, "title"), .en = form_translation(q, "_title", "en")};
  if (!name_ok(f->name) || !name_ok(f->version))
    return form_bad(e, STR_NONE, TR("様式の名前(name)と版の名前(version)は、英小文字・数字・-_. で書いてください。"));
  if (f->url.n == 0 || f->url.n > 200 || str_contains(f->url, S("|")))
    return form_bad(e, STR_NONE, TR("様式のアドレス(url)がありません。"));
  if (f->title.ja.n == 0)
    return form_bad(e, STR_NONE, TR("様式の題名(title)がありません。"));
  if (!str_is(f->status, "draft") && !str_is(f->status, "active") && !str_is(f->status, "retired"))
    return form_bad(e, STR_NONE, TR("様式の状態(status)は draft・active・retired のどれかです。"));
  return load_marks(q, f, e);
}

enum code form_compile(struct arena *a, const struct doc *q, const struct form **ret, struct err *e)
{
  struct form *f = arena_new_of(a, struct form);
  size_t n = 0;
  if (!f)
    return err_oom(e);
  enum code c = load_head(q, f, e);
  if (c == OK)
    c = count_items(doc_get(q, "item"), 1, &n, e);
  if (c != OK)
    return c;
  if (n == 0)
    return form_bad(e, STR_NONE, TR("様式に項目がありません。"));
  f->items = arena_array(a, n, sizeof(*f->items));
  struct loading l = {a, f, arena_array(a, n, sizeof(const struct doc *)), e};
  if (!f->items || !l.sources)
    return err_oom(e);
  c = load_list(&l, doc_get(q, "item"), NULL, &f->first);
  if (c == OK)
    c = form_relate(a, f, l.sources, e);
  if (c == OK && arena_failed(a))
    c = err_oom(e);
  if (c == OK)
    *ret = f;
  return c;
}

enum code form_load(struct arena *a, struct str json, const struct form **ret, struct err *e)
{
  struct doc *q = NULL;
  enum code c = json_parse(a, json, &q, e);
  return c == OK ? form_compile(a, q, ret, e) : c;
}

/* --- looking at a form --- */

struct str form_name(const struct form *f)
{
  return f->name;
}

struct str form_version(const struct form *f)
{
  return f->version;
}

struct str form_number(const struct form *f)
{
  return f->number;
}

bool form_for_family(const struct form *f)
{
  size_t parts = 0, shown = 0;
  for (size_t i = 0; i < form_item_count(f); i++) {
    const struct form_item *it = form_item_at(f, i);
    if (it->parent)
      continue;
    parts++;
    shown += !(it->marks & (FORM_MARK_SEPARATE | FORM_MARK_LEAF2));
  }
  return shown > 1 || parts == shown;
}

enum form_use form_use(const struct form *f)
{
  return f->use;
}

struct str form_title(const struct form *f, enum lang l)
{
  return l == LANG_EN && f->title.en.n ? f->title.en : f->title.ja;
}

const struct doc *form_source(const struct form *f)
{
  return f->source;
}

size_t form_item_count(const struct form *f)
{
  return f->count;
}

const struct form_item *form_item_at(const struct form *f, size_t index)
{
  return index < f->count ? &f->items[index] : NULL;
}

const struct form_item *form_item_find(const struct form *f, struct str link)
{
  for (size_t i = 0; i < f->count; i++) {
    if (str_eq(f->items[i].link, link))
      return &f->items[i];
  }
  return NULL;
}

const struct form_option *form_option_find(const struct form_item *it, struct str code)
{
  for (size_t i = 0; i < it->option_count; i++) {
    if (str_eq(it->options[i].code, code))
      return &it->options[i];
  }
  return NULL;
}
