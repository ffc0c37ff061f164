/* paper_web.c: 同意書 and 同意の取消書: to be explained, filled in and signed by hand, or as what was recorded. Recording stays a step of its own. */
#include "consent/consent.h"
#include "consent/consent_sql.h"
#include "consent/stands.h"
#include "gate/handler.h"
#include "paper/paper.h"
#include "view/print.h"

enum { BLANK_RECIPIENTS = 6, RECIPIENT_WIDTH = 7, CATEGORY_WIDTH = 2, LABEL_MM = 34 };

struct job {
  struct request *rq;
  struct reader who;
  id64 id; /* case or consent */
  bool now;
  struct handing hand;
  struct doc *paper, *blocks;
};

static struct str say(const struct job *job, const char *sentence)
{
  return tr(job->who.lang, sentence);
}

static void put_text(struct job *job, const char *kind, const char *sentence)
{
  (void)print_add_text(job->blocks, kind, say(job, sentence));
}

static struct doc *put_fields(struct job *job)
{
  struct doc *fields = print_add(job->blocks, "fields");
  doc_put_int(fields, "label_mm", LABEL_MM);
  return doc_put_list(fields, "items");
}

static void put_field(const struct job *job, struct doc *items, const char *label, struct str value, int span)
{
  struct doc *d = doc_add_map(items);
  doc_put_str(d, "label", say(job, label));
  doc_put_str(d, "value", value);
  doc_put_int(d, "span", span);
}

static void begin(struct job *job, const char *title)
{
  job->paper = print_new(job->rq->arena, str_cstr(job->rq->arena, say(job, title)), &job->blocks);
  doc_put_bool(job->paper, "fit", true);
  doc_put_str(job->paper, "mark", say(job, TR("取扱注意")));
  put_text(job, "title", title);
}

static enum code put_person(struct tx *tx, const struct scope *s, struct job *job, struct err *e)
{
  struct doc *strip = NULL;
  enum code c = person_strip(tx, s, job->rq->arena, &job->who, &strip, e);
  if (c != OK)
    return c;
  struct doc *items = put_fields(job);
  put_field(job, items, TR("本人の氏名"), doc_get_str(strip, "name"), 1);
  put_field(job, items, TR("ふりがな"), doc_get_str(strip, "kana"), 1);
  return OK;
}

static void put_signatures(struct job *job, const char *const *labels, const char *const *hints)
{
  struct doc *sign = print_add(job->blocks, "sign"), *items = doc_put_list(sign, "items");
  doc_put_bool(sign, "date", true);
  for (int i = 0; labels[i]; i++) {
    struct doc *d = doc_add_map(items);
    doc_put_str(d, "label", say(job, labels[i]));
    doc_put_str(d, "hint", say(job, hints[i]));
  }
}

static void put_code(struct job *job, struct str path, const char *caption)
{
  struct doc *qr = print_add(job->blocks, "qr");
  doc_put_str(qr, "text", gate_url(job->rq, path));
  doc_put_int(qr, "mm", 18);
  doc_put_str(qr, "caption", say(job, caption));
}

/* ---- 同意書 ----------------------------------------------------------------------------------------------------------------- */

static void put_box(struct doc *row, const char *mark)
{
  print_check(doc_add_list(row), mark, STR_NONE);
}

/* What only one of those agreed to who must is not told yet: it is no mark. */
static void put_recipient(struct job *job, struct doc *rows, const struct doc *line)
{
  struct doc *row = doc_add_list(rows);
  struct str name = doc_get_str(line, "recipient"), until = doc_get_str(line, "until");
  struct buf b;
  buf_init(&b, job->rq->arena, 4000);
  buf_add(&b, name);
  if (until.n)
    buf_printf(&b, "\n%.*s", STR_FMT(until));
  for (size_t i = 0; i < doc_size(doc_get(line, "notes")); i++)
    buf_printf(&b, "\n%.*s", STR_FMT(doc_get_str(doc_at(doc_get(line, "notes"), i), "text")));
  doc_add_str(row, buf_str(&b));
  for (size_t i = 0; i < CATEGORIES; i++) {
    struct str class = doc_get_str(doc_at(doc_get(line, "cells"), i), "class");
    if (str_is(class, "one"))
      doc_add_str(row, str_from(JA("△")));
    else
      put_box(row, class.n && !str_is(class, "none") ? "on" : "off");
  }
}

