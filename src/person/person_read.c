/* person_read.c: what a scope sees of a person. */
#include "person/person.h"
#include "person/person_sql.h"

static const char *const sexes[][2] = {{"1", "男性"}, {"2", "女性"}, {"9", "その他"}, {"0", "回答しない"}};

static const char *sex_label(struct str code)
{
  for (size_t i = 0; i < sizeof sexes / sizeof *sexes; i++)
    if (str_is(code, sexes[i][0]))
      return sexes[i][1];
  return "";
}

struct read_job {
  struct tx *tx;
  const struct scope *s;
  struct arena *a;
  const struct seal_key *key;
  const struct reader *who;
  struct doc *out;
  struct str grade, enrolled; /* of the strip */
  bool liked;                 /* … and what the person likes */
};

static enum code open_value(const struct read_job *job, const struct attribute_row *row, struct str *ret, struct err *e)
{
  struct seal_at at = {
      .table = "person_attribute", .column = "value_sealed", .network = tx_network(job->tx), .row = row->id};
  return unseal(job->a, job->key, at, row->sealed, ret, e);
}

/* A row of a kind that this program knows, for this reader. */
static bool is_seen(const struct read_job *job, const struct attribute_row *row, enum attribute *ret)
{
  return attribute_parse(row->kind, ret) && scope_sees(job->s, row->category, row->author, row->marks) &&
         scope_hears(job->s, row->source);
}

static bool is_hidden(const struct read_job *job, enum attribute k)
{
  return attribute_item(k) && scope_hides(job->s, attribute_item(k));
}

/* What a reader sees of a stored value: dates in the reader's calendar, codes as words. */
static struct str shown(const struct read_job *job, enum attribute k, struct str value)
{
  struct date d;
  if (k == ATTRIBUTE_BIRTH && date_parse_iso(value, &d))
    return reader_date(job->a, job->who, d);
  if (k == ATTRIBUTE_SEX)
    return str_from(sex_label(value));
  return value;
}

static bool birth_known(struct str birth_iso, struct date *ret)
{
  return birth_iso.n && date_parse_iso(birth_iso, ret) && date_known(*ret);
}

struct str person_age_text(struct arena *a, const struct reader *who, struct str birth_iso)
{
  struct date birth;
  return birth_known(birth_iso, &birth) ? reader_count(a, who->lang, TR("%1歳"), age_on(birth, who->today)) : STR_NONE;
}

struct str person_grade_text(struct arena *a, const struct reader *who, struct str birth_iso)
{
  struct date birth;
  int grade = birth_known(birth_iso, &birth) ? school_grade(birth, who->today) : -1;
  if (grade < 1 || grade > 12)
    return STR_NONE;
  if (grade <= 6)
    return reader_count(a, who->lang, TR("小%1"), grade);
  if (grade <= 9)
    return reader_count(a, who->lang, TR("中%1"), grade - 6);
  return reader_count(a, who->lang, TR("高%1相当"), grade - 9);
}

static void strip_text(struct read_job *job, const char *key, struct str text)
{
  doc_replace(job->out, key, doc_str(job->a, text));
}

/* What was written begins with the grade itself: 「中1 五月雨登校」 where 中1 was reckoned, 「高2」 where 高2相当. */
static bool tells_grade(struct str more, struct str grade)
{
  struct str about = str_from(JA("相当"));
  bool equal = str_ends(grade, about);
  return grade.n && str_starts(more, equal ? str_sub(grade, 0, grade.n - about.n) : grade);
}

/* 「高2相当・5月に中退」: what follows from the birth date, then what was written down. */
static void strip_grade(struct read_job *job)
{
  struct str more = job->enrolled, grade = tells_grade(more, job->grade) ? STR_NONE : job->grade;
  strip_text(job, "grade",
             grade.n && more.n ? tr_args(job->a, job->who->lang, TR("%1・%2"), grade, more, STR_NONE)
             : grade.n         ? grade
                               : more);
}

