/* state.c: which step leads where; -1: not allowed. */
#include "connection/connection.h"

#define NO (-1)
static const signed char table[CONNECTION_STATE_COUNT][STEP_COUNT] = {
#define ROW(send, open, accept, return_, decline, attempt, contact, answer, close, withdraw, expire)                   \
  {                                                                                                                    \
    send, open, accept, return_, decline, attempt, contact, answer, close, withdraw, expire                            \
  }
    [CONNECTION_DRAFT] = ROW(CONNECTION_SENT, NO, NO, NO, NO, NO, NO, NO, NO, CONNECTION_WITHDRAWN, NO),
    [CONNECTION_SENT] = ROW(NO, CONNECTION_RECEIVED, CONNECTION_ACCEPTED, CONNECTION_RETURNED, CONNECTION_DECLINED, NO,
                            NO, NO, NO, CONNECTION_WITHDRAWN, CONNECTION_EXPIRED),
    [CONNECTION_RECEIVED] = ROW(NO, NO, CONNECTION_ACCEPTED, CONNECTION_RETURNED, CONNECTION_DECLINED, NO, NO, NO, NO,
                                CONNECTION_WITHDRAWN, CONNECTION_EXPIRED),
    [CONNECTION_ACCEPTED] = ROW(NO, NO, NO, NO, NO, CONNECTION_ACCEPTED, CONNECTION_IN_PROGRESS, CONNECTION_ANSWERED,
                                NO, CONNECTION_WITHDRAWN, NO),
    [CONNECTION_RETURNED] =
        ROW(CONNECTION_SENT, NO, NO, NO, NO, NO, NO, NO, CONNECTION_CLOSED, CONNECTION_WITHDRAWN, NO),
    [CONNECTION_DECLINED] = ROW(NO, NO, NO, NO, NO, NO, NO, NO, CONNECTION_CLOSED, NO, NO),
    [CONNECTION_IN_PROGRESS] = ROW(NO, NO, NO, NO, NO, NO, NO, CONNECTION_ANSWERED, NO, CONNECTION_WITHDRAWN, NO),
    [CONNECTION_ANSWERED] =
        ROW(NO, NO, NO, NO, NO, NO, NO, CONNECTION_ANSWERED, CONNECTION_CLOSED, CONNECTION_WITHDRAWN, NO),
    [CONNECTION_CLOSED] = ROW(NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO),
    [CONNECTION_WITHDRAWN] = ROW(NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO),
    [CONNECTION_EXPIRED] = ROW(NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO),
#undef ROW
};

bool connection_next(enum connection_state from, enum connection_step step, enum connection_state *ret_to)
{
  if ((unsigned)from >= CONNECTION_STATE_COUNT || (unsigned)step >= STEP_COUNT || table[from][step] < 0)
    return false;
  *ret_to = (enum connection_state)table[from][step];
  return true;
}

static const struct {
  const char *code, *word, *shape, *class;
} states[CONNECTION_STATE_COUNT] = {
#define X(name, code, word, shape, class) [CONNECTION_##name] = {code, TR(word), shape, class},
    CONNECTION_STATES(X)
#undef X
};

const char *connection_state_code(enum connection_state s)
{
  return states[s].code;
}

bool connection_state_parse(struct str code, enum connection_state *ret)
{
  for (int i = 0; i < CONNECTION_STATE_COUNT; i++) {
    if (str_is(code, states[i].code)) {
      *ret = (enum connection_state)i;
      return true;
    }
  }
  return false;
}

const char *connection_state_label(enum connection_state s)
{
  return states[s].word;
}

void connection_put_state(struct doc *d, enum lang lang, enum connection_state s)
{
  struct doc *state = doc_put_map(d, "state");
  doc_put_str(state, "word", tr(lang, states[s].word));
  doc_put_cstr(state, "shape", states[s].shape);
  doc_put_cstr(state, "class", states[s].class);
}

struct str connection_kind_word(enum lang lang, struct str kind)
{
  if (!kind.n)
    return STR_NONE;
  return tr(lang, str_is(kind, "handover") ? TR("引継ぎ") : TR("支援依頼"));
}
