/* take.c: a case that came from another network begins here anew. */
#include "base/limits.h"
#include "base/utf8.h"
#include "formbook/formbook.h"
#include "person/find.h"
#include "transfer/transfer_sql.h"

struct knowing {
  const unsigned char *key;
  struct arena *a;
  id64 peer;
  struct str name;
};

static enum code know(void *arg, const struct transfer_peer *p, struct err *e)
{
  struct knowing *k = arg;
  if (memcmp(p->card.p + PARCEL_HALF, k->key, PARCEL_HALF) == 0)
    *k = (struct knowing){k->key, k->a, p->id, str_copy(k->a, p->name)};
  return OK;
}

static const struct transfer_attribute *find(const struct transfer_case *t, enum attribute kind)
{
  for (size_t i = 0; i < t->attribute_count; i++)
    if (t->attributes[i].kind == kind)
      return &t->attributes[i];
  return NULL;
}

static struct str value_of(const struct transfer_case *t, enum attribute kind)
{
  const struct transfer_attribute *x = find(t, kind);
  return x ? x->value : STR_NONE;
}

/* Guardians, and the notes of the family that name them. */
static enum code add_family(struct tx *tx, const struct scope *s, const struct transfer_case *t, struct err *e)
{
  id64 *guardians = arena_array(tx_arena(tx), t->guardian_count + 1, sizeof *guardians), note = 0;
  enum code c = guardians ? OK : err_oom(e);
  for (size_t i = 0; c == OK && i < t->guardian_count; i++)
    c = guardian_add(tx, s, &t->guardians[i], &guardians[i + 1], e);
  for (size_t i = 0; c == OK && i < t->note_count; i++) {
    struct family_note n = t->notes[i].note;
    n.guardian = guardians[t->notes[i].guardian]; /* 0: none */
    n.source = SOURCE_OTHER_BODY;
    c = family_add(tx, s, &n, &note, e);
  }
  return c;
}

/* Who it is, then what else is known of it, each as told by another body. */
static enum code add_person(struct tx *tx, const struct actor *who, const struct transfer_case *t,
                            const struct scope **ret, struct err *e)
{
  struct person_new p = {.name = value_of(t, ATTRIBUTE_NAME),
                         .kana = value_of(t, ATTRIBUTE_KANA),
                         .called = value_of(t, ATTRIBUTE_CALLED),
                         .sex = value_of(t, ATTRIBUTE_SEX)};
  (void)date_parse_iso(value_of(t, ATTRIBUTE_BIRTH), &p.birth);
  if (!p.name.n)
    p.name = p.called;
  enum code c = person_create(tx, who, &p, ret, e);
  for (size_t i = 0; c == OK && i < t->attribute_count; i++) {
    enum attribute k = t->attributes[i].kind;
    bool done = k == ATTRIBUTE_NAME || k == ATTRIBUTE_KANA || k == ATTRIBUTE_CALLED || k == ATTRIBUTE_SEX ||
                k == ATTRIBUTE_BIRTH;
    if (!done)
      c = person_put(tx, *ret, k, t->attributes[i].value, SOURCE_OTHER_BODY, e);
  }
  return c == OK ? add_family(tx, *ret, t, e) : c;
}

/* Is it for this organization, by the name that the sender knows it by? Blanks and width do not count. */
static enum code is_for(struct tx *tx, const struct scope *s, const struct transfer_case *t, bool *ret, struct err *e)
{
  struct arena *a = tx_arena(tx);
  struct str name = STR_NONE;
  enum code c = organization_name(tx, scope_organization(s), a, &name, e);
  if (c == OK)
    *ret = t->to.n && str_eq(utf8_fold(a, name), utf8_fold(a, t->to));
  return c;
}

