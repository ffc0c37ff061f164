#!/bin/sh
# man.sh PAGE...: the manual pages are sound. Prints TAP.
command -v mandoc >/dev/null 2>&1 || {
  echo "1..0 # SKIP no mandoc"
  exit 0
}
n=0
for page in "$@"; do
  n=$((n + 1))
  said=$(mandoc -Tlint -Wwarning "$page" 2>&1) && echo "ok $n - $(basename "$page")" || {
    echo "not ok $n - $(basename "$page")"
    printf '%s\n' "$said" | sed 's/^/# /'
  }
done
echo "1..$n"
