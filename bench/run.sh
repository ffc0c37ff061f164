#!/bin/sh
# run.sh: how fast the pages of a city are. usage: bench/run.sh [--postgresql] [--cases N] [--seconds N]
# Makes the demo's city in a folder of its own, serves it on loopback, signs in, and drives it with 1 and 16 clients, each for a
# few seconds; beside the pages stand two floors: a static file from the same server, and the same SELECTs in a bare loop. Everything
# ends with it: server, database, files. What was seen on which machine: docs/bench.md.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

engine=sqlite cases=city seconds=4
while [ $# -gt 0 ]; do
  case $1 in
  --postgresql) engine=postgresql ;;
  --cases) shift; cases=$1 ;;
  --seconds) shift; seconds=$1 ;;
  *) die "usage: bench/run.sh [--postgresql] [--cases N] [--seconds N]" ;;
  esac
  shift
done
if [ "$engine" = postgresql ] && [ -z "${TSUNAGU_TEST_PG:-}" ]; then
  exec tests/pg.sh "$0" --postgresql --cases "$cases" --seconds "$seconds"
fi

need_packages packaging/apt-run.txt packaging/apt-bench.txt
build=${BUILD:-build}
need_build "$build"

dir=$(mktemp -d /tmp/tsunagu-bench.XXXXXX)
server=
stop() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  [ -z "$server" ] || wait "$server" 2>/dev/null || true
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

now_ms() { echo $(($(date +%s%N) / 1000000)); }

# --- the city ------------------------------------------------------------------------------------------------------------
db=sqlite:$dir/city.db
if [ "$engine" = postgresql ]; then
  psql -q "$TSUNAGU_TEST_PG" -c "CREATE DATABASE tsunagu_bench TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
  db=$(printf '%s' "$TSUNAGU_TEST_PG" | sed 's,/postgres?,/tsunagu_bench?,')
fi
t0=$(now_ms)
"$build/src/tsunagu" demo --db "$db" --key "$dir/key" --scale "$cases" >/dev/null
made=$(($(now_ms) - t0))
[ "$engine" = sqlite ] || psql -q "$db" -c 'VACUUM ANALYZE'

# --- the server ------------------------------------------------------------------------------------------------------------
t0=$(now_ms)
"$build/src/tsunagu" serve --db "$db" --key "$dir/key" --listen 127.0.0.1:0 >"$dir/log" 2>&1 &
server=$!
port=
for try in $(seq 200); do
  port=$(sed -n 's,^listening on http://127.0.0.1:,,p' "$dir/log")
  [ -n "$port" ] && break
  sleep 0.01
done
[ -n "$port" ] || die "the server did not start: $(tail -n 3 "$dir/log")"
base=http://127.0.0.1:$port
curl -sf -o /dev/null "$base/sign-in"
started=$(($(now_ms) - t0))

# sign_in LOGIN: the session's token.
sign_in() {
  curl -s -o /dev/null -c "$dir/jar" -H "Origin: $base" --data-urlencode "login=$1" --data-urlencode '_csrf=' \
    --data-urlencode 'password=mihon no machi de tsunagu renshu' "$base/sign-in"
  awk '$6 == "session" { print $7 }' "$dir/jar"
}
worker=$(sign_in suzuki)
manager=$(sign_in tanaka)
case_id=$("$build/bench/bench_bare" "$db" suzuki find)
csrf=$(curl -s -H "Cookie: session=$worker" "$base/cases/$case_id/records/new" | sed -n 's/.*name="_csrf" value="\([0-9a-f]*\)".*/\1/p' | head -n 1)
asset=$(curl -s "$base/sign-in" | grep -o '/assets/app\.[0-9a-f]*\.css' | head -n 1)
[ -n "$worker" ] && [ -n "$manager" ] && [ -n "$csrf" ] && [ -n "$asset" ] || die "could not sign in or find a case"

# --- measuring ---------------------------------------------------------------------------------------------------------------
# cpu: what the server has spent so far, ms (its PostgreSQL apart).
cpu() { awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($12 + $13) * 1000 / hz }' "/proc/$server/stat"; }

