#!/bin/sh
# pg.sh [--own] COMMAND...: runs a command with an own PostgreSQL cluster on a Unix socket, which ends with it.
# PG_FSYNC=on: commits as a town's server has them (benches); off otherwise.
# TSUNAGU_TEST_PG is the cluster's address as its superuser; when it is set already, that cluster is used (several test
# programs under one wrapper share one), unless --own asks for one that may be stopped: TSUNAGU_TEST_PG_STOP, _START and _RESTART do it.
set -eu
own=
[ "$1" = --own ] && own=yes && shift
if [ -n "${TSUNAGU_TEST_PG:-}" ] && [ -z "$own" ]; then
  exec "$@"
fi

bin=$(pg_config --bindir 2>/dev/null || true)
[ -x "$bin/initdb" ] || bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
dir=$(mktemp -d /tmp/tsunagu-pg.XXXXXX)
as=
if [ "$(id -u)" = 0 ]; then
  chown postgres "$dir"
  as="runuser -u postgres --"
fi
stop() {
  $as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

cd "$dir"
$as "$bin/initdb" -D "$dir/data" -U postgres -A trust --locale=C -E UTF8 --no-sync >"$dir/log" 2>&1 || {
  cat "$dir/log" >&2
  exit 1
}
cat >>"$dir/data/postgresql.conf" <<END
listen_addresses = ''
unix_socket_directories = '$dir'
fsync = ${PG_FSYNC:-off}
full_page_writes = ${PG_FSYNC:-off}
max_connections = 300
track_commit_timestamp = on
max_locks_per_transaction = 256
shared_buffers = 64MB
log_min_messages = fatal
END
ctl="$as $bin/pg_ctl -D $dir/data -l $dir/server.log -w -t 60"
$ctl start >/dev/null 2>&1 || {
  cat "$dir/server.log" >&2
  exit 1
}
cd "$OLDPWD"
TSUNAGU_TEST_PG="postgresql:///postgres?host=$dir&user=postgres"
# After an immediate stop the last backends may still hold the memory for a moment: then starting is tried again.
TSUNAGU_TEST_PG_RESTART="cd /; $ctl -m immediate stop >/dev/null 2>&1
  for try in 1 2 3 4 5 6 7 8 9 10; do $ctl start >/dev/null 2>&1 && exit 0; sleep 0.3; done; exit 1"
TSUNAGU_TEST_PG_STOP="cd /; $ctl -m immediate stop"
TSUNAGU_TEST_PG_START="cd /; for try in 1 2 3 4 5 6 7 8 9 10; do $ctl start && exit 0; sleep 0.3; done; exit 1"
export TSUNAGU_TEST_PG TSUNAGU_TEST_PG_RESTART TSUNAGU_TEST_PG_STOP TSUNAGU_TEST_PG_START
"$@"
