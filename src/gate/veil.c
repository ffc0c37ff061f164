/* veil.c: what is concealed leaves by no answer. */
#include "audit/audit.h"
#include "base/limits.h"
#include "gate/gate_impl.h"
#include "view/csv.h"

LIST_BOUNDS(tsunagu_veils, struct veil);

/* ---- whom the transaction touched -------------------------------------------------------------------------------------- */

struct touched {
  struct tx *tx;
  struct request *rq;
  id64 persons[LIMIT_PAGE_ROWS];
  size_t n;
};

static enum code ask(struct touched *t, struct err *e)
{
  enum code c = OK;
  for (const struct veil *const *v = __start_tsunagu_veils; c == OK && t->n && v < __stop_tsunagu_veils; v++)
    c = (*v)->load(t->tx, t->persons, t->n, t->rq->arena, &gate_of(t->rq)->needles, e);
  t->n = 0;
  return c;
}

static enum code touch(struct touched *t, id64 person, struct err *e)
{
  for (size_t i = 0; i < t->n; i++)
    if (t->persons[i] == person)
      return OK;
  t->persons[t->n++] = person;
  return t->n == LIMIT_PAGE_ROWS ? ask(t, e) : OK;
}

static id64 id_at(struct str ids, size_t at)
{
  uint64_t id = 0;
  for (size_t i = 0; i < 8; i++)
    id = id << 8 | (unsigned char)ids.p[at + i];
  return (id64)id;
}

/* Of one person the decision knew whether anything is concealed; of a list's persons it is asked. Whom a list names, among others, is masked by the
 * letter alone; whom the request opened, also by what comes near. */
enum code veil_collect(struct tx *tx, struct request *rq, struct err *e)
{
  struct touched t = {.tx = tx, .rq = rq};
  enum code c = OK;
  for (const struct event *ev = audit_listed(tx); c == OK && ev; ev = ev->next)
    for (size_t at = 0; c == OK && !ev->person && at + 8 <= ev->ids.n; at += 8)
      c = touch(&t, id_at(ev->ids, at), e);
  if (c == OK)
    c = ask(&t, e);
  needles_warn_only(gate_of(rq)->needles);
  for (const struct event *ev = audit_listed(tx); c == OK && ev; ev = ev->next)
    if (ev->person && ev->concealed)
      c = touch(&t, ev->person, e);
  return c == OK ? ask(&t, e) : c;
}

/* ---- what was typed ---------------------------------------------------------------------------------------------------- */

static bool is_typed(const struct doc *typed, struct str text)
{
  for (size_t i = 0; i < doc_size(typed); i++) {
    const struct doc *d = doc_kind(typed) == DOC_MAP ? doc_value_at(typed, i) : doc_at(typed, i);
    if (doc_kind(d) == DOC_STR ? str_eq(doc_string(d), text) : is_typed(d, text))
      return true;
  }
  return false;
}

/* The first field whose text tells it; RESEMBLES before what is a hint. */
static enum resemblance typed_tells(const struct request *rq, const char **ret_field)
{
  enum resemblance most = RESEMBLES_NOT;
  for (const struct field *f = rq->route ? rq->route->fields : NULL; f && f->name && most != RESEMBLES; f++) {
    bool text = f->kind != FIELD_SECRET && f->kind != FIELD_ID && !f->options && !f->apart;
    enum resemblance r =
        text ? needles_find_doc(gate_of(rq)->needles, rq->arena, doc_get(rq->typed, f->name)) : RESEMBLES_NOT;
    if (r > most) {
      most = r;
      *ret_field = f->name;
    }
  }
  return most;
}

/* The events as they stand: the list grows. */
static void tell_refusal(struct tx *tx)
{
  const struct event *ev = audit_listed(tx);
  while (ev && !(ev->person && ev->concealed))
    ev = ev->next;
  if (!ev)
    return;
  struct event told = *ev;
  told.kind = EVENT_REFUSED;
  told.action = ACTION_CONCEAL_OPEN;
  (void)audit_add(tx, &told);
}

enum code veil_check(struct tx *tx, struct request *rq, struct err *e)
{
  struct gate *g = gate_of(rq);
  const char *field = "";
  const struct doc *sure = doc_get(rq->raw, "_concealed");
  if (rq->method != POST || !g->needles || g->unveiled)
    return OK;
  enum resemblance r = typed_tells(rq, &field);
  bool leaves = r >= RESEMBLES_CLOSELY && rq->route->leaves;
  bool confirmed = str_is(doc_string(sure), "1") || doc_truth(sure);
  if (r == RESEMBLES_NOT || (confirmed && !leaves))
    return OK;
  tell_refusal(tx);
  if (leaves)
    return err_field(e, field, TR("秘匿の項目に似たことが書かれています。外に伝わるので、消してから送ってください。"));
  g->concealed_warned = true;
  return err_field(e, field, TR("秘匿の項目に似たことが書かれています。書いてよいか、確かめてください。"));
}

/* ---- what leaves --------------------------------------------------------------------------------------------------------- */

struct str veil_text(const struct request *rq, struct str text)
{
  const struct gate *g = gate_of(rq);
  if (!g->needles || g->unveiled)
    return text;
  if (rq->problems && is_typed(rq->typed, text))
    return text;
  return needles_mask(g->needles, rq->arena, text, str_from(CONCEALED_MARK));
}

static void veil_node(const struct request *rq, struct doc *d)
{
  for (size_t i = 0; i < doc_size(d); i++) {
    struct doc *v = doc_kind(d) == DOC_MAP ? doc_value_at(d, i) : doc_at(d, i);
    if (doc_kind(v) == DOC_STR)
      doc_set_str(v, veil_text(rq, doc_string(v)));
    else
      veil_node(rq, v);
  }
}

void veil_doc(struct request *rq, struct doc *d)
{
  if (gate_of(rq)->needles && !gate_of(rq)->unveiled)
    veil_node(rq, d);
}

void gate_veil(struct request *rq, struct doc *d)
{
  veil_doc(rq, d);
  gate_of(rq)->veiled = true;
}

void gate_veil_table(struct request *rq, struct csv_table *t)
{
  for (size_t i = 0; i < t->n; i++)
    for (size_t k = 0; k < t->row[i].n; k++)
      t->row[i].cell[k] = veil_text(rq, t->row[i].cell[k]);
  gate_of(rq)->veiled = true;
}

void gate_unveil(struct request *rq)
{
  gate_of(rq)->unveiled = true;
}

bool veil_holds_file(const struct request *rq)
{
  const struct gate *g = gate_of(rq);
  return g->needles && !g->veiled && !g->unveiled;
}
