/* factor_web.c: /second-factor: the app's code or one from paper; the first time, the app's secret or ten codes to keep. */
#include "base/limits.h"
#include "network/pages.h"
#include "view/qr.h"

static const struct field next_fields[] = {{.name = "next", .kind = FIELD_TEXT, .max = LIMIT_URI}, {0}};
static const struct field code_fields[] = {
    {.name = "code", .kind = FIELD_TEXT, .required = true, .max = 20, .label = TR("番号")},
    {.name = "next", .kind = FIELD_TEXT, .max = LIMIT_URI},
    {0}};

struct job {
  struct request *rq;
  struct credential who;
  bool setup;
  unsigned char secret[TOTP_SECRET];
  struct str hash;  /* of the new token, or of the codes */
  struct str codes; /* one a line */
};

/* A first visit makes the secret, hence a write. The demo shows the code, so that visitors need no app. */
static enum code look(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  enum code c = credential_get(tx, gate_actor(job->rq)->user, job->rq->arena, &job->who, e);
  job->setup = c == OK && str_is(job->who.factor, "none");
  if (job->setup)
    return factor_secret(tx, job->who.user, job->secret, e);
  if (c == OK && gate_app(job->rq)->demo && job->who.totp_sealed.n)
    return account_open_totp(tx, job->who.user, job->who.totp_sealed, job->secret, e);
  return c;
}

/* In groups of four, to be typed. */
static struct str grouped(struct arena *a, struct str s)
{
  struct buf b;
  buf_init(&b, a, 256);
  for (size_t i = 0; i < s.n; i++) {
    if (i && i % 4 == 0)
      buf_add_c(&b, ' ');
    buf_add_c(&b, s.p[i]);
  }
  return buf_str(&b);
}

/* The code of now, or of the next half minute when this one is used up; the check grants one step of slack. */
static struct str demo_code(const struct job *job)
{
  enum { STEP_MS = 30 * MS_SECOND };
  ts_t now = gate_now(job->rq);
  bool used = job->who.totp_step >= now / STEP_MS;
  return totp_code(job->rq->arena, job->secret, used ? now + STEP_MS : now);
}

static enum code show(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq};
  enum code c = gate_write(rq, "factor_look", look, &job, e);
  if (c != OK)
    return c;
  struct str secret = job.setup ? totp_base32(rq->arena, job.secret) : STR_NONE;
  if (job.setup && !secret.n)
    return err_oom(e);
  struct doc *d = doc_map(rq->arena);
  bool demo = gate_app(rq)->demo && !job.setup && str_is(job.who.factor, "totp");
  doc_put(d, "f", gate_form(rq, code_fields, NULL));
  doc_put_str(d, "next", doc_get_str(gate_has_problems(rq) ? rq->typed : rq->input, "next"));
  doc_put_bool(d, "setup", job.setup);
  doc_put_bool(d, "paper", str_is(job.who.factor, "paper"));
  doc_put_str(d, "secret", grouped(rq->arena, secret));
  doc_put_str(d, "qr_href", job.setup ? S("/second-factor/qr") : STR_NONE);
  doc_put_str(d, "demo_code", demo ? demo_code(&job) : STR_NONE);
  return gate_page(rq, rs, "second_factor", gate_tr(rq, TR("もうひとつの確認")), d, e);
}

static enum code handle_page(struct request *rq, struct response *rs, struct err *e)
{
  if (!gate_actor(rq)->second_factor)
    return show(rq, rs, e);
  response_redirect(rq, rs, sign_next(rq));
  return OK;
}

ROUTE_DEFINE(route_factor_page, GET, "/second-factor", HALF_SIGNED_IN, .fields = next_fields,
             .returns = "image/svg+xml", .summary = TR("もうひとつの確認"), .handle = handle_page);

static enum code handle_qr(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq};
  enum code c = gate_write(rq, "factor_look", look, &job, e);
  if (c == OK && !job.setup)
    c = err_set(e, NOT_FOUND, NULL);
  if (c != OK)
    return c;
  struct str text = totp_base32(rq->arena, job.secret);
  if (!text.n)
    return err_oom(e);
  rs->type = S("image/svg+xml");
  return qr_svg(rq->arena, totp_uri(rq->arena, text, job.who.login, S("tsunagu")), &rs->body, e);
}

