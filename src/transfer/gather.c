/* gather.c: what of a case goes to another network: of what the giver sees, what the receiver may see too, less what is concealed. */
#include "consent/consent.h"
#include "transfer/transfer_sql.h"
#include "view/print.h"

struct gather {
  struct tx *tx;
  const struct scope *s, *as; /* the giver's, and that of whom it goes to */
  const struct case_head *h;
  struct arena *a;
  const struct reader *who;
  const struct seal_key *key;
  struct needles *secret;
  struct transfer_content *out;
  struct doc *data, *list;   /* list: of data */
  struct transfer_row *rows; /* kept while a cursor runs */
  size_t count, room;
};

static struct str masked(const struct gather *g, struct str text)
{
  return needles_mask(g->secret, g->a, text, str_from(CONCEALED_MARK));
}

/* Both must be allowed to see it: who gives and who gets. */
static bool goes(const struct gather *g, const struct transfer_row *r)
{
  return scope_sees(g->s, r->category, r->author, r->marks) && scope_hears(g->s, r->source) &&
         scope_sees(g->as, r->category, r->author, r->marks) && scope_hears(g->as, r->source) &&
         !(r->item && (scope_hides(g->s, (enum item)r->item) || scope_hides(g->as, (enum item)r->item)));
}

static enum code open_text(const struct gather *g, const char *table, const char *column, id64 row, struct str sealed,
                           struct str *ret, struct err *e)
{
  struct seal_at at = {.table = table, .column = column, .network = tx_network(g->tx), .row = row};
  struct str text = STR_NONE;
  enum code c = sealed.n ? unseal(g->a, g->key, at, sealed, &text, e) : OK;
  if (c == OK)
    *ret = masked(g, text);
  return c;
}

static struct doc *same_kind(const struct doc *list, struct str kind)
{
  for (size_t i = 0; i < doc_size(list); i++)
    if (str_eq(doc_get_str(doc_at(list, i), "kind"), kind))
      return doc_at(list, i);
  return NULL;
}

/* The newest of each kind; what one may like or what to avoid is all of it. */
static enum code take_attribute(void *arg, const struct transfer_row *r, struct err *e)
{
  struct gather *g = arg;
  enum attribute kind;
  struct str value = STR_NONE;
  if (r->guardian || !attribute_parse(r->kind, &kind) || !goes(g, r))
    return OK;
  enum code c = open_text(g, "person_attribute", "value_sealed", r->id, r->sealed, &value, e);
  struct doc *there = c == OK ? same_kind(g->list, r->kind) : NULL;
  if (c != OK || (there && kind != ATTRIBUTE_INTEREST && kind != ATTRIBUTE_AVOID))
    return c;
  if (there) {
    struct str both = doc_get_str(there, "value");
    doc_replace(there, "value", doc_str(g->a, str_printf(g->a, "%.*s\xe3\x80\x81%.*s", STR_FMT(both), STR_FMT(value))));
    return OK;
  }
  struct doc *d = doc_add_map(g->list);
  doc_put_str(d, "kind", r->kind);
  doc_put_str(d, "value", value);
  doc_put_cstr(d, "source", source_code(r->source));
  scope_showed_categories(g->s, r->category);
  return OK;
}

static enum code take_guardian(void *arg, const struct transfer_row *r, struct err *e)
{
  struct gather *g = arg;
  if (!goes(g, r))
    return OK;
  struct doc *d = doc_add_map(g->list);
  doc_put_int(d, "row", r->id); /* taken away again */
  doc_put_str(d, "authority", r->kind);
  doc_put_str(d, "relation", r->with);
  doc_put_cstr(d, "name", "");
  doc_put_cstr(d, "phone", "");
  return OK;
}

