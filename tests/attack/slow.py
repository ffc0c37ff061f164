#!/usr/bin/env python3
"""slow.py: do slow clients slow others down? usage: slow.py [--program FILE] [--connections N] [--seconds N] [--ways A,B] [--beside]
slowhttptest opens N connections in each of its four ways; meanwhile a worker reads a page, each time over a new connection, fifty times
a second at most. Prints how long that took without and with them, and ends with 1 where the median doubles or somebody is not answered.
One odd second of a shared machine is no fault of the server's: the 99th of a hundred is printed, and judged against twice the larger of
its usual and 20 ms."""
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


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--program')
    p.add_argument('--connections', type=int, default=1000)
    p.add_argument('--seconds', type=int, default=40)
    p.add_argument('--beside', action='store_true', help='the tool is set on another town: what it costs by itself')
    p.add_argument('--ways', default=','.join(WAYS))
    o = p.parse_args()
    bad = 0
    print('%-14s %8s %8s %8s %9s %9s %9s' % ('', 'p50 ms', 'p99 ms', 'answers', 'none', 'places', 'cut off'))
    for way in o.ways.split(','):
        with Town(o.program) as town:
            cookie = town.sign_in('suzuki')
            probe(town, cookie, 2)
            usual = figures(usual_took := probe(town, cookie, 8))
            print('%-14s %8.1f %8.1f %8d %9d' % ('usual', usual[0], usual[1], len(usual_took), usual[2]), flush=True)
            victim = Town(o.program) if o.beside else town
            tool = attack(victim, cookie, way, o.connections, o.seconds)
            time.sleep(6)
            most = open_files(town)
            took = probe(town, cookie, o.seconds - 10)
            most = max(most, open_files(town))
            seen = figures(took)
            tool.wait(60)
            cut = town.log_text().count('too slow')
            if o.beside:
                victim.close()
            print('%-14s %8.1f %8.1f %8d %9d %9d %9d' % (way, seen[0], seen[1], len(took), seen[2], most, cut), flush=True)
            if seen[2] or seen[0] > 2 * usual[0] or seen[1] > 2 * max(usual[1], 20):
                bad += 1
    sys.exit(1 if bad else 0)


main()
