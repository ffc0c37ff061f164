/* read.c: the family as a scope sees it, in words. */
#include "base/limits.h"
#include "base/utf8.h"
#include "family/note.h"

struct read_job {
  struct tx *tx;
  const struct scope *s, *as; /* as: whom a file goes to */
  const struct seal_key *key;
  struct arena *a;
  const struct reader *who;
  struct needles *secret; /* of the person, and of whoever is linked */
  struct doc *members, *resources, *ties, *links;
};

/* Before a text is wrapped into a map, where no sentence would be found any more. */
static struct str veiled(const struct read_job *job, struct str text)
{
  return needles_mask(job->secret, job->a, text, str_from(CONCEALED_MARK));
}

static void put_word(const struct read_job *job, struct doc *d, const char *key, const char *label_key,
                     const char *const *codes, struct str code)
{
  const char *word = family_word(codes, code);
  doc_replace(d, key, doc_str(job->a, code));
  doc_replace(d, label_key, doc_str(job->a, *word ? tr(job->who->lang, word) : STR_NONE));
}

/* ---- members ---------------------------------------------------------------------------------------------------------------- */

static const char *sex_of_relation(struct str relation)
{
  static const char *const sexes[] = {
#define X(name, code, label, sex) sex,
      FAMILY_RELATIONS(X)
#undef X
  };
  for (size_t i = 0; i < RELATION_COUNT; i++)
    if (str_is(relation, family_relation_codes[i]))
      return sexes[i];
  return "";
}

/* 「45歳」, of a year alone 「45歳くらい」; of the dead nothing. */
static struct str age_text(const struct read_job *job, struct str born, bool dead)
{
  struct date d;
  if (dead || !born.n || !date_parse_iso(born, &d) || !d.year)
    return STR_NONE;
  if (date_known(d))
    return reader_count(job->a, job->who->lang, TR("%1歳"), age_on(d, job->who->today));
  return reader_count(job->a, job->who->lang, TR("%1歳くらい"), job->who->today.year - d.year);
}

static struct doc *new_member(const struct read_job *job)
{
  static const char *const texts[] = {
      "name",  "relation",        "relation_label", "sex",       "born",      "age",
      "house", "house_label",     "couple",         "tie",       "tie_label", "couple_label",
      "phone", "authority_label", "note",           "link_href", "link_text", "more"};
  struct doc *d = doc_add_map(job->members);
  doc_put_null(d, "note_id");
  doc_put_null(d, "guardian_id");
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    doc_put_cstr(d, texts[i], "");
  doc_put_bool(d, "dead", false);
  doc_put_bool(d, "can_change", false);
  doc_put_bool(d, "linked", false);
  return d;
}

