#!/usr/bin/env bash
# The browser of the browser tests. Its path is the last line of the output's file, $CACHE/chromium:
# the tests drive the system's Chromium, so that no browser is downloaded from anywhere else.
. "$(dirname "$0")/lib.sh"

find_browser() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    # Ubuntu's chromium-browser is a stub that asks for a snap.
    if [ -n "$name" ] && have "$name" && "$name" --version 2>/dev/null | grep -qiE 'chrom(e|ium) [0-9]'; then
      command -v "$name"
      return
    fi
  done
  return 1
}

if ! browser=$(find_browser); then
  if debian && apt-cache show chromium >/dev/null 2>&1 || debian && root; then
    "$ROOT/setup/packages.sh" chromium
  fi
  browser=$(find_browser) || {
    explain "no Chromium was found, and the browser tests need one." \
      "Install Chromium or Chrome, or name one: make test CHROMIUM=/path/to/chrome"
    exit 1
  }
fi

# The pages are in English and Russian: without a font for both, a picture shows boxes.
if ! have fc-list || ! fc-list ':lang=ru' 2>/dev/null | grep -q .; then
  if debian && root; then "$ROOT/setup/packages.sh" fontconfig fonts-dejavu-core; fi
fi

echo "$browser" >"$CACHE/chromium"
say "$("$browser" --version 2>/dev/null | grep -oiE 'chrom(e|ium) [0-9.]+' | head -n 1)" present