/* Where it comes from, in the words of whoever opens the case first. */
static enum code add_origin(struct tx *tx, const struct scope *s, id64 case_id, const struct transfer_case *t,
                            const struct transfer_accept *how, struct err *e)
{
  enum lang lang = how->lang;
  id64 id = 0;
  bool ours = false;
  struct str from = str_printf(tx_arena(tx), "%.*s %.*s", STR_FMT(t->network), STR_FMT(t->organization)),
             stage = t->status.n ? case_status_label(lang, t->status) : tr(lang, TR("わかりません"));
  struct paragraph_new list[4] = {{.text = tr_args(tx_arena(tx), lang,
                                                   TR("移管で受け入れたケースです。移管元：%1、もとの番号：%"
                                                      "2、移管元での段階：%3。移管元が書いた記録は「他機関から"
                                                      "の情報」として入っています。移管元で得た同意は、こちらでは使えま"
                                                      "せん。本人と保護者に、改めて確かめてください。"),
                                                   from, t->number, stage),
                                   .source = SOURCE_STAFF,
                                   .category = CAT_SUPPORT}};
  struct record_new r = {.at = tx_now(tx), .method = S("transfer"), .paragraphs = list, .count = 1};
  struct date next = {0};
  if (t->withheld)
    list[r.count++] = (struct paragraph_new){
        .text = tr(lang, TR("移管元では、秘匿（支援措置など）にしていることがあります。このファイルには入っていません。"
                            "移管元に電話で確かめて、こちらでも秘匿にしてください。")),
        .source = SOURCE_OTHER_BODY,
        .category = CAT_SUPPORT};
  if (date_parse_iso(t->next_date, &next) && date_known(next))
    list[r.count++] =
        (struct paragraph_new){.text = tr_args(tx_arena(tx), lang, TR("移管元で次に予定していた日：%1"),
                                               date_text(tx_arena(tx), next, lang == LANG_JA), STR_NONE, STR_NONE),
                               .source = SOURCE_OTHER_BODY,
                               .category = CAT_SUPPORT};
  enum code c = is_for(tx, s, t, &ours, e);
  if (!ours)
    list[r.count++] = (struct paragraph_new){
        .text = t->to.n
                    ? tr_args(tx_arena(tx), lang,
                              TR("ファイルのあて先は「%1」でした。この機関あてであることを確かめて、受け入れました。"),
                              t->to, STR_NONE, STR_NONE)
                    : tr(lang, TR("ファイルにあて先の機関名がありませんでした。この機関あてであることを確かめて、受け入"
                                  "れました。")),
        .source = SOURCE_STAFF,
        .category = CAT_SUPPORT};
  return c == OK ? record_add(tx, s, case_id, &r, &id, e) : c;
}

/* Whose words they were is told in front of them, and that they were written there: here the record stands under the name of whoever took it in,
 * who has met nobody yet. */
static struct str told(struct tx *tx, enum lang lang, enum source source, struct str text)
{
  struct str whose = tr(lang, source_label(source));
  struct str head = tr_args(tx_arena(tx), lang, TR("移管元の記録・%1"), whose, STR_NONE, STR_NONE);
  return str_printf(tx_arena(tx), JA("［%.*s］%.*s"), STR_FMT(head), STR_FMT(text));
}

static enum code take_paragraph(struct tx *tx, enum lang lang, const struct paragraph_new *from,
                                struct paragraph_new *ret, struct err *e)
{
  struct paragraph_past *past = arena_array(tx_arena(tx), from->past_count + 1, sizeof *past);
  if (!past)
    return err_oom(e);
  for (size_t i = 0; i < from->past_count; i++) {
    past[i] = from->past[i];
    past[i].source = SOURCE_OTHER_BODY;
    past[i].text = told(tx, lang, from->past[i].source, from->past[i].text);
  }
  *ret = *from;
  ret->source = SOURCE_OTHER_BODY;
  ret->text = told(tx, lang, from->source, from->text);
  ret->past = past;
  return OK;
}

/* What was to be done there is no task here: it is read, and decided anew. */
static struct paragraph_new next_there(struct tx *tx, enum lang lang, const struct record_new *from)
{
  const struct reader who = {.lang = lang, .wareki = lang == LANG_JA};
  struct str day = date_known(from->next_date) ? date_text(tx_arena(tx), from->next_date, who.wareki) : STR_NONE;
  return (struct paragraph_new){
      .text = day.n ? tr_args(tx_arena(tx), lang, TR("移管元で次にすることになっていたこと：%1（%2まで）"), from->next,
                              day, STR_NONE)
                    : tr_args(tx_arena(tx), lang, TR("移管元で次にすることになっていたこと：%1"), from->next, STR_NONE,
                              STR_NONE),
      .source = SOURCE_OTHER_BODY,
      .category = CAT_SUPPORT};
}

