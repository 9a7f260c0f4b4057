#!/usr/bin/env bash
# Serves the release build. The program tells its address, and where the set-up token is, itself.
. "$(dirname "$0")/lib.sh"
exec "$BINARY"
