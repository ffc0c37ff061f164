/* form.h: the questionnaire engine. A form is data: a FHIR R4 Questionnaire with a few extensions of our own (docs/forms.md),
 * loaded and checked once, and then used to read answers, to refuse wrong ones in words, to withhold what a reader may not
 * see, and to show the rest as inputs, as a page, as paper, as FHIR and as CSV. No database, no HTTP, no roles: what a reader
 * may see arrives as a mask, made from a scope by whoever calls.
 *
 * The answers document (canonical):
 *   - one map; keys are linkIds ([a-z][a-z0-9_]*). Groups that do not repeat are transparent: their items stand in the map
 *     of the nearest repeating group above, or at the top. A repeating group is a list of such maps.
 *   - boolean: bool. integer: int. decimal: real. string, text, url: text. choice: the option's code; with `repeats` a list
 *     of codes in the order of the options. open-choice: a code or {"text": "…"}. time: "10:02". dateTime: a date or
 *     "2026-11-18T10:02" at +09:00. date: "2026-11-18", "2026-11", "2026" or "unknown" (わからない; partly known and unknown
 *     only where the item says `partial`). Any other repeating item: a list.
 *   - what was not answered is absent. Maps of rows without any answer are dropped.
 * What was typed ("raw") is the same shape with looser leaves: every leaf may be text as typed, a date may be the map
 * {era, y, m, d, unknown, time}, a list may be one value or a map with numbers as keys ("household.0.name"), an open-choice
 * may be {code, text}. Canonical answers are legal raw input, so a page can be filled from either.
 *
 * Memory: everything returned lives in the arena of the context; a form lives in the arena it was loaded into, is never
 * changed after that, and may be shared between threads. */
#ifndef FORM_FORM_H
#define FORM_FORM_H
#include "base/clock.h"
#include "base/doc.h"
#include "http/http.h"
#include "view/view.h"

enum {
  FORM_ITEMS = 600,     /* most items in a definition */
  FORM_DEPTH = 6,       /* groups in groups */
  FORM_OPTIONS = 200,   /* options of one item */
  FORM_WHENS = 8,       /* conditions of one item */
  FORM_WHEN_WORK = 200, /* conditions to look at, in all, to know whether one item is switched on */
  FORM_PROBLEMS = 100   /* messages given back at once */
};

/* --- the definition, compiled ------------------------------------------------------------------------------------ */
enum form_type {
  FORM_GROUP,
  FORM_DISPLAY,
  FORM_BOOLEAN,
  FORM_DECIMAL,
  FORM_INTEGER,
  FORM_DATE,
  FORM_DATETIME,
  FORM_TIME,
  FORM_STRING,
  FORM_TEXT,
  FORM_URL,
  FORM_CHOICE,
  FORM_OPEN_CHOICE,
  FORM_TYPE_COUNT
};
enum form_op { FORM_EXISTS, FORM_EQ, FORM_NE, FORM_GT, FORM_LT, FORM_GE, FORM_LE };
/* VISIT: a volunteer may see it. SEPARATE: 別室項目, not while others look and not on the family's print. LEAF2: 別紙, never on
 * the copy handed to the family. VISIT and SEPARATE are the bits of access.h. */
enum form_mark { FORM_MARK_VISIT = 1, FORM_MARK_SEPARATE = 2, FORM_MARK_LEAF2 = 4 };
enum form_source {
  FORM_SOURCE_NONE,
  FORM_SOURCE_PERSON,
  FORM_SOURCE_AROUND,
  FORM_SOURCE_OTHER_BODY,
  FORM_SOURCE_STAFF
};
enum { FORM_CATEGORIES = 12 };
const char *form_category_label(int i);            /* catalog id: 「基本」 … for bit i, the bits of access.h */
const char *form_source_label(enum form_source s); /* 「本人の話」 … */

struct form_label {
  struct str ja, en, easy; /* en, easy: empty where the definition has none */
};

struct form_option {
  struct str code;
  struct form_label label;
  uint32_t category; /* its own or the item's */
  unsigned marks;
};

struct form_item;
struct form_when {
  const struct form_item *on;
  enum form_op op;
  const struct doc *value; /* canonical value of `on`; bool for EXISTS */
};

struct form_paper { /* where it stands on the paper original; 0 / empty: in the order of the definition */
  int page, order, column;
  struct str box;
};