static enum code add_record(struct tx *tx, const struct scope *s, id64 case_id, const struct record_new *from,
                            enum lang lang, struct err *e)
{
  struct record_new r = *from;
  struct paragraph_new *list = arena_array(tx_arena(tx), from->count + 1, sizeof *list);
  id64 id = 0;
  enum code c = list ? OK : err_oom(e);
  for (size_t i = 0; c == OK && i < from->count; i++)
    c = take_paragraph(tx, lang, &from->paragraphs[i], &list[i], e);
  if (c != OK)
    return c;
  if (from->next.n)
    list[r.count++] = next_there(tx, lang, from);
  r.paragraphs = list;
  r.next = STR_NONE;
  r.next_date = (struct date){0};
  return record_add(tx, s, case_id, &r, &id, e);
}

/* ---- how it went there ------------------------------------------------------------------------------------------------- */

enum { PARAGRAPH = 8 << 10 }; /* bytes after which a new one begins */

static void add_line(struct tx *tx, const struct transfer_moment *m, bool wareki, struct buf *b)
{
  struct str day = date_text(tx_arena(tx), date_of_ts(m->at), wareki);
  buf_printf(b, "%s%.*s %.*s", b->n ? "\n" : "", STR_FMT(day), STR_FMT(m->what));
  if (m->said.n)
    buf_printf(b, JA("（%.*s）"), STR_FMT(m->said));
}

static enum code add_paragraphs(struct tx *tx, const struct scope *s, id64 case_id, const struct transfer_case *t,
                                enum lang lang, struct err *e)
{
  struct paragraph_new *list = arena_array(tx_arena(tx), t->moment_count + 1, sizeof *list);
  struct record_new r = {.at = tx_now(tx), .method = S("transfer"), .paragraphs = list};
  struct buf b;
  id64 id = 0;
  enum code c = list ? OK : err_oom(e);
  buf_init(&b, tx_arena(tx), LIMIT_BODY);
  for (size_t i = 0; c == OK && i < t->moment_count; i++) {
    add_line(tx, &t->moments[i], lang == LANG_JA, &b);
    if (b.n < PARAGRAPH && i + 1 < t->moment_count)
      continue;
    list[r.count++] = (struct paragraph_new){.text = buf_str(&b), .source = SOURCE_OTHER_BODY, .category = CAT_SUPPORT};
    buf_init(&b, tx_arena(tx), LIMIT_BODY);
    if (r.count == LIMIT_REPEATS || i + 1 == t->moment_count) {
      c = record_add(tx, s, case_id, &r, &id, e);
      r.paragraphs += r.count;
      r.count = 0;
    }
  }
  return c;
}

static enum code add_history(struct tx *tx, const struct scope *s, id64 case_id, const struct transfer_case *t,
                             enum lang lang, struct err *e)
{
  enum code c = add_paragraphs(tx, s, case_id, t, lang, e);
  for (size_t i = 0; c == OK && i < t->step_count; i++)
    c = case_withdrawal_add(tx, s, case_id, t->steps[i].day, t->steps[i].step, t->steps[i].note, e);
  return c;
}

/* Each answer stays with the version of the form it was given on. */
static enum code add_sheets(struct tx *tx, const struct scope *s, id64 case_id, const struct transfer_case *t,
                            struct err *e)
{
  enum code c = OK;
  for (size_t i = 0; c == OK && i < t->sheet_count; i++) {
    const struct form *form = NULL;
    c = formbook_keep(tx, tx_arena(tx), t->sheets[i].form, &form, e);
    if (c == OK)
      c = sheet_take(tx, s, case_id, form, t->sheets[i].answers, t->sheets[i].at, e);
  }
  return c;
}

