#!/usr/bin/env bash
# Installs Debian packages, and is the only script that does: it asks the archive for its lists only
# when something is missing, and says what to type where it may not install.
. "$(dirname "$0")/lib.sh"

missing=()
for package in "$@"; do
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
    missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

command="apt-get install -y --no-install-recommends ${missing[*]}"
if ! debian; then
  explain "missing, and this is not Debian or Ubuntu. Install what these packages of Debian hold:" "${missing[*]}"
  exit 1
elif ! root; then
  explain "missing: ${missing[*]}. Install them, and run make again:" "sudo $command"
  exit 1
fi

say "${missing[*]}" "installing from the system's packages"
export DEBIAN_FRONTEND=noninteractive
# A fresh machine often updates itself at this very moment.
wait_for_lock=(-o DPkg::Lock::Timeout=300)
update() { apt-get "${wait_for_lock[@]}" update; }
install() { apt-get "${wait_for_lock[@]}" install -y --no-install-recommends "${missing[@]}"; }
quietly apt-update update || say "lists of packages" "not all answered, going on with those at hand"
quietly apt-install install
