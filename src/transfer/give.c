/* give.c: what of a case goes to another network. */
#include "access/agreed.h"
#include "connection/connection.h"
#include "transfer/transfer_sql.h"
#include "view/print.h"

/* ---- to whom ----------------------------------------------------------------------------------------------------------- */

struct choosing {
  struct arena *a;
  struct doc *list;
  id64 wanted;
  struct transfer_given *given; /* filled for the wanted one */
};

static enum code put_peer(void *arg, const struct transfer_peer *p, struct err *e)
{
  struct choosing *x = arg;
  if (x->list) {
    struct doc *d = doc_add_map(x->list);
    doc_put_id(d, "value", p->id);
    doc_put_str(d, "word", p->name);
    doc_put_str(d, "fingerprint", parcel_fingerprint(x->a, (const unsigned char *)p->card.p));
  }
  if (x->given && p->id == x->wanted) {
    x->given->peer_name = str_copy(x->a, p->name);
    memcpy(x->given->card, p->card.p, PARCEL_CARD);
  }
  return OK;
}

static void put_categories(struct doc *d, enum lang lang, cats_t cats)
{
  struct doc *list = doc_put_list(d, "categories");
  for (int i = 0; i < CATEGORIES; i++)
    if (cats & 1u << i)
      doc_add_str(list, tr(lang, category_label(i)));
}

enum code transfer_choices(struct tx *tx, const struct scope *s, const struct case_head *h, struct arena *a,
                           const struct reader *who, struct doc **ret, struct err *e)
{
  struct doc *d = doc_map(a), *named = NULL, *open = doc_put_list(d, "organizations");
  struct choosing x = {.a = a, .list = doc_put_list(d, "peers")};
  struct needles *secret = NULL;
  enum code c = transfer_sql_peers(tx, put_peer, &x, e);
  if (c == OK)
    c = transfer_sql_named(tx, s, a, &named, e);
  for (size_t i = 0; c == OK && i < doc_size(named); i++) {
    const struct doc *o = doc_at(named, i);
    struct agreed agreed = {0};
    id64 id = 0;
    if (doc_get_id(o, "id", &id))
      c = access_agreed(tx, s, id, &agreed, e);
    if (c != OK || !(agreed.any & CAT_BASIC))
      continue;
    struct doc *m = doc_add_map(open);
    doc_put_id(m, "value", id);
    doc_put_str(m, "word", doc_get_str(o, "name"));
    put_categories(m, who->lang, agreed.any);
  }
  if (c == OK)
    c = person_concealed(tx, s, a, &secret, e);
  if (c != OK)
    return c;
  doc_put_bool(d, "has_peers", doc_size(x.list) > 0);
  doc_put_bool(d, "has_organizations", doc_size(open) > 0);
  doc_put_bool(d, "leads", scope_wrote(s, h->lead_organization));
  doc_put_bool(d, "is_closed", str_is(h->status, "closed"));
  doc_put_bool(d, "withholds_files", secret != NULL);
  *ret = d;
  return OK;
}

/* ---- writing it down --------------------------------------------------------------------------------------------------- */

static enum code check(struct tx *tx, const struct scope *s, const struct case_head *h,
                       const struct transfer_choice *ch, struct transfer_given *given, struct err *e)
{
  struct choosing x = {.a = tx_arena(tx), .wanted = ch->peer, .given = given};
  struct agreed agreed = {0};
  bool stands = false;
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  if (!scope_wrote(s, h->lead_organization))
    return err_set(e, DENIED, TR("ケースを移管できるのは、主担当機関だけです。"));
  if (!ch->compared)
    return err_field(e, "compared", TR("合わせ番号を、電話で相手と読みあわせてから、しるしを付けてください。"));
  enum code c = transfer_sql_peers(tx, put_peer, &x, e);
  if (c == OK && !given->peer_name.n)
    return err_field(e, "peer", TR("移管先のネットワークを選んでください。"));
  if (c == OK)
    c = organization_stands(tx, ch->organization, &stands, e);
  if (c == OK && stands)
    c = access_agreed(tx, s, ch->organization, &agreed, e);
  if (c == OK && !(agreed.any & CAT_BASIC))
    return err_field(
        e, "organization",
        TR("この機関へ伝えてよいという同意も、法令の根拠も、まだありません。記録してから移管してください。"));
  given->categories = agreed.any;
  return c;
}

/* 移管 ends the case here. */
static enum code close_case(struct tx *tx, const struct scope *s, const struct case_head *h, struct str peer,
                            struct err *e)
{
  const struct case_change ch = {.was = h->status,
                                 .status = S("closed"),
                                 .density = h->density,
                                 .reason =
                                     tr_args(tx_arena(tx), LANG_JA, TR("ケース移管：%1へ"), peer, STR_NONE, STR_NONE)};
  return str_is(h->status, "closed") ? OK : case_change(tx, s, h, &ch, e);
}

