/* demo_text.c: twelve invented lives. No name, address or number belongs to anybody. */
#include "cli/demo_life.h"

#define AT(d, h, m) .days = d, .hour = h, .minute = m
#define OPEN(days, hour, minute, by)                                                                                   \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_OPEN, .who = by                                                              \
  }
#define RECORD(days, hour, minute, by, ...)                                                                            \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_RECORD, .who = by, .record = &(const struct life_record)                     \
    {                                                                                                                  \
      __VA_ARGS__                                                                                                      \
    }                                                                                                                  \
  }
#define CONSENT(days, hour, minute, writer, ...)                                                                       \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_CONSENT, .who = writer, .consent = &(const struct life_consent)              \
    {                                                                                                                  \
      __VA_ARGS__                                                                                                      \
    }                                                                                                                  \
  }
#define WITHDRAW(days, hour, minute, writer, nth)                                                                      \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_WITHDRAW, .who = writer, .withdrawal = &(const struct life_withdrawal)       \
    {                                                                                                                  \
      nth, PARTY_GUARDIAN                                                                                              \
    }                                                                                                                  \
  }
#define SHEET(days, hour, minute, by, ...)                                                                             \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_SHEET, .who = by, .sheet = &(const struct life_sheet)                        \
    {                                                                                                                  \
      __VA_ARGS__                                                                                                      \
    }                                                                                                                  \
  }
#define REPLY(days, hour, minute, by, ...)                                                                             \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_REPLY, .who = by, .reply = &(const struct life_reply)                        \
    {                                                                                                                  \
      __VA_ARGS__                                                                                                      \
    }                                                                                                                  \
  }
#define LOOK(days, hour, minute, by)                                                                                   \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_LOOK, .who = by                                                              \
  }
#define STAGE(days, hour, minute, by, word)                                                                            \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_STAGE, .who = by, .stage = word                                              \
  }
#define PUT(days, hour, minute, by, ...)                                                                               \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_PUT, .who = by, .put = &(const struct life_put)                              \
    {                                                                                                                  \
      __VA_ARGS__                                                                                                      \
    }                                                                                                                  \
  }
#define ASSIGN(days, hour, minute, by, whom)                                                                           \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_ASSIGN, .who = by, .assign = &(const struct life_assign)                     \
    {                                                                                                                  \
      whom                                                                                                             \
    }                                                                                                                  \
  }
#define CONCEAL(days, hour, minute, by, ...)                                                                           \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_CONCEAL, .who = by, .bar = &(const struct life_bar)                          \
    {                                                                                                                  \
      __VA_ARGS__                                                                                                      \
    }                                                                                                                  \
  }
#define RESTRICT(days, hour, minute, by, whom)                                                                         \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_RESTRICT, .who = by, .bar = &(const struct life_bar)                         \
    {                                                                                                                  \
      .against = whom                                                                                                  \
    }                                                                                                                  \
  }
#define PERSON(t)                                                                                                      \
  {                                                                                                                    \
    .source = SOURCE_PERSON, .text = t                                                                                 \
  }
#define AROUND(t)                                                                                                      \
  {                                                                                                                    \
    .source = SOURCE_AROUND, .text = t                                                                                 \
  }
#define BODY(t)                                                                                                        \
  {                                                                                                                    \
    .source = SOURCE_OTHER_BODY, .text = t                                                                             \
  }
#define STAFF_SAYS(t)                                                                                                  \
  {                                                                                                                    \
    .source = SOURCE_STAFF, .text = t                                                                                  \
  }
#define PERSON_OF(c, t)                                                                                                \
  {                                                                                                                    \
    .source = SOURCE_PERSON, .category = c, .text = t                                                                  \
  }
#define AROUND_OF(c, t)                                                                                                \
  {                                                                                                                    \
    .source = SOURCE_AROUND, .category = c, .text = t                                                                  \
  }
#define STAFF_OF(c, t)                                                                                                 \
  {                                                                                                                    \
    .source = SOURCE_STAFF, .category = c, .text = t                                                                   \
  }
#define VISIT(t)                                                                                                       \
  {                                                                                                                    \
    .source = SOURCE_STAFF, .text = t, .visit = true                                                                   \
  }

#define STANDARD (CAT_BASIC | CAT_CONTACT | CAT_EDUCATION | CAT_SUPPORT | CAT_STRENGTH)
#define SCENES(name) .scenes = name, .count = sizeof(name) / sizeof(*name)

