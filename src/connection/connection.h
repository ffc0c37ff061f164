/* connection.h: つなぐシート and つなぎ — a sheet goes from hand to hand and comes back with an answer. States:
 * draft -> sent -> received -> accepted | returned | declined -> in_progress -> answered -> closed; withdrawn and expired end it. The
 * table of transitions stands in state.c. `received` is set by opening. */
#ifndef CONNECTION_CONNECTION_H
#define CONNECTION_CONNECTION_H
#include "casework/casework.h"

/* clang-format off */
#define CONNECTION_STATES(X) \
  X(DRAFT, "draft", "下書き", "◌") \
  X(SENT, "sent", "送りました", "▷") \
  X(RECEIVED, "received", "届きました", "◔") \
  X(ACCEPTED, "accepted", "引き受けました", "◑") \
  X(RETURNED, "returned", "差し戻し", "↩") \
  X(DECLINED, "declined", "お受けできない", "✕") \
  X(IN_PROGRESS, "in_progress", "対応中", "◑") \
  X(ANSWERED, "answered", "返事あり", "●") \
  X(CLOSED, "closed", "おわりました", "■") \
  X(WITHDRAWN, "withdrawn", "取り消されました", "⊘") \
  X(EXPIRED, "expired", "期限切れ", "⌛")
/* clang-format on */

enum connection_state {
#define X(name, code, label, shape) CONNECTION_##name,
  CONNECTION_STATES(X)
#undef X
      CONNECTION_STATE_COUNT
};
enum connection_step {
  STEP_SEND,
  STEP_OPEN,
  STEP_ACCEPT,
  STEP_RETURN,
  STEP_DECLINE,
  STEP_CONTACT,
  STEP_ANSWER,
  STEP_CLOSE,
  STEP_WITHDRAW,
  STEP_EXPIRE,
  STEP_COUNT
};
/* The transition table: false when the step is not allowed in the state. */
bool connection_next(enum connection_state from, enum connection_step step, enum connection_state *ret_to);
const char *connection_state_code(enum connection_state s);
bool connection_state_parse(struct str code, enum connection_state *ret);

/* Ends every open connection of the person towards the organization (consent withdrawn). Called by consent. */
enum code connection_withdraw_to(struct tx *tx, const struct scope *s, id64 organization, struct err *e) MUST_CHECK;
/* Adds to `ends` a line {text} for each open connection of the person towards the organization: what a withdrawal would end. */
enum code connection_put_open(struct tx *tx, const struct scope *s, id64 organization, struct arena *a,
                              const struct reader *who, struct doc *ends, struct err *e) MUST_CHECK;

#endif
