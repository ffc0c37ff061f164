#!/usr/bin/env python3
"""access_reference: who may see what, said a second time.

Written from docs/access.md alone, without a look at src/access, so that a mistake in the engine does not repeat itself here. Where the
engine works on bit masks and rows in order, this one asks for each category by itself "is there a way to it?" and collects sets.

Usage: access_reference.py [--count N] [--seed S] [--processes P] PROGRAM
Runs `PROGRAM --count N --seed S` in shares, each with a seed of its own, printed at the end, P at a time; reads one case a line (JSON: actor, action,
at, facts, decision; names and numbers are those of access.h; until 0 is open; without facts they are those of the line before) and compares every field of the decision. The first line {"roles": [{"name": "manager",
"second_factor": false, "may": {"CASE_READ": 4095, …}}, …]}, in the order of enum role, is the table role x action; what a role may never
do is absent.
Ends with the number of differences; exits 1 when there is one. `access_reference.py -` reads cases from its own input."""
import argparse
import json
import multiprocessing
import pathlib
import re
import subprocess
import sys

CATEGORIES = 12
ITEMS = (1, 2, 4, 8)
SHARE = 250000  # cases a seed
FOUR_HOURS = 4 * 3600 * 1000
PERSON, GUARDIAN = 1, 2   # parties of a consent
JOINT, ALONE = 1, (2, 3, 4)  # authority; sole, daily and urgent suffice alone
COMPARED = ("allowed", "own", "others", "visit_only", "guardian_only", "hidden_items", "concealment", "read_only", "sources", "hidden_marks")
OWN_WORDS, EVERY_SOURCE, SEPARATE = 1 << 1, 0b11110, 2  # bits of sources; the mark of a separate-room item
REASONS = 24  # more than these are not listed one by one
(OWN, CONSENT, BASIS, INVITATION, BREAK_GLASS, STAND_IN, THE_PERSON, THE_GUARDIAN, CONNECTION, ROLE, NO_SESSION, NO_FACTOR,
 NO_MEMBERSHIP, NO_ROLE, RESTRICTED, NO_PERMIT) = range(1, 17)
IN_ORGANIZATION = ("manager", "worker", "clerk", "volunteer", "coordinator", "auditor", "admin")
READING = ("PERSON_READ", "CASE_READ", "RECORD_READ", "SHEET_READ", "CONSENT_READ", "CONNECTION_READ")
OF_A_CONNECTION = ("CONNECTION_READ", "CONNECTION_ASSIGN", "CONNECTION_ANSWER")
OF_A_RECEIVER = OF_A_CONNECTION + ("SHEET_READ", "PERSON_READ", "CASE_READ")
HEADER = pathlib.Path(__file__).resolve().parents[2] / "src/access/access.h"
ABOUT_NETWORK = frozenset(re.findall(r'X\((\w+), *"[^"]*", *N\)', re.sub(r"\\\n\s*", "", HEADER.read_text(encoding="utf-8"))))
NOTHING = dict.fromkeys(COMPARED, 0)


def live(row, at):
    return row["from"] <= at and (row["until"] == 0 or at < row["until"])


def same(one, other):
    """0 is none and equals nothing."""
    return one != 0 and one == other


def has(row, category):
    return row["categories"] >> category & 1


def bits(categories):
    return sum(1 << c for c in categories)


