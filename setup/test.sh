#!/usr/bin/env bash
# Every test: those of the parts and of the whole program in Rust, then a browser against the release build.
. "$(dirname "$0")/lib.sh"
CHROMIUM=$(cat "$CACHE/chromium")
export CHROMIUM DOCKER_WATCHER_BINARY=$BINARY PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1

say "tests" "cargo test, with private engines"
cargo test --features ssr
say "tests" "Playwright, with $CHROMIUM"
(cd end2end && playwright test)
say "tests" "all passed, after $((SECONDS / 60)) minutes"
