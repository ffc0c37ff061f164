/* utf8_fold.c: the form in which people are looked for. */
#include <pthread.h>
#include <unicase.h>
#include <uninorm.h>

#include "base/utf8.h"

/* 異体字: each group is read as its first character. Chosen from what stands in names of persons and places; forms that NFKC
 * already joins (compatibility ideographs such as U+FA19 神) are not listed. Characters that are different names to their
 * bearers but variants to a clerk belong here too: folding finds, it never replaces what is stored. */
static const char variants[] =
    "辺邊邉 斉斎齊齋 沢澤 浜濱濵 広廣 国國圀 島嶋嶌 崎﨑嵜㟢 高髙 吉𠮷 桜櫻 竜龍 滝瀧 富冨 真眞 徳德 恵惠 栄榮 "
    "静靜 清淸 瀬瀨 関關 浅淺 峰峯 条條 黒黑 曽曾 万萬 与與 円圓 実實 寿壽 松枩柗 船舩 館舘 鉄鐵鐡 豊豐 藪薮籔 "
    "桧檜 芦蘆 芸藝 会會 学學斈 児兒 弥彌 体體 来來 宝寶 県縣 亀龜 巌巖 岳嶽 剣劍劔劒剱 穂穗 縄繩 総總 経經 "
    "続續 緑綠 緒緖 絵繪 郎郞 郷鄕 鴎鷗 鴬鶯 麦麥 塩鹽 焼燒 尭堯 暁曉 横橫 歩步 温溫 湾灣 満滿 沖冲 涼凉 "
    "渋澁澀 瑶瑤 画畫 畳疊 礼禮 禅禪 稲稻 糸絲 聡聰 声聲 荘莊 蔵藏 薫薰 虫蟲 蛍螢 衛衞 覚覺 読讀 賛贊 頼賴 "
    "転轉 遥遙 録錄 鎮鎭 隣鄰 随隨 霊靈 頬頰 顕顯 駅驛 黄黃 区區 双雙 収收 台臺 号號 団團 囲圍 図圖 壮壯 売賣 "
    "変變 奥奧 姉姊 姫姬 嬢孃 将將 専專 属屬 巣巢 帯帶 帰歸 庁廳 応應 悦悅 悪惡 戸戶 戦戰 択擇 担擔 拠據 挙擧 "
    "摂攝 数數 旧舊 晋晉 昼晝 楼樓 楽樂 様樣 権權 気氣 浄淨 渓溪 済濟 灯燈 炉爐 点點 為爲 独獨 瓶甁 産產 当當 "
    "発發 穣穰 窓窗 篭籠 粋粹 継繼 欠缺 舎舍 莱萊 蒋蔣 虎乕 証證 誉譽 麹麴 槙槇 桑桒 柳栁 村邨 野埜 蛎蠣 艶艷 "
    "鉱鑛 銭錢 闘鬪 齢齡 歯齒 侠俠 兎兔 凛凜 勲勳勛 即卽 厳嚴 参參 喜㐂 土圡 壱壹 妙玅 寛寬 尚尙 巻卷 彦彥 "
    "従從 慎愼 拝拜 教敎 毎每 煕熙 留畄 青靑 鶴靏靍鸖 呉吳 増增 徴徵 聴聽 巨鉅 梅楳 杯盃 秋穐龝 略畧 群羣 裏裡 "
    "餅餠 飲飮 養飬 柏栢 桝枡 梼檮 涛濤 焔焰 祷禱 掴摑 填塡 剥剝 噛嚙 屏屛 并幷 撹攪 箪簞 繋繫 蝋蠟 醤醬 鹸鹼 "
    "頚頸 麺麵";

enum { VARIANTS_MOST = 512, ROUNDS_MOST = 8 };

struct pair {
  int32_t from, to;
};

static struct pair pairs[VARIANTS_MOST];
static size_t pairs_n;
static pthread_once_t pairs_once = PTHREAD_ONCE_INIT;