struct form_item {
  struct str link, prefix, bind, unit,
      first_row; /* first_row: what the first row is called (本人); it cannot be removed */
  struct form_label label, hint;
  enum form_type type;
  bool required, repeats, read_only, partial, sign; /* sign: signed by hand on paper */
  bool when_any;                                    /* enableBehavior */
  bool has_min, has_max;
  double min, max;            /* of numbers */
  int64_t max_length;         /* code points; always set for texts */
  int64_t min_rows, max_rows; /* of what repeats */
  uint32_t category;          /* one bit, inherited; 0 only for groups and displays without */
  unsigned marks;             /* inherited */
  enum form_source source;    /* inherited */
  struct form_paper paper;
  const struct form_option *options;
  size_t option_count;
  const struct form_item *worst_of; /* this item is the ◎ of that one … */
  const struct form_item *worst;    /* … and the other way round */
  const struct form_when *when;
  size_t when_count;
  const struct doc *initial; /* canonical, or NULL */
  const struct form_item *parent, *child, *next;
  const struct form_item *row_of; /* nearest repeating group above, NULL at the top */
  unsigned index;                 /* dense, in document order */
};

struct form; /* opaque */

/* INVALID with a sentence and, in e->field, the linkId at fault, when the JSON is no Questionnaire this engine serves: unknown
 * types (attachment, reference, quantity), a linkId twice, an option twice, a condition on what does not stand above or in a
 * circle, an answerable item without category, an own extension that does not exist … */
enum code form_load(struct arena *a, struct str json, const struct form **ret, struct err *e) MUST_CHECK;
/* The same from a document that stays untouched; the form borrows from it. */
enum code form_compile(struct arena *a, const struct doc *questionnaire, const struct form **ret,
                       struct err *e) MUST_CHECK;
/* A form of the product, loaded once per process and never freed. version empty: the current one. NOT_FOUND with a sentence when
 * there is no such form or no such version. Files: forms/NAME.json, older versions forms/NAME@VERSION.json. */
enum code form_builtin(struct str name, struct str version, const struct form **ret, struct err *e) MUST_CHECK;

const char *form_builtin_name(size_t i); /* names of the product's forms; NULL after the last */

struct str form_name(const struct form *f);    /* "tsunagu-sheet" */
struct str form_version(const struct form *f); /* "2019.11.1" */
struct str form_title(const struct form *f, enum lang l);
/* What it is written for: a connection (つなぐシート), a page in a case, the card that the person hands on, or paper to be filled by hand. */
enum form_use { FORM_USE_CONNECTION, FORM_USE_CASE, FORM_USE_CARD, FORM_USE_BLANK };
enum form_use form_use(const struct form *f);
/* Is there more of it for a family's copy than its head? Not of what was told in a separate room. */
bool form_for_family(const struct form *f);
struct str form_number(const struct form *f);        /* 様式第1号; may be empty */
const struct doc *form_source(const struct form *f); /* the Questionnaire as loaded: the answer of the API */
size_t form_item_count(const struct form *f);
const struct form_item *form_item_at(const struct form *f, size_t index); /* document order */
const struct form_item *form_item_find(const struct form *f, struct str link);
const struct form_option *form_option_find(const struct form_item *it, struct str code);

/* --- who reads, and how ------------------------------------------------------------------------------------------- */
/* What may be seen. Zero is nothing. The rest only takes away. An item of choices is judged option by option; an item whose
 * condition rests on something withheld is withheld too, since its being there would tell. */
struct form_mask {
  uint32_t categories;   /* allowed */
  unsigned only_marks;   /* not 0: only items that carry one of these (a volunteer: VISIT) */
  unsigned hide_marks;   /* the family's copy: LEAF2 | SEPARATE; a counter with people around: SEPARATE */
  unsigned hide_sources; /* bits 1 << enum form_source (disclosure) */
  const char *const
      *hide_binds; /* concealed: "person.address" …, a bind of which one is a prefix counts; ends with NULL */
  bool quiet;      /* no note that something is withheld */
};
#define FORM_ALL_CATEGORIES ((1u << FORM_CATEGORIES) - 1)

struct form_context {
  struct arena *arena;
  enum lang lang;
  bool easy;    /* やさしい日本語 where the definition has it */
  bool western; /* dates 2026年 instead of 令和8年 */
  struct date today;
  struct form_mask mask;
  const char *prefix; /* of input names and problem fields; NULL: "answer" */
  /* Top groups by linkId, each list ending with NULL: only these, or all but these, are shown and may be written (the receiver's
   * answer is a group of the sheet). What is left out keeps its stored answers, gives no note, and is not part of what
   * form_mask_answers() and form_to_fhir() give. */
  const char *const *only, *const *skip;
  const char *const
      *fixed; /* items by linkId, ending with NULL: shown, and not to be changed, as if they were readOnly */
};

/* May this item (any part of it) be seen under the mask? For reports and exports. */
bool form_item_visible(const struct form_context *c, const struct form *f, const struct form_item *it);

