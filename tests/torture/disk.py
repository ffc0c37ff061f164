"""disk.py PROGRAM [--rounds N]: a disk that is full at every stage, and one that can only be read: a small ext4 on a loop device (as root; skipped where there is
none). Nothing acknowledged is lost, the sentence says what to do, all goes on when there is room."""
from lib import *

ROUNDS = option("--rounds", 1)
FULL = re.compile("ディスクがいっぱい|disk is full")


class Disk:
    def __init__(self, tree, block, size=24):
        self.image, self.path = f"{tree}/image{block}", f"{tree}/disk{block}"
        os.mkdir(self.path)
        with open(self.image, "wb") as f:
            f.truncate(size << 20)
        for command in (("mkfs.ext4", "-q", "-F", "-b", str(block), "-m", "0", self.image), ("mount", "-o", "loop", self.image, self.path)):
            p = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            if p.returncode:
                raise OSError(p.stderr.decode())

    def free(self):
        v = os.statvfs(self.path)
        return v.f_bavail * v.f_bsize

    def fill(self, leave):
        """A file takes all room but so much."""
        with open(f"{self.path}/ballast", "ab") as f:
            while self.free() > leave:
                try:
                    f.write(bytes(max(512, min(65536, self.free() - leave))))
                    f.flush()
                except OSError:
                    break

    def room(self):
        if os.path.exists(f"{self.path}/ballast"):
            os.remove(f"{self.path}/ballast")

    def remount(self, how):
        subprocess.run(("mount", "-o", f"remount,{how}", self.path), check=True, stderr=subprocess.DEVNULL)

    def end(self):
        subprocess.run(("umount", self.path), stderr=subprocess.DEVNULL)


def begin_full(tree, disk):
    """init with so much room: told, and begun again when there is room."""
    password, bad, told = f"{tree}/password", [], 0
    with open(password, "w") as f:
        f.write("kono machi no ohisama ha akarui\n")
    sizes = [0, 4, 40, 100, 200, 400, 800] if ROUNDS == 1 else [4 * n for n in range(0, 320, 4)]
    for leave in sizes:
        home = f"{disk.path}/init"
        os.mkdir(home)
        disk.fill(leave << 10)
        init = ("init", "--db", f"sqlite:{home}/new.db", "--name", "Net", "--password-file", password)
        code, said = run(*init)
        told += code != 0
        if code != 0 and (code < 64 or not FULL.search(said)):
            bad.append(f"{leave} KB: exit {code}: {said}")
        disk.room()
        again, said = run(*init)
        if again != (0 if code else 73):
            bad.append(f"{leave} KB, again: exit {again}: {said}")
        shutil.rmtree(home)
    check(f"init on a full disk is told ({told} of {len(sizes)}), and goes on when there is room", told and not bad, "\n".join(bad))


def refused_well(answer):
    return answer and answer[0] == 503 and FULL.search(answer[2])


def serve_full(town, disk, leave, number, then):
    """A server whose disk fills up to the last so many bytes while people write and look; `then` is done to it before there is room again."""
    serve = town.serve()
    b = town.browser(serve, "suzuki") if not town.session else Browser(serve, town.session)
    town.session = b
    case = b.json("/cases")["cases"][0]["href"]
    disk.fill(leave)
    refused, bad = 0, []
    while refused < 8 and number[0] < 100000:
        number[0] += 1
        answer = b.record(case, number[0], size=3000)
        if answer and answer[0] == 303:
            town.acknowledged.add(number[0])
            continue
        refused += 1
        if not refused_well(answer):
            bad.append(f"a record: {answer and (answer[0], re.sub('<[^>]*>', ' ', answer[2])[-300:])}")
        look = b.ask("GET", case)
        if look and look[0] != 200 and not refused_well(look):
            bad.append(f"a look: {look[0]} {re.sub('<[^>]*>', ' ', look[2])[-300:]}")
        if not serve.alive():
            bad.append(f"ended by {serve.process.returncode}: {serve.said()[-300:]}")
            break
    if then == "killed":
        serve.kill()
        serve = town.serve()
        if not serve.port and not FULL.search(serve.said()):
            bad.append(f"starting on the full disk: exit {serve.process.wait()} {serve.said()[-300:]}")
    elif then == "stopped":
        if serve.stop() != 0:
            bad.append("it does not stop when told")
        serve = town.serve()
        if not serve.port and not FULL.search(serve.said()):
            bad.append(f"starting on the full disk: exit {serve.process.wait()} {serve.said()[-300:]}")
    disk.room()
    if not serve.port:
        serve = town.serve()
    b.serve = serve
    number[0] += 1
    answer = b.record(case, number[0])
    if answer and answer[0] == 303:
        town.acknowledged.add(number[0])
    else:
        bad.append(f"when there was room again: {answer and answer[0]}")
    shown = set(b.records(case))
    if not town.acknowledged <= shown:
        bad.append(f"lost: {sorted(town.acknowledged - shown)[:10]}")
    if serve.stop() != 0:
        bad.append("it does not stop in the end")
    return bad


def read_only(town, disk):
    """The disk can only be read for a while, under a server and before one starts."""
    serve, bad = town.serve(), []
    b = Browser(serve, town.session)
    case = b.json("/cases")["cases"][0]["href"]
    serve.stop()
    disk.remount("ro")
    code, said = run("serve", "--db", town.db, "--listen", "127.0.0.1:0")
    check("on a disk that can only be read serve says so", code and code >= 64 and re.search("rights|written|read", said), f"exit {code}: {said}")
    disk.remount("rw")
    serve = town.serve()
    b.serve = serve
    answer = b.record(case, 900001)
    check("and starts when it can be written again", answer and answer[0] == 303 and serve.stop() == 0)


def full_and_read_only(tree, disk):
    begin_full(tree, disk)
    town = Town(disk.path)
    town.session, town.acknowledged, number = None, set(), [0]
    for n in range(ROUNDS):
        for leave in (0, 5000, 40000, 200000):
            for then in ("room", "killed", "stopped"):
                bad = serve_full(town, disk, leave + 4096 * n, number, then)
                if bad or n == 0:
                    check(f"full with {leave + 4096 * n} bytes left, then {then}", not bad, "\n".join(bad[:4]))
    note(f"{len(town.acknowledged)} records acknowledged")
    read_only(town, disk)
    with town.look() as look:
        check("the file is sound", look.execute("PRAGMA integrity_check").fetchone()[0] == "ok")
    look.close()
    check("the log is whole", *town.verified())


def main(tree):
    """Blocks smaller than a page: room for a part of a page is not room for the page."""
    for block in (1024,) if ROUNDS == 1 else (1024, 4096):
        note(f"blocks of {block} bytes")
        try:
            disk = Disk(tree, block)
        except OSError as e:
            note("no loop device here: " + str(e))
            check("skipped # SKIP", True)
            return
        try:
            full_and_read_only(tree, disk)
        finally:
            disk.end()


sys.exit(in_tree(main))