/* 0: seventeen; left high school in spring, sleeps by day. One sheet is at work, another has had no answer. */
static const struct scene haruto[] = {
    OPEN(152, 10, 5, SUZUKI),
    RECORD(152, 10, 40, SUZUKI, .method = "meet", .with = "family", .place = JA("子ども若者支援課 相談室"),
           .minutes = 50,
           .said = {AROUND(JA("母が一人で来所。{190m}"
                              "に高校をやめてから、ほとんど部屋から出ない。夕方に起きて、朝方まで起きている。")),
                    AROUND_OF(CAT_FAMILY, JA("父は「甘えている」と言い、顔を合わせると言い合いになる。父には相談したこ"
                                             "とを知らせないでほしい。")),
                    STAFF_SAYS(JA("母は自分を責めている。まず母との面談を続け、本人には手紙で声をかける。"))},
           .next = JA("本人あてに手紙を出す"), .next_in = -146),
    STAGE(150, 9, 30, SUZUKI, "screening"),
    RECORD(131, 16, 10, SUZUKI, .method = "visit", .with = "person family", .place = JA("自宅"), .minutes = 40,
           .said = {PERSON(JA("手紙は読んだ。学校はもういい。電車の写真をとりに行くのは好き。朝の電話は出られない。")),
                    STAFF_SAYS(JA("戸ごしに15分ほど話せた。カメラの話になると声が明るくなる。")),
                    VISIT(JA("玄関に犬(小型)がいる。撮りためた写真の話から入るとよい。"))},
           .next = JA("夕方にもう一度訪ねる。写真を見せてもらう"), .next_in = -117),
    RECORD(
        117, 16, 30, SUZUKI, .method = "visit", .with = "person", .place = JA("自宅"), .minutes = 60,
        .said = {PERSON(JA("アルバイトをしてみたいが、面接で高校のことを聞かれるのがこわい。同じ年くらいの人がいる所な"
                           "ら行ってもいい。")),
                 PERSON_OF(CAT_HEALTH, JA("夜ねむれない日がつづく。頭が痛い日がある。")),
                 STAFF_SAYS(JA("本人から「行ってもいい」が出た。居場所のある団体に、同行してつなぐのがよい。"))},
        .next = JA("NPO法人あおばの見学をさそう"), .next_in = -103),
    STAGE(116, 9, 0, SUZUKI, "assessment"),
    CONSENT(103, 17, 0, SUZUKI, .how = "written", .evidence = JA("原本は子ども若者支援課の同意書つづり"),
            .to = {{BODY_AOBA, STANDARD | CAT_WORK | CAT_HEALTH}}, .count = 1),
    SHEET(103, 17, 20, SUZUKI, .to = {BODY_AOBA}, .count = 1, .route = "family", .concerns = "mental income health",
          .worst = "mental",
          .request = JA("いきなり大勢の中に入るのは苦手です。はじめは一人の人と、写真の話からがいいです。朝の電話はやめ"
                        "てください。父には知らせないでください。"),
          .reason =
              JA("同じ年ごろの人がいる居場所と、写真を生かした短いしごと体験をお願いしたい。はじめは同行します。"),
          .ways = "sms visit", .hours = JA("15時から19時"), .kind = "full", .status = "dropout", .neither = true,
          .members = {{JA("森田 剛"), JA("父"), JA("会社員。連絡しない"), 48},
                      {JA("森田 智子"), JA("母"), JA("パート"), 45},
                      {JA("森田 芽衣"), JA("妹"), JA("中学1年"), 12}}),
    REPLY(101, 9, 40, SATO, .connection = 0, .step = STEP_OPEN),
    LOOK(101, 9, 50, SATO),
    REPLY(100, 11, 15, SATO, .connection = 0, .step = STEP_ACCEPT, .worker = YAMADA, .assigns = true,
          .text = JA("山田が担当します。最初の2回は、鈴木さんにも来ていただけると助かります。")),
    STAGE(100, 13, 0, SUZUKI, "support"),
    RECORD(94, 15, 0, YAMADA, .method = "accompany", .with = "person body", .place = JA("あおばの居場所"),
           .minutes = 90,
           .said = {PERSON(JA("思ったより静かだった。また来てもいい。")),
                    STAFF_SAYS(JA("鈴木さんの同行で来所。終わりの30分は、ほかの利用者とレールの写真を見ていた。"))},
           .next = JA("水曜の少人数の日にさそう"), .next_in = -87),
    REPLY(93, 10, 0, SATO, .connection = 0, .step = STEP_CONTACT, .outcome = "accompanied", .first = 94,
          .text = JA("同行で来所され、90分すごされました。水曜の少人数の日に続けます。")),
    RECORD(66, 15, 30, YAMADA, .method = "meet", .with = "person", .place = JA("あおばの居場所"), .minutes = 60,
           .said = {PERSON(JA("水曜はだいたい来られている。高卒認定のことを少し調べた。")),
                    PERSON_OF(CAT_WORK, JA("朝は無理だけど、昼からの仕事ならやってみたい。")),
                    STAFF_SAYS(JA("起きる時刻が昼前になってきた。"))},
           .next = JA("しごと体験(写真店・2時間)の打合せ"), .next_in = -52),
    ASSIGN(60, 10, 0, SATO, MATSUMOTO),
    LOOK(45, 13, 10, YAMADA),
    CONSENT(38, 16, 0, SUZUKI, .how = "oral", .evidence = JA("電話で説明し、山田が立ち会った"),
            .to = {{BODY_WORK, CAT_BASIC | CAT_WORK | CAT_STRENGTH}}, .count = 1),
    RECORD(31, 15, 20, YAMADA, .method = "accompany", .with = "person", .place = JA("写真店"), .minutes = 120,
           .said = {PERSON(JA("店の人に写真をほめられた。お金をもらうのははじめてで、うれしかった。")),
                    BODY(JA("写真店より、手がていねいなので月2回ならお願いしたいとのこと。")),
                    STAFF_SAYS(JA("続けて働く形をハローワークにも相談する時期。"))},
           .next = JA("ハローワークの返事を確かめる"), .next_in = 4),
    PUT(30, 17, 0, YAMADA, .kind = ATTRIBUTE_INTEREST, .value = JA("電車の写真をとること、鉄道の音、写真店のしごと"),
        .source = SOURCE_PERSON),
    SHEET(16, 11, 0, SUZUKI, .to = {BODY_WORK}, .count = 1, .route = "home", .concerns = "income", .worst = "income",
          .request = JA("昼からの短い時間の仕事をさがしています。高校をやめたことを、はじめに聞かれるのは苦手です。"),
          .reason = JA("昼からの短時間の仕事の相談をお願いしたい。写真店で月2回の体験を続けています。"), .ways = "sms",
          .hours = JA("13時以降"), .kind = "full", .status = "dropout", .neither = true,
          .members = {{JA("森田 智子"), JA("母"), JA("パート"), 45}}),
    RECORD(9, 16, 0, YAMADA, .method = "phone", .with = "person", .minutes = 15,
           .said = {PERSON(JA("かぜで二回休んだ。来週は行くつもり。ハローワークからはまだ何も来ない。")),
                    STAFF_SAYS(JA("声は元気。ハローワークからの返事がないことを、鈴木さんと確かめる。"))},
           .next = JA("ハローワークに状況をたずねる"), .next_in = 3),
};

