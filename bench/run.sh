#!/bin/sh
# run.sh: how fast the pages of a city are. usage: bench/run.sh [--postgresql] [--cases N] [--seconds N] [--growth]
# Makes the demo's city in a folder of its own, serves it on loopback, signs in, and drives it with 1 and 16 clients, each for a
# few seconds after one to warm up; beside the pages stand two floors: a static file from the same server, and the same SELECTs in a bare
# loop. Behind a figure that has a target stands ok or missed. --growth: the worker's list alone, with 1,000, 10,000 and 100,000 cases in
# the network, each at rest. Everything ends with it: server, database, files. What was seen on which machine: docs/bench.md.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

engine=sqlite cases=city seconds=4 growth=
while [ $# -gt 0 ]; do
  case $1 in
  --postgresql) engine=postgresql ;;
  --cases) shift; cases=$1 ;;
  --seconds) shift; seconds=$1 ;;
  --growth) growth='1000 10000 100000' ;;
  *) die "usage: bench/run.sh [--postgresql] [--cases N] [--seconds N] [--growth]" ;;
  esac
  shift
done
if [ "$engine" = postgresql ] && [ -z "${TSUNAGU_TEST_PG:-}" ]; then
  exec env PG_FSYNC=on tests/pg.sh "$0" --postgresql --cases "$cases" --seconds "$seconds" ${growth:+--growth}
fi

need_packages packaging/apt-run.txt packaging/apt-bench.txt
build=${BUILD:-build}
need_build "$build"