static enum code add_case(struct tx *tx, const struct actor *who, const struct scope *s, const struct transfer_case *t,
                          const struct transfer_accept *how, id64 *ret, struct err *e)
{
  enum lang lang = how->lang;
  const struct case_begun begun = {.origin = S("transfer"),
                                   .density = t->density,
                                   .status = S("reception"),
                                   .opened_at = tx_now(tx),
                                   .last_contact_at = t->last_contact_at,
                                   .lead_user = who->user};
  id64 case_id = 0, file = 0;
  enum code c = case_open_begun(tx, s, &begun, &case_id, e);
  if (c == OK)
    c = add_history(tx, s, case_id, t, lang, e);
  for (size_t i = 0; c == OK && i < t->record_count; i++)
    c = add_record(tx, s, case_id, &t->records[i], lang, e);
  if (c == OK)
    c = add_sheets(tx, s, case_id, t, e);
  for (size_t i = 0; c == OK && i < t->file_count; i++) {
    struct file_ready f = t->files[i];
    f.source = SOURCE_OTHER_BODY;
    c = file_attach(tx, s, case_id, &f, &file, e);
  }
  if (c == OK)
    c = add_origin(tx, s, case_id, t, how, e); /* the newest: whoever opens the case reads it first */
  if (c == OK)
    *ret = case_id;
  return c;
}

/* ---- may it be taken ----------------------------------------------------------------------------------------------------- */

/* What was agreed for one body of this network is no other's: whoever answers is the one meant, or says so. */
static enum code check_meant(struct tx *tx, const struct scope *s, const struct transfer_case *t,
                             const struct transfer_accept *how, struct err *e)
{
  bool ours = false;
  enum code c = is_for(tx, s, t, &ours, e);
  if (c != OK || ours || how->meant)
    return c;
  return err_field(
      e, "meant",
      TR("このファイルのあて先が、この機関の名前とちがいます。この機関あてであることを送り元に確かめて、しるしを"
         "付けてください。ほかの機関あてなら、その機関に渡してください。"));
}

/* From whom, and that nothing was answered yet. */
static enum code admit(struct tx *tx, const struct actor *who, const unsigned char from[PARCEL_HALF],
                       const struct transfer_case *t, struct knowing *k, const struct scope **ret, struct err *e)
{
  enum transfer_state state = TRANSFER_MADE;
  *k = (struct knowing){.key = from, .a = tx_arena(tx)};
  enum code c = access_open_network(tx, who, ACTION_TRANSFER_IN, ret, e);
  if (c == OK)
    c = transfer_sql_peers(tx, know, k, e);
  if (c == OK && !k->peer)
    return err_set(
        e, INVALID,
        TR("送り元の合わせ札が、まだ登録されていません。送り元から合わせ札をもらい、合わせ番号を電話で読みあわせて"
           "登録してから、もう一度取り込んでください。"));
  if (c == OK)
    c = transfer_sql_taken(tx, t->code, &state, e);
  if (c == OK && state == TRANSFER_RECEIVED)
    return err_set(e, CONFLICT, TR("このファイルは、もう取り込んであります。ケースの一覧から開いてください。"));
  if (c == OK && state == TRANSFER_REFUSED)
    return err_set(
        e, CONFLICT,
        TR("このファイルは、受け入れないと答えてあります。受け入れるときは、送り元に作り直してもらってください。"));
  return c;
}

enum code transfer_take(struct tx *tx, const struct actor *who, const unsigned char from[PARCEL_HALF],
                        const struct transfer_case *t, const struct transfer_accept *how, id64 *ret_case, struct err *e)
{
  const struct scope *may = NULL, *s = NULL;
  struct knowing k;
  id64 case_id = 0;
  enum code c = admit(tx, who, from, t, &k, &may, e);
  if (c == OK)
    c = check_meant(tx, may, t, how, e);
  if (c != OK)
    return c;
  c = add_person(tx, who, t, &s, e);
  if (c == OK)
    c = add_case(tx, who, s, t, how, &case_id, e);
  if (c == OK)
    c = transfer_sql_take(tx, s, case_id, k.peer, t->code, e);
  if (c == CONFLICT)
    return err_set(e, CONFLICT, TR("このファイルは、もう取り込んであります。ケースの一覧から開いてください。"));
  if (c == OK)
    *ret_case = case_id;
  return c;
}

