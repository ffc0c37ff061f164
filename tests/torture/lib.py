"""lib.py: what the tests of the whole program share: starting it, asking it over HTTP, letting its calls fail (fault.c), looking into its
SQLite file beside it. Python's own library alone. Results are TAP."""
import base64, hashlib, hmac, http.client, json, mmap, os, re, shutil, signal, sqlite3, struct, subprocess, sys, tempfile, threading, time
from urllib.parse import urlencode

PROGRAM = os.path.realpath(sys.argv[1])
FAULT = os.path.join(os.path.dirname(PROGRAM), "..", "tests", "torture", "libtsunagu_fault.so")  # the built fault.c
ENV = {k: v for k, v in os.environ.items() if not k.startswith("TSUNAGU_") or k.startswith("TSUNAGU_TEST")}
ENV["LANG"] = "C"
results = []


def check(name, good, more=""):
    results.append(bool(good))
    print(f"{'ok' if good else 'not ok'} {len(results)} - {name}", flush=True)
    for line in str(more).splitlines()[:60] if not good else ():
        print("# " + line)
    return bool(good)


def note(text):
    print("# " + text, flush=True)


def finish():
    print(f"1..{len(results)}")
    return 0 if results and all(results) else 1


def in_tree(fn, *args):
    """Runs fn in a folder of its own, which goes with it; the exit code."""
    tree = tempfile.mkdtemp(prefix="tsunagu-torture-")
    try:
        fn(tree, *args)
    finally:
        shutil.rmtree(tree, ignore_errors=True)
    return finish()


def option(name, other):
    """--name N on the command line."""
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else other


# ---- calls that fail ---------------------------------------------------------------------------------------------------------------

WHAT = {"read": 1, "write": 2, "sync": 3, "name": 4, "open": 5, "memory": 6, "statement": 7}
SHORT, KILL, FOR_GOOD = 1000, 2000, 1 << 60


class Fault:
    """The words that fault.c reads while the program runs."""
    FIELDS = ("what", "at", "times", "how", "calls", "failed", "blocks", "bytes", "clock_ms")

    def __init__(self, path):
        self.path = path
        with open(path, "wb") as f:
            f.write(bytes(4096))
        self.file = open(path, "r+b")
        self.map = mmap.mmap(self.file.fileno(), 4096)
        self.env = {**ENV, "LD_PRELOAD": FAULT, "TSUNAGU_FAULT": path}

    def get(self, field):
        return struct.unpack_from("=q", self.map, 8 * self.FIELDS.index(field))[0]

    def put(self, field, value):
        struct.pack_into("=q", self.map, 8 * self.FIELDS.index(field), value)

    def arm(self, what, at, times=1, how=5):
        """The at-th call from now on fails, with an errno or SHORT or KILL, `times` of them in a row; at 0: calls are only counted."""
        self.put("what", 0)
        for field, value in (("at", at or FOR_GOOD), ("times", times), ("how", how), ("calls", 0), ("failed", 0)):
            self.put(field, value)
        self.put("what", WHAT[what])

    def disarm(self):
        """(calls, failed) since it was armed."""
        self.put("what", 0)
        return self.get("calls"), self.get("failed")


# ---- the program -------------------------------------------------------------------------------------------------------------------


def run(*args, user=None, env=None, timeout=60, cwd=None):
    """(exit code, everything that was said); never waits longer than a minute."""
    try:
        p = subprocess.run([PROGRAM, *args], env=env or ENV, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           timeout=timeout, user=user, group=user, extra_groups=[] if user else None, cwd=cwd)
        return p.returncode, p.stdout.decode("utf-8", "replace")
    except subprocess.TimeoutExpired as e:
        return None, (e.stdout or b"").decode("utf-8", "replace") + "\nstill running"


class Serve:
    """A server on a free port; its log goes to a file. port is None when it ended before it listened."""

    def __init__(self, *args, env=None, listen="127.0.0.1:0", log=None):
        self.log = log or tempfile.TemporaryFile()
        self.process = subprocess.Popen([PROGRAM, "serve", "--listen", listen, *args], env=env or ENV, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=self.log)
        self.port = None
        for line in self.process.stdout:
            found = re.search(rb"listening on http://127\.0\.0\.1:(\d+)", line)
            if found:
                self.port = int(found.group(1))
                break

    def alive(self):
        return self.process.poll() is None

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        """The exit code; None when it had to be killed."""
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            code = None
        self.process.stdout.close()
        return code

    def said(self):
        self.log.seek(0)
        return self.log.read().decode("utf-8", "replace")


