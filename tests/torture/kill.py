"""kill.py PROGRAM [--cycles N] [--every N]: the server is killed again and again while everybody writes: records, consents and their
withdrawal, sheets and connections, persons, services, sign-ins. What it acknowledged is there afterwards, once, with its event; what it did not answer
can be asked again. Every `every` lives the log is verified and the file checked."""
import random
from lib import *

KINDS = 10  # of writes
CYCLES, EVERY = option("--cycles", 20), option("--every", 10)


class Step:
    """One request of a story: whose, where, with which key and fields; `there(look)` tells whether what it does is done."""

    def __init__(self, kind, browser, path, key, fields, there):
        self.kind, self.browser, self.path, self.key, self.fields, self.there = kind, browser, path, key, fields, there


class Find:
    """No request: what stands in the file, as soon as there is a server again."""

    def __init__(self, town, sql, value):
        self.town, self.sql, self.value = town, sql, value

    def answer(self):
        look = self.town.look()
        try:
            return one(look, self.sql, self.value)
        except sqlite3.OperationalError:  # killed: nobody may recover the log but a writer
            return None
        finally:
            look.close()


class Writer:
    """Tells a story: a generator of steps that is sent where each one led. The step that got no answer is asked again in the next life."""

    def __init__(self, story):
        self.story, self.step, self.again = story, next(story), False
        self.done, self.odd = [], []  # of this life: (step, request id or None, location); other answers

    def life(self):
        while True:
            s = self.step
            if isinstance(s, Find):
                found = s.answer()
                if found is None:
                    return
                self.step = self.story.send(found)
                continue
            answer = s.browser.post(s.path, s.key, **s.fields)
            if not answer:
                self.again = True
                return
            status, headers, text = answer
            if status == 303:
                self.done.append((s, None if self.again else headers["X-Request-Id"], headers["Location"]))
                self.step = self.story.send(headers["Location"])
            elif status != 503:
                self.odd.append((s.kind, status, text[:200]))
                self.step = self.story.send(None)
            self.again = False


def one(look, sql, *values):
    return look.execute(sql, values).fetchone()[0]


# ---- the stories ------------------------------------------------------------------------------------------------------------------


