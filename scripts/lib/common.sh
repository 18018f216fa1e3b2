# Shared by the scripts: where we are, how we speak, how we become root. To be sourced by bash.
# shellcheck shell=bash

CHECKOUT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
export CHECKOUT

say() { printf '%s\n' "==> $*" >&2; }

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# Runs a command as root: as we are, or through sudo.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "root is needed for: $* (neither root nor sudo here)"
  fi
}

# Runs a long command as a job of its own and waits for it, so that a signal to us ends all of it:
# bash alone would die and leave the command running. Its status is ours.
run_job() {
  local job status=0
  set -m
  "$@" </dev/null &
  job=$!
  set +m
  # shellcheck disable=SC2064  # the number of this job, now
  trap "kill -TERM -- -$job 2>/dev/null; wait $job; exit 143" TERM HUP
  # shellcheck disable=SC2064
  trap "kill -INT -- -$job 2>/dev/null; wait $job; exit 130" INT
  wait "$job" || status=$?
  trap - INT TERM HUP
  return "$status"
}

need_swift() {
  command -v swift >/dev/null || fail "no Swift toolchain: install Swift 6.3 (https://swift.org/install) and put it on PATH"
}

# Runs `swift build` with its progress visible: on a terminal as it is, elsewhere line by line.
swift_build() {
  need_swift
  say "Building (the first time takes several minutes)"
  local began=$SECONDS
  run_job swift build --package-path "$CHECKOUT" || fail "the build failed"
  say "Built in $((SECONDS - began)) s"
}
