#include "consent/consent.h"
#include "consent/consent_sql.h"
#include "consent/stands.h"
#include "consent/words.h"
#include "directory/directory.h"
#include "gate/handler.h"

struct job {
  struct request *rq;
  struct reader who;
  id64 id, organization; /* case or consent */
  id64 renew;            /* the consent that is asked for again; 0: none */
  struct doc *data, *again;
  struct consent_new consent;
  struct consent_recipient recipients[CONSENT_RECIPIENTS];
  struct consent_withdrawal withdrawal;
  id64 ret_case;
  id64 next;    /* what stands of a consent that was withdrawn; 0: nothing */
  bool refused; /* it was a no */
};

static enum code put_strip(struct tx *tx, struct job *job, enum action action, const struct scope **ret, struct err *e)
{
  struct case_head head = {0};
  struct doc *strip = NULL;
  enum code c = case_enter(tx, gate_actor(job->rq), action, job->id, &head, ret, e);
  if (c == OK)
    c = case_strip(tx, *ret, &head, job->rq->arena, &job->who, &strip, e);
  if (c == OK)
    doc_put(job->data, "strip", strip);
  return c;
}

/* ---- the matrix ------------------------------------------------------------------------------------------------------ */

static enum code show(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  struct doc *matrix = NULL;
  job->data = doc_map(job->rq->arena);
  enum code c = put_strip(tx, job, ACTION_CONSENT_READ, &s, e);
  if (c == OK)
    c = consent_matrix(tx, s, job->rq->arena, &job->who, &matrix, e);
  for (size_t i = 0; c == OK && i < doc_size(matrix); i++)
    doc_put_key(job->data, doc_key_at(matrix, i), doc_value_at(matrix, i));
  return c;
}

/* Whoever comes from a sheet that waits for a consent finds the way back to it. */
static const struct field from_sheet[] = {{.name = "sheet", .kind = FIELD_ID}, {0}};
static const struct field from_sheet_or_again[] = {
    {.name = "sheet", .kind = FIELD_ID}, {.name = "renew", .kind = FIELD_ID}, {0}};

static void put_from_sheet(const struct job *job)
{
  id64 sheet = 0;
  (void)doc_get_id(gate_has_problems(job->rq) ? gate_typed(job->rq) : job->rq->input, "sheet", &sheet);
  doc_put_str(job->data, "sheet_id", sheet ? id_text(job->rq->arena, sheet) : STR_NONE);
}

/* Who may record an answer is led to the form of that party. */
static void put_again(const struct job *job)
{
  struct doc *rows = doc_get(job->data, "rows");
  struct str path = gate_path(job->rq, "/cases/", job->id, "/consents/new?renew=");
  bool may = gate_may(job->rq, ACTION_CONSENT_RECORD);
  for (size_t i = 0; i < doc_size(rows); i++) {
    struct doc *list = doc_get(doc_at(rows, i), "refusals");
    for (size_t k = 0; k < doc_size(list); k++) {
      struct str id = doc_get_str(doc_at(list, k), "again");
      doc_put_str(doc_at(list, k), "again_href",
                  may && id.n ? str_printf(job->rq->arena, "%.*s%.*s", STR_FMT(path), STR_FMT(id)) : STR_NONE);
    }
  }
}

static enum code handle_show(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "case", &job.id, e);
  if (c == OK)
    c = gate_read(rq, show, &job, e);
  if (c != OK)
    return c;
  doc_put_id(job.data, "case_id", job.id);
  doc_put_bool(job.data, "can_record", gate_may(rq, ACTION_CONSENT_RECORD));
  put_from_sheet(&job);
  put_again(&job);
  return gate_page(rq, rs, "consent_show", tr(job.who.lang, TR("だれに何を伝えてよいか")), job.data, e);
}

ROUTE_DEFINE(route_consents, GET, "/cases/:case/consents", NEEDS(CONSENT_READ), .fields = from_sheet,
             .summary = TR("だれに何を伝えてよいか"), .handle = handle_show);

/* ---- recording -------------------------------------------------------------------------------------------------------- */

