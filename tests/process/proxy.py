"""proxy.py PROGRAM nginx|caddy: tsunagu behind the proxy as packaging/ has it, over TLS on loopback: headers, cookies, sign-in, bodies, and that what is refused
without a proxy is refused with one. Prints TAP."""
import http.server, os, socket, ssl, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "torture"))
from lib import *

PACKAGING = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", "packaging")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def replaced(text, *pairs):
    """Every change must find what it changes: an example that reads otherwise is to be looked at again."""
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text


def certificate(tree):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost", "-keyout", f"{tree}/tls.key", "-out", f"{tree}/tls.pem"], check=True, capture_output=True)


def nginx(tree, upstream, plain, tls):
    site = replaced(open(f"{PACKAGING}/nginx/tsunagu.conf").read(), ("listen 80;", f"listen 127.0.0.1:{plain};"), ("listen [::]:80;", ""),
                    ("listen 443 ssl", f"listen 127.0.0.1:{tls} ssl"), ("listen [::]:443 ssl http2;", ""), ("net.example.jp;", "localhost;"),
                    ("/etc/ssl/private/net.example.jp.pem", f"{tree}/tls.pem"), ("/etc/ssl/private/net.example.jp.key", f"{tree}/tls.key"),
                    ("http://127.0.0.1:8080", f"http://127.0.0.1:{upstream}"))
    for folder in ("body", "answer", "other"):
        os.makedirs(f"{tree}/{folder}", exist_ok=True)
    user = "user root;" if os.getuid() == 0 else ""
    with open(f"{tree}/nginx.conf", "w") as f:
        f.write(f"""{user} daemon off; worker_processes 1; pid {tree}/pid; error_log {tree}/error.log;
events {{ worker_connections 64; }}
http {{ client_body_temp_path {tree}/body; proxy_temp_path {tree}/answer; fastcgi_temp_path {tree}/other; uwsgi_temp_path {tree}/other;
scgi_temp_path {tree}/other; access_log off;
{site} }}""")
    return ["nginx", "-c", f"{tree}/nginx.conf", "-e", f"{tree}/error.log"]


def caddy(tree, upstream, plain, tls):
    site = replaced(open(f"{PACKAGING}/caddy/Caddyfile").read(), ("{\n\t# Addresses", f"{{\n\tadmin off\n\thttp_port {plain}\n\thttps_port {tls}\n\t# Addresses"),
                    ("net.example.jp {", f"localhost {{\n\tbind 127.0.0.1\n\ttls {tree}/tls.pem {tree}/tls.key"), ("127.0.0.1:8080", f"127.0.0.1:{upstream}"))
    with open(f"{tree}/Caddyfile", "w") as f:
        f.write(site)
    return ["caddy", "run", "--adapter", "caddyfile", "--config", f"{tree}/Caddyfile"]


class Proxy:
    def __init__(self, make, tree, upstream):
        self.plain, self.tls = free_port(), free_port()
        env = {**ENV, "XDG_DATA_HOME": tree, "XDG_CONFIG_HOME": tree, "HOME": tree}
        self.log = open(f"{tree}/proxy.log", "ab+")
        self.process = subprocess.Popen(make(tree, upstream, self.plain, self.tls), env=env, stdout=self.log, stderr=self.log)
        self.context = ssl.create_default_context(cafile=f"{tree}/tls.pem")
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.tls), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.log.seek(0)
        raise AssertionError(self.log.read().decode())

    def connect(self):
        return http.client.HTTPSConnection("localhost", self.tls, timeout=20, context=self.context)

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


class Guest(Browser):
    """A browser that comes through the proxy."""

    def __init__(self, proxy):
        super().__init__(proxy)
        self.proxy, self.more = proxy, {}

    def ask(self, method, path, body=None, accept="text/html"):
        headers = {"Accept": accept, "Cookie": self.cookie, **self.more}
        if body is not None:
            headers.update({"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://localhost:{self.proxy.tls}", "Sec-Fetch-Site": "same-origin"})
        c = self.proxy.connect()
        try:
            c.request(method, path, body, headers)
            r = c.getresponse()
            return r.status, r.headers, r.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            return None
        finally:
            c.close()


def raw(proxy, text):
    """The head of what comes for these bytes; "" when it hangs up."""
    with socket.create_connection(("127.0.0.1", proxy.tls), 5) as s, proxy.context.wrap_socket(s, server_hostname="localhost") as t:
        t.sendall(text.encode("latin-1"))
        try:
            return t.recv(4000).split(b"\r\n\r\n")[0].decode("latin-1")
        except (TimeoutError, OSError):
            return ""


# ---- what the proxy makes of a request ------------------------------------------------------------------------------------------------


class Echo(http.server.BaseHTTPRequestHandler):
    """Says which headers came."""

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        text = json.dumps([[k.lower(), v] for k, v in self.headers.items()] + [["size", len(body)]]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = answer

    def log_message(self, *args):
        pass


def headers(make, tree):
    echo = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=echo.serve_forever, daemon=True).start()
    proxy = Proxy(make, tree, echo.server_port)
    g = Guest(proxy)
    g.more = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http", "X-Real-IP": "203.0.113.9"}
    came = json.loads(g.ask("GET", "/x")[2])
    said = {}
    for name, text in came:
        said.setdefault(name, []).append(text)
    check("the address is the peer's, and not what it says of itself", said["x-forwarded-for"] == ["127.0.0.1"], came)
    check("the way is https", said["x-forwarded-proto"] == ["https"], came)
    check("the host is the one that was asked for", said["host"] == [f"localhost:{proxy.tls}"], came)
    g.more = {}
    came = dict(json.loads(g.ask("POST", "/x", "a=" + "b" * 100000)[2]))
    check("a body comes whole, with its length", came["size"] == 100002 and came.get("content-length") == "100002" and "transfer-encoding" not in came, came)
    proxy.stop()
    echo.shutdown()
    echo.server_close()


