#!/usr/bin/env python3
"""access_reference: who may see what, said a second time.

Written from docs/access.md alone, without a look at src/access, so that a mistake in the engine does not repeat itself here. Where the
engine works on bit masks, this one asks for each category by itself "is there a way to it?" and collects the answers in sets.

Usage: access_reference.py [--cases N] [--seed S] [--processes P] PROGRAM
runs `PROGRAM --count N --seed S` in P shares, reads one case a line (JSON: actor, action, at, facts, decision; the names are those of
access.h; times in milliseconds, until 0 is open) and compares every field of the decision. Ends with the number of differences and
exits 1 when there is one. `access_reference.py -` reads cases from its own input."""
import argparse
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

CATEGORIES = ("basic", "contact", "family", "education", "work", "health", "disability", "mental", "economy", "abuse", "support",
              "strength")
EVERYTHING = frozenset(range(len(CATEGORIES)))
ITEMS = (1, 2, 4, 8)
HOURS = 3600 * 1000
COMPARED = ("allowed", "own", "others", "visit_only", "guardian_only", "hidden_items", "concealment", "read_only")


def as_set(bits):
    return frozenset(i for i in EVERYTHING if bits & (1 << i))


def as_bits(chosen):
    return sum(1 << i for i in chosen)


def live(row, at):
    return row["from"] <= at and (row["until"] == 0 or at < row["until"])


class Question:
    """One actor, one action, one person, one instant."""

    def __init__(self, case, roles):
        self.who = case["actor"]
        self.action = case["action"]
        self.at = case["at"]
        self.facts = case["facts"]
        self.rule = self.facts["rule"]
        self.organization = self.who["organization"]
        self.user = self.who["user"]
        self.role = self.who["role"]
        self.may = roles[self.role].get(self.action)

    def now(self, kind):
        return [row for row in self.facts[kind] if live(row, self.at)]