static enum code take_guardian_value(void *arg, const struct transfer_row *r, struct err *e)
{
  struct gather *g = arg;
  enum attribute kind;
  struct str value = STR_NONE;
  if (!r->guardian || !attribute_parse(r->kind, &kind) || !goes(g, r))
    return OK;
  for (size_t i = 0; i < doc_size(g->list); i++) {
    struct doc *d = doc_at(g->list, i);
    const char *key = kind == ATTRIBUTE_GUARDIAN_NAME ? "name" : "phone";
    if (doc_get_int(d, "row") != r->guardian || doc_get_str(d, key).n)
      continue;
    enum code c = open_text(g, "person_attribute", "value_sealed", r->id, r->sealed, &value, e);
    if (c != OK)
      return c;
    doc_replace(d, key, doc_str(g->a, value));
  }
  return OK;
}

static enum code keep_row(void *arg, const struct transfer_row *r, struct err *e)
{
  struct gather *g = arg;
  if (g->count == g->room) {
    size_t room = g->room ? 2 * g->room : 16;
    g->rows = arena_grow(g->a, g->rows, g->room * sizeof *g->rows, room * sizeof *g->rows);
    g->room = room;
  }
  if (arena_failed(g->a))
    return err_oom(e);
  struct transfer_row kept = *r;
  kept.kind = str_copy(g->a, r->kind);
  kept.with = str_copy(g->a, r->with);
  kept.sealed = str_copy(g->a, r->sealed);
  kept.place = str_copy(g->a, r->place);
  kept.next = str_copy(g->a, r->next);
  kept.next_date = str_copy(g->a, r->next_date);
  g->rows[g->count++] = kept;
  return OK;
}

static bool paragraph_goes(const struct gather *g, const struct transfer_row *r, const struct doc *p)
{
  return scope_sees(g->as, (cats_t)doc_get_int(p, "category"), r->author, doc_get_bool(p, "visit") ? MARK_VISIT : 0);
}

static struct doc *put_paragraph(const struct gather *g, const struct doc *p, struct doc *list)
{
  struct doc *m = doc_add_map(list);
  doc_put_str(m, "text", masked(g, doc_get_str(p, "text")));
  doc_put_str(m, "source", doc_get_str(p, "source"));
  doc_put_cstr(m, "category", category_code_of((cats_t)doc_get_int(p, "category")));
  return m;
}

/* What stands, and under it how it read before it was corrected. */
static enum code put_paragraphs(struct gather *g, const struct transfer_row *r, struct doc *list, struct err *e)
{
  struct doc *standing = NULL, *replaced = NULL;
  enum code c = record_paragraphs(g->tx, g->s, g->h->id, r->id, g->a, &standing, e);
  if (c == OK)
    c = record_replaced(g->tx, g->s, g->h->id, r->id, r->at, g->a, &replaced, e);
  for (size_t i = 0; c == OK && i < doc_size(standing); i++) {
    const struct doc *p = doc_at(standing, i);
    struct doc *m = paragraph_goes(g, r, p) ? put_paragraph(g, p, list) : NULL, *past = NULL;
    for (size_t k = 0; m && k < doc_size(replaced); k++) {
      const struct doc *old = doc_at(replaced, k);
      if (doc_get_int(old, "line") != doc_get_int(p, "line") || !paragraph_goes(g, r, old))
        continue;
      past = past ? past : doc_put_list(m, "past");
      doc_put_int(put_paragraph(g, old, past), "at", doc_get_int(old, "at"));
    }
  }
  return c;
}

/* How its head read before it was corrected, to whom the head is told at all. */
static enum code put_past(struct gather *g, const struct transfer_row *r, struct doc *d, struct err *e)
{
  struct doc *past = NULL;
  enum code c = record_head_past(g->tx, g->s, g->h->id, r->id, r->at, g->a, &past, e);
  for (size_t i = 0; c == OK && i < doc_size(past); i++) {
    struct doc *m = doc_at(past, i);
    doc_replace(m, "place", doc_str(g->a, masked(g, doc_get_str(m, "place"))));
    doc_replace(m, "next", doc_str(g->a, masked(g, doc_get_str(m, "next"))));
  }
  if (c == OK && doc_size(past))
    doc_put(d, "past", past);
  return c;
}

