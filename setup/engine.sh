#!/usr/bin/env bash
# A Docker engine. For a run it is the user's own, which is installed only where none answers; the
# tests start private ones, so for them it is enough that the programs are there.
. "$(dirname "$0")/lib.sh"

# Asked without a client, because a host may have an engine and no `docker` program.
answers() {
  case ${DOCKER_HOST:-unix:///var/run/docker.sock} in
    unix://*) local socket=${DOCKER_HOST:-unix:///var/run/docker.sock} ;;
    *)
      # An engine elsewhere needs its keys; a client that has them is the judge, else the program is.
      ! have docker || timeout 10 docker version >/dev/null 2>&1
      return
      ;;
  esac
  node -e '
    const request = require("node:http").get({ socketPath: process.argv[1], path: "/_ping" }, (answer) =>
      process.exit(answer.statusCode === 200 ? 0 : 1));
    request.on("error", () => process.exit(1));
    request.setTimeout(5000, () => process.exit(1));' "${socket#unix://}"
}

start() {
  if [ -d /run/systemd/system ]; then
    systemctl enable --now docker
  else
    # The engine is to outlive this script and the terminal that it was started from.
    setsid dockerd >/var/log/dockerd.log 2>&1 </dev/null &
  fi
  for _ in $(seq 60); do
    if answers; then return 0; fi
    sleep 0.5
  done
  return 1
}

for_run() {
  if answers; then
    say "Docker engine" "answers on ${DOCKER_HOST:-/var/run/docker.sock}"
  elif [ -n "${DOCKER_HOST:-}" ]; then
    explain "no Docker engine answers on DOCKER_HOST=$DOCKER_HOST." \
      "Docker Watcher starts without one and connects when it answers." \
      "Start that engine, or unset DOCKER_HOST to use the one of this machine."
  elif debian && root; then
    say "Docker engine" "none answers, so docker.io is installed and started on this machine"
    have dockerd || "$ROOT/setup/packages.sh" docker.io iptables
    if start; then
      say "Docker engine" "started, answers on /var/run/docker.sock"
    else
      explain "the Docker engine was installed but does not answer." \
        "Its log: /var/log/dockerd.log, or journalctl -u docker." "Docker Watcher starts without it."
    fi
  else
    explain "no Docker engine answers on /var/run/docker.sock. Docker Watcher starts without one." \
      "If there is an engine, you may not be allowed to use it: sudo usermod -aG docker $(id -un), and log in again." \
      "On Debian or Ubuntu: sudo apt-get install docker.io && sudo systemctl enable --now docker" \
      "Elsewhere: https://docs.docker.com/engine/install/" \
      "An engine on another machine, through an SSH tunnel to a socket of this one:" \
      "ssh -nNT -L /tmp/far-docker.sock:/var/run/docker.sock user@host, and beside it" \
      "make run DOCKER_HOST=unix:///tmp/far-docker.sock"
  fi
}

static_busybox() { have busybox && ! ldd "$(command -v busybox)" >/dev/null 2>&1; }

for_tests() {
  local packages=()
  # Programs are asked for, not packages: an engine from elsewhere does as well.
  have dockerd || packages+=(docker.io)
  have iptables || packages+=(iptables)
  have ip || packages+=(iproute2)
  static_busybox || packages+=(busybox-static)
  [ ${#packages[@]} = 0 ] || "$ROOT/setup/packages.sh" "${packages[@]}"
  say "$(dockerd --version | cut -d, -f1) for private engines" present
  root || explain "the tests start Docker engines of their own, which takes root." "Run them with: sudo -E make test"
}

case ${1:-} in
  --for-run) for_run ;;
  --for-tests) for_tests ;;
  *) explain "usage: setup/engine.sh --for-run | --for-tests"; exit 2 ;;
esac
