/* demo_family.c: the families of the lives that are told, and what else is around them. */
#include "cli/demo_life.h"
#include "family/family.h"

/* The year in which somebody of that age was born. */
static struct str born_text(struct arena *a, const struct demo_town *town, int age)
{
  return age ? str_printf(a, "%04d", town->today.year - age) : STR_NONE;
}

static struct family_note note_of(struct arena *a, const struct stage *st, const struct life_relative *r)
{
  return (struct family_note){.kind = r->resource ? FAMILY_RESOURCE : FAMILY_MEMBER,
                              .guardian = r->guardian ? st->out.guardian[r->guardian - 1] : 0,
                              .name = str_from(r->name),
                              .relation = str_from(r->relation),
                              .born = born_text(a, st->town, r->age),
                              .house = str_from(r->house),
                              .life = str_from(r->life),
                              .couple = str_from(r->couple),
                              .tie = str_from(r->tie),
                              .note = str_from(r->note),
                              .source = SOURCE_AROUND};
}

enum code demo_family(struct tx *tx, const struct scope *s, const struct stage *st, struct err *e)
{
  const struct life_family *f = st->scene->family;
  enum code c = OK;
  for (int i = 0; c == OK && i < LIFE_RELATIVES && f->who[i].relation; i++) {
    struct family_note n = note_of(tx_arena(tx), st, &f->who[i]);
    id64 id = 0;
    c = family_add(tx, s, &n, &id, e);
  }
  return c == OK && f->tie ? family_tie(tx, s, scope_organization(s), str_from(f->tie), e) : c;
}
