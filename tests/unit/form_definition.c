/* Definitions: what is refused, and why; two versions compared; columns and cells; paper. */
#include "form_world.h"
#include "view/print.h"

static void assert_refused(struct world *w, const char *items, const char *link, const char *message)
{
  const struct form *f = NULL;
  if (world_try_form(w, items, &f) != INVALID)
    fail_msg("accepted: %s", items);
  assert_string_equal(w->e.field, link);
  assert_string_equal(w->e.msg, message);
  assert_null(f);
}

#define ITEM(link, type, rest) "{'linkId':'" link "','type':'" type "','text':'" link "'," CAT("basic") rest "}"
#define OPTIONS "'answerOption':[{'valueCoding':{'code':'a','display':'A'}},{'valueCoding':{'code':'z','display':'Z'}}]"

static void types_that_are_not_served(void **state)
{
  struct world *w = *state;
  static const char *const types[] = {"attachment", "reference", "quantity"};
  for (size_t i = 0; i < 3; i++) {
    struct str item = str_printf(w->arena, "{'linkId':'x','type':'%s','text':'x'," CAT("basic") "}", types[i]);
    assert_refused(w, str_cstr(w->arena, item), "x",
                   "添付(attachment)・参照(reference)・単位つきの数(quantity)の種類は、ここでは使えません。");
  }
  assert_refused(w, ITEM("x", "number", ""), "x", "項目の種類(type)が正しくありません。");
}

static void items_say_what_they_are(void **state)
{
  struct world *w = *state;
  assert_refused(w, "{'linkId':'x','type':'string','text':'x'}", "x", "どの項目にも、情報の区分(category)が必要です。");
  assert_refused(w, ITEM("a", "string", "") "," ITEM("a", "string", ""), "a", "同じ名前の項目(linkId)が二つあります。");
  assert_refused(w, ITEM("A.b", "string", ""), "A.b",
                 "項目の名前(linkId)は英小文字で始め、英小文字・数字・_ で 40 字までにしてください。");
  assert_refused(w, "{'linkId':'x','type':'string','text':'x'," CAT("money") "}", "x",
                 "情報の区分(category)は、十二のどれかです。");
  assert_refused(w,
                 "{'linkId':'x','type':'string','text':'x','extension':[{'url':'" EXT "categry','valueCode':'basic'}]}",
                 "x", "知らない拡張(extension)です。docs/forms.md の名前を使ってください。");
  assert_refused(w, ITEM("x", "choice", ""), "x", "選択の項目に選択肢がありません。");
  assert_refused(w, ITEM("x", "string", "," OPTIONS), "x", "選択肢を書けるのは、選択の項目だけです。");
  assert_refused(w, ITEM("x", "string", ",'maxLength':30000"), "x",
                 "文字数の上限(maxLength)は、文字の項目に、1 から 20000 までで書いてください。");
  assert_refused(w, ITEM("x", "integer", ",'initial':[{'valueString':'a'}]"), "x",
                 "initial の値が、項目の型や選択肢に合いません。");
  assert_refused(w, ITEM("x", "string", ",'required':'yes'"), "x",
                 "「必ず書く」(required)、「くり返す」(repeats)、「読むだけ」(readOnly)は、true か false です。");
}

static void conditions_must_make_sense(void **state)
{
  struct world *w = *state;
  static const char reach[] = "条件(enableWhen)には、同じ行か外側にある、答えのある項目を書いてください。";
  assert_refused(w, ITEM("x", "string", ",'enableWhen':[{'question':'gone','operator':'exists','answerBoolean':true}]"),
                 "x", reach);
  assert_refused(w,
                 "{'linkId':'g','type':'group','text':'g','repeats':true,'item':[" ITEM("in", "string", "") "]}," ITEM(
                     "x", "string", ",'enableWhen':[{'question':'in','operator':'exists','answerBoolean':true}]"),
                 "x", reach);
  assert_refused(w,
                 ITEM("c", "choice", "," OPTIONS) "," ITEM(
                     "x", "string", ",'enableWhen':[{'question':'c','operator':'=','answerCoding':{'code':'q'}}]"),
                 "x", "条件(enableWhen)の答えが、もとの項目の種類や選択肢に合いません。");
  assert_refused(w,
                 ITEM("c", "choice", "," OPTIONS) "," ITEM(
                     "x", "string", ",'enableWhen':[{'question':'c','operator':'>','answerCoding':{'code':'a'}}]"),
                 "x", "大小をくらべられるのは、数・日付・時刻の項目だけです。");
  assert_refused(w,
                 ITEM("a", "boolean", ",'enableWhen':[{'question':'b','operator':'=','answerBoolean':true}]") "," ITEM(
                     "b", "boolean", ",'enableWhen':[{'question':'a','operator':'=','answerBoolean':true}]"),
                 "a", "条件(enableWhen)がつながりすぎているか、輪になっています。");
}

