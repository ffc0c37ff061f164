#!/usr/bin/env python3
"""http_head.py SERVER [COUNT [SEED]]: bends requests at random and holds the answer against a grammar of its own.

Whatever the server answers with 200 must be a strict request by the grammar below, which is written apart from src/http. The two
spellings that docs/http.md names as indistinguishable (NUL LF, colon LF) are not sent; empty lines before a request are cut off.
"""
import random
import re
import socket
import subprocess
import sys
from urllib.parse import unquote_to_bytes

TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
VALUE = rb"(?:[\t\x20-\x7e]|[\x80-\xff])*"
HEAD = re.compile(
    rb"\A(GET|HEAD|POST) (/[^\x00-\x20\x7f-\xff#\"<>\\^`{|}]*) HTTP/1\.[01]\r\n((?:" + TOKEN + rb":" + VALUE + rb"\r\n)*)\r\n",
    re.S)
SEEDS = [
    b"GET /a/b?c=d%20e&f=g HTTP/1.1\r\nHost: a.jp\r\nAccept: text/html\r\nX: a b\r\n\r\n",
    b"POST /a HTTP/1.1\r\nHost: a.jp\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n"
    b"Cookie: a=b\r\n\r\na=b",
    b"GET / HTTP/1.1\r\nHost: a.jp\r\nX:\r\nY: \xe3\x81\x82\r\n\r\n",
]
BITS = [b"\0", b"\n", b"\r", b"\r\n", b" ", b"\t", b":", b": ", b"%00", b"%2f", b"%", b"\xff", b"\xc0\xaf",
        b"Content-Length: 3\r\n", b"Host: b\r\n", b"Transfer-Encoding: chunked\r\n", b"/", b"..", b"?", b"#", b"\x01", b"\x7f",
        b" HTTP/1.1", b"X: y\r\n", b"\r\n ", b"\n\n", b"a", b"0", b"GET"]
SINGLE = [b"host", b"content-length", b"content-type", b"cookie"]


def bend(rnd, seed):
    s = bytearray(seed)
    for _ in range(rnd.choice([1, 1, 1, 2, 3])):
        at, how = rnd.randrange(len(s) + 1), rnd.random()
        if how < 0.5:
            s[at:at] = rnd.choice(BITS)
        elif how < 0.7:
            del s[at:at + rnd.randrange(1, 4)]
        else:
            s[at:at + 1] = rnd.choice(BITS) if rnd.random() < 0.6 else bytes([rnd.randrange(256)])
    return bytes(s).lstrip(b"\r\n")


def utf8(b):
    try:
        b.decode()
        return True
    except UnicodeDecodeError:
        return False


def strict_target(target):
    path = target.split(b"?")[0]
    escapes = re.findall(rb"%(.?.?)", target, re.S)
    if any(not re.fullmatch(rb"[0-9a-fA-F]{2}", e) for e in escapes):
        return False
    raw = unquote_to_bytes(target)
    segments = path.split(b"/")[1:]
    if segments[-1] == b"":
        segments.pop()
    for s in map(unquote_to_bytes, segments):
        if s in (b"", b".", b"..") or any(c < 32 or c in (47, 92, 127) for c in s):
            return False
    return b"\0" not in raw and utf8(raw)


def strict(request):
    m = HEAD.match(request)
    if not m:
        return False
    method, target, lines = m.groups()
    headers = {}
    for line in lines.split(b"\r\n")[:-1]:
        name, value = line.split(b":", 1)
        headers.setdefault(name.lower(), []).append(value.strip(b" \t"))
    if not all(utf8(v) for values in headers.values() for v in values):
        return False
    if any(len(headers.get(name, [])) > 1 for name in SINGLE) or b"transfer-encoding" in headers:
        return False
    if not re.fullmatch(rb"[A-Za-z0-9.:_\[\]-]+", headers.get(b"host", [b""])[0]):
        return False
    length = headers.get(b"content-length", [None])[0]
    if length is None:
        return method != b"POST" and strict_target(target)
    return re.fullmatch(rb"[0-9]+", length) is not None and strict_target(target)


def ask(port, request):
    with socket.create_connection(("127.0.0.1", port)) as s:
        s.settimeout(0.05)  # a body that is cut off is waited for by the server
        try:
            s.sendall(request)
            return s.recv(4096)
        except OSError:
            return b""


def main():
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 6000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 30)
    rnd = random.Random(seed)
    server = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    port = int(server.stdout.readline())
    passed, wrong = 0, []
    for _ in range(count):
        request = bend(rnd, rnd.choice(SEEDS))
        if b"\0\n" in request or b":\n" in request:
            continue
        if ask(port, request).startswith(b"HTTP/1.1 200"):
            passed += 1
            if not strict(request):
                wrong.append(request)
    server.stdin.close()
    ended = server.wait(20)
    print(f"seed {seed}: {passed} of {count} passed, {len(wrong)} wrongly; the server ended with {ended}")
    for request in wrong[:20]:
        print(request)
    # if hardly anything passed, the test would show nothing
    sys.exit(1 if wrong or ended != 0 or passed < count // 50 else 0)


main()
