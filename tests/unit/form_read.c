/* Reading answers: every type, every refusal in words, conditions, rows, what may not be changed. */
#include "base/my_number.h"
#include "form_world.h"

#define ITEM(link, type, rest) "{'linkId':'" link "','type':'" type "','text':'" link "'," CAT("basic") rest "}"

static const char all_types[] =
    ITEM("b", "boolean", "") "," ITEM("i", "integer", "") "," ITEM("dec", "decimal", "") "," ITEM("d", "date", "") "," ITEM("dt", "dateTime", "") "," ITEM(
        "t", "time",
        "") "," ITEM("s", "string",
                     ",'maxLength':5") "," ITEM("x", "text",
                                                "") "," ITEM("u", "url",
                                                             "") "," ITEM("c", "choice",
                                                                          ",'answerOption':[{'valueCoding':{'code'"
                                                                          ":'a','display':'A'}},"
                                                                          "{'valueCoding':{'code':'z','display':'"
                                                                          "Z'}}]") "," ITEM("m", "choice",
                                                                                            ",'repeats':true,'"
                                                                                            "answerOption':[{'"
                                                                                            "valueCoding':{'code':"
                                                                                            "'a','display':'A'}},"
                                                                                            "{'valueCoding':{'"
                                                                                            "code':'z','display':'"
                                                                                            "Z'}}]") "," ITEM("o",
                                                                                                              "ope"
                                                                                                              "n-"
                                                                                                              "cho"
                                                                                                              "ic"
                                                                                                              "e",
                                                                                                              ",'"
                                                                                                              "ans"
                                                                                                              "wer"
                                                                                                              "Opt"
                                                                                                              "ion"
                                                                                                              "':["
                                                                                                              "{'"
                                                                                                              "val"
                                                                                                              "ueC"
                                                                                                              "odi"
                                                                                                              "ng'"
                                                                                                              ":{'"
                                                                                                              "cod"
                                                                                                              "e':"
                                                                                                              "'a'"
                                                                                                              ",'"
                                                                                                              "dis"
                                                                                                              "pla"
                                                                                                              "y':"
                                                                                                              "'A'"
                                                                                                              "}}"
                                                                                                              "]") "," ITEM("r",
                                                                                                                            "string",
                                                                                                                            ",'repeats':true");

static void every_type_is_read_from_text(void **state)
{
  struct world *w = *state;
  const struct form *f = world_form(w, all_types);
  struct form_reading r = world_read(
      w, f, FORM_FINAL,
      "{'b':'true','i':'１２','dec':'1.50','d':{'era':'R','y':'8','m':'11','d':'18'},'dt':{'era':'ad','y':'2026','"
      "m':'1',"
      "'d':'2','time':'9:05'},'t':'９:05','s':' 山田 ','x':'一行目\\r\\n二行目','u':'https://example.jp/a','c':'z',"
      "'m':['z','a','z'],'o':{'code':'','text':'そのほか'},'r':{'0':'い','10':'は','2':'ろ'}}");
  assert_null(r.problems);
  world_assert_doc(w, r.answers,
                   "{'b':true,'i':12,'dec':1.5,'d':'2026-11-18','dt':'2026-01-02T09:05','t':'09:05','s':'山田',"
                   "'x':'一行目\\n二行目','u':'https://example.jp/a','c':'z','m':['a','z'],'o':{'text':'そのほか'},"
                   "'r':['い','ろ','は']}");
  struct form_reading again = {0};
  assert_int_equal(form_read(&w->c, f, FORM_FINAL, r.answers, NULL, &again, &w->e), OK);
  assert_true(doc_equal(again.answers, r.answers)); /* canonical answers are legal input */
}