static void put_table(struct job *job, const struct doc *lines)
{
  struct doc *table = print_add(job->blocks, "table"), *head = doc_put_list(table, "head"),
             *widths = doc_put_list(table, "widths"), *rows = doc_put_list(table, "rows"),
             *align = doc_put_list(table, "align");
  doc_add_str(head, say(job, TR("伝える相手")));
  doc_add_int(widths, RECIPIENT_WIDTH);
  doc_add_str(align, S("left"));
  for (int i = 0; i < CATEGORIES; i++) {
    doc_add_str(head, say(job, category_label(i)));
    doc_add_int(widths, CATEGORY_WIDTH);
    doc_add_str(align, S("center"));
  }
  for (size_t i = 0; i < doc_size(lines); i++)
    put_recipient(job, rows, doc_at(lines, i));
  for (int i = 0; i < BLANK_RECIPIENTS && !job->now; i++)
    put_recipient(job, rows, NULL);
}

static enum code put_explained(struct tx *tx, struct job *job, struct err *e)
{
  struct str version = STR_NONE, body = STR_NONE;
  enum code c = notice_sql_newest(tx, job->rq->arena, &version, &body, e);
  if (c != OK)
    return c;
  put_text(job, "heading", TR("説明"));
  doc_put_bool(print_add_text(job->blocks, "text", body), "frame", true);
  struct doc *v = print_add_text(
      job->blocks, "text", tr_args(job->rq->arena, job->who.lang, TR("説明文の版 %1"), version, STR_NONE, STR_NONE));
  doc_put_bool(v, "small", true);
  return OK;
}

static void put_terms(struct job *job)
{
  struct doc *items = put_fields(job);
  put_field(job, items, TR("何のために"), STR_NONE, 2);
  put_field(job, items, TR("いつから"), say(job, TR("　　　年　　月　　日")), 1);
  put_field(job, items, TR("いつまで"), say(job, TR("　　　年　　月　　日")), 1);
}

static enum code check_hand(struct tx *tx, const struct scope *s, struct job *job, id64 case_id, struct err *e)
{
  job->hand = (struct handing){.case_id = case_id, .handed = doc_get_str(job->rq->input, "handed")};
  return hand_check(tx, s, &job->hand, e);
}

static void put_records(struct job *job, const struct doc *list)
{
  static const char *const heads[] = {TR("だれが"), TR("だれに（何を）"), TR("何のために"), TR("いつから・いつまで"),
                                      TR("どのように")};
  static const int parts[] = {2, 6, 4, 4, 4};
  if (!doc_size(list))
    return;
  put_text(job, "heading", TR("記録された答え"));
  struct doc *table = print_add(job->blocks, "table"), *head = doc_put_list(table, "head"),
             *rows = doc_put_list(table, "rows"), *widths = doc_put_list(table, "widths");
  for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
    doc_add_str(head, say(job, heads[i]));
    doc_add_int(widths, parts[i]);
  }
  for (size_t i = 0; i < doc_size(list); i++) {
    const struct doc *d = doc_at(list, i);
    struct doc *row = doc_add_list(rows);
    struct str from = doc_get_str(d, "from"), until = doc_get_str(d, "until"), how = doc_get_str(d, "how");
    struct str notice =
        tr_args(job->rq->arena, job->who.lang, TR("説明文 %1 版"), doc_get_str(d, "notice"), STR_NONE, STR_NONE);
    struct str witness = doc_get_str(d, "evidence");
    doc_add_str(row, doc_get_str(d, "party"));
    doc_add_str(row, doc_get_str(d, "recipients"));
    doc_add_str(row, doc_get_str(d, "purpose"));
    doc_add_str(row, str_printf(job->rq->arena, "%.*s\n%.*s", STR_FMT(from), STR_FMT(until)));
    doc_add_str(row, str_printf(job->rq->arena, "%.*s\n%.*s%s%.*s", STR_FMT(how), STR_FMT(notice),
                                witness.n ? "\n" : "", STR_FMT(witness)));
  }
}