enum code transfer_refuse(struct tx *tx, const struct actor *who, const unsigned char from[PARCEL_HALF],
                          const struct transfer_case *t, const struct transfer_accept *how, struct err *e)
{
  const struct scope *s = NULL;
  struct knowing k;
  enum code c = admit(tx, who, from, t, &k, &s, e);
  if (c == OK)
    c = check_meant(tx, s, t, how, e);
  return c == OK ? transfer_sql_refuse(tx, s, k.peer, t->code, e) : c;
}

/* ---- before it is taken ---------------------------------------------------------------------------------------------------- */

static void put_counts(const struct transfer_case *t, struct arena *a, enum lang lang, struct doc *d)
{
  const struct {
    const char *id;
    size_t n;
  } counts[] = {{TR("記録 %1件"), t->record_count},
                {TR("シート・様式 %1件"), t->sheet_count},
                {TR("書類 %1件"), t->file_count},
                {TR("保護者 %1人"), t->guardian_count},
                {TR("家族・まわりの人のメモ %1件"), t->note_count},
                {TR("経過 %1件"), t->moment_count}};
  struct doc *list = doc_put_list(d, "counts");
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
    doc_add_str(list, tr_args(a, lang, counts[i].id, str_printf(a, "%zu", counts[i].n), STR_NONE, STR_NONE));
}

static void put_told(const struct transfer_case *t, struct arena *a, const struct reader *who, struct doc *d)
{
  struct str name = value_of(t, ATTRIBUTE_NAME);
  doc_put_str(d, "network", t->network);
  doc_put_str(d, "organization", t->organization);
  doc_put_str(d, "number", t->number);
  doc_put_str(d, "name", name.n ? name : value_of(t, ATTRIBUTE_CALLED));
  doc_put_str(d, "kana", value_of(t, ATTRIBUTE_KANA));
  doc_put_str(d, "age", person_age_text(a, who, value_of(t, ATTRIBUTE_BIRTH)));
  doc_put_str(d, "status", t->status.n ? case_status_label(who->lang, t->status) : STR_NONE);
  doc_put_str(d, "density", t->density);
  doc_put_str(d, "made", t->made_at ? date_text(a, date_of_ts(t->made_at), who->wareki) : STR_NONE);
  doc_put_bool(d, "withheld", t->withheld);
  put_counts(t, a, who->lang, d);
}

enum code transfer_look(struct tx *tx, const struct actor *who, const unsigned char from[PARCEL_HALF],
                        const struct transfer_case *t, struct arena *a, const struct reader *reader, struct doc **ret,
                        struct err *e)
{
  const struct find_typed typed = {.name = value_of(t, ATTRIBUTE_NAME),
                                   .kana = value_of(t, ATTRIBUTE_KANA),
                                   .birth_iso = value_of(t, ATTRIBUTE_BIRTH),
                                   .phone = value_of(t, ATTRIBUTE_PHONE),
                                   .mobile = value_of(t, ATTRIBUTE_MOBILE)};
  struct find_query q = find_query(a, &typed);
  const struct scope *s = NULL, *list = NULL;
  struct found found = {0};
  struct knowing k;
  struct doc *d = doc_map(a);
  bool ours = false;
  enum code c = admit(tx, who, from, t, &k, &s, e);
  if (c == OK)
    c = is_for(tx, s, t, &ours, e);
  if (c == OK)
    c = access_open_network(tx, who, ACTION_PERSON_FIND, &list, e);
  if (c == OK)
    c = case_found(tx, list, &q, a, reader, &found, e);
  if (c != OK)
    return c;
  doc_put_str(d, "peer", k.name);
  doc_put_str(d, "to", t->to);
  doc_put_bool(d, "is_for_us", ours);
  put_told(t, a, reader, d);
  case_put_found(&found, a, d);
  *ret = d;
  return OK;
}