static void wrong_values_are_refused_in_words(void **state)
{
  struct world *w = *state;
  const struct form *f = world_form(w, all_types);
  struct form_reading r =
      world_read(w, f, FORM_DRAFT,
                 "{'b':'maybe','i':'四','dec':'1.2.3','d':{'era':'H','y':'32','m':'1','d':'1'},'dt':'2026-01-02',"
                 "'t':'25:00','s':'六文字以上です','x':{'a':1},'u':'javascript:x','c':'q','m':['a','q'],'o':{'code':'a'"
                 ",'text':'b'},"
                 "'zz':'1','r':'ok'}");
  world_assert_doc(w, r.answers, "{'m':['a'],'r':['ok']}");
  world_assert_problem(w, &r, "answer.b", "「b」は「はい」か「いいえ」を選んでください。");
  world_assert_problem(w, &r, "answer.i", "「i」は数字だけで書いてください(例: 4)。");
  world_assert_problem(w, &r, "answer.dec", "「dec」は数字で書いてください(例: 1.5)。");
  assert_non_null(strstr(world_problem(w, &r, "answer.d"), "平成"));
  world_assert_problem(w, &r, "answer.dt", "「dt」の時刻を 10:02 のように書いてください。");
  world_assert_problem(w, &r, "answer.t", "「t」は時刻を 10:02 のように書いてください。");
  world_assert_problem(w, &r, "answer.s", "「s」は5文字までです(いまは7文字)。短くしてください。");
  world_assert_problem(w, &r, "answer.x", "「x」の書き方が、この欄に合いません。");
  world_assert_problem(w, &r, "answer.u", "「u」は https:// か http:// で始まるアドレスを書いてください。");
  world_assert_problem(w, &r, "answer.c", "「c」で、選択肢にないものが選ばれています。もう一度選んでください。");
  world_assert_problem(w, &r, "answer.o", "「o」の答えは一つにしてください。");
  world_assert_problem(w, &r, "answer.zz",
                       "この様式にない項目が送られました(zz)。ページを開き直して、もう一度お試しください。");
  assert_true(str_is(r.problems->field, "answer.b")); /* in the order of the form */
}

static void strange_shapes_never_pass(void **state)
{
  struct world *w = *state;
  const struct form *f = world_form(w, all_types);
  static const char *const leaves[] = {"{'q':'1'}", "[[]]", "{'0':{'0':'1'}}", "[{'y':'x'}]"};
  static const char *const links[] = {"b", "i", "dec", "d", "dt", "t", "s", "x", "u", "c", "m", "o", "r"};
  for (size_t i = 0; i < sizeof(leaves) / sizeof(*leaves); i++) {
    for (size_t k = 0; k < sizeof(links) / sizeof(*links); k++) {
      struct str raw = str_printf(w->arena, "{'%s':%s}", links[k], leaves[i]);
      struct form_reading r = world_read(w, f, FORM_FINAL, str_cstr(w->arena, raw));
      assert_int_equal(doc_size(r.answers), 0);
      assert_non_null(r.problems);
    }
  }
}

static void an_invisible_key_is_not_repeated(void **state)
{
  struct world *w = *state;
  const struct form *f = world_form(w, all_types);
  struct form_reading r = world_read(w, f, FORM_FINAL, "{'<b>山田太郎':'1'}");
  assert_null(strstr(str_cstr(w->arena, r.problems->text), "山田"));
}

static void dates_partly_known_only_where_the_item_says_so(void **state)
{
  struct world *w = *state;
  const struct form *f =
      world_form(w, "{'linkId':'d','type':'date','text':'受付日'," CAT(
                        "basic") "},"
                                 "{'linkId':'p','type':'date','text':'生年月日','extension':[{'url':'" EXT
                                 "category','valueCode':'basic'},{'url':'" EXT "partial','valueBoolean':true}]}");
  struct form_reading r = world_read(w, f, FORM_FINAL, "{'d':{'y':'2026'},'p':{'era':'H','y':'20'}}");
  world_assert_doc(w, r.answers, "{'p':'2008'}");
  world_assert_problem(w, &r, "answer.d", "「受付日」は年・月・日をすべて書いてください。");
  r = world_read(w, f, FORM_FINAL, "{'d':{'unknown':'on'},'p':{'unknown':'on'}}");
  world_assert_doc(w, r.answers, "{'p':'unknown'}");
  world_assert_problem(w, &r, "answer.d", "「受付日」は「わからない」にできません。日付を書いてください。");
  r = world_read(w, f, FORM_FINAL, "{'p':{'unknown':'on','y':'2008'},'d':{'era':'ad','y':'2026','m':'2','d':'29'}}");
  world_assert_problem(w, &r, "answer.p", "「生年月日」は、日付か「わからない」のどちらか一つにしてください。");
  assert_non_null(world_problem(w, &r, "answer.d"));
  r = world_read(w, f, FORM_FINAL, "{'d':'令和8年11月18日','p':{'era':'R','y':'元','m':'5','d':'1'}}");
  world_assert_doc(w, r.answers, "{'d':'2026-11-18','p':'2019-05-01'}");
}