static const char *const answer_codes[] = {"given", "refused", NULL};
static const char *const by_codes[] = {"person", "guardian", NULL};
static const char *const preset_codes[] = {"standard", "contact", "meeting", "detail", NULL};
static const char *const how_codes[] = {"written", "oral", "tick", NULL};
static const char *const older_codes[] = {"end", "keep", NULL};
static const struct field new_fields[] = {
    {.name = "answer", .kind = FIELD_CHOICE, .required = true, .options = answer_codes, .label = TR("答え")},
    {.name = "by", .kind = FIELD_CHOICE, .required = true, .options = by_codes, .label = TR("だれの答えですか")},
    {.name = "guardian", .kind = FIELD_ID, .label = TR("どの保護者か")},
    {.name = "heard", .kind = FIELD_BOOL, .label = TR("本人の気持ちも聞きました")},
    {.name = "recipients", .kind = FIELD_TEXTS, .label = TR("伝える相手")},
    {.name = "preset", .kind = FIELD_CHOICE, .options = preset_codes, .label = TR("伝える内容")},
    {.name = "cells", .kind = FIELD_TEXTS, .label = TR("伝える内容")},
    {.name = "purpose", .kind = FIELD_TEXT, .required = true, .label = TR("何のために")},
    {.name = "from", .kind = FIELD_DATE, .required = true, .label = TR("いつから")},
    {.name = "until", .kind = FIELD_DATE, .required = true, .label = TR("いつまで")},
    {.name = "how", .kind = FIELD_CHOICE, .required = true, .options = how_codes, .label = TR("どのように")},
    {.name = "witness", .kind = FIELD_TEXT, .label = TR("立ち会った人・書面の置き場所")},
    {.name = "explained", .kind = FIELD_BOOL, .required = true, .label = TR("上の文を読み上げて説明しました")},
    {.name = "sheet", .kind = FIELD_ID},
    {.name = "notice",
     .kind = FIELD_SECRET,
     .max = 40}, /* the version that was read aloud: the page says the newest, whatever came */
    {.name = "older", .kind = FIELD_CHOICE, .options = older_codes, .label = TR("前の同意をどうしますか")},
    {.name = "older_seen", .kind = FIELD_SECRET}, /* which those were, when that was chosen */
    {.name = "sure", .kind = FIELD_BOOL, .label = TR("止まることを確かめました")},
    {0}};

static bool is_in(const struct doc *list, struct str text)
{
  for (size_t i = 0; i < doc_size(list); i++)
    if (str_eq(doc_string(doc_at(list, i)), text))
      return true;
  return false;
}

static void put_cells(const struct job *job, struct doc *recipient, struct str id, const struct doc *typed)
{
  struct doc *cells = doc_put_list(recipient, "cells");
  for (int i = 0; i < CATEGORIES; i++) {
    struct str value = str_printf(job->rq->arena, "%.*s.%s", STR_FMT(id), category_code(i));
    struct doc *d = doc_add_map(cells);
    doc_put_str(d, "value", value);
    doc_put_str(d, "receiver", doc_get_str(recipient, "name"));
    doc_put_str(d, "label", tr(job->who.lang, category_label(i)));
    doc_put_bool(d, "checked", is_in(doc_get(typed, "cells"), value));
  }
}

static enum code put_recipients(struct tx *tx, const struct scope *s, struct job *job, struct err *e)
{
  struct doc *list = NULL;
  const struct doc *typed = gate_has_problems(job->rq) ? gate_typed(job->rq) : job->again;
  enum code c = consent_sql_organizations(tx, s, job->rq->arena, &list, e);
  if (c != OK)
    return c;
  for (size_t i = 0; i < doc_size(list); i++) {
    struct doc *d = doc_at(list, i);
    struct str id = doc_get_str(d, "id");
    doc_replace(d, "kind", doc_str(job->rq->arena, tr(job->who.lang, directory_kind_label(doc_get_str(d, "kind")))));
    doc_put_bool(d, "checked", typed ? is_in(doc_get(typed, "recipients"), id) : doc_get_bool(d, "chosen"));
    put_cells(job, d, id, typed);
  }
  doc_put(job->data, "recipients", list);
  return OK;
}

