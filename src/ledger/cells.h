/* cells.h: what a cell of a ledger says, inside src/ledger. */
#ifndef LEDGER_CELLS_H
#define LEDGER_CELLS_H
#include "ledger/ledger.h"

/* Each true where the words are known; an empty text is none of them. */
bool cell_sex(struct arena *a, struct str text, struct str *ret);
bool cell_status(struct arena *a, struct str text, struct str *ret);
bool cell_density(struct arena *a, struct str text, struct str *ret);
bool cell_origin(struct arena *a, struct str text, struct str *ret);
bool cell_relation(struct arena *a, struct str text, struct str *ret);
/* As date_parse_text(); a time of day behind the date is left out. */
enum code cell_date(struct arena *a, struct str text, struct date *ret, struct err *e) MUST_CHECK;
/* The day that a spreadsheet's bare number means (39601: 平成20年6月2日), where it lost the format of its cell. */
bool cell_serial(struct arena *a, struct str text, struct date *ret);
/* 「未定」「不明」「―」: there is nothing to read. */
bool cell_says_nothing(struct arena *a, struct str text);
/* 「合計」「計」: a row that begins so is nobody's. */
bool cell_is_total(struct arena *a, struct str text);
/* A telephone whose leading 0 a spreadsheet has eaten gets it back: *ret_mended. */
struct str cell_phone(struct arena *a, struct str text, bool *ret_mended);
bool cell_is_mobile(struct arena *a, struct str text);
/* A マイナンバー, also one whose leading 0 a spreadsheet has eaten. `phone`: eleven digits are a telephone. */
bool cell_my_number(struct arena *a, struct str text, bool phone);

#endif