static void ten_megabytes_are_refused(void **state)
{
  struct world *w = *state;
  const struct form *f = world_form(w, all_types);
  size_t n = 10 << 20;
  char *big = malloc(n);
  memset(big, 'a', n);
  struct doc *raw = doc_map(w->arena);
  doc_put_str(raw, "x", (struct str){big, n});
  free(big);
  struct form_reading r = {0};
  assert_int_equal(form_read(&w->c, f, FORM_DRAFT, raw, NULL, &r, &w->e), INVALID);
  world_assert_problem(w, &r, "answer.x", "「x」は20000文字までです(いまは10485760文字)。短くしてください。");
  assert_int_equal(doc_size(r.answers), 0);
}

static void controls_are_refused(void **state)
{
  struct world *w = *state;
  const struct form *f = world_form(w, all_types);
  struct form_reading r = world_read(w, f, FORM_DRAFT, "{'x':'a\\u0007b','s':'a\\nb'}");
  assert_non_null(world_problem(w, &r, "answer.x"));
  assert_non_null(world_problem(w, &r, "answer.s"));
}

static void my_number_is_refused_everywhere(void **state)
{
  struct world *w = *state;
  const struct form *f = world_form(w, all_types);
  static const char *const raws[] = {"{'x':'番号は 123456789018 です'}",
                                     "{'s':'123456789018'}",
                                     "{'x':'１２３４-５６７８-９０１８'}",
                                     "{'i':'123456789018'}",
                                     "{'i':123456789018}",
                                     "{'o':{'text':'1234 5678 9018'}}",
                                     "{'d':'123456789018'}",
                                     "{'r':['a','123456789018']}",
                                     "{'x':'1234‐5678‐9018。'}"};
  for (size_t i = 0; i < sizeof(raws) / sizeof(*raws); i++) {
    struct form_reading r = world_read(w, f, FORM_DRAFT, raws[i]);
    if (!r.problems)
      fail_msg("passed: %s", raws[i]);
    assert_null(strstr(str_cstr(w->arena, r.problems->text), "9018"));
  }
}

static void the_check_digit_is_the_law_s(void **state)
{
  (void)state;
  assert_true(my_number_check(S("123456789018")));
  assert_false(my_number_check(S("123456789019")));
  assert_false(my_number_check(S("1123456789018"))); /* thirteen: a corporate number */
  assert_false(my_number_check(S("+123456789018"))); /* a telephone number */
  assert_false(my_number_check(S("090-1234-5678")));
  assert_false(my_number_check(S("12345678901")));
  assert_true(my_number_check(S("電話090-1234-5678、番号1234 5678 9018")));
  assert_true(my_number_check(S("000000000000"))); /* remainder 0: digit 0 */
}

static const char with_conditions[] = "{'linkId':'age','type':'integer','text':'年齢'," CAT(
    "basic") "},"
             "{'linkId':'school','type':'choice','text':'学校'," CAT(
                 "education") ",'answerOption':[{'valueCoding':{'code':'in','display':'在学'}},{'valueCoding':{'code':'"
                              "out','display':'中退'}}],"
                              "'enableWhen':[{'question':'age','operator':'>=','answerInteger':6}]},"
                              "{'linkId':'why','type':'string','text':'中退の理由'," CAT(
                                  "education") ",'required':true,'enableWhen':[{'question':'school','operator':'=','"
                                               "answerCoding':{'code':'out'}}]},"
                                               "{'linkId':'either','type':'string','text':'どちらか'," CAT(
                                                   "basic") ",'enableBehavior':'any','enableWhen':[{'question':'age','"
                                                            "operator':'<','answerInteger':3},"
                                                            "{'question':'age','operator':'exists','answerBoolean':"
                                                            "false}]},"
                                                            "{'linkId':'not','type':'string','text':'中退でない'," CAT(
                                                                "basic") ",'enableWhen':[{'question':'school','"
                                                                         "operator':'!=','answerCoding':{'code':'out'}}"
                                                                         "]}";

