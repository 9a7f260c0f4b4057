# What every script here needs: the paths, the words for progress, and one question about the system.
# It is sourced, so that `make` and a script that is called by hand see the same environment.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"

# Tools that take minutes to build are kept outside the clone, so that the next clone has them.
CACHE=${DOCKER_WATCHER_CACHE:-${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/docker-watcher}
mkdir -p "$CACHE/bin"

# sbin holds dockerd and iptables, and is not on everyone's path.
PATH=$CACHE/bin:$ROOT/node_modules/.bin:${CARGO_HOME:-${HOME:-/root}/.cargo}/bin:$PATH:/usr/sbin:/sbin
# Written by node.sh and rust.sh where the system's own Node or Rust does not do.
for toolchain in "$CACHE"/*.env; do
  # shellcheck disable=SC1090
  [ ! -e "$toolchain" ] || . "$toolchain"
done

# A CI clones anew each time: what it compiled must outlive the clone.
if [ "${CI:-}" = true ] && [ -z "${CARGO_TARGET_DIR:-}" ]; then
  CARGO_TARGET_DIR=$CACHE/target
  export CARGO_INCREMENTAL=0
fi
TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
case $TARGET in /*) ;; *) TARGET=$ROOT/$TARGET ;; esac
export PATH CARGO_TARGET_DIR=$TARGET LEPTOS_SITE_ROOT=$TARGET/site
BINARY=$TARGET/release/docker-watcher

say() { printf 'set-up: %s … %s\n' "$1" "$2"; }
# What a person has to do, where a script cannot.
explain() { printf '\nset-up: %s\n' "$1" >&2; shift; printf '        %s\n' "$@" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }
root() { [ "$(id -u)" = 0 ]; }
debian() { have apt-get && have dpkg-query; }

# Runs a command that takes long and says much: its words go to a log, which is shown when it fails.
quietly() {
  local log=$CACHE/$1.log start=$SECONDS
  shift
  if "$@" >"$log" 2>&1; then
    printf '        done in %s s\n' "$((SECONDS - start))"
  else
    local code=$?
    tail -n 40 "$log" >&2
    explain "the command failed with $code; all it said is in $log" "$*"
    return "$code"
  fi
}

# The version of a crate in the lock file: a tool that reads the compiler's output must match it.
locked() { awk -v name="$1" '$0 == "name = \"" name "\"" { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock; }