/* 1: fourteen; away from school since the summer; the mother consents, and her own view was heard. */
static const struct scene yui[] = {
    OPEN(88, 14, 0, KIMURA),
    RECORD(88, 14, 30, KIMURA, .method = "meet", .with = "person family", .place = JA("さくら教室"), .minutes = 60,
           .said = {AROUND(JA("夏休みが明けてから学校に行けない。朝になるとおなかが痛くなる。")),
                    PERSON(JA("教室の音がつらい。絵をかいている時は平気。")),
                    STAFF_SAYS(JA("母子で来所。大きな音に敏感。小さい部屋の見学を案内した。"))},
           .next = JA("通室のようすを見る"), .next_in = -81),
    STAGE(80, 9, 0, KIMURA, "assessment"),
    RECORD(74, 10, 30, KIMURA, .method = "meet", .with = "person", .place = JA("さくら教室"), .minutes = 90,
           .said = {PERSON(JA("ここなら来られる。給食の時間だけは家に帰りたい。")),
                    STAFF_SAYS(JA("週2回、午前だけの通室を始める。"))},
           .next = JA("学校の担任と話す"), .next_in = -67),
    RECORD(67, 16, 0, KIMURA, .method = "conference", .with = "school", .place = JA("中学校"), .minutes = 45,
           .said =
               {BODY(JA(
                    "担任より、1学期の終わりに席がえがあり、そのころから保健室が増えた。プリントは週に一度とどける。")),
                STAFF_SAYS(JA("出席の扱いは校長の判断となる。月ごとの報告を始める。"))},
           .next = JA("通室の報告を学校へ"), .next_in = -50),
    CONSENT(60, 11, 0, KIMURA, .how = "tick", .evidence = JA("さくら教室の通室記録"),
            .to = {{BODY_CENTRE, STANDARD | CAT_MENTAL | CAT_HEALTH}}, .count = 1),
    CONSENT(60, 11, 10, KIMURA, .guardian = 1, .heard = true, .how = "written", .evidence = JA("原本はさくら教室"),
            .to = {{BODY_CENTRE, STANDARD | CAT_FAMILY | CAT_MENTAL | CAT_HEALTH}}, .count = 1),
    SHEET(59, 15, 0, INOUE, .to = {BODY_CENTRE}, .count = 1, .route = "family", .concerns = "mental health parenting",
          .worst = "mental",
          .request = JA("おなかの痛みのことを、だれかに聞いてほしい。大きな声で話す人はにがてです。"),
          .reason = JA("公認心理師による面接と、保護者の相談をお願いします。"), .ways = "phone family",
          .hours = JA("午前中"), .kind = "junior", .status = "enrolled", .absent = true,
          .members = {{JA("大野 真理"), JA("母"), JA("介護職"), 41}}),
    REPLY(57, 9, 5, KATO, .connection = 0, .step = STEP_OPEN),
    REPLY(56, 17, 0, KATO, .connection = 0, .step = STEP_ACCEPT, .worker = YOSHIDA, .assigns = true,
          .text = JA("吉田と加藤で担当します。初回は再来週の火曜の午前です。")),
    STAGE(55, 9, 0, KIMURA, "support"),
    RECORD(46, 10, 0, YOSHIDA, .method = "meet", .with = "person family", .place = JA("こども若者センター"),
           .minutes = 50,
           .said = {PERSON(JA("学校のことを聞かれなかったので、ほっとした。")),
                    PERSON_OF(CAT_MENTAL, JA("ねる前に、同じことを何度も考える。")),
                    STAFF_OF(CAT_MENTAL, JA("不安が体に出ている。隔週の面接を続ける。"))},
           .next = JA("隔週の面接"), .next_in = -32),
    LOOK(33, 9, 30, KATO),
    RECORD(18, 10, 0, YOSHIDA, .method = "meet", .with = "person", .place = JA("こども若者センター"), .minutes = 50,
           .said = {PERSON(JA("さくら教室で友だちができた。イラストを見せ合っている。")),
                    STAFF_SAYS(JA("腹痛の日が減った。"))},
           .next = JA("次の面接"), .next_in = 6),
    RECORD(5, 11, 30, KIMURA, .method = "meet", .with = "person", .place = JA("さくら教室"), .minutes = 120,
           .said = {PERSON(JA("来週の作品展に絵を出す。")), STAFF_SAYS(JA("週3回の通室になった。"))},
           .next = JA("作品展。中学校の担任をさそう"), .next_in = 7),
};

/* 2: twenty-two; withdrawn since university. He refused to be told to the health centre. The next step is overdue. */
static const struct scene ryota[] = {
    OPEN(210, 13, 30, YOSHIDA),
    RECORD(210, 14, 0, YOSHIDA, .method = "meet", .with = "family", .place = JA("こども若者センター"), .minutes = 60,
           .said = {AROUND(JA("大学を2年でやめてから、2年近く家から出ていない。食事は夜中に一人でとる。")),
                    STAFF_SAYS(JA("両親で来所。親の会を案内した。"))},
           .next = JA("両親との面談(月1回)"), .next_in = -180),
    STAGE(209, 9, 0, YOSHIDA, "screening"),
    RECORD(180, 14, 0, YOSHIDA, .method = "meet", .with = "family", .place = JA("こども若者センター"), .minutes = 60,
           .said = {AROUND(JA("将棋のアプリを一日中している。声をかけると「ほっといて」と言う。")),
                    STAFF_SAYS(JA("本人あての短い手紙(将棋の話だけ)を託した。"))},
           .next = JA("手紙の返事を待つ"), .next_in = -150),
    RECORD(120, 18, 30, KATO, .method = "visit", .with = "person family", .place = JA("自宅"), .minutes = 30,
           .said = {PERSON(JA("将棋なら少しだけ。人に会うのは疲れる。")),
                    STAFF_SAYS(JA("ふすまを少し開けて、一局さした。"))},
           .next = JA("月に一度、将棋をさしに行く"), .next_in = -90),
    STAGE(119, 9, 0, KATO, "assessment"),
    CONSENT(90, 18, 50, KATO, .refused = true, .how = "oral", .evidence = JA("訪問の際に聞いた"),
            .to = {{BODY_HEALTH, CAT_BASIC | CAT_HEALTH | CAT_MENTAL}}, .count = 1),
    RECORD(90, 19, 0, KATO, .method = "visit", .with = "person", .place = JA("自宅"), .minutes = 40,
           .said = {PERSON(JA("保健所には言わないでほしい。病気あつかいされたくない。")),
                    STAFF_SAYS(JA("気持ちを受け止め、伝えないことを約束した。将棋の訪問は続けてよいとのこと。"))},
           .next = JA("将棋の訪問"), .next_in = -60),
    RECORD(62, 18, 30, KATO, .method = "visit", .with = "person", .place = JA("自宅"), .minutes = 60,
           .said = {PERSON(JA("コンビニまで夜に歩いた。")), STAFF_SAYS(JA("自分から次の日を決めた。"))},
           .next = JA("将棋の訪問"), .next_in = -34),
    RECORD(41, 18, 30, YOSHIDA, .method = "visit", .with = "family", .place = JA("自宅"), .minutes = 15, .missed = true,
           .said = {AROUND(JA("今日は寝ている、とのこと。")), STAFF_SAYS(JA("置き手紙をした。"))},
           .next = JA("訪問の日を決めなおす"), .next_in = -12),
};

