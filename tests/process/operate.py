"""operate.py PROGRAM CASE: the program as it is operated: its sandbox, its log, its measurements. Prints TAP."""
import glob, os, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "torture"))
from lib import *


def status(pid, task="*"):
    """/proc/PID/task/*/status as maps."""
    return [dict(line.rstrip("\n").split(":\t", 1) for line in open(path) if ":\t" in line)
            for path in glob.glob(f"/proc/{pid}/task/{task}/status")]


def crawl(browser, most):
    """Follows the links of pages from today on, breadth first: [(path, status, type)]."""
    todo, seen, found = ["/today", "/cases", "/directory", "/connections", "/help"], set(), []
    while todo and len(found) < most:
        path = todo.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = browser.ask("GET", path)
        if not answer:
            found.append((path, 0, ""))
            continue
        code, headers, text = answer
        found.append((path, code, headers.get("Content-Type", "")))
        if headers.get("Content-Type", "").startswith("text/html"):
            links = [h.replace("&amp;", "&") for h in re.findall(r'href="(/[^"#]*)', text)]
            todo += sorted((h for h in links if not h.startswith("/language")), key=lambda h: ".pdf" not in h)
    return found


def story(town):
    """A day's work in the sandbox: pages, paper, a search, writes; then what the kernel and the log say."""
    serve = town.serve()
    check("it starts", serve.port)
    every = status(serve.process.pid)
    check("every thread is filtered", len(every) > 10 and all(t["Seccomp"] == "2" for t in every), every[:1])
    check("and gets no new privileges", all(t["NoNewPrivs"] == "1" for t in every))
    check("by both filters", all(t["Seccomp_filters"] == "2" for t in every), [t["Seccomp_filters"] for t in every])
    b = town.browser(serve, "suzuki")
    case = b.json("/cases")["cases"][0]["href"]
    pages = crawl(b, 150)
    check(f"{len(pages)} pages answer", len(pages) > 40 and all(code in (200, 303, 403, 404, 409) for _, code, _ in pages),
          [p for p in pages if p[1] not in (200, 303)])
    paper = [p for p in pages if p[2].startswith("application/pdf") and p[1] == 200]
    check(f"{len(paper)} of them on paper", paper)
    check("records are written", all(b.record(case, n)[0] == 303 for n in range(5)))
    check("and a search answers", b.post("/cases/find", "operate-search-1", q="a")[0] in (200, 422))
    check("the server is well", b.ask("GET", "/healthz")[0] == 200)
    check("it stops when told", serve.stop() == 0)
    log = serve.said()
    line = next((x for x in log.splitlines() if '"event":"sandbox"' in x), "")
    check("the log says what holds", '"seccomp":"yes"' in line and '"missing":""' in line, line)
    check("nothing failed", '"level":"error"' not in log, [x for x in log.splitlines() if '"error"' in x][:5])


def case_sandbox(tree):
    town = Town(tree)
    story(town)
    serve = Serve("--db", town.db, "--no-sandbox")
    check("--no-sandbox keeps it out", serve.port and all(t["Seccomp"] == "0" for t in status(serve.process.pid)))
    check("and it stops", serve.stop() == 0)
    check("which the log says", "--no-sandbox" in serve.said())


def case_sandbox_postgresql(tree):
    story(postgresql_town(tree, "sandbox"))