static enum code put_record(struct gather *g, const struct transfer_row *r, struct err *e)
{
  struct doc *d = doc_map(g->a), *list = doc_put_list(d, "paragraphs");
  struct str place = STR_NONE, next = STR_NONE;
  enum code c = put_paragraphs(g, r, list, e);
  if (c == OK)
    c = open_text(g, "record", "place_sealed", r->id, r->place, &place, e);
  if (c == OK)
    c = open_text(g, "record", "next_sealed", r->id, r->next, &next, e);
  if (c != OK || !doc_size(list))
    return c;
  bool whole = scope_sees(g->as, r->category, r->author, r->marks);
  doc_put_int(d, "at", r->at);
  doc_put_str(d, "method", r->kind);
  doc_put_str(d, "with", r->with);
  doc_put_int(d, "minutes", r->minutes);
  doc_put_str(d, "place", whole ? place : STR_NONE);
  doc_put_str(d, "next", whole ? next : STR_NONE);
  doc_put_str(d, "next_date", whole ? r->next_date : STR_NONE);
  doc_add(g->list, d);
  return whole ? put_past(g, r, d, e) : OK;
}

static struct transfer_file *next_file(struct gather *g)
{
  return g->out->count < TRANSFER_FILES ? &g->out->files[g->out->count++] : NULL;
}

static enum code too_many(struct err *e)
{
  return err_set(e, LIMIT, TR("添付が多すぎて、一つのファイルにできません。紙か、別の方法で送ってください。"));
}

static enum code put_attachment(struct gather *g, const struct transfer_row *r, struct err *e)
{
  enum file_type type;
  struct str title = STR_NONE, bytes = STR_NONE;
  if (!goes(g, r))
    return OK;
  enum code c = open_text(g, "attachment", "title_sealed", r->id, r->sealed, &title, e);
  if (c == OK)
    c = file_open(g->tx, g->s, g->h->id, r->id, g->a, &type, &bytes, e);
  struct transfer_file *f = c == OK ? next_file(g) : NULL;
  if (f)
    *f = (struct transfer_file){.name = str_printf(g->a, "file-%zu.%s", g->out->count, file_type_code(type)),
                                .title = title,
                                .bytes = bytes,
                                .category = r->category,
                                .source = r->source};
  return c == OK && !f ? too_many(e) : c;
}

static void mask_doc(const struct gather *g, struct doc *d)
{
  for (size_t i = 0; i < doc_size(d); i++) {
    struct doc *v = doc_kind(d) == DOC_MAP ? doc_value_at(d, i) : doc_at(d, i);
    if (doc_kind(v) == DOC_STR)
      doc_set_str(v, masked(g, doc_string(v)));
    else
      mask_doc(g, v);
  }
}

static void keep_form(struct gather *g, const struct form *form)
{
  struct doc *forms = doc_get(g->data, "forms");
  for (size_t i = 0; i < doc_size(forms); i++)
    if (str_eq(doc_get_str(doc_at(forms, i), "name"), form_name(form)) &&
        str_eq(doc_get_str(doc_at(forms, i), "version"), form_version(form)))
      return;
  doc_add(forms, doc_copy(g->a, form_source(form)));
}

/* The answers, of what giver and receiver both see, with the version they were given on. */
static void put_answers(struct gather *g, const struct sheet *sheet, const struct form *form,
                        const struct form_context *context)
{
  const struct form_context own = sheet_context(g->s, sheet, g->a, g->who);
  struct form_masked theirs = form_mask_answers(context, form, sheet->answers),
                     both = form_mask_answers(&own, form, theirs.answers);
  struct doc *d = doc_add_map(doc_get(g->data, "sheets")), *answers = doc_copy(g->a, both.answers);
  mask_doc(g, answers);
  keep_form(g, form);
  doc_put_str(d, "form", form_name(form));
  doc_put_str(d, "version", form_version(form));
  doc_put_int(d, "at", sheet->frozen_at);
  doc_put(d, "answers", answers);
}

