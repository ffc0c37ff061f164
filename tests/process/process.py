"""process.py PROGRAM CASE: the program as an operator runs it: databases and keys that do not fit, a second server, what commands tell.
Prints TAP. Python's own library alone."""
import os, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "torture"))
from lib import *
from moved import ask, moved, of


def demo(tree, name="town", **more):
    """A small town; its database's address and what worker suzuki signs in with."""
    db = more.get("db", f"sqlite:{tree}/{name}.db")
    code, said = run("demo", "--db", db, "--scale", "small", *more.get("args", ()))
    assert code == 0, said
    password = re.search(r"^suzuki\t([^\t]+)\t", said, re.M).group(1)
    return db, password


def signed_in(serve, password):
    b = Browser(serve)
    b.sign_in("suzuki", password)
    return b, b.json("/cases")["cases"][0]["href"]


def refuses(name, words, *args, user=None):
    """serve ends by itself, with a code of its own and a sentence that says what to do, and without a crash."""
    code, said = run("serve", "--listen", "127.0.0.1:0", *args, user=user)
    check(name, code is not None and 64 <= code < 128 and re.search(words, said) and "listening" not in said, f"exit {code}: {said}")


# ---- cases ------------------------------------------------------------------------------------------------------------------------


def case_files(tree):
    db, _ = demo(tree)
    other, _ = demo(tree, "other")
    path, key = f"{tree}/town.db", f"{tree}/town.db.key"
    before = open(path, "rb").read()

    refuses("no database", "tsunagu init", "--db", f"sqlite:{tree}/none.db")
    refuses("no key file", "key", "--db", db, "--key", f"{tree}/none.key")
    refuses("the key file of another town", "key", "--db", db, "--key", f"{tree}/other.db.key")
    open(f"{tree}/broken.key", "wb").write(b"\x00" * 400)
    os.chmod(f"{tree}/broken.key", 0o400)
    refuses("a broken key file", "key", "--db", db, "--key", f"{tree}/broken.key")
    shutil.copy(key, f"{tree}/open.key")
    os.chmod(f"{tree}/open.key", 0o644)
    refuses("a key file that others can read", "key", "--db", db, "--key", f"{tree}/open.key")
    open(f"{tree}/text.db", "w").write("this is no database\n" * 100)
    refuses("a file that is no database", "database|text.db", "--db", f"sqlite:{tree}/text.db", "--key", key)
    check("none of that changed the database", open(path, "rb").read() == before)

    shutil.copy(path, f"{tree}/newer.db")
    with sqlite3.connect(f"{tree}/newer.db") as d:
        columns = [c[1] for c in d.execute("PRAGMA table_info(schema_version)")]
        row = list(d.execute("SELECT * FROM schema_version ORDER BY 1 DESC LIMIT 1").fetchone())
        row[0] += 1
        d.execute(f"INSERT INTO schema_version ({', '.join(columns)}) VALUES ({', '.join('?' * len(row))})", row)
    d.close()
    refuses("the database of a newer program", "newer", "--db", f"sqlite:{tree}/newer.db", "--key", key)
    code, said = run("migrate", "--db", f"sqlite:{tree}/newer.db", "--key", key)
    check("and it is not migrated backwards", code not in (0, None) and "newer" in said, f"exit {code}: {said}")

    first = Serve("--db", db)
    check("the right files serve", first.port and Browser(first).ask("GET", "/healthz")[0] == 200)
    refuses("a second server on one database", "already|running|use", "--db", db)
    check("the first one goes on", Browser(first).ask("GET", "/healthz")[0] == 200)
    check("and stops when told", first.stop() == 0)


def case_read_only(tree):
    """As somebody who may read the files and not write them; root may do anything, so another user does it."""
    nobody = 65534 if os.getuid() == 0 else None
    for name, folder in (("town", 0o755), ("village", 0o555)):  # the folder may be written, or not either
        home = f"{tree}/{name}"
        os.mkdir(home)
        db, _ = demo(home)
        path, key = f"{home}/town.db", f"{home}/town.db.key"
        before = open(path, "rb").read()
        os.remove(f"{home}/town.db-lock")
        for file in os.listdir(home):
            os.chmod(f"{home}/{file}", 0o400 if file.endswith(".key") else 0o444)
        if nobody:
            os.chown(key, nobody, nobody)
            if folder == 0o755:
                os.chown(home, nobody, nobody)
        os.chmod(tree, 0o755)
        os.chmod(home, folder)
        refuses(f"a database that cannot be written, in a folder with {folder:o}", "rights|written", "--db", db, user=nobody)
        os.chmod(home, 0o755)
        check("it is as it was", open(path, "rb").read() == before)



# What every command says, and what it writes: no word of a person, but in what is meant to carry it. A command without a line here fails.
CARRY = {"export --plain"}  # opened on purpose, without what is concealed


