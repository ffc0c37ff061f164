#!/usr/bin/env python3
"""slow.py: do slow clients slow others down? usage: slow.py [--program FILE] [--connections N] [--seconds N] [--ways A,B]
slowhttptest opens N connections in each of its four ways; meanwhile a worker reads a page, each time over a new connection, fifty times
a second at most. Three times are taken: the usual one; with the tool set on another server beside this one, which is what the tool itself takes of the machine
that both share; with the tool set on this one. Prints them and the ratios of the last to both, and ends with 1 where somebody
is not answered, or median or 99th of a hundred doubles against that beside the neighbour (under 5 and 20 ms count as 5 and 20)."""
import argparse
import http.client
import os
import subprocess
import sys
import time

from town import Town

WAYS = {'slow headers': ['-H', '-i', '5'], 'slow body': ['-B', '-i', '5', '-s', '4000000'],
        'slow read': ['-X', '-k', '3', '-w', '10', '-y', '20', '-n', '5', '-z', '32'], 'ranges': ['-R', '-a', '10', '-b', '3000']}


def probe(town, cookie, seconds):
    """Milliseconds of each answer; None for one that did not come within ten seconds."""
    took, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        start = time.monotonic()
        try:
            c = http.client.HTTPConnection('127.0.0.1', town.port, timeout=10)
            c.request('GET', '/cases', headers={'Cookie': cookie})
            good = c.getresponse()
            good.read()
            c.close()
            took.append((time.monotonic() - start) * 1000 if good.status == 200 else None)
        except OSError:
            took.append(None)
        time.sleep(max(0, 0.02 - (time.monotonic() - start)))
    return took


def figures(took):
    good = sorted(t for t in took if t is not None)
    if not good:
        return 0, 0, len(took)
    return good[len(good) // 2], good[min(len(good) - 1, len(good) * 99 // 100)], len(took) - len(good)


def attack(town, cookie, way, connections, seconds):
    path = {'slow body': '/sign-in', 'slow read': asset(town)}.get(way, '/cases')
    return subprocess.Popen(['slowhttptest', *WAYS[way], '-c', str(connections), '-r', str(max(50, connections // 5)), '-l', str(seconds),
                             '-u', 'http://127.0.0.1:%d%s' % (town.port, path), '-j', cookie, '-p', '5', '-x', '24'],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def asset(town):
    """The largest file there is: the window's size decides how slowly it goes."""
    _, page = town.ask('GET', '/sign-in')
    at = page.index('/assets/app.')
    return page[at:page.index('"', at)]


def open_files(town):
    return len(os.listdir('/proc/%d/fd' % town.server.pid))


def under(way, connections, seconds, reader, victim):
    """What the reader of one town waits while the tool is set on the other, or on the same."""
    cookie = reader.cookie
    tool = attack(victim, victim.cookie, way, connections, seconds)
    time.sleep(6)
    most = open_files(victim)
    took = probe(reader, cookie, seconds - 8)
    most = max(most, open_files(victim))
    tool.wait(60)
    return figures(took), len(took), most


def ratio(a, b):
    return '%.1f / %.1f' % (a[0] / max(b[0], 0.01), a[1] / max(b[1], 0.01))


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--program')
    p.add_argument('--connections', type=int, default=1000)
    p.add_argument('--seconds', type=int, default=30)
    p.add_argument('--ways', default=','.join(WAYS))
    o = p.parse_args()
    bad = 0
    print('load %.1f; p50 / p99 ms' % os.getloadavg()[0])
    print('%-14s %15s %18s %15s %9s %9s %6s %8s %9s' % ('', 'usual', 'tool on neighbour', 'tool on this', 'x usual', 'x beside', 'none', 'places', 'cut off'))
    for way in o.ways.split(','):
        with Town(o.program) as town, Town(o.program) as neighbour:
            for one in (town, neighbour):
                one.cookie = one.sign_in('suzuki')
            probe(town, town.cookie, 2)
            usual = figures(probe(town, town.cookie, o.seconds - 8))
            beside, _, _ = under(way, o.connections, o.seconds, town, neighbour)
            seen, answers, most = under(way, o.connections, o.seconds, town, town)
            cut = town.log_text().count('too slow')
            said = ['%.1f / %.1f' % f[:2] for f in (usual, beside, seen)]
            print('%-14s %15s %18s %15s %9s %9s %3d/%-4d %6d %9d' %
                  (way, *said, ratio(seen, usual), ratio(seen, beside), seen[2], answers, most, cut), flush=True)
            if seen[2] or seen[0] > 2 * max(beside[0], 5) or seen[1] > 2 * max(beside[1], 20):
                bad += 1
    sys.exit(1 if bad else 0)


main()
