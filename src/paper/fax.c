#include "paper/fax.h"

#include "view/print.h"

struct writer {
  struct arena *a;
  const struct reader *who;
  struct doc *blocks;
};

static struct str say(const struct writer *w, const char *sentence)
{
  return tr(w->who->lang, sentence);
}

static struct doc *fields(const struct writer *w, int label_mm)
{
  struct doc *block = print_add(w->blocks, "fields");
  doc_put_int(block, "label_mm", label_mm);
  return doc_put_list(block, "items");
}

static struct doc *field(const struct writer *w, struct doc *items, const char *label, struct str value, int span)
{
  struct doc *item = doc_add_map(items);
  doc_put_str(item, "label", say(w, label));
  if (value.n)
    doc_put_str(item, "value", value);
  doc_put_int(item, "span", span);
  return item;
}

static void checks(const struct writer *w, const char *const *sentences)
{
  struct doc *block = print_add(w->blocks, "checks"), *items = doc_put_list(block, "items");
  doc_put_int(block, "columns", 1);
  for (int i = 0; sentences[i]; i++)
    print_check(items, "off", say(w, sentences[i]));
}

/* --- 送付票: it lies in a tray that many people pass: whose sheet it is stands only inside --- */

static void put_ends(const struct writer *w, const struct fax *f)
{
  struct doc *to = fields(w, 28);
  field(w, to, TR("送付先"), tr_args(w->a, w->who->lang, TR("%1 御中"), f->to.organization, STR_NONE, STR_NONE), 2);
  field(w, to, TR("FAX"), f->to.fax, 1);
  field(w, to, TR("電話"), f->to.phone, 1);
  struct doc *from = fields(w, 28);
  field(w, from, TR("発信元"), f->from.organization, 1);
  field(w, from, TR("担当者"), f->worker, 1);
  field(w, from, TR("FAX"), f->from.fax, 1);
  field(w, from, TR("電話"), f->from.phone, 1);
}

static void put_what(const struct writer *w, const struct fax *f)
{
  struct doc *items = fields(w, 28), *pages = doc_list(w->a);
  field(w, items, TR("件名"), say(w, TR("つなぐシートの送付と、お返事のお願い")), 2);
  field(w, items, TR("ケース番号"), f->number, 1);
  field(w, items, TR("種類"), f->kind, 1);
  field(w, items, TR("送った日"), f->sent, 1);
  field(w, items, TR("お返事の期限"), f->answer_by, 1);
  doc_put_bool(doc_add_map(pages), "pages", true);
  doc_add_str(pages, say(w, TR("枚（この送付票と返信票を含む）")));
  doc_put(field(w, items, TR("枚数"), STR_NONE, 2), "value", pages);
}

static void put_cover(const struct writer *w, const struct fax *f)
{
  static const char *const before[] = {TR("送る前に電話をして、受け取る人がFAXのそばにいることを確かめた"),
                                       TR("FAX番号を、二人で声に出して確かめた"),
                                       TR("送ったあとに電話をして、全部の枚数が届いたことを確かめた"), NULL};
  (void)print_add_text(w->blocks, "title", say(w, TR("送付票")));
  put_ends(w, f);
  put_what(w, f);
  struct doc *note =
      print_add_text(w->blocks, "text",
                     say(w, TR("相談された方の個人情報が書かれています。支援にたずさわる方だけでご覧ください。\n"
                               "本人が同意した範囲、または法律で認められた範囲だけを載せています。\n"
                               "ほかの機関へは渡さないでください。\n"
                               "心あたりのない方に届いたときは、読まずに、発信元へお電話ください。")));
  doc_put_bool(note, "frame", true);
  (void)print_add_text(w->blocks, "heading", say(w, TR("送る人が確かめること")));
  checks(w, before);
  (void)print_add_text(w->blocks, "heading", say(w, TR("通信欄")));
  struct doc *room = print_add_text(w->blocks, "text", STR_NONE);
  doc_put_bool(room, "frame", true);
  doc_put_int(room, "lines", 12);
}

/* --- 返信票 --- */

