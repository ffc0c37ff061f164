#!/bin/sh
# scripts/analyze finds a fault, is silent about a reviewed one, and complains about a review that nothing answers to.
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/src" "$work/build"
printf '#include <stdlib.h>\nvoid lose(void);\nvoid lose(void)\n{\n  char *p = malloc(3);\n  if (p)\n    *p = 1;\n}\n' >"$work/src/a.c"
printf '[{"directory": "%s/build", "file": "../src/a.c", "command": "gcc -fdiagnostics-color=always -Werror -O2 -o a.o -c ../src/a.c"}]' \
  "$work" >"$work/build/compile_commands.json"
number=0
# case NAME WANTED-STATUS WANTED-TEXT SUPPRESSION
case_of() {
  number=$((number + 1))
  echo "$4" >"$work/reviewed"
  text=$(cd "$work" && "$top/scripts/analyze" build reviewed)
  status=$?
  if [ "$status" -eq "$2" ] && echo "$text" | grep -q "$3"; then
    echo "ok $number - $1"
  else
    echo "not ok $number - $1"
    echo "$text" | sed 's/^/# /'
  fi
}
case_of 'a leak is found' 1 'src/a.c:[78]: lose: leak' '# none'
case_of 'a reviewed one is not' 0 '1 files, 1 reviewed findings, 0 others' 'src/a.c lose malloc-leak  # for this test'
case_of 'a review without finding is' 1 'nothing answers any more' 'src/a.c lose double-free  # for this test'
case_of 'a review needs a reason' 1 '' 'src/a.c lose malloc-leak'
echo 1..$number
