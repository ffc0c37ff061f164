/* password_words.c: written for this program from what offices here are known to choose: names, places, greetings, tales,
 * sports, the words for "password" itself, and sentences that everybody takes for original. Shorter than four letters is
 * left out on purpose (see password_common.c). */
#include "crypto/password_words.h"

#define WORDS                                                                                                              \
  /* what a password is called */                                                                                          \
  "password passwords passwort passwd passcode passkey passphrase pass1word mypassword newpassword thepassword "           \
  "yourpassword password1 admin admins administrator administrador sysadmin adminadmin root rootroot toor "                \
  "superuser supervisor user username guest login logon signin letmein letmeinnow openup opensesame access "               \
  "accessgranted secret secrets topsecret mysecret private security secure changeme changethis changeit "                  \
  "default temp temporary tempo test tester testing testtest test1 demo sample example welcome hello "                     \
  "hellothere master manager system server database oracle mysql postgres cisco windows microsoft google gmail "           \
  "yahoo hotmail facebook twitter instagram tiktok youtube netflix amazon apple iphone android samsung nokia "             \
  "sony panasonic toshiba fujitsu hitachi softbank docomo rakuten line zoom office excel word computer laptop "            \
  "keyboard internet network website email mail online offline register pass himitsu himitsudesu angou anshou "            \
  "pasuwado pasuwaado kanri kanrisha kanrinin shokai shoki shokika sesame hirakegoma jimusho jimu nothing "                \
  "something anything whatever noneofyourbusiness iforgot forgot forgotten forgetit remember rememberme "                  \
  "dontknow idontknow ihatepasswords imsosecure trustno1 trustnoone blahblah fuckyou fuckoff fuckme bullshit "             \
  "asshole bitch whatthefuck motherfucker "                                                           /* keyboard */       \
  "qwerty qwertz azerty asdf asdfgh asdfjkl zxcv zxcvbn qazwsx qweasd wasd dvorak poiuy lkjhg mnbvc " /* love and moods */ \
  "love lover lovers loveme loveyou loveyou2 iloveyou iloveu ilovegod ilovejesus ilovehim ilovemyself imissyou "           \
  "iloveme lovely lovelove lovehate mylove truelove forever together foreverlove sweet sweetie sweetheart "                \
  "honey honeybee darling babe baby babygirl babyboy angel angels angelic heart hearts kiss kisses kissme hugs "           \
  "smile smiley happy happiness lucky luckyday lucky7 peace hope faith dream dreams dreamer freedom liberty "              \
  "believe blessed grace glory heaven paradise destiny miracle magic magical wonder wonderful beautiful beauty "           \
  "pretty cute sexy gorgeous awesome amazing fantastic excellent perfect special super superstar superman "                \
  "supergirl cool coolness crazy funny silly stupid loser lonely alone sadness angry hate hateyou ihateyou "               \
  "sorry thankyou thanks please friend friends friendship bestfriend bestfriends family mother father mommy "              \
  "daddy mama papa sister brother grandma grandpa husband wife boyfriend girlfriend children marriage wedding "            \
  "birthday happybirthday newyear happynewyear christmas merrychristmas halloween valentine summer winter "                \
  "spring autumn sunshine sunny sunset sunrise sunday monday tuesday wednesday thursday friday saturday "                  \
  "january february march april june july august september october november december today tomorrow yesterday "            \
  "morning evening night midnight goodnight goodmorning goodluck goodbye moonlight moon starlight star stars "             \
  "starry rainbow rain snow snowflake snowman storm thunder lightning ocean river island beach forest mountain "           \
  "flower flowers rose roses sunflower daisy lily jasmine violet cherry cherries cherryblossom strawberry "                \
  "blueberry banana orange lemon pineapple peach melon watermelon mango coconut chocolate cookie cookies candy "           \
  "cupcake icecream coffee pizza cheese butter peanut pumpkin potato tomato pepper ginger sugar cinnamon "                 \
  "vanilla caramel noodle noodles sushi ramen " /* animals and tales */                                                    \
  "dragon dragons monkey tiger tigers lion lions bear bears teddybear panda pandas wolf wolves eagle eagles "              \
  "falcon hawk phoenix unicorn butterfly dolphin dolphins shark whale penguin penguins turtle rabbit bunny "               \
  "bunnies kitty kitten kittens hellokitty puppy puppies doggy doggie snoopy buddy buster bailey maggie molly "            \
  "charlie rocky princess prince queen king kings kingdom knight ninja samurai pirate pirates wizard witch "               \
  "vampire zombie ghost monster monsters shadow shadows hunter killer killers warrior warriors soldier captain "           \
  "general legend hero heroes champion champions winner player players gamer gamers mickey mickeymouse minnie "            \
  "donald pooh winniethepooh tigger stitch simba nemo ariel cinderella batman spiderman ironman hulk avengers "            \
  "captainamerica starwars skywalker darthvader yoda startrek harrypotter potter hogwarts gandalf frodo "                  \
  "lordoftherings matrix terminator jordan jordan23 pokemon pikachu pokemongo charizard eevee naruto sasuke "              \
  "kakashi sakura onepiece luffy zoro chopper dragonball goku vegeta bleach ichigo gundam doraemon nobita "                \
  "dorami anpanman baikinman totoro tonari ghibli kiki laputa ponpoko sazaesan chibimaruko conan lupin "                   \
  "evangelion eva01 sailormoon precure digimon yugioh kirby mario luigi supermario zelda link minecraft roblox "           \
  "fortnite callofduty finalfantasy dragonquest monsterhunter splatoon animalcrossing kimetsu kimetsunoyaiba "             \
  "tanjiro nezuko shingeki shingekinokyojin eren levi hunterhunter gintama haikyuu slamdunk conandoyle "                   \
  "detective playstation nintendo switch xbox sega pacman tetris " /* sports, cars, music */                               \
  "football baseball basketball softball volleyball tennis soccer hockey golf golfer rugby swimming swimmer "              \
  "running runner boxing wrestling skating skateboard snowboard surfing fishing dancing dancer music musical "             \
  "guitar guitars piano violin drummer trumpet rock rocknroll metal metallica nirvana beatles thebeatles elvis "           \
  "eminem rihanna beyonce madonna justin justinbieber onedirection blink182 slipknot linkinpark greenday acdc "            \
  "blackpink bigbang arashi arashi5 smap kattun kinki newjeans bangtan yankees redsox dodgers lakers cowboys "             \
  "steelers packers raiders giants hanshin hanshintigers carp hirosimacarp swallows hawks softbankhawks "                  \
  "baystars marines fighters buffaloes urawa urawareds gamba gambaosaka antlers vissel liverpool arsenal "                 \
  "chelsea manchester manchesterunited barcelona realmadrid juventus milan ronaldo messi neymar ohtani ichiro "            \
  "ferrari porsche mercedes toyota honda nissan suzuki mazda subaru yamaha kawasaki harley harleydavidson "                \
  "mustang corvette camaro chevrolet ford jeep lexus prius skyline ducati " /* English names */                            \
  "michael jennifer jessica ashley amanda andrew daniel david robert joshua matthew nicole anthony michelle "              \
  "jonathan christopher christian christina christine alexander alexandra alexander1 elizabeth samantha "                  \
  "stephanie victoria veronica benjamin nathaniel nicholas william richard thomas charles joseph james john "              \
  "george edward brian kevin steven stephen patrick timothy jeffrey gregory brandon austin tyler taylor morgan "           \
  "hannah emily emma olivia sophia isabella abigail madison chloe rachel rebecca sarah laura linda barbara "               \
  "patricia maria mary martha margaret nancy susan karen donna sandra carol sharon angela melissa heather "                \
  "vanessa natalie natasha katherine catherine kathryn caroline charlotte francis francisco gabriel gabriela "             \
  "alejandra alejandro fernando roberto ricardo eduardo sebastian valentina daniela mariana carolina carlos "              \
  "miguel manuel antonio juan jose pedro pablo diego harrison jackson johnson williams anderson robinson "                 \
  "thompson martinez rodriguez gonzalez hernandez michelle1 maxwell oliver oscar sophie scooter shelby dakota "            \
  "savannah chicago dallas boston london paris berlin newyork newyorkcity losangeles california florida texas "            \
  "arizona colorado washington america american usa1 england france germany italy spain russia china canada "              \
  "australia brazil mexico india singapore hawaii aloha europe asia africa " /* Japanese family names */                   \
  "satou sato takahashi tanaka itou watanabe watanave yamamoto nakamura kobayashi katou kato yoshida yamada "              \
  "sasaki yamaguchi matsumoto inoue kimura hayashi saitou saito shimizu yamazaki yamasaki mori ikeda hashimoto "           \
  "yamashita ishikawa nakajima nakashima maeda fujita ogawa gotou goto okada hasegawa murakami kondou kondo "              \
  "ishii sakamoto endou endo aoki fujii nishimura fukuda oota ohta miura fujiwara okamoto matsuda nakagawa "               \
  "nakano harada tamura takeuchi kaneko wada nakayama ishida ueda morita kojima shibata hara miyazaki miyamoto "           \
  "yokoyama sakai kudou kudo kinoshita sugiyama sugawara imai masuda maruyama takagi murata ootsuka otsuka "               \
  "takeda koyama hirano sugimoto kikuchi kikuti chiba kubo matsui noguchi sakurai matsuo nomura arai kinjo "               \
  "higa oshiro shimada yano uchida ishihara iwasaki kawaguchi hamada hirata kitamura ooyama oyama nagata "                 \
  "minami azuma tsuchiya adachi kawakami nagai tsuda matsuoka matsushita hirai iida yoshikawa yoshimura "                  \
  "ichikawa akiyama mizuno takano matsunaga shinohara " /* Japanese given names */                                         \
  "tarou taro hanako ichirou jirou jiro saburou saburo shirou shiro gorou goro kenji kenta kenichi kentarou "              \
  "kentaro daisuke daiki daichi takashi takeshi takuya takumi tatsuya tetsuya tsuyoshi hiroshi hiroki hiroyuki "           \
  "hiroaki hirokazu yuuki yuki yuuta yuta yuusuke yusuke yuuto yuto yuuya yuya ryouta ryota ryousuke ryosuke "             \
  "ryou ryuuji ryuji ryuunosuke shouta shota shouhei shohei shinji shinichi shinya shunsuke satoshi satoru "               \
  "susumu makoto manabu masaki masato masahiro masashi masaru mamoru minoru mitsuru naoki naoto noboru nobuo "             \
  "norio osamu akira akihiro akio atsushi haruto haruki hayato hideki hideo hikaru isamu junichi junpei kaito "            \
  "katsuya kazuki kazuya kazuo kazuhiro keisuke keita kouhei kohei kouji koji kouichi koichi kousuke kosuke "              \
  "kouta kota kyousuke riku sota souta minato itsuki tomoya toshio toshiyuki tsubasa wataru yasuhiro yoshio "              \
  "yoshihiro yoshinori yuji yutaka misaki miyuki mayumi mayuko mariko mari maki mana manami megumi mika miki "             \
  "mikiko minako michiko mitsuko momoka momoko nana nanami nanako naomi natsuki natsumi noriko nozomi reiko "              \
  "rika rina riko risa ryouko ryoko sachiko saki sakiko satomi sayaka sayuri setsuko shiho shiori shizuka "                \
  "shizuko sumiko tomoko tomomi yasuko yayoi youko yoko yoshiko yuika yukari yukiko yuko yumi yumiko yuri "                \
  "yuriko yuuka yuka yuna aiko airi akane akemi akiko asami asuka ayaka ayako ayumi ayumu azusa chie chieko "              \
  "chihiro chikako eiko emiko erika eriko etsuko fumiko haruka haruko hikari hina hinata hiroko hisako hitomi "            \
  "honoka ikumi junko kaede kana kanako kanon kaori kaoru kasumi kayo kazuko keiko kotone kumi kumiko kyouko "             \
  "kyoko machiko madoka maiko masako masami " /* Japanese words and places */                                              \
  "nihon nippon japan japanese tokyo toukyou oosaka osaka kyoto kyouto nagoya yokohama sapporo fukuoka kobe "              \
  "koube hiroshima sendai okinawa hokkaido hokkaidou nagasaki niigata shizuoka okayama kumamoto kagoshima "                \
  "saitama amagasaki hyogo hyougo nara kanazawa toyama nagano gifu aichi shiga wakayama tottori shimane "                  \
  "tokushima kagawa ehime kochi kouchi saga oita ooita aomori iwate akita yamagata fukushima ibaraki tochigi "             \
  "gunma kanagawa yamanashi shibuya shinjuku ikebukuro akihabara ginza ueno asakusa umeda namba shinsaibashi "             \
  "fujisan fujiyama biwako setouchi sakurasaku hanami himawari ajisai tsubaki momiji momo ringo mikan budou "              \
  "suika onigiri tempura tenpura udon soba takoyaki okonomiyaki karee karaage gyouza gyoza misoshiru natto "               \
  "nattou sukiyaki matcha ocha koucha bento bentou sensei senpai sempai kouhai tomodachi kazoku okaasan "                  \
  "otousan oniichan oneechan imouto otouto obaachan ojiichan akachan kodomo kodomotachi wakamono shien shienin "           \
  "shiensha soudan soudanin fukushi shakaifukushi hoken hokenshi kango kangoshi kaigo byouin gakkou shougakkou "           \
  "chuugakkou koukou daigaku kyoushi kyouiku shiyakusho yakusho kuyakusho kencho shigoto kaisha kaigi shachou "            \
  "kachou buchou kakarichou kyuuryou ganbare ganbaru ganbarou ganbarimasu gambare gambaru gambarou gambarimasu "           \
  "arigato arigatou arigatougozaimasu ohayo ohayou ohayougozaimasu konnichiwa konbanwa sayonara sayounara "                \
  "oyasumi oyasuminasai gomennasai sumimasen onegai onegaishimasu yoroshiku yoroshikuonegaishimasu otsukare "              \
  "otsukaresama otsukaresamadesu itadakimasu gochisousama tadaima okaeri daisuki aishiteru aishiteiru suki "               \
  "sukisuki koibito kareshi kanojo kekkon shiawase egao yume kibou mirai inochi kokoro tamashii hoshi "                    \
  "hoshizora tsuki taiyou taiyo sora aozora yama kawa kaze hana hanabi hanabira matsuri natsu natsuyasumi fuyu "           \
  "haru haruichiban neko nekochan nekoneko wanwan wanko nyanko nyanpasu usagi kuma kumasan kuma1 risu tori "               \
  "hiyoko pengin kingyo sakana maguro tora ryuu hebi kitsune tanuki ookami kirin koala kawaii kakkoii sugoi "              \
  "sugoine subarashii omoshiroi tanoshii ureshii genki genkidesu daijoubu banzai kanpai karate judo juudou "               \
  "kendo kendou sumo sumou yakyuu saisho saigo atarashii henkou shinki kaiin riyou riyousha nyuuryoku tsunagu "            \
  "tsunagari kizuna minna minnade issho isshoni nakama puropera shinkansen densha kuruma jitensha hikouki "                \
  "kaisoku okane takarakuji pachinko keiba karaoke manga anime otaku idol aidoru purikyua jibanyan youkai "                \
  "yokai kamen kamenrider ultraman urutoraman sentai supersentai godzilla gojira mothra " /* whole sentences */            \
  "iloveyousomuch iloveyouforever iloveyoubaby ilovemymom ilovemydog ilovemycat ilovemyfamily ilovemywife "                \
  "ilovemykids ilovemusic ilovejapan ilovetokyo iloveanime iloveyou3000 thisismypassword thisisapassword "                 \
  "thisisit mypasswordis passwordpassword passwordispassword notmypassword letmeinplease pleaseletmein "                   \
  "openthedoor openthegate correcthorsebatterystaple correcthorse thequickbrownfox quickbrownfox "                         \
  "maytheforcebewithyou maytheforce beammeupscotty tobeornottobe onceuponatime happilyeverafter hakunamatata "             \
  "supercalifragilistic supercalifragilisticexpialidocious abracadabra avadakedavra expectopatronum "                      \
  "winteriscoming yousha1 nevergiveup neversaynever nevermind dontworrybehappy dontworry behappy carpediem "               \
  "liveandletlive livelaughlove livelovelaugh rockyou whoareyou howareyou whatsup whatsmyname imthebest "                  \
  "iamthebest iamawesome iamlegend iamgod iamyourfather jesuschrist jesusismylord jesusislord jesussaves "                 \
  "jesuslovesme godisgood godislove godblessyou ingodwetrust thankyoujesus praisegod hallelujah amazinggrace "             \
  "lovingyou missyousomuch youandme meandyou youarebeautiful ourfamily familyfirst familyforever "                         \
  "bestfriendforever bestfriends4ever 4everlove imyourhuckleberry unbelievable congratulations consciousness "             \
  "understanding communication intelligence international california1 independence straightedge sunshine1 "                \
  "strawberries nightmare skateboarding rollercoaster blackandwhite blackbird bluesky bluemoon redrose "                   \
  "greenapple whiterabbit blackcat blackdragon silverfox goldfish goldenboy diamond diamonds crystal sapphire "            \
  "emerald silver golden platinum purple yellow black white green blue pink violet1 indigo scarlet crimson "               \
  "turquoise rainbowdash "

const struct str password_words = {WORDS, sizeof(WORDS) - 1};
