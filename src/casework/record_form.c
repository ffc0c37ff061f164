#include "casework/record_form.h"

#include "base/utf8.h"
#include "gate/handler.h"

const char *const record_methods[] = {"meet", "phone", "visit", "accompany", "message", "conference", "online", NULL};
const char *const record_partners[] = {"person", "family", "school", "body", NULL};
const char *const record_met[] = {"met", "voice", "none", NULL};

ts_t record_instant(struct date day, struct str time)
{
  int64_t hour = 12, minute = 0;
  if (time.n == 5) {
    (void)str_to_i64(str_sub(time, 0, 2), &hour);
    (void)str_to_i64(str_sub(time, 3, 2), &minute);
  }
  return date_start_ts(day) + hour * MS_HOUR + minute * MS_MINUTE;
}

const struct doc *record_typed_row(const struct doc *typed, struct arena *a, size_t i)
{
  return doc_kind(typed) == DOC_LIST ? doc_at(typed, i) : doc_get_key(typed, str_printf(a, "%zu", i));
}

struct str record_problem(const struct request *rq, struct str field)
{
  for (const struct problem *p = rq->problems; p; p = p->next)
    if (str_eq(p->field, field))
      return p->text;
  return STR_NONE;
}

static void put_choice(struct doc *list, const char *value, struct str word, bool selected)
{
  struct doc *m = doc_add_map(list);
  doc_put_cstr(m, "value", value);
  doc_put_str(m, "word", word);
  doc_put_bool(m, "selected", selected);
}

void record_put_categories(struct doc *d, enum lang lang, struct str chosen)
{
  struct doc *list = doc_put_list(d, "categories");
  for (int i = 0; i < CATEGORIES; i++)
    put_choice(list, category_code(i), tr(lang, category_label(i)),
               str_is(chosen.n ? chosen : S("support"), category_code(i)));
}

void record_put_sources(struct doc *d, enum lang lang, struct str chosen)
{
  struct doc *list = doc_put_list(d, "sources");
  for (int i = SOURCE_PERSON; i <= SOURCE_STAFF; i++)
    put_choice(list, source_code((enum source)i), tr(lang, source_label((enum source)i)),
               str_is(chosen, source_code((enum source)i)));
}

static bool is_text(const struct doc *row, const char *key)
{
  enum doc_kind kind = doc_kind(doc_get(row, key));
  return kind == DOC_STR || kind == DOC_NULL;
}

/* What stands in a map comes unchecked: each text through the same door as a field. */
enum code record_take_paragraph(const struct request *rq, const struct doc *row, struct paragraph_new *ret,
                                struct err *e)
{
  struct str text = str_trim(utf8_normalize_newlines(rq->arena, doc_get_str(row, "text")));
  struct str code = doc_get_str(row, "source"), about = doc_get_str(row, "category");
  enum source source = SOURCE_STAFF;
  cats_t category = CAT_SUPPORT;
  *ret = (struct paragraph_new){.text = STR_NONE};
  if (doc_kind(row) != DOC_MAP || !is_text(row, "text") || !is_text(row, "source") || !is_text(row, "category"))
    return err_set(e, INVALID, TR("段落は、内容・だれの話か・区分を文字列で送ってください。"));
  if (!text.n)
    return OK;
  if (about.n && !category_parse(about, &category))
    return err_set(e, INVALID, TR("段落の区分を選びなおしてください。"));
  if (code.n && !source_parse(code, &source))
    return err_set(e, INVALID, TR("段落がだれの話かを選びなおしてください。"));
  *ret = (struct paragraph_new){.text = text,
                                .source = source,
                                .category = category,
                                .visit = doc_get_bool(row, "visit") || str_is(doc_get_str(row, "visit"), "1")};
  return field_check_text(text, true, 0, e);
}

/* ---- saving it ----------------------------------------------------------------------------------------------------------- */

struct save_job {
  struct request *rq;
  id64 case_id;
  const struct record_new *record;
};

static enum code add(struct tx *tx, void *arg, struct err *e)
{
  const struct save_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  id64 id = 0;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_RECORD_WRITE, job->case_id, &head, &s, e);
  return c == OK ? record_add(tx, s, job->case_id, job->record, &id, e) : c;
}

enum code record_save(struct request *rq, struct response *rs, enum code taken, const char *key, id64 case_id,
                      const struct record_new *record, const char *said, struct err *e)
{
  struct save_job job = {.rq = rq, .case_id = case_id, .record = record};
  struct str path = gate_path(rq, "/cases/", case_id, "");
  gate_location(rq, path);
  enum code c = taken == OK ? gate_write(rq, key, add, &job, e) : taken;
  return c == OK ? gate_done(rq, rs, path, said, e) : c;
}