/* What an authority for some things alone covers: the engine takes the yes for a whole one, so it is for people to see whether it may be asked. */
static const char *covers_of(struct str authority)
{
  if (str_is(authority, "daily"))
    return TR("毎日の世話や教育など、日常のことを一人で決められる権限です。記録すると、この人だけの同意で伝わります。"
              "この同意が日常のことに当たるかは、管理者と判断してください。");
  if (str_is(authority, "urgent"))
    return TR("待っていると本人のためにならない、急ぐときだけ、一人で決められる権限です。記録すると、この人だけの同意で"
              "伝わります。いまがそれに当たるかは、管理者と判断してください。");
  if (str_is(authority, "none"))
    return TR("親権がないので、この人の答えは同意として記録できません。");
  return "";
}

static enum code put_guardians(struct tx *tx, const struct scope *s, struct job *job, struct err *e)
{
  struct doc *list = NULL, *out = doc_put_list(job->data, "guardians");
  struct str typed = doc_get_str(gate_has_problems(job->rq) ? gate_typed(job->rq) : job->again, "guardian");
  enum code c = person_guardians(tx, s, job->rq->arena, &job->who, &list, e);
  for (size_t i = 0; c == OK && i < doc_size(list); i++) {
    const struct doc *g = doc_at(list, i);
    struct doc *d = doc_add_map(out);
    doc_put_str(d, "id", doc_get_str(g, "id"));
    doc_put_str(d, "name", doc_get_str(g, "name"));
    doc_put_str(d, "relation", doc_get_str(g, "relation"));
    doc_put_str(d, "authority", doc_get_str(g, "authority_label"));
    doc_put_str(d, "covers", tr(job->who.lang, covers_of(doc_get_str(g, "authority"))));
    doc_put_bool(d, "checked", typed.n ? str_eq(typed, doc_get_str(g, "id")) : doc_size(list) == 1);
  }
  doc_put_bool(job->data, "has_guardians", doc_size(list) > 0);
  return c;
}

static cats_t preset_categories(struct str preset)
{
  if (str_is(preset, "contact"))
    return CAT_BASIC | CAT_CONTACT;
  if (str_is(preset, "meeting"))
    return CAT_BASIC | CAT_SUPPORT;
  return CAT_BASIC | CAT_CONTACT | CAT_EDUCATION | CAT_WORK | CAT_SUPPORT | CAT_STRENGTH;
}

static cats_t detail_categories(const struct job *job, struct str id)
{
  cats_t sum = 0;
  const struct doc *cells = doc_get(job->rq->input, "cells");
  for (int i = 0; i < CATEGORIES; i++)
    if (is_in(cells, str_printf(job->rq->arena, "%.*s.%s", STR_FMT(id), category_code(i))))
      sum |= 1u << i;
  return sum;
}

static enum code take_recipients(struct job *job, struct err *e)
{
  const struct doc *list = doc_get(job->rq->input, "recipients");
  struct str preset = doc_get_str(job->rq->input, "preset");
  for (size_t i = 0; i < doc_size(list); i++) {
    struct consent_recipient *r = &job->recipients[job->consent.count];
    struct str id = doc_string(doc_at(list, i));
    if (i == CONSENT_RECIPIENTS || !id_parse(id, &r->organization))
      return err_field(e, "recipients", TR("伝える相手を、一覧から選んでください。"));
    r->categories = str_is(preset, "detail") ? detail_categories(job, id) : preset_categories(preset);
    job->consent.count++;
  }
  job->consent.recipients = job->recipients;
  return OK;
}

