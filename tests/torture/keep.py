"""keep.py PROGRAM CASE ENGINE: backup, restore, erasing, export and import, on SQLite or (under tests/pg.sh) PostgreSQL, with damaged and foreign
files, wrong keys, and the program killed at any of its calls. Prints TAP. Python's own library alone."""
import glob, os, sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from lib import *

ENGINE = sys.argv[3]
EVERY = option("--every", 4)  # of the calls at which it can be killed, every so many; 1: the long run


class House:
    """A town with its backup key; what was made of it by name."""

    def __init__(self, tree, scale="small"):
        self.tree, self.key = tree, f"{tree}/town.key"
        self.url = self.place("town")
        code, said = run("demo", "--db", self.url, "--key", self.key, "--scale", scale, timeout=300)
        assert code == 0, said
        lines = [line.split("\t") for line in said.splitlines() if line.count("\t") >= 4]
        self.people = {line[0]: (line[1], line[2]) for line in lines}
        self.good("backup", "key", "--to", f"{tree}/k")

    def place(self, name):
        """The address of a database that is not there yet (PostgreSQL: is empty)."""
        if ENGINE == "sqlite":
            return f"sqlite:{self.tree}/{name}.db"
        admin = ENV["TSUNAGU_TEST_PG"]
        full = f"keep_{os.getpid()}_{name}"
        subprocess.run(["psql", admin, "-qc", f"CREATE DATABASE {full} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"], check=True)
        return admin.replace("///postgres?", f"///{full}?")

    def good(self, *args, **more):
        code, said = run(*args, **more)
        assert code == 0, (args, said)
        return said

    def backup(self, name, *more, key="k.pub", **how):
        return run("backup", "--db", self.url, "--key", self.key, "--to", f"{self.tree}/{name}", "--backup-key", f"{self.tree}/{key}",
                   "--current-keys", f"{self.tree}/current.keys", *more, **how)

    def restore(self, name, url, *more, key=None, backup_key="k", current="current.keys"):
        return run("restore", "--db", url, "--key", key or self.key, "--from", f"{self.tree}/{name}", "--backup-key", f"{self.tree}/{backup_key}",
                   *(("--current-keys", f"{self.tree}/{current}") if current else ()), *more, timeout=120)

    def erase(self, persons, *more, env=None, seconds=None):
        path = f"{self.tree}/persons"
        open(path, "w").write("# whom\n" + "\n".join(persons) + "\n")
        args = ("erase", path, "--db", self.url, "--key", self.key, "--to", f"{self.tree}/certificates", "--reason", "decision 3",
                   "--current-keys", f"{self.tree}/current.keys", "--backup-key", f"{self.tree}/k.pub", "--before-term", "--yes", *more)
        return run_for(seconds, *args) if seconds else run(*args, env=env, timeout=120)

    def resume(self, env=None, seconds=None):
        args = ("erase", "--resume", "--db", self.url, "--key", self.key, "--to", f"{self.tree}/certificates",
                "--current-keys", f"{self.tree}/current.keys", "--backup-key", f"{self.tree}/k.pub")
        return run_for(seconds, *args) if seconds else run(*args, env=env, timeout=120)

    def verify(self, url=None, key=None):
        return run("audit", "verify", "--db", url or self.url, "--key", key or self.key)


def ask(url, sql):
    """Rows as tuples of texts."""
    if url.startswith("sqlite:"):
        with sqlite3.connect(url[7:]) as d:
            rows = [tuple("" if c is None else c.hex() if isinstance(c, bytes) else str(c) for c in row) for row in d.execute(sql)]
        d.close()
        return rows
    out = subprocess.run(["psql", url, "-qAtF", "\t", "-c", sql], check=True, stdout=subprocess.PIPE).stdout.decode()
    return [tuple(c[2:] if c.startswith("\\x") else c for c in line.split("\t")) for line in out.splitlines()]


COLUMNS = {}


