"""process.py PROGRAM CASE: the program as an operator runs it: databases and keys that do not fit, a second server, a server that is killed,
a database that goes away and comes back. Prints TAP. Python's own library alone."""
import http.client, json, os, re, shutil, signal, sqlite3, subprocess, sys, tempfile, threading, time
from datetime import date, timedelta
from urllib.parse import urlencode

PROGRAM = os.path.realpath(sys.argv[1])
CYCLES, WRITERS = 20, 4
ENV = {k: v for k, v in os.environ.items() if not k.startswith("TSUNAGU_") or k.startswith("TSUNAGU_TEST")}
ENV["LANG"] = "C"
results = []


def check(name, good, more=""):
    results.append(bool(good))
    print(f"{'ok' if good else 'not ok'} {len(results)} - {name}", flush=True)
    for line in str(more).splitlines() if not good else ():
        print("# " + line)


def run(*args, user=None):
    """(exit code, everything that was said); never waits longer than a minute."""
    try:
        p = subprocess.run([PROGRAM, *args], env=ENV, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           timeout=60, user=user, group=user, extra_groups=[] if user else None)
        return p.returncode, p.stdout.decode("utf-8", "replace")
    except subprocess.TimeoutExpired as e:
        return None, (e.stdout or b"").decode("utf-8", "replace") + "\nstill running"


class Serve:
    """A server on a free port; its log goes to a file."""

    def __init__(self, *args):
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen([PROGRAM, "serve", "--listen", "127.0.0.1:0", *args], env=ENV, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=self.log)
        self.port = None
        for line in self.process.stdout:
            found = re.search(rb"listening on http://127\.0\.0\.1:(\d+)", line)
            if found:
                self.port = int(found.group(1))
                break

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        self.process.stdout.close()
        return code


