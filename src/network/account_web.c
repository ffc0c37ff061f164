/* account_web.c: /accounts: list, register, one account, its memberships, passwords and sign-ins. */
#include "gate/list.h"
#include "network/account.h"
#include "network/pages.h"

#define FIELD_OF_BODY                                                                                                  \
  {                                                                                                                    \
    .name = "organization", .kind = FIELD_ID, .required = true, .label = TR("機関・団体")                              \
  }
#define FIELD_OF_ROLE                                                                                                  \
  {                                                                                                                    \
    .name = "role", .kind = FIELD_CHOICE, .required = true, .options = account_roles, .label = TR("役割")              \
  }
#define FIELD_FROM                                                                                                     \
  {                                                                                                                    \
    .name = "from", .kind = FIELD_DATE, .required = true, .label = TR("いつから")                                      \
  }
#define FIELD_UNTIL                                                                                                    \
  {                                                                                                                    \
    .name = "until", .kind = FIELD_DATE, .label = TR("いつまで")                                                       \
  }

static const char *const list_orders[] = {"name", "-name", "last", "-last", "state", "-state", NULL};
static const struct field list_fields[] = {{.name = "q", .kind = FIELD_TEXT},
                                           {.name = "organization", .kind = FIELD_ID},
                                           {.name = "role", .kind = FIELD_CHOICE, .options = account_roles},
                                           {.name = "state", .kind = FIELD_CHOICE, .options = account_states},
                                           {.name = "sort", .kind = FIELD_CHOICE, .options = list_orders},
                                           {.name = "skip", .kind = FIELD_INT, .max = 1000000},
                                           {.name = "encoding", .kind = FIELD_CHOICE, .options = list_encodings},
                                           {0}};
static const struct field new_fields[] = {
    {.name = "name", .kind = FIELD_TEXT, .required = true, .label = TR("名前")},
    {.name = "kana", .kind = FIELD_TEXT, .label = TR("ふりがな")},
    {.name = "login", .kind = FIELD_TEXT, .required = true, .max = 60, .label = TR("サインイン名")},
    {.name = "job", .kind = FIELD_TEXT, .max = 60, .label = TR("職種")},
    FIELD_OF_BODY,
    FIELD_OF_ROLE,
    FIELD_FROM,
    FIELD_UNTIL,
    {.name = "pledge", .kind = FIELD_BOOL, .label = TR("秘密を守る約束(誓約)を受け取りました")},
    {0}};
static const struct field join_fields[] = {FIELD_OF_BODY, FIELD_OF_ROLE, FIELD_FROM, FIELD_UNTIL, {0}};
static const struct field end_fields[] = {
    {.name = "until", .kind = FIELD_DATE, .required = true, .label = TR("いつまで")},
    {.name = "successor", .kind = FIELD_ID, .label = TR("引き継ぐ人")},
    {0}};

struct job {
  struct request *rq;
  struct reader who;
  id64 user, membership;
  struct doc *data, *organizations, *sessions;
  struct account_new account;
  struct membership_new join;
  struct str hash, password;
  struct csv_table table;
  bool done; /* the write ran here, it is no repetition */
};

/* A new membership begins today, if nothing else is said. */
static struct doc *first_values(const struct job *job)
{
  struct doc *d = doc_map(job->rq->arena);
  doc_put_str(d, "from", date_iso(job->rq->arena, job->who.today));
  return d;
}

static struct str typed_id(const struct request *rq, const char *name)
{
  return gate_has_problems(rq) ? doc_get_str(gate_typed(rq), name) : STR_NONE;
}

static struct date input_date(const struct request *rq, const char *name)
{
  struct date d = {0};
  return date_parse_iso(doc_get_str(rq->input, name), &d) ? d : (struct date){0};
}

