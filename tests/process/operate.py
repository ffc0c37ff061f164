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


if __name__ == "__main__":
    sys.exit(in_tree(globals()["case_" + sys.argv[2]]))