def planted(serve, password):
    """Words of persons that no command may say: names of the demo, a record, an address that is concealed."""
    b = Browser(serve)
    b.sign_in("suzuki", password)
    cases = b.json("/cases?view=all")["cases"]
    names = [c["name"] for c in cases]
    case = cases[0]["href"]
    answer = b.post(case + "/records/new", "outputs-record-1", day=day(-2), time="10:00", method="phone", met="voice", paragraph__0__text="ギターを弾いてくれた KANARIA-RECORD",
                    paragraph__0__source="staff", paragraph__0__category="support", next_what="KANARIA-NEXT", next_day=day(+3))
    assert answer[0] == 303, answer
    page = b.json(case + "/concealment")
    holders = [c["id"] for c in page["candidates"]][:2]
    answer = b.post(case + "/concealment", "outputs-conceal-1", items="address", holders=holders, reason="KANARIA-REASON")
    assert answer[0] == 303, (answer[0], answer[2][:2000])
    row = b.json(case + "/concealment")["rows"]
    if row:
        answer = b.post(case + "/concealment/values", "outputs-value-1", concealment=row[0]["id"], whose="姉", item="address", value="架空市ひよどり町3-2-1 コーポひめごと")
        assert answer[0] == 303, answer
    return b, case, names + ["KANARIA", "ひよどり"]


def read_all(path):
    """Everything that a command wrote, as one text; names of files count."""
    parts = []
    for folder, _, files in os.walk(path) if os.path.isdir(path) else [(os.path.dirname(path), [], [os.path.basename(path)] if os.path.exists(path) else [])]:
        for file in files:
            parts += [file, open(os.path.join(folder, file), "rb").read().decode("utf-8", "replace")]
    return "\n".join(parts)


def case_outputs(tree):
    db, password = demo(tree)
    serve = Serve("--db", db)
    browser, case, words = planted(serve, password)
    hidden = "ひよどり町"
    check("there is something to tell", len(words) > 3 and browser.ask("GET", case)[2].find("KANARIA-RECORD") > 0)
    check("the server stops", serve.stop() == 0)
    said_by_server = serve.said()
    check("serve, and its log", not any(w in said_by_server for w in words), said_by_server[:400])
    open(f"{tree}/pass", "w").write("a long enough passphrase of five words\n")
    organization = "子ども若者支援課"
    of = ("--db", db)
    ledger = f"{tree}/ledger.csv"
    open(ledger, "w").write("氏名,生年月日,備考\nKANARIA 花子,平成20年1月1日,KANARIA-NOTE\n")
    open(f"{tree}/places.json", "w").write("[]")
    runs = {  # command: words after it
        "backup key": ("--to", f"{tree}/k", "--passphrase-file", f"{tree}/pass"),
        "backup": (*of, "--to", f"{tree}/b", "--backup-key", f"{tree}/k.pub"),
        "restore": ("--db", f"sqlite:{tree}/again.db", "--key", f"{tree}/town.db.key", "--from", f"{tree}/b", "--backup-key", f"{tree}/k", "--passphrase-file", f"{tree}/pass"),
        "export": (*of, "--to", f"{tree}/x", "--backup-key", f"{tree}/k.pub"),
        "export --plain": (*of, "--to", f"{tree}/p"),
        "export open": (f"{tree}/x", "--to", f"{tree}/xo", "--backup-key", f"{tree}/k", "--passphrase-file", f"{tree}/pass"),
        "export hsds": (f"{tree}/h", *of),
        "import hsds": (f"{tree}/h", *of),
        "import directory": (f"{tree}/places.json", *of),
        "import ledger": (ledger, *of, "--organization", organization, "--user", "tanaka", "--dry-run"),
        "import network": (f"{tree}/x", "--db", f"sqlite:{tree}/far.db", "--key", f"{tree}/far.key", "--backup-key", f"{tree}/k", "--passphrase-file", f"{tree}/pass", "--from-key", f"{tree}/town.db.key"),
        "import case": (ledger, *of, "--organization", organization, "--user", "tanaka", "--dry-run"), "transfer card": of,
        "audit checkpoint": of, "audit verify": (*of, "--rederive"), "migrate": of, "routes": (),
        "user add": ("outputs", *of, "--name", "O", "--role", "worker", "--organization", organization, "--password-file", f"{tree}/pass"),
        "user list": of, "user password": ("outputs", *of, "--password-file", f"{tree}/pass"), "user disable": ("outputs", *of), "user enable": ("outputs", *of),
        "user reset-factor": ("outputs", *of), "token create": (*of, "--user", "outputs", "--name", "t"), "token list": of, "token revoke": ("0000000000000", *of),
        "user end-membership": ("outputs", *of),
        "mail password": (*of, "--mail-password", f"{tree}/m", "--password-file", f"{tree}/pass"),
        "init": ("--db", f"sqlite:{tree}/new.db", "--name", "N", "--password-file", f"{tree}/pass"),
        "erase": (*of, "--to", f"{tree}/c", "--no-backups", "--reason", "a decision", "--yes"), "erase certificate": (*of, "--to", f"{tree}/c2"),
    }
    listed = re.findall(r"^  ([a-z]+(?: [a-z-]+)?) {2,}\S", run("--help")[1], re.M)
    check("every command has its line", set(listed) - {"serve", "demo"} <= set(runs), str(set(listed) - set(runs)))
    reads = {"export open": f"{tree}/xo"}
    for command, args in runs.items():
        before = set(os.listdir(tree))
        code, said = run(*command.split(), *args, timeout=120)
        fresh = [f for f in os.listdir(tree) if f not in before and not f.endswith((".txt",))]
        wrote = "\n".join([f"{f}\n{read_all(os.path.join(tree, f))}" for f in fresh])
        right = {"token revoke": 65, "erase": 65, "erase certificate": 66, "import directory": 65, "import case": 65}.get(command, 0)  # of nobody, of nothing
        check(f"{command} tells of nobody", code == right and not any(w in said for w in words), f"exit {code}: {said[:600]}")
        if command in CARRY or command in reads:
            check(f"{command} carries what it is for, less what is concealed", any(w in wrote for w in words) and hidden not in wrote)
        else:
            found = [w for w in words if w in wrote]
            check(f"{command} writes nothing of anybody in the open", not found, f"{fresh} {found}")

