#!/bin/sh
# cli.sh PROGRAM: the command line makes a network, keeps its accounts, and says what to do next when something is wrong. Prints TAP.
set -u
program=$(realpath "$1")
export LANG=C
unset TSUNAGU_KEY TSUNAGU_DB TSUNAGU_CONFIG
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
cd "$tree" || exit 1
n=0
failed=0

# run EXIT WORDS NAME COMMAND...: the command's exit code, and what it says, somewhere.
run() {
  n=$((n + 1))
  want=$1 words=$2 name=$3
  shift 3
  "$program" "$@" >out 2>err </dev/null
  got=$?
  if [ "$got" -eq "$want" ] && { [ -z "$words" ] || cat out err | grep -q -- "$words"; }; then
    echo "ok $n - $name"
  else
    echo "not ok $n - $name"
    echo "# exit $got, expected $want and \"$words\""
    cat out err | sed 's/^/# /'
    failed=1
  fi
}

# holds NAME COMMAND...: a shell command that must succeed.
holds() {
  n=$((n + 1))
  name=$1
  shift
  if "$@"; then echo "ok $n - $name"; else
    echo "not ok $n - $name"
    failed=1
  fi
}

mode() { [ "$(stat -c %a "$1")" = "$2" ]; }

echo 'tsuki to hoshi to umi no yoru' >good
echo 'password1234' >poor
run 0 'COMMAND' 'without a command it tells the commands'
run 64 'no such command' 'an unknown command' frobnicate
run 0 'tsunagu 0' 'the version' --version
run 0 'usage: tsunagu init' 'help of a command' init --help
run 65 'has no option --scale' 'an option of another command' init --scale 3
run 65 'name' 'the nearest option is named' init --nam x
run 66 'tsunagu init' 'no database: what to do' user list
run 65 'name' 'a network has a name' init
run 65 'password' 'a common password' init --name Town --password-file poor
holds 'nothing was made yet' test ! -e tsunagu.db -a ! -e tsunagu.db.key
run 66 'missing' 'a password file that is not there' init --name Town --password-file missing
run 0 'Town' 'init' init --name Town --town-code 012345 --host net.example.jp --organization Office --password-file good
holds 'the key is read by its owner alone' mode tsunagu.db.key 400
run 73 'exists' 'init a second time' init --name Town --password-file good
run 0 'admin' 'user list' user list
run 66 '--organization' 'an organization that is not there' user add mori --name M --role worker --organization X --password-file good
run 65 '--role' 'a role that is none' user add mori --name M --role person --organization X --password-file good
run 0 'mori' 'user add' user add mori --name M --role worker --organization Office --password-file good
run 65 'login' 'a login twice' user add mori --name M --role worker --organization Office --password-file good
run 0 'mori' 'user password' user password mori --password-file good
run 66 'user list' 'somebody who is not there' user password nobody --password-file good
run 0 . 'token create' token create --user mori --name robot
token=$(cat out)
holds 'a token has 43 letters' test "${#token}" -eq 43
run 0 'robot' 'token list' token list
id=$(cut -f1 out)
holds 'the list has no token' sh -c "! grep -q '$token' out"
run 0 '' 'token revoke' token revoke "$id"
run 66 '' 'a token is revoked once' token revoke "$id"
run 65 '--days' 'days without end' token create --user mori --days 99999
run 0 'mori' 'user disable' user disable mori
run 0 'mori' 'user enable' user enable mori
run 0 'mori' 'user reset-factor' user reset-factor mori
run 0 'mori' 'user end-membership' user end-membership mori
run 66 '--membership' 'no membership is left' user end-membership mori
run 65 'last administrator' 'the last administrator stays' user end-membership admin
run 0 'signature' 'audit checkpoint' audit checkpoint
cp out kept.json
run 0 'events' 'audit verify' audit verify --checkpoint kept.json
run 0 'findings=0' 'each look once more' audit verify --rederive
run 0 'Other' 'another network' init --db sqlite:other.db --name Other --password-file good
run 77 'other.db.key' 'the key file of another database' audit verify --key other.db.key
run 77 'other.db.key' 'nor does it serve' serve --key other.db.key --listen 127.0.0.1:0
run 65 '127.0.0.1:8080' 'a port beyond the last' serve --listen 127.0.0.1:65536
run 74 'chmod 400' 'a key file that others can read' user list --key good
run 0 'ACCOUNT_WRITE' 'routes' routes
run 0 'schema' 'migrate' migrate
run 65 'TSUNAGU_KEY' 'PostgreSQL without a key file' user list --db postgresql:///nowhere
run 0 'watanabe' 'demo' demo --db sqlite:demo.db --scale 0
holds 'the sign-ins are kept for their owner alone' mode demo.db.demo.txt 600
export LANG=ja_JP.UTF-8
run 66 'ありません' 'in Japanese' user list --db sqlite:missing.db
export LANG=C

# The server: its address, both signals, one at a time.
"$program" serve --db sqlite:demo.db --listen 127.0.0.1:0 >serve.out 2>serve.err &
server=$!
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  grep -q '^listening on http://127.0.0.1:[0-9]' serve.out && break
  sleep 0.1
done
holds 'serve says where it listens' grep -q '^listening on http://127.0.0.1:[0-9]' serve.out
holds 'serve prints the sign-ins of a demo' grep -q '^watanabe' serve.out
run 73 '' 'a second server is refused' serve --db sqlite:demo.db --listen 127.0.0.1:0
kill -TERM $server
wait $server
holds 'SIGTERM ends it cleanly' test $? -eq 0
echo "1..$n"
exit "$failed"
