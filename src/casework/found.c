/* found.c: who is already known, as lines: the newest case of each. */
#include "casework/casework.h"
#include "casework/casework_sql.h"
#include "person/find.h"

struct found_job {
  struct tx *tx;
  const struct scope *list;
  struct arena *a;
  const struct reader *who;
  id64 cases[FIND_HITS];
  struct case_line lines[FIND_HITS];
  struct listed_person persons[FIND_HITS];
};

static void add_clue(const struct found_job *job, struct doc *list, const char *id)
{
  if (id)
    doc_add_str(list, tr(job->who->lang, id));
}

/* Why this line stands here. */
static void put_clues(const struct found_job *job, const struct find_clues *c, struct doc *d)
{
  static const char *const name[] = {NULL, TR("名前の一部"), TR("名前が似ている"), TR("名前が同じ")};
  static const char *const turned[] = {NULL, NULL, TR("氏と名を入れかえると似ている"), TR("氏と名を入れかえると同じ")};
  static const char *const birth[] = {NULL, NULL, TR("生年月日が似ている"), TR("生年月日が同じ")};
  static const char *const phone[] = {NULL, TR("電話番号の下4けたが同じ"), TR("電話が似ている"), TR("電話が同じ")};
  struct doc *list = doc_put_list(d, "clues");
  add_clue(job, list, c->turned ? turned[c->name] : name[c->name]);
  add_clue(job, list, birth[c->birth]);
  add_clue(job, list, phone[c->phone]);
}

static void put_line(const struct found_job *job, size_t i, const struct find_hit *hit, struct doc *list)
{
  const struct case_line *line = &job->lines[i];
  const struct listed_person *p = &job->persons[i];
  struct str id = id_text(job->a, job->cases[i]), org = line->lead_organization, worker = line->lead_worker;
  struct str name = listed_name(p);
  if (!job->cases[i])
    return; /* known, but no case was ever opened */
  struct doc *d = doc_add_map(list);
  doc_put_str(d, "href", str_printf(job->a, "/cases/%.*s", STR_FMT(id)));
  doc_put_str(d, "name", name.n ? name : line->number);
  doc_put_str(d, "kana", p->kana);
  doc_put_str(d, "age", person_age_text(job->a, job->who, p->birth));
  doc_put_str(d, "grade", person_grade_text(job->a, job->who, p->birth));
  doc_put_str(d, "stage", line->told ? case_stage_label(job->who->lang, line->status, line->moved) : STR_NONE);
  doc_put_str(d, "lead", worker.n ? str_printf(job->a, "%.*s / %.*s", STR_FMT(org), STR_FMT(worker)) : org);
  doc_put_bool(d, "concealed", line->concealed);
  put_clues(job, &hit->clues, d);
}

static enum code put_lines(struct found_job *job, const struct find_answer *f, struct doc *list, struct err *e)
{
  enum code c = OK;
  id64 whose[LIMIT_PAGE_ROWS];
  for (size_t i = 0; c == OK && i < f->count; i++) {
    job->persons[i].person = whose[i] = f->hits[i].person;
    c = case_sql_newest(job->tx, f->hits[i].person, &job->cases[i], e);
  }
  if (c == OK)
    c = case_lines(job->tx, job->list, job->cases, whose, f->count, job->a, job->lines, e);
  if (c == OK)
    c = person_listed(job->tx, job->list, LISTED_BIRTH, job->persons, f->count, job->a, e);
  for (size_t i = 0; c == OK && i < f->count; i++)
    put_line(job, i, &f->hits[i], list);
  listed_wipe(job->persons, f->count);
  return c;
}

/* Others' files are told of only to who knows the whole name and one thing more, or both things. */
static bool asks_enough(const struct find_query *q)
{
  bool phone = q->phone[0].n || q->phone[1].n;
  return (q->name[0].n || q->name[1].n) ? q->birth.n || phone : q->birth.n && phone;
}

enum code case_found(struct tx *tx, const struct scope *list, const struct find_query *q, struct arena *a,
                     const struct reader *who, struct found *ret, struct err *e)
{
  struct find_answer f = {.count = 0};
  struct found_job *job = arena_new_of(a, struct found_job);
  struct doc *lines = doc_list(a);
  *ret = (struct found){.list = NULL};
  if (!find_asks(q))
    return OK;
  if (!job)
    return err_oom(e);
  *job = (struct found_job){.tx = tx, .list = list, .a = a, .who = who};
  enum code c = person_find(tx, list, q, a, &f, e);
  if (c == OK)
    c = put_lines(job, &f, lines, e);
  if (c == OK)
    *ret = (struct found){lines, f.more, f.likely, f.elsewhere, asks_enough(q)};
  return c;
}

void case_put_found(const struct found *f, struct arena *a, struct doc *data)
{
  doc_put_bool(data, "searched", f->list != NULL);
  doc_put_bool(data, "has_found", doc_size(f->list) > 0);
  doc_put(data, "found", f->list ? f->list : doc_list(a));
  doc_put_bool(data, "more_found", f->more);
  doc_put_bool(data, "elsewhere", f->elsewhere);
  doc_put_bool(data, "ask_more", f->list != NULL && !f->asked_more);
  doc_put_bool(data, "stopped", f->likely || f->elsewhere);
}
