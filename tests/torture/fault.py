"""fault.py PROGRAM [--most N] [commands|reads|writes ...]: each call that reads, writes, syncs, renames, opens or asks for memory fails, one after the other, once and
for good. The program does not crash, says what is wrong, shows nobody what he may not see, loses nothing that it acknowledged, keeps no
memory, and goes on when calls succeed again. --most: so many places of each row of calls are tried."""
from lib import *

MOST = option("--most", 20)
ENOSPC, EIO, EMFILE, ENOMEM = 28, 5, 24, 12
# How calls of each kind fail.
HOWS = {"read": (EIO, SHORT), "write": (EIO, ENOSPC, SHORT), "sync": (EIO,), "name": (EIO,), "open": (EMFILE,), "memory": (ENOMEM,)}


def places(total, most):
    """Which of so many calls: all, or so many of them from the first to the last."""
    return range(1, total + 1) if total <= most else sorted({1 + i * (total - 1) // max(1, most - 1) for i in range(most)})


def ways(what, total, most=None):
    """(place, how often, how) of every trial."""
    for how in HOWS[what]:
        for at in places(total, (most or MOST) // len(HOWS[what]) + 1):
            yield at, 1, how
            if how != SHORT:  # a medium that never takes more than half is no medium
                yield at, FOR_GOOD, how


# ---- commands ----------------------------------------------------------------------------------------------------------------------


def copy_of(town, tree):
    """The town's files in a folder of their own."""
    shutil.rmtree(f"{tree}/copy", ignore_errors=True)
    shutil.copytree(os.path.dirname(town.path), f"{tree}/copy")
    copy = Town.__new__(Town)
    copy.tree, copy.path, copy.db, copy.args, copy.people = f"{tree}/copy", f"{tree}/copy/town.db", f"sqlite:{tree}/copy/town.db", [], town.people
    return copy


def try_command(name, fault, prepare, args, after):
    """A command with each call failing; `after` says what is wrong then, or nothing."""
    bad, trials, failed = [], 0, 0
    for what in HOWS:
        prepare()
        fault.arm(what, 0)
        code, said = run(*args, env=fault.env)
        total = fault.disarm()[0]
        assert code == 0, said
        for at, times, how in ways(what, total):
            prepare()
            fault.arm(what, at, times, how)
            code, said = run(*args, env=fault.env, timeout=30)
            fault.disarm()
            trials, failed = trials + 1, failed + (code != 0)
            wrong = f"exit {code}: {said[-200:]}" if code is None or code < 0 or (code and not said.strip()) else after(code, said)
            if wrong:
                bad.append(f"{what} {at}/{total} times {times} how {how}: {wrong}")
    check(f"{name}: {trials} failures, {failed} told", trials and not bad, "\n".join(bad[:10]) + f"\n{len(bad)} in all")


def commands(tree, fault):
    home = f"{tree}/home"
    os.mkdir(home)
    town = Town(home)
    fresh = f"{tree}/fresh"
    password = f"{tree}/password"
    with open(password, "w") as f:
        f.write("kono machi no ohisama ha akarui\n")
    state = {}

    def prepare_copy():
        state["copy"] = copy_of(town, tree)

    def whole(code, said):
        good, more = state["copy"].verified()
        return "" if good else "afterwards: " + more

    def prepare_fresh():
        shutil.rmtree(fresh, ignore_errors=True)
        os.mkdir(fresh)

    init = ("init", "--db", f"sqlite:{fresh}/new.db", "--name", "Net", "--password-file", password)

    def again(code, said):
        """What did not come to its end can be begun again; what did is there."""
        second, more = run(*init)
        if second != 0 and code != 0:
            return f"exit {code}, {said[-200:]} and again: exit {second}: {more}"
        good, more = run("audit", "verify", "--db", f"sqlite:{fresh}/new.db")
        return "" if good == 0 else "afterwards: " + more

    path = f"sqlite:{tree}/copy/town.db"
    try_command("init", fault, prepare_fresh, init, again)
    if MOST < 10:  # the others are the long run's
        return
    try_command("audit verify", fault, prepare_copy, ("audit", "verify", "--db", path), whole)
    try_command("audit checkpoint", fault, prepare_copy, ("audit", "checkpoint", "--db", path), whole)
    try_command("migrate", fault, prepare_copy, ("migrate", "--db", path), whole)
    try_command("user password", fault, prepare_copy, ("user", "password", "suzuki", "--db", path, "--password-file", password), whole)


def starts(tree, fault):
    """The server with each call failing until it listens: it says why it does not, or serves; afterwards it starts as ever."""
    home = f"{tree}/start"
    os.mkdir(home)
    town = Town(home)
    bad, trials, refused = [], 0, 0
    for what in HOWS:
        fault.arm(what, 0)
        serve = town.serve(env=fault.env)
        total = fault.get("calls")
        fault.disarm()
        serve.stop()
        for at, times, how in ways(what, total):
            fault.arm(what, at, times, how)
            serve = town.serve(env=fault.env)
            fault.disarm()
            trials += 1
            if serve.port:
                answer = Browser(serve).ask("GET", "/healthz")
                code = serve.stop()
                wrong = code != 0 or not answer or answer[0] != 200
            else:
                code, answer = serve.process.wait(), None
                refused += 1
                wrong = code <= 0 or not serve.said().strip()
            if wrong:
                bad.append(f"{what} {at}/{total} times {times} how {how}: exit {code}, {answer and answer[0]}: {serve.said()[-300:]}")
    check(f"serve: {trials} failures while it starts, {refused} told", trials and not bad, "\n".join(bad[:10]) + f"\n{len(bad)} in all")
    serve = town.serve()
    check("then it starts as ever", serve.port and serve.stop() == 0)


# ---- reads -------------------------------------------------------------------------------------------------------------------------


def leaves(value):
    """Every text in a document."""
    if isinstance(value, dict):
        return set().union(*(leaves(v) for v in value.values())) if value else set()
    if isinstance(value, list):
        return set().union(*(leaves(v) for v in value)) if value else set()
    if isinstance(value, str) and value.startswith("\ufeff"):  # a list as a file
        return set(re.split(r"[,\r\n]+", value)) - {""}
    return {value} if isinstance(value, str) and value else set()


def pages(town):
    """Addresses of every kind, with everybody's ids in them."""
    code, said = run("routes")
    look = town.look()
    ids = {":" + table.split("_")[0]: [id_text(r[0]) for r in look.execute(f"SELECT id FROM {table} ORDER BY id")]
           for table in ("case_file", "sheet", "connection", "consent", "organization", "user_account", "membership")}
    look.close()
    ids[":org"] = ids[":organization"]
    paths = []
    for line in said.splitlines():
        found = re.match(r"GET\s+(/\S*)", line)
        if not found or found.group(1).endswith((".pdf", "/qr")):  # pango and cairo end the program when there is no memory
            continue
        path = found.group(1)
        params = re.findall(r":\w+", path)
        if not params:
            paths.append(path)
        elif len(params) == 1 and params[0] in ids:
            some = ids[params[0]]
            paths += [path.replace(params[0], i) for i in some[:: max(1, len(some) // 3)][:3]]
    return paths


class Reader:
    """Somebody's look at a page: what he sees when all is well, and what came while calls failed."""

    def __init__(self, browser, path):
        self.browser, self.path = browser, path

    def ask(self):
        answer = self.browser.ask("GET", self.path, accept="application/json")
        return (0, None) if not answer else (answer[0], json.loads(answer[2]) if answer[2].startswith("{") else answer[2])

    def wrong(self, before, got, after):
        """A document is the one of a good day or none; no word of it is one that is not his."""
        status, document = got
        if status == 0 or status >= 500:
            shown = {word for word in leaves(before[1]) & leaves(document) if len(word) > 3}
            return f"told of {status} and showed {sorted(shown)[:3]}" if shown else ""
        if status != before[0] and status != 200:
            return f"answered {status} instead of {before[0]}"
        if status == 200 and before[0] != 200:
            return f"answered 200 instead of {before[0]}"
        if document in (before[1], after[1]):
            return ""
        more, less = leaves(document) - leaves(before[1]) - leaves(after[1]), leaves(before[1]) & leaves(after[1]) - leaves(document)
        return f"other words: {sorted(more)[:3]} {sorted(less)[:3]}" if more or less else ""


def reads(tree, fault):
    home = f"{tree}/reads"
    os.mkdir(home)
    town = Town(home)
    serve = town.serve(env=fault.env)
    people = {login: town.browser(serve, login) for login in ("suzuki", "tanaka", "sato", "matsumoto", "nakamura", "watanabe", "ito")}
    paths = pages(town)
    bad, grew, trials, told, seen = [], [], 0, 0, 0
    part = 1 if MOST > 60 else 7 if MOST > 10 else 17
    chosen = [(login, path) for i, path in enumerate(paths) for k, login in enumerate(people) if (i + k) % part == 0]
    for login, path in chosen:
        b = people[login]
        reader = Reader(b, path)
        before, after = reader.ask(), reader.ask()
        for what in ("memory", "open", "read", "write", "sync"):
            fault.arm(what, 0)
            reader.ask()
            total = fault.disarm()[0]
            for at, times, how in ways(what, total):
                fault.arm(what, at, times, how)
                got = reader.ask()
                fault.disarm()
                trials, told, seen = trials + 1, told + (got[0] != before[0]), seen + 1
                if not serve.alive():
                    bad.append(f"{login} {path} {what} {at}/{total} times {times} how {how}: ended by {serve.process.returncode}: {serve.said()[-400:]}")
                    serve = town.serve(env=fault.env)
                    for other in people.values():
                        other.serve = serve
                    continue
                wrong = reader.wrong(before, got, after)
                if wrong:
                    after = reader.ask()  # a minute may be over
                    wrong = reader.wrong(before, got, after)
                if wrong:
                    bad.append(f"{login} {path} {what} {at}/{total} times {times} how {how}: {wrong}")
        after = reader.ask()
        if after[0] != before[0]:
            bad.append(f"{login} {path} afterwards: {after[0]} instead of {before[0]}: {str(after[1])[:300]}")
        if len(bad) > 20:
            break
    check(f"reads: {len(chosen)} pages of {len(people)} people, {trials} failures, {told} told; nobody sees more or something else", told and not bad,
          "\n".join(bad[:20]) + f"\n{len(bad)} in all")
    check("the server stops when told", serve.stop() == 0)
    good, said = town.verified()
    check("the log is whole", good, said)


# ---- memory that stays ---------------------------------------------------------------------------------------------------------------


ALIKE = 20


def blocks_after(fault, at, times, count, ask):
    """Blocks on the heap when all is quiet again after so many trials alike."""
    for _ in range(count):
        fault.arm("memory", at, times, ENOMEM)
        ask()
        fault.disarm()
    ask(), ask()
    least = fault.get("blocks")
    for _ in range(5):  # the connection is cleaned up a moment after its answer
        time.sleep(0.002)
        least = min(least, fault.get("blocks"))
    return least


def grows(fault, at, times, ask):
    """Does each trial keep a block? Pages and statements that are kept for later come by and by: those are no leak."""
    for _ in range(3):
        before = blocks_after(fault, at, times, 1, ask)
        if blocks_after(fault, at, times, ALIKE, ask) - before < ALIKE - 2:
            return False
    return True


def memory(tree, fault):
    home = f"{tree}/memory"
    os.mkdir(home)
    town = Town(home)
    serve = town.serve(env=fault.env)
    worker, receiver = town.browser(serve, "suzuki"), town.browser(serve, "sato")
    case = worker.json("/cases")["cases"][0]["href"]
    connection = next(path for path in pages(town) if re.fullmatch(r"/connections/\w{13}", path) and receiver.ask("GET", path)[0] == 200)
    number, bad, trials = [0], [], 0

    def write():
        number[0] += 1
        worker.record(case, number[0])

    asks = [("today", lambda: worker.ask("GET", "/today")), ("a case", lambda: worker.ask("GET", case)),
            ("a connection", lambda: receiver.ask("GET", connection)), ("consents", lambda: worker.ask("GET", case + "/consents/new")),
            ("a record", write), ("a sign-in refused", lambda: Browser(serve).ask("GET", "/today")), ("a search", lambda: worker.ask(
                "POST", "/cases", urlencode({"_csrf": worker.csrf, "q": "さくら"})))]
    for name, ask in asks:
        ask(), ask()
        fault.arm("memory", 0)
        ask()
        total = fault.disarm()[0]
        for at, times, _ in ways("memory", total, MOST // 2):
            trials += ALIKE
            if grows(fault, at, times, ask):
                bad.append(f"{name}: {at}/{total} times {times}")
        if not serve.alive():
            bad.append(f"{name}: ended by {serve.process.returncode}: {serve.said()[-400:]}")
            break
    check(f"memory: after {trials} failures nothing is kept", trials and not bad, "\n".join(bad))
    check("the server stops when told", serve.stop() == 0)


# ---- writes ------------------------------------------------------------------------------------------------------------------------


def writes(tree, fault):
    home = f"{tree}/writes"
    os.mkdir(home)
    town = Town(home)
    serve = town.serve(env=fault.env)
    worker = town.browser(serve, "suzuki")
    case = done(worker.post("/cases/new", "case-begin", name="試験", birth="2008-04-05", origin="phone", density="B"))
    look = town.look()
    other = id_text(look.execute("SELECT id FROM organization WHERE name LIKE '%さくら教室%'").fetchone()[0])
    counts = {"record": "SELECT COUNT(*) FROM record", "case": "SELECT COUNT(*) FROM case_file",
              "consent": "SELECT COUNT(*) FROM consent", "sheet": "SELECT COUNT(*) FROM sheet"}

    def post(kind, n):
        key = f"{kind}-{n:08d}"
        if kind == "record":
            return worker.record(case, n)
        if kind == "case":
            return worker.post("/cases/new", key, name=f"試験 {n}", origin="phone", density="B")
        if kind == "sheet":
            return worker.post(case + "/sheets/new", key)
        return worker.post(case + "/consents/new", key, answer="given", by="person", heard="1", recipients=other, preset="standard", how="tick",
                           purpose=f"torture {n}", until=day(100), explained="1", older="keep", **{"from": day()})

    trials, acknowledged, n = 0, 0, 0
    for kind, count in counts.items():
        bad, first, rows = [], n, look.execute(count).fetchone()[0]
        for what in HOWS:
            n += 1
            fault.arm(what, 0)
            done(post(kind, n))
            total = fault.disarm()[0]
            for at, times, how in ways(what, total):
                n += 1
                fault.arm(what, at, times, how)
                answer = post(kind, n)
                fault.disarm()
                trials += 1
                place = f"{what} {at}/{total} times {times} how {how}"
                if not serve.alive():
                    bad.append(f"{place}: ended by {serve.process.returncode}: {serve.said()[-400:]}")
                    serve = worker.serve = town.serve(env=fault.env)
                elif answer and answer[0] not in (303, 500, 503):
                    bad.append(f"{place}: answered {answer[0]}")
                again = post(kind, n)
                if not again or again[0] != 303:
                    bad.append(f"{place}: asked again it is {again and again[0]} after {answer and answer[0]}")
                elif answer and answer[0] == 303:
                    acknowledged += 1
                    if answer[1]["Location"] != again[1]["Location"]:
                        bad.append(f"{place}: it led to {answer[1]['Location']} and asked again to {again[1]['Location']}")
        there = look.execute(count).fetchone()[0] - rows
        if there != n - first:
            bad.append(f"{n - first} were asked for and {there} are there")
        check(f"{kind}: after {n - first} failures each is there once", n > first and not bad, "\n".join(bad[:12]) + f"\n{len(bad)} in all")
    note(f"{trials} failures, {acknowledged} acknowledged in spite of them")
    check("the file is sound", look.execute("PRAGMA integrity_check").fetchone()[0] == "ok")
    look.close()
    check("the server stops when told", serve.stop() == 0)
    good, said = town.verified()
    check("the log is whole", good, said)


PARTS = {"commands": commands, "starts": starts, "reads": reads, "memory": memory, "writes": writes}


def main(tree):
    fault = Fault(f"{tree}/fault")
    for name in [a for a in sys.argv if a in PARTS] or PARTS:
        PARTS[name](tree, fault)


sys.exit(in_tree(main))
