/* answers.c: whose answer the rule asks, in sentences, and whose is missing or was a no, as far as the reader's organization wrote it down. */
#include "consent/consent.h"
#include "consent/words.h"

static enum code load(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                      struct asked *ret, struct err *e)
{
  *ret = (struct asked){.tx = tx, .s = s, .a = a, .who = who};
  enum code c = consent_sql_own_from(tx, s, &ret->own_from, e);
  if (c == OK)
    c = consent_sql_rule(tx, &ret->rule, e);
  return c == OK ? person_guardians(tx, s, a, who, &ret->guardians, e) : c;
}

enum code consent_asked(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                        struct asked *ret, struct err *e)
{
  enum code c = load(tx, s, a, who, ret, e);
  if (c == OK)
    c = consent_sql_recipients(tx, s, a, &ret->rows, &ret->count, e);
  return c;
}

/* ---- whom the rule asks ---------------------------------------------------------------------------------------------------------------- */

static bool is_grown(const struct asked *q)
{
  return q->own_from && q->own_from <= tx_now(q->tx);
}

static bool is_joint(const struct doc *guardian)
{
  return str_is(doc_get_str(guardian, "authority"), "joint");
}

/* Parents who hold authority jointly, by name: whose answer is still to be asked is seen beside who gave one. */
static struct str joint_text(const struct asked *q)
{
  struct buf names;
  size_t count = 0;
  buf_init(&names, q->a, 2000);
  for (size_t i = 0; i < doc_size(q->guardians); i++) {
    if (!is_joint(doc_at(q->guardians, i)))
      continue;
    buf_add_cstr(&names, count++ ? "・" : "");
    buf_add(&names, doc_get_str(doc_at(q->guardians, i), "name"));
  }
  const char *sentence = q->rule.joint_needs_all ? TR("親権を共同で持つ保護者は、それぞれの同意が要ります（%1）。")
                                                 : TR("親権を共同で持つ保護者は、どちらかの同意でかまいません（%1）。");
  return count > 1 ? tr_args(q->a, q->who->lang, sentence, buf_str(&names), STR_NONE, STR_NONE) : STR_NONE;
}

/* Of the rule's cases the one that holds, and of the child's the two that a town decides about. Guardians whom the reader may not see may stand on record:
 * what would be otherwise without any is said as a condition. */
static void put_case(const struct asked *q, struct buf *b)
{
  enum lang lang = q->who->lang;
  bool guardians = doc_size(q->guardians) > 0;
  if (is_grown(q)) {
    buf_add(b, tr(lang, TR("この年齢では、本人の同意が必要です。保護者の答えは、保護者のものとして別に記録します。")));
  } else if (!q->own_from) {
    buf_add(b,
            tr(lang, guardians ? TR("生年月日がわからないので、本人と保護者の両方の同意が必要です。")
                               : TR("生年月日がわからず、保護者の記録も見あたりません。保護者がだれも記録されていない"
                                    "ときは、本人だけの同意で伝わります。保護者がいる人なら、先に記録してください。")));
    buf_add(b, tr(lang, TR("生年月日は、わかったら「本人のこと」に書いてください。年齢に合った決まりになります。")));
  } else {
    buf_add(b, tr(lang, q->rule.heard_needed
                            ? TR("この年齢では、保護者の同意が必要です。本人の気持ちを聞いて、そのことも記録しないと、"
                                 "伝わりません。")
                            : TR("この年齢では、保護者の同意が必要です。本人の気持ちも聞いて、記録してください。")));
    if (!q->rule.guardian_overrides)
      buf_add(b, tr(lang, TR("本人が「同意しない」と答えたときは、保護者の同意があっても伝わりません。")));
    if (!guardians)
      buf_add(b, tr(lang, TR("保護者の記録が見あたりません。先に記録してください。")));
  }
}

enum code consent_put_needs(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                            struct doc *data, struct err *e)
{
  struct asked q;
  struct buf b;
  enum code c = load(tx, s, a, who, &q, e);
  if (c != OK)
    return c;
  buf_init(&b, a, 4000);
  put_case(&q, &b);
  if (!is_grown(&q))
    buf_add(&b, joint_text(&q));
  doc_put_str(data, "needs", buf_str(&b));
  doc_put_bool(data, "needs_family", !is_grown(&q) && !doc_size(q.guardians));
  doc_put_bool(data, "needs_birth", !q.own_from);
  return OK;
}

/* ---- whose answer is missing ------------------------------------------------------------------------------------------------------------- */

struct row_notes {
  const struct asked *q;
  id64 organization;
  struct doc *list;
  bool refused;
};

/* guardian 0: the person. */
struct said {
  bool given, refused, later, heard, alone;
};

static bool is_of(const struct row_notes *n, const struct recipient_row *r, id64 guardian)
{
  return r->organization == n->organization && /* a value, not a decision */
         (guardian ? r->consent.guardian == guardian : str_is(r->consent.by, "person"));
}

static bool over(const struct consent_row *c, ts_t now)
{
  return c->withdrawn_at || (c->until && c->until <= now);
}

