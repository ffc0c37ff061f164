/* give.c: to whom a case may go, that it went, and what became of it. */
#include "access/agreed.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "crypto/secret.h"
#include "family/family.h"
#include "transfer/transfer_sql.h"

/* ---- to whom ----------------------------------------------------------------------------------------------------------- */

struct choosing {
  struct arena *a;
  struct doc *organizations; /* those that stand for a body: {id, peer, name}; what is known of the peer is added */
  size_t peers;
};

static enum code put_peer(void *arg, const struct transfer_peer *p, struct err *e)
{
  struct choosing *x = arg;
  id64 peer = 0;
  x->peers++;
  for (size_t i = 0; i < doc_size(x->organizations); i++) {
    struct doc *d = doc_at(x->organizations, i);
    if (!doc_get_id(d, "peer", &peer) || peer != p->id)
      continue;
    doc_put_str(d, "peer_name", str_copy(x->a, p->name));
    doc_put_str(d, "card", str_copy(x->a, p->card)); /* bytes, for here alone */
  }
  return OK;
}

static enum code read_bodies(struct tx *tx, struct choosing *x, struct err *e)
{
  enum code c = transfer_sql_bodies(tx, x->a, &x->organizations, e);
  return c == OK ? transfer_sql_peers(tx, put_peer, x, e) : c;
}

static void put_categories(struct doc *d, enum lang lang, cats_t cats)
{
  struct doc *list = doc_put_list(d, "categories");
  for (int i = 0; i < CATEGORIES; i++)
    if (cats & 1u << i)
      doc_add_str(list, tr(lang, category_label(i)));
}

static void put_choice(const struct choosing *x, struct doc *open, const struct doc *o, enum lang lang, cats_t agreed)
{
  struct doc *m = doc_add_map(open);
  doc_put_str(m, "value", doc_get_str(o, "id"));
  doc_put_str(m, "word", doc_get_str(o, "name"));
  doc_put_str(m, "network", doc_get_str(o, "peer_name"));
  doc_put_str(m, "fingerprint", parcel_fingerprint(x->a, (const unsigned char *)doc_get_str(o, "card").p));
  put_categories(m, lang, agreed);
}

/* Those to whom consent or law opens something; `unasked`: the names of the others. */
static enum code put_open(struct tx *tx, const struct scope *s, const struct choosing *x, enum lang lang,
                          struct doc *open, struct doc *unasked, struct err *e)
{
  enum code c = OK;
  for (size_t i = 0; c == OK && i < doc_size(x->organizations); i++) {
    const struct doc *o = doc_at(x->organizations, i);
    struct agreed agreed = {0};
    id64 id = 0;
    if (doc_get_id(o, "id", &id))
      c = access_agreed(tx, s, id, &agreed, e);
    if (c == OK && agreed.any & CAT_BASIC)
      put_choice(x, open, o, lang, agreed.any);
    else if (c == OK)
      doc_add_str(unasked, doc_get_str(o, "name"));
  }
  return c;
}

enum code transfer_choices(struct tx *tx, const struct scope *s, const struct case_head *h, struct arena *a,
                           const struct reader *who, struct doc **ret, struct err *e)
{
  struct doc *d = doc_map(a), *open = doc_put_list(d, "organizations"), *unasked = doc_put_list(d, "unasked");
  struct choosing x = {.a = a};
  struct needles *secret = NULL;
  enum code c = read_bodies(tx, &x, e);
  if (c == OK)
    c = put_open(tx, s, &x, who->lang, open, unasked, e);
  if (c == OK)
    c = family_concealed(tx, s, a, &secret, e); /* as transfer_gather() */
  if (c != OK)
    return c;
  doc_put_bool(d, "has_peers", x.peers > 0);
  doc_put_bool(d, "has_bodies", doc_size(x.organizations) > 0);
  doc_put_bool(d, "has_organizations", doc_size(open) > 0);
  doc_put_bool(d, "leads", scope_wrote(s, h->lead_organization));
  doc_put_bool(d, "is_closed", case_clock_told(s, h) && str_is(h->status, "closed"));
  doc_put_bool(d, "withholds_files", secret != NULL);
  *ret = d;
  return OK;
}

/* ---- writing it down --------------------------------------------------------------------------------------------------- */

/* Whom the organization stands for. What was agreed towards one of this network's own is no basis for what leaves it. */
static enum code find_body(struct tx *tx, const struct transfer_choice *ch, struct transfer_given *given, struct err *e)
{
  struct choosing x = {.a = tx_arena(tx)};
  enum code c = read_bodies(tx, &x, e);
  for (size_t i = 0; c == OK && i < doc_size(x.organizations); i++) {
    const struct doc *o = doc_at(x.organizations, i);
    id64 id = 0;
    bool meant = doc_get_id(o, "id", &id) && id == ch->organization; /* a value, not a decision */
    if (!meant || !doc_get_id(o, "peer", &given->peer))
      continue;
    given->peer_name = doc_get_str(o, "peer_name");
    given->body = doc_get_str(o, "name");
    memcpy(given->card, doc_get_str(o, "card").p, PARCEL_CARD);
    return OK;
  }
  return c == OK
             ? err_field(e, "organization",
                         TR("この機関は、移管先のネットワークの機関として登録されていません。「ケース移管の受け入れ」"
                            "の合わせ札に、受け取る機関を加えてください。"))
             : c;
}