class Browser:
    """Somebody signed in; the session outlives the server."""

    def __init__(self, serve):
        self.port, self.cookie, self.csrf = serve.port, "", ""

    def ask(self, method, path, body=None, accept="text/html"):
        """(status, headers, text), or None when the connection broke."""
        headers = {"Host": "localhost", "Accept": accept, "Cookie": self.cookie}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            c.request(method, path, body, headers)
            r = c.getresponse()
            text = r.read().decode("utf-8", "replace")
            return r.status, r.headers, text
        except (OSError, http.client.HTTPException):
            return None
        finally:
            c.close()

    def json(self, path):
        return json.loads(self.ask("GET", path, accept="application/json")[2])

    def sign_in(self, login, password):
        status, headers, text = self.ask("POST", "/sign-in", urlencode({"login": login, "password": password}))
        assert status == 303, text
        self.cookie = headers["Set-Cookie"].split(";")[0]
        self.csrf = self.ask("GET", "/sessions", accept="application/json")[1]["X-CSRF-Token"]

    def record(self, case, number):
        """Adds the record with this number: the answer as ask() gives it. Asked again it is the same request."""
        day, minute = date.today() - timedelta(days=2 + number // 1440), number % 1440
        return self.ask("POST", case + "/records/new", urlencode({
            "_csrf": self.csrf, "_key": f"process-{number:06d}", "day": day.isoformat(), "time": f"{minute // 60:02d}:{minute % 60:02d}",
            "method": "phone", "met": "voice", "paragraph.0.text": f"record <{number}>", "paragraph.0.source": "staff",
            "paragraph.0.category": "support"}))

    def records(self, case):
        """The numbers of all records that the case shows, as often as it shows them."""
        numbers, path = [], case
        while path:
            page = self.json(path)
            for line in page["timeline"]:
                numbers += [int(n) for part in line["parts"] for n in re.findall(r"record <(\d+)>", part["text"])]
            path = page["more_href"] if page["has_more"] else None
        return numbers


def demo(tree, name="town", **more):
    """A small town; its database's address and what worker suzuki signs in with."""
    db = more.get("db", f"sqlite:{tree}/{name}.db")
    code, said = run("demo", "--db", db, "--scale", "small", *more.get("args", ()))
    assert code == 0, said
    password = re.search(r"^suzuki\t([^\t]+)\t", said, re.M).group(1)
    return db, password


def signed_in(serve, password):
    b = Browser(serve)
    b.sign_in("suzuki", password)
    return b, b.json("/cases")["cases"][0]["href"]


def refuses(name, words, *args, user=None):
    """serve ends by itself, with a code of its own and a sentence that says what to do, and without a crash."""
    code, said = run("serve", "--listen", "127.0.0.1:0", *args, user=user)
    check(name, code is not None and 64 <= code < 128 and re.search(words, said) and "listening" not in said, f"exit {code}: {said}")


# ---- cases ------------------------------------------------------------------------------------------------------------------------


def case_files(tree):
    db, _ = demo(tree)
    other, _ = demo(tree, "other")
    path, key = f"{tree}/town.db", f"{tree}/town.db.key"
    before = open(path, "rb").read()

    refuses("no database", "tsunagu init", "--db", f"sqlite:{tree}/none.db")
    refuses("no key file", "key", "--db", db, "--key", f"{tree}/none.key")
    refuses("the key file of another town", "key", "--db", db, "--key", f"{tree}/other.db.key")
    open(f"{tree}/broken.key", "wb").write(b"\x00" * 400)
    os.chmod(f"{tree}/broken.key", 0o400)
    refuses("a broken key file", "key", "--db", db, "--key", f"{tree}/broken.key")
    shutil.copy(key, f"{tree}/open.key")
    os.chmod(f"{tree}/open.key", 0o644)
    refuses("a key file that others can read", "key", "--db", db, "--key", f"{tree}/open.key")
    open(f"{tree}/text.db", "w").write("this is no database\n" * 100)
    refuses("a file that is no database", "database|text.db", "--db", f"sqlite:{tree}/text.db", "--key", key)
    check("none of that changed the database", open(path, "rb").read() == before)

    shutil.copy(path, f"{tree}/newer.db")
    with sqlite3.connect(f"{tree}/newer.db") as d:
        columns = [c[1] for c in d.execute("PRAGMA table_info(schema_version)")]
        row = list(d.execute("SELECT * FROM schema_version ORDER BY 1 DESC LIMIT 1").fetchone())
        row[0] += 1
        d.execute(f"INSERT INTO schema_version ({', '.join(columns)}) VALUES ({', '.join('?' * len(row))})", row)
    d.close()
    refuses("the database of a newer program", "newer", "--db", f"sqlite:{tree}/newer.db", "--key", key)
    code, said = run("migrate", "--db", f"sqlite:{tree}/newer.db", "--key", key)
    check("and it is not migrated backwards", code not in (0, None) and "newer" in said, f"exit {code}: {said}")

    first = Serve("--db", db)
    check("the right files serve", first.port and Browser(first).ask("GET", "/healthz")[0] == 200)
    refuses("a second server on one database", "already|running|use", "--db", db)
    check("the first one goes on", Browser(first).ask("GET", "/healthz")[0] == 200)
    check("and stops when told", first.stop() == 0)


def case_read_only(tree):
    """As somebody who may read the files and not write them; root may do anything, so another user does it."""
    nobody = 65534 if os.getuid() == 0 else None
    for name, folder in (("town", 0o755), ("village", 0o555)):  # the folder may be written, or not either
        home = f"{tree}/{name}"
        os.mkdir(home)
        db, _ = demo(home)
        path, key = f"{home}/town.db", f"{home}/town.db.key"
        before = open(path, "rb").read()
        os.remove(f"{home}/town.db-lock")
        for file in os.listdir(home):
            os.chmod(f"{home}/{file}", 0o400 if file.endswith(".key") else 0o444)
        if nobody:
            os.chown(key, nobody, nobody)
            if folder == 0o755:
                os.chown(home, nobody, nobody)
        os.chmod(tree, 0o755)
        os.chmod(home, folder)
        refuses(f"a database that cannot be written, in a folder with {folder:o}", "rights|written", "--db", db, user=nobody)
        os.chmod(home, 0o755)
        check("it is as it was", open(path, "rb").read() == before)


class Writer(threading.Thread):
    """Writes record after record until the server is gone. The last one, unanswered, is asked again when there is a new server."""

    def __init__(self, browser, case, first):
        super().__init__()
        self.browser, self.case, self.next, self.asked_again = browser, case, first, first if first >= WRITERS else None
        self.acknowledged, self.requests, self.odd = [], [], []

    def run(self):
        while True:
            answer = self.browser.record(self.case, self.next)
            if not answer:
                return
            status, headers, _ = answer
            if status == 303:
                self.acknowledged.append(self.next)
                if self.next != self.asked_again:  # that one may have been done by the request that got no answer
                    self.requests.append(headers["X-Request-Id"])
            elif status != 503:
                self.odd.append(status)
            self.next += WRITERS


def case_kill(tree):
    db, password = demo(tree)
    serve = Serve("--db", db)
    browser, case = signed_in(serve, password)
    acknowledged, requests, odd, nexts = set(), set(), [], list(range(WRITERS))
    for _ in range(CYCLES):
        writers = []
        for n in nexts:
            own = Browser(serve)
            own.cookie, own.csrf = browser.cookie, browser.csrf
            writers.append(Writer(own, case, n))
        for w in writers:
            w.start()
        time.sleep(0.25)
        serve.kill()
        for w in writers:
            w.join()
            acknowledged.update(w.acknowledged)
            requests.update(w.requests)
            odd += w.odd
        nexts = [w.next for w in writers]
        serve = Serve("--db", db)
        if not serve.port:
            check("it starts again after a kill", False)
            return
    browser.port = serve.port
    check(f"{len(acknowledged)} records were acknowledged in {CYCLES} lives", len(acknowledged) > CYCLES)
    check("nothing else was answered", not odd, odd)
    for n in nexts:  # unanswered: done or not, asked again it is there once
        check(f"the unanswered request {n} is asked again", browser.record(case, n)[0] == 303)
        acknowledged.add(n)
    shown = browser.records(case)
    check("every acknowledged record is there", acknowledged <= set(shown), sorted(acknowledged - set(shown)))
    check("each once", len(shown) == len(set(shown)), [n for n in set(shown) if shown.count(n) > 1])
    check("the server stops when told", serve.stop() == 0)
    with sqlite3.connect(f"{tree}/town.db") as d:
        events = {r[0] for r in d.execute("SELECT request FROM event WHERE kind = 6")}
        count = d.execute("SELECT COUNT(DISTINCT request) FROM event WHERE kind = 6 AND request <> 'command'").fetchone()[0]
        written = d.execute("SELECT COUNT(*) FROM idempotency WHERE key LIKE 'process-%'").fetchone()[0]
        check("the file is sound", d.execute("PRAGMA integrity_check").fetchone()[0] == "ok")
    d.close()
    check("every acknowledged record has its event", requests <= events, requests - events)
    check("no record without an event, no event without a record", count == written == len(shown), f"{count} {written} {len(shown)}")
    code, said = run("audit", "verify", "--db", db)
    check("the log is whole", code == 0, said)


def shell(command):
    subprocess.run(["sh", "-c", command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def case_postgresql(tree):
    admin = ENV["TSUNAGU_TEST_PG"]
    subprocess.run(["psql", admin, "-qc", "CREATE DATABASE town TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"], check=True)
    db, key = admin.replace("///postgres?", "///town?"), ("--key", f"{tree}/town.key")
    db, password = demo(tree, db=db, args=key)
    serve = Serve("--db", db, *key)
    browser, case = signed_in(serve, password)
    acknowledged = [n for n in range(20) if browser.record(case, n)[0] == 303]
    check("it works", len(acknowledged) == 20 and browser.ask("GET", "/healthz")[0] == 200)
    shell(ENV["TSUNAGU_TEST_PG_STOP"])
    answers = [browser.ask("GET", path) for path in ("/healthz", "/healthz", "/cases", case)] + [browser.record(case, 100)]
    check("without the database it says so, and lives", all(a and a[0] == 503 for a in answers), [a and a[0] for a in answers])
    check("in words", "record <" not in answers[3][2] and len(answers[3][2]) > 100, answers[3][2])
    shell(ENV["TSUNAGU_TEST_PG_START"])
    for _ in range(100):
        if browser.ask("GET", "/healthz")[0] == 200:
            break
        time.sleep(0.1)
    check("it finds the database again by itself", browser.ask("GET", "/healthz")[0] == 200)
    more = [n for n in range(20, 40) if browser.record(case, n)[0] == 303]
    check("and writes again", len(more) == 20, more)
    check("what was not acknowledged is asked again", browser.record(case, 100)[0] == 303)
    shown = browser.records(case)
    check("every acknowledged record is there, each once", sorted(shown) == [*range(40), 100], sorted(shown))
    shell(ENV["TSUNAGU_TEST_PG_RESTART"])  # between two requests: the connections are dead, nobody notices
    check("a restart between two requests is mended", browser.record(case, 41)[0] in (303, 503) and browser.record(case, 41)[0] == 303)
    check("the server stops when told", serve.stop() == 0)
    code, said = run("audit", "verify", "--db", db, *key)
    check("the log is whole", code == 0, said)


def main():
    tree = tempfile.mkdtemp(prefix="tsunagu-process-")
    try:
        globals()["case_" + sys.argv[2]](tree)
    finally:
        shutil.rmtree(tree, ignore_errors=True)
    print(f"1..{len(results)}")
    return 0 if all(results) else 1


sys.exit(main())
