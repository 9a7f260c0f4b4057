#!/usr/bin/env bash
# A few containers with something to see: busy, hungry, ill, paused, gone. Each carries the label
# docker-watcher.demo=true, and only what carries it is removed. No registry is asked: the image is
# made here, from a static busybox.
. "$(dirname "$0")/lib.sh"
label=docker-watcher.demo=true
image=docker-watcher-demo:1

have docker || { explain "the demo needs the docker program" "On Debian or Ubuntu: sudo make run"; exit 1; }
timeout 15 docker version >/dev/null 2>&1 || {
  explain "no Docker engine answers on ${DOCKER_HOST:-the default socket}" "make run says how to get one"
  exit 1
}

# The last argument is a shell script, so each container is one line to read.
start() { # <name> <script> <arguments of docker run…>
  local name=$1 script=$2
  shift 2
  if [ -n "$(docker ps --all --quiet --filter "label=$label" --filter "name=^/$name\$")" ]; then
    say "$name" "is there already"
    return
  fi
  docker run --detach --init --name "$name" --label "$label" "$@" "$image" sh -c "$script" >/dev/null
  say "$name" started
}

shop() { # <stage> <name> <script> <arguments…>
  local stage=$1 name=$2 script=$3
  shift 3
  start "$name" "$script" --label docker-watcher.project=demo-shop --label "docker-watcher.stage=$stage" "$@"
}

make_image() {
  docker image inspect "$image" >/dev/null 2>&1 && return
  local folder busybox
  busybox=$(command -v busybox || true)
  if { [ -z "$busybox" ] || ldd "$busybox" >/dev/null 2>&1; } && debian && root; then
    "$ROOT/setup/packages.sh" busybox-static
    busybox=$(command -v busybox)
  fi
  if [ -n "$busybox" ] && ! ldd "$busybox" >/dev/null 2>&1; then
    folder=$(mktemp -d)
    mkdir -p "$folder"/{bin,tmp,dev/shm,www}
    cp "$busybox" "$folder/bin/busybox"
    for program in $("$busybox" --list | grep -vx busybox); do ln -sf busybox "$folder/bin/$program"; done
    echo '<h1>Docker Watcher demo</h1>' >"$folder/www/index.html"
    # The image has no label: whatever somebody else starts from it would have it, too, and go with the demo.
    tar -C "$folder" -c . | docker import --message 'docker-watcher demo' - "$image" >/dev/null
    rm -rf "$folder"
  else
    say "$image" "no static busybox here, pulling one"
    docker pull busybox:stable >/dev/null && docker tag busybox:stable "$image"
  fi
  say "$image" made
}

# Works for a while and rests for a while, so that the line in a chart moves.
busy() { echo "while :; do i=0; while [ \$i -lt $1 ]; do i=\$((i + 1)); done; echo \"answered $1 requests\"; sleep $2; done"; }

up() {
  make_image
  shop prod demo-web-1 "$(busy 3000000 3)" --cpus 0.5
  shop prod demo-web-2 "$(busy 800000 4)" --cpus 0.5
  # Fills 150 MiB of its memory, keeps it for a while and lets it go.
  shop prod demo-cache 'while :; do dd if=/dev/zero of=/dev/shm/full bs=1M count=150 2>/dev/null; echo "cache filled";
    sleep 40; rm /dev/shm/full; echo "cache dropped"; sleep 20; done' --memory 256m --shm-size 200m
  shop staging demo-worker 'echo "connecting to the queue"; sleep 25; echo "queue: connection refused" >&2; exit 1' \
    --restart on-failure
  shop staging demo-migrate 'echo "12 migrations applied"'
  shop staging demo-batch 'while :; do date; sleep 5; done'
  # Well for a minute, ill for a minute.
  shop staging demo-api 'while :; do touch /tmp/ok; sleep 60; rm /tmp/ok; sleep 60; done' \
    --health-cmd 'test -e /tmp/ok' --health-interval 5s --health-retries 2
  start demo-offline 'while :; do echo "nobody to talk to"; sleep 30; done' --network none
  start demo-blog_web_1 'while :; do nc -l -p 8080 -e sh -c "echo HTTP/1.0 200 OK; echo; cat /www/index.html"; done' \
    --label com.docker.compose.project=demo-blog --label com.docker.compose.service=web \
    --label com.docker.compose.container-number=1 --publish 127.0.0.1::8080
  docker pause demo-batch >/dev/null 2>&1 || true
  say "demo" "make demo-down removes it again"
}

# By exact id, from a list that is shown; nothing is ever pruned, and no volume is touched.
down() {
  local id name
  docker ps --all --no-trunc --filter "label=$label" --format '{{.ID}} {{.Names}}' | while read -r id name; do
    docker rm --force "$id" >/dev/null
    say "$name" removed
  done
  if docker image inspect "$image" >/dev/null 2>&1; then
    if docker image rm "$image" >/dev/null 2>&1; then
      say "$image" removed
    else
      say "$image" "kept, because a container that is not of the demo uses it"
    fi
  fi
  say demo gone
}

case ${1:-} in
  up) up ;;
  down) down ;;
  *) explain "usage: setup/demo.sh up | down"; exit 2 ;;
esac
