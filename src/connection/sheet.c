/* sheet.c: the つなぐシート as a draft on the desk, and the moment it leaves it. */
#include "access/agreed.h"
#include "base/limits.h"
#include "connection/connection.h"
#include "connection/connection_sql.h"
#include "connection/opening.h"
#include "family/family.h"
#include "formbook/formbook.h"

static struct seal_at answers_at(const struct tx *tx, id64 sheet)
{
  return (struct seal_at){.table = "sheet", .column = "answers_sealed", .network = tx_network(tx), .row = sheet};
}

static enum code seal_answers(struct tx *tx, const struct scope *s, id64 sheet, const struct doc *answers,
                              struct str *ret, struct err *e)
{
  struct buf json;
  const struct seal_key *key = NULL;
  buf_init(&json, tx_arena(tx), LIMIT_BODY);
  json_write(&json, answers);
  if (json.failed)
    return err_set(e, LIMIT, TR("シートが長すぎます。文章を短くしてください。"));
  enum code c = person_key(tx, s, &key, e);
  return c == OK ? seal(tx_arena(tx), key, answers_at(tx, sheet), buf_str(&json), ret, e) : c;
}

/* ---- beginning ----------------------------------------------------------------------------------------------------- */

/* What the records say, by the form's bind names; each value may stand only where the scope sees it. */
static enum code binds_of(struct tx *tx, const struct scope *s, const struct reader *who, struct doc **ret,
                          struct err *e)
{
  struct doc *facts = NULL, *binds = doc_map(tx_arena(tx));
  enum code c = person_attributes(tx, s, tx_arena(tx), who, &facts, e);
  for (size_t i = 0; c == OK && i < doc_size(facts); i++) {
    const struct doc *f = doc_at(facts, i);
    struct str kind = doc_get_str(f, "kind"), name = str_printf(tx_arena(tx), "person.%.*s", STR_FMT(kind));
    if (!doc_get_bool(f, "concealed")) /* the newest comes last and stays */
      doc_replace(binds, str_cstr(tx_arena(tx), name), doc_str(tx_arena(tx), doc_get_str(f, "value")));
  }
  doc_put_str(binds, "today", date_iso(tx_arena(tx), who->today));
  *ret = binds;
  return c;
}

static enum code put_reception(struct tx *tx, const struct scope *s, struct doc *binds, struct err *e)
{
  struct str organization = STR_NONE, name = STR_NONE, job = STR_NONE;
  enum code c = organization_name(tx, scope_organization(s), tx_arena(tx), &organization, e);
  if (c == OK)
    c = user_name(tx, scope_actor(s)->user, tx_arena(tx), &name, &job, e);
  if (c == OK) {
    doc_put_str(binds, "organization.name", organization);
    doc_put_str(binds, "user.name", name);
  }
  return c;
}

/* Who lives with the person stands in the family's notes: it is not asked for again. */
static enum code put_household(struct tx *tx, const struct scope *s, const struct reader *who, struct doc *binds,
                               struct err *e)
{
  struct doc *list = NULL;
  enum code c = family_household(tx, s, tx_arena(tx), who, &list, e);
  struct doc *rows = doc_put_list(binds, "rows.household");
  for (size_t i = 0; c == OK && i < doc_size(list); i++) {
    const struct doc *m = doc_at(list, i);
    struct doc *row = doc_add_map(rows);
    doc_put_str(row, "member_name", doc_get_str(m, "name"));
    if (doc_get(m, "age"))
      doc_put_int(row, "member_age", doc_get_int(m, "age"));
    doc_put_str(row, "member_relation", doc_get_str(m, "relation"));
  }
  return c;
}

/* What a new sheet begins with. */
static enum code first_answers(struct tx *tx, const struct scope *s, id64 case_id, const struct form *form,
                               const struct reader *who, struct doc **ret, struct err *e)
{
  struct doc *binds = NULL;
  struct form_context context = {.arena = tx_arena(tx), .lang = who->lang, .today = who->today};
  context.mask.categories = FORM_ALL_CATEGORIES; /* its own organization's sheet */
  enum code c = binds_of(tx, s, who, &binds, e);
  if (c == OK)
    c = put_reception(tx, s, binds, e);
  if (c == OK)
    c = put_household(tx, s, who, binds, e);
  if (c == OK)
    c = form_told(tx, s, case_id, form, who, binds, e);
  if (c == OK)
    *ret = form_begin(&context, form, binds);
  return c;
}

