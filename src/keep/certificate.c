/* certificate.c: 消去証明書: what was erased, when, on whose decision, and what remains. Case numbers and ids, no names. */
#include "base/limits.h"
#include "base/version.h"
#include "keep/keep_impl.h"
#include "view/print.h"

struct certificate {
  struct arena *a;
  id64 erasure;
  const struct keyfile *keys;
  struct doc *ret, *persons, *rows;
  int64_t total;
};

static enum code take_person(void *arg, const struct erased_row *row, struct err *e)
{
  struct certificate *c = arg;
  struct doc *d = doc_add_map(c->persons);
  doc_put_id(d, "person", row->person);
  doc_put_str(d, "cases", row->cases);
  doc_put_str(d, "erased_at", ts_iso(c->a, row->at));
  return OK;
}

static enum code take_rows(void *arg, struct str table, int64_t rows, struct err *e)
{
  struct certificate *c = arg;
  struct doc *d = doc_add_map(c->rows);
  doc_put_str(d, "table", table);
  doc_put_int(d, "rows", rows);
  c->total += rows;
  return OK;
}

/* Over the rest, in canonical form: the hash, and the network's signature of it. */
static enum code sign(struct certificate *c, const unsigned char *seed, struct err *e)
{
  struct buf b;
  unsigned char hash[HASH], signature[SIGNATURE], public_key[PUBLIC_KEY];
  buf_init(&b, c->a, LIMIT_PAGE);
  json_write_canonical(&b, c->ret);
  if (b.failed)
    return err_oom(e);
  hash_bytes(buf_str(&b), hash);
  sign_public_key(seed, public_key);
  sign_bytes(seed, (struct str){(const char *)hash, HASH}, signature);
  doc_put_str(c->ret, "hash", hex_text(c->a, (struct str){(const char *)hash, HASH}));
  doc_put_str(c->ret, "signature", hex_text(c->a, (struct str){(const char *)signature, SIGNATURE}));
  doc_put_str(c->ret, "public_key", hex_text(c->a, (struct str){(const char *)public_key, PUBLIC_KEY}));
  return OK;
}

static void put_facts(struct certificate *c, struct tx *tx, const struct erasure_row *x, const struct decision_row *why)
{
  struct doc *d = c->ret;
  doc_put_cstr(d, "document", "erasure certificate");
  doc_put_int(d, "format", 1);
  doc_put_cstr(d, "program", TSUNAGU_VERSION);
  doc_put_id(d, "network", tx_network(tx));
  doc_put_id(d, "erasure", x->id);
  doc_put_str(d, "decided_at", ts_iso(c->a, why->at));
  doc_put_str(d, "finished_at", ts_iso(c->a, x->finished));
  doc_put_str(d, "decision", why->reason);
  doc_put_cstr(d, "carried_out_by", "command line");
  doc_put_id(d, "approver", why->approver);
  doc_put_bool(d, "before_term", x->early);
  doc_put_int(d, "key_epoch_before", x->epoch_before);
  doc_put_int(d, "key_epoch_after", x->epoch_after);
}

static enum code collect(struct tx *tx, void *arg, struct err *e)
{
  struct certificate *c = arg;
  struct erasure_row x = {0};
  struct decision_row why = {0};
  const unsigned char *seed = keyfile_sign_seed(c->keys, tx_network(tx));
  c->ret = doc_map(c->a);
  c->total = 0;
  enum code code = c->erasure ? OK : erase_sql_last(tx, &c->erasure, e);
  if (code == OK)
    code = erase_sql_get(tx, c->a, c->erasure, &x, &why, e);
  if (code == OK && !x.finished)
    return err_set(e, CONFLICT,
                   TR("まだ終わっていない消去があります。先に tsunagu erase --resume を実行してください。"));
  if (code == OK && !seed)
    return BUG(e, "a network that was opened has its keys");
  if (code != OK)
    return code;
  put_facts(c, tx, &x, &why);
  c->persons = doc_put_list(c->ret, "persons");
  c->rows = doc_put_list(c->ret, "rows");
  code = erase_sql_persons(tx, c->erasure, take_person, c, e);
  if (code == OK)
    code = erase_sql_rows(tx, c->erasure, take_rows, c, e);
  doc_put_int(c->ret, "rows_total", c->total);
  return code == OK ? sign(c, seed, e) : code;
}

/* --- on paper --- */

static struct str number(struct arena *a, int64_t v)
{
  return str_printf(a, "%lld", (long long)v);
}

/* An instant as people read it: the ISO text without its seconds. */
static struct str minute(struct arena *a, struct str iso)
{
  struct str day = str_sub(iso, 0, 10), time = str_sub(iso, 11, 5);
  return str_printf(a, "%.*s %.*s", STR_FMT(day), STR_FMT(time));
}

static void add_field(struct doc *items, const char *label, struct str value)
{
  struct doc *d = doc_add_map(items);
  doc_put_cstr(d, "label", label);
  doc_put_str(d, "value", value);
  doc_put_int(d, "span", 2);
}

