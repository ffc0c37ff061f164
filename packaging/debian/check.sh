#!/bin/sh
# check.sh: the package as it is installed on a machine with systemd. Runs inside that machine (scripts/deb-test). Prints TAP.
export LANG=C DEBIAN_FRONTEND=noninteractive
cd /root || exit 1
n=0

# holds NAME COMMAND...: a command that must succeed.
holds() {
  n=$((n + 1))
  name=$1
  shift
  if "$@" >out 2>&1; then echo "ok $n - $name"; else
    echo "not ok $n - $name"
    tail -n 15 out | sed 's/^/# /'
    journalctl -q -u tsunagu -n 8 --no-pager -o short | sed 's/^/# /'
  fi
}
fails() { ! "$@"; }
owned() { [ "$(stat -c '%U:%G %a' "$1")" = "$2" ]; }
has() { grep -q -- "$2" "$1"; }
answers() {
  for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    curl -fsS http://127.0.0.1:8080/healthz && return 0
    sleep 0.2
  done
  return 1
}
pid() { systemctl show -p MainPID --value tsunagu; }

# --- as it is installed
holds 'the user is there' id tsunagu
holds 'the folder of data is its own' owned /var/lib/tsunagu 'tsunagu:tsunagu 700'
holds 'the folder of keys too' owned /etc/tsunagu/keys 'tsunagu:tsunagu 700'
holds 'the settings are there' has /etc/tsunagu/tsunagu.conf '^db = '
holds 'nothing runs yet' fails systemctl is-active tsunagu
holds 'it is not enabled' fails systemctl is-enabled tsunagu
systemctl start tsunagu
holds 'without a network there is nothing to start' fails systemctl is-active tsunagu

# --- a network
echo 'tsuki to hoshi to umi no yoru' >/tmp/password
chmod 644 /tmp/password
holds 'init as the user' runuser -u tsunagu -- tsunagu init --name Town --host localhost --password-file /tmp/password
holds 'the key is its own' owned /etc/tsunagu/keys/tsunagu.key 'tsunagu:tsunagu 400'
holds 'the database too' owned /var/lib/tsunagu/tsunagu.db 'tsunagu:tsunagu 600'
key=$(sha256sum </etc/tsunagu/keys/tsunagu.key)
holds 'it is enabled and starts' systemctl enable --now tsunagu
holds 'it answers' answers
journalctl -q -u tsunagu -o cat >log
holds 'its log comes to the journal' has log '"event":"request"'
grep '"event":"sandbox"' log | sed 's/^/# /'
holds 'the system call filter holds' has log '"event":"sandbox".*"seccomp":"yes"'

# --- confined
sed -n 's/^/# /p' /proc/"$(pid)"/status | grep -E 'Uid|CapEff|NoNewPrivs|Seccomp'
holds 'it is that user' has /proc/"$(pid)"/status "^Uid:.*$(id -u tsunagu)"
holds 'without capabilities' has /proc/"$(pid)"/status '^CapEff:.0*$'
holds 'and gets no privileges' has /proc/"$(pid)"/status '^NoNewPrivs:.1$'
holds 'its key is a credential' sh -c "tr '\\0' ' ' </proc/$(pid)/cmdline | grep -q -- '--key /run/credentials/tsunagu.service/key'"
holds 'where the key lies it cannot look' fails nsenter -t "$(pid)" -m -- ls /etc/tsunagu/keys/tsunagu.key
holds 'it cannot write to the system' fails nsenter -t "$(pid)" -m -- touch /usr/x
systemd-analyze security --no-pager tsunagu.service | tail -n 1 | sed 's/^/# /'
systemctl show -p ActiveState,SubState,Result tsunagu | sed 's/^/# /'

# --- its life
old=$(pid)
kill -9 "$old"
sleep 2.5
holds 'killed, it comes back' test "$(pid)" != "$old" -a "$(pid)" != 0
holds 'and answers' answers
holds 'it stops when told' systemctl stop tsunagu
holds 'without a fault' test "$(systemctl show -p Result --value tsunagu)" = success
holds 'the log of looks is whole' runuser -u tsunagu -- tsunagu audit verify
holds 'and starts again' systemctl start tsunagu
holds 'with an answer' answers

# --- installed again, removed, purged
echo '# mine' >>/etc/tsunagu/tsunagu.conf
holds 'installed over itself' apt-get install -y -q --reinstall --no-install-recommends /root/tsunagu.deb
holds 'settings stay as they were changed' has /etc/tsunagu/tsunagu.conf '^# mine'
holds 'it goes on serving' answers
holds 'removed' apt-get remove -y -q tsunagu
holds 'it is stopped' fails curl -fsS http://127.0.0.1:8080/healthz
holds 'the program is gone' test ! -e /usr/bin/tsunagu
holds 'the data stays' test -s /var/lib/tsunagu/tsunagu.db
holds 'purged' apt-get purge -y -q tsunagu
cp out purged
holds 'the settings are gone' test ! -e /etc/tsunagu/tsunagu.conf
holds 'data stays, which is said' has purged 'data stays'
holds 'the key is the one it was' test "$(sha256sum </etc/tsunagu/keys/tsunagu.key)" = "$key"
holds 'installed once more' apt-get install -y -q --no-install-recommends /root/tsunagu.deb
holds 'the key is still that one' test "$(sha256sum </etc/tsunagu/keys/tsunagu.key)" = "$key"
systemctl start tsunagu
holds 'it serves the old data' answers
holds 'purged with data, when asked' env TSUNAGU_PURGE_DATA=yes apt-get purge -y -q tsunagu
holds 'nothing is left' test ! -e /var/lib/tsunagu -a ! -e /etc/tsunagu
echo "1..$n"