static struct said said_by(const struct row_notes *n, id64 guardian)
{
  struct said sum = {0};
  ts_t now = tx_now(n->q->tx);
  for (size_t i = 0; i < n->q->count; i++) {
    const struct recipient_row *r = &n->q->rows[i];
    const struct consent_row *c = &r->consent;
    if (!is_of(n, r, guardian) || over(c, now))
      continue;
    bool counts = consent_counts(n->q->rows, n->q->count, r, now), begun = c->from <= now;
    sum.later |= counts && !begun;
    sum.refused |= c->refused && begun;
    if (!counts || !begun)
      continue;
    sum.given = true;
    sum.heard |= c->heard;
    sum.alone |= str_is(c->authority, "sole") || str_is(c->authority, "daily") || str_is(c->authority, "urgent");
  }
  sum.refused = sum.refused && !sum.given;
  return sum;
}

static void add_note(const struct row_notes *n, const char *sentence, struct str party, struct str day)
{
  doc_put_str(doc_add_map(n->list), "text", tr_args(n->q->a, n->q->who->lang, sentence, party, day, STR_NONE));
}

static void add_missing(const struct row_notes *n, struct str party)
{
  add_note(n, TR("%1の答えは、この機関ではまだ記録していません"), party, STR_NONE);
}

/* Who said no, and whose yes begins later; each party once, by its newest row (they stand newest first). */
static void put_answers(struct row_notes *n)
{
  const struct asked *q = n->q;
  ts_t now = tx_now(q->tx);
  for (size_t i = 0; i < q->count; i++) {
    const struct consent_row *c = &q->rows[i].consent;
    bool first = true;
    if (q->rows[i].organization != n->organization || over(c, now)) /* a value, not a decision */
      continue;
    for (size_t k = 0; k < i; k++)
      first &= !(is_of(n, &q->rows[k], c->guardian) && q->rows[k].consent.refused == c->refused &&
                 (c->refused || q->rows[k].consent.from > now) && !over(&q->rows[k].consent, now));
    struct said said = said_by(n, c->guardian);
    struct str party = consent_party(q->who->lang, c), day = reader_short(q->a, q->who, date_of_ts(c->from));
    if (first && c->refused && c->from <= now && said.refused) {
      add_note(n, TR("%2に、%1がことわりました"), party, day);
      n->refused = true;
    } else if (first && !c->refused && c->from > now && said.later) {
      add_note(n, TR("%1の同意は、%2から始まります"), party, day);
    }
  }
}

static void miss_person(const struct row_notes *n)
{
  struct said said = said_by(n, 0);
  if (!said.given && !said.refused && !said.later)
    add_missing(n, tr(n->q->who->lang, TR("本人")));
}

static struct str guardian_called(const struct asked *q, const struct doc *g)
{
  struct str relation = doc_get_str(g, "relation");
  return relation.n ? tr_str(q->who->lang, relation) : tr(q->who->lang, TR("保護者"));
}

/* The guardians' side: one who decides alone, or those who hold authority jointly. Whether one of them was asked how the child feels. */
static bool miss_guardians(const struct row_notes *n, bool *ret_heard)
{
  const struct asked *q = n->q;
  bool alone = false, any = false, answered = false, all = q->rule.joint_needs_all;
  *ret_heard = false;
  for (size_t i = 0; i < doc_size(q->guardians); i++) {
    id64 id = 0;
    (void)doc_get_id(doc_at(q->guardians, i), "id", &id);
    struct said said = said_by(n, id);
    alone |= said.alone;
    any |= said.given;
    answered |= said.given || said.refused || said.later;
    *ret_heard |= said.heard;
  }
  size_t before = doc_size(n->list);
  for (size_t i = 0; !alone && all && any && i < doc_size(q->guardians); i++) {
    const struct doc *g = doc_at(q->guardians, i);
    id64 id = 0;
    (void)doc_get_id(g, "id", &id);
    struct said said = said_by(n, id);
    if (is_joint(g) && !said.given && !said.refused && !said.later)
      add_missing(n, guardian_called(q, g));
  }
  if (!answered)
    add_missing(n, tr(q->who->lang, TR("保護者")));
  return doc_size(n->list) > before;
}

static void put_missing(const struct row_notes *n)
{
  const struct asked *q = n->q;
  bool heard = false;
  if (is_grown(q) || (!q->own_from && !doc_size(q->guardians))) {
    miss_person(n);
    return;
  }
  if (!q->own_from)
    miss_person(n);
  bool missing = miss_guardians(n, &heard);
  if (q->own_from && q->rule.heard_needed && !heard && !missing && !said_by(n, 0).given)
    add_note(n, TR("本人の気持ちを聞いたことが、まだ記録されていません"), STR_NONE, STR_NONE);
}

bool consent_put_notes(const struct asked *q, id64 organization, bool half, struct doc *row)
{
  struct row_notes n = {.q = q, .organization = organization, .list = doc_put_list(row, "notes")};
  put_answers(&n);
  if (half)
    put_missing(&n);
  if (half && !doc_size(n.list))
    add_note(&n, TR("必要な人の全員が同意した内容だけが伝わります"), STR_NONE, STR_NONE);
  return n.refused;
}
