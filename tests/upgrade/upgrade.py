"""upgrade.py PROGRAM OLD [postgresql]: a network that an older version made and wrote to, under the present program: nothing is served before it is
migrated, everything is there afterwards, the log is whole, sessions go on, and there is no way back. OLD is the older program, or `stored`: a
network of invented people that the first version made, kept in first/. Prints TAP."""
import gzip, os, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "torture"))
from lib import *
import lib

# Tables that a migration may fill or a program keeps for itself.
OWN = {"schema_version", "sqlite_stat1", "sqlite_stat4", "sqlite_sequence", "chain", "service_secret"}


def old_run(old, *args):
    p = subprocess.run([old, *args], env=ENV, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    return p.returncode, p.stdout.decode("utf-8", "replace")


class Sqlite:
    def __init__(self, path):
        self.path = path

    def rows(self, sql):
        with sqlite3.connect(f"file:{self.path}?mode=ro", uri=True) as d:
            found = [tuple(row) for row in d.execute(sql)]
        d.close()
        return found

    def tables(self):
        """{table: its columns}"""
        names = [r[0] for r in self.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {n: [r[0] for r in self.rows(f"SELECT name FROM pragma_table_info('{n}')")] for n in names}


class Postgresql:
    def __init__(self, url):
        self.url = url

    def rows(self, sql):
        p = subprocess.run(["psql", self.url, "-AXtqc", sql], check=True, capture_output=True)
        return [tuple(line.split("|")) for line in p.stdout.decode().splitlines()]

    def tables(self):
        found = {}
        for table, column in self.rows("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY ordinal_position"):
            found.setdefault(table, []).append(column)
        return found


def content(base, shape):
    """Every row of every table, in the columns of that shape."""
    return {t: sorted(map(repr, base.rows(f"SELECT {', '.join(c)} FROM {t}"))) for t, c in shape.items() if t not in OWN}


def leaves(doc, path=""):
    if isinstance(doc, dict):
        for k, v in doc.items():
            yield from leaves(v, f"{path}.{k}")
    elif isinstance(doc, list):
        for i, v in enumerate(doc):
            yield from leaves(v, f"{path}[{i}]")
    else:
        yield path, doc


def shown(town, browsers):
    """What people see: lists and every case, as documents."""
    found = {}
    for login, b in browsers.items():
        cases = b.json("/cases")["cases"]
        found[login, "/cases"] = {"cases": cases}
        for case in cases[:8]:
            found[login, case["href"]] = b.json(case["href"])
        found[login, "/connections"] = b.json("/connections")
    return found


def names_of(pages):
    """Names, states, numbers and texts that stand in them: what a page may add or word anew is not among them."""
    kept = re.compile(r"\.(name|text|number|called|state|density|href|count)$")
    return {key: sorted({str(v) for path, v in leaves(doc) if kept.search(path) and isinstance(v, str) and not v.startswith("/assets")}) for key, doc in pages.items()}


class OldTown(Town):
    """Made, served and written to by the older program."""

    def __init__(self, tree, old, db, args):
        self.tree, self.path, self.db, self.args, self.old = tree, f"{tree}/town.db", db, list(args), old
        code, said = old_run(old, "demo", "--db", db, "--scale", "small", *args)
        assert code == 0, said
        lines = [line.split("\t") for line in said.splitlines() if line.count("\t") >= 4]
        self.people = {line[0]: (line[1], line[2]) for line in lines}

    def live(self):
        lib.PROGRAM = self.old
        serve = self.serve()
        lib.PROGRAM = present
        return serve


def write_to(town, serve):
    b = {login: town.browser(serve, login) for login in ("suzuki", "sato")}
    case = b["suzuki"].json("/cases")["cases"][0]["href"]
    together(*[lambda n=n: [Browser(serve, b["suzuki"]).record(case, n * 50 + i) for i in range(10)] for n in range(3)])
    done(b["suzuki"].post("/cases/new", "upgrade-person-1", name="移行 まえ", origin="phone", density="B", concern="before"))
    return b, case


def migrate(town, base):
    before = base.tables()
    rows = content(base, before)
    code, said = town.run("serve", "--listen", "127.0.0.1:0")
    check("an older database is not served, and it is said what to do", code == 65 and "migrate" in said, f"{code}: {said}")
    check("that changed nothing", content(base, before) == rows)
    code, said = town.run("migrate")
    check(f"migrated: {said.strip()}", code == 0 and "8" in said, said)
    after = base.tables()
    check("no table and no column is lost", all(t in after and set(c) <= set(after[t]) for t, c in before.items()),
          [(t, set(c) - set(after.get(t, ()))) for t, c in before.items() if t not in after or not set(c) <= set(after[t])])
    now = content(base, before)
    changed = [t for t in rows if now[t] != rows[t]]
    check(f"{sum(map(len, rows.values()))} rows of {len(rows)} tables are as they were", not changed,
          [(t, len(rows[t]), len(now[t]), [x for x in rows[t] if x not in now[t]][:2]) for t in changed])
    code, said = town.run("migrate")
    check("a second time does nothing", code == 0, said)
    good, said = town.verified()
    check("the log is whole", good, said)


def goes_on(town, browsers, case, before):
    serve = town.serve()
    check("it is served", serve.port)
    if not serve.port:
        check(serve.said(), False)
        return
    if browsers:
        for b in browsers.values():
            b.serve = serve
        check("sessions go on", browsers["suzuki"].ask("GET", "/today")[0] == 200)
        now = names_of(shown(town, browsers))
        lost = {key: [x for x in texts if x not in now.get(key, [])] for key, texts in before.items()}
        check(f"{len(before)} pages show what they showed", not any(lost.values()), {k: v[:5] for k, v in lost.items() if v})
        check("every record is there", len(browsers["suzuki"].records(case)) == 30)
    b = town.browser(serve, "suzuki")
    case = case or b.json("/cases")["cases"][0]["href"]
    check("people sign in and write", b.record(case, 500)[0] == 303)
    check("pages come", all(b.ask("GET", p)[0] == 200 for p in ("/today", "/cases", case, "/directory", "/connections")))
    check("it stops when told", serve.stop() == 0)
    good, said = town.verified()
    check("the log is whole after that", good, said)


def no_way_back(town):
    for command in (("serve", "--listen", "127.0.0.1:0"), ("migrate",)):
        code, said = old_run(town.old, *command, "--db", town.db, *town.args)
        check(f"the older program refuses: {command[0]}", code == 65 and "newer" in said, f"{code}: {said}")


def from_program(tree, old, engine):
    db, args, base = f"sqlite:{tree}/town.db", ("--key", f"{tree}/town.key"), Sqlite(f"{tree}/town.db")
    if engine == "postgresql":
        admin, name = ENV["TSUNAGU_TEST_PG"], f"upgrade_{os.getpid()}"
        subprocess.run(["psql", admin, "-qc", f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"], check=True)
        db = admin.replace("///postgres?", f"///{name}?")
        base = Postgresql(db)
    town = OldTown(tree, old, db, args)
    serve = town.live()
    browsers, case = write_to(town, serve)
    before = names_of(shown(town, browsers))
    check("the older program serves and is written to", len(browsers["suzuki"].records(case)) == 30 and sum(map(len, before.values())) > 100)
    serve.stop()
    migrate(town, base)
    goes_on(town, browsers, case, before)
    no_way_back(town)


def from_store(tree, folder):
    """A network that the first version made, kept here."""
    for name in ("town.db", "town.key"):
        with gzip.open(f"{folder}/{name}.gz") as f, open(f"{tree}/{name}", "wb") as to:
            to.write(f.read())
        os.chmod(f"{tree}/{name}", 0o400 if name.endswith("key") else 0o600)
    town = object.__new__(Town)
    town.tree, town.path, town.db, town.args = tree, f"{tree}/town.db", f"sqlite:{tree}/town.db", ["--key", f"{tree}/town.key"]
    with open(f"{folder}/sign-ins.txt") as f:
        town.people = {login: (password, "") for login, password in (line.rstrip("\n").split("\t") for line in f)}
    migrate(town, Sqlite(town.path))
    goes_on(town, None, None, None)


if __name__ == "__main__":
    present = lib.PROGRAM
    if sys.argv[2] == "stored":
        sys.exit(in_tree(from_store, os.path.join(os.path.dirname(os.path.realpath(__file__)), "first")))
    sys.exit(in_tree(from_program, os.path.realpath(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "sqlite"))
