#include "mail/mail.h"

#include "base/holiday.h"
#include "mail/mail_impl.h"

/* ---- kinds ---------------------------------------------------------------------------------------------------------- */

static const struct notice_words words[NOTICE_COUNT] = {
#define X(name, code, word, shape, class, mail) {code, word, shape, class, mail},
    NOTICE_KINDS(X)
#undef X
};

const struct notice_words *notice_words(enum notice_kind k)
{
  return &words[(unsigned)k < NOTICE_COUNT ? k : NOTICE_TEST];
}

bool notice_parse(struct str code, enum notice_kind *ret)
{
  for (int k = 0; k < NOTICE_COUNT; k++)
    if (str_is(code, words[k].code)) {
      *ret = (enum notice_kind)k;
      return true;
    }
  return false;
}

/* ---- telling --------------------------------------------------------------------------------------------------------- */

/* The next morning on which the organization opens; someone who never opens is told a week later. */
static enum code next_morning(struct tx *tx, id64 organization, ts_t *ret, struct err *e)
{
  enum { LOOKED = 14, LEAST = 7 };
  struct date day = date_of_ts(tx_now(tx));
  bool closed = false;
  enum code c = OK;
  if (ts_minute_of_day(tx_now(tx)) >= MAIL_MORNING_MINUTE)
    day = date_add_days(day, 1);
  for (int i = 0; c == OK && i < LOOKED; i++, day = date_add_days(day, 1)) {
    c = office_opens(day) ? mail_sql_closed(tx, organization, date_iso(tx_arena(tx), day), &closed, e) : OK;
    if (office_opens(day) && !closed)
      break;
  }
  *ret = date_start_ts(day) + (ts_t)MAIL_MORNING_MINUTE * MS_MINUTE;
  return c;
}

struct telling {
  struct tx *tx;
  const struct notice *n;
  struct mail_member list[MAIL_ROWS];
  size_t count;
};

static bool is_told(const struct notice *n, const struct mail_member *m)
{
  bool allowed = false;
  if (m->user == n->by)
    return false;
  if (n->whole < ACTION_COUNT)
    (void)role_may(m->role, n->whole, &allowed);
  return allowed || m->user == n->users[0] || m->user == n->users[1] || (n->workers && m->assigned);
}

static enum code take_member(void *arg, const struct mail_member *m, struct err *e)
{
  struct telling *t = arg;
  if (t->count < MAIL_ROWS && is_told(t->n, m))
    t->list[t->count++] = *m;
  return OK;
}

static ts_t not_before(ts_t at, ts_t from)
{
  return at > from ? at : from;
}

enum code mail_tell(struct tx *tx, const struct notice *n, struct err *e)
{
  struct telling *t = arena_new_of(tx_arena(tx), struct telling);
  ts_t morning = 0;
  if (!t)
    return err_oom(e);
  *t = (struct telling){.tx = tx, .n = n};
  enum code c = mail_sql_members(tx, n->organization, n->case_id, take_member, t, e);
  for (size_t i = 0; c == OK && i < t->count; i++) {
    if (t->list[i].morning && !morning)
      c = next_morning(tx, n->organization, &morning, e);
    if (c == OK)
      c = mail_sql_add(tx, &t->list[i], n, not_before(t->list[i].morning ? morning : tx_now(tx), n->from), e);
  }
  return c;
}

/* ---- one's own preference ---------------------------------------------------------------------------------------------- */

enum code mail_preference(struct tx *tx, id64 user, struct arena *a, struct mail_preference *ret, struct err *e)
{
  return mail_sql_preference(tx, user, a, ret, e);
}

/* What every server takes: letters, digits and a few marks, one @, a name of a host. Nothing that a header or an SMTP command could read
 * otherwise. */
bool mail_address_ok(struct str address)
{
  static const char local_marks[] = "!#$%&'*+/=?^_`{|}~.-", host_marks[] = ".-";
  size_t at = 0;
  if (address.n > MAIL_ADDRESS)
    return false;
  while (at < address.n && address.p[at] != '@')
    at++;
  if (at == 0 || at > 64 || address.n - at < 2 || address.p[0] == '.' || address.p[at - 1] == '.')
    return false;
  for (size_t i = 0; i < address.n; i++) {
    char c = address.p[i];
    bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (i != at && !word && (c == 0 || !strchr(i < at ? local_marks : host_marks, c)))
      return false;
    if (c == '.' && i > 0 && address.p[i - 1] == '.')
      return false;
  }
  return strchr(host_marks, address.p[at + 1]) == NULL && strchr(host_marks, address.p[address.n - 1]) == NULL;
}

enum code mail_prefer(struct tx *tx, id64 user, const struct mail_preference *p, struct err *e)
{
  bool off = str_is(p->how, "off");
  if (!off && !p->address.n)
    return err_field(e, "address", TR("メールの宛先を入力してください。"));
  if (p->address.n && !mail_address_ok(p->address))
    return err_field(e, "address",
                     TR("メールアドレスの形ではありません。「名前@ドメイン」を、半角の英数字で入力してください。"));
  return mail_sql_prefer(tx, user, p, e);
}

/* ---- in the course of time ----------------------------------------------------------------------------------------------- */

static enum code tend(struct tx *tx, void *arg, struct err *e)
{
  int64_t *given_up = arg;
  enum code c = mail_sql_give_up(tx, tx_now(tx) - (ts_t)MAIL_GIVE_UP_DAYS * MS_DAY, given_up, e);
  return c == OK ? mail_sql_forget(tx, tx_now(tx) - (ts_t)MAIL_KEPT_DAYS * MS_DAY, e) : c;
}

enum code mail_tend(struct db *db, id64 network, struct err *e)
{
  const struct db_who who = {.network = network, .service = true};
  int64_t given_up = 0;
  return db_write(db, "mail_tend", &who, tend, &given_up, e);
}

static enum code read_state(struct tx *tx, void *arg, struct err *e)
{
  return mail_sql_state(tx, arg, e);
}

enum code mail_state(struct db *db, struct mail_state *ret, struct err *e)
{
  return db_read(db, &(struct db_who){.service = true}, read_state, ret, e);
}
