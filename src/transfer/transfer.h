/* transfer.h: ケース移管 — the files of a case move to another town, whose network is not this one. What goes is what the receiving organization
 * may see under consent or law, by the engine's own answer, and what the giver sees and wrote; what is concealed (秘匿) stays. It goes as one
 * sealed and signed file (crypto/parcel.h); there it becomes a new case. docs/transfer.md tells it to those who use it. */
#ifndef TRANSFER_TRANSFER_H
#define TRANSFER_TRANSFER_H
#include "casework/casework.h"
#include "casework/files.h"
#include "connection/connection.h"
#include "crypto/parcel.h"
#include "family/family.h"

enum {
  TRANSFER_FORMAT = 3,      /* of case.json; what is older is read too */
  TRANSFER_MOST = 14 << 20, /* bytes of a file; an answer's cap is above it */
  TRANSFER_RECORDS = 3000,
  TRANSFER_FILES = 100,
  TRANSFER_CODE = 32 /* letters */
};

/* ---- cards ---------------------------------------------------------------------------------------------------------- */
/* "tsunagu-card-2:", 128 letters of hex and eight of their hash, a dot after every eight; read with and without dots. */
struct str transfer_card_text(struct arena *a, const unsigned char card[PARCEL_CARD]);
/* False: no card, or one of which a letter was changed or lost on its way. */
bool transfer_card_parse(struct arena *a, struct str text, unsigned char ret[PARCEL_CARD]);
/* `s`: a scope of TRANSFER_IN. INVALID: no card, one's own, no name, or it is there. `body`: as transfer_body_add(); 0: none yet. */
enum code transfer_peer_add(struct tx *tx, const struct scope *s, struct str name, struct str card, id64 body,
                            struct err *e) MUST_CHECK;
enum code transfer_peer_end(struct tx *tx, const struct scope *s, id64 peer, struct err *e) MUST_CHECK;
/* An organization of the own directory stands for a body of that network: a consent towards it, and towards no other, is a basis for what goes there.
 * INVALID where it is of this network (its circle, or somebody who has an account), or stands for another network. */
enum code transfer_body_add(struct tx *tx, const struct scope *s, id64 peer, id64 organization,
                            struct err *e) MUST_CHECK;
enum code transfer_body_end(struct tx *tx, const struct scope *s, id64 peer, id64 organization,
                            struct err *e) MUST_CHECK;
/* templates/transfers: the own card with its fingerprint, the peers, what came in. */
enum code transfer_page(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                        struct doc **ret, struct err *e) MUST_CHECK;

