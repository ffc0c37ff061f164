/* fields.c: the body of a POST, of every media type, through a table with every kind of field. */
#include "base/clock.h"
#include "fuzz.h"
#include "http/http_impl.h"

static const char *const colours[] = {"red", "green", "blue", NULL};

#define TABLE(needed)                                                                                                  \
  {                                                                                                                    \
    {.name = "name", .kind = FIELD_TEXT, .required = (needed), .max = 20, .label = "氏名"},                            \
        {.name = "note", .kind = FIELD_LINES, .max = 100}, {.name = "password", .kind = FIELD_SECRET},                 \
        {.name = "count", .kind = FIELD_INT, .min = -5, .max = 500}, {.name = "any", .kind = FIELD_INT},               \
        {.name = "agreed", .kind = FIELD_BOOL, .required = (needed)}, {.name = "birth", .kind = FIELD_DATE},           \
        {.name = "at", .kind = FIELD_TIME}, {.name = "person", .kind = FIELD_ID},                                      \
        {.name = "colour", .kind = FIELD_CHOICE, .options = colours},                                                  \
        {.name = "colours", .kind = FIELD_CHOICES, .options = colours},                                                \
        {.name = "tags", .kind = FIELD_TEXTS, .max = 10}, {.name = "answer", .kind = FIELD_MAP},                       \
    {                                                                                                                  \
      .name = NULL                                                                                                     \
    }                                                                                                                  \
  }
static const struct field form[] = TABLE(true);
static const struct field lenient[] = TABLE(false);

/* The first letter says how it came: u, m or j. False: refused, and then there is no document. */
static bool body(struct arena *a, struct str in, struct exchange **ret)
{
  struct exchange *x = arena_new_of(a, struct exchange);
  bool multipart = in.n && in.p[0] == 'm', json = in.n && in.p[0] == 'j';
  *x = (struct exchange){.rq = {.arena = a, .impl = x, .method = POST}};
  x->headers = arena_array(a, LIMIT_HEADERS, sizeof(*x->headers));
  x->headers[x->header_count++] = (struct header){S("content-type"), multipart ? S("multipart/form-data; boundary=X")
                                                                     : json    ? S("application/json")
                                                                            : S("application/x-www-form-urlencoded")};
  x->body_length = in.n ? in.n - 1 : 0;
  x->body = arena_copy(a, in.n ? in.p + 1 : "", x->body_length);
  *ret = x;
  if (!body_read(x).status)
    return true;
  HOLDS(!x->rq.raw);
  return false;
}

static void text_holds(const struct doc *input, const char *name, bool lines, int64_t max)
{
  struct err e = {0};
  struct str s = doc_get_str(input, name);
  HOLDS(field_check_text(s, lines, max, &e) == OK);
}

/* Every field is there, of its kind, and what it holds keeps its rule. */
static void input_holds(const struct request *rq)
{
  const struct doc *in = rq->input;
  struct date d;
  id64 id;
  HOLDS(doc_size(in) == sizeof(form) / sizeof(*form) - 1 && doc_size(rq->typed) == doc_size(in));
  text_holds(in, "name", false, 20);
  text_holds(in, "note", true, 100);
  HOLDS(utf8_valid(doc_get_str(in, "password")) && !doc_get_str(rq->typed, "password").n);
  HOLDS(doc_get_int(in, "count") >= -5 && doc_get_int(in, "count") <= 500 && doc_get_int(in, "any") >= 0);
  HOLDS(doc_kind(doc_get(in, "agreed")) == DOC_BOOL);
  HOLDS(!doc_get_str(in, "birth").n || date_parse_iso(doc_get_str(in, "birth"), &d));
  HOLDS(doc_get_str(in, "at").n == 0 || doc_get_str(in, "at").n == 5);
  HOLDS(!doc_get_str(in, "person").n || id_parse(doc_get_str(in, "person"), &id));
  HOLDS(doc_get_str(in, "colour").n <= 5 && doc_size(doc_get(in, "colours")) <= 3);
  HOLDS(doc_kind(doc_get(in, "tags")) == DOC_LIST && doc_size(doc_get(in, "tags")) <= LIMIT_REPEATS);
  HOLDS(doc_kind(doc_get(in, "answer")) == DOC_MAP || doc_kind(doc_get(in, "answer")) == DOC_LIST);
}

static void fields(struct arena *a, struct str in)
{
  struct exchange *x;
  struct request again = {.arena = a};
  if (!body(a, in, &x))
    return;
  HOLDS(doc_kind(x->rq.raw) == DOC_MAP);
  field_read(&x->rq, form, x->rq.raw);
  HOLDS(!arena_failed(a));
  input_holds(&x->rq);
  for (const struct problem *p = x->rq.problems; p; p = p->next)
    HOLDS(p->text.n && utf8_valid(p->text) && utf8_valid(p->field));
  (void)fuzz_json(a, x->rq.typed);
  field_read(&again, lenient, x->rq.input); /* what was read reads as itself */
  HOLDS(!again.problems && doc_equal(again.input, x->rq.input));
}
FUZZ_TARGET(fields);