dir=$(mktemp -d /tmp/tsunagu-bench.XXXXXX)
server=
stop_server() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  [ -z "$server" ] || wait "$server" 2>/dev/null || true
  server=
}
stop() {
  stop_server
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

now_ms() { echo $(($(date +%s%N) / 1000000)); }

# --- the city and its server ------------------------------------------------------------------------------------------------
# city CASES: makes and serves it; sets db, base, made, started, worker, manager
city() {
  stop_server
  rm -f "$dir"/city.db* "$dir/key" "$dir/log"
  db=sqlite:$dir/city.db
  if [ "$engine" = postgresql ]; then
    psql -q "$TSUNAGU_TEST_PG" -c 'DROP DATABASE IF EXISTS tsunagu_bench' \
      -c "CREATE DATABASE tsunagu_bench TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
    db=$(printf '%s' "$TSUNAGU_TEST_PG" | sed 's,/postgres?,/tsunagu_bench?,')
  fi
  t0=$(now_ms)
  "$build/src/tsunagu" demo --db "$db" --key "$dir/key" --scale "$1" >/dev/null
  made=$(($(now_ms) - t0))
  [ "$engine" = sqlite ] || psql -q "$db" -c 'VACUUM ANALYZE'
  t0=$(now_ms)
  "$build/src/tsunagu" serve --db "$db" --key "$dir/key" --listen 127.0.0.1:0 >"$dir/log" 2>&1 &
  server=$!
  port=
  for try in $(seq 1000); do
    port=$(sed -n 's,^listening on http://127.0.0.1:,,p' "$dir/log")
    [ -n "$port" ] && break
    sleep 0.002
  done
  [ -n "$port" ] || die "the server did not start: $(tail -n 3 "$dir/log")"
  base=http://127.0.0.1:$port
  curl -sf -o /dev/null "$base/sign-in"
  started=$(($(now_ms) - t0))
  worker=$(sign_in suzuki)
  manager=$(sign_in tanaka)
  [ -n "$worker" ] && [ -n "$manager" ] || die "could not sign in"
}

# sign_in LOGIN: the session's token. A demo's page of the second factor shows the number it wants.
sign_in() {
  curl -s -o /dev/null -c "$dir/jar" -H "Origin: $base" --data-urlencode "login=$1" --data-urlencode '_csrf=' \
    --data-urlencode 'password=mihon no machi de tsunagu renshu' "$base/sign-in"
  curl -s -b "$dir/jar" "$base/second-factor" >"$dir/factor"
  number=$(sed -n 's,.*<code>\([0-9]*\)</code>.*,\1,p' "$dir/factor")
  if [ -n "$number" ]; then
    token=$(sed -n 's/.*name="_csrf" value="\([0-9a-f]*\)".*/\1/p' "$dir/factor" | head -n 1)
    curl -s -o /dev/null -b "$dir/jar" -c "$dir/jar" -H "Origin: $base" --data-urlencode "_csrf=$token" \
      --data-urlencode "code=$number" "$base/second-factor"
  fi
  awk '$6 == "session" { print $7 }' "$dir/jar"
}
# --- measuring ---------------------------------------------------------------------------------------------------------------
# cpu: what the server has spent so far, ms (its PostgreSQL apart).
cpu() { awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($12 + $13) * 1000 / hz }' "/proc/$server/stat"; }

# drive CLIENTS SESSION PATH [SCRIPT]: "requests/s p50 p99 failures cpu-ms-a-request"
drive() {
  threads=1
  [ "$1" = 1 ] || threads=2
  wrk -t "$threads" -c "$1" -d 1s -H "Cookie: session=$2" ${4:+-s "$4"} "$base$3" >/dev/null 2>&1 || die "wrk failed"
  before=$(cpu)
  wrk -t "$threads" -c "$1" -d "${seconds}s" --latency -H "Cookie: session=$2" ${4:+-s "$4"} "$base$3" >"$dir/wrk" 2>&1 || die "wrk failed"
  awk -v spent="$before $(cpu)" '
    $1 == "50%" { p50 = $2 } $1 == "99%" { p99 = $2 } $1 == "Requests/sec:" { rate = $2 } $2 == "requests" && $3 == "in" { n = $1 }
    /Non-2xx/ { bad = $NF } /Socket errors/ { bad += $4 + $6 + $8 + $10 }
    END { split(spent, t, " "); printf "%s %s %s %d %.3f\n", rate, p50, p99, bad, (t[2] - t[1]) / (n ? n : 1) }' "$dir/wrk"
}

# rest: until what was just written is on the disk, and the server does nothing by itself any more; at most a minute.
rest() {
  [ "$engine" = sqlite ] || psql -q "$db" -c CHECKPOINT
  sync
  for try in $(seq 30); do
    before=$(cpu)
    sleep 2
    [ "$(cpu)" != "$before" ] || return 0
  done
  echo 'the server was not at rest after a minute' >&2
}

machine() {
  printf '%s, %s, %s CPUs, load %s' "$engine" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
    "$(cut -d' ' -f1 /proc/loadavg)"
}

# in_ms 812.00us: 0.812; judge VALUE MOST or judge VALUE - LEAST: ok or missed; nothing without a target
words='
  function in_ms(t) { return t ~ /us$/ ? t / 1000 : t ~ /ms$/ ? t + 0 : t * 1000 }
  function most(v, m) { return m == "-" ? "" : v <= m ? " ok" : " missed" }
  function least(v, m) { return m == "-" ? "" : v >= m ? " ok" : " missed" }'

# --- the worker's list in larger and larger networks ----------------------------------------------------------------------------
if [ -n "$growth" ]; then
  printf '%s\n%-10s %8s %10s %8s\n' "$(machine)" cases 'p50 ms' '1: req/s' 'cpu ms'
  for n in $growth; do
    city "$n"
    rest
    # shellcheck disable=SC2046 # five words
    set -- $(drive 1 "$worker" /cases '')
    awk -v n="$n" -v r="$1" -v p="$2" -v c="$5" "$words"' BEGIN { printf "%-10d %8.3f %10.1f %8.3f\n", n, in_ms(p), r, c }'
  done | tee "$dir/growth"
  awk "$words"' { if (!n++ || $4 < low) low = $4; if ($4 > high) high = $4 }
    END { printf "most of least, CPU: %.2f (at most 1.3)%s\n", high / low, most(high / low, 1.3) }' "$dir/growth"
  exit 0
fi

city "$cases"
case_id=$("$build/bench/bench_bare" "$db" suzuki find)
csrf=$(curl -s -H "Cookie: session=$worker" "$base/cases/$case_id/records/new" | sed -n 's/.*name="_csrf" value="\([0-9a-f]*\)".*/\1/p' | head -n 1)
asset=$(curl -s "$base/sign-in" | grep -o '/assets/app\.[0-9a-f]*\.css' | head -n 1)
[ -n "$csrf" ] && [ -n "$asset" ] || die "could not find a case or an asset"
case_path=/cases/$case_id
sed -e "s/@CSRF@/$csrf/" -e "s,@ORIGIN@,$base," -e "s/@DAY@/$(date +%Y-%m-%d)/" bench/record.lua >"$dir/record.lua"

# asking PATH: a script for wrk that looks for two letters there (words stand in no address)
asking() {
  token=$(curl -s -H "Cookie: session=$worker" "$base/cases" | sed -n 's/.*name="_csrf" value="\([0-9a-f]*\)".*/\1/p' | head -n 1)
  printf 'wrk.method = "POST"\nwrk.headers["Origin"] = "%s"\nwrk.headers["Content-Type"] = "application/x-www-form-urlencoded"\n' "$base" >"$dir/asking${1##*/}.lua"
  printf 'wrk.body = "_csrf=%s&q=%%E3%%81%%95%%E3%%81%%8F"\n' "$token" >>"$dir/asking${1##*/}.lua"
  echo "$dir/asking${1##*/}.lua"
}

# Slice after slice as the page's button asks for it; JSON, so that the next place can be read.
words_to_the_end() {
  token=$(curl -s -H "Cookie: session=$manager" "$base/cases" | sed -n 's/.*name="_csrf" value="\([0-9a-f]*\)".*/\1/p' | head -n 1)
  from= places=0 t0=$(now_ms) c0=$(cpu) first=
  while :; do
    curl -s -H "Cookie: session=$manager" -H "Origin: $base" -H 'Accept: application/json' --data-urlencode "_csrf=$token" \
      --data-urlencode 'q=鰻鰻' ${from:+--data-urlencode "from=$from"} "$base/search" >"$dir/slice"
    [ -n "$first" ] || first=$(($(now_ms) - t0))
    n=$(sed -n 's/.*"scanned":"\([0-9,]*\).*/\1/p' "$dir/slice" | tr -d ,)
    places=$((places + ${n:-0}))
    from=$(sed -n 's/.*"more_from":"\([0-9a-z]*\)".*/\1/p' "$dir/slice")
    [ -n "$from" ] || break
  done
  awk -v n="$places" -v ms=$(($(now_ms) - t0)) -v first="$first" -v c="$c0 $(cpu)" "$words"' BEGIN { split(c, t, " ")
    printf "%d places in %d ms, the first slice after %d; 10,000 take %.0f ms%s, 100,000 %.0f%s (CPU %.0f ms)\n", n, ms, first, ms * 1e4 / (n ? n : 1),
      n ? most(ms * 1e4 / n, 60) : " missed", ms * 1e5 / (n ? n : 1), n ? most(ms * 1e5 / n, 500) : " missed", t[2] - t[1] }'
}