static void take_membership(struct job *job)
{
  const struct request *rq = job->rq;
  job->join = (struct membership_new){.user = job->user,
                                      .from = input_date(rq, "from"),
                                      .until = input_date(rq, "until"),
                                      .pledged = doc_get_bool(rq->input, "pledge")};
  (void)doc_get_id(rq->input, "organization", &job->join.organization);
  (void)role_parse(doc_get_str(rq->input, "role"), &job->join.role);
}

/* Four groups of four letters: as strong as a key, still to be read aloud. */
static enum code new_password(struct job *job, struct err *e)
{
  struct arena *a = job->rq->arena;
  struct str left = paper_code_new(a), right = paper_code_new(a);
  job->password = capitals(a, str_printf(a, "%.*s-%.*s", STR_FMT(left), STR_FMT(right)));
  return password_hash(a, job->password, &job->hash, e);
}

/* --- the list --- */

static const struct list_column list_columns[] = {
    {.word = TR("名前"), .sort = "name", .by = ACCOUNTS_BY_NAME},
    {.word = TR("所属")},
    {.word = TR("最後のサインイン"), .sort = "last", .by = ACCOUNTS_BY_LAST, .falls = true},
    {.word = TR("もうひとつの確認")},
    {.word = TR("状態"), .sort = "state", .by = ACCOUNTS_BY_STATE},
    {0}};
static const struct list_shape list_shape = {
    .columns = list_columns, .order = "name", .place = "skip", .file = true, .page_rows = ACCOUNTS_A_PAGE};

static struct account_view list_view(const struct request *rq)
{
  const struct doc *in = rq->input;
  int by = ACCOUNTS_BY_NAME;
  struct account_view v = {.words = doc_get_str(in, "q"),
                           .role = doc_get_str(in, "role"),
                           .state = doc_get_str(in, "state"),
                           .skip = doc_get_int(in, "skip")};
  (void)doc_get_id(in, "organization", &v.organization);
  list_order(rq, &list_shape, &by, &v.falls);
  v.by = (enum account_order)by;
  return v;
}

static enum code read_list(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct arena *a = job->rq->arena;
  struct account_view view = list_view(job->rq);
  enum code c = account_list(tx, gate_actor(job->rq), &view, a, &job->who, &job->data, e);
  return c == OK ? account_organizations(tx, STR_NONE, a, &job->organizations, e) : c;
}

static void put_filters(struct job *job)
{
  struct request *rq = job->rq;
  struct doc *d = list_filter(rq, job->data, "organization", TR("機関・団体"));
  for (size_t i = 0; i < doc_size(job->organizations); i++) {
    const struct doc *o = doc_at(job->organizations, i);
    list_option(rq, d, doc_get_str(o, "id"), doc_get_str(o, "name"));
  }
  d = list_filter(rq, job->data, "role", TR("役割"));
  for (int i = 0; account_roles[i]; i++) {
    enum role role;
    if (role_parse(str_from(account_roles[i]), &role))
      list_option(rq, d, str_from(account_roles[i]), gate_tr(rq, role_label(role)));
  }
  d = list_filter(rq, job->data, "state", TR("状態"));
  for (int i = 0; account_states[i]; i++)
    list_option(rq, d, str_from(account_states[i]), account_state_word(job->who.lang, i));
}

static enum code handle_list(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_read(rq, read_list, &job, e);
  if (c != OK)
    return c;
  doc_put_str(job.data, "q", doc_get_str(rq->input, "q"));
  put_filters(&job);
  list_put(rq, job.data, &list_shape);
  return gate_page(rq, rs, "accounts_list", gate_tr(rq, TR("アカウント")), job.data, e);
}

ROUTE_DEFINE(route_accounts, GET, "/accounts", NEEDS(ACCOUNT_LIST), .fields = list_fields, .summary = TR("アカウント"),
             .handle = handle_list);

static enum code read_table(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct account_view view = list_view(job->rq);
  return account_table(tx, gate_actor(job->rq), &view, job->rq->arena, &job->who, &job->table, e);
}

static enum code handle_table(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_read(rq, read_table, &job, e);
  return c == OK ? list_file(rq, rs, &job.table, S("accounts.csv"), e) : c;
}

