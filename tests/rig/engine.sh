#!/bin/sh
# A private Docker engine for tests: own data, socket, bridge and control group, so that the engine of
# the person who runs the tests is never touched. It lives as long as standard input is open, so it is
# tidied away however the test ends, by a panic or a kill included.
#
# usage: engine.sh [network]     "network" gives it a bridge of its own; else containers have none
#
# It prints "ready DIRECTORY" (the socket is DIRECTORY/docker.sock, the image rig/busybox:1), then reads
# one command a line and answers "ok" or "failed WHY": start, stop, kill, freeze, thaw.
set -u

NETWORK=${1:-none}
ROOT=${TMPDIR:-/tmp}
PREFIX=docker-watcher-rig-
DOCKER=docker
[ -x /usr/bin/docker ] && DOCKER=/usr/bin/docker

give_up() {
    echo "failed $*"
    exit 1
}

# Where a command is missing the tests fail and say what to do: a test that skips itself proves nothing.
[ "$(id -u)" = 0 ] || give_up "a private engine needs root; run the tests as root"
for program in dockerd "$DOCKER" ip busybox; do
    command -v "$program" >/dev/null || give_up "$program is missing; install docker.io, iproute2 and busybox-static"
done

# Tidies the engine in directory $1 away, whatever state it is in.
tidy() {
    dir=$1
    name=$(basename "$dir")
    pid=$(cat "$dir/pid" 2>/dev/null)
    if [ -n "$pid" ] && kill -CONT "$pid" 2>/dev/null; then
        ids=$("$DOCKER" -H "unix://$dir/docker.sock" ps -aq)
        # Word splitting is meant: one argument an id.
        # shellcheck disable=SC2086
        [ -z "$ids" ] || "$DOCKER" -H "unix://$dir/docker.sock" rm -f $ids >/dev/null 2>&1
        kill "$pid"
        wait_until 15 gone "$pid" || kill -9 "$pid"
    fi
    # What a killed engine left behind: its containers, and whatever was started with a path in here.
    for group in /sys/fs/cgroup/*/"$name"/* /sys/fs/cgroup/"$name"/*; do
        [ -f "$group/cgroup.procs" ] || continue
        while read -r process; do kill -9 "$process" 2>/dev/null; done <"$group/cgroup.procs"
    done
    for process in /proc/[0-9]*; do
        { tr "\0" " " <"$process/cmdline"; } 2>/dev/null | grep -qF " $dir/exec/" || continue
        kill -9 "${process#/proc/}" 2>/dev/null
    done
    grep -o " $dir/[^ ]*" /proc/mounts | sort -r | while read -r mount; do umount -l "$mount"; done
    bridge=$(cat "$dir/bridge" 2>/dev/null)
    [ -z "$bridge" ] || ip link delete "$bridge" 2>/dev/null
    for group in /sys/fs/cgroup/*/"$name" /sys/fs/cgroup/"$name"; do
        [ -d "$group" ] && find "$group" -depth -type d -exec rmdir {} + 2>/dev/null
    done
    rm -rf "$dir"
}

# A process that nobody has reaped yet is gone too.
gone() { ! kill -0 "$1" 2>/dev/null || grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null; }
answers() { "$DOCKER" -H "unix://$DIR/docker.sock" version >/dev/null 2>&1; }

# wait_until SECONDS COMMAND…: asks ten times a second.
wait_until() {
    left=$(($1 * 10))
    shift
    while ! "$@"; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        sleep 0.1
    done
}

start() {
    # A killed engine takes its containerd with it, and would mistake a pid that lingers for a live one.
    daemon=$(cat "$DIR/exec/containerd/containerd.pid" 2>/dev/null)
    [ -z "$daemon" ] || { wait_until 5 gone "$daemon" && rm -f "$DIR/exec/containerd/containerd.pid"; }
    if [ -s "$DIR/bridge" ]; then bridge=$(cat "$DIR/bridge"); else bridge=none; fi
    setsid dockerd --data-root "$DIR/data" --exec-root "$DIR/exec" --pidfile "$DIR/pid" \
        -H "unix://$DIR/docker.sock" --bridge="$bridge" --iptables=false --ip-masq=false \
        --ip-forward=false --userland-proxy=false --exec-opt native.cgroupdriver=cgroupfs \
        --cgroup-parent="/$NAME" </dev/null >>"$DIR/log" 2>&1 &
    wait_until 30 answers || { echo "failed the engine did not start: $(tail -n 3 "$DIR/log" | tr '\n' ' ')"; return 1; }
}

end_with() { # SIGNAL
    pid=$(cat "$DIR/pid") && kill "-$1" "$pid" && wait_until 20 gone "$pid" && rm -f "$DIR/pid"
}

# A bridge with the first free network of 10.193.0.0/16; the interface itself is the lock.
make_bridge() {
    number=1
    while [ "$number" -lt 250 ]; do
        if ip link add "dwrig$number" type bridge 2>/dev/null; then
            echo "dwrig$number" >"$DIR/bridge"
            ip address add "10.193.$number.1/24" dev "dwrig$number" && ip link set "dwrig$number" up
            return
        fi
        number=$((number + 1))
    done
    return 1
}

# Leftovers of runs whose keeper was itself killed.
for old in "$ROOT/$PREFIX"*; do
    [ -f "$old/keeper" ] && gone "$(cat "$old/keeper")" && tidy "$old"
done

DIR=$(mktemp -d "$ROOT/${PREFIX}XXXXXX") || give_up "no temporary directory could be made"
NAME=$(basename "$DIR")
echo $$ >"$DIR/keeper"
trap 'tidy "$DIR"' EXIT
trap 'exit 1' INT TERM HUP

if [ "$NETWORK" = network ]; then make_bridge || give_up "no bridge could be made"; fi
start || exit 1

# On a busy machine the containers under test come first, so that a known load is the load that is read.
if mkdir -p "/sys/fs/cgroup/cpu/$NAME" 2>/dev/null; then
    echo 262144 >"/sys/fs/cgroup/cpu/$NAME/cpu.shares"
elif mkdir -p "/sys/fs/cgroup/$NAME" && [ -f "/sys/fs/cgroup/$NAME/cpu.weight" ]; then
    echo 10000 >"/sys/fs/cgroup/$NAME/cpu.weight"
fi

mkdir -p "$DIR/image/bin" "$DIR/image/tmp"
cp "$(command -v busybox)" "$DIR/image/bin/busybox"
for applet in $(busybox --list); do
    [ "$applet" = busybox ] || ln -s busybox "$DIR/image/bin/$applet"
done
tar -C "$DIR/image" -c . |
    "$DOCKER" -H "unix://$DIR/docker.sock" import -c 'CMD ["sleep","1000000"]' - rig/busybox:1 >/dev/null ||
    give_up "the image could not be made"
echo "ready $DIR"

while read -r order; do
    case $order in
    start) start || continue ;;
    stop) end_with TERM || { echo "failed to stop"; continue; } ;;
    kill) end_with KILL || { echo "failed to kill"; continue; } ;;
    freeze) kill -STOP "$(cat "$DIR/pid")" ;;
    thaw) kill -CONT "$(cat "$DIR/pid")" ;;
    *) echo "failed unknown order $order"; continue ;;
    esac
    echo ok
done
