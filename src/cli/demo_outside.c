/* demo_outside.c: deeds of demo/town.txt: an answer by a link, who wants mail, a relative of whom there is a file, an import that was a mistake. */
#include "cli/demo_deed.h"
#include "connection/reply.h"
#include "family/family.h"
#include "ledger/ledger.h"
#include "mail/mail.h"

/* ---- an answer by a link -------------------------------------------------------------------------------------------------- */

static struct str hash_str(const unsigned char *hash)
{
  return (struct str){(const char *)hash, HASH};
}

static enum code connection_of(struct deed *d, id64 *ret, struct err *e)
{
  int64_t n = 0;
  if (!str_to_i64(deed_word(d), &n) || n < 1 || n > d->st->out.connections)
    return BUG(e, "a life of demo/town.txt has no such connection");
  *ret = d->st->out.connection[n - 1];
  return OK;
}

/* "2": the sender makes it; whoever holds it has the two secrets. */
static enum code do_link(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct connection con = {0};
  struct reply_secrets secrets = reply_secrets_new(d->a, db_app(tx_db(d->tx)));
  id64 id = 0;
  enum code c = connection_of(d, &id, e);
  if (c == OK)
    c = connection_enter(d->tx, &d->st->actor, ACTION_SHEET_SEND, id, &con, &s, e);
  if (c == OK)
    c = reply_make(d->tx, s, &con, &secrets, e);
  if (c == OK) {
    memcpy(d->st->out.link_token, secrets.token_hash.p, HASH);
    memcpy(d->st->out.link_code, secrets.code_hash.p, HASH);
  }
  return c;
}

/* The right code, and the sheet is open in a browser of that session. */
static enum code open_link(struct deed *d, struct str session, struct err *e)
{
  struct reply_link link = {0};
  struct connection con = {0};
  const struct scope *s = NULL;
  bool right = false;
  enum code c = reply_find(d->tx, hash_str(d->st->out.link_token), &link, e);
  if (c == OK)
    c = reply_try(d->tx, &link, hash_str(d->st->out.link_code), session, &right, e);
  if (c == OK && !right)
    return BUG(e, "the demo does not know the code of its own link");
  if (c == OK)
    c = reply_enter(d->tx, ACTION_SHEET_READ, session, &link, &con, &s, e);
  return c == OK ? connection_open(d->tx, s, &con, e) : c;
}

/* "|text|who": whoever holds the newest link takes the request on. The scene's worker has told the code. */
static enum code do_by_link(struct deed *d, struct err *e)
{
  unsigned char session[HASH];
  struct reply_link link = {0};
  struct connection con = {0};
  const struct scope *s = NULL;
  const struct answer answer = {.step = STEP_ACCEPT, .text = deed_field(d, 0), .told_by = deed_field(d, 1)};
  random_bytes(session, sizeof session);
  enum code c = open_link(d, hash_str(session), e);
  if (c == OK)
    c = reply_enter(d->tx, ACTION_CONNECTION_ANSWER, hash_str(session), &link, &con, &s, e);
  return c == OK ? reply_answer(d->tx, s, &link, &con, &answer, e) : c;
}

/* ---- mail ----------------------------------------------------------------------------------------------------------------- */

/* "once tanaka@demo.example" */
static enum code do_mail(struct deed *d, struct err *e)
{
  struct mail_preference p = {.how = deed_word(d)};
  p.address = d->words;
  return mail_prefer(d->tx, d->st->actor.user, &p, e);
}

/* ---- the family ------------------------------------------------------------------------------------------------------------ */

/* "近江 陽翔|relative|a note": of one family with this person; that one has a file, too. */
static enum code do_kin(struct deed *d, struct err *e)
{
  const struct scope *s = NULL, *other = NULL;
  struct case_head head = {0}, theirs = {0};
  const struct family_note note = {.kind = FAMILY_MEMBER,
                                   .name = d->words,
                                   .relation = deed_field(d, 0),
                                   .house = S("apart"),
                                   .note = deed_field(d, 1),
                                   .source = SOURCE_AROUND};
  id64 id = 0;
  enum code c =
      case_enter(d->tx, &d->st->actor, ACTION_PERSON_READ, demo_case_of(d->st->play, d->words), &theirs, &other, e);
  if (c == OK)
    c = deed_enter(d, ACTION_PERSON_WRITE, &head, &s, e);
  if (c == OK)
    c = family_add(d->tx, s, &note, &id, e);
  return c == OK ? family_link(d->tx, s, theirs.number, id, e) : c;
}

/* ---- the old ledger --------------------------------------------------------------------------------------------------------- */

/* The newest import of the worker's organization. */
static enum code do_unledger(struct deed *d, struct err *e)
{
  const struct scope *s = NULL;
  struct doc *list = NULL;
  int64_t rows = 0;
  id64 id = 0;
  enum code c = access_open_network(d->tx, &d->st->actor, ACTION_LEDGER_IMPORT, &s, e);
  if (c == OK)
    c = ledger_imports(d->tx, s, d->a, &d->who, &list, e);
  if (c == OK && !doc_get_id(doc_at(list, 0), "id", &id))
    return BUG(e, "there is no import in demo/town.txt to take back");
  return c == OK ? ledger_undo(d->tx, &d->st->actor, id, &rows, e) : c;
}

/* ---- which ------------------------------------------------------------------------------------------------------------------ */

deed_fn demo_outside_of(struct str kind)
{
  static const struct {
    const char *kind;
    deed_fn fn;
  } deeds[] = {
      {"link", do_link}, {"by-link", do_by_link}, {"mail", do_mail}, {"kin", do_kin}, {"unledger", do_unledger}};
  for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
    if (str_is(kind, deeds[i].kind))
      return deeds[i].fn;
  return NULL;
}