/* --- reading answers ----------------------------------------------------------------------------------------------- */
enum form_stage {
  FORM_DRAFT, /* types are checked, nothing is required, what a condition has switched off is kept */
  FORM_FINAL  /* all rules; switched-off answers are dropped */
};
struct form_reading {
  struct doc *answers;      /* canonical; without the values that had a problem */
  struct problem *problems; /* in document order; NULL: none */
};
/* raw: the map typed (what stands under the prefix), or a whole QuestionnaireResponse. before: the stored answers or NULL. Items
 * that the mask withholds or that are readOnly keep what `before` says; input for withheld ones is refused with the same words as
 * for items that do not exist. Every text is checked (controls, length, マイナンバー). INVALID when there are problems; *ret is filled
 * then too (the one exception to the house rule), so that a draft can keep the good part. Never holds an answer in a message. */
enum code form_read(const struct form_context *c, const struct form *f, enum form_stage stage, const struct doc *raw,
                    const struct doc *before, struct form_reading *ret, struct err *e) MUST_CHECK;
/* Rows without script: a submit button of name PREFIX._row and value "add:household" or "remove:household:2" (nested:
 * "add:a.0.b"). True when raw asks for it; *ret is raw with the row added or removed, to be rendered again and not saved. */
bool form_edit_rows(const struct form_context *c, const struct form *f, const struct doc *raw, struct doc **ret);
/* Answers to begin with: `initial` of the items, and values by bind name ({"person.name": "…", "today": "2026-11-18"}); behind the first row of a
 * repeating group the rows of "rows.LINKID" (a list of canonical maps, of which its columns are taken). */
struct doc *form_begin(const struct form_context *c, const struct form *f, const struct doc *binds);

/* --- withholding ---------------------------------------------------------------------------------------------------- */
struct form_masked {
  struct doc *answers;
  struct str
      note; /* a sentence, empty when nothing of the form is withheld. It depends on form and mask alone, never on the
                      answers: it counts nothing and tells nothing. Withholding by hide_marks alone gives no note. */
};
/* Every output below masks by itself; this is for callers that hand the answers on as they are (API, connection's copy). */
struct form_masked form_mask_answers(const struct form_context *c, const struct form *f, const struct doc *answers);

/* --- showing --------------------------------------------------------------------------------------------------------- */
/* Inputs: the document of templates/form.mustache, to be put under some key and entered by a section: {{#sheet}}{{> form}}{{/sheet}}.
 * values: canonical or raw. problems: shown beside their fields and as a list on top. */
struct doc *form_render_input(const struct form_context *c, const struct form *f, const struct doc *values,
                              const struct problem *problems);
/* Reading: the document of templates/form_view.mustache. */
struct doc *form_render_view(const struct form_context *c, const struct form *f, const struct doc *answers);
/* Paper: a document for print_pdf() of view/print.h, as the original reads; the caller adds mark, form (様式第○号) and footer.
 * answers NULL: to be filled in by hand. The title holds the form's name, never a person's. */
struct doc *form_print(const struct form_context *c, const struct form *f, const struct doc *answers);
/* One value as text, as a page or a cell shows it. */
struct str form_value_text(const struct form_context *c, const struct form_item *it, const struct doc *value);
struct str form_label_text(const struct form_context *c, const struct form_label *l);

/* A Questionnaire made elsewhere, brought to what is served here, as a draft called `name`: input names for its linkIds, `category` (code) for every item,
 * types that there are, the options of value sets that came along, conditions as far as they can be said here. *ret_notes: texts of what
 * became something else. It may still be no form: form_compile() says. */
struct doc *form_adopt(struct arena *a, enum lang lang, const struct doc *questionnaire, struct str name,
                       const char *category, struct doc **ret_notes);

/* --- FHIR, versions ---------------------------------------------------------------------------------------------------- */
/* A QuestionnaireResponse; status "completed" or "in-progress"; authored 0: left out. */
struct doc *form_to_fhir(const struct form_context *c, const struct form *f, const struct doc *answers,
                         const char *status, ts_t authored);
/* The raw map of a QuestionnaireResponse for form_read (which calls this itself). INVALID when it answers another form or version. */
enum code form_from_fhir(const struct form_context *c, const struct form *f, const struct doc *response,
                         struct doc **ret, struct err *e) MUST_CHECK;
/* {same, added: [{link, label}], removed: […], changed: [{link, label, changes: [{text}]}]} in the reader's language. */
struct doc *form_compare(const struct form_context *c, const struct form *older, const struct form *newer);
/* What two sets of answers say differently, of what the mask lets be seen: list of {label, theirs, mine} (texts as a page shows them). */
struct doc *form_differ(const struct form_context *c, const struct form *f, const struct doc *theirs,
                        const struct doc *mine);

#endif