/* The word that a guardian's row keeps as the code of a relation. */
static const char *relation_of_word(struct str word)
{
  static const char *const known[][2] = {{JA("母"), "mother"}, {JA("父"), "father"}, {JA("里親・施設長"), "foster"}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (str_is(word, known[i][0]))
      return known[i][1];
  return "relative";
}

static void put_relation(const struct read_job *job, struct doc *d, struct str relation)
{
  put_word(job, d, "relation", "relation_label", family_relation_codes, relation);
  doc_replace(d, "sex", doc_str(job->a, str_from(sex_of_relation(relation))));
}

static enum code put_guardians(struct read_job *job, struct err *e)
{
  struct doc *list = NULL;
  enum code c = person_guardians(job->tx, job->s, job->a, job->who, &list, e);
  for (size_t i = 0; c == OK && i < doc_size(list); i++) {
    const struct doc *g = doc_at(list, i);
    struct doc *d = new_member(job);
    doc_replace(d, "guardian_id", doc_str(job->a, doc_get_str(g, "id")));
    doc_replace(d, "name", doc_str(job->a, veiled(job, doc_get_str(g, "name"))));
    doc_replace(d, "phone", doc_str(job->a, doc_get_str(g, "phone")));
    put_relation(job, d, str_from(relation_of_word(doc_get_str(g, "relation"))));
    doc_replace(d, "relation_label", doc_str(job->a, tr(job->who->lang, str_cstr(job->a, doc_get_str(g, "relation")))));
    doc_replace(d, "authority_label", doc_str(job->a, doc_get_str(g, "authority_label")));
  }
  return c;
}

static struct doc *member_of_guardian(const struct read_job *job, id64 guardian)
{
  struct str id = id_text(job->a, guardian);
  for (size_t i = 0; guardian && i < doc_size(job->members); i++)
    if (str_eq(doc_get_str(doc_at(job->members, i), "guardian_id"), id))
      return doc_at(job->members, i);
  return NULL;
}

static void fill_member(const struct read_job *job, struct doc *d, const struct doc *n)
{
  struct str relation = doc_get_str(n, "relation"), sex = doc_get_str(n, "sex"), born = doc_get_str(n, "born");
  bool dead = str_is(doc_get_str(n, "life"), "dead");
  if (relation.n && !str_eq(relation, doc_get_str(d, "relation")))
    put_relation(job, d, relation);
  if (sex.n)
    doc_replace(d, "sex", doc_str(job->a, sex));
  doc_replace(d, "born", doc_str(job->a, born));
  doc_replace(d, "dead", doc_bool(job->a, dead));
  doc_replace(d, "age", doc_str(job->a, age_text(job, born, dead)));
  put_word(job, d, "house", "house_label", family_house_codes, doc_get_str(n, "house"));
  put_word(job, d, "couple", "couple_label", family_couple_codes, doc_get_str(n, "couple"));
  put_word(job, d, "tie", "tie_label", family_tie_codes, doc_get_str(n, "tie"));
  doc_replace(d, "note", doc_str(job->a, veiled(job, doc_get_str(n, "note"))));
}

/* Of a guardian the own organization's note counts before another's. A guardian's note without the guardian (ended) is not shown. */
static void put_member(const struct read_job *job, const struct family_row *row, const struct doc *n)
{
  bool own = scope_wrote(job->s, row->author), may = own && scope_writes(job->s);
  struct doc *d = row->guardian ? member_of_guardian(job, row->guardian) : new_member(job);
  if (!d || (doc_get_str(d, "note_id").n && !own))
    return;
  doc_replace(d, "note_id", doc_str(job->a, id_text(job->a, row->note)));
  doc_replace(d, "can_change", doc_bool(job->a, may && scope_may(job->s, ACTION_PERSON_WRITE)));
  if (!row->guardian)
    doc_replace(d, "name", doc_str(job->a, veiled(job, doc_get_str(n, "name"))));
  fill_member(job, d, n);
}

/* ---- what else is around ------------------------------------------------------------------------------------------------------- */

static void put_resource(const struct read_job *job, const struct family_row *row, const struct doc *n)
{
  struct doc *d = doc_add_map(job->resources);
  doc_put_id(d, "note_id", row->note);
  doc_put_str(d, "name", veiled(job, doc_get_str(n, "name")));
  doc_put_cstr(d, "tie", "");
  doc_put_cstr(d, "tie_label", "");
  put_word(job, d, "tie", "tie_label", family_tie_codes, doc_get_str(n, "tie"));
  doc_put_str(d, "note", veiled(job, doc_get_str(n, "note")));
  doc_put_bool(d, "can_change",
               scope_wrote(job->s, row->author) && scope_writes(job->s) && scope_may(job->s, ACTION_PERSON_WRITE));
}

static void put_tie(const struct read_job *job, const struct family_row *row, const struct doc *n)
{
  struct doc *d = doc_add_map(job->ties);
  doc_put_id(d, "note_id", row->note);
  doc_put_id(d, "organization_id", row->organization);
  doc_put_cstr(d, "tie", "");
  doc_put_cstr(d, "tie_label", "");
  put_word(job, d, "tie", "tie_label", family_tie_codes, doc_get_str(n, "tie"));
  doc_put_bool(d, "own", scope_wrote(job->s, row->author));
}

static enum code take_row(void *arg, const struct family_row *row, struct err *e)
{
  struct read_job *job = arg;
  struct doc *n = NULL;
  enum family_kind kind;
  if (!note_kind_parse(row->kind, &kind) || !scope_sees(job->s, row->category, row->author, row->marks) ||
      !scope_hears(job->s, row->source))
    return OK;
  enum code c = note_open(job->tx, job->key, row, job->a, &n, e);
  if (c != OK)
    return c;
  scope_showed_categories(job->s, row->category);
  if (kind == FAMILY_MEMBER)
    put_member(job, row, n);
  else if (kind == FAMILY_RESOURCE)
    put_resource(job, row, n);
  else
    put_tie(job, row, n);
  return OK;
}

/* ---- who is in the network too ---------------------------------------------------------------------------------------------- */

static void mark_member(const struct read_job *job, id64 note, const struct doc *link)
{
  struct str id = id_text(job->a, note);
  for (size_t i = 0; note && i < doc_size(job->members); i++) {
    struct doc *d = doc_at(job->members, i);
    if (!str_eq(doc_get_str(d, "note_id"), id))
      continue;
    doc_replace(d, "linked", doc_bool(job->a, true));
    doc_replace(d, "link_href", doc_str(job->a, doc_get_str(link, "href")));
    doc_replace(d, "link_text", doc_str(job->a, doc_get_str(link, "text")));
  }
}

/* The other one, looked at as the actor: the look is in the log, and what is concealed of the other is known to the gate. */
static enum code put_link(struct read_job *job, const struct link_row *row, struct err *e)
{
  const struct scope *other = NULL;
  struct doc *strip = NULL;
  struct str number = STR_NONE;
  id64 case_id = 0;
  enum code c = access_open(job->tx, scope_actor(job->s), ACTION_PERSON_READ, row->other, &other, e);
  if (c == OK)
    c = person_strip(job->tx, other, job->a, job->who, &strip, e);
  if (c == OK)
    c = person_concealed(job->tx, other, job->a, &job->secret, e);
  if (c == OK)
    c = link_sql_newest(job->tx, row->other, job->a, &case_id, &number, e);
  if (c != OK || !case_id)
    return c;
  struct doc *d = doc_add_map(job->links);
  struct str id = id_text(job->a, case_id), name = doc_get_str(strip, "name");
  doc_put_id(d, "id", row->id);
  doc_put_str(d, "href", str_printf(job->a, "/cases/%.*s", STR_FMT(id)));
  doc_put_str(d, "text",
              veiled(job, name.n ? str_printf(job->a, "%.*s %.*s", STR_FMT(number), STR_FMT(name)) : number));
  doc_put_id(d, "note_id", row->note);
  doc_put_bool(d, "own", scope_wrote(job->s, row->author));
  return OK;
}

/* The link is a word about the family of either, in the name of who made it: the category has to be open on both sides. */
static bool tells(const struct read_job *job, const struct link_row *link, const struct access_view *v)
{
  cats_t there = scope_wrote(job->s, link->author) ? v->own : v->others;
  return scope_sees(job->s, CAT_FAMILY, link->author, 0) && there & CAT_FAMILY;
}

/* Whom the actor may not see is left out before anything is said of him. */
static enum code put_links(struct read_job *job, struct err *e)
{
  struct link_row links[LIMIT_PAGE_ROWS];
  struct access_view views[LIMIT_PAGE_ROWS];
  id64 persons[LIMIT_PAGE_ROWS];
  size_t n = 0;
  enum code c = link_sql_each(job->tx, job->s, links, &n, e);
  for (size_t i = 0; i < n; i++)
    persons[i] = links[i].other;
  if (c == OK && n)
    c = access_views(job->tx, job->s, persons, n, views, e);
  for (size_t i = 0; c == OK && i < n; i++)
    if (tells(job, &links[i], &views[i]))
      c = put_link(job, &links[i], e);
  return c;
}

/* ---- all of it ------------------------------------------------------------------------------------------------------------------- */

/* 「44歳・同居・共同親権」 */
static void put_more(const struct read_job *job, struct doc *d)
{
  static const char *const keys[] = {"age", "house_label", "couple_label", "authority_label"};
  struct buf b;
  buf_init(&b, job->a, 4 << 10);
  struct str dead = tr(job->who->lang, TR("死亡"));
  if (doc_get_bool(d, "dead"))
    buf_add(&b, dead);
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    struct str part = doc_get_str(d, keys[i]);
    if (part.n && b.n)
      buf_add_cstr(&b, JA("・"));
    buf_add(&b, part);
  }
  doc_replace(d, "more", doc_str(job->a, buf_str(&b)));
}

