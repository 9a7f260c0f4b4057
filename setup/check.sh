#!/usr/bin/env bash
# What a reviewer should not have to say: format, lints of both halves, licences and advisories.
. "$(dirname "$0")/lib.sh"

say "format" "cargo fmt --check"
cargo fmt --check

# The browser's half is linted for this machine's target, which shares what is compiled already.
say "lints" "clippy, the server's half with all tests"
cargo clippy --quiet --features ssr --all-targets -- -D warnings
say "lints" "clippy, the browser's half"
cargo clippy --quiet --lib --no-default-features --features hydrate -- -D warnings

advisories=https://github.com/RustSec/advisory-db
if ! timeout 15 git ls-remote --quiet "$advisories" HEAD >/dev/null 2>&1; then
  say "cargo-deny" "skipped, the database of advisories cannot be had ($advisories)"
  # Licences and sources are judged from the lock file alone.
  if cargo deny --version >/dev/null 2>&1; then
    cargo deny --offline --all-features check licenses bans sources
  fi
  exit 0
fi
if ! cargo deny --version >/dev/null 2>&1; then
  say "cargo-deny" "building, about 5 minutes on 2 cores"
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 \
    CARGO_TARGET_DIR=$CACHE/tools-target quietly cargo-deny cargo install cargo-deny --locked --root "$CACHE"
  rm -rf "$CACHE/tools-target"
fi
cargo deny --all-features check