ROUTE_DEFINE(route_factor_qr, GET, "/second-factor/qr", HALF_SIGNED_IN, .summary = TR("認証アプリ用の図"),
             .handle = handle_qr);

/* --- a code --- */

static enum code count(struct tx *tx, void *arg, struct err *e)
{
  const struct job *job = arg;
  return try_count(tx, job->codes, TRIES_FACTOR, TRIES_A_DAY, e);
}

static enum code check(struct tx *tx, void *arg, struct err *e)
{
  const struct job *job = arg;
  struct str code = doc_get_str(job->rq->input, "code");
  enum code c = factor_check(tx, gate_actor(job->rq), code, job->hash, e);
  return c == OK ? try_succeeded(tx, job->codes, e) : c;
}

static enum code handle_code(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq};
  if (gate_has_problems(rq))
    return show(rq, rs, e);
  if (!gate_actor(rq)->session)
    return err_set(e, NOT_FOUND, NULL);
  struct str token = sign_token(rq, &job.hash);
  job.codes = try_key(rq->arena, gate_app(rq)->keys, "factor", id_text(rq->arena, gate_actor(rq)->user));
  enum code c = gate_write(rq, "factor_count", count, &job, e);
  if (c == OK)
    c = gate_write(rq, "factor_check", check, &job, e);
  if (c != OK)
    return c;
  gate_session_begin(rq, rs, token);
  return gate_done(rq, rs, sign_next(rq), NULL, e);
}

ROUTE_DEFINE(route_factor, POST, "/second-factor", HALF_SIGNED_IN, .fields = code_fields, .no_form_key = true,
             .summary = TR("もうひとつの確認"), .handle = handle_code);

/* --- ten codes on paper: shown once --- */

static enum code store(struct tx *tx, void *arg, struct err *e)
{
  const struct job *job = arg;
  gate_location(job->rq, S("/second-factor"));
  return factor_paper(tx, gate_actor(job->rq), job->hash, e);
}

struct str capitals(struct arena *a, struct str code)
{
  char *p = arena_copy(a, code.p, code.n);
  for (size_t i = 0; p && i < code.n; i++)
    if (p[i] >= 'a' && p[i] <= 'z')
      p[i] = (char)(p[i] - 'a' + 'A');
  return (struct str){p, p ? code.n : 0};
}

static struct doc *new_codes(struct request *rq, struct str *ret_hashes)
{
  struct doc *list = doc_list(rq->arena);
  struct buf hashes;
  unsigned char hash[HASH];
  buf_init(&hashes, rq->arena, PAPER_CODES * HASH + 1);
  for (int i = 0; i < PAPER_CODES; i++) {
    struct str code = paper_code_new(rq->arena);
    token_hash(keyfile_pepper(gate_app(rq)->keys), paper_code_fold(rq->arena, code), hash);
    buf_add(&hashes, (struct str){(const char *)hash, HASH});
    doc_put_str(doc_add_map(list), "code", capitals(rq->arena, code));
  }
  *ret_hashes = buf_str(&hashes);
  return list;
}

static enum code handle_paper(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq};
  struct doc *codes = new_codes(rq, &job.hash);
  if (gate_has_problems(rq))
    return err_set(e, INVALID, code_msg(INVALID));
  if (!gate_actor(rq)->session)
    return err_set(e, NOT_FOUND, NULL);
  enum code c = gate_write(rq, "factor_paper", store, &job, e);
  if (c != OK)
    return c;
  struct doc *d = doc_map(rq->arena);
  doc_put(d, "codes", codes);
  doc_put_str(d, "next", doc_get_str(rq->input, "next"));
  return gate_page(rq, rs, "paper_codes", gate_tr(rq, TR("紙の番号")), d, e);
}

/* Without a key: sent twice, the newer ten count. */
ROUTE_DEFINE(route_factor_paper, POST, "/second-factor/paper", HALF_SIGNED_IN, .fields = next_fields,
             .no_form_key = true, .summary = TR("紙の番号"), .handle = handle_paper);
