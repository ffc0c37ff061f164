#!/bin/sh
# tally.sh: scripts/tally counts cases, not programs, and lets no failure pass. Prints TAP.
set -u
tally=$(cd "$(dirname "$0")/../.." && pwd)/scripts/tally
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
n=0
failed=0

# says LAST-LINE EXIT NAME FILE...
says() {
  line=$1 exit=$2 name=$3
  shift 3
  n=$((n + 1))
  "$tally" "$@" >"$tree/said" 2>&1
  got=$?
  if [ "$(tail -n 1 "$tree/said")" = "$line" ] && [ "$got" -eq "$exit" ]; then
    echo "ok $n - $name"
  else
    echo "not ok $n - $name"
    sed 's/^/# /' "$tree/said"
    failed=1
  fi
}

cat >"$tree/good.json" <<'END'
{"name": "a", "result": "OK", "stdout": "[==========] Running 2 test(s).\n[ RUN      ] x\n[       OK ] x\n[       OK ] y\n[  PASSED  ] 2 test(s).\n"}
{"name": "b", "result": "OK", "stdout": "whatever"}
{"name": "c", "result": "OK", "stdout": "ok 1 - p\nok 2 - q\n1..2\n"}
END
says '5 passed, 0 failed' 0 'cases of cmocka, of TAP, and of a program that prints neither' "$tree/good.json"
cat >"$tree/bad.json" <<'END'
{"name": "a", "result": "FAIL", "stdout": "[       OK ] x\n[  FAILED  ] y\n[  FAILED  ] tests: 1 test(s), listed below:\n[  FAILED  ] y\n"}
{"name": "crashed", "result": "FAIL", "stdout": "[       OK ] x\n"}
{"name": "slow", "result": "TIMEOUT", "stdout": ""}
END
says '2 passed, 3 failed' 1 'a case that fails, a program that dies, one that hangs' "$tree/bad.json"
cat >"$tree/node.tap" <<'END'
TAP version 13
    # Subtest: one
    ok 1 - one
    # Subtest: two
    not ok 2 - two
    1..2
not ok 1 - story
ok 2 - alone
1..2
END
says '2 passed, 1 failed' 1 'a story is the sum of its chapters' "$tree/node.tap"
: >"$tree/empty.tap"
says '0 passed, 1 failed' 1 'a browser run without a case is a failure' "$tree/empty.tap"
says '5 passed, 1 failed' 1 'one bad file spoils the whole' "$tree/good.json" "$tree/empty.tap"
echo "1..$n"
exit "$failed"
