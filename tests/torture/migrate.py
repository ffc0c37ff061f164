"""migrate.py PROGRAM [--most N] [postgresql]: init and migrate are killed before each of their statements (SQLite: also before each write and sync). What
stands there then is wholly a version's schema; begun again they come to their end. PostgreSQL: under tests/pg.sh --own."""
from lib import *

MOST = option("--most", 12)
PASSWORD = "kono machi no ohisama ha akarui\n"
MIGRATIONS = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", "migrations")


def places(total):
    return range(1, total + 1) if total <= MOST else sorted({1 + i * (total - 1) // (MOST - 1) for i in range(MOST)})


class Sqlite:
    """A database in a file; schemas of versions are made from the migrations' files, without the program."""
    name, bytes = "SQLite", "x'78'"

    def __init__(self, tree):
        self.tree, self.path = f"{tree}/db", f"{tree}/db/new.db"
        self.url, self.key, self.whats = f"sqlite:{self.path}", f"{self.path}.key", ("statement", "write", "sync")
        self.known = {0: set()}
        d = sqlite3.connect(":memory:", isolation_level=None)
        d.execute("CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT")
        for i, file in enumerate(sorted(os.listdir(f"{MIGRATIONS}/sqlite"))):
            d.executescript(open(f"{MIGRATIONS}/sqlite/{file}", encoding="utf-8").read())
            self.known[i + 1] = self.schema(d)
        d.close()

    @staticmethod
    def schema(d):
        return {tuple(r) for r in d.execute("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'")}

    def begin(self):
        shutil.rmtree(self.tree, ignore_errors=True)
        os.mkdir(self.tree)

    def state(self):
        """(version, schema), as the next program to come finds them."""
        if not os.path.exists(self.path):
            return 0, set()
        d = sqlite3.connect(self.path, isolation_level=None)
        try:
            schema = self.schema(d)
            version = d.execute("SELECT MAX(version) FROM schema_version").fetchone()[0] if schema else 0
            assert d.execute("PRAGMA quick_check").fetchone()[0] == "ok"
            return version or 0, schema
        finally:
            d.close()

    def fits(self, version, schema):
        return schema == self.known[version]

    def insert(self, sql):
        d = sqlite3.connect(self.path, isolation_level=None)
        d.executescript(sql)
        d.close()

    def ask(self, sql):
        d = sqlite3.connect(self.path, isolation_level=None)
        try:
            return d.execute(sql).fetchone()[0]
        finally:
            d.close()


DUMP = """SELECT x FROM (
 SELECT 'c ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS x
   FROM information_schema.columns WHERE table_schema = 'public'
 UNION ALL SELECT 'i ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
 UNION ALL SELECT 'p ' || tablename || ' ' || policyname || ' ' || coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies
 UNION ALL SELECT 'k ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
 UNION ALL SELECT 'f ' || proname || ' ' || md5(prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
 UNION ALL SELECT 'v ' || viewname || ' ' || definition FROM pg_views WHERE schemaname = 'public'
 UNION ALL SELECT 'r ' || relname || ' ' || coalesce(relacl::text, '') || relrowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace
) t WHERE x NOT LIKE '%schema_version%' AND x NOT LIKE '%service_secret%'"""


class Postgresql:
    """A database of its own for each trial; a version's schema is the first that was seen with it, and the last one an undisturbed init's."""
    name, bytes = "PostgreSQL", "'\\x78'"

    def __init__(self, tree):
        self.admin, self.number, self.tree = ENV["TSUNAGU_TEST_PG"], 0, f"{tree}/db"
        self.whats, self.known, self.key = ("statement",), {0: set()}, f"{tree}/db/new.key"

    def psql(self, sql, db="postgres"):
        return subprocess.run(["psql", "-XAtqc", sql, self.admin.replace("///postgres?", f"///{db}?")], check=True,
                              stdout=subprocess.PIPE).stdout.decode()

    def begin(self):
        if self.number:
            self.psql(f"DROP DATABASE t{self.number} WITH (FORCE)")
        self.number += 1
        self.psql(f"CREATE DATABASE t{self.number} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
        self.url = self.admin.replace("///postgres?", f"///t{self.number}?")
        shutil.rmtree(self.tree, ignore_errors=True)
        os.mkdir(self.tree)

    def state(self):
        for _ in range(200):  # the server notices a moment later that its client is gone
            if self.psql(f"SELECT COUNT(*) FROM pg_stat_activity WHERE datname = 't{self.number}'").strip() == "0":
                break
            time.sleep(0.02)
        db = f"t{self.number}"
        there = self.psql("SELECT to_regclass('public.schema_version') IS NOT NULL", db).strip() == "t"
        version = int(self.psql("SELECT coalesce(MAX(version), 0) FROM schema_version", db)) if there else 0
        return version, set(self.psql(DUMP, db).splitlines())

    def fits(self, version, schema):
        return self.known.setdefault(version, schema) == schema

    def insert(self, sql):
        self.psql(sql, f"t{self.number}")

    def ask(self, sql):
        return int(self.psql(sql, f"t{self.number}") or 0)


def command(db, name, password):
    more = ("--name", "Net", "--password-file", password) if name == "init" else ()
    return (name, "--db", db.url, "--key", db.key, *more)


def killed_init(db, fault, password):
    db.begin()
    fault.arm("statement", 0)
    code, said = run(*command(db, "init", password), env=fault.env)
    assert code == 0, said
    newest, schema = db.state()
    db.known[newest] = db.known.get(newest, schema)
    bad, versions, trials = [], {}, 0
    if not db.fits(newest, schema):
        bad.append(f"an undisturbed init differs from the migrations: {sorted(map(str, schema ^ db.known[newest]))[:5]}")
    for what in db.whats:
        db.begin()
        fault.arm(what, 0)
        run(*command(db, "init", password), env=fault.env)
        total = fault.disarm()[0]
        for at in places(total):
            db.begin()
            fault.arm(what, at, 1, KILL)
            code, said = run(*command(db, "init", password), env=fault.env)
            failed = fault.disarm()[1]
            trials += 1
            version, schema = db.state()
            versions[version] = versions.get(version, 0) + 1
            if (code != -9) if failed else (code != 0):
                bad.append(f"{what} {at}/{total}: exit {code}: {said}")
            if not db.fits(version, schema):
                bad.append(f"{what} {at}/{total}: between: version {version}, {sorted(map(str, schema ^ db.known[version]))[:5]}")
            code, said = run(*command(db, "init", password))
            networks = db.ask("SELECT COUNT(*) FROM network")
            if code not in (0, 73) or networks != 1 or db.state()[0] != newest:  # 73: it was all done but for saying so
                bad.append(f"{what} {at}/{total}: again: exit {code}: {said}")
            code, said = run("audit", "verify", "--db", db.url, "--key", db.key)
            if code != 0:
                bad.append(f"{what} {at}/{total}: the log: exit {code}: {said}")
    note(f"{db.name}: init killed {trials} times; versions it left: " + ", ".join(f"{v}: {n}" for v, n in sorted(versions.items())))
    check(f"{db.name}: a killed init leaves a version wholly or not at all, and comes to its end the next time", trials and not bad, "\n".join(bad[:10]) + f"\n{len(bad)} in all")
    return newest


OLD = """INSERT INTO network (id, name, created_at) VALUES (7, 'Net', 1);
INSERT INTO person (network_id, id, own_from, created_at, created_by, author_organization_id) VALUES (7, 8, 12345, 1, 1, 1);
INSERT INTO person_attribute (network_id, id, person_id, author_organization_id, category, source, kind, value_sealed, from_at, created_by)
 VALUES (7, 9, 8, 1, 1, 1, 'birth', BYTES, 1, 1);"""


def older(db, fault, password, version):
    """A database of that version, with a person in it: init is killed where the next migration begins."""
    db.begin()
    fault.arm("statement", 0)
    run(*command(db, "init", password), env=fault.env)
    low, high = 1, fault.disarm()[0]
    while low < high:  # the first statement before which it stands at that version
        middle = (low + high) // 2
        db.begin()
        fault.arm("statement", middle, 1, KILL)
        run(*command(db, "init", password), env=fault.env)
        fault.disarm()
        if db.state()[0] < version:
            low = middle + 1
        else:
            high = middle
    db.begin()
    fault.arm("statement", low, 1, KILL)
    run(*command(db, "init", password), env=fault.env)
    fault.disarm()
    assert db.state()[0] == version, (db.state()[0], version)
    db.insert(OLD.replace("BYTES", db.bytes))
    return low


def killed_migrate(db, fault, password, newest):
    version, bad, trials, at = 7, [], 0, 0
    begin_at = older(db, fault, password, version)

    def again():
        db.begin()
        fault.arm("statement", begin_at, 1, KILL)
        run(*command(db, "init", password), env=fault.env)
        fault.disarm()
        db.insert(OLD.replace("BYTES", db.bytes))

    for what in db.whats:
        again()
        fault.arm(what, 0)
        code, said = run(*command(db, "migrate", password), env=fault.env)
        total = fault.disarm()[0]
        assert code == 0, said
        for at in places(total):
            again()
            fault.arm(what, at, 1, KILL)
            run(*command(db, "migrate", password), env=fault.env)
            fault.disarm()
            trials += 1
            found, schema = db.state()
            if not db.fits(found, schema) or found < version:
                bad.append(f"{what} {at}/{total}: between: version {found}")
            code, said = run(*command(db, "migrate", password))
            own_from = db.ask("SELECT own_from FROM person_attribute")
            if code != 0 or db.state()[0] != newest or own_from != 12345:
                bad.append(f"{what} {at}/{total}: again: exit {code}, {own_from}: {said}")
    check(f"{db.name}: a killed migrate of an older database ({trials} times) leaves old or new, and its rows are new in the end", trials and not bad, "\n".join(bad[:10]) + f"\n{len(bad)} in all")


def main(tree):
    password = f"{tree}/password"
    with open(password, "w") as f:
        f.write(PASSWORD)
    fault = Fault(f"{tree}/fault")
    db = (Postgresql if "postgresql" in sys.argv else Sqlite)(tree)
    newest = killed_init(db, fault, password)
    killed_migrate(db, fault, password, newest)


sys.exit(in_tree(main))
