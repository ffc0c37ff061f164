/* edit_web.c: the editor of forms: the list of items, one item, the head; publishing. Works without script. */
#include "formbook/draft.h"
#include "formbook/edit.h"
#include "gate/handler.h"
#include "view/print.h"

struct job {
  struct request *rq;
  struct reader who;
  struct str code;
  struct draft draft;
  const struct form *form, *active; /* the draft compiled; the version that stands, or NULL */
  struct doc *data;
};

static enum code read_draft(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct err ignored = {0};
  const struct scope *s = NULL;
  struct arena *a = job->rq->arena;
  job->draft = (struct draft){0};
  job->form = job->active = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_NETWORK_WRITE, &s, e);
  if (c == OK && formbook_active(tx, a, job->code, &job->active, &ignored) != OK)
    job->active = NULL;
  if (c == OK)
    c = draft_open(tx, a, job->code, &job->draft, e);
  if (c == OK)
    c = form_compile(a, job->draft.questionnaire, &job->form, e);
  if (c == NOT_FOUND && job->active) { /* it can be begun */
    *e = (struct err){0};
    return OK;
  }
  return c;
}

/* ---- the form as a list ---------------------------------------------------------------------------------------------------------- */

static const char *const use_codes[] = {"connection", "case", "card", "blank", NULL};
static const char *const action_codes[] = {"begin", "head", "up", "down", "remove", "publish", "discard", NULL};
static const struct field edit_fields[] = {
    {.name = "code", .kind = FIELD_TEXT, .required = true, .max = 60, .label = TR("様式")},
    {.name = "action", .kind = FIELD_CHOICE, .required = true, .options = action_codes},
    {.name = "rev", .kind = FIELD_INT, .min = 0, .max = INT64_MAX},
    {.name = "link", .kind = FIELD_TEXT, .max = 40, .label = TR("項目")},
    {.name = "title", .kind = FIELD_TEXT, .label = TR("様式の名前")},
    {.name = "title_en", .kind = FIELD_TEXT, .label = TR("英語の名前")},
    {.name = "number", .kind = FIELD_TEXT, .max = 20, .label = TR("様式番号")},
    {.name = "use", .kind = FIELD_CHOICE, .options = use_codes, .label = TR("何に使うか")},
    {.name = "description", .kind = FIELD_LINES, .max = 1000, .label = TR("説明")},
    {.name = "version", .kind = FIELD_TEXT, .max = 40, .label = TR("版の名前")},
    {0}};

static int depth_of(const struct form_item *it)
{
  int depth = 0;
  for (const struct form_item *p = it->parent; p; p = p->parent)
    depth++;
  return depth;
}

static struct str type_word(enum lang lang, enum form_type type)
{
  static const char *const words[FORM_TYPE_COUNT] = {
      [FORM_GROUP] = TR("まとまり"),          [FORM_DISPLAY] = TR("説明の文"), [FORM_BOOLEAN] = TR("はい・いいえ"),
      [FORM_DECIMAL] = TR("数（小数も）"),    [FORM_INTEGER] = TR("数"),       [FORM_DATE] = TR("日付"),
      [FORM_DATETIME] = TR("日付と時刻"),     [FORM_TIME] = TR("時刻"),        [FORM_STRING] = TR("1行の文字"),
      [FORM_TEXT] = TR("長い文章"),           [FORM_URL] = TR("アドレス"),     [FORM_CHOICE] = TR("選択"),
      [FORM_OPEN_CHOICE] = TR("選択とその他")};
  return tr(lang, words[type]);
}

static struct str category_words(struct job *job, uint32_t bits)
{
  for (int i = 0; i < FORM_CATEGORIES; i++)
    if (bits == 1u << i)
      return tr(job->who.lang, form_category_label(i));
  return STR_NONE;
}