static enum code take_consent(struct job *job, struct err *e)
{
  const struct doc *in = job->rq->input;
  struct consent_new *n = &job->consent;
  struct date until = {0};
  n->by = str_is(doc_get_str(in, "by"), "person") ? PARTY_PERSON : PARTY_GUARDIAN;
  n->refused = str_is(doc_get_str(in, "answer"), "refused");
  n->heard = doc_get_bool(in, "heard");
  n->purposes = doc_get_str(in, "purpose");
  n->how = doc_get_str(in, "how");
  n->evidence = doc_get_str(in, "witness");
  (void)id_parse(doc_get_str(in, "guardian"), &n->guardian);
  (void)date_parse_iso(doc_get_str(in, "from"), &n->from_day);
  if (!date_parse_iso(doc_get_str(in, "until"), &until) || !date_known(until))
    return err_field(e, "until", TR("いつまでの同意かを、年・月・日で入力してください。"));
  n->until = date_start_ts(date_add_days(until, 1));
  return take_recipients(job, e);
}

/* Of a form that comes back: what the answer in it leaves standing or ends. */
static enum code put_before(struct tx *tx, const struct scope *s, struct job *job, struct err *e)
{
  struct err unfinished = {0};
  struct doc *before = doc_map(job->rq->arena);
  enum code c = OK;
  if (job->rq->method == POST && take_consent(job, &unfinished) == OK)
    c = consent_before(tx, s, &job->consent, job->rq->arena, &job->who, before, e);
  doc_put_bool(job->data, "has_older", doc_get_bool(before, "has_older"));
  doc_put_bool(job->data, "has_stops", doc_get_bool(before, "has_stops"));
  doc_put_str(job->data, "older_seen", doc_get_str(before, "older_seen"));
  doc_put(job->data, "older", doc_get(before, "older"));
  doc_put(job->data, "stops", doc_get(before, "stops"));
  return c;
}

static enum code read_new(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  struct str version = STR_NONE, body = STR_NONE;
  job->data = doc_map(job->rq->arena);
  enum code c = put_strip(tx, job, ACTION_CONSENT_RECORD, &s, e);
  if (c == OK && job->renew)
    c = consent_again(tx, s, job->renew, job->rq->arena, job->who.today, &job->again, e);
  if (c == OK)
    c = consent_put_needs(tx, s, job->rq->arena, &job->who, job->data, e);
  if (c == OK)
    c = put_guardians(tx, s, job, e);
  if (c == OK)
    c = put_recipients(tx, s, job, e);
  if (c == OK)
    c = put_before(tx, s, job, e);
  consent_put_categories(job->data, job->who.lang);
  if (c == OK)
    c = notice_sql_newest(tx, job->rq->arena, &version, &body, e);
  if (c != OK)
    return c;
  doc_put_str(job->data, "notice", body);
  doc_put_str(job->data, "notice_id", version);
  doc_put_str(job->data, "notice_version",
              tr_args(job->rq->arena, job->who.lang, TR("説明文 %1 版"), version, STR_NONE, STR_NONE));
  return OK;
}

static enum code new_page(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  struct doc *initial = doc_map(rq->arena);
  enum code c = gate_param(rq, "case", &job.id, e);
  if (rq->method == GET)
    (void)doc_get_id(rq->input, "renew", &job.renew);
  if (c == OK)
    c = gate_read(rq, read_new, &job, e);
  if (c != OK)
    return c;
  struct date today = job.who.today,
              end = {fiscal_year(today) + 1, 3, 31}; /* to the end of the fiscal year, then asked again */
  doc_put_id(job.data, "case_id", job.id);
  put_from_sheet(&job);
  doc_put_str(initial, "from", date_iso(rq->arena, today));
  doc_put_str(initial, "until", job.again ? doc_get_str(job.again, "until") : date_iso(rq->arena, end));
  doc_put_cstr(initial, "preset", doc_size(doc_get(job.again, "cells")) ? "detail" : "standard");
  doc_put_cstr(initial, "how", "written");
  doc_put_str(initial, "by", doc_get_str(job.again, "by"));
  doc_put_str(initial, "purpose",
              job.again ? doc_get_str(job.again, "purpose") : tr(LANG_JA, TR("相談支援と、関係機関との連携のため")));
  doc_put_bool(job.data, "again", job.again);
  doc_put(job.data, "f", gate_form(rq, new_fields, initial));
  return gate_page(rq, rs, "consent_new", tr(job.who.lang, TR("同意を記録する")), job.data, e);
}