ROUTE_DEFINE(route_accounts_file, GET, "/accounts.csv", NEEDS(ACCOUNT_EXPORT), .fields = list_fields, .slow = true,
             .returns = "text/csv", .summary = TR("アカウントの一覧を書き出す(CSV)"), .handle = handle_table);

/* --- one account --- */

static void add_session(void *arg, const struct session_row *row)
{
  struct job *job = arg;
  struct doc *d = doc_add_map(job->sessions);
  put_device(job->rq, d, str_copy(job->rq->arena, row->device));
  doc_put_str(d, "since", moment_text(job->rq, row->created));
  doc_put_str(d, "last", moment_text(job->rq, row->seen));
}

static enum code read_account(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct request *rq = job->rq;
  job->sessions = doc_list(rq->arena);
  enum code c = account_show(tx, gate_actor(rq), job->user, rq->arena, &job->who, &job->data, e);
  if (c == OK)
    c = account_organizations(tx, typed_id(rq, "organization"), rq->arena, &job->organizations, e);
  return c == OK ? session_each(tx, job->user, add_session, job, e) : c;
}

static enum code show_account(struct job *job, struct response *rs, struct err *e)
{
  struct request *rq = job->rq;
  enum code c = gate_read(rq, read_account, job, e);
  if (c != OK)
    return c;
  doc_put_str(job->data, "password", job->password);
  doc_put_bool(job->data, "has_sessions", doc_size(job->sessions) > 0);
  doc_put(job->data, "sessions", job->sessions);
  doc_put(job->data, "organizations", job->organizations);
  doc_put(job->data, "f", gate_form(rq, join_fields, first_values(job)));
  doc_put_bool(job->data, "may_write", gate_may(rq, ACTION_ACCOUNT_WRITE));
  return gate_page(rq, rs, "account_show", doc_get_str(job->data, "name"), job->data, e);
}

static enum code handle_show(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "user", &job.user, e);
  return c == OK ? show_account(&job, rs, e) : c;
}

ROUTE_DEFINE(route_account, GET, "/accounts/:user", NEEDS(ACCOUNT_LIST), .summary = TR("アカウントひとつ"),
             .handle = handle_show);

/* --- registering --- */

static enum code read_organizations(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_ACCOUNT_WRITE, &s, e);
  if (c != OK)
    return c;
  return account_organizations(tx, typed_id(job->rq, "organization"), job->rq->arena, &job->organizations, e);
}

static enum code show_new(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_read(rq, read_organizations, &job, e);
  if (c != OK)
    return c;
  struct doc *d = doc_map(rq->arena);
  doc_put(d, "organizations", job.organizations);
  doc_put(d, "f", gate_form(rq, new_fields, first_values(&job)));
  return gate_page(rq, rs, "account_new", gate_tr(rq, TR("アカウントを登録する")), d, e);
}

ROUTE_DEFINE(route_account_new_page, GET, "/accounts/new", NEEDS(ACCOUNT_WRITE), .summary = TR("アカウントを登録する"),
             .handle = show_new);

static enum code check_login(struct str login, struct err *e)
{
  for (size_t i = 0; i < login.n; i++) {
    char c = login.p[i];
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == '@'))
      return err_field(e, "login", TR("サインイン名は、半角の英数字と . - _ @ で書いてください。"));
  }
  return OK;
}

static enum code do_register(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  enum code c = account_register(tx, gate_actor(job->rq), &job->account, &job->join, &job->user, e);
  if (c == OK)
    gate_location(job->rq, gate_path(job->rq, "/accounts/", job->user, ""));
  job->done = c == OK;
  return c;
}

/* The page with the password answers the POST itself, so that it is shown once; sent again, the account's page answers. */
static enum code answer_once(struct job *job, struct response *rs, struct err *e)
{
  if (job->done)
    return show_account(job, rs, e);
  return gate_done(job->rq, rs, S("/accounts"), NULL, e);
}

