"""mail.py PROGRAM [serve]: mail as it is operated: a server in its sandbox sends it by STARTTLS, signed in with a sealed password. TAP."""
import base64, glob, os, shutil, subprocess, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "torture"))
from lib import *

HERE = os.path.dirname(os.path.realpath(__file__))


def certificate(tree):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{tree}/mail.key",
                    "-out", f"{tree}/mail.crt"], check=True, capture_output=True)
    return f"{tree}/mail.crt", f"{tree}/mail.key"


class MailServer:
    def __init__(self, tree, mode, *more):
        self.folder = f"{tree}/mail-{mode}"
        os.makedirs(self.folder, exist_ok=True)
        self.process = subprocess.Popen(["/usr/bin/python3", f"{HERE}/smtp_server.py", self.folder, mode, *more],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())

    def mails(self):
        return [open(p, "rb").read() for p in sorted(glob.glob(self.folder + "/*.eml"))]

    def bytes(self):
        try:
            return open(self.folder + "/bytes", "rb").read()
        except FileNotFoundError:
            return b""

    def wait(self, count, seconds=20):
        end = time.time() + seconds
        while time.time() < end and len(self.mails()) < count:
            time.sleep(0.1)
        return self.mails()

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)


def body(mail):
    return base64.b64decode(mail.split(b"\r\n\r\n", 1)[1]).decode()


def case_serve(tree):
    town = Town(tree)
    crt, key = certificate(tree)
    with open(f"{tree}/password", "w") as f:
        f.write("secret of the mail server\n")
    code, said = town.run("mail", "password", "--mail-password", f"{tree}/sealed", "--password-file", f"{tree}/password")
    check("the password is sealed", code == 0 and b"secret" not in open(f"{tree}/sealed", "rb").read(), said)
    settings = ("--mail-from", "tsunagu@town.example", "--mail-wait", "1", "--mail-ca", crt)
    code, said = run("serve", "--db", town.db, "--mail-server", "127.0.0.1:25", "--mail-from", "a@b\nc", timeout=20)
    check("a sender that is none is refused", code != 0 and "mail-from" in said, said)
    code, said = run("serve", "--db", town.db, "--mail-server", "mail.example:25", "--mail-tls", "none", "--mail-from", "a@b.example",
                     "--mail-user", "x", "--mail-password", f"{tree}/sealed", timeout=20)
    check("so is a password in the clear", code != 0 and "mail-user" in said, said)

    server = MailServer(tree, "take", crt, key)
    serve = town.serve(extra=("--mail-server", f"127.0.0.1:{server.port}", "--mail-user", "tsunagu", "--mail-password", f"{tree}/sealed",
                              *settings, "--metrics-listen", "127.0.0.1:0"))
    check("it starts", serve.port, serve.said())
    b = town.browser(serve, "suzuki")
    check("one chooses", b.post("/mail", "mail-choose-0001", how="once", address="suzuki@town.example")[0] == 303)
    check("not a header", b.post("/mail", "mail-choose-0002", how="once", address="a@b.example\r\nBcc: c@d.example")[0] == 422)
    check("and tries it", b.post("/mail/test", "mail-test-00001")[0] == 303)
    mails = server.wait(1)
    check("it comes by STARTTLS, signed in", len(mails) == 1 and b"STARTTLS" in server.bytes() and b"AUTH" in server.bytes(), serve.said())
    check("to whom it is for", mails and mails[0].startswith(b"envelope tsunagu@town.example suzuki@town.example\n"), mails)
    check("and says what it is", mails and "ためしのメールです。" in body(mails[0]), mails and body(mails[0]))
    names = {p for p in town.people} | {c["name"] for c in b.json("/cases")["cases"]} | {c["number"] for c in b.json("/cases")["cases"]}
    text = server.bytes().decode("utf-8", "replace") + "".join(body(m) for m in mails)
    check("no name, no number in any byte", not [n for n in names if n and n != "suzuki" and n in text], text[:300])
    line = next((x for x in serve.said().splitlines() if '"event":"sandbox"' in x), "")
    check("all of it in the sandbox", '"seccomp":"yes"' in line or "sanitizers" in line, line)
    check("it stops at once", serve.stop() == 0)
    check("nothing failed", '"level":"error"' not in serve.said(), serve.said()[-600:])
    check("no address in the log", "@" not in serve.said())
    server.stop()

    bare = MailServer(tree, "bare")
    serve = town.serve(extra=("--mail-server", f"127.0.0.1:{bare.port}", *settings))
    b = town.browser(serve, "sato")
    b.post("/mail", "mail-choose-0003", how="once", address="sato@town.example")
    b.post("/mail/test", "mail-test-00002")
    end = time.time() + 15
    while time.time() < end and b"EHLO" not in bare.bytes():
        time.sleep(0.1)
    time.sleep(0.5)
    admin = town.browser(serve, "watanabe")
    page = admin.json("/mail-queue")
    check("the administrator reads why", page["rows"] and "TLS" in page["rows"][0]["why"] and "@" not in json.dumps(page["rows"]), page)
    check("without STARTTLS nothing is said but hello", b"EHLO" in bare.bytes() and b"MAIL" not in bare.bytes() and not bare.mails(), bare.bytes())
    check("it stops while a server is away", serve.stop() == 0)
    bare.stop()


if __name__ == "__main__":
    sys.exit(in_tree(globals()["case_" + sys.argv[2]]))