static=
# line NAME SESSION PATH BARE SCRIPT P50 RATE: p50 in ms with 1 client at most, requests a second with 16 at least; -: no target
line() {
  size=$(curl -s -o /dev/null -w '%{size_download}' -H "Cookie: session=$2" "$base$3") # of a page that is asked by POST: its empty form
  # shellcheck disable=SC2046 # five words each
  set -- "$1" "$4" "$6" "$7" $(drive 1 "$2" "$3" "$5") $(drive 16 "$2" "$3" "$5")
  [ -n "$static" ] || static=${14}
  floor='- -'
  if [ "$2" != - ]; then
    login=suzuki
    [ "$2" = manager ] && login=tanaka
    floor=$("$build/bench/bench_bare" "$db" "$login" "$2" 1 2)
  fi
  [ "$8" = 0 ] && [ "${13}" = 0 ] || say "$1: $8 and ${13} requests failed"
  awk -v name="$1" -v size="$size" -v mp="$3" -v mr="$4" -v a="$5" -v p="$6" -v b="${10}" -v q="${11}" -v r="${12}" -v c="${14}" -v s="$static" \
    -v floor="$floor" "$words"' BEGIN {
    split(floor, f, " ")
    printf "%-25s %6d %8.1f %8.3f%-7s %8.1f%-7s %8.2f %8.2f %7.3f %8.1f", name, size, a, in_ms(p), most(in_ms(p), mp), b, least(b, mr), in_ms(q),
      in_ms(r), c, c / (s > 0 ? s : 1)
    if (f[1] == "-") printf " %8s %7s\n", "-", "-"; else printf " %8.3f %7.2f\n", f[2], c / f[2] }'
}

