/* family.c: notes of the family and of what else is around: written, changed, ended. */
#include "family/family.h"

#include "family/family_sql.h"
#include "family/note.h"

const char *const family_relation_codes[] = {
#define X(name, code, label, sex) code,
    FAMILY_RELATIONS(X)
#undef X
        NULL};
const char *const family_sex_codes[] = {"1", "2", "9", NULL};
const char *const family_house_codes[] = {"same", "apart", NULL};
const char *const family_life_codes[] = {"alive", "dead", NULL};
const char *const family_couple_codes[] = {"married", "unmarried", "separated", "divorced", NULL};
const char *const family_tie_codes[] = {"strong", "plain", "weak", "stressed", "cut", NULL};

static const struct {
  const char *const *codes;
  const char *words[RELATION_COUNT];
} words[] = {{family_relation_codes,
              {
#define X(name, code, label, sex) TR(label),
                  FAMILY_RELATIONS(X)
#undef X
              }},
             {family_sex_codes, {TR("男性"), TR("女性"), TR("その他")}},
             {family_house_codes, {TR("同居"), TR("別居")}},
             {family_life_codes, {TR("健在"), TR("死亡")}},
             {family_couple_codes, {TR("婚姻中"), TR("未婚・事実婚"), TR("夫婦は別居"), TR("離婚")}},
             {family_tie_codes, {TR("強い"), TR("ふつう"), TR("弱い"), TR("対立・緊張がある"), TR("途切れている")}}};

const char *family_word(const char *const *codes, struct str code)
{
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    for (size_t k = 0; words[i].codes == codes && codes[k]; k++)
      if (str_is(code, codes[k]))
        return words[i].words[k];
  return "";
}

const char *family_tie_label(struct str code)
{
  return family_word(family_tie_codes, code);
}

/* ---- a note as it is sealed ---------------------------------------------------------------------------------------------- */

static const char *const kinds[] = {"member", "resource", "tie"};

bool note_kind_parse(struct str code, enum family_kind *ret)
{
  for (int i = 0; i < 3; i++)
    if (str_is(code, kinds[i])) {
      *ret = (enum family_kind)i;
      return true;
    }
  return false;
}

static struct seal_at note_at(const struct tx *tx, id64 row)
{
  return (struct seal_at){.table = "family_note", .column = "text_sealed", .network = tx_network(tx), .row = row};
}

static struct doc *note_doc(struct arena *a, const struct family_note *n)
{
  const struct {
    const char *key;
    struct str value;
  } all[] = {{"name", n->name}, {"relation", n->relation}, {"sex", n->sex}, {"born", n->born}, {"house", n->house},
             {"life", n->life}, {"couple", n->couple},     {"tie", n->tie}, {"note", n->note}};
  struct doc *d = doc_map(a);
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (all[i].value.n)
      doc_put_str(d, all[i].key, all[i].value);
  return d;
}

enum code note_open(struct tx *tx, const struct seal_key *key, const struct family_row *row, struct arena *a,
                    struct doc **ret, struct err *e)
{
  struct str text = STR_NONE;
  enum code c = unseal(a, key, note_at(tx, row->id), row->sealed, &text, e);
  return c == OK ? json_parse(a, text, ret, e) : c;
}

static enum code put_note(struct tx *tx, const struct scope *s, id64 note, const struct family_note *n, struct err *e)
{
  const struct seal_key *key = NULL;
  struct buf text;
  struct family_row row = {.id = id_new(tx_now(tx)),
                           .guardian = n->guardian,
                           .organization = n->organization,
                           .category = n->kind == FAMILY_MEMBER ? CAT_FAMILY : CAT_SUPPORT,
                           .source = n->source ? n->source : SOURCE_STAFF,
                           .kind = str_from(kinds[n->kind])};
  row.note = note ? note : row.id;
  buf_init(&text, tx_arena(tx), 256 << 10);
  json_write(&text, note_doc(tx_arena(tx), n));
  enum code c = person_key(tx, s, &key, e);
  if (c == OK)
    c = seal(tx_arena(tx), key, note_at(tx, row.id), buf_str(&text), &row.sealed, e);
  return c == OK ? family_sql_insert(tx, s, &row, e) : c;
}

/* ---- writing --------------------------------------------------------------------------------------------------------------- */

static enum code check_guardian(struct tx *tx, const struct scope *s, id64 guardian, struct err *e)
{
  struct doc *list = NULL;
  const struct reader nobody = {.today = date_of_ts(tx_now(tx))};
  struct str id = id_text(tx_arena(tx), guardian);
  enum code c = guardian ? person_guardians(tx, s, tx_arena(tx), &nobody, &list, e) : OK;
  for (size_t i = 0; i < doc_size(list); i++)
    if (str_eq(doc_get_str(doc_at(list, i), "id"), id))
      return OK;
  return c == OK && guardian ? err_set(e, NOT_FOUND, code_msg(NOT_FOUND)) : c;
}

static enum code check(struct tx *tx, const struct scope *s, const struct family_note *n, struct err *e)
{
  struct date born = {0};
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  if (!n->name.n && !n->guardian && n->kind != FAMILY_TIE)
    return err_field(e, "name", TR("名前か、呼び方を入力してください。「母の友人」のような書き方でもかまいません。"));
  if (n->born.n && (!date_parse_iso(n->born, &born) || date_compare(born, date_of_ts(tx_now(tx))) > 0))
    return err_field(e, "born", TR("生まれた年が、今日より先になっています。元号を確かめてください。"));
  return check_guardian(tx, s, n->guardian, e);
}