static int compare_pairs(const void *x, const void *y)
{
  const struct pair *a = x, *b = y;
  return (a->from > b->from) - (a->from < b->from);
}

static void pairs_make(void)
{
  struct str rest = {variants, sizeof(variants) - 1}, group;
  while (str_split(&rest, ' ', &group)) {
    size_t at = 0;
    int32_t to = utf8_next(group, &at), from;
    while (pairs_n < VARIANTS_MOST && (from = utf8_next(group, &at)) >= 0) {
      if (from != to)
        pairs[pairs_n++] = (struct pair){from, to};
    }
  }
  qsort(pairs, pairs_n, sizeof(pairs[0]), compare_pairs);
}

static int32_t fold_kanji(int32_t cp)
{
  struct pair key = {.from = cp};
  if (cp < 0x3400)
    return cp;
  const struct pair *there = bsearch(&key, pairs, pairs_n, sizeof(pairs[0]), compare_pairs);
  return there ? there->to : cp;
}

static int32_t fold_kana(int32_t cp)
{
  if ((cp >= 0x30A1 && cp <= 0x30F6) || cp == 0x30FD || cp == 0x30FE)
    cp -= 0x60; /* katakana */
  switch (cp) {
  case 0x3041: /* ぁぃぅぇぉ, っ, ゃゅょ, ゎ: one before their large form */
  case 0x3043:
  case 0x3045:
  case 0x3047:
  case 0x3049:
  case 0x3063:
  case 0x3083:
  case 0x3085:
  case 0x3087:
  case 0x308E:
    return cp + 1;
  case 0x3095: /* ゕ か, ゖ け: as in 霞ヶ関 */
    return 0x304B;
  case 0x3096:
    return 0x3051;
  default:
    return cp;
  }
}

/* Blanks, long vowel marks, and what only chooses or hides a glyph. */
static bool is_dropped(int32_t cp)
{
  return cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0x85 || cp == 0xA0 || cp == 0xAD || cp == 0x1680 ||
         (cp >= 0x2000 && cp <= 0x200D) || cp == 0x2028 || cp == 0x2029 || cp == 0x202F || cp == 0x205F ||
         cp == 0x2060 || cp == 0x3000 || cp == 0xFEFF || cp == 0x30FC || cp == 0x301C || cp == '~' ||
         (cp >= 0xFE00 && cp <= 0xFE0F) || (cp >= 0xE0100 && cp <= 0xE01EF);
}

static void map_all(struct buf *b, struct str s)
{
  for (size_t at = 0; at < s.n;) {
    int32_t cp = utf8_next(s, &at);
    if (cp < 0) {
      cp = 0xFFFD;
      at++;
    }
    if (!is_dropped(cp))
      utf8_put(b, fold_kanji(fold_kana(cp)));
  }
}

static struct str map_once(struct arena *a, struct str s)
{
  struct buf b;
  buf_init(&b, a, s.n * 3 + 3);
  map_all(&b, s);
  return buf_str(&b);
}

/* Case folding and NFKC of valid text; NULL p when memory ran out. */
static struct str casefold(struct arena *a, struct str s)
{
  size_t n = 0;
  uint8_t *p = u8_casefold((const uint8_t *)s.p, s.n, NULL, UNINORM_NFKC, NULL, &n);
  struct str folded = p ? str_copy(a, (struct str){(const char *)p, n}) : STR_NONE;
  free(p);
  return folded;
}

/* What is dropped may bring a kana and its voicing mark together, which NFKC then joins into another kana: again until
 * nothing moves. Ordinary text is done after the first look. */
struct str utf8_fold(struct arena *a, struct str s)
{
  pthread_once(&pairs_once, pairs_make);
  s = map_once(a, s);
  for (int round = 0; s.n && round < ROUNDS_MOST; round++) {
    struct str next = map_once(a, casefold(a, s));
    if (str_eq(next, s))
      return next;
    s = next;
  }
  return s;
}
