#!/usr/bin/env bash
# Readies what the tests on containers need: an engine, and an image of Kafka that is built here.
#
#   ops/setup/containers.sh run COMMAND...  runs a command with engine and image; afterwards stops what it started
#   ops/setup/containers.sh check           starts nothing; exit status 1 where engine or image is missing
#
# An engine that answers (DOCKER_HOST, /var/run/docker.sock) is used and left as it is, but for the image. Otherwise
# this installs Debian's docker.io where it is missing (as root) and starts a daemon of its own in a temporary folder:
# published ports on the loopback address only, no rule of iptables, and gone with all it has when the command ends.
#
# The image is made of the machine's own shell and C library, a Java runtime that jlink cuts out of JAVA_HOME, and
# Kafka's jars through Maven: no registry of images is asked for anything.
set -euo pipefail
export LC_ALL=C.UTF-8

ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
readonly ROOT PARTS=$ROOT/ops/setup/containers
KAFKA_VERSION=$(sed -n 's|.*<kafka.version>\(.*\)</kafka.version>.*|\1|p' "$ROOT/pom.xml")
readonly KAFKA_VERSION IMAGE=landshift/kafka:$KAFKA_VERSION LABEL=io.landshift.source
# iproute2 takes the daemon's bridge away again.
readonly PACKAGES=(docker.io iproute2)
# What Kafka uses of Java (java.desktop: its logging needs java.beans).
readonly JAVA_MODULES=java.base,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.crypto.ec,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs
WORK='' DAEMON='' BRIDGE_IS_OURS=''

say() { printf 'landshift: %s\n' "$*" >&2; }

fail() {
  say "$@"
  exit 1
}

engine_answers() {
  command -v docker >/dev/null && docker version --format '{{.Server.Version}}' >/dev/null 2>&1
}

# Changes with what the image is made of.
source_digest() {
  (cd "$ROOT" && cat pom.xml ops/setup/containers.sh "$PARTS"/* | sha256sum | cut -c1-16)
}

image_is_there() {
  [[ $(docker image inspect --format "{{index .Config.Labels \"$LABEL\"}}" "$IMAGE" 2>/dev/null) == "$(source_digest)" ]]
}

install_engine() {
  local missing=() package policy=/usr/sbin/policy-rc.d
  for package in "${PACKAGES[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q ' ok installed$' || missing+=("$package")
  done
  [[ ${#missing[@]} -eq 0 ]] && return
  [[ $(id -u) -eq 0 ]] || fail "installing a container engine (${missing[*]}) needs root."
  say "installing ${missing[*]}"
  apt-get update -qq
  # The package would start a daemon that rewrites iptables: ours is started by hand, and does not.
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  else
    policy=
  fi
  local status=0
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || status=$?
  [[ -z $policy ]] || rm -f "$policy"
  [[ $status -eq 0 ]] || fail "the packages ${missing[*]} cannot be installed."
}

start_engine() {
  local waited=0
  [[ $(id -u) -eq 0 ]] || fail "no container engine answers, and starting one needs root."
  [[ -e /sys/class/net/docker0 ]] || BRIDGE_IS_OURS=yes
  export DOCKER_HOST=unix://$WORK/docker.sock
  # A session of its own: Ctrl-C ends the command, and then this script ends the daemon.
  setsid dockerd --data-root "$WORK/data" --exec-root "$WORK/exec" --pidfile "$WORK/dockerd.pid" --host "$DOCKER_HOST" \
    --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false --ip=127.0.0.1 >"$WORK/dockerd.log" 2>&1 &
  DAEMON=$!
  until engine_answers; do
    kill -0 "$DAEMON" 2>/dev/null || fail "dockerd ended: $(tail -n 5 "$WORK/dockerd.log")"
    [[ $((waited += 1)) -lt 120 ]] || fail "dockerd does not answer: $(tail -n 5 "$WORK/dockerd.log")"
    sleep 0.5
  done
}

# Invoked by the trap.
clean_up() {
  local container waited=0
  if [[ -n $DAEMON ]] && kill -0 "$DAEMON" 2>/dev/null; then
    for container in $(docker ps -aq); do docker rm -f "$container" >/dev/null || true; done
    kill "$DAEMON"
    while kill -0 "$DAEMON" 2>/dev/null && [[ $((waited += 1)) -lt 60 ]]; do sleep 0.5; done
    if [[ -n $BRIDGE_IS_OURS ]]; then ip link delete docker0 2>/dev/null || true; fi
    umount "$WORK/exec/netns/default" 2>/dev/null || true
  fi
  [[ -z $WORK ]] || rm -rf "$WORK"
}

# The programs and the libraries that they and the Java runtime are linked to.
copy_programs() {
  local root=$1 file
  mkdir -p "$root/bin" "$root/lib64"
  cp -L /bin/bash /bin/sleep "$root/bin/"
  ln -s bash "$root/bin/sh"
  { ldd /bin/bash /bin/sleep && find "$root/opt/java" -name '*.so' -exec ldd {} +; } |
    grep -oE '(=> )?/[^ :]+ \(0x' | grep -oE '/[^ ]+' | sort -u | while IFS= read -r file; do
    [[ $file == "$root"/* ]] || install -D "$(readlink -f "$file")" "$root$file"
  done
}

build_image() {
  local root=$WORK/image/rootfs
  [[ -x ${JAVA_HOME:-}/bin/jlink ]] || fail "JAVA_HOME must be a JDK with jlink."
  say "building $IMAGE"
  mkdir -p "$root"/{tmp,opt/kafka/config,mnt/shared/config,etc/kafka/docker}
  (cd "$ROOT" && mvn -B -ntp -q -f "$PARTS/pom.xml" dependency:copy-dependencies -DincludeScope=runtime \
    -DoutputDirectory="$root/opt/kafka/libs")
  "$JAVA_HOME/bin/jlink" --add-modules "$JAVA_MODULES" --strip-debug --no-header-files --no-man-pages \
    --output "$root/opt/java"
  copy_programs "$root"
  cp "$PARTS"/{run,server.properties,log4j2.yaml,tools-log4j2.yaml} "$root/etc/kafka/docker/"
  chmod 1777 "$root/tmp"
  chmod 777 "$root/opt/kafka/config"
  cp "$PARTS/Dockerfile" "$WORK/image/"
  # Newer clients build by a plugin that need not be there.
  docker buildx version >/dev/null 2>&1 || local -x DOCKER_BUILDKIT=0
  docker build --quiet --label "$LABEL=$(source_digest)" --tag "$IMAGE" "$WORK/image" >/dev/null
  rm -rf "$WORK/image"
}

run() {
  local started=$SECONDS
  # Short: the paths of sockets are limited.
  WORK=$(mktemp -d -t landshift-containers.XXXXXX)
  trap clean_up EXIT
  if ! engine_answers; then
    install_engine
    start_engine
  fi
  image_is_there || build_image
  say "engine $(docker version --format '{{.Server.Version}}') and $IMAGE ready after $((SECONDS - started)) s"
  # Testcontainers' own helpers would be images from elsewhere: what is left running is removed here.
  export TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1
  "$@"
}

case ${1:-} in
  check) engine_answers && image_is_there ;;
  run)
    shift
    [[ $# -gt 0 ]] || fail "run what?"
    run "$@"
    ;;
  *) fail "usage: ops/setup/containers.sh check | run COMMAND..." ;;
esac