static enum code handle_new(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  const struct doc *in = rq->input;
  if (gate_has_problems(rq))
    return show_new(rq, rs, e);
  job.account = (struct account_new){.login = login_fold(rq->arena, doc_get_str(in, "login")),
                                     .name = doc_get_str(in, "name"),
                                     .kana = doc_get_str(in, "kana"),
                                     .job = doc_get_str(in, "job"),
                                     .factor = S("none"),
                                     .given = true};
  take_membership(&job);
  enum code c = check_login(job.account.login, e);
  if (c == OK)
    c = new_password(&job, e);
  job.account.password_hash = job.hash;
  if (c == OK)
    c = gate_write(rq, "account_register", do_register, &job, e);
  return c == OK ? answer_once(&job, rs, e) : c;
}

ROUTE_DEFINE(route_account_new, POST, "/accounts/new", NEEDS(ACCOUNT_WRITE), .fields = new_fields, .slow = true,
             .summary = TR("アカウントを登録する"), .handle = handle_new);

/* --- what an administrator does to an account --- */

static enum code do_reset(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  gate_location(job->rq, gate_path(job->rq, "/accounts/", job->user, ""));
  enum code c = account_reset(tx, gate_actor(job->rq), job->user, job->hash, e);
  job->done = c == OK;
  return c;
}

static enum code handle_password(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  gate_as_service(rq); /* the sessions that end may be the administrator's own */
  enum code c = gate_param(rq, "user", &job.user, e);
  if (c == OK)
    c = new_password(&job, e);
  if (c == OK)
    c = gate_write(rq, "account_reset", do_reset, &job, e);
  return c == OK ? answer_once(&job, rs, e) : c;
}

ROUTE_DEFINE(route_account_password, POST, "/accounts/:user/password", NEEDS(ACCOUNT_WRITE), .slow = true,
             .summary = TR("パスワードを作りなおす"), .handle = handle_password);

static enum code do_reset_factor(struct tx *tx, void *arg, struct err *e)
{
  const struct job *job = arg;
  return account_reset_factor(tx, gate_actor(job->rq), job->user, e);
}

static enum code do_sign_out(struct tx *tx, void *arg, struct err *e)
{
  const struct job *job = arg;
  return account_sign_out(tx, gate_actor(job->rq), job->user, e);
}

static enum code do_stop(struct tx *tx, void *arg, struct err *e)
{
  const struct job *job = arg;
  return account_stop(tx, gate_actor(job->rq), job->user, e);
}

static enum code do_reopen(struct tx *tx, void *arg, struct err *e)
{
  const struct job *job = arg;
  return account_disable(tx, gate_actor(job->rq), job->user, false, e);
}

static enum code act(struct request *rq, struct response *rs, tx_fn fn, const char *name, const char *notice,
                     struct err *e)
{
  struct job job = {.rq = rq};
  enum code c = gate_param(rq, "user", &job.user, e);
  gate_as_service(rq); /* the sessions that end may be the administrator's own */
  struct str path = gate_path(rq, "/accounts/", job.user, "");
  gate_location(rq, path);
  if (c == OK)
    c = gate_write(rq, name, fn, &job, e);
  return c == OK ? gate_done(rq, rs, path, notice, e) : c;
}

static enum code handle_factor(struct request *rq, struct response *rs, struct err *e)
{
  return act(rq, rs, do_reset_factor, "account_reset_factor",
             TR("次のサインインのとき、もうひとつの確認を設定しなおします。"), e);
}

static enum code handle_sign_out(struct request *rq, struct response *rs, struct err *e)
{
  return act(rq, rs, do_sign_out, "account_sign_out", TR("すべてサインアウトさせました。"), e);
}

ROUTE_DEFINE(route_account_factor, POST, "/accounts/:user/factor", NEEDS(ACCOUNT_WRITE),
             .summary = TR("もうひとつの確認をやりなおす"), .handle = handle_factor);