static void put_items(struct job *job)
{
  struct doc *list = doc_put_list(job->data, "items");
  struct arena *a = job->rq->arena;
  for (size_t i = 0; job->form && i < form_item_count(job->form); i++) {
    const struct form_item *it = form_item_at(job->form, i);
    struct doc *d = doc_add_map(list);
    doc_put_str(d, "code", job->code);
    doc_put_int(d, "rev", job->draft.rev);
    doc_put_str(d, "link", it->link);
    doc_put_str(d, "label", job->who.lang == LANG_EN && it->label.en.n ? it->label.en : it->label.ja);
    doc_put_str(d, "type", type_word(job->who.lang, it->type));
    doc_put_str(d, "category", category_words(job, it->category));
    doc_put_str(d, "depth", str_printf(a, "%d", depth_of(it) < 4 ? depth_of(it) : 4));
    doc_put_bool(d, "group", it->type == FORM_GROUP);
    doc_put_bool(d, "required", it->required);
    doc_put_bool(d, "conditional", it->when_count > 0);
    doc_put_bool(d, "separate", it->marks & FORM_MARK_SEPARATE);
    doc_put_str(d, "edit_href",
                str_printf(a, "/forms/edit/item?code=%.*s&link=%.*s", STR_FMT(job->code), STR_FMT(it->link)));
    doc_put_str(d, "add_href",
                str_printf(a, "/forms/edit/item?code=%.*s&parent=%.*s", STR_FMT(job->code), STR_FMT(it->link)));
  }
}

static void put_changes(struct job *job)
{
  struct doc *changes = NULL;
  if (job->form && job->active) {
    struct form_context c = {.arena = job->rq->arena, .lang = job->who.lang};
    c.mask.categories = FORM_ALL_CATEGORIES;
    changes = form_compare(&c, job->active, job->form);
  }
  doc_put_bool(job->data, "has_changes", changes && !doc_get_bool(changes, "same"));
  doc_put(job->data, "changes", changes ? changes : doc_map(job->rq->arena));
}

static enum code edit_page(struct job *job, struct response *rs, struct err *e)
{
  struct request *rq = job->rq;
  bool typed = gate_has_problems(rq);
  enum code c = gate_read(rq, read_draft, job, e);
  if (c == NOT_FOUND && typed)
    *e = (struct err){0};
  else if (c != OK)
    return c;
  job->data = doc_map(rq->arena);
  doc_put_str(job->data, "code", job->code);
  doc_put_int(job->data, "rev", job->draft.rev);
  doc_put_bool(job->data, "has_draft", job->form != NULL);
  doc_put_bool(job->data, "has_head",
               job->form || typed); /* what was typed is given back, also where the draft is gone */
  doc_put_bool(job->data, "can_begin", !job->form && job->active);
  doc_put_str(job->data, "version", job->active ? form_version(job->active) : STR_NONE);
  doc_put_str(job->data, "typed", typed ? doc_get_str(gate_typed(rq), "link") : STR_NONE);
  put_items(job);
  put_changes(job);
  struct doc *notes = edit_notes(rq->arena, job->draft.questionnaire);
  doc_put_bool(job->data, "has_notes", doc_size(notes) > 0);
  doc_put(job->data, "notes", notes);
  doc_put(job->data, "f",
          gate_form(rq, edit_fields, job->form ? edit_head_values(rq->arena, job->draft.questionnaire) : NULL));
  const struct form *named = job->form ? job->form : job->active;
  return gate_page(rq, rs, "form_edit", named ? form_title(named, job->who.lang) : gate_tr(rq, TR("様式を変える")),
                   job->data, e);
}

static const struct field code_fields[] = {
    {.name = "code", .kind = FIELD_TEXT, .required = true, .max = 60, .label = TR("様式")}, {0}};

static enum code handle_edit_page(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq), .code = doc_get_str(rq->input, "code")};
  if (gate_has_problems(rq))
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  return edit_page(&job, rs, e);
}

ROUTE_DEFINE(route_form_edit, GET, "/forms/edit", NEEDS(NETWORK_WRITE), .fields = code_fields,
             .summary = TR("様式を変える画面"), .handle = handle_edit_page);