static int place_of(const struct doc *member)
{
  for (int i = 0; i < RELATION_COUNT; i++)
    if (str_is(doc_get_str(member, "relation"), family_relation_codes[i]))
      return i;
  return RELATION_COUNT;
}

/* In the order of FAMILY_RELATIONS, else as they were written. */
static void in_order(struct read_job *job, struct doc *out)
{
  for (int place = 0; place <= RELATION_COUNT; place++)
    for (size_t i = 0; i < doc_size(job->members); i++)
      if (place_of(doc_at(job->members, i)) == place)
        doc_add(out, doc_at(job->members, i));
}

static enum code read_all(struct read_job *job, bool with_links, struct err *e)
{
  enum code c = person_key(job->tx, job->s, &job->key, e);
  if (c == OK)
    c = person_concealed(job->tx, job->s, job->a, &job->secret, e);
  if (c == OK && with_links)
    c = put_links(job, e);
  if (c == OK)
    c = put_guardians(job, e);
  if (c == OK)
    c = family_sql_each(job->tx, job->s, take_row, job, e);
  for (size_t i = 0; c == OK && i < doc_size(job->links); i++) {
    id64 note = 0;
    if (doc_get_id(doc_at(job->links, i), "note_id", &note))
      mark_member(job, note, doc_at(job->links, i));
  }
  for (size_t i = 0; i < doc_size(job->members); i++)
    put_more(job, doc_at(job->members, i));
  return c;
}

