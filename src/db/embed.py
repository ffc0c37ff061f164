#!/usr/bin/env python3
"""embed.py FOLDER OUT.c OUT.d: C source that takes every FOLDER/{sqlite,postgresql}/NNNN.sql into the binary with .incbin.

Fails unless both folders hold the same numbers 0001..n without a gap. The folders themselves stand in the list of
dependencies, so that a new file is noticed.
"""
import hashlib
import pathlib
import sys

folder, out, depends = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3]
engines = ["sqlite", "postgresql"]
files = {e: sorted((folder / e).glob("*.sql")) for e in engines}
for engine in engines:
    names = [f.stem for f in files[engine]]
    wanted = ["%04d" % (i + 1) for i in range(len(files["sqlite"]))]
    if names != wanted:
        sys.exit("migrations/%s must hold %s, but holds %s" % (engine, wanted, names))

lines = ['#include "db/migrate.h"', ""]
for engine in engines:
    for f in files[engine]:
        label = "migration_%s_%s" % (engine, f.stem)
        lines += [
            "/* %s */" % hashlib.sha256(f.read_bytes()).hexdigest(),
            '__asm__(".section .rodata\\n%s:\\n.incbin \\"%s\\"\\n%s_end:\\n.byte 0\\n.previous\\n");' % (label, f, label),
            'extern const char %s[] __asm__("%s"), %s_end[] __asm__("%s_end");' % (label, label, label, label),
        ]
for engine in engines:
    lines.append("const struct migration migrations_%s[] = {" % engine)
    for f in files[engine]:
        label = "migration_%s_%s" % (engine, f.stem)
        lines.append("    {%d, %s, %s_end}," % (int(f.stem), label, label))
    lines.append("};")
lines.append("const int migrations_count = %d;" % len(files["sqlite"]))
pathlib.Path(out).write_text("\n".join(lines) + "\n")
inputs = [str(f) for e in engines for f in [folder / e] + files[e]]
pathlib.Path(depends).write_text("%s: %s\n" % (out, " ".join(inputs)))