/* 3: fifteen; looks after her mother and brother. The welfare council has no account: its answers come by telephone. */
static const struct scene akari[] = {
    OPEN(75, 16, 20, TAKAHASHI),
    RECORD(75, 16, 40, TAKAHASHI, .method = "phone", .with = "school", .minutes = 25,
           .said = {BODY(JA("中学の養護教諭より。遅刻が続き、授業中に眠っている。家のことは話したがらない。")),
                    STAFF_SAYS(JA("学校で会う約束をした。本人の前では「家の話を聞きに来た」と言わない。"))},
           .next = JA("中学校で本人に会う"), .next_in = -68),
    RECORD(
        68, 15, 45, TAKAHASHI, .method = "meet", .with = "person school", .place = JA("中学校 保健室"), .minutes = 40,
        .said = {PERSON(JA("母が起きられない日は、朝ごはんと弟の送りをしている。べつにふつうのこと。ダンスはやめた。")),
                 PERSON_OF(CAT_FAMILY, JA("夜は洗たくと、弟をねかせてから宿題。")),
                 STAFF_SAYS(JA("家事と世話が一日5時間ほど。本人は助けを求めていい状況と思っていない。"))},
        .next = JA("母と会う"), .next_in = -61),
    STAGE(66, 9, 0, TAKAHASHI, "assessment"),
    RECORD(61, 10, 0, TAKAHASHI, .method = "visit", .with = "family", .place = JA("自宅"), .minutes = 60,
           .said = {AROUND_OF(CAT_HEALTH, JA("関節の病気で、朝は動けない。通院は月2回。")),
                    AROUND(JA("娘に悪いと思っている。手伝ってもらえるなら頼みたい。")),
                    STAFF_SAYS(JA("家事の支援と、弟の送迎から考える。"))},
           .next = JA("同意をとり、社協へ相談"), .next_in = -54),
    CONSENT(54, 16, 0, TAKAHASHI, .how = "written", .evidence = JA("保健室で養護教諭が立ち会った"),
            .to = {{BODY_WELFARE, STANDARD | CAT_FAMILY}, {BODY_AOBA, CAT_BASIC | CAT_EDUCATION | CAT_STRENGTH}},
            .count = 2),
    CONSENT(54, 17, 30, TAKAHASHI, .guardian = 1, .heard = true, .how = "written", .evidence = JA("自宅で署名"),
            .to = {{BODY_WELFARE, STANDARD | CAT_FAMILY | CAT_HEALTH},
                   {BODY_AOBA, CAT_BASIC | CAT_EDUCATION | CAT_STRENGTH}},
            .count = 2),
    SHEET(53, 9, 30, TAKAHASHI, .to = {BODY_WELFARE, BODY_AOBA}, .count = 2, .route = "school",
          .concerns = "care parenting illness", .worst = "care",
          .request = JA("弟のむかえがある日は早く帰りたいです。母のことを悪く言わないでください。"),
          .reason = JA("朝の家事と弟の送迎の支援、本人が自分の時間をもてる場所をお願いしたい。"), .ways = "sns",
          .hours = JA("20時以降"), .kind = "junior", .status = "enrolled",
          .members = {{JA("西村 香織"), JA("母"), JA("療養中"), 39}, {JA("西村 颯"), JA("弟"), JA("年長"), 6}}),
    REPLY(51, 14, 0, TAKAHASHI, .connection = 0, .step = STEP_ACCEPT, .told_by = JA("社協 地域福祉係"),
          .text = JA("朝のヘルパーを週3回、来週から入れます。")),
    REPLY(50, 10, 20, SATO, .connection = 1, .step = STEP_OPEN),
    REPLY(49, 10, 0, SATO, .connection = 1, .step = STEP_ACCEPT, .worker = SAITO, .assigns = true,
          .text = JA("土曜の学習とダンスの会にさそってみます。")),
    STAGE(48, 9, 0, TAKAHASHI, "support"),
    REPLY(30, 11, 0, TAKAHASHI, .connection = 0, .step = STEP_ANSWER, .told_by = JA("社協 地域福祉係"), .first = 44,
          .outcome = "supporting", .text = JA("ヘルパーは週3回で続いている。弟の送りはファミリーサポートに移した。"),
          .next = JA("3か月後に見直す")),
    RECORD(26, 15, 40, TAKAHASHI, .method = "meet", .with = "person", .place = JA("中学校 保健室"), .minutes = 30,
           .said = {PERSON(JA("朝、ねむくない日が増えた。高校のことを考えてもいいかなと思う。")),
                    STAFF_SAYS(JA("遅刻は月9回から2回に。"))},
           .next = JA("進路の話(担任と三人で)"), .next_in = 9),
    REPLY(12, 16, 0, SAITO, .connection = 1, .step = STEP_ANSWER, .first = 34, .outcome = "supporting",
          .text = JA("土曜の会に3回参加。ダンスの日は表情が明るい。学習は英語から。"),
          .next = JA("月末に担当者で集まる")),
};

/* 4: sixteen; an evening school; the receiver asked what was not clear. */
static const struct scene ren[] = {
    OPEN(40, 18, 0, SUZUKI),
    RECORD(40, 18, 10, SUZUKI, .method = "meet", .with = "person", .place = JA("子ども若者支援課 相談室"),
           .minutes = 45,
           .said = {PERSON(JA("定時制に入ったけど、バイトが終わるのがおそくて行けない日が多い。店長に言いにくい。")),
                    PERSON_OF(CAT_ECONOMY, JA("携帯代と食費は自分で出している。")),
                    STAFF_SAYS(JA("一人で来所。単位はまだ間に合う。"))},
           .next = JA("学校と本人と三人で話す"), .next_in = -30),
    STAGE(38, 9, 0, SUZUKI, "plan"),
    RECORD(29, 17, 0, SUZUKI, .method = "conference", .with = "school person", .place = JA("みどり高校"), .minutes = 40,
           .said = {BODY(JA("欠席は三分の一まで。10分の遅れは出席にできる。")),
                    STAFF_SAYS(JA("店に勤務時間の相談をする。本人は同席してほしいとのこと。"))},
           .next = JA("しごとの相談先をさがす"), .next_in = -20),
    CONSENT(22, 18, 30, SUZUKI, .how = "written", .evidence = JA("窓口で署名"),
            .to = {{BODY_AOBA, STANDARD | CAT_WORK | CAT_ECONOMY}, {BODY_SCHOOL, CAT_BASIC | CAT_EDUCATION}},
            .count = 2),
    SHEET(20, 10, 0, SUZUKI, .to = {BODY_AOBA}, .count = 1, .route = "visit", .concerns = "income debt",
          .worst = "income", .request = JA("店長と話すときに、だれかいっしょにいてほしい。"),
          .reason = JA("勤務時間の話合いへの同席と、家計の相談をお願いしたい。"), .ways = "sms",
          .hours = JA("22時以降か昼"), .kind = "part", .status = "enrolled",
          .members = {{JA("岡本 恵"), JA("祖母"), JA("同居"), 71}}),
    REPLY(19, 9, 30, SATO, .connection = 0, .step = STEP_OPEN),
    REPLY(18, 13, 0, SATO, .connection = 0, .step = STEP_RETURN,
          .text = JA("同席は、本人だけでなく店にも前もって伝えてあるでしょうか。日時の候補も教えてください。")),
    RECORD(6, 18, 0, SUZUKI, .method = "message", .with = "person", .minutes = 10,
           .said = {PERSON(JA("店長には自分で「市の人と行く」と言えた。来週ならいつでも、とのこと。"))},
           .next = JA("日時をそえて、あおばへ送りなおす"), .next_in = 1),
};

