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
    return range(1, total + 1) if total <= most else sorted({1 + i * (total - 1) // (most - 1) for i in range(most)})


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
    return {value} if isinstance(value, str) and value else set()


def pages(town, someone):
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
        if status in (0, 500, 503):
            return leaves(document) - leaves(before[1]) - ERRORS and isinstance(document, dict) and "error" not in document
        if status != before[0] and status != 200:
            return f"answered {status} instead of {before[0]}"
        if status == 200 and before[0] != 200:
            return f"answered 200 instead of {before[0]}"
        if document in (before[1], after[1]):
            return ""
        more, less = leaves(document) - leaves(before[1]) - leaves(after[1]), leaves(before[1]) & leaves(after[1]) - leaves(document)
        return f"other words: {sorted(more)[:3]} {sorted(less)[:3]}" if more or less else ""


ERRORS = set()


def settle(serve, browser):
    for _ in range(3):
        browser.ask("GET", "/healthz")


def reads(tree, fault):
    home = f"{tree}/reads"
    os.mkdir(home)
    town = Town(home)
    serve = town.serve(env=fault.env)
    people = {login: town.browser(serve, login) for login in ("suzuki", "tanaka", "sato", "matsumoto", "nakamura", "watanabe", "ito")}
    paths = pages(town, people["suzuki"])
    bad, grew, trials, told, seen = [], [], 0, 0, 0
    chosen = [(login, path) for i, path in enumerate(paths) for k, login in enumerate(people) if MOST > 60 or (i + k) % 7 == 0 or login == "sato" and i % 3 == 0]
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


PARTS = {"commands": commands, "starts": starts, "reads": reads}


def main(tree):
    fault = Fault(f"{tree}/fault")
    for name in [a for a in sys.argv if a in PARTS] or PARTS:
        PARTS[name](tree, fault)


sys.exit(in_tree(main))