/* ---- giving ----------------------------------------------------------------------------------------------------------- */
struct transfer_choice {
  id64
      organization; /* of this network's directory: stands for a body of the other network, and consent or law names it */
  bool compared;    /* the fingerprint, by telephone */
};
/* templates/case_transfer: whom it could go to, and what would. `s`: a scope of TRANSFER_OUT. */
enum code transfer_choices(struct tx *tx, const struct scope *s, const struct case_head *h, struct arena *a,
                           const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;

/* made -> received | refused, and no further: what was refused goes again as another transfer. */
enum transfer_state { TRANSFER_MADE, TRANSFER_RECEIVED, TRANSFER_REFUSED, TRANSFER_STATES };
bool transfer_becomes(enum transfer_state from, enum transfer_state to);
/* Eight digits in two groups that only who opened the file can tell, and only of one answer: the receiver reads them out by telephone. */
struct str transfer_receipt(struct arena *a, struct str code, enum transfer_state answer);

struct transfer_given {
  id64 peer;
  struct str code, peer_name, body, status,
      next_date; /* body: who is to take it in; status, next_date: of the case before it was moved */
  unsigned char card[PARCEL_CARD];
  cats_t categories;
};
/* Writes it down, and closes the case (移管) unless it is. Done again for the same peer it is the same transfer, unless that was refused: then it is
 * another. By the organization that leads; INVALID where the receiving organization stands for no other network, where neither consent nor law opens
 * anything to it, or where a file for another body of that network waits for its answer; CONFLICT where it was received already. */
enum code transfer_give(struct tx *tx, const struct scope *s, const struct case_head *h,
                        const struct transfer_choice *ch, struct transfer_given *ret, struct err *e) MUST_CHECK;

struct transfer_file { /* a member of the file */
  struct str name, title, bytes;
  cats_t category;
  enum source source;
  const struct doc *paper; /* to be printed (view/print.h) instead of bytes */
};
struct transfer_content {
  struct doc *data; /* case.json */
  struct transfer_file files[TRANSFER_FILES];
  size_t count;
};
/* What goes, with what is concealed masked. A read. */
enum code transfer_gather(struct tx *tx, const struct scope *s, const struct case_head *h,
                          const struct transfer_choice *ch, const struct transfer_given *given, struct arena *a,
                          const struct reader *who, struct transfer_content *ret, struct err *e) MUST_CHECK;
/* Prints, packs, signs and seals: slow, outside of transactions. LIMIT beyond TRANSFER_MOST. */
enum code transfer_pack(struct arena *a, enum lang lang, struct transfer_content *c, const unsigned char seed[32],
                        const unsigned char to[PARCEL_CARD], struct str *ret, struct err *e) MUST_CHECK;

/* Puts has_moved and moved[] {text, state {word, class}, is_made, is_refused} for a case's pages: to whom it was moved, when, and what they answered. */
enum code transfer_put_moved(struct tx *tx, const struct scope *s, const struct case_head *h, struct arena *a,
                             const struct reader *who, struct doc *data, struct err *e) MUST_CHECK;
/* Each as a moment of the case's timeline (docs/ui.md), newest first, with `at`; also of a case that was taken up again. */
enum code transfer_moments(struct tx *tx, const struct scope *s, const struct case_head *h, struct arena *a,
                           const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;
/* The digits that the receiver read out: *ret is what they mean. By the organization that leads; INVALID where they are of no transfer of this case that waits. */
enum code transfer_answer(struct tx *tx, const struct scope *s, const struct case_head *h, struct str digits,
                          enum transfer_state *ret, struct err *e) MUST_CHECK;

/* ---- taking ----------------------------------------------------------------------------------------------------------- */
struct transfer_attribute {
  enum attribute kind;
  struct str value;
  enum source source;
};
struct transfer_note { /* of the family, or of what else is around */
  struct family_note note;
  size_t guardian; /* 1 + its place among the guardians; 0: none */
};
struct transfer_sheet {
  const struct doc *form; /* a Questionnaire that compiles */
  struct doc *answers;    /* canonical on it */
  ts_t at;
};
struct transfer_moment { /* what happened there, in words: course, connections, what was agreed */
  ts_t at;
  struct str what, said;
};
struct transfer_step { /* of withdrawal */
  struct date day;
  int step;
  struct str note;
};
enum { TRANSFER_NOTES = 200, TRANSFER_SHEETS = 60, TRANSFER_MOMENTS = 600 };
struct transfer_case {
  struct str code, network, organization, to, number, density, status,
      next_date; /* to: whom it is for, as the sender calls it; "" in format 1, 2 */
  ts_t opened_at, last_contact_at, made_at;
  bool withheld; /* something is concealed there (秘匿), of the person or of the family: never what, nor whose */
  struct transfer_attribute *attributes;
  struct guardian_new *guardians;
  struct record_new *records;
  struct file_ready *files;
  struct transfer_note *notes;
  struct transfer_sheet *sheets;
  struct transfer_moment *moments;
  struct transfer_step *steps;
  size_t attribute_count, guardian_count, record_count, file_count, note_count, sheet_count, moment_count, step_count;
};
/* The bytes of a parcel that was opened: everything is checked before anything is written. INVALID says what is wrong with it. */
enum code transfer_read(struct arena *a, struct str bytes, ts_t now, struct transfer_case *ret,
                        struct err *e) MUST_CHECK;
/* Opens and reads. `ret_from`: the sender's signing key. */
enum code transfer_unpack(struct arena *a, const unsigned char seed[32], struct str parcel, ts_t now,
                          unsigned char ret_from[PARCEL_HALF], struct transfer_case *ret, struct err *e) MUST_CHECK;
/* What is in it and who may be known already (person/find.h: past row-level security): from (the peer's name), to, is_for_us (the actor's
 * organization is so called), code, number, name, kana, age, status, density, made, counts[] {text}, and what case_put_found() puts. The actor needs TRANSFER_IN. Refused as transfer_take() refuses. */
enum code transfer_look(struct tx *tx, const struct actor *who, const unsigned char from[PARCEL_HALF],
                        const struct transfer_case *t, struct arena *a, const struct reader *reader, struct doc **ret,
                        struct err *e) MUST_CHECK;
struct transfer_accept {
  enum lang lang;
  bool meant; /* a manager says that the organization is the one meant, though the file calls it otherwise */
};
/* It is not taken in: written down, and never taken in later. As transfer_take() otherwise. */
enum code transfer_refuse(struct tx *tx, const struct actor *who, const unsigned char from[PARCEL_HALF],
                          const struct transfer_case *t, const struct transfer_accept *how, struct err *e) MUST_CHECK;
/* A new case of the actor's organization, all of it or nothing. INVALID where the sender's card is not known here, or where the file is for somebody
 * else and nobody says that it is meant; CONFLICT where it was taken in already, or refused. */
enum code transfer_take(struct tx *tx, const struct actor *who, const unsigned char from[PARCEL_HALF],
                        const struct transfer_case *t, const struct transfer_accept *how, id64 *ret_case,
                        struct err *e) MUST_CHECK;

#endif