/* 5: nineteen; fled from a violent home. Address and telephone are concealed; one worker knows the family. */
static const struct scene sakura[] = {
    OPEN(64, 11, 0, SATO),
    CONCEAL(64, 11, 20, SATO, .items = ITEM_ADDRESS | ITEM_PHONE | ITEM_WORKPLACE, .origin = JA("デモ市 支援措置"),
            .holders = {SATO, YAMADA}, .holder_count = 2),
    RESTRICT(64, 11, 30, SATO, SAITO),
    RECORD(64, 12, 0, SATO, .method = "meet", .with = "person", .place = JA("あおば 面談室"), .minutes = 80,
           .said = {PERSON(JA("家には帰らない。居場所を知られたくない。")),
                    PERSON_OF(CAT_ABUSE, JA("子どものころから、父にたたかれることが続いた。")),
                    STAFF_SAYS(JA("避難先は決まっている。住所と電話は秘匿とし、知ってよい人を二人にしぼった。"))},
           .next = JA("住民票の支援措置に同行"), .next_in = -62),
    ASSIGN(64, 13, 0, SATO, YAMADA),
    STAGE(64, 13, 10, SATO, "urgent"),
    RECORD(61, 9, 30, YAMADA, .method = "accompany", .with = "person body", .place = JA("市役所"), .minutes = 120,
           .said = {PERSON(JA("一人では行けなかった。")), STAFF_SAYS(JA("支援措置の申出をした。期限は1年。"))},
           .next = JA("医療保険の手続き"), .next_in = -54),
    STAGE(50, 9, 0, SATO, "support"),
    RECORD(33, 14, 0, YAMADA, .method = "meet", .with = "person", .place = JA("あおば 面談室"), .minutes = 60,
           .said = {PERSON(JA("夜に物音がすると起きる。パンをつくる仕事にもどりたい。")),
                    PERSON_OF(CAT_MENTAL, JA("思い出すと息がくるしくなる。")),
                    STAFF_SAYS(JA("医療につながる前に、本人の調子で進める。"))},
           .next = JA("菓子店の見学"), .next_in = -14),
    RECORD(11, 14, 0, YAMADA, .method = "accompany", .with = "person", .place = JA("見学先"), .minutes = 90,
           .said = {PERSON(JA("店の人がやさしかった。名前は呼び名だけで通してもらえた。")),
                    STAFF_SAYS(JA("週1回の体験を始める。"))},
           .next = JA("体験のふりかえり"), .next_in = 5),
};

/* 6: twelve; a hand-over: the lead moved from the education support centre to the centre for children and youth. */
static const struct scene yamato[] = {
    OPEN(170, 9, 30, INOUE),
    RECORD(170, 10, 0, INOUE, .method = "meet", .with = "family", .place = JA("さくら教室"), .minutes = 50,
           .said = {AROUND(JA("5年生の冬から登校をしぶる。行けば楽しく過ごしている。")),
                    STAFF_SAYS(JA("朝の支度が負担。父が送る日は行ける。"))},
           .next = JA("学校と朝の工夫を話す"), .next_in = -160),
    STAGE(168, 9, 0, INOUE, "support"),
    RECORD(130, 10, 0, INOUE, .method = "meet", .with = "person", .place = JA("さくら教室"), .minutes = 60,
           .said = {PERSON(JA("虫の図かんを持ってきた。中学は行きたくない。")),
                    STAFF_SAYS(JA("登校は週3日。中学への不安が強い。"))},
           .next = JA("発達の相談をすすめる"), .next_in = -110),
    RECORD(97, 13, 0, INOUE, .method = "meet", .with = "family", .place = JA("さくら教室"), .minutes = 45,
           .said = {AROUND_OF(CAT_DISABILITY, JA("小児科で、不注意の特性があると言われた。")),
                    STAFF_SAYS(JA("中学までを見通すと、センターが主担当になるのがよい。"))},
           .next = JA("引継ぎの同意"), .next_in = -90),
    CONSENT(90, 13, 0, INOUE, .guardian = 1, .heard = true, .how = "written", .evidence = JA("さくら教室で署名"),
            .to = {{BODY_CENTRE, CAT_ALL & ~(cats_t)CAT_ECONOMY}}, .count = 1),
    CONSENT(90, 13, 10, INOUE, .guardian = 2, .heard = true, .how = "written", .evidence = JA("父より郵送"),
            .to = {{BODY_CENTRE, CAT_ALL & ~(cats_t)CAT_ECONOMY}}, .count = 1),
    CONSENT(90, 13, 20, INOUE, .how = "oral", .to = {{BODY_CENTRE, CAT_ALL & ~(cats_t)CAT_ECONOMY}}, .count = 1),
    SHEET(89, 9, 0, INOUE, .handover = true, .to = {BODY_CENTRE}, .count = 1, .route = "family",
          .concerns = "disability parenting", .worst = "disability",
          .request = JA("中学のことを、急がずに決めたい。虫の話を聞いてほしい。"),
          .reason = JA("中学進学までを見通した相談の主担当をお願いしたい。さくら教室の通室は続けます。"),
          .ways = "phone", .hours = JA("17時以降"), .kind = "elementary", .status = "enrolled", .absent = true,
          .members = {{JA("石田 美穂"), JA("母"), JA(""), 40}, {JA("石田 亮"), JA("父"), JA("夜勤あり"), 43}}),
    REPLY(88, 10, 0, KATO, .connection = 0, .step = STEP_OPEN),
    REPLY(87, 10, 0, KATO, .connection = 0, .step = STEP_ACCEPT, .worker = YOSHIDA, .assigns = true,
          .text = JA("主担当を引き受けます。初回は井上さんと三者で。")),
    RECORD(78, 17, 0, YOSHIDA, .method = "meet", .with = "person family body", .place = JA("さくら教室"), .minutes = 60,
           .said = {PERSON(JA("標本を見せた。吉田さんは虫がさわれる。")),
                    STAFF_SAYS(JA("井上さんと三者で引継ぎ。約束ごとを一枚にまとめた。"))},
           .next = JA("中学校の見学"), .next_in = -40),
    RECORD(24, 17, 0, YOSHIDA, .method = "accompany", .with = "person family", .place = JA("中学校"), .minutes = 60,
           .said = {PERSON(JA("理科室がよかった。")), STAFF_SAYS(JA("別室からの登校を確かめた。"))},
           .next = JA("見学のふりかえり"), .next_in = 12),
};

