#!/usr/bin/env bash
# Serves the release build. The program tells its address, and where the set-up token is, itself.
. "$(dirname "$0")/lib.sh"
export LEPTOS_SITE_ADDR=${LEPTOS_SITE_ADDR:-127.0.0.1:3000}
exec "$BINARY"
