/* print_sample.h: papers for tests and benches: a connection sheet and 「だれが見たか」 as they are printed. All people are invented. */
#ifndef TESTS_PRINT_SAMPLE_H
#define TESTS_PRINT_SAMPLE_H
#include "view/print.h"

static void sample_footer(struct doc *d)
{
  doc_put_cstr(d, "made", "2026-11-18T10:02:00+09:00");
  struct doc *footer = doc_put_map(d, "footer");
  doc_put_cstr(footer, "by", "佐藤(NPOあおば)");
  doc_put_cstr(footer, "at", "令和8年11月18日 10:02");
  doc_put_cstr(footer, "copy", "2");
}

static struct doc *sample_field(struct doc *items, const char *label, const char *value, int span)
{
  struct doc *item = doc_add_map(items);
  doc_put_cstr(item, "label", label);
  if (value)
    doc_put_cstr(item, "value", value);
  doc_put_int(item, "span", span);
  return item;
}

static void sample_row(struct doc *rows, const char *const *texts, size_t n)
{
  struct doc *row = doc_add_list(rows);
  for (size_t i = 0; i < n; i++)
    doc_add_str(row, str_from(texts[i]));
}

static void sample_person(struct arena *a, struct doc *blocks)
{
  struct doc *items = doc_put_list(print_add(blocks, "fields"), "items");
  struct doc *name = sample_field(items, "氏名", NULL, 1), *pieces = doc_put_list(name, "value");
  doc_add(pieces, print_ruby_piece(a, S("山田"), S("やまだ")));
  doc_add_str(pieces, S("　"));
  doc_add(pieces, print_ruby_piece(a, S("葵"), S("あおい")));
  pieces = doc_put_list(sample_field(items, "性別", NULL, 1), "value");
  print_check(pieces, "off", S("男性"));
  doc_add_str(pieces, S("　"));
  print_check(pieces, "on", S("女性"));
  doc_add_str(pieces, S("　"));
  print_check(pieces, "off", S("その他"));
  doc_add_str(pieces, S("　"));
  print_check(pieces, "off", S("回答しない"));
  sample_field(items, "生年月日", "平成21年4月2日(17歳)", 1);
  sample_field(items, "電話", "携帯 090-0000-0000", 1);
  sample_field(items, "住所", "○○市中央区○○町1丁目2番3号 ○○マンション405号室", 2);
}

static void sample_concerns(struct doc *blocks)
{
  static const char *const concerns[][2] = {
      {"off", "病気・医療のこと"}, {"worst", "こころの問題(メンタルヘルス)"},
      {"off", "介護のこと"},       {"on", "障害のこと"},
      {"off", "子育てのこと"},     {"on", "収入・仕事のこと"},
      {"off", "支出・滞納・借金"}, {"off", "住まいのこと"},
      {"off", "DV・虐待のこと"},   {"off", "権利擁護(後見制度など)"},
      {"off", "健康のこと"},       {"on", "その他(下欄へ詳細記入)"},
  };
  print_add_text(blocks, "heading", S("お困りごとの内容(あてはまるものすべて。◎はいちばん困っていること)"));
  struct doc *items = doc_put_list(print_add(blocks, "checks"), "items");
  for (size_t i = 0; i < sizeof(concerns) / sizeof(*concerns); i++)
    print_check(items, concerns[i][0], str_from(concerns[i][1]));
}

static void sample_household(struct arena *a, struct doc *blocks)
{
  static const char *const rows_text[][4] = {{"山田 葵", "17", "本人", "高校2年の秋に中退"},
                                             {"山田 恵子", "44", "母", "パート勤務。夜は不在のことが多い"},
                                             {"山田 陽", "12", "弟", "小学6年"}};
  print_add_text(blocks, "heading", S("世帯構成 世帯人数(3)名(本人含む)"));
  struct doc *table = print_add(blocks, "table"), *head = doc_put_list(table, "head"),
             *widths = doc_put_list(table, "widths");
  static const char *const names[] = {"氏名", "年齢", "続柄", "備考"}, *const align[] = {"left", "right", "center",
                                                                                         "left"};
  static const int parts[] = {4, 2, 2, 9};
  struct doc *aligns = doc_put_list(table, "align"), *rows = doc_put_list(table, "rows");
  for (size_t i = 0; i < 4; i++) {
    doc_add_str(head, str_from(names[i]));
    doc_add_int(widths, parts[i]);
    doc_add_str(aligns, str_from(align[i]));
  }
  for (size_t i = 0; i < 3; i++)
    sample_row(rows, rows_text[i], 4);
  doc_put_int(table, "empty_rows", 1);
}