/* A finished sheet as the receiver would read it: on paper, and its answers. */
static enum code put_sheet(struct gather *g, const struct transfer_row *r, struct err *e)
{
  struct sheet sheet = {0};
  const struct form *form = NULL;
  enum code c = sheet_of_connection(g->tx, g->as, r->id, g->a, &sheet, e);
  if (c != OK || !sheet.answers)
    return c;
  c = sheet_form(g->tx, g->a, &sheet, &form, e);
  struct transfer_file *f = c == OK ? next_file(g) : NULL;
  if (!f)
    return c == OK ? too_many(e) : c;
  struct form_context context = sheet_context(g->as, &sheet, g->a, g->who);
  put_answers(g, &sheet, form, &context);
  struct doc *paper = doc_copy(g->a, form_print(&context, form, sheet.answers));
  mask_doc(g, paper);
  *f = (struct transfer_file){.name = str_printf(g->a, "sheet-%zu.pdf", g->out->count),
                              .title = form_title(form, g->who->lang),
                              .category = CAT_SUPPORT,
                              .source = SOURCE_STAFF,
                              .paper = paper};
  return OK;
}

typedef enum code (*rows_fn)(struct tx *tx, const struct scope *s, id64 case_id, transfer_row_fn fn, void *arg,
                             struct err *e);

static enum code for_rows(struct gather *g, rows_fn rows,
                          enum code (*put)(struct gather *g, const struct transfer_row *r, struct err *e),
                          struct err *e)
{
  g->count = 0;
  enum code c = rows(g->tx, g->s, g->h->id, keep_row, g, e);
  if (c == OK && g->count > TRANSFER_RECORDS)
    return err_set(e, LIMIT, TR("記録が多すぎて、一つのファイルにできません。"));
  for (size_t i = 0; c == OK && i < g->count; i++)
    c = put(g, &g->rows[i], e);
  return c;
}

static enum code gather_person(struct gather *g, struct doc *data, struct err *e)
{
  g->list = doc_put_list(data, "attributes");
  enum code c = transfer_sql_attributes(g->tx, g->s, take_attribute, g, e);
  g->list = doc_put_list(data, "guardians");
  if (c == OK)
    c = transfer_sql_guardians(g->tx, g->s, take_guardian, g, e);
  if (c == OK)
    c = transfer_sql_attributes(g->tx, g->s, take_guardian_value, g, e);
  return c;
}

/* A note of a guardian names the place of that one in the list; of one who does not go, nobody. */
static enum code gather_family(struct gather *g, struct err *e)
{
  struct doc *notes = NULL, *guardians = doc_get(g->data, "guardians");
  enum code c = family_for(g->tx, g->s, g->as, g->secret, g->a, &notes, e);
  for (size_t i = 0; c == OK && i < doc_size(notes); i++) {
    struct doc *n = doc_at(notes, i);
    id64 guardian = 0;
    size_t place = 0;
    (void)doc_get_id(n, "guardian_id", &guardian);
    for (size_t k = 0; guardian && k < doc_size(guardians); k++)
      if (doc_get_int(doc_at(guardians, k), "row") == guardian)
        place = k + 1;
    if (guardian && !place)
      continue;
    if (guardian) {
      doc_replace(n, "guardian_id", doc_str(g->a, STR_NONE)); /* no id leaves */
      doc_put_int(n, "guardian", (int64_t)place);
    }
    doc_replace(n, "source", doc_str(g->a, str_from(source_code((enum source)doc_get_int(n, "source")))));
    doc_add(g->list, n);
  }
  for (size_t k = 0; k < doc_size(guardians); k++)
    doc_replace(doc_at(guardians, k), "row", doc_str(g->a, STR_NONE));
  return c;
}

/* ---- what happened, in words ------------------------------------------------------------------------------------------- */

static void put_moment(const struct gather *g, ts_t at, struct str what, struct str said)
{
  struct doc *d = doc_add_map(g->list);
  doc_put_int(d, "at", at);
  doc_put_str(d, "what", masked(g, what));
  doc_put_str(d, "said", masked(g, said));
}