def totp(secret):
    """The code of this moment (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000:06d}"


class Browser:
    """Somebody signed in; the session outlives the server."""

    def __init__(self, serve, other=None):
        self.serve, self.cookie, self.csrf = serve, other.cookie if other else "", other.csrf if other else ""
        self.timeout, self.address = 20, "127.0.0.1"  # whence it asks

    def ask(self, method, path, body=None, accept="text/html"):
        """(status, headers, text), or None when the connection broke."""
        headers = {"Host": "localhost", "Accept": accept, "Cookie": self.cookie}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        c = http.client.HTTPConnection("127.0.0.1", self.serve.port, timeout=self.timeout, source_address=(self.address, 0))
        try:
            c.request(method, path, body, headers)
            r = c.getresponse()
            text = r.read().decode("utf-8", "replace")
            return r.status, r.headers, text
        except (OSError, http.client.HTTPException):
            return None
        finally:
            c.close()

    def post(self, path, key, **fields):
        """A form with its idempotency key. Fields with a dot in their name are given with two underscores."""
        pairs = [("_csrf", self.csrf), ("_key", key)]
        for name, value in fields.items():
            pairs += [(name.replace("__", "."), v) for v in (value if isinstance(value, list) else [value])]
        return self.ask("POST", path, urlencode(pairs))

    def json(self, path):
        return json.loads(self.ask("GET", path, accept="application/json")[2])

    def take_csrf(self):
        self.csrf = self.ask("GET", "/sessions", accept="application/json")[1]["X-CSRF-Token"]

    def try_sign_in(self, login, password):
        """The answer; the cookie is taken when there is one."""
        answer = self.ask("POST", "/sign-in", urlencode({"login": login, "password": password}))
        if answer and answer[0] == 303:
            self.take_cookie(answer)
        return answer

    def take_cookie(self, answer):
        """The session's; a page sends others too."""
        for cookie in answer[1].get_all("Set-Cookie") or ():
            if cookie.split("=")[0].endswith("session"):
                self.cookie = cookie.split(";")[0]

    def sign_in(self, login, password, secret=""):
        answer = self.try_sign_in(login, password)
        assert answer and answer[0] == 303, answer
        if secret:
            page = self.ask("GET", "/second-factor")[2]
            csrf = re.search(r'name="_csrf" value="([^"]*)"', page).group(1)
            answer = self.ask("POST", "/second-factor", urlencode({"code": totp(secret), "_csrf": csrf}))
            assert answer[0] == 303, answer
            self.take_cookie(answer)
        self.take_csrf()

    def record(self, case, number, size=0):
        """Adds the record with this number: the answer as ask() gives it. Asked again it is the same request."""
        minute = number % 1440
        return self.post(case + "/records/new", f"record-{number:08d}", day=day(-2 - number // 1440 % 300), time=f"{minute // 60:02d}:{minute % 60:02d}",
                         method="phone", met="voice", paragraph__0__text=f"record <{number}>" + "x" * size,
                         paragraph__0__source="staff", paragraph__0__category="support")

    def records(self, case):
        """The numbers of all records that the case shows, as often as it shows them."""
        numbers, path = [], case
        while path:
            page = self.json(path)
            for line in page["timeline"]:
                numbers += [int(n) for part in line["parts"] for n in re.findall(r"record <(\d+)>", part["text"])]
            path = page["more_href"] if page["has_more"] else None
        return numbers


class Town:
    """A small town of the demo: its database's address, the words of its sign-ins."""

    def __init__(self, tree, name="town", db=None, args=(), env=None):
        self.tree, self.path = tree, f"{tree}/{name}.db"
        self.db, self.args = db or f"sqlite:{self.path}", list(args)
        code, said = run("demo", "--db", self.db, "--scale", "small", *self.args, env=env)
        assert code == 0, said
        lines = [line.split("\t") for line in said.splitlines() if line.count("\t") >= 4]
        self.people = {line[0]: (line[1], line[2]) for line in lines}  # login: password, secret

    def serve(self, extra=(), **more):
        return Serve("--db", self.db, *self.args, *extra, **more)

    def browser(self, serve, login):
        b = Browser(serve)
        b.sign_in(login, *self.people[login])
        return b

    def run(self, *args, **more):
        return run(*args, "--db", self.db, *self.args, **more)

    def verified(self):
        """(is the log whole, what was said)."""
        code, said = self.run("audit", "verify")
        return code == 0, f"exit {code}: {said}"

    def look(self):
        """The SQLite file beside whoever has it open; nothing of it is changed."""
        d = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=20, isolation_level=None)
        d.execute("PRAGMA query_only = ON")
        return d


def day(days=0):
    """The day in Japan so many days from now, as forms take it."""
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + 9 * 3600 + 86400 * days))


def done(answer):
    """That it was acknowledged; else the test cannot go on. A form's problems are told, not its page."""
    problems = re.findall(r'<li><a href="#[^"]*">([^<]*)</a>', answer[2]) if answer else []
    assert answer and answer[0] == 303, (answer and answer[0], problems or (answer and answer[2][-300:]))
    return answer[1]["Location"]


def id_text(number):
    """An id as the pages show it (src/base/id.c)."""
    text = ""
    for _ in range(13):
        text, number = "0123456789abcdefghjkmnpqrstvwxyz"[number & 31] + text, number >> 5
    return text


def together(*fns):
    """Runs each in a thread of its own and waits for all."""
    threads = [threading.Thread(target=fn) for fn in fns]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