def case_transfer(tree):
    for folder in ("here", "there"):
        os.mkdir(f"{tree}/{folder}")
    here, there = Town(f"{tree}/here"), Town(f"{tree}/there")
    code, said = run("transfer", "card", "--db", here.db)
    check("a card and its forty digits", code == 0 and re.search(r"^tsunagu-card-2:[0-9a-f]{8}([.][0-9a-f]{8}){16}$", said, re.M) and re.search(r"(\d{5} ){7}\d{5}", said), said)
    giver, case = moved(tree, here, there)
    file, tables = f"{tree}/case.tsunagu", ("person", "case_file", "record", "attachment", "sheet", "transfer_in", "transfer_refused", "event")

    def rows():
        return [ask(there.path, f"SELECT count(*) FROM {t}")[0][0] for t in tables]

    def take(path=file, *more, town=there, who=None):
        return run("import", "case", path, "--db", town.db, *(who or of(town)), *more)

    before = rows()
    code, said = take(file, "--dry-run")
    check("a dry run tells what is in it and writes nothing", code == 0 and "records" in said and rows() == before, said)
    code, said = take(file, who=("--organization", "子ども若者支援課", "--user", "suzuki"))
    check("a worker may not", code == 66 and rows() == before, said)
    code, said = take(town=here)
    check("a file for another network", code == 65 and "network" in said, said)
    whole = open(file, "rb").read()
    odd = []
    for name, content in (("cut", whole[:-100]), ("bit", whole[:300] + bytes([whole[300] ^ 1]) + whole[301:]), ("text", b"a letter"), ("none", b"")):
        open(f"{tree}/odd", "wb").write(content)
        code, said = take(f"{tree}/odd", "--other-persons")
        odd += [(name, code, said)] if code != 65 or not said.strip() else []
    check("damaged files are refused in a sentence, and nothing is written", not odd and rows() == before, odd)
    code, said = take(file, "--other-persons")
    check("who is not meant by name says that he is", code == 73 and "--meant-for-us" in said and rows() == before, f"exit {code}: {said}")
    code, said = take(file, "--meant-for-us")
    known = code == 73 and "--other-persons" in said and rows() == before
    check("somebody who may be known stops it", known, f"exit {code}: {said}")
    kept = f"{tree}/kept"
    shutil.copytree(f"{tree}/there", kept)
    code, said = take(file, "--meant-for-us", "--refuse")
    number = re.search(r"\b\d{4} \d{4}\b", said)
    check("it is refused with a number", code == 0 and number, said)
    code, said = take(file, "--other-persons", "--meant-for-us")
    check("and not taken in after that", code == 73 and rows()[:-1] == [*before[:6], 1], f"exit {code}: {said}")
    shutil.rmtree(f"{tree}/there")
    shutil.move(kept, f"{tree}/there")
    code, said = take(file, "--other-persons", "--meant-for-us")
    number, now = re.search(r"\b\d{4} \d{4}\b", said), rows()
    check("it is taken in with a number", code == 0 and number and [n - b for n, b in zip(now, before)][:2] == [1, 1] and now[5] == 1 and now[7] > before[7], said)
    code, said = take(file, "--other-persons", "--meant-for-us")
    check("twice it is refused", code == 73 and rows()[:-1] == now[:-1], f"exit {code}: {said}")
    answer = giver.post(case + "/transfer/receipt", "answer-0001", receipt="0000 0000")
    check("another number is none", answer[0] == 422, answer[0])
    done(giver.post(case + "/transfer/receipt", "answer-0002", receipt=number.group(0)))
    check("the giver sees that it was received", "受け取られました" in giver.ask("GET", case)[2])
    check("both logs are whole", giver.serve.stop() == 0 and here.verified()[0] and there.verified()[0])


sys.exit(in_tree(globals()["case_" + sys.argv[2]]))