static void conditions_chain(void **state)
{
  struct world *w = *state;
  const struct form *f = world_form(w, with_conditions);
  struct form_reading r = world_read(w, f, FORM_FINAL, "{'age':16,'school':'out'}");
  world_assert_problem(w, &r, "answer.why", "「中退の理由」を入力してください。");
  r = world_read(w, f, FORM_FINAL, "{'age':16,'school':'out','why':'合わなかった','not':'x','either':'y'}");
  assert_null(r.problems);
  world_assert_doc(w, r.answers, "{'age':16,'school':'out','why':'合わなかった'}");
  r = world_read(w, f, FORM_FINAL, "{'age':5,'school':'out','why':'z','not':'x'}"); /* school is off, so why is off */
  world_assert_doc(w, r.answers, "{'age':5,'not':'x'}");
  r = world_read(w, f, FORM_FINAL, "{'either':'y','not':'x'}");
  world_assert_doc(w, r.answers, "{'either':'y','not':'x'}");
  r = world_read(w, f, FORM_FINAL, "{'age':2,'either':'y'}");
  world_assert_doc(w, r.answers, "{'age':2,'either':'y'}");
  r = world_read(w, f, FORM_DRAFT, "{'age':5,'why':'z'}"); /* a draft keeps what is switched off */
  world_assert_doc(w, r.answers, "{'age':5,'why':'z'}");
}

static const char rows[] = "{'linkId':'house','type':'group','text':'世帯','repeats':true,'extension':[{'url':'" EXT
                           "category','valueCode':'family'},{'url':'http://hl7.org/fhir/StructureDefinition/"
                           "questionnaire-minOccurs','valueInteger':2},{'url':'http://hl7.org/fhir/StructureDefinition/"
                           "questionnaire-maxOccurs','valueInteger':3}],'item':["
                           "{'linkId':'name','type':'string','text':'氏名','required':true},"
                           "{'linkId':'works','type':'boolean','text':'就労'},"
                           "{'linkId':'where','type':'string','text':'勤め先',"
                           "'enableWhen':[{'question':'works','operator':'=','answerBoolean':true}]}]}";

static void rows_have_limits_and_places(void **state)
{
  struct world *w = *state;
  const struct form *f = world_form(w, rows);
  struct form_reading r =
      world_read(w, f, FORM_FINAL, "{'house':[{'name':'一'},{'name':''},{'works':'true','where':'店'}]}");
  world_assert_problem(w, &r, "answer.house.2.name", "「世帯 3行目の 氏名」を入力してください。");
  world_assert_doc(w, r.answers, "{'house':[{'name':'一'},{'works':true,'where':'店'}]}");
  r = world_read(w, f, FORM_FINAL, "{'house':[{'name':'一'}]}");
  world_assert_problem(w, &r, "answer.house", "「世帯」は2件以上書いてください。");
  r = world_read(w, f, FORM_FINAL, "{'house':[{'name':'1'},{'name':'2'},{'name':'3'},{'name':'4'}]}");
  world_assert_problem(w, &r, "answer.house", "「世帯」は3行までです。");
  r = world_read(w, f, FORM_FINAL, "{'house':{'7':{'name':'後'},'3':{'name':'先','where':'消える'}}}");
  assert_null(r.problems);
  world_assert_doc(w, r.answers, "{'house':[{'name':'先'},{'name':'後'}]}");
  r = world_read(w, f, FORM_FINAL, "{'house':'x'}");
  assert_non_null(world_problem(w, &r, "answer.house"));
  r = world_read(w, f, FORM_FINAL, "{'house':[{'name':'1','age':3},{'name':'2'}]}");
  assert_non_null(world_problem(w, &r, "answer.house.0.age"));
  r = world_read(w, f, FORM_FINAL, "{'name':'外'}"); /* of a row, but not in one */
  assert_non_null(world_problem(w, &r, "answer.name"));
}

