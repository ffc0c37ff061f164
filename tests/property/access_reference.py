#!/usr/bin/env python3
"""access_reference: who may see what, said a second time.

Written from docs/access.md alone, without a look at src/access, so that a mistake in the engine does not repeat itself here. Where the
engine works on bit masks and rows in order, this one asks for each category by itself "is there a way to it?" and collects sets.

Usage: access_reference.py [--count N] [--seed S] [--processes P] PROGRAM
Runs `PROGRAM --count N --seed S` in P shares, reads one case a line (JSON: actor, action, at, facts, decision; names and numbers are
those of access.h; until 0 is open) and compares every field of the decision. A first line {"roles": …} is the table role x action.
Ends with the number of differences; exits 1 when there is one. `access_reference.py -` reads cases from its own input."""
import argparse
import json
import multiprocessing
import subprocess
import sys

CATEGORIES = 12
ITEMS = (1, 2, 4, 8)
FOUR_HOURS = 4 * 3600 * 1000
PERSON, GUARDIAN = 1, 2  # parties of a consent
JOINT = 1                # authority; sole, daily and urgent suffice alone
ALONE = (2, 3, 4)
COMPARED = ("allowed", "own", "others", "visit_only", "guardian_only", "hidden_items", "concealment", "read_only")
IN_ORGANIZATION = ("manager", "worker", "clerk", "volunteer", "coordinator", "auditor", "admin")


def live(row, at):
    return row["from"] <= at and (row["until"] == 0 or at < row["until"])


def named(row, who):
    """A row against or for an organization, or one user."""
    return (row["organization"] != 0 and row["organization"] == who["organization"]) or (
        row["user"] != 0 and row["user"] == who["user"])