static enum code read_family(struct read_job *job, bool with_links, struct doc **ret, struct err *e)
{
  struct doc *d = doc_map(job->a), *members = doc_put_list(d, "members");
  job->members = doc_list(job->a);
  job->resources = doc_put_list(d, "resources");
  job->ties = doc_put_list(d, "ties");
  job->links = doc_put_list(d, "links");
  enum code c = scope_decision(job->s)->visit_only ? OK : read_all(job, with_links, e);
  in_order(job, members);
  if (c == OK)
    *ret = d;
  return c;
}

enum code family_read(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who, struct doc **ret,
                      struct err *e)
{
  struct read_job job = {.tx = tx, .s = s, .a = a, .who = who};
  return read_family(&job, true, ret, e);
}

/* ---- for a file that leaves ----------------------------------------------------------------------------------------------------- */

static enum code row_for(void *arg, const struct family_row *row, struct err *e)
{
  struct read_job *job = arg;
  struct doc *n = NULL;
  enum family_kind kind;
  if (!note_kind_parse(row->kind, &kind) || kind == FAMILY_TIE ||
      !scope_sees(job->s, row->category, row->author, row->marks) || !scope_hears(job->s, row->source) ||
      !scope_sees(job->as, row->category, row->author, row->marks) || !scope_hears(job->as, row->source))
    return OK;
  enum code c = note_open(job->tx, job->key, row, job->a, &n, e);
  if (c != OK)
    return c;
  static const char *const texts[] = {"name", "note"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (doc_get(n, texts[i]))
      doc_replace(n, texts[i], doc_str(job->a, veiled(job, doc_get_str(n, texts[i]))));
  doc_put_str(n, "kind", row->kind);
  doc_put_int(n, "source", row->source);
  if (row->guardian)
    doc_put_id(n, "guardian_id", row->guardian);
  doc_add(job->members, n);
  scope_showed_categories(job->s, row->category);
  return OK;
}

enum code family_for(struct tx *tx, const struct scope *s, const struct scope *as, struct needles *secret,
                     struct arena *a, struct doc **ret, struct err *e)
{
  struct read_job job = {.tx = tx, .s = s, .as = as, .a = a, .secret = secret, .members = doc_list(a)};
  enum code c = person_key(tx, s, &job.key, e);
  if (c == OK)
    c = family_sql_each(tx, s, row_for, &job, e);
  if (c == OK)
    *ret = job.members;
  return c;
}

enum code family_concealed(struct tx *tx, const struct scope *s, struct arena *a, struct needles **list, struct err *e)
{
  const struct reader nobody = {.today = date_of_ts(tx_now(tx))};
  struct read_job job = {.tx = tx, .s = s, .a = a, .who = &nobody, .secret = *list, .links = doc_list(a)};
  enum code c = person_concealed(tx, s, a, &job.secret, e);
  if (c == OK)
    c = put_links(&job, e);
  if (c == OK)
    *list = job.secret;
  return c;
}

/* ---- who lives together -------------------------------------------------------------------------------------------------------- */

/* What is concealed is not carried on, not even as a mark. The note is the office's own word about a relative, and page 1 of a sheet is the family's
 * copy: it stays where it is. */
static void put_inmate(const struct read_job *job, const struct doc *m, struct doc *list)
{
  struct date born = {0};
  struct str iso = doc_get_str(m, "born"), name = doc_get_str(m, "name");
  if (!str_is(doc_get_str(m, "house"), "same") || doc_get_bool(m, "dead") || !name.n ||
      str_contains(name, str_from(CONCEALED_MARK)))
    return;
  struct doc *row = doc_add_map(list);
  doc_put_str(row, "name", name);
  if (iso.n && date_parse_iso(iso, &born) && born.year)
    doc_put_int(row, "age", date_known(born) ? age_on(born, job->who->today) : job->who->today.year - born.year);
  doc_put_str(row, "relation", doc_get_str(m, "relation_label"));
}

enum code family_household(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                           struct doc **ret, struct err *e)
{
  struct read_job job = {.tx = tx, .s = s, .a = a, .who = who};
  struct doc *all = NULL, *list = doc_list(a);
  enum code c = read_family(&job, false, &all, e);
  const struct doc *members = doc_get(all, "members");
  for (size_t i = 0; c == OK && i < doc_size(members); i++)
    put_inmate(&job, doc_at(members, i), list);
  if (c == OK)
    *ret = list;
  return c;
}