class Agreement:
    """What the consents for one organization allow, at one instant."""

    def __init__(self, facts, organization, at):
        self.rule, self.facts, self.at = facts["rule"], facts, at
        self.guardians = [g for g in facts["guardians"] if live(g, at)]
        self.rows = [r for r in facts["consents"] if live(r, at) and not r["withdrawn"] and same(r["organization"], organization)]
        self.person, self.refused = self.party([r for r in self.rows if r["by"] == PERSON])

    @staticmethod
    def party(rows):
        """The consents of one party that still hold: those said after its last no. And: was that no its last word?"""
        noes = [(r["from"], r["id"]) for r in rows if r["refused"]]
        holding = [r for r in rows if not r["refused"] and all((r["from"], r["id"]) >= no for no in noes)]
        return holding, bool(noes) and not holding

    def of(self, guardian):
        return self.party([r for r in self.rows if r["by"] == GUARDIAN and r["guardian"] == guardian])[0]

    def alone(self):
        return [r for g in {g["id"] for g in self.guardians} for r in self.of(g) if r["authority"] in ALONE]

    def together(self):
        """One list of consents for each guardian who has to agree with the others; [] when that did not come about."""
        holders = {g["id"] for g in self.guardians if g["authority"] == JOINT}
        given = [[r for r in self.of(g) if r["authority"] == JOINT] for g in holders]
        if self.rule["joint_needs_all"]:
            return given if all(given) else []
        everybody = [r for one in given for r in one]
        return [everybody] if everybody else []

    def guardians_give(self, category):
        given = {r["id"] for r in self.alone() if has(r, category)}
        together = [{r["id"] for r in one if has(r, category)} for one in self.together()]
        return given.union(*together) if all(together) else given

    def heard(self):
        return bool(self.person) or any(r["heard"] for one in [self.alone()] + self.together() for r in one)

    def gives(self, category):
        """The consents by which this category may be known; none: it may not."""
        by_person = {r["id"] for r in self.person if has(r, category)}
        by_guardians = self.guardians_give(category)
        if not self.facts["own_known"]:
            return by_person if not self.guardians else by_person | by_guardians if by_person and by_guardians else set()
        if self.at >= self.facts["own_from"]:
            return by_person
        if self.refused and not self.rule["guardian_overrides"]:
            return set()
        if self.rule["heard_needed"] and not self.heard():
            return set()
        return by_guardians


