"""pg.py PROGRAM [--rounds N]: PostgreSQL is killed, restarted, cut off and put behind a network that swallows, while people write and read. What was acknowledged is there
once, every request ends in time with a sentence, and all goes on by itself afterwards. Under tests/pg.sh --own."""
import select, socket
from lib import *

ROUNDS, WRITERS, SECONDS = option("--rounds", 1), 4, 2
BOUND = 2 * SECONDS + 8  # an answer that does not come, and a connection that is not made (5 s), with a busy machine's slack


class Proxy(threading.Thread):
    """Between the server and PostgreSQL's socket: forwards; swallows, then whoever connects gets no word; cuts off; or cuts off each connection
    where it takes its role."""

    def __init__(self, to):
        super().__init__(daemon=True)
        self.to, self.mode, self.anew, self.pairs = to, "forward", False, {}
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.port = self.listening.getsockname()[1]

    def close(self, one):
        other = self.pairs.pop(one, None)
        self.pairs.pop(other, None)
        one.close()
        if other:
            other.close()

    def accept(self):
        client, _ = self.listening.accept()
        if self.mode == "cut":
            client.close()
            return
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(self.to)
        except OSError:
            client.close()
            return
        self.pairs[client], self.pairs[server] = server, client

    def run(self):
        while True:
            if self.mode == "cut" or self.anew:
                self.anew = False
                for one in list(self.pairs):
                    self.close(one)
            for one in select.select([self.listening, *self.pairs], [], [], 0.05)[0]:
                if one is self.listening:
                    self.accept()
                    continue
                if one not in self.pairs:
                    continue
                try:
                    data = one.recv(65536)
                    if self.mode == "no role" and b"SET ROLE" in data:
                        data = b""
                    if data and self.mode != "swallow":
                        self.pairs[one].sendall(data)
                except OSError:
                    data = b""
                if not data:
                    self.close(one)


class Writer(threading.Thread):
    """Writes record after record; what was not acknowledged is asked again until it is."""

    def __init__(self, browser, case, first):
        super().__init__(daemon=True)
        self.browser, self.case, self.next = browser, case, first
        self.acknowledged, self.odd, self.slowest, self.refused, self.stopping = set(), [], 0, 0, False

    def run(self):
        while not self.stopping:
            began = time.time()
            answer = self.browser.record(self.case, self.next)
            self.slowest = max(self.slowest, time.time() - began)
            if answer and answer[0] == 303:
                self.acknowledged.add(self.next)
                self.next += WRITERS
                continue
            self.refused += 1
            if not answer or answer[0] != 503 or len(answer[2]) < 100 or "record <" in answer[2]:
                self.odd.append(answer and (answer[0], answer[2][-200:]))
            time.sleep(0.02)


class Reader(Writer):
    """Looks at the case: its page or a refusal, never something between."""

    def run(self):
        while not self.stopping:
            began = time.time()
            answer = self.browser.ask("GET", self.case)
            self.slowest = max(self.slowest, time.time() - began)
            if answer and answer[0] == 200:
                self.acknowledged.add(time.time())
            else:
                self.refused += 1
                if not answer or answer[0] != 503:
                    self.odd.append(answer and (answer[0], answer[2][-200:]))
            time.sleep(0.01)