/* `after`: the one that nobody took; NULL: none. */
static enum code begin_form(struct tx *tx, const struct scope *s, id64 case_id, struct str code,
                            const struct sheet *after, const struct reader *who, id64 *ret_sheet, struct err *e)
{
  struct doc *answers = NULL;
  const struct form *form = NULL;
  struct sheet sheet = {.id = id_new(tx_now(tx)), .case_id = case_id, .previous = after ? after->id : 0};
  enum code c = formbook_active(tx, tx_arena(tx), code, &form, e);
  if (c == OK && form_use(form) == FORM_USE_BLANK)
    return err_set(e, INVALID, TR("この様式は、紙で書くものです。"));
  if (c == OK)
    c = first_answers(tx, s, case_id, form, who, &answers, e);
  if (c == OK && after)
    sheet_keep_said(tx_arena(tx), form, after, answers);
  if (c == OK)
    c = seal_answers(tx, s, sheet.id, answers, &sheet.sealed, e);
  if (c != OK)
    return c;
  sheet.form_code = form_name(form);
  sheet.form_version = form_version(form);
  c = sheet_sql_insert(tx, s, &sheet, e);
  if (c == OK)
    *ret_sheet = sheet.id;
  return c;
}

enum code sheet_begin_form(struct tx *tx, const struct scope *s, id64 case_id, struct str code,
                           const struct reader *who, id64 *ret_sheet, struct err *e)
{
  return begin_form(tx, s, case_id, code, NULL, who, ret_sheet, e);
}

enum code sheet_begin_after(struct tx *tx, const struct scope *s, const struct sheet *old, const struct reader *who,
                            id64 *ret, struct err *e)
{
  return begin_form(tx, s, old->case_id, old->form_code, old, who, ret, e);
}

enum code sheet_copy(struct tx *tx, const struct scope *s, const struct sheet *from, id64 *ret, struct err *e)
{
  struct sheet sheet = {.id = id_new(tx_now(tx)),
                        .case_id = from->case_id,
                        .form_code = from->form_code,
                        .form_version = from->form_version,
                        .previous = from->id};
  enum code c = seal_answers(tx, s, sheet.id, from->answers, &sheet.sealed, e);
  if (c == OK)
    c = sheet_sql_insert(tx, s, &sheet, e);
  if (c == OK)
    *ret = sheet.id;
  return c;
}

enum code sheet_begin(struct tx *tx, const struct scope *s, id64 case_id, const struct reader *who, id64 *ret_sheet,
                      struct err *e)
{
  return sheet_begin_form(tx, s, case_id, S(SHEET_FORM), who, ret_sheet, e);
}

