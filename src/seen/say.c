/* say.c: the sentences of a paper for whoever asks at the counter: a pattern of the catalog with readings, in it %1 (plain: names) and %2 (with readings). */
#include "seen/say.h"

#include "network/network.h"
#include "seen/words.h"
#include "view/print.h"

static void add_marked(struct doc *pieces, struct arena *a, struct str marked)
{
  struct doc *more = print_ruby(a, marked);
  for (size_t i = 0; i < doc_size(more); i++)
    doc_add(pieces, doc_at(more, i));
}

static void add_bold(struct doc *pieces, struct str plain)
{
  struct doc *d = doc_add_map(pieces);
  doc_put_str(d, "text", plain);
  doc_put_bool(d, "bold", true);
}

void say_pieces(struct doc *pieces, struct arena *a, struct str pattern, struct str plain, struct str marked)
{
  for (;;) {
    const char *at = pattern.n ? memchr(pattern.p, '%', pattern.n) : NULL;
    size_t before = at ? (size_t)(at - pattern.p) : pattern.n;
    add_marked(pieces, a, str_sub(pattern, 0, before));
    if (!at || before + 1 >= pattern.n)
      return;
    if (at[1] == '1' && plain.n)
      add_bold(pieces, plain);
    else if (at[1] == '2')
      add_marked(pieces, a, marked);
    pattern = str_sub(pattern, before + 2, pattern.n);
  }
}

void say_text(const struct say *w, const char *kind, struct str pattern, struct str plain, struct str marked)
{
  say_pieces(doc_put_list(print_add(w->blocks, kind), "text"), w->a, pattern, plain, marked);
}

void say_line(const struct say *w, const char *kind, const char *sentence)
{
  say_text(w, kind, tr(w->who->lang, sentence), STR_NONE, STR_NONE);
}

void say_whom_to_ask(const struct say *w, struct str here, struct str coordinating)
{
  say_line(w, "heading", TR("聞《き》きたい ことが ある とき"));
  say_line(w, "text", TR("わからない こと、いやな ことが あったら、聞《き》いて ください。"));
  say_text(w, "text", tr(w->who->lang, TR("聞《き》く ところ：%1")), here, STR_NONE);
  if (coordinating.n && !str_eq(coordinating, here))
    say_text(w, "text", tr(w->who->lang, TR("ここでも 聞《き》く ことが できます：%1")), coordinating, STR_NONE);
}

enum code say_printer(struct tx *tx, const struct scope *staff, const struct say *w, struct doc *paper,
                      struct str *ret_here, struct err *e)
{
  struct str name = STR_NONE, job_word = STR_NONE;
  enum code c = organization_name(tx, scope_organization(staff), w->a, ret_here, e);
  if (c == OK)
    c = user_name(tx, scope_actor(staff)->user, w->a, &name, &job_word, e);
  if (c != OK)
    return c;
  struct doc *footer = doc_put_map(paper, "footer");
  doc_put_str(footer, "by", words_who(w->a, w->who->lang, *ret_here, job_word));
  doc_put_str(footer, "at", reader_time(w->a, w->who, tx_now(tx)));
  doc_put_str(paper, "made", ts_iso(w->a, tx_now(tx)));
  return OK;
}

enum code say_knows(struct tx *tx, const struct scope *staff, id64 guardian, struct arena *a, const struct reader *who,
                    struct err *e)
{
  struct doc *known = NULL;
  struct str id = id_text(a, guardian);
  enum code c = person_guardians(tx, staff, a, who, &known, e);
  if (c != OK)
    return c;
  for (size_t i = 0; i < doc_size(known); i++)
    if (str_eq(doc_get_str(doc_at(known, i), "id"), id))
      return OK;
  return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
}