def shell(command):
    subprocess.run(["sh", "-c", command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Cluster:
    def __init__(self):
        self.admin = ENV["TSUNAGU_TEST_PG"]
        self.folder = re.search(r"host=([^&]*)", self.admin).group(1)
        self.socket = f"{self.folder}/.s.PGSQL.5432"

    def psql(self, sql, db="postgres"):
        return subprocess.run(["psql", "-XAtqc", sql, self.admin.replace("///postgres?", f"///{db}?")], check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode().strip()

    def kill(self):
        """-9 to the postmaster and every process it made."""
        with open(f"{self.folder}/data/postmaster.pid") as f:
            master = int(f.readline())
        family = [master]
        for name in os.listdir("/proc"):
            try:
                if name.isdigit() and open(f"/proc/{name}/stat").read().rsplit(") ", 1)[1].split()[1] == str(master):
                    family.append(int(name))
            except OSError:
                pass
        for pid in family:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def start(self):
        shell(ENV["TSUNAGU_TEST_PG_START"])

    def restart(self):
        shell(ENV["TSUNAGU_TEST_PG_RESTART"])

    def terminate(self):
        self.psql("SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = 'town'")


def outages(cluster, proxy):
    """Name, what is done, what ends it."""

    def terminate():
        for _ in range(10):
            cluster.terminate()
            time.sleep(0.05)

    def hide():
        os.rename(cluster.socket, cluster.socket + ".away")
        for one in list(proxy.pairs):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it was just closed

    def set_mode(mode):
        proxy.mode = mode
        proxy.anew = mode == "no role"

    return [("killed", cluster.kill, cluster.start), ("restarted", cluster.restart, lambda: None), ("its connections ended", terminate, lambda: None),
            ("its socket gone", hide, lambda: os.rename(cluster.socket + ".away", cluster.socket)),
            ("the network cut", lambda: set_mode("cut"), lambda: set_mode("forward")),
            ("its connections cut as they begin", lambda: set_mode("no role"), lambda: set_mode("forward")),
            ("the network silent", lambda: (set_mode("swallow"), time.sleep(SECONDS + 1)), lambda: set_mode("forward"))]


def works(people):
    """Everybody's next acknowledgement, within a while."""
    before = [len(p.acknowledged) for p in people]
    for _ in range(1500):
        if all(len(p.acknowledged) > n for p, n in zip(people, before)):
            return True
        time.sleep(0.02)
    return False


def main(tree):
    cluster = Cluster()
    cluster.psql("CREATE DATABASE town TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
    proxy = Proxy(cluster.socket)
    proxy.start()
    key = ("--key", f"{tree}/town.key")
    town = Town(tree, db=cluster.admin.replace("///postgres?", "///town?"), args=key)
    direct = town.db
    town.db = f"postgresql://postgres@127.0.0.1:{proxy.port}/town"
    town.args += ["--db-seconds", str(SECONDS)]
    serve = town.serve()
    check("it serves", serve.port, serve.said())
    worker = town.browser(serve, "suzuki")
    case = worker.json("/cases")["cases"][0]["href"]
    people = [Writer(Browser(serve, worker), case, n) for n in range(WRITERS)] + [Reader(Browser(serve, worker), case, 0)]
    for p in people:
        p.browser.timeout = 90
        p.start()
    works(people)
    for n in range(ROUNDS):
        for name, begin, end in outages(cluster, proxy):
            begin()
            time.sleep(0.5)
            end()
            good = works(people)
            if not good or n == 0:
                check(f"PostgreSQL {name}: all goes on by itself", good)
            note(f"{name}: slowest {max(p.slowest for p in people):.1f} s, {sum(p.refused for p in people)} refused so far")
    for p in people:
        p.stopping = True
    for p in people:
        p.join()
    acknowledged, odd = set().union(*(p.acknowledged for p in people[:-1])), [o for p in people for o in p.odd]
    note(f"{len(acknowledged)} records acknowledged, {sum(p.refused for p in people)} requests refused, the slowest took {max(p.slowest for p in people):.1f} s")
    check("what was refused was refused in words", not odd, odd[:5])
    check("every request ended in time", max(p.slowest for p in people) < BOUND, max(p.slowest for p in people))
    shown = worker.records(case)
    check("every acknowledged record is there", acknowledged <= set(shown), sorted(acknowledged - set(shown))[:20])
    check("each once", len(shown) == len(set(shown)))
    counted = cluster.psql("SELECT (SELECT COUNT(*) FROM idempotency WHERE key LIKE 'record-%'), (SELECT COUNT(DISTINCT e.request) FROM event e"
                           " JOIN record r ON r.network_id = e.network_id AND r.created_at = e.at AND r.author_user_id = e.user_id"
                           " WHERE e.kind = 6 AND e.request <> 'command')", "town").split("|")
    check("as many events of writing one", counted[0] == counted[1] == str(len(shown)), f"{counted} {len(shown)}")
    check("the server stops when told", serve.stop() == 0)
    code, said = run("audit", "verify", "--db", direct, *key)
    check("the log is whole", code == 0, said)


sys.exit(in_tree(main))
