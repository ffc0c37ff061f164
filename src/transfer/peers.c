/* peers.c: the own card and those of other networks. */
#include "crypto/keyfile.h"
#include "crypto/secret.h"
#include "transfer/transfer_sql.h"

static const char head[] = "tsunagu-card-2:";

/* A dot after every eight letters: one key in two hundred has twelve digits in a row that pass for a マイナンバー. */
enum { GROUP = 4, WHOLE = PARCEL_CARD + GROUP };

/* The card and the first bytes of its hash: two keys of which a letter is wrong would be registered as somebody else's, and the fault be found when
 * the first file cannot be opened. Against forgery stands the fingerprint alone. */
static void whole_card(struct arena *a, const unsigned char card[PARCEL_CARD], unsigned char ret[WHOLE])
{
  unsigned char hash[HASH];
  struct buf b;
  buf_init(&b, a, sizeof head + PARCEL_CARD);
  buf_add(&b, str_from(head));
  buf_add(&b, (struct str){(const char *)card, PARCEL_CARD});
  hash_bytes(buf_str(&b), hash);
  memcpy(ret, card, PARCEL_CARD);
  memcpy(ret + PARCEL_CARD, hash, GROUP);
}

struct str transfer_card_text(struct arena *a, const unsigned char card[PARCEL_CARD])
{
  unsigned char whole[WHOLE];
  struct buf b;
  whole_card(a, card, whole);
  buf_init(&b, a, sizeof head + 3 * WHOLE);
  buf_add(&b, str_from(head));
  for (size_t i = 0; i < WHOLE; i += GROUP) {
    if (i)
      buf_add_c(&b, '.');
    buf_add(&b, hex_text(a, (struct str){(const char *)whole + i, GROUP}));
  }
  return buf_str(&b);
}

/* As mail and paper may have broken it: blanks, line ends and dots do not count. */
bool transfer_card_parse(struct arena *a, struct str text, unsigned char ret[PARCEL_CARD])
{
  struct buf b;
  struct str bytes = STR_NONE;
  buf_init(&b, a, 1024);
  for (size_t i = 0; i < text.n && b.n < 512; i++)
    if ((unsigned char)text.p[i] > ' ' && text.p[i] != '.')
      buf_add_c(&b, text.p[i]);
  struct str packed = buf_str(&b);
  if (!str_starts(packed, str_from(head)) || !hex_parse(a, str_sub(packed, sizeof head - 1, packed.n), &bytes) ||
      bytes.n != WHOLE)
    return false;
  unsigned char whole[WHOLE];
  whole_card(a, (const unsigned char *)bytes.p, whole);
  if (memcmp(whole, bytes.p, WHOLE) != 0)
    return false;
  memcpy(ret, bytes.p, PARCEL_CARD);
  return true;
}

static enum code own_card(struct tx *tx, unsigned char ret[PARCEL_CARD], struct err *e)
{
  const unsigned char *seed = keyfile_sign_seed(db_app(tx_db(tx)), tx_network(tx));
  if (!seed)
    return err_set(e, DENIED, TR("鍵ファイルに、このネットワークの鍵がありません。"));
  parcel_card(seed, ret);
  return OK;
}

struct adding {
  const unsigned char *card;
  id64 id; /* 0: it is not there */
};

static enum code look_for(void *arg, const struct transfer_peer *p, struct err *e)
{
  struct adding *x = arg;
  if (memcmp(p->card.p, x->card, PARCEL_CARD) == 0)
    x->id = p->id;
  return OK;
}

/* The peer whose card this is. */
static enum code peer_of(struct tx *tx, const unsigned char *card, id64 *ret, struct err *e)
{
  struct adding x = {.card = card};
  enum code c = transfer_sql_peers(tx, look_for, &x, e);
  if (c == OK)
    *ret = x.id;
  return c;
}

enum code transfer_peer_add(struct tx *tx, const struct scope *s, struct str name, struct str card, id64 body,
                            struct err *e)
{
  unsigned char given[PARCEL_CARD], own[PARCEL_CARD];
  id64 peer = 0;
  if (!name.n)
    return err_field(e, "name", TR("相手のネットワークの名前を入力してください。"));
  if (!transfer_card_parse(tx_arena(tx), card, given))
    return err_field(e, "card",
                     TR("合わせ札が読めません。文字が欠けているか、ちがっています。「tsunagu-card-2:"
                        "」から終わりまで、そのまま貼り付けてください。"));
  enum code c = own_card(tx, own, e);
  if (c == OK && memcmp(own, given, PARCEL_CARD) == 0)
    return err_field(e, "card", TR("これは、このネットワークの合わせ札です。相手のものを貼り付けてください。"));
  if (c == OK)
    c = peer_of(tx, given, &peer, e);
  if (c == OK && peer)
    return err_field(e, "card", TR("この合わせ札は、もう登録してあります。"));
  if (c == OK)
    c = transfer_sql_add_peer(tx, s, name, (struct str){(const char *)given, PARCEL_CARD}, e);
  if (c == OK && body)
    c = peer_of(tx, given, &peer, e);
  return c == OK && body ? transfer_body_add(tx, s, peer, body, e) : c;
}

static bool is_among(const struct doc *list, id64 id)
{
  id64 one = 0;
  for (size_t i = 0; i < doc_size(list); i++)
    if (doc_get_id(doc_at(list, i), "id", &one) && one == id)
      return true;
  return false;
}

