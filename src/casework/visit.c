/* visit.c: what a 訪問記録 says, as the paragraphs of a record, and what was done together read back out of them. */
#include "base/limits.h"
#include "casework/casework.h"

static const char together[] = JA("一緒にしたこと");

struct str record_met_text(struct str met, struct str method)
{
  if (str_is(met, "met"))
    return str_from(JA("会えた"));
  if (str_is(met, "voice"))
    return str_from(JA("声だけ聞けた"));
  bool far = str_is(method, "phone") || str_is(method, "message") || str_is(method, "online");
  return str_from(far ? JA("つながらず") : JA("会えず"));
}

static void add_line(struct buf *b, const char *label, struct str text)
{
  if (text.n)
    buf_printf(b, "%s%s：%.*s", b->n ? "\n" : "", label, STR_FMT(text));
}

size_t visit_paragraphs(struct arena *a, const struct visit_words *v, struct paragraph_new ret[VISIT_PARAGRAPHS])
{
  struct buf b, worry;
  size_t n = 0;
  buf_init(&b, a, LIMIT_BODY);
  buf_init(&worry, a, LIMIT_BODY);
  add_line(&b, JA("会えたか"), record_met_text(v->met, S("visit")));
  add_line(&b, JA("様子"), str_trim(v->how));
  add_line(&b, together, str_trim(v->together));
  add_line(&worry, JA("気になること"), str_trim(v->worry));
  ret[n++] =
      (struct paragraph_new){.text = buf_str(&b), .source = SOURCE_STAFF, .category = CAT_SUPPORT, .visit = true};
  if (str_trim(v->response).n)
    ret[n++] = (struct paragraph_new){
        .text = str_trim(v->response), .source = SOURCE_PERSON, .category = CAT_SUPPORT, .visit = true};
  if (worry.n)
    ret[n++] = (struct paragraph_new){.text = buf_str(&worry), .source = SOURCE_STAFF, .category = CAT_SUPPORT};
  return n;
}

struct str visit_together(struct arena *a, const struct doc *timeline)
{
  struct str label = str_printf(a, "%s：", together);
  for (size_t i = 0; i < doc_size(timeline); i++) {
    const struct doc *parts = doc_get(doc_at(timeline, i), "parts");
    for (size_t k = 0; k < doc_size(parts); k++) {
      struct str rest = doc_get_str(doc_at(parts, k), "text");
      for (size_t at = 0; at + label.n < rest.n; at++)
        if ((at == 0 || rest.p[at - 1] == '\n') && str_starts(str_sub(rest, at, rest.n - at), label))
          return str_sub(rest, at + label.n, rest.n - at - label.n);
    }
  }
  return STR_NONE;
}
