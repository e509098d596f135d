#!/bin/sh
# Runs in a fresh Debian (deploy.whole.test.ts makes one), with this repository and a small project in /src: installs it,
# lets its daemon deliver, backs up, restores, upgrades and rolls back. Ends at the first thing that is not as it should be.
set -eu
say() { echo "== $*"; }
fail() { echo "FAILED: $*" >&2; exit 1; }

snapshot() {
  find / -xdev \( -path /proc -o -path /tmp -o -path /run -o -path '/var/l*/postgresql' -o -path /src \) -prune -o -printf '%p %m %u %s %T@\n' | sort
}
delivered() { find /var/lib/tiffin/outbox -type f 2>/dev/null | wc -l; }

# The service as systemd would start it, from the unit that was installed.
of_unit() { sed -n "s/^$1=//p" /etc/systemd/system/tiffin-daemon.service /etc/systemd/system/tiffin-.service.d/10-closed.conf; }
daemon() {
  cd "$(of_unit WorkingDirectory)"
  # shellcheck disable=SC2046
  env -i PATH=/usr/bin:/bin $(grep -v '^#' "$(of_unit EnvironmentFile)") \
    setpriv --reuid="$(of_unit User)" --regid="$(of_unit Group)" --init-groups --no-new-privs \
    $(of_unit ExecStart) 2>/tmp/daemon.err &
  daemon_pid=$!
}
stop_daemon() {
  kill -TERM $daemon_pid
  wait $daemon_pid || fail "the daemon ended with $?: $(cat /tmp/daemon.err)"
}
# until COMMAND: for a minute
until_true() {
  for _ in $(seq 600); do
    if eval "$1"; then return 0; fi
    sleep 0.1
  done
  fail "$1; $(tail -n 5 /var/lib/tiffin/log/daemon.jsonl) $(cat /tmp/daemon.err)"
}

/src/deploy/install --local-postgres --no-start
say installed
snapshot >/tmp/before
[ "$(/src/deploy/install --local-postgres --no-start)" = 'install: nothing to do' ] || fail 'the second time something was done'
snapshot >/tmp/after
diff /tmp/before /tmp/after || fail 'the second time something changed'
say 'twice: nothing changed'
[ "$(stat -c '%a %U' /var/lib/tiffin /var/backups/tiffin /etc/tiffin /etc/tiffin/environment | tr '\n' ' ')" = \
  '700 tiffin 700 tiffin 700 root 600 root ' ] || fail 'modes'

tiffin engine run
daemon
until_true '[ "$(delivered)" = 3 ]'
stop_daemon
[ "$(stat -c %a /var/lib/tiffin/log/daemon.jsonl)" = 600 ] || fail 'the log can be read'
say "delivered by $(of_unit ExecStart)"

backup=$(tiffin backup)
[ "$(stat -c '%a %U' "$backup")" = '700 tiffin' ] || fail 'the backup can be read'
tiffin delivery run daily --date 2021-12-21
[ "$(delivered)" = 6 ] || fail 'the run by hand'
tiffin restore "$backup"
daemon
until_true 'grep -q "the daemon is up" /var/lib/tiffin/log/daemon.jsonl'
if tiffin delivery status; then fail 'the status is well'; fi
if tiffin delivery run daily --date 2021-12-21; then fail 'it sends'; fi
tiffin delivery status | grep -q 'brought back from a backup' || fail 'it is not held'
tiffin delivery release --sent-until now
tiffin delivery status || fail 'it is still held'
stop_daemon
[ "$(delivered)" = 6 ] || fail 'something was sent again'
say 'restored: held, released, nothing twice'

first=$(readlink /opt/tiffin/current)
sed -i 's/^title: .*/title: Sales of the day/' /src/reports/daily/report.yml
/src/deploy/install --local-postgres --no-start
second=$(readlink /opt/tiffin/current)
[ "$first" != "$second" ] || fail 'no new release'
tiffin delivery run daily --date 2021-12-22
find /var/lib/tiffin/outbox -name 'Sales of the day*' | grep -q . || fail 'the new release is not in use'
tiffin rollback
[ "$(readlink /opt/tiffin/current)" = "$first" ] || fail 'no rollback'
tiffin delivery status
say 'upgraded and rolled back'

# A channel with a sender of its own: here one that drops files where only the sender's user may write.
phones() { find /var/lib/tiffin/whatsapp-web/outbox -type f 2>/dev/null | wc -l; }
/src/deploy/install --local-postgres --sender phone --no-start
snapshot >/tmp/before
[ "$(/src/deploy/install --local-postgres --sender phone --no-start)" = 'install: nothing to do' ] || fail 'the sender: the second time something was done'
[ "$(/src/deploy/install --local-postgres --no-start)" = 'install: nothing to do' ] || fail 'without its option the sender is undone'
snapshot >/tmp/after
diff /tmp/before /tmp/after || fail 'the sender: the second time something changed'
as() { setpriv --reuid="$1" --regid="$1" --init-groups sh -c "$2" 2>/dev/null; }
as tiffin-sender 'cat /etc/tiffin/environment' && fail "the sender reads the daemon's secrets"
as tiffin-sender 'cat /var/lib/tiffin/log/daemon.jsonl' && fail "the sender reads the daemon's log"
as tiffin-sender 'rm -f /var/lib/tiffin/log/daemon.jsonl' && fail "the sender removes the daemon's log"
as tiffin 'ls /var/lib/tiffin/whatsapp-web' && fail "the daemon's user sees the profile"
as nobody 'ls /var/lib/tiffin/files /var/lib/tiffin/log' && fail 'everybody sees the files'
before=$(phones)
(umask 077 && cd /opt/tiffin/current && . /etc/tiffin/sender && exec env -i PATH=/usr/bin:/bin HOME=/tmp $(cat /etc/tiffin/sender) \
  setpriv --reuid=tiffin-sender --regid=tiffin-sender --init-groups --no-new-privs \
  $(sed -n "s/^ExecStart=//p" /etc/systemd/system/tiffin-sender.service | sed "s/\${TIFFIN_SENDER}/$TIFFIN_SENDER/") 2>/tmp/daemon.err) &
sender_pid=$!
tiffin delivery run daily --date 2021-12-23
until_true '[ "$(phones)" = $((before + 3)) ]'
kill -TERM $sender_pid
wait $sender_pid || fail "the sender ended with $?"
[ "$(find /var/lib/tiffin/whatsapp-web/outbox -newer /tmp/after -type f ! -user tiffin-sender | wc -l)" = 0 ] || fail 'somebody else sent'
say 'a sender with a user of its own'
