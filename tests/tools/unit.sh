#!/bin/sh
# unit.sh UNIT MOST: what systemd says of the unit: it reads without complaint, and its exposure is at most MOST (tenths). Prints TAP.
set -u
command -v systemd-analyze >/dev/null 2>&1 || {
  echo "1..0 # SKIP no systemd-analyze"
  exit 0
}
said=$(systemd-analyze security --offline=yes "$1" 2>&1 | tail -n 1)
score=$(printf '%s\n' "$said" | sed -n 's/.*exposure level for [^:]*: \([0-9]*\)\.\([0-9]\).*/\1\2/p')
if [ -n "$score" ] && [ "$score" -le "$2" ]; then echo "ok 1 - $said"; else
  echo "not ok 1 - the unit's exposure is at most $2 tenths"
  echo "# $said"
fi
# The program and its manual are not installed where tests run.
wrong=$(systemd-analyze verify --man=no "$1" 2>&1 | grep -v 'is not executable')
if [ -z "$wrong" ]; then echo "ok 2 - systemd reads the unit without complaint"; else
  echo "not ok 2 - systemd reads the unit without complaint"
  printf '%s\n' "$wrong" | sed 's/^/# /'
fi
echo "1..2"