/* 7: eighteen; a correspondence school; the health centre could not take it and named another place. */
static const struct scene misaki[] = {
    OPEN(58, 15, 0, SAITO),
    RECORD(58, 15, 20, SAITO, .method = "online", .with = "person", .minutes = 40,
           .said = {PERSON(JA("通信制の3年。レポートがたまっている。人前で声が出なくなることがある。")),
                    STAFF_SAYS(JA("画面ごしなら話せる。チャットも使う。"))},
           .next = JA("レポートの計画"), .next_in = -50),
    STAGE(55, 9, 0, SAITO, "assessment"),
    CONSENT(47, 15, 0, SAITO, .how = "tick", .to = {{BODY_HEALTH, CAT_BASIC | CAT_HEALTH | CAT_MENTAL | CAT_CONTACT}},
            .count = 1),
    SHEET(46, 15, 0, SAITO, .to = {BODY_HEALTH}, .count = 1, .route = "survey", .concerns = "mental", .worst = "mental",
          .request = JA("電話は苦手です。メールでお願いします。"),
          .reason = JA("声が出なくなることについて、医療の相談をお願いしたい。"), .ways = "mail",
          .hours = JA("いつでも"), .kind = "correspondence", .status = "enrolled",
          .members = {{JA("三浦 和也"), JA("父"), JA("単身赴任"), 50}, {JA("三浦 佳代"), JA("母"), JA(""), 47}}),
    REPLY(42, 13, 30, SAITO, .connection = 0, .step = STEP_DECLINE, .told_by = JA("保健所 精神保健係"),
          .text = JA("専門の相談は18歳未満の枠で、来月までいっぱいです。"),
          .proposal = JA("県の思春期外来の予約窓口をご案内できます。")),
    RECORD(35, 15, 0, SAITO, .method = "online", .with = "person", .minutes = 45,
           .said = {PERSON(JA("外来は母に電話してもらえそう。レポートは2科目出した。")),
                    STAFF_SAYS(JA("進路は急がない。"))},
           .next = JA("外来の予約を確かめる"), .next_in = -7),
    RECORD(8, 15, 0, SAITO, .method = "online", .with = "person", .minutes = 30,
           .said = {PERSON(JA("予約がとれた。当日はノートに書いて話すことにした。"))}, .next = JA("外来のあとに話す"),
           .next_in = 10),
};

/* 8: twenty; at work again; the connection came back and was closed; now only watched over. */
static const struct scene takumi[] = {
    OPEN(260, 10, 0, SAITO),
    RECORD(260, 10, 30, SAITO, .method = "meet", .with = "person", .place = JA("あおば"), .minutes = 60,
           .said = {PERSON(JA("高校を出て入った会社を3か月でやめた。次も続かないと思う。")),
                    STAFF_SAYS(JA("やめた理由を責めずに整理する。"))},
           .next = JA("週1回の面談"), .next_in = -250),
    STAGE(250, 9, 0, SAITO, "support"),
    CONSENT(230, 10, 0, SAITO, .how = "written", .evidence = JA("あおばで署名"),
            .to = {{BODY_WORK, CAT_BASIC | CAT_CONTACT | CAT_WORK | CAT_STRENGTH}}, .count = 1),
    SHEET(229, 11, 0, SAITO, .to = {BODY_WORK}, .count = 1, .route = "visit", .concerns = "income", .worst = "income",
          .request = JA("大きな声でしかられる職場はさけたい。機械をさわる仕事がいい。"),
          .reason = JA("わかもの支援の窓口での職業相談をお願いしたい。"), .ways = "phone", .hours = JA("午後"),
          .kind = "full", .status = "graduated", .neither = true, .members = {{JA("上田 久美"), JA("母"), JA(""), 52}}),
    REPLY(226, 9, 0, SAITO, .connection = 0, .step = STEP_ACCEPT, .told_by = JA("ハローワーク 若者相談"),
          .text = JA("担当者を決めて面談します。")),
    REPLY(190, 9, 0, SAITO, .connection = 0, .step = STEP_ANSWER, .told_by = JA("ハローワーク 若者相談"), .first = 215,
          .outcome = "supporting", .text = JA("自転車の整備工場で2週間の職場実習が決まった。")),
    RECORD(150, 17, 0, SAITO, .method = "phone", .with = "person", .minutes = 20,
           .said = {PERSON(JA("実習のあと、パートで採ってもらえた。朝も起きられている。"))},
           .next = JA("1か月後に電話"), .next_in = -120),
    REPLY(149, 9, 0, SAITO, .connection = 0, .step = STEP_CLOSE),
    STAGE(148, 9, 0, SAITO, "watch"),
    RECORD(58, 17, 0, SAITO, .method = "phone", .with = "person", .minutes = 15,
           .said = {PERSON(JA("社員にならないかと言われた。")), STAFF_SAYS(JA("半年続いた。3か月ごとの連絡とする。"))},
           .next = JA("3か月後の電話"), .next_in = 32),
};

/* 9: thirteen; the mother consented and later withdrew: what rested on it ended. */
static const struct scene nanami[] = {
    OPEN(83, 13, 0, KIMURA),
    RECORD(83, 13, 20, KIMURA, .method = "meet", .with = "person family", .place = JA("さくら教室"), .minutes = 60,
           .said = {PERSON(JA("スマホのことでけんかになり、グループに入れなくなった。")),
                    AROUND(JA("夜中まで画面を見ている。")), STAFF_SAYS(JA("本人は「だれにも言わないで」と言う。"))},
           .next = JA("本人と二人で話す"), .next_in = -76),
    CONSENT(70, 13, 0, KIMURA, .guardian = 1, .heard = true, .how = "written", .evidence = JA("さくら教室で署名"),
            .to = {{BODY_AOBA, STANDARD}}, .count = 1),
    CONSENT(70, 13, 5, KIMURA, .how = "oral", .to = {{BODY_AOBA, STANDARD}}, .count = 1),
    SHEET(69, 10, 0, KIMURA, .to = {BODY_AOBA}, .count = 1, .route = "family", .concerns = "other mental",
          .worst = "other", .request = JA("スマホをとりあげる話はしないでほしい。"),
          .reason = JA("学校の外で安心して話せる場所をお願いしたい。"), .ways = "family", .hours = JA("放課後"),
          .kind = "junior", .status = "enrolled", .absent = true, .members = {{JA("平野 直子"), JA("母"), JA(""), 38}}),
    REPLY(67, 9, 0, SATO, .connection = 0, .step = STEP_OPEN),
    WITHDRAW(65, 16, 0, KIMURA, 0),
    RECORD(65, 16, 20, KIMURA, .method = "phone", .with = "family", .minutes = 20,
           .said = {AROUND(JA("やはり外には知らせたくない、と母から電話。")),
                    STAFF_SAYS(JA(
                        "同意の取り消しを記録し、あおばへのつなぎが終わることを伝えた。さくら教室での相談は続く。"))},
           .next = JA("通室のようすを見る"), .next_in = -50),
    STAGE(60, 9, 0, KIMURA, "support"),
    RECORD(20, 11, 0, KIMURA, .method = "meet", .with = "person", .place = JA("さくら教室"), .minutes = 60,
           .said = {PERSON(JA("バレー部にもどってみようかな。")), STAFF_SAYS(JA("週1回の通室。母とも月に一度話す。"))},
           .next = JA("母との面談"), .next_in = 2),
};

