#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Plays every scenario of nats/scenario on a real nats-server, lets the rules judge once a second and prints what
# each was called, when, and a confusion matrix: scenarios.sh [--server BINARY] [--record FOLDER] [NAME...].
# Without names all of them (about 100 s on two cores). --record keeps the samples as JSON lines for
# `jetlagctl diagnose --samples`. Exits 1 when one was called wrong.
set -euo pipefail
cd "$(dirname "$0")/.."

names=()
while [ $# -gt 0 ]; do
  case "$1" in
    --server) NATS_SERVER="$(realpath "$2")"; export NATS_SERVER; shift 2 ;;
    --record) JETLAG_RECORD="$(realpath -m "$2")"; export JETLAG_RECORD; shift 2 ;;
    -*) echo "usage: scenarios.sh [--server BINARY] [--record FOLDER] [NAME...]" >&2; exit 2 ;;
    *) names+=("$1"); shift ;;
  esac
done
test=build/release/tests/tst_scenarios_live
if [ ! -x "$test" ] || [ -z "${JETLAG_NO_BUILD:-}" ]; then
  cmake --preset release >/dev/null
  cmake --build --preset release --target tst_scenarios_live >/dev/null
fi
export JETLAG_SCENARIOS="${names[*]:-all}"
"$test" 2>&1 | sed -n -e 's/^QINFO  : [A-Za-z]*::[A-Za-z]*() //p' -e '/^|/p' -e '/scenarios right/p' -e '/^FAIL/p' -e '/^QFATAL/p'
exit "${PIPESTATUS[0]}"
