#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs, builds and runs the demo: a nats-server of its own, three hooks, three collectors, then the
# report and each collector's digest beside that of a replay. Arguments go to `jetlagctl demo`.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install-packages.sh
cmake --preset release -DJETLAG_TESTS=OFF >/dev/null
cmake --build --preset release --target jetlagctl
exec build/release/bin/jetlagctl demo --headless --seconds 20 "$@"
