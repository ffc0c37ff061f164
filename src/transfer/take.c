/* take.c: a case that came from another network begins here anew. */
#include "transfer/transfer_sql.h"

struct knowing {
  const unsigned char *key;
  id64 peer;
};

static enum code know(void *arg, const struct transfer_peer *p, struct err *e)
{
  struct knowing *k = arg;
  if (memcmp(p->card.p + PARCEL_HALF, k->key, PARCEL_HALF) == 0)
    k->peer = p->id;
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

/* Who it is, then what else is known of it, each as told by another body. */
static enum code add_person(struct tx *tx, const struct actor *who, const struct transfer_case *t,
                            const struct scope **ret, struct err *e)
{
  struct person_new p = {.name = value_of(t, ATTRIBUTE_NAME),
                         .kana = value_of(t, ATTRIBUTE_KANA),
                         .called = value_of(t, ATTRIBUTE_CALLED),
                         .sex = value_of(t, ATTRIBUTE_SEX)};
  id64 guardian = 0;
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
  for (size_t i = 0; c == OK && i < t->guardian_count; i++)
    c = guardian_add(tx, *ret, &t->guardians[i], &guardian, e);
  return c;
}

/* Where it comes from, in the words of whoever opens the case first. */
static enum code add_origin(struct tx *tx, const struct scope *s, id64 case_id, const struct transfer_case *t,
                            enum lang lang, struct err *e)
{
  id64 id = 0;
  struct str from = str_printf(tx_arena(tx), "%.*s %.*s", STR_FMT(t->network), STR_FMT(t->organization));
  struct paragraph_new p = {
      .text = tr_args(
          tx_arena(tx), lang,
          TR("移管で受け入れたケースです。移管元：%1、もとの番号：%2。移管元が書いた記録は「他機関からの情報」"
             "として入っています。移管元で得た同意は、こちらでは使えません。本人と保護者に、改めて確かめてください。"),
          from, t->number, STR_NONE),
      .source = SOURCE_STAFF,
      .category = CAT_SUPPORT};
  const struct record_new r = {.at = tx_now(tx), .method = S("transfer"), .paragraphs = &p, .count = 1};
  return record_add(tx, s, case_id, &r, &id, e);
}

/* Whose words they were is told in front of them: here they are another body's. */
static enum code add_record(struct tx *tx, const struct scope *s, id64 case_id, const struct record_new *from,
                            enum lang lang, struct err *e)
{
  static const char *const sources[] = {"", TR("本人の話"), TR("家族・周囲の人の話"), TR("他機関からの情報"),
                                        TR("支援者の所見")};
  struct record_new r = *from;
  struct paragraph_new *list = arena_array(tx_arena(tx), from->count, sizeof *list);
  id64 id = 0;
  if (!list)
    return err_oom(e);
  for (size_t i = 0; i < from->count; i++) {
    const struct paragraph_new *p = &from->paragraphs[i];
    struct str whose = tr(lang, sources[p->source]);
    list[i] = *p;
    list[i].source = SOURCE_OTHER_BODY;
    list[i].text = str_printf(tx_arena(tx), JA("［%.*s］%.*s"), STR_FMT(whose), STR_FMT(p->text));
  }
  r.paragraphs = list;
  if (r.next.n) { /* what was to be done there is no task here */
    r.next = STR_NONE;
    r.next_date = (struct date){0};
  }
  return record_add(tx, s, case_id, &r, &id, e);
}

static enum code add_case(struct tx *tx, const struct actor *who, const struct scope *s, const struct transfer_case *t,
                          enum lang lang, id64 *ret, struct err *e)
{
  const struct case_begun begun = {.origin = S("transfer"),
                                   .density = t->density,
                                   .status = S("reception"),
                                   .opened_at = tx_now(tx),
                                   .last_contact_at = t->last_contact_at,
                                   .lead_user = who->user};
  id64 case_id = 0, file = 0;
  enum code c = case_open_begun(tx, s, &begun, &case_id, e);
  if (c == OK)
    c = add_origin(tx, s, case_id, t, lang, e);
  for (size_t i = 0; c == OK && i < t->record_count; i++)
    c = add_record(tx, s, case_id, &t->records[i], lang, e);
  for (size_t i = 0; c == OK && i < t->file_count; i++) {
    struct file_ready f = t->files[i];
    f.source = SOURCE_OTHER_BODY;
    c = file_attach(tx, s, case_id, &f, &file, e);
  }
  if (c == OK)
    *ret = case_id;
  return c;
}

enum code transfer_take(struct tx *tx, const struct actor *who, const unsigned char from[PARCEL_HALF],
                        const struct transfer_case *t, enum lang lang, id64 *ret_case, struct err *e)
{
  const struct scope *may = NULL, *s = NULL;
  struct knowing k = {.key = from};
  bool taken = false;
  id64 case_id = 0;
  enum code c = access_open_network(tx, who, ACTION_TRANSFER_IN, &may, e);
  if (c == OK)
    c = transfer_sql_peers(tx, know, &k, e);
  if (c == OK && !k.peer)
    return err_set(
        e, INVALID,
        TR("送り元の合わせ札が、まだ登録されていません。送り元から合わせ札をもらい、合わせ番号を電話で読みあわせて"
           "登録してから、もう一度取り込んでください。"));
  if (c == OK)
    c = transfer_sql_taken(tx, t->code, &taken, e);
  if (c == OK && taken)
    return err_set(e, CONFLICT, TR("このファイルは、もう取り込んであります。ケースの一覧から開いてください。"));
  if (c == OK)
    c = add_person(tx, who, t, &s, e);
  if (c == OK)
    c = add_case(tx, who, s, t, lang, &case_id, e);
  if (c == OK)
    c = transfer_sql_take(tx, s, case_id, k.peer, t->code, e);
  if (c == CONFLICT)
    return err_set(e, CONFLICT, TR("このファイルは、もう取り込んであります。ケースの一覧から開いてください。"));
  if (c == OK)
    *ret_case = case_id;
  return c;
}
