/* verify.c: checkpoints and the proof that nothing of the audit was edited, deleted, reordered or cut. */
#include "audit/audit.h"
#include "audit/audit_sql.h"
#include "audit/canonical.h"
#include "base/limits.h"
#include "crypto/seal.h"

/* ---- checkpoint: {"network","at","heads":[{"chain","seq","hash"}]}, canonical JSON, signed with the network's Ed25519 seed */

struct checkpoint_job {
  struct arena *a;
  struct doc *ret;
};

static struct str bytes_of(const unsigned char *p, size_t n)
{
  return (struct str){(const char *)p, n};
}

static const unsigned char *seed_of(struct tx *tx)
{
  const struct keyfile *keys = db_app(tx_db(tx));
  return keys ? keyfile_sign_seed(keys, tx_network(tx)) : NULL;
}

static enum code no_keys(struct err *e)
{
  return err_set(e, IO, TR("このネットワークの鍵が鍵ファイルにありません。正しい鍵ファイルを指定してください。"));
}

static enum code heads_doc(struct tx *tx, struct arena *a, struct doc **ret, struct err *e)
{
  struct chain *chains = NULL;
  size_t n = 0;
  enum code c = audit_sql_chains(tx, a, &chains, &n, e);
  if (c != OK)
    return c;
  struct doc *d = doc_map(a);
  doc_put_id(d, "network", tx_network(tx));
  doc_put_int(d, "at", tx_now(tx));
  struct doc *heads = doc_put_list(d, "heads");
  for (size_t i = 0; i < n; i++) {
    struct doc *h = doc_add_map(heads);
    doc_put_id(h, "chain", chains[i].id);
    doc_put_int(h, "seq", chains[i].head_seq);
    doc_put_str(h, "hash", hex_text(a, bytes_of(chains[i].head, HASH)));
  }
  *ret = d;
  return OK;
}

static enum code make_checkpoint(struct tx *tx, void *arg, struct err *e)
{
  struct checkpoint_job *job = arg;
  struct doc *heads = NULL;
  struct buf body;
  unsigned char sig[SIGNATURE];
  const unsigned char *seed = seed_of(tx);
  if (!seed)
    return no_keys(e);
  enum code c = heads_doc(tx, job->a, &heads, e);
  if (c != OK)
    return c;
  buf_init(&body, job->a, LIMIT_PAGE);
  json_write_canonical(&body, heads);
  if (body.failed)
    return err_oom(e);
  sign_bytes(seed, buf_str(&body), sig);
  c = audit_sql_add_checkpoint(tx, id_new(tx_now(tx)), tx_now(tx), buf_str(&body), bytes_of(sig, SIGNATURE), e);
  if (c != OK)
    return c;
  struct doc *d = doc_map(job->a);
  doc_put_str(d, "body", buf_str(&body));
  doc_put_str(d, "signature", hex_text(job->a, bytes_of(sig, SIGNATURE)));
  job->ret = d;
  return OK;
}

enum code audit_checkpoint(struct db *db, id64 network, struct arena *a, struct doc **ret, struct err *e)
{
  struct db_who who = {.network = network, .service = true};
  struct checkpoint_job job = {.a = a};
  enum code c = db_write(db, "audit_checkpoint", &who, make_checkpoint, &job, e);
  if (c == OK)
    *ret = job.ret;
  return c;
}

/* ---- verification --------------------------------------------------------------------------------------------- */

struct verify_job {
  struct arena *a;
  const struct doc *kept;
  struct doc *findings; /* list of text */
  int64_t events, bad;
  const unsigned char *key;
  id64 network;
  struct doc *wanted; /* chain text -> list of {seq, hash, met} that checkpoints claim */
};

struct walk { /* one chain under verification */
  struct verify_job *job;
  struct chain at; /* what the hashes so far amount to */
  struct str name;
  bool broken; /* the rest of a chain after its first break says nothing new */
};

static void finding(struct verify_job *job, const char *what, struct str chain, int64_t seq)
{
  job->bad++;
  doc_add_str(job->findings, str_printf(job->a, "%s chain=%.*s seq=%lld", what, STR_FMT(chain), (long long)seq));
}

/* What a checkpoint says of this seq must be what stands here. */
static void meet_checkpoints(struct walk *w, struct str hash)
{
  struct doc *list = doc_get_key(w->job->wanted, w->name);
  struct str hex = STR_NONE;
  for (size_t i = 0; i < doc_size(list); i++) {
    struct doc *want = doc_at(list, i);
    if (doc_get_int(want, "seq") != w->at.head_seq)
      continue;
    if (!hex.n)
      hex = hex_text(w->job->a, hash);
    if (!str_eq(doc_get_str(want, "hash"), hex))
      finding(w->job, "rewritten: differs from a signed checkpoint", w->name, w->at.head_seq);
  }
}

static enum code walk_event(void *arg, id64 chain, int64_t seq, ts_t at, const struct event *ev, struct str hash,
                            struct err *e)
{
  struct walk *w = arg;
  unsigned char expected[HASH];
  (void)chain;
  w->job->events++;
  if (w->broken)
    return OK;
  if (seq != w->at.head_seq + 1) {
    finding(w->job, "deleted or reordered: a number is missing before", w->name, seq);
    w->broken = true;
    return OK;
  }
  w->at.head_seq = seq;
  struct arena *scratch = arena_new(LIMIT_PAGE);
  if (!scratch)
    return err_oom(e);
  enum code c = canonical_hash(scratch, w->job->key, w->job->network, &w->at, at, ev, expected, e);
  arena_free(scratch);
  if (c != OK)
    return c;
  if (!secret_equal(hash, bytes_of(expected, HASH))) {
    finding(w->job, "edited: the hash does not fit the event", w->name, seq);
    w->broken = true;
    return OK;
  }
  memcpy(w->at.head, expected, HASH);
  meet_checkpoints(w, hash);
  return OK;
}

