"""process.py PROGRAM CASE: the program as an operator runs it: databases and keys that do not fit, a second server.
Prints TAP. Python's own library alone."""
import os, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "torture"))
from lib import *


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


sys.exit(in_tree(globals()["case_" + sys.argv[2]]))
