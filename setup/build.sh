#!/usr/bin/env bash
# The release build: the server, and the site that it serves.
. "$(dirname "$0")/lib.sh"

# The cache of a CI gathers what every clone compiled of this program. What it compiled of others is
# worth keeping, until the lock file has changed so often that most of it is of no use either.
trim() {
  local limit_kib=$((15 * 1024 * 1024))
  [ "$(du -sk "$TARGET" | cut -f1)" -gt "$limit_kib" ] || return 0
  say "compiled files in $TARGET" "over 15 GiB, removing those of earlier clones"
  find "$TARGET" -depth \( -name 'docker?watcher*' -o -name 'libdocker_watcher*' -o -name incremental \) -exec rm -rf {} +
  [ "$(du -sk "$TARGET" | cut -f1)" -gt "$limit_kib" ] || return 0
  say "compiled files in $TARGET" "still over 15 GiB, starting anew"
  rm -rf "$TARGET"
}

if [ "$TARGET" = "$CACHE/target" ] && [ -d "$TARGET" ]; then trim; fi

[ -x "$BINARY" ] && how="what changed" || how="everything, about 12 minutes on 2 cores"
say "release build" "$how"
# Brotli and gzip are done once here and not for every visitor.
cargo leptos build --release --precompress
say "$BINARY" built
say "$LEPTOS_SITE_ROOT" "built, $(du -sk "$LEPTOS_SITE_ROOT" | cut -f1) KiB"