static enum code change(struct tx *tx, struct job *job, struct str action, struct err *e)
{
  const struct doc *in = job->rq->input;
  struct arena *a = tx_arena(tx);
  struct draft d = {0};
  struct str link = doc_get_str(in, "link");
  bool done = true;
  enum code c = draft_open(tx, a, job->code, &d, e);
  if (c != OK)
    return c;
  d.rev = doc_get_int(in, "rev") ? doc_get_int(in, "rev") : d.rev;
  if (str_is(action, "publish"))
    return draft_publish(tx, a, &d, str_trim(doc_get_str(in, "version")), e);
  if (str_is(action, "head"))
    edit_write_head(a, d.questionnaire, in);
  else if (str_is(action, "remove"))
    done = edit_remove(a, d.questionnaire, link);
  else
    done = edit_move(a, d.questionnaire, link, str_is(action, "up") ? -1 : 1);
  return done ? draft_save(tx, a, &d, e) : OK; /* at the end already: nothing to do */
}

static enum code write_edit(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  struct str action = doc_get_str(job->rq->input, "action");
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_NETWORK_WRITE, &s, e);
  if (c != OK)
    return c;
  if (str_is(action, "begin"))
    return draft_begin(tx, tx_arena(tx), job->code, e);
  return str_is(action, "discard") ? draft_discard(tx, job->code, e) : change(tx, job, action, e);
}

static enum code handle_edit(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq), .code = doc_get_str(rq->input, "code")};
  if (gate_has_problems(rq)) {
    job.code = doc_get_str(gate_typed(rq), "code");
    return edit_page(&job, rs, e);
  }
  struct str action = doc_get_str(rq->input, "action");
  bool leaves = str_is(action, "publish") || str_is(action, "discard");
  struct str path = leaves ? S("/forms") : str_printf(rq->arena, "/forms/edit?code=%.*s", STR_FMT(job.code));
  gate_location(rq, path);
  enum code c = gate_write(rq, "form_edit", write_edit, &job, e);
  return c == OK ? gate_done(rq, rs, path,
                             str_is(action, "publish")
                                 ? TR("新しい版を使い始めました。前の版で書いたものは、前の版のままです。")
                             : str_is(action, "discard") ? TR("下書きをやめました。")
                                                         : NULL,
                             e)
                 : c;
}

ROUTE_DEFINE(route_form_edit_post, POST, "/forms/edit", NEEDS(NETWORK_WRITE), .fields = edit_fields,
             .summary = TR("様式を変える"), .handle = handle_edit);

/* ---- one item ------------------------------------------------------------------------------------------------------------------------ */

static const char *const types[] = {"group", "display", "boolean", "decimal", "integer", "date",        "dateTime",
                                    "time",  "string",  "text",    "url",     "choice",  "open-choice", NULL};
static const char *const mark_codes[] = {"visit", "separate", "leaf2", NULL};
static const struct field item_fields[] = {
    {.name = "code", .kind = FIELD_TEXT, .required = true, .max = 60, .label = TR("様式")},
    {.name = "rev", .kind = FIELD_INT, .min = 0, .max = INT64_MAX},
    {.name = "was", .kind = FIELD_TEXT, .max = 40, .label = TR("項目")},
    {.name = "parent", .kind = FIELD_TEXT, .max = 40, .label = TR("まとまり")},
    {.name = "link", .kind = FIELD_TEXT, .max = 40, .label = TR("項目の名前（英小文字・数字・_）")},
    {.name = "text", .kind = FIELD_TEXT, .required = true, .max = 500, .label = TR("問いの言葉")},
    {.name = "text_en", .kind = FIELD_TEXT, .max = 500, .label = TR("英語の言葉")},
    {.name = "easy", .kind = FIELD_TEXT, .max = 500, .label = TR("やさしい日本語")},
    {.name = "hint", .kind = FIELD_TEXT, .max = 500, .label = TR("書き方の説明")},
    {.name = "prefix", .kind = FIELD_TEXT, .max = 30, .label = TR("前につける番号")},
    {.name = "type", .kind = FIELD_CHOICE, .required = true, .options = types, .label = TR("種類")},
    {.name = "category", .kind = FIELD_CHOICE, .options = category_codes, .label = TR("情報の区分")},
    {.name = "source", .kind = FIELD_CHOICE, .options = source_codes, .label = TR("だれの話か")},
    {.name = "marks", .kind = FIELD_CHOICES, .options = mark_codes, .label = TR("しるし")},
    {.name = "required", .kind = FIELD_BOOL, .label = TR("必ず書く")},
    {.name = "repeats", .kind = FIELD_BOOL, .label = TR("いくつでも（くり返す）")},
    {.name = "sign", .kind = FIELD_BOOL, .label = TR("紙では手で署名する")},
    {.name = "options", .kind = FIELD_LINES, .label = TR("選択肢")},
    {.name = "worst_of", .kind = FIELD_TEXT, .max = 40, .label = TR("◎ を付ける項目の名前")},
    {.name = "bind", .kind = FIELD_TEXT, .max = 60, .label = TR("はじめから入れる記録")},
    {.name = "when", .kind = FIELD_LINES, .max = 2000, .label = TR("条件")},
    {.name = "when_any", .kind = FIELD_BOOL, .label = TR("条件のどれか一つに当てはまればよい")},
    {.name = "page", .kind = FIELD_TEXT, .max = 30, .label = TR("紙の何枚目か")},
    {.name = "order", .kind = FIELD_TEXT, .max = 30, .label = TR("その紙の中の順番")},
    {.name = "column", .kind = FIELD_TEXT, .max = 30, .label = TR("横に並べる数")},
    {.name = "box", .kind = FIELD_TEXT, .max = 100, .label = TR("紙での見出し")},
    {0}};