def records(worker, case, first):
    n = first
    while True:
        minute = n % 1440
        yield Step("record", worker, case + "/records/new", f"record-{n:08d}",
                   dict(day=day(-2 - n // 1440), time=f"{minute // 60:02d}:{minute % 60:02d}", method="phone", met="voice",
                        paragraph__0__text=f"record <{n}>", paragraph__0__source="staff", paragraph__0__category="support"), None)
        n += 2


def consent_fields(receiver, purpose):
    return {"answer": "given", "by": "person", "heard": "1", "recipients": receiver, "preset": "standard", "purpose": purpose, "how": "tick",
            "from": day(), "until": day(100), "explained": "1", "older": "keep"}


def consents(town, worker, case, receiver):
    n = 0
    while True:
        n, purpose = n + 1, f"torture {n + 1}"
        led = yield Step("consent", worker, case + "/consents/new", f"consent-{n:06d}", consent_fields(receiver, purpose),
                         lambda look, purpose=purpose: one(look, "SELECT COUNT(*) FROM consent WHERE purposes = ?", purpose) == 1)
        if not led:
            continue
        consent = yield Find(town, "SELECT id FROM consent WHERE purposes = ?", purpose)
        yield Step("withdrawal", worker, f"/consents/{id_text(consent)}/withdraw", f"withdraw-{n:06d}", {"by": "person", "how": "oral"},
                   lambda look, consent=consent: one(look, "SELECT COUNT(*) FROM consent WHERE id = ? AND withdrawn_at IS NOT NULL", consent) == 1)


def connections(town, worker, manager, case, receiver):
    n = 0
    while True:
        n += 1
        led = yield Step("sheet", worker, case + "/sheets/new", f"sheet-{n:06d}", {}, None)
        if not led:
            continue
        sheet = led.split("/")[2]
        yield Step("saving", worker, f"/sheets/{sheet}/edit", f"save-{n:06d}", {"action": "save", "kind": "help", "receivers": receiver}, None)
        number = id_number(sheet)
        led = yield Step("sending", worker, f"/sheets/{sheet}/preview", f"send-{n:06d}", {},
                         lambda look, number=number: one(look, "SELECT COUNT(*) FROM connection WHERE sheet_id = ? AND state <> 'draft'", number) == 1)
        if not led:
            continue
        connection = yield Find(town, "SELECT id FROM connection WHERE sheet_id = ?", number)
        manager.ask("GET", f"/connections/{id_text(connection)}")  # to look is to have received
        yield Step("answer", manager, f"/connections/{id_text(connection)}/answer", f"answer-{n:06d}",
                   {"answer": "accept", "text": "we shall"},
                   lambda look, c=connection: one(look, "SELECT COUNT(*) FROM connection WHERE id = ? AND accepted_at IS NOT NULL", c) == 1)


def persons(worker):
    n = 0
    while True:
        n += 1
        yield Step("person", worker, "/cases/new", f"person-{n:06d}",
                   {"name": f"試験 {n}", "origin": "phone", "density": "B", "concern": f"concern {n}"}, None)


def services(coordinator, organization):
    n = 0
    while True:
        n += 1
        yield Step("service", coordinator, f"/directory/{organization}/services/new", f"service-{n:06d}", {"name": f"service {n}"},
                   lambda look, n=n: one(look, "SELECT COUNT(*) FROM service WHERE name = ?", f"service {n}") == 1)


class SignIns:
    """People who sign in; each life comes from another address, so that broken tries do not add up; those of an account do, and are
    refused in the end."""

    def __init__(self, serve_of, people):
        self.serve_of, self.people, self.lives = serve_of, people, 0
        self.done, self.odd = [], []

    def life(self):
        self.lives += 1
        while True:
            b = Browser(self.serve_of())
            b.address = f"127.{self.lives // 60000 % 250 + 1}.{self.lives // 250 % 250}.{self.lives % 250 + 1}"
            answer = b.try_sign_in(*self.people[self.lives % len(self.people)])
            if not answer or answer[0] == 429:
                return
            if answer[0] == 303:
                self.done.append((b, answer[1]["X-Request-Id"]))
            elif answer[0] != 503:
                self.odd.append(("sign-in", answer[0], answer[2][:200]))


def id_number(text):
    number = 0
    for letter in text:
        number = number << 5 | "0123456789abcdefghjkmnpqrstvwxyz".index(letter)
    return number


# ---- what must hold ----------------------------------------------------------------------------------------------------------------

# Rows that somebody wrote: table, when, who, person.
ROWS = [("record", "created_at", "author_user_id", "person_id"), ("consent", "created_at", "created_by", "person_id"),
        ("consent", "withdrawn_at", "withdrawn_by", "person_id"), ("sheet", "created_at", "author_user_id", "person_id"),
        ("connection_step", "at", "author_user_id", "person_id"), ("person", "created_at", "created_by", "id"),
        ("person_attribute", "from_at", "created_by", "person_id"), ("session", "created_at", "user_id", "NULL")]


def rows_without_event(look, since):
    """Every row's writer has an event of that very instant, about that person: they were one commit."""
    found = []
    for table, at, who, person in ROWS:
        found += [(table, *row) for row in look.execute(
            f"SELECT r.{at}, r.{who} FROM {table} r WHERE r.{at} >= ? AND NOT EXISTS (SELECT 1 FROM event e WHERE e.network_id = r.network_id"
            f" AND e.at = r.{at} AND e.user_id = r.{who} AND ({person} IS NULL OR e.person_id = {person}) AND e.kind IN (1, 6, 8))", (since,))]
    return found


def records_of_events(look, since):
    """(records, events of writing one): one for one. Two writes may fall into one instant: what most of those instants have is the writing of a record."""
    action = one(look, "SELECT e.action FROM event e JOIN record r ON r.created_at = e.at AND r.author_user_id = e.user_id"
                       " JOIN idempotency i ON i.user_id = e.user_id AND i.created_at = e.at WHERE i.key LIKE 'record-%' AND e.kind = 6"
                       " GROUP BY e.action ORDER BY COUNT(*) DESC LIMIT 1")
    return (one(look, "SELECT COUNT(*) FROM idempotency WHERE key LIKE 'record-%' AND created_at >= ?", since),
            one(look, "SELECT COUNT(*) FROM event WHERE at >= ? AND kind = 6 AND action = ?", since, action))


class Life:
    """What one life acknowledged is looked for in the next one."""

    def __init__(self, town):
        self.town, self.since, self.lost, self.bare, self.counts, self.records = town, 0, [], [], {}, set()

    def all_kinds(self, writers, signs):
        now = {step.kind for w in writers for step, _, _ in list(w.done)} | ({"sign-in"} if signs.done else set())
        return len(now | set(self.counts)) == KINDS

    def look_for(self, writers, signs):
        with self.town.look() as look:
            events = dict(look.execute("SELECT request, kind FROM event WHERE at >= ?", (self.since,)))
            for w in writers:
                for step, request, _ in w.done:
                    self.counts[step.kind] = self.counts.get(step.kind, 0) + 1
                    if step.kind == "record":
                        self.records.add(int(step.key.split("-")[1]))
                    if (request and request not in events) or (step.there and not step.there(look)):
                        self.lost.append((step.kind, step.key, request))
                w.done.clear()
            for _, request in signs.done:
                self.counts["sign-in"] = self.counts.get("sign-in", 0) + 1
                if events.get(request) != 8:
                    self.lost.append(("sign-in", request))
            newest = one(look, "SELECT MAX(at) FROM event")
            self.bare += rows_without_event(look, self.since)
            self.since = newest  # an instant may have more to come: it is looked at again
        look.close()


def begin(town, serve):
    """The writers, and the cases they write in."""
    worker, manager = town.browser(serve, "suzuki"), town.browser(serve, "sato")
    second, coordinator = town.browser(serve, "takahashi"), town.browser(serve, "ito")
    cases = [done(worker.post("/cases/new", f"case-begin-{i}", name=f"試験 {i}", birth="2008-04-05", origin="phone", density="B", other_person="1"))
             for i in range(3)]
    with town.look() as look:
        receiver = id_text(one(look, "SELECT id FROM organization WHERE name LIKE '%あおば%'"))
        other = id_text(one(look, "SELECT id FROM organization WHERE name LIKE '%さくら教室%'"))
        start = one(look, "SELECT MAX(at) FROM event")
    look.close()
    done(worker.post(cases[1] + "/consents/new", "consent-begin", **consent_fields(receiver, "begin")))
    stories = [records(worker, cases[0], 0), records(worker, cases[0], 1), consents(town, worker, cases[2], other),
               connections(town, worker, manager, cases[1], receiver), persons(second), services(coordinator, other)]
    return [Writer(s) for s in stories], [worker, manager, second, coordinator], cases[0], start


def main(tree):
    town = Town(tree)
    serve = town.serve()
    writers, people, case, start = begin(town, serve)
    life = Life(town)
    life.since = start
    signs = SignIns(lambda: serve, [(login, password) for login, (password, secret) in town.people.items() if not secret])
    chance, began, unsound = random.Random(1), time.time(), []
    for cycle in range(1, CYCLES + 1):
        threads = [threading.Thread(target=w.life) for w in (*writers, signs)]
        for t in threads:
            t.start()
        time.sleep(chance.uniform(0.02, 0.3))
        late = time.time() + 10  # on a busy machine some lives are too short for some kinds
        while cycle % EVERY == 0 and not life.all_kinds(writers, signs) and time.time() < late:
            time.sleep(0.01)
        serve.kill()
        for t in threads:
            t.join()
        serve = town.serve()
        if not serve.port:
            check(f"it starts again after kill {cycle}", False, serve.said())
            return
        for b in people:
            b.serve = serve
        life.look_for(writers, signs)
        if cycle % EVERY == 0 or cycle == CYCLES:
            good, said = town.verified()
            with town.look() as look:
                sound = one(look, "PRAGMA quick_check")
            look.close()
            if not good or sound != "ok":
                unsound.append((cycle, said, sound))
        signed = [b for b, _ in signs.done]
        signs.done.clear()
        for b in signed[-1:]:
            b.serve = serve
            answer = b.ask("GET", "/sessions")
            if not answer or answer[0] != 200:
                life.lost.append(("session", answer and answer[0]))
    end(town, serve, writers, life, case, people[0], [*signs.odd, *(o for w in writers for o in w.odd)], unsound, time.time() - began, start)


def end(town, serve, writers, life, case, worker, odd, unsound, seconds, start):
    note(f"{CYCLES} kills in {seconds:.0f} s; acknowledged: " + ", ".join(f"{n} {k}" for k, n in sorted(life.counts.items())))
    check("every kind of write was acknowledged", len(life.counts) == KINDS and sum(life.counts.values()) > CYCLES, life.counts)
    check("nothing else was answered", not odd, odd[:5])
    check("nothing acknowledged is lost", not life.lost, life.lost)
    check("no row is without its event", not life.bare, life.bare[:20])
    check("after the kills the log was whole and the file sound", not unsound, unsound[:3])
    for w in writers:  # unanswered: done or not, asked again it is there
        s = w.step
        if isinstance(s, Find):
            continue
        check(f"the unanswered {s.kind} is asked again", s.browser.post(s.path, s.key, **s.fields)[0] == 303)
    shown = worker.records(case)
    check("every acknowledged record is shown", life.records <= set(shown), sorted(life.records - set(shown))[:20])
    check("each record is there once", len(shown) == len(set(shown)), [n for n in set(shown) if shown.count(n) > 1])
    with town.look() as look:
        asked, events = records_of_events(look, start)
        check("as many records as events of writing one", asked == events, f"{asked} {events}")
        bare = rows_without_event(look, start)
        check("from the first to the last no row is without its event", not bare, bare[:20])
        check("the file is sound", one(look, "PRAGMA integrity_check") == "ok")
    look.close()
    good, said = town.verified()
    check("the log is whole", good, said)
    check("the server stops when told", serve.stop() == 0)


sys.exit(in_tree(main))