/* つなぐシート */
static struct doc *sample_sheet(struct arena *a)
{
  struct doc *blocks, *d = print_new(a, "つなぐシート", &blocks), *items, *block;
  doc_put_cstr(d, "form", "つなぐシート Ver. 2019.11.1");
  doc_put_cstr(d, "mark", "取扱注意");
  sample_footer(d);
  print_add_text(blocks, "title", S("つなぐシート"));
  items = doc_put_list(print_add(blocks, "fields"), "items");
  sample_field(items, "受付日", "令和8年11月10日", 1);
  sample_field(items, "経路", "家族", 1);
  sample_field(items, "受付機関", "NPOあおば", 1);
  sample_field(items, "受付者", "佐藤 花子", 1);
  sample_person(a, blocks);
  sample_concerns(blocks);
  sample_household(a, blocks);
  print_add_text(blocks, "heading", S("ご相談されたいことや、配慮を希望されること"));
  block = print_add_text(blocks, "text",
                         S("朝は起きられないので、電話は14時以降にお願いします。知らない人と二人になるのは苦手ですが、"
                           "メッセージなら返事ができる"
                           "と話しています。「同じ話を何度もしなくてすむと、ありがたい」とのことです。\n絵を描くこと、"
                           "とくに生き物のスケッチが好きです。"));
  doc_put_bool(block, "frame", true);
  doc_put_int(block, "lines", 4);
  print_add_text(blocks, "heading", S("紹介先"));
  items = print_add(blocks, "fields");
  doc_put_int(items, "columns", 1);
  doc_put_int(items, "label_mm", 32);
  items = doc_put_list(items, "items");
  sample_field(items, "機関名", "教育支援センター さくら教室", 1);
  sample_field(items, "相談内容\n(紹介する理由)",
               "日中に安心して過ごせる場所をさがしています。まず見学に、支援者が同行します。", 1);
  print_add_text(blocks, "text", S("わたしは、上の内容を紹介先に伝えることに同意します。"));
  block = print_add(blocks, "sign");
  doc_put_bool(block, "date", true);
  items = doc_put_list(block, "items");
  struct doc *item = doc_add_map(items);
  doc_put_cstr(item, "label", "本人氏名");
  doc_put_cstr(item, "hint", "(自署)");
  item = doc_add_map(items);
  doc_put_cstr(item, "label", "保護者氏名");
  block = print_add_text(blocks, "qr", S("https://tsunagu.example.jp/r/7K2M9QXA"));
  doc_put_cstr(block, "caption",
               "返事は、この図から入力できます。合言葉は電話でお伝えします。\nFAX・郵送のときは、うらの返信票をお使いく"
               "ださい。");
  return d;
}

/* 「だれが見たか」 with ふりがな, `rows` looks. */
static struct doc *sample_seen(struct arena *a, int rows)
{
  struct doc *blocks, *d = print_new(a, "だれが見たか", &blocks), *block;
  doc_put_int(d, "size", 12);
  sample_footer(d);
  print_add_text(blocks, "title", S("だれが見たか"));
  block = print_add(blocks, "text");
  doc_put(
      block, "text",
      print_ruby(
          a, S("これは、あなたのことを書《か》いた記録《きろく》を、だれが、いつ、どんな理由《りゆう》で見《み》たかの"
               "紙《かみ》です。"
               "人《ひと》の名前《なまえ》ではなく、機関《きかん》としごとの名前《なまえ》で書《か》いています。")));
  block = print_add(blocks, "table");
  struct doc *head = doc_put_list(block, "head"), *widths = doc_put_list(block, "widths"),
             *list = doc_put_list(block, "rows");
  doc_add(head, print_ruby(a, S("いつ")));
  doc_add(head, print_ruby(a, S("だれが")));
  doc_add(head, print_ruby(a, S("何《なに》をしたか")));
  doc_add(head, print_ruby(a, S("理由《りゆう》")));
  static const int parts[] = {5, 7, 8, 7};
  for (size_t i = 0; i < 4; i++)
    doc_add_int(widths, parts[i]);
  for (int i = 0; i < rows; i++) {
    struct doc *row = doc_add_list(list);
    doc_add_str(row, str_printf(a, "11/%d(水)\n10:%02d", 1 + i % 30, i % 60));
    doc_add(row, print_ruby(a, S("NPOあおば\n(相談員《そうだんいん》)")));
    doc_add(row, print_ruby(a, i % 3 ? S("経過記録《けいかきろく》を読《よ》みました")
                                     : S("つなぐシートを印刷《いんさつ》しました")));
    doc_add(row, print_ruby(a, S("あなたの同意《どうい》(11月《がつ》10日《か》)")));
  }
  block = print_add(blocks, "text");
  doc_put(block, "text",
          print_ruby(a, S("わからないこと、いやなことがあれば、聞《き》いてください。\n問《と》い合《あ》わせ先《さき》"
                          ":○○市《し》 子《こ》ども・若者支援室《わかものしえんしつ》 電話《でんわ》 000-000-0000")));
  doc_put_bool(block, "frame", true);
  return d;
}

#endif
