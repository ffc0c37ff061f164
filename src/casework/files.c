#include "casework/files.h"

#include "casework/casework_sql.h"
#include "casework/files_sql.h"

/* ---- in ------------------------------------------------------------------------------------------------------------------- */

enum code file_ready(struct arena *a, const struct file_new *n, struct file_ready *ret, struct err *e)
{
  struct file_ready f = {.title = n->title, .category = n->category, .source = n->source};
  if (!n->bytes.n)
    return err_field(e, "file", TR("つけるファイルを選んでください。"));
  if (n->bytes.n > FILE_MOST)
    return err_field(e, "file", TR("ファイルが大きすぎます。4MBまでです。写真は、小さくしてからつけてください。"));
  if (!n->title.n)
    return err_field(e, "title", TR("何の書類か、短く書いてください。"));
  enum code c = file_clean(a, n->bytes, &f.type, &f.clean, e);
  if (c == OK)
    *ret = f;
  return c;
}

static enum code add_part(struct tx *tx, const struct scope *s, const struct seal_key *key, id64 file, int part,
                          const struct file_ready *f, struct err *e)
{
  struct str sealed = STR_NONE;
  struct seal_at at = {
      .table = "attachment_part", .column = "data_sealed", .network = tx_network(tx), .row = id_new(tx_now(tx))};
  enum code c = seal(tx_arena(tx), key, at, str_sub(f->clean, (size_t)part * FILE_PART, FILE_PART), &sealed, e);
  return c == OK ? file_sql_insert_part(tx, s, at.row, file, part, f->category, sealed, e) : c;
}

enum code file_attach(struct tx *tx, const struct scope *s, id64 case_id, const struct file_ready *f, id64 *ret_id,
                      struct err *e)
{
  const struct seal_key *key = NULL;
  struct file_row row = {.id = id_new(tx_now(tx)),
                         .category = f->category,
                         .source = f->source,
                         .type = str_from(file_type_code(f->type)),
                         .bytes = (int64_t)f->clean.n,
                         .consent = f->consent};
  struct seal_at at = {.table = "attachment", .column = "title_sealed", .network = tx_network(tx), .row = row.id};
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  enum code c = person_key(tx, s, &key, e);
  if (c == OK)
    c = seal(tx_arena(tx), key, at, f->title, &row.title_sealed, e);
  if (c == OK)
    c = file_sql_insert(tx, s, case_id, &row, e);
  for (int part = 0; c == OK && (size_t)part * FILE_PART < f->clean.n; part++)
    c = add_part(tx, s, key, row.id, part, f, e);
  if (c == OK)
    *ret_id = row.id;
  return c;
}

/* ---- out ------------------------------------------------------------------------------------------------------------------- */

struct files_job {
  struct tx *tx;
  const struct scope *s;
  const struct seal_key *key;
  struct arena *a;
  const struct reader *who;
  id64 case_id;
  bool leads; /* the scope's organization leads the case */
  struct doc *list;
  id64 consent;        /* list those of this one; 0: all */
  enum file_type type; /* of the one that is opened */
  id64 id;
  struct buf bytes;
};

static bool is_seen(const struct files_job *job, const struct file_row *row)
{
  return scope_sees(job->s, row->category, row->author_organization, row->marks) && scope_hears(job->s, row->source);
}

static bool may_remove(const struct files_job *job, const struct file_row *row)
{
  return scope_writes(job->s) && scope_may(job->s, ACTION_RECORD_WRITE) &&
         scope_wrote(job->s, row->author_organization) && !row->consent && /* what proves a consent stays with it */
         (job->leads || row->author_user == scope_actor(job->s)->user);
}

static const char *category_word(cats_t category)
{
  for (int i = 0; i < CATEGORIES; i++)
    if (category == 1u << i)
      return category_label(i);
  return "";
}

static struct str size_text(struct arena *a, int64_t bytes)
{
  return bytes < 1000 * 1000 ? str_printf(a, "%lld KB", (long long)(bytes + 999) / 1000)
                             : str_printf(a, "%.1f MB", (double)bytes / 1e6);
}

static enum code list_file(void *arg, const struct file_row *row, struct err *e)
{
  struct files_job *job = arg;
  struct arena *a = job->a;
  struct str title = STR_NONE, id = id_text(a, row->id), case_id = id_text(a, job->case_id);
  enum file_type type;
  struct seal_at at = {.table = "attachment", .column = "title_sealed", .network = tx_network(job->tx), .row = row->id};
  if (!is_seen(job, row) || !file_type_parse(row->type, &type) || (job->consent && row->consent != job->consent))
    return OK;
  enum code c = unseal(a, job->key, at, row->title_sealed, &title, e);
  if (c != OK)
    return c;
  struct doc *d = doc_add_map(job->list);
  doc_put_id(d, "id", row->id);
  doc_put_str(d, "href", str_printf(a, "/cases/%.*s/files/%.*s", STR_FMT(case_id), STR_FMT(id)));
  doc_put_str(d, "title", title);
  doc_put_cstr(d, "type", type == FILE_PDF ? "PDF" : type == FILE_JPEG ? "JPEG" : "PNG");
  doc_put_str(d, "size", size_text(a, row->bytes));
  doc_put_str(d, "category", tr(job->who->lang, category_word(row->category)));
  doc_put_int(d, "at", row->at);
  doc_put_str(d, "when", reader_day_ts(a, job->who, row->at));
  doc_put_str(d, "by", str_printf(a, "%.*s(%.*s)", STR_FMT(row->author), STR_FMT(row->organization)));
  doc_put_bool(d, "can_remove", may_remove(job, row));
  scope_showed_categories(job->s, row->category);
  return OK;
}

