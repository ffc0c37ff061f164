"""arrive.py PROGRAM [--most N]: what comes in from outside, attachments, a ledger (CSV, XLSX), a case of another network, while each call of the program fails
or kills it. Each is there whole, with its event, or not at all; nothing acknowledged is lost; nothing else is left in the folder; begun again it
comes to its end. --most: so many places of each row of calls are tried; 0: a few failures of each."""
import zipfile
from moved import *

MOST = option("--most", 20)
ENOSPC, EIO, EMFILE, ENOMEM = 28, 5, 24, 12
HOWS = {"read": (EIO, SHORT), "write": (EIO, ENOSPC, SHORT), "sync": (EIO,), "name": (EIO,), "open": (EMFILE,), "memory": (ENOMEM,)}
FEW = {"write": KILL, "sync": EIO, "memory": ENOMEM, "statement": KILL}  # by --most 0
KINDS = tuple(FEW) if MOST == 0 else (*HOWS, "statement")


def places(total):
    """Which of so many calls: the last ones, where it is written, as well as the first."""
    return sorted({1 + i * (total - 1) // max(1, MOST - 1) for i in range(MOST)} | {total}) if total else []


def trials(what, total):
    """(place, times, how): killed there; failing there once, and from there on for good."""
    if MOST == 0:
        yield max(1, total * 3 // 4), FOR_GOOD if what == "sync" else 1, FEW[what]
        return
    for at in places(total):
        if what in ("write", "sync", "statement"):
            yield at, 1, KILL
        for how in HOWS.get(what, ()):
            yield at, 1, how
            if how != SHORT:
                yield at, FOR_GOOD, how


def strays(town):
    """Files in the folder that nobody put there on purpose."""
    return sorted(set(os.listdir(os.path.dirname(town.path))) - {"town.db" + end for end in ("", "-wal", "-shm", ".lock", ".key", "-journal", ".users.txt")}
                  - town.known)


# ---- commands: a ledger, a case -------------------------------------------------------------------------------------------------------

TABLES = ("person", "person_key", "person_attribute", "guardian", "case_file", "participation", "record", "record_paragraph", "attachment", "attachment_part",
          "sheet", "family_note", "case_step", "ledger_import", "ledger_case", "transfer_in", "event")


def rows(path):
    return tuple(ask(path, f"SELECT count(*) FROM {t}")[0][0] for t in TABLES)


def copy_of(town, tree):
    shutil.rmtree(f"{tree}/copy", ignore_errors=True)
    shutil.copytree(os.path.dirname(town.path), f"{tree}/copy")
    return f"{tree}/copy/town.db"


def comes_in(name, town, tree, fault, args):
    """A command with each of its calls failing and killing: what is there then is what was before, or what a good day leaves, with its events."""
    bad, tried, there, killed = [], 0, 0, 0
    path = copy_of(town, tree)
    before, files = rows(path), set(os.listdir(f"{tree}/copy"))
    words = (*args, "--db", f"sqlite:{path}")
    for what in KINDS:
        path = copy_of(town, tree)
        fault.arm(what, 0)
        code, said = run(*words, env=fault.env)
        total = fault.disarm()[0]
        good = rows(path)
        if code != 0 or good[:-1] == before[:-1] or good[-1] <= before[-1]:
            check(f"{name} comes in on a good day", False, f"{code} {said} {before} {good}")
            return
        for at, times, how in trials(what, total):
            path = copy_of(town, tree)
            fault.arm(what, at, times, how)
            code, said = run(*words, env=fault.env, timeout=30)
            fault.disarm()
            tried += 1
            killed += how == KILL
            now = rows(path)
            whole = now[:-1] == good[:-1] and now[-1] >= good[-1]
            there += whole
            problem = ""
            if now[:-1] != before[:-1] and not whole:
                problem = f"a part of it: {dict((t, n - b) for t, n, b in zip(TABLES, now, before) if n != b)}"
            elif code == 0 and not whole:
                problem = "said to be there and is not"
            elif how != KILL and (code is None or code < 0 or (code and not said.strip())):
                problem = f"exit {code}: {said[-200:]}"
            elif set(os.listdir(f"{tree}/copy")) - files - {"town.db-wal", "town.db-shm", "town.db.lock"}:
                problem = f"left behind: {set(os.listdir(f'{tree}/copy')) - files}"
            if not problem and (at == total or MOST == 0 and what == "write"):  # begun again
                again = run(*words)[0]
                last, (log, why) = rows(path), run("audit", "verify", "--db", f"sqlite:{path}")
                if log or (not whole and last[:-1] != good[:-1]):
                    problem = f"begun again: exit {again}, {why[-200:]}"
            if problem:
                bad.append(f"{what} {at}/{total} times {times} how {how}: {problem}")
    check(f"{name}: {tried} failures ({killed} killed), there whole after {there} of them, never a part", tried and killed and there < tried and not bad,
          "\n".join(bad[:8]) + f"\n{len(bad)} in all")


def sheet_of(path, table):
    """A plain XLSX of texts."""
    cells = "".join(f'<row r="{r}">' + "".join(f'<c r="{chr(64 + c)}{r}" t="inlineStr"><is><t>{v}</t></is></c>' for c, v in enumerate(line, 1)) + "</row>"
                    for r, line in enumerate(table, 1))
    office, rel = "http://schemas.openxmlformats.org/", "application/vnd.openxmlformats-"
    with zipfile.ZipFile(path, "w") as z:
        z.writestr("[Content_Types].xml", f'<Types xmlns="{office}package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
                   f'<Default Extension="rels" ContentType="{rel}package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType='
                   f'"{rel}officedocument.spreadsheetml.sheet.main+xml"/></Types>')
        z.writestr("_rels/.rels", f'<Relationships xmlns="{office}package/2006/relationships"><Relationship Id="r1" Type="{office}officeDocument/2006/'
                   'relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        z.writestr("xl/workbook.xml", f'<workbook xmlns="{office}spreadsheetml/2006/main" xmlns:r="{office}officeDocument/2006/relationships"><sheets>'
                   '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>')
        z.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{office}package/2006/relationships"><Relationship Id="r1" Type="{office}officeDocument/'
                   '2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
        z.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{office}spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>')


def ledgers(tree, town, fault):
    table = [["氏名", "生年月日", "保護者の氏名", "主訴"]] + [[f"台帳 {n}郎", f"2010-04-{n + 10:02d}", f"台帳 {n}母", f"学校の話 {n}"] for n in range(6)]
    with open(f"{tree}/ledger.csv", "w", encoding="cp932") as f:
        f.write("\r\n".join(",".join(line) for line in table))
    sheet_of(f"{tree}/ledger.xlsx", table)
    for name in ("ledger.csv", "ledger.xlsx") if MOST else ("ledger.xlsx",):
        comes_in(name, town, tree, fault, ("import", "ledger", f"{tree}/{name}", "--other-persons", *of(town)))


# ---- attachments, and the file of a case that moves -------------------------------------------------------------------------------------


def attachments(tree, town, fault):
    serve = town.serve(env=fault.env)
    b = town.browser(serve, "suzuki")
    case = done(b.post("/cases/new", "begin-0001", name="書類 太郎", birth="2008-04-05", origin="phone", density="B"))
    count = ("SELECT (SELECT count(*) FROM attachment), (SELECT count(DISTINCT attachment_id) FROM attachment_part),"
             " (SELECT count(*) FROM attachment a WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.at = a.created_at))")
    content, tried, acknowledged, bad, n = PNG, 0, 0, [], 0

    def attach(number):
        return send(b, case + "/files", f"file-{number:08d}", {"title": f"手紙 {number}", "source": "person", "category": "support"}, content)

    assert attach(0)[0] == 303
    have = ask(town.path, count)[0][0]
    for what in KINDS:
        n += 1
        fault.arm(what, 0)
        answer = attach(n)
        total = fault.disarm()[0]
        have += 1
        assert answer and answer[0] == 303, answer
        for at, times, how in trials(what, total):
            n, tried = n + 1, tried + 1
            fault.arm(what, at, times, how)
            answer = attach(n)
            fault.disarm()
            if answer is None and how == KILL:
                serve.process.wait(10)
            if not serve.alive():
                if how != KILL:
                    bad.append(f"{what} {at}/{total} times {times} how {how}: ended by {serve.process.returncode}: {serve.said()[-300:]}")
                serve = town.serve(env=fault.env)
                b.serve = serve
            there, parts, alone = ask(town.path, count)[0]
            ok = answer is not None and answer[0] == 303
            acknowledged += ok
            if there not in (have, have + 1) or parts != there or alone or (ok and there != have + 1):
                bad.append(f"{what} {at}/{total} times {times} how {how}: {answer and answer[0]}, {there - have} more, {parts} with bytes, {alone} without event")
            again = attach(n)  # the same request
            have += 1
            if not again or again[0] != 303 or ask(town.path, count)[0][0] != have:
                bad.append(f"{what} {at}/{total} times {times} how {how}: asked again {again and again[0]}, {ask(town.path, count)[0][0] - have} more")
                have = ask(town.path, count)[0][0]
    check(f"attachments: {tried} failures, {acknowledged} acknowledged in spite of them, each there once, whole, with its event", tried and not bad,
          "\n".join(bad[:8]) + f"\n{len(bad)} in all")
    check("nothing else lies in the folder", not strays(town), strays(town))
    check("the server stops when told, and the log is whole", serve.stop() == 0 and town.verified()[0])


def main(tree):
    fault = Fault(f"{tree}/fault")
    for folder in ("here", "there"):
        os.mkdir(f"{tree}/{folder}")
    here, there = Town(f"{tree}/here"), Town(f"{tree}/there")
    here.known = set(os.listdir(f"{tree}/here"))
    moved(tree, here, there)[0].serve.stop()
    words = ("import", "case", f"{tree}/case.tsunagu", "--other-persons", "--meant-for-us", *of(there))
    comes_in("a case", there, tree, fault, words)
    ledgers(tree, there, fault)
    attachments(tree, here, fault)


sys.exit(in_tree(main))
