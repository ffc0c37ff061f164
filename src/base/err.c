#define ERR_INSIDE
#include "base/err.h"

#include <errno.h>

#include <stdarg.h>

/* The one table of results. Exit codes are those of sysexits(3). */
static const struct {
  const char *name, *msg;
  unsigned http;
  int exit;
} table[CODE_COUNT] = {
    [OK] = {"OK", TR("できました。"), 200, 0},
    [NOT_FOUND] = {"NOT_FOUND", TR("見つかりません。"), 404, 66},
    [DENIED] = {"DENIED", TR("この操作はできません。"), 403, 77},
    [INVALID] = {"INVALID", TR("入力の内容を確かめてください。"), 422, 65},
    [CONFLICT] = {"CONFLICT", TR("ほかの人が先に変更しました。新しい内容を確かめてください。"), 409, 73},
    [RETRY] = {"RETRY", TR("混み合っています。少し待って、もう一度お試しください。"), 503, 75},
    [LIMIT] = {"LIMIT", TR("量または回数が上限を超えました。"), 429, 75},
    [IO] = {"IO", TR("保存先または通信に問題があります。管理者に知らせてください。"), 503, 74},
    [OOM] = {"OOM", TR("メモリが足りません。少し待って、もう一度お試しください。"), 503, 71},
    [FAULT] = {"FAULT", TR("システムの不具合です。管理者に知らせてください。"), 500, 70},
};

static enum code known(enum code c)
{
  return (unsigned)c < CODE_COUNT ? c : FAULT;
}

const char *code_msg(enum code c)
{
  return table[known(c)].msg;
}

const char *code_name(enum code c)
{
  return table[known(c)].name;
}

unsigned code_http_status(enum code c)
{
  return table[known(c)].http;
}

int code_exit_status(enum code c)
{
  return table[known(c)].exit;
}

/* Cuts at size - 1 bytes, never inside a UTF-8 sequence. */
static void copy_cut(char *to, size_t size, const char *from)
{
  size_t n = from ? strnlen(from, size) : 0;
  if (n == size) {
    n--;
    while (n > 0 && ((unsigned char)from[n] & 0xC0) == 0x80)
      n--;
  }
  if (n)
    memcpy(to, from, n);
  to[n] = '\0';
}

enum code err_set(struct err *e, enum code c, const char *msg)
{
  if (!e)
    return c;
  *e = (struct err){.code = c, .msg = msg ? msg : code_msg(c)};
  return c;
}

enum code err_set1(struct err *e, enum code c, const char *msg, const char *a1)
{
  return err_set3(e, c, msg, a1, NULL, NULL);
}

enum code err_set2(struct err *e, enum code c, const char *msg, const char *a1, const char *a2)
{
  return err_set3(e, c, msg, a1, a2, NULL);
}

enum code err_set3(struct err *e, enum code c, const char *msg, const char *a1, const char *a2, const char *a3)
{
  if (!e)
    return c;
  /* the arguments may lie in *e itself */
  struct err fresh = {.code = c, .msg = msg ? msg : code_msg(c)};
  copy_cut(fresh.arg[0], sizeof(fresh.arg[0]), a1);
  copy_cut(fresh.arg[1], sizeof(fresh.arg[1]), a2);
  copy_cut(fresh.arg[2], sizeof(fresh.arg[2]), a3);
  *e = fresh;
  return c;
}

enum code err_field(struct err *e, const char *field, const char *msg)
{
  if (!e)
    return INVALID;
  struct err fresh = {.code = INVALID, .msg = msg ? msg : code_msg(INVALID)};
  copy_cut(fresh.field, sizeof(fresh.field), field);
  *e = fresh;
  return INVALID;
}

void err_detail(struct err *e, const char *fmt, ...)
{
  if (!e)
    return;
  char text[2 * ERR_DETAIL_SIZE];
  va_list args;
  va_start(args, fmt);
  int n = vsnprintf(text, sizeof(text), fmt, args);
  va_end(args);
  copy_cut(e->detail, sizeof(e->detail), n < 0 ? "" : text);
}

enum code err_oom(struct err *e)
{
  return err_set(e, OOM, code_msg(OOM));
}

enum code err_full(struct err *e)
{
  return err_set(e, IO, TR("ディスクがいっぱいで保存できません。空きを作ってください。"));
}

bool err_is_full(int number)
{
  return number == ENOSPC || number == EDQUOT;
}

void err_print(FILE *f, const struct err *e)
{
  const char *at = e->msg ? e->msg : code_msg(e->code);
  while (*at) {
    if (at[0] == '%' && at[1] >= '1' && at[1] < '1' + ERR_ARGS) {
      fputs(e->arg[at[1] - '1'], f);
      at += 2;
    } else {
      fputc(*at++, f);
    }
  }
  if (e->field[0])
    fprintf(f, " (%s)", e->field);
  if (e->detail[0])
    fprintf(f, " [%s]", e->detail);
  fputc('\n', f);
}

enum code err_bug(struct err *e, const char *file, int line, const char *text)
{
  fprintf(stderr, "BUG %s:%d: %s\n", file, line, text);
#ifdef TSUNAGU_BUG_ABORTS
  abort();
#endif
  err_set(e, FAULT, code_msg(FAULT));
  err_detail(e, "%s:%d: %s", file, line, text);
  return FAULT;
}