def catalog(url):
    """The columns of every table, by name: two databases may hold theirs in another order."""
    if url not in COLUMNS:
        if url.startswith("sqlite:"):
            rows = ask(url, "SELECT m.name, p.name FROM sqlite_schema m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY 1, 2")
        else:
            rows = ask(url, "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
                            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1, 2")
        COLUMNS[url] = {}
        for t, c in rows:
            COLUMNS[url].setdefault(t, []).append(c)
    return COLUMNS[url]


def rows_of(url, person):
    """Where rows of a person stand."""
    named = {t: "id" if t == "person" else "person_id" for t, c in catalog(url).items() if t == "person" or "person_id" in c}
    counts = ask(url, " UNION ALL ".join(f"SELECT '{t}', count(*) FROM {t} WHERE {c} = {person}" for t, c in named.items()))
    return {t: int(n) for t, n in counts if n != "0"}


def content(url, without=()):
    """Every row of every table, by table: a hash of each."""
    found = {}
    for t, names in catalog(url).items():
        if t not in without and t != "service_secret":
            found[t] = ", ".join(f'"{c}"' for c in names)
    if url.startswith("sqlite:"):
        return {t: sorted(ask(url, f"SELECT {c} FROM {t}")) for t, c in found.items()}
    return dict(ask(url, " UNION ALL ".join(f"SELECT '{t}', coalesce(string_agg(x, ' ' ORDER BY x), '') FROM (SELECT md5(CAST(ROW({c}) AS text)) AS x FROM {t}) y"
                                            for t, c in found.items())))


LATER = ("schema_version", "event", "chain", "session", "api_token", "seen", "network_rev", "attempt")  # what a restore itself changes


def holds(path, needle):
    return needle in open(path, "rb").read() if os.path.exists(path) else False


def bytes_of(house, url):
    """All files in which the database stands."""
    if url.startswith("sqlite:"):
        return b"".join(open(f, "rb").read() for f in glob.glob(url[7:] + "*") if not f.endswith((".key", ".txt")))
    folder = ask(url, "SELECT pg_relation_filepath('person_key'), current_setting('data_directory')")[0]
    return b"".join(open(f, "rb").read() for f in glob.glob(f"{folder[1]}/base/{os.path.basename(os.path.dirname(folder[0]))}/*") +
                    glob.glob(f"{folder[1]}/pg_wal/*") if os.path.isfile(f))


def run_for(seconds, *args):
    """Like run(), but killed after so long: -9 then. For what only talks to a server, whose calls are no files'."""
    p = subprocess.Popen([PROGRAM, *args], env=ENV, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        said = p.communicate(timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        p.kill()
        said = p.communicate()[0]
    return p.returncode, said.decode("utf-8", "replace")


# ---- backup and restore --------------------------------------------------------------------------------------------------------------


def case_backup(tree):
    h = House(tree)
    code, said = h.backup("b", "--verify", key="k")
    check("a backup is made and verified by restoring it", code == 0 and "12 persons" in said, said)
    check("it is for its owner alone", os.stat(f"{tree}/b").st_mode & 0o777 == 0o600)
    worker = "田中 恵子".encode()
    check("what stands in the clear in the database is sealed in the backup", worker in bytes_of(h, h.url) and not holds(f"{tree}/b", worker))
    check("nothing is left of verifying", not glob.glob(f"{tree}/*verify*"), glob.glob(f"{tree}/*verify*"))
    there = h.place("there")
    code, said = h.restore("b", there)
    check("it is restored where there is nothing", code == 0, said)
    check("every row of every table is the same", content(there, LATER) == content(h.url, LATER))
    check("the log verifies", h.verify(there)[0] == 0, h.verify(there)[1])
    live = ask(there, "SELECT count(*) FROM session WHERE ended_at IS NULL")[0][0]
    check("no sign-in lives on", live == "0", live)
    serve = Serve("--db", there, "--key", h.key)
    b = Browser(serve)
    b.sign_in("suzuki", *h.people["suzuki"])
    check("and it serves", b.ask("GET", "/cases")[0] == 200)
    serve.stop()
    code, said = h.restore("b", there)
    check("what is not empty is refused", code == 73, said)
    # the other engine reads it too
    code, said = run("restore", "--db", f"sqlite:{tree}/other.db", "--key", h.key, "--from", f"{tree}/b", "--backup-key", f"{tree}/k")
    check("also as SQLite", code == 0, said)

    code, said = h.backup("b")
    check("a file of that name is not replaced", code == 73, said)
    code, said = h.backup("b", "--replace")
    check("unless it is said", code == 0, said)
    shutil.copy(f"{tree}/current.keys", f"{tree}/keys.before")
    for name, args, words in (("without its secret half", dict(backup_key="k.pub"), "secret half"),
                              ("a file of keys is no backup", dict(), "another kind")):
        code, said = h.restore("current.keys" if "keys" in name else "b", h.place("no" + name[:2].strip()), **args)
        check(name, code in (65, 77) and words in said, said)

    # keys of all kinds that are not the right one
    open(f"{tree}/pass", "w").write("tsuki to hoshi to umi\n")
    open(f"{tree}/wrong", "w").write("tsuki to hoshi to yama\n")
    h.good("backup", "key", "--to", f"{tree}/p", "--passphrase-file", f"{tree}/pass")
    code, said = h.backup("bp", key="p.pub")
    check("sealing needs no passphrase", code == 0, said)
    nowhere = h.place("nowhere")
    code, said = h.restore("bp", nowhere, "--passphrase-file", f"{tree}/wrong", backup_key="p")
    check("a wrong passphrase", code == 77 and "passphrase" in said, said)
    code, said = h.restore("bp", nowhere, backup_key="p")
    check("no passphrase", code == 77 and "--passphrase-file" in said, said)
    code, said = h.restore("bp", nowhere)
    check("another backup key", code == 65 and "cannot be opened with this backup key" in said, said)
    code, said = h.restore("bp", nowhere, backup_key="none")
    check("a backup key that is lost", code == 66 and "backup key" in said, said)
    h.backup("bp", "--replace", key="p.pub")
    code, said = h.restore("bp", nowhere, "--passphrase-file", f"{tree}/pass", backup_key="p")
    check("the right one opens it", code == 0, said)

    # key files that are lost, wrong
    code, said = h.restore("b", h.place("lost"), key=f"{tree}/none.key", current=None)
    check("a lost key file: the message says what to do", code == 66 and "copy" in said and "never be read" in said, said)
    code, said = run("serve", "--db", h.url, "--key", f"{tree}/none.key", "--listen", "127.0.0.1:0")
    check("so does the server's", code == 66 and "copy" in said, said)
    run("init", "--db", f"sqlite:{tree}/stranger.db", "--name", "Stranger", "--password-file", f"{tree}/pass")
    code, said = h.restore("b", h.place("stranger"), key=f"{tree}/stranger.db.key", current=None)
    check("another town's key file", code == 77 and "--key" in said, said)
    code, said = run("user", "list", "--db", h.url, "--key", f"{tree}/stranger.db.key")
    check("with the live database too", code == 77 and "--key" in said, said)

    damaged(h, tree)


def damaged(h, tree):
    """Truncated, bit-flipped, lengthened and foreign files are refused, and nothing stands where it should have been restored."""
    h.backup("b", "--replace")
    whole = open(f"{tree}/b", "rb").read()
    url = f"sqlite:{tree}/broken.db"
    bad = []
    for n in (0, 1, 15, 16, 100, 159, 160, 161, 200, 65536, len(whole) // 2, len(whole) - 1):
        bad.append((f"cut at {n}", whole[:n]))
    for at in (0, 16, 17, 20, 30, 60, 100, 140, 159, 160, 177, 3000, 65713, len(whole) // 2, len(whole) - 17, len(whole) - 1):
        bad.append((f"bit at {at}", whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:]))
    chunk = 65536 + 17
    bad.append(("two chunks changed places", whole[:160] + whole[160 + chunk:160 + 2 * chunk] + whole[160:160 + chunk] + whole[160 + 2 * chunk:]))
    bad.append(("a chunk left out", whole[:160 + chunk] + whole[160 + 2 * chunk:]))
    bad.append(("a byte more", whole + b"x"))
    bad.append(("a text", b"This is a letter.\n" * 100))
    bad.append(("the head of another", open(f"{tree}/keys.before", "rb").read()[:160] + whole[160:]))
    odd = []
    for name, text in bad:
        open(f"{tree}/bad", "wb").write(text)
        code, said = run("restore", "--db", url, "--key", h.key, "--from", f"{tree}/bad", "--backup-key", f"{tree}/k")
        if code not in (65, 77) or os.path.exists(f"{tree}/broken.db") or glob.glob(f"{tree}/broken.db*"):
            odd.append((name, code, said, glob.glob(f"{tree}/broken.db*")))
    check(f"{len(bad)} damaged or foreign files are refused and leave nothing", not odd, odd)
    keys = open(f"{tree}/current.keys", "rb").read()
    open(f"{tree}/bad.keys", "wb").write(keys[:300] + bytes([keys[300] ^ 1]) + keys[301:])
    code, said = run("restore", "--db", url, "--key", h.key, "--from", f"{tree}/b", "--backup-key", f"{tree}/k", "--current-keys", f"{tree}/bad.keys")
    check("damaged current keys too", code == 65 and not os.path.exists(f"{tree}/broken.db"), said)


def case_load(tree):
    """A backup while everybody writes is one moment of it."""
    h = House(tree)
    serve = Serve("--db", h.url, "--key", h.key)
    stop, written = threading.Event(), []

    def write(first):
        b = Browser(serve)
        b.sign_in("suzuki", *h.people["suzuki"])
        case = b.json("/cases")["cases"][0]["href"]
        n = first
        while not stop.is_set():
            if b.record(case, n, 3000)[0] == 303:
                written.append(n)
            n += 3

    threads = [threading.Thread(target=write, args=(i,)) for i in range(3)]
    for t in threads:
        t.start()
    time.sleep(0.5)
    odd, counts = [], []
    for i in range(3):
        before = len(written)
        code, said = h.backup(f"b{i}")
        after = len(written)
        counts.append((before, after))
        if code:
            odd.append(said)
    stop.set()
    for t in threads:
        t.join()
    check("backups go on while others write", not odd and len(written) > 10 and counts[-1][1] > counts[0][0], (odd, counts, len(written)))
    check("the server stops when told", serve.stop() == 0)
    for i in range(3):
        url = h.place(f"r{i}")
        code, said = h.restore(f"b{i}", url)
        torn = ask(url, "SELECT count(*) FROM record r WHERE NOT EXISTS (SELECT 1 FROM record_paragraph p WHERE p.record_id = r.id)")[0][0] if code == 0 else "?"
        n = int(ask(url, "SELECT count(*) FROM record WHERE method = 'phone' AND with_whom = ''")[0][0]) if code == 0 else -1
        all_records = int(ask(url, "SELECT count(*) FROM record")[0][0]) if code == 0 else -1
        check(f"backup {i} is whole: rows, log", code == 0 and torn == "0" and h.verify(url)[0] == 0, (said, torn, n, all_records))
    live = int(ask(h.url, "SELECT count(*) FROM record")[0][0])
    last = int(ask(url, "SELECT count(*) FROM record")[0][0])
    check("nothing acknowledged before it is missing in the last one", last >= live - (len(written) - counts[-1][0]), (last, live, counts, len(written)))


def each_kill(fault, kinds, do):
    """do() is run again and again, killed at another of its calls each time; do says whether it was still alive at the end."""
    for kind in kinds:
        at = 1
        while True:
            if kind != "time":
                fault.arm(kind, at, how=KILL)
            ended = do(kind, at)
            fault.disarm()
            if ended:
                break
            at += EVERY * (400 if kind == "statement" else 1)


def killed_late(h, fault):
    """PostgreSQL: killed when its rows are there and what follows from them is not: nothing opens it, and begun again it comes to its end."""
    def again(name):
        return ("restore", "--db", name, "--key", h.key, "--from", f"{h.tree}/b", "--backup-key", f"{h.tree}/k")

    fault.arm("statement", 0)
    code, said = run(*again(h.place("counted")), env=fault.env)
    total, here, odd, half = fault.disarm()[0], content(h.url, LATER), [], 0
    for back in range(0, 56, 8 * EVERY - 7):
        where = h.place(f"late{back}")
        fault.arm("statement", total - back, how=KILL)
        first = run(*again(where), env=fault.env)
        fault.disarm()
        closed, why = h.verify(where)
        half += closed == 65 and "tsunagu restore" in why
        second = run(*again(where))
        live = ask(where, "SELECT count(*) FROM session WHERE ended_at IS NULL")[0][0]
        good, why = h.verify(where)
        if first[0] != -9 or second[0] not in (0, 73) or live != "0" or good != 0 or content(where, LATER) != here:
            odd.append((back, first, closed, second, live, good, why))
    check(f"killed {half} times among its last statements a restore is not opened, and done when it is run again", code == 0 and half > 1 and not odd, (half, odd))


def case_kill_backup(tree):
    h = House(tree)
    fault = Fault(f"{tree}/fault")
    serve = Serve("--db", h.url, "--key", h.key)
    Browser(serve).sign_in("suzuki", *h.people["suzuki"])  # a sign-in that must not live on
    serve.stop()
    h.backup("first")
    odd, kills = [], 0

    def backup(kind, at):
        nonlocal kills
        code, said = h.backup("b", "--replace", env=fault.env)
        if code == 0:
            return True
        kills += 1
        if code != -9:
            odd.append((kind, at, code, said))
        name = f"r{kills}"
        for file in ("first", *(("b",) if os.path.exists(f"{tree}/b") else ())):
            code, said = run("restore", "--db", f"sqlite:{tree}/{name}{file}.db", "--key", h.key, "--from", f"{tree}/{file}", "--backup-key", f"{tree}/k")
            if code:
                odd.append((kind, at, file, said))
        for f in glob.glob(f"{tree}/{name}*"):
            os.remove(f)
        return False

    each_kill(fault, ("sync", "name", "write"), backup)
    check(f"killed at {kills} of its calls a backup leaves the old or the new, which can be restored", not odd and kills > 4, (kills, odd[:5]))
    code, said = h.backup("b", "--replace", "--verify", key="k")
    check("and the next one works", code == 0, said)
    check("nothing half-made stays", not glob.glob(f"{tree}/*.new"), glob.glob(f"{tree}/*.new"))

    if ENGINE != "sqlite":
        killed_late(h, fault)
    odd, kills = [], 0
    where = f"sqlite:{tree}/half.db" if ENGINE == "sqlite" else h.place("half")

    def restore(kind, at):
        nonlocal kills
        args = ("restore", "--db", where, "--key", h.key, "--from", f"{tree}/b", "--backup-key", f"{tree}/k")
        code, said = run_for(0.02 * at, *args) if kind == "time" else run(*args, env=fault.env)
        if code == 0 or kind == "time" and code == 73 and h.verify(where)[0] == 0:  # 73: it had been done when it was killed
            return True
        kills += 1
        if code != -9:
            odd.append((kind, at, code, said))
        if os.path.exists(f"{tree}/half.db") and h.verify(where)[0] != 0:
            odd.append((kind, at, "half a database under the wanted name"))
        return os.path.exists(f"{tree}/half.db")

    each_kill(fault, ("statement",) if ENGINE == "sqlite" else ("time",), restore)
    check(f"killed {kills} times a restore can simply be run again", not odd and kills > 1, (kills, odd[:5]))
    code, said = h.verify(where)
    there, here = content(where, LATER), content(h.url, LATER)
    check("and is whole then", code == 0 and there == here, (code, said, [t for t in here if there.get(t) != here[t]]))


# ---- erasing -------------------------------------------------------------------------------------------------------------------------


def victims(h, n):
    """(id as text, case number, id as a number) of some persons."""
    return ask(h.url, f"SELECT number, person_id FROM case_file ORDER BY number LIMIT {n}")


def secrets_of(url, person):
    """What must not be found in any file afterwards: the wrapped key, and sealed values."""
    found = [bytes.fromhex(x) for (x,) in ask(url, f"SELECT wrapped FROM person_key WHERE person_id = {person}")]
    return found + [bytes.fromhex(x) for (x,) in ask(url, f"SELECT value_sealed FROM person_attribute WHERE person_id = {person}")]


def check_erased(h, gone, old, persons, name):
    """gone: numbers of erased persons; old: a backup from before; persons: how many there were."""
    left = {p: rows_of(h.url, p) for p in gone}
    check(f"{name}: of the erased there is nothing but the trail", all(set(r) <= {"event", "erasure_person"} for r in left.values()), left)
    code, said = h.verify()
    check(f"{name}: the log verifies", code == 0, said)
    url = h.place("old" + re.sub("[^a-z]", "", name))
    code, said = h.restore(old, url)
    check(f"{name}: an older backup is restored for everyone else", code == 0 and f"keys of {persons - len(gone)} persons" in said
          and f"{len(gone)} persons who were erased" in said, said)
    left = {p: rows_of(url, p) for p in gone} if code == 0 else "?"
    check(f"{name}: without a row of the erased", code == 0 and all(set(r) <= {"event", "erasure_person"} for r in left.values()), left)
    check(f"{name}: and its log verifies", h.verify(url)[0] == 0)
    code, said = h.restore(old, h.place("bare" + re.sub("[^a-z]", "", name)), current=None) if not os.path.exists(f"{h.tree}/apart/{old}") else (0, "")
    return url


def case_erase(tree):
    h = House(tree)
    h.backup("old")
    os.mkdir(f"{tree}/apart")
    shutil.copy(f"{tree}/old", f"{tree}/apart/old")
    shutil.copy(h.key, f"{tree}/old.key")
    persons = int(ask(h.url, "SELECT count(*) FROM person")[0][0])
    (number, person), (number2, person2) = victims(h, 2)
    secret = secrets_of(h.url, person)
    check("there is something to erase", len(secret) > 3 and all(s in bytes_of(h, h.url) for s in secret[1:]) if ENGINE == "sqlite" else len(secret) > 3)
    everybody = content(h.url, LATER)

    # what is refused before anything happens
    for name, args, words in (("no decision", ("--reason", ""), "--reason"), ("not said aloud", ("--no-yes",), "--yes|no option"),):
        code, said = run("erase", "--db", h.url, "--key", h.key, "--to", f"{tree}/c", "--no-backups", "--before-term",
                         *(("--yes",) if name == "no decision" else ()))
        check(f"nobody is named: {name}", code == 65, said)
    open(f"{tree}/one", "w").write(number + "\n")
    base = ("erase", f"{tree}/one", "--db", h.url, "--key", h.key, "--to", f"{tree}/c", "--reason", "decision 1")
    for name, args, want, words in (
            ("without its backups' keys", ("--yes", "--before-term"), 65, "--current-keys"),
            ("before the term", ("--yes", "--no-backups"), 77, "--before-term"),
            ("without yes or a second account", ("--no-backups", "--before-term"), 65, "--approver"),
            ("an approver with the wrong password", ("--no-backups", "--before-term", "--approver", "ito", "--approver-password-file", f"{tree}/one"), 77, "approve"),
            ("an approver of the wrong role", ("--no-backups", "--before-term", "--approver", "suzuki", "--approver-password-file", f"{tree}/right"), 77, "approve")):
        open(f"{tree}/right", "w").write(h.people["suzuki"][0] + "\n")
        code, said = run(*base, *args)
        check(f"refused: {name}", code == want and words in said, (code, said))
    open(f"{tree}/one", "w").write(number + "\nR1-99999\n")
    code, said = run(*base, "--yes", "--no-backups", "--before-term")
    check("refused: one that nobody is", code == 65 and "R1-99999" in said, said)
    check("until now nothing has changed", content(h.url, LATER) == everybody)

    # on PostgreSQL servers go on: they wrap under the new epoch without being told
    serve = Serve("--db", h.url, "--key", h.key)
    if ENGINE == "sqlite":
        code, said = h.erase([number])
        check("SQLite: not while a server runs", code == 73, said)
        serve.stop()
    open(f"{tree}/right", "w").write(h.people["ito"][0] + "\n")
    code, said = h.erase([number], "--approver", "ito", "--approver-password-file", f"{tree}/right")
    check("erased, by a second account's approval", code == 0 and "certificates/erasure-" in said, said)
    if ENGINE != "sqlite":
        b = Browser(serve)
        b.sign_in("suzuki", *h.people["suzuki"])
        page = b.json("/cases")
        check("a server that ran meanwhile opens the others' names", page["cases"] and b.ask("GET", page["cases"][0]["href"])[0] == 200)
        serve.stop()
    check_erased(h, [person], "old", persons, "one")
    here = bytes_of(h, h.url)
    if ENGINE == "sqlite":
        check("their sealed values are in no byte of the file or its log", not any(s in here for s in secret))
        check("and the log is empty", not os.path.exists(h.url[7:] + "-wal") or os.path.getsize(h.url[7:] + "-wal") == 0)
    else:
        note(f"PostgreSQL: {sum(s in here for s in secret)} of {len(secret)} sealed values are still in its files and log, without a key")
    check("the key file holds one epoch", len(json.load(open(h.key))["networks"][0]["epochs"]) == 1)
    old_key = json.load(open(f"{tree}/old.key"))["networks"][0]["epochs"][0]["key"]
    check("the old one is in no file but the copy that somebody kept", not any(old_key.encode() in open(f, "rb").read() for f in
          glob.glob(f"{tree}/*") if os.path.isfile(f) and not f.endswith("old.key")))
    check("without the current keys an older backup cannot be read", (lambda c: c[0] == 77 and "--current-keys" in c[1])(
        run("restore", "--db", h.place("bare"), "--key", h.key, "--from", f"{tree}/apart/old", "--backup-key", f"{tree}/k")))
    code, said = run("user", "list", "--db", h.url, "--key", f"{tree}/old.key")
    check("the copy of the key file from before is told to be old", code == 77 and "old one" in said, said)

    # the certificate
    paths = glob.glob(f"{tree}/certificates/erasure-*.json")
    cert = json.load(open(paths[0]))
    total = sum(r["rows"] for r in cert["rows"])
    check("a certificate: whom, how many rows, which keys", len(paths) == 1 and cert["persons"][0]["cases"] == number and total == cert["rows_total"] > 10
          and (cert["key_epoch_before"], cert["key_epoch_after"]) == (1, 2) and cert["approver"] and cert["decision"] == "decision 3", cert)
    pdf = subprocess.run(["pdftotext", "-layout", paths[0].replace(".json", ".pdf"), "-"], stdout=subprocess.PIPE).stdout.decode()
    check("on paper too, without a name", "消去証明書" in pdf and number in pdf and cert["hash"][:20] in re.sub(r"\s", "", pdf), pdf)
    run("erase", "certificate", "--db", h.url, "--key", h.key, "--to", f"{tree}/again")
    same = [open(f, "rb").read() for f in glob.glob(f"{tree}/again/*.json")]
    check("it can be written once more, the same", same == [open(paths[0], "rb").read()])
    code, said = h.erase([number2])
    check("a second erasure", code == 0, said)
    check_erased(h, [person, person2], "old", persons, "two")
    code, said = h.backup("new", "--verify", key="k")
    check("backups go on", code == 0 and f"{persons - 2} persons" in said, said)
    code, said = run("erase", "--resume", "--db", h.url, "--key", h.key, "--to", f"{tree}/c", "--no-backups")
    check("nothing is left to resume", code == 66, said)


def case_kill_erase(tree):
    h = House(tree)
    fault = Fault(f"{tree}/fault")
    h.backup("old")
    persons = int(ask(h.url, "SELECT count(*) FROM person")[0][0])
    gone = [p for _, p in victims(h, 9)]
    numbers = [n for n, _ in victims(h, 9)]
    odd, kills, erased = [], 0, 0
    kinds = [("sync", EVERY), ("name", EVERY), ("write", 30 * EVERY)] + [("statement", 250 * EVERY) if ENGINE == "sqlite" else ("time", EVERY)]
    for number, (kind, step) in zip(numbers, kinds):
        at, decided = 1, False
        while True:
            if kind != "time":
                fault.arm(kind, at, how=KILL)
            how = dict(seconds=0.01 * at) if kind == "time" else dict(env=fault.env)
            code, said = h.resume(**how) if decided else h.erase([number], **how)
            fault.disarm()
            if code == 0:
                erased += 1
                break
            kills += 1
            if code != -9:
                odd.append((kind, at, code, said))
                break
            pending = ask(h.url, "SELECT count(*) FROM erasure WHERE finished_at IS NULL")[0][0]
            done = ask(h.url, f"SELECT count(*) FROM erasure_person WHERE case_numbers = '{number}'")[0][0]
            decided = pending != "0"
            if done != "0" and not decided:  # finished, killed before it said so
                erased += 1
                break
            # whenever it is killed everybody else's key opens with what is there
            code, said = run("backup", "--db", h.url, "--key", h.key, "--to", f"{tree}/try", "--replace", "--backup-key", f"{tree}/k",
                             "--current-keys", f"{tree}/try.keys", "--verify")
            if code:
                odd.append((kind, at, "everybody else", said))
            at += step
    note(f"{kills} kills in {erased} erasures")
    check(f"killed at {kills} of its calls erasing is carried on to its end", not odd and erased == len(kinds) and kills > 5, (kills, erased, odd[:4]))
    code, said = h.backup("new", "--verify", key="k")
    check("everybody else is there", code == 0 and f"{persons - erased} persons" in said, said)
    check_erased(h, gone[:erased], "old", persons, "killed")


# ---- export and import ----------------------------------------------------------------------------------------------------------------

OWN = {"data/chain.jsonl", "data/event.jsonl", "csv/chain.csv", "csv/event.csv", "manifest.json"}  # an export and an import are events


def files(folder):
    return {os.path.relpath(f, folder): open(f, "rb").read() for f in glob.glob(folder + "/**", recursive=True) if os.path.isfile(f)}


def same_files(a, b):
    """Which of them differ; of the log the first must be in the second."""
    a, b = files(a), files(b)
    odd = [n for n in a if n not in OWN and a[n] != b.get(n)] + [n for n in b if n not in a]
    lost = set(a["data/event.jsonl"].splitlines()) - set(b["data/event.jsonl"].splitlines())
    return odd + sorted(lost)


def case_export(tree):
    h = House(tree)
    fault = Fault(f"{tree}/fault")
    base = ("export", "--db", h.url, "--key", h.key)
    code, said = run(*base, "--to", f"{tree}/none")
    check("neither a key nor --plain: refused", code == 65 and "--plain" in said and not os.path.exists(f"{tree}/none"), said)
    code, said = run(*base, "--to", f"{tree}/x", "--backup-key", f"{tree}/k.pub")
    check("a sealed export", code == 0 and "concealed" in said, said)
    canary = "デモ市".encode()
    check("nobody reads it without the key", not holds(f"{tree}/x", canary) and not holds(f"{tree}/x", b"jsonl"))
    code, said = run("export", "open", f"{tree}/x", "--to", f"{tree}/xo", "--backup-key", f"{tree}/k")
    check("it opens with it", code == 0 and canary in files(f"{tree}/xo")["data/person_attribute.jsonl"], said)
    code, said = run(*base, "--to", f"{tree}/p", "--plain")
    plain = files(f"{tree}/p")
    accounts = [json.loads(line) for line in plain["data/user_account.jsonl"].splitlines()]
    check("a plain one has no passwords", code == 0 and accounts and all(a["password_hash"] == "" and a["totp"] is None for a in accounts), said)
    check("its owner alone may read it", os.stat(f"{tree}/p").st_mode & 0o777 == 0o700)
    schema, manifest = json.loads(plain["schema.json"]), json.loads(plain["manifest.json"])
    check("described: a definition for each table, and every line has exactly its columns", all(
        set(schema["$defs"][t["name"]]["properties"]) == set(json.loads(line)) for t in manifest["tables"] for line in plain[t["file"]].splitlines()))
    check("a formula in a cell is none", not re.search(rb'(?m)(^|,)"[=+@-]', b"".join(v for n, v in plain.items() if n.startswith("csv/"))))
    left_out = [t for t in ("session", "api_token", "paper_code", "attempt", "idempotency", "person_key") if f"data/{t}.jsonl" in plain]
    check("sign-ins, tokens and keys do not travel", not left_out, left_out)

    # concealed items
    concealed = {json.loads(line)["person_id"] for line in plain["data/concealment.jsonl"].splitlines()}
    masked = [json.loads(line) for line in plain["data/person_attribute.jsonl"].splitlines()]
    hidden = [a for a in masked if a["person_id"] in concealed and a["item"] and a["value"] == "秘匿あり"]
    code, said = run(*base, "--to", f"{tree}/r0", "--plain", "--release-concealed", "--yes")
    check("concealed items need a reason", code == 65 and "--reason" in said, said)
    code, said = run(*base, "--to", f"{tree}/r", "--plain", "--release-concealed", "--yes", "--reason", "moves to the prefecture's server")
    released = {json.loads(line)["id"]: json.loads(line)["value"] for line in files(f"{tree}/r")["data/person_attribute.jsonl"].splitlines()}
    values = {released[a["id"]] for a in hidden}
    everything = b"".join(plain.values()).decode()
    check("released with one they are there", code == 0 and hidden and "秘匿あり" not in values, (code, said, len(hidden)))
    check("and were nowhere before, in no text of that person", all(v not in everything for v in values if sum(v in x for x in released.values()) == 1), values)
    decisions = ask(h.url, "SELECT kind, reason FROM decision")
    check("the release is a decision on record", decisions == [("release", "moves to the prefecture's server")], decisions)

    # into the other engine, with a key file of its own, and back
    far = f"sqlite:{tree}/far.db" if ENGINE != "sqlite" else FAR
    code, said = run("import", "network", f"{tree}/x", "--db", far, "--key", f"{tree}/far.key", "--backup-key", f"{tree}/k", "--from-key", h.key, timeout=120)
    check("imported into the other engine", code == 0 and "same as what was exported" in said, said)
    check("its log verifies there", h.verify(far, f"{tree}/far.key")[0] == 0)
    run("export", "--db", far, "--key", f"{tree}/far.key", "--to", f"{tree}/y", "--backup-key", f"{tree}/k.pub")
    run("export", "open", f"{tree}/y", "--to", f"{tree}/yo", "--backup-key", f"{tree}/k")
    odd = same_files(f"{tree}/xo", f"{tree}/yo")
    check("exported again it is the same, byte by byte", not odd, odd)
    back = h.place("back")
    code, said = run("import", "network", f"{tree}/y", "--db", back, "--key", f"{tree}/back.key", "--backup-key", f"{tree}/k", "--from-key", f"{tree}/far.key", timeout=120)
    check("and back", code == 0, said)
    run("export", "--db", back, "--key", f"{tree}/back.key", "--to", f"{tree}/z", "--backup-key", f"{tree}/k.pub")
    run("export", "open", f"{tree}/z", "--to", f"{tree}/zo", "--backup-key", f"{tree}/k")
    odd = same_files(f"{tree}/yo", f"{tree}/zo")
    check("the same again", not odd, odd)
    serve = Serve("--db", back, "--key", f"{tree}/back.key")
    b = Browser(serve)
    b.sign_in("suzuki", *h.people["suzuki"])
    check("people sign in and open their cases", b.ask("GET", b.json("/cases")["cases"][0]["href"])[0] == 200)
    serve.stop()

    # what is not whole, or is there already
    code, said = run("import", "network", f"{tree}/x", "--db", back, "--key", f"{tree}/back.key", "--backup-key", f"{tree}/k")
    check("a network that is there is refused", code == 73, said)
    shutil.copytree(f"{tree}/p", f"{tree}/bad")
    path = f"{tree}/bad/data/record_paragraph.jsonl"
    text = open(path, encoding="utf-8").read()
    open(path, "w", encoding="utf-8").write(text.replace("母", "父", 1))
    code, said = run("import", "network", f"{tree}/bad", "--db", f"sqlite:{tree}/bad.db", "--key", f"{tree}/bad.key", "--from-key", h.key)
    check("a file that was changed is refused", code == 65 and "changed" in said, said)
    check("and nothing of it stays", ask(f"sqlite:{tree}/bad.db", "SELECT count(*) FROM network") == [("0",)])
    sealed = open(f"{tree}/x", "rb").read()
    open(f"{tree}/cut", "wb").write(sealed[:-1])
    code, said = run("import", "network", f"{tree}/cut", "--db", f"sqlite:{tree}/bad.db", "--key", f"{tree}/bad.key", "--backup-key", f"{tree}/k", "--from-key", h.key)
    check("a sealed file that is cut too", code == 65, said)

    # killed
    odd, kills, at = [], 0, 1
    half, key = h.place("half"), ("--key", f"{tree}/half.key", "--from-key", h.key)
    args = ("import", "network", f"{tree}/p", "--db", half, *key)
    while True:
        fault.arm("statement", at, how=KILL)
        code, said = run(*args, env=fault.env, timeout=120) if ENGINE == "sqlite" else run_for(0.02 * at, *args)
        fault.disarm()
        if code != -9:
            break
        kills += 1
        try:
            n = ask(half, "SELECT (SELECT count(*) FROM network) + (SELECT count(*) FROM person)")[0][0]
        except (sqlite3.OperationalError, subprocess.CalledProcessError):
            n = "0"  # killed before there was a table
        if n != "0":
            break
        at += 200 * EVERY if ENGINE == "sqlite" else EVERY
    check(f"killed {kills} times an import leaves nothing, or all", kills > 1 and (code == 0 or h.verify(half, f"{tree}/half.key")[0] == 0), (kills, code, said))


# ---- a ledger that is imported, and taken back ---------------------------------------------------------------------------------------


DIGITS = "零壱弐参肆伍陸漆捌玖"


def ledger_file(path, rows):
    """People whom nobody is: each name two letters apart from every other."""
    with open(path, "w", encoding="utf-8-sig", newline="") as f:
        f.write("番号,氏名,生年月日,性別,住所,受理日,状況,主訴\r\n")
        for n in range(rows):
            name = "".join(2 * DIGITS[int(c)] for c in f"{n:03d}")
            f.write(f"{n + 1},架空 {name},平成{16 + n % 12}年{n % 11 + 1}月{n % 27 + 1}日,男,架空市{n}番地,令和7年4月1日,支援中,試験の行\r\n")


def case_ledger(tree):
    h = House(tree)
    rows = 60 if EVERY > 1 else 600
    ledger_file(f"{tree}/ledger.csv", rows)
    fault = Fault(f"{tree}/fault")
    login, body = ask(h.url, "SELECT u.login, o.name FROM membership m JOIN user_account u ON u.id = m.user_id"
                             " JOIN organization o ON o.id = m.organization_id WHERE m.role = 'manager' AND m.until_at IS NULL ORDER BY u.login")[0]
    args = ("import", "ledger", "--db", h.url, "--key", h.key, "--organization", body, "--user", login)
    count = "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM case_file), (SELECT count(*) FROM ledger_case), (SELECT count(*) FROM ledger_import)"
    before = tuple(int(n) for n in ask(h.url, count)[0])

    code, said = run(*args, f"{tree}/ledger.csv", "--dry-run")
    check(f"{rows} rows are read and nothing is written", code == 0 and tuple(map(int, ask(h.url, count)[0])) == before, said)

    def killed(name, more, whole, step, pace=0.03):
        """Kills until it goes through: at each end either nothing of it stands or all."""
        kills, halves, at = 0, [], 1
        while True:
            fault.arm("statement", at, how=KILL)
            code, said = run(*args, *more, env=fault.env) if ENGINE == "sqlite" else run_for(pace * at, *args, *more)
            fault.disarm()
            now = tuple(int(n) for n in ask(h.url, count)[0])
            if code != -9 or whole(now):
                break
            kills += 1
            if now != start[0]:
                halves.append(now)
            at += step
        check(f"{name}: killed {kills} times, nothing stood of it", kills > 1 and not halves, (kills, halves, code, said))
        check(f"{name}: then it went through whole", whole(now), (now, code, said))

    start = [before]
    step = 90 * EVERY if ENGINE == "sqlite" else EVERY
    killed("import", (f"{tree}/ledger.csv",), lambda n: n == (before[0] + rows, before[1] + rows, rows, 1), step)
    import_id = int(ask(h.url, "SELECT max(id) FROM ledger_import")[0][0])
    start = [tuple(int(n) for n in ask(h.url, count)[0])]
    # Over in a moment.
    killed("taking back", ("--undo", id_text(import_id)), lambda n: n == (before[0], before[1], 0, 1), step if ENGINE == "sqlite" else 1, 0.015)
    code, said = h.verify()
    check("the trail verifies", code == 0, said)


FAR = None
if ENGINE == "sqlite" and "TSUNAGU_TEST_PG" in ENV:
    subprocess.run(["psql", ENV["TSUNAGU_TEST_PG"], "-qc", f"CREATE DATABASE far_{os.getpid()} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"], check=True)
    FAR = ENV["TSUNAGU_TEST_PG"].replace("///postgres?", f"///far_{os.getpid()}?")
sys.exit(in_tree(globals()["case_" + sys.argv[2]]))
