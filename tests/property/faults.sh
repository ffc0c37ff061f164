#!/bin/sh
# faults.sh SOURCE_ROOT LIBCORE: builds the engine alone with one fault at a time; the tests of access must find every one. Each line below is
# file|sed script: what somebody might get wrong. A script that changes nothing, or a fault that nobody notices, is a failure.
set -eu
root=$1
core=$(realpath "$2")
work=$(mktemp -d /tmp/tsunagu-faults.XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
compile="${CC:-cc} -std=gnu17 -O1 -w -D_GNU_SOURCE -include $root/src/base/banned.h"

faults() {
  cat <<'END'
access.c|s/if (!live(who->session_from, who->session_until, at))/if (0)/
access.c|s/role_needs_second_factor(who->role) && !who->second_factor/0/
access.c|s/ && action != ACTION_SESSION_OWN//
access.c|s/m->role == who->role && //
access.c|s/m->role == who->role && live(m->from, m->until, at)/m->role == who->role/
access.c|s/m->user == who->user && m->organization == who->organization/m->user == who->user/
access.c|s/if (f && f->network != who->network)/if (0)/
access.c|s/(r->organization && r->organization == who->organization) ||//
access.c|s/ || (r->user && r->user == who->user)//
access.c|s/r->guardian == who->guardian))/0))/
access.c|s/return live(r->from, r->until, q->at) &&$/return/
access.c|s/if (!r->breakable)/if (r->breakable)/
access.c|s/q->ret->others |= q->breakable;/q->ret->others |= q->mask;/
access.c|s/b->until - b->from <= BREAK_GLASS_MS/b->until - b->from < BREAK_GLASS_MS/
access.c|s/ && b->until - b->from <= BREAK_GLASS_MS//
access.c|s/b->until != 0 &&//
access.c|s/if (!may || !action_reads(q->action))/if (!may)/
access.c|s/if (!may || !action_reads(q->action))/if (!action_reads(q->action))/
access.c|s/a->user && a->user == q->who->user && a->organization/a->organization/
access.c|s/a->user == q->who->user && a->organization == q->who->organization &&/a->user == q->who->user \&\&/
access.c|s/for (size_t i = 0; q->who->role == ROLE_MANAGER && i </for (size_t i = 0; i </
access.c|s/p->organization == q->who->organization && live(p->from, p->until, q->at)/p->organization == q->who->organization/
access.c|s/ || !q->facts->rule.stand_in_allowed || / || /
access.c|s/ || !action_of_stand_in(q->action)//
access.c|s/case_engages(q->facts, s->case_id, s->organization, q->at)/1/
access.c|s/(q->who->role == ROLE_MANAGER || q->who->role == ROLE_SERVICE)/1/
access.c|s/ && action_of_receiver(q->action)//
access.c|s/^    if (action_on_connection(q->action))$/    if (1)/
access.c|s/^  if (full || receiver) {/  if (1) {/
access.c|s/!b->complete || //
access.c|s/!b->approver || b->approver == b->requester/0/
access.c|s/b->organization != q->who->organization || !live(b->from, b->until, q->at)/!live(b->from, b->until, q->at)/
access.c|s/if (!action_of_invited(q->action))/if (0)/
access.c|s/v->organization == q->who->organization && sent/v->organization == q->who->organization/
access.c|s/if (invited(q, v) && live(v->from, v->until, q->at))/if (invited(q, v))/
access.c|s/q->ret->guardian_only = !authority || !f->own_known || /q->ret->guardian_only = !authority || /
access.c|s/q->ret->guardian_only = !authority || /q->ret->guardian_only = /
access.c|s/f->own_known || q->at >= f->own_from;/f->own_known || q->at > f->own_from;/
access.c|s/!c->refused && !c->withdrawn &&$/!c->withdrawn \&\&/
access.c|s/if (!guardian || q->who->person != f->person)/if (!guardian)/
access.c|s/if (g->id != q->who->guardian || !live(g->from, g->until, q->at))/if (g->id != q->who->guardian)/
access.c|s/q->action == ACTION_CONCEAL_OPEN && conceal_holds/conceal_holds/
access.c|s/if (q->action == ACTION_CONCEAL_OPEN && !holds)/if (0)/
access.c|s/h->concealment == concealment && h->user/h->user/
access.c|s/  d->own |= d->others;//
access.c|s/d->visit_only = q->who->role == ROLE_VOLUNTEER;//
access.c|s/d->hidden_marks = outside ? MARK_SEPARATE : 0;//
access.c|s/cats_t given = categories & q->open;/cats_t given = categories;/
access.c|s/engaged && f->rule.stand_in_allowed && q->open != 0/engaged \&\& q->open != 0/
access.c|s/return q->breakable != 0;/return true;/
agree.c|s/c->organization == q->who->organization && //
agree.c|s/ && !c->withdrawn//
agree.c|s/: a->id > b->id/: a->id < b->id/
agree.c|s/ && consent_same_party(r, c)//
agree.c|s/ && consent_later(r, c)//
agree.c|s/if (c->refused || !consent_live(q, c))/if (!consent_live(q, c))/
agree.c|s/(a->by == PARTY_PERSON || a->guardian == b->guardian)/1/
agree.c|s/s.refused = refusal && !s.given;/s.refused = refusal;/
agree.c|s/sum.categories = before & one.categories;/sum.categories = before | one.categories;/
agree.c|s/if (all && !one.given)/if (0)/
agree.c|s/bool all = q->facts->rule.joint_needs_all/bool all = true/
agree.c|s/if (g->authority != AUTHORITY_JOINT || !live(g->from, g->until, q->at))/if (g->authority != AUTHORITY_JOINT)/
agree.c|s/    if (!live(g->from, g->until, q->at))/    if (0)/
agree.c|s/a == AUTHORITY_SOLE || a == AUTHORITY_DAILY || a == AUTHORITY_URGENT/a == AUTHORITY_SOLE/
agree.c|s/ && !f->rule.guardian_overrides//
agree.c|s/f->rule.heard_needed && !guardians.heard && !person.given/f->rule.heard_needed \&\& !guardians.heard/
agree.c|s/f->rule.heard_needed && !guardians.heard/!guardians.heard/
agree.c|s/q->at >= f->own_from/q->at > f->own_from/
agree.c|s/unknown ? !any_guardian(q)/unknown ? true/
agree.c|s/cats_t both = person.categories & guardians.categories/cats_t both = person.categories | guardians.categories/
agree.c|s/.joint = both & joint.categories/.joint = both/
ask.h|s/from <= at &&/from < at \&\&/
ask.h|s/at < until)/at <= until)/
roles.c|s/r == ROLE_COORDINATOR || r == ROLE_AUDITOR/r == ROLE_AUDITOR/
roles.c|s/\(ACTION_PERSON_READ\] = "AA\)B/\1A/
roles.c|s/CAT_ALL & ~(CAT_MENTAL | CAT_ABUSE)/CAT_ALL/
END
}

# The engine as it stands in $work/src, and the three programs that judge it.
build() {
  for part in access agree roles; do
    $compile -I"$work/src" -I"$root/src" -c "$work/src/access/$part.c" -o "$work/$part.o" || return 1
  done
  $compile "$work/unit.o" "$work/access.o" "$work/agree.o" "$work/roles.o" "$core" -lcmocka -o "$work/unit" &&
    $compile "$work/story.o" "$work/access.o" "$work/agree.o" "$work/roles.o" "$core" -lcmocka -o "$work/story" &&
    $compile "$work/properties.o" "$work/world.o" "$work/access.o" "$work/agree.o" "$work/roles.o" "$core" -o "$work/properties" &&
    $compile "$work/cases.o" "$work/world.o" "$work/access.o" "$work/agree.o" "$work/roles.o" "$core" -o "$work/cases"
}

# 0 when every test is content.
content() {
  timeout 60 "$work/unit" >/dev/null 2>&1 && timeout 60 "$work/story" >/dev/null 2>&1 &&
    timeout 60 "$work/properties" 20000 >/dev/null 2>&1 &&
    timeout 60 python3 "$root/tests/property/access_reference.py" --count 8000 --processes 1 "$work/cases" >/dev/null 2>&1
}

mkdir -p "$work/src/access"
fresh() { cp "$root"/src/access/access.[ch] "$root"/src/access/agree.c "$root"/src/access/ask.h "$root"/src/access/roles.c "$work/src/access/"; }
$compile -I"$root/src" -c "$root/tests/unit/access.c" -o "$work/unit.o"
$compile -I"$root/src" -c "$root/tests/unit/access_story.c" -o "$work/story.o"
$compile -I"$root/src" -c "$root/tests/property/world.c" -o "$work/world.o"
$compile -I"$root/src" -c "$root/tests/property/access_properties.c" -o "$work/properties.o"
$compile -I"$root/src" -c "$root/tests/property/access_cases.c" -o "$work/cases.o"
fresh
build
content || {
  echo "the tests fail without any fault"
  exit 1
}

faults >"$work/list"
bad=0 count=0
while IFS='|' read -r file script; do
  fresh
  sed "$script" "$root/src/access/$file" >"$work/src/access/$file"
  count=$((count + 1))
  if cmp -s "$root/src/access/$file" "$work/src/access/$file"; then
    echo "no longer a fault: $file|$script"
    bad=1
  elif ! build 2>"$work/errors"; then
    echo "does not compile: $file|$script"
    head -5 "$work/errors"
    bad=1
  elif content; then
    echo "nobody noticed: $file|$script"
    bad=1
  fi
done <"$work/list"
echo "$count faults"
exit $bad
