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

# cargo-leptos speaks TLS through OpenSSL. Debian's saves the minutes that its own copy takes to build,
# which elsewhere needs a whole perl.
prepare_openssl() {
  if debian && root; then
    "$ROOT/setup/packages.sh" libssl-dev pkg-config
    export OPENSSL_NO_VENDOR=1
  elif have pkg-config && pkg-config --exists openssl; then
    export OPENSSL_NO_VENDOR=1
  elif ! have make || ! perl -MFindBin -MIPC::Cmd -e 1 2>/dev/null; then
    explain "make and a whole perl are missing, or OpenSSL with its headers and pkg-config." "Install either, and run make again."
    exit 1
  fi
}

version_of() { "$CACHE/bin/$1" "${@:2}" 2>/dev/null | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1 || true; }

# Without --locked: its lock file may name a version that the registry no longer has.
install wasm-bindgen "$(locked wasm-bindgen)" "$(version_of wasm-bindgen --version)" "3 minutes" wasm-bindgen-cli
[ "$(version_of cargo-leptos --version)" = 0.3.10 ] || prepare_openssl
# A version of its own, because the next one needs a newer Rust.
install cargo-leptos 0.3.10 "$(version_of cargo-leptos --version)" "6 minutes" \
  cargo-leptos --locked --no-default-features --features no_downloads
