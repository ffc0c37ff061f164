"""moved.py: a case of one town of the demo, made into a file for another one, over HTTP, as managers do it. For the tests of what comes in."""
from lib import *

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c6360000000020001"
                    "48afa4710000000049454e44ae426082")


def multipart(fields, name, content):
    edge = "----tsunagu"
    parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items()]
    parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="x"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


def send(browser, path, key, fields, content):
    """(status, headers, bytes), or None when the connection broke."""
    body, kind = multipart({"_csrf": browser.csrf, "_key": key, **fields}, "file", content)
    c = http.client.HTTPConnection("127.0.0.1", browser.serve.port, timeout=20)
    try:
        c.request("POST", path, body, {"Host": "localhost", "Accept": "text/html", "Cookie": browser.cookie, "Content-Type": kind})
        r = c.getresponse()
        return r.status, r.headers, r.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        c.close()


def ask(path, sql):
    d = sqlite3.connect(path, timeout=20)
    try:
        return d.execute(sql).fetchall()
    finally:
        d.close()


def of(town):
    """A manager and the body he is one of."""
    body = ask(town.path, "SELECT o.name FROM membership m JOIN user_account u ON u.id = m.user_id JOIN organization o ON o.id = m.organization_id"
                          " WHERE u.login = 'tanaka' AND m.role = 'manager'")[0][0]
    return ("--organization", body, "--user", "tanaka")


def moved(tree, here, there):
    """The file of a case that goes from one town to the other (tree/case.tsunagu), as their managers make it: the giver, whose server still runs, and the case."""
    cards = {t: run("transfer", "card", "--db", t.db)[1].split()[0] for t in (here, there)}
    people = {}
    d = sqlite3.connect(here.path, timeout=20)
    with d:  # bodies that others have agreed to are, for this test, of the other town
        d.execute("UPDATE organization SET circle = 'outside' WHERE id IN (SELECT organization_id FROM consent_recipient)"
                  " AND id NOT IN (SELECT organization_id FROM membership)")
    d.close()
    for town, other in ((here, there), (there, here)):
        serve = town.serve()
        login = of(town)[3]
        b = people[town] = Browser(serve)
        b.sign_in(login, *town.people[login])
        done(b.post("/transfers", "peer-0001", name="となりの町", card=cards[other]))
        if town is there:
            serve.stop()
    b, made = people[here], None
    page = b.json("/transfers")
    for n, one in enumerate(page["others"]):
        done(b.post("/transfers", f"body-{n:04}", peer=page["peers"][0]["id"], body=one["id"]))
    for one in b.json("/cases?view=all")["cases"]:
        d = b.json(one["href"] + "/transfer")
        if not (d["leads"] and d["has_organizations"] and not d["is_closed"]) or d["withholds_files"]:
            continue
        send(b, one["href"] + "/files", "paper" + one["href"][-8:], {"title": "手紙", "source": "person", "category": "support"}, PNG)
        pairs = {"_csrf": b.csrf, "_key": "move" + one["href"][-8:], "organization": d["organizations"][0]["value"], "compared": "1"}
        c = http.client.HTTPConnection("127.0.0.1", b.serve.port, timeout=20)
        c.request("POST", one["href"] + "/transfer", urlencode(pairs), {"Host": "localhost", "Accept": "text/html", "Cookie": b.cookie,
                                                                         "Content-Type": "application/x-www-form-urlencoded"})
        r = c.getresponse()
        made = r.read() if r.status == 200 and r.headers["Content-Type"] == "application/octet-stream" else r.read() and None
        c.close()
        if made:
            break
    assert made, "no case that may move"
    with open(f"{tree}/case.tsunagu", "wb") as f:
        f.write(made)
    return b, one["href"]