/* How the case went on, and the line of withdrawal. */
static enum code gather_course(struct gather *g, struct err *e)
{
  struct doc *course = NULL, *steps = doc_put_list(g->data, "withdrawal");
  enum code c = case_course_for(g->tx, g->s, g->as, g->h->id, g->a, g->who, &course, e);
  for (size_t i = 0; c == OK && i < doc_size(course); i++) {
    const struct doc *d = doc_at(course, i);
    ts_t at = doc_get_int(d, "at");
    if (!str_is(doc_get_str(d, "kind"), "withdrawal")) {
      put_moment(g, at, doc_get_str(d, "what"), doc_get_str(d, "said"));
      continue;
    }
    struct doc *m = doc_add_map(steps);
    doc_put_str(m, "day", date_iso(g->a, date_of_ts(at)));
    doc_put_int(m, "step", doc_get_int(d, "step"));
    doc_put_str(m, "note", masked(g, doc_get_str(d, "note")));
  }
  return c;
}

/* The answers as the own organization keeps them, a line each, by their day: 「3日前」 would be wrong the next day. */
static enum code put_connection(struct gather *g, const struct doc *connection, struct err *e)
{
  struct str href = doc_get_str(connection, "href"), state = doc_get_str(doc_get(connection, "state"), "word");
  struct doc *answers = NULL;
  struct buf b;
  id64 id = 0;
  const size_t head = sizeof "/connections/" - 1;
  if (!doc_get_int(connection, "at") || !id_parse(str_sub(href, head, href.n), &id))
    return OK; /* a draft */
  enum code c = connection_answers(g->tx, g->s, id, g->a, g->who, &answers, e);
  buf_init(&b, g->a, LIMIT_BODY);
  for (size_t i = 0; c == OK && i < doc_size(answers); i++) {
    const struct doc *d = doc_at(answers, i);
    struct str when = reader_date(g->a, g->who, date_of_ts(doc_get_int(d, "at"))), who = doc_get_str(d, "who"),
               text = doc_get_str(d, "text"), word = doc_get_str(doc_get(d, "state"), "word");
    buf_printf(&b, "%s%.*s %.*s %.*s", b.n ? "\n" : "", STR_FMT(when), STR_FMT(who), STR_FMT(word));
    if (text.n)
      buf_printf(&b, "\n%.*s", STR_FMT(text));
  }
  put_moment(g, doc_get_int(connection, "at"),
             tr_args(g->a, g->who->lang, TR("つないだ → %1（%2）"), doc_get_str(connection, "to"), state, STR_NONE),
             buf_str(&b));
  return c;
}

static enum code gather_connections(struct gather *g, struct err *e)
{
  struct doc *list = NULL;
  if (!scope_sees(g->s, CAT_SUPPORT, g->h->lead_organization, 0) ||
      !scope_sees(g->as, CAT_SUPPORT, g->h->lead_organization, 0))
    return OK;
  enum code c = connection_of_case(g->tx, g->s, g->h->id, g->a, g->who, &list, e);
  for (size_t i = doc_size(list); c == OK && i-- > 0;)
    c = put_connection(g, doc_at(list, i), e);
  return c;
}

/* What this rests on. What was agreed to towards others is theirs; and none of it counts where it goes. */
static enum code gather_agreed(struct gather *g, id64 organization, struct err *e)
{
  struct doc *list = NULL;
  enum code c = consent_towards(g->tx, g->s, g->as, organization, g->a, g->who, &list, e);
  for (size_t i = doc_size(list); c == OK && i-- > 0;)
    put_moment(g, doc_get_int(doc_at(list, i), "at"), doc_get_str(doc_at(list, i), "text"), STR_NONE);
  return c;
}