struct looking {
  id64 peer;
  bool there;
};

static enum code look_for_id(void *arg, const struct transfer_peer *p, struct err *e)
{
  struct looking *x = arg;
  x->there = x->there || p->id == x->peer;
  return OK;
}

enum code transfer_body_add(struct tx *tx, const struct scope *s, id64 peer, id64 organization, struct err *e)
{
  struct looking x = {.peer = peer};
  struct doc *others = NULL;
  enum code c = transfer_sql_peers(tx, look_for_id, &x, e);
  if (c == OK && !x.there)
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  if (c == OK)
    c = transfer_sql_others(tx, tx_arena(tx), &others, e);
  if (c == OK && !is_among(others, organization))
    return err_field(
        e, "body",
        TR("受け取る機関は、相手のネットワークの機関を、つなぎ先から選んでください。このネットワークで活動して"
           "いる機関や、ほかの合わせ札で選んだ機関は選べません。"));
  return c == OK ? transfer_sql_add_body(tx, s, peer, organization, e) : c;
}

enum code transfer_body_end(struct tx *tx, const struct scope *s, id64 peer, id64 organization, struct err *e)
{
  (void)s; /* the capability */
  return transfer_sql_end_body(tx, peer, organization, e);
}

enum code transfer_peer_end(struct tx *tx, const struct scope *s, id64 peer, struct err *e)
{
  (void)s; /* the capability */
  return transfer_sql_end_peer(tx, peer, e);
}

/* ---- the page ---------------------------------------------------------------------------------------------------------- */

struct page_job {
  struct arena *a;
  const struct reader *who;
  struct doc *list;
  const struct doc *bodies, *others; /* those that stand for one, and those that could */
};

static void put_bodies(const struct page_job *job, const struct transfer_peer *p, struct doc *d)
{
  struct doc *list = doc_put_list(d, "bodies");
  id64 peer = 0;
  for (size_t i = 0; i < doc_size(job->bodies); i++) {
    const struct doc *o = doc_at(job->bodies, i);
    if (!doc_get_id(o, "peer", &peer) || peer != p->id)
      continue;
    struct doc *m = doc_add_map(list);
    doc_put_id(m, "peer", p->id);
    doc_put_str(m, "id", doc_get_str(o, "id"));
    doc_put_str(m, "name", doc_get_str(o, "name"));
  }
  doc_put_bool(d, "has_bodies", doc_size(list) > 0);
  doc_put(d, "others", doc_copy(job->a, job->others));
  doc_put_bool(d, "has_others", doc_size(job->others) > 0);
}

static enum code put_peer(void *arg, const struct transfer_peer *p, struct err *e)
{
  const struct page_job *job = arg;
  struct doc *d = doc_add_map(job->list);
  doc_put_id(d, "id", p->id);
  doc_put_str(d, "name", p->name);
  doc_put_str(d, "fingerprint", parcel_fingerprint(job->a, (const unsigned char *)p->card.p));
  doc_put_str(d, "since", date_text(job->a, date_of_ts(p->added_at), job->who->wareki));
  put_bodies(job, p, d);
  return OK;
}

static enum code put_taken(void *arg, const struct transfer_moved *m, struct err *e)
{
  const struct page_job *job = arg;
  struct doc *d = doc_add_map(job->list);
  struct str id = id_text(job->a, m->case_id);
  doc_put_str(d, "href", m->case_id ? str_printf(job->a, "/cases/%.*s", STR_FMT(id)) : STR_NONE);
  doc_put_bool(d, "refused", !m->case_id);
  doc_put_str(d, "receipt", transfer_receipt(job->a, m->code, m->case_id ? TRANSFER_RECEIVED : TRANSFER_REFUSED));
  doc_put_str(d, "number", m->number);
  doc_put_str(d, "peer", m->peer);
  doc_put_str(d, "when", reader_day_ts(job->a, job->who, m->at));
  return OK;
}

enum code transfer_page(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                        struct doc **ret, struct err *e)
{
  enum { SHOWN = 50 };
  unsigned char own[PARCEL_CARD];
  struct doc *d = doc_map(a);
  struct doc *bodies = NULL, *others = NULL;
  struct page_job job = {.a = a, .who = who, .list = doc_put_list(d, "peers")};
  enum code c = own_card(tx, own, e);
  if (c == OK)
    c = transfer_sql_bodies(tx, a, &bodies, e);
  if (c == OK)
    c = transfer_sql_others(tx, a, &others, e);
  job.bodies = bodies;
  job.others = others;
  if (c == OK)
    c = transfer_sql_peers(tx, put_peer, &job, e);
  doc_put_bool(d, "has_peers", doc_size(job.list) > 0);
  job.list = doc_put_list(d, "taken");
  if (c == OK)
    c = transfer_sql_taken_here(tx, s, SHOWN, put_taken, &job, e);
  if (c != OK)
    return c;
  doc_put_bool(d, "has_taken", doc_size(job.list) > 0);
  doc_put(d, "others", others);
  doc_put_bool(d, "has_others", doc_size(others) > 0);
  doc_put_str(d, "card", transfer_card_text(a, own));
  doc_put_str(d, "fingerprint", parcel_fingerprint(a, own));
  *ret = d;
  return OK;
}
