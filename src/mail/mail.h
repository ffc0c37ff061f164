/* mail.h: what people are told without asking: the kinds of notices (one list, for お知らせ and for mail), and mail. A mail says that something
 * of a kind awaits its reader in tsunagu, and nothing else: no name, no organization, no number, no id.
 *
 * mail_tell() writes rows of a queue in the transaction of what is told; a thread of its own sends them (mail_sender_start). A notice goes out
 * once; after a crash between a server's yes and our commit it may go a second time, with the same Message-ID. Before a mail goes the
 * engine is asked whether its reader may still know: what one may not see any more is not told either. */
#ifndef MAIL_MAIL_H
#define MAIL_MAIL_H
#include "access/access.h"
#include "base/conf.h"
#include "base/doc.h"
#include "db/db.h"

/* name, code, word of お知らせ (or none), shape, class, sentence of the mail (or none) */
/* clang-format off */
#define NOTICE_KINDS(X) \
  X(SENT, "sent", TR("シートが届きました"), "s-received", "going", TR("つなぐシートが届いています。")) \
  X(ACCEPTED, "accepted", TR("引き受けてもらえました"), "s-accepted", "good", NOTICE_ANSWER) \
  X(RETURNED, "returned", TR("差し戻されました"), "s-returned", "warn", NOTICE_ANSWER) \
  X(DECLINED, "declined", TR("お受けできないとの返事です"), "s-declined", "bad", NOTICE_ANSWER) \
  X(ATTEMPT, "attempt", TR("本人へ連絡しました"), "s-sent", "going", NULL) \
  X(IN_PROGRESS, "in_progress", TR("本人に会えました"), "s-accepted", "good", NULL) \
  X(ANSWERED, "answered", TR("返事が届きました"), "s-answered", "good", NOTICE_ANSWER) \
  X(EXPIRED, "expired", TR("返事がないまま期限が切れました"), "s-overdue", "bad", NULL) \
  X(SILENT, "silent", TR("返事がありません"), "s-overdue", "bad", TR("返事がないままのつなぎがあります。")) \
  X(LOCKED, "locked", TR("返事のリンクが閉じました。合言葉が10回まちがえられました"), "s-overdue", "warn", NULL) \
  X(HANDED, "handed", TR("担当になりました"), "s-accepted", "going", TR("担当するケースが加わりました。")) \
  X(EMERGENCY, "emergency", TR("緊急の閲覧がありました"), "s-overdue", "warn", TR("緊急の閲覧がありました。")) \
  X(REVIEW, "review", NULL, "s-overdue", "bad", TR("まだ確かめていない、緊急の閲覧があります。")) \
  X(RELEASE, "release", TR("秘匿を解く申し出があります"), "s-received", "warn", TR("もう一人の確認を待っている申し出があります。")) \
  X(RELEASED, "released", TR("秘匿を解く申し出が決まりました"), "s-answered", "going", TR("申し出たことが、決まりました。")) \
  X(HOLDER, "holder", TR("知ってよい人が変わりました"), "s-received", "warn", TR("知ってよい人が変わりました。")) \
  X(TEST, "test", NULL, "", "", TR("ためしのメールです。受け取れたら、これで届いています。"))
/* clang-format on */
#define NOTICE_ANSWER TR("送ったつなぎに、返事がありました。")

enum notice_kind {
#define X(name, code, word, shape, class, mail) NOTICE_##name,
  NOTICE_KINDS(X)
#undef X
      NOTICE_COUNT
};
struct notice_words {
  const char *code, *word, *shape, *class, *mail;
};
const struct notice_words *notice_words(enum notice_kind k);
bool notice_parse(struct str code, enum notice_kind *ret);

/* ---- telling -------------------------------------------------------------------------------------------------------- */
struct notice {
  enum notice_kind kind;
  id64 organization;    /* whose people are told */
  id64 person, case_id; /* 0: about nobody in particular; who reads it need not see anybody then */
  id64 thing;           /* what it is about, and since when: told once to each */
  ts_t at;
  id64 users[2];     /* told, if they are of the organization */
  bool workers;      /* whoever is assigned to the case is told too */
  enum action whole; /* so is who may do this there; ACTION_COUNT: nobody */
  ts_t from;         /* not before then; 0: now */
  id64 by;           /* not told: it was his own deed */
};
/* Queues a mail for each of those who want one; nobody may. Any write transaction that may know of the person. */
enum code mail_tell(struct tx *tx, const struct notice *n, struct err *e) MUST_CHECK;

/* ---- one's own preference --------------------------------------------------------------------------------------------- */
struct mail_preference {
  struct str how; /* off, once (at once), morning (of opening days) */
  struct str address;
};
enum code mail_preference(struct tx *tx, id64 user, struct arena *a, struct mail_preference *ret,
                          struct err *e) MUST_CHECK;
/* INVALID with the field: an address is one address, ASCII, and is there unless `how` is off. */
enum code mail_prefer(struct tx *tx, id64 user, const struct mail_preference *p, struct err *e) MUST_CHECK;
bool mail_address_ok(struct str address);

/* ---- sending ------------------------------------------------------------------------------------------------------------ */
enum mail_tls { MAIL_STARTTLS, MAIL_TLS, MAIL_PLAIN };
struct mail_settings {
  const char *host; /* as it is written: a name or an address */
  int port;
  bool by_name; /* it is looked up */
  enum mail_tls tls;
  const char *ca;            /* file of the authorities that count; NULL: the system's */
  const char *user, *from;   /* user NULL: no sign-in */
  const char *password_path; /* NULL: none */
  const char *password;      /* after mail_settings_open() */
  const char *url;           /* of the pages, without a path; NULL: by the network's host */
  int64_t seconds;           /* that one mail may take; 0: a minute and a half */
  int64_t wait_ms;           /* until what failed is tried again; doubles */
};
/* The settings mail-*; *ret NULL where mail is off (no mail-server). INVALID says which setting is wrong: a password never goes over a
 * connection in the clear but on this machine itself. */
enum code mail_settings_read(const struct conf *conf, struct arena *a, struct mail_settings **ret,
                             struct err *e) MUST_CHECK;
struct keyfile;
/* The password stands sealed in its file, by a key that the key file gives. */
enum code mail_settings_open(struct mail_settings *m, const struct keyfile *keys, struct arena *a,
                             struct err *e) MUST_CHECK;
enum code mail_password_seal(const struct keyfile *keys, struct str password, struct arena *a, struct str *ret,
                             struct err *e) MUST_CHECK;

struct mail_sender;
/* Before the sandbox: the libraries look at their files. Once a process. */
enum code mail_sender_prepare(struct err *e) MUST_CHECK;
/* A thread that sends what is due, every few seconds, until it is stopped. */
enum code mail_sender_start(struct db *db, const struct mail_settings *m, struct mail_sender **ret,
                            struct err *e) MUST_CHECK;
void mail_sender_stop(struct mail_sender *s); /* NULL is legal */
/* One round of it: for tests, too. *ret_sent: mails that a server took. */
enum code mail_round(struct db *db, const struct mail_settings *m, int *ret_sent, struct err *e) MUST_CHECK;
/* Hourly, for a network: what nobody sent for three days is given up, what is done is forgotten after two months. */
enum code mail_tend(struct db *db, id64 network, struct err *e) MUST_CHECK;

/* For whoever watches the process, of all networks. */
struct mail_state {
  int64_t waiting, failed, sent; /* sent: of the last two months */
  ts_t oldest;                   /* of those that are due; 0: none */
};
enum code mail_state(struct db *db, struct mail_state *ret, struct err *e) MUST_CHECK;

#endif
