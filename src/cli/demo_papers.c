/* demo_papers.c: deeds of demo/town.txt: what is printed, attached, written as a beginning, taken back and ended. */
#include "basis/basis.h"
#include "casework/files.h"
#include "cli/demo_deed.h"
#include "crypto/parcel.h"
#include "paper/paper.h"
#include "protect/protect.h"
#include "transfer/transfer.h"

/* ---- files -------------------------------------------------------------------------------------------------------------------- */

/* A page, a picture of one dot: the least that is whole. */
static const char pdf[] =
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count "
    "1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 "
    "R>>\n%%EOF\n";
static const char png[] =
    "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0\x3A\x7E\x9B\x55\0\0\0\nIDAT\x78\x9C\x63"
    "\xF8\x0F\0\1\1\1\0\xB1\x38\xF6\x14\0\0\0\0IEND\xAE\x42\x60\x82";
static const char jpg[] =
    "\xFF\xD8\xFF\xDB\x00\x43\x00\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01"
    "\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01"
    "\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\xFF"
    "\xC0\x00\x0B\x08\x00\x01\x00\x01\x01\x01\x11\x00\xFF\xC4\x00\x14\x00\x01\x00\x00\x00\x00\x00\x00"
    "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xFF\xC4\x00\x14\x10\x01\x00\x00\x00\x00\x00\x00\x00\x00"
    "\x00\x00\x00\x00\x00\x00\x00\x00\xFF\xDA\x00\x08\x01\x01\x00\x00\x3F\x00\x3F\xFF\xD9";

static enum code attach(struct deed *d, enum action action, struct str kind, cats_t category, id64 consent,
                        struct err *e)
{
  const struct scope *s = NULL;
  struct case_head head = {0};
  struct file_ready ready = {.title = STR_NONE};
  id64 id = 0;
  struct file_new n = {.title = deed_field(d, 0), .category = category, .source = SOURCE_PERSON};
  n.bytes = str_is(kind, "pdf")   ? (struct str){pdf, sizeof pdf - 1}
            : str_is(kind, "png") ? (struct str){png, sizeof png - 1}
                                  : (struct str){jpg, sizeof jpg - 1};
  enum code c = file_ready(d->a, &n, &ready, e);
  if (c == OK)
    c = deed_enter(d, action, &head, &s, e);
  ready.consent = consent;
  return c == OK ? file_attach(d->tx, s, head.id, &ready, &id, e) : c;
}

/* "pdf health|title" */
static enum code do_file(struct deed *d, struct err *e)
{
  struct str kind = deed_word(d);
  return attach(d, ACTION_RECORD_WRITE, kind, demo_categories(d->words), 0, e);
}

static int number_of(struct str s)
{
  int64_t n = 0;
  (void)str_to_i64(s, &n);
  return (int)n;
}

/* "pdf 1|title": the signed paper of the life's first consent. */
static enum code do_signed(struct deed *d, struct err *e)
{
  struct str kind = deed_word(d);
  int i = number_of(d->words) - 1;
  if (i < 0 || i >= d->st->out.consents)
    return BUG(e, "a life of demo/town.txt has no such consent");
  return attach(d, ACTION_CONSENT_RECORD, kind, CAT_BASIC, d->st->out.consent[i], e);
}

/* "|why": the newest file goes. */
static enum code do_remove(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct case_head head = {0};
  struct doc *list = NULL;
  id64 id = 0;
  enum code c = deed_enter(d, ACTION_RECORD_WRITE, &head, &s, e);
  if (c == OK)
    c = file_list(d->tx, s, head.id, d->a, &d->who, &list, e);
  if (c == OK && !doc_get_id(doc_at(list, 0), "id", &id))
    return BUG(e, "a life of demo/town.txt has no file to remove");
  return c == OK ? file_remove(d->tx, s, head.id, id, deed_field(d, 0), e) : c;
}

/* ---- paper -------------------------------------------------------------------------------------------------------------------- */

/* "maps", "consent 1", "fax 2": a copy is printed and registered. */
static enum code do_copy(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct case_head head = {0};
  struct str kind = deed_word(d);
  int i = number_of(d->words) - 1;
  struct paper_copy copy = {.kind = str_is(kind, "maps")      ? PAPER_MAPS
                                    : str_is(kind, "consent") ? PAPER_CONSENT
                                                              : PAPER_FAX};
  enum code c = deed_enter(d, ACTION_PRINT, &head, &s, e);
  bool there = copy.kind == PAPER_MAPS ||
               (i >= 0 && i < (copy.kind == PAPER_FAX ? d->st->out.connections : d->st->out.consents));
  if (c == OK && !there)
    return BUG(e, "a life of demo/town.txt has nothing of that to print");
  copy.case_id = head.id;
  copy.thing = copy.kind == PAPER_MAPS  ? head.id
               : copy.kind == PAPER_FAX ? d->st->out.connection[i]
                                        : d->st->out.consent[i];
  return c == OK ? paper_stamp(d->tx, s, &d->who, d->a, &copy, doc_map(d->a), e) : c;
}