class Question:
    """One actor, one action, one person, one instant."""

    def __init__(self, case, roles):
        self.who, self.action, self.at, self.facts = case["actor"], case["action"], case["at"], case["facts"]
        self.rule = self.facts["rule"]
        self.role = roles[self.who["role"]]
        self.name = self.role["name"]

    def now(self, kind):
        return [row for row in self.facts[kind] if live(row, self.at)]

    def ours(self, row):
        return same(row["organization"], self.who["organization"])

    def mine(self, row):
        return same(row["user"], self.who["user"])

    # --- step 1: is this somebody, now?

    def absent(self):
        """Why this is nobody now; 0 when it is somebody."""
        who = self.who
        if not (who["session_from"] <= self.at and (who["session_until"] == 0 or self.at < who["session_until"])):
            return NO_SESSION
        if self.role["second_factor"] and not who["second_factor"] and self.action != "SESSION_OWN":
            return NO_FACTOR
        if who["network"] != self.facts["network"]:
            return NO_MEMBERSHIP
        member = self.name not in IN_ORGANIZATION or any(
            m["id"] == who["membership"] and m["user"] == who["user"] and m["organization"] == who["organization"]
            and m["role"] == who["role"] for m in self.now("memberships"))
        return 0 if member else NO_MEMBERSHIP

    # --- step 3: restrictions

    def against(self, row):
        return self.ours(row) or self.mine(row) or (self.name == "guardian" and same(row["guardian"], self.who["guardian"]))

    def barred(self, category, breaking=False):
        return any(self.against(r) and has(r, category) and not (breaking and r["breakable"]) for r in self.now("restrictions"))

    # --- step 4: who works on it, who receives, who stands in

    def engaged(self):
        """The cases in which the actor's organization takes part or has anybody at work."""
        return {r["case_id"] for kind in ("participations", "assignments") for r in self.now(kind) if self.ours(r)}

    def works(self):
        """The cases it works on, and how."""
        found = {(OWN, a["case_id"]) for a in self.now("assignments") if self.mine(a) and self.ours(a)}
        if self.name == "manager":
            found |= {(OWN, p["case_id"]) for p in self.now("participations") if self.ours(p)}
        return found | self.stands_in()

    def leads(self):
        """Who looked is for the organization that leads (part 1) one of the person's cases."""
        return any(self.ours(p) and p["part"] == 1 for p in self.now("participations"))

    def stands_in(self):
        if not self.rule["stand_in_allowed"] or "STAND_IN" not in self.role["may"] or self.action not in READING + ("RECORD_WRITE",):
            return set()
        engaged = self.engaged()
        return {(STAND_IN, s["id"]) for s in self.now("stand_ins") if self.mine(s) and self.ours(s) and s["case_id"] in engaged}

    def receives(self):
        if self.name not in ("manager", "service") or self.action not in OF_A_RECEIVER:
            return set()
        return {(CONNECTION, c["id"]) for c in self.now("connections") if self.ours(c)}

    def law(self, category):
        return {(BASIS, b["id"]) for b in self.now("bases") if self.ours(b) and b["complete"] and b["requester"] and b["approver"]
                and b["requester"] != b["approver"] and has(b, category)}

    def invited(self, category):
        if self.action not in ("PERSON_READ", "CASE_READ"):
            return set()
        for_all = self.name in ("manager", "worker", "coordinator")
        return {(INVITATION, i["meeting"]) for i in self.now("invitations")
                if (self.mine(i) or (for_all and self.ours(i))) and has(i, category)}

    def glass_broken(self):
        if "BREAK_GLASS" not in self.role["may"] or self.action not in READING:
            return set()
        return {(BREAK_GLASS, g["id"]) for g in self.now("break_glasses")
                if self.mine(g) and self.ours(g) and g["until"] != 0 and g["until"] - g["from"] <= FOUR_HOURS}

    # --- permit g: the person and the guardians

    def guardian_limits(self):
        """None: no guardian of this person now. Otherwise (limited to what this guardian gave, what this guardian gave)."""
        who = self.who
        rows = [g for g in self.now("guardians") if same(g["id"], who["guardian"])]
        if not rows or not same(who["person"], self.facts["person"]):
            return None
        grown = not self.facts["own_known"] or self.at >= self.facts["own_from"]
        limited = grown or not any(g["authority"] for g in rows)
        gave = [r for r in self.now("consents") if r["by"] == GUARDIAN and r["guardian"] == who["guardian"]
                and not r["withdrawn"] and not r["refused"]]
        return limited, gave

    # --- the answer

    def asks(self, mask):
        """BREAK_GLASS and STAND_IN ask for access and open nothing themselves."""
        if self.action == "BREAK_GLASS":
            return any(not self.barred(c, True) for c in mask)
        return self.rule["stand_in_allowed"] and bool(self.engaged()) and any(not self.barred(c) for c in mask)

    def staff(self, category):
        """For one category, whatever bars it: the ways to rows of its own organization, to everybody's, and those by breaking glass."""
        if self.action in ("SEEN_READ", "SEEN_PRINT", "SEEN_EXPORT") and not self.leads():
            return set(), set(), set()
        own = set(self.working)
        others = self.invited(category)
        if self.action in OF_A_CONNECTION:
            own |= self.receiving
        if self.working or self.receiving:
            known = {(CONSENT, ref) for ref in self.agreement.gives(category)} | self.law(category)
            others |= known | (self.receiving if known else set())
        return own, others, set(self.broken)

    def of_family(self, category):
        """The same for the person and the guardians: what they may know, they may know of everybody's rows."""
        way = set()
        if self.name == "person" and same(self.who["person"], self.facts["person"]):
            way = {(THE_PERSON, self.facts["person"])}
        elif self.name == "guardian" and self.limits and (not self.limits[0] or any(has(r, category) for r in self.limits[1])):
            way = {(THE_GUARDIAN, self.who["guardian"])}
        return way, way, set()

    def gather(self):
        """What does not depend on the category."""
        self.limits = self.guardian_limits() if self.name == "guardian" else None
        self.agreement = Agreement(self.facts, self.who["organization"], self.at)
        self.working, self.receiving, self.broken = self.works(), self.receives(), self.glass_broken()

    def permits(self, mask):
        """own, others, glass: sets of categories; why: what they rest on; lost: a restriction took away what would have been given."""
        own, others, glass, why, lost = set(), set(), set(), set(), False
        self.gather()
        for category in mask:
            to_own, to_others, by_glass = (self.of_family if self.name in ("person", "guardian") else self.staff)(category)
            if self.barred(category):
                lost = lost or bool(to_own | to_others)
                to_own, to_others = set(), set()
            if self.barred(category, True):
                lost = lost or bool(by_glass)
                by_glass = set()
            for ways, categories in ((to_own, own), (to_others, others), (by_glass, glass)):
                if ways:
                    categories.add(category)
            why |= to_own | to_others | by_glass
        return own, others, glass, why, lost

    def opens(self, concealment):
        return self.action == "CONCEAL_OPEN" and any(
            same(h["concealment"], concealment["id"]) and self.mine(h) for h in self.now("holders"))

    def answer(self):
        """(the decision's fields, its reasons as pairs of kind and ref)"""
        gone = self.absent()
        may = self.role["may"].get(self.action)
        if gone or may is None:
            return NOTHING, {(gone or NO_ROLE, 0)}
        mask = [c for c in range(CATEGORIES) if may >> c & 1]
        if self.action in ABOUT_NETWORK:
            return dict(NOTHING, allowed=1, own=may, others=may, visit_only=int(self.name == "volunteer")), {(ROLE, 0)}
        if self.action in ("BREAK_GLASS", "STAND_IN"):
            if self.asks(mask):
                return dict(NOTHING, allowed=1), {(ROLE, 0)}
            return NOTHING, {(RESTRICTED if any(self.barred(c) for c in mask) else NO_PERMIT, 0)}
        own, others, glass, why, lost = self.permits(mask)
        concealed = self.now("concealments")
        shut = self.action == "CONCEAL_OPEN" and not any(self.opens(c) for c in concealed)
        if shut or not own | others | glass:
            return NOTHING, {(RESTRICTED if lost else NO_PERMIT, 0)}
        family = self.name in ("person", "guardian")
        return {
            "allowed": 1,
            "own": bits(own | others | glass),
            "others": bits(others | glass),
            "visit_only": int(self.name == "volunteer"),
            "guardian_only": int(bool(self.limits and self.limits[0])),
            "hidden_items": sum(i for i in ITEMS if any(c["items"] & i and not self.opens(c) for c in concealed)),
            "concealment": int(bool(concealed)),
            "read_only": int(not own | others),
            "sources": OWN_WORDS if family else EVERY_SOURCE,
            "hidden_marks": SEPARATE if family else 0,
        }, why