ROUTE_DEFINE(route_consent_new, GET, "/cases/:case/consents/new", NEEDS(CONSENT_RECORD), .fields = from_sheet_or_again,
             .summary = TR("同意を記録する画面"), .handle = new_page);

/* What goes on or ends by this answer has been seen, and decided about. */
static enum code check_before(struct tx *tx, const struct scope *s, struct job *job, const struct consent_new *n,
                              struct err *e)
{
  const struct doc *in = job->rq->input;
  struct doc *before = doc_map(tx_arena(tx));
  enum code c = consent_before(tx, s, n, tx_arena(tx), &job->who, before, e);
  if (c != OK)
    return c;
  struct str shown = doc_get_str(in, "older_seen"); /* a program's request says nothing of it */
  bool seen = !shown.n || str_eq(shown, doc_get_str(before, "older_seen"));
  if (doc_get_bool(before, "has_older") && (!doc_get_str(in, "older").n || !seen))
    return err_field(e, "older", TR("前の同意が続いています。どうするかを、下で選んでください。"));
  if (n->refused && doc_get_bool(before, "has_stops") && !doc_get_bool(in, "sure"))
    return err_field(e, "sure", TR("この答えを記録すると、止まることがあります。下で確かめてください。"));
  return OK;
}

static enum code record(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct str body = STR_NONE, read_aloud = doc_get_str(job->rq->input, "notice");
  bool instead = str_is(doc_get_str(job->rq->input, "older"), "end");
  id64 id = 0;
  struct consent_new n = job->consent;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_CONSENT_RECORD, job->id, &head, &s, e);
  if (c == OK)
    c = notice_sql_newest(tx, tx_arena(tx), &n.notice_version, &body, e);
  if (c == OK && read_aloud.n && !str_eq(read_aloud, n.notice_version))
    return err_field(e, "explained", TR("説明文が新しくなりました。上の新しい文を読んで、もう一度説明してください。"));
  if (c == OK)
    c = check_before(tx, s, job, &n, e);
  if (c != OK)
    return c;
  return instead ? consent_record_instead(tx, s, &n, &id, e) : consent_record(tx, s, &n, &id, e);
}

static struct str recorded_path(struct job *job)
{
  id64 sheet = 0;
  struct str path = gate_path(job->rq, "/cases/", job->id, "/consents");
  if (!doc_get_id(job->rq->input, "sheet", &sheet) || !sheet)
    return path;
  return str_printf(job->rq->arena, "%.*s?sheet=%.*s", STR_FMT(path), STR_FMT(id_text(job->rq->arena, sheet)));
}

static enum code handle_record(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "case", &job.id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return new_page(rq, rs, e);
  c = take_consent(&job, e);
  gate_location(rq, recorded_path(&job));
  if (c == OK)
    c = gate_write(rq, "consent_record", record, &job, e);
  return c == OK ? gate_done(rq, rs, recorded_path(&job), TR("同意を記録しました。"), e) : c;
}

ROUTE_DEFINE(route_consent_record, POST, "/cases/:case/consents/new", NEEDS(CONSENT_RECORD), .fields = new_fields,
             .leaves = true, .summary = TR("同意を記録する"), .handle = handle_record);

/* ---- withdrawing -------------------------------------------------------------------------------------------------------- */

static const struct field withdraw_query[] = {{.name = "organization", .kind = FIELD_ID}, {0}};
static const struct field withdraw_fields[] = {
    {.name = "organization", .kind = FIELD_ID},
    {.name = "by", .kind = FIELD_CHOICE, .required = true, .options = by_codes, .label = TR("だれが取り消しますか")},
    {.name = "how", .kind = FIELD_CHOICE, .required = true, .options = how_codes, .label = TR("どのように")},
    {.name = "reason", .kind = FIELD_LINES, .label = TR("理由")},
    {0}};