static enum code check(struct tx *tx, const struct scope *s, const struct case_head *h,
                       const struct transfer_choice *ch, struct transfer_given *given, struct err *e)
{
  struct agreed agreed = {0};
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  if (!scope_wrote(s, h->lead_organization))
    return err_set(e, DENIED, TR("ケースを移管できるのは、主担当機関だけです。"));
  if (!ch->compared)
    return err_field(e, "compared", TR("合わせ番号を、電話で相手と読みあわせてから、しるしを付けてください。"));
  enum code c = find_body(tx, ch, given, e);
  if (c == OK)
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

struct sent_job {
  struct arena *a;
  id64 peer;
  struct transfer_sent newest; /* of that peer; id 0: none */
};

static enum code find_sent(void *arg, const struct transfer_sent *t, struct err *e)
{
  struct sent_job *job = arg;
  if (job->newest.id || t->peer != job->peer)
    return OK;
  job->newest = *t;
  job->newest.code = str_copy(job->a, t->code);
  job->newest.organization = str_copy(job->a, t->organization);
  job->newest.status = str_copy(job->a, t->status);
  job->newest.next_date = str_copy(job->a, t->next_date);
  return OK;
}

/* The transfer that waits for its answer goes on; else another one begins. */
static enum code begin(struct tx *tx, const struct scope *s, const struct case_head *h,
                       const struct transfer_choice *ch, struct transfer_given *given, struct err *e)
{
  struct sent_job job = {.a = tx_arena(tx), .peer = given->peer};
  char random[TRANSFER_CODE / 2];
  enum code c = transfer_sql_sent(tx, h->id, find_sent, &job, e);
  const struct transfer_sent *t = &job.newest;
  if (c == OK && t->id && t->state == TRANSFER_RECEIVED)
    return err_set(e, CONFLICT, TR("このケースは、もう受け取られています。もう一度渡すことはできません。"));
  bool waits = t->id && t->state == TRANSFER_MADE;
  bool changed = waits && t->to != ch->organization; /* a value, not a decision */
  if (c == OK && changed)
    return err_set1(
        e, INVALID,
        TR("「%1」あてのファイルを作って、返事を待っています。返事を記録してから、あて先を変えてください。"),
        str_cstr(job.a, t->organization));
  given->status = t->id ? t->status : h->status;
  given->next_date = t->id ? t->next_date : h->next_date;
  if (c != OK || waits) {
    given->code = t->code;
    return c;
  }
  random_bytes(random, sizeof random);
  given->code = hex_text(tx_arena(tx), (struct str){random, sizeof random});
  return transfer_sql_give(tx, s, h, ch, given, e);
}

enum code transfer_give(struct tx *tx, const struct scope *s, const struct case_head *h,
                        const struct transfer_choice *ch, struct transfer_given *ret, struct err *e)
{
  struct transfer_given given = {0};
  enum code c = check(tx, s, h, ch, &given, e);
  if (c == OK)
    c = begin(tx, s, h, ch, &given, e);
  if (c == OK)
    c = close_case(tx, s, h, given.peer_name, e);
  if (c == OK)
    *ret = given;
  return c;
}

/* ---- what became of it ------------------------------------------------------------------------------------------------- */

static const struct {
  const char *name, *word, *class, *shape;
  bool next[TRANSFER_STATES];
} states[TRANSFER_STATES] = {
    [TRANSFER_MADE] = {"made", TR("返事待ち"), "going", "s-sent", {false, true, true}},
    [TRANSFER_RECEIVED] = {"received", TR("受け取られました"), "good", "s-accepted", {false}},
    [TRANSFER_REFUSED] = {"refused", TR("断られました"), "bad", "s-declined", {false}},
};

bool transfer_becomes(enum transfer_state from, enum transfer_state to)
{
  return states[from].next[to];
}

struct str transfer_receipt(struct arena *a, struct str code, enum transfer_state answer)
{
  enum { DIGITS = 100000000, HALF = 10000 };
  unsigned char hash[HASH];
  uint64_t n = 0;
  hash_bytes(str_printf(a, "tsunagu transfer %s %.*s", states[answer].name, STR_FMT(code)), hash);
  for (size_t i = 0; i < sizeof n; i++)
    n = n << 8 | hash[i];
  n %= DIGITS;
  return str_printf(a, "%04u %04u", (unsigned)(n / HALF), (unsigned)(n % HALF));
}

struct moved_job {
  struct arena *a;
  const struct reader *who;
  struct doc *list;
};

static void put_state(struct doc *d, enum lang lang, enum transfer_state at)
{
  struct doc *state = doc_put_map(d, "state");
  doc_put_str(state, "word", tr(lang, states[at].word));
  doc_put_cstr(state, "class", states[at].class);
  doc_put_cstr(state, "shape", states[at].shape);
}

static enum code put_moved(void *arg, const struct transfer_sent *t, struct err *e)
{
  const struct moved_job *job = arg;
  enum lang lang = job->who->lang;
  struct doc *d = doc_add_map(job->list);
  struct str to = str_printf(job->a, "%.*s %.*s", STR_FMT(t->peer_name), STR_FMT(t->organization)),
             day = date_text(job->a, date_of_ts(t->made_at), job->who->wareki);
  doc_put_str(d, "text", tr_args(job->a, lang, TR("%1に、%2へ移管しました。"), day, to, STR_NONE));
  doc_put_str(d, "answered",
              t->answered_at ? date_text(job->a, date_of_ts(t->answered_at), job->who->wareki) : STR_NONE);
  doc_put_str(d, "code", str_sub(t->code, 0, 8));
  put_state(d, lang, t->state);
  doc_put_bool(d, "is_made", t->state == TRANSFER_MADE);
  doc_put_bool(d, "is_refused", t->state == TRANSFER_REFUSED);
  return OK;
}

enum code transfer_put_moved(struct tx *tx, const struct scope *s, const struct case_head *h, struct arena *a,
                             const struct reader *who, struct doc *data, struct err *e)
{
  struct moved_job job = {a, who, doc_put_list(data, "moved")};
  enum code c = case_clock_told(s, h) ? transfer_sql_sent(tx, h->id, put_moved, &job, e) : OK;
  doc_replace(data, "has_moved", doc_bool(a, doc_size(job.list) > 0));
  return c;
}

static enum code put_moment(void *arg, const struct transfer_sent *t, struct err *e)
{
  const struct moved_job *job = arg;
  struct doc *d = doc_add_map(job->list);
  struct str to = str_printf(job->a, "%.*s %.*s", STR_FMT(t->peer_name), STR_FMT(t->organization));
  doc_put_cstr(d, "icon", "i-case");
  doc_put_int(d, "at", t->made_at);
  doc_put_str(d, "when", reader_day_ts(job->a, job->who, t->made_at));
  doc_put_str(d, "what", tr_args(job->a, job->who->lang, TR("ケース移管 → %1"), to, STR_NONE, STR_NONE));
  doc_put_cstr(d, "by", "");
  doc_put_bool(d, "has_href", false);
  doc_put_null(d, "href");
  doc_put_bool(d, "has_state", true);
  put_state(d, job->who->lang, t->state);
  (void)doc_put_list(d, "parts");
  doc_put_cstr(d, "more", "");
  doc_put_cstr(d, "correct_href", "");
  return OK;
}

enum code transfer_moments(struct tx *tx, const struct scope *s, const struct case_head *h, struct arena *a,
                           const struct reader *who, struct doc **ret, struct err *e)
{
  struct moved_job job = {a, who, doc_list(a)};
  enum code c = case_clock_told(s, h) ? transfer_sql_sent(tx, h->id, put_moment, &job, e) : OK;
  if (c == OK)
    *ret = job.list;
  return c;
}

struct answer_job {
  struct arena *a;
  struct str digits;
  id64 id; /* the transfer of which they are */
  enum transfer_state answer;
};

/* Blanks do not count, however they were read out. */
static struct str bare(struct arena *a, struct str s)
{
  struct buf b;
  buf_init(&b, a, LIMIT_STRING * 4);
  for (size_t i = 0; i < s.n && i < LIMIT_STRING; i++)
    if (s.p[i] >= '0' && s.p[i] <= '9')
      buf_add_c(&b, s.p[i]);
  return buf_str(&b);
}

static enum code find_answer(void *arg, const struct transfer_sent *t, struct err *e)
{
  struct answer_job *job = arg;
  for (int to = TRANSFER_RECEIVED; to < TRANSFER_STATES; to++)
    if (transfer_becomes(t->state, (enum transfer_state)to) &&
        str_eq(job->digits, bare(job->a, transfer_receipt(job->a, t->code, (enum transfer_state)to)))) {
      job->id = t->id;
      job->answer = (enum transfer_state)to;
    }
  return OK;
}

enum code transfer_answer(struct tx *tx, const struct scope *s, const struct case_head *h, struct str digits,
                          enum transfer_state *ret, struct err *e)
{
  struct arena *a = tx_arena(tx);
  struct answer_job job = {.a = a, .digits = bare(a, utf8_fold(a, digits))};
  if (!scope_writes(s) || !scope_wrote(s, h->lead_organization))
    return err_set(e, DENIED, TR("ケースを移管できるのは、主担当機関だけです。"));
  enum code c = transfer_sql_sent(tx, h->id, find_answer, &job, e);
  if (c == OK && !job.id)
    return err_field(
        e, "receipt",
        TR("この受付番号は、返事を待っている移管のものではありません。8桁の数字を、もう一度電話で確かめてください。"));
  if (c == OK)
    c = transfer_sql_answer(tx, s, job.id, job.answer, e);
  if (c == OK)
    *ret = job.answer;
  return c;
}
