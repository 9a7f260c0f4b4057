#!/usr/bin/env bash
# The release build: the server, and the site that it serves. It is skipped when all that it is made
# from is unchanged since the last one, because cargo-leptos always makes the site anew.
. "$(dirname "$0")/lib.sh"
stamp=$TARGET/docker-watcher.stamp

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

# By content, not by date: a new clone has new dates.
fingerprint() {
  {
    rustc --version
    # Not every one of these must exist.
    { find .cargo Cargo.toml Cargo.lock build.rs setup src style public locales migrations -type f 2>/dev/null || true; } |
      LC_ALL=C sort | xargs -d '\n' sha256sum
  } | sha256sum | cut -d' ' -f1
}

if [ "$TARGET" = "$CACHE/target" ] && [ -d "$TARGET" ]; then trim; fi

# Somebody may have built with cargo since, or `make dev` may have filled the site.
untouched() { [ -x "$BINARY" ] && [ -d "$LEPTOS_SITE_ROOT" ] && [ -z "$(find "$BINARY" "$LEPTOS_SITE_ROOT" -newer "$stamp")" ]; }

now=$(fingerprint)
if [ "$(cat "$stamp" 2>/dev/null)" = "$now" ] && untouched; then
  say "release build" "up to date"
  exit 0
fi

[ -x "$BINARY" ] && how="what changed" || how="everything, about 15 minutes on 2 cores"
say "release build" "$how"
rm -f "$stamp"
LEPTOS_JS_MINIFY=false cargo leptos build --release --js-minify false
node setup/site.mjs "$LEPTOS_SITE_ROOT"
echo "$now" >"$stamp"
say "$BINARY" built
say "$LEPTOS_SITE_ROOT" built