static void the_whole_is_checked(void **state)
{
  struct world *w = *state;
  const struct form *f = NULL;
  assert_int_equal(form_load(w->arena, S("{\"resourceType\":\"Patient\"}"), &f, &w->e), INVALID);
  assert_int_equal(form_load(w->arena, S("{"), &f, &w->e), INVALID);
  assert_int_equal(form_load(w->arena, S("{\"a\":1,\"a\":2}"), &f, &w->e), INVALID);
  assert_int_equal(world_try_form(w, "", &f), INVALID);
  assert_string_equal(w->e.msg, "様式に項目がありません。");
  struct buf deep;
  buf_init(&deep, w->arena, LIMIT_PAGE);
  for (int i = 0; i < 8; i++)
    buf_printf(&deep, "{'linkId':'g%d','type':'group','text':'g','item':[", i);
  buf_add_cstr(&deep, ITEM("x", "string", ""));
  for (int i = 0; i < 8; i++)
    buf_add_cstr(&deep, "]}");
  assert_int_equal(world_try_form(w, str_cstr(w->arena, buf_str(&deep)), &f), INVALID);
  assert_null(f);
}

static void what_a_group_says_holds_for_its_items(void **state)
{
  struct world *w = *state;
  const struct form *f =
      world_form(w, "{'linkId':'g','type':'group','text':'g','extension':[{'url':'" EXT
                    "category','valueCode':'mental'},{'url':'" EXT "mark','valueCode':'leaf2'},{'url':'" EXT
                    "source','valueCode':'staff'}],'item':[{'linkId':'x','type':'string','text':'x'},"
                    "{'linkId':'y','type':'string','text':'y'," CAT("basic") "}]}");
  const struct form_item *x = form_item_find(f, S("x")), *y = form_item_find(f, S("y"));
  assert_int_equal(x->category, 1 << 7);
  assert_int_equal(x->marks, FORM_MARK_LEAF2);
  assert_int_equal(x->source, FORM_SOURCE_STAFF);
  assert_int_equal(y->category, 1);
}

/* A condition that rests on something withheld would tell it by being there. */
static void conditions_do_not_tell(void **state)
{
  struct world *w = *state;
  const struct form *f = world_form(w, "{'linkId':'hit','type':'boolean','text':'暴力'," CAT("abuse") "}," ITEM(
                                           "after", "string",
                                           ",'enableWhen':[{'question':'hit','operator':'=','answerBoolean':true}"
                                           "]") "," ITEM("chain", "string",
                                                         ",'enableWhen':[{'question':'after','operator':'exists','"
                                                         "answerBoolean':true}]") "," ITEM("free", "string", ""));
  struct doc *answers = world_json(w, "{'hit':true,'after':'あと','chain':'くさり','free':'はなれ'}");
  w->c.mask.categories = 1;
  world_assert_doc(w, form_mask_answers(&w->c, f, answers).answers, "{'free':'はなれ'}");
  const char *page = world_text(w, form_render_input(&w->c, f, answers, NULL));
  assert_null(strstr(page, "暴力"));
  assert_null(strstr(page, "あと"));
}

/* != and exists tell of a withheld option as surely as = does. */
static void comparisons_do_not_tell(void **state)
{
  struct world *w = *state;
  const struct form *f = world_form(
      w, "{'linkId':'c','type':'choice','text':'c','repeats':true," CAT(
             "basic") ",'answerOption':[{'valueCoding':{'code':'a',"
                      "'display':'A'}},{" CAT(
                          "abuse") ",'valueCoding':{'code':'z','display':'暴力'}"
                                   "}]}," ITEM("ne", "string",
                                               ",'enableWhen':[{'question':'c','operator':'!=','answerCoding':{'code':'"
                                               "a'}}]") "," ITEM("ex", "string",
                                                                 ",'enableWhen':[{'question':'c','"
                                                                 "operator':'exists','answerBoolean':true}"
                                                                 "]") "," ITEM("eq", "string",
                                                                               ",'enableWhen':[{'question'"
                                                                               ":'c','operator':'=','"
                                                                               "answerCoding':{'code':'a'}"
                                                                               "}]") "," ITEM("bad", "string",
                                                                                              ",'"
                                                                                              "enableWhen'"
                                                                                              ":[{'"
                                                                                              "question':'"
                                                                                              "c','"
                                                                                              "operator':'"
                                                                                              "=','"
                                                                                              "answerCodin"
                                                                                              "g':{'code':"
                                                                                              "'z'}}]"));
  w->c.mask.categories = 1;
  struct doc *answers = world_json(w, "{'c':['a','z'],'ne':'1','ex':'2','eq':'3','bad':'4'}");
  world_assert_doc(w, form_mask_answers(&w->c, f, answers).answers, "{'c':['a'],'eq':'3'}");
}