static void put_choices(struct doc *data, const char *key, struct doc *field, const char *const *codes,
                        struct str (*word)(enum lang lang, int i), enum lang lang)
{
  struct doc *list = doc_put_list(data, key);
  for (int i = 0; codes[i]; i++) {
    struct doc *d = doc_add_map(list);
    doc_put_cstr(d, "value", codes[i]);
    doc_put_str(d, "word", word(lang, i));
    doc_put_bool(d, "selected", doc_get_bool(doc_get(field, "is"), codes[i]));
  }
}

static struct str type_of(enum lang lang, int i)
{
  return type_word(lang, (enum form_type)i);
}

static struct str category_of(enum lang lang, int i)
{
  return tr(lang, form_category_label(i));
}

static struct str source_of(enum lang lang, int i)
{
  return tr(lang, form_source_label((enum form_source)(i + 1)));
}

static enum code item_page(struct job *job, struct response *rs, struct str link, struct str parent, struct err *e)
{
  struct request *rq = job->rq;
  bool typed = gate_has_problems(rq);
  enum code c = gate_read(rq, read_draft, job, e);
  if (c == OK && !job->form)
    c = err_set(e, NOT_FOUND, TR("この様式の下書きはありません。"));
  const struct doc *item = c == OK && link.n ? edit_find(job->draft.questionnaire, link) : NULL;
  if (c == OK && link.n && !item)
    c = err_set(e, NOT_FOUND, TR("この項目は、もうありません。様式の画面を開き直してください。"));
  if (c == NOT_FOUND && typed)
    *e = (struct err){0};
  else if (c != OK)
    return c;
  job->data = doc_map(rq->arena);
  struct doc *values = item ? edit_values(rq->arena, job->draft.questionnaire, item) : doc_map(rq->arena);
  struct doc *f = gate_form(rq, item_fields, values);
  doc_put_str(job->data, "code", job->code);
  doc_put_int(job->data, "rev", job->draft.rev);
  doc_put_str(job->data, "was", link);
  doc_put_str(job->data, "parent", parent);
  doc_put_bool(job->data, "new", !link.n);
  doc_put(job->data, "f", f);
  put_choices(job->data, "types", doc_get(f, "type"), types, type_of, job->who.lang);
  put_choices(job->data, "categories", doc_get(f, "category"), category_codes, category_of, job->who.lang);
  put_choices(job->data, "sources", doc_get(f, "source"), source_codes, source_of, job->who.lang);
  return gate_page(rq, rs, "form_item", tr(job->who.lang, link.n ? TR("項目を変える") : TR("項目を加える")), job->data,
                   e);
}

static const struct field item_query[] = {
    {.name = "code", .kind = FIELD_TEXT, .required = true, .max = 60, .label = TR("様式")},
    {.name = "link", .kind = FIELD_TEXT, .max = 40, .label = TR("項目")},
    {.name = "parent", .kind = FIELD_TEXT, .max = 40, .label = TR("まとまり")},
    {0}};

static enum code handle_item_page(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq), .code = doc_get_str(rq->input, "code")};
  if (gate_has_problems(rq))
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  return item_page(&job, rs, doc_get_str(rq->input, "link"), doc_get_str(rq->input, "parent"), e);
}