/* "visit met|訪問、会えた|text": how the organization's records begin. */
static enum code do_phrase(struct deed *d, struct err *e)
{
  const struct phrase p = {
      .method = deed_word(d), .met = d->words, .label = deed_field(d, 0), .body = deed_field(d, 1)};
  return phrase_add(d->tx, &d->st->actor, &p, e);
}

/* ---- what ends ----------------------------------------------------------------------------------------------------------------- */

static id64 first_id(const struct doc *list)
{
  id64 id = 0;
  (void)doc_get_id(doc_at(list, 0), "id", &id);
  return id;
}

/* "yes", "no": by the second person, about the release that waits. */
static enum code do_released(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct case_head head = {0};
  struct doc *page = NULL;
  id64 id = 0;
  enum code c = deed_enter(d, ACTION_CONCEAL_SET, &head, &s, e);
  if (c == OK)
    c = conceal_page(d->tx, s, d->a, &d->who, &page, e);
  if (c == OK)
    (void)doc_get_id(doc_get(doc_at(doc_get(page, "rows"), 0), "release"), "id", &id);
  return c == OK ? conceal_decide_release(d->tx, s, id, str_is(d->words, "yes"), e) : c;
}

static enum code do_unrestrict(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct case_head head = {0};
  struct doc *page = NULL;
  enum code c = deed_enter(d, ACTION_RESTRICT, &head, &s, e);
  if (c == OK)
    c = restrict_page(d->tx, s, d->a, &d->who, &page, e);
  return c == OK ? restrict_end(d->tx, s, first_id(doc_get(page, "rows")), e) : c;
}

static enum code do_basis_end(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct case_head head = {0};
  enum code c = deed_enter(d, ACTION_BASIS_RECORD, &head, &s, e);
  return c == OK ? basis_end(d->tx, s, d->st->out.basis, e) : c;
}

/* "|how": the person was told that day. */
static enum code do_basis_told(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct case_head head = {0};
  enum code c = deed_enter(d, ACTION_BASIS_RECORD, &head, &s, e);
  return c == OK ? basis_tell(d->tx, s, d->st->out.basis, d->who.today, deed_field(d, 0), e) : c;
}

/* "next|となり県…": the case moves to a body of another network, of which the card is made here: nobody holds its secret half. */
static enum code do_move(struct deed *d, struct err *e)
{
  const struct scope *s = NULL, *list = NULL;
  struct case_head head = {0};
  struct transfer_given given = {.code = STR_NONE};
  struct transfer_choice choice = {.compared = true};
  unsigned char seed[32] = "a network of the demo, nowhere.", card[PARCEL_CARD];
  int to = demo_body_of(d->st->town, d->words);
  if (to < 0)
    return BUG(e, "a case of demo/town.txt moves to nobody");
  choice.organization = d->st->town->organization[to];
  parcel_card(seed, card);
  enum code c = access_open_network(d->tx, &d->st->actor, ACTION_TRANSFER_IN, &list, e);
  if (c == OK)
    c = transfer_peer_add(d->tx, list, deed_field(d, 0), transfer_card_text(d->a, card), choice.organization, e);
  if (c == OK)
    c = deed_enter(d, ACTION_TRANSFER_OUT, &head, &s, e);
  return c == OK ? transfer_give(d->tx, s, &head, &choice, &given, e) : c;
}

/* ---- which ---------------------------------------------------------------------------------------------------------------------- */

deed_fn demo_paper_of(struct str kind)
{
  static const struct {
    const char *kind;
    deed_fn fn;
  } deeds[] = {{"file", do_file},
               {"signed", do_signed},
               {"remove", do_remove},
               {"copy", do_copy},
               {"phrase", do_phrase},
               {"released", do_released},
               {"unrestrict", do_unrestrict},
               {"basis-end", do_basis_end},
               {"basis-told", do_basis_told},
               {"move", do_move}};
  for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
    if (str_is(kind, deeds[i].kind))
      return deeds[i].fn;
  return NULL;
}
