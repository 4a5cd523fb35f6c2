#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs, builds and runs the demo: a nats-server of its own, three hooks and three collectors, of which one
# falls behind and one stops and comes back. With a display the console opens on it; without one it runs for
# 20 s, prints the report and each collector's digest beside that of a replay, and leaves pictures of every
# page. Without a display arguments go to `jetlagctl demo`, else to `jetlag`.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install-packages.sh
cmake --preset release -DJETLAG_TESTS=OFF >/dev/null
cmake --build --preset release --target jetlag jetlagctl
bin=build/release/bin

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  exec "$bin/jetlag" --demo "$@"
fi

"$bin/jetlagctl" demo --headless --seconds 20 "$@"
scripts/screenshots.sh build/screenshots
