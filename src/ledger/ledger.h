/* ledger.h: 進行管理台帳 in and out. In: the table in which an organization kept its cases so far becomes persons and cases of its own, all
 * rows or none; they begin as 同意未確認. Out: the cases that one may see, as a table. docs/ledger.md tells it to those who use it. */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H
#include "casework/casework.h"
#include "person/find.h"
#include "view/csv.h"

enum { LEDGER_ROWS_MOST = 3000, LEDGER_COLUMNS_MOST = 60, LEDGER_FILE_MOST = 8 << 20 };
enum { LEDGER_UNDO_MS = 7 * MS_DAY }; /* so long an import can be taken back */

/* --- columns ------------------------------------------------------------------------------------------------------------- */
/* name, code, label */
/* clang-format off */
#define LEDGER_COLUMNS(X) \
  X(SKIP, "skip", "読まない") \
  X(NUMBER, "number", "番号") \
  X(NAME, "name", "氏名") \
  X(KANA, "kana", "ふりがな") \
  X(CALLED, "called", "呼び名") \
  X(SEX, "sex", "性別") \
  X(BIRTH, "birth", "生年月日") \
  X(POSTAL, "postal", "郵便番号") \
  X(ADDRESS, "address", "住所") \
  X(PHONE, "phone", "電話") \
  X(MOBILE, "mobile", "電話(携帯)") \
  X(SCHOOL, "school", "学校") \
  X(GRADE, "grade", "学年・在籍の状況") \
  X(GUARDIAN, "guardian", "保護者の氏名") \
  X(RELATION, "relation", "続柄") \
  X(GUARDIAN_PHONE, "guardian_phone", "保護者の電話") \
  X(ACCEPTED, "accepted", "受理日") \
  X(CLOSED, "closed", "終結日") \
  X(STATUS, "status", "状況(段階)") \
  X(DENSITY, "density", "かかわりの頻度") \
  X(ORIGIN, "origin", "相談の経路") \
  X(WORKER, "worker", "主担当者") \
  X(CONCERN, "concern", "主訴") \
  X(LAST, "last", "最終接触日") \
  X(NEXT, "next", "次にすること") \
  X(NEXT_DAY, "next_day", "次の期日") \
  X(INTEREST, "interest", "好きなこと・関心事") \
  X(AVOID, "avoid", "避けてほしいこと") \
  X(NOTE, "note", "備考(記録に残す)")
/* clang-format on */
enum ledger_column {
#define X(name, code, label) LEDGER_##name,
  LEDGER_COLUMNS(X)
#undef X
      LEDGER_COLUMN_COUNT
};
const char *ledger_column_code(enum ledger_column k);
const char *ledger_column_label(enum ledger_column k); /* catalog id */
/* By code, or by the label as it stands in Japanese. */
bool ledger_column_parse(struct str s, enum ledger_column *ret);
/* What a heading as towns write it means; LEDGER_SKIP where nobody can tell. */
enum ledger_column ledger_column_guess(struct arena *a, struct str heading);

/* --- in: a table ------------------------------------------------------------------------------------------------------------ */
struct ledger_table {
  struct csv_table cells;
  size_t head;    /* the row of headings; what stands above it is a title */
  size_t columns; /* of that row */
  enum ledger_column *column;
};
/* XLSX, CSV (UTF-8 or CP932; cp932: it is that, whatever it looks like) or cells copied out of a spreadsheet (tabs). The columns are
 * guessed. INVALID for a file of another kind, by its content, and where there is no row of headings with a name in it; LIMIT beyond LEDGER_ROWS_MOST. */
enum code ledger_read(struct arena *a, struct str bytes, bool cp932, struct ledger_table *ret,
                      struct err *e) MUST_CHECK;
struct str ledger_heading(const struct ledger_table *t, size_t column);
/* The whole table as CSV that ledger_read() reads as the same cells in the same rows: what was sent as a file goes on as text. LIMIT where a
 * form could not send it back. */
enum code ledger_as_text(struct arena *a, const struct ledger_table *t, struct str *ret, struct err *e) MUST_CHECK;
/* Lines "heading = label or code" (# begins a note): what those columns are instead of the guess. INVALID names the line. */
enum code ledger_map(struct arena *a, struct ledger_table *t, struct str lines, struct err *e) MUST_CHECK;
/* No column but NOTE and SKIP twice; the name must be there. INVALID otherwise. */
enum code ledger_columns_check(const struct ledger_table *t, struct err *e) MUST_CHECK;