static void check_tail(struct walk *w, const struct chain *stored)
{
  if (w->broken)
    return;
  if (w->at.head_seq != stored->head_seq || memcmp(w->at.head, stored->head, HASH) != 0)
    finding(w->job, "cut or added at the end: the head says another number than the events", w->name, stored->head_seq);
  struct doc *list = doc_get_key(w->job->wanted, w->name);
  for (size_t i = 0; i < doc_size(list); i++)
    if (doc_get_int(doc_at(list, i), "seq") > w->at.head_seq)
      finding(w->job, "cut tail: a signed checkpoint knows later events", w->name, doc_get_int(doc_at(list, i), "seq"));
}

/* A kept or stored checkpoint: signature, then its heads go to `wanted`. */
static enum code read_checkpoint(struct verify_job *job, const unsigned char *public_key, const struct doc *cp,
                                 struct err *e)
{
  struct err ignored = {0};
  struct str sig = STR_NONE;
  struct doc *body = NULL;
  struct str text = doc_get_str(cp, "body");
  bool fits = hex_parse(job->a, doc_get_str(cp, "signature"), &sig) && sig.n == SIGNATURE &&
              sign_verify(public_key, text, (const unsigned char *)sig.p);
  enum code c = fits ? json_parse(job->a, text, &body, &ignored) : INVALID;
  if (c == OOM)
    return err_oom(e);
  if (c != OK) {
    job->bad++;
    doc_add_str(job->findings, S("checkpoint: the signature does not fit"));
    return OK;
  }
  struct doc *heads = doc_get(body, "heads");
  for (size_t i = 0; i < doc_size(heads); i++) {
    struct doc *h = doc_at(heads, i);
    struct str chain = doc_get_str(h, "chain");
    struct doc *list = doc_get_key(job->wanted, chain);
    if (!list) {
      list = doc_list(job->a);
      doc_put_key(job->wanted, chain, list);
    }
    doc_add(list, h);
  }
  return OK;
}

static enum code read_checkpoints(struct tx *tx, struct verify_job *job, const unsigned char *seed, struct err *e)
{
  struct doc *stored = NULL;
  unsigned char public_key[PUBLIC_KEY];
  sign_public_key(seed, public_key);
  enum code c = audit_sql_checkpoints(tx, job->a, &stored, e);
  if (c != OK)
    return c;
  for (size_t i = 0; c == OK && i < doc_size(stored); i++)
    c = read_checkpoint(job, public_key, doc_at(stored, i), e);
  return c == OK && job->kept ? read_checkpoint(job, public_key, job->kept, e) : c;
}

static bool has_chain(struct arena *a, const struct chain *chains, size_t n, struct str name)
{
  for (size_t i = 0; i < n; i++)
    if (str_eq(id_text(a, chains[i].id), name))
      return true;
  return false;
}

/* A chain that a checkpoint names and the database does not have was deleted whole. */
static void check_lost_chains(struct verify_job *job, const struct chain *chains, size_t n)
{
  for (size_t i = 0; i < doc_size(job->wanted); i++) {
    struct str name = doc_key_at(job->wanted, i);
    if (!has_chain(job->a, chains, n, name))
      finding(job, "deleted: a signed checkpoint knows this chain", name, 0);
  }
}

/* Events whose chain has no row any more. */
static void note_orphan(void *arg, id64 chain)
{
  struct verify_job *job = arg;
  finding(job, "deleted: the chain of these events has no head", id_text(job->a, chain), 0);
}

static enum code verify_all(struct tx *tx, void *arg, struct err *e)
{
  struct verify_job *job = arg;
  struct chain *chains = NULL;
  size_t n = 0;
  const unsigned char *seed = seed_of(tx);
  if (!seed)
    return no_keys(e);
  job->key = keyfile_audit_key(db_app(tx_db(tx)), tx_network(tx)); /* a network has all its keys or none */
  enum code c = read_checkpoints(tx, job, seed, e);
  if (c == OK)
    c = audit_sql_chains(tx, job->a, &chains, &n, e);
  for (size_t i = 0; c == OK && i < n; i++) {
    struct walk w = {.job = job, .at = {.id = chains[i].id}, .name = id_text(job->a, chains[i].id)};
    c = audit_sql_each(tx, chains[i].id, walk_event, &w, e);
    if (c == OK)
      check_tail(&w, &chains[i]);
  }
  if (c == OK)
    c = audit_sql_orphans(tx, note_orphan, job, e);
  if (c == OK)
    check_lost_chains(job, chains, n);
  return c;
}

enum code audit_verify(struct db *db, id64 network, const struct doc *kept_checkpoint, struct arena *a,
                       struct doc **ret_findings, int64_t *ret_events, int64_t *ret_bad, struct err *e)
{
  struct db_who who = {.network = network, .service = true};
  struct verify_job job = {.a = a, .kept = kept_checkpoint, .network = network};
  job.findings = doc_list(a);
  job.wanted = doc_map(a);
  enum code c = db_read(db, &who, verify_all, &job, e);
  if (c != OK)
    return c;
  if (arena_failed(a))
    return err_oom(e);
  *ret_findings = job.findings;
  *ret_events = job.events;
  *ret_bad = job.bad;
  return OK;
}