static void add_facts(struct arena *a, struct doc *blocks, const struct doc *c)
{
  struct doc *items = doc_put_list(print_add(blocks, "fields"), "items");
  struct str approver = doc_get_str(c, "approver");
  add_field(items, JA("消去の番号"), doc_get_str(c, "erasure"));
  add_field(items, JA("決定"), doc_get_str(c, "decision"));
  add_field(items, JA("決定の登録"), minute(a, doc_get_str(c, "decided_at")));
  add_field(items, JA("承認した人"), approver.n ? approver : str_from(JA("(コマンドラインで確認)")));
  add_field(items, JA("消去の完了"), minute(a, doc_get_str(c, "finished_at")));
  add_field(items, JA("保存期間"),
            doc_get_bool(c, "before_term") ? str_from(JA("満了の前の消去を含む")) : str_from(JA("満了している")));
  add_field(items, JA("鍵の世代"),
            str_printf(a, JA("%lld から %lld へ(古い鍵は破棄した)"), (long long)doc_get_int(c, "key_epoch_before"),
                       (long long)doc_get_int(c, "key_epoch_after")));
  add_field(items, JA("消去した行"), number(a, doc_get_int(c, "rows_total")));
}

static void add_cell(struct doc *row, struct str s)
{
  doc_add_str(row, s);
}

static struct doc *add_table(struct doc *blocks, const char *const *head, size_t n)
{
  struct doc *t = print_add(blocks, "table"), *titles = doc_put_list(t, "head");
  for (size_t i = 0; i < n; i++)
    doc_add_str(titles, str_from(head[i]));
  return doc_put_list(t, "rows");
}

static void add_persons(struct arena *a, struct doc *blocks, const struct doc *c)
{
  static const char *const head[] = {JA("ケース番号"), JA("本人の番号"), JA("消去した時刻")};
  const struct doc *list = doc_get(c, "persons");
  print_add_text(blocks, "heading", str_from(JA("消去した人")));
  struct doc *rows = add_table(blocks, head, 3);
  for (size_t i = 0; i < doc_size(list); i++) {
    struct doc *row = doc_add_list(rows);
    add_cell(row, doc_get_str(doc_at(list, i), "cases"));
    add_cell(row, doc_get_str(doc_at(list, i), "person"));
    add_cell(row, minute(a, doc_get_str(doc_at(list, i), "erased_at")));
  }
}

static void add_rows(struct arena *a, struct doc *blocks, const struct doc *c)
{
  static const char *const head[] = {JA("表"), JA("行")};
  const struct doc *list = doc_get(c, "rows");
  print_add_text(blocks, "heading", str_from(JA("表ごとの行数")));
  struct doc *rows = add_table(blocks, head, 2);
  for (size_t i = 0; i < doc_size(list); i++) {
    struct doc *row = doc_add_list(rows);
    add_cell(row, doc_get_str(doc_at(list, i), "table"));
    add_cell(row, number(a, doc_get_int(doc_at(list, i), "rows")));
  }
}

static void add_remains(struct doc *blocks)
{
  static const char *const lines[] = {
      JA("上の人の記録と鍵は、データベースから消去した。氏名・連絡先・記録などの本文は、本人ごとの鍵で封じてあり、その"
         "鍵を包ん"
         "でいた古い鍵を破棄したので、以前のバックアップからも読むことはできない。"),
      JA("操作の記録(いつ、だれが、どの番号の記録を扱ったか)は、番号だけの形で保存期間まで残る。"),
      JA("印刷した紙、書き出したファイル、鍵ファイルと「いまの鍵」の古い写しは、この証明の外にある。見つけて破棄するこ"
         "と。"),
      JA("PostgreSQL のファイルには、消した行の符号や日付(氏名や本文ではない)が、上書きされるまで残ることがある。"),
  };
  print_add_text(blocks, "heading", str_from(JA("この証明の範囲")));
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
    print_add_text(blocks, "text", str_from(lines[i]));
}

static void add_signature(struct arena *a, struct doc *blocks, const struct doc *c)
{
  struct doc *small =
      print_add_text(blocks, "text",
                     str_printf(a, JA("内容のハッシュ(BLAKE2b-256): %.*s\n署名(Ed25519): %.*s\n公開鍵: %.*s"),
                                STR_FMT(doc_get_str(c, "hash")), STR_FMT(doc_get_str(c, "signature")),
                                STR_FMT(doc_get_str(c, "public_key"))));
  doc_put_bool(small, "small", true);
  struct doc *sign_block = print_add(blocks, "sign"), *items = doc_put_list(sign_block, "items");
  doc_put_bool(sign_block, "date", true);
  struct doc *who = doc_add_map(items);
  doc_put_cstr(who, "label", JA("確認した職員"));
}

static enum code paper(struct arena *a, const struct doc *c, struct str *ret, struct err *e)
{
  struct doc *blocks = NULL, *document = print_new(a, JA("消去証明書"), &blocks);
  doc_put_str(document, "made", doc_get_str(c, "finished_at"));
  print_add_text(blocks, "title", str_from(JA("消去証明書")));
  add_facts(a, blocks, c);
  add_persons(a, blocks, c);
  add_rows(a, blocks, c);
  add_remains(blocks);
  add_signature(a, blocks, c);
  return print_pdf(a, LANG_JA, document, ret, e);
}

enum code erase_certificate(const struct erase *x, struct arena *a, id64 erasure, struct doc **ret, struct str *ret_pdf,
                            struct err *e)
{
  const struct db_who who = {.network = x->network, .service = true};
  struct certificate c = {.a = a, .erasure = erasure, .keys = x->keys};
  enum code code = db_read(x->db, &who, collect, &c, e);
  if (code == OK)
    code = paper(a, c.ret, ret_pdf, e);
  if (code == OK)
    *ret = c.ret;
  return code;
}
