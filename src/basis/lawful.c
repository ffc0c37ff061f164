/* lawful.c: who may give what to whom without consent, and under which article: one table. A default, no legal advice: a town switches off what it does
 * not use (/settings). The codes are those of the engine (enum basis). */
#include "basis/basis.h"

enum body { /* what the laws part bodies by; several hold of one */
            BODY_ANY = 1,
            BODY_CITY = 2,        /* a division of the town itself */
            BODY_PUBLIC = 4,      /* another public body */
            BODY_COUNCIL = 8,     /* a member of the council */
            BODY_WELFARE = 16,    /* 市町村・福祉事務所 */
            BODY_GUIDANCE = 32,   /* 児童相談所 */
            BODY_OF_CHILDREN = 64 /* 児童の医療・福祉・教育に関係する機関 */
};

struct law {
  const char *code, *label, *article, *hint;
  unsigned from, to;
  bool asked, established; /* somebody asks for it; only with a council */
};

static const struct law laws[LAWS] = {
    {"council_request", TR("協議会からの求め"), JA("子ども・若者育成支援推進法 第20条第3項"),
     TR("協議会が設置されていて、協議会から構成機関に求めがあったときに使えます。"), BODY_COUNCIL, BODY_COUNCIL, true,
     true},
    {"child_protection", TR("要保護児童対策地域協議会"), JA("児童福祉法 第25条の3"),
     TR("要保護児童・要支援児童・特定妊婦などについて、協議会の構成機関のあいだで使えます。"), BODY_COUNCIL,
     BODY_COUNCIL, false, false},
    {"notification", TR("通告"), JA("児童福祉法 第25条、児童虐待防止法 第6条"),
     TR("通告は、電話でいますぐできます。ここに書くのは、あとでもかまいません。"), BODY_ANY,
     BODY_WELFARE | BODY_GUIDANCE, false, false},
    {"abuse_request", TR("虐待についての求め"), JA("児童虐待防止法 第13条の4"),
     TR("市町村長・福祉事務所長・児童相談所長から、児童虐待の防止のために求められたときに使えます。"),
     BODY_CITY | BODY_PUBLIC | BODY_OF_CHILDREN, BODY_WELFARE | BODY_GUIDANCE, true, false},
    {"support_meeting", TR("支援会議（社会福祉法）"), JA("社会福祉法 第106条の6"),
     TR("この町で開いている支援会議のなかで使えます。"), BODY_ANY, BODY_ANY, false, false},
    {"needy_meeting", TR("支援会議（生活困窮者自立支援法）"), JA("生活困窮者自立支援法 第9条"),
     TR("この町で開いている支援会議のなかで使えます。"), BODY_ANY, BODY_ANY, false, false},
    {"internal_use", TR("市の内部での利用"), JA("個人情報保護法 第69条第2項第2号"),
     TR("仕事に必要で、相当の理由があり、本人や第三者の権利利益を不当に害さないときに使えます。"), BODY_CITY, BODY_CITY,
     false, false},
    {"public_body", TR("ほかの行政機関などへの提供"), JA("個人情報保護法 第69条第2項第3号"),
     TR("受け取る機関の仕事に必要で、相当の理由があり、本人や第三者の権利利益を不当に害さないときに使えます。"),
     BODY_CITY | BODY_PUBLIC, BODY_CITY | BODY_PUBLIC, false, false},
    {"plain_benefit", TR("明らかに本人の利益になるとき"), JA("個人情報保護法 第69条第2項第4号"),
     TR("明らかに本人の利益になるなど、特別の理由があるときだけ使えます。"), BODY_CITY | BODY_PUBLIC, BODY_ANY, false,
     false},
    {"emergency", TR("生命・身体・財産の保護"), JA("個人情報保護法 第27条第1項第2号"),
     TR("人の生命・身体・財産を守るために必要で、同意をとるのがむずかしいときに使えます。"), BODY_ANY, BODY_ANY, false,
     false}};

const char *const basis_codes[LAWS + 1] = {"council_request",
                                           "child_protection",
                                           "notification",
                                           "abuse_request",
                                           "support_meeting",
                                           "needy_meeting",
                                           "internal_use",
                                           "public_body",
                                           "plain_benefit",
                                           "emergency",
                                           NULL};

static const struct law *law_of(struct str code)
{
  for (size_t i = 0; i < LAWS; i++)
    if (str_is(code, laws[i].code))
      return &laws[i];
  return NULL;
}

static bool is_one_of(struct str kind, const char *const *kinds)
{
  while (*kinds && !str_is(kind, *kinds))
    kinds++;
  return *kinds != NULL;
}

static unsigned bodies_of(const struct basis_body *b)
{
  static const char *const city[] = {"city", "family_center", NULL};
  static const char *const children[] = {"school", "education", "hospital",      "childcare",    "disability",
                                         "health", "npo",       "family_center", "consultation", NULL};
  unsigned of = BODY_ANY;
  bool own = b->public_body && is_one_of(b->kind, city);
  of |= own ? BODY_CITY | BODY_WELFARE : b->public_body ? BODY_PUBLIC : 0;
  of |= str_is(b->kind, "child_guidance") ? BODY_GUIDANCE : 0;
  of |= str_is(b->circle, "council") ? BODY_COUNCIL : 0;
  of |= is_one_of(b->kind, children) ? BODY_OF_CHILDREN : 0;
  return of;
}

static bool is_off(const struct basis_town *town, struct str code)
{
  struct str rest = town->off, word;
  while (str_split(&rest, ' ', &word))
    if (str_eq(word, code))
      return true;
  return false;
}

bool basis_lawful(const struct basis_town *town, const struct basis_body *giver, const struct basis_body *receiver,
                  struct str code)
{
  const struct law *l = law_of(code);
  if (!l || is_off(town, code) || (l->established && !str_is(town->stage, "established")))
    return false;
  return (bodies_of(giver) & l->from) && (bodies_of(receiver) & l->to);
}

const char *basis_label(struct str code)
{
  const struct law *l = law_of(code);
  return l ? l->label : "";
}

const char *basis_article(struct str code, const struct basis_body *giver)
{
  const struct law *l = law_of(code);
  if (giver->public_body && str_is(code, "emergency"))
    return JA("個人情報保護法 第69条第2項第4号");
  return l ? l->article : "";
}

const char *basis_hint(struct str code)
{
  const struct law *l = law_of(code);
  return l ? l->hint : "";
}

bool basis_is_asked(struct str code)
{
  const struct law *l = law_of(code);
  return l && l->asked;
}