enum code transfer_give(struct tx *tx, const struct scope *s, const struct case_head *h,
                        const struct transfer_choice *ch, struct transfer_given *ret, struct err *e)
{
  struct transfer_given given = {0};
  char random[TRANSFER_CODE / 2];
  enum code c = check(tx, s, h, ch, &given, e);
  if (c == OK)
    c = transfer_sql_code(tx, h->id, ch->peer, tx_arena(tx), &given.code, e);
  if (c == OK && !given.code.n) {
    random_bytes(random, sizeof random);
    given.code = hex_text(tx_arena(tx), (struct str){random, sizeof random});
    c = transfer_sql_give(tx, s, h->id, ch, given.categories, given.code, e);
  }
  if (c == OK)
    c = close_case(tx, s, h, given.peer_name, e);
  if (c == OK)
    *ret = given;
  return c;
}

/* ---- gathering ----------------------------------------------------------------------------------------------------------- */

struct gather {
  struct tx *tx;
  const struct scope *s, *as; /* the giver's, and that of whom it goes to */
  const struct case_head *h;
  struct arena *a;
  const struct reader *who;
  const struct seal_key *key;
  struct needles *secret;
  struct transfer_content *out;
  struct doc *list;          /* of data */
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

static const char *source_code(enum source s)
{
  static const char *const codes[] = {"staff", "person", "around", "other_body", "staff"};
  return codes[(unsigned)s < 5 ? s : 0];
}

static const char *category_of(cats_t category)
{
  for (int i = 0; i < CATEGORIES; i++)
    if (category == 1u << i)
      return category_code(i);
  return category_code(0);
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

static enum code put_record(struct gather *g, const struct transfer_row *r, struct err *e)
{
  struct doc *paragraphs = NULL, *d = doc_map(g->a), *list = doc_put_list(d, "paragraphs");
  struct str place = STR_NONE, next = STR_NONE;
  enum code c = record_paragraphs(g->tx, g->s, g->h->id, r->id, g->a, &paragraphs, e);
  for (size_t i = 0; c == OK && i < doc_size(paragraphs); i++) {
    const struct doc *p = doc_at(paragraphs, i);
    cats_t category = (cats_t)doc_get_int(p, "category");
    if (!scope_sees(g->as, category, r->author, doc_get_bool(p, "visit") ? MARK_VISIT : 0))
      continue;
    struct doc *m = doc_add_map(list);
    doc_put_str(m, "text", masked(g, doc_get_str(p, "text")));
    doc_put_str(m, "source", doc_get_str(p, "source"));
    doc_put_cstr(m, "category", category_of(category));
  }
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
  doc_add(g->list, d);
  return OK;
}

static struct transfer_file *next_file(struct gather *g)
{
  return g->out->count < TRANSFER_FILES ? &g->out->files[g->out->count++] : NULL;
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
  return c == OK && !f
             ? err_set(e, LIMIT, TR("添付が多すぎて、一つのファイルにできません。紙か、別の方法で送ってください。"))
             : c;
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

/* A finished sheet as the receiver would read it. */
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
    return c;
  struct form_context context = sheet_context(g->as, &sheet, g->a, g->who);
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
  for (size_t i = 0; i < doc_size(g->list); i++)
    doc_replace(doc_at(g->list, i), "row", doc_str(g->a, STR_NONE));
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
  doc_put_int(data, "format", 1);
  doc_put_str(data, "code", given->code);
  doc_put_str(data, "network", network);
  doc_put_str(data, "organization", organization);
  doc_put_str(data, "number", g->h->number);
  doc_put_str(data, "density", g->h->density);
  doc_put_int(data, "opened_at", g->h->opened_at);
  doc_put_int(data, "last_contact_at", g->h->last_contact_at);
  return OK;
}

enum code transfer_gather(struct tx *tx, const struct scope *s, const struct case_head *h,
                          const struct transfer_choice *ch, const struct transfer_given *given, struct arena *a,
                          const struct reader *who, struct transfer_content *ret, struct err *e)
{
  struct gather g = {.tx = tx, .s = s, .h = h, .a = a, .who = who, .out = ret};
  struct doc *data = doc_map(a);
  *ret = (struct transfer_content){.data = data};
  enum code c = access_open_as_receiver(tx, s, ch->organization, &g.as, e);
  if (c == OK)
    c = person_key(tx, s, &g.key, e);
  if (c == OK)
    c = person_concealed(tx, s, a, &g.secret, e);
  if (c == OK)
    c = put_head(&g, given, data, e);
  if (c == OK)
    c = gather_person(&g, data, e);
  g.list = doc_put_list(data, "records");
  if (c == OK)
    c = for_rows(&g, transfer_sql_records, put_record, e);
  if (c == OK)
    c = for_rows(&g, transfer_sql_sheets, put_sheet, e);
  if (c == OK && !g.secret) /* nobody can mask what stands in a picture */
    c = for_rows(&g, transfer_sql_files, put_attachment, e);
  return c == OK && arena_failed(a) ? err_oom(e) : c;
}