ROUTE_DEFINE(route_form_item, GET, "/forms/edit/item", NEEDS(NETWORK_WRITE), .fields = item_query,
             .summary = TR("様式の項目を変える画面"), .handle = handle_item_page);

/* What the form as a whole says of it stands beside the item's field. */
static enum code tell(enum code c, struct err *e)
{
  if (c == INVALID && !str_is(str_from(e->field), "when") && !str_is(str_from(e->field), "page"))
    (void)snprintf(e->field, sizeof e->field, "link");
  return c;
}

static enum code write_item(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct doc *in = job->rq->input;
  const struct scope *s = NULL;
  struct draft d = {0};
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_NETWORK_WRITE, &s, e);
  if (c == OK)
    c = draft_open(tx, tx_arena(tx), job->code, &d, e);
  if (c != OK)
    return c;
  d.rev = doc_get_int(in, "rev") ? doc_get_int(in, "rev") : d.rev;
  c = edit_write(tx_arena(tx), d.questionnaire, doc_get_str(in, "was"), doc_get_str(in, "parent"), in, e);
  return tell(c == OK ? draft_save(tx, tx_arena(tx), &d, e) : c, e);
}

static enum code handle_item(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq), .code = doc_get_str(rq->input, "code")};
  if (gate_has_problems(rq)) {
    const struct doc *typed = gate_typed(rq);
    job.code = doc_get_str(typed, "code");
    return item_page(&job, rs, doc_get_str(typed, "was"), doc_get_str(typed, "parent"), e);
  }
  struct str path = str_printf(rq->arena, "/forms/edit?code=%.*s", STR_FMT(job.code));
  gate_location(rq, path);
  enum code c = gate_write(rq, "form_item", write_item, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("項目を保存しました。"), e) : c;
}

ROUTE_DEFINE(route_form_item_post, POST, "/forms/edit/item", NEEDS(NETWORK_WRITE), .fields = item_fields,
             .summary = TR("様式の項目を保存する"), .handle = handle_item);

/* ---- how it will look ------------------------------------------------------------------------------------------------------------------ */

static struct form_context looks(const struct job *job)
{
  struct form_context c = {.arena = job->rq->arena, .lang = job->who.lang, .western = !job->who.wareki};
  c.today = job->who.today;
  c.mask.categories = FORM_ALL_CATEGORIES;
  return c;
}

static enum code open_draft(struct job *job, struct err *e)
{
  if (gate_has_problems(job->rq))
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  job->code = doc_get_str(job->rq->input, "code");
  enum code c = gate_read(job->rq, read_draft, job, e);
  return c == OK && !job->form ? err_set(e, NOT_FOUND, TR("この様式の下書きはありません。")) : c;
}

static enum code handle_preview(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = open_draft(&job, e);
  if (c != OK)
    return c;
  struct form_context context = looks(&job);
  struct doc *data = doc_map(rq->arena);
  doc_put_str(data, "code", job.code);
  doc_put(data, "form", form_render_input(&context, job.form, form_begin(&context, job.form, NULL), NULL));
  return gate_page(rq, rs, "form_preview", form_title(job.form, job.who.lang), data, e);
}

ROUTE_DEFINE(route_form_preview, GET, "/forms/preview", NEEDS(NETWORK_WRITE), .fields = code_fields,
             .summary = TR("変えた様式を確かめる"), .handle = handle_preview);

static enum code handle_draft_paper(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  struct str pdf = STR_NONE;
  enum code c = open_draft(&job, e);
  if (c != OK)
    return c;
  struct form_context context = looks(&job);
  c = print_pdf(rq->arena, job.who.lang, form_print(&context, job.form, NULL), &pdf, e);
  if (c == OK)
    gate_file(rq, rs, "application/pdf", S("draft.pdf"), pdf);
  return c;
}

ROUTE_DEFINE(route_form_draft_paper, GET, "/forms/draft.pdf", NEEDS(NETWORK_WRITE), .fields = code_fields, .slow = true,
             .returns = "application/pdf", .summary = TR("変えた様式を紙で確かめる"), .handle = handle_draft_paper);
