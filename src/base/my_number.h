/* my_number.h: マイナンバー is not used here; every door for text refuses what looks like one. */
#ifndef BASE_MY_NUMBER_H
#define BASE_MY_NUMBER_H
#include "base/str.h"

/* Twelve digits (half or full width, also in fours) whose last is the check digit of a マイナンバー. Sum and weights: 番号法施行令
 * 第8条 and 平成26年総務省令第85号第5条. */
bool my_number_check(struct str text);

#endif