static enum code make_consent(struct tx *tx, void *arg, struct err *e)
{
  static const char *const labels[] = {TR("本人"), TR("保護者"), TR("説明した人"), TR("立ち会った人"), NULL};
  static const char *const hints[] = {"", TR("続柄（　　　　　）"), TR("機関・氏名"), TR("口頭のとき"), ""};
  struct job *job = arg;
  struct case_head head = {0};
  struct doc *matrix = NULL, *records = NULL;
  const struct scope *s = NULL, *reads = NULL;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_PRINT, job->id, &head, &s, e);
  if (c == OK)
    c = access_part(tx, s, ACTION_CONSENT_READ, &reads, e);
  if (c == OK && job->now)
    c = consent_matrix(tx, reads, job->rq->arena, &job->who, &matrix, e);
  if (c == OK)
    c = check_hand(tx, s, job, job->id, e);
  if (c == OK && job->now)
    c = consent_standing(tx, reads, job->rq->arena, &job->who, &records, e);
  if (c != OK)
    return c;
  begin(job, job->now ? TR("いまの同意の記録") : TR("情報の共有についての同意書"));
  c = put_person(tx, s, job, e);
  if (c == OK && !job->now)
    c = put_explained(tx, job, e);
  if (c != OK)
    return c;
  put_text(job, "heading",
           job->now ? TR("だれに何を伝えてよいか（△は、必要な人の一部だけの同意。まだ伝わりません）")
                    : TR("だれに何を伝えてよいか（よいものに印を付けてください）"));
  put_table(job, doc_get(matrix, "rows"));
  put_records(job, records);
  if (!job->now)
    put_terms(job);
  put_text(job, "text",
           TR("同意は、いつでも、理由を言わずに取り消せます。同意しないことで、相談が受けられなくなることはありません。"
              "法律にもとづく共有は、取り消しの対象になりません。"));
  if (!job->now)
    put_signatures(job, labels, hints);
  put_code(job, gate_path(job->rq, "/cases/", job->id, "/consents"),
           job->now ? TR("職員用：このコードで、同意の画面を開きます。")
                    : TR("職員用：書いていただいたら、このコードで開く画面に同意を記録します。"));
  const struct paper_copy copy = {PAPER_CONSENT, job->id, job->id};
  return paper_stamp(tx, s, &job->who, job->rq->arena, &copy, job->paper, e);
}

static enum code print_it(struct job *job, struct response *rs, struct str name, struct err *e)
{
  struct str pdf = STR_NONE;
  gate_veil(job->rq, job->paper);
  enum code c = print_pdf(job->rq->arena, job->who.lang, job->paper, &pdf, e);
  if (c == OK)
    gate_file(job->rq, rs, "application/pdf", name, pdf);
  return c;
}

static const char *const copies[] = {"blank", "now", NULL};
static const struct field consent_fields[] = {
    {.name = "copy", .kind = FIELD_CHOICE, .options = copies, .label = TR("どの写し")}, HANDED_FIELD, {0}};
static const struct field withdrawal_fields[] = {HANDED_FIELD, {0}};

static enum code handle_consent(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  job.now = str_is(doc_get_str(rq->input, "copy"), "now");
  enum code c = gate_param(rq, "case", &job.id, e);
  if (c == OK)
    c = gate_write(rq, "consent_paper", make_consent, &job, e);
  if (job.hand.stops)
    return hand_page(rq, rs, &job.hand, c, e);
  return c == OK ? print_it(&job, rs, S("consent.pdf"), e) : c;
}

ROUTE_DEFINE(route_consent_paper, GET, "/cases/:case/consents/consent.pdf", NEEDS(PRINT), .fields = consent_fields,
             .slow = true, .returns = "application/pdf", .summary = TR("同意書を印刷する"), .handle = handle_consent);

/* ---- 取消書 ----------------------------------------------------------------------------------------------------------------- */

static void put_list(struct job *job, const struct doc *list, const char *none)
{
  for (size_t i = 0; i < doc_size(list); i++)
    (void)print_add_text(job->blocks, "text",
                         str_printf(job->rq->arena, JA("・%.*s"), STR_FMT(doc_get_str(doc_at(list, i), "text"))));
  if (!doc_size(list))
    put_text(job, "text", none);
}