struct ledger_known { /* somebody who may be the same, as one may see */
  id64 person, case_id;
  struct str name, number;
};
enum { LEDGER_KNOWN = 3 };
struct ledger_row {
  size_t number; /* as the sheet counts */
  struct person_new person;
  struct guardian_new guardian;
  struct case_begun begun;
  struct str worker, record, next;
  struct doc *refused, *remarks; /* lists of sentences */
  struct ledger_known known[LEDGER_KNOWN];
  size_t known_count;
  bool density_told; /* else it is B */
  bool elsewhere;    /* as person_find() says it */
  size_t twice;      /* number of a row above it in the table that is so much alike; 0: none */
};
struct ledger {
  struct ledger_row *rows;
  size_t count, refused, alike; /* alike: rows with somebody known, elsewhere or twice */
  size_t untold;                /* rows without かかわりの頻度 */
};
/* The rows of a table; those without anything in a column that is read, and what adds the table up, are none. Sentences are in the reader's language. */
enum code ledger_rows(struct arena *a, const struct ledger_table *t, const struct reader *who, struct ledger *ret,
                      struct err *e) MUST_CHECK;
/* Who of them may be known already (person/find.h: past row-level security), and who leads them. The actor needs LEDGER_IMPORT. */
enum code ledger_look(struct tx *tx, const struct actor *who, struct ledger *l, struct arena *a,
                      const struct reader *reader, struct err *e) MUST_CHECK;
/* All rows become cases of the actor's organization, or none: INVALID while a row is refused. After ledger_look(). */
enum code ledger_write(struct tx *tx, const struct actor *who, const struct ledger *l, id64 *ret_import,
                       struct err *e) MUST_CHECK;
/* What became of the rows: rows, refused, alike, unread_text and untold_text ("" possible), columns[], lines[]; read by templates/ledger_import and the command line. */
struct doc *ledger_report(struct arena *a, const struct reader *who, const struct ledger_table *t,
                          const struct ledger *l);

/* --- undo ------------------------------------------------------------------------------------------------------------------- */
/* The organization's imports, newest first: list of {id, day, rows, by, can_undo, why}. */
enum code ledger_imports(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                         struct doc **ret, struct err *e) MUST_CHECK;
/* Takes back everything that an import made, as long as LEDGER_UNDO_MS, and as nobody wrote or printed anything of one of its persons:
 * CONFLICT says how many cases stand in the way. Past row-level security. What was done stays in the trail. */
enum code ledger_undo(struct tx *tx, const struct actor *who, id64 import, int64_t *ret_rows, struct err *e) MUST_CHECK;

/* --- 同意未確認 ---------------------------------------------------------------------------------------------------------------- */
enum unconfirmed_whose { UNCONFIRMED_ALL, UNCONFIRMED_MINE, UNCONFIRMED_NOBODYS }; /* who leads the case */
struct unconfirmed_view {
  enum unconfirmed_whose whose;
  id64 after; /* `cursor` of the page before; 0: from the start */
  bool falls; /* the last that came in first */
};
/* templates/ledger_unconfirmed but for what is around the rows (gate/list.h): the imported cases one may see of whose person nobody has
 * asked for consent yet, in the order in which they came in. */
enum code ledger_unconfirmed(struct tx *tx, const struct scope *list, const struct unconfirmed_view *view,
                             struct arena *a, const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;
/* All of them as a table with its heads; `list` is for LEDGER_EXPORT. LIMIT beyond UNCONFIRMED_FILE. */
enum { UNCONFIRMED_FILE = 5000 };
enum code ledger_unconfirmed_table(struct tx *tx, const struct scope *list, const struct unconfirmed_view *view,
                                   struct arena *a, const struct reader *who, struct csv_table *ret,
                                   struct err *e) MUST_CHECK;

/* --- out ----------------------------------------------------------------------------------------------------------------------- */
/* The open cases one may see (LEDGER_EXPORT), one a row, with the columns above; what is concealed reads 「秘匿あり」. */
enum code ledger_export(struct tx *tx, const struct scope *list, struct arena *a, const struct reader *who,
                        struct csv_table *ret, struct err *e) MUST_CHECK;

#endif
