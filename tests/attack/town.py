"""town.py: a served demo town for the attacks, and people who sign in to it. A folder of its own; everything ends with close()."""
import base64
import hashlib
import hmac
import http.client
import os
import re
import shutil
import struct
import subprocess
import tempfile
import time
import urllib.parse

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def totp(secret, at=None):
    """RFC 6238: SHA-1, six digits, thirty seconds."""
    mac = hmac.new(base64.b32decode(secret), struct.pack('>Q', int((at or time.time()) // 30)), hashlib.sha1).digest()
    start = mac[19] & 15
    return '%06d' % ((struct.unpack('>I', mac[start:start + 4])[0] & 0x7fffffff) % 1000000)


class Town:
    def __init__(self, program=None, scale='small'):
        self.program = os.path.abspath(program or os.environ.get('TSUNAGU', os.path.join(TOP, 'build/src/tsunagu')))
        self.folder = tempfile.mkdtemp(prefix='tsunagu-attack.')
        where = ['--db', 'sqlite:' + os.path.join(self.folder, 'town.db'), '--key', os.path.join(self.folder, 'key')]
        printed = subprocess.run([self.program, 'demo', *where, '--scale', scale], capture_output=True, text=True, check=True)
        self.people = {}
        for line in printed.stdout.split('\n'):
            part = line.split('\t')
            if len(part) >= 6:
                self.people[part[0]] = {'login': part[0], 'password': part[1], 'secret': part[2]}
        self.log = open(os.path.join(self.folder, 'log'), 'w', encoding='utf-8')
        self.server = subprocess.Popen([self.program, 'serve', *where, '--listen', '127.0.0.1:0'],
                                       stdout=self.log, stderr=subprocess.STDOUT)
        self.port = 0
        for _ in range(400):
            found = re.search(r'listening on http://127\.0\.0\.1:(\d+)', self.log_text())
            if found:
                self.port = int(found.group(1))
                break
            time.sleep(0.05)
        if not self.port:
            raise SystemExit('the server did not start:\n' + self.log_text())

    def log_text(self):
        with open(os.path.join(self.folder, 'log'), encoding='utf-8') as f:
            return f.read()

    def ask(self, method, path, form=None, cookie=''):
        c = http.client.HTTPConnection('127.0.0.1', self.port, timeout=30)
        headers = {'Accept': 'text/html', 'Cookie': cookie}
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers['Content-Type'] = 'application/x-www-form-urlencoded'
        c.request(method, path, body, headers)
        answer = c.getresponse()
        text = answer.read().decode('utf-8', 'replace')
        c.close()
        return answer, text

    def sign_in(self, login):
        """The session's cookie, "session=…", with both factors where they are asked for."""
        who = self.people[login]
        answer, _ = self.ask('POST', '/sign-in', {'login': login, 'password': who['password']})
        cookie = session_of(answer)
        if who['secret']:
            _, page = self.ask('GET', '/second-factor', cookie=cookie)
            answer, _ = self.ask('POST', '/second-factor', {'_csrf': csrf_of(page), 'code': totp(who['secret'])}, cookie)
            cookie = session_of(answer)
        answer, _ = self.ask('GET', '/today', cookie=cookie)
        if answer.status != 200:
            raise SystemExit('%s could not sign in: %d' % (login, answer.status))
        return cookie

    def close(self):
        self.server.terminate()
        try:
            self.server.wait(15)
        except subprocess.TimeoutExpired:
            self.server.kill()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def session_of(answer):
    for line in answer.headers.get_all('Set-Cookie') or []:
        if line.startswith('session='):
            return line.split(';')[0]
    raise SystemExit('no session: %d' % answer.status)


def csrf_of(page):
    return re.search(r'name="_csrf" value="([0-9a-f]+)"', page).group(1)