ROUTE_DEFINE(route_account_sign_out, POST, "/accounts/:user/sessions/end", NEEDS(ACCOUNT_WRITE),
             .summary = TR("すべてサインアウトさせる"), .handle = handle_sign_out);

/* A lost phone, a stolen bag: one button, at once. */
static enum code handle_stop(struct request *rq, struct response *rs, struct err *e)
{
  return act(rq, rs, do_stop, "account_stop", TR("この人の利用を止め、すべてサインアウトさせました。"), e);
}

static enum code handle_reopen(struct request *rq, struct response *rs, struct err *e)
{
  return act(rq, rs, do_reopen, "account_reopen", TR("また使えるようにしました。サインインは、本人がしなおします。"),
             e);
}

ROUTE_DEFINE(route_account_stop, POST, "/accounts/:user/stop", NEEDS(ACCOUNT_WRITE), .summary = TR("利用を止める"),
             .handle = handle_stop);
ROUTE_DEFINE(route_account_reopen, POST, "/accounts/:user/reopen", NEEDS(ACCOUNT_WRITE),
             .summary = TR("また使えるようにする"), .handle = handle_reopen);

/* --- memberships --- */

static enum code do_join(struct tx *tx, void *arg, struct err *e)
{
  const struct job *job = arg;
  return account_join(tx, gate_actor(job->rq), &job->join, e);
}

static enum code handle_join(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "user", &job.user, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return show_account(&job, rs, e);
  take_membership(&job);
  struct str path = gate_path(rq, "/accounts/", job.user, "");
  gate_location(rq, path);
  c = gate_write(rq, "account_join", do_join, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("所属をふやしました。"), e) : c;
}

ROUTE_DEFINE(route_account_join, POST, "/accounts/:user/memberships", NEEDS(ACCOUNT_WRITE), .fields = join_fields,
             .summary = TR("所属をふやす"), .handle = handle_join);

static enum code read_end(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct request *rq = job->rq;
  return membership_consequences(tx, gate_actor(rq), job->user, job->membership, typed_id(rq, "successor"), rq->arena,
                                 &job->who, &job->data, e);
}

/* Which cases lose their worker is beyond the administrator's own sight; the page shows their numbers alone. */
static enum code end_params(struct job *job, struct err *e)
{
  gate_as_service(job->rq);
  enum code c = gate_param(job->rq, "user", &job->user, e);
  return c == OK ? gate_param(job->rq, "membership", &job->membership, e) : c;
}

static enum code show_end(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = end_params(&job, e);
  if (c == OK)
    c = gate_read(rq, read_end, &job, e);
  if (c != OK)
    return c;
  struct doc *values = doc_map(rq->arena);
  doc_put_str(values, "until", date_iso(rq->arena, job.who.today));
  doc_put(job.data, "f", gate_form(rq, end_fields, values));
  return gate_page(rq, rs, "membership_end", gate_tr(rq, TR("所属を終える")), job.data, e);
}

ROUTE_DEFINE(route_membership_end_page, GET, "/accounts/:user/memberships/:membership/end", NEEDS(ACCOUNT_WRITE),
             .summary = TR("所属を終える"), .handle = show_end);

static enum code do_end(struct tx *tx, void *arg, struct err *e)
{
  const struct job *job = arg;
  id64 successor = 0;
  (void)doc_get_id(job->rq->input, "successor", &successor);
  return account_leave(tx, gate_actor(job->rq), job->user, job->membership, input_date(job->rq, "until"), successor, e);
}

static enum code handle_end(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = end_params(&job, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return show_end(rq, rs, e);
  struct str path = gate_path(rq, "/accounts/", job.user, "");
  gate_location(rq, path);
  c = gate_write(rq, "account_leave", do_end, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("所属の終わりを登録しました。"), e) : c;
}

ROUTE_DEFINE(route_membership_end, POST, "/accounts/:user/memberships/:membership/end", NEEDS(ACCOUNT_WRITE),
             .fields = end_fields, .summary = TR("所属を終える"), .handle = handle_end);
