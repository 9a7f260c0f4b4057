#!/usr/bin/env bash
# Node and the front-end packages: what builds the styles and charts, shrinks the WASM and drives the browser.
. "$(dirname "$0")/lib.sh"

# The oldest Node that sass and Playwright run on.
new_enough() { node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null; }

if ! have npm; then
  debian && root || {
    explain "Node 20.19 or later with npm is missing." "Install it as https://nodejs.org says, and run make again."
    exit 1
  }
  "$ROOT/setup/packages.sh" nodejs npm
fi

if ! new_enough; then
  # Debian 12 and Ubuntu 24.04 carry Node 18; npm itself carries newer ones.
  case $(uname -sm) in
    'Linux x86_64') platform=linux-x64 ;;
    'Linux aarch64') platform=linux-arm64 ;;
    *)
      explain "Node $(node --version) is too old; 20.19 or later is needed." "Install it as https://nodejs.org says."
      exit 1
      ;;
  esac
  say "Node 22 (the system's is $(node --version 2>/dev/null || echo missing))" "installing from npm"
  quietly node npm install --no-save --ignore-scripts --prefix "$CACHE/node" "node-$platform@22"
  echo "PATH=$CACHE/node/node_modules/node-$platform/bin:\$PATH" >"$CACHE/node.env"
  . "$CACHE/node.env"
  hash -r
  new_enough || { explain "Node from npm does not run" "see $CACHE/node.log"; exit 1; }
fi

# npm writes this file last, so a broken installation is repeated.
if [ node_modules/.package-lock.json -nt package-lock.json ]; then
  say "front-end packages" present
else
  say "front-end packages" "installing from npm, about 15 seconds"
  # No package runs a script of its own, and Playwright drives the Chromium that is there.
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 quietly npm npm ci --ignore-scripts
  touch node_modules/.package-lock.json
fi

node setup/assets.mjs