enum code sheet_take(struct tx *tx, const struct scope *s, id64 case_id, const struct form *form,
                     const struct doc *answers, ts_t at, struct err *e)
{
  struct sheet sheet = {.id = id_new(tx_now(tx)),
                        .case_id = case_id,
                        .form_code = form_name(form),
                        .form_version = form_version(form),
                        .frozen_at = at};
  enum code c = seal_answers(tx, s, sheet.id, answers, &sheet.sealed, e);
  return c == OK ? sheet_sql_take(tx, s, &sheet, e) : c;
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

static enum code open_answers(struct tx *tx, const struct scope *s, struct arena *a, struct sheet *sheet, struct err *e)
{
  const struct seal_key *key = NULL;
  struct str json = STR_NONE;
  enum code c = person_key(tx, s, &key, e);
  if (c == OK)
    c = unseal(a, key, answers_at(tx, sheet->id), sheet->sealed, &json, e);
  if (c == OK)
    c = json_parse(a, json, &sheet->answers, e);
  return c == OK ? sheet_veil_receivers(tx, s, sheet, a, e) : c;
}

/* The row itself carries the basic category; a draft, and the pen, belong to the organization that wrote it. */
static bool may_hold(const struct scope *s, const struct sheet *sheet)
{
  bool own = scope_wrote(s, sheet->author_organization);
  bool reads = scope_action(s) == ACTION_SHEET_READ && str_is(sheet->status, "frozen");
  return scope_sees(s, CAT_BASIC, sheet->author_organization, 0) && (own || reads);
}

enum code sheet_enter(struct tx *tx, const struct actor *who, enum action action, id64 id, struct arena *a,
                      struct sheet *ret, const struct scope **ret_scope, struct err *e)
{
  struct sheet sheet = {0};
  const struct scope *s = NULL;
  enum code c = access_open_of(tx, who, action, THING_SHEET, id, &s, e);
  if (c == OK)
    c = sheet_sql_get(tx, id, a, &sheet, e);
  if (c == OK && !may_hold(s, &sheet))
    c = err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  if (c == OK)
    c = open_answers(tx, s, a, &sheet, e);
  if (c == OK && str_is(sheet.form_code, SHEET_FORM) && str_is(sheet.status, "draft"))
    c = sheet_put_receivers(tx, &sheet, a, e);
  if (c == OK && str_is(sheet.form_code, SHEET_FORM) && str_is(sheet.status, "draft"))
    c = sheet_put_agreement(tx, s, &sheet, a, e);
  if (c == OK) {
    *ret = sheet;
    *ret_scope = s;
  }
  return c;
}

enum code sheet_last(struct tx *tx, const struct scope *s, id64 case_id, const char *code, struct arena *a,
                     struct sheet *ret, struct err *e)
{
  id64 id = 0;
  enum code c = sheet_sql_last(tx, s, case_id, code, &id, e);
  *ret = (struct sheet){.id = id};
  if (c == OK && id)
    c = sheet_sql_get(tx, id, a, ret, e);
  return c == OK && id ? open_answers(tx, s, a, ret, e) : c;
}

enum code sheet_of_connection(struct tx *tx, const struct scope *s, id64 id, struct arena *a, struct sheet *ret,
                              struct err *e)
{
  struct sheet sheet = {0};
  enum code c = sheet_sql_get(tx, id, a, &sheet, e);
  if (c == OK && sheet.previous && str_is(sheet.status, "draft") && !scope_wrote(s, sheet.author_organization))
    c = sheet_sql_get(tx, sheet.previous, a, &sheet, e);
  if (c == OK && scope_sees(s, CAT_BASIC, sheet.author_organization, 0))
    c = open_answers(tx, s, a, &sheet, e);
  if (c == OK)
    *ret = sheet;
  return c;
}

enum code sheet_form(struct tx *tx, struct arena *a, const struct sheet *sheet, const struct form **ret, struct err *e)
{
  enum code c = formbook_get(tx, a, sheet->form_code, sheet->form_version, ret, e);
  const char *version = c == NOT_FOUND || c == INVALID ? str_cstr(a, sheet->form_version) : NULL;
  return version ? err_set1(
                       e, CONFLICT,
                       TR("このシートは、このプログラムにない様式の版(%1)で書かれています。管理者に知らせてください。"),
                       version)
                 : c;
}

static enum code put_way(struct tx *tx, const struct sheet *sheet, id64 to, struct arena *a, struct doc *d,
                         struct err *e)
{
  struct str organization = STR_NONE, name = STR_NONE, job = STR_NONE, receiver = STR_NONE;
  enum code c = organization_name(tx, sheet->author_organization, a, &organization, e);
  if (c == OK)
    c = user_name(tx, sheet->author_user, a, &name, &job, e);
  if (c == OK && to)
    c = organization_name(tx, to, a, &receiver, e);
  if (c != OK)
    return c;
  doc_put_str(d, "from", str_printf(a, "%.*s / %.*s", STR_FMT(organization), STR_FMT(name)));
  doc_put_str(d, "to", receiver);
  return OK;
}

enum code sheet_view(struct tx *tx, const struct scope *s, const struct sheet *sheet, id64 to, ts_t sent_at,
                     struct str kind, struct arena *a, const struct reader *who, struct doc **ret, struct err *e)
{
  const struct form *form = NULL;
  struct doc *d = doc_map(a);
  enum code c = sheet_form(tx, a, sheet, &form, e);
  if (c == OK)
    c = put_way(tx, sheet, to, a, d, e);
  if (c != OK)
    return c;
  struct form_context context = sheet_context(s, sheet, a, who);
  doc_put_str(d, "title", form_title(form, who->lang));
  doc_put_str(d, "sent", sent_at ? reader_date(a, who, date_of_ts(sent_at)) : STR_NONE);
  doc_put_cstr(d, "number", "");
  doc_put_str(d, "kind", connection_kind_word(who->lang, kind));
  doc_put(d, "paper", form_render_view(&context, form, sheet->answers));
  *ret = d;
  return OK;
}

/* What each body may know is between the person and the one who wrote it down. */
static const char *const between_us[] = {"scope", NULL};

struct form_context sheet_context(const struct scope *s, const struct sheet *sheet, struct arena *a,
                                  const struct reader *who)
{
  static const struct {
    enum item item;
    const char *bind;
  } items[] = {{ITEM_ADDRESS, "person.address"},  {ITEM_ADDRESS, "person.postal"},
               {ITEM_PHONE, "person.phone_home"}, {ITEM_PHONE, "person.phone_mobile"},
               {ITEM_SCHOOL, "person.school"},    {ITEM_WORKPLACE, "person.workplace"}};
  enum { ITEMS = sizeof items / sizeof *items };
  const char **hidden = arena_array(a, ITEMS + 1, sizeof *hidden);
  size_t n = 0;
  for (size_t i = 0; hidden && i < ITEMS; i++)
    if (scope_hides(s, items[i].item))
      hidden[n++] = items[i].bind;
  struct form_context c = {
      .arena = a, .lang = who->lang, .western = !who->wareki, .today = who->today, .mask = {.hide_binds = hidden}};
  bool own = scope_wrote(s, sheet->author_organization);
  c.mask.categories = own ? scope_own(s) : scope_others(s);
  if (!own)
    c.skip = between_us;
  if (scope_decision(s)->visit_only)
    c.mask.only_marks = FORM_MARK_VISIT;
  if (sheet->recorded)
    c.fixed = sheet_recorded_links;
  scope_showed_categories(s, c.mask.categories);
  return c;
}

/* ---- writing ------------------------------------------------------------------------------------------------------- */

/* What was shown as 秘匿あり and came back so stays what it was. */
static enum code unmask(struct tx *tx, const struct scope *s, const struct sheet *sheet, const struct doc *answers,
                        struct doc **ret, struct err *e)
{
  struct needles *secret = NULL;
  enum code c = person_concealed(tx, s, tx_arena(tx), &secret, e);
  *ret = doc_copy(tx_arena(tx), answers);
  if (c == OK && !needles_restore_doc(secret, tx_arena(tx), sheet->answers, *ret, str_from(CONCEALED_MARK)))
    return err_set(e, INVALID, TR("「秘匿あり」とある文は、そのまま残すか、文ごと消してください。"));
  return c;
}

enum code sheet_save(struct tx *tx, const struct scope *s, const struct sheet *sheet, const struct doc *answers,
                     struct err *e)
{
  struct str sealed = STR_NONE;
  struct doc *whole = NULL;
  enum code c = unmask(tx, s, sheet, answers, &whole, e);
  if (c == OK)
    c = seal_answers(tx, s, sheet->id, whole, &sealed, e);
  return c == OK ? sheet_sql_save(tx, sheet, sealed, e) : c;
}

/* An assessment or a plan stays in the case: only the つなぐシート goes from hand to hand. */
static enum code check_goes(struct tx *tx, const struct sheet *sheet, struct err *e)
{
  const struct form *form = NULL;
  enum code c = sheet_form(tx, tx_arena(tx), sheet, &form, e);
  if (c == OK && form_use(form) != FORM_USE_CONNECTION)
    return err_set(e, CONFLICT, TR("この様式は、ほかの機関へ送るものではありません。"));
  return c;
}

static enum code check_receiver(struct tx *tx, const struct scope *s, id64 organization, struct err *e)
{
  bool stands = false;
  if (scope_wrote(s, organization))
    return err_field(e, "receivers", TR("自分の機関へは、つなげません。ほかの機関を選んでください。"));
  enum code c = organization_stands(tx, organization, &stands, e);
  if (c == OK && !stands)
    return err_field(e, "receivers", TR("つなぐ先を、一覧から選んでください。"));
  return c;
}

enum code sheet_choose(struct tx *tx, const struct scope *s, const struct sheet *sheet, const id64 *organizations,
                       size_t count, struct str kind, struct err *e)
{
  if (!str_is(sheet->status, "draft"))
    return err_set(e, CONFLICT, TR("このシートは、もう送られています。"));
  struct connection_batch stays = {0}; /* what came back is asked again */
  enum code c = check_goes(tx, sheet, e);
  if (c == OK)
    c = connection_sql_delete_drafts(tx, sheet, e);
  if (c == OK)
    c = connection_batch_of_sheet(tx, sheet->id, &stays, e);
  if (c == OK && stays.count)
    c = connection_sql_set_kind(tx, sheet->id, kind.n ? kind : S("help"), e);
  for (size_t i = 0; c == OK && i < count; i++) {
    bool twice = false;
    for (size_t k = 0; k < stays.count; k++)
      twice |= stays.list[k].to_organization == organizations[i]; /* a value, not a decision */
    for (size_t k = 0; k < i; k++)
      twice |= organizations[k] == organizations[i];
    if (!twice)
      c = check_receiver(tx, s, organizations[i], e);
    if (c == OK && !twice)
      c = connection_sql_insert(tx, s, sheet, organizations[i], kind.n ? kind : S("help"), e);
  }
  return c;
}

enum code sheet_add_receiver(struct tx *tx, const struct scope *s, const struct sheet *sheet, id64 organization,
                             struct err *e)
{
  struct connection_batch all = {0};
  enum code c = check_goes(tx, sheet, e);
  if (c == OK)
    c = check_receiver(tx, s, organization, e);
  if (c == OK)
    c = connection_batch_of_sheet(tx, sheet->id, &all, e);
  if (c == OK && !str_is(sheet->status, "draft"))
    return err_set(e, CONFLICT, TR("このシートは、もう送られています。"));
  for (size_t i = 0; c == OK && i < all.count; i++)
    if (all.list[i].to_organization == organization) /* a value, not a decision */
      return OK;
  return c == OK ? connection_sql_insert(tx, s, sheet, organization, all.count ? all.list[0].kind : S("help"), e) : c;
}

struct send_job {
  struct tx *tx;
  const struct scope *s;
  size_t sent;
};

static enum code send_one(void *arg, const struct connection *c, struct str to, struct err *e)
{
  struct send_job *job = arg;
  struct agreed agreed = {0};
  enum connection_state next;
  if (!connection_next(c->state, STEP_SEND, &next))
    return OK;
  enum code code = access_agreed(job->tx, job->s, c->to_organization, &agreed, e);
  if (code != OK)
    return code;
  if (!(agreed.any & CAT_BASIC))
    return err_set1(e, INVALID, TR("%1へ伝えてよいという同意が、まだありません。同意を記録してから送ってください。"),
                    str_cstr(tx_arena(job->tx), to));
  ts_t silent_at = 0;
  job->sent++;
  code = opening_silent_at(job->tx, c->to_organization, tx_now(job->tx), &silent_at, e);
  if (code == OK)
    code = connection_sql_silent(job->tx, c->id, silent_at, e);
  if (code == OK)
    code = connection_sql_move(job->tx, c, next, 0, e);
  return code == OK ? connection_tell_sent(job->tx, job->s, c, e) : code;
}

/* A hand-over moves the lead: only the lead gives it away, and to one alone. */
static enum code check_kind(struct tx *tx, const struct scope *s, const struct sheet *sheet,
                            const struct connection_batch *all, struct err *e)
{
  bool leads = false;
  if (!all->count || !str_is(all->list[0].kind, "handover"))
    return OK;
  if (all->count > 1)
    return err_field(e, "kind", TR("引継ぎの相手は、1か所だけにしてください。"));
  enum code c = case_leads(tx, s, sheet->case_id, &leads, e);
  if (c == OK && !leads)
    return err_field(e, "kind", TR("引継ぎは、主担当の機関だけができます。支援依頼を選んでください。"));
  return c;
}

/* What goes out tells nothing that is concealed; what is masked anyway does not count. */
static enum code check_concealed(struct tx *tx, const struct scope *s, const struct sheet *sheet, struct err *e)
{
  struct needles *secret = NULL;
  const struct form *form = NULL;
  struct reader nobody = {0};
  enum code c = person_concealed(tx, s, tx_arena(tx), &secret, e);
  if (c != OK || !secret)
    return c;
  c = sheet_form(tx, tx_arena(tx), sheet, &form, e);
  if (c != OK)
    return c;
  struct form_context context = sheet_context(s, sheet, tx_arena(tx), &nobody);
  context.skip = between_us;
  struct form_masked out = form_mask_answers(&context, form, sheet->answers);
  if (needles_find_doc(secret, tx_arena(tx), out.answers) >= RESEMBLES_CLOSELY)
    return err_set(e, INVALID, TR("秘匿の項目に似たことが、シートに書かれています。消してから送ってください。"));
  return OK;
}

enum code sheet_finish(struct tx *tx, const struct scope *s, const struct sheet *sheet, const struct doc *answers,
                       struct err *e)
{
  struct sheet saved = *sheet;
  enum code c = sheet_save(tx, s, sheet, answers, e);
  saved.rev++;
  return c == OK ? sheet_sql_freeze(tx, &saved, e) : c;
}

enum code sheet_settle(struct tx *tx, const struct scope *s, const struct sheet *sheet, struct arena *a,
                       const struct reader *who, struct form_reading *ret, struct err *e)
{
  static const char *const reply[] = {"reply", NULL}; /* the receiver's answer is the connection's */
  const struct form *form = NULL;
  enum code c = sheet_form(tx, a, sheet, &form, e);
  if (c != OK)
    return c;
  struct form_context context = sheet_context(s, sheet, a, who);
  if (form_use(form) == FORM_USE_CONNECTION)
    context.skip = reply;
  struct form_masked seen = form_mask_answers(&context, form, sheet->answers);
  c = form_read(&context, form, FORM_FINAL, seen.answers, sheet->answers, ret, e);
  if (c != INVALID || !ret->problems)
    return c;
  *e = (struct err){0};
  return OK;
}

/* A draft that lacks something stays on the desk; one that has left it is found out by its rev. */
static enum code finish_whole(struct tx *tx, const struct scope *s, const struct sheet *sheet, struct err *e)
{
  struct form_reading whole = {.answers = sheet->answers};
  const struct reader nobody = {.today = date_of_ts(tx_now(tx))};
  enum code c = OK;
  if (str_is(sheet->status, "draft"))
    c = sheet_settle(tx, s, sheet, tx_arena(tx), &nobody, &whole, e);
  if (c == OK && whole.problems)
    c = err_field(e, "answer", TR("必須の欄が空いているので、まだ送れません。"));
  return c == OK ? sheet_finish(tx, s, sheet, whole.answers, e) : c;
}

enum code sheet_send(struct tx *tx, const struct scope *s, const struct sheet *sheet, struct err *e)
{
  struct send_job job = {.tx = tx, .s = s};
  struct connection_batch all = {0};
  enum code c = check_goes(tx, sheet, e);
  if (c == OK)
    c = check_concealed(tx, s, sheet, e);
  if (c == OK)
    c = finish_whole(tx, s, sheet, e);
  if (c == OK)
    c = connection_batch_of_sheet(tx, sheet->id, &all, e);
  if (c == OK)
    c = check_kind(tx, s, sheet, &all, e);
  for (size_t i = 0; c == OK && i < all.count; i++)
    c = send_one(&job, &all.list[i], all.names[i], e);
  if (c == OK && !job.sent)
    return err_field(e, "receivers", TR("つなぐ先を、一つ以上選んでください。"));
  return c == OK ? network_bump_facts(tx, e) : c;
}
