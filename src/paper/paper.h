/* paper.h: what leaves the screen on paper: sheets, FAX, cards. Each copy bears who printed it, when and its number, is a row of its own
 * (印刷した紙: a lost one is then known), and is decided like the page it shows (ACTION_PRINT). */
#ifndef PAPER_PAPER_H
#define PAPER_PAPER_H
#include "casework/casework.h"

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
  X(MAPS, "maps", "ジェノグラム・エコマップ")
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
/* The own organization's copies of a case, newest first: list of {number, what, when, who, href ("" where there is no page)}. */
enum code paper_copies(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, const struct reader *who,
                       struct doc **ret, struct err *e) MUST_CHECK;

#endif
