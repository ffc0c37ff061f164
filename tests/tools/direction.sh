#!/bin/sh
# direction.sh: scripts/include-direction lets pass what it should and refuses what it should. Prints TAP.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
check=$top/scripts/include-direction
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
n=0
failed=0

# says EXPECTED NAME: the check's verdict over the tree, which is emptied afterwards.
says() {
  n=$((n + 1))
  cp "$top/src/meson.build" "$tree/src/"
  "$check" "$tree" >"$tree/said" 2>&1
  got=$?
  if [ "$got" -eq "$1" ]; then
    echo "ok $n - $2"
  else
    echo "not ok $n - $2"
    sed 's/^/# /' "$tree/said"
    failed=1
  fi
  rm -rf "$tree/src"
}

# has FILE LINE...: a file of the tree.
has() {
  file=$tree/src/$1
  shift
  mkdir -p "$(dirname "$file")"
  printf '%s\n' "$@" >"$file"
}

has person/person.c '#include "access/scope.h"' '#include "gate/gate.h"' '#include "person_sql.h"'
has gate/gate.c '#include "http/http.h"' '#include <stdio.h>'
says 0 'downwards is the direction'
has base/str.c '#include "db/db.h"'
says 1 'base includes nothing above it'
has seen/seen.c '#include "sandbox/sandbox.h"'
says 1 'the sandbox is for the command line'
has view/view.c '#include "http/http.h"'
says 1 'view stands on base alone'
has http/server.c '#include "access/access.h"'
says 1 'http knows nothing of access'
has access/scope.c '#include "person/person.h"'
says 1 'access knows no feature'
has person/person.c '#include "web/routes.h"'
says 1 'a feature knows nothing of web'
has consent/consent.c '#include "person/person_sql.h"'
says 1 'a feature does not reach into the SQL of another'
has consent/consent.c '#include "connection/connection.h"'
has connection/connection.c '#include "casework/casework.h"'
says 0 'a feature uses another by its header'
has casework/casework.h '#include "consent/consent.h"'
has consent/consent.c '#include "connection/connection.h"'
has connection/connection.c '#include "casework/casework.h"'
says 1 'a feature uses only those before it: no circles'
has elsewhere/x.c 'int x;'
says 1 'every folder has its place'
has person/person.c 'STMT_READ(q, "x", "SELECT 1");'
says 1 'no statement outside *_sql.c'
has person/person.c 'const char *q = "SELECT id FROM person WHERE id = 1";'
says 1 'no SQL text outside *_sql.c'
has person/person_sql.c 'STMT_READ(q, "x", "SELECT id FROM person");'
has audit/audit.c 'STMT_READ(q, "x", "SELECT id FROM event");'
says 0 'SQL stands where it belongs'
has web/today.c 'if (who->role == ROLE_MANAGER)'
says 1 'no role outside access'
has person/person_sql.c 'STMT_READ(q, "x", "SELECT m.id FROM membership m WHERE m.role IN (1)");'
says 1 'no role in SQL outside access'
has web/today.c 'if (actor->organization == row->organization)'
says 1 'no comparison of organizations outside access'
has web/today.c 'if (row->organization == 0) return 1;'
has access/access.c 'if (who->role == ROLE_MANAGER && who->organization == row->organization)'
says 0 'access may compare, and everybody may ask whether there is one'
echo "1..$n"
exit "$failed"