/* 10: eight; the consent has run out, and no next step is set. */
static const struct scene kaito[] = {
    OPEN(240, 10, 0, TAKAHASHI),
    RECORD(240, 10, 20, TAKAHASHI, .method = "meet", .with = "family", .place = JA("子ども若者支援課 相談室"),
           .minutes = 45,
           .said = {AROUND(JA("引っこしてから、学校で話さない。家ではよく話す。")),
                    STAFF_SAYS(JA("担任とことばの教室に相談する。"))},
           .next = JA("小学校を訪ねる"), .next_in = -230),
    STAGE(230, 9, 0, TAKAHASHI, "assessment"),
    CONSENT(200, 10, 0, TAKAHASHI, .guardian = 1, .heard = true, .how = "written", .evidence = JA("窓口で署名"),
            .ends_in = -18, .to = {{BODY_SAKURA, STANDARD | CAT_DISABILITY}}, .count = 1),
    CONSENT(200, 10, 10, TAKAHASHI, .guardian = 2, .heard = true, .how = "written", .evidence = JA("窓口で署名"),
            .ends_in = -18, .to = {{BODY_SAKURA, STANDARD | CAT_DISABILITY}}, .count = 1),
    CONSENT(200, 10, 15, TAKAHASHI, .how = "oral", .ends_in = -18, .to = {{BODY_SAKURA, STANDARD | CAT_DISABILITY}},
            .count = 1),
    RECORD(150, 14, 0, TAKAHASHI, .method = "meet", .with = "person family", .place = JA("小学校"), .minutes = 45,
           .said = {PERSON(JA("(うなずきと絵で答えた) 休み時間はブランコ。")),
                    BODY(JA("担任より、班の友だちには小さい声で話すようになった。"))},
           .next = JA("学期末に様子を聞く"), .next_in = -100),
    RECORD(52, 14, 0, TAKAHASHI, .method = "phone", .with = "family", .minutes = 20,
           .said = {AROUND(JA("運動会で返事ができた。")), STAFF_SAYS(JA("よい変化。次のことは母と相談して決める。"))}),
};

/* 11: six; the family speaks Portuguese at home; a sheet has just been opened, another is still a draft. */
static const struct scene rina[] = {
    OPEN(19, 9, 30, TAKAHASHI),
    RECORD(19, 10, 0, TAKAHASHI, .method = "meet", .with = "family", .place = JA("子ども若者支援課 相談室"),
           .minutes = 60,
           .said = {AROUND(JA("日本語の手紙が読めない。学校の持ち物がわからず、休ませた日がある。")),
                    STAFF_SAYS(JA("通訳(電話)を使った。母の仕事は朝が早い。"))},
           .next = JA("学校の手紙をいっしょに読む"), .next_in = -12),
    STAGE(18, 9, 0, TAKAHASHI, "screening"),
    RECORD(12, 9, 30, TAKAHASHI, .method = "meet", .with = "person family", .place = JA("子ども若者支援課 相談室"),
           .minutes = 40,
           .said = {PERSON(JA("がっこう すき。ともだち いる。")),
                    STAFF_SAYS(JA("本人は元気。文字の学習と、母の相談相手が要る。"))},
           .next = JA("さくら教室の日本語の時間を見学"), .next_in = 3),
    CONSENT(11, 9, 0, TAKAHASHI, .guardian = 1, .heard = true, .how = "written", .evidence = JA("通訳が立ち会った"),
            .to = {{BODY_SAKURA, STANDARD | CAT_FAMILY}, {BODY_CENTRE, STANDARD | CAT_FAMILY}}, .count = 2),
    CONSENT(11, 9, 5, TAKAHASHI, .how = "oral", .to = {{BODY_SAKURA, STANDARD}, {BODY_CENTRE, STANDARD}}, .count = 2),
    SHEET(6, 9, 0, TAKAHASHI, .to = {BODY_SAKURA, BODY_CENTRE}, .count = 2, .route = "family",
          .concerns = "parenting other", .worst = "parenting",
          .request = JA("むずかしい日本語は、やさしくしてください。"),
          .reason = JA("日本語の学習と、家庭の相談をお願いしたい。"), .ways = "sms", .hours = JA("18時以降"),
          .kind = "elementary", .status = "enrolled", .interpreter = true,
          .members = {{JA("サントス マリア"), JA("母"), JA("工場勤務"), 29}}),
    REPLY(4, 11, 0, INOUE, .connection = 0, .step = STEP_OPEN),
    REPLY(3, 9, 0, INOUE, .connection = 0, .step = STEP_ACCEPT, .worker = KIMURA, .assigns = true,
          .text = JA("木村が担当します。木曜の「ことばの時間」からどうぞ。")),
    REPLY(2, 15, 0, KATO, .connection = 1, .step = STEP_OPEN),
    SHEET(1, 10, 12, TAKAHASHI, .draft = true, .to = {BODY_WELFARE}, .count = 1, .route = "family",
          .concerns = "income", .request = JA("母のしごとの時間のあいだ、みてもらえる所をさがしている。"),
          .reason = JA("ファミリーサポートの相談をお願いしたい。"), .ways = "sms", .hours = JA("18時以降"),
          .kind = "elementary", .status = "enrolled", .interpreter = true),
};

