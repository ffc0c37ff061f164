#!/usr/bin/env python3
"""pass.py: stands between a scanner and the server. A scanner fills each form with the hidden fields of the page it once saw; the server
would answer all but the first with "sent before". So each form gets a fresh key and the session's token here, every request the cookie,
and what would end that session is not passed on. /targets is a page of its own, with what is to be attacked.
usage: pass.py PORT COOKIE CSRF [PAGE] -> prints its own port"""
import http.client
import http.server
import re
import secrets
import socketserver
import sys
import urllib.parse

PORT, COOKIE, CSRF = int(sys.argv[1]), sys.argv[2], sys.argv[3]
TARGETS = open(sys.argv[4], 'rb').read() if len(sys.argv) > 4 else b''
ENDS = re.compile(r'^/(sign-out|sign-in|password|membership|second-factor|sessions/|accounts/[^/]+/(stop|factor|password|sessions|memberships))')


class Pass(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *_):
        pass

    def body(self):
        raw = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        if not (self.headers.get('Content-Type') or '').startswith('application/x-www-form-urlencoded'):
            return raw
        pairs = urllib.parse.parse_qsl(raw.decode('latin-1'), keep_blank_values=True, encoding='latin-1')
        fresh = {'_key': 'attack-' + secrets.token_hex(8), '_csrf': CSRF}
        return urllib.parse.urlencode([(k, fresh.get(k, v)) for k, v in pairs], encoding='latin-1').encode()

    def handle_one(self):
        body = self.body()
        if self.command == 'POST' and ENDS.match(self.path):
            return self.answer(403, [], b'not passed on')
        if self.path.startswith('/language/'):  # a door from every page to itself
            return self.answer(404, [], b'not passed on')
        c = http.client.HTTPConnection('127.0.0.1', PORT, timeout=30)
        headers = {k: v for k, v in self.headers.items()
                   if k.lower() not in ('host', 'cookie', 'content-length', 'connection', 'origin', 'referer', 'accept-encoding')}
        headers.update({'Host': 'localhost', 'Cookie': COOKIE})
        try:
            targets = self.path == '/targets'  # with the headers that the server gives a page
            c.request(self.command, '/today' if targets else self.path, body or None, headers)
            got = c.getresponse()
            data = TARGETS if targets and got.read() else got.read()
        except (OSError, http.client.HTTPException, ValueError):
            return self.answer(400, [], b'not passed on')
        keep = [(k, v) for k, v in got.getheaders() if k.lower() not in ('content-length', 'connection', 'transfer-encoding')]
        self.answer(got.status, keep, data)
        c.close()

    def answer(self, status, headers, data):
        self.send_response_only(status)
        for k, v in headers:
            self.send_header(k, v)
        self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(data)

    do_GET = do_POST = do_HEAD = do_PUT = do_OPTIONS = do_DELETE = do_TRACE = handle_one


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # a scanner hangs up when it has seen enough


server = Server(('127.0.0.1', 0), Pass)
print(server.server_port, flush=True)
server.serve_forever()
