/* contact.c: the way to the first contact (初回接触): each try is kept until somebody was met. */
#include "connection/connection.h"
#include "connection/connection_sql.h"

static const char *const methods[][2] = {{"phone", TR("電話")},
                                         {"visit", TR("訪問")},
                                         {"letter", TR("手紙・置き手紙")},
                                         {"message", TR("メール・SNS")},
                                         {"meet", TR("来所・待ち合わせ")},
                                         {"accompany", TR("送った機関と同行")}};
static const char *const results[][2] = {{"none", TR("つながらなかった")},
                                         {"left", TR("伝言を残した")},
                                         {"voice", TR("声だけ聞けた")},
                                         {"met", TR("会えた・話せた")}};

static struct str word_of(enum lang lang, const char *const words[][2], size_t n, struct str code)
{
  for (size_t i = 0; i < n; i++)
    if (str_is(code, words[i][0]))
      return tr(lang, words[i][1]);
  return STR_NONE;
}
#define WORD_OF(lang, words, code) word_of(lang, words, sizeof(words) / sizeof *(words), code)

struct str contact_text(struct arena *a, const struct reader *who, const struct doc *answer)
{
  struct date day = {0};
  struct str method = WORD_OF(who->lang, methods, doc_get_str(answer, "method"));
  struct str result = WORD_OF(who->lang, results, doc_get_str(answer, "result"));
  struct str note = doc_get_str(answer, "text");
  (void)date_parse_iso(doc_get_str(answer, "first_contact"), &day);
  struct str when = date_known(day) ? reader_day(a, who, day) : STR_NONE;
  struct str line = str_printf(a, "%.*s %.*s %.*s", STR_FMT(when), STR_FMT(method), STR_FMT(result));
  struct str count = reader_count(a, who->lang, TR("%1回目"), doc_get_int(answer, "attempt"));
  return str_printf(a, "%.*s %.*s%s%.*s", STR_FMT(count), STR_FMT(line), note.n ? "\n" : "", STR_FMT(note));
}

static enum code check(const struct scope *s, const struct connection *c, const struct contact_attempt *t,
                       struct date today, struct err *e)
{
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  if (!scope_wrote(s, c->to_organization))
    return err_set(e, DENIED, TR("受けた機関だけが、連絡を記録できます。"));
  if (!date_known(t->day))
    return err_field(e, "day", TR("いつ連絡したかを、年月日で書いてください。"));
  if (date_compare(today, t->day) < 0)
    return err_field(e, "day", TR("先の日は書けません。連絡した日を書いてください。"));
  if (c->sent_at && date_compare(t->day, date_of_ts(c->sent_at)) < 0)
    return err_field(e, "day", TR("シートが届く前の日になっています。"));
  return OK;
}

enum code connection_attempt(struct tx *tx, const struct scope *s, const struct connection *c,
                             const struct contact_attempt *t, struct err *e)
{
  enum connection_state next;
  bool met = str_is(t->result, "met");
  enum code code = check(s, c, t, date_of_ts(tx_now(tx)), e);
  if (code != OK)
    return code;
  if (!connection_next(c->state, met ? STEP_CONTACT : STEP_ATTEMPT, &next))
    return err_set(e, CONFLICT, TR("このつなぎは、もう先へ進んでいます。画面を開き直してください。"));
  struct doc *d = doc_map(tx_arena(tx));
  doc_put_str(d, "text", t->text);
  doc_put_str(d, "method", t->method);
  doc_put_str(d, "result", t->result);
  doc_put_int(d, "attempt", c->attempts + 1);
  doc_put_str(d, "first_contact", date_iso(tx_arena(tx), t->day));
  code = connection_sql_move(tx, c, next, 0, e);
  if (code == OK)
    code = connection_sql_attempt(tx, c->id, met ? date_start_ts(t->day) : 0, e);
  if (code == OK)
    code = connection_keep(tx, s, c, S("attempt"), d, e);
  return code == OK ? network_bump_facts(tx, e) : code;
}
