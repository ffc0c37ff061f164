"""clock.py PROGRAM: the machine's clock jumps a day and ten years ahead, and back, and to 1990, while the server runs and before it starts. Events keep their order, sessions end as they
should, time never stands still, codes of the second factor go by the machine's own clock, and the log is whole."""
from lib import *

MINUTE, DAY, YEAR = 60000, 86400000, 365 * 86400000


class Story:
    def __init__(self, tree):
        self.fault, self.town, self.number = Fault(f"{tree}/fault"), Town(tree), 0
        self.serve = self.town.serve(env=self.fault.env)

    def clock(self, ms):
        self.fault.put("clock_ms", ms)

    def restart(self):
        code = self.serve.stop()
        self.serve = self.town.serve(env=self.fault.env)
        return code == 0 and self.serve.port

    def sign_in(self, login="suzuki"):
        b = Browser(self.serve)
        b.sign_in(login, *self.town.people[login])
        return b

    def is_in(self, b):
        b.serve = self.serve
        return b.ask("GET", "/sessions", accept="application/json")[0] == 200

    def write(self, b):
        """Does a record's write succeed, and what time does its event have?"""
        b.serve = self.serve
        case = b.json("/cases")["cases"][0]["href"]
        self.number += 1
        status = b.record(case, self.number)[0]
        return status == 303, self.newest()

    def newest(self):
        look = self.town.look()
        try:
            return look.execute("SELECT MAX(at) FROM event").fetchone()[0]
        finally:
            look.close()

    def in_order(self):
        look = self.town.look()
        try:
            return look.execute("SELECT COUNT(*) FROM event a JOIN event b ON b.network_id = a.network_id AND b.chain_id = a.chain_id"
                                " AND b.seq = a.seq + 1 WHERE b.at < a.at").fetchone()[0] == 0
        finally:
            look.close()


def main(tree):
    s = Story(tree)
    a = s.sign_in()
    good, first = s.write(a)
    check("today", good)
    s.clock(29 * MINUTE)
    check("after 29 minutes the session stands", s.is_in(a))
    s.clock(58 * MINUTE)
    check("it was used in between", s.is_in(a))
    s.clock(89 * MINUTE)
    check("after 31 idle minutes it has ended", not s.is_in(a))

    s.clock(DAY)
    b = s.sign_in()
    good, ahead = s.write(b)
    check("a day ahead all works", good and ahead - first >= DAY - MINUTE, ahead - first)
    s.clock(0)
    good, back = s.write(b)
    check("set back, nothing goes before what was", good and back >= ahead, back - ahead)
    time.sleep(1.1)
    good, later = s.write(b)
    check("and time goes on at its own pace", good and 1000 <= later - back < 60000, later - back)
    s.clock(-31 * MINUTE)
    check("a session does not end because the clock went back", s.is_in(b))
    s.clock(0)
    check("it starts a day behind its newest event, and says so", s.restart() and "clock_behind_newest_event" in s.serve.said(), s.serve.said()[:500])
    good, again = s.write(b)
    check("it writes, and nothing goes before what was", good and again >= later, again - later)
    check("somebody with a second factor signs in by the machine's clock", s.is_in(s.sign_in("ito")))
    check("the log is whole", *s.town.verified())

    s.clock(10 * YEAR)
    check("ten years ahead the sessions have ended", not s.is_in(a) and not s.is_in(b))
    c = s.sign_in()
    good, far = s.write(c)
    check("and all works", good and far - again > 9 * YEAR)
    for path in ("/today", "/cases", "/connections", "/directory"):
        check(f"ten years ahead, {path}", c.ask("GET", path)[0] == 200)
    check("it starts then too", s.restart() and s.is_in(c))
    s.clock(0)
    good, back = s.write(c)
    check("set back ten years, nothing goes before what was", good and back >= far)
    check("it starts ten years behind", s.restart())
    d = s.sign_in("takahashi")
    time.sleep(1.1)
    good, later = s.write(d)
    check("somebody signs in and writes, later than all before", good and later >= back + 1000, later - back)
    check("the second factor still works", s.is_in(s.sign_in("nakamura")))
    s.clock(-36 * YEAR)
    good, old = s.write(d)
    check("in 1990 too", good and old >= later)
    check("it starts in 1990", s.restart() and s.is_in(d))
    s.clock(0)
    check("every event stands behind the one before", s.in_order())
    check("the log is whole", *s.town.verified())
    check("the server stops when told", s.serve.stop() == 0)


sys.exit(in_tree(main))