static void put_receivers(struct job *job, const struct doc *list)
{
  struct doc *table = print_add(job->blocks, "table"), *head = doc_put_list(table, "head"),
             *rows = doc_put_list(table, "rows"), *widths = doc_put_list(table, "widths");
  static const char *const heads[] = {TR("機関"), TR("何を"), TR("伝わった日"), TR("取り消す")};
  static const int parts[] = {4, 6, 3, 2};
  for (int i = 0; i < 4; i++) {
    doc_add_str(head, say(job, heads[i]));
    doc_add_int(widths, parts[i]);
  }
  for (size_t i = 0; i < doc_size(list); i++) {
    struct doc *row = doc_add_list(rows);
    doc_add_str(row, doc_get_str(doc_at(list, i), "organization"));
    doc_add_str(row, doc_get_str(doc_at(list, i), "what"));
    struct str since = doc_get_str(doc_at(list, i), "since");
    doc_add_str(row, since.n ? since : say(job, TR("まだ")));
    put_box(row, "off");
  }
}

static void put_choice(struct job *job)
{
  struct doc *checks = print_add(job->blocks, "checks"), *items = doc_put_list(checks, "items");
  doc_put_int(checks, "columns", 1);
  print_check(items, "off", say(job, TR("この同意を、すべて取り消します。")));
  print_check(items, "off", say(job, TR("下の表で「取り消す」に印を付けた機関についてだけ、取り消します。")));
}

static enum code make_withdrawal(struct tx *tx, void *arg, struct err *e)
{
  static const char *const labels[] = {TR("本人"), TR("保護者"), TR("受け取った人"), NULL};
  static const char *const hints[] = {"", TR("続柄（　　　　　）"), TR("機関・氏名"), ""};
  struct job *job = arg;
  struct doc *what = NULL;
  id64 case_id = 0;
  const struct scope *s = NULL;
  enum code c = consent_enter(tx, gate_actor(job->rq), ACTION_PRINT, job->id, &s, e);
  if (c == OK)
    c = consent_consequences(tx, s, job->id, 0, job->rq->arena, &job->who, &what, e);
  if (c == OK)
    c = case_newest(tx, s, &case_id, e);
  if (c == OK)
    c = check_hand(tx, s, job, case_id, e);
  if (c != OK)
    return c;
  begin(job, TR("同意の取消書"));
  c = put_person(tx, s, job, e);
  if (c != OK)
    return c;
  put_text(job, "heading", TR("取り消す同意"));
  (void)print_add_text(job->blocks, "text", doc_get_str(what, "summary"));
  put_choice(job);
  put_receivers(job, doc_get(what, "receivers"));
  put_text(job, "heading", TR("取り消すと、すぐに止まること"));
  put_list(job, doc_get(what, "ends"), TR("いま、この同意で動いているつなぎはありません。"));
  put_text(job, "text",
           TR("すでに伝わった記録は、相手の機関で封をして、新しく見ることができなくなります。"
              "法律にもとづく共有は、取り消しの対象になりません。理由を書く必要はありません。"));
  put_signatures(job, labels, hints);
  put_code(job, gate_path(job->rq, "/consents/", job->id, "/withdraw"),
           TR("職員用：受け取ったら、その日のうちに、このコードで開く画面で取り消しを記録します。"));
  const struct paper_copy copy = {PAPER_WITHDRAWAL, case_id, job->id};
  return paper_stamp(tx, s, &job->who, job->rq->arena, &copy, job->paper, e);
}

static enum code handle_withdrawal(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "consent", &job.id, e);
  if (c == OK)
    c = gate_write(rq, "withdrawal_paper", make_withdrawal, &job, e);
  if (job.hand.stops)
    return hand_page(rq, rs, &job.hand, c, e);
  if (c != OK)
    return consent_or_what_stands(rq, rs, job.id, 0, TR("この同意は、もう取り消されています。取消書は要りません。"), c,
                                  e);
  return print_it(&job, rs, S("withdrawal.pdf"), e);
}

ROUTE_DEFINE(route_withdrawal_paper, GET, "/consents/:consent/withdrawal.pdf", NEEDS(PRINT),
             .fields = withdrawal_fields, .slow = true, .returns = "application/pdf",
             .summary = TR("同意の取消書を印刷する"), .handle = handle_withdrawal);