static void put_choice(const struct writer *w, const char *word)
{
  struct doc *block = print_add(w->blocks, "checks"), *items = doc_put_list(block, "items");
  doc_put_int(block, "columns", 1);
  doc_put_bool(block, "frame", false);
  print_check(items, "off", say(w, word));
}

static void put_lines(const struct writer *w, const char *label, int lines)
{
  doc_put_int(field(w, fields(w, 40), label, STR_NONE, 2), "lines", lines);
}

static void put_decisions(const struct writer *w)
{
  put_choice(w, TR("引き受けます"));
  struct doc *taken = fields(w, 40);
  field(w, taken, TR("担当する人"), STR_NONE, 1);
  field(w, taken, TR("電話（内線）"), STR_NONE, 1);
  field(w, taken, TR("引き受けた日"), say(w, TR("　　　年　　月　　日")), 1);
  field(w, taken, TR("はじめて会う予定の日"), say(w, TR("　　　年　　月　　日")), 1);
  put_choice(w, TR("記載を確認してください（差し戻し）"));
  put_lines(w, TR("確かめたいこと"), 2);
  put_choice(w, TR("お受けできません"));
  struct doc *declined = fields(w, 40);
  doc_put_int(field(w, declined, TR("理由"), STR_NONE, 2), "lines", 2);
  doc_put_int(field(w, declined, TR("代わりの提案"), STR_NONE, 2), "lines", 2);
}

static void put_reply(const struct writer *w, const struct fax *f)
{
  (void)print_add_text(w->blocks, "title", say(w, TR("返信票")));
  (void)print_add_text(
      w->blocks, "text",
      say(w, TR("あてはまるものに印を付けて、この1枚だけを返信先へお送りください。お電話でもけっこうです。")));
  struct doc *items = fields(w, 28);
  field(w, items, TR("返信先"), tr_args(w->a, w->who->lang, TR("%1 御中"), f->from.organization, STR_NONE, STR_NONE),
        2);
  field(w, items, TR("FAX"), f->from.fax, 1);
  field(w, items, TR("電話"), f->from.phone, 1);
  field(w, items, TR("返信する機関"), f->to.organization, 1);
  field(w, items, TR("ケース番号"), f->number, 1);
  put_decisions(w);
  (void)print_add_text(w->blocks, "heading", say(w, TR("その後の対応（あとから返すときも、この票をお使いください）")));
  struct doc *later = fields(w, 40);
  field(w, later, TR("はじめて会った日"), say(w, TR("　　　年　　月　　日")), 2);
  doc_put_int(field(w, later, TR("対応した内容"), STR_NONE, 2), "lines", 3);
  doc_put_int(field(w, later, TR("今後"), STR_NONE, 2), "lines", 2);
  field(w, later, TR("返信した日"), say(w, TR("　　　年　　月　　日")), 1);
  field(w, later, TR("書いた人"), STR_NONE, 1);
  struct doc *qr = print_add(w->blocks, "qr");
  doc_put_str(qr, "text", f->answer_url);
  doc_put_int(qr, "mm", 20);
  doc_put_str(qr, "caption",
              say(w, TR("返信先の職員用：届いた返事は、このコードで開く画面に記録します。\n"
                        "氏名などの個人情報は、コードには入っていません。")));
}

struct doc *fax_paper(struct arena *a, const struct reader *who, const struct fax *f, const struct doc *sheet)
{
  struct writer w = {.a = a, .who = who};
  const struct doc *inside = doc_get(sheet, "blocks");
  struct doc *root = print_new(a, str_cstr(a, tr(who->lang, TR("送付票"))), &w.blocks);
  doc_put_bool(root, "fit", true);
  doc_put_str(root, "mark", tr(who->lang, TR("取扱注意")));
  put_cover(&w, f);
  (void)print_add(w.blocks, "page");
  for (size_t i = 0; i < doc_size(inside); i++)
    doc_add(w.blocks, doc_at(inside, i));
  (void)print_add(w.blocks, "page");
  put_reply(&w, f);
  return root;
}