/* A row in which only something withheld was written is no row. */
static void empty_rows_do_not_tell(void **state)
{
  struct world *w = *state;
  const struct form *f =
      world_form(w, "{'linkId':'g','type':'group','text':'g','repeats':true,'item':[" ITEM(
                        "n", "string", "") ",{'linkId':'m','type':'string','text':'m'," CAT("mental") "}]}");
  w->c.mask.categories = 1;
  struct doc *answers = world_json(w, "{'g':[{'m':'x'},{'n':'a','m':'y'},{'m':'z'}]}");
  world_assert_doc(w, form_mask_answers(&w->c, f, answers).answers, "{'g':[{'n':'a'}]}");
  struct form_reading r = {0}; /* and who does not see a column does not change the rows */
  assert_int_equal(form_read(&w->c, f, FORM_DRAFT, world_json(w, "{'g':[{'n':'b'}]}"), answers, &r, &w->e), OK);
  assert_true(doc_equal(r.answers, answers));
}

static const struct form *version(struct world *w, const char *number, const char *items)
{
  const struct form *f = NULL;
  struct str text = str_printf(w->arena,
                               "{'resourceType':'Questionnaire','url':'https://tsunagu.example/form/t','name':'t',"
                               "'version':'%s','status':'active','title':'t','item':[%s]}",
                               number, items);
  assert_int_equal(form_compile(w->arena, world_json(w, str_cstr(w->arena, text)), &f, &w->e), OK);
  return f;
}

static void versions_are_compared_in_words(void **state)
{
  struct world *w = *state;
  const struct form *a = version(
      w, "1",
      ITEM("x", "string", ",'maxLength':10") "," ITEM("gone", "string", "") "," ITEM("c", "choice", "," OPTIONS));
  const struct form *b =
      version(w, "2",
              "{'linkId':'x','type':'string','text':'新しい名','maxLength':20,'required':true," CAT("mental") "}," ITEM(
                  "c", "choice",
                  ",'answerOption':[{'valueCoding':{'code':'a','display':'A'}},{'valueCoding':{'code':'n','display':'N'"
                  "}}]") "," ITEM("fresh", "date", ""));
  world_assert_doc(
      w, form_compare(&w->c, a, b),
      "{'same':false,'added':[{'link':'fresh','label':'fresh'}],'removed':[{'link':'gone','label':'gone'}],'changed':["
      "{'link':'x','label':'新しい名','changes':[{'text':'名前が「x」から「新しい名」になりました。'},"
      "{'text':'情報の区分が「基本」から「こころ」になりました。'},{'text':'必須になりました。'},"
      "{'text':'文字数の上限が 10 から 20 になりました。'}]},"
      "{'link':'c','label':'c','changes':[{'text':'選択肢「Z」がなくなりました。'},{'text':'選択肢「N」が増えました。'}"
      "]}]}");
  assert_true(doc_get_bool(form_compare(&w->c, a, a), "same"));
}

static void the_sheet_is_a_paper(void **state)
{
  struct world *w = *state;
  const struct form *f = NULL;
  struct str pdf = STR_NONE;
  assert_int_equal(form_builtin(S("tsunagu-sheet"), STR_NONE, &f, &w->e), OK);
  struct doc *answers = world_json(w, "{'person_name':'金糸雀','concerns':['mental','abuse'],'worst':['mental'],"
                                      "'household':[{'member_name':'一'},{'member_name':'二'}],'likes':'絵'}");
  const char *paper = world_text(w, form_print(&w->c, f, answers));
  assert_non_null(strstr(paper, "{\"check\":\"worst\",\"text\":\"こころの問題(メンタルヘルス)\"}"));
  assert_non_null(strstr(paper, "{\"check\":\"on\",\"text\":\"DV・虐待のこと\"}"));
  assert_non_null(strstr(paper, "{\"check\":\"off\",\"text\":\"障害のこと\"}"));
  if (print_pdf(w->arena, LANG_JA, form_print(&w->c, f, answers), &pdf, &w->e) != OK)
    fail_msg("%s %s", w->e.msg, w->e.detail);
  assert_true(str_starts(pdf, S("%PDF")));
  assert_int_equal(print_pdf(w->arena, LANG_JA, form_print(&w->c, f, NULL), &pdf, &w->e), OK);
  w->c.mask.hide_marks = FORM_MARK_LEAF2 | FORM_MARK_SEPARATE; /* the family's copy */
  paper = world_text(w, form_print(&w->c, f, answers));
  assert_null(strstr(paper, "DV・虐待"));
  assert_null(strstr(paper, "別紙"));
  assert_null(strstr(paper, "\"page\""));
  assert_non_null(strstr(paper, "金糸雀"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      FORM_TEST(types_that_are_not_served),
      FORM_TEST(items_say_what_they_are),
      FORM_TEST(conditions_must_make_sense),
      FORM_TEST(the_whole_is_checked),
      FORM_TEST(what_a_group_says_holds_for_its_items),
      FORM_TEST(conditions_do_not_tell),
      FORM_TEST(comparisons_do_not_tell),
      FORM_TEST(empty_rows_do_not_tell),
      FORM_TEST(versions_are_compared_in_words),
      FORM_TEST(the_sheet_is_a_paper),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