def principles(roles):
    """What the table role x action must be like, whatever it says in detail: sentences that are broken."""
    table = {role["name"]: role for role in roles}
    basic = 1
    sees = lambda name: {action: bits for action, bits in table[name]["may"].items() if bits}
    broken = []
    for name in ("auditor", "admin", "public"):
        if sees(name):
            broken.append("%s may see something of a person by %s" % (name, sorted(sees(name))))
    if any(bits & ~basic for bits in sees("clerk").values()):
        broken.append("a clerk may see more than the basic strip")
    if any(action.endswith(("WRITE", "SEND", "PRINT", "EXPORT")) and action != "RECORD_WRITE" for action in table["volunteer"]["may"]):
        broken.append("a volunteer may do more than write what the visit was like")
    for action, bits in sees("guardian").items():
        if action in ("CASE_READ", "RECORD_READ") or bits & ~table["person"]["may"].get(action, 0):
            broken.append("a guardian may see by %s what the person may not" % action)
    for name in ("coordinator", "auditor", "admin"):
        if not table[name]["second_factor"]:
            broken.append("%s signs in with one factor" % name)
    return broken


def compare(lines, say, limit=5):
    """Counts (cases, differences, allowed) and says the first few differences in full."""
    cases = differences = allowed = 0
    roles = facts = None
    for line in lines:
        case = json.loads(line)
        if "roles" in case:
            roles = case["roles"]
            for sentence in principles(roles):
                differences += 1
                say("the table role x action: " + sentence)
            continue
        cases += 1
        case["facts"] = facts = case.get("facts") or facts
        expected, why = Question(case, roles).answer()
        given = case["decision"]
        reasons = {(r["kind"], r["ref"]) for r in given["reasons"]}
        allowed += expected["allowed"]
        if any(int(given[name]) != expected[name] for name in COMPARED) or (reasons != why and len(given["reasons"]) < REASONS):
            differences += 1
            if differences <= limit:
                say("expected %s because of %s\nfor      %s" % (json.dumps(expected), sorted(why), json.dumps(case)))
    return cases, differences, allowed


def share(job):
    program, count, seed = job
    with subprocess.Popen([program, "--count", str(count), "--seed", str(seed)], stdout=subprocess.PIPE, text=True) as child:
        result = compare(child.stdout, lambda text: print(text, file=sys.stderr))
    return result if child.returncode == 0 else (0, 1, 0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=100000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("program")
    options = parser.parse_args()
    if options.program == "-":
        results = [compare(sys.stdin, print)]
    else:
        shares = max(options.processes, options.count // SHARE)
        jobs = [(options.program, options.count // shares + (i < options.count % shares), options.seed * 1000 + i)
                for i in range(shares)]
        with multiprocessing.Pool(options.processes) as pool:
            results = pool.map(share, jobs, chunksize=1)
    cases, differences, allowed = (sum(column) for column in zip(*results))
    seeds = "" if options.program == "-" else ", seeds %d to %d" % (jobs[0][2], jobs[-1][2])
    print("%d cases (%d allowed), %d differences%s" % (cases, allowed, differences, seeds))
    enough = options.program == "-" or cases == options.count
    return 0 if differences == 0 and cases and allowed and enough else 1


if __name__ == "__main__":
    sys.exit(main())
