#!/usr/bin/env bash
# Builds on every change and reloads the page.
. "$(dirname "$0")/lib.sh"
exec cargo leptos watch
