/* paper.h: what leaves the screen on paper: sheets, FAX, cards. Each copy bears who printed it, when and its number, is a row of its own
 * (印刷した紙: a lost one is then known), and is decided like the page it shows (ACTION_PRINT). */
#ifndef PAPER_PAPER_H
#define PAPER_PAPER_H
#include "casework/casework.h"
#include "gate/gate.h"

enum { PAPER_LISTED = 200 }; /* copies that the list of a case shows */

/* kind, code, catalog id */
/* clang-format off */
#define PAPER_KINDS(X) \
  X(FAMILY, "family", "本人・家族に渡す写し") \
  X(DESK, "desk", "控え") \
  X(FAX, "fax", "送付票・シート・返信票（FAX・紙）") \
  X(CARD, "card", "話さなくていいカード") \
  X(CONSENT, "consent", "同意書") \
  X(WITHDRAWAL, "withdrawal", "同意の取消書") \
  X(MAPS, "maps", "ジェノグラム・エコマップ") \
  X(RECORDS, "records", "経過記録") \
  X(MAPS_GIVEN, "maps_given", "ジェノグラム・エコマップ（本人・家族に渡す写し）")
/* clang-format on */
enum paper_kind {
#define X(name, code, label) PAPER_##name,
  PAPER_KINDS(X)
#undef X
      PAPER_KIND_COUNT
};

struct paper_copy {
  enum paper_kind kind;
  id64 case_id, thing; /* thing: the sheet, connection or consent; the case where there is none */
};
/* Inside a write: registers the copy and puts its footer (who, when, 写し 第n号) on the document. */
enum code paper_stamp(struct tx *tx, const struct scope *s, const struct reader *who, struct arena *a,
                      const struct paper_copy *copy, struct doc *paper, struct err *e) MUST_CHECK;
/* The own organization's copies of a case, newest first: list of {number, what, when, who, href ("" where there is no page), lost_href}. Numbers go
 * through the case, whatever the paper is. */
enum code paper_copies(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, const struct reader *who,
                       struct doc **ret, struct err *e) MUST_CHECK;

/* ---- 渡す前に確かめる: where the case warns of somebody in the family, a paper for the family comes after a page that says what is warned of and
 * asks to whom it is handed. A brake for hands in a hurry, no rule of its own: what stands on a paper the engine has decided. */
struct handing {
  id64 case_id;      /* whose strip the page shows */
  id64 guardian;     /* the paper is for this one alone; 0: for the person or somebody of the family */
  struct str handed; /* what was answered: "person", a guardian's id, "other"; empty: nothing yet */
  bool stops;        /* set by hand_check() */
  const char *
      itself; /* TR: what the paper itself tells that not everybody at home should read; asked about whatever the case says. NULL: nothing */
};
#define HANDED_FIELD                                                                                                   \
  {                                                                                                                    \
    .name = "handed", .kind = FIELD_TEXT, .max = 20, .label = TR("だれに渡しますか")                                   \
  }

/* CONFLICT, and h->stops, where something is warned of and nobody was named. Of what the scope sees: restrictions of a guardian, 秘匿, and what
 * to avoid where it speaks of the family; and what the paper itself tells. */
enum code hand_check(struct tx *tx, const struct scope *s, struct handing *h, struct err *e) MUST_CHECK;
/* The page, after hand_check() said so; leads back to the address of the paper. A program keeps its CONFLICT. */
enum code hand_page(struct request *rq, struct response *rs, const struct handing *h, enum code said,
                    struct err *e) MUST_CHECK;
/* One of them, and what stands on it (0: not written down). NOT_FOUND for another organization's, or another case's. */
enum code paper_copy_get(struct tx *tx, const struct scope *s, id64 case_id, id64 copy, struct arena *a,
                         const struct reader *who, struct doc **ret, cats_t *ret_categories, struct err *e) MUST_CHECK;

#endif
