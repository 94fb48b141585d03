# The unit as it is shipped, run by a systemd that is process 1 of namespaces of its own: it becomes
# ready, is who it should be, cannot write what it should not, comes back when it is killed or hangs,
# and ends well. Skipped (77), with the reason, where that cannot be had.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/../flow/lib.sh"
source_folder="$(realpath "$flow_folder/../..")"
systemd=/lib/systemd/systemd

skip() {
    echo "skipped: $*"
    exit 77
}

# What can be judged without running it: nothing in it is unknown, and less than 2 of 10 is exposed.
if has systemd-analyze; then
    mkdir judged
    sed "s|^ExecStart=[^ ]*|ExecStart=/bin/true|" "$source_folder/server/greenroomd.service" \
        >judged/greenroomd.service
    run systemd-analyze verify --man=no judged/greenroomd.service
    equal 'what systemd-analyze says' '' "$(cat err)"
    run systemd-analyze security --offline=yes --threshold=20 judged/greenroomd.service
fi

# What `unshare` may do here; also what the machine is made of for process 1.
namespaces=(unshare --pid --fork --kill-child --mount --uts --ipc --cgroup)
[ -x "$systemd" ] || skip 'systemd is not installed'
[ "$(id -u)" -eq 0 ] || skip 'only root may make these namespaces'
"${namespaces[@]}" sh -c 'mount --make-rprivate / && umount -R /sys/fs/cgroup
    mount -t cgroup2 cgroup2 /sys/fs/cgroup' 2>err || skip "no cgroups of its own: $(xargs <err)"

make_environments
write_prompt greeting greeting 'Hello.'
run publish greeting
run promote prompt/greeting@1
make_bearer
chmod 755 "$work" # who the server runs as has to get through
chgrp -R 4242 production
chmod -R g+rwX production
# The shipped folder's rights: docs/how-to/run-as-a-service.md.
chmod -R g-w production/store.git production/environment.json

# A machine of the fewest units: systemd asks for these by name.
mkdir -p units/greenroomd.service.d
for target in sysinit basic shutdown sockets paths slices timers multi-user rescue emergency network \
    umount final halt poweroff reboot; do
    printf '[Unit]\nDefaultDependencies=no\n' >"units/$target.target"
done
printf '[Unit]\nDefaultDependencies=no\nRequires=trial.service\n' >units/go.target
cat >units/exit.target <<'UNIT'
[Unit]
DefaultDependencies=no
Requires=systemd-exit.service
After=systemd-exit.service
UNIT
cat >units/systemd-exit.service <<'UNIT'
[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
ExecStart=/bin/systemctl --force exit
UNIT
cp "$source_folder/server/greenroomd.service" units/
# The only change: a time that a test can wait for.
printf '[Service]\nWatchdogSec=2s\nRestartSec=100ms\n' >units/greenroomd.service.d/test.conf
cat >units/trial.service <<UNIT
[Unit]
DefaultDependencies=no
Wants=greenroomd.service
After=greenroomd.service
[Service]
Type=oneshot
ExecStart=/bin/bash $work/trial.sh
ExecStopPost=/bin/systemctl --no-block exit
TimeoutStartSec=200s
UNIT

cat >machine.sh <<'MACHINE'
# What process 1 finds, in the namespaces of the test.
set -e
mount --make-rprivate /
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
umount -R /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mkdir /run/bin /run/etc
cp "$GREENROOM_BIN/greenroomd" /run/bin/
mount --bind /run/bin /usr/local/bin
mkdir -p /run/var/greenroom/production
mount --bind "$PWD/production" /run/var/greenroom/production
mount --rbind /run/var /var/lib
cp /etc/group /run/etc/group
echo 'greenroom:x:4242:' >>/run/etc/group
mount --bind /run/etc/group /etc/group
mkdir -p /run/default
printf 'GREENROOM_LISTEN=127.0.0.1:1\nASAN_OPTIONS=detect_leaks=0\n' >/run/default/greenroomd
sed -i "s/127.0.0.1:1/127.0.0.1:$PORT/" /run/default/greenroomd
mount --bind /run/default /etc/default
touch console
mount --bind console /dev/console
env -i container=test PATH="$PATH" SYSTEMD_UNIT_PATH="$PWD/units" \
    "$SYSTEMD" --system --unit=go.target --log-target=console --log-level=info
MACHINE
sed -i 's/^env -i/exec env -i/' machine.sh

cat >trial.sh <<TRIAL
# Run by that systemd, when the server has said that it is ready.
set -eu -o pipefail
cd "$work"
exec >said 2>&1
bearer='$bearer'
TRIAL
cat >>trial.sh <<'TRIAL'
trap 'systemctl status --no-pager --full greenroomd; systemctl show -p MainPID,NRestarts,Result greenroomd' ERR
url="http://$(sed -n 's/GREENROOM_LISTEN=//p' /etc/default/greenroomd)"
ask() { curl -sS --max-time 10 -H "Authorization: Bearer $bearer" "$url$1"; }
show() { systemctl show --value -p "$1" greenroomd; }
pause() { read -r -t 0.1 <> <(:) || true; }
back() { # until it is another process, and answers
    local i
    for ((i = 0; i < 600; i++)); do
        if [ "$(show MainPID)" != "$1" ] && [ "$(show ActiveState)" = active ] &&
            ask /readyz >answer 2>/dev/null; then
            return
        fi
        pause
    done
    false
}
[ "$(show ActiveState)" = active ]
ask /v1/prompts/greeting | grep -q '"version":1'
ask /readyz | grep -q '"status":"ready"'
pid="$(show MainPID)"
[ "$(stat -c %u "/proc/$pid")" -ge 61184 ] # of the users that systemd makes up
grep -q '^CapEff:.*0000000000000000$' "/proc/$pid/status"
grep -q '^NoNewPrivs:.*1$' "/proc/$pid/status"
# What it sees: the store cannot be written, whoever it is.
nsenter --target "$pid" --mount sh -c '! touch /var/lib/greenroom/production/store.git/x 2>/dev/null
    ! touch /usr/x 2>/dev/null'
echo 'ready and confined'
# Killed: it comes back.
kill -KILL "$pid"
back "$pid"
echo 'back after a kill'
# Hanging: the watchdog ends it, and it comes back.
pid="$(show MainPID)"
kill -STOP "$pid"
back "$pid"
systemctl show --value -p NRestarts greenroomd | grep -q '^[2-9]'
echo 'back after it hung'
ask /v1/prompts/greeting | grep -q '"version":1'
# A key that is refused goes into the ledger, in a folder that belongs to others.
curl -sS -o answer -w '%{http_code}\n' -H "Authorization: Bearer ${bearer%????}aaaa" "$url/v1/live" | grep -q 401
systemctl stop greenroomd
[ "$(show Result)" = success ]
echo 'stopped well'
TRIAL

# A port that was free a moment ago, in the namespace of the network that is everybody's.
start_server production
PORT="${url##*:}"
stop_server
export PORT SYSTEMD="$systemd" GREENROOM_BIN
timeout --signal=KILL 240 "${namespaces[@]}" bash machine.sh >out 2>err || true
cat said 2>/dev/null || true
grep -q 'stopped well' said || fail "the unit: $(cat said out err; tail -n 30 console)"

# What it wrote as the user that systemd made up for it.
run greenroom audit --env production --json
json_lines | grep -q $'\\.outcome\trefused$' || fail 'the refused key is not in the audit'
expect_sound production