def postgresql_town(tree, name):
    admin, name = ENV["TSUNAGU_TEST_PG"], f"{name}_{os.getpid()}"
    subprocess.run(["psql", admin, "-qc", f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"], check=True)
    return Town(tree, db=admin.replace("///postgres?", f"///{name}?"), args=("--key", f"{tree}/town.key"))


# ---- the log ------------------------------------------------------------------------------------------------------------------------

WORDS = {"at", "level", "event", "method", "route", "status", "ms", "bytes", "id", "code", "detail", "why", "landlock", "seccomp", "missing",
         "version", "engine", "schema", "tls"}
# What people type, see or are called; in no line of the log. The demo's people, and one of our own.
CANARY = "canary-8f3a"


def names(town, browser):
    """Names that the pages show: those of cases, and of who is signed in."""
    found = {CANARY, *town.people}
    for case in browser.json("/cases")["cases"]:
        found.add(case["name"])
    return {n for n in found if n}


def use(town, serve):
    """Everybody looks around, one writes, some guess: with canaries in every place that somebody may fill."""
    for login in ("suzuki", "sato", "takahashi"):
        crawl(town.browser(serve, login), 60)
    b = town.browser(serve, "suzuki")
    case = b.json("/cases")["cases"][0]["href"]
    b.record(case, 1)
    b.post("/cases/find", "operate-find-0001", q=CANARY)
    b.post(case + "/records/new", "operate-record-1", day=CANARY, paragraph__0__text=CANARY)
    b.ask("GET", f"/cases/{CANARY}?q={CANARY}")
    b.ask("GET", f"/{CANARY}")
    b.ask("POST", "/sign-in", urlencode({"login": CANARY, "password": CANARY}))
    b.ask("GET", f"/sign-in?next=/{CANARY}")
    stranger = Browser(serve)
    stranger.cookie = f"session={CANARY}"
    stranger.ask("GET", "/today", accept=CANARY)
    stranger.ask("GET", f"/{CANARY}%zz")
    return names(town, b), case.split("/")[2]


def case_log(tree):
    town = Town(tree)
    serve = town.serve()
    people, case = use(town, serve)
    serve.stop()
    lines = [json.loads(line) for line in serve.said().splitlines()]  # one that is not JSON ends the test
    check(f"{len(lines)} lines, each of JSON", len(lines) > 150)
    unknown = {k for line in lines for k in line} - WORDS
    check("no other words than those that are known", not unknown, unknown)
    requests = [line for line in lines if line["event"] == "request"]
    check("a request has route, status, ms, bytes and id",
          requests and all(isinstance(r["status"], int) and isinstance(r["bytes"], int) and r["ms"] >= 0 and re.fullmatch("[0-9a-f]{16}", r["id"])
                           and (r["route"][0] == "/" or r["route"] == "-") for r in requests))
    check("what happens to the server as well", {"sandbox", "started", "refused", "stopping"} <= {line["event"] for line in lines})
    text = serve.said()
    check(f"none of {len(people)} names, words and logins", not [p for p in people if p in text], [p for p in people if p in text])
    check("no id of a case, no address of a page", case not in text and "/cases/0" not in text and "127.0.0.1" not in text)
    plain = town.serve(extra=("--log", "plain"))
    people, _ = use(town, plain)
    plain.stop()
    text = plain.said()
    good = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+09:00 (error|warn|info) [a-z_]+( [a-z]+=(\S+|\"[^\"]*\"))*")
    check("as text, a line each", all(good.fullmatch(line) for line in text.splitlines()), [x for x in text.splitlines() if not good.fullmatch(x)][:3])
    check("nobody there either", not [p for p in people if p in text])
    code, said = run("serve", "--db", town.db, "--log", "xml")
    check("another form is refused", code == 65 and "json" in said, said)


# ---- figures --------------------------------------------------------------------------------------------------------------------------


def get(port, path):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    c.request("GET", path, headers={"Host": "localhost"})
    r = c.getresponse()
    text = r.read().decode()
    c.close()
    return r.status, text


def value(text, line):
    found = re.search("^" + re.escape(line) + r" (\S+)$", text, re.M)
    return float(found.group(1)) if found else None


def figures(town):
    serve = town.serve(extra=("--metrics-listen", "127.0.0.1:0"))
    found = next((m for m in (re.search(rb"figures on http://127\.0\.0\.1:(\d+)", line) for line in serve.process.stdout) if m), None)
    port = int(found.group(1))
    b = town.browser(serve, "suzuki")
    case = b.json("/cases")["cases"][0]["href"]
    together(*[lambda n=n: [Browser(serve, b).record(case, n * 10 + i) for i in range(5)] for n in range(4)])
    b.ask("GET", "/nowhere")
    status_code, text = get(port, "/metrics")
    check("figures come", status_code == 200 and text.endswith("\n"))
    check("a name that is there once", len(re.findall("^# TYPE ", text, re.M)) == len(set(re.findall("^# TYPE (\\S+)", text, re.M))))
    check("writes about somebody under their first step",
          value(text, 'tsunagu_requests_total{method="POST",route="/cases/...",status="303"}') == 20, text[:1500])
    check("no route with more", "/records" not in text and ":case" not in text)
    check("what is not there", value(text, 'tsunagu_requests_total{method="GET",route="none",status="404"}') == 1)
    check("times add up", value(text, 'tsunagu_request_duration_seconds_bucket{kind="write",le="+Inf"}')
          == value(text, 'tsunagu_request_duration_seconds_count{kind="write"}') >= 21)
    check("memory", 5e6 < value(text, "process_resident_memory_bytes") < 500e6)
    check("sessions in fives", value(text, "tsunagu_sessions") == 5)
    check("the log's heads", value(text, "tsunagu_audit_heads_wrong") == 0 and 0 <= value(text, "tsunagu_audit_event_age_seconds") < 60)
    check("the sandbox", value(text, 'tsunagu_sandbox{part="seccomp"}') == 1)
    if shutil.which("promtool"):
        p = subprocess.run(["promtool", "check", "metrics"], input=text, text=True, capture_output=True)
        check("promtool has nothing to say", p.returncode == 0 and not p.stderr + p.stdout, p.stderr + p.stdout)
    status_code, health = get(port, "/healthz")
    told = json.loads(health)
    check("health in parts", status_code == 200 and told["status"] == "ok" and all(c["ok"] for c in told["checks"].values()), health)
    check("nobody is named", not [p for p in names(town, b) if p in text + health])
    check("nothing else is there", get(port, "/today")[0] == 404 and get(port, "/sign-in")[0] == 404)
    check("the pages' own address has no figures", b.ask("GET", "/metrics")[0] == 404 and b.ask("GET", "/healthz")[2] == "ok\n")
    return serve, port, text


def case_figures(tree):
    town = Town(tree)
    serve, port, text = figures(town)
    check("writes went in groups", value(text, "tsunagu_writer_group_size_sum") > value(text, "tsunagu_writer_group_size_count") * 0.99)
    check("the disk's room", value(text, "tsunagu_disk_free_bytes") > 0)
    serve.stop()
    with sqlite3.connect(town.path) as d:
        d.execute("UPDATE chain SET head_seq = head_seq - 1 WHERE head_seq > 1")
    d.close()
    serve = town.serve(extra=("--metrics-listen", "127.0.0.1:0"))
    port = next(int(m.group(1)) for m in (re.search(rb"figures on http://127\.0\.0\.1:(\d+)", line) for line in serve.process.stdout) if m)
    status_code, health = get(port, "/healthz")
    check("a head that was moved is seen", status_code == 503 and not json.loads(health)["checks"]["audit"]["ok"], health)
    serve.stop()


def case_figures_postgresql(tree):
    serve, port, text = figures(postgresql_town(tree, "figures"))
    check("the pool", value(text, "tsunagu_pool_connections") > 1 and value(text, "tsunagu_write_retries_total") is not None)
    serve.stop()


def case_rate(tree):
    """One session, and one address without a session, may ask so often and no oftener; nobody else waits for it."""
    town = Town(tree)
    serve = town.serve(extra=("--page-rate", "4"))
    b, other, stranger = town.browser(serve, "suzuki"), town.browser(serve, "ito"), Browser(serve)
    case = b.json("/cases")["cases"][0]["href"]
    answers = [b.ask("GET", case) for _ in range(60)]
    refused = [a for a in answers if a[0] == 429]
    check("a session is let in as often as was said", 34 <= sum(a[0] == 200 for a in answers) <= 50, str([a[0] for a in answers]))
    check("then it is told how long to wait", refused and all(1 <= int(a[1]["Retry-After"]) <= 60 for a in refused))
    check("in words, and nothing of the page", refused and all("短い時間に操作が多すぎます" in a[2] and case + "/" not in a[2] for a in refused), refused[:1])
    check("a write is refused likewise, and not done", b.record(case, 1)[0] == 429)
    check("another session at the same address is not", other.ask("GET", "/today")[0] == 200)
    strange = [stranger.ask("GET", "/sign-in")[0] for _ in range(60)]
    check("who is not signed in is counted by address", strange[0] == 200 and strange[-1] == 429, str(strange))
    check("which leaves the signed in alone", other.ask("GET", "/today")[0] == 200)
    time.sleep(2)
    check("and it goes on", b.ask("GET", case)[0] == 200 and stranger.ask("GET", "/sign-in")[0] == 200)
    serve.stop()


if __name__ == "__main__":
    sys.exit(in_tree(globals()["case_" + sys.argv[2]]))