/* The case through which a consent's page is reached: the person's newest open to the actor. */
static enum code read_withdraw(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  job->data = NULL;
  enum code c = consent_enter(tx, gate_actor(job->rq), ACTION_CONSENT_WITHDRAW, job->id, &s, e);
  if (c == OK)
    c = consent_consequences(tx, s, job->id, job->organization, job->rq->arena, &job->who, &job->data, e);
  if (c == OK)
    c = case_newest(tx, s, &job->ret_case, e);
  if (c == OK)
    c = case_put_strip(tx, s, job->ret_case, job->rq->arena, &job->who, job->data, e);
  return c;
}

static void put_form(struct job *job)
{
  struct doc *f = gate_form(job->rq, withdraw_fields, NULL), *by = doc_get(f, "by");
  doc_put_str(by, "giver", doc_get_str(job->data, "giver"));
  doc_put_bool(by, "by_person", doc_get_bool(job->data, "by_person"));
  doc_put(job->data, "f", f);
}

static enum code withdraw_page(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  const struct doc *from = gate_has_problems(rq) ? gate_typed(rq) : rq->input;
  enum code c = gate_param(rq, "consent", &job.id, e);
  (void)doc_get_id(from, "organization", &job.organization);
  if (c == OK)
    c = gate_read(rq, read_withdraw, &job, e);
  if (c != OK)
    return consent_or_what_stands(rq, rs, job.id, job.organization, NULL, c, e);
  doc_put_id(job.data, "consent_id", job.id);
  doc_put_str(job.data, "organization_id", id_text(rq->arena, job.organization));
  doc_put_str(job.data, "back_href", gate_path(rq, "/cases/", job.ret_case, "/consents"));
  put_form(&job);
  doc_put_id(job.data, "case_id", job.ret_case);
  bool no = doc_get_bool(job.data, "is_refusal");
  return gate_page(rq, rs, "consent_withdraw",
                   tr(job.who.lang, no ? TR("「同意しない」を取り消す") : TR("同意を取り消す")), job.data, e);
}

ROUTE_DEFINE(route_consent_withdraw_page, GET, "/consents/:consent/withdraw", NEEDS(CONSENT_WITHDRAW),
             .fields = withdraw_query, .summary = TR("取り消すと何が起きるか"), .handle = withdraw_page);

static enum code withdraw(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  struct consent_row row = {0};
  enum code c = consent_enter(tx, gate_actor(job->rq), ACTION_CONSENT_WITHDRAW, job->id, &s, e);
  if (c == OK)
    c = case_newest(tx, s, &job->ret_case, e);
  if (c == OK)
    c = consent_sql_get(tx, s, job->id, tx_arena(tx), &row, e);
  job->refused = row.refused;
  gate_location(job->rq, gate_path(job->rq, "/cases/", job->ret_case, "/consents"));
  return c == OK ? consent_withdraw(tx, s, job->id, &job->withdrawal, e) : c;
}

static enum code handle_withdraw(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq};
  enum code c = gate_param(rq, "consent", &job.id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return withdraw_page(rq, rs, e);
  job.withdrawal =
      (struct consent_withdrawal){.by = str_is(doc_get_str(rq->input, "by"), "person") ? PARTY_PERSON : PARTY_GUARDIAN,
                                  .how = doc_get_str(rq->input, "how"),
                                  .reason = str_trim(doc_get_str(rq->input, "reason"))};
  (void)doc_get_id(rq->input, "organization", &job.withdrawal.organization);
  job.organization = job.withdrawal.organization;
  c = gate_write(rq, "consent_withdraw", withdraw, &job, e);
  return c == OK ? gate_done(rq, rs, gate_path(rq, "/cases/", job.ret_case, "/consents"),
                             job.refused ? TR("「同意しない」を取り消しました。")
                                         : TR("同意を取り消しました。相手からは、もう見られません。"),
                             e)
                 : consent_or_what_stands(rq, rs, job.id, job.organization, NULL, c, e);
}

ROUTE_DEFINE(route_consent_withdraw, POST, "/consents/:consent/withdraw", NEEDS(CONSENT_WITHDRAW),
             .fields = withdraw_fields, .summary = TR("同意を取り消す"), .handle = handle_withdraw);
