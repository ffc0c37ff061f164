#!/usr/bin/env python3
"""looks.py PROGRAM SCALE: a demo town on each engine; some of its people sign in and look around (lists, cases, sheets, searches) while others
write; then `audit verify --rederive` decides every look of the town again. Prints the figures; 1 when there is a finding or too little to find."""
import os
import random
import re
import subprocess
import sys
import tempfile
import time

PROGRAM, SCALE = os.path.realpath(sys.argv[1]), sys.argv[2]
WALKS, STEPS = 24, 60


def sh(*args):
    p = subprocess.run([PROGRAM, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return p.returncode, p.stdout.decode("utf-8", "replace")


class Visitor:
    def __init__(self, port):
        import http.client
        self.client, self.port, self.cookie = http.client, port, ""

    def ask(self, method, path, body=None):
        c = self.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Host": "localhost", "Accept": "application/json" if method == "GET" else "text/html", "Cookie": self.cookie}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        c.request(method, path, body, headers)
        r = c.getresponse()
        text = r.read().decode("utf-8", "replace")
        if r.headers["Set-Cookie"]:
            self.cookie = r.headers["Set-Cookie"].split(";")[0]
        return r.status, text


def walk(port, login, password, dice):
    """Signs in and follows links of the JSON documents; the number of pages that were shown."""
    from urllib.parse import quote
    v = Visitor(port)
    if v.ask("POST", "/sign-in", f"login={quote(login)}&password={quote(password)}")[0] != 303:
        return 0
    shown, links = 0, ["/today", "/cases", "/connections"]
    for _ in range(STEPS):
        status, text = v.ask("GET", dice.choice(links))
        shown += status == 200
        links = (links + re.findall(r'"(/(?:cases|sheets|connections|consents)[^"?#]*)"', text))[-400:]
    return shown


def town(tree, name, db, more=()):
    began = time.time()
    code, said = sh("demo", "--db", db, "--scale", SCALE, *more)
    assert code == 0, said[-2000:]
    people = re.findall(r"^(\w+)\t([^\t]+)\t", said, re.M)
    print(f"{name}: demo {SCALE} in {time.time() - began:.0f} s", flush=True)
    serve = subprocess.Popen([PROGRAM, "serve", "--listen", "127.0.0.1:0", "--db", db, *more], stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL)
    port = next(int(m.group(1)) for m in (re.search(rb"http://127\.0\.0\.1:(\d+)", line) for line in serve.stdout) if m)
    dice = random.Random(7)
    shown = sum(walk(port, *dice.choice(people), dice) for _ in range(WALKS))
    serve.terminate()
    serve.wait()
    began = time.time()
    code, said = sh("audit", "verify", "--rederive", "--db", db, *more)
    print(f"{name}: {shown} pages looked at by {WALKS} sign-ins (seed 7)")
    print(f"{name}: {' / '.join(said.strip().splitlines()[-3:])}; {time.time() - began:.0f} s", flush=True)
    return code == 0 and shown > WALKS * 5


def main():
    with tempfile.TemporaryDirectory(dir="/tmp") as tree:
        good = town(tree, "SQLite", f"sqlite:{tree}/town.db")
        admin = os.environ.get("TSUNAGU_TEST_PG")
        if admin:
            subprocess.run(["psql", admin, "-qc", "CREATE DATABASE town TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"], check=True)
            good &= town(tree, "PostgreSQL", admin.replace("///postgres?", "///town?"), ("--key", f"{tree}/town.key"))
    return 0 if good else 1


sys.exit(main())
