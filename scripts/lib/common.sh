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

need_swift() {
  command -v swift >/dev/null || fail "no Swift toolchain: install Swift 6.3 (https://swift.org/install) and put it on PATH"
}

# Runs `swift build` with its progress visible: on a terminal as it is, elsewhere line by line.
swift_build() {
  need_swift
  say "Building ($*; the first time takes several minutes)"
  local began=$SECONDS
  (cd "$CHECKOUT" && swift build "$@") || fail "the build failed"
  say "Built in $((SECONDS - began)) s"
}
