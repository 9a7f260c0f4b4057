#!/usr/bin/env bash
# cargo-leptos and wasm-bindgen, in the versions that fit the lock file, once for all clones.
# Their own release profiles take half an hour; these tools run for seconds, so they are built plainly.
. "$(dirname "$0")/lib.sh"

export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256
# A folder of its own, removed afterwards: nothing of it is used again.
work=$CACHE/tools-target
trap 'rm -rf "$work"' EXIT

install() { # <program> <version> <its version now> <how long> <arguments of cargo install…>
  local program=$1 version=$2 now=$3 long=$4
  shift 4
  if [ "$now" = "$version" ]; then
    say "$program $version" present
    return
  fi
  say "$program $version" "building, about $long on 2 cores"
  CARGO_TARGET_DIR=$work quietly "$program" cargo install "$@" --version "=$version" --root "$CACHE" --force
}

version_of() { "$CACHE/bin/$1" "${@:2}" 2>/dev/null | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1 || true; }

# Without --locked: its lock file may name a version that the registry no longer has.
install wasm-bindgen "$(locked wasm-bindgen)" "$(version_of wasm-bindgen --version)" "3 minutes" wasm-bindgen-cli
# A version of its own, because the next one needs a newer Rust.
install cargo-leptos 0.3.10 "$(version_of cargo-leptos --version)" "6 minutes" \
  cargo-leptos --locked --no-default-features --features no_downloads