const struct life demo_lives[] = {
    {.name = JA("森田 陽斗"),
     .kana = JA("もりた はると"),
     .called = JA("はると"),
     .sex = "1",
     .age = 17,
     .month = 6,
     .day = 11,
     .postal = "9990001",
     .address = JA("デモ市みなと町1-2-3"),
     .phone = "0999-00-0101",
     .mobile = "090-0000-0101",
     .school = JA("県立みどり高校(2年で中退)"),
     .grade = JA("中退"),
     .interest = JA("電車の写真をとること、鉄道の音"),
     .avoid = JA("朝の電話は避ける。父には知らせない。学校の話から入らない。"),
     .guardians = {{JA("森田 智子"), "090-0000-0102", JA("母"), "joint"},
                   {JA("森田 剛"), "090-0000-0103", JA("父"), "joint"}},
     .origin = "family",
     .density = "A",
     SCENES(haruto)},
    {.name = JA("大野 結衣"),
     .kana = JA("おおの ゆい"),
     .sex = "2",
     .age = 14,
     .month = 6,
     .day = 20,
     .postal = "9990002",
     .address = JA("デモ市さくら台4-5"),
     .mobile = "090-0000-0201",
     .school = JA("デモ市立第二中学校"),
     .grade = JA("在学・不登校"),
     .interest = JA("イラスト、色えんぴつ"),
     .avoid = JA("大きな声、急な予定の変更"),
     .guardians = {{JA("大野 真理"), "090-0000-0202", JA("母"), "sole"}},
     .origin = "family",
     .density = "B",
     SCENES(yui)},
    {.name = JA("藤井 亮太"),
     .kana = JA("ふじい りょうた"),
     .sex = "1",
     .age = 22,
     .month = 9,
     .day = 3,
     .postal = "9990003",
     .address = JA("デモ市川べり2-7"),
     .phone = "0999-00-0301",
     .grade = JA("大学中退"),
     .interest = JA("将棋、詰将棋の本"),
     .avoid = JA("昼の訪問。「これからどうするの」と聞くこと。"),
     .guardians = {{JA("藤井 郁夫"), "0999-00-0301", JA("父"), "none"},
                   {JA("藤井 春江"), "0999-00-0301", JA("母"), "none"}},
     .origin = "family",
     .density = "B",
     SCENES(ryota)},
    {.name = JA("西村 あかり"),
     .kana = JA("にしむら あかり"),
     .sex = "2",
     .age = 15,
     .month = 4,
     .day = 28,
     .postal = "9990004",
     .address = JA("デモ市本町9-1 市営住宅3号"),
     .mobile = "090-0000-0401",
     .school = JA("デモ市立第一中学校"),
     .grade = JA("在学"),
     .interest = JA("ダンス、英語の歌"),
     .avoid = JA("母のことを悪く言わない。弟のむかえの時間にかからないように。"),
     .guardians = {{JA("西村 香織"), "090-0000-0402", JA("母"), "sole"}},
     .origin = "school",
     .density = "A",
     SCENES(akari)},
    {.name = JA("岡本 蓮"),
     .kana = JA("おかもと れん"),
     .sex = "1",
     .age = 16,
     .month = 5,
     .day = 9,
     .postal = "9990005",
     .address = JA("デモ市みなと町6-6"),
     .mobile = "090-0000-0501",
     .school = JA("県立みどり高校 定時制"),
     .grade = JA("在学"),
     .interest = JA("バイクの雑誌、料理"),
     .avoid = JA("バイト中の電話"),
     .guardians = {{JA("岡本 恵"), "0999-00-0502", JA("祖母(未成年後見人)"), "sole"}},
     .origin = "person",
     .density = "A",
     SCENES(ren)},
    {.name = JA("原 さくら"),
     .kana = JA("はら さくら"),
     .called = JA("さっちゃん"),
     .sex = "2",
     .age = 19,
     .month = 1,
     .day = 15,
     .postal = "9990006",
     .address = JA("デモ市ひなた町0-0-0 コーポひなた"),
     .mobile = "090-0000-0601",
     .grade = JA("高校卒業"),
     .interest = JA("パンづくり、深夜ラジオ"),
     .avoid = JA("家族からの問い合わせには、いるともいないとも答えない。"),
     .origin = "person",
     .density = "A",
     SCENES(sakura)},
    {.name = JA("石田 大和"),
     .kana = JA("いしだ やまと"),
     .sex = "1",
     .age = 12,
     .month = 4,
     .day = 15,
     .postal = "9990007",
     .address = JA("デモ市山の手3-3"),
     .phone = "0999-00-0701",
     .school = JA("デモ市立山の手小学校"),
     .grade = JA("在学・登校しぶり"),
     .interest = JA("虫の標本、図かん"),
     .avoid = JA("「なんで行けないの」と聞くこと"),
     .guardians = {{JA("石田 美穂"), "090-0000-0702", JA("母"), "joint"},
                   {JA("石田 亮"), "090-0000-0703", JA("父"), "joint"}},
     .origin = "family",
     .density = "B",
     SCENES(yamato)},
    {.name = JA("三浦 美咲"),
     .kana = JA("みうら みさき"),
     .sex = "2",
     .age = 18,
     .month = 3,
     .day = 2,
     .postal = "9990008",
     .address = JA("デモ市駅前1-1-801"),
     .mobile = "090-0000-0801",
     .school = JA("通信制高校"),
     .grade = JA("在学(通信制)"),
     .interest = JA("海外ドラマ、ねこ"),
     .avoid = JA("電話。名前を大きな声で呼ぶこと。"),
     .origin = "survey",
     .density = "B",
     SCENES(misaki)},
    {.name = JA("上田 拓海"),
     .kana = JA("うえだ たくみ"),
     .sex = "1",
     .age = 20,
     .month = 8,
     .day = 30,
     .postal = "9990009",
     .address = JA("デモ市川べり5-2"),
     .mobile = "090-0000-0901",
     .grade = JA("就労中"),
     .interest = JA("自転車の整備"),
     .avoid = JA("前の会社の話"),
     .origin = "person",
     .density = "C",
     SCENES(takumi)},
    {.name = JA("平野 七海"),
     .kana = JA("ひらの ななみ"),
     .sex = "2",
     .age = 13,
     .month = 7,
     .day = 7,
     .postal = "9990010",
     .address = JA("デモ市さくら台8-8"),
     .mobile = "090-0000-1001",
     .school = JA("デモ市立第二中学校"),
     .grade = JA("在学・不登校"),
     .interest = JA("バレーボール、動画づくり"),
     .avoid = JA("スマホをとりあげる話"),
     .guardians = {{JA("平野 直子"), "090-0000-1002", JA("母"), "sole"}},
     .origin = "family",
     .density = "B",
     SCENES(nanami)},
    {.name = JA("村上 海斗"),
     .kana = JA("むらかみ かいと"),
     .sex = "1",
     .age = 8,
     .month = 10,
     .day = 12,
     .postal = "9990011",
     .address = JA("デモ市本町2-2"),
     .phone = "0999-00-1101",
     .school = JA("デモ市立本町小学校"),
     .grade = JA("在学"),
     .interest = JA("ブランコ、恐竜"),
     .avoid = JA("人前で返事をさせること"),
     .guardians = {{JA("村上 由香"), "090-0000-1102", JA("母"), "joint"},
                   {JA("村上 大輔"), "090-0000-1103", JA("父"), "joint"}},
     .origin = "family",
     .density = "C",
     SCENES(kaito)},
    {.name = JA("サントス リナ"),
     .kana = JA("さんとす りな"),
     .sex = "2",
     .age = 6,
     .month = 5,
     .day = 25,
     .postal = "9990012",
     .address = JA("デモ市工業団地前7-4"),
     .mobile = "090-0000-1201",
     .school = JA("デモ市立本町小学校"),
     .grade = JA("在学"),
     .interest = JA("歌、なわとび"),
     .avoid = JA("日本語だけの長い手紙"),
     .guardians = {{JA("サントス マリア"), "090-0000-1202", JA("母"), "sole"}},
     .origin = "family",
     .density = "B",
     SCENES(rina)},
};
const int demo_life_count = sizeof(demo_lives) / sizeof(*demo_lives);