/* What to avoid, and what is liked, is all of it, whoever wrote it: what another organization writes later hides nothing. Oldest first. */
static void strip_all(struct read_job *job, const char *key, struct str value)
{
  struct str before = doc_get_str(job->out, key);
  if (before.n && str_contains(before, value))
    return;
  strip_text(job, key,
             !before.n || str_contains(value, before)
                 ? value
                 : str_printf(job->a, "%.*s / %.*s", STR_FMT(before), STR_FMT(value)));
}

static void strip_value(struct read_job *job, enum attribute k, struct str value)
{
  switch (k) {
  case ATTRIBUTE_NAME:
    strip_text(job, "name", value);
    doc_replace(job->out, "has_name", doc_bool(job->a, true));
    break;
  case ATTRIBUTE_BIRTH:
    strip_text(job, "age", person_age_text(job->a, job->who, value));
    job->grade = person_grade_text(job->a, job->who, value);
    strip_grade(job);
    break;
  case ATTRIBUTE_GRADE:
    job->enrolled = value;
    strip_grade(job);
    break;
  case ATTRIBUTE_AVOID:
    strip_all(job, "avoid", value);
    doc_replace(job->out, "has_avoid", doc_bool(job->a, true));
    break;
  case ATTRIBUTE_INTEREST:
    strip_all(job, "liked", value);
    break;
  default:
    strip_text(job, attribute_code(k), value);
  }
}

static bool is_of_strip(const struct read_job *job, enum attribute k)
{
  return (k == ATTRIBUTE_INTEREST && job->liked) || k == ATTRIBUTE_NAME || k == ATTRIBUTE_KANA ||
         k == ATTRIBUTE_CALLED || k == ATTRIBUTE_BIRTH || k == ATTRIBUTE_GRADE || k == ATTRIBUTE_AVOID;
}

static enum code strip_row(void *arg, const struct attribute_row *row, struct err *e)
{
  struct read_job *job = arg;
  enum attribute k;
  struct str value = STR_NONE;
  if (!is_seen(job, row, &k) || !is_of_strip(job, k))
    return OK;
  enum code c = open_value(job, row, &value, e);
  if (c != OK)
    return c;
  strip_value(job, k, value);
  scope_showed_categories(job->s, row->category);
  return OK;
}

static enum code read_strip(struct tx *tx, const struct scope *s, bool liked, struct arena *a, const struct reader *who,
                            struct doc **ret, struct err *e)
{
  static const char *const texts[] = {"name", "kana", "called", "age", "grade", "avoid"};
  struct read_job job = {.tx = tx, .s = s, .a = a, .who = who, .out = doc_map(a), .liked = liked};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    doc_put_cstr(job.out, texts[i], "");
  if (liked)
    doc_put_cstr(job.out, "liked", "");
  doc_put_bool(job.out, "has_name", false);
  doc_put_bool(job.out, "has_avoid", false);
  doc_put_bool(job.out, "concealed", scope_decision(s)->concealment);
  enum code c = person_key(tx, s, &job.key, e);
  if (c == OK)
    c = person_sql_each_of_strip(tx, s, liked, strip_row, &job, e);
  if (c == OK)
    *ret = job.out;
  return c;
}

enum code person_strip(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                       struct doc **ret, struct err *e)
{
  return read_strip(tx, s, false, a, who, ret, e);
}

enum code person_strip_liked(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                             struct doc **ret, struct err *e)
{
  return read_strip(tx, s, true, a, who, ret, e);
}