class Question:
    """One actor, one action, one person, one instant."""

    def __init__(self, case, roles):
        self.who, self.action, self.at, self.facts = case["actor"], case["action"], case["at"], case["facts"]
        self.rule = self.facts["rule"]
        self.role = roles[self.who["role"]]
        self.name = self.role["name"]

    def now(self, kind):
        return [row for row in self.facts[kind] if live(row, self.at)]

    # --- step 1: is this somebody, now?

    def present(self):
        who = self.who
        if not (who["session_from"] <= self.at < who["session_until"]):
            return False
        if self.role["second_factor"] and not who["second_factor"]:
            return False
        if self.name == "person":
            return who["person"] == self.facts["person"]
        if self.name == "guardian":
            return who["person"] == self.facts["person"] and any(g["id"] == who["guardian"] for g in self.now("guardians"))
        if self.name in IN_ORGANIZATION:
            return any(m["id"] == who["membership"] and m["user"] == who["user"] and m["organization"] == who["organization"]
                       and m["role"] == who["role"] for m in self.now("memberships"))
        return True

    # --- who works on it

    def works(self):
        who = self.who
        if any(a["user"] == who["user"] and a["organization"] == who["organization"] for a in self.now("assignments")):
            return True
        reached = self.now("participations") + self.now("connections")
        return self.name == "manager" and any(r["organization"] == who["organization"] for r in reached)

    def stands_in(self):
        who = self.who
        if not self.rule["stand_in_allowed"]:
            return False
        ours = {r["case_id"] for kind in ("participations", "connections") for r in self.now(kind)
                if r["organization"] == who["organization"]}
        return any(s["user"] == who["user"] and s["organization"] == who["organization"] and s["case_id"] in ours
                   for s in self.now("stand_ins"))

    # --- permit b: consent

    def standing(self, rows):
        """The consents of one party that stand: a later refusal ends the earlier ones."""
        said = sorted((r for r in rows), key=lambda r: (r["from"], r["id"]))
        after = 0
        for place, row in enumerate(said):
            if row["refused"]:
                after = place + 1
        return said[after:], bool(said) and said[-1]["refused"]

    def consent(self, category):
        """Is there a consent that lets the actor's organization know this category?"""
        rows = [r for r in self.now("consents")
                if not r["withdrawn"] and r["organization"] == self.who["organization"] and r["organization"] != 0]
        person, refused = self.standing([r for r in rows if r["by"] == PERSON])
        if refused and not self.rule["guardian_overrides"]:
            return False
        by_person = any(r["categories"] >> category & 1 for r in person)
        if not self.facts["own_known"]:
            if not self.now("guardians"):
                return by_person
            return by_person and self.guardians_agree(rows, category)
        if self.at >= self.facts["own_from"]:
            return by_person
        heard = not self.rule["heard_needed"] or bool(person) or any(r["heard"] for r in self.counted(rows))
        return heard and self.guardians_agree(rows, category)

    def of_guardian(self, rows, guardian):
        return self.standing([r for r in rows if r["by"] == GUARDIAN and r["guardian"] == guardian])[0]

    def alone(self, rows):
        """Standing consents on an authority that suffices alone."""
        givers = {r["guardian"] for r in rows if r["by"] == GUARDIAN}
        return [r for g in givers for r in self.of_guardian(rows, g) if r["authority"] in ALONE]

    def joint(self, rows):
        """Standing consents of the guardians who hold joint authority now: one list a guardian, None when one required is missing."""
        holders = {g["id"] for g in self.now("guardians") if g["authority"] == JOINT}
        given = [[r for r in self.of_guardian(rows, g) if r["authority"] == JOINT] for g in sorted(holders)]
        if self.rule["joint_needs_all"]:
            return given if given and all(given) else None
        return [[r for one in given for r in one]] if any(given) else None

    def counted(self, rows):
        return self.alone(rows) + [r for one in self.joint(rows) or [] for r in one]

    def guardians_agree(self, rows, category):
        if any(r["categories"] >> category & 1 for r in self.alone(rows)):
            return True
        together = self.joint(rows)
        return together is not None and all(any(r["categories"] >> category & 1 for r in one) for one in together)

    # --- permits c to e

    def basis(self, category):
        return any(r["organization"] == self.who["organization"] and r["complete"] and r["approver"] != r["requester"]
                   and r["categories"] >> category & 1 for r in self.now("bases"))

    def invited(self, category):
        return any(named(r, self.who) and r["categories"] >> category & 1 for r in self.now("invitations"))

    def glass_broken(self):
        return any(g["user"] == self.who["user"] and g["organization"] == self.who["organization"] and g["until"] != 0
                   and g["until"] - g["from"] <= FOUR_HOURS for g in self.now("break_glasses"))

    def barred(self, category, breaking):
        return any(named(r, self.who) and r["categories"] >> category & 1 and not (breaking and r["breakable"])
                   for r in self.now("restrictions"))

    # --- the answer

    def ways(self, category):
        """(own, others, by breaking glass) for one category, before restrictions."""
        if self.name in ("person", "guardian"):
            return False, True, False
        works, stands_in = self.works(), self.stands_in()
        own = works or stands_in
        others = (works or stands_in) and (self.consent(category) or self.basis(category)) or self.invited(category)
        return own, others, self.glass_broken()

    def grown(self):
        return not self.facts["own_known"] or self.at >= self.facts["own_from"]

    def answer(self):
        nothing = dict.fromkeys(COMPARED, 0)
        may = self.role["may"].get(self.action)
        if may is None or not self.present():
            return nothing
        own, others, broken = set(), set(), set()
        for category in range(CATEGORIES):
            if not may >> category & 1:
                continue
            to_own, to_others, glass = self.ways(category)
            if not self.barred(category, False):
                if to_own:
                    own.add(category)
                if to_others:
                    others.add(category)
            if glass and not self.barred(category, True):
                broken.add(category)
        if not own | others | broken:
            return nothing
        concealed = self.now("concealments")
        return {
            "allowed": 1,
            "own": sum(1 << c for c in own | broken),
            "others": sum(1 << c for c in others | broken),
            "visit_only": int(self.name == "volunteer"),
            "guardian_only": int(self.name == "guardian" and self.grown()),
            "hidden_items": sum(item for item in ITEMS if any(c["items"] & item and not self.opens(c) for c in concealed)),
            "concealment": int(bool(concealed)),
            "read_only": int(not own | others),
        }

    def opens(self, concealment):
        return self.action == "CONCEAL_OPEN" and any(
            h["concealment"] == concealment["id"] and h["user"] == self.who["user"] for h in self.now("holders"))


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
    roles = None
    for line in lines:
        case = json.loads(line)
        if "roles" in case:
            roles = case["roles"]
            for sentence in principles(roles):
                differences += 1
                say("the table role x action: " + sentence)
            continue
        cases += 1
        expected = Question(case, roles).answer()
        given = case["decision"]
        allowed += expected["allowed"]
        if any(int(given[name]) != expected[name] for name in COMPARED):
            differences += 1
            if differences <= limit:
                say("expected %s\nfor      %s" % (json.dumps(expected), line.strip()))
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
        shares = options.processes
        jobs = [(options.program, options.count // shares + (i < options.count % shares), options.seed * 1000 + i)
                for i in range(shares)]
        with multiprocessing.Pool(shares) as pool:
            results = pool.map(share, jobs, chunksize=1)
    cases, differences, allowed = (sum(column) for column in zip(*results))
    print("%d cases (%d allowed), %d differences" % (cases, allowed, differences))
    enough = options.program == "-" or cases == options.count
    return 0 if differences == 0 and cases and allowed and enough else 1


if __name__ == "__main__":
    sys.exit(main())