enum code family_add(struct tx *tx, const struct scope *s, const struct family_note *n, id64 *ret_note, struct err *e)
{
  id64 note = id_new(tx_now(tx));
  enum code c = check(tx, s, n, e);
  if (c == OK)
    c = put_note(tx, s, note, n, e);
  if (c == OK)
    *ret_note = note;
  return c;
}

struct own_note { /* the one that is looked for */
  struct tx *tx;
  const struct scope *s;
  const struct seal_key *key;
  struct arena *a;
  id64 note, organization, guardian;
  bool tie;
  struct doc *found;
  struct family_note kept; /* kind, guardian, organization, source */
  id64 found_note;
};

static enum code find_row(void *arg, const struct family_row *row, struct err *e)
{
  struct own_note *j = arg;
  enum family_kind kind;
  if (!scope_wrote(j->s, row->author) || !note_kind_parse(row->kind, &kind) ||
      (j->tie        ? kind != FAMILY_TIE || row->organization != j->organization /* a value, not a decision */
       : j->guardian ? row->guardian != j->guardian
                     : row->note != j->note))
    return OK;
  j->kept = (struct family_note){
      .kind = kind, .guardian = row->guardian, .organization = row->organization, .source = row->source};
  j->found_note = row->note;
  return note_open(j->tx, j->key, row, j->a, &j->found, e);
}

static enum code find(struct own_note *j, struct err *e)
{
  enum code c = person_key(j->tx, j->s, &j->key, e);
  return c == OK ? family_sql_each(j->tx, j->s, find_row, j, e) : c;
}

static enum code replace(struct tx *tx, const struct scope *s, id64 note, const struct family_note *n, struct err *e)
{
  bool there = false;
  enum code c = family_sql_end(tx, s, note, &there, e);
  if (c == OK && !there)
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  return c == OK ? put_note(tx, s, note, n, e) : c;
}

/* What stood masked in the form and came back so. */
static enum code unmask(struct tx *tx, const struct scope *s, const struct doc *stored, struct family_note *n,
                        struct err *e)
{
  struct needles *secret = NULL;
  struct str mark = str_from(CONCEALED_MARK);
  enum code c = person_concealed(tx, s, tx_arena(tx), &secret, e);
  if (c == OK && (!needles_restore(secret, tx_arena(tx), doc_get_str(stored, "name"), n->name, mark, &n->name) ||
                  !needles_restore(secret, tx_arena(tx), doc_get_str(stored, "note"), n->note, mark, &n->note)))
    return err_field(e, "note", TR("「秘匿あり」とある文は、そのまま残すか、文ごと消してください。"));
  return c;
}

enum code family_change(struct tx *tx, const struct scope *s, id64 note, const struct family_note *n, struct err *e)
{
  struct own_note j = {.tx = tx, .s = s, .a = tx_arena(tx), .note = note};
  struct family_note next = *n;
  enum code c = find(&j, e);
  if (c == OK && !j.found)
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  next.kind = j.kept.kind;
  next.guardian = j.kept.guardian;
  next.organization = j.kept.organization;
  if (c == OK)
    c = unmask(tx, s, j.found, &next, e);
  if (c == OK)
    c = check(tx, s, &next, e);
  return c == OK ? replace(tx, s, note, &next, e) : c;
}

enum code family_end(struct tx *tx, const struct scope *s, id64 note, struct err *e)
{
  bool there = false;
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  enum code c = family_sql_end(tx, s, note, &there, e);
  return c == OK && !there ? err_set(e, NOT_FOUND, code_msg(NOT_FOUND)) : c;
}

enum code family_tie(struct tx *tx, const struct scope *s, id64 organization, struct str tie, struct err *e)
{
  struct own_note j = {.tx = tx, .s = s, .a = tx_arena(tx), .tie = true, .organization = organization};
  const struct family_note n = {.kind = FAMILY_TIE, .organization = organization, .tie = tie, .source = SOURCE_STAFF};
  id64 note = 0;
  enum code c = find(&j, e);
  if (c != OK || (!j.found && !tie.n))
    return c;
  if (!tie.n)
    return family_end(tx, s, j.found_note, e);
  c = check(tx, s, &n, e);
  if (c == OK)
    c = j.found ? replace(tx, s, j.found_note, &n, e) : family_add(tx, s, &n, &note, e);
  return c;
}

enum code family_follow(struct tx *tx, const struct scope *s, id64 guardian, id64 to, struct str name, struct err *e)
{
  struct own_note j = {.tx = tx, .s = s, .a = tx_arena(tx), .guardian = guardian};
  enum code c = find(&j, e);
  if (c != OK || !j.found)
    return c;
  struct family_note n = j.kept;
  n.guardian = to;
  n.name = to ? STR_NONE : name;
  n.relation = doc_get_str(j.found, "relation");
  n.sex = doc_get_str(j.found, "sex");
  n.born = doc_get_str(j.found, "born");
  n.house = doc_get_str(j.found, "house");
  n.life = doc_get_str(j.found, "life");
  n.couple = doc_get_str(j.found, "couple");
  n.tie = doc_get_str(j.found, "tie");
  n.note = doc_get_str(j.found, "note");
  return replace(tx, s, j.found_note, &n, e);
}

enum code family_note_get(struct tx *tx, const struct scope *s, id64 note, struct arena *a, struct doc **ret,
                          struct err *e)
{
  struct own_note j = {.tx = tx, .s = s, .a = a, .note = note};
  enum code c = find(&j, e);
  if (c == OK && (!j.found || j.kept.kind == FAMILY_TIE))
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  if (c != OK)
    return c;
  doc_put_cstr(j.found, "source", source_code(j.kept.source));
  doc_put_id(j.found, "guardian_id", j.kept.guardian);
  doc_put_bool(j.found, "is_member", j.kept.kind == FAMILY_MEMBER);
  *ret = j.found;
  return c;
}