static enum code list_row(void *arg, const struct attribute_row *row, struct err *e)
{
  struct read_job *job = arg;
  enum attribute k;
  struct str value = STR_NONE;
  if (row->guardian || !is_seen(job, row, &k))
    return OK;
  bool hidden = is_hidden(job, k);
  enum code c = hidden ? OK : open_value(job, row, &value, e);
  if (c != OK)
    return c;
  struct doc *d = doc_add_map(job->out);
  doc_put_cstr(d, "kind", attribute_code(k));
  doc_put_str(d, "label", tr(job->who->lang, attribute_label(k)));
  doc_put_bool(d, "concealed", hidden);
  doc_put_str(d, "value", hidden ? STR_NONE : value);
  doc_put_str(d, "text", hidden ? tr(job->who->lang, TR("秘匿あり")) : shown(job, k, value));
  doc_put_int(d, "category", row->category);
  doc_put_id(d, "author", row->author);
  doc_put_str(d, "source", tr(job->who->lang, source_label(row->source)));
  scope_showed_categories(job->s, row->category);
  return OK;
}

/* In the order of ATTRIBUTES, whatever order they were written in. */
static struct doc *in_order(struct arena *a, const struct doc *list)
{
  struct doc *sorted = doc_list(a);
  for (int k = 0; k < ATTRIBUTE_COUNT; k++)
    for (size_t i = 0; i < doc_size(list); i++)
      if (str_is(doc_get_str(doc_at(list, i), "kind"), attribute_code((enum attribute)k)))
        doc_add(sorted, doc_at(list, i));
  return sorted;
}

enum code person_attributes(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                            struct doc **ret, struct err *e)
{
  struct read_job job = {.tx = tx, .s = s, .a = a, .who = who, .out = doc_list(a)};
  enum code c = person_key(tx, s, &job.key, e);
  if (c == OK)
    c = person_sql_each_attribute(tx, s, list_row, &job, e);
  if (c == OK)
    *ret = in_order(a, job.out);
  return c;
}

static const char *authority_label(struct str code)
{
  static const char *const labels[][2] = {{"joint", TR("共同親権")},
                                          {"sole", TR("単独親権")},
                                          {"daily", TR("日常行為")},
                                          {"urgent", TR("急迫")},
                                          {"none", TR("親権なし")}};
  for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
    if (str_is(code, labels[i][0]))
      return labels[i][1];
  return "";
}

static struct doc *guardian_of(struct doc *list, struct arena *a, id64 id)
{
  struct str text = id_text(a, id);
  for (size_t i = 0; i < doc_size(list); i++)
    if (str_eq(doc_get_str(doc_at(list, i), "id"), text))
      return doc_at(list, i);
  return NULL;
}

static enum code guardian_row(void *arg, const struct attribute_row *row, struct err *e)
{
  struct read_job *job = arg;
  struct str value = STR_NONE;
  enum attribute k;
  struct doc *d = row->guardian ? guardian_of(job->out, job->a, row->guardian) : NULL;
  if (!d || !is_seen(job, row, &k) || is_hidden(job, k))
    return OK;
  enum code c = open_value(job, row, &value, e);
  if (c != OK)
    return c;
  doc_replace(d, k == ATTRIBUTE_GUARDIAN_NAME ? "name" : "phone", doc_str(job->a, value));
  scope_showed_categories(job->s, row->category);
  return OK;
}

enum code person_guardians(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                           struct doc **ret, struct err *e)
{
  struct read_job job = {.tx = tx, .s = s, .a = a, .who = who};
  if (scope_decision(s)->visit_only || !((scope_own(s) | scope_others(s)) & CAT_FAMILY)) {
    *ret = doc_list(a);
    return OK;
  }
  enum code c = guardian_sql_list(tx, s, a, &job.out, e);
  for (size_t i = 0; c == OK && i < doc_size(job.out); i++) {
    struct doc *d = doc_at(job.out, i);
    doc_put_str(d, "authority_label", tr(who->lang, authority_label(doc_get_str(d, "authority"))));
    doc_put_cstr(d, "name", "");
    doc_put_cstr(d, "phone", "");
  }
  if (c == OK)
    c = person_key(tx, s, &job.key, e);
  if (c == OK)
    c = person_sql_each_attribute(tx, s, guardian_row, &job, e);
  if (c == OK)
    *ret = job.out;
  return c;
}