# drive CLIENTS SESSION PATH [SCRIPT]: "requests/s p50 p99 failures cpu-ms-a-request"
drive() {
  threads=1
  [ "$1" = 1 ] || threads=2
  before=$(cpu)
  wrk -t "$threads" -c "$1" -d "${seconds}s" --latency -H "Cookie: session=$2" ${4:+-s "$4"} "$base$3" >"$dir/wrk" 2>&1 || die "wrk failed"
  awk -v spent="$before $(cpu)" '
    $1 == "50%" { p50 = $2 } $1 == "99%" { p99 = $2 } $1 == "Requests/sec:" { rate = $2 } $2 == "requests" && $3 == "in" { n = $1 }
    /Non-2xx/ { bad = $NF } /Socket errors/ { bad += $4 + $6 + $8 + $10 }
    END { split(spent, t, " "); printf "%s %s %s %d %.3f\n", rate, p50, p99, bad, (t[2] - t[1]) / (n ? n : 1) }' "$dir/wrk"
}

case_path=/cases/$case_id
sed -e "s/@CSRF@/$csrf/" -e "s,@ORIGIN@,$base," -e "s/@DAY@/$(date +%Y-%m-%d)/" bench/record.lua >"$dir/record.lua"

static=
# line NAME SESSION PATH BARE SCRIPT
line() {
  size=$(curl -s -o /dev/null -w '%{size_download}' -H "Cookie: session=$2" "$base$3")
  # shellcheck disable=SC2046 # five words each
  set -- "$1" "$4" $(drive 1 "$2" "$3" "$5") $(drive 16 "$2" "$3" "$5")
  [ -n "$static" ] || static=${12}
  floor='- -'
  if [ "$2" != - ]; then
    login=suzuki
    [ "$2" = manager ] && login=tanaka
    floor=$("$build/bench/bench_bare" "$db" "$login" "$2" 1 2)
  fi
  [ "$6" = 0 ] && [ "${11}" = 0 ] || say "$1: $6 and ${11} requests failed"
  awk -v name="$1" -v size="$size" -v a="$3" -v p="$4" -v b="$8" -v q="$9" -v r="${10}" -v c="${12}" -v s="$static" -v floor="$floor" 'BEGIN {
    split(floor, f, " ")
    printf "%-26s %7d %9.1f %9s %9.1f %9s %9s %8.3f %8.1f", name, size, a, p, b, q, r, c, c / s
    if (f[1] == "-") printf " %9s %8s %6s\n", "-", "-", "-"; else printf " %9.1f %8.3f %6.2f\n", f[1], f[2], c / f[2] }'
}

printf '%s, %s, %s cases, database made in %d.%03d s, first answer after %d ms\n' "$engine" \
  "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) CPUs, load $(cut -d' ' -f1 /proc/loadavg)" \
  "$cases" $((made / 1000)) $((made % 1000)) "$started"
printf '%-26s %7s %9s %9s %9s %9s %9s %8s %8s %9s %8s %6s\n' page bytes '1: req/s' p50 '16: req/s' p50 p99 'cpu ms' 'x static' \
  'bare/s' 'cpu ms' 'x bare'
line 'static file' "$worker" "$asset" - ''
line 'sign-in page, no session' none /sign-in - ''
line "worker's cases" "$worker" /cases worker ''
line "manager's cases" "$manager" '/cases?view=all' manager ''
line 'today' "$worker" /today - ''
line 'connections' "$worker" /connections - ''
line 'a case with ten records' "$worker" "$case_path" case ''
line 'adding a record' "$worker" "$case_path/records/new" - "$dir/record.lua"
sed -n 's/^VmRSS:[^0-9]*/resident now: /p; s/^VmHWM:[^0-9]*/resident at most: /p' "/proc/$server/status"
[ "$engine" = postgresql ] || printf 'database: %s MB\n' "$(du -m "$dir/city.db" | cut -f1)"