# ---- tsunagu behind it ---------------------------------------------------------------------------------------------------------------------


def work(g, town):
    status, head, text = g.ask("GET", "/sign-in")
    check("the page to sign in", status == 200 and head["X-Request-Id"], text[:300])
    check("says that it is to be asked for by TLS alone", "max-age" in head.get("Strict-Transport-Security", ""), head)
    password = town.people["suzuki"][0]
    status, head, _ = g.ask("POST", "/sign-in", urlencode({"login": "suzuki", "password": password}))
    cookie = next((c for c in head.get_all("Set-Cookie") or () if "session=" in c), "")
    check("signing in works, and the session is bound to this host", status == 303 and cookie.startswith("__Host-session=") and "Secure" in cookie, cookie)
    g.take_cookie((status, head, ""))
    g.take_csrf()
    case = g.json("/cases")["cases"][0]["href"]
    check("pages come", all(g.ask("GET", p)[0] == 200 for p in ("/today", case)))
    check("a record is written", g.record(case, 1)[0] == 303)
    g.more = {"X-Forwarded-Proto": "http", "X-Forwarded-For": "203.0.113.9"}
    check("what a client says of its way counts nothing", g.ask("GET", "/today")[0] == 200)
    g.more = {}
    c = g.proxy.connect()
    c.request("POST", case + "/records/new", urlencode({"_csrf": g.csrf, "_key": "proxy-foreign-1"}),
              {"Cookie": g.cookie, "Content-Type": "application/x-www-form-urlencoded", "Origin": "https://evil.example"})
    check("a form of another site is refused", c.getresponse().status == 403)
    c.close()


def sizes(proxy, tree, make):
    g = Guest(proxy)
    for name, size, own in (("nearly all that may be", 4 * 1000 * 1000, True), ("a little too much", 4 * 1024 * 1024 + 200000, True), ("far too much", 6000000, False)):
        answer = g.ask("POST", "/sign-in", "login=a&password=" + "b" * size)
        if own:
            check(f"a body with {name} is answered by tsunagu", answer and answer[1]["X-Request-Id"] and answer[0] in (413, 422), answer and answer[:2])
        else:
            check(f"a body with {name} gets no further than the proxy", answer is None or (answer[0] in (413, 502) and not answer[1]["X-Request-Id"]), answer and answer[:2])
    if make is nginx:
        check("nothing of a body lies on the proxy's disk", not os.listdir(f"{tree}/body") and "temporary file" not in open(f"{tree}/error.log").read())


STRANGE = [
    ("a line that ends with LF alone", "GET /sign-in HTTP/1.1\nHost: localhost\n\n"),
    ("two hosts", "GET /sign-in HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n"),
    ("a length and chunks", "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ("two lengths", "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\naaaaa"),
    ("a folded line", "GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n"),
    ("a slash in disguise", "GET /assets%2F..%2Fsign-in HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ("a NUL", "GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n"),
    ("NUL and LF at the end of a line", "GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX: a\0\n\r\n"),
    ("a header without a name before LF", "GET /sign-in HTTP/1.1\r\nHost: localhost\r\n:\nX: y\r\n\r\n"),
    ("two cookies", "GET /today HTTP/1.1\r\nHost: localhost\r\nCookie: a=1\r\nCookie: b=2\r\n\r\n"),
    ("another host", "GET /today HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
]


def strict(g, name):
    """Refused by the proxy or by tsunagu, or answered by the proxy alone. What a proxy mends on its way is a request like any other."""
    mended = {"nginx": {"a line that ends with LF alone", "a header without a name before LF"},
              "caddy": {"a line that ends with LF alone", "a header without a name before LF", "two cookies", "a folded line"}}[name]
    for what, text in STRANGE:
        head = raw(g.proxy, text)
        refused = re.match(r"HTTP/1\.1 (4\d\d|501)", head) or "x-request-id" not in head.lower()
        check(f"refused or mended: {what}" if what in mended else f"refused: {what}",
              refused or (what in mended and re.match(r"HTTP/1\.1 (200|303)", head)), head)


def case_proxy(tree, make, name):
    certificate(tree)
    headers(make, tree)
    town = Town(tree)
    serve = town.serve(extra=("--trusted-proxy", "127.0.0.1"))
    proxy = Proxy(make, tree, serve.port)
    g = Guest(proxy)
    work(g, town)
    sizes(proxy, tree, make)
    strict(g, name)
    c = http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=10)
    c.request("GET", "/today", headers={"Host": "localhost"})
    r = c.getresponse()
    check("plain HTTP leads to https", r.status in (301, 308) and r.headers["Location"].startswith("https://localhost"), (r.status, r.headers["Location"]))
    c.close()
    serve.stop()
    check("without tsunagu the proxy says so", g.ask("GET", "/today")[0] == 502)
    proxy.stop()
    serve = town.serve()
    proxy = Proxy(make, tree, serve.port)
    check("a proxy that tsunagu was not told of is refused", Guest(proxy).ask("GET", "/sign-in")[0] == 403)
    proxy.stop()
    serve.stop()
    said = serve.said()
    check("and the log says what to do", "set trusted-proxy" in said)


if __name__ == "__main__":
    if not shutil.which(sys.argv[2]) or not shutil.which("openssl"):
        print("1..0 # SKIP not installed")
        sys.exit(0)
    sys.exit(in_tree(case_proxy, {"nginx": nginx, "caddy": caddy}[sys.argv[2]], sys.argv[2]))
