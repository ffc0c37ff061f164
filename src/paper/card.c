#include "paper/card.h"

#include "view/print.h"

enum { LARGE = 12, LINES = 3, CODE_MM = 26 };

static void put_item(const struct form_context *c, const struct form *f, const struct form_item *it,
                     const struct doc *answers, struct doc *items)
{
  struct str value = form_value_text(c, it, doc_get_key(answers, it->link));
  if (!form_item_visible(c, f, it) || it->type == FORM_GROUP || it->type == FORM_DISPLAY || (answers && !value.n))
    return;
  struct doc *d = doc_add_map(items);
  doc_put_str(d, "label", form_label_text(c, &it->label));
  doc_put_str(d, "value", value);
  doc_put_int(d, "lines", it->type == FORM_TEXT ? LINES : 1);
}

static void put_group(const struct form_context *c, const struct form *f, const struct form_item *group,
                      const struct doc *answers, struct doc *blocks)
{
  struct doc *items = doc_list(c->arena);
  for (const struct form_item *it = group->child; it; it = it->next)
    put_item(c, f, it, answers, items);
  if (!doc_size(items))
    return;
  (void)print_add_text(blocks, "heading", form_label_text(c, &group->label));
  struct doc *fields = print_add(blocks, "fields");
  doc_put_int(fields, "columns", 1);
  doc_put_int(fields, "label_mm", 40);
  doc_put(fields, "items", items);
}

struct doc *card_paper(const struct form_context *c, const struct form *f, const struct doc *answers, struct str url)
{
  struct doc *blocks = NULL, *root = print_new(c->arena, str_cstr(c->arena, form_title(f, c->lang)), &blocks);
  struct form_masked masked = form_mask_answers(c, f, answers);
  const struct doc *shown = answers ? masked.answers : NULL;
  doc_put_int(root, "size", LARGE);
  doc_put_bool(root, "fit", true);
  (void)print_add_text(blocks, "title", form_title(f, c->lang));
  (void)print_add_text(
      blocks, "text",
      tr(c->lang, TR("このカードを持っている人は、ここに書いてあることを、もう話しました。"
                     "同じことを、もう一度聞かないでください。書いてないことは、話したくないことかもしれません。")));
  for (size_t i = 0; i < form_item_count(f); i++) {
    const struct form_item *it = form_item_at(f, i);
    if (!it->parent && it->type == FORM_GROUP)
      put_group(c, f, it, shown, blocks);
  }
  if (url.n) {
    struct doc *qr = print_add(blocks, "qr");
    doc_put_str(qr, "text", url);
    doc_put_int(qr, "mm", CODE_MM);
    doc_put_str(
        qr, "caption",
        tr(c->lang, TR("受け取った機関の方へ：本人の同意があれば、このコードから、くわしいシートを見られます。\n"
                       "コードには、名前などの個人情報は入っていません。")));
  }
  return root;
}