/* Each list is in order by itself. */
static struct doc *in_order(struct arena *a, struct doc *list)
{
  struct doc *ret = doc_list(a);
  bool *taken = arena_array(a, doc_size(list) + 1, sizeof *taken);
  for (size_t n = 0; taken && n < doc_size(list); n++) {
    size_t first = doc_size(list);
    for (size_t i = 0; i < doc_size(list); i++)
      if (!taken[i] &&
          (first == doc_size(list) || doc_get_int(doc_at(list, i), "at") < doc_get_int(doc_at(list, first), "at")))
        first = i;
    taken[first] = true;
    doc_add(ret, doc_at(list, first));
  }
  return ret;
}

static enum code gather_history(struct gather *g, id64 organization, struct err *e)
{
  struct doc *list = g->list = doc_list(g->a);
  enum code c = gather_course(g, e);
  if (c == OK)
    c = gather_connections(g, e);
  if (c == OK)
    c = gather_agreed(g, organization, e);
  if (c == OK && doc_size(list) > TRANSFER_MOMENTS)
    return err_set(e, LIMIT, TR("記録が多すぎて、一つのファイルにできません。"));
  doc_put(g->data, "history", in_order(g->a, list));
  return c;
}

static enum code put_head(struct gather *g, const struct transfer_given *given, struct doc *data, struct err *e)
{
  struct str organization = STR_NONE, network = STR_NONE;
  enum code c = organization_name(g->tx, scope_organization(g->s), g->a, &organization, e);
  if (c == OK)
    c = network_name(g->tx, g->a, &network, e);
  if (c != OK)
    return c;
  doc_put_cstr(data, "tsunagu", "case transfer");
  doc_put_int(data, "format", TRANSFER_FORMAT);
  doc_put_str(data, "code", given->code);
  doc_put_str(data, "network", network);
  doc_put_str(data, "organization", organization);
  doc_put_str(data, "to", given->body);
  doc_put_str(data, "number", g->h->number);
  doc_put_str(data, "status", given->status);
  doc_put_str(data, "density", g->h->density);
  doc_put_str(data, "next_date", given->next_date);
  doc_put_int(data, "made_at", tx_now(g->tx));
  doc_put_int(data, "opened_at", g->h->opened_at);
  doc_put_int(data, "last_contact_at", g->h->last_contact_at);
  doc_put_bool(data, "withheld", g->secret != NULL);
  return OK;
}

static enum code gather_all(struct gather *g, const struct transfer_choice *ch, struct err *e)
{
  enum code c = gather_person(g, g->data, e);
  g->list = doc_put_list(g->data, "family");
  if (c == OK)
    c = gather_family(g, e);
  g->list = doc_put_list(g->data, "records");
  if (c == OK)
    c = for_rows(g, transfer_sql_records, put_record, e);
  if (c == OK)
    c = gather_history(g, ch->organization, e);
  (void)doc_put_list(g->data, "forms");
  (void)doc_put_list(g->data, "sheets");
  if (c == OK)
    c = for_rows(g, transfer_sql_sheets, put_sheet, e);
  if (c == OK && !g->secret) /* nobody can mask what stands in a picture */
    c = for_rows(g, transfer_sql_files, put_attachment, e);
  return c;
}

enum code transfer_gather(struct tx *tx, const struct scope *s, const struct case_head *h,
                          const struct transfer_choice *ch, const struct transfer_given *given, struct arena *a,
                          const struct reader *who, struct transfer_content *ret, struct err *e)
{
  struct gather g = {.tx = tx, .s = s, .h = h, .a = a, .who = who, .out = ret, .data = doc_map(a)};
  *ret = (struct transfer_content){.data = g.data};
  enum code c = access_open_as_receiver(tx, s, ch->organization, &g.as, e);
  if (c == OK)
    c = person_key(tx, s, &g.key, e);
  if (c == OK)
    c = family_concealed(tx, s, a, &g.secret, e);
  if (c == OK)
    c = put_head(&g, given, g.data, e);
  if (c == OK)
    c = gather_all(&g, ch, e);
  return c == OK && arena_failed(a) ? err_oom(e) : c;
}