printf '%s\n%s cases, made in %d.%03d s; first answer after %d ms%s\n' "$(machine)" "$cases" $((made / 1000)) $((made % 1000)) "$started" \
  "$(awk -v v="$started" "$words"' BEGIN { print most(v, 100) }')"
printf '%-25s %6s %8s %8s%-7s %8s%-7s %8s %8s %7s %8s %8s %7s\n' page bytes '1: req/s' p50 '' '16: /s' '' p50 p99 'cpu ms' 'x static' 'bare ms' 'x bare'
line 'static file' "$worker" "$asset" - '' - -
line 'sign-in page, no session' none /sign-in - '' - -
line "worker's cases" "$worker" /cases worker '' 1 2000
line "manager's cases" "$manager" '/cases?view=all' manager '' 2 1000
line 'a case with ten records' "$worker" "$case_path" case '' 1 2000
coordinator=$(sign_in ito) admin=$(sign_in watanabe) auditor=$(sign_in nakamura)
[ -n "$coordinator" ] && [ -n "$admin" ] && [ -n "$auditor" ] || die "could not sign in with a second factor"
# Every list there is (docs/ui.md, "Lists"): a worker's as his cases, whoever looks over many as the manager's.
while read -r who path name; do
  most=2 least=1000
  [ "$who" = worker ] && most=1 least=2000
  eval "session=\$$who"
  line "$name" "$session" "$path" - '' "$most" "$least"
done <<END
worker /today today
manager /today manager's today
coordinator /today coordinator's today
worker /connections connections
manager /connections manager's connections
coordinator /progress clock of all cases
worker /news news
manager /news manager's news
worker /handover hand-over book
manager /handover manager's hand-over book
worker /ledger/unconfirmed not yet asked
manager /ledger/unconfirmed manager's not yet asked
worker /bases register of bases
manager /bases manager's register
worker /directory directory
worker /hsds/organizations directory by HSDS
worker /forms forms
worker /notices notices
worker /phrases phrases
worker /opening-days opening days
manager /emergencies emergencies
manager /transfers transfers
admin /accounts accounts
admin /mail-queue queue of mail
auditor /audit audit
worker $case_path/seen case: who looked
worker $case_path/who case: who may see
worker $case_path/copies case: copies
worker $case_path/files case: files
worker $case_path/forms case: forms
worker $case_path/bases case: bases
worker $case_path/consents case: consents
worker $case_path/leaks case: leaks
worker $case_path/family case: family
worker $case_path/restrictions case: restrictions
END
# The same lists as files, whole.
line 'cases, CSV' "$manager" /cases/ledger.csv - '' - -
line 'connections, CSV' "$manager" /connections.csv - '' - -
line 'clock, CSV' "$coordinator" /progress.csv - '' - -
line 'find by name' "$worker" /cases - "$(asking /cases)" - -
line 'words in records' "$worker" /search - "$(asking /search)" - -
printf "%s\n" "words in all that a manager may read, to the end, a word that stands nowhere:"
words_to_the_end
# Last: its case has thousands of records afterwards, which no page is made for.
line 'adding a record' "$worker" "$case_path/records/new" - "$dir/record.lua" 5 1000
awk "$words"' /^(VmRSS|RssAnon|RssFile|VmHWM)/ { v[$1] = $2 / 1024 }
  END { printf "resident: %.0f MB%s (own %.0f, of the mapped file and the program %.0f; at most %.0f)\n", v["VmRSS:"], most(v["VmRSS:"], 100),
    v["RssAnon:"], v["RssFile:"], v["VmHWM:"] }' "/proc/$server/status"
[ "$engine" = postgresql ] || printf 'database: %s MB\n' "$(du -m "$dir/city.db" | cut -f1)"