static void rows_come_and_go_without_script(void **state)
{
  struct world *w = *state;
  const struct form *f = world_form(w, rows);
  struct doc *raw = NULL;
  assert_true(form_edit_rows(&w->c, f, world_json(w, "{'house':[{'name':'一'}],'_row':'add:house'}"), &raw));
  world_assert_doc(w, raw, "{'house':[{'name':'一'},{}]}");
  assert_true(
      form_edit_rows(&w->c, f, world_json(w, "{'house':[{'name':'一'},{'name':'二'}],'_row':'remove:house:0'}"), &raw));
  world_assert_doc(w, raw, "{'house':[{'name':'二'}]}");
  assert_true(form_edit_rows(&w->c, f, world_json(w, "{'house':[{},{},{}],'_row':'add:house'}"), &raw));
  assert_int_equal(doc_size(doc_get(raw, "house")), 3); /* the limit holds */
  assert_false(form_edit_rows(&w->c, f, world_json(w, "{'_row':'add:nothing'}"), &raw));
  assert_false(form_edit_rows(&w->c, f, world_json(w, "{'house':[]}"), &raw));
}

static void the_worst_counts_as_chosen(void **state)
{
  struct world *w = *state;
  const struct form *f =
      world_form(w, ITEM("m", "choice",
                         ",'repeats':true,'answerOption':[{'valueCoding':{'code':'a','display':'A'}},"
                         "{'valueCoding':{'code':'z','display':'Z'}}]") ","
                                                                        "{'linkId':'worst','type':'choice','text':'◎','"
                                                                        "repeats':true,'extension':[{'url':'" EXT
                                                                        "category','valueCode':'basic'},{'url':'" EXT
                                                                        "worst-of','valueString':'m'}]}");
  struct form_reading r = world_read(w, f, FORM_FINAL, "{'m':['z'],'worst':['a']}");
  world_assert_doc(w, r.answers, "{'m':['a','z'],'worst':['a']}");
}

static void read_only_keeps_what_was(void **state)
{
  struct world *w = *state;
  const struct form *f =
      world_form(w, ITEM("a", "string", ",'readOnly':true,'required':true") "," ITEM("b", "string", ""));
  struct form_reading r = {0};
  struct doc *before = world_json(w, "{'a':'前','b':'前'}");
  assert_int_equal(form_read(&w->c, f, FORM_FINAL, world_json(w, "{'a':'後','b':'後'}"), before, &r, &w->e), OK);
  world_assert_doc(w, r.answers, "{'a':'前','b':'後'}");
}

static void begins_with_initial_and_known_values(void **state)
{
  struct world *w = *state;
  const struct form *f = world_form(
      w, ITEM("s", "string", ",'initial':[{'valueString':'はじめ'}]") ","
                                                                      "{'linkId':'n','type':'string','text':'氏名','"
                                                                      "extension':[{'url':'" EXT
                                                                      "category','valueCode':'basic'},{'url':'" EXT
                                                                      "bind','valueString':'person.name'}]}");
  struct doc *answers = form_begin(&w->c, f, world_json(w, "{'person.name':'山田 花子','person.kana':'x'}"));
  world_assert_doc(w, answers, "{'s':'はじめ','n':'山田 花子'}");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      FORM_TEST(every_type_is_read_from_text),
      FORM_TEST(wrong_values_are_refused_in_words),
      FORM_TEST(strange_shapes_never_pass),
      FORM_TEST(an_invisible_key_is_not_repeated),
      FORM_TEST(dates_partly_known_only_where_the_item_says_so),
      FORM_TEST(ten_megabytes_are_refused),
      FORM_TEST(controls_are_refused),
      FORM_TEST(my_number_is_refused_everywhere),
      FORM_TEST(the_check_digit_is_the_law_s),
      FORM_TEST(conditions_chain),
      FORM_TEST(rows_have_limits_and_places),
      FORM_TEST(rows_come_and_go_without_script),
      FORM_TEST(the_worst_counts_as_chosen),
      FORM_TEST(read_only_keeps_what_was),
      FORM_TEST(begins_with_initial_and_known_values),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