static enum code begin(struct files_job *job, const struct scope *page, struct err *e)
{
  enum code c = access_part(job->tx, page, ACTION_RECORD_READ, &job->s, e);
  if (c == OK)
    c = case_leads(job->tx, page, job->case_id, &job->leads, e);
  return c == OK ? person_key(job->tx, page, &job->key, e) : c;
}

enum code file_list(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, const struct reader *who,
                    struct doc **ret, struct err *e)
{
  return file_list_of_consent(tx, s, case_id, 0, a, who, ret, e);
}

enum code file_list_of_consent(struct tx *tx, const struct scope *s, id64 case_id, id64 consent, struct arena *a,
                               const struct reader *who, struct doc **ret, struct err *e)
{
  struct files_job job = {.tx = tx, .a = a, .who = who, .case_id = case_id, .consent = consent, .list = doc_list(a)};
  enum code c = begin(&job, s, e);
  if (c == OK)
    c = file_sql_each(tx, job.s, case_id, 0, list_file, &job, e);
  if (c == OK)
    *ret = job.list;
  return c;
}

enum code file_show(struct tx *tx, const struct scope *s, id64 case_id, id64 id, struct arena *a,
                    const struct reader *who, struct doc **ret, struct err *e)
{
  struct files_job job = {.tx = tx, .a = a, .who = who, .case_id = case_id, .list = doc_list(a)};
  enum code c = begin(&job, s, e);
  if (c == OK && id)
    c = file_sql_each(tx, job.s, case_id, id, list_file, &job, e);
  if (c == OK && !doc_size(job.list))
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  if (c == OK)
    *ret = doc_at(job.list, 0);
  return c;
}

enum code file_remove(struct tx *tx, const struct scope *s, id64 case_id, id64 id, struct str why, struct err *e)
{
  struct doc *file = NULL;
  struct reader who = {.lang = LANG_JA, .wareki = true, .today = date_of_ts(tx_now(tx))};
  enum code c = file_show(tx, s, case_id, id, tx_arena(tx), &who, &file, e);
  if (c != OK)
    return c;
  if (!doc_get_bool(file, "can_remove"))
    return err_set(e, DENIED, TR("書類を消せるのは、つけた人か、主担当機関の人です。"));
  if (!why.n)
    return err_field(e, "reason", TR("なぜ消すのかを書いてください。"));
  struct str day = date_iso(tx_arena(tx), date_of_ts(doc_get_int(file, "at")));
  c = file_sql_delete(tx, s, id, e);
  return c == OK ? case_step_file(tx, s, case_id, doc_get_str(file, "type"), day, why, e) : c;
}

static enum code take_one(void *arg, const struct file_row *row, struct err *e)
{
  struct files_job *job = arg;
  (void)e;
  if (is_seen(job, row) && file_type_parse(row->type, &job->type)) {
    job->id = row->id;
    scope_showed_categories(job->s, row->category);
  }
  return OK;
}

static enum code take_part(void *arg, id64 id, struct str sealed, struct err *e)
{
  struct files_job *job = arg;
  struct str data = STR_NONE;
  struct seal_at at = {.table = "attachment_part", .column = "data_sealed", .network = tx_network(job->tx), .row = id};
  enum code c = unseal(tx_arena(job->tx), job->key, at, sealed, &data, e);
  if (c == OK)
    buf_add(&job->bytes, data);
  return c;
}

enum code file_open(struct tx *tx, const struct scope *s, id64 case_id, id64 id, struct arena *a, enum file_type *ret,
                    struct str *ret_bytes, struct err *e)
{
  struct files_job job = {.tx = tx, .a = a, .case_id = case_id};
  buf_init(&job.bytes, a, FILE_MOST + FILE_PART);
  enum code c = begin(&job, s, e);
  if (c == OK && id)
    c = file_sql_each(tx, job.s, case_id, id, take_one, &job, e);
  if (c == OK && !job.id)
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  if (c == OK)
    c = file_sql_parts(tx, job.id, take_part, &job, e);
  if (c == OK && job.bytes.failed)
    return err_oom(e);
  if (c == OK) {
    *ret = job.type;
    *ret_bytes = buf_str(&job.bytes);
  }
  return c;
}
